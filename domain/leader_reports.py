"""Reports to the leaders of both sides on how decisions are carried out (二(六), R-079).

A report keeps what each decision stood at on its day, so that it can be compared with what became of it.
"""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from domain import people, refusals, wording
from domain.decider import Capacity, Command, Decider, Fact, Signatory, Value, not_before


class BothSidesLeaders(refusals.Refusal):
    """汇报对象须包括政府方负责人（联系工会工作的负责人或主要负责同志）和工会主要负责人。"""

    requirement = "R-079"


class NothingReported(refusals.Refusal):
    """须写明所汇报的议定事项。"""

    requirement = "R-079"


class Recipient(Value):
    """A leader who was reported to, in the post held on that day."""

    post: str
    person: str
    title: str
    capacity: Capacity


class Standing(Value):
    """What a decision stood at on the day of the report."""

    decision: str
    status: str
    status_label: str
    percent: int
    deadline: date | None
    original_deadline: date | None


class Matter(Value):
    """What the rule needs of a decision: since when it is in force, and its standing on the day of the report."""

    established_on: date
    standing: Standing


class LeadersReported(Fact):
    topic = "leader_report.made"
    label = "向双方负责人汇报"

    recipients: tuple[Recipient, ...]
    decisions: tuple[Standing, ...]
    text: str


class ReportToLeaders(Command):
    """向政府和工会负责人汇报议定事项的落实情况；业务日期是汇报日期。"""

    recipients: tuple[wording.Code, ...] = Field(
        title="汇报对象的任职记录编号", min_length=1, max_length=20, description="至少政府方、工会方各一名。"
    )
    decisions: tuple[wording.Code, ...] = Field(title="所汇报的议定事项编号", max_length=200)
    text: wording.Prose = Field(title="汇报内容")


class LeaderReport(Value):
    """One report; blank until it was made."""

    id: str = ""
    on: date | None = None
    by: Signatory | None = None
    recipients: tuple[Recipient, ...] = ()
    decisions: tuple[Standing, ...] = ()
    text: str = ""

    def covers(self, decision: str) -> bool:
        """Whether it told how a decision stood."""
        return any(each.decision == decision for each in self.decisions)


GOVERNMENT = frozenset({Capacity.LIAISON_LEADER, Capacity.GOVERNMENT_PRINCIPAL})


def decide(
    command: ReportToLeaders,
    report: LeaderReport,
    *,
    by: Signatory,
    posts: Mapping[str, people.Post],
    matters: Mapping[str, Matter],
) -> list[LeadersReported]:
    """Record a report. ``matters`` are the pair's decisions by id, as they stood on the business date.

    Raises: BothSidesLeaders, NothingReported, NotFound, TextMissing, AlreadyDone (R-079), BeforeItsBasis.
    """
    if report.on is not None:
        raise refusals.AlreadyDone(requirement="R-079")
    told = [_recipient(command, place, posts) for place in range(len(command.recipients))]
    capacities = {each.capacity for each in told}
    if not capacities & GOVERNMENT or Capacity.UNION_PRINCIPAL not in capacities:
        raise BothSidesLeaders(pointer="/recipients")
    if not command.decisions:
        raise NothingReported(pointer="/decisions")
    listed = tuple(dict.fromkeys(command.decisions))
    strange = [each for each in listed if each not in matters]
    if strange:
        raise refusals.NotFound(f"议定事项 {'、'.join(strange)}。", requirement="R-079", pointer="/decisions")
    not_before(command.on, *(matters[each].established_on for each in listed), what="议定事项成立")
    said = wording.require(command.text, what="汇报内容", requirement="R-079", pointer="/text")
    return [
        LeadersReported(
            on=command.on,
            by=by,
            recipients=tuple(told),
            decisions=tuple(matters[each].standing for each in listed),
            text=said,
        )
    ]


def _recipient(command: ReportToLeaders, place: int, posts: Mapping[str, people.Post]) -> Recipient:
    post = posts.get(command.recipients[place])
    if post is None or not post.held_on(command.on):
        raise refusals.NotFound(
            "汇报对象的任职记录，或当日已不任职。", requirement="R-079", pointer=f"/recipients/{place}"
        )
    return Recipient(post=post.id, person=post.person, title=post.title, capacity=post.capacity)


def evolve(report: LeaderReport, fact: LeadersReported) -> LeaderReport:
    """Fold one fact into a report."""
    return LeaderReport(id=report.id, **{name: getattr(fact, name) for name in type(fact).model_fields})


DECIDER = Decider(
    kind="leader_report",
    label="向负责人汇报",
    facts=(LeadersReported,),
    initial=LeaderReport(),
    evolve=evolve,
)
