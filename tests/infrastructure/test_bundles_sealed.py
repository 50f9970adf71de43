"""Bundles with checkpoints: what is sealed cannot be changed unseen, and what the auditor held counts for more."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest

from application import bundle
from domain import chain, notes
from domain.chain import Head
from infrastructure import signers
from tests import bundles, sealed
from tests.bundles import facts, relinked, repacked, seals, unpacked, verified, verifier, with_lines

A, B = "140830", "140823"


@pytest.fixture
def city(database, tmp_path) -> Iterator[sealed.City]:
    """Two pairs; the first is sealed at 3, 5 and 9 facts."""
    with sealed.city(database.app_dsn, tmp_path / "seals") as opened:
        opened.append(B, 5)
        for count in (3, 2, 4):
            opened.append(A, count)
            opened.sealer.seal([A, B])
        yield opened


def exported(city: sealed.City, **chosen) -> bytes:
    heads = {**city.views.heads("14"), **chosen}
    return bundles.packed(city.views, heads, checkpoints=city.checkpoints, key=bundle.public_key(city.vault))


def judged(content: bytes, folder, *arguments) -> tuple[bool, str]:
    code, said = verified(content, folder, *arguments)
    assert code in {verifier.FINE, verifier.FOUND}, said
    return code == verifier.FINE, said


def note_of(city: sealed.City, size: int) -> str:
    return next(each.note for each in city.checkpoints.listed(A) if each.size == size)


def forged(content: bytes, entries, at: int) -> bytes:
    """Change a fact and make everything after it fit, as somebody who can write the database would."""
    other = replace(entries[at - 1], state=b'{"n":77}')
    made = list(relinked([*entries[: at - 1], other, *entries[at:]]))
    end = Head(position=len(made), hash=made[-1].hash)
    return with_lines(content, A, map(bundle.line, made), end=end)


def test_r094_checkpoints_are_verified_by_the_key_that_the_auditor_holds(city, tmp_path):
    content = exported(city)
    fine, said = judged(content, tmp_path, "--key", city.vault.key().vkey)
    assert (fine, "与台账相符的检查点 4 个" in said, "公钥取自包内" in said) == (True, True, False), said
    fine, said = judged(content, tmp_path)
    assert (fine, f"公钥取自包内，须与另行留存的核对：{city.vault.key().vkey}" in said) == (True, True)
    held = tmp_path / "key"
    held.write_text(city.vault.key().vkey + "\n", encoding="utf-8")
    assert judged(content, tmp_path, "--key", held)[0]
    assert exported(city) == content


@pytest.mark.parametrize(("at", "between"), [(1, "1 至 3"), (4, "4 至 5"), (9, "6 至 9")])
def test_r094_a_full_rehash_is_found_between_two_checkpoints(city, tmp_path, at, between):
    content = forged(exported(city), list(city.ledger.entries(A)), at)
    fine, said = judged(content, tmp_path)
    assert (fine, f"位置 {between} 之间被改写" in said) == (False, True), said
    held = tmp_path / "held"
    held.write_text(note_of(city, 9), encoding="utf-8")
    bare = unpacked(content)
    bare[seals(A)] = b""
    assert judged(repacked(bare), tmp_path)[0], "without any checkpoint a full rehash is not seen"
    fine, said = judged(repacked(bare), tmp_path, "--checkpoint", held)
    assert (fine, f"{A} 与另存的检查点 held 不一致" in said) == (False, True), said


def test_r094_a_checkpoint_held_outside_shows_an_old_backup(city, tmp_path):
    held = tmp_path / "held"
    held.write_text(note_of(city, 9), encoding="utf-8")
    fine, said = judged(exported(city), tmp_path, "--checkpoint", held)
    assert (fine, "一致：前 9 条没有改变" in said) == (True, True)
    entry = list(city.ledger.entries(A))[4]
    fine, said = judged(
        exported(city, **{A: Head(position=5, hash=entry.hash)}), tmp_path, "--checkpoint", held
    )
    assert (fine, "可核验的事实止于位置 5" in said) == (False, True)
    other = tmp_path / "other"
    other.write_text(note_of(city, 9).replace(A, "140829", 1), encoding="utf-8")
    fine, said = judged(exported(city), tmp_path, "--checkpoint", other)
    assert (fine, "的单位不在包内" in said) == (False, True)
    for wrong in ("", "x\n\n\n", note_of(city, 9)[:-5]):
        held.write_text(wrong, encoding="utf-8")
        assert verified(exported(city), tmp_path, "--checkpoint", held)[0] == verifier.UNREADABLE


def test_r094_one_bit_in_every_byte_of_a_checkpoint_is_found(city, tmp_path):
    content = exported(city)
    members = unpacked(content)
    whole = members[seals(A)].splitlines(keepends=True)
    for at in range(len(whole[0]) - 1):
        changed = bytearray(whole[0])
        changed[at] ^= 1 << at % 8
        said = judged(repacked({**members, seals(A): bytes(changed) + b"".join(whole[1:])}), tmp_path)
        assert not said[0], (at, said)
        assert A in said[1]


def test_r094_another_key_is_found_only_by_who_holds_the_right_one(city, tmp_path):
    """Whoever swaps the key and signs everything anew is consistent in himself; the key held outside tells."""
    own = city.vault.key()
    members = unpacked(exported(city))
    signers.make_key(tmp_path / "pem")
    thief = signers.FileSigner(tmp_path / "pem", name=own.name)
    for pair in (A, B):
        texts = [notes.read(json.loads(line)["note"]).text for line in members[seals(pair)].splitlines()]
        signed = [str(notes.sign(text, key=thief.key, sign=thief.sign)) for text in texts]
        members[seals(pair)] = b"".join(chain.canonical({"note": each}) + b"\n" for each in signed)
    members["key.txt"] = f"{thief.key.vkey}\n".encode()
    assert judged(repacked(members), tmp_path)[0]
    fine, said = judged(repacked(members), tmp_path, "--key", own.vkey)
    assert (fine, "key.txt 的公钥不是给出的公钥" in said, "没有签名方的签名" in said) == (False, True, True)
    for wrong in (b"x", b"\xff", own.vkey.replace("+", "-").encode(), own.vkey.encode()[:-2]):
        assert not judged(repacked({**members, "key.txt": wrong}), tmp_path)[0]
    assert verified(exported(city), tmp_path, "--key", "a+b+c")[0] == verifier.UNREADABLE


def test_r094_a_new_epoch_is_told_and_its_forgery_found(city, database, tmp_path):
    """After a restore, checkpoints that do not fit are told with the declared reason, and not held against the ledger."""
    entries = list(city.ledger.entries(A))
    with psycopg.connect(database.admin_dsn) as admin:
        for table in ("event", "command", "head"):
            admin.execute(f"ALTER TABLE ledger.ledger_{table} DISABLE TRIGGER ALL")
        admin.execute("DELETE FROM ledger.ledger_event WHERE tenant_id = %s AND position > 4", (A,))
        admin.execute("DELETE FROM ledger.ledger_command WHERE tenant_id = %s AND first_position > 4", (A,))
        admin.execute(
            "UPDATE ledger.ledger_head SET position = 4, hash = %s WHERE tenant_id = %s", (entries[3].hash, A)
        )
    fine, said = judged(exported(city), tmp_path)
    assert (fine, f"{A} 9 条的检查点：可核验的事实止于位置 4" in said) == (False, True)
    city.sealer.open_epoch(A, reason="恢复了备份")
    fine, said = judged(exported(city), tmp_path)
    assert not fine, "a declaration alone excuses nothing"
    city.append(A, 6)
    city.sealer.seal([A])
    fine, said = judged(exported(city), tmp_path)
    assert fine, said
    assert "已另开纪元" in said
    assert "恢复了备份" in said
    bare = unpacked(exported(city))
    bare[seals(A)] = b"".join(
        each for each in bare[seals(A)].splitlines(keepends=True) if not each.startswith(b'{"epoch"')
    )
    assert not judged(repacked(bare), tmp_path)[0], "without the declaration the old checkpoints stand"


def test_r094_what_is_sealed_while_a_bundle_is_made_is_left_out(city, tmp_path):
    entry = list(city.ledger.entries(A))[4]
    members = unpacked(exported(city, **{A: Head(position=5, hash=entry.hash)}))
    sizes = [json.loads(line)["note"].split("\n")[1] for line in members[seals(A)].splitlines()]
    assert sizes == ["5", "3"]


def test_r094_witnesses_are_counted(city, tmp_path):
    signers.make_key(tmp_path / "pem")
    witness = signers.FileSigner(tmp_path / "pem", name="union.example", kind=notes.COSIGNATURE)
    members = unpacked(exported(city))
    lines = [json.loads(line)["note"] for line in members[seals(A)].splitlines()]
    lines[0] = str(notes.cosign(notes.read(lines[0]), key=witness.key, at=1_800_000_000, sign=witness.sign))
    members[seals(A)] = b"".join(chain.canonical({"note": each}) + b"\n" for each in lines)
    fine, said = judged(repacked(members), tmp_path, "--witness", witness.key.vkey)
    assert (fine, "见证方 union.example 见证了 1 个检查点" in said) == (True, True)
    members[seals(A)] = members[seals(A)].replace(b"union.example ", b"union.example AA", 1)
    assert not judged(repacked(members), tmp_path, "--witness", witness.key.vkey)[0]


def test_r094_without_cryptography_all_but_signatures_is_checked_and_it_says_so(city, tmp_path):
    path = tmp_path / "bundle.zip"
    program = (
        "import runpy, sys; sys.modules['cryptography'] = None; sys.argv = sys.argv[1:];"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", "-X", "utf8", "-c", program, str(bundles.VERIFIER), str(path)],
            capture_output=True,
            text=True,
            check=False,
        )

    path.write_bytes(exported(city))
    told = run()
    assert (told.returncode, told.stderr) == (0, "")
    assert "4 个检查点的签名没有核验（没有安装 cryptography" in told.stdout
    path.write_bytes(forged(exported(city), list(city.ledger.entries(A)), 4))
    told = run()
    assert (told.returncode, "位置 4 至 5 之间被改写" in told.stdout) == (1, True)


def test_facts_are_named(city):
    assert {facts(A), seals(A)} <= set(unpacked(exported(city)))
