"""The city report: every number is a list, every list follows from the facts."""

from collections import defaultdict
from datetime import date
from types import SimpleNamespace

import pytest

from application import (
    figures,
    pair_year,
    report_rows,
    report_seals,
    report_source,
    report_text,
    reports,
    steps,
    text_table,
)
from application.demonstration import ruicheng
from application.steps import DecisionStep, YearStep
from application.views import tally
from domain import calendar, catalogue, decisions, meetings, minutes, pairs, topics
from domain.pairs import DivisionKind
from tests.application.ledgers import DIVISIONS, city_ledger, model_county, record
from tests.journeys.stages import NearMissStage, office_on
from tests.memory import MemoryLedger

TODAY = date(2026, 11, 22)
DAYS = calendar.WeekdayCalendar()
COUNTY, CITY, STREET, TOWN, ZONE = "140830", "140800", "140802001", "140830100", "140830402"


@pytest.fixture(scope="module")
def ledger() -> MemoryLedger:
    return city_ledger()


def gather(ledger: MemoryLedger, year: int = 2025, *, today: date = TODAY, on=None, scope="1408", **change):
    period = report_source.period(year, today=today, on=on)
    return report_source.gather(ledger, scope=scope, period=period, days=DAYS, divisions=DIVISIONS, **change)


def report_of(ledger: MemoryLedger, year: int = 2025, **change) -> reports.Report:
    return reports.report(gather(ledger, year, **change))


def line(report: reports.Report, pair: str) -> reports.PairLine:
    (found,) = (each for each in report.pairs if each.pair == pair)
    return found


def all_members(source, figure, **change) -> list[tuple[str, str]]:
    found, after = [], None
    while True:
        page = reports.members(source, figure, after=after, limit=1, **change)
        found += [(each.pair, each.id) for each in page.members]
        if page.next_after is None:
            assert page.count == len(found)
            return found
        after = page.next_after


# --- an independent count, straight from the facts -----------------------------------------------------------


