"""Workbooks of paper history: the template, and what is refused before it is opened."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from application import importing, surroundings
from domain import legacy
from infrastructure import history_books_in
from infrastructure.history_books import Workbooks
from tests import builders as b
from tests import history_book
from tests.spec.test_legacy import known

ON = b.day(1, 10)


def checked(content, scene=None):
    ledger = surroundings.of_legacy((scene or known()).dossier)
    sheets = Workbooks().read(content)
    return importing.check(sheets, ledger=ledger, on=ON, title="历史资料.xlsx", content=content)


def test_r098_the_same_template_is_the_same_bytes():
    """Whenever it is made."""
    units = known().dossier.units.values()
    assert Workbooks().template(units) == Workbooks().template(units)


def test_r098_the_template_keeps_texts_as_texts():
    """Headers frozen, columns formatted as text, choices offered."""
    book = openpyxl.load_workbook(io.BytesIO(history_book.template()))
    assert book.sheetnames == ["说明", "会议", "议定事项"]
    sheet = book["议定事项"]
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].number_format == "@"
    assert len(sheet.data_validations.dataValidation) == 3


def test_r098_a_filled_template_becomes_the_command_and_keeps_its_raw_texts():
    """Old number, Chinese date, a date cell, percent, a unit by its name."""
    faults, command = checked(history_book.filled())
    assert faults == []
    (meeting,), (decision,) = command.meetings, command.decisions
    assert (meeting.held_on, meeting.minutes_number) == (date(2024, 11, 28), "芮政办纪〔2024〕11号")
    assert meeting.raw["纪要文号"] == "芮政办纪[2024]第011号"
    assert meeting.raw["会议日期"] == "二○二四年十一月二十八日"
    assert (decision.lead_names, decision.lead_units) == (("县住建局",), ("ind",))
    assert (decision.deadline, decision.percent) == (date(2025, 6, 30), 20)
    known().when("GO", command).accepted()


BAD = [
    ("会议", {"会议日期": "2024.11"}, "会议!A2"),
    ("会议", {"会议日期": None}, "会议!A2"),
    ("会议", {"会议名称": "无"}, "会议!D2"),
    ("会议", {"纪要文号": "11号"}, "会议!G2"),
    ("会议", {"会议类别": "例会"}, "会议!B2"),
    ("会议", {"次序号": "甲"}, "会议!C2"),
    ("会议", {"来源文件": "无"}, "会议!I2"),
    ("会议", {"扫描件SHA-256": "见附件"}, "会议!J2"),
    ("会议", {"会议名称": "长" * 300}, "会议!D2"),
    ("议定事项", {"会议日期": "2024-11-27"}, "议定事项!A2"),
    ("议定事项", {"内容类别": "C9"}, "议定事项!D2"),
    ("议定事项", {"现牵头单位": "县住建局"}, "议定事项!F2"),
    ("议定事项", {"现牵头单位": None}, "议定事项!F2"),
    ("议定事项", {"完成时限": "2024-11-01"}, "议定事项!J2"),
    ("议定事项", {"办理情况": "在办"}, "议定事项!M2"),
    ("议定事项", {"扫描件SHA-256": None}, "议定事项!R2"),
]


@pytest.mark.parametrize(("sheet", "change", "cell"), BAD)
def test_r098_every_conflict_names_its_cell(sheet, change, cell):
    """Read or not read: sheet, column and row, and what to do."""
    meeting = history_book.MEETING | (change if sheet == "会议" else {})
    decision = history_book.DECISION | (change if sheet == "议定事项" else {})
    faults, command = checked(history_book.filled(meetings=[meeting], decisions=[decision]))
    assert command is None
    assert [each.pointer for each in faults] == [cell]
    assert all(each.problem and each.remedy and each.header for each in faults)


def test_r098_unread_and_contradictory_rows_are_listed_together():
    """All at once, in the order of the sheets."""
    bad = history_book.MEETING | {"会议名称": "无"}
    other = history_book.DECISION | {"序号": 2, "完成时限": "六月"}
    content = history_book.filled(meetings=[bad], decisions=[history_book.DECISION, other])
    faults, _ = checked(content)
    assert [each.pointer for each in faults] == ["会议!D2", "议定事项!J3"]


def packed(**members):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in members.items():
            book.writestr(name, content)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "损坏"),
        (b"PK\x03\x04nonsense", "损坏"),
        (history_books_in.ENCRYPTED + b"\x00" * 600, "加密"),
        (packed(**{"xl/vbaProject.bin": b"x"}), "宏"),
        (packed(**{"xl/worksheets/sheet1.xml": b"0" * (history_books_in.UNPACKED + 1)}), "展开"),
        (packed(**{f"part{number}": b"" for number in range(history_books_in.MEMBERS + 1)}), "部件"),
        (b"PK" + b"\x00" * history_books_in.PACKED, "超过"),
        (packed(**{"xl/history_book.xml": b"<workbook/>"}), "损坏"),
    ],
)
def test_r098_what_is_no_plain_workbook_is_refused_unopened(content, said):
    """Broken, encrypted, with macros, or swelling: one Chinese sentence, no stack."""
    with pytest.raises(importing.BadWorkbook, match=said):
        Workbooks().read(content)


def test_a_workbook_damaged_anywhere_is_told_so():
    """Whichever byte is turned, it is a workbook still or a refusal: what unpacks it has errors of its own."""
    good = Workbooks().template([])
    refused = 0
    for place in range(30, len(good), 29):
        turned = bytearray(good)
        turned[place] ^= 0xFF
        try:
            history_books_in.read(bytes(turned))
        except importing.BadWorkbook:
            refused += 1
    assert refused > 100


def test_r098_a_changed_header_or_a_missing_sheet_is_told():
    """No column is guessed."""
    book = openpyxl.load_workbook(io.BytesIO(history_book.filled()))
    book["会议"]["A1"] = "日期"
    kept = io.BytesIO()
    book.save(kept)
    with pytest.raises(importing.BadWorkbook, match="表头"):
        Workbooks().read(kept.getvalue())
    del book["会议"]
    kept = io.BytesIO()
    book.save(kept)
    faults, command = checked(kept.getvalue())
    assert command is None
    assert "没有工作表" in faults[0].problem


def test_r098_an_empty_template_imports_nothing():
    """There is nothing to record."""
    faults, command = checked(history_book.template())
    assert command is None
    assert isinstance(faults[0], importing.Fault)
    assert legacy.HistoryConflicts.requirement == "R-098"
