"""The ports: what the work needs of the machines, and the faults they may raise."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from domain.chain import Entry, Head


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
    "tally",
)


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


class Ledger(Protocol):
    """Every pair's ledger and views, for writing: exactly one pair at a time."""

    def session(self, tenant: str, *, command_id: str, after: Head) -> AbstractContextManager[Session]:
        """Lock one pair's head and read what follows ``after``; commit when the block ends well.

        Raises: LedgerBusy, LedgerRewound.
        """

    def entries(self, tenant: str, *, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """Stream one pair's entries with ``after < position <= until``, in order, without locking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of view rows, and the position in the listing from which the next one goes on."""

    rows: Sequence[Row]
    next_after: str | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
