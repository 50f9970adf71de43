"""The scheme by which an upper union scores, and the score that it gives."""

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from application import assessing
from application.dossier import Dossier
from domain import annual, calendar, refusals, schemes, scores, scoring, years
from domain.decider import Capacity
from domain.scoring import Formula, ItemKind
from infrastructure.holidays import PublishedCalendar
from tests import builders as b

SCORER = "city-uo"
AFTER = date(2026, 1, 20)


def item(key, points, formula=None, title="项目一"):
    kind = ItemKind.MANUAL if formula is None else ItemKind.AUTOMATIC
    return scoring.Item(key=key, title=title, points=points, kind=kind, formula=formula)


AUTOMATIC = (
    item("held", 30_00, Formula.HELD_IN_YEAR),
    item("minutes", 20_00, Formula.MINUTES_ON_TIME),
    item("liaison", 10_00, Formula.LIAISON_NAMED),
    item("plan", 15_00, Formula.PLAN_INCLUDED),
    item("leaders", 5_00, Formula.LEADERSHIP_DISCUSSED),
)
ITEMS = (*AUTOMATIC, item("novel", 20_00))


def fix(items=ITEMS, **change):
    body = {
        "on": b.day(1, 20),
        "number": "运工发〔2025〕5号",
        "title": "2025年度工作考核方案",
        "items": items,
    }
    return schemes.FixScheme(**{**body, **change})


def give(points=15_00, *, pair="140830", year=2025, on=AFTER, reason="", key="novel", why="做法在全市推广"):
    judged = (scores.Judged(key=key, points=points, reason=why),)
    return scores.ScoreAssessment(on=on, pair=pair, year=year, manual=judged, reason=reason)


@cache
def city():
    scene = b.given_nothing(b.registered(b.CITY), b.staffed, b.adopted, division=b.CITY)
    return scene.play(b.holding(SCORER, Capacity.UNION_OFFICE, "union"))


@cache
def lower():
    scene = b.given(b.topic(), b.meeting(), b.minuted())
    plan = years.RecordPlanInclusion(on=b.day(2, 18), number="芮政发〔2025〕2号", title="重点工作计划")
    return scene.act("GO", plan, subject="2025")


def fixed(items=ITEMS):
    return city().act(SCORER, fix(items), subject="2025").beside(lower())


def test_r087_a_scheme_is_fixed_and_versions_follow_until_somebody_is_scored_by_it():
    """The same again is nothing; a change is another version; a score ends it."""
    scene = city().when(SCORER, fix(), subject="2025").then(schemes.SchemeFixed)
    scene.when(SCORER, fix(), subject="2025").then()
    scene = scene.when(SCORER, fix(title="修订后的考核方案"), subject="2025").then(schemes.SchemeFixed)
    assert scene.dossier.state("scheme:2025").version == 2
    scored = scene.beside(lower()).act(SCORER, give(), subject="2025-140830")
    scored.when(SCORER, fix(), subject="2025").refused("R-087", schemes.SchemeInUse)
    scored.when(SCORER, fix(title="修订后的考核方案"), subject="2025").then()
    scored.when(SCORER, fix(on=b.day(1, 20, 2026)), subject="2026").then(schemes.SchemeFixed)
    scene.when(SCORER, fix(on=b.day(1, 19)), subject="2025").refused("R-093", refusals.BeforeItsBasis)


@pytest.mark.parametrize(
    "items",
    [
        (item("a", 99_99),),
        (item("a", 50_00), item("a", 50_00)),
        (item("a", 100_00), item("b", 1)),
        (scoring.Item(key="a", title="项目", points=100_00, kind=ItemKind.AUTOMATIC),),
        (
            scoring.Item(
                key="a", title="项目", points=100_00, kind=ItemKind.MANUAL, formula=Formula.HELD_IN_YEAR
            ),
        ),
    ],
)
def test_r087_a_scheme_adds_up_to_a_hundred_points_of_distinct_items(items):
    """An automatic item names its formula, a manual one none."""
    city().when(SCORER, fix(items), subject="2025").refused("R-087", schemes.NotAFullScheme)


