"""A small disk of the drill's own (a tmpfs, which root may mount), and a way to fill it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SIZE = "256m"
PIECE = b"\0" * (1 << 16)


def missing() -> str:
    """Tell, in Chinese, why no small disk can be had here; nothing where it can."""
    if sys.platform != "linux":
        return "只有 Linux 有 tmpfs"
    if os.geteuid() != 0:
        return "挂载小磁盘（tmpfs）需要 root"
    if shutil.which("mount") is None or shutil.which("umount") is None:
        return "本机没有 mount 命令"
    return ""


class NoSmallDisk(Exception):
    """The small disk could not be mounted; the message, in Chinese, says why."""


@contextmanager
def small(place: Path, *, size: str = SIZE) -> Iterator[Path]:
    """Mount a small disk while the block lasts. Raises: NoSmallDisk."""
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0711", "lianxi-drill", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise NoSmallDisk(f"不能挂载小磁盘：{made.stderr.strip()}")
    try:
        yield place
    finally:
        # Lazily, so that a server that is still ending does not keep the mount for ever.
        subprocess.run(["umount", "--lazy", str(place)], check=False)


@contextmanager
def full(place: Path) -> Iterator[None]:
    """Fill a disk to its last byte while the block lasts."""
    ballast = place / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(PIECE)
        yield
    finally:
        ballast.unlink(missing_ok=True)
