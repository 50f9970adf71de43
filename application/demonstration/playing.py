"""How a script is played: up to a day, in order of time, with what it remembers on the way.

An act dated after the last day ends the script, for no rule lets anybody record the future.
"""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from application.demonstration.cast import Company
from application.stage import Stage
from domain import decisions, meetings, minutes, topics
from domain.decider import Command


class Over(Exception):
    """The script has come to a day that has not been yet."""


@dataclass(kw_only=True)
class Play:
    """A stage, its company, and what the script remembers while it goes on."""

    stage: Stage
    company: Company
    until: date
    topic_ids: dict[str, str] = field(default_factory=dict)
    decision_ids: dict[str, str] = field(default_factory=dict)
    _later: list[tuple[date, int, Callable[[], object]]] = field(default_factory=list)

    def act(self, role: str, command: Command, *, subject: str = "") -> str:
        """Perform an act, after everything put off to an earlier day. Raises: Over."""
        self.catch_up(command.on)
        return self._perform(role, command, subject=subject)

    def later(self, on: date, do: Callable[[], object]) -> None:
        """Put something off to a day, so that what many do at their own pace is recorded in order of time."""
        self._later.append((on, len(self._later), do))

    def put_off(self, role: str, command: Command, *, subject: str) -> None:
        """Put off an act to its own business date."""
        self.later(command.on, lambda: self._perform(role, command, subject=subject))

    def catch_up(self, before: date) -> None:
        """Do what was put off to days before this one."""
        due = sorted((each for each in self._later if each[0] < before), key=lambda each: each[:2])
        self._later = [each for each in self._later if each[0] >= before]
        for on, _, do in due:
            if on <= self.until:
                do()

    def near_miss(self, number: int, role: str, command: Command, *, subject: str, requirement: str) -> None:
        """Try what must be refused; nobody can try it before its day."""
        if command.on <= self.until:
            self.catch_up(command.on)
            self.stage.near_miss(number, role, command, subject=subject, requirement=requirement)

    def topic(self, topic: str) -> topics.Topic:
        return cast("topics.Topic", self.stage.state(f"topic:{topic}"))

    def meeting(self, meeting: str) -> meetings.Meeting:
        return cast("meetings.Meeting", self.stage.state(f"meeting:{meeting}"))

    def minutes_of(self, meeting: str) -> minutes.Minutes:
        return cast("minutes.Minutes", self.stage.state(f"minutes:{meeting}"))

    def decision(self, decision: str) -> decisions.Decision:
        return cast("decisions.Decision", self.stage.state(f"decision:{decision}"))

    def unit(self, key: str) -> str:
        return self.company.units[key]

    def units(self, keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.company.units[key] for key in keys)

    def _perform(self, role: str, command: Command, *, subject: str) -> str:
        if command.on > self.until:
            raise Over
        return self.stage.act(role, command, subject=subject)


def run(play: Play, script: Callable[[Play], None]) -> None:
    """Play a script to its end or to the last day, and then what was put off up to that day."""
    with contextlib.suppress(Over):
        script(play)
    play.catch_up(date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A topic as its proposers bring it. The first related unit leads and files the report.

    Findings and report stay empty where a script ends before the joint research.
    """

    key: str
    unit: str
    content: topics.Content
    research: topics.Research
    related: Mapping[str, topics.Role]
    report: tuple[str, str, str, str] = ("", "", "", "")
    findings: str = ""
    positions: Mapping[str, tuple[topics.Stance, str]] = field(default_factory=dict)

    @property
    def author(self) -> str:
        return next(iter(self.related))


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A decision to be, and how it is carried out: reports (day, percent, text), then fact, claim, verification."""

    key: str
    topic: str
    text: str
    lead: str
    helpers: tuple[str, ...] = ()
    leader: str
    deadline: date | None
    acceptance: str
    quantity: str = ""
    interval: int | None = None
    plan: tuple[tuple[date, int], ...] = ()
    reports: tuple[tuple[date, int, str], ...] = ()
    done: tuple[date, date, date] | None = None
    result: str = ""
