"""R-094: the short sweep finds what it must, and tells when a check does not."""

import pytest

from domain import chain
from tests.sweep import attacks, bits, checks, sweeping
from tests.sweep.stage import Stage, staged


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with staged(tmp_path_factory.mktemp("sweep"), short=True) as made:
        yield made


def test_r094_every_class_of_tampering_is_found(stage: Stage) -> None:
    wrong, kinds = [], set()
    for attack in attacks.everything(stage, short=True):
        kinds.add(attack.kind)
        wrong += sweeping.wrong(attack, sweeping.strike(stage, attack))
    assert wrong == []
    assert len(kinds) >= 20


def test_r094_one_bit_in_any_column_is_found(stage: Stage) -> None:
    with stage.copy() as copy:
        flips = bits.flip(copy, stage.pairs[0], positions=[2], every=sweeping.EVERY)
    assert flips.missed == []
    assert set(flips.tried) == set(bits.COLUMNS)


def test_r094_a_check_that_sees_nothing_turns_the_sweep_red(stage: Stage, monkeypatch) -> None:
    """The control of the sweep itself: with a blind check, the attacks that only it finds are reported."""
    monkeypatch.setattr(chain, "link", lambda entry: entry.hash)
    with stage.copy() as copy:
        flips = bits.flip(copy, stage.pairs[0], positions=[2], every=40)
    assert flips.missed
    monkeypatch.undo()
    for name in (checks.CHECKPOINT, checks.WITNESS):
        monkeypatch.setitem(checks.CHECKS, name, lambda _: [])
    rewritten = next(each for each in attacks.everything(stage, short=True) if each.kind == "full re-hash")
    said = sweeping.wrong(rewritten, sweeping.strike(stage, rewritten))
    assert said == [
        f"full re-hash: {rewritten.name}: not found by {each}" for each in ("checkpoint", "witness")
    ]
