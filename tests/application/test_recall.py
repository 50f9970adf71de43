"""A recalled pair is the pair as it was: at every position, and at every moment between two facts."""

from datetime import timedelta

import pytest

from application import audit, changes, recall, views
from application import dossier as dossiers
from application.dossier import Dossier
from application.ports import VIEWS
from application.recall import Asked, Folds, Recalled
from domain import chain
from tests.application.ledgers import model_county
from tests.memory import MemoryLedger

PAIR = "140830"


@pytest.fixture(scope="module")
def told():
    """A ledger, and what its views held after each of its facts."""
    ledger, kept = MemoryLedger(), []
    known = Dossier(tenant=PAIR)
    for number, (stream, fact) in enumerate(model_county().history):
        with ledger.session(PAIR, command_id=f"act/{number}", after=known.head) as session:
            later = dossiers.evolve(known, [(stream, fact)])
            session.append(
                dossiers.drafts(known, [(stream, fact)]),
                actor=fact.by.person,
                request_hash=bytes(32),
                answer={},
                rows=views.changed(known, later, {stream}),
            )
        known = dossiers.advance(known, ledger.entries(PAIR, after=known.head.position))
        kept.append(ledger.snapshot(PAIR))
    return ledger, kept


def recalled(ledger, asked: Asked, *, folds: Folds | None = None) -> Recalled:
    return Recalled(ledger, ledger, asked, folds=folds or Folds())


def plain(snapshot):
    return snapshot.head, sorted(
        (row.view, row.id, row.version, row.position, chain.canonical(row.body)) for row in snapshot.rows
    )


def test_r093_every_position_is_recalled_as_it_was(told):
    """No fact too many and none too few, in every view, whatever is known by now."""
    ledger, kept = told
    assert len(kept) > 80
    folds = Folds()
    for position, then in enumerate(kept, start=1):
        now = recalled(ledger, Asked(position=position), folds=folds)
        assert plain(now.snapshot(PAIR)) == plain(then)
        assert now.dossier(PAIR).head == then.head
        assert [each.position for each in now.entries(PAIR)] == list(range(1, position + 1))


def test_r093_every_moment_is_recalled_as_it_was(told):
    """The moment of a fact knows it; a microsecond earlier does not."""
    ledger, kept = told
    folds = Folds()
    tick = timedelta(microseconds=1)
    for entry, then in zip(ledger.entries(PAIR), kept, strict=True):
        at = entry.recorded_at
        assert plain(recalled(ledger, Asked(as_of=at), folds=folds).snapshot(PAIR)) == plain(then)
        if entry.position > 1:
            before = recalled(ledger, Asked(as_of=at - tick), folds=folds)
            assert plain(before.snapshot(PAIR)) == plain(kept[entry.position - 2])
            assert before.heads("1408")[PAIR] == kept[entry.position - 2].head


def test_what_there_was_not_is_refused(told):
    ledger, kept = told
    first = kept and next(iter(ledger.entries(PAIR))).recorded_at
    early = recalled(ledger, Asked(as_of=first - timedelta(seconds=1)))
    with pytest.raises(recall.NotYetBegun):
        early.row(PAIR, "pair", PAIR)
    assert early.heads("1408") == {}
    assert early.across("1408", "pair") == []
    with pytest.raises(recall.PastTheEnd):
        recalled(ledger, Asked(position=len(kept) + 1)).snapshot(PAIR)
    with pytest.raises(KeyError):
        recalled(ledger, Asked(position=3)).all_rows(PAIR, "ledger_event")


def test_a_pair_that_moves_while_it_is_read_shows_none_of_its_new_rows(told):
    """The present rows stand for the past only where their end is that of the past."""
    ledger, kept = told

    class Moving(MemoryLedger):
        """Its snapshot is always one fact behind what is asked for, as if the pair had just moved."""

        def snapshot(self, tenant, *, views=VIEWS):
            return kept[-1]

    moving = Moving()
    moving.pairs = ledger.pairs
    now = Recalled(moving, moving, Asked(position=len(kept) - 1), folds=Folds())
    assert plain(now.snapshot(PAIR)) == plain(kept[-2])


