"""What somebody might do to correct issued minutes, and what must be true of a correction."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from application.dossier import Dossier
from domain import corrections, decisions, minutes
from domain.decider import Command
from domain.regulation import Disclosure
from tests import builders as b

if TYPE_CHECKING:
    from tests.properties.histories import Option, Proposal, Walk

REASON = "情况属实，双方已沟通。"
Act = Callable[[str, Command, str], "Proposal"]


def options(walk: "Walk", propose: Act) -> Iterator["Option"]:
    """Give the steps of corrections under way, and now and then a new one."""
    on, dice = walk.today, walk.dice
    running = [each for each in walk.dossier.corrections if each.status is not corrections.Status.ISSUED]
    issued = [each.id for each in walk.dossier.minutes if each.status is minutes.Status.ISSUED]
    if issued and len(running) < 2:
        body = _body(walk, dice.choice(issued))
        begun = corrections.DraftCorrection(on=on, **body)
        yield 0.3, lambda: propose(walk.either(), begun, walk.new("C"))
    for each in running:
        body = _body(walk, each.minutes)
        del body["minutes"]
        returned = each.status is corrections.Status.RETURNED
        changed = corrections.ReviseCorrection(on=on, **body)
        yield 3 if returned else 0.3, lambda changed=changed, of=each.id: propose(walk.either(), changed, of)
        yield from _review(walk, each, propose)


def _body(walk: "Walk", of: str) -> dict[str, object]:
    mine = [each.id for each in walk.dossier.decisions if each.meeting == of and each.open]
    text = f"更正后的第{walk.dice.randrange(100)}件实事"
    clauses = tuple(corrections.Rewording(decision=each, text=text) for each in mine[:1])
    body = "" if clauses else f"会议认为之更正{walk.dice.randrange(100)}。"
    return {"minutes": of, "subject": "议定事项的文字", "body": body, "clauses": clauses, "reason": REASON}


def _review(walk: "Walk", known: corrections.Correction, propose: Act) -> Iterator["Option"]:
    on, dice = walk.today, walk.dice
    if known.status is corrections.Status.DRAFTED:
        for side in b.Side:
            if side not in known.reviews:
                role = dice.choice(("GP", "GL", "LEADER") if side is b.GOV else ("UP", "UP", b.BOTH))
                said = corrections.ReviewCorrection(
                    on=on,
                    side=side,
                    approve=dice.random() < 0.85,
                    content_hash=known.content_hash,
                    reason=REASON,
                )
                yield 4, lambda role=role, said=said: propose(role, said, known.id)
    if known.status is corrections.Status.APPROVED or dice.random() < 0.1:
        number = f"芮政办函〔{on.year}〕{dice.randrange(1000, 9999)}号"
        disclosure = dice.choice((*[Disclosure.PUBLIC] * 3, *Disclosure))
        issue = corrections.IssueCorrection(on=on, number=number, disclosure=disclosure)
        yield 4, lambda: propose("GO", issue, known.id)


def invariants(known: corrections.Correction, dossier: Dossier) -> None:
    """What is issued both leaders approved as it is, and the minutes that it corrects are what they were."""
    assert {each.content_hash for each in known.reviews.values()} <= {known.content_hash}
    assert all(each.by.side is side for side, each in known.reviews.items())
    assert len({each.by.person for each in known.reviews.values()}) == len(known.reviews)
    if known.status is corrections.Status.ISSUED:
        old: minutes.Minutes = dossier.state(f"minutes:{known.minutes}")
        assert set(known.reviews) == set(b.Side)
        assert known.content.minutes_hash == old.content_hash
        assert known.number in old.corrections
        assert known.number in {each.number for each in dossier.register.allocations.values()}
        assert known.recipients


def of_decision(known: decisions.Decision, origin: minutes.Minutes, dossier: Dossier) -> None:
    """A decision reads as its clause, or as the last correction of it; its deadline never comes from one."""
    clause = origin.content.clauses[known.number - 1]
    assert known.original_deadline == clause.deadline
    said = [clause.text] + [
        each.text
        for number in known.corrections
        for done in dossier.corrections
        if done.number == number
        for each in done.content.clauses
        if each.decision == known.id and each.text
    ]
    assert known.text == said[-1]
