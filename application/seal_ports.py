"""What sealing needs of the machines: a signer, the place where it keeps what it signed, and the published checkpoints."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import Field

from domain import notes
from domain.decider import Value


class CannotSeal(Exception):
    """封存目录或密钥不可用。"""


class Signer(Protocol):
    """Whoever holds the private key: a file, a hardware module, an external command."""

    @property
    def key(self) -> notes.Key:
        """The public key and its name."""

    def sign(self, message: bytes) -> bytes:
        """Give the signature over a message. Raises: CannotSeal."""


class Sealed(Value):
    """One text that was sealed: leaf ``number``, from 0, of the tree of everyone.

    ``note`` is the signed checkpoint, empty for a declaration.
    """

    number: int
    pair: str
    text: str
    note: str
    at: datetime


class Round(Value):
    """What was signed at once: the texts sealed, and the checkpoint of everyone over all leaves with them."""

    sealed: tuple[Sealed, ...]
    note: str
    size: int
    at: datetime


class Everyone(Value):
    """The tree of everyone as far as it was signed; ``peaks`` in hex; ``note`` is empty before the first leaf."""

    epoch: int = 1
    size: int = 0
    peaks: tuple[str, ...] = ()
    note: str = ""
    at: datetime | None = None


class Alarm(Value):
    """Why a pair is not sealed any more, in Chinese, and since when."""

    at: datetime
    reason: str


class Kept(Value):
    """What the signer itself keeps of what it signed, outside of the database and its backup.

    ``notes``: each pair's last signed checkpoint; ``epochs``: the pairs whose epoch is not 1; ``alarms``: the pairs
    that are not sealed any more.
    """

    notes: dict[str, str] = Field(default_factory=dict)
    epochs: dict[str, int] = Field(default_factory=dict)
    everyone: Everyone = Everyone()
    alarms: dict[str, Alarm] = Field(default_factory=dict)


class Held(Protocol):
    """The vault while nobody else can sign."""

    kept: Kept
    signer: Signer

    def keep(self, kept: Kept, *, signed: Round | None = None) -> None:
        """Replace what is kept and add what was signed, all or nothing, and on the disk when this returns."""


class Vault(Protocol):
    """The seal directory."""

    def held(self) -> AbstractContextManager[Held]:
        """Let nobody else sign until the block ends; the first use makes the key. Raises: CannotSeal."""

    def kept(self) -> Kept:
        """Give what is kept, without waiting for anybody. Raises: CannotSeal."""

    def rounds(self) -> Sequence[Round]:
        """Give everything that was ever signed, in order. Raises: CannotSeal where it is not whole."""

    def key(self) -> notes.Key | None:
        """Give the public key; None where nothing was ever sealed. Raises: CannotSeal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A checkpoint as the database serves it. ``number`` is its leaf in the tree of everyone, None for that tree's own."""

    origin: str
    size: int
    note: str
    number: int | None
    at: datetime


class Checkpoints(Protocol):
    """The published checkpoints: of pairs by their id, and of everyone under ``seals.ALL``."""

    def publish(self, tenant: str, checkpoint: Published) -> bool:
        """Publish a checkpoint, once. Returns: False where another note is there in its place."""

    def publish_leaf(self, origin: str, sealed: Sealed) -> bool:
        """Publish a leaf of the tree of everyone, once. Returns: False where another is there in its place."""

    def latest(self, tenant: str) -> Published | None:
        """Give the last published checkpoint; None where there is none."""

    def covering(
        self, scope: str, ends: Mapping[str, int], *, until: datetime | None = None
    ) -> Mapping[str, Published]:
        """Give, of each pair of a subtree, the last checkpoint over no more facts than it has in ``ends``.

        Only those published by ``until`` count, where it is given. A pair without one is left out.
        """

    def at_size(self, tenant: str, size: int) -> Published | None:
        """Give the smallest checkpoint of the last epoch that covers ``size`` leaves."""

    def listed(
        self, tenant: str, *, before: tuple[datetime, str, int] | None = None, limit: int = 100
    ) -> Sequence[Published]:
        """Give checkpoints, the latest first, from before the moment, origin and size last seen."""

    def leaves(self, origin: str, *, until: int) -> Sequence[Sealed]:
        """Give the first ``until`` leaves of the tree of everyone, in order, with empty notes."""

    def epochs(self, pair: str) -> Sequence[Sealed]:
        """Give the declarations of new epochs of a pair, in order."""
