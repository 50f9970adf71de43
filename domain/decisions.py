"""A decision of a meeting: pressed by both sides until it is carried out and both have verified it.

Source: 二(六), 一(六); R-069, R-070, R-072 – R-074, R-077, R-078, R-081.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import assert_never, get_args

from pydantic import Field

from domain import consent, people, refusals, wording
from domain.decider import Capacity, Command, Decider, Fact, Side, Signatory, Value, latest, not_before
from domain.regulation import Category


class Status(StrEnum):
    """Where a decision stands; overdue, near due and the light are derived, never stored."""

    UNBORN = "unborn"
    ESTABLISHED = "established"
    SUPERVISED = "supervised"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    CLAIMED = "claimed"
    FULFILLED = "fulfilled"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"


STATUS_LABELS = {
    Status.UNBORN: "未成立",
    Status.ESTABLISHED: "已成立",
    Status.SUPERVISED: "已定督办人",
    Status.ACCEPTED: "已签收",
    Status.IN_PROGRESS: "办理中",
    Status.CLAIMED: "已申请办结",
    Status.FULFILLED: "已办结",
    Status.TERMINATED: "已终止",
    Status.SUPERSEDED: "已替代",
}
CLOSED = frozenset({Status.FULFILLED, Status.TERMINATED, Status.SUPERSEDED})
COMPLETE = 100


class OneSupervisorEachSide(refusals.Refusal):
    """每件议定事项由双方各明确一名督办人，须是双方的两个人。"""

    requirement = "R-072"


class NotTheLeadUnit(refusals.Refusal):
    """由牵头单位办理。"""

    requirement = "R-073"


class MilestoneTooLate(refusals.Refusal):
    """计划的节点不得晚于完成时限，且进度应逐步递增。"""

    requirement = "R-073"


class ProgressFell(refusals.Refusal):
    """进度低于上次汇报的，须写明原因。"""

    requirement = "R-074"


class EvidenceMissing(refusals.Refusal):
    """汇报进展须附佐证材料的链接或编号。"""

    requirement = "R-074"


class NotAResponsibleUnit(refusals.Refusal):
    """进展由牵头单位、配合单位或双方办公室汇报。"""

    requirement = "R-074"


class VerifierIsClaimant(refusals.Refusal):
    """申请办结的人不得自行核验。"""

    requirement = "R-077"


class NotClaimed(refusals.Refusal):
    """牵头单位尚未申请办结。"""

    requirement = "R-077"


class Milestone(Value):
    """A step of the plan: by when, how far (whole percent)."""

    due: date = Field(title="节点日期")
    percent: int = Field(ge=1, le=100, title="计划进度%")
    text: wording.Line = Field(default="", title="内容")


class Progress(Value):
    """One progress report."""

    on: date
    percent: int
    text: str
    evidence: str
    by: Signatory


class Supervisor(Value):
    """The person of one side who presses a decision."""

    person: str
    title: str
    post: str


class Claim(Value):
    """The lead unit's claim that it is done; ``fulfilled_on`` is the date of the fact, not of the entry."""

    fulfilled_on: date
    text: str
    evidence: str
    by: Signatory
    on: date


class DecisionEstablished(Fact):
    topic = "decision.established"
    label = "议定事项成立"

    meeting: str
    minutes_number: str
    number: int
    item: str
    decided_on: date
    source_topic: str
    text: str
    category: Category
    lead_units: tuple[str, ...]
    cooperating_units: tuple[str, ...]
    deadline: date | None
    long_term: bool
    report_interval_months: int | None
    leader: str
    acceptance: str
    reason: str
    amount: int | None
    quantity: str
    disclosed: bool


class SupervisorsAssigned(Fact):
    topic = "decision.supervisors_assigned"
    label = "明确督办人"

    government: Supervisor
    union: Supervisor


class DecisionAccepted(Fact):
    topic = "decision.accepted"
    label = "签收议定事项"

    unit: str


class PlanSet(Fact):
    topic = "decision.plan_set"
    label = "制定落实计划"

    milestones: tuple[Milestone, ...]


