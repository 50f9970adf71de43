"""What somebody might do to press a decision: remind, send sheets, ask for more time, report to the leaders."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from domain import decisions
from domain.decider import Capacity, Command
from domain.decisions import SheetColour, Status
from tests import builders as b

if TYPE_CHECKING:
    from tests.properties.histories import Option, Proposal, Walk

REASON = "情况属实，双方已沟通。"
SENDERS = ("SUPG", "SUPU", "GO", "UO")
ANSWERERS = {**b.DEPARTMENT_OF, "union": "UO", "office": "GO"}
Act = Callable[[str, Command, str], "Proposal"]


def options(walk: "Walk", propose: Act) -> Iterator["Option"]:
    """Give what may be done to the decisions that are open, and a report on all of them."""
    for each in walk.dossier.decisions:
        if each.open:
            yield from _sheets(walk, each, propose)
            yield from _more_time(walk, each, propose)
    if walk.dossier.decisions:
        some = tuple(each.id for each in walk.dossier.decisions if walk.dice.random() < 0.5)
        told = b.tell_leaders(
            on=walk.today,
            recipients=walk.dice.choice((("post-GL", "post-UP"), ("post-GP", "post-UP"), ("post-GL",))),
            decisions=some or (walk.dossier.decisions[0].id,),
            text=REASON,
        )
        yield 0.4, lambda: propose(walk.dice.choice(SENDERS), told, walk.new("R"))


def _sheets(walk: "Walk", known: decisions.Decision, propose: Act) -> Iterator["Option"]:
    on, dice = walk.today, walk.dice
    recipient = dice.choice(known.responsible)
    colour = dice.choice(list(SheetColour))
    # Mostly due at once, so that the next colour is not weeks away.
    due = on + timedelta(days=dice.choice((0, 0, 0, 5)))
    reminder = b.remind(on=on, recipient=recipient, answer_by=due)
    sheet = b.escalate(colour, on=on, recipient=recipient, answer_by=due)
    for weight, command in ((0.2, reminder), (0.6, sheet)):
        yield weight, lambda command=command: propose(dice.choice(SENDERS), command, known.id)
    for each in known.sheets:
        if each.answered_on is None and dice.random() < 0.3:
            kind = decisions.AnswerReminder if each.colour is None else decisions.AnswerEscalation
            said = kind(on=on, number=each.number, text=REASON)
            role = ANSWERERS.get(each.recipient, "HR")
            yield 2, lambda role=role, said=said: propose(role, said, known.id)


def _more_time(walk: "Walk", known: decisions.Decision, propose: Act) -> Iterator["Option"]:
    on, dice, mine = walk.today, walk.dice, known.id
    lead = b.DEPARTMENT_OF.get(known.lead_units[0], "HR")
    until = max(on, known.deadline or date.min) + timedelta(days=dice.randrange(60))
    asked = b.extend(on=on, unit=known.lead_units[0], new_deadline=until, reason=REASON)
    pending = known.pending_extension
    yield 0.1 if pending else 0.7, lambda: propose(lead, asked, mine)
    if pending is None or known.status is Status.CLAIMED:
        return
    scene = b.Scene(walk.dossier)
    for side in b.Side:
        if side not in pending.opinions:
            stance = dice.choice((*[decisions.Stance.SUPPORT] * 3, decisions.Stance.OPPOSE))
            said = b.extension_opinion(scene, side, subject=mine, on=on, stance=stance)
            role = dice.choice((b.SUPERVISORS[side],) * 3 + (b.OFFICES[side], b.BOTH))
            yield 3, lambda role=role, said=said: propose(role, said, mine)
        leader = b.BOTH if dice.random() < walk.boldness else b.GRANTORS[side]
        yes = b.grant(scene, side, subject=mine, on=on)
        ready = set(pending.opinions) == set(b.Side)
        yield 4 if ready else 0.1, lambda leader=leader, yes=yes: propose(leader, yes, mine)
        no = decisions.RefuseExtension(on=on, side=side, reason=REASON)
        yield 0.25, lambda leader=leader, no=no: propose(leader, no, mine)


# --- what must hold -----------------------------------------------------------------------------------------------


def invariants(known: decisions.Decision) -> None:
    """Colours rise through silence alone; more time comes from both leaders after both supervisors."""
    _silence(known)
    granted = [each for each in known.extensions if each.status is decisions.ExtensionStatus.GRANTED]
    deadline = known.original_deadline
    for each in granted:
        assert set(each.opinions) == set(each.consents.given) == set(b.Side)
        assert all(said.by.side is side for side, said in each.opinions.items())
        assert len({said.by.person for said in each.opinions.values()}) == len(b.Side)
        assert each.by.person not in {said.by.person for said in each.opinions.values()}
        capacities = {side: given.by.capacity for side, given in each.consents.given.items()}
        assert capacities == {b.GOV: Capacity.LIAISON_LEADER, b.UNION: Capacity.UNION_PRINCIPAL}
        assert len({given.by.person for given in each.consents.given.values()}) == len(b.Side)
        said_by = max(said.on for said in each.opinions.values())
        assert all(given.on >= said_by >= each.on for given in each.consents.given.values())
        assert each.new_deadline > deadline
        deadline = each.new_deadline
    assert known.deadline == deadline
    assert [each.deadline for each in known.terms] == [
        each for each in (known.original_deadline, *(more.new_deadline for more in granted)) if each
    ]
    assert known.path[-1].status is known.status
    assert sum(each.status is decisions.ExtensionStatus.REQUESTED for each in known.extensions) <= 1


def _silence(known: decisions.Decision) -> None:
    weaker = {SheetColour.YELLOW: SheetColour.BLUE, SheetColour.RED: SheetColour.YELLOW}
    for sheet in known.sheets:
        if sheet.colour in weaker:
            before = known.sheets[sheet.follows - 1]
            assert (before.colour, before.recipient) == (weaker[sheet.colour], sheet.recipient)
            assert before.answered_on is None
            assert before.answer_by < sheet.on
        if sheet.answered_by is not None:
            assert sheet.answered_by.unit == sheet.recipient
            assert sheet.answered_on >= sheet.on
