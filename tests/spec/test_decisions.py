"""A decision: supervisors, acceptance, plan, progress, claim, joint verification."""

import pytest

from application import surroundings
from domain import carrying_out, consent, decisions, refusals
from domain.decider import Capacity
from domain.decisions import Status
from tests import builders as b

NOTHING = ["", "  ", "无", "略。", "——", "啊啊啊啊"]


def established(*steps, until=None, **change):
    more = () if until is None else (b.decided(until=until),)
    return b.given(*steps, b.established(*more, **change))


# --- supervisors ------------------------------------------------------------------------------------------------


def test_r072_each_side_names_one_supervising_person():
    """One of the government, one of the union; a replacement keeps the state."""
    scene = established().when("GO", b.supervisors()).then(decisions.SupervisorsAssigned)
    assert scene.decision().status is Status.SUPERVISED
    assert {side: each.person for side, each in scene.decision().supervisors.items()} == {
        b.GOV: "SUPG",
        b.UNION: "SUPU",
    }
    later = established(until=Status.IN_PROGRESS)
    after = later.when("UO", b.supervisors(on=b.day(6, 1), union_post="post-UO"))
    assert after.then(decisions.SupervisorsAssigned).decision().status is Status.IN_PROGRESS


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"government_post": "post-UO"}, carrying_out.OneSupervisorEachSide),
        ({"union_post": "post-GO"}, carrying_out.OneSupervisorEachSide),
        ({"union_post": "nobody"}, refusals.NotFound),
        ({"government_post": "both-go", "union_post": "both-uo"}, carrying_out.OneSupervisorEachSide),
    ],
)
def test_r072_two_of_one_side_one_person_for_both_or_nobody_is_refused(change, kind):
    """Two persons of two sides, each in a post held on that day."""
    scene = established(b.one_person_on_both_sides)
    scene.when("GO", b.supervisors(**change)).refused("R-072", kind)


def test_r072_a_supervisor_holds_the_post_on_that_day():
    """A post that ended supervises nothing."""
    ended = b.people.EndPost(on=b.day(5, 1), last_day=b.day(5, 5))
    scene = established().act("ADMIN", ended, subject="post-SUPG")
    scene.when("GO", b.supervisors()).refused("R-072", refusals.NotFound)


# --- acceptance and plan ----------------------------------------------------------------------------------------


def test_r073_the_lead_unit_accepts_once_supervisors_are_named():
    """Receipt follows supervision, and is given once."""
    command = decisions.AcceptDecision(on=b.day(5, 8), unit="hr")
    established().when("HR", command).refused("R-072", refusals.WrongState)
    scene = established(until=Status.SUPERVISED).when("HR", command).then(decisions.DecisionAccepted)
    scene.when("HR", command).refused("R-073", refusals.AlreadyDone)


@pytest.mark.parametrize(("role", "unit"), [("FIN", "fin"), ("FIN", "hr"), ("GO", "hr"), ("HR", "fin")])
def test_r073_nobody_else_accepts_or_plans(role, unit):
    """Neither another unit nor an office in its name."""
    accept = decisions.AcceptDecision(on=b.day(5, 8), unit=unit)
    established(until=Status.SUPERVISED).when(role, accept).refused("R-073", carrying_out.NotTheLeadUnit)
    plan = decisions.SetPlan(on=b.day(5, 8), unit=unit, milestones=(milestone(6, 30, 50),))
    established(until=Status.ACCEPTED).when(role, plan).refused("R-073", carrying_out.NotTheLeadUnit)


def milestone(month, day, percent):
    return decisions.Milestone(due=b.day(month, day), percent=percent)


def plan(*steps):
    return decisions.SetPlan(on=b.day(5, 8), unit="hr", milestones=steps)


def test_r073_milestones_lie_within_the_deadline():
    """The last one may fall on it."""
    scene = established(until=Status.ACCEPTED)
    scene.when("HR", plan(milestone(6, 30, 50), milestone(11, 28, 100))).then(decisions.PlanSet)
    late = plan(milestone(6, 30, 50), milestone(11, 29, 100))
    scene.when("HR", late).refused("R-073", carrying_out.MilestoneTooLate)


@pytest.mark.parametrize(
    "steps",
    [
        (milestone(6, 30, 50), milestone(6, 30, 60)),
        (milestone(6, 30, 50), milestone(6, 1, 60)),
        (milestone(6, 30, 50), milestone(7, 31, 50)),
        (milestone(6, 30, 50), milestone(7, 31, 40)),
    ],
)
def test_r073_milestones_go_forward(steps):
    """Later and further, each of them."""
    scene = established(until=Status.ACCEPTED)
    scene.when("HR", plan(*steps)).refused("R-073", carrying_out.MilestoneTooLate)


