from pathlib import Path

import pytest

from infrastructure import settings


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(f"LIANXI_{name}".upper(), raising=False)


def test_nothing_set_means_the_embedded_default():
    chosen = settings.load()
    assert chosen.dsn is None
    assert (chosen.host, chosen.port, chosen.data_dir) == ("127.0.0.1", 8000, Path("data"))


def test_the_environment_decides(monkeypatch):
    monkeypatch.setenv("LIANXI_PORT", "9000")
    monkeypatch.setenv("LIANXI_DATA_DIR", "/srv/lianxi")
    chosen = settings.load()
    assert (chosen.port, chosen.data_dir) == (9000, Path("/srv/lianxi"))


def test_passwords_are_not_shown(monkeypatch):
    monkeypatch.setenv("LIANXI_DSN", "postgresql://lianxi_app:hush@db/lianxi")
    monkeypatch.setenv("LIANXI_MIGRATION_DSN", "postgresql://owner:hush@db/lianxi")
    chosen = settings.load()
    assert "hush" in (chosen.dsn or "")
    assert "hush" not in f"{chosen!r} {chosen}"


def test_a_wrong_value_is_refused_by_name_and_not_repeated(monkeypatch):
    monkeypatch.setenv("LIANXI_PORT", "hush")
    with pytest.raises(settings.BadSettings, match="LIANXI_PORT") as refusal:
        settings.load()
    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("PORT", "abc", "LIANXI_PORT 不可用：须为整数"),
        ("PORT", "70000", "LIANXI_PORT 不可用：不得大于 65535"),
        ("POOL_SIZE", "0", "LIANXI_POOL_SIZE 不可用：不得小于 1"),
        ("LOG_LEVEL", "loud", "LIANXI_LOG_LEVEL 不可用：只能是 'debug'、'info'、'warning'、'error'"),
        ("DSN", "postgresql://a:hush@[b/c", "LIANXI_DSN 不可用：不是数据库连接串"),
    ],
)
def test_what_is_wrong_is_told_in_chinese(monkeypatch, name, value, message):
    monkeypatch.setenv(f"LIANXI_{name}", value)
    with pytest.raises(settings.BadSettings, match=message) as refusal:
        settings.load()
    assert not any(word in str(refusal.value) for word in ("hush", "Input", "should", " or "))


def test_lists_are_written_with_commas(monkeypatch):
    """Where webhooks may go: hosts, and networks beside the public ones; nothing is allowed where nothing is said."""
    assert (settings.load().webhook_targets, settings.load().webhook_networks) == ((), ())
    monkeypatch.setenv("LIANXI_WEBHOOK_TARGETS", "oa.example.gov.cn, *.example.cn:8443,")
    monkeypatch.setenv("LIANXI_WEBHOOK_NETWORKS", "10.20.0.0/16, fd00::/8")
    chosen = settings.load()
    assert chosen.webhook_targets == ("oa.example.gov.cn", "*.example.cn:8443")
    assert [str(each) for each in chosen.webhook_networks] == ["10.20.0.0/16", "fd00::/8"]
    monkeypatch.setenv("LIANXI_WEBHOOK_NETWORKS", "10.20.0.0/16,hush")
    with pytest.raises(settings.BadSettings) as refusal:
        settings.load()
    assert str(refusal.value) == "环境变量 LIANXI_WEBHOOK_NETWORKS 不可用：取值不对"


def test_a_role_that_there_is_not_asks_nobody_for_a_second_factor_and_is_refused(monkeypatch):
    """A word that is misspelt would leave the real role without one."""
    monkeypatch.setenv("LIANXI_SECOND_FACTOR_ROLES", "auditor, *")
    assert settings.load().second_factor_roles == ("auditor", "*")
    monkeypatch.setenv("LIANXI_SECOND_FACTOR_ROLES", "system_adminstrator")
    with pytest.raises(settings.BadSettings, match="LIANXI_SECOND_FACTOR_ROLES"):
        settings.load()
