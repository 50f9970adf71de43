"""Work on many pairs in several processes: pairs are independent of each other, and folding them takes a core each.

Every process has a connection of its own and the application's role. Results come back in the order of the jobs, and
only a few jobs are given out ahead, so that memory does not grow with their number.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from types import ModuleType
from typing import Final, TypeAlias, TypeVar

from application.ports import Ledger, Views
from infrastructure import database
from infrastructure.ledger import PostgresLedger
from infrastructure.views import PostgresViews

T = TypeVar("T")
# Travels to another process, so it is a module's function or a partial of one, and so are its arguments.
Job: TypeAlias = Callable[[Ledger, Views], T]
# How many jobs each process has before it: enough that none waits for another's long one.
AHEAD: Final = 4


def usable() -> int:
    """Tell how many processes can run at once: the cores that this one may use."""
    cores = getattr(os, "sched_getaffinity", None)
    return len(cores(0)) if cores is not None else os.cpu_count() or 1


def run(dsn: str, jobs: Iterable[Job[T]], *, processes: int) -> Generator[T]:
    """Do jobs, each with a ledger and views of its process, and give their results in the same order.

    Leaving early, or a job that raises, ends the processes once they are through with what they have begun.
    Raises: what a job raises.
    """
    # A process that was forked would share the connections of this one's pool.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(dsn,))
    try:
        waiting = iter(jobs)
        with _without_main():
            given: deque[Future[T]] = deque(
                pool.submit(_done, job) for job in islice(waiting, processes * AHEAD)
            )
        while given:
            yield given.popleft().result()
            given.extend(pool.submit(_done, job) for job in islice(waiting, 1))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _without_main() -> Iterator[None]:
    # A process imports the main module of the one that starts it. The command line's takes 1.8 s of processor time,
    # what a job needs 0.5 s; no job is the main module's. The first jobs start all processes there will be.
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


_OPEN: list[tuple[Ledger, Views]] = []


def _begin(dsn: str) -> None:
    # Whoever presses Ctrl-C means the whole command, which then ends its processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    db = database.Database(dsn, limits=database.Limits(pool_min=1, pool_max=1))
    _OPEN.append((PostgresLedger(db), PostgresViews(db)))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        # A parent that was killed leaves no word, and a queue that nobody fills.
        parent.join()
        os._exit(1)


def _done(job: Job[T]) -> T:
    if gc.isenabled():
        # Folding makes millions of objects and no cycles; looking for some doubles its time. The first job has brought
        # its modules along, which live as long as the process and are not to be looked through after each pair.
        gc.freeze()
        gc.disable()
    try:
        return job(*_OPEN[0])
    finally:
        gc.collect()
