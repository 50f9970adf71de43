"""The clock of a running server: a thread that ticks some time after the start and then hourly."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from api.desk import Desk
from application import clock

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
            wait = every

    thread = threading.Thread(target=run, name="clock", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(GIVE_UP_SECONDS)


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
