"""System administrators serve their own divisions and nobody beyond, and do no business (R-097, 三员分立)."""

import hashlib

import pytest

from domain import people
from domain.decider import Capacity, Side

HERE, THERE = "140823", "140830"
CITY = ("system_administrator", "140800")
COUNTY = ("system_administrator", HERE)
ORDER = {"label": "日常办公", "days": 30}


@pytest.fixture
def county(http):
    """Two pairs with a unit each, and an administrator of the first alone."""
    http.become("city", CITY)
    http.become("county", COUNTY)
    for pair in (HERE, THERE):
        body = {"on": "2025-01-06", "division_code": pair, "union_division_code": pair}
        assert http.post("city", "/v1/pairs", body).status_code == 201
    return http


def enrol(http, person: str) -> None:
    assert http.post("city", "/v1/people", {"person": person, "label": "科员"}).status_code == 201


def appoint(http, by: str, pair: str, person: str):
    unit = people.RegisterUnit(on="2025-01-06", name="县政府办公室", side=Side.GOVERNMENT)
    made = http.send("city", pair, unit)
    command = people.AppointToPost(
        on="2025-01-06",
        person=person,
        title="科员",
        capacity=Capacity.GOVERNMENT_OFFICE,
        unit=made.json()["id"],
        valid_from="2025-01-06",
    )
    return http.send(by, pair, command)


def issue(http, by: str, person: str):
    return http.post(by, f"/v1/people/{person}/tokens", ORDER)


def grant(http, by: str, person: str, role: str, scope: str):
    return http.post(by, f"/v1/people/{person}/roles", {"role": role, "scope": scope})


def revoke(http, by: str, person: str, token: str):
    digest = hashlib.sha256(token.encode()).hexdigest()
    path = f"/v1/people/{person}/tokens/{digest}"
    return http.checked(http.client.delete(path, headers=http.become(by)))


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:lianxi:problem:")


BEYOND = (403, "beyond-mandate")


@pytest.mark.parametrize(
    ("role", "scope"),
    [("system_administrator", "140800"), ("auditor", "140800"), ("auditor", THERE), ("city_reader", THERE)],
)
def test_r097_no_token_of_anybody_with_a_role_beyond_the_administrators_divisions(county, role, scope):
    """Whoever can make another's token is that other; so a county makes and ends none of the city's."""
    enrol(county, "other")
    assert grant(county, "city", "other", role, scope).status_code == 201
    token = issue(county, "city", "other").json()["token"]
    assert code(issue(county, "county", "other")) == BEYOND
    assert code(revoke(county, "county", "other", token)) == BEYOND
    assert code(grant(county, "county", "other", "auditor", HERE)) == BEYOND
    assert code(issue(county, "county", "city")) == BEYOND
    assert revoke(county, "city", "other", token).status_code == 204


def test_r097_no_token_of_anybody_with_a_post_beyond_the_administrators_divisions(county):
    """A post in another county counts like a role, an ended one too, for business dates may lie before its end."""
    enrol(county, "clerk")
    appointed = appoint(county, "city", THERE, "clerk")
    assert appointed.status_code == 201
    assert code(issue(county, "county", "clerk")) == BEYOND
    ended = people.EndPost(on="2025-02-01", last_day="2025-01-31")
    assert county.send("city", THERE, ended, subject=appointed.json()["id"], seen=1).status_code == 200
    assert code(issue(county, "county", "clerk")) == BEYOND
    assert code(appoint(county, "county", HERE, "clerk")) == BEYOND
    token = issue(county, "city", "clerk").json()["token"]
    assert code(revoke(county, "county", "clerk", token)) == BEYOND


def test_r097_an_administrator_serves_those_of_his_own_divisions(county):
    """The control: with posts and roles within his county all of it is allowed."""
    enrol(county, "clerk")
    assert appoint(county, "county", HERE, "clerk").status_code == 201
    assert grant(county, "county", "clerk", "auditor", HERE).status_code == 201
    issued = issue(county, "county", "clerk")
    assert issued.status_code == 201
    assert revoke(county, "county", "clerk", issued.json()["token"]).status_code == 204
    assert code(grant(county, "county", "clerk", "auditor", THERE)) == (403, "not-administrator")


def test_r097_no_token_in_advance_of_powers(county):
    """A token made before its person has anything would carry what somebody else gives him later."""
    enrol(county, "newcomer")
    assert code(issue(county, "county", "newcomer")) == (422, "refusal:nobody-to-stand-for")
    assert code(issue(county, "county", "unknown")) == (404, "unknown-person")


@pytest.mark.parametrize("person", ["clock", "command-line"])
def test_r097_an_id_by_which_the_system_signs_is_no_persons(county, person):
    """It is neither enrolled nor appointed."""
    for refused in (
        county.post("city", "/v1/people", {"person": person, "label": "时钟"}),
        appoint(county, "city", HERE, person),
    ):
        assert code(refused) == (422, "refusal:one-of-the-system")
        assert refused.json()["requirement"] == "R-097"
        assert refused.json()["errors"][0]["pointer"] == "/person"


def test_r097_nobody_grants_himself(county):
    """Neither the same role elsewhere nor another one at home."""
    assert code(grant(county, "county", "county", "auditor", HERE)) == (403, "self-grant")


def test_r097_an_administrator_holds_no_post(county):
    """三员分立: who administers, wherever, has no business rights, and who is told so is an administrator."""
    for person, scope in (("other", HERE), ("far", "140825")):
        enrol(county, person)
        assert grant(county, "city", person, "system_administrator", scope).status_code == 201
        refused = appoint(county, "city", HERE, person)
        assert code(refused) == (422, "refusal:administrator-holds-no-post")
        assert refused.json()["requirement"] == "R-097"
        assert refused.json()["errors"][0]["pointer"] == "/person"
    enrol(county, "clerk")
    assert appoint(county, "city", HERE, "clerk").status_code == 201
    assert appoint(county, "clerk", HERE, "other").status_code == 403


def test_r097_who_holds_a_post_never_administers(county):
    """And the other way round, wherever the post is; other roles are no hindrance."""
    enrol(county, "clerk")
    assert appoint(county, "city", THERE, "clerk").status_code == 201
    refused = grant(county, "city", "clerk", "system_administrator", HERE)
    assert code(refused) == (422, "refusal:post-holder-never-administers")
    assert refused.json()["requirement"] == "R-097"
    assert grant(county, "city", "clerk", "city_reader", HERE).status_code == 201


def test_r097_who_administers_nothing_administers_nobody(county):
    """A reader of everything makes no token and grants nothing."""
    county.become("reader", ("auditor", "140800"))
    for refused in (
        issue(county, "reader", "county"),
        grant(county, "reader", "county", "auditor", HERE),
        revoke(county, "reader", "county", "x"),
        county.post("reader", "/v1/people", {"person": "p", "label": ""}),
    ):
        assert code(refused) == (403, "not-administrator")
