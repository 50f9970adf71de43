"""What an auditor does with a pair's ledger: read it, verify it, refold it, and look at an earlier state.

Nothing here is kept or cached: each answer is made of what the ledger and the views hold at that moment.
Source: R-093, R-094.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from itertools import islice, takewhile
from typing import Any, Final

import pydantic

from application import dossier as dossiers
from application import views as view_rows
from application.dossier import Dossier
from application.ports import VIEWS, Facts, LedgerRewound, Row, Views
from application.views import rows as row_models
from domain import catalogue, chain, pairs
from domain.chain import Break, Entry, Head
from domain.decider import Side, Value

BATCH: Final = 1_000
NO_LEDGER: Final = "应建制的单位没有台账：尚未登记，或整本被删除"
ABSENT: Final = "（无）"
# What can go wrong while bytes that verify are read as facts and folded: a newer version or a hand wrote them.
UNREADABLE: Final = (
    catalogue.UnknownFact,
    pydantic.ValidationError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    AssertionError,
)
Progress = Callable[[int], None]


class UnknownPair(LookupError):
    """没有这个结对单位的台账。"""


def _silent(_: int) -> None:
    """Show no progress."""


class Actor(Value):
    """Who acted, as the fact itself names them."""

    person: str
    title: str
    capacity: str
    capacity_label: str
    side: Side | None
    post: str
    unit: str
    authority: str


class Line(Value):
    """One fact as the ledger holds it. Hashes are SHA-256 in hex; ``payload`` is None where it cannot be read."""

    position: int
    stream: str
    version: int
    topic: str
    label: str
    on: date | None
    recorded_at: datetime
    actor: str
    by: Actor | None
    command_id: str
    payload: dict[str, Any] | None
    state_hash: str
    prev_hash: str
    hash: str


class HistoryPage(Value):
    """A page of a pair's history; the next one goes on after the position ``next_after``."""

    pair: str
    lines: tuple[Line, ...]
    next_after: int | None = None


class Filter(Value):
    """Which facts to show: ``since`` <= recorded_at < ``until``; a person; a kind of fact; a subject's stream."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    topic: str | None = None
    stream: str | None = None


EVERYTHING: Final = Filter()


def history(
    views: Views, tenant: str, *, only: Filter = EVERYTHING, after: int = 0, limit: int = 100
) -> HistoryPage:
    """Give a page of one pair's facts, in order, with all that the ledger keeps of them.

    ``after`` is the last position seen, ``limit`` the size of the page.
    """
    found = views.history(
        tenant,
        since=only.since,
        until=only.until,
        actor=only.actor,
        topic=only.topic,
        stream=only.stream,
        after=after,
        limit=limit + 1,
    )
    shown = tuple(line(each) for each in found[:limit])
    more = shown[-1].position if len(found) > limit and shown else None
    return HistoryPage(pair=tenant, lines=shown, next_after=more)


def line(entry: Entry) -> Line:
    """Show one entry; also one that was tampered with, as far as its bytes can be read."""
    fact = catalogue.FACTS.get(entry.topic) or catalogue.ADMINISTRATION.get(entry.topic)
    payload = _payload(entry.state)
    return Line(
        position=entry.position,
        stream=entry.stream,
        version=entry.version,
        topic=entry.topic,
        label=fact.label if fact is not None else "（本版本不认识的事实）",
        on=_day((payload or {}).get("on")),
        recorded_at=entry.recorded_at,
        actor=entry.actor,
        by=_actor(entry),
        command_id=entry.command_id,
        payload=payload,
        state_hash=entry.state_hash.hex(),
        prev_hash=entry.prev_hash.hex(),
        hash=entry.hash.hex(),
    )


def _payload(state: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(state)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _actor(entry: Entry) -> Actor | None:
    try:
        by = catalogue.decode(entry.topic, entry.state).by
    except UNREADABLE:
        return None
    return Actor(**by.model_dump(), capacity_label=by.capacity.label)


class Verification(Value):
    """What came of verifying one pair's chain: how far it is good, and the first bad position, if any."""

    pair: str
    checked: int
    position: int
    hash: str
    bad_position: int | None = None
    reason: str = ""

    @pydantic.computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def ok(self) -> bool:
        return self.bad_position is None


