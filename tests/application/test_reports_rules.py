"""Which rules a report goes by, and what it counts apart: old papers, exceptions, gaps, and pairs that left."""

from datetime import date

import pytest

from application import deviations, report_source, reports
from domain import calendar, decisions, liaison, meetings, pairs, reporting, topics
from domain.regulation import PARAMETERS
from tests import builders as b
from tests import paper, rules
from tests.application.ledgers import DIVISIONS, begun, record
from tests.memory import MemoryLedger

YESTERDAY, TODAY, TOMORROW = date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)
DAYS = calendar.WeekdayCalendar()


def source(*scenes, year=2025, on=None, today=TODAY, scope="1408", alone=False):
    ledger = MemoryLedger()
    for scene in scenes:
        record(ledger, scene)
    period = report_source.period(year, today=today, on=on)
    return report_source.gather(
        ledger, scope=scope, period=period, days=DAYS, divisions=DIVISIONS, alone=alone
    )


def line(scene, **asked):
    (found,) = (
        each for each in reports.report(source(scene, **asked)).pairs if each.pair == scene.dossier.tenant
    )
    return found


def figures(scene, **asked):
    return line(scene, **asked).figures


def changed(scene, *, adopted=TODAY, **change):
    """The city changes parameters, and the pair adopts them on a day."""
    city = rules.city().act("GO", rules.set_parameters(adopted, **change))
    return scene.on(adopted).beside(city).play(rules.adopting())


# --- the pair's own rules ------------------------------------------------------------------------------------

CHANGES = {
    "minutes_yellow_days": 1,
    "minutes_red_days": 11,
    "publicity_days": 1,
    "special_counts": False,
    "adoption_counts_until": (1, 1),
    "first_report_months": 3,
    "status_report_days": 1,
    "report_interval_months": 1,
}


def street(*steps):
    """A voluntary pair with one special meeting, and a decision under way."""
    return b.given_nothing(
        *begun(b.STREET),
        b.topic(),
        b.meeting(special=True),
        b.minuted(),
        b.decided(until=decisions.Status.IN_PROGRESS),
        *steps,
        division=b.STREET,
    )


@pytest.mark.parametrize("name", [*CHANGES, "all"])
@pytest.mark.parametrize("asked", [{"year": 2025}, {"year": 2026, "on": YESTERDAY}])
def test_r010_a_change_adopted_today_changes_no_report_of_an_earlier_day(name, asked):
    """Only the ledger positions that the report rests on, and with them its hash, are others."""
    before = street()
    after = changed(before, **(CHANGES if name == "all" else {name: CHANGES[name]}))
    one, other = (reports.report(source(scene, today=TOMORROW, **asked)) for scene in (before, after))
    assert one.rests_on != other.rests_on
    apart = {"rests_on": (), "sha256": ""}
    assert one.model_copy(update=apart).model_dump_json() == other.model_copy(update=apart).model_dump_json()


@pytest.mark.parametrize(("counts", "held", "state"), [(True, 1, "held"), (False, 0, "missed")])
def test_r032_the_pairs_own_parameters_say_whether_a_special_meeting_does_the_duty(counts, held, state):
    """What it adopted before the end of the year decides on the year."""
    found = line(changed(street(), adopted=b.day(11, 2), special_counts=counts))
    assert (found.figures["held"], found.figures["meetings.special"], found.state.value) == (held, 1, state)


def test_r032_each_pair_goes_by_what_it_has_adopted_itself():
    """One has adopted the change, its neighbour has not."""
    neighbour = b.given_nothing(
        *begun(b.ZONE), b.topic(), b.meeting(special=True), b.minuted(), division=b.ZONE
    )
    strict = changed(street(), adopted=b.day(11, 2), special_counts=False)
    held = {each.pair: each.figures["held"] for each in reports.report(source(strict, neighbour)).pairs}
    assert held == {b.STREET.code: 0, b.ZONE.code: 1}


@pytest.mark.parametrize(("days", "on_time"), [(10, 1), (1, 0)])
def test_r067_minutes_are_wanted_by_the_parameters_of_the_day_of_the_meeting(days, on_time):
    """Adopted before the meeting, the shorter term binds."""
    scene = changed(b.given(), adopted=b.day(2, 3), minutes_yellow_days=days).on(b.TODAY)
    scene = scene.play(b.established())
    found = figures(scene)
    assert (found["meetings.minutes_due"], found["meetings.minutes_on_time"]) == (1, on_time)