def recounted(ledger: MemoryLedger, pair: str, year: int, on: date) -> dict[str, set[str]]:  # noqa: PLR0915 - one count after the other.
    """Count one pair's year from its decoded facts, with no dossier, view or tally in between."""
    history = [
        (each.stream.partition(":")[2], fact)
        for each in ledger.entries(pair)
        if (fact := catalogue.decode(each.topic, each.state)).on <= on
    ]

    def of(kind):
        return [(subject, fact) for subject, fact in history if isinstance(fact, kind)]

    found: dict[str, set[str]] = defaultdict(set)
    for subject, fact in of(meetings.MeetingHeld):
        day = calendar.local_date(fact.opened_at)
        if day.year == year and day <= on:
            found["meetings"].add(subject)
            found[f"meetings.{fact.kind.value}"].add(subject)
            if fact.chair_is_principal:
                found["meetings.principal"].add(subject)
    mine = {subject for subject, fact in of(topics.TopicProposed) if fact.on.year == year}
    found["topics"] = mine
    last = {}
    for subject, fact in of((topics.TopicProposed, topics.TopicRevised)):
        last[subject] = fact.content.category.value
    for subject in mine:
        found[f"topics.category.{last[subject]}"].add(subject)
    found["topics.submitted"] = mine & {subject for subject, _ in of(topics.TopicSubmitted)}
    found["topics.approved"] = mine & {subject for subject, _ in of(topics.TopicApproved)}
    confirmed = defaultdict(set)
    for subject, fact in of(topics.ConsensusConfirmed):
        confirmed[subject].add(fact.side)
    found["topics.consensus"] = {subject for subject in mine if len(confirmed[subject]) == 2}
    found["minutes"] = {subject for subject, fact in of(minutes.MinutesIssued) if fact.on.year == year}
    # What paper tells counts from its own days; the deadline in force may be another than the original one.
    old = {each: fact.record for each, fact in of(decisions.DecisionImported)}
    born = {
        each: SimpleNamespace(on=fact.on, deadline=fact.deadline)
        for each, fact in of(decisions.DecisionEstablished)
    }
    born |= {
        each: SimpleNamespace(on=kept.meeting_held_on, deadline=kept.deadline) for each, kept in old.items()
    }
    now = {each: fact.deadline for each, fact in born.items()}
    now |= {each: fact.new_deadline for each, fact in of(decisions.DeadlineExtended)}
    done = {each: fact.fulfilled_on for each, fact in of(decisions.DecisionFulfilled)}
    done |= {each: kept.closed_on for each, kept in old.items() if kept.standing == "fulfilled"}
    closed = {
        subject: fact.on
        for subject, fact in of(
            (decisions.DecisionFulfilled, decisions.DecisionTerminated, decisions.DecisionSuperseded)
        )
    }
    closed |= {each: kept.closed_on for each, kept in old.items() if kept.closed_on is not None}
    found["decisions.established"] = {each for each, fact in born.items() if fact.on.year == year}
    found["decisions.carried_over"] = {
        each
        for each, fact in born.items()
        if fact.on.year < year and closed.get(each, date.max) >= date(year, 1, 1)
    }
    population = found["decisions.established"] | found["decisions.carried_over"]
    fulfilled = {each for each in population if each in done and closed[each] <= on}
    on_time = {each for each in fulfilled if (now[each] or date.min) >= done[each]}
    on_time_original = {each for each in fulfilled if (born[each].deadline or date.min) >= done[each]}
    unfinished = {each for each in population if closed.get(each, date.max) > on}
    # Both days of these reports are over, so what was due on the last of them has passed.
    passed = {each for each in population if now[each] is not None and now[each] <= on}
    passed_original = {
        each for each in population if born[each].deadline is not None and born[each].deadline <= on
    }
    due, due_original = (each & (unfinished | fulfilled) for each in (passed, passed_original))
    found["decisions.imported"] = population & set(old)
    found["decisions.imported_fulfilled"] = fulfilled & set(old)
    found["decisions"] = population
    found["decisions.fulfilled"] = fulfilled
    found["decisions.on_time"] = on_time
    found["decisions.ended"] = {
        each for each in population if each not in done and closed.get(each, date.max) <= on
    }
    found["decisions.open"] = unfinished
    found["decisions.overdue"] = unfinished & passed
    found["decisions.due"] = due
    found["decisions.due_fulfilled"] = due & fulfilled
    found["decisions.due_on_time"] = due & on_time
    found["decisions.due_original_on_time"] = due_original & on_time_original
    found["decisions.due_original"] = due_original
    for each in found["decisions.carried_over"]:
        found[f"decisions.carried_over.{min(3, (date(year, 1, 1) - born[each].on).days // 365)}"].add(each)
    return found


COUNTED = [
    "meetings",
    "meetings.annual",
    "meetings.special",
    "meetings.principal",
    "topics",
    *(f"topics.category.{category}" for category in ("C3", "C4", "C5", "C7")),
    "topics.submitted",
    "topics.approved",
    "topics.consensus",
    "minutes",
    *(name for name in figures.FIGURES if name.startswith("decisions")),
]


@pytest.mark.parametrize("year", [2025, 2026])
@pytest.mark.parametrize("figure", COUNTED)
def test_r092_each_figure_is_what_an_independent_count_of_the_facts_gives(ledger, year, figure):
    source = gather(ledger, year)
    report = reports.report(source)
    for pair in (COUNTY, CITY, STREET, TOWN, ZONE):
        wanted = sorted(recounted(ledger, pair, year, source.on)[figure])
        assert [each for _, each in all_members(source, figure, pair=pair)] == wanted
        assert line(report, pair).figures[figure] == len(wanted)


@pytest.fixture(scope="module")
def example() -> MemoryLedger:
    ledger = MemoryLedger()
    stage = NearMissStage(office_on(ledger), COUNTY, people=ruicheng.CAST.people())
    ruicheng.play(stage, TODAY)
    return ledger


@pytest.mark.parametrize("year", [2025, 2026])
def test_r092_the_worked_example_counts_like_its_facts(example, year):
    source = gather(example, year)
    numbers = line(reports.report(source), COUNTY).figures
    wanted = recounted(example, COUNTY, year, source.on)
    assert {name: numbers[name] for name in COUNTED} == {name: len(wanted[name]) for name in COUNTED}