def verify(
    entries: Iterable[Entry], *, tenant: str, end: Head | None = None, kept: Head | None = None
) -> Verification:
    """Verify one pair's entries from the first on.

    Where they are given, the entries must end where ``end`` says, and ``kept``, an end that somebody wrote down
    earlier, must lie on the chain.
    """
    return _outcome(chain.verify(entries, tenant=tenant), tenant=tenant, end=end, kept=kept)


def _outcome(
    steps: Iterable[Head | Break], *, tenant: str, end: Head | None, kept: Head | None
) -> Verification:
    head = Head()
    bad: Break | None = None
    other: Break | None = None
    try:
        for step in steps:
            if isinstance(step, Break):
                bad = step
            else:
                head = step
                if kept is not None and head.position == kept.position and head != kept:
                    other = Break(position=head.position, reason="该位置的哈希与留存的不符，此前的记录被改写")
    except LedgerRewound:
        bad = Break(position=head.position + 1, reason="该位置的记录缺失")
    if bad is None and end is not None and head != end:
        bad = _wrong_end(head, end)
    if bad is None and kept is not None and kept.position > head.position:
        bad = Break(
            position=head.position + 1, reason=f"台账止于 {head.position}，短于留存的位置 {kept.position}"
        )
    bad = other or bad
    return Verification(
        pair=tenant,
        checked=head.position,
        position=head.position,
        hash=head.hash.hex(),
        bad_position=bad.position if bad else None,
        reason=bad.reason if bad else "",
    )


def _wrong_end(head: Head, end: Head) -> Break:
    if head.position < end.position:
        return Break(position=head.position + 1, reason=f"台账应有 {end.position} 条，此后的记录缺失")
    if head.position > end.position:
        return Break(position=end.position + 1, reason=f"台账末端登记为 {end.position}，此后多出记录")
    return Break(position=end.position, reason="最后一条记录的哈希与台账末端登记的不符")


def verify_pair(
    ledger: Facts,
    views: Views,
    tenant: str,
    *,
    progress: Progress = _silent,
    end: Head | None = None,
    kept: Head | None = None,
) -> Verification:
    """Verify one pair's chain from its first entry to where its ledger ends now.

    ``progress`` is told how many entries are done; ``end`` spares looking up where the ledger ends; ``kept`` is an
    end that was written down earlier and must lie on the chain.
    Raises: UnknownPair.
    """
    last = end or views.heads(tenant).get(tenant, Head())
    if last.position == 0:
        if not any(views.all_rows(tenant, view) for view in VIEWS):
            raise UnknownPair(tenant)
        # Somebody took the ledger away and left the views.
        return Verification(
            pair=tenant, checked=0, position=0, hash=chain.GENESIS.hex(), bad_position=1, reason="台账缺失"
        )
    if _sound(ledger, tenant, end=last, kept=kept, progress=progress):
        outcome = Verification(
            pair=tenant, checked=last.position, position=last.position, hash=last.hash.hex()
        )
    else:
        # What is wrong, and where, tells the slow way.
        entries = _counted(ledger.entries(tenant, until=last.position), progress)
        outcome = verify(entries, tenant=tenant, end=last, kept=kept)
    if not outcome.ok or not (odd := views.odd_commands(tenant)):
        return outcome
    first = odd[0]
    reason = f"指令 {first.command_id} 的办理记录与其事实不符"
    return outcome.model_copy(update={"bad_position": max(first.position, 1), "reason": reason})


def _sound(ledger: Facts, tenant: str, *, end: Head, kept: Head | None, progress: Progress) -> bool:
    head = Head()
    try:
        for strips in ledger.strips(tenant, until=end.position, size=BATCH):
            walked = chain.sound(strips, tenant=tenant, after=head)
            if walked is None:
                return False
            if kept is not None and head.position < kept.position <= walked.position:
                *_, there = strips[kept.position - head.position - 1]
                if there != kept.hash:
                    return False
            head = walked
            if head.position % BATCH == 0:
                progress(head.position)
    except LedgerRewound:
        return False
    return head == end and (kept is None or kept.position <= end.position)


