"""The light of a decision: derived from facts, day, calendar and parameters, never stored."""

from datetime import date, timedelta

import pytest

from domain import calendar, decisions, lights
from domain.lights import Colour
from domain.regulation import Parameters
from tests import builders as b

DAYS = calendar.WeekdayCalendar()


class Published:
    """A calendar whose years are all published: Monday to Friday."""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5

    def is_provisional(self, day: date) -> bool:
        return False


def decision(until=decisions.Status.ACCEPTED, *, plan=(), **change):
    return b.given(b.established(b.decided(until=until, plan=plan), **change)).decision()


def colour(known, on, days=DAYS, **change):
    return lights.light(known, on=on, days=days, **change)


def test_r081_a_running_decision_is_green():
    """Not due and not behind its plan."""
    light = colour(decision(), b.day(6, 2))
    assert (light.colour, light.shape, light.text) == (Colour.GREEN, "●", "正常推进")


def test_r081_the_last_ten_working_days_are_yellow():
    """Ten working days before the deadline of Friday 28 November, not eleven."""
    known = decision(until=decisions.Status.IN_PROGRESS)
    recent = known.model_copy(update={"last_report_on": b.day(11, 1)})
    assert colour(recent, b.day(11, 13)).colour is Colour.GREEN
    light = colour(recent, b.day(11, 14))
    assert (light.colour, light.text) == (Colour.YELLOW, "距时限 10 个工作日（暂定）")
    assert colour(recent, b.day(11, 28)).colour is Colour.YELLOW


def test_r081_a_published_calendar_is_not_provisional():
    """暂定 is said only where the year is not published."""
    known = decision().model_copy(update={"last_report_on": b.day(11, 1)})
    assert colour(known, b.day(11, 14), days=Published()).text == "距时限 10 个工作日"


def test_r081_a_passed_deadline_is_red():
    """From the day after, with the number of days."""
    known = decision().model_copy(update={"last_report_on": b.day(11, 1)})
    light = colour(known, b.day(11, 30))
    assert (light.colour, light.shape, light.text) == (Colour.RED, "■", "已超期 2 天")


@pytest.mark.parametrize(
    ("planned", "expected"), [(10, Colour.GREEN), (11, Colour.YELLOW), (30, Colour.YELLOW), (31, Colour.RED)]
)
def test_r081_behind_the_plan_is_yellow_then_red(planned, expected):
    """More than ten percentage points behind is yellow, more than thirty red."""
    known = decision(plan=(decisions.Milestone(due=b.day(5, 20), percent=planned),))
    assert colour(known, b.day(6, 2)).colour is expected
    before = colour(known, b.day(5, 19))
    assert before.colour is Colour.GREEN


def test_r081_two_intervals_without_a_report_are_red():
    """Three months each, unless the decision has its own."""
    assert colour(decision(), b.day(11, 10)).text == "两个汇报周期未汇报"
    assert colour(decision(), b.day(10, 10)).colour is Colour.GREEN
    reported = decision().model_copy(update={"last_report_on": b.day(10, 1)})
    assert colour(reported, b.day(11, 10)).colour is Colour.GREEN


def test_r081_a_long_term_decision_is_blue_while_it_is_reported():
    """It has no deadline, but its own interval."""
    known = decision(deadline=None, long_term=True, report_interval_months=1)
    assert (colour(known, b.day(6, 2)).colour, colour(known, b.day(6, 2)).shape) == (Colour.BLUE, "◆")
    assert colour(known, b.day(7, 15)).colour is Colour.RED


@pytest.mark.parametrize(("done", "text"), [(b.day(6, 20), "按期办结"), (b.day(12, 1), "逾期办结")])
def test_r081_a_fulfilled_decision_is_green_and_says_whether_in_time(done, text):
    """By the date of the fact, whenever it was verified."""
    known = decision(until=decisions.Status.FULFILLED).model_copy(update={"fulfilled_on": done})
    light = colour(known, b.day(12, 31, 2026))
    assert (light.colour, light.text) == (Colour.GREEN, text)


@pytest.mark.parametrize("status", [decisions.Status.TERMINATED, decisions.Status.SUPERSEDED])
def test_r081_what_a_meeting_closed_has_no_light(status):
    """Its state is said in words."""
    light = colour(decision().model_copy(update={"status": status}), b.day(12, 31))
    assert (light.colour, light.text) == (Colour.NONE, decisions.STATUS_LABELS[status])


def test_r081_the_parameters_decide():
    """The same facts under other parameters show another light."""
    known = decision(plan=(decisions.Milestone(due=b.day(5, 20), percent=20),))
    strict = Parameters(behind_red=15)
    assert colour(known, b.day(6, 2)).colour is Colour.YELLOW
    assert colour(known, b.day(6, 2), parameters=strict).colour is Colour.RED


