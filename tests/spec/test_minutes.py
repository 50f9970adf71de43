"""The minutes: drafted from outcomes, reviewed by leaders of both sides, issued by the office, then fixed."""

import pytest

from domain import consent, decisions, meetings, minutes, numbers, refusals, regulation, topics
from domain.decider import Capacity
from domain.meetings import OutcomeKind
from domain.minutes import Status
from tests import builders as b

NOTHING = ["", "  ", "无", "略。", "——", "啊啊啊啊"]
REVIEWED = b.day(4, 28)


def closed(**change):
    return b.given(b.topic(), b.meeting(**change))


def drafted(*steps):
    return b.given(*steps, b.topic(), b.meeting(), b.minuted(until=Status.DRAFTED))


def approved():
    return b.given(b.topic(), b.meeting(), b.minuted(until=Status.APPROVED))


# --- drafting ---------------------------------------------------------------------------------------------------


def test_r065_the_minutes_say_what_was_agreed():
    """Drafted after the sitting, with a decision for each resolved item; the same draft changes nothing."""
    scene = closed()
    after = scene.when("UO", b.draft(scene)).then(minutes.MinutesDrafted)
    assert after.minutes().content.title == "芮城县人民政府与芮城县总工会联席会议第1次会议纪要"
    after.when("UO", b.draft(scene)).then()


@pytest.mark.parametrize("until", [meetings.Status.MATERIALS_FROZEN, meetings.Status.HELD])
def test_r065_minutes_of_a_meeting_that_is_not_closed_are_refused(until):
    """The sitting is over."""
    scene = b.given(b.topic(), b.meeting(until=until))
    scene.when("GO", b.draft(scene, clauses=(b.clause(),))).refused("R-065", minutes.SittingNotClosed)


def test_r064_minutes_wait_for_the_outcome_of_every_item():
    """An item without an outcome is not passed over."""
    scene = b.given(b.topic(), b.meeting(until=meetings.Status.HELD))
    scene = scene.act("GO", b.outcome("T1", OutcomeKind.RESOLVED, on=b.day(4, 22)))
    end = meetings.CloseSitting(on=b.day(4, 22), closed_at=b.moment(b.day(4, 22), 16))
    scene = scene.act("GO", end)
    scene.when("GO", b.draft(scene)).refused("R-064", minutes.OutcomesMissing)


def test_r065_a_resolved_item_without_a_decision_is_refused():
    """Near miss 9: a resolved topic left without a decision."""
    scene = b.given(b.topic(), b.topic("T2"), b.meeting(agenda=("C1", "T1", "T2")))
    half = b.draft(scene, clauses=(b.clause("T1"),))
    scene.when("GO", half).refused("R-065", minutes.ItemWithoutDecision)
    nothing = b.draft(scene, clauses=(), no_decisions=True)
    scene.when("GO", nothing).refused("R-065", minutes.ItemWithoutDecision)
    several = b.draft(scene, clauses=(b.clause("T1"), b.clause("T1"), b.clause("T2")))
    scene.when("GO", several).then(minutes.MinutesDrafted)


@pytest.mark.parametrize("item", ["C1", "T9", "C6"])
def test_r065_a_decision_out_of_no_resolved_item_is_refused(item):
    """Neither a noted item nor one that was not on the agenda decides anything."""
    scene = closed()
    extra = b.draft(scene, clauses=(b.clause("T1"), b.clause(item)))
    scene.when("GO", extra).refused("R-065", minutes.ClauseWithoutItem)


def test_r065_minutes_without_a_decision_say_so():
    """无议定事项 is stated where it is true, and nowhere else (ambiguity A17)."""
    none = closed(outcomes={"T1": OutcomeKind.NOTED})
    none.when("GO", b.draft(none)).then(minutes.MinutesDrafted)
    unsaid = b.draft(none, no_decisions=False)
    none.when("GO", unsaid).refused("R-065", minutes.NothingDecidedUnstated)
    some = closed()
    wrong = b.draft(some, no_decisions=True)
    some.when("GO", wrong).refused("R-065", minutes.NothingDecidedUnstated)


def test_r065_minutes_have_a_body():
    """What was heard and held is written down."""
    scene = closed()
    for nothing in NOTHING:
        scene.when("GO", b.draft(scene, body=nothing)).refused("R-065", refusals.TextMissing)


