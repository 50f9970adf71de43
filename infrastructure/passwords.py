"""Passwords: Argon2id (RFC 9106, second recommended parameters: 64 MiB, three passes, four lanes) by pwdlib."""

import secrets
from collections.abc import Sequence
from functools import cached_property
from typing import Final

import pwdlib
import zxcvbn
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers import argon2

# zxcvbn's score for a password that takes 10^8 guesses and more.
STRONG: Final = 3
# It takes no longer text, and a password as long as that is judged by its beginning.
JUDGED: Final = 72


class Argon2Passwords:
    """The port ``Passwords``. A check takes some 100 ms and 64 MiB: whoever calls it bounds how many there are."""

    def __init__(self, hasher: argon2.Argon2Hasher | None = None) -> None:
        """Hash with the library's parameters; a test may give cheaper ones."""
        self._hash = pwdlib.PasswordHash((hasher or argon2.Argon2Hasher(),))

    @cached_property
    def _nobodys(self) -> str:
        return self.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        """Hash a password."""
        return self._hash.hash(password)

    def verify(self, password: str, hashed: str | None) -> bool:
        """Tell whether a password has this hash; where there is no hash, take as long and say no."""
        # Made before it is known whether it is needed: the first unknown account would otherwise take twice as long.
        nobodys = self._nobodys
        try:
            proved = self._hash.verify(password, hashed if hashed is not None else nobodys)
        except UnknownHashError:
            return False
        return proved and hashed is not None

    def weak(self, password: str, *, words: Sequence[str]) -> bool:
        """Tell whether a password is among those tried first: common ones, patterns, and words that lie near."""
        found: int = zxcvbn.zxcvbn(password[:JUDGED], user_inputs=list(words))["score"]
        return found < STRONG
