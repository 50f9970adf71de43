import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import psycopg
import pytest

from api import main
from application import commands, ports
from domain.pairs import RegisterPair
from infrastructure import binaries, embedded, settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def home(scratch):
    """One cluster for this module, created once: (data directory, what it said meanwhile)."""
    said: list[str] = []
    with embedded.server(scratch / "own", durable=False, progress=said.append) as running:
        with psycopg.connect(running.admin_dsn) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        passwords = (running.admin_password, running.app_password)
    return scratch / "own", said, passwords


def start(folder, **options):
    return embedded.server(folder, durable=False, progress=lambda _: None, **options)


def gone(pid: int, within: float = 10) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        # Where nothing reaps orphans a dead process stays as a zombie.
        if not embedded._alive(pid) or embedded._is_another(pid, Path("/")):
            return True
        time.sleep(0.05)
    return False


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_creating_a_cluster_is_told(home):
    _, said, _ = home
    assert len(said) == 1
    assert said[0].startswith("正在建立数据库")


def test_data_and_passwords_survive_a_restart(home):
    folder, _, passwords = home
    with start(folder) as running:
        assert (running.admin_password, running.app_password) == passwords
        with psycopg.connect(running.admin_dsn) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_the_wheel_comes_before_the_machine(home):
    folder, _, _ = home
    with start(folder) as running:
        assert "pginstall" in running.bin.parent.name
        with psycopg.connect(running.admin_dsn) as connection:
            (version,) = connection.execute("SHOW server_version_num").fetchone()
        assert int(version) // 10000 == running.major >= 17


def test_a_new_cluster_is_safe_and_the_same_everywhere(home):
    folder, _, _ = home
    with start(folder) as running, psycopg.connect(running.admin_dsn) as connection:

        def show(name):
            return connection.execute(f"SHOW {name}").fetchone()[0]

        assert show("listen_addresses") == "127.0.0.1"
        assert show("unix_socket_directories") == ""
        assert show("data_checksums") == "on"
        assert show("server_encoding") == "UTF8"
        assert show("timezone") == "UTC"
        locale = connection.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        assert locale == ("b", "C.UTF-8")
        methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        assert methods == [("scram-sha-256",)]


def test_fsync_is_on_unless_given_up(home):
    folder, _, _ = home
    with embedded.server(folder) as running, psycopg.connect(running.admin_dsn) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    with start(folder) as running, psycopg.connect(running.admin_dsn) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)


def test_further_settings_are_passed_on(home):
    folder, _, _ = home
    with (
        start(folder, options={"commit_delay": "250"}) as running,
        psycopg.connect(running.admin_dsn) as connection,
    ):
        assert connection.execute("SHOW commit_delay").fetchone() == ("250",)


def test_secrets_are_for_the_owner_alone_and_never_shown(home):
    folder, _, passwords = home
    assert mode(folder / "secrets") == 0o700
    assert mode(folder / "postgres") == 0o700
    for name in ("secrets/postgres", "secrets/lianxi_app", "postgres.log", "lock"):
        assert mode(folder / name) == 0o600, name
    with start(folder) as running:
        assert not any(password in repr(running) for password in passwords)
        arguments = Path(f"/proc/{running.pid}/cmdline").read_text()
        assert not any(password in arguments for password in passwords)


def test_a_wrong_password_is_refused(home):
    folder, _, _ = home
    with start(folder) as running, pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(running.dsn(user=embedded.ADMIN, password="guess"))


def test_a_lost_password_file_is_refused(home):
    folder, _, _ = home
    secret = folder / "secrets" / embedded.ADMIN
    secret.rename(folder / "aside")
    try:
        with pytest.raises(embedded.CannotStart, match="口令文件"), start(folder):
            pass
    finally:
        (folder / "aside").rename(secret)


def test_a_second_server_on_the_same_data_is_refused(home):
    folder, _, _ = home
    with start(folder) as running:
        with pytest.raises(embedded.CannotStart, match=f"进程号 {os.getpid()}"), start(folder):
            pass
        with psycopg.connect(running.admin_dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("major", ["9.6", "99"])
def test_data_of_another_major_is_refused(tmp_path, major):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text(f"{major}\n")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / embedded.ADMIN).write_text("x")
    with (
        pytest.raises(embedded.CannotStart, match="PG_VERSION" if "." in major else "PostgreSQL 99"),
        start(tmp_path),
    ):
        pass


