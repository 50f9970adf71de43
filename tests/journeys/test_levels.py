"""Every level that may adopt the regime by analogy goes the main path under its own names; one leaves."""

import pytest

from application import commands
from domain import decisions, meetings, minutes, pairs, people, publicity, refusals
from domain.pairs import DivisionKind, GovernmentBody, UnionBody
from infrastructure.divisions import PackagedDivisions
from tests import builders as b
from tests.journeys.stages import office_on

BODIES = {
    DivisionKind.SUBDISTRICT: (GovernmentBody.SUBDISTRICT_OFFICE, UnionBody.WORKING_COMMITTEE),
    DivisionKind.DEVELOPMENT_ZONE: (GovernmentBody.ADMINISTRATION, UnionBody.FEDERATION),
}
# Division -> its union, the name of its conference, and what its office, a department and its union's are called.
LEVELS = {
    "town": (
        b.TOWN,
        UnionBody.GENERAL_UNION,
        "芮城县古魏镇人民政府与芮城县古魏镇总工会联席会议",
        ("古魏镇党政综合办公室", "古魏镇经济发展办公室"),
    ),
    "subdistrict": (
        b.STREET,
        UnionBody.WORKING_COMMITTEE,
        "盐湖区中城街道办事处与盐湖区中城街道工会工作委员会联席会议",
        ("中城街道综合办公室", "中城街道社会事务办公室"),
    ),
    "zone": (
        b.ZONE,
        UnionBody.FEDERATION,
        "山西风陵渡经济开发区管委会与山西风陵渡经济开发区工会联合会联席会议",
        ("开发区综合管理部", "开发区企业服务部"),
    ),
    "industry": (
        b.INDUSTRY,
        UnionBody.INDUSTRIAL_UNION,
        "芮城县交通运输局与芮城县交通运输产业工会联席会议",
        ("县交通运输局办公室", "县道路运输服务中心"),
    ),
}


def begun(level):
    """Register a pair of a level, name its units, and adopt."""
    division, union, _, (office, department) = LEVELS[level]
    scene = b.given_nothing(b.registered(division, union_body=union), b.staffed, division=division)
    pair = scene.dossier.pair
    for unit, name in (
        ("gov", pair.government),
        ("union", pair.union),
        ("office", office),
        ("hr", department),
    ):
        called = people.RenameUnit(on=b.day(1, 6), name=name, valid_from=b.day(1, 6))
        scene = scene.act("ADMIN", called, subject=unit)
    return scene.play(b.adopted, b.without_history, b.with_liaison)


@pytest.mark.parametrize("level", LEVELS)
def test_r004_a_level_below_the_mandatory_ones_adopts_under_its_own_name(level):
    """Only with its equivalents; it is voluntary, and its notices carry its own name."""
    division, union, name, _ = LEVELS[level]
    scene = b.given_nothing(b.registered(division, union_body=union), b.staffed, division=division)
    scene.when("HR", b.topics.ProposeTopic(on=b.day(3, 1), unit="hr", content=b.content())).refused("R-004")
    scene.when("ADMIN", b.adopt()).refused("R-004", pairs.EquivalentsMissing)
    ready = begun(level)
    assert (ready.dossier.pair.official_name, ready.dossier.pair.voluntary) == (name, True)
    fixed = level == "town"
    other = pairs.SetNamePattern(on=b.day(1, 7), official_name="本级联席会议")
    done = ready.when("GO", other)
    assert isinstance(done.refusal, pairs.NameIsFixed) if fixed else done.refusal is None
    noticed = ready.play(b.topic(), b.meeting(until=meetings.Status.NOTICED))
    assert noticed.meeting().notice.meeting_name == name


@pytest.mark.parametrize("level", ["subdistrict", "zone", "industry"])
def test_r004_a_level_holds_its_meeting_and_issues_its_minutes(level):
    """The same gates as for everybody else."""
    scene = begun(level).play(b.topic(), b.meeting(), b.minuted())
    assert scene.minutes().status is minutes.Status.ISSUED
    assert scene.minutes().content.title == f"{LEVELS[level][2]}第1次会议纪要"
    assert scene.decision().open


def test_r004_a_town_goes_the_whole_way():
    """From the draft of a topic to what was published of its effect."""
    scene = begun("town").play(b.topic(), b.meeting(), b.minuted(), b.decided())
    assert scene.decision().status is decisions.Status.FULFILLED
    scene.when("GO", b.publish()).then(publicity.PublicityRecorded)


def test_r005_a_subdistrict_leaves_and_finishes_what_was_agreed():
    """Its decisions stay open until they are done; nothing new begins."""
    scene = begun("subdistrict").play(b.topic(), b.meeting(), b.minuted())
    left = scene.act(
        "GO", pairs.WithdrawRegime(on=b.day(5, 6), last_day=b.day(5, 5), reason="辖区划入开发区统一办理")
    )
    left.when("GO", meetings.PlanMeeting(on=b.day(5, 6), year=2025), subject="M2").refused("R-005")
    done = left.play(b.decided())
    assert done.decision().status is decisions.Status.FULFILLED


def test_r001_every_tenant_of_the_register_enters_through_the_office():
    """166 ledgers of one fact each, each under its own code; the nine others leave nothing behind."""
    office, register = office_on(), PackagedDivisions()
    admin = commands.Caller(person="admin", administrator=True)
    entered, refused = {}, []
    for division in register.all():
        government, union = BODIES.get(
            division.kind, (GovernmentBody.PEOPLES_GOVERNMENT, UnionBody.GENERAL_UNION)
        )
        command = b.register(division, government_body=government, union_body=union)
        asked = commands.Request(
            tenant=division.code, command=command, subject=division.code, caller=admin, key="register"
        )
        try:
            office.submit(asked)
        except refusals.Refusal as refusal:
            refused.append((division.kind, refusal.basis))
        pair = office.dossier(division.code).pair
        if pair.division is not None:
            entered[division.code] = pair
    assert len(entered) == len({pair.official_name for pair in entered.values()}) == 166
    assert refused == [(DivisionKind.NOT_A_TENANT, "R-001")] * 9
    assert sum(pair.mandatory for pair in entered.values()) == 14
    assert all(pair.has_fixed_name for pair in entered.values() if pair.division.kind not in BODIES)
