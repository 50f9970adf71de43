"""How a meeting comes about: planned or requested, consulted on, dated; and what both sides consent to.

Source: 二, 二(四); R-025, R-033 – R-036, R-055. Its arrangement stands in arranging.py, its papers in papers.py,
what follows the opening in sittings.py.
"""

from datetime import date
from typing import assert_never

from domain import consent, meetings, refusals, wording
from domain.chain import content_hash
from domain.decider import SIDES, Signatory, latest, not_before

PREPARING = frozenset(
    {
        meetings.Status.REQUESTED,
        meetings.Status.PRIOR_CONSULTED,
        meetings.Status.PLANNED,
        meetings.Status.ARRANGING,
        meetings.Status.AGREED,
        meetings.Status.NOTICED,
    }
)


BEFORE_OPENING = PREPARING | {meetings.Status.MATERIALS_FROZEN}


CONSENT_REQUIREMENT = {
    meetings.Subject.DATE: "R-033",
    meetings.Subject.ARRANGEMENT: "R-055",
    meetings.Subject.OUTSTANDING_REPORT: "R-025",
    meetings.Subject.LATE_ITEM: "R-061",
    meetings.Subject.IRREGULAR: "R-063",
}


class SpecialNeedsReason(refusals.Refusal):
    """召开临时会议须写明特殊情况或重大问题。"""

    requirement = "R-034"


class NoPriorConsultation(refusals.Refusal):
    """临时会议须经双方提前协商。"""

    requirement = "R-035"
    remedy = "请由政府办公室和工会分别登记提前协商。"


class ConsultedTooLate(refusals.Refusal):
    """提前协商距印发通知、召开会议的天数不足。"""

    requirement = "R-035"
    remedy = "请将日期推后，或由市里调整参数。"


class NoRequest(refusals.Refusal):
    """年度会议没有需要答复的提议。"""

    requirement = "R-036"


class LateMaterialMissing(refusals.Refusal):
    """增加的议程尚无责任方的材料，不能表示同意。"""

    requirement = "R-060"


class NotAConference(refusals.Refusal):
    """联席会议是专门会议，不能以常务会议、党组会议或其他会议的一项议程代替。"""

    requirement = "R-018"
    remedy = "在其他会议上研究的，不作为联席会议登记；需要由联席会议研究的，请提出议题，列入专门召开的会议。"


class DateNotAgreed(refusals.Refusal):
    """会议日期尚未经双方商定。"""

    requirement = "R-033"


PreparationCommand = (
    meetings.PlanMeeting
    | meetings.RequestSpecial
    | meetings.AnswerRequest
    | meetings.RecordPriorConsultation
    | meetings.ProposeDate
    | meetings.GiveConsent
)


