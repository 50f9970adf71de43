"""Nothing that anybody sends comes into a log, or into an error that tells of something else.

A journey with a canary in every place where something can be sent, against a real server; then everything that was
written is searched for each of them: standard output and error, the logs of libraries, the rows of the access log, and
the bodies of errors. In an error some places may show the sender what he himself has just sent: ``instance`` is his
path, a pointer the name of his field, ``submitted`` of a version conflict his own content beside the ``current`` one
(R-071), and the detail of a refusal may quote, say, a number.
"""

import base64
import json
import logging
import socket
import urllib.parse

import httpx2
import psycopg
import pytest
import structlog

from api import examples, limits, main
from api.routes import acts
from domain.decider import Capacity
from infrastructure import database as databases
from infrastructure import logs, settings
from tests.api import harness
from tests.api.entering import Entrance
from tests.api.fixtures import NOW
from tests.api.test_wire import running

PAIR = "140830"
MARK = "7351"
HAN = "金丝雀"


def canary(place: str) -> str:
    """A text that is nowhere else, in ASCII, for one place."""
    return f"canary-{MARK}-{place}"


def forms(text: str) -> set[str]:
    """How a text may look in what is written."""
    raw = text.encode()
    quoted = {urllib.parse.quote(text), json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    return {text, raw.hex(), base64.b64encode(raw).decode().rstrip("=")[:-2], *quoted}


def planted(value):
    """Put a canary into every text of an example that is no code, date or choice."""
    if isinstance(value, dict):
        return {name: planted(each) for name, each in value.items()}
    if isinstance(value, list):
        return [planted(each) for each in value]
    if isinstance(value, str) and any("\u4e00" <= each <= "\u9fff" for each in value):
        return f"{value}{HAN}{MARK}"
    return value


@pytest.fixture
def system(database, tmp_path):
    chosen = settings.Settings(
        dsn=database.app_dsn,
        data_dir=tmp_path / "data",
        webhook_key=tmp_path / "webhooks.key",
        webhook_targets="*.example.cn",
        rate_person=0,
        rate_anonymous=0,
    )
    with databases.Database(database.app_dsn) as db:
        assembled = main.assemble(db, chosen, clock=lambda: NOW)
        assembled.office._today = lambda _: NOW.date()
        yield assembled


class Journey:
    """Sends, and keeps the errors and everything that must not be found again."""

    def __init__(self, http: harness.Client, client: httpx2.Client) -> None:
        self.http, self.client = http, client
        self.secrets: set[str] = set()
        self.errors: list[str] = []
        self.statuses: set[int] = set()

    def send(self, method: str, path: str, *, who: str = "office", headers=None, **more):
        sent = {**self.http.become(who), **(headers or {})} if who else (headers or {})
        self.secrets |= {each.removeprefix("Bearer ") for each in sent.values() if each.startswith("Bearer ")}
        answer = self.client.request(method, path, headers=sent, **more)
        self.statuses.add(answer.status_code)
        if answer.status_code >= 400 and answer.content:
            body = answer.json()
            body.pop("instance", None)
            body.pop("submitted", None)
            body.pop("current", None)
            for each in body.get("errors", ()):
                each.pop("pointer")
            if body["type"].startswith("urn:lianxi:problem:refusal:"):
                body.pop("detail", None)
                body.pop("errors", None)
            self.errors.append(json.dumps(body, ensure_ascii=False))
        return answer

    def command(self, path: str, body, *, key: str, **more):
        headers = {"Idempotency-Key": key, **more.pop("headers", {})}
        return self.send("POST", path, headers=headers, json=body, **more)


def everywhere(journey: Journey) -> None:
    """Put a canary into each place of a request."""
    units = f"/v1/pairs/{PAIR}/units"
    good = {"on": "2025-01-06", "name": f"县{HAN}{MARK}局", "side": "government"}
    key = canary("key-good")
    assert journey.command(units, good, key=key, who="admin").status_code == 201
    assert journey.command(units, {**good, "name": "县乙局"}, key=key, who="admin").status_code == 422
    for body in (
        {**good, canary("name"): canary("value")},
        {"on": canary("date")},
        [canary("list")],
        canary("text"),
    ):
        assert journey.command(units, body, key=canary("key-bad"), who="admin").status_code == 422
    assert journey.command(units, good, key=canary("short but with blanks")).status_code == 400
    json_type = {"Content-Type": "application/json", "Idempotency-Key": canary("key-raw")}
    for content in (
        f'{{"name": "{canary("broken")}',
        f'{{"a": "\\ud800{canary("surrogate")}"}}',
        "[" * 40 + canary("deep"),
    ):
        answer = journey.send("POST", units, headers=json_type, content=content)
        assert answer.status_code in {400, 422}
    odd = {"Content-Type": canary("type/x"), "Idempotency-Key": "odd-type-1"}
    assert journey.send("POST", units, headers=odd, content=canary("body")).status_code == 415
    headers = {
        "X-Canary": canary("header"),
        "User-Agent": canary("agent"),
        "Cookie": f"a={canary('cookie')}",
        "Referer": f"https://example.cn/{canary('referer')}",
        "If-None-Match": canary("etag"),
        "X-Forwarded-For": canary("address"),
        "X-Request-Id": canary("request"),
        "traceparent": canary("trace"),
        "Origin": f"https://{canary('origin')}",
    }
    assert journey.send("GET", units, headers=headers).status_code == 200
    assert (
        journey.send("GET", f"{units}?{canary('parameter')}={canary('query')}", who="admin").status_code
        == 200
    )
    assert journey.send("GET", f"{units}?status={canary('status')}").status_code == 422
    assert journey.send("GET", f"{units}?cursor={canary('cursor')}").status_code == 400
    assert journey.send("GET", f"/v1/{canary('path')}/{urllib.parse.quote(HAN + MARK)}").status_code == 404
    assert journey.send("GET", f"{units}/{canary('id')}").status_code == 404
    assert journey.send("GET", f"/v1/pairs/{canary('pair')}/units").status_code == 422
    assert journey.send(canary("METHOD").upper(), units).status_code == 405
    for token in (
        canary("bearer"),
        "lx_" + canary("token").ljust(43, "x"),
        "lxs_" + canary("session").ljust(43, "x"),
    ):
        assert (
            journey.send("GET", "/v1/me", who="", headers={"Authorization": f"Bearer {token}"}).status_code
            == 401
        )
    basic = {"Authorization": f"Basic {canary('basic')}"}
    assert journey.send("GET", "/v1/me", who="", headers=basic).status_code == 401
    assert (
        journey.command(
            f"/v1/pairs/{PAIR}", {}, key="if-match-01", headers={"If-Match": canary("match")}
        ).status_code
        >= 400
    )


def every_command(journey: Journey) -> None:
    """Send the example of every command with a canary in its texts: most are refused, each for its own reason."""
    for number, (command, path) in enumerate(acts.registered()):
        body = planted(examples.EXAMPLES[command])
        place = path.format(pair=PAIR, id=canary("subject"))
        answer = journey.command(place, body, key=f"each-{number:04d}", headers={"If-Match": '"1"'})
        assert answer.status_code < 500


def outward(journey: Journey) -> None:
    """Webhooks and workbooks: an address with a secret in it, the secret that comes back, and cells."""
    hooks = f"/v1/pairs/{PAIR}/webhooks"
    order = {"url": f"https://hooks.example.cn/in?key={canary('webhook')}", "label": canary("label")}
    made = journey.command(hooks, order, key="webhook-01")
    assert made.status_code == 201, made.text
    journey.secrets.add(made.json()["secret"])
    refused = {"url": f"https://user:{canary('password')}@elsewhere.example/", "label": "x"}
    assert journey.command(hooks, refused, key="webhook-02").status_code == 422
    sent = {"Content-Type": limits.XLSX, "Idempotency-Key": canary("workbook-key")}
    for content in (canary("workbook").encode(), b"PK\x03\x04" + canary("zip").encode()):
        answer = journey.send(
            "POST", f"/v1/pairs/{PAIR}/imports?on=2025-01-10", headers=sent, content=content
        )
        assert 400 <= answer.status_code < 500


def entering(journey: Journey, door: Entrance) -> None:
    """Log-ins that fail and one that does not."""
    wrong = {"account": canary("account"), "password": canary("password-wrong"), "code": canary("otp")[:16]}
    assert journey.send("POST", "/v1/sessions", who="", json=wrong).status_code in {401, 422}
    once = door.one_time("clerk")
    given = journey.send("POST", "/v1/sessions", who="", json={"account": "clerk", "password": once})
    assert given.status_code == 201
    token = given.json()["token"]
    change = {"current": once, "new": f"{HAN}{MARK}很长的新口令一个"}
    own = {"Authorization": f"Bearer {token}"}
    assert (
        journey.send("PUT", "/v1/sessions/current/password", who="", headers=own, json=change).status_code
        == 204
    )
    journey.secrets |= {once, token, change["new"]}


def faults(journey: Journey, system, monkeypatch) -> None:
    """A fault whose message quotes what was sent, and one of the database; and one in the background."""

    def broken(request):
        try:
            int(request.command.name)
        except ValueError as error:
            raise RuntimeError(f"cannot keep {request.command.name} of {canary('fault')}") from error

    monkeypatch.setattr(system.office, "submit", broken)
    body = {"on": "2025-01-06", "name": f"县{HAN}{MARK}局", "side": "government"}
    path = f"/v1/pairs/{PAIR}/units"
    assert journey.command(path, body, key=canary("fault-key"), who="admin").status_code == 500
    try:
        raise psycopg.errors.UniqueViolation(f"Key (name)=({canary('detail')}) already exists.")
    except psycopg.Error:
        structlog.get_logger().exception("background_failed")
        logging.getLogger("asyncio").exception(
            "Task exception was never retrieved\nfuture: %s", canary("future")
        )


def no_http(journey: Journey, root: tuple[str, int]) -> None:
    with socket.create_connection(root, timeout=20) as connection:
        connection.sendall(f"{canary('raw')} {canary('raw-path')} {canary('raw-version')}\r\n\r\n".encode())
        found = b""
        while part := connection.recv(65536):
            found += part
    journey.errors.append(found.decode())


def test_no_canary_is_found_in_any_log_or_error(database, http, system, monkeypatch, capfd, clock):
    logs.configure("debug")
    http.system = system
    http.become("admin", ("system_administrator", "140800"))
    pair = {"on": "2025-01-06", "division_code": PAIR, "union_division_code": PAIR}
    assert http.post("admin", "/v1/pairs", pair).status_code == 201
    harness.appoint(http, PAIR, "office", Capacity.GOVERNMENT_OFFICE)
    with (
        running(http.client.app) as address,
        httpx2.Client(base_url=f"http://{address[0]}:{address[1]}", timeout=60, trust_env=False) as client,
    ):
        journey = Journey(http, client)
        everywhere(journey)
        every_command(journey)
        outward(journey)
        entering(journey, Entrance(http, clock))
        no_http(journey, address)
        faults(journey, system, monkeypatch)
    assert journey.statuses >= {200, 201, 204, 400, 401, 404, 405, 415, 422, 500}
    written = "".join(capfd.readouterr())
    with psycopg.connect(database.admin_dsn) as connection:
        connection.execute("SET app.tenant = 'access'")
        rows = connection.execute("SELECT l::text FROM ledger.access_log l").fetchall()
    places = {
        "logs": written,
        "access log": "\n".join(row[0] for row in rows),
        "errors": "\n".join(journey.errors),
    }
    assert len(rows) > 100
    assert written.count('"event"') > 20
    assert "background_failed" in written
    assert '"request_failed"' in written
    sought = {f"canary-{MARK}", f"CANARY-{MARK}", f"{HAN}{MARK}", *journey.secrets}
    found = [
        (place, each, text[max(at - 200, 0) : at + 100])
        for place, text in places.items()
        for each in sought
        for form in forms(each)
        if (at := text.find(form)) >= 0
    ]
    assert found == []
    assert len(journey.secrets) > 4


@pytest.mark.parametrize("text", [canary("x"), f"{HAN}{MARK}"])
def test_a_canary_would_be_found_in_every_form(text):
    """The control for the search."""
    whole = f"a{text}b"
    shown = (whole, json.dumps(whole), urllib.parse.quote(whole), repr(whole))
    for written in shown:
        assert any(form in written for form in forms(text)), written
