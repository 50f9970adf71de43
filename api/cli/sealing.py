"""Seal ledgers by signed checkpoints, and prove from them."""

import time
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from api import bootstrap
from api.cli import shell
from api.cli.shell import FOUND, All, AsJson, Command, OnePair, Pairs, fail, tell
from application import proofs, sealing, witnessing
from domain import mandates, notes, seals
from infrastructure import files, signers, witness

Out = Annotated[Path | None, typer.Option("--out", metavar="文件", help="写入此文件；不填则输出到屏幕。")]


def checkpoint(
    pair: Pairs = None,
    *,
    everyone: All = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="目录", help="把检查点另存到此目录，供双方留存、见证。"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """封存：核验台账并签名检查点。台账不是已封存部分的延续时拒绝签名，退出码为 1。"""
    with shell.audited() as system:
        chosen = _chosen(system.sealer, pair, everyone=everyone)
        found = system.sealer.seal(chosen)
        if as_json:
            typer.echo(found.model_dump_json())
        else:
            for each in found.pairs:
                typer.echo(_outcome_text(each))
            for finding in found.findings:
                typer.echo(f"不符  {finding}")
            typer.echo(_everyone_text(found.everyone))
        if out is not None:
            _save(out, found)
        if not found.ok:
            raise typer.Exit(FOUND)


def _chosen(sealer: sealing.Sealer, pairs: list[str] | None, *, everyone: bool) -> list[str]:
    known = [*sealer.pairs(bootstrap.EVERYTHING), *sealer.pairs(mandates.TENANT)]
    if everyone:
        return known
    if not pairs:
        fail("请用 --pair 指明结对单位，或用 --all 表示全部。")
    for pair in pairs:
        if pair not in known:
            fail(f"没有结对单位 {pair} 的台账。")
    return list(dict.fromkeys(pairs))


def _outcome_text(outcome: sealing.Outcome) -> str:
    if outcome.alarm:
        return f"{outcome.pair}  拒绝封存  {outcome.alarm}"
    if not outcome.note:
        return f"{outcome.pair}  没有事实"
    root = notes.read_checkpoint(notes.read(outcome.note).text).root.hex()
    return f"{outcome.pair}  {'已封存' if outcome.signed else '无新增'}  {outcome.size} 条  树根 {root}"


def _everyone_text(note: str) -> str:
    if not note:
        return "全体  尚无检查点"
    whole = notes.read_checkpoint(notes.read(note).text)
    return f"全体  {whole.origin}  {whole.size} 项  树根 {whole.root.hex()}"


def _save(folder: Path, found: sealing.Outcomes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, note in [(each.pair, each.note) for each in found.pairs] + [(seals.ALL, found.everyone)]:
        if note:
            (folder / f"{name}.checkpoint").write_text(note, encoding="utf-8")


def proof(
    *,
    pair: Annotated[
        str | None, typer.Option("--pair", metavar="区划代码", help="结对单位；不填则为全体的检查点。")
    ] = None,
    position: Annotated[
        int | None, typer.Option("--position", metavar="位置", min=1, help="证明这一条事实已封存。")
    ] = None,
    since: Annotated[
        int | None,
        typer.Option("--since", metavar="条数", min=1, help="证明自这个条数的检查点以来原样未动。"),
    ] = None,
    until: Annotated[
        int | None,
        typer.Option("--until", metavar="条数", min=1, help="与 --since 同用：到这个条数的检查点。"),
    ] = None,
    out: Out = None,
) -> None:
    """出具可离线核对的证明（JSON）：一条事实，或前后两个检查点；都不填则证明单位在全体之内。"""
    with shell.audited() as system:
        kept = system.sealer.checkpoints
        try:
            made: proofs.Proof
            if position is not None and pair is not None:
                made = proofs.of_fact(system.ledger, kept, pair, position=position)
            elif since is not None:
                made = proofs.of_growth(system.ledger, kept, pair or seals.ALL, old_size=since, size=until)
            elif pair is not None and position is None:
                made = proofs.of_seal(kept, pair)
            else:
                fail("请用 --pair 指明结对单位，或用 --since 指明全体检查点的条数。")
        except (proofs.NoCheckpoint, proofs.NotProvable) as error:
            _found(error.__doc__ or "")
        _write(out, made.model_dump_json(indent=1) + "\n")


def check_proof(
    file: Annotated[Path, typer.Argument(metavar="证明文件", exists=True, dir_okay=False)],
    *,
    by: Annotated[str, typer.Option("--key", metavar="公钥行", help="封存公钥行，或存放它的文件。")],
) -> None:
    """离线核对一份证明；不需要数据库。不成立时退出码为 1。"""
    try:
        said = proofs.check(
            proofs.read(file.read_text(encoding="utf-8")), key=read_key(by), signed=signers.check
        )
    except (proofs.BadProof, UnicodeDecodeError) as error:
        _found(f"证明不成立：{error}")
    typer.echo(f"证明成立：{said}")


def epoch(
    pair: OnePair,
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="原因", help="写入封存记录，人人可见。")],
) -> None:
    """恢复旧备份之后另开纪元：声明放弃原检查点及其原因，此后重新封存。"""
    if not reason.strip():
        fail("请写明原因。")
    with shell.audited() as system:
        try:
            declared = system.sealer.open_epoch(pair, reason=reason)
        except sealing.NotNeeded:
            fail(sealing.NotNeeded.__doc__ or "")
        except sealing.NotSealed as error:
            _found(f"台账本身不符，先恢复完好的台账：{error}")
        typer.echo(f"{pair}  另开 {declared.origin}，放弃 {declared.given_up.size} 条的检查点")


