"""The ledger and its views in memory: for tests of the work, held to the same contract as PostgreSQL's."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from application import ports
from domain import chain
from domain.chain import Entry, Head

START = datetime(2026, 12, 31, 1, 0, tzinfo=UTC)


class Clock:
    """A clock that moves a second with each look; a test may set it."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@dataclass
class Pair:
    """What one pair has."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    entries: list[Entry] = field(default_factory=list)
    commands: dict[str, ports.Answered] = field(default_factory=dict)
    places: dict[str, range] = field(default_factory=dict)
    rows: dict[tuple[str, str], ports.Row] = field(default_factory=dict)
    folded: dict[str, str] = field(default_factory=dict)

    @property
    def head(self) -> Head:
        last = self.entries[-1] if self.entries else None
        return Head(position=last.position, hash=last.hash) if last else Head()


class MemoryLedger:
    """The ports ``Ledger`` and ``Views`` over dictionaries; a session holds the pair's lock."""

    def __init__(self, *, clock: Callable[[], datetime] | None = None, lock_seconds: float = 3.0) -> None:
        self.pairs: dict[str, Pair] = {}
        self.clock = clock or Clock()
        self._lock_seconds = lock_seconds
        self._guard = threading.Lock()
        self._shape: str | None = None

    def pair(self, tenant: str) -> Pair:
        with self._guard:
            return self.pairs.setdefault(tenant, Pair())

    @contextmanager
    def session(self, tenant: str, *, command_id: str, after: Head) -> Iterator["MemorySession"]:
        pair = self.pair(tenant)
        if not pair.lock.acquire(timeout=self._lock_seconds):
            raise ports.LedgerBusy(tenant)
        try:
            if after.position > pair.head.position:
                raise ports.LedgerRewound(tenant)
            known = pair.entries[after.position - 1].hash if after.position else chain.GENESIS
            if known != after.hash:
                raise ports.LedgerRewound(tenant)
            last = pair.entries[-1].recorded_at if pair.entries else START
            session = MemorySession(
                tenant, pair, command_id=command_id, after=after, now=max(self.clock(), last)
            )
            yield session
            session.commit()
        finally:
            pair.lock.release()

    def entries(self, tenant: str, *, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        entries = list(self.pair(tenant).entries)
        if after > len(entries):
            raise ports.LedgerRewound(tenant)
        yield from entries[after : len(entries) if until is None else until]

    def strips(self, tenant: str, *, until: int, size: int) -> Iterator[Sequence[chain.Strip]]:
        # A row of another pair is none of this one's.
        entries = [each for each in self.entries(tenant, until=until) if each.tenant == tenant]
        if len(entries) < until:
            raise ports.LedgerRewound(tenant)
        for begin in range(0, until, size):
            yield [chain.strip(each) for each in entries[begin : begin + size]]

    def row(self, tenant: str, view: str, id: str) -> ports.Row | None:  # noqa: A002
        _known(view)
        return self.pair(tenant).rows.get((view, id))

    def all_rows(self, tenant: str, view: str) -> Sequence[ports.Row]:
        _known(view)
        found = [row for row in self.pair(tenant).rows.values() if row.view == view]
        return sorted(found, key=lambda row: row.id)

    def snapshot(self, tenant: str, *, views: Sequence[str] = ports.VIEWS) -> ports.Snapshot:
        pair = self.pair(tenant)
        with pair.lock:
            rows = [row for view in views for row in self.all_rows(tenant, view)]
            return ports.Snapshot(head=pair.head, rows=rows)

    def odd_commands(self, tenant: str) -> Sequence[ports.OddCommand]:
        pair = self.pair(tenant)
        facts: dict[str, list[int]] = {}
        for entry in pair.entries:
            facts.setdefault(entry.command_id, []).append(entry.position)
        odd = [
            ports.OddCommand(command_id=key, position=positions[0])
            for key, positions in facts.items()
            if positions != list(pair.places.get(key, ()))
        ]
        odd += [
            ports.OddCommand(command_id=key, position=places.start)
            for key, places in pair.places.items()
            if places and key not in facts
        ]
        return sorted(odd, key=lambda each: each.position)

    def rows(
        self,
        tenant: str,
        view: str,
        *,
        where: Mapping[str, str] | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> ports.Page:
        where = where or {}
        found = [row for row in self.all_rows(tenant, view) if row.id > (after or "") and _has(row, where)]
        return ports.Page(
            rows=found[:limit],
            next_after=found[limit - 1].id if len(found) > limit else None,
            filters=dict(where),
        )

    def _scope(self, scope: str) -> list[str]:
        return sorted(tenant for tenant in list(self.pairs) if scope and tenant.startswith(scope))

    def across(
        self,
        scope: str,
        view: str,
        *,
        where: Mapping[str, str] | None = None,
        after: tuple[str, str] | None = None,
        limit: int = 100,
    ) -> Sequence[tuple[str, ports.Row]]:
        found = [
            (tenant, row)
            for tenant in self._scope(scope)
            for row in self.all_rows(tenant, view)
            if (tenant, row.id) > (after or ("", "")) and _has(row, where or {})
        ]
        return found[:limit]

    def counted(
        self, scope: str, *, year: str, after: tuple[str, str] | None = None, limit: int = 100
    ) -> Sequence[tuple[str, ports.Row]]:
        found = self.across(scope, "tally", after=after, limit=2**63)
        return [(tenant, row) for tenant, row in found if row.body["year"] >= year][:limit]

    def deadlines(
        self,
        scope: str,
        *,
        until: str,
        statuses: Sequence[str],
        after: tuple[str, str] | None = None,
        limit: int = 100,
    ) -> Sequence[tuple[str, ports.Row]]:
        found = [
            (tenant, row)
            for tenant, row in self.across(scope, "decision", after=after, limit=2**63)
            if row.body.get("status") in statuses and (row.body.get("deadline") or "\U0010ffff") <= until
        ]
        return found[:limit]

    def heads(self, scope: str, *, as_of: datetime | None = None) -> Mapping[str, Head]:
        found = {tenant: self.mark(tenant, as_of=as_of) for tenant in self._scope(scope)}
        return {tenant: mark.head for tenant, mark in found.items() if mark is not None}

    def mark(
        self, tenant: str, *, as_of: datetime | None = None, position: int | None = None
    ) -> ports.Mark | None:
        known = [
            entry
            for entry in self.pair(tenant).entries
            if (as_of is None or entry.recorded_at <= as_of)
            and (position is None or entry.position <= position)
        ]
        if not known:
            return None
        last = known[-1]
        return ports.Mark(head=Head(position=last.position, hash=last.hash), recorded_at=last.recorded_at)

    def as_read(self, rows: Sequence[ports.Row]) -> Sequence[ports.Row]:
        return [_as_json(row) for row in rows]

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
        found = [
            entry
            for entry in self.pair(tenant).entries[after:]
            if (since is None or entry.recorded_at >= since)
            and (until is None or entry.recorded_at < until)
            and (actor is None or entry.actor == actor)
            and (topic is None or entry.topic == topic)
            and (stream is None or entry.stream == stream)
        ]
        return found[:limit]

    def rebuild(
        self,
        tenant: str,
        fold: Callable[[Iterator[Entry]], Iterable[ports.Row]],
        *,
        shapes: Mapping[str, str] | None = None,
    ) -> int:
        pair = self.pair(tenant)
        views = tuple(shapes or ports.VIEWS)
        with pair.lock:
            made = [_as_json(row) for row in fold(iter(pair.entries)) if row.view in views]
            kept = {key: row for key, row in pair.rows.items() if row.view not in views}
            pair.rows = {**kept, **{(row.view, row.id): row for row in made}}
            pair.folded.update(shapes or {})
        return len(made)

    def folded(self, tenant: str) -> Mapping[str, str]:
        return dict(self.pair(tenant).folded)

    def unfold(self, tenant: str, *, views: Sequence[str]) -> None:
        for view in views:
            self.pair(tenant).folded.pop(view, None)

    def shape(self) -> str | None:
        return self._shape

    def reshaped(self, shape: str) -> None:
        self._shape = shape


class MemorySession:
    """The port ``Session``: what is appended counts once the block has ended well."""

    def __init__(self, tenant: str, pair: Pair, *, command_id: str, after: Head, now: datetime) -> None:
        self._tenant = tenant
        self._pair = pair
        self._command_id = command_id
        self._pending: tuple[list[Entry], list[ports.Row]] = ([], [])
        self._answer: ports.Answered | None = None
        self.answered = pair.commands.get(command_id)
        self.head = pair.head
        self.entries: Sequence[Entry] = pair.entries[after.position :]
        self.now = now

    def append(
        self,
        drafts: Sequence[ports.Draft],
        *,
        actor: str,
        request_hash: bytes,
        answer: Mapping[str, Any],
        rows: Iterable[ports.Row],
    ) -> None:
        if self.answered is not None:
            if self.answered.request_hash != request_hash:
                raise ports.CommandReused(self._command_id)
            return
        if self._answer is not None:
            raise ports.LedgerConflict(self._command_id)
        taken = {(entry.stream, entry.version) for entry in self._pair.entries}
        head = self.head
        entries = []
        for draft in drafts:
            if (draft.stream, draft.version) in taken:
                raise ports.LedgerConflict(f"{draft.stream} {draft.version}")
            taken.add((draft.stream, draft.version))
            unlinked = Entry(
                tenant=self._tenant,
                position=head.position + 1,
                stream=draft.stream,
                version=draft.version,
                topic=draft.topic,
                state=draft.state,
                state_hash=hashlib.sha256(draft.state).digest(),
                actor=actor,
                command_id=self._command_id,
                recorded_at=self.now,
                prev_hash=head.hash,
                hash=chain.GENESIS,
            )
            entry = replace(unlinked, hash=chain.link(unlinked))
            entries.append(entry)
            head = Head(position=entry.position, hash=entry.hash)
        self._pending = (entries, [_as_json(row) for row in rows])
        # A replay comes back as JSON, so tuples and the like must not survive here either.
        self._answer = ports.Answered(request_hash=request_hash, answer=json.loads(json.dumps(answer)))

    def commit(self) -> None:
        entries, rows = self._pending
        begun = self._pair.head.position + 1
        self._pair.entries.extend(entries)
        self._pair.rows.update({(row.view, row.id): row for row in rows})
        if self._answer is not None:
            self._pair.commands[self._command_id] = self._answer
            self._pair.places[self._command_id] = range(begun, begun + len(entries))


def _known(view: str) -> None:
    if view not in ports.VIEWS:
        raise KeyError(view)


def _as_json(row: ports.Row) -> ports.Row:
    _known(row.view)
    return replace(row, body=json.loads(json.dumps(row.body)))


def _has(row: ports.Row, where: Mapping[str, str]) -> bool:
    return all(key in row.body and row.body[key] == value for key, value in where.items())
