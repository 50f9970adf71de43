"""Everything that is tried, in order: the corpora, the commands, and the whole OpenAPI."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.fuzz import commands, described
from tests.fuzz.corpora import bodies, forms, places, requests, texts, workbooks
from tests.fuzz.inputs import Input, Maker, sampled, send
from tests.fuzz.stage import Stage

CORPORA: dict[str, Callable[[Stage, Maker], Iterable[Input]]] = {
    "json": lambda _, make: bodies.syntax(make),
    "shapes": lambda _, make: bodies.shapes(make),
    "numbers": lambda _, make: bodies.numbers(make),
    "days": lambda _, make: bodies.days(make),
    "fields": lambda _, make: forms.commands(make),
    "texts": texts.texts,
    "tokens": lambda _, make: requests.tokens(make),
    "headers": lambda _, make: requests.headers(make),
    "methods": lambda _, make: requests.methods(make),
    "paths": lambda _, make: requests.paths(make),
    "queries": lambda _, make: requests.queries(make),
    "contents": lambda _, make: requests.contents(make),
    "cursors": places.cursors,
    "ids": lambda _, make: places.ids(make),
    "workbooks": workbooks.books,
}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much is tried. ``every``: one of so many inputs of a corpus; ``seconds``: of the OpenAPI, for each role."""

    seed: int
    every: dict[str, int]
    seconds: int
    examples: int
    histories: int
    roles: tuple[str, ...]
    phases: tuple[str, ...]
    only: tuple[str, ...] = ()

    def wants(self, name: str) -> bool:
        return not self.only or name in self.only


# Which of the inputs of a corpus the short form takes; a class that is not named is taken whole.
SOME = {
    "json": 4,
    "shapes": 9,
    "days": 8,
    "fields": 150,
    "texts": 9,
    "headers": 3,
    "methods": 7,
    "paths": 4,
    "queries": 9,
}
SOME |= {"contents": 2, "cursors": 12, "ids": 12, "workbooks": 5, "tokens": 2, "numbers": 2}


def long(*, seed: int, seconds: int, only: tuple[str, ...] = (), roles: tuple[str, ...] = ()) -> Plan:
    """Give the whole plan: every input of every corpus, and each role for so many seconds."""
    phases = ("examples", "coverage", "fuzzing", "stateful")
    return Plan(
        seed=seed,
        every={},
        seconds=seconds,
        examples=20,
        histories=12,
        roles=roles or described.ROLES,
        phases=phases,
        only=only,
    )


def short(*, seed: int = 1, only: tuple[str, ...] = ()) -> Plan:
    """Give a plan of half a minute."""
    return Plan(
        seed=seed,
        every=SOME,
        seconds=6,
        examples=2,
        histories=1,
        roles=("go",),
        phases=("examples", "stateful"),
        only=only,
    )


def run(stage: Stage, plan: Plan, *, tell: Callable[[str], None]) -> dict[str, Any]:
    """Try everything of a plan. Returns: what build/fuzz.json holds, by class."""
    for name in _steps(stage, plan):
        tell(f"… {name}")
    if plan.wants("commands"):
        tell("… commands")
        commands.provoke(stage.tally.begin("commands"), seed=plan.seed, histories=plan.histories)
    return {
        "totals": stage.tally.totals(),
        "classes": {name: count.plain() for name, count in stage.tally.classes.items()},
        "expected": described.expected(),
    }


def _steps(stage: Stage, plan: Plan) -> Iterator[str]:
    make = Maker(stage.tokens)
    for name, corpus in CORPORA.items():
        if plan.wants(name):
            yield name
            send(stage, name, sampled(corpus(stage, make), every=plan.every.get(name, 1)))
    if plan.wants("openapi"):
        for role in plan.roles:
            yield f"openapi as {role}"
            described.explore(stage, role, plan)
