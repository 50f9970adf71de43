"""Every kind of subject and every fact: stable names, never module paths, so that history outlives the code.

A released fact never changes. A new version gets a name of its own or an upcaster here; frozen samples of every
released version are decoded by a test for ever.
"""

from collections.abc import Callable
from typing import Any, Final

from domain import (
    corrections,
    decisions,
    delegations,
    leader_reports,
    legacy,
    liaison,
    mandates,
    meetings,
    minutes,
    numbers,
    pairs,
    people,
    practices,
    publicity,
    rulebook,
    schemes,
    scores,
    standards,
    suggestions,
    supporting_rules,
    topics,
    years,
)
from domain.chain import canonical
from domain.decider import Decider, Fact

DECIDERS: Final[dict[str, Decider[Any]]] = {
    decider.kind: decider
    for decider in (
        pairs.DECIDER,
        people.UNIT,
        people.POST,
        delegations.DECIDER,
        liaison.DECIDER,
        numbers.DECIDER,
        topics.DECIDER,
        suggestions.DECIDER,
        meetings.DECIDER,
        minutes.DECIDER,
        decisions.DECIDER,
        leader_reports.DECIDER,
        corrections.DECIDER,
        publicity.DECIDER,
        years.DECIDER,
        schemes.DECIDER,
        scores.DECIDER,
        supporting_rules.DECIDER,
        practices.DECIDER,
        standards.DECIDER,
        rulebook.DECIDER,
        legacy.DECIDER,
    )
}

FACTS: Final[dict[str, type[Fact]]] = {
    fact.topic: fact for decider in DECIDERS.values() for fact in decider.facts
}

# The administration ledger is no pair's, and nothing of it is in a pair's views.
ADMINISTRATION: Final[dict[str, type[Fact]]] = {fact.topic: fact for fact in mandates.DECIDER.facts}

# What each kind's model_validate_json comes down to, looked up once: a replay reads millions.
_READERS: Final[dict[str, Callable[[bytes], Fact]]] = {
    topic: fact.__pydantic_validator__.validate_json for topic, fact in (FACTS | ADMINISTRATION).items()
}

# Stored name -> what turns the bytes' JSON of that name into that of the present version.
UPCASTERS: Final[dict[str, Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]]] = {}


class UnknownFact(Exception):
    """The ledger holds a fact whose name this version does not know: a newer version wrote it."""


def encode(fact: Fact) -> bytes:
    """Give the bytes of a fact that the ledger keeps and hashes."""
    return canonical(fact.model_dump(mode="json"))


def decode(topic: str, state: bytes) -> Fact:
    """Read a fact back from the ledger's bytes.

    Raises: UnknownFact.
    """
    read = _READERS.get(topic)
    if read is None:
        raise UnknownFact(topic)
    return read(state)
