"""What a city report is made of, read so that each pair's rows are exactly those of one position of its ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from application import report_rows, steps
from application.pair_year import KnownPair, Limits
from application.ports import Views
from application.report_rows import PairRows
from application.views import tally
from domain import calendar, pairs
from domain.decider import Value
from domain.regulation import PARAMETERS, Parameters

WANTED: Final = ("tally",)


class YearNotBegun(ValueError):
    """该年度尚未开始，没有可以统计的内容。"""


class DayOutsideYear(ValueError):
    """统计截止日须在该年度之内，且不晚于今天。"""


class CountedOf(Value):
    """One subject that counts, and its pair."""

    pair: str
    counted: tally.Counted


class Limit(Value):
    """By when one meeting's minutes and publicity were wanted."""

    pair: str
    meeting: str
    limits: Limits


class LedgerEnd(Value):
    """The end of one pair's ledger on which the report rests: the position and the hash, in hex."""

    pair: str
    position: int
    hash: str


class Unregistered(Value):
    """A division that must have a pair and has none (R-003)."""

    code: str
    name: str


class Source(Value):
    """Everything that a report is made of: ``on`` is the last day counted.

    ``ended``: the year is over. ``day_over``: that day is over.
    """

    scope: str
    area: str
    year: int
    on: date
    ended: bool
    day_over: bool = True
    pairs: tuple[KnownPair, ...]
    rows: tuple[CountedOf, ...]
    limits: tuple[Limit, ...] = ()
    ledgers: tuple[LedgerEnd, ...] = ()
    unregistered: tuple[Unregistered, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A year up to a day. ``ended``: all of it is over. ``day_over``: that day is over."""

    year: int
    on: date
    ended: bool
    day_over: bool


def period(year: int, *, today: date, on: date | None = None) -> Period:
    """Choose the last day counted: the one asked for, or the earlier of today and 31 December.

    Raises: YearNotBegun, DayOutsideYear.
    """
    last = min(today, date(year, 12, 31))
    if last.year < year:
        raise YearNotBegun(YearNotBegun.__doc__)
    day = on or last
    if not date(year, 1, 1) <= day <= last:
        raise DayOutsideYear(DayOutsideYear.__doc__)
    over = today > day
    return Period(year=year, on=day, ended=over and day == date(year, 12, 31), day_over=over)


def gather(
    views: Views,
    *,
    scope: str,
    period: Period,
    days: calendar.Calendar,
    divisions: Iterable[pairs.Division] = (),
    alone: bool = False,
) -> Source:
    """Read what a report is made of: each pair's rows exactly as its ledger ended when they were read.

    Args:
        views: the read side.
        scope: the beginning that the ids of the subtree's pairs share (1408, 140830).
        period: the year and the last day counted.
        days: which days are worked.
        divisions: the register, by which mandatory divisions without a pair are found.
        alone: only the pair whose id the scope is.
    """
    found = report_rows.read(views, scope, wanted=WANTED, alone=alone)
    return source(found, scope=scope, period=period, days=days, divisions=divisions, alone=alone)


def source(
    found: Mapping[str, PairRows],
    *,
    scope: str,
    period: Period,
    days: calendar.Calendar,
    divisions: Iterable[pairs.Division],
    alone: bool = False,
) -> Source:
    """Make the source of a report of rows that were read."""
    known = list(divisions)
    rows = [
        CountedOf(pair=tenant, counted=tally.READER.validate_python(row.body))
        for tenant, read in found.items()
        for row in read.rows.get("tally", ())
    ]
    listed = [
        _known_pair(each.counted, period.on) for each in rows if isinstance(each.counted, tally.Registered)
    ]
    here = {pair.id for pair in listed}
    return Source(
        scope=scope,
        area=_area(scope, known),
        **asdict(period),
        pairs=tuple(listed),
        rows=tuple(rows),
        limits=tuple(
            Limit(pair=each.pair, meeting=each.counted.id, limits=_limits(each.counted.held_on, days))
            for each in rows
            if isinstance(each.counted, tally.HeldMeeting)
        ),
        ledgers=tuple(
            LedgerEnd(pair=tenant, position=read.head.position, hash=read.head.hash.hex())
            for tenant, read in found.items()
        ),
        unregistered=tuple(
            Unregistered(code=each.code, name=each.full_name)
            for each in known
            if each.mandatory
            and (each.code == scope if alone else each.code.startswith(scope))
            and each.code not in here
        ),
    )


def _limits(held_on: date, days: calendar.Calendar, parameters: Parameters = PARAMETERS) -> Limits:
    def after(count: int) -> date:
        return calendar.add_working_days(held_on, count, calendar=days).on

    return Limits(
        minutes_by=after(parameters.minutes_yellow_days), content_by=after(parameters.publicity_days)
    )


def _known_pair(pair: tally.Registered, day: date) -> KnownPair:
    # Before its first day a mandatory pair counts all the same, by the name it was registered with.
    then = steps.at(pair.steps, day) or pair.steps[0]
    named = ("id", "name", "kind", "mandatory", "registered_on")
    return KnownPair(
        **{name: getattr(pair, name) for name in named},
        official_name=then.official_name,
        adopted_on=then.adopted_on if then.on <= day else None,
    )


def _area(scope: str, divisions: Iterable[pairs.Division]) -> str:
    code = scope if len(scope) > 6 else scope.ljust(6, "0")  # noqa: PLR2004 - the length of a county's code.
    return next((each.full_name for each in divisions if each.code == code), "")
