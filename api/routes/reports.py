"""Reports: figures, the members behind each of them, and the same as a workbook or as CSV."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api import forms, problems
from api.auth import Person, Who, may_read
from api.desk import Desk
from api.limits import DIVISION, XLSX, PairId, Unhurried
from api.moments import Then, ThenAll, day_asked
from api.problems import ApiError
from api.routes.reads import AFTER_PAIR, READ_ERRORS, Cursor, Limit, seal, unseal
from application import commands, report_book, report_csv, report_seals, report_source, reports
from application.report_book import TableName
from domain.mandates import prefix
from domain.queries import Matter

router = APIRouter(tags=["报告"])
ERRORS = {**READ_ERRORS, **problems.declared(403)}
CSV = "text/csv; charset=utf-8"
Scope = Annotated[str, Query(pattern=DIVISION, title="区划代码", examples=["140800"])]
Year = Annotated[forms.Whole, Path(ge=2003, le=2100, title="年度", examples=[2025])]
On = Annotated[
    forms.Day | None, Query(title="截至日期", description="即 valid_on：默认今天或该年12月31日，以早者为准。")
]
Public = Annotated[bool, Query(title="供公开", description="隐去不公开和依申请公开的内容。")]
Which = Annotated[TableName, Query(title="哪张表", examples=["ledger"])]
FigureName = Annotated[str, Path(max_length=60, title="指标", examples=["decisions.established"])]


class LinkedReport(BaseModel):
    """报告，以及每个数字背后的对象清单的链接。"""

    report: reports.Report = Field(title="报告")
    members: dict[str, dict[str, str]] = Field(
        title="清单链接", description="mandatory、voluntary 或结对单位编号 → 指标 → 链接。"
    )
    checkpoints: report_seals.Seals = Field(title="所依据的检查点")


class Members(BaseModel):
    """一个数字背后的对象，一页。"""

    figure: str = Field(title="指标")
    label: str = Field(title="名称")
    count: int = Field(title="总数")
    items: list[reports.Member] = Field(title="本页")
    next_cursor: str | None = Field(default=None, title="下一页的游标")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is reported on: a subtree, or one pair alone; ``scope`` is what its ids begin with."""

    scope: str
    alone: bool
    year: int
    on: date | None


def _city(the_desk: Desk, who: Person, *, scope: str, year: int, on: date | None) -> _Asked:
    if not who.covers_all(scope, Matter.REPORTS):
        raise ApiError(403, "no-subtree", "没有读取该区划报告的职责。")
    return _Asked(scope=prefix(scope), alone=False, year=year, on=day_asked(the_desk, on))


def _pair(the_desk: Desk, who: Person, *, pair: str, year: int, on: date | None) -> _Asked:
    may_read(the_desk, who, pair, Matter.REPORTS)
    if the_desk.views.row(pair, "pair", pair) is None:
        raise commands.UnknownPair
    return _Asked(scope=pair, alone=True, year=year, on=day_asked(the_desk, on))


def _period(the_desk: Desk, asked: _Asked) -> report_source.Period:
    try:
        return report_source.period(asked.year, today=the_desk.today(), on=asked.on)
    except (report_source.YearNotBegun, report_source.DayOutsideYear) as wrong:
        title = (type(wrong).__doc__ or "").strip()
        raise ApiError(422, "bad-report-day", title, pointer="query:on") from wrong


def _source(the_desk: Desk, asked: _Asked) -> report_source.Source:
    return report_source.gather(
        the_desk.views,
        scope=asked.scope,
        period=_period(the_desk, asked),
        days=the_desk.calendar,
        divisions=the_desk.divisions.all(),
        alone=asked.alone,
    )