def test_pages_and_filters_are_those_of_the_present(told):
    """At the end of the ledger every read of the port answers as the views themselves do."""
    ledger, kept = told
    now = recalled(ledger, Asked(as_of=kept and list(ledger.entries(PAIR))[-1].recorded_at))
    statuses = {row.body["status"] for row in ledger.all_rows(PAIR, "topic")}
    for view in VIEWS:
        assert now.rows(PAIR, view, limit=2) == ledger.rows(PAIR, view, limit=2)
        assert now.across("14", view, limit=3) == ledger.across("14", view, limit=3)
    for status in statuses:
        where = {"status": status}
        assert now.rows(PAIR, "topic", where=where) == ledger.rows(PAIR, "topic", where=where)
        assert now.across("14", "topic", where=where) == ledger.across("14", "topic", where=where)
    found = ledger.deadlines("14", until="2026-12-31", statuses=["in_progress", "fulfilled"])
    assert found
    assert now.deadlines("14", until="2026-12-31", statuses=["in_progress", "fulfilled"]) == found
    assert now.history(PAIR, limit=7) == ledger.history(PAIR, limit=7)
    assert now.odd_commands(PAIR) == []


def test_the_folds_kept_are_bounded_and_never_of_another_past(told):
    """The least recently used goes first; a pair whose past was changed is another pair."""
    ledger, kept = told
    folds = Folds(size=2)
    for position in (3, 4, 5):
        recalled(ledger, Asked(position=position), folds=folds).dossier(PAIR)
    assert folds.get(PAIR, kept[2].head) is None
    assert folds.get(PAIR, kept[4].head) is not None
    assert folds.get("140823", kept[4].head) is None


def rows_of(snapshot):
    return {(row.view, row.id): audit.plain(row)["body"] for row in snapshot.rows if row.view != "tally"}


def test_r094_the_changes_between_two_moments_are_all_that_differs(told):
    """What two positions do not share is told by the facts between them, once, and nothing else is."""
    ledger, kept = told
    for start, end in ((0, 30), (30, len(kept)), (len(kept) - 2, len(kept))):
        base = changes.folded(ledger, PAIR, until=start)
        page = changes.between(ledger, base, start=start, end=end, limit=1000)
        assert [each.position for each in page.changes] == list(range(start + 1, end + 1))
        before = rows_of(kept[start - 1]) if start else {}
        after = rows_of(kept[end - 1])
        for change in page.changes:
            for row in change.rows:
                body = before.setdefault((row.view, row.id), {})
                gone = [field for field in row.fields if field.after == audit.ABSENT]
                for field in [*(each for each in row.fields if each not in gone), *gone[::-1]]:
                    put(body, field.path, field.before, field.after)
        assert before == after


def put(body, path, before, after):
    """Write one field into a row; what is gone of a list leaves from its end."""
    *way, last = [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]
    for step in way:
        body = body[int(step) if isinstance(body, list) else step]
    if isinstance(body, list):
        assert (body[int(last)] if int(last) < len(body) else audit.ABSENT) == before
        body[int(last) :] = [after, *body[int(last) + 1 :]] if after != audit.ABSENT else []
    else:
        assert body.get(last, audit.ABSENT) == before
        body[last] = after


def test_r094_the_changes_of_a_subject_are_its_own_and_those_of_its_row(told):
    """A subject's facts in order, paged; and the facts of others that changed its row."""
    ledger, kept = told
    only = changes.subject(PAIR, "meeting:M1")
    whole = changes.between(ledger, Dossier(tenant=PAIR), start=0, end=len(kept), only=only, limit=1000)
    assert {each.stream for each in whole.changes} == {"meeting:M1", "minutes:M1"}
    (issued,) = [each for each in whole.changes if each.stream == "minutes:M1"]
    assert [field.path for field in issued.rows[0].fields] == ["/minutes_issued_on"]
    assert issued.by.title
    paged, after = [], 0
    while after is not None:
        base = changes.folded(ledger, PAIR, until=after)
        page = changes.between(ledger, base, start=0, end=len(kept), only=only, limit=3)
        paged += page.changes
        after = page.next_after
    assert tuple(paged) == whole.changes
    with pytest.raises(changes.Backwards):
        changes.between(ledger, Dossier(tenant=PAIR), start=2, end=1)
