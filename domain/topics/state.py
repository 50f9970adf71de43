"""What the rules need to know of a topic."""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from domain import consent, people, refusals
from domain.decider import (
    Command,
    Side,
    Signatory,
    Value,
    not_before,
)
from domain.topics.terms import (
    STATUS_LABELS,
    Ancestor,
    Consultation,
    Content,
    Position,
    Purpose,
    Report,
    Research,
    Role,
    Stance,
    Status,
    Step,
    Way,
)


class Topic(Value):
    """Everything the rules need to know of a topic."""

    id: str = ""
    status: Status = Status.UNBORN
    since: date | None = None
    unit: str = ""
    side: Side = Side.GOVERNMENT
    content: Content | None = None
    content_version: int = 0
    content_hash: str = ""
    proposed_on: date | None = None
    content_on: date | None = None
    submitted_on: date | None = None
    approved_on: date | None = None
    research: tuple[Research, ...] = ()
    opinions: tuple[str, ...] = ()
    consultations: dict[Side, Consultation] = Field(default_factory=dict)
    approved_by: Signatory | None = None
    reason: str = ""
    related: dict[str, Role] = Field(default_factory=dict)
    joint_lead: str = ""
    joint_units: tuple[str, ...] = ()
    joint_starts_on: date | None = None
    report: Report | None = None
    positions: dict[str, Position] = Field(default_factory=dict)
    consensus: consent.Consents = consent.Consents()
    dissent_note: str = ""
    meeting: str = ""
    ever_submitted: bool = False
    ever_approved: bool = False
    tags: tuple[Purpose, ...] = ()
    path: tuple[Step, ...] = ()
    first_submitted_on: date | None = None
    first_approved_on: date | None = None
    first_consensus_on: date | None = None

    # Where it came from and what became of it; the links lead both ways.
    derived: Way | None = None
    sources: tuple[Ancestor, ...] = ()
    into: tuple[str, ...] = ()
    forwarded_to: str = ""
    forwarded_on: date | None = None
    deferred_until: date | None = None
    # What GL and UP agreed to instead of a consensus, for a special meeting alone (A7).
    override: consent.Consents = consent.Consents()
    override_reasons: dict[Side, str] = Field(default_factory=dict)
    override_meeting: str = ""
    overridden_on: date | None = None

    def status_on(self, day: date) -> Status:
        """Tell where the topic stood at the end of a business day."""
        steps = [step.status for step in self.path if step.on <= day]
        return steps[-1] if steps else Status.UNBORN

    @property
    def reservations(self) -> dict[str, str]:
        """The conditions that related units attached, which the material lists (R-049)."""
        return {
            unit: each.opinion for unit, each in self.positions.items() if each.stance is Stance.CONDITIONAL
        }


Units = Mapping[str, people.Unit]


def must_be_born(command: Command, topic: Topic) -> None:
    """Refuse an act on a topic that was not proposed, or before it was. Raises: NotFound, BeforeItsBasis."""
    if topic.status is Status.UNBORN:
        raise refusals.NotFound("议题。", requirement="R-038")
    not_before(command.on, topic.proposed_on, what="议题提出")


def expect(topic: Topic, *allowed: Status, requirement: str) -> None:
    """Refuse an act on a topic that is not in one of some states. Raises: WrongState."""
    if topic.status not in allowed:
        raise refusals.WrongState(f"议题目前为“{STATUS_LABELS[topic.status]}”。", requirement=requirement)
