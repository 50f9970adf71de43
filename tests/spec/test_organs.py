"""What organs, units and conferences are called, from when on; and the pairs of industries."""

import csv
from importlib import resources

import pytest

from application import surroundings, views
from domain import consent, meetings, organs, pairs, people, refusals
from domain.pairs import DivisionKind, GovernmentBody, UnionBody
from infrastructure import divisions
from tests import builders as b

REGISTER = divisions.PackagedDivisions()
TENANTS = [each for each in REGISTER.all() if each.kind is not DivisionKind.NOT_A_TENANT]
OTHERS = [each for each in REGISTER.all() if each.kind is DivisionKind.NOT_A_TENANT]
MAY, JUNE = b.day(5, 1), b.day(6, 1)
BODIES = {DivisionKind.SUBDISTRICT: "办事处", DivisionKind.DEVELOPMENT_ZONE: "管委会"}


def data():
    """Read the data file again, past the program's own reader."""
    file = resources.files("infrastructure") / "data" / "divisions-yuncheng.tsv"
    return list(csv.DictReader(file.read_text("utf-8").splitlines(), delimiter="\t"))


def test_r001_the_register_holds_166_tenants_and_nine_that_are_none():
    """One city, 13 counties, 94 towns, 38 townships, 15 subdistricts and 5 development zones."""
    counted = {kind: sum(each.kind is kind for each in TENANTS) for kind in DivisionKind}
    assert (len(TENANTS), len(OTHERS), len(data())) == (166, 9, 175)
    assert counted == {
        DivisionKind.CITY: 1,
        DivisionKind.COUNTY: 13,
        DivisionKind.SUBDISTRICT: 15,
        DivisionKind.TOWN: 94,
        DivisionKind.TOWNSHIP: 38,
        DivisionKind.DEVELOPMENT_ZONE: 5,
        DivisionKind.INDUSTRY: 0,
        DivisionKind.NOT_A_TENANT: 0,
    }


@pytest.mark.parametrize("row", data(), ids=lambda row: row["code"])
def test_r006_every_division_of_the_data_gets_its_right_name_or_is_refused(row, monkeypatch):
    """The name is made of the full names of both organs; what is no tenant makes no pair (R-001)."""
    division = REGISTER.find(row["code"])
    monkeypatch.setitem(b.DIVISIONS, division.code, division)
    union = UnionBody.GENERAL_UNION if division.mandatory else UnionBody.FEDERATION
    done = b.given_nothing(division=division).when("ADMIN", b.register(division, union_body=union))
    if row["kind"] == "not_a_tenant":
        done.refused("R-001", pairs.NotATenant)
        return
    pair = done.then(pairs.PairRegistered).dossier.pair
    county = {each["code"]: each["name"] for each in data()}.get(row["parent"], "")
    inside = row["kind"] in {"town", "township", "subdistrict"}
    name = f"{county if inside else ''}{row['name']}"
    organ = BODIES.get(division.kind, "人民政府")
    assert pair.official_name == f"{name}{organ}与{name}{union.value}联席会议"
    assert pair.mandatory == (row["duty"] == "mandatory")


@pytest.mark.parametrize("kind", [DivisionKind.TOWN, DivisionKind.TOWNSHIP])
def test_r006_a_town_with_a_general_union_has_the_uniform_name(kind):
    """镇 and 乡 whose union is a 总工会 are called as counties are, and nothing else."""
    division = b.TOWN.model_copy(update={"kind": kind})
    scene = b.blank(division)
    done = organs.decide(b.register(division), scene.dossier.pair, by=by(), division=division)
    pair = pairs.evolve(scene.dossier.pair, done[0])
    assert pair.has_fixed_name
    assert pair.official_name == "芮城县古魏镇人民政府与芮城县古魏镇总工会联席会议"
    with pytest.raises(pairs.NameIsFixed):
        organs.decide(pairs.SetNamePattern(on=b.day(1, 7), official_name="古魏镇联席会议"), pair, by=by())


def by():
    return b.given().dossier.posts["post-GO"].signatory()


def rename(side=b.GOV, name="芮城市人民政府", since=JUNE, **change):
    return pairs.RenameOrgan(**{"on": JUNE, "side": side, "name": name, "valid_from": since, **change})


@pytest.mark.parametrize("role", ["ADMIN", "GO"])
def test_r014_a_renamed_organ_changes_the_official_name_from_its_day(role):
    """The uniform name is made of the new full names; before that day it is what it was."""
    scene = b.given().when(role, rename()).then(pairs.OrganRenamed)
    union = rename(b.UNION, "芮城市总工会", b.day(6, 10), on=b.day(6, 10))
    pair = scene.when("UO", union).then(pairs.OrganRenamed).dossier.pair
    assert pair.official_name == "芮城市人民政府与芮城市总工会联席会议"
    assert [(each.since, each.name) for each in pair.official_names] == [
        (b.day(1, 6), "芮城县人民政府与芮城县总工会联席会议"),
        (b.day(6, 1), "芮城市人民政府与芮城县总工会联席会议"),
        (b.day(6, 10), "芮城市人民政府与芮城市总工会联席会议"),
    ]
    assert (pair.organ_on(b.GOV, b.day(5, 31)), pair.government) == ("芮城县人民政府", "芮城市人民政府")
    assert pair.name_on(b.day(5, 31, 2003)) == "芮城县人民政府与芮城县总工会联席会议"


