"""What a pair adopts of its city's standards, from when it is in force, and what a repeal does to a regime."""

from datetime import date, timedelta

import pytest

from application import dossier as dossiers
from domain import calendar, catalogue, norms, pairs, refusals, regulation, rulebook
from infrastructure.holidays import PublishedCalendar
from tests import builders as b
from tests import rules

ON = date(2026, 11, 2)
NEXT_DAY = date(2026, 11, 3)
DAYS = calendar.WeekdayCalendar()


def city(*commands):
    scene = rules.city()
    for command in commands:
        scene = scene.act("GO", command)
    return scene


def county(*commands, on=ON):
    """Give a county's pair beside a city that has set something."""
    return b.given().on(on).beside(city(*commands))


def test_r010_a_pair_adopts_each_entry_with_its_source():
    """One fact an entry, in order, with the place in the city's ledger; then nothing is new."""
    beside = city(rules.set_parameters(ON, publicity_days=15), rules.publish(ON), rules.register_basis(ON))
    scene = b.given().on(ON).beside(beside)
    done = scene.when("CLOCK", rules.adopt(ON))
    scene = done.then(rulebook.ParametersAdopted, rulebook.CalendarAdopted, rulebook.BasisAdopted)
    source = done.fact(rulebook.ParametersAdopted).source
    head = beside.dossier.head
    assert source == norms.Source(pair="140800", position=head.position, hash=head.hash.hex())
    scene.when("CLOCK", rules.adopt(ON)).then()
    assert scene.dossier.rulebook.adopted == 3


def test_r010_only_what_is_new_is_adopted():
    """Entries adopted before are not adopted again."""
    first = city(rules.set_parameters(ON, publicity_days=15))
    scene = b.given().on(ON).beside(first).act("GO", rules.adopt(ON))
    later = scene.on(NEXT_DAY).beside(first.act("GO", rules.publish(NEXT_DAY)))
    later.when("UO", rules.adopt(NEXT_DAY)).then(rulebook.CalendarAdopted)


def test_r010_adoption_is_never_backdated():
    """A past day would be judged by what nobody knew then."""
    scene = county(rules.set_parameters(ON), on=NEXT_DAY)
    scene.when("GO", rules.adopt(ON)).refused("R-010", rulebook.OnlyToday)
    scene.when("GO", rules.adopt(NEXT_DAY)).then(rulebook.ParametersAdopted)


@pytest.mark.parametrize("role", ["HR", "GL", "UP", "ADMIN"])
def test_r010_the_offices_and_the_clock_adopt(role):
    """Nobody else."""
    county().when(role, rules.adopt(ON)).refused("R-010", refusals.NotEntitled)


def test_r010_a_change_in_the_city_does_nothing_before_its_adoption():
    """The pair is judged by its own ledger alone."""
    scene = county(rules.set_parameters(ON, publicity_days=15))
    assert scene.dossier.rulebook.parameters(date.max) == regulation.PARAMETERS
    assert scene.dossier.rulebook.parameters_version(date.max) == 1


def test_r010_what_is_adopted_is_in_force_from_the_next_day_at_the_earliest():
    """The day of adoption and every day before it stay as they were."""
    known = county(rules.set_parameters(ON, publicity_days=15)).play(rules.adopting()).dossier.rulebook
    assert [known.parameters(day).publicity_days for day in (ON, NEXT_DAY)] == [20, 15]
    assert [known.parameters_version(day) for day in (ON, NEXT_DAY)] == [1, 2]


def test_r010_what_is_in_force_later_waits_for_its_day():
    """Its own date of effect counts where it is later."""
    new_year = date(2027, 1, 1)
    command = rules.set_parameters(ON, effective_from=new_year, publicity_days=15)
    known = county(command).play(rules.adopting()).dossier.rulebook
    days = (new_year - timedelta(days=1), new_year)
    assert [known.parameters(day).publicity_days for day in days] == [20, 15]


def test_r010_of_two_versions_the_later_one_counts():
    """Also where both were adopted on one day."""
    one, two = rules.set_parameters(ON, publicity_days=15), rules.set_parameters(ON, publicity_days=12)
    known = county(one, two).play(rules.adopting()).dossier.rulebook
    assert (known.parameters(NEXT_DAY).publicity_days, known.parameters_version(NEXT_DAY)) == (12, 3)