def test_r073_a_plan_follows_acceptance():
    """What nobody accepted nobody plans."""
    command = plan(milestone(6, 30, 50))
    established(until=Status.SUPERVISED).when("HR", command).refused("R-073", refusals.WrongState)


def test_r073_a_long_term_decision_has_no_last_milestone():
    """Without a deadline any milestone lies within it."""
    scene = established(deadline=None, long_term=True, report_interval_months=6)
    scene = scene.play(b.decided(until=Status.ACCEPTED))
    scene.when("HR", plan(milestone(12, 31, 50))).then(decisions.PlanSet)


# --- progress ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "unit"), [("HR", "hr"), ("UO", "union"), ("GO", "hr"), ("UO", "hr")])
def test_r074_lead_cooperating_units_and_the_offices_report_progress(role, unit):
    """An office may enter what a responsible unit reports."""
    scene = established(until=Status.ACCEPTED)
    after = scene.when(role, b.progress(30, unit=unit)).then(decisions.DecisionProgressReported)
    assert (after.decision().percent, after.decision().status) == (30, Status.IN_PROGRESS)


@pytest.mark.parametrize(("role", "unit"), [("FIN", "fin"), ("FIN", "hr"), ("GO", "fin")])
def test_r074_other_units_do_not(role, unit):
    """Nobody reports for a unit that is not responsible, or for another."""
    scene = established(until=Status.ACCEPTED)
    scene.when(role, b.progress(30, unit=unit)).refused("R-074", carrying_out.NotAResponsibleUnit)


def test_r074_progress_does_not_fall_without_a_reason():
    """A lower percentage says why."""
    scene = established(until=Status.IN_PROGRESS)
    on = b.day(6, 30)
    for nothing in NOTHING:
        bare = b.progress(49, on=on, reason=nothing)
        scene.when("HR", bare).refused("R-074", carrying_out.ProgressFell)
    scene.when("HR", b.progress(49, on=on, reason="核减重复户")).then(decisions.DecisionProgressReported)
    scene.when("HR", b.progress(50, on=on)).then(decisions.DecisionProgressReported)


def test_r074_progress_has_text_and_evidence():
    """A number alone is no report."""
    scene = established(until=Status.ACCEPTED)
    for nothing in NOTHING:
        scene.when("HR", b.progress(30, text=nothing)).refused("R-074", refusals.TextMissing)
        scene.when("HR", b.progress(30, evidence=nothing)).refused("R-074", carrying_out.EvidenceMissing)


def test_r074_progress_of_tomorrow_is_refused():
    """The business date is the day that the report is about."""
    scene = established(until=Status.ACCEPTED).on(b.day(5, 29))
    scene.when("HR", b.progress(30, on=b.day(5, 30))).refused("R-074", refusals.InTheFuture)
    scene.when("HR", b.progress(30, on=b.day(5, 29))).then(decisions.DecisionProgressReported)


def test_r074_progress_follows_acceptance_and_stops_with_the_claim():
    """Neither before the receipt nor during verification."""
    supervised = established(until=Status.SUPERVISED)
    supervised.when("HR", b.progress(30)).refused("R-073", refusals.WrongState)
    claimed = established(until=Status.CLAIMED)
    claimed.when("HR", b.progress(90, on=b.day(6, 21))).refused("R-074", refusals.WrongState)


# --- claim and verification -------------------------------------------------------------------------------------


def verify(side, **change):
    return decisions.VerifyFulfilled(**{"on": b.day(6, 25), "side": side, **change})


def send_back(side, **change):
    return decisions.ReturnClaim(**{"on": b.day(6, 25), "side": side, "reason": "佐证不全", **change})


def test_r077_a_claim_is_verified_by_both_sides():
    """Fulfilled on the day of the fact, not of the entry."""
    scene = established(until=Status.IN_PROGRESS)
    command = b.claim(on=b.day(6, 20), fulfilled_on=b.day(6, 18))
    scene = scene.when("HR", command).then(decisions.FulfilmentClaimed)
    one = scene.when("SUPU", verify(b.UNION)).then(decisions.FulfilmentVerified)
    assert one.decision().open
    two = one.when("SUPG", verify(b.GOV)).then(decisions.FulfilmentVerified, decisions.DecisionFulfilled)
    assert (two.decision().status, two.decision().fulfilled_on) == (Status.FULFILLED, b.day(6, 18))
    assert two.decision().percent == 100