def test_r070_a_decision_has_text_lead_units_and_a_deadline():
    """Text, lead units of the pair, and a deadline on or after the meeting."""
    scene = closed()

    def tried(**change):
        return scene.when("GO", b.draft(scene, clauses=(b.clause(**change),)))

    for nothing in NOTHING:
        tried(text=nothing).refused("R-070", refusals.TextMissing)
    for change in (
        {"lead_units": ()},
        {"lead_units": ("nowhere",)},
        {"cooperating_units": ("nowhere",)},
        {"deadline": None},
        {"deadline": b.day(4, 21)},
    ):
        tried(**change).refused("R-070", minutes.DecisionIncomplete)
    tried(deadline=b.day(4, 22)).then(minutes.MinutesDrafted)


def test_r070_a_long_term_decision_has_a_report_interval():
    """Instead of a deadline it says how often it is reported."""
    scene = closed()
    bare = b.clause(deadline=None, long_term=True)
    scene.when("GO", b.draft(scene, clauses=(bare,))).refused("R-070", minutes.DecisionIncomplete)
    full = b.clause(deadline=None, long_term=True, report_interval_months=6)
    scene.when("GO", b.draft(scene, clauses=(full,))).then(minutes.MinutesDrafted)


def test_r070_a_deadline_or_a_long_term_flag_not_both():
    """A long-term decision has its interval instead of a deadline."""
    scene = closed()
    both = b.clause(long_term=True, report_interval_months=6)
    scene.when("GO", b.draft(scene, clauses=(both,))).refused("R-070", minutes.DecisionIncomplete)


def test_r070_a_decision_has_the_category_of_its_topic():
    """A clause does not move a matter into another category."""
    scene = closed()
    moved = b.clause(category=b.Category.C3)
    scene.when("GO", b.draft(scene, clauses=(moved,))).refused("R-070", minutes.DecisionIncomplete)


@pytest.mark.parametrize("missing", ["leader", "acceptance"])
def test_r070_a_missing_leader_or_criterion_has_its_reason(missing):
    """Each may be left out only where it is said why."""
    scene = closed()
    for nothing in NOTHING:
        bare = b.clause(**{missing: nothing, "reason": nothing})
        scene.when("GO", b.draft(scene, clauses=(bare,))).refused("R-070", minutes.DecisionIncomplete)
    said = b.clause(**{missing: "", "reason": "待分工调整后确定"})
    scene.when("GO", b.draft(scene, clauses=(said,))).then(minutes.MinutesDrafted)


def closing(way="terminated"):
    later = b.meeting("M2", year=2026, agenda=("C1", "C6"), explained=("M1-01",), closing={"M1-01": way})
    return b.given(b.established(), later)


def test_r078_what_the_meeting_closed_is_named_in_its_minutes():
    """Every closure, no other, each once."""
    scene = closing()
    on = b.day(4, 24, 2026)
    for wrong in ((), ("M1-02",), ("M1-01", "M1-01"), ("M1-01", "M1-02")):
        command = b.draft(scene, subject="M2", on=on, closures=wrong)
        scene.when("GO", command, subject="M2").refused("R-078", minutes.ClosuresUnnamed)
    scene.when("GO", b.draft(scene, subject="M2"), subject="M2").then(minutes.MinutesDrafted)


def test_r065_item_six_resolved_without_a_closure_of_its_own_needs_a_decision():
    """A closure at a topic does not stand for what was resolved at item six."""
    later = b.meeting("M2", year=2026, agenda=("C6", "T2"), explained=("M1-01",), until=meetings.Status.HELD)
    scene = b.given(b.established(), b.topic("T2", year=2026), later)
    on = b.day(4, 22, 2026)
    for item in ("C6", "T2"):
        scene = scene.act("GO", b.outcome(item, OutcomeKind.RESOLVED, on=on), subject="M2")
    scene = scene.act("GO", b.close_by_meeting("M1-01", on=on, item="T2"), subject="M2")
    end = meetings.CloseSitting(on=on, closed_at=b.moment(on, 16))
    scene = scene.act("GO", end, subject="M2")
    only_topic = b.draft(scene, subject="M2", clauses=(b.clause("T2", year=2026),))
    scene.when("GO", only_topic, subject="M2").refused("R-065", minutes.ItemWithoutDecision)


@pytest.mark.parametrize(
    ("way", "fact", "status"),
    [
        ("terminated", decisions.DecisionTerminated, decisions.Status.TERMINATED),
        ("superseded", decisions.DecisionSuperseded, decisions.Status.SUPERSEDED),
    ],
)
def test_r078_a_closure_takes_effect_when_the_minutes_are_issued(way, fact, status):
    """Until then the decision is open."""
    scene = closing(way).play(b.minuted("M2", until=Status.APPROVED, year=2026))
    assert scene.decision().open
    command = b.issue(on=b.day(4, 29, 2026), number="芮政办纪〔2026〕4号")
    after = scene.when("GO", command, subject="M2")
    scene = after.then(minutes.MinutesIssued, numbers.DocNumberAllocated, fact)
    assert (scene.decision().status, scene.decision().closed_by_meeting) == (status, "M2")
    more = b.progress(60, on=b.day(5, 1, 2026))
    scene.when("HR", more).refused("R-074", refusals.WrongState)


