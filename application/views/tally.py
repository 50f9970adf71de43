"""What the city report counts: for each pair and year the members of every figure, never the figure alone.

A figure is the number of its members, so a number and the list behind it cannot disagree. What depends on the day
(overdue, due, carried over) is computed from the dates kept here.
"""

from datetime import date

from application.dossier import Dossier, Subject
from domain import decisions
from domain.decider import Side, Value
from domain.regulation import Category


class HeldMeeting(Value):
    """A meeting held in the year."""

    id: str
    kind: str
    held_on: date
    ordinal: int
    chair_is_principal: bool


class ProposedTopic(Value):
    """A topic proposed in the year."""

    id: str
    proposed_on: date
    category: Category
    status: str
    side: Side
    submitted: bool
    approved: bool


class IssuedMinutes(Value):
    """Minutes issued in the year."""

    id: str
    issued_on: date
    number: str


class Established(Value):
    """A decision established in the year."""

    id: str
    established_on: date
    deadline: date | None
    status: decisions.Status
    fulfilled_on: date | None
    closed_on: date | None


class Tally(Value):
    """One pair's year."""

    year: int
    name: str
    mandatory: bool
    adopted_on: date | None
    meetings: tuple[HeldMeeting, ...] = ()
    topics: tuple[ProposedTopic, ...] = ()
    minutes: tuple[IssuedMinutes, ...] = ()
    decisions: tuple[Established, ...] = ()


def year_of(subject: Subject) -> int | None:
    """Give the year that a subject counts in; it never changes once it is set. None where it counts in none."""
    state = subject.state
    days = {
        "topic": "proposed_on",
        "meeting": "held_on",
        "minutes": "issued_on",
        "decision": "established_on",
    }
    day: date | None = getattr(state, days[subject.kind]) if subject.kind in days else None
    return day.year if day is not None else None


def tally(dossier: Dossier, year: int) -> tuple[Tally, int]:
    """Count one year of a pair. Returns: the tally, and the position of the last fact that changed it."""
    mine = [each for each in dossier.subjects.values() if year_of(each) == year]
    pair = dossier.pair
    counted = Tally(
        year=year,
        name=pair.official_name,
        mandatory=pair.mandatory,
        adopted_on=pair.adopted_on,
        meetings=tuple(
            HeldMeeting.model_validate(each.state, from_attributes=True)
            for each in mine
            if each.kind == "meeting"
        ),
        topics=tuple(
            ProposedTopic(
                id=each.state.id,
                proposed_on=each.state.proposed_on,
                category=each.state.content.category,
                status=each.state.status.value,
                side=each.state.side,
                submitted=each.state.ever_submitted,
                approved=each.state.ever_approved,
            )
            for each in mine
            if each.kind == "topic"
        ),
        minutes=tuple(
            IssuedMinutes.model_validate(each.state, from_attributes=True)
            for each in mine
            if each.kind == "minutes"
        ),
        decisions=tuple(
            Established.model_validate(each.state, from_attributes=True)
            for each in mine
            if each.kind == "decision"
        ),
    )
    return counted, max(each.position for each in mine)
