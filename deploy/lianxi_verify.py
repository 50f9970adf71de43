#!/usr/bin/env python3
"""联席审计包的脱机核验程序：一个文件，只用 Python 3.11 以上的标准库；装有 cryptography 时一并核验签名。

用法：
    python lianxi_verify.py 审计包.zip [--key 公钥] [--checkpoint 另存的检查点] [--earlier 以前的审计包]
                            [--report 报告.json] [--year 年度 [--on 截至日]]

核验的内容：包内各文件的摘要；每个单位的事实位置连续、各对象的版本连续、内容的哈希、前后衔接的哈希链；检查点的默克尔树根
和签名；与审计方另存的检查点、以前的审计包是否一致。给出报告的，由事实重新核算报告的每一个数字，逐项比对。
结果：0 没有发现问题；1 有发现；2 包或参数不能读取。

This program shares no code with the application that wrote the bundle. It is written to be read from the top down:
what is checked (1), how findings are told (2), the ledger (3), the checkpoints (4), what the facts amount to (5),
the figures (6), the comparison with a report (7), and last the careful reading of files that nobody vouches for (8).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import itertools
import json
import re
import sys
import time
import zipfile
import zlib
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

FINE, FOUND, UNREADABLE = 0, 1, 2
BUNDLE_FORMAT: Final = "lianxi-bundle/v1"
LEDGER_FORMAT: Final = "lianxi-ledger/v1/sha256"
REPORT_FORMAT: Final = "lianxi-report/v3"
SHANGHAI: Final = timezone(timedelta(hours=8))
# The packaged working days of 2004 - 2026, by the SHA-256 of the member calendar.json. They are what the State Council
# published; whoever doubts them compares calendar.json with its notices.
CALENDAR_SHA256: Final = "a1bb36771e78ffbcf19caae509e7a9c4dc6d91d74bd3934e8edd6eea615ee9f6"


# === 1. What is checked ==========================================================================================


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what the command line names, say what was found, and give the exit code."""
    told = Told()
    try:
        asked = _arguments(arguments)
        with Bundle(asked.bundle) as bundle:
            _check(bundle, asked, told)
    except Unreadable as error:
        told.say(f"不能核验：{error}")
        return UNREADABLE
    except KeyboardInterrupt:
        told.say("已中止。")
        return UNREADABLE
    except Exception as error:  # noqa: BLE001 - whatever a hostile file leads to, nobody is shown a stack.
        told.say(f"不能核验：{type(error).__name__} {error}")
        return UNREADABLE
    return told.conclude()


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="lianxi_verify.py", description="脱机核验联席审计包。")
    parser.add_argument("bundle", type=Path, metavar="审计包.zip")
    parser.add_argument("--key", help="审计方另行留存的公钥：一行公钥，或存有它的文件")
    parser.add_argument("--witness", action="append", default=[], help="见证方的公钥，同上；可重复")
    parser.add_argument(
        "--checkpoint", type=Path, action="append", default=[], help="审计方另存的检查点；可重复"
    )
    parser.add_argument("--earlier", type=Path, action="append", default=[], help="以前的审计包；可重复")
    parser.add_argument(
        "--report", type=Path, action="append", default=[], help="要核对的报告（JSON）；可重复"
    )
    parser.add_argument("--year", type=int, help="没有报告时，核算哪一年度")
    parser.add_argument("--on", help="核算截至哪一天（YYYY-MM-DD）")
    return parser.parse_args(arguments)


def _check(bundle: Bundle, asked: argparse.Namespace, told: Told) -> None:
    manifest = Manifest.of(bundle, told)
    told.say(
        f"审计包：{len(manifest.heads)} 个单位，{manifest.program}，最后一条事实记于 {_moment(manifest.moment)}"
    )
    days = _calendar(bundle, manifest, told)
    divisions = _divisions(bundle, manifest, told)
    keys = Keys(bundle, asked, told)
    manifest.check_digest("key.txt", *keys.digest, told)
    held = held_outside(asked.checkpoint)
    reports = [Report.read(path) for path in asked.report]
    if asked.year is not None:
        reports.append(Report.wished(asked.year, asked.on, manifest=manifest))
    began = time.monotonic()
    facts, sealed = 0, 0
    with Earlier(asked.earlier) as earlier:
        for pair, head in manifest.heads.items():
            records = [(report, Record(pair)) for report in reports if report.rests_on(pair, head)]
            seals = Seals(pair, keys, held)
            seals.read(bundle, manifest, told)
            walk = Walk(
                pair, head=head, records=records, told=told, earlier=earlier.hashes(pair, told), seals=seals
            )
            walk.through(bundle, manifest)
            sealed += seals.conclude(walk.end, told)
            facts += walk.end.position
            for report, record in records:
                report.count(record, walk, days=days, told=told)
            for report in reports:
                report.leave_out(pair, walk)
        earlier.missing(manifest, told)
    for name in [name for name, each in held if each.pair not in manifest.heads]:
        told.not_checked(f"另存的检查点 {name} 的单位不在包内")
    seconds = max(time.monotonic() - began, 1e-9)
    told.say(f"核验事实 {facts} 条，用时 {seconds:.2f} 秒，每秒 {facts / seconds:.0f} 条。")
    told.say(
        f"与台账相符的检查点 {sealed} 个。" if sealed else "没有与台账相符的检查点：此前的改写无从对照。"
    )
    keys.conclude(told)
    for report in reports:
        report.compare(divisions, told)


def _moment(microseconds: int | None) -> str:
    if microseconds is None:
        return "（没有事实）"
    at = datetime(1970, 1, 1, tzinfo=SHANGHAI) + timedelta(microseconds=microseconds, hours=8)
    return at.isoformat(sep=" ", timespec="seconds")


# === 2. How findings are told ====================================================================================


class Unreadable(Exception):
    """The bundle, or what was given beside it, cannot be read at all."""


class Bad(Exception):
    """Something that does not hold, at the place that is being looked at."""


class Told:
    """What was found and what could not be checked, in the order in which it was met."""

    MOST: Final = 200

    def __init__(self) -> None:
        self.findings: list[str] = []
        self.unchecked: list[str] = []

    def say(self, text: str) -> None:
        """Print a line. What a hostile file holds must not steer the terminal."""
        shown = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)
        sys.stdout.write(shown.encode(errors="backslashreplace").decode() + "\n")

    def found(self, text: str) -> None:
        """Tell something that does not hold."""
        self.findings.append(text)
        if len(self.findings) <= self.MOST:
            self.say(f"发现：{text}")

    def not_checked(self, text: str) -> None:
        """Tell something that could not be checked, and is therefore not vouched for."""
        self.unchecked.append(text)
        if len(self.unchecked) <= self.MOST:
            self.say(f"未核算：{text}")

    def conclude(self) -> int:
        """Sum up, and give the exit code."""
        if self.findings or self.unchecked:
            self.say(f"结论：有 {len(self.findings)} 处不符，{len(self.unchecked)} 处未核算。")
            return FOUND
        self.say("结论：未发现问题。")
        return FINE


# === 3. The ledger ===============================================================================================


@dataclass(frozen=True)
class Head:
    """The end of a ledger: the last position, 0 where there is none, and its hash."""

    position: int = 0
    hash: bytes = bytes(32)


class Entry(NamedTuple):
    """One fact as its line tells it; ``state`` is the very bytes that were hashed."""

    tenant: str
    position: int
    stream: str
    version: int
    topic: str
    state: bytes
    state_hash: bytes
    actor: str
    command_id: str
    recorded_at: int
    prev_hash: bytes
    hash: bytes


TEXTS: Final = ("tenant", "stream", "topic", "actor", "command_id")
NUMBERS: Final = ("position", "version", "recorded_at")
HASHES: Final = ("state_hash", "prev_hash", "hash")
HEX: Final = re.compile(r"[0-9a-f]{64}")


def entry_of(line: bytes) -> Entry:
    """Read a line. Raises: Bad where it is not exactly what the format says.

    A line has one form only: keys sorted, no blanks, nothing escaped that need not be. So no byte of it can change
    without notice, not even one that would read the same.
    """
    body = strict_json(line)
    if not isinstance(body, dict):
        raise Bad("不是一条事实")
    state = "state" if "state" in body else "state_base64"
    if set(body) != {*TEXTS, *NUMBERS, *HASHES, state}:
        raise Bad("字段不全或有多余的字段")
    if not all(type(body[name]) is str for name in (*TEXTS, *HASHES, state)):
        raise Bad("字段的类型不对")
    if not all(type(body[name]) is int and -(2**63) <= body[name] < 2**63 for name in NUMBERS):
        raise Bad("字段的类型不对")
    if not all(HEX.fullmatch(body[name]) for name in HASHES):
        raise Bad("哈希不是 64 位小写十六进制")
    if canonical(body) != line:
        raise Bad("这一行不是规定的写法")
    return Entry(
        tenant=body["tenant"],
        position=body["position"],
        stream=body["stream"],
        version=body["version"],
        topic=body["topic"],
        state=_state(body[state], coded=state == "state_base64"),
        state_hash=bytes.fromhex(body["state_hash"]),
        actor=body["actor"],
        command_id=body["command_id"],
        recorded_at=body["recorded_at"],
        prev_hash=bytes.fromhex(body["prev_hash"]),
        hash=bytes.fromhex(body["hash"]),
    )


def _state(text: str, *, coded: bool) -> bytes:
    if not coded:
        return text.encode()
    try:
        state = base64.b64decode(text, validate=True)
    except ValueError:
        raise Bad("内容的 base64 有误") from None
    if base64.b64encode(state).decode() != text or _is_text(state):
        raise Bad("内容不应以 base64 表示")
    return state


def _is_text(state: bytes) -> bool:
    try:
        state.decode()
    except UnicodeDecodeError:
        return False
    return True


def preimage(entry: Entry) -> bytes:
    """Give the bytes whose SHA-256 links an entry to the one before it.

    Texts stand with the length of their UTF-8 bytes before them; lengths and numbers are signed 64-bit big-endian
    integers; hashes are 32 bytes.
    """

    def number(value: int) -> bytes:
        return value.to_bytes(8, "big", signed=True)

    def text(value: str) -> bytes:
        raw = value.encode()
        return number(len(raw)) + raw

    return b"".join(
        (
            text(LEDGER_FORMAT),
            text(entry.tenant),
            number(entry.position),
            text(entry.stream),
            number(entry.version),
            text(entry.topic),
            entry.state_hash,
            text(entry.actor),
            text(entry.command_id),
            number(entry.recorded_at),
            entry.prev_hash,
        )
    )


