"""The ports: what the work needs of the machines, and the faults they may raise."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from domain import accesses, mandates, people
from domain.accesses import Access
from domain.chain import Entry, Head, Strip

VIEWS = (
    "pair",
    "unit",
    "post",
    "liaison",
    "topic",
    "meeting",
    "minutes",
    "decision",
    "publicity",
    "delegation",
    "standards",
    "rulebook",
    "year",
    "scheme",
    "score",
    "proposal",
    "supporting_rule",
    "practice",
    "correction",
    "leader_report",
    "legacy",
    "tally",
)


# Who acts where nobody has entered with a token.
COMMAND_LINE = people.COMMAND_LINE


class LedgerBusy(Exception):
    """The pair's ledger stayed locked by another command for too long; nothing was written."""


class LedgerUnavailable(Exception):
    """The database did not answer. Whether a command was kept is unknown: ask again with the same command id."""


class LedgerConflict(Exception):
    """A stream's version is taken, or the ledger ends elsewhere than expected; nothing was written."""


class CommandReused(Exception):
    """The same command id came with another request; nothing was written."""


class LedgerRewound(Exception):
    """The ledger ends before a position already seen: an old backup was put back. An alarm, never a retry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One fact on its way into the ledger: its stream, its version there, its stable name and its bytes."""

    stream: str
    version: int
    topic: str
    state: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a view: ``body`` is a JSON object, ``version`` that of its stream."""

    view: str
    id: str
    version: int
    position: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What an earlier, identical command was answered."""

    request_hash: bytes
    answer: Mapping[str, Any]


