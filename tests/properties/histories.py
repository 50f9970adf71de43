"""What somebody might plausibly do next with a pair: mostly the next step, sometimes a detour.

Nothing here judges whether an act is lawful; the decision does. A proposal that is refused changes nothing.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from application import surroundings
from application.dossier import Dossier
from domain import (
    decisions,
    meetings,
    minutes,
    numbers,
    pairs,
    papers,
    people,
    publicity,
    regulation,
    short_reports,
    topics,
)
from domain.decider import Capacity, Command
from domain.meetings import AttendeeCategory, OutcomeKind, Subject
from domain.regulation import Category
from tests import builders as b
from tests.properties import conferences, corrections, paper_ways, pressing, rules, topic_ways, yearly
from tests.properties import people as leaders

START = date(2025, 1, 6)
DEPARTMENTS = ("hr", "fin", "ind", "rights")
REASON = "情况属实，双方已沟通。"
OUTCOMES = (
    *[OutcomeKind.RESOLVED] * 4,
    OutcomeKind.RESOLVED_AMENDED,
    OutcomeKind.NOTED,
    OutcomeKind.DEFERRED,
    OutcomeKind.REFERRED,
    OutcomeKind.NOT_ADOPTED,
    OutcomeKind.WITHDRAWN,
)


@dataclass(frozen=True)
class Proposal:
    """Somebody's act; ``on`` other than today moves the day forward."""

    role: str
    command: Command
    subject: str = ""


Option = tuple[float, Callable[[], Proposal]]


@dataclass
class Walk:
    """One pair on its way, with the day and the dice.

    ``boldness``: how often one person acts for either side, so that the rules on two persons are met in the wild.
    """

    dossier: Dossier
    today: date
    dice: random.Random
    boldness: float = 0.08
    made: int = 0

    def office(self, side: b.Side) -> str:
        return b.BOTH if self.dice.random() < self.boldness else b.OFFICES[side]

    def either(self) -> str:
        return self.office(self.dice.choice((b.GOV, b.UNION)))

    def new(self, letter: str) -> str:
        self.made += 1
        return f"{letter}{self.made}"

    def next(self) -> Proposal:
        options = list(self.options())
        weights = [weight for weight, _ in options]
        (chosen,) = self.dice.choices([make for _, make in options], weights)
        return chosen()

    def options(self) -> Iterator[Option]:
        yield from _pair(self)
        yield from _papers(self)
        running = [each for each in self.dossier.topics if each.status in topics.EDITABLE | topics.ON_THE_WAY]
        if len(running) < 3:
            yield 3, lambda: _new_topic(self)
        for each in self.dossier.topics:
            yield from _topic(self, each)
        preparing = [
            each
            for each in self.dossier.meetings
            if each.closed_at is None and each.status not in conferences.ENDED
        ]
        native = [each for each in self.dossier.meetings if not each.imported]
        preparing = [each for each in native if each.closed_at is None]
        if len(preparing) < 2:
            yield 2 if not preparing else 0.1, lambda: _new_meeting(self)
        yield from conferences.irregular(self, Proposal)
        for each in native:
            yield from _meeting(self, each)
            yield from conferences.options(self, each, Proposal)
        for each in self.dossier.decisions:
            yield from _decision(self, each)
        yield from topic_ways.options(self)
        for weight, role, command, subject in yearly.steps(self):
            yield weight, partial(Proposal, role, command, subject)
        yield from pressing.options(self, Proposal)
        yield from corrections.options(self, Proposal)
        yield from paper_ways.options(self, Proposal)
        yield from _shortcuts(self)
        yield from leaders.options(self)
        yield from rules.options(self)


