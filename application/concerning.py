"""What of a pair concerns a department: its own topics, materials and decisions, and the meetings that it is called to.

Source: R-038, R-046, R-058, R-073; what a department must do, it must be able to see. Rows are those of the views.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from application.ports import Row, Views

Units = frozenset[str]
PAGE: Final = 200


def _named(*fields: str) -> Callable[[Mapping[str, Any]], set[str]]:
    """Make the list of the units that a row names in some fields: one, several, or as keys."""

    def units(body: Mapping[str, Any]) -> set[str]:
        found = set[str]()
        for field in fields:
            value = body.get(field) or ()
            found |= {value} if isinstance(value, str) else set(value)
        return found

    return units


OF_TOPIC: Final = _named("unit", "related", "joint_lead", "joint_units", "positions")
OF_PROPOSAL: Final = _named("unit", "to")
OF_DECISION: Final = _named("lead_units", "cooperating_units")


def of_meeting(body: Mapping[str, Any]) -> set[str]:
    """Name the units that are called to a meeting, or that handed in materials for it."""
    rows = (*body.get("attendees", ()), *body.get("materials", ()))
    return {each["unit"] for each in rows} | set(body.get("acknowledged") or ())


BY_KIND: Final = {"topic": OF_TOPIC, "proposal": OF_PROPOSAL, "decision": OF_DECISION}


def plainly(kind: str, body: Mapping[str, Any], units: Units) -> bool:
    """Whether what a subject itself names shows that it concerns some units."""
    return kind in BY_KIND and bool(units & BY_KIND[kind](body))


class Concerns:
    """Tells, for some units of one pair, which rows concern them, and shows no more of a row than that."""

    def __init__(self, views: Views, pair: str, units: Units) -> None:
        """Look into one pair's views."""
        self._views = views
        self._pair = pair
        self._units = units
        self._decisions: dict[str, Mapping[str, Any]] | None = None

    @property
    def decisions(self) -> Mapping[str, Mapping[str, Any]]:
        """Give the decisions that concern the units, by id."""
        if self._decisions is None:
            self._decisions = {
                row.id: row.body for row in self._rows("decision") if self._units & OF_DECISION(row.body)
            }
        return self._decisions

    def has(self, row: Row) -> bool:
        """Whether a row concerns the units; of a kind that concerns no department none does."""
        match row.view:
            case "meeting":
                return self._meeting(row.body)
            case "minutes":
                return row.body.get("issued_on") is not None and self._called_to(row.id)
            case "correction":
                return row.body.get("issued_on") is not None and self._called_to(str(row.body["minutes"]))
            case kind:
                return plainly(kind, row.body, self._units)

    def shown(self, row: Row) -> Row:
        """Give a row without the materials and the decisions of others."""
        if row.view != "meeting":
            return row
        body = dict(row.body)
        body["materials"] = [each for each in body.get("materials", ()) if each["unit"] in self._units]
        body["explanations"] = self._mine(body.get("explanations") or {})
        report = body.get("report")
        if report:
            members = [each for each in report["members"] if each["id"] in self.decisions]
            body["report"] = {**report, "members": members}
        return Row(view=row.view, id=row.id, version=row.version, position=row.position, body=body)

    def _mine(self, by_decision: Mapping[str, Any]) -> dict[str, Any]:
        return {key: each for key, each in by_decision.items() if key in self.decisions}

    def _meeting(self, body: Mapping[str, Any]) -> bool:
        if self._units & of_meeting(body):
            return True
        # Whoever leads a decision that is open must explain it to the next meeting.
        return body.get("opened_at") is None and any(each.get("open_now") for each in self.decisions.values())

    def _called_to(self, meeting: str) -> bool:
        row = self._views.row(self._pair, "meeting", meeting)
        return row is not None and bool(self._units & of_meeting(row.body))

    def _rows(self, view: str) -> Iterable[Row]:
        after: str | None = None
        while True:
            page = self._views.rows(self._pair, view, after=after, limit=PAGE)
            yield from page.rows
            after = page.next_after
            if after is None:
                return
