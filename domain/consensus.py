"""From approval to basic consensus: joint research led by the union, the report, the units' positions, consensus.

Source: 二(二); R-045 – R-049, R-062, R-064, A7.
"""

from datetime import date
from typing import assert_never

from domain import consent, refusals, topics, wording
from domain.chain import content_hash
from domain.decider import Side, Signatory, not_before


class WeightLowered(refusals.Refusal):
    """已申明的牵头单位、出资单位不能改为其他相关单位。"""

    requirement = "R-046"


class BeforeTheMeeting(refusals.Refusal):
    """议题已经上会，会议的结果待纪要印发后生效，在此之前不再办理。"""

    requirement = "R-062"
    remedy = "请登记会议对该议题的结果并印发纪要。"


class NotApproved(refusals.Refusal):
    """议题尚未经政府联系工会工作的负责人审定。"""

    requirement = "R-045"


class UnionLeads(refusals.Refusal):
    """联合调研由工会牵头。"""

    requirement = "R-045"


class NoDepartmentInResearch(refusals.Refusal):
    """联合调研须有至少一个政府方的相关部门参加。"""

    requirement = "R-045"


class NotARelatedUnit(refusals.Refusal):
    """只有议题的相关单位才能办理，且只能由本单位办理。"""

    requirement = "R-046"


class PositionsMissing(refusals.Refusal):
    """还有相关单位没有对现行建议报告表明意见。"""

    requirement = "R-046"


class ResearchNotCompleted(refusals.Refusal):
    """联合调研完成之后才能提出议题建议报告。"""

    requirement = "R-047"


class Dissent(refusals.Refusal):
    """牵头单位或出资单位不同意，尚未化解，不能确认基本达成共识。"""

    requirement = "R-048"
    remedy = "请继续沟通协调，由该单位重新表明意见，或修改建议报告。"


class DissentUnrecorded(refusals.Refusal):
    """其他相关单位不同意的，须由政府办公室和工会共同记载。"""

    requirement = "R-048"


class NothingToOverride(refusals.Refusal):
    """没有牵头单位或出资单位不同意，不需要例外；请确认基本达成共识。"""

    requirement = "R-048"


class OnlyForSpecials(refusals.Refusal):
    """未达成共识的议题只能例外提交专门会议，且须已列入尚未召开的专门会议的议程。"""

    requirement = "R-048"
    remedy = "请先把议题列入专门会议的议程；年度会议的议题须会前基本达成共识。"


ConsensusCommand = (
    topics.DeclareRelatedUnit
    | topics.PlanJointResearch
    | topics.CompleteJointResearch
    | topics.FileTopicReport
    | topics.StatePosition
    | topics.ConfirmConsensus
    | topics.OverrideConsensus
    | topics.Deliberate
)


def decide(
    command: ConsensusCommand, topic: topics.Topic, *, by: Signatory, units: topics.Units, special: str = ""
) -> list[topics.TopicFact]:
    """Decide what a command on an approved topic leads to.

    ``units`` are the registered units of the pair by id; ``special`` is the special meeting in preparation whose
    agenda holds the topic, if there is one. Raises: a Refusal of R-045 – R-048, R-062 or R-064.
    """
    topics.must_be_born(command, topic)
    match command:
        case topics.DeclareRelatedUnit():
            return _related(command, topic, by=by, units=units)
        case topics.PlanJointResearch():
            return _joint_planned(command, topic, by=by, units=units)
        case topics.CompleteJointResearch():
            return _joint_completed(command, topic, by=by)
        case topics.FileTopicReport():
            return _report_filed(command, topic, by=by, units=units)
        case topics.StatePosition():
            return _position(command, topic, by=by)
        case topics.ConfirmConsensus():
            return _consensus(command, topic, by=by)
        case topics.OverrideConsensus():
            return _overridden(command, topic, by=by, special=special)
        case topics.Deliberate():
            return _deliberated(command, topic, by=by)
        case _:
            assert_never(command)


def _related(
    command: topics.DeclareRelatedUnit, topic: topics.Topic, *, by: Signatory, units: topics.Units
) -> list[topics.TopicFact]:
    topics.expect(
        topic,
        topics.Status.APPROVED,
        topics.Status.JOINT_RESEARCH,
        topics.Status.RESEARCHED,
        topics.Status.REPORTED,
        requirement="R-046",
    )
    not_before(command.on, topic.approved_on, what="审定")
    if command.unit not in units:
        raise NotARelatedUnit(f"单位 {command.unit} 没有登记。", pointer="/unit")
    known = topic.related.get(command.unit)
    if known is command.role:
        return []
    if by.capacity not in topics.OFFICES and by.unit not in {topic.unit, command.unit}:
        raise NotARelatedUnit(f"{by.title}。", pointer="/unit")
    if known in {topics.Role.LEAD, topics.Role.FUNDING} and command.role is topics.Role.OTHER:
        # Its disagreement could otherwise be talked away by declaring the unit to be of no weight.
        raise WeightLowered(f"{command.unit}。", pointer="/role")
    facts: list[topics.TopicFact] = [
        topics.RelatedUnitDeclared(on=command.on, by=by, unit=command.unit, role=command.role)
    ]
    return [*facts, *_voided(topic, on=command.on, by=by)]


