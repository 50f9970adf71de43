"""Every request leaves an entry in the access log, and what opens a history only after it is on the disk."""

import asyncio
import threading
from datetime import UTC, datetime

import httpx2
import pytest
from fastapi.testclient import TestClient

from api import accesses, main
from application import access_audit, ports
from domain.accesses import Access

PAIR = "140830"
AUDIT_ADMINISTRATOR = ("audit_administrator", "140800")


@pytest.fixture
def pair(http):
    """A client of an installation with one pair."""
    http.become("admin", ("system_administrator", "140800"))
    http.become("auditor", ("auditor", "140800"))
    body = {"on": "2025-01-06", "division_code": PAIR, "union_division_code": PAIR}
    assert http.post("admin", "/v1/pairs", body).status_code == 201
    return http


def logged(http, system) -> list[Access]:
    """Everything that was logged, oldest first."""
    http.client.app.state.accesses.close()
    assert access_audit.verify(system.access_log).ok
    return [each.access for each in reversed(system.access_log.listed(limit=1000))]


class Broken:
    """A log that takes nothing until it is mended."""

    def __init__(self, real):
        self.real = real
        self.mended = threading.Event()

    def append(self, entries):
        if not self.mended.is_set():
            raise ports.LedgerUnavailable("planted")
        return self.real.append(entries)


def test_an_entry_says_who_what_where_and_how_it_was_answered(pair, system):
    before = len(logged(pair, system))
    answer = pair.get("auditor", f"/v1/pairs/{PAIR}/history", actor="canary-7351")
    entry = logged(pair, system)[before]
    assert entry.trace_id == answer.headers["x-trace-id"]
    assert (entry.person, entry.how, entry.method) == ("auditor", "token", "GET")
    assert (entry.route, entry.pair, entry.matter) == ("/v1/pairs/{pair}/history", PAIR, "history")
    assert (entry.status, entry.code) == (200, "")
    assert abs((datetime.now(UTC) - entry.at).total_seconds()) < 60


def test_refusals_are_logged_with_their_code(pair, system):
    before = len(logged(pair, system))
    pair.get("stranger", f"/v1/pairs/{PAIR}/history")
    pair.client.get(f"/v1/pairs/{PAIR}/topics", headers={"Authorization": "Bearer lx_no"})
    pair.client.get("/v1/nothing/canary-7351?q=canary-7351")
    pair.client.request("BREW", "/v1/me")
    pair.post("admin", f"/v1/pairs/{PAIR}/units", {"name": 1})
    found = logged(pair, system)[before:]
    assert [(each.person, each.how, each.route, each.status, each.code) for each in found] == [
        ("stranger", "token", "/v1/pairs/{pair}/history", 404, "not-found"),
        ("", "none", "/v1/pairs/{pair}/topics", 401, "unauthenticated"),
        ("", "none", "", 404, "http-404"),
        ("", "none", "/v1/me", 405, "http-405"),
        ("admin", "token", "/v1/pairs/{pair}/units", 422, "invalid"),
    ]
    assert found[3].method == "OTHER"
    assert found[4].matter == "act"


def test_a_subtree_that_was_asked_for_is_named(pair, system):
    pair.get("auditor", "/v1/audit/verification", scope="140800")
    last = logged(pair, system)[-1]
    assert (last.pair, last.matter) == ("140800", "history")
    headers = pair.become("auditor")
    asked = pair.client.get("/v1/audit/verification?%73cope=%31%34%30%38%30%30", headers=headers)
    assert asked.status_code == 200
    assert logged(pair, system)[-1].pair == "140800"


def test_probes_are_not_logged(pair, system):
    before = len(logged(pair, system))
    assert pair.client.get("/livez").status_code == 200
    assert pair.client.get("/readyz").status_code == 200
    assert len(logged(pair, system)) == before


def test_a_history_is_not_shown_where_its_reading_cannot_be_logged(pair, system):
    """The same for a reader of a role; one of the pair itself reads its business on. The refusal is logged later."""
    pair.client.app.state.accesses.close()
    broken = Broken(system.access_log)
    pair.client.app.state.accesses = recorder = accesses.Accesses(lambda: broken, every_s=0.01)
    for path in (f"/v1/pairs/{PAIR}/history", f"/v1/pairs/{PAIR}/topics"):
        answer = pair.get("auditor", path)
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:lianxi:problem:unlogged")
        assert "items" not in answer.json()
    broken.mended.set()
    assert pair.get("auditor", f"/v1/pairs/{PAIR}/history").status_code == 200
    recorder.close()
    found = logged(pair, system)
    assert [(each.status, each.code) for each in found[-3:]] == [(503, "unlogged")] * 2 + [(200, "")]


def test_what_an_administrator_did_is_answered_and_logged_as_soon_as_it_can_be(pair, system):
    """It was done, and an act says so: an answer that it was not would be wrong."""
    pair.client.app.state.accesses.close()
    broken = Broken(system.access_log)
    pair.client.app.state.accesses = accesses.Accesses(lambda: broken, every_s=0.01)
    assert pair.post("admin", "/v1/people", {"person": "p-new", "label": "科员"}).status_code == 201
    assert system.access_log.listed(limit=1)[0].access.route != "/v1/people"
    broken.mended.set()
    last = logged(pair, system)[-1]
    assert (last.route, last.matter, last.status) == ("/v1/people", "administration", 201)


