"""The conformity sheet of one meeting: from its topics over its arrangement and sitting to what was done with it.

Source: 一, 二, 三; R-020 – R-084, R-091.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from application import conformity
from application.conformity import (
    Check,
    Finding,
    Recorded,
    Sheet,
    Trail,
    Verdict,
    deviates,
    fails,
    not_applicable,
    passed,
    pending,
    worst,
)
from domain import calendar, decisions, liaison, meetings, minutes, pairs, publicity, topics, wording
from domain.decider import Capacity, Fact, Side
from domain.meetings import Subject
from domain.regulation import PARAMETERS, Category, Parameters

BOTH: Final = frozenset(Side)
UNDONE: Final = frozenset({"fulfilled", "terminated", "superseded"})


class UnknownMeeting(LookupError):
    """没有这次会议。"""


@dataclass(frozen=True)
class Case:
    """One meeting with everything that its checks look at."""

    trail: Trail
    id: str
    on: date
    days: calendar.Calendar
    parameters: Parameters = PARAMETERS

    @property
    def stream(self) -> str:
        return f"meeting:{self.id}"

    @cached_property
    def meeting(self) -> meetings.Meeting:
        return self.trail.dossier.state(self.stream)  # type: ignore[no-any-return]  # A stream's state is its kind's.

    @cached_property
    def minutes(self) -> minutes.Minutes:
        return self.trail.dossier.state(f"minutes:{self.id}")  # type: ignore[no-any-return]  # As above.

    @cached_property
    def held(self) -> Recorded | None:
        return next(iter(self.of(meetings.MeetingHeld, meetings.IrregularMeetingRecorded)), None)

    @property
    def held_on(self) -> date | None:
        return self.meeting.held_on

    @cached_property
    def deliberated(self) -> list[topics.Topic]:
        """The topics on the agenda, but for those that were withdrawn instead of being deliberated."""
        known = {each.id: each for each in self.trail.dossier.topics}
        gone = {
            item
            for item, each in self.meeting.outcomes.items()
            if each.outcome is meetings.OutcomeKind.WITHDRAWN
        }
        return [known[item] for item in self.meeting.agenda if item in known and item not in gone]

    @cached_property
    def established(self) -> list[decisions.Decision]:
        return [each for each in self.trail.dossier.decisions if each.meeting == self.id]

    def of(self, *kinds: type[Fact]) -> list[Recorded]:
        """List the meeting's own facts of some kinds."""
        return self.trail.of(self.stream, *kinds)

    def before_opening(self, *kinds: type[Fact]) -> list[Recorded]:
        """List the meeting's own facts of some kinds that stood before it was opened."""
        until = self.held.position if self.held else None
        return [each for each in self.of(*kinds) if until is None or each.position < until]

    def each_topic(self, judge: Callable[["Case", topics.Topic], Finding]) -> Finding:
        """Judge every topic on the agenda and put the findings together."""
        return worst([judge(self, each) for each in self.deliberated]) if self.deliberated else _no_topics()

    def each_decision(self, judge: Callable[["Case", decisions.Decision], Finding]) -> Finding:
        """Judge every decision of the meeting and put the findings together."""
        if self.minutes.issued_on is None:
            return pending("纪要尚未印发")
        return (
            worst([judge(self, each) for each in self.established])
            if self.established
            else _nothing_decided()
        )


def _no_topics() -> Finding:
    return not_applicable("本次会议没有研究的议题")


def _nothing_decided() -> Finding:
    return not_applicable("本次会议没有议定事项")


def checks(case: Case) -> list[Check]:
    """Judge a meeting by every clause that applies to it. Raises: UnknownMeeting."""
    if case.meeting.status is meetings.Status.UNBORN:
        raise UnknownMeeting(case.id)
    if case.meeting.imported:
        return [_imported(case)]
    return [
        conformity.check(number, what, _excused(case, number, judge(case))) for number, what, judge in TABLE
    ]


def _imported(case: Case) -> Check:
    # What the paper of an earlier meeting does not tell, nobody can judge; it is kept, and it is marked.
    proof = case.of(meetings.MeetingImported)
    return conformity.check("R-013", "以往会议，按补录资料保存，不逐条核查", passed(proof))


