"""The audit bundle through HTTP: auditors of the subtree alone, streamed, and within each person's few places."""

import asyncio
from datetime import date

import httpx2
import pytest

from api import limits, main
from application import bundle
from tests import bundles
from tests.application.ledgers import late_city, model_county, record

PAIR, CITY, ELSEWHERE = "140830", "140800", "140829"
ONE, MANY = f"/v1/pairs/{PAIR}/history/bundle", "/v1/audit/bundle"


@pytest.fixture
def recorded(system):
    record(system.ledger, model_county())
    record(system.ledger, late_city())
    return system


def test_r094_what_auditors_export_verifies_and_its_report_too(http, recorded, tmp_path):
    http.become("p-auditor", ("auditor", CITY))
    http.become("p-reader", ("city_reader", CITY))
    answer = http.get("p-auditor", MANY, scope=CITY)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="lianxi-bundle-140800.zip"'
    assert answer.content == http.get("p-auditor", MANY, scope=CITY).content
    shown = http.get("p-reader", "/v1/reports/city/2025", scope=CITY)
    report = tmp_path / "report.json"
    report.write_bytes(shown.content)
    code, said = bundles.verified(answer.content, tmp_path, "--report", report)
    assert code == bundles.verifier.FINE, said
    assert "2 个单位" in said
    recorded.sealer.seal([PAIR, CITY])
    sealed = http.get("p-auditor", MANY, scope=CITY).content
    code, said = bundles.verified(sealed, tmp_path, "--key", recorded.sealer.vault.key().vkey)
    assert (code, "与台账相符的检查点 2 个" in said) == (bundles.verifier.FINE, True), said
    one = http.get("p-auditor", ONE)
    assert list(bundles.unpacked(one.content)) == [
        "calendar.json",
        "divisions.json",
        "key.txt",
        bundles.facts(PAIR),
        bundles.seals(PAIR),
        "manifest.json",
    ]
    report.write_bytes(http.get("p-reader", f"/v1/pairs/{PAIR}/reports/2026", on=date(2026, 6, 30)).content)
    assert bundles.verified(one.content, tmp_path, "--report", report)[0] == bundles.verifier.FINE


def test_r095_a_bundle_is_for_auditors_of_the_subtree_alone(http, recorded):
    http.become("p-auditor", ("auditor", PAIR))
    http.become("p-other", ("auditor", ELSEWHERE))
    http.become("p-reader", ("city_reader", CITY))
    http.become("p-admin", ("system_administrator", CITY))
    for person in ("p-other", "p-reader", "p-admin", "GO", "p-stranger"):
        assert http.get(person, ONE).status_code == 404
        assert http.get(person, MANY, scope=PAIR).status_code == 403
    assert http.get("p-auditor", ONE).status_code == 200
    assert http.get("p-auditor", MANY, scope=PAIR).status_code == 200
    # Beyond his own, and a pair that does not exist, look the same.
    for path in (f"/v1/pairs/{CITY}/history/bundle", f"/v1/pairs/{PAIR}999/history/bundle"):
        assert http.get("p-auditor", path).status_code == 404
    assert http.get("p-auditor", MANY, scope=CITY).status_code == 403
    assert http.get("p-auditor", MANY, scope="x").status_code == 422


def test_r095_a_bundle_holds_one_of_its_readers_places_until_it_has_ended(recorded, http, monkeypatch):
    """Several at once of one person wait for each other, and nobody else for them."""
    token = http.become("p-auditor", ("auditor", CITY))["Authorization"]
    app = main.create_app(recorded)
    gate = app.state.reading = limits.Gate(places=limits.READS, wait_s=0.2)
    held = []
    read = recorded.views.history

    def watched(*arguments, **named):
        held.append(gate._users["p-auditor"])
        return read(*arguments, **named)

    monkeypatch.setattr(recorded.views, "history", watched)
    monkeypatch.setattr(bundle, "BATCH", 20)

    async def run():
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(MANY, params={"scope": CITY}, headers={"Authorization": token})

    assert asyncio.run(run()).status_code == 200
    assert len(held) > 5
    assert set(held) == {1}
    assert not gate._users


def test_no_connection_is_held_between_two_batches(recorded, monkeypatch):
    """However slowly a bundle is taken, the pool has all its connections meanwhile."""
    monkeypatch.setattr(bundle, "BATCH", 20)
    pool = recorded.database.pool
    pieces = bundle.stream(
        recorded.views,
        recorded.views.heads("14"),
        days=recorded.calendar,
        divisions=recorded.divisions.all(),
    )
    seen = 0
    for _ in pieces:
        counted = pool.get_stats()
        assert counted["pool_available"] == counted["pool_size"]
        seen += 1
    assert seen > 5
