"""The 12-month table (台账): one line for each decision established in the year or carried over into it.

Source: conventions.md section 6; R-017, R-026, R-092. Months show how far a decision was at their end, in percent.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from application.pair_year import PairYear, StandingDecision
from application.report_texts import DecisionText, Told
from application.steps import at
from application.workbook import Cell, Column, Table, Tone, Toned
from domain import decisions, lights
from domain.calendar import Calendar
from domain.regulation import Disclosure

MONTHS: Final = tuple(range(1, 13))
COLUMNS: Final = (
    Column("序号", 6),
    Column("县（市、区）", 14),
    Column("会议（年/次）", 14),
    Column("召开日期", 12),
    Column("议定事项编号", 14),
    Column("议定事项", 40),
    Column("内容类别", 10),
    Column("牵头单位", 16),
    Column("配合单位", 16),
    Column("责任领导", 16),
    Column("责任人", 14),
    Column("完成时限（原）", 12),
    Column("完成时限（现）", 12),
    *(Column(f"{month}月", 6) for month in MONTHS),
    Column("完成%", 7),
    Column("状态灯", 16),
    Column("存在问题", 22),
    Column("未落实原因", 26),
    Column("意见建议/下步措施", 26),
    Column("最近汇报", 26),
    Column("办结日期", 12),
    Column("是否按期", 10),
    Column("纪要文号", 20),
    Column("备注", 24),
)
FIXED: Final = 6
TONES: Final = {
    lights.Colour.GREEN: Tone.GREEN,
    lights.Colour.YELLOW: Tone.YELLOW,
    lights.Colour.RED: Tone.RED,
    lights.Colour.BLUE: Tone.BLUE,
}
WITHHELD: Final = "（不公开）"
FORM: Final = "填报单位：　　　　　　　　填报人：　　　　　　　　审核人：　　　　　　　　日期："


def table(
    years: Sequence[PairYear],
    texts: dict[str, dict[str, DecisionText]],
    *,
    title: str,
    days: Calendar,
    public: bool = False,
) -> Table:
    """Make the table of some pairs' years. ``texts`` are by pair and decision.

    ``public``: what is not open to the public is withheld (R-017).
    """
    lines = [
        _line(of, each, texts[of.pair.id][each.id], days=days, public=public)
        for of in years
        for each in sorted(of.population, key=lambda each: (each.decision.established_on, each.id))
    ]
    rows = tuple((number, *line) for number, line in enumerate(lines, start=1))
    return Table(name="台账", title=title, form=FORM, columns=COLUMNS, rows=rows, fixed=FIXED)


def _line(
    of: PairYear, each: StandingDecision, text: DecisionText, *, days: Calendar, public: bool
) -> tuple[Cell, ...]:
    step, withheld = each.step, public and text.disclosure is not Disclosure.PUBLIC
    meeting = next((held for held in of.all_meetings if held.id == each.decision.meeting), None)
    worked = of.rules.calendar_known(of.on, base=days)
    light = lights.light(_then(each), on=of.on, days=worked, parameters=of.parameters)
    shown = f"{light.shape}{light.colour.value} {light.text}"
    said = _latest(text.explained, of.on) if not each.closed else None
    report = _latest(text.progress, of.on)
    told = f"{report.on.isoformat()}　{report.percent}%　{report.text}" if report is not None else ""

    def words(words: str) -> str:
        return WITHHELD if withheld and words else words

    return (
        of.pair.name,
        f"{meeting.held_on.year}年第{meeting.ordinal}次" if meeting is not None else "",
        meeting.held_on if meeting is not None else None,
        each.id,
        words(text.text),
        text.category.label[:3],
        "、".join(text.lead_units),
        "、".join(text.cooperating_units),
        words(text.leader),
        report.title if report is not None else "",
        each.original_deadline,
        step.deadline,
        *_months(of, each),
        step.percent,
        Toned(shown, TONES[light.colour]) if light.colour in TONES else shown,
        light.text if light.colour in {lights.Colour.YELLOW, lights.Colour.RED} else "",
        words(said.text if said is not None else ""),
        words(said.opinion if said is not None else ""),
        words(told),
        step.fulfilled_on if each.fulfilled else None,
        _in_time(each),
        text.minutes_number,
        _remarks(of, each, text, withheld=withheld),
    )


def _then(each: StandingDecision) -> decisions.Decision:
    """Give the decision as it stood on the day, as far as its light needs it."""
    step, known = each.step, each.decision
    return decisions.Decision(
        id=known.id,
        status=step.status,
        established_on=known.established_on,
        imported=known.imported,
        imported_on=known.known_on,
        original_deadline=each.original_deadline,
        deadline=step.deadline,
        long_term=known.long_term,
        report_interval_months=known.report_interval_months,
        plan=step.plan,
        percent=step.percent,
        last_report_on=step.last_report_on,
        fulfilled_on=step.fulfilled_on,
        closed_on=step.closed_on,
    )


def _months(of: PairYear, each: StandingDecision) -> Iterator[int | None]:
    # Empty before it was established, after the day of the report, and after the month in which it was closed.
    closed = False
    for month in MONTHS:
        begins = date(of.year, month, 1)
        ends = begins.replace(day=monthrange(of.year, month)[1])
        step = at(each.decision.steps, min(ends, of.on))
        before = at(each.decision.steps, date(of.year - 1, 12, 31)) if month == 1 else None
        closed = closed or (before is not None and before.status in decisions.CLOSED)
        yield None if step is None or closed or begins > of.on else step.percent
        closed = closed or (step is not None and step.status in decisions.CLOSED)


def _latest(told: Sequence[Told], day: date) -> Told | None:
    return next((each for each in reversed(told) if each.on <= day), None)


def _in_time(each: StandingDecision) -> str:
    if not each.fulfilled or each.step.deadline is None:
        return "—"
    if each.done_by(each.original_deadline):
        return "按期"
    return "按延期后时限" if each.done_by(each.step.deadline) else "逾期"


def _remarks(of: PairYear, each: StandingDecision, text: DecisionText, *, withheld: bool) -> str:
    known = each.decision
    parts = []
    if known.established_on.year < of.year:
        parts.append(f"{known.established_on.year}年结转")
    if known.long_term:
        parts.append(f"长期事项，每{known.report_interval_months or 3}个月汇报")
    if each.original_deadline != each.step.deadline:
        parts.append("已延期")
    if each.closed and not each.fulfilled:
        parts.append(decisions.STATUS_LABELS[each.step.status])
    if text.amount is not None and not withheld:
        parts.append(f"金额{text.amount / 100:,.2f}元")
    if text.quantity and not withheld:
        parts.append(text.quantity)
    if text.disclosure is not None:
        parts.append(f"公开属性：{text.disclosure.value}")
    return "；".join(parts)
