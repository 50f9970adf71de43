"""The sitting of a meeting: the gates of its opening, attendance, outcomes and closing.

Source: 二(三), 二(五), 一(六); R-008, R-010, R-026 – R-029, R-031, R-035, R-060 – R-064, R-078.
"""

from datetime import date
from typing import assert_never

from domain import (
    arranging,
    calendar,
    meetings,
    names,
    papers,
    preparation,
    refusals,
    regulation,
    short_reports,
    wording,
)
from domain.decider import Signatory, not_before
from domain.regulation import Category

LEADS = frozenset({meetings.AttendeeCategory.GOVERNMENT_LEADER, meetings.AttendeeCategory.UNION_PRINCIPAL})


class NotNoticed(refusals.Refusal):
    """会议尚未按商定的安排印发通知。"""

    requirement = "R-057"


class NotFrozen(refusals.Refusal):
    """会议材料尚未定稿。"""

    requirement = "R-061"


class OtherDay(refusals.Refusal):
    """会议不在双方商定的日期召开。"""

    requirement = "R-055"
    remedy = "请先由双方重新商定时间并重新印发通知。"


class LeadersAbsent(refusals.Refusal):
    """主持人和工会主要负责人（或代为出席者）到会方可开会。"""

    requirement = "R-063"


class ConsensusMissing(refusals.Refusal):
    """上会议题须在会前基本达成共识。"""

    requirement = "R-062"


class HistoryUnknown(refusals.Refusal):
    """尚未确认以往会议的情况：须双方声明此前无会议，或完成历史资料的补录。"""

    requirement = "R-028"


class OutstandingNotOnAgenda(refusals.Refusal):
    """议程缺少第（六）项：通报上次会议落实情况，说明以往未落实事项。"""

    requirement = "R-028"


class Unexplained(refusals.Refusal):
    """未落实的事项须逐件说明；已超期的还须提出意见。"""

    requirement = "R-027"
    remedy = "请由责任单位在其最后一次状态变化之后作出说明，超期的写明意见，再更新通报。"


class ReportIncomplete(refusals.Refusal):
    """落实情况通报尚未经双方同意，或没有覆盖当前全部事项。"""

    requirement = "R-029"
    remedy = "请更新通报并由双方同意。"


class OutOfOrder(refusals.Refusal):
    """会议须按召开日期依次登记，次序号不能倒排。"""

    requirement = "R-008"
    remedy = "晚于此次会议召开的会议已经登记的，请由双方办公室作为缺程序的会议登记（R-063），不占次序号。"


class OutsideSitting(refusals.Refusal):
    """时间不在会议进行期间。"""

    requirement = "R-064"


class MinutesAlreadyDrafted(refusals.Refusal):
    """纪要已经拟稿，议程结果不再登记。"""

    requirement = "R-064"


class OnlyByMeeting(refusals.Refusal):
    """议定事项只能由以后的会议在第（六）项或有关议题中议定终止或替代。"""

    requirement = "R-078"
    remedy = "请列入下一次会议，由会议议定并写入纪要。"


SittingCommand = (
    meetings.HoldMeeting
    | meetings.RecordAttendance
    | meetings.CloseSitting
    | meetings.RecordOutcome
    | meetings.CloseByMeeting
    | meetings.RetractClosure
)


def decide(
    command: SittingCommand, meeting: meetings.Meeting, *, by: Signatory, around: meetings.Surroundings
) -> list[meetings.MeetingFact]:
    """Decide what a command at or after the opening leads to.

    Raises: a Refusal of R-008, R-026 – R-029, R-035, R-053 – R-064 or R-078.
    """
    if meeting.status is meetings.Status.UNBORN:
        if isinstance(command, meetings.CloseByMeeting):
            raise OnlyByMeeting(pointer="/meeting")
        raise refusals.NotFound("会议。", requirement="R-063")
    match command:
        case meetings.HoldMeeting():
            return [_held(command, meeting, by=by, around=around)]
        case meetings.RecordAttendance():
            return [_attendance(command, meeting, by=by, around=around)]
        case meetings.CloseSitting():
            return [_closed(command, meeting, by=by, around=around)]
        case meetings.RecordOutcome():
            return [_outcome(command, meeting, by=by, around=around)]
        case meetings.CloseByMeeting():
            return [_closure(command, meeting, by=by, around=around)]
        case meetings.RetractClosure():
            return [_retracted(command, meeting, by=by, around=around)]
        case _:
            assert_never(command)