def _shortcuts(walk: Walk) -> Iterator[Option]:
    """Try the last act of a procedure first, as somebody in a hurry would."""
    on, dice = walk.today, walk.dice
    if walk.dossier.topics:
        topic = dice.choice(walk.dossier.topics)
        side = dice.choice((b.GOV, b.UNION))
        for role, command in (
            ("GL", topics.ApproveTopic(on=on, reason=REASON)),
            ("UO", b.plan_research(on=on, starts_on=on, units=tuple(topic.related))),
            (b.OFFICES[side], b.confirm(topic, side, on=on, dissent_note=REASON)),
        ):
            yield 0.3, lambda role=role, command=command: Proposal(role, command, topic.id)
    if walk.dossier.meetings:
        meeting = dice.choice(walk.dossier.meetings)
        seats = tuple(range(1, len(meeting.attendees) + 1))
        for command in (
            _notice(walk),
            meetings.FreezeMaterials(on=on),
            b.hold(meeting.meeting_date or on, on=max(on, meeting.meeting_date or on), present=seats),
            _issue(walk),
        ):
            yield 0.3, lambda command=command: Proposal("GO", command, meeting.id)
    if walk.dossier.decisions:
        decision = dice.choice(walk.dossier.decisions)
        for side, role in ((b.GOV, "SUPG"), (b.UNION, "SUPU")):
            seen = decisions.VerifyFulfilled(on=on, side=side)
            yield 0.2, lambda role=role, seen=seen: Proposal(role, seen, decision.id)


def setting(division: pairs.Division) -> Iterator[Proposal]:
    """Give the acts that every history begins with: registration, units and people."""
    yield Proposal("ADMIN", b.register(division), division.code)
    for unit, (name, side) in b.UNITS.items():
        yield Proposal("ADMIN", people.RegisterUnit(on=START, name=name, side=side), unit)
    for role, (title, capacity, unit) in b.POSTS.items():
        yield Proposal("ADMIN", b.appoint(role, capacity, unit, title=title), f"post-{role}")
    for post, (title, capacity, unit) in b.BOTH_POSTS.items():
        yield Proposal("ADMIN", b.appoint(b.BOTH, capacity, unit, title=title), post)


def _silent(spoken: Mapping[b.Side, object]) -> list[b.Side]:
    return [side for side in b.Side if side not in spoken]


# --- the pair ---------------------------------------------------------------------------------------------------


def _pair(walk: Walk) -> Iterator[Option]:
    known, on = walk.dossier.pair, walk.today
    if known.adopted_on is None:
        yield 20, lambda: Proposal("ADMIN", b.adopt(on=on, voluntary=not known.mandatory))
    for side in b.Side:
        if side not in known.no_history:
            declare = pairs.DeclareNoHistory(on=on, side=side)
            yield 8, lambda side=side, declare=declare: Proposal(walk.office(side), declare)
        weight = 0.1 if side in walk.dossier.liaisons else 8
        named = b.designate(side, on=on, section=walk.dice.choice(("综合科", "秘书科")))
        yield weight, lambda side=side, named=named: Proposal(walk.office(side), named, side.value)
    # Each name is another one, so that rows which repeat the name are seen to follow it.
    name = f"第{walk.dice.randrange(1000)}开发区管委会与工会联席会议"
    yield (
        0.1 if known.has_fixed_name else 0.5,
        lambda: Proposal("GO", pairs.SetNamePattern(on=on, official_name=name)),
    )


def _papers(walk: Walk) -> Iterator[Option]:
    on = walk.today
    number = f"芮政办函〔{on.year}〕{walk.dice.randrange(500, 999)}号"
    yield 0.3, lambda: Proposal("GO", numbers.AllocateDocNumber(on=on, number=number))
    reserved = [each.number for each in walk.dossier.register.allocations.values() if not each.document]
    if reserved:
        command = numbers.VoidDocNumber(on=on, number=reserved[-1], reason=REASON)
        yield 0.3, lambda: Proposal("GO", command)
    appointed = b.appoint(walk.new("person"), Capacity.DEPARTMENT, "ind", on=on, valid_from=on)
    yield 0.2, lambda: Proposal("ADMIN", appointed, f"post-{appointed.person}")
    extra = [each.id for each in walk.dossier.posts.values() if each.person.startswith("person")]
    if extra:
        yield 0.2, lambda: Proposal("ADMIN", people.EndPost(on=on, last_day=on), extra[0])
    held = [each.id for each in walk.dossier.meetings if each.opened_at is not None]
    if held:
        yield 0.3, lambda: Proposal(walk.either(), _published(walk, held[-1]), walk.new("P"))