def test_an_interrupted_creation_is_done_again(tmp_path):
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")
    with start(tmp_path):
        pass
    assert not (tmp_path / "postgres.new").exists()


def test_a_pid_file_of_another_process_is_stale(home):
    folder, _, _ = home
    (folder / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n0\n1\n\n\n\nready\n")
    with start(folder):
        pass


def test_a_busy_port_is_given_up_for_another(home, monkeypatch):
    folder, _, _ = home
    free = embedded._free_port
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = [taken.getsockname()[1], free()]
        monkeypatch.setattr(embedded, "_free_port", lambda: ports.pop(0))
        with start(folder) as running:
            assert running.port != taken.getsockname()[1]


def test_settings_that_the_server_refuses_are_shown(home):
    folder, _, _ = home
    with (
        pytest.raises(embedded.CannotStart, match="no_such_setting"),
        start(folder, options={"no_such_setting": "1"}),
    ):
        pass


# A suite that was started in the background hands down SIGINT ignored.
CHILD = """
import signal, sys, time
from pathlib import Path
from infrastructure import embedded
signal.signal(signal.SIGINT, signal.default_int_handler)
with embedded.server(Path(sys.argv[1]), durable=False) as running:
    print(running.pid, flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells a child of its parent's death.")
@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_server_ends_with_the_application(home, signum):
    """However the application ends, its server ends too, and the next start finds the data in order."""
    folder, _, _ = home
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, folder],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        pid = int(child.stdout.readline())
        child.send_signal(signum)
        child.wait(30)
        with start(folder) as running:
            assert running.pid != pid
            assert gone(pid)
            with psycopg.connect(running.admin_dsn) as connection:
                assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        tail = (folder / "postgres.log").read_text()
        assert "automatic recovery" not in tail
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


root_only = pytest.mark.skipif(os.geteuid() != 0, reason="Only root needs another user.")


@root_only
def test_root_runs_it_as_nobody_without_roots_group(home):
    folder, _, _ = home
    with start(folder) as running:
        lines = Path(f"/proc/{running.pid}/status").read_text().splitlines()
        status = {key: value.split() for key, _, value in (line.partition(":") for line in lines)}
    assert "0" not in status["Uid"] + status["Gid"] + status["Groups"]


@root_only
def test_root_may_keep_data_below_a_closed_directory(scratch):
    closed = scratch / "closed"
    closed.mkdir(mode=0o700)
    for _ in range(2):
        with start(closed / "data") as running, psycopg.connect(running.admin_dsn) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert mode(closed) == 0o700


@root_only
def test_root_copies_programs_that_lie_below_a_closed_directory(tmp_path, monkeypatch):
    """The copy is made once, keeps its libraries, and the closed directory stays closed."""
    found = binaries.find()
    package = found.bin.parents[1]
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / package.name).symlink_to(package)
    libraries = package.with_name(f"{package.name}.libs")
    (closed / libraries.name).symlink_to(libraries)
    monkeypatch.setattr(binaries, "CACHE", Path("/var/cache/lianxi-test"))
    there = binaries.Binaries(bin=closed / found.bin.relative_to(package.parent), major=found.major)
    nobody = embedded._identity(tmp_path / "none")
    try:
        copy = binaries.runnable(there, identity=nobody)
        assert copy.bin.is_relative_to(binaries.CACHE)
        made = copy.bin.stat().st_mtime_ns
        assert binaries.runnable(there, identity=nobody) == copy
        assert copy.bin.stat().st_mtime_ns == made
    finally:
        shutil.rmtree(binaries.CACHE, ignore_errors=True)
    assert mode(closed) == 0o700


def test_a_setting_is_the_only_place_looked_at(tmp_path):
    with pytest.raises(embedded.CannotStart, match="LIANXI_PG_BIN"):
        binaries.find(setting=tmp_path)


def test_programs_for_another_machine_are_passed_over(tmp_path):
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_bytes(b"\x7fELF")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(embedded.CannotStart, match="无"):
        binaries.find(setting=tmp_path)


@pytest.mark.parametrize(
    "place", sorted(Path("/usr/lib/postgresql").glob("*/bin")), ids=lambda p: p.parent.name
)
def test_the_machines_own_versions_work_too(scratch, place):
    """From 15 on; those before 17 have no builtin locale."""
    if int(place.parent.name) < binaries.OLDEST:
        pytest.skip("Too old.")
    with start(scratch / f"pg{place.parent.name}", pg_bin=place) as running:
        assert running.major == int(place.parent.name)
        with psycopg.connect(running.admin_dsn) as connection:
            assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


@root_only
def test_versions_that_leave_their_place_need_an_open_one(scratch):
    place = binaries.SYSTEM / "15" / "bin"
    if not place.is_dir():
        pytest.skip("No PostgreSQL 15 here.")
    closed = scratch / "closed15"
    closed.mkdir(mode=0o700)
    with pytest.raises(embedded.CannotStart, match="无法进入"), start(closed / "data", pg_bin=place):
        pass


# --- a server that dies --------------------------------------------------------------------------------------


def kill_server(folder) -> int:
    pid = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    return pid


def tried(act, said):
    """Do what any caller of a service that was killed does: the same again, a moment later."""
    for _ in range(20):
        try:
            return act()
        except ports.LedgerUnavailable:
            time.sleep(0.5)
    return pytest.fail(f"not back: {said}")


def test_a_server_that_was_killed_comes_back_and_nothing_acknowledged_is_lost(scratch):
    """The whole system over it recovers by itself: within a few tries a command succeeds again, and a read.

    A read is tried again too: a server process that outlives its master for a moment may still have answered the
    command before.
    """
    chosen = settings.Settings(data_dir=scratch / "killed")
    said: list[str] = []
    with main.system(chosen, progress=said.append) as system:
        for number, code in enumerate(["140802", "140821", "140822"], start=1):
            if number > 1:
                kill_server(chosen.data_dir)
            request = commands.Request(
                tenant=code,
                command=RegisterPair(on=date(2024, 3, 12), division_code=code, union_division_code=code),
                subject=code,
                caller=commands.Caller(person="p-1", administrator=True),
                key=f"register-{code}",
            )
            tried(lambda request=request: system.office.submit(request), said)
            assert len(tried(lambda: system.views.heads("14"), said)) == number
            if number > 1:
                told(said, "已重新启动", times=number - 1)
        assert sum("意外停止" in line for line in said) == 2
        assert sum("已重新启动" in line for line in said) == 2


def told(said, words, times=1):
    until = time.monotonic() + 30
    while sum(words in line for line in said) < times:
        assert time.monotonic() < until, said
        time.sleep(0.05)


def kill_twice(folder):
    said, given_up = [], threading.Event()
    with embedded.server(folder, durable=False, progress=said.append, given_up=given_up.set):
        kill_server(folder)
        told(said, "已重新启动")
        kill_server(folder)
        assert given_up.wait(30)


def test_a_server_that_keeps_dying_is_given_up(home, monkeypatch):
    folder, _, _ = home
    monkeypatch.setattr(embedded, "DEATHS", 1)
    with pytest.raises(embedded.CannotStart, match="屡次意外停止"):
        kill_twice(folder)


def test_a_server_that_stopped_for_a_full_disk_comes_back_once_there_is_room(home, monkeypatch):
    """However often its start fails meanwhile, and however often that happens: a full disk is no fault of the server."""
    folder, _, _ = home
    said, given_up = [], threading.Event()
    fails = ["no room"] * (len(embedded.PAUSES) + 2)
    launch = embedded._Keeper._launch

    def launched(keeper, port):
        if fails and said:
            raise embedded.CannotStart(fails.pop())
        monkeypatch.setattr(embedded, "ROOM", 0)
        return launch(keeper, port)

    monkeypatch.setattr(embedded, "DEATHS", 0)
    monkeypatch.setattr(embedded, "PAUSES", (0.0,) * len(embedded.PAUSES))
    monkeypatch.setattr(embedded, "FULL_PAUSE", 0.0)
    with embedded.server(folder, durable=False, progress=said.append, given_up=given_up.set) as running:
        monkeypatch.setattr(embedded._Keeper, "_launch", launched)
        monkeypatch.setattr(embedded, "ROOM", 1 << 62)
        kill_server(folder)
        told(said, "已重新启动")
        with psycopg.connect(running.admin_dsn) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    assert not fails
    assert not given_up.is_set()
    assert sum("磁盘已满" in line for line in said) == 1


def test_a_discarded_cluster_is_made_anew(tmp_path):
    with start(tmp_path) as running, psycopg.connect(running.admin_dsn) as connection:
        connection.execute("CREATE TABLE gone ()")
    embedded.discard(tmp_path)
    embedded.discard(tmp_path)
    with start(tmp_path) as running, psycopg.connect(running.admin_dsn) as connection:
        assert connection.execute("SELECT to_regclass('gone')").fetchone() == (None,)
