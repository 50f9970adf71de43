"""A topic: its contents, facts, commands and state. What leads to facts stands in proposals.py and consensus.py.

Source: 二(一), 二(二); R-019, R-022 – R-024, R-030, R-038 – R-049.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import assert_never, get_args

from pydantic import Field

from domain import consent, people, refusals, wording
from domain.decider import Capacity, Command, Decider, Fact, Side, Signatory, Value, latest, not_before
from domain.regulation import Category


class Status(StrEnum):
    """Where a topic stands."""

    UNBORN = "unborn"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONSULTING = "consulting"
    CONSULTED = "consulted"
    APPROVED = "approved"
    JOINT_RESEARCH = "joint_research"
    RESEARCHED = "researched"
    REPORTED = "reported"
    CONSENSUS = "consensus"
    RESOLVED = "resolved"
    NOTED = "noted"
    DEFERRED = "deferred"
    REFERRED = "referred"
    NOT_ADOPTED = "not_adopted"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Stance(StrEnum):
    """What an office or a related unit says: 同意, 原则同意（附意见）, 不同意."""

    AGREE = "agree"
    CONDITIONAL = "conditional"
    DISAGREE = "disagree"


class Role(StrEnum):
    """What a related unit has to do with the topic."""

    LEAD = "lead"
    FUNDING = "funding"
    OTHER = "other"


ON_THE_WAY = frozenset(
    {Status.APPROVED, Status.JOINT_RESEARCH, Status.RESEARCHED, Status.REPORTED, Status.CONSENSUS}
)
OFFICES = frozenset({Capacity.GOVERNMENT_OFFICE, Capacity.UNION_OFFICE})
EDITABLE = frozenset(
    {Status.DRAFT, Status.RETURNED, Status.SUBMITTED, Status.CONSULTING, Status.CONSULTED, Status.APPROVED}
)

# What can still come to something.
ALIVE = EDITABLE | ON_THE_WAY | {Status.DEFERRED}


class Purpose(StrEnum):
    """What a topic serves, in the words of the regulation's first sentence on the conference (R-019)."""

    REFORM = "促进改革发展稳定"
    HARMONY = "和谐劳动关系"
    RIGHTS = "职工权益"
    MAJOR = "重大事项"


class Step(Value):
    """From which business day on a topic stood where."""

    on: date
    status: Status


class Research(Value):
    """One research record (R-039)."""

    form: wording.Line = Field(title="调研形式", examples=["座谈会"])
    place: wording.Line = Field(title="地点", examples=["县经济技术开发区"])
    held_on: date = Field(title="调研日期")
    people: wording.Line = Field(title="参加人员", examples=["职工代表32人"])
    findings: wording.Prose = Field(title="调研结论")
    argument: wording.Prose = Field(default="", title="论证")


class Content(Value):
    """What is proposed: what both offices are consulted on and the leader approves."""

    title: wording.Line = Field(title="议题名称")
    category: Category = Field(title="内容类别")
    summary: wording.Prose = Field(title="主要内容")
    sub_domain: wording.Line = Field(default="", title="具体领域", description="第（四）（五）类必填。")
    support: wording.Prose = Field(default="", title="请政府支持的内容", description="第（五）类必填。")
    union_request: wording.Line = Field(
        default="", title="工会的请求", description="第（五）类由政府方提出时必填。"
    )
    reason: wording.Prose = Field(default="", title="提交研究的理由", description="第（七）类必填。")


class Report(Value):
    """议题建议报告 (R-047)."""

    unit: str
    problem: str
    basis: str
    measures: str
    responsible_units: tuple[str, ...]
    feasibility: str
    report_hash: str
    version: int
    filed_on: date


class Position(Value):
    """One related unit's position on one report."""

    stance: Stance
    opinion: str
    report_hash: str
    on: date
    by: Signatory


class Consultation(Value):
    """What one side said in consultation."""

    stance: Stance
    opinion: str
    content_hash: str
    by: Signatory
    on: date


class TopicProposed(Fact):
    topic = "topic.proposed"
    label = "提出议题草案"

    unit: str
    side: Side
    content: Content
    content_hash: str


