"""How a decision is carried out: supervisors, acceptance, plan, progress, claim and joint verification.

Source: 二(六), 一(六); R-072 – R-074, R-077.
"""

from collections.abc import Mapping
from typing import assert_never

from domain import consent, decisions, people, refusals, wording
from domain.decider import Capacity, Command, Side, Signatory, not_before


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


class NothingReturned(refusals.Refusal):
    """没有被退回的办结申请。"""

    requirement = "R-077"
    remedy = "正在核验的，请直接核验通过或退回。"


Carrying = (
    decisions.AssignSupervisors
    | decisions.AcceptDecision
    | decisions.SetPlan
    | decisions.ReportProgress
    | decisions.ClaimFulfilled
    | decisions.VerifyFulfilled
    | decisions.ReturnClaim
    | decisions.StateViewOnClaim
)


def decide(
    command: Carrying, decision: decisions.Decision, *, by: Signatory, posts: Mapping[str, people.Post]
) -> list[decisions.DecisionFact]:
    """Decide what a command on a decision leads to.

    ``posts`` are the pair's posts by id. Raises: a Refusal of R-072 – R-074 or R-077.
    """
    decisions.must_be_open(decision, on=command.on, requirement=CLOSED_REQUIREMENT[type(command)])
    match command:
        case decisions.AssignSupervisors():
            return [_supervised(command, decision, by=by, posts=posts)]
        case decisions.AcceptDecision():
            return [_accepted(command, decision, by=by)]
        case decisions.SetPlan():
            return [_planned(command, decision, by=by)]
        case decisions.ReportProgress():
            return [_progress(command, decision, by=by)]
        case decisions.ClaimFulfilled():
            return [_claimed(command, decision, by=by)]
        case decisions.VerifyFulfilled():
            return _verified(command, decision, by=by)
        case decisions.ReturnClaim():
            return [_returned(command, decision, by=by)]
        case decisions.StateViewOnClaim():
            return [_stated(command, decision, by=by)]
        case _:
            assert_never(command)


CLOSED_REQUIREMENT: dict[type[Command], str] = {
    decisions.AssignSupervisors: "R-072",
    decisions.AcceptDecision: "R-073",
    decisions.SetPlan: "R-073",
    decisions.ReportProgress: "R-074",
    decisions.ClaimFulfilled: "R-077",
    decisions.VerifyFulfilled: "R-077",
    decisions.ReturnClaim: "R-077",
    decisions.StateViewOnClaim: "R-077",
}


def _supervised(
    command: decisions.AssignSupervisors,
    decision: decisions.Decision,
    *,
    by: Signatory,
    posts: Mapping[str, people.Post],
) -> decisions.SupervisorsAssigned:
    found = {Side.GOVERNMENT: posts.get(command.government_post), Side.UNION: posts.get(command.union_post)}
    named: dict[Side, decisions.Supervisor] = {}
    for side, post in found.items():
        pointer = f"/{side.value}_post"
        if post is None or not post.held_on(command.on):
            raise refusals.NotFound(f"{side.label}督办人的任职记录。", requirement="R-072", pointer=pointer)
        if post.capacity is Capacity.DEPARTMENT and post.unit in decision.lead_units:
            raise OneSupervisorEachSide(f"{post.title}在牵头单位任职，不能督办本单位。", pointer=pointer)
        if post.side is not side:
            raise OneSupervisorEachSide(f"{post.title}不属于{side.label}。", pointer=pointer)
        named[side] = decisions.Supervisor(person=post.person, title=post.title, post=post.id)
    if named[Side.GOVERNMENT].person == named[Side.UNION].person:
        raise OneSupervisorEachSide("双方的督办人是同一人。")
    return decisions.SupervisorsAssigned(
        on=command.on, by=by, government=named[Side.GOVERNMENT], union=named[Side.UNION]
    )


