"""The arrangement of a meeting: chair, attendees, briefings, agenda, tasks, notice and substitutes.

Source: 二(三), 二(四); R-016, R-017, R-020, R-021, R-052 – R-057, R-062, R-084.
"""

from collections.abc import Mapping
from datetime import date
from typing import assert_never

from domain import calendar, meetings, names, preparation, refusals, wording
from domain.decider import Capacity, Side, Signatory, not_before
from domain.regulation import Category, Disclosure

REQUIRED_ATTENDEES = (
    meetings.AttendeeCategory.GOVERNMENT_LEADER,
    meetings.AttendeeCategory.GOVERNMENT_OFFICE_HEAD,
    meetings.AttendeeCategory.UNION_PRINCIPAL,
)


EXPECTED_ATTENDEES = (meetings.AttendeeCategory.UNION_LEADER, meetings.AttendeeCategory.UNION_DEPARTMENT_HEAD)


CHAIRS = frozenset({Capacity.GOVERNMENT_PRINCIPAL, Capacity.GOVERNMENT_LEADER, Capacity.LIAISON_LEADER})


SIDE_OF_CATEGORY = {
    meetings.AttendeeCategory.GOVERNMENT_LEADER: Side.GOVERNMENT,
    meetings.AttendeeCategory.GOVERNMENT_OFFICE_HEAD: Side.GOVERNMENT,
    meetings.AttendeeCategory.UNION_PRINCIPAL: Side.UNION,
    meetings.AttendeeCategory.UNION_LEADER: Side.UNION,
    meetings.AttendeeCategory.UNION_DEPARTMENT_HEAD: Side.UNION,
}


CAPACITIES_OF_CATEGORY = {
    meetings.AttendeeCategory.GOVERNMENT_LEADER: CHAIRS,
    meetings.AttendeeCategory.UNION_PRINCIPAL: frozenset({Capacity.UNION_PRINCIPAL}),
}


class ReporterSide(refusals.Refusal):
    """第（一）项由政府方通报，第（二）项由工会方通报。"""

    requirement = "R-020"


class NotABriefing(refusals.Refusal):
    """只有第（一）（二）项和说明理由的第（七）项可以作为通报登记。"""

    requirement = "R-020"


class ChairNotALeader(refusals.Refusal):
    """会议由政府领导主持。"""

    requirement = "R-052"


class ChairNeedsReason(refusals.Refusal):
    """不由政府主要负责同志主持的，须写明原因。"""

    requirement = "R-052"


class AttendeesIncomplete(refusals.Refusal):
    """出席人员缺少规定的类别或议题的相关单位。"""

    requirement = "R-053"


class AgendaInvalid(refusals.Refusal):
    """议程中有不能列入的事项。"""

    requirement = "R-062"
    remedy = "议题审定后才能列入议程；通报事项须先登记。"


class ArrangementNotAgreed(refusals.Refusal):
    """会议的时间、地点、议程、出席人员尚未经双方对同一内容商定。"""

    requirement = "R-057"
    remedy = "请双方对现行安排表示同意之后再印发通知。"


class RecipientsIncomplete(refusals.Refusal):
    """通知的主送单位须包括所有出席人员的单位。"""

    requirement = "R-057"


class RecipientMissing(refusals.Refusal):
    """文件须有主送单位。"""

    requirement = "R-016"


class DisclosureMissing(refusals.Refusal):
    """印发前须确定公开属性。"""

    requirement = "R-017"


class NumberOrReason(refusals.Refusal):
    """通知应编发文字号；不编号的须写明原因。"""

    requirement = "R-057"


class LiaisonMissing(refusals.Refusal):
    """双方尚未都明确负责联席会议工作的科室和人员。"""

    requirement = "R-084"


class SeatMismatch(refusals.Refusal):
    """席位的类别、单位与任职不一致。"""

    requirement = "R-053"


class NoSuchSeat(refusals.Refusal):
    """出席人员名单中没有该席位。"""

    requirement = "R-053"


ArrangingCommand = (
    meetings.SetChair
    | meetings.SetAttendees
    | meetings.AddBriefing
    | meetings.ProposeArrangement
    | meetings.AssignPrepTask
    | meetings.IssueNotice
    | meetings.RecordSubstitution
)


