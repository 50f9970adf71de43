"""A pair's dossier: every subject of one pair, folded from its ledger up to one position.

A dossier is a pure function of the entries. It serves the rules (what a command must know of its pair), the views
(rows are made of it), and the audit (refolded, it must give the same rows).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar, cast

from application.ports import Draft
from application.steps import Step, dated, extended
from domain import (
    catalogue,
    chain,
    corrections,
    decisions,
    delegations,
    leader_reports,
    liaison,
    meetings,
    minutes,
    numbers,
    pairs,
    people,
    rulebook,
    standards,
    topics,
)
from domain.chain import Entry, Head, Strip
from domain.decider import Fact, apply, own

PAIR_STREAM = "pair"
NUMBERS_STREAM = "numbers"
STANDARDS_STREAM = "standards"
RULEBOOK_STREAM = "rulebook"
SINGLETONS = {PAIR_STREAM, NUMBERS_STREAM, STANDARDS_STREAM, RULEBOOK_STREAM}
S = TypeVar("S")
_NONE: Mapping[str, "Subject"] = MappingProxyType({})


class LedgerBroken(Exception):
    """The ledger does not verify at a position: somebody changed it. An alarm; nothing is built on it."""


class Unreadable(Exception):
    """A fact's bytes do not read back as the fact: a fault of the program, and nothing is appended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One subject's folded state, its stream's version, the position of its last fact, and its days."""

    stream: str
    state: Any
    version: int
    position: int
    steps: tuple[Step, ...] = ()

    @property
    def kind(self) -> str:
        return self.stream.partition(":")[0]


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """All subjects of one pair as of ``head``. It has no slots, so that it can keep what is found out once."""

    tenant: str
    head: Head = field(default_factory=Head)
    subjects: Mapping[str, Subject] = field(default_factory=dict)

    def state(self, stream: str) -> Any:
        """Give a stream's state, the blank one of its kind where nothing happened yet."""
        known = self.subjects.get(stream)
        return known.state if known is not None else blank(self.tenant, stream)

    def version(self, stream: str) -> int:
        """Give a stream's version, 0 where nothing happened yet."""
        known = self.subjects.get(stream)
        return known.version if known is not None else 0

    def of(self, kind: str) -> list[Any]:
        """Give the states of all subjects of a kind, in the order in which they began."""
        return [each.state for each in self.by_kind.get(kind, _NONE).values()]

    @cached_property
    def by_kind(self) -> Mapping[str, Mapping[str, Subject]]:
        """The subjects of each kind, in the order in which they began."""
        return _sorted_in({}, self.subjects)

    @property
    def pair(self) -> pairs.Pair:
        return cast("pairs.Pair", self.state(PAIR_STREAM))

    @property
    def register(self) -> numbers.Register:
        return cast("numbers.Register", self.state(NUMBERS_STREAM))

    @property
    def standards(self) -> standards.Standards:
        return cast("standards.Standards", self.state(STANDARDS_STREAM))

    @property
    def rulebook(self) -> rulebook.Rulebook:
        return cast("rulebook.Rulebook", self.state(RULEBOOK_STREAM))

    @cached_property
    def units(self) -> dict[str, people.Unit]:
        return {each.id: each for each in self.of("unit")}

    @cached_property
    def posts(self) -> dict[str, people.Post]:
        return {each.id: each for each in self.of("post")}

    @property
    def delegations(self) -> list[delegations.Delegation]:
        return self.of("delegation")

    @property
    def liaisons(self) -> dict[str, liaison.Liaison]:
        return {each.id: each for each in self.of("liaison")}

    @property
    def topics(self) -> list[topics.Topic]:
        return self.of("topic")

    @property
    def meetings(self) -> list[meetings.Meeting]:
        return self.of("meeting")

    @property
    def minutes(self) -> list[minutes.Minutes]:
        return self.of("minutes")

    @property
    def decisions(self) -> list[decisions.Decision]:
        return self.of("decision")

    @property
    def corrections(self) -> list[corrections.Correction]:
        return self.of("correction")

    @property
    def leader_reports(self) -> list[leader_reports.LeaderReport]:
        return self.of("leader_report")


def stream_of(kind: str, subject: str) -> str:
    """Give the name of a subject's stream in its pair's ledger."""
    return kind if kind in SINGLETONS else f"{kind}:{subject}"


def blank(tenant: str, stream: str) -> Any:
    """Give the state of a stream before its first fact."""
    kind, _, subject = stream.partition(":")
    initial = catalogue.DECIDERS[kind].initial
    if kind == NUMBERS_STREAM:
        return initial
    return initial.model_copy(update={"id": subject or tenant})


def evolve(dossier: Dossier, facts: Iterable[tuple[str, Fact]], *, head: Head | None = None) -> Dossier:
    """Fold facts, each with its stream, into a dossier; positions count on from its head."""
    folding: dict[str, _Folding] = {}
    position = dossier.head.position
    for stream, fact in facts:
        position += 1
        known = folding.get(stream)
        if known is None:
            folding[stream] = known = _Folding(dossier, stream)
        known.take(fact, position)
    folded = {stream: known.subject() for stream, known in folding.items()}
    subjects = {**dossier.subjects, **folded}
    made = replace(dossier, subjects=subjects, head=head or replace(dossier.head, position=position))
    # Handed on, because sorting all subjects anew for each command grew with the dossier.
    made.__dict__["by_kind"] = _sorted_in(dossier.by_kind, folded)
    return made


