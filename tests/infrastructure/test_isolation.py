"""What the database itself refuses: changes of the ledger, and looks at another pair."""

import hashlib
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from eventsourcing import persistence

from application import ports, webhooks
from domain import chain
from infrastructure import database as databases
from infrastructure import ledger, recorder, views
from infrastructure import webhooks as outward
from tests import conftest

A, B = "140802", "140821"
HASH = hashlib.sha256(b"request").digest()
SEALS = ("ledger_checkpoint", "ledger_sealed")
OUTWARD = ("webhook", "webhook_delivery", "webhook_act")
TABLES = (
    "ledger_head",
    "ledger_event",
    "ledger_command",
    *SEALS,
    *(f"view_{view}" for view in ports.VIEWS),
    "view_fold",
    *OUTWARD,
)
# Under an id that no pair has; that nobody of a pair sees them, test_access_log.py shows.
OF_NO_PAIR = ("access_head", "access_log")


@pytest.fixture
def db(database: conftest.Database) -> Iterator[databases.Database]:
    with databases.Database(database.app_dsn, limits=databases.Limits(lock_ms=500, pool_max=20)) as opened:
        for tenant in (A, B):
            with ledger.PostgresLedger(opened).session(
                tenant, command_id="c1", after=chain.Head()
            ) as session:
                rows = [ports.Row(view=view, id="r1", version=1, position=1, body={}) for view in ports.VIEWS]
                session.append(
                    [ports.Draft(stream="s1", version=1, topic="t", state=b"{}")],
                    actor="a",
                    request_hash=HASH,
                    answer={},
                    rows=rows,
                )
            with opened.as_signer().tenant_transaction(tenant) as connection:
                connection.execute("SELECT ledger.checkpoint_publish(%s, 'o', 1, 'n', 0, now())", (tenant,))
                connection.execute("SELECT ledger.sealed_publish(%s, 'o', 0, 'p', 'b', now())", (tenant,))
            with opened.tenant_transaction(tenant) as connection:
                noted = "INSERT INTO ledger.view_fold VALUES (%s, 'topic', 's')"
                connection.execute(noted, (tenant,))
            out = outward.PostgresWebhooks(opened)
            out.register(subscription(tenant), begin={tenant: chain.Head(position=1)}, actor="a")
        yield opened


def subscription(tenant: str) -> webhooks.Webhook:
    now = datetime.now(UTC)
    return webhooks.Webhook(
        tenant=tenant,
        id="w1",
        reach=None,
        url="https://a.example/",
        label="l",
        sponsor="a",
        generation=1,
        key_id="k",
        rotated_at=now,
        created_at=now,
        ended_at=None,
    )


def event(stream: str, version: int = 1) -> persistence.StoredEvent:
    return persistence.StoredEvent(originator_id=stream, originator_version=version, topic="t", state=b"{}")


@pytest.mark.parametrize("table", ["ledger_head", "ledger_event", "ledger_command", *SEALS])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger.{} SET tenant_id = tenant_id",
        "DELETE FROM ledger.{}",
        "TRUNCATE ledger.{}",
        "INSERT INTO ledger.{} DEFAULT VALUES",
        "DROP TABLE ledger.{}",
        "ALTER TABLE ledger.{} DISABLE TRIGGER ALL",
        "SELECT * FROM ledger.{} FOR UPDATE",
    ],
)
def test_r094_the_application_cannot_write_the_ledger(
    db: databases.Database, table: str, statement: str
) -> None:
    with db.tenant_transaction(A) as connection, connection.transaction(force_rollback=True):
        assert connection.execute(f"SELECT count(*) FROM ledger.{table}").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(statement.format(table))


@pytest.mark.parametrize("table", ["ledger_event", "ledger_command", *SEALS])
@pytest.mark.parametrize(
    "statement", ["UPDATE ledger.{} SET tenant_id = tenant_id", "DELETE FROM ledger.{}", "TRUNCATE ledger.{}"]
)
@pytest.mark.parametrize("role", ["lianxi_owner", None])
def test_r094_nor_can_the_owner_or_a_superuser_with_triggers_on_replica(
    db: databases.Database, database: conftest.Database, table: str, statement: str, role: str | None
) -> None:
    with psycopg.connect(database.admin_dsn) as connection:
        # A session of this kind skips ordinary triggers: hence ENABLE ALWAYS.
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SET LOCAL app.tenant = '140802'")
        if role:
            connection.execute(f"SET LOCAL ROLE {role}")
        with pytest.raises(psycopg.Error, match="only ever appended to") as caught:
            connection.execute(statement.format(table))
        assert caught.value.sqlstate == "LX004"


