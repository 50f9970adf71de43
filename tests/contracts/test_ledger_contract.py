"""One contract for both ledgers: the one in memory that the work is tested on, and PostgreSQL's."""

import dataclasses
import hashlib
import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from application import ports
from domain import chain
from infrastructure import database as databases
from infrastructure import ledger as ledgers
from infrastructure import views as views_
from tests import memory

A, B, ELSEWHERE = "140802", "140821", "150100"
HASH = hashlib.sha256(b"request").digest()
OTHER = hashlib.sha256(b"other request").digest()


@dataclass(frozen=True)
class World:
    ledger: ports.Ledger
    views: ports.Views

    def command(
        self,
        tenant: str,
        command_id: str,
        *drafts: ports.Draft,
        request_hash: bytes = HASH,
        answer: dict[str, Any] | None = None,
        actor: str = "张三",
        rows: tuple[ports.Row, ...] = (),
        after: chain.Head | None = None,
    ) -> None:
        with self.ledger.session(tenant, command_id=command_id, after=after or chain.Head()) as session:
            session.append(
                drafts, actor=actor, request_hash=request_hash, answer=answer or {"id": command_id}, rows=rows
            )

    def head(self, tenant: str) -> chain.Head:
        *_, last = chain.verify(self.ledger.entries(tenant), tenant=tenant)
        assert isinstance(last, chain.Head), last
        return last


