"""The import of paper history: one batch of old meetings and decisions, taken over whole or not at all (R-013, R-098).

Every conflict is listed, each with its place; nothing is merged. What was imported before and reads the same leads
to no new fact, so a batch may be sent again. Imported facts have names of their own and never pass as native acts.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from pydantic import Field

from domain import numbers, people, refusals, wording
from domain.archives import (
    MAX_DECISIONS,
    MAX_MEETINGS,
    DecisionRecord,
    MeetingRecord,
    Standing,
)
from domain.chain import content_hash
from domain.decider import Command, Decider, Fact, Signatory, Value, latest, not_before

# 运政办发〔2003〕66号 is the first rule of joint conferences here; what is older is unlikely, not impossible.
FIRST_RULE = date(2003, 6, 2)


class Conflict(Value):
    """One thing that cannot be taken over as it stands: where, what, and what to do."""

    pointer: str
    problem: str
    remedy: str
    requirement: str = "R-098"


class HistoryConflicts(refusals.Refusal):
    """补录的资料有矛盾或不完整，全部未记入。"""

    requirement = "R-098"
    remedy = "请逐条核对原件，改正后重新补录；系统不猜测、不合并。"

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        """List every conflict; the first one is told in words."""
        self.conflicts = tuple(conflicts)
        first = self.conflicts[0]
        super().__init__(f"共 {len(self.conflicts)} 处。第一处：{first.problem}", pointer=first.pointer)

    @property
    def places(self) -> Sequence[tuple[str, str]]:
        """Every conflict, with what to do; nobody should correct one only to be told of the next."""
        return [(each.pointer, f"{each.problem}{each.remedy}") for each in self.conflicts]


class ImportedNotNative(refusals.Refusal):
    """补录的会议已经成为历史，不在本系统办理。"""

    requirement = "R-013"
    remedy = "有遗漏的，请补录；有关的新事项，请列入下一次会议。"


class Source(Value):
    """What was imported: the workbook or the list of scans."""

    title: wording.Line = Field(title="资料名称", examples=["芮城县联席会议历史资料.xlsx"])
    sha256: str = Field(title="资料的 SHA-256", pattern=r"^[0-9a-f]{64}$")


class BatchImported(Fact):
    topic = "legacy.batch_imported"
    label = "补录一批历史资料"

    source: Source
    content_hash: str
    meetings: int
    decisions: int
    unfulfilled: int
    repeated: int
    first_held_on: date
    last_held_on: date
    warnings: tuple[str, ...]


class ImportHistory(Command):
    """补录一批历史会议和议定事项：全部记入，或列出全部问题、一件不记。重复补录同样的内容不会重复记入。"""

    source: Source = Field(title="资料来源")
    meetings: tuple[MeetingRecord, ...] = Field(default=(), title="会议", max_length=MAX_MEETINGS)
    decisions: tuple[DecisionRecord, ...] = Field(default=(), title="议定事项", max_length=MAX_DECISIONS)


class Batch(Value):
    """One batch that was imported; blank until then."""

    id: str = ""
    source: Source | None = None
    content_hash: str = ""
    meetings: int = 0
    decisions: int = 0
    unfulfilled: int = 0
    repeated: int = 0
    first_held_on: date | None = None
    last_held_on: date | None = None
    warnings: tuple[str, ...] = ()
    imported_on: date | None = None
    by: Signatory | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMeeting:
    """A held meeting of the ledger; ``record`` where it was imported."""

    id: str
    held_on: date
    ordinal: int
    record: MeetingRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What the import must know of its pair. ``decisions`` are the imported ones, by id."""

    meetings: Sequence[KnownMeeting] = ()
    decisions: Mapping[str, DecisionRecord] = field(default_factory=dict)
    register: numbers.Register = field(default_factory=numbers.Register)
    units: Mapping[str, people.Unit] = field(default_factory=dict)
    registered_on: date | None = None
    history_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a batch leads to: the new records, by id of their subjects, and the batch's own fact."""

    batch: BatchImported
    meetings: Mapping[str, MeetingRecord]
    decisions: Mapping[str, DecisionRecord]
    history_hash: str


def batch_id(command: ImportHistory) -> str:
    """Give the id of a batch: it follows from the content, so that the same content is the same batch."""
    return f"b-{_hash_of(command)[:32]}"


