"""A pair's year: plan, assessment, the leaders' agenda, and the meeting that was owed."""

from datetime import date

import pytest

from application import alerting, surroundings
from domain import annual, consent, meetings, pairs, refusals, regulation, years
from domain.decider import Capacity
from tests import builders as b
from tests import paper

NEW_YEAR = date(2026, 1, 1)
SINCE_2024 = (years.Term(first=2024),)


def plan(**change):
    body = {"on": b.day(2, 18), "number": "芮政发〔2025〕2号", "title": "2025年重点工作计划"}
    return years.RecordPlanInclusion(**{**body, **change})


def assessment(**change):
    body = {
        "on": b.day(2, 18),
        "number": "运工发〔2025〕5号",
        "title": "2025年度工作考核方案",
        "upper_union": "运城市总工会",
    }
    return years.RecordAssessmentInclusion(**{**body, **change})


def discussion(side=b.GOV, **change):
    body = {"on": b.day(2, 20), "side": side, "body": "县政府常务会议", "document": "〔2025〕第3次"}
    return years.RecordLeadershipDiscussion(**{**body, **change})


def close(on=NEW_YEAR):
    return years.CloseYear(on=on)


def year(scene, subject="2025"):
    return scene.dossier.state(f"year:{subject}")


def test_r086_the_plan_that_includes_the_conference_is_recorded_with_its_document():
    """The government's office records it; the day is the document's."""
    scene = b.given().when("GO", plan(), subject="2025").then(years.YearPlanIncluded)
    assert year(scene).plan == years.Inclusion(
        number="芮政发〔2025〕2号", title="2025年重点工作计划", on=b.day(2, 18)
    )
    b.given().when("UO", plan(), subject="2025").refused("R-086", refusals.NotEntitled)


def test_r087_the_assessment_that_includes_the_conference_is_recorded_with_its_scheme():
    """The union's office records it, with the union that assesses."""
    scene = b.given().when("UO", assessment(), subject="2025").then(years.YearAssessmentIncluded)
    assert year(scene).assessment.upper_union == "运城市总工会"
    b.given().when("GO", assessment(), subject="2025").refused("R-087", refusals.NotEntitled)


@pytest.mark.parametrize(
    ("role", "make", "requirement"), [("GO", plan, "R-086"), ("UO", assessment, "R-087")]
)
def test_r086_r087_a_second_inclusion_is_a_correction_with_its_reason(role, make, requirement):
    """The same again is nothing; another document needs the reason why the first was wrong."""
    scene = b.given().act(role, make(), subject="2025")
    scene.when(role, make(), subject="2025").then()
    other = make(number="芮政发〔2025〕3号")
    scene.when(role, other, subject="2025").refused(requirement, refusals.TextMissing)
    corrected = scene.act(role, make(number="芮政发〔2025〕3号", reason="文号录入有误"), subject="2025")
    held = year(corrected).plan or year(corrected).assessment
    assert (held.number, held.corrections) == ("芮政发〔2025〕3号", 1)
    b.given().act(role, make(), subject="2025").when(role, make(on=b.day(2, 19)), subject="2025").refused(
        requirement, refusals.TextMissing
    )


@pytest.mark.parametrize("part", ["number", "title"])
def test_r086_a_plan_without_document_is_refused(part):
    """A number and a title that say nothing are none."""
    b.given().when("GO", plan(**{part: "无"}), subject="2025").refused("R-086", refusals.TextMissing)
    b.given().when("UO", assessment(**{part: "略"}), subject="2025").refused("R-087", refusals.TextMissing)


@pytest.mark.parametrize("side", list(b.Side))
def test_r099_each_side_records_its_own_leaders_discussion(side):
    """The discussion of the other side is the other side's to record."""
    scene = (
        b.given().when(b.OFFICES[side], discussion(side), subject="2025").then(years.YearLeadershipDiscussed)
    )
    assert year(scene).silent_sides == (side.other,)
    scene.when(b.OFFICES[side], discussion(side), subject="2025").then()
    scene.when(b.OFFICES[side.other], discussion(side), subject="2025").refused("R-099", consent.NotYourSide)
    for nothing in ({"body": "——"}, {"document": "无"}):
        b.given().when(b.OFFICES[side], discussion(side, **nothing), subject="2025").refused(
            "R-099", refusals.TextMissing
        )


def test_r093_what_is_recorded_of_a_year_lies_in_it():
    """A plan may be issued in the year before; nothing of a year is dated after it."""
    b.given().when("GO", plan(), subject="2026").then(years.YearPlanIncluded)
    b.given().when("GO", plan(), subject="2024").refused("R-086", years.OutsideTheYear)
    b.given().when("GO", plan(), subject="2027").refused("R-086", years.OutsideTheYear)
    b.given().when("UO", assessment(), subject="2024").refused("R-087", years.OutsideTheYear)
    b.given().when("GO", discussion(), subject="2026").refused("R-099", years.OutsideTheYear)


@pytest.mark.parametrize("subject", ["2023", "25", "new", "20255", "2a25"])
def test_r010_a_year_is_one_of_those_under_the_notice(subject):
    """Before 2024 nobody owed anything under it."""
    b.given().when("GO", plan(), subject=subject).refused("R-010", annual.NotAYear)


