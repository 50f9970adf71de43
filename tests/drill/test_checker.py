"""The checker itself: a history without fault passes, and each kind of violation, planted alone, is found."""

import dataclasses
import hashlib
from datetime import UTC, datetime

import pytest

from application.audit import Difference, DifferenceKind, Replay
from domain import chain
from domain.chain import Entry, Head
from tests.drill.checker import Ledger, Violation, check
from tests.drill.history import History, LedgerRead, Outcome, RowRead, Try

PAIR = "140821"
FOUNDED = 2  # Facts from before the drill.
AT = datetime(2026, 11, 22, tzinfo=UTC)


def entries(*commands: str) -> list[Entry]:
    """Chain one fact for each command id; a stream for each command's topic."""
    made: list[Entry] = []
    head = Head()
    for position, command_id in enumerate(commands, start=1):
        stream, _, version = command_id.partition("@")
        state = command_id.encode()
        plain = Entry(
            tenant=PAIR,
            position=position,
            stream=f"topic:{stream}",
            version=int(version or 1),
            topic="topic.proposed",
            state=state,
            state_hash=hashlib.sha256(state).digest(),
            actor="p",
            command_id=command_id,
            recorded_at=AT,
            prev_hash=head.hash,
            hash=bytes(32),
        )
        entry = dataclasses.replace(plain, hash=chain.link(plain))
        head = Head(position=position, hash=entry.hash)
        made.append(entry)
    return made


def ledger(*commands: str, **change) -> dict[str, Ledger]:
    made = entries("set-1", "set-2", *commands)
    end = Head(position=made[-1].position, hash=made[-1].hash)
    good = Ledger(entries=made, head=end, begun_at=FOUNDED)
    return {PAIR: dataclasses.replace(good, **change)}


def acked(command_id: str, position: int, *, at: float = 0, marker: str = "", **change) -> Try:
    stream, _, version = command_id.partition("@")
    return Try(
        **{
            "marker": marker or command_id,
            "pair": PAIR,
            "command_id": command_id,
            "outcome": Outcome.ACKNOWLEDGED,
            "begun": at,
            "ended": at + 1,
            "first": position,
            "last": position,
            "stream": f"topic:{stream}",
            "version": int(version or 1),
            **change,
        }
    )


def other(command_id: str, outcome: Outcome, *, at: float = 0, marker: str = "") -> Try:
    return Try(
        marker=marker or command_id, pair=PAIR, command_id=command_id, outcome=outcome, begun=at, ended=at + 1
    )


def read(found: dict[str, Ledger], *, upto: int, begun: float, after: int = 0) -> LedgerRead:
    lines = tuple((each.position, each.hash.hex()) for each in found[PAIR].entries[after:upto])
    return LedgerRead(pair=PAIR, after=after, lines=lines, begun=begun)


def kinds(history: History, found: dict[str, Ledger]) -> set[Violation]:
    return {kind for kind, each in check(history, found).violations.items() if each}


def good() -> tuple[History, dict[str, Ledger]]:
    """Two acknowledged, one of them after no answer; one refused; of two unknown ones, one was kept."""
    found = ledger("a", "b", "d")
    history = History(
        tries=[
            acked("a", 3, at=0),
            other("b", Outcome.UNKNOWN, at=2),
            acked("b", 4, at=4, replayed=True),
            other("c", Outcome.REFUSED, at=6),
            other("d", Outcome.UNKNOWN, at=7),
            other("e", Outcome.UNKNOWN, at=7),
        ],
        ledger_reads=[read(found, upto=3, begun=2), read(found, upto=5, begun=9, after=2)],
        row_reads=[RowRead(pair=PAIR, stream="topic:a", version=1, begun=3)],
    )
    return history, found


def test_a_history_without_fault_passes_and_is_counted():
    found = check(*good())
    assert found.total == 0, dict(found.violations)
    counts = (found.acknowledged, found.refused, found.unknown, found.committed_unknown, found.reads)
    assert counts == (2, 1, 3, 2, 3)


def test_what_was_acknowledged_and_is_not_there_is_lost():
    history, _ = good()
    assert Violation.LOST in kinds(history, ledger("a"))
    assert check(History(tries=[acked("a", 3)]), ledger("b")).count(Violation.LOST) == 1


def test_what_is_there_at_another_position_is_misplaced():
    history = History(tries=[acked("a", 4), acked("b", 3)])
    assert Violation.MISPLACED in kinds(history, ledger("a", "b"))


def test_two_answers_to_one_command_that_differ_are_found():
    history = History(tries=[acked("a", 3), acked("a", 4, replayed=True)])
    assert Violation.MISPLACED in kinds(history, ledger("a"))


