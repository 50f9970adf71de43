"""Long lawful histories for the benchmarks: seasons of the demonstration, repeated every two years, decided by the rules.

Each is played once through the office; other pairs get copies, with their own code in every id and every fact, linked
anew. A shorter history is the beginning of a long one.
"""

import itertools
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import structlog

from application import commands
from application.demonstration import counties, hejin, townships, xiaxian, yongji
from application.demonstration.cycle import Cycle, Season
from application.demonstration.playing import Matter, Proposal
from application.stage import OfficeStage
from domain import topics
from domain.chain import Entry
from domain.decider import Command
from infrastructure.divisions import PackagedDivisions
from infrastructure.holidays import PublishedCalendar
from tests import memory

# A season plays in 2025 and 2026, so it can follow itself every two years.
PERIOD = 2
# The period whose first year a report is made of: 2035.
REPORTED = 5
# Those whose days stay working days when they come again.
SEASONS = (townships.WADI, xiaxian.XIAXIAN, yongji.YONGJI, hejin.HEJIN)


@dataclass(frozen=True)
class Template:
    """One pair's history as it was played, and the code that stands for the pair in it."""

    code: str
    entries: Sequence[Entry]


def templates(facts: int) -> list[Template]:
    """Play each season until its history has this many facts."""
    # The line that each accepted command logs belongs to the server's work, not to the benchmark's screen.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    return [_played(_long(season, facts), facts=facts) for season in SEASONS]


def township(*, older: int) -> Template:
    """Play a township that begins in 2025, holds some meetings in older years and in 2035 gets a topic approved."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    (cycle,) = _repeatable(townships.WADI)
    cycles = tuple(_later(cycle, number) for number in (*range(older), REPORTED))
    return _played(replace(townships.WADI, cycles=cycles, afterwards=None), approvals=older + 1)


def _repeatable(season: Season) -> list[Cycle]:
    """Give the meetings whose decisions are all carried out, so that nothing stays open for the next one."""
    return [
        each
        for each in season.cycles
        if all(matter.done for matter in each.matters) and not each.explained and not each.closed
    ]


def _long(season: Season, facts: int) -> Season:
    cycles = _repeatable(season)
    # Each meeting has more than 40 facts.
    rounds = range(facts // (40 * len(cycles)) + 1)
    return replace(season, cycles=tuple(_later(each, n) for n in rounds for each in cycles), afterwards=None)


def _played(season: Season, **until: int) -> Template:
    ledger = memory.MemoryLedger(clock=memory.Clock(datetime(2100, 1, 1, tzinfo=UTC)))
    office = commands.Office(ledger, PackagedDivisions(), working_days=PublishedCalendar())
    code, numbers = season.cast.tenant, itertools.count(1)
    stage = _Until(
        office,
        code,
        people=season.cast.people(),
        new_id=lambda: f"0197{next(numbers):08d}-bench",
        **until,
    )
    with suppress(_Enough):
        counties.play(stage, season, date(2099, 1, 1))
    return Template(code=code, entries=ledger.pair(code).entries[: until.get("facts")])


class _Enough(Exception):
    """The history is as long as it was wanted."""


class _Until(OfficeStage):
    """A stage that ends the play once the ledger has enough facts, or enough topics were approved."""

    def __init__(self, *args: Any, facts: int = 0, approvals: int = 0, **named: Any) -> None:
        super().__init__(*args, **named)
        self._facts = facts
        self._approvals = approvals

    def act(self, role: str, command: Command, *, subject: str = "") -> str:
        if self._facts and self.dossier().head.position >= self._facts:
            raise _Enough
        done = super().act(role, command, subject=subject)
        if isinstance(command, topics.ApproveTopic):
            self._approvals -= 1
            if self._approvals == 0:
                raise _Enough
        return done


def _later(cycle: Cycle, number: int) -> Cycle:
    def moved(day: date) -> date:
        return day.replace(year=day.year + PERIOD * number)

    def again(matter: Matter) -> Matter:
        return replace(
            matter,
            key=f"{matter.key}.{number}",
            topic=f"{matter.topic}.{number}",
            deadline=moved(matter.deadline) if matter.deadline else None,
            plan=tuple((moved(day), percent) for day, percent in matter.plan),
            reports=tuple((moved(day), percent, text) for day, percent, text in matter.reports),
            done=tuple(moved(day) for day in matter.done) if matter.done else None,
        )

    def named(proposal: Proposal) -> Proposal:
        return replace(proposal, key=f"{proposal.key}.{number}")

    return replace(
        cycle,
        held_on=moved(cycle.held_on),
        proposals=tuple(named(each) for each in cycle.proposals),
        stuck=tuple(named(each) for each in cycle.stuck),
        matters=tuple(again(each) for each in cycle.matters),
        returned={f"{key}.{number}": sent for key, sent in cycle.returned.items()},
        outcomes={
            key if key.startswith("C") else f"{key}.{number}": told for key, told in cycle.outcomes.items()
        },
        effects=tuple(
            (moved(day), text, tuple(f"{key}.{number}" for key in keys)) for day, text, keys in cycle.effects
        ),
    )
