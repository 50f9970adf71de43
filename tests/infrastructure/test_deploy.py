"""The examples in deploy/ name what is there: settings that exist, and limits that are not below the application's own."""

import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from api import exchange, wire
from application import importing
from infrastructure import checkup
from infrastructure.checkup import Level
from infrastructure.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"


def example() -> dict[str, str]:
    lines = (DEPLOY / "systemd" / "lianxi.env.example").read_text(encoding="utf-8").splitlines()
    return dict(each.split("=", 1) for each in lines if each and not each.startswith("#"))


def test_the_example_of_an_environment_is_one(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LIANXI_{name}".upper(), raising=False)
    for name, value in example().items():
        assert name.removeprefix("LIANXI_").lower() in Settings.model_fields, name
        monkeypatch.setenv(name, value)
    chosen = Settings()
    assert chosen.trusted_proxies == (ip_network("127.0.0.1"),)
    assert [each.level for each in checkup.configuration(chosen)] == [Level.FINE]


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_a_proxy_is_no_stricter_than_what_is_behind_it(name):
    text = (DEPLOY / "proxy" / name).read_text(encoding="utf-8")
    assert "NOT RUN HERE" in text
    size = re.search(r"(?:max_size|client_max_body_size)\s+(\d+)m", text, re.IGNORECASE)
    assert size is not None
    assert int(size[1]) << 20 >= importing.MAX_BYTES
    waits = re.search(r"(?:response_header_timeout|proxy_read_timeout)\s+(\d+)s", text)
    assert waits is not None
    assert int(waits[1]) > exchange.UNHURRIED_S
    head = re.search(r"(?:read_header|client_header_timeout)\s+(\d+)s", text)
    assert head is not None
    assert int(head[1]) <= wire.HEAD_S
    assert "/metrics" in text


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_a_proxy_redirects_nobody_who_comes_without_tls(name):
    """Who sends a token in the clear is to fail, and so to learn of it (ASVS 5.0, 4.1.2)."""
    text = (DEPLOY / "proxy" / name).read_text(encoding="utf-8")
    code = "\n".join(each.partition("#")[0] for each in text.splitlines())
    assert not re.search(r"\b(301|302|307|308|rewrite|redir)\b|listen\s[^;]*\b80\b", code)
    if name == "Caddyfile":
        # It would redirect by itself.
        assert re.search(r"^\s*auto_https disable_redirects$", code, re.MULTILINE)


def test_the_service_starts_without_a_demonstration_and_with_few_rights():
    text = (DEPLOY / "systemd" / "lianxi.service").read_text(encoding="utf-8")
    assert "lianxi serve --no-demo" in text
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n", "UMask=0077"):
        assert line in text
