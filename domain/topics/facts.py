"""What can happen to a topic. A released fact never changes; what is new gets a fact of its own."""

from datetime import date

from domain.decider import Fact, Side
from domain.topics.terms import (
    Ancestor,
    Content,
    Purpose,
    Research,
    Role,
    Stance,
    Way,
)


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


class OverrideConsented(Fact):
    topic = "topic.override_consented"
    label = "同意例外上会"

    side: Side
    report_hash: str
    content_hash: str
    reason: str


class ConsensusOverridden(Fact):
    topic = "topic.consensus_overridden"
    label = "未达成共识例外上会"

    meeting: str
    report_hash: str
    units: tuple[str, ...]


class TopicDeferred(Fact):
    topic = "topic.deferred"
    label = "缓议议题"

    reason: str
    until: date | None


class TopicDerived(Fact):
    topic = "topic.derived"
    label = "由其他议题形成"

    way: Way
    sources: tuple[Ancestor, ...]
    research: tuple[Research, ...]
    opinions: tuple[str, ...]


class TopicMerged(Fact):
    topic = "topic.merged"
    label = "并入新的议题"

    into: str


class TopicSplit(Fact):
    topic = "topic.split"
    label = "拆分为新的议题"

    into: tuple[str, ...]


class TopicForwarded(Fact):
    topic = "topic.forwarded"
    label = "转报上级结对单位"

    parent: str
    parent_topic: str
    content_hash: str
    reason: str


class TopicReceived(Fact):
    topic = "topic.received"
    label = "接收下级转报的议题"

    source: Ancestor
    forwarded_on: date
    research: tuple[Research, ...]
    opinions: tuple[str, ...]


class TopicDeliberated(Fact):
    topic = "topic.deliberated"
    label = "会议研究议题"

    meeting: str
    outcome: str


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
    | OverrideConsented
    | ConsensusOverridden
    | TopicDeferred
    | TopicDerived
    | TopicMerged
    | TopicSplit
    | TopicForwarded
    | TopicReceived
    | TopicDeliberated
)
