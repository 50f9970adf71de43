"""The hash chain of the access log: what an entry says, its canonical bytes, and its verification.

The preimage of a link is, in this order, with ``lp`` and ``int8`` as in ``domain/chain.py``:

    lp(FORMAT) lp(tenant) int8(position) int8(recorded_at) int8(at) lp(trace_id) lp(person) lp(how) lp(address)
    lp(method) lp(route) lp(pair) lp(matter) int8(status) lp(code) prev_hash

where moments are µs since 1970-01-01T00:00:00Z. PostgreSQL computes the same bytes in ``access_link``.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from domain import chain
from domain.chain import Break, Head

FORMAT: Final = "lianxi-access/v1/sha256"
TENANT: Final = "access"
PRUNED: Final = "PRUNE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One request and its answer, without anything of what either said.

    ``how`` is what proved who it was: ``token``, ``session``, ``key`` or ``none``. ``route`` is the template of the
    path, empty where there is none. ``pair`` may be the division whose subtree was asked for. ``code`` is that of the
    refusal. An entry about pruning has ``PRUNED`` as its method, the last position that is gone as its matter, its hash
    as its code, and the number of what was removed as its status.
    """

    at: datetime
    trace_id: str
    person: str
    how: str
    address: str
    method: str
    route: str
    pair: str
    matter: str
    status: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry exactly as the log holds it."""

    position: int
    recorded_at: datetime
    access: Access
    prev_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Where the chain begins (the last entry that was pruned, or nothing) and where it ends."""

    begin: Head = field(default_factory=Head)
    end: Head = field(default_factory=Head)


def link(entry: Entry) -> bytes:
    """Compute the hash that an entry must carry."""
    said = entry.access
    preimage = (
        chain.prefixed(FORMAT),
        chain.prefixed(TENANT),
        chain.int8(entry.position),
        chain.int8(chain.microseconds(entry.recorded_at)),
        chain.int8(chain.microseconds(said.at)),
        *map(chain.prefixed, (said.trace_id, said.person, said.how, said.address, said.method)),
        *map(chain.prefixed, (said.route, said.pair, said.matter)),
        chain.int8(said.status),
        chain.prefixed(said.code),
        entry.prev_hash,
    )
    return hashlib.sha256(b"".join(preimage)).digest()


def fault(entry: Entry, *, after: Head) -> str | None:
    """Tell what is wrong with an entry that should follow ``after``, in Chinese; None where nothing is."""
    if entry.position != after.position + 1:
        return f"位置不连续：应为 {after.position + 1}，实为 {entry.position}"
    if not hmac.compare_digest(entry.prev_hash, after.hash):
        return "与前一条记录的哈希不衔接"
    if not hmac.compare_digest(link(entry), entry.hash):
        return "记录哈希与内容不符"
    return None


def verify(entries: Iterable[Entry], *, ends: Ends) -> Iterator[Head | Break]:
    """Walk the chain from where it begins and yield the head after each good entry; a Break is the last thing yielded.

    It must end where the head row says, and begin where its last entry about pruning says.
    """
    head, begun = ends.begin, Head()
    for entry in entries:
        wrong = fault(entry, after=head)
        if wrong is not None:
            yield Break(position=head.position + 1, reason=wrong)
            return
        head = Head(position=entry.position, hash=entry.hash)
        begun = _begun(entry) or begun
        yield head
    if head != ends.end:
        yield Break(position=head.position + 1, reason=f"记录到此为止，而末端应为 {ends.end.position}")
    elif begun != ends.begin:
        yield Break(position=ends.begin.position + 1, reason="起点与最近一次清理的记录不符")


def _begun(entry: Entry) -> Head | None:
    said = entry.access
    if said.method != PRUNED:
        return None
    try:
        return Head(position=int(said.matter), hash=bytes.fromhex(said.code))
    except ValueError:
        return Head(position=-1)
