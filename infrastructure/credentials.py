"""Principals, what they were granted, and their tokens; and whose token or session it is that came.

Each kind begins with its own letters. All are of 256 random bits, shown once and kept only as SHA-256.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from application import ids, ports
from application.identity_ports import Rules
from infrastructure import database, prepared, statements

SQL = statements.load("credentials.sql")
# Every request begins with it.
RESOLVE = prepared.statement(SQL["resolve"])
RESOLVE_SESSION = prepared.statement(SQL["resolve_session"])
PREFIX, SESSION = "lx_", "lxs_"
IDLE = Rules().idle
_BYTES = 32
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_LENGTH = len(secrets.token_urlsafe(_BYTES))


def new_token(kind: str) -> str:
    """Make a token of a kind, of 256 random bits."""
    return kind + secrets.token_urlsafe(_BYTES)


class PostgresCredentials:
    """The port ``Credentials``."""

    def __init__(
        self,
        db: database.Database,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        idle: timedelta = IDLE,
    ) -> None:
        """Read from a database; sessions that were not used for ``idle`` by the clock are nobody's."""
        self._database = db
        self._clock = clock
        self._idle = int(idle.total_seconds())

    def enrol(self, person_id: str, *, label: str, actor: str = ports.COMMAND_LINE) -> bool:
        """Make someone a principal. Returns: False where they were one already, and nothing changes."""
        with self._database.connection() as connection:
            return self._done(connection, "enrol", actor, person=person_id, label=label)

    def principals(self) -> Sequence[ports.Principal]:
        """List all principals, by id."""
        with self._database.connection() as connection:
            found = connection.execute(SQL["principals"]).fetchall()
        return [ports.Principal(person_id=person, label=label) for person, label in found]

    def issue(
        self, person_id: str, *, label: str, expires_at: datetime, actor: str = ports.COMMAND_LINE
    ) -> str:
        """Make a token of 256 random bits; it is returned here and can never be shown again.

        Args:
            person_id: a principal. label: what the token is for. expires_at: aware.

        Raises: UnknownPrincipal.
        """
        token = new_token(PREFIX)
        with self._database.connection() as connection:
            try:
                self._done(
                    connection,
                    "issue",
                    actor,
                    hash=_hash(token),
                    person=person_id,
                    label=label,
                    expires_at=expires_at,
                )
            except psycopg.errors.ForeignKeyViolation as error:
                raise ports.UnknownPrincipal(person_id) from error
        return token

    def resolve(self, token: str, *, seen: bool = True) -> ports.Bearer | None:
        """Tell whose token or session this is, and what they may do; None where it is no good.

        ``seen``: whether a session counts as used by this.
        """
        kind, _, rest = token.partition("_")
        if len(rest) != _LENGTH or not token.isascii():
            return None
        digest = _hash(token)
        match kind + "_":
            case "lx_":
                return self._of_token(digest)
            case "lxs_":
                return self._of_session(digest, seen=seen)
        return None

    def _of_token(self, digest: bytes) -> ports.Bearer | None:
        found = self._found(RESOLVE, digest)
        if not found:
            return None
        return ports.Bearer(person_id=found[0][1], grants=_grants(row[2:4] for row in found))

    def _of_session(self, digest: bytes, *, seen: bool) -> ports.Bearer | None:
        at = self._clock().isoformat()
        found = self._found(RESOLVE_SESSION, digest, at=at, idle=self._idle, touch=int(seen))
        if not found:
            return None
        _, key, person, how, second, must_change, factor, _, _ = found[0]
        session = ports.EnteredSession(id=key, how=how, second=second, must_change=must_change, factor=factor)
        return ports.Bearer(person_id=person, grants=_grants(row[7:9] for row in found), session=session)

    def _found(
        self, statement: prepared.Statement, digest: bytes, **values: prepared.Value
    ) -> list[prepared.Tuple]:
        with self._database.connection() as connection:
            found = connection.rows(connection.run(statement, {"hash": digest, **values}))
        # The index compares in variable time, but only hashes of what was sent: nothing can be approached by it.
        return found if found and hmac.compare_digest(found[0][0], digest) else []

    def revoke(self, token_hash: str, *, actor: str = ports.COMMAND_LINE) -> bool:
        """End a token, named by the hex of its hash. Returns: False where it was not valid any more."""
        with self._database.connection() as connection:
            return self._done(connection, "revoke", actor, hash=bytes.fromhex(token_hash))

    def credentials(self, person_id: str) -> Sequence[ports.Credential]:
        """List a person's tokens, oldest first, the ended ones too."""
        with self._database.connection() as connection:
            found = connection.execute(SQL["credentials"], {"person": person_id}).fetchall()
        return [
            ports.Credential(
                token_hash=digest.hex(),
                label=label,
                created_at=created_at,
                expires_at=expires_at,
                revoked_at=revoked_at,
            )
            for digest, label, created_at, expires_at, revoked_at in found
        ]

    def grant(self, person_id: str, *, role: str, scope: str, actor: str = ports.COMMAND_LINE) -> None:
        """Give a role over a pair or a subtree. Raises: UnknownPrincipal."""
        with self._database.connection() as connection:
            try:
                self._done(connection, "grant", actor, person=person_id, role=role, scope=scope)
            except psycopg.errors.ForeignKeyViolation as error:
                raise ports.UnknownPrincipal(person_id) from error

    def withdraw(self, person_id: str, *, role: str, scope: str, actor: str = ports.COMMAND_LINE) -> bool:
        """Take a role back. Returns: False where it was not held."""
        with self._database.connection() as connection:
            return self._done(connection, "withdraw", actor, person=person_id, role=role, scope=scope)

    def grants(self, person_id: str) -> Sequence[ports.Grant]:
        """List what a person may do now, by role and scope."""
        with self._database.connection() as connection:
            found = connection.execute(SQL["grants"], {"person": person_id}).fetchall()
        return [ports.Grant(role=role, scope=scope) for role, scope in found]

    def acts(
        self, *, after: tuple[datetime, str] | None = None, limit: int = 500
    ) -> Sequence[ports.CredentialAct]:
        """List what administrators did, oldest first, from after the moment and id of the last act seen."""
        at, key = after or (_BEGINNING, "")
        parameters = {"after_at": at, "after_id": key, "limit": limit}
        with self._database.connection() as connection:
            found = connection.execute(SQL["acts"], parameters).fetchall()
        return [
            ports.CredentialAct(
                id=key,
                at=at,
                actor=actor,
                what=what,
                person=person,
                role=role,
                scope=scope,
                token_hash=digest.hex() if digest is not None else None,
            )
            for key, at, actor, what, person, role, scope, digest in found
        ]

    def _done(self, connection: database.Connection, name: str, actor: str, **values: Any) -> bool:
        # The change and its act are one statement, so that neither is ever without the other.
        return connection.execute(SQL[name], {**values, "act": ids.new_id(), "actor": actor}).rowcount == 1


def _grants(found: Iterable[tuple[str | None, str | None]]) -> tuple[ports.Grant, ...]:
    return tuple(ports.Grant(role=role, scope=str(scope)) for role, scope in found if role is not None)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
