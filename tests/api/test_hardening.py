"""Bad input never breaks the doors, and nothing of it gets into the logs."""

import asyncio
import base64
import json
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from api import limits, main
from api.routes import reads
from infrastructure import logs
from tests.api.fixtures import NOW

PAIR = "140830"
ADMIN = ("system_administrator", "140800")
AUDITOR = ("auditor", "140800")
CANARY = "金丝雀7351"


@pytest.fixture
def pair(http):
    """A client of an installation with one pair, which an administrator and an auditor may see."""
    http.become("admin", ADMIN)
    http.become("auditor", AUDITOR)
    body = {"on": "2025-01-06", "division_code": PAIR, "union_division_code": PAIR}
    assert http.post("admin", "/v1/pairs", body).status_code == 201
    return http


def unit(http, *, key: str, name: str = "县财政局", **changed):
    headers = {**http.become("admin"), "Idempotency-Key": key, **changed}
    body = {"on": "2025-01-06", "name": name, "side": "government"}
    return http.checked(http.client.post(f"/v1/pairs/{PAIR}/units", headers=headers, json=body))


# --- once ----------------------------------------------------------------------------------------------------


def test_r096_twenty_at_once_with_one_key_are_one_fact(pair, system):
    """All are answered alike; one was kept, nineteen are its repetition."""
    before = system.ledger.head(PAIR).position
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: unit(pair, key="at-once-1"), range(20)))
    assert {each.status_code for each in answers} == {201}
    assert len({each.json()["id"] for each in answers}) == 1
    assert sorted(each.json()["replayed"] for each in answers) == [False] + [True] * 19
    assert system.ledger.head(PAIR).position == before + 1


# --- cursors and queries -------------------------------------------------------------------------------------

LISTINGS = {
    f"/v1/pairs/{PAIR}/topics": {"pair": PAIR, "kind": "topic", "where": {}},
    f"/v1/pairs/{PAIR}/units": {"pair": PAIR, "kind": "unit", "where": {}},
    f"/v1/pairs/{PAIR}/history": {
        "pair": PAIR,
        "kind": "history",
        **dict.fromkeys(("since", "until", "actor", "topic", "stream")),
    },
    "/v1/pairs?scope=140800": {"scope": "140800", "kind": "pair"},
    "/v1/audit/verification?scope=140800": {"scope": "140800", "kind": "verify_owed"},
    "/v1/audit/replay?scope=140800": {"scope": "140800", "kind": "replay_owed"},
    "/v1/reports/city/2026/figures/meetings?scope=140800": {
        "figure": "meetings",
        "year": 2026,
        "scope": "1408",
        # The list is that of the day on which the report was made, also where the request names none.
        "on": NOW.date(),
        **dict.fromkeys(("pair", "group")),
    },
}
FORGED = [
    *(
        {"a": 1},
        [],
        [1, 2],
        ["a"],
        ["a", 1],
        ["a", "b", "c"],
        ["\x00", "\x00"],
        ["\ud800", "x"],
        [["a"], "b"],
    ),
    *(None, True, False, -1, 0, 1.5, 10**30, 2**63, float("nan"), "\x00", "\ud800", "", "a" * 65, "' OR 1"),
]


@pytest.mark.parametrize("path", LISTINGS)
def test_a_forged_cursor_is_told_so(pair, path):
    """A cursor is no secret, so anybody can seal anything; 400 is the answer."""
    for held in FORGED:
        cursor = reads.seal(held, bound_to=LISTINGS[path])
        answer = _get(pair, path, cursor)
        assert (answer.status_code, answer.json()["type"]) == (400, "urn:lianxi:problem:bad-cursor"), held
    for raw in ("x", "\x00", "é", "e30", base64.b64encode(b"[" * 300).decode(), "1" * 500):
        assert _get(pair, path, raw).status_code == 400, raw


