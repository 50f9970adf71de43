"""Soft deviations: what the regulation leaves open against a reason, listed with the reason and the clause.

Source: requirements.md, "S = soft (allowed, reason required, shown in indicators)".
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from application.pair_year import PairYear
from application.steps import TopicStep
from application.views.tally import Designated, HeldMeeting, ProposedTopic, Registered
from domain.decider import Value
from domain.meetings import Kind as MeetingKind
from domain.regulation import CLAUSES, Category

# Requirement -> what a deviation from it is. Beside what the rules leave open against a reason stand the gates that an
# irregular meeting had not passed, each by its own requirement.
KINDS: Final[Mapping[str, str]] = {
    "R-004": "与程序不同之处已登记",
    "R-008": "补登较早的会议",
    "R-027": "未落实事项未作说明",
    "R-028": "以往议定事项未全部列入",
    "R-029": "落实情况未经双方同意",
    "R-031": "年度会议缺少通报",
    "R-033": "会议日期未经双方商定",
    "R-035": "临时会议未事先协商",
    "R-041": "工会不同意而审定议题",
    "R-048": "有不同意见而确认共识或作为特例上会",
    "R-052": "非主要负责同志主持",
    "R-053": "出席类别不全",
    "R-054": "代为出席",
    "R-055": "会议安排未经双方商定",
    "R-057": "会议通知未编号或未印发",
    "R-060": "会议材料不全",
    "R-061": "定稿后增加议程或未定稿",
    "R-062": "未达成共识而上会",
    "R-063": "未履行程序召开会议",
    "R-070": "未明确责任领导或验收标准",
    "R-084": "联络科室和人员空缺",
}


class Deviation(Value):
    """One deviation: of which subject, on which day, from which requirement, and why."""

    id: str
    on: date
    requirement: str
    subject: str
    text: str


def clause(requirement: str) -> str:
    """Give the clause of the regulation on which a requirement rests."""
    return CLAUSES[requirement]


def of(year: PairYear) -> list[Deviation]:
    """List the deviations of one pair's year as of its day, by day and id."""
    found = [*_pair(year), *_liaison(year), *_topics(year), *_decisions(year)]
    for meeting in year.meetings:
        # What a paper does not tell is no deviation from anything.
        if meeting.imported:
            continue
        found.extend(_meeting(meeting))
    return sorted(found, key=lambda each: (each.on, each.id))


def _deviation(requirement: str, subject: str, on: date, text: str, *, part: str = "") -> Deviation:
    return Deviation(
        id=f"{requirement}:{subject}{part}", on=on, requirement=requirement, subject=subject, text=text
    )


def _meeting(meeting: HeldMeeting) -> Iterator[Deviation]:
    subject, day = f"meeting:{meeting.id}", meeting.held_on
    if meeting.kind is MeetingKind.ANNUAL:
        for category in (Category.C1, Category.C2):
            if category.value not in meeting.agenda:
                yield _deviation(
                    "R-031", subject, day, f"{category.label}未列入议程", part=f":{category.value}"
                )
    for late in meeting.late_items:
        yield _deviation("R-061", subject, day, f"{late.item}：{late.reason}", part=f":{late.item}")
    if meeting.irregular:
        yield from _irregular(meeting, subject)
    # A gate that was not passed is told once.
    told = set(meeting.gates_missing)
    if not meeting.chair_is_principal and "R-052" not in told:
        yield _deviation("R-052", subject, day, meeting.chair_reason)
    if meeting.attendees_reason and "R-053" not in told:
        yield _deviation("R-053", subject, day, meeting.attendees_reason)
    for number, who in enumerate(meeting.substitutes, start=1):
        yield _deviation("R-054", subject, day, f"席位{who}", part=f":{number}")
    if not meeting.noticed_by_number and not meeting.irregular:
        yield _deviation("R-057", subject, day, "会议通知以便函印发，未编号")


def _irregular(meeting: HeldMeeting, subject: str) -> Iterator[Deviation]:
    # The reason is one for the whole meeting; each gate is told under its own requirement.
    yield _deviation("R-063", subject, meeting.held_on, meeting.irregular_reason or "理由见双方的登记")
    for gate in (each for each in meeting.gates_missing if each != "R-063"):
        yield _deviation(gate, subject, meeting.held_on, f"未履行程序：{KINDS[gate]}", part=":gate")


def _pair(year: PairYear) -> Iterator[Deviation]:
    for pair in (each for each in year.rows if isinstance(each, Registered)):
        told = 0
        for step in (each for each in pair.steps if each.on <= year.on):
            for number in range(told, step.deviations):
                each = pair.deviations[number]
                if step.on.year == year.year:
                    text = f"{each.clause}：{each.what}；{each.reason}"
                    yield _deviation("R-004", f"pair:{pair.id}", step.on, text, part=f":{number + 1}")
            told = step.deviations


def _liaison(year: PairYear) -> Iterator[Deviation]:
    for side in (each for each in year.rows if isinstance(each, Designated)):
        before: date | None = None
        for number, step in enumerate(each for each in side.steps if each.on <= year.on):
            since = step.gap_since
            if since is not None and since != before and step.on.year == year.year:
                text = f"{side.id.label}自{since.isoformat()}起空缺：{step.gap_reason}"
                yield _deviation("R-084", f"liaison:{side.id.value}", step.on, text, part=f":{number}")
            before = since


def _topics(year: PairYear) -> Iterator[Deviation]:
    # A topic of an earlier year may be approved, and agreed on, in this one.
    for topic in (each for each in year.rows if isinstance(each, ProposedTopic)):
        steps = [step for step in topic.steps if step.on <= year.on]
        yield from _begun(year, topic, ((step, step.against) for step in steps), "R-041")
        yield from _begun(year, topic, ((step, step.dissent) for step in steps), "R-048")
        yield from _begun(year, topic, ((step, step.override) for step in steps), "R-048", part=":override")


def _begun(
    year: PairYear,
    topic: ProposedTopic,
    told: Iterable[tuple[TopicStep, str]],
    requirement: str,
    *,
    part: str = "",
) -> Iterator[Deviation]:
    before = ""
    for number, (step, text) in enumerate(told):
        if text and text != before and step.on.year == year.year:
            yield _deviation(requirement, f"topic:{topic.id}", step.on, text, part=f"{part}:{number}")
        before = text


def _decisions(year: PairYear) -> Iterator[Deviation]:
    for each in year.established:
        if each.decision.imported:
            continue
        named = {"责任领导": each.decision.leader_named, "验收标准": each.decision.acceptance_named}
        missing = "、".join(what for what, known in named.items() if not known)
        if missing:
            yield _deviation("R-070", f"decision:{each.id}", each.decision.established_on, f"未明确{missing}")
