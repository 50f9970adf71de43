"""R-094 from the command line: seal, prove, check without the system, cosign; how each ends."""

import json
from contextlib import contextmanager
from types import SimpleNamespace

import psycopg
import pytest
from typer.testing import CliRunner

from api.cli import app, shell
from domain import notes, seals
from infrastructure import signers
from infrastructure.vault import FileVault
from tests.application.ledgers import late_city, record

PAIR = "140800"


def run(*words):
    return CliRunner().invoke(app, [str(each) for each in words])


@pytest.fixture
def lianxi(system, monkeypatch, tmp_path):
    """The command line over one pair's ledger, with folders of the signer's and of a witness's own."""
    object.__setattr__(system.sealer, "vault", FileVault(tmp_path / "seals", name="lianxi.example"))
    record(system.ledger, late_city())

    @contextmanager
    def opened(**_):
        yield system

    monkeypatch.setattr(shell, "opened", opened)
    return SimpleNamespace(system=system, folder=tmp_path, out=tmp_path / "out")


def unreachable(**_):
    raise AssertionError("this command needs no system")


def test_r094_seal_prove_check_and_cosign_by_file(lianxi, monkeypatch):
    head = lianxi.system.ledger.head(PAIR).position
    assert run("audit", "key").exit_code == 2
    first = run("audit", "checkpoint", "--all", "--out", lianxi.out)
    assert (first.exit_code, f"{PAIR}  已封存  {head} 条" in first.stdout) == (0, True)
    assert "无新增" in run("audit", "checkpoint", "--pair", PAIR).stdout
    key, proof = run("audit", "key").stdout.strip(), lianxi.folder / "proof.json"
    assert run("audit", "proof", "--pair", PAIR, "--position", head, "--out", proof).exit_code == 0
    growth = run("audit", "proof", "--since", "1").stdout
    inside = run("audit", "proof", "--pair", PAIR).stdout
    assert run("audit", "proof", "--pair", PAIR, "--position", head + 1).exit_code == 1
    monkeypatch.setattr(shell, "opened", unreachable)
    shown = run("audit", "check-proof", proof, "--key", key)
    assert (shown.exit_code, f"第 {head} 条" in shown.stdout) == (0, True)
    for text in (growth, inside):
        (lianxi.folder / "other.json").write_text(text, encoding="utf-8")
        assert run("audit", "check-proof", lianxi.folder / "other.json", "--key", key).exit_code == 0
    proof.write_text(proof.read_text(encoding="utf-8").replace(f'"position": {head}', '"position": 1'))
    refused = run("audit", "check-proof", proof, "--key", key)
    assert (refused.exit_code, "证明不成立" in refused.output) == (1, True)
    witness, note = lianxi.folder / "union", lianxi.out / f"{PAIR}.checkpoint"
    made = run("audit", "witness-key", "--folder", witness, "--name", "union.example/140800", "--signer", key)
    assert run("audit", "cosign", note, "--folder", witness).exit_code == 0
    cosigned = notes.read(note.read_text(encoding="utf-8"))
    line = notes.read_key(made.stdout.strip())
    assert notes.cosigned_at(cosigned, key=line, check=signers.check) is not None
    note.write_text(note.read_text(encoding="utf-8").replace(f"\n{head}\n", "\n1\n"), encoding="utf-8")
    assert run("audit", "cosign", note, "--folder", witness).exit_code == 1


def test_r094_what_does_not_go_on_ends_with_1_until_a_new_epoch_is_declared(lianxi, database):
    assert run("audit", "checkpoint", "--all").exit_code == 0
    head = lianxi.system.ledger.head(PAIR).position
    assert run("audit", "epoch", "--pair", PAIR, "--reason", "演练").exit_code == 2
    with psycopg.connect(database.admin_dsn) as admin:
        for table in ("event", "command", "head"):
            admin.execute(f"ALTER TABLE ledger.ledger_{table} DISABLE TRIGGER ALL")
        where = f"tenant_id = '{PAIR}'"
        admin.execute(f"DELETE FROM ledger.ledger_command WHERE {where} AND last_position = {head}")
        admin.execute(f"DELETE FROM ledger.ledger_event WHERE {where} AND position = {head}")
        admin.execute(
            "UPDATE ledger.ledger_head h SET position = e.position, hash = e.hash FROM ledger.ledger_event e "
            f"WHERE h.{where} AND e.{where} AND e.position = {head - 1}"
        )
        for table, fence in (
            ("event", "only_appended"),
            ("command", "only_appended"),
            ("head", "never_removed"),
        ):
            admin.execute(f"ALTER TABLE ledger.ledger_{table} ENABLE ALWAYS TRIGGER {fence}")
    refused = run("audit", "checkpoint", "--all")
    assert (refused.exit_code, f"短于已封存的 {head}" in refused.stdout) == (1, True)
    opened = run("audit", "epoch", "--pair", PAIR, "--reason", "恢复到前一日备份")
    assert (opened.exit_code, f"pairs/{PAIR}/2" in opened.stdout) == (0, True)
    again = json.loads(run("audit", "checkpoint", "--all", "--json").stdout.splitlines()[-1])
    assert [(each["size"], each["alarm"]) for each in again["pairs"]] == [(head - 1, "")]
    [declared] = lianxi.system.sealer.checkpoints.epochs(PAIR)
    assert seals.read_declaration(declared.text).reason == "恢复到前一日备份"


def test_wrong_words_are_told_in_chinese(lianxi):
    for words in (
        ("checkpoint",),
        ("checkpoint", "--pair", "149999"),
        ("proof",),
        ("epoch", "--pair", PAIR, "--reason", " "),
        ("witness-key", "--folder", lianxi.folder / "w", "--name", "a b", "--signer", "x"),
        ("witness-key", "--folder", lianxi.folder / "w", "--name", "ab", "--signer", "x"),
    ):
        answer = run("audit", *words)
        assert answer.exit_code == 2, words
        assert "错误：" in answer.output
