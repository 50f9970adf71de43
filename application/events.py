"""What leaves the system: facts as CloudEvents 1.0, and how far a reader of many pairs has come.

A reader follows a pair from a head he knows. Every entry is verified against the one before it, so nothing leaves
that was changed, and a ledger that ends before what was already seen is an alarm. Source: R-093, R-094, R-095.
"""

import base64
import binascii
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import islice
from typing import Any, Final

from application.dossier import LedgerBroken, Unreadable
from application.ports import Facts, LedgerRewound
from domain import chain
from domain.chain import Entry, Head

TYPE_PREFIX: Final = "lianxi."
MEDIA_TYPE: Final = "application/cloudevents+json"
BATCH_MEDIA_TYPE: Final = "application/cloudevents-batch+json"
# 3,000 pairs take about 7,300 characters; a server takes 16,384 bytes of headers in all.
CURSOR_LENGTH: Final = 12_000
_DIGEST: Final = 8
_LARGEST: Final = 1 << 18
_PAIR: Final = re.compile(r"[0-9A-Z-]{1,16}")
_POSITIONS: Final = 2**53
_SEVEN: Final = 7
# A cursor of many pairs has no room for hashes: they are looked up where a pair has moved.
UNKNOWN: Final = b""
_NOTHING: Final = Head()


class BadCursor(ValueError):
    """No cursor, or one of another reader or another scope."""


class CursorTooLong(Exception):
    """More pairs than one cursor can hold."""


def source(tenant: str) -> str:
    """Give the CloudEvents source of a pair's facts: the pair's path in the API."""
    return f"/v1/pairs/{tenant}"


def event_type(topic: str) -> str:
    """Give the CloudEvents type of a fact: its stable name with a prefix.

    >>> event_type("topic.approved")
    'lianxi.topic.approved'
    """
    return f"{TYPE_PREFIX}{topic}"


def attributes(entry: Entry) -> dict[str, Any]:
    """Give the context attributes of an entry's event: the required ones, then extensions in lower-case letters.

    ``id`` is the entry's hash, so that it stays the same however often the event is sent, and never names another.
    """
    return {
        "specversion": "1.0",
        "id": entry.hash.hex(),
        "source": source(entry.tenant),
        "type": event_type(entry.topic),
        "subject": entry.stream,
        "time": entry.recorded_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "partitionkey": entry.tenant,
        "sequence": f"{entry.position:019d}",
        "position": entry.position,
        "streamversion": entry.version,
        "actor": entry.actor,
        "commandid": entry.command_id,
        "statehash": entry.state_hash.hex(),
        "prevhash": entry.prev_hash.hex(),
        "hash": entry.hash.hex(),
    }


def cloud_event(entry: Entry) -> str:
    """Give an entry as structured JSON; ``data`` is the very text that the ledger keeps and has hashed.

    Raises: Unreadable where that text is no JSON object, which only a hand past the program can have written.
    """
    try:
        data = entry.state.decode()
        whole = isinstance(json.loads(data), dict)
    except (ValueError, RecursionError):
        whole = False
    if not whole:
        raise Unreadable(f"{entry.tenant}@{entry.position}")
    shown = json.dumps(attributes(entry), ensure_ascii=False, separators=(",", ":"))
    return f'{shown[:-1]},"data":{data}}}'


def locate(ledger: Facts, tenant: str, position: int) -> Head:
    """Find the head that a pair had at a position, so that what follows can be verified against it.

    Raises: LedgerRewound where the ledger ends before it.
    """
    if position == 0:
        return Head()
    found = next(iter(ledger.entries(tenant, after=position - 1, until=position)), None)
    if found is None:
        raise LedgerRewound(f"{tenant}: the ledger ends before {position}")
    return Head(position=found.position, hash=found.hash)


