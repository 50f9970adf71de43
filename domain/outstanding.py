"""What every later meeting must account for: computed, never typed (一(六), R-025 – R-029).

The set is: the decisions of the previous meeting, every open decision of any earlier one, what the previous
meeting terminated, and every agenda item of a held meeting without issued minutes whose outcome is missing or
resolved. Nothing drops out by age (A13).
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from domain import decisions, meetings, minutes
from domain.decider import Value
from domain.regulation import Category


class Kind(StrEnum):
    """What a member of the set is."""

    DECISION = "decision"
    ITEM = "item"


class Member(Value):
    """One matter to account for. ``serial`` counts its changes of state; a progress report is none."""

    id: str
    kind: Kind
    text: str
    status: str
    serial: int
    fulfilled: bool
    closed: bool
    deadline: date | None = None
    since: date | None = None
    percent: int = 0

    @property
    def needs_explanation(self) -> bool:
        """Whether it is not fulfilled, partly done included (A14)."""
        return not self.fulfilled and not self.closed

    def overdue(self, on: date) -> bool:
        """Whether its deadline had passed, unfulfilled, on a local date."""
        return self.needs_explanation and self.deadline is not None and self.deadline < on


def members(
    *,
    meeting: str,
    all_meetings: list["meetings.Meeting"],
    all_minutes: list["minutes.Minutes"],
    all_decisions: list["decisions.Decision"],
    titles: Mapping[str, str],
) -> tuple[Member, ...]:
    """Compute the set for one meeting that is still to be held, in a stable order.

    ``titles`` are those of the topics by their ids, so that people read what an item was about.
    """
    held = sorted(
        (each for each in all_meetings if each.held_on is not None and each.id != meeting),
        key=lambda each: (each.held_on or date.min, each.ordinal),
    )
    previous = held[-1].id if held else ""
    # An imported meeting rests on its issued paper; nothing of it waits for minutes.
    issued = {each.id for each in all_minutes if each.issued_on is not None}
    issued |= {each.id for each in held if each.imported}
    listed = [
        _decision(each)
        for each in sorted(all_decisions, key=lambda each: each.id)
        if each.open or previous in {each.meeting, each.closed_by_meeting}
    ]
    for each in held:
        if each.id not in issued:
            listed.extend(_items(each, titles))
    return tuple(listed)


def _decision(decision: "decisions.Decision") -> Member:
    return Member(
        id=decision.id,
        kind=Kind.DECISION,
        text=decision.text,
        status=decision.standing,
        serial=decision.serial,
        fulfilled=decision.status is decisions.Status.FULFILLED,
        closed=not decision.open and decision.status is not decisions.Status.FULFILLED,
        deadline=decision.deadline,
        since=decision.changed_on,
        percent=decision.percent,
    )


def _plain(item: str) -> str:
    known = item in Category.__members__
    return Category(item).label if known else item


def _items(meeting: "meetings.Meeting", titles: Mapping[str, str]) -> list[Member]:
    left = []
    for item in meeting.agenda:
        outcome = meeting.outcomes.get(item)
        if outcome is None or outcome.outcome in meetings.RESOLVING:
            left.append(
                Member(
                    id=f"{meeting.id}/{item}",
                    kind=Kind.ITEM,
                    text=f"{meeting.designation}议程“{titles.get(item) or _plain(item)}”，纪要未印发",
                    status=outcome.outcome.value if outcome else "no_outcome",
                    serial=1 if outcome else 0,
                    since=meeting.held_on,
                    fulfilled=False,
                    closed=False,
                )
            )
    return left
