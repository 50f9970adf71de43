"""The lights of decisions and minutes: functions of facts, day, calendar and parameters; never stored.

Source: R-081, A10; conventions.md section 7. Always text and shape beside the colour.
"""

from datetime import date
from enum import StrEnum

from domain import calendar, decisions, reporting
from domain.decider import Value
from domain.regulation import PARAMETERS, Parameters


class Colour(StrEnum):
    """What the light shows."""

    GREEN = "绿"
    YELLOW = "黄"
    RED = "红"
    BLUE = "蓝"
    NONE = "—"


SHAPES = {Colour.GREEN: "●", Colour.YELLOW: "▲", Colour.RED: "■", Colour.BLUE: "◆", Colour.NONE: "—"}


class Light(Value):
    """A light with its reason; ``provisional`` where it was counted on an unpublished calendar (暂定)."""

    colour: Colour
    shape: str
    text: str
    provisional: bool = False


def _light(colour: Colour, text: str, *, provisional: bool = False) -> Light:
    shown = f"{text}（暂定）" if provisional else text
    return Light(colour=colour, shape=SHAPES[colour], text=shown, provisional=provisional)


def planned_percent(decision: decisions.Decision, on: date) -> int | None:
    """Give how far the plan wanted the decision to be on a local date, in whole percent; None without a plan."""
    if not decision.plan:
        return None
    return max((step.percent for step in decision.plan if step.due <= on), default=0)


def light(
    decision: decisions.Decision,
    *,
    on: date,
    days: calendar.Calendar,
    parameters: Parameters = PARAMETERS,
) -> Light:
    """Compute the light of a decision on a local date."""
    if decision.status is decisions.Status.FULFILLED:
        return _light(Colour.GREEN, _how_fulfilled(decision))
    if decision.status in {decisions.Status.TERMINATED, decisions.Status.SUPERSEDED}:
        return _light(Colour.NONE, decisions.STATUS_LABELS[decision.status])
    months = report_interval(decision, parameters)
    # Before its import nobody could report on an old decision here.
    last = decision.last_report_on or decision.imported_on or decision.established_on or on
    if (on - last).days > months * 2 * 31:
        return _light(Colour.RED, "两个汇报周期未汇报")
    if decision.imported and not decision.long_term and decision.deadline is None:
        return _light(Colour.BLUE, "补录事项，原件未写明时限")
    if decision.long_term or decision.deadline is None:
        return _light(Colour.BLUE, "长期事项")
    shown = _running(decision, decision.deadline, on=on, days=days, parameters=parameters)
    if not decision.extended:
        return shown
    # Both deadlines count separately, so the one that no longer binds is told as well.
    return shown.model_copy(update={"text": f"{shown.text}（原时限 {decision.original_deadline}）"})


def _how_fulfilled(decision: decisions.Decision) -> str:
    if not decision.extended:
        return "逾期办结" if decision.on_time_original is False else "按期办结"
    if decision.on_time_original:
        return "按期办结（按原时限）"
    return "原时限逾期，按延期后时限按期办结" if decision.on_time_revised else "逾期办结（按延期后时限）"


def report_interval(decision: decisions.Decision, parameters: Parameters = PARAMETERS) -> int:
    """Give after how many months a decision's progress is to be reported again."""
    own = decision.report_interval_months if decision.long_term else None
    return own or parameters.report_interval_months


def report_due(decision: decisions.Decision, parameters: Parameters = PARAMETERS) -> date | None:
    """Tell when the next progress report is due; None once the decision is closed."""
    last = decision.last_report_on or decision.established_on
    if not decision.open or last is None:
        return None
    return reporting.add_months(last, report_interval(decision, parameters))


def receipt_late(
    decision: decisions.Decision,
    *,
    on: date,
    days: calendar.Calendar,
    parameters: Parameters = PARAMETERS,
) -> bool:
    """Tell whether the receipt came, or is, too late after the supervisors were named (R-073)."""
    asked = next((step.on for step in decision.path if step.status is decisions.Status.SUPERVISED), None)
    if asked is None:
        return False
    due = calendar.add_working_days(asked, parameters.receipt_days, calendar=days).on
    if decision.accepted_on is None:
        return decision.open and on > due
    return decision.accepted_on > due


def minutes_light(
    *,
    held_on: date,
    issued_on: date | None,
    on: date,
    days: calendar.Calendar,
    parameters: Parameters = PARAMETERS,
) -> Light:
    """Compute the light of a meeting's minutes: how many working days they took, or have taken so far (A10)."""
    yellow = calendar.add_working_days(held_on, parameters.minutes_yellow_days, calendar=days)
    red = calendar.add_working_days(held_on, parameters.minutes_red_days, calendar=days)
    day = issued_on or on
    if issued_on is not None:
        late = issued_on > red.on
        return _light(Colour.GREEN, "逾期印发" if late else "按时印发", provisional=red.provisional)
    if day > red.on:
        limit = parameters.minutes_red_days
        return _light(Colour.RED, f"会后超过 {limit} 个工作日未印发", provisional=red.provisional)
    if day > yellow.on:
        limit = parameters.minutes_yellow_days
        return _light(Colour.YELLOW, f"会后超过 {limit} 个工作日未印发", provisional=yellow.provisional)
    return _light(Colour.GREEN, "在办理期限内", provisional=yellow.provisional)


def _running(
    decision: decisions.Decision, deadline: date, *, on: date, days: calendar.Calendar, parameters: Parameters
) -> Light:
    if deadline < on:
        return _light(Colour.RED, f"已超期 {(on - deadline).days} 天")
    planned = planned_percent(decision, on)
    behind = (planned or 0) - decision.percent
    if behind > parameters.behind_red:
        return _light(Colour.RED, f"落后计划 {behind} 个百分点")
    left = calendar.working_days_until(on, deadline, calendar=days, limit=parameters.near_due_days)
    if left <= parameters.near_due_days:
        return _light(Colour.YELLOW, f"距时限 {left} 个工作日", provisional=days.is_provisional(deadline))
    if behind > parameters.behind_yellow:
        return _light(Colour.YELLOW, f"落后计划 {behind} 个百分点")
    return _light(Colour.GREEN, "正常推进")
