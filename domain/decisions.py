"""A decision of a meeting: pressed by both sides until it is carried out and both have verified it.

The rules stand by phase: ``carrying_out`` (supervisors to verification) and ``pressing`` (reminders, sheets,
extensions). Source: 二(六), 一(六); R-069, R-070, R-072 – R-078, R-081.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, assert_never, get_args

from pydantic import BeforeValidator, Field

from domain import archives, consent, refusals, wording
from domain.decider import (
    Command,
    Decider,
    Fact,
    Side,
    Signatory,
    Value,
    evolving,
    latest,
    made,
    not_before,
    taken,
)
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


class SheetColour(StrEnum):
    """How urgent a supervision sheet is; 黄 is also called 橙."""

    BLUE = "蓝"
    YELLOW = "黄"
    RED = "红"


def _also_orange(colour: Any) -> Any:
    return SheetColour.YELLOW if colour == "橙" else colour


class Stance(StrEnum):
    """What a supervisor thinks of an extension; his opinion does not decide it."""

    SUPPORT = "support"
    OPPOSE = "oppose"


class ExtensionStatus(StrEnum):
    """What became of a request for more time."""

    REQUESTED = "requested"
    REPLACED = "replaced"
    GRANTED = "granted"
    REFUSED = "refused"


class Verdict(StrEnum):
    """One side's view of a claim."""

    PASSED = "passed"
    RETURNED = "returned"


VERDICT_LABELS = {Verdict.PASSED: "核验通过", Verdict.RETURNED: "退回"}


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


class Step(Value):
    """From which business date on a decision stood at a status."""

    on: date
    status: Status


class Term(Value):
    """From which business date on a deadline was in force."""

    on: date
    deadline: date


class View(Value):
    """What one side thinks of a claim, kept until the next claim, so that both views can be shown (A24)."""

    side: Side
    verdict: Verdict
    text: str
    on: date
    by: Signatory


class Sheet(Value):
    """A reminder (催办, without a colour) or a supervision sheet (督办单), with its answer or none."""

    number: int
    colour: SheetColour | None = None
    recipient: str
    text: str
    answer_by: date
    on: date
    by: Signatory
    follows: int = 0
    answer: str = ""
    answered_on: date | None = None
    answered_by: Signatory | None = None

    def overdue(self, on: date) -> bool:
        """Whether it was due for an answer before a local date and has none."""
        return self.answered_on is None and self.answer_by < on


class SupervisorOpinion(Value):
    """What one side's supervisor says on a request for more time."""

    stance: Stance
    opinion: str
    by: Signatory
    on: date


class Extension(Value):
    """One request for more time, with the supervisors' opinions and the leaders' consents to its very hash."""

    number: int
    unit: str
    new_deadline: date
    reason: str
    by: Signatory
    on: date
    status: ExtensionStatus = ExtensionStatus.REQUESTED
    opinions: dict[Side, SupervisorOpinion] = Field(default_factory=dict)
    consents: consent.Consents = consent.Consents()
    refused_reason: str = ""


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


class ViewOnClaimStated(Fact):
    """What the other side thinks of a claim that was returned before it had spoken."""

    topic = "decision.view_stated"
    label = "另一方说明核验意见"

    side: Side
    verdict: Verdict
    text: str


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


class DecisionReminded(Fact):
    topic = "decision.reminded"
    label = "催办"

    number: int
    recipient: str
    text: str
    answer_by: date


class ReminderAnswered(Fact):
    topic = "decision.reminder_answered"
    label = "答复催办"

    number: int
    unit: str
    text: str


class DecisionEscalated(Fact):
    """``follows`` is the number of the unanswered sheet that this one answers to, 0 for a blue one."""

    topic = "decision.escalated"
    label = "发出督办单"

    number: int
    colour: SheetColour
    recipient: str
    text: str
    answer_by: date
    follows: int


class EscalationAnswered(Fact):
    topic = "decision.escalation_answered"
    label = "答复督办单"

    number: int
    unit: str
    text: str


class ExtensionRequested(Fact):
    """``replaces`` is the number of the pending request whose opinions and consents this one voids, or 0."""

    topic = "decision.extension_requested"
    label = "申请延期"

    number: int
    replaces: int
    unit: str
    deadline: date
    new_deadline: date
    reason: str
    content_hash: str


