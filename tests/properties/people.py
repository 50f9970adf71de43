"""What may become of leaders and their staff: one acts for another for a while."""

from collections.abc import Iterator
from datetime import timedelta

from domain import delegations, liaison, minutes, pairs, people, topics
from tests import builders as b
from tests.properties import histories

REASON = "赴省参加学习。"
PAIRS = (("GL", "LEADER"), ("GL", "LEADER"), ("GP", "LEADER"), ("GL", "GP"), ("UP", "UL"))


def options(walk: "histories.Walk") -> Iterator["histories.Option"]:
    """Give what might happen to the people of a pair."""
    yield from _delegation(walk)
    yield from _organs(walk)
    yield from _liaison(walk)
    yield from _regime(walk)
    yield from _stand_ins(walk)


def _organs(walk: "histories.Walk") -> Iterator["histories.Option"]:
    on, dice, pair = walk.today, walk.dice, walk.dossier.pair
    since = on - timedelta(days=dice.choice((0, 0, 30, 3000)))
    body = pair.government_body.value.replace("主管部门", "局")
    name = f"第{dice.randrange(99)}市{body}"
    organ = pairs.RenameOrgan(on=on, side=b.GOV, name=name, valid_from=since)
    yield 0.1, lambda: histories.Proposal("GO", organ)
    unit = dice.choice(("hr", "fin", "office"))
    renamed = people.RenameUnit(on=on, name=f"第{dice.randrange(99)}局", valid_from=since)
    yield 0.2, lambda: histories.Proposal("ADMIN", renamed, unit)


def _liaison(walk: "histories.Walk") -> Iterator["histories.Option"]:
    on, dice = walk.today, walk.dice
    side = dice.choice(list(b.Side))
    for weight, command in (
        (
            0.1,
            liaison.ReplaceLiaison(on=on, side=side, section="综合科", posts=(f"科员{dice.randrange(9)}",)),
        ),
        (0.05, liaison.EndLiaison(on=on, side=side, last_day=on, reason=REASON)),
    ):
        yield (
            weight,
            lambda command=command: histories.Proposal(b.OFFICES[side], command, side.value),
        )
    for each in walk.dossier.liaisons.values():
        if each.handover_open:
            taken = liaison.AcceptHandover(on=on, side=b.Side(each.id))
            yield 0.3, lambda taken=taken: histories.Proposal(b.BOTH, taken, taken.side.value)


def _regime(walk: "histories.Walk") -> Iterator["histories.Option"]:
    on = walk.today
    clause = walk.dice.choice(("二(四)", "R-055", "二（二）", "九"))
    deviation = pairs.RecordDeviation(on=on, clause=clause, what="由综合办公室印发通知", reason=REASON)
    yield 0.1, lambda: histories.Proposal(walk.either(), deviation)
    left = pairs.WithdrawRegime(on=on, last_day=on, reason=REASON)
    yield 0.06, lambda: histories.Proposal("GO", left)


def _delegation(walk: "histories.Walk") -> Iterator["histories.Option"]:
    on, dice = walk.today, walk.dice
    giver, taker = dice.choice(PAIRS)
    command = b.delegate(
        on=on,
        from_post=f"post-{giver}",
        to_post=f"post-{taker}",
        matters=tuple(dice.sample(list(delegations.Matter), 2)),
        valid_from=on,
        valid_until=on + timedelta(days=dice.randrange(10, 400)),
        number=f"委托书{dice.randrange(1, 99)}号",
    )
    office = b.OFFICES[b.UNION if giver == "UP" else b.GOV]
    yield 0.2, lambda: histories.Proposal(office, command, walk.new("D"))
    for each in walk.dossier.delegations:
        if each.last_day is None:
            end = delegations.RevokeDelegation(on=on, last_day=on, reason=REASON)
            yield (
                0.05,
                lambda each=each, end=end: histories.Proposal(b.OFFICES[each.side], end, each.id),
            )


def _stand_ins(walk: "histories.Walk") -> Iterator["histories.Option"]:
    on = walk.today
    for topic in walk.dossier.topics:
        if topic.status is topics.Status.CONSULTED:
            approve = topics.ApproveTopic(on=on, reason=REASON)
            yield 1, lambda mine=topic.id, approve=approve: histories.Proposal("LEADER", approve, mine)
    for drafted in walk.dossier.minutes:
        if drafted.status is minutes.Status.DRAFTED:
            for side, role in ((b.GOV, "LEADER"), (b.UNION, "UL")):
                said = minutes.ReviewMinutes(
                    on=on, side=side, approve=True, content_hash=drafted.content_hash, reason=REASON
                )
                yield (
                    1,
                    lambda role=role, said=said, mine=drafted.id: histories.Proposal(role, said, mine),
                )
