"""What of a pair's year ought to have been done and was not, on a day of the reader's choice."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api import forms
from api.auth import Who, may_read
from api.limits import PairId
from api.moments import Then, day_asked
from api.routes.reads import READ_ERRORS
from application import alerting
from domain.alerts import Alert
from domain.queries import Matter

router = APIRouter(tags=["年度"])


class Alerts(BaseModel):
    """一个结对单位某日的预警。"""

    pair: str = Field(title="结对单位")
    on: date = Field(title="日期")
    position: int = Field(title="台账位置")
    items: list[Alert] = Field(title="预警")


@router.get(
    "/pairs/{pair}/warnings",
    summary="查看预警",
    response_model=Alerts,
    responses=READ_ERRORS,
    operation_id="list_warnings",
)
def list_warnings(
    pair: PairId,
    the_desk: Then,
    who: Who,
    on: Annotated[
        forms.Day | None, Query(title="日期", description="即 valid_on：北京时间，默认今天。")
    ] = None,
) -> JSONResponse:
    """按现有台账列出到某日应办未办的事项：会议、计划、研究、宣传、联络人员；每条注明条目、颜色、形状和期限。"""
    may_read(the_desk, who, pair, Matter.BUSINESS)
    day = day_asked(the_desk, on) or the_desk.today()
    dossier = the_desk.dossier(pair)
    items = alerting.of_pair(dossier, on=day, base=the_desk.calendar)
    found = Alerts(pair=pair, on=day, position=dossier.head.position, items=items)
    return JSONResponse(found.model_dump(mode="json"))
