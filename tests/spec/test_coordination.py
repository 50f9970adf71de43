"""The other side's answer, receipts, replies and leave, and a meeting that is put off or called off."""

import pytest

from application import surroundings
from domain import arranging, consent, coordination, meetings, preparation, refusals, rescheduling, sittings
from domain.meetings import Attends, Status, Subject
from tests import builders as b

NOTHING = ["", "  ", "无", "略。", "——", "啊啊啊啊"]
FINANCE_SEAT = 4


def noticed(*steps):
    return b.given(b.topic(), *steps, b.meeting(until=Status.NOTICED))


# --- the answer to a request ------------------------------------------------------------------------------------


def answer(side=b.GOV, **change):
    body = {"on": b.day(4, 8), "side": side, "accept": True}
    return meetings.AnswerRequest(**{**body, **change})


@pytest.mark.parametrize("side", list(b.Side))
def test_r036_the_other_side_answers_a_request(side):
    """Whoever asks waits for the other side; who asked does not answer himself."""
    asked = b.given().act(b.OFFICES[side], b.request_special(side=side))
    assert asked.meeting().awaits_answer
    mine = answer(side)
    asked.when(b.OFFICES[side], mine).refused("R-036", consent.NotYourSide)
    asked.when(b.OFFICES[side], answer(side.other)).refused("R-036", consent.NotYourSide)
    done = asked.when(b.OFFICES[side.other], answer(side.other)).then(meetings.RequestAnswered)
    assert (done.meeting().answer.accept, done.meeting().awaits_answer) == (True, False)
    done.when(b.OFFICES[side.other], answer(side.other)).refused("R-036", refusals.AlreadyDone)


@pytest.mark.parametrize("nothing", NOTHING)
def test_r036_a_refusal_needs_a_reason(nothing):
    """Who declines says why."""
    asked = b.given().act("UO", b.request_special())
    asked.when("GO", answer(accept=False, reason=nothing)).refused("R-036", refusals.TextMissing)


def test_r036_a_declined_request_has_ended():
    """Who wants the meeting all the same asks anew."""
    asked = b.given().act("UO", b.request_special())
    declined = asked.act("GO", answer(accept=False, reason="可在年度会议上一并研究。"))
    assert declined.meeting().status is Status.DECLINED
    said = meetings.RecordPriorConsultation(on=b.day(4, 9), side=b.UNION, text="双方已沟通。")
    declined.when("UO", said).refused("R-063", refusals.WrongState)
    declined.when("UO", b.request_special(on=b.day(4, 9)), subject="M2").then(meetings.SpecialRequested)


def test_r036_an_unanswered_request_is_shown_and_stops_nothing_once_both_consulted():
    """The consultation of both sides is an answer in itself; who consulted cannot decline any more."""
    scene = b.given(b.topic(), b.meeting(until=Status.PRIOR_CONSULTED, special=True))
    assert scene.meeting().awaits_answer
    late = answer(accept=False, reason="不同意召开。")
    scene.when("GO", late).refused("R-036", refusals.WrongState)
    scene.when("GO", answer()).then(meetings.RequestAnswered)
    assert b.given(b.topic(), b.meeting(special=True)).meeting().status is Status.SITTING_CLOSED


def test_r036_a_yearly_meeting_has_no_request_to_answer():
    """Only what was asked is answered."""
    scene = b.given(b.meeting(until=Status.PLANNED))
    scene.when("GO", answer()).refused("R-036", preparation.NoRequest)


# --- receipts, replies, leave -----------------------------------------------------------------------------------


def receipt(unit="fin", **change):
    return meetings.AcknowledgeNotice(**{"on": b.day(4, 15), "unit": unit, **change})


def reply(attends=Attends.SUBSTITUTE, **change):
    body = {
        "on": b.day(4, 16),
        "unit": "fin",
        "seat": FINANCE_SEAT,
        "attends": attends,
        "substitute": "县财政局副局长" if attends is Attends.SUBSTITUTE else "",
        "reason": "" if attends is Attends.PRINCIPAL else "局长赴市开会。",
    }
    return meetings.ReplyAttendance(**{**body, **change})


def test_r058_an_invited_unit_takes_receipt_of_the_notice():
    """Who has not yet done so is shown; the issuing office owes no receipt to itself."""
    scene = noticed()
    assert set(scene.meeting().unacknowledged) == {"gov", "hr", "fin", "ind", "union", "rights"}
    scene = scene.when("FIN", receipt()).then(meetings.NoticeAcknowledged)
    assert "fin" not in scene.meeting().unacknowledged
    scene.when("FIN", receipt()).then()
    scene.when("GO", receipt("gov")).then(meetings.NoticeAcknowledged)
    scene.when("UO", receipt("rights")).then(meetings.NoticeAcknowledged)