def test_r092_the_worked_example_has_the_numbers_that_one_can_count_by_hand(example):
    first, second = (line(report_of(example, year), COUNTY) for year in (2025, 2026))
    assert first.figures["decisions.established"] == 4
    assert first.figures["decisions.carried_over"] == first.figures["decisions.imported"] == 1
    assert first.figures["decisions.fulfilled"] == 4
    assert first.figures["decisions.open"] == 1
    assert first.rates["fulfilled"].text == "80.0%"
    assert second.figures["decisions.carried_over"] == 1
    assert second.figures["decisions.established"] == 1


# --- a figure is its members ---------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2024, 2025, 2026])
@pytest.mark.parametrize("figure", list(figures.FIGURES))
def test_r092_each_number_equals_its_members_and_the_total_those_of_its_pairs(ledger, year, figure):
    source = gather(ledger, year)
    report = reports.report(source)
    for group, total in (
        (reports.Group.MANDATORY, report.mandatory),
        (reports.Group.VOLUNTARY, report.voluntary),
    ):
        together = all_members(source, figure, group=group)
        assert len(set(together)) == len(together) == total.figures[figure]
        apart = [
            member
            for each in report.pairs
            if each.group is group
            for member in all_members(source, figure, pair=each.pair)
        ]
        assert sorted(apart) == together
    assert len(all_members(source, figure)) == (
        report.mandatory.figures[figure] + report.voluntary.figures[figure]
    )


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_r092_every_numerator_is_a_part_of_its_denominator(ledger, year):
    source = gather(ledger, year)
    for _, numerator, denominator in figures.RATES.values():
        assert set(all_members(source, numerator)) <= set(all_members(source, denominator))


@pytest.mark.parametrize("year", [2025, 2026])
def test_r092_the_parts_add_up_to_the_whole(ledger, year):
    for numbers in report_of(ledger, year).pairs:
        count = numbers.figures
        assert count["topics"] + count["topics.replaced"] == sum(
            number for name, number in count.items() if name.startswith("topics.state.")
        )
        assert count["topics"] == sum(
            number for name, number in count.items() if name.startswith("topics.category.")
        )
        assert (
            count["decisions"]
            == count["decisions.established"] + count["decisions.carried_over"]
            == count["decisions.fulfilled"] + count["decisions.ended"] + count["decisions.open"]
        )


def test_r092_voluntary_pairs_are_apart(ledger):
    report = report_of(ledger)
    assert line(report, STREET).group is reports.Group.VOLUNTARY
    assert report.voluntary.figures["meetings.special"] == 1
    assert report.mandatory.figures["meetings.special"] == 0
    assert report.mandatory.figures["meetings.annual"] == 2


def test_r092_an_overdue_decision_is_carried_over_and_stays_overdue(ledger):
    first, second = (line(report_of(ledger, year), CITY) for year in (2025, 2026))
    assert first.figures["decisions.overdue"] == 1
    assert second.figures["decisions.carried_over"] == 1
    assert second.figures["decisions.overdue"] == 1
    assert second.rates["due_fulfilled"].text == "0.0%"


def test_r092_a_terminated_decision_is_neither_open_nor_fulfilled(ledger):
    first, second = (line(report_of(ledger, year), ZONE).figures for year in (2025, 2026))
    assert (first["decisions.open"], first["decisions.ended"]) == (1, 0)
    assert (second["decisions.carried_over"], second["decisions.ended"], second["decisions.open"]) == (
        1,
        1,
        0,
    )
    assert line(report_of(ledger, 2026), ZONE).rates["fulfilled"].text == "0.0%"


def test_r092_what_is_fulfilled_later_in_the_year_is_open_before(ledger):
    early = line(report_of(ledger, on=date(2025, 6, 24)), COUNTY).figures
    late = line(report_of(ledger, on=date(2025, 6, 25)), COUNTY).figures
    assert (early["decisions.open"], early["decisions.fulfilled"]) == (1, 0)
    assert (late["decisions.open"], late["decisions.fulfilled"]) == (0, 1)


def test_r092_an_unknown_figure_or_pair_is_told_from_an_empty_one(ledger):
    source = gather(ledger)
    with pytest.raises(reports.UnknownFigure):
        reports.members(source, "decisions.nonsense")
    with pytest.raises(reports.UnknownPair):
        reports.members(source, "decisions", pair="140899")
    assert reports.members(source, "decisions.overdue", pair=TOWN).members == ()


