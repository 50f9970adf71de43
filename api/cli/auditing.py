"""Look at a history, verify its chain, replay it and compare."""

import json
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final, TypeVar

import typer

from api import main as composition
from api.cli import shell
from api.cli.shell import (
    FOUND,
    All,
    AsJson,
    AsOf,
    Command,
    OnePair,
    Pairs,
    Position,
    chosen_pairs,
    fail,
    group,
    progress_bar,
)
from application import access_audit, audit, changes
from domain import calendar, mandates
from domain.chain import Head
from infrastructure import workers

T = TypeVar("T")
app = group("审计：查阅历史、核验哈希链、重放比对。")
HISTORY_PAGE: Final = 500
# From so many facts on, further processes are worth their start of about a second.
MANY: Final = 50_000
KEPT: Final = re.compile(r"(?P<position>[1-9][0-9]{0,17}):(?P<hash>[0-9a-fA-F]{64})")


@app.command(cls=Command)
def history(  # noqa: PLR0913 - each is an option.
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
    as_of: AsOf = None,
    position: Position = None,
    as_json: AsJson = False,
) -> None:
    """逐条列出一个结对单位的事实：位置、时间、办理人、内容和哈希。"""
    only = audit.Filter(since=_local(since), until=_local(until), actor=actor, topic=kind, stream=subject)
    with shell.audited() as system:
        chosen_pairs(system, [pair], everyone=False)
        then = shell.recalled(system, as_of=as_of, position=position, pair=pair)
        next_after: int | None = after
        while next_after is not None:
            page = audit.history(then.views, pair, only=only, after=next_after, limit=HISTORY_PAGE)
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


@app.command(cls=Command)
def diff(
    pair: OnePair,
    *,
    subject: Annotated[
        str | None, typer.Option(metavar="对象", help="对象，如 topic:编号、decision:编号、pair；默认全部。")
    ] = None,
    from_position: Annotated[
        int, typer.Option(metavar="位置", min=0, help="起点：台账位置，不含；默认从头。")
    ] = 0,
    from_as_of: Annotated[
        datetime | None, typer.Option(parser=shell.moment, metavar="时刻", help="起点：时刻。")
    ] = None,
    as_of: AsOf = None,
    position: Position = None,
    as_json: AsJson = False,
) -> None:
    """比较两个时刻：哪条事实、何人、何时，改变了什么；终点默认为现在。"""
    if from_position and from_as_of is not None:
        fail("--from-position 和 --from-as-of 只能填一个。")
    with shell.audited() as system:
        chosen_pairs(system, [pair], everyone=False)
        then = shell.recalled(system, as_of=as_of, position=position, pair=pair)
        end = then.views.mark(pair)
        begun = then.views.mark(pair, as_of=from_as_of) if from_as_of is not None else None
        start = begun.head.position if begun is not None else from_position
        last = end.head.position if end is not None else 0
        page = changes.between(
            then.ledger,
            changes.folded(then.ledger, pair, until=min(start, last)),
            start=start,
            end=last,
            only=changes.subject(pair, subject) if subject is not None else None,
            limit=last + 1,
        )
    if as_json:
        typer.echo(page.model_dump_json(exclude={"next_after"}))
        return
    for each in page.changes:
        typer.echo(_change_text(each))
    typer.echo(f"{pair}  位置 {start} 之后至 {last}：{len(page.changes)} 条事实")


def _change_text(change: changes.Change) -> str:
    who = f"{change.by.title}（{change.by.capacity_label}）" if change.by else "（无法解读）"
    recorded = calendar.local(change.recorded_at).isoformat(timespec="seconds")
    lines = [
        f"#{change.position}  {change.label}  {change.topic}  {change.stream}",
        f"  业务日期 {change.on or '—'}  入账 {recorded}  办理人 {change.actor}  {who}",
    ]
    for row in change.rows:
        lines.append(f"  {'新增 ' if row.begun else ''}{row.view}/{row.id}")
        lines += [f"    {each.path}  {_short(each.before)} → {_short(each.after)}" for each in row.fields]
    return "\n".join(lines)


