"""How a decision is pressed: reminders, supervision sheets of rising colour, and more time.

Source: 二(六); R-075, R-076; conventions.md section 7.
"""

from datetime import date
from typing import assert_never

from domain import carrying_out, consent, decisions, refusals, wording
from domain.chain import content_hash
from domain.decider import SIDES, Capacity, Command, Side, Signatory, not_before


class NotAskedOfThem(refusals.Refusal):
    """催办和督办单发给牵头单位或配合单位。"""

    requirement = "R-075"


class AnswerDue(refusals.Refusal):
    """答复期限不得早于发出之日。"""

    requirement = "R-075"


class ColourTooStrong(refusals.Refusal):
    """督办单由蓝到黄（橙）再到红，前一单逾期未答复才能升级。"""

    requirement = "R-075"


class NoSuchSheet(refusals.Refusal):
    """没有这一序号的催办或督办单。"""

    requirement = "R-075"


class NotTheRecipient(refusals.Refusal):
    """由收件单位答复，发出的人不得自行答复。"""

    requirement = "R-075"


class AlreadyEscalated(refusals.Refusal):
    """该督办单逾期未答复，已经升级。"""

    requirement = "R-075"
    remedy = "请答复之后发出的督办单。"


class NothingToExtend(refusals.Refusal):
    """长期事项没有完成时限，不能申请延期。"""

    requirement = "R-076"


class DeadlineNotLater(refusals.Refusal):
    """拟延至的日期须晚于现行完成时限，且不早于申请之日。"""

    requirement = "R-076"


class NoRequest(refusals.Refusal):
    """没有正在办理的延期申请。"""

    requirement = "R-076"


class NotASupervisor(refusals.Refusal):
    """延期意见由该方的督办人提出，申请的人不得自行提出。"""

    requirement = "R-076"


class OpinionsMissing(refusals.Refusal):
    """双方督办人都提出意见之后，才能同意延期。"""

    requirement = "R-076"


class NotAGrantor(refusals.Refusal):
    """延期由政府联系工会工作的负责人和工会主要负责人同意。"""

    requirement = "R-076"


Pressing = (
    decisions.Remind
    | decisions.AnswerReminder
    | decisions.Escalate
    | decisions.AnswerEscalation
    | decisions.RequestExtension
    | decisions.StateExtensionOpinion
    | decisions.GrantExtension
    | decisions.RefuseExtension
)
REQUIREMENT: dict[type[Command], str] = {
    decisions.Remind: "R-075",
    decisions.AnswerReminder: "R-075",
    decisions.Escalate: "R-075",
    decisions.AnswerEscalation: "R-075",
    decisions.RequestExtension: "R-076",
    decisions.StateExtensionOpinion: "R-076",
    decisions.GrantExtension: "R-076",
    decisions.RefuseExtension: "R-076",
}
# The colour that must have stayed unanswered before a stronger one is sent.
WEAKER = {
    decisions.SheetColour.YELLOW: decisions.SheetColour.BLUE,
    decisions.SheetColour.RED: decisions.SheetColour.YELLOW,
}
GRANTORS = {Side.GOVERNMENT: Capacity.LIAISON_LEADER, Side.UNION: Capacity.UNION_PRINCIPAL}


def decide(command: Pressing, decision: decisions.Decision, *, by: Signatory) -> list[decisions.DecisionFact]:
    """Decide what a reminder, a sheet, an answer or a step of an extension leads to.

    Raises: a Refusal of R-075 or R-076.
    """
    decisions.must_be_open(decision, on=command.on, requirement=REQUIREMENT[type(command)])
    match command:
        case decisions.Remind():
            return [_reminded(command, decision, by=by)]
        case decisions.Escalate():
            return [_escalated(command, decision, by=by)]
        case decisions.AnswerReminder() | decisions.AnswerEscalation():
            return [_answered(command, decision, by=by)]
        case decisions.RequestExtension():
            return [_requested(command, decision, by=by)]
        case decisions.StateExtensionOpinion():
            return [_opinion(command, decision, by=by)]
        case decisions.GrantExtension():
            return _granted(command, decision, by=by)
        case decisions.RefuseExtension():
            return [_refused(command, decision, by=by)]
        case _:
            assert_never(command)


# --- reminders and sheets ------------------------------------------------------------------------------------------


