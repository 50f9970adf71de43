"""The scheme by which an upper union scores the unions directly below it, one a year (三(一), R-087, A21).

A scheme is kept in the upper pair's ledger, under its year. Its last version before the first score is the one that
counts; from then on it stands.
"""

from datetime import date

from pydantic import Field

from domain import annual, refusals, scoring, wording
from domain.chain import content_hash
from domain.decider import Command, Decider, Fact, Signatory, Value, not_before


class SchemeInUse(refusals.Refusal):
    """已按该方案评分，方案不能再改。"""

    requirement = "R-087"


class NotAFullScheme(refusals.Refusal):
    """考核方案的项目编号不得重复，自动评分的须指明计算口径，各项分值合计100分。"""

    requirement = "R-087"


class SchemeFixed(Fact):
    topic = "scheme.fixed"
    label = "考核方案定版"

    version: int
    number: str
    title: str
    items: tuple[scoring.Item, ...]
    content_hash: str


class FixScheme(Command):
    """把本年度对下级工会的考核方案定版；尚未评分的可以再定新版。"""

    number: wording.Line = Field(title="文号", examples=["运工发〔2025〕5号"])
    title: wording.Line = Field(title="名称", examples=["2025年度县（市、区）总工会工作考核方案"])
    items: tuple[scoring.Item, ...] = Field(title="考核项目", min_length=1, max_length=40)


class Scheme(Value):
    """The scheme of a year as last fixed; blank until then."""

    id: str = ""
    version: int = 0
    number: str = ""
    title: str = ""
    items: tuple[scoring.Item, ...] = ()
    content_hash: str = ""
    fixed_on: date | None = None


def decide(command: FixScheme, scheme: Scheme, *, by: Signatory, scored: bool) -> list[SchemeFixed]:
    """Fix a scheme or its next version; ``scored`` tells whether a score rests on it already.

    Raises: NotAYear, SchemeInUse, NotAFullScheme, TextMissing (R-087).
    """
    annual.number_of(scheme.id)
    number = wording.require(command.number, what="文号", requirement="R-087", pointer="/number")
    title = wording.require(command.title, what="名称", requirement="R-087", pointer="/title")
    _check_items(command.items)
    digest = content_hash(
        {"number": number, "title": title, "items": [each.model_dump(mode="json") for each in command.items]}
    )
    if digest == scheme.content_hash:
        return []
    if scored:
        raise SchemeInUse(f"{scheme.id} 年度，第 {scheme.version} 版。", pointer="/items")
    not_before(command.on, scheme.fixed_on, what="上一版定版")
    return [
        SchemeFixed(
            on=command.on,
            by=by,
            version=scheme.version + 1,
            number=number,
            title=title,
            items=command.items,
            content_hash=digest,
        )
    ]


def _check_items(items: tuple[scoring.Item, ...]) -> None:
    keys = [each.key for each in items]
    if len(set(keys)) != len(keys):
        raise NotAFullScheme("项目编号重复。", pointer="/items")
    for place, each in enumerate(items):
        wording.require(each.title, what="项目", requirement="R-087", pointer=f"/items/{place}/title")
        if (each.kind is scoring.ItemKind.AUTOMATIC) is not (each.formula is not None):
            raise NotAFullScheme(f"“{each.title}”。", pointer=f"/items/{place}/formula")
    total = sum(each.points for each in items)
    if total != scoring.FULL_SCORE:
        raise NotAFullScheme(f"现合计 {total / 100:.2f} 分。", pointer="/items")


def evolve(scheme: Scheme, fact: SchemeFixed) -> Scheme:
    """Fold one fact into a scheme."""
    return Scheme(id=scheme.id, fixed_on=fact.on, **fact.model_dump(exclude={"on", "by"}))


DECIDER = Decider(kind="scheme", label="考核方案", facts=(SchemeFixed,), initial=Scheme(), evolve=evolve)
