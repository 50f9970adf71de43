"""Paper history from a workbook: template, check, run."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api import main as composition
from api.cli import shell
from api.cli.shell import (
    FOUND,
    Command,
    OnePair,
    chosen_pairs,
    fail,
    group,
    person_id,
    progress_bar,
    tell,
)
from application import commands, ids, importing, surroundings, text_table
from domain import decisions, legacy, meetings

app = group("补录历史资料：模板、核对、记入。")
Workbook = Annotated[Path, typer.Argument(metavar="文件", help="历史资料工作簿（.xlsx）。")]
Importer = Annotated[
    str,
    typer.Option("--as", metavar="编号", callback=person_id, help="办理人的人员编号（政府办公室或工会）。"),
]
OnDay = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], metavar="日期", help="业务日期，默认今天。")
]


@app.command(cls=Command)
def template(pair: OnePair, file: Workbook) -> None:
    """写出历史资料模板，列明已登记的单位。"""
    with shell.opened() as system:
        chosen_pairs(system, [pair], everyone=False)
        made = system.history_books.template(system.office.dossier(pair).units.values())
    try:
        file.write_bytes(made)
    except OSError as error:
        fail(f"无法写入 {file}（{error.strerror}）。")
    typer.echo(f"模板：{file}")


@app.command(cls=Command)
def check(pair: OnePair, person: Importer, file: Workbook, on: OnDay = None) -> None:
    """核对一份历史资料，逐条列出问题，不记入。有问题时退出码为 1。"""
    with shell.opened() as system:
        _checked(system, pair, person, file, on)
    typer.echo("没有发现问题，可以补录。")


@app.command(cls=Command)
def run(pair: OnePair, person: Importer, file: Workbook, on: OnDay = None) -> None:
    """补录一份历史资料：全部记入，或一件不记。同一份资料再次补录，不会重复记入。"""
    with shell.opened() as system:
        asked = _checked(system, pair, person, file, on)
        total = len(asked.command.meetings) + len(asked.command.decisions)
        with progress_bar(total, "记入台账") as progress:
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
    chosen_pairs(system, [pair], everyone=False)
    known = system.office.dossier(pair)
    day = on.date() if on is not None else system.today()
    caller = commands.Caller(person=person)
    blank = importing.command(importing.Reading(), on=day, title=file.name, content=b"")
    # Who may not import is told so before his workbook is opened.
    commands.authority(known, caller, command=blank, today=system.today())
    try:
        content = file.read_bytes()
    except OSError as error:
        fail(f"无法读取 {file}（{error.strerror}）。")
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
