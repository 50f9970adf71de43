"""Verify the access log: its chain, where it begins and where it ends."""

from collections.abc import Callable

from pydantic import BaseModel, Field

from application import ports
from domain import accesses
from domain.chain import Break, Head

STEP = 1000


class Verified(BaseModel):
    """What a verification of the access log found."""

    ok: bool = Field(title="完好")
    checked: int = Field(title="核验的条数")
    begin: int = Field(title="起点：此前的记录已按期清理")
    position: int = Field(title="末端位置")
    hash: str = Field(title="末端哈希")
    bad_position: int | None = Field(default=None, title="第一个不符的位置")
    reason: str = Field(default="", title="何处不符")


def verify(
    log: ports.AccessLog, *, kept: Head | None = None, progress: Callable[[int], None] = lambda _: None
) -> Verified:
    """Walk the whole access log.

    Args:
        log: the log.
        kept: a position and hash that were noted before, which must be on the chain.
        progress: told now and then how many entries were checked.

    Raises: LedgerUnavailable.
    """
    with log.walk() as (ends, entries):
        head, bad, checked = ends.begin, None, 0
        met = kept is None or kept == ends.begin
        for each in accesses.verify(entries, ends=ends):
            if isinstance(each, Break):
                bad = each
                break
            head, checked = each, checked + 1
            met = met or each == kept
            if checked % STEP == 0:
                progress(checked)
        progress(checked)
        if bad is None and kept is not None and not met:
            bad = Break(position=kept.position, reason="以前留存的位置和哈希不在链上")
    return Verified(
        ok=bad is None,
        checked=checked,
        begin=ends.begin.position,
        position=head.position,
        hash=head.hash.hex(),
        bad_position=bad.position if bad else None,
        reason=bad.reason if bad else "",
    )
