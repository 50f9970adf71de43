"""Administrators serve their own divisions and nobody beyond, and do no business (R-097, 三员分立).

The system administrator enrols and appoints, the security administrator grants and hands out tokens, the audit
administrator reads what both did: three persons, and none gives himself anything, by whatever way.
"""

import hashlib
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from domain import people
from domain.calendar import local_date
from domain.decider import Capacity, Side

HERE, THERE = "140823", "140830"
CITY = ("system_administrator", "140800")
COUNTY = ("system_administrator", HERE)
ORDER = {"label": "日常办公", "days": 30}
ADMINISTRATORS = ("system_administrator", "security_administrator", "audit_administrator")


def today():
    return local_date(datetime.now(UTC))


@pytest.fixture
def county(http):
    """Two pairs, and administrators of the city and of the first pair's county; "keeper" only hands out tokens."""
    http.become("city", CITY)
    http.become("county", COUNTY)
    for person in ("city-security", "keeper"):
        http.become(person, ("security_administrator", "140800"))
    http.become("county-security", ("security_administrator", HERE))
    http.become("watch", ("audit_administrator", "140800"))
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


def grant(http, by: str, person: str, role: str, scope: str, **more):
    return http.post(by, f"/v1/people/{person}/roles", {"role": role, "scope": scope, **more})


def withdraw(http, by: str, person: str, role: str, scope: str):
    path = f"/v1/people/{person}/roles/{role}/{scope}"
    return http.checked(http.client.delete(path, headers=http.become(by)))


def revoke(http, by: str, person: str, token: str):
    digest = hashlib.sha256(token.encode()).hexdigest()
    path = f"/v1/people/{person}/tokens/{digest}"
    return http.checked(http.client.delete(path, headers=http.become(by)))


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:lianxi:problem:")


def use(http, person: str, token: str) -> None:
    http.tokens[person] = token


BEYOND = (403, "beyond-mandate")
NOT_HIS = (403, "not-administrator")
GIVER = (422, "refusal:giver-hands-out-no-key")


AT_CONSOLE = (422, "refusal:administrators-secret-at-console")


def shown(http, system, person: str, role: str) -> str:
    """Have a token made: an administrator's at the console, anybody else's by a security administrator."""
    if role in ADMINISTRATORS:
        expires = system.clock() + timedelta(days=1000)
        return system.credentials.issue(person, label="命令行", expires_at=expires)
    return issue(http, "keeper", person).json()["token"]


@pytest.mark.parametrize(
    ("role", "scope"),
    [("system_administrator", "140800"), ("auditor", "140800"), ("auditor", THERE), ("city_reader", THERE)],
)
def test_r097_no_token_of_anybody_with_a_role_beyond_the_administrators_divisions(
    county, system, role, scope
):
    """Whoever can make another's token is that other; so a county makes and ends none of the city's."""
    enrol(county, "other")
    assert grant(county, "city-security", "other", role, scope).status_code == 201
    token = shown(county, system, "other", role)
    assert code(issue(county, "county-security", "other")) == BEYOND
    assert code(revoke(county, "county-security", "other", token)) == BEYOND
    assert code(grant(county, "county-security", "other", "auditor", HERE)) == BEYOND
    assert code(issue(county, "county-security", "city")) == BEYOND
    assert revoke(county, "keeper", "other", token).status_code == 204


def test_r097_no_token_of_anybody_with_a_post_beyond_the_administrators_divisions(county):
    """A post in another county counts like a role, an ended one too, for business dates may lie before its end."""
    enrol(county, "clerk")
    appointed = appoint(county, "city", THERE, "clerk")
    assert appointed.status_code == 201
    assert code(issue(county, "county-security", "clerk")) == BEYOND
    ended = people.EndPost(on="2025-02-01", last_day="2025-01-31")
    assert county.send("city", THERE, ended, subject=appointed.json()["id"], seen=1).status_code == 200
    assert code(issue(county, "county-security", "clerk")) == BEYOND
    assert code(appoint(county, "county", HERE, "clerk")) == BEYOND
    token = issue(county, "city-security", "clerk").json()["token"]
    assert code(revoke(county, "county-security", "clerk", token)) == BEYOND


