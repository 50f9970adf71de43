"""Signed notes and checkpoints as C2SP writes them (c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature).

A note is a text, a blank line, and one line for each signature:

    — <key name> base64(key id ‖ signature)

where the key id is the first 4 bytes of SHA-256(key name ‖ 0x0A ‖ kind ‖ public key). The text of a checkpoint is
three lines: origin, number of leaves, base64 of the root. A witness signs the same text below two lines of its own
(``cosignature/v1`` and ``time <seconds>``), and its signature begins with that time in 8 bytes, big-endian.
Nothing here computes a signature: whoever signs or checks one hands in the function that does.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from domain import merkle

DASH = "\u2014"
# More than C2SP demands of a verifier (16), and a bound on what one file can make us do.
MOST_SIGNATURES = 64
ED25519 = 1
COSIGNATURE = 4
_KEY_ID = 4
_TIME = 8
_LATEST = 2**63 - 1
_MOST_DIGITS = 19

# Tells whether a signature over a message is of a public key: (public key, message, signature).
Check = Callable[[bytes, bytes, bytes], bool]
# Gives the signature over a message.
Sign = Callable[[bytes], bytes]


class BadNote(ValueError):
    """Not a signed note, not a checkpoint, or not a key as C2SP writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A public key: its name, its kind (``ED25519``, or ``COSIGNATURE`` for a witness), its bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The 4 bytes that a signature line names this key by."""
        return hashlib.sha256(self.name.encode() + b"\n" + self._encoded).digest()[:_KEY_ID]

    @property
    def vkey(self) -> str:
        """The one line that a verifier keeps: name, key id in hex, base64 of kind and key."""
        return f"{self.name}+{self.id.hex()}+{_base64(self._encoded)}"

    @property
    def _encoded(self) -> bytes:
        return bytes([self.kind]) + self.public


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature line of a note, checked or not."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text that ends in a newline, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        lines = (f"{DASH} {one.name} {_base64(one.key_id + one.signature)}\n" for one in self.signatures)
        return self.text + "\n" + "".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a checkpoint states: of the tree ``origin``, the first ``size`` leaves have this root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


def read_key(vkey: str) -> Key:
    """Read a key from its one line. Raises: BadNote."""
    parts = vkey.strip().split("+", 2)
    if len(parts) != 3:  # noqa: PLR2004  # Name, key id, key.
        raise BadNote("a key line has three parts")
    name, key_id, encoded = parts
    raw = _bytes(encoded)
    if not named(name) or not raw:
        raise BadNote("a key has a name and a kind")
    key = Key(name=name, kind=raw[0], public=raw[1:])
    if key.id.hex() != key_id:
        raise BadNote("the key id is another key's")
    return key


def read(text: str) -> Note:
    """Read a signed note; nothing is checked but its form. Raises: BadNote."""
    body, blank, lines = text.rpartition("\n\n")
    if not blank or not lines.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f]", text):
        raise BadNote("a note is a text, a blank line, and signature lines")
    signatures = tuple(_line(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        raise BadNote("too many signatures")
    return Note(text=body + "\n", signatures=signatures)


def _line(line: str) -> Signature:
    dash, name, encoded = [*line.split(" "), "", ""][:3]
    raw = _bytes(encoded)
    if line != f"{DASH} {name} {encoded}" or dash != DASH or not named(name) or len(raw) <= _KEY_ID:
        raise BadNote("not a signature line")
    return Signature(name=name, key_id=raw[:_KEY_ID], signature=raw[_KEY_ID:])


def read_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint, three lines and no more. Raises: BadNote; an empty tree is refused."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:  # noqa: PLR2004  # Three lines, each with its end.
        raise BadNote("a checkpoint has three lines")
    origin, size, encoded = lines[:3]
    root = _bytes(encoded)
    if not re.fullmatch(r"[1-9][0-9]*", size) or len(size) > _MOST_DIGITS or len(root) != merkle.WIDTH:
        raise BadNote("a checkpoint has a size of at least 1 and a root of 32 bytes")
    return Checkpoint(origin=origin, size=int(size), root=root)


def sign(text: str, *, key: Key, sign: Sign) -> Note:
    """Sign a text that ends in a newline, as the log does."""
    return Note(
        text=text, signatures=(Signature(name=key.name, key_id=key.id, signature=sign(text.encode())),)
    )


def cosign(note: Note, *, key: Key, at: int, sign: Sign) -> Note:
    """Add a witness's signature of the moment ``at`` (whole seconds since 1970) to a note; an older one goes."""
    line = Signature(
        name=key.name, key_id=key.id, signature=at.to_bytes(_TIME, "big") + sign(_cosigned(note.text, at))
    )
    others = tuple(one for one in note.signatures if (one.name, one.key_id) != (key.name, key.id))
    return replace(note, signatures=(*others, line))


def signed_by(note: Note, *, key: Key, check: Check) -> bool:
    """Tell whether a key signed this note: at least one line names the key, and each that does is right."""
    return bool(_of(note, key)) and all(_right(note.text, line, key, check) for line in _of(note, key))


def cosigned_at(note: Note, *, key: Key, check: Check) -> int | None:
    """Tell when a witness cosigned, in seconds since 1970; None where it did not, or a line of its is wrong."""
    lines = _of(note, key)
    if key.kind != COSIGNATURE or not signed_by(note, key=key, check=check):
        return None
    return max(int.from_bytes(line.signature[:_TIME], "big") for line in lines)


def merged(notes: Iterable[Note]) -> Note:
    """Put the signatures of several notes of one text under it, each once. Raises: BadNote where texts differ."""
    first, *rest = notes
    if any(note.text != first.text for note in rest):
        raise BadNote("the notes have different texts")
    lines = dict.fromkeys(line for note in (first, *rest) for line in note.signatures)
    return Note(text=first.text, signatures=tuple(lines))


def _of(note: Note, key: Key) -> list[Signature]:
    return [
        one for one in note.signatures if one.name == key.name and hmac.compare_digest(one.key_id, key.id)
    ]


def _right(text: str, line: Signature, key: Key, check: Check) -> bool:
    if key.kind == ED25519:
        return check(key.public, text.encode(), line.signature)
    if key.kind != COSIGNATURE or len(line.signature) <= _TIME:
        return False
    at = int.from_bytes(line.signature[:_TIME], "big")
    return at <= _LATEST and check(key.public, _cosigned(text, at), line.signature[_TIME:])


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def named(name: str) -> bool:
    """Tell whether a text can be the name of a key: no blanks, no plus sign, no control characters."""
    return bool(name) and "+" not in name and not any(one.isspace() or ord(one) < ord(" ") for one in name)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote("not base64") from None
    # Two texts must never stand for the same bytes: what was signed is compared as text, too.
    if _base64(raw) != text:
        raise BadNote("not base64 in its one form")
    return raw