# --- review -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("government", ["GP", "GL"])
def test_r066_the_chair_or_the_liaison_leader_and_the_unions_principal_review(government):
    """Two leaders of two sides approve one hash."""
    scene = drafted()
    one = scene.when(government, b.review(scene, b.GOV, on=REVIEWED)).then(minutes.MinutesApproved)
    assert one.minutes().status is Status.DRAFTED
    two = one.when("UP", b.review(one, b.UNION, on=REVIEWED)).then(minutes.MinutesApproved)
    assert two.minutes().status is Status.APPROVED
    two.when("UP", b.review(two, b.UNION, on=REVIEWED)).refused("R-066", consent.AlreadyConsented)


@pytest.mark.parametrize("role", ["GO", "UO", "UL", "HR", "SUPG", "ADMIN"])
def test_r066_nobody_but_a_leader_reviews(role):
    """Office staff review nothing."""
    scene = drafted()
    scene.when(role, b.review(scene, b.GOV, on=REVIEWED)).refused("R-066", refusals.NotEntitled)


def test_r066_a_leader_who_neither_chaired_nor_liaises_does_not_review():
    """Another government leader is no reviewer; one who chaired is."""
    scene = drafted()
    scene.when("LEADER", b.review(scene, b.GOV, on=REVIEWED)).refused("R-066", minutes.NotAReviewer)
    other = b.given(b.holding("second", Capacity.GOVERNMENT_PRINCIPAL, "gov"), b.topic(), b.meeting())
    other = other.play(b.minuted(until=Status.DRAFTED))
    other.when("second", b.review(other, b.GOV, on=REVIEWED)).refused("R-066", minutes.NotAReviewer)


def test_r066_one_side_does_not_review_for_the_other_nor_one_person_for_both():
    """Two persons of two sides."""
    scene = drafted(b.one_person_on_both_sides)
    scene.when("UP", b.review(scene, b.GOV, on=REVIEWED)).refused("R-066", consent.NotYourSide)
    scene.when("GL", b.review(scene, b.UNION, on=REVIEWED)).refused("R-066", consent.NotYourSide)
    one = scene.act(b.BOTH, b.review(scene, b.GOV, on=REVIEWED))
    one.when(b.BOTH, b.review(one, b.UNION, on=REVIEWED)).refused("R-066", consent.OnePersonForBoth)


def test_r066_a_review_names_the_draft_that_stands():
    """An older draft is not approved."""
    scene = drafted()
    stale = b.review(scene, b.UNION, on=REVIEWED)
    changed = b.draft(scene, body="会议听取汇报，予以肯定。", on=b.day(4, 26))
    scene.act("GO", changed).when("UP", stale).refused("R-066", consent.OtherContent)


def test_r066_a_return_says_why_and_empties_the_reviews():
    """A returned draft is revised and reviewed by both again."""
    scene = drafted()
    one = scene.act("GP", b.review(scene, b.GOV, on=b.day(4, 25)))
    for nothing in NOTHING:
        bare = b.review(one, b.UNION, on=b.day(4, 25), approve=False, reason=nothing)
        one.when("UP", bare).refused("R-066", refusals.TextMissing)
    back = b.review(one, b.UNION, on=b.day(4, 25), approve=False, reason="数字有误")
    scene = one.when("UP", back).then(minutes.MinutesReturned)
    assert (scene.minutes().status, scene.minutes().reviews) == (Status.RETURNED, {})
    again = b.review(scene, b.UNION, on=b.day(4, 26))
    scene.when("UP", again).refused("R-066", refusals.WrongState)
    scene.when("GO", b.draft(scene, on=b.day(4, 26))).then(minutes.MinutesDrafted)


def test_r066_an_edit_voids_what_was_approved():
    """Near miss 8: the edit takes both approvals back, and says so."""
    scene = approved()
    changed = b.draft(scene, clauses=(b.clause(text="体检1250人"),), on=b.day(4, 29))
    after = scene.when("GO", changed).then(minutes.MinutesDrafted, minutes.MinutesApprovalVoided)
    assert after.minutes().reviews == {}
    after.when("GO", b.issue()).refused("R-067", minutes.NotReviewed)


# --- issue ------------------------------------------------------------------------------------------------------


