"""What reports count: one row for each subject that counts, with the days that decide where and since when.

A figure is the number of its members, so a number and the list behind it cannot disagree. What depends on the day
(overdue, due, carried over) is computed from the dates and the steps kept here.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from application.dossier import Subject
from application.steps import DecisionStep, LiaisonStep, PairStep, TopicStep, YearStep
from domain import decisions, pairs, publicity
from domain.decider import Side, Value
from domain.meetings import Kind as MeetingKind

# What counts, or may yet, in the report of every year.
ALWAYS: Final = "9999"


class Counts(Value):
    """``year``: the last year in whose report it can count, by which reports of later years leave it unread."""

    year: str = ALWAYS


class Registered(Counts):
    """A pair, and how it was called and bound from day to day."""

    of: Literal["pair"] = "pair"
    id: str
    name: str
    kind: pairs.DivisionKind
    mandatory: bool
    registered_on: date
    deviations: tuple[pairs.Deviation, ...] = ()
    steps: tuple[PairStep, ...]


class Accounted(Value):
    """One matter that a meeting had to account for (R-026, R-027)."""

    id: str
    explained: bool


class Added(Value):
    """An item that came after the papers were frozen, and why (R-061)."""

    item: str
    reason: str


class HeldMeeting(Counts):
    """A meeting that was held, with what the procedure leaves to a reason.

    ``imported``: all that is known of it is its paper, which does not tell whether its chair was the principal.
    """

    of: Literal["meeting"] = "meeting"
    id: str
    kind: MeetingKind
    held_on: date
    ordinal: int
    chair_is_principal: bool
    chair_reason: str
    attendees_reason: str
    substitutes: tuple[str, ...]
    noticed_by_number: bool
    agenda: tuple[str, ...]
    unfulfilled: tuple[Accounted, ...]
    irregular: bool = False
    irregular_reason: str = ""
    gates_missing: tuple[str, ...] = ()
    late_items: tuple[Added, ...] = ()
    imported: bool = False
    known_on: date | None = None

    def counts_on(self, day: date) -> bool:
        """Whether a report as of a day knows of it: an imported one only from the day of its import (R-013)."""
        return (self.known_on or self.held_on) <= day


class ProposedTopic(Counts):
    """A topic, and how it stood from day to day."""

    of: Literal["topic"] = "topic"
    id: str
    proposed_on: date
    side: Side
    steps: tuple[TopicStep, ...]


class IssuedMinutes(Counts):
    """Issued minutes and the meeting they are of."""

    of: Literal["minutes"] = "minutes"
    id: str
    meeting: str
    issued_on: date
    number: str


class Established(Counts):
    """A decision, and how it stood from day to day."""

    of: Literal["decision"] = "decision"
    id: str
    meeting: str
    established_on: date
    long_term: bool
    report_interval_months: int | None
    leader_named: bool
    acceptance_named: bool
    path: tuple[decisions.Step, ...] = ()
    imported: bool = False
    known_on: date | None = None
    steps: tuple[DecisionStep, ...]


class Published(Counts):
    """Something published about a meeting."""

    of: Literal["publicity"] = "publicity"
    id: str
    meeting: str
    on: date
    about: publicity.About


class YearKept(Counts):
    """A pair's year, and what it had taken in from day to day; ``id`` is the year."""

    of: Literal["year"] = "year"
    id: str
    steps: tuple[YearStep, ...]


class Designated(Counts):
    """A side's section and staff; ``id`` is the side."""

    of: Literal["liaison"] = "liaison"
    id: Side
    first_on: date
    steps: tuple[LiaisonStep, ...] = ()


class LeadersTold(Counts):
    """A report to the leaders of both sides, and the decisions that it covered (R-079)."""

    of: Literal["leader_report"] = "leader_report"
    id: str
    on: date
    decisions: tuple[str, ...]


Counted = Annotated[
    Registered
    | HeldMeeting
    | ProposedTopic
    | IssuedMinutes
    | Established
    | Published
    | Designated
    | LeadersTold
    | YearKept,
    Field(discriminator="of"),
]
READER: Final[TypeAdapter[Counted]] = TypeAdapter(Counted)
CLOSED: Final = frozenset(each.value for each in decisions.CLOSED)


def row(subject: Subject) -> Counted | None:
    """Give what a subject counts as; None where it counts in no report."""
    make = MAKERS.get(subject.kind)
    counted = make(subject) if make is not None else None
    return counted.model_copy(update={"year": last_year(counted)}) if counted is not None else None