def test_r077_one_sides_verification_alone_leaves_it_open():
    """Near miss 10: the union's verifier does not verify for the government."""
    scene = established(until=Status.CLAIMED).act("SUPU", verify(b.UNION))
    scene.when("SUPU", verify(b.GOV)).refused("R-077", consent.NotYourSide)
    scene.when("SUPU", verify(b.UNION)).refused("R-077", consent.AlreadyConsented)
    assert scene.decision().status is Status.CLAIMED


def test_r077_one_person_does_not_verify_for_both_sides():
    """The second verifier is another person."""
    scene = established(b.one_person_on_both_sides, until=Status.CLAIMED)
    scene = scene.act(b.BOTH, verify(b.UNION))
    scene.when(b.BOTH, verify(b.GOV)).refused("R-077", consent.OnePersonForBoth)
    scene.when(b.BOTH, send_back(b.GOV)).refused("R-077", consent.OnePersonForBoth)


def test_r077_no_verifier_is_the_claimant_or_of_the_lead_unit():
    """Not in another post either; an office that leads a decision itself has it verified by another of its people."""
    scene = established(
        b.holding("HR", Capacity.GOVERNMENT_OFFICE, "office"),
        b.holding("colleague", Capacity.SUPERVISOR, "hr"),
        until=Status.CLAIMED,
    )
    for command in (verify(b.GOV), send_back(b.GOV)):
        scene.when("HR", command).refused("R-077", carrying_out.VerifierIsClaimant)
    scene.when("colleague", verify(b.GOV)).then(decisions.FulfilmentVerified)


def test_r077_a_decision_led_by_an_office_is_verified_by_its_other_staff():
    """Where the union itself leads, its supervisor verifies and its claimant does not."""
    scene = established(lead_units=("union",), cooperating_units=()).act("GO", b.supervisors())
    scene = scene.act("UO", decisions.AcceptDecision(on=b.day(5, 8), unit="union"))
    scene = scene.act("UO", b.claim(unit="union"))
    scene.when("UO", verify(b.UNION)).refused("R-077", carrying_out.VerifierIsClaimant)
    scene.when("SUPU", verify(b.UNION)).then(decisions.FulfilmentVerified)


def test_r072_a_department_does_not_supervise_itself():
    """The supervising person is not of the lead unit's own department."""
    scene = established()
    own = b.supervisors(government_post="post-HR")
    scene.when("GO", own).refused("R-072", carrying_out.OneSupervisorEachSide)
    other = b.supervisors(government_post="post-FIN")
    scene.when("GO", other).then(decisions.SupervisorsAssigned)


def test_r073_each_lead_unit_accepts_once():
    """Where several lead, each gives its own receipt, and none while a claim is verified."""
    scene = established(lead_units=("hr", "fin")).act("GO", b.supervisors())
    for role, unit in (("HR", "hr"), ("FIN", "fin")):
        command = decisions.AcceptDecision(on=b.day(5, 8), unit=unit)
        scene = scene.when(role, command).then(decisions.DecisionAccepted)
        scene.when(role, command).refused("R-073", refusals.AlreadyDone)
    assert scene.decision().accepted_units == ("hr", "fin")
    claimed = established(b.holding("x", Capacity.DEPARTMENT, "gov"), lead_units=("hr", "fin"))
    claimed = claimed.play(b.decided(until=Status.CLAIMED))
    late = decisions.AcceptDecision(on=b.day(6, 21), unit="fin")
    claimed.when("FIN", late).refused("R-073", refusals.WrongState)


def test_r077_what_is_claimed_lies_after_the_meeting_and_the_last_report():
    """It may be done before the minutes are issued, not before the meeting, nor before a report says it is not."""
    scene = established(until=Status.ACCEPTED)
    before_minutes = b.claim(on=b.day(6, 20), fulfilled_on=b.day(4, 25))
    scene.when("HR", before_minutes).then(decisions.FulfilmentClaimed)
    before_meeting = b.claim(on=b.day(6, 20), fulfilled_on=b.day(4, 21))
    scene.when("HR", before_meeting).refused("R-093", refusals.BeforeItsBasis)
    before_report = b.claim(on=b.day(6, 20), fulfilled_on=b.day(5, 29))
    half = scene.act("HR", b.progress(50))
    half.when("HR", before_report).refused("R-093", refusals.BeforeItsBasis)
    whole = scene.act("HR", b.progress(100))
    whole.when("HR", before_report).then(decisions.FulfilmentClaimed)