def _report(the_desk: Desk, source: report_source.Source, root: str, query: dict[str, str]) -> JSONResponse:
    report = reports.report(source)
    # The list behind a number is of the number's own moment; its day is the report's.
    moment = {name: each for name, each in the_desk.asked().items() if name != "valid_on"}

    def links(figures: dict[str, int], **chosen: str) -> dict[str, str]:
        asked = urlencode({**query, **moment, "on": report.on.isoformat(), **chosen})
        return {name: f"{root}/figures/{name}?{asked}" for name in figures}

    members: dict[str, Any] = {
        "mandatory": links(report.mandatory.figures, group="mandatory"),
        "voluntary": links(report.voluntary.figures, group="voluntary"),
        **{line.pair: links(line.figures, pair=line.pair) for line in report.pairs},
    }
    sealed = report_seals.of_report(
        the_desk.sealer.checkpoints, report, scope=source.scope, until=the_desk.moment.get("as_of")
    )
    shown = {
        "report": report.model_dump(mode="json"),
        "members": members,
        "checkpoints": sealed.model_dump(mode="json"),
    }
    return JSONResponse(shown, headers={"ETag": f'"{report.sha256}"'})


def _members(
    the_desk: Desk,
    source: report_source.Source,
    figure: str,
    *,
    pair: str | None,
    group: reports.Group | None,
    cursor: str | None,
    limit: int,
) -> JSONResponse:
    bound = {"figure": figure, "year": source.year, "scope": source.scope, "on": source.on}
    bound |= {"pair": pair, "group": group, **the_desk.moment}
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


def _papers(the_desk: Desk, asked: _Asked, *, public: bool) -> report_book.Papers:
    return report_book.gather(
        the_desk.views,
        scope=asked.scope,
        period=_period(the_desk, asked),
        days=the_desk.calendar,
        divisions=the_desk.divisions.all(),
        alone=asked.alone,
        public=public,
    )


def _workbook(the_desk: Desk, papers: report_book.Papers) -> Response:
    content = the_desk.workbooks.write(report_book.book(papers))
    return _file(papers, content, what="台账和汇总", ending="xlsx", media=XLSX)


def _csv(papers: report_book.Papers, table: TableName) -> Response:
    made = report_book.table(papers, table)
    return _file(papers, report_csv.csv_of(made), what=made.name, ending="csv", media=CSV)


def _file(papers: report_book.Papers, content: bytes, *, what: str, ending: str, media: str) -> Response:
    source = papers.source
    day = source.on.isoformat()
    full = quote(f"{source.area}联席会议{source.year}年{what}（截至{day}）.{ending}")
    plain = f"lianxi-{source.scope}-{source.year}-{day}.{ending}"
    kind = f"{what}{'-public' if papers.public else ''}".encode().hex()
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{full}",
        "ETag": f'"{reports.report(source).sha256}-{kind}"',
    }
    return Response(content, media_type=media, headers=headers)


def _answers(media: str) -> dict[int | str, Any]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "文件", "content": {media: binary}}, **ERRORS}


GET: dict[str, Any] = {"dependencies": [Unhurried]}


@router.get(
    "/reports/city/{year}",
    summary="年度汇总报告",
    response_model=LinkedReport,
    responses=ERRORS,
    operation_id="city_report",
    **GET,
)
def city(year: Year, the_desk: ThenAll, who: Who, scope: Scope = "140800", on: On = None) -> JSONResponse:
    """某区划及其下级在一个年度的情况：参照建制的单列；分母为零的比率印“—”；写明所依据的台账位置和哈希。"""
    source = _source(the_desk, _city(the_desk, who, scope=scope, year=year, on=on))
    return _report(the_desk, source, f"/v1/reports/city/{year}", {"scope": scope})


