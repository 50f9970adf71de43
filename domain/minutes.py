"""The minutes of one meeting: drafted from its outcomes, reviewed by both sides' leaders, issued, then fixed.

Source: 二(五); R-015, R-017, R-065 – R-067, R-069, R-070. The minutes carry the id of their meeting.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, assert_never, get_args

from pydantic import Field

from domain import consent, people, refusals, wording
from domain.chain import content_hash
from domain.decider import (
    SIDES,
    Capacity,
    Command,
    Decider,
    Fact,
    Side,
    Signatory,
    Value,
    evolving,
    latest,
    not_before,
    taken,
)
from domain.regulation import Category, Disclosure


class Status(StrEnum):
    """Where the minutes stand."""

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


class SittingNotClosed(refusals.Refusal):
    """会议结束之后才能拟写纪要。"""

    requirement = "R-065"


class OutcomesMissing(refusals.Refusal):
    """还有议程没有登记结果，不能拟写纪要。"""

    requirement = "R-064"


class ItemWithoutDecision(refusals.Refusal):
    """每一项议定的议程至少写明一件议定事项。"""

    requirement = "R-065"


class ClauseWithoutItem(refusals.Refusal):
    """每一件议定事项须出自一项且仅一项议定的议程。"""

    requirement = "R-065"


class NothingDecidedUnstated(refusals.Refusal):
    """没有议定事项的，纪要须写明“无议定事项”；有议定事项的不能这样写。"""

    requirement = "R-065"


class ClosuresUnnamed(refusals.Refusal):
    """会议议定终止或替代的以往事项，须逐件写入纪要。"""

    requirement = "R-078"


class DecisionIncomplete(refusals.Refusal):
    """议定事项的内容不完整。"""

    requirement = "R-070"
    remedy = (
        "须写明事项、类别、牵头单位，以及完成时限（长期事项写明汇报间隔）；缺责任领导或验收标准的写明原因。"
    )


class NotAReviewer(refusals.Refusal):
    """纪要由会议主持人或政府联系工会工作的负责人、工会主要负责人审定。"""

    requirement = "R-066"


class NotReviewed(refusals.Refusal):
    """现行的纪要稿尚未经双方领导同志审定。"""

    requirement = "R-067"
    remedy = "修改过的纪要，先前的审定失效，请双方重新审定（R-066）。"


class IssuedAlready(refusals.Refusal):
    """纪要已经印发，不能再改。"""

    requirement = "R-067"


class DisclosureMissing(refusals.Refusal):
    """印发前须确定公开属性。"""

    requirement = "R-017"


class NumberMissing(refusals.Refusal):
    """纪要须编号（〔年份〕N号或第N期）。"""

    requirement = "R-067"


class Clause(Value):
    """One numbered decision clause (R-070). Amounts in 分, deadlines are local dates."""

    item: wording.Code = Field(title="出自的议程事项")
    text: wording.Prose = Field(title="议定事项")
    category: Category = Field(title="内容类别")
    lead_units: tuple[wording.Code, ...] = Field(title="牵头单位编号", max_length=10)
    cooperating_units: tuple[wording.Code, ...] = Field(default=(), title="配合单位编号", max_length=30)
    deadline: date | None = Field(default=None, title="完成时限")
    long_term: bool = Field(default=False, title="长期事项")
    report_interval_months: Annotated[int, Field(ge=1, le=12)] | None = Field(
        default=None, title="汇报间隔（月）"
    )
    leader: wording.Line = Field(default="", title="责任领导")
    acceptance: wording.Prose = Field(default="", title="验收标准")
    reason: wording.Line = Field(default="", title="缺责任领导或验收标准的原因")
    amount: Annotated[int, Field(ge=0, le=10**15)] | None = Field(default=None, title="金额（分）")
    quantity: wording.Line = Field(default="", title="数量")


class Content(Value):
    """What is reviewed and issued."""

    title: str
    body: wording.Prose = Field(title="正文（听取、认为、强调）")
    clauses: tuple[Clause, ...] = Field(default=(), title="议定事项", max_length=100)
    closures: tuple[wording.Code, ...] = Field(default=(), title="终止或替代的以往事项编号", max_length=100)
    no_decisions: bool = Field(default=False, title="无议定事项")


class Sitting(Value):
    """What the minutes need to know of their meeting."""

    closed: bool = False
    closed_on: date | None = None
    held_on: date | None = None
    name: str = ""
    agenda: tuple[str, ...] = ()
    outcomes: Mapping[str, bool] = Field(default_factory=dict, description="item -> resolved")
    categories: Mapping[str, Category] = Field(default_factory=dict, description="topic -> its category")
    closures: Mapping[str, str] = Field(default_factory=dict, description="decision -> terminated|superseded")
    closing_items: frozenset[str] = frozenset()
    chair_person: str = ""
    chair_stand_ins: frozenset[tuple[str, str]] = frozenset()


class Review(Value):
    """One side's approval of one version."""

    content_hash: str
    by: Signatory
    on: date


