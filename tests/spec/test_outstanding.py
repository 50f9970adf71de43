"""Item six: what every later meeting accounts for, explained, agreed and current at the opening."""

import pytest

from application import surroundings
from domain import consent, decisions, meetings, papers, refusals, sittings
from domain.meetings import OutcomeKind, Status, Subject
from tests import builders as b

NOTHING = ["", "  ", "无", "略。", "——", "啊啊啊啊"]
AGENDA = ("C1", "C6")
OPENING = b.day(4, 22, 2026)


def second(*, until=Status.MATERIALS_FROZEN, explained=("M1-01",), agenda=AGENDA, **change):
    return b.meeting("M2", until=until, year=2026, agenda=agenda, explained=explained, **change)


def members(scene, meeting="M2"):
    return [each.id for each in surroundings.outstanding_of(scene.dossier, meeting)]


# --- the set ----------------------------------------------------------------------------------------------------


def test_r026_the_first_meeting_has_nothing_to_account_for():
    """Without an earlier meeting the set is empty."""
    assert members(b.given(b.meeting(until=Status.PLANNED)), "M1") == []


def test_r026_the_set_holds_the_decisions_of_the_previous_meeting():
    """The fulfilled ones too, which need no explanation."""
    assert members(b.given(b.established())) == ["M1-01"]
    done = b.given(b.established(b.decided()))
    assert members(done) == ["M1-01"]
    (member,) = surroundings.outstanding_of(done.dossier, "M2")
    assert not member.needs_explanation


def two_years(**first):
    return (
        b.established(**first),
        second(until=Status.SITTING_CLOSED),
        b.minuted("M2", year=2026),
    )


def test_r026_open_decisions_of_any_earlier_meeting_stay_in_the_set():
    """Nothing drops out by age; what is fulfilled leaves after the meeting that it was reported to."""
    scene = b.given(*two_years())
    assert members(scene, "M3") == ["M1-01"]
    done = scene.play(b.decided(year=2026))
    assert members(done, "M3") == []


def test_r026_what_the_previous_meeting_closed_is_named_once():
    """Terminated decisions are reported to the next meeting, and need no explanation."""
    steps = (
        b.established(),
        second(until=Status.SITTING_CLOSED, closing={"M1-01": "terminated"}),
        b.minuted("M2", year=2026),
    )
    scene = b.given(*steps)
    (member,) = surroundings.outstanding_of(scene.dossier, "M3")
    assert (member.id, member.needs_explanation) == ("M1-01", False)


@pytest.mark.parametrize(
    ("kind", "listed"),
    [(OutcomeKind.RESOLVED, True), (OutcomeKind.NOTED, False), (OutcomeKind.DEFERRED, False)],
)
def test_r026_resolved_items_without_issued_minutes_are_in_the_set(kind, listed):
    """As long as minutes are not issued, what was resolved is accounted for item by item."""
    scene = b.given(b.topic(), b.meeting(outcomes={"T1": kind}))
    assert members(scene) == (["M1/T1"] if listed else [])
    drafted = scene.play(b.minuted(until=b.minutes.Status.APPROVED))
    assert members(drafted) == (["M1/T1"] if listed else [])


def test_r026_items_without_an_outcome_are_in_the_set():
    """A meeting that was held and not recorded accounts for its whole agenda."""
    scene = b.given(b.topic(), b.meeting(until=Status.HELD))
    assert members(scene) == ["M1/C1", "M1/C2", "M1/T1"]


