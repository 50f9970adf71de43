"""What the clients of a drill saw: every try of every command, and every read. The checker judges it afterwards.

All moments are of one monotonic clock, that of the process that holds the clients.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What a client knows of a try once it is over."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    # No answer, half an answer, or one that says that nobody knows (503).
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One request of one intended command. ``marker`` names what is intended, ``command_id`` carries the key.

    ``first`` and ``last`` are the positions answered, ``stream`` and ``version`` the subject and its new version.
    """

    marker: str
    pair: str
    command_id: str
    outcome: Outcome
    begun: float
    ended: float
    first: int = 0
    last: int = 0
    stream: str = ""
    version: int = 0
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRead:
    """A read of a pair's ledger from after a position to its end, as (position, hash in hex)."""

    pair: str
    after: int
    lines: tuple[tuple[int, str], ...]
    begun: float

    @property
    def last(self) -> int:
        return self.lines[-1][0] if self.lines else self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRead:
    """A read of one subject's view; version 0 where it was not there."""

    pair: str
    stream: str
    version: int
    begun: float


@dataclass
class History:
    """Everything the clients saw, in the order in which they told it. Safe for many threads.

    ``odd`` counts answers that no fault excuses: a 500, a 404, one that never came.
    """

    tries: list[Try] = field(default_factory=list)
    ledger_reads: list[LedgerRead] = field(default_factory=list)
    row_reads: list[RowRead] = field(default_factory=list)
    odd: Counter[str] = field(default_factory=Counter)
    alarms: int = 0
    unreached: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def tell(self, seen: Try | LedgerRead | RowRead) -> None:
        """Keep what a client saw."""
        with self.changed:
            match seen:
                case Try():
                    self.tries.append(seen)
                case LedgerRead():
                    self.ledger_reads.append(seen)
                case RowRead():
                    self.row_reads.append(seen)
            self.changed.notify_all()

    def wonder(self, what: str) -> None:
        """Keep an answer that no fault excuses."""
        with self.changed:
            self.odd[what] += 1
            self.changed.notify_all()

    def alarm(self) -> None:
        """Count an answer in which the application says that the ledger went back."""
        with self.changed:
            self.alarms += 1
            self.changed.notify_all()

    def unreach(self) -> None:
        """Count a request that found nobody: it was never sent."""
        with self.changed:
            self.unreached += 1

    def wait(self, until: Callable[[], bool], *, patience: float) -> bool:
        """Wait until something holds of this history. Returns: False where it did not within ``patience`` seconds."""
        with self.changed:
            return self.changed.wait_for(until, patience)

    def first_success(self, since: float, *, patience: float) -> float | None:
        """Wait for a command that began after a moment and was acknowledged. Returns: how long that took, in seconds."""
        seen = 0
        found: list[float] = []

        def answered() -> bool:
            nonlocal seen
            fresh, seen = self.tries[seen:], len(self.tries)
            found.extend(
                each.ended - since
                for each in fresh
                if each.outcome is Outcome.ACKNOWLEDGED and each.begun > since
            )
            return bool(found)

        return min(found) if self.wait(answered, patience=patience) else None

    def waits(self) -> list[float]:
        """Give, of each intended command that got no answer and was acknowledged later, the seconds in between."""
        lost: dict[str, float] = {}
        found: dict[str, float] = {}
        for each in self.tries:
            if each.outcome is Outcome.UNKNOWN:
                lost.setdefault(each.marker, each.ended)
            elif each.outcome is Outcome.ACKNOWLEDGED and each.marker in lost:
                found.setdefault(each.marker, each.ended - lost[each.marker])
        return list(found.values())


def now() -> float:
    """Give the moment, on the clock of a history."""
    return time.monotonic()
