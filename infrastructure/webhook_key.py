"""The key behind all webhook secrets: 32 random bytes in a file that only its owner reads, outside the database."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from application.webhooks import KEY_BYTES


class BadKey(Exception):
    """The file with the webhook key does not hold one."""


def load(path: Path) -> bytes:
    """Read the key, and make it where there is none; of two processes that make one, the first counts.

    Raises: BadKey, OSError.
    """
    with suppress(FileNotFoundError):
        return _read(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
    try:
        # A link is made whole or not at all, and never over another.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    return _read(path)


def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError as error:
        raise BadKey(str(path)) from error
    if len(key) != KEY_BYTES:
        raise BadKey(str(path))
    return key
