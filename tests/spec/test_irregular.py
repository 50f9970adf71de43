"""A meeting that took place without a gate: recorded by both offices, counted, listed with what it lacked."""

import pytest

from application import surroundings
from domain import (
    arranging,
    consent,
    decisions,
    irregular,
    meetings,
    minutes,
    preparation,
    refusals,
    sittings,
    topics,
)
from domain.meetings import Form, IrregularItem, OutcomeKind, Status, Subject
from tests import builders as b
from tests import rules

NOTHING = ["", "  ", "无", "略。", "——", "啊啊啊啊"]
HELD, ENTERED = b.day(6, 10), b.day(6, 12)


def record(held_on=HELD, **change):
    body = {"on": ENTERED, "record": b.irregular_record(held_on, **change)}
    return meetings.RecordIrregularMeeting(**body)


def confirm(scene, side, *, subject="M1", on=ENTERED):
    digest = scene.meeting(subject).irregular_consents.content_hash
    return meetings.GiveConsent(on=on, subject=Subject.IRREGULAR, side=side, content_hash=digest)


def recorded(scene, command=None, *, subject="M1"):
    command = command or record()
    scene = scene.act("GO", command, subject=subject)
    return scene.act("UO", confirm(scene, b.UNION, subject=subject, on=command.on), subject=subject)


@pytest.mark.parametrize("side", list(b.Side))
def test_r063_one_office_proposes_and_the_other_confirms(side):
    """Only then it was held: with its ordinal, and with the gates that the system finds missing."""
    scene = b.given().when(b.OFFICES[side], record()).then(meetings.IrregularMeetingProposed)
    assert (scene.meeting().status, scene.meeting().held_on) == (Status.IRREGULAR_PROPOSED, None)
    scene.when(b.OFFICES[side], confirm(scene, side)).refused("R-063", consent.AlreadyConsented)
    scene.when(b.OFFICES[side], confirm(scene, side.other)).refused("R-063", consent.NotYourSide)
    done = scene.when(b.OFFICES[side.other], confirm(scene, side.other))
    known = done.then(meetings.MeetingConsentGiven, meetings.IrregularMeetingRecorded).meeting()
    assert (known.status, known.irregular, known.ordinal, known.held_on) == (
        Status.SITTING_CLOSED,
        True,
        1,
        HELD,
    )
    assert known.gates_missing == ("R-033", "R-055", "R-057", "R-060", "R-061")


def test_r063_one_person_does_not_record_it_for_both_sides():
    """Two offices, two persons, one content."""
    scene = b.given(b.one_person_on_both_sides).act(b.BOTH, record())
    side = next(each for each in b.Side if each not in scene.meeting().irregular_consents.given)
    scene.when(b.BOTH, confirm(scene, side)).refused("R-063", consent.OnePersonForBoth)
    stale = confirm(scene, side).model_copy(update={"content_hash": b.HASH})
    scene.when(b.OFFICES[side], stale).refused("R-063", consent.OtherContent)
    scene.when("HR", record(), subject="M2").refused("R-063", refusals.NotEntitled)


def test_r063_the_record_is_complete():
    """Gates, reason, place, agenda, persons: whatever is not said is refused."""
    scene = b.given()
    scene.when("GO", record(gates=())).refused("R-063", irregular.GateUnstated)
    for nothing in NOTHING:
        scene.when("GO", record(reason=nothing)).refused("R-063", refusals.TextMissing)
        scene.when("GO", record(place=nothing)).refused("R-063", refusals.TextMissing)
        bare = (IrregularItem(item="C1", title=nothing),)
        scene.when("GO", record(agenda=bare)).refused("R-063", refusals.TextMissing)
    scene.when("GO", record(agenda=())).refused("R-063", arranging.AgendaInvalid)
    scene.when("GO", record(agenda=(IrregularItem(item="T9"),))).refused("R-063", arranging.AgendaInvalid)
    scene.when("GO", record(present=())).refused("R-063", arranging.AttendeesIncomplete)
    scene.when("GO", record(chair="post-nobody")).refused("R-052", refusals.NotFound)
    backwards = record(closed_at=b.moment(HELD, 8))
    scene.when("GO", backwards).refused("R-063", refusals.WrongState)
    ahead = record(b.day(6, 13))
    scene.when("GO", ahead).refused("R-093", refusals.BeforeItsBasis)


