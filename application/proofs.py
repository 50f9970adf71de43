"""Proofs that hold without the system: of one fact, of two checkpoints, of a pair in the tree of everyone.

A proof is one JSON object. ``format`` is ``lianxi-proof/v1``; ``checkpoint`` is a signed note; ``path`` lists base64
hashes, lowest first. ``kind`` says what more there is:

- ``fact``: ``entry`` (all that the hash of the entry at ``index`` + 1 is over) is leaf ``index`` of the checkpoint;
- ``growth``: the tree of ``old``, another signed note, is the beginning of the checkpoint's;
- ``seal``: the text of ``sealed``, a signed note of a pair, is leaf ``index`` of the checkpoint of everyone.

Whoever checks one needs the signer's key line and nothing else. Source: R-094.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, AwareDatetime, Field, TypeAdapter

from application import ports, seal_ports
from domain import chain, merkle, notes, seals
from domain.decider import Value

FORMAT: Final = "lianxi-proof/v1"


class NoCheckpoint(LookupError):
    """还没有盖住这个位置的检查点。"""


class NotProvable(Exception):
    """台账与已签名的检查点不符，无法给出证明；请核验台账。"""


class BadProof(ValueError):
    """A proof proves nothing; the message says why, in Chinese."""


def _base64(text: str) -> str:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None
    # Two texts must never stand for the same bytes, or a proof could be changed and still hold.
    if base64.b64encode(raw).decode() != text:
        raise ValueError("not base64 in its one form")
    return text


Base64 = Annotated[str, AfterValidator(_base64)]
Hex32 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ShownEntry(Value):
    """An entry of the ledger with the exact bytes of its fact; its hashes follow from the rest."""

    tenant: str
    position: int = Field(ge=1, lt=2**63)
    stream: str
    version: int = Field(ge=-(2**63), lt=2**63)
    topic: str
    state: Base64
    actor: str
    command_id: str
    recorded_at: AwareDatetime
    prev_hash: Hex32
    hash: Hex32


class FactProof(Value):
    """One fact is in a checkpoint."""

    format: Literal["lianxi-proof/v1"] = FORMAT
    kind: Literal["fact"] = "fact"
    index: int = Field(ge=0, lt=2**63)
    entry: ShownEntry
    path: tuple[Base64, ...]
    checkpoint: str


class GrowthProof(Value):
    """One checkpoint goes on from another."""

    format: Literal["lianxi-proof/v1"] = FORMAT
    kind: Literal["growth"] = "growth"
    old: str
    path: tuple[Base64, ...]
    checkpoint: str


class SealProof(Value):
    """A pair's checkpoint is in that of everyone."""

    format: Literal["lianxi-proof/v1"] = FORMAT
    kind: Literal["seal"] = "seal"
    index: int = Field(ge=0, lt=2**63)
    sealed: str
    path: tuple[Base64, ...]
    checkpoint: str


Proof = FactProof | GrowthProof | SealProof
_ANY: Final[TypeAdapter[Proof]] = TypeAdapter(Annotated[Proof, Field(discriminator="kind")])


def of_fact(
    ledger: ports.Facts, checkpoints: seal_ports.Checkpoints, pair: str, *, position: int
) -> FactProof:
    """Prove one fact by the smallest checkpoint of the present epoch that covers it.

    Raises: NoCheckpoint, NotProvable.
    """
    published = checkpoints.at_size(pair, position)
    if published is None or position < 1:
        raise NoCheckpoint
    entries = list(ledger.entries(pair, until=published.size))
    leaves = _leaves(entries, published)
    return FactProof(
        index=position - 1,
        entry=_shown(entries[position - 1]),
        path=_path(merkle.inclusion_proof(leaves, position - 1)),
        checkpoint=published.note,
    )


def of_growth(
    ledger: ports.Facts,
    checkpoints: seal_ports.Checkpoints,
    tenant: str,
    *,
    old_size: int,
    size: int | None = None,
) -> GrowthProof:
    """Prove that the checkpoint of a size (the last where None) goes on from that of another size, of one epoch.

    ``tenant`` is a pair, or ``seals.ALL`` for the tree of everyone. Raises: NoCheckpoint, NotProvable.
    """
    old = checkpoints.at_size(tenant, old_size)
    new = checkpoints.latest(tenant) if size is None else checkpoints.at_size(tenant, size)
    if (
        old is None
        or new is None
        or old.size != old_size
        or size not in {None, new.size}
        or old_size > new.size
    ):
        raise NoCheckpoint
    if tenant == seals.ALL:
        leaves = _sealed_leaves(checkpoints, new)
    else:
        leaves = _leaves(list(ledger.entries(tenant, until=new.size)), new)
    return GrowthProof(
        old=old.note, path=_path(merkle.consistency_proof(leaves, old_size)), checkpoint=new.note
    )