def test_r087_a_scheme_is_a_document_of_the_unions_office():
    """With number and title, for a year under the notice."""
    city().when("GO", fix(), subject="2025").refused("R-087", refusals.NotEntitled)
    city().when(SCORER, fix(), subject="2023").refused("R-010", annual.NotAYear)
    for nothing in ({"number": "无"}, {"title": "——"}, {"items": (item("a", 100_00, title="略"),)}):
        city().when(SCORER, fix(**nothing), subject="2025").refused("R-087", refusals.TextMissing)


def test_r087_a_score_is_a_function_of_the_lower_ledger_and_of_what_was_signed():
    """Automatic points follow from the record; manual ones carry the signatory; the total is their sum."""
    done = fixed().when(SCORER, give(), subject="2025-140830")
    given = done.fact(scores.ScoreGiven)
    points = {each.key: each.points for each in given.items}
    assert points == {
        "held": 30_00,
        "minutes": 20_00,
        "liaison": 10_00,
        "plan": 15_00,
        "leaders": 0,
        "novel": 15_00,
    }
    assert given.total == 90_00
    assert {each.key: each.evidence for each in given.items}["minutes"] == ("minutes:M1",)
    assert [each.signed.person for each in given.items if each.signed] == [SCORER]
    assert (given.lower_position, given.lower_hash) == (
        lower().dossier.head.position,
        lower().dossier.head.hash.hex(),
    )
    again = assessing.lower(lower().dossier, year=2025, base=b.DAYS)
    for each in given.items:
        if each.formula is not None:
            found = again.results[each.formula]
            assert (each.hits, each.of, each.evidence) == (found.hits, found.of, found.evidence)


def test_r087_a_score_counts_the_working_days_that_the_screens_show():
    """The installation's calendar, where the pair adopted none for the year: nothing of 2025 is 暂定, and May Day is off."""
    published = PublishedCalendar()
    minutes = next(each for each in ITEMS if each.key == "minutes")
    for base, provisional in ((b.DAYS, True), (published, False)):
        scene = replace(fixed(), working_days=base)
        given = scene.when(SCORER, give(), subject="2025-140830").fact(scores.ScoreGiven)
        assert {each.key: each.provisional for each in given.items}[minutes.key] is provisional
    (held,) = assessing.record(lower().dossier, year=2025, base=published).held
    shown = lower().dossier.rulebook.calendar_known(b.day(12, 31), base=published)
    assert held.minutes_due == calendar.add_working_days(b.day(4, 22), 10, calendar=shown).on
    assert held.minutes_due > calendar.add_working_days(b.day(4, 22), 10, calendar=b.DAYS).on


def test_r087_the_record_is_that_of_the_last_day_of_the_year():
    """What happened in January counts for nothing of the year before."""
    plan = years.RecordPlanInclusion(on=b.day(1, 5, 2026), number="芮政发〔2026〕1号", title="重点工作计划")
    late = b.given(b.topic(), b.meeting(), b.minuted()).act("GO", plan, subject="2026")
    found = assessing.record(late.dossier, year=2025, base=b.DAYS)
    assert (found.planned, [each.id for each in found.held]) == (False, ["M1"])
    found = assessing.record(late.dossier, year=2026, base=b.DAYS)
    assert (found.planned, found.held) == (True, ())


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"points": 20_01}, scores.TooManyPoints),
        ({"key": "held"}, scores.WrongItems),
        ({"key": "unknown"}, scores.WrongItems),
        ({"on": b.day(12, 31)}, scores.ScoredTooEarly),
        ({"why": "无"}, refusals.TextMissing),
    ],
)
def test_r087_what_is_no_lawful_score_is_refused(change, kind):
    """More points than an item has, another item, a year not over, no reason."""
    fixed().when(SCORER, give(**change), subject="2025-140830").refused("R-087", kind)


def test_r087_a_missing_or_doubled_manual_item_is_refused():
    """Each is judged exactly once."""
    none = give().model_copy(update={"manual": ()})
    fixed().when(SCORER, none, subject="2025-140830").refused("R-087", scores.WrongItems)
    twice = give().model_copy(update={"manual": give().manual * 2})
    fixed().when(SCORER, twice, subject="2025-140830").refused("R-087", scores.WrongItems)


