"""Run the system: serve, migrate, demonstrate, and what the clock owes."""

import contextlib
import gc
import logging
import os
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Annotated, NoReturn

import typer
import uvicorn
from fastapi import FastAPI
from psycopg.conninfo import conninfo_to_dict

from api import bootstrap, deliverer, timekeeper, wire
from api import main as composition
from api.cli import shell
from api.cli.shell import FAILED, Command, Scope, fail, group, tell
from application import clock
from domain import catalogue
from domain.mandates import prefix
from infrastructure import attach, database, embedded, logs, migrate, posting, settings

app = group("联席：同级政府与工会联席会议的台账系统。设置用以 LIANXI_ 开头的环境变量。")


class Server(uvicorn.Server):
    """Says when requests are really taken, and when they no longer are: a stream would else be waited for."""

    def __init__(
        self, config: uvicorn.Config, *, started: Callable[[], None], stopping: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._tell_started = started
        self._tell_stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._tell_stopping()
        await super().shutdown(sockets)


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
        with door, shell.opened(beside=False) as system:
            bootstrap.bootstrap(system, tell, folder=chosen.data_dir, play=play)
            _listen(system, door)
    except KeyboardInterrupt:
        pass
    tell("已停止。")


def _begin_anew(chosen: settings.Settings) -> None:
    """Throw away what a demonstration that was cut short has left, where nobody but it has written."""
    if not (chosen.data_dir / bootstrap.UNFINISHED).exists():
        return
    with shell.opened(beside=False) as system:
        abandoned = bootstrap.is_abandoned(system, folder=chosen.data_dir)
    if abandoned:
        tell("上次写入演示数据时中断，此外无人写入过：清除后重新开始。")
        embedded.discard(chosen.data_dir)


def _listen(system: composition.System, door: socket.socket) -> None:
    logs.configure(system.settings.log_level)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    served = composition.create_app(system)
    config = configured(served, system.settings)
    server = Server(
        config,
        started=lambda: tell(_where_to_look(system, door)),
        stopping=served.state.streams.close,
    )
    try:
        # What was loaded stays for good, and no collection need look through it again; a request makes some thousands
        # of objects and hardly a cycle among them.
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000)
        with (
            timekeeper.ticking(system, bootstrap.EVERYTHING),
            deliverer.delivering(system, lambda: posting.HttpSender(system.outlet)),
            contextlib.closing(served.state.accesses),
            timekeeper.sealing(system, bootstrap.EVERYTHING, every=system.settings.seal_every_s),
        ):
            server.run(sockets=[door])
    finally:
        # What is left is to stop the database, and that must not be cut short by a second Ctrl-C.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        tell("正在停止……")


def configured(served: FastAPI, chosen: settings.Settings) -> uvicorn.Config:
    """Configure the server for an application."""
    proxies = [str(each) for each in chosen.trusted_proxies]
    return uvicorn.Config(
        served,
        http=wire.Protocol,
        ws="none",
        log_config=None,
        # The system opens and closes around the server, so the application has no lifespan of its own.
        lifespan="off",
        # The access log is ours: this one would write queries.
        access_log=False,
        server_header=False,
        # What nobody is trusted to say of a client, nobody can forge.
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        h11_max_incomplete_event_size=wire.HEAD_BYTES,
        timeout_keep_alive=wire.KEEP_ALIVE_S,
        timeout_graceful_shutdown=10,
    )


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise KeyboardInterrupt


def _door(chosen: settings.Settings) -> socket.socket:
    """Take the address before anything is started, so that a taken one costs no time."""
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    # Named as TCP, because only then does asyncio send each part of an answer at once: with the protocol left to the
    # system, the body waited some 40 ms for the client to acknowledge the headers.
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((chosen.host, chosen.port))
    except OSError as error:
        door.close()
        fail(
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
        with shell.opened(beside=False):
            tell("数据库已是最新。")
        return
    if chosen.migration_dsn is None:
        fail("请用 LIANXI_MIGRATION_DSN 给出执行迁移的连接串。")
    password = conninfo_to_dict(chosen.dsn).get("password") or os.environ.get("PGPASSWORD")
    if not password:
        fail("LIANXI_DSN 中须写明应用角色的口令。")
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
    with shell.opened() as system:
        folder = system.settings.data_dir
        if not bootstrap.is_blank(system, folder=folder):
            fail("台账不是空的，不写入演示数据。")
        path = bootstrap.demonstrate(system, tell, folder=folder, play=bootstrap.play_all)
        typer.echo(f"演示令牌：{path}")


@app.command(cls=Command, name="clock")
def clock_(scope: Scope = "140800") -> None:
    """登记到期应由系统登记的事项：采用市级规则、认定全年未召开会议等；服务运行时每小时自动办理一次。"""
    failed = False
    with shell.opened() as system:
        for each in clock.tick_all(system.office, system.views, prefix(scope), today=system.today()):
            names = [catalogue.FACTS[fact].label for receipt in each.receipts for fact in receipt.facts]
            typer.echo(f"{each.pair}  {each.fault or '、'.join(names) or '没有新的事项'}")
            failed = failed or bool(each.fault)
    if failed:
        raise typer.Exit(FAILED)