def test_r097_an_administrator_serves_those_of_his_own_divisions(county):
    """The control: with posts and roles within his county all of it is allowed."""
    enrol(county, "clerk")
    assert appoint(county, "county", HERE, "clerk").status_code == 201
    issued = issue(county, "county-security", "clerk")
    assert issued.status_code == 201
    assert revoke(county, "county-security", "clerk", issued.json()["token"]).status_code == 204
    assert grant(county, "county-security", "clerk", "auditor", HERE).status_code == 201
    assert code(grant(county, "county-security", "clerk", "auditor", THERE)) == NOT_HIS


def test_r097_no_token_in_advance_of_powers(county):
    """A token made before its person has anything would carry what somebody else gives him later."""
    enrol(county, "newcomer")
    assert code(issue(county, "county-security", "newcomer")) == (422, "refusal:nobody-to-stand-for")
    assert code(issue(county, "county-security", "unknown")) == (404, "unknown-person")


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


# --- nobody gives himself anything -------------------------------------------------------------------------------


def test_r097_nobody_grants_himself(county):
    """Neither the same role elsewhere nor another one at home, and no token more."""
    for role in ("auditor", "security_administrator", "audit_administrator"):
        assert code(grant(county, "county-security", "county-security", role, HERE)) == (403, "self-grant")
    assert code(issue(county, "county-security", "county-security")) == (422, "refusal:self-granted")


def test_r097_who_gave_a_role_hands_out_no_token_for_it(county):
    """A dummy with a role, and the token of the dummy: it takes a second person."""
    for number, role in enumerate(("auditor", "city_reader")):
        person = f"dummy-{number}"
        enrol(county, person)
        assert grant(county, "city-security", person, role, "140800").status_code == 201
        assert code(issue(county, "city-security", person)) == GIVER
        assert issue(county, "keeper", person).status_code == 201


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_r097_an_administrators_secret_is_shown_at_the_console_alone(county, system, role):
    """Whoever could enter as another administrator would give in his name what he may not give himself."""
    enrol(county, "boss")
    assert grant(county, "city-security", "boss", role, "140800").status_code == 201
    for who in ("city-security", "keeper"):
        assert code(issue(county, who, "boss")) == AT_CONSOLE
        assert code(county.post(who, "/v1/people/boss/account", {})) == AT_CONSOLE
    assert shown(county, system, "boss", role)


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_r097_whose_token_somebody_was_shown_never_administers(county, role):
    """The other order: the token of a reader, whose reading is taken back before he is made an administrator."""
    enrol(county, "reader")
    assert grant(county, "keeper", "reader", "city_reader", HERE).status_code == 201
    token = issue(county, "city-security", "reader").json()["token"]
    assert withdraw(county, "keeper", "reader", "city_reader", HERE).status_code == 204
    assert code(grant(county, "keeper", "reader", role, HERE)) == AT_CONSOLE
    assert revoke(county, "city-security", "reader", token).status_code == 204
    assert grant(county, "keeper", "reader", role, HERE).status_code == 201


def test_r097_a_role_that_begins_later_counts_as_one_that_was_given(county):
    """Or its giver would fetch the token while it sleeps."""
    enrol(county, "dummy")
    later = (today() + timedelta(days=3)).isoformat()
    assert grant(county, "city-security", "dummy", "auditor", HERE, valid_from=later).status_code == 201
    assert code(issue(county, "city-security", "dummy")) == GIVER