def test_r032_a_year_without_a_meeting_is_known_as_missed_once_it_is_over():
    """Only the clock says so, only after the year, and only once."""
    scene = b.given()
    scene.when("GO", close(), subject="2025").refused("R-032", refusals.NotEntitled)
    scene.when("CLOCK", close(b.day(12, 31)), subject="2025").refused("R-032", years.YearNotOver)
    scene = scene.when("CLOCK", close(), subject="2025").then(years.YearDutyMissed)
    assert year(scene).duty_missed_on == NEW_YEAR
    scene.when("CLOCK", close(), subject="2025").refused("R-032", refusals.AlreadyDone)


def test_r032_a_year_in_which_they_met_is_not_missed():
    """One meeting is enough, by the day on which it was held."""
    scene = b.given(b.topic(), b.meeting())
    scene.when("CLOCK", close(), subject="2025").then()
    scene.when("CLOCK", close(), subject="2024").then(years.YearDutyMissed)
    scene.when("CLOCK", close(date(2027, 1, 1)), subject="2026").then(years.YearDutyMissed)


def test_r032_a_meeting_that_was_only_prepared_was_not_held():
    """Frozen materials are no meeting."""
    scene = b.given(b.topic(), b.meeting(until=meetings.Status.MATERIALS_FROZEN))
    scene.when("CLOCK", close(), subject="2025").then(years.YearDutyMissed)


def test_a1_a_special_meeting_counts_unless_the_parameters_say_otherwise():
    """Read literally, any meeting of the year is one; where it is not to count, it is named."""
    held = (years.Sitting(id="M1", held_on=b.day(4, 22), special=True),)
    duty = years.Duty(terms=SINCE_2024, history_known=True, held=held)
    by = b.given().dossier.posts["post-GO"].signatory()
    blank = years.Year(id="2025")
    assert years.decide(close(), blank, by=by, duty=duty) == []
    strict = duty.model_copy(update={"special_counts": False})
    (fact,) = years.decide(close(), blank, by=by, duty=strict)
    assert (fact.not_counted, fact.special_counts) == (("M1",), False)
    special = b.given(b.topic(), b.meeting(special=True))
    special.when("CLOCK", close(), subject="2025").then()


def test_r032_an_irregular_meeting_was_held_all_the_same():
    """It is a column of its own in the report, and satisfies the duty (R-063)."""
    held = (years.Sitting(id="M1", held_on=b.day(4, 22), irregular=True),)
    assert not years.missed(2025, years.Duty(terms=SINCE_2024, history_known=True, held=held), today=NEW_YEAR)


@pytest.mark.parametrize(
    ("adopted", "first"),
    [(date(2025, 9, 30), 2025), (date(2025, 10, 1), 2026), (date(2024, 12, 1), 2025), (None, None)],
)
def test_a1_a_voluntary_pair_counts_from_the_year_it_adopted_or_the_next(adopted, first):
    """After 30 September a year is too short to meet in."""
    until = regulation.PARAMETERS.adoption_counts_until
    regimes = [(adopted, None)] if adopted else []
    wanted = (years.Term(first=first),) if first else ()
    assert years.terms_owed(regimes, mandatory=False, counts_until=until) == wanted
    assert years.terms_owed(regimes, mandatory=True, counts_until=until) == SINCE_2024


@pytest.mark.parametrize(
    ("left", "last"), [(date(2026, 9, 29), 2025), (date(2026, 9, 30), 2026), (date(2025, 9, 29), None)]
)
def test_r005_a_pair_that_left_still_owed_the_years_of_its_regime(left, last):
    """A year in which it left before the autumn is none of them; coming back begins another term."""
    until = regulation.PARAMETERS.adoption_counts_until
    regimes = [(date(2025, 1, 8), left)]
    first = (years.Term(first=2025, last=last),) if last else ()
    assert years.terms_owed(regimes, mandatory=False, counts_until=until) == first
    regimes.append((date(2028, 2, 1), None))
    both = years.Duty(terms=years.terms_owed(regimes, mandatory=False, counts_until=until))
    assert both.terms == (*first, years.Term(first=2028))
    assert [year for year in range(2024, 2031) if years.owes(year, both)] == [
        *range(2025, (last or 2024) + 1),
        *(2028, 2029, 2030),
    ]


def zone(on):
    scene = b.given_nothing(b.registered(b.ZONE), b.staffed, division=b.ZONE)
    return scene.act("ADMIN", b.adopt(on=on, voluntary=True))


def test_a1_a_voluntary_pair_that_adopted_late_missed_nothing_that_year():
    """Its first duty is the next year's."""
    late = zone(b.day(10, 1))
    late.when("CLOCK", close(), subject="2025").then()
    late.when("CLOCK", close(date(2027, 1, 1)), subject="2026").then(years.YearDutyMissed)
    zone(b.day(9, 30)).when("CLOCK", close(), subject="2025").then(years.YearDutyMissed)


