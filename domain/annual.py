"""Which years the notice knows, and how a subject's id names one."""

import re
from typing import Final

from domain import refusals

# The first year in which a meeting is owed under the notice (R-010, R-032, A1).
FIRST_YEAR: Final = 2024
YEAR: Final = re.compile(r"20[0-9]{2}")


class NotAYear(refusals.Refusal):
    """年度须为本制度施行（2024年）以来的四位年份。"""

    requirement = "R-010"


def number_of(subject: str) -> int:
    """Give the year that a subject's id names. Raises: NotAYear."""
    if not YEAR.fullmatch(subject) or int(subject) < FIRST_YEAR:
        raise NotAYear(f"“{subject}”。", pointer="path:id")
    return int(subject)