def test_r097_who_was_shown_a_token_gives_its_person_nothing(county):
    """The other order: first the token of somebody harmless, then the role; once the token is gone it is allowed."""
    enrol(county, "clerk")
    assert appoint(county, "city", HERE, "clerk").status_code == 201
    token = issue(county, "city-security", "clerk").json()["token"]
    refused = grant(county, "city-security", "clerk", "auditor", HERE)
    assert code(refused) == (422, "refusal:key-holder-gives-nothing")
    assert grant(county, "keeper", "clerk", "auditor", HERE).status_code == 201
    assert withdraw(county, "keeper", "clerk", "auditor", HERE).status_code == 204
    assert revoke(county, "city-security", "clerk", token).status_code == 204
    assert grant(county, "city-security", "clerk", "auditor", HERE).status_code == 201


def test_r097_who_appointed_never_hands_out_the_token_whatever_he_becomes(county, system):
    """The console makes a system administrator the security administrator: those whom he appointed are not his."""
    enrol(county, "clerk")
    assert appoint(county, "city", HERE, "clerk").status_code == 201
    system.credentials.withdraw("city", role=CITY[0], scope=CITY[1])
    system.credentials.grant("city", role="security_administrator", scope="140800")
    assert code(issue(county, "city", "clerk")) == GIVER
    assert issue(county, "keeper", "clerk").status_code == 201


def test_r097_who_was_shown_a_token_never_appoints_its_person(county, system):
    """And the other way round."""
    enrol(county, "clerk")
    assert appoint(county, "city", HERE, "clerk").status_code == 201
    assert issue(county, "keeper", "clerk").status_code == 201
    system.credentials.withdraw("keeper", role="security_administrator", scope="140800")
    system.credentials.grant("keeper", role=CITY[0], scope=CITY[1])
    assert code(appoint(county, "keeper", HERE, "clerk")) == (422, "refusal:key-holder-gives-nothing")


# --- three persons -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ADMINISTRATORS)
@pytest.mark.parametrize("other", [*ADMINISTRATORS, "auditor", "city_reader"])
def test_r097_an_administrator_has_no_other_role(county, role, other):
    """Three persons, and none of them reads business; the same role elsewhere is no other."""
    enrol(county, "one")
    assert grant(county, "city-security", "one", role, HERE).status_code == 201
    answer = grant(county, "city-security", "one", other, THERE)
    if other == role:
        assert answer.status_code == 201
    elif other in ADMINISTRATORS:
        assert code(answer) == (422, "refusal:three-persons")
    else:
        assert code(answer) == (422, "refusal:administrator-does-no-business")
        enrol(county, "two")
        assert grant(county, "city-security", "two", other, HERE).status_code == 201
        assert code(grant(county, "city-security", "two", role, HERE)) == code(answer)


def test_r097_the_console_too_is_held_to_three_persons(county, system):
    """Whoever has the machine has everything; but what goes on record is by the rules."""
    with pytest.raises(Exception, match="三个人"):
        system.credentials.grant("city", role="audit_administrator", scope="140800")


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_r097_an_administrator_holds_no_post(county, role):
    """三员分立: who administers, wherever, has no business rights, and who is told so is an administrator."""
    for person, scope in (("other", HERE), ("far", "140825")):
        enrol(county, person)
        assert grant(county, "city-security", person, role, scope).status_code == 201
        refused = appoint(county, "city", HERE, person)
        assert code(refused) == (422, "refusal:administrator-holds-no-post")
        assert refused.json()["requirement"] == "R-097"
        assert refused.json()["errors"][0]["pointer"] == "/person"
    enrol(county, "clerk")
    assert appoint(county, "city", HERE, "clerk").status_code == 201
    use(county, "clerk", issue(county, "city-security", "clerk").json()["token"])
    assert appoint(county, "clerk", HERE, "other").status_code == 403


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_r097_who_holds_a_post_never_administers(county, role):
    """And the other way round, wherever the post is; other roles are no hindrance."""
    enrol(county, "clerk")
    assert appoint(county, "city", THERE, "clerk").status_code == 201
    refused = grant(county, "city-security", "clerk", role, HERE)
    assert code(refused) == (422, "refusal:post-holder-never-administers")
    assert refused.json()["requirement"] == "R-097"
    assert grant(county, "city-security", "clerk", "city_reader", HERE).status_code == 201


