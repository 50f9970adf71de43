"""Decisions: supervised, accepted, carried out, pressed, claimed and verified; shown with today's light."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import Field

from api.auth import Who, concerns, may_read
from api.desk import Desk
from api.limits import PairId
from api.moments import Then
from api.problems import ApiError
from api.routes import standards
from api.routes.acts import SubjectId, acts
from api.routes.reads import AFTER_ID, READ_ERRORS, Cursor, Dress, Limit, Listing, found, read, seal, unseal
from application import minutes_text, ports
from application.views.rows import DecisionRow
from domain import decisions, lights, refusals
from domain.queries import Matter

router = APIRouter(tags=["议定事项"])

acts(
    router,
    ("/decisions/{id}/supervisors", decisions.AssignSupervisors, "明确督办人"),
    ("/decisions/{id}/acceptance", decisions.AcceptDecision, "签收议定事项"),
    ("/decisions/{id}/plan", decisions.SetPlan, "制定落实计划"),
    ("/decisions/{id}/progress", decisions.ReportProgress, "汇报进展"),
    ("/decisions/{id}/claims", decisions.ClaimFulfilled, "申请办结"),
    ("/decisions/{id}/verifications", decisions.VerifyFulfilled, "核验通过"),
    ("/decisions/{id}/returns", decisions.ReturnClaim, "核验退回"),
    ("/decisions/{id}/views", decisions.StateViewOnClaim, "退回后另一方说明核验意见"),
    ("/decisions/{id}/reminders", decisions.Remind, "催办"),
    ("/decisions/{id}/reminders/answers", decisions.AnswerReminder, "答复催办"),
    ("/decisions/{id}/sheets", decisions.Escalate, "发出督办单"),
    ("/decisions/{id}/sheets/answers", decisions.AnswerEscalation, "答复督办单"),
    ("/decisions/{id}/extensions", decisions.RequestExtension, "申请延期"),
    ("/decisions/{id}/extensions/opinions", decisions.StateExtensionOpinion, "督办人对延期提出意见"),
    ("/decisions/{id}/extensions/grants", decisions.GrantExtension, "同意延期"),
    ("/decisions/{id}/extensions/refusals", decisions.RefuseExtension, "不同意延期"),
)


class LitDecision(DecisionRow):
    """议定事项和当日的状态灯。"""

    light: lights.Light = Field(title="状态灯")
    report_due: date | None = Field(default=None, title="下次应汇报进展的日期")
    receipt_late: bool = Field(default=False, title="签收是否逾期")
    on_time_by_original: bool | None = Field(default=None, title="是否按原时限办结，未办结或无时限的为空")
    on_time_by_revised: bool | None = Field(default=None, title="是否按现行时限办结，未办结或无时限的为空")


def lit(the_desk: Desk, pair: str) -> Dress:
    """Add what depends on the day and on the pair's own rules, which is never stored (R-081)."""
    on, parameters, days = standards.in_force(the_desk, pair)

    def dress(row: ports.Row) -> dict[str, Any]:
        known = decisions.Decision.model_validate(
            {name: row.body[name] for name in decisions.Decision.model_fields}
        )
        due = lights.report_due(known, parameters)
        light = lights.light(known, on=on, days=days, parameters=parameters)
        return {
            **row.body,
            "light": light.model_dump(mode="json"),
            "report_due": due.isoformat() if due is not None else None,
            "receipt_late": lights.receipt_late(known, on=on, days=days, parameters=parameters),
            "on_time_by_original": known.on_time_original,
            "on_time_by_revised": known.on_time_revised,
        }

    return dress


read(
    router,
    "decision",
    label="议定事项",
    matter=Matter.DECISIONS,
    filters=("status",),
    model=LitDecision,
    dressing=lit,
)


@router.get(
    "/pairs/{pair}/decisions/{id}/extract",
    summary="查看议定事项的纪要摘录",
    response_model=minutes_text.Extract,
    responses=READ_ERRORS,
    operation_id="get_extract",
)
def extract(pair: PairId, id: SubjectId, the_desk: Then, who: Who) -> minutes_text.Extract:
    """摘自已印发的纪要：条文、责任单位、完成时限，以及所摘纪要内容的 SHA-256；纪要不公开的注明。"""
    found(the_desk, who, pair, "decision", id, matter=Matter.DECISIONS)
    try:
        return minutes_text.extract(the_desk.dossier(pair), id)
    except refusals.NotFound as missing:
        raise ApiError(404, "not-found", "不存在，或无权知悉。") from missing


class ListedSheet(decisions.Sheet):
    """一件催办或督办单，及其答复。"""

    id: str = Field(title="编号", description="议定事项编号和序号。")
    decision: str = Field(title="议定事项编号")
    recipient_name: str = Field(title="收件单位")
    state: str = Field(title="答复情况", examples=["已答复", "待答复", "逾期未答复", "逾期答复"])


def _state(sheet: decisions.Sheet, on: date) -> str:
    if sheet.answered_on is not None:
        return "逾期答复" if sheet.answered_on > sheet.answer_by else "已答复"
    return "逾期未答复" if sheet.overdue(on) else "待答复"


@router.get(
    "/pairs/{pair}/supervision-sheets",
    summary="列出催办和督办单",
    response_model=Listing[ListedSheet],
    responses=READ_ERRORS,
    operation_id="list_sheets",
)
def sheets(pair: PairId, the_desk: Then, who: Who, cursor: Cursor = None, limit: Limit = 50) -> JSONResponse:
    """按议定事项和序号列出每一件催办、督办单：发出人、收件单位、答复期限和答复（R-075）。"""
    mine = concerns(the_desk, pair, may_read(the_desk, who, pair, Matter.DECISIONS))
    bound = {"pair": pair, "kind": "sheets", **the_desk.moment}
    after = unseal(cursor, shape=AFTER_ID, bound_to=bound) or ""
    dossier = the_desk.dossier(pair)
    units, today = dossier.units, the_desk.day()
    listed = sorted(
        (f"{each.id}.{sheet.number:04d}", each.id, sheet)
        for each in dossier.decisions
        for sheet in each.sheets
        if f"{each.id}.{sheet.number:04d}" > after and (mine is None or each.id in mine.decisions)
    )
    items = [
        {
            **sheet.model_dump(mode="json"),
            "id": place,
            "decision": decision,
            "recipient_name": units[sheet.recipient].name,
            "state": _state(sheet, today),
        }
        for place, decision, sheet in listed[:limit]
    ]
    following = seal(listed[limit - 1][0], bound_to=bound) if len(listed) > limit else None
    return JSONResponse({"items": items, "next_cursor": following})
