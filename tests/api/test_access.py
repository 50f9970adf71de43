"""Who reads what, through HTTP: queries × readers × relations, and what a department sees of its pair.

What is expected is written out here by hand, and not taken from the table that is tested.
"""

from datetime import date

import pytest
from fastapi import APIRouter

from api import main, permits
from domain import queries, topics
from domain.queries import Matter, Reader, Relation
from tests import access_table, builders
from tests.application.ledgers import begun, model_county, record

OWN, PARENT, SIBLING, CHILD, NONE = "140830", "140800", "140823", "140830101", "150100"
PATHS = {
    "register": "/v1/pairs/{pair}/units",
    "topics": "/v1/pairs/{pair}/topics",
    "proposals": "/v1/pairs/{pair}/proposals",
    "meetings": "/v1/pairs/{pair}/meetings",
    "minutes": "/v1/pairs/{pair}/minutes",
    "decisions": "/v1/pairs/{pair}/decisions",
    "business": "/v1/pairs/{pair}/years",
    "reports": "/v1/pairs/{pair}/reports/2025",
    "history": "/v1/pairs/{pair}/history",
    "sending": "/v1/pairs/{pair}/webhooks",
}
BUSINESS = {"register", "topics", "proposals", "meetings", "minutes", "decisions", "business", "reports"}
OFFICES, LEADERS = ("GO", "UO"), ("GL", "GP", "LEADER", "UP", "UL", "SUPG", "SUPU")
POSTS = {
    **dict.fromkeys(OFFICES, BUSINESS | {"history", "sending"}),
    **dict.fromkeys(LEADERS, BUSINESS | {"history"}),
    **dict.fromkeys(("HR", "RIGHTS"), BUSINESS - {"business", "reports"}),
}
# Over the county and what is below it; a service for two matters.
MANDATES = {
    "city_reader": BUSINESS,
    "auditor": BUSINESS | {"history", "sending"},
    "service": {"topics", "history"},
    "system_administrator": {"register", "sending"},
    "security_administrator": set(),
    "audit_administrator": set(),
}


@pytest.fixture
def city(http, system):
    """A county with a year behind it; the city, a sibling and a township below the county are registered."""
    record(system.ledger, model_county())
    http.become("registrar", ("system_administrator", "140800"))
    for pair in (PARENT, SIBLING, CHILD):
        body = {"on": "2025-01-06", "division_code": pair, "union_division_code": pair}
        if pair == CHILD:
            body |= {"government_body": "township"}
        answer = http.post("registrar", "/v1/pairs", body)
        assert answer.status_code == 201 or pair == CHILD, answer.json()
    return http


def opened(http, person: str, pair: str) -> set[str]:
    """Tell which matters of a pair somebody gets an answer for; the rest must be 404 and tell nothing else."""
    found = set()
    for matter, path in PATHS.items():
        answer = http.get(person, path.format(pair=pair))
        assert answer.status_code in {200, 403, 404}, answer.json()
        if answer.status_code == 200:
            found.add(matter)
        elif answer.status_code == 404:
            assert answer.json()["title"] == "不存在，或无权知悉。"
    return found


@pytest.mark.parametrize("person", POSTS)
def test_r097_a_post_opens_its_own_pair_and_no_other(city, person):
    """Not the city above, not the county beside it, not the township below."""
    assert opened(city, person, OWN) == POSTS[person]
    for pair in (PARENT, SIBLING, CHILD, NONE):
        assert opened(city, person, pair) == set()


@pytest.mark.parametrize("role", MANDATES)
def test_r097_a_mandate_opens_what_it_names_and_what_is_below(city, system, role):
    """And nothing above or beside it."""
    matters = ("topics", "history") if role == "service" else ()
    until = date(2099, 12, 31) if role == "service" else None
    system.credentials.enrol("m", label="m")
    # A service gets no token; by one from before, at the console, it shows what a mandate opens beyond a key's one pair.
    city.become("m")
    system.credentials.grant("m", role=role, scope=OWN, matters=matters, valid_until=until)
    # A pair without facts has no report and no row, whoever asks.
    reported = {"reports"}
    assert opened(city, "m", OWN) == MANDATES[role]
    assert opened(city, "m", CHILD) | reported == MANDATES[role] | reported
    for pair in (PARENT, SIBLING, NONE):
        assert opened(city, "m", pair) == set()


