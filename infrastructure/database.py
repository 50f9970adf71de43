"""The doors to the database: a pool, and the only ways into a transaction over tenants' tables."""

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Self, TypeAlias

import psycopg
import psycopg_pool
from psycopg import pq

from application import ports
from infrastructure import prepared

Connection: TypeAlias = prepared.Connection
Tuple: TypeAlias = prepared.Tuple

# PoolTimeout and PoolClosed are OperationalErrors too. The last is what a transaction finds that slept too long.
_UNANSWERED = (psycopg.OperationalError, psycopg.errors.IdleInTransactionSessionTimeout)

# Every statement of a command goes by a key: planning it anew for each array's length costs more than running it.
_GENERIC = b"SET LOCAL plan_cache_mode = force_generic_plan; "

# What an earlier borrower may have left behind for the session: another role, a tenant or scope set without LOCAL.
# Said by the next one before anything else: it costs nothing in the message that begins a transaction.
_CLEAN = b"RESET ROLE; RESET ALL; "


class NoEntry(Exception):
    """The server answered and did not let the role in: a wrong password, user or database."""


def reach(dsn: str) -> None:
    """Try once to enter a database, so that what is wrong with a DSN is told apart from a server that is away.

    Raises: NoEntry where the server refused; LedgerUnavailable where none answered.
    """
    try:
        psycopg.connect(dsn, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        # The server gives no code to a client that it does not let in; whether it asked for a password tells.
        answered = error.pgconn is not None and (error.pgconn.used_password or error.pgconn.needs_password)
        raise (NoEntry if answered else ports.LedgerUnavailable)(str(error)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long one pair may wait for itself, and how much of the pool it may hold.

    ``lock_ms``: until a command waiting for its pair's head gives up. ``idle_ms``: until the server ends a
    transaction whose application says nothing, so that a dead one cannot hold a pair. ``per_pair``: how many
    requests of one pair are let to the pool at once, so that one busy pair cannot starve the others.
    """

    pool_min: int = 2
    pool_max: int = 10
    pool_wait_s: float = 5.0
    lock_ms: int = 3000
    idle_ms: int = 10000
    per_pair: int = 3


class Database:
    """A pool of connections of the application's role."""

    def __init__(self, dsn: str, *, limits: Limits | None = None) -> None:
        self.dsn = dsn
        self.limits = limits or Limits()
        # What each transaction over one pair says first, to be another role than the application's.
        self._role = b""
        self.pool: psycopg_pool.ConnectionPool[Connection] = psycopg_pool.ConnectionPool(
            dsn,
            connection_class=Connection,
            min_size=min(self.limits.pool_min, self.limits.pool_max),
            max_size=self.limits.pool_max,
            timeout=self.limits.pool_wait_s,
            # The pool doubles its pauses for as long as it tries, so after a long outage it would sleep on beside a
            # server that is back. Who asks next begins anew, and nobody waits longer than this for a try.
            reconnect_timeout=self.limits.pool_wait_s,
            kwargs={"autocommit": True, "options": self._options()},
            name="lianxi",
            open=True,
        )

    def _options(self) -> str:
        # Set once a connection: single statements have no SET LOCAL before them, and one more costs each command.
        return (
            f"-c lock_timeout={self.limits.lock_ms} "
            f"-c idle_in_transaction_session_timeout={self.limits.idle_ms} -c timezone=UTC"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give every connection back to the server."""
        self.pool.close()

    def as_signer(self) -> Self:
        """Give the same pool, by whose transactions over one pair the signer's role reads and publishes."""
        acting = copy.copy(self)
        acting._role = b"SET LOCAL ROLE lianxi_signer; "  # noqa: SLF001  # A copy of this very class.
        return acting

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Borrow a connection in autocommit, for tables of no tenant and for functions that set their own.

        Raises: LedgerUnavailable where the database does not answer.
        """
        with self._borrowed() as connection:
            connection.ask(_CLEAN)
            yield connection

    def run(self, statement: prepared.Statement, parameters: Mapping[str, prepared.Value]) -> pq.abc.PGresult:
        """Run one prepared statement on a connection of its own, as ``connection`` and its ``run`` do, for less.

        Only for functions that enter their own pair and for tables of no pair: what is borrowed is cleaned after a
        refusal alone. Something left behind can make such a statement be refused, once, and shows it nothing.
        Raises: as ``connection``; psycopg.Error.
        """
        try:
            connection = self.pool.getconn()
            try:
                return connection.run(statement, parameters)
            except psycopg.Error:
                with suppress(psycopg.Error):
                    connection.ask(_CLEAN)
                raise
            finally:
                self.pool.putconn(connection)
        except psycopg.Error:
            with self._minding():
                raise

    @contextmanager
    def _borrowed(self) -> Iterator[Connection]:
        # As the last borrower left it: whoever borrows here cleans it in his first message.
        with self._minding():
            # One block instead of the pool's own, which also commits: what is borrowed here commits by itself.
            connection = self.pool.getconn()
            try:
                yield connection
            finally:
                self.pool.putconn(connection)

    @contextmanager
    def _minding(self) -> Iterator[None]:
        with answering():
            try:
                yield
            except _UNANSWERED as error:
                # One connection that was lost is seldom alone: whoever meets it clears the pool of the others, so
                # that a server that died costs its next callers one fault and not one for each idle connection.
                if not isinstance(error, psycopg_pool.PoolTimeout | psycopg_pool.PoolClosed):
                    self.pool.check()
                raise

    @contextmanager
    def tenant_transaction(self, tenant: str) -> Iterator[Connection]:
        """Begin a transaction in which exactly one pair's rows exist.

        Args:
            tenant: the pair's id. It travels as a literal of a str: a setting takes no parameters.

        Raises: LedgerUnavailable where the database does not answer.
        """
        with self._borrowed() as connection:
            setting = b"SET LOCAL app.tenant = " + connection.literal(str(tenant))
            with _transaction(connection, self._role + setting):
                yield connection

    @contextmanager
    def snapshot_transaction(self, tenant: str) -> Iterator[Connection]:
        """Begin a transaction in which one pair's rows are read, all as of one moment, without locking.

        Args:
            tenant: the pair's id.

        Raises: LedgerUnavailable where the database does not answer.
        """
        with self._borrowed() as connection:
            level = b"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; "
            setting = b"SET LOCAL app.tenant = " + connection.literal(str(tenant))
            with _transaction(connection, level + self._role + setting):
                yield connection

    @contextmanager
    def locked_transaction(
        self, tenant: str, query: str, parameters: Mapping[str, prepared.Value]
    ) -> Iterator[tuple[Connection, list[Tuple]]]:
        """Begin a pair's transaction with the statement that locks its head, all in one message.

        Args:
            tenant: the pair's id.
            query: the first statement, which takes the lock.
            parameters: those of the statement, by name.

        Yields: the connection and the rows that the statement gave.
        Raises: LedgerBusy where the lock was not granted in time; LedgerUnavailable.
        """
        with self._borrowed() as connection:
            call = connection.call(prepared.statement(query), parameters)
            settings = self._role + b"SET LOCAL app.tenant = %s; %s" % (
                connection.literal(str(tenant)),
                _GENERIC,
            )
            with _transaction(connection, settings + call) as answer:
                yield connection, connection.rows(answer)

    @contextmanager
    def scope_transaction(self, scope: str) -> Iterator[Connection]:
        """Begin a transaction in which the rows of a subtree of pairs can be read, and nothing written.

        Args:
            scope: the beginning that the pairs' ids share; an empty one shows nothing.

        Raises: LedgerUnavailable where the database does not answer.
        """
        with self._subtree(b"lianxi_reader", scope) as connection:
            yield connection

    @contextmanager
    def audit_transaction(self, scope: str) -> Iterator[Connection]:
        """Begin a transaction in which the facts, commands and checkpoints of a subtree can be read, and nothing else.

        Args:
            scope: the beginning that the pairs' ids share, or one pair's id; an empty one shows nothing.

        Raises: LedgerUnavailable where the database does not answer.
        """
        with self._subtree(b"lianxi_auditor", scope) as connection:
            yield connection

    @contextmanager
    def _subtree(self, role: bytes, scope: str) -> Iterator[Connection]:
        with self._borrowed() as connection:
            literal = connection.literal(str(scope))
            setting = b"SET LOCAL ROLE %s; SET LOCAL app.scope = %s" % (role, literal)
            with _transaction(connection, setting):
                yield connection


@contextmanager
def answering() -> Iterator[None]:
    """Turn the loss of the database, and a lock not granted in time, into the port's own faults."""
    try:
        yield
    except psycopg.errors.LockNotAvailable as error:
        raise ports.LedgerBusy(str(error)) from error
    except _UNANSWERED as error:
        raise ports.LedgerUnavailable(str(error)) from error


@contextmanager
def _transaction(connection: Connection, settings: bytes) -> Iterator[pq.abc.PGresult]:
    # BEGIN and the settings go in one message; psycopg's own transaction() would spend a trip on each.
    try:
        yield connection.ask(_CLEAN + b"BEGIN; " + settings)
        ended = connection.ask(b"COMMIT").command_status
    except BaseException:
        with suppress(psycopg.Error):
            connection.ask(b"ROLLBACK")
        raise
    # A transaction in which an error was swallowed answers COMMIT with ROLLBACK, and no error.
    if ended != b"COMMIT":
        raise psycopg.errors.InFailedSqlTransaction("the transaction had failed and was rolled back")
