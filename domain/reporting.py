"""When the leaders are next to be told of a decision, and which reports were late: computed, never stored.

A11: the first report within a month of the establishment; from then on within five working days after each change of
state, otherwise each quarter (a long-term decision by its own interval). A progress report is no change of state.
Until the first report its own term covers whatever changes, because nothing told before could have become untrue.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import StrEnum

from domain import calendar, decisions, leader_reports
from domain.decider import Value, latest
from domain.regulation import PARAMETERS, Parameters

MONTHS = 12


class Reason(StrEnum):
    """Why a report is due."""

    FIRST = "first"
    CHANGE = "change"
    INTERVAL = "interval"


REASON_LABELS = {
    Reason.FIRST: "首次汇报",
    Reason.CHANGE: "状态变化",
    Reason.INTERVAL: "定期汇报",
}


class Duty(Value):
    """One report that was or is due: since what, until when, and when it was made (None: not yet)."""

    reason: Reason
    label: str
    since: date
    due: date
    provisional: bool = False
    made_on: date | None = None
    report: str = ""

    def late(self, on: date) -> bool:
        """Whether it was made too late, or is overdue on a local date."""
        return (self.made_on or on) > self.due


class Timeliness(Value):
    """The duties to report one decision, oldest first, and the next one that is open."""

    decision: str
    duties: tuple[Duty, ...]
    next_due: date | None
    late: tuple[Duty, ...]

    @property
    def timely(self) -> bool:
        return not self.late


def add_months(day: date, months: int) -> date:
    """Give the same day some months later, the last of that month where it has no such day."""
    year, month = divmod(day.month - 1 + months, MONTHS)
    last = monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))


def changes(decision: decisions.Decision) -> list[date]:
    """List the dates of the changes of state after the establishment, progress apart."""
    begun = {decisions.Status.ACCEPTED, decisions.Status.SUPERVISED}
    return [
        step.on
        for before, step in zip(decision.path, decision.path[1:], strict=False)
        if not (step.status is decisions.Status.IN_PROGRESS and before.status in begun)
    ]


def timeliness(
    decision: decisions.Decision,
    reports: Iterable[leader_reports.LeaderReport],
    *,
    on: date,
    days: calendar.Calendar,
    parameters: Parameters | Callable[[date], Parameters] = PARAMETERS,
) -> Timeliness:
    """Tell which reports on a decision were due by a local date, when the next one is, and which were late.

    ``parameters`` may be given by the day since which a report is due, so that a change judges no earlier duty anew.
    ``reports`` are the pair's; those that do not cover the decision, or were made after ``on``, do not count.
    """
    told = sorted(
        (each.on, each.id)
        for each in reports
        if each.on is not None and each.on <= on and each.covers(decision.id)
    )
    known = parameters
    by_day = known if not isinstance(known, Parameters) else lambda _: known
    found = tuple(_duties(decision, told, on=on, days=days, parameters=by_day))
    duties = tuple(sorted(found, key=lambda duty: (duty.due, duty.since, duty.reason)))
    waiting = [duty.due for duty in duties if duty.made_on is None]
    return Timeliness(
        decision=decision.id,
        duties=duties,
        next_due=min(waiting, default=None),
        late=tuple(duty for duty in duties if duty.late(on)),
    )


def _duties(
    decision: decisions.Decision,
    told: list[tuple[date, str]],
    *,
    on: date,
    days: calendar.Calendar,
    parameters: Callable[[date], Parameters],
) -> Iterator[Duty]:
    # Of an imported decision nobody could report here before it was imported.
    begun = latest(decision.established_on, decision.imported_on)
    if begun is None or begun > on:
        return
    yield _duty(Reason.FIRST, begun, add_months(begun, parameters(begun).first_report_months), told)
    if not told:
        return
    first = told[0][0]
    for changed in changes(decision):
        if first < changed <= on:
            within = parameters(changed).status_report_days
            due = calendar.add_working_days(changed, within, calendar=days)
            yield _duty(Reason.CHANGE, changed, due.on, told, provisional=due.provisional)
    own = decision.report_interval_months if decision.long_term else None
    closed = decision.closed_on if decision.closed_on is not None and decision.closed_on <= on else None
    for since, following in zip(told, [*told[1:], None], strict=True):
        due_on = add_months(since[0], own or parameters(since[0]).report_interval_months)
        # What ended before the interval was over is told by the report on its end.
        if closed is None or due_on < closed:
            yield _duty(Reason.INTERVAL, since[0], due_on, [following] if following else [])


def _duty(
    reason: Reason, since: date, due: date, told: list[tuple[date, str]], *, provisional: bool = False
) -> Duty:
    made = next((each for each in told if each[0] >= since), None)
    return Duty(
        reason=reason,
        label=REASON_LABELS[reason],
        since=since,
        due=due,
        provisional=provisional,
        made_on=made[0] if made else None,
        report=made[1] if made else "",
    )
