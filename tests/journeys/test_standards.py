"""A city sets bases, parameters and calendars; two counties are judged by them once they have adopted them."""

from dataclasses import dataclass, field
from datetime import date

from application import clock, commands, conformity, conformity_year, report_source, reports
from domain import calendar, pairs, rulebook
from domain.decider import Command
from infrastructure.divisions import PackagedDivisions
from infrastructure.holidays import PublishedCalendar
from tests import builders as b
from tests import rules
from tests.application.ledgers import begun, record
from tests.memory import MemoryLedger

CITY, COUNTY, BARE = "140800", "140830", "140802"
PACKAGED = PublishedCalendar()
ADMIN = commands.Caller(person="ADMIN", administrator=True)
# The county met in April 2025, and the year was judged before anything was set.
PAST = date(2025, 12, 31)
SET, ADOPTED, NEXT_DAY = date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 10)


@dataclass
class Town:
    """A city and two counties in memory, on a day that the journey chooses."""

    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    on: date = SET

    def __post_init__(self) -> None:
        self.office = commands.Office(
            self.ledger, PackagedDivisions(), working_days=PACKAGED, today=lambda _: self.on
        )
        record(self.ledger, rules.city())
        met = b.established(b.decided())
        record(self.ledger, b.given_nothing(*begun(b.COUNTY), met))
        register = pairs.RegisterPair(on=date(2025, 1, 6), division_code=BARE, union_division_code=BARE)
        self.send(BARE, register)

    def send(self, tenant: str, command: Command, *, caller: commands.Caller = ADMIN) -> list[str]:
        handler = commands.handlers.HANDLERS[type(command)]
        seen = self.office.dossier(tenant).version(handler.stream(tenant)) or None
        request = commands.Request(
            tenant=tenant,
            command=command,
            subject=tenant,
            caller=caller,
            key=f"{type(command).__name__}.{tenant}.{seen}",
            seen=seen,
        )
        return list(self.office.submit(request).facts)

    def set(self, *wanted: Command) -> None:
        for command in wanted:
            self.send(CITY, command, caller=commands.Caller(person="GO"))

    def tick(self) -> dict[str, list[str]]:
        """Let the clock go on. Returns: what it recorded of rules, by pair."""
        found = clock.tick_all(self.office, self.ledger, "1408", today=self.on)
        told = {each.pair: [fact for receipt in each.receipts for fact in receipt.facts] for each in found}
        return {
            pair: kept for pair, facts in told.items() if (kept := [f for f in facts if f.startswith("rule")])
        }

    def known(self, tenant: str) -> rulebook.Rulebook:
        return self.office.dossier(tenant).rulebook

    def report(self, on: date) -> reports.Report:
        return reports.report(
            report_source.gather(
                self.ledger,
                scope="1408",
                period=report_source.period(on.year, today=self.on, on=on),
                days=PACKAGED,
                divisions=PackagedDivisions().all(),
            )
        )

    def judged(self, on: date) -> conformity.Sheet:
        known = conformity.trail(COUNTY, self.ledger.entries(COUNTY))
        mine = known.dossier.rulebook
        days = mine.calendar_known(on, base=PACKAGED)
        case = conformity_year.Case(
            trail=known, year=on.year, on=on, days=days, parameters=mine.parameters(on)
        )
        return conformity_year.sheet(case)


def the_rest(made: reports.Report | conformity.Sheet) -> str:
    """Give everything that was made but the end of the ledger on which it rests, and the hash over that."""
    return made.model_dump_json(exclude={"rests_on", "position", "hash", "sha256"})


def test_r009_r011_r012_bases_come_and_go_through_each_pairs_own_ledger():
    """The repeal flags who rests on nothing else; a basis registered later heals it; the city judges nobody itself."""
    town = Town()
    town.set(rules.repeal(SET))
    assert all(town.known(pair).in_force(rules.PRESENT, on=SET) for pair in (CITY, COUNTY, BARE))
    town.on = ADOPTED
    assert town.tick() == {
        CITY: ["rulebook.repeal_adopted", "rulebook.repeal_flag_raised"],
        BARE: ["rulebook.repeal_adopted"],
        COUNTY: ["rulebook.repeal_adopted", "rulebook.repeal_flag_raised"],
    }
    assert town.tick() == {}
    assert town.known(COUNTY).flag is not None
    assert town.known(COUNTY).in_force(rules.PRESENT, on=ADOPTED)
    assert not town.known(COUNTY).in_force(rules.PRESENT, on=NEXT_DAY)
    town.set(rules.register_basis(ADOPTED))
    town.tick()
    town.on = NEXT_DAY
    rebased = town.send(COUNTY, rulebook.RebaseRegime(on=NEXT_DAY, bases=(rules.NEXT,)))
    assert rebased == ["pair.basis_cited", "rulebook.flag_cleared"]
    assert (town.known(COUNTY).flag, town.known(CITY).flag is None) == (None, False)