class Session(Protocol):
    """One pair's ledger with its head locked: nobody else appends to it until the session ends."""

    @property
    def answered(self) -> Answered | None:
        """The answer already given to this command id, if any."""

    @property
    def head(self) -> Head:
        """The ledger's end, and it stays so until this session appends."""

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries after the position the caller already knows, in order."""

    @property
    def now(self) -> datetime:
        """The database's clock, aware, never before the last entry's ``recorded_at``."""

    def append(
        self,
        drafts: Sequence[Draft],
        *,
        actor: str,
        request_hash: bytes,
        answer: Mapping[str, Any],
        rows: Iterable[Row],
    ) -> None:
        """Append the facts, keep the answer and write the view rows, all in this one transaction.

        Of two rows of the same view and id, the last counts. A command answered before writes nothing again.
        Raises: CommandReused, LedgerConflict.
        """


class Facts(Protocol):
    """Every pair's entries, for reading."""

    def entries(self, tenant: str, *, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """Stream one pair's entries with ``after < position <= until``, in order, without locking."""

    def strips(self, tenant: str, *, until: int, size: int) -> Iterator[Sequence[Strip]]:
        """Stream the same up to a position as plain rows, ``size`` at a time: for who reads whole ledgers.

        Raises: LedgerRewound where the ledger ends before ``until``; a gap within is the reader's to find.
        """


class Ledger(Facts, Protocol):
    """Every pair's ledger and views, for writing: exactly one pair at a time."""

    def session(self, tenant: str, *, command_id: str, after: Head) -> AbstractContextManager[Session]:
        """Lock one pair's head and read what follows ``after``; commit when the block ends well.

        Raises: LedgerBusy, LedgerRewound.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of view rows, and the position in the listing from which the next one goes on."""

    rows: Sequence[Row]
    next_after: str | None = None
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What one pair held at one moment: where its ledger ended, and rows, by view and id."""

    head: Head
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place in one pair's ledger: its end as it was there, and when the fact of that position was recorded."""

    head: Head
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OddCommand:
    """A command whose record names other positions than its facts have, or that lacks one of the two."""

    command_id: str
    position: int


class Views(Protocol):
    """What people read: rows of views, of one pair or of a subtree, and the history of facts.

    A ``scope`` is the beginning that the ids of a subtree's pairs share; an empty one shows nothing. ``where``
    names values that the body must have, at its top. A view that is not of ``VIEWS`` raises KeyError.
    """

    def row(self, tenant: str, view: str, id: str) -> Row | None:  # noqa: A002  # Row's own word.
        """Give one row of one pair; None where there is none."""

    def rows(
        self,
        tenant: str,
        view: str,
        *,
        where: Mapping[str, str] = ...,
        after: str | None = None,
        limit: int = 100,
    ) -> Page:
        """Give a page of one pair's rows, by id."""

    def all_rows(self, tenant: str, view: str) -> Sequence[Row]:
        """Give every row of one pair, by id: for comparison with what the ledger folds to."""

    def snapshot(self, tenant: str, *, views: Sequence[str] = VIEWS) -> Snapshot:
        """Give one pair's end of the ledger and its rows of some views, all of one and the same moment."""

    def across(
        self,
        scope: str,
        view: str,
        *,
        where: Mapping[str, str] = ...,
        after: tuple[str, str] | None = None,
        limit: int = 100,
    ) -> Sequence[tuple[str, Row]]:
        """Give rows of a subtree with their pairs, by pair and id, from after the last pair and id seen."""

    def counted(
        self, scope: str, *, year: str, after: tuple[str, str] | None = None, limit: int = 100
    ) -> Sequence[tuple[str, Row]]:
        """Give a subtree's rows of ``tally`` that can count in the report of ``year`` (2026), as ``across`` does."""

    def deadlines(
        self,
        scope: str,
        *,
        until: str,
        statuses: Sequence[str],
        after: tuple[str, str] | None = None,
        limit: int = 100,
    ) -> Sequence[tuple[str, Row]]:
        """Give a subtree's decisions in one of ``statuses`` whose deadline (ISO date) is ``until`` or earlier."""

    def heads(self, scope: str, *, as_of: datetime | None = None) -> Mapping[str, Head]:
        """Give the end of each ledger of a subtree, by pair; pairs without facts are left out.

        ``as_of``: as it was once everything recorded up to this moment was there, and nothing after it.
        """

    def mark(self, tenant: str, *, as_of: datetime | None = None, position: int | None = None) -> Mark | None:
        """Find the last fact of one pair that was recorded by a moment, and at a position or before it.

        Returns: None where there is none.
        """

    def as_read(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Give rows as they would be read back from here, so that rows that were never written have the same bytes."""

    def odd_commands(self, tenant: str) -> Sequence[OddCommand]:
        """List one pair's commands whose record and facts disagree, by position; none where all is well."""

    def history(
        self,
        tenant: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        actor: str | None = None,
        topic: str | None = None,
        stream: str | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> Sequence[Entry]:
        """Give one pair's entries in order, from after a position: ``since`` <= recorded_at < ``until``."""


class ViewStore(Views, Protocol):
    """The views with what keeps them in the shape that this version makes."""

    def rebuild(
        self,
        tenant: str,
        fold: Callable[[Iterator[Entry]], Iterable[Row]],
        *,
        shapes: Mapping[str, str] | None = None,
    ) -> int:
        """Replace one pair's rows of views by what ``fold`` makes of its entries, under its head lock.

        ``shapes``: the views, each with the shape that is noted for it in the same transaction; without it, all views,
        and nothing is noted. Returns: how many rows of them there are now. Raises: LedgerBusy, LedgerRewound.
        """

    def folded(self, tenant: str) -> Mapping[str, str]:
        """Tell in which shape one pair's rows were last folded as a whole, by view."""

    def unfold(self, tenant: str, *, views: Sequence[str]) -> None:
        """Forget in which shape one pair's rows of some views were folded; the rows stay."""

    def shape(self) -> str | None:
        """Tell the shape that the rows of all pairs have; None where none was ever noted."""

    def reshaped(self, shape: str) -> None:
        """Note the shape that the rows of all pairs have now."""


class UnknownPrincipal(Exception):
    """Nobody of this id was enrolled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Someone or something that may act."""

    person_id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role over a pair, or over a subtree of divisions; ``matters`` are what a service may read."""

    role: str
    scope: str
    subtree: bool = True
    matters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredSession:
    """The session that a request came in: whether a second factor was shown in it, and what is still to be done.

    ``how`` is ``password`` or ``oidc``; ``factor``: whether the person has a second factor that was confirmed.
    """

    id: str
    how: str
    second: bool
    must_change: bool
    factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Whom a token stands for, and what they may do now; in which session, or by the key of a service."""

    person_id: str
    grants: tuple[Grant, ...]
    session: EnteredSession | None = None
    key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A token as it is remembered: by the hex of its SHA-256."""

    token_hash: str
    label: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialAct:
    """What was done before the administration ledger: ``enrolled``, ``issued``, ``revoked``, ``granted``, ``withdrawn``."""

    id: str
    at: datetime
    actor: str
    what: str
    person: str
    role: str | None
    scope: str | None
    token_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What token resolution reads: who is known by which description, the mandates and the keys that were not ended.

    Mandates and keys go with their person.
    """

    people: Mapping[str, str]
    grants: Sequence[tuple[str, mandates.Mandate]]
    keys: Sequence[tuple[str, mandates.Key]]


class RegisterSession(Protocol):
    """The administration ledger with its head locked."""

    @property
    def head(self) -> Head:
        """The ledger's end, and it stays so until this session appends."""

    @property
    def entries(self) -> Sequence[Entry]:
        """The entries after the position the caller already knows, in order."""

    @property
    def now(self) -> datetime:
        """The database's clock, aware, never before the last entry's ``recorded_at``."""

    def registered(self) -> Registered:
        """Tell what token resolution reads now."""

    def earlier(self) -> Sequence[CredentialAct]:
        """List what was done before this ledger, oldest first."""

    def append(
        self,
        drafts: Sequence[Draft],
        *,
        actor: str,
        facts: Sequence[mandates.PrincipalFact],
        project: bool = True,
    ) -> None:
        """Append the facts and bring what token resolution reads to the same state, in this one transaction."""


class Register(Protocol):
    """The administration ledger with what token resolution reads."""

    def session(self, *, command_id: str, after: Head) -> AbstractContextManager[RegisterSession]:
        """Lock the ledger's head and read what follows ``after``; commit when the block ends well.

        Raises: LedgerBusy, LedgerRewound.
        """

    def entries(self, *, after: int = 0) -> Iterator[Entry]:
        """Stream the entries after a position, in order, without locking."""


class Credentials(Protocol):
    """Principals, what they were granted, and the tokens they hold; what is changed here, the command line changes."""

    def enrol(self, person_id: str, *, label: str) -> bool:
        """Make someone a principal. Returns: False where they were one already, and nothing changes."""

    def principals(self) -> Sequence[Principal]:
        """List all principals, by id."""

    def issue(self, person_id: str, *, label: str, expires_at: datetime) -> str:
        """Make a token, which can never be shown again. Raises: UnknownPrincipal."""

    def resolve(self, token: str, *, seen: bool = True) -> Bearer | None:
        """Tell whose token or session this is, and what they may do; None where unknown, expired or revoked.

        ``seen``: whether a session counts as used by this.
        """

    def revoke(self, token_hash: str) -> bool:
        """End a token. Returns: False where it was not valid any more."""

    def credentials(self, person_id: str) -> Sequence[Credential]:
        """List a person's tokens, oldest first, the ended ones too."""

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
        """Give a role over a scope, on inclusive local dates. Raises: UnknownPrincipal, a Refusal."""

    def withdraw(self, person_id: str, *, role: str, scope: str) -> bool:
        """Take a role back. Returns: False where it was not held."""

    def grants(self, person_id: str) -> Sequence[Grant]:
        """List what a person may do now, by role and scope."""

    def acts(self, *, after: tuple[datetime, str] | None = None, limit: int = 500) -> Sequence[CredentialAct]:
        """List what administrators did, oldest first, from after the moment and id of the last act seen."""


class AccessLogClosed(Exception):
    """The access log takes no more: the system stops."""


class AccessLog(Protocol):
    """Who asked for what, apart from the facts, in one hash chain (domain/accesses.py)."""

    def append(self, entries: Sequence[Access]) -> int:
        """Append entries, all or none; they are on the disk when this returns. Returns: the last position.

        Where the database did not answer, they may be there nevertheless; who repeats them may have them twice.
        Raises: LedgerUnavailable, LedgerBusy, AccessLogClosed.
        """

    def walk(self) -> AbstractContextManager[tuple[accesses.Ends, Iterator[accesses.Entry]]]:
        """Give the ends of the chain and its entries in order, all as of one moment."""

    def listed(
        self,
        *,
        person: str | None = None,
        pair: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> Sequence[accesses.Entry]:
        """Give entries, the latest first, from before a position: ``since`` <= recorded_at < ``until``."""

    def prune(self) -> int:
        """Remove the whole months that are older than they are kept. Returns: how many entries."""
