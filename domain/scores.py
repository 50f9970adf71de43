"""The score that an upper union gives to a union directly below it, once the year is over (三(一), R-087, A21).

Automatic items follow from the scored pair's ledger and nothing else: the fact names the position and the hash up to
which it was read, and anybody can compute them again. Manual items carry the signature of who judged them.
"""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from domain import annual, refusals, scoring, wording
from domain.decider import Command, Decider, Fact, Signatory, Value, not_before
from domain.scoring import ItemKind


class NotALowerPair(refusals.Refusal):
    """只能对直接下级的工会评分。"""

    requirement = "R-087"


class ScoredTooEarly(refusals.Refusal):
    """年度尚未结束，不能评分。"""

    requirement = "R-087"


class NoScheme(refusals.Refusal):
    """该年度的考核方案尚未定版。"""

    requirement = "R-087"


class ScoresOneself(refusals.Refusal):
    """评分人在被评单位任职，应当回避。"""

    requirement = "R-087"


class WrongItems(refusals.Refusal):
    """须评定的项目不全，或评定了方案中没有、由台账计算的项目。"""

    requirement = "R-087"


class TooManyPoints(refusals.Refusal):
    """评分超过该项目的分值。"""

    requirement = "R-087"


class ItemScore(Value):
    """The points of one item: from a formula with its evidence, or judged, with its reason and who signed it."""

    key: str
    title: str
    kind: ItemKind
    out_of: int
    points: int
    formula: scoring.Formula | None
    hits: int
    of: int
    evidence: tuple[str, ...]
    provisional: bool
    reason: str
    signed: Signatory | None


class ScoreGiven(Fact):
    topic = "score.given"
    label = "考核评分"

    pair: str
    year: int
    scheme_version: int
    scheme_hash: str
    items: tuple[ItemScore, ...]
    total: int
    lower_position: int
    lower_hash: str
    reason: str


class Judged(Value):
    """One item as somebody judged it."""

    key: wording.Code = Field(title="项目编号")
    points: int = Field(title="得分", description="以百分之一分为单位。", ge=0, le=scoring.FULL_SCORE)
    reason: wording.Line = Field(title="评定理由", examples=["做法在全市推广"])


class ScoreAssessment(Command):
    """年度结束后对一个直接下级的工会评分；由台账计算的项目自动得出。再次评分是更正，须写明原因。"""

    pair: wording.Code = Field(title="被评的结对单位", examples=["140830"])
    year: int = Field(title="年度", ge=annual.FIRST_YEAR, le=2099, examples=[2025])
    manual: tuple[Judged, ...] = Field(default=(), title="由人评定的项目", max_length=40)
    reason: wording.Line = Field(default="", title="更正原因")


class Lower(Value):
    """What the rule must know of the pair that is scored."""

    id: str = ""
    parent: str = ""
    posts_of_its_own: frozenset[str] = frozenset()
    results: Mapping[str, scoring.Result] = Field(default_factory=dict)
    position: int = 0
    hash: str = ""


class Rules(Value):
    """The scheme as it stands when somebody scores by it."""

    version: int = 0
    content_hash: str = ""
    items: tuple[scoring.Item, ...] = ()
    fixed_on: date | None = None


class Score(Value):
    """The score of one pair for one year, as last given."""

    id: str = ""
    pair: str = ""
    year: int = 0
    scheme_version: int = 0
    scheme_hash: str = ""
    items: tuple[ItemScore, ...] = ()
    total: int = 0
    lower_position: int = 0
    lower_hash: str = ""
    reason: str = ""
    given_on: date | None = None


def id_of(pair: str, year: int) -> str:
    """Name the score of a pair for a year."""
    return f"{year}-{pair}"


