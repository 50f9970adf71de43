"""The same question asked of the database: what each of its roles sees of another pair, past every query of ours.

A query that names its pair hides a policy that is gone. So rows are read here without naming one, in the name of one pair.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import psycopg
from psycopg import sql

from infrastructure import database
from tests.matrix.judging import Findings
from tests.matrix.stage import OWN, SIBLING

# How each role enters; the owner is entered by the superuser, for nobody logs in as him.
ENTRIES: Final = {
    "lianxi_app": ("", "tenant", OWN),
    "lianxi_reader": ("SET LOCAL ROLE lianxi_reader", "scope", OWN),
    "lianxi_auditor": ("SET LOCAL ROLE lianxi_auditor", "scope", OWN),
    "lianxi_signer": ("SET LOCAL ROLE lianxi_signer", "tenant", OWN),
    "lianxi_owner": ("SET LOCAL ROLE lianxi_owner", "tenant", OWN),
}
TABLES: Final = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') ORDER BY 1
"""
FUNCTIONS: Final = """
    SELECT p.oid::regprocedure::text, p.proname, coalesce(p.proargnames, '{}'), p.proargtypes::regtype[]::text[],
        has_function_privilege('lianxi_app', p.oid, 'EXECUTE'),
        p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) WHERE grantee = 0)
    FROM pg_proc p WHERE p.pronamespace = 'ledger'::regnamespace AND p.prosecdef ORDER BY 1
"""
# A value of each type that a function of ours takes.
VALUES: Final = {
    "text": "'x'",
    "bigint": "1",
    "integer": "1",
    "boolean": "false",
    "bytea": "sha256('x')",
    "json": "'{}'",
    "jsonb": "'{}'",
    "text[]": "'{x}'",
    "bigint[]": "'{1}'",
    "bytea[]": "ARRAY['x'::bytea]",
    "timestamp with time zone": "now()",
    "interval": "'1 hour'",
}
SECOND_PAIR: Final = "LX002"


def look(admin_dsn: str, app_dsn: str, found: Findings) -> None:
    """Look at every table as every role, at every function that runs with the owner's rights, and at the pool."""
    with psycopg.connect(admin_dsn) as admin:
        tables = [name for (name,) in admin.execute(TABLES).fetchall()]
        known = {name: _known(admin, name) for name in tables}
    for role, (enter, setting, value) in ENTRIES.items():
        with psycopg.connect(admin_dsn if role == "lianxi_owner" else app_dsn) as connection:
            for table in tables:
                _table(connection, role, table, (enter, setting, value), found, known=known[table])
    with psycopg.connect(app_dsn) as connection:
        functions = connection.execute(FUNCTIONS).fetchall()
        for signature, name, arguments, types, ours, everybodys in functions:
            if everybodys:
                found.leaks.append(
                    f"database · {signature} runs with the owner's rights and is open to everybody"
                )
            if ours:
                _function(connection, str(name), list(arguments), list(types), found)
    _pool(app_dsn, tables, found)


def _known(admin: psycopg.Connection, table: str) -> bool:
    row = admin.execute(
        sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE tenant_id = %s)").format(_name(table)), (OWN,)
    ).fetchone()
    return bool(row and row[0])


def _name(table: str) -> sql.Identifier:
    return sql.Identifier("ledger", table)


def _table(
    connection: psycopg.Connection,
    role: str,
    table: str,
    entry: tuple[str, str, str],
    found: Findings,
    *,
    known: bool,
) -> None:
    enter, setting, value = entry
    found.inside += 1
    place = (f"database · {role} · {table}", "")
    with suppress(psycopg.errors.InsufficientPrivilege), connection.transaction():
        if enter:
            connection.execute(enter)  # type: ignore[arg-type]  # One of the entries above.
        connection.execute(sql.SQL("SET LOCAL {} = {}").format(sql.Identifier("app", setting), value))
        count = sql.SQL(
            "SELECT count(*) FILTER (WHERE NOT starts_with(tenant_id, {own})), count(*) FILTER (WHERE tenant_id = {own})"
            " FROM {table}"
        ).format(own=value, table=_name(table))
        row = connection.execute(count).fetchone()
        others, own = row or (0, 0)
        if others:
            found.leaks.append(f"{place[0]}: {others} rows of others")
        found.refusals.add(place)
        # A table without a row of this pair shows nothing either way; the superuser says which those are.
        if own or not known:
            found.controls.add(place)
        connection.execute(sql.SQL("SET LOCAL {} = ''").format(sql.Identifier("app", setting)))
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(_name(table))).fetchone()
        if row and row[0]:
            found.leaks.append(f"{place[0]}: {row[0]} rows without a pair")


def _function(
    connection: psycopg.Connection, name: str, arguments: list[str], types: list[str], found: Findings
) -> None:
    """Call a function for another pair than the transaction's; where it takes none, for what it shows of others."""
    found.inside += 1
    named = bool(arguments) and arguments[0].removeprefix("p_") in {"tenant", "tenant_id", "pair"}
    values = [VALUES[each] for each in types]
    if named:
        values[0] = f"'{SIBLING}'"
    call = f"SELECT * FROM ledger.{name}({', '.join(values)}) t"
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(f"SET LOCAL app.tenant = '{OWN}'")
            rows = connection.execute(call).fetchall()  # type: ignore[arg-type]  # As above.
    except psycopg.Error as refused:
        if named and refused.sqlstate != SECOND_PAIR:
            found.leaks.append(
                f"database · {name} refuses another pair by {refused.sqlstate} and not as such"
            )
        return
    if named or any(SIBLING in map(str, row) for row in rows):
        found.leaks.append(f"database · {name} serves another pair")


def _pool(app_dsn: str, tables: list[str], found: Findings) -> None:
    """Borrow the one connection that somebody else had just before: in order, after an error, after a subtree."""
    with database.Database(app_dsn, limits=database.Limits(pool_min=1, pool_max=1)) as db:
        for what in _uses(db):
            found.inside += 1
            with db.connection() as connection:
                for table in tables:
                    with suppress(psycopg.errors.InsufficientPrivilege):
                        row = connection.execute(
                            sql.SQL("SELECT count(*) FROM {}").format(_name(table))
                        ).fetchone()
                        if row and row[0]:
                            found.leaks.append(f"pool · {table} after {what}: {row[0]} rows without a pair")


def _uses(db: database.Database) -> Iterator[str]:
    with db.tenant_transaction(OWN) as connection:
        connection.execute("SELECT 1 FROM ledger.ledger_head")
    yield "a transaction"
    with suppress(psycopg.Error), db.tenant_transaction(OWN) as connection:
        connection.execute("SELECT 1 / 0")
    yield "an error"
    with suppress(KeyboardInterrupt), db.tenant_transaction(OWN):
        raise KeyboardInterrupt
    yield "a request that was cut off"
    with db.scope_transaction(OWN) as connection:
        connection.execute("SELECT 1 FROM ledger.ledger_head")
    yield "a subtree"
    with db.as_signer().tenant_transaction(OWN) as connection:
        connection.execute("SELECT 1 FROM ledger.ledger_head")
    yield "the signer"
