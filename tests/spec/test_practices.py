"""Supporting rules and practices worth noting."""

import pytest

from domain import practices, refusals, supporting_rules, wording
from tests import builders as b


def rule(**change):
    body = {
        "on": b.day(3, 1),
        "number": "芮政办发〔2025〕12号",
        "title": "联席会议议题征集办法",
        "in_force_from": b.day(3, 1),
    }
    return supporting_rules.RegisterSupportingRule(**{**body, **change})


def repeal(**change):
    body = {"on": b.day(12, 1), "last_day": b.day(11, 30), "reason": "另有新办法"}
    return supporting_rules.RepealSupportingRule(**{**body, **change})


@pytest.mark.parametrize("role", ["GO", "UO"])
def test_r088_a_supporting_rule_is_registered_with_its_validity_and_repealed_once(role):
    """Both days are inclusive."""
    scene = b.given().when(role, rule(), subject="S1").then(supporting_rules.SupportingRuleRegistered)
    kept = scene.dossier.state("supporting_rule:S1")
    assert (kept.in_force(b.day(2, 28)), kept.in_force(b.day(3, 1))) == (False, True)
    scene.when(role, rule(), subject="S1").refused("R-088", refusals.AlreadyDone)
    gone = scene.when(role, repeal(), subject="S1").then(supporting_rules.SupportingRuleRepealed)
    kept = gone.dossier.state("supporting_rule:S1")
    assert (kept.in_force(b.day(11, 30)), kept.in_force(b.day(12, 1))) == (True, False)
    gone.when(role, repeal(), subject="S1").refused("R-088", refusals.AlreadyDone)


def test_r088_what_ends_before_it_begins_or_says_nothing_is_refused():
    """Number, title, a reason for the repeal, and days in their order."""
    scene = b.given().act("GO", rule(), subject="S1")
    early = rule(in_force_until=b.day(2, 28))
    b.given().when("GO", early, subject="S1").refused("R-088", supporting_rules.EndsBeforeItBegins)
    scene.when("GO", repeal(last_day=b.day(2, 28)), subject="S1").refused(
        "R-088", supporting_rules.EndsBeforeItBegins
    )
    for nothing in ({"number": "无"}, {"title": "略"}):
        b.given().when("GO", rule(**nothing), subject="S1").refused("R-088", refusals.TextMissing)
    scene.when("GO", repeal(reason="——"), subject="S1").refused("R-088", refusals.TextMissing)
    scene.when("GO", repeal(on=b.day(2, 1)), subject="S1").refused("R-093", refusals.BeforeItsBasis)
    b.given().when("GO", repeal(), subject="S9").refused("R-088", refusals.NotFound)
    scene.when("HR", rule(), subject="S2").refused("R-088", refusals.NotEntitled)


def practice(**change):
    body = {"on": b.day(11, 20), "title": "议题“三张清单”", "text": "建立征集、论证、反馈三张清单。"}
    return practices.RecordPractice(**{**body, **change})


@pytest.mark.parametrize("role", ["GO", "UO", "HR", "RIGHTS"])
def test_r089_a_practice_is_noted_once_by_either_side_or_a_department(role):
    """What was said of it is kept, with where more is to be read."""
    told = practice(link="https://example.org/3")
    scene = b.given().when(role, told, subject="N1").then(practices.PracticeRecorded)
    kept = scene.dossier.state("practice:N1")
    assert (kept.title, kept.text, kept.link, kept.on) == (told.title, told.text, told.link, told.on)
    scene.when(role, practice(), subject="N1").refused("R-089", refusals.AlreadyDone)


def test_r089_a_practice_says_something_and_names_no_private_person():
    """Title, text and link alike."""
    for nothing in ({"title": "无"}, {"text": "略"}):
        b.given().when("GO", practice(**nothing), subject="N1").refused("R-089", refusals.TextMissing)
    for name in ("title", "text", "link"):
        told = practice(**{name: "联系电话13800138000"})
        b.given().when("GO", told, subject="N1").refused("R-089", wording.PersonalData)
