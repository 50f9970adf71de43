"""What proving who one is needs of the machines: accounts, sessions, passwords, codes, and a platform."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol, TypeAlias

How: TypeAlias = Literal["password", "oidc"]
# Roles whose sessions must show a second factor, unless an installation decides otherwise; or everybody's must.
EVERYBODY: Final = "*"
ADMINISTRATORS: Final = ("system_administrator", "security_administrator", "audit_administrator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How long things last, and how often one may try.

    After ``account_tries`` attempts on an account that failed, it is locked for ``first_lock``, and for twice as long
    after each further one, up to ``longest_lock``; so is an address after ``address_tries``. Attempts are forgotten
    after ``account_memory`` and ``address_memory`` without another.
    """

    absolute: timedelta = timedelta(hours=12)
    idle: timedelta = timedelta(minutes=30)
    one_time: timedelta = timedelta(hours=72)
    most_sessions: int = 10
    account_tries: int = 5
    address_tries: int = 30
    first_lock: timedelta = timedelta(seconds=30)
    longest_lock: timedelta = timedelta(minutes=15)
    account_memory: timedelta = timedelta(days=1)
    address_memory: timedelta = timedelta(hours=1)
    second_factor_roles: tuple[str, ...] = ADMINISTRATORS


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What a person proves who they are by. The secret of the second factor is encrypted."""

    password_hash: str | None = field(repr=False)
    must_change: bool
    password_expires_at: datetime | None
    factor: bytes | None = field(repr=False)
    confirmed: bool
    last_step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A session as its person sees it; ``id`` is no secret."""

    id: str
    how: How
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    second: bool


class Accounts(Protocol):
    """Accounts, second factors, sessions and linked identities."""

    def secrets(self, person: str) -> Secrets | None:
        """Give what a person proves who they are by; None for nobody."""

    def open(self, person: str, *, password_hash: str, at: datetime, expires_at: datetime) -> None:
        """Give a person a one-time password; their sessions end."""

    def change_password(self, person: str, *, password_hash: str, session: str, at: datetime) -> None:
        """Keep a password that its person chose; all sessions but this one end."""

    def enrol_factor(self, person: str, *, secret: bytes, at: datetime) -> bool:
        """Keep a second factor that is to be confirmed. Returns: False where there is a confirmed one."""

    def take_step(self, person: str, *, step: int, at: datetime) -> bool:
        """Use up the step of a code and confirm the factor. Returns: False where the step was used up."""

    def reset_factor(self, person: str, *, at: datetime) -> None:
        """Forget a person's second factor and end their sessions."""

    def attempt(
        self, name: str, *, at: datetime, tries: int, rules: Rules, memory: timedelta
    ) -> datetime | None:
        """Count an attempt under a name as failed. Returns: until when the name is locked, and nothing is counted."""

    def take_back(self, name: str, *, at: datetime, all_of_it: bool = False) -> None:
        """Take back the attempt that was counted last under a name, or all that were."""

    def counted(self, name: str) -> bool:
        """Tell whether attempts are counted under a name."""

    def begin(
        self, person: str, *, how: How, at: datetime, expires_at: datetime, second: bool, most: int
    ) -> tuple[str, str]:
        """Begin a session. Returns: its token, which can never be shown again, and its id."""

    def second_shown(self, session: str, *, at: datetime) -> None:
        """Note that a second factor was shown in a session."""

    def sessions(self, person: str, *, at: datetime, idle: timedelta) -> Sequence[Held]:
        """List a person's open sessions, oldest first."""

    def end_session(self, person: str, session: str, *, at: datetime) -> bool:
        """End one session of a person. Returns: False where it was not open."""

    def end_sessions(self, person: str, *, at: datetime) -> None:
        """End all sessions of a person."""

    def link(self, person: str, *, issuer: str, subject: str, at: datetime) -> bool:
        """Let an identity stand for a person. Returns: False where it stands for somebody."""

    def unlink(self, person: str, *, issuer: str, subject: str, at: datetime) -> bool:
        """Let an identity stand for a person no more. Returns: False where it did not."""

    def linked(self, issuer: str, subject: str) -> str | None:
        """Tell whom an identity stands for."""

    def leave(self, state: str, *, at: datetime, expires_at: datetime) -> None:
        """Remember a log-in that goes through the platform."""

    def back(self, state: str, *, at: datetime) -> bool:
        """Take a log-in back, once. Returns: False where it is unknown, late, or was taken."""


class Passwords(Protocol):
    """Hashes of passwords."""

    def hash(self, password: str) -> str:
        """Hash a password."""

    def verify(self, password: str, hashed: str | None) -> bool:
        """Tell whether a password has this hash; where there is no hash, take as long and say no."""

    def weak(self, password: str, *, words: Sequence[str]) -> bool:
        """Tell whether a password is among those tried first, given words that lie near."""


class Codes(Protocol):
    """One-time codes of an authenticator (RFC 6238: SHA-1, six digits, 30 seconds)."""

    def secret(self, person: str) -> bytes:
        """Make a secret, encrypted for a person."""

    def uri(self, person: str, secret: bytes) -> str:
        """Give what an authenticator is set up with."""

    def step(self, person: str, secret: bytes, code: str, *, at: datetime) -> int | None:
        """Tell to which step a code belongs, now or one step beside; None where it is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """What a platform says of who entered there."""

    issuer: str
    subject: str


class Unavailable(Exception):
    """The platform did not answer, or not as it must."""


class NotVouched(Exception):
    """What came back from the platform proves nothing. The message says why, for the logs."""


class Platform(Protocol):
    """An OpenID Connect provider, by the authorization code flow with PKCE (S256), state and nonce."""

    issuer: str

    def leave(self, state: str) -> str:
        """Give the address to enter at. Raises: Unavailable."""

    def back(self, state: str, code: str) -> Voucher:
        """Take a code to the platform and check what it vouches for. Raises: Unavailable, NotVouched."""
