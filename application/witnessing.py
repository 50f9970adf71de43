"""What a witness does: cosign a checkpoint that goes on from what he cosigned before, and no other.

A witness is one of the two sides, or anybody else who keeps a key of his own and remembers, for each tree, the last
checkpoint that he cosigned. He needs no access to the system; checkpoints and proofs come to him as files.
Source: R-094, c2sp.org/tlog-cosignature.
"""

from pydantic import Field

from application import proofs
from domain import notes, seals
from domain.decider import Value


class Refused(Exception):
    """A witness does not cosign; the message says why, in Chinese."""


class Seen(Value):
    """What a witness remembers: the signer's key line, and by tree the text of the last checkpoint cosigned."""

    signer: str = ""
    checkpoints: dict[str, str] = Field(default_factory=dict)


def cosigned(
    note_text: str,
    *,
    seen: Seen,
    key: notes.Key,
    sign: notes.Sign,
    check: notes.Check,
    at: int,
    proof: proofs.Proof | None = None,
    new_epoch: bool = False,
) -> tuple[notes.Note, Seen]:
    """Cosign a checkpoint at a moment (whole seconds since 1970).

    ``proof`` shows that it goes on from the one cosigned last; ``new_epoch`` says that the witness has read why a pair
    began another tree. Returns: the note with the cosignature, and what to remember. Raises: Refused.
    """
    signer = notes.read_key(seen.signer)
    new = _checkpoint(note_text, signer, check)
    known = seen.checkpoints.get(new.origin)
    if known is not None:
        _goes_on(notes.read_checkpoint(known), new, proof, signer=signer, check=check)
    elif not new_epoch and (other := _other_epoch(new, seen)):
        raise Refused(f"此前见证的是 {other}：台账另开了纪元。核实原因后，用 --new-epoch 见证新的一本。")
    note = notes.cosign(notes.read(note_text), key=key, at=at, sign=sign)
    remembered = {**seen.checkpoints, new.origin: str(new)}
    return note, seen.model_copy(update={"checkpoints": remembered})


def _goes_on(
    old: notes.Checkpoint,
    new: notes.Checkpoint,
    proof: proofs.Proof | None,
    *,
    signer: notes.Key,
    check: notes.Check,
) -> None:
    if new.size < old.size:
        raise Refused(f"只有 {new.size} 条，少于此前见证的 {old.size} 条：台账被截短")
    if new.size == old.size:
        if new.root != old.root:
            raise Refused(f"同为 {old.size} 条，树根却与此前见证的不同：历史被改写")
        return
    if not isinstance(proof, proofs.GrowthProof):
        raise Refused(f"请附上自 {old.size} 条以来的证明（lianxi audit proof --since {old.size}）")
    from_, to = (_checkpoint(each, signer, check) for each in (proof.old, proof.checkpoint))
    if from_ != old or to != new:
        raise Refused("所附证明不是这两个检查点之间的")
    try:
        proofs.check(proof, key=signer, signed=check)
    except proofs.BadProof as error:
        raise Refused(str(error)) from None


def _checkpoint(text: str, signer: notes.Key, check: notes.Check) -> notes.Checkpoint:
    try:
        return proofs.signed_checkpoint(text, key=signer, signed=check)
    except proofs.BadProof as error:
        raise Refused(str(error)) from None


def _other_epoch(new: notes.Checkpoint, seen: Seen) -> str | None:
    try:
        mine = seals.read_origin(new.origin)
        for each in seen.checkpoints:
            other = seals.read_origin(each)
            if (other.name, other.pair) == (mine.name, mine.pair):
                return each
    except notes.BadNote:
        raise Refused("检查点不是联席台账的") from None
    return None
