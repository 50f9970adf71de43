"""What the city sets and what the pairs adopt of it, on the way of a history."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from application import dossier as dossiers
from application.dossier import Dossier
from application.handlers import Facts
from domain import norms, pairs, regulation, rulebook
from domain.decider import Command
from tests import builders as b
from tests import rules

if TYPE_CHECKING:
    from tests.properties.histories import Option, Walk

# The city beside a pair sets one more thing on each of these days.
BEGINS = date(2025, 1, 10)
STEPS: tuple[Command, ...] = (
    rules.set_parameters(BEGINS, publicity_days=15, short_form_for_specials=True),
    rules.publish(BEGINS + timedelta(days=10), 2026),
    rules.register_basis(BEGINS + timedelta(days=20)),
    rules.repeal(BEGINS + timedelta(days=25)),
)


@cache
def _set(steps: int) -> Facts:
    scene = rules.city()
    before = len(scene.history)
    for command in STEPS[:steps]:
        scene = scene.act("GO", command)
    return list(scene.history[before:])


def beside(neighbour: Dossier, today: date) -> Dossier:
    """Give a pair beside the one that walks; where it is the city's, with what it has set by that day."""
    if neighbour.tenant != b.CITY.code:
        return neighbour
    return dossiers.evolve(neighbour, _set(sum(command.on <= today for command in STEPS)))


def options(walk: "Walk") -> "Iterator[Option]":
    """What the offices and the clock might do about bases, parameters and calendars."""
    from tests.properties.histories import Proposal  # noqa: PLC0415 - histories imports this module.

    on, dice, known = walk.today, walk.dice, walk.dossier
    adopt = rules.adopt(on if dice.random() < 0.9 else on - timedelta(days=1))
    yield 0.4, lambda: Proposal(dice.choice(("CLOCK", "GO", "UO")), adopt)
    wanted = [each for each in (rules.NEXT, rules.PRESENT, rules.PROVINCE) if known.rulebook.basis(each)]
    rebase = rulebook.RebaseRegime(on=on, bases=(dice.choice(wanted),))
    yield 3 if known.rulebook.flag else 0.03, lambda: Proposal(dice.choice(("ADMIN", "GO")), rebase)
    if known.pair.division is None or known.pair.division.kind is not pairs.DivisionKind.CITY:
        return
    number = f"运政办发〔{on.year}〕{dice.randrange(10, 99)}号"
    days = {
        "publicity_days": dice.randrange(10, 30),
        "minutes_yellow_days": dice.randrange(5, 25),
        "prior_consultation_min_days": dice.randrange(3),
        "short_form_for_specials": dice.random() < 0.7,
    }
    mine: list[Command] = [
        rules.register_basis(on, number),
        rules.repeal(
            on, dice.choice((number, rules.PRESENT, *(each.number for each in known.standards.bases)))
        ),
        rules.set_parameters(on, effective_from=on + timedelta(days=dice.randrange(-1, 20)), **days),
        rules.publish(on, dice.choice((2026, 2027)), reason=dice.choice(("", "国务院调整安排"))),
    ]
    for command in mine:
        yield 0.5, lambda command=command: Proposal("GO", command)


def standing(dossier: Dossier) -> None:
    """A city's entries are numbered without a gap; what a pair adopted holds from the next day at the earliest."""
    city, known = dossier.standards, dossier.rulebook
    assert [each.entry for each in city.entries] == list(range(1, len(city.entries) + 1))
    assert not city.entries or dossier.tenant == norms.city_of(dossier.tenant)
    adopted = [*known.bases, *known.repeals, *known.parameter_versions, *known.calendars]
    assert len(adopted) == known.adopted
    assert all(each.effective_from > each.adopted_on for each in adopted)
    in_order = [each.effective_from for each in known.parameter_versions]
    assert in_order == sorted(in_order)
    assert known.flag is None or not any(
        known.in_force(each, on=known.flag.since) for each in known.flag.bases
    )
    if not known.parameter_versions:
        assert known.parameters(date.max) == regulation.PARAMETERS
