"""Judges what clients saw against the ledgers as they are in the end. Pure.

Each ledger is a total order, so a few lines per promise do: an acknowledged command is there once, at the positions
answered; a refused one never; an unknown one once or not at all; every read is a prefix; a read that began after an
acknowledgement contains it; positions have no gap; the chain verifies; the views equal the fold.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from application.audit import Replay
from domain import chain
from domain.chain import Break, Entry, Head
from domain.people import CLOCK
from tests.drill.history import History, LedgerRead, Outcome, Try

# So many places of a view are named.
PLACES = 3


class Violation(StrEnum):
    """The ways in which a promise can be broken."""

    LOST = "lost"
    MISPLACED = "misplaced"
    DUPLICATE = "duplicate"
    REFUSED_KEPT = "refused_kept"
    UNASKED = "unasked"
    NOT_A_PREFIX = "not_a_prefix"
    STALE = "stale"
    GAP = "gap"
    FORK = "fork"
    CHAIN = "chain"
    VIEW = "view"
    ODD_ANSWER = "odd_answer"
    NOT_BACK = "not_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One pair as it is in the end: its entries, where its head says it ends, where the drill began, and its replay."""

    entries: Sequence[Entry]
    head: Head
    begun_at: int
    replay: Replay | None = None


@dataclass(kw_only=True)
class Findings:
    """What came of a check. ``violations`` says of each kind which; the counts are of commands, by their key."""

    acknowledged: int = 0
    refused: int = 0
    unknown: int = 0
    committed_unknown: int = 0
    reads: int = 0
    violations: dict[Violation, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: Violation, what: str) -> None:
        self.violations[kind].append(what)

    def count(self, kind: Violation) -> int:
        return len(self.violations.get(kind, ()))

    @property
    def total(self) -> int:
        return sum(map(len, self.violations.values()))


def check(history: History, ledgers: Mapping[str, Ledger]) -> Findings:
    """Judge a history against the ledgers of all its pairs."""
    found = Findings(reads=len(history.ledger_reads) + len(history.row_reads))
    for pair, ledger in sorted(ledgers.items()):
        tries = [each for each in history.tries if each.pair == pair]
        reads = [each for each in history.ledger_reads if each.pair == pair]
        _positions(found, pair, ledger)
        _commands(found, pair, ledger, tries)
        _forks(found, pair, ledger, tries, reads)
        _prefixes(found, pair, ledger, tries, reads)
        _rows(found, pair, ledger, tries, history)
        if ledger.replay is not None and not ledger.replay.ok:
            places = [f"{each.view} {each.id}{each.path}" for each in ledger.replay.differences]
            found.add(
                Violation.VIEW, f"{pair}: {ledger.replay.fault or places[:PLACES]} of {len(places)} places"
            )
    for what in history.odd.elements():
        found.add(Violation.ODD_ANSWER, what)
    return found


def _positions(found: Findings, pair: str, ledger: Ledger) -> None:
    expected = 1
    for entry in ledger.entries:
        if entry.position != expected:
            found.add(Violation.GAP, f"{pair}: {entry.position} follows {expected - 1}")
        expected = entry.position + 1
    end = Head()
    for step in chain.verify(ledger.entries, tenant=pair):
        if isinstance(step, Break):
            found.add(Violation.CHAIN, f"{pair}: {step.position} {step.reason}")
            return
        end = step
    if end != ledger.head:
        found.add(Violation.CHAIN, f"{pair}: ends at {end.position}, the head at {ledger.head.position}")


def _commands(found: Findings, pair: str, ledger: Ledger, tries: Sequence[Try]) -> None:
    held: dict[str, list[int]] = defaultdict(list)
    for entry in ledger.entries:
        if entry.position > ledger.begun_at and entry.actor != CLOCK:
            held[entry.command_id].append(entry.position)
    asked: dict[str, list[Try]] = defaultdict(list)
    meant: dict[str, set[str]] = defaultdict(set)
    for each in tries:
        asked[each.command_id].append(each)
        meant[each.marker].add(each.command_id)
    for command_id, same in asked.items():
        _command(found, f"{pair} {command_id}", same, held.get(command_id, []))
    for command_id in held.keys() - asked.keys():
        found.add(Violation.UNASKED, f"{pair} {command_id}: {held[command_id]}")
    for marker, ids in meant.items():
        there = sorted(each for each in ids if each in held)
        for each in there[1:]:
            found.add(Violation.DUPLICATE, f"{pair} {marker}: {each}")


