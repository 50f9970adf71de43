"""Each side names the section and the staff responsible for the joint conference (三(二), R-084)."""

from datetime import date

from pydantic import Field

from domain import consent, refusals, wording
from domain.decider import Command, Decider, Fact, Side, Signatory, Value, earliest


class SectionAndPersonNeeded(refusals.Refusal):
    """须明确至少一个具体科室和一名工作人员。"""

    requirement = "R-084"


class LiaisonDesignated(Fact):
    topic = "liaison.designated"
    label = "明确联络科室和人员"

    side: Side
    section: str
    posts: tuple[str, ...]


class DesignateLiaison(Command):
    """明确本方负责联席会议工作的具体科室和工作人员。"""

    side: Side = Field(title="哪一方")
    section: wording.Line = Field(title="科室", examples=["综合科"])
    posts: tuple[wording.Line, ...] = Field(
        title="工作人员（职务）", max_length=20, examples=[["综合科科员"]]
    )


class Liaison(Value):
    """Who is responsible on one side; blank until designated."""

    id: str = ""
    section: str = ""
    posts: tuple[str, ...] = ()
    on: date | None = None
    first_on: date | None = None


def decide(command: DesignateLiaison, liaison: Liaison, *, by: Signatory) -> list[LiaisonDesignated]:
    """Designate or replace. Raises: NotYourSide, SectionAndPersonNeeded (R-084)."""
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-084", pointer="/side")
    if wording.is_blank(command.section) or not command.posts or any(map(wording.is_blank, command.posts)):
        raise SectionAndPersonNeeded(pointer="/section")
    if (command.section, command.posts) == (liaison.section, liaison.posts):
        return []
    return [
        LiaisonDesignated(
            on=command.on, by=by, side=command.side, section=command.section, posts=command.posts
        )
    ]


def evolve(liaison: Liaison, fact: LiaisonDesignated) -> Liaison:
    """Fold one fact into the liaison of a side."""
    named = {"section": fact.section, "posts": fact.posts, "on": fact.on}
    return liaison.model_copy(update={**named, "first_on": earliest(liaison.first_on, fact.on)})


DECIDER = Decider(
    kind="liaison", label="联络科室和人员", facts=(LiaisonDesignated,), initial=Liaison(), evolve=evolve
)