class MinutesDrafted(Fact):
    topic = "minutes.drafted"
    label = "拟写会议纪要"

    meeting: str
    version: int
    content: Content
    content_hash: str


class MinutesApproved(Fact):
    topic = "minutes.approved"
    label = "审定会议纪要"

    side: Side
    version: int
    content_hash: str


class MinutesReturned(Fact):
    topic = "minutes.returned"
    label = "退回会议纪要"

    side: Side
    version: int
    content_hash: str
    reason: str


class MinutesApprovalVoided(Fact):
    topic = "minutes.approval_voided"
    label = "先前的审定失效"

    version: int
    content_hash: str


class MinutesIssued(Fact):
    topic = "minutes.issued"
    label = "印发会议纪要"

    number: str
    disclosure: Disclosure
    recipients: tuple[str, ...]
    copies: tuple[str, ...]
    content_hash: str
    decisions: tuple[str, ...]


class MinutesCorrected(Fact):
    """Another document corrects these minutes; what they say stays as it was issued (R-068)."""

    topic = "minutes.corrected"
    label = "纪要另有更正"

    correction: str
    number: str


class DraftMinutes(Command):
    """拟写或修改会议纪要；修改后先前的审定失效。"""

    body: wording.Prose = Field(title="正文（听取、认为、强调）")
    clauses: tuple[Clause, ...] = Field(default=(), title="议定事项", max_length=100)
    closures: tuple[wording.Code, ...] = Field(default=(), title="终止或替代的以往事项编号", max_length=100)
    no_decisions: bool = Field(default=False, title="无议定事项")


class ReviewMinutes(Command):
    """双方领导同志审定或退回会议纪要。"""

    side: Side = Field(title="代表哪一方")
    approve: bool = Field(title="同意印发")
    content_hash: wording.Code = Field(title="所审定内容的哈希")
    reason: wording.Prose = Field(default="", title="退回原因", description="退回时必填。")


class IssueMinutes(Command):
    """政府办公室印发会议纪要，议定事项随之生效。"""

    number: wording.Line = Field(default="", title="编号", examples=["芮政办纪〔2025〕4号", "第1期"])
    disclosure: Disclosure | None = Field(default=None, title="公开属性")
    recipients: tuple[wording.Line, ...] = Field(default=(), title="主送", max_length=100)
    copies: tuple[wording.Line, ...] | None = Field(
        default=None, title="抄送", max_length=50, description="默认抄送同级党委办、人大办、政协办。"
    )


class Minutes(Value):
    """Everything the rules need to know of minutes."""

    id: str = ""
    meeting: str = ""
    status: Status = Status.UNBORN
    since: date | None = None
    version: int = 0
    content: Content | None = None
    content_hash: str = ""
    drafted_on: date | None = None
    reviews: dict[Side, Review] = Field(default_factory=dict)
    returned_reason: str = ""
    number: str = ""
    disclosure: Disclosure | None = None
    recipients: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    issued_on: date | None = None
    decisions: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()


def decision_id(minutes: str, number: int) -> str:
    """Give the id, stable for ever, of the decision that a numbered clause establishes (R-069)."""
    return f"{minutes}-{number:02d}"


MinutesCommand = DraftMinutes | ReviewMinutes | IssueMinutes


def decide(
    command: MinutesCommand,
    minutes: Minutes,
    *,
    by: Signatory,
    sitting: Sitting,
    units: Mapping[str, people.Unit],
    default_copies: tuple[str, ...] = (),
) -> list["MinutesFact"]:
    """Decide what a command on minutes leads to.

    Raises: a Refusal of R-015 – R-017, R-064 – R-067, R-070 or R-078.
    """
    if minutes.status is Status.ISSUED:
        raise IssuedAlready(f"{minutes.number}。")
    match command:
        case DraftMinutes():
            return _drafted(command, minutes, by=by, sitting=sitting, units=units)
        case ReviewMinutes():
            return [_reviewed(command, minutes, by=by, sitting=sitting)]
        case IssueMinutes():
            return [_issued(command, minutes, by=by, default_copies=default_copies)]
        case _:
            assert_never(command)


