"""R-094: what is sealed can only be gone on from; everything else is refused, said, and not signed."""

import stat
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from application import proofs, seal_ports, sealing
from domain import merkle, notes, seals
from infrastructure import signers, vault
from tests import conftest, sealed

A, B = "140802", "140821"
# As the superuser, with the triggers off: what somebody with the database in his hands can do.
REWRITE = (
    "UPDATE ledger.ledger_event SET actor = 'b' WHERE tenant_id = '140802' AND position >= 2",
    """DO $$
    DECLARE r record; v_prev bytea; v_hash bytea;
    BEGIN
        SELECT hash INTO v_prev FROM ledger.ledger_event WHERE tenant_id = '140802' AND position = 1;
        FOR r IN SELECT * FROM ledger.ledger_event WHERE tenant_id = '140802' AND position > 1 ORDER BY position LOOP
            v_hash := ledger.ledger_link(r.tenant_id, r.position, r.originator_id, r.originator_version, r.topic,
                r.state_hash, r.actor, r.command_id, r.recorded_at, v_prev);
            UPDATE ledger.ledger_event SET prev_hash = v_prev, hash = v_hash
            WHERE tenant_id = r.tenant_id AND position = r.position;
            v_prev := v_hash;
        END LOOP;
        UPDATE ledger.ledger_head SET hash = v_prev WHERE tenant_id = '140802';
    END $$""",
)
CUT = (
    "DELETE FROM ledger.ledger_event WHERE tenant_id = '140802' AND position > 2",
    "DELETE FROM ledger.ledger_command WHERE tenant_id = '140802' AND last_position > 2",
    """UPDATE ledger.ledger_head h SET position = 2, hash = e.hash, prev_hash = e.prev_hash
    FROM ledger.ledger_event e WHERE h.tenant_id = '140802' AND e.tenant_id = '140802' AND e.position = 2""",
)


@pytest.fixture
def city(database: conftest.Database, tmp_path) -> Iterator[sealed.City]:
    with sealed.city(database.app_dsn, tmp_path / "seals") as opened:
        opened.append(A, 3)
        opened.append(B, 5)
        yield opened


def tamper(database: conftest.Database, *statements: str) -> None:
    with psycopg.connect(database.admin_dsn) as admin:
        for table in ("event", "command", "head", "checkpoint", "sealed"):
            admin.execute(f"ALTER TABLE ledger.ledger_{table} DISABLE TRIGGER ALL")
        for statement in statements:
            admin.execute(statement)


def size(note: str) -> int:
    return notes.read_checkpoint(notes.read(note).text).size


def test_r094_each_pair_has_a_checkpoint_and_one_covers_everyone(city):
    found = city.sealer.seal([A, B])
    key = city.vault.key()
    assert found.ok
    assert [(each.pair, each.size, each.signed) for each in found.pairs] == [(A, 3, True), (B, 5, True)]
    for each in (*found.pairs, city.checkpoints.latest(seals.ALL)):
        assert notes.signed_by(notes.read(each.note), key=key, check=signers.check)
    whole = notes.read_checkpoint(notes.read(found.everyone).text)
    texts = [notes.read(each.note).text for each in found.pairs]
    assert (whole.origin, whole.size) == ("lianxi.example/all/1", 2)
    assert whole.root == merkle.root([seals.leaf(text) for text in texts])
    assert city.checkpoints.latest(A).note == found.pairs[0].note


def test_r094_the_root_is_over_the_hashes_that_the_ledger_has(city):
    city.sealer.seal([A])
    checkpoint = notes.read_checkpoint(notes.read(city.checkpoints.latest(A).note).text)
    hashes = [each.hash for each in city.ledger.entries(A)]
    assert checkpoint.root == merkle.root([merkle.leaf(each) for each in hashes])
    assert checkpoint.origin == f"lianxi.example/pairs/{A}/1"


