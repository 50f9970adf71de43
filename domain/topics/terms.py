"""What a topic is told in: where it stands, what is proposed, researched, reported and said."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from domain import wording
from domain.decider import Capacity, Signatory, Value
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
    MERGED = "merged"
    SPLIT = "split"
    FORWARDED = "forwarded"


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
# What was submitted, and is before the two sides.
IN_PROCEDURE = ON_THE_WAY | {Status.SUBMITTED, Status.CONSULTING, Status.CONSULTED}


class Purpose(StrEnum):
    """What a topic serves, in the words of the regulation's first sentence on the conference (R-019)."""

    REFORM = "促进改革发展稳定"
    HARMONY = "和谐劳动关系"
    RIGHTS = "职工权益"
    MAJOR = "重大事项"


class Way(StrEnum):
    """How a topic came out of others (R-050)."""

    MERGE = "merge"
    SPLIT = "split"
    FORWARD = "forward"


class Ancestor(Value):
    """A topic that another came out of. For one of another pair: where that pair's ledger stood, and its hash."""

    topic: str
    content_hash: str
    pair: str = ""
    position: int = 0
    hash: str = ""


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
    Status.MERGED: "已合并",
    Status.SPLIT: "已拆分",
    Status.FORWARDED: "已转报上级结对单位",
}
