"""The working days of China as published; what is not published yet is counted Monday to Friday, 暂定."""

from datetime import date

import chinese_calendar

from domain.calendar import WeekdayCalendar

_WEEKDAYS = WeekdayCalendar()


class PublishedCalendar:
    """The port ``Calendar``."""

    def is_working_day(self, day: date) -> bool:
        """Whether a local date is worked; make-up Saturdays and Sundays are."""
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:
            return _WEEKDAYS.is_working_day(day)

    def is_provisional(self, day: date) -> bool:
        """Whether the package does not know the year of a local date."""
        try:
            chinese_calendar.is_workday(day)
        except NotImplementedError:
            return True
        return False
