"""The packaged working days: fixed years, so that a newer package changes no past answer."""

import hashlib
from datetime import date, timedelta

import chinese_calendar

from infrastructure import holidays

PACKAGED = holidays.PublishedCalendar()
# Of every day of the years, 1 where it is worked.
KNOWN = "f07b1434e28df3010d2b339a0f6a5c995f69f53a376833daef9186a8b3c565b4"


def test_r083_the_packaged_years_are_those_that_were_relied_on():
    """Another package that says anything else of these years must not slip in."""
    first, last = date(holidays.YEARS.start, 1, 1), date(holidays.YEARS.stop - 1, 12, 31)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    worked = "".join("01"[PACKAGED.is_working_day(day)] for day in days)
    assert hashlib.sha256(worked.encode()).hexdigest() == KNOWN
    assert not any(PACKAGED.is_provisional(day) for day in (first, last))


def test_r083_a_newer_package_changes_nothing(monkeypatch):
    """A year that only a newer package knows stays Monday to Friday, 暂定, until the city publishes it."""
    monkeypatch.setattr(chinese_calendar, "is_workday", lambda day: False)
    for day in (date(2027, 1, 4), date(2003, 12, 31)):
        assert PACKAGED.is_working_day(day)
        assert PACKAGED.is_provisional(day)
