"""The Merkle tree of RFC 6962 over hashes: its root, its two proofs, and how each is checked.

A leaf is SHA-256(0x00 ‖ data), a node SHA-256(0x01 ‖ left ‖ right). Over a pair's ledger the data of leaf i
(counted from 0) is the hash of the entry at position i + 1. Every hash here has 32 bytes and every tree at
least one leaf: both are demanded, because an empty hash would otherwise be judged equal to an empty hash.
"""

import hashlib
from collections.abc import Iterable, Sequence

WIDTH = 32


class BadTree(ValueError):
    """A size below 1, an index outside of the tree, or a hash of another length than 32 bytes."""


def leaf(data: bytes) -> bytes:
    """Give the hash of one leaf, 32 bytes, over its data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Give the hash of the node over two subtrees, 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree that only grows, in a memory of one hash for each bit of its size.

    ``peaks`` are the roots of the full subtrees, from the largest to the smallest: one for each bit set in ``size``.
    """

    def __init__(self, *, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Begin with nothing, or go on from the size and the peaks of an earlier tree. Raises: BadTree."""
        _demand(peaks)
        if size.bit_count() != len(peaks):
            raise BadTree("the peaks are another tree's")
        self.size = size
        self._peaks = list(peaks)

    @property
    def peaks(self) -> tuple[bytes, ...]:
        return tuple(self._peaks)

    def add(self, leaf_hash: bytes) -> None:
        """Append one leaf hash. Raises: BadTree."""
        _demand([leaf_hash])
        peak, size = leaf_hash, self.size
        while size & 1:
            peak, size = node(self._peaks.pop(), peak), size >> 1
        self._peaks.append(peak)
        self.size += 1

    def root(self) -> bytes:
        """Give the root over all leaves so far. Raises: BadTree where there is none."""
        if not self._peaks:
            raise BadTree("a tree has at least one leaf")
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node(peak, root)
        return root


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """Give the root over leaf hashes, in order. Raises: BadTree where there is none, or one is not 32 bytes."""
    tree = Growing()
    for leaf_hash in leaf_hashes:
        tree.add(leaf_hash)
    return tree.root()


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Give the hashes that lead from the leaf ``index`` (from 0) to the root, lowest first. Raises: BadTree."""
    size = len(leaf_hashes)
    if not 0 <= index < size:
        raise BadTree("the leaf is outside of the tree")
    if size == 1:
        return []
    split = _split(size)
    left, right = leaf_hashes[:split], leaf_hashes[split:]
    if index < split:
        return [*inclusion_proof(left, index), root(right)]
    return [*inclusion_proof(right, index - split), root(left)]


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """Give the hashes that show the first ``old_size`` leaves to be the beginning of all. Raises: BadTree."""
    if not 1 <= old_size <= len(leaf_hashes):
        raise BadTree("the old tree is not a beginning of the new one")
    return _subproof(leaf_hashes, old_size, whole=True)


def _subproof(leaf_hashes: Sequence[bytes], old_size: int, *, whole: bool) -> list[bytes]:
    size = len(leaf_hashes)
    if old_size == size:
        # The verifier knows the root of the whole old tree; of a part of it he does not.
        return [] if whole else [root(leaf_hashes)]
    split = _split(size)
    left, right = leaf_hashes[:split], leaf_hashes[split:]
    if old_size <= split:
        return [*_subproof(left, old_size, whole=whole), root(right)]
    return [*_subproof(right, old_size - split, whole=False), root(left)]


def included(leaf_hash: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a proof leads from a leaf hash to the root of a tree of ``size``. Source: RFC 9162, 2.1.3.2."""
    if not 0 <= index < size or not _wide([leaf_hash, root, *proof]):
        return False
    at, last, found = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node(sibling, found)
            at, last = _past_left_edges(at, last)
        else:
            found = node(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistent(*, old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a proof shows the old tree to be the beginning of the new. Source: RFC 9162, 2.1.4.2."""
    if not 1 <= old_size <= size or not _wide([old_root, root, *proof]):
        return False
    if old_size == size:
        return not proof and old_root == root
    # The root of an old tree that is a full subtree is left out of the proof.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old, new = path[0], path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node(sibling, old), node(sibling, new)
            at, last = _past_left_edges(at, last)
        else:
            new = node(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == root


def _past_left_edges(at: int, last: int) -> tuple[int, int]:
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _split(size: int) -> int:
    """Give the largest power of two below ``size``, which is 2 or more."""
    return 1 << (size - 1).bit_length() - 1


def _wide(hashes: Iterable[bytes]) -> bool:
    return all(len(one) == WIDTH for one in hashes)


def _demand(hashes: Iterable[bytes]) -> None:
    if not _wide(hashes):
        raise BadTree("a hash has 32 bytes")
