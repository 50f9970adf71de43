"""One-time codes of an authenticator (RFC 6238), their secrets encrypted by a key outside the database."""

import hmac
import os
from collections.abc import Callable
from datetime import datetime
from typing import Final

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ISSUER: Final = "联席"
NONCE_BYTES: Final = 12
PERIOD_S: Final = 30
# One step of a clock that goes wrong, either way (RFC 6238, 5.2).
BESIDE: Final = (-1, 0, 1)
PURPOSE: Final = b"lianxi second factor v1"


class WrongKey(Exception):
    """The secret was encrypted by another key, or for another person."""


class TotpCodes:
    """The port ``Codes``. A secret is AES-256-GCM over its text, bound to its person; the nonce comes first."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        """Bind what reads the key (32 bytes), which is not read, or made, before it is needed."""
        self._key = key

    def secret(self, person: str) -> bytes:
        """Make a secret of 160 random bits, encrypted for a person."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher().encrypt(nonce, pyotp.random_base32().encode(), person.encode())

    def uri(self, person: str, secret: bytes) -> str:
        """Give what an authenticator is set up with (otpauth)."""
        return self._totp(person, secret).provisioning_uri(name=person, issuer_name=ISSUER)

    def step(self, person: str, secret: bytes, code: str, *, at: datetime) -> int | None:
        """Tell to which step a code belongs, now or one step beside; None where it is none."""
        totp, now = self._totp(person, secret), int(at.timestamp()) // PERIOD_S
        found = None
        for step in (now + each for each in BESIDE):
            if hmac.compare_digest(totp.at(step * PERIOD_S).encode(), code.encode()):
                found = step
        return found

    def _totp(self, person: str, secret: bytes) -> pyotp.TOTP:
        try:
            text = self._cipher().decrypt(secret[:NONCE_BYTES], secret[NONCE_BYTES:], person.encode())
        except InvalidTag as error:
            raise WrongKey(person) from error
        return pyotp.TOTP(text.decode(), interval=PERIOD_S)

    def _cipher(self) -> AESGCM:
        return AESGCM(hmac.digest(self._key(), PURPOSE, "sha256"))
