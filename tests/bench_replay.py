"""Facts a second for a full replay, against the library's own reader and against what reading and hashing alone cost.

Every pair's history is lawful: played once by the rules and copied to many pairs (bench_histories, bench_ledgers). Ours
reads, hashes, decodes and folds each pair, in as many processes as there are cores, as ``lianxi audit replay`` does
before it compares rows. The library reads its notification log a page at a time and maps each stored event, with the
same content and a time stamp, to an event; it verifies and folds nothing. The limit copies the same rows out in binary
and takes one SHA-256 of each.
"""

import argparse
import dataclasses
import gc
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from uuid import UUID, uuid5

import psycopg
from eventsourcing import domain, persistence, postgres, utils

from application import audit, ports
from infrastructure import database, embedded, views, workers
from tests import bench_histories, bench_ledgers
from tests.bench_histories import Template
from tests.bench_tools import create_database, fresh_server, tell

# The pages that the library was fastest with: 100, 1,000 and 10,000 were tried.
PAGE = 10_000
SCOPE = "1408"
FEW = "14080"


@dataclasses.dataclass(frozen=True)
class Happened(domain.DomainEvent):
    """What the library's mapper makes of a stored event: the fact's fields as its attributes."""


TOPIC = f"{__name__}:Happened"
utils.register_topic(TOPIC, Happened)


def tenants(pairs: int) -> list[str]:
    """Name pairs; a tenth of them lies in a scope of its own."""
    return [f"{FEW if number < pairs // 10 else '14081'}{number:05d}" for number in range(pairs)]


def fold(ledger: ports.Ledger, _: ports.Views, *, tenant: str, until: int) -> int:
    """Read, hash, decode and fold one pair, as a replay does. Returns: how many facts."""
    return audit.refolded(ledger, tenant, until=until).head.position


def ours(dsn: str, *, processes: int) -> int:
    """Fold every pair. Returns: how many facts."""
    with database.Database(dsn) as db:
        ends = views.PostgresViews(db).heads(SCOPE)
    jobs = [partial(fold, tenant=tenant, until=end.position) for tenant, end in ends.items()]
    return sum(workers.run(dsn, jobs, processes=processes))


def replay(dsn: str, scope: str, *, processes: int) -> int:
    """Replay every pair of a scope and compare its rows. Returns: how many facts. Raises: AssertionError."""
    with database.Database(dsn) as db:
        ends = views.PostgresViews(db).heads(scope)
    jobs = [partial(audit.replay_owed, tenant=tenant) for tenant in ends]
    found = list(workers.run(dsn, jobs, processes=processes))
    assert all(each.ok for each in found), [each for each in found if not each.ok][:1]
    return sum(each.position for each in found)


@contextmanager
def stock_recorder(server: embedded.Server) -> Iterator[postgres.PostgresApplicationRecorder]:
    """Open the library's recorder on its own database."""
    store = postgres.PostgresDatastore(
        dbname="stock",
        host=embedded.HOST,
        port=server.port,
        user=embedded.ADMIN,
        password=server.admin_password,
    )
    try:
        recorder = postgres.PostgresApplicationRecorder(store, events_table_name="stored_events")
        recorder.create_table()
        yield recorder
    finally:
        store.close()


def fill_stock(dsn: str, chosen: Sequence[Template], pairs: Sequence[str]) -> None:
    """Give the library the same events, as its mapper with a JSON transcoder would have stored them."""
    columns = "originator_id, originator_version, topic, state"
    with psycopg.connect(dsn, autocommit=True) as connection:
        for number, tenant in enumerate(pairs):
            template = chosen[number % len(chosen)]
            with connection.cursor().copy(f"COPY stored_events ({columns}) FROM STDIN") as copy:
                for entry in template.entries:
                    at = f'{{"timestamp":{{"_type_":"datetime_iso","_data_":"{entry.recorded_at.isoformat()}"}},'
                    state = entry.state.replace(template.code.encode(), tenant.encode())
                    stream = uuid5(UUID(int=0), f"{tenant}/{entry.stream}")
                    copy.write_row((stream, entry.version, TOPIC, at.encode() + state[1:]))
        connection.execute("VACUUM ANALYZE")