def key() -> None:
    """显示封存公钥行：双方留存，用以核对检查点和证明。"""
    with shell.audited() as system:
        found = system.sealer.vault.key()
        if found is None:
            fail("尚未封存过，还没有公钥。先用 lianxi audit checkpoint 封存。")
        typer.echo(found.vkey)


Folder = Annotated[Path, typer.Option("--folder", metavar="目录", help="见证人自己的目录，只归本人。")]


def witness_key(
    folder: Folder,
    *,
    name: Annotated[str, typer.Option("--name", metavar="名称", help="见证人的名称，宜用本单位的域名。")],
    signer: Annotated[str, typer.Option("--signer", metavar="公钥行", help="封存公钥行，或存放它的文件。")],
) -> None:
    """为见证人（政府方、工会方均可）生成密钥，并记下所见证的封存公钥。"""
    if not notes.named(name):
        fail("名称不能为空，也不能含空白和加号。")
    made = witness.make(folder, name=name, signer=read_key(signer).vkey)
    typer.echo(made.vkey)


def cosign(
    file: Annotated[Path, typer.Argument(metavar="检查点文件", exists=True, dir_okay=False)],
    *,
    folder: Folder,
    proof_file: Annotated[
        Path | None,
        typer.Option("--proof", metavar="文件", help="自上次见证以来的证明。", exists=True, dir_okay=False),
    ] = None,
    new_epoch: Annotated[
        bool, typer.Option("--new-epoch", help="已核实另开纪元的原因，见证新的一本。")
    ] = False,
    out: Out = None,
) -> None:
    """见证：核对签名，并核对是上次见证的延续，然后把见证签名加在检查点后面；不需要数据库。"""
    signer, seen = witness.load(folder)
    try:
        proof_ = proofs.read(proof_file.read_text(encoding="utf-8")) if proof_file else None
        note, after = witnessing.cosigned(
            file.read_text(encoding="utf-8"),
            seen=seen,
            key=signer.key,
            sign=signer.sign,
            check=signers.check,
            at=int(time.time()),
            proof=proof_,
            new_epoch=new_epoch,
        )
    except (witnessing.Refused, proofs.BadProof, UnicodeDecodeError) as error:
        _found(f"拒绝见证：{error}")
    # Remembered first: a witness who forgot could be shown another history.
    witness.remember(folder, after)
    files.replace(out or file, str(note).encode())
    checkpoint = notes.read_checkpoint(note.text)
    typer.echo(f"已见证 {checkpoint.origin}  {checkpoint.size} 条  {signer.key.name}")


def read_key(text: str) -> notes.Key:
    path = Path(text)
    try:
        return notes.read_key(path.read_text(encoding="utf-8") if path.is_file() else text)
    except (notes.BadNote, OSError, UnicodeDecodeError):
        fail("公钥行的格式不对。")


def _write(out: Path | None, text: str) -> None:
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        tell(f"已写入 {out}")


def _found(message: str) -> NoReturn:
    tell(f"错误：{message}")
    raise typer.Exit(FOUND)


def register(app: typer.Typer) -> None:
    """Put these commands beside the other commands of an auditor."""
    for name, run in (
        ("checkpoint", checkpoint),
        ("proof", proof),
        ("check-proof", check_proof),
        ("epoch", epoch),
        ("key", key),
        ("witness-key", witness_key),
        ("cosign", cosign),
    ):
        app.command(name, cls=Command)(run)
