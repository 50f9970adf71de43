"""Proposals between meetings, and the answers to them (R-100)."""

import pytest

from domain import consent, refusals, suggestions, topics, wording
from domain.suggestions import Kind, Status
from tests import builders as b

ON, LATER = b.day(6, 10), b.day(6, 20)


def record(side=b.UNION, *, to=(), on=ON, **change):
    body = {"kind": Kind.SUGGESTION, "title": "设立休息站点", "text": "建议在环卫集中路段设站点12处。"}
    return suggestions.RecordProposal(**{"on": on, "side": side, "to": to, **body, **change})


def answer(text="首批6处列入今年计划。", *, accepted=True, on=LATER):
    return suggestions.AnswerProposal(on=on, answer=text, accepted=accepted)


def known(scene):
    return scene.dossier.state("proposal:S1")


@pytest.mark.parametrize(
    ("role", "side"), [("UO", b.UNION), ("RIGHTS", b.UNION), ("GO", b.GOV), ("HR", b.GOV)]
)
def test_r100_either_side_speaks_up_between_meetings(role, side):
    """Who speaks, in what kind and to whom is kept with its date."""
    scene = b.given().when(role, record(side)).then(suggestions.ProposalRecorded)
    assert (known(scene).status, known(scene).side, known(scene).recorded_on) == (Status.RECORDED, side, ON)
    b.given().when(role, record(side.other)).refused("R-100", consent.NotYourSide)


def test_r100_the_answer_is_kept_with_its_date_and_author():
    """The other side answers, and may add to what it said; the same said twice is said once."""
    scene = b.given().act("UO", record())
    once = scene.when("GO", answer("正在研究。", accepted=None)).then(suggestions.ProposalAnswered)
    assert known(once).status is Status.ANSWERED
    once.when("GO", answer("正在研究。", accepted=None)).then()
    twice = once.when("HR", answer(on=b.day(7, 1))).then(suggestions.ProposalAnswered)
    said = [(each.unit, each.accepted, each.on, each.by.post) for each in known(twice).answers]
    assert said == [("office", None, LATER, "post-GO"), ("hr", True, b.day(7, 1), "post-HR")]
    assert known(twice).answered_on == b.day(7, 1)


@pytest.mark.parametrize("role", ["UO", "RIGHTS", "UP"])
def test_r100_nobody_answers_his_own_side(role):
    """An answer is the other side's."""
    scene = b.given().act("UO", record())
    scene.when(role, answer()).refused("R-100", suggestions.NotAddressed)


def test_r100_of_the_departments_those_addressed_answer():
    """The office and the leader of the other side may always; another department may not."""
    scene = b.given().act("RIGHTS", record(to=("hr", "fin", "hr")))
    assert known(scene).to == ("hr", "fin")
    for role in ("HR", "FIN", "GO", "GL"):
        scene.when(role, answer()).then(suggestions.ProposalAnswered)
    scene.when("IND", answer()).refused("R-100", suggestions.NotAddressed)
    scene.when("GP", answer()).refused("R-100", refusals.NotEntitled)
    other = b.given().act("GO", record(b.GOV))
    other.when("UP", answer()).then(suggestions.ProposalAnswered)


@pytest.mark.parametrize("to", [("rights",), ("nowhere",), ("hr", "union")])
def test_r100_a_proposal_goes_to_the_other_side(to):
    """A unit that is not registered, or one's own, is no addressee."""
    b.given().when("UO", record(to=to)).refused("R-100", suggestions.NotAddressed)


@pytest.mark.parametrize("place", ["title", "text"])
def test_r100_a_proposal_says_something_and_names_no_private_person(place):
    """Nothing empty, and no personal data (R-040)."""
    b.given().when("UO", record(**{place: "无"})).refused("R-100", refusals.TextMissing)
    b.given().when("UO", record(**{place: "联系13800138000"})).refused("R-040", wording.PersonalData)


def test_r100_an_answer_says_something_after_the_proposal():
    """An answer is judged like the proposal, and is not older."""
    scene = b.given().act("UO", record())
    scene.when("GO", answer("略。")).refused("R-100", refusals.TextMissing)
    scene.when("GO", answer("请联系a@b.cn")).refused("R-040", wording.PersonalData)
    scene.when("GO", answer(on=b.day(6, 9))).refused("R-093", refusals.BeforeItsBasis)
    scene.when("GO", answer(), subject="S9").refused("R-100", refusals.NotFound)
    scene.when("UO", record()).refused("R-100", refusals.AlreadyDone)


def take(topic="T1", *, on=LATER):
    return suggestions.TakeUpProposal(on=on, topic=topic)


def test_r100_a_proposal_is_taken_up_into_a_topic_and_still_answered():
    """The link is kept; whether the topic comes to something its own gates decide."""
    scene = b.given(b.topic(until=topics.Status.DRAFT)).act("UO", record())
    taken = scene.when("HR", take()).then(suggestions.ProposalTakenUp)
    assert (known(taken).status, known(taken).topic, known(taken).taken_up_on) == (
        Status.TAKEN_UP,
        "T1",
        LATER,
    )
    taken.when("GO", take()).then()
    after = taken.act("GO", answer())
    assert known(after).status is Status.TAKEN_UP
    more = taken.play(b.topic("T2", until=topics.Status.DRAFT))
    more.when("GO", take("T2")).refused("R-100", refusals.AlreadyDone)


def test_r100_a_proposal_is_taken_up_by_the_topics_unit_or_an_office():
    """And only into a topic that exists by then."""
    scene = b.given(b.topic(until=topics.Status.DRAFT)).act("UO", record())
    scene.when("FIN", take()).refused("R-100", suggestions.NotTheirs)
    scene.when("GO", take("T9")).refused("R-100", refusals.NotFound)
    early = b.given(b.topic(until=topics.Status.DRAFT)).act("UO", record(on=b.day(2, 1)))
    early.when("GO", take(on=b.day(3, 2))).refused("R-093", refusals.BeforeItsBasis)
