"""The workbook and the CSV files: the same facts give the same bytes, and no cell ever runs."""

import csv
import hashlib
import io
import random
import subprocess
import sys
from datetime import date

import openpyxl
import pytest

from application import report_book, report_csv, report_source, reports
from application.report_book import TableName
from application.workbook import Book, Column, Table, Tone, Toned
from domain import calendar
from domain.regulation import Disclosure
from infrastructure import workbook
from tests import builders
from tests.application.ledgers import DIVISIONS, begun, city_ledger, record
from tests.memory import MemoryLedger

TODAY = date(2026, 11, 22)
DAYS = calendar.WeekdayCalendar()
COUNTY, CITY = "140830", "140800"
RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"]
HARMLESS = ["http://example.org", "123", "2025-01-01", "TRUE", "a=1", "_x0041_", "　=1"]


@pytest.fixture(scope="module")
def ledger() -> MemoryLedger:
    return city_ledger()


def papers_of(
    ledger: MemoryLedger, year: int = 2025, *, on=None, scope="1408", **change
) -> report_book.Papers:
    period = report_source.period(year, today=TODAY, on=on)
    return report_book.gather(ledger, scope=scope, period=period, days=DAYS, divisions=DIVISIONS, **change)


def bytes_of(papers: report_book.Papers) -> bytes:
    return workbook.XlsxWriter().write(report_book.book(papers))


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def lines(papers: report_book.Papers) -> list[dict[str, object]]:
    """Give the 12-month table, each line by its headings."""
    table = report_book.table(papers, TableName.LEDGER)
    headings = [column.heading for column in table.columns]
    return [dict(zip(headings, row, strict=True)) for row in table.rows]


def line(papers: report_book.Papers, pair: str, decision: str) -> dict[str, object]:
    name = next(each.name for each in papers.source.pairs if each.id == pair)
    (found,) = (
        each for each in lines(papers) if (each["县（市、区）"], each["议定事项编号"]) == (name, decision)
    )
    return found


# --- the same bytes --------------------------------------------------------------------------------------------


def test_r093_the_same_facts_give_the_same_workbook(ledger):
    first = bytes_of(papers_of(ledger))
    assert bytes_of(papers_of(ledger)) == bytes_of(papers_of(city_ledger())) == first
    assert bytes_of(papers_of(ledger, on=date(2025, 6, 24))) != first


def test_r093_another_process_makes_the_same_workbook(ledger):
    script = (
        "import hashlib\n"
        "from tests.application import test_exports as t\n"
        "print(hashlib.sha256(t.bytes_of(t.papers_of(t.city_ledger()))).hexdigest())"
    )
    run = [sys.executable, "-c", script]
    digests = {
        subprocess.run(
            run, capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path), **seed}
        ).stdout
        for seed in ({"PYTHONHASHSEED": "1", "TZ": "UTC"}, {"PYTHONHASHSEED": "2", "TZ": "Asia/Shanghai"})
    }
    assert digests == {f"{hashlib.sha256(bytes_of(papers_of(ledger))).hexdigest()}\n"}


def test_r093_the_order_of_reading_changes_no_byte_of_the_exports(ledger):
    papers = papers_of(ledger, 2026)
    dice = random.Random(5)

    def mixed(known):
        return tuple(dice.sample(known, len(known)))

    source = papers.source.model_copy(
        update={name: mixed(getattr(papers.source, name)) for name in ("pairs", "rows", "limits", "ledgers")}
    )
    texts = tuple(
        each.model_copy(update={"decisions": mixed(each.decisions)}) for each in mixed(papers.texts)
    )
    shuffled = report_book.Papers(source=source, texts=texts, days=DAYS)
    assert shuffled != papers
    assert bytes_of(shuffled) == bytes_of(papers)
    for name in TableName:
        assert report_csv.csv_of(report_book.table(shuffled, name)) == report_csv.csv_of(
            report_book.table(papers, name)
        )


# --- the workbook ----------------------------------------------------------------------------------------------


def test_r092_the_workbook_is_set_up_for_print_and_for_the_screen(ledger):
    book = opened(bytes_of(papers_of(ledger)))
    assert book.sheetnames == ["汇总", "台账", "指标口径", "偏离", "依据"]
    sheet = book["台账"]
    assert sheet["A1"].font.size == 22
    assert [str(each) for each in sheet.merged_cells.ranges] == [
        f"A1:{sheet.cell(3, sheet.max_column).coordinate[:2]}1"
    ]
    assert "填报单位" in sheet["A2"].value
    assert [cell.value for cell in sheet[3]] == [each.heading for each in report_book.ledger_table.COLUMNS]
    assert sheet.freeze_panes == "G4"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    # One page wide, which is the default and not written, and as many pages high as it takes.
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.auto_filter.ref.startswith("A3:")
    assert sheet.column_dimensions["F"].width >= 40
    assert all(len(each.merged_cells.ranges) <= 1 for each in book)


