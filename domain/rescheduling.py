"""A meeting that is put off or called off before it opens.

Source: 二(四); R-059. What was agreed for the old day holds no longer; what was issued stays in the history.
"""

from typing import assert_never

from domain import consent, meetings, preparation, refusals, wording
from domain.chain import content_hash
from domain.decider import Signatory, not_before

SETTLED = frozenset({meetings.Status.AGREED, meetings.Status.NOTICED, meetings.Status.MATERIALS_FROZEN})


class NothingToReschedule(refusals.Refusal):
    """会议安排尚未商定，没有可以改期的内容。"""

    requirement = "R-059"
    remedy = "商定以前改变日期的，直接提出新的会议日期。"


class SameDay(refusals.Refusal):
    """新的日期与原定日期相同。"""

    requirement = "R-059"


class NotCancelled(refusals.Refusal):
    """会议没有取消。"""

    requirement = "R-059"


ReschedulingCommand = meetings.RescheduleMeeting | meetings.CancelMeeting | meetings.AcknowledgeCancellation


def decide(
    command: ReschedulingCommand, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    """Decide what putting a meeting off, or calling it off, leads to.

    Raises: a Refusal of R-059, R-033 or R-063.
    """
    match command:
        case meetings.RescheduleMeeting():
            return _rescheduled(command, meeting, by=by)
        case meetings.CancelMeeting():
            return _cancelled(command, meeting, by=by)
        case meetings.AcknowledgeCancellation():
            return _acknowledged(command, meeting, by=by)
        case _:
            assert_never(command)


def _rescheduled(
    command: meetings.RescheduleMeeting, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    preparation.must_be_in_preparation(meeting, on=command.on)
    if meeting.status not in SETTLED:
        raise NothingToReschedule(f"会议目前为“{meetings.STATUS_LABELS[meeting.status]}”。")
    if command.meeting_date == meeting.meeting_date:
        raise SameDay(pointer="/meeting_date")
    reason = wording.require(command.reason, what="改期的原因", requirement="R-059", pointer="/reason")
    not_before(command.meeting_date, command.on, what="提出日")
    standing = (meeting.arrangement_consents.agreed_on, meeting.notice.on if meeting.notice else None)
    not_before(command.on, *standing, what="原安排的商定和通知")
    proposed = content_hash({"meeting": meeting.id, "date": command.meeting_date.isoformat()})
    return [
        meetings.MeetingRescheduled(
            on=command.on,
            by=by,
            meeting_date=command.meeting_date,
            reason=reason,
            superseded_notice=meeting.notice.number if meeting.notice else "",
            content_hash=proposed,
        ),
        *preparation.voided(meeting, meetings.Subject.DATE, on=command.on, by=by),
        *preparation.voided(meeting, meetings.Subject.ARRANGEMENT, on=command.on, by=by),
    ]


def _cancelled(
    command: meetings.CancelMeeting, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    if meeting.status is meetings.Status.CANCELLED:
        raise refusals.AlreadyDone("会议已经取消。", requirement="R-059")
    if meeting.status is not meetings.Status.IRREGULAR_PROPOSED:
        preparation.must_be_in_preparation(meeting, on=command.on)
    not_before(command.on, meeting.born_on, what="会议计划")
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-059", pointer="/side")
    reason = wording.require(command.reason, what="取消的原因", requirement="R-059", pointer="/reason")
    not_before(command.on, meeting.notice.on if meeting.notice else None, what="会议通知")
    return [meetings.MeetingCancelled(on=command.on, by=by, side=command.side, reason=reason)]


def _acknowledged(
    command: meetings.AcknowledgeCancellation, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    called_off = meeting.cancellation
    if called_off is None:
        raise NotCancelled
    if by.side is not command.side or command.side is called_off.side:
        raise consent.NotYourSide("由另一方登记知悉。", requirement="R-059", pointer="/side")
    if called_off.acknowledged_on is not None:
        raise refusals.AlreadyDone(f"已于 {called_off.acknowledged_on} 知悉。", requirement="R-059")
    not_before(command.on, called_off.on, what="会议取消")
    return [meetings.CancellationAcknowledged(on=command.on, by=by, side=command.side)]
