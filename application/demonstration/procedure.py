"""The procedure as scripts perform it: one function a step, each by the roles whose step it is."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time

from application.demonstration.playing import Matter, Play, Proposal
from domain import calendar, decisions, liaison, meetings, minutes, pairs, publicity, regulation, topics
from domain.decider import Command, Side
from domain.regulation import Category

BASIS = "运政办发〔2024〕7号"
BRIEFINGS = {
    "C1": ("通报经济运行、就业形势和涉及职工利益的政策措施", Side.GOVERNMENT),
    "C2": ("通报工会服务中心工作、服务职工群众情况", Side.UNION),
}
VOICES = {Side.GOVERNMENT: "go", Side.UNION: "uo"}
SUPERVISORS = {Side.GOVERNMENT: "sup_g", Side.UNION: "sup_u"}


def moment(day: date, clock: str) -> datetime:
    """Give a local moment of a day, the clock written as ``15:00``."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=calendar.SHANGHAI)


def both(play: Play, act: Callable[[Side], Command], *, subject: str) -> None:
    """Let each side's office perform its own act, the government's first."""
    for side, role in VOICES.items():
        play.act(role, act(side), subject=subject)


def found(play: Play, *, on: date, office: str = "", leader: str = "", sections: tuple[str, str]) -> None:
    """Set up the regime, and say who is responsible on both sides."""
    play.act(
        "go",
        pairs.AdoptRegime(on=on, bases=(BASIS,), office_equivalent=office, leader_equivalent=leader),
        subject=play.stage.tenant,
    )
    for (side, role), section in zip(VOICES.items(), sections, strict=True):
        named = liaison.DesignateLiaison(
            on=on, side=side, section=section, posts=(play.company.cast.title(role),)
        )
        play.act(role, named, subject=side.value)


def declare_history(play: Play, *, on: date) -> None:
    """Let both sides declare that there was no meeting before, or none but what was imported."""
    both(play, lambda side: pairs.DeclareNoHistory(on=on, side=side), subject=play.stage.tenant)


def draft(play: Play, proposal: Proposal, *, on: date) -> str:
    """Propose a topic. Returns: its id."""
    topic = play.act(
        f"dep_{proposal.unit}",
        topics.ProposeTopic(on=on, unit=play.unit(proposal.unit), content=proposal.content),
    )
    play.topic_ids[proposal.key] = topic
    return topic


def submit(play: Play, proposal: Proposal, *, on: date) -> None:
    """Attach the research and submit a draft."""
    topic, role = play.topic_ids[proposal.key], f"dep_{proposal.unit}"
    play.act(role, topics.AttachResearch(on=on, research=proposal.research), subject=topic)
    play.act(role, topics.SubmitTopic(on=on), subject=topic)


def consult(play: Play, key: str, *, on: date) -> None:
    """Let both offices agree to the topic as it stands."""
    topic = play.topic_ids[key]
    for side, role in VOICES.items():
        said = topics.ConsultTopic(
            on=on, side=side, stance=topics.Stance.AGREE, content_hash=play.topic(topic).content_hash
        )
        play.act(role, said, subject=topic)


def approve(play: Play, key: str, *, on: date) -> None:
    """Let the liaison leader approve."""
    play.act("gl", topics.ApproveTopic(on=on), subject=play.topic_ids[key])


def declare(play: Play, proposal: Proposal, *, on: date) -> None:
    """Declare the related units."""
    for unit, role in proposal.related.items():
        play.act(
            "go",
            topics.DeclareRelatedUnit(on=on, unit=play.unit(unit), role=role),
            subject=play.topic_ids[proposal.key],
        )


def joint_research(play: Play, proposal: Proposal, *, on: date) -> None:
    """Let the union lead the joint research with every related unit, from this day."""
    play.act(
        "uo",
        topics.PlanJointResearch(
            on=on,
            lead=play.unit("union"),
            units=play.units(proposal.related),
            starts_on=on,
            plan=f"由{play.company.cast.units['union'].name}牵头，会同相关单位实地走访、座谈，形成调研结论。",
        ),
        subject=play.topic_ids[proposal.key],
    )


def complete_research(play: Play, proposal: Proposal, *, on: date) -> None:
    """Complete the joint research."""
    done = topics.CompleteJointResearch(on=on, findings=proposal.findings)
    play.act("uo", done, subject=play.topic_ids[proposal.key])


def file_report(play: Play, proposal: Proposal, *, on: date) -> None:
    """Let the leading unit file the report with its suggestions."""
    problem, basis, measures, feasibility = proposal.report
    filed = topics.FileTopicReport(
        on=on,
        unit=play.unit(proposal.author),
        problem=problem,
        basis=basis,
        measures=measures,
        responsible_units=play.units(proposal.related),
        feasibility=feasibility,
    )
    play.act(f"dep_{proposal.author}", filed, subject=play.topic_ids[proposal.key])


