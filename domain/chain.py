"""The hash chain of one pair's ledger: canonical bytes, one link, and its verification.

The preimage of a link is, in this order:

    lp(FORMAT) lp(tenant) int8(position) lp(stream) int8(version) lp(topic) state_hash
    lp(actor) lp(command_id) int8(recorded_at in µs since 1970-01-01T00:00:00Z) prev_hash

where ``lp(x)`` is the length of the UTF-8 bytes as int8 followed by the bytes, ``int8`` is a signed
64-bit big-endian integer, and both hashes are 32 bytes. PostgreSQL computes the same bytes in
``ledger_append``; golden vectors prove it. The algorithm is part of the format, so another one can join.
"""

import hashlib
import hmac
import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

FORMAT = "lianxi-ledger/v1/sha256"
GENESIS = bytes(32)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLENNIUM: Final = 946_684_800_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One fact exactly as the ledger holds it. ``state`` is the very bytes that were hashed."""

    tenant: str
    position: int
    stream: str
    version: int
    topic: str
    state: bytes
    state_hash: bytes
    actor: str
    command_id: str
    recorded_at: datetime
    prev_hash: bytes
    hash: bytes


# The same without its pair, as a plain row: a replay reads millions, and an object for each costs as much as hashing it.
# Position, stream, version, topic, state, state_hash, actor, command id, µs since 2000-01-01T00:00:00Z (PostgreSQL's own
# count), prev_hash, hash.
Strip: TypeAlias = tuple[int, str, int, str, bytes, bytes, str, str, int, bytes, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first bad place of a chain, and what is wrong there."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of a chain: the last position (0 where there is none) and its hash."""

    position: int = 0
    hash: bytes = GENESIS


# Made once: for other settings than its own, json.dumps makes an encoder for every call.
_CANONICAL: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def canonical(value: Any) -> bytes:
    """Give the one byte string that stands for a JSON value: sorted keys, no blanks, UTF-8."""
    return _CANONICAL.encode(value).encode()


def content_hash(value: Any) -> str:
    """Give the SHA-256, in hex, of the canonical bytes of a JSON value: what two sides consent to."""
    return hashlib.sha256(canonical(value)).hexdigest()


def state_hash(state: bytes) -> bytes:
    """Give the hash of a fact's bytes that its entry is linked by, 32 bytes."""
    return hashlib.sha256(state).digest()


def microseconds(at: datetime) -> int:
    """Give an aware moment as whole µs since the epoch, without passing through a float."""
    return (at - EPOCH) // timedelta(microseconds=1)


_INT8: Final = struct.Struct(">q")


def int8(number: int) -> bytes:
    """Give a number as 8 bytes, signed, big-endian."""
    return _INT8.pack(number)


def prefixed(text: str) -> bytes:
    """Give the UTF-8 bytes of a text after their number as int8."""
    raw = text.encode()
    return int8(len(raw)) + raw


def preimage(entry: Entry) -> bytes:
    """Give the bytes that are hashed to link an entry to the one before it."""
    return b"".join(
        (
            prefixed(FORMAT),
            prefixed(entry.tenant),
            int8(entry.position),
            prefixed(entry.stream),
            int8(entry.version),
            prefixed(entry.topic),
            entry.state_hash,
            prefixed(entry.actor),
            prefixed(entry.command_id),
            int8(microseconds(entry.recorded_at)),
            entry.prev_hash,
        )
    )


def link(entry: Entry) -> bytes:
    """Compute the hash that an entry must carry."""
    return hashlib.sha256(preimage(entry)).digest()


def fault(entry: Entry, *, after: Head, tenant: str) -> str | None:
    """Tell what is wrong with an entry that should follow ``after``, in Chinese; None where nothing is."""
    if entry.tenant != tenant:
        return "记录属于另一个结对单位"
    if entry.position != after.position + 1:
        return f"位置不连续：应为 {after.position + 1}，实为 {entry.position}"
    if not hmac.compare_digest(entry.prev_hash, after.hash):
        return "与前一条记录的哈希不衔接"
    if not hmac.compare_digest(state_hash(entry.state), entry.state_hash):
        return "事实内容与其哈希不符"
    if not hmac.compare_digest(link(entry), entry.hash):
        return "记录哈希与内容不符"
    return None


def verify(entries: Iterable[Entry], *, tenant: str, after: Head | None = None) -> Iterator[Head | Break]:
    """Walk a chain and yield the head after each good entry; a Break is the last thing yielded."""
    head = after or Head()
    for entry in entries:
        wrong = fault(entry, after=head, tenant=tenant)
        if wrong is not None:
            yield Break(position=head.position + 1, reason=wrong)
            return
        head = Head(position=entry.position, hash=entry.hash)
        yield head


def strip(entry: Entry) -> Strip:
    """Give an entry as a plain row."""
    return (
        entry.position,
        entry.stream,
        entry.version,
        entry.topic,
        entry.state,
        entry.state_hash,
        entry.actor,
        entry.command_id,
        microseconds(entry.recorded_at) - MILLENNIUM,
        entry.prev_hash,
        entry.hash,
    )


def sound(strips: Sequence[Strip], *, tenant: str, after: Head) -> Head | None:
    """Verify rows that should follow ``after``: the head after the last, or None where any is at fault.

    The same as ``fault`` on each of their entries, which also tells what is wrong; this only tells that all is well.
    """
    try:
        return _walked(strips, tenant=tenant, after=after)
    except (TypeError, AttributeError, struct.error):
        # A hand may have left what no column holds: nothing, or a moment beyond all counting.
        return None


def _walked(strips: Sequence[Strip], *, tenant: str, after: Head) -> Head | None:
    sha256, pack = hashlib.sha256, _INT8.pack
    begin = prefixed(FORMAT) + prefixed(tenant)
    # Streams, topics and persons repeat; each is measured and encoded once.
    known: dict[str, bytes] = {}
    position, last = after.position, after.hash
    for at, stream, version, topic, state, state_hash, actor, command_id, moment, prev_hash, digest in strips:
        position += 1
        if at != position or prev_hash != last or sha256(state).digest() != state_hash:
            return None
        command = command_id.encode()
        preimage_ = (
            begin,
            pack(at),
            known.get(stream) or known.setdefault(stream, prefixed(stream)),
            pack(version),
            known.get(topic) or known.setdefault(topic, prefixed(topic)),
            state_hash,
            known.get(actor) or known.setdefault(actor, prefixed(actor)),
            pack(len(command)),
            command,
            pack(moment + MILLENNIUM),
            prev_hash,
        )
        if sha256(b"".join(preimage_)).digest() != digest:
            return None
        last = digest
    return Head(position=position, hash=last)
