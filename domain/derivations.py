"""Topics out of topics: merged, split, put off, forwarded to the parent pair and received there as drafts.

Whatever comes out of others begins again as a draft and passes every gate of its own; the links lead both ways.
Forwarding and receiving are two acts in two ledgers, so nobody ever writes into another pair's.
Source: 二(一), 二(二); R-050.
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, assert_never

from domain import proposals, refusals, topics, wording
from domain.decider import Side, Signatory, Value, latest, not_before

SOME: Final = range(2, 11)
# Ids that two acts must agree on are made of what both know, in a name space of their own.
NAMES: Final = uuid.UUID("5d9b5a52-5b0c-5c0e-8a55-3f1d0c6f9b50")


class HowMany(refusals.Refusal):
    """合并、拆分的议题为2至10个，不能重复。"""

    requirement = "R-050"


class NotOneOfTheirs(refusals.Refusal):
    """新议题的提出单位须是原议题的提出单位之一；部门只能合并、拆分本单位提出的议题。"""

    requirement = "R-050"
    remedy = "请由政府办公室、工会（办公室）或者提出单位办理，并从原议题的提出单位中选定一个。"


class NotAhead(refusals.Refusal):
    """预计缓议至的日期须在办理日之后。"""

    requirement = "R-050"


class NoParent(refusals.Refusal):
    """本结对单位没有上级结对单位，议题不能转报。"""

    requirement = "R-050"


class NotForwarded(refusals.Refusal):
    """没有可以接收的议题：下级结对单位没有向本结对单位转报这样一个议题。"""

    requirement = "R-050"
    remedy = "请核对下级结对单位和议题的编号；议题须先由下级结对单位转报。"


class OtherSide(refusals.Refusal):
    """转报的议题由与原提出单位同一方的办公室接收，并由该方的单位承接。"""

    requirement = "R-050"


class Forwarded(Value):
    """What a child's ledger says of the topic that it forwarded; ``position`` and ``hash`` are where it was read."""

    pair: str
    topic: str
    side: Side
    content: topics.Content
    content_hash: str
    research: tuple[topics.Research, ...]
    opinions: tuple[str, ...]
    forwarded_on: date
    position: int
    hash: str


def parent_of(pair: str) -> str:
    """Give the pair above: county to city, township or zone to county, industry to its area; none above the city.

    >>> parent_of("140830"), parent_of("140830402"), parent_of("140830-JT"), parent_of("140800")
    ('140800', '140830', '140830', '')
    """
    known = re.fullmatch(r"([0-9]{6})([0-9]{3}|-[0-9A-Za-z.-]+)?", pair)
    if known is None:
        return ""
    area, below = known.groups()
    if below:
        return area
    return "" if area.endswith("00") else f"{area[:4]}00"


def part_id(topic: str, number: int) -> str:
    """Give the id of one part of a split topic."""
    return str(uuid.uuid5(NAMES, f"part:{topic}:{number}"))


def received_id(child: str, topic: str) -> str:
    """Give the id that a child's topic has in the parent pair."""
    return str(uuid.uuid5(NAMES, f"forwarded:{child}:{topic}"))


Derived = list[tuple[str, topics.TopicFact]]


def merge(
    command: topics.MergeTopics,
    known: Mapping[str, topics.Topic],
    *,
    new: str,
    by: Signatory,
    units: topics.Units,
) -> Derived:
    """Decide a merger of the topics that ``known`` holds by id into the topic ``new``.

    Returns: facts, each with its topic's id. Raises: a Refusal of R-050, or of R-022 – R-030 for the content.
    """
    if len(command.topics) not in SOME or len(set(command.topics)) != len(command.topics):
        raise HowMany(pointer="/topics")
    for each in command.topics:
        if each not in known or known[each].status is topics.Status.UNBORN:
            raise refusals.NotFound(f"议题 {each}。", requirement="R-050", pointer="/topics")
    if new in known and known[new].status is not topics.Status.UNBORN:
        raise refusals.AlreadyDone(requirement="R-050")
    sources = [known[each] for each in command.topics]
    _check_theirs(command.unit, sources, by=by)
    side = units[command.unit].side
    for source in sources:
        _check_alive(source, on=command.on)
    proposals.check_content(command.content, side=side)
    return [
        (new, _drafted(command.on, by, unit=command.unit, side=side, content=command.content)),
        (new, _derived(command.on, by, way=topics.Way.MERGE, sources=sources)),
        *((source.id, topics.TopicMerged(on=command.on, by=by, into=new)) for source in sources),
    ]


def split(
    command: topics.SplitTopic, source: topics.Topic, *, known: Mapping[str, topics.Topic], by: Signatory
) -> Derived:
    """Decide a split of one topic. Returns: facts, each with its topic's id. Raises: as ``merge`` does."""
    topics.must_be_born(command, source)
    hashes = {proposals.hash_of(part) for part in command.parts}
    if len(command.parts) not in SOME or len(hashes) != len(command.parts):
        raise HowMany(pointer="/parts")
    _check_theirs(source.unit, [source], by=by)
    _check_alive(source, on=command.on)
    facts: Derived = []
    ids = tuple(part_id(source.id, number) for number in range(1, len(command.parts) + 1))
    if any(each in known for each in ids):
        raise refusals.AlreadyDone(requirement="R-050")
    for number, part in enumerate(command.parts):
        proposals.check_content(part, side=source.side, pointer=f"/parts/{number}")
        drafted = _drafted(command.on, by, unit=source.unit, side=source.side, content=part)
        derived = _derived(command.on, by, way=topics.Way.SPLIT, sources=[source])
        facts += [(ids[number], drafted), (ids[number], derived)]
    return [*facts, (source.id, topics.TopicSplit(on=command.on, by=by, into=ids))]