def test_r081_nothing_of_a_light_is_stored():
    """No fact and no state holds a colour; the same decision shines differently on another day."""
    known = decision()
    stored = set(type(known).model_fields)
    for fact in b.decisions.DecisionFact.__args__:
        # A supervision sheet is sent in a colour; that is what somebody did, not how the decision shines.
        stored |= set(fact.model_fields) - ({"colour"} if fact is b.decisions.DecisionEscalated else set())
    assert not {name for name in stored if "light" in name or "colour" in name or "overdue" in name}
    assert colour(known, b.day(6, 2)).colour is not colour(known, b.day(12, 2)).colour


def test_r083_working_days_are_counted_from_the_day_after():
    """Five working days after a Friday is the next Friday."""
    friday = b.day(5, 9)
    due = calendar.add_working_days(friday, 5, calendar=DAYS)
    assert (due.on, due.provisional) == (friday + timedelta(days=7), True)
    assert calendar.add_working_days(friday, 0, calendar=DAYS).on == friday
    assert calendar.working_days_until(friday, due.on, calendar=DAYS, limit=20) == 5
    assert not calendar.add_working_days(friday, 5, calendar=Published()).provisional


# --- more time, receipts, reports, minutes ----------------------------------------------------------------------


def extended(done=None):
    scene = b.given(b.established(b.decided(until=decisions.Status.IN_PROGRESS)))
    known = scene.act("HR", b.extend()).play(b.extension_granted()).decision()
    if done is not None:
        known = known.model_copy(update={"status": decisions.Status.FULFILLED, "fulfilled_on": done})
    return known.model_copy(update={"last_report_on": b.day(11, 1)})


@pytest.mark.parametrize(
    ("done", "text"),
    [
        (b.day(11, 28), "按期办结（按原时限）"),
        (b.day(11, 29), "原时限逾期，按延期后时限按期办结"),
        (b.day(4, 1, 2026), "逾期办结（按延期后时限）"),
    ],
)
def test_r076_the_light_of_an_extended_decision_tells_both_deadlines(done, text):
    """Done in time by one is not done in time by the other."""
    light = colour(extended(done), b.day(12, 31, 2026))
    assert (light.colour, light.text) == (Colour.GREEN, text)


def test_r076_a_running_extended_decision_goes_by_its_present_deadline():
    """The original one is named."""
    light = colour(extended(), b.day(12, 2))
    assert (light.colour, light.text) == (Colour.GREEN, "正常推进（原时限 2025-11-28）")


def test_r070_the_next_progress_report_of_a_long_term_decision_is_due_by_its_interval():
    """Others go by the parameter; what is closed owes none."""
    known = decision(deadline=None, long_term=True, report_interval_months=6)
    assert lights.report_due(known) == b.day(10, 29)
    assert lights.report_due(decision()) == b.day(7, 29)
    assert lights.report_due(decision(), Parameters(report_interval_months=1)) == b.day(5, 29)
    assert lights.report_due(decision(until=decisions.Status.FULFILLED)) is None


def test_r073_a_late_receipt_is_seen():
    """Five working days after the supervisors were named, given or not."""
    waiting = decision(until=decisions.Status.SUPERVISED)
    assert not lights.receipt_late(waiting, on=b.day(5, 13), days=DAYS)
    assert lights.receipt_late(waiting, on=b.day(5, 14), days=DAYS)
    signed = decision()
    assert not lights.receipt_late(signed, on=b.day(12, 31), days=DAYS)
    strict = Parameters(receipt_days=1)
    assert lights.receipt_late(signed, on=b.day(12, 31), days=DAYS, parameters=strict)
    unnamed = b.given(b.established()).decision()
    assert not lights.receipt_late(unnamed, on=b.day(12, 31), days=DAYS)


@pytest.mark.parametrize(
    ("issued", "on", "expected", "text"),
    [
        (None, b.day(5, 6), Colour.GREEN, "在办理期限内"),
        (None, b.day(5, 7), Colour.YELLOW, "会后超过 10 个工作日未印发"),
        (None, b.day(5, 20), Colour.YELLOW, "会后超过 10 个工作日未印发"),
        (None, b.day(5, 21), Colour.RED, "会后超过 20 个工作日未印发"),
        (b.day(5, 20), b.day(12, 31), Colour.GREEN, "按时印发"),
        (b.day(5, 21), b.day(12, 31), Colour.GREEN, "逾期印发"),
    ],
)
def test_r067_minutes_are_yellow_after_ten_and_red_after_twenty_working_days(issued, on, expected, text):
    """After the sitting of Tuesday 22 April, Monday to Friday (A10)."""
    light = lights.minutes_light(held_on=b.day(4, 22), issued_on=issued, on=on, days=Published())
    assert (light.colour, light.text) == (expected, text)
