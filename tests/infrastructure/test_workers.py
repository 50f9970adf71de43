"""Many pairs replayed by several processes: the same results in the same order, and a clean end whatever happens."""

import gc
import multiprocessing
import os
import sys
from functools import partial
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from application import audit
from domain import chain
from infrastructure import database as databases
from infrastructure import ledger, views, workers
from tests import bench_histories, bench_ledgers, conftest

FACTS = 60
# What a process may make beside its modules and still collect quickly.
WATCHED = 10_000
PAIRS = [f"1408{number:05d}" for number in range(10)]


@pytest.fixture
def filled(database: conftest.Database) -> str:
    assert bench_ledgers.fill(database.admin_dsn, bench_histories.templates(FACTS), PAIRS) == FACTS * len(
        PAIRS
    )
    return database.app_dsn


def broken(_ledger, _views, *, tenant):
    raise LookupError(tenant)


def garbage(_ledger, _views):
    return gc.isenabled(), len(gc.get_objects())


def process(_ledger, _views):
    return os.getpid()


def test_r094_processes_find_what_one_finds(filled: str, database: conftest.Database) -> None:
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        # The controls: a row that differs, and a fact that was changed.
        admin.execute("UPDATE ledger.view_unit SET version = 9 WHERE tenant_id = %s", (PAIRS[3],))
        admin.execute("ALTER TABLE ledger.ledger_event DISABLE TRIGGER only_appended")
        admin.execute(
            "UPDATE ledger.ledger_event SET actor = 'x' WHERE tenant_id = %s AND position = 40", (PAIRS[5],)
        )
    jobs = [partial(audit.replay_owed, tenant=tenant) for tenant in [*PAIRS, "1409"]]
    with databases.Database(filled) as db:
        here = [job(ledger.PostgresLedger(db), views.PostgresViews(db)) for job in jobs]
    there = list(workers.run(filled, jobs, processes=2))
    assert there == here
    assert [each.pair for each in there if not each.ok] == [PAIRS[3], PAIRS[5], "1409"]
    assert (there[5].bad_position, there[10].bad_position) == (40, 1)


def test_a_job_that_raises_raises_here_and_leaves_no_process(filled: str) -> None:
    jobs = [partial(process), partial(broken, tenant="140830"), partial(process)]
    outcomes = workers.run(filled, jobs, processes=2)
    assert next(outcomes) != os.getpid()
    with pytest.raises(LookupError, match="140830"):
        next(outcomes)
    assert multiprocessing.active_children() == []


def test_leaving_early_leaves_no_process(filled: str) -> None:
    outcomes = workers.run(filled, [partial(process)] * 50, processes=2)
    next(outcomes)
    assert multiprocessing.active_children() != []
    outcomes.close()
    assert multiprocessing.active_children() == []


def test_what_a_job_brings_along_is_not_looked_through_after_each_pair(filled: str) -> None:
    """Its modules are 100,000 objects, and a collection after each pair would look at every one of them."""
    for enabled, watched in workers.run(filled, [partial(garbage)] * 4, processes=2):
        assert not enabled
        assert watched < WATCHED


def test_processes_do_not_import_the_main_module(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command line's imports take three times what the jobs need."""
    main = ModuleType("__main__")
    main.__file__ = str(tmp_path / "main.py")
    Path(main.__file__).write_text("raise SystemExit('imported')", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "__main__", main)
    assert os.getpid() not in list(workers.run(filled, [partial(process)] * 4, processes=2))
    assert sys.modules["__main__"] is main


@pytest.mark.parametrize("size", [1, 7, FACTS, FACTS + 1])
def test_plain_rows_are_the_entries(filled: str, size: int) -> None:
    with databases.Database(filled) as db:
        store = ledger.PostgresLedger(db)
        entries = list(store.entries(PAIRS[0]))
        strips = list(store.strips(PAIRS[0], until=FACTS, size=size))
        assert [len(each) for each in strips[:-1]] == [size] * (len(strips) - 1)
        assert [row for each in strips for row in each] == [chain.strip(entry) for entry in entries]
        with pytest.raises(audit.LedgerRewound):
            list(store.strips(PAIRS[0], until=FACTS + 1, size=size))
