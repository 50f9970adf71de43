"""What every answer carries, whatever it is, and to whom this service answers at all."""

import asyncio
import base64
import hashlib
import re
import time
from dataclasses import replace

import httpx2
from fastapi.testclient import TestClient

from api import exchange, limits, main

PAIR = "140830"
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
ANSWERS = {
    ("GET", "/v1/me"): 401,
    ("GET", "/v1/nothing"): 404,
    ("DELETE", "/v1/me"): 405,
    ("TRACE", "/v1/me"): 405,
    ("TRACE", "/"): 404,
    ("OPTIONS", "/v1/me"): 405,
    ("GET", "/livez"): 200,
    ("HEAD", "/livez"): 200,
    ("GET", "/readyz"): 200,
    ("GET", "/docs"): 200,
    ("GET", "/openapi.json"): 200,
    ("GET", "/static/swagger-ui.css"): 200,
    ("POST", "/v1/pairs"): 415,
}


def test_every_answer_has_the_headers(http):
    for (method, path), status in ANSWERS.items():
        answer = http.client.request(method, path, content="x" if method == "POST" else None)
        assert answer.status_code == status, (method, path)
        _headed(answer)


def test_a_fault_and_too_large_a_body_have_them_as_well(http, system, monkeypatch):
    large = http.client.post("/v1/people", content=b"x" * (limits.BODY_BYTES + 1))
    assert large.status_code == 413
    _headed(large)
    monkeypatch.setattr(system.credentials, "resolve", lambda _: 1 / 0)
    fault = http.client.get("/v1/me", headers={"Authorization": "Bearer lx_x"})
    assert fault.status_code == 500
    _headed(fault)


def _headed(answer) -> None:
    for name, value in EVERYWHERE.items():
        assert answer.headers[name] == value, name
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["content-security-policy"].count("default-src 'none'") == 1
    assert "camera=()" in answer.headers["permissions-policy"]
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-trace-id"])
    assert "strict-transport-security" not in answer.headers
    assert "server" not in answer.headers


def test_strict_transport_is_told_where_the_request_came_by_tls(http):
    secure = TestClient(http.client.app, base_url="https://test")
    assert secure.get("/livez").headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_the_page_may_run_its_own_scripts_and_no_others(http):
    """The policy names the page's inline script by the hash of what is really there."""
    answer = http.client.get("/docs")
    inline = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    assert len(inline) == 1
    digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
    policy = dict(each.split(" ", 1) for each in answer.headers["content-security-policy"].split("; "))
    assert policy["script-src"] == f"'self' 'sha256-{digest}'"
    assert policy["default-src"] == "'none'"
    assert "http" not in answer.headers["content-security-policy"]
    assert not re.search(r"(src|href)=\"https?:", answer.text)


# --- other sites ---------------------------------------------------------------------------------------------


def test_no_other_site_is_let_in(http):
    """Neither by a plain request nor by asking before."""
    for origin in ("https://evil.example", "null", "http://test"):
        plain = http.client.get("/livez", headers={"Origin": origin})
        asking = {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "x",
        }
        before = http.client.options("/v1/pairs", headers=asking)
        assert before.status_code == 405
        for answer in (plain, before):
            assert not any(name.startswith("access-control-") for name in answer.headers)


NAMES = {
    "lianxi.example.cn": 404,
    "LIANXI.example.CN:8443": 404,
    "[::1]:8000": 404,
    "[::1]": 404,
    "evil.example": 421,
    "lianxi.example.cn.evil.example": 421,
    "lianxi.example.cn@evil.example": 421,
    "": 421,
    "x:lianxi.example.cn": 421,
}


def test_only_names_of_ours_are_answered(http, system):
    app = main.create_app(replace(system, hosts=("lianxi.example.cn", "[::1]")))
    client = TestClient(app)
    for host, status in NAMES.items():
        answer = client.get("/v1/nothing", headers={"Host": host})
        assert answer.status_code == status, host
        assert answer.headers["content-type"] == "application/problem+json"
        assert client.get("/livez", headers={"Host": host}).status_code == 200


def test_without_a_list_every_name_is_answered(http):
    assert http.client.get("/v1/nothing", headers={"Host": "evil.example"}).status_code == 404


# --- time ----------------------------------------------------------------------------------------------------


def test_a_request_that_takes_too_long_is_answered_in_its_place(http, system, monkeypatch):
    """503 once; what the application sends later is dropped, and the entry in the access log says why."""
    monkeypatch.setattr(exchange, "REQUEST_S", 0.1)
    go_on, taken_over, gone_on = asyncio.Event(), asyncio.Event(), []
    app = main.create_app(system)
    note = app.state.accesses.note
    app.state.accesses.note = lambda access: (note(access), taken_over.set())

    @app.get("/slow", operation_id="slow")
    async def slow() -> dict[str, str]:
        await go_on.wait()
        gone_on.append(True)
        return {"late": "yes"}

    async def run():
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            task = asyncio.create_task(client.get("/slow"))
            await taken_over.wait()
            go_on.set()
            return await task

    begun = time.monotonic()
    answer = asyncio.run(run())
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:lianxi:problem:too-long")
    assert "late" not in answer.text
    assert gone_on == [True]
    assert answer.headers["Retry-After"]
    assert time.monotonic() - begun < 20
    app.state.accesses.close()
    last = system.access_log.listed(limit=1)[0].access
    assert (last.route, last.status, last.code) == ("/slow", 503, "too-long")


def test_a_read_through_whole_ledgers_has_more_time(http, system, monkeypatch):
    monkeypatch.setattr(exchange, "REQUEST_S", 0.05)
    monkeypatch.setattr(exchange, "UNHURRIED_S", 20.0)
    app = main.create_app(system)

    @app.get("/through", operation_id="through")
    async def through(request: limits.Request) -> dict[str, str]:
        request.state.unhurried = True
        await asyncio.sleep(0.2)
        return {"through": "yes"}

    assert TestClient(app).get("/through").json() == {"through": "yes"}
