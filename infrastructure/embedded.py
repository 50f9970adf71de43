"""The embedded default: a real PostgreSQL on loopback, in the data directory, that ends with this process.

A thread of its own keeps it: should the server die, it is started again on the same port, a bounded number of times.

The data directory holds ``postgres/`` (the cluster), ``secrets/`` (passwords, 0600), ``postgres.log`` and
``lock``, which one process at a time holds.
"""

import contextlib
import ctypes
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from infrastructure import binaries as programs
from infrastructure.binaries import Binaries, CannotStart, Identity

HOST = "127.0.0.1"
ADMIN = "postgres"
APP = "lianxi_app"
DATABASE = "lianxi"

PR_SET_PDEATHSIG = 1
# A dying server of an application that was killed needs this long at most, in seconds, to close its files.
ORPHAN_PATIENCE = 30
STOP_PATIENCE = 60
# The first major whose programs keep their working directory (realpath instead of chdir).
STAYS_IN_PLACE = 16
# The first major with a locale provider of its own.
BUILTIN_LOCALE = 17
REPORT_EVERY = 3
# A server that died is started again at once, then after longer and longer pauses (in seconds): what is left of
# it may hold its memory for a moment. One that dies too often within a while has a fault that a start does not mend.
PAUSES = (0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
DEATHS = 5
DEATHS_WITHIN = 600
LOOK_EVERY = 0.1
# A disk with less room than two files of PostgreSQL's log (in bytes) is as good as full. A server that stopped for
# that is started again for as long as it takes to make room, with this pause (in seconds), and nobody's help.
ROOM = 32 * 1024 * 1024
FULL_PAUSE = 2.0
LOG_LIMIT = 10 * 1024 * 1024

SETTINGS = {
    "listen_addresses": HOST,
    # Nobody but this process needs to reach the server, and a socket file would be one more door.
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    # Statements and details of errors carry payloads and personal data.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# For tests alone: a crash of the machine loses everything. The last one says so to the self-check.
FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "lianxi.fleeting": "on"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running PostgreSQL. Its DSNs carry passwords, so they are never part of what is shown."""

    port: int
    pid: int
    major: int
    bin: Path
    data_dir: Path
    log: Path
    admin_password: str = field(repr=False)
    app_password: str = field(repr=False)

    def dsn(self, *, user: str, password: str, database: str = DATABASE) -> str:
        """Give the DSN of a role on one database of this server."""
        return make_conninfo(
            host=HOST,
            port=self.port,
            user=user,
            password=password,
            dbname=database,
            # The environment of the user (PGSSLMODE and the like) must not change how we reach our own server.
            sslmode="disable",
            gssencmode="disable",
        )

    @property
    def admin_dsn(self) -> str:
        """The superuser on the database ``lianxi``: for migrations."""
        return self.dsn(user=ADMIN, password=self.admin_password)

    @property
    def app_dsn(self) -> str:
        """The application's role on the database ``lianxi``; the migrations create the role."""
        return self.dsn(user=APP, password=self.app_password)


def tell(message: str) -> None:
    """Show a line to the person at the console."""
    sys.stderr.write(message + "\n")
    sys.stderr.flush()


@contextlib.contextmanager
def server(
    data_dir: Path,
    *,
    pg_bin: Path | None = None,
    durable: bool = True,
    options: Mapping[str, str] | None = None,
    progress: Callable[[str], None] = tell,
    given_up: Callable[[], None] = lambda: None,
) -> Iterator[Server]:
    """Run PostgreSQL in ``data_dir`` while the block lasts, creating it where it is new.

    Should it die, it is started again on the same port; ``given_up`` is called, in another thread, where that
    does not help, and leaving the block then raises. ``options`` are further server settings. Raises: CannotStart.
    """
    data_dir = data_dir.absolute()
    with _locked(data_dir):
        place = _place(data_dir, pg_bin=pg_bin, durable=durable, progress=progress)
        _await_orphan(place.cluster, progress)
        settings = SETTINGS | ({} if durable else FLEETING) | dict(options or {})
        keeper = _Keeper(place, settings, progress=progress, given_up=given_up)
        keeper.start()
        try:
            running = keeper.running.result()
            _ensure_database(running)
            yield running
        finally:
            keeper.end()


def discard(data_dir: Path) -> None:
    """Throw the cluster of a data directory away; the next start makes a new one. Raises: CannotStart."""
    data_dir = data_dir.absolute()
    with _locked(data_dir):
        aside = data_dir / "postgres.discarded"
        _await_orphan(data_dir / "postgres", tell)
        shutil.rmtree(aside, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            (data_dir / "postgres").rename(aside)
        _sync_folder(data_dir)
        shutil.rmtree(aside, ignore_errors=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where one server lives, and as whom."""

    data_dir: Path
    binaries: Binaries
    identity: Identity
    admin_password: str = field(repr=False)
    app_password: str = field(repr=False)

    @property
    def cluster(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def log(self) -> Path:
        return self.data_dir / "postgres.log"


@contextlib.contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    # The kernel drops the lock with the process, so a killed one leaves nothing stale behind.
    try:
        if not data_dir.exists():
            data_dir.mkdir(parents=True)
            # Others may pass through, because PostgreSQL may run as another user; they may not look.
            data_dir.chmod(0o711)
        descriptor = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotStart(f"数据目录 {data_dir} 不可写：{error.strerror}。") from error
    with os.fdopen(descriptor, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = lock.read().strip() or "未知"
            raise CannotStart(
                f"数据目录 {data_dir} 正由另一个联席进程使用（进程号 {holder}）。"
                "请先停止它，或用 LIANXI_DATA_DIR 指定别的目录。"
            ) from None
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _place(data_dir: Path, *, pg_bin: Path | None, durable: bool, progress: Callable[[str], None]) -> _Place:
    cluster = data_dir / "postgres"
    exists = cluster.exists()
    identity = _identity(cluster)
    major = _major(cluster) if exists else None
    found = programs.find(setting=pg_bin, major=major)
    place = _Place(
        data_dir=data_dir,
        binaries=programs.runnable(found, identity=identity),
        identity=identity,
        admin_password=_password(data_dir, ADMIN, create=not exists),
        app_password=_password(data_dir, APP, create=True),
    )
    if not exists:
        progress(f"正在建立数据库（PostgreSQL {found.major}）……")
        _create(place, durable=durable)
    return place


def _identity(cluster: Path) -> Identity:
    """Tell whom PostgreSQL runs as: this user, or, because it refuses root, the cluster's owner or nobody."""
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise CannotStart(f"数据库目录 {cluster} 属于另一个用户（uid {owner}），请用该用户或 root 启动。")
        return Identity()
    try:
        person = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        raise CannotStart("PostgreSQL 不能以 root 运行，而本机没有可代替的用户 nobody。") from None
    return Identity(uid=person.pw_uid, gid=person.pw_gid)


def _major(cluster: Path) -> int:
    try:
        return int((cluster / "PG_VERSION").read_text().strip())
    except (OSError, ValueError):
        raise CannotStart(f"{cluster} 不是 PostgreSQL 的数据目录（PG_VERSION 缺失或不可读）。") from None


def _password(data_dir: Path, role: str, *, create: bool) -> str:
    folder = data_dir / "secrets"
    path = folder / role
    if path.exists():
        return path.read_text().strip()
    if not create:
        raise CannotStart(f"口令文件 {path} 不见了，无法进入已有的数据库。请从备份中恢复该文件。")
    folder.mkdir(mode=0o700, exist_ok=True)
    password = secrets.token_urlsafe(32)
    # Under another name first: a crash between the two steps must not leave an empty password.
    draft = folder / f"{role}.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return password


def _create(place: _Place, *, durable: bool) -> None:
    fresh = place.data_dir / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    uid, gid = place.identity.uid, place.identity.gid
    if uid is not None and gid is not None:
        os.chown(fresh, uid, gid)
    # The password goes through a pipe: a file would have to be readable by the other user.
    reading, writing = os.pipe()
    try:
        if uid is not None and gid is not None:
            os.fchown(reading, uid, gid)
        os.write(writing, place.admin_password.encode() + b"\n")
        os.close(writing)
        answer = subprocess.run(  # noqa: S603 - a program found by binaries.find, no shell.
            [
                place.binaries.bin / "initdb",
                f"--pgdata={_seen(fresh, place)}",
                f"--username={ADMIN}",
                f"--pwfile=/dev/fd/{reading}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--data-checksums",
                *_locale(place.binaries.major),
                *([] if durable else ["--no-sync"]),
            ],
            pass_fds=[reading],
            cwd=fresh,
            env=_environment(),
            user=uid,
            group=gid,
            extra_groups=place.identity.groups,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    finally:
        os.close(reading)
    if answer.returncode != 0:
        raise CannotStart(f"建立数据库失败：\n{answer.stdout.strip()[-2000:]}")
    # Only a finished cluster gets the name, so an interrupted start is simply done again.
    fresh.rename(place.cluster)
    _sync_folder(place.data_dir)


def _locale(major: int) -> list[str]:
    # The builtin provider sorts and folds alike on every machine; before 17 there is none but C.
    if major >= BUILTIN_LOCALE:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--no-locale"]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}


def _seen(cluster: Path, place: _Place) -> str:
    """Give the name by which PostgreSQL can reach its own directory, which is its working directory.

    Below a closed home another user cannot walk down the path; the kernel's link to the working
    directory leads there without walking. Raises: CannotStart where that cannot be used.
    """
    probe = subprocess.run(  # noqa: S603 - constant program; the path is an argument, not code.
        ["/bin/sh", "-c", 'cd "$1" && test -w .', "sh", str(cluster)],
        user=place.identity.uid,
        group=place.identity.gid,
        extra_groups=place.identity.groups,
        cwd="/",
        capture_output=True,
        check=False,
    )
    if probe.returncode == 0:
        return str(cluster)
    # Earlier versions leave their working directory while they look for their own program.
    if sys.platform == "linux" and place.binaries.major >= STAYS_IN_PLACE:
        return "/proc/self/cwd"
    raise CannotStart(
        f"数据库用户无法进入 {cluster}。请把数据目录（LIANXI_DATA_DIR）放在各级目录都可进入的地方。"
    )


def _recorded(cluster: Path) -> tuple[int, str] | None:
    """Read the server's pid and status from its pid file; None where there is none to read."""
    status_line = 7
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), lines[status_line].strip() if len(lines) > status_line else ""
    except (OSError, ValueError, IndexError):
        return None


def _await_orphan(cluster: Path, progress: Callable[[str], None]) -> None:
    """Wait for the server of an application that was killed, and drop a pid file that belongs to no server.

    The lock is ours, so whatever still runs here has lost its application. Raises: CannotStart.
    """
    began = reported = time.monotonic()
    while (recorded := _recorded(cluster)) is not None:
        pid, _ = recorded
        if not _alive(pid):
            return  # PostgreSQL itself sees that and replaces the file.
        if _is_another(pid, cluster):
            # PostgreSQL would take any living process with this number for a server.
            (cluster / "postmaster.pid").unlink(missing_ok=True)
            return
        now = time.monotonic()
        if now - began > ORPHAN_PATIENCE:
            raise CannotStart(
                f"数据目录仍有一个数据库在运行（进程号 {pid}）。请先停止它（kill -INT {pid}）。"
            )
        if now - reported > REPORT_EVERY:
            progress(f"正在等待上次的数据库关闭……已等待 {now - began:.0f} 秒")
            reported = now
        time.sleep(0.1)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False  # Gone, or another user's: our server runs as the owner of the cluster.
    return True


def _is_another(pid: int, cluster: Path) -> bool:
    """Tell whether a living process is surely not the server of this cluster; in doubt it may be."""
    if sys.platform != "linux":
        return False
    process = Path(f"/proc/{pid}")
    try:
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        if state == "Z" or (process / "comm").read_text().strip() != "postgres":
            return True
        return not (process / "cwd").samefile(cluster)
    except FileNotFoundError:
        return True
    except OSError:
        # Root in a container may not look at another user's working directory.
        return False


class _Keeper(threading.Thread):
    """The thread that starts the server, looks after it, and stops it.

    The kernel ends the server with the very thread that started it, so one thread does it all and outlives it.
    """

    def __init__(
        self,
        place: _Place,
        settings: Mapping[str, str],
        *,
        progress: Callable[[str], None],
        given_up: Callable[[], None],
    ) -> None:
        super().__init__(name="lianxi-postgres")
        self.running: Future[Server] = Future()
        self._place = place
        self._settings = settings
        self._progress = progress
        self._given_up = given_up
        self._ending = threading.Event()
        self._fault: CannotStart | None = None

    def end(self) -> None:
        """Stop the server in order. Raises: CannotStart where it had died for good before."""
        self._ending.set()
        self.join()
        if self._fault is not None:
            raise self._fault

    def run(self) -> None:
        try:
            port, process = self._first()
        except BaseException as error:  # noqa: BLE001 - whatever it is belongs to who waits for the server.
            self.running.set_exception(error)
            return
        self.running.set_result(_running(self._place, port, process.pid))
        try:
            self._watch(port, process)
        except CannotStart as error:
            if not self._ending.is_set():
                self._fault = error
                self._given_up()

    def _first(self) -> tuple[int, subprocess.Popen[bytes]]:
        attempts = 5
        for _ in range(attempts):
            port = _free_port()
            # Between our look and the server's start somebody else may take the port.
            with contextlib.suppress(_PortTaken):
                return port, self._launch(port)
        raise CannotStart("数据库未能启动：找不到空闲的端口。")

    def _watch(self, port: int, process: subprocess.Popen[bytes]) -> None:
        deaths: deque[float] = deque(maxlen=max(DEATHS, 1))
        while not self._ending.wait(LOOK_EVERY):
            if process.poll() is None:
                continue
            now = time.monotonic()
            if not _full(self._place.cluster):
                if len(deaths) >= DEATHS and (not deaths or now - deaths[0] < DEATHS_WITHIN):
                    raise CannotStart(f"数据库屡次意外停止，不再重新启动（日志：{self._place.log}）。")
                deaths.append(now)
            self._progress(f"数据库意外停止（退出码 {process.returncode}），正在重新启动……")
            process = self._revive(port)
            self._progress("数据库已重新启动。")
        _stop(process)

    def _revive(self, port: int) -> subprocess.Popen[bytes]:
        fault = CannotStart("数据库意外停止。")
        pauses, full = iter(PAUSES), False
        while (pause := next(pauses, FULL_PAUSE if full else None)) is not None:
            if self._ending.wait(pause):
                break
            if not full and _full(self._place.cluster):
                self._progress("数据目录所在的磁盘已满。腾出空间后，数据库会自动恢复。")
            # Judged before the start, which is the last one only if it had room.
            full = _full(self._place.cluster)
            try:
                _await_orphan(self._place.cluster, self._progress)
                return self._launch(port)
            except (CannotStart, OSError) as error:
                fault = CannotStart(f"数据库意外停止，且未能重新启动。{error}")
        raise fault

    def _launch(self, port: int) -> subprocess.Popen[bytes]:
        """Start the server and wait until it takes connections. Raises: CannotStart."""
        with _log(self._place.log) as log:
            began = log.tell()
            process = _spawn(self._place, {**self._settings, "port": str(port)}, log)
        if self._ready(process):
            return process
        _stop(process)
        with self._place.log.open("rb") as log:
            log.seek(began)
            said = log.read().decode(errors="replace").strip()
        kind = _PortTaken if "Address already in use" in said else CannotStart
        raise kind(f"数据库未能启动（日志：{self._place.log}）：\n{said[-2000:]}")

    def _ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until the server takes connections, however long it recovers; False where it ended instead."""
        began = reported = time.monotonic()
        while process.poll() is None and not self._ending.is_set():
            if _recorded(self._place.cluster) == (process.pid, "ready"):
                return True
            now = time.monotonic()
            if now - reported > REPORT_EVERY:
                self._progress(f"数据库正在启动，或在恢复上次未正常关闭的数据……已等待 {now - began:.0f} 秒")
                reported = now
            time.sleep(0.02)
        return False


def _full(place: Path) -> bool:
    return shutil.disk_usage(place).free < ROOM


class _PortTaken(CannotStart):
    """Somebody else listens on the port."""


def _running(place: _Place, port: int, pid: int) -> Server:
    return Server(
        port=port,
        pid=pid,
        major=place.binaries.major,
        bin=place.binaries.bin,
        data_dir=place.data_dir,
        log=place.log,
        admin_password=place.admin_password,
        app_password=place.app_password,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _log(path: Path) -> BinaryIO:
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.rename(path.with_suffix(".log.1"))
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
    file.seek(0, os.SEEK_END)
    return file


def _spawn(place: _Place, settings: Mapping[str, str], log: BinaryIO) -> subprocess.Popen[bytes]:
    arguments = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
    return subprocess.Popen(  # noqa: S603 - a program found by binaries.find, no shell.
        [place.binaries.bin / "postgres", "-D", _seen(place.cluster, place), *arguments],
        cwd=place.cluster,
        env=_environment(),
        user=place.identity.uid,
        group=place.identity.gid,
        extra_groups=place.identity.groups,
        # Ctrl-C must reach the application alone, which then stops the server in order.
        start_new_session=True,
        preexec_fn=_end_with_parent(),  # noqa: PLW1509 - runs after the change of user, which clears it.
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )


def _end_with_parent() -> Callable[[], None] | None:
    """Make what the child does so that the kernel stops it, fast and clean, when this process dies.

    The kernel watches the thread that started the child: that is the keeper, which outlives it.
    """
    if sys.platform != "linux":
        return None
    # Loaded here: between fork and exec nothing may be imported or locked.
    control = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def arrange() -> None:
        control(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def _ensure_database(running: Server) -> None:
    dsn = running.dsn(user=ADMIN, password=running.admin_password, database="postgres")
    try:
        with psycopg.connect(dsn, autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    except psycopg.Error as error:
        raise CannotStart(f"数据库已启动，但无法进入（口令文件是否被改动？）：{error}") from error


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Shut down in order (fast), then in haste (immediate), then by force; recovery covers the last two."""
    for signum, patience in ((signal.SIGINT, STOP_PATIENCE), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.send_signal(signum)
            process.wait(patience)
            return
