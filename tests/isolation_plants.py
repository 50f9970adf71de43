"""Faults in the isolation of pairs, each planted by one call, for whatever check is to turn red.

A plant of the database takes the superuser's DSN of that database and stays until the database is dropped; one of the
application is a context in which its code is at fault. None of them touches a role of the cluster, so tests of other
databases of the same server are not disturbed.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from unittest import mock

import psycopg

from infrastructure import database

OPEN_DEFINER: Final = """
    CREATE FUNCTION ledger.everything() RETURNS SETOF ledger.ledger_event LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN RETURN QUERY SELECT * FROM ledger.ledger_event; END $$;
    GRANT EXECUTE ON FUNCTION ledger.everything() TO PUBLIC"""


def _plant(dsn: str, *statements: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def dropped_policy(admin_dsn: str, *, table: str = "view_topic") -> None:
    """Drop a table's policies and put one in their place that lets everybody see every row."""
    _plant(
        admin_dsn,
        f"DROP POLICY pair ON ledger.{table}",
        f"CREATE POLICY open ON ledger.{table} USING (true)",
    )


def row_security_off(admin_dsn: str, *, table: str = "view_topic") -> None:
    """Switch a table's row-level security off: every row of every pair is there for who reads without a WHERE."""
    _plant(
        admin_dsn,
        f"ALTER TABLE ledger.{table} DISABLE ROW LEVEL SECURITY",
    )


def force_forgotten(admin_dsn: str, *, table: str = "ledger_event") -> None:
    """Let a table's owner past its policies, and so every function that runs with his rights."""
    _plant(admin_dsn, f"ALTER TABLE ledger.{table} NO FORCE ROW LEVEL SECURITY")


def open_definer(admin_dsn: str) -> None:
    """Make a function that reads with the owner's rights and that everybody may call."""
    _plant(admin_dsn, OPEN_DEFINER)


def column_grant(admin_dsn: str, *, table: str = "ledger_event", column: str = "state") -> None:
    """Grant the right to change one column of the facts."""
    _plant(admin_dsn, f"GRANT UPDATE ({column}) ON ledger.{table} TO lianxi_app")


def leaking_view(admin_dsn: str) -> None:
    """Make a view that reads as its owner, who is past every policy here."""
    _plant(
        admin_dsn,
        "CREATE VIEW ledger.leak AS SELECT * FROM ledger.ledger_event",
        "GRANT SELECT ON ledger.leak TO lianxi_app",
    )


def open_default(admin_dsn: str) -> None:
    """Open whatever tables the owner makes later to everybody."""
    _plant(admin_dsn, "ALTER DEFAULT PRIVILEGES FOR ROLE lianxi_owner GRANT SELECT ON TABLES TO PUBLIC")


IN_DATABASE: Final[Mapping[str, Callable[[str], None]]] = {
    "a dropped policy": dropped_policy,
    "row-level security off": row_security_off,
    "FORCE forgotten": force_forgotten,
    "an open definer function": open_definer,
    "a column grant": column_grant,
    "a leaking view": leaking_view,
    "an open default privilege": open_default,
}


@contextmanager
def plain_set() -> Iterator[None]:
    """Let the application set its tenant for the session, and forget to clean what it borrows: SET without LOCAL.

    What the next borrower of a connection does without a tenant of his own then shows the last one's rows.
    """
    kept = database.Database.tenant_transaction

    @contextmanager
    def tenant_transaction(self: database.Database, tenant: str) -> Iterator[database.Connection]:
        with kept(self, tenant) as connection:
            connection.ask(b"SET app.tenant = " + connection.literal(str(tenant)))
            yield connection

    with (
        mock.patch.object(database.Database, "tenant_transaction", tenant_transaction),
        uncleaned(),
    ):
        yield


@contextmanager
def uncleaned() -> Iterator[None]:
    """Let whoever borrows a connection find it as the last borrower left it."""
    with mock.patch.object(database, "_CLEAN", b"SELECT 1; "):
        yield
