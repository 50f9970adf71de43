"""How each fact changes a meeting: one function for each, looked up by the kind of fact."""

from collections.abc import Callable, Mapping

# Where a request for a special meeting may still be waiting for its answer.
from typing import Any, Final, get_args

from domain import calendar, consent
from domain.chain import content_hash
from domain.decider import SIDES, Decider, Fact, Side, changed, evolving, latest, taken
from domain.meetings.facts import (
    ArrangementAgreed,
    ArrangementProposed,
    AttendanceRecorded,
    AttendanceReplied,
    AttendeesSet,
    BriefingAdded,
    CancellationAcknowledged,
    ChairSet,
    ClosureResolved,
    ClosureRetracted,
    DateAgreed,
    DateProposed,
    IrregularMeetingProposed,
    IrregularMeetingRecorded,
    LateItemAgreed,
    LateItemProposed,
    LeaveGranted,
    MaterialsFrozen,
    MaterialSubmitted,
    MeetingCancelled,
    MeetingConsentGiven,
    MeetingConsentVoided,
    MeetingFact,
    MeetingHeld,
    MeetingImported,
    MeetingPlanned,
    MeetingRescheduled,
    NoticeAcknowledged,
    NoticeIssued,
    OutcomeRecorded,
    OutstandingReportAgreed,
    OutstandingReportAmended,
    OutstandingReportPrepared,
    PrepTaskAssigned,
    PriorConsultationRecorded,
    RequestAnswered,
    ShortReportPrepared,
    SittingClosed,
    SpecialRequested,
    SubstitutionRecorded,
    SupplementaryNoticeIssued,
    UnfulfilledExplained,
)
from domain.meetings.state import BRIEFED, Briefing, Meeting
from domain.meetings.terms import (
    Answer,
    Attends,
    Cancellation,
    Closure,
    Explanation,
    Kind,
    LateItem,
    Material,
    Notice,
    Outcome,
    Reply,
    Status,
    Subject,
)
from domain.regulation import Category


def _given(standing: consent.Consents, fact: MeetingConsentGiven) -> consent.Consents:
    return standing.with_consent(fact.side, taken(consent.Consent, fact))


def _consented(meeting: Meeting, fact: MeetingConsentGiven) -> dict[str, object]:
    match fact.subject:
        case Subject.DATE:
            return {"date_consents": _given(meeting.date_consents, fact)}
        case Subject.ARRANGEMENT:
            return {"arrangement_consents": _given(meeting.arrangement_consents, fact)}
        case Subject.LATE_ITEM:
            late = meeting.late_item(fact.content_hash)
            return _late(meeting, late, consents=_given(late.consents, fact)) if late else {}
        case Subject.IRREGULAR:
            return {"irregular_consents": _given(meeting.irregular_consents, fact)}
        case _:
            return {"report_consents": _given(meeting.report_consents, fact)}


def _rearranged(meeting: Meeting) -> dict[str, object]:
    # Whatever belongs to the arrangement changed: it must be proposed, agreed and noticed anew.
    change: dict[str, object] = {
        "arrangement_consents": meeting.arrangement_consents.voided(),
        "notice": None,
        # What the units said was about another day, place or list.
        "acknowledged": {},
        "replies": {},
        "leaves": {},
        "late_items": {},
    }
    if meeting.notice is not None:
        change["superseded_notices"] = (*meeting.superseded_notices, meeting.notice)
    if meeting.status in {Status.AGREED, Status.NOTICED, Status.MATERIALS_FROZEN}:
        change |= {"status": Status.ARRANGING, "frozen_on": None}
    return change


def _late(meeting: Meeting, late: LateItem, **update: object) -> dict[str, object]:
    return {"late_items": {**meeting.late_items, late.item: late.model_copy(update=update)}}


def _proposed_late(meeting: Meeting, fact: LateItemProposed) -> LateItem:
    known = meeting.late_items.get(fact.item)
    before = known.consents if known is not None else consent.Consents()
    proposed = LateItem(**fact.model_dump(exclude={"on", "by", "content_hash"}))
    return proposed.model_copy(update={"consents": before.renewed(fact.content_hash, on=fact.on)})


def _noticed_late(meeting: Meeting, fact: SupplementaryNoticeIssued) -> dict[str, object]:
    # Seats are only added at the end, so that every number already given to a seat keeps its meaning.
    late = {
        item: each.model_copy(update={"noticed_on": fact.on}) if item in fact.items else each
        for item, each in meeting.late_items.items()
    }
    added = [seat for item in fact.items for seat in meeting.late_items[item].attendees]
    return {"late_items": late, "attendees": (*meeting.attendees, *added)}


