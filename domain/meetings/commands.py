"""What the two sides may want recorded about a meeting; the docstrings are what the API page says."""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain import calendar, wording
from domain.decider import Command, Side
from domain.meetings.terms import (
    Attendance,
    Attendee,
    Attends,
    Form,
    IrregularRecord,
    Kind,
    OutcomeKind,
    SpecialReason,
    Subject,
)
from domain.regulation import Category, Disclosure


class PlanMeeting(Command):
    """列入一次年度会议计划。"""

    year: int = Field(ge=2003, le=2100, title="年度")
    form: Form = Field(default=Form.CONFERENCE, title="会议形式")


class RequestSpecial(Command):
    """因特殊情况或重大问题提出召开临时会议。"""

    side: Side = Field(title="提出的一方")
    reason: SpecialReason = Field(title="事由")
    text: wording.Prose = Field(title="具体情况")
    form: Form = Field(default=Form.CONFERENCE, title="会议形式")


class AnswerRequest(Command):
    """另一方答复召开临时会议的提议；不同意的写明理由，提议即告结束。"""

    side: Side = Field(title="代表哪一方")
    accept: bool = Field(title="同意召开")
    reason: wording.Prose = Field(default="", title="理由", description="不同意时必填。")


class RecordPriorConsultation(Command):
    """一方登记临时会议已经提前协商。"""

    side: Side = Field(title="代表哪一方")
    text: wording.Prose = Field(title="协商情况")


class ProposeDate(Command):
    """提出会议日期。"""

    meeting_date: date = Field(title="会议日期")


class RescheduleMeeting(Command):
    """会议商定或通知之后改期：日期、安排须重新商定，重新印发通知，原通知作废。"""

    meeting_date: date = Field(title="新的会议日期")
    reason: wording.Prose = Field(title="改期的原因")


class CancelMeeting(Command):
    """一方在开会之前取消会议，说明原因；取消的会议不算召开。"""

    side: Side = Field(title="代表哪一方")
    reason: wording.Prose = Field(title="取消的原因")


class AcknowledgeCancellation(Command):
    """另一方登记已知悉会议取消。"""

    side: Side = Field(title="代表哪一方")


class GiveConsent(Command):
    """代表一方对现行内容表示同意（日期、会议安排、落实情况通报或定稿后增加的议程）。"""

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


class AcknowledgeNotice(Command):
    """受邀单位签收会议通知。"""

    unit: wording.Code = Field(title="单位编号")


class ReplyAttendance(Command):
    """受邀单位回复其席位的出席情况：本人出席、他人代为出席，或不能出席。"""

    unit: wording.Code = Field(title="单位编号")
    seat: int = Field(ge=1, le=200, title="席位号")
    attends: Attends = Field(title="出席情况")
    substitute: wording.Line = Field(default="", title="代为出席者的职务", description="他人代为出席时必填。")
    reason: wording.Prose = Field(default="", title="原因", description="本人不出席时必填。")


class GrantLeave(Command):
    """政府办公室准予一个席位请假。"""

    seat: int = Field(ge=1, le=200, title="席位号")
    reason: wording.Prose = Field(title="请假的原因")


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


class AddLateItem(Command):
    """材料定稿之后增加一项议程：经双方同意、提交材料、印发补充通知后列入。"""

    item: wording.Code = Field(title="议程事项", description="已登记的通报、C6 或已审定的议题编号。")
    position: int = Field(ge=1, le=61, title="列为第几项")
    attendees: tuple[Attendee, ...] = Field(
        default=(), title="因此增加的出席人员", max_length=50, description="须补足议题的相关单位。"
    )
    reason: wording.Prose = Field(title="增加的理由")


class IssueSupplementaryNotice(Command):
    """政府办公室就双方同意增加的议程印发补充通知。"""

    recipients: tuple[wording.Code, ...] = Field(title="主送单位编号", max_length=200)
    copies: tuple[wording.Line, ...] | None = Field(default=None, title="抄送", max_length=50)
    number: wording.Line = Field(default="", title="发文字号", examples=["芮政办函〔2025〕10号"])
    number_reason: wording.Line = Field(default="", title="不编号的原因")
    disclosure: Disclosure | None = Field(default=None, title="公开属性")


class ExplainUnfulfilled(Command):
    """对未落实的事项作出说明、提出意见。"""

    member: str = Field(title="事项编号", max_length=120, pattern=r"^[0-9A-Za-z][0-9A-Za-z._:/-]*$")
    explanation: wording.Prose = Field(title="未落实的说明")
    opinion: wording.Prose = Field(default="", title="意见", description="已超期的必须有意见。")


class PrepareOutstandingReport(Command):
    """形成上次及以往议定事项落实情况的通报，内容由系统从台账算出。"""


class AmendOutstandingReport(Command):
    """通报形成之后情况有变化的，更新通报。"""


class PrepareShortReport(Command):
    """临时会议以简表形成或更新落实情况的通报：仍列全部事项，并指明上一次完整的通报；上次会议已作说明、此后状态没有变化的，不必重新说明。须参数允许。"""


class HoldMeeting(Command):
    """登记会议召开。"""

    opened_at: calendar.Moment = Field(title="开会时间")
    present: tuple[Annotated[int, Field(ge=1, le=200)], ...] = Field(title="到会的席位号", max_length=200)


class RecordIrregularMeeting(Command):
    """登记一次已经召开、但缺少规定程序的会议；由一方办公室提出，另一方确认同一内容后记为召开。"""

    kind: Kind = Field(default=Kind.ANNUAL, title="会议类型")
    form: Form = Field(default=Form.CONFERENCE, title="会议形式", description="只登记专门会议。")
    record: IrregularRecord = Field(title="会议情况")


class RecordAsIrregular(Command):
    """把一次正在筹备、实际已经召开的会议登记为缺程序的会议，或更正尚待确认的登记；由另一方确认。"""

    record: IrregularRecord = Field(title="会议情况")


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
