"""A correction of issued minutes: a document of its own, reviewed by both leaders, that refers to the old one.

The minutes stay as they were issued, to the byte. A correction rewords what a clause says, who answers for it and
how it is accepted; it never touches a decision's id, never its deadline (R-076), and ends none (R-078).
Source: 二(五); R-015 – R-017, R-068.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import assert_never, get_args

from pydantic import Field

from domain import consent, people, refusals, wording
from domain.chain import content_hash
from domain.decider import SIDES, Capacity, Command, Decider, Fact, Side, Signatory, Value, not_before
from domain.regulation import Disclosure


class Status(StrEnum):
    """Where a correction stands."""

    UNBORN = "unborn"
    DRAFTED = "drafted"
    RETURNED = "returned"
    APPROVED = "approved"
    ISSUED = "issued"


STATUS_LABELS = {
    Status.UNBORN: "未拟稿",
    Status.DRAFTED: "审定中",
    Status.RETURNED: "已退回",
    Status.APPROVED: "双方已审定",
    Status.ISSUED: "已印发",
}


class NotIssuedYet(refusals.Refusal):
    """只能更正已经印发的会议纪要；印发之前请修改纪要稿。"""

    requirement = "R-068"


class NothingCorrected(refusals.Refusal):
    """更正须写明改后的文字，且与现行的不同。"""

    requirement = "R-068"


class NotOfTheseMinutes(refusals.Refusal):
    """所更正的议定事项不出自该会议纪要，或重复列出。"""

    requirement = "R-068"


class NotToBeCorrected(refusals.Refusal):
    """该议定事项目前不能更正。"""

    requirement = "R-068"
    remedy = "完成时限请申请延期（R-076）；终止或替代须由以后的会议议定（R-078）。"


class NotAReviewer(refusals.Refusal):
    """更正由会议主持人或政府联系工会工作的负责人、工会主要负责人审定。"""

    requirement = "R-068"


class NotReviewed(refusals.Refusal):
    """现行的更正稿尚未经双方领导同志审定。"""

    requirement = "R-068"


class IssuedAlready(refusals.Refusal):
    """更正已经印发，不能再改。"""

    requirement = "R-068"
    remedy = "再有错漏的，请另行更正。"


class RecipientMissing(refusals.Refusal):
    """印发的文件至少有一个主送单位。"""

    requirement = "R-016"


class DisclosureMissing(refusals.Refusal):
    """印发前须确定公开属性。"""

    requirement = "R-017"


class Rewording(Value):
    """The new wording of one decision clause; what is left empty stays as it is."""

    decision: wording.Code = Field(title="议定事项编号")
    text: wording.Prose = Field(default="", title="改后的议定事项")
    acceptance: wording.Prose = Field(default="", title="改后的验收标准")
    leader: wording.Line = Field(default="", title="改后的责任领导")
    lead_units: tuple[wording.Code, ...] = Field(default=(), title="改后的牵头单位编号", max_length=10)
    cooperating_units: tuple[wording.Code, ...] | None = Field(
        default=None, title="改后的配合单位编号", max_length=30, description="不改的不填；空列表为不设。"
    )


class Content(Value):
    """What is reviewed and issued; it names the very bytes of the minutes that it corrects."""

    minutes: str
    minutes_number: str
    minutes_hash: str
    subject: str
    body: str
    clauses: tuple[Rewording, ...]
    reason: str


class Clause(Value):
    """How a decision of the minutes reads now, and whether it may still be reworded."""

    text: str
    acceptance: str
    leader: str
    lead_units: tuple[str, ...]
    cooperating_units: tuple[str, ...]
    disclosed: bool = True
    accepted: bool = False
    blocked: str = ""


class Original(Value):
    """What a correction needs to know of the minutes."""

    number: str = ""
    content_hash: str = ""
    issued_on: date | None = None
    recipients: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    clauses: Mapping[str, Clause] = Field(default_factory=dict)
    chair_person: str = ""
    chair_stand_ins: frozenset[tuple[str, str]] = frozenset()


class CorrectionDrafted(Fact):
    topic = "correction.drafted"
    label = "拟写纪要更正"

    version: int
    content: Content
    content_hash: str


class CorrectionApproved(Fact):
    topic = "correction.approved"
    label = "审定纪要更正"

    side: Side
    version: int
    content_hash: str


class CorrectionReturned(Fact):
    topic = "correction.returned"
    label = "退回纪要更正"

    side: Side
    version: int
    content_hash: str
    reason: str


class CorrectionApprovalVoided(Fact):
    topic = "correction.approval_voided"
    label = "先前对更正的审定失效"

    version: int
    content_hash: str


class CorrectionIssued(Fact):
    topic = "correction.issued"
    label = "印发纪要更正"

    minutes: str
    minutes_number: str
    number: str
    disclosure: Disclosure
    recipients: tuple[str, ...]
    copies: tuple[str, ...]
    content_hash: str


class DraftCorrection(Command):
    """拟写对已印发纪要的更正。"""

    minutes: wording.Code = Field(title="会议纪要编号", description="与会议编号相同。")
    subject: wording.Line = Field(title="更正何处", examples=["第三项议定事项的人数"])
    body: wording.Prose = Field(default="", title="正文改后的文字", description="只更正议定事项的不填。")
    clauses: tuple[Rewording, ...] = Field(default=(), title="改后的议定事项", max_length=100)
    reason: wording.Prose = Field(title="更正原因")


class ReviseCorrection(Command):
    """修改更正稿；修改后先前的审定失效。"""

    subject: wording.Line = Field(title="更正何处", examples=["第三项议定事项的人数"])
    body: wording.Prose = Field(default="", title="正文改后的文字")
    clauses: tuple[Rewording, ...] = Field(default=(), title="改后的议定事项", max_length=100)
    reason: wording.Prose = Field(title="更正原因")


class ReviewCorrection(Command):
    """双方领导同志审定或退回更正稿。"""

    side: Side = Field(title="代表哪一方")
    approve: bool = Field(title="同意印发")
    content_hash: wording.Code = Field(title="所审定内容的哈希")
    reason: wording.Prose = Field(default="", title="退回原因", description="退回时必填。")


class IssueCorrection(Command):
    """政府办公室印发更正，议定事项的文字随之更正。"""

    number: wording.Line = Field(title="发文字号", examples=["芮政办函〔2025〕15号"])
    disclosure: Disclosure | None = Field(default=None, title="公开属性")
    recipients: tuple[wording.Line, ...] | None = Field(
        default=None, title="主送", max_length=100, description="默认与原纪要相同。"
    )
    copies: tuple[wording.Line, ...] | None = Field(
        default=None, title="抄送", max_length=50, description="默认与原纪要相同。"
    )


class Correction(Value):
    """Everything the rules need to know of a correction."""

    id: str = ""
    status: Status = Status.UNBORN
    minutes: str = ""
    version: int = 0
    content: Content | None = None
    content_hash: str = ""
    drafted_on: date | None = None
    returned_on: date | None = None
    returned_reason: str = ""
    reviews: dict[Side, consent.Consent] = Field(default_factory=dict)
    number: str = ""
    disclosure: Disclosure | None = None
    recipients: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    issued_on: date | None = None


CorrectionCommand = DraftCorrection | ReviseCorrection | ReviewCorrection | IssueCorrection


def decide(
    command: CorrectionCommand,
    correction: Correction,
    *,
    by: Signatory,
    original: Original,
    units: Mapping[str, people.Unit],
) -> list["CorrectionFact"]:
    """Decide what a command on a correction leads to. ``original`` are the minutes that it corrects.

    Raises: a Refusal of R-016, R-017 or R-068.
    """
    if correction.status is Status.ISSUED:
        raise IssuedAlready(f"{correction.number}。")
    if correction.status is Status.UNBORN and not isinstance(command, DraftCorrection):
        raise refusals.NotFound("更正。", requirement="R-068")
    match command:
        case DraftCorrection():
            if correction.status is not Status.UNBORN:
                raise refusals.AlreadyDone(requirement="R-068")
            return _drafted(command, correction, command.minutes, by=by, original=original, units=units)
        case ReviseCorrection():
            return _drafted(command, correction, correction.minutes, by=by, original=original, units=units)
        case ReviewCorrection():
            return [_reviewed(command, correction, by=by, original=original)]
        case IssueCorrection():
            return [_issued(command, correction, by=by, original=original)]
        case _:
            assert_never(command)


def _drafted(
    command: DraftCorrection | ReviseCorrection,
    correction: Correction,
    minutes: str,
    *,
    by: Signatory,
    original: Original,
    units: Mapping[str, people.Unit],
) -> list["CorrectionFact"]:
    if original.issued_on is None:
        raise NotIssuedYet(pointer="/minutes" if isinstance(command, DraftCorrection) else "")
    not_before(command.on, original.issued_on, correction.drafted_on, what="纪要印发")
    not_before(command.on, correction.returned_on, what="退回")
    content = Content(
        minutes=minutes,
        minutes_number=original.number,
        minutes_hash=original.content_hash,
        subject=wording.require(command.subject, what="更正何处", requirement="R-068", pointer="/subject"),
        body="" if wording.is_blank(command.body) else command.body,
        clauses=command.clauses,
        reason=wording.require(command.reason, what="更正原因", requirement="R-068", pointer="/reason"),
    )
    if not content.body and not content.clauses:
        raise NothingCorrected(pointer="/clauses")
    _check(content, original, units)
    digest = content_hash(content.model_dump(mode="json"))
    if digest == correction.content_hash and correction.status is not Status.RETURNED:
        return []
    facts: list[CorrectionFact] = [
        CorrectionDrafted(
            on=command.on, by=by, version=correction.version + 1, content=content, content_hash=digest
        )
    ]
    if correction.reviews:
        facts.append(
            CorrectionApprovalVoided(
                on=command.on, by=by, version=correction.version, content_hash=correction.content_hash
            )
        )
    return facts


def _check(content: Content, original: Original, units: Mapping[str, people.Unit] | None = None) -> None:
    named = [clause.decision for clause in content.clauses]
    for index, clause in enumerate(content.clauses):
        place = f"/clauses/{index}"
        now = original.clauses.get(clause.decision)
        if now is None or named.count(clause.decision) > 1:
            raise NotOfTheseMinutes(f"“{clause.decision}”。", pointer=f"{place}/decision")
        if now.blocked:
            raise NotToBeCorrected(f"{clause.decision}{now.blocked}。", pointer=f"{place}/decision")
        becomes = reworded(now, clause)
        if becomes == now:
            raise NothingCorrected(f"{clause.decision}。", pointer=place)
        if now.accepted and becomes.lead_units != now.lead_units:
            raise NotToBeCorrected(f"{clause.decision}已由牵头单位签收。", pointer=f"{place}/lead_units")
        for unit in (*becomes.lead_units, *becomes.cooperating_units):
            if units is not None and unit not in units:
                raise refusals.NotFound(f"单位 {unit}。", requirement="R-068", pointer=f"{place}/lead_units")


def reworded(now: Clause, clause: Rewording) -> Clause:
    """Give how a decision reads once a rewording takes effect; what the rewording leaves empty stays."""
    change: dict[str, object] = {
        name: new
        for name in ("text", "acceptance", "leader")
        if not wording.is_blank(new := getattr(clause, name))
    }
    if clause.lead_units:
        change["lead_units"] = clause.lead_units
    if clause.cooperating_units is not None:
        change["cooperating_units"] = clause.cooperating_units
    return now.model_copy(update=change)


def _reviewed(
    command: ReviewCorrection, correction: Correction, *, by: Signatory, original: Original
) -> "CorrectionApproved | CorrectionReturned":
    if correction.status not in {Status.DRAFTED, Status.APPROVED}:
        raise refusals.WrongState(f"更正目前为“{STATUS_LABELS[correction.status]}”。", requirement="R-068")
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-068", pointer="/side")
    for_the_chair = (
        by.person == original.chair_person or (by.person, by.authority) in original.chair_stand_ins
    )
    entitled = {
        Side.GOVERNMENT: by.capacity is Capacity.LIAISON_LEADER or for_the_chair,
        Side.UNION: by.capacity is Capacity.UNION_PRINCIPAL,
    }
    if not entitled[command.side]:
        raise NotAReviewer(f"{by.title}。")
    if command.content_hash != correction.content_hash:
        raise consent.OtherContent(
            f"现行第 {correction.version} 版。", requirement="R-068", pointer="/content_hash"
        )
    not_before(command.on, correction.drafted_on, what="更正拟稿")
    other = correction.reviews.get(command.side.other)
    if other is not None and other.by.person == by.person:
        raise consent.OnePersonForBoth(requirement="R-068", pointer="/side")
    if not command.approve:
        return CorrectionReturned(
            on=command.on,
            by=by,
            side=command.side,
            version=correction.version,
            content_hash=correction.content_hash,
            reason=wording.require(command.reason, what="退回原因", requirement="R-068", pointer="/reason"),
        )
    if command.side in correction.reviews:
        raise consent.AlreadyConsented(requirement="R-068")
    return CorrectionApproved(
        on=command.on,
        by=by,
        side=command.side,
        version=correction.version,
        content_hash=correction.content_hash,
    )


def _issued(
    command: IssueCorrection, correction: Correction, *, by: Signatory, original: Original
) -> CorrectionIssued:
    if correction.content is None or correction.reviews.keys() != SIDES:
        raise NotReviewed(f"更正目前为“{STATUS_LABELS[correction.status]}”。")
    not_before(command.on, *(review.on for review in correction.reviews.values()), what="审定")
    # What was reviewed may have been claimed, closed or corrected otherwise in between.
    _check(correction.content, original)
    if command.disclosure is None:
        raise DisclosureMissing(pointer="/disclosure")
    recipients = original.recipients if command.recipients is None else command.recipients
    if not recipients:
        raise RecipientMissing(pointer="/recipients")
    return CorrectionIssued(
        on=command.on,
        by=by,
        minutes=correction.minutes,
        minutes_number=original.number,
        number=wording.require(command.number, what="发文字号", requirement="R-015", pointer="/number"),
        disclosure=command.disclosure,
        recipients=recipients,
        copies=original.copies if command.copies is None else command.copies,
        content_hash=correction.content_hash,
    )


CorrectionFact = (
    CorrectionDrafted | CorrectionApproved | CorrectionReturned | CorrectionApprovalVoided | CorrectionIssued
)


def evolve(correction: Correction, fact: CorrectionFact) -> Correction:
    """Fold one fact into a correction."""
    change: dict[str, object]
    match fact:
        case CorrectionDrafted():
            change = {
                "status": Status.DRAFTED,
                "minutes": fact.content.minutes,
                "version": fact.version,
                "content": fact.content,
                "content_hash": fact.content_hash,
                "drafted_on": fact.on,
                "reviews": {},
                "returned_reason": "",
            }
        case CorrectionApproved():
            given = consent.Consent(content_hash=fact.content_hash, by=fact.by, on=fact.on)
            reviews = {**correction.reviews, fact.side: given}
            change = {"reviews": reviews}
            if reviews.keys() == SIDES:
                change["status"] = Status.APPROVED
        case CorrectionReturned():
            change = {
                "status": Status.RETURNED,
                "returned_on": fact.on,
                "returned_reason": fact.reason,
                "reviews": {},
            }
        case CorrectionApprovalVoided():
            # The new draft has already emptied the reviews; this fact tells that some had been given.
            change = {}
        case CorrectionIssued():
            change = {
                "status": Status.ISSUED,
                "number": fact.number,
                "disclosure": fact.disclosure,
                "recipients": fact.recipients,
                "copies": fact.copies,
                "issued_on": fact.on,
            }
        case _:
            assert_never(fact)
    return correction.model_copy(update=change)


DECIDER = Decider(
    kind="correction",
    label="纪要更正",
    facts=get_args(CorrectionFact),
    initial=Correction(),
    evolve=evolve,
)
