"""Workbooks of paper history, as the doors need them: opened within bounds, and made empty."""

from collections.abc import Iterable

from application import importing
from domain import people
from infrastructure import history_books_in, history_books_out


class Workbooks:
    """Opens what was handed in, and makes the template."""

    def read(self, content: bytes) -> importing.Sheets:
        """Give the rows of a filled template. Raises: BadWorkbook."""
        return history_books_in.read(content)

    def template(self, units: Iterable[people.Unit]) -> bytes:
        """Make the empty template; ``units`` are listed for reference."""
        return history_books_out.template(units)
