"""R-094 through HTTP: checkpoints, proofs and alarms for who reads the history, and for nobody else."""

import json

import psycopg
import pytest

from application import proofs
from domain import notes
from infrastructure import signers
from infrastructure.vault import FileVault
from tests.application.ledgers import late_city, model_county, record

PAIR, CITY = "140830", "140800"


@pytest.fixture
def sealed(http, system, tmp_path):
    """Two pairs, sealed, of which the first goes on and is sealed again."""
    object.__setattr__(system.sealer, "vault", FileVault(tmp_path / "seals", name="lianxi.example"))
    record(system.ledger, late_city())
    assert system.sealer.seal([CITY]).ok
    record(system.ledger, model_county())
    assert system.sealer.seal([PAIR, CITY]).ok
    http.become("p-auditor", ("auditor", "140800"))
    http.become("p-reader", ("city_reader", "140800"))
    return http


def check(http, text) -> str:
    key = notes.read_key(http.get("p-auditor", "/v1/checkpoints/key").json()["vkey"])
    return proofs.check(proofs.read(text), key=key, signed=signers.check)


def test_r094_checkpoints_and_proofs_are_read_and_hold(sealed, system):
    last = sealed.get("p-auditor", f"/v1/pairs/{PAIR}/checkpoints/latest").json()
    assert last["size"] == system.ledger.head(PAIR).position
    assert last["root"] == notes.read_checkpoint(notes.read(last["note"]).text).root.hex()
    assert sealed.get("p-auditor", f"/v1/pairs/{PAIR}/checkpoints").json()["items"] == [last]
    for path in (f"facts/{last['size']}", "growth", "seal"):
        proof = sealed.get("p-auditor", f"/v1/pairs/{PAIR}/checkpoints/{path}", since=last["size"])
        assert check(sealed, proof.text)
    assert "前 1 条" in check(sealed, sealed.get("p-auditor", "/v1/checkpoints/growth", since=1).text)


def test_r094_everyones_checkpoints_come_page_by_page(sealed):
    first = sealed.get("p-reader", "/v1/checkpoints", limit=1).json()
    then = sealed.get("p-reader", "/v1/checkpoints", limit=1, cursor=first["next_cursor"]).json()
    assert [each["items"][0]["size"] for each in (first, then)] == [2, 1]
    assert then["next_cursor"] is None
    bad = sealed.get("p-auditor", f"/v1/pairs/{PAIR}/checkpoints", cursor=first["next_cursor"])
    assert bad.status_code == 400


def test_r094_a_report_names_the_checkpoints_that_it_rests_on(sealed, system):
    """Beside the report, and only those that were there at its moment and over no more than it counts."""
    answer = sealed.get("p-reader", "/v1/reports/city/2025").json()
    last = {
        pair: sealed.get("p-auditor", f"/v1/pairs/{pair}/checkpoints/latest").json() for pair in (PAIR, CITY)
    }
    found = {each["tree"]: each for each in answer["checkpoints"]["pairs"]}
    assert {pair: each["note"] for pair, each in found.items()} == {
        pair: each["note"] for pair, each in last.items()
    }
    ends = {each["pair"]: each["position"] for each in answer["report"]["rests_on"]}
    assert {pair: each["size"] for pair, each in found.items()} == ends
    everyone = sealed.get("p-reader", "/v1/checkpoints", limit=1).json()["items"][0]
    assert answer["checkpoints"]["everyone"]["note"] == everyone["note"]

    # The county's first fact came after the city's first checkpoint, and before any of its own.
    then = system.ledger.head(PAIR).position
    early = next(system.ledger.entries(PAIR, until=1)).recorded_at
    assert then > 1
    past = sealed.get("p-reader", "/v1/reports/city/2025", as_of=early.isoformat()).json()
    assert PAIR in {each["pair"] for each in past["report"]["rests_on"]}
    assert [each["tree"] for each in past["checkpoints"]["pairs"]] == [CITY]
    assert past["checkpoints"]["everyone"]["size"] == 1


@pytest.mark.parametrize("path", ["", "/latest", "/facts/1", "/growth", "/seal"])
def test_r095_who_may_not_read_the_history_gets_no_checkpoint(sealed, path):
    """A reader of the city's business and a stranger learn not even whether there is one."""
    sealed.become("p-stranger")
    known = [
        sealed.get(who, f"/v1/pairs/{PAIR}/checkpoints{path}", since=1) for who in ("p-reader", "p-stranger")
    ]
    unknown = sealed.get("p-stranger", f"/v1/pairs/140999/checkpoints{path}", since=1)
    assert {each.status_code for each in (*known, unknown)} == {404}
    assert known[1].json()["title"] == unknown.json()["title"]
    assert sealed.get("GO", f"/v1/pairs/{PAIR}/checkpoints/latest").status_code == 200


def test_r094_what_is_not_sealed_cannot_be_proved(sealed, system):
    head = system.ledger.head(PAIR).position
    for path, asked in (
        (f"facts/{head + 1}", {}),
        ("growth", {"since": 1}),
        ("growth", {"since": head, "until": head + 1}),
    ):
        answer = sealed.get("p-auditor", f"/v1/pairs/{PAIR}/checkpoints/{path}", **asked)
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:lianxi:problem:no-checkpoint")
    assert sealed.get("p-auditor", "/v1/pairs/140829/checkpoints/latest").status_code == 404


def test_r094_an_alarm_is_shown_to_the_auditor_and_nothing_is_proved_over_a_changed_ledger(
    sealed, system, database
):
    with psycopg.connect(database.admin_dsn) as admin:
        admin.execute("ALTER TABLE ledger.ledger_event DISABLE TRIGGER ALL")
        admin.execute(
            "UPDATE ledger.ledger_event SET hash = sha256('x') WHERE tenant_id = %s AND position = 2", (PAIR,)
        )
        admin.execute("ALTER TABLE ledger.ledger_event ENABLE ALWAYS TRIGGER only_appended")
    assert not system.sealer.seal([PAIR, CITY]).ok
    states = sealed.get("p-auditor", "/v1/audit/checkpoints", scope="140800").json()["items"]
    assert [(each["pair"], each["alarm"]) for each in states] == [
        (CITY, ""),
        (PAIR, "位置 2：记录哈希与内容不符"),
    ]
    assert sealed.get("p-reader", "/v1/audit/checkpoints", scope="140800").status_code == 403
    answer = sealed.get("p-auditor", f"/v1/pairs/{PAIR}/checkpoints/facts/1")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:lianxi:problem:not-provable")


def test_before_anything_is_sealed_there_is_no_key(http, system, tmp_path):
    object.__setattr__(system.sealer, "vault", FileVault(tmp_path / "seals", name="x"))
    http.become("p-auditor", ("auditor", "140800"))
    assert http.get("p-auditor", "/v1/checkpoints/key").status_code == 404
    assert http.get("p-auditor", "/v1/checkpoints").json() == {"items": [], "next_cursor": None}
    (tmp_path / "seals").mkdir()
    (tmp_path / "seals" / "signed.json").write_text(json.dumps({"notes": 1}))
    answer = http.get("p-auditor", "/v1/audit/checkpoints", scope="140800")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:lianxi:problem:seal-unavailable")