def test_r013_a_meeting_before_the_rule_is_imported_and_not_recorded():
    """The rule of 2024 judges meetings held from 12 March 2024 on."""
    old = record(b.date(2024, 3, 11))
    b.given().when("GO", old).refused("R-013", irregular.BeforeTheRule)


@pytest.mark.parametrize("form", [each for each in Form if each is not Form.CONFERENCE])
def test_r018_an_item_of_another_meeting_is_no_conference(form):
    """Neither recorded afterwards, nor planned, nor requested."""
    scene = b.given()
    there = record().model_copy(update={"form": form})
    done = scene.when("GO", there)
    done.refused("R-018", preparation.NotAConference)
    assert done.refusal.way_out
    planned = meetings.PlanMeeting(on=b.day(1, 20), year=2025, form=form)
    scene.when("GO", planned).refused("R-018", preparation.NotAConference)
    scene.when("UO", b.request_special(form=form)).refused("R-018", preparation.NotAConference)


def test_r063_a_meeting_that_passed_every_gate_is_not_irregular():
    """What can be opened is opened; one gate passed too late is a gate missed."""
    agenda = tuple(IrregularItem(item=item, title="工作情况") for item in ("C1", "C2", "T1"))
    of = {
        "agenda": agenda,
        "opened_at": b.moment(b.day(4, 22)),
        "closed_at": b.moment(b.day(4, 22), 17),
        "place": "县政府三楼会议室",
    }
    command = meetings.RecordAsIrregular(on=b.day(4, 22), record=b.irregular_record(b.day(4, 22), **of))
    ready = b.given(b.topic(), b.meeting(until=Status.MATERIALS_FROZEN))
    ready.when("GO", command).refused("R-063", irregular.NothingMissing)
    loose = b.given(b.topic(), b.meeting(until=Status.NOTICED))
    scene = loose.when("GO", command).then(meetings.IrregularMeetingProposed)
    scene = scene.act("UO", confirm(scene, b.UNION, on=b.day(4, 23)))
    assert scene.meeting().gates_missing == ("R-060", "R-061")


def test_r063_a_gate_that_was_passed_between_the_two_consents_is_not_missing():
    """What was recorded as lacking is looked at again when the second side consents."""
    agenda = tuple(IrregularItem(item=item, title="工作情况") for item in ("C1", "C2", "T1"))
    of = {"agenda": agenda, "opened_at": b.moment(b.day(4, 22)), "closed_at": b.moment(b.day(4, 22), 17)}
    body = b.irregular_record(b.day(4, 22), place="县政府三楼会议室", gates=("R-061",), **of)
    scene = b.given(b.topic(), b.meeting(until=Status.NOTICED))
    for item in ("C1", "C2", "T1"):
        scene = scene.play(b.material(item, on=b.day(4, 18)))
    scene = scene.act("GO", meetings.RecordAsIrregular(on=b.day(4, 22), record=body))
    scene.when("UO", confirm(scene, b.UNION)).fact(meetings.IrregularMeetingRecorded)
    frozen = scene.act("GO", meetings.FreezeMaterials(on=b.day(4, 18)))
    frozen.when("UO", confirm(frozen, b.UNION)).refused("R-063", irregular.NothingMissing)


def test_r063_a_prepared_meeting_is_recorded_only_while_it_is_not_over():
    """Neither unborn, nor called off, nor open."""
    command = meetings.RecordAsIrregular(on=ENTERED, record=b.irregular_record(HELD))
    b.given().when("GO", command).refused("R-063", refusals.NotFound)
    held = b.given(b.topic(), b.meeting(until=Status.HELD))
    held.when("GO", command).refused("R-063", refusals.WrongState)
    said = meetings.GiveConsent(on=ENTERED, subject=Subject.IRREGULAR, side=b.GOV, content_hash=b.HASH)
    planned = b.given(b.meeting(until=Status.PLANNED))
    planned.when("GO", said).refused("R-063", irregular.NothingProposed)
    held.when("GO", said).refused("R-063", refusals.WrongState)


