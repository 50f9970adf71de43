"""Workbooks that are handed in: bounded before they are opened, and never more than values are read."""

import io
import zipfile
import zlib
from datetime import date, datetime
from typing import Any

import python_calamine

from application.importing import MAX_BYTES, TEMPLATE, BadWorkbook, Cell, Line, Sheets

PACKED, UNPACKED, MEMBERS = MAX_BYTES, 20 << 20, 200
COLUMNS = 60
ENCRYPTED = b"\xd0\xcf\x11\xe0"


def read(content: bytes) -> Sheets:
    """Give the rows of the template's sheets by their headers. Raises: BadWorkbook."""
    _check(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        raw = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in TEMPLATE
            if name in names
        }
    except (python_calamine.CalamineError, OSError, ValueError) as broken:
        raise BadWorkbook("文件损坏，或不是 .xlsx 工作簿。") from broken
    return {name: _lines(name, rows) for name, rows in raw.items()}


def _check(content: bytes) -> None:
    if len(content) > PACKED:
        raise BadWorkbook(f"文件超过 {PACKED >> 20} MB。")
    if content.startswith(ENCRYPTED):
        raise BadWorkbook("文件已加密，或是旧版 .xls。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            real = sum(_size(packed, each) for each in members[:MEMBERS])
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, ValueError) as broken:
        raise BadWorkbook("文件损坏，或不是 .xlsx 工作簿。") from broken
    if len(members) > MEMBERS or real > UNPACKED:
        raise BadWorkbook(f"工作簿展开后超过 {UNPACKED >> 20} MB 或 {MEMBERS} 个部件。")
    if any("vbaproject" in each.filename.lower() for each in members):
        raise BadWorkbook("工作簿含有宏。")


def _size(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    # A member's declared size may lie, so no more than the bound is unpacked to see.
    if member.file_size > UNPACKED:
        return member.file_size
    total = 0
    with packed.open(member) as stream:
        while piece := stream.read(1 << 16):
            total += len(piece)
            if total > UNPACKED:
                break
    return total


def _lines(sheet: str, rows: list[list[Any]]) -> list[Line]:
    if not rows:
        return []
    headers = [str(each).strip().rstrip("*＊") for each in rows[0][:COLUMNS]]
    wanted = {column.header for column in TEMPLATE[sheet]}
    unknown = [each for each in headers if each and each not in wanted]
    if unknown or len({each for each in headers if each}) != len([each for each in headers if each]):
        raise BadWorkbook(f"工作表“{sheet}”的表头与模板不符：{'、'.join(unknown) or '有重复的列'}。")
    letters = {header: _letters(place) for place, header in enumerate(headers) if header}
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {
            header: cell
            for header, value in zip(headers, row, strict=False)
            if header and (cell := _cell(value)) is not None
        }
        if cells:
            lines.append(Line(sheet, number, cells, letters))
    return lines


def _cell(value: Any) -> Cell | None:
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        return Cell(day.isoformat(), day)
    if isinstance(value, bool):
        return Cell("是" if value else "否")
    if isinstance(value, float) and value.is_integer():
        return Cell(str(int(value)))
    text = str(value).strip()
    return Cell(text) if text else None


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