def test_r083_publicity_is_wanted_by_the_pairs_own_calendar():
    """A working day that the pair's calendar makes a holiday moves the limit by one."""
    meeting = b.day(4, 22)
    plain = b.given().play(b.established())
    city = rules.city().act("GO", rules.publish(b.day(3, 3), 2025, off=(date(2025, 1, 1), b.day(4, 30))))
    moved = b.given().on(b.day(3, 3)).beside(city).play(rules.adopting()).on(b.TODAY)
    moved = moved.play(b.established())
    limits = [source(scene).limits[0].limits for scene in (plain, moved)]
    assert plain.meeting().held_on == meeting
    assert limits[0].minutes_by == calendar.add_working_days(meeting, 10, calendar=DAYS).on
    assert [each.minutes_by for each in limits] == [date(2025, 5, 6), date(2025, 5, 7)]


# --- reports to the leaders ----------------------------------------------------------------------------------


def told(on, until=decisions.Status.IN_PROGRESS):
    scene = b.given().play(b.established(), b.decided(until=until))
    return scene.act("GO", b.tell_leaders(on=on), subject="R1") if on is not None else scene


@pytest.mark.parametrize(("on", "due", "in_time"), [(None, 1, 0), (b.day(5, 14), 3, 1), (b.day(7, 14), 3, 0)])
def test_r079_the_rate_counts_duties_that_came_due_and_those_met_in_time(on, due, in_time):
    """The first report within a month; after it whatever follows counts for itself."""
    scene = told(on)
    found = figures(scene)
    days = reporting.timeliness(
        scene.decision(), scene.dossier.leader_reports, on=date(2025, 12, 31), days=DAYS
    )
    wanted = [each for each in days.duties if each.due.year == 2025]
    assert found["reports.due"] == len(wanted)
    assert found["reports.in_time"] == len([each for each in wanted if not each.late(date(2026, 1, 1))])
    assert (found["reports.in_time"] > 0) is (in_time > 0)
    assert line(scene).rates["reported"].label == "汇报及时率"


def test_r079_every_duty_is_counted_in_the_one_year_in_which_it_falls_due():
    """What was due in 2025 and never made is late in 2025, and not again in 2026."""
    scene = told(None)
    assert [figures(scene, year=year)["reports.due"] for year in (2025, 2026)] == [1, 0]
    due = source(scene).owed[0].report.due
    assert figures(scene, on=due, today=due)["reports.due"] == 0
    assert figures(scene, on=due, today=TODAY)["reports.due"] == 1


def test_r079_a_figure_opens_into_its_duties():
    """A member names the decision, why a report was due, and since when."""
    page = reports.members(source(told(b.day(5, 14))), "reports.in_time")
    assert page.count == len(page.members) > 0
    assert page.members[0].id.startswith("M1-01:first:2025-")


def test_r079_each_duty_goes_by_the_parameters_of_the_day_it_runs_from():
    """A change judges no earlier duty anew."""
    scene = told(b.day(5, 14))
    since = b.day(5, 14)

    def known(day):
        return PARAMETERS if day <= since else rules.parameters(report_interval_months=1)

    asked = {"on": date(2025, 12, 31), "days": DAYS}
    one = reporting.timeliness(scene.decision(), scene.dossier.leader_reports, parameters=known, **asked)
    other = reporting.timeliness(scene.decision(), scene.dossier.leader_reports, **asked)
    assert one == other


# --- old papers ----------------------------------------------------------------------------------------------


def history(**change):
    return b.given().play(paper.imported(**change))


def test_r013_imported_meetings_and_decisions_have_columns_of_their_own():
    """They count, and one sees how far a number rests on them alone."""
    scene = history(decisions=[paper.decision(), paper.fulfilled(number=2, text="建设户外劳动者驿站")])
    found = figures(scene)
    assert found["decisions.carried_over"] == found["decisions.imported"] == 2
    assert found["decisions.fulfilled"] == found["decisions.imported_fulfilled"] == 1
    assert found["decisions.overdue"] == 1
    assert found["reports.due"] == found["deviations.R-070"] == 0
    native = figures(told(None))
    assert (native["decisions.imported"], native["meetings.imported"], native["held_imported"]) == (0, 0, 0)


def test_r013_a_meeting_of_paper_does_the_duty_and_is_seen_to_be_of_paper():
    """In the year of the import its column tells that no native meeting was held."""
    held = paper.meeting(held_on=b.day(1, 8), minutes_number="芮政办纪〔2025〕1号")
    found = figures(history(meetings=[held], decisions=[]))
    assert (found["held_due"], found["held_imported"], found["meetings.imported"]) == (1, 1, 1)
    assert found["meetings.minutes_due"] == found["meetings.content_due"] == 0


