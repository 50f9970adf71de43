"""发文字号: one register for each pair, so that no number is used twice and none vanishes.

Source: 文头, R-015; GB/T 9704-2012 §7.2.5 – 〔〕 only, four-digit year, no leading zero.
"""

import re
from datetime import date
from typing import assert_never, get_args

from pydantic import Field

from domain import refusals, wording
from domain.decider import Command, Decider, Fact, Signatory, Value, made, not_before

NUMBERED = re.compile(
    r"(?P<code>[\u4e00-\u9fff]{2,12})〔(?P<year>(?:19|20)[0-9]{2})〕(?P<n>[1-9][0-9]{0,4})号"
)
ISSUE = re.compile(r"第(?P<n>[1-9][0-9]{0,3})期")


class BadNumber(refusals.Refusal):
    """发文字号不合规范。"""

    requirement = "R-015"
    remedy = "应写作“代字〔年份〕N号”（六角括号、四位年份、不补零、不加“第”），会议纪要也可写“第N期”。"


class NumberTaken(refusals.Refusal):
    """发文字号已经使用，不得重号。"""

    requirement = "R-015"
    remedy = "请改用未使用的编号；作废的编号也不再使用。"


class NumberNeverUsed(refusals.Refusal):
    """该发文字号没有登记，无从作废。"""

    requirement = "R-015"


class Allocation(Value):
    """One number in the register."""

    number: str
    on: date
    document: str
    voided: str = ""


class DocNumberAllocated(Fact):
    topic = "number.allocated"
    label = "登记发文字号"

    number: str
    form: str
    year: int
    document: str


class DocNumberVoided(Fact):
    topic = "number.voided"
    label = "作废发文字号"

    number: str
    form: str
    year: int
    reason: str


class AllocateDocNumber(Command):
    """预留一个发文字号（办公室的登记簿另有其他文件时）。"""

    number: wording.Line = Field(title="发文字号", examples=["芮政办函〔2025〕9号"])
    form: wording.Line = Field(default="通知", title="文种", examples=["通知", "纪要"])


class VoidDocNumber(Command):
    """作废一个登记过而未成文的发文字号，编号不再使用。"""

    number: wording.Line = Field(title="发文字号", examples=["芮政办函〔2025〕9号"])
    form: wording.Line = Field(default="通知", title="文种", examples=["通知", "纪要"])
    reason: wording.Prose = Field(title="作废原因")


class Register(Value):
    """Every number of a pair, by ``form/year/number``."""

    allocations: dict[str, Allocation] = Field(default_factory=dict)


def key(number: str, *, form: str, year: int) -> str:
    """Give the place of a number in the register: 第N期 starts anew each year, and each form counts its own."""
    return f"{form}/{year}/{number}"


def year_of(number: str, *, on: date) -> int:
    """Give the year that a number counts in.

    Raises: BadNumber where the form is wrong or the year is not that of the document.
    """
    if ISSUE.fullmatch(number):
        return on.year
    match = NUMBERED.fullmatch(number)
    if match is None:
        raise BadNumber(f"“{number}”。", pointer="/number")
    if int(match["year"]) != on.year:
        raise BadNumber(f"“{number}”的年份应为 {on.year}。", pointer="/number")
    return on.year


def allocate(
    number: str, *, form: str, document: str, on: date, register: Register, by: Signatory
) -> DocNumberAllocated:
    """Take a number that the office supplied into the register.

    Raises: BadNumber, NumberTaken.
    """
    year = year_of(number, on=on)
    if form != "纪要" and ISSUE.fullmatch(number):
        raise BadNumber(f"“{number}”只用于会议纪要。", pointer="/number")
    taken = register.allocations.get(key(number, form=form, year=year))
    clash = taken or (None if ISSUE.fullmatch(number) else _in_any_form(number, register))
    reserved = clash is not None and not clash.voided and not clash.document and bool(document)
    if clash is not None and not (reserved and clash is taken):
        state = "已作废" if clash.voided else "已使用"
        raise NumberTaken(f"“{number}”{clash.on.isoformat()} {state}。", pointer="/number")
    return DocNumberAllocated(on=on, by=by, number=number, form=form, year=year, document=document)


