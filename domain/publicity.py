"""Publicity of what a meeting was about and of what it achieved, and whether it was timely (二(七), R-082, R-083)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum

from pydantic import Field

from domain import calendar, refusals, wording
from domain.decider import Command, Decider, Fact, Signatory, Value, not_before, taken

QUOTATION = 10


class About(StrEnum):
    """Whether the meeting's content or the effect of its decisions was published."""

    CONTENT = "content"
    EFFECT = "effect"


class Undisclosed(refusals.Refusal):
    """宣传的内容涉及不公开的文件。"""

    requirement = "R-082"
    remedy = "请删去不公开的内容。"


class NothingPublished(refusals.Refusal):
    """须写明所宣传的会议；宣传成效的须写明议定事项。"""

    requirement = "R-082"


class PublicityRecorded(Fact):
    topic = "publicity.recorded"
    label = "登记宣传报道"

    meeting: str
    decisions: tuple[str, ...]
    about: About
    channel: str
    link: str
    text: str


class RecordPublicity(Command):
    """登记一次宣传报道；业务日期是发布日期。"""

    meeting: wording.Code = Field(title="会议编号")
    decisions: tuple[wording.Code, ...] = Field(default=(), title="议定事项编号", max_length=100)
    about: About = Field(title="宣传的内容", description="content 会议内容，effect 工作成效。")
    channel: wording.Line = Field(title="渠道", examples=["县政府门户网站"])
    link: wording.Link = Field(title="链接或佐证编号")
    text: wording.Prose = Field(title="发布的文字")


class Published(Value):
    """What publicity needs to know of its pair's meetings; texts are those of undisclosed documents."""

    held: Mapping[str, date] = Field(default_factory=dict)
    decisions: Mapping[str, str] = Field(default_factory=dict, description="decision -> meeting")
    established: Mapping[str, date] = Field(default_factory=dict, description="decision -> its day")
    undisclosed_texts: tuple[str, ...] = ()


class Publicity(Value):
    """One published item; blank until recorded."""

    id: str = ""
    meeting: str = ""
    decisions: tuple[str, ...] = ()
    about: About = About.CONTENT
    channel: str = ""
    link: str = ""
    text: str = ""
    on: date | None = None


def decide(
    command: RecordPublicity, publicity: Publicity, *, by: Signatory, known: Published
) -> list[PublicityRecorded]:
    """Record what was published. Raises: Undisclosed, NothingPublished, TextMissing, AlreadyDone (R-082)."""
    if publicity.on is not None:
        raise refusals.AlreadyDone(requirement="R-082")
    if command.meeting not in known.held:
        raise NothingPublished("该会议尚未召开。", pointer="/meeting")
    not_before(command.on, known.held[command.meeting], what="会议召开")
    strange = [each for each in command.decisions if each not in known.decisions]
    if strange or (command.about is About.EFFECT and not command.decisions):
        raise NothingPublished(pointer="/decisions")
    not_before(command.on, *(known.established[each] for each in command.decisions), what="议定事项成立")
    channel = wording.require(command.channel, what="渠道", requirement="R-082", pointer="/channel")
    link = wording.require(command.link, what="链接或佐证", requirement="R-082", pointer="/link")
    said = wording.require(command.text, what="发布的文字", requirement="R-082", pointer="/text")
    published = _bare(said)
    if any(sentence in published for secret in known.undisclosed_texts for sentence in _sentences(secret)):
        raise Undisclosed("发布的文字中有不公开或尚未印发的纪要的原文。", pointer="/text")
    return [
        PublicityRecorded(
            on=command.on,
            by=by,
            meeting=command.meeting,
            decisions=command.decisions,
            about=command.about,
            channel=channel,
            link=link,
            text=said,
        )
    ]


def _bare(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _sentences(text: str) -> list[str]:
    # The whole text, and each sentence of it that is too long to be a common phrase.
    pieces = [_bare(piece) for piece in re.split(r"[。；;！!？?\n]", text)]
    return [_bare(text), *(piece for piece in pieces if len(piece) >= QUOTATION)]


def evolve(publicity: Publicity, fact: PublicityRecorded) -> Publicity:
    """Fold one fact into a published item."""
    return taken(Publicity, fact, id=publicity.id)


class Covered(Value):
    """A held meeting, as far as its publicity is concerned.

    ``closed``: its minutes are not public, so nothing need be published of it (A23). ``effects``: the public decisions
    of it that were fulfilled before the next meeting, ``next_on``.
    """

    meeting: str
    held_on: date
    closed: bool = False
    next_on: date | None = None
    effects: tuple[str, ...] = ()


class Owed(Value):
    """One publication that was due, by when, and the first day on which something was published."""

    meeting: str
    about: About
    due: date
    published_on: date | None = None
    decisions: tuple[str, ...] = ()
    provisional: bool = False

    @property
    def timely(self) -> bool:
        return self.published_on is not None and self.published_on <= self.due


def owed(
    meetings: Iterable[Covered], published: Sequence[Publicity], *, days: int, worked: calendar.Calendar
) -> list[Owed]:
    """List what was to be published: contents within ``days`` working days, effects before the next meeting (R-083)."""
    found = []
    for each in meetings:
        if each.closed:
            continue
        due = calendar.add_working_days(each.held_on, days, calendar=worked)
        content = _first(published, each.meeting, About.CONTENT)
        found.append(
            Owed(
                meeting=each.meeting,
                about=About.CONTENT,
                due=due.on,
                published_on=content,
                provisional=due.provisional,
            )
        )
        if each.effects and each.next_on is not None:
            effect = _first(published, each.meeting, About.EFFECT)
            found.append(
                Owed(
                    meeting=each.meeting,
                    about=About.EFFECT,
                    due=each.next_on,
                    published_on=effect,
                    decisions=each.effects,
                )
            )
    return found


def _first(published: Sequence[Publicity], meeting: str, about: About) -> date | None:
    return min(
        (each.on for each in published if (each.meeting, each.about) == (meeting, about) and each.on),
        default=None,
    )


def missing(due: Iterable[Owed], *, on: date) -> list[Owed]:
    """List what ought to have been published by a local date and was not (R-083)."""
    return [each for each in due if each.due < on and (each.published_on is None or each.published_on > on)]


DECIDER = Decider(
    kind="publicity", label="宣传报道", facts=(PublicityRecorded,), initial=Publicity(), evolve=evolve
)
