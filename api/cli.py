"""The command line ``lianxi``: serve, migrate, demo, audit, report, admin. Everything it says is Chinese.

Results go to standard output, progress and errors to standard error. Exit codes: 0 done, 1 an audit found
something, 2 it could not be done.
"""

import json
import logging
import os
import re
import signal
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Final, NoReturn

import psycopg
import typer
import uvicorn
from psycopg.conninfo import conninfo_to_dict
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from typer import core, rich_utils

from api import auth, bootstrap, timekeeper
from api import main as composition
from application import (
    audit,
    clock,
    commands,
    dossier,
    ids,
    importing,
    ports,
    report_book,
    report_csv,
    report_source,
    report_text,
    reports,
    surroundings,
    text_table,
    workbook,
)
from application.report_book import TableName
from domain import calendar, catalogue, decisions, legacy, meetings, people, refusals
from domain.chain import Head
from infrastructure import attach, binaries, database, embedded, logs, migrate, selfcheck, settings

FOUND, FAILED = 1, 2
HISTORY_PAGE: Final = 500
ACTS: Final = {
    "enrolled": "登记人员",
    "issued": "发放令牌",
    "revoked": "撤销令牌",
    "granted": "授予职责",
    "withdrawn": "收回职责",
}
KEPT: Final = re.compile(r"(?P<position>[1-9][0-9]{0,17}):(?P<hash>[0-9a-fA-F]{64})")
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


def _group(text: str) -> typer.Typer:
    return typer.Typer(
        cls=Group, help=text, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )


app = _group("联席：同级政府与工会联席会议的台账系统。设置用以 LIANXI_ 开头的环境变量。")
auditing, reporting, administering = (
    _group("审计：查阅历史、核验哈希链、重放比对。"),
    _group("报告。"),
    _group("系统管理：人员、职责和令牌。"),
)
app.add_typer(auditing, name="audit")
app.add_typer(reporting, name="report")
app.add_typer(administering, name="admin")
importing_ = _group("补录历史资料：模板、核对、记入。")
app.add_typer(importing_, name="import")

# As the API has it.
PERSON_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{0,63}")


def _person_id(value: str) -> str:
    if not PERSON_ID.fullmatch(value):
        raise typer.BadParameter("只能由字母、数字和 . _ : - 组成，以字母或数字开头，最长 64 个字符。")
    return value


