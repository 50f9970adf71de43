"""Principals, what they were granted, and their tokens. Tokens are shown once and kept only as SHA-256."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

import psycopg

from application import ports
from infrastructure import database, statements

SQL = statements.load("credentials.sql")
PREFIX = "lx_"
_BYTES = 32
_LENGTH = len(PREFIX) + len(secrets.token_urlsafe(_BYTES))


class PostgresCredentials:
    """The port ``Credentials``."""

    def __init__(self, db: database.Database) -> None:
        self._database = db

    def enrol(self, person_id: str, *, label: str) -> bool:
        """Make someone a principal. Returns: False where they were one already, and nothing changes."""
        with self._database.connection() as connection:
            return connection.execute(SQL["enrol"], {"person": person_id, "label": label}).rowcount == 1

    def principals(self) -> Sequence[ports.Principal]:
        """List all principals, by id."""
        with self._database.connection() as connection:
            found = connection.execute(SQL["principals"]).fetchall()
        return [ports.Principal(person_id=person, label=label) for person, label in found]

    def issue(self, person_id: str, *, label: str, expires_at: datetime) -> str:
        """Make a token of 256 random bits; it is returned here and can never be shown again.

        Args:
            person_id: a principal. label: what the token is for. expires_at: aware.

        Raises: UnknownPrincipal.
        """
        token = PREFIX + secrets.token_urlsafe(_BYTES)
        parameters = {"hash": _hash(token), "person": person_id, "label": label, "expires_at": expires_at}
        with self._database.connection() as connection:
            try:
                connection.execute(SQL["issue"], parameters)
            except psycopg.errors.ForeignKeyViolation as error:
                raise ports.UnknownPrincipal(person_id) from error
        return token

    def resolve(self, token: str) -> ports.Bearer | None:
        """Tell whose token this is, and what they may do; None where it is unknown, expired or revoked."""
        if not token.startswith(PREFIX) or len(token) != _LENGTH or not token.isascii():
            return None
        digest = _hash(token)
        with self._database.connection() as connection:
            found = connection.execute(SQL["resolve"], {"hash": digest}).fetchall()
        # The index compares in variable time, but only hashes of what was sent: nothing can be approached by it.
        if not found or not hmac.compare_digest(found[0][0], digest):
            return None
        grants = tuple(ports.Grant(role=role, scope=scope) for _, _, role, scope in found if role is not None)
        return ports.Bearer(person_id=found[0][1], grants=grants)

    def revoke(self, token_hash: str) -> bool:
        """End a token, named by the hex of its hash. Returns: False where it was not valid any more."""
        with self._database.connection() as connection:
            return connection.execute(SQL["revoke"], {"hash": bytes.fromhex(token_hash)}).rowcount == 1

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

    def grant(self, person_id: str, *, role: str, scope: str) -> None:
        """Give a role over a pair or a subtree. Raises: UnknownPrincipal."""
        with self._database.connection() as connection:
            try:
                connection.execute(SQL["grant"], {"person": person_id, "role": role, "scope": scope})
            except psycopg.errors.ForeignKeyViolation as error:
                raise ports.UnknownPrincipal(person_id) from error

    def withdraw(self, person_id: str, *, role: str, scope: str) -> bool:
        """Take a role back. Returns: False where it was not held."""
        parameters = {"person": person_id, "role": role, "scope": scope}
        with self._database.connection() as connection:
            return connection.execute(SQL["withdraw"], parameters).rowcount == 1

    def grants(self, person_id: str) -> Sequence[ports.Grant]:
        """List what a person may do now, by role and scope."""
        with self._database.connection() as connection:
            found = connection.execute(SQL["grants"], {"person": person_id}).fetchall()
        return [ports.Grant(role=role, scope=scope) for role, scope in found]


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
