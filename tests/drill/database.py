"""A PostgreSQL of the drill's own, kept by the product's keeper, and killed with everything that belongs to it."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from unittest import mock

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from infrastructure import attach, embedded, migrate

# What a commit with synchronous_commit=off leaves in shared memory dies with the server's processes; the kernel's
# cache would survive them. So nothing must write the log out before the kill: its writer sleeps as long as it can.
LOSING = {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}


@contextmanager
def kept(folder: Path) -> Iterator[embedded.Server]:
    """Run a migrated server in a folder while the block lasts, however often it dies."""
    said: list[str] = []
    # The keeper gives up a server that keeps dying by itself; here it dies because it is killed.
    # Its control loses what was acknowledged, which the self-check refuses of a server that is not declared for trials.
    options = {"max_connections": "100", "lianxi.fleeting": "on"}
    with (
        mock.patch.object(embedded, "DEATHS", 1_000_000),
        embedded.server(folder, options=options, progress=said.append) as server,
    ):
        migrate.migrate(server.admin_dsn, app_password=server.app_password)
        yield server


class Killed(StrEnum):
    """What is killed: everything at once; the master, whose children then end by themselves; or one that serves."""

    ALL = "all"
    MASTER = "master"
    BACKEND = "backend"


def kill(data_dir: Path, what: Killed) -> None:
    """Kill a server, or a part of it, with -9. The master stands still meanwhile, so that it starts no other."""
    master = int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
    with contextlib.suppress(ProcessLookupError):
        os.kill(master, signal.SIGSTOP)
        # The newest child serves a connection; where none is to be seen, the master stands for it.
        under = sorted(children(master))
        struck = {
            Killed.ALL: [*under, master],
            Killed.MASTER: [master],
            Killed.BACKEND: under[-1:] or [master],
        }
        for pid in struck[what]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(master, signal.SIGCONT)


def children(parent: int) -> list[int]:
    """List the child processes of one; none where the system does not tell (not Linux): they end with their master."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The name, in brackets, may hold anything; the parent comes second after it.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found


def checkpoint(data_dir: Path) -> None:
    """Write everything out to the disk."""
    with administrator(data_dir) as connection:
        connection.execute("CHECKPOINT")


def lose(data_dir: Path) -> None:
    """From now on answer commits before they are on the disk."""
    with administrator(data_dir) as connection:
        for name, value in LOSING.items():
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.SQL(name), sql.Literal(value)))
        connection.execute("SELECT pg_reload_conf()")


def await_unwritten(data_dir: Path, size: int, *, patience: float) -> None:
    """Wait until so many bytes of the log are in shared memory alone."""
    until = time.monotonic() + patience
    with administrator(data_dir) as connection:
        while time.monotonic() < until:
            asked = "SELECT pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn()"
            found = connection.execute(asked).fetchone()
            if found is not None and found[0] >= size:
                return
            time.sleep(0.02)


def use_up_log(data_dir: Path) -> bool:
    """Begin new files of the log until there is no room for one. Returns: whether that stopped the server."""
    files = 50
    try:
        with administrator(data_dir) as connection:
            for _ in range(files):
                connection.execute("SELECT pg_switch_wal(), pg_logical_emit_message(false, 'drill', 'x')")
    except psycopg.OperationalError:
        return True
    return False


def administrator(data_dir: Path) -> psycopg.Connection:
    """Connect as the superuser of the server that runs in a folder, in autocommit."""
    dsn = attach.running_dsn(data_dir)
    password = (data_dir / "secrets" / embedded.ADMIN).read_text().strip()
    return psycopg.connect(make_conninfo(dsn or "", user=embedded.ADMIN, password=password), autocommit=True)


def at_port(dsn: str, port: int) -> str:
    """Give the same DSN with another port: that of a proxy."""
    return make_conninfo(dsn, port=port)
