"""Who signs: a key in a file, or an external command that holds one, as a hardware module does."""

import base64
import subprocess
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from application.seal_ports import CannotSeal
from domain import notes
from infrastructure import files

SECONDS: Final = 30


def check(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature over a message is of a public key (32 bytes)."""
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class FileSigner:
    """The port ``Signer`` on an Ed25519 key in a file that only its owner reads (PKCS #8, PEM)."""

    def __init__(self, path: Path, *, name: str, kind: int = notes.ED25519) -> None:
        """Read the key. Raises: CannotSeal where it is none, or where others may read it."""
        if path.stat().st_mode & 0o077:
            raise CannotSeal(f"密钥文件 {path} 可被他人读取，请改为 0600")
        try:
            found = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (ValueError, TypeError) as error:
            raise CannotSeal(f"密钥文件 {path} 无法读取") from error
        if not isinstance(found, ed25519.Ed25519PrivateKey):
            raise CannotSeal(f"密钥文件 {path} 不是 Ed25519 密钥")
        self._private = found
        self.key = notes.Key(name=name, kind=kind, public=found.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Give the signature over a message, 64 bytes."""
        return self._private.sign(message)


def make_key(path: Path) -> None:
    """Make an Ed25519 key in a new file of mode 0600. Raises: FileExistsError."""
    pem = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    files.create(path, pem)


class CommandSigner:
    """The port ``Signer`` on a command: it reads the message from standard input and writes base64 of the signature.

    What it holds, and with which algorithm, is its own affair; the key line says how others verify. An Ed25519
    signature is verified before it is used; one of another kind is taken as it is.
    """

    def __init__(self, command: list[str], *, key: notes.Key) -> None:
        self._command = command
        self.key = key

    def sign(self, message: bytes) -> bytes:
        """Give the signature over a message. Raises: CannotSeal."""
        try:
            done = subprocess.run(  # noqa: S603  # The administrator's own setting, no shell.
                self._command, input=message, capture_output=True, timeout=SECONDS, check=True
            )
            signature = base64.b64decode(done.stdout.strip(), validate=True)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            raise CannotSeal(f"外部签名命令没有给出签名：{type(error).__name__}") from error
        if self.key.kind == notes.ED25519 and not check(self.key.public, message, signature):
            raise CannotSeal("外部签名命令的签名与公钥不符")
        return signature