def decide(
    command: ArrangingCommand, meeting: meetings.Meeting, *, by: Signatory, around: meetings.Surroundings
) -> list[meetings.MeetingFact]:
    """Decide what a command about the arrangement leads to.

    Raises: a Refusal of R-016, R-017, R-020, R-021, R-030, R-033, R-035, R-052 – R-057, R-062 or R-084.
    """
    preparation.must_be_in_preparation(meeting, on=command.on)
    match command:
        case meetings.SetChair():
            return _chair(command, meeting, by=by, around=around)
        case meetings.SetAttendees():
            return _attendees(command, meeting, by=by, around=around)
        case meetings.AddBriefing():
            return _briefing(command, meeting, by=by)
        case meetings.ProposeArrangement():
            return _arrangement(command, meeting, by=by, around=around)
        case meetings.AssignPrepTask():
            return _task(command, by=by)
        case meetings.IssueNotice():
            return _notice(command, meeting, by=by, around=around)
        case meetings.RecordSubstitution():
            return _substitution(command, meeting, by=by)
        case _:
            assert_never(command)


def _chair(
    command: meetings.SetChair, meeting: meetings.Meeting, *, by: Signatory, around: meetings.Surroundings
) -> list[meetings.MeetingFact]:
    post = around.posts.get(command.post)
    if post is None or not post.held_on(command.on):
        raise refusals.NotFound("主持人的任职记录。", requirement="R-052", pointer="/post")
    if post.capacity not in CHAIRS:
        raise ChairNotALeader(f"{post.title}。", pointer="/post")
    principal = post.capacity is Capacity.GOVERNMENT_PRINCIPAL
    if not principal and wording.is_blank(command.reason):
        raise ChairNeedsReason(f"{post.title}。", pointer="/reason")
    if (meeting.chair_post, meeting.chair_reason) == (command.post, command.reason):
        return []
    return [
        meetings.ChairSet(
            on=command.on,
            by=by,
            post=post.id,
            person=post.person,
            title=post.title,
            principal=principal,
            reason=command.reason,
        ),
        *preparation.voided(meeting, meetings.Subject.ARRANGEMENT, on=command.on, by=by),
    ]


def check_seats(
    attendees: tuple[meetings.Attendee, ...],
    *,
    on: date,
    around: meetings.Surroundings,
    seated: tuple[meetings.Attendee, ...] = (),
) -> None:
    """Refuse seats that do not fit their unit or post, or a person who would sit twice.

    ``seated`` are those who have a seat already. Raises: AttendeesIncomplete, SeatMismatch, TextMissing (R-053).
    """
    taken = {around.posts[seat.post].person for seat in seated if seat.post}
    for index, attendee in enumerate(attendees):
        place = f"/attendees/{index}"
        unit = around.units.get(attendee.unit)
        if unit is None:
            raise AttendeesIncomplete(f"单位 {attendee.unit} 没有登记。", pointer=f"{place}/unit")
        wording.require(attendee.title, what="职务", requirement="R-053", pointer=f"{place}/title")
        side = SIDE_OF_CATEGORY.get(attendee.category, unit.side)
        if side is not unit.side:
            raise SeatMismatch(
                f"{attendee.category.value}属{side.label}，{unit.name}不是。", pointer=f"{place}/unit"
            )
        if attendee.post is None:
            continue
        post = around.posts.get(attendee.post)
        if post is None or post.unit != attendee.unit or not post.held_on(on):
            raise SeatMismatch(f"任职记录 {attendee.post} 与该席位不符。", pointer=f"{place}/post")
        fitting = CAPACITIES_OF_CATEGORY.get(attendee.category)
        if fitting is not None and post.capacity not in fitting:
            raise SeatMismatch(f"{post.title}不是{attendee.category.value}。", pointer=f"{place}/post")
        if post.person in taken:
            raise SeatMismatch(f"{post.title}：同一人不能占两个席位。", pointer=f"{place}/post")
        taken.add(post.person)


def _attendees(
    command: meetings.SetAttendees, meeting: meetings.Meeting, *, by: Signatory, around: meetings.Surroundings
) -> list[meetings.MeetingFact]:
    present = {attendee.category for attendee in command.attendees}
    missing = [category.value for category in REQUIRED_ATTENDEES if category not in present]
    if missing:
        raise AttendeesIncomplete(f"缺少：{'、'.join(missing)}。", pointer="/attendees")
    check_seats(command.attendees, on=command.on, around=around)
    lacking = [category.value for category in EXPECTED_ATTENDEES if category not in present]
    if lacking and wording.is_blank(command.reason):
        raise AttendeesIncomplete(f"缺少：{'、'.join(lacking)}，须写明原因。", pointer="/reason")
    if (command.attendees, command.reason) == (meeting.attendees, meeting.attendees_reason):
        return []
    return [
        meetings.AttendeesSet(on=command.on, by=by, attendees=command.attendees, reason=command.reason),
        *preparation.voided(meeting, meetings.Subject.ARRANGEMENT, on=command.on, by=by),
    ]


