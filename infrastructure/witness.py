"""A witness's own folder: his key, the line that others verify him by, and what he cosigned last."""

from pathlib import Path

from pydantic import ValidationError

from application.seal_ports import CannotSeal
from application.witnessing import Seen
from domain import notes
from infrastructure import files, signers


def make(folder: Path, *, name: str, signer: str) -> notes.Key:
    """Make a witness's folder with a new key, bound to the signer's key line. Raises: CannotSeal where there is one."""
    try:
        files.folder(folder)
        signers.make_key(folder / "witness.pem")
        key = signers.FileSigner(folder / "witness.pem", name=name, kind=notes.COSIGNATURE).key
        files.create(folder / "witness.pub", f"{key.vkey}\n".encode())
        remember(folder, Seen(signer=signer))
    except FileExistsError:
        raise CannotSeal(f"见证目录 {folder} 中已有密钥") from None
    except OSError as error:
        raise CannotSeal(f"见证目录 {folder} 不可用：{error.strerror}") from error
    return key


def load(folder: Path) -> tuple[signers.FileSigner, Seen]:
    """Read a witness's key and what he cosigned last. Raises: CannotSeal."""
    try:
        key = notes.read_key((folder / "witness.pub").read_text(encoding="utf-8"))
        seen = Seen.model_validate_json((folder / "seen.json").read_bytes())
        notes.read_key(seen.signer)
        signer = signers.FileSigner(folder / "witness.pem", name=key.name, kind=notes.COSIGNATURE)
    except (OSError, ValidationError, UnicodeDecodeError, notes.BadNote) as error:
        raise CannotSeal(f"见证目录 {folder} 无法读取") from error
    if signer.key != key:
        raise CannotSeal(f"见证目录 {folder} 的公钥与密钥不是一对")
    return signer, seen


def remember(folder: Path, seen: Seen) -> None:
    """Keep what was cosigned last; it is on the disk when this returns."""
    files.replace(folder / "seen.json", seen.model_dump_json().encode())
