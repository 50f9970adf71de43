"""The clock of a running server: threads that tick some time after the start and then hourly, and that seal."""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from api.desk import Desk
from application import clock, commands, seal_ports
from domain import minutes
from domain.mandates import TENANT

log = structlog.get_logger()
# The first minute belongs to whoever waits for the server; what the clock records is due for a whole day.
FIRST_SECONDS: Final = 60.0
EVERY_SECONDS: Final = 3600.0
# Between two pairs, so that requests come first.
PAUSE_SECONDS: Final = 0.2
GIVE_UP_SECONDS: Final = 5.0


@contextmanager
def ticking(
    desk: Desk,
    scope: str,
    *,
    first: float = FIRST_SECONDS,
    every: float = EVERY_SECONDS,
    pause: float = PAUSE_SECONDS,
) -> Iterator[None]:
    """Let the clock tick for all pairs of a scope beside what the block does; it ends with the block."""
    stop = threading.Event()

    def run() -> None:
        wait = first
        while not stop.wait(wait):
            _tick(desk, scope, stop=stop, pause=pause)
            _prune(desk)
            wait = every

    thread = threading.Thread(target=run, name="clock", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(GIVE_UP_SECONDS)


@contextmanager
def sealing(
    desk: Desk, scope: str, *, every: float, first: float = FIRST_SECONDS, pause: float = PAUSE_SECONDS
) -> Iterator[None]:
    """Seal all pairs of a scope and the administration ledger at an interval, and a pair as soon as minutes are issued there.

    Issuing waits for nothing: the pair goes into a queue after the commit. What a stop or a crash leaves in it, the
    next round over all pairs seals.
    """
    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    stop = threading.Event()

    def issued(receipt: commands.Receipt) -> None:
        if minutes.MinutesIssued.topic in receipt.facts and not receipt.replayed:
            waiting.put(receipt.pair)

    def run() -> None:
        due = time.monotonic() + first
        while True:
            try:
                pair = waiting.get(timeout=max(due - time.monotonic(), 0))
            except queue.Empty:
                _seal(desk, scope, None, stop=stop, pause=pause)
                due = time.monotonic() + every
                continue
            if pair is None:
                return
            _seal(desk, scope, pair, stop=stop, pause=pause)

    thread = threading.Thread(target=run, name="sealer", daemon=True)
    desk.office.listeners.append(issued)
    thread.start()
    try:
        yield
    finally:
        desk.office.listeners.remove(issued)
        stop.set()
        waiting.put(None)
        thread.join(GIVE_UP_SECONDS)


def _seal(desk: Desk, scope: str, pair: str | None, *, stop: threading.Event, pause: float) -> None:
    try:
        pairs = [*desk.sealer.pairs(scope), *desk.sealer.pairs(TENANT)] if pair is None else [pair]
        found = desk.sealer.seal(pairs, thorough=pair is None, stopped=lambda: stop.wait(pause))
    except seal_ports.CannotSeal as fault:
        log.error("seal_impossible", reason=str(fault))  # noqa: TRY400  # Its sentence says it all.
    except Exception:
        # Whatever it is, the server goes on, and the next round tries again.
        log.exception("seal_failed")
    else:
        alarms = sum(bool(each.alarm) for each in found.pairs) + len(found.findings)
        log.info("seal_ticked", signed=sum(each.signed for each in found.pairs), alarms=alarms)


def _tick(desk: Desk, scope: str, *, stop: threading.Event, pause: float) -> None:
    recorded = 0
    try:
        for each in clock.tick_all(desk.office, desk.views, scope, today=desk.today()):
            recorded += len(each.receipts)
            if stop.wait(pause):
                return
    except Exception:
        # Whatever it is, the server goes on without its clock until the next hour.
        log.exception("clock_failed")
    else:
        log.info("clock_ticked", recorded=recorded)


def _prune(desk: Desk) -> None:
    try:
        removed = desk.access_log.prune()
    except Exception:
        # As above.
        log.exception("access_log_prune_failed")
    else:
        if removed:
            log.info("access_log_pruned", removed=removed)
