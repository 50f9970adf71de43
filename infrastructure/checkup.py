"""What ``lianxi doctor`` looks at: each check tells what it found, how bad that is, and in Chinese what to do.

A check never changes anything, and never shows a secret: of keys it looks at the file's rights and whether it is there.
"""

import os
import shutil
import stat
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from pathlib import Path
from typing import Final

from psycopg.conninfo import conninfo_to_dict

from application import ports, seal_ports
from domain.decider import Value
from infrastructure import database, selfcheck, statements
from infrastructure.settings import Settings

SQL = statements.load("checkup.sql")
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
SKEW_S: Final = 1.0
SKEW_BAD_S: Final = 30.0
JUMP_S: Final = 0.5
SCARCE: Final = (0.10, 5 << 30)
BARE: Final = (0.02, 512 << 20)
BACKUP_OLD: Final = timedelta(hours=26)
BACKUP_BAD: Final = timedelta(days=7)
THREE: Final = {
    "system_administrator": "系统管理员",
    "security_administrator": "安全管理员",
    "audit_administrator": "审计管理员",
}


class Level(IntEnum):
    """How bad it is; also the exit code."""

    FINE = 0
    NOTE = 1
    BAD = 2

    @property
    def label(self) -> str:
        return ("正常", "注意", "有误")[self]


class Finding(Value):
    """What a check found."""

    check: str
    level: Level
    text: str
    remedy: str = ""


def _fine(check: str, text: str) -> Finding:
    return Finding(check=check, level=Level.FINE, text=text)


def _note(check: str, text: str, remedy: str) -> Finding:
    return Finding(check=check, level=Level.NOTE, text=text, remedy=remedy)


def _bad(check: str, text: str, remedy: str) -> Finding:
    return Finding(check=check, level=Level.BAD, text=text, remedy=remedy)


def _or_fine(found: Sequence[Finding], check: str, text: str) -> list[Finding]:
    return list(found) or [_fine(check, text)]


# --- without the database ------------------------------------------------------------------------------------


def configuration(chosen: Settings) -> list[Finding]:
    """Look at how the service is reached, and by what limits."""
    return _or_fine(
        list(_reached(chosen)) + list(_limited(chosen)), "配置", "监听、主机名、代理和限速的设置相称"
    )


def _reached(chosen: Settings) -> Iterator[Finding]:
    outward = chosen.host not in LOOPBACK or bool(chosen.trusted_proxies)
    if chosen.host not in LOOPBACK and not chosen.trusted_proxies:
        yield _bad(
            "配置",
            f"监听 {chosen.host}，而没有反向代理：口令和令牌会明文经过网络",
            "改为 LIANXI_HOST=127.0.0.1，由反向代理提供 TLS（见 deploy/proxy），并设 LIANXI_TRUSTED_PROXIES",
        )
    if outward and not chosen.hosts:
        yield _note("配置", "对外服务而没有限定主机名", "设 LIANXI_HOSTS 为对外的主机名")
    if outward and not chosen.public_url.startswith("https://"):
        yield _note("配置", "对外的网址不是 https", "设 LIANXI_PUBLIC_URL 为 https:// 开头的网址")
    given = conninfo_to_dict(chosen.dsn or "")
    server = str(given.get("host") or "")
    if (
        server
        and not server.startswith("/")
        and server not in LOOPBACK
        and given.get("sslmode") != "verify-full"
    ):
        yield _note("配置", "到数据库的连接没有核对其证书", "在 LIANXI_DSN 中写 sslmode=verify-full")


def _limited(chosen: Settings) -> Iterator[Finding]:
    names = ("rate_person", "rate_address", "rate_anonymous", "rate_login")
    without = [f"LIANXI_{name.upper()}" for name in names if not getattr(chosen, name)]
    if without:
        yield _note("配置", f"没有限速：{'、'.join(without)}", "除非有代理限速，请删去这些设置，用默认值")


