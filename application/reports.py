"""The city report of a year: who met, what was taken up, what was decided, and what became of it.

A figure is the list of its members: its number is their count, so that a number and the list behind it cannot
disagree. Everything is a pure function of a ``Source``: the tallies of the pairs, the year and the day.

Units: pairs (个), meetings (次), topics, minutes and decisions (件); rates are percent, one decimal, half-up, and
"—" where the denominator is 0. Source: R-003, R-032, R-092, R-093; requirements.md section 12.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final

from application.ports import LedgerBusy, Row, Views
from application.views.tally import Established, HeldMeeting, ProposedTopic, Tally
from domain import pairs, topics
from domain.chain import Head, content_hash
from domain.decider import Side, Value
from domain.decisions import Status
from domain.meetings import Kind as MeetingKind
from domain.regulation import CATEGORY_LABELS, DELIBERATIONS, PARAMETERS, rule_version

FORMAT: Final = "lianxi-city-report/v1"
NOTHING: Final = "—"
TRIES: Final = 20
PAGE: Final = 500
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


class YearNotBegun(ValueError):
    """该年度尚未开始，没有可以统计的内容。"""


class DayOutsideYear(ValueError):
    """统计截止日须在该年度之内，且不晚于今天。"""


class UnknownFigure(LookupError):
    """报告中没有这项指标。"""


class UnknownPair(LookupError):
    """报告中没有这个结对单位。"""


class Group(StrEnum):
    """Those who must hold the conference, and those who adopted it by analogy; never added up (R-004)."""

    MANDATORY = "mandatory"
    VOLUNTARY = "voluntary"


class State(StrEnum):
    """Whether a pair has done its yearly duty (R-032)."""

    HELD = "held"
    NOT_YET = "not_yet"
    MISSED = "missed"
    NOT_DUE = "not_due"


STATE_LABELS: Final = {
    State.HELD: "已召开",
    State.NOT_YET: "尚未召开",
    State.MISSED: "逾期未召开",
    State.NOT_DUE: "本年不计",
}


class KnownPair(Value):
    """What the report needs to know of a pair."""

    id: str
    name: str
    official_name: str
    mandatory: bool
    registered_on: date | None
    adopted_on: date | None


class CountedYear(Value):
    """One year of one pair."""

    pair: str
    tally: Tally


class LedgerEnd(Value):
    """The end of one pair's ledger on which the report rests: the position and the hash, in hex."""

    pair: str
    position: int
    hash: str


class Unregistered(Value):
    """A division that must have a pair and has none (R-003)."""

    code: str
    name: str


class Source(Value):
    """Everything that a report is made of. ``on`` is the last day counted; ``ended``: the year is over."""

    scope: str
    area: str
    year: int
    on: date
    ended: bool
    pairs: tuple[KnownPair, ...]
    tallies: tuple[CountedYear, ...]
    ledgers: tuple[LedgerEnd, ...] = ()
    unregistered: tuple[Unregistered, ...] = ()


class Member(Value):
    """One member of a figure: its pair and its id there (a pair's own id, where pairs are counted)."""

    pair: str
    id: str


