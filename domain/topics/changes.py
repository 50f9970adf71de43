"""How each fact changes a topic: one function for each, looked up by the kind of fact."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, get_args

from domain import consent
from domain.decider import (
    SIDES,
    Decider,
    Fact,
    changed,
    evolving,
    latest,
    made,
    taken,
)
from domain.topics.facts import (
    ConsensusConfirmed,
    ConsensusOverridden,
    JointResearchCompleted,
    JointResearchPlanned,
    OpinionAttached,
    OverrideConsented,
    RelatedUnitDeclared,
    ResearchAttached,
    TopicApproved,
    TopicConsentVoided,
    TopicConsulted,
    TopicDeferred,
    TopicDeliberated,
    TopicDerived,
    TopicFact,
    TopicForwarded,
    TopicMerged,
    TopicProposed,
    TopicReceived,
    TopicRejected,
    TopicReportFiled,
    TopicReturned,
    TopicRevised,
    TopicSplit,
    TopicSubmitted,
    TopicTagged,
    TopicWithdrawn,
    UnitPositionStated,
)
from domain.topics.state import Topic
from domain.topics.terms import (
    OUTCOMES,
    Consultation,
    Position,
    Report,
    Status,
    Step,
    Way,
)


def _proposed(_topic: Topic, fact: TopicProposed) -> dict[str, object]:
    return {
        "status": Status.DRAFT,
        "unit": fact.unit,
        "side": fact.side,
        "content": fact.content,
        "content_version": 1,
        "content_hash": fact.content_hash,
        "proposed_on": fact.on,
        "content_on": fact.on,
    }


def _revised(topic: Topic, fact: TopicRevised) -> dict[str, object]:
    change: dict[str, object] = {
        "content": fact.content,
        "content_version": topic.content_version + 1,
        "content_on": fact.on,
        "content_hash": fact.content_hash,
        "consultations": {},
        "status": topic.status if topic.status in {Status.DRAFT, Status.RETURNED} else Status.SUBMITTED,
        "approved_on": None,
        "approved_by": None,
    }
    if topic.status not in {Status.DRAFT, Status.RETURNED}:
        change["submitted_on"] = fact.on
    return change


def _research_attached(topic: Topic, fact: ResearchAttached) -> dict[str, object]:
    return {"research": (*topic.research, fact.research)}


def _opinion_attached(topic: Topic, fact: OpinionAttached) -> dict[str, object]:
    return {"opinions": (*topic.opinions, f"{fact.source}：{fact.opinion}")}


def _submitted(topic: Topic, fact: TopicSubmitted) -> dict[str, object]:
    return {
        "status": Status.SUBMITTED,
        "submitted_on": fact.on,
        "consultations": {},
        "ever_submitted": True,
        "first_submitted_on": topic.first_submitted_on or fact.on,
    }


def _consulted(topic: Topic, fact: TopicConsulted) -> dict[str, object]:
    both = {**topic.consultations, fact.side: taken(Consultation, fact)}
    return {
        "consultations": both,
        "status": Status.CONSULTED if both.keys() == SIDES else Status.CONSULTING,
    }


def _consent_voided(topic: Topic, fact: TopicConsentVoided) -> dict[str, object]:
    if fact.subject == "override":
        return _not_overridden(topic)
    change: dict[str, object] = {"consensus": topic.consensus.voided(), "dissent_note": ""}
    if topic.status is Status.CONSENSUS:
        change["status"] = Status.REPORTED
    return change


def _approved(topic: Topic, fact: TopicApproved) -> dict[str, object]:
    return {
        "status": Status.APPROVED,
        "approved_on": fact.on,
        "approved_by": fact.by,
        "reason": fact.reason,
        "ever_approved": True,
        "first_approved_on": topic.first_approved_on or fact.on,
    }


def _returned(_topic: Topic, fact: TopicReturned) -> dict[str, object]:
    return {"status": Status.RETURNED, "reason": fact.reason, "consultations": {}}


def _rejected(_topic: Topic, fact: TopicRejected) -> dict[str, object]:
    return {"status": Status.REJECTED, "reason": fact.reason}


def _withdrawn(_topic: Topic, fact: TopicWithdrawn) -> dict[str, object]:
    return {"status": Status.WITHDRAWN, "reason": fact.reason}


def _related_unit_declared(topic: Topic, fact: RelatedUnitDeclared) -> dict[str, object]:
    return {"related": {**topic.related, fact.unit: fact.role}}


def _joint_research_planned(_topic: Topic, fact: JointResearchPlanned) -> dict[str, object]:
    return {
        "status": Status.JOINT_RESEARCH,
        "joint_lead": fact.lead,
        "joint_units": fact.units,
        "joint_starts_on": fact.starts_on,
    }


def _joint_research_completed(_topic: Topic, _fact: JointResearchCompleted) -> dict[str, object]:
    return {"status": Status.RESEARCHED}


def _report_filed(topic: Topic, fact: TopicReportFiled) -> dict[str, object]:
    version = topic.report.version + 1 if topic.report else 1
    return {
        "status": Status.REPORTED,
        "report": taken(Report, fact, version=version, filed_on=fact.on),
        "positions": {},
        "consensus": topic.consensus.voided(),
    }


def _unit_position_stated(topic: Topic, fact: UnitPositionStated) -> dict[str, object]:
    return {"positions": {**topic.positions, fact.unit: taken(Position, fact)}}


def _consensus_confirmed(topic: Topic, fact: ConsensusConfirmed) -> dict[str, object]:
    standing = (
        topic.consensus if topic.consensus.given else topic.consensus.renewed(fact.content_hash, on=fact.on)
    )
    given = standing.with_consent(fact.side, taken(consent.Consent, fact))
    return {
        "consensus": given,
        "dissent_note": fact.dissent_note,
        "status": Status.CONSENSUS if given.agreed else topic.status,
        "first_consensus_on": topic.first_consensus_on or given.agreed_on,
    }


def _override_consented(topic: Topic, fact: OverrideConsented) -> dict[str, object]:
    standing = topic.override
    if not standing.given:
        standing = standing.renewed(fact.content_hash, on=fact.on)
    said_so = taken(consent.Consent, fact)
    return {
        "override": standing.with_consent(fact.side, said_so),
        "override_reasons": {**topic.override_reasons, fact.side: fact.reason},
    }


def _consensus_overridden(topic: Topic, fact: ConsensusOverridden) -> dict[str, object]:
    return {"overridden_on": topic.override.agreed_on, "override_meeting": fact.meeting}


def _tagged(_topic: Topic, fact: TopicTagged) -> dict[str, object]:
    return {"tags": fact.tags}


def _deferred(topic: Topic, fact: TopicDeferred) -> dict[str, object]:
    change: dict[str, object] = {
        "status": Status.DEFERRED,
        "reason": fact.reason,
        "deferred_until": fact.until,
    }
    change |= _reopened(topic, on=fact.on)
    return change


def _derived(topic: Topic, fact: TopicDerived) -> dict[str, object]:
    return {
        "derived": fact.way,
        "sources": fact.sources,
        "research": (*topic.research, *fact.research),
        "opinions": (*topic.opinions, *fact.opinions),
    }


def _received(topic: Topic, fact: TopicReceived) -> dict[str, object]:
    return {
        "derived": Way.FORWARD,
        "sources": (fact.source,),
        "research": (*topic.research, *fact.research),
        "opinions": (*topic.opinions, *fact.opinions),
    }


def _merged(_topic: Topic, fact: TopicMerged) -> dict[str, object]:
    return {"status": Status.MERGED, "into": (fact.into,)}


def _split(_topic: Topic, fact: TopicSplit) -> dict[str, object]:
    return {"status": Status.SPLIT, "into": fact.into}


def _forwarded(_topic: Topic, fact: TopicForwarded) -> dict[str, object]:
    return {
        "status": Status.FORWARDED,
        "into": (fact.parent_topic,),
        "forwarded_to": fact.parent,
        "forwarded_on": fact.on,
        "reason": fact.reason,
    }


def _deliberated(topic: Topic, fact: TopicDeliberated) -> dict[str, object]:
    change: dict[str, object] = {
        "status": OUTCOMES[fact.outcome],
        "meeting": fact.meeting,
        "deferred_until": None,
    }
    if fact.outcome == "deferred":
        change |= _reopened(topic, on=fact.on)
    return change


def _nothing(_topic: Topic, _fact: Fact) -> dict[str, object]:
    return {}


CHANGES: Final[Mapping[type[Fact], Callable[[Topic, Any], dict[str, object]]]] = {
    TopicProposed: _proposed,
    TopicRevised: _revised,
    ResearchAttached: _research_attached,
    OpinionAttached: _opinion_attached,
    TopicSubmitted: _submitted,
    TopicConsulted: _consulted,
    TopicConsentVoided: _consent_voided,
    TopicApproved: _approved,
    TopicReturned: _returned,
    TopicRejected: _rejected,
    TopicWithdrawn: _withdrawn,
    RelatedUnitDeclared: _related_unit_declared,
    JointResearchPlanned: _joint_research_planned,
    JointResearchCompleted: _joint_research_completed,
    TopicReportFiled: _report_filed,
    UnitPositionStated: _unit_position_stated,
    ConsensusConfirmed: _consensus_confirmed,
    OverrideConsented: _override_consented,
    ConsensusOverridden: _consensus_overridden,
    TopicTagged: _tagged,
    TopicDeferred: _deferred,
    TopicDerived: _derived,
    TopicReceived: _received,
    TopicMerged: _merged,
    TopicSplit: _split,
    TopicForwarded: _forwarded,
    TopicDeliberated: _deliberated,
}


def changes(topic: Topic, fact: TopicFact) -> dict[str, object]:
    """Tell what one fact changes of a topic. Raises: AssertionError for a fact of another kind of subject."""
    change = changed(CHANGES, topic, fact)
    return change | _stepped(topic, change.get("status", topic.status), on=fact.on)


def _stepped(topic: Topic, status: object, *, on: date) -> dict[str, object]:
    # Acts of one phase may be entered in any order, so a step counts from the latest day that led to it.
    if status is topic.status:
        return {}
    since = latest(topic.since, on) or on
    return {"since": since, "path": (*topic.path, made(Step, {"on": since, "status": status}))}


def _reopened(topic: Topic, *, on: date) -> dict[str, object]:
    # A deferred topic starts again at consultation; what was agreed for the meeting that deferred it is spent.
    return {
        "consultations": {},
        "submitted_on": on,
        "approved_on": None,
        "approved_by": None,
        "joint_lead": "",
        "joint_units": (),
        "joint_starts_on": None,
        "report": None,
        "positions": {},
        "consensus": topic.consensus.voided(),
        "dissent_note": "",
    } | _not_overridden(topic)


def _not_overridden(topic: Topic) -> dict[str, object]:
    return {
        "override": topic.override.voided(),
        "override_reasons": {},
        "override_meeting": "",
        "overridden_on": None,
    }


DECIDER = Decider(
    kind="topic",
    label="议题",
    facts=get_args(TopicFact),
    initial=Topic(),
    evolve=evolving(changes),
    changes=changes,
)