def _check_theirs(unit: str, sources: Sequence[topics.Topic], *, by: Signatory) -> None:
    theirs = {source.unit for source in sources}
    if unit not in theirs or (by.capacity not in topics.OFFICES and theirs != {by.unit}):
        raise NotOneOfTheirs(f"原议题的提出单位：{'、'.join(sorted(theirs))}。", pointer="/unit")


def _check_alive(source: topics.Topic, *, on: date) -> None:
    topics.expect(source, *topics.ALIVE, requirement="R-050")
    researched = latest(*(record.held_on for record in source.research))
    not_before(on, source.proposed_on, source.since, source.content_on, researched, what="原议题")


def _drafted(
    on: date, by: Signatory, *, unit: str, side: Side, content: topics.Content
) -> topics.TopicProposed:
    digest = proposals.hash_of(content)
    return topics.TopicProposed(on=on, by=by, unit=unit, side=side, content=content, content_hash=digest)


def _derived(
    on: date, by: Signatory, *, way: topics.Way, sources: Sequence[topics.Topic]
) -> topics.TopicDerived:
    # What the sources rest on is copied, so that the new draft meets R-039 from its own ledger entries.
    return topics.TopicDerived(
        on=on,
        by=by,
        way=way,
        sources=tuple(
            topics.Ancestor(topic=source.id, content_hash=source.content_hash) for source in sources
        ),
        research=tuple(dict.fromkeys(record for source in sources for record in source.research)),
        opinions=tuple(dict.fromkeys(said for source in sources for said in source.opinions)),
    )


def decide(
    command: topics.DeferTopic | topics.ForwardTopic, topic: topics.Topic, *, pair: str, by: Signatory
) -> list[topics.TopicFact]:
    """Decide to put a topic of ``pair`` off, or to forward it. Raises: a Refusal of R-050."""
    topics.must_be_born(command, topic)
    match command:
        case topics.DeferTopic():
            return [_deferred(command, topic, by=by)]
        case topics.ForwardTopic():
            return [_forwarded(command, topic, pair=pair, by=by)]
        case _:
            assert_never(command)


def _deferred(command: topics.DeferTopic, topic: topics.Topic, *, by: Signatory) -> topics.TopicDeferred:
    # A draft has not been submitted, and would come back behind the gate of R-039.
    topics.expect(topic, *topics.IN_PROCEDURE, requirement="R-050")
    not_before(command.on, topic.since, topic.content_on)
    reason = wording.require(command.reason, what="缓议原因", requirement="R-050", pointer="/reason")
    if command.until is not None and command.until <= command.on:
        raise NotAhead(pointer="/until")
    return topics.TopicDeferred(on=command.on, by=by, reason=reason, until=command.until)


def _forwarded(
    command: topics.ForwardTopic, topic: topics.Topic, *, pair: str, by: Signatory
) -> topics.TopicForwarded:
    topics.expect(topic, *topics.IN_PROCEDURE, topics.Status.DEFERRED, requirement="R-050")
    not_before(command.on, topic.since, topic.content_on)
    reason = wording.require(command.reason, what="转报理由", requirement="R-050", pointer="/reason")
    parent = parent_of(pair)
    if not parent:
        raise NoParent
    return topics.TopicForwarded(
        on=command.on,
        by=by,
        parent=parent,
        parent_topic=received_id(pair, topic.id),
        content_hash=topic.content_hash,
        reason=reason,
    )


def receive(
    command: topics.ReceiveForwardedTopic,
    topic: topics.Topic,
    *,
    forwarded: Forwarded | None,
    by: Signatory,
    units: topics.Units,
) -> list[topics.TopicFact]:
    """Decide to receive what a child forwarded, as the draft ``topic``; ``forwarded`` is None where nothing was.

    Raises: a Refusal of R-050.
    """
    if forwarded is None or topic.id != received_id(command.child, command.topic):
        raise NotForwarded(pointer="/topic")
    if topic.status is not topics.Status.UNBORN:
        raise refusals.AlreadyDone("该议题已经接收。", requirement="R-050")
    not_before(command.on, forwarded.forwarded_on, what="转报")
    unit = units.get(command.unit)
    if unit is None:
        raise refusals.NotFound(f"单位 {command.unit}。", requirement="R-050", pointer="/unit")
    if unit.side is not forwarded.side or by.side is not forwarded.side:
        raise OtherSide(f"原提出单位属{forwarded.side.label}。", pointer="/unit")
    source = topics.Ancestor(**forwarded.model_dump(include=set(topics.Ancestor.model_fields)))
    return [
        _drafted(command.on, by, unit=command.unit, side=unit.side, content=forwarded.content),
        topics.TopicReceived(
            on=command.on,
            by=by,
            source=source,
            forwarded_on=forwarded.forwarded_on,
            research=forwarded.research,
            opinions=forwarded.opinions,
        ),
    ]
