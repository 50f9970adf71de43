"""What a city report is made of, read so that each pair's rows are exactly those of one position of its ledger."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from application.figures import KnownPair
from application.ports import Row, Views
from application.views.tally import Tally
from domain import pairs
from domain.chain import Head
from domain.decider import Value

PAGE: Final = 500


class YearNotBegun(ValueError):
    """该年度尚未开始，没有可以统计的内容。"""


class DayOutsideYear(ValueError):
    """统计截止日须在该年度之内，且不晚于今天。"""


class CountedYear(Value):
    """One year of one pair."""

    pair: str
    tally: Tally


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
    tallies: tuple[CountedYear, ...]
    ledgers: tuple[LedgerEnd, ...] = ()
    unregistered: tuple[Unregistered, ...] = ()


def gather(
    views: Views,
    *,
    scope: str,
    year: int,
    today: date,
    on: date | None = None,
    divisions: Iterable[pairs.Division] = (),
) -> Source:
    """Read what a report is made of: each pair's rows exactly as its ledger ended when they were read.

    Args:
        views: the read side.
        scope: the beginning that the ids of the subtree's pairs share (1408, 140830).
        year: the calendar year.
        today: the legal day (Asia/Shanghai).
        on: the last day counted; the earlier of today and 31 December where none is given.
        divisions: the register, by which mandatory divisions without a pair are found.

    Raises: YearNotBegun, DayOutsideYear.
    """
    last = min(today, date(year, 12, 31))
    if last.year < year:
        raise YearNotBegun(YearNotBegun.__doc__)
    day = on or last
    if not date(year, 1, 1) <= day <= last:
        raise DayOutsideYear(DayOutsideYear.__doc__)
    known = list(divisions)
    found = _read(views, scope)
    listed = [_known_pair(rows.pair) for rows in found.values() if rows.pair is not None]
    return Source(
        scope=scope,
        area=_area(scope, known),
        year=year,
        on=day,
        ended=today > date(year, 12, 31),
        day_over=today > day,
        pairs=tuple(listed),
        tallies=tuple(
            CountedYear(pair=tenant, tally=Tally.model_validate(row.body))
            for tenant, rows in found.items()
            for row in rows.tallies
            if int(row.id) <= year
        ),
        ledgers=tuple(
            LedgerEnd(pair=tenant, position=rows.head.position, hash=rows.head.hash.hex())
            for tenant, rows in found.items()
        ),
        unregistered=tuple(
            Unregistered(code=each.code, name=each.full_name)
            for each in known
            if each.mandatory
            and each.code.startswith(scope)
            and each.code not in {pair.id for pair in listed}
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """One pair's rows, and the end of the ledger that they are of."""

    head: Head
    pair: Row | None
    tallies: Sequence[Row]


def _read(views: Views, scope: str) -> dict[str, _Rows]:
    # Pages and heads are read in transactions of their own. A head that did not move between two looks vouches
    # for everything of its pair that was read in between; the few pairs that moved are read again, each in one snapshot.
    before = views.heads(scope)
    pair_rows = dict(_across(views, scope, "pair"))
    tallies: dict[str, list[Row]] = {}
    for tenant, row in _across(views, scope, "tally"):
        tallies.setdefault(tenant, []).append(row)
    after = views.heads(scope)
    return {
        tenant: (
            _Rows(head=head, pair=pair_rows.get(tenant), tallies=tallies.get(tenant, []))
            if before.get(tenant) == head
            else _read_one(views, tenant)
        )
        for tenant, head in sorted(after.items())
    }


def _read_one(views: Views, tenant: str) -> _Rows:
    found = views.snapshot(tenant, views=("pair", "tally"))
    return _Rows(
        head=found.head,
        pair=next((row for row in found.rows if row.view == "pair"), None),
        tallies=[row for row in found.rows if row.view == "tally"],
    )


def _across(views: Views, scope: str, view: str) -> Iterator[tuple[str, Row]]:
    after: tuple[str, str] | None = None
    while True:
        page = views.across(scope, view, after=after, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = (page[-1][0], page[-1][1].id)


def _known_pair(row: Row) -> KnownPair:
    division = pairs.Division.model_validate(row.body["division"])
    fields = {name: row.body[name] for name in ("official_name", "mandatory", "registered_on", "adopted_on")}
    return KnownPair.model_validate({"id": row.id, "name": division.full_name, **fields})


def _area(scope: str, divisions: Iterable[pairs.Division]) -> str:
    code = scope if len(scope) > 6 else scope.ljust(6, "0")  # noqa: PLR2004 - the length of a county's code.
    return next((each.full_name for each in divisions if each.code == code), "")