def test_r052_an_unknown_chair_is_not_counted_as_not_principal():
    """Neither in the rate nor among the deviations."""
    held = paper.meeting(held_on=b.day(1, 8), minutes_number="芮政办纪〔2025〕1号")
    old = line(history(meetings=[held], decisions=[]))
    assert (old.figures["meetings"], old.figures["meetings.chair_known"]) == (1, 0)
    assert old.rates["principal"].text == "—"
    assert old.figures["deviations"] == 0
    assert line(told(None)).rates["principal"].text == "100.0%"


# --- levels, and pairs that left -----------------------------------------------------------------------------


def test_a20_an_industry_has_a_level_and_a_report_of_its_own():
    """It is in no other level, and its name comes from its own pair."""
    scene = b.given_nothing(*begun(b.INDUSTRY), division=b.INDUSTRY)
    report = reports.report(source(scene, scope=b.INDUSTRY.code))
    assert report.title.startswith("芮城县交通运输2025年度")
    found = report.voluntary.figures
    assert found["regime.in_force.industry"] == found["regime.expected.industry"] == 1
    levels = ("city", "county", "township", "zone", "industry")
    assert sum(found[f"regime.in_force.{level}"] for level in levels) == found["regime.in_force"] == 1


def leave(last_day, *, on):
    return pairs.WithdrawRegime(on=on, last_day=last_day, reason="机构撤并，由县级统一办理")


@pytest.mark.parametrize(
    ("year", "on", "in_force"),
    [
        (2026, date(2026, 3, 9), 1),
        (2026, date(2026, 3, 10), 1),
        (2026, date(2026, 3, 11), 0),
        (2025, None, 1),
    ],
)
def test_r005_a_pair_that_left_is_out_of_the_rate_after_its_last_day_and_keeps_its_decisions(
    year, on, in_force
):
    """Its years stay as they were, and what is not fulfilled stays open."""
    left = street().act("GO", leave(date(2026, 3, 10), on=date(2026, 3, 10)))
    found = line(left, year=year, on=on)
    count = found.figures
    assert (count["regime.in_force"], count["regime.expected"]) == (in_force, in_force)
    assert count["decisions.open"] == 1
    # Who leaves before 30 September has not had the year to meet in (A1).
    assert count["due"] == (0 if on is not None and on >= date(2026, 3, 10) else 1)
    if year == 2025:
        assert (count["held_due"], found.state.value) == (1, "held")


# --- topics --------------------------------------------------------------------------------------------------


def test_r050_what_was_merged_is_counted_as_its_successor_alone():
    """Three proposals, one of which is made of the other two."""
    second = b.content(title="户外劳动者休息站点", summary="建设休息站点。")
    scene = b.given(
        b.topic(until=topics.Status.CONSENSUS), b.topic("T2", of=second, until=topics.Status.SUBMITTED)
    )
    before = figures(scene)
    both = b.content(title="户外劳动者高温津贴、体检和休息站点")
    merged = topics.MergeTopics(on=b.day(4, 8), topics=("T1", "T2"), unit="hr", content=both)
    after = figures(scene.act("GO", merged, subject="T3"))
    assert (before["topics"], before["topics.replaced"]) == (2, 0)
    assert (after["topics"], after["topics.replaced"], after["topics.state.merged"]) == (1, 2, 2)


AGAINST = {**dict.fromkeys(b.RELATED, b.AGREE), "fin": (topics.Stance.DISAGREE, "没有经费。")}


def test_r048_an_overridden_topic_is_no_consensus_and_a_deviation():
    """Also after the special meeting has resolved it."""
    scene = b.given(
        b.one_person_on_both_sides,
        b.topic(until=topics.Status.REPORTED, positions=AGAINST),
        b.meeting(special=True, until=meetings.Status.MATERIALS_FROZEN),
    )
    for side, role in {b.GOV: "GL", b.UNION: "UP"}.items():
        digest = scene.topic().report.report_hash
        said = topics.OverrideConsensus(
            on=b.day(4, 16), side=side, report_hash=digest, reason="汛期将至，须在本月内研究。"
        )
        scene = scene.act(role, said)
    scene = scene.act("GO", b.hold(b.day(4, 22)))
    for item in scene.meeting().agenda:
        kind = meetings.OutcomeKind.RESOLVED if item == "T1" else meetings.OutcomeKind.NOTED
        scene = scene.act("GO", b.outcome(item, kind, on=b.day(4, 22)))
    closed = meetings.CloseSitting(on=b.day(4, 22), closed_at=b.moment(b.day(4, 22), 16, 40))
    scene = scene.act("GO", closed).play(b.minuted())
    found = figures(scene)
    assert scene.topic().status is topics.Status.RESOLVED
    assert (found["topics.approved"], found["topics.consensus"], found["topics.overridden"]) == (1, 0, 1)
    assert found["deviations.R-048"] == 1


