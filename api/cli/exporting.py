"""Pack an audit bundle into a file."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli import shell
from api.cli.shell import All, Command, Pairs, chosen_pairs, fail, tell
from application import audit, bundle
from domain.mandates import prefix


def export(
    output: Annotated[Path, typer.Option(metavar="文件", help="写入的文件（zip），已有的被替换。")],
    pair: Pairs = None,
    *,
    everyone: All = False,
    scope: Annotated[
        str | None, typer.Option(metavar="区划代码", help="该区划及其下级的全部结对单位。")
    ] = None,
) -> None:
    """导出审计包：事实的原始字节及核验所需的资料，可用 deploy/lianxi_verify.py 脱机核验。只导出，不判断。"""
    with shell.audited() as system:
        if scope is not None:
            if pair or everyone:
                fail("--scope 不与 --pair、--all 同用。")
            chosen = audit.pairs_of(system.views, prefix(scope))
            if not chosen:
                fail(f"没有 {scope} 的台账。")
        else:
            chosen = chosen_pairs(system, pair, everyone=everyone)
        pieces = bundle.stream(
            system.views,
            chosen,
            days=system.calendar,
            divisions=system.divisions.all(),
            checkpoints=system.sealer.checkpoints,
            key=bundle.public_key(system.sealer.vault),
        )
        draft = output.with_name(f"{output.name}.part")
        try:
            with draft.open("wb") as file:
                for piece in pieces:
                    file.write(piece)
            draft.replace(output)
        except OSError as error:
            fail(f"不能写入 {output}：{error.strerror}。")
    facts = sum(each.position for each in chosen.values())
    tell(f"已写入 {output}：{len(chosen)} 个单位，{facts} 条事实。")


def register(audits: typer.Typer) -> None:
    """Add the command to ``lianxi audit``."""
    audits.command(cls=Command)(export)