def test_r093_a_hidden_sheet_names_the_positions_and_hashes(ledger):
    papers = papers_of(ledger)
    book = opened(bytes_of(papers))
    assert [each.sheet_state for each in book] == ["visible"] * 4 + ["hidden"]
    held = {row[0].value: (row[1].value, row[2].value) for row in book["依据"].iter_rows(min_row=2)}
    assert held["报告 SHA-256"][0] == reports.report(papers.source).sha256
    assert held["统计日"][0].date() == papers.source.on
    for pair, head in ledger.heads("1408").items():
        assert held[f"台账 {pair}"] == (head.position, head.hash.hex())
    assert book.properties.created.date() == papers.source.on


def test_r092_cells_have_their_kinds_and_lights_their_words_and_colours(ledger):
    sheet = opened(bytes_of(papers_of(ledger)))["台账"]
    heads = {cell.value: cell.column for cell in sheet[3]}
    rows = {sheet.cell(row, heads["县（市、区）"]).value: row for row in range(4, sheet.max_row + 1)}

    def cell(name, heading):
        return sheet.cell(rows[name], heads[heading])

    assert cell("运城市", "召开日期").is_date
    assert cell("运城市", "完成时限（原）").value.date() == date(2025, 11, 28)
    assert cell("运城市", "完成%").value == 50
    light = cell("运城市", "状态灯")
    assert light.value.startswith("■红 两个汇报周期未汇报")
    assert light.fill.fgColor.rgb == "FFF4B6B6"
    assert cell("芮城县", "状态灯").value == "●绿 按期办结"
    assert cell("芮城县", "状态灯").fill.fgColor.rgb == "FFC6E0B4"


@pytest.mark.parametrize("text", [*RISKY, *HARMLESS])
def test_r092_no_text_is_ever_a_formula_or_a_link(text):
    table = Table(
        name="一", columns=(Column(text),), rows=((text,), (Toned(text, Tone.RED),)), title=text, form=text
    )
    content = workbook.XlsxWriter().write(Book(title=text, made_on=TODAY, tables=(table,)))
    sheet = opened(content)["一"]
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type == "s"
            assert cell.hyperlink is None
            assert cell.value.replace("\r", "").replace("_x000D_", "") == text.replace("\r", "")
    assert sheet["A4"].quotePrefix is text.startswith(workbook.RISKY)


def test_r092_a_text_that_a_cell_cannot_hold_is_never_cut_off():
    table = Table(name="一", columns=(Column("a"),), rows=(("长" * 32768,),))
    with pytest.raises(workbook.TooLong):
        workbook.XlsxWriter().write(Book(title="", made_on=TODAY, tables=(table,)))


def test_r092_nothing_of_the_report_is_a_formula(ledger):
    for sheet in opened(bytes_of(papers_of(ledger, 2026))):
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert kinds <= {"s", "n", "d"}


def test_r092_the_workbook_says_the_numbers_of_the_report(ledger):
    papers = papers_of(ledger)
    report = reports.report(papers.source)
    sheet = opened(bytes_of(papers))["汇总"]
    by_label = {row[0].value: [cell.value for cell in row[3:]] for row in sheet.iter_rows(min_row=4)}
    columns = [report.mandatory, report.voluntary, *report.pairs]
    for each in report.definitions:
        assert by_label[each.label] == [numbers.figures[each.name] for numbers in columns]
    assert by_label["累计办结率"][0] == "50.0%（1/2）"
    assert by_label["平均超期天数"][0] == report.mandatory.means["overdue_days"].text == "33.0"


def test_r092_every_label_and_every_name_is_unambiguous(ledger):
    labels = [row[1] for row in report_book.definitions_table().rows]
    assert len(labels) == len(set(labels))


# --- the 12-month table ----------------------------------------------------------------------------------------


def test_r092_the_table_has_one_line_for_each_decision_of_the_population(ledger):
    for year in (2025, 2026):
        papers = papers_of(ledger, year)
        report = reports.report(papers.source)
        count = report.mandatory.figures["decisions"] + report.voluntary.figures["decisions"]
        assert [each["序号"] for each in lines(papers)] == list(range(1, count + 1))