def test_r092_a_scope_shows_its_own_pairs_only(ledger):
    report = report_of(ledger, scope="140830")
    assert [each.pair for each in report.pairs] == [COUNTY, TOWN, ZONE]
    assert [each.pair for each in report.rests_on] == [COUNTY, TOWN, ZONE]
    assert report_of(ledger, scope="").pairs == ()


# --- held or not ---------------------------------------------------------------------------------------------


def test_r032_a_pair_that_did_not_meet_is_overdue_only_when_the_year_is_over():
    ledger = MemoryLedger()
    record(ledger, model_county())
    during = line(report_of(ledger, 2027, today=date(2027, 12, 31)), COUNTY)
    after = line(report_of(ledger, 2027, today=date(2028, 1, 1)), COUNTY)
    assert (during.state, during.state_label) == (reports.State.NOT_YET, "尚未召开")
    assert (after.state, after.state_label) == (reports.State.MISSED, "逾期未召开")
    assert line(report_of(ledger, 2026), COUNTY).state_label == "已召开"


def test_r032_a_pair_that_adopted_after_september_counts_from_the_next_year(ledger):
    assert line(report_of(ledger, 2025), TOWN).state is reports.State.NOT_DUE
    assert line(report_of(ledger, 2026), TOWN).state is reports.State.NOT_YET
    assert (TOWN, TOWN) not in all_members(gather(ledger, 2025), "due")
    assert (TOWN, TOWN) in all_members(gather(ledger, 2026), "due")


def test_r032_adoption_on_30_september_counts_at_once(ledger):
    pair = pair_year.KnownPair(
        id=TOWN,
        name="",
        official_name="",
        kind=DivisionKind.TOWN,
        mandatory=False,
        registered_on=None,
        adopted_on=date(2025, 9, 30),
        regimes=(pairs.Period(since=date(2025, 9, 30)),),
    )
    later = pair.model_copy(update={"regimes": (pairs.Period(since=date(2025, 10, 1)),)})
    due = [
        pair_year.PairYear(pair=each, year=2025, on=date(2025, 12, 31), day_over=True).due
        for each in (pair, later)
    ]
    assert due == [True, False]


def test_r032_a_special_meeting_counts(ledger):
    assert line(report_of(ledger), STREET).state is reports.State.HELD
    assert report_of(ledger).voluntary.rates["held"].text == "100.0%"


def test_r003_every_mandatory_division_is_in_the_denominator_registered_or_not():
    ledger = MemoryLedger()
    record(ledger, model_county())
    report = report_of(ledger)
    assert [(each.code, each.name) for each in report.unregistered] == [(CITY, "运城市")]
    assert report.mandatory.figures["due"] == 2
    assert report.mandatory.rates["held"].text == "50.0%"
    assert (CITY, CITY) in all_members(gather(ledger), "not_held")
    assert (CITY, CITY) not in all_members(gather(ledger), "not_held", group=reports.Group.VOLUNTARY)


def test_r003_voluntary_divisions_are_never_missing(ledger):
    assert report_of(ledger).unregistered == ()


def test_r010_nobody_owed_a_meeting_before_the_rule(ledger):
    report = report_of(ledger, 2023)
    assert report.mandatory.figures["due"] == 0
    assert report.mandatory.rates["held"].text == "—"


# --- rates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [
        (0, 0, "—"),
        (0, 3, "0.0%"),
        (3, 3, "100.0%"),
        (2, 3, "66.7%"),
        (1, 8, "12.5%"),
        (1, 16, "6.3%"),
        (1, 2000, "0.1%"),
        (1999, 2000, "100.0%"),
        (1, 2001, "0.0%"),
        (45, 1000, "4.5%"),
        (1245, 10000, "12.5%"),
    ],
)
def test_r092_a_rate_has_one_decimal_half_up_and_is_never_made_of_nothing(numerator, denominator, text):
    assert figures.percent(numerator, denominator) == text


def test_r092_an_empty_city_prints_dashes():
    report = reports.report(gather(MemoryLedger(), scope="1408"))
    assert {rate.text for rate in report.voluntary.rates.values()} == {"—"}
    assert report.voluntary.rates["fulfilled"].label == "累计办结率"


# --- the day, and the same bytes -----------------------------------------------------------------------------