def _published(walk: Walk, meeting: str) -> publicity.RecordPublicity:
    established = [each.id for each in walk.dossier.decisions if each.meeting == meeting]
    about = walk.dice.choice(list(publicity.About))
    return b.publish(on=walk.today, meeting=meeting, about=about, decisions=tuple(established))


# --- topics -----------------------------------------------------------------------------------------------------


def _new_topic(walk: Walk) -> Proposal:
    unit = walk.dice.choice(DEPARTMENTS)
    of = _content(walk, walk.dice.choice(sorted(regulation.DELIBERATIONS)))
    command = topics.ProposeTopic(on=walk.today, unit=unit, content=of)
    return Proposal(b.DEPARTMENT_OF[unit], command, walk.new("T"))


def _content(walk: Walk, category: Category) -> topics.Content:
    return b.content(category, title=f"议题之{walk.dice.randrange(100)}")


def _topic(walk: Walk, known: topics.Topic) -> Iterator[Option]:
    on, dice, mine = walk.today, walk.dice, known.id
    proposer = b.DEPARTMENT_OF[known.unit]

    def act(role: str, command: Command) -> Proposal:
        return Proposal(role, command, mine)

    if known.status in topics.EDITABLE and known.content is not None:
        changed = topics.ReviseTopic(on=on, content=_content(walk, known.content.category))
        yield 0.3, lambda: act(dice.choice((proposer, "GL")), changed)
        opinion = topics.AttachOpinion(on=on, source="职工代表提案", opinion=REASON)
        yield 0.3, lambda: act(proposer, opinion)
    if known.status is not topics.Status.UNBORN:
        yield 0.08, lambda: act(proposer, topics.WithdrawTopic(on=on, reason=REASON))
    match known.status:
        case topics.Status.DRAFT | topics.Status.RETURNED:
            record = b.research(held_on=on - timedelta(days=3))
            weight = 0.2 if known.research else 8
            yield weight, lambda: act(proposer, topics.AttachResearch(on=on, research=record))
            yield 5, lambda: act(proposer, topics.SubmitTopic(on=on))
        case topics.Status.SUBMITTED | topics.Status.CONSULTING | topics.Status.DEFERRED:
            for side in _silent(known.consultations):
                stance = dice.choice((*[topics.Stance.AGREE] * 5, *topics.Stance))
                said = b.consultation(known, side, stance, REASON, on=on)
                yield 5, lambda side=side, said=said: act(walk.office(side), said)
            yield 0.4, lambda: act("GL", topics.ReturnTopic(on=on, reason=REASON))
            yield 0.3, lambda: act("GL", topics.RejectTopic(on=on, reason=REASON))
        case topics.Status.CONSULTED:
            approver = "GL" if dice.random() < 0.8 else b.BOTH
            yield 6, lambda: act(approver, topics.ApproveTopic(on=on, reason=REASON))
            yield 0.3, lambda: act("GL", topics.ReturnTopic(on=on, reason=REASON))
        case _:
            yield from _coordination(walk, known, act)


def _coordination(
    walk: Walk, known: topics.Topic, act: Callable[[str, Command], Proposal]
) -> Iterator[Option]:
    on, dice = walk.today, walk.dice
    unit, role = dice.choice(DEPARTMENTS), dice.choice(list(topics.Role))
    declared = topics.DeclareRelatedUnit(on=on, unit=unit, role=role)
    match known.status:
        case topics.Status.APPROVED:
            yield 8 if len(known.related) < 2 else 0.3, lambda: act(walk.either(), declared)
            plan = b.plan_research(on=on, starts_on=on, units=tuple(known.related))
            yield 5, lambda: act(walk.office(b.UNION), plan)
        case topics.Status.JOINT_RESEARCH:
            done = topics.CompleteJointResearch(on=on, findings=REASON)
            yield 5, lambda: act(dice.choice(("UO", "RIGHTS")), done)
        case topics.Status.RESEARCHED:
            filer = dice.choice(sorted(known.related))
            filed = b.report(filer, on=on, measures=f"措施之{dice.randrange(100)}")
            yield 5, lambda: act(b.DEPARTMENT_OF[filer], filed)
        case topics.Status.REPORTED:
            yield 0.2, lambda: act(walk.either(), declared)
            filer = dice.choice(sorted(known.related))
            filed = b.report(filer, on=on, measures=f"措施之{dice.randrange(100)}")
            yield 0.2, lambda: act(b.DEPARTMENT_OF[filer], filed)
            silent = sorted(set(known.related) - set(known.positions))
            who = dice.choice(silent or sorted(known.related))
            against = any(each.stance is topics.Stance.DISAGREE for each in known.positions.values())
            stance = dice.choice((*[topics.Stance.AGREE] * 6, *topics.Stance))
            stated = b.position(known, who, stance, REASON, on=on)
            yield 8 if silent else 4 if against else 0.2, lambda: act(b.DEPARTMENT_OF[who], stated)
            for side in _silent(known.consensus.given):
                confirmed = b.confirm(known, side, on=on, dissent_note=REASON if against else "")
                weight = 0 if silent else 0.5 if against else 5
                yield weight, lambda side=side, command=confirmed: act(walk.office(side), command)
        case _:
            pass