def _joint_planned(
    command: topics.PlanJointResearch, topic: topics.Topic, *, by: Signatory, units: topics.Units
) -> list[topics.TopicFact]:
    if topic.status not in topics.ON_THE_WAY:
        raise NotApproved(f"议题目前为“{topics.STATUS_LABELS[topic.status]}”。")
    topics.expect(topic, topics.Status.APPROVED, requirement="R-045")
    not_before(command.on, topic.approved_on, what="审定")
    not_before(command.starts_on, topic.approved_on, what="审定")
    lead = units.get(command.lead)
    if lead is None or lead.side is not Side.UNION or by.side is not Side.UNION:
        raise UnionLeads(f"牵头单位为{lead.name if lead else command.lead}。", pointer="/lead")
    for unit in command.units:
        if unit not in topic.related:
            raise NotARelatedUnit(f"单位 {unit}。", requirement="R-045", pointer="/units")
    if not any(units[unit].side is Side.GOVERNMENT for unit in command.units):
        raise NoDepartmentInResearch(pointer="/units")
    return [
        topics.JointResearchPlanned(
            on=command.on,
            by=by,
            lead=command.lead,
            units=command.units,
            starts_on=command.starts_on,
            plan=command.plan,
        )
    ]


def _joint_completed(
    command: topics.CompleteJointResearch, topic: topics.Topic, *, by: Signatory
) -> list[topics.TopicFact]:
    topics.expect(topic, topics.Status.JOINT_RESEARCH, requirement="R-045")
    not_before(command.on, topic.since, topic.joint_starts_on, what="联合调研开始")
    if by.side is not Side.UNION:
        raise UnionLeads(f"{by.title}。")
    findings = wording.require(command.findings, what="调研结论", requirement="R-045", pointer="/findings")
    return [topics.JointResearchCompleted(on=command.on, by=by, findings=findings)]


def _report_filed(
    command: topics.FileTopicReport, topic: topics.Topic, *, by: Signatory, units: topics.Units
) -> list[topics.TopicFact]:
    if topic.status in {topics.Status.APPROVED, topics.Status.JOINT_RESEARCH}:
        raise ResearchNotCompleted(f"议题目前为“{topics.STATUS_LABELS[topic.status]}”。")
    topics.expect(
        topic, topics.Status.RESEARCHED, topics.Status.REPORTED, topics.Status.CONSENSUS, requirement="R-047"
    )
    not_before(command.on, topic.since, topic.report.filed_on if topic.report else None, what="前一环节")
    if command.unit not in topic.related:
        raise NotARelatedUnit(f"单位 {command.unit}。", requirement="R-047", pointer="/unit")
    if by.unit != command.unit:
        raise NotARelatedUnit(f"{by.title}。", requirement="R-047", pointer="/unit")
    parts = {"problem": "问题", "basis": "依据", "measures": "措施", "feasibility": "经费和可行性"}
    for name, label in parts.items():
        wording.require(getattr(command, name), what=label, requirement="R-047", pointer=f"/{name}")
    if not command.responsible_units or not set(command.responsible_units) <= set(units):
        raise refusals.TextMissing(
            "责任单位须为已登记的单位。", requirement="R-047", pointer="/responsible_units"
        )
    body = command.model_dump(mode="json", exclude={"on"})
    report_hash = content_hash(body)
    if topic.report is not None and topic.report.report_hash == report_hash:
        return []
    facts: list[topics.TopicFact] = [
        topics.TopicReportFiled.model_validate(
            {**body, "on": command.on, "by": by, "report_hash": report_hash}
        )
    ]
    if topic.positions and topic.report is not None:
        voided = topic.report.report_hash
        facts.append(topics.TopicConsentVoided(on=command.on, by=by, subject="report", content_hash=voided))
    return [*facts, *_voided(topic, on=command.on, by=by, only="override")]


def _voided(topic: topics.Topic, *, on: date, by: Signatory, only: str = "") -> list[topics.TopicFact]:
    # What was agreed to without knowing this is agreed to anew.
    standing = {"consensus": topic.consensus, "override": topic.override}
    return [
        topics.TopicConsentVoided(on=on, by=by, subject=subject, content_hash=each.content_hash)
        for subject, each in standing.items()
        if each.given and subject.startswith(only)
    ]


def _position(command: topics.StatePosition, topic: topics.Topic, *, by: Signatory) -> list[topics.TopicFact]:
    topics.expect(topic, topics.Status.REPORTED, topics.Status.CONSENSUS, requirement="R-046")
    report = topic.report
    if command.unit not in topic.related:
        raise NotARelatedUnit(f"单位 {command.unit}。", pointer="/unit")
    if by.unit != command.unit:
        raise NotARelatedUnit(f"{by.title}。", pointer="/unit")
    if report is None or command.report_hash != report.report_hash:
        raise consent.OtherContent("建议报告已经变更。", requirement="R-046", pointer="/report_hash")
    not_before(command.on, report.filed_on, what="建议报告")
    if command.stance is not topics.Stance.AGREE:
        wording.require(command.opinion, what="意见说明", requirement="R-046", pointer="/opinion")
    known = topic.positions.get(command.unit)
    not_before(command.on, known.on if known else None, what="该单位上次表明意见")
    if known is not None and (known.stance, known.opinion) == (command.stance, command.opinion):
        return []
    facts: list[topics.TopicFact] = [
        topics.UnitPositionStated(
            on=command.on,
            by=by,
            unit=command.unit,
            stance=command.stance,
            opinion=command.opinion,
            report_hash=command.report_hash,
        )
    ]
    return [*facts, *_voided(topic, on=command.on, by=by)]