def following(ledger: Facts, tenant: str, *, after: Head, limit: int) -> list[Entry]:
    """Read up to ``limit`` entries after a head, each verified against the one before it.

    Raises: LedgerRewound, LedgerBroken.
    """
    head, found = after, []
    entries = ledger.entries(tenant, after=after.position, until=after.position + limit)
    for entry in islice(entries, limit):
        wrong = chain.fault(entry, after=head, tenant=tenant)
        if wrong is not None:
            raise LedgerBroken(f"{tenant}@{head.position + 1}: {wrong}")
        head = Head(position=entry.position, hash=entry.hash)
        found.append(entry)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Facts of several pairs, pair by pair and in order within each, and where the reader is after them."""

    entries: Sequence[Entry]
    heads: Mapping[str, Head]
    more: bool


def following_many(
    ledger: Facts, heads: Mapping[str, Head], *, after: Mapping[str, Head], limit: int, first: str = ""
) -> Batch:
    """Read up to ``limit`` entries of the pairs that moved, beginning with the pair ``first`` or the next one.

    Args:
        ledger: the ledgers.
        heads: where the ledgers end, as far as the reader is told.
        after: where the reader is, by pair; a hash that he does not know is ``UNKNOWN``.
        limit: how many entries at most.
        first: where to begin among the pairs, so that a busy pair cannot keep the others waiting.

    Raises: LedgerRewound, LedgerBroken.
    """
    for tenant, seen in after.items():
        _insist(tenant, heads.get(tenant, Head()), seen)
    reached = dict(after)
    moved = [tenant for tenant, end in heads.items() if end.position > _seen(reached, tenant).position]
    found: list[Entry] = []
    for tenant in sorted(moved, key=lambda each: (each < first, each)):
        begin = _seen(reached, tenant)
        wanted = min(limit - len(found), heads[tenant].position - begin.position)
        if not wanted:
            break
        if begin.hash == UNKNOWN:
            begin = locate(ledger, tenant, begin.position)
        entries = following(ledger, tenant, after=begin, limit=wanted)
        if len(entries) < wanted:
            raise LedgerRewound(f"{tenant}: the ledger ends before {begin.position + wanted}")
        found += entries
        reached[tenant] = Head(position=entries[-1].position, hash=entries[-1].hash)
    more = any(_seen(reached, tenant).position < heads[tenant].position for tenant in moved)
    return Batch(entries=found, heads=reached, more=more)


def _seen(reached: Mapping[str, Head], tenant: str) -> Head:
    return reached.get(tenant, _NOTHING)


def _insist(tenant: str, end: Head, seen: Head) -> None:
    # The same position with another hash is an old backup that has grown again.
    regrown = end.position == seen.position and seen.hash not in {UNKNOWN, end.hash}
    if end.position < seen.position or regrown:
        raise LedgerRewound(f"{tenant}: the ledger ends at {end.position}, the reader knows {seen.position}")


def seal(positions: Mapping[str, int], *, bound_to: Mapping[str, Any]) -> str:
    """Make an opaque cursor of positions by pair, good for one reader and one scope alone.

    Pairs are front-coded in order, positions are variable-length numbers, and both are deflated.
    Raises: CursorTooLong.
    """
    names, places, before = bytearray(), bytearray(), ""
    for tenant, position in sorted(positions.items()):
        if not position:
            continue
        shared = next((n for n, (a, b) in enumerate(zip(before, tenant, strict=False)) if a != b), None)
        shared = min(len(before), len(tenant)) if shared is None else shared
        names += bytes([ord("a") + shared]) + tenant[shared:].encode()
        places += _number(position)
        before = tenant
    held = zlib.compress(bytes(names) + b"\0" + bytes(places), 9)
    cursor = base64.urlsafe_b64encode(_bound(bound_to) + held).decode().rstrip("=")
    if len(cursor) > CURSOR_LENGTH:
        raise CursorTooLong
    return cursor


def unseal(cursor: str, *, bound_to: Mapping[str, Any]) -> dict[str, int]:
    """Open a cursor. It is opaque but no secret, so what it holds is judged like anything else that is sent.

    Raises: BadCursor.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        opened = zlib.decompressobj()
        held = opened.decompress(raw[_DIGEST:], _LARGEST)
    except (ValueError, binascii.Error, zlib.error) as broken:
        raise BadCursor from broken
    if not opened.eof:
        raise BadCursor
    names, _, places = held.partition(b"\0")
    positions = dict(zip(_names(names), _numbers(places), strict=False))
    # Whatever would seal otherwise was made by another hand; and of another reader or scope the beginning differs.
    if not all(map(_PAIR.fullmatch, positions)):
        raise BadCursor
    try:
        ours = seal(positions, bound_to=bound_to) == cursor
    except CursorTooLong:
        ours = False
    if not ours:
        raise BadCursor
    return positions


def _bound(to: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(json.dumps(dict(to), sort_keys=True).encode()).digest()[:_DIGEST]


def _number(value: int) -> bytes:
    found = bytearray()
    while value >= 1 << _SEVEN:
        found.append(value & 127 | 128)
        value >>= _SEVEN
    return bytes(found) + bytes([value])


def _numbers(raw: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in raw:
        value |= (byte & 127) << shift
        shift += _SEVEN
        if value > _POSITIONS or shift > 9 * _SEVEN:
            raise BadCursor
        if byte < 1 << _SEVEN:
            yield value
            value = shift = 0


def _names(raw: bytes) -> Iterator[str]:
    before = ""
    for part in re.findall(rb"[a-z][0-9A-Z-]*", raw):
        before = before[: part[0] - ord("a")] + part[1:].decode()
        yield before
