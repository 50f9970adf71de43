"""Minutes and extracts of them as plain Chinese text, made of facts alone: the same ledger gives the same words.

The wording follows the paperwork (conventions.md section 2): time, chair, attendance, 现纪要如下, then 会议议定 with
one numbered clause each, ending in who answers for it and until when. Source: 二(五), R-065, R-069, R-070, A17.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from pydantic import Field

from application.dossier import Dossier
from domain import decisions, meetings, minutes, refusals
from domain.decider import Value
from domain.regulation import Disclosure

DIGITS: Final = "零一二三四五六七八九"
TEN: Final = 10
WAN: Final = 1_000_000
NOTHING_DECIDED: Final = "本次会议无议定事项。"
WAYS: Final = {"terminated": "终止", "superseded": "替代"}


class Extract(Value):
    """议定事项的纪要摘录；``minutes_hash`` 是所摘纪要内容的 SHA-256。"""

    decision: str = Field(title="议定事项编号")
    heading: str = Field(title="标题")
    meeting: str = Field(title="会议编号")
    minutes_number: str = Field(title="纪要编号")
    minutes_hash: str = Field(title="纪要内容的 SHA-256")
    issued_on: date = Field(title="印发日期")
    disclosure: Disclosure = Field(title="公开属性")
    public: bool = Field(title="是否可以公开；否的仅限有权阅读本单位台账的人员")
    text: str = Field(title="摘录全文")


def ordinal(number: int) -> str:
    """Give a number up to 99 in Chinese, as clauses are counted.

    >>> [ordinal(each) for each in (1, 10, 11, 20, 21)]
    ['一', '十', '十一', '二十', '二十一']
    """
    tens, ones = divmod(number, TEN)
    if not tens:
        return DIGITS[ones]
    return f"{DIGITS[tens] if tens > 1 else ''}十{DIGITS[ones] if ones else ''}"


def day(on: date) -> str:
    """Give a date as documents write it, without zeros.

    >>> day(date(2024, 3, 2))
    '2024年3月2日'
    """
    return f"{on.year}年{on.month}月{on.day}日"


def money(cents: int) -> str:
    """Give an amount in 元, in 万元 where it is a whole number of hundreds of them.

    >>> [money(each) for each in (120_000_000, 123_450)]
    ['120万元', '1234.50元']
    """
    if cents and cents % WAN == 0:
        return f"{cents // WAN}万元"
    yuan, rest = divmod(cents, 100)
    return f"{yuan}.{rest:02d}元" if rest else f"{yuan}元"


def text(dossier: Dossier, id: str) -> str:  # noqa: A002 - as every subject is called.
    """Set the minutes of a meeting as they stand, a draft included; corrections are named, never worked in.

    Raises: NotFound (R-065) where none were drafted.
    """
    known: minutes.Minutes = dossier.state(f"minutes:{id}")
    if known.content is None:
        raise refusals.NotFound("会议纪要。", requirement="R-065")
    meeting: meetings.Meeting = dossier.state(f"meeting:{id}")
    parts = [
        known.content.title,
        known.number or "（送审稿，未编号）",
        "",
        *_sitting(meeting),
        "现纪要如下：",
        "",
    ]
    parts += [known.content.body, "", *_decided(known, known.content, meeting, dossier)]
    if known.issued_on is not None:
        parts += ["", day(known.issued_on)]
    if known.disclosure is Disclosure.PUBLIC:
        parts.append("（此件公开发布）")
    parts += [f"（本纪要另有更正：{number}）" for number in known.corrections]
    parts.append(f"内容 SHA-256：{known.content_hash}")
    return "\n".join(parts) + "\n"


def _sitting(meeting: meetings.Meeting) -> list[str]:
    lines = []
    if meeting.opened_at is not None and meeting.held_on is not None:
        ended = f"—{meeting.closed_at:%H:%M}" if meeting.closed_at is not None else ""
        lines.append(f"时间：{day(meeting.held_on)} {meeting.opened_at:%H:%M}{ended}")
    if meeting.arrangement is not None:
        lines.append(f"地点：{meeting.arrangement.place}")
    lines.append(f"主持：{meeting.chair_title}")
    present, away = _attendance(meeting)
    lines.append(f"出席：{'、'.join(present)}")
    if away:
        lines.append(f"请假：{'、'.join(away)}")
    return lines


def _attendance(meeting: meetings.Meeting) -> tuple[list[str], list[str]]:
    found = {each.seat: each.presence for each in meeting.attendance}
    present, away = [], []
    for seat, attendee in enumerate(meeting.attendees, start=1):
        here = seat in meeting.present and seat not in meeting.leaves
        usual = "substitute" if seat in meeting.substitutions else "principal"
        # Who was recorded on the seat afterwards counts before what was announced.
        presence = found.get(seat, usual if here else "leave")
        if presence in {"leave", "absent"}:
            away.append(attendee.title)
        elif presence == "substitute":
            instead = meeting.substitutions.get(seat, "")
            present.append(f"{instead or '有关负责人'}（代{attendee.title}）")
        else:
            present.append(attendee.title)
    return present, away


def _decided(
    known: minutes.Minutes, content: minutes.Content, meeting: meetings.Meeting, dossier: Dossier
) -> list[str]:
    ways = {each.decision: WAYS[each.kind] for each in meeting.closures}
    closed = [f"{ways.get(each, '终止')}以往议定事项：{_named(dossier, each)}。" for each in content.closures]
    if not content.clauses and not closed:
        return [NOTHING_DECIDED]
    lines = [
        f"{ordinal(number)}、{_clause(each, _units(known, dossier))}"
        for number, each in enumerate([*content.clauses], start=1)
    ]
    more = [f"{ordinal(number)}、{each}" for number, each in enumerate(closed, start=len(lines) + 1)]
    return ["会议议定：", *lines, *more]


def _named(dossier: Dossier, decision: str) -> str:
    known: decisions.Decision = dossier.state(f"decision:{decision}")
    return f"{known.text}（{known.minutes_number}第{known.number}项）"


def _units(known: minutes.Minutes, dossier: Dossier) -> dict[str, str]:
    # A paper shows the names of its day, whatever the units are called since.
    on = known.issued_on or known.drafted_on or date.max
    return {each.id: each.name_on(on) for each in dossier.units.values()}


def _names(listed: Sequence[str], units: Mapping[str, str]) -> str:
    return "、".join(units[each] for each in listed)


def _clause(clause: minutes.Clause, units: Mapping[str, str]) -> str:
    parts = [f"责任单位：{_names(clause.lead_units, units)}"]
    if clause.cooperating_units:
        parts.append(f"配合单位：{_names(clause.cooperating_units, units)}")
    if clause.leader:
        parts.append(f"责任领导：{clause.leader}")
    if clause.amount is not None:
        parts.append(f"金额：{money(clause.amount)}")
    if clause.quantity:
        parts.append(f"数量：{clause.quantity}")
    if clause.deadline is not None:
        parts.append(f"完成时限：{day(clause.deadline)}")
    else:
        parts.append(f"完成时限：长期，每{clause.report_interval_months}个月汇报一次")
    if clause.acceptance:
        parts.append(f"验收标准：{clause.acceptance}")
    return f"{clause.text.rstrip('。')}（{'；'.join(parts)}）。"


def extract(dossier: Dossier, id: str) -> Extract:  # noqa: A002 - as every subject is called.
    """Extract one decision from its minutes, as it was issued; a later deadline or correction is told beside it.

    Raises: NotFound (R-069) where there is no such decision, or no issued minutes to extract it from.
    """
    known: decisions.Decision = dossier.state(f"decision:{id}")
    origin: minutes.Minutes = dossier.state(f"minutes:{known.meeting}")
    if origin.content is None or origin.issued_on is None or origin.disclosure is None:
        raise refusals.NotFound("议定事项的会议纪要。", requirement="R-069")
    heading = f"{origin.content.title}（摘录）"
    public = origin.disclosure is Disclosure.PUBLIC
    clause = origin.content.clauses[known.number - 1]
    lines = [
        heading,
        origin.number,
        "",
        f"{ordinal(known.number)}、{_clause(clause, _units(origin, dossier))}",
        "",
    ]
    lines += [f"（已由{number}更正，现为：{known.text}）" for number in known.corrections[-1:]]
    if known.extended and known.deadline is not None:
        lines.append(f"（完成时限已延至{day(known.deadline)}，原时限保留）")
    if not public:
        lines.append(f"（{origin.disclosure.value}，不得对外提供）")
    lines += [f"{day(origin.issued_on)}印发", f"摘自纪要内容 SHA-256：{origin.content_hash}"]
    return Extract(
        decision=known.id,
        heading=heading,
        meeting=known.meeting,
        minutes_number=origin.number,
        minutes_hash=origin.content_hash,
        issued_on=origin.issued_on,
        disclosure=origin.disclosure,
        public=public,
        text="\n".join(lines) + "\n",
    )