class DecisionProgressReported(Fact):
    topic = "decision.progress_reported"
    label = "汇报进展"

    unit: str
    percent: int
    text: str
    evidence: str
    reason: str


class FulfilmentClaimed(Fact):
    topic = "decision.fulfilment_claimed"
    label = "申请办结"

    unit: str
    fulfilled_on: date
    text: str
    evidence: str


class FulfilmentVerified(Fact):
    topic = "decision.fulfilment_verified"
    label = "一方核验通过"

    side: Side
    opinion: str


class ClaimReturned(Fact):
    topic = "decision.claim_returned"
    label = "核验退回"

    side: Side
    reason: str


class DecisionFulfilled(Fact):
    topic = "decision.fulfilled"
    label = "议定事项办结"

    fulfilled_on: date


class DecisionTerminated(Fact):
    topic = "decision.terminated"
    label = "会议终止议定事项"

    meeting: str
    minutes_number: str


class DecisionSuperseded(Fact):
    topic = "decision.superseded"
    label = "会议替代议定事项"

    meeting: str
    minutes_number: str


class AssignSupervisors(Command):
    """双方各明确一名督办人。"""

    government_post: wording.Code = Field(title="政府方督办人的任职记录编号")
    union_post: wording.Code = Field(title="工会方督办人的任职记录编号")


class AcceptDecision(Command):
    """牵头单位签收。"""

    unit: wording.Code = Field(title="牵头单位编号")


class SetPlan(Command):
    """牵头单位制定落实计划，节点不晚于完成时限。"""

    unit: wording.Code = Field(title="牵头单位编号")
    milestones: tuple[Milestone, ...] = Field(title="节点", min_length=1, max_length=36)


class ReportProgress(Command):
    """汇报进展；业务日期是进展截至的日期。"""

    unit: wording.Code = Field(title="汇报单位编号")
    percent: int = Field(ge=0, le=100, title="完成%")
    text: wording.Prose = Field(title="进展情况")
    evidence: wording.Link = Field(title="佐证链接或编号")
    reason: wording.Line = Field(default="", title="进度降低的原因")


class ClaimFulfilled(Command):
    """牵头单位申请办结。"""

    unit: wording.Code = Field(title="牵头单位编号")
    fulfilled_on: date = Field(title="实际办结日期")
    text: wording.Prose = Field(title="完成情况")
    evidence: wording.Link = Field(title="佐证链接或编号")


class VerifyFulfilled(Command):
    """一方核验通过；双方都通过后办结。"""

    side: Side = Field(title="代表哪一方")
    opinion: wording.Prose = Field(default="", title="核验意见")


class ReturnClaim(Command):
    """一方核验后退回办结申请。"""

    side: Side = Field(title="代表哪一方")
    reason: wording.Prose = Field(title="退回原因")


class Decision(Value):
    """Everything the rules need to know of a decision. ``serial`` counts changes of state, progress apart."""

    id: str = ""
    status: Status = Status.UNBORN
    serial: int = 0
    since: date | None = None
    changed_on: date | None = None
    meeting: str = ""
    minutes_number: str = ""
    number: int = 0
    item: str = ""
    decided_on: date | None = None
    source_topic: str = ""
    text: str = ""
    category: Category = Category.C7
    lead_units: tuple[str, ...] = ()
    cooperating_units: tuple[str, ...] = ()
    deadline: date | None = None
    long_term: bool = False
    report_interval_months: int | None = None
    leader: str = ""
    acceptance: str = ""
    amount: int | None = None
    quantity: str = ""
    disclosed: bool = True
    established_on: date | None = None
    supervisors: dict[Side, Supervisor] = Field(default_factory=dict)
    accepted_on: date | None = None
    accepted_units: tuple[str, ...] = ()
    plan: tuple[Milestone, ...] = ()
    percent: int = 0
    last_report_on: date | None = None
    progress: tuple[Progress, ...] = ()
    claim: Claim | None = None
    verified: dict[Side, consent.Consent] = Field(default_factory=dict)
    returned_reason: str = ""
    fulfilled_on: date | None = None
    closed_on: date | None = None
    closed_by_meeting: str = ""

    @property
    def open(self) -> bool:
        """Whether it is still to be carried out and verified (A14)."""
        return self.status is not Status.UNBORN and self.status not in CLOSED


