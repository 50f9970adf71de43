"""Corrections of issued minutes: a new document, reviewed by both leaders; the old one stays as it was."""

import pytest

from domain import consent, corrections, decisions, minutes, numbers, publicity, refusals, regulation
from domain.corrections import Status
from tests import builders as b

NOTHING = ["", "  ", "无", "略。", "——", "啊啊啊啊"]
CLOSED = [regulation.Disclosure.CLOSED, regulation.Disclosure.ON_REQUEST]


def issued(*steps, until=decisions.Status.ACCEPTED):
    return b.given(*steps, b.established(b.decided(until=until)))


def drafted(*steps, **change):
    return issued(*steps).act("GO", b.correct(**change))


def approved(*steps, **change):
    return drafted(*steps, **change).play(b.correction_approved())


def known(scene):
    return scene.dossier.state("correction:C1")


def rewording(**change):
    return (corrections.Rewording(**{"decision": "M1-01", **change}),)


def revise(**change):
    body = b.correct().model_dump(exclude={"minutes"})
    return corrections.ReviseCorrection(**{**body, **change})


def test_r068_a_correction_is_a_document_of_its_own_that_refers_to_the_old_one():
    """It rewords the decision; the old minutes stay what they were, to the byte."""
    before = approved()
    scene = before.when("GO", b.issue_correction()).then(
        corrections.CorrectionIssued,
        numbers.DocNumberAllocated,
        decisions.DecisionCorrected,
        minutes.MinutesCorrected,
    )
    old, new = before.minutes(), scene.minutes()
    assert (new.content, new.content_hash, new.number) == (old.content, old.content_hash, old.number)
    assert new.corrections == ("芮政办函〔2025〕15号",)
    content = known(scene).content
    assert (content.minutes_number, content.minutes_hash) == (old.number, old.content_hash)
    decision = scene.decision()
    assert decision.text == "检查高温津贴发放85户"
    assert decision.acceptance == before.decision().acceptance
    assert decision.corrections == ("芮政办函〔2025〕15号",)


def test_r068_a_correction_changes_neither_id_nor_deadline_nor_state():
    """There is no field for a deadline; everything else of the decision stands."""
    assert "deadline" not in corrections.Rewording.model_fields
    before = approved()
    after = before.act("GO", b.issue_correction())
    same = {"text", "corrections"}
    assert after.decision().model_dump(exclude=same) == before.decision().model_dump(exclude=same)


def test_r068_leaders_units_and_acceptance_are_corrected_too():
    """Whom it concerns, until the lead unit has signed."""
    change = rewording(
        leader="常务副县长", acceptance="检查85户", lead_units=("fin",), cooperating_units=("hr",)
    )
    scene = issued(until=decisions.Status.SUPERVISED).act("GO", b.correct(clauses=change))
    scene = scene.play(b.correction_approved()).act("GO", b.issue_correction())
    found = scene.decision()
    assert (found.leader, found.acceptance) == ("常务副县长", "检查85户")
    assert (found.lead_units, found.cooperating_units) == (("fin",), ("hr",))
    signed = b.correct(clauses=rewording(lead_units=("fin",)))
    issued().when("GO", signed).refused("R-068", corrections.NotToBeCorrected)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"minutes": "M9"}, corrections.NotIssuedYet),
        ({"clauses": ()}, corrections.NothingCorrected),
        ({"clauses": rewording()}, corrections.NothingCorrected),
        ({"clauses": rewording(text="检查高温津贴发放80户")}, corrections.NothingCorrected),
        ({"clauses": rewording(decision="M9-01", text="检查85户")}, corrections.NotOfTheseMinutes),
        ({"clauses": rewording(text="检查85户") * 2}, corrections.NotOfTheseMinutes),
        ({"clauses": rewording(cooperating_units=("nobody",))}, refusals.NotFound),
        *[({"subject": nothing}, refusals.TextMissing) for nothing in NOTHING],
        *[({"reason": nothing}, refusals.TextMissing) for nothing in NOTHING],
    ],
)
def test_r068_a_correction_says_what_of_which_minutes_and_why(change, kind):
    """Issued minutes, their own decisions, another wording, a reason; in the first draft and in every later one."""
    issued().when("GO", b.correct(**change)).refused("R-068", kind)
    if "minutes" not in change:
        drafted().when("UO", revise(**change)).refused("R-068", kind)


def test_r068_minutes_that_are_not_issued_are_revised_and_not_corrected():
    """Before the issue the draft itself is changed."""
    scene = b.given(b.topic(), b.meeting(), b.minuted(until=minutes.Status.APPROVED))
    scene.when("GO", b.correct()).refused("R-068", corrections.NotIssuedYet)


def test_r068_the_body_may_be_corrected_without_any_decision():
    """It rewords no decision."""
    scene = approved(clauses=(), body="会议听取了三个部门的汇报。").when("GO", b.issue_correction())
    scene.then(corrections.CorrectionIssued, numbers.DocNumberAllocated, minutes.MinutesCorrected)


@pytest.mark.parametrize("until", [decisions.Status.CLAIMED, decisions.Status.FULFILLED])
def test_r068_what_is_being_verified_or_done_is_not_reworded(until):
    """Neither in the draft nor, where it was claimed since, at the issue."""
    late = b.correct(on=b.day(7, 1))
    issued(until=until).when("GO", late).refused("R-068", corrections.NotToBeCorrected)
    scene = approved().act("HR", b.claim(on=b.day(5, 14)))
    scene.when("GO", b.issue_correction()).refused("R-068", corrections.NotToBeCorrected)