def _excused(case: Case, number: str, finding: Finding) -> Finding:
    """Show a gate that an irregular meeting lacked as what it is: a deviation recorded by both offices (R-063)."""
    known = case.meeting
    if not known.irregular or finding.verdict is not Verdict.FAIL or number not in known.gates_missing:
        return finding
    record = case.of(meetings.IrregularMeetingRecorded)
    return deviates(f"{finding.reason}；{_said(record[-1]).record.reason}", (*finding.proof, *record))


def sheet(case: Case) -> Sheet:
    """Make the sheet of a meeting; pure: the same facts and day give the same bytes. Raises: UnknownMeeting."""
    found = checks(case)
    meeting = case.meeting
    known_as = meeting.designation if meeting.held_on else f"{meeting.year}年会议（尚未召开）"
    return conformity.sheet(
        case.trail,
        title=f"{meeting.name or case.trail.dossier.pair.official_name}{known_as}合规检查表",
        subject=case.stream,
        rule_version=meeting.rule_version,
        on=case.on,
        checks=found,
    )


# --- what it was about ---------------------------------------------------------------------------------------


def _briefed(case: Case, category: Category, side: Side) -> Finding:
    added = [each for each in case.of(meetings.BriefingAdded) if _said(each).category is category]
    if category.value not in case.meeting.agenda:
        if case.meeting.kind is meetings.Kind.SPECIAL:
            return not_applicable("临时会议不要求")
        return deviates("未列入议程") if case.held else pending("尚未列入议程")
    wrong = [each for each in added if _said(each).side is not side]
    if wrong or not added:
        return fails("没有登记通报，或通报方不是规定的一方", wrong)
    return passed(added)


def _said(recorded: Recorded) -> Any:
    return recorded.fact


def _outstanding(case: Case) -> Finding:
    report, listed = case.meeting.report, Category.C6.value in case.meeting.agenda
    if not listed:
        found = _history_known(case)
        if case.held is None:
            return pending("尚未列入议程")
        return passed(found, "没有待说明的事项") if found else fails("未列入议程")
    if report is None:
        return pending("通报尚未形成") if case.held is None else fails("没有形成通报")
    agreed = _agreed(case, Subject.OUTSTANDING_REPORT, report.hash)
    if agreed is None:
        return pending("双方尚未同意通报") if case.held is None else fails("双方未对同一份通报表示同意")
    if not _form_is_lawful(case):
        return fails("简表不合规定：限参数允许时的临时会议，并须指向以往会议的完整通报", agreed)
    made = case.before_opening(
        meetings.OutstandingReportPrepared, meetings.OutstandingReportAmended, meetings.ShortReportPrepared
    )
    return passed([*made, *agreed], f"通报 {len(report.members)} 件")


def _history_known(case: Case) -> list[Recorded]:
    return case.trail.of("pair", pairs.NoHistoryDeclared, pairs.HistoryCompleted)


def _form_is_lawful(case: Case) -> bool:
    short = case.meeting.short_form
    if short is None:
        return True
    known = case.trail.dossier
    full: meetings.Meeting = known.state(f"meeting:{short.full.meeting}")
    return (
        case.meeting.kind is meetings.Kind.SPECIAL
        and known.rulebook.parameters(case.held_on or case.on).short_form_for_specials
        and full.held_on is not None
        and full.short_form is None
        and full.report is not None
        and full.report.hash == short.full.hash
    )


def _explanations(case: Case, lines: Sequence[meetings.ReportedMember]) -> dict[str, Recorded]:
    """Find who explained what: for this meeting, or, where its short form says so, for the meeting before it."""
    told = case.before_opening(meetings.UnfulfilledExplained)
    short = case.meeting.short_form
    if short is not None:
        serials = {each.id: each.serial for each in lines if each.id in short.carried}
        before = case.trail.of(f"meeting:{short.last_meeting}", meetings.UnfulfilledExplained)
        told = [*(each for each in before if serials.get(_said(each).member) == _said(each).serial), *told]
    return {_said(each).member: each for each in told if not wording.is_blank(_said(each).explanation)}