@pytest.mark.parametrize(
    "tries",
    [
        pytest.param([acked("a", 3)], id="acknowledged"),
        pytest.param([other("a", Outcome.UNKNOWN)], id="unknown"),
    ],
)
def test_one_command_that_is_there_twice_is_a_duplicate(tries):
    between = other("b", Outcome.UNKNOWN)
    assert kinds(History(tries=[*tries, between]), ledger("a", "b", "a@2")) >= {Violation.UNASKED}
    twice = ledger("a", "b", "a")
    assert kinds(History(tries=[*tries, between]), twice) == {Violation.DUPLICATE}


def test_one_intent_under_two_keys_is_a_duplicate():
    tries = [other("a", Outcome.UNKNOWN, marker="m"), acked("b", 4, marker="m")]
    found = check(History(tries=tries), ledger("a", "b"))
    assert found.count(Violation.DUPLICATE) == 1
    assert found.total == 1
    assert check(History(tries=tries), ledger("x", "b")).count(Violation.DUPLICATE) == 0


def test_what_was_refused_and_is_there_is_found():
    history = History(tries=[other("a", Outcome.REFUSED)])
    assert kinds(history, ledger("a")) == {Violation.REFUSED_KEPT}


def test_what_nobody_asked_for_is_found_but_for_the_clock():
    assert kinds(History(), ledger("a")) == {Violation.UNASKED}
    ticked = [dataclasses.replace(each, actor="clock") for each in ledger("a")[PAIR].entries]
    assert Violation.UNASKED not in kinds(History(), ledger("a", entries=ticked))


def test_a_gap_is_found():
    history, found = good()
    holed = found[PAIR].entries[:2] + found[PAIR].entries[3:]
    assert Violation.GAP in kinds(history, ledger("a", "b", "d", entries=holed))


def test_a_broken_chain_and_a_head_that_stands_elsewhere_are_found():
    history, found = good()
    changed = list(found[PAIR].entries)
    changed[2] = dataclasses.replace(changed[2], state=b"{}")
    assert Violation.CHAIN in kinds(history, ledger("a", "b", "d", entries=changed))
    assert kinds(history, ledger("a", "b", "d", head=Head(position=9))) == {Violation.CHAIN}


def test_a_position_shown_with_two_contents_is_a_fork():
    tries = [acked("a", 3), acked("b", 3), acked("c", 4)]
    found = check(History(tries=tries), ledger("b", "c"))
    assert found.count(Violation.FORK) == 1
    seen = LedgerRead(pair=PAIR, after=2, lines=((3, "00" * 32),), begun=0)
    assert Violation.FORK in kinds(
        History(tries=[other("a", Outcome.UNKNOWN)], ledger_reads=[seen]), ledger("a")
    )


def test_a_read_that_is_no_prefix_is_found():
    history, found = good()
    for lines in (
        ((3, "00" * 32),),  # Another content.
        ((6, "00" * 32),),  # Past the end.
        tuple((each.position, each.hash.hex()) for each in (found[PAIR].entries[2], found[PAIR].entries[4])),
    ):
        bad = LedgerRead(pair=PAIR, after=lines[0][0] - 1, lines=lines, begun=0)
        assert Violation.NOT_A_PREFIX in kinds(dataclasses.replace(history, ledger_reads=[bad]), found), lines


def test_a_read_that_lacks_what_was_answered_before_it_began_is_stale():
    history, found = good()
    history.ledger_reads = [read(found, upto=3, begun=5.5)]
    assert kinds(history, found) == {Violation.STALE}
    history.ledger_reads = [read(found, upto=3, begun=4.5)]  # The answer came only meanwhile.
    assert kinds(history, found) == set()


def test_a_row_behind_the_answer_or_ahead_of_the_ledger_is_found():
    history, found = good()
    history.row_reads = [RowRead(pair=PAIR, stream="topic:a", version=0, begun=3)]
    assert kinds(history, found) == {Violation.STALE}
    history.row_reads = [RowRead(pair=PAIR, stream="topic:a", version=2, begun=3)]
    assert kinds(history, found) == {Violation.NOT_A_PREFIX}


def test_a_view_that_differs_from_the_fold_is_found():
    history, _ = good()
    differs = Difference(kind=DifferenceKind.MISSING, view="topic", id="a")
    for replay in (
        Replay(pair=PAIR, position=5, rows=3, differences=(differs,)),
        Replay(pair=PAIR, position=5, rows=0, fault="事实无法解读"),
    ):
        assert kinds(history, ledger("a", "b", "d", replay=replay)) == {Violation.VIEW}
    whole = Replay(pair=PAIR, position=5, rows=3)
    assert kinds(history, ledger("a", "b", "d", replay=whole)) == set()


def test_an_answer_that_no_fault_excuses_is_found():
    history, found = good()
    history.wonder("POST 500 urn:lianxi:problem:internal")
    assert kinds(history, found) == {Violation.ODD_ANSWER}
