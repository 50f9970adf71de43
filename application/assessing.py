"""What an upper union scores of a lower pair: that pair's record of one year, and every formula over it (R-087, A21).

The record is a pure function of the lower pair's ledger up to a position: whoever holds that ledger computes the same.
"""

from datetime import date

from application import surroundings
from application.dossier import Dossier
from domain import calendar, decisions, meetings, scores, scoring, years
from domain.decider import Side
from domain.publicity import About
from domain.regulation import Category

WITHOUT_FULFILMENT = frozenset({decisions.Status.TERMINATED, decisions.Status.SUPERSEDED})


def lower(dossier: Dossier, *, year: int, base: calendar.Calendar) -> scores.Lower:
    """Read what scoring needs of a lower pair, as its ledger stands; ``base`` are the working days it adopted none for."""
    division = dossier.pair.division
    found = record(dossier, year=year, base=base)
    return scores.Lower(
        id=dossier.tenant,
        parent=division.parent if division is not None else "",
        posts_of_its_own=frozenset(each.person for each in dossier.posts.values()),
        results={formula: compute(found) for formula, compute in scoring.FORMULAS.items()},
        position=dossier.head.position,
        hash=dossier.head.hash.hex(),
    )


def record(dossier: Dossier, *, year: int, base: calendar.Calendar) -> scoring.Record:
    """Gather a pair's record of a year, valid on its last day."""
    last_day = date(year, 12, 31)
    mine: years.Year = dossier.state(f"year:{year}")
    return scoring.Record(
        year=year,
        held=_held(dossier, year, base),
        decisions=_promised(dossier, last_day),
        liaison=tuple(
            Side(side)
            for side, each in dossier.liaisons.items()
            if each.first_on and each.first_on <= last_day
        ),
        planned=mine.plan is not None and mine.plan.on <= last_day,
        discussed=tuple(each.side for each in mine.discussions),
    )


def _held(dossier: Dossier, year: int, base: calendar.Calendar) -> tuple[scoring.Held, ...]:
    last_day = date(year, 12, 31)
    counted = {each.id for each in years.counted(year, surroundings.of_year(dossier, on=last_day))}
    content = {
        each.meeting: each
        for each in surroundings.publicity_owed(dossier, on=last_day, base=base)
        if each.about is About.CONTENT
    }
    issued = {each.id: each.issued_on for each in dossier.minutes if each.issued_on}
    worked = surroundings.worked_days_of(dossier, on=last_day, base=base)
    days = surroundings.parameters_of(dossier, on=last_day).minutes_yellow_days
    return tuple(
        _sitting(
            each,
            counts=each.id in counted,
            minutes_due=calendar.add_working_days(each.held_on, days, calendar=worked),
            minutes_on=_by(issued.get(each.id), last_day),
            publicity_due=content[each.id].due if each.id in content else None,
            publicity_on=_by(content[each.id].published_on, last_day) if each.id in content else None,
        )
        for each in dossier.meetings
        if each.held_on is not None and each.held_on.year == year
    )


def _sitting(
    meeting: meetings.Meeting,
    *,
    counts: bool,
    minutes_due: calendar.Due,
    minutes_on: date | None,
    publicity_due: date | None,
    publicity_on: date | None,
) -> scoring.Held:
    # A first meeting without a history has nothing to account for, and may leave the item out.
    listed = Category.C6.value in meeting.agenda
    return scoring.Held(
        id=meeting.id,
        counts=counts,
        accounts_due=listed or meeting.ordinal > 1,
        accounted=listed and meeting.report is not None,
        minutes_due=minutes_due.on,
        minutes_on=minutes_on,
        publicity_due=publicity_due,
        publicity_on=publicity_on,
        provisional=minutes_due.provisional,
    )


def _by(day: date | None, last_day: date) -> date | None:
    return day if day is not None and day <= last_day else None


def _promised(dossier: Dossier, last_day: date) -> tuple[scoring.Promised, ...]:
    interval = surroundings.parameters_of(dossier, on=last_day).report_interval_months
    return tuple(
        scoring.Promised(
            id=each.id,
            established_on=each.established_on,
            deadline=each.original_deadline,
            fulfilled_on=each.fulfilled_on,
            ended_on=each.fulfilled_on or each.closed_on,
            without_fulfilment=each.status in WITHOUT_FULFILMENT,
            interval_months=each.report_interval_months or interval,
            reported=tuple(told.on for told in each.progress),
        )
        for each in dossier.decisions
        if each.established_on is not None and each.established_on <= last_day
    )
