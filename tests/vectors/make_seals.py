"""Make seals.json: Merkle trees, their proofs and signed checkpoints, put together by hand.

It imports nothing of the application: ``python tests/vectors/make_seals.py > tests/vectors/seals.json``. The program
sha256sum hashes, pycryptodome signs with Ed25519. A root follows RFC 6962's definition word for word: of one leaf
SHA-256(00, data); of more, SHA-256(01, root of the first k, root of the rest), k the largest power of two below
their number. A proof is the list of the subtrees' roots that the definition in 2.1.1 and 2.1.2 names. Leaf data are
the entry hashes SHA-256("entry 1"), SHA-256("entry 2") and so on.
"""

import base64
import functools
import json
import subprocess
import sys

from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa

SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 13, 33)
SEED = bytes(range(32))
WITNESS_SEED = bytes(range(100, 132))
NAME = "lianxi.example"
WITNESS = "union.example/140830"
TIME = 1767574800


@functools.cache
def sha256(raw: bytes) -> bytes:
    done = subprocess.run(["/usr/bin/sha256sum"], input=raw, capture_output=True, check=True)
    return bytes.fromhex(done.stdout.split()[0].decode())


def data(number: int) -> bytes:
    return sha256(f"entry {number}".encode())


def split(count: int) -> int:
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def mth(items: tuple[bytes, ...]) -> bytes:
    if len(items) == 1:
        return sha256(b"\0" + items[0])
    k = split(len(items))
    return sha256(b"\1" + mth(items[:k]) + mth(items[k:]))


def path(m: int, items: tuple[bytes, ...]) -> list[bytes]:
    if len(items) == 1:
        return []
    k = split(len(items))
    if m < k:
        return [*path(m, items[:k]), mth(items[k:])]
    return [*path(m - k, items[k:]), mth(items[:k])]


def subproof(m: int, items: tuple[bytes, ...], complete: bool) -> list[bytes]:
    if m == len(items):
        return [] if complete else [mth(items)]
    k = split(len(items))
    if m <= k:
        return [*subproof(m, items[:k], complete), mth(items[k:])]
    return [*subproof(m - k, items[k:], False), mth(items[:k])]


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def public(seed: bytes) -> bytes:
    return ECC.construct(curve="Ed25519", seed=seed).public_key().export_key(format="raw")


def signature(seed: bytes, message: bytes) -> bytes:
    return eddsa.new(ECC.construct(curve="Ed25519", seed=seed), "rfc8032").sign(message)


def key_id(name: str, kind: int, raw: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + bytes([kind]) + raw)[:4]


def note(size: int) -> dict:
    """One checkpoint of a pair, signed by the log and cosigned by a witness."""
    body = f"{NAME}/pairs/140830/1\n{size}\n{b64(mth(tuple(data(n + 1) for n in range(size))))}\n"
    cosigned = f"cosignature/v1\ntime {TIME}\n{body}".encode()
    log_id, witness_id = key_id(NAME, 1, public(SEED)), key_id(WITNESS, 4, public(WITNESS_SEED))
    signed = b64(log_id + signature(SEED, body.encode()))
    witnessed = b64(witness_id + TIME.to_bytes(8, "big") + signature(WITNESS_SEED, cosigned))
    return {"text": body, "note": f"{body}\n— {NAME} {signed}\n— {WITNESS} {witnessed}\n", "size": size}


def main() -> None:
    trees = []
    for size in SIZES:
        items = tuple(data(n + 1) for n in range(size))
        trees.append(
            {
                "size": size,
                "root": mth(items).hex(),
                "inclusion": [[one.hex() for one in path(m, items)] for m in range(size)],
                "consistency": [[one.hex() for one in subproof(m + 1, items, True)] for m in range(size)],
            }
        )
    made = {
        "seed": SEED.hex(),
        "witness_seed": WITNESS_SEED.hex(),
        "time": TIME,
        "vkey": f"{NAME}+{key_id(NAME, 1, public(SEED)).hex()}+{b64(bytes([1]) + public(SEED))}",
        "witness_vkey": f"{WITNESS}+{key_id(WITNESS, 4, public(WITNESS_SEED)).hex()}"
        f"+{b64(bytes([4]) + public(WITNESS_SEED))}",
        "notes": [note(size) for size in SIZES],
        "data": [data(n + 1).hex() for n in range(max(SIZES))],
        "trees": trees,
    }
    json.dump(made, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
