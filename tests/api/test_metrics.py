"""The numbers of a server: who may read them, that they move, and that they name nobody."""

from dataclasses import replace

from fastapi.testclient import TestClient

from api import main, rates


def test_the_numbers_move_and_name_nobody(http, system):
    app = main.create_app(replace(system, quotas=rates.Quotas(person=1)))
    here = TestClient(app, client=("127.0.0.1", 1), raise_server_exceptions=False)
    for _ in range(2):
        here.get("/v1/me", headers=http.become("p-1"))
    here.get("/v1/pairs/140830/topics")
    here.request("BREW", "/v1/me")
    shown = here.get("/metrics")
    assert shown.headers["content-type"].startswith("text/plain")
    numbers = dict(line.rsplit(" ", 1) for line in shown.text.splitlines() if not line.startswith("#"))
    assert numbers['lianxi_requests_total{method="GET",status="200"}'] == "1.0"
    assert numbers['lianxi_requests_total{method="GET",status="429"}'] == "1.0"
    assert numbers['lianxi_requests_total{method="GET",status="401"}'] == "1.0"
    assert numbers['lianxi_requests_total{method="OTHER",status="405"}'] == "1.0"
    assert numbers['lianxi_rate_refusals_total{policy="person"}'] == "1.0"
    assert numbers["lianxi_request_seconds_count"] == "4.0"
    assert float(numbers["lianxi_access_log_pending"]) >= 0
    assert not any(each in shown.text for each in ("p-1", "140830", "/v1/"))


def test_they_are_for_this_machine_or_a_token(http, system):
    token = "a-token-of-some-length"
    app = main.create_app(replace(system, metrics_token=token))
    away = TestClient(app, client=("192.0.2.1", 1))
    assert away.get("/metrics").status_code == 404
    assert away.get("/metrics").json()["title"] == away.get("/nothing").json()["title"]
    for given, status in ((token, 200), (token + "x", 404), ("", 404)):
        assert away.get("/metrics", headers={"Authorization": f"Bearer {given}"}).status_code == status
    without = TestClient(main.create_app(system), client=("192.0.2.1", 1))
    assert without.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    assert without.get("/metrics", headers={"Authorization": "Bearer"}).status_code == 404
    assert TestClient(app, client=("::1", 1)).get("/metrics").status_code == 200
    assert token not in repr(replace(system, metrics_token=token))