def _hash_of(command: ImportHistory) -> str:
    return content_hash(command.model_dump(mode="json", exclude={"on"}))


def meeting_id(held_on: date) -> str:
    """Give the id of an imported meeting; a pair has one on a day."""
    return f"h{held_on:%Y%m%d}"


def decision_id(record: DecisionRecord) -> str:
    """Give the id of an imported decision, in the form of a native one."""
    return f"{meeting_id(record.meeting_held_on)}-{record.number:02d}"


def decide(command: ImportHistory, ledger: Ledger, *, by: Signatory) -> Imported | None:
    """Take a batch over, or list all its conflicts; None where all of it was imported before.

    Raises: HistoryConflicts, BeforeItsBasis (R-008, R-013, R-015, R-098).
    """
    not_before(command.on, ledger.registered_on, what="结对登记")
    found = list(conflicts(command, ledger))
    if found:
        raise HistoryConflicts(found)
    known = {each.id for each in ledger.meetings}
    new = {
        meeting_id(each.held_on): each for each in command.meetings if meeting_id(each.held_on) not in known
    }
    made = {
        decision_id(each): each for each in command.decisions if decision_id(each) not in ledger.decisions
    }
    if not new and not made:
        return None
    days = [each.held_on for each in new.values()] + [each.meeting_held_on for each in made.values()]
    batch = BatchImported(
        on=command.on,
        by=by,
        source=command.source,
        content_hash=_hash_of(command),
        meetings=len(new),
        decisions=len(made),
        unfulfilled=sum(each.standing is Standing.UNFULFILLED for each in made.values()),
        repeated=len(command.meetings) + len(command.decisions) - len(new) - len(made),
        first_held_on=min(days),
        last_held_on=max(days),
        warnings=tuple(warnings(command)),
    )
    grown = content_hash({"before": ledger.history_hash, "batch": batch.content_hash})
    return Imported(batch=batch, meetings=new, decisions=made, history_hash=grown)


def warnings(command: ImportHistory) -> Iterator[str]:
    """Tell what is unlikely, and yet taken over."""
    for each in command.meetings:
        if each.held_on < FIRST_RULE:
            yield f"{each.held_on} 的会议早于 {FIRST_RULE}（运政办发〔2003〕66号印发之日）"


def conflicts(command: ImportHistory, ledger: Ledger) -> Iterator[Conflict]:
    """List everything that stands against a batch, in the order of its rows."""
    if not command.meetings and not command.decisions:
        yield Conflict(pointer="/meetings", problem="没有可补录的会议或议定事项。", remedy="请填写后再补录。")
    days = Counter(each.held_on for each in command.meetings)
    used = _numbers_used(command)
    for index, meeting in enumerate(command.meetings):
        at = f"/meetings/{index}"
        yield from _meeting_alone(meeting, at, on=command.on)
        yield from _meeting_twice(meeting, at, ledger, in_file=days[meeting.held_on])
        yield from _minutes_number(meeting, at, ledger, used=used)
    yield from _ordinals(command, ledger)
    places = Counter((each.meeting_held_on, each.number) for each in command.decisions)
    for index, decision in enumerate(command.decisions):
        at = f"/decisions/{index}"
        yield from _decision_alone(decision, at, on=command.on)
        yield from _meeting_of(decision, at, command, ledger)
        yield from _decision_twice(
            decision, at, ledger, in_file=places[decision.meeting_held_on, decision.number]
        )
        yield from _units(decision, at, ledger)


def _meeting_alone(record: MeetingRecord, at: str, *, on: date) -> Iterator[Conflict]:
    if record.held_on > on:
        yield Conflict(
            pointer=f"{at}/held_on",
            problem=f"会议日期 {record.held_on} 晚于补录的业务日期 {on}。",
            remedy="请核对日期；尚未召开的会议按程序办理，不补录。",
        )
    if wording.is_blank(record.title):
        yield Conflict(
            pointer=f"{at}/title",
            problem="没有会议名称。",
            remedy="请照原件填写会议名称。",
            requirement="R-013",
        )
    yield from _document(record.document.title, at)


def _document(title: str, at: str) -> Iterator[Conflict]:
    if wording.is_blank(title):
        yield Conflict(
            pointer=f"{at}/document/title",
            problem="没有写明来源文件。",
            remedy="请填写原件（纪要等）的名称，并附扫描件的 SHA-256。",
            requirement="R-013",
        )


