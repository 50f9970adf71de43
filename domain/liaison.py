"""Each side names the section and the staff responsible for the joint conference, and hands over between them.

Source: 三(二); R-084, R-085.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import assert_never, get_args

from pydantic import Field

from domain import consent, refusals, wording
from domain.decider import Command, Decider, Fact, Side, Signatory, Value, earliest, not_before


class SectionAndPersonNeeded(refusals.Refusal):
    """须明确至少一个具体科室和一名工作人员。"""

    requirement = "R-084"


class NobodyToReplace(refusals.Refusal):
    """尚未明确过联络科室和人员，请先明确。"""

    requirement = "R-085"


class AcceptedByAnother(refusals.Refusal):
    """交接须由登记交接以外的另一人确认。"""

    requirement = "R-085"


class Task(Value):
    """Something that is under way when staff change: a topic, a meeting or a decision."""

    kind: str
    id: str
    label: str


class LiaisonDesignated(Fact):
    topic = "liaison.designated"
    label = "明确联络科室和人员"

    side: Side
    section: str
    posts: tuple[str, ...]


class LiaisonReplaced(Fact):
    topic = "liaison.replaced"
    label = "联络人员交接"

    side: Side
    section: str
    posts: tuple[str, ...]
    former_section: str
    former_posts: tuple[str, ...]
    handover_note: str
    open_tasks: tuple[Task, ...]


class HandoverAccepted(Fact):
    topic = "liaison.handover_accepted"
    label = "确认接收交接"

    side: Side
    note: str


class LiaisonEnded(Fact):
    topic = "liaison.ended"
    label = "联络科室和人员空缺"

    side: Side
    last_day: date
    reason: str


class DesignateLiaison(Command):
    """明确本方负责联席会议工作的具体科室和工作人员。"""

    side: Side = Field(title="哪一方")
    section: wording.Line = Field(title="科室", examples=["综合科"])
    posts: tuple[wording.Line, ...] = Field(
        title="工作人员（职务）", max_length=20, examples=[["综合科科员"]]
    )


class ReplaceLiaison(Command):
    """登记本方联络科室或人员的更换和交接；未办结的事项由系统列明。"""

    side: Side = Field(title="哪一方")
    section: wording.Line = Field(title="科室", examples=["综合科"])
    posts: tuple[wording.Line, ...] = Field(
        title="接任的工作人员（职务）", max_length=20, examples=[["综合科副科长"]]
    )
    handover_note: wording.Prose = Field(default="", title="交接说明")


class AcceptHandover(Command):
    """接任人员确认接收交接的事项。"""

    side: Side = Field(title="哪一方")
    note: wording.Prose = Field(default="", title="接收说明")


class EndLiaison(Command):
    """登记本方联络科室或人员自某日起空缺。"""

    side: Side = Field(title="哪一方")
    last_day: date = Field(title="原人员的最后一日")
    reason: wording.Line = Field(title="原因")


class Liaison(Value):
    """Who is responsible on one side; blank until designated. ``handover_open`` until the new staff accepted."""

    id: str = ""
    section: str = ""
    posts: tuple[str, ...] = ()
    on: date | None = None
    first_on: date | None = None
    open_tasks: tuple[Task, ...] = ()
    handover_note: str = ""
    handover_open: bool = False
    handed_over_by: Signatory | None = None
    accepted_on: date | None = None
    gap_since: date | None = None
    gap_reason: str = ""


LiaisonCommand = DesignateLiaison | ReplaceLiaison | AcceptHandover | EndLiaison


def decide(
    command: LiaisonCommand, liaison: Liaison, *, by: Signatory, tasks: Sequence[Task] = ()
) -> list["LiaisonFact"]:
    """Decide a designation, a handover, its acceptance or a gap; ``tasks`` are what is under way in the pair.

    Raises: NotYourSide, SectionAndPersonNeeded (R-084); NobodyToReplace, AcceptedByAnother, WrongState (R-085).
    """
    requirement = "R-085" if isinstance(command, ReplaceLiaison | AcceptHandover) else "R-084"
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement=requirement, pointer="/side")
    match command:
        case DesignateLiaison():
            return _designated(command, liaison, by=by)
        case ReplaceLiaison():
            return [_replaced(command, liaison, by=by, tasks=tasks)]
        case AcceptHandover():
            return [_accepted(command, liaison, by=by)]
        case EndLiaison():
            return [_ended(command, liaison, by=by)]
        case _:
            assert_never(command)


def _check_named(command: DesignateLiaison | ReplaceLiaison) -> None:
    if wording.is_blank(command.section) or not command.posts or any(map(wording.is_blank, command.posts)):
        raise SectionAndPersonNeeded(pointer="/section")


def _designated(command: DesignateLiaison, liaison: Liaison, *, by: Signatory) -> list["LiaisonFact"]:
    _check_named(command)
    same = (command.section, command.posts) == (liaison.section, liaison.posts)
    if same and liaison.gap_since is None:
        return []
    return [
        LiaisonDesignated(
            on=command.on, by=by, side=command.side, section=command.section, posts=command.posts
        )
    ]


def _replaced(
    command: ReplaceLiaison, liaison: Liaison, *, by: Signatory, tasks: Sequence[Task]
) -> LiaisonReplaced:
    if liaison.on is None:
        raise NobodyToReplace
    _check_named(command)
    not_before(command.on, liaison.on, what="明确联络人员")
    if (command.section, command.posts) == (liaison.section, liaison.posts):
        raise refusals.AlreadyDone("科室和人员没有变化。", requirement="R-085")
    return LiaisonReplaced(
        on=command.on,
        by=by,
        side=command.side,
        section=command.section,
        posts=command.posts,
        former_section=liaison.section,
        former_posts=liaison.posts,
        handover_note=command.handover_note,
        open_tasks=tuple(tasks),
    )


def _accepted(command: AcceptHandover, liaison: Liaison, *, by: Signatory) -> HandoverAccepted:
    if not liaison.handover_open or liaison.handed_over_by is None:
        raise refusals.WrongState("没有待确认的交接。", requirement="R-085")
    not_before(command.on, liaison.on, what="交接")
    if by.person == liaison.handed_over_by.person:
        raise AcceptedByAnother(f"{by.title}。")
    return HandoverAccepted(on=command.on, by=by, side=command.side, note=command.note)


def _ended(command: EndLiaison, liaison: Liaison, *, by: Signatory) -> LiaisonEnded:
    if liaison.on is None or liaison.gap_since is not None:
        raise refusals.WrongState("目前没有明确的联络科室和人员。", requirement="R-084")
    not_before(command.on, liaison.on, command.last_day, what="联络人员在任")
    not_before(command.last_day, liaison.on, what="明确联络人员")
    reason = wording.require(command.reason, what="原因", requirement="R-084", pointer="/reason")
    return LiaisonEnded(on=command.on, by=by, side=command.side, last_day=command.last_day, reason=reason)


LiaisonFact = LiaisonDesignated | LiaisonReplaced | HandoverAccepted | LiaisonEnded


def evolve(liaison: Liaison, fact: LiaisonFact) -> Liaison:
    """Fold one fact into the liaison of a side."""
    change: dict[str, object]
    match fact:
        case LiaisonDesignated() | LiaisonReplaced():
            change = {
                "section": fact.section,
                "posts": fact.posts,
                "on": fact.on,
                "first_on": earliest(liaison.first_on, fact.on),
                "gap_since": None,
                "gap_reason": "",
            }
            if isinstance(fact, LiaisonReplaced):
                change |= {
                    "open_tasks": fact.open_tasks,
                    "handover_note": fact.handover_note,
                    "handover_open": True,
                    "handed_over_by": fact.by,
                    "accepted_on": None,
                }
        case HandoverAccepted():
            change = {"handover_open": False, "accepted_on": fact.on}
        case LiaisonEnded():
            change = {"gap_since": fact.last_day + timedelta(days=1), "gap_reason": fact.reason}
        case _:
            assert_never(fact)
    return liaison.model_copy(update=change)


DECIDER = Decider(
    kind="liaison", label="联络科室和人员", facts=get_args(LiaisonFact), initial=Liaison(), evolve=evolve
)
