"""Each side names the section and the staff responsible for the conference."""

import pytest

from domain import arranging, consent, liaison, meetings, refusals, topics
from domain.decider import Capacity
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


def replace(**change):
    body = {"on": b.day(9, 1), "side": b.GOV, "section": "综合科", "posts": ("综合科副科长",)}
    return liaison.ReplaceLiaison(**{**body, "handover_note": "材料已移交。", **change})


def accept(**change):
    return liaison.AcceptHandover(**{"on": b.day(9, 2), "side": b.GOV, "note": "已逐项核对。", **change})


taker = b.holding("NEW", Capacity.GOVERNMENT_OFFICE, "office")


def test_r085_a_handover_lists_everything_that_is_under_way():
    """Topics, meetings and decisions, found by the system, each with its words."""
    scene = b.given(b.topic(), b.meeting(), b.minuted(), b.topic("T2", until=topics.Status.DRAFT))
    scene = scene.act("GO", meetings.PlanMeeting(on=b.day(8, 1), year=2025), subject="M2")
    fact = scene.when("GO", replace()).fact(liaison.LiaisonReplaced)
    assert {(each.kind, each.id) for each in fact.open_tasks} == {
        ("topic", "T2"),
        ("meeting", "M2"),
        ("decision", "M1-01"),
    }
    assert all(each.label for each in fact.open_tasks)
    assert (fact.former_section, fact.former_posts) == ("综合科", ("综合科科员",))
    done = scene.play(b.decided()).when("GO", replace()).fact(liaison.LiaisonReplaced)
    assert "decision" not in {each.kind for each in done.open_tasks}


def test_r085_a_handover_is_open_until_somebody_else_accepts_it():
    """Who hands over does not confirm for whoever takes over."""
    scene = b.given(taker).when("GO", replace()).then(liaison.LiaisonReplaced)
    assert scene.dossier.liaisons[b.GOV].handover_open
    scene.when("GO", accept()).refused("R-085", liaison.AcceptedByAnother)
    scene.when("UO", accept()).refused("R-085", consent.NotYourSide)
    scene.when("NEW", accept(on=b.day(8, 31))).refused("R-093", refusals.BeforeItsBasis)
    done = scene.when("NEW", accept()).then(liaison.HandoverAccepted)
    kept = done.dossier.liaisons[b.GOV]
    assert (kept.handover_open, kept.accepted_on) == (False, b.day(9, 2))
    done.when("NEW", accept()).refused("R-085", refusals.WrongState)


@pytest.mark.parametrize(
    ("role", "change", "requirement", "kind"),
    [
        ("UO", {}, "R-085", consent.NotYourSide),
        ("GO", {"posts": ()}, "R-084", liaison.SectionAndPersonNeeded),
        ("GO", {"section": "无"}, "R-084", liaison.SectionAndPersonNeeded),
        ("GO", {"posts": ("综合科科员",)}, "R-085", refusals.AlreadyDone),
        ("GO", {"on": b.day(1, 6)}, "", None),
        ("HR", {}, "R-085", refusals.NotEntitled),
    ],
)
def test_r085_a_handover_that_does_not_fit_is_refused(role, change, requirement, kind):
    """By its own side, to somebody, and to somebody else."""
    done = b.given().when(role, replace(**change))
    if kind is None:
        done.then(liaison.LiaisonReplaced)
    else:
        done.refused(requirement, kind)


def test_r085_who_was_never_named_is_not_replaced():
    """The first designation comes first."""
    scene = b.given_nothing(b.registered(), b.staffed)
    scene.when("GO", replace()).refused("R-085", liaison.NobodyToReplace)
    scene.when("GO", accept()).refused("R-085", refusals.WrongState)


def gap(**change):
    body = {"on": b.day(9, 1), "side": b.GOV, "last_day": b.day(8, 31), "reason": "原人员调离"}
    return liaison.EndLiaison(**{**body, **change})


def test_r084_a_later_gap_is_shown_and_forbids_nothing():
    """Since when nobody is responsible, until somebody is named again, the same or another."""
    scene = b.given().when("GO", gap()).then(liaison.LiaisonEnded)
    assert scene.dossier.liaisons[b.GOV].gap_since == b.day(9, 1)
    scene.when("GO", gap()).refused("R-084", refusals.WrongState)
    again = scene.when("GO", b.designate(b.GOV, on=b.day(9, 8))).then(liaison.LiaisonDesignated)
    assert again.dossier.liaisons[b.GOV].gap_since is None
    ready = scene.play(b.topic(), b.meeting(until=meetings.Status.NOTICED))
    assert ready.meeting().notice is not None


@pytest.mark.parametrize(
    ("role", "change", "requirement", "kind"),
    [
        ("UO", {}, "R-084", consent.NotYourSide),
        ("GO", {"reason": "无"}, "R-084", refusals.TextMissing),
        ("GO", {"last_day": b.day(9, 2)}, "R-093", refusals.BeforeItsBasis),
        ("GO", {"last_day": b.day(1, 5)}, "R-093", refusals.BeforeItsBasis),
    ],
)
def test_r084_a_gap_that_does_not_fit_is_refused(role, change, requirement, kind):
    """By its own side, with a reason, after the designation and never ahead."""
    b.given().when(role, gap(**change)).refused(requirement, kind)