@app.command(cls=Command)
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
        fail("--expect 须与一个 --pair 同用。")
    with shell.audited() as system:
        chosen = chosen_pairs(system, pair, everyone=everyone)
        jobs = [
            partial(audit.verify_owed, tenant=tenant, end=end, kept=kept) for tenant, end in chosen.items()
        ]
        found = _outcomes(system, chosen, jobs, "核验哈希链")
        if as_json:
            typer.echo(json.dumps([each.model_dump(mode="json") for each in found], ensure_ascii=False))
        else:
            for each in found:
                typer.echo(_verified_text(each))
        if not all(each.ok for each in found):
            raise typer.Exit(FOUND)


def _outcomes(
    system: composition.System, chosen: Mapping[str, Head], jobs: Sequence[Callable[..., T]], what: str
) -> list[T]:
    """Do a job for each pair: in several processes where there is much to do, and else in this one."""
    ends = [end.position for end in chosen.values()]
    found = []
    with progress_bar(sum(ends), what) as progress, ExitStack() as stack:
        done = 0
        if len(jobs) > 1 and sum(ends) >= MANY and workers.usable() > 1:
            outcomes = workers.run(system.database.dsn, jobs, processes=workers.usable())
            stack.callback(outcomes.close)
        else:
            outcomes = _here(system, jobs, ends, progress)
        for end, outcome in zip(ends, outcomes, strict=True):
            done += end
            progress(done)
            found.append(outcome)
    return found


def _here(
    system: composition.System,
    jobs: Sequence[Callable[..., T]],
    ends: Sequence[int],
    progress: Callable[[int], None],
) -> Generator[T]:
    done = 0
    for job, end in zip(jobs, ends, strict=True):
        yield job(
            system.ledger,
            system.views,
            progress=lambda count, done=done: progress(done + count),
        )
        done += end


@app.command(cls=Command)
def access(
    *,
    expect: Annotated[
        str | None,
        typer.Option(metavar="位置:哈希", help="以前核验时留存的末端位置和哈希，须在链上。"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """核验查阅记录的哈希链；指出第一条不符的记录。有发现时退出码为 1。"""
    kept = _kept(expect)
    with shell.audited() as system:
        found = access_audit.verify(system.access_log, kept=kept)
    if as_json:
        typer.echo(found.model_dump_json())
    elif found.ok:
        begun = f"（{found.begin} 以前的已按期清理）" if found.begin else ""
        typer.echo(f"查阅记录  完好  {found.checked} 条{begun}  末端 {found.position}:{found.hash}")
    else:
        typer.echo(f"查阅记录  不符  位置 {found.bad_position}：{found.reason}")
    if not found.ok:
        raise typer.Exit(FOUND)


def _kept(text: str | None) -> Head | None:
    if text is None:
        return None
    match = KEPT.fullmatch(text.strip())
    if match is None:
        fail("--expect 的格式是 位置:哈希，哈希为 64 个十六进制字符。")
    return Head(position=int(match["position"]), hash=bytes.fromhex(match["hash"]))


def _verified_text(outcome: audit.Verification) -> str:
    if outcome.ok:
        return f"{outcome.pair}  完好  {outcome.checked} 条  末端 {outcome.position} {outcome.hash}"
    return f"{outcome.pair}  不符  位置 {outcome.bad_position}：{outcome.reason}"


@app.command(cls=Command)
def replay(pair: Pairs = None, *, everyone: All = False, as_json: AsJson = False) -> None:
    """由台账重新推算全部视图，逐行比对。有发现时退出码为 1。"""
    with shell.audited() as system:
        chosen = chosen_pairs(system, pair, everyone=everyone)
        administration = chosen.pop(mandates.TENANT, None)
        jobs = [partial(audit.replay_owed, tenant=tenant) for tenant in chosen]
        found = _outcomes(system, chosen, jobs, "重放比对")
        if administration is not None:
            found.append(system.administration.replay())
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