class Walk:
    """Goes through one pair's facts from the first to the last, and stops at the first that does not hold."""

    def __init__(
        self,
        pair: str,
        *,
        head: Head,
        records: Sequence[tuple[Report, Record]],
        told: Told,
        earlier: Sequence[EarlierChain],
        seals: Seals,
    ) -> None:
        self.pair = pair
        self.head = head
        self.records = records
        self.told = told
        self.earlier = earlier
        self.seals = seals
        self.end = Head()
        self.recorded_at = -(2**63)
        self.first_at: int | None = None
        self.versions: dict[str, int] = {}
        # The hash and the moment at each position on which a report rests.
        self.places: dict[int, tuple[bytes, int]] = {report.position(pair): (b"", 0) for report, _ in records}

    def through(self, bundle: Bundle, manifest: Manifest) -> None:
        """Check every fact, then the end, then the file's digest."""
        lines = bundle.lines(f"pairs/{self.pair}/facts.jsonl")
        try:
            for line in lines:
                self._next(entry_of(line))
            for earlier in self.earlier:
                earlier.conclude(self.end)
            self._check_end()
        except Bad as bad:
            self.told.found(f"{self.pair} 位置 {self.end.position + 1}：{bad}")
        manifest.check(bundle, lines, self.told)

    def _next(self, entry: Entry) -> None:
        self._check_link(entry)
        self.end = Head(entry.position, entry.hash)
        self.recorded_at = entry.recorded_at
        self.versions[entry.stream] = entry.version
        if self.first_at is None:
            self.first_at = entry.recorded_at
        if entry.position in self.places:
            self.places[entry.position] = (entry.hash, entry.recorded_at)
        self.seals.add(entry)
        for earlier in self.earlier:
            earlier.compare(entry.position, entry.hash)
        wanted = [record for report, record in self.records if entry.position <= report.position(self.pair)]
        if wanted:
            self._read(entry, wanted)

    def _check_link(self, entry: Entry) -> None:
        if entry.tenant != self.pair:
            raise Bad("记录属于另一个单位")
        if entry.position != self.end.position + 1:
            raise Bad(f"位置不连续，此处实为位置 {entry.position}")
        if entry.prev_hash != self.end.hash:
            raise Bad("与前一条的哈希不衔接")
        if hashlib.sha256(entry.state).digest() != entry.state_hash:
            raise Bad("事实的内容与其哈希不符")
        if hashlib.sha256(preimage(entry)).digest() != entry.hash:
            raise Bad("记录的哈希与内容不符")
        if entry.version != self.versions.get(entry.stream, 0) + 1:
            raise Bad(f"对象 {entry.stream} 的版本不连续，此处实为 {entry.version}")
        if entry.recorded_at < self.recorded_at:
            raise Bad("记入时间早于前一条")

    def _check_end(self) -> None:
        if self.end.position < self.head.position:
            raise Bad(f"缺失：包内载明共 {self.head.position} 条")
        if self.end.position > self.head.position:
            raise Bad(f"多出：包内载明共 {self.head.position} 条")
        if self.end != self.head:
            self.told.found(f"{self.pair} 位置 {self.end.position}：最后一条的哈希与包内载明的不符")

    def _read(self, entry: Entry, records: Iterable[Record]) -> None:
        # The chain holds here, so a fact that cannot be read was written so by somebody who could link it.
        try:
            fact = strict_json(entry.state)
            for record in records:
                record.take(entry.stream, entry.topic, fact)
        except Bad as bad:
            self.told.found(f"{self.pair} 位置 {entry.position}：事实无法解读：{bad}")
        except CANNOT_BE_READ as error:
            self.told.found(f"{self.pair} 位置 {entry.position}：事实无法解读：{type(error).__name__}")


CANNOT_BE_READ: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


# === 4. The checkpoints ==========================================================================================
#
# A checkpoint is a C2SP signed note (c2sp.org/signed-note, tlog-checkpoint): origin, number of leaves, base64 of the
# root of an RFC 6962 tree; a blank line; a line for each signature. Leaf i, from 0, is over the hash of the fact at
# position i + 1. The origin is <key name>/pairs/<pair>/<epoch>.

ED25519, COSIGNATURE = 1, 4
ORIGIN: Final = re.compile(r"(?P<name>.+)/pairs/(?P<pair>[^/]+)/(?P<epoch>[1-9][0-9]{0,8})")
SIZE: Final = re.compile(r"[1-9][0-9]{0,18}")
EPOCH_FORMAT: Final = "lianxi-epoch/v1"
MOST_SIGNATURES: Final = 64


class Tree:
    """A Merkle tree that only grows; it keeps the roots of its full subtrees, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, data: bytes) -> None:
        """Append a leaf over data."""
        peak, size = hashlib.sha256(b"\x00" + data).digest(), self.size
        while size % 2:
            peak, size = self._node(self._peaks.pop(), peak), size // 2
        self._peaks.append(peak)
        self.size += 1

    def root(self) -> bytes:
        """Give the root over at least one leaf."""
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = self._node(peak, root)
        return root

    @staticmethod
    def _node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Key:
    """A public key as a verifier keeps it, in one line: name, key id, and base64 of kind and key."""

    line: str
    name: str
    id: bytes
    kind: int
    public: bytes

    @classmethod
    def of(cls, line: str) -> Key:
        """Read a key. Raises: Bad."""
        name, _, rest = line.strip().partition("+")
        named, _, coded = rest.partition("+")
        raw = one_base64(coded)
        if not name or len(raw) < 2:  # noqa: PLR2004 - a kind and a key.
            raise Bad("不是公钥")
        made = cls(
            line.strip(), name, hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4], raw[0], raw[1:]
        )
        if made.id.hex() != named:
            raise Bad("公钥的编号与公钥不符")
        return made

    @classmethod
    def given(cls, text: str) -> Key:
        """Read a key given on the command line: the line itself, or a file that holds it. Raises: Unreadable."""
        try:
            return cls.of(text if "+" in text else _small_file(Path(text)).decode())
        except (Bad, UnicodeError):
            raise Unreadable("给出的公钥不是一行公钥（名称+编号+base64）") from None


@dataclass(frozen=True)
class Checkpoint:
    """What a note states of a tree, the text that was signed, and the lines of its signatures: name, key id, signature."""

    origin: str
    pair: str
    epoch: int
    size: int
    root: bytes
    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def of(cls, note: str) -> Checkpoint:
        """Read a note. Raises: Bad."""
        text, blank, lines = note.rpartition("\n\n")
        parts = text.split("\n")
        if not blank or not lines.endswith("\n") or len(parts) != 3 or not SIZE.fullmatch(parts[1]):  # noqa: PLR2004 - origin, size, root.
            raise Bad("不是检查点")
        origin, root = ORIGIN.fullmatch(parts[0]), one_base64(parts[2])
        if origin is None or len(root) != 32:  # noqa: PLR2004 - SHA-256.
            raise Bad("检查点的树名或树根有误")
        signatures = tuple(cls._signature(line) for line in lines[:-1].split("\n"))
        if len(signatures) > MOST_SIGNATURES:
            raise Bad("检查点的签名过多")
        return cls(
            parts[0], origin["pair"], int(origin["epoch"]), int(parts[1]), root, text + "\n", signatures
        )

    @staticmethod
    def _signature(line: str) -> tuple[str, bytes, bytes]:
        dash, _, rest = line.partition(" ")
        name, _, coded = rest.partition(" ")
        raw = one_base64(coded)
        if dash != "\u2014" or not name or len(raw) <= 4:  # noqa: PLR2004 - the key id.
            raise Bad("检查点的签名行有误")
        return name, raw[:4], raw[4:]

    def signed_by(self, key: Key) -> bool | None:
        """Tell whether a key signed this. None where nothing here can check signatures. Raises: Bad for a wrong one."""
        mine = [
            signature for name, key_id, signature in self.signatures if (name, key_id) == (key.name, key.id)
        ]
        found: bool | None = bool(mine)
        for signature in mine:
            message, signed = self.text.encode(), signature
            if key.kind == COSIGNATURE:
                # A witness signs the text below two lines of its own; its time is in the first 8 bytes.
                at, signed = int.from_bytes(signature[:8], "big"), signature[8:]
                message = f"cosignature/v1\ntime {at}\n".encode() + message
            elif key.kind != ED25519:
                return None
            right = ed25519_holds(key.public, message, signed)
            if right is False:
                raise Bad(f"{key.name} 的签名有误")
            found = found if right else None
        return found


def ed25519_holds(public: bytes, message: bytes, signature: bytes) -> bool | None:
    """Tell whether a signature holds; None where the package cryptography is not installed."""
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - everything else is checked without it.
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - as above.
    except ImportError:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def one_base64(text: str) -> bytes:
    """Read base64 in its one form. Raises: Bad."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Bad("base64 有误") from None
    if base64.b64encode(raw).decode() != text:
        raise Bad("base64 有误")
    return raw


class Keys:
    """The key that signs: the auditor's own where given, else the bundle's; and those of witnesses."""

    def __init__(self, bundle: Bundle, asked: argparse.Namespace, told: Told) -> None:
        raw = bundle.small("key.txt")
        self.digest = (len(raw), hashlib.sha256(raw).hexdigest())
        packed: Key | None = None
        try:
            packed = Key.of(raw.decode()) if raw else None
        except (Bad, UnicodeError):
            told.found("key.txt 不是公钥")
        self.signer = Key.given(asked.key) if asked.key is not None else packed
        self.own = asked.key is not None
        self.witnesses = [Key.given(each) for each in asked.witness]
        if self.own and packed is not None and self.signer != packed:
            told.found("key.txt 的公钥不是给出的公钥")
        if self.signer is not None and not self.own:
            told.say(f"公钥取自包内，须与另行留存的核对：{self.signer.line}")
        self.unsigned = 0
        self.cosigned: Counter[str] = Counter()

    def judge(self, checkpoint: Checkpoint) -> bool:
        """Tell whether the signer signed a checkpoint, as far as can be told here. Raises: Bad."""
        for each in self.witnesses:
            self.cosigned[each.name] += checkpoint.signed_by(each) or 0
        if self.signer is None:
            self.unsigned += 1
            return True
        signed = checkpoint.signed_by(self.signer)
        if signed is None:
            self.unsigned += 1
            return True
        if not signed:
            raise Bad("没有签名方的签名")
        if checkpoint.origin != f"{self.signer.name}/pairs/{checkpoint.pair}/{checkpoint.epoch}":
            raise Bad("树名不属于签名方")
        return True

    def conclude(self, told: Told) -> None:
        """Tell what of the signatures was not checked, and what witnesses signed."""
        if self.unsigned:
            why = "没有公钥" if self.signer is None else "没有安装 cryptography，或签名算法不在此列"
            told.say(f"注意：{self.unsigned} 个检查点的签名没有核验（{why}），其余已核验。")
        for each in self.witnesses:
            told.say(f"见证方 {each.name} 见证了 {self.cosigned[each.name]} 个检查点。")


class Seals:
    """The checkpoints of one pair, and those that the auditor held: judged when the facts have been gone through."""

    def __init__(self, pair: str, keys: Keys, held: Sequence[tuple[str, Checkpoint]]) -> None:
        self.pair = pair
        self.keys = keys
        self.held = [(name, each) for name, each in held if each.pair == pair]
        self.packed: list[Checkpoint] = []
        # Origin of a tree that was given up -> why.
        self.given_up: dict[str, str] = {}
        self.tree = Tree()
        self.roots: dict[int, bytes] = {}

    def read(self, bundle: Bundle, manifest: Manifest, told: Told) -> None:
        """Read the bundle's own."""
        name = f"pairs/{self.pair}/seals.jsonl"
        raw = bundle.small(name)
        manifest.check_digest(name, len(raw), hashlib.sha256(raw).hexdigest(), told)
        for number, line in enumerate(raw.split(b"\n")[:-1], start=1):
            try:
                self._take(strict_json(line))
            except (Bad, *CANNOT_BE_READ) as error:
                told.found(
                    f"{self.pair} 第 {number} 个检查点：{error if isinstance(error, Bad) else '不能读取'}"
                )
        self.roots = dict.fromkeys(
            (*(each.size for each in self.packed), *(each.size for _, each in self.held)), b""
        )

    def _take(self, body: Any) -> None:
        if set(body) == {"epoch"}:
            lines = body["epoch"].split("\n")
            if len(lines) != 8 or lines[0] != EPOCH_FORMAT:  # noqa: PLR2004 - seven lines, each with its end.
                raise Bad("不是另开纪元的声明")
            self.given_up[lines[2]] = f"{lines[5]} 声明：{lines[6]}"
            return
        checkpoint = Checkpoint.of(body["note"])
        if checkpoint.pair != self.pair:
            raise Bad("属于另一个单位")
        self.packed.append(checkpoint)

    def add(self, entry: Entry) -> None:
        """Take in the next fact."""
        if self.roots:
            self.tree.add(entry.hash)
            if entry.position in self.roots:
                self.roots[entry.position] = self.tree.root()

    def conclude(self, end: Head, told: Told) -> int:
        """Judge every checkpoint. Returns: how many hold."""
        good, sealed_epoch, last = 0, 0, 0
        wrong: list[tuple[Checkpoint, str]] = []
        for each in sorted(self.packed, key=lambda one: (one.size, one.epoch)):
            try:
                self.keys.judge(each)
            except Bad as bad:
                told.found(f"{self.pair} {each.size} 条的检查点：{bad}")
                continue
            problem = self._problem(each, last, end)
            if problem:
                wrong.append((each, problem))
            else:
                good, last, sealed_epoch = good + 1, each.size, max(sealed_epoch, each.epoch)
        for each, problem in wrong:
            # A tree may be given up by a declaration, where a later one of the same signer has taken its place.
            if each.origin in self.given_up and sealed_epoch > each.epoch:
                told.say(
                    f"{self.pair} {each.size} 条的检查点：{problem}；已另开纪元（{self.given_up[each.origin]}）"
                )
            else:
                told.found(f"{self.pair} {each.size} 条的检查点：{problem}")
        for name, each in self.held:
            self._outside(name, each, end, told)
        return good

    def _problem(self, each: Checkpoint, last: int, end: Head) -> str:
        if each.size > end.position:
            return f"可核验的事实止于位置 {end.position}"
        if self.roots[each.size] != each.root:
            return f"树根与台账不符，位置 {last + 1} 至 {each.size} 之间被改写"
        return ""

    def _outside(self, name: str, each: Checkpoint, end: Head, told: Told) -> None:
        try:
            self.keys.judge(each)
        except Bad as bad:
            told.found(f"另存的检查点 {name}：{bad}")
            return
        if problem := self._problem(each, 0, end):
            why = self.given_up.get(each.origin)
            told.found(f"{self.pair} 与另存的检查点 {name} 不一致：{problem}" + (f"（{why}）" if why else ""))
        else:
            told.say(f"{self.pair} 与另存的检查点 {name} 一致：前 {each.size} 条没有改变。")


