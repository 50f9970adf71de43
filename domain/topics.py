"""A topic: from a department's draft, through consultation, approval and joint research, to basic consensus.

Source: 二(一), 二(二); R-022 – R-024, R-030, R-038 – R-049.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import assert_never

from pydantic import Field

from domain import consent, people, refusals, regulation, wording
from domain.chain import content_hash
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


class NotADeliberation(refusals.Refusal):
    """该类内容属于通报，不作为议题提出。"""

    requirement = "R-022"
    remedy = "通报事项请在会议的议程中登记；议题只限第（三）（四）（五）（七）类。"


class SubDomainMissing(refusals.Refusal):
    """须写明所属的具体领域。"""

    requirement = "R-023"


class SupportMissing(refusals.Refusal):
    """工会需要政府支持帮助的事项，须写明具体领域和请政府支持的内容。"""

    requirement = "R-024"


class UnionRequestMissing(refusals.Refusal):
    """第（五）类议题由政府方提出的，须记载工会的请求。"""

    requirement = "R-024"


class OtherReasonMissing(refusals.Refusal):
    """“其他事项”须写明提交研究的理由。"""

    requirement = "R-030"


class ForeignUnit(refusals.Refusal):
    """提出议题的单位不属于本结对单位的任何一方，或不是提出人所在的单位。"""

    requirement = "R-038"
    remedy = "请由已登记的部门提出；其他来源的建议由对口部门代为提出。"


class NotResearched(refusals.Refusal):
    """提交议题前须有调研记录，并附论证。"""

    requirement = "R-039"
    remedy = "请先附上不晚于提交日的调研记录（形式、地点、日期、人员、结论）和论证。"


class AlreadySpoken(refusals.Refusal):
    """该方对这一版内容已经表明意见。"""

    requirement = "R-041"


class OfficeOrUnion(refusals.Refusal):
    """审定人当日在政府办公室或工会任职，或曾代表工会协商本议题，不能审定。"""

    requirement = "R-042"


class WeightLowered(refusals.Refusal):
    """已申明的牵头单位、出资单位不能改为其他相关单位。"""

    requirement = "R-046"


class BeforeTheMeeting(refusals.Refusal):
    """议题已经上会，会议的结果待纪要印发后生效，在此之前不再办理。"""

    requirement = "R-062"
    remedy = "请登记会议对该议题的结果并印发纪要。"


class NotConsulted(refusals.Refusal):
    """这一版议题尚未经政府办公室与工会协商，不能审定。"""

    requirement = "R-042"
    remedy = "请先由政府办公室和工会分别对现行内容表明协商意见。"


class ObjectionNeedsReason(refusals.Refusal):
    """协商中有不同意见，或审定人曾代表政府办公室协商的，审定须写明理由。"""

    requirement = "R-041"


class NotApproved(refusals.Refusal):
    """议题尚未经政府联系工会工作的负责人审定。"""

    requirement = "R-045"


class UnionLeads(refusals.Refusal):
    """联合调研由工会牵头。"""

    requirement = "R-045"


class NoDepartmentInResearch(refusals.Refusal):
    """联合调研须有至少一个政府方的相关部门参加。"""

    requirement = "R-045"


class NotARelatedUnit(refusals.Refusal):
    """只有议题的相关单位才能办理，且只能由本单位办理。"""

    requirement = "R-046"


class PositionsMissing(refusals.Refusal):
    """还有相关单位没有对现行建议报告表明意见。"""

    requirement = "R-046"


class ResearchNotCompleted(refusals.Refusal):
    """联合调研完成之后才能提出议题建议报告。"""

    requirement = "R-047"


class Dissent(refusals.Refusal):
    """牵头单位或出资单位不同意，尚未化解，不能确认基本达成共识。"""

    requirement = "R-048"
    remedy = "请继续沟通协调，由该单位重新表明意见，或修改建议报告。"


class DissentUnrecorded(refusals.Refusal):
    """其他相关单位不同意的，须由政府办公室和工会共同记载。"""

    requirement = "R-048"


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

    @property
    def reservations(self) -> dict[str, str]:
        """The conditions that related units attached, which the material lists (R-049)."""
        return {
            unit: each.opinion for unit, each in self.positions.items() if each.stance is Stance.CONDITIONAL
        }


TopicCommand = (
    ProposeTopic
    | ReviseTopic
    | AttachResearch
    | AttachOpinion
    | SubmitTopic
    | ConsultTopic
    | ApproveTopic
    | ReturnTopic
    | RejectTopic
    | WithdrawTopic
    | DeclareRelatedUnit
    | PlanJointResearch
    | CompleteJointResearch
    | FileTopicReport
    | StatePosition
    | ConfirmConsensus
    | Deliberate
)
Units = Mapping[str, people.Unit]


def decide(  # noqa: C901, PLR0912 - one line for each command.
    command: TopicCommand, topic: Topic, *, by: Signatory, units: Units, held: Sequence[Signatory] = ()
) -> list["TopicFact"]:
    """Decide what a command on a topic leads to.

    ``units`` are the registered units of the pair by id, ``held`` all posts of the same person. Raises: a Refusal of R-022 – R-024, R-030 or
    R-038 – R-048.
    """
    if not isinstance(command, ProposeTopic):
        if topic.status is Status.UNBORN:
            raise refusals.NotFound("议题。", requirement="R-038")
        not_before(command.on, topic.proposed_on, what="议题提出")
    match command:
        case ProposeTopic():
            return _proposed(command, topic, by=by, units=units)
        case ReviseTopic():
            return _revised(command, topic, by=by)
        case AttachResearch():
            return _researched(command, topic, by=by)
        case AttachOpinion():
            return _opinion(command, topic, by=by)
        case SubmitTopic():
            return _submitted(command, topic, by=by)
        case ConsultTopic():
            return _consulted(command, topic, by=by)
        case ApproveTopic():
            return _approved(command, topic, by=by, held=held)
        case ReturnTopic() | RejectTopic():
            return _sent_back(command, topic, by=by)
        case WithdrawTopic():
            return _withdrawn(command, topic, by=by)
        case DeclareRelatedUnit():
            return _related(command, topic, by=by, units=units)
        case PlanJointResearch():
            return _joint_planned(command, topic, by=by, units=units)
        case CompleteJointResearch():
            return _joint_completed(command, topic, by=by)
        case FileTopicReport():
            return _report_filed(command, topic, by=by, units=units)
        case StatePosition():
            return _position(command, topic, by=by)
        case ConfirmConsensus():
            return _consensus(command, topic, by=by)
        case Deliberate():
            return _deliberated(command, topic, by=by)
        case _:
            assert_never(command)


def _expect(topic: Topic, *allowed: Status, requirement: str) -> None:
    if topic.status not in allowed:
        raise refusals.WrongState(f"议题目前为“{STATUS_LABELS[topic.status]}”。", requirement=requirement)


def _check_content(content: Content, *, side: Side) -> None:
    if content.category not in regulation.DELIBERATIONS:
        raise NotADeliberation(f"{content.category.label}。", pointer="/content/category")
    wording.require(content.title, what="议题名称", requirement="R-038", pointer="/content/title")
    wording.require(content.summary, what="主要内容", requirement="R-038", pointer="/content/summary")
    known = regulation.SUB_DOMAINS.get(content.category)
    if known is not None and content.sub_domain not in known:
        refusal = SubDomainMissing if content.category is Category.C4 else SupportMissing
        raise refusal(f"可选：{'、'.join(known)}。", pointer="/content/sub_domain")
    if content.category is Category.C5:
        if wording.is_blank(content.support):
            raise SupportMissing(pointer="/content/support")
        if side is Side.GOVERNMENT and wording.is_blank(content.union_request):
            raise UnionRequestMissing(pointer="/content/union_request")
    if content.category is Category.C7 and wording.is_blank(content.reason):
        raise OtherReasonMissing(pointer="/content/reason")


def _hash(content: Content) -> str:
    return content_hash(content.model_dump(mode="json"))


def _own_unit(unit: str, by: Signatory, *, refusal: type[refusals.Refusal], pointer: str) -> None:
    if by.unit != unit:
        raise refusal(f"{by.title}所在单位为 {by.unit or '（无）'}。", pointer=pointer)


def _proposed(command: ProposeTopic, topic: Topic, *, by: Signatory, units: Units) -> list["TopicFact"]:
    if topic.status is not Status.UNBORN:
        raise refusals.AlreadyDone(requirement="R-038")
    unit = units.get(command.unit)
    if unit is None:
        raise ForeignUnit(f"单位 {command.unit} 没有登记。", pointer="/unit")
    _own_unit(command.unit, by, refusal=ForeignUnit, pointer="/unit")
    _check_content(command.content, side=unit.side)
    return [
        TopicProposed(
            on=command.on,
            by=by,
            unit=command.unit,
            side=unit.side,
            content=command.content,
            content_hash=_hash(command.content),
        )
    ]


def _revised(command: ReviseTopic, topic: Topic, *, by: Signatory) -> list["TopicFact"]:
    if topic.status not in EDITABLE:
        raise refusals.WrongState(
            f"议题目前为“{STATUS_LABELS[topic.status]}”，内容不再修改。", requirement="R-043"
        )
    if by.capacity is not Capacity.LIAISON_LEADER:
        _own_unit(topic.unit, by, refusal=ForeignUnit, pointer="")
    elif topic.status in {Status.DRAFT, Status.RETURNED}:
        raise refusals.WrongState("议题尚未提交审定。", requirement="R-043")
    _check_content(command.content, side=topic.side)
    not_before(command.on, topic.since)
    changed = _hash(command.content)
    if changed == topic.content_hash:
        return []
    facts: list[TopicFact] = [
        TopicRevised(on=command.on, by=by, content=command.content, content_hash=changed)
    ]
    if topic.consultations:
        facts.append(
            TopicConsentVoided(on=command.on, by=by, subject="consultation", content_hash=topic.content_hash)
        )
    return facts


def _researched(command: AttachResearch, topic: Topic, *, by: Signatory) -> list["TopicFact"]:
    _expect(topic, Status.DRAFT, Status.RETURNED, requirement="R-039")
    _own_unit(topic.unit, by, refusal=ForeignUnit, pointer="")
    record = command.research
    not_before(command.on, record.held_on, what="调研")
    for name, value in (
        ("form", record.form),
        ("place", record.place),
        ("people", record.people),
        ("findings", record.findings),
    ):
        wording.require(value, what=f"调研记录的{name}", requirement="R-039", pointer=f"/research/{name}")
    return [ResearchAttached(on=command.on, by=by, research=record)]


def _opinion(command: AttachOpinion, topic: Topic, *, by: Signatory) -> list["TopicFact"]:
    _expect(topic, *EDITABLE, requirement="R-040")
    source = wording.require(command.source, what="来源", requirement="R-040", pointer="/source")
    opinion = wording.require(command.opinion, what="意见内容", requirement="R-040", pointer="/opinion")
    return [OpinionAttached(on=command.on, by=by, source=source, opinion=opinion)]


def _submitted(command: SubmitTopic, topic: Topic, *, by: Signatory) -> list["TopicFact"]:
    _expect(topic, Status.DRAFT, Status.RETURNED, requirement="R-039")
    _own_unit(topic.unit, by, refusal=ForeignUnit, pointer="")
    not_before(command.on, topic.since, topic.content_on)
    in_time = [record for record in topic.research if record.held_on <= command.on]
    if not in_time:
        raise NotResearched("没有调研记录。")
    if all(wording.is_blank(record.argument) for record in in_time):
        raise NotResearched("没有论证。")
    return [TopicSubmitted(on=command.on, by=by, content_hash=topic.content_hash)]


def _consulted(command: ConsultTopic, topic: Topic, *, by: Signatory) -> list["TopicFact"]:
    _expect(topic, Status.SUBMITTED, Status.CONSULTING, Status.DEFERRED, requirement="R-041")
    not_before(command.on, topic.submitted_on, topic.since if topic.status is Status.DEFERRED else None)
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-041", pointer="/side")
    if command.content_hash != topic.content_hash:
        raise consent.OtherContent(
            f"现行内容哈希 {topic.content_hash}。", requirement="R-041", pointer="/content_hash"
        )
    if command.side in topic.consultations:
        raise AlreadySpoken(pointer="/side")
    other = topic.consultations.get(command.side.other)
    if other is not None and other.by.person == by.person:
        raise consent.OnePersonForBoth(requirement="R-041", pointer="/side")
    if command.stance is not Stance.AGREE:
        wording.require(command.opinion, what="不同意见的说明", requirement="R-041", pointer="/opinion")
    return [
        TopicConsulted(
            on=command.on,
            by=by,
            side=command.side,
            stance=command.stance,
            opinion=command.opinion,
            content_hash=command.content_hash,
        )
    ]


def _approved(
    command: ApproveTopic, topic: Topic, *, by: Signatory, held: Sequence[Signatory]
) -> list["TopicFact"]:
    if topic.status in {Status.DRAFT, Status.RETURNED, Status.SUBMITTED, Status.CONSULTING}:
        raise NotConsulted(f"议题目前为“{STATUS_LABELS[topic.status]}”。")
    _expect(topic, Status.CONSULTED, requirement="R-042")
    not_before(command.on, topic.since, topic.content_on, what="协商")
    for_union = topic.consultations[Side.UNION].by.person == by.person
    if for_union or any(each.side is Side.UNION or each.capacity in OFFICES for each in held):
        raise OfficeOrUnion(f"{by.title}。")
    objection = any(each.stance is Stance.DISAGREE for each in topic.consultations.values())
    spoke = any(each.by.person == by.person for each in topic.consultations.values())
    if (objection or spoke) and wording.is_blank(command.reason):
        raise ObjectionNeedsReason(pointer="/reason")
    return [TopicApproved(on=command.on, by=by, content_hash=topic.content_hash, reason=command.reason)]


def _sent_back(command: ReturnTopic | RejectTopic, topic: Topic, *, by: Signatory) -> list["TopicFact"]:
    _expect(topic, Status.SUBMITTED, Status.CONSULTING, Status.CONSULTED, requirement="R-044")
    not_before(command.on, topic.since, topic.content_on)
    reason = wording.require(command.reason, what="理由", requirement="R-044", pointer="/reason")
    if isinstance(command, ReturnTopic):
        return [TopicReturned(on=command.on, by=by, reason=reason)]
    return [TopicRejected(on=command.on, by=by, reason=reason)]


def _withdrawn(command: WithdrawTopic, topic: Topic, *, by: Signatory) -> list["TopicFact"]:
    _expect(topic, *EDITABLE, *ON_THE_WAY, Status.DEFERRED, requirement="R-050")
    _own_unit(topic.unit, by, refusal=ForeignUnit, pointer="")
    not_before(command.on, topic.since)
    reason = wording.require(command.reason, what="撤回原因", requirement="R-050", pointer="/reason")
    return [TopicWithdrawn(on=command.on, by=by, reason=reason)]


def _related(command: DeclareRelatedUnit, topic: Topic, *, by: Signatory, units: Units) -> list["TopicFact"]:
    _expect(
        topic, Status.APPROVED, Status.JOINT_RESEARCH, Status.RESEARCHED, Status.REPORTED, requirement="R-046"
    )
    not_before(command.on, topic.approved_on, what="审定")
    if command.unit not in units:
        raise NotARelatedUnit(f"单位 {command.unit} 没有登记。", pointer="/unit")
    known = topic.related.get(command.unit)
    if known is command.role:
        return []
    if by.capacity not in OFFICES and by.unit not in {topic.unit, command.unit}:
        raise NotARelatedUnit(f"{by.title}。", pointer="/unit")
    if known in {Role.LEAD, Role.FUNDING} and command.role is Role.OTHER:
        # Its disagreement could otherwise be talked away by declaring the unit to be of no weight.
        raise WeightLowered(f"{command.unit}。", pointer="/role")
    facts: list[TopicFact] = [RelatedUnitDeclared(on=command.on, by=by, unit=command.unit, role=command.role)]
    if topic.consensus.given:
        voided = topic.consensus.content_hash
        facts.append(TopicConsentVoided(on=command.on, by=by, subject="consensus", content_hash=voided))
    return facts


def _joint_planned(
    command: PlanJointResearch, topic: Topic, *, by: Signatory, units: Units
) -> list["TopicFact"]:
    if topic.status not in ON_THE_WAY:
        raise NotApproved(f"议题目前为“{STATUS_LABELS[topic.status]}”。")
    _expect(topic, Status.APPROVED, requirement="R-045")
    not_before(command.on, topic.approved_on, what="审定")
    not_before(command.starts_on, topic.approved_on, what="审定")
    lead = units.get(command.lead)
    if lead is None or lead.side is not Side.UNION or by.side is not Side.UNION:
        raise UnionLeads(f"牵头单位为{lead.name if lead else command.lead}。", pointer="/lead")
    for unit in command.units:
        if unit not in topic.related:
            raise NotARelatedUnit(f"单位 {unit}。", requirement="R-045", pointer="/units")
    if not any(units[unit].side is Side.GOVERNMENT for unit in command.units):
        raise NoDepartmentInResearch(pointer="/units")
    return [
        JointResearchPlanned(
            on=command.on,
            by=by,
            lead=command.lead,
            units=command.units,
            starts_on=command.starts_on,
            plan=command.plan,
        )
    ]


def _joint_completed(command: CompleteJointResearch, topic: Topic, *, by: Signatory) -> list["TopicFact"]:
    _expect(topic, Status.JOINT_RESEARCH, requirement="R-045")
    not_before(command.on, topic.since, topic.joint_starts_on, what="联合调研开始")
    if by.side is not Side.UNION:
        raise UnionLeads(f"{by.title}。")
    findings = wording.require(command.findings, what="调研结论", requirement="R-045", pointer="/findings")
    return [JointResearchCompleted(on=command.on, by=by, findings=findings)]


def _report_filed(
    command: FileTopicReport, topic: Topic, *, by: Signatory, units: Units
) -> list["TopicFact"]:
    if topic.status in {Status.APPROVED, Status.JOINT_RESEARCH}:
        raise ResearchNotCompleted(f"议题目前为“{STATUS_LABELS[topic.status]}”。")
    _expect(topic, Status.RESEARCHED, Status.REPORTED, Status.CONSENSUS, requirement="R-047")
    not_before(command.on, topic.since, topic.report.filed_on if topic.report else None, what="前一环节")
    if command.unit not in topic.related:
        raise NotARelatedUnit(f"单位 {command.unit}。", requirement="R-047", pointer="/unit")
    if by.unit != command.unit:
        raise NotARelatedUnit(f"{by.title}。", requirement="R-047", pointer="/unit")
    parts = {"problem": "问题", "basis": "依据", "measures": "措施", "feasibility": "经费和可行性"}
    for name, label in parts.items():
        wording.require(getattr(command, name), what=label, requirement="R-047", pointer=f"/{name}")
    if not command.responsible_units or not set(command.responsible_units) <= set(units):
        raise refusals.TextMissing(
            "责任单位须为已登记的单位。", requirement="R-047", pointer="/responsible_units"
        )
    body = command.model_dump(mode="json", exclude={"on"})
    report_hash = content_hash(body)
    if topic.report is not None and topic.report.report_hash == report_hash:
        return []
    facts: list[TopicFact] = [
        TopicReportFiled.model_validate({**body, "on": command.on, "by": by, "report_hash": report_hash})
    ]
    if topic.positions and topic.report is not None:
        voided = topic.report.report_hash
        facts.append(TopicConsentVoided(on=command.on, by=by, subject="report", content_hash=voided))
    return facts


def _position(command: StatePosition, topic: Topic, *, by: Signatory) -> list["TopicFact"]:
    _expect(topic, Status.REPORTED, Status.CONSENSUS, requirement="R-046")
    report = topic.report
    if command.unit not in topic.related:
        raise NotARelatedUnit(f"单位 {command.unit}。", pointer="/unit")
    if by.unit != command.unit:
        raise NotARelatedUnit(f"{by.title}。", pointer="/unit")
    if report is None or command.report_hash != report.report_hash:
        raise consent.OtherContent("建议报告已经变更。", requirement="R-046", pointer="/report_hash")
    not_before(command.on, report.filed_on, what="建议报告")
    if command.stance is not Stance.AGREE:
        wording.require(command.opinion, what="意见说明", requirement="R-046", pointer="/opinion")
    known = topic.positions.get(command.unit)
    not_before(command.on, known.on if known else None, what="该单位上次表明意见")
    if known is not None and (known.stance, known.opinion) == (command.stance, command.opinion):
        return []
    facts: list[TopicFact] = [
        UnitPositionStated(
            on=command.on,
            by=by,
            unit=command.unit,
            stance=command.stance,
            opinion=command.opinion,
            report_hash=command.report_hash,
        )
    ]
    if topic.consensus.given:
        voided = topic.consensus.content_hash
        facts.append(TopicConsentVoided(on=command.on, by=by, subject="consensus", content_hash=voided))
    return facts


def _consensus(command: ConfirmConsensus, topic: Topic, *, by: Signatory) -> list["TopicFact"]:
    _expect(topic, Status.REPORTED, requirement="R-048")
    report = topic.report
    if report is None or command.report_hash != report.report_hash:
        raise consent.OtherContent("建议报告已经变更。", requirement="R-048", pointer="/report_hash")
    silent = sorted(set(topic.related) - set(topic.positions))
    if silent:
        raise PositionsMissing(f"尚未表明意见：{'、'.join(silent)}。")
    against = {unit for unit, each in topic.positions.items() if each.stance is Stance.DISAGREE}
    blocking = sorted(unit for unit in against if topic.related[unit] is not Role.OTHER)
    if blocking:
        raise Dissent(f"不同意的单位：{'、'.join(blocking)}。")
    if against and wording.is_blank(command.dissent_note):
        raise DissentUnrecorded(pointer="/dissent_note")
    not_before(command.on, *(each.on for each in topic.positions.values()), what="相关单位表明意见")
    agreed = content_hash(
        {
            "report": command.report_hash,
            "positions": {unit: [each.stance, each.opinion] for unit, each in topic.positions.items()},
            "note": command.dissent_note,
        }
    )
    standing = topic.consensus if topic.consensus.given else topic.consensus.renewed(agreed, on=command.on)
    consent.check(standing, side=command.side, content_hash=agreed, by=by, requirement="R-048")
    return [
        ConsensusConfirmed(
            on=command.on,
            by=by,
            side=command.side,
            report_hash=command.report_hash,
            dissent_note=command.dissent_note,
            content_hash=agreed,
        )
    ]


def _deliberated(command: Deliberate, topic: Topic, *, by: Signatory) -> list["TopicFact"]:
    if topic.status is Status.WITHDRAWN and command.outcome == "withdrawn":
        return []
    if topic.status not in ON_THE_WAY:
        raise refusals.WrongState(f"议题目前为“{STATUS_LABELS[topic.status]}”。", requirement="R-064")
    return [TopicDeliberated(on=command.on, by=by, meeting=command.meeting, outcome=command.outcome)]


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
            }
        case TopicDeliberated():
            change = {"status": OUTCOMES[fact.outcome], "meeting": fact.meeting}
            if fact.outcome == "deferred":
                change |= _reopened(topic, on=fact.on)
        case _:
            assert_never(fact)
    if change.get("status", topic.status) is not topic.status:
        change["since"] = latest(topic.since, fact.on)
    return topic.model_copy(update=change)


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


DECIDER = Decider(kind="topic", label="议题", initial=Topic(), evolve=evolve)