def test_r092_the_day_is_today_or_the_end_of_the_year(ledger):
    assert report_of(ledger, 2025).on == date(2025, 12, 31)
    assert report_of(ledger, 2026).on == TODAY
    with pytest.raises(report_source.YearNotBegun):
        report_of(ledger, 2027)
    for day in (date(2026, 11, 23), date(2025, 12, 31)):
        with pytest.raises(report_source.DayOutsideYear):
            report_of(ledger, 2026, on=day)


def test_r093_the_same_facts_give_the_same_bytes(ledger):
    one, other = report_of(ledger), report_of(city_ledger())
    assert one.model_dump_json() == other.model_dump_json()
    assert one.sha256 == reports.digest(one)
    assert one == report_of(ledger, today=date(2030, 5, 5))


def test_r093_the_hash_covers_every_number(ledger):
    report = report_of(ledger)
    forged = report.mandatory.model_copy(
        update={"figures": {**report.mandatory.figures, "decisions.fulfilled": 99}}
    )
    assert reports.digest(report.model_copy(update={"mandatory": forged})) != report.sha256


def test_r093_the_report_names_the_ledgers_it_rests_on(ledger):
    heads = ledger.heads("1408")
    named = {each.pair: (each.position, each.hash) for each in report_of(ledger).rests_on}
    assert named == {pair: (head.position, head.hash.hex()) for pair, head in heads.items()}


class Restless(MemoryLedger):
    """A ledger in which one pair moves whenever it is looked at, for a while."""

    moves = 0

    def heads(self, scope):
        found = dict(super().heads(scope))
        if self.moves:
            self.moves -= 1
            pair = self.pairs[COUNTY]
            kept, pair.entries[:] = pair.entries[:], pair.entries[: len(pair.entries) - self.moves % 2]
            found = dict(super().heads(scope))
            pair.entries[:] = kept
        return found


def test_r093_rows_are_those_of_the_head_that_is_named():
    ledger = Restless()
    record(ledger, model_county())
    quiet = report_of(ledger)
    ledger.moves = 4
    assert report_of(ledger) == quiet
    # However busy a pair is, it cannot prevent the report.
    ledger.moves = 1000
    assert report_of(ledger) == quiet


# --- the table -----------------------------------------------------------------------------------------------


def test_r092_the_table_lines_up_and_shows_the_numbers(ledger):
    shown = report_text.text(report_of(ledger), report_seals.Seals(pairs=(), everyone=None))
    assert "各台账尚无检查点。" in shown
    assert "市、县（市、区）" in shown
    assert "参照建制单位" in shown
    assert "累计办结率 50.0%" in shown
    assert report_of(ledger).sha256 in shown
    rows = [each for each in shown.splitlines() if each.startswith(("芮城县", "运城市 ", "合计"))]
    assert len(rows) >= 4
    table = text_table.table(["单位", "件"], [["芮城县", "3"], ["a", "12"]])
    assert {text_table.width(each) for each in table.splitlines()} == {10}


def test_r092_a_pair_registered_after_the_day_is_not_listed():
    town = pair_year.KnownPair(
        id=TOWN,
        name="",
        official_name="",
        kind=DivisionKind.TOWN,
        mandatory=False,
        registered_on=date(2026, 1, 1),
        adopted_on=None,
    )
    source = report_source.Source(
        scope="1408",
        area="",
        year=2025,
        on=date(2025, 12, 31),
        ended=True,
        pairs=(town,),
        rows=(),
    )
    assert reports.report(source).pairs == ()


def standing(*, deadline: date) -> pair_year.StandingDecision:
    step = DecisionStep(
        on=date(2026, 4, 29),
        status=decisions.Status.IN_PROGRESS,
        deadline=deadline,
        percent=50,
        last_report_on=None,
        plan=(),
        fulfilled_on=None,
        closed_on=None,
    )
    decision = tally.Established(
        id="M1-01",
        meeting="M1",
        established_on=step.on,
        long_term=False,
        report_interval_months=None,
        leader_named=True,
        acceptance_named=True,
        steps=(step,),
    )
    return pair_year.StandingDecision(decision, step)