@pytest.mark.parametrize("table", TABLES)
def test_r095_a_pair_sees_its_rows_and_no_others(db: databases.Database, table: str) -> None:
    with db.tenant_transaction(A) as connection:
        assert connection.execute(f"SELECT tenant_id FROM ledger.{table}").fetchall() == [(A,)]
        assert connection.execute(f"SELECT 1 FROM ledger.{table} WHERE tenant_id = %s", (B,)).fetchall() == []


@pytest.mark.parametrize("table", TABLES)
def test_r095_without_a_tenant_nothing_is_seen(db: databases.Database, table: str) -> None:
    """Never set, set to nothing, and left over from an earlier transaction, which reads as an empty text."""
    with db.connection() as connection:
        for setting in ("SELECT 1", "SET LOCAL app.tenant = ''"):
            with connection.transaction():
                connection.execute(setting)
                assert connection.execute(f"SELECT tenant_id FROM ledger.{table}").fetchall() == []
        with connection.transaction():
            connection.execute("SET LOCAL app.tenant = '140802'")
        assert connection.execute(f"SELECT tenant_id FROM ledger.{table}").fetchall() == []


@pytest.mark.parametrize("table", TABLES)
def test_r095_a_subtree_is_read_and_not_written(db: databases.Database, table: str) -> None:
    with db.scope_transaction("1408") as connection:
        found = connection.execute(f"SELECT tenant_id FROM ledger.{table} ORDER BY 1").fetchall()
        assert found == [(A,), (B,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(f"DELETE FROM ledger.{table}")
    for scope, seen in (("140802", [(A,)]), ("15", []), ("", [])):
        with db.scope_transaction(scope) as connection:
            assert connection.execute(f"SELECT tenant_id FROM ledger.{table}").fetchall() == seen


def test_r095_the_scope_means_nothing_to_the_application_itself(db: databases.Database) -> None:
    with db.tenant_transaction(A) as connection:
        connection.execute("SET LOCAL app.scope = '14'")
        assert connection.execute("SELECT tenant_id FROM ledger.ledger_event").fetchall() == [(A,)]


@pytest.mark.parametrize("view", ports.VIEWS)
def test_r095_a_row_cannot_be_written_into_another_pair(db: databases.Database, view: str) -> None:
    with db.tenant_transaction(A) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(
                f"INSERT INTO ledger.view_{view} (tenant_id, id, version, position, body) VALUES (%s, 'x', 1, 1, '{{}}')",
                (B,),
            )
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(f"UPDATE ledger.view_{view} SET tenant_id = %s", (B,))
        assert connection.execute(f"DELETE FROM ledger.view_{view} WHERE tenant_id = %s", (B,)).rowcount == 0


@pytest.mark.parametrize(
    "call",
    [
        "SELECT ledger.ledger_append('140821', 'a', 'c9', sha256('x'), '{}', '{s9}', '{1}', '{t}', ARRAY['x'::bytea])",
        "SELECT ledger.ledger_append_one('140821', 'a', 'c9', sha256('x'), '{}', 's9', 1, 't', 'x')",
        "SELECT ledger.ledger_open('140821', 'c9', 0)",
        "SELECT ledger.ledger_lock('140821')",
        "SELECT ledger.ledger_replay('140821', 'c1', sha256('x'))",
        "SELECT ledger.checkpoint_publish('140821', 'o', 2, 'n', 1, now())",
        "SELECT ledger.sealed_publish('140821', 'o', 1, 'p', 'b', now())",
    ],
)
def test_r095_the_functions_refuse_a_second_pair_in_one_transaction(
    db: databases.Database, call: str
) -> None:
    doors = db.as_signer() if "_publish" in call else db
    with doors.tenant_transaction(A) as connection:
        with pytest.raises(psycopg.Error) as caught, connection.transaction():
            connection.execute(call)
        assert caught.value.sqlstate == "LX002"
    with doors.tenant_transaction(B) as connection:
        assert connection.execute(call.replace("sha256('x')", "sha256('request')")).rowcount == 1


@pytest.mark.parametrize(
    "function", ["ledger_begin('x')", "ledger_hold('x')", "ledger_enter('x')", "refuse_change()"]
)
def test_r095_inner_functions_are_closed(db: databases.Database, function: str) -> None:
    with db.connection() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"SELECT ledger.{function}")


def test_r094_a_shadow_table_swallows_nothing(db: databases.Database, database: conftest.Database) -> None:
    """TEMP is revoked; granted here, a table of the same name in pg_temp must still not be found first."""
    with db.connection() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TEMP TABLE ledger_event (a int)")
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        admin.execute(f"GRANT TEMP ON DATABASE {database.name} TO lianxi_app")
    with psycopg.connect(database.app_dsn, autocommit=True) as connection:
        for table in ("ledger_head", "ledger_event", "ledger_command"):
            connection.execute(f"CREATE TEMP TABLE {table} (LIKE ledger.{table} INCLUDING ALL)")
        connection.execute(
            "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT 'forged'::bytea $$"
        )
        connection.execute("SET search_path = pg_temp, ledger")
        connection.execute(
            "SELECT ledger.ledger_append('140802', 'a', 'c2', decode(repeat('00', 32), 'hex'), '{}', '{s2}', '{1}', '{t}', ARRAY['x'::bytea])"
        )
        assert connection.execute("SELECT count(*) FROM pg_temp.ledger_event").fetchone() == (0,)
    store = ledger.PostgresLedger(db)
    assert list(chain.verify(store.entries(A), tenant=A))[-1] == store.head(A)
    assert store.head(A).position == 2


def test_two_pairs_do_not_wait_for_each_other(db: databases.Database) -> None:
    """Control: a second append to the held pair does wait."""
    with psycopg.connect(str(db.pool.conninfo)) as held:
        held.execute(
            "SELECT ledger.ledger_append('140802', 'a', 'c2', sha256('x'), '{}', '{s2}', '{1}', '{t}', ARRAY['x'::bytea])"
        )
        started = time.monotonic()
        assert recorder.PairRecorder(db, B).insert_events([event("s2")]) == [2]
        assert recorder.PairRecorder(db, "new").insert_events([event("s1")]) == [1]
        assert time.monotonic() - started < 0.4
        with pytest.raises(ports.LedgerBusy):
            recorder.PairRecorder(db, A).insert_events([event("s3")])
        held.rollback()
    assert recorder.PairRecorder(db, A).insert_events([event("s3")]) == [2]


def test_a_busy_pair_leaves_the_pool_to_the_others(database: conftest.Database) -> None:
    limits = databases.Limits(pool_max=4, per_pair=2, lock_ms=1500)
    with databases.Database(database.app_dsn, limits=limits) as db:
        store = ledger.PostgresLedger(db)

        def queue(number: int) -> None:
            with (
                pytest.raises(ports.LedgerBusy),
                store.session(A, command_id=f"c{number}", after=chain.Head()),
            ):
                pass

        with psycopg.connect(database.app_dsn) as held, ThreadPoolExecutor(12) as pool:
            held.execute("SELECT ledger.ledger_lock('140802')")
            waiting = [pool.submit(queue, number) for number in range(12)]
            time.sleep(0.3)
            started = time.monotonic()
            with store.session(B, command_id="c1", after=chain.Head()):
                spent = time.monotonic() - started
            for one in waiting:
                one.result()
        assert spent < 0.5


def test_a_silent_application_loses_its_lock(database: conftest.Database) -> None:
    with databases.Database(database.app_dsn, limits=databases.Limits(idle_ms=200, lock_ms=3000)) as db:
        store = ledger.PostgresLedger(db)
        sleeping = threading.Event()

        def sleep() -> None:
            with store.session(A, command_id="c1", after=chain.Head()) as session:
                sleeping.set()
                time.sleep(0.8)
                session.append([], actor="a", request_hash=HASH, answer={}, rows=[])

        with ThreadPoolExecutor(1) as pool:
            late = pool.submit(sleep)
            sleeping.wait()
            with store.session(A, command_id="c2", after=chain.Head()) as session:
                session.append([], actor="a", request_hash=HASH, answer={}, rows=[])
            with pytest.raises(ports.LedgerUnavailable):
                late.result()


def test_an_error_swallowed_inside_does_not_pass_for_a_commit(db: databases.Database) -> None:
    def swallow() -> None:
        with ledger.PostgresLedger(db).session(A, command_id="c2", after=chain.Head()) as session:
            try:
                session.append(
                    [ports.Draft(stream="s1", version=1, topic="t", state=b"{}")],
                    actor="a",
                    request_hash=HASH,
                    answer={},
                    rows=[],
                )
            except ports.LedgerConflict:
                return

    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        swallow()


def test_first_appends_to_a_new_pair_race(db: databases.Database) -> None:
    start = threading.Barrier(12)

    def first(number: int) -> None:
        start.wait()
        recorder.PairRecorder(db, "new").insert_events(
            [event(f"s{number}"), *[event(f"t{number}")] * (number % 2)]
        )

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(first, range(12)))
    store = ledger.PostgresLedger(db)
    assert store.head("new").position == 18
    assert list(chain.verify(store.entries("new"), tenant="new"))[-1] == store.head("new")