def test_r094_nothing_new_is_not_signed_again(city):
    first = city.sealer.seal([A, B])
    again = city.sealer.seal([A, B])
    assert [each.signed for each in again.pairs] == [False, False]
    assert again.everyone == first.everyone
    city.append(A)
    assert [each.signed for each in city.sealer.seal([A, B]).pairs] == [True, False]


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (REWRITE[:1], "位置 2：记录哈希与内容不符"),
        (REWRITE, "前 3 条记录的树根与已封存的不符"),
        (CUT, "短于已封存的 3"),
        (
            [
                f"DELETE FROM ledger.ledger_{each} WHERE tenant_id = '140802'"
                for each in ("event", "command", "head")
            ],
            "台账不见了",
        ),
        (
            [
                "UPDATE ledger.ledger_command SET last_position = 9 WHERE tenant_id = '140802' AND last_position = 3"
            ],
            "办理记录与其事实不符",
        ),
    ],
    ids=["a changed entry", "a full re-hash", "a cut tail", "no ledger", "a changed command"],
)
def test_r094_a_ledger_that_does_not_go_on_is_refused_and_the_others_are_sealed(
    city, database, statements, reason
):
    before = city.sealer.seal([A, B]).pairs[0]
    tamper(database, *statements)
    city.append(B)
    found = city.sealer.seal([A, B])
    assert not found.ok
    assert reason in found.pairs[0].alarm
    assert (found.pairs[0].signed, found.pairs[0].note) == (False, before.note)
    assert (found.pairs[1].alarm, found.pairs[1].size) == ("", 6)
    assert reason in city.vault.kept().alarms[A].reason
    assert city.checkpoints.latest(A).note == before.note


def test_r094_without_a_checkpoint_a_full_rehash_is_not_seen(city, database):
    """The control: this is why there are checkpoints."""
    tamper(database, *REWRITE)
    assert city.sealer.seal([A]).ok


def test_r094_an_old_backup_gone_on_from_is_refused(city, database):
    city.sealer.seal([A])
    tamper(database, *CUT)
    city.append(A, 4)
    assert "前 3 条记录的树根" in city.sealer.seal([A]).pairs[0].alarm


def test_r094_a_new_epoch_is_declared_and_sealed_for_all_to_see(city, database):
    city.sealer.seal([A, B])
    given_up = city.checkpoints.latest(A)
    tamper(database, *CUT)
    declared = city.sealer.open_epoch(A, reason="磁盘损坏\n恢复到前一日备份")
    assert declared.origin == f"lianxi.example/pairs/{A}/2"
    assert str(declared.given_up) == notes.read(given_up.note).text
    found = city.sealer.seal([A, B])
    assert found.ok
    after = city.checkpoints.latest(A)
    assert (after.origin, after.size) == (declared.origin, 2)
    [shown] = city.checkpoints.epochs(A)
    assert seals.read_declaration(shown.text).reason == "磁盘损坏 恢复到前一日备份"
    assert shown.number == 2
    assert size(found.everyone) == 4
    city.append(A)
    assert city.sealer.seal([A]).ok


def test_r094_no_new_epoch_without_need_and_none_over_a_broken_chain(city, database):
    with pytest.raises(sealing.NotNeeded):
        city.sealer.open_epoch(A, reason="x")
    city.sealer.seal([A])
    with pytest.raises(sealing.NotNeeded):
        city.sealer.open_epoch(A, reason="x")
    tamper(database, *REWRITE[:1])
    with pytest.raises(sealing.NotSealed):
        city.sealer.open_epoch(A, reason="x")


def test_r094_a_new_seal_directory_does_not_seal_what_another_one_sealed(city, database, tmp_path):
    city.sealer.seal([A])
    anew = sealed.over(city.db, tmp_path / "other")
    assert "封存目录被换过或丢失" in anew.sealer.seal([A]).pairs[0].alarm
    declared = anew.sealer.open_epoch(A, reason="封存目录的磁盘损坏")
    found = anew.sealer.seal([A, B])
    assert found.ok
    assert declared.origin.endswith("/2")
    assert notes.read_checkpoint(notes.read(found.everyone).text).origin == "lianxi.example/all/2"


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE ledger.ledger_checkpoint SET note = 'x' WHERE tenant_id = '140802'", A),
        ("UPDATE ledger.ledger_checkpoint SET note = 'x' WHERE tenant_id = 'all' AND size = 1", "全体"),
        ("UPDATE ledger.ledger_sealed SET body = 'x' WHERE number = 0", A),
        ("DELETE FROM ledger.ledger_sealed", "缺少 2 个"),
        ("DELETE FROM ledger.ledger_checkpoint WHERE tenant_id = '140802'", "缺少 1 个"),
    ],
)
def test_r094_a_changed_or_missing_published_checkpoint_is_found(city, database, statement, finding):
    city.sealer.seal([A])
    city.sealer.seal([B])
    tamper(database, statement)
    found = city.sealer.seal([A, B])
    assert not found.ok
    assert any(finding in each for each in found.findings)


