"""What may happen around a meeting beside the straight way to it: answers, receipts, leave, delays, cancellations."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from domain import meetings
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


def _request(walk: "Walk", known: meetings.Meeting) -> Iterator[Step]:
    if known.requested_by is not None and known.answer is None:
        other = known.requested_by.other
        accept = walk.dice.random() < 0.4
        said = meetings.AnswerRequest(on=walk.today, side=other, accept=accept, reason=REASON)
        yield 2, walk.office(other), said


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