class ExtensionOpinionGiven(Fact):
    topic = "decision.extension_opinion_given"
    label = "督办人对延期提出意见"

    number: int
    side: Side
    stance: Stance
    opinion: str
    content_hash: str


class ExtensionGranted(Fact):
    topic = "decision.extension_granted"
    label = "一方领导同意延期"

    number: int
    side: Side
    content_hash: str


class DeadlineExtended(Fact):
    topic = "decision.extended"
    label = "完成时限延期"

    number: int
    original_deadline: date
    deadline: date
    new_deadline: date


class ExtensionRefused(Fact):
    topic = "decision.extension_refused"
    label = "不同意延期"

    number: int
    side: Side
    reason: str


class DecisionCorrected(Fact):
    """How the decision reads from now on: all of it, corrected or not. Its id and deadline are none of this."""

    topic = "decision.corrected"
    label = "更正议定事项"

    correction: str
    correction_number: str
    text: str
    acceptance: str
    leader: str
    lead_units: tuple[str, ...]
    cooperating_units: tuple[str, ...]
    disclosed: bool


class DecisionImported(Fact):
    """An old decision taken over from paper as it stood then; no act of ours stands behind it (R-013)."""

    topic = "decision.legacy_imported"
    label = "补录历史议定事项"
    batch: str
    meeting: str
    minutes_number: str
    disclosed: bool
    record: archives.DecisionRecord


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


class StateViewOnClaim(Command):
    """办结申请被一方退回后，另一方说明自己的核验意见；事项仍未办结，双方意见一并列入下次会议的汇报。"""

    side: Side = Field(title="代表哪一方")
    verdict: Verdict = Field(title="核验意见", description="passed 核验通过，returned 也认为应当退回。")
    text: wording.Prose = Field(default="", title="意见内容", description="认为应当退回的，须写明原因。")


class Remind(Command):
    """督办人或双方办公室催办。"""

    recipient: wording.Code = Field(title="收件单位编号", description="牵头单位或配合单位。")
    text: wording.Prose = Field(title="催办内容")
    answer_by: date = Field(title="答复期限")


class AnswerReminder(Command):
    """收件单位答复催办。"""

    number: int = Field(ge=1, le=9999, title="催办的序号")
    text: wording.Prose = Field(title="答复")


class Escalate(Command):
    """发出督办单：先蓝，蓝单逾期未答复发黄（橙），黄单逾期未答复发红。"""

    colour: Annotated[SheetColour, BeforeValidator(_also_orange)] = Field(
        title="颜色", description="蓝、黄（橙）、红。"
    )
    recipient: wording.Code = Field(title="收件单位编号", description="牵头单位或配合单位。")
    text: wording.Prose = Field(title="督办内容")
    answer_by: date = Field(title="答复期限")


class AnswerEscalation(Command):
    """收件单位答复督办单。"""

    number: int = Field(ge=1, le=9999, title="督办单的序号")
    text: wording.Prose = Field(title="答复")


class RequestExtension(Command):
    """牵头单位申请延期；再次申请的，取代正在办理的申请。"""

    unit: wording.Code = Field(title="牵头单位编号")
    new_deadline: date = Field(title="拟延至")
    reason: wording.Prose = Field(title="延期原因")


class StateExtensionOpinion(Command):
    """一方督办人对延期申请提出意见。"""

    side: Side = Field(title="代表哪一方")
    stance: Stance = Field(title="意见", description="support 同意，oppose 不同意。")
    opinion: wording.Prose = Field(title="意见内容")
    content_hash: wording.Code = Field(title="所针对申请的哈希")


class GrantExtension(Command):
    """政府联系工会工作的负责人、工会主要负责人各自同意延期；双方都同意后生效。"""

    side: Side = Field(title="代表哪一方")
    content_hash: wording.Code = Field(title="所同意申请的哈希")