def held_outside(paths: Sequence[Path]) -> list[tuple[str, Checkpoint]]:
    """Read the checkpoints that the auditor held. Raises: Unreadable."""
    found = []
    for path in paths:
        try:
            found.append((path.name, Checkpoint.of(_small_file(path).decode())))
        except (Bad, UnicodeError) as error:
            why = error if isinstance(error, Bad) else "不是文字"
            raise Unreadable(f"{path} 不是一个单位的检查点：{why}") from None
    return found


# === 5. What the facts amount to =================================================================================
#
# Only what figures ask for is kept. Kinds of facts that no figure asks for are listed, so that one that this program
# does not know is told and not passed over.

GOVERNMENT, UNION = "government", "union"
SIDES: Final = (GOVERNMENT, UNION)


def day_of(text: str) -> date:
    """Read a day written YYYY-MM-DD."""
    if len(text) != 10:  # noqa: PLR2004 - YYYY-MM-DD.
        raise ValueError(text)
    return date.fromisoformat(text)


def words(text: str) -> tuple[str, ...]:
    """Give the words of a text."""
    return tuple(text.split())


def maybe_day(text: str | None) -> date | None:
    """Read a day that may be missing."""
    return None if text is None else day_of(text)


def local_day(moment: str) -> date:
    """Give the legal day (Asia/Shanghai) of a moment."""
    at = datetime.fromisoformat(moment)
    if at.tzinfo is None:
        raise ValueError(moment)
    return at.astimezone(SHANGHAI).date()


class Timeline:
    """How a subject stood from day to day.

    Acts take effect in the order in which they were entered: a change dated before the one before it counts from
    that one's day, and of a day only how it ended is kept.
    """

    def __init__(self) -> None:
        self.steps: list[tuple[date, Any]] = []

    def add(self, on: date, state: Any) -> None:
        """Take in how the subject stands after an act of a day."""
        if not self.steps:
            self.steps.append((on, state))
            return
        since, before = self.steps[-1]
        if state == before:
            return
        if on <= since:
            self.steps[-1] = (since, state)
        else:
            self.steps.append((on, state))

    def at(self, day: date) -> Any:
        """Give how it stood at the end of a day; None before its first."""
        return next((state for since, state in reversed(self.steps) if since <= day), None)

    def until(self, day: date) -> list[tuple[date, Any]]:
        """List how it stood from day to day, up to a day."""
        return [step for step in self.steps if step[0] <= day]


class PairState(NamedTuple):
    """A pair from a day on; ``regimes`` are first day, last day (None: goes on) and the reason of the end."""

    official_name: str
    adopted_on: date | None
    regimes: tuple[tuple[date, date | None, str], ...]
    deviations: int


class Pair:
    """The pair itself: what it is, and from when to when it took part."""

    def __init__(self) -> None:
        self.registered_on: date | None = None
        self.kind = ""
        self.name = ""
        self.mandatory = False
        self.timeline = Timeline()
        self._organs: dict[str, dict[date, str]] = {}
        self._patterns: dict[date, str] = {}
        self._state = PairState("", None, (), 0)

    def take(self, topic: str, fact: Any) -> None:
        """Take in a fact of the pair."""
        on, now = day_of(fact["on"]), self._state
        if topic == "pair.registered":
            self._registered(fact, on)
        elif topic == "pair.regime_adopted":
            self._state = now._replace(adopted_on=on, regimes=(*now.regimes, (on, None, "")))
        elif topic == "pair.regime_withdrawn":
            ended = (now.regimes[-1][0], day_of(fact["last_day"]), fact["reason"])
            self._state = now._replace(adopted_on=None, regimes=(*now.regimes[:-1], ended))
        elif topic == "pair.deviation_recorded":
            self._state = now._replace(deviations=now.deviations + 1)
        elif topic == "pair.name_pattern_set":
            self._patterns[on] = fact["official_name"]
            self._state = now._replace(official_name=self._called())
        elif topic == "pair.organ_renamed":
            self._organs[fact["side"]][day_of(fact["valid_from"])] = fact["name"]
            self._state = now._replace(official_name=self._called())
        self.timeline.add(on, self._state)

    def _registered(self, fact: Any, on: date) -> None:
        division = fact["division"]
        self.registered_on, self.kind, self.mandatory = on, division["kind"], fact["mandatory"]
        prefix = "" if self.kind == "development_zone" else division["prefix"]
        self.name = prefix + division["name"]
        self._organs = {GOVERNMENT: {on: fact["government"]}, UNION: {on: fact["union"]}}
        self._state = self._state._replace(official_name=fact["official_name"])

    def _called(self) -> str:
        if self._patterns:
            return self._patterns[max(self._patterns)]
        government, union = (self._organs[side][max(self._organs[side])] for side in SIDES)
        return f"{government}与{union}联席会议"


class TopicState(NamedTuple):
    """A topic from a day on. ``against``, ``dissent`` and ``override`` are what was said where it departed."""

    category: str
    status: str
    submitted: bool
    approved: bool
    agreed: bool
    against: str
    dissent: str
    overridden: bool
    override: tuple[str, str]


OUTCOMES: Final = {
    "resolved": "resolved",
    "resolved_amended": "resolved",
    "noted": "noted",
    "deferred": "deferred",
    "referred": "referred",
    "not_adopted": "not_adopted",
    "withdrawn": "withdrawn",
}
# Where the dissent that a consensus noted still stands beside it.
WITH_CONSENSUS: Final = {"consensus", "resolved", "noted", "deferred", "referred", "not_adopted"}
TOPIC_STATUS: Final = {
    "topic.joint_research_planned": "joint_research",
    "topic.joint_research_completed": "researched",
    "topic.report_filed": "reported",
    "topic.rejected": "rejected",
    "topic.withdrawn": "withdrawn",
    "topic.returned": "returned",
    "topic.merged": "merged",
    "topic.split": "split",
    "topic.forwarded": "forwarded",
    "topic.approved": "approved",
    "topic.submitted": "submitted",
    "topic.deferred": "deferred",
}
GIVES_REASON: Final = {
    "topic.approved",
    "topic.returned",
    "topic.rejected",
    "topic.withdrawn",
    "topic.deferred",
    "topic.forwarded",
}


class Topic:
    """A topic, from its draft to what the meeting made of it."""

    def __init__(self) -> None:
        self.proposed_on: date | None = None
        self.side = ""
        self.timeline = Timeline()
        self._category = "C7"
        self._status = ""
        self._ever: set[str] = set()
        self._reason = ""
        self._approved = False
        # Who said what in consultation; who confirmed the consensus; who agreed to the override, when and why.
        self._stances: dict[str, str] = {}
        self._confirmed: set[str] = set()
        self._dissent = ""
        self._override: dict[str, str] = {}
        self._overridden = False
        self._last_was = ""

    def take(self, topic: str, fact: Any) -> None:
        """Take in a fact of the topic."""
        if topic in TOPIC_STATUS:
            self._status = TOPIC_STATUS[topic]
        if topic in GIVES_REASON:
            self._reason = fact["reason"]
        act = self._ACTS.get(topic)
        if act is not None:
            act(self, fact)
        if self._overridden:
            self._last_was = "override"
        elif self._status == "consensus":
            self._last_was = "consensus"
        self.timeline.add(day_of(fact["on"]), self._state())

    def _state(self) -> TopicState:
        agreed = self._last_was == "consensus"
        opposed = self._stances.get(UNION) == "disagree" and self._approved
        return TopicState(
            category=self._category,
            status=self._status,
            submitted="submitted" in self._ever,
            approved="approved" in self._ever,
            agreed=agreed,
            against=self._reason if opposed else "",
            dissent=self._dissent if agreed and self._status in WITH_CONSENSUS else "",
            overridden=self._last_was == "override",
            override=(self._override.get(GOVERNMENT, ""), self._override.get(UNION, ""))
            if self._overridden
            else ("", ""),
        )

    def _proposed(self, fact: Any) -> None:
        self.proposed_on, self.side = day_of(fact["on"]), fact["side"]
        self._category, self._status = fact["content"]["category"], "draft"

    def _revised(self, fact: Any) -> None:
        self._category = fact["content"]["category"]
        if self._status not in {"draft", "returned"}:
            self._status = "submitted"
        self._stances, self._approved = {}, False

    def _submitted(self, _: Any) -> None:
        self._ever.add("submitted")
        self._stances = {}

    def _returned(self, _: Any) -> None:
        self._stances = {}

    def _consulted(self, fact: Any) -> None:
        self._stances = {**self._stances, fact["side"]: fact["stance"]}
        self._status = "consulted" if set(self._stances) == set(SIDES) else "consulting"

    def _was_approved(self, _: Any) -> None:
        self._ever.add("approved")
        self._approved = True

    def _filed(self, _: Any) -> None:
        self._confirmed = set()

    def _confirms(self, fact: Any) -> None:
        self._confirmed = {*self._confirmed, fact["side"]}
        self._dissent = fact["dissent_note"]
        if self._confirmed == set(SIDES):
            self._status = "consensus"

    def _voided(self, fact: Any) -> None:
        if fact["subject"] == "override":
            self._no_override()
            return
        self._confirmed, self._dissent = set(), ""
        if self._status == "consensus":
            self._status = "reported"

    def _override_agreed(self, fact: Any) -> None:
        self._override = {**self._override, fact["side"]: fact["reason"]}

    def _goes_without(self, _: Any) -> None:
        self._overridden = set(self._override) == set(SIDES)

    def _deferred(self, _: Any) -> None:
        # It starts again at consultation; what was agreed for the meeting that deferred it is spent.
        self._stances, self._approved = {}, False
        self._confirmed, self._dissent = set(), ""
        self._no_override()

    def _no_override(self) -> None:
        self._override, self._overridden = {}, False

    def _deliberated(self, fact: Any) -> None:
        self._status = OUTCOMES[fact["outcome"]]
        if fact["outcome"] == "deferred":
            self._deferred(fact)

    _ACTS: Final[dict[str, Callable[[Topic, Any], None]]] = {
        "topic.proposed": _proposed,
        "topic.revised": _revised,
        "topic.submitted": _submitted,
        "topic.returned": _returned,
        "topic.consulted": _consulted,
        "topic.approved": _was_approved,
        "topic.report_filed": _filed,
        "topic.consensus_confirmed": _confirms,
        "topic.consent_voided": _voided,
        "topic.override_consented": _override_agreed,
        "topic.consensus_overridden": _goes_without,
        "topic.deferred": _deferred,
        "topic.deliberated": _deliberated,
    }