def test_r067_the_office_issues_what_both_approved():
    """The number is taken and each clause comes into force, in one act."""
    scene = approved().when("GO", b.issue())
    after = scene.then(
        minutes.MinutesIssued,
        numbers.DocNumberAllocated,
        topics.TopicDeliberated,
        decisions.DecisionEstablished,
    )
    assert (after.minutes().status, after.minutes().decisions) == (Status.ISSUED, ("M1-01",))


@pytest.mark.parametrize("role", ["UO", "GL", "GP", "UP", "HR", "ADMIN"])
def test_r067_nobody_else_issues_minutes(role):
    """The government office alone issues."""
    approved().when(role, b.issue()).refused("R-067", refusals.NotEntitled)


@pytest.mark.parametrize("sides", [(), (b.GOV,), (b.UNION,)])
def test_r067_minutes_without_both_approvals_are_not_issued(sides):
    """One leader's approval is not enough."""
    scene = drafted()
    for side in sides:
        scene = scene.act(b.REVIEWERS[side], b.review(scene, side, on=REVIEWED))
    scene.when("GO", b.issue()).refused("R-067", minutes.NotReviewed)
    closed().when("GO", b.issue()).refused("R-067", minutes.NotReviewed)


@pytest.mark.parametrize("number", ["芮政办纪〔2025〕4号", "第1期"])
def test_r067_minutes_are_numbered(number):
    """By year or by issue; without a number or with a crooked one they are not issued."""
    approved().when("GO", b.issue(number=number)).accepted()
    approved().when("GO", b.issue(number="")).refused("R-067", minutes.NumberMissing)
    crooked = b.issue(number=f"{number}（稿）")
    approved().when("GO", crooked).refused("R-015", numbers.BadNumber)


def test_r067_issued_minutes_are_immutable():
    """Neither drafted nor reviewed nor issued again."""
    scene = b.given(b.established())
    late = b.day(5, 2)
    for role, command in (
        ("GO", b.draft(scene, on=late, body="会议听取汇报，予以肯定。")),
        ("UP", b.review(scene, b.UNION, on=late)),
        ("GO", b.issue(on=late, number="芮政办纪〔2025〕5号")),
    ):
        scene.when(role, command).refused("R-067", minutes.IssuedAlready)


def test_r017_minutes_without_their_disclosure_are_not_issued():
    """Whether they may be made public is said before."""
    approved().when("GO", b.issue(disclosure=None)).refused("R-017", minutes.DisclosureMissing)


@pytest.mark.parametrize("disclosure", list(regulation.Disclosure))
def test_r017_a_decision_is_as_public_as_its_minutes(disclosure):
    """Only what is 公开发布 is disclosed."""
    scene = approved().act("GO", b.issue(disclosure=disclosure))
    assert scene.decision().disclosed is (disclosure is regulation.Disclosure.PUBLIC)


def test_r016_minutes_need_no_recipient_and_are_copied_by_default():
    """党委办, 人大办, 政协办 of the same level, unless somebody edits it."""
    scene = approved().act("GO", b.issue(recipients=()))
    assert scene.minutes().copies == ("县委办公室", "县人大办公室", "县政协办公室")
    edited = approved().act("GO", b.issue(copies=("县委办公室",)))
    assert edited.minutes().copies == ("县委办公室",)


def test_r069_each_numbered_clause_becomes_a_decision():
    """Its id is stable, it knows its clause, topic and minutes."""
    scene = b.given(b.topic(), b.meeting())
    clauses = (b.clause(text="检查津贴80户"), b.clause(text="组织体检1200人"))
    scene = scene.play(b.minuted(clauses=clauses))
    found = {each.id: (each.number, each.text, each.source_topic) for each in scene.dossier.decisions}
    assert found == {"M1-01": (1, "检查津贴80户", "T1"), "M1-02": (2, "组织体检1200人", "T1")}
    assert scene.decision().minutes_number == "芮政办纪〔2025〕4号"
    assert scene.decision().established_on == b.day(4, 29)


def test_r093_draft_review_and_issue_follow_each_other():
    """None is dated before the one it rests on."""
    scene = closed()
    early = b.draft(scene, on=b.day(4, 21))
    scene.when("GO", early).refused("R-093", refusals.BeforeItsBasis)
    scene = drafted()
    early = b.review(scene, b.GOV, on=b.day(4, 23))
    scene.when("GP", early).refused("R-093", refusals.BeforeItsBasis)
    approved().when("GO", b.issue(on=b.day(4, 27))).refused("R-093", refusals.BeforeItsBasis)
    back = b.review(scene, b.UNION, on=b.day(4, 26), approve=False, reason="数字有误")
    returned = scene.act("UP", back)
    early = b.draft(returned, on=b.day(4, 25))
    returned.when("GO", early).refused("R-093", refusals.BeforeItsBasis)
