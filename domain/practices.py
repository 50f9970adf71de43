"""Practices worth noting: new ways of working that a pair has tried (三(一) 创新工作方法和运行机制, R-089)."""

from datetime import date

from pydantic import Field

from domain import refusals, wording
from domain.decider import Command, Decider, Fact, Signatory, Value


class PracticeRecorded(Fact):
    topic = "practice.recorded"
    label = "登记创新做法"

    title: str
    text: str
    link: str


class RecordPractice(Command):
    """登记一项创新的工作方法或运行机制。"""

    title: wording.Line = Field(title="名称", examples=["议题“三张清单”"])
    text: wording.Prose = Field(title="做法和成效")
    link: wording.Link = Field(default="", title="链接或佐证编号")


class Practice(Value):
    """One practice; blank until recorded."""

    id: str = ""
    title: str = ""
    text: str = ""
    link: str = ""
    on: date | None = None


def decide(command: RecordPractice, practice: Practice, *, by: Signatory) -> list[PracticeRecorded]:
    """Record a practice. Raises: TextMissing, PersonalData, AlreadyDone (R-089)."""
    if practice.on is not None:
        raise refusals.AlreadyDone(requirement="R-089")
    title = wording.require(command.title, what="名称", requirement="R-089", pointer="/title")
    text = wording.require(command.text, what="做法和成效", requirement="R-089", pointer="/text")
    for value, pointer in ((title, "/title"), (text, "/text"), (command.link, "/link")):
        wording.without_personal_data(value, pointer=pointer, requirement="R-089")
    return [PracticeRecorded(on=command.on, by=by, title=title, text=text, link=command.link)]


def evolve(practice: Practice, fact: PracticeRecorded) -> Practice:
    """Fold one fact into a practice."""
    return Practice(id=practice.id, **fact.model_dump(exclude={"by"}))


DECIDER = Decider(
    kind="practice", label="创新做法", facts=(PracticeRecorded,), initial=Practice(), evolve=evolve
)