def _meeting_twice(record: MeetingRecord, at: str, ledger: Ledger, *, in_file: int) -> Iterator[Conflict]:
    pointer = f"{at}/held_on"
    if in_file > 1:
        yield Conflict(
            pointer=pointer,
            problem=f"{record.held_on} 的会议在资料中出现 {in_file} 次。",
            remedy="一日只有一次会议：请合并为一行，或核对日期。",
        )
    for known in ledger.meetings:
        if known.held_on != record.held_on:
            continue
        if known.record is None:
            yield Conflict(
                pointer=pointer,
                problem=f"{record.held_on} 的会议是在本系统办理的（第{known.ordinal}次）。",
                remedy="已有正式记录的会议不补录，请删去此行。",
                requirement="R-013",
            )
        elif differing := record.differences(known.record):
            yield Conflict(
                pointer=pointer,
                problem=f"{record.held_on} 的会议已经补录，但内容不同：{'、'.join(differing)}。",
                remedy="请核对原件；先前补录有误的，按更正程序办理。",
            )


def _numbers_used(command: ImportHistory) -> Counter[tuple[int, str]]:
    # 第N期 begins anew each year; a full number names its own.
    return Counter(
        (0 if numbers.NUMBERED.fullmatch(each.minutes_number) else each.held_on.year, each.minutes_number)
        for each in command.meetings
        if each.minutes_number
    )


def _minutes_number(
    record: MeetingRecord, at: str, ledger: Ledger, *, used: Mapping[tuple[int, str], int]
) -> Iterator[Conflict]:
    number, pointer = record.minutes_number, f"{at}/minutes_number"
    if not number:
        return
    try:
        year = numbers.imported_year(number, held_on=record.held_on)
    except numbers.BadNumber as bad:
        yield Conflict(
            pointer=pointer, problem=f"{bad.title}{bad.detail}", remedy=bad.way_out, requirement="R-015"
        )
        return
    full = numbers.NUMBERED.fullmatch(number) is not None
    if used[0 if full else record.held_on.year, number] > 1:
        yield Conflict(
            pointer=pointer,
            problem=f"纪要文号“{number}”在资料中用于多次会议。",
            remedy="一个文号只属于一份文件，请核对原件。",
            requirement="R-015",
        )
    mine = f"meeting:{meeting_id(record.held_on)}"
    for place, taken in ledger.register.allocations.items():
        same = taken.number == number and (full or place == numbers.key(number, form="纪要", year=year))
        if same and taken.document != mine:
            yield Conflict(
                pointer=pointer,
                problem=f"纪要文号“{number}”在登记簿中已{'作废' if taken.voided else '使用'}。",
                remedy="请核对原件的文号和会议日期。",
                requirement="R-015",
            )


def _ordinals(command: ImportHistory, ledger: Ledger) -> Iterator[Conflict]:
    # Papers may be lost, so gaps are no conflict; but a later meeting never has a smaller ordinal.
    new = [
        (each.held_on, each.ordinal, f"/meetings/{index}/ordinal")
        for index, each in enumerate(command.meetings)
        if each.ordinal is not None
    ]
    there = {each.held_on for each in command.meetings}
    old = [
        (each.held_on, each.ordinal, "")
        for each in ledger.meetings
        if each.ordinal and each.held_on not in there
    ]
    line = sorted([*new, *old])
    for (earlier, before, first), (later, after, second) in pairwise(line):
        if before >= after and later > earlier and (first or second):
            yield Conflict(
                pointer=second or first,
                problem=f"{later} 的会议为第{after}次，而 {earlier} 的会议已是第{before}次。",
                remedy="次序号须按日期递增；原件按年或按届另起编号的，次序号不填，保留在会议名称中。",
                requirement="R-008",
            )


