"""A pair as it was known at an earlier moment: the present reads, made of the facts that were there.

Nothing is stored for it. A row is a pure function of the facts up to a position, so the rows of a moment are folded
anew from the entries up to the position that was the head then; a pair that has not moved since shows its present
rows. What is authorised is not asked here: that is judged by today's rights. Source: R-093.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, takewhile
from types import MappingProxyType
from typing import Final

from application import dossier as dossiers
from application import views as view_rows
from application.dossier import Dossier
from application.ports import VIEWS, Facts, Mark, OddCommand, Page, Row, Snapshot, Views
from domain.chain import Entry, Head, Strip

BATCH: Final = 500
_EVERYTHING: Mapping[str, str] = MappingProxyType({})


class NotYetBegun(LookupError):
    """当时该结对单位的台账尚无任何事实。"""


class PastTheEnd(ValueError):
    """台账还没有到这个位置。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which past is asked for: all that was recorded by a moment, or one pair's facts up to a position."""

    as_of: datetime | None = None
    position: int | None = None


class Fold:
    """One pair folded up to a position, and its rows as they would be read back, made when first asked for."""

    def __init__(self, dossier: Dossier) -> None:
        """Keep the dossier."""
        self.dossier = dossier
        self._rows: dict[str, Sequence[Row]] = {}

    def rows(self, view: str, views: Views) -> Sequence[Row]:
        """Give every row of a view, by id."""
        if view not in VIEWS:
            raise KeyError(view)
        if view not in self._rows:
            self._rows[view] = views.as_read(view_rows.of_view(self.dossier, view))
        return self._rows[view]


class Folds:
    """The folds that were used last, by pair and end of its ledger; safe for many threads."""

    def __init__(self, *, size: int = 32) -> None:
        """Keep at most ``size`` folds."""
        self._size = size
        self._known: OrderedDict[tuple[str, Head], Fold] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, tenant: str, head: Head) -> Fold | None:
        with self._lock:
            known = self._known.get((tenant, head))
            if known is not None:
                self._known.move_to_end((tenant, head))
            return known

    def put(self, fold: Fold) -> None:
        with self._lock:
            self._known[(fold.dossier.tenant, fold.dossier.head)] = fold
            while len(self._known) > self._size:
                self._known.popitem(last=False)