class Meeting:
    """A meeting: when it was held, under whom, about what; and what was recorded of its procedure."""

    def __init__(self) -> None:
        self.kind = "annual"
        self.ordinal = 0
        self.held_on: date | None = None
        # An imported meeting counts only from the day of its import.
        self.imported_on: date | None = None
        self.chair_is_principal = True
        self.attendees_reason = ""
        self.substitutes: set[int] = set()
        self.numbered_notice = False
        self.irregular = False
        self.gates_missing: list[str] = []
        # What it had to account for and did not find fulfilled: whether each was explained.
        self.unfulfilled: list[bool] = []
        self._planned: list[str] = []
        self._late: dict[str, bool] = {}
        self._born = False

    @property
    def agenda(self) -> set[str]:
        """The items, as agreed and as added with a supplementary notice."""
        return {*self._planned, *self.late_items}

    @property
    def late_items(self) -> list[str]:
        """The items that came after the papers were frozen, with a supplementary notice."""
        return [item for item, noticed in self._late.items() if noticed]

    def take(self, topic: str, fact: Any) -> None:
        """Take in a fact of the meeting."""
        if topic in REARRANGES:
            # The arrangement has changed: it must be noticed anew.
            self.numbered_notice, self._late = False, {}
        act = self._ACTS.get(topic)
        if act is not None:
            act(self, fact)
        self._born = True

    def _special(self, _: Any) -> None:
        self.kind = "special"

    def _annual(self, _: Any) -> None:
        self.kind = "annual"

    def _chaired(self, fact: Any) -> None:
        self.chair_is_principal = fact["principal"]

    def _attended(self, fact: Any) -> None:
        # Seats are numbered anew.
        self.attendees_reason, self.substitutes = fact["reason"], set()

    def _replied(self, fact: Any) -> None:
        self.substitutes = self.substitutes - {fact["seat"]}
        if fact["attends"] == "substitute":
            self.substitutes.add(fact["seat"])

    def _substituted(self, fact: Any) -> None:
        self.substitutes.add(fact["seat"])

    def _arranged(self, fact: Any) -> None:
        self._planned = list(fact["arrangement"]["agenda"])

    def _noticed(self, fact: Any) -> None:
        self.numbered_notice = bool(fact["number"])

    def _late_proposed(self, fact: Any) -> None:
        self._late[fact["item"]] = False

    def _late_noticed(self, fact: Any) -> None:
        self._late |= {item: True for item in fact["items"] if item in self._late}

    def _reported(self, fact: Any) -> None:
        carried = fact["short"]["carried"] if "short" in fact else []
        self.unfulfilled = [
            bool(each["explanation"]) or each["id"] in carried
            for each in fact["report"]["members"]
            if each["status"] not in CLOSED
        ]

    def _held(self, fact: Any) -> None:
        self.held_on, self.ordinal = local_day(fact["opened_at"]), fact["ordinal"]

    def _irregular_proposed(self, fact: Any) -> None:
        if not self._born:
            self.kind = fact["kind"]

    def _irregular(self, fact: Any) -> None:
        record = fact["record"]
        self.irregular, self.kind, self.ordinal = True, fact["kind"], fact["ordinal"]
        self.held_on = local_day(record["opened_at"])
        self.gates_missing = list(fact["missing"])
        self.chair_is_principal = fact["chair_is_principal"]
        self.attendees_reason, self.substitutes, self._late = "", set(), {}
        self._planned = [each["item"] for each in record["agenda"]]

    def _imported(self, fact: Any) -> None:
        record = fact["record"]
        self.kind, self.ordinal = record["kind"], record["ordinal"] or 0
        self.held_on, self.imported_on = day_of(record["held_on"]), day_of(fact["on"])
        self.chair_is_principal = False

    _ACTS: Final[dict[str, Callable[[Meeting, Any], None]]] = {
        "meeting.planned": _annual,
        "meeting.special_requested": _special,
        "meeting.chair_set": _chaired,
        "meeting.attendees_set": _attended,
        "meeting.attendance_replied": _replied,
        "meeting.substitution_recorded": _substituted,
        "meeting.arrangement_proposed": _arranged,
        "meeting.notice_issued": _noticed,
        "meeting.late_item_proposed": _late_proposed,
        "meeting.supplementary_notice_issued": _late_noticed,
        "meeting.outstanding_report_prepared": _reported,
        "meeting.outstanding_report_amended": _reported,
        "meeting.short_report_prepared": _reported,
        "meeting.held": _held,
        "meeting.irregular_proposed": _irregular_proposed,
        "meeting.irregular_recorded": _irregular,
        "meeting.legacy_imported": _imported,
    }


REARRANGES: Final = {
    "meeting.date_proposed",
    "meeting.rescheduled",
    "meeting.chair_set",
    "meeting.attendees_set",
    "meeting.arrangement_proposed",
}


class Minutes:
    """Minutes: of which meeting, and when they were issued."""

    def __init__(self) -> None:
        self.meeting = ""
        self.issued_on: date | None = None

    def take(self, topic: str, fact: Any) -> None:
        """Take in a fact of the minutes."""
        if topic == "minutes.drafted":
            self.meeting = fact["meeting"]
        elif topic == "minutes.issued":
            self.issued_on = day_of(fact["on"])


class DecisionState(NamedTuple):
    """A decision from a day on; ``changes`` is how many of its changes of status were known by then."""

    status: str
    deadline: date | None
    percent: int
    last_report_on: date | None
    plan: Any
    fulfilled_on: date | None
    closed_on: date | None
    changes: int


CLOSED: Final = {"fulfilled", "terminated", "superseded"}


class Decision:
    """A decision, from its establishment to its end."""

    def __init__(self) -> None:
        self.established_on: date | None = None
        self.imported_on: date | None = None
        self.long_term = False
        self.report_interval: int | None = None
        self.leader = ""
        self.acceptance = ""
        # From which day on it had which status, in the order of entry.
        self.path: list[tuple[date, str]] = []
        self.timeline = Timeline()
        self._accepted = False
        self._state = DecisionState("", None, 0, None, [], None, None, 0)

    @property
    def original_deadline(self) -> date | None:
        """The deadline it began with."""
        deadline: date | None = self.timeline.steps[0][1].deadline
        return deadline

    def take(self, topic: str, fact: Any) -> None:
        """Take in a fact of the decision."""
        on = day_of(fact["on"])
        if topic == "decision.legacy_imported":
            self._imported(fact, on)
            return
        act = self._ACTS.get(topic)
        if act is not None:
            act(self, fact, on)
        self.timeline.add(on, self._state)

    def _becomes(self, on: date, status: str, **change: Any) -> None:
        if status != self._state.status:
            self.path.append((on, status))
        self._state = self._state._replace(status=status, changes=len(self.path), **change)

    def _established(self, fact: Any, on: date) -> None:
        self.established_on = on
        self._described(fact, on)
        self.long_term, self.report_interval = fact["long_term"], fact["report_interval_months"]
        self._becomes(on, "established", deadline=maybe_day(fact["deadline"]))

    def _described(self, fact: Any, _: date) -> None:
        self.leader, self.acceptance = fact["leader"], fact["acceptance"]

    def _supervised(self, _: Any, on: date) -> None:
        if self._state.status == "established":
            self._becomes(on, "supervised")

    def _was_accepted(self, _: Any, on: date) -> None:
        if not self._accepted:
            self._accepted = True
            self._becomes(on, "accepted")

    def _planned(self, fact: Any, _: date) -> None:
        self._state = self._state._replace(plan=fact["milestones"])

    def _progressed(self, fact: Any, on: date) -> None:
        self._becomes(on, "in_progress", percent=fact["percent"], last_report_on=on)

    def _claimed(self, _: Any, on: date) -> None:
        self._becomes(on, "claimed")

    def _claim_returned(self, _: Any, on: date) -> None:
        self._becomes(on, "in_progress")

    def _fulfilled(self, fact: Any, on: date) -> None:
        done = day_of(fact["fulfilled_on"])
        self._becomes(on, "fulfilled", percent=100, fulfilled_on=done, closed_on=on)

    def _terminated(self, _: Any, on: date) -> None:
        self._becomes(on, "terminated", closed_on=on)

    def _superseded(self, _: Any, on: date) -> None:
        self._becomes(on, "superseded", closed_on=on)

    def _extended(self, fact: Any, _: date) -> None:
        self._state = self._state._replace(deadline=day_of(fact["new_deadline"]))

    def _imported(self, fact: Any, on: date) -> None:
        # What the paper tells counts from its own days, but is known only since its import.
        record = fact["record"]
        begun, closed = day_of(record["meeting_held_on"]), maybe_day(record["closed_on"])
        self.established_on, self.imported_on = begun, on
        self.long_term, self.report_interval = record["long_term"], record["report_interval_months"]
        status = "established" if record["standing"] == "unfulfilled" else record["standing"]
        self.path = [(begun, "established")]
        if closed is not None:
            self.path.append((closed, status))
        open_state = DecisionState(
            "established", maybe_day(record["deadline"]), 0, None, [], None, None, len(self.path)
        )
        done = status == "fulfilled"
        self._state = open_state._replace(
            status=status,
            percent=100 if done else record["percent"],
            fulfilled_on=closed if done else None,
            closed_on=closed,
        )
        if status in CLOSED and closed is not None and closed > begun:
            self.timeline.add(begun, open_state)
            self.timeline.add(closed, self._state)
        else:
            self.timeline.add(begun, self._state)

    _ACTS: Final[dict[str, Callable[[Decision, Any, date], None]]] = {
        "decision.established": _established,
        "decision.corrected": _described,
        "decision.supervisors_assigned": _supervised,
        "decision.accepted": _was_accepted,
        "decision.plan_set": _planned,
        "decision.progress_reported": _progressed,
        "decision.fulfilment_claimed": _claimed,
        "decision.claim_returned": _claim_returned,
        "decision.fulfilled": _fulfilled,
        "decision.terminated": _terminated,
        "decision.superseded": _superseded,
        "decision.extended": _extended,
    }


class Publication:
    """Something published about a meeting: its content or the effect of its decisions."""

    def __init__(self) -> None:
        self.meeting, self.about = "", ""
        self.on = date.max

    def take(self, _: str, fact: Any) -> None:
        """Take in the fact."""
        self.meeting, self.about, self.on = fact["meeting"], fact["about"], day_of(fact["on"])


class LeaderReport:
    """A report to the leaders of both sides, and the decisions that it covered."""

    def __init__(self) -> None:
        self.on = date.max
        self.decisions: set[str] = set()

    def take(self, _: str, fact: Any) -> None:
        """Take in the fact."""
        self.on, self.decisions = day_of(fact["on"]), {each["decision"] for each in fact["decisions"]}


class Liaison:
    """One side's section and staff: since when nobody is named, None while somebody is; and why."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self._gap: tuple[date | None, str] = (None, "")

    def take(self, topic: str, fact: Any) -> None:
        """Take in a fact of the side's liaison."""
        if topic == "liaison.ended":
            self._gap = (day_of(fact["last_day"]) + timedelta(days=1), fact["reason"])
        elif topic in {"liaison.designated", "liaison.replaced"}:
            self._gap = (None, "")
        self.timeline.add(day_of(fact["on"]), self._gap)


class Year:
    """A year: whether the plan and the assessment have taken the conference in."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self._in: frozenset[str] = frozenset()

    def take(self, topic: str, fact: Any) -> None:
        """Take in a fact of the year."""
        name = {"year.plan_included": "plan", "year.assessment_included": "assessment"}.get(topic)
        self._in = self._in | {name} if name else self._in
        self.timeline.add(day_of(fact["on"]), self._in)


# What the regulation leaves open, until the city sets it and the pair adopts it.
BUILT_IN: Final[Mapping[str, Any]] = {
    "special_counts": True,
    "adoption_counts_until": [9, 30],
    "minutes_yellow_days": 10,
    "publicity_days": 20,
    "first_report_months": 1,
    "status_report_days": 5,
    "report_interval_months": 3,
}


class Rules:
    """What a pair has adopted of its city's parameters and calendars, each from a day on."""

    def __init__(self) -> None:
        self._parameters: list[tuple[date, Mapping[str, Any]]] = []
        self._years: list[tuple[date, int, YearDays]] = []

    def take(self, topic: str, fact: Any) -> None:
        """Take in a fact of the pair's rules."""
        if topic == "rulebook.parameters_adopted":
            self._parameters.append((day_of(fact["effective_from"]), fact["parameters"]["values"]))
        elif topic == "rulebook.calendar_adopted":
            days = fact["calendar"]["days"]
            self._years.append((day_of(fact["effective_from"]), days["year"], YearDays.of(days)))

    def parameters(self, on: date) -> Mapping[str, Any]:
        """Give the parameters that judge a day: the last ones adopted among those in force."""
        known = [values for since, values in self._parameters if since <= on]
        return {**BUILT_IN, **known[-1]} if known else BUILT_IN

    def calendar(self, on: date, base: Mapping[int, YearDays]) -> WorkingDays:
        """Give the working days as they are known on a day: what was adopted by then, over the packaged ones."""
        adopted = {year: days for since, year, days in self._years if since <= on}
        return WorkingDays({**base, **adopted})


