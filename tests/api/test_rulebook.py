"""What a city changes reaches a pair's lights through the pair's own ledger, and not a day too early."""

from datetime import UTC, date, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from api import main
from application import clock
from domain import calendar, decisions, minutes
from infrastructure import database as databases
from infrastructure import settings
from tests import builders as b
from tests import rules
from tests.api.harness import Client
from tests.application.ledgers import record

PAIR, CITY = "140830", "140800"
ON = date(2025, 9, 22)
NEXT_DAY = date(2025, 9, 23)


class Days:
    """A legal day that a test may move."""

    def __init__(self, on: date) -> None:
        self.on = on

    def now(self) -> datetime:
        return datetime(self.on.year, self.on.month, self.on.day, 4, tzinfo=UTC)


@pytest.fixture
def days() -> Days:
    return Days(ON)


@pytest.fixture
def system(database, days):
    """The system as a user gets it, on a day that the test chooses."""
    with databases.Database(database.app_dsn) as db:
        assembled = main.assemble(db, settings.Settings(dsn=database.app_dsn), clock=days.now)
        assembled.office._today = lambda _: days.on
        yield assembled


@pytest.fixture
def http(system):
    with TestClient(main.create_app(system), raise_server_exceptions=False) as client:
        made = Client(client, system.credentials, expires_at=datetime.now(UTC) + timedelta(days=400))
        made.become("reader", ("city_reader", CITY))
        made.become("auditor", ("auditor", CITY))
        yield made


def told(http, path: str, pair: str = PAIR):
    answer = http.get("reader", f"/v1/pairs/{pair}/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def light(http, path: str = "decisions/M1-01") -> tuple[str, str]:
    shown = told(http, path)["data"]["light"]
    return shown["colour"], shown["text"]


def change(http, system, *commands) -> None:
    """Let the city's office set something."""
    for command in commands:
        seen = system.office.dossier(CITY).version("standards") or None
        assert http.send("GO", CITY, command, seen=seen).status_code == 200


def tick(system, days) -> list[str]:
    """Let the clock go on in the county. Returns: what it adopted."""
    made = clock.tick(system.office, PAIR, today=days.on)
    return [fact for each in made for fact in each.facts if fact.startswith("rulebook.")]


@pytest.fixture
def county(http, system):
    """A county with a decision that is due on 28 November 2025, and its city."""
    record(system.ledger, rules.city())
    told_twice = (b.established(b.decided(until=decisions.Status.ACCEPTED)),)
    scene = b.given(*told_twice).act("HR", b.progress(on=b.day(9, 20), percent=60))
    record(system.ledger, scene.act("GO", b.tell_leaders()))
    return http


def test_r081_a_decisions_light_follows_what_its_own_pair_has_adopted(county, system, days):
    """The city warns 60 working days ahead; the pair does so from the day after its own adoption."""
    before = light(county)
    assert before[0] == "绿"
    change(county, system, rules.set_parameters(ON, near_due_days=60))
    assert light(county) == before
    assert tick(system, days) == ["rulebook.parameters_adopted"]
    assert light(county) == before
    days.on = NEXT_DAY
    assert light(county) == ("黄", "距时限 44 个工作日")
    (listed,) = told(county, "decisions")["items"]
    assert listed["data"]["light"]["text"] == "距时限 44 个工作日"


def test_r081_a_light_counts_the_working_days_that_its_pair_has_adopted(county, system, days):
    """A day off more, from the day after the adoption on, is a working day less."""
    change(county, system, rules.set_parameters(ON, near_due_days=60))
    tick(system, days)
    days.on = NEXT_DAY
    packaged = calendar.exceptions(2025, calendar=system.calendar)
    off = (*packaged.off, date(2025, 10, 15))
    change(county, system, rules.publish(NEXT_DAY, 2025, off=off, worked=packaged.worked))
    assert tick(system, days) == ["rulebook.calendar_adopted"]
    assert light(county) == ("黄", "距时限 44 个工作日")
    days.on = date(2025, 9, 24)
    assert light(county) == ("黄", "距时限 42 个工作日")


def test_a10_r067_the_light_of_minutes_follows_what_their_own_pair_has_adopted(http, system, days):
    """Minutes that are on their way on the eighth working day are late where the city allows five."""
    days.on = b.day(5, 7)
    record(system.ledger, rules.city())
    record(system.ledger, b.given(b.topic(), b.meeting(), b.minuted(until=minutes.Status.DRAFTED)))
    assert light(http, "minutes/M1")[0] == "绿"
    change(http, system, rules.set_parameters(days.on, minutes_yellow_days=5))
    tick(system, days)
    assert light(http, "minutes/M1")[0] == "绿"
    days.on = b.day(5, 8)
    assert light(http, "minutes/M1") == ("黄", "会后超过 5 个工作日未印发")


def test_r079_what_is_to_be_reported_follows_what_its_own_pair_has_adopted(county, system, days):
    """The same interval counts in the list of what is due and beside the decision."""
    before = told(county, "reporting")["items"][0]["next_due"]
    progress = told(county, "decisions/M1-01")["data"]["report_due"]
    assert progress == "2025-12-20"
    change(county, system, rules.set_parameters(ON, report_interval_months=1))
    tick(system, days)
    assert told(county, "reporting")["items"][0]["next_due"] == before
    days.on = NEXT_DAY
    assert told(county, "reporting")["items"][0]["next_due"] < before
    assert told(county, "decisions/M1-01")["data"]["report_due"] == "2025-10-20"


def test_r081_r083_rules_and_calendars_are_read_with_what_holds_on_the_day(county, system, days):
    """Standards as the city set them, the rulebook as the pair adopted it, a year's exceptions and their source."""
    assert told(county, "rulebook")["data"]["version_today"] == 1
    assert told(county, "standards")["data"]["parameters"] == []
    shown = told(county, "calendars/2027")
    assert (shown["provisional"], shown["source"], shown["off"]) == (True, "尚未公布", [])
    change(county, system, rules.set_parameters(ON, publicity_days=15), rules.publish(ON))
    listed = told(county, "standards", CITY)["data"]
    assert [each["entry"] for each in (*listed["parameters"], *listed["calendars"])] == [1, 2]
    assert told(county, "rulebook")["version"] == 0
    tick(system, days)
    kept = told(county, "rulebook")["data"]
    assert (kept["version_today"], kept["parameters_today"]["publicity_days"]) == (1, 20)
    assert told(county, "calendars/2027")["provisional"] is True
    days.on = NEXT_DAY
    kept = told(county, "rulebook")["data"]
    assert (kept["version_today"], kept["parameters_today"]["publicity_days"]) == (2, 15)
    shown = told(county, "calendars/2027")
    assert (shown["provisional"], shown["source"], shown["off"]) == (False, rules.NOTICE, ["2027-01-01"])
    past = county.get("reader", f"/v1/pairs/{PAIR}/calendars/2027", on=ON.isoformat()).json()
    assert (past["provisional"], past["known_on"]) == (True, ON.isoformat())
    assert told(county, "calendars/2026")["source"] == "系统内置的国务院办公厅放假安排"
    county.become("stranger")
    for path in ("rulebook", "standards", "calendars/2027"):
        assert county.get("stranger", f"/v1/pairs/{PAIR}/{path}").status_code == 404
    assert county.get("reader", f"/v1/pairs/{PAIR}/calendars/1999").status_code == 422
