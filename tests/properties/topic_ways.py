"""What somebody might do with a topic beside the main way: tag it, put it off, merge, split, forward, override."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from application.dossier import Dossier
from domain import derivations, meetings, suggestions, topics
from tests import builders as b

if TYPE_CHECKING:
    from tests.properties.histories import Option, Proposal, Walk

REASON = "情况属实，双方已沟通。"
FORWARDED = ("T1", "T2")
JANUARY = b.day(1, 8)


def options(walk: "Walk") -> "Iterator[Option]":
    """Give the side ways of one topic, chosen at random so that all topics together keep a small weight."""
    alive = [each for each in walk.dossier.topics if each.status in topics.ALIVE]
    if alive:
        yield from _of_one(walk, walk.dice.choice(alive))
        yield from _merger(walk, alive)
    for each in alive:
        yield from _override(walk, each)
    yield from _reception(walk)
    yield from _suggestions(walk)


def _made(role: str, command: b.Command, subject: str) -> "Proposal":
    from tests.properties.histories import Proposal  # noqa: PLC0415 - the walk calls this module.

    return Proposal(role, command, subject)


def _of_one(walk: "Walk", known: topics.Topic) -> "Iterator[Option]":
    on, dice = walk.today, walk.dice
    tags = topics.TagTopic(on=on, tags=tuple(dice.sample(list(topics.Purpose), 2)))
    yield 0.2, lambda: _made(walk.either(), tags, known.id)
    until = dice.choice((None, on + timedelta(days=30)))
    yield 0.05, lambda: _made(walk.either(), topics.DeferTopic(on=on, reason=REASON, until=until), known.id)
    yield 0.05, lambda: _made(walk.either(), topics.ForwardTopic(on=on, reason=REASON), known.id)
    parts = tuple(b.content(title=f"第{number}部分之{dice.randrange(100)}") for number in (1, 2))
    role = dice.choice((walk.either(), b.DEPARTMENT_OF[known.unit]))
    yield 0.05, lambda: _made(role, topics.SplitTopic(on=on, parts=parts), known.id)


def _merger(walk: "Walk", alive: list[topics.Topic]) -> "Iterator[Option]":
    if len(alive) > 1:
        chosen = walk.dice.sample(alive, 2)
        content = b.content(title=f"合并之{walk.dice.randrange(100)}")
        command = topics.MergeTopics(
            on=walk.today, topics=tuple(each.id for each in chosen), unit=chosen[0].unit, content=content
        )
        yield 0.1, lambda: _made(walk.either(), command, walk.new("T"))


def _override(walk: "Walk", known: topics.Topic) -> "Iterator[Option]":
    against = [unit for unit, each in known.positions.items() if each.stance is topics.Stance.DISAGREE]
    blocked = any(known.related[unit] is not topics.Role.OTHER for unit in against)
    if known.status is not topics.Status.REPORTED or not blocked or known.report is None:
        return
    for each in walk.dossier.meetings:
        special = each.kind is meetings.Kind.SPECIAL and each.opened_at is None
        if special and known.id not in each.agenda and each.meeting_date is not None:
            items = [*each.agenda, known.id]
            yield (
                3,
                lambda each=each, items=items: _made(
                    walk.either(), b.arrange(each.meeting_date, items, on=walk.today), each.id
                ),
            )
    for side, role in ((b.GOV, "GL"), (b.UNION, "UP")):
        if side not in known.override.given:
            command = topics.OverrideConsensus(
                on=walk.today, side=side, report_hash=known.report.report_hash, reason=REASON
            )
            who = b.BOTH if walk.dice.random() < walk.boldness else role
            yield 4, lambda who=who, command=command: _made(who, command, known.id)


def _reception(walk: "Walk") -> "Iterator[Option]":
    child = CHILDREN.get(walk.dossier.tenant)
    for topic in FORWARDED if child is not None else ():
        new = derivations.received_id(child.code, topic)
        if not walk.dossier.version(f"topic:{new}"):
            command = topics.ReceiveForwardedTopic(on=walk.today, child=child.code, topic=topic, unit="hr")
            yield 0.1, lambda command=command, new=new: _made("GO", command, new)


def _suggestions(walk: "Walk") -> "Iterator[Option]":
    on, dice = walk.today, walk.dice
    side = dice.choice((b.GOV, b.UNION))
    to = dice.choice(((), ("hr",) if side is b.UNION else ("rights",)))
    kind = dice.choice(list(suggestions.Kind))
    said = suggestions.RecordProposal(on=on, side=side, to=to, kind=kind, title="休息站点", text=REASON)
    yield 0.1, lambda: _made(walk.office(side), said, walk.new("S"))
    for known in walk.dossier.of("proposal"):
        answer = f"答复之{dice.randrange(9)}，已经办理。"
        replied = suggestions.AnswerProposal(on=on, answer=answer, accepted=dice.choice((True, False, None)))
        weight = 0.2 if known.status is suggestions.Status.RECORDED else 0.02
        role = dice.choice(("HR", "RIGHTS", walk.either()))
        yield weight, lambda known=known, role=role, replied=replied: _made(role, replied, known.id)
        if walk.dossier.topics and not known.topic:
            taken = suggestions.TakeUpProposal(on=on, topic=dice.choice(walk.dossier.topics).id)
            yield 0.1, lambda known=known, taken=taken: _made(walk.either(), taken, known.id)


CHILDREN = {b.COUNTY.code: b.ZONE, b.CITY.code: b.COUNTY}


@cache
def below(tenant: str) -> Dossier | None:
    """Give a pair below one of the walk's, with topics that it forwarded in January; none for any other."""
    division = next((each for each in CHILDREN.values() if each.code == tenant), None)
    if division is None:
        return None
    scene = b.blank(division).play(b.registered(division), b.staffed, b.adopted)
    for number, topic in enumerate(FORWARDED):
        content = b.content(title=f"下级的议题之{number}")
        acts = (
            ("HR", topics.ProposeTopic(on=JANUARY, unit="hr", content=content)),
            ("HR", topics.AttachResearch(on=JANUARY, research=b.research(held_on=JANUARY))),
            ("HR", topics.SubmitTopic(on=JANUARY)),
            ("UO", topics.ForwardTopic(on=JANUARY, reason=REASON)),
        )
        for role, command in acts:
            scene = scene.act(role, command, subject=topic)
    return scene.dossier
