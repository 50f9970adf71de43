"""One meeting of a pair as data, from its proposals to what became of its decisions, and how it is played.

The steps follow each other at a usual distance from the day of the meeting, and fall on working days.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from application.demonstration import procedure
from application.demonstration.cast import Cast
from application.demonstration.playing import Matter, Play, Proposal
from domain import meetings, minutes, pairs, regulation, topics
from domain.decider import Side

# What the State Council has set for 2025 and 2026, as far as these scripts come near it.
HOLIDAYS = (
    (date(2025, 1, 28), date(2025, 2, 4)),
    (date(2025, 4, 4), date(2025, 4, 6)),
    (date(2025, 5, 1), date(2025, 5, 5)),
    (date(2025, 5, 31), date(2025, 6, 2)),
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
)
SATURDAY = 5
# Days before (−) and after (+) the meeting.
USUAL = {
    "planned": -58,
    "proposed": -48,
    "consulted": -42,
    "approved": -39,
    "declared": -38,
    "researching": -35,
    "researched": -30,
    "reported": -27,
    "positions": -25,
    "consensus": -22,
    "arranged": -18,
    "noticed": -11,
    "explained": -7,
    "outstanding": -6,
    "frozen": -4,
    "drafted": 2,
    "reviewed": 5,
    "issued": 7,
    "published": 9,
    "supervised": 12,
    "accepted": 14,
}
PRESSING = {
    "planned": -24,
    "prior": -22,
    "proposed": -21,
    "consulted": -20,
    "approved": -17,
    "declared": -17,
    "researching": -16,
    "researched": -13,
    "reported": -10,
    "positions": -9,
    "consensus": -8,
    "arranged": -7,
    "noticed": -6,
    "explained": -3,
    "outstanding": -2,
    "frozen": -1,
    "drafted": 1,
    "reviewed": 2,
    "issued": 4,
    "published": 5,
    "supervised": 5,
    "accepted": 6,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why a decision is not fulfilled, as its lead unit told the next meeting."""

    matter: Matter
    explanation: str
    opinion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What the liaison leader sent back, why, and what came instead."""

    reason: str
    content: topics.Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """One meeting. ``stuck`` proposals never find consensus; ``closed`` matters end with a reason at C6."""

    held_on: date
    place: str
    notice: int
    minutes_number: str
    proposals: tuple[Proposal, ...]
    matters: tuple[Matter, ...]
    remarks: str
    chair: str = "gp"
    chair_reason: str = ""
    special: str = ""
    stuck: tuple[Proposal, ...] = ()
    returned: Mapping[str, Sent] = field(default_factory=dict)
    outcomes: Mapping[str, tuple[meetings.OutcomeKind, str]] = field(default_factory=dict)
    explained: tuple[Explained, ...] = ()
    closed: tuple[tuple[Matter, str], ...] = ()
    disclosure: regulation.Disclosure = regulation.Disclosure.PUBLIC
    effects: tuple[tuple[date, str, tuple[str, ...]], ...] = ()

    def on(self, step: str) -> date:
        """Give the working day of a step."""
        offsets = PRESSING if self.special else USUAL
        return working_day(self.held_on + timedelta(days=offsets[step]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """All that a pair does: how it sets up the regime, its meetings, and what else it left open."""

    cast: Cast
    start: date
    sections: tuple[str, str] = ("综合科", "办公室")
    office: str = ""
    leader: str = ""
    name: str = ""
    cycles: tuple[Cycle, ...] = ()
    afterwards: Callable[[Play], None] | None = None


def working_day(day: date) -> date:
    """Give this day, or the next one on which offices work."""
    while day.weekday() >= SATURDAY or any(first <= day <= last for first, last in HOLIDAYS):
        day += timedelta(days=1)
    return day


def play_season(play: Play, season: Season) -> None:
    """Play all that a pair does."""
    procedure.found(
        play, on=season.start, office=season.office, leader=season.leader, sections=season.sections
    )
    procedure.declare_history(play, on=season.start)
    if season.name:
        named = pairs.SetNamePattern(on=season.start, official_name=season.name)
        play.act("go", named, subject=play.stage.tenant)
    for cycle in season.cycles:
        play_cycle(play, cycle)
    if season.afterwards is not None:
        season.afterwards(play)


def play_cycle(play: Play, cycle: Cycle) -> None:
    """Play one meeting with what led to it and what followed."""
    meeting = _begin(play, cycle)
    _choose(play, cycle)
    _agree_beforehand(play, cycle)
    agenda = _prepare(play, cycle, meeting)
    _sit(play, cycle, meeting, agenda)
    _write(play, cycle, meeting)
    _follow(play, cycle, meeting)


def _begin(play: Play, cycle: Cycle) -> str:
    if not cycle.special:
        return procedure.plan_meeting(play, year=cycle.held_on.year, on=cycle.on("planned"))
    matter = meetings.SpecialReason.MATTER
    requested = meetings.RequestSpecial(
        on=cycle.on("planned"), side=Side.UNION, reason=matter, text=cycle.special
    )
    meeting = play.act("uo", requested)
    said = "经双方提前协商，同意就上述重大问题临时召开联席会议，议题按程序办理。"
    procedure.both(
        play,
        lambda side: meetings.RecordPriorConsultation(on=cycle.on("prior"), side=side, text=said),
        subject=meeting,
    )
    return meeting


def _choose(play: Play, cycle: Cycle) -> None:
    proposals = (*cycle.proposals, *cycle.stuck)
    for proposal in proposals:
        procedure.draft(play, proposal, on=cycle.on("proposed"))
        procedure.submit(play, proposal, on=cycle.on("proposed"))
    for proposal in proposals:
        procedure.consult(play, proposal.key, on=cycle.on("consulted"))
    for proposal in proposals:
        if proposal.key not in cycle.returned:
            procedure.approve(play, proposal.key, on=cycle.on("approved"))
    for proposal in proposals:
        if proposal.key in cycle.returned:
            _send_back(play, proposal, cycle.returned[proposal.key], on=cycle.on("approved"))


def _send_back(play: Play, proposal: Proposal, sent: Sent, *, on: date) -> None:
    # Returned, revised, submitted, consulted and approved anew, all before joint research begins.
    topic, role = play.topic_ids[proposal.key], f"dep_{proposal.unit}"
    play.act("gl", topics.ReturnTopic(on=on, reason=sent.reason), subject=topic)
    again = working_day(on + timedelta(days=1))
    play.act(role, topics.ReviseTopic(on=again, content=sent.content), subject=topic)
    play.act(role, topics.SubmitTopic(on=again), subject=topic)
    procedure.consult(play, proposal.key, on=working_day(again + timedelta(days=1)))
    procedure.approve(play, proposal.key, on=working_day(again + timedelta(days=1)))


def _agree_beforehand(play: Play, cycle: Cycle) -> None:
    proposals = (*cycle.proposals, *cycle.stuck)
    steps: tuple[tuple[str, Callable[..., None]], ...] = (
        ("declared", procedure.declare),
        ("researching", procedure.joint_research),
        ("researched", procedure.complete_research),
        ("reported", procedure.file_report),
        ("positions", procedure.state_positions),
    )
    # What was sent back is approved some days later than the rest.
    late = max(play.topic(play.topic_ids[each.key]).approved_on or date.min for each in proposals)
    for step, perform in steps:
        for proposal in proposals:
            perform(play, proposal, on=max(cycle.on(step), late))
    for proposal in cycle.proposals:
        procedure.confirm(play, proposal.key, on=cycle.on("consensus"))


def _prepare(play: Play, cycle: Cycle, meeting: str) -> tuple[str, ...]:
    units = play.company.cast.units
    concerned = [unit for each in cycle.proposals for unit in each.related]
    concerned += [each.matter.lead for each in cycle.explained]
    leaders = ("gp", "gl") if cycle.chair == "gp" else (cycle.chair, "gl")
    attendees = play.company.seats(
        leaders=dict.fromkeys(leaders),
        bureaus=dict.fromkeys(concerned),
        sections=[key for key in ("jingji", "quanyi") if key in units],
    )
    day = cycle.on("arranged")
    procedure.invite(
        play,
        meeting,
        on=day,
        held_on=cycle.held_on,
        chair=cycle.chair,
        attendees=attendees,
        reason=cycle.chair_reason,
        briefings=not cycle.special,
    )
    briefings = () if cycle.special else ("C1", "C2")
    agenda = (*briefings, "C6", *(play.topic_ids[each.key] for each in cycle.proposals))
    starts_at = procedure.moment(cycle.held_on, "15:00")
    procedure.arrange(play, meeting, on=day, starts_at=starts_at, place=cycle.place, agenda=agenda)
    procedure.agree(play, meeting, meetings.Subject.ARRANGEMENT, on=day)
    procedure.share_tasks(play, meeting, on=day, due=cycle.on("frozen"))
    day = cycle.on("noticed")
    number = f"{play.company.cast.notices}〔{day.year}〕{cycle.notice}号"
    play.act("go", procedure.notice_command(play, meeting, on=day, number=number), subject=meeting)
    for each in cycle.explained:
        _explain(play, each, meeting, on=cycle.on("explained"))
    procedure.report_outstanding(play, meeting, on=cycle.on("outstanding"))
    procedure.submit_materials(play, meeting, cycle.proposals, on=cycle.on("frozen"))
    return agenda


def _explain(play: Play, told: Explained, meeting: str, *, on: date) -> None:
    said = meetings.ExplainUnfulfilled(
        on=on,
        member=play.decision_ids[told.matter.key],
        explanation=told.explanation,
        opinion=told.opinion,
    )
    play.act(f"dep_{told.matter.lead}", said, subject=meeting)


def _sit(play: Play, cycle: Cycle, meeting: str, agenda: tuple[str, ...]) -> None:
    opens = procedure.moment(cycle.held_on, "15:00")
    play.act("go", procedure.hold_command(play, meeting, at=opens), subject=meeting)
    procedure.attend(play, meeting, on=cycle.held_on)
    kind = meetings.OutcomeKind
    keys = {topic: key for key, topic in play.topic_ids.items()}
    outcomes = {}
    for item in agenda:
        usual = (kind.RESOLVED, "同意按建议报告办理。") if item in keys else (kind.NOTED, "会议听取了通报。")
        if item == "C6" and play.meeting(meeting).ordinal == 1:
            usual = (kind.NOTED, "建立制度以来首次会议，没有待通报的议定事项。")
        outcomes[item] = cycle.outcomes.get(keys.get(item, item), usual)
    at = [opens + timedelta(minutes=14 * place) for place in range(1, len(agenda) + 1)]
    procedure.conclude(play, meeting, outcomes=outcomes, at=at, closed_at=at[-1] + timedelta(minutes=5))
    for matter, reason in cycle.closed:
        closing = meetings.CloseByMeeting(
            on=cycle.held_on,
            decision=play.decision_ids[matter.key],
            kind="terminated",
            item="C6",
            reason=reason,
        )
        play.act("go", closing, subject=meeting)


def _write(play: Play, cycle: Cycle, meeting: str) -> None:
    proposals = {each.key: each for each in cycle.proposals}
    held = play.meeting(meeting)
    day = cycle.held_on
    titles = "".join(f"“{_inner(each.content.title)}”" for each in cycle.proposals)
    account = "和上次会议议定事项落实情况的通报" if held.ordinal > 1 else "的通报"
    body = (
        f"{day.year}年{day.month}月{day.day}日下午，{held.chair_title}在{cycle.place}主持召开{held.name}。"
        f"会议听取了有关情况{account}，研究了{titles}。{cycle.remarks}"
    )
    draft = minutes.DraftMinutes(
        on=cycle.on("drafted"),
        body=body,
        clauses=tuple(procedure.clause(play, matter, proposals) for matter in cycle.matters),
        closures=tuple(play.decision_ids[matter.key] for matter, _ in cycle.closed),
    )
    play.act("go", draft, subject=meeting)
    procedure.review_both(play, meeting, chair=cycle.chair, on=cycle.on("reviewed"))
    day = cycle.on("issued")
    number = cycle.minutes_number if not cycle.minutes_number.isdigit() else ""
    number = number or f"{play.company.cast.minutes}〔{day.year}〕{cycle.minutes_number}号"
    issue = procedure.issue_command(play, meeting, on=day, number=number, disclosure=cycle.disclosure)
    play.act("go", issue, subject=meeting)
    procedure.remember(play, meeting, cycle.matters)


def _inner(title: str) -> str:
    # Inside quotation marks a title's own become single ones.
    return title.replace("“", "‘").replace("”", "’")


def _follow(play: Play, cycle: Cycle, meeting: str) -> None:
    rank = "政务网站" if play.company.cast.name.endswith(("县", "市", "区")) else "政务公众号"
    if cycle.disclosure is regulation.Disclosure.PUBLIC:
        titles = "、".join(each.content.title for each in cycle.proposals)
        procedure.publish(
            play,
            meeting,
            on=cycle.on("published"),
            channel=f"{play.company.cast.name}{rank}",
            link=f"网站稿件{cycle.on('published'):%Y%m%d}",
            text=f"{play.meeting(meeting).name}召开，研究{titles}等事项。",
        )
    for matter in cycle.matters:
        procedure.supervise(play, matter, on=cycle.on("supervised"))
    for matter in cycle.matters:
        procedure.accept(play, matter, on=cycle.on("accepted"))
        procedure.fulfil(play, matter)
    for day, text, keys in cycle.effects:
        play.later(day, _publish_effect(play, meeting, day, text, keys))


def _publish_effect(
    play: Play, meeting: str, day: date, text: str, keys: tuple[str, ...]
) -> Callable[[], None]:
    return lambda: procedure.publish(
        play,
        meeting,
        on=day,
        channel=f"{play.company.cast.name}融媒体平台",
        link=f"融媒体稿件{day:%Y%m%d}",
        text=text,
        about=keys,
    )
