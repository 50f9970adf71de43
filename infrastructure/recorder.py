"""One pair's ledger behind the library's recorder interface, and the one statement that appends.

The library's abstract classes and its ``StoredEvent`` are kept; its own PostgreSQL recorder is not, because it
locks the table of all tenants. Commands append through this very recorder, with view rows in the same statement.
"""

import hashlib
import json
import json.encoder
import random
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing import persistence

from application import ports
from infrastructure import database, prepared, statements

SQL = statements.load("ledger.sql")

# SQLSTATEs that the functions raise.
REUSED, ELSEWHERE = "LX001", "LX003"

_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_quoted = json.encoder.encode_basestring_ascii

_LEAST, _MOST = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What an append answered. Of a command without facts, ``last`` is the head and ``first`` one more."""

    first: int
    last: int
    replayed: bool = False
    answer: Mapping[str, Any] | None = None

    @property
    def positions(self) -> range:
        """The positions of the facts."""
        return range(self.first, self.last + 1)


class Repeated(persistence.IntegrityError):
    """The command was accepted before."""


class PairRecorder(persistence.ApplicationRecorder):
    """The library's application recorder, bound to one pair. Notification ids are the pair's positions."""

    def __init__(self, db: database.Database, tenant: str, *, poll_seconds: float = 0.2) -> None:
        self._database = db
        self._tenant = tenant
        self._poll_seconds = poll_seconds

    def insert_events(self, stored_events: Sequence[persistence.StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append facts in one round trip, and give their positions; see ``append`` for the keywords.

        Raises: eventsourcing's IntegrityError on a conflict; ports.CommandReused, LedgerBusy, LedgerUnavailable.
        """
        if not stored_events:
            return []
        return list(self.append(stored_events, **kwargs).positions)

    def append(
        self,
        facts: Sequence[persistence.StoredEvent],
        *,
        actor: str = "system",
        command_id: str | None = None,
        request_hash: bytes | None = None,
        answer: Mapping[str, Any] | None = None,
        expected_position: int | None = None,
        rows: Iterable[ports.Row] = (),
        inside: database.Connection | None = None,
    ) -> Appended:
        """Append facts and write view rows in one statement.

        Args:
            facts: in order; may be none, and the command is kept all the same.
            actor: who did it.
            command_id: the idempotency key; a new one where None.
            request_hash: 32 bytes; of the facts where None.
            answer: a JSON object, kept for replays.
            expected_position: where the pair's ledger must end.
            rows: the view rows as they are after these facts.
            inside: the connection in whose transaction, of this pair, to append; a transaction alone where None.
                Inside, a command answered before is a conflict like others, for the caller knew of it.

        Returns: the positions, and of a command answered before (alone) what it was answered.
        Raises: eventsourcing's IntegrityError on a conflict; ports.CommandReused.
        """
        parameters: dict[str, prepared.Value] = {
            "tenant": self._tenant,
            "actor": actor,
            "command_id": _new_id() if command_id is None else command_id,
            "request_hash": _digest(facts) if request_hash is None else request_hash,
            "answer": "{}" if answer is None else _json(answer),
            "expected": expected_position,
        }
        if len(facts) == 1:
            (fact,) = facts
            parameters["stream"] = str(fact.originator_id)
            parameters["version"] = fact.originator_version
            parameters["topic"] = fact.topic
            parameters["state"] = fact.state
        else:
            parameters["streams"] = [str(fact.originator_id) for fact in facts]
            parameters["versions"] = [fact.originator_version for fact in facts]
            parameters["topics"] = [fact.topic for fact in facts]
            parameters["states"] = [fact.state for fact in facts]
        written = _rows(rows)
        parameters.update((f"rows_{view}", text) for view, text in written.items())
        statement = prepared.statement(append_statement(len(facts), tuple(sorted(written))))
        if inside is not None:
            return _append(inside, statement, parameters, count=len(facts))
        try:
            return _append(self._database, statement, parameters, count=len(facts))
        except Repeated:
            return self._replay(parameters)

    def _replay(self, parameters: Mapping[str, prepared.Value]) -> Appended:
        with self._database.connection() as connection:
            try:
                ((first, last, answer),) = connection.execute(SQL["replay"], parameters).fetchall()
            except psycopg.DatabaseError as error:
                if error.sqlstate == REUSED:
                    raise ports.CommandReused(str(parameters["command_id"])) from error
                raise
        return Appended(first=first, last=last, replayed=True, answer=answer)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[persistence.StoredEvent]:
        """Read one stream's facts, those of versions in ``gt`` < version <= ``lte``."""
        parameters = {
            "tenant": self._tenant,
            "stream": str(originator_id),
            "gt": _LEAST if gt is None else gt,
            "lte": _MOST if lte is None else lte,
            "limit": limit,
        }
        with self._database.tenant_transaction(self._tenant) as connection:
            found = connection.execute(SQL["stream_backwards" if desc else "stream"], parameters).fetchall()
        return [
            persistence.StoredEvent(
                originator_id=stream, originator_version=version, topic=topic, state=state
            )
            for stream, version, topic, state in found
        ]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[persistence.Notification]:
        """Read the pair's facts in order, from ``start`` to ``stop``, of all topics where none is named."""
        first = 0 if start is None else start + (0 if inclusive_of_start else 1)
        parameters = {
            "tenant": self._tenant,
            "start": first,
            "stop": _MOST if stop is None else stop,
            "limit": limit,
            "topics": list(topics),
        }
        with self._database.tenant_transaction(self._tenant) as connection:
            query = SQL["notifications_of" if topics else "notifications"]
            found = connection.execute(query, parameters).fetchall()
        return [
            persistence.Notification(
                originator_id=stream, originator_version=version, topic=topic, state=state, id=position
            )
            for stream, version, topic, state, position in found
        ]

    def max_notification_id(self) -> int | None:
        """Give the pair's last position; None where there is no fact."""
        with self._database.tenant_transaction(self._tenant) as connection:
            found = connection.execute(SQL["head"], {"tenant": self._tenant}).fetchone()
        return found[0] if found else None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "PollingSubscription":
        """Follow the pair from after ``gt``, waiting at the end for what comes."""
        return PollingSubscription(self, gt=gt, topics=topics, poll_seconds=self._poll_seconds)


