"""Proposals between meetings: one side speaks up, the other answers, and the answer is kept with its date.

Source: 三(二); R-100.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import assert_never, get_args

from pydantic import Field

from domain import consent, people, refusals, wording
from domain.decider import Capacity, Command, Decider, Fact, Side, Signatory, Value, latest, not_before


class Status(StrEnum):
    """Where a proposal stands."""

    UNBORN = "unborn"
    RECORDED = "recorded"
    ANSWERED = "answered"
    TAKEN_UP = "taken_up"


STATUS_LABELS = {
    Status.UNBORN: "未提出",
    Status.RECORDED: "待答复",
    Status.ANSWERED: "已答复",
    Status.TAKEN_UP: "已列为议题",
}


class Kind(StrEnum):
    """What is brought forward: 主张, 建议, or a request (诉求) that was conveyed."""

    CLAIM = "主张"
    SUGGESTION = "建议"
    REQUEST = "诉求"


class NotAddressed(refusals.Refusal):
    """主张建议由提出的一方送给另一方，由另一方答复。"""

    requirement = "R-100"
    remedy = "请由所送的单位，或者该方的办公室、负责人办理。"


class NotTheirs(refusals.Refusal):
    """主张建议列为议题，由该议题的提出单位或者双方办公室登记。"""

    requirement = "R-100"


class ProposalRecorded(Fact):
    topic = "proposal.recorded"
    label = "提出主张建议"

    side: Side
    unit: str
    to: tuple[str, ...]
    kind: Kind
    title: str
    text: str


class ProposalAnswered(Fact):
    topic = "proposal.answered"
    label = "答复主张建议"

    side: Side
    unit: str
    answer: str
    accepted: bool | None


class ProposalTakenUp(Fact):
    topic = "proposal.taken_up"
    label = "主张建议列为议题"

    taken_into: str


class RecordProposal(Command):
    """会外由一方向另一方提出主张、建议，不写个人信息。"""

    side: Side = Field(title="提出的一方")
    to: tuple[wording.Code, ...] = Field(
        default=(),
        title="送往单位编号",
        description="另一方的单位；空的表示送另一方的办公室。",
        max_length=30,
    )
    kind: Kind = Field(title="性质")
    title: wording.Line = Field(title="标题", examples=["设立户外劳动者休息站点"])
    text: wording.Prose = Field(title="内容")


class AnswerProposal(Command):
    """另一方答复主张、建议；可以补充答复，每次都留存日期。"""

    answer: wording.Prose = Field(title="答复")
    accepted: bool | None = Field(default=None, title="是否采纳", description="尚未确定的不填。")


class TakeUpProposal(Command):
    """登记主张、建议已列为某个议题。"""

    topic: wording.Code = Field(title="议题编号")


class Answer(Value):
    """What the other side said, and when."""

    side: Side
    unit: str
    answer: str
    accepted: bool | None
    by: Signatory
    on: date


class Proposal(Value):
    """Everything that is known of one proposal."""

    id: str = ""
    status: Status = Status.UNBORN
    side: Side = Side.UNION
    unit: str = ""
    to: tuple[str, ...] = ()
    kind: Kind = Kind.SUGGESTION
    title: str = ""
    text: str = ""
    recorded_on: date | None = None
    by: Signatory | None = None
    answers: tuple[Answer, ...] = ()
    answered_on: date | None = None
    topic: str = ""
    taken_up_on: date | None = None


class TopicTold(Value):
    """What a proposal must know of a topic that it was taken up into."""

    unit: str
    proposed_on: date | None


SuggestionCommand = RecordProposal | AnswerProposal | TakeUpProposal


def decide(
    command: SuggestionCommand,
    known: Proposal,
    *,
    by: Signatory,
    units: Mapping[str, people.Unit],
    topics: Mapping[str, TopicTold],
) -> list["ProposalFact"]:
    """Decide what a command on a proposal leads to; ``units`` and ``topics`` are the pair's by id.

    Raises: a Refusal of R-100, or of R-040 for personal data.
    """
    if isinstance(command, RecordProposal):
        return [_recorded(command, known, by=by, units=units)]
    if known.status is Status.UNBORN:
        raise refusals.NotFound("主张建议。", requirement="R-100")
    not_before(command.on, known.recorded_on, what="主张建议提出")
    match command:
        case AnswerProposal():
            return _answered(command, known, by=by)
        case TakeUpProposal():
            return _taken_up(command, known, by=by, topics=topics)
        case _:
            assert_never(command)


def _recorded(
    command: RecordProposal, known: Proposal, *, by: Signatory, units: Mapping[str, people.Unit]
) -> ProposalRecorded:
    if known.status is not Status.UNBORN:
        raise refusals.AlreadyDone(requirement="R-100")
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-100", pointer="/side")
    to = tuple(dict.fromkeys(command.to))
    for unit in to:
        if unit not in units or units[unit].side is command.side:
            raise NotAddressed(f"单位 {unit} 不属于另一方。", pointer="/to")
    for name, label in (("title", "标题"), ("text", "内容")):
        text = wording.require(getattr(command, name), what=label, requirement="R-100", pointer=f"/{name}")
        wording.without_personal_data(text, pointer=f"/{name}")
    return ProposalRecorded(
        on=command.on,
        by=by,
        side=command.side,
        unit=by.unit,
        to=to,
        kind=command.kind,
        title=command.title,
        text=command.text,
    )


def _answered(command: AnswerProposal, known: Proposal, *, by: Signatory) -> list["ProposalFact"]:
    if by.side is not known.side.other:
        raise NotAddressed(f"{by.title}。")
    if known.to and by.capacity is Capacity.DEPARTMENT and by.unit not in known.to:
        raise NotAddressed(f"送往单位：{'、'.join(known.to)}。")
    answer = wording.require(command.answer, what="答复", requirement="R-100", pointer="/answer")
    wording.without_personal_data(answer, pointer="/answer")
    if any(
        (each.unit, each.answer, each.accepted) == (by.unit, answer, command.accepted)
        for each in known.answers
    ):
        return []
    return [
        ProposalAnswered(
            on=command.on, by=by, side=by.own_side, unit=by.unit, answer=answer, accepted=command.accepted
        )
    ]


def _taken_up(
    command: TakeUpProposal, known: Proposal, *, by: Signatory, topics: Mapping[str, TopicTold]
) -> list["ProposalFact"]:
    topic = topics.get(command.topic)
    if topic is None:
        raise refusals.NotFound(f"议题 {command.topic}。", requirement="R-100", pointer="/topic")
    if known.topic == command.topic:
        return []
    if known.topic:
        raise refusals.AlreadyDone(f"已列为议题 {known.topic}。", requirement="R-100")
    if by.capacity is Capacity.DEPARTMENT and by.unit != topic.unit:
        raise NotTheirs(pointer="/topic")
    not_before(command.on, topic.proposed_on, what="议题提出")
    return [ProposalTakenUp(on=command.on, by=by, taken_into=command.topic)]


ProposalFact = ProposalRecorded | ProposalAnswered | ProposalTakenUp


def evolve(known: Proposal, fact: ProposalFact) -> Proposal:
    """Fold one fact into a proposal."""
    match fact:
        case ProposalRecorded():
            told = fact.model_dump(exclude={"on", "by"})
            return Proposal(id=known.id, status=Status.RECORDED, recorded_on=fact.on, by=fact.by, **told)
        case ProposalAnswered():
            told = fact.model_dump(exclude={"by"})
            given = Answer(by=fact.by, **told)
            status = Status.ANSWERED if known.status is Status.RECORDED else known.status
            return known.model_copy(
                update={
                    "status": status,
                    "answers": (*known.answers, given),
                    "answered_on": latest(known.answered_on, fact.on),
                }
            )
        case ProposalTakenUp():
            return known.model_copy(
                update={"status": Status.TAKEN_UP, "topic": fact.taken_into, "taken_up_on": fact.on}
            )
        case _:
            assert_never(fact)


DECIDER = Decider(
    kind="proposal", label="主张建议", facts=get_args(ProposalFact), initial=Proposal(), evolve=evolve
)
