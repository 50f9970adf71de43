"""The working days of China as published up to 2026; what is not published yet is counted Monday to Friday, 暂定.

The package counts for fixed years only: a newer one that knows more would change what was computed before. Later
years are published by the city and adopted by each pair (``domain/standards.py``, ``domain/rulebook.py``).
"""

from datetime import date
from typing import Final

import chinese_calendar

from domain.calendar import WeekdayCalendar

YEARS: Final = range(2004, 2027)
_WEEKDAYS = WeekdayCalendar()


class PublishedCalendar:
    """The port ``Calendar``."""

    def is_working_day(self, day: date) -> bool:
        """Whether a local date is worked; make-up Saturdays and Sundays are."""
        if day.year not in YEARS:
            return _WEEKDAYS.is_working_day(day)
        return bool(chinese_calendar.is_workday(day))

    def is_provisional(self, day: date) -> bool:
        """Whether the year of a local date is none of those that the package counts for."""
        return day.year not in YEARS