@pytest.mark.parametrize("path", LISTINGS)
def test_the_right_shape_for_the_right_listing_is_a_cursor(pair, path):
    """The control: what each listing itself would seal is taken."""
    held = [PAIR, "a"] if "/figures/" in path or path.startswith("/v1/pairs?") else PAIR
    held = 1 if path.endswith("/history") else held
    assert _get(pair, path, reads.seal(held, bound_to=LISTINGS[path])).status_code == 200


def _get(http, path: str, cursor: str):
    path, _, query = path.partition("?")
    return http.get(
        "auditor", path, **dict(each.split("=") for each in query.split("&") if each), cursor=cursor
    )


@pytest.mark.parametrize(
    "query",
    [
        *(f"/topics?status={text}" for text in ("%00", "%ED%A0%80", "x%0a", "a'b")),
        *(f"/history?actor={text}" for text in ("%00", "%EF%BC%91", "a%0a")),
        *(f"/history?fact={text}" for text in ("%00", "topic.approved%00", "topic")),
        *(f"/history?kind=topic&subject={text}" for text in ("%00", "..", "a%0a")),
        *(f"/history?since={text}" for text in ("%00", "2025-01-01", "x")),
        "/history/states/topic/x?position=99999999999999999999",
        "/history/states/topic/x?at=%00",
    ],
)
def test_bad_queries_are_refused(pair, query):
    """No text of a query reaches the database that it would choke on."""
    assert pair.checked(_raw(pair, f"/v1/pairs/{PAIR}{query}")).status_code == 422


@pytest.mark.parametrize(
    "moment",
    ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59.999999-14:00"],
)
def test_the_ends_of_time_are_times(pair, moment):
    """Reads bounded by the first and the last moments that can be written are answered."""
    for query in (f"history?since={moment}", f"history?until={moment}"):
        assert pair.checked(_raw(pair, f"/v1/pairs/{PAIR}/{query}")).status_code == 200
    at = _raw(pair, f"/v1/pairs/{PAIR}/history/states/pair/{PAIR}?at={moment}")
    assert pair.checked(at).status_code in {200, 404}


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
def test_a_moment_without_a_local_day_is_refused(pair, moment):
    """Times that Asia/Shanghai cannot express are refused where they stand, not an error of the server."""
    body = {"on": "2025-01-06", "opened_at": moment}
    answer = pair.post("admin", f"/v1/pairs/{PAIR}/meetings/x/opening", body, seen=1)
    assert answer.status_code == 422
    assert {"pointer": "/opened_at", "detail": "时间超出可用的范围"} in answer.json()["errors"]


def _raw(http, path: str, method: str = "GET"):
    return http.client.request(method, path, headers=http.become("auditor"))


@pytest.mark.parametrize(
    "path", ["/v1/pairs/１４０８３０", "/v1/pairs?scope=１４０８００", "/v1/audit/replay?scope=１４０８００"]
)
def test_full_width_digits_are_no_division_code(pair, path):
    """A code is written in ASCII, or two spellings would name one pair."""
    assert pair.checked(_raw(pair, path)).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        r'{"on": "2025-01-06", "name": "x", "side": "government", "\ud800": 1}',
        r'{"on": "2025-01-06", "name": "\ud800", "side": "government"}',
        r'{"on": "2025-01-06", "name": "\u0000", "side": "government"}',
        r'{"on": "\ud800", "name": "x", "side": "\ud800"}',
        r'{"on": 1e999, "name": NaN, "side": 10000000000000000000000000000000}',
        r'["\ud800"]',
        r'"\ud800"',
        "null",
    ],
)
def test_text_that_is_no_text_is_refused(pair, body):
    """Unpaired surrogates and NUL, in names and in values, are told as any other fault."""
    headers = {**pair.become("admin"), "Idempotency-Key": "no-text-1", "Content-Type": "application/json"}
    answer = pair.checked(pair.client.post(f"/v1/pairs/{PAIR}/units", headers=headers, content=body))
    assert answer.status_code == 422, answer.json()


