"""R-094: a witness of either side cosigns what goes on from what he saw, by file, and nothing else."""

import stat
import threading
from types import SimpleNamespace

import pytest

from api import timekeeper
from application import commands, proofs, seal_ports, witnessing
from domain import minutes, notes, seals
from infrastructure import signers, witness
from tests import sealed
from tests.infrastructure.test_sealing import CUT, REWRITE, A, B, city, tamper

__all__ = ["city"]
AT = 1_800_000_000


@pytest.fixture
def union(city, tmp_path):
    city.sealer.seal([A, B])
    folder = tmp_path / "union"
    witness.make(folder, name="union.example/140802", signer=city.vault.key().vkey)
    return folder


def cosign(folder, note, *, proof=None, new_epoch=False, at=AT):
    signer, seen = witness.load(folder)
    signed, after = witnessing.cosigned(
        note,
        seen=seen,
        key=signer.key,
        sign=signer.sign,
        check=signers.check,
        at=at,
        proof=proof,
        new_epoch=new_epoch,
    )
    witness.remember(folder, after)
    assert notes.cosigned_at(signed, key=signer.key, check=signers.check) == at
    return signed


def test_r094_both_sides_cosign_one_checkpoint(city, union, tmp_path):
    government = tmp_path / "government"
    witness.make(government, name="gov.example/140802", signer=city.vault.key().vkey)
    note = city.checkpoints.latest(A).note
    both = cosign(government, str(cosign(union, note)))
    assert [each.name for each in both.signatures] == [
        "lianxi.example",
        "union.example/140802",
        "gov.example/140802",
    ]
    assert notes.signed_by(both, key=city.vault.key(), check=signers.check)


def test_r094_a_witness_goes_on_with_a_proof_and_not_without(city, union):
    cosign(union, city.checkpoints.latest(B).note)
    city.append(B, 3)
    city.sealer.seal([B])
    note = city.checkpoints.latest(B).note
    with pytest.raises(witnessing.Refused, match="--since 5"):
        cosign(union, note)
    whole = proofs.of_growth(city.ledger, city.checkpoints, seals.ALL, old_size=2)
    with pytest.raises(witnessing.Refused, match="不是这两个检查点之间的"):
        cosign(union, note, proof=whole)
    cosign(union, note, proof=proofs.of_growth(city.ledger, city.checkpoints, B, old_size=5))
    cosign(union, note)


def test_r094_a_witness_of_everyone_sees_with_one_signature_that_all_go_on(city, union):
    cosign(union, city.checkpoints.latest(seals.ALL).note)
    city.append(A)
    city.sealer.seal([A, B])
    proof = proofs.of_growth(city.ledger, city.checkpoints, seals.ALL, old_size=2)
    cosign(union, city.checkpoints.latest(seals.ALL).note, proof=proof)


@pytest.mark.parametrize(
    ("statements", "reason"), [(REWRITE, "历史被改写"), (CUT, "台账被截短")], ids=["rewritten", "cut"]
)
def test_r094_not_even_who_holds_the_signers_key_can_make_a_witness_sign_another_history(
    city, union, database, tmp_path, statements, reason
):
    """The seal directory is given a past that knows of nothing; the witness still does."""
    cosign(union, city.checkpoints.latest(A).note)
    tamper(database, *statements, "DELETE FROM ledger.ledger_checkpoint", "DELETE FROM ledger.ledger_sealed")
    for name in ("signed.json", "sealed.jsonl"):
        (city.vault.folder / name).unlink()
    found = city.sealer.seal([A])
    assert found.ok
    with pytest.raises(witnessing.Refused, match=reason):
        cosign(union, found.pairs[0].note)


def test_r094_a_new_epoch_is_cosigned_only_by_who_has_read_why(city, union, database):
    cosign(union, city.checkpoints.latest(A).note)
    tamper(database, *CUT)
    city.sealer.open_epoch(A, reason="恢复备份")
    city.sealer.seal([A])
    note = city.checkpoints.latest(A).note
    with pytest.raises(witnessing.Refused, match="另开了纪元"):
        cosign(union, note)
    cosign(union, note, new_epoch=True)


def test_r094_a_checkpoint_of_another_signer_is_not_cosigned(city, union, tmp_path):
    other = sealed.over(city.db, tmp_path / "other", name="lianxi.example")
    with other.vault.held() as held:
        text = notes.read(city.checkpoints.latest(A).note).text
        forged = str(notes.sign(text, key=held.signer.key, sign=held.signer.sign))
    with pytest.raises(witnessing.Refused, match=r"没有 lianxi\.example 的有效签名"):
        cosign(union, forged)
    with pytest.raises(witnessing.Refused, match="格式不对"):
        cosign(union, "x")


def test_a_witnesss_folder_is_his_own_and_made_once(union, city):
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in union.iterdir()}
    assert modes == dict.fromkeys(("witness.pem", "witness.pub", "seen.json"), 0o600)
    with pytest.raises(seal_ports.CannotSeal, match="已有密钥"):
        witness.make(union, name="x", signer=city.vault.key().vkey)
    (union / "seen.json").unlink()
    with pytest.raises(seal_ports.CannotSeal, match="无法读取"):
        witness.load(union)


# --- beside a running server -----------------------------------------------------------------------------------


class Recorder:
    """Stands for a sealer, and says when it was asked."""

    def __init__(self):
        self.asked = []
        self.called = threading.Event()
        self.fault = None

    def pairs(self, scope):
        return [scope, "all of them"]

    def seal(self, pairs, *, thorough, stopped):
        self.asked.append((list(pairs), thorough))
        self.called.set()
        if self.fault:
            raise self.fault
        return SimpleNamespace(pairs=(), findings=())

    def wait(self):
        assert self.called.wait(10)
        self.called.clear()
        return self.asked[-1]


def receipt(*facts, replayed=False):
    return commands.Receipt(
        pair=A,
        kind="minutes",
        id="M1",
        version=1,
        first_position=1,
        last_position=1,
        facts=facts,
        command_id="c",
        replayed=replayed,
    )


def test_r094_a_running_server_seals_a_pair_as_soon_as_minutes_are_issued_there():
    desk = SimpleNamespace(office=SimpleNamespace(listeners=[]), sealer=Recorder())
    with timekeeper.sealing(desk, "14", every=3600, first=3600, pause=0):
        [told] = desk.office.listeners
        told(receipt("minutes.drafted"))
        told(receipt(minutes.MinutesIssued.topic, replayed=True))
        desk.sealer.fault = seal_ports.CannotSeal("x")
        told(receipt(minutes.MinutesIssued.topic))
        assert desk.sealer.wait() == ([A], False)
        # A fault does not end the thread.
        desk.sealer.fault = None
        told(receipt(minutes.MinutesIssued.topic))
        assert desk.sealer.wait() == ([A], False)
    assert desk.sealer.asked == [([A], False)] * 2
    assert desk.office.listeners == []


def test_r094_a_running_server_seals_everyone_at_an_interval():
    desk = SimpleNamespace(office=SimpleNamespace(listeners=[]), sealer=Recorder())
    with timekeeper.sealing(desk, "14", every=0.01, first=0, pause=0):
        for _ in range(3):
            everyone = ["14", "all of them", "administration", "all of them"]
            assert desk.sealer.wait() == (everyone, True)