def state_position(
    play: Play,
    key: str,
    unit: str,
    *,
    on: date,
    stance: topics.Stance = topics.Stance.AGREE,
    opinion: str = "",
) -> None:
    """Let one related unit say what it thinks of the report."""
    topic = play.topic_ids[key]
    report = play.topic(topic).report
    said = topics.StatePosition(
        on=on,
        unit=play.unit(unit),
        stance=stance,
        opinion=opinion,
        report_hash=report.report_hash if report else "",
    )
    play.act(f"dep_{unit}", said, subject=topic)


def state_positions(play: Play, proposal: Proposal, *, on: date) -> None:
    """Let every related unit say what it thinks of the report; who has no reservation agrees."""
    for unit in proposal.related:
        stance, opinion = proposal.positions.get(unit, (topics.Stance.AGREE, ""))
        state_position(play, proposal.key, unit, on=on, stance=stance, opinion=opinion)


def confirm_command(play: Play, key: str, side: Side, *, on: date) -> topics.ConfirmConsensus:
    """Give the command with which a side confirms consensus on the report that stands."""
    report = play.topic(play.topic_ids[key]).report
    return topics.ConfirmConsensus(on=on, side=side, report_hash=report.report_hash if report else "")


def confirm(play: Play, key: str, *, on: date) -> None:
    """Let both offices confirm basic consensus."""
    both(play, lambda side: confirm_command(play, key, side, on=on), subject=play.topic_ids[key])


def plan_meeting(play: Play, *, year: int, on: date) -> str:
    """Put the yearly meeting on the plan. Returns: its id."""
    return play.act("go", meetings.PlanMeeting(on=on, year=year))


def consent_command(
    play: Play, meeting: str, subject: meetings.Subject, side: Side, *, on: date
) -> meetings.GiveConsent:
    """Give the command with which a side consents to what stands now."""
    standing = play.meeting(meeting).consents(subject)
    return meetings.GiveConsent(on=on, subject=subject, side=side, content_hash=standing.content_hash)


def agree(play: Play, meeting: str, subject: meetings.Subject, *, on: date) -> None:
    """Let both sides consent."""
    both(play, lambda side: consent_command(play, meeting, subject, side, on=on), subject=meeting)


def invite(
    play: Play,
    meeting: str,
    *,
    on: date,
    held_on: date,
    chair: str,
    attendees: tuple[meetings.Attendee, ...],
    reason: str = "",
    briefings: bool = True,
) -> None:
    """Agree on the date; name the chair and the attendees, and list the two briefings."""
    play.act("go", meetings.ProposeDate(on=on, meeting_date=held_on), subject=meeting)
    agree(play, meeting, meetings.Subject.DATE, on=on)
    play.act("go", meetings.SetChair(on=on, post=play.company.posts[chair], reason=reason), subject=meeting)
    play.act("go", meetings.SetAttendees(on=on, attendees=attendees), subject=meeting)
    for item, (title, side) in BRIEFINGS.items() if briefings else ():
        added = meetings.AddBriefing(on=on, category=Category(item), title=title, side=side)
        play.act(VOICES[side], added, subject=meeting)


def arrange(
    play: Play, meeting: str, *, on: date, starts_at: datetime, place: str, agenda: Sequence[str]
) -> None:
    """Propose time, place and agenda; a new proposal voids what was consented before."""
    proposed = meetings.ProposeArrangement(on=on, starts_at=starts_at, place=place, agenda=tuple(agenda))
    play.act("go", proposed, subject=meeting)


def share_tasks(play: Play, meeting: str, *, on: date, due: date) -> None:
    """Share the preparation between both sides."""
    tasks = {
        Side.GOVERNMENT: ("印发会议通知、协调参会单位、布置会场", "office"),
        Side.UNION: ("汇总会议材料、准备议题说明", "union"),
    }
    for side, (task, unit) in tasks.items():
        assigned = meetings.AssignPrepTask(on=on, task=task, side=side, unit=play.unit(unit), due=due)
        play.act(VOICES[side], assigned, subject=meeting)


def notice_command(play: Play, meeting: str, *, on: date, number: str) -> meetings.IssueNotice:
    """Give the command that sends the notice to every attendee's unit, the issuing office among them."""
    invited = play.meeting(meeting).attendees
    return meetings.IssueNotice(
        on=on,
        recipients=tuple(dict.fromkeys(seat.unit for seat in invited)),
        copies=play.company.cast.copies,
        number=number,
        disclosure=regulation.Disclosure.CLOSED,
    )


