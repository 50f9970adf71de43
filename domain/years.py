"""A pair's year: plan, assessment, the leaders' agenda, and the meeting it owed (三(一), 二; R-032, R-086, R-087, R-099).

A year needs nobody to open it: whatever is recorded first of it begins it. Its subject's id is the year.
"""

from collections.abc import Sequence
from datetime import date
from typing import assert_never, get_args

from pydantic import Field

from domain import annual, consent, refusals, wording
from domain.decider import Command, Decider, Fact, Side, Signatory, Value, not_before


class OutsideTheYear(refusals.Refusal):
    """业务日期不属于这一年度。"""

    remedy = "请核对年度和文件、会议的日期。"


class YearNotOver(refusals.Refusal):
    """年度尚未结束，不能认定未召开会议。"""

    requirement = "R-032"


class NotScored(refusals.Refusal):
    """上级工会尚未对该年度评分。"""

    requirement = "R-087"


class HistoryNotKnown(refusals.Refusal):
    """以往会议的情况尚未确认，结对登记以前的年度不能认定。"""

    requirement = "R-028"
    remedy = "请双方声明此前无会议，或完成历史资料的补录。"


class YearPlanIncluded(Fact):
    topic = "year.plan_included"
    label = "纳入政府年度重点工作计划"

    number: str
    title: str
    reason: str


class YearAssessmentIncluded(Fact):
    topic = "year.assessment_included"
    label = "纳入工会工作考核"

    number: str
    title: str
    upper_union: str
    reason: str


class YearLeadershipDiscussed(Fact):
    topic = "year.leadership_discussed"
    label = "摆上重要议事日程"

    side: Side
    body: str
    document: str


class YearDutyMissed(Fact):
    """``not_counted``: special meetings held in the year where the parameters say that they do not count."""

    topic = "year.duty_missed"
    label = "全年未召开会议"

    not_counted: tuple[str, ...]
    special_counts: bool


class YearScoreReceived(Fact):
    topic = "year.score_received"
    label = "收到考核评分"

    upper: str
    score: str
    scheme_version: int
    total: int
    given_on: date
    upper_position: int
    upper_hash: str


class RecordPlanInclusion(Command):
    """登记把联席会议纳入政府年度重点工作计划的文件；业务日期是文件日期。再次登记是更正，须写明原因。"""

    number: wording.Line = Field(title="文号", examples=["芮政发〔2025〕2号"])
    title: wording.Line = Field(title="文件名称", examples=["2025年政府重点工作安排"])
    reason: wording.Line = Field(default="", title="更正原因")


class RecordAssessmentInclusion(Command):
    """登记把联席会议纳入工会工作考核的方案；业务日期是文件日期。再次登记是更正，须写明原因。"""

    number: wording.Line = Field(title="考核方案文号", examples=["运工发〔2025〕5号"])
    title: wording.Line = Field(title="考核方案名称", examples=["2025年度县（市、区）总工会工作考核方案"])
    upper_union: wording.Name = Field(title="制定方案的上级工会", examples=["运城市总工会"])
    reason: wording.Line = Field(default="", title="更正原因")


class RecordLeadershipDiscussion(Command):
    """登记本方领导班子研究联席会议工作的会议；业务日期是开会日期。"""

    side: Side = Field(title="哪一方")
    body: wording.Name = Field(title="研究的会议", examples=["县政府常务会议", "县总工会党组会议"])
    document: wording.Line = Field(title="会议纪要或记录的文号", examples=["〔2025〕第3次"])


class ReceiveScore(Command):
    """把上级工会对本年度的评分记入本单位的台账，注明其在上级台账中的位置。"""


class CloseYear(Command):
    """年度结束后认定应开而未开联席会议；由系统时钟办理。"""


class GivenScore(Value):
    """The score as the upper pair's ledger holds it."""

    upper: str
    score: str
    scheme_version: int
    total: int
    given_on: date
    upper_position: int
    upper_hash: str


class Inclusion(Value):
    """The document by which the conference entered a plan or an assessment."""

    number: str
    title: str
    on: date
    upper_union: str = ""
    corrections: int = 0


class Discussion(Value):
    """One discussion by one side's leaders."""

    side: Side
    body: str
    document: str
    on: date


class Sitting(Value):
    """A meeting that was held, as far as the yearly duty is concerned. An irregular one was held all the same."""

    id: str
    held_on: date
    special: bool = False
    irregular: bool = False


class Term(Value):
    """Years in which a meeting was owed; both are inclusive, and ``last`` is None while it goes on."""

    first: int
    last: int | None = None