def stock(recorder: postgres.PostgresApplicationRecorder) -> int:
    """Read the whole notification log and map it. Returns: how many events."""
    transcoder = persistence.JSONTranscoder()
    for each in (persistence.UUIDAsHex(), persistence.DecimalAsStr(), persistence.DatetimeAsISO()):
        transcoder.register(each)
    mapper: persistence.Mapper[UUID] = persistence.Mapper(transcoder=transcoder)
    count, start = 0, 1
    while notifications := recorder.select_notifications(start, PAGE):
        for each in notifications:
            mapper.to_domain_event(each)
        count += len(notifications)
        start = notifications[-1].id + 1
    return count


def limit(dsn: str) -> int:
    """Copy the same rows to the client and hash them. Returns: how many."""
    count, sha256 = 0, hashlib.sha256
    with (
        psycopg.connect(dsn) as connection,
        connection.cursor().copy("COPY ledger.ledger_event TO STDOUT (FORMAT binary)") as copy,
    ):
        for data in copy:
            sha256(data).digest()
            count += 1
    # The stream ends with a trailer of its own.
    return count - 1


def peak_mb(dsn: str, scope: str) -> float:
    """Replay a scope in a process of its own. Returns: its and its workers' peak of resident memory, in MB."""
    command = [sys.executable, "-m", "tests.bench_replay", dsn, scope]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(json.loads(told)["peak_mb"])


def rates(
    runs: dict[str, Callable[[], int]], *, rounds: int, facts: int
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Let the runs alternate. Returns: of each round, facts a second, and the clients' µs of processor time a fact."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    worked: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(1, rounds + 1):
        for name, run in runs.items():
            gc.collect()
            began, before = time.perf_counter(), os.times()
            counted = run()
            spent, after = time.perf_counter() - began, os.times()
            assert counted == facts, (name, counted, facts)
            found[name].append(facts / spent)
            # This process and those that it has waited for; the server's share is not among them.
            worked[name].append(1e6 * (sum(after[:4]) - sum(before[:4])) / facts)
            tell(f"round {number}  {name:12} {found[name][-1]:8.0f} facts/s {worked[name][-1]:6.1f} µs each")
    return found, worked


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Fill, replay in alternating rounds, and watch the memory. Returns: the section ``replay``."""
    began = time.perf_counter()
    chosen = bench_histories.templates(options.replay_length)
    pairs, processes = tenants(options.replay_pairs), workers.usable()
    with ExitStack() as stack:
        server = stack.enter_context(fresh_server())
        stock_dsn = create_database(server, "stock")
        recorder = stack.enter_context(stock_recorder(server))
        facts = bench_ledgers.fill(server.admin_dsn, chosen, pairs)
        fill_stock(stock_dsn, chosen, pairs)
        tell(f"{facts} facts of {len(pairs)} pairs after {time.perf_counter() - began:.0f} s")
        found, worked = rates(
            {
                "ours": partial(ours, server.app_dsn, processes=processes),
                "stock": partial(stock, recorder),
                "limit": partial(limit, server.admin_dsn),
                "with_rows": partial(replay, server.app_dsn, SCOPE, processes=processes),
            },
            rounds=options.replay_rounds,
            facts=facts,
        )
        few, all_ = peak_mb(server.app_dsn, FEW), peak_mb(server.app_dsn, SCOPE)
    medians = {name: statistics.median(each) for name, each in found.items()}
    return {
        "replay": {
            **{
                name: {
                    "per_second": round(medians[name]),
                    "rounds": [round(each) for each in listed],
                    "cpu_us_a_fact": round(statistics.median(worked[name]), 1),
                }
                for name, listed in found.items()
            },
            "ratio_to_stock": round(medians["ours"] / medians["stock"], 3),
            "ratio_to_limit": round(medians["ours"] / medians["limit"], 3),
            "peak_mb": {"tenth": few, "all": all_},
            "rss_growth_mb": round(all_ - few, 1),
            "facts": facts,
            "pairs": len(pairs),
            "processes": processes,
        }
    }


def main() -> None:
    """Replay a scope and print the peak of resident memory of this process and its workers together."""
    dsn, scope = sys.argv[1:]
    processes = workers.usable()
    facts = replay(dsn, scope, processes=processes)
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # The largest of the workers stands for each.
    there = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    tell(json.dumps({"facts": facts, "peak_mb": round((here + processes * there) / 1024, 1)}))


if __name__ == "__main__":
    main()
