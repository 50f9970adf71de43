"""The government office coordinates the invited units: receipts, replies and leave.

Source: 二(三), 二(四); R-054, R-058, R-063.
"""

from typing import assert_never

from domain import arranging, meetings, preparation, refusals, wording
from domain.decider import Capacity, Signatory, not_before

OFFICES = frozenset({Capacity.GOVERNMENT_OFFICE, Capacity.UNION_OFFICE})


class NotNoticedYet(refusals.Refusal):
    """现行安排的会议通知尚未印发。"""

    requirement = "R-058"


class NotInvited(refusals.Refusal):
    """只有会议通知所列的单位，才能就本单位的席位签收、回复。"""

    requirement = "R-058"


class MustAttend(refusals.Refusal):
    """主持人和工会主要负责人不能请假。"""

    requirement = "R-058"
    remedy = "主持人不能到会的，重新确定主持人；工会主要负责人不能到会的，回复由他人代为出席，或改期。"


CoordinationCommand = meetings.AcknowledgeNotice | meetings.ReplyAttendance | meetings.GrantLeave


def decide(
    command: CoordinationCommand, meeting: meetings.Meeting, *, by: Signatory, around: meetings.Surroundings
) -> list[meetings.MeetingFact]:
    """Decide what a receipt, a reply or a leave leads to.

    Raises: a Refusal of R-033, R-052 – R-054, R-058 or R-063.
    """
    preparation.must_be_in_preparation(meeting, on=command.on)
    if meeting.notice is None:
        raise NotNoticedYet
    not_before(command.on, meeting.notice.on, what="会议通知")
    match command:
        case meetings.AcknowledgeNotice():
            return _acknowledged(command, meeting, by=by, around=around)
        case meetings.ReplyAttendance():
            return _replied(command, meeting, by=by, around=around)
        case meetings.GrantLeave():
            return _leave(command, meeting, by=by)
        case _:
            assert_never(command)


def _must_speak_for(
    unit: str, meeting: meetings.Meeting, *, by: Signatory, around: meetings.Surroundings
) -> None:
    if unit not in {seat.unit for seat in meeting.attendees}:
        raise NotInvited(f"单位 {unit} 不在通知范围内。", pointer="/unit")
    # A leader has nobody who clicks for him, and a small unit telephones: its side's office may enter it.
    on_behalf = by.capacity in OFFICES and around.units[unit].side is by.side
    if by.unit != unit and not on_behalf:
        raise NotInvited(f"{by.title}不能代{around.units[unit].name}办理。", pointer="/unit")


def _acknowledged(
    command: meetings.AcknowledgeNotice,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> list[meetings.MeetingFact]:
    _must_speak_for(command.unit, meeting, by=by, around=around)
    if command.unit in meeting.acknowledged:
        return []
    return [meetings.NoticeAcknowledged(on=command.on, by=by, unit=command.unit)]


def _seat(number: int, meeting: meetings.Meeting) -> meetings.Attendee:
    if number > len(meeting.attendees):
        raise arranging.NoSuchSeat(f"席位 {number}。", requirement="R-058", pointer="/seat")
    return meeting.attendees[number - 1]


def _replied(
    command: meetings.ReplyAttendance,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> list[meetings.MeetingFact]:
    _must_speak_for(command.unit, meeting, by=by, around=around)
    seat = _seat(command.seat, meeting)
    if seat.unit != command.unit:
        raise NotInvited(f"席位 {command.seat} 不是该单位的席位。", pointer="/seat")
    substitute = reason = ""
    if command.attends is not meetings.Attends.PRINCIPAL:
        if seat.post is not None and seat.post == meeting.chair_post:
            raise MustAttend("主持人。", pointer="/attends")
        reason = wording.require(
            command.reason, what="本人不出席的原因", requirement="R-054", pointer="/reason"
        )
    if command.attends is meetings.Attends.SUBSTITUTE:
        substitute = wording.require(
            command.substitute, what="代为出席者", requirement="R-054", pointer="/substitute"
        )
    if command.attends is meetings.Attends.CANNOT:
        _may_be_away(seat)
    said = meetings.Reply(
        unit=command.unit, attends=command.attends, substitute=substitute, reason=reason, on=command.on
    )
    if meeting.replies.get(command.seat) == said:
        return []
    return [
        meetings.AttendanceReplied(
            on=command.on,
            by=by,
            unit=command.unit,
            seat=command.seat,
            attends=command.attends,
            substitute=substitute,
            reason=reason,
        )
    ]


def _may_be_away(seat: meetings.Attendee) -> None:
    if seat.category is meetings.AttendeeCategory.UNION_PRINCIPAL:
        raise MustAttend("工会主要负责人。", pointer="/seat")


def _leave(
    command: meetings.GrantLeave, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    seat = _seat(command.seat, meeting)
    if seat.post is not None and seat.post == meeting.chair_post:
        raise MustAttend("主持人。", pointer="/seat")
    _may_be_away(seat)
    reason = wording.require(command.reason, what="请假的原因", requirement="R-058", pointer="/reason")
    if meeting.leaves.get(command.seat) == reason:
        return []
    return [meetings.LeaveGranted(on=command.on, by=by, seat=command.seat, reason=reason)]
