"""What an upper union scores, and the fixed formulas over the scored pair's own record (三(一), R-087, A21).

Points are whole hundredths of a point. Each formula gives how many of how many, with what proves each: the rest is
arithmetic. Governments are not scored by unions, only counted.
"""

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Final

from pydantic import Field

from domain import wording
from domain.decider import Side, Value

FULL_SCORE: Final = 100_00
# A reporting interval is a month or more; each month is taken at its longest.
DAYS_A_MONTH: Final = 31


class ItemKind(StrEnum):
    """Whether an item follows from the record, or is judged and signed by somebody."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class Formula(StrEnum):
    """The formulas that an automatic item may name."""

    HELD_IN_YEAR = "held_in_year"
    MINUTES_ON_TIME = "minutes_issued_on_time"
    C6_COMPLETE = "c6_complete"
    ON_TIME_RATE = "on_time_rate"
    PUBLICITY_DONE = "publicity_done"
    LIAISON_NAMED = "liaison_named"
    PLAN_INCLUDED = "plan_included"
    LEADERSHIP_DISCUSSED = "leadership_discussed"
    REPORTS_TIMELY = "reports_timely"

    @property
    def label(self) -> str:
        return FORMULA_LABELS[self]


FORMULA_LABELS: Final = {
    Formula.HELD_IN_YEAR: "本年召开过联席会议",
    Formula.MINUTES_ON_TIME: "会议纪要按时印发",
    Formula.C6_COMPLETE: "会议通报了议定事项落实情况",
    Formula.ON_TIME_RATE: "本年到期的议定事项按期办结",
    Formula.PUBLICITY_DONE: "会议内容及时宣传",
    Formula.LIAISON_NAMED: "双方明确了科室和人员",
    Formula.PLAN_INCLUDED: "纳入政府年度重点工作计划",
    Formula.LEADERSHIP_DISCUSSED: "双方领导班子研究过",
    Formula.REPORTS_TIMELY: "议定事项按期汇报进展",
}


class Item(Value):
    """One item of a scheme."""

    key: wording.Code = Field(title="项目编号", examples=["held"])
    title: wording.Line = Field(title="项目", examples=["按制度召开联席会议"])
    points: int = Field(title="分值", description="以百分之一分为单位。", ge=1, le=FULL_SCORE)
    kind: ItemKind = Field(title="评分方式", description="automatic 由台账计算，manual 由人评定。")
    formula: Formula | None = Field(default=None, title="计算口径", description="自动评分的项目必填。")


class Result(Value):
    """What a formula found: ``hits`` of ``of``, each with its stream; ``provisional`` where a calendar was not published."""

    hits: int
    of: int
    evidence: tuple[str, ...] = ()
    provisional: bool = False


class Held(Value):
    """A meeting held in the year, with the days that its minutes and its publicity were due and done."""

    id: str
    counts: bool = True
    accounts_due: bool = False
    accounted: bool = False
    minutes_due: date
    minutes_on: date | None = None
    publicity_due: date | None = None
    publicity_on: date | None = None
    provisional: bool = False


class Promised(Value):
    """A decision that was to be carried out: ``reported`` tells the days on which its progress was told."""

    id: str
    established_on: date
    deadline: date | None
    fulfilled_on: date | None
    ended_on: date | None
    without_fulfilment: bool
    interval_months: int
    reported: tuple[date, ...] = ()


class Record(Value):
    """What the scored pair's ledger says of one year, valid on its last day."""

    year: int
    held: tuple[Held, ...] = ()
    decisions: tuple[Promised, ...] = ()
    liaison: tuple[Side, ...] = ()
    planned: bool = False
    discussed: tuple[Side, ...] = ()

    @property
    def first_day(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, 12, 31)


def _ratio(kind: str, members: Iterable[tuple[str, bool]], *, provisional: bool = False) -> Result:
    judged = list(members)
    return Result(
        hits=sum(good for _, good in judged),
        of=len(judged),
        evidence=tuple(f"{kind}:{id_}" for id_, good in judged if good),
        provisional=provisional,
    )


