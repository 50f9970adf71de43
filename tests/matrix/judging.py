"""What is judged of an answer, and what was found."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.matrix.actors import Actor
from tests.matrix.asking import Answer
from tests.matrix.endpoints import Endpoint
from tests.matrix.expected import Expected, of_the_system

EXAMPLES: Final = 10
# Refusals that are about who asks; whoever was let in gets none of them.
AUTHORITY: Final = frozenset(
    {
        "unauthenticated",
        "foreign-origin",
        "password-change-required",
        "second-factor-required",
        "no-session",
        "not-found",
        "no-subtree",
        "no-mandate",
        "not-administrator",
        "not-audit-administrator",
        "not-entitled-to-send",
        "beyond-mandate",
        "refusal:not-entitled",
    }
)
# Answers of the gate about what was sent or what stands: whoever gets one was let in.
STATE: Final = frozenset({409, 412, 428})
STATE_CODES: Final = frozenset(
    {
        "login-failed",
        "locked-out",
        "target-not-permitted",
        "no-checkpoint",
        "not-locked",
        "no-second-factor",
        "second-factor-enrolled",
        "unknown-token",
        "unknown-role",
        "unknown-session",
        "no-platform",
        "not-vouched",
        "no-contact",
        "not-linked",
    }
)


def passed(answer: Answer) -> bool:
    """Whether whoever asked was let in: he was answered, or refused for what stands and not for who he is."""
    if answer.status < 400 or answer.status in STATE:
        return True
    if answer.code in AUTHORITY:
        return False
    return answer.code in STATE_CODES or (answer.status == 422 and answer.code.startswith("refusal:"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One request of one actor, and what it was answered."""

    actor: Actor
    endpoint: Endpoint
    pair: str
    expected: Expected
    answer: Answer

    @property
    def name(self) -> str:
        return f"{self.actor.name} · {self.endpoint.name} · {self.pair or '—'}: {self.answer.status} {self.answer.code}"


@dataclass(kw_only=True)
class Findings:
    """What a run has found. Every list but the counts is empty where all is well."""

    cells: int = 0
    denied: int = 0
    allowed: int = 0
    compared: int = 0
    crossings: int = 0
    inside: int = 0
    refused_with: Counter[str] = field(default_factory=Counter)
    # Somebody was told what is not his, or that it exists; was let in; was kept out; failed; changed something.
    leaks: list[str] = field(default_factory=list)
    excess: list[str] = field(default_factory=list)
    kept_out: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    # Endpoints with a pair where somebody was refused, and those where somebody was let in.
    refusals: set[tuple[str, str]] = field(default_factory=set)
    controls: set[tuple[str, str]] = field(default_factory=set)

    @property
    def missing(self) -> list[str]:
        """List where somebody was refused and nobody was let in: there a refusal shows nothing."""
        return sorted(f"{name} · {pair or '—'}" for name, pair in self.refusals - self.controls)

    @property
    def wrong(self) -> int:
        """How much is wrong in all."""
        lists = (self.leaks, self.excess, self.kept_out, self.faults, self.changes, self.missing)
        return sum(map(len, lists))

    def take(self, cell: Cell, *, hidden: Mapping[str, str]) -> None:
        """Judge one cell. ``hidden`` are the words of the pairs that this actor may read nothing of."""
        self.cells += 1
        answer = cell.answer
        place = (cell.endpoint.name, cell.pair)
        if answer.status >= 500:
            self.faults.append(cell.name)
        if cell.expected.allowed:
            self.allowed += 1
            if passed(answer):
                self.controls.add(place)
            else:
                self.kept_out.append(cell.name)
        else:
            self.denied += 1
            if not of_the_system(cell.endpoint.operation):
                self.refusals.add(place)
            self.refused_with[f"{answer.status} {answer.code}"] += 1
            if answer.status not in cell.expected.statuses:
                self.excess.append(cell.name)
        self.search(cell.name, answer, hidden)

    def search(self, name: str, answer: Answer, hidden: Mapping[str, str]) -> None:
        """Look for words of pairs that whoever asked may read nothing of."""
        found = told(answer, hidden)
        if found:
            self.leaks.append(f"{name} tells of {', '.join(found)}")

    def compare(self, name: str, there: Answer, nowhere: Answer, *, but: Iterable[Mapping[str, str]]) -> None:
        """Let a refusal be the same where there is a pair and where there is none."""
        self.compared += 1
        first, second = but
        if there.alike(but=first) != nowhere.alike(but=second):
            self.leaks.append(
                f"{name} is told apart from what does not exist: {there.status} {nowhere.status}"
            )

    def summary(self) -> dict[str, Any]:
        """Give the figures, with the first examples of what is wrong."""
        wrong = {
            "leaks": self.leaks,
            "excess": self.excess,
            "kept_out": self.kept_out,
            "faults": self.faults,
            "changes": self.changes,
            "missing_controls": self.missing,
        }
        return {
            "cells": self.cells,
            "denied": self.denied,
            "allowed": self.allowed,
            "compared": self.compared,
            "crossings": self.crossings,
            "inside": self.inside,
            "controls": len(self.controls),
            "refused_places": len(self.refusals),
            **{name: len(each) for name, each in wrong.items()},
            "refused_with": dict(self.refused_with.most_common()),
            "examples": {name: each[:EXAMPLES] for name, each in wrong.items() if each},
        }


def told(answer: Answer, hidden: Mapping[str, str]) -> list[str]:
    """List the pairs whose own word an answer holds, in whatever way it may be written."""
    text = answer.text
    return sorted(
        pair
        for pair, word in hidden.items()
        if word in text or word.encode("unicode_escape").decode() in text
    )
