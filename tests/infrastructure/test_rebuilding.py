"""Rebuilding on PostgreSQL: while writers go on nothing is lost or stale, and who is stopped goes on where he was."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import psycopg
import pytest

from api import main
from application import audit, commands, ids, ports, rebuilding
from application.demonstration import ruicheng
from domain import pairs, people
from domain.decider import Side
from infrastructure import database as databases
from infrastructure import settings
from tests.api.fixtures import NOW

PAIRS = ("140830", "140823", "140829")
ADMIN = ruicheng.CAST.people()["admin"]


@pytest.fixture
def system(database):
    with databases.Database(database.app_dsn, limits=databases.Limits(lock_ms=20000)) as db:
        made = main.assemble(db, settings.Settings(dsn=database.app_dsn), clock=lambda: NOW)
        made.office._today = lambda _: NOW.date()
        for tenant in PAIRS:
            submit(made, tenant, registration(tenant), subject=tenant)
            submit(made, tenant, unit("县财政局"))
        yield made


def submit(system, tenant: str, command, *, subject: str = "") -> None:
    subject, key = subject or ids.new_id(), ids.new_id()
    system.office.submit(
        commands.Request(tenant=tenant, command=command, subject=subject, caller=ADMIN, key=key)
    )


def registration(tenant: str) -> pairs.RegisterPair:
    return pairs.RegisterPair(on=date(2025, 1, 6), division_code=tenant, union_division_code=tenant)


def unit(name: str) -> people.RegisterUnit:
    return people.RegisterUnit(on=date(2025, 1, 6), name=name, side=Side.GOVERNMENT)


def spoil(database, tenant: str) -> None:
    with psycopg.connect(database.admin_dsn) as connection:
        connection.execute("UPDATE ledger.view_unit SET body = '{}' WHERE tenant_id = %s", (tenant,))


def replayed(system, tenant: str) -> audit.Replay:
    return audit.replay(system.ledger, system.views, tenant)


def test_r093_writers_go_on_while_views_are_rebuilt(system, database):
    """Four writers and a rebuilder on the same pairs: every command is accepted, and the views are the ledgers'."""
    each, done = 6, threading.Event()

    def write(number: int) -> int:
        accepted = 0
        for turn in range(each):
            for tenant in PAIRS:
                submit(system, tenant, unit(f"单位{number}之{turn}"))
                accepted += 1
        return accepted

    def rebuild() -> int:
        rounds = 0
        while not done.is_set() or rounds == 0:
            rebuilding.outdate(system.store, PAIRS)
            assert rebuilding.rebuild(system.store, PAIRS, progress=lambda _: None) == []
            rounds += 1
        return rounds

    for tenant in PAIRS:
        spoil(database, tenant)
    with ThreadPoolExecutor(5) as pool:
        rebuilder = pool.submit(rebuild)
        try:
            accepted = sum(pool.map(write, range(4)))
        finally:
            done.set()
        assert rebuilder.result() >= 1
    assert accepted == 4 * each * len(PAIRS)
    for tenant in PAIRS:
        found = replayed(system, tenant)
        assert (found.ok, found.position) == (True, 2 + 4 * each)
        assert len(system.views.all_rows(tenant, "unit")) == 1 + 4 * each


def test_r093_a_rebuilding_that_is_killed_goes_on_where_it_was(system, database, monkeypatch):
    """The pair in hand keeps its old rows and is done next; those before it are not done again."""
    for tenant in PAIRS:
        spoil(database, tenant)
    rebuilding.outdate(system.store, PAIRS)
    tenants, fold = sorted(PAIRS), rebuilding.fold
    begun: list[str] = []

    def killed(tenant, entries):
        begun.append(tenant)
        made = fold(tenant, entries)
        if tenant == tenants[1]:
            with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND usename = 'lianxi_app'"
                )
        return made

    monkeypatch.setattr(rebuilding, "fold", killed)
    with pytest.raises(ports.LedgerUnavailable):
        rebuilding.rebuild(system.store, tenants, progress=lambda _: None)
    assert begun == tenants[:2]
    monkeypatch.setattr(rebuilding, "fold", fold)
    assert [replayed(system, each).ok for each in tenants] == [True, False, False]
    said: list[str] = []
    assert rebuilding.rebuild(system.store, tenants, progress=said.append) == []
    assert [line[:3] for line in said] == ["2/3", "3/3"]
    assert all(replayed(system, each).ok for each in tenants)


def test_r093_a_changed_view_alone_is_rebuilt(system, database, monkeypatch):
    """Another edition of one view refolds that view of every pair, and no other."""
    assert rebuilding.refresh(system.store, ["14"], progress=lambda _: None) == []
    spoil(database, PAIRS[0])
    monkeypatch.setattr(rebuilding, "EDITIONS", {"topic": 2})
    said: list[str] = []
    assert rebuilding.refresh(system.store, ["14"], progress=said.append) == []
    assert [line.split("  ")[1] for line in said] == [
        f"已按台账重建 {tenant} 的 1 个视图：0 行" for tenant in sorted(PAIRS)
    ]
    assert not replayed(system, PAIRS[0]).ok
    monkeypatch.setattr(rebuilding, "EDITIONS", {"topic": 2, "unit": 2})
    assert rebuilding.refresh(system.store, ["14"], progress=said.append) == []
    assert replayed(system, PAIRS[0]).ok
    assert rebuilding.refresh(system.store, ["14"], progress=said.append) == []
    assert len(said) == 2 * len(PAIRS)


PLANTED = {
    "UPDATE ledger.view_unit SET body = jsonb_set(body, '{name}', '\"县教育局\"')": ("changed", "/body/name"),
    "UPDATE ledger.view_unit SET version = version + 1": ("changed", "/version"),
    "UPDATE ledger.view_unit SET position = position - 1": ("changed", "/position"),
    "DELETE FROM ledger.view_unit": ("missing", ""),
    "INSERT INTO ledger.view_unit SELECT tenant_id, 'x', version, position, body FROM ledger.view_unit": (
        "extra",
        "",
    ),
    "DELETE FROM ledger.view_tally": ("missing", ""),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_r093_replay_finds_every_kind_of_difference_and_a_rebuilding_mends_it(system, database, planted):
    with psycopg.connect(database.admin_dsn) as connection:
        assert connection.execute(planted).rowcount == len(PAIRS)
    kind, path = PLANTED[planted]
    for tenant in PAIRS:
        found = replayed(system, tenant)
        assert not found.ok
        assert {(each.kind.value, each.path) for each in found.differences} == {(kind, path)}
    rebuilding.outdate(system.store, PAIRS)
    rebuilding.rebuild(system.store, PAIRS, progress=lambda _: None)
    assert all(replayed(system, tenant).ok for tenant in PAIRS)
