"""Every pair's ledger on PostgreSQL: lock, read what is new, let the caller decide, append."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from eventsourcing import persistence
from psycopg.types import numeric

from application import ports
from domain.chain import Entry, Head, Strip
from infrastructure import database, prepared, recorder, statements

SQL = statements.load("ledger.sql")


class PostgresLedger:
    """The port ``Ledger``."""

    def __init__(self, db: database.Database, *, batch: int = 500) -> None:
        self._database = db
        self._batch = batch
        self._doors = _Doors(db.limits.per_pair, wait_s=db.limits.lock_ms / 1000)

    def recorder(self, tenant: str) -> recorder.PairRecorder:
        """Give the library's recorder of one pair."""
        return recorder.PairRecorder(self._database, tenant)

    @contextmanager
    def session(self, tenant: str, *, command_id: str, after: Head) -> Iterator["PostgresSession"]:
        """Lock one pair's head and read what follows ``after``; commit when the block ends well.

        Raises: LedgerBusy, LedgerRewound, LedgerUnavailable.
        """
        parameters: dict[str, prepared.Value] = {
            "tenant": tenant,
            "command_id": command_id,
            "after": after.position,
        }
        with (
            self._doors.through(tenant),
            self._database.locked_transaction(tenant, SQL["open"], parameters) as (connection, found),
        ):
            session = PostgresSession(self.recorder(tenant), connection, command_id=command_id)
            session.read(tenant, found)
            _continues(session, after)
            yield session

    def entries(self, tenant: str, *, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """Stream one pair's entries with ``after < position <= until``, in order, without locking.

        Each batch is a transaction of its own, so that a slow reader holds nothing. Raises: LedgerRewound where
        a position is missing or ``after`` is past the end.
        """
        head = self.head(tenant)
        if after > head.position:
            raise ports.LedgerRewound(f"the ledger ends at {head.position}, the reader knows {after}")
        last = head.position if until is None else min(until, head.position)
        cursor = after
        while cursor < last:
            batch = self._entries(tenant, after=cursor, until=min(cursor + self._batch, last))
            if not batch:
                raise ports.LedgerRewound(f"position {cursor + 1} is missing")
            for entry in batch:
                if entry.position != cursor + 1:
                    raise ports.LedgerRewound(f"position {cursor + 1} is missing")
                cursor = entry.position
                yield entry

    def strips(self, tenant: str, *, until: int, size: int) -> Iterator[list[Strip]]:
        """Stream one pair's entries up to a position as plain rows, ``size`` at a time, as ``entries`` does.

        Raises: LedgerRewound where the last position of a batch is missing; who verifies the rows finds other gaps.
        """
        cursor = 0
        while cursor < until:
            last = min(cursor + size, until)
            parameters = {"tenant": tenant, "after": cursor, "until": last}
            with self._database.tenant_transaction(tenant) as connection, connection.cursor() as found:
                # A moment travels as its count of µs since 2000; making a datetime of it costs more than hashing it.
                found.adapters.register_loader("timestamptz", numeric.Int8BinaryLoader)
                strips = found.execute(SQL["entries"], parameters, binary=True).fetchall()
            if not strips or strips[-1][0] != last:
                raise ports.LedgerRewound(f"a position up to {last} is missing")
            cursor = last
            yield cast("list[Strip]", strips)

    def head(self, tenant: str) -> Head:
        """Give the end of one pair's ledger, without locking."""
        with self._database.tenant_transaction(tenant) as connection:
            found = connection.execute(SQL["head"], {"tenant": tenant}).fetchone()
        return Head(position=found[0], hash=found[1]) if found else Head()

    def _entries(self, tenant: str, *, after: int, until: int) -> list[Entry]:
        parameters = {"tenant": tenant, "after": after, "until": until}
        with self._database.tenant_transaction(tenant) as connection:
            found = connection.execute(SQL["entries"], parameters, binary=True).fetchall()
        return [entry(tenant, row) for row in found]


class PostgresSession:
    """The port ``Session``: one transaction that holds one pair's head."""

    answered: ports.Answered | None = None
    head = Head()
    entries: Sequence[Entry] = ()
    now: datetime

    def __init__(
        self, pair: recorder.PairRecorder, connection: database.Connection, *, command_id: str
    ) -> None:
        self._recorder = pair
        self._connection = connection
        self._command_id = command_id

    @property
    def connection(self) -> database.Connection:
        """The transaction's own, for what must be written with the facts or not at all."""
        return self._connection

    def read(self, tenant: str, found: Sequence[database.Tuple]) -> None:
        """Take in what ``ledger_open`` gave: the head in every row, and an entry in each where there are any."""
        position, digest, self.now, request_hash, answer = found[0][:5]
        self.head = Head(position=position, hash=digest)
        if request_hash is not None:
            self.answered = ports.Answered(request_hash=request_hash, answer=answer)
        if found[0][5] is not None:
            self.entries = [entry(tenant, row[5:]) for row in found]

    def append(
        self,
        drafts: Sequence[ports.Draft],
        *,
        actor: str,
        request_hash: bytes,
        answer: Mapping[str, Any],
        rows: Iterable[ports.Row],
    ) -> None:
        """Append the facts, keep the answer and write the view rows, in one statement.

        Raises: CommandReused, LedgerConflict.
        """
        if self.answered is not None:
            if self.answered.request_hash != request_hash:
                raise ports.CommandReused(self._command_id)
            return
        facts = [
            persistence.StoredEvent(
                originator_id=draft.stream,
                originator_version=draft.version,
                topic=draft.topic,
                state=draft.state,
            )
            for draft in drafts
        ]
        try:
            self._recorder.append(
                facts,
                actor=actor,
                command_id=self._command_id,
                request_hash=request_hash,
                answer=answer,
                rows=rows,
                inside=self._connection,
            )
        except persistence.IntegrityError as error:
            raise ports.LedgerConflict(str(error)) from error


def entry(tenant: str, row: Sequence[Any]) -> Entry:
    """Make an entry of a row of the query ``entries``, in its order of columns."""
    position, stream, version, topic, state, state_hash, actor, command_id, recorded_at, prev_hash, digest = (
        row
    )
    return Entry(
        tenant=tenant,
        position=position,
        stream=stream,
        version=version,
        topic=topic,
        state=state,
        state_hash=state_hash,
        actor=actor,
        command_id=command_id,
        recorded_at=recorded_at,
        prev_hash=prev_hash,
        hash=digest,
    )


def _continues(session: PostgresSession, after: Head) -> None:
    """Refuse to go on from a position that the ledger does not have, or has with another past."""
    if after.position > session.head.position:
        raise ports.LedgerRewound(f"the ledger ends at {session.head.position}, known was {after.position}")
    known = session.entries[0].prev_hash if session.entries else session.head.hash
    if known != after.hash:
        raise ports.LedgerRewound(f"position {after.position} has another hash than the one known")


class _Doors:
    """Lets a few requests of each pair to the pool at a time, so that one pair cannot take all of it."""

    def __init__(self, places: int, *, wait_s: float) -> None:
        self._places = places
        self._wait_s = wait_s
        self._inside: dict[str, int] = {}
        self._left = threading.Condition()

    @contextmanager
    def through(self, tenant: str) -> Iterator[None]:
        with self._left:
            if not self._left.wait_for(lambda: self._inside.get(tenant, 0) < self._places, self._wait_s):
                raise ports.LedgerBusy(tenant)
            self._inside[tenant] = self._inside.get(tenant, 0) + 1
        try:
            yield
        finally:
            with self._left:
                self._inside[tenant] -= 1
                if not self._inside[tenant]:
                    del self._inside[tenant]
                self._left.notify_all()