def _irregular_proposed(meeting: Meeting, fact: IrregularMeetingProposed) -> dict[str, object]:
    # Whoever proposes the record stands by it; the other office must confirm the same.
    own = taken(consent.Consent, fact)
    renewed = meeting.irregular_consents.renewed(fact.content_hash, on=fact.on)
    change: dict[str, object] = {
        "irregularity": fact.record,
        "irregular_consents": renewed.with_consent(fact.by.own_side, own),
    }
    if meeting.status is Status.UNBORN:
        change |= {
            "kind": fact.kind,
            "status": Status.IRREGULAR_PROPOSED,
            "born_on": fact.on,
            "year": calendar.local_date(fact.record.opened_at).year,
        }
    return change


def _irregular_recorded(meeting: Meeting, fact: IrregularMeetingRecorded) -> dict[str, object]:
    record = fact.record
    briefings = {
        each.item: Briefing(category=Category(each.item), title=each.title, side=each.side or Side.GOVERNMENT)
        for each in record.agenda
        if each.item in BRIEFED
    }
    return {
        "status": Status.SITTING_CLOSED,
        "irregular": True,
        "kind": fact.kind,
        "irregularity": record,
        "late_entry": fact.late_entry,
        "gates_missing": fact.missing,
        "ordinal": fact.ordinal,
        "year": fact.year,
        "name": fact.name,
        "rule_version": fact.rule_version,
        "opened_at": record.opened_at,
        "closed_at": record.closed_at,
        "attendees": record.present,
        "present": tuple(range(1, len(record.present) + 1)),
        "substitutions": {},
        "replies": {},
        "leaves": {},
        "acknowledged": {},
        "late_items": {},
        "briefings": briefings,
        "chair_post": record.chair,
        "chair_person": fact.chair_person,
        "chair_title": fact.chair_title,
        "chair_is_principal": fact.chair_is_principal,
        "chair_reason": "" if fact.chair_is_principal else record.reason,
        "attendees_reason": "",
        "last_act_on": latest(meeting.last_act_on, fact.on),
    }


def _replied(meeting: Meeting, fact: AttendanceReplied) -> dict[str, object]:
    # The last word of a unit counts: who comes himself after all has neither substitute nor leave.
    reply = taken(Reply, fact)
    substitutions = {seat: who for seat, who in meeting.substitutions.items() if seat != fact.seat}
    if fact.attends is Attends.SUBSTITUTE:
        substitutions[fact.seat] = fact.substitute
    return {
        "replies": {**meeting.replies, fact.seat: reply},
        "substitutions": substitutions,
        "leaves": {seat: why for seat, why in meeting.leaves.items() if seat != fact.seat},
        "acknowledged": {fact.unit: fact.on, **meeting.acknowledged},
    }


def _taken_note(meeting: Meeting, fact: CancellationAcknowledged) -> Cancellation | None:
    if meeting.cancellation is None:
        return None
    return meeting.cancellation.model_copy(update={"acknowledged_by": fact.by, "acknowledged_on": fact.on})


def _material_submitted(meeting: Meeting, fact: MaterialSubmitted) -> dict[str, object]:
    materials = (*meeting.materials, taken(Material, fact))
    change: dict[str, object] = {"materials": materials}
    late = meeting.late_items.get(fact.item)
    if late is not None and late.noticed_on is None:
        again = late.consents.renewed(late.digest(materials), on=fact.on)
        change |= _late(meeting, late, consents=again)
    return change


def _outcome_recorded(meeting: Meeting, fact: OutcomeRecorded) -> dict[str, object]:
    return {
        "outcomes": {**meeting.outcomes, fact.item: taken(Outcome, fact)},
        "last_act_on": latest(meeting.last_act_on, fact.on),
    }


def _briefing_added(meeting: Meeting, fact: BriefingAdded) -> dict[str, object]:
    return {"briefings": {**meeting.briefings, fact.item: taken(Briefing, fact)}}


def _prep_task_assigned(meeting: Meeting, fact: PrepTaskAssigned) -> dict[str, object]:
    return {"tasks": (*meeting.tasks, f"{fact.side.label}：{fact.task}")}


def _notice_acknowledged(meeting: Meeting, fact: NoticeAcknowledged) -> dict[str, object]:
    return {"acknowledged": {**meeting.acknowledged, fact.unit: fact.on}}


def _planned(_meeting: Meeting, fact: MeetingPlanned) -> dict[str, object]:
    return {"kind": Kind.ANNUAL, "status": Status.PLANNED, "year": fact.year, "born_on": fact.on}


