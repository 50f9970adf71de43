"""What is sealed: the names of the trees, and what their leaves are. A tree under one name only ever grows.

Two kinds of tree have checkpoints. A pair's tree ``<name>/pairs/<pair>/<epoch>`` has one leaf a fact: leaf i, from 0,
is over the hash of the entry at position i + 1. The tree of everyone ``<name>/all/<epoch>`` has one leaf for each text
that was sealed, in the order of sealing; the leaf is over the text in UTF-8. A text is a pair's checkpoint, its three
lines without signatures, or the declaration that a pair begins a new epoch. So one checkpoint of the tree of everyone
covers every pair's, and it too can be shown to only grow.

``name`` is the installation's own and the name of its key. ``epoch`` counts from 1. After a restore that lost what had
been signed, a declaration opens the next one: seven lines, namely ``EPOCH``, the origin that begins, the three lines of
the checkpoint that is given up (origin, size, root), the moment in UTC, the reason.
Source: R-094.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from domain import merkle, notes
from domain.chain import Entry

EPOCH: Final = "lianxi-epoch/v1"
ALL: Final = "all"
_LINES: Final = 7
_ORIGIN: Final = re.compile(r"(?P<name>.+)/(?:pairs/(?P<pair>[^/]+)|all)/(?P<epoch>[1-9][0-9]*)")


def pair_origin(name: str, pair: str, epoch: int) -> str:
    """Name a pair's tree."""
    return f"{name}/pairs/{pair}/{epoch}"


def all_origin(name: str, epoch: int) -> str:
    """Name the tree of everyone."""
    return f"{name}/all/{epoch}"


def fact_leaves(entries: Iterable[Entry]) -> list[bytes]:
    """Give the leaf hashes of a pair's tree, from its entries in order, which must have been verified."""
    return [merkle.leaf(entry.hash) for entry in entries]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The name of a tree, taken apart; ``pair`` is None for the tree of everyone."""

    name: str
    pair: str | None
    epoch: int


def read_origin(text: str) -> Origin:
    """Take the name of a tree apart. Raises: BadNote."""
    match = _ORIGIN.fullmatch(text)
    if match is None:
        raise notes.BadNote("not the name of a tree of ours")
    return Origin(name=match["name"], pair=match["pair"], epoch=int(match["epoch"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A pair begins a new epoch: which tree begins, which checkpoint is given up, when (aware), and why (one line)."""

    origin: str
    given_up: notes.Checkpoint
    at: datetime
    reason: str

    def __str__(self) -> str:
        at = self.at.astimezone(UTC).isoformat(timespec="seconds")
        return f"{EPOCH}\n{self.origin}\n{self.given_up}{at}\n{self.reason}\n"


def read_declaration(text: str) -> Declaration | None:
    """Read a sealed text that declares a new epoch; None where it is none. Raises: BadNote where it is a bad one."""
    lines = text.split("\n")
    if lines[0] != EPOCH:
        return None
    if len(lines) != _LINES + 1 or lines[-1] or not lines[-2]:
        raise notes.BadNote("a declaration has seven lines")
    given_up = notes.read_checkpoint("\n".join(lines[2:5]) + "\n")
    read_origin(lines[1])
    try:
        at = datetime.fromisoformat(lines[5])
    except ValueError:
        raise notes.BadNote("not a moment") from None
    return Declaration(origin=lines[1], given_up=given_up, at=at, reason=lines[6])


def leaf(text: str) -> bytes:
    """Give the leaf hash that stands for a sealed text in the tree of everyone."""
    return merkle.leaf(text.encode())