def of_seal(checkpoints: seal_ports.Checkpoints, pair: str) -> SealProof:
    """Prove that a pair's last checkpoint is in the last one of everyone. Raises: NoCheckpoint, NotProvable."""
    sealed, everyone = checkpoints.latest(pair), checkpoints.latest(seals.ALL)
    if sealed is None or sealed.number is None or everyone is None or sealed.number >= everyone.size:
        raise NoCheckpoint
    leaves = _sealed_leaves(checkpoints, everyone)
    if leaves[sealed.number] != seals.leaf(notes.read(sealed.note).text):
        raise NotProvable
    return SealProof(
        index=sealed.number,
        sealed=sealed.note,
        path=_path(merkle.inclusion_proof(leaves, sealed.number)),
        checkpoint=everyone.note,
    )


def _leaves(entries: Sequence[chain.Entry], published: seal_ports.Published) -> list[bytes]:
    return _matching(seals.fact_leaves(entries), published)


def _sealed_leaves(checkpoints: seal_ports.Checkpoints, published: seal_ports.Published) -> list[bytes]:
    found = checkpoints.leaves(published.origin, until=published.size)
    return _matching([seals.leaf(each.text) for each in found], published)


def _matching(leaves: list[bytes], published: seal_ports.Published) -> list[bytes]:
    checkpoint = notes.read_checkpoint(notes.read(published.note).text)
    if len(leaves) != checkpoint.size or merkle.root(leaves) != checkpoint.root:
        raise NotProvable
    return leaves


def _path(hashes: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(base64.b64encode(each).decode() for each in hashes)


def _shown(entry: chain.Entry) -> ShownEntry:
    return ShownEntry(
        tenant=entry.tenant,
        position=entry.position,
        stream=entry.stream,
        version=entry.version,
        topic=entry.topic,
        state=base64.b64encode(entry.state).decode(),
        actor=entry.actor,
        command_id=entry.command_id,
        recorded_at=entry.recorded_at,
        prev_hash=entry.prev_hash.hex(),
        hash=entry.hash.hex(),
    )


def read(text: str) -> Proof:
    """Read a proof. Raises: BadProof."""
    try:
        # Pydantic's own reader refuses lone surrogates and deep nesting, which json lets through.
        return _ANY.validate_json(text.encode())
    except ValueError:
        raise BadProof("不是联席的证明文件") from None


def check(proof: Proof, *, key: notes.Key, signed: notes.Check) -> str:
    """Check a proof by the signer's key. Returns: what it proves, in one Chinese sentence. Raises: BadProof."""
    new = signed_checkpoint(proof.checkpoint, key=key, signed=signed)
    path = [base64.b64decode(each) for each in proof.path]
    origin = _origin(new)
    match proof:
        case FactProof():
            return _fact(proof, new, path, pair=origin.pair)
        case SealProof():
            sealed = signed_checkpoint(proof.sealed, key=key, signed=signed)
            if origin.pair is not None or not merkle.included(
                seals.leaf(str(sealed)), index=proof.index, size=new.size, proof=path, root=new.root
            ):
                raise BadProof("单位的检查点不在全体检查点之内")
            return (
                f"检查点 {sealed.origin}（{sealed.size} 条）已封存在 {new.origin} 的第 {proof.index + 1} 项"
            )
        case GrowthProof():
            old = signed_checkpoint(proof.old, key=key, signed=signed)
            if old.origin != new.origin or not merkle.consistent(
                old_size=old.size, old_root=old.root, size=new.size, root=new.root, proof=path
            ):
                raise BadProof("后一个检查点不是前一个的延续")
            return f"{new.origin} 的前 {old.size} 条在 {new.size} 条的检查点中原样未动"


def _fact(proof: FactProof, new: notes.Checkpoint, path: list[bytes], *, pair: str | None) -> str:
    entry = _entry(proof.entry)
    if entry.tenant != pair or entry.position != proof.index + 1 or chain.link(entry) != entry.hash:
        raise BadProof("事实的内容与其哈希不符")
    if not merkle.included(
        merkle.leaf(entry.hash), index=proof.index, size=new.size, proof=path, root=new.root
    ):
        raise BadProof("事实不在检查点之内")
    return f"{entry.tenant} 的第 {entry.position} 条（{entry.topic}）在 {new.size} 条的检查点之内"


def _entry(shown: ShownEntry) -> chain.Entry:
    state = base64.b64decode(shown.state)
    return chain.Entry(
        **shown.model_dump(exclude={"state", "prev_hash", "hash"}),
        state=state,
        state_hash=chain.state_hash(state),
        prev_hash=bytes.fromhex(shown.prev_hash),
        hash=bytes.fromhex(shown.hash),
    )


def signed_checkpoint(text: str, *, key: notes.Key, signed: notes.Check) -> notes.Checkpoint:
    """Read a checkpoint that must be signed by a key. Raises: BadProof."""
    try:
        note = notes.read(text)
        checkpoint = notes.read_checkpoint(note.text)
    except notes.BadNote:
        raise BadProof("检查点的格式不对") from None
    if not notes.signed_by(note, key=key, check=signed):
        raise BadProof(f"检查点没有 {key.name} 的有效签名")
    return checkpoint


def _origin(checkpoint: notes.Checkpoint) -> seals.Origin:
    try:
        return seals.read_origin(checkpoint.origin)
    except notes.BadNote:
        raise BadProof("检查点不是联席台账的") from None