def test_r063_what_is_proposed_is_corrected_or_called_off_until_it_is_confirmed():
    """A correction is confirmed anew; afterwards the record is fixed."""
    scene = b.given().act("GO", record())
    other = meetings.RecordAsIrregular(on=ENTERED, record=b.irregular_record(HELD, place="县政府三楼会议室"))
    fixed = scene.when("UO", other)
    scene = fixed.then(meetings.IrregularMeetingProposed, meetings.MeetingConsentVoided)
    assert set(scene.meeting().irregular_consents.given) == {b.UNION}
    cancel = meetings.CancelMeeting(on=ENTERED, side=b.GOV, reason="会议实际没有召开。")
    scene.when("GO", cancel).then(meetings.MeetingCancelled)
    scene = scene.act("GO", confirm(scene, b.GOV))
    scene.when("GO", cancel).refused("R-063", refusals.WrongState)
    again = meetings.CloseSitting(on=ENTERED, closed_at=b.moment(HELD, 12), correction="笔误。")
    scene.when("GO", again).refused("R-063", refusals.WrongState)


def test_r035_r084_every_missing_gate_is_found():
    """What a record does not admit, the system adds."""
    nowhere = b.given_nothing(b.registered(), b.staffed, b.adopted)
    command = record(chair="post-UP", present=b.seats()[1:5]).model_copy(
        update={"kind": meetings.Kind.SPECIAL}
    )
    known = recorded(nowhere, command).meeting()
    every = "R-028 R-033 R-035 R-052 R-053 R-055 R-057 R-060 R-061 R-063 R-084"
    assert known.gates_missing == tuple(every.split())


def test_r035_a2_a_consultation_that_came_too_late_is_a_missing_gate():
    """By the days that the pair had adopted before the meeting."""
    for days, missing in ((15, False), (16, True)):
        scene = b.given(b.topic(), b.meeting(until=Status.NOTICED, special=True))
        scene = scene.play(rules.under(b.day(4, 15), prior_consultation_min_days=days))
        command = meetings.RecordAsIrregular(on=ENTERED, record=b.irregular_record(b.day(4, 22)))
        assert ("R-035" in recorded(scene, command).meeting().gates_missing) is missing


def test_r062_a_topic_comes_before_it_in_whatever_state_and_its_outcome_counts():
    """Minutes are reviewed and issued as ever; its decisions are accounted for at the next meeting."""
    scene = b.given(b.topic(until=topics.Status.SUBMITTED))
    scene = recorded(scene, record(agenda=(IrregularItem(item="T1"),)))
    assert "R-062" in scene.meeting().gates_missing
    scene = scene.act("GO", b.outcome("T1", OutcomeKind.RESOLVED, on=ENTERED, at=b.moment(HELD, 10)))
    scene = scene.act("GO", b.draft(scene, on=b.day(6, 13)))
    scene.when("GO", b.issue(on=b.day(6, 20))).refused("R-067", minutes.NotReviewed)
    for side, role in b.REVIEWERS.items():
        scene = scene.act(role, b.review(scene, side, on=b.day(6, 14)))
    scene = scene.act("GO", b.issue(on=b.day(6, 20)))
    assert scene.topic().status is topics.Status.RESOLVED
    assert scene.decision().status is decisions.Status.ESTABLISHED
    assert [each.id for each in surroundings.outstanding_of(scene.dossier, "M2")] == ["M1-01"]


def test_r062_a_topic_that_it_puts_off_is_no_step_further():
    """Otherwise a meeting without gates would be a way around them."""
    scene = b.given(b.topic(until=topics.Status.SUBMITTED))
    scene = recorded(scene, record(agenda=(IrregularItem(item="T1"),)))
    scene = scene.act("GO", b.outcome("T1", OutcomeKind.DEFERRED, on=ENTERED, at=b.moment(HELD, 10)))
    scene = scene.act("GO", b.draft(scene, on=b.day(6, 13)))
    for side, role in b.REVIEWERS.items():
        scene = scene.act(role, b.review(scene, side, on=b.day(6, 14)))
    scene = scene.act("GO", b.issue(on=b.day(6, 20)))
    assert scene.topic().status is topics.Status.SUBMITTED


