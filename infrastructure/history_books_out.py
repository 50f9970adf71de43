"""The template for paper history: headers, examples, choices; texts stay texts, so that Excel changes no number."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from application.importing import TEMPLATE
from domain import people

ROWS = 5000
# The same template is the same file, whenever it is made.
MADE = datetime(2024, 3, 12, tzinfo=UTC).replace(tzinfo=None)
RULES = (
    "一行一次会议，一行一件议定事项；带 * 的必填。第一行表头不改、不删，工作表不改名。",
    "日期可写 2003年1月20日、2003.1.20、2003-01-20、2003/1/20、二○○三年一月二十日；须有四位年份和月、日。",
    "发文字号照原件填写，〔〕［］[]（）、“第”、补零均可；原样文字一并留存。",
    "议定事项用“会议日期”对应会议；会议可在本表，也可先前已经补录。",
    "次序号须按日期递增；原件按年或按届另起编号的不填，保留在会议名称中。",
    "每行须写明来源文件和扫描件的 SHA-256（Windows：certutil -hashfile 文件 SHA256）。",
    "未落实的事项须在“现牵头单位”填写已登记单位的名称或编号，以便签收办理。",
    "只写职务，不写姓名、电话。",
    "补录前用 lianxi import check 核对；有一处问题，全部不记入。同一份资料重复补录，不会重复记入。",
)


def template(units: Iterable[people.Unit]) -> bytes:
    """Make the template; the registered units are listed on its first sheet."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": "联席会议历史资料补录", "created": MADE})
        head = book.add_format({"bold": True, "bg_color": "#DDDDDD", "border": 1, "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        _explain(book, head, units)
        for name, columns in TEMPLATE.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(columns):
                sheet.set_column(place, place, 18, text)
                sheet.write_string(0, place, column.header + ("*" if column.required else ""), head)
                if column.choices:
                    sheet.data_validation(
                        1, place, ROWS, place, {"validate": "list", "source": list(column.choices)}
                    )
    return kept.getvalue()


def _explain(book: Any, head: Any, units: Iterable[people.Unit]) -> None:
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 3, 40)
    row = 0
    for number, rule in enumerate(RULES, start=1):
        sheet.write_string(row, 0, f"{number}. {rule}")
        row += 1
    for name, columns in TEMPLATE.items():
        row += 1
        for place, title in enumerate((f"“{name}”的列", "填写要求", "示例")):
            sheet.write_string(row, place, title, head)
        for column in columns:
            row += 1
            shown = (column.header + ("*" if column.required else ""), column.note, column.example)
            for place, value in enumerate(shown):
                sheet.write_string(row, place, value)
        row += 1
    row += 1
    for place, title in enumerate(("已登记单位", "编号")):
        sheet.write_string(row, place, title, head)
    for unit in units:
        row += 1
        sheet.write_string(row, 0, unit.name)
        sheet.write_string(row, 1, unit.id)