DecisionCommand = (
    AssignSupervisors
    | AcceptDecision
    | SetPlan
    | ReportProgress
    | ClaimFulfilled
    | VerifyFulfilled
    | ReturnClaim
)


def decide(
    command: DecisionCommand, decision: Decision, *, by: Signatory, posts: Mapping[str, people.Post]
) -> list["DecisionFact"]:
    """Decide what a command on a decision leads to.

    ``posts`` are the pair's posts by id. Raises: a Refusal of R-072 – R-074 or R-077.
    """
    if decision.status is Status.UNBORN:
        raise refusals.NotFound("议定事项。", requirement="R-069")
    not_before(command.on, decision.established_on, what="议定事项成立")
    if not decision.open:
        label = STATUS_LABELS[decision.status]
        raise refusals.WrongState(f"议定事项{label}。", requirement=CLOSED_REQUIREMENT[type(command)])
    match command:
        case AssignSupervisors():
            return [_supervised(command, decision, by=by, posts=posts)]
        case AcceptDecision():
            return [_accepted(command, decision, by=by)]
        case SetPlan():
            return [_planned(command, decision, by=by)]
        case ReportProgress():
            return [_progress(command, decision, by=by)]
        case ClaimFulfilled():
            return [_claimed(command, decision, by=by)]
        case VerifyFulfilled():
            return _verified(command, decision, by=by)
        case ReturnClaim():
            return [_returned(command, decision, by=by)]
        case _:
            assert_never(command)


CLOSED_REQUIREMENT: dict[type[Command], str] = {
    AssignSupervisors: "R-072",
    AcceptDecision: "R-073",
    SetPlan: "R-073",
    ReportProgress: "R-074",
    ClaimFulfilled: "R-077",
    VerifyFulfilled: "R-077",
    ReturnClaim: "R-077",
}


def _supervised(
    command: AssignSupervisors, decision: Decision, *, by: Signatory, posts: Mapping[str, people.Post]
) -> SupervisorsAssigned:
    found = {Side.GOVERNMENT: posts.get(command.government_post), Side.UNION: posts.get(command.union_post)}
    named: dict[Side, Supervisor] = {}
    for side, post in found.items():
        pointer = f"/{side.value}_post"
        if post is None or not post.held_on(command.on):
            raise refusals.NotFound(f"{side.label}督办人的任职记录。", requirement="R-072", pointer=pointer)
        if post.capacity is Capacity.DEPARTMENT and post.unit in decision.lead_units:
            raise OneSupervisorEachSide(f"{post.title}在牵头单位任职，不能督办本单位。", pointer=pointer)
        if post.side is not side:
            raise OneSupervisorEachSide(f"{post.title}不属于{side.label}。", pointer=pointer)
        named[side] = Supervisor(person=post.person, title=post.title, post=post.id)
    if named[Side.GOVERNMENT].person == named[Side.UNION].person:
        raise OneSupervisorEachSide("双方的督办人是同一人。")
    return SupervisorsAssigned(
        on=command.on, by=by, government=named[Side.GOVERNMENT], union=named[Side.UNION]
    )


def _lead_only(unit: str, decision: Decision, by: Signatory, *, requirement: str) -> None:
    if unit not in decision.lead_units or by.unit != unit:
        raise NotTheLeadUnit(
            f"牵头单位：{'、'.join(decision.lead_units)}。", requirement=requirement, pointer="/unit"
        )


def _accepted(command: AcceptDecision, decision: Decision, *, by: Signatory) -> DecisionAccepted:
    _lead_only(command.unit, decision, by, requirement="R-073")
    if decision.status is Status.ESTABLISHED:
        raise refusals.WrongState("尚未明确督办人。", requirement="R-072")
    if command.unit in decision.accepted_units:
        raise refusals.AlreadyDone(f"已于 {decision.accepted_on} 签收。", requirement="R-073")
    if decision.status is Status.CLAIMED:
        raise refusals.WrongState("已申请办结，正在核验。", requirement="R-073")
    not_before(command.on, decision.since, what="明确督办人")
    return DecisionAccepted(on=command.on, by=by, unit=command.unit)


