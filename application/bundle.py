"""The audit bundle: one archive that lets anybody check pairs' ledgers, and the report made of them, without this system.

It holds the facts' exact bytes and what a verifier needs beside them, and judges nothing: a ledger that was tampered
with is packed as it is found. Same facts, same bytes: nothing in it tells when or where it was made, and its moment is
that of its latest fact. ``deploy/lianxi_verify.py`` reads it and shares no code with this. Source: R-092 - R-094.

Members, in their order::

    calendar.json                  the packaged working days: year -> weekdays off, Saturdays and Sundays worked
    divisions.json                 the divisions that must have a pair (R-003)
    key.txt                        the public key of the checkpoints as C2SP writes it (vkey); empty where there is none
    pairs/<pair>/facts.jsonl       one fact a line, in order
    pairs/<pair>/seals.jsonl       {"note": signed checkpoint}, the latest first, then {"epoch": declaration of an epoch}
    manifest.json                  format, program, moment, pairs with their ends, size and SHA-256 of every other member

Every member is canonical JSON (sorted keys, no blanks, UTF-8), a line each where there are several.
"""

import base64
import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from importlib import metadata
from typing import Any, Final

from application.ports import Views
from application.seal_ports import CannotSeal, Checkpoints, Published, Vault
from domain import calendar, chain, notes, pairs
from domain.chain import Entry, Head

FORMAT: Final = "lianxi-bundle/v1"
BATCH: Final = 500
# The years of which a calendar may have been published.
YEARS: Final = range(2003, 2101)


def stream(
    views: Views,
    heads: Mapping[str, Head],
    *,
    days: calendar.Calendar,
    divisions: Iterable[pairs.Division],
    checkpoints: Checkpoints | None = None,
    key: notes.Key | None = None,
) -> Iterator[bytes]:
    """Give the bytes of a bundle, piece by piece; at most ``BATCH`` facts are held at once.

    Each batch is read by itself, so nothing of the database is held while a slow reader takes a piece.

    Args:
        views: the read side.
        heads: where each pair's ledger ends; what is appended later is left out.
        days: the working days of the installation.
        divisions: the register; those that must have a pair are told.
        checkpoints: what was sealed of the pairs; None where nothing was.
        key: the public key that signs.
    """
    archive = _Archive()
    yield from archive.put("calendar.json", [chain.canonical(_calendar(days))])
    yield from archive.put("divisions.json", [chain.canonical(_mandatory(divisions))])
    yield from archive.put("key.txt", [f"{key.vkey}\n".encode() if key is not None else b""])
    latest: datetime | None = None
    for tenant, end in sorted(heads.items()):
        facts = _Facts(views, tenant, end)
        yield from archive.put(f"pairs/{tenant}/facts.jsonl", facts.batches())
        latest = max(filter(None, (latest, facts.latest)), default=None)
        sealed = _seals(views, checkpoints, tenant, end) if checkpoints is not None else ()
        yield from archive.put(f"pairs/{tenant}/seals.jsonl", sealed)
    manifest = {
        "format": FORMAT,
        "ledger": chain.FORMAT,
        "program": f"lianxi {metadata.version('lianxi')}",
        "moment": chain.microseconds(latest) if latest is not None else None,
        "pairs": [
            {"pair": tenant, "position": end.position, "hash": end.hash.hex()}
            for tenant, end in sorted(heads.items())
        ],
        "files": archive.files,
    }
    yield from archive.put("manifest.json", [chain.canonical(manifest)])
    yield archive.end()


def line(entry: Entry) -> bytes:
    """Give a fact's line: every column; hashes in hex, ``recorded_at`` in µs since 1970-01-01T00:00:00Z.

    ``state`` is the text whose UTF-8 bytes are exactly the bytes that were hashed; bytes that are no UTF-8 stand in
    ``state_base64`` instead. One of the two is there, never both.
    """
    body = {
        "tenant": entry.tenant,
        "position": entry.position,
        "stream": entry.stream,
        "version": entry.version,
        "topic": entry.topic,
        **_state(entry.state),
        "state_hash": entry.state_hash.hex(),
        "actor": entry.actor,
        "command_id": entry.command_id,
        "recorded_at": chain.microseconds(entry.recorded_at),
        "prev_hash": entry.prev_hash.hex(),
        "hash": entry.hash.hex(),
    }
    return chain.canonical(body) + b"\n"