@dataclass(frozen=True)
class YearDays:
    """A year as published: weekdays that are off, and Saturdays and Sundays that are worked."""

    off: frozenset[date]
    worked: frozenset[date]

    @classmethod
    def of(cls, body: Any) -> YearDays:
        """Read a year of a calendar."""
        return cls(*(frozenset(day_of(each) for each in body[name]) for name in ("off", "worked")))


@dataclass(frozen=True)
class WorkingDays:
    """Which days are worked; a year that nobody has published is counted Monday to Friday."""

    years: Mapping[int, YearDays]
    MOST: Final = 4000

    def worked(self, day: date) -> bool:
        """Tell whether a day is worked."""
        known = self.years.get(day.year)
        weekday = day.weekday() < 5  # noqa: PLR2004 - Saturday is 5.
        return weekday if known is None else day in known.worked or (weekday and day not in known.off)

    def after(self, start: date, count: int) -> date:
        """Give the day so many working days after a day, which itself is not counted."""
        day = start
        for _ in range(self.MOST):
            if count <= 0:
                return day
            day += timedelta(days=1)
            count -= self.worked(day)
        raise ValueError(count)


class Record:
    """One pair's facts, as far as figures ask for them."""

    def __init__(self, pair: str) -> None:
        self.id = pair
        self.pair = Pair()
        self.rules = Rules()
        self.subjects: dict[str, dict[str, Any]] = {kind: {} for kind in SUBJECTS}
        self.unknown: Counter[str] = Counter()

    def take(self, stream: str, topic: str, fact: Any) -> None:
        """Take in one fact of one subject."""
        if not isinstance(fact, dict):
            raise Bad("不是一个对象")
        kind, _, name = stream.partition(":")
        if topic not in KNOWN_FACTS:
            self.unknown[topic] += 1
        if kind == "pair":
            self.pair.take(topic, fact)
        elif kind == "rulebook":
            self.rules.take(topic, fact)
        elif kind in SUBJECTS:
            self.subjects[kind].setdefault(name, SUBJECTS[kind]()).take(topic, fact)


SUBJECTS: Final[Mapping[str, Callable[[], Any]]] = {
    "topic": Topic,
    "meeting": Meeting,
    "minutes": Minutes,
    "decision": Decision,
    "publicity": Publication,
    "leader_report": LeaderReport,
    "liaison": Liaison,
    "year": Year,
}
# Every kind of fact of the ledger's first version; one that is not here was written by a newer program.
KNOWN_FACTS: Final = frozenset(
    f"{kind}.{act}"
    for kind, acts in {
        "correction": "approval_voided approved drafted issued returned",
        "decision": "accepted claim_returned corrected escalated escalation_answered established extended"
        " extension_granted extension_opinion_given extension_refused extension_requested fulfilled"
        " fulfilment_claimed fulfilment_verified legacy_imported plan_set progress_reported reminded"
        " reminder_answered superseded supervisors_assigned terminated view_stated",
        "delegation": "recorded revoked",
        "leader_report": "made",
        "legacy": "batch_imported",
        "liaison": "designated ended handover_accepted replaced",
        "meeting": "arrangement_agreed arrangement_proposed attendance_recorded attendance_replied attendees_set"
        " briefing_added cancellation_acknowledged cancelled chair_set closure_resolved closure_retracted"
        " consent_given consent_voided date_agreed date_proposed held irregular_proposed irregular_recorded"
        " late_item_agreed late_item_proposed leave_granted legacy_imported material_submitted materials_frozen"
        " notice_acknowledged notice_issued outcome_recorded outstanding_report_agreed"
        " outstanding_report_amended outstanding_report_prepared planned prep_task_assigned"
        " prior_consultation_recorded request_answered rescheduled short_report_prepared sitting_closed"
        " special_requested substitution_recorded supplementary_notice_issued unfulfilled_explained",
        "minutes": "approval_voided approved corrected drafted issued returned",
        "number": "allocated voided",
        "pair": "basis_cited deviation_recorded history_completed history_imported name_pattern_set"
        " no_history_declared organ_renamed regime_adopted regime_withdrawn registered",
        "post": "appointed ended",
        "practice": "recorded",
        "proposal": "answered recorded taken_up",
        "publicity": "recorded",
        "rulebook": "basis_adopted calendar_adopted flag_cleared parameters_adopted repeal_adopted"
        " repeal_flag_raised",
        "scheme": "fixed",
        "score": "given",
        "standards": "basis_registered basis_repealed calendar_published parameters_set",
        "supporting_rule": "registered repealed",
        "topic": "approved consensus_confirmed consensus_overridden consent_voided consulted deferred deliberated"
        " derived forwarded joint_research_completed joint_research_planned merged opinion_attached"
        " override_consented position_stated proposed received rejected related_unit_declared report_filed"
        " research_attached returned revised split submitted tagged withdrawn",
        "unit": "registered renamed",
        "year": "assessment_included duty_missed leadership_discussed plan_included score_received",
    }.items()
    for act in words(acts)
)


# === 6. The figures ==============================================================================================
#
# Each figure is counted by its own words in the report's definitions. ``on`` is the last day counted; what is due on
# that day has come due only once the day is over.

FIRST_YEAR: Final = 2024
LEVELS: Final[Mapping[str, frozenset[str]]] = {
    "city": frozenset({"city"}),
    "county": frozenset({"county"}),
    "township": frozenset({"town", "township", "subdistrict"}),
    "zone": frozenset({"development_zone"}),
    "industry": frozenset({"industry"}),
}
CATEGORIES: Final = ("C3", "C4", "C5", "C7")
REPLACED: Final = {"merged", "split", "forwarded"}
TOPIC_STATES: Final = words(
    "draft submitted consulting consulted approved joint_research researched reported consensus"
    " resolved noted deferred referred not_adopted returned rejected withdrawn merged split forwarded"
)
DEVIATIONS: Final = words(
    "R-004 R-008 R-027 R-028 R-029 R-031 R-033 R-035 R-041 R-048 R-052 R-053 R-054 R-055 R-057 R-060"
    " R-061 R-062 R-063 R-070 R-084"
)
NOTHING: Final = "—"
# Name -> numerator and denominator.
RATES: Final[Mapping[str, tuple[str, str]]] = {
    "regime": ("regime.in_force", "regime.expected"),
    **{f"regime.{level}": (f"regime.in_force.{level}", f"regime.expected.{level}") for level in LEVELS},
    "held": ("held_due", "due"),
    "principal": ("meetings.principal", "meetings.chair_known"),
    "adopted": ("topics.approved", "topics.submitted"),
    **{f"adopted.{side}": (f"topics.approved.{side}", f"topics.submitted.{side}") for side in SIDES},
    "consensus": ("topics.consensus", "topics.approved"),
    "minutes_on_time": ("meetings.minutes_on_time", "meetings.minutes_due"),
    "fulfilled": ("decisions.fulfilled", "decisions"),
    "due_fulfilled": ("decisions.due_fulfilled", "decisions.due"),
    "on_time_original": ("decisions.due_original_on_time", "decisions.due_original"),
    "on_time": ("decisions.due_on_time", "decisions.due"),
    "explained": ("outstanding.explained", "outstanding"),
    "reported": ("reports.in_time", "reports.due"),
    "published": ("meetings.content_on_time", "meetings.content_due"),
    "effect_published": ("meetings.effect_on_time", "meetings.effect_due"),
    "plan": ("plan", "regime.expected"),
    "assessment": ("assessment", "regime.expected"),
    "liaison": ("liaison", "regime.expected"),
}
MEANS: Final[Mapping[str, str]] = {"overdue_days": "decisions.overdue"}
# What a division that must have a pair and has none counts in all the same.
OWED_WITHOUT_PAIR: Final = ("due", "not_held", "regime.expected")


@dataclass
class Numbers:
    """The figures of one pair or of several, and the days that overdue decisions are late, all together."""

    figures: Counter[str] = field(default_factory=Counter)
    days: int = 0

    def add(self, other: Numbers) -> None:
        """Add another's figures."""
        self.figures.update(other.figures)
        self.days += other.days

    def rates(self) -> dict[str, str]:
        """Give the rates, in percent with one decimal, half up; "—" of nothing."""
        return {name: percent(self.figures[one], self.figures[other]) for name, (one, other) in RATES.items()}

    def means(self) -> dict[str, tuple[int, str]]:
        """Give the means: the days together, and what is printed."""
        found = {}
        for name, figure in MEANS.items():
            count = self.figures[figure]
            found[name] = (self.days, rounded(Decimal(self.days) / count) if count else NOTHING)
        return found


def percent(numerator: int, denominator: int) -> str:
    """Give a share in percent."""
    return f"{rounded(Decimal(numerator) * 100 / Decimal(denominator))}%" if denominator else NOTHING