def _explained(case: Case) -> Finding:
    report = case.meeting.report
    if report is None or not report.members:
        return not_applicable("没有待说明的事项")
    said = _explanations(case, report.members)
    undone = [each for each in report.members if each.status not in UNDONE]
    carried = case.meeting.short_form.carried if case.meeting.short_form is not None else ()
    silent = [
        each.text
        for each in undone
        if each.id not in said or (each.id not in carried and wording.is_blank(each.explanation))
    ]
    if silent:
        text = f"没有说明：{'、'.join(silent)}"
        return fails(text) if case.held else pending(text)
    day = case.held_on or case.on
    mute = [
        each.text
        for each in undone
        if each.deadline is not None
        and each.deadline < day
        and wording.is_blank(_said(said[each.id]).opinion if each.id in carried else each.opinion)
    ]
    proof = [said[each.id] for each in undone]
    return fails(f"超期而没有意见：{'、'.join(mute)}", proof) if mute else passed(proof)


# --- its topics ----------------------------------------------------------------------------------------------


def _researched(case: Case, topic: topics.Topic) -> Finding:
    stream = f"topic:{topic.id}"
    submitted = case.trail.of(stream, topics.TopicSubmitted)
    records = [
        each
        for each in case.trail.of(stream, topics.ResearchAttached)
        if submitted and _said(each).research.held_on <= submitted[-1].fact.on
    ]
    if not records or all(wording.is_blank(_said(each).research.argument) for each in records):
        return fails(f"“{_title(topic)}”提交时没有调研记录或论证", submitted)
    return passed([*records, *submitted[-1:]])


def _title(topic: topics.Topic) -> str:
    return topic.content.title if topic.content else topic.id


def _consulted(case: Case, topic: topics.Topic) -> Finding:
    stream = f"topic:{topic.id}"
    approvals = case.trail.of(stream, topics.TopicApproved)
    if not approvals:
        return fails(f"“{_title(topic)}”未经审定")
    approval = approvals[-1]
    spoken = {
        _said(each).side: each
        for each in case.trail.of(stream, topics.TopicConsulted)
        if each.position < approval.position and _said(each).content_hash == _said(approval).content_hash
    }
    if set(spoken) != BOTH:
        return fails(f"“{_title(topic)}”审定的内容未经双方协商", [*spoken.values(), approval])
    against = [each for each in spoken.values() if _said(each).stance is topics.Stance.DISAGREE]
    if against:
        return deviates(
            f"“{_title(topic)}”协商有不同意见：{_said(approval).reason}", [*spoken.values(), approval]
        )
    return passed(spoken.values())


def _approved(case: Case, topic: topics.Topic) -> Finding:
    approvals = case.trail.of(f"topic:{topic.id}", topics.TopicApproved)
    if not approvals:
        return fails(f"“{_title(topic)}”未经审定")
    by = approvals[-1].fact.by
    if by.capacity is not Capacity.LIAISON_LEADER or by.side is not Side.GOVERNMENT:
        return fails(f"“{_title(topic)}”由{by.title}审定", approvals[-1:])
    own = by.authority in {"本人任职", "代理任职"}
    return passed(approvals[-1:], "" if own else f"{by.title}，{by.authority}")


def _jointly_researched(case: Case, topic: topics.Topic) -> Finding:
    stream = f"topic:{topic.id}"
    planned = case.trail.of(stream, topics.JointResearchPlanned)
    done = case.trail.of(stream, topics.JointResearchCompleted)
    if not planned or not done:
        return fails(f"“{_title(topic)}”没有完成联合调研", planned)
    lead = case.trail.dossier.units.get(_said(planned[-1]).lead)
    if lead is None or lead.side is not Side.UNION:
        return fails(f"“{_title(topic)}”的联合调研不是由工会牵头", planned[-1:])
    return passed([planned[-1], done[-1]])


def _reported(case: Case, topic: topics.Topic) -> Finding:
    filed = case.trail.of(f"topic:{topic.id}", topics.TopicReportFiled)
    return passed(filed[-1:]) if filed else fails(f"“{_title(topic)}”没有议题建议报告")


def _in_consensus(case: Case, topic: topics.Topic) -> Finding:
    confirmed = [
        each
        for each in case.trail.of(f"topic:{topic.id}", topics.ConsensusConfirmed)
        if case.held is None or each.position < case.held.position
    ]
    last = {_said(each).side: each for each in confirmed}
    hashes = {_said(each).content_hash for each in last.values()}
    if set(last) != BOTH or len(hashes) != 1:
        text = f"“{_title(topic)}”没有确认基本达成共识"
        return fails(text, confirmed) if case.held else pending(text)
    if len({each.fact.by.person for each in last.values()}) != len(last):
        return fails(f"“{_title(topic)}”由一人代表双方确认", last.values())
    note = next((_said(each).dissent_note for each in last.values() if _said(each).dissent_note), "")
    return (
        deviates(f"“{_title(topic)}”其他单位有不同意见：{note}", last.values())
        if note
        else passed(last.values())
    )