def test_r010_a_city_adopts_its_own_standards():
    """As any other pair; it is judged by them from the next day on."""
    scene = city(rules.set_parameters(ON, publicity_days=15)).on(ON)
    scene = scene.when("CLOCK", rules.adopt(ON)).then(rulebook.ParametersAdopted)
    assert scene.dossier.rulebook.parameters(NEXT_DAY).publicity_days == 15


def test_r010_without_a_city_there_is_nothing_to_adopt():
    """A city whose pair is not registered has set nothing."""
    b.given().on(ON).when("CLOCK", rules.adopt(ON)).then()


def test_r093_a_rulebook_follows_from_the_pairs_own_entries_alone():
    """Folded again from its own bytes, with no city beside it, it is the same."""
    scene = county(
        rules.set_parameters(ON, publicity_days=15),
        rules.publish(ON),
        rules.register_basis(ON),
        rules.repeal(ON),
    ).play(rules.adopting())
    again = dossiers.Dossier(tenant=scene.dossier.tenant)
    read = [
        (stream, catalogue.decode(type(fact).topic, catalogue.encode(fact)))
        for stream, fact in (*b.given().history, *scene.history)
        if stream == "rulebook"
    ]
    again = dossiers.evolve(again, read)
    assert again.rulebook == scene.dossier.rulebook
    assert again.rulebook.parameters(NEXT_DAY).publicity_days == 15


# --- bases and their repeal (R-009, R-011, R-012) -----------------------------------------------------------------


def test_r009_an_adopted_basis_can_be_cited_from_the_next_day():
    """Before its adoption, and on the day of it, nobody knew it."""
    beside = city(rules.register_basis(ON))
    fresh = b.given_nothing(b.registered(), b.staffed).on(ON).beside(beside)
    fresh.when("ADMIN", b.adopt(on=ON, bases=(rules.NEXT,))).refused("R-009", pairs.BasisNotInForce)
    scene = fresh.play(rules.adopting())
    scene.when("ADMIN", b.adopt(on=ON, bases=(rules.NEXT,))).refused("R-009", pairs.BasisNotInForce)
    cited = b.adopt(on=NEXT_DAY, bases=(rules.NEXT,))
    scene.on(NEXT_DAY).when("ADMIN", cited).then(pairs.BasisCited, pairs.RegimeAdopted)


def test_r011_an_adopted_repeal_ends_citation():
    """From the day on which it reached the pair."""
    fresh = b.given_nothing(b.registered(), b.staffed).on(ON).beside(city(rules.repeal(ON)))
    scene = fresh.play(rules.adopting()).on(NEXT_DAY)
    scene.when("ADMIN", b.adopt(on=NEXT_DAY)).refused("R-009", pairs.BasisNotInForce)
    scene.when("ADMIN", b.adopt(on=ON)).then(pairs.BasisCited, pairs.RegimeAdopted)


def test_r012_a_regime_whose_only_basis_is_repealed_is_flagged_until_it_rebases():
    """The flag stays open until other bases are cited, and then it is gone."""
    scene = county(rules.register_basis(ON), rules.repeal(ON))
    scene = scene.when("CLOCK", rules.adopt(ON)).then(
        rulebook.BasisAdopted, rulebook.RepealAdopted, rulebook.RepealFlagRaised
    )
    flag = scene.dossier.rulebook.flag
    assert (flag.bases, flag.since, flag.raised_on) == ((rules.PRESENT,), NEXT_DAY, ON)
    scene = scene.on(NEXT_DAY)
    scene.when("CLOCK", rules.adopt(NEXT_DAY)).then()
    done = scene.when("GO", rulebook.RebaseRegime(on=NEXT_DAY, bases=(rules.NEXT,)))
    scene = done.then(pairs.BasisCited, rulebook.FlagCleared)
    assert scene.dossier.rulebook.flag is None
    assert scene.dossier.pair.bases == (rules.PRESENT, rules.NEXT)
    scene.when("CLOCK", rules.adopt(NEXT_DAY)).then()