def test_one_statement_writes_facts_and_rows_even_alone(db: databases.Database) -> None:
    pair = recorder.PairRecorder(db, A)
    row = ports.Row(view="topic", id="r2", version=1, position=2, body={"a": 1})
    pair.append([event("s2")], command_id="c2", rows=[row])
    assert views.PostgresViews(db).row(A, "topic", "r2") == row
    pair.append(
        [event("s2")],
        command_id="c2",
        rows=[ports.Row(view="topic", id="r2", version=9, position=9, body={})],
    )
    assert views.PostgresViews(db).row(A, "topic", "r2") == row


def test_a_missing_position_is_an_alarm_and_never_skipped(
    db: databases.Database, database: conftest.Database
) -> None:
    pair = recorder.PairRecorder(db, A)
    pair.insert_events([event("s2")])
    pair.insert_events([event("s3")])
    with psycopg.connect(database.admin_dsn) as admin:
        admin.execute("ALTER TABLE ledger.ledger_event DISABLE TRIGGER ALL")
        admin.execute("DELETE FROM ledger.ledger_event WHERE tenant_id = '140802' AND position = 2")
    with pytest.raises(ports.LedgerRewound):
        list(ledger.PostgresLedger(db).entries(A))
    with pytest.raises(ports.LedgerRewound):
        views.PostgresViews(db).rebuild(A, lambda entries: list(entries) and [])
    with pair.subscribe(gt=1) as subscription, pytest.raises(ports.LedgerRewound):
        next(subscription)