# --- meetings ---------------------------------------------------------------------------------------------------


def _new_meeting(walk: Walk) -> Proposal:
    if walk.dice.random() < 0.4:
        side = walk.dice.choice((b.GOV, b.UNION))
        return Proposal(b.OFFICES[side], b.request_special(on=walk.today, side=side), walk.new("M"))
    command = meetings.PlanMeeting(on=walk.today, year=walk.today.year)
    return Proposal(walk.either(), command, walk.new("M"))


def _meeting(walk: Walk, known: meetings.Meeting) -> Iterator[Option]:
    if known.opened_at is not None:
        yield from _sitting(walk, known)
        yield from _minutes(walk, known)
        return
    if known.status in conferences.ENDED:
        return
    yield from _detours(walk, known)
    for weight, role, command in _preparation(walk, known):
        yield weight, lambda role=role, command=command: Proposal(role, command, known.id)


def _detours(walk: Walk, known: meetings.Meeting) -> Iterator[Option]:
    on, dice = walk.today, walk.dice
    others: list[Command] = [
        meetings.ProposeDate(on=on, meeting_date=on + timedelta(days=dice.randrange(20, 40))),
        _chair(walk),
        meetings.SetAttendees(on=on, attendees=_seats(), reason=f"职位空缺之{dice.randrange(9)}"),
        meetings.RecordSubstitution(on=on, seat=dice.randrange(1, 9), substitute="副局长", reason=REASON),
        meetings.AssignPrepTask(on=on, task="布置会场", side=dice.choice((b.GOV, b.UNION))),
        b.brief(Category.C7, on=on, reason=REASON)[1],
        meetings.AmendOutstandingReport(on=on),
    ]
    for command in others:
        # Near the end a change costs the whole arrangement, so it is rarer than a detail.
        weight = 0.3 if known.notice is None else 0.05
        yield weight, lambda command=command: Proposal("GO", command, known.id)


def _seats() -> tuple[meetings.Attendee, ...]:
    leaders = tuple(
        meetings.Attendee(
            category=AttendeeCategory.GOVERNMENT_LEADER, unit="gov", title=f"{role}", post=f"post-{role}"
        )
        for role in ("LEADER", "GL")
    )
    return b.seats(*leaders)


def _chair(walk: Walk) -> meetings.SetChair:
    post = walk.dice.choice(("post-GP", "post-GP", "post-LEADER", "post-GL"))
    return meetings.SetChair(on=walk.today, post=post, reason="" if post == "post-GP" else "县长赴省参会")


Step = tuple[float, str, Command]


def _give(walk: Walk, known: meetings.Meeting, what: Subject) -> Iterator[Step]:
    standing = known.consents(what)
    if not standing.content_hash:
        return
    for side in _silent(standing.given):
        command = meetings.GiveConsent(
            on=walk.today, subject=what, side=side, content_hash=standing.content_hash
        )
        yield 8, walk.office(side), command


