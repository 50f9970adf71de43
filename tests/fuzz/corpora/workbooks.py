"""Workbooks that would hurt whoever opens them: bombs, external entities, lies about sizes, and what is no workbook."""

import io
import zipfile
from collections.abc import Callable, Iterator

from api.limits import XLSX
from application import importing
from tests.fuzz.inputs import Input, Maker, Must, named
from tests.fuzz.stage import Stage

TARGET = "/v1/pairs/140830/imports"
SHEET = "xl/worksheets/sheet1.xml"
ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet xmlns='
    b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>'
)
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row></sheetData></worksheet>'
)
FAR = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)


def books(stage: Stage, make: Maker) -> Iterator[Input]:
    """Each is checked and imported; neither may be accepted, fail, or take long."""
    good = stage.system.history_books.template([])

    def both(name: str, content: bytes, must: Must = Must.REFUSED) -> Iterator[Input]:
        typed = ("Content-Type", XLSX)
        yield named(
            f"{name}, checked", make.post(f"{TARGET}/check?on=2026-12-30", content, typed, role="go"), must
        )
        yield named(
            f"{name}, imported", make.post(f"{TARGET}?on=2026-12-30", content, typed, role="go"), must
        )

    # An empty template holds nothing to record; whether that is accepted, the journeys of imports say.
    yield from both("an empty template", good, Must.EITHER)
    for name, content in _bad(good).items():
        yield from both(name, content)
    for cut in (1, 4, 22, 100, len(good) // 2, len(good) - 1):
        yield from both(f"cut off at {cut}", good[:cut])
    for place in range(30, len(good), max(1, len(good) // 40)):
        turned = bytearray(good)
        turned[place] ^= 0xFF
        yield from both(f"byte {place} turned", bytes(turned), Must.EITHER)


def _bad(good: bytes) -> dict[str, bytes]:
    return {
        "nothing": b"",
        "text": b"a,b,c\n1,2,3\n",
        "old xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000,
        "a zip of nothing": _zip({}),
        "a zip of a text": _zip({"a.txt": b"a"}),
        "a zip of a zip": _zip({"a.zip": good}),
        "over the limit": good + b"\x00" * importing.MAX_BYTES,
        "a bomb": _zip({SHEET: b" " * (50 << 20)}, of=good),
        "a bomb beside": _zip({"xl/media/x.bin": b"\x00" * (50 << 20)}, of=good),
        "10,000 members": _zip({f"m/{n}": b"" for n in range(10_000)}, of=good),
        "an external entity": _zip({SHEET: ENTITY}, of=good),
        "a billion laughs": _zip({SHEET: LAUGHS}, of=good),
        "far cells": _zip({SHEET: FAR}, of=good),
        "no XML": _zip({SHEET: b"\x00\x01\x02"}, of=good),
        "XML cut off": _zip({SHEET: b"<worksheet><sheetData><row"}, of=good),
        "XML of something else": _zip({SHEET: b"<html><body/></html>"}, of=good),
        "deep XML": _zip({SHEET: b"<a>" * 200_000}, of=good),
        "UTF-16 XML": _zip({SHEET: '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16")}, of=good),
        "a member that climbs": _zip({"../../../../tmp/x": b"x", "/etc/x": b"x"}, of=good, without=SHEET),
        "macros": _zip({"xl/vbaProject.bin": b"x"}, of=good),
        "no workbook part": _zip({}, of=good, without="xl/workbook.xml"),
        "no content types": _zip({}, of=good, without="[Content_Types].xml"),
        "no sheet": _zip({}, of=good, without=SHEET),
        "a size that lies": _lying(good),
        "encrypted": _flagged(good),
    }


def _zip(members: dict[str, bytes], *, of: bytes = b"", without: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        if of:
            with zipfile.ZipFile(io.BytesIO(of)) as before:
                for name in before.namelist():
                    if name not in members and name != without:
                        packed.writestr(name, before.read(name))
        for name, content in members.items():
            packed.writestr(name, content)
    return made.getvalue()


def _headers(content: bytes, change: Callable[[bytearray, int], None]) -> bytes:
    """Change each entry of a zip's central directory."""
    made = bytearray(content)
    place = made.find(b"PK\x01\x02")
    while place >= 0:
        change(made, place)
        place = made.find(b"PK\x01\x02", place + 4)
    return bytes(made)


def _lying(good: bytes) -> bytes:
    bomb = _zip({SHEET: b" " * (50 << 20)}, of=good)

    def small(made: bytearray, place: int) -> None:
        made[place + 24 : place + 28] = (100).to_bytes(4, "little")

    return _headers(bomb, small)


def _flagged(good: bytes) -> bytes:
    def locked(made: bytearray, place: int) -> None:
        made[place + 8] |= 1

    return _headers(good, locked)