def rounded(value: Decimal) -> str:
    """Round to one decimal, half up."""
    return str(value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


class Counting:
    """Counts the figures of one pair in a year, as of a day."""

    def __init__(
        self, record: Record, *, year: int, on: date, day_over: bool, base: Mapping[int, YearDays]
    ) -> None:
        self.record = record
        self.year = year
        self.on = on
        self.day_over = day_over
        self.rules = record.rules
        self.parameters = record.rules.parameters(on)
        self.days = record.rules.calendar(on, base)
        self.numbers = Numbers()
        pair = record.pair
        # Before its first day a mandatory pair counts by the name it was registered with, and with no regime yet.
        known = pair.timeline.at(on)
        first = pair.timeline.steps[0][1]
        self.pair: PairState = known or PairState(first.official_name, None, (), 0)
        self.registered = pair.registered_on is not None and pair.registered_on <= on
        self.all_meetings = self._all_meetings()
        self.meetings = [each for each in self.all_meetings if each[1].held_on.year == year]

    def count(self) -> Numbers:
        """Count everything."""
        self._pairs()
        self._meetings()
        self._minutes()
        self._topics()
        self._decisions()
        self._leader_reports()
        self._deviations()
        return self.numbers

    def _add(self, name: str, holds: object = 1, *, times: int = 1) -> None:
        self.numbers.figures[name] += times if holds else 0

    def _passed(self, deadline: date | None) -> bool:
        return deadline is not None and (deadline < self.on or (deadline == self.on and self.day_over))

    def _of(self, kind: str) -> list[tuple[str, Any]]:
        return sorted(self.record.subjects[kind].items())

    # --- pairs

    @property
    def in_force(self) -> bool:
        """Whether the regime is in force on the day."""
        return any(
            since <= self.on and (until is None or self.on <= until) for since, until, _ in self.pair.regimes
        )

    @property
    def expected(self) -> bool:
        """Whether the pair should have the regime: every mandatory one, and by choice who has not left."""
        regimes = self.pair.regimes
        left = bool(regimes) and all(until is not None and until < self.on for _, until, _ in regimes)
        return self.record.pair.mandatory or (self.registered and not left)

    @property
    def due(self) -> bool:
        """Whether the pair owes a meeting this year.

        Mandatory ones from 2024 on. By choice: whose regime is in force on the last day on which adopting counts.
        """
        if self.year < FIRST_YEAR:
            return False
        if self.record.pair.mandatory:
            return True
        month, day = self.parameters["adoption_counts_until"]
        return any(
            since.year + ((since.month, since.day) > (month, day)) <= self.year
            and (until is None or self.year <= until.year - ((until.month, until.day) < (month, day)))
            for since, until, _ in self.pair.regimes
        )

    @property
    def counting(self) -> list[Meeting]:
        """The year's meetings that do its duty: no irregular one, and no special one where the city says so."""
        special = self.parameters["special_counts"]
        return [
            each for _, each in self.meetings if not each.irregular and (special or each.kind == "annual")
        ]

    def _pairs(self) -> None:
        adopted = self.pair.adopted_on
        self._add("regime.expected", self.expected)
        self._add("regime.in_force", self.in_force)
        self._add("regime.new", self.in_force and adopted is not None and adopted.year == self.year)
        for level, kinds in LEVELS.items():
            here = self.record.pair.kind in kinds
            self._add(f"regime.expected.{level}", here and self.expected)
            self._add(f"regime.in_force.{level}", here and self.in_force)
        self._add("due", self.due)
        self._add("held", self.counting)
        self._add("held_imported", self.counting and all(each.imported_on for each in self.counting))
        self._add("held_due", self.due and self.counting)
        self._add("not_held", self.due and not self.counting)
        year = self.record.subjects["year"].get(str(self.year))
        taken_in = (year.timeline.at(self.on) if year else None) or ()
        self._add("plan", self.expected and "plan" in taken_in)
        self._add("assessment", self.expected and "assessment" in taken_in)
        self._add("liaison", self.expected and self._named_sides() == set(SIDES))

    def _named_sides(self) -> set[str]:
        stand = {side: each.timeline.at(self.on) for side, each in self._of("liaison")}
        return {
            side for side, gap in stand.items() if gap is not None and (gap[0] is None or gap[0] > self.on)
        }

    # --- meetings and minutes

    def _all_meetings(self) -> list[tuple[str, Any]]:
        held = [
            (name, each)
            for name, each in self._of("meeting")
            if each.held_on is not None and (each.imported_on or each.held_on) <= self.on
        ]
        return sorted(held, key=lambda each: (each[1].held_on, each[1].ordinal, each[0]))

    def _meetings(self) -> None:
        issued = self._issued()
        following = {name: after for (name, _), (_, after) in zip(self.all_meetings, self.all_meetings[1:])}  # noqa: B905 - the last has none.
        for name, each in self.meetings:
            native, annual = each.imported_on is None, each.kind == "annual"
            self._add("meetings")
            self._add("meetings.annual", annual)
            self._add("meetings.special", each.kind == "special")
            self._add("meetings.irregular", each.irregular)
            self._add("meetings.imported", not native)
            self._add("meetings.chair_known", native)
            self._add("meetings.principal", native and each.chair_is_principal)
            for category in ("C1", "C2", "C6"):
                self._add(f"meetings.with.{category}", category in each.agenda)
            self._add("meetings.uncovered", native and annual and not {"C1", "C2"} <= each.agenda)
            self._add("outstanding", times=len(each.unfulfilled))
            self._add("outstanding.explained", times=sum(each.unfulfilled))
            if native:
                self._in_time(name, each, issued=issued.get(name), following=following.get(name))

    def _in_time(self, name: str, meeting: Meeting, *, issued: date | None, following: Any) -> None:
        # The limits are those of the meeting's day, in working days as they are known on the day of the report.
        held_on = meeting.held_on or date.max
        limits = self.rules.parameters(held_on)
        by = self.days.after(held_on, limits["minutes_yellow_days"])
        self._add("meetings.minutes_due", issued is not None or self._passed(by))
        self._add("meetings.minutes_on_time", issued is not None and issued <= by)
        by, content = self.days.after(held_on, limits["publicity_days"]), self._published(name, "content")
        self._add("meetings.content_due", content is not None or self._passed(by))
        self._add("meetings.content_on_time", content is not None and content <= by)
        if following is not None:
            effect = self._published(name, "effect")
            self._add("meetings.effect_due")
            self._add("meetings.effect_on_time", effect is not None and effect <= following.held_on)

    def _published(self, meeting: str, about: str) -> date | None:
        days = [
            each.on for _, each in self._of("publicity") if (each.meeting, each.about) == (meeting, about)
        ]
        return min((day for day in days if day <= self.on), default=None)

    def _issued(self) -> dict[str, date]:
        return {
            each.meeting: each.issued_on
            for _, each in self._of("minutes")
            if each.issued_on is not None and each.issued_on <= self.on
        }

    def _minutes(self) -> None:
        self._add("minutes", times=sum(day.year == self.year for day in self._issued().values()))

    # --- topics

    def _topics(self) -> None:
        for _, topic in self._of("topic"):
            state = topic.timeline.at(self.on)
            if topic.proposed_on is None or topic.proposed_on.year != self.year or state is None:
                continue
            self._add(f"topics.state.{state.status}")
            if state.status in REPLACED:
                # What became another topic is counted as that one.
                self._add("topics.replaced")
                continue
            self._add("topics")
            self._add(f"topics.category.{state.category}", state.category in CATEGORIES)
            self._add(f"topics.side.{topic.side}")
            reached = {
                "topics.submitted": state.submitted,
                "topics.approved": state.approved,
                "topics.consensus": state.approved and state.agreed,
                "topics.overridden": state.overridden,
            }
            for name, holds in reached.items():
                self._add(name, holds)
                self._add(f"{name}.{topic.side}", holds)

    # --- decisions

    def _known_decisions(self) -> list[tuple[str, Decision, DecisionState]]:
        found = []
        for name, each in self._of("decision"):
            state = each.timeline.at(self.on)
            if (each.imported_on or self.on) <= self.on and state is not None:
                found.append((name, each, state))
        return found

    def _decisions(self) -> None:
        eve = date(self.year - 1, 12, 31)
        for _, each, state in self._known_decisions():
            before = each.timeline.at(eve)
            carried = before is not None and before.status not in CLOSED
            established = each.established_on is not None and each.established_on.year == self.year
            self._add("decisions.established", established)
            self._add("decisions.carried_over", carried)
            if carried:
                self._add(f"decisions.carried_over.{self._age(each)}")
            self._add(
                "deviations.R-070",
                established and each.imported_on is None and not (each.leader and each.acceptance),
            )
            if carried or established:
                self._decision(each, state)

    def _age(self, decision: Decision) -> int:
        born = decision.established_on or date.max
        # On 1 January a year is whole only for what was born on a 1 January.
        return min(self.year - born.year - ((born.month, born.day) > (1, 1)), 3)

    def _decision(self, each: Decision, state: DecisionState) -> None:
        closed, fulfilled = state.status in CLOSED, state.status == "fulfilled"
        imported = each.imported_on is not None

        def done_by(deadline: date | None) -> bool:
            done = state.fulfilled_on
            return fulfilled and done is not None and deadline is not None and done <= deadline

        def come_due(deadline: date | None) -> bool:
            if closed and not fulfilled:
                return False
            return (fulfilled and deadline == self.on) or self._passed(deadline)

        self._add("decisions")
        self._add("decisions.fulfilled", fulfilled)
        self._add("decisions.imported", imported)
        self._add("decisions.imported_fulfilled", imported and fulfilled)
        self._add("decisions.on_time", done_by(state.deadline))
        self._add("decisions.ended", closed and not fulfilled)
        self._add("decisions.open", not closed)
        if not closed and self._passed(state.deadline) and state.deadline is not None:
            self._add("decisions.overdue")
            self.numbers.days += (self.on - state.deadline).days
        for suffix, deadline in (("", state.deadline), ("_original", each.original_deadline)):
            self._add(f"decisions.due{suffix}", come_due(deadline))
            self._add(f"decisions.due{suffix}_on_time", come_due(deadline) and done_by(deadline))
        self._add("decisions.due_fulfilled", come_due(state.deadline) and fulfilled)

    # --- reports to the leaders

    def _leader_reports(self) -> None:
        for name, each, state in self._known_decisions():
            # Of what was taken over from paper nobody could report here when it was new.
            if each.imported_on is not None:
                continue
            told = sorted(
                report.on
                for _, report in self._of("leader_report")
                if report.on <= self.on and name in report.decisions
            )
            for due, made in self._wanted(each, state, told):
                if due.year == self.year and (self._passed(due) or (due == self.on and made is not None)):
                    self._add("reports.due")
                    self._add("reports.in_time", made is not None and made <= due)

    def _wanted(
        self, decision: Decision, state: DecisionState, told: Sequence[date]
    ) -> Iterator[tuple[date, date | None]]:
        """List the reports that were wanted: until when, and when each was made."""
        begun = decision.established_on
        if begun is None or begun > self.on:
            return

        def first_from(day: date) -> date | None:
            return next((each for each in told if each >= day), None)

        yield months_after(begun, self.rules.parameters(begun)["first_report_months"]), first_from(begun)
        if not told:
            # The first report's own term covers whatever changes before it.
            return
        path = decision.path[: state.changes]
        for (_, before), (day, status) in itertools.pairwise(path):
            progress = status == "in_progress" and before in {"accepted", "supervised"}
            if not progress and told[0] < day <= self.on:
                within = self.rules.parameters(day)["status_report_days"]
                yield self.days.after(day, within), first_from(day)
        own = decision.report_interval if decision.long_term else None
        closed = state.closed_on if state.closed_on is not None and state.closed_on <= self.on else None
        for made, following in zip(told, [*told[1:], None], strict=True):
            due = months_after(made, own or self.rules.parameters(made)["report_interval_months"])
            if closed is None or due < closed:
                yield due, following

    # --- deviations

    def _deviates(self, requirement: str, times: int = 1) -> None:
        self._add(f"deviations.{requirement}", times=times)

    def _deviations(self) -> None:
        for _, meeting in self.meetings:
            if meeting.imported_on is None:
                self._procedure(meeting)
        before: Any = 0
        for day, state in self.record.pair.timeline.until(self.on):
            if day.year == self.year:
                self._deviates("R-004", max(state.deviations - before, 0))
            before = state.deviations
        for _, liaison in self._of("liaison"):
            before = None
            for day, (since, _) in liaison.timeline.until(self.on):
                if since is not None and since != before and day.year == self.year:
                    self._deviates("R-084")
                before = since
        for _, topic in self._of("topic"):
            self._begun(topic, "R-041", lambda state: state.against)
            self._begun(topic, "R-048", lambda state: state.dissent)
            self._begun(
                topic,
                "R-048",
                lambda state: "；".join(
                    f"{side} {text}" for side, text in zip(SIDES, state.override, strict=True) if text
                ),
            )
        figures = self.numbers.figures
        figures["deviations"] = sum(figures[f"deviations.{each}"] for each in DEVIATIONS)

    def _begun(self, topic: Topic, requirement: str, said: Callable[[TopicState], str]) -> None:
        before = ""
        for day, state in topic.timeline.until(self.on):
            text = said(state)
            if text and text != before and day.year == self.year:
                self._deviates(requirement)
            before = text

    def _procedure(self, meeting: Meeting) -> None:
        if meeting.kind == "annual":
            self._deviates("R-031", len({"C1", "C2"} - meeting.agenda))
        self._deviates("R-061", len(meeting.late_items))
        missing = meeting.gates_missing
        if meeting.irregular:
            self._deviates("R-063")
            for gate in missing:
                if gate != "R-063":
                    self._deviates(gate)
        if not meeting.chair_is_principal and "R-052" not in missing:
            self._deviates("R-052")
        if meeting.attendees_reason and "R-053" not in missing:
            self._deviates("R-053")
        self._deviates("R-054", len(meeting.substitutes))
        if not meeting.numbered_notice and not meeting.irregular:
            self._deviates("R-057")


def months_after(day: date, months: int) -> date:
    """Give the same day some months later, the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


FIGURES: Final = frozenset(
    (
        *words(
            "regime.expected regime.in_force regime.new due held held_imported held_due not_held plan"
            " assessment"
        ),
        *(f"regime.{which}.{level}" for which in ("expected", "in_force") for level in LEVELS),
        *words("liaison minutes outstanding outstanding.explained topics topics.replaced meetings"),
        *(f"meetings.{each}" for each in words("annual irregular special imported chair_known principal")),
        *(f"meetings.{each}" for each in words("with.C1 with.C2 with.C6 uncovered")),
        *(
            f"meetings.{each}_{when}"
            for each in ("minutes", "content", "effect")
            for when in ("due", "on_time")
        ),
        *(f"topics.category.{each}" for each in CATEGORIES),
        *(f"topics.side.{side}" for side in SIDES),
        *(f"topics.state.{each}" for each in TOPIC_STATES),
        *(
            f"topics.{each}{side}"
            for each in ("submitted", "approved", "consensus", "overridden")
            for side in ("", *(f".{side}" for side in SIDES))
        ),
        *(f"decisions.carried_over{age}" for age in ("", ".0", ".1", ".2", ".3")),
        *(
            f"decisions.{each}"
            for each in words("established fulfilled imported imported_fulfilled on_time ended")
        ),
        *(f"decisions.{each}" for each in words("open overdue due due_on_time due_original due_fulfilled")),
        *words("decisions decisions.due_original_on_time reports.due reports.in_time deviations"),
        *(f"deviations.{each}" for each in DEVIATIONS),
    )
)


# === 7. The comparison with a report =============================================================================

GROUPS: Final = ("mandatory", "voluntary")
# A city's area is named by what the codes of its counties begin with.
CITY_PREFIX: Final = 4
STATES: Final = {"held": "已召开", "not_yet": "尚未召开", "missed": "逾期未召开", "not_due": "本年不计"}


class Report:
    """A report to be compared, or, where none is given, the year and day whose figures are wanted."""

    def __init__(
        self, body: Mapping[str, Any] | None, *, year: int, on: date, day_over: bool, name: str
    ) -> None:
        self.body = body
        self.year = year
        self.on = on
        self.day_over = day_over
        self.ended = day_over and on == date(year, 12, 31)
        self.name = name
        self.scope = str(body["scope"]) if body is not None else ""
        self.ends: dict[str, Head] = {}
        self.labels: dict[str, str] = {}
        self.counted: dict[str, tuple[Counting, Numbers]] = {}
        self.seen: set[str] = set()
        self.failed: set[str] = set()
        self.names: dict[str, str] = {}
        # When the last fact that it rests on was recorded; and the pairs of its area that it does not rest on.
        self.latest = -(2**63)
        self.beside: dict[str, int] = {}

    @classmethod
    def read(cls, path: Path) -> Report:
        """Read a report. Raises: Unreadable."""
        try:
            body = strict_json(_small_file(path))
        except Bad as bad:
            raise Unreadable(f"{path} 不是报告：{bad}") from None
        if isinstance(body, dict) and isinstance(body.get("report"), dict):
            # As the interface gives it, with links beside it.
            body = body["report"]
        if not isinstance(body, dict) or body.get("format") != REPORT_FORMAT:
            raise Unreadable(f"{path} 不是格式为 {REPORT_FORMAT} 的报告")
        try:
            found = cls(
                body,
                year=int(body["year"]),
                on=day_of(body["on"]),
                day_over=body["day_over"] is True,
                name=path.name,
            )
            found.ends = {
                each["pair"]: Head(int(each["position"]), bytes.fromhex(each["hash"]))
                for each in body["rests_on"]
            }
            found.labels = {each["name"]: each["label"] for each in body["definitions"]}
        except CANNOT_BE_READ as error:
            raise Unreadable(f"{path} 不是完整的报告：{type(error).__name__}") from None
        return found

    @classmethod
    def wished(cls, year: int, on: str | None, *, manifest: Manifest) -> Report:
        """Make a wish of a year and a day; a day counts as over where the bundle has later facts. Raises: Unreadable."""
        try:
            latest = (
                local_day(_moment(manifest.moment).replace(" ", "T"))
                if manifest.moment is not None
                else date.max
            )
            day = day_of(on) if on is not None else min(latest, date(year, 12, 31))
        except ValueError:
            raise Unreadable("--year 或 --on 不是有效的年度或日期（YYYY-MM-DD）") from None
        if day.year != year:
            raise Unreadable(f"{day} 不在 {year} 年度之内")
        return cls(None, year=year, on=day, day_over=latest > day, name=f"{year} 年度截至 {day}")

    def rests_on(self, pair: str, head: Head) -> bool:
        """Tell whether a pair of the bundle is counted here."""
        if self.body is None:
            self.ends[pair] = head
        return pair in self.ends

    def position(self, pair: str) -> int:
        """Give the last position of a pair that is counted here."""
        return self.ends[pair].position

    def count(self, record: Record, walk: Walk, *, days: Mapping[int, YearDays], told: Told) -> None:
        """Count a pair's figures, once its facts have been gone through."""
        pair, end = record.id, self.ends[record.id]
        self.seen.add(pair)
        self.failed.add(pair)
        if end.position > walk.end.position:
            told.not_checked(
                f"{self.name}：{pair} 依据位置 {end.position}，包内可核验的事实止于 {walk.end.position}"
            )
            return
        digest, moment = walk.places[end.position]
        if digest != end.hash:
            told.found(f"{self.name}：{pair} 所依据的位置 {end.position} 的哈希与台账不符")
            return
        if record.unknown:
            told.not_checked(f"{self.name}：{pair} 有本程序不认识的事实：{'、'.join(sorted(record.unknown))}")
            return
        self.failed.discard(pair)
        self.latest = max(self.latest, moment)
        if record.pair.registered_on is None:
            return
        self.names[pair] = record.pair.name
        if not record.pair.mandatory and record.pair.registered_on > self.on:
            return
        try:
            counting = Counting(record, year=self.year, on=self.on, day_over=self.day_over, base=days)
            self.counted[pair] = (counting, counting.count())
        except CANNOT_BE_READ as error:
            self.failed.add(pair)
            told.not_checked(f"{self.name}：{pair} 的指标无法核算（{type(error).__name__}）")

    def leave_out(self, pair: str, walk: Walk) -> None:
        """Note a pair of the report's area that it does not rest on."""
        if pair not in self.ends and pair.startswith(self.scope) and walk.first_at is not None:
            self.beside[pair] = walk.first_at

    def compare(self, divisions: Mapping[str, str], told: Told) -> None:
        """Compare the report with what was counted; without a report, print what was counted."""
        if self.body is None:
            self._print(told)
            return
        try:
            compared = self._compare(self.body, divisions, told)
        except CANNOT_BE_READ as error:
            told.found(f"{self.name}：报告的内容不完整（{type(error).__name__}）")
            return
        told.say(f"{self.name}：{self.year} 年度截至 {self.on}，由事实重新核算并比对 {compared} 项。")

    def _print(self, told: Told) -> None:
        for pair, (_, numbers) in self.counted.items():
            figures = {name: numbers.figures[name] for name in sorted(FIGURES) if numbers.figures[name]}
            told.say(f"{self.name} {pair}：{json.dumps(figures, ensure_ascii=False)}")

    def _compare(self, body: Mapping[str, Any], divisions: Mapping[str, str], told: Told) -> int:
        self._check_frame(body, told)
        self._check_title(body, divisions, told)
        compared = 1
        lines = {each["pair"]: each for each in body["pairs"]}
        if len(lines) != len(body["pairs"]):
            told.found(f"{self.name}：同一单位列了两次")
        for pair in sorted(set(lines) | set(self.counted)):
            if pair not in lines:
                told.found(f"{self.name}：{pair} 应列入报告而没有列入")
            elif pair in self.counted:
                compared += self._compare_pair(pair, lines[pair], told)
            elif pair in self.seen and pair not in self.failed:
                told.found(f"{self.name}：{pair} 不应列入报告")
            else:
                told.not_checked(f"{self.name}：{pair} 的全部指标")
        return compared + self._compare_totals(body, divisions, told)

    def _check_frame(self, body: Mapping[str, Any], told: Told) -> None:
        rest = {name: value for name, value in body.items() if name != "sha256"}
        if hashlib.sha256(canonical(rest)).hexdigest() != body["sha256"]:
            told.found(f"{self.name}：报告的 SHA-256 与其内容不符")
        if body["ended"] is not self.ended:
            told.found(f"{self.name}：“年度已结束”的标记与截至日不符")
        if set(self.labels) != FIGURES:
            told.found(f"{self.name}：指标的说明与指标不符")
        for name in sorted(set(body) - KNOWN_PARTS):
            told.not_checked(f"{self.name}：报告的“{name}”")
        for name in sorted(set(self.ends) - self.seen):
            told.not_checked(f"{self.name}：依据 {name} 的台账，包内没有")

        if not self._alone:
            # One that was registered later could not be in it.
            for name in sorted(each for each, first in self.beside.items() if first <= self.latest):
                told.found(f"{self.name}：报告作出时 {name} 已有台账，却没有依据它")

    @property
    def _alone(self) -> bool:
        # A pair's own report has the pair's id as its scope, and leaves out whatever lies below it.
        return set(self.ends) <= {self.scope} and len(self.scope) > CITY_PREFIX

    def _check_title(self, body: Mapping[str, Any], divisions: Mapping[str, str], told: Told) -> None:
        area = self.scope.ljust(6, "0") if len(self.scope) <= CITY_PREFIX else self.scope
        name = divisions.get(area, self.names.get(area))
        if name is None:
            told.not_checked(f"{self.name}：标题（包内没有 {area} 的名称）")
            return
        self._same("标题", body["title"], f"{name}{self.year}年度政府与同级工会联席会议情况", told)

    def _compare_pair(self, pair: str, line: Mapping[str, Any], told: Told) -> int:
        counting, numbers = self.counted[pair]
        mandatory = counting.record.pair.mandatory
        state = (
            "held"
            if counting.counting
            else ("not_due" if not counting.due else "missed" if self.ended else "not_yet")
        )
        adopted = counting.pair.adopted_on
        said = {
            "name": counting.record.pair.name,
            "official_name": counting.pair.official_name,
            "group": GROUPS[not mandatory],
            "adopted_on": adopted.isoformat() if adopted is not None else None,
            "state": state,
            "state_label": STATES[state],
        }
        for name, value in said.items():
            self._same(f"{pair} {name}", line[name], value, told)
        for name in sorted(set(line) - {*said, "pair", "figures", "rates", "means"}):
            told.not_checked(f"{self.name}：{pair} 的“{name}”")
        return len(said) + self._compare_numbers(pair, line, numbers, told)

    def _compare_totals(self, body: Mapping[str, Any], divisions: Mapping[str, str], told: Told) -> int:
        if self.failed or set(self.ends) - self.seen:
            told.not_checked(f"{self.name}：合计（有单位未核算）")
            return 0
        registered = {pair for pair in self.ends if pair in self.seen}
        missing = {
            code: name
            for code, name in divisions.items()
            if (code == self.scope if self._alone else code.startswith(self.scope)) and code not in registered
        }
        listed = {each["code"]: each["name"] for each in body["unregistered"]}
        self._same("未登记的应建制单位", listed, missing, told)
        totals = {group: Numbers() for group in GROUPS}
        for counting, numbers in self.counted.values():
            totals[GROUPS[not counting.record.pair.mandatory]].add(numbers)
        for code in missing if self.year >= FIRST_YEAR else ():
            level = "city" if code.endswith("00") else "county"
            totals["mandatory"].figures.update([*OWED_WITHOUT_PAIR, f"regime.expected.{level}"])
        labels = {"mandatory": "应建制合计", "voluntary": "参照建制合计"}
        return 1 + sum(self._compare_numbers(labels[each], body[each], totals[each], told) for each in GROUPS)

    def _compare_numbers(self, where: str, line: Mapping[str, Any], numbers: Numbers, told: Told) -> int:
        figures, rates, means = line["figures"], line["rates"], line["means"]
        for name in sorted(FIGURES | set(figures)):
            if name not in FIGURES:
                told.not_checked(f"{self.name}：{where} 指标 {name}")
                continue
            label = f"{where} 指标 {name}（{self.labels.get(name, '')}）"
            self._same(label, figures.get(name), numbers.figures[name], told)
        counted_rates, counted_means = numbers.rates(), numbers.means()
        for name in sorted(set(RATES) | set(rates)):
            if name not in RATES:
                told.not_checked(f"{self.name}：{where} 比率 {name}")
                continue
            shown = rates.get(name, {})
            found = (shown.get("numerator"), shown.get("denominator"), shown.get("text"))
            self._same(f"{where} 比率 {name}", found, (*RATES[name], counted_rates[name]), told)
        for name in sorted(set(MEANS) | set(means)):
            if name not in MEANS:
                told.not_checked(f"{self.name}：{where} 平均 {name}")
                continue
            shown = means.get(name, {})
            found_mean = (shown.get("figure"), shown.get("days"), shown.get("text"))
            self._same(f"{where} 平均 {name}", found_mean, (MEANS[name], *counted_means[name]), told)
        return len(FIGURES) + len(RATES) + len(MEANS)

    def _same(self, what: str, shown: object, counted: object, told: Told) -> None:
        if type(shown) is not type(counted) or shown != counted:
            told.found(f"{self.name}：{what}：报告为 {_brief(shown)}，核算为 {_brief(counted)}")


KNOWN_PARTS: Final = frozenset(
    words(
        "format title scope year on ended day_over mandatory voluntary pairs unregistered rests_on"
        " definitions sha256"
    )
)


def _brief(value: object) -> str:
    text = str(value)
    return text if len(text) <= 120 else f"{text[:120]}…"  # noqa: PLR2004 - a line's worth.


# === 8. Careful reading ==========================================================================================
#
# Nobody vouches for the files. Sizes are bounded before anything is read, an archive may hold only the members that
# the format names, and JSON has one meaning or none.

MOST_MEMBERS: Final = 20_000
MOST_DIRECTORY: Final = 8 << 20
MOST_RATIO: Final = 200
MOST_LINE: Final = 8 << 20
MOST_SMALL: Final = 64 << 20
MEMBER: Final = re.compile(
    r"(calendar|divisions|manifest)\.json|key\.txt|pairs/(?:[0-9A-Z-]{1,20}|administration)/(facts|seals)\.jsonl"
)
PAIR_ID: Final = re.compile(r"[0-9A-Z-]{1,20}|administration")
BROKEN: Final = (
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    zlib.error,
    zipfile.BadZipFile,
)


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: Any) -> bytes:
    """Give the one form of a JSON value: sorted keys, no blanks, UTF-8. Raises: Bad."""
    try:
        return _ENCODER.encode(value).encode()
    except (RecursionError, ValueError):
        raise Bad("不是规范的 JSON") from None