def test_r097_each_of_the_three_does_his_own_and_nothing_of_the_others(county):
    """Who enrols, who grants and hands out, who reads the acts: each door opens for one of the three."""
    enrol(county, "clerk")
    assert appoint(county, "city", HERE, "clerk").status_code == 201
    token = issue(county, "city-security", "clerk").json()["token"]
    doors = {
        "city": (lambda by: county.post(by, "/v1/people", {"person": "clerk", "label": "科员"}),),
        "city-security": (
            lambda by: issue(county, by, "clerk"),
            lambda by: grant(county, by, "clerk", "auditor", THERE),
            lambda by: withdraw(county, by, "clerk", "auditor", THERE),
            lambda by: revoke(county, by, "clerk", token),
        ),
        "watch": (lambda by: county.get(by, "/v1/administration/acts"),),
    }
    for one, calls in doors.items():
        for other in {*doors, "clerk"} - {one}:
            use(county, "clerk", token)
            for call in calls:
                assert code(call(other)) == NOT_HIS, (one, other)
    assert issue(county, "keeper", "clerk").status_code == 201


def test_r097_who_administers_nothing_administers_nobody(county):
    """A reader of everything makes no token and grants nothing."""
    county.become("reader", ("auditor", "140800"))
    for refused in (
        issue(county, "reader", "county"),
        grant(county, "reader", "county", "auditor", HERE),
        withdraw(county, "reader", "county", "system_administrator", HERE),
        revoke(county, "reader", "county", "x"),
        county.post("reader", "/v1/people", {"person": "p", "label": ""}),
        county.get("reader", "/v1/people"),
        county.get("reader", "/v1/administration/acts"),
    ):
        assert code(refused) == NOT_HIS


# --- dates -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "open_today"),
    [
        (None, None, True),
        (0, 0, True),
        (0, None, True),
        (-30, 0, True),
        (None, 1, True),
        (1, None, False),
        (1, 30, False),
    ],
)
def test_r097_a_mandate_counts_on_its_days_both_inclusive(county, first, last, open_today):
    """It is the legal day, in Beijing, that counts."""
    enrol(county, "auditor")
    days = {"valid_from": first, "valid_until": last}
    said = {
        name: (today() + timedelta(days=each)).isoformat() for name, each in days.items() if each is not None
    }
    assert grant(county, "city-security", "auditor", "auditor", HERE, **said).status_code == 201
    use(county, "auditor", issue(county, "keeper", "auditor").json()["token"])
    assert county.get("auditor", f"/v1/pairs/{HERE}").status_code == (200 if open_today else 404)
    assert len(county.get("auditor", "/v1/me").json()["roles"]) == open_today


def test_r097_a_mandate_that_ended_yesterday_is_over(county, database):
    """As the night passes, with the same token: the day is moved in the table, for the clock is the database's."""
    enrol(county, "auditor")
    assert grant(county, "city-security", "auditor", "auditor", HERE).status_code == 201
    use(county, "auditor", issue(county, "keeper", "auditor").json()["token"])
    assert county.get("auditor", f"/v1/pairs/{HERE}/history").status_code == 200
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        admin.execute(
            "UPDATE ledger.role_grant SET valid_until ="
            " (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date - 1 WHERE person_id = 'auditor'"
        )
    assert county.get("auditor", f"/v1/pairs/{HERE}/history").status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"valid_from": "2030-01-02", "valid_until": "2030-01-01"}, "/valid_until"),
        ({"valid_until": "2020-01-01"}, "/valid_until"),
        ({"matters": ["topics"]}, "/matters"),
    ],
)
def test_r097_a_mandate_that_could_never_count_is_refused(county, body, pointer):
    """Backwards, over before it begins, or with what the role has by the table."""
    enrol(county, "auditor")
    refused = grant(county, "city-security", "auditor", "auditor", HERE, **body)
    assert code(refused) == (422, "refusal:mandate-unfit")
    assert refused.json()["errors"][0]["pointer"] == pointer


