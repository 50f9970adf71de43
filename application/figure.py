"""What a figure is: the members that one pair's year gives it. Its number is their count.

Units: pairs (个), meetings (次), everything else (件). Source: R-092; requirements.md section 12.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from application.pair_year import PairYear, StandingDecision, StandingTopic
from application.views.tally import HeldMeeting
from domain.decider import Value

UNITS: Final = {"pair": "个", "meeting": "次"}


class Picked(NamedTuple):
    """A member: its id in its pair, and the days that it was late, where the figure asks for them."""

    id: str
    days: int | None = None


class Definition(Value):
    """What a figure counts: members of which kind, in which unit, and by which requirement."""

    name: str
    label: str
    unit: str
    kind: str
    basis: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A definition, and how its members are picked from one pair's year."""

    definition: Definition
    pick: Callable[[PairYear], Iterable[Picked]]


@dataclass(frozen=True, slots=True)
class Meant:
    """How a figure is spoken of."""

    name: str
    label: str
    basis: str
    meaning: str

    def of(self, kind: str, pick: Callable[[PairYear], Iterable[Picked]]) -> Figure:
        definition = Definition(
            name=self.name,
            label=self.label,
            unit=UNITS.get(kind, "件"),
            kind=kind,
            basis=self.basis,
            meaning=self.meaning,
        )
        return Figure(definition=definition, pick=pick)

    def pairs(self, test: Callable[[PairYear], bool]) -> Figure:
        """Count the pairs that pass a test."""
        return self.of("pair", lambda of: [Picked(of.pair.id)] if test(of) else [])

    def meetings(self, test: Callable[[PairYear, HeldMeeting], bool]) -> Figure:
        """Count the year's meetings that pass a test."""
        return self.of("meeting", lambda of: [Picked(each.id) for each in of.meetings if test(of, each)])

    def topics(self, test: Callable[[StandingTopic], bool]) -> Figure:
        """Count the year's topics that pass a test."""
        return self.of("topic", lambda of: [Picked(each.topic.id) for each in of.topics if test(each)])

    def decisions(
        self,
        test: Callable[[PairYear, StandingDecision], bool],
        *,
        days: Callable[[PairYear, StandingDecision], int] | None = None,
    ) -> Figure:
        """Count the decisions established in the year or carried over into it that pass a test."""

        def pick(of: PairYear) -> Iterator[Picked]:
            for each in of.population:
                if test(of, each):
                    yield Picked(each.id, days(of, each) if days is not None else None)

        return self.of("decision", pick)