def _addressed(
    command: decisions.Remind | decisions.Escalate, decision: decisions.Decision, *, what: str
) -> str:
    if command.recipient not in decision.responsible:
        raise NotAskedOfThem(f"牵头、配合单位：{'、'.join(decision.responsible)}。", pointer="/recipient")
    if command.answer_by < command.on:
        raise AnswerDue(f"发出日期是 {command.on}。", pointer="/answer_by")
    return wording.require(command.text, what=what, requirement="R-075", pointer="/text")


def _reminded(
    command: decisions.Remind, decision: decisions.Decision, *, by: Signatory
) -> decisions.DecisionReminded:
    return decisions.DecisionReminded(
        text=_addressed(command, decision, what="催办内容"),
        on=command.on,
        by=by,
        number=len(decision.sheets) + 1,
        recipient=command.recipient,
        answer_by=command.answer_by,
    )


def _escalated(
    command: decisions.Escalate, decision: decisions.Decision, *, by: Signatory
) -> decisions.DecisionEscalated:
    said = _addressed(command, decision, what="督办内容")
    return decisions.DecisionEscalated(
        on=command.on,
        by=by,
        number=len(decision.sheets) + 1,
        colour=command.colour,
        recipient=command.recipient,
        text=said,
        answer_by=command.answer_by,
        follows=_unanswered(command, decision),
    )


def _unanswered(command: decisions.Escalate, decision: decisions.Decision) -> int:
    # What is unanswered is the last sheet to that very unit: an answer or a new blue sheet begins anew.
    weaker = WEAKER.get(command.colour)
    if weaker is None:
        return 0
    sent = [each for each in decision.sheets if each.colour and each.recipient == command.recipient]
    last = sent[-1] if sent else None
    if last is None or last.colour is not weaker:
        found = f"最近一单是“{last.colour}”" if last is not None else "尚未发过督办单"
        raise ColourTooStrong(f"{found}，发“{command.colour}”单前须有“{weaker}”单。", pointer="/colour")
    if last.answered_on is not None:
        raise ColourTooStrong(f"“{weaker}”单已于 {last.answered_on} 答复。", pointer="/colour")
    if not last.overdue(command.on):
        raise ColourTooStrong(f"“{weaker}”单的答复期限是 {last.answer_by}，尚未逾期。", pointer="/colour")
    return last.number


def _answered(
    command: decisions.AnswerReminder | decisions.AnswerEscalation,
    decision: decisions.Decision,
    *,
    by: Signatory,
) -> decisions.ReminderAnswered | decisions.EscalationAnswered:
    sheet = decision.sheet(command.number)
    reminder = isinstance(command, decisions.AnswerReminder)
    if sheet is None or (sheet.colour is None) is not reminder:
        raise NoSuchSheet(f"第 {command.number} 号。", pointer="/number")
    if by.unit != sheet.recipient or by.person == sheet.by.person:
        raise NotTheRecipient(f"收件单位：{sheet.recipient}。")
    if sheet.answered_on is not None:
        raise refusals.AlreadyDone(f"已于 {sheet.answered_on} 答复。", requirement="R-075")
    # A stronger sheet says that there was no answer; it would be untrue if one were entered afterwards.
    later = next((each for each in decision.sheets if each.follows == sheet.number), None)
    if later is not None:
        raise AlreadyEscalated(f"第 {later.number} 号，{later.on}。", pointer="/number")
    not_before(command.on, sheet.on, what="发出")
    said = wording.require(command.text, what="答复", requirement="R-075", pointer="/text")
    kind = decisions.ReminderAnswered if reminder else decisions.EscalationAnswered
    return kind(on=command.on, by=by, number=sheet.number, unit=sheet.recipient, text=said)


# --- more time -----------------------------------------------------------------------------------------------------


def _not_while_claimed(decision: decisions.Decision) -> None:
    if decision.status is decisions.Status.CLAIMED:
        raise refusals.WrongState("已申请办结，正在核验。", requirement="R-076")


def _requested(
    command: decisions.RequestExtension, decision: decisions.Decision, *, by: Signatory
) -> decisions.ExtensionRequested:
    carrying_out.lead_only(command.unit, decision, by, requirement="R-076")
    if decision.deadline is None or decision.original_deadline is None:
        raise NothingToExtend
    if decision.status is decisions.Status.ESTABLISHED:
        raise refusals.WrongState("尚未明确督办人。", requirement="R-072")
    _not_while_claimed(decision)
    not_before(command.on, decision.terms[-1].on, what="现行完成时限确定")
    if command.new_deadline <= decision.deadline or command.new_deadline < command.on:
        raise DeadlineNotLater(f"现行完成时限是 {decision.deadline}。", pointer="/new_deadline")
    reason = wording.require(command.reason, what="延期原因", requirement="R-076", pointer="/reason")
    pending = decision.pending_extension
    number = len(decision.extensions) + 1
    return decisions.ExtensionRequested(
        on=command.on,
        by=by,
        number=number,
        replaces=pending.number if pending is not None else 0,
        unit=command.unit,
        deadline=decision.deadline,
        new_deadline=command.new_deadline,
        reason=reason,
        content_hash=_hash(decision, number, unit=command.unit, until=command.new_deadline, reason=reason),
    )


