"""Accounts, second factors, sessions and linked identities in PostgreSQL.

Tokens are shown once and kept as SHA-256. Hashes of passwords and secrets of second factors are read by one function,
for one person; the application's role cannot list them.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from application import ids
from application.identity_ports import Held, How, Rules, Secrets
from infrastructure import credentials, database, statements

SQL = statements.load("accounts.sql")
# So long a session that expired is kept: whoever was cut off can still be told why.
KEPT = timedelta(days=1)


class PostgresAccounts:
    """The port ``Accounts``."""

    def __init__(self, db: database.Database) -> None:
        self._database = db

    # --- accounts and second factors ------------------------------------------------------------------------------

    def secrets(self, person: str) -> Secrets | None:
        """Give what a person proves who they are by; None for nobody."""
        found = self._rows("secrets", person=person)
        if not found:
            return None
        hashed, must_change, expires_at, factor, confirmed, step = found[0]
        return Secrets(
            password_hash=hashed,
            must_change=bool(must_change),
            password_expires_at=expires_at,
            factor=factor,
            confirmed=bool(confirmed),
            last_step=step or 0,
        )

    def open(self, person: str, *, password_hash: str, at: datetime, expires_at: datetime) -> None:
        """Give a person a one-time password; their sessions end."""
        self._done("open_account", person=person, hash=password_hash, at=at, expires_at=expires_at)

    def change_password(self, person: str, *, password_hash: str, session: str, at: datetime) -> None:
        """Keep a password that its person chose; all sessions but this one end."""
        self._done("change_password", person=person, hash=password_hash, session=session, at=at)

    def enrol_factor(self, person: str, *, secret: bytes, at: datetime) -> bool:
        """Keep a second factor that is to be confirmed. Returns: False where there is a confirmed one."""
        return self._done("enrol_factor", person=person, secret=secret, at=at)

    def take_step(self, person: str, *, step: int, at: datetime) -> bool:
        """Use up the step of a code and confirm the factor. Returns: False where the step was used up."""
        return self._done("take_step", person=person, step=step, at=at)

    def reset_factor(self, person: str, *, at: datetime) -> None:
        """Forget a person's second factor and end their sessions."""
        self._done("reset_factor", person=person, at=at)

    # --- attempts -------------------------------------------------------------------------------------------------

    def attempt(
        self, name: str, *, at: datetime, tries: int, rules: Rules, memory: timedelta
    ) -> datetime | None:
        """Count an attempt under a name as failed. Returns: until when the name is locked, and nothing is counted."""
        key = _key(name)
        values = {
            "key": key,
            "at": at,
            "forgotten": at - memory,
            "free": tries,
            "first": int(rules.first_lock.total_seconds()),
            "longest": int(rules.longest_lock.total_seconds()),
        }
        found = self._rows("attempt", **values)
        if found:
            if found[0][0] == 1:
                # Names that nobody has need room too: with each new one those go that are long past.
                self._done("forget", forgotten=at - max(rules.account_memory, rules.address_memory))
            return None
        locked = self._rows("locked_until", key=key)
        # Whoever unlocked it meanwhile did so for the next attempt.
        return locked[0][0] if locked else at

    def take_back(self, name: str, *, at: datetime, all_of_it: bool = False) -> None:
        """Take back the attempt that was counted last under a name, or all that were."""
        if all_of_it:
            self._done("clear", key=_key(name))
        else:
            self._done("take_back", key=_key(name), at=at)

    def counted(self, name: str) -> bool:
        """Tell whether attempts are counted under a name."""
        return bool(self._rows("counted", key=_key(name)))

    # --- sessions -------------------------------------------------------------------------------------------------

    def begin(
        self, person: str, *, how: How, at: datetime, expires_at: datetime, second: bool, most: int
    ) -> tuple[str, str]:
        """Begin a session. Returns: its token, which can never be shown again, and its id."""
        token, key = credentials.new_token(credentials.SESSION), ids.new_id()
        self._done(
            "begin",
            hash=_key(token),
            id=key,
            person=person,
            how=how,
            at=at,
            expires_at=expires_at,
            second_at=at if second else None,
            most=most,
            long_ago=at - KEPT,
        )
        return token, key

    def second_shown(self, session: str, *, at: datetime) -> None:
        """Note that a second factor was shown in a session."""
        self._done("second_shown", session=session, at=at)

    def sessions(self, person: str, *, at: datetime, idle: timedelta) -> Sequence[Held]:
        """List a person's open sessions, oldest first."""
        names = ("id", "how", "created_at", "seen_at", "expires_at", "second")
        found = self._rows("sessions", person=person, at=at, idle=idle)
        return [Held(**dict(zip(names, row, strict=True))) for row in found]

    def end_session(self, person: str, session: str, *, at: datetime) -> bool:
        """End one session of a person. Returns: False where it was not open."""
        return self._done("end_one", person=person, session=session, at=at)

    def end_sessions(self, person: str, *, at: datetime) -> None:
        """End all sessions of a person."""
        self._done("end_all", person=person, at=at)

    # --- a government platform ------------------------------------------------------------------------------------

    def link(self, person: str, *, issuer: str, subject: str, at: datetime) -> bool:
        """Let an identity stand for a person. Returns: False where it stands for somebody."""
        return self._done("link", person=person, issuer=issuer, subject=subject, at=at)

    def unlink(self, person: str, *, issuer: str, subject: str, at: datetime) -> bool:
        """Let an identity stand for a person no more. Returns: False where it did not."""
        return self._done("unlink", person=person, issuer=issuer, subject=subject, at=at)

    def linked(self, issuer: str, subject: str) -> str | None:
        """Tell whom an identity stands for."""
        found = self._rows("linked", issuer=issuer, subject=subject)
        return found[0][0] if found else None

    def leave(self, state: str, *, at: datetime, expires_at: datetime) -> None:
        """Remember a log-in that goes through the platform."""
        self._done("leave_for_platform", state=_key(state), at=at, expires_at=expires_at)

    def back(self, state: str, *, at: datetime) -> bool:
        """Take a log-in back, once. Returns: False where it is unknown, late, or was taken."""
        return self._done("back_from_platform", state=_key(state), at=at)

    # --- parts ----------------------------------------------------------------------------------------------------

    def _rows(self, name: str, **values: Any) -> list[tuple[Any, ...]]:
        with self._database.connection() as connection:
            return connection.execute(SQL[name], values).fetchall()

    def _done(self, name: str, **values: Any) -> bool:
        with self._database.connection() as connection:
            return connection.execute(SQL[name], values).rowcount == 1


def _key(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