@pytest.mark.parametrize(
    ("role", "command", "requirement", "kind"),
    [
        ("GO", rename(name="芮城市政府"), "R-006", organs.OrganNameUnfit),
        ("GO", rename(name="人民政府"), "R-006", organs.OrganNameUnfit),
        ("UO", rename(b.UNION, "芮城市工会联合会"), "R-006", organs.OrganNameUnfit),
        ("GO", rename(b.UNION, "芮城市总工会"), "R-014", consent.NotYourSide),
        ("UO", rename(), "R-014", consent.NotYourSide),
        ("GO", rename(since=b.day(6, 2)), "R-093", refusals.BeforeItsBasis),
        ("GO", rename(name="无"), "R-014", refusals.TextMissing),
        ("GP", rename(), "R-014", refusals.NotEntitled),
    ],
)
def test_r014_a_new_name_that_does_not_fit_is_refused(role, command, requirement, kind):
    """By its own side, once it is used, and ending as an organ of its kind does."""
    b.given().when(role, command).refused(requirement, kind)


def test_r014_the_same_name_again_is_nothing_new():
    """A retry is harmless."""
    b.given().act("GO", rename()).when("GO", rename()).then()


def test_r007_a_name_that_was_set_stands_until_it_is_set_again():
    """A renamed organ leaves it as it is; before it was set, the template holds."""
    scene = b.given_nothing(b.registered(b.ZONE), b.staffed, division=b.ZONE)
    named = pairs.SetNamePattern(on=b.day(3, 1), official_name="风陵渡开发区管委会与工会联席会议")
    scene = scene.act("GO", named)
    zone = rename(name="风陵渡经济技术开发区管理委员会")
    pair = scene.when("GO", zone).then(pairs.OrganRenamed).dossier.pair
    assert pair.official_name == "风陵渡开发区管委会与工会联席会议"
    before = "山西风陵渡经济开发区管委会与山西风陵渡经济开发区总工会联席会议"
    assert pair.name_on(b.day(2, 28)) == before
    scene.when("GO", named.model_copy(update={"on": b.day(3, 5)})).then()


def unit(name, since, on=MAY):
    return people.RenameUnit(on=on, name=name, valid_from=since)


def test_r014_a_units_names_follow_their_days_also_back_to_2003():
    """The office was 办公厅 in 2003 and is 办公室 since 2024; either document shows the name of its day."""
    office = people.RegisterUnit(on=b.day(1, 7), name="运城市人民政府办公室", side=b.GOV)
    scene = b.given().act("ADMIN", office, subject="go")
    scene = scene.when("ADMIN", unit("运城市人民政府办公厅", b.day(6, 2, 2003)), subject="go").then(
        people.UnitRenamed
    )
    assert scene.dossier.units["go"].name == "运城市人民政府办公室"
    scene = scene.act("ADMIN", unit("运城市人民政府办公室", b.day(3, 12, 2024)), subject="go")
    known = scene.dossier.units["go"]
    names = [known.name_on(on) for on in (b.day(6, 2, 2003), b.day(3, 11, 2024), b.day(3, 12, 2024))]
    assert names == ["运城市人民政府办公厅", "运城市人民政府办公厅", "运城市人民政府办公室"]
    assert known.name_on(b.day(1, 1, 1990)) == "运城市人民政府办公厅"


def test_r014_a_unit_that_is_unknown_nameless_or_not_yet_so_called_is_refused():
    """A name follows its unit's registration and its own first day."""
    scene = b.given()
    scene.when("ADMIN", unit("县卫健局", b.day(5, 1)), subject="new").refused("R-014", refusals.NotFound)
    scene.when("ADMIN", unit("——", b.day(5, 1)), subject="hr").refused("R-014", refusals.TextMissing)
    scene.when("ADMIN", unit("县人社局", b.day(5, 2)), subject="hr").refused("R-093", refusals.BeforeItsBasis)
    early = unit("县人社局", b.day(1, 1), on=b.day(1, 5))
    scene.when("ADMIN", early, subject="hr").refused("R-093", refusals.BeforeItsBasis)
    scene.when("GO", unit("县人社局", b.day(5, 1)), subject="hr").refused("R-014", refusals.NotEntitled)
    scene.when("ADMIN", unit(b.UNITS["hr"][0], b.day(5, 1)), subject="hr").then()


