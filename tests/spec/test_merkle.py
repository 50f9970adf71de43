"""R-094: the tree over a ledger is RFC 6962's, judged by others' vectors, by hand-made ones and by properties."""

import base64
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import merkle

# The vectors of transparency-dev/merkle are handed out beside the repository and stay there.
FOREIGN = Path(
    os.environ.get("LIANXI_VECTORS")
    or Path(__file__).parents[2].parent / "shared" / "vectors" / "merkle.json"
)
OWN = json.loads((Path(__file__).parents[1] / "vectors" / "seals.json").read_text(encoding="utf-8"))
# It says that two equal roots need no proof, with roots of 12 bytes that are no hashes. We demand 32 bytes first.
PLACEHOLDERS = "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"


def foreign(kind: str) -> list[dict]:
    if not FOREIGN.exists():
        pytest.skip(f"the foreign vectors are not there: {FOREIGN} (LIANXI_VECTORS names another place)")
    return json.loads(FOREIGN.read_text(encoding="utf-8"))[kind]


def raw(text: str) -> bytes:
    return base64.b64decode(text or "")


def path(vector: dict) -> list[bytes]:
    return [raw(each) for each in vector["proof"] or []]


def test_r094_the_foreign_inclusion_proofs_are_judged_rightly():
    vectors = foreign("inclusion")
    wrong = [
        each["file"]
        for each in vectors
        if merkle.included(
            raw(each["leafHash"]),
            index=each["leafIdx"],
            size=each["treeSize"],
            proof=path(each),
            root=raw(each["root"]),
        )
        is each["wantErr"]
    ]
    assert (len(vectors), wrong) == (98, [])


def test_r094_the_foreign_consistency_proofs_are_judged_rightly_but_for_the_one_without_hashes():
    vectors = foreign("consistency")
    wrong = [
        each["file"]
        for each in vectors
        if merkle.consistent(
            old_size=each["size1"],
            old_root=raw(each["root1"]),
            size=each["size2"],
            root=raw(each["root2"]),
            proof=path(each),
        )
        is each["wantErr"]
    ]
    assert (len(vectors), wrong) == (98, [PLACEHOLDERS])


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf(bytes.fromhex(each)) for each in OWN["data"][:count]]


@pytest.mark.parametrize("tree", OWN["trees"], ids=lambda tree: f"{tree['size']} leaves")
def test_r094_roots_and_proofs_are_those_made_by_hand(tree):
    hashes = leaves(tree["size"])
    assert merkle.root(hashes).hex() == tree["root"]
    for index, made in enumerate(tree["inclusion"]):
        assert [one.hex() for one in merkle.inclusion_proof(hashes, index)] == made
    for index, made in enumerate(tree["consistency"]):
        assert [one.hex() for one in merkle.consistency_proof(hashes, index + 1)] == made


# No two entries have one hash; of two equal leaves each would rightly be shown at the other's place.
data = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70, unique=True)


@st.composite
def places(draw):
    hashes = [merkle.leaf(each) for each in draw(data)]
    return hashes, draw(st.integers(0, len(hashes) - 1))


@given(places(), st.integers(0, 255), st.integers(0, 200))
def test_r094_every_inclusion_proof_verifies_and_no_changed_bit_does(place, bit, which):
    hashes, index = place
    size, root = len(hashes), merkle.root(hashes)
    proof = merkle.inclusion_proof(hashes, index)
    assert merkle.included(hashes[index], index=index, size=size, proof=proof, root=root)
    parts = [hashes[index], root, *proof]
    parts[which % len(parts)] = flipped(parts[which % len(parts)], bit)
    leaf, changed, *rest = parts
    assert not merkle.included(leaf, index=index, size=size, proof=rest, root=changed)


@given(places(), st.integers(0, 200))
def test_r094_an_inclusion_proof_shows_no_other_place_and_no_other_length(place, other):
    hashes, index = place
    size, root, leaf = len(hashes), merkle.root(hashes), hashes[index]
    proof = merkle.inclusion_proof(hashes, index)
    if other != index:
        assert not merkle.included(leaf, index=other, size=size, proof=proof, root=root)
    assert not merkle.included(leaf, index=index, size=size, proof=[*proof, leaf], root=root)
    assert not merkle.included(leaf, index=index, size=size, proof=[leaf, *proof], root=root)
    assert not (proof and merkle.included(leaf, index=index, size=size, proof=proof[:-1], root=root))


@given(places(), st.integers(0, 255), st.integers(0, 200))
def test_r094_every_consistency_proof_verifies_and_no_changed_bit_does(place, bit, which):
    hashes, index = place
    size, root, old_size = len(hashes), merkle.root(hashes), index + 1
    old_root = merkle.root(hashes[:old_size])
    proof = merkle.consistency_proof(hashes, old_size)
    assert merkle.consistent(old_size=old_size, old_root=old_root, size=size, root=root, proof=proof)
    parts = [old_root, root, *proof]
    parts[which % len(parts)] = flipped(parts[which % len(parts)], bit)
    assert not merkle.consistent(
        old_size=old_size, old_root=parts[0], size=size, root=parts[1], proof=parts[2:]
    )


@given(places(), st.integers(0, 255))
def test_r094_no_consistency_proof_can_be_made_over_a_rewritten_beginning(place, bit):
    hashes, index = place
    old_size, old_root = index + 1, merkle.root(hashes[: index + 1])
    rewritten = [*hashes[:index], flipped(hashes[index], bit), *hashes[index + 1 :]]
    proof = merkle.consistency_proof(rewritten, old_size)
    assert not merkle.consistent(
        old_size=old_size,
        old_root=old_root,
        size=len(hashes),
        root=merkle.root(rewritten),
        proof=proof,
    )


def flipped(value: bytes, bit: int) -> bytes:
    return (int.from_bytes(value, "big") ^ (1 << bit)).to_bytes(32, "big")


def test_r094_an_empty_tree_and_a_hash_of_another_length_are_refused():
    one = merkle.leaf(b"")
    with pytest.raises(merkle.BadTree):
        merkle.root([])
    with pytest.raises(merkle.BadTree):
        merkle.root([one, b""])
    with pytest.raises(merkle.BadTree):
        merkle.inclusion_proof([one], 1)
    with pytest.raises(merkle.BadTree):
        merkle.consistency_proof([one], 0)
    assert not merkle.included(b"", index=0, size=1, proof=[], root=b"")
    assert not merkle.consistent(old_size=0, old_root=one, size=1, root=one, proof=[])
    assert not merkle.consistent(old_size=1, old_root=b"", size=1, root=b"", proof=[])
