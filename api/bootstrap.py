"""The first start: play the demonstration, with the pairs that must exist, and hand out its tokens.

Everything is done through the office, as an administrator would do it; what is already there is left alone.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from api.desk import Desk
from application import commands, demonstration, ids, ports
from application.demonstration.cast import ADMINISTRATOR
from domain import pairs
from domain.mandates import Role

Tell = Callable[[str], None]
IN_FORCE_FROM: Final = date(2024, 3, 12)
EVERYTHING: Final = "14"
TOKENS: Final = "tokens.txt"
UNFINISHED: Final = "demonstration.unfinished"
TOKEN_DAYS: Final = 180
READERS: Final = frozenset(role.value for role in Role if role is not Role.SERVICE)
REGISTER: Final = "lianxi admin register --person 编号"
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


def play_all(desk: Desk, tell: Tell) -> tuple[Holder, ...]:
    """Play the demonstration of all pairs up to today. Returns: who gets a token."""
    demonstration.play_all(desk.office, today=desk.today(), new_id=ids.new_id, tell=tell)
    return holders()


def holders() -> tuple[Holder, ...]:
    """List everybody in the demonstration who gets a token."""
    return tuple(_holder(role) for role in demonstration.roles())


def _holder(role: demonstration.Role) -> Holder:
    if role.role in READERS:
        grants = (ports.Grant(role=role.role, scope=role.pair),)
        return Holder(key=role.role, person=role.person, label=role.label, grants=grants)
    return Holder(key=f"{role.pair}.{role.role}", person=role.person, label=role.label)


def unregistered(desk: Desk) -> list[pairs.Division]:
    """List the divisions that the notice is addressed to (R-003) and that have no ledger yet."""
    known = desk.views.heads(EVERYTHING)
    return [each for each in desk.divisions.all() if each.mandatory and each.code not in known]


def register_mandatory(desk: Desk, tell: Tell, *, person: str, missing: Sequence[pairs.Division]) -> None:
    """Register mandatory pairs, as the administrator whose act it is."""
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


def demonstrate(desk: Desk, tell: Tell, *, folder: Path, play: Demonstration) -> Path:
    """Play the demonstration and write a token for each of its roles. Returns: the file with the tokens.

    A mark stays in the folder until all is done, so that an interrupted demonstration is told from a whole one.
    """
    if _mark(folder).exists():
        tell("上次写入演示数据时中断，现在接着写；中断时正在写的单位保持原样。")
    _mark(folder).touch(mode=0o600)
    register_mandatory(desk, tell, person=ADMINISTRATOR, missing=unregistered(desk))
    tell("正在写入演示数据……")
    path = write_tokens(desk, play(desk, tell), folder / TOKENS)
    _mark(folder).unlink()
    return path


def _mark(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / UNFINISHED


def is_blank(desk: Desk, *, folder: Path) -> bool:
    """Whether nothing was recorded yet, or a first start was interrupted before its demonstration was whole."""
    return not desk.views.heads(EVERYTHING) or _mark(folder).exists()


def is_abandoned(desk: Desk, *, folder: Path) -> bool:
    """Whether a demonstration was cut short and nobody else can have written: nobody was ever known here."""
    return (
        (folder / UNFINISHED).exists()
        and not (folder / TOKENS).exists()
        and not desk.credentials.principals()
    )


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

    An interrupted demonstration goes on with the pairs that it had not begun; one that is abandoned should be
    thrown away before, with its database.

    Args:
        desk: the system.
        tell: shows a line to the person at the console.
        folder: where the tokens go.
        play: the demonstration, played only where no ledger has any fact; None for none.
    """
    if play is not None and is_blank(desk, folder=folder):
        demonstrate(desk, tell, folder=folder, play=play)
        return
    # Whose act a registration is cannot be invented here: an administrator who is known does it.
    if missing := unregistered(desk):
        tell(f"有 {len(missing)} 个应建制单位尚未登记，请系统管理员办理：{REGISTER}")
