"""The city report: figures, and the members behind each of them."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api import problems
from api.auth import Matter, Person, TheDesk, Who, prefix
from api.desk import Desk
from api.limits import DIVISION, Unhurried
from api.problems import ApiError
from api.routes.reads import AFTER_PAIR, READ_ERRORS, Cursor, Limit, seal, unseal
from application import report_source, reports

router = APIRouter(tags=["报告"])
ERRORS = {**READ_ERRORS, **problems.declared(403)}
Scope = Annotated[str, Query(pattern=DIVISION, title="区划代码", examples=["140800"])]
Year = Annotated[int, Path(ge=2003, le=2100, title="年度", examples=[2025])]
On = Annotated[date | None, Query(title="截至日期", description="默认今天或该年12月31日，以早者为准。")]


class LinkedReport(BaseModel):
    """报告，以及每个数字背后的对象清单的链接。"""

    report: reports.Report = Field(title="报告")
    members: dict[str, dict[str, str]] = Field(
        title="清单链接", description="mandatory、voluntary 或结对单位编号 → 指标 → 链接。"
    )


class Members(BaseModel):
    """一个数字背后的对象，一页。"""

    figure: str = Field(title="指标")
    label: str = Field(title="名称")
    count: int = Field(title="总数")
    items: list[reports.Member] = Field(title="本页")
    next_cursor: str | None = Field(default=None, title="下一页的游标")


def _source(the_desk: Desk, who: Person, *, scope: str, year: int, on: date | None) -> report_source.Source:
    if not who.covers(scope, Matter.BUSINESS):
        raise ApiError(403, "no-subtree", "没有读取该区划报告的职责。")
    try:
        return report_source.gather(
            the_desk.views,
            scope=prefix(scope),
            year=year,
            today=the_desk.today(),
            days=the_desk.calendar,
            on=on,
            divisions=the_desk.divisions.all(),
        )
    except (report_source.YearNotBegun, report_source.DayOutsideYear) as wrong:
        title = (type(wrong).__doc__ or "").strip()
        raise ApiError(422, "bad-report-day", title, pointer="query:on") from wrong


@router.get(
    "/reports/city/{year}",
    summary="年度汇总报告",
    response_model=LinkedReport,
    responses=ERRORS,
    dependencies=[Unhurried],
    operation_id="city_report",
)
def city(year: Year, the_desk: TheDesk, who: Who, scope: Scope = "140800", on: On = None) -> JSONResponse:
    """某区划及其下级在一个年度的情况：参照建制的单列；分母为零的比率印“—”；写明所依据的台账位置和哈希。"""
    report = reports.report(_source(the_desk, who, scope=scope, year=year, on=on))
    shown = report.model_dump(mode="json")

    def links(figures: dict[str, int], **chosen: str) -> dict[str, str]:
        query = {"scope": scope, "on": report.on.isoformat(), **chosen}
        return {name: f"/v1/reports/city/{year}/figures/{name}?{urlencode(query)}" for name in figures}

    members: dict[str, Any] = {
        "mandatory": links(report.mandatory.figures, group="mandatory"),
        "voluntary": links(report.voluntary.figures, group="voluntary"),
        **{line.pair: links(line.figures, pair=line.pair) for line in report.pairs},
    }
    return JSONResponse({"report": shown, "members": members})


@router.get(
    "/reports/city/{year}/figures/{figure}",
    summary="一个数字背后的对象清单",
    response_model=Members,
    responses=ERRORS,
    dependencies=[Unhurried],
    operation_id="city_report_members",
)
def figure(
    year: Year,
    figure: Annotated[str, Path(max_length=60, title="指标", examples=["decisions.established"])],
    the_desk: TheDesk,
    who: Who,
    scope: Scope = "140800",
    on: On = None,
    pair: Annotated[str | None, Query(pattern=DIVISION, title="结对单位")] = None,
    group: Annotated[reports.Group | None, Query(title="应建制或参照建制")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> JSONResponse:
    """数字就是清单的条数，两者不会不符。"""
    source = _source(the_desk, who, scope=scope, year=year, on=on)
    bound = {"figure": figure, "year": year, "scope": scope, "on": on, "pair": pair, "group": group}
    after = unseal(cursor, shape=AFTER_PAIR, bound_to=bound)
    try:
        page = reports.members(source, figure, pair=pair, group=group, after=after, limit=limit)
    except (reports.UnknownFigure, reports.UnknownPair) as unknown:
        raise ApiError(404, "not-found", (type(unknown).__doc__ or "").strip()) from unknown
    following = seal(list(page.next_after), bound_to=bound) if page.next_after is not None else None
    return JSONResponse(
        {
            "figure": figure,
            "label": page.figure.label,
            "count": page.count,
            "items": [each.model_dump(mode="json") for each in page.members],
            "next_cursor": following,
        }
    )