class TopicRevised(Fact):
    topic = "topic.revised"
    label = "修改议题"

    content: Content
    content_hash: str


class ResearchAttached(Fact):
    topic = "topic.research_attached"
    label = "附调研记录"

    research: Research


class OpinionAttached(Fact):
    topic = "topic.opinion_attached"
    label = "附职工意见"

    source: str
    opinion: str


class TopicSubmitted(Fact):
    topic = "topic.submitted"
    label = "提交议题"

    content_hash: str


class TopicConsulted(Fact):
    topic = "topic.consulted"
    label = "协商议题"

    side: Side
    stance: Stance
    opinion: str
    content_hash: str


class TopicConsentVoided(Fact):
    topic = "topic.consent_voided"
    label = "先前的意见失效"

    subject: str
    content_hash: str


class TopicApproved(Fact):
    topic = "topic.approved"
    label = "审定议题"

    content_hash: str
    reason: str


class TopicReturned(Fact):
    topic = "topic.returned"
    label = "退回议题"

    reason: str


class TopicRejected(Fact):
    topic = "topic.rejected"
    label = "不列为议题"

    reason: str


class TopicWithdrawn(Fact):
    topic = "topic.withdrawn"
    label = "撤回议题"

    reason: str


class RelatedUnitDeclared(Fact):
    topic = "topic.related_unit_declared"
    label = "申明相关单位"

    unit: str
    role: Role


class JointResearchPlanned(Fact):
    topic = "topic.joint_research_planned"
    label = "安排联合调研"

    lead: str
    units: tuple[str, ...]
    starts_on: date
    plan: str


class JointResearchCompleted(Fact):
    topic = "topic.joint_research_completed"
    label = "完成联合调研"

    findings: str


class TopicReportFiled(Fact):
    topic = "topic.report_filed"
    label = "提出议题建议报告"

    unit: str
    problem: str
    basis: str
    measures: str
    responsible_units: tuple[str, ...]
    feasibility: str
    report_hash: str


class UnitPositionStated(Fact):
    topic = "topic.position_stated"
    label = "相关单位表明意见"

    unit: str
    stance: Stance
    opinion: str
    report_hash: str


class ConsensusConfirmed(Fact):
    topic = "topic.consensus_confirmed"
    label = "确认基本达成共识"

    side: Side
    report_hash: str
    dissent_note: str
    content_hash: str


class TopicTagged(Fact):
    topic = "topic.tagged"
    label = "标明议题的目的"

    tags: tuple[Purpose, ...]


class TopicDeliberated(Fact):
    topic = "topic.deliberated"
    label = "会议研究议题"

    meeting: str
    outcome: str


class ProposeTopic(Command):
    """提出议题草案。"""

    unit: wording.Code = Field(title="提出单位编号")
    content: Content = Field(title="议题内容")


class ReviseTopic(Command):
    """修改议题内容；已表明的协商意见随之失效。"""

    content: Content = Field(title="议题内容")


class AttachResearch(Command):
    """附一份调研记录。"""

    research: Research = Field(title="调研记录")


class AttachOpinion(Command):
    """附征集到的职工意见，不写个人信息。"""

    source: wording.Line = Field(title="来源", examples=["职工代表提案"])
    opinion: wording.Prose = Field(title="意见内容")


class SubmitTopic(Command):
    """提交议题，交政府办公室与工会协商。"""


class ConsultTopic(Command):
    """政府办公室或工会对议题表明协商意见。"""

    side: Side = Field(title="代表哪一方")
    stance: Stance = Field(title="意见")
    opinion: wording.Prose = Field(default="", title="说明")
    content_hash: wording.Code = Field(title="所协商内容的哈希")


class ApproveTopic(Command):
    """政府联系工会工作的负责人审定议题。"""

    reason: wording.Prose = Field(default="", title="理由", description="协商有不同意见时必填。")


class ReturnTopic(Command):
    """退回议题，修改后重新提交。"""

    reason: wording.Prose = Field(title="退回原因")


