"""Appends a second: ours, the library's own recorder, and a plain INSERT as the limit.

All run on one server with fsync on, in alternating rounds, with as many connections as writers and one fact a
commit. The limit is sent once by psycopg's own cursor and pool, as anybody would (``limit``), and once by our own pool
and binding (``lean_limit``), so that one sees how much of our share the client takes.
"""

import argparse
import itertools
import json
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any, TypeAlias
from uuid import UUID

import psycopg
import psycopg_pool
from eventsourcing import persistence, postgres

from infrastructure import database, embedded, migrate, prepared, recorder
from tests.bench_tools import create_database, fresh_server, tell

TOPIC = "topic.proposed"
STATE = json.dumps(
    {"title": "关于改善环卫工人休息条件的议题", "text": "实" * 100}, ensure_ascii=False
).encode()

# The same columns and the same two unique keys as ledger_event, and nothing else.
LIMIT_TABLE = """
CREATE TABLE plain_event (
    tenant_id text COLLATE "C" NOT NULL, position bigint NOT NULL, originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL, topic text COLLATE "C" NOT NULL, state bytea NOT NULL,
    state_hash bytea NOT NULL, actor text COLLATE "C" NOT NULL, command_id text COLLATE "C" NOT NULL,
    recorded_at timestamptz NOT NULL, prev_hash bytea NOT NULL, hash bytea NOT NULL,
    PRIMARY KEY (tenant_id, position), UNIQUE (tenant_id, originator_id, originator_version))
"""
LIMIT_INSERT = (
    "INSERT INTO plain_event VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, clock_timestamp(), %s, %s)"
)
LEAN_INSERT = prepared.statement(
    "INSERT INTO plain_event VALUES (%(tenant)s, %(position)s, %(stream)s, 1, %(topic)s, %(state)s, %(digest)s,"
    " %(actor)s, %(command_id)s, clock_timestamp(), %(digest)s, %(digest)s)"
)

Append: TypeAlias = Callable[[int, UUID], object]


@contextmanager
def ours(dsn: str, *, writers: int, tenants: list[str]) -> Iterator[Append]:
    """Append through PairRecorder.insert_events: row-level security, idempotency record and hash chain included."""
    limits = database.Limits(pool_min=writers, pool_max=writers, lock_ms=60000)
    with database.Database(dsn, limits=limits) as db:
        pairs = [recorder.PairRecorder(db, tenant) for tenant in tenants]

        def append(pair: int, stream: UUID) -> None:
            pairs[pair].insert_events(
                [
                    persistence.StoredEvent(
                        originator_id=str(stream), originator_version=1, topic=TOPIC, state=STATE
                    )
                ],
                actor="张三",
                answer={"stream": str(stream)},
            )

        yield append


@contextmanager
def stock(server: embedded.Server, *, writers: int) -> Iterator[Append]:
    """Append through the library's PostgreSQL recorder as it comes; it knows no tenants."""
    store = postgres.PostgresDatastore(
        dbname="stock",
        host=embedded.HOST,
        port=server.port,
        user=embedded.ADMIN,
        password=server.admin_password,
        pool_size=writers,
    )
    try:
        stored = postgres.PostgresApplicationRecorder(store, events_table_name="stored_events")
        stored.create_table()

        def append(_: int, stream: UUID) -> None:
            stored.insert_events(
                [
                    persistence.StoredEvent(
                        originator_id=stream, originator_version=1, topic=TOPIC, state=STATE
                    )
                ]
            )

        yield append
    finally:
        store.close()