def _must_be_accepted(decision: Decision, *, requirement: str) -> None:
    if decision.accepted_on is None:
        raise refusals.WrongState("牵头单位尚未签收。", requirement=requirement)


def _planned(command: SetPlan, decision: Decision, *, by: Signatory) -> PlanSet:
    _lead_only(command.unit, decision, by, requirement="R-073")
    _must_be_accepted(decision, requirement="R-073")
    not_before(command.on, decision.accepted_on, what="签收")
    for index, milestone in enumerate(command.milestones):
        if decision.deadline is not None and milestone.due > decision.deadline:
            raise MilestoneTooLate(f"完成时限是 {decision.deadline}。", pointer=f"/milestones/{index}/due")
        earlier = command.milestones[index - 1] if index else None
        if earlier is not None and (milestone.due <= earlier.due or milestone.percent <= earlier.percent):
            raise MilestoneTooLate("节点须按日期和进度递增。", pointer=f"/milestones/{index}")
    return PlanSet(on=command.on, by=by, milestones=command.milestones)


def _progress(command: ReportProgress, decision: Decision, *, by: Signatory) -> DecisionProgressReported:
    _must_be_accepted(decision, requirement="R-073")
    offices = {Capacity.GOVERNMENT_OFFICE, Capacity.UNION_OFFICE}
    responsible = {*decision.lead_units, *decision.cooperating_units}
    if command.unit not in responsible or (by.unit != command.unit and by.capacity not in offices):
        raise NotAResponsibleUnit(f"{by.title}。", pointer="/unit")
    if decision.status is Status.CLAIMED:
        raise refusals.WrongState("已申请办结，正在核验。", requirement="R-074")
    not_before(command.on, decision.accepted_on, decision.last_report_on, what="签收或上次汇报")
    said = wording.require(command.text, what="进展情况", requirement="R-074", pointer="/text")
    if wording.is_blank(command.evidence):
        raise EvidenceMissing(pointer="/evidence")
    if command.percent < decision.percent and wording.is_blank(command.reason):
        raise ProgressFell(f"上次汇报为 {decision.percent}%。", pointer="/reason")
    return DecisionProgressReported(
        on=command.on,
        by=by,
        unit=command.unit,
        percent=command.percent,
        text=said,
        evidence=command.evidence,
        reason=command.reason,
    )


def _claimed(command: ClaimFulfilled, decision: Decision, *, by: Signatory) -> FulfilmentClaimed:
    _lead_only(command.unit, decision, by, requirement="R-077")
    _must_be_accepted(decision, requirement="R-077")
    if decision.status is Status.CLAIMED:
        raise refusals.AlreadyDone("正在核验。", requirement="R-077")
    not_before(command.on, decision.since, decision.last_report_on, command.fulfilled_on, what="办结日期")
    # What a meeting decided may well be done before its minutes are issued, but not before the meeting.
    not_before(command.fulfilled_on, decision.decided_on, what="会议议定")
    if decision.percent < COMPLETE:
        not_before(command.fulfilled_on, decision.last_report_on, what="上次汇报（未完成）")
    said = wording.require(command.text, what="完成情况", requirement="R-077", pointer="/text")
    proof = wording.require(command.evidence, what="佐证", requirement="R-077", pointer="/evidence")
    return FulfilmentClaimed(
        on=command.on,
        by=by,
        unit=command.unit,
        fulfilled_on=command.fulfilled_on,
        text=said,
        evidence=proof,
    )


def _check_verifier(command: VerifyFulfilled | ReturnClaim, decision: Decision, by: Signatory) -> Claim:
    if decision.claim is None or decision.status is not Status.CLAIMED:
        raise NotClaimed
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-077", pointer="/side")
    if by.person == decision.claim.by.person:
        raise VerifierIsClaimant(f"{by.title}。")
    not_before(command.on, decision.claim.on, what="申请办结")
    return decision.claim


