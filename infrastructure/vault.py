"""The seal directory: the signer's key and what it signed last, outside of the database and of its backup.

``key.pem`` is the private key, ``key.pub`` the line that verifiers keep, ``signed.json`` what was signed last,
``sealed.jsonl`` everything that ever was, one line a round, and ``lock`` is held while anybody signs. All are of mode
0600 in a folder of mode 0700. The name of the key is fixed when the key is made. A round goes into ``sealed.jsonl``
first; it counts once ``signed.json`` covers it, so what a crash left behind is passed over and written again.
"""

import fcntl
import os
import shlex
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from application import seal_ports
from application.seal_ports import CannotSeal, Kept
from domain import notes
from infrastructure import files, signers

WAIT_S: Final = 120.0
POLL_S: Final = 0.05
SIGNED: Final = "signed.json"
SEALED: Final = "sealed.jsonl"


class FileVault:
    """The port ``Vault``."""

    def __init__(self, folder: Path, *, name: str, command: str = "", wait_s: float = WAIT_S) -> None:
        """Bind the folder, the name of a key that is still to be made, and the command that signs, if any does.

        ``wait_s``: how long to wait for somebody else who signs.
        """
        self.folder = folder
        self._name = name
        self._command = shlex.split(command)
        self._wait_s = wait_s

    @contextmanager
    def held(self) -> Iterator["HeldVault"]:
        """Let nobody else sign until the block ends; the first use makes the key. Raises: CannotSeal."""
        try:
            files.folder(self.folder)
            if self.folder.stat().st_mode & 0o077:
                raise CannotSeal(f"封存目录 {self.folder} 可被他人进入，请改为 0700")
            with _locked(self.folder / "lock", wait_s=self._wait_s):
                yield HeldVault(self.folder, signer=self._signer(), kept=self.kept())
        except OSError as error:
            raise CannotSeal(f"封存目录 {self.folder} 不可用：{error.strerror}") from error

    def kept(self) -> Kept:
        """Give what is kept, without waiting for anybody. Raises: CannotSeal."""
        path = self.folder / SIGNED
        try:
            return Kept.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return Kept()
        except (OSError, ValidationError) as error:
            # Going on as if nothing had been signed would let a rewritten history be signed.
            raise CannotSeal(f"封存记录 {path} 无法读取，请从其备份恢复") from error

    def rounds(self) -> Sequence[seal_ports.Round]:
        """Give everything that was ever signed, in order. Raises: CannotSeal where it is not whole."""
        size, found = self.kept().everyone.size, list[seal_ports.Round]()
        path = self.folder / SEALED
        if path.exists():
            with path.open("rb") as lines:
                for each in filter(None, map(_round, lines)):
                    while found and each.size - len(each.sealed) < found[-1].size:
                        found.pop()
                    found.append(each)
        while found and found[-1].size > size:
            found.pop()
        ends = [0, *(each.size for each in found)]
        if ends[-1] != size or any(
            each.size - len(each.sealed) != end for each, end in zip(found, ends, strict=False)
        ):
            raise CannotSeal(f"封存记录 {path} 不完整，请从其备份恢复")
        return found

    def key(self) -> notes.Key | None:
        """Give the public key; None where nothing was ever sealed. Raises: CannotSeal."""
        try:
            return notes.read_key((self.folder / "key.pub").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, notes.BadNote) as error:
            raise CannotSeal(f"公钥文件 {self.folder / 'key.pub'} 无法读取") from error

    def _signer(self) -> seal_ports.Signer:
        public, private = self.folder / "key.pub", self.folder / "key.pem"
        key = self.key()
        if self._command:
            if key is None:
                raise CannotSeal(f"使用外部签名命令时，请先把公钥行写入 {public}")
            return signers.CommandSigner(self._command, key=key)
        if not private.exists():
            if key is not None or (self.folder / SIGNED).exists():
                raise CannotSeal(f"密钥文件 {private} 不见了，请从其备份恢复")
            signers.make_key(private)
        signer = signers.FileSigner(private, name=key.name if key else self._name)
        if key is None:
            files.replace(public, f"{signer.key.vkey}\n".encode())
        elif key != signer.key:
            raise CannotSeal(f"{public} 与 {private} 不是一对")
        return signer


class HeldVault:
    """The port ``Held``."""

    def __init__(self, folder: Path, *, signer: seal_ports.Signer, kept: Kept) -> None:
        self._folder = folder
        self.signer = signer
        self.kept = kept

    def keep(self, kept: Kept, *, signed: seal_ports.Round | None = None) -> None:
        """Replace what is kept and add what was signed, all or nothing, and on the disk when this returns."""
        if signed is not None:
            files.append(self._folder / SEALED, signed.model_dump_json().encode())
        files.replace(self._folder / SIGNED, kept.model_dump_json().encode())
        self.kept = kept


def _round(line: bytes) -> seal_ports.Round | None:
    try:
        return seal_ports.Round.model_validate_json(line)
    except ValidationError:
        # A crash tore this line; what it said is said again further down, or was never signed.
        return None


@contextmanager
def _locked(path: Path, *, wait_s: float) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until = time.monotonic() + wait_s
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise CannotSeal("另一个进程正在封存，请稍后再试") from None
                time.sleep(POLL_S)
                continue
            break
        yield
    finally:
        # Closing gives the lock back, and so does the end of the process.
        os.close(handle)
