"""Files that must be whole and on the disk, or not there at all, and that only their owner reads."""

import os
from pathlib import Path


def folder(path: Path) -> None:
    """Make a folder of mode 0700, with its parents."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)


def create(path: Path, content: bytes) -> None:
    """Write a new file of mode 0600; it is on the disk when this returns. Raises: FileExistsError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)


def append(path: Path, line: bytes) -> None:
    """Add a line to a file of mode 0600, on a line of its own even where a crash tore the last one."""
    existed = path.exists()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(end - 1, 0))
        torn = end > 0 and file.read(1) != b"\n"
        file.write((b"\n" if torn else b"") + line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if not existed:
        sync(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Replace a file of mode 0600 as a whole: whoever reads it meanwhile finds the old content or the new."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    create(draft, content)
    draft.rename(path)
    sync(path.parent)


def sync(folder: Path) -> None:
    """Have the disk know what is in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
