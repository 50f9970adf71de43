"""One pair's year as of a day: its meetings, topics, minutes and decisions, each as it stood at the end of that day.

Source: R-003, R-032, R-092, R-093; requirements.md section 12.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from application.steps import DecisionStep, TopicStep, YearStep, at
from application.views import tally
from application.views.tally import Counted, Established, HeldMeeting, IssuedMinutes, ProposedTopic
from domain import decisions, topics, years
from domain.decider import Side, Value
from domain.meetings import Kind as MeetingKind
from domain.pairs import DivisionKind, Period
from domain.publicity import About
from domain.regulation import Parameters, rule_version
from domain.rulebook import Rulebook

# What became another topic, which is counted in its place.
REPLACED = frozenset({topics.Status.MERGED, topics.Status.SPLIT, topics.Status.FORWARDED})


class KnownPair(Value):
    """What the report needs to know of a pair."""

    id: str
    name: str
    official_name: str
    kind: DivisionKind
    mandatory: bool
    registered_on: date | None
    adopted_on: date | None
    regimes: tuple[Period, ...] = ()

    def in_regime(self, on: date) -> bool:
        """Whether the regime was in force on a local date, as far as was known then (R-004)."""
        return any(each.since <= on and (each.until is None or on <= each.until) for each in self.regimes)

    def left_by(self, on: date) -> bool:
        """Whether it had adopted the regime and left it again (R-005)."""
        return bool(self.regimes) and all(each.until is not None and each.until < on for each in self.regimes)


class Limits(Value):
    """By when a meeting's minutes and its publicity were wanted, counted in working days."""

    minutes_by: date
    content_by: date


class OwedReport(Value):
    """A report to the leaders on one decision: by when it was wanted, and when it was made (R-079)."""

    id: str
    due: date
    made_on: date | None


def in_force(year: int) -> bool:
    """Tell whether a year ends under the rule of 2024; before it nobody owed a meeting under it."""
    return rule_version(date(year, 12, 31)) == "2024"


@dataclass(frozen=True, slots=True)
class StandingTopic:
    """A topic as it stood on the day."""

    topic: ProposedTopic
    step: TopicStep


@dataclass(frozen=True, slots=True)
class StandingDecision:
    """A decision as it stood on the day."""

    decision: Established
    step: DecisionStep

    @property
    def id(self) -> str:
        return self.decision.id

    @property
    def original_deadline(self) -> date | None:
        """The deadline it was established with; extensions leave it alone (R-076)."""
        return self.decision.steps[0].deadline

    @property
    def closed(self) -> bool:
        return self.step.status in decisions.CLOSED

    @property
    def fulfilled(self) -> bool:
        """Verified by both sides; what was done but is not verified is open (A14)."""
        return self.step.status is decisions.Status.FULFILLED

    def done_by(self, deadline: date | None) -> bool:
        """Fulfilled, and the date of the fact, not of the entry, is not after a deadline (R-077)."""
        done = self.step.fulfilled_on
        return self.fulfilled and done is not None and deadline is not None and done <= deadline


