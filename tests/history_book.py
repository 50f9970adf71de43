"""Filled templates for tests: the real template, filled with openpyxl as Excel would."""

import io
from datetime import date
from typing import Any

import openpyxl

from infrastructure.history_books import Workbooks
from tests import builders as b

MEETING = {
    "会议日期": "二○二四年十一月二十八日",
    "次序号": "1",
    "会议名称": "芮城县人民政府与县总工会联席会议",
    "主持人职务": "县长",
    "纪要文号": "芮政办纪[2024]第011号",
    "来源文件": "2024年11月28日联席会议纪要（扫描件）",
    "扫描件SHA-256": b.HASH,
}
DECISION = {
    "会议日期": date(2024, 11, 28),
    "序号": 1,
    "议定事项": "工人文化宫消防改造",
    "牵头单位": "县住建局",
    "现牵头单位": "芮城县工业和信息化局",
    "完成时限": "2025.6.30",
    "办理情况": "未落实",
    "完成%": "20%",
    "来源文件": "2024年11月28日联席会议纪要（扫描件）",
    "扫描件SHA-256": b.HASH,
}


def template() -> bytes:
    """Give the empty template of a pair without units."""
    return Workbooks().template([])


def filled(
    *, meetings: list[dict[str, Any]] | None = None, decisions: list[dict[str, Any]] | None = None
) -> bytes:
    """Fill the template with rows, by their headers."""
    book = openpyxl.load_workbook(io.BytesIO(template()))
    rows = {
        "会议": [MEETING] if meetings is None else meetings,
        "议定事项": [DECISION] if decisions is None else decisions,
    }
    for name, lines in rows.items():
        sheet = book[name]
        places = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
        for number, line in enumerate(lines, start=2):
            for header, value in line.items():
                sheet.cell(number, places[header]).value = value
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
