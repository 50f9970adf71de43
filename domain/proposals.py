"""Proposing and approving a topic: drafted on research, consulted by both offices, approved by the leader in charge.

Source: 一, 二(一), 二(二); R-019, R-022 – R-024, R-030, R-038 – R-044 and withdrawal.
"""

from collections.abc import Sequence
from typing import assert_never

from domain import consent, refusals, regulation, topics, wording
from domain.chain import content_hash
from domain.decider import Capacity, Side, Signatory, not_before
from domain.regulation import Category


class NotADeliberation(refusals.Refusal):
    """该类内容属于通报，不作为议题提出。"""

    requirement = "R-022"
    remedy = "通报事项请在会议的议程中登记；议题只限第（三）（四）（五）（七）类。"


class SubDomainMissing(refusals.Refusal):
    """须写明所属的具体领域。"""

    requirement = "R-023"


class SupportMissing(refusals.Refusal):
    """工会需要政府支持帮助的事项，须写明具体领域和请政府支持的内容。"""

    requirement = "R-024"


class UnionRequestMissing(refusals.Refusal):
    """第（五）类议题由政府方提出的，须记载工会的请求。"""

    requirement = "R-024"


class OtherReasonMissing(refusals.Refusal):
    """“其他事项”须写明提交研究的理由。"""

    requirement = "R-030"


class ForeignUnit(refusals.Refusal):
    """提出议题的单位不属于本结对单位的任何一方，或不是提出人所在的单位。"""

    requirement = "R-038"
    remedy = "请由已登记的部门提出；其他来源的建议由对口部门代为提出。"


class NotResearched(refusals.Refusal):
    """提交议题前须有调研记录，并附论证。"""

    requirement = "R-039"
    remedy = "请先附上不晚于提交日的调研记录（形式、地点、日期、人员、结论）和论证。"


class AlreadySpoken(refusals.Refusal):
    """该方对这一版内容已经表明意见。"""

    requirement = "R-041"


class OfficeOrUnion(refusals.Refusal):
    """审定人当日在政府办公室或工会任职，或曾代表工会协商本议题，不能审定。"""

    requirement = "R-042"


class NotConsulted(refusals.Refusal):
    """这一版议题尚未经政府办公室与工会协商，不能审定。"""

    requirement = "R-042"
    remedy = "请先由政府办公室和工会分别对现行内容表明协商意见。"


class ObjectionNeedsReason(refusals.Refusal):
    """协商中有不同意见，或审定人曾代表政府办公室协商的，审定须写明理由。"""

    requirement = "R-041"


ProposalCommand = (
    topics.ProposeTopic
    | topics.ReviseTopic
    | topics.AttachResearch
    | topics.AttachOpinion
    | topics.SubmitTopic
    | topics.ConsultTopic
    | topics.ApproveTopic
    | topics.ReturnTopic
    | topics.RejectTopic
    | topics.WithdrawTopic
    | topics.TagTopic
)


def decide(  # noqa: C901 - one case for each command.
    command: ProposalCommand,
    topic: topics.Topic,
    *,
    by: Signatory,
    units: topics.Units,
    held: Sequence[Signatory] = (),
) -> list[topics.TopicFact]:
    """Decide what a command up to the approval of a topic leads to.

    ``units`` are the registered units of the pair by id, ``held`` all posts of the same person on that day.
    Raises: a Refusal of R-019, R-022 – R-024, R-030 or R-038 – R-044.
    """
    if isinstance(command, topics.ProposeTopic):
        return _proposed(command, topic, by=by, units=units)
    topics.must_be_born(command, topic)
    match command:
        case topics.ReviseTopic():
            return _revised(command, topic, by=by)
        case topics.AttachResearch():
            return _researched(command, topic, by=by)
        case topics.AttachOpinion():
            return _opinion(command, topic, by=by)
        case topics.SubmitTopic():
            return _submitted(command, topic, by=by)
        case topics.ConsultTopic():
            return _consulted(command, topic, by=by)
        case topics.ApproveTopic():
            return _approved(command, topic, by=by, held=held)
        case topics.ReturnTopic() | topics.RejectTopic():
            return _sent_back(command, topic, by=by)
        case topics.WithdrawTopic():
            return _withdrawn(command, topic, by=by)
        case topics.TagTopic():
            return _tagged(command, topic, by=by)
        case _:
            assert_never(command)