def test_r097_a_mandate_over_one_pair_alone_is_none_over_those_below(county):
    """The city's own pair, without its counties."""
    body = {"on": "2025-01-06", "division_code": "140800", "union_division_code": "140800"}
    assert county.post("city", "/v1/pairs", body).status_code == 201
    enrol(county, "auditor")
    assert grant(county, "city-security", "auditor", "auditor", "140800", subtree=False).status_code == 201
    use(county, "auditor", issue(county, "keeper", "auditor").json()["token"])
    assert county.get("auditor", "/v1/pairs/140800").status_code == 200
    assert county.get("auditor", f"/v1/pairs/{HERE}").status_code == 404


def test_r097_an_administrator_of_one_pair_alone_serves_nobody_below_it(county, system):
    """The security administrator of the city's own pair: whoever reaches its counties is beyond him."""
    county.become("alone")
    system.credentials.grant("alone", role="security_administrator", scope="140800", subtree=False)
    enrol(county, "reader")
    assert code(grant(county, "alone", "reader", "auditor", "140800")) == NOT_HIS
    assert grant(county, "city-security", "reader", "auditor", "140800").status_code == 201
    assert code(issue(county, "alone", "reader")) == BEYOND
    assert code(withdraw(county, "alone", "reader", "auditor", "140800")) == NOT_HIS
    enrol(county, "here")
    assert grant(county, "alone", "here", "auditor", "140800", subtree=False).status_code == 201
    assert withdraw(county, "alone", "here", "auditor", "140800").status_code == 204


def test_r097_a_role_taken_back_is_over_with_the_next_request(county):
    """The same token, one moment later."""
    enrol(county, "auditor")
    assert grant(county, "city-security", "auditor", "auditor", HERE).status_code == 201
    use(county, "auditor", issue(county, "keeper", "auditor").json()["token"])
    assert county.get("auditor", f"/v1/pairs/{HERE}/history").status_code == 200
    assert withdraw(county, "city-security", "auditor", "auditor", HERE).status_code == 204
    assert county.get("auditor", f"/v1/pairs/{HERE}/history").status_code == 404
    assert code(withdraw(county, "city-security", "auditor", "auditor", HERE)) == (404, "unknown-role")


# --- the administration ledger -----------------------------------------------------------------------------------


def test_r097_the_audit_administrator_reads_what_the_other_two_did(county):
    """Page by page, with who, for whom, what and the chain's hashes; of one actor or one person where asked."""
    enrol(county, "auditor")
    grant(
        county,
        "city-security",
        "auditor",
        "auditor",
        HERE,
        valid_until="2030-12-31",
        basis="审委发〔2026〕3号",
    )
    token = issue(county, "keeper", "auditor").json()["token"]
    revoke(county, "keeper", "auditor", token)
    withdraw(county, "city-security", "auditor", "auditor", HERE)
    told, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = county.get("watch", "/v1/administration/acts", subject="auditor", limit=2, **more).json()
        told += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [(each["actor"], each["topic"]) for each in told] == [
        ("city", "person.enrolled"),
        ("city-security", "mandate.granted"),
        ("keeper", "key.issued"),
        ("keeper", "key.revoked"),
        ("city-security", "mandate.withdrawn"),
    ]
    assert told[1]["payload"]["basis"] == "审委发〔2026〕3号"
    assert told[1]["payload"]["mandate"]["valid_until"] == "2030-12-31"
    assert told[2]["payload"]["key"]["hash"] == hashlib.sha256(token.encode()).hexdigest()
    assert all(token not in str(each) for each in told)
    mine = county.get("watch", "/v1/administration/acts", actor="city", limit=200).json()["items"]
    assert {each["actor"] for each in mine} == {"city"}


