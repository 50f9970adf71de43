"""Look whether an installation is as it should be, and say what to do."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import typer

from api import main as composition
from api.cli import shell
from api.cli.shell import EXPECTED, AsJson, Command, explained
from infrastructure import checkup, settings, vault
from infrastructure.checkup import Finding, Level


def register(app: typer.Typer) -> None:
    app.command(cls=Command)(doctor)


def doctor(*, as_json: AsJson = False) -> None:
    """检查配置、数据库、时钟、密钥、磁盘、备份、三员和警报，说明怎么办。退出码：0 正常，1 有须注意的，2 有误。"""
    found = list(_findings())
    if as_json:
        shown = [{**each.model_dump(), "level": each.level.label} for each in found]
        typer.echo(json.dumps(shown, ensure_ascii=False))
    else:
        for each in found:
            typer.echo(f"{each.level.label}  {each.check}  {each.text}")
            if each.remedy:
                typer.echo(f"      → {each.remedy}")
    raise typer.Exit(max((each.level for each in found), default=Level.FINE))


def _findings() -> Iterator[Finding]:
    try:
        chosen = settings.load()
    except settings.BadSettings as wrong:
        for line in str(wrong).splitlines():
            yield Finding(check="配置", level=Level.BAD, text=line, remedy="改正这个环境变量")
        return
    yield from checkup.configuration(chosen)
    yield from checkup.keys(chosen)
    yield from checkup.alarms(
        vault.FileVault(chosen.seals, name=chosen.seal_name, command=chosen.seal_command)
    )
    yield from checkup.disks(chosen)
    yield from checkup.backups(chosen, now=datetime.now(UTC))
    yield from checkup.time_service()
    with ExitStack() as stack:
        try:
            system = stack.enter_context(shell.opened(strict=False))
        except EXPECTED as error:
            remedy = "检查数据库是否运行、LIANXI_DSN 是否正确；内置数据库见 data 目录下的日志"
            yield Finding(check="数据库", level=Level.BAD, text=explained(error), remedy=remedy)
            return
        yield from checkup.safety(system.database)
        for check in (_clocks, _administrators):
            yield from _tried(system, check)


def _tried(system: composition.System, check: Callable[[composition.System], list[Finding]]) -> list[Finding]:
    try:
        return check(system)
    except EXPECTED as error:
        text = f"无法检查：{explained(error)}"
        return [Finding(check="数据库", level=Level.BAD, text=text, remedy="先解决数据库的问题，再检查一次")]


def _clocks(system: composition.System) -> list[Finding]:
    return checkup.clocks(system.database)


def _administrators(system: composition.System) -> list[Finding]:
    people = system.credentials.principals()
    roles = {
        each.person_id: [held.role for held in system.credentials.grants(each.person_id)] for each in people
    }
    return checkup.administrators(roles)