def test_r080_the_next_meeting_is_briefed_on_the_last_one_and_on_everything_unfulfilled():
    """What was done is told once, with what was not; what was not done is told at every meeting until it is."""
    two = tuple(
        b.clause(text=text) for text in ("县人社局上半年建成两处服务站。", "县人社局年内公布服务事项。")
    )
    first = (b.topic(), b.meeting(), b.minuted(clauses=two))
    scene = b.given(*first, b.decided("M1-01"), second(explained=("M1-02",)))
    (item,) = [each for each in scene.meeting("M2").arrangement.agenda if each == "C6"]
    told = {line.id: line for line in scene.meeting("M2").report.members}
    assert (item, list(told)) == ("C6", ["M1-01", "M1-02"])
    assert (told["M1-01"].explanation, bool(told["M1-02"].explanation)) == ("", True)
    briefed = scene.act("GO", b.hold(OPENING), subject="M2")
    # At the meeting after it the fulfilled one has been told; the other is open still.
    assert members(briefed, "M3")[0] == "M1-02"
    assert "M1-01" not in members(briefed, "M3")


# --- explanations -----------------------------------------------------------------------------------------------


def preparing(**change):
    return b.given(b.established(**change), second(until=Status.NOTICED))


def test_r027_what_is_not_fulfilled_is_explained_by_a_named_person():
    """A department or an office explains; saying the same again changes nothing."""
    scene = preparing()
    command = b.explain("M1-01", on=b.day(4, 15, 2026))
    after = scene.when("HR", command, subject="M2").then(meetings.UnfulfilledExplained)
    assert after.meeting("M2").explanations["M1-01"].by.person == "HR"
    after.when("HR", command, subject="M2").then()


@pytest.mark.parametrize("nothing", NOTHING)
def test_r027_an_empty_explanation_is_refused(nothing):
    """It says something."""
    command = b.explain("M1-01", on=b.day(4, 15, 2026), explanation=nothing)
    preparing().when("HR", command, subject="M2").refused("R-027", refusals.TextMissing)


def test_r026_what_is_not_in_the_set_or_fulfilled_is_not_explained():
    """Only an unfulfilled member needs an explanation."""
    command = b.explain("M1-07", on=b.day(4, 15, 2026))
    preparing().when("HR", command, subject="M2").refused("R-026", papers.NothingToExplain)
    done = b.given(b.established(b.decided()), second(until=Status.NOTICED))
    known = b.explain("M1-01", on=b.day(4, 15, 2026))
    done.when("HR", known, subject="M2").refused("R-026", papers.NothingToExplain)


def test_r027_a_meeting_is_not_opened_over_an_unexplained_matter():
    """Each unfulfilled member is explained before the opening."""
    scene = b.given(b.established(), second(explained=()))
    scene.when("GO", b.hold(OPENING), subject="M2").refused("R-027", sittings.Unexplained)
    explained = b.given(b.established(), second())
    explained.when("GO", b.hold(OPENING), subject="M2").then(meetings.MeetingHeld)


@pytest.mark.parametrize("nothing", NOTHING)
def test_r027_an_overdue_matter_needs_an_opinion(nothing):
    """Near miss 12: explained, but without an opinion."""
    scene = b.given(b.established(), second(opinion=nothing))
    scene.when("GO", b.hold(OPENING), subject="M2").refused("R-027", sittings.Unexplained)


def test_r027_a_matter_that_is_not_overdue_needs_none():
    """Before its deadline an explanation is enough; on the day of the deadline too."""
    for deadline in (b.day(12, 31, 2026), OPENING):
        scene = b.given(b.established(deadline=deadline), second(opinion=""))
        scene.when("GO", b.hold(OPENING), subject="M2").then(meetings.MeetingHeld)


def test_r027_an_explanation_of_an_earlier_state_does_not_count():
    """After the last change of state it is explained anew, and the report says so."""
    scene = b.given(b.established(), second())
    changed = scene.act("GO", b.supervisors(on=b.day(4, 20, 2026)), subject="M1-01")
    changed.when("GO", b.hold(OPENING), subject="M2").refused("R-027", sittings.Unexplained)
    amended = changed.act("GO", meetings.AmendOutstandingReport(on=b.day(4, 20, 2026)), subject="M2")
    assert [line.explanation for line in amended.meeting("M2").report.members] == [""]
    again = b.explain("M1-01", on=b.day(4, 20, 2026), opinion="年底前完成。")
    explained = changed.act("HR", again, subject="M2")
    explained.when("GO", b.hold(OPENING), subject="M2").refused("R-029", sittings.ReportIncomplete)