def test_r012_a_repeal_that_lies_ahead_flags_when_it_comes():
    """Until the day before it the basis holds."""
    new_year = date(2027, 1, 1)
    scene = county(rules.repeal(ON, repealed_on=new_year)).act("CLOCK", rules.adopt(ON))
    assert scene.dossier.rulebook.flag is None
    for day in (date(2026, 12, 30), date(2026, 12, 31)):
        scene = scene.on(day).act("CLOCK", rules.adopt(day))
        assert (scene.dossier.rulebook.flag is not None) is (day == date(2026, 12, 31))
    assert scene.dossier.rulebook.flag.since == new_year


def test_r012_a_regime_with_another_basis_is_not_flagged():
    """One basis in force is enough; the flag is raised when that one goes as well."""
    both = b.adopt(bases=(rules.PROVINCE, rules.PRESENT))
    beside = city(rules.repeal(ON))
    scene = b.given_nothing(b.registered(), b.staffed).act("ADMIN", both).on(ON).beside(beside)
    scene = scene.when("CLOCK", rules.adopt(ON)).then(rulebook.RepealAdopted)
    later = scene.on(NEXT_DAY).beside(beside.act("GO", rules.repeal(NEXT_DAY, rules.PROVINCE)))
    later.when("CLOCK", rules.adopt(NEXT_DAY)).then(rulebook.RepealAdopted, rulebook.RepealFlagRaised)


def test_r012_a_regime_under_the_rule_of_2003_is_flagged_since_its_repeal():
    """The built-in repeal counts as every other; nothing has to be adopted for it."""
    then = date(2023, 6, 1)
    scene = b.given_nothing(b.registered(on=then), b.staffed)
    scene = scene.act("ADMIN", b.adopt(on=then, bases=(rules.OLD,)))
    before = scene.on(date(2024, 3, 10))
    before.when("CLOCK", rules.adopt(date(2024, 3, 10))).then()
    scene = scene.on(ON).when("CLOCK", rules.adopt(ON)).then(rulebook.RepealFlagRaised)
    assert scene.dossier.rulebook.flag.since == date(2024, 3, 12)
    again = rulebook.RebaseRegime(on=ON, bases=(rules.PRESENT,))
    scene.when("ADMIN", again).then(pairs.BasisCited, rulebook.FlagCleared)


def test_r012_a_pair_without_a_regime_is_not_flagged():
    """It cites nothing that could be repealed."""
    fresh = b.given_nothing(b.registered(), b.staffed).on(ON).beside(city(rules.repeal(ON)))
    fresh.when("CLOCK", rules.adopt(ON)).then(rulebook.RepealAdopted)


@pytest.mark.parametrize(
    "bases", [(), (rules.OLD,), ("某某〔2020〕1号",), (rules.PROVINCE, rules.OLD), (rules.NEXT,)]
)
def test_r012_a_regime_rebases_on_what_is_in_force_only(bases):
    """Repealed, unknown and not yet adopted ones are refused, also beside one that holds."""
    scene = county(rules.repeal(ON)).play(rules.adopting()).on(NEXT_DAY)
    command = rulebook.RebaseRegime(on=NEXT_DAY, bases=bases)
    scene.when("GO", command).refused("R-012", rulebook.RestsOnNothing)


def test_r012_nobody_rebases_on_what_ends_today():
    """The day of adoption is the last one of a basis whose repeal was adopted; citing it again changes nothing."""
    scene = county(rules.repeal(ON)).play(rules.adopting())
    command = rulebook.RebaseRegime(on=ON, bases=(rules.PRESENT,))
    scene.when("GO", command).refused("R-012", rulebook.RestsOnNothing)


def test_r009_more_bases_can_be_cited_without_a_flag():
    """Citing once more what is cited is refused; before the regime there is nothing to rest."""
    scene = b.given().on(ON)
    more = rulebook.RebaseRegime(on=ON, bases=(rules.PROVINCE, rules.PROVINCE))
    cited = scene.when("GO", more).then(pairs.BasisCited)
    cited.when("GO", more).refused("R-012", refusals.AlreadyDone)
    bare = b.given_nothing(b.registered(), b.staffed)
    bare.when("GO", more).refused("R-012", refusals.WrongState)


