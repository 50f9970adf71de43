"""The pair: registration, names, bases, adoption and the declaration that there was no meeting before."""

from dataclasses import replace

import pytest

from application import commands
from domain import consent, pairs, refusals, regulation, topics
from tests import builders as b


def test_r001_one_government_and_one_union_make_a_pair():
    """A pair is registered with exactly one organ of each side."""
    scene = b.given_nothing().when("ADMIN", b.register()).then(pairs.PairRegistered)
    assert (scene.dossier.pair.government, scene.dossier.pair.union) == ("芮城县人民政府", "芮城县总工会")


def test_r001_a_second_registration_is_refused():
    """A registered pair takes no second government or union."""
    b.given_nothing(b.registered()).when("ADMIN", b.register()).refused("R-001", pairs.OneOfEachSide)


@pytest.mark.parametrize("code", ["140881400", "999999"])
def test_r001_what_is_no_tenant_is_refused(code):
    """A prison's code, or one that the register of divisions does not know, makes no pair."""
    command = b.register(division_code=code, union_division_code=code)
    b.given_nothing(division=replace_code(code)).when("ADMIN", command).refused("R-001", pairs.NotATenant)


def replace_code(code):
    return b.COUNTY.model_copy(update={"code": code})


def test_r002_a_union_of_another_division_is_refused():
    """Government and union are of one division."""
    command = b.register(union_division_code="140800")
    b.given_nothing().when("ADMIN", command).refused("R-002", pairs.NotSameLevel)


def test_r002_a_county_pairs_with_a_general_union_only():
    """A county's union of the same level is its general union."""
    command = b.register(union_body=pairs.UnionBody.FEDERATION)
    b.given_nothing().when("ADMIN", command).refused("R-002", pairs.NotSameLevel)


@pytest.mark.parametrize(
    ("division", "body"),
    [
        (b.COUNTY, pairs.GovernmentBody.ADMINISTRATION),
        (b.ZONE, pairs.GovernmentBody.PEOPLES_GOVERNMENT),
        (b.STREET, pairs.GovernmentBody.PEOPLES_GOVERNMENT),
    ],
)
def test_r002_a_government_body_of_another_level_is_refused(division, body):
    """The government's body is that of its division's level."""
    command = b.register(division, government_body=body)
    b.given_nothing(division=division).when("ADMIN", command).refused("R-002", pairs.GovernmentBodyMismatch)


@pytest.mark.parametrize(("division", "mandatory"), [(b.CITY, True), (b.COUNTY, True), (b.TOWN, False)])
def test_r003_the_city_and_its_counties_are_mandatory(division, mandatory):
    """The addressees of the notice must have a conference; whoever adopts by analogy need not."""
    scene = b.given_nothing(b.registered(division), division=division)
    assert scene.dossier.pair.mandatory is mandatory


def test_r004_a_voluntary_pair_declares_its_equivalents():
    """A development zone adopts by naming what stands for the office and for the liaison leader."""
    scene = b.given_nothing(b.registered(b.ZONE), division=b.ZONE)
    after = scene.when("ADMIN", b.adopt(voluntary=True)).then(pairs.BasisCited, pairs.RegimeAdopted)
    assert after.dossier.pair.voluntary


@pytest.mark.parametrize("missing", ["office_equivalent", "leader_equivalent"])
def test_r004_a_voluntary_pair_without_an_equivalent_is_refused(missing):
    """Neither equivalent may be left out or be an empty phrase."""
    scene = b.given_nothing(b.registered(b.ZONE), division=b.ZONE)
    for nothing in ("", "无", "——"):
        command = b.adopt(voluntary=True, **{missing: nothing})
        scene.when("ADMIN", command).refused("R-004", pairs.EquivalentsMissing)


def test_r004_a_mandatory_pair_needs_no_equivalents():
    """A county has the office and the leader themselves."""
    scene = b.given_nothing(b.registered())
    after = scene.when("ADMIN", b.adopt()).then(pairs.BasisCited, pairs.RegimeAdopted)
    assert not after.dossier.pair.voluntary


