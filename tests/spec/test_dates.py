"""Business dates, versions seen, and repeats: what holds for every command."""

from datetime import UTC, datetime

import pytest

from application import commands, ports
from domain import calendar, meetings, pairs, refusals, topics
from tests import builders as b
from tests import memory

TODAY = b.day(3, 5)


@pytest.mark.parametrize(
    ("role", "command"),
    [
        ("HR", topics.ProposeTopic(on=b.day(3, 6), unit="hr", content=b.content())),
        ("GO", meetings.PlanMeeting(on=b.day(3, 6), year=2025)),
        ("ADMIN", b.people.RegisterUnit(on=b.day(3, 6), name="县卫健局", side=b.GOV)),
        ("UO", b.designate(b.UNION, on=b.day(3, 6), section="秘书科")),
    ],
)
def test_r093_no_act_is_dated_in_the_future(role, command):
    """Tomorrow's act is refused today and accepted tomorrow."""
    subject = "" if role == "UO" else "new"
    scene = b.given().on(TODAY)
    scene.when(role, command, subject=subject).refused("R-093", refusals.InTheFuture)
    scene.on(b.day(3, 6)).when(role, command, subject=subject).accepted()


def test_r093_the_day_is_that_of_shanghai():
    """Sixteen hours UTC is the next day there, all year round."""
    assert calendar.local_date(datetime(2025, 3, 5, 16, 0, tzinfo=UTC)) == b.day(3, 6)
    assert calendar.local_date(datetime(2025, 7, 5, 15, 59, tzinfo=UTC)) == b.day(7, 5)


def test_r093_equal_moments_have_equal_bytes():
    """A moment is kept in local time, however it was written."""
    here = b.hold(b.day(4, 22))
    there = here.model_copy(update={"opened_at": here.opened_at.astimezone(UTC)})
    again = meetings.HoldMeeting.model_validate(there.model_dump(mode="json"))
    assert again.model_dump_json() == here.model_dump_json()


# --- the version that the writer saw ---------------------------------------------------------------------


def test_r071_a_writer_says_which_version_he_saw():
    """On an existing subject the version is mandatory; on a new one there is none."""
    scene = b.given(b.topic(until=topics.Status.DRAFT))
    command = topics.SubmitTopic(on=b.day(3, 6))
    b.raises_version(scene, "HR", command, commands.VersionRequired, fresh=False)
    scene.when("HR", command, seen=2).then(topics.TopicSubmitted)
    proposed = topics.ProposeTopic(on=b.day(3, 3), unit="hr", content=b.content())
    scene.when("HR", proposed, subject="T2", fresh=False).then(topics.TopicProposed)


@pytest.mark.parametrize("seen", [1, 3])
def test_r071_a_conflict_returns_both_texts(seen):
    """What stands and what was sent, so that they can be compared."""
    scene = b.given(b.topic(until=topics.Status.DRAFT))
    changed = topics.ReviseTopic(on=b.day(3, 5), content=b.content(summary="扩大到环卫职工。"))
    conflict = b.raises_version(scene, "HR", changed, commands.VersionConflict, seen=seen)
    assert (conflict.seen, conflict.version) == (seen, 2)
    assert conflict.current["content"]["summary"] != "扩大到环卫职工。"
    assert conflict.submitted["content"]["summary"] == "扩大到环卫职工。"


def test_r071_who_may_not_act_is_told_so_before_any_version():
    """A stranger to the act learns nothing of the subject's text."""
    scene = b.given(b.topic(until=topics.Status.DRAFT))
    command = topics.ApproveTopic(on=b.day(3, 14))
    scene.when("HR", command, seen=9).refused("R-042", refusals.NotEntitled)


# --- repeats ---------------------------------------------------------------------------------------------


class Register:
    """The divisions that the tests know."""

    def find(self, code):
        return b.DIVISIONS.get(code)

    def all(self):
        return sorted(b.DIVISIONS.values(), key=lambda each: each.code)


def office():
    return commands.Office(memory.MemoryLedger(), Register(), working_days=b.DAYS, today=lambda at: b.TODAY)


ADMIN = commands.Caller(person="ADMIN", administrator=True)


def request(command, *, key, subject="140830", seen=None, caller=ADMIN):
    return commands.Request(
        tenant="140830", command=command, subject=subject, caller=caller, key=key, seen=seen
    )


def test_r096_a_repeat_is_answered_as_the_first_time():
    """The same command with the same key adds no fact, and says that it was a repeat."""
    desk = office()
    first = desk.submit(request(b.register(), key="k1"))
    again = desk.submit(request(b.register(), key="k1"))
    assert again == first.model_copy(update={"replayed": True})
    assert desk.dossier("140830").head.position == 1


def test_r096_a_repeat_is_never_refused_for_what_happened_since():
    """The version seen is old by then, and the act would be refused today."""
    desk = office()
    desk.submit(request(b.register(), key="k1"))
    adopted = request(b.adopt(), key="k2", seen=1)
    first = desk.submit(adopted)
    with pytest.raises(refusals.AlreadyDone):
        desk.submit(request(b.adopt(), key="k3", seen=3))
    assert desk.submit(adopted) == first.model_copy(update={"replayed": True})


def test_r096_another_request_with_the_same_key_is_no_repeat():
    """A key stands for one request."""
    desk = office()
    desk.submit(request(b.register(), key="k1"))
    with pytest.raises(ports.CommandReused):
        desk.submit(request(b.register(on=b.day(1, 7)), key="k1"))


def test_r096_keys_belong_to_persons():
    """Two persons may use the same key for two commands."""
    desk = office()
    desk.submit(request(b.register(), key="k1"))
    other = commands.Caller(person="ADMIN2", administrator=True)
    desk.submit(request(b.adopt(), key="k1", seen=1, caller=other))
    assert desk.dossier("140830").pair.adopted_on == b.day(1, 6)


def test_r096_a_refused_command_may_be_sent_again_with_its_key():
    """A refusal is not remembered as an answer."""
    desk = office()
    desk.submit(request(b.register(), key="k1"))
    late = request(b.adopt(bases=()), key="k2", seen=1)
    with pytest.raises(pairs.BasisNotInForce):
        desk.submit(late)
    desk.submit(request(b.adopt(), key="k2", seen=1))
    assert desk.dossier("140830").pair.adopted_on == b.day(1, 6)


def test_r094_a_changed_byte_stops_the_office():
    """A ledger that does not verify is never built on."""
    desk = office()
    ledger = desk._ledger
    desk.submit(request(b.register(), key="k1"))
    desk.submit(request(b.adopt(), key="k2", seen=1))
    entries = ledger.pair("140830").entries
    entries[1] = b.replace(entries[1], state=entries[1].state.replace(b"2024", b"2023"))
    fresh = commands.Office(ledger, Register(), working_days=b.DAYS, today=lambda at: b.TODAY)
    with pytest.raises(commands.dossiers.LedgerBroken):
        fresh.dossier("140830")
