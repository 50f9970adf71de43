"""Each check of ``lianxi doctor`` is fine on what is as it should be, and tells each fault that is planted."""

import json
import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import psycopg
import pytest
from typer.testing import CliRunner

from api import cli
from application import seal_ports
from infrastructure import checkup, embedded, files, vault
from infrastructure import database as databases
from infrastructure.checkup import Level
from infrastructure.settings import Settings

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OFFICE = {
    "host": "127.0.0.1",
    "trusted_proxies": (ip_network("127.0.0.1"),),
    "hosts": ("lianxi.example.cn",),
    "public_url": "https://lianxi.example.cn",
}


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LIANXI_{name}".upper(), raising=False)


@pytest.fixture
def chosen(tmp_path) -> Settings:
    """An installation as it should be."""
    seals, data, backups = tmp_path / "seals", tmp_path / "data", tmp_path / "backups"
    for folder in (seals, data, backups):
        files.folder(folder)
    for name in ("key.pem", "key.pub", "webhooks.key", "identity.key"):
        files.create(seals / name, b"x")
    files.create(backups / "base.tar", b"x")
    os.utime(backups / "base.tar", (NOW.timestamp() - 3600,) * 2)
    return Settings(data_dir=data, seal_dir=seals, backup_dir=backups, **OFFICE)


def only(found: list[checkup.Finding]) -> checkup.Finding:
    assert len(found) == 1, found
    assert found[0].level is Level.FINE or found[0].remedy
    return found[0]


@pytest.mark.parametrize(
    ("planted", "level", "told"),
    [
        ({}, Level.FINE, "相称"),
        ({"host": "0.0.0.0", "trusted_proxies": ()}, Level.BAD, "明文"),
        ({"hosts": ()}, Level.NOTE, "主机名"),
        ({"public_url": "http://lianxi.example.cn"}, Level.NOTE, "https"),
        ({"rate_login": 0}, Level.NOTE, "LIANXI_RATE_LOGIN"),
        ({"dsn": "postgresql://a:b@db.example/lianxi"}, Level.NOTE, "证书"),
        ({"dsn": "postgresql://a:b@db.example/lianxi?sslmode=verify-full"}, Level.FINE, "相称"),
        ({"dsn": "postgresql://a:b@localhost/lianxi"}, Level.FINE, "相称"),
    ],
)
def test_configuration(chosen, planted, level, told):
    found = only(checkup.configuration(chosen.model_copy(update=planted)))
    assert (found.level, told in found.text) == (level, True), found


def test_a_place_of_ones_own_needs_no_name():
    assert only(checkup.configuration(Settings())).level is Level.FINE


@pytest.mark.parametrize("name", ["key.pem", "webhooks.key", "identity.key"])
def test_a_key_that_others_can_read(chosen, name):
    assert only(checkup.keys(chosen)).level is Level.FINE
    (chosen.seals / name).chmod(0o640)
    found = only(checkup.keys(chosen))
    assert (found.level, name in found.text) == (Level.BAD, True)


def test_a_seal_directory_that_others_can_enter_or_that_lies_in_the_data(chosen):
    chosen.seals.chmod(0o750)
    assert "可被他人进入" in only(checkup.keys(chosen)).text
    chosen.seals.chmod(0o700)
    inside = chosen.model_copy(update={"data_dir": chosen.seals.parent})
    assert "数据目录之内" in only(checkup.keys(inside)).text


def test_keys_that_are_not_there(chosen):
    (chosen.seals / "key.pem").unlink()
    assert (only(checkup.keys(chosen)).level, only(checkup.keys(chosen)).check) == (Level.NOTE, "密钥")
    assert only(checkup.keys(chosen.model_copy(update={"seal_command": "hsm"}))).level is Level.FINE
    none = chosen.model_copy(update={"seal_dir": chosen.seals / "none"})
    assert "还没有封存目录" in only(checkup.keys(none)).text


def test_tokens_that_others_can_read(chosen):
    path = chosen.data_dir / "tokens.txt"
    files.create(path, b"x")
    assert only(checkup.keys(chosen)).level is Level.FINE
    path.chmod(0o644)
    assert "tokens.txt" in only(checkup.keys(chosen)).text


@pytest.mark.parametrize(
    ("free", "level"),
    [(50 << 30, Level.FINE), (4 << 30, Level.NOTE), (400 << 20, Level.BAD), (9 << 30, Level.NOTE)],
)
def test_disks(chosen, free, level):
    found = checkup.disks(chosen, usage=lambda _: (100 << 30, 0, free))
    assert [each.level for each in found] == [level, level]


@pytest.mark.parametrize(("hours", "level"), [(1, Level.FINE), (27, Level.NOTE), (24 * 8, Level.BAD)])
def test_the_age_of_the_last_backup(chosen, hours, level):
    found = only(checkup.backups(chosen, now=NOW - timedelta(hours=1) + timedelta(hours=hours)))
    assert (found.level, f"{hours:.1f} 小时前" in found.text) == (level, True)