def test_r004_a_second_adoption_is_refused():
    """A regime is adopted once."""
    b.given().when("ADMIN", b.adopt()).refused("R-004", refusals.AlreadyDone)


def test_r004_a_voluntary_pair_does_nothing_before_it_adopts():
    """Without a regime a voluntary pair proposes no topic and plans no meeting."""
    scene = b.given_nothing(b.registered(b.ZONE), b.staffed, division=b.ZONE)
    proposed = topics.ProposeTopic(on=b.day(3, 3), unit="hr", content=b.content())
    scene.when("HR", proposed).refused("R-004", refusals.WrongState)
    scene.when("GO", b.meetings.PlanMeeting(on=b.day(1, 20), year=2025)).refused("R-004")
    scene.when("GO", b.request_special(side=b.GOV)).refused("R-004")
    scene.play(b.adopted).when("HR", proposed).then(topics.TopicProposed)


@pytest.mark.parametrize(
    ("division", "name"),
    [
        (b.CITY, "运城市人民政府与运城市总工会联席会议"),
        (b.COUNTY, "芮城县人民政府与芮城县总工会联席会议"),
        (b.TOWN, "芮城县古魏镇人民政府与芮城县古魏镇总工会联席会议"),
    ],
)
def test_r006_the_name_is_computed_from_full_names(division, name):
    """Wherever there is a people's government and a general union, the name follows the template."""
    assert b.given_nothing(b.registered(division), division=division).dossier.pair.official_name == name


def test_r006_the_uniform_name_cannot_be_edited():
    """A pair with the uniform name sets no other."""
    command = pairs.SetNamePattern(on=b.day(1, 7), official_name="芮城县政府与工会联席会议")
    b.given().when("GO", command).refused("R-006", pairs.NameIsFixed)


def voluntary_zone():
    return b.given_nothing(b.registered(b.ZONE), b.staffed, b.adopted, division=b.ZONE)


def test_r007_another_body_sets_a_name_that_ends_properly():
    """A development zone names its conference itself."""
    name = "山西风陵渡经济开发区管委会与工会联合会联席会议"
    command = pairs.SetNamePattern(on=b.day(1, 7), official_name=name)
    scene = voluntary_zone().when("GO", command).then(pairs.NamePatternSet)
    assert scene.dossier.pair.official_name == name
    scene.when("GO", command).then()


@pytest.mark.parametrize("name", ["风陵渡开发区协商会", "联席会议", "——联席会议"])
def test_r007_a_name_that_ends_otherwise_or_says_nothing_is_refused(name):
    """Every name ends with 联席会议 and says whose it is."""
    command = pairs.SetNamePattern(on=b.day(1, 7), official_name=name)
    voluntary_zone().when("GO", command).refused("R-007", pairs.NameMustEndProperly)


def test_r007_a_town_without_a_general_union_sets_its_name():
    """A town whose union is no general union is one of the other bodies."""
    town = b.registered(b.TOWN, union_body=pairs.UnionBody.FEDERATION)
    scene = b.given_nothing(town, b.staffed, b.adopted, division=b.TOWN)
    command = pairs.SetNamePattern(on=b.day(1, 7), official_name="古魏镇人民政府与工会联合会联席会议")
    scene.when("GO", command).then(pairs.NamePatternSet)


def test_r009_the_regime_cites_a_basis_in_force():
    """Every cited basis is kept with the regime."""
    command = b.adopt(bases=("晋政办发〔2023〕81号", "运政办发〔2024〕7号"))
    scene = b.given_nothing(b.registered()).when("ADMIN", command)
    after = scene.then(pairs.BasisCited, pairs.BasisCited, pairs.RegimeAdopted)
    assert after.dossier.pair.bases == ("晋政办发〔2023〕81号", "运政办发〔2024〕7号")


