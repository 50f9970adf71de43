"""Any command, by anybody, on any state that lawful acts reach, through the office: facts or a refusal.

The histories are those of tests/properties. Here what is drawn is submitted as the doors submit it, and what a
refusal leaves behind is compared: the end of the ledger, every row of every view, every subject.
"""

import itertools
import random
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from application import commands, dossier, handlers, views
from application.dossier import Dossier
from domain import pairs
from tests import builders as b
from tests import memory
from tests.fuzz.tally import Count
from tests.properties.test_lawful_histories import EXPECTED, WORLDS, Coverage, History

STEPS = 150
KEYS = itertools.count(1)


class _Office(commands.Office):
    """The office, with the neighbours and the day of a history."""

    def __init__(self, ledger: memory.MemoryLedger, history: "Submitted") -> None:
        super().__init__(ledger, b.DIVISIONS, working_days=b.DAYS)
        self._history = history
        self._today = lambda _: history.walk.today

    def division(self, code: str) -> pairs.Division | None:
        return self._history.division(code)

    def dossier_of(self, tenant: str) -> Dossier:
        return self._history.dossier_of(tenant)


class Submitted(History):
    """A history whose arbitrary commands go through the office; what is accepted becomes part of it."""

    def __init__(self, count: Count, coverage: Coverage, world: int, boldness: float) -> None:
        self.count = count
        self.ledger = memory.MemoryLedger()
        self.office: _Office | None = None
        self.provoking = False
        self.accepted: handlers.Facts = []
        super().__init__(coverage, world, boldness)
        self.office = _Office(self.ledger, self)

    def take(self, facts: handlers.Facts) -> None:
        before = self.live
        super().take(facts)
        if not self.provoking:
            self._append(before, facts)

    def _append(self, before: Dossier, facts: handlers.Facts) -> None:
        head = self.ledger.pair(before.tenant).head
        # Some acts lead to nothing new, so the position is no key.
        with self.ledger.session(before.tenant, command_id=f"walk/{next(KEYS)}", after=head) as session:
            made = dossier.drafts(before, facts)
            rows = views.changed(before, self.live, {stream for stream, _ in facts})
            session.append(made, actor="walk", request_hash=b"", answer={}, rows=rows)

    def provoke(self, dice: random.Random) -> None:
        self.provoking, self.accepted = True, []
        try:
            super().provoke(dice)
            if self.accepted:
                self.take(self.accepted)
        finally:
            self.provoking = False

    def decide(self, role: str, command: b.Command, subject: str, seen: int | None) -> handlers.Facts:
        if not self.provoking:
            return super().decide(role, command, subject, seen)
        assert self.office is not None
        self.count.inputs += 1
        told = f"{type(command).__name__} by {role} on {subject!r}"
        before = self._standing()
        request = commands.Request(
            tenant=self.live.tenant,
            command=command,
            subject=subject or self.live.tenant,
            caller=commands.Caller(person=role, administrator=role == "ADMIN", clock=role == "CLOCK"),
            key=f"key-{self.count.inputs}",
            seen=seen,
        )
        try:
            self.office.submit(request)
        except EXPECTED:
            if (
                self._standing() != before
                or self.office.dossier(self.live.tenant).subjects != self.live.subjects
            ):
                self.count.changed.append(told)
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is none that the doors know.
            self.count.faults.append(f"{told}: {type(error).__name__}: {error}"[:300])
            raise commands.UnknownPair from None
        # The control: some of what is drawn is lawful.
        self.count.controls += 1
        self.accepted = super().decide(role, command, subject, seen)
        return self.accepted

    def _standing(self) -> tuple[Any, ...]:
        pair = self.ledger.pair(self.live.tenant)
        return pair.head, len(pair.entries), len(pair.commands), dict(pair.rows)


def provoke(count: Count, *, seed: int, histories: int, steps: int = STEPS) -> None:
    """Walk some histories and provoke on each of their states; count what must not be."""
    coverage = Coverage()

    @_seeded(seed)
    @settings(
        max_examples=histories,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        world=st.integers(0, len(WORLDS) - 1),
        start=st.integers(0, 2**32 - 1),
        boldness=st.sampled_from((0.0, 0.1, 0.6)),
    )
    def walk(world: int, start: int, boldness: float) -> None:
        history, numbers = Submitted(count, coverage, world, boldness), random.Random(start)
        for _ in range(steps):
            history.step(numbers.randrange(2**32))

    walk()


_seeded = seed
