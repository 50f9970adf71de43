"""Principals, what they were granted, and their tokens; and whose token or session it is that came.

Each kind begins with its own letters. All are of 256 random bits, shown once and kept only as SHA-256. What is changed
here, the command line changes; it is a fact of the administration ledger like any other.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from application import administering, ports
from application.identity_ports import Rules
from domain import granting, mandates, refusals
from infrastructure import administration, database, prepared, statements

SQL = statements.load("credentials.sql")
# Every request begins with it.
RESOLVE = prepared.statement(SQL["resolve"])
RESOLVE_KEY = prepared.statement(SQL["resolve_key"])
RESOLVE_SESSION = prepared.statement(SQL["resolve_session"])
PREFIX, SESSION = administering.TOKEN_PREFIX, "lxs_"
IDLE = Rules().idle
_LENGTH = administering.SECRET_LENGTH


def new_token(kind: str) -> str:
    """Make a token of a kind, of 256 random bits."""
    return kind + secrets.token_urlsafe(administering.SECRET_BYTES)


class PostgresCredentials:
    """The port ``Credentials``."""

    def __init__(
        self,
        db: database.Database,
        office: administering.Administration | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        idle: timedelta = IDLE,
    ) -> None:
        """Read from a database; sessions that were not used for ``idle`` by the clock are nobody's."""
        self._database = db
        self._office = office or administering.Administration(administration.PostgresRegister(db))
        self._clock = clock
        self._idle = int(idle.total_seconds())

    def enrol(self, person_id: str, *, label: str) -> bool:
        """Make someone a principal. Returns: False where they were one already, and nothing changes."""
        return self._done(granting.Enrol(person=person_id, description=label))

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
        try:
            return self._office.issue(person_id, by=granting.console(), purpose=label, expires_at=expires_at)
        except refusals.NotFound as unknown:
            raise ports.UnknownPrincipal(person_id) from unknown

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
            case administering.KEY_PREFIX:
                return self._of_key(digest)
        return None

    def _of_token(self, digest: bytes) -> ports.Bearer | None:
        found = self._found(RESOLVE, digest)
        if not found:
            return None
        return ports.Bearer(person_id=found[0][1], grants=_grants(row[2:6] for row in found))

    def _of_session(self, digest: bytes, *, seen: bool) -> ports.Bearer | None:
        at = self._clock().isoformat()
        found = self._found(RESOLVE_SESSION, digest, at=at, idle=self._idle, touch=int(seen))
        if not found:
            return None
        _, key, person, how, second, must_change, factor = found[0][:7]
        session = ports.EnteredSession(id=key, how=how, second=second, must_change=must_change, factor=factor)
        return ports.Bearer(person_id=person, grants=_grants(row[7:11] for row in found), session=session)

    def _of_key(self, digest: bytes) -> ports.Bearer | None:
        for _, person, pair, matters, role, scope, subtree, allowed in self._found(RESOLVE_KEY, digest):
            mandate = mandates.Mandate(role=role, scope=scope, subtree=subtree)
            if role == mandates.Role.SERVICE and mandates.covers(mandate, pair) and {*matters} <= {*allowed}:
                opened = ports.Grant(role=role, scope=pair, subtree=False, matters=tuple(matters))
                return ports.Bearer(person_id=person, grants=(opened,), key=True)
        return None

    def _found(
        self, statement: prepared.Statement, digest: bytes, **values: prepared.Value
    ) -> list[prepared.Tuple]:
        with self._database.connection() as connection:
            found = connection.rows(connection.run(statement, {"hash": digest, **values}))
        # The index compares in variable time, but only hashes of what was sent: nothing can be approached by it.
        return found if found and hmac.compare_digest(found[0][0], digest) else []

    def revoke(self, token_hash: str) -> bool:
        """End a token, named by the hex of its hash. Returns: False where it was not valid any more."""
        digest = bytes.fromhex(token_hash)
        with self._database.connection() as connection:
            found = connection.execute(SQL["whose"], {"hash": digest}).fetchone()
        return found is not None and self._done(granting.Revoke(person=found[0], key_hash=digest.hex()))

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

    def grant(
        self,
        person_id: str,
        *,
        role: str,
        scope: str,
        subtree: bool = True,
        valid_from: date | None = None,
        valid_until: date | None = None,
        matters: tuple[str, ...] = (),
        basis: str = "",
    ) -> None:
        """Give a role over a pair or a subtree. Raises: UnknownPrincipal, a Refusal."""
        self._done(
            granting.Grant(
                person=person_id,
                role=role,
                scope=scope,
                subtree=subtree,
                valid_from=valid_from,
                valid_until=valid_until,
                matters=matters,
                basis=basis,
            )
        )

    def withdraw(self, person_id: str, *, role: str, scope: str) -> bool:
        """Take a role back. Returns: False where it was not held."""
        return self._done(granting.Withdraw(person=person_id, role=role, scope=scope))

    def grants(self, person_id: str) -> Sequence[ports.Grant]:
        """List what a person may do now, by role and scope."""
        with self._database.connection() as connection:
            found = connection.execute(SQL["grants"], {"person": person_id}).fetchall()
        return [_grant(*each) for each in found]

    def _done(self, order: granting.Order) -> bool:
        try:
            return bool(self._office.submit(order, by=granting.console()))
        except refusals.NotFound as unknown:
            raise ports.UnknownPrincipal(order.person) from unknown


def _grant(role: str, scope: str, subtree: bool, matters: Sequence[str]) -> ports.Grant:  # noqa: FBT001 - a column.
    return ports.Grant(role=role, scope=scope, subtree=subtree, matters=tuple(matters))


def _grants(found: Iterable[prepared.Tuple]) -> tuple[ports.Grant, ...]:
    return tuple(_grant(*each) for each in found if each[0] is not None)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
