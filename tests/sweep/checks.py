"""What looks for tampering: the checks that the system offers, each by itself."""

from collections.abc import Callable

from application import audit, sealing
from domain import notes, seals
from infrastructure import selfcheck
from tests.application.ledgers import DIVISIONS
from tests.sweep.stage import Copy

CHAIN, REPLAY, CHECKPOINT, WITNESS, SELFCHECK = "chain", "replay", "checkpoint", "witness", "selfcheck"


def chain(copy: Copy) -> list[str]:
    """`lianxi audit verify`: hash every chain anew, and compare it with the head and the commands' records."""
    found = [audit.verify_owed(copy.city.ledger, copy.city.views, pair) for pair in owed(copy)]
    return [f"{each.pair} {each.bad_position}: {each.reason}" for each in found if not each.ok]


def replay(copy: Copy) -> list[str]:
    """`lianxi audit replay`: fold every ledger anew, and compare it with every row of every view."""
    found = [audit.replay_owed(copy.city.ledger, copy.city.views, pair) for pair in owed(copy)]
    return [f"{each.pair} {each.fault or len(each.differences)}" for each in found if not each.ok]


def checkpoint(copy: Copy) -> list[str]:
    """`lianxi audit checkpoint`: go on from what the seal directory says was signed last, or refuse."""
    found = copy.city.sealer.seal(sorted({*copy.city.sealer.pairs("14"), *owed(copy)}))
    return [*found.findings, *(f"{each.pair} {each.alarm}" for each in found.pairs if each.alarm)]


def witness(copy: Copy) -> list[str]:
    """Compare each ledger with the checkpoint that a witness took away, without the seal directory."""
    found = []
    for pair, text in copy.stage.witnessed.items():
        last = notes.read_checkpoint(notes.read(text).text)
        try:
            sealing.grow(copy.city.ledger, copy.city.views, pair, last=last)
        except sealing.NotSealed as error:
            found.append(f"{seals.read_origin(last.origin).pair} {error}")
    return found


def self_check(copy: Copy) -> list[str]:
    """`lianxi serve`, `/readyz`: does the database still stop the application's mistakes?"""
    return selfcheck.faults(copy.city.db)


def owed(copy: Copy) -> tuple[str, ...]:
    """List the pairs that have a ledger, and those that the register of divisions says must have one."""
    listed = [each for each in DIVISIONS if each.code in copy.stage.pairs]
    return tuple(audit.pairs_of(copy.city.views, "14", divisions=listed))


CHECKS: dict[str, Callable[[Copy], list[str]]] = {
    CHAIN: chain,
    REPLAY: replay,
    # Before the one that signs, which writes.
    WITNESS: witness,
    SELFCHECK: self_check,
    CHECKPOINT: checkpoint,
}


def found_by(copy: Copy) -> dict[str, list[str]]:
    """Run every check. Returns: what each found; only those that found something."""
    return {name: found for name, check in CHECKS.items() if (found := check(copy))}
