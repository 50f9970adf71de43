"""Every field of every command: what its type and its limits do not take is told at that very place.

A command's body is judged before its history, so whatever else stands in the way, an ill-formed place must be among
the errors. Where another refusal comes instead, the form let it pass.
"""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

from api import examples
from api.routes import acts
from tests.fuzz.inputs import Answer, Input, Maker, Must, body_of, named

# What is no text, at whatever place one is wanted.
NO_TEXTS = (
    "a\x00b",
    "\x00",
    "a\x07b",
    "a\x7fb",
    "a\x85b",
    "\ud800",
    "a\udfffb",
    "\u202eabc",
    "a\u2066b",
    "\u2067",
    "x" * 20_000,
)
FLAGS = (0, 1, "true", "yes", 1.0)
COUNTS = (True, "1", 1.5, 2.0, "1_0", 2**63, -(2**70), float("nan"), float("inf"))
DAYS = (
    0,
    1736121600,
    "1736121600",
    "0",
    "2025-01-06T00:00:00",
    "2025-1-6",
    "2025-02-30",
    "20250106",
    True,
    "2025-01-06\x00",
)
MOMENTS = (0, 1736121600, "1736121600", "2025-01-06", "2025-01-06T15:00:00", "2025-01-06T24:00:00Z", True)
ANYTHING = ({}, [], [[]], {"a": 1}, None)
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(DAY.pattern + "T.*")
SUBJECT = "01940000-0000-7000-8000-000000000004"
Place = tuple[str | int, ...]


def places(value: Any, at: Place = ()) -> Iterator[tuple[Place, Any]]:
    """List what stands in a body: every value that is no object and no array, with its place."""
    match value:
        case dict():
            for name, each in value.items():
                yield from places(each, (*at, name))
        case list() | tuple():
            for number, each in enumerate(value):
                yield from places(each, (*at, number))
        case _:
            yield at, value


def instead(body: Any, place: Place, value: Any) -> Any:
    """Give a body with another value at a place."""
    made = copy.deepcopy(body)
    within = made
    for part in place[:-1]:
        within = within[part]
    within[place[-1]] = value
    return made


def bad(value: Any) -> Iterator[Any]:
    """List what cannot stand where this value stands."""
    match value:
        case bool():
            yield from FLAGS
        case int():
            yield from COUNTS
        case str() if MOMENT.fullmatch(value):
            yield from MOMENTS
        case str() if DAY.fullmatch(value):
            yield from DAYS
        case str():
            yield from (0, 1.5, True, *NO_TEXTS)
    yield from ANYTHING[:4]


def told(place: Place) -> Any:
    """Make the look at an answer: it must name the place, or one that it is in."""
    pointer = "".join(f"/{part}" for part in place)

    def look(answer: Answer) -> str:
        found = body_of(answer)
        errors = [each["pointer"] for each in found.get("errors", [])]
        malformed = found.get("type") == "urn:lianxi:problem:malformed-json"
        if malformed or (
            answer.status == 422
            and any(pointer.startswith(each) or each.startswith(pointer) for each in errors)
        ):
            return ""
        return f"{answer.status} {found.get('type')} {errors}, which is not {pointer}"

    return look


def well_formed(answer: Answer) -> str:
    """Tell where an example itself is refused for its form: then nothing would be known of what differs from it."""
    found = body_of(answer)
    return (
        f"{answer.status} {found.get('errors')}" if found.get("type") == "urn:lianxi:problem:invalid" else ""
    )


def commands(make: Maker) -> Iterator[Input]:
    """Put what cannot be at every place of every command's example; nothing of it may reach the rules."""
    for command, path in acts.REGISTERED.items():
        example = json.loads(json.dumps(examples.EXAMPLES[command], default=str))
        target = path.format(pair="140830", id=SUBJECT)

        def post(body: Any, target: str = target) -> bytes:
            return make.post(target, json.dumps(body).encode(), ("If-Match", '"1"'))

        yield named(f"{command.__name__} as it should be", post(example), Must.EITHER, look=well_formed)
        for place, value in places(example):
            for other in bad(value):
                name = f"{command.__name__}{list(place)} = {str(other)[:24]!r}"
                yield named(name, post(instead(example, place, other)), look=told(place))
        yield named(f"{command.__name__} and more", post({**example, "more": 1}), look=told(("more",)))
        yield named(f"{command.__name__} as a list", post([example]))
