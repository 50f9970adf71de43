"""What the city sets: legal bases and their repeal, parameters, working-day calendars (引言, 施行; section 11).

One stream in the pair of a city, and in no other. Nothing here judges anybody: each pair is judged by what it has
itself adopted (``rulebook``), so what the city changes reaches no past day.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final, assert_never, get_args

from pydantic import Field

from domain import calendar, norms, refusals, regulation, wording
from domain.decider import Command, Decider, Fact, Signatory, Value, not_before

YEARS: Final = range(2003, 2101)
# Any common year: a day that only leap years have is no day of every year.
COMMON_YEAR: Final = 2025
DAYS_MAX: Final = 120


class NotTheCity(refusals.Refusal):
    """市级规则由设区的市的结对单位设定，其他结对单位只采用。"""

    remedy = "请由市政府办公室在市级结对单位办理；本单位用“采用市级规则”。"


class BasisKnown(refusals.Refusal):
    """该依据已经登记。"""

    requirement = "R-009"


class BasisUnknown(refusals.Refusal):
    """没有登记该依据，无从废止。"""

    requirement = "R-011"


class AlreadyRepealed(refusals.Refusal):
    """该依据已经废止。"""

    requirement = "R-011"


class RepealTooEarly(refusals.Refusal):
    """废止日期须晚于依据的施行日期。"""

    requirement = "R-011"


class Retroactive(refusals.Refusal):
    """参数不溯及既往：施行日期不得早于业务日期，也不得早于上一版本的施行日期。"""

    requirement = "R-081"


class Inconsistent(refusals.Refusal):
    """参数之间自相矛盾，或日期不是每年都有。"""

    requirement = "R-081"


class Incomplete(refusals.Refusal):
    """须写明全部参数；没有改变的，照写现行的值。"""

    requirement = "R-081"


class BadCalendar(refusals.Refusal):
    """放假、调休安排不合日历：放假的须是本年的周一至周五，上班的须是本年的周六、周日，且不得重复。"""

    requirement = "R-083"


class BasisRegistered(Fact):
    topic = "standards.basis_registered"
    label = "登记依据"

    basis: norms.LegalBasis


class BasisRepealed(Fact):
    topic = "standards.basis_repealed"
    label = "废止依据"

    repeal: norms.Repeal


class ParametersSet(Fact):
    topic = "standards.parameters_set"
    label = "设定参数"

    parameters: norms.ParameterSet


class CalendarPublished(Fact):
    topic = "standards.calendar_published"
    label = "公布工作日历"

    calendar: norms.WorkCalendar


class RegisterBasis(Command):
    """登记一件可以引用的依据（仅市级）；各结对单位采用之后方可引用。"""

    number: wording.Name = Field(title="依据文号", examples=["晋政办发〔2026〕12号"])
    title: wording.Name = Field(title="依据名称", examples=["关于进一步规范联席会议制度的通知"])
    in_force_from: date = Field(title="施行日期")
    link: wording.Link = Field(default="", title="出处")


class RepealBasis(Command):
    """登记依据的废止（仅市级）：自废止之日起不得引用，以其为唯一依据的单位须重新引用依据。"""

    number: wording.Name = Field(title="依据文号", examples=["运政办发〔2024〕7号"])
    repealed_on: date = Field(title="废止日期", description="自该日起不得引用。")
    document: wording.Line = Field(title="废止依据", examples=["运政办发〔2026〕3号"])


class SetParameters(Command):
    """设定全部参数，作为新的版本（仅市级）；不溯及既往，各结对单位采用之后按新版本判断。"""

    effective_from: date = Field(title="施行日期", description="不得早于业务日期。")
    parameters: regulation.Parameters = Field(title="参数")
    document: wording.Line = Field(title="依据文件", examples=["运政办函〔2026〕20号"])


class PublishCalendar(Command):
    """公布一年的放假和调休安排（仅市级）；同一年再次公布即为更正，须写明原因。"""

    year: int = Field(title="年份", ge=YEARS.start, le=YEARS.stop - 1, examples=[2027])
    off: tuple[date, ...] = Field(default=(), title="放假的周一至周五", max_length=DAYS_MAX)
    worked: tuple[date, ...] = Field(default=(), title="上班的周六、周日", max_length=DAYS_MAX)
    document: wording.Line = Field(title="来源文件", examples=["国办发明电〔2026〕7号"])
    reason: wording.Prose = Field(default="", title="更正原因")


class Standards(Value):
    """What a city has set so far."""

    id: str = ""
    bases: tuple[norms.LegalBasis, ...] = ()
    repeals: tuple[norms.Repeal, ...] = ()
    parameters: tuple[norms.ParameterSet, ...] = ()
    calendars: tuple[norms.WorkCalendar, ...] = ()

    @property
    def entries(self) -> tuple[norms.Norm, ...]:
        """Everything, in the order in which it was set."""
        found: list[norms.Norm] = [*self.bases, *self.repeals, *self.parameters, *self.calendars]
        return tuple(sorted(found, key=lambda each: each.entry))

    @property
    def next_entry(self) -> int:
        return len(self.entries) + 1


StandardsCommand = RegisterBasis | RepealBasis | SetParameters | PublishCalendar
StandardsFact = BasisRegistered | BasisRepealed | ParametersSet | CalendarPublished


def decide(
    command: StandardsCommand, known: Standards, *, by: Signatory, is_city: bool, since: date | None
) -> list[StandardsFact]:
    """Decide what a command on the city's standards leads to.

    Raises: a Refusal of R-009, R-011, R-081 or R-083.
    """
    requirement = {RegisterBasis: "R-009", RepealBasis: "R-011", SetParameters: "R-081"}
    if not is_city:
        raise NotTheCity(requirement=requirement.get(type(command), "R-083"))
    not_before(command.on, since, what="结对登记")
    match command:
        case RegisterBasis():
            return [_registered(command, known, by=by)]
        case RepealBasis():
            return [_repealed(command, known, by=by)]
        case SetParameters():
            return _set(command, known, by=by)
        case PublishCalendar():
            return _published(command, known, by=by)
        case _:
            assert_never(command)


def _registered(command: RegisterBasis, known: Standards, *, by: Signatory) -> BasisRegistered:
    for name in ("number", "title"):
        wording.require(getattr(command, name), what="文号和名称", requirement="R-009", pointer=f"/{name}")
    if _find(known, command.number) is not None:
        raise BasisKnown(f"{command.number}。", pointer="/number")
    basis = norms.LegalBasis(
        entry=known.next_entry,
        number=command.number,
        title=command.title,
        in_force_from=command.in_force_from,
        link=command.link,
    )
    return BasisRegistered(on=command.on, by=by, basis=basis)


def _find(known: Standards, number: str) -> date | None:
    """Give the day since which a registered basis is in force, None for one that nobody registered."""
    built_in = regulation.basis(number)
    if built_in is not None:
        return built_in.in_force_from
    return next((each.in_force_from for each in known.bases if each.number == number), None)


def _repealed(command: RepealBasis, known: Standards, *, by: Signatory) -> BasisRepealed:
    since = _find(known, command.number)
    if since is None:
        raise BasisUnknown(f"{command.number}。", pointer="/number")
    built_in = regulation.basis(command.number)
    if (built_in is not None and built_in.repealed_on is not None) or any(
        each.number == command.number for each in known.repeals
    ):
        raise AlreadyRepealed(f"{command.number}。", pointer="/number")
    if command.repealed_on <= since:
        raise RepealTooEarly(f"{command.number}自 {since} 起施行。", pointer="/repealed_on")
    wording.require(command.document, what="废止依据", requirement="R-011", pointer="/document")
    repeal = norms.Repeal(
        entry=known.next_entry,
        number=command.number,
        repealed_on=command.repealed_on,
        document=command.document,
    )
    return BasisRepealed(on=command.on, by=by, repeal=repeal)


def _set(command: SetParameters, known: Standards, *, by: Signatory) -> list[StandardsFact]:
    last = known.parameters[-1] if known.parameters else None
    if last and (last.parameters, last.effective_from) == (command.parameters, command.effective_from):
        return []
    earliest = max(command.on, last.effective_from) if last else command.on
    if command.effective_from < earliest:
        raise Retroactive(f"不得早于 {earliest}。", pointer="/effective_from")
    wording.require(command.document, what="依据文件", requirement="R-081", pointer="/document")
    _must_be_whole(command.parameters)
    _check(command.parameters)
    version = norms.ParameterSet(
        entry=known.next_entry,
        version=regulation.FIRST_VERSION + len(known.parameters) + 1,
        effective_from=command.effective_from,
        values=norms.values(command.parameters),
        document=command.document,
    )
    return [ParametersSet(on=command.on, by=by, parameters=version)]


# What must not come after, or be more than, what follows it; the second list may be equal.
RISING: Final = (
    ("minutes_yellow_days", "minutes_red_days"),
    ("behind_yellow", "behind_red"),
    ("plan_inclusion_yellow", "plan_inclusion_red"),
)
IN_ORDER: Final = (("warn_no_plan", "warn_no_date"), ("warn_no_date", "warn_no_notice"))


def _must_be_whole(parameters: regulation.Parameters) -> None:
    # A parameter left out would silently go back to what is built in.
    for name, info in type(parameters).model_fields.items():
        if name not in parameters.model_fields_set:
            raise Incomplete(f"缺少：{info.title}。", pointer=f"/parameters/{name}")


def _check(parameters: regulation.Parameters) -> None:
    for name, info in type(parameters).model_fields.items():
        value = getattr(parameters, name)
        if isinstance(value, regulation.MonthDay) and not _exists(value):
            raise Inconsistent(
                f"{info.title}：没有 {value.month} 月 {value.day} 日。", pointer=f"/parameters/{name}"
            )
    fields = type(parameters).model_fields
    for lower, upper in (*RISING, *IN_ORDER):
        less, more = getattr(parameters, lower), getattr(parameters, upper)
        if less > more or (less == more and (lower, upper) in RISING):
            raise Inconsistent(
                f"{fields[lower].title}须先于{fields[upper].title}。", pointer=f"/parameters/{upper}"
            )


def _exists(day: regulation.MonthDay) -> bool:
    try:
        day.of(COMMON_YEAR)
    except ValueError:
        return False
    return True


def _published(command: PublishCalendar, known: Standards, *, by: Signatory) -> list[StandardsFact]:
    wording.require(command.document, what="来源文件", requirement="R-083", pointer="/document")
    _must_fit(command.off, command.year, weekend=False, pointer="/off")
    _must_fit(command.worked, command.year, weekend=True, pointer="/worked")
    days = calendar.Year(
        year=command.year, off=tuple(sorted(command.off)), worked=tuple(sorted(command.worked))
    )
    earlier = [each for each in known.calendars if each.days.year == command.year]
    if earlier and earlier[-1].days == days:
        return []
    if earlier:
        wording.require(command.reason, what="更正原因", requirement="R-083", pointer="/reason")
    published = norms.WorkCalendar(
        entry=known.next_entry,
        days=days,
        document=command.document,
        reason=command.reason,
    )
    return [CalendarPublished(on=command.on, by=by, calendar=published)]


def _must_fit(days: Iterable[date], year: int, *, weekend: bool, pointer: str) -> None:
    seen: set[date] = set()
    for number, day in enumerate(days):
        on_weekend = not calendar.WeekdayCalendar().is_working_day(day)
        if day.year != year or day in seen or on_weekend is not weekend:
            raise BadCalendar(f"{day}。", pointer=f"{pointer}/{number}")
        seen.add(day)


def evolve(known: Standards, fact: StandardsFact) -> Standards:
    """Fold one fact into the city's standards."""
    match fact:
        case BasisRegistered():
            return known.model_copy(update={"bases": (*known.bases, fact.basis)})
        case BasisRepealed():
            return known.model_copy(update={"repeals": (*known.repeals, fact.repeal)})
        case ParametersSet():
            return known.model_copy(update={"parameters": (*known.parameters, fact.parameters)})
        case CalendarPublished():
            return known.model_copy(update={"calendars": (*known.calendars, fact.calendar)})
        case _:
            assert_never(fact)


DECIDER = Decider(
    kind="standards", label="市级规则", facts=get_args(StandardsFact), initial=Standards(), evolve=evolve
)