def test_r087_where_there_is_nothing_to_count_somebody_judges_and_signs():
    """A rate of nothing is neither full marks nor none."""
    items = (item("rate", 80_00, Formula.ON_TIME_RATE), item("novel", 20_00))
    scene = city().act(SCORER, fix(items), subject="2025").beside(b.given())
    scene.when(SCORER, give(), subject="2025-140830").refused("R-087", scores.WrongItems)
    both = (*give().manual, scores.Judged(key="rate", points=60_00, reason="本年无到期事项"))
    done = scene.when(SCORER, give().model_copy(update={"manual": both}), subject="2025-140830")
    assert done.fact(scores.ScoreGiven).total == 75_00


def test_a21_only_a_pair_directly_below_is_scored_by_nobody_of_its_own():
    """No neighbour, no grandchild, none that is not there; and nobody scores himself."""
    scene = fixed()
    for pair in ("140830100", "140800", "140823", "999999"):
        scene.when(SCORER, give(pair=pair), subject=f"2025-{pair}").refused("R-087", scores.NotALowerPair)
    unregistered = city().act(SCORER, fix(), subject="2025")
    unregistered.when(SCORER, give(), subject="2025-140830").refused("R-087", scores.NotALowerPair)
    scene.when("UO", give(), subject="2025-140830").refused("R-087", scores.ScoresOneself)
    scene.when("GO", give(), subject="2025-140830").refused("R-087", refusals.NotEntitled)
    scene.when(SCORER, give(), subject="2025-140823").refused("R-087", refusals.NotFound)


def test_r087_no_score_without_a_scheme():
    """The scheme is fixed before the scoring, also by its date."""
    bare = city().beside(lower())
    bare.when(SCORER, give(), subject="2025-140830").refused("R-087", scores.NoScheme)
    late = city().act(SCORER, fix(on=date(2026, 2, 1)), subject="2025").beside(lower())
    late.when(SCORER, give(), subject="2025-140830").refused("R-093", refusals.BeforeItsBasis)


def test_r087_a_second_score_is_a_correction_with_its_reason():
    """The first stays in the ledger."""
    scene = fixed().act(SCORER, give(), subject="2025-140830")
    scene.when(SCORER, give(16_00), subject="2025-140830").refused("R-087", refusals.TextMissing)
    again = scene.when(SCORER, give(16_00, reason="复核"), subject="2025-140830").then(scores.ScoreGiven)
    assert again.dossier.state("score:2025-140830").total == 91_00


def test_r087_the_lower_pair_takes_note_of_its_score_in_its_own_ledger():
    """With the place in the upper ledger, once, and again only where the score changed."""
    receive = years.ReceiveScore(on=date(2026, 2, 1))
    lower().beside(fixed()).when("UO", receive, subject="2025").refused("R-087", years.NotScored)
    above = fixed().act(SCORER, give(), subject="2025-140830")
    scene = lower().beside(above).when("UO", receive, subject="2025").then(years.YearScoreReceived)
    noted = scene.dossier.state("year:2025").score
    assert (noted.upper, noted.score, noted.total) == ("140800", "2025-140830", 90_00)
    assert noted.upper_position == above.dossier.head.position
    scene.when("UO", receive, subject="2025").then()
    corrected = above.act(SCORER, give(16_00, reason="复核"), subject="2025-140830")
    scene.beside(corrected).when("UO", receive, subject="2025").then(years.YearScoreReceived)
    early = years.ReceiveScore(on=date(2026, 1, 19))
    lower().beside(above).when("UO", early, subject="2025").refused("R-093", refusals.BeforeItsBasis)
    lower().beside(above).when("GO", receive, subject="2025").refused("R-087", refusals.NotEntitled)


def record(**change):
    return scoring.Record(year=2025, **change)


def held(**change):
    body = {"id": "M1", "minutes_due": b.day(5, 8), "publicity_due": b.day(5, 22)}
    return scoring.Held(**{**body, **change})


