"""What a city report is made of, read so that each pair's rows are exactly those of one position of its ledger."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from application import report_rows, steps
from application.pair_year import KnownPair, Limits, OwedReport
from application.ports import Views
from application.report_rows import PairRows
from application.views import tally
from domain import calendar, decisions, leader_reports, pairs, reporting
from domain.decider import Value
from domain.rulebook import Rulebook

WANTED: Final = ("tally", "rulebook")


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


class Owed(Value):
    """A report to the leaders that was wanted of one pair."""

    pair: str
    report: OwedReport


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

    ``ended``: the year is over. ``day_over``: that day is over. ``rulebooks``: what the pairs have adopted, each by its
    pair's id; who is not among them goes by what is built in.
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
    owed: tuple[Owed, ...] = ()
    rulebooks: tuple[Rulebook, ...] = ()
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
    found = report_rows.read(views, scope, wanted=WANTED, year=period.year, alone=alone)
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
    by_pair: dict[str, list[tally.Counted]] = {tenant: [] for tenant in found}
    for each in rows:
        by_pair[each.pair].append(each.counted)
    rules = {tenant: _rules(tenant, read) for tenant, read in found.items()}
    # What was adopted after the day does not move a limit of before it, whoever asks later.
    worked = {tenant: each.calendar_known(period.on, base=days) for tenant, each in rules.items()}
    return Source(
        scope=scope,
        area=_area(scope, known, listed),
        **asdict(period),
        pairs=tuple(listed),
        rows=tuple(rows),
        limits=tuple(
            Limit(
                pair=each.pair,
                meeting=each.counted.id,
                limits=_limits(each.counted.held_on, worked[each.pair], rules[each.pair]),
            )
            for each in rows
            if isinstance(each.counted, tally.HeldMeeting)
        ),
        owed=tuple(
            Owed(pair=tenant, report=report)
            for tenant in found
            for report in _owed(
                by_pair[tenant],
                on=period.on,
                days=worked[tenant],
                rules=rules[tenant],
            )
        ),
        rulebooks=tuple(rules.values()),
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


def _rules(tenant: str, read: PairRows) -> Rulebook:
    row = next(iter(read.rows.get("rulebook", ())), None)
    return Rulebook.model_validate(row.body) if row is not None else Rulebook(id=tenant)


def _limits(held_on: date, days: calendar.Calendar, rules: Rulebook) -> Limits:
    parameters = rules.parameters(held_on)

    def after(count: int) -> date:
        return calendar.add_working_days(held_on, count, calendar=days).on

    return Limits(
        minutes_by=after(parameters.minutes_yellow_days), content_by=after(parameters.publicity_days)
    )


def _owed(
    rows: Sequence[tally.Counted], *, on: date, days: calendar.Calendar, rules: Rulebook
) -> Iterator[OwedReport]:
    told = [
        leader_reports.LeaderReport(
            id=each.id, on=each.on, decisions=tuple(_standing(decision) for decision in each.decisions)
        )
        for each in rows
        if isinstance(each, tally.LeadersTold)
    ]
    for each in rows:
        # Of what was taken over from paper nobody could report here when it was new.
        if not isinstance(each, tally.Established) or each.imported:
            continue
        step = steps.at(each.steps, on)
        if step is None:
            continue
        named = ("id", "established_on", "long_term", "report_interval_months")
        known = decisions.Decision(
            **{name: getattr(each, name) for name in named},
            path=each.path[: step.changes],
            closed_on=step.closed_on,
        )
        found = reporting.timeliness(known, told, on=on, days=days, parameters=rules.parameters)
        seen: Counter[str] = Counter()
        for duty in found.duties:
            name = f"{each.id}:{duty.reason.value}:{duty.since.isoformat()}"
            seen[name] += 1
            yield OwedReport(id=f"{name}:{seen[name]}", due=duty.due, made_on=duty.made_on)


def _standing(decision: str) -> leader_reports.Standing:
    # A duty asks which decisions a report covered, not what it said of them.
    return leader_reports.Standing(
        decision=decision, status="", status_label="", percent=0, deadline=None, original_deadline=None
    )


def _known_pair(pair: tally.Registered, day: date) -> KnownPair:
    # Before its first day a mandatory pair counts all the same, by the name it was registered with.
    then = steps.at(pair.steps, day) or pair.steps[0]
    named = ("id", "name", "kind", "mandatory", "registered_on")
    return KnownPair(
        **{name: getattr(pair, name) for name in named},
        official_name=then.official_name,
        adopted_on=then.adopted_on if then.on <= day else None,
        regimes=then.regimes if then.on <= day else (),
    )


def _area(scope: str, divisions: Iterable[pairs.Division], listed: Iterable[KnownPair]) -> str:
    code = scope if len(scope) > 6 else scope.ljust(6, "0")  # noqa: PLR2004 - the length of a county's code.
    # An industry is in no register of divisions; its own pair tells its name.
    names = {each.id: each.name for each in listed} | {each.code: each.full_name for each in divisions}
    return names.get(code, "")
