"""The directory of persons: how each is reached, apart from every ledger, and erasable."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.contacts import Contact


class KeyUnusable(Exception):
    """A person's key, or the folder that holds the keys, cannot be read or written; the message, in Chinese, says why."""


class Directory(Protocol):
    """Contact data. Each setting, erasing and reading of another's is noted, together with itself or not at all."""

    def show(self, person: str, *, reader: str) -> Contact | None:
        """Give a person's contact data; None where there are none, or their key is gone. Raises: KeyUnusable."""

    def set(self, person: str, contact: Contact, *, actor: str) -> None:
        """Replace a person's contact data. Raises: KeyUnusable."""

    def acts(self, person: str) -> Sequence[tuple[datetime, str, str]]:
        """List who did what about a person's contact data: when, who, ``set``, ``read`` or ``erased``."""

    def erase(self, person: str, *, actor: str) -> bool:
        """Destroy a person's key and remove the row. Returns: False where there was neither. Raises: KeyUnusable."""