class Duty(Value):
    """What the year's rules need to know of its pair; without ``terms`` it owes no meeting at all."""

    terms: tuple[Term, ...] = ()
    registered_on: date | None = None
    history_known: bool = False
    held: tuple[Sitting, ...] = ()
    special_counts: bool = True


class Year(Value):
    """What is known of a pair's year; blank until something is recorded."""

    id: str = ""
    plan: Inclusion | None = None
    assessment: Inclusion | None = None
    discussions: tuple[Discussion, ...] = ()
    duty_missed_on: date | None = None
    score: GivenScore | None = None

    @property
    def silent_sides(self) -> tuple[Side, ...]:
        """The sides whose leaders have not discussed the conference this year (R-099)."""
        spoken = {each.side for each in self.discussions}
        return tuple(side for side in Side if side not in spoken)


def terms_owed(
    regimes: Sequence[tuple[date, date | None]], *, mandatory: bool, counts_until: tuple[int, int]
) -> tuple[Term, ...]:
    """Give the years in which a pair owes a meeting (R-003, R-005, R-032, A1).

    A voluntary pair owes the years in which its regime was in force on ``counts_until`` (month, day): who adopts after it
    counts from the next year, and who leaves before it has not had the year to meet in. Who left still owed the rest.
    ``regimes``: first and last day of each, in their order.
    """
    if mandatory:
        return (Term(first=annual.FIRST_YEAR),)
    found = (_term(since, until, counts_until=counts_until) for since, until in regimes)
    return tuple(each for each in found if each.last is None or each.first <= each.last)


def _term(since: date, until: date | None, *, counts_until: tuple[int, int]) -> Term:
    late = (since.month, since.day) > counts_until
    first = max(since.year + late, annual.FIRST_YEAR)
    if until is None:
        return Term(first=first)
    early = (until.month, until.day) < counts_until
    return Term(first=first, last=until.year - early)


def owes(year: int, duty: Duty) -> bool:
    """Tell whether a pair owes a meeting in a year."""
    return any(each.first <= year and (each.last is None or year <= each.last) for each in duty.terms)


def counted(year: int, duty: Duty) -> list[Sitting]:
    """List the meetings of a year that satisfy its duty (A1); a cancelled one was not held."""
    return [
        each for each in duty.held if each.held_on.year == year and (duty.special_counts or not each.special)
    ]


def missed(year: int, duty: Duty, *, today: date) -> bool:
    """Tell whether an ended year owed a meeting and saw none, as far as the ledger can know it."""
    return today.year > year and owes(year, duty) and _history_known(year, duty) and not counted(year, duty)


def _history_known(year: int, duty: Duty) -> bool:
    # Of a year before the pair was registered the ledger says nothing until its history is known.
    return duty.history_known or (duty.registered_on is not None and year >= duty.registered_on.year)


YearCommand = (
    RecordPlanInclusion | RecordAssessmentInclusion | RecordLeadershipDiscussion | ReceiveScore | CloseYear
)


def decide(
    command: YearCommand, year: Year, *, by: Signatory, duty: Duty, given: GivenScore | None = None
) -> list["YearFact"]:
    """Decide what is recorded of a year.

    Raises: a Refusal of R-010, R-028, R-032, R-086, R-087 or R-099.
    """
    number = annual.number_of(year.id)
    match command:
        case RecordPlanInclusion():
            return _planned(command, year, by=by)
        case RecordAssessmentInclusion():
            return _assessed(command, year, by=by)
        case RecordLeadershipDiscussion():
            return _discussed(command, year, by=by)
        case ReceiveScore():
            return _received(command, year, by=by, given=given)
        case CloseYear():
            return _closed(command, year, by=by, duty=duty, number=number)
        case _:
            assert_never(command)


def _planned(command: RecordPlanInclusion, year: Year, *, by: Signatory) -> list["YearFact"]:
    _check_day(command.on, year, requirement="R-086", ahead=True)
    number, title = _document(command, requirement="R-086")
    if year.plan is not None:
        if (year.plan.number, year.plan.title, year.plan.on) == (number, title, command.on):
            return []
        wording.require(command.reason, what="更正原因", requirement="R-086", pointer="/reason")
    return [YearPlanIncluded(on=command.on, by=by, number=number, title=title, reason=command.reason)]


def _assessed(command: RecordAssessmentInclusion, year: Year, *, by: Signatory) -> list["YearFact"]:
    _check_day(command.on, year, requirement="R-087", ahead=True)
    number, title = _document(command, requirement="R-087")
    upper = wording.require(command.upper_union, what="上级工会", requirement="R-087", pointer="/upper_union")
    known = year.assessment
    if known is not None:
        if (known.number, known.title, known.upper_union, known.on) == (number, title, upper, command.on):
            return []
        wording.require(command.reason, what="更正原因", requirement="R-087", pointer="/reason")
    return [
        YearAssessmentIncluded(
            on=command.on, by=by, number=number, title=title, upper_union=upper, reason=command.reason
        )
    ]


