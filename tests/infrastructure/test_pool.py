"""What one borrower of a connection leaves behind, the next one does not meet; and each role does its own work alone."""

import asyncio
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx2
import psycopg
import pytest
from eventsourcing import persistence

from api import main
from infrastructure import database as databases
from infrastructure import recorder, settings
from tests import conftest, isolation_plants
from tests.infrastructure.test_isolation import A, B, db

__all__ = ["db"]  # The fixture: two pairs, each with a row in every table.
TENANTS = "SELECT DISTINCT tenant_id FROM ledger.ledger_event ORDER BY 1"
WHO = "SELECT current_user, coalesce(current_setting('app.tenant', true), ''), coalesce(current_setting('app.scope', true), '')"

# Each is what a mistake in some statement would do to the session.
LEFT = {
    "SET without LOCAL": "SET app.tenant = '140802'",
    "set_config for the session": "SELECT set_config('app.tenant', '140802', false)",
    "SET ROLE": "SET app.scope = '1408'; SET ROLE lianxi_reader",
    "SET ROLE auditor": "SET app.scope = '1408'; SET ROLE lianxi_auditor",
    "SET ROLE signer": "SET app.tenant = '140802'; SET ROLE lianxi_signer",
    "a transaction left open": "BEGIN; SET LOCAL app.tenant = '140802'; SET LOCAL ROLE lianxi_reader",
    "a transaction left aborted": "BEGIN; SET app.tenant = '140802'; SELECT 1 / 0",
    "limits lifted": "SET lock_timeout = 0; SET row_security = off; SET search_path = public",
}
SEEN_UNCLEANED = (
    "SET without LOCAL",
    "set_config for the session",
    "SET ROLE",
    "SET ROLE auditor",
    "SET ROLE signer",
)


@pytest.fixture
def one(database: conftest.Database, db: databases.Database) -> Iterator[databases.Database]:
    """The two pairs of ``db``, by a pool of a single connection."""
    with databases.Database(database.app_dsn, limits=databases.Limits(pool_min=1, pool_max=1)) as opened:
        yield opened


def leave(pool: databases.Database, left: str) -> None:
    # An error in the middle of it is part of the mistake.
    with suppress(psycopg.Error), pool.connection() as connection:
        connection.ask(LEFT[left].encode())


@pytest.mark.parametrize("left", LEFT)
def test_r095_the_next_borrower_meets_nothing(one: databases.Database, left: str) -> None:
    leave(one, left)
    with one.connection() as connection:
        assert connection.execute(WHO).fetchone() == ("lianxi_app", "", "")
        assert connection.execute(TENANTS).fetchall() == []
        assert connection.execute("SHOW lock_timeout").fetchone() == ("3s",)
        assert connection.execute("SHOW row_security").fetchone() == ("on",)
    for enter in (one.tenant_transaction, one.snapshot_transaction):
        leave(one, left)
        with enter(B) as connection:
            assert connection.execute(WHO).fetchone() == ("lianxi_app", B, "")
            assert connection.execute(TENANTS).fetchall() == [(B,)]
    leave(one, left)
    with one.locked_transaction(B, "SELECT ledger.ledger_lock(%(tenant)s)", {"tenant": B}) as (connection, _):
        assert connection.execute(TENANTS).fetchall() == [(B,)]
    leave(one, left)
    with one.as_signer().tenant_transaction(B) as connection:
        assert connection.execute(WHO).fetchone() == ("lianxi_signer", B, "")
        assert connection.execute(TENANTS).fetchall() == [(B,)]
    for enter, role in ((one.scope_transaction, "lianxi_reader"), (one.audit_transaction, "lianxi_auditor")):
        leave(one, left)
        with enter(B) as connection:
            assert connection.execute(WHO).fetchone() == (role, "", B)
            assert connection.execute(TENANTS).fetchall() == [(B,)]


