"""What every command of the console shares: its options, how the system is opened, and how a fault is told."""

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Final, NoReturn

import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from typer import core, rich_utils

from api import bootstrap
from api import main as composition
from application import audit, changes, commands, directory, dossier, ports, recall, seal_ports
from domain import calendar, mandates, refusals
from domain.chain import Head
from infrastructure import attach, binaries, database, logs, migrate, selfcheck, settings

FOUND, FAILED = 1, 2
EXPECTED: Final = (
    settings.BadSettings,
    binaries.CannotStart,
    migrate.MigrationChanged,
    migrate.NotUtf8,
    database.NoEntry,
    selfcheck.NotSafe,
    ports.LedgerUnavailable,
    ports.LedgerBusy,
    ports.LedgerRewound,
    ports.UnknownPrincipal,
    dossier.LedgerBroken,
    refusals.Refusal,
    commands.UnknownPair,
    changes.Backwards,
    recall.NotYetBegun,
    recall.PastTheEnd,
    seal_ports.CannotSeal,
    directory.KeyUnusable,
    psycopg.Error,
)
MESSAGES: Final[dict[type[Exception], str]] = {
    migrate.MigrationChanged: "数据库的迁移记录与本版本不符",
    migrate.NotUtf8: "数据库的编码不是 UTF-8，请另建一个（CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0）",
    database.NoEntry: "数据库拒绝登录，请检查连接串中的用户、口令和库名",
    ports.LedgerUnavailable: "数据库没有应答",
    ports.LedgerBusy: "台账正忙，请稍后再试",
    ports.LedgerRewound: "台账比已知的位置短，可能被回退",
    ports.UnknownPrincipal: "没有登记这个人员",
    dossier.LedgerBroken: "台账没有通过核验",
    commands.UnknownPair: "没有这个结对单位，或办理人在其中没有任职",
    recall.NotYetBegun: "当时该结对单位的台账尚无任何事实",
    recall.PastTheEnd: "台账还没有到这个位置",
    psycopg.Error: "数据库拒绝了请求",
}

rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
rich_utils.OPTIONS_PANEL_TITLE = "选项"
rich_utils.COMMANDS_PANEL_TITLE = "命令"
rich_utils.ERRORS_PANEL_TITLE = "错误"
rich_utils.DEFAULT_STRING = "[默认：{}]"
rich_utils.REQUIRED_LONG_STRING = "[必填]"
rich_utils.RICH_HELP = "用法见 [blue]{command_path} {help_option}[/]。"
rich_utils.ABORTED_TEXT = "已中止。"


class Command(core.TyperCommand):
    """A command whose help option is explained in Chinese."""

    def get_help_option(self, ctx: Any) -> Any:
        return _in_chinese(super().get_help_option(ctx))


class Group(core.TyperGroup):
    """A group of commands whose help option is explained in Chinese."""

    def get_help_option(self, ctx: Any) -> Any:
        return _in_chinese(super().get_help_option(ctx))


def _in_chinese(option: Any) -> Any:
    if option is not None:
        option.help = "显示本说明。"
    return option


def group(text: str) -> typer.Typer:
    return typer.Typer(
        cls=Group, help=text, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )


# As the API has it.
PERSON_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{0,63}")


def person_id(value: str) -> str:
    if not PERSON_ID.fullmatch(value):
        raise typer.BadParameter("只能由字母、数字和 . _ : - 组成，以字母或数字开头，最长 64 个字符。")
    return value


Pairs = Annotated[
    list[str] | None,
    typer.Option(
        "--pair", metavar="区划代码", help="结对单位的区划代码，可重复；administration 为管理台账。"
    ),
]
All = Annotated[bool, typer.Option("--all", help="全部结对单位。")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
Scope = Annotated[str, typer.Option("--scope", metavar="区划代码", help="区划代码，含其下级。")]
PersonId = Annotated[
    str,
    typer.Option(
        "--person",
        metavar="编号",
        callback=person_id,
        help="人员编号，由字母、数字和 . _ : - 组成，不含姓名等个人信息。",
    ),
]


def explained(error: Exception) -> str:
    known = next((text for kind, text in MESSAGES.items() if isinstance(error, kind)), None)
    return f"{known}：{error}" if known else str(error)


def fail(message: str) -> NoReturn:
    tell(f"错误：{message}")
    raise SystemExit(FAILED)


def tell(message: str) -> None:
    """Show a line to the person at the console, apart from the results."""
    typer.echo(message, err=True)


@contextmanager
def opened(*, beside: bool = True, strict: bool = True) -> Iterator[composition.System]:
    """Open the system for one command; ``beside`` a running server where there is one.

    One that is not ``strict`` opens even where the self-check finds faults.
    """
    chosen = settings.load()
    logs.configure("warning")
    running = attach.running_dsn(chosen.data_dir) if beside and chosen.dsn is None else None
    if running is not None:
        chosen = chosen.model_copy(update={"dsn": running})
    with composition.system(chosen, progress=tell, strict=strict, given_up=_end) as system:
        yield system


@contextmanager
def audited() -> Iterator[composition.System]:
    """Open the system for an audit, which looks also at a database that fails the self-check, and then ends with 1."""
    with opened(strict=False) as system:
        faults = system.healthy()
        for fault in faults:
            tell(f"数据库自检未通过：{fault}")
        yield system
    if faults:
        raise typer.Exit(FOUND)


def _end() -> None:
    # A database that died for good ends this process as its user would; the reason is told on the way out.
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def progress_bar(total: int, what: str) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error; what is yielded is told how much is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def chosen_pairs(system: composition.System, pairs: list[str] | None, *, everyone: bool) -> dict[str, Head]:
    known = audit.pairs_of(system.views, bootstrap.EVERYTHING, divisions=system.divisions.all())
    # Verified, refolded, sealed and exported as a pair's is: the ledger of what administrators did.
    known |= system.views.heads(mandates.TENANT)
    if everyone:
        if not known:
            tell("还没有任何台账。")
        return known
    if not pairs:
        fail("请用 --pair 指明结对单位，或用 --all 表示全部。")
    for pair in pairs:
        if pair not in known:
            fail(f"没有结对单位 {pair} 的台账。")
    return {pair: known[pair] for pair in dict.fromkeys(pairs)}


def moment(text: str) -> datetime:
    """Read a moment of RFC 3339; without a zone it is Beijing time."""
    try:
        read = datetime.fromisoformat(text.strip())
        return calendar.local(read if read.tzinfo is not None else read.replace(tzinfo=calendar.SHANGHAI))
    except ValueError:
        raise typer.BadParameter("应为时刻，如 2025-12-31T18:00:00+08:00；不写时区的为北京时间。") from None


AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", parser=moment, metavar="时刻", help="按该时刻以前（含）已记入台账的事实；默认现在。"
    ),
]
Position = Annotated[
    int | None, typer.Option("--position", metavar="位置", min=1, help="按台账该位置以前（含）的事实。")
]


def recalled(
    system: composition.System,
    *,
    as_of: datetime | None,
    position: int | None = None,
    pair: str | None = None,
) -> composition.System:
    """Give the system as it was known at a moment, or at a pair's position; as it is where neither is given."""
    if as_of is not None and position is not None:
        fail("--as-of 和 --position 只能填一个。")
    if as_of is not None and as_of > system.clock():
        fail("--as-of 不得晚于现在。")
    if as_of is None and position is None:
        return system
    return system.recalled(recall.Asked(as_of=as_of, position=position), valid_on=None, pair=pair)


OnePair = Annotated[str, typer.Option("--pair", metavar="区划代码", help="结对单位的区划代码。")]
