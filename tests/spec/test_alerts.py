"""What ought to have been done by a day and was not."""

from datetime import date

import pytest

from application import alerting, surroundings
from domain import alerts, calendar, liaison, meetings, pairs, publicity, regulation, years
from domain.lights import Colour
from domain.publicity import About
from infrastructure.holidays import PublishedCalendar
from tests import builders as b
from tests.spec.test_years import discussion, plan

Status = meetings.Status


def shown(scene, on, requirement):
    return [
        (each.colour, each.text, each.due)
        for each in alerting.of_pair(scene.dossier, on=on, base=b.DAYS)
        if each.requirement == requirement
    ]


def texts(scene, on, requirement="R-037"):
    return [text for _, text, _ in shown(scene, on, requirement)]


def test_r037_a_meeting_that_is_not_on_its_way_is_warned_of_step_by_step():
    """From the day after 30 September, 31 October and 30 November."""
    scene = b.given()
    assert texts(scene, b.day(9, 30)) == []
    assert shown(scene, b.day(10, 1), "R-037") == [(Colour.YELLOW, "2025年尚无会议计划", b.day(9, 30))]
    assert texts(scene, b.day(11, 1)) == ["2025年尚未商定会议日期", "2025年尚无会议计划"]
    assert [colour for colour, *_ in shown(scene, b.day(12, 1), "R-037")] == [
        Colour.RED,
        Colour.YELLOW,
        Colour.YELLOW,
    ]


@pytest.mark.parametrize(
    ("until", "left"),
    [
        (Status.PLANNED, ["2025年尚未印发会议通知", "2025年尚未商定会议日期"]),
        (Status.AGREED, ["2025年尚未印发会议通知"]),
        (Status.NOTICED, []),
        (Status.SITTING_CLOSED, []),
    ],
)
def test_r037_what_is_done_is_not_warned_of(until, left):
    """A plan, an agreed date, a notice; a meeting that was held needs none of them."""
    scene = b.given(b.topic(), b.meeting(until=until))
    assert texts(scene, b.day(12, 15)) == left


def test_r037_what_was_done_later_was_not_done_yet(monkeypatch):
    """As of a day means as of that day: neither the plan, nor the date, the notice, the meeting or its agenda."""
    early = regulation.Parameters(warn_no_plan=(1, 10), warn_no_date=(4, 1), warn_no_notice=(4, 12))
    monkeypatch.setattr(surroundings, "parameters_of", lambda dossier, *, on: early)
    scene = b.given(b.topic(), b.meeting(agenda=("C2", "T1")))
    for last, first, text in (
        (b.day(1, 19), b.day(1, 20), "2025年尚无会议计划"),
        (b.day(4, 7), b.day(4, 8), "2025年尚未商定会议日期"),
        (b.day(4, 13), b.day(4, 14), "2025年尚未印发会议通知"),
    ):
        assert (texts(scene, last), texts(scene, first)) == ([text], [])
    assert texts(scene, b.day(4, 21), "R-031") == []
    assert len(texts(scene, b.day(4, 22), "R-031")) == 1


def test_r037_a_meeting_that_was_called_off_is_on_its_way_no_more():
    """Another one is wanted."""
    planned = b.given().act("GO", meetings.PlanMeeting(on=b.day(9, 1), year=2025), subject="M1")
    off = meetings.CancelMeeting(on=b.day(9, 20), side=b.GOV, reason="双方另行商定")
    assert texts(planned, b.day(10, 1)) == []
    assert texts(planned.act("GO", off, subject="M1"), b.day(10, 1)) == ["2025年尚无会议计划"]


def test_r037_a_meeting_of_another_year_is_no_plan_for_this_one():
    """Neither by the year that it is planned for, nor by the day that it was put off to."""
    next_year = meetings.PlanMeeting(on=b.day(9, 1), year=2026)
    scene = b.given().act("GO", next_year, subject="M1")
    assert texts(scene, b.day(10, 1)) == ["2025年尚无会议计划"]
    this_year = b.given().act("GO", next_year.model_copy(update={"year": 2025}), subject="M1")
    assert texts(this_year, b.day(10, 1)) == []
    put_off = this_year.act(
        "GO", meetings.ProposeDate(on=b.day(9, 2), meeting_date=b.day(1, 15, 2026)), subject="M1"
    )
    assert texts(put_off, b.day(10, 1)) == ["2025年尚无会议计划"]


