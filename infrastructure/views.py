"""The read side on PostgreSQL: rows of views, of one pair or of a subtree, and the history of facts."""

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from application import ports
from domain.chain import Entry, Head
from infrastructure import database, ledger, statements

SQL = statements.load("views.sql")
SHAPES = statements.load("shapes.sql")

# The table of a view comes from the fixed list and nowhere else: another name is a KeyError.
BY_VIEW = {
    view: {name: text.replace("view_any", f"view_{view}") for name, text in SQL.items()}
    for view in ports.VIEWS
}
_EVERYTHING: Mapping[str, str] = MappingProxyType({})
# Sorts, in bytes, after every character that an id can have.
_LAST = "\U0010ffff"


class PostgresViews:
    """The port ``Views``."""

    def __init__(self, db: database.Database, *, batch: int = 500) -> None:
        self._database = db
        self._batch = batch

    def row(self, tenant: str, view: str, id: str) -> ports.Row | None:  # noqa: A002  # The port's word.
        """Give one row of one pair; None where there is none."""
        with self._database.tenant_transaction(tenant) as connection:
            found = connection.execute(BY_VIEW[view]["row"], {"tenant": tenant, "id": id}).fetchone()
        return _row(view, found) if found else None

    def rows(
        self,
        tenant: str,
        view: str,
        *,
        where: Mapping[str, str] = _EVERYTHING,
        after: str | None = None,
        limit: int = 100,
    ) -> ports.Page:
        """Give a page of one pair's rows, by id, whose bodies have all the values of ``where``."""
        parameters = {
            "tenant": tenant,
            "after": after or "",
            "where": json.dumps(dict(where)),
            "limit": limit + 1,
        }
        with self._database.tenant_transaction(tenant) as connection:
            found = connection.execute(BY_VIEW[view]["rows"], parameters).fetchall()
        return ports.Page(
            rows=[_row(view, row) for row in found[:limit]],
            next_after=found[limit - 1][0] if len(found) > limit else None,
            filters=dict(where),
        )

    def all_rows(self, tenant: str, view: str) -> Sequence[ports.Row]:
        """Give every row of one pair, by id."""
        with self._database.tenant_transaction(tenant) as connection:
            found = connection.execute(BY_VIEW[view]["all_rows"], {"tenant": tenant}).fetchall()
        return [_row(view, row) for row in found]

    def snapshot(self, tenant: str, *, views: Sequence[str] = ports.VIEWS) -> ports.Snapshot:
        """Give one pair's end of the ledger and its rows of some views, all of one and the same moment."""
        with self._database.snapshot_transaction(tenant) as connection:
            end = connection.execute(ledger.SQL["head"], {"tenant": tenant}).fetchone()
            rows = [
                _row(view, row)
                for view in views
                for row in connection.execute(BY_VIEW[view]["all_rows"], {"tenant": tenant})
            ]
        return ports.Snapshot(head=Head(position=end[0], hash=end[1]) if end else Head(), rows=rows)

    def across(
        self,
        scope: str,
        view: str,
        *,
        where: Mapping[str, str] = _EVERYTHING,
        after: tuple[str, str] | None = None,
        limit: int = 100,
    ) -> Sequence[tuple[str, ports.Row]]:
        """Give rows of a subtree of pairs, by pair and id, from after the last pair and id seen."""
        parameters = _range(scope, after) | {"where": json.dumps(dict(where)), "limit": limit}
        with self._database.scope_transaction(scope) as connection:
            found = connection.execute(BY_VIEW[view]["across"], parameters).fetchall()
        return [(row[0], _row(view, row[1:])) for row in found]

    def counted(
        self, scope: str, *, year: str, after: tuple[str, str] | None = None, limit: int = 100
    ) -> Sequence[tuple[str, ports.Row]]:
        """Give what a subtree's reports of a year and later can count, as ``across`` does."""
        parameters = _range(scope, after) | {"year": year, "limit": limit}
        with self._database.scope_transaction(scope) as connection:
            found = connection.execute(SQL["counted"], parameters).fetchall()
        return [(row[0], _row("tally", row[1:])) for row in found]

    def deadlines(
        self,
        scope: str,
        *,
        until: str,
        statuses: Sequence[str],
        after: tuple[str, str] | None = None,
        limit: int = 100,
    ) -> Sequence[tuple[str, ports.Row]]:
        """Give a subtree's decisions in one of ``statuses`` with a deadline up to ``until``, as ``across`` does."""
        parameters = _range(scope, after) | {"until": until, "statuses": list(statuses), "limit": limit}
        with self._database.scope_transaction(scope) as connection:
            found = connection.execute(SQL["deadlines"], parameters).fetchall()
        return [(row[0], _row("decision", row[1:])) for row in found]

    def heads(self, scope: str, *, as_of: datetime | None = None) -> Mapping[str, Head]:
        """Give the end of each ledger of a subtree, by pair, now or ``as_of`` a moment."""
        query, parameters = SQL["heads" if as_of is None else "heads_as_of"], _range(scope, None)
        with self._database.scope_transaction(scope) as connection:
            found = connection.execute(query, parameters | {"as_of": as_of}).fetchall()
        return {tenant: Head(position=position, hash=digest) for tenant, position, digest in found}

    def mark(
        self, tenant: str, *, as_of: datetime | None = None, position: int | None = None
    ) -> ports.Mark | None:
        """Find the last fact of one pair that was recorded by a moment, and at a position or before it."""
        parameters = {"tenant": tenant, "as_of": as_of, "position": position}
        with self._database.tenant_transaction(tenant) as connection:
            found = connection.execute(SQL["mark"], parameters).fetchone()
        if found is None:
            return None
        return ports.Mark(head=Head(position=found[0], hash=found[1]), recorded_at=found[2])

    def as_read(self, rows: Sequence[ports.Row]) -> Sequence[ports.Row]:
        """Give rows as they would be read back from here: jsonb orders keys, and writes numbers, in its own way."""
        with self._database.connection() as connection:
            found = connection.execute(SHAPES["as_read"], {"bodies": _bodies(rows)}).fetchall()
        return [dataclasses.replace(row, body=body) for row, (body,) in zip(rows, found, strict=True)]

    def odd_commands(self, tenant: str) -> Sequence[ports.OddCommand]:
        """List one pair's commands whose record and facts disagree, by position; none where all is well."""
        with self._database.audit_transaction(tenant) as connection:
            found = connection.execute(SQL["odd_commands"], {"tenant": tenant}).fetchall()
        return [ports.OddCommand(command_id=command_id, position=position) for command_id, position in found]

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
        """Give one pair's entries in order, from after a position: ``since`` <= recorded_at < ``until``."""
        parameters = {
            "tenant": tenant,
            "since": since,
            "until": until,
            "actor": actor,
            "topic": topic,
            "stream": stream,
            "after": after,
            "limit": limit,
        }
        with self._database.audit_transaction(tenant) as connection:
            found = connection.execute(SQL["history"], parameters).fetchall()
        return [ledger.entry(tenant, row) for row in found]

    def rebuild(
        self,
        tenant: str,
        fold: Callable[[Iterator[Entry]], Iterable[ports.Row]],
        *,
        shapes: Mapping[str, str] | None = None,
    ) -> int:
        """Replace one pair's rows of views by what ``fold`` makes of its entries, under its head lock.

        Returns: how many rows of them there are now. Raises: LedgerBusy, LedgerRewound, LedgerUnavailable.
        """
        lock = ledger.SQL["lock"]
        with self._database.locked_transaction(tenant, lock, {"tenant": tenant}) as (connection, found):
            by_view: dict[str, dict[str, ports.Row]] = {view: {} for view in shapes or ports.VIEWS}
            for row in fold(self._walk(connection, tenant, last=found[0][0])):
                if row.view in by_view:
                    by_view[row.view][row.id] = row
            for view, rows in by_view.items():
                connection.execute(BY_VIEW[view]["clear"], {"tenant": tenant})
                connection.execute(BY_VIEW[view]["fill"], _columns(tenant, rows.values()))
            noted = {"tenant": tenant, "views": list(shapes or ()), "shapes": list((shapes or {}).values())}
            connection.execute(SQL["note_fold"], noted)
        return sum(map(len, by_view.values()))

    def folded(self, tenant: str) -> Mapping[str, str]:
        """Tell in which shape one pair's rows were last folded as a whole, by view."""
        with self._database.tenant_transaction(tenant) as connection:
            return dict(connection.execute(SQL["folded"], {"tenant": tenant}).fetchall())

    def unfold(self, tenant: str, *, views: Sequence[str]) -> None:
        """Forget in which shape one pair's rows of some views were folded; the rows stay."""
        with self._database.tenant_transaction(tenant) as connection:
            connection.execute(SQL["unfold"], {"tenant": tenant, "views": list(views)})

    def shape(self) -> str | None:
        """Tell the shape that the rows of all pairs have; None where none was ever noted."""
        with self._database.connection() as connection:
            found = connection.execute(SHAPES["shape"]).fetchone()
        return str(found[0]) if found else None

    def reshaped(self, shape: str) -> None:
        """Note the shape that the rows of all pairs have now."""
        with self._database.connection() as connection:
            connection.execute(SHAPES["reshaped"], {"shape": shape})

    def _walk(self, connection: database.Connection, tenant: str, *, last: int) -> Iterator[Entry]:
        cursor = 0
        while cursor < last:
            until = min(cursor + self._batch, last)
            parameters = {"tenant": tenant, "after": cursor, "until": until}
            for row in connection.execute(ledger.SQL["entries"], parameters).fetchall():
                if row[0] != cursor + 1:
                    break
                cursor += 1
                yield ledger.entry(tenant, row)
            if cursor < until:
                raise ports.LedgerRewound(f"position {cursor + 1} is missing")


def _range(scope: str, after: tuple[str, str] | None) -> dict[str, Any]:
    tenant, key = after or ("", "")
    return {"scope": scope, "end": scope + _LAST, "after_tenant": tenant, "after_id": key}


def _row(view: str, row: Sequence[Any]) -> ports.Row:
    key, version, position, body = row
    return ports.Row(view=view, id=key, version=version, position=position, body=body)


def _columns(tenant: str, rows: Iterable[ports.Row]) -> dict[str, Any]:
    listed = list(rows)
    return {
        "tenant": tenant,
        "ids": [row.id for row in listed],
        "versions": [row.version for row in listed],
        "positions": [row.position for row in listed],
        "bodies": _bodies(listed),
    }


def _bodies(rows: Iterable[ports.Row]) -> list[str]:
    return [json.dumps(row.body, ensure_ascii=False, allow_nan=False) for row in rows]
