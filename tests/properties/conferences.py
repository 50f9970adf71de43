"""What may happen around a meeting beside the straight way to it: answers, receipts, leave, delays, cancellations."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from application import surroundings
from domain import meetings, regulation
from domain.decider import Command
from tests import builders as b

if TYPE_CHECKING:
    from tests.properties.histories import Option, Proposal, Walk

ENDED = frozenset({meetings.Status.DECLINED, meetings.Status.CANCELLED})
REASON = "情况属实，双方已沟通。"


def options(
    walk: "Walk", known: meetings.Meeting, propose: Callable[[str, Command, str], "Proposal"]
) -> Iterator["Option"]:
    """Give what somebody might do about one meeting."""
    for weight, role, command in _steps(walk, known):
        yield weight, lambda role=role, command=command: propose(role, command, known.id)


def irregular(walk: "Walk", propose: Callable[[str, Command, str], "Proposal"]) -> Iterator["Option"]:
    """Give the record of a meeting that took place without its gates: some days ago, before others, or just now."""
    held_on = walk.today - timedelta(days=walk.dice.choice((0, 0, 1, 40)))
    record = _record(walk, held_on)
    kind = walk.dice.choice(list(meetings.Kind))
    fresh = meetings.RecordIrregularMeeting(on=walk.today, kind=kind, record=record)
    yield 0.05, lambda: propose(walk.either(), fresh, walk.new("M"))
    for known in walk.dossier.meetings:
        waiting = known.irregular_consents
        if known.opened_at is None and known.status not in ENDED:
            again = meetings.RecordAsIrregular(on=walk.today, record=record)
            yield 0.02, lambda known=known, again=again: propose(walk.either(), again, known.id)
        if known.opened_at is None and waiting.content_hash:
            for side in set(b.Side) - set(waiting.given):
                said = meetings.GiveConsent(
                    on=walk.today,
                    subject=meetings.Subject.IRREGULAR,
                    side=side,
                    content_hash=waiting.content_hash,
                )
                yield 3, lambda side=side, said=said, known=known: propose(walk.office(side), said, known.id)


def _record(walk: "Walk", held_on: date) -> meetings.IrregularRecord:
    items = [each.id for each in walk.dossier.topics]
    listed = [meetings.IrregularItem(item=each) for each in walk.dice.sample(items, min(len(items), 1))]
    listed.append(meetings.IrregularItem(item="C2", title="工会工作", side=b.UNION))
    if walk.dice.random() < 0.5:
        listed.append(meetings.IrregularItem(item="C6"))
    return b.irregular_record(held_on, agenda=tuple(listed))


Step = tuple[float, str, Command]


def _steps(walk: "Walk", known: meetings.Meeting) -> Iterator[Step]:
    if known.opened_at is not None:
        return
    on, dice = walk.today, walk.dice
    if known.cancellation is not None and known.cancellation.acknowledged_on is None:
        other = known.cancellation.side.other
        yield 1, walk.office(other), meetings.AcknowledgeCancellation(on=on, side=other)
    if known.status in ENDED:
        return
    yield from _request(walk, known)
    side = dice.choice((b.GOV, b.UNION))
    yield 0.03, walk.office(side), meetings.CancelMeeting(on=on, side=side, reason=REASON)
    later = on + timedelta(days=dice.randrange(8, 30))
    yield 0.06, walk.either(), meetings.RescheduleMeeting(on=on, meeting_date=later, reason=REASON)
    if known.notice is not None:
        yield from _coordination(walk, known)
    if known.status is meetings.Status.MATERIALS_FROZEN:
        yield from _late(walk, known)


def _request(walk: "Walk", known: meetings.Meeting) -> Iterator[Step]:
    if known.requested_by is not None and known.answer is None:
        other = known.requested_by.other
        accept = walk.dice.random() < 0.4
        said = meetings.AnswerRequest(on=walk.today, side=other, accept=accept, reason=REASON)
        yield 2, walk.office(other), said


def _late(walk: "Walk", known: meetings.Meeting) -> Iterator[Step]:
    on, dice = walk.today, walk.dice
    around = surroundings.of_meeting(walk.dossier, known.id, on=walk.today)
    listed = [each.id for each in around.topics.values() if each.may_be_listed]
    items = [each for each in ("C6", *known.briefings, *listed) if each not in known.agenda]
    if items:
        place = dice.randrange(1, len(known.agenda) + 2)
        item = dice.choice(items)
        yield 3, walk.either(), meetings.AddLateItem(on=on, item=item, position=place, reason=REASON)
    for late in known.late_items.values():
        if late.noticed_on is None and not late.consents.agreed:
            role, unit = b.submitter(b.Scene(walk.dossier), late.item)
            paper = meetings.SubmitMaterial(on=on, item=late.item, unit=unit, title="材料", sha256=b.HASH)
            has = any(each.item == late.item for each in known.materials)
            yield 0.3 if has else 20, role, paper
            for side in b.Side:
                said = meetings.GiveConsent(
                    on=on,
                    subject=meetings.Subject.LATE_ITEM,
                    side=side,
                    content_hash=late.consents.content_hash,
                )
                yield 15 if has else 0.1, walk.office(side), said
        elif late.noticed_on is None:
            number = f"芮政办函〔{on.year}〕{dice.randrange(1, 400)}号"
            yield (
                20,
                "GO",
                meetings.IssueSupplementaryNotice(
                    on=on,
                    recipients=(*b.RECIPIENTS, "office"),
                    number=number,
                    disclosure=regulation.Disclosure.CLOSED,
                ),
            )


def _coordination(walk: "Walk", known: meetings.Meeting) -> Iterator[Step]:
    on, dice = walk.today, walk.dice
    number = dice.randrange(1, len(known.attendees) + 1)
    unit = known.attendees[number - 1].unit
    role = b.DEPARTMENT_OF.get(unit, b.OFFICES[b.UNITS[unit][1]])
    yield 0.3, role, meetings.AcknowledgeNotice(on=on, unit=unit)
    attends = dice.choice(list(meetings.Attends))
    reply = meetings.ReplyAttendance(
        on=on, unit=unit, seat=number, attends=attends, substitute="副局长", reason=REASON
    )
    yield 0.3, role, reply
    yield 0.1, "GO", meetings.GrantLeave(on=on, seat=number, reason=REASON)