# --- its arrangement -----------------------------------------------------------------------------------------


def _agreed(case: Case, subject: Subject, digest: str) -> list[Recorded] | None:
    """Find the consents of two persons of two sides to one content before the opening; None where they lack."""
    given = {
        _said(each).side: each
        for each in case.before_opening(meetings.MeetingConsentGiven)
        if _said(each).subject is subject and _said(each).content_hash == digest
    }
    persons = {each.fact.by.person for each in given.values()}
    sides_match = all(each.fact.by.side is side for side, each in given.items())
    return list(given.values()) if set(given) == BOTH and len(persons) == len(BOTH) and sides_match else None


def _date(case: Case) -> Finding:
    agreed = _agreed(case, Subject.DATE, case.meeting.date_consents.content_hash)
    if agreed is None:
        return pending("日期尚未商定") if case.held is None else fails("日期未经双方商定")
    return passed([*agreed, *case.before_opening(meetings.DateAgreed)[-1:]])


def _special(case: Case) -> Finding:
    if case.meeting.kind is not meetings.Kind.SPECIAL:
        return not_applicable("年度会议")
    consulted = case.before_opening(meetings.PriorConsultationRecorded)
    requested = case.of(meetings.SpecialRequested)
    if {_said(each).side for each in consulted} != BOTH:
        return pending("尚未提前协商", requested) if case.held is None else fails("没有提前协商", requested)
    later = max(each.fact.on for each in consulted)
    for notice in case.before_opening(meetings.NoticeIssued):
        wanted = case.trail.dossier.rulebook.parameters(notice.fact.on).prior_consultation_min_days
        if (notice.fact.on - later).days < wanted:
            return fails(f"提前协商距印发通知不足 {wanted} 天", [*requested, *consulted, notice])
    return passed([*requested, *consulted])


def _chair(case: Case) -> Finding:
    chosen = case.before_opening(meetings.ChairSet)
    if not chosen:
        return pending("尚未确定") if case.held is None else fails("没有确定主持人")
    last = _said(chosen[-1])
    return (
        passed(chosen[-1:]) if last.principal else deviates(f"由{last.title}主持：{last.reason}", chosen[-1:])
    )


def _attendees(case: Case) -> Finding:
    named = case.before_opening(meetings.AttendeesSet)
    if not named:
        return pending("尚未确定") if case.held is None else fails("没有确定出席人员")
    last = _said(named[-1])
    invited = {each.unit for each in last.attendees}
    units = case.trail.dossier.units
    absent = sorted({unit for topic in case.deliberated for unit in topic.related} - invited)
    if absent:
        return fails(f"未列入的相关单位：{'、'.join(units[unit].name for unit in absent)}", named[-1:])
    return deviates(last.reason, named[-1:]) if last.reason else passed(named[-1:])


def _substituted(case: Case) -> Finding:
    replaced = case.before_opening(meetings.SubstitutionRecorded)
    if not replaced:
        return passed([], "没有由他人代为出席的") if case.held else pending("会议尚未召开")
    return deviates(
        "；".join(f"{_said(each).substitute}代：{_said(each).reason}" for each in replaced), replaced
    )


def _arranged(case: Case) -> Finding:
    arrangement = case.meeting.arrangement
    agreed = _agreed(case, Subject.ARRANGEMENT, arrangement.hash) if arrangement else None
    if agreed is None:
        return pending("尚未商定") if case.held is None else fails("未经双方对同一安排表示同意")
    return passed([*agreed, *case.before_opening(meetings.ArrangementAgreed)[-1:]])


def _noticed(case: Case) -> Finding:
    notices = case.before_opening(meetings.NoticeIssued)
    if not notices:
        return pending("尚未印发") if case.held is None else fails("没有印发通知")
    last, arrangement = _said(notices[-1]), case.meeting.arrangement
    if arrangement is None or last.arrangement_hash != arrangement.hash:
        return fails("通知的安排不是双方商定的安排", notices[-1:])
    if last.by.capacity is not Capacity.GOVERNMENT_OFFICE:
        return fails(f"由{last.by.title}印发", notices[-1:])
    return passed(notices[-1:]) if last.number else deviates(f"未编号：{last.number_reason}", notices[-1:])


