"""A pair's warnings on a local date, made of its dossier; nothing of it is stored (R-037, R-083, R-084, R-086, R-099)."""

from datetime import date

from application import surroundings
from application.dossier import Dossier
from domain import alerts, annual, calendar, meetings, years
from domain.decider import Side
from domain.regulation import Category


def of_pair(dossier: Dossier, *, on: date, base: calendar.Calendar) -> list[alerts.Alert]:
    """List what ought to have been done by a local date and was not, as the pair's ledger stands now.

    ``base`` gives the working days of the years for which the pair has adopted no calendar. Acts dated after that day count as not done yet. The year before is looked at for its meeting alone.
    """
    if dossier.pair.division is None or on.year < annual.FIRST_YEAR:
        return []
    parameters = surroundings.parameters_of(dossier, on=on)
    duty = _duty(dossier, on=on)
    known: years.Year = dossier.state(f"year:{on.year}")
    found: list[alerts.Alert] = []
    # What a year has missed is told of whoever left as well; what could still be done, only of those who may do it.
    bound = dossier.pair.mandatory or dossier.pair.in_regime(on)
    for year in (on.year - 1, on.year) if bound else (on.year - 1,):
        preparing = _preparing(dossier, year, on=on)
        found += alerts.of_the_meeting(year, duty, preparing, on=on, parameters=parameters)
    if bound and years.owes(on.year, duty):
        found += alerts.of_the_plan(on.year, known, on=on, parameters=parameters)
        found += alerts.of_the_leaders(on.year, known, on=on)
    named = frozenset(
        Side(side) for side, each in dossier.liaisons.items() if each.first_on and each.first_on <= on
    )
    gaps = {Side(side): each.gap_since for side, each in dossier.liaisons.items() if each.gap_since}
    found += alerts.of_the_liaison(named, gaps, since=dossier.pair.adopted_on, on=on)
    found += alerts.of_the_publicity(surroundings.publicity_owed(dossier, on=on, base=base), on=on)
    found += alerts.of_the_briefings(_briefed(dossier, on=on))
    return found


def _duty(dossier: Dossier, *, on: date) -> years.Duty:
    duty = surroundings.of_year(dossier, on=on)
    return duty.model_copy(update={"held": tuple(each for each in duty.held if each.held_on <= on)})


def _preparing(dossier: Dossier, year: int, *, on: date) -> alerts.Preparing:
    coming = [each for each in dossier.meetings if _belongs(each, year, on=on)]
    agreed = [
        each
        for each in coming
        if each.date_consents.agreed and each.date_consents.agreed_on and each.date_consents.agreed_on <= on
    ]
    noticed = [each for each in coming if each.notice is not None and each.notice.on <= on]
    return alerts.Preparing(planned=bool(coming), agreed=bool(agreed), noticed=bool(noticed))


def _belongs(meeting: meetings.Meeting, year: int, *, on: date) -> bool:
    alive = meeting.status is not meetings.Status.CANCELLED
    begun = meeting.born_on is not None and meeting.born_on <= on
    return alive and begun and (meeting.meeting_date.year if meeting.meeting_date else meeting.year) == year


def _briefed(dossier: Dossier, *, on: date) -> list[alerts.Briefed]:
    return [
        alerts.Briefed(
            meeting=each.id,
            absent=tuple(
                category for category in (Category.C1, Category.C2) if category.value not in each.agenda
            ),
        )
        for each in dossier.meetings
        if each.kind is meetings.Kind.ANNUAL
        and not each.imported
        and each.held_on is not None
        and each.held_on <= on
        and each.held_on.year == on.year
    ]