def test_r094_a_crash_between_signing_and_publishing_is_made_good(city, monkeypatch):
    city.sealer.seal([A])

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(city.checkpoints, "publish_leaf", crash)
        with pytest.raises(KeyboardInterrupt):
            city.sealer.seal([B])
    assert city.checkpoints.latest(B) is None
    assert city.sealer.seal([]).ok
    assert city.checkpoints.latest(B).note == city.vault.kept().notes[B]


def test_r094_a_crash_while_signing_leaves_no_half(city):
    city.sealer.seal([A])
    log = city.vault.folder / "sealed.jsonl"
    whole = log.read_bytes()
    # A round that was written and did not count, and one that a crash tore.
    again = seal_ports.Round.model_validate_json(whole)
    extra = again.model_copy(
        update={"size": 2, "sealed": (again.sealed[0].model_copy(update={"number": 1}),)}
    )
    log.write_bytes(whole + extra.model_dump_json().encode() + b"\n" + whole[:40])
    assert city.sealer.seal([B]).ok
    assert [each.size for each in city.vault.rounds()] == [1, 2]
    assert city.vault.rounds()[1].sealed[0].pair == B


def test_r094_a_seal_directory_that_is_not_whole_is_refused(city):
    city.sealer.seal([A])
    folder = city.vault.folder
    log = folder / "sealed.jsonl"
    whole = log.read_bytes()
    log.write_bytes(b"")
    with pytest.raises(seal_ports.CannotSeal, match="不完整"):
        city.sealer.seal([B])
    log.write_bytes(whole)
    (folder / "signed.json").write_text("{")
    with pytest.raises(seal_ports.CannotSeal, match="无法读取"):
        city.sealer.seal([B])


def test_r094_what_the_directory_says_must_be_signed_by_its_own_key(city):
    """Whoever can write the directory and has no key cannot make it forget."""
    city.sealer.seal([A])
    path = city.vault.folder / "signed.json"
    kept = city.vault.kept()
    note = notes.read(kept.notes[A])
    forged = str(notes.Note(text=note.text.replace("\n3\n", "\n2\n"), signatures=note.signatures))
    path.write_text(kept.model_copy(update={"notes": {A: forged}}).model_dump_json())
    with pytest.raises(seal_ports.CannotSeal, match="没有本密钥的签名"):
        city.sealer.seal([A])


def test_the_seal_directory_is_its_owners_alone(city):
    city.sealer.seal([A])
    folder = city.vault.folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = {each.name: stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()}
    assert files == dict.fromkeys(("key.pem", "key.pub", "lock", "sealed.jsonl", "signed.json"), 0o600)
    (folder / "key.pem").chmod(0o640)
    with pytest.raises(seal_ports.CannotSeal, match="0600"):
        city.sealer.seal([A])
    (folder / "key.pem").unlink()
    with pytest.raises(seal_ports.CannotSeal, match="不见了"):
        city.sealer.seal([A])
    folder.chmod(0o755)
    with pytest.raises(seal_ports.CannotSeal, match="0700"):
        city.sealer.seal([A])


def test_two_never_sign_at_once(city, tmp_path):
    other = vault.FileVault(city.vault.folder, name="x", wait_s=0.0)
    with (
        city.vault.held(),
        pytest.raises(seal_ports.CannotSeal, match="另一个进程"),
        other.held(),
    ):
        pass
    with other.held():
        pass