def check_content(content: topics.Content, *, side: Side, pointer: str = "/content") -> None:
    """Refuse a content that lacks what its category demands; ``pointer`` is where it stands in the request.

    Raises: a Refusal of R-022 – R-024, R-030 or R-038.
    """
    if content.category not in regulation.DELIBERATIONS:
        raise NotADeliberation(f"{content.category.label}。", pointer=f"{pointer}/category")
    wording.require(content.title, what="议题名称", requirement="R-038", pointer=f"{pointer}/title")
    wording.require(content.summary, what="主要内容", requirement="R-038", pointer=f"{pointer}/summary")
    known = regulation.SUB_DOMAINS.get(content.category)
    if known is not None and content.sub_domain not in known:
        refusal = SubDomainMissing if content.category is Category.C4 else SupportMissing
        raise refusal(f"可选：{'、'.join(known)}。", pointer=f"{pointer}/sub_domain")
    if content.category is Category.C5:
        if wording.is_blank(content.support):
            raise SupportMissing(pointer=f"{pointer}/support")
        if side is Side.GOVERNMENT and wording.is_blank(content.union_request):
            raise UnionRequestMissing(pointer=f"{pointer}/union_request")
    if content.category is Category.C7 and wording.is_blank(content.reason):
        raise OtherReasonMissing(pointer=f"{pointer}/reason")


def hash_of(content: topics.Content) -> str:
    """Give the hash that both offices are consulted on and the leader approves."""
    return content_hash(content.model_dump(mode="json"))


def _own_unit(unit: str, by: Signatory, *, refusal: type[refusals.Refusal], pointer: str) -> None:
    if by.unit != unit:
        raise refusal(f"{by.title}所在单位为 {by.unit or '（无）'}。", pointer=pointer)


def _proposed(
    command: topics.ProposeTopic, topic: topics.Topic, *, by: Signatory, units: topics.Units
) -> list[topics.TopicFact]:
    if topic.status is not topics.Status.UNBORN:
        raise refusals.AlreadyDone(requirement="R-038")
    unit = units.get(command.unit)
    if unit is None:
        raise ForeignUnit(f"单位 {command.unit} 没有登记。", pointer="/unit")
    _own_unit(command.unit, by, refusal=ForeignUnit, pointer="/unit")
    check_content(command.content, side=unit.side)
    return [
        topics.TopicProposed(
            on=command.on,
            by=by,
            unit=command.unit,
            side=unit.side,
            content=command.content,
            content_hash=hash_of(command.content),
        )
    ]


def _revised(command: topics.ReviseTopic, topic: topics.Topic, *, by: Signatory) -> list[topics.TopicFact]:
    if topic.status not in topics.EDITABLE:
        raise refusals.WrongState(
            f"议题目前为“{topics.STATUS_LABELS[topic.status]}”，内容不再修改。", requirement="R-043"
        )
    if by.capacity is not Capacity.LIAISON_LEADER:
        _own_unit(topic.unit, by, refusal=ForeignUnit, pointer="")
    elif topic.status in {topics.Status.DRAFT, topics.Status.RETURNED}:
        raise refusals.WrongState("议题尚未提交审定。", requirement="R-043")
    check_content(command.content, side=topic.side)
    not_before(command.on, topic.since)
    changed = hash_of(command.content)
    if changed == topic.content_hash:
        return []
    facts: list[topics.TopicFact] = [
        topics.TopicRevised(on=command.on, by=by, content=command.content, content_hash=changed)
    ]
    if topic.consultations:
        facts.append(
            topics.TopicConsentVoided(
                on=command.on, by=by, subject="consultation", content_hash=topic.content_hash
            )
        )
    return facts


def _researched(
    command: topics.AttachResearch, topic: topics.Topic, *, by: Signatory
) -> list[topics.TopicFact]:
    topics.expect(topic, topics.Status.DRAFT, topics.Status.RETURNED, requirement="R-039")
    _own_unit(topic.unit, by, refusal=ForeignUnit, pointer="")
    record = command.research
    not_before(command.on, record.held_on, what="调研")
    for name, value in (
        ("form", record.form),
        ("place", record.place),
        ("people", record.people),
        ("findings", record.findings),
    ):
        wording.require(value, what=f"调研记录的{name}", requirement="R-039", pointer=f"/research/{name}")
    wording.without_personal_data(record.people, pointer="/research/people")
    return [topics.ResearchAttached(on=command.on, by=by, research=record)]


def _opinion(command: topics.AttachOpinion, topic: topics.Topic, *, by: Signatory) -> list[topics.TopicFact]:
    topics.expect(topic, *topics.EDITABLE, requirement="R-040")
    source = wording.require(command.source, what="来源", requirement="R-040", pointer="/source")
    opinion = wording.require(command.opinion, what="意见内容", requirement="R-040", pointer="/opinion")
    wording.without_personal_data(source, pointer="/source")
    wording.without_personal_data(opinion, pointer="/opinion")
    return [topics.OpinionAttached(on=command.on, by=by, source=source, opinion=opinion)]


