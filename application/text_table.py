"""Plain-text tables whose columns line up where Chinese characters stand two columns wide."""

import unicodedata
from collections.abc import Collection, Sequence

GUTTER = "  "


def width(text: str) -> int:
    """Give how many columns a text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """Fill a text with blanks to a number of columns, at its end, or before it where ``right``."""
    blanks = " " * max(0, columns - width(text))
    return blanks + text if right else text + blanks


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: Collection[int] = (0,)) -> str:
    """Set a table: columns as wide as their widest cell, numbers to the right, the columns in ``left`` to the left."""
    widths = [max(width(row[column]) for row in (header, *rows)) for column in range(len(header))]
    rule = GUTTER.join("─" * columns for columns in widths)

    def line(row: Sequence[str]) -> str:
        cells = [
            padded(cell, columns, right=column not in left)
            for column, (cell, columns) in enumerate(zip(row, widths, strict=True))
        ]
        return GUTTER.join(cells).rstrip()

    return "\n".join([line(header), rule, *map(line, rows)])