def verify_owed(
    ledger: Facts,
    views: Views,
    tenant: str,
    *,
    progress: Progress = _silent,
    end: Head | None = None,
    kept: Head | None = None,
) -> Verification:
    """Verify as ``verify_pair`` does, where a pair must have a ledger: having none is a finding."""
    try:
        return verify_pair(ledger, views, tenant, progress=progress, end=end, kept=kept)
    except UnknownPair:
        empty = chain.GENESIS.hex()
        return Verification(pair=tenant, checked=0, position=0, hash=empty, bad_position=1, reason=NO_LEDGER)


def _counted(entries: Iterable[Entry], progress: Progress) -> Iterator[Entry]:
    for number, entry in enumerate(entries, start=1):
        yield entry
        if number % BATCH == 0:
            progress(number)


def pairs_of(views: Views, scope: str, *, divisions: Iterable[pairs.Division] = ()) -> dict[str, Head]:
    """List the pairs of a subtree, with where their ledgers end; one that has rows and no ledger ends at 0.

    Of ``divisions``, those that must have a pair (R-003) are listed in any case, so that a ledger that was deleted
    with everything that belongs to it is missed.
    """
    known = dict(views.heads(scope))
    for division in divisions:
        if division.mandatory and division.code.startswith(scope):
            known.setdefault(division.code, Head())
    after: tuple[str, str] | None = None
    while page := views.across(scope, "pair", after=after, limit=BATCH):
        for tenant, _ in page:
            known.setdefault(tenant, Head())
        after = (page[-1][0], page[-1][1].id)
    return dict(sorted(known.items()))


class DifferenceKind(StrEnum):
    """How a stored row departs from what the ledger folds to."""

    MISSING = "missing"
    EXTRA = "extra"
    CHANGED = "changed"


DIFFERENCE_LABELS: Final = {
    DifferenceKind.MISSING: "视图缺少此行",
    DifferenceKind.EXTRA: "视图多出此行",
    DifferenceKind.CHANGED: "视图与台账不符",
}


class Difference(Value):
    """One place where a view departs from the ledger; ``path`` is a JSON pointer into the row."""

    kind: DifferenceKind
    view: str
    id: str
    path: str = ""
    expected: Any = None
    found: Any = None

    @property
    def label(self) -> str:
        return DIFFERENCE_LABELS[self.kind]


class Replay(Value):
    """What came of refolding one pair: as of which position, how many rows, and what differs.

    ``fault`` tells, in Chinese, why the ledger could not be refolded to its end, and where.
    """

    pair: str
    position: int
    rows: int
    differences: tuple[Difference, ...] = ()
    fault: str = ""
    bad_position: int | None = None

    @pydantic.computed_field  # type: ignore[prop-decorator]  # mypy does not know decorated properties.
    @property
    def ok(self) -> bool:
        return not self.differences and not self.fault


def replay(ledger: Facts, views: Views, tenant: str, *, progress: Progress = _silent) -> Replay:
    """Refold everything of one pair and compare it with every row that its views hold.

    Raises: UnknownPair.
    """
    held = views.snapshot(tenant)
    end, stored = held.head, {(row.view, row.id): row for row in held.rows}
    if end == Head() and not stored:
        raise UnknownPair(tenant)
    try:
        dossier = refolded(ledger, tenant, until=end.position, progress=progress)
        expected = {(row.view, row.id): row for row in view_rows.all_rows(dossier)}
    except (dossiers.LedgerBroken, LedgerRewound, *UNREADABLE) as error:
        return _faulty(ledger, tenant, end=end, error=error)
    return Replay(
        pair=tenant,
        position=dossier.head.position,
        rows=len(expected),
        differences=tuple(differences(expected, stored)),
    )


def refolded(ledger: Facts, tenant: str, *, until: int, progress: Progress = _silent) -> Dossier:
    """Read, verify and fold one pair's facts up to a position.

    Raises: LedgerBroken, LedgerRewound, and what is ``UNREADABLE``.
    """
    dossier = Dossier(tenant=tenant)
    for strips in ledger.strips(tenant, until=until, size=BATCH):
        dossier = dossiers.follow(dossier, strips)
        progress(dossier.head.position)
    return dossier


