"""The report as a workbook: indicators, the 12-month table, definitions, deviations, and what it all rests on.

Source: R-092, R-093; conventions.md section 6.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from application import deviations, ledger_table, report_rows, report_source, report_texts, reports
from application.figures import DEFINITIONS, FIGURES, MEANS, RATES
from application.ports import Views
from application.report_source import Period, Source
from application.report_texts import DecisionText, PairTexts
from application.reports import Numbers, Report
from application.workbook import Book, Cell, Column, Table
from domain import pairs
from domain.calendar import Calendar
from domain.regulation import CLAUSES

GROUPS: Final = ("市、县（市、区）合计", "参照建制单位合计")


class TableName(StrEnum):
    """The tables that can be had as CSV."""

    LEDGER = "ledger"
    FIGURES = "figures"
    MEMBERS = "members"
    DEVIATIONS = "deviations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """Everything that a workbook is made of."""

    source: Source
    texts: tuple[PairTexts, ...]
    days: Calendar
    public: bool = False


def gather(
    views: Views,
    *,
    scope: str,
    period: Period,
    days: Calendar,
    divisions: Iterable[pairs.Division] = (),
    alone: bool = False,
    public: bool = False,
) -> Papers:
    """Read what a workbook is made of, each pair's rows of one position; arguments as of a report's source.

    ``public``: what is not open to the public is to be withheld (R-017).
    """
    wanted = (*report_source.WANTED, *report_texts.WANTED)
    found = report_rows.read(views, scope, wanted=wanted, alone=alone)
    source = report_source.source(
        found, scope=scope, period=period, days=days, divisions=divisions, alone=alone
    )
    return Papers(source=source, texts=report_texts.texts(found), days=days, public=public)


def book(papers: Papers) -> Book:
    """Make the workbook; pure: the same papers give the same book, in whatever order they were read."""
    report = reports.report(papers.source)
    return Book(
        title=report.title,
        made_on=report.on,
        tables=(
            figures_table(report),
            ledger(papers, report),
            definitions_table(),
            deviations_table(papers.source),
            _foundation(report, public=papers.public),
        ),
    )


def table(papers: Papers, name: TableName) -> Table:
    """Give one table of the report."""
    match name:
        case TableName.LEDGER:
            return ledger(papers, reports.report(papers.source))
        case TableName.FIGURES:
            return figures_table(reports.report(papers.source))
        case TableName.MEMBERS:
            return members_table(papers.source)
        case TableName.DEVIATIONS:
            return deviations_table(papers.source)


def ledger(papers: Papers, report: Report) -> Table:
    """Give the 12-month table."""
    texts: dict[str, dict[str, DecisionText]] = {
        each.pair: {text.id: text for text in each.decisions} for each in papers.texts
    }
    return ledger_table.table(
        reports.pair_years(papers.source),
        texts,
        title=f"{report.title.removesuffix('情况')}议定事项落实台账（截至{report.on.isoformat()}）",
        days=papers.days,
        public=papers.public,
    )


def figures_table(report: Report) -> Table:
    """Give the indicators: counts, then rates with what they are made of, then means; a column for each pair."""
    columns: list[Numbers] = [report.mandatory, report.voluntary, *report.pairs]
    rows: list[tuple[Cell, ...]] = [
        (each.label, each.unit, each.basis, *(numbers.figures[each.name] for numbers in columns))
        for each in report.definitions
    ]
    for name, (label, numerator, denominator) in RATES.items():
        basis = FIGURES[numerator].definition.basis
        rows.append((label, "%", basis, *(_rate(each, name, numerator, denominator) for each in columns)))
    for name, (label, figure) in MEANS.items():
        basis = FIGURES[figure].definition.basis
        rows.append((label, "天", basis, *(numbers.means[name].text for numbers in columns)))
    headings = [*GROUPS, *(line.name for line in report.pairs)]
    return Table(
        name="汇总",
        title=f"{report.title}（截至{report.on.isoformat()}）",
        form=ledger_table.FORM,
        columns=(
            Column("指标", 34),
            Column("单位", 6),
            Column("依据", 8),
            *(Column(each, 16) for each in headings),
        ),
        rows=tuple(rows),
        fixed=1,
    )


def _rate(numbers: Numbers, name: str, numerator: str, denominator: str) -> str:
    # Counts beside percentages: a share of two cases is no tendency.
    return f"{numbers.rates[name].text}（{numbers.figures[numerator]}/{numbers.figures[denominator]}）"


def definitions_table() -> Table:
    """Say what each indicator counts, and what each rate is made of."""
    rows: list[tuple[Cell, ...]] = [
        (each.name, each.label, each.unit, each.basis, CLAUSES[each.basis], each.meaning)
        for each in DEFINITIONS
    ]
    for name, (label, numerator, denominator) in RATES.items():
        top, bottom = FIGURES[numerator].definition, FIGURES[denominator].definition
        meaning = f"{top.label} ÷ {bottom.label}；分母为0的记作“—”"
        rows.append((f"rate:{name}", label, "%", top.basis, CLAUSES[top.basis], meaning))
    for name, (label, figure) in MEANS.items():
        of = FIGURES[figure].definition
        meaning = f"“{of.label}”各件天数的平均；没有的记作“—”"
        rows.append((f"mean:{name}", label, "天", of.basis, CLAUSES[of.basis], meaning))
    return Table(
        name="指标口径",
        title="指标口径",
        columns=(
            Column("编号", 30),
            Column("指标", 30),
            Column("单位", 6),
            Column("要求", 8),
            Column("条款", 14),
            Column("口径", 80),
        ),
        rows=tuple(rows),
        fixed=2,
    )


def deviations_table(source: Source) -> Table:
    """List the soft deviations with their reasons."""
    rows = tuple(
        (of.pair.name, each.on, each.requirement, CLAUSES[each.requirement], each.subject, each.text)
        for of in reports.pair_years(source)
        for each in deviations.of(of)
    )
    return Table(
        name="偏离",
        title="偏离及理由",
        columns=(
            Column("单位", 16),
            Column("日期", 12),
            Column("要求", 8),
            Column("条款", 12),
            Column("对象", 24),
            Column("情况或理由", 80),
        ),
        rows=rows,
        fixed=1,
    )


def members_table(source: Source) -> Table:
    """List the members of every figure, pair by pair."""
    names: Mapping[str, str] = {pair.id: pair.name for pair in source.pairs}
    rows = tuple(
        (name, FIGURES[name].definition.label, each.pair, names.get(each.pair, ""), each.id, each.days)
        for name, listed in reports.all_members(source).items()
        for each in listed
    )
    headings = ("指标编号", "指标", "结对单位", "名称", "对象编号", "天数")
    return Table(name="清单", columns=tuple(Column(each, 20) for each in headings), rows=rows)


def _foundation(report: Report, *, public: bool) -> Table:
    rows: list[tuple[Cell, ...]] = [
        ("格式", report.format, ""),
        ("范围", report.scope, ""),
        ("年度", report.year, ""),
        ("统计日", report.on, ""),
        ("不公开内容", "已隐去" if public else "包含", ""),
        ("报告 SHA-256", report.sha256, ""),
        *((f"台账 {each.pair}", each.position, each.hash) for each in report.rests_on),
    ]
    return Table(
        name="依据",
        columns=(Column("项目", 20), Column("值", 70), Column("哈希", 70)),
        rows=tuple(rows),
        hidden=True,
    )
