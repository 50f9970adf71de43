"""The rules with which a pair supports the conference: number, title, and how long they are in force (三(一), R-088)."""

from datetime import date
from typing import assert_never, get_args

from pydantic import Field

from domain import refusals, wording
from domain.decider import Command, Decider, Fact, Signatory, Value, not_before


class EndsBeforeItBegins(refusals.Refusal):
    """失效日期早于施行日期。"""

    requirement = "R-088"


class SupportingRuleRegistered(Fact):
    topic = "supporting_rule.registered"
    label = "登记配套制度"

    number: str
    title: str
    in_force_from: date
    in_force_until: date | None


class SupportingRuleRepealed(Fact):
    topic = "supporting_rule.repealed"
    label = "废止配套制度"

    last_day: date
    reason: str


class RegisterSupportingRule(Command):
    """登记一项配套制度；业务日期是印发日期。"""

    number: wording.Line = Field(title="文号", examples=["芮政办发〔2025〕12号"])
    title: wording.Line = Field(title="名称", examples=["联席会议议题征集办法"])
    in_force_from: date = Field(title="施行日期")
    in_force_until: date | None = Field(
        default=None, title="失效日期", description="含当日；长期有效的不填。"
    )


class RepealSupportingRule(Command):
    """废止一项配套制度。"""

    last_day: date = Field(title="有效的最后一日")
    reason: wording.Line = Field(title="原因或废止文件的文号")


class SupportingRule(Value):
    """One supporting rule; both days are inclusive."""

    id: str = ""
    number: str = ""
    title: str = ""
    in_force_from: date | None = None
    in_force_until: date | None = None
    issued_on: date | None = None
    repealed_on: date | None = None
    reason: str = ""

    def in_force(self, on: date) -> bool:
        """Whether it applied on a local date."""
        begun = self.in_force_from is not None and self.in_force_from <= on
        return begun and (self.in_force_until is None or on <= self.in_force_until)


def decide(
    command: RegisterSupportingRule | RepealSupportingRule, rule: SupportingRule, *, by: Signatory
) -> list["SupportingRuleFact"]:
    """Register or repeal. Raises: TextMissing, EndsBeforeItBegins, NotFound, AlreadyDone (R-088)."""
    match command:
        case RegisterSupportingRule():
            return [_registered(command, rule, by=by)]
        case RepealSupportingRule():
            return [_repealed(command, rule, by=by)]
        case _:
            assert_never(command)


def _registered(
    command: RegisterSupportingRule, rule: SupportingRule, *, by: Signatory
) -> SupportingRuleRegistered:
    if rule.issued_on is not None:
        raise refusals.AlreadyDone(f"“{rule.title}”已登记。", requirement="R-088")
    number = wording.require(command.number, what="文号", requirement="R-088", pointer="/number")
    title = wording.require(command.title, what="名称", requirement="R-088", pointer="/title")
    if command.in_force_until is not None and command.in_force_until < command.in_force_from:
        raise EndsBeforeItBegins(pointer="/in_force_until")
    return SupportingRuleRegistered(
        on=command.on,
        by=by,
        number=number,
        title=title,
        in_force_from=command.in_force_from,
        in_force_until=command.in_force_until,
    )


def _repealed(
    command: RepealSupportingRule, rule: SupportingRule, *, by: Signatory
) -> SupportingRuleRepealed:
    if rule.issued_on is None or rule.in_force_from is None:
        raise refusals.NotFound("配套制度。", requirement="R-088")
    if rule.repealed_on is not None:
        raise refusals.AlreadyDone(f"已于 {rule.repealed_on} 废止。", requirement="R-088")
    not_before(command.on, rule.issued_on, what="印发")
    reason = wording.require(command.reason, what="原因", requirement="R-088", pointer="/reason")
    if command.last_day < rule.in_force_from:
        raise EndsBeforeItBegins(f"施行日期为 {rule.in_force_from}。", pointer="/last_day")
    return SupportingRuleRepealed(on=command.on, by=by, last_day=command.last_day, reason=reason)


SupportingRuleFact = SupportingRuleRegistered | SupportingRuleRepealed


def evolve(rule: SupportingRule, fact: SupportingRuleFact) -> SupportingRule:
    """Fold one fact into a supporting rule."""
    match fact:
        case SupportingRuleRegistered():
            taken = fact.model_dump(exclude={"on", "by"})
            return SupportingRule(id=rule.id, issued_on=fact.on, **taken)
        case SupportingRuleRepealed():
            ended = {"in_force_until": fact.last_day, "repealed_on": fact.on, "reason": fact.reason}
            return rule.model_copy(update=ended)
        case _:
            assert_never(fact)


DECIDER = Decider(
    kind="supporting_rule",
    label="配套制度",
    facts=get_args(SupportingRuleFact),
    initial=SupportingRule(),
    evolve=evolve,
)