def test_r092_months_show_the_percent_at_their_end_until_it_was_closed(ledger):
    done = line(papers_of(ledger), COUNTY, "M1-01")
    months = [done[f"{month}月"] for month in range(1, 13)]
    # Established in April, reported 50 % on 30 May, verified on 25 June.
    assert months == [None, None, None, 0, 50, 100, *[None] * 6]
    early = line(papers_of(ledger, on=date(2025, 6, 24)), COUNTY, "M1-01")
    assert [early[f"{month}月"] for month in range(1, 13)] == [None, None, None, 0, 50, 50, *[None] * 6]
    assert (early["完成%"], early["办结日期"], early["是否按期"]) == (50, None, "—")
    assert (done["办结日期"], done["是否按期"]) == (date(2025, 6, 20), "按期")
    carried = line(papers_of(ledger, 2026), CITY, "M1-01")
    assert [carried[f"{month}月"] for month in (1, 11, 12)] == [50, 50, None]
    assert "2025年结转" in carried["备注"]


def test_r092_the_table_tells_the_reason_and_the_opinion():
    ledger = MemoryLedger()
    scene = builders.given_nothing(
        *begun(builders.COUNTY),
        builders.established(builders.decided(until=builders.decisions.Status.IN_PROGRESS)),
        builders.meeting(
            "M2", year=2026, agenda=("C1", "C2", "C6"), explained=("M1-01",), opinion="请县财政支持。"
        ),
    )
    record(ledger, scene)
    found = line(papers_of(ledger, 2026), COUNTY, "M1-01")
    assert (found["未落实原因"], found["意见建议/下步措施"]) == ("图审补正，尚未完工。", "请县财政支持。")
    assert found["最近汇报"] == "2025-05-30　50%　已检查40户。"
    before = line(papers_of(ledger, 2026, on=date(2026, 4, 14)), COUNTY, "M1-01")
    assert before["未落实原因"] == ""


@pytest.mark.parametrize("disclosure", list(Disclosure))
def test_r017_what_is_not_public_is_withheld_from_the_public_table(disclosure):
    ledger = MemoryLedger()
    scene = builders.given_nothing(
        *begun(builders.COUNTY),
        builders.topic(),
        builders.meeting(),
        builders.minuted(disclosure=disclosure),
        builders.decided(until=builders.decisions.Status.IN_PROGRESS),
    )
    record(ledger, scene)
    inside, outside = (papers_of(ledger, public=public) for public in (False, True))
    assert line(inside, COUNTY, "M1-01")["议定事项"] == "检查高温津贴发放80户"
    secret = "检查高温津贴发放80户".encode()
    for table in TableName:
        shown = report_csv.csv_of(report_book.table(outside, table))
        withheld = disclosure is not Disclosure.PUBLIC
        assert not (withheld and (secret in shown or "已检查40户".encode() in shown))
    expected = "检查高温津贴发放80户" if disclosure is Disclosure.PUBLIC else "（不公开）"
    assert line(outside, COUNTY, "M1-01")["议定事项"] == expected


# --- CSV -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(TableName))
def test_r092_a_csv_reads_back_as_its_table(ledger, name):
    table = report_book.table(papers_of(ledger), name)
    content = report_csv.csv_of(table)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert read[0] == [each.heading for each in table.columns]
    assert len(read) == len(table.rows) + 1


@pytest.mark.parametrize("text", RISKY)
def test_r092_a_text_that_begins_like_a_formula_is_quoted_in_csv(text):
    content = report_csv.csv_of(
        Table(name="", columns=(Column("a"),), rows=((text,), (Toned(text, Tone.RED),)))
    )
    _, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert rows == [[f"'{text}"], [f"'{text}"]]


def test_r092_the_list_of_members_is_that_of_every_figure(ledger):
    papers = papers_of(ledger)
    report = reports.report(papers.source)
    listed = [row[0] for row in report_book.table(papers, TableName.MEMBERS).rows]
    for name, count in report.mandatory.figures.items():
        assert listed.count(name) == count + report.voluntary.figures[name]


def test_r092_one_pair_alone_leaves_out_what_lies_below_it(ledger):
    alone = papers_of(ledger, scope=COUNTY, alone=True)
    assert [each.id for each in alone.source.pairs] == [COUNTY]
    assert [each.pair for each in alone.source.ledgers] == [COUNTY]
    assert len(papers_of(ledger, scope=COUNTY).source.pairs) == 3
