"""Tables on their way into a workbook or a CSV file: cells of few kinds, and how a sheet is to be printed.

What writes a workbook is a machine behind a port; what is in it is decided here and above.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class Tone(StrEnum):
    """How a cell is coloured; the words of the cell say the same, for prints in black and white."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Toned:
    """A text with a colour behind it."""

    text: str
    tone: Tone


# An integer is an integer and a date a date, so that a table can be sorted and summed; all else is text.
Cell = str | int | date | Toned | None


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and the column's width in Latin characters."""

    heading: str
    width: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet: ``name`` stands on its tab, ``title`` above it, ``form`` between the title and the headings.

    ``fixed``: so many columns stay in sight. ``hidden``: it is for whoever verifies, not for readers.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    form: str = ""
    fixed: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A workbook. ``made_on`` is the day that its properties show: that of its content, not of its making."""

    title: str
    made_on: date
    tables: tuple[Table, ...]


class Writer(Protocol):
    """What turns a book into the bytes of a file."""

    def write(self, book: Book) -> bytes:
        """Write a workbook (xlsx). The same book gives the same bytes; no cell is ever a formula."""