def _special_requested(_meeting: Meeting, fact: SpecialRequested) -> dict[str, object]:
    return {
        "kind": Kind.SPECIAL,
        "status": Status.REQUESTED,
        "year": fact.on.year,
        "born_on": fact.on,
        "requested_by": fact.side,
        "special_reason": fact.reason,
        "special_text": fact.text,
    }


def _request_answered(_meeting: Meeting, fact: RequestAnswered) -> dict[str, object]:
    change: dict[str, object] = {"answer": taken(Answer, fact)}
    if not fact.accept:
        change["status"] = Status.DECLINED
    return change


def _prior_consultation_recorded(meeting: Meeting, fact: PriorConsultationRecorded) -> dict[str, object]:
    said = taken(consent.Consent, fact, content_hash=content_hash(fact.text))
    prior = {**meeting.prior, fact.side: said}
    change: dict[str, object] = {"prior": prior}
    if prior.keys() == SIDES and meeting.status is Status.REQUESTED:
        change["status"] = Status.PRIOR_CONSULTED
    return change


def _date_proposed(meeting: Meeting, fact: DateProposed | MeetingRescheduled) -> dict[str, object]:
    return {
        **_rearranged(meeting),
        "meeting_date": fact.meeting_date,
        "date_consents": meeting.date_consents.renewed(fact.content_hash, on=fact.on),
        "status": Status.ARRANGING,
    }


def _cancelled(_meeting: Meeting, fact: MeetingCancelled) -> dict[str, object]:
    return {"status": Status.CANCELLED, "cancellation": taken(Cancellation, fact)}


def _cancellation_acknowledged(meeting: Meeting, fact: CancellationAcknowledged) -> dict[str, object]:
    return {"cancellation": _taken_note(meeting, fact)}


def _chair_set(meeting: Meeting, fact: ChairSet) -> dict[str, object]:
    return {
        **_rearranged(meeting),
        "chair_post": fact.post,
        "chair_person": fact.person,
        "chair_title": fact.title,
        "chair_is_principal": fact.principal,
        "chair_reason": fact.reason,
        "roster_on": latest(meeting.roster_on, fact.on),
    }


def _attendees_set(meeting: Meeting, fact: AttendeesSet) -> dict[str, object]:
    # Seats are numbered anew, so a substitution on an old seat means nothing on the new list.
    return {
        **_rearranged(meeting),
        "attendees": fact.attendees,
        "attendees_reason": fact.reason,
        "substitutions": {},
        "roster_on": latest(meeting.roster_on, fact.on),
    }


def _arrangement_proposed(meeting: Meeting, fact: ArrangementProposed) -> dict[str, object]:
    return {
        **_rearranged(meeting),
        "arrangement": fact.arrangement,
        "arrangement_consents": meeting.arrangement_consents.renewed(fact.content_hash, on=fact.on),
        "status": Status.ARRANGING,
    }


def _arrangement_agreed(_meeting: Meeting, _fact: ArrangementAgreed) -> dict[str, object]:
    return {"status": Status.AGREED}


def _notice_issued(meeting: Meeting, fact: NoticeIssued) -> dict[str, object]:
    notice = taken(Notice, fact, unit=fact.by.unit)
    change: dict[str, object] = {"notice": notice, "notices": meeting.notices + 1, "status": Status.NOTICED}
    return change


def _leave_granted(meeting: Meeting, fact: LeaveGranted) -> dict[str, object]:
    return {"leaves": {**meeting.leaves, fact.seat: fact.reason}}


def _substitution_recorded(meeting: Meeting, fact: SubstitutionRecorded) -> dict[str, object]:
    return {"substitutions": {**meeting.substitutions, fact.seat: fact.substitute}}


def _late_item_proposed(meeting: Meeting, fact: LateItemProposed) -> dict[str, object]:
    return _late(meeting, _proposed_late(meeting, fact))


def _materials_frozen(_meeting: Meeting, fact: MaterialsFrozen) -> dict[str, object]:
    return {"status": Status.MATERIALS_FROZEN, "frozen_on": fact.on}


def _unfulfilled_explained(meeting: Meeting, fact: UnfulfilledExplained) -> dict[str, object]:
    return {"explanations": {**meeting.explanations, fact.member: taken(Explanation, fact)}}


def _outstanding_report_prepared(
    meeting: Meeting, fact: OutstandingReportPrepared | OutstandingReportAmended
) -> dict[str, object]:
    return {
        "report": fact.report,
        "report_consents": meeting.report_consents.renewed(fact.report.hash, on=fact.on),
        "short_form": None,
    }


def _short_report_prepared(meeting: Meeting, fact: ShortReportPrepared) -> dict[str, object]:
    return {
        "report": fact.report,
        "report_consents": meeting.report_consents.renewed(fact.report.hash, on=fact.on),
        "short_form": fact.short,
    }


