"""R-094: checkpoints are C2SP's signed notes, judged by others' examples, by hand-made ones and by properties."""

import json
from pathlib import Path

import pytest
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa
from hypothesis import given
from hypothesis import strategies as st

from domain import notes

OWN = json.loads((Path(__file__).parents[1] / "vectors" / "seals.json").read_text(encoding="utf-8"))
# The example of signed-note's own tests; its key and its note are published.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def check(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        eddsa.new(ECC.import_key(eddsa.import_public_key(public).export_key(format="DER")), "rfc8032").verify(
            message, signature
        )
    except ValueError:
        return False
    return True


def signer(seed: str) -> notes.Sign:
    key = ECC.construct(curve="Ed25519", seed=bytes.fromhex(seed))
    return eddsa.new(key, "rfc8032").sign


KEY = notes.read_key(OWN["vkey"])
WITNESS = notes.read_key(OWN["witness_vkey"])


def test_r094_a_note_of_others_is_read_and_verified():
    key = notes.read_key(EXAMPLE_KEY)
    note = notes.read(EXAMPLE)
    assert (key.name, key.vkey, str(note)) == ("example.com/foo", EXAMPLE_KEY, EXAMPLE)
    assert notes.signed_by(note, key=key, check=check)
    assert not notes.signed_by(notes.read(EXAMPLE.replace("an example", "no example")), key=key, check=check)


@pytest.mark.parametrize("made", OWN["notes"], ids=lambda made: f"{made['size']} leaves")
def test_r094_signing_and_cosigning_give_the_bytes_made_by_hand(made):
    checkpoint = notes.read_checkpoint(made["text"])
    signed = notes.sign(str(checkpoint), key=KEY, sign=signer(OWN["seed"]))
    cosigned = notes.cosign(signed, key=WITNESS, at=OWN["time"], sign=signer(OWN["witness_seed"]))
    assert str(cosigned) == made["note"]
    read = notes.read(made["note"])
    assert read == cosigned
    assert notes.signed_by(read, key=KEY, check=check)
    assert notes.cosigned_at(read, key=WITNESS, check=check) == OWN["time"]
    assert checkpoint.root.hex() == next(
        each["root"] for each in OWN["trees"] if each["size"] == made["size"]
    )


@given(st.sampled_from(OWN["notes"]), st.data())
def test_r094_no_changed_byte_of_a_note_is_taken(made, data):
    raw = bytearray(made["note"].encode())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= 1 << data.draw(st.integers(0, 7))
    try:
        note = notes.read(raw.decode())
        assert not (
            notes.signed_by(note, key=KEY, check=check)
            and notes.cosigned_at(note, key=WITNESS, check=check) is not None
        )
    except (notes.BadNote, UnicodeDecodeError):
        pass


def test_r094_a_note_without_a_known_signature_is_not_signed():
    note = notes.read(OWN["notes"][0]["note"])
    stranger = notes.Key(name=KEY.name, kind=KEY.kind, public=WITNESS.public)
    namesake = notes.Key(name="another.example", kind=KEY.kind, public=KEY.public)
    assert not notes.signed_by(note, key=stranger, check=check)
    assert not notes.signed_by(note, key=namesake, check=check)
    assert notes.cosigned_at(note, key=KEY, check=check) is None


def test_r094_one_wrong_line_of_a_known_key_spoils_its_right_one():
    """C2SP: a verifier should reject the whole note."""
    note = notes.read(OWN["notes"][0]["note"])
    bad = notes.Signature(name=KEY.name, key_id=KEY.id, signature=bytes(64))
    spoiled = notes.Note(text=note.text, signatures=(*note.signatures, bad))
    assert not notes.signed_by(spoiled, key=KEY, check=check)


def test_r094_a_witness_replaces_its_own_older_line_and_keeps_the_others():
    note = notes.read(OWN["notes"][2]["note"])
    again = notes.cosign(note, key=WITNESS, at=OWN["time"] + 60, sign=signer(OWN["witness_seed"]))
    assert len(again.signatures) == 2
    assert again.signatures[0] == note.signatures[0]
    assert notes.cosigned_at(again, key=WITNESS, check=check) == OWN["time"] + 60


def test_r094_signatures_of_one_text_are_put_together_and_of_two_texts_never():
    first, second = (notes.read(each["note"]) for each in OWN["notes"][:2])
    log, witness = first.signatures
    halves = [notes.Note(text=first.text, signatures=(each,)) for each in (log, witness)]
    assert notes.merged([*halves, first]) == first
    with pytest.raises(notes.BadNote):
        notes.merged([first, second])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\nAAAA\n",
        "a\n0\n" + "A" * 43 + "=\n",
        "a\n01\n" + "A" * 43 + "=\n",
        "a\n-1\n" + "A" * 43 + "=\n",
        "a\n１\n" + "A" * 43 + "=\n",
        "\n1\n" + "A" * 43 + "=\n",
        "a\n1\n" + "A" * 43 + "=\nmore\n",
        "a\n1\n" + "A" * 43 + "=",
        # Other bits behind the last byte: the same root, written otherwise.
        "a\n1\n" + "A" * 42 + "B=\n",
        "a\n99999999999999999999\n" + "A" * 43 + "=\n",
    ],
)
def test_r094_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(notes.BadNote):
        notes.read_checkpoint(text)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "a+b",
        EXAMPLE_KEY.replace("530d903a", "530d903b"),
        EXAMPLE_KEY.replace("foo", "bar"),
        EXAMPLE_KEY[:-4],
    ],
)
def test_r094_what_is_no_key_is_refused(vkey):
    with pytest.raises(notes.BadNote):
        notes.read_key(vkey)


@given(st.text())
def test_r094_any_text_is_a_note_or_refused(text):
    for read in (notes.read, notes.read_checkpoint, notes.read_key):
        try:
            read(text)
        except notes.BadNote:
            continue