def leave(last_day, *, on):
    return pairs.WithdrawRegime(on=on, last_day=last_day, reason="机构撤并，由县级统一办理")


def test_r005_r032_the_clock_closes_the_years_of_a_pair_that_has_left():
    """It left in November without having met: that year was missed, the next one is nobody's."""
    left = zone(b.day(1, 8)).act("GO", leave(b.day(11, 15), on=b.day(11, 20)))
    assert left.dossier.pair.adopted_on is None
    left.when("CLOCK", close(), subject="2025").then(years.YearDutyMissed)
    left.when("CLOCK", close(date(2027, 1, 1)), subject="2026").then()
    left.when("GO", plan(on=b.day(12, 1)), subject="2025").refused("R-005", pairs.NotInRegime)
    early = zone(b.day(1, 8)).act("GO", leave(b.day(9, 29), on=b.day(11, 20)))
    early.when("CLOCK", close(), subject="2025").then()
    early.when("CLOCK", close(), subject="2024").then()


def test_r032_an_irregular_meeting_is_told_apart_and_a_cancelled_one_was_not_held():
    """The duty says which of the meetings went without a gate."""
    calm = b.given(b.topic(), b.meeting(until=meetings.Status.PLANNED, agenda=("C1",)))
    cancellation = meetings.CancelMeeting(on=b.day(4, 1), side=b.GOV, reason="双方另行商定")
    cancelled = calm.act("GO", cancellation, subject="M1")
    assert surroundings.of_year(cancelled.dossier, on=NEW_YEAR).held == ()
    cancelled.when("CLOCK", close(), subject="2025").then(years.YearDutyMissed)
    record = meetings.RecordIrregularMeeting(on=b.day(6, 12), record=b.irregular_record(b.day(6, 10)))
    proposed = b.given().act("GO", record)
    digest = proposed.meeting().irregular_consents.content_hash
    agreed = meetings.GiveConsent(
        on=b.day(6, 12), subject=meetings.Subject.IRREGULAR, side=b.UNION, content_hash=digest
    )
    told = proposed.act("UO", agreed)
    (held,) = surroundings.of_year(told.dossier, on=NEW_YEAR).held
    assert (held.held_on, held.irregular) == (b.day(6, 10), True)
    told.when("CLOCK", close(), subject="2025").then()


def test_r013_r032_an_imported_meeting_was_held_all_the_same():
    """What its paper does not tell, its agenda and what was published of it, is not warned of."""
    scene = b.given_nothing(b.registered(), b.staffed, b.adopted, b.with_liaison, paper.imported())
    (held,) = surroundings.of_year(scene.dossier, on=NEW_YEAR).held
    assert (held.held_on, held.irregular) == (paper.HELD_ON, False)
    scene.when("CLOCK", close(), subject="2024").refused("R-028", years.HistoryNotKnown)
    known = scene.play(paper.completed())
    known.when("CLOCK", close(), subject="2024").then()
    known.when("CLOCK", close(), subject="2025").then(years.YearDutyMissed)
    told = alerting.of_pair(known.dossier, on=b.day(12, 31, 2024), base=b.DAYS)
    assert not {"R-031", "R-032", "R-083"} & {each.requirement for each in told}


def test_r004_a_voluntary_pair_records_nothing_before_it_adopted():
    """Who has not adopted has no duties to record."""
    scene = b.given_nothing(b.registered(b.ZONE), b.staffed, division=b.ZONE)
    scene.when("GO", plan(), subject="2025").refused("R-004", refusals.WrongState)


def test_r028_a_year_before_registration_waits_for_the_history():
    """Of 2024 the ledger knows nothing until both sides said what there was."""
    unknown = b.given_nothing(b.registered(), b.staffed, b.adopted)
    unknown.when("CLOCK", close(), subject="2024").refused("R-028", years.HistoryNotKnown)
    unknown.when("CLOCK", close(), subject="2025").then(years.YearDutyMissed)
    unknown.play(b.without_history).when("CLOCK", close(), subject="2024").then(years.YearDutyMissed)


def test_r032_the_clock_is_told_every_ended_year_that_was_missed_and_is_not_known_yet():
    """What is known is not told again; a year with a meeting never."""
    held = (years.Sitting(id="M1", held_on=b.day(4, 22)),)
    duty = years.Duty(terms=SINCE_2024, history_known=True, held=held)
    assert years.ended_years(duty, [], today=date(2027, 6, 1)) == [2024, 2026]
    assert years.ended_years(duty, ["2024"], today=date(2027, 6, 1)) == [2026]
    assert years.ended_years(duty, [], today=b.day(12, 31)) == [2024]
    ended = duty.model_copy(update={"terms": (years.Term(first=2024, last=2025),)})
    assert years.ended_years(ended, [], today=date(2027, 6, 1)) == [2024]
    assert years.ended_years(years.Duty(), [], today=date(2027, 6, 1)) == []


def test_r097_only_the_clock_closes_a_year():
    """No post has the clock's capacity."""
    scene = b.given(b.holding("one", Capacity.SUPERVISOR, "office", side=b.GOV))
    scene.when("one", close(), subject="2025").refused("R-032", refusals.NotEntitled)
