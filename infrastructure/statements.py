"""SQL stays in .sql files: named, captioned statements, read once."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

_HEAD = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def load(name: str) -> Mapping[str, str]:
    """Read the statements of one .sql file of this package.

    Each begins with ``-- name: <name>`` and a caption in comments, and ends with a semicolon, which is not
    part of what is returned. Parameters are psycopg's, named.
    Returns: name to text, in the file's order. Raises: ValueError where a name comes twice.
    """
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    parts = _HEAD.split(text)[1:]
    found: dict[str, str] = {}
    for key, body in zip(parts[::2], parts[1::2], strict=True):
        if key in found:
            raise ValueError(f"{name}: {key} is named twice")
        found[key] = body.strip().removesuffix(";")
    return MappingProxyType(found)