def irregular(scene, **change):
    held, entered = b.day(6, 10), b.day(6, 12)
    told = meetings.RecordIrregularMeeting(on=entered, record=b.irregular_record(held, **change))
    scene = scene.act("GO", told, subject="M1")
    digest = scene.meeting().irregular_consents.content_hash
    agreed = meetings.GiveConsent(
        on=entered, subject=meetings.Subject.IRREGULAR, side=b.UNION, content_hash=digest
    )
    return scene.act("UO", agreed, subject="M1")


def test_r048_what_only_an_irregular_meeting_decided_is_no_consensus():
    """It went past both offices' consent."""
    scene = irregular(
        b.given(b.topic(until=topics.Status.APPROVED)), agenda=(meetings.IrregularItem(item="T1"),)
    )
    scene = scene.act(
        "GO", b.outcome("T1", meetings.OutcomeKind.RESOLVED, on=b.day(6, 12), at=b.moment(b.day(6, 10), 10))
    )
    scene = scene.act("GO", b.draft(scene, on=b.day(6, 13)))
    for side, role in b.REVIEWERS.items():
        scene = scene.act(role, b.review(scene, side, on=b.day(6, 14)))
    scene = scene.act("GO", b.issue(on=b.day(6, 20)))
    found = figures(scene)
    assert scene.topic().status is topics.Status.RESOLVED
    assert (found["topics.approved"], found["topics.consensus"]) == (1, 0)


# --- deviations by clause ------------------------------------------------------------------------------------


def test_r063_each_gate_that_an_irregular_meeting_missed_is_a_deviation():
    """Under its own clause, once; the reason under R-063."""
    scene = irregular(b.given())
    found = figures(scene)
    assert scene.meeting().gates_missing
    told = {gate: found[f"deviations.{gate}"] for gate in scene.meeting().gates_missing}
    assert set(told.values()) == {1}
    assert found["deviations.R-063"] == 1


def test_r063_every_gate_has_a_name_among_the_deviations():
    """No gate that a meeting can miss is left out of the table."""
    schema = meetings.IrregularRecord.model_json_schema()["properties"]["gates"]["items"]["pattern"]
    assert set(schema.strip("^()$").split("|")) <= set(deviations.KINDS)


def test_r084_a_gap_in_the_liaison_is_a_deviation_and_takes_the_pair_out_of_the_rate():
    """Until the side names somebody again."""
    ended = liaison.EndLiaison(
        on=b.day(6, 5), side=b.UNION, last_day=b.day(5, 31), reason="科室撤并，人员调离"
    )
    scene = b.given().act("UO", ended, subject=b.UNION.value)
    assert figures(scene, on=b.day(6, 4))["liaison"] == 1
    found = figures(scene)
    assert (found["liaison"], found["deviations.R-084"]) == (0, 1)


def test_r061_a_late_item_is_a_deviation():
    """With the reason that both sides agreed to."""
    day = b.day(4, 19)
    scene = b.given(b.topic(), b.topic("T2"), b.meeting(until=meetings.Status.MATERIALS_FROZEN))
    late = meetings.AddLateItem(on=day, item="T2", position=3, reason="议题成熟，情况紧急。")
    scene = scene.act("GO", late).play(b.material("T2", on=day))
    for side in (b.GOV, b.UNION):
        digest = scene.meeting().late_items["T2"].consents.content_hash
        said = meetings.GiveConsent(
            on=day, subject=meetings.Subject.LATE_ITEM, side=side, content_hash=digest
        )
        scene = scene.act(b.OFFICES[side], said)
    notice = meetings.IssueSupplementaryNotice(
        on=b.day(4, 20),
        recipients=b.RECIPIENTS,
        number="芮政办函〔2025〕10号",
        disclosure=b.regulation.Disclosure.CLOSED,
    )
    scene = scene.act("GO", notice).act("GO", b.hold(b.day(4, 22)))
    assert figures(scene)["deviations.R-061"] == 1


def test_r004_a_departure_on_record_is_a_deviation():
    """From the day of its record, under its own requirement."""
    on = b.day(6, 5)
    told = pairs.RecordDeviation(on=on, clause="二(四)", what="由综合办公室印发通知", reason="没有单设办公室")
    scene = b.given().act("GO", told)
    assert figures(scene, on=b.day(6, 4))["deviations.R-004"] == 0
    page = reports.members(source(scene), "deviations.R-004")
    assert [each.id for each in page.members] == [f"R-004:pair:{b.COUNTY.code}:1"]
