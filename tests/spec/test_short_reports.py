"""The short form of the report on everything outstanding, at special meetings (A15)."""

import pytest

from application import views
from domain import decisions, meetings, refusals, short_reports, sittings
from domain.meetings import Kind, Status, Subject
from tests import builders as b
from tests import rules

AGENDA = ("C1", "C6")
YEAR = 2027
PREPARED, OPENING = b.day(4, 17, YEAR), b.day(4, 22, YEAR)
SHORT = meetings.PrepareShortReport(on=PREPARED)


def second(**change):
    return b.meeting("M2", year=2026, agenda=AGENDA, explained=("M1-01",), **change)


def allowed(scene):
    return scene.play(rules.under(b.day(1, 10, YEAR), short_form_for_specials=True))


def third(*steps, special=True, explained_at_second="年底前完成。", **clause):
    """Give a third meeting that is noticed, after a second one in which the matter of the first was explained."""
    return allowed(
        b.given(
            b.established(**clause),
            second(opinion=explained_at_second),
            b.minuted("M2", year=2026),
            *steps,
            b.meeting("M3", year=YEAR, agenda=AGENDA, special=special, until=Status.NOTICED),
        )
    )


def ready(scene, subject="M3"):
    """Let both sides agree to the report that stands, and freeze the book."""
    year = scene.meeting(subject).year
    scene = scene.play(b.consented(Subject.OUTSTANDING_REPORT, on=b.day(4, 18, year), subject=subject))
    for item in AGENDA:
        scene = scene.play(b.material(item, on=b.day(4, 18, year), subject=subject))
    return scene.act("GO", meetings.FreezeMaterials(on=b.day(4, 18, year)), subject=subject)


def open_it(scene, subject="M3"):
    return scene.when("GO", b.hold(b.day(4, 22, scene.meeting(subject).year)), subject=subject)


@pytest.mark.parametrize("role", ["GO", "UO"])
def test_r025_a15_a_special_meeting_may_list_and_point(role):
    """Every member is on the list; what the last meeting was told of an unchanged matter is not told again."""
    scene = third()
    done = scene.when(role, SHORT, subject="M3")
    fact = done.fact(meetings.ShortReportPrepared)
    (line,) = fact.report.members
    assert (line.id, line.explanation, line.deadline) == ("M1-01", "", b.day(11, 28))
    full = scene.meeting("M2").report
    assert (fact.short.full.meeting, fact.short.full.hash) == ("M2", full.hash)
    assert (fact.short.last_meeting, fact.short.carried) == ("M2", ("M1-01",))
    done.scene.when(role, SHORT, subject="M3").then()
    open_it(ready(done.scene)).then(meetings.MeetingHeld)


def test_r027_a15_a_full_report_takes_nothing_over():
    """There every matter is explained to the meeting itself; the amendment goes back to the full form."""
    full = third().act("GO", meetings.PrepareOutstandingReport(on=PREPARED), subject="M3")
    open_it(ready(full)).refused("R-027", sittings.Unexplained)
    short = third().act("GO", SHORT, subject="M3")
    amended = short.act("GO", meetings.AmendOutstandingReport(on=PREPARED), subject="M3")
    assert amended.meeting("M3").short_form is None
    open_it(ready(amended)).refused("R-027", sittings.Unexplained)


def test_r025_a15_without_the_parameter_there_is_no_short_form():
    """What is adopted on the day itself does not yet hold."""
    scene = b.given(
        b.established(),
        second(),
        b.minuted("M2", year=2026),
        b.meeting("M3", year=YEAR, agenda=AGENDA, special=True, until=Status.NOTICED),
    )
    for early in (scene, scene.play(rules.under(PREPARED, short_form_for_specials=True))):
        early.when("GO", SHORT, subject="M3").refused("R-025", short_reports.ShortFormNotAllowed)


def test_r025_a15_a_yearly_meeting_reports_in_full():
    """Whatever the parameter says."""
    scene = third(special=False)
    assert scene.meeting("M3").kind is Kind.ANNUAL
    scene.when("GO", SHORT, subject="M3").refused("R-025", short_reports.ShortFormNotAllowed)


def test_r025_a15_where_nothing_was_reported_in_full_there_is_nothing_to_point_to():
    """The first meeting had nothing to account for."""
    scene = b.given(
        b.established(),
        b.meeting("M3", year=YEAR, agenda=AGENDA, special=True, until=Status.NOTICED),
    )
    allowed(scene).when("GO", SHORT, subject="M3").refused("R-025", short_reports.ShortFormNotAllowed)


