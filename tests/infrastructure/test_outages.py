"""A database that is away: what callers are told, and that they are served as soon as it is back."""

import time
from contextlib import suppress

import psycopg
import pytest

from application import ports
from infrastructure import database as databases

PATIENCE = 60


@pytest.mark.parametrize(
    "kind",
    [
        psycopg.errors.DiskFull,
        psycopg.errors.IoError,
        psycopg.errors.OutOfMemory,
        psycopg.errors.AdminShutdown,
        psycopg.errors.CrashShutdown,
        psycopg.errors.CannotConnectNow,
        psycopg.errors.IdleInTransactionSessionTimeout,
    ],
)
def test_a_server_that_cannot_keep_anything_is_unavailable_and_no_fault_of_ours(kind):
    """Whoever asked is told to ask again with the same key."""
    with pytest.raises(ports.LedgerUnavailable), databases.answering():
        raise kind("no")


def test_after_a_long_outage_the_next_caller_is_served_at_once(database, maintenance):
    """The pool gives up trying while the server is away, and begins anew with who asks next."""
    limits = databases.Limits(pool_wait_s=0.2)
    with databases.Database(database.app_dsn, limits=limits) as db:
        asked(db)
        maintenance.execute(f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS false")
        maintenance.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database.name]
        )
        until = time.monotonic() + PATIENCE
        while db.pool.get_stats()["pool_size"]:
            assert time.monotonic() < until, "the pool sleeps on between its tries"
            with suppress(ports.LedgerUnavailable):
                asked(db)
        maintenance.execute(f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS true")
        until = time.monotonic() + PATIENCE
        while True:
            try:
                asked(db)
            except ports.LedgerUnavailable:
                assert time.monotonic() < until
            else:
                break


def asked(db):
    with db.connection() as connection:
        connection.execute("SELECT 1")