def promised(**change):
    body = {
        "id": "D1",
        "established_on": b.day(4, 29),
        "deadline": b.day(11, 28),
        "fulfilled_on": b.day(11, 28),
        "ended_on": b.day(11, 28),
        "without_fulfilment": False,
        "interval_months": 3,
        "reported": (b.day(7, 20), b.day(10, 10)),
    }
    return scoring.Promised(**{**body, **change})


@pytest.mark.parametrize(
    ("formula", "given", "hits", "of"),
    [
        (Formula.HELD_IN_YEAR, record(), 0, 1),
        (Formula.HELD_IN_YEAR, record(held=(held(), held())), 1, 1),
        (Formula.HELD_IN_YEAR, record(held=(held(counts=False),)), 0, 1),
        (Formula.MINUTES_ON_TIME, record(held=(held(minutes_on=b.day(5, 8)),)), 1, 1),
        (Formula.MINUTES_ON_TIME, record(held=(held(minutes_on=b.day(5, 9)),)), 0, 1),
        (Formula.MINUTES_ON_TIME, record(held=(held(),)), 0, 1),
        (Formula.MINUTES_ON_TIME, record(held=(held(minutes_due=b.day(1, 8, 2026)),)), 0, 0),
        (Formula.C6_COMPLETE, record(held=(held(), held(accounts_due=True, accounted=True))), 1, 1),
        (Formula.C6_COMPLETE, record(held=(held(accounts_due=True),)), 0, 1),
        (Formula.ON_TIME_RATE, record(decisions=(promised(),)), 1, 1),
        (Formula.ON_TIME_RATE, record(decisions=(promised(fulfilled_on=b.day(11, 29)),)), 0, 1),
        (Formula.ON_TIME_RATE, record(decisions=(promised(fulfilled_on=None, ended_on=None),)), 0, 1),
        (Formula.ON_TIME_RATE, record(decisions=(promised(without_fulfilment=True),)), 0, 0),
        (Formula.ON_TIME_RATE, record(decisions=(promised(deadline=b.day(1, 1, 2026)),)), 0, 0),
        (Formula.PUBLICITY_DONE, record(held=(held(publicity_on=b.day(5, 22)),)), 1, 1),
        (Formula.PUBLICITY_DONE, record(held=(held(publicity_on=b.day(5, 23)),)), 0, 1),
        (Formula.PUBLICITY_DONE, record(held=(held(publicity_due=None),)), 0, 0),
        (Formula.LIAISON_NAMED, record(liaison=(b.GOV,)), 1, 2),
        (Formula.PLAN_INCLUDED, record(planned=True), 1, 1),
        (Formula.LEADERSHIP_DISCUSSED, record(discussed=(b.GOV, b.GOV)), 1, 2),
        (Formula.REPORTS_TIMELY, record(decisions=(promised(),)), 1, 1),
        (Formula.REPORTS_TIMELY, record(decisions=(promised(reported=(b.day(10, 10),)),)), 0, 1),
        (Formula.REPORTS_TIMELY, record(decisions=(promised(ended_on=b.day(12, 30, 2024)),)), 0, 0),
    ],
)
def test_r087_each_formula_counts_what_it_says(formula, given, hits, of):
    """How many of how many; a denominator of nothing stays nothing."""
    found = scoring.FORMULAS[formula](given)
    assert (found.hits, found.of) == (hits, of)


def test_r087_points_are_rounded_half_up_to_a_hundredth():
    """One of three of ten points is 3.33, two of three 6.67."""
    ten = item("x", 10_00, Formula.ON_TIME_RATE)
    assert [scoring.points(ten, scoring.Result(hits=hits, of=3)) for hits in range(4)] == [0, 333, 667, 1000]
    assert scoring.points(item("x", 1, Formula.ON_TIME_RATE), scoring.Result(hits=1, of=2)) == 1


def test_r087_every_formula_has_its_function_and_label():
    assert set(scoring.FORMULAS) == set(scoring.FORMULA_LABELS) == set(Formula)
    assert assessing.lower(Dossier(tenant="x"), year=2025, base=b.DAYS).results[Formula.HELD_IN_YEAR].of == 1
