"""What somebody might plausibly do with a pair's year."""

from collections.abc import Iterator

from domain import years
from domain.decider import Command
from tests import builders as b

Step = tuple[float, str, Command, str]


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