class RejectTopic(Command):
    """不列为议题，理由向提出单位说明。"""

    reason: wording.Prose = Field(title="理由")


class WithdrawTopic(Command):
    """提出单位撤回议题。"""

    reason: wording.Prose = Field(title="撤回原因")


class TagTopic(Command):
    """标明议题的目的，可以不标；会议作出结果之前可以改。"""

    tags: tuple[Purpose, ...] = Field(title="目的", max_length=len(Purpose), description="空的表示不标。")


class DeclareRelatedUnit(Command):
    """申明议题的一个相关单位。"""

    unit: wording.Code = Field(title="单位编号")
    role: Role = Field(title="与议题的关系", description="lead 牵头，funding 出资，other 其他。")


class PlanJointResearch(Command):
    """安排联合调研，由工会牵头。"""

    lead: wording.Code = Field(title="牵头单位编号")
    units: tuple[wording.Code, ...] = Field(title="参加的相关单位编号", max_length=30)
    starts_on: date = Field(title="开始日期")
    plan: wording.Prose = Field(default="", title="调研安排")


class CompleteJointResearch(Command):
    """登记联合调研完成及其结论。"""

    findings: wording.Prose = Field(title="调研结论")


class FileTopicReport(Command):
    """相关单位提出议题建议报告；重新提出的，各单位先前的意见失效。"""

    unit: wording.Code = Field(title="提出单位编号")
    problem: wording.Prose = Field(title="问题")
    basis: wording.Prose = Field(title="依据")
    measures: wording.Prose = Field(title="措施")
    responsible_units: tuple[wording.Code, ...] = Field(title="责任单位编号", max_length=30)
    feasibility: wording.Prose = Field(title="经费和可行性")


class StatePosition(Command):
    """相关单位对建议报告表明意见。"""

    unit: wording.Code = Field(title="单位编号")
    stance: Stance = Field(title="意见")
    opinion: wording.Prose = Field(default="", title="意见说明", description="原则同意、不同意的必填。")
    report_hash: wording.Code = Field(title="建议报告的哈希")


class ConfirmConsensus(Command):
    """政府办公室、工会确认会前基本达成共识。"""

    side: Side = Field(title="代表哪一方")
    report_hash: wording.Code = Field(title="建议报告的哈希")
    dissent_note: wording.Prose = Field(
        default="", title="对其他单位不同意见的记载", description="双方须一致。"
    )


class Deliberate(Command):
    """会议对议题的处理结果（由会议的结果产生，不单独提交）。"""

    meeting: wording.Code
    outcome: wording.Code


class Topic(Value):
    """Everything the rules need to know of a topic."""

    id: str = ""
    status: Status = Status.UNBORN
    since: date | None = None
    unit: str = ""
    side: Side = Side.GOVERNMENT
    content: Content | None = None
    content_version: int = 0
    content_hash: str = ""
    proposed_on: date | None = None
    content_on: date | None = None
    submitted_on: date | None = None
    approved_on: date | None = None
    research: tuple[Research, ...] = ()
    opinions: tuple[str, ...] = ()
    consultations: dict[Side, Consultation] = Field(default_factory=dict)
    approved_by: Signatory | None = None
    reason: str = ""
    related: dict[str, Role] = Field(default_factory=dict)
    joint_lead: str = ""
    joint_units: tuple[str, ...] = ()
    joint_starts_on: date | None = None
    report: Report | None = None
    positions: dict[str, Position] = Field(default_factory=dict)
    consensus: consent.Consents = consent.Consents()
    dissent_note: str = ""
    meeting: str = ""
    ever_submitted: bool = False
    ever_approved: bool = False
    tags: tuple[Purpose, ...] = ()
    path: tuple[Step, ...] = ()
    first_submitted_on: date | None = None
    first_approved_on: date | None = None
    first_consensus_on: date | None = None

    def status_on(self, day: date) -> Status:
        """Tell where the topic stood at the end of a business day."""
        steps = [step.status for step in self.path if step.on <= day]
        return steps[-1] if steps else Status.UNBORN

    @property
    def reservations(self) -> dict[str, str]:
        """The conditions that related units attached, which the material lists (R-049)."""
        return {
            unit: each.opinion for unit, each in self.positions.items() if each.stance is Stance.CONDITIONAL
        }