def _command(found: Findings, name: str, tries: Sequence[Try], held: Sequence[int]) -> None:
    answered = [each for each in tries if each.outcome is Outcome.ACKNOWLEDGED]
    unknown = any(each.outcome is Outcome.UNKNOWN for each in tries)
    found.unknown += unknown
    if answered:
        found.acknowledged += 1
        found.committed_unknown += unknown and answered[0].replayed
        _acknowledged(found, name, answered, held)
        return
    if any(each.outcome is Outcome.REFUSED for each in tries):
        found.refused += 1
        if held:
            found.add(Violation.REFUSED_KEPT, f"{name}: {held}")
        return
    found.committed_unknown += bool(held)
    if held and list(held) != list(range(held[0], held[0] + len(held))):
        found.add(Violation.DUPLICATE, f"{name}: {held}")


def _acknowledged(found: Findings, name: str, answered: Sequence[Try], held: Sequence[int]) -> None:
    for first, last in {(each.first, each.last) for each in answered}:
        expected = list(range(first, last + 1))
        if not held:
            found.add(Violation.LOST, f"{name}: answered {expected}")
        elif held[: len(expected)] == expected and len(held) > len(expected):
            found.add(Violation.DUPLICATE, f"{name}: answered {expected}, held {held}")
        elif held != expected:
            found.add(Violation.MISPLACED, f"{name}: answered {expected}, held {held}")


def _forks(
    found: Findings, pair: str, ledger: Ledger, tries: Iterable[Try], reads: Iterable[LedgerRead]
) -> None:
    """Find the positions at which somebody was shown another command or another hash than is there in the end."""
    commands: dict[int, set[str]] = defaultdict(set)
    hashes: dict[int, set[str]] = defaultdict(set)
    for entry in ledger.entries:
        commands[entry.position].add(entry.command_id)
        hashes[entry.position].add(entry.hash.hex())
    for each in tries:
        for position in range(each.first, each.last + 1) if each.first else ():
            commands[position].add(each.command_id)
    for read in reads:
        for position, digest in read.lines:
            hashes[position].add(digest)
    forked = {
        position for shown in (commands, hashes) for position, several in shown.items() if len(several) > 1
    }
    for position in sorted(forked):
        found.add(Violation.FORK, f"{pair} {position}")


def _prefixes(
    found: Findings, pair: str, ledger: Ledger, tries: Sequence[Try], reads: Iterable[LedgerRead]
) -> None:
    final = {entry.position: entry.hash.hex() for entry in ledger.entries}
    moments, reached = _acknowledgements(tries)
    for read in reads:
        expected = range(read.after + 1, read.after + 1 + len(read.lines))
        if [position for position, _ in read.lines] != list(expected) or any(
            final.get(position) != digest for position, digest in read.lines
        ):
            found.add(Violation.NOT_A_PREFIX, f"{pair}: {read.after + 1}..{read.last}")
        # How far the acknowledgements reached that ended before this read began.
        owed = reached[bisect_left(moments, read.begun)]
        if read.last < owed:
            found.add(Violation.STALE, f"{pair}: read up to {read.last}, {owed} was answered before")


def _acknowledgements(tries: Sequence[Try]) -> tuple[list[float], list[int]]:
    answered = sorted(
        (each.ended, each.last) for each in tries if each.outcome is Outcome.ACKNOWLEDGED and each.first
    )
    reached = [0]
    for _, last in answered:
        reached.append(max(reached[-1], last))
    return [ended for ended, _ in answered], reached


def _rows(found: Findings, pair: str, ledger: Ledger, tries: Sequence[Try], history: History) -> None:
    final: dict[str, int] = defaultdict(int)
    for entry in ledger.entries:
        final[entry.stream] = max(final[entry.stream], entry.version)
    answered: dict[str, list[Try]] = defaultdict(list)
    for each in tries:
        if each.outcome is Outcome.ACKNOWLEDGED:
            answered[each.stream].append(each)
    for read in history.row_reads:
        if read.pair != pair:
            continue
        owed = max(
            (each.version for each in answered[read.stream] if each.ended < read.begun),
            default=0,
        )
        if read.version < owed:
            found.add(Violation.STALE, f"{pair} {read.stream}: version {read.version}, answered {owed}")
        if read.version > final[read.stream]:
            found.add(
                Violation.NOT_A_PREFIX,
                f"{pair} {read.stream}: version {read.version} of {final[read.stream]}",
            )