def test_an_external_command_signs(tmp_path):
    signers.make_key(tmp_path / "key.pem")
    holder = signers.FileSigner(tmp_path / "key.pem", name="lianxi.example")
    program = (
        "import base64, pathlib, sys; from infrastructure import signers; "
        f"signer = signers.FileSigner(pathlib.Path({str(tmp_path / 'key.pem')!r}), name='x'); "
        "sys.stdout.write(base64.b64encode(signer.sign(sys.stdin.buffer.read())).decode())"
    )
    outside = signers.CommandSigner([sys.executable, "-c", program], key=holder.key)
    assert outside.sign(b"message") == holder.sign(b"message")
    signers.make_key(tmp_path / "other.pem")
    stranger = signers.FileSigner(tmp_path / "other.pem", name="lianxi.example")
    with pytest.raises(seal_ports.CannotSeal, match="与公钥不符"):
        signers.CommandSigner([sys.executable, "-c", program], key=stranger.key).sign(b"message")
    with pytest.raises(seal_ports.CannotSeal, match="没有给出签名"):
        signers.CommandSigner([str(tmp_path / "nothing")], key=holder.key).sign(b"message")


def checked(city, proof) -> str:
    read = proofs.read(proof.model_dump_json())
    return proofs.check(read, key=city.vault.key(), signed=signers.check)


def test_r094_one_fact_two_checkpoints_and_everyone_are_proved(city):
    city.sealer.seal([A, B])
    city.append(B, 4)
    city.sealer.seal([A, B])
    for position in range(1, 10):
        proof = proofs.of_fact(city.ledger, city.checkpoints, B, position=position)
        assert size(proof.checkpoint) == (5 if position <= 5 else 9)
        assert f"第 {position} 条" in checked(city, proof)
    assert "前 5 条" in checked(city, proofs.of_growth(city.ledger, city.checkpoints, B, old_size=5))
    assert "前 2 条" in checked(city, proofs.of_growth(city.ledger, city.checkpoints, seals.ALL, old_size=2))
    assert "第 3 项" in checked(city, proofs.of_seal(city.checkpoints, B))
    with pytest.raises(proofs.NoCheckpoint):
        proofs.of_fact(city.ledger, city.checkpoints, B, position=10)
    with pytest.raises(proofs.NoCheckpoint):
        proofs.of_growth(city.ledger, city.checkpoints, B, old_size=4)


def test_r094_no_changed_letter_of_a_proof_is_taken(city):
    city.sealer.seal([A, B])
    city.append(B, 4)
    city.sealer.seal([A, B])
    for proof in (
        proofs.of_fact(city.ledger, city.checkpoints, B, position=7),
        proofs.of_growth(city.ledger, city.checkpoints, B, old_size=5),
        proofs.of_seal(city.checkpoints, B),
    ):
        text = proof.model_dump_json()
        for at in range(len(text)):
            letter = "1" if text[at] != "1" else "2"
            changed = text[:at] + letter + text[at + 1 :]
            try:
                taken = proofs.read(changed)
                proofs.check(taken, key=city.vault.key(), signed=signers.check)
            except proofs.BadProof:
                continue
            assert taken == proof, changed


def test_r094_what_was_changed_after_sealing_cannot_be_proved(city, database):
    city.sealer.seal([A])
    tamper(database, *REWRITE)
    with pytest.raises(proofs.NotProvable):
        proofs.of_fact(city.ledger, city.checkpoints, A, position=1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"format":"lianxi-proof/v1","kind":"growth","old":"\\ud800","path":[],"checkpoint":"x"}',
        '{"format":"lianxi-proof/v1","kind":"growth","old":"x","path":["?"],"checkpoint":"x"}',
        # Another way to write one byte: the bits behind it are not zero.
        '{"format":"lianxi-proof/v1","kind":"growth","old":"x","path":["AB=="],"checkpoint":"x"}',
        '{"format":"lianxi-proof/v2","kind":"growth","old":"x","path":[],"checkpoint":"x"}',
    ],
)
def test_what_is_no_proof_is_refused(text):
    with pytest.raises(proofs.BadProof):
        proofs.read(text)


def test_two_processes_may_make_the_key_at_once(tmp_path):
    """Both wait for the lock before they look for the key."""
    program = (
        "import pathlib, sys; from infrastructure import vault; "
        f"v = vault.FileVault(pathlib.Path({str(tmp_path / 'seals')!r}), name='lianxi.example')\n"
        "with v.held() as held: print(held.signer.key.vkey)"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = {each.communicate()[0] for each in running}
    assert len(said) == 1
    assert said.pop().startswith("lianxi.example+")
