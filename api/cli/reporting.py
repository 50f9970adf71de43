"""Reports as text, JSON, workbook or CSV."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api import main as composition
from api.cli import shell
from api.cli.shell import AsJson, AsOf, Command, Scope, fail, group, tell
from application import report_book, report_csv, report_seals, report_source, report_text, reports, workbook
from application.report_book import TableName
from domain.mandates import prefix

app = group("报告。")


class ReportFormat(StrEnum):
    """In what form a report is wanted."""

    TEXT = "text"
    JSON = "json"
    XLSX = "xlsx"
    CSV = "csv"


@app.command(cls=Command)
def city(  # noqa: PLR0913 - each is an option.
    year: Annotated[int, typer.Option("--year", metavar="年份", min=2003, max=9998, help="年度。")],
    *,
    scope: Scope = "140800",
    on: Annotated[
        datetime | None,
        typer.Option(
            "--valid-on",
            "--on",
            formats=["%Y-%m-%d"],
            metavar="日期",
            help="统计截止日（业务日期），默认为今天或年末，以早者为准。",
        ),
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
    form: Annotated[ReportFormat, typer.Option("--format", help="输出形式；xlsx 为含台账的工作簿。")] = (
        ReportFormat.TEXT
    ),
    table: Annotated[
        TableName, typer.Option(help="csv 的哪张表：台账、指标、清单或偏离。")
    ] = TableName.LEDGER,
    public: Annotated[bool, typer.Option("--public", help="xlsx 和 csv 隐去不公开的内容。")] = False,
    output: Annotated[Path | None, typer.Option(metavar="文件", help="写入文件，xlsx 必填。")] = None,
) -> None:
    """一年的汇总报告：各单位和合计；参照建制的单位单列。"""
    form = ReportFormat.JSON if as_json else form
    if form is ReportFormat.XLSX and output is None:
        fail("输出 xlsx 须用 --output 指明文件。")
    with shell.opened() as system:
        then = shell.recalled(system, as_of=as_of)
        papers = _papers(
            then,
            year=year,
            scope=scope,
            on=on.date() if on else None,
            public=public,
        )
        if form is ReportFormat.TEXT:
            content = _text(then, papers, until=as_of)
        else:
            content = _shown(papers, form, table, workbooks=system.workbooks)
    if output is None:
        typer.echo(content.decode().removesuffix("\n"))
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        fail(f"不能写入 {output}：{error.strerror}。")
    tell(f"已写入 {output}。")


def _shown(
    papers: report_book.Papers, form: ReportFormat, table: TableName, *, workbooks: workbook.Writer
) -> bytes:
    match form:
        case ReportFormat.XLSX:
            return workbooks.write(report_book.book(papers))
        case ReportFormat.CSV:
            return report_csv.csv_of(report_book.table(papers, table))
        case _:
            return f"{reports.report(papers.source).model_dump_json()}\n".encode()


def _text(system: composition.System, papers: report_book.Papers, *, until: datetime | None) -> bytes:
    report = reports.report(papers.source)
    seals = report_seals.of_report(system.sealer.checkpoints, report, scope=papers.source.scope, until=until)
    return f"{report_text.text(report, seals)}\n".encode()


def _papers(
    system: composition.System, *, year: int, scope: str, on: date | None, public: bool
) -> report_book.Papers:
    try:
        period = report_source.period(year, today=system.today(), on=on)
    except (report_source.YearNotBegun, report_source.DayOutsideYear) as error:
        fail(str(error))
    return report_book.gather(
        system.views,
        scope=prefix(scope),
        period=period,
        days=system.calendar,
        divisions=system.divisions.all(),
        public=public,
    )
