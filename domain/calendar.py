"""Working days, as a port: the calendar in use says which days are worked and whether it is published.

Deadlines that fall in a year whose calendar is not yet published are counted Monday to Friday and marked 暂定.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Final, Protocol

from pydantic import AfterValidator, AwareDatetime

from domain.decider import Value

# China has kept one time without summer time since 1991; the procedure begins in 2003.
SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")


def local(at: datetime) -> datetime:
    """Give an aware moment in local time, so that equal moments have equal bytes.

    Raises: ValueError, in Chinese, where the calendar ends before it.
    """
    try:
        return at.astimezone(SHANGHAI)
    except OverflowError:
        raise ValueError("时间超出可用的范围") from None


def local_date(at: datetime) -> date:
    """Give the legal day (Asia/Shanghai) of an aware moment."""
    return local(at).date()


Moment = Annotated[AwareDatetime, AfterValidator(local)]


class Calendar(Protocol):
    """Which days are worked."""

    def is_working_day(self, day: date) -> bool:
        """Whether a local date is worked."""

    def is_provisional(self, day: date) -> bool:
        """Whether the year of a local date is not yet published, so that the answer is 暂定."""


class WeekdayCalendar:
    """Monday to Friday, always provisional: what remains where nothing is published."""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5  # noqa: PLR2004 - Saturday is 5.

    def is_provisional(self, day: date) -> bool:
        del day
        return True


class Year(Value):
    """A year as published: weekdays that are off, and Saturdays and Sundays that are worked."""

    year: int
    off: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()

    def is_working_day(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < 5 and day not in self.off)  # noqa: PLR2004 - As above.


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlaid:
    """The port ``Calendar``: some published years laid over another calendar."""

    years: Mapping[int, Year]
    base: Calendar

    def is_working_day(self, day: date) -> bool:
        known = self.years.get(day.year)
        return known.is_working_day(day) if known is not None else self.base.is_working_day(day)

    def is_provisional(self, day: date) -> bool:
        return day.year not in self.years and self.base.is_provisional(day)


def exceptions(year: int, *, calendar: Calendar) -> Year:
    """Give a year of a calendar as what is published of one: only the days that are not like their weekday."""
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(366)]
    odd = [each for each in days if each.year == year and _is_odd(each, calendar)]
    return Year(
        year=year,
        off=tuple(each for each in odd if not calendar.is_working_day(each)),
        worked=tuple(each for each in odd if calendar.is_working_day(each)),
    )


def _is_odd(day: date, calendar: Calendar) -> bool:
    return calendar.is_working_day(day) is not WeekdayCalendar().is_working_day(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A date counted in working days, and whether any day of the count is 暂定."""

    on: date
    provisional: bool


def add_working_days(start: date, days: int, *, calendar: Calendar) -> Due:
    """Give the date ``days`` working days after ``start``, which itself is not counted."""
    day, provisional = start, False
    remaining = days
    while remaining:
        day += timedelta(days=1)
        provisional = provisional or calendar.is_provisional(day)
        remaining -= calendar.is_working_day(day)
    return Due(on=day, provisional=provisional)


def working_days_until(start: date, end: date, *, calendar: Calendar, limit: int) -> int:
    """Count the working days after ``start`` up to and including ``end``; counting stops past ``limit``."""
    day, count = start, 0
    while day < end and count <= limit:
        day += timedelta(days=1)
        count += calendar.is_working_day(day)
    return count