def test_a_history_is_logged_before_it_is_answered(pair, system):
    """The entry is there while the answer is still held back: seen from within the sending of its head."""
    app = main.create_app(system)
    seen = []

    async def run():
        headers = [(b"authorization", pair.become("auditor")["Authorization"].encode())]
        path = f"/v1/pairs/{PAIR}/history"
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "scheme": "http",
            "query_string": b"",
            "headers": headers,
            "client": ("192.0.2.9", 1),
            "server": ("test", 80),
        }

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            if message["type"] == "http.response.start":
                seen.append(system.access_log.listed(limit=1)[0].access)

        await app(scope, receive, send)

    asyncio.run(run())
    assert (seen[0].person, seen[0].matter, seen[0].address) == ("auditor", "history", "192.0.2.9")


def test_requests_wait_for_a_place_and_are_refused_before_they_do_anything(pair, system):
    """A full queue: a command is not done where it could not be logged; once there is room it is."""
    pair.client.app.state.accesses.close()
    broken = Broken(system.access_log)
    recorder = accesses.Accesses(lambda: broken, every_s=0.01, most=1, wait_s=0.3)
    pair.client.app.state.accesses = recorder
    assert pair.get("stranger", "/v1/me").status_code == 200
    before = system.ledger.head(PAIR)
    body = {"on": "2025-01-06", "name": "县财政局", "side": "government"}
    refused = pair.post("admin", f"/v1/pairs/{PAIR}/units", body, key="full-0001")
    assert (refused.status_code, refused.json()["type"]) == (503, "urn:lianxi:problem:unlogged")
    assert refused.headers["Retry-After"]
    assert system.ledger.head(PAIR) == before
    broken.mended.set()
    assert pair.post("admin", f"/v1/pairs/{PAIR}/units", body, key="full-0001").status_code == 201
    assert [each.status for each in logged(pair, system)[-2:]] == [200, 201]


def test_what_waits_is_written_when_the_server_stops(pair, system):
    before = len(logged(pair, system))
    recorder = pair.client.app.state.accesses = accesses.Accesses(lambda: system.access_log, every_s=3600)
    for _ in range(3):
        pair.get("stranger", "/v1/me")
    assert recorder.pending == 3
    assert len(system.access_log.listed(limit=1000)) == before
    recorder.close()
    assert len(system.access_log.listed(limit=1000)) == before + 3


def test_many_at_once_are_all_there_once(pair, system):
    before = len(logged(pair, system))

    async def run():
        transport = httpx2.ASGITransport(app=pair.client.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            asked = [
                client.get(f"/v1/pairs/{PAIR}/{path}", headers=pair.become(who))
                for _ in range(20)
                for who, path in (("auditor", "history"), ("stranger", "topics"))
            ]
            return await asyncio.gather(*asked)

    answers = asyncio.run(run())
    found = logged(pair, system)[before:]
    assert sorted(each.trace_id for each in found) == sorted(each.headers["x-trace-id"] for each in answers)
    assert len(found) == 40


# --- who may see it ------------------------------------------------------------------------------------------


def test_only_the_audit_administrator_sees_it_and_is_logged_himself(pair):
    for who in ("admin", "auditor", "stranger"):
        answer = pair.get(who, "/v1/administration/access")
        assert (answer.status_code, answer.json()["type"]) == (
            403,
            "urn:lianxi:problem:not-administrator",
        )
    pair.become("audit", AUDIT_ADMINISTRATOR)
    found = pair.get("audit", "/v1/administration/access").json()["items"]
    assert [each["person"] for each in found[:2]] == ["stranger", "auditor"]
    again = pair.get("audit", "/v1/administration/access").json()["items"]
    assert (again[0]["person"], again[0]["route"]) == ("audit", "/v1/administration/access")


def test_it_is_paged_and_filtered(pair):
    headers = pair.become("audit", AUDIT_ADMINISTRATOR)

    def ask(**parameters):
        return pair.client.get("/v1/administration/access", headers=headers, params=parameters)

    for _ in range(5):
        pair.get("auditor", f"/v1/pairs/{PAIR}/history")
    first = ask(person="auditor", pair=PAIR, limit=3).json()
    assert len(first["items"]) == 3
    second = ask(person="auditor", pair=PAIR, limit=3, cursor=first["next_cursor"]).json()
    positions = [each["position"] for each in first["items"] + second["items"]]
    assert positions == sorted(positions, reverse=True)
    assert len(positions) == 5
    assert second["next_cursor"] is None
    other = ask(person="admin", limit=3, cursor=first["next_cursor"])
    assert (other.status_code, other.json()["type"]) == (400, "urn:lianxi:problem:bad-cursor")
    since = first["items"][0]["recorded_at"]
    assert ask(person="auditor", since=since).json()["items"] == first["items"][:1]
    assert ask(person="auditor", until="2020-01-01T00:00:00Z").json()["items"] == []


def test_an_address_is_one_or_nothing():
    """A proxy that hands on what a client wrote as an address does not bring it into the log."""
    assert accesses.address({"client": ("2001:DB8::7", 1)}) == "2001:db8::7"
    for odd in (("<script>", 1), ("testclient", 1), None):
        assert accesses.address({"client": odd}) == ""


def test_an_application_without_anything_to_write_has_no_thread(system, monkeypatch):
    monkeypatch.setattr(accesses, "LINGER_S", 0.01)
    with TestClient(main.create_app(system)) as client:
        client.get("/v1/nothing")
        thread = client.app.state.accesses._thread
        client.app.state.accesses.close()
        thread.join(10)
        assert not thread.is_alive()
