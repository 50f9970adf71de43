"""Migrations: numbered SQL files, each applied once, in order, in a transaction of its own.

Roles belong to the cluster and databases are many, so everything about roles is repeatable and bears being
done by several migrations at once. A superuser is not needed: a role with CREATEROLE that owns the database
is enough.
"""

import hashlib
import re
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import errors, sql

from infrastructure import statements

SQL = statements.load("migrate.sql")
FILES = Path(__file__).parent / "migrations"
OWNER, APP = "lianxi_owner", "lianxi_app"
# What the application may become, for one transaction at a time.
BECOMES = ("lianxi_reader", "lianxi_auditor", "lianxi_signer")

_FUNCTION = re.compile(
    r"^CREATE (?:OR REPLACE )?FUNCTION ledger\.(\w+)\(.*?\$\$(.*?)\$\$", re.DOTALL | re.MULTILINE
)

# Catalogue rows of the cluster have no lock that a plain role may take: whoever loses the race tries again.
_TRIES = 50
_PAUSE_SECONDS = 0.02


class NotUtf8(Exception):
    """The database has another encoding than UTF-8, in which texts would be hashed as other bytes."""


class MigrationChanged(Exception):
    """A migration that was already applied has another text now, or is unknown here."""


def available() -> dict[str, str]:
    """List the migrations that this version of the program brings, in order: name to SHA-256, in hex."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(FILES.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    }


def bodies() -> dict[str, set[str]]:
    """Give the bodies that the migrations define for each function, by its name."""
    found: dict[str, set[str]] = {}
    for path in FILES.glob("*.sql"):
        for name, body in _FUNCTION.findall(path.read_text(encoding="utf-8")):
            found.setdefault(name, set()).add(body)
    return found


def migrate(admin_dsn: str, *, app_password: str) -> list[str]:
    """Bring roles, rights and schema of one database up to date; safe to repeat and to run concurrently.

    Args:
        admin_dsn: a superuser, or a role with CREATEROLE that owns the database.
        app_password: what lianxi_app shall log in with, in the whole cluster.

    Returns: the names of the files that were applied now, in order.
    Raises: MigrationChanged where an applied file is unknown or differs; nothing is applied then. NotUtf8.
    """
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        if connection.info.parameter_status("server_encoding") != "UTF8":
            raise NotUtf8(connection.info.dbname)
        _roles(connection, app_password=app_password)
        connection.execute(SQL["lock"])
        _secure(connection)
        with connection.transaction():
            connection.execute(SQL["create_schema"])
            connection.execute(_as_owner())
            connection.execute(SQL["create_migration"])
        return _apply(connection)


def secure(admin_dsn: str) -> None:
    """Take from PUBLIC what PostgreSQL gives on every new database; a clone does not inherit this.

    Raises: psycopg.Error where the role does not own the database.
    """
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        _secure(connection)


def _apply(connection: psycopg.Connection) -> list[str]:
    files = available()
    with connection.transaction():
        connection.execute(_as_owner())
        applied: dict[str, str] = dict(connection.execute(SQL["applied"]).fetchall())
    for name, digest in applied.items():
        if files.get(name) != digest:
            raise MigrationChanged(f"{name}: applied with SHA-256 {digest}, here {files.get(name)}")
    new = [name for name in files if name not in applied]
    for name in new:
        with connection.transaction():
            connection.execute(_as_owner())
            connection.execute((FILES / name).read_bytes())
            connection.execute(SQL["record"], {"name": name, "sha256": files[name]})
    return new


def _as_owner() -> sql.Composed:
    return sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER))


def _secure(connection: psycopg.Connection) -> None:
    database = sql.Identifier(connection.info.dbname)
    for statement in (
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(APP)),
        sql.SQL("{}").format(sql.SQL(SQL["close_public"])),
    ):
        _insist(lambda s=statement: connection.execute(s))  # type: ignore[misc]  # A default binds the loop's value.


def _roles(connection: psycopg.Connection, *, app_password: str) -> None:
    for role in (OWNER, *BECOMES, APP):
        if not _one(connection, "role_exists", role=role):
            _insist(lambda r=role: connection.execute(SQL[f"create_{r}"]))  # type: ignore[misc]  # As above.
    if not _may_act_as_owner(connection):
        _insist(lambda: connection.execute(SQL["become_owner"]))
    for role in BECOMES:
        if not _one(connection, "is_member", role=role, member=APP):
            _insist(lambda r=role: connection.execute(SQL[f"{r}_to_app"]))  # type: ignore[misc]  # As above.
    # The server is given the SCRAM verifier, so that the password itself is in no log.
    verifier = connection.pgconn.encrypt_password(
        app_password.encode(), APP.encode(), b"scram-sha-256"
    ).decode()
    _insist(
        lambda: connection.execute(
            sql.SQL("ALTER ROLE {} LOGIN NOINHERIT PASSWORD {}").format(
                sql.Identifier(APP), sql.Literal(verifier)
            )
        )
    )


def _may_act_as_owner(connection: psycopg.Connection) -> bool:
    # Tried and not looked up: since PostgreSQL 16 a member may be one without SET, which 15 cannot be asked for.
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(_as_owner())
    except errors.InsufficientPrivilege:
        return False
    return True


def _one(connection: psycopg.Connection, name: str, **parameters: str) -> bool:
    row = connection.execute(SQL[name], parameters).fetchone()
    return bool(row and row[0])


def _insist(step: Callable[[], object]) -> None:
    for attempt in range(_TRIES):
        try:
            step()
        except (errors.DuplicateObject, errors.UniqueViolation):
            return  # Another migration was first, with the same.
        except errors.InternalError_:
            if attempt == _TRIES - 1:
                raise
            time.sleep(_PAUSE_SECONDS)  # "tuple concurrently updated": another migration is at it just now.
        else:
            return