def _preparation(  # noqa: C901 - one branch for each thing that may be missing.
    walk: Walk, known: meetings.Meeting
) -> Iterator[Step]:
    """Give what comes next on the way to the opening: the first thing that is missing."""
    on = walk.today
    if known.kind is meetings.Kind.SPECIAL:
        for side in _silent(known.prior):
            said = meetings.RecordPriorConsultation(on=on, side=side, text=REASON)
            yield 6, walk.office(side), said
    if known.frozen_on is not None:
        yield from _to_the_opening(walk, known)
        return
    passed = known.meeting_date is not None and known.meeting_date < on
    if known.meeting_date is None or passed:
        on_date = on + timedelta(days=walk.dice.randrange(20, 40))
        yield 8, walk.either(), meetings.ProposeDate(on=on, meeting_date=on_date)
    elif not known.date_consents.agreed:
        yield from _give(walk, known, Subject.DATE)
    elif not known.chair_post:
        yield 8, "GO", _chair(walk)
    elif not known.attendees:
        yield 8, "GO", meetings.SetAttendees(on=on, attendees=_seats())
    elif not known.arrangement_consents.content_hash:
        yield from _agenda(walk, known)
    elif not known.arrangement_consents.agreed:
        yield from _give(walk, known, Subject.ARRANGEMENT)
    elif known.notice is None:
        yield 8, "GO", _notice(walk)
    else:
        yield from _book(walk, known)


def _agenda(walk: Walk, known: meetings.Meeting) -> Iterator[Step]:
    for category in (Category.C1, Category.C2):
        if category.value not in known.briefings:
            yield 5, *b.brief(category, on=walk.today)
    around = surroundings.of_meeting(walk.dossier, known.id, on=walk.today)
    listed = [each.id for each in around.topics.values() if each.may_be_listed]
    ready = [item for item in listed if around.topics[item].has_consensus]
    items = [*known.briefings, *(listed if walk.dice.random() < 0.3 else ready)[:2]]
    if around.outstanding or walk.dice.random() < 0.3:
        items.append("C6")
    if known.meeting_date is not None and items:
        weight = 6 if ready else 0.3
        yield weight, walk.either(), b.arrange(known.meeting_date, items, on=walk.today)


def _notice(walk: Walk) -> meetings.IssueNotice:
    number = f"芮政办函〔{walk.today.year}〕{walk.dice.randrange(1, 400)}号"
    if walk.dice.random() < 0.2:
        number = ""
    return b.notice(on=walk.today, number=number, number_reason="便函", recipients=(*b.RECIPIENTS, "office"))


def _report(walk: Walk, known: meetings.Meeting) -> Iterator[Step]:
    on = walk.today
    around = surroundings.of_meeting(walk.dossier, known.id, on=walk.today)
    if known.kind is meetings.Kind.SPECIAL and known.short_form is None:
        yield 20 if around.short_form_allowed else 0.3, walk.either(), meetings.PrepareShortReport(on=on)
    for each in around.outstanding:
        if known.short_form is not None and short_reports.explanation_of(each, known, around) is not None:
            continue
        said = known.explanations.get(each.id)
        if each.needs_explanation and (said is None or said.serial != each.serial):
            yield 6, "HR", b.explain(each.id, on=on, opinion=REASON)
            return
    current = papers.present_members(known, around)
    if known.report is None:
        yield 6, walk.either(), meetings.PrepareOutstandingReport(on=on)
    elif known.short_form is not None and not short_reports.stands(known, around):
        yield 6, walk.either(), meetings.PrepareShortReport(on=on)
    elif len(known.report.members) != len(current) or not all(
        mine.covers(now) for mine, now in zip(known.report.members, current, strict=True)
    ):
        yield 6, walk.either(), meetings.AmendOutstandingReport(on=on)
    else:
        yield from _give(walk, known, Subject.OUTSTANDING_REPORT)


def _book(walk: Walk, known: meetings.Meeting) -> Iterator[Step]:
    around = surroundings.of_meeting(walk.dossier, known.id, on=walk.today)
    if "C6" in known.agenda:
        yield from _report(walk, known)
    lacking = papers.items_without_material(known, around)
    if not lacking:
        yield 6, "GO", meetings.FreezeMaterials(on=walk.today)
        return
    item = lacking[0]
    role, unit = b.submitter(b.Scene(walk.dossier), item)
    yield (
        8,
        role,
        meetings.SubmitMaterial(on=walk.today, item=item, unit=unit, title="会议材料", sha256=b.HASH),
    )