def test_r027_a_progress_report_is_no_change_of_state():
    """It neither voids an explanation nor the report, and it is no explanation."""
    accepted = b.decided(until=decisions.Status.ACCEPTED)
    scene = b.given(b.established(accepted), second())
    more = scene.act("HR", b.progress(60, on=b.day(4, 20, 2026)), subject="M1-01")
    more.when("GO", b.hold(OPENING), subject="M2").then(meetings.MeetingHeld)
    silent = b.given(b.established(accepted), second(explained=()))
    silent = silent.act("HR", b.progress(60, on=b.day(4, 20, 2026)), subject="M1-01")
    silent.when("GO", b.hold(OPENING), subject="M2").refused("R-027", sittings.Unexplained)


def test_r093_an_explanation_after_the_opening_does_not_count():
    """What is explained is explained before the meeting, whenever it is recorded."""
    scene = b.given(b.established(), second(until=Status.NOTICED))
    scene = scene.act("HR", b.explain("M1-01", on=b.day(4, 24, 2026), opinion="年底前完成。"), subject="M2")
    early = meetings.PrepareOutstandingReport(on=b.day(4, 17, 2026))
    scene.when("GO", early, subject="M2").refused("R-093", refusals.BeforeItsBasis)
    scene = scene.play(b.reported(on=b.day(4, 24, 2026), subject="M2"))
    for item in AGENDA:
        scene = scene.play(b.material(item, on=b.day(4, 18, 2026), subject="M2"))
    scene = scene.act("GO", meetings.FreezeMaterials(on=b.day(4, 18, 2026)), subject="M2")
    late = b.hold(OPENING, on=b.day(4, 25, 2026))
    scene.when("GO", late, subject="M2").refused("R-093", refusals.BeforeItsBasis)


# --- the report -------------------------------------------------------------------------------------------------


def test_r025_the_report_is_computed_and_agreed_by_both_sides():
    """Nobody types its lines; two persons of two sides agree to one hash."""
    scene = preparing().act("HR", b.explain("M1-01", on=b.day(4, 15, 2026)), subject="M2")
    prepare = meetings.PrepareOutstandingReport(on=b.day(4, 16, 2026))
    scene = scene.when("UO", prepare, subject="M2").then(meetings.OutstandingReportPrepared)
    (line,) = scene.meeting("M2").report.members
    assert (line.id, line.explanation) == ("M1-01", "图审补正，尚未完工。")
    scene.when("UO", prepare, subject="M2").refused("R-025", refusals.AlreadyDone)
    give = [
        b.give(scene, Subject.OUTSTANDING_REPORT, side, on=b.day(4, 17, 2026), subject="M2")
        for side in b.Side
    ]
    scene = scene.when("GO", give[0], subject="M2").then(meetings.MeetingConsentGiven)
    both = scene.when("UO", give[1], subject="M2")
    both.then(meetings.MeetingConsentGiven, meetings.OutstandingReportAgreed)


def test_r025_one_person_does_not_agree_to_the_report_for_both_sides():
    """Two persons, as with everything that both sides agree to."""
    scene = b.given(b.one_person_on_both_sides, b.established(), second(until=Status.NOTICED))
    prepare = meetings.PrepareOutstandingReport(on=b.day(4, 16, 2026))
    scene = scene.act("UO", prepare, subject="M2")
    what, on = Subject.OUTSTANDING_REPORT, b.day(4, 17, 2026)
    scene = scene.act(b.BOTH, b.give(scene, what, b.GOV, on=on, subject="M2"), subject="M2")
    second_side = b.give(scene, what, b.UNION, on=on, subject="M2")
    scene.when(b.BOTH, second_side, subject="M2").refused("R-025", consent.OnePersonForBoth)


