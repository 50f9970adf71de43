"""What can happen to a meeting. A released fact never changes; what is new gets a fact of its own."""

from datetime import date, datetime

from domain import archives
from domain.decider import Fact, Side
from domain.meetings.terms import (
    Arrangement,
    Attendance,
    Attendee,
    Attends,
    IrregularRecord,
    Kind,
    OutcomeKind,
    OutstandingReport,
    ShortForm,
    SpecialReason,
    Subject,
)
from domain.regulation import Category, Disclosure


class MeetingPlanned(Fact):
    topic = "meeting.planned"
    label = "列入会议计划"

    year: int


class SpecialRequested(Fact):
    topic = "meeting.special_requested"
    label = "提出召开临时会议"

    side: Side
    reason: SpecialReason
    text: str


class RequestAnswered(Fact):
    topic = "meeting.request_answered"
    label = "答复召开临时会议的提议"

    side: Side
    accept: bool
    reason: str


class PriorConsultationRecorded(Fact):
    topic = "meeting.prior_consultation_recorded"
    label = "登记提前协商"

    side: Side
    text: str


class DateProposed(Fact):
    topic = "meeting.date_proposed"
    label = "提出会议日期"

    meeting_date: date
    content_hash: str


class DateAgreed(Fact):
    topic = "meeting.date_agreed"
    label = "商定会议日期"

    meeting_date: date
    content_hash: str


class MeetingRescheduled(Fact):
    topic = "meeting.rescheduled"
    label = "改期"

    meeting_date: date
    reason: str
    superseded_notice: str
    content_hash: str


class MeetingCancelled(Fact):
    topic = "meeting.cancelled"
    label = "取消会议"

    side: Side
    reason: str


class CancellationAcknowledged(Fact):
    topic = "meeting.cancellation_acknowledged"
    label = "另一方知悉会议取消"

    side: Side


class ChairSet(Fact):
    topic = "meeting.chair_set"
    label = "确定主持人"

    post: str
    person: str
    title: str
    principal: bool
    reason: str


class AttendeesSet(Fact):
    topic = "meeting.attendees_set"
    label = "确定出席人员"

    attendees: tuple[Attendee, ...]
    reason: str


class BriefingAdded(Fact):
    topic = "meeting.briefing_added"
    label = "登记通报事项"

    item: str
    category: Category
    title: str
    side: Side
    reason: str


class ArrangementProposed(Fact):
    topic = "meeting.arrangement_proposed"
    label = "提出会议安排"

    arrangement: Arrangement
    content_hash: str


class MeetingConsentGiven(Fact):
    topic = "meeting.consent_given"
    label = "一方表示同意"

    subject: Subject
    version: int
    side: Side
    content_hash: str


class MeetingConsentVoided(Fact):
    topic = "meeting.consent_voided"
    label = "先前的同意失效"

    subject: Subject
    version: int
    content_hash: str


class ArrangementAgreed(Fact):
    topic = "meeting.arrangement_agreed"
    label = "商定会议安排"

    content_hash: str


class PrepTaskAssigned(Fact):
    topic = "meeting.prep_task_assigned"
    label = "分工筹备任务"

    task: str
    side: Side
    unit: str
    due: date | None


class NoticeIssued(Fact):
    topic = "meeting.notice_issued"
    label = "印发会议通知"

    number: str
    number_reason: str
    meeting_name: str
    recipients: tuple[str, ...]
    copies: tuple[str, ...]
    disclosure: Disclosure
    arrangement_hash: str


class NoticeAcknowledged(Fact):
    topic = "meeting.notice_acknowledged"
    label = "签收会议通知"

    unit: str


class AttendanceReplied(Fact):
    topic = "meeting.attendance_replied"
    label = "回复出席情况"

    unit: str
    seat: int
    attends: Attends
    substitute: str
    reason: str


class LeaveGranted(Fact):
    topic = "meeting.leave_granted"
    label = "准予请假"

    seat: int
    reason: str


class SubstitutionRecorded(Fact):
    topic = "meeting.substitution_recorded"
    label = "登记代为出席"

    seat: int
    substitute: str
    reason: str


class MaterialSubmitted(Fact):
    topic = "meeting.material_submitted"
    label = "提交会议材料"

    item: str
    side: Side
    unit: str
    title: str
    sha256: str


class MaterialsFrozen(Fact):
    topic = "meeting.materials_frozen"
    label = "会议材料定稿"

    book_hash: str


class LateItemProposed(Fact):
    topic = "meeting.late_item_proposed"
    label = "提出定稿后增加的议程"

    item: str
    title: str
    content: str
    reason: str
    position: int
    sides: tuple[Side, ...]
    attendees: tuple[Attendee, ...]
    content_hash: str