class RefuseExtension(Command):
    """一方领导不同意延期，完成时限不变。"""

    side: Side = Field(title="代表哪一方")
    reason: wording.Prose = Field(title="不同意的原因")


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
    original_deadline: date | None = None
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
    returned_claim: Claim | None = None
    verified: dict[Side, consent.Consent] = Field(default_factory=dict)
    returned_reason: str = ""
    fulfilled_on: date | None = None
    closed_on: date | None = None
    closed_by_meeting: str = ""
    views_on_claim: tuple[View, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    extensions: tuple[Extension, ...] = ()
    corrections: tuple[str, ...] = ()
    path: tuple[Step, ...] = ()
    terms: tuple[Term, ...] = ()
    imported: bool = False
    imported_on: date | None = None
    record: archives.DecisionRecord | None = None

    @property
    def open(self) -> bool:
        """Whether it is still to be carried out and verified (A14)."""
        return self.status is not Status.UNBORN and self.status not in CLOSED

    @property
    def responsible(self) -> tuple[str, ...]:
        """The lead and the co-operating units."""
        return (*self.lead_units, *self.cooperating_units)

    @property
    def extended(self) -> bool:
        """Whether more time was granted; the original deadline is kept all the same (R-076)."""
        return self.deadline != self.original_deadline

    @property
    def on_time_original(self) -> bool | None:
        """Whether it was fulfilled by the original deadline; None where it has none or is not fulfilled."""
        return _by(self.original_deadline, self)

    @property
    def on_time_revised(self) -> bool | None:
        """Whether it was fulfilled by the deadline as last extended; None where it has none or is not fulfilled."""
        return _by(self.deadline, self)

    @property
    def pending_extension(self) -> Extension | None:
        """The request for more time that is still to be answered."""
        last = self.extensions[-1] if self.extensions else None
        return last if last is not None and last.status is ExtensionStatus.REQUESTED else None

    @property
    def disagreed(self) -> bool:
        """Whether one side verified the last claim and the other returned it; the decision stays open (A24)."""
        return len({view.verdict for view in self.views_on_claim}) > 1

    @property
    def standing(self) -> str:
        """The status as a line of the report on everything outstanding tells it: with both views, where they differ."""
        if not (self.open and self.disagreed):
            return self.status.value
        views = "，".join(f"{view.side.label}{VERDICT_LABELS[view.verdict]}" for view in self.views_on_claim)
        return f"{self.status.value}（{views}）"

    def status_on(self, day: date) -> Status:
        """Tell where it stood at the end of a business date, as it is known now."""
        # What was entered later overrides what was entered before, as everywhere else.
        return next((step.status for step in reversed(self.path) if step.on <= day), Status.UNBORN)

    def deadline_on(self, day: date) -> date | None:
        """Tell which deadline was in force at the end of a business date; None without one or before it began."""
        return next((term.deadline for term in reversed(self.terms) if term.on <= day), None)

    def percent_on(self, day: date) -> int:
        """Tell how far it was at the end of a business date, by the reports dated until then."""
        if self.status_on(day) is Status.FULFILLED:
            return COMPLETE
        at_first = self.record.percent if self.record is not None else 0
        return next((report.percent for report in reversed(self.progress) if report.on <= day), at_first)

    def sheet(self, number: int) -> Sheet | None:
        """Find a reminder or a sheet by its number."""
        return self.sheets[number - 1] if 0 < number <= len(self.sheets) else None


def _by(deadline: date | None, decision: Decision) -> bool | None:
    if deadline is None or decision.fulfilled_on is None:
        return None
    return decision.fulfilled_on <= deadline


def must_be_open(decision: Decision, *, on: date, requirement: str) -> None:
    """Refuse an act on a decision that does not exist yet or is no longer open.

    Raises: NotFound (R-069), BeforeItsBasis (R-093), WrongState with ``requirement``.
    """
    if decision.status is Status.UNBORN:
        raise refusals.NotFound("议定事项。", requirement="R-069")
    not_before(on, decision.established_on, what="议定事项成立")
    not_before(on, decision.imported_on, what="补录")
    if not decision.open:
        raise refusals.WrongState(f"议定事项{STATUS_LABELS[decision.status]}。", requirement=requirement)


DecisionFact = (
    DecisionEstablished
    | SupervisorsAssigned
    | DecisionAccepted
    | PlanSet
    | DecisionProgressReported
    | FulfilmentClaimed
    | FulfilmentVerified
    | ClaimReturned
    | ViewOnClaimStated
    | DecisionFulfilled
    | DecisionTerminated
    | DecisionSuperseded
    | DecisionReminded
    | ReminderAnswered
    | DecisionEscalated
    | EscalationAnswered
    | ExtensionRequested
    | ExtensionOpinionGiven
    | ExtensionGranted
    | DeadlineExtended
    | ExtensionRefused
    | DecisionCorrected
    | DecisionImported
)
STANDINGS = {
    archives.Standing.UNFULFILLED: Status.ESTABLISHED,
    archives.Standing.FULFILLED: Status.FULFILLED,
    archives.Standing.TERMINATED: Status.TERMINATED,
    archives.Standing.SUPERSEDED: Status.SUPERSEDED,
}
TAKEN_OVER = (
    "number",
    "text",
    "lead_units",
    "cooperating_units",
    "leader",
    "deadline",
    "long_term",
    "report_interval_months",
    "closed_on",
)


def _imported(fact: DecisionImported) -> dict[str, object]:
    # What the paper tells is taken over; supervision, acceptance and verification are still to come, or never were.
    record = fact.record
    held_on, status = record.meeting_held_on, STANDINGS[record.standing]
    fulfilled = status is Status.FULFILLED
    path = [Step(on=held_on, status=Status.ESTABLISHED)]
    if record.closed_on is not None:
        path.append(Step(on=record.closed_on, status=status))
    change = {
        "status": status,
        "serial": 1,
        "since": fact.on,
        "changed_on": fact.on,
        "meeting": fact.meeting,
        "minutes_number": fact.minutes_number,
        "category": record.category or Category.C7,
        "disclosed": fact.disclosed,
        "decided_on": held_on,
        "established_on": held_on,
        "original_deadline": record.deadline,
        "percent": COMPLETE if fulfilled else record.percent,
        "fulfilled_on": record.closed_on if fulfilled else None,
        "path": tuple(path),
        "terms": (Term(on=held_on, deadline=record.deadline),) if record.deadline is not None else (),
        "imported": True,
        "imported_on": fact.on,
        "record": record,
    }
    return {**{name: getattr(record, name) for name in TAKEN_OVER}, **change}


def changes(decision: Decision, fact: DecisionFact) -> dict[str, object]:  # noqa: C901, PLR0912, PLR0915 - one branch for each fact.
    """Tell what one fact changes of a decision."""
    change: dict[str, object]
    if isinstance(fact, DecisionImported):
        return _imported(fact)
    match fact:
        case DecisionEstablished():
            change = _begun(fact)
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
            change = {
                "status": Status.IN_PROGRESS,
                "percent": fact.percent,
                "last_report_on": fact.on,
                "progress": (*decision.progress, taken(Progress, fact)),
            }
        case FulfilmentClaimed():
            claim = taken(Claim, fact)
            change = {"status": Status.CLAIMED, "claim": claim, "verified": {}, "views_on_claim": ()}
            change["returned_claim"] = None
        case FulfilmentVerified():
            seen = taken(consent.Consent, fact, content_hash="")
            view = taken(View, fact, verdict=Verdict.PASSED, text=fact.opinion)
            change = {
                "verified": {**decision.verified, fact.side: seen},
                "views_on_claim": (*decision.views_on_claim, view),
            }
        case ClaimReturned():
            view = taken(View, fact, verdict=Verdict.RETURNED, text=fact.reason)
            # Both sides' last views stay, whichever changed its mind.
            others = tuple(each for each in decision.views_on_claim if each.side is not fact.side)
            change = {
                "views_on_claim": (*others, view),
                "status": Status.IN_PROGRESS,
                "claim": None,
                "returned_claim": decision.claim,
                "verified": {},
                "returned_reason": fact.reason,
            }
        case ViewOnClaimStated():
            view = taken(View, fact)
            change = {"views_on_claim": (*decision.views_on_claim, view)}
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
        case DecisionReminded() | ReminderAnswered() | DecisionEscalated() | EscalationAnswered():
            change = {"sheets": _sheets(decision, fact)}
        case (
            ExtensionRequested()
            | ExtensionOpinionGiven()
            | ExtensionGranted()
            | DeadlineExtended()
            | ExtensionRefused()
        ):
            change = _extended(decision, fact)
        case DecisionCorrected():
            kept = {"on", "by", "correction", "correction_number"}
            body = {name: getattr(fact, name) for name in type(fact).model_fields if name not in kept}
            change = {**body, "corrections": (*decision.corrections, fact.correction_number)}
        case _:
            assert_never(fact)
    status = change.get("status", decision.status)
    if isinstance(status, Status) and status is not decision.status:
        change["since"] = latest(decision.since, fact.on)
        change["path"] = (*decision.path, made(Step, {"on": fact.on, "status": status}))
        if not isinstance(fact, DecisionProgressReported):
            change |= {"serial": decision.serial + 1, "changed_on": latest(decision.changed_on, fact.on)}
    return change


def _begun(fact: DecisionEstablished) -> dict[str, object]:
    body = {name: told for name, told in fact.__dict__.items() if name not in {"on", "by", "reason"}}
    return {
        **body,
        "original_deadline": fact.deadline,
        "status": Status.ESTABLISHED,
        "established_on": fact.on,
        "terms": (taken(Term, fact, deadline=fact.deadline),) if fact.deadline is not None else (),
    }


def _sheets(
    decision: Decision, fact: DecisionReminded | ReminderAnswered | DecisionEscalated | EscalationAnswered
) -> tuple[Sheet, ...]:
    match fact:
        case DecisionReminded() | DecisionEscalated():
            return (*decision.sheets, taken(Sheet, fact))
        case ReminderAnswered() | EscalationAnswered():
            answer = {"answer": fact.text, "answered_on": fact.on, "answered_by": fact.by}
            return tuple(
                each.model_copy(update=answer) if each.number == fact.number else each
                for each in decision.sheets
            )
        case _:
            assert_never(fact)


def _extended(
    decision: Decision,
    fact: ExtensionRequested | ExtensionOpinionGiven | ExtensionGranted | DeadlineExtended | ExtensionRefused,
) -> dict[str, object]:
    # More time is no change of state (section 10 has none): what was explained of a decision stays true. The report
    # on everything outstanding shows the deadline, so it no longer covers and must be amended.
    match fact:
        case ExtensionRequested():
            replaced = _changed(decision.extensions, fact.replaces, status=ExtensionStatus.REPLACED)
            asked = Extension(
                number=fact.number,
                unit=fact.unit,
                new_deadline=fact.new_deadline,
                reason=fact.reason,
                by=fact.by,
                on=fact.on,
                consents=consent.Consents(
                    version=fact.number, content_hash=fact.content_hash, proposed_on=fact.on
                ),
            )
            return {"extensions": (*replaced, asked)}
        case ExtensionOpinionGiven():
            said = taken(SupervisorOpinion, fact)
            opinions = {**decision.extensions[fact.number - 1].opinions, fact.side: said}
            return {"extensions": _changed(decision.extensions, fact.number, opinions=opinions)}
        case ExtensionGranted():
            given = taken(consent.Consent, fact)
            consents = decision.extensions[fact.number - 1].consents.with_consent(fact.side, given)
            return {"extensions": _changed(decision.extensions, fact.number, consents=consents)}
        case DeadlineExtended():
            return {
                "deadline": fact.new_deadline,
                "terms": (*decision.terms, Term(on=fact.on, deadline=fact.new_deadline)),
                "extensions": _changed(decision.extensions, fact.number, status=ExtensionStatus.GRANTED),
            }
        case ExtensionRefused():
            ended = _changed(
                decision.extensions, fact.number, status=ExtensionStatus.REFUSED, refused_reason=fact.reason
            )
            return {"extensions": ended}
        case _:
            assert_never(fact)


def _changed(extensions: Iterable[Extension], number: int, **change: object) -> tuple[Extension, ...]:
    return tuple(each.model_copy(update=change) if each.number == number else each for each in extensions)


DECIDER = Decider(
    kind="decision",
    label="议定事项",
    facts=get_args(DecisionFact),
    initial=Decision(),
    evolve=evolving(changes),
    changes=changes,
)
