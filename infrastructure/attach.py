"""Reach the embedded PostgreSQL that another process of ours keeps running: for commands beside a running server."""

import fcntl
from pathlib import Path

from psycopg.conninfo import make_conninfo

from infrastructure import embedded

PORT_LINE, STATUS_LINE = 3, 7


def running_dsn(data_dir: Path) -> str | None:
    """Give the application's DSN of the server that runs in a data directory; None where none is ready there."""
    if not _held(data_dir / "lock"):
        return None
    try:
        lines = (data_dir / "postgres" / "postmaster.pid").read_text().splitlines()
        password = (data_dir / "secrets" / embedded.APP).read_text().strip()
        port, status = int(lines[PORT_LINE]), lines[STATUS_LINE].strip()
    except (OSError, ValueError, IndexError):
        return None
    if status != "ready":
        return None
    return make_conninfo(
        host=embedded.HOST,
        port=port,
        user=embedded.APP,
        password=password,
        dbname=embedded.DATABASE,
        sslmode="disable",
        gssencmode="disable",
    )


def _held(lock: Path) -> bool:
    try:
        with lock.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