def _check_all_spoke(
    command: topics.ConfirmConsensus | topics.OverrideConsensus, topic: topics.Topic
) -> tuple[set[str], list[str]]:
    # Returns: the units that disagree, and those of them whose disagreement blocks.
    topics.expect(topic, topics.Status.REPORTED, requirement="R-048")
    report = topic.report
    if report is None or command.report_hash != report.report_hash:
        raise consent.OtherContent("建议报告已经变更。", requirement="R-048", pointer="/report_hash")
    silent = sorted(set(topic.related) - set(topic.positions))
    if silent:
        raise PositionsMissing(f"尚未表明意见：{'、'.join(silent)}。")
    not_before(command.on, *(each.on for each in topic.positions.values()), what="相关单位表明意见")
    against = {unit for unit, each in topic.positions.items() if each.stance is topics.Stance.DISAGREE}
    return against, sorted(unit for unit in against if topic.related[unit] is not topics.Role.OTHER)


def _consensus(
    command: topics.ConfirmConsensus, topic: topics.Topic, *, by: Signatory
) -> list[topics.TopicFact]:
    against, blocking = _check_all_spoke(command, topic)
    if blocking:
        raise Dissent(f"不同意的单位：{'、'.join(blocking)}。")
    if against and wording.is_blank(command.dissent_note):
        raise DissentUnrecorded(pointer="/dissent_note")
    agreed = content_hash(
        {
            "report": command.report_hash,
            "positions": {unit: [each.stance, each.opinion] for unit, each in topic.positions.items()},
            "note": command.dissent_note,
        }
    )
    standing = topic.consensus
    # Whoever spoke first may correct his note while the other side has not yet agreed to it.
    corrects = set(standing.given) == {command.side} and standing.content_hash != agreed
    voided = [
        topics.TopicConsentVoided(
            on=command.on, by=by, subject="consensus", content_hash=standing.content_hash
        )
    ]
    if corrects or not standing.given:
        standing = standing.renewed(agreed, on=command.on)
    consent.check(standing, side=command.side, content_hash=agreed, by=by, requirement="R-048")
    return [
        *(voided if corrects else []),
        topics.ConsensusConfirmed(
            on=command.on,
            by=by,
            side=command.side,
            report_hash=command.report_hash,
            dissent_note=command.dissent_note,
            content_hash=agreed,
        ),
    ]


def _overridden(
    command: topics.OverrideConsensus, topic: topics.Topic, *, by: Signatory, special: str
) -> list[topics.TopicFact]:
    against, blocking = _check_all_spoke(command, topic)
    if not blocking:
        raise NothingToOverride
    if not special:
        raise OnlyForSpecials
    reason = wording.require(command.reason, what="例外的理由", requirement="R-048", pointer="/reason")
    agreed = content_hash(
        {
            "report": command.report_hash,
            "positions": {unit: [each.stance, each.opinion] for unit, each in topic.positions.items()},
            "meeting": special,
        }
    )
    standing = topic.override
    voided: list[topics.TopicFact] = []
    if standing.content_hash != agreed:
        # Moved to the agenda of another special meeting meanwhile: what was agreed for the first one is spent.
        voided = _voided(topic, on=command.on, by=by, only="override")
        standing = standing.renewed(agreed, on=command.on)
    consent.check(standing, side=command.side, content_hash=agreed, by=by, requirement="R-048")
    said = topics.OverrideConsented(
        on=command.on,
        by=by,
        side=command.side,
        report_hash=command.report_hash,
        content_hash=agreed,
        reason=reason,
    )
    if command.side.other not in standing.given:
        return [*voided, said]
    done = topics.ConsensusOverridden(
        on=command.on, by=by, meeting=special, report_hash=command.report_hash, units=tuple(sorted(against))
    )
    return [said, done]


def _deliberated(command: topics.Deliberate, topic: topics.Topic, *, by: Signatory) -> list[topics.TopicFact]:
    if topic.status is topics.Status.WITHDRAWN and command.outcome == "withdrawn":
        return []
    if command.irregular and topic.status not in topics.ON_THE_WAY:
        # A meeting without its gates dealt with it as it was. Putting it off takes it no step further.
        if command.outcome == "deferred":
            return []
    elif topic.status not in topics.ON_THE_WAY:
        raise refusals.WrongState(f"议题目前为“{topics.STATUS_LABELS[topic.status]}”。", requirement="R-064")
    return [topics.TopicDeliberated(on=command.on, by=by, meeting=command.meeting, outcome=command.outcome)]