def keys(chosen: Settings) -> list[Finding]:
    """Look at the seal directory and the keys in it: there, apart from the data, and nobody else's to read."""
    seals = chosen.seals
    if not seals.is_dir():
        return [_note("密钥", f"还没有封存目录 {seals}", "首次封存时自动生成；生成后请单独备份")]
    found = []
    data = chosen.data_dir.resolve()
    if seals.resolve().is_relative_to(data):
        found.append(
            _bad(
                "密钥", f"封存目录 {seals} 在数据目录之内，会随数据一同恢复", "移到别处，并设 LIANXI_SEAL_DIR"
            )
        )
    if seals.stat().st_mode & 0o077:
        found.append(_bad("密钥", f"封存目录 {seals} 可被他人进入", f"chmod 700 {seals}"))
    wanted = {"封存密钥": None if chosen.seal_command else seals / "key.pem", "封存公钥": seals / "key.pub"}
    found += [
        _note("密钥", f"没有{name} {path}", "运行 lianxi audit checkpoint --all 生成；若曾有过，请从备份恢复")
        for name, path in wanted.items()
        if path is not None and not path.exists()
    ]
    secret = [
        seals / "key.pem",
        chosen.webhook_key or seals / "webhooks.key",
        chosen.identity_key or seals / "identity.key",
        chosen.data_dir / "tokens.txt",
    ]
    found += [
        _bad("密钥", f"{path} 可被他人读取", f"chmod 600 {path}")
        for path in secret
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    return _or_fine(found, "密钥", "密钥齐全，仅属主可读，与数据分开")


def disks(
    chosen: Settings, *, usage: Callable[[Path], tuple[int, int, int]] = shutil.disk_usage
) -> list[Finding]:
    """Look at the space that is left where the data and the seals are."""
    return [
        _disk(name, path, usage)
        for name, path in (("数据目录", chosen.data_dir), ("封存目录", chosen.seals))
        if path.exists()
    ]


def _disk(name: str, path: Path, usage: Callable[[Path], tuple[int, int, int]]) -> Finding:
    total, _, free = usage(path)
    text = f"{name}所在的磁盘剩余 {free / (1 << 30):.1f} GiB，占 {free / total:.0%}"
    if free < BARE[1] or free / total < BARE[0]:
        return _bad("磁盘", text, "立即扩容；写满时系统拒绝写入，已有的不受损")
    if free < SCARCE[1] or free / total < SCARCE[0]:
        return _note("磁盘", text, "尽快扩容")
    return _fine("磁盘", text)


def backups(chosen: Settings, *, now: datetime) -> list[Finding]:
    """Look at the newest file of the backup directory."""
    folder = chosen.backup_dir
    if folder is None:
        return [_note("备份", "没有告诉系统备份放在哪里", "设 LIANXI_BACKUP_DIR，以便检查最近一次备份的时间")]
    try:
        times = [each.stat().st_mtime for each in folder.rglob("*") if each.is_file()]
    except OSError as error:
        return [_bad("备份", f"备份目录 {folder} 无法读取：{error.strerror}", "检查目录和权限")]
    if not times:
        return [_bad("备份", f"备份目录 {folder} 中没有备份", "立即备份数据库；封存目录另行备份")]
    found = []
    if folder.resolve().is_relative_to(chosen.data_dir.resolve()):
        found.append(_bad("备份", f"备份目录 {folder} 在数据目录之内", "放到另一台机器或另一块磁盘"))
    age = now - datetime.fromtimestamp(max(times), tz=UTC)
    text = f"最近一次备份在 {age / timedelta(hours=1):.1f} 小时前"
    if age > BACKUP_BAD:
        found.append(_bad("备份", text, "检查备份任务，立即备份"))
    elif age > BACKUP_OLD:
        found.append(_note("备份", text, "检查备份任务"))
    return _or_fine(found, "备份", text)


def alarms(vault: seal_ports.Vault) -> list[Finding]:
    """Look for pairs that are refused a checkpoint since their ledger does not go on from what was sealed."""
    try:
        kept = vault.kept()
    except seal_ports.CannotSeal as fault:
        return [_bad("警报", str(fault), "从封存目录的备份恢复")]
    found = [
        _bad(
            "警报", f"{pair} 的台账没有通过封存核验", "运行 lianxi audit checkpoint 查看原因，并报告审计人员"
        )
        for pair in sorted(kept.alarms)
    ]
    return _or_fine(found, "警报", "没有未处理的封存警报")


# --- with the database ---------------------------------------------------------------------------------------


def safety(db: database.Database) -> list[Finding]:
    """Look at migrations, roles and row-level security as the start-up does."""
    try:
        found = selfcheck.faults(db)
    except ports.LedgerUnavailable:
        return [_bad("数据库", "数据库没有应答", "检查数据库是否运行、LIANXI_DSN 是否正确")]
    remedy = "执行 lianxi migrate；仍有误的，是有人改动了角色或权限，请对照 deploy/decisions.md 查明"
    return _or_fine([_bad("数据库", each, remedy) for each in found], "数据库", "迁移、角色和行级安全无误")


def clocks(
    db: database.Database,
    *,
    wall: Callable[[], datetime] = lambda: datetime.now(UTC),
    steady: Callable[[], float] = time.monotonic,
) -> list[Finding]:
    """Compare this machine's clock with the database's, and with one that never jumps."""
    with db.connection() as connection:
        begun, first = wall(), steady()
        found = connection.execute(SQL["clock"]).fetchone()
        ended, last = wall(), steady()
    there: datetime = found[0] if found else begun
    skew = abs((there - begun - (ended - begun) / 2).total_seconds())
    jump = abs((ended - begun).total_seconds() - (last - first))
    text = f"本机与数据库的时钟相差 {skew:.1f} 秒"
    remedy = "在两台机器上启用授时服务（NTP），核对时区"
    if skew > SKEW_BAD_S:
        return [_bad("时钟", text, remedy)]
    if skew > SKEW_S:
        return [_note("时钟", text, remedy)]
    if jump > JUMP_S:
        return [_note("时钟", f"本机的时钟在检查时跳动了 {jump:.1f} 秒", "检查授时服务")]
    return [_fine("时钟", text)]


def time_service(*, ask: Callable[[], str | None] | None = None) -> list[Finding]:
    """Ask whether this machine's clock is set by a time service."""
    answer = (ask or _timedatectl)()
    if answer == "yes":
        return [_fine("授时", "本机的时钟由授时服务校准")]
    text = "本机的时钟没有校准" if answer == "no" else "不知道本机的时钟是否由授时服务校准"
    return [_note("授时", text, "启用 systemd-timesyncd 或 chrony")]


def _timedatectl() -> str | None:
    program = Path("/usr/bin/timedatectl")
    if not program.exists():
        return None
    asked = [os.fspath(program), "show", "--property=NTPSynchronized", "--value"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=False)  # noqa: S603 - fixed.
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() or None


def administrators(roles: Mapping[str, Sequence[str]]) -> list[Finding]:
    """Look whether the three administrators are there, and are three persons.

    ``roles``: the roles that each person holds now.
    """
    found = [
        _bad(
            "三员",
            f"{person} 兼任{'、'.join(THREE[each] for each in held)}",
            "三员须由三人分任；收回其余的职责",
        )
        for person, mine in roles.items()
        if len(held := [each for each in THREE if each in mine]) > 1
    ]
    missing = [name for role, name in THREE.items() if not any(role in mine for mine in roles.values())]
    if missing:
        found.append(_note("三员", f"还没有{'、'.join(missing)}", "用 lianxi admin 授予；三员须由三人分任"))
    return _or_fine(found, "三员", "三员齐全，由三人分任")
