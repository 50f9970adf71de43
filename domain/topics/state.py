"""What the rules need to know of a topic, and how each fact changes it."""

from collections.abc import Mapping
from datetime import date
from typing import assert_never, get_args

from pydantic import Field

from domain import consent, people, refusals
from domain.decider import (
    SIDES,
    Command,
    Decider,
    Side,
    Signatory,
    Value,
    evolving,
    latest,
    made,
    not_before,
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
from domain.topics.terms import (
    OUTCOMES,
    STATUS_LABELS,
    Ancestor,
    Consultation,
    Content,
    Position,
    Purpose,
    Report,
    Research,
    Role,
    Stance,
    Status,
    Step,
    Way,
)


class Topic(Value):
    """Everything the rules need to know of a topic."""

    id: str = ""
    status: Status = Status.UNBORN
    since: date | None = None
    unit: str = ""
    side: Side = Side.GOVERNMENT
    content: Content | None = None
    content_version: int = 0
    content_hash: str = ""
    proposed_on: date | None = None
    content_on: date | None = None
    submitted_on: date | None = None
    approved_on: date | None = None
    research: tuple[Research, ...] = ()
    opinions: tuple[str, ...] = ()
    consultations: dict[Side, Consultation] = Field(default_factory=dict)
    approved_by: Signatory | None = None
    reason: str = ""
    related: dict[str, Role] = Field(default_factory=dict)
    joint_lead: str = ""
    joint_units: tuple[str, ...] = ()
    joint_starts_on: date | None = None
    report: Report | None = None
    positions: dict[str, Position] = Field(default_factory=dict)
    consensus: consent.Consents = consent.Consents()
    dissent_note: str = ""
    meeting: str = ""
    ever_submitted: bool = False
    ever_approved: bool = False
    tags: tuple[Purpose, ...] = ()
    path: tuple[Step, ...] = ()
    first_submitted_on: date | None = None
    first_approved_on: date | None = None
    first_consensus_on: date | None = None

    # Where it came from and what became of it; the links lead both ways.
    derived: Way | None = None
    sources: tuple[Ancestor, ...] = ()
    into: tuple[str, ...] = ()
    forwarded_to: str = ""
    forwarded_on: date | None = None
    deferred_until: date | None = None
    # What GL and UP agreed to instead of a consensus, for a special meeting alone (A7).
    override: consent.Consents = consent.Consents()
    override_reasons: dict[Side, str] = Field(default_factory=dict)
    override_meeting: str = ""
    overridden_on: date | None = None

    def status_on(self, day: date) -> Status:
        """Tell where the topic stood at the end of a business day."""
        steps = [step.status for step in self.path if step.on <= day]
        return steps[-1] if steps else Status.UNBORN

    @property
    def reservations(self) -> dict[str, str]:
        """The conditions that related units attached, which the material lists (R-049)."""
        return {
            unit: each.opinion for unit, each in self.positions.items() if each.stance is Stance.CONDITIONAL
        }


Units = Mapping[str, people.Unit]


def must_be_born(command: Command, topic: Topic) -> None:
    """Refuse an act on a topic that was not proposed, or before it was. Raises: NotFound, BeforeItsBasis."""
    if topic.status is Status.UNBORN:
        raise refusals.NotFound("议题。", requirement="R-038")
    not_before(command.on, topic.proposed_on, what="议题提出")


def expect(topic: Topic, *allowed: Status, requirement: str) -> None:
    """Refuse an act on a topic that is not in one of some states. Raises: WrongState."""
    if topic.status not in allowed:
        raise refusals.WrongState(f"议题目前为“{STATUS_LABELS[topic.status]}”。", requirement=requirement)


def changes(topic: Topic, fact: TopicFact) -> dict[str, object]:  # noqa: C901, PLR0912, PLR0915 - one branch for each fact.
    """Tell what one fact changes of a topic."""
    change: dict[str, object]
    match fact:
        case TopicProposed():
            change = {
                "status": Status.DRAFT,
                "unit": fact.unit,
                "side": fact.side,
                "content": fact.content,
                "content_version": 1,
                "content_hash": fact.content_hash,
                "proposed_on": fact.on,
                "content_on": fact.on,
            }
        case TopicRevised():
            change = {
                "content": fact.content,
                "content_version": topic.content_version + 1,
                "content_on": fact.on,
                "content_hash": fact.content_hash,
                "consultations": {},
                "status": topic.status
                if topic.status in {Status.DRAFT, Status.RETURNED}
                else Status.SUBMITTED,
                "approved_on": None,
                "approved_by": None,
            }
            if topic.status not in {Status.DRAFT, Status.RETURNED}:
                change["submitted_on"] = fact.on
        case ResearchAttached():
            change = {"research": (*topic.research, fact.research)}
        case OpinionAttached():
            change = {"opinions": (*topic.opinions, f"{fact.source}：{fact.opinion}")}
        case TopicSubmitted():
            change = {
                "status": Status.SUBMITTED,
                "submitted_on": fact.on,
                "consultations": {},
                "ever_submitted": True,
                "first_submitted_on": topic.first_submitted_on or fact.on,
            }
        case TopicConsulted():
            both = {**topic.consultations, fact.side: taken(Consultation, fact)}
            change = {
                "consultations": both,
                "status": Status.CONSULTED if both.keys() == SIDES else Status.CONSULTING,
            }
        case TopicConsentVoided(subject="override"):
            change = _not_overridden(topic)
        case TopicConsentVoided():
            change = {"consensus": topic.consensus.voided(), "dissent_note": ""}
            if topic.status is Status.CONSENSUS:
                change["status"] = Status.REPORTED
        case TopicApproved():
            change = {
                "status": Status.APPROVED,
                "approved_on": fact.on,
                "approved_by": fact.by,
                "reason": fact.reason,
                "ever_approved": True,
                "first_approved_on": topic.first_approved_on or fact.on,
            }
        case TopicReturned():
            change = {"status": Status.RETURNED, "reason": fact.reason, "consultations": {}}
        case TopicRejected():
            change = {"status": Status.REJECTED, "reason": fact.reason}
        case TopicWithdrawn():
            change = {"status": Status.WITHDRAWN, "reason": fact.reason}
        case RelatedUnitDeclared():
            change = {"related": {**topic.related, fact.unit: fact.role}}
        case JointResearchPlanned():
            change = {
                "status": Status.JOINT_RESEARCH,
                "joint_lead": fact.lead,
                "joint_units": fact.units,
                "joint_starts_on": fact.starts_on,
            }
        case JointResearchCompleted():
            change = {"status": Status.RESEARCHED}
        case TopicReportFiled():
            version = topic.report.version + 1 if topic.report else 1
            change = {
                "status": Status.REPORTED,
                "report": taken(Report, fact, version=version, filed_on=fact.on),
                "positions": {},
                "consensus": topic.consensus.voided(),
            }
        case UnitPositionStated():
            change = {"positions": {**topic.positions, fact.unit: taken(Position, fact)}}
        case ConsensusConfirmed():
            standing = (
                topic.consensus
                if topic.consensus.given
                else topic.consensus.renewed(fact.content_hash, on=fact.on)
            )
            given = standing.with_consent(fact.side, taken(consent.Consent, fact))
            change = {
                "consensus": given,
                "dissent_note": fact.dissent_note,
                "status": Status.CONSENSUS if given.agreed else topic.status,
                "first_consensus_on": topic.first_consensus_on or given.agreed_on,
            }
        case OverrideConsented():
            standing = topic.override
            if not standing.given:
                standing = standing.renewed(fact.content_hash, on=fact.on)
            said_so = taken(consent.Consent, fact)
            change = {
                "override": standing.with_consent(fact.side, said_so),
                "override_reasons": {**topic.override_reasons, fact.side: fact.reason},
            }
        case ConsensusOverridden():
            change = {"overridden_on": topic.override.agreed_on, "override_meeting": fact.meeting}
        case TopicTagged():
            change = {"tags": fact.tags}
        case TopicDeferred():
            change = {"status": Status.DEFERRED, "reason": fact.reason, "deferred_until": fact.until}
            change |= _reopened(topic, on=fact.on)
        case TopicDerived():
            change = {
                "derived": fact.way,
                "sources": fact.sources,
                "research": (*topic.research, *fact.research),
                "opinions": (*topic.opinions, *fact.opinions),
            }
        case TopicReceived():
            change = {
                "derived": Way.FORWARD,
                "sources": (fact.source,),
                "research": (*topic.research, *fact.research),
                "opinions": (*topic.opinions, *fact.opinions),
            }
        case TopicMerged():
            change = {"status": Status.MERGED, "into": (fact.into,)}
        case TopicSplit():
            change = {"status": Status.SPLIT, "into": fact.into}
        case TopicForwarded():
            change = {
                "status": Status.FORWARDED,
                "into": (fact.parent_topic,),
                "forwarded_to": fact.parent,
                "forwarded_on": fact.on,
                "reason": fact.reason,
            }
        case TopicDeliberated():
            change = {"status": OUTCOMES[fact.outcome], "meeting": fact.meeting, "deferred_until": None}
            if fact.outcome == "deferred":
                change |= _reopened(topic, on=fact.on)
        case _:
            assert_never(fact)
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
