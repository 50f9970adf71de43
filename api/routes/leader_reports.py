"""Reports to the leaders of both sides, and when the next ones are due."""

from datetime import date

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import Field

from api.auth import Who, may_read
from api.limits import PairId
from api.moments import Then
from api.routes import standards
from api.routes.acts import acts
from api.routes.reads import AFTER_ID, READ_ERRORS, Cursor, Limit, Listing, read, seal, unseal
from domain import leader_reports, reporting
from domain.queries import Matter

router = APIRouter(tags=["向负责人汇报"])

acts(router, ("/leader-reports", leader_reports.ReportToLeaders, "向负责人汇报"))
read(router, "leader_report", label="向负责人的汇报", matter=Matter.BUSINESS)


class Due(reporting.Timeliness):
    """一件议定事项应向负责人汇报的时间和逾期情况。"""

    overdue: bool = Field(title="当前是否逾期未汇报")


@router.get(
    "/pairs/{pair}/reporting",
    summary="查看应汇报的时间和逾期情况",
    response_model=Listing[Due],
    responses=READ_ERRORS,
    operation_id="list_reporting",
)
def due(pair: PairId, the_desk: Then, who: Who, cursor: Cursor = None, limit: Limit = 50) -> JSONResponse:
    """按议定事项列出：成立后一个月内首次汇报，状态变化后五个工作日内汇报，其余按季汇报（R-079）。"""
    may_read(the_desk, who, pair, Matter.BUSINESS)
    bound = {"pair": pair, "kind": "reporting", **the_desk.moment}
    after = unseal(cursor, shape=AFTER_ID, bound_to=bound) or ""
    dossier = the_desk.dossier(pair)
    today, parameters, days = standards.in_force(the_desk, pair)
    rest = sorted((each for each in dossier.decisions if each.id > after), key=lambda each: each.id)
    found = [
        reporting.timeliness(each, dossier.leader_reports, on=today, days=days, parameters=parameters)
        for each in rest[:limit]
    ]
    items = [{**each.model_dump(mode="json"), "overdue": _overdue(each.next_due, today)} for each in found]
    following = seal(rest[limit - 1].id, bound_to=bound) if len(rest) > limit else None
    return JSONResponse({"items": items, "next_cursor": following})


def _overdue(next_due: date | None, today: date) -> bool:
    return next_due is not None and next_due < today