def acknowledge(play: Play, meeting: str, *, on: date) -> None:
    """Let each invited unit sign for the notice; the offices sign for whoever has nobody to do so."""
    cast = play.company.cast
    played = {part.role for part in cast.parts}
    invited = {seat.unit for seat in play.meeting(meeting).attendees}
    for key, unit in cast.units.items():
        if play.unit(key) in invited:
            role = f"dep_{key}" if f"dep_{key}" in played else VOICES[unit.side]
            play.act(role, meetings.AcknowledgeNotice(on=on, unit=play.unit(key)), subject=meeting)


def send_deputy(play: Play, meeting: str, unit: str, *, on: date, substitute: str, reason: str) -> None:
    """Let an invited unit reply that its principal is away, and who comes instead."""
    invited = play.meeting(meeting).attendees
    seat = next(seat for seat, each in enumerate(invited, start=1) if each.unit == play.unit(unit))
    reply = meetings.ReplyAttendance(
        on=on,
        unit=play.unit(unit),
        seat=seat,
        attends=meetings.Attends.SUBSTITUTE,
        substitute=substitute,
        reason=reason,
    )
    play.act(f"dep_{unit}", reply, subject=meeting)


def report_outstanding(play: Play, meeting: str, *, on: date) -> None:
    """Prepare the one report on everything outstanding, or renew it, and let both sides consent."""
    standing = play.meeting(meeting).report
    command = meetings.PrepareOutstandingReport if standing is None else meetings.AmendOutstandingReport
    play.act("go", command(on=on), subject=meeting)
    agree(play, meeting, meetings.Subject.OUTSTANDING_REPORT, on=on)


def submit_materials(play: Play, meeting: str, proposals: Iterable[Proposal], *, on: date) -> None:
    """Hand in one paper for each item, each from its own side, and freeze the meeting book."""
    papers = {
        "C1": ("go", "office", "经济运行和就业情况通报"),
        "C2": ("uo", "union", "工会重点工作情况通报"),
        "C6": ("go", "office", "上次及以往议定事项落实情况通报"),
    }
    for proposal in proposals:
        title = f"关于{proposal.content.title}的议题建议报告"
        papers[play.topic_ids[proposal.key]] = (f"dep_{proposal.unit}", proposal.unit, title)
    for item in play.meeting(meeting).agenda:
        role, unit, title = papers[item]
        paper = meetings.SubmitMaterial(
            on=on,
            item=item,
            unit=play.unit(unit),
            title=title,
            sha256=hashlib.sha256(f"{meeting}/{item}/{title}".encode()).hexdigest(),
        )
        play.act(role, paper, subject=meeting)
    play.act("go", meetings.FreezeMaterials(on=on), subject=meeting)


def hold_command(play: Play, meeting: str, *, at: datetime) -> meetings.HoldMeeting:
    """Give the command that opens the meeting with every seat taken."""
    seats = len(play.meeting(meeting).attendees)
    return meetings.HoldMeeting(on=at.date(), opened_at=at, present=tuple(range(1, seats + 1)))


def attend(play: Play, meeting: str, *, on: date, substitutes: Mapping[int, str] | None = None) -> None:
    """Record who sat on each seat."""
    absent = substitutes or {}
    seats = range(1, len(play.meeting(meeting).attendees) + 1)
    attendance = tuple(
        meetings.Attendance(
            seat=seat,
            presence="substitute" if seat in absent else "principal",
            note=absent.get(seat, ""),
        )
        for seat in seats
    )
    play.act("go", meetings.RecordAttendance(on=on, attendance=attendance), subject=meeting)


def conclude(
    play: Play,
    meeting: str,
    *,
    outcomes: Mapping[str, tuple[meetings.OutcomeKind, str]],
    at: Sequence[datetime],
    closed_at: datetime,
) -> None:
    """Record what became of each item, and close the sitting."""
    for (item, (outcome, text)), moment_ in zip(outcomes.items(), at, strict=True):
        recorded = meetings.RecordOutcome(
            on=moment_.date(), item=item, outcome=outcome, text=text, at=moment_
        )
        play.act("go", recorded, subject=meeting)
    play.act("go", meetings.CloseSitting(on=closed_at.date(), closed_at=closed_at), subject=meeting)


def clause(play: Play, matter: Matter, proposals: Mapping[str, Proposal]) -> minutes.Clause:
    """Give the decision clause of the minutes for a matter."""
    return minutes.Clause(
        item=play.topic_ids[matter.topic],
        text=matter.text,
        category=proposals[matter.topic].content.category,
        lead_units=(play.unit(matter.lead),),
        cooperating_units=play.units(matter.helpers),
        deadline=matter.deadline,
        long_term=matter.deadline is None,
        report_interval_months=matter.interval,
        leader=matter.leader,
        acceptance=matter.acceptance,
        quantity=matter.quantity,
    )