def _drafted(
    command: DraftMinutes,
    minutes: Minutes,
    *,
    by: Signatory,
    sitting: Sitting,
    units: Mapping[str, people.Unit],
) -> list["MinutesFact"]:
    if not sitting.closed:
        raise SittingNotClosed
    not_before(command.on, sitting.closed_on, minutes.drafted_on, what="会议结束")
    not_before(command.on, minutes.since if minutes.status is Status.RETURNED else None, what="退回")
    open_items = [item for item in sitting.agenda if item not in sitting.outcomes]
    if open_items:
        raise OutcomesMissing(f"缺少结果：{'、'.join(open_items)}。")
    wording.require(command.body, what="纪要正文", requirement="R-065", pointer="/body")
    _check_clauses(command, sitting)
    for index, clause in enumerate(command.clauses):
        _check_clause(clause, index, sitting=sitting, units=units)
    title = f"{sitting.name}纪要"
    content = Content(
        title=title,
        **{name: getattr(command, name) for name in ("body", "clauses", "closures", "no_decisions")},
    )
    digest = content_hash(content.model_dump(mode="json"))
    if digest == minutes.content_hash and minutes.status is not Status.RETURNED:
        return []
    facts: list[MinutesFact] = [
        MinutesDrafted(
            on=command.on,
            by=by,
            meeting=minutes.id,
            version=minutes.version + 1,
            content=content,
            content_hash=digest,
        )
    ]
    if minutes.reviews:
        facts.append(
            MinutesApprovalVoided(
                on=command.on, by=by, version=minutes.version, content_hash=minutes.content_hash
            )
        )
    return facts


def _check_clauses(command: DraftMinutes, sitting: Sitting) -> None:
    resolved = {item for item, yes in sitting.outcomes.items() if yes}
    for index, clause in enumerate(command.clauses):
        if clause.item not in resolved:
            raise ClauseWithoutItem(f"“{clause.item}”不是议定的议程。", pointer=f"/clauses/{index}/item")
    named = set(command.closures)
    if named != set(sitting.closures) or len(named) != len(command.closures):
        listed = "、".join(sorted(sitting.closures)) or "（无）"
        raise ClosuresUnnamed(f"会议议定终止或替代：{listed}。", pointer="/closures")
    with_clause = {clause.item for clause in command.clauses}
    # What was resolved at C6 may be nothing but the end of earlier decisions; they are named as closures.
    satisfied = with_clause | (sitting.closing_items & {Category.C6.value})
    bare = sorted(resolved - satisfied)
    if bare:
        raise ItemWithoutDecision(f"没有议定事项的议程：{'、'.join(bare)}。", pointer="/clauses")
    if command.no_decisions == bool(command.clauses or command.closures):
        raise NothingDecidedUnstated(pointer="/no_decisions")


def _check_clause(clause: Clause, index: int, *, sitting: Sitting, units: Mapping[str, people.Unit]) -> None:
    place = f"/clauses/{index}"
    wording.require(clause.text, what="议定事项", requirement="R-070", pointer=f"{place}/text")
    if not clause.lead_units:
        raise DecisionIncomplete("没有牵头单位。", pointer=f"{place}/lead_units")
    for unit in (*clause.lead_units, *clause.cooperating_units):
        if unit not in units:
            raise DecisionIncomplete(f"单位 {unit} 没有登记。", pointer=f"{place}/lead_units")
    category = sitting.categories.get(clause.item, clause.category)
    if category is not clause.category:
        raise DecisionIncomplete(f"类别与议题不一致，应为{category.label}。", pointer=f"{place}/category")
    _check_term(clause, place, held_on=sitting.held_on)
    unstated = wording.is_blank(clause.leader) or wording.is_blank(clause.acceptance)
    if unstated and wording.is_blank(clause.reason):
        raise DecisionIncomplete("缺责任领导或验收标准，且没有写明原因。", pointer=f"{place}/reason")


def _check_term(clause: Clause, place: str, *, held_on: date | None) -> None:
    if clause.long_term:
        if clause.report_interval_months is None:
            raise DecisionIncomplete("长期事项没有汇报间隔。", pointer=f"{place}/report_interval_months")
        if clause.deadline is not None:
            raise DecisionIncomplete("长期事项不另定完成时限。", pointer=f"{place}/deadline")
    elif clause.deadline is None:
        raise DecisionIncomplete("没有完成时限。", pointer=f"{place}/deadline", remedy=_proposed(held_on))
    elif held_on is not None and clause.deadline < held_on:
        raise DecisionIncomplete("完成时限早于会议召开日。", pointer=f"{place}/deadline")


def _proposed(held_on: date | None) -> str:
    # A12: the end of the year or the next meeting, whichever comes first; nobody knows the latter's day yet.
    end = f"可拟为 {held_on.year}-12-31" if held_on is not None else "可拟为当年12月31日"
    return f"{end}，或预计下次会议之前，以早者为准；长期事项请写明汇报间隔。"


