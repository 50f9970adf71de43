"""A meeting that took place without a gate: recorded by both offices, with what was missing and why.

Source: R-008, R-018, R-063. Nothing here opens a meeting; it tells of one that is over. It counts as held, its outcomes
and minutes go the way of every other meeting's, and it never takes the place of a gate that could still be passed.
"""

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from domain import (
    arranging,
    calendar,
    meetings,
    names,
    papers,
    preparation,
    refusals,
    regulation,
    short_reports,
    wording,
)
from domain.chain import content_hash
from domain.decider import SIDES, Capacity, Side, Signatory, latest, not_before
from domain.regulation import Category

OPEN = preparation.BEFORE_OPENING | {meetings.Status.IRREGULAR_PROPOSED}


class NothingMissing(refusals.Refusal):
    """该会议的各项程序都已办理，不是缺程序的会议。"""

    requirement = "R-063"
    remedy = "请按正常程序登记召开会议。"


class GateUnstated(refusals.Refusal):
    """缺程序的会议须写明缺少哪些程序。"""

    requirement = "R-063"


class BeforeTheRule(refusals.Refusal):
    """2024年3月12日以前的会议不在本台账登记召开。"""

    requirement = "R-013"
    remedy = "请作为历史资料补录，并附原始文件。"


class NothingProposed(refusals.Refusal):
    """没有待确认的缺程序会议登记。"""

    requirement = "R-063"


IrregularCommand = meetings.RecordIrregularMeeting | meetings.RecordAsIrregular | meetings.GiveConsent


def decide(
    command: IrregularCommand, meeting: meetings.Meeting, *, by: Signatory, around: meetings.Surroundings
) -> list[meetings.MeetingFact]:
    """Decide what the record of an irregular meeting, or the other side's consent to it, leads to.

    Raises: a Refusal of R-013, R-018, R-052, R-053, R-062 or R-063.
    """
    match command:
        case meetings.RecordIrregularMeeting():
            if meeting.status is not meetings.Status.UNBORN:
                raise refusals.AlreadyDone(requirement="R-063")
            preparation.must_be_a_conference(command.form)
            return _proposed(command.record, meeting, kind=command.kind, on=command.on, by=by, around=around)
        case meetings.RecordAsIrregular():
            _must_be_open(meeting)
            not_before(command.on, meeting.born_on, what="会议计划")
            return _proposed(command.record, meeting, kind=meeting.kind, on=command.on, by=by, around=around)
        case meetings.GiveConsent():
            return _consented(command, meeting, by=by, around=around)
        case _:
            assert_never(command)


def _must_be_open(meeting: meetings.Meeting) -> None:
    if meeting.status is meetings.Status.UNBORN:
        raise refusals.NotFound("会议。", requirement="R-063")
    if meeting.status not in OPEN:
        label = meetings.STATUS_LABELS[meeting.status]
        raise refusals.WrongState(f"会议目前为“{label}”。", requirement="R-063")


def _proposed(
    record: meetings.IrregularRecord,
    meeting: meetings.Meeting,
    *,
    kind: meetings.Kind,
    on: date,
    by: Signatory,
    around: meetings.Surroundings,
) -> list[meetings.MeetingFact]:
    _check(record, meeting, on=on, around=around)
    if not missing(record, meeting, kind=kind, around=around):
        raise NothingMissing
    digest = content_hash(
        {"meeting": meeting.id, "kind": kind.value, "record": record.model_dump(mode="json")}
    )
    if meeting.irregular_consents.content_hash == digest:
        return []
    return [
        meetings.IrregularMeetingProposed(on=on, by=by, kind=kind, record=record, content_hash=digest),
        *preparation.voided(meeting, meetings.Subject.IRREGULAR, on=on, by=by),
    ]


