"""The worked example, 芮城县 2025 and 2026: lawful step by step, and its twelve near misses refused."""

from datetime import date

import pytest

from application.demonstration import ruicheng
from application.dossier import Dossier
from domain import decisions, lights, meetings, pairs, regulation, reporting, topics
from domain.decider import Capacity, Side
from infrastructure.holidays import PublishedCalendar
from tests.journeys.stages import TODAY, NearMissStage, office_on

NAME = "芮城县人民政府与芮城县总工会联席会议"
NEAR_MISSES = {
    1: "R-039",
    2: "R-041",
    3: "R-042",
    4: "R-045",
    5: "R-048",
    6: "R-055",
    7: "R-057",
    8: "R-067",
    9: "R-065",
    10: "R-077",
    11: "R-078",
    12: "R-027",
}


@pytest.fixture(scope="module")
def stage() -> NearMissStage:
    stage = NearMissStage(office_on(), "140830", people=ruicheng.CAST.people())
    ruicheng.play(stage, TODAY)
    return stage


def native(dossier: Dossier) -> list[meetings.Meeting]:
    return [each for each in dossier.meetings if not each.imported]


@pytest.fixture(scope="module")
def dossier(stage: NearMissStage) -> Dossier:
    return stage.dossier()


def test_exactly_the_twelve_near_misses_are_seen(stage):
    assert {each.number for each in stage.seen} == set(NEAR_MISSES)


@pytest.mark.parametrize(("number", "requirement"), NEAR_MISSES.items())
def test_each_near_miss_is_refused_by_the_requirement_named(stage, number, requirement):
    tried = [each for each in stage.seen if each.number == number]
    assert {each.basis for each in tried} == {requirement}
    assert {each.expected for each in tried} == {requirement}


def test_r078_both_supervisors_are_refused(stage):
    assert {each.role for each in stage.seen if each.number == 11} == {"sup_g", "sup_u"}


def test_r006_the_name_is_computed(dossier):
    assert dossier.pair.official_name == NAME
    assert dossier.pair.adopted_on == date(2025, 1, 6)
    assert dossier.pair.bases == ("运政办发〔2024〕7号",)
    assert dossier.pair.history_known


def test_r008_meetings_have_their_dates_ordinals_and_chairs(dossier):
    held = [
        (each.ordinal, each.name, each.held_on, each.chair_title, each.chair_is_principal)
        for each in dossier.meetings
    ]
    assert held == [
        (1, NAME, date(2024, 11, 28), "县长", False),
        (2, NAME, date(2025, 4, 22), "县长", True),
        (3, NAME, date(2026, 4, 21), "常务副县长", False),
    ]
    assert [each.imported for each in dossier.meetings] == [True, False, False]
    assert {each.status for each in native(dossier)} == {meetings.Status.SITTING_CLOSED}
    assert [each.notice.number for each in dossier.meetings if each.notice] == [
        "芮政办函〔2025〕9号",
        "芮政办函〔2026〕7号",
    ]


def test_r054_the_finance_bureau_sent_its_deputy(dossier):
    first = native(dossier)[0]
    absent = [each for each in first.attendance if each.presence != "principal"]
    assert [first.attendees[each.seat - 1].title for each in absent] == ["县财政局局长"]
    assert absent[0].presence == "substitute"
    reply = first.replies[absent[0].seat]
    assert (reply.attends, reply.substitute, reply.on) == (
        meetings.Attends.SUBSTITUTE,
        "县财政局副局长",
        date(2025, 4, 16),
    )


def test_r058_every_invited_unit_signed_for_both_notices(dossier):
    for meeting, day in zip(native(dossier), (date(2025, 4, 16), date(2026, 4, 10)), strict=True):
        assert meeting.acknowledged == {seat.unit: day for seat in meeting.attendees}
        assert meeting.notice is not None
        assert set(meeting.notice.recipients) == set(meeting.acknowledged)
    assert [len(each.attendees) for each in native(dossier)] == [15, 13]


