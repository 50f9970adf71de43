"""The access log on PostgreSQL. The application's role can only append, and prune whole months that are old enough."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from application import ports
from domain import accesses, chain
from domain.accesses import TENANT, Access, Ends, Entry
from domain.chain import Head
from infrastructure import database, prepared, statements

SQL = statements.load("access_log.sql")
APPEND: Final = prepared.statement(SQL["append"])
MONTHS: Final = 12
BATCH: Final = 1000
_END: Final = 2**62


class PostgresAccessLog:
    """The port ``AccessLog``."""

    def __init__(self, db: database.Database, *, months: int = MONTHS) -> None:
        """Bind a database. ``months``: for how many whole months entries are kept, 6 at least."""
        self._database = db
        self._months = months

    def append(self, entries: Sequence[Access]) -> int:
        """Append entries, all or none. Returns: the last position.

        Raises: LedgerUnavailable, LedgerBusy, AccessLogClosed.
        """
        if self._database.pool.closed:
            raise ports.AccessLogClosed
        parameters: dict[str, prepared.Value] = {
            "tenant": TENANT,
            "ats": [chain.microseconds(each.at) for each in entries],
            "traces": [each.trace_id for each in entries],
            "persons": [each.person for each in entries],
            "hows": [each.how for each in entries],
            "addresses": [each.address for each in entries],
            "methods": [each.method for each in entries],
            "routes": [each.route for each in entries],
            "pairs": [each.pair for each in entries],
            "matters": [each.matter for each in entries],
            "statuses": [each.status for each in entries],
            "codes": [each.code for each in entries],
        }
        with self._database.connection() as connection:
            return int(connection.rows(connection.run(APPEND, parameters))[0][0])

    @contextmanager
    def walk(self) -> Iterator[tuple[Ends, Iterator[Entry]]]:
        """Give the ends of the chain and its entries in order, all as of one moment."""
        with self._database.snapshot_transaction(TENANT) as connection:
            found = connection.execute(SQL["head"], {"tenant": TENANT}).fetchone()
            ends = _ends(found) if found else Ends()
            yield ends, _following(connection, after=ends.begin.position)

    def listed(
        self,
        *,
        person: str | None = None,
        pair: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> Sequence[Entry]:
        """Give entries, the latest first, from before a position: ``since`` <= recorded_at < ``until``."""
        parameters = {
            "tenant": TENANT,
            "person": person,
            "pair": pair,
            "since": since,
            "until": until,
            "before": before or _END,
            "limit": limit,
        }
        with self._database.tenant_transaction(TENANT) as connection:
            return [_entry(row) for row in connection.execute(SQL["listed"], parameters).fetchall()]

    def prune(self) -> int:
        """Remove the whole months that are older than they are kept. Returns: how many entries."""
        with self._database.connection() as connection:
            parameters = {"tenant": TENANT, "months": self._months}
            found = connection.execute(SQL["prune"], parameters).fetchone()
        return int(found[0]) if found else 0


def _following(connection: database.Connection, *, after: int) -> Iterator[Entry]:
    # Beyond the end that the head names as well: what was added behind its back must be seen.
    while True:
        parameters = {"tenant": TENANT, "after": after, "until": _END, "limit": BATCH}
        rows = connection.execute(SQL["entries"], parameters).fetchall()
        yield from map(_entry, rows)
        if len(rows) < BATCH:
            return
        after = rows[-1][0]


def _ends(row: database.Tuple) -> Ends:
    position, digest, begin_position, begin_digest = row
    return Ends(
        begin=Head(position=begin_position, hash=begin_digest), end=Head(position=position, hash=digest)
    )


def _entry(row: database.Tuple) -> Entry:
    (
        position,
        recorded_at,
        at,
        trace_id,
        person,
        how,
        address,
        method,
        route,
        pair,
        matter,
        status,
        code,
        *ends,
    ) = row
    return Entry(
        position=position,
        recorded_at=recorded_at,
        access=accesses.Access(
            at=at,
            trace_id=trace_id,
            person=person,
            how=how,
            address=address,
            method=method,
            route=route,
            pair=pair,
            matter=matter,
            status=status,
            code=code,
        ),
        prev_hash=ends[0],
        hash=ends[1],
    )
