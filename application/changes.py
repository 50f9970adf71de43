"""The difference of two moments: which fact changed what of a pair, by whom, and when it became known.

Each fact between the two is folded alone, and the rows that it touches are compared before and after it; so a row
that repeats another subject's name changes with the fact that renamed it. The tally repeats what the other rows show
and is left out. Source: R-093, R-094.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from application import audit
from application import dossier as dossiers
from application import views as view_rows
from application.dossier import Dossier
from application.ports import Facts, Row
from domain.chain import Entry
from domain.decider import Value

BATCH: Final = 500


class Backwards(ValueError):
    """起点不得晚于终点。"""


class Field(Value):
    """One place of a row; ``path`` is a JSON pointer into its body, ``（无）`` stands where there was nothing."""

    path: str
    before: Any
    after: Any


class ChangedRow(Value):
    """One row that a fact changed, and where; ``begun`` where there was none before it."""

    view: str
    id: str
    begun: bool
    fields: tuple[Field, ...]


class Change(Value):
    """One fact, who entered it by which post, when, and what it changed."""

    position: int
    stream: str
    topic: str
    label: str
    on: date | None
    recorded_at: datetime
    command_id: str
    actor: str
    by: audit.Actor | None
    rows: tuple[ChangedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose changes are wanted: the stream, and the row that is its picture."""

    stream: str
    view: str
    id: str


def subject(tenant: str, stream: str) -> Subject:
    """Tell whose changes those of a stream are."""
    kind, _, known = stream.partition(":")
    return Subject(stream=stream, view=kind, id=known or tenant)


class ChangePage(Value):
    """A page of the changes from after one position up to another; it goes on after ``next_after``."""

    pair: str
    from_position: int
    to_position: int
    changes: tuple[Change, ...]
    next_after: int | None = None


def between(
    facts: Facts,
    base: Dossier,
    *,
    start: int,
    end: int,
    only: Subject | None = None,
    limit: int = 100,
) -> ChangePage:
    """List what the facts after ``base`` up to ``end`` changed, one by one.

    Args:
        facts: the ledgers.
        base: the pair as it was before the first fact of the page.
        start: where the difference begins. end: where it ends.
        only: one subject's changes: its own facts, and those of others that changed its row.
        limit: at most so many.

    Raises: Backwards, LedgerBroken.
    """
    if start > end:
        raise Backwards(Backwards.__doc__)
    found = list(islice(_changes(facts, base, end=end, only=only), limit + 1))
    more = found[limit - 1].position if len(found) > limit else None
    return ChangePage(
        pair=base.tenant,
        from_position=start,
        to_position=end,
        changes=tuple(found[:limit]),
        next_after=more,
    )


def folded(facts: Facts, tenant: str, *, until: int) -> Dossier:
    """Fold a pair up to a position; nothing at all for 0. Raises: LedgerBroken."""
    dossier = Dossier(tenant=tenant)
    if until == 0:
        return dossier
    entries = facts.entries(tenant, until=until)
    while batch := list(islice(entries, BATCH)):
        dossier = dossiers.advance(dossier, batch)
    return dossier


def _changes(facts: Facts, base: Dossier, *, end: int, only: Subject | None) -> Iterator[Change]:
    before = base
    if before.head.position >= end:
        return
    for entry in facts.entries(base.tenant, after=before.head.position, until=end):
        after = dossiers.advance(before, [entry])
        rows = tuple(_rows(before, after, entry))
        if only is not None:
            rows = tuple(each for each in rows if (each.view, each.id) == (only.view, only.id))
        if only is None or rows or entry.stream == only.stream:
            yield _change(entry, rows)
        before = after


def _rows(before: Dossier, after: Dossier, entry: Entry) -> Iterator[ChangedRow]:
    touched = view_rows.changed(before, after, {entry.stream})
    for row in touched:
        if row.view == "tally":
            continue
        known = view_rows.row_of(before, row.view, row.id)
        fields = tuple(
            Field(path=path, before=one, after=other)
            for path, one, other in audit.places(_body(known), _body(row))
        )
        if fields:
            yield ChangedRow(view=row.view, id=row.id, begun=known is None, fields=fields)


def _body(row: Row | None) -> Mapping[str, Any]:
    return audit.plain(row)["body"] if row is not None else {}


def _change(entry: Entry, rows: tuple[ChangedRow, ...]) -> Change:
    shown = audit.line(entry)
    named = ("position", "stream", "topic", "label", "on", "recorded_at", "command_id", "actor", "by")
    return Change(**{name: getattr(shown, name) for name in named}, rows=rows)
