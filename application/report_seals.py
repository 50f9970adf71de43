"""Which checkpoints a report rests on: they stand beside it, because sealing changes no fact and no figure.

Source: R-092, R-094.
"""

from datetime import datetime

from pydantic import Field

from application.reports import Report
from application.seal_ports import Checkpoints, Published
from domain import notes, seals
from domain.decider import Value


class Seal(Value):
    """一个检查点：前若干条事实的树根，连同签名。"""

    tree: str = Field(title="结对单位，或 all（全体）")
    origin: str = Field(title="树的名称")
    size: int = Field(title="覆盖的叶数", description="结对单位的，即前若干条事实。")
    root: str = Field(title="树根（十六进制）")
    note: str = Field(title="签名检查点（C2SP signed note）")
    at: datetime = Field(title="封存时间")


class Seals(Value):
    """报告所依据的检查点；检查点之后新记入的，只有哈希链，尚无签名。"""

    pairs: tuple[Seal, ...] = Field(title="各结对单位", description="尚未封存的不列。")
    everyone: Seal | None = Field(title="全体", description="覆盖各单位检查点的检查点。")


def of_report(
    checkpoints: Checkpoints, report: Report, *, scope: str, until: datetime | None = None
) -> Seals:
    """Give the last checkpoint at or before each position that a report rests on, published by ``until``.

    ``scope`` is the beginning that the ids of the report's pairs share.
    """
    ends = {each.pair: each.position for each in report.rests_on}
    found = checkpoints.covering(scope, ends, until=until)
    if until is None:
        everyone = checkpoints.latest(seals.ALL)
    else:
        everyone = next(iter(checkpoints.listed(seals.ALL, before=(until, _LAST, 0), limit=1)), None)
    return Seals(
        pairs=tuple(_seal(pair, found[pair]) for pair in sorted(found)),
        everyone=_seal(seals.ALL, everyone) if everyone is not None else None,
    )


# Sorts after every name of a tree.
_LAST = "\U0010ffff"


def _seal(tree: str, published: Published) -> Seal:
    checkpoint = notes.read_checkpoint(notes.read(published.note).text)
    return Seal(
        tree=tree,
        origin=published.origin,
        size=published.size,
        root=checkpoint.root.hex(),
        note=published.note,
        at=published.at,
    )