def _held_in_year(record: Record) -> Result:
    held = [each.id for each in record.held if each.counts]
    return Result(hits=min(len(held), 1), of=1, evidence=tuple(f"meeting:{each}" for each in held))


def _minutes_on_time(record: Record) -> Result:
    due = [each for each in record.held if each.minutes_on or each.minutes_due <= record.last_day]
    return _ratio(
        "minutes",
        [(each.id, each.minutes_on is not None and each.minutes_on <= each.minutes_due) for each in due],
        provisional=any(each.provisional for each in due),
    )


def _c6_complete(record: Record) -> Result:
    return _ratio("meeting", [(each.id, each.accounted) for each in record.held if each.accounts_due])


def _on_time_rate(record: Record) -> Result:
    due = [
        each
        for each in record.decisions
        if each.deadline is not None
        and record.first_day <= each.deadline <= record.last_day
        and not each.without_fulfilment
    ]
    return _ratio(
        "decision",
        [
            (each.id, each.fulfilled_on is not None and each.fulfilled_on <= (each.deadline or date.min))
            for each in due
        ],
    )


def _publicity_done(record: Record) -> Result:
    due = [
        each
        for each in record.held
        if each.publicity_due is not None and (each.publicity_on or each.publicity_due <= record.last_day)
    ]
    return _ratio(
        "meeting",
        [
            (each.id, each.publicity_on is not None and each.publicity_on <= (each.publicity_due or date.min))
            for each in due
        ],
        provisional=any(each.provisional for each in due),
    )


def _sides(kind: str, sides: Iterable[Side]) -> Result:
    return Result(
        hits=len(set(sides)),
        of=len(Side),
        evidence=tuple(f"{kind}:{side.value}" for side in sorted(set(sides))),
    )


def _liaison_named(record: Record) -> Result:
    return _sides("liaison", record.liaison)


def _plan_included(record: Record) -> Result:
    evidence = (f"year:{record.year}",) if record.planned else ()
    return Result(hits=int(record.planned), of=1, evidence=evidence)


def _leadership_discussed(record: Record) -> Result:
    found = _sides("year", record.discussed)
    return found.model_copy(update={"evidence": (f"year:{record.year}",) if found.hits else ()})


def _reports_timely(record: Record) -> Result:
    running = [
        each
        for each in record.decisions
        if each.established_on <= record.last_day
        and (each.ended_on is None or each.ended_on >= record.first_day)
    ]
    return _ratio("decision", [(each.id, _kept_reporting(each, record)) for each in running])


def _kept_reporting(decision: Promised, record: Record) -> bool:
    # From one report to the next no interval is exceeded inside the year; its end is when the decision ended, if before.
    until = min(decision.ended_on or record.last_day, record.last_day)
    days = sorted({decision.established_on, *(day for day in decision.reported if day <= until), until})
    allowed = decision.interval_months * DAYS_A_MONTH
    return all(
        (later - earlier).days <= allowed for earlier, later in pairwise(days) if later >= record.first_day
    )


FORMULAS: Final[dict[Formula, Callable[[Record], Result]]] = {
    Formula.HELD_IN_YEAR: _held_in_year,
    Formula.MINUTES_ON_TIME: _minutes_on_time,
    Formula.C6_COMPLETE: _c6_complete,
    Formula.ON_TIME_RATE: _on_time_rate,
    Formula.PUBLICITY_DONE: _publicity_done,
    Formula.LIAISON_NAMED: _liaison_named,
    Formula.PLAN_INCLUDED: _plan_included,
    Formula.LEADERSHIP_DISCUSSED: _leadership_discussed,
    Formula.REPORTS_TIMELY: _reports_timely,
}


def points(item: Item, result: Result) -> int:
    """Give an item's points for a result in whole hundredths, half-up; there must be something to count."""
    return (2 * item.points * result.hits + result.of) // (2 * result.of)
