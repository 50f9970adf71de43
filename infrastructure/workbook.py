"""Workbooks written by XlsxWriter: no formulas, no links, no clock."""

import io
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, date, datetime, time
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from application.workbook import Book, Cell, Table, Tone, Toned

A3: Final = 8
# What a spreadsheet would take for the beginning of a formula, were the text typed into it.
RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
# The most characters that a cell can hold.
LONGEST: Final = 32767
FILLS: Final = {Tone.GREEN: "#C6E0B4", Tone.YELLOW: "#FFE699", Tone.RED: "#F4B6B6", Tone.BLUE: "#BDD7EE"}
OPTIONS: Final[dict[str, Any]] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": "宋体", "font_size": 10},
}
CELL: Final[dict[str, Any]] = {"border": 1, "valign": "vcenter", "text_wrap": True}
FORMATS: Final[dict[str, dict[str, Any]]] = {
    # 2号小标宋, by the name that officials' computers know; another font stands in elsewhere.
    "title": {"font_name": "方正小标宋简体", "font_size": 22, "align": "center", "valign": "vcenter"},
    "form": {"font_name": "仿宋_GB2312", "font_size": 12, "valign": "vcenter"},
    "heading": {**CELL, "font_name": "黑体", "align": "center", "bg_color": "#EDEDED"},
    "text": CELL,
    # Should somebody edit the cell, its text stays text.
    "risky": {**CELL, "quote_prefix": True},
    "number": {**CELL, "num_format": "0", "align": "right"},
    "date": {**CELL, "num_format": "yyyy-mm-dd", "align": "center"},
    **{f"tone.{tone.value}": {**CELL, "bg_color": fill} for tone, fill in FILLS.items()},
}
Formats = Mapping[str, Format]


class TooLong(ValueError):
    """A text longer than a cell can hold; it would be cut off silently."""


class XlsxWriter:
    """The port ``Writer``."""

    def write(self, book: Book) -> bytes:
        """Write a workbook (xlsx)."""
        buffer = io.BytesIO()
        # The library changes the options it is given, so a second workbook would get other bytes.
        with xlsxwriter.Workbook(buffer, deepcopy(OPTIONS)) as workbook:
            made_at = datetime.combine(book.made_on, time(), UTC).replace(tzinfo=None)
            workbook.set_properties({"title": book.title, "author": "联席", "created": made_at})
            formats = {name: workbook.add_format(each) for name, each in FORMATS.items()}
            for table in book.tables:
                _table(workbook.add_worksheet(table.name), table, formats)
        return buffer.getvalue()


def _table(sheet: Worksheet, table: Table, formats: Formats) -> None:
    last = len(table.columns) - 1
    head = 0
    if table.title:
        # The only merged cells: everything below can be sorted and filtered.
        if last:
            sheet.merge_range(0, 0, 0, last, "", formats["title"])
        _text(sheet, 0, 0, table.title, formats["title"])
        sheet.set_row(0, 36)
        head = 1
    if table.form:
        _text(sheet, head, 0, table.form, formats["form"])
        sheet.set_row(head, 22)
        head += 1
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(head, place, column.heading, formats["heading"])
    for number, row in enumerate(table.rows, start=head + 1):
        for place, cell in enumerate(row):
            _cell(sheet, number, place, cell, formats)
    _set_up(sheet, table, head=head, last=last)


def _set_up(sheet: Worksheet, table: Table, *, head: int, last: int) -> None:
    sheet.freeze_panes(head + 1, table.fixed)
    sheet.autofilter(head, 0, head + len(table.rows), last)
    sheet.repeat_rows(head)
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    if table.hidden:
        sheet.hide()


def _cell(sheet: Worksheet, row: int, column: int, cell: Cell, formats: Formats) -> None:
    match cell:
        case None | "":
            sheet.write_blank(row, column, None, formats["text"])
        case Toned(text, tone):
            _text(sheet, row, column, text, formats[f"tone.{tone.value}"])
        case date():
            sheet.write_datetime(row, column, datetime.combine(cell, time()), formats["date"])
        case int():
            sheet.write_number(row, column, cell, formats["number"])
        case str():
            _text(sheet, row, column, cell, formats["risky" if cell.startswith(RISKY) else "text"])


def _text(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    if len(text) > LONGEST:
        raise TooLong(f"{sheet.get_name()} {row + 1}:{column + 1}")
    sheet.write_string(row, column, text, style)