def _to_the_opening(walk: Walk, known: meetings.Meeting) -> Iterator[Step]:
    if "C6" in known.agenda:
        yield from _report(walk, known)
    if known.meeting_date is not None:
        # The opening waits for its day; recorded later, it still took place on that day.
        day = max(known.meeting_date, walk.today)
        present = tuple(range(1, len(known.attendees) + 1))
        opened = b.hold(known.meeting_date, on=day, present=present)
        yield 6, "GO", opened
    if known.meeting_date is not None and known.meeting_date < walk.today:
        later = walk.today + timedelta(days=walk.dice.randrange(5, 20))
        yield 3, walk.either(), meetings.ProposeDate(on=walk.today, meeting_date=later)


def _sitting(walk: Walk, known: meetings.Meeting) -> Iterator[Option]:
    on, dice = max(walk.today, known.held_on), walk.dice
    if walk.dossier.version(f"minutes:{known.id}"):
        return

    def act(command: Command) -> Proposal:
        return Proposal(walk.either(), command, known.id)

    at = known.opened_at + timedelta(minutes=dice.randrange(5, 60))
    for item in [each for each in known.agenda if each not in known.outcomes]:
        brief = item in known.briefings
        kind = OutcomeKind.NOTED if brief else dice.choice(OUTCOMES)
        if walk.dossier.state(f"topic:{item}").status is topics.Status.WITHDRAWN:
            kind = OutcomeKind.WITHDRAWN
        if item == "C6" and dice.random() < 0.6:
            kind = OutcomeKind.RESOLVED
        done = meetings.RecordOutcome(on=on, item=item, outcome=kind, text=REASON, at=at)
        yield 5, lambda done=done: act(done)
    for item, each in known.outcomes.items():
        if each.outcome in meetings.RESOLVING and item not in known.briefings:
            yield from _closures(walk, known, item, act)
        again = meetings.RecordOutcome(
            on=on, item=item, outcome=dice.choice(OUTCOMES), text=REASON, at=at, correction=REASON
        )
        yield 0.2, lambda again=again: act(again)
    for closure in known.closures:
        back = meetings.RetractClosure(on=on, decision=closure.decision, reason=REASON)
        yield 3, lambda back=back: act(back)
    if known.closed_at is None:
        every = set(known.agenda) == set(known.outcomes)
        end = meetings.CloseSitting(on=on, closed_at=known.opened_at + timedelta(minutes=100))
        yield 4 if every else 0.3, lambda: Proposal("GO", end, known.id)
        seat = meetings.Attendance(seat=1, presence="principal")
        attended = meetings.RecordAttendance(on=on, attendance=(seat,))
        yield 0.5, lambda: act(attended)


def _closures(
    walk: Walk, known: meetings.Meeting, item: str, act: Callable[[Command], Proposal]
) -> Iterator[Option]:
    on = max(walk.today, known.held_on)
    for each in walk.dossier.decisions:
        if each.open and each.meeting != known.id:
            way = walk.dice.choice(("terminated", "superseded"))
            command = b.close_by_meeting(each.id, way, on=on, item=item)
            yield 3, lambda command=command: act(command)


# --- minutes and decisions --------------------------------------------------------------------------------------


def _minutes(walk: Walk, known: meetings.Meeting) -> Iterator[Option]:
    drafted: minutes.Minutes = walk.dossier.state(f"minutes:{known.id}")
    if known.closed_at is None or drafted.status is minutes.Status.ISSUED:
        return
    weight = {minutes.Status.UNBORN: 6, minutes.Status.RETURNED: 8}.get(drafted.status, 0.8)
    yield weight, lambda: Proposal(walk.either(), _draft(walk, known), known.id)
    if drafted.status is minutes.Status.DRAFTED:
        for side in _silent(drafted.reviews):
            role = walk.dice.choice(("GP", "GL", "LEADER") if side is b.GOV else ("UP", "UP", b.BOTH))
            approve = walk.dice.random() < 0.9
            said = minutes.ReviewMinutes(
                on=walk.today,
                side=side,
                approve=approve,
                content_hash=drafted.content_hash,
                reason=REASON,
            )
            yield 8, lambda role=role, said=said: Proposal(role, said, known.id)
    if drafted.status is minutes.Status.APPROVED:
        yield 10, lambda: Proposal("GO", _issue(walk), known.id)


