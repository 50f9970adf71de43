"""A meeting: its vocabulary, facts, commands and state. The rules stand in preparation.py and sittings.py.

Source: 二, 二(三) – 二(五); R-016, R-017, R-020, R-021, R-025 – R-029, R-031, R-033 – R-035, R-052 – R-064, R-078.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never, get_args

from pydantic import Field

from domain import calendar, consent, people, wording
from domain.chain import content_hash
from domain.decider import Command, Decider, Fact, Side, Signatory, Value, latest
from domain.regulation import Category, Disclosure


class Kind(StrEnum):
    """Annual (the yearly one) or special (特殊情况、重大问题)."""

    ANNUAL = "annual"
    SPECIAL = "special"


class Status(StrEnum):
    """Where a meeting stands; what follows the sitting is told by its minutes."""

    UNBORN = "unborn"
    REQUESTED = "requested"
    PRIOR_CONSULTED = "prior_consulted"
    PLANNED = "planned"
    ARRANGING = "arranging"
    AGREED = "agreed"
    NOTICED = "noticed"
    MATERIALS_FROZEN = "materials_frozen"
    HELD = "held"
    SITTING_CLOSED = "sitting_closed"


class SpecialReason(StrEnum):
    """Why a special meeting may be held (二)."""

    CIRCUMSTANCE = "特殊情况"
    MATTER = "重大问题"


class AttendeeCategory(StrEnum):
    """The categories of 二(三)."""

    GOVERNMENT_LEADER = "政府领导"
    GOVERNMENT_OFFICE_HEAD = "政府办负责人"
    DEPARTMENT_HEAD = "议题相关部门主要负责人"
    UNION_PRINCIPAL = "工会主要负责人"
    UNION_LEADER = "工会有关负责人"
    UNION_DEPARTMENT_HEAD = "工会职能部门负责人"
    OTHER = "其他"


class OutcomeKind(StrEnum):
    """What a meeting may do with an item (R-064)."""

    RESOLVED = "resolved"
    RESOLVED_AMENDED = "resolved_amended"
    NOTED = "noted"
    DEFERRED = "deferred"
    REFERRED = "referred"
    NOT_ADOPTED = "not_adopted"
    WITHDRAWN = "withdrawn"


class Subject(StrEnum):
    """What both sides consent to before a meeting."""

    DATE = "date"
    ARRANGEMENT = "arrangement"
    OUTSTANDING_REPORT = "outstanding_report"


RESOLVING = frozenset({OutcomeKind.RESOLVED, OutcomeKind.RESOLVED_AMENDED})
STATUS_LABELS = {
    Status.UNBORN: "未计划",
    Status.REQUESTED: "已提出召开",
    Status.PRIOR_CONSULTED: "已提前协商",
    Status.PLANNED: "已列计划",
    Status.ARRANGING: "商定中",
    Status.AGREED: "已商定",
    Status.NOTICED: "已发通知",
    Status.MATERIALS_FROZEN: "材料已定稿",
    Status.HELD: "正在召开",
    Status.SITTING_CLOSED: "会议结束",
}


class Attendee(Value):
    """One seat; seats are numbered from 1 in the order of the list."""

    category: AttendeeCategory = Field(title="类别")
    unit: wording.Code = Field(title="单位编号")
    title: wording.Name = Field(title="职务", examples=["县财政局局长"])
    post: wording.Code | None = Field(default=None, title="任职记录编号")


class Arrangement(Value):
    """Time, place, agenda and attendees, agreed together (R-055).

    ``contents`` tells what stands behind each item: a topic's content hash, a briefing's title.
    """

    starts_at: datetime
    place: str
    agenda: tuple[str, ...]
    contents: dict[str, str]
    attendees: tuple[Attendee, ...]
    chair: str

    @property
    def hash(self) -> str:
        return content_hash(self.model_dump(mode="json"))


class Notice(Value):
    """The notice as issued."""

    number: str
    meeting_name: str
    recipients: tuple[str, ...]
    copies: tuple[str, ...]
    disclosure: Disclosure
    arrangement_hash: str
    on: date


class Material(Value):
    """One paper of the meeting book; ``sha256`` is that of the file the office keeps."""

    item: str
    side: Side
    unit: str
    title: str
    sha256: str
    on: date


class Explanation(Value):
    """Why a matter is not fulfilled, and what is proposed (R-027). ``serial``: the state it explains."""

    explanation: str
    opinion: str
    serial: int
    by: Signatory
    on: date


class ReportedMember(Value):
    """One line of the report on everything outstanding."""

    id: str
    kind: str
    text: str
    status: str
    serial: int
    percent: int
    deadline: date | None
    explanation: str
    opinion: str

    def covers(self, other: "ReportedMember") -> bool:
        """Whether this line still tells the present state; a percentage is a progress report, no state."""
        mine = self.model_copy(update={"percent": 0, "status": ""})
        return mine == other.model_copy(update={"percent": 0, "status": ""})


class OutstandingReport(Value):
    """The one report of both sides on everything outstanding, as of its cut-off."""

    cutoff: date
    members: tuple[ReportedMember, ...]
    hash: str


class Outcome(Value):
    """What the meeting did with one item, and when inside the sitting."""

    outcome: OutcomeKind
    text: str
    at: datetime


class Closure(Value):
    """A decision of an earlier meeting that this one closes without fulfilment (R-078)."""

    decision: str
    kind: str
    item: str
    reason: str


class AgendaTopic(Value):
    """What a meeting needs to know of a topic."""

    id: str
    title: str
    content_hash: str
    category: Category
    side: Side
    may_be_listed: bool
    has_consensus: bool
    consensus_on: date | None = None
    withdrawn: bool
    open_at: str = ""
    related: tuple[str, ...]
    status: str


class OutstandingMember(Value):
    """What a meeting needs to know of one outstanding matter."""

    id: str
    kind: str
    text: str
    status: str
    serial: int
    percent: int
    deadline: date | None
    since: date | None
    needs_explanation: bool


class Surroundings(Value):
    """What the rules of a meeting need to know of the rest of its pair."""

    pair_name: str = ""
    default_copies: tuple[str, ...] = ()
    history_known: bool = False
    history_known_on: date | None = None
    liaison_sides: frozenset[Side] = frozenset()
    liaison_since: date | None = None
    units: Mapping[str, people.Unit] = Field(default_factory=dict)
    posts: Mapping[str, people.Post] = Field(default_factory=dict)
    topics: Mapping[str, AgendaTopic] = Field(default_factory=dict)
    outstanding: tuple[OutstandingMember, ...] = ()
    open_decisions: Mapping[str, str] = Field(default_factory=dict)
    meetings_held: int = 0
    last_held_on: date | None = None
    minutes_drafted: bool = False


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


class OutstandingReportAgreed(Fact):
    topic = "meeting.outstanding_report_agreed"
    label = "双方同意落实情况通报"

    content_hash: str


class Attendance(Value):
    """Who really sat on a seat."""

    seat: int = Field(ge=1, le=200, title="席位号")
    presence: str = Field(title="到会情况", pattern=r"^(principal|substitute|leave|absent)$")
    note: wording.Line = Field(default="", title="说明")


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


class PlanMeeting(Command):
    """列入一次年度会议计划。"""

    year: int = Field(ge=2003, le=2100, title="年度")


class RequestSpecial(Command):
    """因特殊情况或重大问题提出召开临时会议。"""

    side: Side = Field(title="提出的一方")
    reason: SpecialReason = Field(title="事由")
    text: wording.Prose = Field(title="具体情况")


class RecordPriorConsultation(Command):
    """一方登记临时会议已经提前协商。"""

    side: Side = Field(title="代表哪一方")
    text: wording.Prose = Field(title="协商情况")


class ProposeDate(Command):
    """提出会议日期。"""

    meeting_date: date = Field(title="会议日期")


class GiveConsent(Command):
    """代表一方对现行内容表示同意（日期、会议安排或落实情况通报）。"""

    subject: Subject = Field(title="同意的对象")
    side: Side = Field(title="代表哪一方")
    content_hash: wording.Code = Field(title="所同意内容的哈希")


class SetChair(Command):
    """确定主持人，一般为政府主要负责同志。"""

    post: wording.Code = Field(title="主持人的任职记录编号")
    reason: wording.Prose = Field(default="", title="原因", description="不由政府主要负责同志主持时必填。")


class SetAttendees(Command):
    """确定出席人员名单。"""

    attendees: tuple[Attendee, ...] = Field(title="出席人员", max_length=200)
    reason: wording.Prose = Field(
        default="", title="原因", description="缺少工会有关负责人或职能部门负责人时必填。"
    )


class AddBriefing(Command):
    """登记第（一）（二）项通报，或说明理由的第（七）项通报。"""

    category: Category = Field(title="内容类别")
    title: wording.Line = Field(title="通报题目")
    side: Side = Field(title="通报方")
    reason: wording.Prose = Field(default="", title="理由", description="第（七）项必填。")


class ProposeArrangement(Command):
    """提出会议的时间、地点和议程；与现行的主持人、出席人员一起交双方同意。"""

    starts_at: calendar.Moment = Field(title="会议时间")
    place: wording.Line = Field(title="会议地点")
    agenda: tuple[wording.Code, ...] = Field(
        title="议程", max_length=60, description="按顺序：C1、C2、C6、C7 或议题编号。"
    )


class AssignPrepTask(Command):
    """分工一项会议筹备任务。"""

    task: wording.Line = Field(title="任务")
    side: Side = Field(title="责任方")
    unit: wording.CodeOrNone = Field(default="", title="责任单位编号")
    due: date | None = Field(default=None, title="完成日期")


class IssueNotice(Command):
    """政府办公室印发会议通知。"""

    recipients: tuple[wording.Code, ...] = Field(title="主送单位编号", max_length=200)
    copies: tuple[wording.Line, ...] | None = Field(
        default=None, title="抄送", max_length=50, description="默认抄送同级党委办、人大办、政协办。"
    )
    number: wording.Line = Field(default="", title="发文字号", examples=["芮政办函〔2025〕9号"])
    number_reason: wording.Line = Field(default="", title="不编号的原因")
    disclosure: Disclosure | None = Field(default=None, title="公开属性")


class RecordSubstitution(Command):
    """登记主要负责人由他人代为出席。"""

    seat: int = Field(ge=1, le=200, title="席位号")
    substitute: wording.Name = Field(title="代为出席者的职务")
    reason: wording.Prose = Field(title="原因")


class SubmitMaterial(Command):
    """提交一份会议材料，原件由办公室保存，此处登记其 SHA-256。"""

    item: wording.Code = Field(title="议程事项")
    unit: wording.Code = Field(title="提交单位编号")
    title: wording.Line = Field(title="材料题名")
    sha256: str = Field(title="材料的 SHA-256", pattern=r"^[0-9a-f]{64}$")


class FreezeMaterials(Command):
    """会议材料定稿。"""


class ExplainUnfulfilled(Command):
    """对未落实的事项作出说明、提出意见。"""

    member: str = Field(title="事项编号", max_length=120)
    explanation: wording.Prose = Field(title="未落实的说明")
    opinion: wording.Prose = Field(default="", title="意见", description="已超期的必须有意见。")


class PrepareOutstandingReport(Command):
    """形成上次及以往议定事项落实情况的通报，内容由系统从台账算出。"""


class AmendOutstandingReport(Command):
    """通报形成之后情况有变化的，更新通报。"""


class HoldMeeting(Command):
    """登记会议召开。"""

    opened_at: calendar.Moment = Field(title="开会时间")
    present: tuple[int, ...] = Field(title="到会的席位号", max_length=200)


class RecordAttendance(Command):
    """登记出席、请假、缺席情况。"""

    attendance: tuple[Attendance, ...] = Field(title="出席情况", max_length=200)


class CloseSitting(Command):
    """登记会议结束；纪要拟稿以前可以更正，须写明原因。"""

    closed_at: calendar.Moment = Field(title="结束时间")
    correction: wording.Line = Field(default="", title="更正的原因")


class RecordOutcome(Command):
    """登记一项议程的结果；纪要拟稿以前可以更正，须写明原因；纪要印发时对议题生效。"""

    item: wording.Code = Field(title="议程事项")
    outcome: OutcomeKind = Field(title="结果")
    text: wording.Prose = Field(default="", title="结果说明")
    at: calendar.Moment = Field(title="时间")
    correction: wording.Line = Field(default="", title="更正的原因")


class RetractClosure(Command):
    """更正：撤回误登记的终止或替代，限纪要拟稿以前。"""

    decision: wording.Code = Field(title="议定事项编号")
    reason: wording.Prose = Field(title="原因")


class CloseByMeeting(Command):
    """会议议定终止或替代一件以往的议定事项，纪要印发时生效。"""

    decision: wording.Code = Field(title="议定事项编号")
    kind: str = Field(title="方式", pattern=r"^(terminated|superseded)$")
    item: wording.CodeOrNone = Field(default="", title="议程事项", description="第（六）项或议题。")
    reason: wording.Prose = Field(title="理由")


class Briefing(Value):
    """A briefing on the agenda."""

    category: Category
    title: str
    side: Side


class Meeting(Value):
    """Everything the rules need to know of a meeting."""

    id: str = ""
    kind: Kind = Kind.ANNUAL
    status: Status = Status.UNBORN
    since: date | None = None
    year: int = 0
    born_on: date | None = None
    requested_by: Side | None = None
    special_reason: SpecialReason | None = None
    special_text: str = ""
    prior: dict[Side, consent.Consent] = Field(default_factory=dict)
    meeting_date: date | None = None
    date_consents: consent.Consents = consent.Consents()
    chair_post: str = ""
    chair_person: str = ""
    chair_title: str = ""
    chair_is_principal: bool = True
    chair_reason: str = ""
    attendees: tuple[Attendee, ...] = ()
    attendees_reason: str = ""
    briefings: dict[str, Briefing] = Field(default_factory=dict)
    arrangement: Arrangement | None = None
    arrangement_consents: consent.Consents = consent.Consents()
    tasks: tuple[str, ...] = ()
    notice: Notice | None = None
    notices: int = 0
    substitutions: dict[int, str] = Field(default_factory=dict)
    materials: tuple[Material, ...] = ()
    frozen_on: date | None = None
    explanations: dict[str, Explanation] = Field(default_factory=dict)
    report: OutstandingReport | None = None
    report_consents: consent.Consents = consent.Consents()
    ordinal: int = 0
    name: str = ""
    rule_version: str = ""
    opened_at: datetime | None = None
    present: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    closed_at: datetime | None = None
    outcomes: dict[str, Outcome] = Field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
    last_act_on: date | None = None
    roster_on: date | None = None

    @property
    def agenda(self) -> tuple[str, ...]:
        return self.arrangement.agenda if self.arrangement else ()

    @property
    def held_on(self) -> date | None:
        return calendar.local_date(self.opened_at) if self.opened_at else None

    def consents(self, subject: Subject) -> consent.Consents:
        """Give the consents that stand for one subject."""
        return {
            Subject.DATE: self.date_consents,
            Subject.ARRANGEMENT: self.arrangement_consents,
            Subject.OUTSTANDING_REPORT: self.report_consents,
        }[subject]


MeetingFact = (
    MeetingPlanned
    | SpecialRequested
    | PriorConsultationRecorded
    | DateProposed
    | DateAgreed
    | ChairSet
    | AttendeesSet
    | BriefingAdded
    | ArrangementProposed
    | MeetingConsentGiven
    | MeetingConsentVoided
    | ArrangementAgreed
    | PrepTaskAssigned
    | NoticeIssued
    | SubstitutionRecorded
    | MaterialSubmitted
    | MaterialsFrozen
    | UnfulfilledExplained
    | OutstandingReportPrepared
    | OutstandingReportAmended
    | OutstandingReportAgreed
    | MeetingHeld
    | AttendanceRecorded
    | SittingClosed
    | OutcomeRecorded
    | ClosureResolved
    | ClosureRetracted
)


def _given(standing: consent.Consents, fact: MeetingConsentGiven) -> consent.Consents:
    return standing.with_consent(
        fact.side, consent.Consent(content_hash=fact.content_hash, by=fact.by, on=fact.on)
    )


def _rearranged(meeting: Meeting) -> dict[str, object]:
    # Whatever belongs to the arrangement changed: it must be proposed, agreed and noticed anew.
    change: dict[str, object] = {
        "arrangement_consents": consent.Consents(version=meeting.arrangement_consents.version),
        "notice": None,
    }
    if meeting.status in {Status.AGREED, Status.NOTICED, Status.MATERIALS_FROZEN}:
        change |= {"status": Status.ARRANGING, "frozen_on": None}
    return change


def evolve(meeting: Meeting, fact: MeetingFact) -> Meeting:  # noqa: C901, PLR0912, PLR0915 - one branch for each fact.
    """Fold one fact into a meeting."""
    change: dict[str, object]
    match fact:
        case MeetingPlanned():
            change = {"kind": Kind.ANNUAL, "status": Status.PLANNED, "year": fact.year, "born_on": fact.on}
        case SpecialRequested():
            change = {
                "kind": Kind.SPECIAL,
                "status": Status.REQUESTED,
                "year": fact.on.year,
                "born_on": fact.on,
                "requested_by": fact.side,
                "special_reason": fact.reason,
                "special_text": fact.text,
            }
        case PriorConsultationRecorded():
            said = consent.Consent(content_hash=content_hash(fact.text), by=fact.by, on=fact.on)
            prior = {**meeting.prior, fact.side: said}
            change = {"prior": prior}
            if set(prior) == set(Side) and meeting.status is Status.REQUESTED:
                change["status"] = Status.PRIOR_CONSULTED
        case DateProposed():
            change = {
                **_rearranged(meeting),
                "meeting_date": fact.meeting_date,
                "date_consents": meeting.date_consents.renewed(fact.content_hash, on=fact.on),
                "status": Status.ARRANGING,
            }
        case DateAgreed():
            change = {}
        case ChairSet():
            change = {
                **_rearranged(meeting),
                "chair_post": fact.post,
                "chair_person": fact.person,
                "chair_title": fact.title,
                "chair_is_principal": fact.principal,
                "chair_reason": fact.reason,
                "roster_on": latest(meeting.roster_on, fact.on),
            }
        case AttendeesSet():
            # Seats are numbered anew, so a substitution on an old seat means nothing on the new list.
            change = {
                **_rearranged(meeting),
                "attendees": fact.attendees,
                "attendees_reason": fact.reason,
                "substitutions": {},
                "roster_on": latest(meeting.roster_on, fact.on),
            }
        case BriefingAdded():
            added = Briefing(category=fact.category, title=fact.title, side=fact.side)
            change = {"briefings": {**meeting.briefings, fact.item: added}}
        case ArrangementProposed():
            change = {
                **_rearranged(meeting),
                "arrangement": fact.arrangement,
                "arrangement_consents": meeting.arrangement_consents.renewed(fact.content_hash, on=fact.on),
                "status": Status.ARRANGING,
            }
        case MeetingConsentGiven(subject=Subject.DATE):
            change = {"date_consents": _given(meeting.date_consents, fact)}
        case MeetingConsentGiven(subject=Subject.ARRANGEMENT):
            change = {"arrangement_consents": _given(meeting.arrangement_consents, fact)}
        case MeetingConsentGiven():
            change = {"report_consents": _given(meeting.report_consents, fact)}
        case MeetingConsentVoided():
            # The fact that changed the content has already put new, empty consents in place.
            change = {}
        case ArrangementAgreed():
            change = {"status": Status.AGREED}
        case PrepTaskAssigned():
            change = {"tasks": (*meeting.tasks, f"{fact.side.label}：{fact.task}")}
        case NoticeIssued():
            issued = fact.model_dump(exclude={"by", "number_reason"})
            change = {"notice": Notice(**issued), "notices": meeting.notices + 1, "status": Status.NOTICED}
        case SubstitutionRecorded():
            change = {"substitutions": {**meeting.substitutions, fact.seat: fact.substitute}}
        case MaterialSubmitted():
            change = {"materials": (*meeting.materials, Material(**fact.model_dump(exclude={"by"})))}
        case MaterialsFrozen():
            change = {"status": Status.MATERIALS_FROZEN, "frozen_on": fact.on}
        case UnfulfilledExplained():
            explained = Explanation(
                explanation=fact.explanation, opinion=fact.opinion, serial=fact.serial, by=fact.by, on=fact.on
            )
            change = {"explanations": {**meeting.explanations, fact.member: explained}}
        case OutstandingReportPrepared() | OutstandingReportAmended():
            change = {
                "report": fact.report,
                "report_consents": meeting.report_consents.renewed(fact.report.hash, on=fact.on),
            }
        case OutstandingReportAgreed():
            change = {}
        case MeetingHeld():
            change = {
                "status": Status.HELD,
                "ordinal": fact.ordinal,
                "year": fact.year,
                "name": fact.name,
                "rule_version": fact.rule_version,
                "opened_at": fact.opened_at,
                "present": fact.present,
                "warnings": fact.warnings,
            }
        case AttendanceRecorded():
            change = {"attendance": fact.attendance}
        case SittingClosed():
            change = {
                "status": Status.SITTING_CLOSED,
                "closed_at": fact.closed_at,
                "last_act_on": latest(meeting.last_act_on, fact.on),
            }
        case OutcomeRecorded():
            result = Outcome(outcome=fact.outcome, text=fact.text, at=fact.at)
            change = {
                "outcomes": {**meeting.outcomes, fact.item: result},
                "last_act_on": latest(meeting.last_act_on, fact.on),
            }
        case ClosureResolved():
            closed = Closure(decision=fact.decision, kind=fact.kind, item=fact.item, reason=fact.reason)
            change = {
                "closures": (*meeting.closures, closed),
                "last_act_on": latest(meeting.last_act_on, fact.on),
            }
        case ClosureRetracted():
            change = {
                "closures": tuple(each for each in meeting.closures if each.decision != fact.decision),
                "last_act_on": latest(meeting.last_act_on, fact.on),
            }
        case _:
            assert_never(fact)
    if change.get("status", meeting.status) is not meeting.status:
        change["since"] = latest(meeting.since, fact.on)
    return meeting.model_copy(update=change)


DECIDER = Decider(kind="meeting", label="会议", facts=get_args(MeetingFact), initial=Meeting(), evolve=evolve)