@dataclass(frozen=True)
class PairYear:
    """One pair's year as of ``on``: what every figure is picked from.

    ``day_over``: that day has ended, so what was due on it has come due. ``limits`` are by meeting. ``rules`` are
    what the pair itself has adopted, ``owed`` the reports to the leaders that were wanted of it in any year.
    """

    pair: KnownPair
    year: int
    on: date
    day_over: bool
    rows: Sequence[Counted] = ()
    limits: Mapping[str, Limits] = field(default_factory=dict)
    rules: Rulebook = field(default_factory=Rulebook)
    owed: Sequence[OwedReport] = ()

    @property
    def parameters(self) -> Parameters:
        """What the pair goes by on the day of the report: as for the ledger's own finding on a year (R-032)."""
        return self.rules.parameters(self.on)

    @cached_property
    def all_meetings(self) -> list[HeldMeeting]:
        """Held up to ``on`` in any year, in their order."""
        held = [each for each in self.rows if isinstance(each, tally.HeldMeeting) and each.counts_on(self.on)]
        return sorted(held, key=lambda each: (each.held_on, each.ordinal, each.id))

    @cached_property
    def meetings(self) -> list[HeldMeeting]:
        """Held in the year, up to ``on``."""
        return [each for each in self.all_meetings if each.held_on.year == self.year]

    @cached_property
    def counting(self) -> list[HeldMeeting]:
        """Those of the year's meetings that do the yearly duty (A1); irregular ones have a column of their own."""
        special = self.parameters.special_counts
        return [
            each
            for each in self.meetings
            if not each.irregular and (special or each.kind is MeetingKind.ANNUAL)
        ]

    @property
    def topics(self) -> list[StandingTopic]:
        """Proposed in the year, up to ``on``; what became another topic is counted as that one alone."""
        return [each for each in self.all_topics if each.step.status not in REPLACED]

    @property
    def replaced(self) -> list[StandingTopic]:
        """Proposed in the year, and by ``on`` merged, split or forwarded."""
        return [each for each in self.all_topics if each.step.status in REPLACED]

    @cached_property
    def all_topics(self) -> list[StandingTopic]:
        return [
            StandingTopic(each, step)
            for each in self.rows
            if isinstance(each, tally.ProposedTopic) and each.proposed_on.year == self.year
            if (step := at(each.steps, self.on)) is not None
        ]

    @cached_property
    def all_minutes(self) -> dict[str, IssuedMinutes]:
        """Issued up to ``on`` in any year, by meeting."""
        issued = [each for each in self.rows if isinstance(each, tally.IssuedMinutes)]
        return {each.meeting: each for each in issued if each.issued_on <= self.on}

    @cached_property
    def minutes(self) -> list[IssuedMinutes]:
        """Issued in the year, up to ``on``."""
        return [each for each in self.all_minutes.values() if each.issued_on.year == self.year]

    @cached_property
    def established(self) -> list[StandingDecision]:
        """Decisions established in the year, up to ``on``."""
        return [each for each in self._decisions if each.decision.established_on.year == self.year]

    @cached_property
    def carried_over(self) -> list[StandingDecision]:
        """Decisions established in an earlier year and not closed before 1 January of this one."""
        eve = date(self.year - 1, 12, 31)
        before = ((each, at(each.decision.steps, eve)) for each in self._decisions)
        return [each for each, then in before if then is not None and then.status not in decisions.CLOSED]

    @property
    def population(self) -> list[StandingDecision]:
        return [*self.carried_over, *self.established]

    @property
    def regime_in_force(self) -> bool:
        """Whether the regime was in force on ``on``; who left is out from the day after the last one (R-004, R-005)."""
        return self.pair.in_regime(self.on)

    @property
    def registered(self) -> bool:
        return self.pair.registered_on is not None and self.pair.registered_on <= self.on

    @property
    def due(self) -> bool:
        """Whether the pair owes a meeting this year (R-003, R-005, R-032, A1)."""
        terms = years.terms_owed(
            [(each.since, each.until) for each in self.pair.regimes],
            mandatory=self.pair.mandatory,
            counts_until=self.parameters.adoption_counts_until,
        )
        return years.owes(self.year, years.Duty(terms=terms))

    @property
    def liaison_sides(self) -> set[Side]:
        """The sides that have their section and staff named; none where there is a gap (R-084)."""
        named = [each for each in self.rows if isinstance(each, tally.Designated)]
        steps = {each.id: at(each.steps, self.on) for each in named}
        return {
            side
            for side, step in steps.items()
            if step is not None and (step.gap_since is None or step.gap_since > self.on)
        }

    @property
    def owed_reports(self) -> list[OwedReport]:
        """The reports to the leaders that came due in the year, up to ``on``."""
        return [
            each
            for each in self.owed
            if each.due.year == self.year
            and (self.has_passed(each.due) or (each.due == self.on and each.made_on is not None))
        ]

    @property
    def taken_in(self) -> YearStep | None:
        """What the year's plan and the union's assessment had taken in by ``on`` (R-086, R-087)."""
        known = [each for each in self.rows if isinstance(each, tally.YearKept) and each.id == str(self.year)]
        return at(known[0].steps, self.on) if known else None

    def published_on(self, meeting: HeldMeeting, about: About) -> date | None:
        """Give the first day, up to ``on``, on which something was published about a meeting."""
        published = [each for each in self.rows if isinstance(each, tally.Published)]
        days = [each.on for each in published if (each.meeting, each.about) == (meeting.id, about)]
        return min((day for day in days if day <= self.on), default=None)

    def following(self, meeting: HeldMeeting) -> HeldMeeting | None:
        """Give the pair's next meeting, where one was held up to ``on``."""
        later = self.all_meetings[self.all_meetings.index(meeting) + 1 :]
        return later[0] if later else None

    def has_passed(self, deadline: date | None) -> bool:
        """Tell whether a deadline lies behind: that of the day itself only once the day is over."""
        return deadline is not None and (deadline < self.on or (deadline == self.on and self.day_over))

    def is_overdue(self, each: StandingDecision) -> bool:
        return not each.closed and self.has_passed(each.step.deadline)

    def has_come_due(self, each: StandingDecision, deadline: date | None) -> bool:
        """Its deadline has passed, or came while it was fulfilled; what a meeting ended is never due."""
        if each.closed and not each.fulfilled:
            return False
        return (each.fulfilled and deadline == self.on) or self.has_passed(deadline)

    @cached_property
    def _decisions(self) -> list[StandingDecision]:
        return [
            StandingDecision(each, step)
            for each in self.rows
            if isinstance(each, tally.Established) and (each.known_on or self.on) <= self.on
            if (step := at(each.steps, self.on)) is not None
        ]