def decide(
    command: ScoreAssessment, score: Score, *, by: Signatory, upper: str, lower: Lower, rules: Rules
) -> list[ScoreGiven]:
    """Score a pair directly below ``upper`` by the scheme that stands.

    Raises: NotALowerPair, ScoredTooEarly, NoScheme, ScoresOneself, WrongItems, TooManyPoints, TextMissing (R-087).
    """
    if score.id != id_of(command.pair, command.year):
        raise refusals.NotFound("路径中的编号应为“年度-结对单位”。", requirement="R-087", pointer="path:id")
    if lower.parent != upper:
        raise NotALowerPair(f"{command.pair}。", pointer="/pair")
    if command.on.year <= command.year:
        raise ScoredTooEarly(f"{command.year} 年度，业务日期 {command.on}。", pointer="/on")
    if rules.version == 0:
        raise NoScheme(f"{command.year} 年度。", pointer="/year")
    if by.person in lower.posts_of_its_own:
        raise ScoresOneself(f"{by.title}。", pointer="/pair")
    not_before(command.on, rules.fixed_on, what="考核方案定版")
    not_before(command.on, score.given_on, what="上一次评分")
    if score.given_on is not None:
        wording.require(command.reason, what="更正原因", requirement="R-087", pointer="/reason")
    return [_given(command, by=by, lower=lower, rules=rules)]


def _given(command: ScoreAssessment, *, by: Signatory, lower: Lower, rules: Rules) -> ScoreGiven:
    judged = {each.key: (place, each) for place, each in enumerate(command.manual)}
    wanted = [each.key for each in rules.items if _by_hand(each, lower)]
    if set(judged) != set(wanted) or len(judged) != len(command.manual):
        missing = [each.title for each in rules.items if each.key in wanted and each.key not in judged]
        strange = [key for key in judged if key not in wanted]
        detail = f"未评定：{'、'.join(missing) or '—'}；不应评定：{'、'.join(strange) or '—'}。"
        raise WrongItems(detail, pointer="/manual")
    items = tuple(
        _judged(item, *judged[item.key], by=by) if item.key in judged else _computed(item, lower)
        for item in rules.items
    )
    return ScoreGiven(
        on=command.on,
        by=by,
        pair=command.pair,
        year=command.year,
        scheme_version=rules.version,
        scheme_hash=rules.content_hash,
        items=items,
        total=sum(each.points for each in items),
        lower_position=lower.position,
        lower_hash=lower.hash,
        reason=command.reason,
    )


def _by_hand(item: scoring.Item, lower: Lower) -> bool:
    # Where there was nothing to count, a rate of nothing is no full mark and no zero: somebody must judge and sign.
    return item.formula is None or lower.results[item.formula].of == 0


def _judged(item: scoring.Item, place: int, judged: Judged, *, by: Signatory) -> ItemScore:
    if judged.points > item.points:
        raise TooManyPoints(
            f"“{item.title}”满分 {item.points / 100:.2f} 分。", pointer=f"/manual/{place}/points"
        )
    reason = wording.require(
        judged.reason, what="评定理由", requirement="R-087", pointer=f"/manual/{place}/reason"
    )
    return ItemScore(
        key=item.key,
        title=item.title,
        kind=item.kind,
        out_of=item.points,
        points=judged.points,
        formula=item.formula,
        hits=0,
        of=0,
        evidence=(),
        provisional=False,
        reason=reason,
        signed=by,
    )


def _computed(item: scoring.Item, lower: Lower) -> ItemScore:
    found = lower.results[item.formula or ""]
    return ItemScore(
        key=item.key,
        title=item.title,
        kind=item.kind,
        out_of=item.points,
        points=scoring.points(item, found),
        formula=item.formula,
        reason="",
        signed=None,
        **found.model_dump(),
    )


def evolve(score: Score, fact: ScoreGiven) -> Score:
    """Fold one fact into a score."""
    taken = {name: getattr(fact, name) for name in type(fact).model_fields if name not in {"on", "by"}}
    return Score(id=score.id, given_on=fact.on, **taken)


DECIDER = Decider(kind="score", label="考核评分", facts=(ScoreGiven,), initial=Score(), evolve=evolve)
