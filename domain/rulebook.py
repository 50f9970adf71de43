"""The rules that a pair is judged by: what it has adopted of its city's standards, and whether its regime still rests on any.

Adopting copies an entry into the pair's own ledger and is never backdated. What is adopted is in force from its own date
of effect, but never before the day after the adoption, so no past day is ever judged anew (R-010 – R-012, section 11).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, assert_never, get_args

from pydantic import Field

from domain import calendar as working_days
from domain import norms, refusals, regulation, wording
from domain.decider import Command, Decider, Fact, Signatory, Value, latest, not_before

NEXT_DAY = timedelta(days=1)


class OnlyToday(refusals.Refusal):
    """采用市级规则不能倒签，业务日期须为当日。"""

    requirement = "R-010"
    remedy = "业务日期填今天；采用的规则最早自次日起施行。"


class RestsOnNothing(refusals.Refusal):
    """重新引用的依据须当日有效，并且没有废止。"""

    requirement = "R-012"
    remedy = "请引用现行依据；市里新登记的依据，先采用后引用。"


class BasisAdopted(Fact):
    topic = "rulebook.basis_adopted"
    label = "采用市级登记的依据"

    basis: norms.LegalBasis
    effective_from: date
    source: norms.Source


class RepealAdopted(Fact):
    topic = "rulebook.repeal_adopted"
    label = "采用依据的废止"

    repeal: norms.Repeal
    effective_from: date
    source: norms.Source


class ParametersAdopted(Fact):
    topic = "rulebook.parameters_adopted"
    label = "采用市级参数"

    parameters: norms.ParameterSet
    effective_from: date
    source: norms.Source


class CalendarAdopted(Fact):
    topic = "rulebook.calendar_adopted"
    label = "采用工作日历"

    calendar: norms.WorkCalendar
    effective_from: date
    source: norms.Source


class RepealFlagRaised(Fact):
    topic = "rulebook.repeal_flag_raised"
    label = "依据全部废止，须重新引用"

    bases: tuple[str, ...]
    since: date


class FlagCleared(Fact):
    topic = "rulebook.flag_cleared"
    label = "已重新引用依据"

    bases: tuple[str, ...]


class AdoptStandards(Command):
    """采用市级规则：把市里新设定的依据、废止、参数和日历逐条记入本单位的台账，最早自次日起施行。"""


class RebaseRegime(Command):
    """重新引用依据：原来引用的依据废止以后，改以现行依据为制度的依据。"""

    bases: tuple[wording.Line, ...] = Field(
        title="依据文号", max_length=10, examples=[["运政办发〔2024〕7号"]]
    )


class Adopted(Value):
    """One adopted entry: when it was adopted, from when it is in force here, and where it comes from."""

    adopted_on: date
    effective_from: date
    source: norms.Source


class AdoptedBasis(Adopted):
    """A basis that the pair may cite."""

    basis: norms.LegalBasis


class AdoptedRepeal(Adopted):
    """The end of a basis, for this pair."""

    repeal: norms.Repeal


class AdoptedParameters(Adopted):
    """A version of the parameters."""

    parameters: norms.ParameterSet


class AdoptedCalendar(Adopted):
    """A year's working days."""

    calendar: norms.WorkCalendar


class Flag(Value):
    """An open flag: none of the bases that the pair cites is in force from ``since`` on (R-012)."""

    bases: tuple[str, ...]
    since: date
    raised_on: date


class Rulebook(Value):
    """What a pair has adopted; blank it is judged by what is built in."""

    id: str = ""
    adopted: int = 0
    bases: tuple[AdoptedBasis, ...] = ()
    repeals: tuple[AdoptedRepeal, ...] = ()
    parameter_versions: tuple[AdoptedParameters, ...] = ()
    calendars: tuple[AdoptedCalendar, ...] = ()
    flag: Flag | None = None

    def parameters(self, on: date) -> regulation.Parameters:
        """Give the parameters that judge a local date."""
        known = self._version(on)
        return known.parameters if known is not None else regulation.PARAMETERS

    def parameters_version(self, on: date) -> int:
        """Give the number of the version that judges a local date; 1 is what is built in."""
        known = self._version(on)
        return known.version if known is not None else regulation.FIRST_VERSION

    def _version(self, on: date) -> norms.ParameterSet | None:
        found = [each for each in self.parameter_versions if each.effective_from <= on]
        return found[-1].parameters if found else None

    def basis(self, number: str) -> regulation.Basis | None:
        """Find a basis that this pair knows, with the day on which its repeal reached it."""
        known = regulation.basis(number) or self._registered(number)
        ended = [each.effective_from for each in self.repeals if each.repeal.number == number]
        if known is None or not ended:
            return known
        return replace(known, repealed_on=min(ended))

    def _registered(self, number: str) -> regulation.Basis | None:
        for each in self.bases:
            if each.basis.number == number:
                return regulation.Basis(
                    number=number, title=each.basis.title, in_force_from=each.effective_from
                )
        return None

    def in_force(self, number: str, *, on: date) -> bool:
        """Whether a basis may be cited on a local date."""
        known = self.basis(number)
        return known is not None and known.in_force(on)

    def calendar_known(self, on: date, *, base: working_days.Calendar) -> working_days.Calendar:
        """Give the calendar that judges a local date: what was adopted before it, laid over ``base``."""
        years = {
            each.calendar.days.year: each.calendar.days
            for each in self.calendars
            if each.effective_from <= on
        }
        return working_days.Overlaid(years=years, base=base)

    def calendar_of(self, year: int, *, known_on: date = date.max) -> AdoptedCalendar | None:
        """Give the latest calendar of a year that was adopted before a local date."""
        found = [
            each
            for each in self.calendars
            if each.calendar.days.year == year and each.effective_from <= known_on
        ]
        return found[-1] if found else None