def test_r068_an_edit_voids_what_was_approved():
    """The same text again changes nothing; another one needs both leaders anew."""
    scene = approved()
    scene.when("GO", revise()).then()
    changed = scene.when("UO", revise(on=b.day(5, 13), reason="漏计开发区户数。"))
    after = changed.then(corrections.CorrectionDrafted, corrections.CorrectionApprovalVoided)
    assert (known(after).status, known(after).reviews) == (Status.DRAFTED, {})
    after.when("GO", b.issue_correction()).refused("R-068", corrections.NotReviewed)
    stale = b.review_correction(scene, b.GOV)
    after.when("GP", stale).refused("R-068", consent.OtherContent)


@pytest.mark.parametrize("sides", [(), (b.GOV,), (b.UNION,)])
def test_r068_one_leader_is_not_enough(sides):
    """Both, as for the minutes themselves."""
    scene = drafted()
    for side in sides:
        scene = scene.act(b.REVIEWERS[side], b.review_correction(scene, side))
    scene.when("GO", b.issue_correction()).refused("R-068", corrections.NotReviewed)


def test_r068_the_chair_or_the_liaison_leader_and_the_unions_principal_review():
    """Each for his side, once, and not one person for both."""
    scene = drafted()
    for role, side, kind in (
        ("LEADER", b.GOV, corrections.NotAReviewer),
        ("UP", b.GOV, consent.NotYourSide),
        ("GO", b.GOV, refusals.NotEntitled),
        ("UL", b.UNION, refusals.NotEntitled),
    ):
        scene.when(role, b.review_correction(scene, side)).refused("R-068", kind)
    one = scene.when("GL", b.review_correction(scene, b.GOV)).then(corrections.CorrectionApproved)
    one.when("GP", b.review_correction(one, b.GOV)).refused("R-068", consent.AlreadyConsented)
    both = drafted(b.one_person_on_both_sides)
    one = both.act(b.BOTH, b.review_correction(both, b.GOV))
    one.when(b.BOTH, b.review_correction(one, b.UNION)).refused("R-068", consent.OnePersonForBoth)


def test_r068_a_return_says_why_and_empties_the_reviews():
    """Then the draft is revised, not before the return."""
    scene = drafted()
    for nothing in NOTHING:
        bare = b.review_correction(scene, b.UNION, approve=False, reason=nothing)
        scene.when("UP", bare).refused("R-068", refusals.TextMissing)
    one = scene.act("GP", b.review_correction(scene, b.GOV))
    no = b.review_correction(one, b.UNION, approve=False, reason="户数仍有误。")
    back = one.when("UP", no).then(corrections.CorrectionReturned)
    assert (known(back).status, known(back).reviews) == (Status.RETURNED, {})
    back.when("GP", b.review_correction(back, b.GOV)).refused("R-068", refusals.WrongState)
    back.when("GO", revise(on=b.day(5, 12))).refused("R-093", refusals.BeforeItsBasis)
    back.when("GO", revise(on=b.day(5, 13))).then(corrections.CorrectionDrafted)


def test_r068_only_the_office_issues_with_number_disclosure_and_recipients():
    """By default to whom the minutes went; then it is fixed."""
    scene = approved()
    for role in ("UO", "GL", "UP"):
        scene.when(role, b.issue_correction()).refused("R-068", refusals.NotEntitled)
    scene.when("GO", b.issue_correction(disclosure=None)).refused("R-017", corrections.DisclosureMissing)
    scene.when("GO", b.issue_correction(recipients=())).refused("R-016", corrections.RecipientMissing)
    scene.when("GO", b.issue_correction(number="")).refused("R-015", refusals.TextMissing)
    taken = b.issue_correction(number="芮政办纪〔2025〕4号")
    scene.when("GO", taken).refused("R-015", numbers.NumberTaken)
    after = scene.act("GO", b.issue_correction())
    assert known(after).recipients == scene.minutes().recipients
    later = b.day(6, 1)
    for role, command in (
        ("GO", revise(on=later)),
        ("GO", b.issue_correction(on=later)),
        ("UP", b.review_correction(after, b.UNION, on=later)),
    ):
        after.when(role, command).refused("R-068", corrections.IssuedAlready)
    again = b.correct(on=later, clauses=rewording(text="检查90户"))
    after.when("GO", again, subject="C2").then(corrections.CorrectionDrafted)


@pytest.mark.parametrize("disclosure", CLOSED)
def test_r017_what_a_closed_correction_says_is_not_published(disclosure):
    """Nor before it is issued."""
    scene = approved()
    said = b.publish(on=b.day(6, 2), text="我县检查高温津贴发放85户，成效明显。")
    scene.when("GO", said).refused("R-082", publicity.Undisclosed)
    closed = scene.act("GO", b.issue_correction(disclosure=disclosure))
    closed.when("GO", said).refused("R-082", publicity.Undisclosed)
    assert not closed.decision().disclosed
    opened = scene.act("GO", b.issue_correction())
    opened.when("GO", said).accepted()
    assert opened.decision().disclosed


def test_r093_draft_review_and_issue_follow_each_other():
    """None is dated before the one it rests on; what does not exist is not found."""
    issued().when("GO", b.correct(on=b.day(4, 28))).refused("R-093", refusals.BeforeItsBasis)
    scene = drafted()
    early = b.review_correction(scene, b.GOV, on=b.day(5, 11))
    scene.when("GP", early).refused("R-093", refusals.BeforeItsBasis)
    early = b.issue_correction(on=b.day(5, 12))
    approved().when("GO", early).refused("R-093", refusals.BeforeItsBasis)
    issued().when("GO", b.issue_correction()).refused("R-068", refusals.NotFound)