@router.get(
    "/reports/city/{year}/figures/{figure}",
    summary="一个数字背后的对象清单",
    response_model=Members,
    responses=ERRORS,
    operation_id="city_report_members",
    **GET,
)
def figure(
    year: Year,
    figure: FigureName,
    the_desk: ThenAll,
    who: Who,
    scope: Scope = "140800",
    on: On = None,
    pair: Annotated[str | None, Query(pattern=DIVISION, title="结对单位")] = None,
    group: Annotated[reports.Group | None, Query(title="应建制或参照建制")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> JSONResponse:
    """数字就是清单的条数，两者不会不符。"""
    source = _source(the_desk, _city(the_desk, who, scope=scope, year=year, on=on))
    return _members(the_desk, source, figure, pair=pair, group=group, cursor=cursor, limit=limit)


@router.get(
    "/reports/city/{year}/workbook",
    summary="年度汇总报告和台账（xlsx）",
    response_class=Response,
    responses=_answers(XLSX),
    operation_id="city_workbook",
    **GET,
)
def city_workbook(
    year: Year,
    the_desk: ThenAll,
    who: Who,
    scope: Scope = "140800",
    on: On = None,
    public: Public = False,  # noqa: FBT002 - a query has no positions.
) -> Response:
    """汇总、12个月台账、指标口径、偏离各一张表；另有一张隐藏的表写明统计日、各台账的位置和哈希。相同的事实得到相同的文件。"""
    asked = _city(the_desk, who, scope=scope, year=year, on=on)
    return _workbook(the_desk, _papers(the_desk, asked, public=public))


@router.get(
    "/reports/city/{year}/csv",
    summary="年度汇总报告的一张表（CSV）",
    response_class=Response,
    responses=_answers(CSV),
    operation_id="city_csv",
    **GET,
)
def city_csv(
    year: Year,
    the_desk: ThenAll,
    who: Who,
    table: Which,
    scope: Scope = "140800",
    on: On = None,
    public: Public = False,  # noqa: FBT002 - a query has no positions.
) -> Response:
    """Ledger 台账，figures 指标，members 各指标的清单，deviations 偏离；UTF-8（带 BOM）。"""
    asked = _city(the_desk, who, scope=scope, year=year, on=on)
    return _csv(_papers(the_desk, asked, public=public), table)


@router.get(
    "/pairs/{pair}/reports/{year}",
    summary="一个结对单位的年度报告",
    response_model=LinkedReport,
    responses=READ_ERRORS,
    operation_id="pair_report",
    **GET,
)
def pair_report(pair: PairId, year: Year, the_desk: Then, who: Who, on: On = None) -> JSONResponse:
    """本单位自己的数字，双方的任职人员都可以看；不含下级。"""
    source = _source(the_desk, _pair(the_desk, who, pair=pair, year=year, on=on))
    return _report(the_desk, source, f"/v1/pairs/{pair}/reports/{year}", {})


@router.get(
    "/pairs/{pair}/reports/{year}/figures/{figure}",
    summary="一个结对单位的一个数字背后的对象清单",
    response_model=Members,
    responses=READ_ERRORS,
    operation_id="pair_report_members",
    **GET,
)
def pair_figure(
    pair: PairId,
    year: Year,
    figure: FigureName,
    the_desk: Then,
    who: Who,
    on: On = None,
    group: Annotated[reports.Group | None, Query(title="应建制或参照建制")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> JSONResponse:
    """数字就是清单的条数，两者不会不符。"""
    source = _source(the_desk, _pair(the_desk, who, pair=pair, year=year, on=on))
    return _members(the_desk, source, figure, pair=None, group=group, cursor=cursor, limit=limit)


@router.get(
    "/pairs/{pair}/reports/{year}/workbook",
    summary="一个结对单位的年度报告和台账（xlsx）",
    response_class=Response,
    responses={**_answers(XLSX)},
    operation_id="pair_workbook",
    **GET,
)
def pair_workbook(
    pair: PairId,
    year: Year,
    the_desk: Then,
    who: Who,
    on: On = None,
    public: Public = False,  # noqa: FBT002 - a query has no positions.
) -> Response:
    """与汇总报告的工作簿相同，只有本单位。"""
    asked = _pair(the_desk, who, pair=pair, year=year, on=on)
    return _workbook(the_desk, _papers(the_desk, asked, public=public))


@router.get(
    "/pairs/{pair}/reports/{year}/csv",
    summary="一个结对单位的年度报告的一张表（CSV）",
    response_class=Response,
    responses=_answers(CSV),
    operation_id="pair_csv",
    **GET,
)
def pair_csv(
    pair: PairId,
    year: Year,
    the_desk: Then,
    who: Who,
    table: Which,
    on: On = None,
    public: Public = False,  # noqa: FBT002 - a query has no positions.
) -> Response:
    """与汇总报告的表相同，只有本单位。"""
    asked = _pair(the_desk, who, pair=pair, year=year, on=on)
    return _csv(_papers(the_desk, asked, public=public), table)
