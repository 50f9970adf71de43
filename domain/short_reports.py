"""The short form of the report on everything outstanding, for special meetings where the pair's rules allow it (A15).

It lists every member, as the full form does, and points to the last full report. What it spares is to explain again
what the last held meeting was told and what has not changed since. Source: 一(六), R-025 – R-029.
"""

from domain import meetings, papers, preparation, refusals
from domain.chain import content_hash
from domain.decider import Signatory, not_before


class ShortFormNotAllowed(refusals.Refusal):
    """落实情况通报不能用简表：限参数允许时的临时会议，并须已有完整的通报。"""

    requirement = "R-025"
    remedy = "请以完整的形式形成通报。"


def explanation_of(
    member: meetings.OutstandingMember, meeting: meetings.Meeting, around: meetings.Surroundings
) -> meetings.Explanation | None:
    """Give the explanation that counts for a member: this meeting's own, or the one that its short form takes over.

    Returns: None where there is none, or none of the member's present state (R-027).
    """
    own = _current(member, meeting.explanations.get(member.id))
    if own is not None or meeting.short_form is None or member.id not in meeting.short_form.carried:
        return own
    return _current(member, around.last_explanations.get(member.id))


def _current(
    member: meetings.OutstandingMember, said: meetings.Explanation | None
) -> meetings.Explanation | None:
    return said if said is not None and said.serial == member.serial else None


def stands(meeting: meetings.Meeting, around: meetings.Surroundings) -> bool:
    """Whether a meeting's report may have the form that it has: any full one, a short one only while nothing moved."""
    return meeting.short_form is None or (
        around.short_form_allowed and meeting.short_form == _form(meeting, around)
    )


def _form(meeting: meetings.Meeting, around: meetings.Surroundings) -> meetings.ShortForm | None:
    if around.last_full is None:
        return None
    carried = tuple(
        each.id
        for each in around.outstanding
        if each.needs_explanation
        and _current(each, meeting.explanations.get(each.id)) is None
        and _current(each, around.last_explanations.get(each.id)) is not None
    )
    return meetings.ShortForm(full=around.last_full, last_meeting=around.last_meeting, carried=carried)


def decide(
    command: meetings.PrepareShortReport,
    meeting: meetings.Meeting,
    *,
    by: Signatory,
    around: meetings.Surroundings,
) -> list[meetings.MeetingFact]:
    """Prepare the report in its short form, in place of whatever form it had.

    Raises: ShortFormNotAllowed (R-025), NotFound, WrongState, BeforeItsBasis.
    """
    preparation.must_be_in_preparation(meeting, on=command.on)
    if meeting.kind is not meetings.Kind.SPECIAL:
        raise ShortFormNotAllowed("年度会议须有完整的通报。")
    if not around.short_form_allowed:
        raise ShortFormNotAllowed("业务日期有效的参数不允许简表。", pointer="/on")
    short = _form(meeting, around)
    if short is None:
        raise ShortFormNotAllowed("此前没有完整的通报可以指向。")
    papers.must_follow_what_it_tells(meeting, around, on=command.on)
    not_before(command.on, meeting.report.cutoff if meeting.report else None, what="原通报")
    not_before(command.on, short.full.held_on, what="上一次完整通报的会议")
    lines = papers.present_members(meeting, around)
    digest = content_hash(
        {
            "cutoff": command.on.isoformat(),
            "members": [line.model_dump(mode="json") for line in lines],
            "short": short.model_dump(mode="json"),
        }
    )
    if meeting.report is not None and meeting.report.hash == digest:
        return []
    report = meetings.OutstandingReport(cutoff=command.on, members=lines, hash=digest)
    return [
        meetings.ShortReportPrepared(on=command.on, by=by, report=report, short=short),
        *preparation.voided(meeting, meetings.Subject.OUTSTANDING_REPORT, on=command.on, by=by),
    ]
