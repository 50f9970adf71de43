"""A meeting: from a plan or a special request to the frozen meeting book; sittings.py goes on from there.

Source: 二, 二(三), 二(四); R-016, R-017, R-020, R-021, R-025 – R-029, R-031, R-033 – R-035, R-052 – R-057,
R-060 – R-062, R-084.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from pydantic import Field

from domain import calendar, consent, people, refusals, wording
from domain.chain import content_hash
from domain.decider import Capacity, Command, Decider, Fact, Side, Signatory, Value, latest, not_before
from domain.regulation import Category


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


class Disclosure(StrEnum):
    """Whether a document may be made public (R-017)."""

    PUBLIC = "公开发布"
    ON_REQUEST = "依申请公开"
    CLOSED = "不公开"


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
PREPARING = frozenset(
    {
        Status.REQUESTED,
        Status.PRIOR_CONSULTED,
        Status.PLANNED,
        Status.ARRANGING,
        Status.AGREED,
        Status.NOTICED,
    }
)
BEFORE_OPENING = PREPARING | {Status.MATERIALS_FROZEN}
REQUIRED_ATTENDEES = (
    AttendeeCategory.GOVERNMENT_LEADER,
    AttendeeCategory.GOVERNMENT_OFFICE_HEAD,
    AttendeeCategory.UNION_PRINCIPAL,
)
EXPECTED_ATTENDEES = (AttendeeCategory.UNION_LEADER, AttendeeCategory.UNION_DEPARTMENT_HEAD)
CHAIRS = frozenset({Capacity.GOVERNMENT_PRINCIPAL, Capacity.GOVERNMENT_LEADER, Capacity.LIAISON_LEADER})
SIDE_OF_CATEGORY = {
    AttendeeCategory.GOVERNMENT_LEADER: Side.GOVERNMENT,
    AttendeeCategory.GOVERNMENT_OFFICE_HEAD: Side.GOVERNMENT,
    AttendeeCategory.UNION_PRINCIPAL: Side.UNION,
    AttendeeCategory.UNION_LEADER: Side.UNION,
    AttendeeCategory.UNION_DEPARTMENT_HEAD: Side.UNION,
}
CAPACITIES_OF_CATEGORY = {
    AttendeeCategory.GOVERNMENT_LEADER: CHAIRS,
    AttendeeCategory.UNION_PRINCIPAL: frozenset({Capacity.UNION_PRINCIPAL}),
}
CONSENT_REQUIREMENT = {
    Subject.DATE: "R-033",
    Subject.ARRANGEMENT: "R-055",
    Subject.OUTSTANDING_REPORT: "R-025",
}
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


class ReporterSide(refusals.Refusal):
    """第（一）项由政府方通报，第（二）项由工会方通报。"""

    requirement = "R-020"


class NotABriefing(refusals.Refusal):
    """只有第（一）（二）项和说明理由的第（七）项可以作为通报登记。"""

    requirement = "R-020"


class SpecialNeedsReason(refusals.Refusal):
    """召开临时会议须写明特殊情况或重大问题。"""

    requirement = "R-034"


class NoPriorConsultation(refusals.Refusal):
    """临时会议须经双方提前协商。"""

    requirement = "R-035"
    remedy = "请由政府办公室和工会分别登记提前协商。"


class DateNotAgreed(refusals.Refusal):
    """会议日期尚未经双方商定。"""

    requirement = "R-033"


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


class Frozen(refusals.Refusal):
    """会议材料已经定稿。"""

    requirement = "R-061"


class NotOnAgenda(refusals.Refusal):
    """该事项不在会议议程中。"""

    requirement = "R-062"


class WrongSideOfItem(refusals.Refusal):
    """材料由该事项的责任方提交。"""

    requirement = "R-060"


class SeatMismatch(refusals.Refusal):
    """席位的类别、单位与任职不一致。"""

    requirement = "R-053"


class NoSuchSeat(refusals.Refusal):
    """出席人员名单中没有该席位。"""

    requirement = "R-053"


class NothingToExplain(refusals.Refusal):
    """该事项不在待说明的范围内。"""

    requirement = "R-026"


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


PreparationCommand = (
    PlanMeeting
    | RequestSpecial
    | RecordPriorConsultation
    | ProposeDate
    | GiveConsent
    | SetChair
    | SetAttendees
    | AddBriefing
    | ProposeArrangement
    | AssignPrepTask
    | IssueNotice
    | RecordSubstitution
    | SubmitMaterial
    | FreezeMaterials
    | ExplainUnfulfilled
    | PrepareOutstandingReport
    | AmendOutstandingReport
)


def decide(  # noqa: C901, PLR0912 - one line for each command.
    command: PreparationCommand, meeting: Meeting, *, by: Signatory, around: Surroundings
) -> list["MeetingFact"]:
    """Decide what a command in preparation of a meeting leads to.

    Raises: a Refusal of R-004, R-015 – R-017, R-020, R-021, R-025 – R-027, R-033 – R-035, R-052 – R-057,
    R-060 – R-062 or R-084.
    """
    match command:
        case PlanMeeting():
            return _planned(command, meeting, by=by)
        case RequestSpecial():
            return _requested(command, meeting, by=by)
        case _:
            pass
    if meeting.status is Status.UNBORN:
        raise refusals.NotFound("会议。", requirement="R-033")
    if meeting.status not in BEFORE_OPENING:
        raise refusals.WrongState(f"会议目前为“{STATUS_LABELS[meeting.status]}”。", requirement="R-063")
    not_before(command.on, meeting.born_on, what="会议计划")
    match command:
        case RecordPriorConsultation():
            return _prior(command, meeting, by=by)
        case ProposeDate():
            return _date_proposed(command, meeting, by=by)
        case GiveConsent():
            return _consented(command, meeting, by=by)
        case SetChair():
            return _chair(command, meeting, by=by, around=around)
        case SetAttendees():
            return _attendees(command, meeting, by=by, around=around)
        case AddBriefing():
            return _briefing(command, meeting, by=by)
        case ProposeArrangement():
            return _arrangement(command, meeting, by=by, around=around)
        case AssignPrepTask():
            return _task(command, by=by)
        case IssueNotice():
            return _notice(command, meeting, by=by, around=around)
        case RecordSubstitution():
            return _substitution(command, meeting, by=by)
        case SubmitMaterial():
            return _material(command, meeting, by=by, around=around)
        case FreezeMaterials():
            return _frozen(command, meeting, by=by, around=around)
        case ExplainUnfulfilled():
            return _explained(command, meeting, by=by, around=around)
        case PrepareOutstandingReport() | AmendOutstandingReport():
            return _report(command, meeting, by=by, around=around)
        case _:
            assert_never(command)


def _planned(command: PlanMeeting, meeting: Meeting, *, by: Signatory) -> list["MeetingFact"]:
    if meeting.status is not Status.UNBORN:
        raise refusals.AlreadyDone(requirement="R-033")
    return [MeetingPlanned(on=command.on, by=by, year=command.year)]


def _requested(command: RequestSpecial, meeting: Meeting, *, by: Signatory) -> list["MeetingFact"]:
    if meeting.status is not Status.UNBORN:
        raise refusals.AlreadyDone(requirement="R-034")
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-034", pointer="/side")
    if wording.is_blank(command.text):
        raise SpecialNeedsReason(pointer="/text")
    return [
        SpecialRequested(on=command.on, by=by, side=command.side, reason=command.reason, text=command.text)
    ]


def _prior(command: RecordPriorConsultation, meeting: Meeting, *, by: Signatory) -> list["MeetingFact"]:
    if meeting.kind is not Kind.SPECIAL:
        raise refusals.WrongState("只有临时会议需要提前协商。", requirement="R-035")
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-035", pointer="/side")
    if command.side in meeting.prior:
        raise refusals.AlreadyDone(requirement="R-035", pointer="/side")
    other = meeting.prior.get(command.side.other)
    if other is not None and other.by.person == by.person:
        raise consent.OnePersonForBoth(requirement="R-035", pointer="/side")
    said = wording.require(command.text, what="协商情况", requirement="R-035", pointer="/text")
    return [PriorConsultationRecorded(on=command.on, by=by, side=command.side, text=said)]


def _not_frozen(meeting: Meeting) -> None:
    if meeting.status not in PREPARING:
        raise Frozen(f"于 {meeting.frozen_on} 定稿。")


def _voided(meeting: Meeting, subject: Subject, *, on: date, by: Signatory) -> list["MeetingFact"]:
    standing = meeting.consents(subject)
    if not standing.given:
        return []
    return [
        MeetingConsentVoided(
            on=on, by=by, subject=subject, version=standing.version, content_hash=standing.content_hash
        )
    ]


def _date_proposed(command: ProposeDate, meeting: Meeting, *, by: Signatory) -> list["MeetingFact"]:
    not_before(command.meeting_date, command.on, what="提出日")
    if meeting.meeting_date == command.meeting_date:
        return []
    proposed = content_hash({"meeting": meeting.id, "date": command.meeting_date.isoformat()})
    return [
        DateProposed(on=command.on, by=by, meeting_date=command.meeting_date, content_hash=proposed),
        *_voided(meeting, Subject.DATE, on=command.on, by=by),
        *_voided(meeting, Subject.ARRANGEMENT, on=command.on, by=by),
    ]


def _consented(command: GiveConsent, meeting: Meeting, *, by: Signatory) -> list["MeetingFact"]:
    requirement = CONSENT_REQUIREMENT[command.subject]
    standing = meeting.consents(command.subject)
    consent.check(
        standing, side=command.side, content_hash=command.content_hash, by=by, requirement=requirement
    )
    not_before(command.on, standing.proposed_on, what="所同意内容的提出")
    given: list[MeetingFact] = [
        MeetingConsentGiven(
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
        case Subject.DATE:
            if meeting.meeting_date is None:
                raise DateNotAgreed
            given.append(
                DateAgreed(on=on, by=by, meeting_date=meeting.meeting_date, content_hash=command.content_hash)
            )
        case Subject.ARRANGEMENT:
            given.append(ArrangementAgreed(on=on, by=by, content_hash=command.content_hash))
        case Subject.OUTSTANDING_REPORT:
            given.append(OutstandingReportAgreed(on=on, by=by, content_hash=command.content_hash))
        case _:
            assert_never(command.subject)
    return given


def _chair(
    command: SetChair, meeting: Meeting, *, by: Signatory, around: Surroundings
) -> list["MeetingFact"]:
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
        ChairSet(
            on=command.on,
            by=by,
            post=post.id,
            person=post.person,
            title=post.title,
            principal=principal,
            reason=command.reason,
        ),
        *_voided(meeting, Subject.ARRANGEMENT, on=command.on, by=by),
    ]


def _check_seats(command: SetAttendees, around: Surroundings) -> None:
    taken: set[str] = set()
    for index, attendee in enumerate(command.attendees):
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
        if post is None or post.unit != attendee.unit or not post.held_on(command.on):
            raise SeatMismatch(f"任职记录 {attendee.post} 与该席位不符。", pointer=f"{place}/post")
        fitting = CAPACITIES_OF_CATEGORY.get(attendee.category)
        if fitting is not None and post.capacity not in fitting:
            raise SeatMismatch(f"{post.title}不是{attendee.category.value}。", pointer=f"{place}/post")
        if post.person in taken:
            raise SeatMismatch(f"{post.title}：同一人不能占两个席位。", pointer=f"{place}/post")
        taken.add(post.person)


def _attendees(
    command: SetAttendees, meeting: Meeting, *, by: Signatory, around: Surroundings
) -> list["MeetingFact"]:
    present = {attendee.category for attendee in command.attendees}
    missing = [category.value for category in REQUIRED_ATTENDEES if category not in present]
    if missing:
        raise AttendeesIncomplete(f"缺少：{'、'.join(missing)}。", pointer="/attendees")
    _check_seats(command, around)
    lacking = [category.value for category in EXPECTED_ATTENDEES if category not in present]
    if lacking and wording.is_blank(command.reason):
        raise AttendeesIncomplete(f"缺少：{'、'.join(lacking)}，须写明原因。", pointer="/reason")
    if (command.attendees, command.reason) == (meeting.attendees, meeting.attendees_reason):
        return []
    return [
        AttendeesSet(on=command.on, by=by, attendees=command.attendees, reason=command.reason),
        *_voided(meeting, Subject.ARRANGEMENT, on=command.on, by=by),
    ]


def _briefing(command: AddBriefing, meeting: Meeting, *, by: Signatory) -> list["MeetingFact"]:
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
        BriefingAdded(
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
    meeting_agenda: tuple[str, ...], attendees: tuple[Attendee, ...], around: Surroundings
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


def _check_agenda(agenda: tuple[str, ...], meeting: Meeting, around: Surroundings) -> None:
    if not agenda or len(set(agenda)) != len(agenda):
        raise AgendaInvalid("议程为空或有重复。", pointer="/agenda")
    for index, item in enumerate(agenda):
        topic = around.topics.get(item)
        listed = item == Category.C6.value or item in meeting.briefings
        if not listed and (topic is None or not topic.may_be_listed):
            state = f"议题“{topic.title}”尚未审定或已退出" if topic else f"没有事项“{item}”"
            raise AgendaInvalid(f"{state}。", pointer=f"/agenda/{index}")


def agenda_contents(agenda: tuple[str, ...], meeting: Meeting, around: Surroundings) -> dict[str, str]:
    """Tell what stands behind each item now, so that consent to an agenda is consent to what it is about."""
    topics = {item: around.topics[item].content_hash for item in agenda if item in around.topics}
    briefings = {item: meeting.briefings[item].title for item in agenda if item in meeting.briefings}
    return {**topics, **briefings}


def check_contents(arrangement: Arrangement, meeting: Meeting, around: Surroundings) -> None:
    """Refuse where a topic has changed since both sides agreed to the agenda.

    Raises: ArrangementNotAgreed (R-057).
    """
    now = agenda_contents(arrangement.agenda, meeting, around)
    changed = [item for item, content in arrangement.contents.items() if now.get(item) != content]
    if changed:
        raise ArrangementNotAgreed(f"商定之后内容有变化的议程：{'、'.join(changed)}。")


def _arrangement(
    command: ProposeArrangement, meeting: Meeting, *, by: Signatory, around: Surroundings
) -> list["MeetingFact"]:
    place = wording.require(command.place, what="会议地点", requirement="R-055", pointer="/place")
    if not meeting.date_consents.agreed or meeting.meeting_date is None:
        raise DateNotAgreed(pointer="/starts_at")
    if calendar.local_date(command.starts_at) != meeting.meeting_date:
        raise DateNotAgreed(f"商定的日期是 {meeting.meeting_date}。", pointer="/starts_at")
    not_before(command.on, meeting.date_consents.agreed_on, meeting.roster_on, what="商定日期、确定出席人员")
    _check_agenda(command.agenda, meeting, around)
    if not meeting.chair_post:
        raise ChairNotALeader("尚未确定主持人。", pointer="")
    leaders = {each.post for each in meeting.attendees if each.category is AttendeeCategory.GOVERNMENT_LEADER}
    if meeting.chair_post not in leaders:
        raise AttendeesIncomplete("主持人须列入出席的政府领导，并写明任职记录编号。", pointer="")
    check_invited(command.agenda, meeting.attendees, around)
    arrangement = Arrangement(
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
        ArrangementProposed(on=command.on, by=by, arrangement=arrangement, content_hash=arrangement.hash),
        *_voided(meeting, Subject.ARRANGEMENT, on=command.on, by=by),
    ]


def _task(command: AssignPrepTask, *, by: Signatory) -> list["MeetingFact"]:
    task = wording.require(command.task, what="任务", requirement="R-056", pointer="/task")
    return [
        PrepTaskAssigned(
            on=command.on, by=by, task=task, side=command.side, unit=command.unit, due=command.due
        )
    ]


def _notice(
    command: IssueNotice, meeting: Meeting, *, by: Signatory, around: Surroundings
) -> list["MeetingFact"]:
    if meeting.notice is not None:
        raise refusals.AlreadyDone("现行安排的通知已印发。", requirement="R-057")
    arrangement = meeting.arrangement
    if arrangement is None or not meeting.arrangement_consents.agreed or not meeting.date_consents.agreed:
        raise ArrangementNotAgreed
    if meeting.kind is Kind.SPECIAL and set(meeting.prior) != set(Side):
        raise NoPriorConsultation
    if around.liaison_sides != frozenset(Side):
        missing = "、".join(side.label for side in Side if side not in around.liaison_sides)
        raise LiaisonMissing(f"缺少：{missing}。")
    prior = latest(*(each.on for each in meeting.prior.values()))
    not_before(command.on, meeting.arrangement_consents.agreed_on, prior, what="双方商定")
    not_before(command.on, around.liaison_since, what="明确联络科室和人员")
    not_before(calendar.local_date(arrangement.starts_at), command.on, what="通知日期")
    check_contents(arrangement, meeting, around)
    check_invited(arrangement.agenda, arrangement.attendees, around)
    if not command.recipients:
        raise RecipientMissing(pointer="/recipients")
    strange = [unit for unit in command.recipients if unit not in around.units]
    if strange:
        raise RecipientsIncomplete(f"单位 {strange[0]} 没有登记。", pointer="/recipients")
    expected = {attendee.unit for attendee in arrangement.attendees} - {by.unit}
    absent = sorted(expected - set(command.recipients))
    if absent:
        names = "、".join(around.units[unit].name for unit in absent)
        raise RecipientsIncomplete(f"缺少：{names}。", pointer="/recipients")
    if command.disclosure is None:
        raise DisclosureMissing(pointer="/disclosure")
    if not command.number and wording.is_blank(command.number_reason):
        raise NumberOrReason(pointer="/number")
    return [
        NoticeIssued(
            on=command.on,
            by=by,
            number=command.number,
            number_reason=command.number_reason,
            meeting_name=around.pair_name,
            recipients=command.recipients,
            copies=around.default_copies if command.copies is None else command.copies,
            disclosure=command.disclosure,
            arrangement_hash=arrangement.hash,
        )
    ]


def _substitution(command: RecordSubstitution, meeting: Meeting, *, by: Signatory) -> list["MeetingFact"]:
    if command.seat > len(meeting.attendees):
        raise NoSuchSeat(f"席位 {command.seat}。", requirement="R-054", pointer="/seat")
    if meeting.attendees[command.seat - 1].post == meeting.chair_post:
        raise ChairNotALeader("主持人不能由他人代替，请重新确定主持人。", pointer="/seat")
    named = wording.require(command.substitute, what="代为出席者", requirement="R-054", pointer="/substitute")
    reason = wording.require(command.reason, what="代为出席的原因", requirement="R-054", pointer="/reason")
    return [SubstitutionRecorded(on=command.on, by=by, seat=command.seat, substitute=named, reason=reason)]


def responsible_sides(item: str, meeting: Meeting, around: Surroundings) -> frozenset[Side]:
    """Give the side that owes the material of an item; both are responsible for C6 (A16)."""
    if item in meeting.briefings:
        return frozenset({meeting.briefings[item].side})
    topic = around.topics.get(item)
    return frozenset({topic.side}) if topic else frozenset(Side)


def _material(
    command: SubmitMaterial, meeting: Meeting, *, by: Signatory, around: Surroundings
) -> list["MeetingFact"]:
    _not_frozen(meeting)
    if command.item not in meeting.agenda:
        raise NotOnAgenda(f"“{command.item}”。", requirement="R-060", pointer="/item")
    unit = around.units.get(command.unit)
    if unit is None or by.unit != command.unit:
        raise WrongSideOfItem(f"{by.title}只能提交本单位的材料。", pointer="/unit")
    if unit.side not in responsible_sides(command.item, meeting, around):
        raise WrongSideOfItem(f"{unit.name}属{unit.side.label}。", pointer="/unit")
    title = wording.require(command.title, what="材料题名", requirement="R-060", pointer="/title")
    return [
        MaterialSubmitted(
            on=command.on,
            by=by,
            item=command.item,
            side=unit.side,
            unit=command.unit,
            title=title,
            sha256=command.sha256,
        )
    ]


def items_without_material(meeting: Meeting, around: Surroundings) -> list[str]:
    """List the agenda items that lack a material of their responsible side (R-060)."""
    have = {(material.item, material.side) for material in meeting.materials}
    return [
        item
        for item in meeting.agenda
        if not any((item, side) in have for side in responsible_sides(item, meeting, around))
    ]


def _frozen(
    command: FreezeMaterials, meeting: Meeting, *, by: Signatory, around: Surroundings
) -> list["MeetingFact"]:
    if meeting.status is not Status.NOTICED or meeting.notice is None:
        raise refusals.WrongState(f"会议目前为“{STATUS_LABELS[meeting.status]}”。", requirement="R-061")
    lacking = items_without_material(meeting, around)
    if lacking:
        raise refusals.WrongState(f"尚无材料的议程：{'、'.join(lacking)}。", requirement="R-060")
    not_before(command.on, meeting.notice.on, *(each.on for each in meeting.materials), what="通知和材料")
    book = content_hash([each.model_dump(mode="json") for each in meeting.materials])
    return [MaterialsFrozen(on=command.on, by=by, book_hash=book)]


def _explained(
    command: ExplainUnfulfilled, meeting: Meeting, *, by: Signatory, around: Surroundings
) -> list["MeetingFact"]:
    member = next((each for each in around.outstanding if each.id == command.member), None)
    if member is None or not member.needs_explanation:
        raise NothingToExplain(f"“{command.member}”。", pointer="/member")
    not_before(command.on, member.since, what="该事项最近一次状态变化")
    explanation = wording.require(
        command.explanation, what="未落实的说明", requirement="R-027", pointer="/explanation"
    )
    opinion = "" if wording.is_blank(command.opinion) else command.opinion
    known = meeting.explanations.get(command.member)
    if known is not None and (known.explanation, known.opinion, known.serial) == (
        explanation,
        opinion,
        member.serial,
    ):
        return []
    return [
        UnfulfilledExplained(
            on=command.on,
            by=by,
            member=member.id,
            explanation=explanation,
            opinion=opinion,
            serial=member.serial,
        )
    ]


def present_members(meeting: Meeting, around: Surroundings) -> tuple[ReportedMember, ...]:
    """Give the lines that the report must show now."""
    lines = []
    for member in around.outstanding:
        said = meeting.explanations.get(member.id)
        current = said if said is not None and said.serial == member.serial else None
        lines.append(
            ReportedMember(
                id=member.id,
                kind=member.kind,
                text=member.text,
                status=member.status,
                serial=member.serial,
                percent=member.percent,
                deadline=member.deadline,
                explanation=current.explanation if current else "",
                opinion=current.opinion if current else "",
            )
        )
    return tuple(lines)


def _report(
    command: PrepareOutstandingReport | AmendOutstandingReport,
    meeting: Meeting,
    *,
    by: Signatory,
    around: Surroundings,
) -> list["MeetingFact"]:
    not_before(command.on, *(each.since for each in around.outstanding), what="所通报事项的变化")
    not_before(command.on, *(each.on for each in meeting.explanations.values()), what="所作的说明")
    lines = present_members(meeting, around)
    digest = content_hash(
        {"cutoff": command.on.isoformat(), "members": [line.model_dump(mode="json") for line in lines]}
    )
    report = OutstandingReport(cutoff=command.on, members=lines, hash=digest)
    if isinstance(command, PrepareOutstandingReport):
        if meeting.report is not None:
            raise refusals.AlreadyDone("通报已经形成，情况有变化的请更新。", requirement="R-025")
        return [OutstandingReportPrepared(on=command.on, by=by, report=report)]
    if meeting.report is None:
        raise refusals.WrongState("通报尚未形成。", requirement="R-029")
    not_before(command.on, meeting.report.cutoff, what="原通报")
    if meeting.report.hash == digest:
        return []
    return [
        OutstandingReportAmended(on=command.on, by=by, report=report),
        *_voided(meeting, Subject.OUTSTANDING_REPORT, on=command.on, by=by),
    ]


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


DECIDER = Decider(kind="meeting", label="会议", initial=Meeting(), evolve=evolve)
