"""The system's own clock: it records what is due, once, and leaves no trace where nothing is."""

from datetime import date

import pytest

from application import clock, commands, ports
from domain import access, norms, pairs, rulebook, years
from tests import builders as b
from tests import rules
from tests.journeys.stages import office_on
from tests.memory import MemoryLedger

TODAY = date(2026, 11, 22)
ADMIN = commands.Caller(person="ADMIN", administrator=True)


def send(office, tenant, command, *, caller=ADMIN, subject=""):
    seen = office.dossier(tenant).version(subject or tenant) or None
    key = f"{type(command).__name__}-{tenant}-{subject}-{seen}"
    request = commands.Request(
        tenant=tenant, command=command, subject=subject or tenant, caller=caller, key=key, seen=seen
    )
    return office.submit(request)


def ledger_with(*codes):
    """Give a ledger with a city and counties, and the city's office."""
    ledger = MemoryLedger()
    office = office_on(ledger, today=TODAY)
    for code in codes:
        register = pairs.RegisterPair(on=date(2026, 1, 5), division_code=code, union_division_code=code)
        send(office, code, register)
    send(
        office,
        "140800",
        b.people.RegisterUnit(on=date(2026, 1, 5), name="市政府办公室", side=b.GOV),
        subject="u",
    )
    post = b.appoint("go", b.Capacity.GOVERNMENT_OFFICE, "u", on=date(2026, 1, 5))
    send(office, "140800", post, subject="p")
    return ledger, office


def ticked(ledger, office):
    found = clock.tick_all(office, ledger, "1408", today=TODAY)
    return {each.pair: [fact for receipt in each.receipts for fact in receipt.facts] for each in found}


def test_r010_the_clock_adopts_what_the_city_has_set_once_in_every_pair():
    """The city's own pair included; an idle tick leaves nothing behind, not even a command."""
    ledger, office = ledger_with("140800", "140830", "140802")
    assert not any(ticked(ledger, office).values())
    before = {tenant: len(pair.commands) for tenant, pair in ledger.pairs.items()}
    go = commands.Caller(person="go")
    send(office, "140800", rules.set_parameters(TODAY, publicity_days=15), caller=go, subject="")
    found = ticked(ledger, office)
    assert sorted(found) == ["140800", "140802", "140830"]
    assert all(facts == ["rulebook.parameters_adopted"] for facts in found.values())
    assert not any(ticked(ledger, office).values())
    after = {tenant: len(pair.commands) for tenant, pair in ledger.pairs.items()}
    assert after == {
        "140800": before["140800"] + 2,
        "140802": before["140802"] + 1,
        "140830": before["140830"] + 1,
    }
    (entry,) = [each for each in ledger.pair("140830").entries if each.stream == "rulebook"]
    assert entry.actor == "clock"
    known = office.dossier("140830").rulebook
    assert known.parameter_versions[0].source.pair == norms.city_of("140830")


def test_r010_a_second_change_of_one_day_is_adopted_on_that_day():
    """Its key is another one, so it is no repeat."""
    ledger, office = ledger_with("140800", "140830")
    go = commands.Caller(person="go")
    for days in (15, 12):
        command = rules.set_parameters(TODAY, publicity_days=days)
        request = commands.Request(
            tenant="140800",
            command=command,
            subject="140800",
            caller=go,
            key=f"set-{days}",
            seen=office.dossier("140800").version("standards") or None,
        )
        office.submit(request)
        assert ticked(ledger, office)["140830"] == ["rulebook.parameters_adopted"]
    assert len(office.dossier("140830").rulebook.parameter_versions) == 2


def test_r010_a_pair_that_cannot_be_read_does_not_stop_the_others(monkeypatch):
    """Its fault is told, and the clock goes on."""
    ledger, office = ledger_with("140800", "140802", "140830")
    read = office.dossier

    def broken(tenant):
        if tenant == "140802":
            raise ports.LedgerBusy
        return read(tenant)

    monkeypatch.setattr(office, "dossier", broken)
    found = clock.tick_all(office, ledger, "1408", today=TODAY)
    assert {each.pair: each.fault for each in found} == {"140800": "", "140802": "LedgerBusy", "140830": ""}


@pytest.mark.parametrize("kind", [rulebook.AdoptStandards, years.CloseYear])
def test_r032_the_clock_may_send_each_of_its_commands(kind):
    """What it may not send it would never record."""
    assert b.Capacity.CLOCK in access.BY_COMMAND[kind].capacities