def _submitted(command: topics.SubmitTopic, topic: topics.Topic, *, by: Signatory) -> list[topics.TopicFact]:
    topics.expect(topic, topics.Status.DRAFT, topics.Status.RETURNED, requirement="R-039")
    _own_unit(topic.unit, by, refusal=ForeignUnit, pointer="")
    not_before(command.on, topic.since, topic.content_on)
    in_time = [record for record in topic.research if record.held_on <= command.on]
    if not in_time:
        raise NotResearched("没有调研记录。")
    if all(wording.is_blank(record.argument) for record in in_time):
        raise NotResearched("没有论证。")
    return [topics.TopicSubmitted(on=command.on, by=by, content_hash=topic.content_hash)]


def _consulted(command: topics.ConsultTopic, topic: topics.Topic, *, by: Signatory) -> list[topics.TopicFact]:
    topics.expect(
        topic, topics.Status.SUBMITTED, topics.Status.CONSULTING, topics.Status.DEFERRED, requirement="R-041"
    )
    not_before(
        command.on, topic.submitted_on, topic.since if topic.status is topics.Status.DEFERRED else None
    )
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-041", pointer="/side")
    if command.content_hash != topic.content_hash:
        raise consent.OtherContent(
            f"现行内容哈希 {topic.content_hash}。", requirement="R-041", pointer="/content_hash"
        )
    if command.side in topic.consultations:
        raise AlreadySpoken(pointer="/side")
    other = topic.consultations.get(command.side.other)
    if other is not None and other.by.person == by.person:
        raise consent.OnePersonForBoth(requirement="R-041", pointer="/side")
    if command.stance is not topics.Stance.AGREE:
        wording.require(command.opinion, what="不同意见的说明", requirement="R-041", pointer="/opinion")
    return [
        topics.TopicConsulted(
            on=command.on,
            by=by,
            side=command.side,
            stance=command.stance,
            opinion=command.opinion,
            content_hash=command.content_hash,
        )
    ]


def _approved(
    command: topics.ApproveTopic, topic: topics.Topic, *, by: Signatory, held: Sequence[Signatory]
) -> list[topics.TopicFact]:
    if topic.status in {
        topics.Status.DRAFT,
        topics.Status.RETURNED,
        topics.Status.SUBMITTED,
        topics.Status.CONSULTING,
    }:
        raise NotConsulted(f"议题目前为“{topics.STATUS_LABELS[topic.status]}”。")
    topics.expect(topic, topics.Status.CONSULTED, requirement="R-042")
    not_before(command.on, topic.since, topic.content_on, what="协商")
    for_union = topic.consultations[Side.UNION].by.person == by.person
    if for_union or any(each.side is Side.UNION or each.capacity in topics.OFFICES for each in held):
        raise OfficeOrUnion(f"{by.title}。")
    objection = any(each.stance is topics.Stance.DISAGREE for each in topic.consultations.values())
    spoke = any(each.by.person == by.person for each in topic.consultations.values())
    if (objection or spoke) and wording.is_blank(command.reason):
        raise ObjectionNeedsReason(pointer="/reason")
    return [
        topics.TopicApproved(on=command.on, by=by, content_hash=topic.content_hash, reason=command.reason)
    ]


def _sent_back(
    command: topics.ReturnTopic | topics.RejectTopic, topic: topics.Topic, *, by: Signatory
) -> list[topics.TopicFact]:
    topics.expect(
        topic, topics.Status.SUBMITTED, topics.Status.CONSULTING, topics.Status.CONSULTED, requirement="R-044"
    )
    not_before(command.on, topic.since, topic.content_on)
    reason = wording.require(command.reason, what="理由", requirement="R-044", pointer="/reason")
    if isinstance(command, topics.ReturnTopic):
        return [topics.TopicReturned(on=command.on, by=by, reason=reason)]
    return [topics.TopicRejected(on=command.on, by=by, reason=reason)]


def _withdrawn(
    command: topics.WithdrawTopic, topic: topics.Topic, *, by: Signatory
) -> list[topics.TopicFact]:
    topics.expect(topic, *topics.ALIVE, requirement="R-050")
    _own_unit(topic.unit, by, refusal=ForeignUnit, pointer="")
    not_before(command.on, topic.since)
    reason = wording.require(command.reason, what="撤回原因", requirement="R-050", pointer="/reason")
    return [topics.TopicWithdrawn(on=command.on, by=by, reason=reason)]


def _tagged(command: topics.TagTopic, topic: topics.Topic, *, by: Signatory) -> list[topics.TopicFact]:
    topics.expect(topic, *topics.ALIVE, requirement="R-019")
    if by.capacity not in topics.OFFICES:
        _own_unit(topic.unit, by, refusal=ForeignUnit, pointer="")
    # A set, in the order of the regulation; named twice is named once.
    tags = tuple(each for each in topics.Purpose if each in command.tags)
    if tags == topic.tags:
        return []
    return [topics.TopicTagged(on=command.on, by=by, tags=tags)]
