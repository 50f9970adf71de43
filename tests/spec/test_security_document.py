"""What deploy/security.md says is what the program does: its numbers, and its lists of ways in, keys, tables and ways out."""

import ast
import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from api import auth, exchange, limits, streams, wire
from api.routes import reads
from application import administering, identity, importing, webhooks
from application.identity_ports import Rules
from infrastructure import fetching, history_books_in, people_keys, settings
from tests.spec.test_dangers import imports, modules, named

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "deploy" / "security.md").read_text(encoding="utf-8")
RULES, CHOSEN = Rules(), settings.Settings.model_fields
# What speaks to other machines, or listens.
NETWORK = {"httpx2", "authlib", "urllib.request", "http.client", "socket", "requests", "aiohttp"}
# Names of drafts, which keep nothing secret.
NO_SECRETS = {"infrastructure/people_keys.py"}
TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?ledger\.([a-z_]+[a-z])")
KEY_FILE = re.compile(r'seals / "([a-z]+\.(?:key|pem))"')


def section(title: str) -> str:
    return TEXT.partition(f"## {title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """Give the cells of a table's lines."""
    return [each.strip("| ").split(" | ") for each in text.splitlines() if each.startswith("| ")]


def default(name: str):
    return CHOSEN[name].default


def minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60


NUMBERS = {
    "口令、锁定与会话": (
        f"口令 {identity.SHORTEST} 至 {identity.LONGEST} 个字符",
        f"{minutes(RULES.one_time) // 60} 小时内有效",
        f"连续失败 {RULES.account_tries} 次锁定 {RULES.first_lock.seconds} 秒",
        f"至多 {RULES.longest_lock.seconds} 秒；{RULES.account_memory.days} 天内没有失败",
        f"失败 {RULES.address_tries} 次锁定",
        f"{minutes(RULES.address_memory) // 60} 小时内没有失败",
        f"空闲 {default('session_idle_minutes')} 分钟失效，最长 {default('session_hours')} 小时",
        f"同时至多 {RULES.most_sessions} 个会话",
    ),
    "限额": (
        f"| 每人 | 每分钟 {default('rate_person')} 次请求 |",
        f"| 每个来源地址 | 每分钟 {default('rate_address')} 次请求 |",
        f"凭据无效 | 每分钟 {default('rate_anonymous')} 次请求 |",
        f"登录 | 每分钟 {default('rate_login')} 次 |",
        f"| 请求内容 | {limits.BODY_BYTES} 字节，JSON 嵌套 {limits.DEPTH} 层，{limits.BODY_S:g} 秒内收齐 |",
        f"| 请求头 | {wire.HEAD_BYTES} 字节，{wire.HEAD_S:g} 秒内收齐 |",
        f"| 答复 | {exchange.REQUEST_S:g} 秒内开始；逐条读台账的 {exchange.UNHURRIED_S:g} 秒 |",
        f"| 每页 | {reads.PAGE} 条 |",
        f"同时办理的指令 | {default('pair_concurrency')} 项 |",
        f"历史时刻 | {limits.READS} 项 |",
        f"| 同时核对的口令 | {limits.PROOFS} 个 |",
        f"| 每人的事件流 | {streams.EACH} 条，共 {streams.MOST} 条 |",
        f"{importing.MAX_BYTES} 字节，展开后 {history_books_in.UNPACKED} 字节、{history_books_in.MEMBERS} 个部件",
        f"超出限额的等 {limits.WAIT_S:g} 秒",
    ),
    "数据": (f"查阅记录保存 {default('access_log_months')} 个整月",),
    "日志": (f"| 审计管理员 | {default('access_log_months')} 个整月 |",),
    "对外连接": (f"限 {fetching.MOST_BYTES} 字节、{fetching.WHOLE_S:g} 秒",),
}


@pytest.mark.parametrize("title", NUMBERS)
def test_the_document_gives_the_numbers_of_the_code(title):
    assert [each for each in NUMBERS[title] if each not in section(title)] == []


def test_the_words_that_no_password_is_made_of_are_listed():
    listed = re.search(r"不可用：\s*(.+?)。", section("口令、锁定与会话"), re.DOTALL)
    assert listed is not None
    assert listed[1].split("、") == list(identity.WORDS)


def test_every_way_to_prove_who_one_is_is_listed():
    """Each prefix of what is sent as bearer, the cookie, and the platform; how a cookie is bound."""
    found = set(re.findall(r"`(lx[a-z]*_)`", section("登录途径")))
    known = {
        each.value
        for name, tree in modules()
        if name.startswith(("application/", "infrastructure/"))
        for each in ast.walk(tree)
        if isinstance(each, ast.Constant) and re.fullmatch(r"lx[a-z]*_", str(each.value))
    }
    assert found == known
    assert {administering.TOKEN_PREFIX, administering.KEY_PREFIX} < known
    assert f"`{auth.COOKIE}`" in section("登录途径")
    assert "OpenID Connect" in section("登录途径")
    assert "平台与本系统的会话各自独立" in section("登录途径")


def test_every_key_and_algorithm_is_listed():
    said = section("密钥和算法")
    files = {
        name
        for path in (ROOT / "infrastructure").glob("*.py")
        for name in KEY_FILE.findall(path.read_text(encoding="utf-8"))
    } | set(KEY_FILE.findall((ROOT / "api" / "main.py").read_text(encoding="utf-8")))
    assert {"identity.key", "webhooks.key", "key.pem"} <= files
    assert [each for each in files if f"`{each}`" not in said] == []
    cost = Argon2Hasher()._hasher
    assert f"Argon2id，{cost.memory_cost} KiB，{cost.time_cost} 遍，{cost.parallelism} 路" in said
    for algorithm in ("Ed25519", "AES-256-GCM", "HMAC-SHA-256", "SCRAM-SHA-256", "RS256", "HMAC-SHA-1"):
        assert algorithm in said


def test_what_must_not_be_guessed_has_128_bits():
    """Each value that is made at random by name, and every call of the library that makes one."""
    drawn = (
        administering.SECRET_BYTES,
        identity.ONE_TIME_BYTES,
        webhooks.KEY_BYTES,
        people_keys.BYTES,
        len(pyotp.random_base32()) * 5 // 8,
    )
    assert min(drawn) * 8 >= 128
    small = [
        (name, node.lineno)
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and named(node.func).startswith("secrets.token_")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value * 8 < 128
    ]
    assert {name for name, _ in small} <= NO_SECRETS, small


def test_every_table_has_its_class():
    made = {
        name
        for path in (ROOT / "infrastructure" / "migrations").glob("*.sql")
        for name in TABLE.findall(path.read_text(encoding="utf-8"))
    }
    assert len(made) > 20
    listed = [each for line in rows(section("数据")) for each in re.findall(r"`([a-z_*]+)`", line[1])]
    assert len(listed) == len(set(listed))
    assert all(len(line) == 3 and all(line) for line in rows(section("数据")))
    assert {each for each in made if not each.startswith("view_")} == set(listed) - {"view_*"}


def test_every_way_out_is_listed():
    speaking = {
        name
        for name, tree in modules()
        if any(module in NETWORK or module.partition(".")[0] in NETWORK for module, _ in imports(tree))
    }
    listed = set(re.findall(r"`((?:api|infrastructure)/[a-z_/]+\.py)`", section("对外连接")))
    assert listed == speaking | {"infrastructure/database.py"}


def test_every_component_is_locked_by_hash_from_one_index():
    """uv.lock is the inventory: name, version, source and SHA-256 of each package and of each that it needs."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    foreign = [each for each in packages if each["source"] != {"registry": "https://pypi.org/simple"}]
    assert [each["name"] for each in foreign] == ["lianxi"]
    for each in packages:
        files = [*each.get("wheels", ()), *([each["sdist"]] if "sdist" in each else [])]
        assert each["name"] == "lianxi" or files
        assert all(file["hash"].startswith("sha256:") for file in files), each["name"]
    assert len(packages) > 50