# --- methods, paths, content ---------------------------------------------------------------------------------


def test_a_slash_at_the_end_is_no_redirect(pair):
    """A redirect would carry the token to whatever host the request named."""
    answer = _raw(pair, "/v1/pairs/")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_what_can_be_read_can_be_asked_for_its_head(pair):
    """The same status and headers, no content."""
    path = f"/v1/pairs/{PAIR}"
    head, whole = _raw(pair, path, "HEAD"), _raw(pair, path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(whole.content))


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", f"/v1/pairs/{PAIR}/topics", "GET, HEAD, POST"),
        ("PUT", "/v1/pairs", "GET, HEAD, POST"),
        ("HEAD", "/v1/people/x/tokens", "POST"),
        ("GET", f"/v1/pairs/{PAIR}/topics/x/approval", "POST"),
        ("OPTIONS", "/livez", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(pair, method, path, allowed):
    """405 with all methods of the path, not those of its first route alone."""
    answer = _raw(pair, path, method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"])
def test_content_that_is_not_json_is_told_so(pair, kind):
    """415, whatever else is wrong."""
    answer = unit(pair, key="not-json-1", **{"Content-Type": kind})
    assert (answer.status_code, answer.json()["type"]) == (415, "urn:lianxi:problem:not-json")
    assert (
        unit(pair, key="json-0001", **{"Content-Type": "Application/JSON; charset=utf-8"}).status_code == 201
    )


@pytest.mark.parametrize("key", ["short", "x" * 65, "a key with spaces", "key-key-\xe9"])
def test_r096_an_ill_formed_key_is_not_called_missing(pair, key):
    """The sender is told what is wrong with it."""
    answer = unit(pair, key=key.encode("latin-1"))
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:lianxi:problem:idempotency-key-malformed"


def test_a_body_that_does_not_come_is_not_waited_for(pair, system, monkeypatch):
    """408 after the time for it, and the connection is closed."""
    monkeypatch.setattr(limits, "BODY_S", 0.2)
    app = main.create_app(system)

    async def run():
        async def half():
            yield b'{"on": '
            await asyncio.sleep(5)

        async with httpx2.AsyncClient(transport=Dripping(app), base_url="http://test") as client:
            headers = {**pair.become("admin"), "Content-Type": "application/json"}
            return await client.post(f"/v1/pairs/{PAIR}/units", headers=headers, content=half())

    begun = time.monotonic()
    answer = asyncio.run(run())
    assert (answer.status_code, answer.headers["Connection"]) == (408, "close")
    assert answer.headers["content-type"] == "application/problem+json"
    assert time.monotonic() - begun < 3


class Dripping(httpx2.ASGITransport):
    """A transport as the test client's, which hands on a body piece by piece."""


# --- faults --------------------------------------------------------------------------------------------------


def test_a_fault_tells_neither_the_client_nor_the_log_what_was_sent(
    pair, system, monkeypatch, capsys, caplog
):
    """The log names the exception's kind and where it was raised, once; 500 has the headers of all answers."""
    logs.configure("info")
    # Its handler replaced all others: what the standard library's loggers say is read here.
    logging.getLogger().addHandler(caplog.handler)

    def broken(request):
        try:
            int(request.command.name)
        except ValueError as error:
            raise RuntimeError(f"cannot keep {request.command.name}") from error

    monkeypatch.setattr(system.office, "submit", broken)
    answer = unit(pair, key="canary-01", name=CANARY)
    assert answer.status_code == 500
    for header in ("x-trace-id", "x-content-type-options", "cache-control", "referrer-policy"):
        assert answer.headers[header]
    assert answer.json()["trace_id"] == answer.headers["x-trace-id"]
    written = capsys.readouterr().err + caplog.text
    assert CANARY not in answer.text
    assert CANARY not in written
    assert json.dumps(CANARY)[1:-1] not in written
    failed = [json.loads(each) for each in written.splitlines() if "request_failed" in each]
    assert len(failed) == 1
    assert [each["type"] for each in failed[0]["exceptions"]] == [
        "builtins.RuntimeError",
        "builtins.ValueError",
    ]
    assert any(each.endswith(" broken") for each in failed[0]["exceptions"][0]["frames"])


def test_a_fault_is_not_handed_on_to_the_server(pair, system, monkeypatch):
    """The server would log it a second time, message and all."""
    monkeypatch.setattr(system.credentials, "resolve", lambda _: 1 / 0)

    async def run():
        transport = httpx2.ASGITransport(app=main.create_app(system), raise_app_exceptions=True)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/v1/me", headers=pair.become("admin"))

    assert asyncio.run(run()).status_code == 500


# --- expensive reads -----------------------------------------------------------------------------------------


def test_a_person_goes_through_ledgers_twice_at_once_at_most(pair, system, monkeypatch):
    """The third waits and is answered 503 with Retry-After; somebody else is served meanwhile."""
    slow = pair.become("auditor")["Authorization"]

    def slowed(real):
        def later(*arguments, **named):
            time.sleep(1.5)
            return real(*arguments, **named)

        return later

    for name in ("heads", "snapshot"):
        monkeypatch.setattr(system.views, name, slowed(getattr(system.views, name)))
    app = main.create_app(system)
    app.state.reading = limits.Gate(places=limits.READS, wait_s=0.2)
    other = pair.become("auditor-2", AUDITOR)["Authorization"]

    async def run():
        async with httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="http://test"
        ) as client:

            def ask(path: str, token: str):
                return client.get(path, headers={"Authorization": token})

            mine = [asyncio.create_task(ask(path, slow)) for path in paths]
            await asyncio.sleep(0.1)
            return await ask(f"/v1/pairs/{PAIR}/history/verification", other), await asyncio.gather(*mine)

    paths = [
        f"/v1/pairs/{PAIR}/history/verification",
        f"/v1/pairs/{PAIR}/history/replay",
        f"/v1/pairs/{PAIR}/history/states/pair/{PAIR}",
        "/v1/audit/verification?scope=140830",
        "/v1/audit/replay?scope=140830",
        "/v1/reports/city/2026?scope=140830",
        "/v1/reports/city/2026/figures/meetings?scope=140830",
    ]
    others, mine = asyncio.run(run())
    assert others.status_code == 200
    late = [answer for answer in mine if answer.status_code == 503]
    assert len(late) >= len(paths) - limits.READS - 1
    assert all(pair.checked(each).headers["Retry-After"] for each in late)
    assert {each.json()["type"] for each in late} == {"urn:lianxi:problem:too-many-reads"}


# --- OpenAPI -------------------------------------------------------------------------------------------------

CHINESE = re.compile("[\u4e00-\u9fff]")


def test_every_operation_says_in_chinese_what_it_is_and_how_it_fails(http):
    """Summary, description, a title for each parameter, and every error that the door can answer."""
    document = http.client.get("/openapi.json").json()
    operations = [
        (f"{method} {path}", operation)
        for path, found in document["paths"].items()
        for method, operation in found.items()
    ]
    assert len(operations) > 90
    for name, operation in operations:
        assert CHINESE.search(operation["summary"]), name
        assert CHINESE.search(operation["description"]), name
        for parameter in operation.get("parameters", ()):
            assert CHINESE.search(parameter["schema"].get("title", "")), (name, parameter["name"])
        errors = {"500"}
        if name.partition(" ")[2].startswith("/v1/"):
            errors |= {"401", "405", "422", "503"}
        if not name.startswith("get "):
            errors |= {"400", "408", "413", "415"}
        if any(each["name"] == "cursor" for each in operation.get("parameters", ())):
            errors |= {"400"}
        assert errors <= set(operation["responses"]), name
        for status, answer in operation["responses"].items():
            if status >= "400":
                content = answer["content"]["application/problem+json"]
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}, (name, status)