def imported(
    number: str, *, held_on: date, document: str, on: date, register: Register, by: Signatory
) -> DocNumberAllocated:
    """Enter the number of old minutes, so that nobody uses it again; ``on`` is the day of the entry.

    Raises: BadNumber, NumberTaken.
    """
    year = imported_year(number, held_on=held_on)
    taken = register.allocations.get(key(number, form="纪要", year=year))
    clash = taken or (None if ISSUE.fullmatch(number) else _in_any_form(number, register))
    if clash is not None:
        raise NumberTaken(f"“{number}”已登记。", pointer="/minutes_number")
    return DocNumberAllocated(on=on, by=by, number=number, form="纪要", year=year, document=document)


def imported_year(number: str, *, held_on: date) -> int:
    """Give the year that the number of old minutes counts in; late minutes count in the year after the meeting.

    Raises: BadNumber.
    """
    if ISSUE.fullmatch(number):
        return held_on.year
    match = NUMBERED.fullmatch(number)
    if match is None:
        raise BadNumber(f"“{number}”。", pointer="/minutes_number")
    if int(match["year"]) not in {held_on.year, held_on.year + 1}:
        raise BadNumber(f"“{number}”的年份应为会议当年或次年。", pointer="/minutes_number")
    return int(match["year"])


def _in_any_form(number: str, register: Register) -> Allocation | None:
    # A full number names its 代字 and year itself, so it can be used only once whatever the form.
    return next((each for each in register.allocations.values() if each.number == number), None)


def decide(
    command: AllocateDocNumber | VoidDocNumber, register: Register, *, by: Signatory
) -> list["NumberFact"]:
    """Reserve or void a number. Raises: BadNumber, NumberTaken, NumberNeverUsed, AlreadyDone (R-015)."""
    match command:
        case AllocateDocNumber(number=number, form=form):
            return [allocate(number, form=form, document="", on=command.on, register=register, by=by)]
        case VoidDocNumber():
            return [_void(command, register, by=by)]
        case _:
            assert_never(command)


def _void(command: VoidDocNumber, register: Register, *, by: Signatory) -> DocNumberVoided:
    reason = wording.require(command.reason, what="作废原因", requirement="R-015", pointer="/reason")
    match = NUMBERED.fullmatch(command.number)
    # A number may be voided in a later year than the one it counts in; 第N期 does not tell its year.
    year = int(match["year"]) if match else year_of(command.number, on=command.on)
    found = register.allocations.get(key(command.number, form=command.form, year=year))
    if found is None:
        raise NumberNeverUsed(f"“{command.number}”。", pointer="/number")
    if found.voided:
        raise refusals.AlreadyDone(f"“{command.number}”已作废。", requirement="R-015", pointer="/number")
    if found.document:
        raise NumberNeverUsed(f"“{command.number}”已用于印发的文件，不能作废。", pointer="/number")
    not_before(command.on, found.on, what="登记编号")
    return DocNumberVoided(
        on=command.on, by=by, number=command.number, form=command.form, year=year, reason=reason
    )


NumberFact = DocNumberAllocated | DocNumberVoided


def evolve(register: Register, fact: NumberFact) -> Register:
    """Fold one fact into the register."""
    place = key(fact.number, form=fact.form, year=fact.year)
    match fact:
        case DocNumberAllocated():
            told = {"number": fact.number, "on": fact.on, "document": fact.document, "voided": ""}
            entry = made(Allocation, told)
        case DocNumberVoided():
            entry = register.allocations[place].model_copy(update={"voided": fact.reason})
        case _:
            assert_never(fact)
    return register.model_copy(update={"allocations": {**register.allocations, place: entry}})


DECIDER = Decider(
    kind="numbers", label="发文字号登记簿", facts=get_args(NumberFact), initial=Register(), evolve=evolve
)
