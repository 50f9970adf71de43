"""What somebody might do with a topic beside the main way: tag it, put it off, merge, split, forward, override."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from domain import topics

if TYPE_CHECKING:
    from tests.properties.histories import Option, Walk


def options(walk: "Walk") -> "Iterator[Option]":
    """Give the side ways of one topic, chosen at random so that all topics together keep a small weight."""
    from tests.properties.histories import Proposal  # noqa: PLC0415 - the walk calls this module.

    on, dice = walk.today, walk.dice
    alive = [each for each in walk.dossier.topics if each.status in topics.ALIVE]
    if not alive:
        return
    known = dice.choice(alive)
    tags = topics.TagTopic(on=on, tags=tuple(dice.sample(list(topics.Purpose), 2)))
    yield 0.2, lambda: Proposal(walk.either(), tags, known.id)