Units = Mapping[str, people.Unit]


def must_be_born(command: Command, topic: Topic) -> None:
    """Refuse an act on a topic that was not proposed, or before it was. Raises: NotFound, BeforeItsBasis."""
    if topic.status is Status.UNBORN:
        raise refusals.NotFound("议题。", requirement="R-038")
    not_before(command.on, topic.proposed_on, what="议题提出")


def expect(topic: Topic, *allowed: Status, requirement: str) -> None:
    """Refuse an act on a topic that is not in one of some states. Raises: WrongState."""
    if topic.status not in allowed:
        raise refusals.WrongState(f"议题目前为“{STATUS_LABELS[topic.status]}”。", requirement=requirement)


TopicFact = (
    TopicProposed
    | TopicRevised
    | ResearchAttached
    | OpinionAttached
    | TopicSubmitted
    | TopicConsulted
    | TopicConsentVoided
    | TopicApproved
    | TopicReturned
    | TopicRejected
    | TopicWithdrawn
    | RelatedUnitDeclared
    | JointResearchPlanned
    | JointResearchCompleted
    | TopicReportFiled
    | UnitPositionStated
    | ConsensusConfirmed
    | TopicTagged
    | TopicDeliberated
)

OUTCOMES = {
    "resolved": Status.RESOLVED,
    "resolved_amended": Status.RESOLVED,
    "noted": Status.NOTED,
    "deferred": Status.DEFERRED,
    "referred": Status.REFERRED,
    "not_adopted": Status.NOT_ADOPTED,
    "withdrawn": Status.WITHDRAWN,
}

STATUS_LABELS = {
    Status.UNBORN: "未提出",
    Status.DRAFT: "草案",
    Status.SUBMITTED: "已提交",
    Status.CONSULTING: "协商中",
    Status.CONSULTED: "已协商",
    Status.APPROVED: "已审定",
    Status.JOINT_RESEARCH: "联合调研中",
    Status.RESEARCHED: "联合调研完成",
    Status.REPORTED: "已报建议报告",
    Status.CONSENSUS: "基本达成共识",
    Status.RESOLVED: "会议议定",
    Status.NOTED: "会议听取",
    Status.DEFERRED: "缓议",
    Status.REFERRED: "转办",
    Status.NOT_ADOPTED: "未采纳",
    Status.RETURNED: "已退回",
    Status.REJECTED: "不列为议题",
    Status.WITHDRAWN: "已撤回",
}