def test_r032_a_year_without_a_meeting_is_red_after_it():
    """From 1 January on, for the year before as well; one in which a meeting was held is not."""
    assert texts(b.given(), b.day(12, 31), "R-032") == ["2024年未召开联席会议"]
    assert texts(b.given(), b.day(1, 6, 2026), "R-032") == ["2025年未召开联席会议"]
    assert texts(b.given(b.topic(), b.meeting()), b.day(1, 6, 2026), "R-032") == []


def test_r086_a_conference_outside_the_plan_is_yellow_and_then_red():
    """After 31 March and after 30 June, until the document is recorded."""
    scene = b.given()
    assert shown(scene, b.day(3, 31), "R-086") == []
    assert [each[0] for each in shown(scene, b.day(4, 1), "R-086")] == [Colour.YELLOW]
    assert [each[0] for each in shown(scene, b.day(6, 30), "R-086")] == [Colour.YELLOW]
    assert [each[0] for each in shown(scene, b.day(7, 1), "R-086")] == [Colour.RED]
    assert shown(scene.act("GO", plan(), subject="2025"), b.day(7, 1), "R-086") == []
    late = scene.act("GO", plan(on=b.day(8, 1)), subject="2025")
    assert [each[0] for each in shown(late, b.day(7, 1), "R-086")] == [Colour.RED]


@pytest.mark.parametrize("side", list(b.Side))
def test_r099_the_side_whose_leaders_were_silent_is_listed(side):
    """Each for itself."""
    scene = b.given().act(b.OFFICES[side], discussion(side), subject="2025")
    assert texts(scene, b.day(6, 1), "R-099") == [f"2025年{side.other.label}领导班子尚未研究"]
    assert len(texts(scene, b.day(2, 1), "R-099")) == 2


def test_r084_a_side_without_section_and_staff_is_listed():
    """Once the regime is adopted."""
    scene = b.given_nothing(b.registered(), b.staffed, b.adopted).act("GO", b.designate(b.GOV))
    assert texts(scene, b.day(2, 1), "R-084") == ["工会方未明确科室和人员"]
    assert texts(scene, b.day(1, 5), "R-084") == []


@pytest.mark.parametrize("side", list(b.Side))
def test_r084_a_side_whose_staff_has_gone_is_listed_from_the_day_after(side):
    """Until it names somebody again; the other side is not concerned."""
    ended = liaison.EndLiaison(on=b.day(6, 5), side=side, last_day=b.day(5, 31), reason="科室撤并，人员调离")
    scene = b.given().act(b.OFFICES[side], ended, subject=side.value)
    assert texts(scene, b.day(5, 31), "R-084") == []
    gap = (Colour.YELLOW, f"{side.label}自 2025-06-01 起没有明确的科室和人员", b.day(6, 1))
    assert shown(scene, b.day(6, 1), "R-084") == [gap]
    again = scene.act(b.OFFICES[side], b.designate(side, on=b.day(6, 20)))
    assert texts(again, b.day(6, 20), "R-084") == []


def test_r031_a_yearly_meeting_without_its_briefings_is_told():
    """Those of clause 一(一) and (二)."""
    scene = b.given(b.topic(), b.meeting(agenda=("C2", "T1")))
    (text,) = texts(scene, b.day(6, 1), "R-031")
    assert text.startswith("会议未列（一）")


def test_r083_contents_are_published_within_twenty_working_days():
    """The list holds what is late or missing; on a calendar that nobody published, provisionally."""
    held = b.given(b.topic(), b.meeting())
    due = b.day(5, 20)
    assert shown(held, due, "R-083") == []
    assert shown(held, b.day(5, 21), "R-083") == [(Colour.YELLOW, "会议内容未及时宣传（暂定）", due)]
    done = held.play(b.minuted()).act("GO", b.publish())
    assert shown(done, b.day(5, 21), "R-083") == []
    assert shown(done, b.day(5, 8), "R-083") == []
    late = held.play(b.minuted()).act("GO", b.publish(on=b.day(5, 30)))
    assert len(shown(late, b.day(5, 29), "R-083")) == 1
    assert shown(late, b.day(5, 30), "R-083") == []


def test_r083_a_warning_counts_the_working_days_that_the_screens_show():
    """The installation's calendar, where the pair adopted none: May Day is off, and nothing is 暂定."""
    held = b.given(b.topic(), b.meeting())
    found = alerting.of_pair(held.dossier, on=b.day(6, 1), base=PublishedCalendar())
    (late,) = (each for each in found if each.requirement == "R-083")
    due = calendar.add_working_days(b.day(4, 22), 20, calendar=PublishedCalendar())
    assert (late.due, late.provisional, late.text) == (due.on, False, "会议内容未及时宣传")
    assert late.due > calendar.add_working_days(b.day(4, 22), 20, calendar=b.DAYS).on