def test_r010_parameters_count_from_the_day_after_each_adoption():
    """Each pair names the place in the city's ledger from which it took them."""
    town = Town()
    town.set(rules.set_parameters(SET, publicity_days=15))
    town.on = ADOPTED
    adopted = ["rulebook.parameters_adopted"]
    assert town.tick() == {CITY: adopted, BARE: adopted, COUNTY: adopted}
    for pair in (CITY, BARE, COUNTY):
        known = town.known(pair)
        days = [known.parameters(on).publicity_days for on in (SET, ADOPTED, NEXT_DAY)]
        assert days == [20, 20, 15]
        (version,) = known.parameter_versions
        entry = town.ledger.pair(CITY).entries[version.source.position - 1]
        assert (version.source.pair, version.source.hash) == (CITY, entry.hash.hex())


def test_r083_a_calendar_published_later_ends_what_was_provisional():
    """From the day after its adoption on; the days before it are judged as they were."""
    town = Town()

    def due(on: date) -> calendar.Due:
        days = town.known(COUNTY).calendar_known(on, base=town.office.working_days)
        return calendar.add_working_days(date(2026, 12, 30), 3, calendar=days)

    assert (due(NEXT_DAY).on, due(NEXT_DAY).provisional) == (date(2027, 1, 4), True)
    off = (date(2027, 1, 1), date(2027, 1, 4))
    town.set(rules.publish(SET, 2027, off=off))
    assert due(NEXT_DAY).provisional
    town.on = ADOPTED
    town.tick()
    assert (due(ADOPTED).on, due(ADOPTED).provisional) == (date(2027, 1, 4), True)
    assert (due(NEXT_DAY).on, due(NEXT_DAY).provisional) == (date(2027, 1, 6), False)


def test_r093_what_is_told_of_a_past_day_stays_as_it_was_after_an_adoption():
    """The report of the city and the sheet of the county, byte for byte, but for the ledger's end that they name."""
    town = Town()
    before = the_rest(town.report(PAST)), the_rest(town.judged(PAST))
    packaged = calendar.exceptions(2025, calendar=PACKAGED)
    off = (*packaged.off, date(2025, 4, 25))
    town.set(
        rules.set_parameters(SET, minutes_yellow_days=1, minutes_red_days=2, publicity_days=1),
        rules.publish(SET, 2025, off=off, worked=packaged.worked),
        rules.repeal(SET),
    )
    assert (the_rest(town.report(PAST)), the_rest(town.judged(PAST))) == before
    town.on = ADOPTED
    town.tick()
    town.on = NEXT_DAY
    assert (the_rest(town.report(PAST)), the_rest(town.judged(PAST))) == before
    assert town.known(COUNTY).parameters(NEXT_DAY).publicity_days == 1


def test_r032_the_clock_closes_a_year_in_which_nothing_was_held():
    """Once, on its own, with a fact of its own; a year with its meeting, and the one that runs, are left alone."""
    town = Town()
    town.on = date(2027, 1, 2)

    def closed() -> dict[str, list[str]]:
        found = clock.tick_all(town.office, town.ledger, "1408", today=town.on)
        return {
            each.pair: [f"{receipt.id} {fact}" for receipt in each.receipts for fact in receipt.facts]
            for each in found
        }

    first = closed()
    assert "2026 year.duty_missed" in first[COUNTY]
    assert not [fact for fact in first[COUNTY] if fact.startswith(("2025", "2027"))]
    assert town.office.dossier(COUNTY).state("year:2026").duty_missed_on == town.on
    assert not any(closed().values())
    (entry,) = [each for each in town.ledger.pair(COUNTY).entries if each.stream == "year:2026"]
    assert entry.actor == clock.CALLER.person