def _held(
    command: meetings.HoldMeeting, meeting: meetings.Meeting, *, by: Signatory, around: meetings.Surroundings
) -> meetings.MeetingHeld:
    arrangement = _check_prepared(command, meeting, around)
    held_on = calendar.local_date(command.opened_at)
    _check_present(command, meeting, around)
    _check_agenda(meeting, around, held_on=held_on)
    _check_outstanding(meeting, around, held_on=held_on)
    warnings = [
        f"{category.label}未列入议程"
        for category in (Category.C1, Category.C2)
        if category.value not in meeting.agenda and meeting.kind is meetings.Kind.ANNUAL
    ]
    return meetings.MeetingHeld(
        on=command.on,
        by=by,
        ordinal=around.last_ordinal + 1,
        year=held_on.year,
        kind=meeting.kind,
        name=names.name_on(around.pair_names, held_on),
        rule_version=regulation.rule_version(held_on),
        opened_at=command.opened_at,
        place=arrangement.place,
        chair=meeting.chair_title,
        chair_is_principal=meeting.chair_is_principal,
        present=command.present,
        outstanding=len(around.outstanding),
        warnings=tuple(warnings),
    )


def _check_prepared(
    command: meetings.HoldMeeting, meeting: meetings.Meeting, around: meetings.Surroundings
) -> meetings.Arrangement:
    if meeting.opened_at is not None:
        raise refusals.AlreadyDone("会议已经召开。", requirement="R-063")
    if meeting.status not in preparation.BEFORE_OPENING:
        label = meetings.STATUS_LABELS[meeting.status]
        raise refusals.WrongState(f"会议目前为“{label}”，不能召开。", requirement="R-063")
    held_on = calendar.local_date(command.opened_at)
    preparation.must_be_consulted(meeting, by_day=held_on, around=around, pointer="/opened_at")
    arrangement = meeting.arrangement
    if arrangement is None or meeting.notice is None or not meeting.arrangement_consents.agreed:
        raise NotNoticed
    if meeting.frozen_on is None:
        raise NotFrozen
    if held_on != calendar.local_date(arrangement.starts_at):
        raise OtherDay(f"商定的时间是 {arrangement.starts_at.isoformat()}。", pointer="/opened_at")
    not_before(command.on, held_on, what="会议召开")
    prepared = (meeting.arrangement_consents.agreed_on, meeting.notice.on, meeting.frozen_on)
    late = (each.noticed_on for each in meeting.late_items.values())
    not_before(held_on, *prepared, *late, what="会议筹备")
    if around.last_held_on is not None and held_on < around.last_held_on:
        raise OutOfOrder(f"上一次会议于 {around.last_held_on} 召开。", pointer="/opened_at")
    return arrangement


def _check_present(
    command: meetings.HoldMeeting,
    meeting: meetings.Meeting,
    around: meetings.Surroundings,
) -> None:
    seats = dict(enumerate(meeting.attendees, start=1))
    unknown = [seat for seat in command.present if seat not in seats]
    if unknown:
        raise arranging.NoSuchSeat(f"席位 {unknown[0]}。", pointer="/present")
    if not around.posts[meeting.chair_post].held_on(calendar.local_date(command.opened_at)):
        raise arranging.ChairNotALeader(f"{meeting.chair_title}当日已不任此职。", pointer="/opened_at")
    present = {seats[seat].post for seat in command.present}
    categories = {seats[seat].category for seat in command.present}
    replaced = {seats[seat].post for seat in meeting.substitutions}
    if meeting.chair_post not in present or meeting.chair_post in replaced:
        raise LeadersAbsent("主持人未到会，由他人主持的须重新确定主持人。", pointer="/present")
    if meetings.AttendeeCategory.UNION_PRINCIPAL not in categories:
        raise LeadersAbsent("工会主要负责人未到会，也没有代为出席者。", pointer="/present")


