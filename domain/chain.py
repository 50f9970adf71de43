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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

FORMAT = "lianxi-ledger/v1/sha256"
GENESIS = bytes(32)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


def canonical(value: Any) -> bytes:
    """Give the one byte string that stands for a JSON value: sorted keys, no blanks, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def content_hash(value: Any) -> str:
    """Give the SHA-256, in hex, of the canonical bytes of a JSON value: what two sides consent to."""
    return hashlib.sha256(canonical(value)).hexdigest()


def state_hash(state: bytes) -> bytes:
    """Give the hash of a fact's bytes that its entry is linked by, 32 bytes."""
    return hashlib.sha256(state).digest()


def microseconds(at: datetime) -> int:
    """Give an aware moment as whole µs since the epoch, without passing through a float."""
    return (at - EPOCH) // timedelta(microseconds=1)


def _int8(number: int) -> bytes:
    return number.to_bytes(8, "big", signed=True)


def _prefixed(text: str) -> bytes:
    raw = text.encode()
    return _int8(len(raw)) + raw


def preimage(entry: Entry) -> bytes:
    """Give the bytes that are hashed to link an entry to the one before it."""
    return b"".join(
        (
            _prefixed(FORMAT),
            _prefixed(entry.tenant),
            _int8(entry.position),
            _prefixed(entry.stream),
            _int8(entry.version),
            _prefixed(entry.topic),
            entry.state_hash,
            _prefixed(entry.actor),
            _prefixed(entry.command_id),
            _int8(microseconds(entry.recorded_at)),
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
