"""All figures of the reports, the rates made of two of them, and the means made of their members' days.

A figure is the list of its members: its number is their count, so that a number and the list behind it cannot
disagree. Rates are percent, one decimal, half-up, and "—" where the denominator is 0; means are days, likewise.
Source: R-003, R-032, R-092; requirements.md section 12.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from application.figure import Figure, Picked
from application.figures_decisions import DECISIONS
from application.figures_pairs import DEVIATIONS, LEVELS, MEETINGS, PAIRS
from application.figures_topics import TOPICS
from application.pair_year import PairYear
from domain.decider import Side

NOTHING: Final = "—"
FIGURES: Final[Mapping[str, Figure]] = {
    each.definition.name: each for each in (*PAIRS, *MEETINGS, *TOPICS, *DECISIONS, *DEVIATIONS)
}
DEFINITIONS: Final = tuple(each.definition for each in FIGURES.values())

# Name -> label, numerator, denominator. Every numerator is a part of its denominator.
RATES: Final[Mapping[str, tuple[str, str, str]]] = {
    "regime": ("建制率", "regime.in_force", "regime.expected"),
    **{
        f"regime.{level}": (
            f"建制率（{label}）",
            f"regime.in_force.{level}",
            f"regime.expected.{level}",
        )
        for level, (label, _) in LEVELS.items()
    },
    "held": ("召开率", "held_due", "due"),
    "principal": ("主要负责同志主持率", "meetings.principal", "meetings.chair_known"),
    "adopted": ("采纳率", "topics.approved", "topics.submitted"),
    **{
        f"adopted.{side.value}": (
            f"采纳率（{side.label}提出）",
            f"topics.approved.{side.value}",
            f"topics.submitted.{side.value}",
        )
        for side in Side
    },
    "consensus": ("共识率", "topics.consensus", "topics.approved"),
    "minutes_on_time": ("纪要按时印发率", "meetings.minutes_on_time", "meetings.minutes_due"),
    "fulfilled": ("累计办结率", "decisions.fulfilled", "decisions"),
    "due_fulfilled": ("到期办结率", "decisions.due_fulfilled", "decisions.due"),
    "on_time_original": (
        "按期办结率（按原时限）",
        "decisions.due_original_on_time",
        "decisions.due_original",
    ),
    "on_time": ("按期办结率（按现时限）", "decisions.due_on_time", "decisions.due"),
    "explained": ("未落实说明率", "outstanding.explained", "outstanding"),
    "reported": ("汇报及时率", "reports.in_time", "reports.due"),
    "published": ("宣传率", "meetings.content_on_time", "meetings.content_due"),
    "effect_published": ("成效宣传率", "meetings.effect_on_time", "meetings.effect_due"),
    "plan": ("计划纳入率", "plan", "regime.expected"),
    "assessment": ("考核纳入率", "assessment", "regime.expected"),
    "liaison": ("科室人员明确率", "liaison", "regime.expected"),
}
# Name -> label, and the figure whose members' days are averaged.
MEANS: Final[Mapping[str, tuple[str, str]]] = {"overdue_days": ("平均超期天数", "decisions.overdue")}


def owed(figure: str, code: str) -> bool:
    """Tell whether a division that must have a pair and has none counts in a figure all the same (R-003)."""
    level = "city" if code.endswith("00") else "county"
    return figure in {"due", "not_held", "regime.expected", f"regime.expected.{level}"}


def picked(of: PairYear) -> dict[str, Sequence[Picked]]:
    """Give the members of every figure in one pair's year, by the figure's name."""
    return {name: list(figure.pick(of)) for name, figure in FIGURES.items()}


def percent(numerator: int, denominator: int) -> str:
    """Give a share in percent, one decimal, half-up; "—" where there is nothing to share."""
    if denominator == 0:
        return NOTHING
    return f"{_rounded(Decimal(numerator) * 100 / Decimal(denominator))}%"


def mean(values: Sequence[int]) -> str:
    """Give a mean, one decimal, half-up; "—" of nothing."""
    return _rounded(Decimal(sum(values)) / len(values)) if values else NOTHING


def _rounded(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
