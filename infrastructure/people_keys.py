"""A key for each person, outside the database and its backups: 32 random bytes, one file a person.

The folder is of mode 0700, the files of 0600. A file is named by the SHA-256 of the person's id, so that a listing of
the folder names nobody. Whoever backs the folder up keeps erased keys: a backup of it has to forget them too.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from application.directory import KeyUnusable
from infrastructure import files

BYTES: Final = 32


class PeopleKeys:
    """The folder of keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self, person: str) -> bytes | None:
        """Give a person's key; None where there is none. Raises: KeyUnusable."""
        try:
            key = self._path(person).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KeyUnusable(f"密钥目录 {self.folder} 不可读：{error.strerror}") from error
        if len(key) != BYTES:
            raise KeyUnusable(f"密钥文件 {self._path(person)} 已损坏，请从其备份恢复，或删除此人的联系方式")
        return key

    def make(self, person: str) -> bytes:
        """Give a person's key, made where there is none; of two that make one, the first counts. Raises: KeyUnusable."""
        if (known := self.load(person)) is not None:
            return known
        path = self._path(person)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            files.folder(self.folder)
            if self.folder.stat().st_mode & 0o077:
                raise KeyUnusable(f"密钥目录 {self.folder} 可被他人进入，请改为 0700")
            files.create(draft, secrets.token_bytes(BYTES))
            try:
                # A link is made whole or not at all, and never over another.
                with suppress(FileExistsError):
                    os.link(draft, path)
            finally:
                draft.unlink()
            files.sync(self.folder)
            return path.read_bytes()
        except OSError as error:
            raise KeyUnusable(f"密钥目录 {self.folder} 不可写：{error.strerror}") from error

    def destroy(self, person: str) -> bool:
        """Overwrite and remove a person's key. Returns: False where there was none. Raises: KeyUnusable."""
        path = self._path(person)
        try:
            with path.open("r+b") as file:
                # What a file system or a disk keeps of the old blocks is beyond a program.
                file.write(bytes(BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            files.sync(self.folder)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise KeyUnusable(f"密钥目录 {self.folder} 不可写：{error.strerror}") from error
        return True

    def _path(self, person: str) -> Path:
        return self.folder / hashlib.sha256(b"lianxi/person/" + person.encode()).hexdigest()
