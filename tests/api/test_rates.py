"""Nobody asks more often than his quota: the buckets by a clock of the test's own, and the doors."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api import main, rates
from infrastructure import settings

PAIR = "140830"


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


# --- buckets -------------------------------------------------------------------------------------------------


def test_a_bucket_gives_its_quota_at_once_and_then_refuses(clock):
    buckets = rates.Buckets("person", 3, clock=clock)
    found = [buckets.take("a") for _ in range(5)]
    assert [each.allowed for each in found] == [True, True, True, False, False]
    assert [each.left for each in found] == [2, 1, 0, 0, 0]
    assert found[3].wait_s == 20
    assert [each.first for each in found] == [False, False, False, True, False]
    assert buckets.take("b").allowed


def test_a_bucket_refills_evenly_and_never_above_its_quota(clock):
    buckets = rates.Buckets("person", 60, clock=clock)
    taken = [buckets.take("a").allowed for _ in range(61)]
    assert taken == [True] * 60 + [False]
    clock.now += 2
    assert [buckets.take("a").allowed for _ in range(3)] == [True, True, False]
    clock.now += 3600
    assert sum(buckets.take("a").allowed for _ in range(100)) == 60


def test_after_the_wait_that_was_told_a_request_is_allowed(clock):
    buckets = rates.Buckets("person", 7, clock=clock)
    while (refused := buckets.take("a")).allowed:
        pass
    clock.now += refused.wait_s - 1.1
    assert not buckets.take("a").allowed
    clock.now += 1.1
    assert buckets.take("a").allowed


def test_refusals_do_not_prolong_the_wait(clock):
    buckets = rates.Buckets("person", 2, clock=clock)
    waits = {buckets.take("a").wait_s for _ in range(50)}
    assert max(waits) == 60
    clock.now += 30
    assert buckets.take("a").allowed


def test_only_so_many_keys_are_remembered(clock):
    buckets = rates.Buckets("address", 1, most=10, clock=clock)
    for number in range(1000):
        buckets.take(str(number))
        buckets.take(str(number))
    assert len(buckets) == 10
    assert len(buckets._refused) <= 10
    assert not buckets.take("999").allowed
    assert buckets.take("1").allowed


def test_the_headers_are_those_of_the_draft(clock):
    grants = [
        rates.Buckets("address", 6000, clock=clock).take("a"),
        rates.Buckets("person", 60, clock=clock).take("a"),
    ]
    assert dict(rates.headers(grants)) == {
        b"ratelimit-policy": b'"address";q=6000;w=60, "person";q=60;w=60',
        b"ratelimit": b'"address";r=5999;t=1, "person";r=59;t=1',
    }
    assert list(rates.headers([])) == []


def test_the_addresses_of_one_network_are_one():
    assert rates.network("2001:db8:1:2:3::4") == rates.network("2001:db8:1:2:ffff::1") == "2001:db8:1:2::"
    assert rates.network("2001:db8:1:3::1") != rates.network("2001:db8:1:2::1")
    assert rates.network("192.0.2.7") == "192.0.2.7"


# --- doors ---------------------------------------------------------------------------------------------------


@pytest.fixture
def limited(http, system):
    """Make an application with quotas; its client comes from an address."""

    def make(**quotas: int) -> TestClient:
        app = main.create_app(replace(system, quotas=rates.Quotas(**quotas)))
        return TestClient(app, raise_server_exceptions=False, client=("192.0.2.1", 5000))

    return make


def me(client: TestClient, headers: dict[str, str]):
    return client.get("/v1/me", headers=headers)


def test_a_principal_is_limited_wherever_he_comes_from(http, limited):
    """And the other one, behind the same address, is not."""
    client = limited(person=3)
    mine, other = http.become("p-1"), http.become("p-2")
    found = [http.checked(me(client, mine)) for _ in range(4)]
    assert [each.status_code for each in found] == [200, 200, 200, 429]
    assert [each.headers["RateLimit"] for each in found[:3]] == [
        f'"person";r={left};t={wait}' for left, wait in ((2, 20), (1, 40), (0, 60))
    ]
    assert found[3].headers["RateLimit-Policy"] == '"person";q=3;w=60'
    assert 1 <= int(found[3].headers["Retry-After"]) <= 20
    assert found[3].json()["type"] == "urn:lianxi:problem:rate-limited"
    elsewhere = TestClient(client.app, client=("192.0.2.99", 1))
    assert me(elsewhere, mine).status_code == 429
    assert me(client, other).status_code == 200


def test_a_command_over_the_quota_does_nothing(http, limited, system):
    http.become("admin", ("system_administrator", "140800"))
    pair = {"on": "2025-01-06", "division_code": PAIR, "union_division_code": PAIR}
    client = limited(person=1)
    headers = {**http.become("admin"), "Idempotency-Key": "limited-1"}
    assert client.get("/v1/me", headers=headers).status_code == 200
    assert client.post("/v1/pairs", headers=headers, json=pair).status_code == 429
    assert system.ledger.head(PAIR) is None or system.ledger.head(PAIR).position == 0


def test_an_address_is_limited_whoever_asks(http, limited):
    client = limited(address=2)
    asked = [me(client, http.become(who)) for who in ("p-1", "p-2", "p-3")]
    assert [each.status_code for each in asked] == [200, 200, 429]
    assert me(TestClient(client.app, client=("192.0.2.99", 1)), http.become("p-3")).status_code == 200


def test_requests_without_a_credential_have_a_stricter_bucket(http, limited):
    client = limited(address=100, anonymous=2)
    assert [client.get("/openapi.json").status_code for _ in range(3)] == [200, 200, 429]
    assert me(client, http.become("p-1")).status_code == 200


def test_credentials_that_are_none_are_counted_and_then_no_longer_told_apart(http, limited):
    client = limited(anonymous=2)
    false = {"Authorization": "Bearer lx_" + "A" * 43}
    assert [me(client, false).status_code for _ in range(4)] == [401, 401, 429, 429]
    assert me(client, http.become("p-1")).status_code == 200


def test_attempts_to_log_in_have_a_bucket_of_their_own(limited):
    """Whether or not such a door is there: what is tried too often is refused before it is looked for."""
    client = limited(login=4)
    paths = ("/v1/sessions", "/v1/sessions", "/v1/oidc/x", "/v1/sessions/current/password", "/v1/sessions")
    found = [client.post(path, json={}).status_code for path in paths]
    assert 429 not in found[:4]
    assert found[4] == 429
    assert client.get("/openapi.json").status_code == 200


def test_the_probe_of_life_is_never_refused(limited):
    client = limited(address=1, anonymous=1)
    assert client.get("/docs").status_code == 200
    assert client.get("/docs").status_code == 429
    assert {client.get("/livez").status_code for _ in range(5)} == {200}
    assert "RateLimit" not in client.get("/livez").headers


def test_a_flood_of_refusals_is_one_entry_in_the_access_log(http, limited, system):
    """Or whoever is refused would fill the log instead."""
    client = limited(address=2)
    for _ in range(30):
        me(client, http.become("p-1"))
    client.app.state.accesses.close()
    found = [each.access for each in system.access_log.listed()]
    assert [(each.status, each.code) for each in found if each.address] == [
        (429, "rate-limited"),
        (200, ""),
        (200, ""),
    ]


def test_the_same_for_a_principal_and_for_false_credentials(http, limited, system):
    client = limited(person=1, anonymous=1)
    for _ in range(10):
        me(client, http.become("p-1"))
        me(client, {"Authorization": "Bearer lx_no"})
    client.app.state.accesses.close()
    found = [
        (each.access.person, each.access.status) for each in system.access_log.listed() if each.access.address
    ]
    assert sorted(found) == [("", 401), ("", 429), ("p-1", 200), ("p-1", 429)]


def test_the_settings_decide_and_0_is_no_limit(system, monkeypatch):
    """The control: without a quota nothing is refused, and no header is sent."""
    usual = main.assemble(system.database, settings.Settings(dsn=system.database.dsn)).quotas
    assert usual == rates.Quotas(person=1200, address=6000, anonymous=300, login=30)
    monkeypatch.setenv("LIANXI_RATE_PERSON", "7")
    chosen = settings.Settings(dsn=system.database.dsn, rate_address=0, rate_anonymous=0, rate_login=0)
    assert main.assemble(system.database, chosen).quotas == rates.Quotas(person=7)
    client = TestClient(main.create_app(replace(system, quotas=rates.Quotas())))
    answers = [client.get("/openapi.json") for _ in range(5)]
    assert {each.status_code for each in answers} == {200}
    assert not any("RateLimit" in each.headers for each in answers)