def strict_json(raw: bytes) -> Any:
    """Read JSON that has one meaning: no key twice, no fractions, no NaN, no lone surrogate. Raises: Bad."""
    try:
        text = raw.decode()
        value = _DECODER.decode(text)
        if "\\u" in text:
            # Only an escape can bring in half a character.
            canonical(value)
    except RecursionError:
        raise Bad("嵌套过深") from None
    except UnicodeError:
        raise Bad("不是有效的 UTF-8 文字") from None
    except ValueError as error:
        raise Bad(f"不是规范的 JSON（{str(error)[:80]}）") from None
    return value


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(members)
    if len(body) != len(members):
        raise ValueError("键重复")
    return body


def _no_number(text: str) -> Any:
    raise ValueError(f"不是整数：{text[:20]}")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)


def _small_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_SMALL + 1)
    except OSError as error:
        raise Unreadable(f"{path}：{error.strerror}") from None
    if len(raw) > MOST_SMALL:
        raise Unreadable(f"{path} 过大")
    return raw


class Bundle:
    """An archive, opened with care. Raises, wherever it is read: Unreadable."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._bounded_directory()
            self._zip = zipfile.ZipFile(path)
        except BROKEN as error:
            raise Unreadable(f"{path} 不是审计包（{_why(error)}）") from None
        self.members = self._members()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def _bounded_directory(self) -> None:
        # The directory at the end is read whole by the library, so its size is looked at first, where the library
        # looks. An archive of 4 GiB or 65,536 members has a second directory of another form, and is refused.
        with self.path.open("rb") as file:
            self._size = file.seek(0, 2)
            file.seek(max(self._size - (1 << 16) - 64, 0))
            tail = file.read()
        bare = len(tail) - 22
        end = (
            bare
            if tail[bare : bare + 4] == b"PK\x05\x06" and tail[-2:] == b"\0\0"
            else tail.rfind(b"PK\x05\x06")
        )
        length = int.from_bytes(tail[end + 12 : end + 16], "little")
        if end >= 0 and (length > MOST_DIRECTORY or tail[max(end - 20, 0) : end].startswith(b"PK\x06\x07")):
            raise Unreadable(f"{self.path} 的目录过大，请分几个审计包导出")

    def _members(self) -> dict[str, zipfile.ZipInfo]:
        found: dict[str, zipfile.ZipInfo] = {}
        listed = self._zip.infolist()
        if len(listed) > MOST_MEMBERS:
            raise Unreadable("包内文件过多")
        for each in listed:
            if not MEMBER.fullmatch(each.filename):
                raise Unreadable(f"包内有不应有的文件：{each.filename[:80]}")
            if each.filename in found:
                raise Unreadable(f"包内有同名的文件：{each.filename}")
            if each.flag_bits & 0x1 or each.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise Unreadable(f"不认识的压缩方法：{each.filename}")
            if each.file_size > MOST_RATIO * each.compress_size + MOST_LINE:
                raise Unreadable(f"压缩比异常：{each.filename}")
            found[each.filename] = each
        if sum(each.compress_size for each in listed) > self._size:
            raise Unreadable("包内文件相互重叠")
        return found

    def small(self, name: str) -> bytes:
        """Read a member that must be small."""
        member = self.members.get(name)
        if member is None:
            raise Unreadable(f"包内缺少 {name}")
        if member.file_size > MOST_SMALL:
            raise Unreadable(f"{name} 过大")
        try:
            with self._zip.open(member) as file:
                return file.read(MOST_SMALL)
        except BROKEN as error:
            raise Unreadable(f"{name} 已损坏（{_why(error)}）") from None

    def lines(self, name: str) -> Lines:
        """Open a member to be read line by line."""
        member = self.members.get(name)
        if member is None:
            raise Unreadable(f"包内缺少 {name}")
        return Lines(self._zip, member)


class Lines:
    """The lines of a member, without their ends; beside that its size and SHA-256, as far as it was read."""

    def __init__(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        self.name = member.filename
        self.size = 0
        self.digest = hashlib.sha256()
        try:
            self._file = archive.open(member)
        except BROKEN as error:
            raise Unreadable(f"{self.name} 已损坏（{_why(error)}）") from None

    def __iter__(self) -> Iterator[bytes]:
        started = b""
        while part := self._read():
            *lines, started = (started + part).split(b"\n")
            yield from lines
            if len(started) > MOST_LINE:
                raise Bad("这一行过长")
        if started:
            raise Bad("这一行没有结束")

    def rest(self) -> None:
        """Read on to the end, only to know the digest."""
        while self._read():
            pass
        self._file.close()

    def _read(self) -> bytes:
        try:
            part = self._file.read(1 << 18)
        except BROKEN as error:
            raise Unreadable(f"{self.name} 已损坏（{_why(error)}）") from None
        self.size += len(part)
        self.digest.update(part)
        return part


def _why(error: BaseException) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


@dataclass(frozen=True)
class Manifest:
    """What the bundle says of itself: where each ledger ends, and size and SHA-256 of each other member."""

    program: str
    moment: int | None
    heads: Mapping[str, Head]
    files: Mapping[str, tuple[int, str]]

    @classmethod
    def of(cls, bundle: Bundle, told: Told) -> Manifest:
        """Read it. Raises: Unreadable."""
        try:
            body = strict_json(bundle.small("manifest.json"))
            if not isinstance(body, dict) or body.get("format") != BUNDLE_FORMAT:
                raise Unreadable(f"{bundle.path} 不是格式为 {BUNDLE_FORMAT} 的审计包")
            if body["ledger"] != LEDGER_FORMAT:
                raise Unreadable(f"不认识的台账格式：{str(body['ledger'])[:80]}")
            made = cls(
                program=str(body["program"]),
                moment=_integer(body["moment"]) if body["moment"] is not None else None,
                heads={each["pair"]: _head(each) for each in body["pairs"]},
                files={
                    name: (_integer(each["bytes"]), str(each["sha256"]))
                    for name, each in body["files"].items()
                },
            )
            _moment(made.moment)
        except Bad as bad:
            raise Unreadable(f"manifest.json：{bad}") from None
        except CANNOT_BE_READ as error:
            raise Unreadable(f"manifest.json 不完整（{type(error).__name__}）") from None
        if len(made.heads) != len(body["pairs"]):
            raise Unreadable("manifest.json 同一单位列了两次")
        expected = {"calendar.json", "divisions.json", "key.txt"}
        expected |= {f"pairs/{pair}/{each}.jsonl" for pair in made.heads for each in ("facts", "seals")}
        for name in sorted(expected - set(bundle.members)):
            raise Unreadable(f"包内缺少 {name}")
        for name in sorted(set(bundle.members) - expected - {"manifest.json"}):
            told.found(f"包内有 manifest.json 没有载明单位的文件：{name}")
        for name in sorted(expected ^ set(made.files)):
            told.found(f"manifest.json 的文件清单与单位不符：{name[:80]}")
        return made

    def check(self, bundle: Bundle, lines: Lines, told: Told) -> None:
        """Compare size and digest of a member with what is said of it."""
        del bundle
        lines.rest()
        self.check_digest(lines.name, lines.size, lines.digest.hexdigest(), told)

    def check_digest(self, name: str, size: int, digest: str, told: Told) -> None:
        """Compare a size and a digest."""
        if name in self.files and self.files[name] != (size, digest):
            told.found(f"{name} 的摘要与 manifest.json 载明的不符")


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _head(body: Any) -> Head:
    if not PAIR_ID.fullmatch(body["pair"]) or not HEX.fullmatch(body["hash"]):
        raise ValueError
    position = _integer(body["position"])
    if not 0 <= position < 2**63:
        raise ValueError
    return Head(position, bytes.fromhex(body["hash"]))


def _calendar(bundle: Bundle, manifest: Manifest, told: Told) -> dict[int, YearDays]:
    raw = bundle.small("calendar.json")
    digest = hashlib.sha256(raw).hexdigest()
    manifest.check_digest("calendar.json", len(raw), digest, told)
    if digest != CALENDAR_SHA256:
        told.found("calendar.json 与本程序已知的工作日历（2004—2026 年）不符")
    try:
        return {int(year): YearDays.of(days) for year, days in strict_json(raw).items()}
    except (Bad, *CANNOT_BE_READ):
        raise Unreadable("calendar.json 不能读取") from None


def _divisions(bundle: Bundle, manifest: Manifest, told: Told) -> dict[str, str]:
    raw = bundle.small("divisions.json")
    manifest.check_digest("divisions.json", len(raw), hashlib.sha256(raw).hexdigest(), told)
    try:
        return {str(each["code"]): str(each["name"]) for each in strict_json(raw)}
    except (Bad, *CANNOT_BE_READ):
        raise Unreadable("divisions.json 不能读取") from None


class EarlierChain:
    """One pair of an earlier bundle, gone through beside the present one."""

    def __init__(self, name: str, pair: str, lines: Lines, told: Told) -> None:
        self._name = name
        self._pair = pair
        self._lines = iter(lines)
        self._told = told
        self._over = False

    def compare(self, position: int, digest: bytes) -> None:
        """Compare the entry at the next position."""
        entry = self._next()
        if entry is not None and (entry.position, entry.hash) != (position, digest):
            self._over = True
            self._told.found(f"{self._pair} 位置 {position}：与以前的审计包 {self._name} 不同，历史被改写")

    def conclude(self, end: Head) -> None:
        """Tell where the earlier bundle goes on past the present end."""
        if self._next() is not None:
            self._told.found(
                f"{self._pair} 位置 {end.position + 1}：以前的审计包 {self._name} 有此后的事实，现在没有"
            )

    def _next(self) -> Entry | None:
        if self._over:
            return None
        try:
            line = next(self._lines, None)
            entry = entry_of(line) if line is not None else None
        except Bad as bad:
            raise Unreadable(f"以前的审计包 {self._name}：{bad}") from None
        self._over = entry is None
        return entry


class Earlier:
    """The earlier bundles that the auditor holds."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._bundles = [Bundle(path) for path in paths]
        self._silent = Told()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._bundles:
            each.__exit__()

    def hashes(self, pair: str, told: Told) -> list[EarlierChain]:
        """Open a pair in every earlier bundle that has it."""
        name = f"pairs/{pair}/facts.jsonl"
        return [
            EarlierChain(each.path.name, pair, each.lines(name), told)
            for each in self._bundles
            if name in each.members
        ]

    def missing(self, manifest: Manifest, told: Told) -> None:
        """Tell of pairs that an earlier bundle had and the present one has not."""
        for each in self._bundles:
            for pair in sorted(set(Manifest.of(each, self._silent).heads) - set(manifest.heads)):
                told.say(f"以前的审计包 {each.path.name} 中的 {pair} 不在本包内，未比对。")


if __name__ == "__main__":
    sys.exit(main())