def test_r095_every_key_of_a_tenants_table_begins_with_the_tenant(database: conftest.Database) -> None:
    with psycopg.connect(database.admin_dsn) as connection:
        found = connection.execute(
            """
            SELECT c.relname, i.indexrelid::regclass::text, a.attname
            FROM pg_class c
            JOIN pg_attribute t ON t.attrelid = c.oid AND t.attname = 'tenant_id'
            JOIN pg_index i ON i.indrelid = c.oid AND i.indisunique
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
            WHERE c.relnamespace = 'ledger'::regnamespace
            """
        ).fetchall()
        assert {row[0] for row in found} == {*TABLES, *OF_NO_PAIR}
        assert [row for row in found if row[2] != "tenant_id"] == []
        foreign = connection.execute(
            """
            SELECT conname FROM pg_constraint k
            JOIN pg_attribute t ON t.attrelid = k.conrelid AND t.attname = 'tenant_id'
            WHERE k.contype = 'f' AND k.connamespace = 'ledger'::regnamespace AND k.conkey[1] <> t.attnum
            """
        ).fetchall()
        assert foreign == []
        sequences = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'ledger'::regnamespace"
        ).fetchall()
        assert sequences == []


def test_r095_only_one_module_opens_transactions_over_tenants() -> None:
    door = re.compile(
        r"app\.(tenant|scope)|lianxi_(reader|auditor|signer)|\.transaction\(|pool\.connection\("
    )
    root = Path(__file__).parent.parent.parent
    allowed = {"infrastructure/database.py", "infrastructure/migrate.py", "infrastructure/selfcheck.py"}
    found = {
        str(path.relative_to(root))
        for room in ("domain", "application", "infrastructure", "api")
        for path in (root / room).rglob("*.py")
        if door.search(path.read_text(encoding="utf-8"))
    }
    assert "infrastructure/database.py" in found
    assert found <= allowed