def _check(
    record: meetings.IrregularRecord, meeting: meetings.Meeting, *, on: date, around: meetings.Surroundings
) -> None:
    held_on = calendar.local_date(record.opened_at)
    if regulation.rule_version(held_on) != "2024":
        raise BeforeTheRule(pointer="/record/opened_at")
    not_before(on, held_on, calendar.local_date(record.closed_at), what="会议")
    if record.closed_at < record.opened_at:
        raise refusals.WrongState("结束时间早于开会时间。", requirement="R-063", pointer="/record/closed_at")
    wording.require(record.place, what="会议地点", requirement="R-063", pointer="/record/place")
    wording.require(record.reason, what="缺少程序的原因", requirement="R-063", pointer="/record/reason")
    if not record.gates or len(set(record.gates)) != len(record.gates):
        raise GateUnstated(pointer="/record/gates")
    post = around.posts.get(record.chair)
    if post is None or not post.held_on(held_on):
        raise refusals.NotFound("主持人的任职记录。", requirement="R-052", pointer="/record/chair")
    if not record.present:
        raise arranging.AttendeesIncomplete("没有到会人员。", requirement="R-063", pointer="/record/present")
    arranging.check_seats(record.present, on=held_on, around=around)
    _check_items(record, meeting, around)


def _check_items(
    record: meetings.IrregularRecord, meeting: meetings.Meeting, around: meetings.Surroundings
) -> None:
    if not record.agenda or len(set(record.items)) != len(record.items):
        raise arranging.AgendaInvalid("议程为空或有重复。", requirement="R-063", pointer="/record/agenda")
    for index, each in enumerate(record.agenda):
        place = f"/record/agenda/{index}"
        topic = around.topics.get(each.item)
        if topic is None:
            if each.item in meetings.BRIEFED:
                wording.require(each.title, what="通报题目", requirement="R-063", pointer=f"{place}/title")
            elif each.item != Category.C6.value:
                raise arranging.AgendaInvalid(
                    f"没有事项“{each.item}”。", requirement="R-063", pointer=f"{place}/item"
                )
        elif topic.concluded or topic.open_at not in {"", meeting.id}:
            # Two meetings cannot both decide it, and what one has concluded is not decided again.
            raise arranging.AgendaInvalid(
                f"议题“{topic.title}”目前为“{topic.status}”，或在另一次会议上尚无结果。",
                pointer=f"{place}/item",
            )


def missing(
    record: meetings.IrregularRecord,
    meeting: meetings.Meeting,
    *,
    kind: meetings.Kind,
    around: meetings.Surroundings,
) -> tuple[str, ...]:
    """List the gates that the meeting had not passed on its day, whatever its record admits."""
    held_on = calendar.local_date(record.opened_at)
    found = {
        *_arranged(record, meeting, held_on=held_on),
        *_attended(record, held_on=held_on, around=around),
        *_deliberated(record, held_on=held_on, around=around),
        *_accounted(record, meeting, held_on=held_on, around=around),
    }
    if kind is meetings.Kind.SPECIAL:
        consulted = latest(*(each.on for each in meeting.prior.values()))
        early = (held_on - consulted).days if consulted is not None else -1
        if meeting.prior.keys() != SIDES or early < around.consultation_days:
            found.add("R-035")
    named = around.liaison_sides == frozenset(Side) and around.liaison_since is not None
    if not named or (around.liaison_since is not None and around.liaison_since > held_on):
        found.add("R-084")
    if around.last_held_on is not None and held_on < around.last_held_on:
        found.add("R-008")
    return tuple(sorted(found))


def _by(day: date | None, held_on: date) -> bool:
    return day is not None and day <= held_on


