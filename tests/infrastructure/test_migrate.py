"""Migrations: in order, once, unchanged, concurrently, and without a superuser."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from infrastructure import database as databases
from infrastructure import embedded, migrate, recorder, selfcheck

numbers = count(1)


@pytest.fixture
def empty(postgres: embedded.Server, maintenance: psycopg.Connection) -> Iterator[str]:
    """A new database of the superuser, as PostgreSQL makes them."""
    name = f"empty_{next(numbers)}"
    maintenance.execute(f"CREATE DATABASE {name}")
    yield postgres.dsn(user=embedded.ADMIN, password=postgres.admin_password, database=name)
    maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_migrations_are_applied_in_order_and_once(empty: str, postgres: embedded.Server) -> None:
    names = sorted(path.name for path in migrate.FILES.glob("*.sql"))
    assert migrate.migrate(empty, app_password=postgres.app_password) == names
    assert migrate.migrate(empty, app_password=postgres.app_password) == []
    assert list(migrate.available()) == names


def test_a_changed_migration_is_refused(empty: str, postgres: embedded.Server) -> None:
    migrate.migrate(empty, app_password=postgres.app_password)
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute("UPDATE ledger.migration SET sha256 = 'other' WHERE name LIKE '0002%'")
        with pytest.raises(migrate.MigrationChanged, match=r"0002_views\.sql"):
            migrate.migrate(empty, app_password=postgres.app_password)
        connection.execute("DELETE FROM ledger.migration WHERE name LIKE '0002%'")
        connection.execute("INSERT INTO ledger.migration (name, sha256) VALUES ('9999_future.sql', 'x')")
    with pytest.raises(migrate.MigrationChanged, match=r"9999_future\.sql"):
        migrate.migrate(empty, app_password=postgres.app_password)


def test_a_migration_that_fails_leaves_nothing(
    empty: str, postgres: embedded.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in migrate.FILES.glob("*.sql"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "9000_bad.sql").write_text("CREATE TABLE ledger.half (a int); SELECT 1 / 0;")
    monkeypatch.setattr(migrate, "FILES", tmp_path)
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate.migrate(empty, app_password=postgres.app_password)
    with psycopg.connect(empty) as connection:
        assert connection.execute("SELECT to_regclass('ledger.half')").fetchone() == (None,)
        assert connection.execute("SELECT count(*) FROM ledger.migration").fetchone() == (
            len(migrate.available()) - 1,
        )


def test_migrations_race_in_one_database_and_in_many(
    postgres: embedded.Server, maintenance: psycopg.Connection
) -> None:
    names = [f"race_{next(numbers)}" for _ in range(3)]
    for name in names:
        maintenance.execute(f"CREATE DATABASE {name}")
    dsns = [
        postgres.dsn(user=embedded.ADMIN, password=postgres.admin_password, database=name) for name in names
    ] * 3
    try:
        with ThreadPoolExecutor(9) as pool:
            applied = list(
                pool.map(lambda dsn: migrate.migrate(dsn, app_password=postgres.app_password), dsns)
            )
        assert sorted(map(len, applied)) == [0] * 6 + [len(migrate.available())] * 3
    finally:
        for name in names:
            maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_no_superuser_is_needed(scratch: Path) -> None:
    """On a server of its own: roles belong to the cluster, and here this migration must make them."""
    with embedded.server(scratch / "plain", durable=False) as server:
        with psycopg.connect(server.admin_dsn, autocommit=True) as admin:
            admin.execute("CREATE ROLE deployer LOGIN CREATEROLE NOSUPERUSER PASSWORD 'pw'")
            admin.execute("CREATE DATABASE deployed OWNER deployer")
        dsn = server.dsn(user="deployer", password="pw", database="deployed")
        assert len(migrate.migrate(dsn, app_password="first")) == len(migrate.available())
        assert migrate.migrate(dsn, app_password=server.app_password) == []
        app = make_conninfo(server.app_dsn, dbname="deployed")
        with databases.Database(app) as db:
            selfcheck.check(db)
            assert recorder.PairRecorder(db, "140802").max_notification_id() is None
            with db.scope_transaction("14"):
                pass
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(make_conninfo(app, password="first"))


def test_another_encoding_is_refused(postgres: embedded.Server, maintenance: psycopg.Connection) -> None:
    maintenance.execute(
        "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0"
    )
    try:
        with pytest.raises(migrate.NotUtf8):
            migrate.migrate(
                postgres.dsn(user=embedded.ADMIN, password=postgres.admin_password, database="latin"),
                app_password="x",
            )
    finally:
        maintenance.execute("DROP DATABASE latin")


def test_a_new_installation_knows_nobody(empty: str, postgres: embedded.Server) -> None:
    """No person, account, password, token or role is there before somebody at the console makes it."""
    migrate.migrate(empty, app_password=postgres.app_password)
    kept = (
        "principal",
        "role_grant",
        "credential",
        "account",
        "second_factor",
        "session",
        "external_identity",
    )
    with psycopg.connect(empty) as connection:
        for table in kept:
            assert connection.execute(f"SELECT count(*) FROM ledger.{table}").fetchone() == (0,), table
        assert connection.execute("SELECT count(*) FROM ledger.migration").fetchone() != (0,)
