"""What the city sets: bases, repeals, parameters and calendars, each an entry that pairs can adopt."""

from datetime import date

import pytest

from domain import norms, refusals, regulation, standards
from domain.regulation import MonthDay
from tests import builders as b
from tests import rules

ON = date(2026, 11, 2)


def test_r009_the_city_registers_a_basis():
    """Number, title and the day from which it is in force."""
    done = rules.city().when("GO", rules.register_basis(ON))
    known = done.then(standards.BasisRegistered).dossier.standards
    assert [(each.entry, each.number, each.in_force_from) for each in known.bases] == [(1, rules.NEXT, ON)]


COMMANDS = [
    (rules.register_basis(ON), "R-009"),
    (rules.repeal(ON), "R-011"),
    (rules.set_parameters(ON), "R-081"),
    (rules.publish(ON), "R-083"),
]


@pytest.mark.parametrize(("command", "requirement"), COMMANDS)
def test_r009_only_a_city_sets_rules(command, requirement):
    """A county's pair adopts what its city sets; the union's office sets nothing anywhere."""
    b.given().when("GO", command).refused(requirement, standards.NotTheCity)
    rules.city().when("UO", command).refused(requirement, refusals.NotEntitled)
    rules.city().when("GO", command).accepted()


@pytest.mark.parametrize(("command", "requirement"), COMMANDS)
def test_r093_nothing_is_set_before_the_city_was_registered(command, requirement):
    """The registration is what every act on the pair rests on."""
    early = command.model_copy(update={"on": b.day(1, 5), "effective_from": b.day(1, 5)})
    rules.city().when("GO", early).refused("R-093", refusals.BeforeItsBasis)


@pytest.mark.parametrize("number", [rules.PRESENT, rules.NEXT])
def test_r009_no_basis_is_registered_twice(number):
    """Neither one that is built in nor one that was registered before."""
    scene = rules.city().act("GO", rules.register_basis(ON))
    scene.when("GO", rules.register_basis(ON, number)).refused("R-009", standards.BasisKnown)


@pytest.mark.parametrize("blank", [{"number": "无"}, {"title": "略"}])
def test_r009_a_basis_has_a_number_and_a_title(blank):
    """Text that says nothing is none."""
    rules.city().when("GO", rules.register_basis(ON, **blank)).refused("R-009", refusals.TextMissing)


def test_r011_the_city_repeals_a_basis_on_a_day_by_a_document():
    """A built-in basis and one that was registered alike."""
    scene = rules.city().act("GO", rules.register_basis(ON))
    scene = scene.when("GO", rules.repeal(ON)).then(standards.BasisRepealed)
    scene = scene.act("GO", rules.repeal(ON, rules.NEXT, repealed_on=date(2027, 1, 1)))
    assert [(each.number, each.repealed_on) for each in scene.dossier.standards.repeals] == [
        (rules.PRESENT, ON),
        (rules.NEXT, date(2027, 1, 1)),
    ]
    scene.when("GO", rules.repeal(ON)).refused("R-011", standards.AlreadyRepealed)


def test_r011_what_is_repealed_or_unknown_or_younger_is_not_repealed():
    """The rule of 2003 ended in 2024; a basis ends after it began; the document is named."""
    scene = rules.city()
    scene.when("GO", rules.repeal(ON, rules.OLD)).refused("R-011", standards.AlreadyRepealed)
    scene.when("GO", rules.repeal(ON, "某某〔2020〕1号")).refused("R-011", standards.BasisUnknown)
    began = rules.repeal(ON, repealed_on=date(2024, 3, 12))
    scene.when("GO", began).refused("R-011", standards.RepealTooEarly)
    scene.when("GO", rules.repeal(ON, document="无")).refused("R-011", refusals.TextMissing)


def test_r081_parameters_are_numbered_versions():
    """What is built in is the first version."""
    scene = rules.city().act("GO", rules.set_parameters(ON, publicity_days=15))
    scene = scene.act("GO", rules.set_parameters(ON, effective_from=date(2027, 1, 1), publicity_days=10))
    known = scene.dossier.standards.parameters
    assert [(each.version, each.parameters.publicity_days) for each in known] == [(2, 15), (3, 10)]
    assert known[0].parameters == rules.parameters(publicity_days=15)


def test_r081_parameters_are_never_retroactive():
    """Not before the business date, and not before the version that they follow."""
    scene = rules.city()
    early = rules.set_parameters(ON, effective_from=date(2026, 11, 1))
    scene.when("GO", early).refused("R-081", standards.Retroactive)
    scene = scene.act("GO", rules.set_parameters(ON, effective_from=date(2027, 1, 1)))
    between = rules.set_parameters(ON, effective_from=date(2026, 12, 31), publicity_days=9)
    scene.when("GO", between).refused("R-081", standards.Retroactive)
    same = rules.set_parameters(ON, effective_from=date(2027, 1, 1), publicity_days=9)
    scene.when("GO", same).then(standards.ParametersSet)


