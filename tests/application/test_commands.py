"""The office: what it keeps, whom it lets enter, and what it never appends."""

from datetime import UTC, date, datetime

import pytest

from application import commands, dossier, ports
from application.demonstration import ruicheng
from domain import chain, meetings, people, refusals, topics
from domain.decider import Side
from tests.journeys.stages import NearMissStage, office_on
from tests.memory import MemoryLedger


@pytest.fixture
def stage() -> NearMissStage:
    stage = NearMissStage(office_on(MemoryLedger()), "140830", people=ruicheng.CAST.people())
    ruicheng.play(stage, date(2025, 3, 10))
    return stage


def request(stage, role, command, subject, *, key, seen):
    return commands.Request(
        tenant=stage.tenant, command=command, subject=subject, caller=stage.people[role], key=key, seen=seen
    )


def test_r096_a_retry_of_what_led_to_nothing_new_is_answered_the_same(stage):
    """Changing nothing is an answer too, and its retry is not refused because something else happened since."""
    topic = stage.dossier().topics[0]
    role = next(name for name, each in stage.people.items() if each.person == _proposer(stage, topic))
    same = topics.ReviseTopic(on=date(2025, 3, 8), content=topic.content)
    version = stage.dossier().version(f"topic:{topic.id}")
    first = stage.office.submit(request(stage, role, same, topic.id, key="nothing-new", seen=version))
    assert first.facts == ()
    changed = topic.content.model_copy(update={"summary": "另行补充。"})
    stage.act(role, topics.ReviseTopic(on=date(2025, 3, 9), content=changed), subject=topic.id)
    again = stage.office.submit(request(stage, role, same, topic.id, key="nothing-new", seen=version))
    assert again == first.model_copy(update={"replayed": True})
    other = topics.ReviseTopic(on=date(2025, 3, 9), content=changed)
    reusing = request(stage, role, other, topic.id, key="nothing-new", seen=version)
    with pytest.raises(ports.CommandReused):
        stage.office.submit(reusing)


def _submitted(stage, number: int):
    unit = people.RegisterUnit(on=date(2025, 3, 9), name=f"芮城县第{number}局", side=Side.GOVERNMENT)
    return stage.office.submit(
        request(stage, "admin", unit, f"unit-{number}", key=f"unit-{number}", seen=None)
    )


def _known(stage) -> dossier.Dossier:
    """Give what the office knows, which must be what anybody else folds the ledger to."""
    known, anew = stage.office.dossier(stage.tenant), office_on(stage.office._ledger).dossier(stage.tenant)
    assert known == anew
    assert known.by_kind == dossier.Dossier(tenant="", subjects=known.subjects).by_kind
    given = {stream: each.state.model_fields_set for stream, each in anew.subjects.items()}
    assert {stream: each.state.model_fields_set for stream, each in known.subjects.items()} == given
    return known


def test_r096_what_was_expected_is_taken_over_only_where_it_is_there(stage, monkeypatch):
    """The next command folds nothing again, and knows what the ledger folds to; what differs is read as it is."""
    decoded = []
    decode = dossier.catalogue.decode
    _submitted(stage, 1)
    monkeypatch.setattr(
        dossier.catalogue, "decode", lambda *given: decoded.append(given[0]) or decode(*given)
    )
    _submitted(stage, 2)
    # Its own fact was read back once, the one before it not again.
    assert decoded == ["unit.registered"]
    _submitted(NearMissStage(office_on(stage.office._ledger), stage.tenant, people=stage.people), 3)
    _submitted(stage, 4)
    assert "unit:unit-3" in _known(stage).subjects


def test_r094_what_was_expected_is_verified_all_the_same(stage):
    """Bytes that are the expected ones do not make a chain that does not hold."""
    _submitted(stage, 1)
    entries = stage.office._ledger.pairs[stage.tenant].entries
    entries[-1] = type(entries[-1])(**{**fields(entries[-1]), "actor": "another"})
    with pytest.raises(dossier.LedgerBroken):
        _submitted(stage, 2)


def _proposer(stage, topic) -> str:
    return next(each.person for each in stage.dossier().posts.values() if each.unit == topic.unit)


def test_r094_nothing_is_built_on_a_ledger_that_was_changed(stage):
    """A command meets the first entry that does not verify, and is not accepted."""
    ledger = stage.office._ledger
    entries = ledger.pairs["140830"].entries
    entries[4] = type(entries[4])(
        **{**fields(entries[4]), "state": entries[4].state.replace(b"2025", b"2024")}
    )
    cold = office_on(ledger)
    unit = people.RegisterUnit(on=date(2025, 3, 9), name="芮城县司法局", side=Side.GOVERNMENT)
    with pytest.raises(dossier.LedgerBroken):
        cold.submit(request(stage, "admin", unit, "new", key="on-a-broken", seen=None))


def fields(entry: chain.Entry) -> dict:
    return {name: getattr(entry, name) for name in chain.Entry.__dataclass_fields__}


def test_what_does_not_read_back_is_never_appended(stage):
    """A fact whose bytes would not decode is a fault, not history."""
    seat = meetings.Attendee.model_construct(
        category=meetings.AttendeeCategory.OTHER, unit="u", title="", post=None
    )
    fact = meetings.AttendeesSet.model_construct(
        on=date(2025, 3, 9), by=_signatory(stage), attendees=(seat,), reason=""
    )
    with pytest.raises((dossier.Unreadable, ValueError)):
        dossier.drafts(stage.dossier(), [("meeting:m", fact)])


def _signatory(stage):
    return next(iter(stage.dossier().posts.values())).signatory()


def test_r063_a_sitting_is_told_after_it_took_place(stage):
    """The moment of an opening is not ahead of the clock, even on the day itself."""
    now = datetime(2025, 3, 9, 6, 0, tzinfo=UTC)
    opening = meetings.HoldMeeting(on=date(2025, 3, 9), opened_at="2025-03-09T15:00:00+08:00", present=(1,))
    meeting = stage.dossier().meetings[0]
    sent = request(
        stage, "go", opening, meeting.id, key="ahead", seen=stage.dossier().version(f"meeting:{meeting.id}")
    )
    with pytest.raises(refusals.InTheFuture):
        commands.decide(stage.dossier(), sent, today=date(2025, 3, 9), now=now)