def test_r063_what_one_meeting_decided_or_still_has_open_no_irregular_one_decides():
    """Neither a concluded topic nor one that waits for minutes."""
    waiting = b.given(b.topic(), b.meeting())
    command = record(agenda=(IrregularItem(item="T1"),))
    waiting.when("GO", command, subject="M2").refused("R-062", arranging.AgendaInvalid)
    decided = b.given(b.established())
    decided.when("GO", command, subject="M2").refused("R-062", arranging.AgendaInvalid)


def test_r008_a_meeting_entered_after_a_later_one_has_a_way_out():
    """It is recorded by both offices without an ordinal; no ordinal that is printed moves, and rules go by the day."""
    first = b.meeting("M2", until=Status.MATERIALS_FROZEN)
    scene = b.given(b.topic(), first)
    scene = recorded(scene, record(), subject="M1")
    refused = scene.when("GO", b.hold(b.day(4, 22)), subject="M2")
    refused.refused("R-008", sittings.OutOfOrder)
    assert "R-063" in refused.refusal.way_out
    agenda = tuple(IrregularItem(item=item, title="工作情况") for item in ("C1", "C2", "T1"))
    late = meetings.RecordAsIrregular(
        on=b.day(6, 20), record=b.irregular_record(b.day(4, 22), agenda=agenda, gates=("R-008",))
    )
    scene = scene.act("GO", late, subject="M2")
    scene = scene.act("UO", confirm(scene, b.UNION, subject="M2", on=b.day(6, 20)), subject="M2")
    known = scene.meeting("M2")
    assert (known.ordinal, known.late_entry, known.designation) == (0, True, "2025年4月22日会议")
    assert "R-008" in known.gates_missing
    assert scene.meeting("M1").ordinal == 1
    assert surroundings.of_meeting(scene.dossier, "M3", on=scene.today).last_ordinal == 1


def late_entry():
    """Give a pair whose meeting of June was recorded before that of April."""
    scene = b.given(b.topic(), b.meeting("M2", until=Status.MATERIALS_FROZEN))
    scene = recorded(scene, record(), subject="M1")
    late = meetings.RecordAsIrregular(
        on=b.day(6, 20), record=b.irregular_record(b.day(4, 22), gates=("R-008",))
    )
    scene = scene.act("GO", late, subject="M2")
    return scene.act("UO", confirm(scene, b.UNION, subject="M2", on=b.day(6, 20)), subject="M2")


def test_r008_meetings_are_also_counted_by_date_and_what_is_printed_stays():
    """A meeting that was entered late has its place by date; one from a longer history keeps its own number."""
    scene = late_entry()
    assert meetings.ordinals_by_date(scene.dossier.meetings) == {"M2": 1, "M1": 2}
    assert [each.id for each in surroundings.held_meetings(scene.dossier)] == ["M2", "M1"]
    assert (scene.meeting("M1").designation, scene.meeting("M2").ordinal) == ("第1次会议", 0)
    printed = scene.meeting("M1").model_copy(update={"ordinal": 7})
    assert meetings.ordinals_by_date([printed, scene.meeting("M2")]) == {"M2": 1, "M1": 7}


def test_r083_a_meeting_entered_late_is_followed_by_the_next_one_by_date():
    """Its effects were to be published before that one."""
    first, second = surroundings.covered(late_entry().dossier)
    assert (first.meeting, first.next_on, second.meeting, second.next_on) == ("M2", HELD, "M1", None)


def test_r032_an_irregular_meeting_is_marked_as_such():
    """It has a column of its own."""
    assert recorded(b.given()).meeting().irregular
    assert not b.given(b.topic(), b.meeting()).meeting().irregular


def test_r026_people_read_the_title_of_an_item_and_not_its_id():
    """Also the name of a briefing."""
    scene = b.given(b.topic(), b.meeting(until=Status.HELD))
    texts = [each.text for each in surroundings.outstanding_of(scene.dossier, "M2")]
    assert "户外劳动者高温津贴和健康体检" in texts[2]
    assert "（一）通报" in texts[0]