def test_r096_the_same_parameters_again_are_nothing_new():
    """A repeat by another key leads to nothing."""
    command = rules.set_parameters(ON, publicity_days=15)
    rules.city().act("GO", command).when("GO", command).then()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"minutes_yellow_days": 20, "minutes_red_days": 20}, "minutes_red_days"),
        ({"behind_yellow": 31}, "behind_red"),
        ({"plan_inclusion_red": MonthDay(3, 31)}, "plan_inclusion_red"),
        ({"warn_no_date": MonthDay(9, 29)}, "warn_no_date"),
        ({"warn_no_notice": MonthDay(10, 30)}, "warn_no_notice"),
        ({"warn_no_plan": MonthDay(2, 29)}, "warn_no_plan"),
        ({"adoption_counts_until": MonthDay(9, 31)}, "adoption_counts_until"),
    ],
)
def test_r081_parameters_agree_with_each_other_and_with_the_calendar(change, place):
    """Yellow comes before red, a warning before the next, and a day of the year is one of every year."""
    done = rules.city().when("GO", rules.set_parameters(ON, **change))
    done.refused("R-081", standards.Inconsistent)
    assert done.refusal.pointer == f"/parameters/{place}"


def test_r081_warnings_may_fall_on_one_day():
    """No plan and no date may be warned of together."""
    same = rules.set_parameters(ON, warn_no_plan=MonthDay(10, 31))
    rules.city().when("GO", same).then(standards.ParametersSet)


@pytest.mark.parametrize("left_out", sorted(regulation.Parameters.model_fields))
def test_r081_all_parameters_are_named(left_out):
    """None goes back to what is built in by being left out."""
    values = norms.values(regulation.PARAMETERS)
    del values[left_out]
    command = rules.set_parameters(ON).model_copy(update={"parameters": regulation.Parameters(**values)})
    done = rules.city().when("GO", command)
    done.refused("R-081", standards.Incomplete)
    assert done.refusal.pointer == f"/parameters/{left_out}"


def test_r081_a_version_kept_by_name_reads_back_as_it_was_set():
    """Truth values, numbers and days of the year come back as what they were, out of the ledger's JSON."""
    wanted = rules.parameters(special_counts=False, near_due_days=1, warn_no_plan=MonthDay(1, 1))
    command = rules.set_parameters(ON).model_copy(update={"parameters": wanted})
    kept = rules.city().when("GO", command).fact(standards.ParametersSet).parameters
    again = norms.ParameterSet.model_validate_json(kept.model_dump_json())
    assert again == kept
    assert again.parameters == wanted
    assert again.parameters.warn_no_plan.of(2027) == date(2027, 1, 1)


def test_r083_a_calendar_is_published_and_corrected_with_a_reason():
    """The same again is nothing new; another one says why."""
    scene = rules.city().when("GO", rules.publish(ON)).then(standards.CalendarPublished)
    scene.when("GO", rules.publish(ON)).then()
    other = {"off": (date(2027, 1, 1), date(2027, 1, 4))}
    scene.when("GO", rules.publish(ON, **other)).refused("R-083", refusals.TextMissing)
    scene = scene.when("GO", rules.publish(ON, **other, reason="国务院调整")).then(
        standards.CalendarPublished
    )
    assert [each.entry for each in scene.dossier.standards.calendars] == [1, 2]
    scene.when("GO", rules.publish(ON, document="略")).refused("R-083", refusals.TextMissing)


@pytest.mark.parametrize(
    "change",
    [
        {"off": (date(2028, 1, 3),)},
        {"off": (date(2027, 1, 2),)},
        {"off": (date(2027, 1, 1), date(2027, 1, 1))},
        {"worked": (date(2027, 1, 4),)},
        {"worked": (date(2026, 12, 27),)},
        {"worked": (date(2027, 1, 9), date(2027, 1, 9))},
    ],
)
def test_r083_days_off_are_weekdays_and_days_worked_are_not(change):
    """Of that year, and each once."""
    done = rules.city().when("GO", rules.publish(ON, **change))
    done.refused("R-083", standards.BadCalendar)
    (name, days), *_ = change.items()
    assert done.refusal.pointer == f"/{name}/{len(days) - 1}"


def test_r083_a_published_year_says_which_days_are_worked():
    """A weekday off, a Saturday worked, and all others as usual."""
    command = rules.publish(ON, off=(date(2027, 1, 4), date(2027, 1, 1)), worked=(date(2027, 1, 9),))
    year = rules.city().when("GO", command).fact(standards.CalendarPublished).calendar.days
    assert year.off == (date(2027, 1, 1), date(2027, 1, 4))
    asked = [date(2027, 1, day) for day in (1, 4, 5, 9, 10)]
    assert [year.is_working_day(day) for day in asked] == [False, False, True, True, False]
