"""What the rules need to know of a meeting, and how each fact changes it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import assert_never, get_args

from pydantic import Field

from domain import archives, calendar, consent
from domain.chain import content_hash
from domain.decider import SIDES, Decider, Side, Value, evolving, latest, taken
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
from domain.meetings.terms import (
    Answer,
    Arrangement,
    Attendance,
    Attendee,
    Attends,
    Cancellation,
    Closure,
    Explanation,
    IrregularRecord,
    Kind,
    LateItem,
    Material,
    Notice,
    Outcome,
    OutstandingReport,
    Reply,
    ShortForm,
    SpecialReason,
    Status,
    Subject,
)
from domain.regulation import Category

# Where a request for a special meeting may still be waiting for its answer.
UNANSWERED = frozenset({Status.REQUESTED, Status.PRIOR_CONSULTED, Status.ARRANGING, Status.AGREED})


BRIEFED = frozenset({Category.C1.value, Category.C2.value, Category.C7.value})


class Briefing(Value):
    """A briefing on the agenda."""

    category: Category
    title: str
    side: Side


class Meeting(Value):
    """Everything the rules need to know of a meeting."""

    id: str = ""
    kind: Kind = Kind.ANNUAL
    status: Status = Status.UNBORN
    since: date | None = None
    year: int = 0
    born_on: date | None = None
    requested_by: Side | None = None
    special_reason: SpecialReason | None = None
    special_text: str = ""
    answer: Answer | None = None
    prior: dict[Side, consent.Consent] = Field(default_factory=dict)
    meeting_date: date | None = None
    date_consents: consent.Consents = consent.Consents()
    chair_post: str = ""
    chair_person: str = ""
    chair_title: str = ""
    chair_is_principal: bool = True
    chair_reason: str = ""
    attendees: tuple[Attendee, ...] = ()
    attendees_reason: str = ""
    briefings: dict[str, Briefing] = Field(default_factory=dict)
    arrangement: Arrangement | None = None
    arrangement_consents: consent.Consents = consent.Consents()
    tasks: tuple[str, ...] = ()
    notice: Notice | None = None
    notices: int = 0
    superseded_notices: tuple[Notice, ...] = ()
    acknowledged: dict[str, date] = Field(default_factory=dict)
    replies: dict[int, Reply] = Field(default_factory=dict)
    leaves: dict[int, str] = Field(default_factory=dict)
    cancellation: Cancellation | None = None
    substitutions: dict[int, str] = Field(default_factory=dict)
    materials: tuple[Material, ...] = ()
    frozen_on: date | None = None
    late_items: dict[str, LateItem] = Field(default_factory=dict)
    explanations: dict[str, Explanation] = Field(default_factory=dict)
    report: OutstandingReport | None = None
    report_consents: consent.Consents = consent.Consents()
    short_form: ShortForm | None = None
    ordinal: int = 0
    name: str = ""
    rule_version: str = ""
    opened_at: datetime | None = None
    present: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    attendance: tuple[Attendance, ...] = ()
    closed_at: datetime | None = None
    outcomes: dict[str, Outcome] = Field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
    last_act_on: date | None = None
    roster_on: date | None = None
    irregularity: IrregularRecord | None = None
    irregular_consents: consent.Consents = consent.Consents()
    irregular: bool = False
    late_entry: bool = False
    gates_missing: tuple[str, ...] = ()
    imported: bool = False
    record: archives.MeetingRecord | None = None

    @property
    def agenda(self) -> tuple[str, ...]:
        """The items in their order: as agreed, and those that came late with a supplementary notice."""
        if self.irregular and self.irregularity is not None:
            return self.irregularity.items
        items = list(self.arrangement.agenda) if self.arrangement else []
        for late in self.late_items.values():
            if late.noticed_on is not None:
                items.insert(late.position - 1, late.item)
        return tuple(items)

    @property
    def contents(self) -> dict[str, str]:
        """What both sides agreed that each item is about."""
        agreed = dict(self.arrangement.contents) if self.arrangement else {}
        late = {
            item: each.content for item, each in self.late_items.items() if each.noticed_on and each.content
        }
        return agreed | late

    @property
    def awaits_answer(self) -> bool:
        """Whether the other side still owes an answer to the request for this meeting (R-036)."""
        return self.kind is Kind.SPECIAL and self.answer is None and self.status in UNANSWERED

    @property
    def unacknowledged(self) -> tuple[str, ...]:
        """The invited units that have not taken receipt of the notice that stands (R-058)."""
        if self.notice is None:
            return ()
        invited = dict.fromkeys(seat.unit for seat in self.attendees)
        return tuple(unit for unit in invited if unit not in self.acknowledged and unit != self.notice.unit)

    @property
    def designation(self) -> str:
        """How documents count the meeting; one that was entered after a later one is known by its day (R-008)."""
        day = self.held_on
        if self.ordinal or day is None:
            return f"第{self.ordinal}次会议"
        return f"{day.year}年{day.month}月{day.day}日会议"

    @property
    def held_on(self) -> date | None:
        # The paper of an old meeting tells its day, rarely its hour.
        if self.record is not None:
            return self.record.held_on
        return calendar.local_date(self.opened_at) if self.opened_at else None

    def late_item(self, content_hash: str) -> LateItem | None:
        """Find the late item whose present content has a hash."""
        return next(
            (each for each in self.late_items.values() if each.consents.content_hash == content_hash), None
        )

    def consents(self, subject: Subject, content_hash: str = "") -> consent.Consents:
        """Give the consents that stand for one subject; of several late items, for the one with that hash."""
        waiting = [each for each in self.late_items.values() if not each.consents.agreed]
        late = self.late_item(content_hash) or next(iter(waiting), None)
        return {
            Subject.IRREGULAR: self.irregular_consents,
            Subject.LATE_ITEM: late.consents if late is not None else consent.Consents(),
            Subject.DATE: self.date_consents,
            Subject.ARRANGEMENT: self.arrangement_consents,
            Subject.OUTSTANDING_REPORT: self.report_consents,
        }[subject]


def last_ordinal(held: Iterable[Meeting]) -> int:
    """Give the ordinal of the latest of some held meetings; one whose paper prints none counts on (R-008)."""
    ordinal = 0
    for each in sorted(held, key=lambda each: (each.held_on or date.min, each.ordinal)):
        ordinal = each.ordinal or ordinal + 1
    return ordinal


def ordinals_by_date(held: Iterable[Meeting]) -> dict[str, int]:
    """Count held meetings by their dates, whenever they were entered; no count is lower than an ordinal on paper.

    For orientation alone: what documents print never moves (R-008).
    """
    counted: dict[str, int] = {}
    ordinal = 0
    for each in sorted(held, key=lambda each: (each.held_on or date.min, each.ordinal, each.id)):
        ordinal = max(ordinal + 1, each.ordinal)
        counted[each.id] = ordinal
    return counted


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


def changes(meeting: Meeting, fact: MeetingFact) -> dict[str, object]:  # noqa: C901, PLR0912, PLR0915 - one branch for each fact.
    """Tell what one fact changes of a meeting."""
    change: dict[str, object]
    match fact:
        # What happens most often comes first: the branches are tried in order.
        case MeetingConsentGiven():
            change = _consented(meeting, fact)
        case MaterialSubmitted():
            materials = (*meeting.materials, taken(Material, fact))
            change = {"materials": materials}
            late = meeting.late_items.get(fact.item)
            if late is not None and late.noticed_on is None:
                again = late.consents.renewed(late.digest(materials), on=fact.on)
                change |= _late(meeting, late, consents=again)
        case OutcomeRecorded():
            change = {
                "outcomes": {**meeting.outcomes, fact.item: taken(Outcome, fact)},
                "last_act_on": latest(meeting.last_act_on, fact.on),
            }
        case BriefingAdded():
            change = {"briefings": {**meeting.briefings, fact.item: taken(Briefing, fact)}}
        case PrepTaskAssigned():
            change = {"tasks": (*meeting.tasks, f"{fact.side.label}：{fact.task}")}
        case AttendanceReplied():
            change = _replied(meeting, fact)
        case NoticeAcknowledged():
            change = {"acknowledged": {**meeting.acknowledged, fact.unit: fact.on}}
        case MeetingPlanned():
            change = {"kind": Kind.ANNUAL, "status": Status.PLANNED, "year": fact.year, "born_on": fact.on}
        case SpecialRequested():
            change = {
                "kind": Kind.SPECIAL,
                "status": Status.REQUESTED,
                "year": fact.on.year,
                "born_on": fact.on,
                "requested_by": fact.side,
                "special_reason": fact.reason,
                "special_text": fact.text,
            }
        case RequestAnswered():
            change = {"answer": taken(Answer, fact)}
            if not fact.accept:
                change["status"] = Status.DECLINED
        case PriorConsultationRecorded():
            said = taken(consent.Consent, fact, content_hash=content_hash(fact.text))
            prior = {**meeting.prior, fact.side: said}
            change = {"prior": prior}
            if prior.keys() == SIDES and meeting.status is Status.REQUESTED:
                change["status"] = Status.PRIOR_CONSULTED
        case DateProposed() | MeetingRescheduled():
            change = {
                **_rearranged(meeting),
                "meeting_date": fact.meeting_date,
                "date_consents": meeting.date_consents.renewed(fact.content_hash, on=fact.on),
                "status": Status.ARRANGING,
            }
        case DateAgreed():
            change = {}
        case MeetingCancelled():
            change = {"status": Status.CANCELLED, "cancellation": taken(Cancellation, fact)}
        case CancellationAcknowledged():
            change = {"cancellation": _taken_note(meeting, fact)}
        case ChairSet():
            change = {
                **_rearranged(meeting),
                "chair_post": fact.post,
                "chair_person": fact.person,
                "chair_title": fact.title,
                "chair_is_principal": fact.principal,
                "chair_reason": fact.reason,
                "roster_on": latest(meeting.roster_on, fact.on),
            }
        case AttendeesSet():
            # Seats are numbered anew, so a substitution on an old seat means nothing on the new list.
            change = {
                **_rearranged(meeting),
                "attendees": fact.attendees,
                "attendees_reason": fact.reason,
                "substitutions": {},
                "roster_on": latest(meeting.roster_on, fact.on),
            }
        case ArrangementProposed():
            change = {
                **_rearranged(meeting),
                "arrangement": fact.arrangement,
                "arrangement_consents": meeting.arrangement_consents.renewed(fact.content_hash, on=fact.on),
                "status": Status.ARRANGING,
            }
        case MeetingConsentVoided():
            # The fact that changed the content has already put new, empty consents in place.
            change = {}
        case ArrangementAgreed():
            change = {"status": Status.AGREED}
        case NoticeIssued():
            notice = taken(Notice, fact, unit=fact.by.unit)
            change = {"notice": notice, "notices": meeting.notices + 1, "status": Status.NOTICED}
        case LeaveGranted():
            change = {"leaves": {**meeting.leaves, fact.seat: fact.reason}}
        case SubstitutionRecorded():
            change = {"substitutions": {**meeting.substitutions, fact.seat: fact.substitute}}
        case LateItemProposed():
            change = _late(meeting, _proposed_late(meeting, fact))
        case LateItemAgreed():
            change = {}
        case SupplementaryNoticeIssued():
            change = _noticed_late(meeting, fact)
        case MaterialsFrozen():
            change = {"status": Status.MATERIALS_FROZEN, "frozen_on": fact.on}
        case UnfulfilledExplained():
            change = {"explanations": {**meeting.explanations, fact.member: taken(Explanation, fact)}}
        case OutstandingReportPrepared() | OutstandingReportAmended():
            change = {
                "report": fact.report,
                "report_consents": meeting.report_consents.renewed(fact.report.hash, on=fact.on),
                "short_form": None,
            }
        case ShortReportPrepared():
            change = {
                "report": fact.report,
                "report_consents": meeting.report_consents.renewed(fact.report.hash, on=fact.on),
                "short_form": fact.short,
            }
        case OutstandingReportAgreed():
            change = {}
        case MeetingHeld():
            change = {
                "status": Status.HELD,
                "ordinal": fact.ordinal,
                "year": fact.year,
                "name": fact.name,
                "rule_version": fact.rule_version,
                "opened_at": fact.opened_at,
                "present": fact.present,
                "warnings": fact.warnings,
            }
        case IrregularMeetingProposed():
            change = _irregular_proposed(meeting, fact)
        case IrregularMeetingRecorded():
            change = _irregular_recorded(meeting, fact)
        case AttendanceRecorded():
            change = {"attendance": fact.attendance}
        case SittingClosed():
            change = {
                "status": Status.SITTING_CLOSED,
                "closed_at": fact.closed_at,
                "last_act_on": latest(meeting.last_act_on, fact.on),
            }
        case ClosureResolved():
            change = {
                "closures": (*meeting.closures, taken(Closure, fact)),
                "last_act_on": latest(meeting.last_act_on, fact.on),
            }
        case ClosureRetracted():
            change = {
                "closures": tuple(each for each in meeting.closures if each.decision != fact.decision),
                "last_act_on": latest(meeting.last_act_on, fact.on),
            }
        case MeetingImported():
            change = {
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
        case _:
            assert_never(fact)
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
