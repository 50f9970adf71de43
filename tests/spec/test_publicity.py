"""Publicity of what a meeting was about and of what it achieved."""

import pytest

from domain import meetings, minutes, publicity, refusals, regulation
from domain.publicity import About
from tests import builders as b

CLOSED = [regulation.Disclosure.CLOSED, regulation.Disclosure.ON_REQUEST]


def issued(disclosure=regulation.Disclosure.PUBLIC):
    return b.given(b.topic(), b.meeting(), b.minuted(disclosure=disclosure))


@pytest.mark.parametrize("role", ["GO", "UO"])
def test_r082_content_is_recorded_with_channel_link_and_text(role):
    """Either office records what was published about a meeting, once."""
    scene = issued().when(role, b.publish()).then(publicity.PublicityRecorded)
    scene.when(role, b.publish()).refused("R-082", refusals.AlreadyDone)


def test_r082_an_effect_names_its_decisions():
    """Which effect was published is said by the decisions; an unknown one is refused."""
    effect = b.publish(about=About.EFFECT, decisions=("M1-01",))
    issued().when("GO", effect).then(publicity.PublicityRecorded)
    for names in ((), ("M1-09",)):
        vague = b.publish(about=About.EFFECT, decisions=names)
        issued().when("GO", vague).refused("R-082", publicity.NothingPublished)


def test_r093_an_effect_is_not_published_before_its_decision_came_into_force():
    """What a decision achieved rests on the decision."""
    early = b.publish(on=b.day(4, 28), about=About.EFFECT, decisions=("M1-01",))
    issued().when("GO", early).refused("R-093", refusals.BeforeItsBasis)


@pytest.mark.parametrize("part", ["channel", "link", "text"])
def test_r082_an_incomplete_record_is_refused(part):
    """Channel, link or evidence, and the published text."""
    for nothing in ("", "无", "——"):
        issued().when("GO", b.publish(**{part: nothing})).refused("R-082", refusals.TextMissing)


def test_r082_only_a_meeting_that_was_held_is_publicised():
    """And not before it was."""
    frozen = b.given(b.topic(), b.meeting(until=meetings.Status.MATERIALS_FROZEN))
    frozen.when("GO", b.publish()).refused("R-082", publicity.NothingPublished)
    issued().when("GO", b.publish(meeting="M9")).refused("R-082", publicity.NothingPublished)
    early = b.publish(on=b.day(4, 21))
    issued().when("GO", early).refused("R-093", refusals.BeforeItsBasis)


@pytest.mark.parametrize("disclosure", CLOSED)
def test_r017_what_is_not_public_does_not_appear_in_public(disclosure):
    """No sentence of undisclosed minutes is published, spaced or punctuated otherwise; that they met may be told."""
    scene = issued(disclosure)
    scene.when("GO", b.publish()).then(publicity.PublicityRecorded)
    secret = scene.dossier.decisions[0].text
    for said in (f"会议议定：{secret}", " ".join(secret)):
        effect = b.publish(about=About.EFFECT, decisions=("M1-01",), text=said)
        scene.when("GO", effect).refused("R-082", publicity.Undisclosed)


def test_r082_what_is_not_issued_yet_is_not_published():
    """Minutes in draft are as closed as those that are not public."""
    scene = b.given(b.topic(), b.meeting(), b.minuted(until=minutes.Status.DRAFTED))
    said = scene.minutes().content.clauses[0].text
    scene.when("GO", b.publish(text=f"会议议定：{said}")).refused("R-082", publicity.Undisclosed)


@pytest.mark.parametrize("disclosure", CLOSED)
def test_r082_the_published_text_holds_nothing_undisclosed(disclosure):
    """A text about a public meeting does not quote an undisclosed decision of another."""
    second = b.meeting("M2", year=2026, agenda=("C1", "C6"), explained=("M1-01",))
    scene = issued(disclosure).play(second, b.minuted("M2", year=2026))
    on = b.day(5, 9, 2026)
    quoted = b.publish(on=on, meeting="M2", text="去年议定“检查高温津贴发放80户”，现已办结。")
    scene.when("GO", quoted).refused("R-082", publicity.Undisclosed)
    scene.when("GO", b.publish(on=on, meeting="M2")).then(publicity.PublicityRecorded)
