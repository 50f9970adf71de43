"""Two equal sides agree to the same bytes before an act counts.

A consent binds to (subject, version, content hash, side). A change of content is a new version and voids what
was consented before. Agreed means: both sides, the same hash, two persons. Source: requirements.md,
"Two-party consent".
"""

from datetime import date

from pydantic import Field

from domain import refusals
from domain.decider import SIDES, Side, Signatory, Value, made


class OnePersonForBoth(refusals.Refusal):
    """同一人不得代表双方表示同意。"""

    remedy = "请由另一方的人员表示同意。"


class NotYourSide(refusals.Refusal):
    """只能代表本人所属的一方表示同意。"""

    remedy = "请由该方的人员办理。"


class OtherContent(refusals.Refusal):
    """所同意的内容不是现行版本，内容已经变更。"""

    remedy = "请重新查看现行内容，对其内容哈希表示同意。"


class AlreadyConsented(refusals.Refusal):
    """本方对这一版内容已经表示同意。"""


class Consent(Value):
    """One side's consent to one content."""

    content_hash: str
    by: Signatory
    on: date


class Consents(Value):
    """The consents that stand for the present version of one content."""

    version: int = 0
    content_hash: str = ""
    proposed_on: date | None = None
    given: dict[Side, Consent] = Field(default_factory=dict)

    @property
    def agreed(self) -> bool:
        """Whether both sides consented to the same content."""
        return bool(self.content_hash) and self.given.keys() == SIDES

    @property
    def agreed_on(self) -> date | None:
        return max(consent.on for consent in self.given.values()) if self.agreed else None

    def renewed(self, content_hash: str, *, on: date) -> "Consents":
        """Put a new content up for consent; what was given before is void."""
        return _of(self.version + 1, content_hash, on, {})

    def voided(self) -> "Consents":
        """Tell that no content is up for consent any more."""
        return _of(self.version, "", None, {})

    def with_consent(self, side: Side, consent: Consent) -> "Consents":
        return _of(self.version, self.content_hash, self.proposed_on, {**self.given, side: consent})


def _of(version: int, content_hash: str, proposed_on: date | None, given: dict[Side, Consent]) -> Consents:
    # Every part was checked with the fact that told it.
    return made(
        Consents,
        {"version": version, "content_hash": content_hash, "proposed_on": proposed_on, "given": given},
    )


def check(consents: Consents, *, side: Side, content_hash: str, by: Signatory, requirement: str) -> None:
    """Refuse a consent that would not be one side's own consent to the present content.

    Raises: NotYourSide, OnePersonForBoth, OtherContent, AlreadyConsented, each with ``requirement``.
    """
    if by.side is not side:
        raise NotYourSide(f"{by.title}不能代表{side.label}。", requirement=requirement, pointer="/side")
    if not consents.content_hash or content_hash != consents.content_hash:
        raise OtherContent(
            f"现行第 {consents.version} 版的内容哈希为 {consents.content_hash or '（尚无内容）'}。",
            requirement=requirement,
            pointer="/content_hash",
        )
    other = consents.given.get(side.other)
    if other is not None and other.by.person == by.person:
        raise OnePersonForBoth(requirement=requirement, pointer="/side")
    if side in consents.given:
        raise AlreadyConsented(requirement=requirement)