def _arranged(record: meetings.IrregularRecord, meeting: meetings.Meeting, *, held_on: date) -> Iterator[str]:
    if meeting.meeting_date != held_on or not _by(meeting.date_consents.agreed_on, held_on):
        yield "R-033"
    arrangement = meeting.arrangement
    same = (
        arrangement is not None
        and calendar.local_date(arrangement.starts_at) == held_on
        and arrangement.place == record.place
        and meeting.agenda == record.items
        and arrangement.chair == record.chair
    )
    if not same or not _by(meeting.arrangement_consents.agreed_on, held_on):
        yield "R-055"
    if meeting.notice is None or not _by(meeting.notice.on, held_on):
        yield "R-057"
    papered = {paper.item for paper in meeting.materials if paper.on <= held_on}
    if not set(record.items) <= papered:
        yield "R-060"
    if not _by(meeting.frozen_on, held_on):
        yield "R-061"


def _attended(
    record: meetings.IrregularRecord, *, held_on: date, around: meetings.Surroundings
) -> Iterator[str]:
    post = around.posts[record.chair]
    if post.capacity not in arranging.CHAIRS:
        yield "R-052"
    here = {seat.category for seat in record.present}
    related = {unit for item in record.items if item in around.topics for unit in around.topics[item].related}
    if not set(arranging.REQUIRED_ATTENDEES) <= here or not related <= {seat.unit for seat in record.present}:
        yield "R-053"
    chairs = any(seat.post == record.chair for seat in record.present) and post.held_on(held_on)
    if not chairs or meetings.AttendeeCategory.UNION_PRINCIPAL not in here:
        yield "R-063"


def _deliberated(
    record: meetings.IrregularRecord, *, held_on: date, around: meetings.Surroundings
) -> Iterator[str]:
    for item in record.items:
        topic = around.topics.get(item)
        if topic is None or topic.withdrawn:
            continue
        agreed = topic.has_consensus or topic.overridden_on is not None
        if not agreed or not _by(topic.consensus_on or topic.overridden_on, held_on):
            yield "R-062"


def _accounted(
    record: meetings.IrregularRecord,
    meeting: meetings.Meeting,
    *,
    held_on: date,
    around: meetings.Surroundings,
) -> Iterator[str]:
    listed = Category.C6.value in record.items
    if not around.history_known or (around.outstanding and not listed):
        yield "R-028"
    if not listed:
        return
    current = papers.present_members(meeting, around)
    if any(
        member.needs_explanation and short_reports.explanation_of(member, meeting, around) is None
        for member in around.outstanding
    ):
        yield "R-027"
    agreed = meeting.report is not None and _by(meeting.report_consents.agreed_on, held_on)
    lines = meeting.report.members if meeting.report is not None else ()
    same = len(lines) == len(current) and all(
        mine.covers(now) for mine, now in zip(lines, current, strict=True)
    )
    if not agreed or not same or not short_reports.stands(meeting, around):
        yield "R-029"


def _consented(
    command: meetings.GiveConsent,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> list[meetings.MeetingFact]:
    _must_be_open(meeting)
    record = meeting.irregularity
    if record is None:
        raise NothingProposed
    consented = preparation.consented(command, meeting, by=by)
    if command.side.other not in meeting.irregular_consents.given:
        return consented
    _check(record, meeting, on=command.on, around=around)
    held_on = calendar.local_date(record.opened_at)
    lacking = missing(record, meeting, kind=meeting.kind, around=around)
    if not lacking:
        raise NothingMissing
    late = "R-008" in lacking
    post = around.posts[record.chair]
    return [
        *consented,
        meetings.IrregularMeetingRecorded(
            on=command.on,
            by=by,
            # A number that later documents already print is not taken again, and none is moved.
            ordinal=0 if late else around.last_ordinal + 1,
            late_entry=late,
            year=held_on.year,
            kind=meeting.kind,
            name=names.name_on(around.pair_names, held_on),
            rule_version=regulation.rule_version(held_on),
            record=record,
            chair_title=post.title,
            chair_person=post.person,
            chair_is_principal=post.capacity is Capacity.GOVERNMENT_PRINCIPAL,
            missing=lacking,
            outstanding=len(around.outstanding),
            content_hash=command.content_hash,
        ),
    ]