Pairs = Annotated[
    list[str] | None, typer.Option("--pair", metavar="区划代码", help="结对单位的区划代码，可重复。")
]
All = Annotated[bool, typer.Option("--all", help="全部结对单位。")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
Scope = Annotated[str, typer.Option("--scope", metavar="区划代码", help="区划代码，含其下级。")]
PersonId = Annotated[
    str,
    typer.Option(
        "--person",
        metavar="编号",
        callback=_person_id,
        help="人员编号，由字母、数字和 . _ : - 组成，不含姓名等个人信息。",
    ),
]


def main() -> None:
    """Run the command line: what can be expected to go wrong is told in a Chinese line, never as a stack."""
    try:
        app()
    except EXPECTED as error:
        _fail(_explained(error))


def _explained(error: Exception) -> str:
    known = next((text for kind, text in MESSAGES.items() if isinstance(error, kind)), None)
    return f"{known}：{error}" if known else str(error)


def _fail(message: str) -> NoReturn:
    tell(f"错误：{message}")
    raise SystemExit(FAILED)


def tell(message: str) -> None:
    """Show a line to the person at the console, apart from the results."""
    typer.echo(message, err=True)


@contextmanager
def _system(*, beside: bool = True, strict: bool = True) -> Iterator[composition.System]:
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
def _audited() -> Iterator[composition.System]:
    """Open the system for an audit, which looks also at a database that fails the self-check, and then ends with 1."""
    with _system(strict=False) as system:
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
def _progress(total: int, what: str) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error; what is yielded is told how much is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


class _Server(uvicorn.Server):
    """Says where to look once requests are really taken."""

    def __init__(self, config: uvicorn.Config, *, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell_started()


@app.command(cls=Command)
def serve(
    *,
    demonstration: Annotated[
        bool,
        typer.Option("--demo/--no-demo", help="台账为空时登记应建制单位并写入演示数据（仅限内置数据库）。"),
    ] = True,
) -> None:
    """启动服务：数据库、迁移，首次启动时写入演示，然后提供接口。按 Ctrl-C 停止。"""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    chosen = settings.load()
    play = bootstrap.play_all if demonstration and chosen.dsn is None else None
    door = _door(chosen)
    try:
        if play is not None:
            _begin_anew(chosen)
        with door, _system(beside=False) as system:
            bootstrap.bootstrap(system, tell, folder=chosen.data_dir, play=play)
            _listen(system, door)
    except KeyboardInterrupt:
        pass
    tell("已停止。")


def _begin_anew(chosen: settings.Settings) -> None:
    """Throw away what a demonstration that was cut short has left, where nobody but it has written."""
    if not (chosen.data_dir / bootstrap.UNFINISHED).exists():
        return
    with _system(beside=False) as system:
        abandoned = bootstrap.is_abandoned(system, folder=chosen.data_dir)
    if abandoned:
        tell("上次写入演示数据时中断，此外无人写入过：清除后重新开始。")
        embedded.discard(chosen.data_dir)


def _listen(system: composition.System, door: socket.socket) -> None:
    logs.configure(system.settings.log_level)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config = uvicorn.Config(
        composition.create_app(system),
        log_config=None,
        # The system opens and closes around the server, so the application has no lifespan of its own.
        lifespan="off",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    server = _Server(config, started=lambda: tell(_where_to_look(system, door)))
    try:
        with timekeeper.ticking(system, bootstrap.EVERYTHING):
            server.run(sockets=[door])
    finally:
        # What is left is to stop the database, and that must not be cut short by a second Ctrl-C.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        tell("正在停止……")


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise KeyboardInterrupt


def _door(chosen: settings.Settings) -> socket.socket:
    """Take the address before anything is started, so that a taken one costs no time."""
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((chosen.host, chosen.port))
    except OSError as error:
        door.close()
        _fail(
            f"无法监听 {chosen.host}:{chosen.port}（{error.strerror}）。"
            "请用 LIANXI_HOST、LIANXI_PORT 另选地址或端口。"
        )
    return door


def _where_to_look(system: composition.System, door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    name = f"[{host}]" if ":" in host else host
    root = f"http://{name}:{port}"
    year = system.today().year
    tokens = system.settings.data_dir / bootstrap.TOKENS
    lines = [
        "",
        "联席已启动，按 Ctrl-C 停止。",
        f"  接口说明    {root}/docs",
        f"  全市报告    {root}/v1/reports/city/{year}",
        f"  单位历史    {root}/v1/pairs/140830/history",
    ]
    if tokens.exists():
        lines.append(f"  演示令牌    {tokens}")
    else:
        lines.append("  发放令牌    lianxi admin token --help")
    return "\n".join(lines)


@app.command(cls=Command, name="migrate")
def migrate_() -> None:
    """执行数据库迁移。使用自备数据库时须设置 LIANXI_MIGRATION_DSN 和 LIANXI_DSN。"""
    chosen = settings.load()
    if chosen.dsn is None:
        with _system(beside=False):
            tell("数据库已是最新。")
        return
    if chosen.migration_dsn is None:
        _fail("请用 LIANXI_MIGRATION_DSN 给出执行迁移的连接串。")
    password = conninfo_to_dict(chosen.dsn).get("password") or os.environ.get("PGPASSWORD")
    if not password:
        _fail("LIANXI_DSN 中须写明应用角色的口令。")
    database.reach(chosen.migration_dsn)
    for name in migrate.migrate(chosen.migration_dsn, app_password=str(password)):
        tell(f"已执行迁移：{name}")
    tell("数据库已是最新。")


@app.command(cls=Command)
def demo() -> None:
    """在空的台账中写入演示数据，并写出演示令牌。"""
    chosen = settings.load()
    if chosen.dsn is None and attach.running_dsn(chosen.data_dir) is None:
        _begin_anew(chosen)
    with _system() as system:
        folder = system.settings.data_dir
        if not bootstrap.is_blank(system, folder=folder):
            _fail("台账不是空的，不写入演示数据。")
        path = bootstrap.demonstrate(system, tell, folder=folder, play=bootstrap.play_all)
        typer.echo(f"演示令牌：{path}")


@app.command(cls=Command, name="clock")
def clock_(scope: Scope = "140800") -> None:
    """登记到期应由系统登记的事项：采用市级规则、认定全年未召开会议等；服务运行时每小时自动办理一次。"""
    failed = False
    with _system() as system:
        for each in clock.tick_all(system.office, system.views, auth.prefix(scope), today=system.today()):
            names = [catalogue.FACTS[fact].label for receipt in each.receipts for fact in receipt.facts]
            typer.echo(f"{each.pair}  {each.fault or '、'.join(names) or '没有新的事项'}")
            failed = failed or bool(each.fault)
    if failed:
        raise typer.Exit(FAILED)


def _chosen_pairs(system: composition.System, pairs: list[str] | None, *, everyone: bool) -> dict[str, Head]:
    known = audit.pairs_of(system.views, bootstrap.EVERYTHING, divisions=system.divisions.all())
    if everyone:
        if not known:
            tell("还没有任何台账。")
        return known
    if not pairs:
        _fail("请用 --pair 指明结对单位，或用 --all 表示全部。")
    for pair in pairs:
        if pair not in known:
            _fail(f"没有结对单位 {pair} 的台账。")
    return {pair: known[pair] for pair in dict.fromkeys(pairs)}


@auditing.command(cls=Command)
def history(
    pair: Annotated[str, typer.Option("--pair", metavar="区划代码", help="结对单位的区划代码。")],
    *,
    since: Annotated[
        datetime | None, typer.Option(metavar="时间", help="自此时起入账（北京时间，含）。")
    ] = None,
    until: Annotated[datetime | None, typer.Option(metavar="时间", help="至此时以前入账（不含）。")] = None,
    actor: Annotated[str | None, typer.Option(metavar="编号", help="办理人的编号。")] = None,
    kind: Annotated[str | None, typer.Option(metavar="名称", help="事实的名称，如 topic.approved。")] = None,
    subject: Annotated[
        str | None, typer.Option(metavar="对象", help="对象，如 topic:编号、decision:编号、pair。")
    ] = None,
    after: Annotated[int, typer.Option(metavar="位置", help="从此位置之后开始。")] = 0,
    as_json: AsJson = False,
) -> None:
    """逐条列出一个结对单位的事实：位置、时间、办理人、内容和哈希。"""
    only = audit.Filter(since=_local(since), until=_local(until), actor=actor, topic=kind, stream=subject)
    with _audited() as system:
        _chosen_pairs(system, [pair], everyone=False)
        next_after: int | None = after
        while next_after is not None:
            page = audit.history(system.views, pair, only=only, after=next_after, limit=HISTORY_PAGE)
            for line in page.lines:
                typer.echo(line.model_dump_json() if as_json else _line_text(line))
            next_after = page.next_after


def _local(moment: datetime | None) -> datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=calendar.SHANGHAI)


def _line_text(line: audit.Line) -> str:
    who = f"{line.by.title}（{line.by.capacity_label}）" if line.by else "（无法解读）"
    payload = json.dumps(line.payload, ensure_ascii=False) if line.payload is not None else "（无法解读）"
    return (
        f"#{line.position}  {line.label}  {line.topic}  {line.stream} v{line.version}\n"
        f"  业务日期 {line.on or '—'}  入账 {calendar.local(line.recorded_at).isoformat(timespec='seconds')}\n"
        f"  办理人 {line.actor}  {who}  指令 {line.command_id}\n"
        f"  内容 {payload}\n"
        f"  内容哈希 {line.state_hash}\n"
        f"  前一哈希 {line.prev_hash}\n"
        f"  本条哈希 {line.hash}"
    )


@auditing.command(cls=Command)
def verify(
    pair: Pairs = None,
    *,
    everyone: All = False,
    expect: Annotated[
        str | None,
        typer.Option(
            metavar="位置:哈希",
            help="以前留存的台账位置和哈希（汇总报告印有），须在链上；与一个 --pair 同用。",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """核验哈希链；指出第一个不符的位置。有发现时退出码为 1。"""
    kept = _kept(expect)
    if kept is not None and (everyone or len(pair or []) != 1):
        _fail("--expect 须与一个 --pair 同用。")
    with _audited() as system:
        chosen = _chosen_pairs(system, pair, everyone=everyone)
        found = []
        with _progress(sum(end.position for end in chosen.values()), "核验哈希链") as progress:
            done = 0
            for tenant, end in chosen.items():
                outcome = audit.verify_owed(
                    system.ledger,
                    system.views,
                    tenant,
                    end=end,
                    kept=kept,
                    progress=lambda count, done=done: progress(done + count),  # type: ignore[misc]  # A default binds the loop's value.
                )
                done += end.position
                progress(done)
                found.append(outcome)
        if as_json:
            typer.echo(json.dumps([each.model_dump(mode="json") for each in found], ensure_ascii=False))
        else:
            for each in found:
                typer.echo(_verified_text(each))
        if not all(each.ok for each in found):
            raise typer.Exit(FOUND)


def _kept(text: str | None) -> Head | None:
    if text is None:
        return None
    match = KEPT.fullmatch(text.strip())
    if match is None:
        _fail("--expect 的格式是 位置:哈希，哈希为 64 个十六进制字符。")
    return Head(position=int(match["position"]), hash=bytes.fromhex(match["hash"]))


def _verified_text(outcome: audit.Verification) -> str:
    if outcome.ok:
        return f"{outcome.pair}  完好  {outcome.checked} 条  末端 {outcome.position} {outcome.hash}"
    return f"{outcome.pair}  不符  位置 {outcome.bad_position}：{outcome.reason}"


@auditing.command(cls=Command)
def replay(pair: Pairs = None, *, everyone: All = False, as_json: AsJson = False) -> None:
    """由台账重新推算全部视图，逐行比对。有发现时退出码为 1。"""
    with _audited() as system:
        chosen = _chosen_pairs(system, pair, everyone=everyone)
        found = []
        with _progress(sum(end.position for end in chosen.values()), "重放比对") as progress:
            done = 0
            for tenant, end in chosen.items():
                outcome = audit.replay_owed(
                    system.ledger,
                    system.views,
                    tenant,
                    progress=lambda count, done=done: progress(done + count),  # type: ignore[misc]  # As above.
                )
                done += end.position
                progress(done)
                found.append(outcome)
        if as_json:
            typer.echo(json.dumps([each.model_dump(mode="json") for each in found], ensure_ascii=False))
        else:
            for each in found:
                typer.echo(_replayed_text(each))
            rows, odd = sum(each.rows for each in found), sum(len(each.differences) for each in found)
            typer.echo(f"共 {len(found)} 个单位，{rows} 行，差异 {odd} 处")
        if not all(each.ok for each in found):
            raise typer.Exit(FOUND)


def _replayed_text(outcome: audit.Replay) -> str:
    if outcome.fault:
        return f"{outcome.pair}  无法重放  位置 {outcome.bad_position or '—'}：{outcome.fault}"
    if outcome.ok:
        return f"{outcome.pair}  一致  {outcome.rows} 行  截至位置 {outcome.position}"
    lines = [f"{outcome.pair}  不一致  {len(outcome.differences)} 处"]
    for each in outcome.differences:
        values = f"  应为 {_short(each.expected)}，实为 {_short(each.found)}" if each.path else ""
        lines.append(f"  {each.label}：{each.view}/{each.id} {each.path}{values}")
    return "\n".join(lines)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    limit = 80
    return text if len(text) <= limit else f"{text[:limit]}…"


class ReportFormat(StrEnum):
    """In what form a report is wanted."""

    TEXT = "text"
    JSON = "json"
    XLSX = "xlsx"
    CSV = "csv"


OnePair = Annotated[str, typer.Option("--pair", metavar="区划代码", help="结对单位的区划代码。")]
Workbook = Annotated[Path, typer.Argument(metavar="文件", help="历史资料工作簿（.xlsx）。")]
Importer = Annotated[
    str,
    typer.Option("--as", metavar="编号", callback=_person_id, help="办理人的人员编号（政府办公室或工会）。"),
]
OnDay = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], metavar="日期", help="业务日期，默认今天。")
]


@importing_.command(cls=Command)
def template(pair: OnePair, file: Workbook) -> None:
    """写出历史资料模板，列明已登记的单位。"""
    with _system() as system:
        _chosen_pairs(system, [pair], everyone=False)
        made = system.history_books.template(system.office.dossier(pair).units.values())
    try:
        file.write_bytes(made)
    except OSError as error:
        _fail(f"无法写入 {file}（{error.strerror}）。")
    typer.echo(f"模板：{file}")


@importing_.command(cls=Command)
def check(pair: OnePair, person: Importer, file: Workbook, on: OnDay = None) -> None:
    """核对一份历史资料，逐条列出问题，不记入。有问题时退出码为 1。"""
    with _system() as system:
        _checked(system, pair, person, file, on)
    typer.echo("没有发现问题，可以补录。")


@importing_.command(cls=Command)
def run(pair: OnePair, person: Importer, file: Workbook, on: OnDay = None) -> None:
    """补录一份历史资料：全部记入，或一件不记。同一份资料再次补录，不会重复记入。"""
    with _system() as system:
        asked = _checked(system, pair, person, file, on)
        total = len(asked.command.meetings) + len(asked.command.decisions)
        with _progress(total, "记入台账") as progress:
            receipt = system.office.submit(asked)
            progress(total)
    if not receipt.facts:
        typer.echo("没有新内容：这份资料以前已经全部补录。")
        return
    counts = Counter(receipt.facts)
    typer.echo(
        f"已补录会议 {counts[meetings.MeetingImported.topic]} 次、"
        f"议定事项 {counts[decisions.DecisionImported.topic]} 件，"
        f"批次 {receipt.id}，台账位置 {receipt.first_position}—{receipt.last_position}。"
    )
    typer.echo("请双方核对后声明历史资料补录完成（或声明此前无其他会议），再召开会议。")


def _checked(
    system: composition.System, pair: str, person: str, file: Path, on: datetime | None
) -> commands.Request:
    _chosen_pairs(system, [pair], everyone=False)
    known = system.office.dossier(pair)
    day = on.date() if on is not None else system.today()
    caller = commands.Caller(person=person)
    blank = importing.command(importing.Reading(), on=day, title=file.name, content=b"")
    # Who may not import is told so before his workbook is opened.
    commands.authority(known, caller, command=blank, today=system.today())
    try:
        content = file.read_bytes()
    except OSError as error:
        _fail(f"无法读取 {file}（{error.strerror}）。")
    sheets = system.history_books.read(content)
    tell(f"核对 {sum(len(lines) for lines in sheets.values())} 行……")
    faults, command = importing.check(
        sheets, ledger=surroundings.of_legacy(known), on=day, title=file.name, content=content
    )
    if command is None:
        rows = [
            (
                each.sheet,
                str(each.row or ""),
                f"{each.column} {each.header}".strip(),
                each.problem,
                each.remedy,
            )
            for each in faults
        ]
        typer.echo(text_table.table(("表", "行", "列", "问题", "办法"), rows, left=range(5)))
        tell(f"共 {len(faults)} 处问题，未记入。")
        raise typer.Exit(FOUND)
    asked = commands.Request(
        tenant=pair,
        command=command,
        subject=legacy.batch_id(command),
        caller=caller,
        key=f"import-{ids.new_id()}",
    )
    # What a check finds good, the office takes as well: the same rules decide on both.
    commands.decide(known, asked, today=system.today())
    return asked


@reporting.command(cls=Command)
def city(
    year: Annotated[int, typer.Option("--year", metavar="年份", min=2003, max=9998, help="年度。")],
    *,
    scope: Scope = "140800",
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="日期", help="统计截止日，默认为今天或年末，以早者为准。"),
    ] = None,
    as_json: AsJson = False,
    form: Annotated[ReportFormat, typer.Option("--format", help="输出形式；xlsx 为含台账的工作簿。")] = (
        ReportFormat.TEXT
    ),
    table: Annotated[
        TableName, typer.Option(help="csv 的哪张表：台账、指标、清单或偏离。")
    ] = TableName.LEDGER,
    public: Annotated[bool, typer.Option("--public", help="xlsx 和 csv 隐去不公开的内容。")] = False,
    output: Annotated[Path | None, typer.Option(metavar="文件", help="写入文件，xlsx 必填。")] = None,
) -> None:
    """一年的汇总报告：各单位和合计；参照建制的单位单列。"""
    form = ReportFormat.JSON if as_json else form
    if form is ReportFormat.XLSX and output is None:
        _fail("输出 xlsx 须用 --output 指明文件。")
    with _system() as system:
        papers = _papers(system, year=year, scope=scope, on=on.date() if on else None, public=public)
        content = _shown(papers, form, table, workbooks=system.workbooks)
    if output is None:
        typer.echo(content.decode().removesuffix("\n"))
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        _fail(f"不能写入 {output}：{error.strerror}。")
    tell(f"已写入 {output}。")


def _shown(
    papers: report_book.Papers, form: ReportFormat, table: TableName, *, workbooks: workbook.Writer
) -> bytes:
    match form:
        case ReportFormat.XLSX:
            return workbooks.write(report_book.book(papers))
        case ReportFormat.CSV:
            return report_csv.csv_of(report_book.table(papers, table))
        case ReportFormat.JSON:
            return f"{reports.report(papers.source).model_dump_json()}\n".encode()
        case ReportFormat.TEXT:
            return f"{report_text.text(reports.report(papers.source))}\n".encode()


def _papers(
    system: composition.System, *, year: int, scope: str, on: date | None, public: bool
) -> report_book.Papers:
    try:
        period = report_source.period(year, today=system.today(), on=on)
    except (report_source.YearNotBegun, report_source.DayOutsideYear) as error:
        _fail(str(error))
    return report_book.gather(
        system.views,
        scope=auth.prefix(scope),
        period=period,
        days=system.calendar,
        divisions=system.divisions.all(),
        public=public,
    )


@administering.command(cls=Command)
def token(
    person: PersonId,
    *,
    role: Annotated[auth.Role | None, typer.Option(help="同时授予的职责。")] = None,
    scope: Scope = "140800",
    label: Annotated[str, typer.Option(metavar="说明", help="职务或用途，不写姓名和联系方式。")] = "",
    days: Annotated[int, typer.Option(min=1, max=400, metavar="天数", help="令牌有效天数。")] = 180,
) -> None:
    """发放令牌，只显示这一次；未登记的人员一并登记。第一个系统管理员由此产生。

    例：lianxi admin token --person p-admin --role system_administrator --scope 140800
    """
    try:
        people.must_be_a_person(person, pointer="person")
    except people.OneOfTheSystem as reserved:
        _fail(f"{reserved.title}{reserved.way_out}")
    with _system() as system:
        known = system.credentials
        known.enrol(person, label=label or person)
        if role is not None:
            if system.divisions.find(scope) is None:
                _fail(f"没有区划代码 {scope}。")
            known.grant(person, role=role.value, scope=scope)
        expires = system.clock() + timedelta(days=days)
        issued = known.issue(person, label=label or "命令行发放", expires_at=expires)
    tell(
        f"人员 {person} 的令牌，有效至 {calendar.local(expires).isoformat(timespec='minutes')}，只显示这一次："
    )
    typer.echo(issued)


@administering.command(cls=Command)
def register(person: PersonId) -> None:
    """登记尚未登记的应建制单位；办理人须是系统管理员，登记记在其名下。"""
    with _system() as system:
        who = auth.Person(id=person, grants=tuple(system.credentials.grants(person)))
        missing = [each for each in bootstrap.unregistered(system) if who.administers(each.code)]
        if not who.has(auth.Role.SYSTEM_ADMINISTRATOR):
            _fail(f"{person} 不是系统管理员；先用 lianxi admin token 授予其职责。")
        bootstrap.register_mandatory(system, tell, person=person, missing=missing)
        tell(f"新登记 {len(missing)} 个应建制单位。")


@administering.command(cls=Command, name="list")
def list_() -> None:
    """列出登记的人员、职责和有效的令牌（只显示其哈希）。"""
    with _system() as system:
        for each in system.credentials.principals():
            grants = system.credentials.grants(each.person_id)
            roles = "、".join(f"{grant.role}@{grant.scope}" for grant in grants) or "（无）"
            typer.echo(f"{each.person_id}  {each.label}  职责 {roles}")
            for held in system.credentials.credentials(each.person_id):
                if held.revoked_at is None and held.expires_at > system.clock():
                    until = calendar.local(held.expires_at).date()
                    typer.echo(f"  令牌 {held.token_hash}  {held.label}  有效至 {until}")


@administering.command(cls=Command)
def acts() -> None:
    """列出系统管理的全部动作：何时、何人、登记或授予了什么。"""
    with _system() as system:
        after = None
        while page := system.credentials.acts(after=after):
            for each in page:
                typer.echo(_act_text(each))
            after = (page[-1].at, page[-1].id)


def _act_text(act: ports.CredentialAct) -> str:
    matter = f"  {act.role}@{act.scope}" if act.role else f"  令牌 {act.token_hash}" if act.token_hash else ""
    moment = calendar.local(act.at).isoformat(timespec="seconds")
    by = "命令行" if act.actor == ports.COMMAND_LINE else act.actor
    return f"{moment}  {by}  {ACTS[act.what]}  {act.person}{matter}"


@administering.command(cls=Command)
def revoke(
    token_hash: Annotated[str, typer.Argument(metavar="哈希", help="令牌的哈希，见 lianxi admin list。")],
) -> None:
    """撤销一个令牌。"""
    with _system() as system:
        try:
            ended = system.credentials.revoke(token_hash)
        except ValueError:
            _fail("令牌的哈希不是十六进制。")
        if not ended:
            _fail("没有这个令牌，或已经失效。")
    tell("已撤销。")


@administering.command(cls=Command)
def withdraw(
    person: PersonId,
    *,
    role: Annotated[auth.Role, typer.Option(help="收回的职责。")],
    scope: Scope = "140800",
) -> None:
    """收回一项职责。"""
    with _system() as system:
        if not system.credentials.withdraw(person, role=role.value, scope=scope):
            _fail("该人员没有这项职责。")
    tell("已收回。")


if __name__ == "__main__":
    main()