@pytest.mark.parametrize(("day_over", "overdue"), [(False, False), (True, True)])
def test_r081_what_is_due_on_the_day_is_overdue_only_when_the_day_is_over(day_over, overdue):
    day = date(2026, 11, 30)
    open_one = standing(deadline=day)
    pair = pair_year.KnownPair(
        id=COUNTY,
        name="芮城县",
        official_name="",
        kind=DivisionKind.COUNTY,
        mandatory=True,
        registered_on=None,
        adopted_on=None,
    )
    of = pair_year.PairYear(pair=pair, year=2026, on=day, day_over=day_over)
    assert of.is_overdue(open_one) is overdue
    assert of.has_come_due(open_one, day) is overdue


def test_r063_an_irregular_meeting_has_a_column_of_its_own_and_does_no_duty(ledger):
    source = gather(ledger)
    rows = tuple(
        each.model_copy(update={"counted": each.counted.model_copy(update={"irregular": True})})
        if each.pair == COUNTY and isinstance(each.counted, tally.HeldMeeting)
        else each
        for each in source.rows
    )
    regular, irregular = (
        line(reports.report(each), COUNTY) for each in (source, source.model_copy(update={"rows": rows}))
    )
    assert (regular.figures["meetings.irregular"], regular.figures["held_due"]) == (0, 1)
    assert (irregular.figures["meetings.irregular"], irregular.figures["held_due"]) == (1, 0)
    assert irregular.figures["deviations.R-063"] == 1
    assert irregular.state is reports.State.MISSED


@pytest.mark.parametrize(("day", "included"), [(date(2025, 3, 1), 1), (date(2025, 2, 28), 0)])
def test_r086_r087_plan_and_assessment_count_from_their_day(ledger, day, included):
    source = gather(ledger, on=day)
    step = YearStep(on=date(2025, 3, 1), plan=True, assessment=True)
    kept = tally.YearKept(id="2025", steps=(step,))
    rows = (*source.rows, report_source.CountedOf(pair=COUNTY, counted=kept))
    figures_of = line(reports.report(source.model_copy(update={"rows": rows})), COUNTY).figures
    assert (figures_of["plan"], figures_of["assessment"]) == (included, included)


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_r093_what_is_over_before_the_year_is_left_unread_and_changes_nothing(ledger, year):
    period = report_source.period(year, today=date(2029, 1, 5))
    everything = report_rows.read(ledger, "1408", wanted=report_source.WANTED)
    whole = report_source.source(everything, scope="1408", period=period, days=DAYS, divisions=DIVISIONS)
    part = gather(ledger, year, today=date(2029, 1, 5))
    assert reports.report(part).model_dump_json() == reports.report(whole).model_dump_json()
    alone = {
        pair: gather(ledger, year, today=date(2029, 1, 5), scope=pair, alone=True) for pair in everything
    }
    assert [each for source in alone.values() for each in source.rows] == list(part.rows)
    # The control: most of what 2025 counts is left out in 2028.
    assert (len(part.rows) < len(whole.rows) / 2) is (year == 2028)


def step(day: date, **told) -> steps.TopicStep:
    known = {"category": "C4", "status": "submitted", "submitted": True, "approved": False, "agreed": False}
    return steps.TopicStep(on=day, **known, **told)


def test_r093_a_subject_counts_in_no_report_after_its_last_year():
    topic = tally.ProposedTopic(
        id="T1", proposed_on=date(2025, 12, 1), side="union", steps=(step(date(2025, 12, 1)),)
    )
    assert tally.last_year(topic) == "2025"
    # What the other side held against it is a deviation of the year in which it was approved.
    later = (*topic.steps, step(date(2026, 1, 9), against="经费没有着落。"))
    assert tally.last_year(topic.model_copy(update={"steps": later})) == "2026"
    told = tally.LeadersTold(id="R1", on=date(2025, 1, 6), decisions=("M1-01",))
    assert tally.last_year(told) == tally.ALWAYS


def test_r093_a_decision_counts_until_nothing_more_is_owed_on_it(ledger):
    read = report_rows.read(ledger, "1408", wanted=("tally",))
    found = {
        row.body["id"]: row.body
        for each in read.values()
        for row in each.rows["tally"]
        if row.body["of"] == "decision"
    }
    closed = {key: body for key, body in found.items() if body["steps"][-1]["closed_on"] is not None}
    assert closed
    assert len(closed) < len(found)
    for key, body in found.items():
        last = int(body["steps"][-1]["on"][:4])
        assert body["year"] == (str(last + 1) if key in closed else tally.ALWAYS)