def lead_only(unit: str, decision: decisions.Decision, by: Signatory, *, requirement: str) -> None:
    if unit not in decision.lead_units or by.unit != unit:
        raise NotTheLeadUnit(
            f"牵头单位：{'、'.join(decision.lead_units)}。", requirement=requirement, pointer="/unit"
        )


def _accepted(
    command: decisions.AcceptDecision, decision: decisions.Decision, *, by: Signatory
) -> decisions.DecisionAccepted:
    lead_only(command.unit, decision, by, requirement="R-073")
    if decision.status is decisions.Status.ESTABLISHED:
        raise refusals.WrongState("尚未明确督办人。", requirement="R-072")
    if command.unit in decision.accepted_units:
        raise refusals.AlreadyDone(f"已于 {decision.accepted_on} 签收。", requirement="R-073")
    if decision.status is decisions.Status.CLAIMED:
        raise refusals.WrongState("已申请办结，正在核验。", requirement="R-073")
    not_before(command.on, decision.since, what="明确督办人")
    return decisions.DecisionAccepted(on=command.on, by=by, unit=command.unit)


def _must_be_accepted(decision: decisions.Decision, *, requirement: str) -> None:
    if decision.accepted_on is None:
        raise refusals.WrongState("牵头单位尚未签收。", requirement=requirement)


def _planned(command: decisions.SetPlan, decision: decisions.Decision, *, by: Signatory) -> decisions.PlanSet:
    lead_only(command.unit, decision, by, requirement="R-073")
    _must_be_accepted(decision, requirement="R-073")
    not_before(command.on, decision.accepted_on, what="签收")
    for index, milestone in enumerate(command.milestones):
        if decision.deadline is not None and milestone.due > decision.deadline:
            raise MilestoneTooLate(f"完成时限是 {decision.deadline}。", pointer=f"/milestones/{index}/due")
        earlier = command.milestones[index - 1] if index else None
        if earlier is not None and (milestone.due <= earlier.due or milestone.percent <= earlier.percent):
            raise MilestoneTooLate("节点须按日期和进度递增。", pointer=f"/milestones/{index}")
    return decisions.PlanSet(on=command.on, by=by, milestones=command.milestones)


def _progress(
    command: decisions.ReportProgress, decision: decisions.Decision, *, by: Signatory
) -> decisions.DecisionProgressReported:
    _must_be_accepted(decision, requirement="R-073")
    offices = {Capacity.GOVERNMENT_OFFICE, Capacity.UNION_OFFICE}
    responsible = {*decision.lead_units, *decision.cooperating_units}
    if command.unit not in responsible or (by.unit != command.unit and by.capacity not in offices):
        raise NotAResponsibleUnit(f"{by.title}。", pointer="/unit")
    if decision.status is decisions.Status.CLAIMED:
        raise refusals.WrongState("已申请办结，正在核验。", requirement="R-074")
    not_before(command.on, decision.accepted_on, decision.last_report_on, what="签收或上次汇报")
    said = wording.require(command.text, what="进展情况", requirement="R-074", pointer="/text")
    if wording.is_blank(command.evidence):
        raise EvidenceMissing(pointer="/evidence")
    if command.percent < decision.percent and wording.is_blank(command.reason):
        raise ProgressFell(f"上次汇报为 {decision.percent}%。", pointer="/reason")
    return decisions.DecisionProgressReported(
        on=command.on,
        by=by,
        unit=command.unit,
        percent=command.percent,
        text=said,
        evidence=command.evidence,
        reason=command.reason,
    )


