"""The papers of a meeting: materials, the frozen book, and the report on everything outstanding.

Source: 一(六), 二(四); R-025 – R-029, R-060, R-061.
"""

from datetime import date
from typing import assert_never

from domain import meetings, preparation, refusals, wording
from domain.chain import content_hash
from domain.decider import Side, Signatory, not_before


class Frozen(refusals.Refusal):
    """会议材料已经定稿。"""

    requirement = "R-061"


class NotOnAgenda(refusals.Refusal):
    """该事项不在会议议程中。"""

    requirement = "R-062"


class WrongSideOfItem(refusals.Refusal):
    """材料由该事项的责任方提交。"""

    requirement = "R-060"


class NothingToExplain(refusals.Refusal):
    """该事项不在待说明的范围内。"""

    requirement = "R-026"


PapersCommand = (
    meetings.SubmitMaterial
    | meetings.FreezeMaterials
    | meetings.ExplainUnfulfilled
    | meetings.PrepareOutstandingReport
    | meetings.AmendOutstandingReport
)


def decide(
    command: PapersCommand, meeting: meetings.Meeting, *, by: Signatory, around: meetings.Surroundings
) -> list[meetings.MeetingFact]:
    """Decide what a command about the papers leads to.

    Raises: a Refusal of R-025 – R-027, R-029, R-060 or R-061.
    """
    preparation.must_be_in_preparation(meeting, on=command.on)
    match command:
        case meetings.SubmitMaterial():
            return _material(command, meeting, by=by, around=around)
        case meetings.FreezeMaterials():
            return _frozen(command, meeting, by=by, around=around)
        case meetings.ExplainUnfulfilled():
            return _explained(command, meeting, by=by, around=around)
        case meetings.PrepareOutstandingReport() | meetings.AmendOutstandingReport():
            return _report(command, meeting, by=by, around=around)
        case _:
            assert_never(command)


def _not_frozen(meeting: meetings.Meeting) -> None:
    if meeting.status not in preparation.PREPARING:
        raise Frozen(f"于 {meeting.frozen_on} 定稿。")


def responsible_sides(item: str, meeting: meetings.Meeting, around: meetings.Surroundings) -> frozenset[Side]:
    """Give the side that owes the material of an item; both are responsible for C6 (A16)."""
    if item in meeting.briefings:
        return frozenset({meeting.briefings[item].side})
    topic = around.topics.get(item)
    return frozenset({topic.side}) if topic else frozenset(Side)