def _check_agenda(
    meeting: meetings.Meeting,
    around: meetings.Surroundings,
    *,
    held_on: date,
) -> None:
    # That each item has its material, the freeze has seen to; whatever changes the agenda voids the freeze.
    for item in meeting.agenda:
        topic = around.topics.get(item)
        # A topic withdrawn since the materials were frozen is not deliberated, only recorded as withdrawn.
        if topic is None or topic.withdrawn:
            continue
        overridden = topic.overridden_on is not None and meeting.kind is meetings.Kind.SPECIAL
        if not topic.has_consensus and not overridden:
            raise ConsensusMissing(f"议题“{topic.title}”目前为“{topic.status}”。")
        if topic.open_at:
            # Two meetings cannot both decide it, and the one that comes second could never end.
            raise ConsensusMissing(f"议题“{topic.title}”在会议 {topic.open_at} 上尚无结果。")
        not_before(held_on, topic.consensus_on or topic.overridden_on, what="达成共识")
    arranging.check_contents(meeting.contents, meeting, around)
    arranging.check_invited(meeting.agenda, meeting.attendees, around)


def _check_outstanding(
    meeting: meetings.Meeting,
    around: meetings.Surroundings,
    *,
    held_on: date,
) -> None:
    listed = Category.C6.value in meeting.agenda
    if not around.history_known:
        raise HistoryUnknown
    not_before(held_on, around.history_known_on, what="双方声明此前无会议")
    if around.outstanding and not listed:
        raise OutstandingNotOnAgenda(f"待通报 {len(around.outstanding)} 件。")
    if not listed:
        return
    for member in around.outstanding:
        _check_explained(member, meeting, around, held_on=held_on)
    report, current = meeting.report, papers.present_members(meeting, around)
    if report is None or not meeting.report_consents.agreed:
        raise ReportIncomplete("双方尚未同意。")
    not_before(held_on, meeting.report_consents.agreed_on, what="双方同意通报")
    if len(report.members) != len(current) or not all(
        mine.covers(now) for mine, now in zip(report.members, current, strict=True)
    ):
        raise ReportIncomplete(f"通报截至 {report.cutoff}，此后情况有变化。")
    if not short_reports.stands(meeting, around):
        raise ReportIncomplete("简表所指的会议、通报或说明此后有变化，或参数不再允许简表。")


def _check_explained(
    member: meetings.OutstandingMember,
    meeting: meetings.Meeting,
    around: meetings.Surroundings,
    *,
    held_on: date,
) -> None:
    if not member.needs_explanation:
        return
    said = short_reports.explanation_of(member, meeting, around)
    if said is None:
        raise Unexplained(f"“{member.text}”没有说明。")
    not_before(held_on, said.on, what="说明")
    overdue = member.deadline is not None and member.deadline < held_on
    if overdue and wording.is_blank(said.opinion):
        raise Unexplained(f"“{member.text}”已于 {member.deadline} 到期，没有意见。")


