"""What a pair does with its paper history: it is imported, now and then again, and both sides say that it is all."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from domain import archives, legacy, pairs
from tests import builders as b
from tests import paper

if TYPE_CHECKING:
    from tests.properties.histories import Proposal, Walk

FIRST = date(2003, 6, 2)
UNITS = ("hr", "fin", "ind", "rights")


def options(
    walk: "Walk", propose: Callable[..., "Proposal"]
) -> Iterator[tuple[float, Callable[[], "Proposal"]]]:
    """Import before the first meeting, rarely later; repeat; declare complete."""
    known = walk.dossier.pair
    begun = any(each.opened_at is not None for each in walk.dossier.meetings)
    command = _batch(walk)
    weight = 0.03 if begun or known.history_hash else 0.6
    yield weight, lambda: propose(walk.either(), command, legacy.batch_id(command))
    again = _again(walk)
    if again is not None:
        yield 0.1, lambda: propose(walk.either(), again, legacy.batch_id(again))
    for side in b.Side:
        said = pairs.DeclareHistoryComplete(
            on=walk.today, side=side, history_hash=known.history_hash or b.HASH
        )
        open_yet = known.history_hash and side not in known.history_complete
        yield (
            4 if open_yet else 0.05,
            lambda side=side, said=said: propose(walk.office(side), said, known.id),
        )


def _batch(walk: "Walk") -> legacy.ImportHistory:
    dice = walk.dice
    days = sorted({_day(walk) for _ in range(dice.choice((1, 1, 2, 3)))})
    held = [_meeting(day, dice) for day in days]
    done = [_decision(day, number, dice) for day in days for number in range(1, dice.choice((2, 3)))]
    return paper.batch(on=walk.today, meetings=held, decisions=done)


def _again(walk: "Walk") -> legacy.ImportHistory | None:
    # What was imported is sent once more, unchanged or with one word changed, and with something new beside it.
    kept = [each.record for each in walk.dossier.meetings if each.record is not None]
    if not kept:
        return None
    record = walk.dice.choice(kept)
    if walk.dice.random() < 0.3:
        record = record.model_copy(update={"chair": "副县长"})
    new = [_meeting(_day(walk), walk.dice)] if walk.dice.random() < 0.3 else []
    return paper.batch(on=walk.today, meetings=[record, *new], decisions=[])


def _day(walk: "Walk") -> date:
    return FIRST + timedelta(days=walk.dice.randrange((walk.today - FIRST).days + 3))


def _meeting(held_on: date, dice: random.Random) -> archives.MeetingRecord:
    number = f"芮政办纪〔{held_on.year}〕{dice.randrange(400, 999)}号"
    return paper.meeting(
        held_on=held_on,
        kind=dice.choice(list(archives.Kind)),
        ordinal=dice.choice((None, None, None, 1, 2)),
        minutes_number=dice.choice((number, number, "", f"第{dice.randrange(1, 9)}期")),
        disclosure=dice.choice((None, "公开发布", "不公开")),
    )


def _decision(held_on: date, number: int, dice: random.Random) -> archives.DecisionRecord:
    standing = dice.choice((*[archives.Standing.FULFILLED] * 4, *archives.Standing))
    change: dict[str, Any] = {
        "meeting_held_on": held_on,
        "number": number,
        "text": f"旧事{dice.randrange(100)}",
        "standing": standing,
        "deadline": dice.choice((None, held_on + timedelta(days=100))),
        "closed_on": None
        if standing is archives.Standing.UNFULFILLED
        else held_on + timedelta(days=dice.randrange(60)),
        "lead_units": (dice.choice(UNITS),) if dice.random() < 0.9 else (),
    }
    return paper.decision(**change)
