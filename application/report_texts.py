"""The texts of the 12-month table: what was decided, what was reported and explained, as the views hold it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from application.ports import Row
from application.report_rows import PairRows
from domain.decider import Value
from domain.regulation import Category, Disclosure

WANTED: Final = ("decision", "meeting", "minutes", "unit")


class Told(Value):
    """A progress report, or an explanation given to a meeting with its opinion."""

    on: date
    text: str
    percent: int = 0
    opinion: str = ""
    title: str = ""


class DecisionText(Value):
    """What the table says of a decision. ``progress`` and ``explained`` are in the order of their days."""

    id: str
    text: str
    category: Category
    lead_units: tuple[str, ...]
    cooperating_units: tuple[str, ...]
    leader: str
    minutes_number: str
    disclosure: Disclosure | None
    amount: int | None
    quantity: str
    progress: tuple[Told, ...]
    explained: tuple[Told, ...]


class PairTexts(Value):
    """The texts of one pair, by decision."""

    pair: str
    decisions: tuple[DecisionText, ...]


def texts(found: Mapping[str, PairRows]) -> tuple[PairTexts, ...]:
    """Take the texts of the table out of the rows that were read."""
    return tuple(
        PairTexts(pair=pair, decisions=tuple(_decisions(read))) for pair, read in sorted(found.items())
    )


def _decisions(read: PairRows) -> Iterable[DecisionText]:
    units = {row.id: row.body["name"] for row in read.rows.get("unit", ())}
    disclosed = {row.id: row.body["disclosure"] for row in read.rows.get("minutes", ())}
    explained: dict[str, list[Told]] = {}
    for row in read.rows.get("meeting", ()):
        for member, said in row.body["explanations"].items():
            told = Told(on=said["on"], text=said["explanation"], opinion=said["opinion"])
            explained.setdefault(member, []).append(told)
    for row in read.rows.get("decision", ()):
        yield _decision(row, units, disclosed.get(row.body["meeting"]), explained.get(row.id, ()))


def _decision(
    row: Row, units: Mapping[str, str], disclosure: str | None, explained: Iterable[Told]
) -> DecisionText:
    body = row.body
    reports = (
        Told(on=each["on"], text=each["text"], percent=each["percent"], title=each["by"]["title"])
        for each in body["progress"]
    )
    named = ("text", "category", "leader", "minutes_number", "amount", "quantity")
    return DecisionText(
        id=row.id,
        **{name: body[name] for name in named},
        lead_units=tuple(units[each] for each in body["lead_units"]),
        cooperating_units=tuple(units[each] for each in body["cooperating_units"]),
        disclosure=Disclosure(disclosure) if disclosure is not None else None,
        progress=tuple(sorted(reports, key=lambda each: each.on)),
        explained=tuple(sorted(explained, key=lambda each: (each.on, each.text))),
    )
