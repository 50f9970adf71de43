"""Applications with a planted fault, for the controls: what the checker must find. Nothing of this is in the product.

Run by ``tests.drill.application`` as the program of a process of its own.
"""

import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from api import start
from application import ports
from domain.chain import Head
from infrastructure import ledger

LATE_S = (0.2, 0.5)


class AnswersFirst(ledger.PostgresLedger):
    """Answers a command before its transaction is committed, which comes a moment later."""

    @contextmanager
    def session(self, tenant: str, *, command_id: str, after: Head) -> Iterator[ledger.PostgresSession]:
        held = super().session(tenant, command_id=command_id, after=after)
        session = held.__enter__()
        try:
            yield session
        except BaseException:
            if not held.__exit__(*sys.exc_info()):
                raise
            return
        threading.Thread(target=_commit_late, args=[held], daemon=True).start()


def _commit_late(held: Any) -> None:
    time.sleep(random.uniform(*LATE_S))  # The planted delay itself.
    held.__exit__(None, None, None)


class Swallows(ledger.PostgresLedger):
    """Answers a command as accepted although the database refused to keep it."""

    @contextmanager
    def session(self, tenant: str, *, command_id: str, after: Head) -> Iterator[ledger.PostgresSession]:
        opened = False
        try:
            with super().session(tenant, command_id=command_id, after=after) as session:
                opened = True
                yield session
        except (ports.LedgerUnavailable, psycopg.Error):
            if not opened:
                raise


def program(kind: type[ledger.PostgresLedger]) -> str:
    """Give the program that serves with a planted ledger."""
    return f"from tests.drill import planted; planted.serve(planted.{kind.__name__})"


def serve(kind: type[ledger.PostgresLedger]) -> None:
    """Run the command line with a planted ledger in the place of the real one."""
    ledger.PostgresLedger = kind  # type: ignore[misc]  # The fault is planted here.
    start.main()
