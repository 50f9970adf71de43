"""The city report of many pairs with long histories against the same report of the same pairs with short ones.

Every pair is a township that gets a topic approved in 2035, the year of the report; 3,000 of them. With short histories
that is almost all that there is, 33 facts a pair. With long ones five meetings of 2025 to 2033 lie before it, with their
topics, minutes and decisions, all carried out: 343 facts a pair. So the subjects that the report counts are the same,
and both reports must say the same; what grows is the history behind them.
"""

import argparse
import gc
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from functools import partial
from typing import Any

from application import report_source, reports
from infrastructure import database, embedded, migrate, views
from infrastructure.divisions import PackagedDivisions
from infrastructure.holidays import PublishedCalendar
from tests import bench_histories, bench_ledgers
from tests.bench_tools import create_database, fresh_server, tell

SCOPE = "1408"
OLDER = {"short": 0, "long": 5}
DAY = date(2035, 12, 31)


def report(db: database.Database) -> reports.Report:
    """Make the city report as the API does, from the database to its hash."""
    return reports.report(
        report_source.gather(
            views.PostgresViews(db),
            scope=SCOPE,
            period=report_source.period(DAY.year, today=DAY, on=DAY),
            days=PublishedCalendar(),
            divisions=PackagedDivisions().all(),
        )
    )


def p95(seconds: list[float]) -> float:
    """Give the 95th percentile, between the two measurements next to it."""
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1]


def filled(server: embedded.Server, name: str, *, older: int, pairs: list[str]) -> tuple[str, int]:
    """Make a database with all pairs. Returns: the application's DSN, and how many facts there are."""
    admin = create_database(server, name)
    migrate.migrate(admin, app_password=server.app_password)
    facts = bench_ledgers.fill(admin, [bench_histories.township(older=older)], pairs)
    return server.dsn(user=embedded.APP, password=server.app_password, database=name), facts


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Fill two databases and make their reports in alternating rounds. Returns: the section ``report``."""
    pairs = [f"{SCOPE}{number:05d}" for number in range(options.report_pairs)]
    with ExitStack() as stack:
        server = stack.enter_context(fresh_server())
        facts, runs = {}, {}
        for name, older in OLDER.items():
            dsn, facts[name] = filled(server, name, older=older, pairs=pairs)
            runs[name] = partial(report, stack.enter_context(database.Database(dsn)))
            tell(f"report: {name}, {facts[name]} facts")
        _same({name: run() for name, run in runs.items()})
        spent = _alternating(runs, rounds=options.report_rounds)
    return {
        "report": {
            **{
                name: {
                    "p95_seconds": round(p95(each), 3),
                    "median_seconds": round(statistics.median(each), 3),
                    "facts": facts[name],
                }
                for name, each in spent.items()
            },
            "growth": round(p95(spent["long"]) / p95(spent["short"]), 3),
            "growth_of_median": round(
                statistics.median(spent["long"]) / statistics.median(spent["short"]), 3
            ),
            "pairs": len(pairs),
            "rounds": options.report_rounds,
        }
    }


def _same(made: dict[str, reports.Report]) -> None:
    one, other = (each.model_dump(mode="json", exclude={"rests_on", "sha256"}) for each in made.values())
    assert one == other
    assert made["long"].voluntary.figures["topics.approved"] == len(made["long"].pairs)


def _alternating(runs: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, list[float]]:
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(1, rounds + 1):
        for name, run in runs.items():
            gc.collect()
            began = time.perf_counter()
            run()
            spent[name].append(time.perf_counter() - began)
            tell(f"round {number}  {name:6} {spent[name][-1]:8.3f} s a report")
    return spent
