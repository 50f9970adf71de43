"""Rows of views read so that each pair's are exactly those of one position of its ledger."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from application.ports import Row, Views
from domain.chain import Head

PAGE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRows:
    """One pair's rows, by view, and the end of the ledger that they are of."""

    head: Head
    rows: Mapping[str, Sequence[Row]]


def read(views: Views, scope: str, *, wanted: Sequence[str], alone: bool = False) -> dict[str, PairRows]:
    """Read rows of some views of a subtree, by pair.

    Args:
        views: the read side.
        scope: the beginning that the ids of the subtree's pairs share.
        wanted: the views.
        alone: only the pair whose id the scope is, and nothing below it.
    """
    if alone:
        one = _one(views, scope, wanted=wanted)
        return {scope: one} if one.head.position else {}
    # Pages and heads are read in transactions of their own. A head that did not move between two looks vouches
    # for everything of its pair that was read in between; the few pairs that moved are read again, each in one snapshot.
    before = views.heads(scope)
    found: dict[str, dict[str, list[Row]]] = {}
    for view in wanted:
        for tenant, row in _across(views, scope, view):
            found.setdefault(tenant, {}).setdefault(view, []).append(row)
    return {
        tenant: (
            PairRows(head=head, rows=found.get(tenant, {}))
            if before.get(tenant) == head
            else _one(views, tenant, wanted=wanted)
        )
        for tenant, head in sorted(views.heads(scope).items())
    }


def _one(views: Views, tenant: str, *, wanted: Sequence[str]) -> PairRows:
    found = views.snapshot(tenant, views=wanted)
    rows: dict[str, list[Row]] = {}
    for row in found.rows:
        rows.setdefault(row.view, []).append(row)
    return PairRows(head=found.head, rows=rows)


def _across(views: Views, scope: str, view: str) -> Iterator[tuple[str, Row]]:
    after: tuple[str, str] | None = None
    while True:
        page = views.across(scope, view, after=after, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = (page[-1][0], page[-1][1].id)
