"""One input: the bytes, what must become of it, and the sending of many."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from tests.fuzz.stage import Stage
from tests.fuzz.wire import JSON, Answer, Header, Text, Wire, message

UNITS: Final = "/v1/pairs/140830/units"
ACCEPTED: Final = range(200, 400)


class Must(StrEnum):
    """What has to become of an input."""

    REFUSED = "refused"
    # The control: what differs from a refused one only in what is wrong with it.
    ACCEPTED = "accepted"
    # Both are right: the status tells which, and what is accepted is looked at.
    EITHER = "either"


@dataclass(frozen=True, kw_only=True)
class Input:
    """What is sent, and what must come back. ``look`` tells what is wrong with an answer, or nothing."""

    name: str
    sent: bytes
    must: Must = Must.REFUSED
    head: bool = False
    # Whether the server may end the connection before it has read to the end: its answer is then lost on the way.
    cut: bool = False
    look: Callable[[Answer], str] = field(default=lambda _: "")


KEYS = itertools.count(1)


def key() -> Header:
    """Give an idempotency key that nobody has used."""
    return "Idempotency-Key", f"fuzz-key-{next(KEYS):07d}"


@dataclass(frozen=True)
class Maker:
    """Makes the bytes of requests of one stage."""

    tokens: dict[str, str]

    def who(self, role: str) -> Header:
        return "Authorization", f"Bearer {self.tokens[role]}"

    def get(self, target: Text, *more: Header, role: str = "auditor", method: Text = "GET") -> bytes:
        return message(method, target, [self.who(role), *more])

    def post(
        self, target: Text, body: bytes, *more: Header, role: str = "administrator", method: Text = "POST"
    ) -> bytes:
        """Make a command, with a key of its own unless a header brings one."""
        own = [] if any(str(name).lower() == "idempotency-key" for name, _ in more) else [key()]
        typed = [] if any(str(name).lower() == "content-type" for name, _ in more) else [JSON]
        return message(method, target, [self.who(role), *own, *typed, *more], body)


def named(
    name: str, sent: bytes, must: Must = Must.REFUSED, *, look: Callable[[Answer], str] | None = None
) -> Input:
    return Input(name=name, sent=sent, must=must, **({"look": look} if look else {}))


def send(stage: Stage, name: str, inputs: Iterable[Input]) -> None:
    """Send inputs one after another and count them for a class; the whole state is compared at its end."""
    count = stage.watch.begin(name)
    wire = Wire(stage.root)
    try:
        for each in inputs:
            _one(stage, wire, each)
    finally:
        wire.close()
        stage.watch.end()
    assert count.inputs or count.controls


def _one(stage: Stage, wire: Wire, each: Input) -> None:
    count, before = stage.tally.now, stage.watch.seen
    faults = len(count.faults)
    answer = wire.send(each.sent, head=each.head)
    # The watch does not know what was wrong with what it saw.
    count.faults[faults:] = [f"{each.name}: {told}" for told in count.faults[faults:]]
    if stage.watch.seen == before:
        # The server itself answered, or nobody.
        count.inputs += 1
        count.statuses[answer.status] += 1
        if answer.status >= 500 or (answer.status == 0 and not each.cut):
            count.faults.append(f"{each.name}: {answer.status}")
    accepted = answer.status in ACCEPTED
    if accepted and each.must is Must.REFUSED:
        count.wrong.append(f"{each.name}: {answer.status} {answer.body[:200]!r}")
    if each.must is Must.ACCEPTED:
        count.controls += 1
        if not accepted:
            count.failed.append(f"{each.name}: {answer.status} {answer.body[:300].decode(errors='replace')}")
    if said := each.look(answer):
        count.wrong.append(f"{each.name}: {said}")


def sampled(inputs: Iterable[Input], *, every: int) -> Iterator[Input]:
    """Take one of every so many, and all controls: the short form."""
    for number, each in enumerate(inputs):
        if number % every == 0 or each.must is Must.ACCEPTED:
            yield each


def body_of(answer: Answer) -> Any:
    """Give what an answer says, or nothing where it is no JSON."""
    try:
        return answer.json()
    except ValueError:
        return {}