def last_year(counted: Counted) -> str:
    """Tell the last year in whose report, as of any of its days, something can count.

    Topics count in the year of their proposal, and what was against them in that of the step that told it. Minutes and
    publicity count with their meeting, and a year is left for what paper dates before it. A closed decision counts
    until it was closed, and the reports that were owed on it come due within twelve months.
    """
    match counted:
        case HeldMeeting():
            return str(counted.held_on.year)
        case ProposedTopic():
            return str(max(counted.proposed_on.year, counted.steps[-1].on.year))
        case IssuedMinutes():
            return str(counted.issued_on.year + 1)
        case Published():
            return str(counted.on.year + 1)
        case Established() if counted.steps[-1].status in decisions.CLOSED:
            return str(counted.steps[-1].on.year + 1)
        case YearKept():
            return counted.id
        case _:
            return ALWAYS


def _pair(subject: Subject) -> Registered | None:
    state = subject.state
    if state.division is None:
        return None
    return Registered(
        id=state.id,
        name=state.division.full_name,
        kind=state.division.kind,
        mandatory=state.mandatory,
        registered_on=state.registered_on,
        deviations=state.deviations,
        steps=subject.steps,
    )


def _meeting(subject: Subject) -> HeldMeeting | None:
    state = subject.state
    if state.held_on is None:
        return None
    reported = state.report.members if state.report is not None else ()
    carried = state.short_form.carried if state.short_form is not None else ()
    named = (
        "id",
        "kind",
        "held_on",
        "ordinal",
        "chair_is_principal",
        "chair_reason",
        "attendees_reason",
        "imported",
    )
    return HeldMeeting(
        **{name: getattr(state, name) for name in named},
        known_on=state.since if state.imported else None,
        substitutes=tuple(f"{seat}：{who}" for seat, who in sorted(state.substitutions.items())),
        noticed_by_number=state.notice is not None and bool(state.notice.number),
        agenda=state.agenda,
        irregular=state.irregular,
        irregular_reason=state.irregularity.reason if state.irregular and state.irregularity else "",
        gates_missing=state.gates_missing,
        late_items=tuple(
            Added(item=each.item, reason=each.reason)
            for each in state.late_items.values()
            if each.noticed_on is not None
        ),
        unfulfilled=tuple(
            Accounted(id=each.id, explained=bool(each.explanation) or each.id in carried)
            for each in reported
            if each.status not in CLOSED
        ),
    )


def _topic(subject: Subject) -> ProposedTopic:
    state = subject.state
    return ProposedTopic(id=state.id, proposed_on=state.proposed_on, side=state.side, steps=subject.steps)


def _minutes(subject: Subject) -> IssuedMinutes | None:
    state = subject.state
    if state.issued_on is None:
        return None
    return IssuedMinutes(id=state.id, meeting=state.meeting, issued_on=state.issued_on, number=state.number)


def _decision(subject: Subject) -> Established:
    state = subject.state
    named = ("id", "meeting", "established_on", "long_term", "report_interval_months", "path", "imported")
    return Established(
        **{name: getattr(state, name) for name in named},
        known_on=state.imported_on,
        leader_named=bool(state.leader),
        acceptance_named=bool(state.acceptance),
        steps=subject.steps,
    )


def _published(subject: Subject) -> Published:
    named = ("id", "meeting", "on", "about")
    return Published(**{name: getattr(subject.state, name) for name in named})


def _year(subject: Subject) -> YearKept:
    return YearKept(id=subject.state.id, steps=subject.steps)


def _designated(subject: Subject) -> Designated:
    state = subject.state
    return Designated(id=Side(state.id), first_on=state.first_on, steps=subject.steps)


def _told(subject: Subject) -> LeadersTold:
    state = subject.state
    return LeadersTold(id=state.id, on=state.on, decisions=tuple(each.decision for each in state.decisions))


MAKERS: Final[Mapping[str, Callable[[Subject], Counted | None]]] = {
    "pair": _pair,
    "meeting": _meeting,
    "topic": _topic,
    "minutes": _minutes,
    "decision": _decision,
    "publicity": _published,
    "liaison": _designated,
    "leader_report": _told,
    "year": _year,
}
# For telling this version's rows from another's.
MODELS: Final[Mapping[str, type[Value]]] = {
    "pair": Registered,
    "meeting": HeldMeeting,
    "topic": ProposedTopic,
    "minutes": IssuedMinutes,
    "decision": Established,
    "publicity": Published,
    "liaison": Designated,
    "leader_report": LeadersTold,
    "year": YearKept,
}