def _held(_meeting: Meeting, fact: MeetingHeld) -> dict[str, object]:
    return {
        "status": Status.HELD,
        "ordinal": fact.ordinal,
        "year": fact.year,
        "name": fact.name,
        "rule_version": fact.rule_version,
        "opened_at": fact.opened_at,
        "present": fact.present,
        "warnings": fact.warnings,
    }


def _attendance_recorded(_meeting: Meeting, fact: AttendanceRecorded) -> dict[str, object]:
    return {"attendance": fact.attendance}


def _sitting_closed(meeting: Meeting, fact: SittingClosed) -> dict[str, object]:
    return {
        "status": Status.SITTING_CLOSED,
        "closed_at": fact.closed_at,
        "last_act_on": latest(meeting.last_act_on, fact.on),
    }


def _closure_resolved(meeting: Meeting, fact: ClosureResolved) -> dict[str, object]:
    return {
        "closures": (*meeting.closures, taken(Closure, fact)),
        "last_act_on": latest(meeting.last_act_on, fact.on),
    }


def _closure_retracted(meeting: Meeting, fact: ClosureRetracted) -> dict[str, object]:
    return {
        "closures": tuple(each for each in meeting.closures if each.decision != fact.decision),
        "last_act_on": latest(meeting.last_act_on, fact.on),
    }


def _imported(_meeting: Meeting, fact: MeetingImported) -> dict[str, object]:
    return {
        "kind": Kind(fact.record.kind.value),
        "status": Status.SITTING_CLOSED,
        "ordinal": fact.record.ordinal or 0,
        "year": fact.record.held_on.year,
        "name": fact.record.title,
        "rule_version": fact.rule_version,
        "chair_title": fact.record.chair,
        # Only the title is on the paper; whether he was the principal is not known here.
        "chair_is_principal": False,
        "imported": True,
        "record": fact.record,
    }


def _nothing(_meeting: Meeting, _fact: Fact) -> dict[str, object]:
    return {}


CHANGES: Final[Mapping[type[Fact], Callable[[Meeting, Any], dict[str, object]]]] = {
    MeetingConsentGiven: _consented,
    MaterialSubmitted: _material_submitted,
    OutcomeRecorded: _outcome_recorded,
    BriefingAdded: _briefing_added,
    PrepTaskAssigned: _prep_task_assigned,
    AttendanceReplied: _replied,
    NoticeAcknowledged: _notice_acknowledged,
    MeetingPlanned: _planned,
    SpecialRequested: _special_requested,
    RequestAnswered: _request_answered,
    PriorConsultationRecorded: _prior_consultation_recorded,
    DateProposed: _date_proposed,
    MeetingRescheduled: _date_proposed,
    DateAgreed: _nothing,
    MeetingCancelled: _cancelled,
    CancellationAcknowledged: _cancellation_acknowledged,
    ChairSet: _chair_set,
    AttendeesSet: _attendees_set,
    ArrangementProposed: _arrangement_proposed,
    # The fact that changed the content has already put new, empty consents in place.
    MeetingConsentVoided: _nothing,
    ArrangementAgreed: _arrangement_agreed,
    NoticeIssued: _notice_issued,
    LeaveGranted: _leave_granted,
    SubstitutionRecorded: _substitution_recorded,
    LateItemProposed: _late_item_proposed,
    LateItemAgreed: _nothing,
    SupplementaryNoticeIssued: _noticed_late,
    MaterialsFrozen: _materials_frozen,
    UnfulfilledExplained: _unfulfilled_explained,
    OutstandingReportPrepared: _outstanding_report_prepared,
    OutstandingReportAmended: _outstanding_report_prepared,
    ShortReportPrepared: _short_report_prepared,
    OutstandingReportAgreed: _nothing,
    MeetingHeld: _held,
    IrregularMeetingProposed: _irregular_proposed,
    IrregularMeetingRecorded: _irregular_recorded,
    AttendanceRecorded: _attendance_recorded,
    SittingClosed: _sitting_closed,
    ClosureResolved: _closure_resolved,
    ClosureRetracted: _closure_retracted,
    MeetingImported: _imported,
}


def changes(meeting: Meeting, fact: MeetingFact) -> dict[str, object]:
    """Tell what one fact changes of a meeting. Raises: AssertionError for a fact of another kind of subject."""
    change = changed(CHANGES, meeting, fact)
    if change.get("status", meeting.status) is not meeting.status:
        change["since"] = latest(meeting.since, fact.on)
    return change


DECIDER = Decider(
    kind="meeting",
    label="会议",
    facts=get_args(MeetingFact),
    initial=Meeting(),
    evolve=evolving(changes),
    changes=changes,
)