def test_r058_only_invited_units_answer_and_each_for_itself():
    """A unit that is not on the list, or another unit, is refused; so is the other side's office."""
    scene = noticed().act(
        "ADMIN", b.people.RegisterUnit(on=b.day(1, 6), name="芮城县交通运输局", side=b.GOV), subject="traffic"
    )
    scene.when("GO", receipt("traffic")).refused("R-058", coordination.NotInvited)
    scene.when("HR", receipt("fin")).refused("R-058", coordination.NotInvited)
    scene.when("UO", receipt("fin")).refused("R-058", coordination.NotInvited)
    scene.when("HR", reply()).refused("R-058", coordination.NotInvited)
    scene.when("FIN", reply(seat=3)).refused("R-058", coordination.NotInvited)
    scene.when("FIN", reply(seat=60)).refused("R-058", arranging.NoSuchSeat)


def test_r058_before_the_notice_nobody_answers_it():
    """There is nothing to take receipt of."""
    scene = b.given(b.topic(), b.meeting(until=Status.AGREED))
    for role, command in (("FIN", receipt()), ("FIN", reply()), ("GO", leave())):
        scene.when(role, command).refused("R-058", coordination.NotNoticedYet)
    early = receipt(on=b.day(4, 11))
    noticed().when("FIN", early).refused("R-093", refusals.BeforeItsBasis)


def test_r054_r058_a_unit_names_its_substitute_with_a_reason():
    """Step 14 of the worked example: the director is away, his deputy comes."""
    scene = noticed().when("FIN", reply()).then(meetings.AttendanceReplied)
    assert scene.meeting().substitutions == {FINANCE_SEAT: "县财政局副局长"}
    scene.when("FIN", reply()).then()
    for nothing in NOTHING:
        noticed().when("FIN", reply(reason=nothing)).refused("R-054", refusals.TextMissing)
        noticed().when("FIN", reply(substitute=nothing)).refused("R-054", refusals.TextMissing)
    back = scene.act("FIN", reply(Attends.PRINCIPAL))
    assert back.meeting().substitutions == {}


def leave(**change):
    body = {"on": b.day(4, 16), "seat": FINANCE_SEAT, "reason": "赴省参加培训。"}
    return meetings.GrantLeave(**{**body, **change})


def test_r058_the_government_office_alone_grants_leave():
    """Not the union's, not the unit itself; with a reason."""
    scene = noticed().act("FIN", reply(Attends.CANNOT))
    scene.when("UO", leave()).refused("R-058", refusals.NotEntitled)
    scene.when("FIN", leave()).refused("R-058", refusals.NotEntitled)
    for nothing in NOTHING:
        scene.when("GO", leave(reason=nothing)).refused("R-058", refusals.TextMissing)
    scene = scene.when("GO", leave()).then(meetings.LeaveGranted)
    assert set(scene.meeting().leaves) == {FINANCE_SEAT}
    scene.when("GO", leave()).then()
    scene.when("GO", leave(seat=60)).refused("R-058", arranging.NoSuchSeat)
    assert scene.act("FIN", reply(Attends.PRINCIPAL)).meeting().leaves == {}


@pytest.mark.parametrize("seat", [b.CHAIR_SEAT, b.UNION_PRINCIPAL_SEAT])
def test_r058_the_chair_and_the_unions_principal_are_not_simply_on_leave(seat):
    """Another chair is named, or the principal sends a delegate."""
    noticed().when("GO", leave(seat=seat)).refused("R-058", coordination.MustAttend)


def test_r063_the_unions_principal_may_send_a_delegate_and_the_chair_may_not():
    """Opening asks for the chair himself, and for the principal or a delegate."""
    union = {"unit": "union", "seat": b.UNION_PRINCIPAL_SEAT}
    noticed().when("UO", reply(Attends.CANNOT, **union)).refused("R-058", coordination.MustAttend)
    noticed().when("UO", reply(**union)).then(meetings.AttendanceReplied)
    chair = {"unit": "gov", "seat": b.CHAIR_SEAT}
    for attends in (Attends.CANNOT, Attends.SUBSTITUTE):
        noticed().when("GO", reply(attends, **chair)).refused("R-058", coordination.MustAttend)


# --- put off, called off ----------------------------------------------------------------------------------------


def later(**change):
    body = {"on": b.day(4, 16), "meeting_date": b.day(4, 25), "reason": "县长赴市参会。"}
    return meetings.RescheduleMeeting(**{**body, **change})