@pytest.mark.parametrize("until", [Status.SUPERVISED, Status.ACCEPTED, Status.IN_PROGRESS])
def test_r077_nothing_is_verified_that_was_not_claimed(until):
    """Verification answers a claim."""
    scene = established(until=until)
    scene.when("SUPG", verify(b.GOV)).refused("R-077", carrying_out.NotClaimed)
    scene.when("SUPG", send_back(b.GOV)).refused("R-077", carrying_out.NotClaimed)


def test_r077_a_returned_claim_says_why_and_starts_anew():
    """What one side verified before the return is void."""
    scene = established(until=Status.CLAIMED).act("SUPU", verify(b.UNION))
    for nothing in NOTHING:
        bare = send_back(b.GOV, reason=nothing)
        scene.when("SUPG", bare).refused("R-077", refusals.TextMissing)
    back = scene.when("SUPG", send_back(b.GOV)).then(decisions.ClaimReturned)
    assert (back.decision().status, back.decision().verified) == (Status.IN_PROGRESS, {})
    again = back.act("HR", b.claim(on=b.day(6, 28)))
    again.when("SUPG", verify(b.GOV, on=b.day(6, 29))).then(decisions.FulfilmentVerified)


def test_r077_only_the_lead_unit_claims_with_text_and_evidence():
    """Once, with what was done and its proof."""
    scene = established(until=Status.IN_PROGRESS)
    scene.when("FIN", b.claim(unit="fin")).refused("R-077", carrying_out.NotTheLeadUnit)
    scene.when("FIN", b.claim()).refused("R-077", carrying_out.NotTheLeadUnit)
    for nothing in NOTHING:
        scene.when("HR", b.claim(text=nothing)).refused("R-077", refusals.TextMissing)
        scene.when("HR", b.claim(evidence=nothing)).refused("R-077", refusals.TextMissing)
    claimed = established(until=Status.CLAIMED)
    claimed.when("HR", b.claim(on=b.day(6, 21))).refused("R-077", refusals.AlreadyDone)
    unaccepted = established(until=Status.SUPERVISED)
    unaccepted.when("HR", b.claim()).refused("R-077", refusals.WrongState)


@pytest.mark.parametrize("command", [verify(b.GOV), send_back(b.GOV)])
def test_r077_a_fulfilled_decision_stays_fulfilled(command):
    """Nothing more happens to it."""
    scene = established(until=Status.FULFILLED)
    scene.when("SUPG", command).refused("R-077", refusals.WrongState)
    scene.when("GO", b.supervisors(on=b.day(7, 1))).refused("R-072", refusals.WrongState)
    unknown = scene.when("SUPG", command, subject="M9-01")
    unknown.refused("R-069", refusals.NotFound)


def test_r093_no_step_of_a_decision_is_dated_before_the_one_it_rests_on():
    """Establishment, supervision, acceptance, report, claim, verification."""
    steps = (
        (None, "GO", b.supervisors(on=b.day(4, 28))),
        (Status.SUPERVISED, "HR", decisions.AcceptDecision(on=b.day(5, 5), unit="hr")),
        (Status.ACCEPTED, "HR", plan(milestone(6, 30, 50)).model_copy(update={"on": b.day(5, 7)})),
        (Status.ACCEPTED, "HR", b.progress(30, on=b.day(5, 7))),
        (Status.IN_PROGRESS, "HR", b.progress(60, on=b.day(5, 29))),
        (Status.IN_PROGRESS, "HR", b.claim(on=b.day(5, 29))),
        (Status.IN_PROGRESS, "HR", b.claim(on=b.day(6, 20), fulfilled_on=b.day(6, 21))),
        (Status.IN_PROGRESS, "HR", b.claim(on=b.day(6, 20), fulfilled_on=b.day(4, 28))),
        (Status.CLAIMED, "SUPG", verify(b.GOV, on=b.day(6, 19))),
        (Status.CLAIMED, "SUPG", send_back(b.GOV, on=b.day(6, 19))),
    )
    for until, role, command in steps:
        established(until=until).when(role, command).refused("R-093", refusals.BeforeItsBasis)


# --- disagreement -----------------------------------------------------------------------------------------------


def test_r077_where_the_sides_disagree_the_decision_stays_open_and_both_views_are_kept():
    """They are told in the line of the report on everything outstanding (A24), until the next claim."""
    scene = established(until=Status.CLAIMED).act("SUPU", verify(b.UNION, opinion="已达标。"))
    scene = scene.act("SUPG", send_back(b.GOV))
    known = scene.decision()
    assert known.open
    assert known.disagreed
    assert [(each.side, each.verdict, each.text) for each in known.views_on_claim] == [
        (b.UNION, decisions.Verdict.PASSED, "已达标。"),
        (b.GOV, decisions.Verdict.RETURNED, "佐证不全"),
    ]
    (line,) = surroundings.outstanding_of(scene.dossier, "M2")
    assert line.status == "in_progress（工会方核验通过，政府方退回）"
    again = scene.act("HR", b.claim(on=b.day(6, 28)))
    assert again.decision().views_on_claim == ()
    assert not again.decision().disagreed


