"""What of a year ought to have been done by a local date and was not: a function of the ledger, the day and the parameters.

Never stored. Always text and shape beside the colour. Source: R-031, R-032, R-037, R-083, R-084, R-086, R-099.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import Field

from domain import publicity, years
from domain.decider import Side, Value
from domain.lights import SHAPES, Colour
from domain.regulation import Category, Parameters


class Alert(Value):
    """One warning; ``provisional`` where it was counted on an unpublished calendar (暂定)."""

    requirement: str = Field(title="条目")
    stream: str = Field(title="对象")
    colour: Colour = Field(title="颜色")
    shape: str = Field(title="形状")
    text: str = Field(title="说明")
    due: date | None = Field(default=None, title="应于")
    provisional: bool = Field(default=False, title="暂定")


class Preparing(Value):
    """How far a year's meeting has come, by the day in question."""

    planned: bool = False
    agreed: bool = False
    noticed: bool = False


class Briefed(Value):
    """A yearly meeting that was held, and the briefings of clause 一 that its agenda lacked."""

    meeting: str
    absent: tuple[Category, ...]


def alert(
    requirement: str,
    stream: str,
    colour: Colour,
    text: str,
    *,
    due: date | None = None,
    provisional: bool = False,
) -> Alert:
    """Make a warning with its shape."""
    shown = f"{text}（暂定）" if provisional else text
    return Alert(
        requirement=requirement,
        stream=stream,
        colour=colour,
        shape=SHAPES[colour],
        text=shown,
        due=due,
        provisional=provisional,
    )


def of_the_meeting(
    year: int, duty: years.Duty, preparing: Preparing, *, on: date, parameters: Parameters
) -> Iterator[Alert]:
    """Warn of a year's meeting that is not on its way (R-037), or that was not held at all (R-032)."""
    if not years.owes(year, duty) or years.counted(year, duty):
        return
    stream = f"year:{year}"
    last_day = date(year, 12, 31)
    if on > last_day:
        yield alert("R-032", stream, Colour.RED, f"{year}年未召开联席会议", due=last_day)
        return
    steps = (
        (parameters.warn_no_notice, preparing.noticed, Colour.RED, "尚未印发会议通知"),
        (parameters.warn_no_date, preparing.agreed, Colour.YELLOW, "尚未商定会议日期"),
        (parameters.warn_no_plan, preparing.planned, Colour.YELLOW, "尚无会议计划"),
    )
    for limit, done, colour, text in steps:
        due = date(year, *limit)
        if on > due and not done:
            yield alert("R-037", stream, colour, f"{year}年{text}", due=due)


def of_the_plan(year: int, known: years.Year, *, on: date, parameters: Parameters) -> Iterator[Alert]:
    """Warn of a conference that is not in the government's plan of the year (R-086)."""
    if known.plan is not None and known.plan.on <= on:
        return
    yellow, red = date(year, *parameters.plan_inclusion_yellow), date(year, *parameters.plan_inclusion_red)
    if on > yellow:
        late = on > red
        colour, due = (Colour.RED, red) if late else (Colour.YELLOW, yellow)
        yield alert("R-086", f"year:{year}", colour, f"{year}年未纳入政府年度重点工作计划", due=due)


def of_the_leaders(year: int, known: years.Year, *, on: date) -> Iterator[Alert]:
    """List the sides whose leaders have not discussed the conference this year (R-099)."""
    spoken = {each.side for each in known.discussions if each.on <= on}
    last_day = date(year, 12, 31)
    for side in Side:
        if side not in spoken:
            text = f"{year}年{side.label}领导班子尚未研究"
            yield alert("R-099", f"year:{year}", Colour.YELLOW, text, due=last_day)


def of_the_publicity(owed: list[publicity.Owed], *, on: date) -> Iterator[Alert]:
    """Warn of what ought to have been published (R-083)."""
    said = {
        publicity.About.CONTENT: "会议内容未及时宣传",
        publicity.About.EFFECT: "工作成效未在下次会议前宣传",
    }
    for each in publicity.missing(owed, on=on):
        yield alert(
            "R-083",
            f"meeting:{each.meeting}",
            Colour.YELLOW,
            said[each.about],
            due=each.due,
            provisional=each.provisional,
        )


def of_the_liaison(
    named: frozenset[Side], gaps: Mapping[Side, date], *, since: date | None, on: date
) -> Iterator[Alert]:
    """Warn of a side without section and staff once the regime is adopted, or again since a later gap (R-084).

    The staff is named by the titles of its posts, as documents do, and not by the posts themselves. So the ledger cannot
    tell from a post that ended that the staff is gone: a gap shows once the side has told of it (``EndLiaison``).
    """
    if since is None or on < since:
        return
    for side in Side:
        stream = f"liaison:{side.value}"
        gap = gaps.get(side)
        if side not in named:
            yield alert("R-084", stream, Colour.YELLOW, f"{side.label}未明确科室和人员", due=since)
        elif gap is not None and gap <= on:
            text = f"{side.label}自 {gap} 起没有明确的科室和人员"
            yield alert("R-084", stream, Colour.YELLOW, text, due=gap)


def of_the_briefings(held: list[Briefed]) -> Iterator[Alert]:
    """Tell which briefings a yearly meeting lacked (R-031)."""
    for each in held:
        for category in each.absent:
            yield alert("R-031", f"meeting:{each.meeting}", Colour.YELLOW, f"会议未列{category.label}")
