"""Meetings: preparation, the report on everything outstanding, the sitting and its outcomes."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import Field

from api.auth import Who, concerns, may_read
from api.desk import Desk
from api.limits import PairId
from api.moments import Then
from api.routes import standards
from api.routes.acts import SubjectId, acts
from api.routes.minutes import light_of
from api.routes.reads import READ_ERRORS, Dress, Listing, found, read
from application import ports, surroundings
from application.views.rows import MeetingRow
from domain import calendar, lights, meetings
from domain.queries import Matter

router = APIRouter(tags=["会议"])

acts(
    router,
    ("/meetings", meetings.PlanMeeting, "列入会议计划"),
    ("/special-meetings", meetings.RequestSpecial, "提出召开临时会议"),
    ("/meetings/{id}/answer", meetings.AnswerRequest, "答复召开临时会议的提议"),
    ("/meetings/{id}/prior-consultation", meetings.RecordPriorConsultation, "登记提前协商"),
    ("/meetings/{id}/date", meetings.ProposeDate, "提出会议日期"),
    ("/meetings/{id}/rescheduling", meetings.RescheduleMeeting, "改期"),
    ("/meetings/{id}/cancellation", meetings.CancelMeeting, "取消会议"),
    ("/meetings/{id}/cancellation/acknowledgement", meetings.AcknowledgeCancellation, "知悉会议取消"),
    ("/meetings/{id}/consents", meetings.GiveConsent, "表示同意"),
    ("/meetings/{id}/chair", meetings.SetChair, "确定主持人"),
    ("/meetings/{id}/attendees", meetings.SetAttendees, "确定出席人员"),
    ("/meetings/{id}/briefings", meetings.AddBriefing, "登记通报事项"),
    ("/meetings/{id}/arrangement", meetings.ProposeArrangement, "提出会议安排"),
    ("/meetings/{id}/tasks", meetings.AssignPrepTask, "分工筹备任务"),
    ("/meetings/{id}/notice", meetings.IssueNotice, "印发会议通知"),
    ("/meetings/{id}/receipts", meetings.AcknowledgeNotice, "签收会议通知"),
    ("/meetings/{id}/replies", meetings.ReplyAttendance, "回复出席情况"),
    ("/meetings/{id}/leaves", meetings.GrantLeave, "准予请假"),
    ("/meetings/{id}/substitutions", meetings.RecordSubstitution, "登记代为出席"),
    ("/meetings/{id}/materials", meetings.SubmitMaterial, "提交会议材料"),
    ("/meetings/{id}/book", meetings.FreezeMaterials, "会议材料定稿"),
    ("/meetings/{id}/late-items", meetings.AddLateItem, "定稿后增加议程"),
    ("/meetings/{id}/supplementary-notice", meetings.IssueSupplementaryNotice, "印发补充通知"),
    ("/meetings/{id}/explanations", meetings.ExplainUnfulfilled, "说明未落实事项"),
    ("/meetings/{id}/outstanding-report", meetings.PrepareOutstandingReport, "形成落实情况通报"),
    ("/meetings/{id}/outstanding-report/amendment", meetings.AmendOutstandingReport, "更新落实情况通报"),
    ("/meetings/{id}/outstanding-report/short", meetings.PrepareShortReport, "以简表形成落实情况通报"),
    ("/meetings/{id}/opening", meetings.HoldMeeting, "召开会议"),
    ("/irregular-meetings", meetings.RecordIrregularMeeting, "登记缺程序的会议"),
    ("/meetings/{id}/irregularity", meetings.RecordAsIrregular, "登记为缺程序的会议"),
    ("/meetings/{id}/attendance", meetings.RecordAttendance, "登记出席情况"),
    ("/meetings/{id}/closing", meetings.CloseSitting, "会议结束"),
    ("/meetings/{id}/outcomes", meetings.RecordOutcome, "登记议程结果"),
    ("/meetings/{id}/closures", meetings.CloseByMeeting, "议定终止或替代以往事项"),
    ("/meetings/{id}/closures/retraction", meetings.RetractClosure, "撤回误登记的终止或替代"),
)


class LitMeeting(MeetingRow):
    """会议和当日的纪要印发时限灯，及其按召开日期的次序。"""

    minutes_light: lights.Light | None = Field(
        default=None, title="纪要印发时限灯", description="会议结束以前为空。"
    )
    ordinal_by_date: int | None = Field(
        default=None,
        title="按召开日期的次序",
        description="补登记的会议没有印发的次序号，由此看它排在第几；未召开的为空，不改变文件上的次序号。",
    )


def lit(the_desk: Desk, pair: str) -> Dress:
    """Add what no row holds: the place among the pair's meetings by date (R-008), and today's light of the minutes (A10).

    The place moves when an earlier meeting is entered late; the light shines before anybody has drafted the minutes.
    """
    judged = standards.in_force(the_desk, pair)
    held = [each for each in the_desk.dossier(pair).meetings if each.held_on is not None]
    place = meetings.ordinals_by_date(held)

    def dress(row: ports.Row) -> dict[str, Any]:
        shown = {**row.body, "ordinal_by_date": place.get(row.id), "minutes_light": None}
        opened_at, closed = row.body.get("opened_at"), row.body.get("closed_at")
        if not isinstance(opened_at, str) or closed is None:
            return shown
        held_on = calendar.local_date(datetime.fromisoformat(opened_at)).isoformat()
        light = light_of(judged, held_on=held_on, issued_on=row.body.get("minutes_issued_on"))
        return {**shown, "minutes_light": light.model_dump(mode="json")}

    return dress


read(
    router,
    "meeting",
    label="会议",
    matter=Matter.MEETINGS,
    filters=("status",),
    model=LitMeeting,
    dressing=lit,
)


@router.get(
    "/pairs/{pair}/meetings/{id}/outstanding",
    summary="查看本次会议须通报、说明的全部事项",
    response_model=Listing[meetings.OutstandingMember],
    responses=READ_ERRORS,
    operation_id="list_outstanding",
)
def outstanding(
    pair: PairId,
    id: SubjectId,
    the_desk: Then,
    who: Who,
) -> JSONResponse:
    """由台账算出：上次会议的议定事项、以往未办结的事项、纪要未印发的议程（一(六)，R-026）。"""
    mine = concerns(the_desk, pair, may_read(the_desk, who, pair, Matter.MEETINGS))
    if mine is not None:
        found(the_desk, who, pair, "meeting", id, matter=Matter.MEETINGS)
    members = surroundings.outstanding_of(the_desk.dossier(pair), id)
    items = [each.model_dump(mode="json") for each in members if mine is None or each.id in mine.decisions]
    return JSONResponse({"items": items, "next_cursor": None})