def view(side, verdict=decisions.Verdict.PASSED, **change):
    body = {"on": b.day(6, 27), "side": side, "verdict": verdict, "text": "已逐人核对。"}
    return decisions.StateViewOnClaim(**{**body, **change})


@pytest.mark.parametrize("side", list(b.Side))
def test_r077_the_other_side_is_heard_on_a_claim_that_was_returned_first(side):
    """It ends nothing and begins nothing; both views are told until the next claim (A24)."""
    role, other = ("SUPG", "SUPU") if side is b.GOV else ("SUPU", "SUPG")
    claimed = established(until=Status.CLAIMED)
    claimed.when(other, view(side.other)).refused("R-077", carrying_out.NothingReturned)
    scene = claimed.act(role, send_back(side))
    heard = scene.when(other, view(side.other)).then(decisions.ViewOnClaimStated)
    known = heard.decision()
    assert (known.status, known.serial) == (Status.IN_PROGRESS, scene.decision().serial)
    assert [(each.side, each.verdict, each.text) for each in known.views_on_claim] == [
        (side, decisions.Verdict.RETURNED, "佐证不全"),
        (side.other, decisions.Verdict.PASSED, "已逐人核对。"),
    ]
    (line,) = surroundings.outstanding_of(heard.dossier, "M2")
    assert line.status == f"in_progress（{side.label}退回，{side.other.label}核验通过）"
    heard.when(other, view(side.other)).refused("R-077", refusals.AlreadyDone)
    heard.when(role, view(side)).refused("R-077", refusals.AlreadyDone)
    again = heard.act("HR", b.claim(on=b.day(6, 28)))
    assert again.decision().views_on_claim == ()
    again.when(other, view(side.other, on=b.day(6, 28))).refused("R-077", carrying_out.NothingReturned)


def test_r077_who_may_not_verify_has_no_view_of_a_returned_claim_either():
    """Neither for the other side, nor as the claimant, nor for both, nor before the return, nor without a reason."""
    scene = established(until=Status.CLAIMED).act("SUPG", send_back(b.GOV))
    agree = decisions.Verdict.RETURNED
    scene.when("SUPG", view(b.UNION)).refused("R-077", consent.NotYourSide)
    scene.when("HR", view(b.UNION)).refused("R-077", refusals.NotEntitled)
    scene.when("SUPU", view(b.UNION, on=b.day(6, 24))).refused("R-093", refusals.BeforeItsBasis)
    for nothing in ("", "无", "——"):
        scene.when("SUPU", view(b.UNION, agree, text=nothing)).refused("R-077", refusals.TextMissing)
    both = scene.act("SUPU", view(b.UNION, agree)).decision()
    assert not both.disagreed
    assert both.standing == "in_progress"
    claimant = established(b.holding("HR", Capacity.GOVERNMENT_OFFICE, "office"), until=Status.CLAIMED)
    returned = claimant.act("SUPU", send_back(b.UNION))
    returned.when("HR", view(b.GOV)).refused("R-077", carrying_out.VerifierIsClaimant)
    one = established(b.one_person_on_both_sides, until=Status.CLAIMED).act(b.BOTH, send_back(b.GOV))
    one.when(b.BOTH, view(b.UNION)).refused("R-077", consent.OnePersonForBoth)


def test_r077_a_side_that_changes_its_mind_disagrees_with_nobody():
    """Its last view alone stands."""
    scene = established(until=Status.CLAIMED).act("SUPU", verify(b.UNION))
    known = scene.act("SUPU", send_back(b.UNION)).decision()
    assert [each.verdict for each in known.views_on_claim] == [decisions.Verdict.RETURNED]
    assert known.standing == "in_progress"


def test_r070_a_long_term_decision_is_fulfilled_by_verification_too():
    """It has no deadline, and an end all the same."""
    scene = b.given(b.established(deadline=None, long_term=True, report_interval_months=6))
    scene = scene.play(b.decided())
    assert scene.decision().status is Status.FULFILLED


def test_r074_each_cooperating_unit_reports():
    """Whoever is named in the clause."""
    scene = established(until=Status.ACCEPTED, cooperating_units=("union", "fin"))
    for role, unit in (("UO", "union"), ("FIN", "fin")):
        scene = scene.when(role, b.progress(30, unit=unit)).then(decisions.DecisionProgressReported)
