"""What comes on the agenda after the meeting book was frozen.

Source: 二(四); R-061, R-062. A late item has the consent of both sides to what it is about, its place, its papers and
those who come with it; then the government office tells everybody, and the agreed arrangement itself stays as it was.
"""

from typing import assert_never

from domain import arranging, calendar, meetings, names, papers, preparation, refusals, wording
from domain.decider import Signatory, latest, not_before
from domain.regulation import Category


class NotFrozenYet(refusals.Refusal):
    """会议材料尚未定稿，不必按定稿后增加议程办理。"""

    requirement = "R-061"
    remedy = "材料定稿以前，直接修改会议安排并由双方商定。"


class OnTheAgenda(refusals.Refusal):
    """该事项已在议程中。"""

    requirement = "R-061"


class NothingToNotice(refusals.Refusal):
    """没有双方已经同意、尚未通知的增加事项。"""

    requirement = "R-061"


LateItemCommand = meetings.AddLateItem | meetings.IssueSupplementaryNotice


def decide(
    command: LateItemCommand, meeting: meetings.Meeting, *, by: Signatory, around: meetings.Surroundings
) -> list[meetings.MeetingFact]:
    """Decide what a late item, or the notice of those agreed, leads to.

    Raises: a Refusal of R-016, R-017, R-053, R-057, R-061, R-062 or R-063.
    """
    preparation.must_be_in_preparation(meeting, on=command.on)
    if meeting.status is not meetings.Status.MATERIALS_FROZEN:
        raise NotFrozenYet(f"会议目前为“{meetings.STATUS_LABELS[meeting.status]}”。")
    not_before(command.on, meeting.frozen_on, what="材料定稿")
    match command:
        case meetings.AddLateItem():
            return _added(command, meeting, by=by, around=around)
        case meetings.IssueSupplementaryNotice():
            return _noticed(command, meeting, by=by, around=around)
        case _:
            assert_never(command)


def _added(
    command: meetings.AddLateItem, meeting: meetings.Meeting, *, by: Signatory, around: meetings.Surroundings
) -> list[meetings.MeetingFact]:
    known = meeting.late_items.get(command.item)
    if command.item in meeting.agenda:
        raise OnTheAgenda(f"“{command.item}”。", pointer="/item")
    arranging.check_agenda((command.item,), meeting, around, pointer="/item")
    if command.position > len(meeting.agenda) + 1:
        raise arranging.AgendaInvalid(f"议程现有 {len(meeting.agenda)} 项。", pointer="/position")
    reason = wording.require(command.reason, what="增加的理由", requirement="R-061", pointer="/reason")
    arranging.check_seats(command.attendees, on=command.on, around=around, seated=meeting.attendees)
    arranging.check_invited((command.item,), (*meeting.attendees, *command.attendees), around)
    contents = arranging.agenda_contents((command.item,), meeting, around)
    topic = around.topics.get(command.item)
    late = meetings.LateItem(
        item=command.item,
        title=topic.title if topic else contents.get(command.item, Category.C6.label),
        content=contents.get(command.item, ""),
        reason=reason,
        position=command.position,
        sides=tuple(sorted(papers.responsible_sides(command.item, meeting, around))),
        attendees=command.attendees,
    )
    digest = late.digest(meeting.materials)
    if known is not None and known.consents.content_hash == digest:
        return []
    facts: list[meetings.MeetingFact] = [
        meetings.LateItemProposed(
            on=command.on,
            by=by,
            content_hash=digest,
            **{name: getattr(late, name) for name in type(late).model_fields if name not in BOOKKEEPING},
        )
    ]
    if known is not None and known.consents.given:
        facts.append(
            meetings.MeetingConsentVoided(
                on=command.on,
                by=by,
                subject=meetings.Subject.LATE_ITEM,
                version=known.consents.version,
                content_hash=known.consents.content_hash,
            )
        )
    return facts


BOOKKEEPING = frozenset({"consents", "noticed_on"})


def _noticed(
    command: meetings.IssueSupplementaryNotice,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> list[meetings.MeetingFact]:
    waiting = [
        late for late in meeting.late_items.values() if late.consents.agreed and late.noticed_on is None
    ]
    if not waiting or meeting.arrangement is None:
        raise NothingToNotice
    not_before(command.on, latest(*(late.consents.agreed_on for late in waiting)), what="双方同意增加议程")
    not_before(calendar.local_date(meeting.arrangement.starts_at), command.on, what="补充通知日期")
    seats = (*meeting.attendees, *(seat for late in waiting for seat in late.attendees))
    items = tuple(late.item for late in waiting)
    arranging.check_seats(
        tuple(seat for late in waiting for seat in late.attendees),
        on=command.on,
        around=around,
        seated=meeting.attendees,
    )
    arranging.check_contents({late.item: late.content for late in waiting if late.content}, meeting, around)
    arranging.check_invited(items, seats, around)
    disclosure = arranging.check_document(command, seats, by=by, around=around)
    return [
        meetings.SupplementaryNoticeIssued(
            on=command.on,
            by=by,
            items=items,
            number=command.number,
            number_reason=command.number_reason,
            meeting_name=names.name_on(around.pair_names, command.on),
            recipients=command.recipients,
            copies=around.default_copies if command.copies is None else command.copies,
            disclosure=disclosure,
        )
    ]