@pytest.fixture(params=["memory", "postgres"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with ExitStack() as stack:
        if request.param == "memory":
            both = memory.MemoryLedger(lock_seconds=0.3)
            yield World(both, both)
            return
        database = request.getfixturevalue("database")
        limits = databases.Limits(pool_max=20, lock_ms=300, per_pair=20)
        db = stack.enter_context(databases.Database(database.app_dsn, limits=limits))
        yield World(ledgers.PostgresLedger(db), views_.PostgresViews(db))


def draft(
    stream: str, version: int = 1, *, topic: str = "topic.proposed", state: bytes = b"{}"
) -> ports.Draft:
    return ports.Draft(stream=stream, version=version, topic=topic, state=state)


def row(view: str, id: str, **body: Any) -> ports.Row:  # noqa: A002
    return ports.Row(view=view, id=id, version=1, position=1, body=body)


def test_r094_entries_chain_from_the_first_to_the_last(world: World) -> None:
    world.command(A, "c1", draft("s1"), draft("s2", state="联席会议".encode()))
    world.command(A, "c2", draft("s1", 2))
    heads = list(chain.verify(world.ledger.entries(A), tenant=A))
    assert [head.position for head in heads if isinstance(head, chain.Head)] == [1, 2, 3]
    first, second, third = world.ledger.entries(A)
    assert first.prev_hash == chain.GENESIS
    assert (second.stream, second.version, second.state) == ("s2", 1, "联席会议".encode())
    assert (third.actor, third.command_id) == ("张三", "c2")
    assert third.recorded_at >= first.recorded_at


def test_session_tells_the_head_the_news_and_the_time(world: World) -> None:
    with world.ledger.session(A, command_id="c0", after=chain.Head()) as session:
        assert (session.head, list(session.entries), session.answered) == (chain.Head(), [], None)
        assert session.now.utcoffset() == timedelta(0)
    world.command(A, "c1", draft("s1"), draft("s2"))
    known = world.head(A)
    world.command(A, "c2", draft("s3"), after=known)
    with world.ledger.session(A, command_id="c3", after=known) as session:
        assert [entry.position for entry in session.entries] == [3]
        assert session.head.hash == session.entries[-1].hash
        assert session.now >= session.entries[-1].recorded_at
    with world.ledger.session(A, command_id="c3", after=session.head) as session:
        assert list(session.entries) == []


class GivenUp(Exception):
    """The caller gives up after the append."""


def give_up(world: World, command_id: str, stream: str, *, rows: tuple[ports.Row, ...] = ()) -> None:
    with world.ledger.session(A, command_id=command_id, after=chain.Head()) as session:
        session.append([draft(stream)], actor="a", request_hash=HASH, answer={}, rows=rows)
        raise GivenUp


def test_a_session_that_ends_badly_leaves_nothing(world: World) -> None:
    with pytest.raises(GivenUp):
        give_up(world, "c1", "s1", rows=(row("topic", "t1"),))
    assert list(world.ledger.entries(A)) == []
    assert world.views.row(A, "topic", "t1") is None
    world.command(A, "c1", draft("s1"))
    assert world.head(A).position == 1


def test_r096_same_command_stores_once_and_answers_the_same(world: World) -> None:
    world.command(A, "c1", draft("s1"), answer={"号": [1, "二"]}, rows=(row("topic", "t1", title="旧"),))
    world.command(A, "c1", draft("s1", 2), answer={"号": 2}, rows=(row("topic", "t1", title="新"),))
    assert world.head(A).position == 1
    with world.ledger.session(A, command_id="c1", after=world.head(A)) as session:
        assert session.answered == ports.Answered(request_hash=HASH, answer={"号": [1, "二"]})
    found = world.views.row(A, "topic", "t1")
    assert found is not None
    assert found.body == {"title": "旧"}


def test_r096_same_command_racing_stores_once(world: World) -> None:
    start = threading.Barrier(8)

    def once(_: int) -> None:
        start.wait()
        world.command(A, "c1", draft("s1"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(once, range(8)))
    assert [entry.command_id for entry in world.ledger.entries(A)] == ["c1"]


def test_r096_same_command_with_another_request_is_refused(world: World) -> None:
    world.command(A, "c1", draft("s1"))
    with pytest.raises(ports.CommandReused):
        world.command(A, "c1", draft("s1", 2), request_hash=OTHER)
    assert world.head(A).position == 1


def test_r096_the_same_id_in_another_pair_is_another_command(world: World) -> None:
    world.command(A, "c1", draft("s1"))
    world.command(B, "c1", draft("s1"), request_hash=OTHER)
    assert world.head(B).position == 1


def test_r096_a_command_without_facts_keeps_its_answer(world: World) -> None:
    world.command(A, "c1", answer={"done": "already"})
    with world.ledger.session(A, command_id="c1", after=chain.Head()) as session:
        assert session.answered is not None
        assert session.answered.answer == {"done": "already"}
        assert session.head == chain.Head()


def test_a_taken_version_is_a_conflict_and_leaves_no_gap(world: World) -> None:
    world.command(A, "c1", draft("s1"))
    with pytest.raises(ports.LedgerConflict):
        world.command(A, "c2", draft("s2"), draft("s1"), rows=(row("topic", "t1"),))
    world.command(A, "c3", draft("s3"))
    assert [entry.stream for entry in world.ledger.entries(A)] == ["s1", "s3"]
    assert world.views.row(A, "topic", "t1") is None


def test_a_position_past_the_end_is_an_alarm(world: World) -> None:
    world.command(A, "c1", draft("s1"))
    ahead = chain.Head(position=7, hash=bytes(32))
    with pytest.raises(ports.LedgerRewound), world.ledger.session(A, command_id="c2", after=ahead):
        pass
    with pytest.raises(ports.LedgerRewound):
        list(world.ledger.entries(A, after=7))


@pytest.mark.parametrize("position", [1, 2])
def test_another_past_is_an_alarm(world: World, position: int) -> None:
    world.command(A, "c1", draft("s1"), draft("s2"))
    forked = chain.Head(position=position, hash=hashlib.sha256(b"fork").digest())
    with pytest.raises(ports.LedgerRewound), world.ledger.session(A, command_id="c2", after=forked):
        pass


def test_a_held_pair_is_busy_and_another_is_not(world: World) -> None:
    with world.ledger.session(A, command_id="c1", after=chain.Head()):
        started = time.monotonic()
        with (
            ThreadPoolExecutor(1) as pool,
            pytest.raises(ports.LedgerBusy),
        ):
            pool.submit(world.command, A, "c2", draft("s1")).result()
        assert 0.2 < time.monotonic() - started < 3
        with ThreadPoolExecutor(1) as pool:
            pool.submit(world.command, B, "c3", draft("s1")).result()
    assert world.head(B).position == 1
    assert list(world.ledger.entries(A)) == []


def test_entries_stream_between_positions(world: World) -> None:
    for batch in range(3):
        world.command(A, f"c{batch}", *(draft(f"s{batch}", version) for version in range(400)))
    assert [entry.position for entry in world.ledger.entries(A)] == list(range(1, 1201))
    assert [entry.position for entry in world.ledger.entries(A, after=498, until=502)] == [499, 500, 501, 502]
    assert list(world.ledger.entries(A, after=1200)) == []
    assert world.head(A).position == 1200


def test_views_page_by_id_and_filter_by_body(world: World) -> None:
    rows = tuple(row("topic", f"议题{n:02}", status="open" if n % 2 else "closed", n=n) for n in range(10))
    world.command(A, "c1", draft("s1"), rows=(*rows, row("unit", "u1", name="工会")))
    page = world.views.rows(A, "topic", where={"status": "open"}, limit=3)
    assert [found.body["n"] for found in page.rows] == [1, 3, 5]
    page = world.views.rows(A, "topic", where={"status": "open"}, after=page.next_after, limit=3)
    assert [found.body["n"] for found in page.rows] == [7, 9]
    assert page.next_after is None
    assert len(world.views.all_rows(A, "topic")) == 10
    assert world.views.all_rows(B, "topic") == []
    assert world.views.row(A, "unit", "u1") == row("unit", "u1", name="工会")
    assert world.views.row(B, "unit", "u1") is None


def test_the_last_of_two_rows_counts_and_a_later_one_replaces_it(world: World) -> None:
    world.command(A, "c1", draft("s1"), rows=(row("tally", "2026", n=1), row("tally", "2026", n=2)))
    found = world.views.row(A, "tally", "2026")
    assert found is not None
    assert found.body == {"n": 2}
    world.command(A, "c2", draft("s2"), rows=(row("tally", "2026", n=3),))
    found = world.views.row(A, "tally", "2026")
    assert found is not None
    assert found.body == {"n": 3}


def test_a_view_that_does_not_exist_is_a_mistake(world: World) -> None:
    with pytest.raises(KeyError):
        world.views.row(A, "principal", "p")
    with pytest.raises(KeyError):
        world.command(A, "c1", draft("s1"), rows=(row("credential", "t1"),))


def test_a_snapshot_is_of_one_moment_while_others_write(world: World) -> None:
    """Each command moves the head and a row together, so they agree in every snapshot."""
    stop = threading.Event()

    def write() -> None:
        for number in itertools.count(1):
            if stop.is_set():
                return
            fresh = row("topic", "t", n=number)
            moved = dataclasses.replace(fresh, position=number)
            world.command(A, f"c{number}", draft("s1", number - 1), rows=(moved,))

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        try:
            seen = [world.views.snapshot(A, views=("pair", "topic")) for _ in range(100)]
        finally:
            stop.set()
        writer.result()
    assert [each.rows[0].position if each.rows else 0 for each in seen] == [
        each.head.position for each in seen
    ]
    assert world.views.snapshot(B) == ports.Snapshot(head=chain.Head(), rows=[])


def test_command_records_agree_with_their_facts(world: World) -> None:
    world.command(A, "c1", draft("s1"), draft("s2"))
    world.command(A, "c2")
    world.command(A, "c3", draft("s3"))
    assert world.views.odd_commands(A) == []


def test_a_subtree_is_read_in_order_and_an_empty_scope_shows_nothing(world: World) -> None:
    for tenant in (B, ELSEWHERE, A):
        rows = tuple(row("decision", f"d{n}", status="open", deadline=f"2026-0{n}-01") for n in (1, 2))
        world.command(tenant, "c1", draft("s1"), rows=(*rows, row("decision", "d3", status="done")))
    seen = [
        (tenant, found.id)
        for tenant, found in world.views.across("1408", "decision", where={"status": "open"})
    ]
    assert seen == [(A, "d1"), (A, "d2"), (B, "d1"), (B, "d2")]
    rest = world.views.across("1408", "decision", after=(A, "d2"), limit=2)
    assert [(tenant, found.id) for tenant, found in rest] == [(A, "d3"), (B, "d1")]
    due = world.views.deadlines("1408", until="2026-01-31", statuses=["open"])
    assert [(tenant, found.id) for tenant, found in due] == [(A, "d1"), (B, "d1")]
    assert list(world.views.heads("1408")) == [A, B]
    assert world.views.heads("1408")[A] == world.head(A)
    assert world.views.across("", "decision") == []
    assert world.views.heads("") == {}


def test_what_counts_in_no_report_from_a_year_on_is_left_unread(world: World) -> None:
    for tenant in (B, ELSEWHERE, A):
        rows = [row("tally", f"t{year}", year=year) for year in ("2025", "2026", "9999")]
        world.command(tenant, "c1", draft("s1"), rows=tuple(rows))

    def seen(year: str, **limits: Any) -> list[tuple[str, str]]:
        return [(tenant, found.id) for tenant, found in world.views.counted("1408", year=year, **limits)]

    assert seen("2026") == [(A, "t2026"), (A, "t9999"), (B, "t2026"), (B, "t9999")]
    assert seen("2027") == [(A, "t9999"), (B, "t9999")]
    assert seen("2025", after=(A, "t2026"), limit=2) == [(A, "t9999"), (B, "t2025")]
    assert world.views.counted("", year="2025") == []


def test_history_is_filtered(world: World) -> None:
    world.command(A, "c1", draft("s1"), draft("s2", topic="meeting.held"), actor="甲")
    world.command(A, "c2", draft("s1", 2), actor="乙")

    def positions(**filters: Any) -> list[int]:
        return [entry.position for entry in world.views.history(A, **filters)]

    middle = next(iter(world.ledger.entries(A, after=2))).recorded_at
    assert positions() == [1, 2, 3]
    assert positions(actor="乙") == [3]
    assert positions(topic="meeting.held") == [2]
    assert positions(stream="s1") == [1, 3]
    assert positions(stream="s1", after=1) == [3]
    assert positions(since=middle) == [3]
    assert positions(until=middle) == [1, 2]
    assert positions(since=datetime(2100, 1, 1, tzinfo=UTC)) == []
    assert positions(limit=1) == [1]
    assert list(world.views.history(B)) == []


def test_a_mark_is_the_last_fact_of_a_moment_or_a_position(world: World) -> None:
    world.command(A, "c1", draft("s1"), draft("s2"))
    world.command(B, "c1", draft("s1"))
    world.command(A, "c2", draft("s1", 2))
    entries = list(world.ledger.entries(A))
    tick = timedelta(microseconds=1)
    for entry in entries:
        mark = world.views.mark(A, position=entry.position)
        assert mark == ports.Mark(
            head=chain.Head(position=entry.position, hash=entry.hash), recorded_at=entry.recorded_at
        )
    last = entries[-1].recorded_at
    assert entries[1].recorded_at < last

    def positions(moment: datetime) -> dict[str, int]:
        return {tenant: head.position for tenant, head in world.views.heads("1408", as_of=moment).items()}

    assert [world.views.mark(A, as_of=each).head.position for each in (last - tick, last, last + tick)] == [
        2,
        3,
        3,
    ]
    assert world.views.mark(A, as_of=last, position=1).head.position == 1
    assert world.views.mark(A, position=9).head.position == 3
    assert positions(last) == {A: 3, B: 1}
    assert positions(last - tick) == {A: 2, B: 1}
    assert positions(entries[0].recorded_at) == {A: 2}
    assert positions(entries[0].recorded_at - tick) == {}
    assert world.views.mark(A, as_of=entries[0].recorded_at - tick) is None
    assert world.views.mark(ELSEWHERE) is None


def test_rows_that_were_never_written_read_as_if_they_had_been(world: World) -> None:
    body = {"long name": 1.0, "b": [{"z": None, "a": "é"}], "a": 1e22, "数": True}
    made = [row("topic", f"t{number}", **body, n=number) for number in range(3)]
    world.command(A, "c1", draft("s1"), rows=tuple(made))
    stored = world.views.all_rows(A, "topic")
    assert [repr(each) for each in world.views.as_read(made)] == [repr(each) for each in stored]


def test_rebuild_replaces_a_pairs_rows_and_no_others(world: World) -> None:
    for tenant in (A, B):
        world.command(
            tenant,
            "c1",
            *(draft(f"s{n}") for n in range(600)),
            rows=(row("topic", "stale"), row("unit", "stale")),
        )
    rebuilt = world.views.rebuild(
        A, lambda entries: (row("topic", entry.stream, n=entry.position) for entry in entries)
    )
    assert rebuilt == 600
    assert len(world.views.all_rows(A, "topic")) == 600
    assert world.views.row(A, "topic", "stale") is None
    assert world.views.all_rows(A, "unit") == []
    assert len(world.views.all_rows(B, "topic")) == len(world.views.all_rows(B, "unit")) == 1


def test_of_the_shapes_noted_only_the_last_stands(world: World) -> None:
    assert world.views.shape() is None
    for shape in ("a", "b", "b"):
        world.views.reshaped(shape)
        assert world.views.shape() == shape


def test_writers_with_rollbacks_leave_no_gap_and_lose_no_view_update(world: World) -> None:
    """Sixteen writers count the facts in one row; a third of their commands are given up after the append."""
    each, writers = 12, 16

    def write(number: int) -> int:
        kept = 0
        for attempt in range(each):
            name = f"{number}-{attempt}"
            if (number + attempt) % 3 == 0:
                with pytest.raises(GivenUp):
                    give_up(world, name, name, rows=(row("tally", "2026", n=-1),))
                continue
            with world.ledger.session(A, command_id=name, after=chain.Head()) as session:
                rows = [row("tally", "2026", n=len(session.entries) + 1)]
                session.append([draft(name)], actor="a", request_hash=HASH, answer={}, rows=rows)
            kept += 1
        return kept

    with ThreadPoolExecutor(writers) as pool:
        kept = sum(pool.map(write, range(writers)))
    assert world.head(A).position == kept == each * writers * 2 // 3
    found = world.views.row(A, "tally", "2026")
    assert found is not None
    assert found.body["n"] == kept