def _document(
    command: RecordPlanInclusion | RecordAssessmentInclusion, *, requirement: str
) -> tuple[str, str]:
    number = wording.require(command.number, what="文号", requirement=requirement, pointer="/number")
    title = wording.require(command.title, what="文件名称", requirement=requirement, pointer="/title")
    return number, title


def _discussed(command: RecordLeadershipDiscussion, year: Year, *, by: Signatory) -> list["YearFact"]:
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-099", pointer="/side")
    _check_day(command.on, year, requirement="R-099", ahead=False)
    body = wording.require(command.body, what="研究的会议", requirement="R-099", pointer="/body")
    document = wording.require(command.document, what="文号", requirement="R-099", pointer="/document")
    said = Discussion(side=command.side, body=body, document=document, on=command.on)
    if said in year.discussions:
        return []
    return [YearLeadershipDiscussed(on=command.on, by=by, side=command.side, body=body, document=document)]


def _received(
    command: ReceiveScore, year: Year, *, by: Signatory, given: GivenScore | None
) -> list["YearFact"]:
    if given is None:
        raise NotScored(f"{year.id} 年度。", pointer="path:id")
    not_before(command.on, given.given_on, what="评分")
    # Where the upper ledger ends by now is no part of what was received before.
    here = {"upper_position": 0, "upper_hash": ""}
    if year.score is not None and year.score.model_copy(update=here) == given.model_copy(update=here):
        return []
    return [YearScoreReceived(on=command.on, by=by, **given.model_dump())]


def _check_day(on: date, year: Year, *, requirement: str, ahead: bool) -> None:
    # A plan or a scheme may be issued in the year before the one that it is for; a discussion of a year lies in it.
    allowed = {int(year.id), int(year.id) - 1} if ahead else {int(year.id)}
    if on.year not in allowed:
        raise OutsideTheYear(f"{year.id} 年度，业务日期 {on}。", requirement=requirement, pointer="/on")


def _closed(command: CloseYear, year: Year, *, by: Signatory, duty: Duty, number: int) -> list["YearFact"]:
    if command.on.year <= number:
        raise YearNotOver(f"{number} 年，业务日期 {command.on}。", pointer="/on")
    if year.duty_missed_on is not None:
        raise refusals.AlreadyDone(f"已于 {year.duty_missed_on} 认定。", requirement="R-032")
    if owes(number, duty) and not _history_known(number, duty):
        raise HistoryNotKnown(f"{number} 年。", pointer="path:id")
    if not missed(number, duty, today=command.on):
        return []
    held = tuple(each.id for each in duty.held if each.held_on.year == number)
    return [YearDutyMissed(on=command.on, by=by, not_counted=held, special_counts=duty.special_counts)]


YearFact = (
    YearPlanIncluded | YearAssessmentIncluded | YearLeadershipDiscussed | YearScoreReceived | YearDutyMissed
)


def evolve(year: Year, fact: YearFact) -> Year:
    """Fold one fact into a year."""
    match fact:
        case YearPlanIncluded():
            made = Inclusion(number=fact.number, title=fact.title, on=fact.on)
            return year.model_copy(update={"plan": _after(year.plan, made)})
        case YearAssessmentIncluded():
            made = Inclusion(number=fact.number, title=fact.title, on=fact.on, upper_union=fact.upper_union)
            return year.model_copy(update={"assessment": _after(year.assessment, made)})
        case YearLeadershipDiscussed():
            said = Discussion(side=fact.side, body=fact.body, document=fact.document, on=fact.on)
            return year.model_copy(update={"discussions": (*year.discussions, said)})
        case YearScoreReceived():
            return year.model_copy(
                update={"score": GivenScore.model_validate(fact.model_dump(exclude={"on", "by"}))}
            )
        case YearDutyMissed():
            return year.model_copy(update={"duty_missed_on": fact.on})
        case _:
            assert_never(fact)


def _after(earlier: Inclusion | None, made: Inclusion) -> Inclusion:
    if earlier is None:
        return made
    return made.model_copy(update={"corrections": earlier.corrections + 1})


def ended_years(duty: Duty, closed: Sequence[str], *, today: date) -> list[int]:
    """List the ended years that owed a meeting, saw none, and are not known as missed yet: the clock's work."""
    first = min((each.first for each in duty.terms), default=today.year)
    years = range(first, today.year)
    return [year for year in years if str(year) not in closed and missed(year, duty, today=today)]


DECIDER = Decider(kind="year", label="年度", facts=get_args(YearFact), initial=Year(), evolve=evolve)
