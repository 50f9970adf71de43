"""The first start: register the pairs that must exist, play the demonstration, hand out its tokens.

Everything is done through the office, as an administrator would do it; what is already there is left alone.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from api import auth
from api.desk import Desk
from application import commands, ports
from domain import pairs

Tell = Callable[[str], None]
ADMINISTRATOR: Final = "p-administrator"
IN_FORCE_FROM: Final = date(2024, 3, 12)
EVERYTHING: Final = "14"
TOKENS: Final = "tokens.txt"
UNFINISHED: Final = "demonstration.unfinished"
TOKEN_DAYS: Final = 180
HEADER: Final = (
    "# 联席演示令牌：身份、令牌、人员编号、说明，以制表符分隔。请勿外传；删除本文件不影响令牌有效。\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who is given a token: ``key`` names them in the file, ``grants`` are roles beside the posts they hold."""

    key: str
    person: str
    label: str
    grants: tuple[ports.Grant, ...] = ()


Demonstration = Callable[[Desk, Tell], Sequence[Holder]]
# What is played on a first start; None where there is nothing to play.
PLAY: Demonstration | None = None


def standing(scope: str = "140800") -> tuple[Holder, ...]:
    """Give the holders of roles over a subtree: administrator, city reader, auditor."""
    return tuple(
        Holder(
            key=role.value, person=person, label=label, grants=(ports.Grant(role=role.value, scope=scope),)
        )
        for role, person, label in (
            (auth.Role.SYSTEM_ADMINISTRATOR, ADMINISTRATOR, "系统管理员"),
            (auth.Role.CITY_READER, "p-city-reader", "市级查阅"),
            (auth.Role.AUDITOR, "p-auditor", "审计"),
        )
    )


def register_mandatory(desk: Desk, tell: Tell, *, person: str = ADMINISTRATOR) -> int:
    """Register every pair that the notice is addressed to (R-003). Returns: how many were new."""
    known = desk.views.heads(EVERYTHING)
    missing = [each for each in desk.divisions.all() if each.mandatory and each.code not in known]
    caller = commands.Caller(person=person, administrator=True)
    for number, division in enumerate(missing, start=1):
        command = pairs.RegisterPair(
            on=IN_FORCE_FROM, division_code=division.code, union_division_code=division.code
        )
        desk.office.submit(
            commands.Request(
                tenant=division.code,
                command=command,
                subject=division.code,
                caller=caller,
                key=f"register-{division.code}",
            )
        )
        tell(f"已登记 {number}/{len(missing)}：{division.full_name}")
    return len(missing)


def demonstrate(desk: Desk, tell: Tell, *, folder: Path, play: Demonstration) -> Path:
    """Play the demonstration and write a token for each of its roles. Returns: the file with the tokens.

    A mark stays in the folder until all is done, so that an interrupted demonstration is told from a whole one.
    """
    _mark(folder).touch(mode=0o600)
    register_mandatory(desk, tell)
    tell("正在写入演示数据……")
    cast = play(desk, tell)
    path = write_tokens(desk, (*standing(), *cast), folder / TOKENS)
    _mark(folder).unlink()
    return path


def _mark(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / UNFINISHED


def is_blank(desk: Desk, *, folder: Path) -> bool:
    """Whether nothing was recorded yet, or a first start was interrupted before it recorded more than pairs."""
    heads = desk.views.heads(EVERYTHING).values()
    return not heads or (_mark(folder).exists() and all(head.position <= 1 for head in heads))


def write_tokens(desk: Desk, holders: Iterable[Holder], path: Path) -> Path:
    """Enrol holders, grant their roles, and write their tokens to a file that only its owner reads."""
    lines = [HEADER]
    for holder in holders:
        desk.credentials.enrol(holder.person, label=holder.label)
        for grant in holder.grants:
            desk.credentials.grant(holder.person, role=grant.role, scope=grant.scope)
        expires = desk.clock() + timedelta(days=TOKEN_DAYS)
        token = desk.credentials.issue(holder.person, label="演示", expires_at=expires)
        lines.append(f"{holder.key}\t{token}\t{holder.person}\t{holder.label}\n")
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.writelines(lines)
    return draft.rename(path)


def bootstrap(desk: Desk, tell: Tell, *, folder: Path, play: Demonstration | None) -> None:
    """Bring a new installation to its first state; a second start changes nothing.

    Args:
        desk: the system.
        tell: shows a line to the person at the console.
        folder: where the tokens go.
        play: the demonstration, played only where no ledger has any fact; None for none.
    """
    if play is not None and is_blank(desk, folder=folder):
        demonstrate(desk, tell, folder=folder, play=play)
        return
    if (folder / UNFINISHED).exists():
        tell("上次写入演示数据时中断，演示不完整。如需重来，请停止服务、移走数据目录后再启动。")
    register_mandatory(desk, tell)
