"""The rules that come from outside a pair: what the city sets, what the pair has adopted, its working days."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api import forms
from api.auth import Who, may_read
from api.desk import Desk
from api.limits import PairId
from api.moments import Then, day_asked
from api.routes.acts import acts, etag
from api.routes.reads import READ_ERRORS, Resource, resource
from application import ports
from application.views.rows import RulebookRow, StandardsRow
from domain import calendar, regulation, rulebook, standards
from domain.queries import Matter

router = APIRouter(tags=["依据、参数和日历"])

acts(
    router,
    ("/standards/bases", standards.RegisterBasis, "登记依据（市级）"),
    ("/standards/repeals", standards.RepealBasis, "登记依据的废止（市级）"),
    ("/standards/parameters", standards.SetParameters, "设定参数（市级）"),
    ("/standards/calendars", standards.PublishCalendar, "公布工作日历（市级）"),
    ("/rulebook/adoptions", rulebook.AdoptStandards, "采用市级规则"),
    ("/rulebook/rebase", rulebook.RebaseRegime, "重新引用依据"),
)


class RulesInForce(RulebookRow):
    """已采用的规则，和当日有效的参数。"""

    parameters_today: regulation.Parameters = Field(title="当日有效的参数")
    version_today: int = Field(title="当日有效的参数版本", description="1 为系统内置。")


class WorkingDays(BaseModel):
    """一年中与平常周次不同的日子：放假的周一至周五，上班的周六、周日。"""

    year: int = Field(title="年份", examples=[2027])
    known_on: date = Field(title="按哪一日所知", description="该日之前采用的日历。")
    provisional: bool = Field(title="暂定", description="尚未公布，暂按周一至周五计。")
    source: str = Field(title="来源", examples=["国办发明电〔2026〕7号"])
    off: list[date] = Field(title="放假")
    worked: list[date] = Field(title="上班")


def known_rules(the_desk: Desk, pair: str) -> rulebook.Rulebook:
    """Give what a pair has adopted; nothing where it adopted nothing."""
    row = the_desk.views.row(pair, "rulebook", pair)
    return _rules(row.body) if row is not None else rulebook.Rulebook(id=pair)


class InForce(NamedTuple):
    """By what a pair is judged on a day: its own parameters and its own working days."""

    on: date
    parameters: regulation.Parameters
    days: calendar.Calendar


def in_force(the_desk: Desk, pair: str) -> InForce:
    """Give by what a pair is judged on the day that is asked about (R-081): what it has adopted, and what is built in for the rest."""
    on, known = the_desk.day(), known_rules(the_desk, pair)
    return InForce(
        on=on,
        parameters=known.parameters(on),
        days=known.calendar_known(on, base=the_desk.calendar),
    )


def _rules(body: Mapping[str, Any]) -> rulebook.Rulebook:
    return rulebook.Rulebook.model_validate({name: body[name] for name in rulebook.Rulebook.model_fields})


def _sheet(the_desk: Desk, pair: str, view: str, empty: BaseModel) -> ports.Row:
    # Before the first fact the sheet is there, and empty.
    found = the_desk.views.row(pair, view, pair)
    if found is not None:
        return found
    return ports.Row(view=view, id=pair, version=0, position=0, body=empty.model_dump(mode="json"))


def _with_parameters(the_desk: Desk, row: ports.Row) -> dict[str, Any]:
    today, known = the_desk.day(), _rules(row.body)
    return {
        **row.body,
        "parameters_today": known.parameters(today).model_dump(mode="json"),
        "version_today": known.parameters_version(today),
    }


@router.get(
    "/pairs/{pair}/standards",
    summary="查看市级规则",
    response_model=Resource[StandardsRow],
    responses=READ_ERRORS,
    operation_id="get_standards",
)
def get_standards(pair: PairId, the_desk: Then, who: Who) -> JSONResponse:
    """市级结对单位设定的依据、废止、参数和日历，逐条编号；其他结对单位为空。"""
    may_read(the_desk, who, pair, Matter.REGISTER)
    row = _sheet(the_desk, pair, "standards", standards.Standards(id=pair))
    return JSONResponse(resource(pair, row), headers={"ETag": etag(row.version)})


@router.get(
    "/pairs/{pair}/rulebook",
    summary="查看适用规则",
    response_model=Resource[RulesInForce],
    responses=READ_ERRORS,
    operation_id="get_rulebook",
)
def get_rulebook(pair: PairId, the_desk: Then, who: Who) -> JSONResponse:
    """本单位已采用的依据、参数和日历，各自何时起施行、取自市级台账何处；并列出当日有效的参数。"""
    may_read(the_desk, who, pair, Matter.REGISTER)
    row = _sheet(the_desk, pair, "rulebook", rulebook.Rulebook(id=pair))
    shown = resource(pair, row, lambda each: _with_parameters(the_desk, each))
    return JSONResponse(shown, headers={"ETag": etag(row.version)})


@router.get(
    "/pairs/{pair}/calendars/{year}",
    summary="查看一年的工作日历",
    response_model=WorkingDays,
    responses=READ_ERRORS,
    operation_id="get_calendar",
)
def get_calendar(
    pair: PairId,
    year: Annotated[forms.Whole, Path(ge=standards.YEARS.start, le=standards.YEARS.stop - 1, title="年份")],
    the_desk: Then,
    who: Who,
    on: Annotated[
        forms.Day | None, Query(title="按哪一日所知", description="即 valid_on：默认为今天。")
    ] = None,
) -> JSONResponse:
    """本单位计算工作日所用的日历，只列例外；尚未公布的年份暂按周一至周五计，标明暂定。"""
    may_read(the_desk, who, pair, Matter.REGISTER)
    day, known = day_asked(the_desk, on) or the_desk.today(), known_rules(the_desk, pair)
    used = known.calendar_known(day, base=the_desk.calendar)
    days = calendar.exceptions(year, calendar=used)
    shown = WorkingDays(
        year=year,
        known_on=day,
        provisional=used.is_provisional(date(year, 1, 1)),
        source=_source(known, year, day, used),
        off=list(days.off),
        worked=list(days.worked),
    )
    return JSONResponse(shown.model_dump(mode="json"))


def _source(known: rulebook.Rulebook, year: int, day: date, used: calendar.Calendar) -> str:
    adopted = known.calendar_of(year, known_on=day)
    if adopted is not None:
        return adopted.calendar.document
    return "尚未公布" if used.is_provisional(date(year, 1, 1)) else "系统内置的国务院办公厅放假安排"