class PollingSubscription(persistence.Subscription[PairRecorder]):
    """Reads on from a cursor, and looks again after a pause where nothing is new.

    Position n+1 is given out only after n was committed, so nothing can appear behind the cursor: there is no
    gap to wait for, and one that is found is an alarm.
    """

    _BATCH = 500

    def __init__(
        self,
        recorder: PairRecorder,
        gt: int | None = None,
        topics: Sequence[str] = (),
        *,
        poll_seconds: float,
    ) -> None:
        super().__init__(recorder, gt=gt, topics=topics)
        self._cursor = gt or 0
        self._ready: deque[persistence.Notification] = deque()
        self._stopping = threading.Event()
        self._poll_seconds = poll_seconds

    def stop(self) -> None:
        """End the iteration, also one that is waiting."""
        super().stop()
        self._stopping.set()

    def __next__(self) -> persistence.Notification:
        """Give the next fact, waiting for it. Raises: StopIteration once stopped; ports.LedgerRewound."""
        while not self._stopping.is_set():
            if self._ready:
                return self._ready.popleft()
            if not self._fetch():
                self._stopping.wait(self._poll_seconds)
        raise StopIteration

    def _fetch(self) -> bool:
        head = self._recorder.max_notification_id() or 0
        if head < self._cursor:
            raise ports.LedgerRewound(f"the ledger ends at {head}, the cursor stands at {self._cursor}")
        if head == self._cursor:
            return False
        until = min(head, self._cursor + self._BATCH)
        found = self._recorder.select_notifications(
            self._cursor, self._BATCH, until, self._topics, inclusive_of_start=False
        )
        expected = range(self._cursor + 1, until + 1)
        if not self._topics and [notification.id for notification in found] != list(expected):
            raise ports.LedgerRewound(f"positions {expected} are not all there")
        self._ready.extend(found)
        # Facts of other topics were looked at too, so the cursor passes them.
        self._cursor = until
        return True


@lru_cache(maxsize=512)
def append_statement(count: int, views: tuple[str, ...]) -> str:
    """Compose the statement that appends ``count`` facts and writes rows of ``views``, from fixed parts.

    Raises: KeyError where a view is not one of the fixed list.
    """
    query = SQL["append_one" if count == 1 else "append"]
    if not views:
        return query
    upserts = ", ".join(_UPSERTS[view] for view in views)
    return f"WITH a AS MATERIALIZED ({query}), {upserts} SELECT * FROM a"  # noqa: S608  # From .sql files and a fixed list.


def _append(
    runner: database.Connection | database.Database,
    statement: prepared.Statement,
    parameters: Mapping[str, prepared.Value],
    *,
    count: int,
) -> Appended:
    try:
        answer = runner.run(statement, parameters)
    except psycopg.errors.UniqueViolation as error:
        fault = (
            Repeated if error.diag.constraint_name == "ledger_command_pkey" else persistence.IntegrityError
        )
        raise fault(str(error)) from error
    except psycopg.DatabaseError as error:
        if error.sqlstate == ELSEWHERE:
            raise persistence.IntegrityError(str(error)) from error
        raise
    last = int(answer.get_value(0, 0) or 0)
    return Appended(first=last - count + 1, last=last)


# The table of a view comes from this list and nowhere else.
_UPSERTS = {
    view: f"view_{view} AS ({SQL['upsert'].replace('view_any', f'view_{view}').replace('_any)s', f'_{view})s')})"
    for view in ports.VIEWS
}


def _rows(rows: Iterable[ports.Row]) -> dict[str, str]:
    """Give each view's rows as one array of JSON; of rows with one key the last counts."""
    latest = {(row.view, row.id): row for row in rows}
    by_view: dict[str, list[dict[str, Any]]] = {}
    for row in latest.values():
        columns = {"id": row.id, "version": row.version, "position": row.position, "body": row.body}
        by_view.setdefault(row.view, []).append(columns)
    return {view: _json(found) for view, found in by_view.items()}


def _new_id() -> str:
    # Such an id must differ from others and need not be a secret. uuid4() asks the kernel, and who does so lets the
    # interpreter's lock go, which costs 12 us with 16 writers. The generator is seeded anew in a forked process.
    return str(UUID(int=random.getrandbits(128), version=4))


def _digest(facts: Sequence[persistence.StoredEvent]) -> bytes:
    return hashlib.sha256(b"".join(_named(fact) + fact.state for fact in facts)).digest()


def _named(fact: persistence.StoredEvent) -> bytes:
    # The JSON of a list, written out, because an encoder for it costs more than the hash.
    stream, topic = _quoted(str(fact.originator_id)), _quoted(fact.topic)
    return f"[{stream}, {fact.originator_version}, {topic}, {len(fact.state)}]".encode()
