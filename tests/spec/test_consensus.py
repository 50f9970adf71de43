"""The one exception to basic consensus: GL and UP together, for a special meeting alone (A7, R-048)."""

import pytest

from domain import consensus, consent, meetings, refusals, sittings, topics
from domain.topics import Role, Stance, Status
from tests import builders as b

AGAINST = {**dict.fromkeys(b.RELATED, b.AGREE), "fin": (Stance.DISAGREE, "没有经费。")}
ON = b.day(4, 16)
ROLES = {b.GOV: "GL", b.UNION: "UP"}


def blocked(*, special=True, until=meetings.Status.MATERIALS_FROZEN, positions=AGAINST):
    """A topic that a funding unit blocks, on the agenda of a meeting that is all but open."""
    return b.given(
        b.one_person_on_both_sides,
        b.topic(until=Status.REPORTED, positions=positions),
        b.meeting(special=special, until=until),
    )


def override(scene, side, *, on=ON, reason="汛期将至，须在本月内研究。"):
    report = scene.topic().report
    digest = report.report_hash if report else b.HASH
    return topics.OverrideConsensus(on=on, side=side, report_hash=digest, reason=reason)


def overridden(scene):
    for side, role in ROLES.items():
        scene = scene.act(role, override(scene, side))
    return scene


def test_r048_gl_and_up_together_let_a_special_meeting_hear_a_blocked_topic():
    """Two persons of two sides on one report; the topic is open to the special meeting, and still no consensus."""
    scene = blocked()
    opening = b.hold(b.day(4, 22))
    scene.when("GO", opening).refused("R-062", sittings.ConsensusMissing)
    one = scene.when("UP", override(scene, b.UNION)).then(topics.OverrideConsented)
    one.when("GO", opening).refused("R-062", sittings.ConsensusMissing)
    both = one.when("GL", override(one, b.GOV)).then(topics.OverrideConsented, topics.ConsensusOverridden)
    known = both.topic()
    assert (known.status, known.overridden_on, known.override_meeting) == (Status.REPORTED, ON, "M1")
    assert set(known.override_reasons) == {b.GOV, b.UNION}
    both.when("GO", opening).then(meetings.MeetingHeld)


def test_r048_no_annual_meeting_hears_a_blocked_topic():
    """The exception is for specials alone."""
    scene = blocked(special=False)
    scene.when("GL", override(scene, b.GOV)).refused("R-048", consensus.OnlyForSpecials)
    bare = b.given(b.topic(until=Status.REPORTED, positions=AGAINST))
    bare.when("GL", override(bare, b.GOV)).refused("R-048", consensus.OnlyForSpecials)


def test_r048_a_cancelled_special_meeting_excuses_nothing():
    """The exception needs a special meeting that is still to take place."""
    scene = blocked()
    scene = scene.act("GO", meetings.CancelMeeting(on=ON, reason="汛情解除。", side=b.GOV))
    scene.when("GL", override(scene, b.GOV)).refused("R-048", consensus.OnlyForSpecials)


def test_r048_an_override_for_a_special_meeting_opens_no_other():
    """What was agreed for one special meeting is of no use to the annual one on the same topic."""
    scene = overridden(blocked(until=meetings.Status.AGREED)).play(
        b.meeting("M2", until=meetings.Status.MATERIALS_FROZEN, agenda=("C1", "C2", "T1"))
    )
    scene.when("GO", b.hold(b.day(4, 22)), subject="M2").refused("R-062", sittings.ConsensusMissing)


@pytest.mark.parametrize("role", ["GO", "UO", "GP", "UL", "HR"])
def test_r048_nobody_but_gl_and_up_overrides(role):
    """Not the offices, not other leaders."""
    scene = blocked()
    scene.when(role, override(scene, b.GOV)).refused("R-048", refusals.NotEntitled)


def test_r048_each_side_speaks_for_itself_and_one_person_is_not_two():
    """GL for the government, UP for the union, each once."""
    scene = blocked()
    scene.when("GL", override(scene, b.UNION)).refused("R-048", consent.NotYourSide)
    scene.when("UP", override(scene, b.GOV)).refused("R-048", consent.NotYourSide)
    one = scene.act(b.BOTH, override(scene, b.GOV))
    one.when(b.BOTH, override(one, b.UNION)).refused("R-048", consent.OnePersonForBoth)
    one.when("GL", override(one, b.GOV)).refused("R-048", consent.AlreadyConsented)


