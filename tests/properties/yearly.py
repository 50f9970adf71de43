"""What somebody might plausibly do with a pair's year, its schemes and scores, its supporting rules and practices."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from application import dossier as dossiers
from application.dossier import Dossier
from domain import practices, schemes, scores, scoring, supporting_rules, years
from domain.decider import Command
from tests import builders as b

Step = tuple[float, str, Command, str]
# Some division below each that has any, so that an upper union has somebody to score.
BELOW = {"140830": "140830100"}
ITEMS = (
    scoring.Item(
        key="held",
        title="按制度召开联席会议",
        points=60_00,
        kind=scoring.ItemKind.AUTOMATIC,
        formula=scoring.Formula.HELD_IN_YEAR,
    ),
    scoring.Item(key="novel", title="创新做法", points=40_00, kind=scoring.ItemKind.MANUAL),
)


def steps(walk) -> Iterator[Step]:
    """Give acts on this year, and now and then on the next or the last, each with its weight, role and subject."""
    on, dice = walk.today, walk.dice
    subject = str(on.year + dice.choice((0, 0, 0, 0, 1, -1)))
    document = {"on": on, "number": f"芮政发〔{on.year}〕{dice.randrange(1, 20)}号", "reason": "文号录入有误"}
    yield 0.2, "GO", years.RecordPlanInclusion(**document, title="年度重点工作计划"), subject
    scheme = years.RecordAssessmentInclusion(**document, title="工作考核方案", upper_union="运城市总工会")
    yield 0.2, "UO", scheme, subject
    side = dice.choice((b.GOV, b.UNION))
    said = years.RecordLeadershipDiscussion(on=on, side=side, body="班子会议", document=f"第{on.day}次")
    yield 0.2, walk.office(side), said, subject
    for ended in (on.year - 1, on.year):
        yield 0.1, "CLOCK", years.CloseYear(on=on), str(ended)
    yield 0.1, "UO", years.ReceiveScore(on=on), str(on.year - 1)
    yield from _scoring(walk, on)
    yield from _papers(walk, on)


def _scoring(walk, on: date) -> Iterator[Step]:
    last = str(on.year - 1)
    title = f"工作考核方案之{walk.dice.randrange(9)}"
    fixed = schemes.FixScheme(on=on, number=f"芮工发〔{on.year}〕5号", title=title, items=ITEMS)
    yield 0.1, "UO", fixed, last
    pair = BELOW.get(walk.dossier.tenant)
    if pair is not None and walk.dossier.version(f"scheme:{last}"):
        judged = (scores.Judged(key="novel", points=walk.dice.randrange(45_00), reason="做法在全县推广"),)
        given = scores.ScoreAssessment(on=on, pair=pair, year=int(last), manual=judged, reason="复核")
        yield 0.2, "UO", given, scores.id_of(pair, int(last))


def _papers(walk, on: date) -> Iterator[Step]:
    registered = supporting_rules.RegisterSupportingRule(
        on=on, number=f"芮政办发〔{on.year}〕8号", title="议题征集办法", in_force_from=on
    )
    yield 0.1, walk.either(), registered, f"S{on.toordinal()}"
    for each in walk.dossier.of("supporting_rule")[-1:]:
        gone = supporting_rules.RepealSupportingRule(
            on=on, last_day=on + timedelta(days=30), reason="另有新办法"
        )
        yield 0.1, walk.either(), gone, each.id
    noted = practices.RecordPractice(on=on, title="议题三张清单", text="建立征集、论证、反馈三张清单。")
    yield 0.1, walk.either(), noted, f"N{on.toordinal()}"


@cache
def neighbour(asked: str) -> Dossier:
    """Give a pair beside the one that walks, as its ledger stands: staffed, and with scores for whoever is below it."""
    division = b.DIVISIONS.get(asked)
    if division is None:
        return Dossier(tenant=asked)
    scene = b.given_nothing(b.registered(division), division=division)
    by = b.standard().dossier.posts["post-UO"].signatory()
    facts = [
        (f"score:{scores.id_of(pair, year)}", _score(pair, year, by))
        for pair, below in b.DIVISIONS.items()
        if below.parent == asked
        for year in (2024, 2025, 2026)
    ]
    return dossiers.evolve(scene.dossier, facts)


def _score(pair: str, year: int, by) -> scores.ScoreGiven:
    return scores.ScoreGiven(
        on=date(year + 1, 1, 20),
        by=by,
        pair=pair,
        year=year,
        scheme_version=1,
        scheme_hash=b.HASH,
        items=(),
        total=90_00,
        lower_position=1,
        lower_hash=b.HASH,
        reason="",
    )