def _state(state: bytes) -> dict[str, str]:
    try:
        return {"state": state.decode()}
    except UnicodeDecodeError:
        return {"state_base64": base64.b64encode(state).decode()}


class _Facts:
    """One pair's facts as lines; ``latest`` is when the last of them was recorded."""

    def __init__(self, views: Views, tenant: str, end: Head) -> None:
        self._views = views
        self._tenant = tenant
        self._end = end.position
        self.latest: datetime | None = None

    def batches(self) -> Iterator[bytes]:
        # The history is asked, not the ledger's own reader: that one stops at a gap, which belongs in the bundle.
        after = 0
        while after < self._end:
            page = self._views.history(self._tenant, after=after, limit=min(BATCH, self._end - after))
            if not page:
                return
            after = page[-1].position
            kept = [each for each in page if each.position <= self._end]
            self.latest = max(filter(None, (self.latest, *(each.recorded_at for each in kept))), default=None)
            yield b"".join(line(each) for each in kept)


def public_key(vault: Vault) -> notes.Key | None:
    """Give the public key, None where there is none here; a bundle is of use without it, for auditors hold their own."""
    try:
        return vault.key()
    except CannotSeal:
        return None


def _seals(views: Views, checkpoints: Checkpoints, tenant: str, end: Head) -> Iterator[bytes]:
    before: tuple[datetime, str, int] | None = None
    while page := checkpoints.listed(tenant, before=before, limit=BATCH):
        before = (page[-1].at, page[-1].origin, page[-1].size)
        kept = [each for each in page if not _later(views, tenant, each, end)]
        yield b"".join(chain.canonical({"note": each.note}) + b"\n" for each in kept)
    yield b"".join(chain.canonical({"epoch": each.text}) + b"\n" for each in checkpoints.epochs(tenant))


def _later(views: Views, tenant: str, each: Published, end: Head) -> bool:
    # One that was signed while the bundle is made is left out; one that the ledger is too short for belongs in it.
    return each.size > end.position and views.heads(tenant).get(tenant, Head()).position >= each.size


def _calendar(days: calendar.Calendar) -> dict[str, Any]:
    known = [year for year in YEARS if not days.is_provisional(date(year, 1, 1))]
    found = [calendar.exceptions(year, calendar=days).model_dump(mode="json") for year in known]
    return {str(each["year"]): {"off": each["off"], "worked": each["worked"]} for each in found}


def _mandatory(divisions: Iterable[pairs.Division]) -> list[dict[str, str]]:
    found = [{"code": each.code, "name": each.full_name} for each in divisions if each.mandatory]
    return sorted(found, key=lambda each: each["code"])


class _Archive:
    """A zip that is written without going back: its pieces are taken away as they come."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.files: dict[str, dict[str, Any]] = {}

    def put(self, name: str, parts: Iterable[bytes]) -> Iterator[bytes]:
        member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        member.compress_type = zipfile.ZIP_DEFLATED
        # Who packs it and where must not show.
        member.create_system, member.external_attr = 3, 0o644 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(member, "w", force_zip64=True) as opened:
            for part in parts:
                digest.update(part)
                size += len(part)
                opened.write(part)
                yield self._sink.taken()
        self.files[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def end(self) -> bytes:
        self._zip.close()
        return self._sink.taken()


class _Sink:
    """Where the zip is written: it has no position to go back to, so each member's sizes come after it."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def close(self) -> None:
        """Nothing was opened."""

    def tell(self) -> int:
        """Refuse to tell a position, as a pipe does. Raises: OSError."""
        raise OSError

    def taken(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken
