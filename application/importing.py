"""From the rows of a workbook to the command that imports them: every text read, or listed with its cell.

Pure: how a workbook is opened is the machine's business. A row keeps its raw texts beside what was read out of them.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

from pydantic import ValidationError

from domain import archives, legacy, old_forms, people, wording
from domain.refusals import Refusal
from domain.regulation import Category, Disclosure

MEETINGS, DECISIONS = "会议", "议定事项"
# A workbook of the largest batch has less than two million bytes.
MAX_BYTES: Final = 5 << 20
SHA256: Final = re.compile(r"[0-9a-f]{64}")
SEPARATORS: Final = re.compile(r"[、，,；;\n]")
KINDS: Final = {"年度会议": archives.Kind.ANNUAL, "临时会议": archives.Kind.SPECIAL}
STANDINGS: Final = {each.label: each for each in archives.Standing}
YES_NO: Final = {"是": True, "否": False}
CATEGORIES: Final = {name: each for each in Category for name in (each.value, each.label[:3], each.label)}


class BadWorkbook(Refusal):
    """该文件不能作为历史资料补录。"""

    requirement = "R-098"
    remedy = "请用 lianxi import template 或接口下载的模板（.xlsx）填写，不加密、不含宏。"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a person sees in a cell; a date cell is read as its day."""

    text: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet, by its headers; ``number`` is that of the row, ``letters`` name all its columns."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]
    letters: Mapping[str, str]


Sheets = Mapping[str, Sequence[Line]]


class Workbooks(Protocol):
    """Opens what was handed in, and makes the template."""

    def read(self, content: bytes) -> Sheets:
        """Give the rows of a filled template. Raises: BadWorkbook."""

    def template(self, units: Iterable[people.Unit]) -> bytes:
        """Make the empty template; ``units`` are listed for reference."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One conflict where a person finds it: sheet, row, column."""

    sheet: str
    row: int
    column: str
    header: str
    problem: str
    remedy: str

    @property
    def pointer(self) -> str:
        return f"{self.sheet}!{self.column}{self.row or ''}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the template: its header, the field that it fills, how it is read, what to write there."""

    header: str
    field: str
    read: Callable[[Cell], Any]
    note: str
    example: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


def _day(cell: Cell) -> date:
    return cell.day if cell.day is not None else old_forms.day(cell.text)


def _number(cell: Cell) -> str:
    return old_forms.number(cell.text)


def _whole(cell: Cell) -> int:
    found = re.fullmatch(r"第?\s*([0-9]{1,4})\s*[%次项]?", cell.text)
    if found is None:
        raise old_forms.NotRead(f"“{cell.text}”不是整数")
    return int(found[1])


def _text(cell: Cell) -> str:
    return cell.text


def _names(cell: Cell) -> tuple[str, ...]:
    return tuple(name.strip() for name in SEPARATORS.split(cell.text) if name.strip())


def _fingerprint(cell: Cell) -> str:
    text = cell.text.lower()
    if not SHA256.fullmatch(text):
        raise old_forms.NotRead("扫描件的 SHA-256 应为 64 位十六进制数字")
    return text


def _choice(known: Mapping[str, Any]) -> Callable[[Cell], Any]:
    def read(cell: Cell) -> Any:
        if cell.text not in known:
            raise old_forms.NotRead(f"“{cell.text}”不在可选范围内：{'、'.join(list(known)[:8])}")
        return known[cell.text]

    return read


