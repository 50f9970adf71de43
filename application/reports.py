"""The report of a year: who met, what was taken up, what was decided, and what became of it.

Everything is a pure function of a ``Source``: the rows of the pairs, the year and the day. Mandatory and
voluntary pairs are never added up. Source: R-003, R-004, R-032, R-092, R-093; requirements.md section 12.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from application.figure import Definition, Picked
from application.figures import DEFINITIONS, FIGURES, MEANS, RATES, mean, owed, percent, picked
from application.pair_year import Limits, OwedReport, PairYear, in_force
from application.report_source import LedgerEnd, Source, Unregistered
from application.views.tally import Counted
from domain.chain import content_hash
from domain.decider import Value
from domain.rulebook import Rulebook

FORMAT: Final = "lianxi-report/v3"


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


class Member(Value):
    """One member of a figure: its pair and its id there (a pair's own id, where pairs are counted).

    ``days``: how late it was, where the figure asks for that.
    """

    pair: str
    id: str
    days: int | None = None


class Rate(Value):
    """A share of one figure in another, named by both; ``text`` is what is printed."""

    label: str
    numerator: str
    denominator: str
    text: str


class Mean(Value):
    """The mean of the days of a figure's members; ``text`` is what is printed."""

    label: str
    figure: str
    days: int
    text: str


class Numbers(Value):
    """The number of each figure, by its name in ``definitions``, the rates and the means."""

    figures: dict[str, int]
    rates: dict[str, Rate]
    means: dict[str, Mean]


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
    day_over: bool
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


Members = Mapping[str, Sequence[Picked]]


def report(source: Source) -> Report:
    """Make the report of a year; pure: the same source gives the same bytes, in whatever order it was read."""
    years = pair_years(source)
    found = {of.pair.id: picked(of) for of in years}

    def together(*, mandatory: bool) -> list[Members]:
        return [found[of.pair.id] for of in years if of.pair.mandatory is mandatory]

    made = Report(
        title=f"{source.area}{source.year}年度政府与同级工会联席会议情况",
        scope=source.scope,
        year=source.year,
        on=source.on,
        ended=source.ended,
        day_over=source.day_over,
        mandatory=_numbers(together(mandatory=True), _owing(source)),
        voluntary=_numbers(together(mandatory=False)),
        pairs=tuple(_line(of, found[of.pair.id], ended=source.ended) for of in years),
        unregistered=tuple(sorted(source.unregistered, key=lambda each: each.code)),
        rests_on=tuple(sorted(source.ledgers, key=lambda each: each.pair)),
    )
    return made.model_copy(update={"sha256": digest(made)})


def digest(made: Report) -> str:
    """Compute the SHA-256, in hex, that a report must carry, from all the rest of it."""
    return content_hash(made.model_dump(mode="json", exclude={"sha256"}))


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
    years = [of for of in pair_years(source) if pair in {None, of.pair.id}]
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


def all_members(source: Source) -> dict[str, list[Member]]:
    """List every member of every figure, of all pairs, by pair and id."""
    years, owing = pair_years(source), _owing(source)
    return {name: _members(name, years, owing) for name in FIGURES}


def _members(figure: str, years: Iterable[PairYear], unregistered: Iterable[Unregistered]) -> list[Member]:
    pick = FIGURES[figure].pick
    found = [Member(pair=of.pair.id, id=each.id, days=each.days) for of in years for each in pick(of)]
    found += [Member(pair=each.code, id=each.code) for each in unregistered if owed(figure, each.code)]
    return sorted(found, key=lambda each: (each.pair, each.id))


def _owing(source: Source) -> tuple[Unregistered, ...]:
    # A division without a pair owes its meeting all the same; before the rule of 2024 nobody did.
    return source.unregistered if in_force(source.year) else ()


def pair_years(source: Source) -> list[PairYear]:
    """Give each pair's year, by the pair's id; those registered by choice after the day are left out."""
    rows: dict[str, list[Counted]] = {pair.id: [] for pair in source.pairs}
    for each in source.rows:
        rows[each.pair].append(each.counted)
    limits: dict[str, dict[str, Limits]] = {}
    for limit in source.limits:
        limits.setdefault(limit.pair, {})[limit.meeting] = limit.limits
    owed: dict[str, list[OwedReport]] = {}
    for each_owed in source.owed:
        owed.setdefault(each_owed.pair, []).append(each_owed.report)
    rules = {known.id: known for known in source.rulebooks}
    return [
        PairYear(
            pair=pair,
            year=source.year,
            on=source.on,
            day_over=source.day_over,
            rows=sorted(rows[pair.id], key=lambda each: (each.of, each.id)),
            limits=limits.get(pair.id, {}),
            rules=rules.get(pair.id, Rulebook(id=pair.id)),
            owed=sorted(owed.get(pair.id, ()), key=lambda each: each.id),
        )
        for pair in sorted(source.pairs, key=lambda each: each.id)
        if pair.mandatory or (pair.registered_on is not None and pair.registered_on <= source.on)
    ]


def _numbers(found: Iterable[Members], unregistered: Iterable[Unregistered] = ()) -> Numbers:
    together: dict[str, list[Picked]] = {name: [] for name in FIGURES}
    for members_of in found:
        for name, each in members_of.items():
            together[name].extend(each)
    for division in unregistered:
        for name, listed in together.items():
            if owed(name, division.code):
                listed.append(Picked(division.code))
    return Numbers(
        figures={name: len(listed) for name, listed in together.items()},
        rates={
            name: Rate(
                label=label,
                numerator=numerator,
                denominator=denominator,
                text=percent(len(together[numerator]), len(together[denominator])),
            )
            for name, (label, numerator, denominator) in RATES.items()
        },
        means={name: _mean(label, figure, together[figure]) for name, (label, figure) in MEANS.items()},
    )


def _mean(label: str, figure: str, listed: Iterable[Picked]) -> Mean:
    days = [each.days for each in listed if each.days is not None]
    return Mean(label=label, figure=figure, days=sum(days), text=mean(days))


def _line(of: PairYear, found: Members, *, ended: bool) -> PairLine:
    state = _state(of, ended=ended)
    numbers = _numbers([found])
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
        means=numbers.means,
    )


def _state(of: PairYear, *, ended: bool) -> State:
    if of.counting:
        return State.HELD
    if not of.due:
        return State.NOT_DUE
    return State.MISSED if ended else State.NOT_YET
