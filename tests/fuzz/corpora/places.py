"""Ids, cursors and positions that were made up, changed, or made for another list."""

import base64
import itertools
import json
from collections.abc import Iterator

from api.routes import acts, reads
from tests.fuzz.inputs import Input, Maker, Must, body_of, named
from tests.fuzz.stage import Stage
from tests.fuzz.wire import Wire

PAIR = "/v1/pairs/140830"
LISTS = (
    *(f"{PAIR}/{each}" for each in sorted(set(acts.PLURALS.values()) - {"imports"})),
    "/v1/pairs",
    f"{PAIR}/history",
)


def cursors(stage: Stage, make: Maker) -> Iterator[Input]:
    """Every bit of a real cursor turned; real ones of other lists, filters and moments."""
    real = _real(stage, make)
    for path, cursor in real.items():
        yield named(f"{path}: its own", make.get(f"{path}?limit=1&cursor={cursor}"), Must.ACCEPTED)
        for other, foreign in real.items():
            if other != path:
                yield named(f"{path}: of {other}", make.get(f"{path}?limit=1&cursor={foreign}"))
        yield named(
            f"{path}: of now, for then", make.get(f"{path}?limit=1&cursor={cursor}&valid_on=2025-06-01")
        )
        if path.startswith(PAIR):
            sibling = path.replace("140830", "140822")
            yield named(f"{sibling}: of {path}", make.get(f"{sibling}?limit=1&cursor={cursor}"))
    yield from _turned(make, f"{PAIR}/topics", real[f"{PAIR}/topics"])
    for held in (None, True, 1, 1.5, [], {}, ["a", "b"], "\x00", "\ud800", "'", "a" * 65):
        forged = reads.seal(held, bound_to={"pair": "140830", "kind": "topic", "where": {}})
        yield named(f"sealed {str(held)[:20]!r}", make.get(f"{PAIR}/topics?cursor={forged}"))


def _real(stage: Stage, make: Maker) -> dict[str, str]:
    wire = Wire(stage.root)
    try:
        found = {path: body_of(wire.send(make.get(f"{path}?limit=1"))).get("next_cursor") for path in LISTS}
    finally:
        wire.close()
    return {path: cursor for path, cursor in found.items() if cursor}


def _turned(make: Maker, path: str, cursor: str) -> Iterator[Input]:
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    for place, bit in itertools.product(range(len(raw)), (0, 3, 7)):
        turned = bytearray(raw)
        turned[place] ^= 1 << bit
        sent = base64.urlsafe_b64encode(bytes(turned)).decode().rstrip("=")
        # A cursor is no secret, and its place may be any of the list that it is bound to; the binding may not.
        must = Must.REFUSED if place < BOUND else Must.EITHER
        yield named(f"bit {bit} of byte {place}", make.get(f"{path}?limit=1&cursor={sent}"), must)
    for cut in range(1, len(cursor)):
        yield named(f"cut off at {cut}", make.get(f"{path}?limit=1&cursor={cursor[:cut]}"))
    yield named("padded", make.get(f"{path}?limit=1&cursor={cursor}="))
    yield named("with a space", make.get(f"{path}?limit=1&cursor=%20{cursor}"))


# The bytes of a cursor that bind it: a bracket, a quote and the digest.
BOUND = 18
IDS = (
    "x",
    "0",
    "-",
    "a" * 64,
    "a" * 65,
    "..",
    "%2e%2e",
    "%00",
    "%0a",
    "%ED%A0%80",
    "%F0%9F%98%80",
    "é",
    "'",
    '"',
    "a;b",
    "a,b",
    "a%2Fb",
    "{id}",
    "*",
    "null",
    "%252e",
    "A" * 2000,
)


def ids(make: Maker) -> Iterator[Input]:
    """Every route with an id, with ids that are nothing: reads and commands."""
    for plural in sorted(set(acts.PLURALS.values())):
        for each in IDS:
            yield named(f"{plural}/{each[:20]}", make.get(f"{PAIR}/{plural}/{each}"))
    for number, (command, path) in enumerate(sorted(acts.registered(), key=lambda each: each[1])):
        if "{id}" not in path:
            continue
        each = IDS[number % len(IDS)]
        body = json.dumps({"on": "2026-12-30"}).encode()
        target = path.format(pair="140830", id=each)
        yield named(
            f"{command.__name__} {each[:20]}", make.post(target, body, ("If-Match", '"1"'), role="go")
        )
