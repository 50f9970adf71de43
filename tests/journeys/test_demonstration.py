"""The demonstration: lawful from end to end, and the conditions it promises really hold."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from application import commands, demonstration, views
from application.demonstration import procedure
from application.dossier import Dossier
from domain import calendar, decisions, lights, meetings, pairs, refusals, regulation, topics
from domain.decider import Side
from infrastructure.holidays import PublishedCalendar
from tests.journeys.stages import TODAY, new_ids, office_on
from tests.memory import MemoryLedger

RUICHENG, YANHU, WENXI, WADI = "140830", "140802", "140823", "140823102"
JISHAN, XIAXIAN, PINGLU, FENGLINGDU = "140824", "140828", "140829", "140830402"
YONGJI, HEJIN, CHENGQU = "140881", "140882", "140882001"
COUNTIES = {RUICHENG, YANHU, WENXI, JISHAN, XIAXIAN, PINGLU, YONGJI, HEJIN}
BELOW = {WADI, FENGLINGDU, CHENGQU}


def play(today: date) -> tuple[MemoryLedger, commands.Office, list[str]]:
    ledger = MemoryLedger()
    office = office_on(ledger, today=today)
    told: list[str] = []
    demonstration.play_all(office, today=today, new_id=new_ids(), tell=told.append)
    return ledger, office, told


@pytest.fixture(scope="module")
def played():
    return play(TODAY)


@pytest.fixture(scope="module")
def ledger(played) -> MemoryLedger:
    return played[0]


@pytest.fixture(scope="module")
def dossier(played) -> Callable[[str], Dossier]:
    return played[1].dossier


def business_dates(ledger: MemoryLedger, tenant: str) -> list[date]:
    return [date.fromisoformat(json.loads(entry.state)["on"]) for entry in ledger.entries(tenant)]


def held(dossier: Dossier, *, year: int | None = None) -> list[meetings.Meeting]:
    return [
        each for each in dossier.meetings if each.held_on is not None and year in {None, each.held_on.year}
    ]


def light(decision: decisions.Decision) -> lights.Light:
    return lights.light(decision, on=TODAY, days=calendar.WeekdayCalendar())


def test_every_pair_is_played_and_told_of(played):
    ledger, _, told = played
    assert set(ledger.pairs) == COUNTIES | BELOW
    assert len(told) == len(COUNTIES | BELOW)
    assert all(ledger.pairs[tenant].entries for tenant in COUNTIES | BELOW)


@pytest.mark.parametrize("tenant", sorted(COUNTIES | BELOW))
def test_what_happened_is_recorded_in_order_of_time(ledger, tenant):
    days = business_dates(ledger, tenant)
    assert days == sorted(days)
    assert days[-1] <= TODAY


@pytest.mark.parametrize("tenant", sorted(COUNTIES | BELOW))
def test_the_views_hold_what_the_ledger_folds_to(ledger, dossier, tenant):
    folded = {(row.view, row.id): json.loads(json.dumps(row.body)) for row in views.all_rows(dossier(tenant))}
    assert {key: row.body for key, row in ledger.pairs[tenant].rows.items()} == folded


def test_all_kinds_of_content_occur(dossier):
    contents = [each.content for tenant in COUNTIES | BELOW for each in dossier(tenant).topics]
    assert {each.category.value for each in contents} == {"C3", "C4", "C5", "C7"}
    assert len({each.sub_domain for each in contents}) > 8
    assert len({each.title for each in contents}) == len(contents)


def test_r032_the_model_county_met_on_time_with_the_mayor_in_the_chair(dossier):
    yongji = dossier(YONGJI)
    assert [len(held(yongji, year=year)) for year in (2025, 2026)] == [1, 2]
    assert all(each.chair_is_principal for each in held(yongji))
    assert len([each for each in yongji.minutes if each.issued_on]) == 3
    for decision in yongji.decisions:
        assert decision.deadline is not None
        assert (decision.fulfilled_on or TODAY) <= decision.deadline
        assert light(decision).colour is lights.Colour.GREEN


def test_r032_a_county_has_not_met_in_2026(dossier):
    pinglu = dossier(PINGLU)
    assert len(held(pinglu, year=2025)) == 1
    assert held(pinglu, year=2026) == []
    assert [each.status for each in pinglu.meetings if each.year == 2026] == [meetings.Status.PLANNED]
    assert pinglu.topics[-1].status is topics.Status.CONSULTED


def test_r070_a_long_term_decision_shows_a_blue_light(dossier):
    long_term = [each for each in dossier(PINGLU).decisions if each.long_term]
    assert [light(each).colour for each in long_term] == [lights.Colour.BLUE]


def test_r081_a_decision_is_overdue_today(dossier):
    overdue = [
        each for each in dossier(HEJIN).decisions if each.open and each.deadline and each.deadline < TODAY
    ]
    assert [(each.deadline, each.percent) for each in overdue] == [(date(2026, 10, 30), 70)]
    assert light(overdue[0]).text == "已超期 23 天"


def test_r027_a_decision_of_2025_was_explained_in_2026_and_is_still_open(dossier):
    wenxi = dossier(WENXI)
    first, second = held(wenxi)
    old = [each for each in wenxi.decisions if each.meeting == first.id and each.open]
    assert [each.deadline for each in old] == [date(2025, 11, 28)]
    assert second.report is not None
    lines = {each.id: each for each in second.report.members}
    assert lines[old[0].id].explanation
    assert lines[old[0].id].opinion
    assert light(old[0]).colour is lights.Colour.RED


def test_r035_a_special_meeting_followed_prior_consultation(dossier):
    jishan = dossier(JISHAN)
    special = held(jishan, year=2026)[0]
    assert special.kind is meetings.Kind.SPECIAL
    assert special.special_reason is meetings.SpecialReason.MATTER
    assert set(special.prior) == set(Side)
    assert special.notice is not None
    assert max(each.on for each in special.prior.values()) < special.notice.on < special.held_on


def test_r017_minutes_that_are_not_disclosed_are_not_published(dossier):
    jishan = dossier(JISHAN)
    special = held(jishan, year=2026)[0]
    disclosed = {each.id: each.disclosure for each in jishan.minutes}
    assert disclosed[special.id] is regulation.Disclosure.CLOSED
    assert special.id not in {each.meeting for each in jishan.of("publicity")}
    assert jishan.of("publicity")


def test_r043_a_topic_was_returned_and_came_back_changed(ledger, dossier):
    facts = [entry for entry in ledger.entries(XIAXIAN) if entry.topic == "topic.returned"]
    assert len(facts) == 1
    topic = dossier(XIAXIAN).state(facts[0].stream)
    assert (topic.status, topic.content_version) == (topics.Status.RESOLVED, 2)


def test_r048_a_leading_unit_disagrees_so_that_the_topic_never_came_to_a_meeting(played):
    _, office, _ = played
    xiaxian = office.dossier(XIAXIAN)
    stuck = next(each for each in xiaxian.topics if each.status is topics.Status.REPORTED)
    against = [unit for unit, each in stuck.positions.items() if each.stance is topics.Stance.DISAGREE]
    assert [stuck.related[unit] for unit in against] == [topics.Role.LEAD]
    assert all(stuck.id not in each.agenda for each in xiaxian.meetings)
    request = commands.Request(
        tenant=XIAXIAN,
        command=topics.ConfirmConsensus(on=TODAY, side=Side.GOVERNMENT, report_hash=stuck.report.report_hash),
        subject=stuck.id,
        caller=commands.Caller(person=f"p-{XIAXIAN}-go"),
        key="try",
        seen=xiaxian.version(f"topic:{stuck.id}"),
    )
    with pytest.raises(refusals.Refusal) as refused:
        office.submit(request)
    assert refused.value.basis == "R-048"


def test_r078_a_later_meeting_ended_a_decision_at_c6(dossier):
    yanhu = dossier(YANHU)
    first, second = held(yanhu)
    ended = [each for each in yanhu.decisions if each.status is decisions.Status.TERMINATED]
    assert [(each.meeting, each.closed_by_meeting) for each in ended] == [(first.id, second.id)]
    assert [each.item for each in second.closures] == ["C6"]
    issued = next(each for each in yanhu.minutes if each.id == second.id)
    assert issued.content.closures == (ended[0].id,)


def test_r052_another_leader_took_the_chair_with_a_reason(dossier):
    second = held(dossier(YANHU))[1]
    assert (second.chair_title, second.chair_is_principal) == ("常务副区长", False)
    assert second.chair_reason


def test_r064_a_topic_was_deferred(dossier):
    assert [each.status for each in dossier(YANHU).topics].count(topics.Status.DEFERRED) == 1


def test_r077_a_decision_was_fulfilled_late(dossier):
    late = [
        each
        for each in dossier(XIAXIAN).decisions
        if each.deadline and each.fulfilled_on and each.fulfilled_on > each.deadline
    ]
    assert [light(each).text for each in late] == ["逾期办结"]


def test_r006_a_town_with_a_general_union_has_the_uniform_name(dossier):
    wadi = dossier(WADI).pair
    assert wadi.official_name == "闻喜县畖底镇人民政府与闻喜县畖底镇总工会联席会议"
    assert (wadi.mandatory, wadi.voluntary, wadi.adopted_on) == (False, True, date(2025, 5, 20))
    assert [each.ordinal for each in held(dossier(WADI))] == [1, 2]


def test_r007_a_development_zone_has_a_name_of_its_own(dossier):
    zone = dossier(FENGLINGDU).pair
    assert zone.official_name == "山西风陵渡经济开发区管委会与工会联合会联席会议"
    assert zone.office_equivalent
    assert zone.leader_equivalent
    assert [each.name for each in held(dossier(FENGLINGDU))] == [zone.official_name]


def test_r004_a_subdistrict_adopted_too_late_to_be_due_in_2026(dossier):
    assert dossier(CHENGQU).pair.adopted_on == date(2026, 10, 15)
    assert held(dossier(CHENGQU)) == []


def test_r015_every_paper_has_a_number_of_its_pair(dossier):
    for tenant in COUNTIES | BELOW:
        numbers = [each.number for each in dossier(tenant).register.allocations.values()]
        here = [each for each in held(dossier(tenant)) if not each.imported]
        assert len(numbers) == 2 * len(here)


def test_r013_the_worked_example_counts_on_from_its_paper_history(dossier):
    counted = [(each.ordinal, each.imported) for each in held(dossier(RUICHENG))]
    assert counted == [(1, True), (2, False), (3, False)]
    assert not any(each.imported for tenant in COUNTIES - {RUICHENG} for each in held(dossier(tenant)))


@pytest.mark.parametrize(
    "today",
    [
        date(2024, 12, 31),
        date(2025, 1, 6),
        date(2025, 3, 14),
        date(2025, 4, 22),
        date(2025, 7, 1),
        date(2025, 12, 31),
        date(2026, 4, 21),
        date(2026, 7, 16),
    ],
)
def test_on_an_earlier_day_the_scripts_stop_there(today):
    ledger, office, _ = play(today)
    for tenant in ledger.pairs:
        days = business_dates(ledger, tenant)
        assert days == sorted(days)
        assert all(day <= today for day in days)
    assert bool(ledger.pair(RUICHENG).entries) is (today >= date(2025, 1, 6))
    if today == date(2025, 7, 1):
        progress = [each.percent for each in office.dossier(RUICHENG).decisions]
        assert progress == [100, 30, 50, 15, 10]
        assert FENGLINGDU not in {tenant for tenant, pair in ledger.pairs.items() if pair.entries}


def test_a_second_start_plays_nothing_again(played):
    ledger, office, _ = played
    before = {tenant: pair.head for tenant, pair in ledger.pairs.items()}
    told: list[str] = []
    demonstration.play_all(office, today=TODAY, new_id=new_ids(), tell=told.append)
    assert {tenant: pair.head for tenant, pair in ledger.pairs.items()} == before
    assert all(each.endswith("不再演示") for each in told)


def test_r003_pairs_that_are_registered_already_are_played_too():
    office = office_on(MemoryLedger())
    registered = registration(RUICHENG)
    office.submit(registered)
    demonstration.play_all(office, today=TODAY, new_id=new_ids(), tell=lambda _: None)
    assert len(held(office.dossier(RUICHENG))) == 3


def registration(tenant: str) -> commands.Request:
    return commands.Request(
        tenant=tenant,
        command=pairs.RegisterPair(on=date(2024, 3, 12), division_code=tenant, union_division_code=tenant),
        subject=tenant,
        caller=commands.Caller(person="p-someone", administrator=True),
        key="register",
    )


def test_r097_roles_are_posts_of_which_each_is_one_person():
    roles = demonstration.roles()
    persons = [each.person for each in roles]
    assert len(set(persons)) == len(persons)
    assert {each.role for each in roles if each.pair == demonstration.CITY} == {
        "city_reader",
        "auditor",
        "system_administrator",
        "security_administrator",
        "audit_administrator",
    }
    for tenant in COUNTIES | BELOW:
        assert {"go", "uo", "gl", "up"} <= {each.role for each in roles if each.pair == tenant}
    own = {each.role for each in roles if each.pair == RUICHENG}
    assert {"gp", "leader", "sup_g", "sup_u", "dep_caizheng", "dep_jingji", "head_jiaotong"} <= own


@pytest.mark.parametrize("tenant", sorted(COUNTIES | BELOW))
def test_offices_act_on_working_days_and_report_at_the_ends_of_months(ledger, tenant):
    days = PublishedCalendar()
    for entry in ledger.entries(tenant):
        on = date.fromisoformat(json.loads(entry.state)["on"])
        if entry.topic == "decision.progress_reported":
            assert on.month != (on + timedelta(days=1)).month
        else:
            assert days.is_working_day(on), (entry.topic, on)


def test_the_basis_is_the_notice_in_force(dossier):
    for tenant in COUNTIES | BELOW:
        assert dossier(tenant).pair.bases == (procedure.BASIS,)