RulebookFact = (
    BasisAdopted | RepealAdopted | ParametersAdopted | CalendarAdopted | RepealFlagRaised | FlagCleared
)


def adopt(
    command: AdoptStandards,
    known: Rulebook,
    *,
    by: Signatory,
    today: date,
    published: norms.Published,
    cited: Sequence[str],
) -> list[RulebookFact]:
    """Adopt what the city has set since the last time, and flag a regime that rests on nothing any more.

    ``cited`` are the bases that the pair cites. Returns: nothing where nothing is new.
    Raises: OnlyToday (R-010).
    """
    if command.on != today:
        raise OnlyToday(f"业务日期 {command.on}，今天 {today}。", pointer="/on")
    facts: list[RulebookFact] = [
        _adopted(entry, by=by, on=command.on, source=published.source)
        for entry in published.entries
        if entry.entry > known.adopted
    ]
    flag = _flagged(DECIDER.fold(facts, state=known), cited, on=command.on, by=by)
    return [*facts, *flag]


def _adopted(entry: norms.Norm, *, by: Signatory, on: date, source: norms.Source) -> RulebookFact:
    tomorrow = on + NEXT_DAY
    match entry:
        case norms.LegalBasis():
            since = max(entry.in_force_from, tomorrow)
            return BasisAdopted(on=on, by=by, basis=entry, effective_from=since, source=source)
        case norms.Repeal():
            since = max(entry.repealed_on, tomorrow)
            return RepealAdopted(on=on, by=by, repeal=entry, effective_from=since, source=source)
        case norms.ParameterSet():
            since = max(entry.effective_from, tomorrow)
            return ParametersAdopted(on=on, by=by, parameters=entry, effective_from=since, source=source)
        case norms.WorkCalendar():
            return CalendarAdopted(on=on, by=by, calendar=entry, effective_from=tomorrow, source=source)
        case _:
            assert_never(entry)


def _flagged(known: Rulebook, cited: Sequence[str], *, on: date, by: Signatory) -> list[RulebookFact]:
    # Judged for tomorrow, on which what was adopted today begins to hold.
    if known.flag is not None or not cited:
        return []
    if any(known.in_force(number, on=on + NEXT_DAY) for number in cited):
        return []
    ended = latest(*(found.repealed_on for number in cited if (found := known.basis(number)) is not None))
    return [RepealFlagRaised(on=on, by=by, bases=tuple(cited), since=ended or on)]


def rebase(
    command: RebaseRegime,
    known: Rulebook,
    *,
    by: Signatory,
    today: date,
    cited: Sequence[str],
    adopted_on: date | None,
) -> tuple[list[regulation.Basis], list[RulebookFact]]:
    """Rest a regime on other bases.

    Returns: the bases that are newly cited, and what becomes of the flag.
    Raises: RestsOnNothing (R-012), WrongState, AlreadyDone, BeforeItsBasis.
    """
    if adopted_on is None:
        raise refusals.WrongState("尚未建立联席会议制度。", requirement="R-012")
    not_before(command.on, adopted_on, what="建制")
    not_before(command.on, known.flag.raised_on if known.flag else None, what="依据废止的提示")
    wanted = [known.basis(number) for number in dict.fromkeys(command.bases)]
    lasting = [
        each
        for each in wanted
        if each is not None and each.in_force(command.on) and each.in_force(today + NEXT_DAY)
    ]
    if not wanted or len(lasting) != len(wanted):
        raise RestsOnNothing(pointer="/bases")
    new = [each for each in lasting if each.number not in cited]
    if not new:
        raise refusals.AlreadyDone("所列依据均已引用。", requirement="R-012", pointer="/bases")
    if known.flag is None:
        return new, []
    return new, [FlagCleared(on=command.on, by=by, bases=tuple(each.number for each in new))]


def evolve(known: Rulebook, fact: RulebookFact) -> Rulebook:
    """Fold one fact into the rulebook."""
    match fact:
        case BasisAdopted():
            held = AdoptedBasis(**_kept(fact), basis=fact.basis)
            return known.model_copy(update={"bases": (*known.bases, held), "adopted": fact.basis.entry})
        case RepealAdopted():
            ended = AdoptedRepeal(**_kept(fact), repeal=fact.repeal)
            return known.model_copy(update={"repeals": (*known.repeals, ended), "adopted": fact.repeal.entry})
        case ParametersAdopted():
            version = AdoptedParameters(**_kept(fact), parameters=fact.parameters)
            return known.model_copy(
                update={
                    "parameter_versions": (*known.parameter_versions, version),
                    "adopted": fact.parameters.entry,
                }
            )
        case CalendarAdopted():
            year = AdoptedCalendar(**_kept(fact), calendar=fact.calendar)
            return known.model_copy(
                update={"calendars": (*known.calendars, year), "adopted": fact.calendar.entry}
            )
        case RepealFlagRaised():
            flag = Flag(bases=fact.bases, since=fact.since, raised_on=fact.on)
            return known.model_copy(update={"flag": flag})
        case FlagCleared():
            return known.model_copy(update={"flag": None})
        case _:
            assert_never(fact)


def _kept(fact: BasisAdopted | RepealAdopted | ParametersAdopted | CalendarAdopted) -> dict[str, Any]:
    return {"adopted_on": fact.on, "effective_from": fact.effective_from, "source": fact.source}


DECIDER = Decider(
    kind="rulebook", label="适用规则", facts=get_args(RulebookFact), initial=Rulebook(), evolve=evolve
)