def review(play: Play, meeting: str, side: Side, role: str, *, on: date, returned: str = "") -> None:
    """Let a leader of one side approve the minutes as they stand, or return them."""
    reviewed = minutes.ReviewMinutes(
        on=on,
        side=side,
        approve=not returned,
        content_hash=play.minutes_of(meeting).content_hash,
        reason=returned,
    )
    play.act(role, reviewed, subject=meeting)


def review_both(play: Play, meeting: str, *, chair: str, on: date) -> None:
    """Let the chair and the union's principal approve the minutes as they stand."""
    for side, role in {Side.GOVERNMENT: chair, Side.UNION: "up"}.items():
        review(play, meeting, side, role, on=on)


def issue_command(
    play: Play, meeting: str, *, on: date, number: str, disclosure: regulation.Disclosure
) -> minutes.IssueMinutes:
    """Give the command that issues the minutes to the units that attended."""
    names = {play.unit(key): unit.name for key, unit in play.company.cast.units.items()}
    invited = dict.fromkeys(names[seat.unit] for seat in play.meeting(meeting).attendees)
    return minutes.IssueMinutes(
        on=on,
        number=number,
        disclosure=disclosure,
        recipients=tuple(invited),
        copies=play.company.cast.copies,
    )


def remember(play: Play, meeting: str, matters: Sequence[Matter]) -> None:
    """Remember under which id each matter came into force."""
    for number, matter in enumerate(matters, start=1):
        play.decision_ids[matter.key] = minutes.decision_id(meeting, number)


def supervise(play: Play, matter: Matter, *, on: date) -> None:
    """Name one supervisor a side."""
    posts = play.company.posts
    command = decisions.AssignSupervisors(on=on, government_post=posts["sup_g"], union_post=posts["sup_u"])
    play.act("go", command, subject=play.decision_ids[matter.key])


def accept(play: Play, matter: Matter, *, on: date) -> None:
    """Let the lead unit sign for the decision and plan it; what it then does is put off to its days."""
    decision, role, unit = play.decision_ids[matter.key], f"dep_{matter.lead}", play.unit(matter.lead)
    play.act(role, decisions.AcceptDecision(on=on, unit=unit), subject=decision)
    plan = matter.plan or halves(on, matter.deadline)
    if plan:
        steps = tuple(decisions.Milestone(due=due, percent=percent) for due, percent in plan)
        play.act(role, decisions.SetPlan(on=on, unit=unit, milestones=steps), subject=decision)
    for day, percent, text in matter.reports:
        progress = decisions.ReportProgress(
            on=day, unit=unit, percent=percent, text=text, evidence=f"督办台账{day:%Y}年{day.month}月附件"
        )
        play.put_off(role, progress, subject=decision)


def halves(on: date, deadline: date | None) -> tuple[tuple[date, int], ...]:
    """Plan the half for the middle of the time; what has no deadline needs no plan."""
    return ((on + (deadline - on) / 2, 50), (deadline, 100)) if deadline is not None else ()


def fulfil(play: Play, matter: Matter, *, between: Callable[[Play], None] | None = None) -> None:
    """Put off the claim and both verifications to their days, and what is to come between these two."""
    if matter.done is None:
        return
    fact, claimed, verified = matter.done
    decision, unit = play.decision_ids[matter.key], play.unit(matter.lead)
    claim = decisions.ClaimFulfilled(
        on=claimed,
        unit=unit,
        fulfilled_on=fact,
        text=matter.result,
        evidence=f"办结材料汇编{fact:%Y-%m}",
    )
    play.put_off(f"dep_{matter.lead}", claim, subject=decision)
    for side in reversed(SUPERVISORS):
        seen = decisions.VerifyFulfilled(
            on=verified, side=side, opinion="经现场核查和查阅资料，达到验收标准，同意办结。"
        )
        play.put_off(SUPERVISORS[side], seen, subject=decision)
        if side is Side.UNION and between is not None:
            play.later(verified, lambda: between(play))


def publish(
    play: Play, meeting: str, *, on: date, channel: str, link: str, text: str, about: Iterable[str] = ()
) -> None:
    """Record what was published: the meeting's content, or the effect of the decisions named."""
    named = tuple(play.decision_ids[key] for key in about)
    play.act(
        "uo",
        publicity.RecordPublicity(
            on=on,
            meeting=meeting,
            decisions=named,
            about=publicity.About.EFFECT if named else publicity.About.CONTENT,
            channel=channel,
            link=link,
            text=text,
        ),
    )