def replay_owed(ledger: Facts, views: Views, tenant: str, *, progress: Progress = _silent) -> Replay:
    """Refold as ``replay`` does, where a pair must have a ledger: having none is a finding."""
    try:
        return replay(ledger, views, tenant, progress=progress)
    except UnknownPair:
        return Replay(pair=tenant, position=0, rows=0, fault=NO_LEDGER, bad_position=1)


def _folded(dossier: Dossier, entries: Iterator[Entry]) -> Iterator[Dossier]:
    while batch := list(islice(entries, BATCH)):
        dossier = dossiers.advance(dossier, batch)
        yield dossier


def _faulty(ledger: Facts, tenant: str, *, end: Head, error: Exception) -> Replay:
    outcome = verify(ledger.entries(tenant, until=end.position), tenant=tenant, end=end)
    if not outcome.ok:
        fault, bad = outcome.reason, outcome.bad_position
    else:
        # The chain is whole, so somebody who could link entries wrote what no rule of this version made.
        fault, bad = f"事实无法解读：{type(error).__name__}", _unreadable(ledger, tenant, end)
    return Replay(pair=tenant, position=outcome.position, rows=0, fault=fault, bad_position=bad)


def _unreadable(ledger: Facts, tenant: str, end: Head) -> int | None:
    dossier = Dossier(tenant=tenant)
    for entry in ledger.entries(tenant, until=end.position):
        try:
            dossier = dossiers.advance(dossier, [entry])
        except UNREADABLE:
            return entry.position
    return None


def differences(
    expected: Mapping[tuple[str, str], Row], stored: Mapping[tuple[str, str], Row]
) -> Iterator[Difference]:
    """Compare rows, by view and id, and name every place where they differ."""
    for view, key in sorted(expected.keys() | stored.keys()):
        wanted, found = expected.get((view, key)), stored.get((view, key))
        if found is None:
            yield Difference(kind=DifferenceKind.MISSING, view=view, id=key)
        elif wanted is None:
            yield Difference(kind=DifferenceKind.EXTRA, view=view, id=key)
        # The same bytes differ nowhere, and almost all rows are the same.
        elif _canonical(wanted) != _canonical(found):
            for path, one, other in places(plain(wanted), plain(found)):
                yield Difference(
                    kind=DifferenceKind.CHANGED, view=view, id=key, path=path, expected=one, found=other
                )


def plain(row: Row) -> Any:
    """Give a row as JSON has it."""
    return json.loads(_canonical(row))


def _canonical(row: Row) -> bytes:
    return chain.canonical({"version": row.version, "position": row.position, "body": dict(row.body)})


def places(expected: Any, found: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Name every place where two JSON values differ: a JSON pointer, and what each has there."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted(expected.keys() | found.keys()):
            step = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
            yield from places(expected.get(key, ABSENT), found.get(key, ABSENT), step)
    elif isinstance(expected, list) and isinstance(found, list):
        for index in range(max(len(expected), len(found))):
            one = expected[index] if index < len(expected) else ABSENT
            other = found[index] if index < len(found) else ABSENT
            yield from places(one, other, f"{path}/{index}")
    elif type(expected) is not type(found) or expected != found:
        # 1, 1.0 and true are equal in Python and different in JSON.
        yield path, expected, found


def state_at(
    ledger: Facts,
    tenant: str,
    stream: str,
    *,
    position: int | None = None,
    at: datetime | None = None,
) -> Row | None:
    """Give a subject as it was known at a position or a moment, as its view's row was then.

    Args:
        ledger: the ledgers.
        tenant: the pair.
        stream: the subject (``topic:…``, ``decision:…``, ``pair``).
        position: after this fact. at: after everything recorded up to this moment. Neither: now.

    Returns: None where the subject did not exist then. Raises: LedgerBroken, LedgerRewound.
    """
    entries = ledger.entries(tenant, until=position)
    known = takewhile(lambda entry: at is None or entry.recorded_at <= at, entries)
    dossier = Dossier(tenant=tenant)
    for dossier in _folded(dossier, known):  # noqa: B007, B020 - the last one is wanted.
        pass
    subject = dossier.subjects.get(stream)
    if subject is None:
        return None
    return Row(
        view=subject.kind,
        id=stream.partition(":")[2] or tenant,
        version=subject.version,
        position=subject.position,
        body=row_models.body(subject, dossier),
    )