def _sorted_in(
    known: Mapping[str, Mapping[str, Subject]], subjects: Mapping[str, Subject]
) -> Mapping[str, Mapping[str, Subject]]:
    """Sort subjects into those of each kind; a kind without any of them is shared."""
    found: dict[str, dict[str, Subject]] = {}
    for stream, each in subjects.items():
        found.setdefault(each.kind, {})[stream] = each
    return {**known, **{kind: {**known.get(kind, _NONE), **some} for kind, some in found.items()}}


class _Folding:
    """A subject while facts are folded into it; it becomes a value when they are done."""

    __slots__ = ("changes", "dated", "evolve", "position", "state", "steps", "stream", "version")

    def __init__(self, dossier: Dossier, stream: str) -> None:
        known = dossier.subjects.get(stream)
        self.stream = stream
        decider = catalogue.DECIDERS[stream.partition(":")[0]]
        self.evolve, self.changes = decider.evolve, decider.changes
        self.state = known.state if known is not None else blank(dossier.tenant, stream)
        if self.changes is not None:
            self.state = own(self.state)
        self.version = known.version if known is not None else 0
        self.position = known.position if known is not None else 0
        self.steps = known.steps if known is not None else ()
        self.dated = dated(self.state)

    def take(self, fact: Fact, position: int) -> None:
        if self.changes is None:
            self.state = self.evolve(self.state, fact)
        else:
            apply(self.state, self.changes(self.state, fact))
        self.version += 1
        self.position = position
        if self.dated:
            self.steps = extended(self.steps, self.state, on=fact.on)

    def subject(self) -> Subject:
        return Subject(
            stream=self.stream,
            state=self.state,
            version=self.version,
            position=self.position,
            steps=self.steps,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a dossier becomes where its ledger goes on with these very facts."""

    drafts: Sequence[Draft]
    dossier: Dossier

    def meets(self, entries: Sequence[Entry]) -> bool:
        """Whether these entries are the expected facts, byte for byte."""
        found = [(each.stream, each.version, each.topic, each.state) for each in entries]
        return found == [(each.stream, each.version, each.topic, each.state) for each in self.drafts]


def advance(dossier: Dossier, entries: Iterable[Entry]) -> Dossier:
    """Verify entries that follow a dossier and fold them into it.

    Raises: LedgerBroken at the first entry that does not verify.
    """
    head = dossier.head
    facts: list[tuple[str, Fact]] = []
    for entry in entries:
        head = _verified(entry, after=head, tenant=dossier.tenant)
        facts.append((entry.stream, catalogue.decode(entry.topic, entry.state)))
    return evolve(dossier, facts, head=head) if facts else dossier


def confirm(dossier: Dossier, entries: Sequence[Entry], expected: Expected | None) -> Dossier:
    """Do what ``advance`` does; what was expected, and is there, need not be decoded and folded again.

    Raises: LedgerBroken at the first entry that does not verify.
    """
    if expected is None or not entries or not expected.meets(entries):
        return advance(dossier, entries)
    head = dossier.head
    for entry in entries:
        head = _verified(entry, after=head, tenant=dossier.tenant)
    made = replace(expected.dossier, head=head)
    # The subjects are the same, and so is what was found out about them.
    made.__dict__.update({**expected.dossier.__dict__, "head": head})
    return made


def _verified(entry: Entry, *, after: Head, tenant: str) -> Head:
    wrong = chain.fault(entry, after=after, tenant=tenant)
    if wrong is not None:
        raise LedgerBroken(f"{tenant}@{after.position + 1}: {wrong}")
    return Head(position=entry.position, hash=entry.hash)


def follow(dossier: Dossier, strips: Sequence[Strip]) -> Dossier:
    """Do what ``advance`` does with rows, which are quicker to read and verify; it does not tell where one is broken.

    Raises: LedgerBroken where any of them does not verify.
    """
    head = chain.sound(strips, tenant=dossier.tenant, after=dossier.head)
    if head is None:
        raise LedgerBroken(f"{dossier.tenant}, after {dossier.head.position}")
    decode = catalogue.decode
    return evolve(dossier, ((row[1], decode(row[3], row[4])) for row in strips), head=head)


def drafts(dossier: Dossier, facts: Sequence[tuple[str, Fact]]) -> list[Draft]:
    """Put decided facts into the ledger's form, each with its stream's next version. Raises: Unreadable."""
    return written(dossier, facts)[0]


def written(
    dossier: Dossier, facts: Sequence[tuple[str, Fact]]
) -> tuple[list[Draft], list[tuple[str, Fact]]]:
    """Give what ``drafts`` does, and the facts as they read back from it. Raises: Unreadable."""
    versions: dict[str, int] = {}
    made, read = [], []
    for stream, fact in facts:
        versions[stream] = versions.get(stream, dossier.version(stream)) + 1
        topic, state = type(fact).topic, catalogue.encode(fact)
        again = catalogue.decode(topic, state)
        if again != fact:
            # What cannot be read back must never be appended: nothing could remove it again.
            raise Unreadable(topic)
        made.append(Draft(stream=stream, version=versions[stream], topic=topic, state=state))
        read.append((stream, again))
    return made, read