@pytest.mark.parametrize(("left", "why"), [("SET without LOCAL", "LX002"), ("SET ROLE", "42501")])
def test_r095_a_single_statement_is_refused_once_and_shown_nothing(
    one: databases.Database, left: str, why: str
) -> None:
    """A statement without a transaction of ours is not cleaned for, since it enters its pair itself or is refused."""
    leave(one, left)
    pair = recorder.PairRecorder(one, B)
    event = persistence.StoredEvent(originator_id="s9", originator_version=1, topic="t", state=b"{}")
    with pytest.raises((psycopg.Error, persistence.PersistenceError)) as refused:
        pair.insert_events([event])
    assert getattr(refused.value.__cause__ or refused.value, "sqlstate", None) == why
    assert pair.insert_events([event]) == [2]


@pytest.mark.parametrize("left", SEEN_UNCLEANED)
def test_r095_uncleaned_it_would_meet_another_pair(one: databases.Database, left: str) -> None:
    """The control: the very same leavings, met by a borrower who does not clean, show another pair's facts."""
    with isolation_plants.uncleaned():
        leave(one, left)
        with one.connection() as connection:
            assert (A,) in connection.execute(TENANTS).fetchall()


def test_r095_a_plain_set_as_the_rule_would_be_seen(one: databases.Database) -> None:
    """The control of the plant: with SET for the session instead of SET LOCAL, the last tenant's rows stay in sight."""

    def seen() -> list[tuple[str]]:
        with one.tenant_transaction(A):
            pass
        with one.connection() as connection:
            return connection.execute(TENANTS).fetchall()

    assert seen() == []
    with isolation_plants.plain_set():
        assert seen() == [(A,)]