def test_a23_of_closed_minutes_nothing_need_be_published():
    """The disclosure comes first."""
    closed = b.given(b.topic(), b.meeting(), b.minuted(disclosure=regulation.Disclosure.CLOSED))
    assert shown(closed, b.day(6, 21), "R-083") == []


def covered(**change):
    body = {"meeting": "M1", "held_on": b.day(4, 22), "next_on": b.day(4, 21, 2026), "effects": ("M1-01",)}
    return publicity.Covered(**{**body, **change})


def published(about, on):
    return publicity.Publicity(id="P1", meeting="M1", about=about, on=on)


def owed(meeting, *items):
    return publicity.owed([meeting], items, days=20, worked=calendar.WeekdayCalendar())


def test_r083_effects_are_published_before_the_next_meeting():
    """Where something was achieved, and once the next meeting's day is known."""
    content = published(About.CONTENT, b.day(5, 9))
    (_, effect) = owed(covered(), content)
    assert (effect.about, effect.due, effect.timely) == (About.EFFECT, b.day(4, 21, 2026), False)
    assert publicity.missing([effect], on=b.day(4, 21, 2026)) == []
    assert publicity.missing([effect], on=b.day(4, 22, 2026)) == [effect]
    (_, effect) = owed(covered(), content, published(About.EFFECT, b.day(4, 21, 2026)))
    assert effect.timely
    assert publicity.missing([effect], on=b.day(4, 22, 2026)) == []
    assert [each.about for each in owed(covered(effects=()), content)] == [About.CONTENT]
    assert [each.about for each in owed(covered(next_on=None), content)] == [About.CONTENT]
    assert owed(covered(closed=True)) == []


def test_r083_the_effects_of_a_meeting_are_its_public_decisions_fulfilled_before_the_next():
    """As the pair's own ledger tells them."""
    second = b.meeting("M2", year=2026, agenda=("C1", "C2", "C6"), explained=())
    scene = b.given(b.established(b.decided()), second)
    assert texts(scene, b.day(5, 1, 2026), "R-083") == [
        "会议内容未及时宣传（暂定）",
        "工作成效未在下次会议前宣传",
    ]


def test_r081_every_warning_has_a_shape_beside_its_colour():
    """Printed in black and white it still tells."""
    found = alerting.of_pair(b.given().dossier, on=b.day(12, 15), base=b.DAYS)
    assert found
    assert all(each.shape and each.text for each in found)
    assert {each.shape for each in found} == {"■", "▲"}


def test_r004_a_voluntary_pair_that_owes_nothing_is_not_warned():
    """Who adopted late, or not at all, owes nothing this year."""
    scene = b.given_nothing(b.registered(b.ZONE), b.staffed, division=b.ZONE)
    assert alerting.of_pair(scene.dossier, on=b.day(12, 15), base=b.DAYS) == []
    assert alerting.of_pair(b.blank().dossier, on=b.day(12, 15), base=b.DAYS) == []
    assert alerting.of_pair(b.given().dossier, on=date(2023, 12, 31), base=b.DAYS) == []
    duty = years.Duty(terms=(years.Term(first=2026),))
    silent = alerts.of_the_meeting(
        2025, duty, alerts.Preparing(), on=b.day(12, 15), parameters=regulation.PARAMETERS
    )
    assert list(silent) == []


def test_r005_who_left_is_told_of_the_years_it_missed_and_of_nothing_else():
    """A voluntary pair that left in November without having met: red after the year, silent before and later."""
    begun = (b.registered(b.ZONE), b.staffed, b.adopted, b.without_history, b.with_liaison)
    leave = pairs.WithdrawRegime(on=b.day(11, 20), last_day=b.day(11, 15), reason="机构撤并，由县级统一办理")
    scene = b.given_nothing(*begun, division=b.ZONE)
    assert texts(scene, b.day(11, 15)) != []
    left = scene.act("GO", leave)
    assert texts(left, b.day(11, 15)) != []
    assert alerting.of_pair(left.dossier, on=b.day(11, 16), base=b.DAYS) == []
    assert texts(left, b.day(1, 6, 2026), "R-032") == ["2025年未召开联席会议"]
    assert texts(left, b.day(1, 6, 2026)) == []
    assert alerting.of_pair(left.dossier, on=b.day(1, 6, 2027), base=b.DAYS) == []