@dataclass(frozen=True)
class PairYear:
    """One pair's year as of ``on``: what every figure is picked from."""

    pair: KnownPair
    year: int
    on: date
    tallies: Mapping[int, Tally]

    @cached_property
    def meetings(self) -> list[HeldMeeting]:
        """Held in the year, up to ``on``."""
        return [each for each in self._own.meetings if each.held_on <= self.on] if self._own else []

    @cached_property
    def topics(self) -> Sequence[ProposedTopic]:
        """Proposed in the year; they stand where the ledger has them now."""
        return self._own.topics if self._own else ()

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
            return _in_force(self.year)
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
        return not self.is_closed(decision) and decision.deadline is not None and decision.deadline < self.on

    def has_come_due(self, decision: Established) -> bool:
        return decision.deadline is not None and decision.deadline <= self.on

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
        "专题会议",
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
        "本年提出的议题中已确认基本共识的，或已经会议研究的",
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
        "未办结的事项中，完成时限早于统计日的",
        lambda of, each: of.is_overdue(each),
    ),
    _decisions(
        "decisions.due",
        "到期",
        "R-092",
        "合计中完成时限不晚于统计日的（长期事项没有时限，不计）",
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


class Rate(Value):
    """A share of one figure in another, named by both; ``text`` is what is printed."""

    label: str
    numerator: str
    denominator: str
    text: str


class Numbers(Value):
    """The number of each figure, by its name in ``definitions``, and the rates."""

    figures: dict[str, int]
    rates: dict[str, Rate]


class PairLine(Numbers):
    """One pair of the report."""

    pair: str
    name: str
    official_name: str
    group: Group
    adopted_on: date | None
    state: State
    state_label: str


class Report(Value):
    """The report. ``sha256`` is that of the canonical JSON of all the rest: same facts, same bytes (R-093)."""

    format: str = FORMAT
    title: str
    scope: str
    year: int
    on: date
    ended: bool
    mandatory: Numbers
    voluntary: Numbers
    pairs: tuple[PairLine, ...]
    unregistered: tuple[Unregistered, ...]
    rests_on: tuple[LedgerEnd, ...]
    definitions: tuple[Definition, ...] = DEFINITIONS
    sha256: str = ""


class MemberPage(Value):
    """A page of the members of one figure, by pair and id. ``count`` is the figure itself, not the page's."""

    figure: Definition
    count: int
    members: tuple[Member, ...]
    next_after: tuple[str, str] | None = None


def percent(numerator: int, denominator: int) -> str:
    """Give a share in percent, one decimal, half-up; "—" where there is nothing to share."""
    if denominator == 0:
        return NOTHING
    share = Decimal(numerator) * 100 / Decimal(denominator)
    return f"{share.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP)}%"


def city(source: Source) -> Report:
    """Make the report of a year; pure: the same source gives the same bytes."""
    years = _pair_years(source)
    report = Report(
        title=f"{source.area}{source.year}年度政府与同级工会联席会议情况",
        scope=source.scope,
        year=source.year,
        on=source.on,
        ended=source.ended,
        mandatory=_numbers([of for of in years if of.pair.mandatory], _owing(source)),
        voluntary=_numbers([of for of in years if not of.pair.mandatory]),
        pairs=tuple(_line(of, ended=source.ended) for of in years),
        unregistered=source.unregistered,
        rests_on=source.ledgers,
    )
    return report.model_copy(update={"sha256": digest(report)})


def digest(report: Report) -> str:
    """Compute the SHA-256, in hex, that a report must carry, from all the rest of it."""
    return content_hash(report.model_dump(mode="json", exclude={"sha256"}))


def members(
    source: Source,
    figure: str,
    *,
    pair: str | None = None,
    group: Group | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 100,
) -> MemberPage:
    """Page through the members of one figure: of one pair, of one group, or, with neither, of all pairs.

    Args:
        source: what the report was made of.
        figure: its name in ``definitions``.
        pair: only this pair's. group: only this group's.
        after: the pair and id of the last member seen. limit: at most so many.

    Raises: UnknownFigure, UnknownPair.
    """
    if figure not in FIGURES:
        raise UnknownFigure(figure)
    years = [of for of in _pair_years(source) if pair in {None, of.pair.id}]
    if pair is not None and not years:
        raise UnknownPair(pair)
    chosen = [of for of in years if group is None or of.pair.mandatory is (group is Group.MANDATORY)]
    unregistered = _owing(source) if pair is None and group is not Group.VOLUNTARY else ()
    found = _members(figure, chosen, unregistered)
    rest = [each for each in found if (each.pair, each.id) > (after or ("", ""))]
    page = rest[:limit]
    more = (page[-1].pair, page[-1].id) if len(rest) > limit and page else None
    return MemberPage(
        figure=FIGURES[figure].definition, count=len(found), members=tuple(page), next_after=more
    )


def _members(figure: str, years: Iterable[PairYear], unregistered: Iterable[Unregistered]) -> list[Member]:
    found = [Member(pair=of.pair.id, id=each) for of in years for each in of.picked[figure]]
    if figure in OWED:
        found += [Member(pair=each.code, id=each.code) for each in unregistered]
    return sorted(found, key=lambda each: (each.pair, each.id))


def _owing(source: Source) -> tuple[Unregistered, ...]:
    # A division without a pair owes its meeting all the same; before the rule of 2024 nobody did.
    return source.unregistered if _in_force(source.year) else ()


def _in_force(year: int) -> bool:
    return rule_version(date(year, 12, 31)) == "2024"


def _pair_years(source: Source) -> list[PairYear]:
    tallies: dict[str, dict[int, Tally]] = {}
    for each in source.tallies:
        if each.tally.year <= source.year:
            tallies.setdefault(each.pair, {})[each.tally.year] = each.tally
    return [
        PairYear(pair=pair, year=source.year, on=source.on, tallies=tallies.get(pair.id, {}))
        for pair in sorted(source.pairs, key=lambda each: each.id)
        if pair.mandatory
        or pair.id in tallies
        or (pair.registered_on is not None and pair.registered_on <= source.on)
    ]


def _numbers(years: Iterable[PairYear], unregistered: Sized = ()) -> Numbers:
    figures = dict.fromkeys(FIGURES, 0)
    for of in years:
        for name, picked in of.picked.items():
            figures[name] += len(picked)
    for name in OWED:
        figures[name] += len(unregistered)
    rates = {
        name: Rate(
            label=label,
            numerator=numerator,
            denominator=denominator,
            text=percent(figures[numerator], figures[denominator]),
        )
        for name, (label, numerator, denominator) in RATES.items()
    }
    return Numbers(figures=figures, rates=rates)


def _line(of: PairYear, *, ended: bool) -> PairLine:
    state = _state(of, ended=ended)
    numbers = _numbers([of])
    return PairLine(
        pair=of.pair.id,
        name=of.pair.name,
        official_name=of.pair.official_name,
        group=Group.MANDATORY if of.pair.mandatory else Group.VOLUNTARY,
        adopted_on=of.pair.adopted_on,
        state=state,
        state_label=STATE_LABELS[state],
        figures=numbers.figures,
        rates=numbers.rates,
    )


def _state(of: PairYear, *, ended: bool) -> State:
    if of.meetings:
        return State.HELD
    if not of.due:
        return State.NOT_DUE
    return State.MISSED if ended else State.NOT_YET


def gather(
    views: Views,
    *,
    scope: str,
    year: int,
    today: date,
    on: date | None = None,
    divisions: Iterable[pairs.Division] = (),
) -> Source:
    """Read what a report is made of: each pair's rows exactly as its ledger ended when they were read.

    Args:
        views: the read side.
        scope: the beginning that the ids of the subtree's pairs share (1408, 140830).
        year: the calendar year.
        today: the legal day (Asia/Shanghai).
        on: the last day counted; the earlier of today and 31 December where none is given.
        divisions: the register, by which mandatory divisions without a pair are found.

    Raises: YearNotBegun, DayOutsideYear; LedgerBusy where a pair never stood still long enough to be read.
    """
    last = min(today, date(year, 12, 31))
    if last.year < year:
        raise YearNotBegun(YearNotBegun.__doc__)
    day = on or last
    if not date(year, 1, 1) <= day <= last:
        raise DayOutsideYear(DayOutsideYear.__doc__)
    known = list(divisions)
    found = _read(views, scope)
    listed = [_known_pair(rows.pair) for rows in found.values() if rows.pair is not None]
    return Source(
        scope=scope,
        area=_area(scope, known),
        year=year,
        on=day,
        ended=today > date(year, 12, 31),
        pairs=tuple(listed),
        tallies=tuple(
            CountedYear(pair=tenant, tally=Tally.model_validate(row.body))
            for tenant, rows in found.items()
            for row in rows.tallies
            if int(row.id) <= year
        ),
        ledgers=tuple(
            LedgerEnd(pair=tenant, position=rows.head.position, hash=rows.head.hash.hex())
            for tenant, rows in found.items()
        ),
        unregistered=tuple(
            Unregistered(code=each.code, name=each.full_name)
            for each in known
            if each.mandatory
            and each.code.startswith(scope)
            and each.code not in {pair.id for pair in listed}
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """One pair's rows, and the end of the ledger that they are of."""

    head: Head
    pair: Row | None
    tallies: Sequence[Row]


def _read(views: Views, scope: str) -> dict[str, _Rows]:
    # Pages and heads are read in transactions of their own. A head that did not move between two looks vouches
    # for everything of its pair that was read in between; the few pairs that moved are read again, one by one.
    before = views.heads(scope)
    pair_rows = dict(_across(views, scope, "pair"))
    tallies: dict[str, list[Row]] = {}
    for tenant, row in _across(views, scope, "tally"):
        tallies.setdefault(tenant, []).append(row)
    after = views.heads(scope)
    return {
        tenant: (
            _Rows(head=head, pair=pair_rows.get(tenant), tallies=tallies.get(tenant, []))
            if before.get(tenant) == head
            else _read_one(views, tenant)
        )
        for tenant, head in sorted(after.items())
    }


def _read_one(views: Views, tenant: str) -> _Rows:
    for _ in range(TRIES):
        before = views.heads(tenant)[tenant]
        rows = _Rows(
            head=before, pair=views.row(tenant, "pair", tenant), tallies=views.all_rows(tenant, "tally")
        )
        if views.heads(tenant)[tenant] == before:
            return rows
    raise LedgerBusy(tenant)


def _across(views: Views, scope: str, view: str) -> Iterator[tuple[str, Row]]:
    after: tuple[str, str] | None = None
    while True:
        page = views.across(scope, view, after=after, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = (page[-1][0], page[-1][1].id)


def _known_pair(row: Row) -> KnownPair:
    division = pairs.Division.model_validate(row.body["division"])
    fields = {name: row.body[name] for name in ("official_name", "mandatory", "registered_on", "adopted_on")}
    return KnownPair.model_validate({"id": row.id, "name": division.full_name, **fields})


def _area(scope: str, divisions: Iterable[pairs.Division]) -> str:
    code = scope if len(scope) > 6 else scope.ljust(6, "0")  # noqa: PLR2004 - the length of a county's code.
    return next((each.full_name for each in divisions if each.code == code), "")