class Recalled:
    """The ports ``Views`` and ``Facts`` at an earlier moment, for one request: what it finds out, it keeps to."""

    def __init__(self, views: Views, facts: Facts, asked: Asked, *, folds: Folds) -> None:
        """Recall from the present views and facts."""
        self._views = views
        self._facts = facts
        self._asked = asked
        self._folds = folds
        self._marks: dict[str, Mark] = {}
        self._ends: dict[tuple[str, datetime], Mapping[str, Head]] = {}

    def at(self, tenant: str) -> Mark:
        """Give where a pair's ledger ended then. Raises: NotYetBegun, PastTheEnd."""
        if tenant not in self._marks:
            asked = self._asked
            found = self._views.mark(tenant, as_of=asked.as_of, position=asked.position)
            if found is None:
                raise NotYetBegun(tenant)
            if asked.position is not None and found.head.position < asked.position:
                raise PastTheEnd(tenant)
            self._marks[tenant] = found
        return self._marks[tenant]

    def dossier(self, tenant: str) -> Dossier:
        """Give a pair's dossier as of then; verified as it is read. Raises: NotYetBegun, PastTheEnd, LedgerBroken."""
        return self._fold(tenant, self.at(tenant).head).dossier

    def entries(self, tenant: str, *, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """Stream the entries that were there, as ``Facts`` does."""
        last = self.at(tenant).head.position
        if after >= last:
            return iter(())
        return self._facts.entries(tenant, after=after, until=last if until is None else min(until, last))

    def strips(self, tenant: str, *, until: int, size: int) -> Iterator[Sequence[Strip]]:
        """Stream the entries that were there as plain rows, as ``Facts`` does."""
        return self._facts.strips(tenant, until=min(until, self.at(tenant).head.position), size=size)

    def row(self, tenant: str, view: str, id: str) -> Row | None:  # noqa: A002  # Row's own word.
        """Give one row of one pair; None where there was none."""
        return next((row for row in self.all_rows(tenant, view) if row.id == id), None)

    def rows(
        self,
        tenant: str,
        view: str,
        *,
        where: Mapping[str, str] = _EVERYTHING,
        after: str | None = None,
        limit: int = 100,
    ) -> Page:
        """Give a page of one pair's rows, by id."""
        found = [row for row in self.all_rows(tenant, view) if row.id > (after or "") and _has(row, where)]
        return Page(
            rows=found[:limit],
            next_after=found[limit - 1].id if len(found) > limit else None,
            filters=dict(where),
        )

    def all_rows(self, tenant: str, view: str) -> Sequence[Row]:
        """Give every row of one pair, by id."""
        return self._rows(tenant, self.at(tenant).head, (view,))

    def snapshot(self, tenant: str, *, views: Sequence[str] = VIEWS) -> Snapshot:
        """Give where one pair's ledger ended then, and its rows of some views."""
        head = self.at(tenant).head
        return Snapshot(head=head, rows=self._rows(tenant, head, views))

    def across(
        self,
        scope: str,
        view: str,
        *,
        where: Mapping[str, str] = _EVERYTHING,
        after: tuple[str, str] | None = None,
        limit: int = 100,
    ) -> Sequence[tuple[str, Row]]:
        """Give rows of a subtree with their pairs, by pair and id, from after the last pair and id seen."""
        return list(islice(self._across(scope, view, where=where, after=after or ("", "")), limit))

    def counted(
        self, scope: str, *, year: str, after: tuple[str, str] | None = None, limit: int = 100
    ) -> Sequence[tuple[str, Row]]:
        """Give what a subtree's report of a year can count."""
        found = (
            (tenant, row)
            for tenant, row in self._across(scope, "tally", where=_EVERYTHING, after=after or ("", ""))
            if row.body["year"] >= year
        )
        return list(islice(found, limit))

    def deadlines(
        self,
        scope: str,
        *,
        until: str,
        statuses: Sequence[str],
        after: tuple[str, str] | None = None,
        limit: int = 100,
    ) -> Sequence[tuple[str, Row]]:
        """Give a subtree's decisions in one of ``statuses`` whose deadline was ``until`` or earlier."""
        found = (
            (tenant, row)
            for tenant, row in self._across(scope, "decision", where=_EVERYTHING, after=after or ("", ""))
            if row.body["status"] in statuses and row.body["deadline"] and row.body["deadline"] <= until
        )
        return list(islice(found, limit))

    def heads(self, scope: str, *, as_of: datetime | None = None) -> Mapping[str, Head]:
        """Give where each ledger of a subtree ended then; with a position asked for, that of the one pair."""
        if self._asked.position is not None:
            found = self.mark(scope, as_of=as_of)
            return {scope: found.head} if found is not None else {}
        moment = min(each for each in (self._asked.as_of, as_of) if each is not None)
        if (scope, moment) not in self._ends:
            self._ends[scope, moment] = self._views.heads(scope, as_of=moment)
        return self._ends[scope, moment]

    def mark(self, tenant: str, *, as_of: datetime | None = None, position: int | None = None) -> Mark | None:
        """Find the last of the facts that were there by an earlier moment still, or at an earlier position."""
        last = self.at(tenant).head.position
        return self._views.mark(
            tenant, as_of=as_of, position=last if position is None else min(position, last)
        )

    def as_read(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Give rows as they would be read back."""
        return self._views.as_read(rows)

    def odd_commands(self, tenant: str) -> Sequence[OddCommand]:
        """List the commands whose record and facts disagree, of those that were there."""
        last = self.at(tenant).head.position
        return [each for each in self._views.odd_commands(tenant) if each.position <= last]

    def history(
        self,
        tenant: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        actor: str | None = None,
        topic: str | None = None,
        stream: str | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> Sequence[Entry]:
        """Give the entries that were there, as ``Views`` does."""
        last = self.at(tenant).head.position
        found = self._views.history(
            tenant,
            since=since,
            until=until,
            actor=actor,
            topic=topic,
            stream=stream,
            after=after,
            limit=limit,
        )
        return list(takewhile(lambda entry: entry.position <= last, found))

    def _across(
        self, scope: str, view: str, *, where: Mapping[str, str], after: tuple[str, str]
    ) -> Iterator[tuple[str, Row]]:
        for tenant, head in sorted(self.heads(scope).items()):
            if tenant < after[0]:
                continue
            for row in self._rows(tenant, head, (view,)):
                if (tenant, row.id) > after and _has(row, where):
                    yield tenant, row

    def _rows(self, tenant: str, head: Head, views: Sequence[str]) -> list[Row]:
        fold = self._folds.get(tenant, head)
        if fold is None:
            # The end and the rows are of one and the same moment, so an equal end vouches for the rows.
            present = self._views.snapshot(tenant, views=views)
            if present.head == head:
                return list(present.rows)
            fold = self._fold(tenant, head)
        return [row for view in views for row in fold.rows(view, self._views)]

    def _fold(self, tenant: str, head: Head) -> Fold:
        known = self._folds.get(tenant, head)
        if known is not None:
            return known
        dossier = Dossier(tenant=tenant)
        entries = self._facts.entries(tenant, until=head.position)
        while batch := list(islice(entries, BATCH)):
            dossier = dossiers.advance(dossier, batch)
        if dossier.head != head:
            raise dossiers.LedgerBroken(f"{tenant}@{head.position}")
        fold = Fold(dossier)
        self._folds.put(fold)
        return fold


def _has(row: Row, where: Mapping[str, str]) -> bool:
    return all(row.body.get(name) == value for name, value in where.items())
