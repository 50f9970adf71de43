"""What goes out: texts stay texts whatever they look like, and doors that need no credential are few and named."""

import re
from dataclasses import replace

import psycopg
import pytest
from fastapi.testclient import TestClient

from api import main, rates
from api.routes import reports

PAIR = "140830"
MARKUP = '</script><script>alert("1")</script><!--\\"\'{{7*7}}${7*7}'
# Doors that are open to anybody: entering, the description of the interface, and whether the server lives.
OPEN = {
    ("post", "/v1/sessions"),
    ("post", "/v1/oidc"),
    ("get", "/v1/oidc/return"),
    ("get", "/livez"),
    ("get", "/readyz"),
    ("get", "/asyncapi.json"),
}
# The numbers of the server are for its own machine, or for a token (test_metrics.py).
UNDESCRIBED = {"/docs", "/openapi.json", "/static", "/metrics"}
SAMPLE = {
    "pair": PAIR,
    "year": "2026",
    "position": "1",
    "scope": "140800",
    "token_hash": "0" * 64,
    "kind": "topic",
}
SECRETS = re.compile("token|key|secret|password|session|code|credential|口令|令牌|密钥", re.IGNORECASE)


@pytest.fixture
def pair(http):
    http.become("admin", ("system_administrator", "140800"))
    http.become("auditor", ("auditor", "140800"))
    body = {"on": "2025-01-06", "division_code": PAIR, "union_division_code": PAIR}
    assert http.post("admin", "/v1/pairs", body).status_code == 201
    return http


def operations(http):
    for path, found in http.client.get("/openapi.json").json()["paths"].items():
        for method, operation in found.items():
            yield method, path, operation


def sent(operation) -> dict[str, str]:
    """Give the content type that an operation takes."""
    kinds = operation.get("requestBody", {}).get("content", {})
    return {"Content-Type": next(iter(kinds))} if kinds else {}


def test_a_text_of_markup_stays_a_text(pair):
    """It is kept and given back as it is, within JSON, and is never a document of its own."""
    unit = {"on": "2025-01-06", "name": MARKUP, "side": "government"}
    assert pair.post("admin", f"/v1/pairs/{PAIR}/units", unit).status_code == 201
    listed = pair.get("auditor", f"/v1/pairs/{PAIR}/units")
    assert listed.headers["content-type"] == "application/json"
    assert listed.json()["items"][-1]["data"]["name"] == MARKUP
    history = pair.get("auditor", f"/v1/pairs/{PAIR}/history")
    assert MARKUP in {each["payload"].get("name") for each in history.json()["items"]}
    refused = pair.post("admin", f"/v1/pairs/{PAIR}/units", {**unit, MARKUP: MARKUP})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert MARKUP not in refused.json()["title"]


def test_a_path_of_markup_is_no_document(pair):
    answer = pair.client.get("/v1/<script>alert(1)</script>", headers=pair.become("auditor"))
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_texts_name_their_encoding(http):
    """Whatever is text/… says UTF-8; JSON is UTF-8 by its own standard."""
    for path in ("/docs", "/static/swagger-ui.css", "/static/swagger-ui-bundle.js"):
        assert http.client.get(path).headers["content-type"].endswith("; charset=utf-8"), path
    assert reports.CSV.endswith("; charset=utf-8")
    for path in ("/livez", "/readyz", "/openapi.json", "/asyncapi.json"):
        assert http.client.get(path).headers["content-type"] == "application/json", path


def test_every_body_takes_the_named_fields_and_no_others(http):
    """No field beyond those of its own command can be set by whoever adds it."""
    document = http.client.get("/openapi.json").json()
    schemas, looked = document["components"]["schemas"], 0
    for method, path, operation in operations(http):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is not None:
            name = content["schema"]["$ref"].rpartition("/")[2]
            assert schemas[name]["additionalProperties"] is False, (method, path)
            looked += 1
    assert looked > 90


def test_no_door_is_open_but_those_that_are_named(http, system):
    """Without a credential every other operation is refused, whatever is sent; so it is with one that is made up."""
    known = {(method, path): operation for method, path, operation in operations(http)}
    client, asked = TestClient(main.create_app(replace(system, quotas=rates.Quotas()))), 0
    for (method, path), operation in known.items():
        if (method, path) in OPEN:
            continue
        where = re.sub(r"\{(\w+)\}", lambda found: SAMPLE.get(found[1], "x"), path)
        for headers in ({}, {"Authorization": "Bearer lx_" + "A" * 43}):
            answer = client.request(method, where, headers={**headers, **sent(operation)}, content=b"")
            assert answer.status_code == 401, (method, path, answer.json())
            asked += 1
    assert asked > 350
    for method, path in known.keys() & OPEN:
        assert client.request(method, path).status_code != 401, path


