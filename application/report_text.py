"""The city report as a readable table on a console: first who met and about what, then what became of it."""

from collections.abc import Callable, Sequence
from typing import Final

from application import text_table
from application.report_seals import Seals
from application.reports import Group, Numbers, PairLine, Report

# Heading -> figure.
MEETINGS: Final = (
    ("年度会", "meetings.annual"),
    ("临时会", "meetings.special"),
    ("主要同志主持", "meetings.principal"),
    ("议题", "topics"),
    ("(三)", "topics.category.C3"),
    ("(四)", "topics.category.C4"),
    ("(五)", "topics.category.C5"),
    ("(七)", "topics.category.C7"),
    ("提交", "topics.submitted"),
    ("审定", "topics.approved"),
    ("共识", "topics.consensus"),
    ("纪要", "minutes"),
)
DECISIONS: Final = (
    ("成立", "decisions.established"),
    ("结转", "decisions.carried_over"),
    ("办结", "decisions.fulfilled"),
    ("按期", "decisions.on_time"),
    ("终止替代", "decisions.ended"),
    ("未办结", "decisions.open"),
    ("超期", "decisions.overdue"),
    ("到期", "decisions.due"),
)
RATES: Final = ("fulfilled", "due_fulfilled", "on_time_original", "on_time")
GROUPS: Final = ((Group.MANDATORY, "市、县（市、区）"), (Group.VOLUNTARY, "参照建制单位"))


def text(report: Report, seals: Seals) -> str:
    """Set the report as text, Chinese, with the ledgers and the checkpoints that it rests on at the end."""
    parts = [f"{report.title}\n统计截至 {report.on.isoformat()}"]
    for group, label in GROUPS:
        lines = [each for each in report.pairs if each.group is group]
        total = report.mandatory if group is Group.MANDATORY else report.voluntary
        parts.append(_summary(label, total))
        if lines:
            parts.append(_meetings(lines, total))
            parts.append(_decisions(lines, total))
    parts.extend(_foot(report))
    parts.append(_sealed(report, seals))
    return "\n\n".join(parts)


def _summary(label: str, total: Numbers) -> str:
    rates = "；".join(f"{rate.label} {rate.text}" for rate in total.rates.values())
    counts = f"应召开 {total.figures['due']} 个，已召开 {total.figures['held_due']} 个"
    return f"【{label}】{counts}\n{rates}"


def _meetings(lines: Sequence[PairLine], total: Numbers) -> str:
    header = ["结对单位", "状态", *(heading for heading, _ in MEETINGS)]

    def row(name: str, state: str, numbers: Numbers) -> list[str]:
        return [name, state, *(str(numbers.figures[figure]) for _, figure in MEETINGS)]

    rows = [row(each.name, each.state_label, each) for each in lines]
    return text_table.table(header, [*rows, row("合计", "", total)], left=(0, 1))


def _decisions(lines: Sequence[PairLine], total: Numbers) -> str:
    header = [
        "结对单位",
        *(heading for heading, _ in DECISIONS),
        *(total.rates[rate].label for rate in RATES),
    ]
    row: Callable[[str, Numbers], list[str]] = lambda name, numbers: [  # noqa: E731 - one expression, used twice.
        name,
        *(str(numbers.figures[figure]) for _, figure in DECISIONS),
        *(numbers.rates[rate].text for rate in RATES),
    ]
    return text_table.table(header, [*(row(each.name, each) for each in lines), row("合计", total)])


def _foot(report: Report) -> list[str]:
    notes = []
    if report.unregistered:
        names = "、".join(each.name for each in report.unregistered)
        notes.append(f"应建制而未登记：{names}")
    facts = sum(each.position for each in report.rests_on)
    ends = "\n".join(f"  {each.pair}  {each.position}:{each.hash}" for each in report.rests_on)
    notes.append(
        "分母为 0 的比率记作“—”；议题和议定事项按统计日的情况统计；办结以双方核验完成日为准，按期以实际办结日期为准。\n"
        f"依据 {len(report.rests_on)} 个单位的台账，共 {facts} 条事实；报告 SHA-256：{report.sha256}"
    )
    # In the form that ``lianxi audit verify --expect`` takes.
    notes.append(f"各台账的位置和哈希（请留存，供日后核对）\n{ends}" if ends else "没有台账。")
    return notes


def _sealed(report: Report, seals: Seals) -> str:
    if not seals.pairs:
        return "各台账尚无检查点。"
    ends = {each.pair: each.position for each in report.rests_on}
    lines = [
        f"  {each.tree}  前 {each.size} 条  {each.root}"
        + (f"  其后 {newer} 条尚未封存" if (newer := ends[each.tree] - each.size) else "")
        for each in seals.pairs
    ]
    if seals.everyone is not None:
        lines.append(f"  全体    {seals.everyone.size} 叶  {seals.everyone.root}")
    unsealed = sorted(ends.keys() - {each.tree for each in seals.pairs})
    lines += [f"  {pair}  尚未封存" for pair in unsealed]
    return "各台账的检查点（树根；签名见 lianxi audit export 或接口）\n" + "\n".join(lines)
