"""Bundles and their verifier, as tests handle them: packed, unpacked, changed and verified."""

import contextlib
import hashlib
import importlib.util
import io
import json
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

from application import bundle, report_source, reports
from domain import chain
from domain.chain import Head
from infrastructure import holidays

VERIFIER = Path(__file__).parents[1] / "deploy" / "lianxi_verify.py"
DAYS = holidays.PublishedCalendar()


def loaded():
    """Load the verifier from its file, as the one file that it is."""
    spec = importlib.util.spec_from_file_location("lianxi_verify", VERIFIER)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


verifier = loaded()


def packed(views, heads, *, divisions=(), **more) -> bytes:
    return b"".join(bundle.stream(views, heads, days=DAYS, divisions=divisions, **more))


def verify(path, *arguments) -> tuple[int, str]:
    """Run the verifier in this process. Returns: its exit code and what it said."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = verifier.main([str(path), *map(str, arguments)])
    return code, out.getvalue()


def verified(content: bytes, folder: Path, *arguments) -> tuple[int, str]:
    path = folder / "bundle.zip"
    path.write_bytes(content)
    return verify(path, *arguments)


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def repacked(members: dict[str, bytes], *, digests: bool = True) -> bytes:
    """Pack members anew, as somebody who knows the format would; ``digests``: with the manifest made to fit."""
    members = dict(members)
    manifest = json.loads(members["manifest.json"])
    if digests:
        manifest["files"] = {
            name: {"bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}
            for name, raw in members.items()
            if name != "manifest.json"
        }
        members["manifest.json"] = chain.canonical(manifest)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return out.getvalue()


def facts(pair: str) -> str:
    return f"pairs/{pair}/facts.jsonl"


def seals(pair: str) -> str:
    return f"pairs/{pair}/seals.jsonl"


def with_lines(content: bytes, pair: str, lines, *, end: Head | None = None, digests: bool = True) -> bytes:
    """Put other lines in the place of a pair's facts, and another end where one is given."""
    members = unpacked(content)
    members[facts(pair)] = b"".join(lines)
    if end is not None:
        manifest = json.loads(members["manifest.json"])
        for each in manifest["pairs"]:
            if each["pair"] == pair:
                each |= {"position": end.position, "hash": end.hash.hex()}
        members["manifest.json"] = chain.canonical(manifest)
    return repacked(members, digests=digests)


def relinked(entries):
    """Link entries anew, as somebody who knows the algorithm would."""
    head = Head()
    for each in entries:
        made = replace(each, state_hash=hashlib.sha256(each.state).digest(), prev_hash=head.hash)
        made = replace(made, hash=chain.link(made))
        head = Head(position=made.position, hash=made.hash)
        yield made


def report_of(views, *, on, today, divisions=(), scope: str = "1408"):
    period = report_source.period(on.year, today=today, on=on)
    source = report_source.gather(views, scope=scope, period=period, days=DAYS, divisions=divisions)
    return reports.report(source)


def written(report, folder: Path, name: str = "report.json") -> Path:
    path = folder / name
    path.write_text(report.model_dump_json(), encoding="utf-8")
    return path