def _draft(walk: Walk, known: meetings.Meeting) -> minutes.DraftMinutes:
    scene = b.Scene(walk.dossier)
    plain = b.draft(scene, subject=known.id, on=walk.today, body=f"会议认为之{walk.dice.randrange(20)}。")
    at_six = {each.item for each in known.closures}
    resolved = [
        item
        for item in known.agenda
        if item in known.outcomes and known.outcomes[item].outcome in meetings.RESOLVING
    ]
    bare = [item for item in resolved if not (item == "C6" and "C6" in at_six)]
    clauses = tuple(_clause(walk, item) for item in bare for _ in range(walk.dice.choice((1, 1, 2))))
    body = {**plain.model_dump(), "clauses": clauses, "no_decisions": not (clauses or known.closures)}
    return minutes.DraftMinutes(**body)


def _clause(walk: Walk, item: str) -> minutes.Clause:
    unit = walk.dice.choice(DEPARTMENTS)
    of = walk.dossier.state(f"topic:{item}").content
    change: dict[str, Any] = {"lead_units": (unit,), "text": f"办理第{walk.dice.randrange(100)}件实事"}
    change["category"] = of.category if of is not None else Category.C6
    if walk.dice.random() < 0.2:
        change |= {"deadline": None, "long_term": True, "report_interval_months": 6}
    else:
        change |= {"deadline": walk.today + timedelta(days=walk.dice.randrange(30, 300))}
    if walk.dice.random() < 0.3:
        change |= {"amount": 1_200_000_00, "quantity": "1200人", "acceptance": "", "reason": "由牵头单位拟定"}
    return b.clause(item, **change)


def _issue(walk: Walk) -> minutes.IssueMinutes:
    number = f"芮政办纪〔{walk.today.year}〕{walk.dice.randrange(1, 400)}号"
    disclosure = walk.dice.choice((*[regulation.Disclosure.PUBLIC] * 4, *regulation.Disclosure))
    return b.issue(on=walk.today, number=number, disclosure=disclosure)


def _decision(walk: Walk, known: decisions.Decision) -> Iterator[Option]:
    on, dice = walk.today, walk.dice
    if not known.open:
        return
    unit = known.lead_units[0]
    lead = b.DEPARTMENT_OF[unit]

    def act(role: str, command: Command) -> Proposal:
        return Proposal(role, command, known.id)

    if known.status is decisions.Status.ESTABLISHED or dice.random() < 0.05:
        yield 1, lambda: act(walk.either(), b.supervisors(on=on))
    match known.status:
        case decisions.Status.SUPERVISED:
            yield 0.7, lambda: act(lead, decisions.AcceptDecision(on=on, unit=unit))
        case decisions.Status.ACCEPTED | decisions.Status.IN_PROGRESS:
            due = known.deadline or on + timedelta(days=90)
            plan = decisions.SetPlan(
                on=on, unit=unit, milestones=(decisions.Milestone(due=due, percent=100),)
            )
            yield 0.3, lambda: act(lead, plan)
            report = b.progress(min(100, known.percent + dice.randrange(30)), on=on, unit=unit, reason=REASON)
            yield 0.7, lambda: act(lead, report)
            yield 0.5, lambda: act(lead, b.claim(on=on, unit=unit))
            if known.returned_claim is not None and len(known.views_on_claim) == 1:
                side = known.views_on_claim[0].side.other
                verdict = dice.choice(list(decisions.Verdict))
                view = decisions.StateViewOnClaim(on=on, side=side, verdict=verdict, text=REASON)
                who = dice.choice(("SUPG" if side is b.GOV else "SUPU", b.BOTH, lead))
                yield 1, lambda: act(who, view)
        case decisions.Status.CLAIMED:
            for side, role in ((b.GOV, "SUPG"), (b.UNION, "SUPU")):
                who = b.BOTH if dice.random() < walk.boldness else dice.choice((role, role, role, lead))
                seen = decisions.VerifyFulfilled(on=on, side=side)
                yield 1, lambda who=who, seen=seen: act(who, seen)
                back = decisions.ReturnClaim(on=on, side=side, reason=REASON)
                yield 0.3, lambda who=who, back=back: act(who, back)
        case _:
            pass
