"""The worked example, 芮城县 2025 and 2026: lawful step by step, and its twelve near misses refused."""

from datetime import date

import pytest

from application.demonstration import ruicheng
from application.dossier import Dossier
from domain import decisions, meetings, pairs, regulation, topics
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
        (1, NAME, date(2025, 4, 22), "县长", True),
        (2, NAME, date(2026, 4, 21), "常务副县长", False),
    ]
    assert {each.status for each in dossier.meetings} == {meetings.Status.SITTING_CLOSED}
    assert [each.notice.number for each in dossier.meetings if each.notice] == [
        "芮政办函〔2025〕9号",
        "芮政办函〔2026〕7号",
    ]


def test_r054_the_finance_bureau_sent_its_deputy(dossier):
    first = dossier.meetings[0]
    absent = [each for each in first.attendance if each.presence != "principal"]
    assert [first.attendees[each.seat - 1].title for each in absent] == ["县财政局局长"]
    assert absent[0].presence == "substitute"


def test_r025_the_second_meeting_accounted_for_all_four_decisions(dossier):
    first, second = dossier.meetings
    assert first.report is not None
    assert first.report.members == ()
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
        (each.status, each.deadline, each.fulfilled_on, each.closed_on, len(each.progress))
        for each in dossier.decisions
    ]
    done = decisions.Status.FULFILLED
    assert ended == [
        (done, date(2025, 11, 28), date(2025, 11, 14), date(2025, 11, 19), 6),
        (done, date(2025, 8, 29), date(2025, 8, 26), date(2025, 9, 2), 3),
        (done, date(2025, 12, 31), date(2025, 12, 24), date(2025, 12, 29), 7),
        (done, date(2025, 12, 31), date(2026, 6, 24), date(2026, 6, 29), 13),
        (decisions.Status.IN_PROGRESS, date(2026, 11, 30), None, None, 6),
    ]
    assert dossier.decisions[4].percent == 80
    assert dossier.decisions[2].quantity == "1200人"
    assert [each.established_on for each in dossier.decisions] == [date(2025, 4, 29)] * 4 + [
        date(2026, 4, 29)
    ]


def test_r074_percentages_are_those_of_the_table(dossier):
    told = [[each.percent for each in decision.progress] for decision in dossier.decisions]
    assert told == [
        [10, 30, 40, 50, 65, 80],
        [15, 50, 80],
        [5, 15, 25, 40, 55, 70, 90],
        [5, 10, 20, 30, 40, 50, 55, 60, 60, 65, 70, 80, 90],
        [5, 20, 35, 50, 65, 80],
    ]


def test_r077_each_decision_was_verified_by_two_persons(dossier):
    for decision in dossier.decisions[:4]:
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
