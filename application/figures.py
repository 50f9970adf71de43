"""The figures of the city report: what each counts, and how its members are picked from one pair's year.

A figure is the list of its members: its number is their count, so that a number and the list behind it cannot
disagree. Units: pairs (个), meetings (次), topics, minutes and decisions (件); rates are percent, one decimal,
half-up, and "—" where the denominator is 0. Source: R-003, R-032, R-092; requirements.md section 12.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Final

from application.views.tally import Established, HeldMeeting, ProposedTopic, Tally
from domain import topics
from domain.decider import Side, Value
from domain.decisions import Status
from domain.meetings import Kind as MeetingKind
from domain.regulation import CATEGORY_LABELS, DELIBERATIONS, PARAMETERS, rule_version

NOTHING: Final = "—"
# A topic comes before a meeting only with consensus, so whatever a meeting did with it implies one.
WITH_CONSENSUS: Final = frozenset(
    {
        topics.Status.CONSENSUS,
        topics.Status.RESOLVED,
        topics.Status.NOTED,
        topics.Status.DEFERRED,
        topics.Status.REFERRED,
        topics.Status.NOT_ADOPTED,
    }
)

# The figures that also count divisions which must have a pair and have none.
OWED: Final = ("due", "not_held")


class KnownPair(Value):
    """What the report needs to know of a pair."""

    id: str
    name: str
    official_name: str
    mandatory: bool
    registered_on: date | None
    adopted_on: date | None


def in_force(year: int) -> bool:
    """Tell whether a year ends under the rule of 2024; before it nobody owed a meeting under it."""
    return rule_version(date(year, 12, 31)) == "2024"


@dataclass(frozen=True)
class PairYear:
    """One pair's year as of ``on``: what every figure is picked from.

    ``day_over``: that day has ended, so what was due on it has come due.
    """

    pair: KnownPair
    year: int
    on: date
    day_over: bool
    tallies: Mapping[int, Tally]

    @cached_property
    def meetings(self) -> list[HeldMeeting]:
        """Held in the year, up to ``on``."""
        return [each for each in self._own.meetings if each.held_on <= self.on] if self._own else []

    @cached_property
    def topics(self) -> Sequence[ProposedTopic]:
        """Proposed in the year, up to ``on``; they stand where the ledger has them now."""
        return [each for each in self._own.topics if each.proposed_on <= self.on] if self._own else []

    @cached_property
    def minutes(self) -> list[str]:
        """Issued in the year, up to ``on``."""
        return [each.id for each in self._own.minutes if each.issued_on <= self.on] if self._own else []

    @cached_property
    def established(self) -> list[Established]:
        """Decisions established in the year, up to ``on``."""
        return [each for each in self._own.decisions if each.established_on <= self.on] if self._own else []

    @cached_property
    def carried_over(self) -> list[Established]:
        """Decisions established in an earlier year and not closed before 1 January of this one."""
        begins = date(self.year, 1, 1)
        return [
            each
            for year, tally in sorted(self.tallies.items())
            if year < self.year
            for each in tally.decisions
            if each.closed_on is None or each.closed_on >= begins
        ]

    @property
    def population(self) -> list[Established]:
        return [*self.carried_over, *self.established]

    @property
    def due(self) -> bool:
        """Whether the pair owes a meeting this year (R-003, R-032, A1)."""
        if self.pair.mandatory:
            return in_force(self.year)
        adopted = self.pair.adopted_on
        return adopted is not None and adopted <= date(self.year, *PARAMETERS.adoption_counts_until)

    @cached_property
    def picked(self) -> dict[str, list[str]]:
        """The members of every figure, by its name."""
        return {name: list(figure.pick(self)) for name, figure in FIGURES.items()}

    def is_closed(self, decision: Established) -> bool:
        return decision.closed_on is not None and decision.closed_on <= self.on

    def is_fulfilled(self, decision: Established) -> bool:
        """Verified by both sides up to ``on``; what was done but is not verified is open (A14)."""
        return decision.status is Status.FULFILLED and self.is_closed(decision)

    def is_on_time(self, decision: Established) -> bool:
        """Fulfilled, and the date of the fact, not of the entry, is not after the deadline (R-077)."""
        done, deadline = decision.fulfilled_on, decision.deadline
        return self.is_fulfilled(decision) and done is not None and deadline is not None and done <= deadline

    def is_overdue(self, decision: Established) -> bool:
        return not self.is_closed(decision) and self._has_passed(decision)

    def has_come_due(self, decision: Established) -> bool:
        """Its deadline has passed, or came while it was fulfilled; what a meeting ended is never due."""
        if self.is_closed(decision) and not self.is_fulfilled(decision):
            return False
        today = self.is_fulfilled(decision) and decision.deadline == self.on
        return today or self._has_passed(decision)

    def _has_passed(self, decision: Established) -> bool:
        deadline = decision.deadline
        return deadline is not None and (deadline < self.on or (deadline == self.on and self.day_over))

    @property
    def _own(self) -> Tally | None:
        return self.tallies.get(self.year)


class Definition(Value):
    """What a figure counts: members of which kind, in which unit, and by which requirement."""

    name: str
    label: str
    unit: str
    kind: str
    basis: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    definition: Definition
    pick: Callable[[PairYear], Iterable[str]]


def _figure(
    name: str, label: str, kind: str, basis: str, meaning: str, pick: Callable[[PairYear], Iterable[str]]
) -> _Figure:
    unit = {"pair": "个", "meeting": "次"}.get(kind, "件")
    definition = Definition(name=name, label=label, unit=unit, kind=kind, basis=basis, meaning=meaning)
    return _Figure(definition=definition, pick=pick)


def _pairs(name: str, label: str, meaning: str, test: Callable[[PairYear], bool]) -> _Figure:
    return _figure(name, label, "pair", "R-032", meaning, lambda of: [of.pair.id] if test(of) else [])


def _meetings(
    name: str, label: str, basis: str, meaning: str, test: Callable[[HeldMeeting], bool]
) -> _Figure:
    return _figure(
        name, label, "meeting", basis, meaning, lambda of: [each.id for each in of.meetings if test(each)]
    )


def _topics(
    name: str, label: str, basis: str, meaning: str, test: Callable[[ProposedTopic], bool]
) -> _Figure:
    return _figure(
        name, label, "topic", basis, meaning, lambda of: [each.id for each in of.topics if test(each)]
    )


def _decisions(
    name: str, label: str, basis: str, meaning: str, test: Callable[[PairYear, Established], bool]
) -> _Figure:
    return _figure(
        name,
        label,
        "decision",
        basis,
        meaning,
        lambda of: [each.id for each in of.population if test(of, each)],
    )


def _topic_states() -> Iterator[_Figure]:
    for status in topics.Status:
        if status is not topics.Status.UNBORN:
            label = topics.STATUS_LABELS[status]
            yield _topics(
                f"topics.state.{status.value}",
                f"议题（{label}）",
                "R-092",
                f"本年提出、目前为“{label}”的议题",
                lambda each, status=status: each.status == status.value,  # type: ignore[misc]  # A default binds the loop's value.
            )


def _topic_kinds() -> Iterator[_Figure]:
    for category in sorted(DELIBERATIONS):
        yield _topics(
            f"topics.category.{category.value}",
            f"议题{CATEGORY_LABELS[category][:3]}",
            "R-092",
            f"本年提出的议题，内容类别为{CATEGORY_LABELS[category]}",
            lambda each, category=category: each.category is category,  # type: ignore[misc]  # As above.
        )
    for side in Side:
        yield _topics(
            f"topics.side.{side.value}",
            f"议题（{side.label}提出）",
            "R-090",
            f"本年由{side.label}的单位提出的议题",
            lambda each, side=side: each.side is side,  # type: ignore[misc]  # As above.
        )


_FIGURES: Final = (
    _pairs(
        "due",
        "应召开单位",
        "市、县（市、区）自2024年起逐年应召开；参照建制的，9月30日以前建制的当年计入，以后建制的自次年起计",
        lambda of: of.due,
    ),
    _pairs("held", "已召开单位", "截至统计日本年至少召开一次会议的单位", lambda of: bool(of.meetings)),
    _pairs(
        "held_due",
        "应召开且已召开单位",
        "应召开单位中，截至统计日本年至少召开一次会议的单位",
        lambda of: of.due and bool(of.meetings),
    ),
    _pairs(
        "not_held",
        "未召开单位",
        "应召开单位中，截至统计日本年没有召开会议的单位",
        lambda of: of.due and not of.meetings,
    ),
    _meetings("meetings", "召开会议", "R-032", "召开日期在本年、不晚于统计日的会议", lambda _: True),
    _meetings(
        "meetings.annual",
        "年度会议",
        "R-032",
        "召开的会议中的年度会议",
        lambda each: each.kind == MeetingKind.ANNUAL,
    ),
    _meetings(
        "meetings.special",
        "临时会议",
        "R-034",
        "召开的会议中因特殊情况、重大问题召开的会议",
        lambda each: each.kind == MeetingKind.SPECIAL,
    ),
    _meetings(
        "meetings.principal",
        "主要负责同志主持的会议",
        "R-052",
        "召开的会议中由政府主要负责同志主持的会议",
        lambda each: each.chair_is_principal,
    ),
    _topics("topics", "提出议题", "R-038", "提出日期在本年的议题", lambda _: True),
    *_topic_kinds(),
    *_topic_states(),
    _topics(
        "topics.submitted", "提交议题", "R-039", "本年提出的议题中曾经提交的", lambda each: each.submitted
    ),
    _topics(
        "topics.approved",
        "审定议题",
        "R-042",
        "本年提出的议题中曾经政府联系工会工作的负责人审定的",
        lambda each: each.approved,
    ),
    _topics(
        "topics.consensus",
        "达成共识议题",
        "R-048",
        "本年提出的议题中，目前已基本达成共识或已经会议研究的",
        lambda each: each.status in WITH_CONSENSUS,
    ),
    _figure(
        "minutes",
        "印发纪要",
        "minutes",
        "R-067",
        "印发日期在本年、不晚于统计日的会议纪要",
        lambda of: of.minutes,
    ),
    _figure(
        "decisions.established",
        "成立议定事项",
        "decision",
        "R-069",
        "随纪要印发成立、成立日期在本年且不晚于统计日的议定事项",
        lambda of: [each.id for each in of.established],
    ),
    _figure(
        "decisions.carried_over",
        "结转议定事项",
        "decision",
        "R-026",
        "以前年度成立、到本年1月1日仍未办结（含未终止、未替代）的议定事项",
        lambda of: [each.id for each in of.carried_over],
    ),
    _decisions("decisions", "议定事项合计", "R-092", "本年成立与结转的议定事项之和", lambda _, __: True),
    _decisions(
        "decisions.fulfilled",
        "办结",
        "R-077",
        "合计中截至统计日经双方核验办结的；以核验完成日为准",
        lambda of, each: of.is_fulfilled(each),
    ),
    _decisions(
        "decisions.on_time",
        "按期办结",
        "R-077",
        "办结的事项中，实际办结日期不晚于完成时限的",
        lambda of, each: of.is_on_time(each),
    ),
    _decisions(
        "decisions.ended",
        "终止或替代",
        "R-078",
        "合计中截至统计日由以后的会议终止或替代的",
        lambda of, each: of.is_closed(each) and not of.is_fulfilled(each),
    ),
    _decisions(
        "decisions.open",
        "未办结",
        "R-026",
        "合计中截至统计日既未办结也未终止、替代的",
        lambda of, each: not of.is_closed(each),
    ),
    _decisions(
        "decisions.overdue",
        "超期",
        "R-081",
        "未办结的事项中，完成时限已过的（统计日当天到期的，当天结束后计入）",
        lambda of, each: of.is_overdue(each),
    ),
    _decisions(
        "decisions.due",
        "到期",
        "R-092",
        "合计中完成时限已过或到期日当天已办结的；长期事项没有时限，终止、替代的不再到期，均不计",
        lambda of, each: of.has_come_due(each),
    ),
    _decisions(
        "decisions.due_fulfilled",
        "到期且办结",
        "R-092",
        "到期的事项中，截至统计日办结的",
        lambda of, each: of.has_come_due(each) and of.is_fulfilled(each),
    ),
    _decisions(
        "decisions.due_on_time",
        "到期且按期办结",
        "R-092",
        "到期的事项中，截至统计日办结且实际办结日期不晚于完成时限的",
        lambda of, each: of.has_come_due(each) and of.is_on_time(each),
    ),
)
FIGURES: Final[Mapping[str, _Figure]] = {each.definition.name: each for each in _FIGURES}
DEFINITIONS: Final = tuple(each.definition for each in _FIGURES)

# Name -> label, numerator, denominator. Every numerator is a part of its denominator.
RATES: Final[Mapping[str, tuple[str, str, str]]] = {
    "held": ("召开率", "held_due", "due"),
    "principal": ("主要负责同志主持率", "meetings.principal", "meetings"),
    "adopted": ("采纳率", "topics.approved", "topics.submitted"),
    "consensus": ("共识率", "topics.consensus", "topics.approved"),
    "fulfilled": ("累计办结率", "decisions.fulfilled", "decisions"),
    "due_fulfilled": ("到期办结率", "decisions.due_fulfilled", "decisions.due"),
    "on_time": ("按期办结率", "decisions.due_on_time", "decisions.due"),
}


def percent(numerator: int, denominator: int) -> str:
    """Give a share in percent, one decimal, half-up; "—" where there is nothing to share."""
    if denominator == 0:
        return NOTHING
    share = Decimal(numerator) * 100 / Decimal(denominator)
    return f"{share.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP)}%"
