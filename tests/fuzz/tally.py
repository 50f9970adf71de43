"""What was sent, by class, and the three things that must not happen."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

# So many of a kind are told in full; the others are counted.
TOLD = 20


@dataclass
class Count:
    """One class of input."""

    inputs: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    # Answers 5xx, connections that ended without an answer, and exceptions that no door knows.
    faults: list[str] = field(default_factory=list)
    # What had to be refused and was accepted, or was accepted and not kept as it was sent.
    wrong: list[str] = field(default_factory=list)
    # Refusals, and reads, after which something in the database was not as before.
    changed: list[str] = field(default_factory=list)
    # What had to be accepted, so that the refusals of the class are known to be for what is wrong in them.
    controls: int = 0
    failed: list[str] = field(default_factory=list)
    # What an answer did not keep of its own description: no problem document, undeclared status, and the like.
    unlike: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """Give the numbers, and the first few of what they count."""
        told = {
            name: {"count": len(found), "first": found[:TOLD]}
            for name in ("faults", "wrong", "changed", "failed", "unlike")
            if (found := getattr(self, name))
        }
        return {
            "inputs": self.inputs,
            "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            "controls": self.controls,
            **told,
        }


@dataclass
class Tally:
    """All classes; what comes in is counted for the one that is named last."""

    classes: dict[str, Count] = field(default_factory=dict)
    name: str = ""

    def begin(self, name: str) -> Count:
        self.name = name
        return self.classes.setdefault(name, Count())

    @property
    def now(self) -> Count:
        return self.classes[self.name]

    def bad(self) -> list[str]:
        """List everything that must not be."""
        return [
            f"{name}: {kind}: {each}"
            for name, count in self.classes.items()
            for kind in ("faults", "wrong", "changed", "failed", "unlike")
            for each in getattr(count, kind)
        ]

    def totals(self) -> dict[str, int]:
        """Add the classes up."""
        every = self.classes.values()
        return {
            "inputs": sum(each.inputs for each in every),
            "5xx": sum(len(each.faults) for each in every),
            "wrongly_accepted": sum(len(each.wrong) for each in every),
            "state_changes_on_refusal": sum(len(each.changed) for each in every),
            "controls": sum(each.controls for each in every),
            "controls_failed": sum(len(each.failed) for each in every),
            "unlike_their_description": sum(len(each.unlike) for each in every),
        }