def _staffed(case: Case) -> Finding:
    named = [
        each
        for side in Side
        for each in case.trail.of(f"liaison:{side.value}", liaison.LiaisonDesignated)[:1]
    ]
    notices = case.of(meetings.NoticeIssued)
    if len(named) != len(BOTH):
        return fails("双方没有都明确科室和人员", named) if notices else pending("尚未明确", named)
    late = bool(notices) and any(each.position > notices[0].position for each in named)
    return fails("通知印发以后才明确", named) if late else passed(named)


def _supplied(case: Case) -> Finding:
    frozen = case.before_opening(meetings.MaterialsFrozen)
    papers = case.before_opening(meetings.MaterialSubmitted)
    bare = [item for item in case.meeting.agenda if item not in {_said(each).item for each in papers}]
    if bare:
        text = f"没有材料的议程 {len(bare)} 项"
        return pending(text, papers) if case.held is None else fails(text, papers)
    return passed([*papers, *frozen[-1:]])


# --- its sitting and minutes ---------------------------------------------------------------------------------


def _sat(case: Case) -> Finding:
    if case.held is None:
        return pending("尚未召开")
    proof = [case.held, *case.of(meetings.AttendanceRecorded)[-1:], *case.of(meetings.SittingClosed)[-1:]]
    seats = dict(enumerate(case.meeting.attendees, start=1))
    here = [seats[seat].category for seat in case.meeting.present if seat in seats]
    if meetings.AttendeeCategory.UNION_PRINCIPAL not in here:
        return fails("工会主要负责人或代为出席者未到会", proof)
    return passed(proof)


def _decided(case: Case) -> Finding:
    if case.held is None:
        return pending("尚未召开")
    results = case.of(meetings.OutcomeRecorded)
    told = {_said(each).item for each in results}
    bare = [item for item in case.meeting.agenda if item not in told]
    return pending(f"尚无结果的议程 {len(bare)} 项", results) if bare else passed(results)


def _named(case: Case) -> Finding:
    if case.held is None:
        return pending("尚未召开")
    name = _said(case.held).name
    return passed([case.held]) if name.endswith("联席会议") else fails(f"会议名称为“{name}”", [case.held])


def _drafted(case: Case) -> Finding:
    drafts = case.trail.of(f"minutes:{case.id}", minutes.MinutesDrafted)
    return passed(drafts[-1:]) if drafts else pending("尚未拟稿")


def _reviewed(case: Case) -> Finding:
    stream, known = f"minutes:{case.id}", case.minutes
    approvals = {
        _said(each).side: each
        for each in case.trail.of(stream, minutes.MinutesApproved)
        if _said(each).content_hash == known.content_hash
    }
    if set(approvals) != BOTH:
        issued = known.issued_on is not None
        return fails("没有经双方审定", approvals.values()) if issued else pending("双方尚未都审定")
    if len({each.fact.by.person for each in approvals.values()}) != len(BOTH):
        return fails("由一人代表双方审定", approvals.values())
    return passed(approvals.values())


def _issued(case: Case) -> Finding:
    issued = case.trail.of(f"minutes:{case.id}", minutes.MinutesIssued)
    closed = case.meeting.closed_at
    limit = calendar.add_working_days(
        calendar.local_date(closed) if closed else case.on,
        case.parameters.minutes_red_days,
        calendar=case.days,
    )
    if not issued:
        if closed is not None and case.on > limit.on:
            return fails(f"会后 {case.parameters.minutes_red_days} 个工作日（{limit.on}）仍未印发")
        return pending("尚未印发")
    late = issued[0].fact.on > limit.on
    return deviates(f"{issued[0].fact.on} 印发，晚于 {limit.on}", issued) if late else passed(issued)


# --- what came of it -----------------------------------------------------------------------------------------


def _supervised(case: Case, decision: decisions.Decision) -> Finding:
    named = case.trail.of(f"decision:{decision.id}", decisions.SupervisorsAssigned)
    return passed(named[-1:]) if named else pending(f"“{decision.text}”尚未明确督办人")


def _accepted(case: Case, decision: decisions.Decision) -> Finding:
    signed = case.trail.of(f"decision:{decision.id}", decisions.DecisionAccepted)
    if not signed:
        return pending(f"“{decision.text}”牵头单位尚未签收")
    return passed([*signed, *case.trail.of(f"decision:{decision.id}", decisions.PlanSet)[-1:]])