@pytest.mark.parametrize(
    "bases",
    [
        (),
        ("运政办发〔2003〕66号",),
        ("运政办发〔2024〕7号", "运政办发〔2003〕66号"),
        ("运政办发〔2099〕1号",),
    ],
)
def test_r009_no_basis_or_a_repealed_or_unknown_one_is_refused(bases):
    """At least one basis, and each of them known and in force on the day."""
    scene = b.given_nothing(b.registered())
    scene.when("ADMIN", b.adopt(bases=bases)).refused("R-009", pairs.BasisNotInForce)


def test_r010_the_rules_of_2024_judge_meetings_held_from_the_day_of_issue():
    """The day of issue, 12 March 2024, is included."""
    assert regulation.rule_version(b.day(3, 11, 2024)) == "2003"
    assert regulation.rule_version(b.day(3, 12, 2024)) == "2024"


def test_r011_the_rule_of_2003_ends_on_the_day_of_issue():
    """The old basis may be cited up to the day before its repeal."""
    old = regulation.basis("运政办发〔2003〕66号")
    new = regulation.basis("运政办发〔2024〕7号")
    days = (b.day(3, 11, 2024), b.day(3, 12, 2024))
    assert [old.in_force(day) for day in days] == [True, False]
    assert [new.in_force(day) for day in days] == [False, True]


def test_r028_history_is_known_once_both_sides_declared_that_there_was_none():
    """One side's declaration is not enough."""
    scene = b.given_nothing(b.registered(), b.staffed)
    one = scene.act("GO", pairs.DeclareNoHistory(on=b.day(1, 6), side=b.GOV))
    assert not one.dossier.pair.history_known
    both = one.when("UO", pairs.DeclareNoHistory(on=b.day(1, 6), side=b.UNION)).then(pairs.NoHistoryDeclared)
    assert both.dossier.pair.history_known


def test_r028_one_person_does_not_declare_for_both_sides():
    """The second declaration is another person's."""
    scene = b.given_nothing(b.registered(), b.staffed, b.one_person_on_both_sides)
    scene = scene.act(b.BOTH, pairs.DeclareNoHistory(on=b.day(1, 6), side=b.GOV))
    command = pairs.DeclareNoHistory(on=b.day(1, 6), side=b.UNION)
    scene.when(b.BOTH, command).refused("R-028", consent.OnePersonForBoth)
    scene.when("UO", command).then(pairs.NoHistoryDeclared)


def test_r028_nobody_declares_for_the_other_side_or_twice():
    """A side declares for itself, once."""
    scene = b.given_nothing(b.registered(), b.staffed)
    command = pairs.DeclareNoHistory(on=b.day(1, 6), side=b.GOV)
    scene.when("UO", command).refused("R-028", consent.NotYourSide)
    scene.act("GO", command).when("GO", command).refused("R-028", consent.AlreadyConsented)


def test_r093_nothing_about_a_pair_is_dated_before_its_registration():
    """The registration is what every act on the pair rests on."""
    scene = b.given_nothing(b.registered())
    scene.when("ADMIN", b.adopt(on=b.day(1, 5))).refused("R-093", refusals.BeforeItsBasis)


def test_r095_an_unregistered_pair_is_unknown():
    """Before its registration a pair answers nobody."""
    with pytest.raises(commands.UnknownPair):
        b.given_nothing().when("ADMIN", b.adopt())


def test_r095_who_has_nothing_to_do_with_a_pair_is_not_told_that_it_exists():
    """A person without any post in a pair is answered as if there were none."""
    with pytest.raises(commands.UnknownPair):
        b.given().when("stranger", pairs.DeclareNoHistory(on=b.day(1, 6), side=b.GOV))


def test_r093_a_registration_in_the_future_is_refused():
    """A business date is never later than today."""
    scene = replace(b.given_nothing(), today=b.day(1, 5))
    scene.when("ADMIN", b.register()).refused("R-093", refusals.InTheFuture)