def _hash(decision: decisions.Decision, number: int, *, unit: str, until: date, reason: str) -> str:
    asked = {"decision": decision.id, "number": number, "unit": unit, "new_deadline": until, "reason": reason}
    return content_hash({**asked, "new_deadline": until.isoformat()})


def _pending(decision: decisions.Decision) -> decisions.Extension:
    pending = decision.pending_extension
    if pending is None:
        raise NoRequest
    _not_while_claimed(decision)
    return pending


def _opinion(
    command: decisions.StateExtensionOpinion, decision: decisions.Decision, *, by: Signatory
) -> decisions.ExtensionOpinionGiven:
    pending = _pending(decision)
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-076", pointer="/side")
    assigned = decision.supervisors.get(command.side)
    supervises = assigned is not None and assigned.person == by.person
    if by.person == pending.by.person or not (supervises or by.capacity is Capacity.SUPERVISOR):
        raise NotASupervisor(f"{by.title}。")
    _same(command.content_hash, pending)
    if command.side in pending.opinions:
        raise consent.AlreadyConsented(requirement="R-076")
    other = pending.opinions.get(command.side.other)
    if other is not None and other.by.person == by.person:
        raise consent.OnePersonForBoth(requirement="R-076", pointer="/side")
    not_before(command.on, pending.on, what="延期申请")
    said = wording.require(command.opinion, what="督办意见", requirement="R-076", pointer="/opinion")
    return decisions.ExtensionOpinionGiven(
        on=command.on,
        by=by,
        number=pending.number,
        side=command.side,
        stance=command.stance,
        opinion=said,
        content_hash=pending.consents.content_hash,
    )


def _same(digest: str, pending: decisions.Extension) -> None:
    if digest != pending.consents.content_hash:
        raise consent.OtherContent(
            f"现行第 {pending.number} 号延期申请。", requirement="R-076", pointer="/content_hash"
        )


def _must_grant(side: Side, by: Signatory) -> None:
    if by.side is not side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-076", pointer="/side")
    if by.capacity is not GRANTORS[side]:
        raise NotAGrantor(f"{by.title}。")


def _granted(
    command: decisions.GrantExtension, decision: decisions.Decision, *, by: Signatory
) -> list[decisions.DecisionFact]:
    pending = _pending(decision)
    _must_grant(command.side, by)
    if pending.opinions.keys() != SIDES:
        lacking = "、".join(side.label for side in Side if side not in pending.opinions)
        raise OpinionsMissing(f"尚缺：{lacking}督办人的意见。")
    consents = pending.consents
    consent.check(consents, side=command.side, content_hash=command.content_hash, by=by, requirement="R-076")
    not_before(command.on, *(each.on for each in pending.opinions.values()), what="督办人的意见")
    facts: list[decisions.DecisionFact] = [
        decisions.ExtensionGranted(
            on=command.on,
            by=by,
            number=pending.number,
            side=command.side,
            content_hash=consents.content_hash,
        )
    ]
    other = consents.given.get(command.side.other)
    # A request was only ever taken for a decision with a deadline.
    if other is not None and decision.deadline is not None and decision.original_deadline is not None:
        facts.append(
            decisions.DeadlineExtended(
                on=max(command.on, other.on),
                by=by,
                number=pending.number,
                original_deadline=decision.original_deadline,
                deadline=decision.deadline,
                new_deadline=pending.new_deadline,
            )
        )
    return facts


def _refused(
    command: decisions.RefuseExtension, decision: decisions.Decision, *, by: Signatory
) -> decisions.ExtensionRefused:
    pending = _pending(decision)
    _must_grant(command.side, by)
    not_before(command.on, pending.on, what="延期申请")
    reason = wording.require(command.reason, what="不同意的原因", requirement="R-076", pointer="/reason")
    return decisions.ExtensionRefused(
        on=command.on, by=by, number=pending.number, side=command.side, reason=reason
    )