def test_r097_administrators_list_people_and_hashes_and_nobody_else_does(county):
    """Whom there is, with which mandates; the security administrator needs it to serve them."""
    enrol(county, "auditor")
    grant(county, "city-security", "auditor", "auditor", HERE)
    token = issue(county, "keeper", "auditor").json()["token"]
    use(county, "auditor", token)
    for who in ("city", "city-security", "watch"):
        items = county.get(who, "/v1/people", limit=200).json()["items"]
        (found,) = [each for each in items if each["person"] == "auditor"]
        assert [(each["role"], each["scope"]) for each in found["roles"]] == [("auditor", HERE)]
        assert token not in str(found)
    assert code(county.get("auditor", "/v1/people")) == NOT_HIS


# --- services ----------------------------------------------------------------------------------------------------


def service(http, **more) -> None:
    """A service that may read the topics and the history of the county and what is below, until 2099."""
    enrol(http, "sync")
    said = {"matters": ["topics", "history"], "valid_until": "2099-12-31", **more}
    assert grant(http, "city-security", "sync", "service", HERE, **said).status_code == 201


def key(http, by: str, **more):
    body = {"label": "对接", "pair": HERE, "matters": ["topics"], "days": 30, **more}
    return http.post(by, "/v1/people/sync/keys", body)


def test_r097_a_key_reads_what_it_names_of_its_one_pair_and_commands_nothing(county):
    """Other matters, other pairs and every command are closed to it."""
    service(county)
    issued = key(county, "keeper")
    assert issued.json()["token"].startswith("lxk_")
    use(county, "sync", issued.json()["token"])
    assert county.get("sync", f"/v1/pairs/{HERE}/topics").status_code == 200
    for path in (f"/v1/pairs/{HERE}/history", f"/v1/pairs/{HERE}/meetings", f"/v1/pairs/{THERE}/topics"):
        assert county.get("sync", path).status_code == 404
    assert code(county.get("sync", "/v1/people")) == NOT_HIS
    unit = people.RegisterUnit(on="2025-01-06", name="县政府办公室", side=Side.GOVERNMENT)
    assert county.send("sync", HERE, unit).status_code == 404


def test_r097_a_key_never_opens_more_than_the_mandate_of_its_service(county):
    """Not another pair, not another matter, and by nobody who gave the mandate."""
    service(county)
    assert code(key(county, "city-security")) == GIVER
    for more in ({"pair": THERE}, {"matters": ["meetings"]}, {"matters": ["topics", "reports"]}):
        assert code(key(county, "keeper", **more)) == (422, "refusal:mandate-unfit")
    assert key(county, "keeper", matters=["history"]).status_code == 201


def test_r097_a_key_ends_with_the_mandate_of_its_service(county):
    """Taken back, narrowed, or the key itself revoked: the next request is nobody's."""
    service(county)
    first = key(county, "keeper").json()["token"]
    use(county, "sync", first)
    assert county.get("sync", f"/v1/pairs/{HERE}/topics").status_code == 200
    service(county, matters=["history"])
    assert county.get("sync", f"/v1/pairs/{HERE}/topics").status_code == 401
    service(county)
    assert county.get("sync", f"/v1/pairs/{HERE}/topics").status_code == 200
    assert revoke(county, "keeper", "sync", first).status_code == 204
    assert county.get("sync", f"/v1/pairs/{HERE}/topics").status_code == 401
    use(county, "sync", key(county, "keeper").json()["token"])
    assert withdraw(county, "city-security", "sync", "service", HERE).status_code == 204
    assert county.get("sync", f"/v1/pairs/{HERE}/topics").status_code == 401


def test_r097_a_service_has_no_token_no_post_and_no_other_role(county):
    service(county)
    assert code(issue(county, "keeper", "sync")) == (422, "refusal:mandate-unfit")
    assert code(appoint(county, "city", HERE, "sync")) == (422, "refusal:service-is-no-person")
    for role in ("auditor", "security_administrator"):
        assert code(grant(county, "keeper", "sync", role, HERE))[1].startswith("refusal:")
    enrol(county, "endless")
    refused = grant(county, "city-security", "endless", "service", HERE, matters=["topics"])
    assert code(refused) == (422, "refusal:mandate-unfit")
