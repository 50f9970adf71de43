"""Stages for tests: they want the near misses, and they keep what each was refused by."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

import pytest

from application import commands, ports
from application.stage import OfficeStage
from domain import refusals
from domain.decider import Command
from infrastructure.divisions import PackagedDivisions
from infrastructure.holidays import PublishedCalendar
from tests.memory import Clock, MemoryLedger

TODAY = date(2026, 11, 22)


@dataclass(frozen=True, kw_only=True)
class Refused:
    """One near miss, the requirement that refused it, and the one that should have."""

    number: int
    role: str
    basis: str
    expected: str


def office_on(ledger: ports.Ledger | None = None, *, today: date = TODAY) -> commands.Office:
    """An office whose legal day is fixed, on an empty ledger in memory unless another is given."""
    at = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    return commands.Office(
        ledger or MemoryLedger(clock=Clock(at)),
        PackagedDivisions(),
        working_days=PublishedCalendar(),
        today=lambda _: today,
    )


def new_ids():
    numbers = count(1)
    return lambda: f"id{next(numbers):05d}"


class NearMissStage(OfficeStage):
    """The office as a stage that tries every near miss and keeps how it was refused."""

    def __init__(self, office: commands.Office, tenant: str, *, people: dict[str, commands.Caller]) -> None:
        super().__init__(office, tenant, people=people, new_id=new_ids())
        self.seen: list[Refused] = []

    def near_miss(
        self, number: int, role: str, command: Command, *, subject: str = "", requirement: str
    ) -> None:
        before = self.dossier().head
        with pytest.raises(refusals.Refusal) as refused:
            self.act(role, command, subject=subject)
        assert self.dossier().head == before, f"near miss {number} left something behind"
        basis = refused.value.basis
        self.seen.append(Refused(number=number, role=role, basis=basis, expected=requirement))

    def detour(self, number: int) -> bool:
        return True