@contextmanager
def limit(dsn: str, *, writers: int, tenants: list[str]) -> Iterator[Append]:
    """INSERT the same rows, positions counted by the client: what no ledger on this server can exceed."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(LIMIT_TABLE)
    positions = [itertools.count(1) for _ in tenants]
    digest = bytes(range(32))
    with psycopg_pool.ConnectionPool(
        dsn, min_size=writers, max_size=writers, kwargs={"autocommit": True}, open=True
    ) as pool:

        def append(pair: int, stream: UUID) -> None:
            row = (tenants[pair], next(positions[pair]), str(stream), 1, TOPIC, STATE, digest)
            with pool.connection() as connection:
                connection.execute(LIMIT_INSERT, (*row, "张三", str(stream), digest, digest), prepare=True)

        yield append


@contextmanager
def lean_limit(dsn: str, *, writers: int, tenants: list[str]) -> Iterator[Append]:
    """INSERT the same rows through our own pool and binding."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(LIMIT_TABLE)
    positions = [itertools.count(1) for _ in tenants]
    digest = bytes(range(32))
    limits = database.Limits(pool_min=writers, pool_max=writers, lock_ms=60000)
    with database.Database(dsn, limits=limits) as db:

        def append(pair: int, stream: UUID) -> None:
            row: dict[str, prepared.Value] = {
                "tenant": tenants[pair],
                "position": next(positions[pair]),
                "stream": str(stream),
                "topic": TOPIC,
                "state": STATE,
                "digest": digest,
                "actor": "张三",
                "command_id": str(stream),
            }
            db.run(LEAN_INSERT, row)

        yield append


def rate(append: Append, *, writers: int, pairs: int, seconds: float, seed: int) -> float:
    """Let the writers append for a while. Returns: commits a second. Raises: what an append raised."""
    counts = [0] * writers
    errors: list[BaseException] = []
    start = threading.Barrier(writers + 1)
    end = threading.Event()

    def write(number: int) -> None:
        chance = random.Random(f"{seed}-{number}")
        start.wait()
        try:
            while not end.is_set():
                append(chance.randrange(pairs), UUID(int=chance.getrandbits(128), version=4))
                counts[number] += 1
        except BaseException as error:  # noqa: BLE001  # It is raised below, in the main thread.
            errors.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    end.wait(seconds)
    end.set()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - began
    if errors:
        raise errors[0]
    return sum(counts) / spent


def alternate(
    runs: Mapping[str, tuple[Append, int]], *, writers: int, rounds: int, seconds: float, seed: int
) -> dict[str, list[float]]:
    """Let the runs, each over so many pairs, take turns. Returns: commits a second of each round."""
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 1):
        for name, (append, pairs) in runs.items():
            # The first round only warms up.
            spent = seconds if number else 1
            found = rate(append, writers=writers, pairs=pairs, seconds=spent, seed=seed + number)
            if number:
                rates[name].append(found)
                tell(f"round {number}  {name:10} {found:8.0f} appends/s")
    return rates


def names(count: int) -> list[str]:
    """Make so many pairs' ids."""
    return [f"{140000 + number}" for number in range(count)]


def against_others(options: argparse.Namespace) -> dict[str, Any]:
    """Compare ours, the stock recorder and the limit, and weigh what they stored."""
    tenants = names(options.pairs)
    with ExitStack() as stack:
        server = stack.enter_context(fresh_server())
        others = {name: create_database(server, name) for name in ("stock", "plain", "lean")}
        runs = {
            "ours": stack.enter_context(ours(server.app_dsn, writers=options.writers, tenants=tenants)),
            "stock": stack.enter_context(stock(server, writers=options.writers)),
            "limit": stack.enter_context(limit(others["plain"], writers=options.writers, tenants=tenants)),
            "lean_limit": stack.enter_context(
                lean_limit(others["lean"], writers=options.writers, tenants=tenants)
            ),
        }
        rates = alternate(
            {name: (append, options.pairs) for name, append in runs.items()},
            writers=options.writers,
            rounds=options.rounds,
            seconds=options.seconds,
            seed=options.seed,
        )
        storage = {
            "bytes_a_fact": weigh(server.admin_dsn, "ledger.ledger_event", "ledger.ledger_command"),
            "stock_bytes_a_fact": weigh(others["stock"], "stored_events"),
            "state_bytes": len(STATE),
        }
    medians = {name: statistics.median(found) for name, found in rates.items()}
    storage["ratio_to_stock"] = round(storage["bytes_a_fact"] / storage["stock_bytes_a_fact"], 2)
    return {
        "append": {
            **{
                name: {"per_second": round(medians[name]), "rounds": [round(r) for r in rates[name]]}
                for name in runs
            },
            "ratio_to_stock": round(medians["ours"] / medians["stock"], 3),
            "ratio_to_limit": round(medians["ours"] / medians["limit"], 3),
            "ratio_to_lean_limit": round(medians["ours"] / medians["lean_limit"], 3),
        },
        "storage": storage,
    }