def _attendance(
    command: meetings.RecordAttendance,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> meetings.AttendanceRecorded:
    _must_have_opened(meeting, on=command.on)
    if around.minutes_drafted:
        raise MinutesAlreadyDrafted
    seats = [each.seat for each in command.attendance]
    if len(set(seats)) != len(seats) or any(seat > len(meeting.attendees) for seat in seats):
        raise arranging.NoSuchSeat("席位重复或不存在。", requirement="R-063", pointer="/attendance")
    here = {each.seat for each in command.attendance if each.presence in {"principal", "substitute"}}
    for seat in meeting.present:
        leads = meeting.attendees[seat - 1].category in LEADS
        if leads and seat in seats and seat not in here:
            raise LeadersAbsent(f"席位 {seat} 开会时已登记到会。", pointer="/attendance")
    return meetings.AttendanceRecorded(on=command.on, by=by, attendance=command.attendance)


def _must_have_opened(meeting: meetings.Meeting, *, on: date) -> None:
    if meeting.opened_at is None:
        label = meetings.STATUS_LABELS[meeting.status]
        raise refusals.WrongState(f"会议目前为“{label}”，尚未召开。", requirement="R-063")
    not_before(on, meeting.held_on, what="会议召开")


def _closed(
    command: meetings.CloseSitting,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> meetings.SittingClosed:
    _must_have_opened(meeting, on=command.on)
    if around.minutes_drafted:
        raise MinutesAlreadyDrafted
    if meeting.irregular:
        raise refusals.WrongState("缺程序会议的起止时间已由双方确认。", requirement="R-063")
    if meeting.closed_at is not None:
        not_before(command.on, meeting.since, what="原登记")
        wording.require(command.correction, what="更正的原因", requirement="R-063", pointer="/correction")
    started = meeting.opened_at
    if started is None or command.closed_at < started or calendar.local_date(command.closed_at) > command.on:
        raise OutsideSitting("结束时间早于开会时间，或晚于业务日期。", pointer="/closed_at")
    if any(outcome.at > command.closed_at for outcome in meeting.outcomes.values()):
        raise OutsideSitting("已登记的议程结果晚于结束时间。", pointer="/closed_at")
    return meetings.SittingClosed(
        on=command.on, by=by, closed_at=command.closed_at, correction=command.correction
    )


def _outcome(
    command: meetings.RecordOutcome,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> meetings.OutcomeRecorded:
    _must_have_opened(meeting, on=command.on)
    if around.minutes_drafted:
        raise MinutesAlreadyDrafted
    if command.item not in meeting.agenda:
        raise papers.NotOnAgenda(f"“{command.item}”。", requirement="R-064", pointer="/item")
    if command.item in meeting.outcomes:
        not_before(command.on, meeting.last_act_on, what="原登记")
        wording.require(command.correction, what="更正的原因", requirement="R-064", pointer="/correction")
        if any(each.item == command.item for each in meeting.closures):
            raise refusals.WrongState(
                "请先撤回在该项中终止或替代的事项。", requirement="R-078", pointer="/item"
            )
    topic = around.topics.get(command.item)
    if topic is not None and topic.withdrawn and command.outcome is not meetings.OutcomeKind.WITHDRAWN:
        raise refusals.WrongState("议题已在会前撤回。", requirement="R-064", pointer="/outcome")
    started, ended = meeting.opened_at, meeting.closed_at
    late = calendar.local_date(command.at) > command.on or (ended is not None and command.at > ended)
    if started is None or command.at < started or late:
        raise OutsideSitting(pointer="/at")
    if command.outcome is meetings.OutcomeKind.RESOLVED_AMENDED:
        wording.require(command.text, what="修改的内容", requirement="R-064", pointer="/text")
    return meetings.OutcomeRecorded(
        on=command.on,
        by=by,
        item=command.item,
        outcome=command.outcome,
        text=command.text,
        at=command.at,
        correction=command.correction,
    )


def _closure(
    command: meetings.CloseByMeeting,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> meetings.ClosureResolved:
    if meeting.opened_at is None or around.minutes_drafted:
        raise OnlyByMeeting("该会议尚未召开，或纪要已经拟稿。", pointer="/meeting")
    not_before(command.on, meeting.held_on, what="会议召开")
    origin = around.open_decisions.get(command.decision)
    if origin is None or origin == meeting.id:
        raise OnlyByMeeting("该事项不是以往会议未办结的议定事项。", pointer="/decision")
    if any(each.decision == command.decision for each in meeting.closures):
        raise refusals.AlreadyDone("会议已议定。", requirement="R-078", pointer="/decision")
    is_topic = command.item in around.topics
    outcome = meeting.outcomes.get(command.item)
    if not (is_topic or command.item == Category.C6.value) or outcome is None:
        raise OnlyByMeeting("须为第（六）项或议题，且已登记结果。", pointer="/item")
    if outcome.outcome not in meetings.RESOLVING:
        raise OnlyByMeeting("该项的结果不是“议定”。", pointer="/item")
    reason = wording.require(command.reason, what="理由", requirement="R-078", pointer="/reason")
    return meetings.ClosureResolved(
        on=command.on, by=by, decision=command.decision, kind=command.kind, item=command.item, reason=reason
    )


def _retracted(
    command: meetings.RetractClosure,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> meetings.ClosureRetracted:
    if around.minutes_drafted:
        raise MinutesAlreadyDrafted
    if all(each.decision != command.decision for each in meeting.closures):
        raise refusals.NotFound("会议没有议定终止或替代该事项。", requirement="R-078", pointer="/decision")
    not_before(command.on, meeting.last_act_on, what="原登记")
    reason = wording.require(command.reason, what="原因", requirement="R-078", pointer="/reason")
    return meetings.ClosureRetracted(on=command.on, by=by, decision=command.decision, reason=reason)
