"""Folding by the batch, without a copy for each fact, gives the very states that folding one by one gives."""

import hashlib
import unicodedata
from dataclasses import replace
from datetime import date
from typing import Annotated

import pytest
from pydantic import StringConstraints, ValidationError

from application import dossier as dossiers
from application.dossier import Dossier
from domain import catalogue, chain, meetings, topics, wording
from domain.decider import Fact, Signatory, Value, apply, own, taken
from tests.application import ledgers

SCENES = (
    ledgers.model_county,
    ledgers.late_city,
    ledgers.special_street,
    ledgers.ending_zone,
    ledgers.new_town,
)


@pytest.fixture(scope="module", params=SCENES, ids=lambda scene: scene.__name__)
def scene(request):
    return request.param()


def test_r093_a_batch_folds_as_its_facts_one_by_one(scene):
    tenant = scene.dossier.tenant
    one_by_one = Dossier(tenant=tenant)
    for stream, fact in scene.history:
        before = {name: each.state.model_dump() for name, each in one_by_one.subjects.items()}
        later = dossiers.evolve(one_by_one, [(stream, fact)])
        # What somebody holds never changes under his hands.
        assert {name: each.state.model_dump() for name, each in one_by_one.subjects.items()} == before
        one_by_one = later
    together = dossiers.evolve(Dossier(tenant=tenant), scene.history)
    assert together == one_by_one
    assert list(together.subjects) == list(one_by_one.subjects)
    for stream, subject in together.subjects.items():
        alone = one_by_one.subjects[stream].state
        assert subject.state.model_fields_set == alone.model_fields_set


def test_r093_what_is_folded_unchecked_would_pass_the_check(scene):
    """States and steps are made of parts that facts have had checked; none of them is of a wrong kind."""
    read = [
        (stream, catalogue.decode(type(fact).topic, catalogue.encode(fact))) for stream, fact in scene.history
    ]
    folded = dossiers.evolve(Dossier(tenant=scene.dossier.tenant), read)
    for subject in folded.subjects.values():
        for value in (subject.state, *subject.steps):
            again = type(value).model_validate_json(value.model_dump_json())
            assert again == value
            assert repr(again) == repr(value)


def test_every_kind_that_tells_changes_evolves_by_them(scene):
    for stream, subject in scene.dossier.subjects.items():
        decider = catalogue.DECIDERS[subject.kind]
        if decider.changes is None:
            continue
        state = changed = dossiers.blank(scene.dossier.tenant, stream)
        changed = own(changed)
        for fact in (fact for name, fact in scene.history if name == stream):
            state = decider.evolve(state, fact)
            apply(changed, decider.changes(changed, fact))
        assert state == changed == subject.state


@pytest.mark.parametrize("kind", [topics, meetings], ids=lambda kind: kind.__name__)
def test_each_fact_of_a_kind_has_its_change_and_no_other_has(kind):
    assert set(kind.CHANGES) == set(kind.DECIDER.facts)
    by = Signatory(person="p", title="主任", capacity="department")
    with pytest.raises(AssertionError, match="Told"):
        kind.changes(kind.DECIDER.initial, Told(on=date(2026, 1, 5), by=by, text="", units=()))


def test_a_copy_is_what_pydantic_makes():
    class Plain(Signatory):
        model_copy = super(Value, Value).model_copy

    fields = {"person": "p", "title": "主任", "capacity": "department"}
    for update in (None, {}, {"title": "副主任"}, {"unit": "u"}):
        ours, theirs = (
            Signatory(**fields).model_copy(update=update),
            Plain(**fields).model_copy(update=update),
        )
        assert ours.model_dump() == theirs.model_dump()
        assert ours.model_fields_set == theirs.model_fields_set
        assert ours.model_dump(exclude_unset=True) == theirs.model_dump(exclude_unset=True)
    known = Signatory(**fields)
    changed = known.model_copy(update={"unit": "u"})
    assert (known.unit, known.model_fields_set, changed.unit) == ("", set(fields), "u")
    assert hash(known) == hash(Signatory(**fields))
    assert known.model_copy(deep=True) == known


