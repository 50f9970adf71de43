"""One bit in every byte of an entry, in every column, each in a transaction of the superuser that is rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from application import audit
from domain import chain
from infrastructure import database, ledger, views
from tests.sweep.stage import Copy

BITS = range(8)
COLUMNS = (
    "tenant_id",
    "position",
    "originator_id",
    "originator_version",
    "topic",
    "state",
    "state_hash",
    "actor",
    "command_id",
    "recorded_at",
    "prev_hash",
    "hash",
)


@dataclass(kw_only=True)
class Flips:
    """How many bytes were changed, by column, in how many that was found; ``impossible``: no bit makes a value."""

    tried: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    impossible: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)


class Inside(database.Database):
    """Reads what a transaction of the superuser has not committed, through the application's own queries."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.limits = database.Limits()
        self._connection = connection

    @contextmanager
    def tenant_transaction(self, tenant: str) -> Iterator[database.Connection]:
        del tenant
        yield self._connection

    @contextmanager
    def scope_transaction(self, scope: str) -> Iterator[database.Connection]:
        del scope
        yield self._connection

    @contextmanager
    def audit_transaction(self, scope: str) -> Iterator[database.Connection]:
        del scope
        yield self._connection


def flip(copy: Copy, pair: str, *, positions: list[int], every: int = 1) -> Flips:
    """Flip one bit in each ``every``-th byte of each column of some entries, and hash the chain anew each time."""
    flips = Flips()
    with copy.superuser() as connection:
        inside = Inside(connection)
        for position in positions:
            row = _row(connection, pair, position)
            for column in COLUMNS:
                for at in range(0, len(_raw(row[column])), every):
                    _try(connection, inside, flips, (pair, position, column, at), row[column])
        connection.commit()
    return flips


def _try(
    connection: psycopg.Connection, inside: Inside, flips: Flips, place: tuple[str, int, str, int], value: Any
) -> None:
    pair, position, column, at = place
    update = sql.SQL(
        "UPDATE ledger.ledger_event SET {} = {} WHERE tenant_id = %(pair)s AND position = %(position)s"
    )
    for bit in BITS:
        raw = bytearray(_raw(value))
        raw[at] ^= 1 << bit
        try:
            changed, shown = _value(bytes(raw), value)
            with connection.transaction(force_rollback=True):
                query = update.format(sql.Identifier(column), sql.SQL(shown))
                connection.execute(query, {"pair": pair, "position": position, "value": changed})
                flips.tried[column] = flips.tried.get(column, 0) + 1
                if _seen(inside, pair):
                    flips.found[column] = flips.found.get(column, 0) + 1
                else:
                    flips.missed.append(f"{pair} {position} {column} byte {at} bit {bit}")
                return
        except (UnicodeDecodeError, psycopg.DataError, psycopg.errors.UniqueViolation):
            # No text, no moment, or another entry's key: the database refuses it; another bit of this byte may do.
            continue
    flips.impossible[column] = flips.impossible.get(column, 0) + 1


def _seen(inside: Inside, pair: str) -> bool:
    found = audit.verify_owed(ledger.PostgresLedger(inside), views.PostgresViews(inside), pair)
    return not found.ok


def _row(connection: psycopg.Connection, pair: str, position: int) -> dict[str, Any]:
    query = sql.SQL("SELECT {} FROM ledger.ledger_event WHERE tenant_id = %s AND position = %s")
    names = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
    found = connection.execute(query.format(names), (pair, position)).fetchone()
    assert found is not None
    return dict(zip(COLUMNS, found, strict=True))


def _raw(value: Any) -> bytes:
    match value:
        case str():
            return value.encode()
        case bytes():
            return value
        case int():
            return value.to_bytes(8, "big", signed=True)
        case _:
            return chain.microseconds(value).to_bytes(8, "big", signed=True)


def _value(raw: bytes, before: Any) -> tuple[Any, str]:
    """Turn bytes back into a value of the column's type, and how it is written in SQL."""
    match before:
        case str():
            return raw.decode(), "%(value)s"
        case bytes():
            return raw, "%(value)s"
        case int():
            return int.from_bytes(raw, "big", signed=True), "%(value)s::bigint"
        case _:
            micros = int.from_bytes(raw, "big", signed=True)
            return micros, "timestamptz 'epoch' + %(value)s::bigint * interval '1 microsecond'"