def _claimed(
    command: decisions.ClaimFulfilled, decision: decisions.Decision, *, by: Signatory
) -> decisions.FulfilmentClaimed:
    lead_only(command.unit, decision, by, requirement="R-077")
    _must_be_accepted(decision, requirement="R-077")
    if decision.status is decisions.Status.CLAIMED:
        raise refusals.AlreadyDone("正在核验。", requirement="R-077")
    not_before(command.on, decision.since, decision.last_report_on, command.fulfilled_on, what="办结日期")
    # What a meeting decided may well be done before its minutes are issued, but not before the meeting.
    not_before(command.fulfilled_on, decision.decided_on, what="会议议定")
    if decision.percent < decisions.COMPLETE:
        not_before(command.fulfilled_on, decision.last_report_on, what="上次汇报（未完成）")
    said = wording.require(command.text, what="完成情况", requirement="R-077", pointer="/text")
    proof = wording.require(command.evidence, what="佐证", requirement="R-077", pointer="/evidence")
    return decisions.FulfilmentClaimed(
        on=command.on,
        by=by,
        unit=command.unit,
        fulfilled_on=command.fulfilled_on,
        text=said,
        evidence=proof,
    )


Viewing = decisions.VerifyFulfilled | decisions.ReturnClaim | decisions.StateViewOnClaim


def _check_verifier(
    command: decisions.VerifyFulfilled | decisions.ReturnClaim, decision: decisions.Decision, by: Signatory
) -> decisions.Claim:
    if decision.claim is None or decision.status is not decisions.Status.CLAIMED:
        raise NotClaimed
    _check_viewer(command, decision.claim, by)
    return decision.claim


def _check_viewer(command: Viewing, claim: decisions.Claim, by: Signatory) -> None:
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-077", pointer="/side")
    if by.person == claim.by.person:
        raise VerifierIsClaimant(f"{by.title}。")
    not_before(command.on, claim.on, what="申请办结")


def _verified(
    command: decisions.VerifyFulfilled, decision: decisions.Decision, *, by: Signatory
) -> list[decisions.DecisionFact]:
    claim = _check_verifier(command, decision, by)
    if command.side in decision.verified:
        raise consent.AlreadyConsented(requirement="R-077")
    other = decision.verified.get(command.side.other)
    if other is not None and other.by.person == by.person:
        raise consent.OnePersonForBoth(requirement="R-077", pointer="/side")
    facts: list[decisions.DecisionFact] = [
        decisions.FulfilmentVerified(on=command.on, by=by, side=command.side, opinion=command.opinion)
    ]
    if other is not None:
        on = max(command.on, other.on)
        facts.append(decisions.DecisionFulfilled(on=on, by=by, fulfilled_on=claim.fulfilled_on))
    return facts


def _returned(
    command: decisions.ReturnClaim, decision: decisions.Decision, *, by: Signatory
) -> decisions.ClaimReturned:
    _check_verifier(command, decision, by)
    other = decision.verified.get(command.side.other)
    if other is not None and other.by.person == by.person:
        raise consent.OnePersonForBoth(requirement="R-077", pointer="/side")
    reason = wording.require(command.reason, what="退回原因", requirement="R-077", pointer="/reason")
    return decisions.ClaimReturned(on=command.on, by=by, side=command.side, reason=reason)


def _stated(
    command: decisions.StateViewOnClaim, decision: decisions.Decision, *, by: Signatory
) -> decisions.ViewOnClaimStated:
    # The first return ends a claim at once; the other side is heard all the same, and ends nothing by it (A24).
    if decision.returned_claim is None:
        raise NothingReturned
    _check_viewer(command, decision.returned_claim, by)
    views = {each.side: each for each in decision.views_on_claim}
    if command.side in views:
        raise refusals.AlreadyDone(
            f"已于 {views[command.side].on} 说明。", requirement="R-077", pointer="/side"
        )
    other = views[command.side.other]
    if other.by.person == by.person:
        raise consent.OnePersonForBoth(requirement="R-077", pointer="/side")
    not_before(command.on, other.on, what="核验退回")
    text = command.text
    if command.verdict is decisions.Verdict.RETURNED:
        text = wording.require(text, what="退回原因", requirement="R-077", pointer="/text")
    return decisions.ViewOnClaimStated(
        on=command.on, by=by, side=command.side, verdict=command.verdict, text=text
    )
