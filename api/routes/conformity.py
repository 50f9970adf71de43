"""Conformity sheets, clause by clause, of a meeting and of a pair's year."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse

from api import forms
from api.auth import Who, may_read
from api.desk import Desk
from api.limits import PairId, Unhurried
from api.moments import Then, day_asked
from api.problems import ApiError
from api.routes.acts import SubjectId
from api.routes.reads import READ_ERRORS
from application import conformity, conformity_meeting, conformity_year
from domain.queries import Matter

router = APIRouter(tags=["合规检查"])
On = Annotated[
    forms.Day | None,
    Query(title="截至日期", description="即 valid_on：按这一天判断是否到期、逾期；默认今天，不得晚于今天。"),
]


@router.get(
    "/pairs/{pair}/meetings/{id}/conformity",
    summary="逐次会议的合规检查表",
    response_model=conformity.Sheet,
    responses=READ_ERRORS,
    dependencies=[Unhurried],
    operation_id="meeting_conformity",
)
def of_meeting(pair: PairId, id: SubjectId, the_desk: Then, who: Who, on: On = None) -> JSONResponse:
    """由台账中的事实逐条得出：符合、有偏离（原因）、不符合、尚未办理，并列出作为依据的台账位置。"""
    may_read(the_desk, who, pair, Matter.BUSINESS)
    day = _day(the_desk, on)
    known = conformity.trail(pair, the_desk.ledger.entries(pair))
    case = conformity_meeting.Case(
        trail=known,
        id=id,
        on=day,
        days=known.dossier.rulebook.calendar_known(day, base=the_desk.calendar),
        parameters=known.dossier.rulebook.parameters(day),
    )
    try:
        made = conformity_meeting.sheet(case)
    except conformity_meeting.UnknownMeeting as unknown:
        raise ApiError(404, "not-found", "不存在，或无权知悉。") from unknown
    return JSONResponse(made.model_dump(mode="json"))


@router.get(
    "/pairs/{pair}/conformity/{year}",
    summary="年度合规检查表",
    response_model=conformity.Sheet,
    responses=READ_ERRORS,
    dependencies=[Unhurried],
    operation_id="year_conformity",
)
def of_year(
    pair: PairId,
    year: Annotated[forms.Whole, Path(ge=2003, le=2100, title="年度", examples=[2025])],
    the_desk: Then,
    who: Who,
    on: On = None,
) -> JSONResponse:
    """一个结对单位一年的义务逐条得出，并汇总当年每次会议的检查结果。"""
    may_read(the_desk, who, pair, Matter.BUSINESS)
    day = _day(the_desk, on)
    known = conformity.trail(pair, the_desk.ledger.entries(pair))
    case = conformity_year.Case(
        trail=known,
        year=year,
        on=day,
        days=known.dossier.rulebook.calendar_known(day, base=the_desk.calendar),
        parameters=known.dossier.rulebook.parameters(day),
    )
    try:
        made = conformity_year.sheet(case)
    except conformity_year.NotAYear as wrong:
        title = (type(wrong).__doc__ or "").strip()
        raise ApiError(422, "bad-report-day", title, pointer="path:year") from wrong
    return JSONResponse(made.model_dump(mode="json"))


def _day(the_desk: Desk, on: date | None) -> date:
    day, today = day_asked(the_desk, on), the_desk.today()
    if day is not None and day > today:
        raise ApiError(422, "bad-report-day", "截至日期不得晚于今天。", pointer="query:on")
    return day or today