def _briefing(
    command: meetings.AddBriefing, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    expected = {Category.C1: Side.GOVERNMENT, Category.C2: Side.UNION, Category.C7: command.side}.get(
        command.category
    )
    if expected is None:
        raise NotABriefing(f"{command.category.label}。", pointer="/category")
    if command.side is not expected:
        requirement = "R-020" if command.category is Category.C1 else "R-021"
        raise ReporterSide(f"应由{expected.label}通报。", requirement=requirement, pointer="/side")
    title = wording.require(command.title, what="通报题目", requirement="R-020", pointer="/title")
    if command.category is Category.C7:
        wording.require(command.reason, what="作为通报的理由", requirement="R-030", pointer="/reason")
    if command.category.value in meeting.briefings:
        raise refusals.AlreadyDone(
            f"{command.category.label}已登记。", requirement="R-020", pointer="/category"
        )
    return [
        meetings.BriefingAdded(
            on=command.on,
            by=by,
            item=command.category.value,
            category=command.category,
            title=title,
            side=command.side,
            reason=command.reason,
        )
    ]


def check_invited(
    meeting_agenda: tuple[str, ...], attendees: tuple[meetings.Attendee, ...], around: meetings.Surroundings
) -> None:
    """Refuse where a related unit of a deliberation is not invited.

    Raises: AttendeesIncomplete (R-053).
    """
    invited = {attendee.unit for attendee in attendees}
    for item in meeting_agenda:
        topic = around.topics.get(item)
        absent = sorted(set(topic.related) - invited) if topic else []
        if absent and topic:
            names = "、".join(around.units[unit].name for unit in absent if unit in around.units)
            raise AttendeesIncomplete(f"议题“{topic.title}”的相关单位未列入：{names}。", pointer="/attendees")


def check_agenda(
    agenda: tuple[str, ...],
    meeting: meetings.Meeting,
    around: meetings.Surroundings,
    *,
    pointer: str = "",
) -> None:
    """Refuse items that may not be listed; ``pointer`` is the place of a single item.

    Raises: AgendaInvalid (R-062).
    """
    if not agenda or len(set(agenda)) != len(agenda):
        raise AgendaInvalid("议程为空或有重复。", pointer="/agenda")
    for index, item in enumerate(agenda):
        topic = around.topics.get(item)
        listed = item == Category.C6.value or item in meeting.briefings
        if not listed and (topic is None or not topic.may_be_listed):
            state = f"议题“{topic.title}”尚未审定或已退出" if topic else f"没有事项“{item}”"
            raise AgendaInvalid(f"{state}。", pointer=pointer or f"/agenda/{index}")


def agenda_contents(
    agenda: tuple[str, ...], meeting: meetings.Meeting, around: meetings.Surroundings
) -> dict[str, str]:
    """Tell what stands behind each item now, so that consent to an agenda is consent to what it is about."""
    topics = {item: around.topics[item].content_hash for item in agenda if item in around.topics}
    briefings = {item: meeting.briefings[item].title for item in agenda if item in meeting.briefings}
    return {**topics, **briefings}


def check_contents(
    contents: Mapping[str, str], meeting: meetings.Meeting, around: meetings.Surroundings
) -> None:
    """Refuse where a topic has changed since both sides agreed to the agenda.

    Raises: ArrangementNotAgreed (R-057).
    """
    now = agenda_contents(tuple(contents), meeting, around)
    changed = [item for item, content in contents.items() if now.get(item) != content]
    if changed:
        raise ArrangementNotAgreed(f"商定之后内容有变化的议程：{'、'.join(changed)}。")


def _arrangement(
    command: meetings.ProposeArrangement,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> list[meetings.MeetingFact]:
    place = wording.require(command.place, what="会议地点", requirement="R-055", pointer="/place")
    if not meeting.date_consents.agreed or meeting.meeting_date is None:
        raise preparation.DateNotAgreed(pointer="/starts_at")
    if calendar.local_date(command.starts_at) != meeting.meeting_date:
        raise preparation.DateNotAgreed(f"商定的日期是 {meeting.meeting_date}。", pointer="/starts_at")
    not_before(command.on, meeting.date_consents.agreed_on, meeting.roster_on, what="商定日期、确定出席人员")
    check_agenda(command.agenda, meeting, around)
    if not meeting.chair_post:
        raise ChairNotALeader("尚未确定主持人。", pointer="")
    leaders = {
        each.post
        for each in meeting.attendees
        if each.category is meetings.AttendeeCategory.GOVERNMENT_LEADER
    }
    if meeting.chair_post not in leaders:
        raise AttendeesIncomplete("主持人须列入出席的政府领导，并写明任职记录编号。", pointer="")
    check_invited(command.agenda, meeting.attendees, around)
    arrangement = meetings.Arrangement(
        starts_at=command.starts_at,
        place=place,
        agenda=command.agenda,
        contents=agenda_contents(command.agenda, meeting, around),
        attendees=meeting.attendees,
        chair=meeting.chair_post,
    )
    if meeting.arrangement is not None and meeting.arrangement_consents.content_hash == arrangement.hash:
        return []
    return [
        meetings.ArrangementProposed(
            on=command.on, by=by, arrangement=arrangement, content_hash=arrangement.hash
        ),
        *preparation.voided(meeting, meetings.Subject.ARRANGEMENT, on=command.on, by=by),
    ]


def _task(command: meetings.AssignPrepTask, *, by: Signatory) -> list[meetings.MeetingFact]:
    task = wording.require(command.task, what="任务", requirement="R-056", pointer="/task")
    return [
        meetings.PrepTaskAssigned(
            on=command.on, by=by, task=task, side=command.side, unit=command.unit, due=command.due
        )
    ]


def _notice(
    command: meetings.IssueNotice, meeting: meetings.Meeting, *, by: Signatory, around: meetings.Surroundings
) -> list[meetings.MeetingFact]:
    if meeting.notice is not None:
        raise refusals.AlreadyDone("现行安排的通知已印发。", requirement="R-057")
    arrangement = meeting.arrangement
    if arrangement is None or not meeting.arrangement_consents.agreed or not meeting.date_consents.agreed:
        raise ArrangementNotAgreed
    preparation.must_be_consulted(meeting, by_day=command.on, around=around, pointer="/on")
    if around.liaison_sides != frozenset(Side):
        missing = "、".join(side.label for side in Side if side not in around.liaison_sides)
        raise LiaisonMissing(f"缺少：{missing}。")
    not_before(command.on, meeting.arrangement_consents.agreed_on, what="双方商定")
    not_before(command.on, around.liaison_since, what="明确联络科室和人员")
    not_before(calendar.local_date(arrangement.starts_at), command.on, what="通知日期")
    check_contents(arrangement.contents, meeting, around)
    check_invited(arrangement.agenda, arrangement.attendees, around)
    disclosure = check_document(command, arrangement.attendees, by=by, around=around)
    return [
        meetings.NoticeIssued(
            on=command.on,
            by=by,
            number=command.number,
            number_reason=command.number_reason,
            meeting_name=names.name_on(around.pair_names, command.on),
            recipients=command.recipients,
            copies=around.default_copies if command.copies is None else command.copies,
            disclosure=disclosure,
            arrangement_hash=arrangement.hash,
        )
    ]


def check_document(
    command: meetings.IssueNotice | meetings.IssueSupplementaryNotice,
    attendees: tuple[meetings.Attendee, ...],
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> Disclosure:
    """Refuse a notice without its recipients, its number or a reason, or its disclosure; give the disclosure.

    Raises: RecipientMissing (R-016), RecipientsIncomplete (R-057), DisclosureMissing (R-017), NumberOrReason (R-057).
    """
    if not command.recipients:
        raise RecipientMissing(pointer="/recipients")
    strange = [unit for unit in command.recipients if unit not in around.units]
    if strange:
        raise RecipientsIncomplete(f"单位 {strange[0]} 没有登记。", pointer="/recipients")
    expected = {attendee.unit for attendee in attendees} - {by.unit}
    absent = sorted(expected - set(command.recipients))
    if absent:
        lacking = "、".join(around.units[unit].name for unit in absent)
        raise RecipientsIncomplete(f"缺少：{lacking}。", pointer="/recipients")
    if command.disclosure is None:
        raise DisclosureMissing(pointer="/disclosure")
    if not command.number and wording.is_blank(command.number_reason):
        raise NumberOrReason(pointer="/number")
    return command.disclosure


def _substitution(
    command: meetings.RecordSubstitution, meeting: meetings.Meeting, *, by: Signatory
) -> list[meetings.MeetingFact]:
    if command.seat > len(meeting.attendees):
        raise NoSuchSeat(f"席位 {command.seat}。", requirement="R-054", pointer="/seat")
    if meeting.attendees[command.seat - 1].post == meeting.chair_post:
        raise ChairNotALeader("主持人不能由他人代替，请重新确定主持人。", pointer="/seat")
    named = wording.require(command.substitute, what="代为出席者", requirement="R-054", pointer="/substitute")
    reason = wording.require(command.reason, what="代为出席的原因", requirement="R-054", pointer="/reason")
    return [
        meetings.SubstitutionRecorded(
            on=command.on, by=by, seat=command.seat, substitute=named, reason=reason
        )
    ]
