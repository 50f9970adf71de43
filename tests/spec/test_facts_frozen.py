"""Facts as they were first written decode for ever, to the same bytes.

A sample is never edited. A fact whose shape changes gets a new name, or an upcaster and a second sample.
"""

import json
from pathlib import Path

import pytest

from domain import catalogue

FOLDER = Path(__file__).parent.parent / "samples"


def read(folder: str) -> dict[str, str]:
    files = sorted((FOLDER / folder).glob("*.json"))
    return {name: kept for file in files for name, kept in json.loads(file.read_text("utf-8")).items()}


SAMPLES, ADMINISTRATION = read("v1"), read("administration")


@pytest.mark.parametrize("name", sorted(SAMPLES | ADMINISTRATION))
def test_r093_a_released_fact_decodes_to_the_same_bytes(name):
    """What the ledger hashed is what the fact still says."""
    kept = (SAMPLES | ADMINISTRATION)[name].encode()
    fact = catalogue.decode(name, kept)
    assert type(fact).topic == name
    assert catalogue.encode(fact) == kept


def test_r093_every_fact_of_the_catalogue_has_a_sample_and_every_sample_a_fact():
    """No fact is released without one, and none that was released disappears."""
    assert set(SAMPLES) == set(catalogue.FACTS)
    assert set(ADMINISTRATION) == set(catalogue.ADMINISTRATION)


def test_r093_a_fact_of_a_newer_version_is_named_as_unknown():
    """An older program does not guess."""
    with pytest.raises(catalogue.UnknownFact, match=r"topic\.teleported"):
        catalogue.decode("topic.teleported", b"{}")


def test_r093_every_stored_name_says_its_kind_and_has_a_label():
    """A stored name is kind and event; people read the label."""
    for name, fact in catalogue.FACTS.items():
        kind, _, event = name.partition(".")
        assert kind in {"number", *catalogue.DECIDERS}, name
        assert event
        assert fact.label
    assert len({fact.label for fact in catalogue.FACTS.values()}) == len(catalogue.FACTS)