def test_r025_a15_only_a_meeting_in_preparation_and_only_the_offices():
    """As with the full form."""
    scene = third()
    scene.when("HR", SHORT, subject="M3").refused("R-025", refusals.NotEntitled)
    scene.when("GO", SHORT, subject="M9").refused("R-033", refusals.NotFound)
    scene.when("GO", SHORT, subject="M2").refused("R-063", refusals.WrongState)
    early = scene.act("HR", b.explain("M1-01", on=b.day(4, 18, YEAR), opinion="年底前完成。"), subject="M3")
    early.when("GO", SHORT, subject="M3").refused("R-093", refusals.BeforeItsBasis)
    full = scene.act("GO", meetings.PrepareOutstandingReport(on=b.day(4, 18, YEAR)), subject="M3")
    full.when("GO", SHORT, subject="M3").refused("R-093", refusals.BeforeItsBasis)


def test_r027_a15_what_has_changed_since_is_explained_anew():
    """The explanation was of another state; with a new one the form may still be short."""
    scene = third(b.decided(until=decisions.Status.ACCEPTED, year=2026))
    silent = scene.act("GO", SHORT, subject="M3")
    assert silent.meeting("M3").short_form.carried == ()
    open_it(ready(silent)).refused("R-027", sittings.Unexplained)
    told = scene.act("HR", b.explain("M1-01", on=PREPARED, opinion="年底前完成。"), subject="M3")
    told = told.act("GO", SHORT, subject="M3")
    assert [line.explanation for line in told.meeting("M3").report.members] == ["图审补正，尚未完工。"]
    open_it(ready(told)).then(meetings.MeetingHeld)


def test_r027_a15_what_has_become_overdue_needs_its_opinion():
    """It had none when it was explained, because none was due yet."""
    deadline = b.day(1, 31, YEAR)
    scene = third(explained_at_second="", deadline=deadline).act("GO", SHORT, subject="M3")
    assert scene.meeting("M3").short_form.carried == ("M1-01",)
    open_it(ready(scene)).refused("R-027", sittings.Unexplained)


def test_r029_a15_what_is_explained_after_the_report_is_reported():
    """The report that stands no longer says what is known; the new one needs new consents."""
    scene = ready(third().act("GO", SHORT, subject="M3"))
    told = b.explain("M1-01", on=b.day(4, 19, YEAR), opinion="年底前完成。")
    scene = scene.act("HR", told, subject="M3")
    open_it(scene).refused("R-029", sittings.ReportIncomplete)
    again = meetings.PrepareShortReport(on=b.day(4, 19, YEAR))
    scene = scene.when("GO", again, subject="M3").then(
        meetings.ShortReportPrepared, meetings.MeetingConsentVoided
    )
    assert scene.meeting("M3").short_form.carried == ()
    open_it(scene).refused("R-029", sittings.ReportIncomplete)


def test_r029_a15_a_short_form_opens_nothing_where_the_rules_of_the_day_allow_none():
    """The parameter may have been withdrawn since."""
    scene = ready(third().act("GO", SHORT, subject="M3"))
    last = rules.set_parameters(b.day(4, 20, YEAR))
    city = rules.city().act("GO", rules.set_parameters(b.day(1, 10, YEAR), short_form_for_specials=True))
    withdrawn = scene.beside(city.act("GO", last)).on(last.on).act("CLOCK", rules.adopt(last.on))
    open_it(withdrawn.on(scene.today)).refused("R-029", sittings.ReportIncomplete)


def test_r027_a15_an_explanation_is_taken_over_once():
    """The meeting after the next is told again, however short the form; the pointer goes on to the full report."""
    scene = ready(third().act("GO", SHORT, subject="M3"))
    scene = scene.act("GO", b.hold(OPENING), subject="M3")
    on = b.day(9, 1, YEAR)
    fourth = b.request_special(on=on)
    scene = scene.act("UO", fourth, subject="M4")
    scene = scene.act("GO", meetings.PrepareShortReport(on=on), subject="M4")
    short = scene.meeting("M4").short_form
    assert (short.full.meeting, short.last_meeting, short.carried) == ("M2", "M3", ())


def test_r027_a15_what_is_taken_over_counts_as_explained_in_the_figures():
    """未落实说明率 counts the members that the meeting was told of, wherever it was told."""
    scene = ready(third().act("GO", SHORT, subject="M3")).act("GO", b.hold(OPENING), subject="M3")
    (counted,) = (
        row for row in views.all_rows(scene.dossier) if (row.view, row.id) == ("tally", "meeting:M3")
    )
    assert counted.body["unfulfilled"] == [{"id": "M1-01", "explained": True}]
