"""What is sealed: the names of the trees, and what their leaves are. A tree under one name only ever grows.

Two kinds of tree have checkpoints. A pair's tree ``<name>/pairs/<pair>/<epoch>`` has one leaf a fact: leaf i, from 0,
is over the hash of the entry at position i + 1. The tree of everyone ``<name>/all/<epoch>`` has one leaf for each
checkpoint of a pair that was signed, in the order of signing: the leaf is over the text of that checkpoint, its three
lines in UTF-8 without signatures. So one checkpoint of it covers every pair's, and it too can be shown to only grow.
``name`` is the installation's own and the name of its key. ``epoch`` counts from 1; after a restore that lost what had
been signed, a declared fact opens the next one, and with it a tree of another name.
Source: R-094.
"""

from collections.abc import Iterable

from domain import merkle, notes
from domain.chain import Entry


def pair_origin(name: str, pair: str, epoch: int) -> str:
    """Name a pair's tree."""
    return f"{name}/pairs/{pair}/{epoch}"


def all_origin(name: str, epoch: int) -> str:
    """Name the tree of everyone."""
    return f"{name}/all/{epoch}"


def fact_leaves(entries: Iterable[Entry]) -> list[bytes]:
    """Give the leaf hashes of a pair's tree, from its entries in order, which must have been verified."""
    return [merkle.leaf(entry.hash) for entry in entries]


def checkpoint_leaf(checkpoint: notes.Checkpoint) -> bytes:
    """Give the leaf hash that stands for a pair's checkpoint in the tree of everyone."""
    return merkle.leaf(str(checkpoint).encode())