def test_r097_a_person_with_nothing_sees_nothing(city):
    for pair in (OWN, PARENT, SIBLING, CHILD, NONE):
        assert opened(city, "stranger", pair) == set()


# --- departments -------------------------------------------------------------------------------------------------


@pytest.fixture
def departments(http, system):
    """HR proposed T1 with FIN and IND related; T2 is IND's alone; the decision M1-01 is HR's to carry out."""
    scene = builders.given_nothing(
        *begun(builders.COUNTY),
        builders.established(builders.decided()),
        builders.topic("T2", year=2026, by="IND", until=topics.Status.SUBMITTED, related={}),
    )
    record(system.ledger, scene)
    return http


def ids(http, person: str, kind: str, **more) -> set[str]:
    return {each["id"] for each in http.get(person, f"/v1/pairs/{OWN}/{kind}", **more).json()["items"]}


def test_r046_a_department_sees_its_own_topics_and_no_others(departments):
    """Proposed by it or related to it; what is not its own is answered as what does not exist."""
    http = departments
    everything = ids(http, "GO", "topics")
    assert {"T1", "T2"} <= everything
    for person, mine in {"HR": "T1", "FIN": "T1", "IND": "T2"}.items():
        seen = ids(http, person, "topics")
        assert mine in seen
        assert ("T2" in seen) == (person == "IND")
    assert ids(http, "RIGHTS", "topics") == set()
    for person, subject in (("HR", "T2"), ("RIGHTS", "T1"), ("HR", "none")):
        for path in (f"topics/{subject}", f"topics/{subject}/similar"):
            refused = http.get(person, f"/v1/pairs/{OWN}/{path}")
            assert (refused.status_code, refused.json()["title"]) == (404, "不存在，或无权知悉。")
    assert http.get("IND", f"/v1/pairs/{OWN}/topics/T2").status_code == 200