def test_r048_an_override_has_a_reason_and_the_report_that_stands():
    """An exception is accounted for."""
    scene = blocked()
    for nothing in ("", "无", "略。"):
        scene.when("GL", override(scene, b.GOV, reason=nothing)).refused("R-048", refusals.TextMissing)
    stale = override(scene, b.GOV).model_copy(update={"report_hash": b.HASH})
    scene.when("GL", stale).refused("R-048", consent.OtherContent)
    early = override(scene, b.GOV, on=b.day(4, 2))
    scene.when("GL", early).refused("R-093", refusals.BeforeItsBasis)


def test_r048_there_is_nothing_to_override_without_a_blocking_disagreement():
    """Another unit's disagreement is recorded by both offices, as always."""
    mild = {**dict.fromkeys(b.RELATED, b.AGREE), "ind": (Stance.DISAGREE, "范围过宽。")}
    scene = blocked(positions=mild)
    scene.when("GL", override(scene, b.GOV)).refused("R-048", consensus.NothingToOverride)


def test_r046_an_override_waits_for_every_units_position():
    """R-041 to R-047 are never overridden: each related unit is heard first."""
    silent = {unit: said for unit, said in AGAINST.items() if unit != "ind"}
    scene = blocked(positions=silent)
    scene.when("GL", override(scene, b.GOV)).refused("R-046", consensus.PositionsMissing)


@pytest.mark.parametrize(
    "until", [Status.APPROVED, Status.JOINT_RESEARCH, Status.RESEARCHED, Status.CONSENSUS]
)
def test_r048_no_other_gate_is_overridden(until):
    """Only a topic whose report stands without consensus is blocked by R-048."""
    scene = b.given(b.topic(until=until))
    scene.when("GL", override(scene, b.GOV)).refused("R-048", refusals.WrongState)


@pytest.mark.parametrize("how", ["position", "report", "unit"])
@pytest.mark.parametrize("given", [1, 2])
def test_r048_a_changed_position_report_or_related_unit_voids_the_override(how, given):
    """What GL and UP did not see they did not agree to."""
    scene = blocked()
    for side, role in list(ROLES.items())[:given]:
        scene = scene.act(role, override(scene, side))
    on = b.day(4, 17)
    act = {
        "position": ("FIN", b.position(scene.topic(), "fin", Stance.DISAGREE, "年底再议。", on=on)),
        "report": ("HR", b.report("hr", on=on, measures="开展专项检查并公示。")),
        "unit": ("GO", topics.DeclareRelatedUnit(on=on, unit="rights", role=Role.OTHER)),
    }[how]
    after = scene.when(*act).accepted()
    voided = [fact for _, fact in after.history if isinstance(fact, topics.TopicConsentVoided)]
    assert voided[-1].subject == "override"
    known = after.topic()
    assert (known.override.given, known.overridden_on, known.override_reasons) == ({}, None, {})
    after.when("GO", b.hold(b.day(4, 22))).refused("R-062", sittings.ConsensusMissing)


def test_r048_an_overridden_topic_is_decided_like_any_other():
    """The outcome reaches it with the minutes, and the exception stays visible."""
    on = b.day(4, 22)
    scene = overridden(blocked()).act("GO", b.hold(on))
    for item, kind in (("C1", "noted"), ("C2", "noted"), ("T1", "resolved")):
        scene = scene.act("GO", b.outcome(item, meetings.OutcomeKind(kind), on=on))
    scene = scene.act("GO", meetings.CloseSitting(on=on, closed_at=b.moment(on, 16, 40)))
    known = scene.play(b.minuted()).topic()
    assert (known.status, known.overridden_on) == (Status.RESOLVED, ON)


def test_r048_a_meeting_is_not_older_than_the_override_it_rests_on():
    """An exception agreed after the meeting does not justify it."""
    scene = blocked()
    for side, role in ROLES.items():
        scene = scene.act(role, override(scene, side, on=b.day(4, 23)))
    scene.when("GO", b.hold(b.day(4, 22), on=b.day(4, 24))).refused("R-093", refusals.BeforeItsBasis)
