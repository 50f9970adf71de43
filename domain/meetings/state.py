"""What the rules need to know of a meeting."""

from collections.abc import Iterable
from datetime import date, datetime

from pydantic import Field

from domain import archives, calendar, consent
from domain.decider import Side, Value
from domain.meetings.terms import (
    Answer,
    Arrangement,
    Attendance,
    Attendee,
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