def test_r046_a_departments_pages_are_whole_and_lead_on(departments):
    """Whatever is left out, a page has as many as were asked for while there are more."""
    http, seen, cursor = departments, [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = http.get("IND", f"/v1/pairs/{OWN}/topics", limit=1, **more).json()
        assert len(page["items"]) == 1
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(ids(http, "IND", "topics"))
    assert len(seen) > 1


def test_r073_a_department_sees_the_decisions_that_it_leads_or_cooperates_in(departments):
    http = departments
    assert "M1-01" in ids(http, "HR", "decisions")
    assert "M1-01" not in ids(http, "RIGHTS", "decisions")
    for path in ("decisions/M1-01", "decisions/M1-01/extract"):
        assert http.get("HR", f"/v1/pairs/{OWN}/{path}").status_code == 200
        assert http.get("RIGHTS", f"/v1/pairs/{OWN}/{path}").status_code == 404


def test_r058_a_department_sees_the_meetings_that_it_is_called_to_with_its_own_materials(departments):
    http = departments
    whole = http.get("GO", f"/v1/pairs/{OWN}/meetings/M1").json()["data"]
    invited = {each["unit"] for each in whole["attendees"]}
    mine = http.get("HR", f"/v1/pairs/{OWN}/meetings/M1").json()["data"]
    assert "hr" in invited
    assert mine["materials"] == [each for each in whole["materials"] if each["unit"] == "hr"]
    assert {each["unit"] for each in whole["materials"]} - {"hr"}
    assert http.get("HR", f"/v1/pairs/{OWN}/minutes/M1").status_code == 200
    assert http.get("HR", f"/v1/pairs/{OWN}/minutes/M1/text").status_code == 200


def test_r097_similar_matters_tell_a_department_of_none_but_its_own(departments):
    """A hint would be a way to read others' titles."""
    http = departments
    title = http.get("GO", f"/v1/pairs/{OWN}/topics/T2").json()["data"]["content"]["title"]
    found = {
        person: {
            each["id"]
            for each in http.get(person, f"/v1/pairs/{OWN}/topics/similar", text=title).json()["items"]
        }
        for person in ("GO", "IND", "RIGHTS")
    }
    assert "T2" in found["GO"] & found["IND"]
    assert found["RIGHTS"] == set()


def test_r071_a_conflict_shows_a_department_nothing_that_it_could_not_read(departments):
    """Whoever sends an old version is told what stands now, unless it is none of his."""
    command = topics.SubmitTopic(on="2026-12-30")
    for person, shown in (("GO", True), ("IND", True), ("RIGHTS", False)):
        answer = departments.send(person, OWN, command, subject="T2", seen=99)
        assert answer.status_code == 412
        assert ("current" in answer.json()) == shown


# --- the table ---------------------------------------------------------------------------------------------------


def test_r097_every_cell_of_the_table_is_decided_by_one_function():
    """Each reader alone, towards each relation: a part sees what its cell says, and nothing by another relation."""
    for matter in Matter:
        for reader in Reader:
            for relation in Relation:
                part = queries.Part(reader, relation, unit="u", matters=frozenset({matter.value}))
                seen = queries.sight(matter, [part])
                extent = queries.TABLE[matter].get(reader)
                reaches = relation is Relation.OWN or (
                    relation is Relation.CHILD and reader in queries.MANDATES
                )
                assert (seen is not None) == (extent is not None and reaches), (matter, reader, relation)


def test_r097_the_three_administrators_read_no_business():
    """三员分立: a register and what is sent out is all that one of them is shown."""
    for matter in set(Matter) - {Matter.REGISTER, Matter.SENDING}:
        for reader in (
            Reader.SYSTEM_ADMINISTRATOR,
            Reader.SECURITY_ADMINISTRATOR,
            Reader.AUDIT_ADMINISTRATOR,
        ):
            assert queries.sight(matter, [queries.Part(reader, Relation.OWN)]) is None


def test_r097_fewer_export_and_send_out_than_read():
    """Whoever reads the history exports no bundle by that, and who oversees what is sent begins nothing himself."""
    assert set(queries.TABLE[Matter.BUNDLE]) == {Reader.AUDITOR}
    offices = {Reader.GOVERNMENT_OFFICE, Reader.UNION_OFFICE}
    assert set(queries.TABLE[Matter.SUBSCRIBING]) == offices | {Reader.AUDITOR}
    assert set(queries.TABLE[Matter.SENDING]) - offices == {Reader.AUDITOR, Reader.SYSTEM_ADMINISTRATOR}


def test_r097_a_service_reads_what_its_mandate_names_and_nothing_else():
    for matter in Matter:
        part = queries.Part(Reader.SERVICE, Relation.OWN, matters=frozenset({"topics"}))
        assert (queries.sight(matter, [part]) is not None) == (matter is Matter.TOPICS)


def test_r097_a_route_without_a_row_stops_the_start_up(system, monkeypatch):
    """A new route, one without an operation id, and one whose row was taken away."""
    router = APIRouter()

    @router.get("/pairs/{pair}/secrets", operation_id="list_secrets")
    def secrets(pair: str) -> None: ...

    @router.get("/pairs/{pair}/nameless")
    def nameless(pair: str) -> None: ...

    with pytest.raises(permits.Unbound, match=r"list_secrets.*nameless"):
        permits.bound(router.routes)
    monkeypatch.delitem(permits.READ, "list_topic")
    with pytest.raises(permits.Unbound, match="list_topic"):
        main.create_app(system)


def test_r097_every_row_serves_a_route(system):
    """A row that no route is under would only seem to say something."""
    used = {each.operation for each in main.create_app(system).state.permits}
    rows = {*permits.COMMANDS, *permits.READ, *permits.ADMINISTERED, *permits.AS_COMMAND}
    assert (rows | permits.OWN | permits.ENROLLED | permits.OPEN) - used == set()


def test_r097_the_printed_table_is_current():
    """`make access` writes it anew."""
    assert access_table.TABLE.read_text(encoding="utf-8") == access_table.table()
