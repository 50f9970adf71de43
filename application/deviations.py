"""Soft deviations: what the regulation leaves open against a reason, listed with the reason and the clause.

Source: requirements.md, "S = soft (allowed, reason required, shown in indicators)".
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from application.pair_year import PairYear
from application.steps import TopicStep
from application.views.tally import HeldMeeting, ProposedTopic
from domain.decider import Value
from domain.meetings import Kind as MeetingKind
from domain.regulation import CLAUSES, Category

# Requirement -> what a deviation from it is.
KINDS: Final[Mapping[str, str]] = {
    "R-031": "年度会议缺少通报",
    "R-041": "工会不同意而审定议题",
    "R-048": "有不同意见而确认共识",
    "R-052": "非主要负责同志主持",
    "R-053": "出席类别不全",
    "R-054": "代为出席",
    "R-057": "会议通知未编号",
    "R-063": "未履行程序召开会议",
    "R-070": "未明确责任领导或验收标准",
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
    found = [*_topics(year), *_decisions(year)]
    for meeting in year.meetings:
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
    if meeting.irregular:
        yield _deviation("R-063", subject, day, "未履行规定程序，理由见双方的登记")
    if not meeting.chair_is_principal:
        yield _deviation("R-052", subject, day, meeting.chair_reason)
    if meeting.attendees_reason:
        yield _deviation("R-053", subject, day, meeting.attendees_reason)
    for number, who in enumerate(meeting.substitutes, start=1):
        yield _deviation("R-054", subject, day, f"席位{who}", part=f":{number}")
    if not meeting.noticed_by_number:
        yield _deviation("R-057", subject, day, "会议通知以便函印发，未编号")


def _topics(year: PairYear) -> Iterator[Deviation]:
    # A topic of an earlier year may be approved, and agreed on, in this one.
    for topic in (each for each in year.rows if isinstance(each, ProposedTopic)):
        steps = [step for step in topic.steps if step.on <= year.on]
        yield from _begun(year, topic, ((step, step.against) for step in steps), "R-041")
        yield from _begun(year, topic, ((step, step.dissent) for step in steps), "R-048")


def _begun(
    year: PairYear, topic: ProposedTopic, told: Iterable[tuple[TopicStep, str]], requirement: str
) -> Iterator[Deviation]:
    before = ""
    for number, (step, text) in enumerate(told):
        if text and text != before and step.on.year == year.year:
            yield _deviation(requirement, f"topic:{topic.id}", step.on, text, part=f":{number}")
        before = text


def _decisions(year: PairYear) -> Iterator[Deviation]:
    for each in year.established:
        named = {"责任领导": each.decision.leader_named, "验收标准": each.decision.acceptance_named}
        missing = "、".join(what for what, known in named.items() if not known)
        if missing:
            yield _deviation("R-070", f"decision:{each.id}", each.decision.established_on, f"未明确{missing}")
