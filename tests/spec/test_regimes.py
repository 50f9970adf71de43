"""Leaving a voluntary regime, coming back to it, and departures from the procedure put on record."""

import pytest

from domain import decisions, meetings, pairs, refusals, regimes, topics
from tests import builders as b


def zone(*steps):
    """Give a development zone that has adopted the regime."""
    begun = (b.registered(b.ZONE), b.staffed, b.adopted, b.without_history, b.with_liaison)
    return b.given_nothing(*begun, *steps, division=b.ZONE)


def leave(**change):
    body = {"on": b.day(6, 30), "last_day": b.day(6, 30), "reason": "机构撤并，由县级统一办理"}
    return pairs.WithdrawRegime(**{**body, **change})


@pytest.mark.parametrize("role", ["ADMIN", "GO"])
def test_r005_a_voluntary_pair_may_leave(role):
    """With a reason and a last day; then it counts as one without a regime."""
    pair = zone().when(role, leave()).then(pairs.RegimeWithdrawn).dossier.pair
    assert (pair.adopted_on, pair.regimes[0].until) == (None, b.day(6, 30))
    assert (pair.in_regime(b.day(6, 30)), pair.in_regime(b.day(7, 1))) == (True, False)


def test_r005_a_mandatory_pair_stays():
    """The notice is addressed to it."""
    b.given().when("GO", leave()).refused("R-005", regimes.MandatoryStays)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"last_day": b.day(7, 1)}, regimes.LastDayUnfit),
        ({"last_day": b.day(1, 5)}, regimes.LastDayUnfit),
        ({"reason": "无"}, refusals.TextMissing),
    ],
)
def test_r005_a_withdrawal_that_does_not_fit_is_refused(change, kind):
    """Its last day lies between the adoption and the day of the entry."""
    zone().when("GO", leave(**change)).refused("R-005", kind)


def test_r005_who_has_not_adopted_or_has_left_does_not_leave():
    """One leaves what one is in."""
    blank = b.given_nothing(b.registered(b.ZONE), b.staffed, division=b.ZONE)
    blank.when("GO", leave()).refused("R-005", refusals.WrongState)
    zone().act("GO", leave()).when("GO", leave()).refused("R-005", refusals.WrongState)


def test_r005_no_meeting_was_held_after_the_last_day():
    """What was held under the regime was held within it."""
    held = zone(b.topic(), b.meeting())
    held.when("GO", leave(last_day=b.day(4, 21))).refused("R-005", regimes.LastDayUnfit)
    held.when("GO", leave(last_day=b.day(4, 22))).then(pairs.RegimeWithdrawn)


def test_r005_after_it_nothing_begins_is_approved_or_is_held():
    """Topics and meetings belong to the regime; one entered late for a day within it is still taken."""
    consulted = zone(
        b.topic(until=topics.Status.CONSULTED), b.meeting(until=meetings.Status.PLANNED, agenda=("C1",))
    )
    left = consulted.act("GO", leave())
    new = topics.ProposeTopic(on=b.day(7, 1), unit="hr", content=b.content())
    for role, command, subject in (
        ("HR", new, "T2"),
        ("GL", topics.ApproveTopic(on=b.day(7, 1)), "T1"),
        ("GO", meetings.PlanMeeting(on=b.day(7, 1), year=2025), "M2"),
        ("UO", b.request_special(on=b.day(7, 1)), "M2"),
        ("GO", b.notice(on=b.day(7, 1)), "M1"),
        ("GO", b.hold(b.day(7, 2), on=b.day(7, 2)), "M1"),
    ):
        left.when(role, command, subject=subject).refused("R-005", pairs.NotInRegime)
    left.when("HR", topics.WithdrawTopic(on=b.day(7, 1), reason="已退出制度"), subject="T1").accepted()
    late = new.model_copy(update={"on": b.day(6, 30)})
    left.when("HR", late, subject="T2").then(topics.TopicProposed)


def test_r005_open_decisions_stay_and_are_worked_on_and_verified():
    """What was agreed is carried out."""
    left = zone(b.topic(), b.meeting(), b.minuted()).act("GO", leave(last_day=b.day(5, 1)))
    assert left.decision().open
    done = left.play(b.decided())
    assert done.decision().status is decisions.Status.FULFILLED


def test_r005_who_left_may_adopt_again():
    """From the day after its last day on; each time is kept."""
    left = zone().act("GO", leave())
    again = b.adopt(voluntary=True, on=b.day(6, 30))
    left.when("GO", again).refused("R-004", refusals.AlreadyDone)
    early = b.adopt(voluntary=True, on=b.day(1, 5))
    left.when("GO", early).refused("R-093", refusals.BeforeItsBasis)
    back = left.when("GO", b.adopt(voluntary=True, on=b.day(9, 1))).accepted()
    pair = back.dossier.pair
    assert (pair.adopted_on, len(pair.regimes)) == (b.day(9, 1), 2)
    new = topics.ProposeTopic(on=b.day(9, 1), unit="hr", content=b.content())
    back.when("HR", new).then(topics.TopicProposed)
    between = new.model_copy(update={"on": b.day(8, 1)})
    back.when("HR", between).refused("R-005", pairs.NotInRegime)


def deviation(**change):
    body = {
        "on": b.day(4, 14),
        "clause": "二（四）",
        "what": "通知由综合办公室印发",
        "reason": "不设政府办公室",
    }
    return pairs.RecordDeviation(**{**body, **change})


@pytest.mark.parametrize("scene", [zone(), b.given()], ids=["voluntary", "mandatory"])
@pytest.mark.parametrize("role", ["GO", "UO"])
def test_r004_a_departure_from_the_procedure_is_put_on_record(scene, role):
    """Either office says from which clause, how, and why; nothing is forbidden by it."""
    done = scene.when(role, deviation()).then(pairs.DeviationRecorded)
    (kept,) = done.dossier.pair.deviations
    assert (kept.clause, kept.side, kept.on) == (
        "二(四)",
        done.dossier.posts[f"post-{role}"].side,
        b.day(4, 14),
    )
    done.when(role, deviation(clause="R-055")).then(pairs.DeviationRecorded)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"clause": "九"}, regimes.UnknownClause),
        ({"clause": "R-999"}, regimes.UnknownClause),
        ({"what": "略"}, refusals.TextMissing),
        ({"reason": ""}, refusals.TextMissing),
    ],
)
def test_r004_a_departure_without_clause_matter_or_reason_is_refused(change, kind):
    """A record says something."""
    b.given().when("GO", deviation(**change)).refused("R-004", kind)
