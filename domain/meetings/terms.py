"""The words of a meeting: its kinds and statuses, and the values that its facts and its state are made of."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from domain import calendar, consent, names, people, wording
from domain.chain import content_hash
from domain.decider import Side, Signatory, Value
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
    DECLINED = "declined"
    CANCELLED = "cancelled"
    IRREGULAR_PROPOSED = "irregular_proposed"


class Form(StrEnum):
    """In what form the sides met; only the first is a conference of this regime (R-018)."""

    CONFERENCE = "专门会议"
    STANDING = "常务会议"
    PARTY = "党组会议"
    ITEM = "其他会议的一项议程"


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
    LATE_ITEM = "late_item"
    IRREGULAR = "irregular"


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
    Status.DECLINED: "对方未同意召开",
    Status.CANCELLED: "已取消",
    Status.IRREGULAR_PROPOSED: "缺程序会议，待双方确认",
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
    unit: str = ""


class Attends(StrEnum):
    """What an invited unit replies for one seat (R-058)."""

    PRINCIPAL = "principal"
    SUBSTITUTE = "substitute"
    CANNOT = "cannot"


class Answer(Value):
    """What the other side answered to a request for a special meeting (R-036)."""

    accept: bool
    reason: str
    by: Signatory
    on: date


class Reply(Value):
    """What an invited unit replied for one of its seats."""

    unit: str
    attends: Attends
    substitute: str
    reason: str
    on: date


class Cancellation(Value):
    """Which side called the meeting off and why, and when the other side took note of it (R-059)."""

    side: Side
    reason: str
    by: Signatory
    on: date
    acknowledged_by: Signatory | None = None
    acknowledged_on: date | None = None


class Material(Value):
    """One paper of the meeting book; ``sha256`` is that of the file the office keeps."""

    item: str
    side: Side
    unit: str
    title: str
    sha256: str
    on: date


Gate = Annotated[
    str,
    StringConstraints(
        pattern="^(R-008|R-027|R-028|R-029|R-033|R-035|R-052|R-053|R-055|R-057|R-060|R-061|R-062|R-063|R-084)$"
    ),
]


class IrregularItem(Value):
    """One item that a meeting without its gates dealt with: a topic in whatever state, or a briefing."""

    item: wording.Code = Field(title="议程事项", description="议题编号，或 C1、C2、C6、C7。")
    title: wording.Line = Field(default="", title="通报题目")
    side: Side | None = Field(default=None, title="通报方")


class IrregularRecord(Value):
    """What both offices say of a meeting that took place without a gate (R-063)."""

    opened_at: calendar.Moment = Field(title="开会时间")
    closed_at: calendar.Moment = Field(title="结束时间")
    place: wording.Line = Field(title="会议地点")
    chair: wording.Code = Field(title="主持人的任职记录编号")
    present: tuple[Attendee, ...] = Field(title="到会人员", max_length=200)
    agenda: tuple[IrregularItem, ...] = Field(title="议程", max_length=60)
    gates: tuple[Gate, ...] = Field(title="缺少的程序", max_length=20, description="要求编号，至少一项。")
    reason: wording.Prose = Field(title="缺少程序的原因")

    @property
    def items(self) -> tuple[str, ...]:
        return tuple(each.item for each in self.agenda)


class LateItem(Value):
    """An item that comes after the freeze, with whom it brings along (R-061); ``sides`` owe its material."""

    item: str
    title: str
    content: str
    reason: str
    position: int
    sides: tuple[Side, ...]
    attendees: tuple[Attendee, ...]
    consents: consent.Consents = consent.Consents()
    noticed_on: date | None = None

    def digest(self, materials: tuple[Material, ...]) -> str:
        """Hash what both sides consent to: what the item is about, its place, who comes with it, and its papers."""
        own = [paper.model_dump(mode="json") for paper in materials if paper.item == self.item]
        said = self.model_dump(mode="json", exclude={"consents", "noticed_on", "reason"})
        return content_hash({**said, "materials": own})


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


class FullReport(Value):
    """The last report of a held meeting that was no short form."""

    meeting: str
    held_on: date
    cutoff: date
    hash: str


class ShortForm(Value):
    """What a short report points to: the full one, and the meeting whose explanations of ``carried`` it takes over."""

    full: FullReport
    last_meeting: str
    carried: tuple[str, ...]


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
    # When GL and UP agreed that this special meeting hears it without consensus (A7).
    overridden_on: date | None = None
    withdrawn: bool
    open_at: str = ""
    concluded: bool = False
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

    pair_names: names.Names = ()
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
    last_ordinal: int = 0
    last_held_on: date | None = None
    minutes_drafted: bool = False
    # Days of the calendar that lie between the later prior consultation and a special meeting's notice (A2).
    consultation_days: int = 0
    # Whether a special meeting's report may be short, what it would point to, and what the last meeting was told (A15).
    short_form_allowed: bool = False
    last_full: FullReport | None = None
    last_meeting: str = ""
    last_explanations: Mapping[str, Explanation] = Field(default_factory=dict)


class Attendance(Value):
    """Who really sat on a seat."""

    seat: int = Field(ge=1, le=200, title="席位号")
    presence: str = Field(title="到会情况", pattern=r"^(principal|substitute|leave|absent)$")
    note: wording.Line = Field(default="", title="说明")