def evolve(topic: Topic, fact: TopicFact) -> Topic:  # noqa: C901, PLR0912, PLR0915 - one branch for each fact.
    """Fold one fact into a topic."""
    change: dict[str, object]
    match fact:
        case TopicProposed():
            change = {
                "status": Status.DRAFT,
                "unit": fact.unit,
                "side": fact.side,
                "content": fact.content,
                "content_version": 1,
                "content_hash": fact.content_hash,
                "proposed_on": fact.on,
                "content_on": fact.on,
            }
        case TopicRevised():
            change = {
                "content": fact.content,
                "content_version": topic.content_version + 1,
                "content_on": fact.on,
                "content_hash": fact.content_hash,
                "consultations": {},
                "status": topic.status
                if topic.status in {Status.DRAFT, Status.RETURNED}
                else Status.SUBMITTED,
                "approved_on": None,
                "approved_by": None,
            }
            if topic.status not in {Status.DRAFT, Status.RETURNED}:
                change["submitted_on"] = fact.on
        case ResearchAttached():
            change = {"research": (*topic.research, fact.research)}
        case OpinionAttached():
            change = {"opinions": (*topic.opinions, f"{fact.source}：{fact.opinion}")}
        case TopicSubmitted():
            change = {
                "status": Status.SUBMITTED,
                "submitted_on": fact.on,
                "consultations": {},
                "ever_submitted": True,
                "first_submitted_on": topic.first_submitted_on or fact.on,
            }
        case TopicConsulted():
            said = Consultation(
                stance=fact.stance,
                opinion=fact.opinion,
                content_hash=fact.content_hash,
                by=fact.by,
                on=fact.on,
            )
            both = {**topic.consultations, fact.side: said}
            change = {
                "consultations": both,
                "status": Status.CONSULTED if set(both) == set(Side) else Status.CONSULTING,
            }
        case TopicConsentVoided():
            change = {"consensus": consent.Consents(version=topic.consensus.version), "dissent_note": ""}
            if topic.status is Status.CONSENSUS:
                change["status"] = Status.REPORTED
        case TopicApproved():
            change = {
                "status": Status.APPROVED,
                "approved_on": fact.on,
                "approved_by": fact.by,
                "reason": fact.reason,
                "ever_approved": True,
                "first_approved_on": topic.first_approved_on or fact.on,
            }
        case TopicReturned():
            change = {"status": Status.RETURNED, "reason": fact.reason, "consultations": {}}
        case TopicRejected():
            change = {"status": Status.REJECTED, "reason": fact.reason}
        case TopicWithdrawn():
            change = {"status": Status.WITHDRAWN, "reason": fact.reason}
        case RelatedUnitDeclared():
            change = {"related": {**topic.related, fact.unit: fact.role}}
        case JointResearchPlanned():
            change = {
                "status": Status.JOINT_RESEARCH,
                "joint_lead": fact.lead,
                "joint_units": fact.units,
                "joint_starts_on": fact.starts_on,
            }
        case JointResearchCompleted():
            change = {"status": Status.RESEARCHED}
        case TopicReportFiled():
            body = fact.model_dump(exclude={"on", "by"})
            version = topic.report.version + 1 if topic.report else 1
            change = {
                "status": Status.REPORTED,
                "report": Report(**body, version=version, filed_on=fact.on),
                "positions": {},
                "consensus": consent.Consents(version=topic.consensus.version),
            }
        case UnitPositionStated():
            said_by = Position(
                stance=fact.stance, opinion=fact.opinion, report_hash=fact.report_hash, on=fact.on, by=fact.by
            )
            change = {"positions": {**topic.positions, fact.unit: said_by}}
        case ConsensusConfirmed():
            standing = (
                topic.consensus
                if topic.consensus.given
                else topic.consensus.renewed(fact.content_hash, on=fact.on)
            )
            given = standing.with_consent(
                fact.side, consent.Consent(content_hash=fact.content_hash, by=fact.by, on=fact.on)
            )
            change = {
                "consensus": given,
                "dissent_note": fact.dissent_note,
                "status": Status.CONSENSUS if given.agreed else topic.status,
                "first_consensus_on": topic.first_consensus_on or given.agreed_on,
            }
        case TopicTagged():
            change = {"tags": fact.tags}
        case TopicDeliberated():
            change = {"status": OUTCOMES[fact.outcome], "meeting": fact.meeting}
            if fact.outcome == "deferred":
                change |= _reopened(topic, on=fact.on)
        case _:
            assert_never(fact)
    return topic.model_copy(update=change | _stepped(topic, change.get("status", topic.status), on=fact.on))


def _stepped(topic: Topic, status: object, *, on: date) -> dict[str, object]:
    # Acts of one phase may be entered in any order, so a step counts from the latest day that led to it.
    if status is topic.status:
        return {}
    since = latest(topic.since, on) or on
    return {"since": since, "path": (*topic.path, Step.model_validate({"on": since, "status": status}))}


def _reopened(topic: Topic, *, on: date) -> dict[str, object]:
    # A deferred topic starts again at consultation; what was agreed for the meeting that deferred it is spent.
    return {
        "consultations": {},
        "submitted_on": on,
        "approved_on": None,
        "approved_by": None,
        "joint_lead": "",
        "joint_units": (),
        "joint_starts_on": None,
        "report": None,
        "positions": {},
        "consensus": consent.Consents(version=topic.consensus.version),
        "dissent_note": "",
    }


DECIDER = Decider(kind="topic", label="议题", facts=get_args(TopicFact), initial=Topic(), evolve=evolve)
