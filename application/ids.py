"""Ids of new subjects: UUIDv7 (RFC 9562), made at the edge, so that they sort by the time they were made."""

import hashlib
import os
import time
import uuid

from domain.chain import canonical


def new_id() -> str:
    """Make an id: 48 bits of milliseconds since 1970, then 74 random ones."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def id_of(*parts: str) -> str:
    """Make the id that these parts always have: UUIDv8, the first bits of the SHA-256 of their JSON.

    >>> id_of("140830", "p-office", "key-0001") == id_of("140830", "p-office", "key-0001")
    True
    """
    value = int.from_bytes(hashlib.sha256(canonical(list(parts))).digest()[:16])
    value = value & ~(0xF << 76) | 0x8 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))