def test_backups_that_are_not_there_or_not_elsewhere(chosen):
    (chosen.backup_dir / "base.tar").unlink()
    assert only(checkup.backups(chosen, now=NOW)).level is Level.BAD
    assert only(checkup.backups(chosen.model_copy(update={"backup_dir": None}), now=NOW)).level is Level.NOTE
    inside = chosen.data_dir / "backups"
    files.folder(inside)
    files.create(inside / "x", b"x")
    found = checkup.backups(chosen.model_copy(update={"backup_dir": inside}), now=datetime.now(UTC))
    assert "数据目录之内" in only(found).text


def test_pairs_that_are_refused_a_checkpoint(chosen, tmp_path):
    kept = vault.FileVault(tmp_path / "fresh", name="test")
    assert only(checkup.alarms(kept)).level is Level.FINE
    alarm = seal_ports.Alarm.model_construct()
    with kept.held() as held:
        held.keep(seal_ports.Kept.model_construct(alarms={"140830": alarm}))
    assert only(checkup.alarms(kept)).level is Level.BAD
    (tmp_path / "fresh" / "signed.json").write_text("{", encoding="utf-8")
    assert "无法读取" in only(checkup.alarms(kept)).text


@pytest.mark.parametrize(
    ("answer", "level"), [("yes", Level.FINE), ("no", Level.NOTE), (None, Level.NOTE), ("", Level.NOTE)]
)
def test_the_time_service(answer, level):
    assert only(checkup.time_service(ask=lambda: answer)).level is level


def test_the_three_administrators():
    three = {
        "a": ["system_administrator"],
        "b": ["security_administrator", "x"],
        "c": ["audit_administrator"],
    }
    assert only(checkup.administrators(three)).level is Level.FINE
    missing = only(checkup.administrators({"a": ["system_administrator"]}))
    assert (missing.level, missing.text) == (Level.NOTE, "还没有安全管理员、审计管理员")
    two = only(checkup.administrators({**three, "c": ["audit_administrator", "system_administrator"]}))
    assert (two.level, two.text) == (Level.BAD, "c 兼任系统管理员、审计管理员")


# --- with a database -----------------------------------------------------------------------------------------


def test_the_database_and_its_clock(database):
    with databases.Database(database.app_dsn) as db:
        assert only(checkup.safety(db)).level is Level.FINE
        assert only(checkup.clocks(db)).level is Level.FINE
        for seconds, level in ((5, Level.NOTE), (-60, Level.BAD)):
            off = timedelta(seconds=seconds)
            found = only(checkup.clocks(db, wall=lambda off=off: datetime.now(UTC) + off))
            assert (found.level, "相差" in found.text) == (level, True)
        ticks = iter((10.0, 11.0))
        assert "跳动" in only(checkup.clocks(db, steady=lambda: next(ticks))).text
        with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
            admin.execute("DELETE FROM ledger.migration WHERE name LIKE '0003%'")
        found = only(checkup.safety(db))
        assert (found.level, "迁移尚未执行" in found.text) == (Level.BAD, True)


def run(*arguments: str):
    answer = CliRunner().invoke(cli.app, ["doctor", *arguments])
    return answer.exit_code, answer.stdout


def test_the_command_says_everything_and_ends_with_the_worst(database, chosen, monkeypatch):
    monkeypatch.setenv("LIANXI_DSN", database.app_dsn)
    for name in ("data_dir", "seal_dir", "backup_dir"):
        monkeypatch.setenv(f"LIANXI_{name}".upper(), str(getattr(chosen, name)))
    code, said = run("--json")
    found = {each["check"]: each["level"] for each in json.loads(said)}
    assert found.keys() >= {"配置", "密钥", "警报", "磁盘", "备份", "授时", "数据库", "时钟", "三员"}
    assert (found["数据库"], found["时钟"], found["三员"]) == ("正常", "正常", "注意")
    assert code == 1
    (chosen.seals / "key.pem").chmod(0o644)
    code, said = run()
    assert code == 2
    assert "有误  密钥" in said
    assert "→ chmod 600" in said


def test_the_command_tells_a_database_that_is_away_and_settings_that_are_wrong(chosen, monkeypatch, postgres):
    dsn = postgres.dsn(user=embedded.APP, password="hush", database="nowhere")
    monkeypatch.setenv("LIANXI_DSN", dsn)
    monkeypatch.setenv("LIANXI_DATA_DIR", str(chosen.data_dir))
    code, said = run()
    assert (code, "有误  数据库  数据库拒绝登录" in said) == (2, True), said
    assert "hush" not in said
    monkeypatch.setenv("LIANXI_PORT", "hush")
    code, said = run()
    assert (code, said.count("LIANXI_PORT")) == (2, 1)
    assert "hush" not in said