def _decision_alone(record: DecisionRecord, at: str, *, on: date) -> Iterator[Conflict]:
    def wrong(name: str, problem: str, remedy: str, requirement: str = "R-098") -> Conflict:
        return Conflict(pointer=f"{at}/{name}", problem=problem, remedy=remedy, requirement=requirement)

    held_on, closed_on = record.meeting_held_on, record.closed_on
    if wording.is_blank(record.text):
        yield wrong("text", "没有议定事项的内容。", "请照原件填写。", "R-013")
    yield from _document(record.document.title, at)
    if record.deadline is not None and record.deadline < held_on:
        yield wrong("deadline", f"完成时限 {record.deadline} 早于会议日期 {held_on}。", "请核对原件的时限。")
    if record.long_term and record.deadline is not None:
        yield wrong("long_term", "既有完成时限，又是长期事项。", "只填其中一项。")
    open_now = record.standing is Standing.UNFULFILLED
    if record.long_term and open_now and record.report_interval_months is None:
        yield wrong("report_interval_months", "长期事项没有汇报间隔。", "请填写几个月汇报一次（1至12）。")
    if open_now and closed_on is not None:
        yield wrong("closed_on", "未落实的事项有办结日期。", "请核对办理情况和办结日期。")
    if not open_now and closed_on is None:
        yield wrong("closed_on", f"{record.standing.label}的事项没有日期。", "请填写办结、终止或替代的日期。")
    if closed_on is not None and closed_on < held_on:
        yield wrong("closed_on", f"办结日期 {closed_on} 早于会议日期 {held_on}。", "请核对原件。")
    if closed_on is not None and closed_on > on:
        yield wrong(
            "closed_on", f"办结日期 {closed_on} 晚于补录的业务日期 {on}。", "尚未办结的，填“未落实”。"
        )


def _meeting_of(
    record: DecisionRecord, at: str, command: ImportHistory, ledger: Ledger
) -> Iterator[Conflict]:
    held_on, pointer = record.meeting_held_on, f"{at}/meeting_held_on"
    if any(each.held_on == held_on for each in command.meetings):
        return
    known = next((each for each in ledger.meetings if each.held_on == held_on), None)
    if known is None:
        yield Conflict(
            pointer=pointer,
            problem=f"没有 {held_on} 的会议。",
            remedy="请在“会议”中填写该次会议，或核对会议日期。",
        )
    elif known.record is None:
        yield Conflict(
            pointer=pointer,
            problem=f"{held_on} 的会议是在本系统办理的，其议定事项由纪要产生。",
            remedy="请删去此行。",
            requirement="R-013",
        )


def _decision_twice(record: DecisionRecord, at: str, ledger: Ledger, *, in_file: int) -> Iterator[Conflict]:
    pointer = f"{at}/number"
    if in_file > 1:
        yield Conflict(
            pointer=pointer,
            problem=f"{record.meeting_held_on} 会议的第 {record.number} 项在资料中出现 {in_file} 次。",
            remedy="序号不能重复，请核对原件。",
        )
    known = ledger.decisions.get(decision_id(record))
    if known is not None and (differing := record.differences(known)):
        yield Conflict(
            pointer=pointer,
            problem=f"{record.meeting_held_on} 会议的第 {record.number} 项已经补录，但内容不同：{'、'.join(differing)}。",
            remedy="请核对原件；先前补录有误的，按更正程序办理。",
        )


def _units(record: DecisionRecord, at: str, ledger: Ledger) -> Iterator[Conflict]:
    for name in ("lead_units", "cooperating_units"):
        for unit in getattr(record, name):
            if unit not in ledger.units:
                yield Conflict(
                    pointer=f"{at}/{name}",
                    problem=f"没有登记编号为“{unit}”的单位。",
                    remedy="请核对单位编号。",
                )
    if not any(not wording.is_blank(each) for each in record.lead_names):
        yield Conflict(
            pointer=f"{at}/lead_names",
            problem="没有牵头单位。",
            remedy="请照原件填写牵头单位。",
            requirement="R-013",
        )
    if record.standing is Standing.UNFULFILLED and not record.lead_units:
        yield Conflict(
            pointer=f"{at}/lead_units",
            problem="未落实的事项没有对应的现有单位，无人签收。",
            remedy="请填写已登记单位的编号；原单位撤并的，填写承接其职责的单位。",
            requirement="R-073",
        )


def evolve(batch: Batch, fact: BatchImported) -> Batch:
    """Fold one fact into a batch; the same batch may bring what an earlier one of the same content did not."""
    body = {name: getattr(fact, name) for name in type(fact).model_fields if name != "on"}
    return batch.model_copy(update={**body, "imported_on": latest(batch.imported_on, fact.on)})


DECIDER = Decider(kind="legacy", label="历史资料补录", facts=(BatchImported,), initial=Batch(), evolve=evolve)