def test_r014_documents_show_the_names_of_their_own_day():
    """Notice, meeting and minutes keep the name of their day, however late the renaming is entered."""
    both = (rename(since=b.day(4, 20)), rename(b.UNION, "芮城市总工会", b.day(4, 20)))
    scene = b.given(b.topic(), b.meeting(until=meetings.Status.MATERIALS_FROZEN))
    scene = scene.act("ADMIN", both[0]).act("ADMIN", both[1])
    done = scene.when("GO", b.hold(b.day(4, 22), on=b.day(6, 1)))
    (noticed,) = [fact for _, fact in scene.history if isinstance(fact, meetings.NoticeIssued)]
    assert noticed.meeting_name == "芮城县人民政府与芮城县总工会联席会议"
    assert done.fact(meetings.MeetingHeld).name == "芮城市人民政府与芮城市总工会联席会议"
    sitting = surroundings.of_minutes(done.scene.dossier, "M1", on=b.day(6, 1))
    assert sitting.name == "芮城市人民政府与芮城市总工会联席会议第1次会议"


def test_r014_a_decision_names_its_units_as_its_minutes_did():
    """A later name leaves it alone; a name that already held on its day is seen at once, in every row."""
    scene = b.given(b.topic(), b.meeting(), b.minuted())
    for since, shown in ((b.day(5, 1), "芮城县人力资源和社会保障局"), (b.day(4, 1), "芮城县人社局")):
        before = scene.dossier
        scene = scene.act("ADMIN", unit("芮城县人社局", since), subject="hr")
        changed = {(row.view, row.id): row for row in views.changed(before, scene.dossier, {"unit:hr"})}
        every = {(row.view, row.id): row for row in views.all_rows(scene.dossier)}
        assert changed["decision", "M1-01"].body["lead_unit_names"] == [shown]
        assert all(every[key] == row for key, row in changed.items())


def industry(**change):
    return b.given_nothing(division=b.INDUSTRY).when("ADMIN", b.register(b.INDUSTRY, **change))


def test_a20_an_industry_pairs_its_department_with_its_union():
    """The department is the government's side, the name follows the template and may be set (R-007)."""
    scene = industry().then(pairs.PairRegistered)
    pair = scene.dossier.pair
    assert pair.official_name == "芮城县交通运输局与芮城县交通运输产业工会联席会议"
    assert (pair.mandatory, pair.has_fixed_name, pair.division.full_name) == (False, False, "芮城县交通运输")
    scene = scene.play(b.staffed)
    named = pairs.SetNamePattern(on=b.day(3, 1), official_name="芮城县交通运输行业联席会议")
    scene.when("GO", named).then(pairs.NamePatternSet)
    scene.when("ADMIN", b.adopt()).refused("R-004", pairs.EquivalentsMissing)
    scene.when("ADMIN", b.adopt(voluntary=True)).accepted()
    moved = rename(name="芮城县交通局")
    scene.when("GO", moved).then(pairs.OrganRenamed)
    union = rename(b.UNION, "芮城县交通行业工会")
    scene.when("UO", union).then(pairs.OrganRenamed)


@pytest.mark.parametrize(
    ("change", "requirement", "kind"),
    [
        ({"government_body": GovernmentBody.PEOPLES_GOVERNMENT}, "R-002", pairs.GovernmentBodyMismatch),
        ({"union_body": UnionBody.GENERAL_UNION}, "R-002", pairs.NotSameLevel),
        ({"union_division_code": "140830"}, "R-002", pairs.NotSameLevel),
        ({"government_name": "运城市交通运输局"}, "R-002", pairs.NotSameLevel),
        ({"union_name": "盐湖区交通运输产业工会"}, "R-002", pairs.NotSameLevel),
        ({"union_name": "芮城县交通运输协会"}, "R-006", organs.OrganNameUnfit),
        ({"government_name": ""}, "R-007", refusals.TextMissing),
        ({"union_name": "无"}, "R-007", refusals.TextMissing),
        ({"industry": ""}, "R-007", refusals.TextMissing),
        ({"division_code": "140830100-JT"}, "R-001", pairs.NotATenant),
        ({"division_code": "140830-jt"}, "R-001", pairs.NotATenant),
        ({"division_code": "140830-J"}, "R-001", pairs.NotATenant),
        ({"division_code": "140899-JT"}, "R-001", pairs.NotATenant),
        ({"division_code": "140830-JTYSJ12"}, "R-001", pairs.NotATenant),
    ],
)
def test_a20_an_industry_that_does_not_fit_is_refused(change, requirement, kind):
    """Of a city or county of the register, with both organs named, of that area and of that kind."""
    industry(**change).refused(requirement, kind)


@pytest.mark.parametrize("field", ["industry", "government_name", "union_name"])
def test_r007_other_pairs_do_not_choose_their_organs_names(field):
    """Their names follow from the register of divisions."""
    command = b.register(**{field: "芮城县总工会"})
    b.given_nothing().when("ADMIN", command).refused("R-007", organs.OnlyOfIndustries)
