"""Rows of views read so that each pair's are exactly those of one position of its ledger."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from application.ports import Row, Views
from application.views.tally import ALWAYS
from domain.chain import Head

PAGE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRows:
    """One pair's rows, by view, and the end of the ledger that they are of."""

    head: Head
    rows: Mapping[str, Sequence[Row]]


def read(
    views: Views, scope: str, *, wanted: Sequence[str], year: int | None = None, alone: bool = False
) -> dict[str, PairRows]:
    """Read rows of some views of a subtree, by pair; of what is counted, only what can count in a year.

    Args:
        views: the read side.
        scope: the beginning that the ids of the subtree's pairs share.
        wanted: the views.
        year: the year of the report; None reads what counts in any.
        alone: only the pair whose id the scope is, and nothing below it.
    """
    if alone:
        one = _one(views, scope, wanted=wanted, year=year)
        return {scope: one} if one.head.position else {}
    # Pages and heads are read in transactions of their own. A head that did not move between two looks vouches
    # for everything of its pair that was read in between; the few pairs that moved are read again, each in one snapshot.
    before = views.heads(scope)
    found: dict[str, dict[str, list[Row]]] = {}
    for view in wanted:
        for tenant, row in _across(views, scope, view, year=year):
            found.setdefault(tenant, {}).setdefault(view, []).append(row)
    return {
        tenant: (
            PairRows(head=head, rows=found.get(tenant, {}))
            if before.get(tenant) == head
            else _one(views, tenant, wanted=wanted, year=year)
        )
        for tenant, head in sorted(views.heads(scope).items())
    }


def _one(views: Views, tenant: str, *, wanted: Sequence[str], year: int | None) -> PairRows:
    found = views.snapshot(tenant, views=wanted)
    rows: dict[str, list[Row]] = {}
    for row in found.rows:
        if year is not None and row.view == "tally" and row.body.get("year", ALWAYS) < str(year):
            continue
        rows.setdefault(row.view, []).append(row)
    return PairRows(head=found.head, rows=rows)


def _across(views: Views, scope: str, view: str, *, year: int | None) -> Iterator[tuple[str, Row]]:
    after: tuple[str, str] | None = None
    while True:
        if year is not None and view == "tally":
            page = views.counted(scope, year=str(year), after=after, limit=PAGE)
        else:
            page = views.across(scope, view, after=after, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = (page[-1][0], page[-1][1].id)