SOURCE = (
    Column(
        "来源文件",
        "title",
        _text,
        "原件（纪要等）的名称。",
        "2024年11月28日联席会议纪要（扫描件）",
        required=True,
    ),
    Column("扫描件SHA-256", "sha256", _fingerprint, "扫描件文件的 SHA-256，64 位。", "0" * 64, required=True),
)
MEETING_COLUMNS: Final = (
    Column(
        "会议日期",
        "held_on",
        _day,
        "如 2003年1月20日、2003-01-20、二○○三年一月二十日。",
        "2024年11月28日",
        required=True,
    ),
    Column("会议类别", "kind", _choice(KINDS), "不填按年度会议。", "年度会议", choices=tuple(KINDS)),
    Column("次序号", "ordinal", _whole, "原件印有、且历年连续编号的才填。", "1"),
    Column("会议名称", "title", _text, "照原件。", "芮城县人民政府与芮城县总工会联席会议", required=True),
    Column("主持人职务", "chair", _text, "只写职务，不写姓名。", "县长"),
    Column("会议地点", "place", _text, "", "县政府三楼会议室"),
    Column("纪要文号", "minutes_number", _number, "照原件，旧式写法也可以。", "芮政办纪[2024]第011号"),
    Column(
        "公开属性",
        "disclosure",
        _choice({each.value: each for each in Disclosure}),
        "不明的不填，按不公开对待。",
        "",
        choices=tuple(each.value for each in Disclosure),
    ),
    *SOURCE,
)
DECISION_COLUMNS: Final = (
    Column("会议日期", "meeting_held_on", _day, "所属会议的日期。", "2024年11月28日", required=True),
    Column("序号", "number", _whole, "在该次会议议定事项中的序号。", "1", required=True),
    Column("议定事项", "text", _text, "照原件。", "工人文化宫消防改造", required=True),
    Column(
        "内容类别",
        "category",
        _choice(CATEGORIES),
        "C1 至 C7，不明的不填。",
        "C4",
        choices=tuple(each.value for each in Category),
    ),
    Column("牵头单位", "lead_names", _names, "照原件，几个单位用顿号隔开。", "县住建局", required=True),
    Column("现牵头单位", "lead_units", _names, "未落实的必填：已登记单位的名称或编号。", ""),
    Column("配合单位", "cooperating_names", _names, "照原件。", ""),
    Column("现配合单位", "cooperating_units", _names, "已登记单位的名称或编号。", ""),
    Column("责任领导", "leader", _text, "只写职务，不写姓名。", "分管副县长"),
    Column("完成时限", "deadline", _day, "原件未写明的不填。", "2025年6月30日"),
    Column(
        "长期事项", "long_term", _choice(YES_NO), "长期事项填“是”，不填时限。", "否", choices=tuple(YES_NO)
    ),
    Column("汇报间隔（月）", "report_interval_months", _whole, "长期事项填写，1 至 12。", ""),
    Column(
        "办理情况",
        "standing",
        _choice(STANDINGS),
        "截至补录之日。",
        "未落实",
        required=True,
        choices=tuple(STANDINGS),
    ),
    Column("办结日期", "closed_on", _day, "已办结、终止、替代的填写。", ""),
    Column("完成%", "percent", _whole, "", "20"),
    Column("情况说明", "explanation", _text, "", "图审未完成。"),
    *SOURCE,
)
TEMPLATE: Final = {MEETINGS: MEETING_COLUMNS, DECISIONS: DECISION_COLUMNS}
RECORDS: Final[dict[str, type[archives.MeetingRecord | archives.DecisionRecord]]] = {
    MEETINGS: archives.MeetingRecord,
    DECISIONS: archives.DecisionRecord,
}
LISTS: Final = {MEETINGS: "meetings", DECISIONS: "decisions"}


@dataclass(slots=True)
class Reading:
    """What was read of a workbook: the records with their rows, and what could not be read."""

    records: dict[str, list[Any]] = field(default_factory=lambda: {MEETINGS: [], DECISIONS: []})
    lines: dict[str, list[Line]] = field(default_factory=lambda: {MEETINGS: [], DECISIONS: []})
    faults: list[Fault] = field(default_factory=list)


def read(sheets: Sheets, *, units: Mapping[str, people.Unit]) -> Reading:
    """Read every row; whatever cannot be read is a fault with its cell, and its row yields no record.

    Raises: BadWorkbook where there are more rows than one batch may have.
    """
    for sheet, most in ((MEETINGS, archives.MAX_MEETINGS), (DECISIONS, archives.MAX_DECISIONS)):
        if len(sheets.get(sheet, ())) > most:
            raise BadWorkbook(f"工作表“{sheet}”超过 {most} 行，请分几次补录。")
    reading = Reading()
    for sheet, columns in TEMPLATE.items():
        if sheet not in sheets:
            reading.faults.append(
                Fault(sheet, 0, "", "", f"没有工作表“{sheet}”。", "请使用模板，不改工作表名。")
            )
            continue
        for line in sheets[sheet]:
            record = _record(line, columns, units, reading.faults)
            if record is not None:
                reading.records[sheet].append(record)
                reading.lines[sheet].append(line)
    return reading


