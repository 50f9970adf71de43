"""Names that change: each with the day from which it is used, so that a document shows the one of its day (R-014)."""

from collections.abc import Iterable
from datetime import date

from domain.decider import Value


class Named(Value):
    """A name and the first day of its use."""

    since: date
    name: str


Names = tuple[Named, ...]


def name_on(names: Iterable[Named], on: date) -> str:
    """Give the name on a local date; before the first that is known, that first one."""
    known = list(names)
    used = [each for each in known if each.since <= on] or known[:1]
    return used[-1].name if used else ""


def renamed(names: Names, name: str, *, since: date) -> Names:
    """Add a name that is used from a day on; of two from one day the one that was recorded later counts."""
    others = [each for each in names if each.since != since]
    return tuple(sorted([*others, Named(since=since, name=name)], key=lambda each: each.since))