def _work(pool: databases.Database, number: int, lefts: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Do twelve things at random, some of which fail or leave something behind. Returns: what was seen, and as whom."""
    chance, seen = random.Random(number), []
    for _ in range(12):
        tenant = chance.choice((A, B))
        leave(pool, chance.choice(lefts))
        with suppress(psycopg.Error, RuntimeError), pool.tenant_transaction(tenant) as connection:
            seen.append((tenant, [row[0] for row in connection.execute(TENANTS)]))
            match chance.randrange(4):
                case 0:
                    connection.execute("SELECT 1 / 0")
                case 1:
                    raise RuntimeError
                case 2:
                    connection.execute("SET app.tenant = '140802'")
    return seen


def _wrong(
    pool: databases.Database, threads: ThreadPoolExecutor, lefts: Sequence[str]
) -> tuple[int, list[tuple[str, list[str]]]]:
    seen = [each for part in threads.map(lambda n: _work(pool, n, lefts), range(16)) for each in part]
    return len(seen), [(tenant, rows) for tenant, rows in seen if rows != [tenant]]


@pytest.mark.parametrize("size", [1, 3])
def test_r095_no_pair_leaks_through_a_small_pool(
    database: conftest.Database, db: databases.Database, size: int
) -> None:
    """Many threads on few connections, with errors, aborted transactions and leavings, see their own pair alone."""
    limits = databases.Limits(pool_min=size, pool_max=size, pool_wait_s=60)
    with databases.Database(database.app_dsn, limits=limits) as pool, ThreadPoolExecutor(8) as threads:
        assert _wrong(pool, threads, sorted(LEFT)) == (192, [])
    with (
        isolation_plants.uncleaned(),
        databases.Database(database.app_dsn, limits=limits) as pool,
        ThreadPoolExecutor(8) as threads,
    ):
        assert _wrong(pool, threads, SEEN_UNCLEANED)[1] != []


def test_r095_a_request_given_up_leaves_nothing(database: conftest.Database, http, system) -> None:
    """Clients that go in the middle of a request leave no tenant and no connection behind, on a pool of one."""
    pairs = {"140830": "甲局", "140823": "乙局"}
    http.become("admin", ("system_administrator", "140800"))
    for pair, name in pairs.items():
        body = {"on": "2025-01-06", "division_code": pair, "union_division_code": pair}
        assert http.post("admin", "/v1/pairs", body).status_code == 201
        unit = {"on": "2025-01-06", "name": name, "side": "government"}
        assert http.post("admin", f"/v1/pairs/{pair}/units", unit).status_code == 201
    whose = {pair: http.become(f"of-{pair}", ("city_reader", pair)) for pair in pairs}
    limits = databases.Limits(pool_min=1, pool_max=1, pool_wait_s=30)
    with databases.Database(database.app_dsn, limits=limits) as pool:
        app = main.create_app(main.assemble(pool, settings.Settings(dsn=database.app_dsn)))
        answers = asyncio.run(_given_up(app, whose))
        stats = pool.pool.get_stats()
        assert (stats["pool_size"], stats["pool_available"]) == (1, 1)
    assert len(answers) > 20
    for pair, answer in answers:
        assert answer.status_code == 200, answer.text
        other = next(name for code, name in pairs.items() if code != pair)
        assert pairs[pair] in answer.text
        assert other not in answer.text


async def _given_up(app, whose):
    transport = httpx2.ASGITransport(app=app)
    chance = random.Random(7)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:

        async def ask(pair: str):
            return pair, await client.get(f"/v1/pairs/{pair}/units", headers=whose[pair])

        tasks = [asyncio.create_task(ask(chance.choice(sorted(whose)))) for _ in range(60)]
        for task in tasks[::2]:
            # Some go before they are served, some while the thread that serves them is at the database.
            for _ in range(chance.randrange(40)):
                await asyncio.sleep(0)
            task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        return [each for each in done if not isinstance(each, BaseException)]


def test_r095_a_thread_ended_in_a_transaction_gives_a_clean_connection_back(one: databases.Database) -> None:
    """Whatever ends a borrower, also what is no Exception, rolls back and returns what he held."""

    class Ended(BaseException):
        """As a cancelled task or an interrupted console ends."""

    def end() -> None:
        with suppress(Ended), one.tenant_transaction(A) as connection:
            connection.execute("SELECT ledger.ledger_lock('140802')")
            raise Ended

    thread = threading.Thread(target=end)
    thread.start()
    thread.join()
    with one.tenant_transaction(B) as connection:
        assert connection.execute(TENANTS).fetchall() == [(B,)]
    with one.tenant_transaction(A) as connection:
        connection.execute("SELECT ledger.ledger_lock('140802')")


# What each role is for, and that it is for nothing else.
READS_FACTS = "SELECT count(*) FROM ledger.{}"
ROLES: dict[str, tuple[Callable[[databases.Database], object], tuple[str, ...]]] = {
    "auditor": (
        lambda db: db.audit_transaction("1408"),
        ("ledger_head", "ledger_event", "ledger_command", "ledger_checkpoint"),
    ),
    "signer": (
        lambda db: db.as_signer().tenant_transaction(A),
        ("ledger_head", "ledger_event", "ledger_command", "ledger_checkpoint", "ledger_sealed"),
    ),
}


@pytest.mark.parametrize("role", ROLES)
def test_r095_a_role_reads_what_its_work_needs_and_nothing_else(
    database: conftest.Database, db: databases.Database, role: str
) -> None:
    enter, readable = ROLES[role]
    with psycopg.connect(database.admin_dsn) as admin:
        query = "SELECT relname FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r'"
        tables = {name for (name,) in admin.execute(query)}
    with enter(db) as connection:
        for table in sorted(tables):
            if table in readable:
                expected = 2 if role == "auditor" else 1
                assert connection.execute(READS_FACTS.format(table)).fetchone() == (expected,)
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                    connection.execute(READS_FACTS.format(table))
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(f"DELETE FROM ledger.{table}")


def test_r094_only_the_signer_publishes(db: databases.Database) -> None:
    call = "SELECT ledger.checkpoint_publish('140802', 'o', 9, 'n', 9, now())"
    for enter in (db.tenant_transaction, db.scope_transaction, db.audit_transaction):
        with (
            enter(A) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            connection.transaction(),
        ):
            connection.execute(call)
    with db.as_signer().tenant_transaction(A) as connection:
        assert connection.execute(call).fetchone() == (True,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("SELECT ledger.ledger_lock('140802')")
