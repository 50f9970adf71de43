"""The light of a decision: a function of its facts, the day, the calendar and the parameters; never stored.

Source: R-081; conventions.md section 7. Always text and shape beside the colour.
"""

from datetime import date
from enum import StrEnum

from domain import calendar, decisions
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
        late = decision.deadline is not None and (decision.fulfilled_on or on) > decision.deadline
        return _light(Colour.GREEN, "逾期办结" if late else "按期办结")
    if decision.status in {decisions.Status.TERMINATED, decisions.Status.SUPERSEDED}:
        return _light(Colour.NONE, decisions.STATUS_LABELS[decision.status])
    months = (
        parameters.report_interval_months if not decision.long_term else decision.report_interval_months or 3
    )
    last = decision.last_report_on or decision.established_on or on
    if (on - last).days > months * 2 * 31:
        return _light(Colour.RED, "两个汇报周期未汇报")
    if decision.long_term or decision.deadline is None:
        return _light(Colour.BLUE, "长期事项")
    return _running(decision, decision.deadline, on=on, days=days, parameters=parameters)


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
