"""Try every attack, each on a copy of its own, and count what was found by which check."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from infrastructure.settings import Settings
from tests.sweep import attacks, bits, checks
from tests.sweep.attacks import Attack
from tests.sweep.stage import Stage, staged

EVERY = 5
BLIND = ("full re-hash of what is not sealed yet", "truncate and fit what is not sealed yet")


def sweep(folder: Path, *, short: bool, tell: Callable[[str], None]) -> dict[str, Any]:
    """Build the stage in a folder and try everything. Returns: what build/sweep.json holds, by class.

    ``wrong`` lists each attack that a check should have found and did not, or found and could not have.
    """
    classes: dict[str, dict[str, Any]] = {}
    with staged(folder, short=short) as stage:
        tell(
            f"{len(stage.pairs)} 个单位，{sum(stage.heads.values())} 条事实，其中封存 {sum(stage.sealed.values())} 条"
        )
        for attack in attacks.everything(stage, short=short):
            if attack.kind not in classes:
                tell(f"… {attack.kind}")
            _count(classes, attack, strike(stage, attack))
        classes["one bit"] = _bits(stage, short=short)
        facts = {pair: stage.heads[pair] - stage.sealed[pair] for pair in stage.pairs}
    blind = [classes[kind] for kind in BLIND]
    window = {
        "facts": facts[stage.pairs[0]],
        "tried": sum(each["tried"] for each in blind),
        "found": sum(each["found"] for each in blind),
        "longest_s": Settings.model_fields["seal_every_s"].default,
    }
    return {"classes": classes, "blind_window": window, "facts": sum(stage.heads.values())}


def strike(stage: Stage, attack: Attack) -> dict[str, list[str]]:
    """Do one attack on a copy. Returns: what each check found."""
    with stage.copy(attack.of) as copy:
        attack.change(copy)
        return checks.found_by(copy)


def wrong(attack: Attack, found: dict[str, list[str]]) -> list[str]:
    """Tell where the checks did otherwise than they should on one attack."""
    name = f"{attack.kind}: {attack.name}"
    return [
        *(f"{name}: not found by {each}" for each in sorted(attack.must - found.keys())),
        *(f"{name}: found by {each}: {found[each][0]}" for each in sorted(attack.cannot & found.keys())),
    ]


def _count(classes: dict[str, dict[str, Any]], attack: Attack, found: dict[str, list[str]]) -> None:
    counts = classes.setdefault(attack.kind, {"tried": 0, "found": 0, "by": {}, "wrong": []})
    counts["tried"] += 1
    counts["found"] += bool(found)
    for name in found:
        counts["by"][name] = counts["by"].get(name, 0) + 1
    counts["wrong"] += wrong(attack, found)


def _bits(stage: Stage, *, short: bool) -> dict[str, Any]:
    pair = stage.pairs[0]
    places = [2] if short else [1, stage.sealed[pair], stage.heads[pair]]
    with stage.copy() as copy:
        flips = bits.flip(copy, pair, positions=places, every=EVERY if short else 1)
    tried, found = sum(flips.tried.values()), sum(flips.found.values())
    return {
        "tried": tried,
        "found": found,
        "by": {checks.CHAIN: found},
        "columns": flips.tried,
        "impossible": flips.impossible,
        "wrong": [f"one bit: {each}" for each in flips.missed],
    }