@pytest.mark.parametrize("role", ["GO", "UO"])
def test_r059_a_meeting_is_put_off_and_everything_is_agreed_and_noticed_anew(role):
    """Date, arrangement and notice: the old ones are in the history, and open nothing."""
    scene = b.given(b.topic(), b.meeting(until=Status.MATERIALS_FROZEN)).act("FIN", receipt())
    done = scene.when(role, later())
    scene = done.then(
        meetings.MeetingRescheduled, meetings.MeetingConsentVoided, meetings.MeetingConsentVoided
    )
    known = scene.meeting()
    assert (known.status, known.notice, known.acknowledged) == (Status.ARRANGING, None, {})
    assert [each.number for each in known.superseded_notices] == ["芮政办函〔2025〕9号"]
    assert done.fact(meetings.MeetingRescheduled).superseded_notice == "芮政办函〔2025〕9号"
    arrange = b.arrange(b.day(4, 25), ("C1", "C2", "T1"), on=b.day(4, 17))
    scene.when("GO", arrange).refused("R-033", preparation.DateNotAgreed)
    scene.when("GO", b.hold(b.day(4, 25))).refused("R-057", sittings.NotNoticed)
    scene = scene.play(b.consented(Subject.DATE, on=b.day(4, 17))).act("GO", arrange)
    again = b.notice(on=b.day(4, 18), number="芮政办函〔2025〕11号")
    scene.when("GO", again).refused("R-057", arranging.ArrangementNotAgreed)
    scene = scene.play(b.consented(Subject.ARRANGEMENT, on=b.day(4, 17))).act("GO", again)
    scene = scene.act("GO", meetings.FreezeMaterials(on=b.day(4, 18)))
    scene.when("GO", b.hold(b.day(4, 25))).then(meetings.MeetingHeld)


def test_r059_what_is_not_agreed_yet_is_not_put_off():
    """Before an agreement a new date is simply proposed; the same day is no other day."""
    scene = b.given(b.topic(), b.meeting(until=Status.ARRANGING))
    scene.when("GO", later()).refused("R-059", rescheduling.NothingToReschedule)
    same = later(meeting_date=b.day(4, 22))
    noticed().when("GO", same).refused("R-059", rescheduling.SameDay)
    for nothing in NOTHING:
        noticed().when("GO", later(reason=nothing)).refused("R-059", refusals.TextMissing)
    past = later(meeting_date=b.day(4, 15))
    noticed().when("GO", past).refused("R-093", refusals.BeforeItsBasis)


def cancel(side=b.UNION, **change):
    body = {"on": b.day(4, 16), "side": side, "reason": "议题尚需调研。"}
    return meetings.CancelMeeting(**{**body, **change})


@pytest.mark.parametrize("side", list(b.Side))
def test_r059_either_side_calls_off_and_the_other_takes_note(side):
    """With a reason, for itself; the other side's note is kept."""
    noticed().when(b.OFFICES[side], cancel(side.other)).refused("R-059", consent.NotYourSide)
    for nothing in NOTHING:
        command = cancel(side, reason=nothing)
        noticed().when(b.OFFICES[side], command).refused("R-059", refusals.TextMissing)
    note = [meetings.AcknowledgeCancellation(on=b.day(4, 17), side=each) for each in (side, side.other)]
    noticed().when(b.OFFICES[side], note[0]).refused("R-059", rescheduling.NotCancelled)
    scene = noticed().when(b.OFFICES[side], cancel(side)).then(meetings.MeetingCancelled)
    assert scene.meeting().status is Status.CANCELLED
    scene.when(b.OFFICES[side], cancel(side)).refused("R-059", refusals.AlreadyDone)
    scene.when(b.OFFICES[side], note[0]).refused("R-059", consent.NotYourSide)
    scene = scene.when(b.OFFICES[side.other], note[1]).then(meetings.CancellationAcknowledged)
    scene.when(b.OFFICES[side.other], note[1]).refused("R-059", refusals.AlreadyDone)


def test_r032_a_meeting_that_was_called_off_was_not_held_and_frees_its_topics():
    """It opens no more, has no ordinal, and its topics come before the next one."""
    scene = b.given(b.topic(), b.meeting(until=Status.MATERIALS_FROZEN)).act("UO", cancel(on=b.day(4, 19)))
    scene.when("GO", b.hold(b.day(4, 22))).refused("R-063", refusals.WrongState)
    assert scene.meeting().held_on is None
    assert surroundings.of_meeting(scene.dossier, "M2", on=scene.today).topics["T1"].may_be_listed
    held = b.day(5, 20)
    scene = scene.act("GO", meetings.PlanMeeting(on=b.day(4, 20), year=2025), subject="M2")
    scene = scene.play(b.dated(held, on=b.day(4, 21), subject="M2"), b.chaired(on=b.day(4, 21), subject="M2"))
    seats = meetings.SetAttendees(on=b.day(4, 21), attendees=b.seats())
    scene = scene.act("GO", seats, subject="M2")
    arrange = b.arrange(held, ("T1",), on=b.day(4, 21))
    scene.when("GO", arrange, subject="M2").then(meetings.ArrangementProposed)


def test_r059_a_meeting_that_has_opened_is_not_called_off():
    """What took place, took place."""
    scene = b.given(b.topic(), b.meeting(until=Status.HELD))
    for command in (cancel(on=b.day(4, 23)), later(on=b.day(4, 23))):
        scene.when("UO", command).refused("R-063", refusals.WrongState)