class Told(Fact):
    text: str
    units: tuple[str, ...]


class Alike(Value):
    text: str
    by: Signatory
    units: tuple[str, ...]
    on: date


class Tighter(Value):
    text: str
    units: tuple[Annotated[str, StringConstraints(max_length=2)], ...]


class Longer(Value):
    text: str
    note: str = "无"


def test_what_a_fact_declares_alike_is_taken_as_it_is():
    by = Signatory(person="p", title="主任", capacity="department")
    fact = Told(on=date(2026, 1, 5), by=by, text="甲", units=("一", "二"))
    one, other = (
        taken(Alike, fact),
        Alike(text=fact.text, by=fact.by, units=fact.units, on=fact.on),
    )
    assert (one, repr(one), one.model_fields_set) == (other, repr(other), other.model_fields_set)
    assert repr(taken(Alike, fact, text="乙")) == repr(one.model_copy(update={"text": "乙"}))
    assert own(one).model_fields_set is not one.model_fields_set


def test_what_a_fact_declares_otherwise_is_checked_again():
    by = Signatory(person="p", title="主任", capacity="department")
    fact = Told(on=date(2026, 1, 5), by=by, text="甲", units=("三个字",))
    with pytest.raises(ValidationError):
        taken(Tighter, fact)
    assert taken(Longer, fact).model_dump() == {"text": "甲", "note": "无"}


def test_a_text_is_judged_by_each_of_its_characters():
    """As the classes of Unicode have it: controls but tab and line feed, surrogates, changes of direction."""
    for char in map(chr, [*range(0x250), 0x202A, 0x2067, 0x3000, 0xD800, 0xFEFF]):
        bad = unicodedata.category(char) in {"Cc", "Cs"} and char not in "\t\n"
        if bad or char in "\u202a\u2067":
            with pytest.raises(ValueError, match="第 2 个字符"):
                wording.clean(f"甲{char}乙")
        else:
            assert wording.clean(f"甲{char}乙")[0] == "甲"


def test_rows_that_no_column_can_hold_are_at_fault():
    entry = chain.Entry(
        tenant="140830",
        position=1,
        stream="pair",
        version=1,
        topic="t",
        state=b"{}",
        state_hash=bytes(32),
        actor="p",
        command_id="c",
        recorded_at=chain.EPOCH,
        prev_hash=chain.GENESIS,
        hash=bytes(32),
    )
    row = list(chain.strip(entry))
    row[5] = hashlib.sha256(b"{}").digest()
    for place, value in ((8, 2**63 - 1), (7, None), (4, None), (1, None)):
        odd = [*row[:place], value, *row[place + 1 :]]
        assert chain.sound([tuple(odd)], tenant="140830", after=chain.Head()) is None


def test_an_entry_that_links_to_another_past_is_at_fault(scene):
    """Its own hash is right, so only the comparison with the entry before it tells."""
    drafts = dossiers.drafts(Dossier(tenant="140830"), scene.history[:2])
    entries, last = [], chain.GENESIS
    for position, draft in enumerate(drafts, start=1):
        entry = chain.Entry(
            tenant="140830",
            position=position,
            stream=draft.stream,
            version=draft.version,
            topic=draft.topic,
            state=draft.state,
            state_hash=hashlib.sha256(draft.state).digest(),
            actor="p",
            command_id="c",
            recorded_at=chain.EPOCH,
            prev_hash=last,
            hash=bytes(32),
        )
        entries.append(replace(entry, hash=chain.link(entry)))
        last = entries[-1].hash
    rows = [chain.strip(each) for each in entries]
    assert chain.sound(rows, tenant="140830", after=chain.Head()) == chain.Head(position=2, hash=last)
    other = replace(entries[1], prev_hash=bytes(32))
    rows[1] = chain.strip(replace(other, hash=chain.link(other)))
    assert chain.sound(rows, tenant="140830", after=chain.Head()) is None
