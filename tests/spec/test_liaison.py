"""Each side names the section and the staff responsible for the conference."""

import pytest

from domain import arranging, consent, liaison, meetings, refusals
from tests import builders as b


@pytest.mark.parametrize("side", list(b.Side))
def test_r084_each_side_names_a_section_and_a_person(side):
    """Both are dated, and naming the same again changes nothing."""
    scene = b.given_nothing(b.registered(), b.staffed)
    scene = scene.when(b.OFFICES[side], b.designate(side)).then(liaison.LiaisonDesignated)
    assert scene.dossier.liaisons[side].on == b.day(1, 6)
    scene.when(b.OFFICES[side], b.designate(side)).then()
    scene.when(b.OFFICES[side], b.designate(side, section="秘书科")).then(liaison.LiaisonDesignated)


@pytest.mark.parametrize("change", [{"section": "无"}, {"posts": ()}, {"posts": ("综合科科员", "略")}])
def test_r084_a_section_without_a_person_or_the_reverse_is_refused(change):
    """At least one section and one person, by name of post."""
    scene = b.given_nothing(b.registered(), b.staffed)
    scene.when("GO", b.designate(b.GOV, **change)).refused("R-084", liaison.SectionAndPersonNeeded)


def test_r084_nobody_names_the_other_sides_staff():
    """A side designates for itself, under its own address."""
    scene = b.given_nothing(b.registered(), b.staffed)
    scene.when("UO", b.designate(b.GOV)).refused("R-084", consent.NotYourSide)
    scene.when("GO", b.designate(b.GOV), subject="union").refused("R-084", refusals.NotFound)


@pytest.mark.parametrize("named", [(), (b.GOV,), (b.UNION,)])
def test_r084_the_notice_is_refused_until_both_sides_named_theirs(named):
    """The first notice waits for section and staff of both sides."""
    scene = b.given_nothing(b.registered(), b.staffed, b.adopted, b.without_history)
    for side in named:
        scene = scene.act(b.OFFICES[side], b.designate(side))
    scene = scene.play(b.topic(), b.meeting(until=meetings.Status.AGREED))
    scene.when("GO", b.notice()).refused("R-084", arranging.LiaisonMissing)
    scene.play(b.with_liaison).when("GO", b.notice(number="", number_reason="便函")).then(
        meetings.NoticeIssued
    )


def test_r093_a_notice_does_not_rest_on_a_later_designation():
    """The liaison was named on or before the day of the notice."""
    scene = b.given_nothing(b.registered(), b.staffed, b.adopted, b.without_history)
    scene = scene.act("GO", b.designate(b.GOV)).act("UO", b.designate(b.UNION, on=b.day(4, 20)))
    scene = scene.play(b.topic(), b.meeting(until=meetings.Status.AGREED))
    scene.when("GO", b.notice()).refused("R-093", refusals.BeforeItsBasis)


def test_r093_a_later_change_of_staff_leaves_an_earlier_notice_possible():
    """What counts is when a side first named its staff."""
    scene = b.given(b.topic(), b.meeting(until=meetings.Status.AGREED))
    scene = scene.act("UO", b.designate(b.UNION, on=b.day(4, 20), section="秘书科"))
    scene.when("GO", b.notice(number="", number_reason="便函")).then(meetings.NoticeIssued)