def _reviewed(
    command: ReviewMinutes, minutes: Minutes, *, by: Signatory, sitting: Sitting
) -> "MinutesApproved | MinutesReturned":
    if minutes.status not in {Status.DRAFTED, Status.APPROVED}:
        raise refusals.WrongState(f"纪要目前为“{STATUS_LABELS[minutes.status]}”。", requirement="R-066")
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-066", pointer="/side")
    for_the_chair = by.person == sitting.chair_person or (by.person, by.authority) in sitting.chair_stand_ins
    entitled = {
        Side.GOVERNMENT: by.capacity is Capacity.LIAISON_LEADER or for_the_chair,
        Side.UNION: by.capacity is Capacity.UNION_PRINCIPAL,
    }
    if not entitled[command.side]:
        raise NotAReviewer(f"{by.title}。")
    if command.content_hash != minutes.content_hash:
        raise consent.OtherContent(
            f"现行第 {minutes.version} 版。", requirement="R-066", pointer="/content_hash"
        )
    not_before(command.on, minutes.drafted_on, what="纪要拟稿")
    other = minutes.reviews.get(command.side.other)
    if other is not None and other.by.person == by.person:
        raise consent.OnePersonForBoth(requirement="R-066", pointer="/side")
    named = {"on": command.on, "by": by, "side": command.side, "version": minutes.version}
    if not command.approve:
        reason = wording.require(command.reason, what="退回原因", requirement="R-066", pointer="/reason")
        return MinutesReturned.model_validate(
            {**named, "content_hash": minutes.content_hash, "reason": reason}
        )
    if command.side in minutes.reviews:
        raise consent.AlreadyConsented(requirement="R-066")
    return MinutesApproved.model_validate({**named, "content_hash": minutes.content_hash})


def _issued(
    command: IssueMinutes, minutes: Minutes, *, by: Signatory, default_copies: tuple[str, ...]
) -> MinutesIssued:
    if minutes.content is None or minutes.reviews.keys() != SIDES:
        raise NotReviewed(f"纪要目前为“{STATUS_LABELS[minutes.status]}”。")
    not_before(command.on, *(review.on for review in minutes.reviews.values()), what="审定")
    if not command.number:
        raise NumberMissing(pointer="/number")
    if command.disclosure is None:
        raise DisclosureMissing(pointer="/disclosure")
    return MinutesIssued(
        on=command.on,
        by=by,
        number=command.number,
        disclosure=command.disclosure,
        recipients=command.recipients,
        copies=default_copies if command.copies is None else command.copies,
        content_hash=minutes.content_hash,
        decisions=tuple(decision_id(minutes.id, n) for n, _ in enumerate(minutes.content.clauses, start=1)),
    )


MinutesFact = (
    MinutesDrafted
    | MinutesApproved
    | MinutesReturned
    | MinutesApprovalVoided
    | MinutesIssued
    | MinutesCorrected
)


def changes(minutes: Minutes, fact: MinutesFact) -> dict[str, object]:
    """Tell what one fact changes of the minutes."""
    change: dict[str, object]
    match fact:
        case MinutesDrafted():
            change = {
                "status": Status.DRAFTED,
                "meeting": fact.meeting,
                "version": fact.version,
                "content": fact.content,
                "content_hash": fact.content_hash,
                "drafted_on": fact.on,
                "reviews": {},
                "returned_reason": "",
            }
        case MinutesApproved():
            given = taken(Review, fact)
            reviews = {**minutes.reviews, fact.side: given}
            change = {"reviews": reviews}
            if reviews.keys() == SIDES:
                change["status"] = Status.APPROVED
        case MinutesReturned():
            change = {"status": Status.RETURNED, "returned_reason": fact.reason, "reviews": {}}
        case MinutesApprovalVoided():
            # The new draft has already emptied the reviews; this fact tells that some had been given.
            change = {}
        case MinutesIssued():
            change = {
                "status": Status.ISSUED,
                "number": fact.number,
                "disclosure": fact.disclosure,
                "recipients": fact.recipients,
                "copies": fact.copies,
                "issued_on": fact.on,
                "decisions": fact.decisions,
            }
        case MinutesCorrected():
            change = {"corrections": (*minutes.corrections, fact.number)}
        case _:
            assert_never(fact)
    if change.get("status", minutes.status) is not minutes.status:
        change["since"] = latest(minutes.since, fact.on)
    return change


DECIDER = Decider(
    kind="minutes",
    label="会议纪要",
    facts=get_args(MinutesFact),
    initial=Minutes(),
    evolve=evolving(changes),
    changes=changes,
)