@pytest.mark.parametrize("sides", [(), (b.GOV,), (b.UNION,)])
def test_r029_a_report_that_is_not_agreed_opens_nothing(sides):
    """Both sides agree before the opening."""
    scene = preparing().act(
        "HR", b.explain("M1-01", on=b.day(4, 15, 2026), opinion="年底前完成。"), subject="M2"
    )
    scene = scene.act("GO", meetings.PrepareOutstandingReport(on=b.day(4, 16, 2026)), subject="M2")
    what = Subject.OUTSTANDING_REPORT
    scene = scene.play(b.consented(what, on=b.day(4, 17, 2026), subject="M2", sides=sides))
    for item in AGENDA:
        scene = scene.play(b.material(item, on=b.day(4, 18, 2026), subject="M2"))
    scene = scene.act("GO", meetings.FreezeMaterials(on=b.day(4, 18, 2026)), subject="M2")
    scene.when("GO", b.hold(OPENING), subject="M2").refused("R-029", sittings.ReportIncomplete)


def test_r029_a_change_between_cut_off_and_opening_is_reported_anew():
    """The amendment voids the consents; with new ones the meeting opens."""
    claimed = b.decided(until=decisions.Status.CLAIMED)
    scene = b.given(b.established(claimed), second())
    for side, role in ((b.GOV, "SUPG"), (b.UNION, "SUPU")):
        verify = decisions.VerifyFulfilled(on=b.day(4, 20, 2026), side=side)
        scene = scene.act(role, verify, subject="M1-01")
    scene.when("GO", b.hold(OPENING), subject="M2").refused("R-029", sittings.ReportIncomplete)
    amend = meetings.AmendOutstandingReport(on=b.day(4, 21, 2026))
    after = scene.when("GO", amend, subject="M2")
    scene = after.then(meetings.OutstandingReportAmended, meetings.MeetingConsentVoided)
    scene.when("GO", amend, subject="M2").then()
    scene.when("GO", b.hold(OPENING), subject="M2").refused("R-029", sittings.ReportIncomplete)
    what = Subject.OUTSTANDING_REPORT
    scene = scene.play(b.consented(what, on=b.day(4, 21, 2026), subject="M2"))
    scene.when("GO", b.hold(OPENING), subject="M2").then(meetings.MeetingHeld)


def test_r029_there_is_no_amendment_before_the_report_nor_before_its_cut_off():
    """An amendment rests on the report."""
    amend = meetings.AmendOutstandingReport(on=b.day(4, 15, 2026))
    preparing().when("GO", amend, subject="M2").refused("R-029", refusals.WrongState)
    prepare = meetings.PrepareOutstandingReport(on=b.day(4, 16, 2026))
    scene = preparing().act("GO", prepare, subject="M2")
    scene.when("GO", amend, subject="M2").refused("R-093", refusals.BeforeItsBasis)


def test_r028_a_meeting_without_item_six_is_not_opened_while_anything_is_outstanding():
    """Also where everything is fulfilled: the previous meeting's decisions are reported."""
    for steps in ((), (b.decided(),)):
        scene = b.given(b.established(*steps), second(agenda=("C1",), explained=()))
        scene.when("GO", b.hold(OPENING), subject="M2").refused("R-028", sittings.OutstandingNotOnAgenda)


def test_r028_item_six_may_report_that_there_is_nothing():
    """A first meeting may list it; both sides agree that nothing is outstanding."""
    scene = b.given(b.meeting(until=Status.MATERIALS_FROZEN, agenda=("C1", "C6")))
    assert scene.meeting().report.members == ()
    scene.when("GO", b.hold(b.day(4, 22))).then(meetings.MeetingHeld)


def test_r028_a_special_meeting_reports_too():
    """The next conference is the next one, special or not (ambiguity A15)."""
    special = second(agenda=("C1",), explained=(), special=True)
    scene = b.given(b.established(), special)
    scene.when("GO", b.hold(OPENING), subject="M2").refused("R-028", sittings.OutstandingNotOnAgenda)