def test_r013_paper_history_was_taken_over_with_what_it_left_open(dossier):
    (batch,) = dossier.of("legacy")
    assert (batch.imported_on, batch.meetings, batch.decisions, batch.unfulfilled) == (
        date(2025, 1, 10),
        1,
        1,
        1,
    )
    assert dossier.pair.history_known_on == date(2025, 1, 10)
    old = dossier.decisions[0]
    assert (old.id, old.imported, old.record.document.title) == (
        "h20241128-01",
        True,
        "2024年11月28日第1次联席会议纪要（扫描件）",
    )
    assert [dossier.units[unit].name for unit in old.lead_units] == ["芮城县住房和城乡建设局"]


def test_r025_each_meeting_accounted_for_everything_before_it(dossier):
    first, second = native(dossier)
    assert first.report is not None
    (old,) = first.report.members
    assert (old.id, old.explanation, old.opinion) == (
        "h20241128-01",
        "图审补正，尚未开工。",
        "按期完工。",
    )
    assert first.report.cutoff == date(2025, 4, 17)
    assert second.report is not None
    members = {each.id.removeprefix(f"{first.id}-"): each for each in second.report.members}
    assert list(members) == ["01", "02", "03", "04"]
    assert [bool(each.explanation) for each in members.values()] == [False, False, False, True]
    assert members["04"].opinion == "继续办理，2026年6月30日前建成。"


def test_r042_every_topic_was_approved_and_resolved(dossier):
    found = {each.content.title: each for each in dossier.topics}
    assert len(found) == 4
    assert {each.status for each in found.values()} == {topics.Status.RESOLVED}
    assert [each.approved_on for each in dossier.topics] == [
        date(2025, 3, 14),
        date(2025, 3, 19),
        date(2025, 3, 14),
        date(2026, 3, 9),
    ]
    assert [each.content_version for each in dossier.topics] == [1, 2, 1, 1]
    reserved = dossier.topics[1].reservations
    assert [dossier.units[unit].name for unit in reserved] == ["芮城县财政局"]


def test_r067_minutes_have_their_numbers(dossier):
    assert [(each.number, each.issued_on, each.disclosure) for each in dossier.minutes] == [
        ("芮政办纪〔2025〕4号", date(2025, 4, 29), regulation.Disclosure.PUBLIC),
        ("芮政办纪〔2026〕5号", date(2026, 4, 29), regulation.Disclosure.PUBLIC),
    ]


def test_r077_decisions_end_as_the_example_says(dossier):
    ended = [
        (each.status, each.original_deadline, each.fulfilled_on, each.closed_on, len(each.progress))
        for each in dossier.decisions
    ]
    done = decisions.Status.FULFILLED
    assert ended == [
        (done, date(2025, 6, 30), date(2025, 6, 20), date(2025, 6, 25), 0),
        (done, date(2025, 11, 28), date(2025, 11, 14), date(2025, 11, 19), 6),
        (done, date(2025, 8, 29), date(2025, 8, 26), date(2025, 9, 2), 3),
        (done, date(2025, 12, 31), date(2025, 12, 24), date(2025, 12, 29), 7),
        (done, date(2025, 12, 31), date(2026, 6, 24), date(2026, 6, 29), 13),
        (decisions.Status.IN_PROGRESS, date(2026, 11, 30), None, None, 6),
    ]
    assert dossier.decisions[5].percent == 80
    assert dossier.decisions[3].quantity == "1200人"
    assert [each.established_on for each in dossier.decisions] == [
        date(2024, 11, 28),
        *[date(2025, 4, 29)] * 4,
        date(2026, 4, 29),
    ]


def test_r076_the_fourth_is_late_by_its_first_deadline_and_in_time_by_the_one_granted(dossier):
    on_time = [(each.on_time_original, each.on_time_revised) for each in dossier.decisions]
    assert on_time == [(True, True)] * 4 + [(False, True), (None, None)]
    fourth = dossier.decisions[4]
    assert (fourth.original_deadline, fourth.deadline) == (date(2025, 12, 31), date(2026, 6, 30))
    (granted,) = fourth.extensions
    assert granted.status is decisions.ExtensionStatus.GRANTED
    assert {side: each.by.capacity for side, each in granted.consents.given.items()} == {
        Side.GOVERNMENT: Capacity.LIAISON_LEADER,
        Side.UNION: Capacity.UNION_PRINCIPAL,
    }
    assert {each.by.capacity for each in granted.opinions.values()} == {Capacity.SUPERVISOR}
    assert {each.on for each in granted.opinions.values()} == {date(2026, 4, 24)}


