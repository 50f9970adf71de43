"""How pairs, topics and decisions stood on each business day: the steps that a report as of an earlier day is made of.

A subject's acts take effect in the order in which they were entered: a step's day is that of its fact, or that of
the step before it where that is later. So every state that a report shows is one that the rules have seen.
Source: R-092, R-093.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar

from domain import decisions, liaison, pairs, topics, years
from domain.decider import Side, Value, made
from domain.regulation import Category

# Where the dissent that a consensus noted still stands beside it.
WITH_CONSENSUS = frozenset(
    {
        topics.Status.CONSENSUS,
        topics.Status.RESOLVED,
        topics.Status.NOTED,
        topics.Status.DEFERRED,
        topics.Status.REFERRED,
        topics.Status.NOT_ADOPTED,
    }
)


class TopicStep(Value):
    """A topic from a day on. What it has ever been, it stays: ``submitted``, ``approved``.

    ``agreed`` and ``overridden`` tell which of the two came last: a consensus, or its override (A7). A topic that an
    irregular meeting took up without either has neither.
    """

    on: date
    category: Category
    status: topics.Status
    submitted: bool
    approved: bool
    agreed: bool
    against: str = ""
    dissent: str = ""
    overridden: bool = False
    override: str = ""


class DecisionStep(Value):
    """A decision from a day on, with everything that its light is made of.

    ``changes``: how many of its changes of state were known by then.
    """

    on: date
    status: decisions.Status
    deadline: date | None
    percent: int
    last_report_on: date | None
    plan: tuple[decisions.Milestone, ...]
    fulfilled_on: date | None
    closed_on: date | None
    changes: int = 0


class PairStep(Value):
    """A pair from a day on. ``deviations``: how many departures from the procedure were on record by then."""

    on: date
    official_name: str
    adopted_on: date | None
    regimes: tuple[pairs.Period, ...] = ()
    deviations: int = 0


class YearStep(Value):
    """A pair's year from a day on: whether plan and assessment have taken the conference in."""

    on: date
    plan: bool
    assessment: bool


class LiaisonStep(Value):
    """A side's section and staff from a day on; ``gap_since`` while there are none any more."""

    on: date
    gap_since: date | None
    gap_reason: str


Step = TopicStep | DecisionStep | PairStep | YearStep | LiaisonStep
S = TypeVar("S", TopicStep, DecisionStep, PairStep, YearStep, LiaisonStep)


def dated(state: Any) -> bool:
    """Tell whether a report dates a state of this kind: whether it has steps."""
    return type(state) in _KINDS


def extended(before: tuple[Step, ...], state: Any, *, on: date) -> tuple[Step, ...]:
    """Add the state that a fact of a day led to; kinds that no report dates have no steps."""
    kind = _KINDS.get(type(state))
    if kind is None:
        return ()
    model, tells = kind
    last = before[-1] if before else None
    if last is None and isinstance(state, decisions.Decision) and state.imported:
        return _imported(state, on)
    if last is None:
        return (made(model, tells(state, last, on)),)
    told = tells(state, last, last.on)
    if told == last.__dict__:
        # Most facts change nothing that a report dates, and no step is made to find that out.
        return before
    if on <= last.on:
        return (*before[:-1], made(model, told))
    told["on"] = on
    return (*before, made(model, told))


def at(steps: Sequence[S], day: date) -> S | None:
    """Give the step that stood at the end of a business day; None before the first."""
    return next((each for each in reversed(steps) if each.on <= day), None)


def _topic(topic: topics.Topic, last: Step | None, on: date) -> dict[str, Any]:
    agreed, overridden = (last.agreed, last.overridden) if isinstance(last, TopicStep) else (False, False)
    if topic.overridden_on is not None:
        agreed, overridden = False, True
    elif topic.status is topics.Status.CONSENSUS:
        agreed, overridden = True, False
    return {
        "on": on,
        "category": topic.content.category if topic.content is not None else Category.C7,
        "status": topic.status,
        "submitted": topic.ever_submitted,
        "approved": topic.ever_approved,
        "agreed": agreed,
        "against": topic.reason if topic.approved_on is not None and _opposed(topic) else "",
        "dissent": topic.dissent_note if agreed and topic.status in WITH_CONSENSUS else "",
        "overridden": overridden,
        "override": _override(topic),
    }


def _opposed(topic: topics.Topic) -> bool:
    said = topic.consultations.get(Side.UNION)
    return said is not None and said.stance is topics.Stance.DISAGREE


def _override(topic: topics.Topic) -> str:
    if topic.overridden_on is None:
        return ""
    said = topic.override_reasons
    return "；".join(f"{side.label}：{said[side]}" for side in Side if said.get(side))


def _decision(decision: decisions.Decision, _: Step | None, on: date) -> dict[str, Any]:
    return {
        "on": on,
        "status": decision.status,
        "deadline": decision.deadline,
        "percent": decision.percent,
        "last_report_on": decision.last_report_on,
        "plan": decision.plan,
        "fulfilled_on": decision.fulfilled_on,
        "closed_on": decision.closed_on,
        "changes": len(decision.path),
    }


def _imported(decision: decisions.Decision, on: date) -> tuple[DecisionStep, ...]:
    # What the paper tells counts from its own days, so that a report on an old year shows what is known of it now.
    begun = decision.established_on or on
    now = DecisionStep(**_decision(decision, None, begun))
    if decision.open:
        return (now,)
    before = {"status": decisions.Status.ESTABLISHED, "percent": 0, "fulfilled_on": None, "closed_on": None}
    closed = max(decision.closed_on or begun, begun)
    if closed == begun:
        return (now,)
    return (now.model_copy(update=before), now.model_copy(update={"on": closed}))


def _pair(pair: pairs.Pair, _: Step | None, on: date) -> dict[str, Any]:
    return {
        "on": on,
        "official_name": pair.official_name,
        "adopted_on": pair.adopted_on,
        "regimes": pair.regimes,
        "deviations": len(pair.deviations),
    }


def _year(year: years.Year, _: Step | None, on: date) -> dict[str, Any]:
    return {"on": on, "plan": year.plan is not None, "assessment": year.assessment is not None}


def _liaison(known: liaison.Liaison, _: Step | None, on: date) -> dict[str, Any]:
    return {"on": on, "gap_since": known.gap_since, "gap_reason": known.gap_reason}


# Kind of state -> its steps, and what one of a day tells.
_KINDS: Final[Mapping[type[Value], tuple[type[Step], Callable[[Any, Step | None, date], dict[str, Any]]]]] = {
    topics.Topic: (TopicStep, _topic),
    decisions.Decision: (DecisionStep, _decision),
    pairs.Pair: (PairStep, _pair),
    years.Year: (YearStep, _year),
    liaison.Liaison: (LiaisonStep, _liaison),
}
