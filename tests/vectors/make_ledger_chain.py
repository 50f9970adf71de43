"""Make ledger_chain.json: the bytes of the hash chain's format, put together by hand.

It imports nothing of the application. Python's struct lays out the numbers, and the program sha256sum hashes:
``python tests/vectors/make_ledger_chain.py > tests/vectors/ledger_chain.json``. The format, in words: the length
of each text as a signed 64-bit big-endian number and then its UTF-8 bytes; numbers likewise in 64 bits; hashes
as their 32 bytes; in the order format, tenant, position, stream, version, topic, state hash, actor, command id,
microseconds since 1970 in UTC, previous hash.
"""

import json
import struct
import subprocess
import sys

LARGEST = 2**63 - 1
ZEROS = "00" * 32
CASES = [
    # name, tenant, position, stream, version, topic, state, actor, command, microseconds, previous hash
    ("plain", "140802", 1, "topic/1", 1, "topic.proposed", "7b7d", "zhang", "c-1", 1767574800000000, ZEROS),
    (
        "multibyte",
        "运城市",
        2,
        "议题/一",
        3,
        "topic.提出",
        "e88194e5b8ad",
        "张三",
        "命令①",
        1767574800000001,
        "ff" * 32,
    ),
    ("beyond the basic plane", "𠮷野", 3, "😀", 1, "t", "f09f9880", "𝄞", "🀄", 1767574800123456, "0f" * 32),
    (
        "composed and decomposed",
        "e\u0301",
        4,
        "\u00e9",
        1,
        "\u1e9b\u0323",
        "65cc81",
        "\u212b",
        "A\u030a",
        1,
        "5a" * 32,
    ),
    ("empty", "", 0, "", 0, "", "", "", "", 0, ZEROS),
    (
        "largest",
        "9" * 64,
        LARGEST,
        "s" * 1000,
        LARGEST,
        "t" * 300,
        "00ff" * 500,
        "人" * 200,
        "c" * 128,
        253402300799999999,
        "ff" * 32,
    ),
    ("before the epoch", "140802", 1, "s", -1, "t", "00", "a", "c", -1, ZEROS),
    (
        "a boundary moved",
        "14080",
        1,
        "2topic/1",
        1,
        "topic.proposed",
        "7b7d",
        "zhang",
        "c-1",
        1767574800000000,
        ZEROS,
    ),
]


def number(value: int) -> bytes:
    return struct.pack(">q", value)


def text(value: str) -> bytes:
    raw = value.encode("utf-8")
    return number(len(raw)) + raw


def sha256sum(raw: bytes) -> str:
    done = subprocess.run(["sha256sum"], input=raw, capture_output=True, check=True)
    return done.stdout.decode().split()[0]


def vector(case: tuple) -> dict:
    name, tenant, position, stream, version, topic, state, actor, command, at, previous = case
    state_hash = sha256sum(bytes.fromhex(state))
    preimage = (
        text("lianxi-ledger/v1/sha256")
        + text(tenant)
        + number(position)
        + text(stream)
        + number(version)
        + text(topic)
        + bytes.fromhex(state_hash)
        + text(actor)
        + text(command)
        + number(at)
        + bytes.fromhex(previous)
    )
    return {
        "name": name,
        "tenant": tenant,
        "position": position,
        "stream": stream,
        "version": version,
        "topic": topic,
        "state": state,
        "state_hash": state_hash,
        "actor": actor,
        "command_id": command,
        "recorded_at_us": at,
        "prev_hash": previous,
        "preimage": preimage.hex(),
        "hash": sha256sum(preimage),
    }


if __name__ == "__main__":
    json.dump([vector(case) for case in CASES], sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