class LateItemAgreed(Fact):
    topic = "meeting.late_item_agreed"
    label = "双方同意增加议程"

    item: str
    content_hash: str


class SupplementaryNoticeIssued(Fact):
    topic = "meeting.supplementary_notice_issued"
    label = "印发补充通知"

    items: tuple[str, ...]
    number: str
    number_reason: str
    meeting_name: str
    recipients: tuple[str, ...]
    copies: tuple[str, ...]
    disclosure: Disclosure


class UnfulfilledExplained(Fact):
    topic = "meeting.unfulfilled_explained"
    label = "说明未落实事项"

    member: str
    explanation: str
    opinion: str
    serial: int


class OutstandingReportPrepared(Fact):
    topic = "meeting.outstanding_report_prepared"
    label = "形成落实情况通报"

    report: OutstandingReport


class OutstandingReportAmended(Fact):
    topic = "meeting.outstanding_report_amended"
    label = "更新落实情况通报"

    report: OutstandingReport


class ShortReportPrepared(Fact):
    topic = "meeting.short_report_prepared"
    label = "以简表形成落实情况通报"

    report: OutstandingReport
    short: ShortForm


class OutstandingReportAgreed(Fact):
    topic = "meeting.outstanding_report_agreed"
    label = "双方同意落实情况通报"

    content_hash: str


class MeetingHeld(Fact):
    topic = "meeting.held"
    label = "召开会议"

    ordinal: int
    year: int
    kind: Kind
    name: str
    rule_version: str
    opened_at: datetime
    place: str
    chair: str
    chair_is_principal: bool
    present: tuple[int, ...]
    outstanding: int
    warnings: tuple[str, ...]


class IrregularMeetingProposed(Fact):
    topic = "meeting.irregular_proposed"
    label = "提出登记缺程序的会议"

    kind: Kind
    record: IrregularRecord
    content_hash: str


class IrregularMeetingRecorded(Fact):
    topic = "meeting.irregular_recorded"
    label = "双方确认缺程序的会议"

    ordinal: int
    late_entry: bool
    year: int
    kind: Kind
    name: str
    rule_version: str
    record: IrregularRecord
    chair_title: str
    chair_person: str
    chair_is_principal: bool
    missing: tuple[str, ...]
    outstanding: int
    content_hash: str


class AttendanceRecorded(Fact):
    topic = "meeting.attendance_recorded"
    label = "登记出席情况"

    attendance: tuple[Attendance, ...]


class SittingClosed(Fact):
    topic = "meeting.sitting_closed"
    label = "会议结束"

    closed_at: datetime
    correction: str


class OutcomeRecorded(Fact):
    topic = "meeting.outcome_recorded"
    label = "登记议程结果"

    item: str
    outcome: OutcomeKind
    text: str
    at: datetime
    correction: str


class ClosureResolved(Fact):
    topic = "meeting.closure_resolved"
    label = "会议议定终止或替代以往事项"

    decision: str
    kind: str
    item: str
    reason: str


class ClosureRetracted(Fact):
    topic = "meeting.closure_retracted"
    label = "更正：撤回终止或替代的登记"

    decision: str
    reason: str


class MeetingImported(Fact):
    """An old meeting taken over from paper: it was held long before, and nothing of it was done here (R-013)."""

    topic = "meeting.legacy_imported"
    label = "补录历史会议"

    batch: str
    rule_version: str
    record: archives.MeetingRecord


MeetingFact = (
    MeetingPlanned
    | SpecialRequested
    | RequestAnswered
    | PriorConsultationRecorded
    | DateProposed
    | DateAgreed
    | MeetingRescheduled
    | MeetingCancelled
    | CancellationAcknowledged
    | ChairSet
    | AttendeesSet
    | BriefingAdded
    | ArrangementProposed
    | MeetingConsentGiven
    | MeetingConsentVoided
    | ArrangementAgreed
    | PrepTaskAssigned
    | NoticeIssued
    | NoticeAcknowledged
    | AttendanceReplied
    | LeaveGranted
    | SubstitutionRecorded
    | MaterialSubmitted
    | MaterialsFrozen
    | LateItemProposed
    | LateItemAgreed
    | SupplementaryNoticeIssued
    | UnfulfilledExplained
    | OutstandingReportPrepared
    | OutstandingReportAmended
    | ShortReportPrepared
    | OutstandingReportAgreed
    | MeetingHeld
    | IrregularMeetingProposed
    | IrregularMeetingRecorded
    | AttendanceRecorded
    | SittingClosed
    | OutcomeRecorded
    | ClosureResolved
    | ClosureRetracted
    | MeetingImported
)
