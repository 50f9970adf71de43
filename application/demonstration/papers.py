"""Short ways to write down a proposal in the data of a script."""

from collections.abc import Mapping
from datetime import date

from application.demonstration.playing import Proposal
from domain import topics
from domain.regulation import Category

Opinion = tuple[topics.Stance, str]


def proposal(
    key: str,
    unit: str,
    content: topics.Content,
    *,
    research: tuple[str, str, date, str, str, str],
    related: Mapping[str, str],
    findings: str = "",
    report: tuple[str, str, str, str] = ("", "", "", ""),
    positions: Mapping[str, Opinion] | None = None,
) -> Proposal:
    """Write a proposal down.

    ``research`` is form, place, day, people, findings and argument; ``related`` gives the units' roles (lead,
    funding, other), the leading one first; ``report`` is problem, basis, measures and feasibility.
    """
    names = ("form", "place", "held_on", "people", "findings", "argument")
    return Proposal(
        key=key,
        unit=unit,
        content=content,
        research=topics.Research.model_validate(dict(zip(names, research, strict=True))),
        related={unit: topics.Role(role) for unit, role in related.items()},
        findings=findings,
        report=report,
        positions=positions or {},
    )


def mobilising(title: str, summary: str) -> topics.Content:
    """Write the content of a topic of category C3."""
    return topics.Content(title=title, category=Category.C3, summary=summary)


def interests(title: str, sub_domain: str, summary: str) -> topics.Content:
    """Write the content of a topic of category C4."""
    return topics.Content(title=title, category=Category.C4, sub_domain=sub_domain, summary=summary)


def union_needs(title: str, sub_domain: str, summary: str, *, support: str) -> topics.Content:
    """Write the content of a topic of category C5."""
    return topics.Content(
        title=title, category=Category.C5, sub_domain=sub_domain, summary=summary, support=support
    )


def other(title: str, summary: str, *, reason: str) -> topics.Content:
    """Write the content of a topic of category C7."""
    return topics.Content(title=title, category=Category.C7, summary=summary, reason=reason)


def conditional(opinion: str) -> Opinion:
    """Agree in principle."""
    return topics.Stance.CONDITIONAL, opinion


def disagree(opinion: str) -> Opinion:
    """Disagree."""
    return topics.Stance.DISAGREE, opinion