def weigh(dsn: str, table: str, *others: str) -> float:
    """Give the bytes a row of the first table, with all indexes and what the other tables keep beside it."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        sizes = [
            connection.execute("SELECT pg_total_relation_size(%s::regclass)", (name,)).fetchone()
            for name in (table, *others)
        ]
        count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # A name from here.
    if count is None or not count[0]:
        raise RuntimeError(table)
    return round(sum(size[0] for size in sizes if size) / count[0], 1)


def slow_commit(options: argparse.Namespace) -> float:
    """Compare ours with stock where each commit waits 3 ms before its flush. Returns: the ratio of the medians."""
    tenants = names(options.pairs)
    with ExitStack() as stack:
        server = stack.enter_context(fresh_server(commit_delay="3000", commit_siblings="0"))
        create_database(server, "stock")
        runs = {
            "ours": stack.enter_context(ours(server.app_dsn, writers=options.writers, tenants=tenants)),
            "stock": stack.enter_context(stock(server, writers=options.writers)),
        }
        rates = alternate(
            {name: (append, options.pairs) for name, append in runs.items()},
            writers=options.writers,
            rounds=options.rounds // 2,
            seconds=options.seconds,
            seed=options.seed,
        )
    return statistics.median(rates["ours"]) / statistics.median(rates["stock"])


def growth(options: argparse.Namespace) -> float:
    """Compare many pairs with few, each in a database of its own with as many facts before the first round.

    Returns: the rate over many pairs by that over few.
    """
    counts = {"few": options.pairs, "many": options.many_pairs}
    with ExitStack() as stack:
        server = stack.enter_context(fresh_server())
        runs: dict[str, tuple[Append, int]] = {}
        for name, pairs in counts.items():
            admin = create_database(server, name)
            migrate.migrate(admin, app_password=server.app_password)
            dsn = server.dsn(user=embedded.APP, password=server.app_password, database=name)
            append = stack.enter_context(ours(dsn, writers=options.writers, tenants=names(pairs)))
            fill(append, writers=options.writers, pairs=pairs, facts=options.many_pairs, seed=options.seed)
            runs[name] = (append, pairs)
        rates = alternate(
            runs,
            writers=options.writers,
            rounds=options.rounds,
            seconds=options.seconds,
            seed=options.seed,
        )
    return statistics.median(rates["many"]) / statistics.median(rates["few"])


def fill(append: Append, *, writers: int, pairs: int, facts: int, seed: int) -> None:
    """Append so many facts, over all pairs, so that every pair has begun.

    In no order: pairs begun in that of their ids would leave full pages in the indexes, and the first rounds would
    then measure how all of these are split.
    """
    chance = random.Random(seed)
    order = [number % pairs for number in range(facts)]
    chance.shuffle(order)
    streams = [UUID(int=chance.getrandbits(128), version=4) for _ in range(facts)]
    with ThreadPoolExecutor(writers) as pool:
        for done in pool.map(append, order, streams):
            del done


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Run all comparisons of the append. Returns: the sections ``append`` and ``storage``."""
    result = against_others(options)
    result["append"]["slow_commit_ratio_to_stock"] = round(slow_commit(options), 2)
    result["append"]["growth"] = round(growth(options), 3)
    return result