def _fulfilled(case: Case, decision: decisions.Decision) -> Finding:
    stream = f"decision:{decision.id}"
    if decision.status is decisions.Status.FULFILLED:
        seen = case.trail.of(stream, decisions.FulfilmentVerified, decisions.DecisionFulfilled)
        sides = {_said(each).side for each in seen if isinstance(each.fact, decisions.FulfilmentVerified)}
        if sides != BOTH:
            return fails(f"“{decision.text}”没有经双方核验", seen)
        if decision.deadline is not None and (decision.fulfilled_on or case.on) > decision.deadline:
            return deviates(f"“{decision.text}”逾期办结", seen)
        return passed(seen)
    if not decision.open:
        ended = case.trail.of(stream, decisions.DecisionTerminated, decisions.DecisionSuperseded)
        return passed(ended, f"“{decision.text}”由以后的会议终止或替代")
    if decision.deadline is not None and decision.deadline < case.on:
        return fails(f"“{decision.text}”已超期", case.trail.of(stream, decisions.DecisionEstablished))
    return pending(f"“{decision.text}”办理中")


def _published(case: Case) -> Finding:
    if case.held_on is None:
        return pending("会议尚未召开")
    items = [
        each
        for each in case.trail.facts
        if isinstance(each.fact, publicity.PublicityRecorded)
        and each.fact.meeting == case.id
        and each.fact.about is publicity.About.CONTENT
    ]
    limit = calendar.add_working_days(case.held_on, case.parameters.publicity_days, calendar=case.days).on
    first = min(items, key=lambda each: each.fact.on, default=None)
    if first is None:
        return (
            fails(f"{limit} 以前没有宣传会议内容") if case.on > limit else pending(f"应于 {limit} 以前宣传")
        )
    return (
        deviates(f"{first.fact.on} 宣传，晚于 {limit}", [first]) if first.fact.on > limit else passed([first])
    )


Judge = Callable[[Case], Finding]
TABLE: Final[Sequence[tuple[str, str, Judge]]] = (
    ("R-020", "政府方通报政策措施、就业情况", lambda case: _briefed(case, Category.C1, Side.GOVERNMENT)),
    ("R-021", "工会方通报重点工作", lambda case: _briefed(case, Category.C2, Side.UNION)),
    ("R-025", "通报上次落实情况和以往未落实事项，双方同意", _outstanding),
    ("R-027", "未落实事项逐件说明，超期的有意见", _explained),
    ("R-033", "日期由双方商定", _date),
    ("R-035", "临时会议提前协商", _special),
    ("R-039", "议题有调研和论证", lambda case: case.each_topic(_researched)),
    ("R-041", "政府办公室与工会协商", lambda case: case.each_topic(_consulted)),
    ("R-042", "政府联系工会工作的负责人审定", lambda case: case.each_topic(_approved)),
    ("R-045", "工会牵头联合调研", lambda case: case.each_topic(_jointly_researched)),
    ("R-047", "形成议题建议报告", lambda case: case.each_topic(_reported)),
    ("R-048", "会前基本达成共识", lambda case: case.each_topic(_in_consensus)),
    ("R-052", "政府主要负责同志主持", _chair),
    ("R-053", "出席人员齐全", _attendees),
    ("R-054", "主要负责人到会", _substituted),
    ("R-055", "时间、地点、议程、出席人员由双方商定", _arranged),
    ("R-084", "双方明确科室和人员", _staffed),
    ("R-057", "政府办公室按商定的安排印发通知", _noticed),
    ("R-060", "每项议程有材料", _supplied),
    ("R-063", "主持人、工会主要负责人到会开会", _sat),
    ("R-064", "每项议程有结果", _decided),
    ("R-006", "会议名称规范", _named),
    ("R-065", "会后形成纪要", _drafted),
    ("R-066", "双方领导同志审定纪要", _reviewed),
    ("R-067", "政府办公室及时印发纪要", _issued),
    ("R-072", "双方明确督办人", lambda case: case.each_decision(_supervised)),
    ("R-073", "牵头单位签收", lambda case: case.each_decision(_accepted)),
    ("R-077", "按期落实并经双方核验", lambda case: case.each_decision(_fulfilled)),
    ("R-083", "及时宣传会议内容", _published),
)