def _verified(command: VerifyFulfilled, decision: Decision, *, by: Signatory) -> list["DecisionFact"]:
    claim = _check_verifier(command, decision, by)
    if command.side in decision.verified:
        raise consent.AlreadyConsented(requirement="R-077")
    other = decision.verified.get(command.side.other)
    if other is not None and other.by.person == by.person:
        raise consent.OnePersonForBoth(requirement="R-077", pointer="/side")
    facts: list[DecisionFact] = [
        FulfilmentVerified(on=command.on, by=by, side=command.side, opinion=command.opinion)
    ]
    if other is not None:
        on = max(command.on, other.on)
        facts.append(DecisionFulfilled(on=on, by=by, fulfilled_on=claim.fulfilled_on))
    return facts


def _returned(command: ReturnClaim, decision: Decision, *, by: Signatory) -> ClaimReturned:
    _check_verifier(command, decision, by)
    reason = wording.require(command.reason, what="退回原因", requirement="R-077", pointer="/reason")
    return ClaimReturned(on=command.on, by=by, side=command.side, reason=reason)


DecisionFact = (
    DecisionEstablished
    | SupervisorsAssigned
    | DecisionAccepted
    | PlanSet
    | DecisionProgressReported
    | FulfilmentClaimed
    | FulfilmentVerified
    | ClaimReturned
    | DecisionFulfilled
    | DecisionTerminated
    | DecisionSuperseded
)


def evolve(decision: Decision, fact: DecisionFact) -> Decision:  # noqa: C901, PLR0912 - one branch for each fact.
    """Fold one fact into a decision."""
    change: dict[str, object]
    match fact:
        case DecisionEstablished():
            body = {
                name: getattr(fact, name)
                for name in type(fact).model_fields
                if name not in {"on", "by", "reason"}
            }
            change = {**body, "status": Status.ESTABLISHED, "established_on": fact.on}
        case SupervisorsAssigned():
            both = {Side.GOVERNMENT: fact.government, Side.UNION: fact.union}
            change = {"supervisors": both}
            if decision.status is Status.ESTABLISHED:
                change["status"] = Status.SUPERVISED
        case DecisionAccepted():
            change = {"accepted_units": (*decision.accepted_units, fact.unit)}
            if decision.accepted_on is None:
                change |= {"status": Status.ACCEPTED, "accepted_on": fact.on}
        case PlanSet():
            change = {"plan": fact.milestones}
        case DecisionProgressReported():
            report = Progress(
                on=fact.on, percent=fact.percent, text=fact.text, evidence=fact.evidence, by=fact.by
            )
            change = {
                "status": Status.IN_PROGRESS,
                "percent": fact.percent,
                "last_report_on": fact.on,
                "progress": (*decision.progress, report),
            }
        case FulfilmentClaimed():
            claim = Claim(
                fulfilled_on=fact.fulfilled_on, text=fact.text, evidence=fact.evidence, by=fact.by, on=fact.on
            )
            change = {"status": Status.CLAIMED, "claim": claim, "verified": {}}
        case FulfilmentVerified():
            seen = consent.Consent(content_hash="", by=fact.by, on=fact.on)
            change = {"verified": {**decision.verified, fact.side: seen}}
        case ClaimReturned():
            change = {
                "status": Status.IN_PROGRESS,
                "claim": None,
                "verified": {},
                "returned_reason": fact.reason,
            }
        case DecisionFulfilled():
            change = {
                "status": Status.FULFILLED,
                "percent": COMPLETE,
                "fulfilled_on": fact.fulfilled_on,
                "closed_on": fact.on,
            }
        case DecisionTerminated():
            change = {"status": Status.TERMINATED, "closed_on": fact.on, "closed_by_meeting": fact.meeting}
        case DecisionSuperseded():
            change = {"status": Status.SUPERSEDED, "closed_on": fact.on, "closed_by_meeting": fact.meeting}
        case _:
            assert_never(fact)
    status = change.get("status", decision.status)
    if status is not decision.status:
        change["since"] = latest(decision.since, fact.on)
        if not isinstance(fact, DecisionProgressReported):
            change |= {"serial": decision.serial + 1, "changed_on": latest(decision.changed_on, fact.on)}
    return decision.model_copy(update=change)


DECIDER = Decider(
    kind="decision", label="议定事项", facts=get_args(DecisionFact), initial=Decision(), evolve=evolve
)