def _material(
    command: meetings.SubmitMaterial,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> list[meetings.MeetingFact]:
    late = meeting.late_items.get(command.item)
    pending = late is not None and not late.consents.agreed
    if not pending:
        _not_frozen(meeting)
    if not pending and command.item not in meeting.agenda:
        raise NotOnAgenda(f"“{command.item}”。", requirement="R-060", pointer="/item")
    unit = around.units.get(command.unit)
    if unit is None or by.unit != command.unit:
        raise WrongSideOfItem(f"{by.title}只能提交本单位的材料。", pointer="/unit")
    if unit.side not in responsible_sides(command.item, meeting, around):
        raise WrongSideOfItem(f"{unit.name}属{unit.side.label}。", pointer="/unit")
    title = wording.require(command.title, what="材料题名", requirement="R-060", pointer="/title")
    not_before(
        command.on, late.consents.proposed_on if late is not None and pending else None, what="增加议程的提出"
    )
    submitted = meetings.MaterialSubmitted(
        on=command.on,
        by=by,
        item=command.item,
        side=unit.side,
        unit=command.unit,
        title=title,
        sha256=command.sha256,
    )
    if late is None or not pending or not late.consents.given:
        return [submitted]
    # What was consented to had other papers.
    return [
        submitted,
        meetings.MeetingConsentVoided(
            on=command.on,
            by=by,
            subject=meetings.Subject.LATE_ITEM,
            version=late.consents.version,
            content_hash=late.consents.content_hash,
        ),
    ]


def items_without_material(meeting: meetings.Meeting, around: meetings.Surroundings) -> list[str]:
    """List the agenda items that lack a material of their responsible side (R-060)."""
    have = {(material.item, material.side) for material in meeting.materials}
    return [
        item
        for item in meeting.agenda
        if not any((item, side) in have for side in responsible_sides(item, meeting, around))
    ]


def _frozen(
    command: meetings.FreezeMaterials,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> list[meetings.MeetingFact]:
    if meeting.status is not meetings.Status.NOTICED or meeting.notice is None:
        raise refusals.WrongState(
            f"会议目前为“{meetings.STATUS_LABELS[meeting.status]}”。", requirement="R-061"
        )
    lacking = items_without_material(meeting, around)
    if lacking:
        raise refusals.WrongState(f"尚无材料的议程：{'、'.join(lacking)}。", requirement="R-060")
    not_before(command.on, meeting.notice.on, *(each.on for each in meeting.materials), what="通知和材料")
    book = content_hash([each.model_dump(mode="json") for each in meeting.materials])
    return [meetings.MaterialsFrozen(on=command.on, by=by, book_hash=book)]


def _explained(
    command: meetings.ExplainUnfulfilled,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> list[meetings.MeetingFact]:
    member = next((each for each in around.outstanding if each.id == command.member), None)
    if member is None or not member.needs_explanation:
        raise NothingToExplain(f"“{command.member}”。", pointer="/member")
    not_before(command.on, member.since, what="该事项最近一次状态变化")
    explanation = wording.require(
        command.explanation, what="未落实的说明", requirement="R-027", pointer="/explanation"
    )
    opinion = "" if wording.is_blank(command.opinion) else command.opinion
    known = meeting.explanations.get(command.member)
    if known is not None and (known.explanation, known.opinion, known.serial) == (
        explanation,
        opinion,
        member.serial,
    ):
        return []
    return [
        meetings.UnfulfilledExplained(
            on=command.on,
            by=by,
            member=member.id,
            explanation=explanation,
            opinion=opinion,
            serial=member.serial,
        )
    ]


def present_members(
    meeting: meetings.Meeting, around: meetings.Surroundings
) -> tuple[meetings.ReportedMember, ...]:
    """Give the lines that the report must show now."""
    lines = []
    for member in around.outstanding:
        said = meeting.explanations.get(member.id)
        current = said if said is not None and said.serial == member.serial else None
        lines.append(
            meetings.ReportedMember(
                id=member.id,
                kind=member.kind,
                text=member.text,
                status=member.status,
                serial=member.serial,
                percent=member.percent,
                deadline=member.deadline,
                explanation=current.explanation if current else "",
                opinion=current.opinion if current else "",
            )
        )
    return tuple(lines)


def must_follow_what_it_tells(meeting: meetings.Meeting, around: meetings.Surroundings, *, on: date) -> None:
    """Refuse a report from before what it reports. Raises: BeforeItsBasis."""
    not_before(on, *(each.since for each in around.outstanding), what="所通报事项的变化")
    not_before(on, *(each.on for each in meeting.explanations.values()), what="所作的说明")


def _report(
    command: meetings.PrepareOutstandingReport | meetings.AmendOutstandingReport,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> list[meetings.MeetingFact]:
    must_follow_what_it_tells(meeting, around, on=command.on)
    lines = present_members(meeting, around)
    digest = content_hash(
        {"cutoff": command.on.isoformat(), "members": [line.model_dump(mode="json") for line in lines]}
    )
    report = meetings.OutstandingReport(cutoff=command.on, members=lines, hash=digest)
    if isinstance(command, meetings.PrepareOutstandingReport):
        if meeting.report is not None:
            raise refusals.AlreadyDone("通报已经形成，情况有变化的请更新。", requirement="R-025")
        return [meetings.OutstandingReportPrepared(on=command.on, by=by, report=report)]
    if meeting.report is None:
        raise refusals.WrongState("通报尚未形成。", requirement="R-029")
    not_before(command.on, meeting.report.cutoff, what="原通报")
    if meeting.report.hash == digest:
        return []
    return [
        meetings.OutstandingReportAmended(on=command.on, by=by, report=report),
        *preparation.voided(meeting, meetings.Subject.OUTSTANDING_REPORT, on=command.on, by=by),
    ]