def decide(
    command: PreparationCommand, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    """Decide what a command on the way to an agreed date leads to, or one side's consent.

    Raises: a Refusal of R-025, R-033 – R-036, R-055 or R-063.
    """
    match command:
        case meetings.PlanMeeting():
            return _planned(command, meeting, by=by)
        case meetings.RequestSpecial():
            return _requested(command, meeting, by=by)
        case _:
            must_be_in_preparation(meeting, on=command.on)
    match command:
        case meetings.AnswerRequest():
            return _answered(command, meeting, by=by)
        case meetings.RecordPriorConsultation():
            return _prior(command, meeting, by=by)
        case meetings.ProposeDate():
            return _date_proposed(command, meeting, by=by)
        case meetings.GiveConsent():
            return consented(command, meeting, by=by)
        case _:
            assert_never(command)


def must_be_in_preparation(meeting: meetings.Meeting, *, on: date) -> None:
    """Refuse an act of preparation on a meeting that nobody planned or that has opened, or before its plan.

    Raises: NotFound (R-033), WrongState (R-063), BeforeItsBasis.
    """
    if meeting.status is meetings.Status.UNBORN:
        raise refusals.NotFound("会议。", requirement="R-033")
    if meeting.status not in BEFORE_OPENING:
        raise refusals.WrongState(
            f"会议目前为“{meetings.STATUS_LABELS[meeting.status]}”。", requirement="R-063"
        )
    not_before(on, meeting.born_on, what="会议计划")


def _must_have_material(late: meetings.LateItem, meeting: meetings.Meeting) -> None:
    if not any(paper.item == late.item and paper.side in late.sides for paper in meeting.materials):
        raise LateMaterialMissing(f"“{late.title}”。")


def must_be_consulted(
    meeting: meetings.Meeting, *, by_day: date, around: meetings.Surroundings, pointer: str
) -> None:
    """Refuse a special meeting's notice or opening without, or too soon after, both sides' consultation (A2).

    Raises: NoPriorConsultation, ConsultedTooLate, BeforeItsBasis (R-035).
    """
    if meeting.kind is not meetings.Kind.SPECIAL:
        return
    if meeting.prior.keys() != SIDES:
        raise NoPriorConsultation
    later = max(each.on for each in meeting.prior.values())
    not_before(by_day, later, what="提前协商")
    if (by_day - later).days < around.consultation_days:
        raise ConsultedTooLate(
            f"双方于 {later} 协商完毕，须相隔 {around.consultation_days} 天。", pointer=pointer
        )


def must_be_a_conference(form: meetings.Form) -> None:
    """Refuse what is an item of some other meeting. Raises: NotAConference (R-018)."""
    if form is not meetings.Form.CONFERENCE:
        raise NotAConference(f"{form.value}。", pointer="/form")


def _planned(
    command: meetings.PlanMeeting, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    if meeting.status is not meetings.Status.UNBORN:
        raise refusals.AlreadyDone(requirement="R-033")
    must_be_a_conference(command.form)
    return [meetings.MeetingPlanned(on=command.on, by=by, year=command.year)]


def _requested(
    command: meetings.RequestSpecial, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    if meeting.status is not meetings.Status.UNBORN:
        raise refusals.AlreadyDone(requirement="R-034")
    must_be_a_conference(command.form)
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-034", pointer="/side")
    if wording.is_blank(command.text):
        raise SpecialNeedsReason(pointer="/text")
    return [
        meetings.SpecialRequested(
            on=command.on, by=by, side=command.side, reason=command.reason, text=command.text
        )
    ]


def _answered(
    command: meetings.AnswerRequest, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    if meeting.requested_by is None:
        raise NoRequest
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-036", pointer="/side")
    if command.side is meeting.requested_by:
        raise consent.NotYourSide("提议由另一方答复。", requirement="R-036", pointer="/side")
    if meeting.answer is not None:
        raise refusals.AlreadyDone("提议已经答复。", requirement="R-036")
    if command.accept:
        reason = "" if wording.is_blank(command.reason) else command.reason
    else:
        if command.side in meeting.prior:
            raise refusals.WrongState(
                "本方已登记提前协商，可以取消会议。", requirement="R-036", pointer="/accept"
            )
        reason = wording.require(command.reason, what="不同意的理由", requirement="R-036", pointer="/reason")
    return [
        meetings.RequestAnswered(
            on=command.on, by=by, side=command.side, accept=command.accept, reason=reason
        )
    ]


def _prior(
    command: meetings.RecordPriorConsultation, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    if meeting.kind is not meetings.Kind.SPECIAL:
        raise refusals.WrongState("只有临时会议需要提前协商。", requirement="R-035")
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-035", pointer="/side")
    if command.side in meeting.prior:
        raise refusals.AlreadyDone(requirement="R-035", pointer="/side")
    other = meeting.prior.get(command.side.other)
    if other is not None and other.by.person == by.person:
        raise consent.OnePersonForBoth(requirement="R-035", pointer="/side")
    said = wording.require(command.text, what="协商情况", requirement="R-035", pointer="/text")
    return [meetings.PriorConsultationRecorded(on=command.on, by=by, side=command.side, text=said)]


def voided(
    meeting: meetings.Meeting, subject: meetings.Subject, *, on: date, by: Signatory
) -> list[meetings.MeetingFact]:
    standing = meeting.consents(subject)
    if not standing.given:
        return []
    return [
        meetings.MeetingConsentVoided(
            on=on, by=by, subject=subject, version=standing.version, content_hash=standing.content_hash
        )
    ]


def _date_proposed(
    command: meetings.ProposeDate, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    not_before(command.meeting_date, command.on, what="提出日")
    if meeting.meeting_date == command.meeting_date:
        return []
    proposed = content_hash({"meeting": meeting.id, "date": command.meeting_date.isoformat()})
    return [
        meetings.DateProposed(on=command.on, by=by, meeting_date=command.meeting_date, content_hash=proposed),
        *voided(meeting, meetings.Subject.DATE, on=command.on, by=by),
        *voided(meeting, meetings.Subject.ARRANGEMENT, on=command.on, by=by),
    ]


def consented(
    command: meetings.GiveConsent, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    requirement = CONSENT_REQUIREMENT[command.subject]
    standing = meeting.consents(command.subject, command.content_hash)
    consent.check(
        standing, side=command.side, content_hash=command.content_hash, by=by, requirement=requirement
    )
    not_before(command.on, standing.proposed_on, what="所同意内容的提出")
    late = meeting.late_item(command.content_hash) if command.subject is meetings.Subject.LATE_ITEM else None
    if late is not None:
        _must_have_material(late, meeting)
    given: list[meetings.MeetingFact] = [
        meetings.MeetingConsentGiven(
            on=command.on,
            by=by,
            subject=command.subject,
            version=standing.version,
            side=command.side,
            content_hash=command.content_hash,
        )
    ]
    if command.side.other not in standing.given:
        return given
    on = latest(command.on, standing.given[command.side.other].on) or command.on
    match command.subject:
        case meetings.Subject.DATE:
            if meeting.meeting_date is None:
                raise DateNotAgreed
            given.append(
                meetings.DateAgreed(
                    on=on, by=by, meeting_date=meeting.meeting_date, content_hash=command.content_hash
                )
            )
        case meetings.Subject.ARRANGEMENT:
            given.append(meetings.ArrangementAgreed(on=on, by=by, content_hash=command.content_hash))
        case meetings.Subject.OUTSTANDING_REPORT:
            given.append(meetings.OutstandingReportAgreed(on=on, by=by, content_hash=command.content_hash))
        case meetings.Subject.LATE_ITEM:
            if late is not None:
                given.append(
                    meetings.LateItemAgreed(on=on, by=by, item=late.item, content_hash=command.content_hash)
                )
        case meetings.Subject.IRREGULAR:
            # What follows from the second consent, irregular.py decides; it needs the rest of the pair.
            pass
        case _:
            assert_never(command.subject)
    return given
