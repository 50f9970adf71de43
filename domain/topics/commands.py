"""What somebody may want recorded about a topic; the docstrings are what the API page says."""

from datetime import date

from pydantic import Field

from domain import wording
from domain.decider import Command, Side
from domain.topics.terms import (
    Content,
    Purpose,
    Research,
    Role,
    Stance,
)


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


class OverrideConsensus(Command):
    """牵头或出资单位不同意时，政府联系工会工作的负责人和工会主要负责人共同同意例外提交专门会议。"""

    side: Side = Field(title="代表哪一方")
    report_hash: wording.Code = Field(title="建议报告的哈希")
    reason: wording.Prose = Field(title="例外的理由")


class DeferTopic(Command):
    """会前缓议议题；恢复时从协商重新开始。"""

    reason: wording.Prose = Field(title="缓议原因")
    until: date | None = Field(default=None, title="预计缓议至")


class MergeTopics(Command):
    """把几个议题合并为一个新的草案；原议题到此为止，调研记录和职工意见一并带入。"""

    topics: tuple[wording.Code, ...] = Field(title="原议题编号", description="2至10个。", max_length=10)
    unit: wording.Code = Field(title="提出单位编号", description="原议题的提出单位之一。")
    content: Content = Field(title="新议题的内容")


class SplitTopic(Command):
    """把一个议题拆分为几个新的草案；原议题到此为止，调研记录和职工意见各带一份。"""

    parts: tuple[Content, ...] = Field(title="各个新议题的内容", description="2至10个。", max_length=10)


class ForwardTopic(Command):
    """把议题转报上级结对单位，由其决定是否接收为草案。"""

    reason: wording.Prose = Field(title="转报理由")


class ReceiveForwardedTopic(Command):
    """接收下级结对单位转报的议题，作为本结对单位的草案，从头按程序办理。"""

    child: wording.Code = Field(title="下级结对单位", examples=["140830"])
    topic: wording.Code = Field(title="下级结对单位的议题编号")
    unit: wording.Code = Field(title="承接单位编号", description="与原议题的提出单位属同一方。")


class Deliberate(Command):
    """会议对议题的处理结果（由会议的结果产生，不单独提交）。"""

    meeting: wording.Code
    outcome: wording.Code
    irregular: bool = False
