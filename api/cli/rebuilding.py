"""Rebuild the views of pairs from their ledgers, while writing goes on."""

from typing import Annotated

import typer

from api.cli import shell
from api.cli.shell import FOUND, All, Command, Pairs, chosen_pairs, fail, tell
from application import ports, rebuilding

Which = Annotated[
    list[str] | None,
    typer.Option("--view", metavar="视图", help="只重建此视图（如 topic），可重复；默认全部。"),
]


def register(app: typer.Typer) -> None:
    """Add the command to the group of the audit."""
    app.command(cls=Command)(rebuild)


def rebuild(
    pair: Pairs = None,
    *,
    everyone: All = False,
    view: Which = None,
    resume: Annotated[bool, typer.Option("--resume", help="接着上次中断的重建：已重建的不再重建。")] = False,
) -> None:
    """由台账重建视图，逐对进行，不停办理；中断后可用 --resume 接着做。有台账未通过核验时退出码为 1。"""
    views = tuple(dict.fromkeys(view or ports.VIEWS))
    if odd := [each for each in views if each not in ports.VIEWS]:
        fail(f"没有视图 {odd[0]}；可用的有：{'、'.join(ports.VIEWS)}。")
    with shell.opened() as system:
        tenants = list(chosen_pairs(system, pair, everyone=everyone))
        if not resume:
            rebuilding.outdate(system.store, tenants, views=views)
        broken = rebuilding.rebuild(system.store, tenants, views=views, progress=tell)
    typer.echo(f"共 {len(tenants)} 个单位，{len(views)} 个视图，未通过核验 {len(broken)} 个")
    if broken:
        raise typer.Exit(FOUND)