def test_r012_a_rebase_is_not_dated_before_the_flag_or_the_regime():
    """It answers the flag, and it changes a regime."""
    scene = county(rules.repeal(ON), rules.register_basis(ON), on=NEXT_DAY).act(
        "CLOCK", rules.adopt(NEXT_DAY)
    )
    early = rulebook.RebaseRegime(on=ON, bases=(rules.PROVINCE,))
    scene.when("GO", early).refused("R-093", refusals.BeforeItsBasis)
    first = rulebook.RebaseRegime(on=b.day(1, 5), bases=(rules.PROVINCE,))
    b.given().when("ADMIN", first).refused("R-093", refusals.BeforeItsBasis)


# --- versions of the rules (R-010, A22) ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(1999, 1, 1), "2003"),
        (date(2003, 6, 2), "2003"),
        (date(2024, 3, 11), "2003"),
        (date(2024, 3, 12), "2024"),
        (date(2099, 1, 1), "2024"),
    ],
)
def test_r010_the_rules_are_versions_with_dates(on, version):
    """The day of issue is the first of the new rules; what is older than all is judged by the oldest."""
    assert regulation.rule_version(on) == version


def test_r010_each_version_of_the_rules_rests_on_a_registered_basis():
    """They follow each other: one ends on the day on which the next begins."""
    ends = [each.basis.repealed_on for each in regulation.RULES]
    begins = [each.basis.in_force_from for each in regulation.RULES]
    assert begins == sorted(begins)
    assert ends == [*begins[1:], None]


# --- working days (R-081, R-083) ----------------------------------------------------------------------------------


def test_r083_a_calendar_published_later_ends_the_provisional_count():
    """From the day after its adoption; what was computed before stays 暂定."""
    command = rules.publish(ON, off=(date(2027, 1, 1),), worked=(date(2027, 1, 2),))
    known = county(command).play(rules.adopting()).dossier.rulebook
    day = date(2027, 1, 2)
    before, after = (known.calendar_known(on, base=DAYS) for on in (ON, NEXT_DAY))
    assert (before.is_working_day(day), before.is_provisional(day)) == (False, True)
    assert (after.is_working_day(day), after.is_provisional(day)) == (True, False)
    other = date(2028, 1, 3)
    assert (after.is_working_day(other), after.is_provisional(other)) == (True, True)


def test_r083_a_correction_counts_from_its_own_adoption():
    """The calendar known at the time is the one that judges a past day."""
    beside = city(rules.publish(ON))
    scene = b.given().on(ON).beside(beside).play(rules.adopting())
    off = (date(2027, 1, 1), date(2027, 1, 4))
    scene = scene.on(NEXT_DAY).beside(beside.act("GO", rules.publish(NEXT_DAY, off=off, reason="国务院调整")))
    known = scene.play(rules.adopting()).dossier.rulebook
    days = (ON, NEXT_DAY, NEXT_DAY + timedelta(days=1))
    worked = [known.calendar_known(on, base=DAYS).is_working_day(date(2027, 1, 4)) for on in days]
    assert worked == [True, True, False]
    assert known.calendar_of(2027).calendar.reason == "国务院调整"
    assert known.calendar_of(2027, known_on=NEXT_DAY).calendar.reason == ""
    assert known.calendar_of(2028) is None


def test_r083_an_adopted_calendar_outweighs_the_packaged_one():
    """A correction of a year that the system knows."""
    holiday = date(2026, 10, 1)
    command = rules.publish(ON, 2026, off=(), reason="更正")
    known = county(command).play(rules.adopting()).dossier.rulebook
    packaged = PublishedCalendar()
    assert not packaged.is_working_day(holiday)
    assert known.calendar_known(NEXT_DAY, base=packaged).is_working_day(holiday)
    assert not known.calendar_known(ON, base=packaged).is_working_day(holiday)


def test_r083_a_year_is_told_by_its_exceptions():
    """The packaged year of 2024, worked Sunday and all; laid over another calendar it says the same."""
    packaged = PublishedCalendar()
    year = calendar.exceptions(2024, calendar=packaged)
    assert date(2024, 2, 4) in year.worked
    assert date(2024, 10, 1) in year.off
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(366)]
    assert [year.is_working_day(day) for day in days] == [packaged.is_working_day(day) for day in days]
    assert calendar.exceptions(2099, calendar=DAYS) == calendar.Year(year=2099)