def _record(
    line: Line, columns: Sequence[Column], units: Mapping[str, people.Unit], faults: list[Fault]
) -> Any | None:
    body: dict[str, Any] = {"raw": {header: cell.text for header, cell in line.cells.items()}}
    document: dict[str, str] = {}
    before = len(faults)
    for column in columns:
        cell = line.cells.get(column.header)
        if cell is None:
            if column.required:
                remedy = column.note or "请照原件填写。"
                faults.append(_fault(line, column.header, "缺少此项。", remedy))
            continue
        try:
            value = column.read(cell)
            if column.field in {"lead_units", "cooperating_units"}:
                value = tuple(_unit(name, units) for name in value)
        except old_forms.NotRead as unread:
            faults.append(_fault(line, column.header, f"{unread}。", column.note))
            continue
        (document if column in SOURCE else body)[column.field] = value
    if len(faults) > before:
        return None
    try:
        return RECORDS[line.sheet].model_validate({**body, "document": document})
    except ValidationError as invalid:
        said = "内容过长、过大或含不可用的字符。"
        faults += [
            _at(line, [str(part) for part in each["loc"]], said, "请核对。") for each in invalid.errors()
        ]
        return None


def _unit(name: str, units: Mapping[str, people.Unit]) -> str:
    found = [each.id for each in units.values() if name in {each.id, each.name}]
    if len(found) != 1:
        raise old_forms.NotRead(
            f"没有登记名称或编号为“{name}”的单位" if not found else f"有几个单位名为“{name}”"
        )
    return found[0]


def _fault(line: Line, header: str, problem: str, remedy: str) -> Fault:
    column = line.letters.get(header, "")
    return Fault(line.sheet, line.number, column, header, problem, remedy or "请核对原件。")


def _at(line: Line, path: Sequence[str], problem: str, remedy: str) -> Fault:
    # 来源文件 and 会议名称 are both titles, each of its own thing.
    within = path[0] == "document"
    columns = SOURCE if within else TEMPLATE[line.sheet][: -len(SOURCE)]
    names = {column.field: column.header for column in columns}
    return _fault(line, names.get(path[-1] if within else path[0], ""), problem, remedy)


def located(conflicts: Iterable[legacy.Conflict], reading: Reading) -> list[Fault]:
    """Put the rules' conflicts, which point into the command, at their cells."""
    found = []
    for each in conflicts:
        _, group, *rest = each.pointer.split("/")
        sheet = next(name for name, value in LISTS.items() if value == group)
        if not rest:
            found.append(Fault(sheet, 0, "", "", each.problem, each.remedy))
            continue
        line = reading.lines[sheet][int(rest[0])]
        found.append(_at(line, rest[1:], each.problem, each.remedy))
    return found


def command(reading: Reading, *, on: date, title: str, content: bytes) -> legacy.ImportHistory:
    """Make the command that imports what was read."""
    return legacy.ImportHistory(
        on=on,
        source=legacy.Source(title=wording.clean(title)[:200], sha256=hashlib.sha256(content).hexdigest()),
        meetings=tuple(reading.records[MEETINGS][: archives.MAX_MEETINGS]),
        decisions=tuple(reading.records[DECISIONS][: archives.MAX_DECISIONS]),
    )


def _about_meeting(conflict: legacy.Conflict) -> bool:
    return conflict.pointer.startswith("/decisions/") and conflict.pointer.endswith("/meeting_held_on")


def check(
    sheets: Sheets, *, ledger: legacy.Ledger, on: date, title: str, content: bytes
) -> tuple[list[Fault], legacy.ImportHistory | None]:
    """List all conflicts of a workbook, sheet by sheet and row by row; the command only where there is none.

    Raises: BadWorkbook.
    """
    reading = read(sheets, units=ledger.units)
    made = command(reading, on=on, title=title, content=content)
    found = faults(reading, made, ledger=ledger)
    return found, None if found else made


def faults(reading: Reading, made: legacy.ImportHistory, *, ledger: legacy.Ledger) -> list[Fault]:
    """List what could not be read and what the rules have against the rest, in the order of the sheets."""
    # Where rows of meetings could not be read, their decisions are not told that they have no meeting.
    lost = any(each.sheet == MEETINGS for each in reading.faults)
    if made.meetings or made.decisions or not reading.faults:
        against = legacy.conflicts(made, ledger)
        found = located((each for each in against if not (lost and _about_meeting(each))), reading)
    else:
        found = []
    found += reading.faults
    order = list(TEMPLATE)
    found.sort(key=lambda each: (order.index(each.sheet), each.row, each.column))
    return found


def refusal(found: Iterable[Fault]) -> legacy.HistoryConflicts:
    """Give the refusal that lists every fault at its cell."""
    return legacy.HistoryConflicts(
        [
            legacy.Conflict(
                pointer=each.pointer,
                problem=f"{each.header}：{each.problem}" if each.header else each.problem,
                remedy=each.remedy,
            )
            for each in found
        ]
    )