def test_r081_lights_at_the_end(dossier):
    shown = [lights.light(each, on=TODAY, days=PublishedCalendar()) for each in dossier.decisions]
    assert [each.text for each in shown] == [
        *["按期办结"] * 4,
        "原时限逾期，按延期后时限按期办结",
        "距时限 6 个工作日",
    ]
    assert [each.colour for each in shown] == [lights.Colour.GREEN] * 5 + [lights.Colour.YELLOW]


def test_r075_the_fourth_was_pressed_and_answered_in_time(dossier):
    (sheet,) = dossier.decisions[4].sheets
    assert (sheet.on, sheet.colour, sheet.answered_on) == (date(2026, 1, 5), None, date(2026, 1, 9))
    assert "第二处用地未批" in sheet.answer
    assert not any(each.sheets for each in (*dossier.decisions[:4], *dossier.decisions[5:]))


def test_r079_the_leaders_were_told_in_time_of_every_decision_made_here(dossier):
    told = sorted((each.on, len(each.decisions)) for each in dossier.of("leader_report"))
    assert told == [
        (date(2025, 5, 14), 5),
        (date(2025, 6, 27), 5),
        (date(2025, 9, 4), 4),
        (date(2025, 11, 21), 3),
        (date(2025, 12, 31), 2),
        (date(2026, 3, 27), 1),
        (date(2026, 4, 27), 1),
        (date(2026, 5, 11), 2),
        (date(2026, 6, 30), 2),
        (date(2026, 9, 28), 1),
    ]
    for report in dossier.of("leader_report"):
        assert {each.capacity for each in report.recipients} == {
            Capacity.LIAISON_LEADER,
            Capacity.UNION_PRINCIPAL,
        }
    found = [
        reporting.timeliness(each, dossier.of("leader_report"), on=TODAY, days=PublishedCalendar())
        for each in dossier.decisions[1:]
    ]
    assert [each.late for each in found] == [()] * 5
    assert [each.next_due for each in found] == [None] * 4 + [date(2026, 12, 28)]


def test_r074_percentages_are_those_of_the_table(dossier):
    told = [[each.percent for each in decision.progress] for decision in dossier.decisions]
    assert told == [
        [],
        [10, 30, 40, 50, 65, 80],
        [15, 50, 80],
        [5, 15, 25, 40, 55, 70, 90],
        [5, 10, 20, 30, 40, 50, 55, 60, 60, 65, 70, 80, 90],
        [5, 20, 35, 50, 65, 80],
    ]


def test_r077_each_decision_was_verified_by_two_persons(dossier):
    for decision in dossier.decisions[:5]:
        assert set(decision.supervisors) == set(Side)
        assert len({each.by.person for each in decision.verified.values()}) == 2


def test_r082_contents_and_effects_were_published(dossier):
    published = [(each.about.value, each.on) for each in dossier.of("publicity")]
    assert sorted(published) == [
        ("content", date(2025, 5, 9)),
        ("content", date(2025, 5, 9)),
        ("content", date(2026, 5, 12)),
        ("content", date(2026, 5, 12)),
        ("effect", date(2026, 1, 12)),
    ]


def test_r086_r087_each_year_is_in_the_plan_and_in_the_assessment(dossier):
    said = {each.id: (each.plan.number, each.plan.on, each.assessment.number) for each in dossier.of("year")}
    assert said == {
        "2025": ("芮政发〔2025〕2号", date(2025, 2, 18), "运工发〔2025〕5号"),
        "2026": ("芮政发〔2026〕3号", date(2026, 2, 10), "运工发〔2026〕4号"),
    }


def test_the_pair_is_registered_as_a_mandatory_one(dossier):
    assert dossier.pair.mandatory
    assert dossier.pair.government_body is pairs.GovernmentBody.PEOPLES_GOVERNMENT