def test_what_is_not_described_is_the_page_alone(http):
    app = http.client.app
    described = {path for _, path, _ in operations(http)}
    others = {route.path for route in app.routes if getattr(route, "path", None)} - described
    assert {each for each in others if not each.startswith("/v1")} == UNDESCRIBED
    assert not app.debug


def test_no_secret_travels_in_an_address(http):
    """Names of queries and of path parts name none (a token's hash is none), and a token in a query is not looked at."""
    places = [
        (path, each["name"])
        for _, path, operation in operations(http)
        for each in operation.get("parameters", ())
        if each["in"] in {"query", "path"} and SECRETS.search(each["name"])
    ]
    # The platform sends its code back in the address, as OpenID Connect has it: good once, and with the verifier alone.
    assert {each for each in places if each != ("/v1/oidc/return", "code")} == {
        ("/v1/people/{person}/tokens/{token_hash}", "token_hash")
    }
    token = http.become("auditor", ("auditor", "140800"))["Authorization"].removeprefix("Bearer ")
    for name in ("token", "access_token", "key", "authorization"):
        assert http.client.get("/v1/me", params={name: token}).status_code == 401
    assert http.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/.git/config",
            "/.git/HEAD",
            "/static/",
            "/static/../main.py",
            "/static/%2e%2e/%2e%2e/pyproject.toml",
        ),
        *("/static//etc/passwd", "/static/..%2f..%2fmain.py", "/data/tokens.txt", "/pyproject.toml"),
    ],
)
def test_no_file_is_served_but_those_of_the_page(http, path):
    """Neither the source and its history, nor a listing of a folder, nor what lies beside it."""
    answer = http.client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_the_page_keeps_no_credential(http):
    """Its scripts are not told to persist what was entered; it goes with the page."""
    page = http.client.get("/docs").text
    assert "SwaggerUIBundle(" in page
    assert not re.search("persistAuthorization|localStorage|sessionStorage|document.cookie", page)


def test_the_application_is_not_in_debug_mode(system):
    assert main.create_app(system).debug is False


# --- what is asked for changes nothing -------------------------------------------------------------------------

# What a request leaves behind by being one: its entry in the log, and when a session was last used.
TRACES = {"access_log", "access_head"}
# These never end, or are the way back from a platform, which begins a session by a code that is good once.
NOT_ASKED = re.compile(r"/events$|^/v1/oidc/return$")


def rows(dsn: str) -> dict[str, tuple]:
    """Digest every table but those of the traces."""
    with psycopg.connect(dsn) as connection:
        names = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'p')"
        ).fetchall()
        return {
            name: connection.execute(
                f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ledger.{name} t"
            ).fetchone()
            for (name,) in names
            if name not in TRACES
        }


def test_only_entering_changes_anything_by_get(pair, database, system):
    """Every address that is read with GET is asked for, by who reads most; no row of any table is another afterwards."""
    pair.become("city", ("city_reader", "140800"))
    pair.become("audit", ("audit_administrator", "140800"))
    client = TestClient(main.create_app(replace(system, quotas=rates.Quotas())))
    asked = {path for method, path, _ in operations(pair) if method == "get" and not NOT_ASKED.search(path)}
    before, seen = rows(database.admin_dsn), set()
    for path in sorted(asked):
        where = re.sub(r"\{(\w+)\}", lambda found: SAMPLE.get(found[1], "x"), path)
        for person in ("auditor", "city", "audit", "admin"):
            seen.add(client.get(where, headers=pair.become(person)).status_code)
    assert 200 in seen
    assert rows(database.admin_dsn) == before
    unit = {"on": "2025-01-06", "name": "县财政局", "side": "government"}
    assert pair.post("admin", f"/v1/pairs/{PAIR}/units", unit).status_code == 201
    assert rows(database.admin_dsn) != before, "the control"


@pytest.mark.parametrize("path", ["/v1/me/", "/docs/", "//evil.example/%2e%2e", "/v1//me", "/static", "/"])
def test_nothing_is_redirected(http, path):
    """Not to a tidier address, and not to HTTPS: a token that was sent in the clear is to be missed at once."""
    answer = http.client.get(path, headers=http.become("auditor"), follow_redirects=False)
    assert answer.status_code in {200, 404}
    assert "location" not in answer.headers
