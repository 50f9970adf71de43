"""A table as CSV for spreadsheets: UTF-8 with a byte order mark, CRLF, and no cell that a program would run."""

import csv
import io
from datetime import date
from typing import Final

from application.workbook import Cell, Table, Toned

MARK: Final = "\ufeff"
# With these a spreadsheet takes a text for a formula; an apostrophe before it makes it a text again.
RISKY: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_of(table: Table) -> bytes:
    """Write a table: one line of headings, then its rows. The same table gives the same bytes."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([each.heading for each in table.columns])
    writer.writerows([_shown(cell) for cell in row] for row in table.rows)
    return (MARK + buffer.getvalue()).encode()


def _shown(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Toned(text, _):
            return _safe(text)
        case date():
            return cell.isoformat()
        case int():
            return str(cell)
        case str():
            return _safe(cell)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text
