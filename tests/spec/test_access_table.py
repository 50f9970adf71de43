"""Who may command what, cell by cell: each command against each capacity."""

import random

import pytest

from application import commands, handlers
from domain import access, decider, refusals, regulation
from domain.decider import Capacity
from tests import arbitrary
from tests import builders as b

SYSTEM = {Capacity.SYSTEM_ADMINISTRATOR: "ADMIN", Capacity.CLOCK: "CLOCK"}
UNIT_OF = {decider.Side.GOVERNMENT: "office", decider.Side.UNION: "union"}
# These act in the administration ledger and in no pair's; no row names them, and no post gives them.
ELSEWHERE = {Capacity.SECURITY_ADMINISTRATOR, Capacity.CONSOLE}
CELLS = [(row, capacity) for row in access.TABLE for capacity in Capacity if capacity not in ELSEWHERE]
NAMES = [f"{row.command.__name__}-{capacity}" for row, capacity in CELLS]


def commands_of(kind):
    return {each for each in kind.__subclasses__() if each.__module__.startswith("domain.")}


def test_r097_every_command_has_exactly_one_row_and_one_handler():
    """What is not in the table nobody may do; an outcome reaches its topic without a command of its own."""
    listed = [row.command for row in access.TABLE]
    assert len(listed) == len(set(listed))
    inner = {b.topics.Deliberate}
    assert set(listed) == commands_of(decider.Command) - inner
    assert set(handlers.HANDLERS) == set(listed)


def test_r097_every_row_names_its_requirement_and_somebody():
    """A refusal cites a clause; a command that nobody may issue would be dead."""
    for row in access.TABLE:
        assert row.requirement in regulation.CLAUSES
        assert row.capacities
        assert row.capacities <= set(Capacity) - ELSEWHERE


def sample(kind):
    """Give one well-formed command of a kind; what it says does not matter here."""
    made = arbitrary.command(kind, random.Random(1), arbitrary.Pool())
    return made.model_copy(update={"on": b.day(6, 1)})


def alone(capacity):
    """Give a pair in which one person holds nothing but one capacity, and that person."""
    if capacity in SYSTEM:
        return b.given(), SYSTEM[capacity]
    unit = "union" if b.people.SIDE_OF.get(capacity) is b.UNION else "office"
    return b.given(b.holding("one", capacity, unit)), "one"


@pytest.mark.parametrize(("row", "capacity"), CELLS, ids=NAMES)
def test_r097_the_access_table_holds_cell_by_cell(row, capacity):
    """Whoever is not in a command's row is refused by the row's requirement; whoever is in it is not."""
    scene, person = alone(capacity)
    try:
        done = scene.when(person, sample(row.command), subject="new")
    except (commands.VersionRequired, commands.VersionConflict):
        assert capacity in row.capacities
        return
    if capacity in row.capacities:
        assert not isinstance(done.refusal, refusals.NotEntitled)
    else:
        done.refused(row.requirement, refusals.NotEntitled)


@pytest.mark.parametrize("row", access.TABLE, ids=lambda row: row.command.__name__)
def test_r097_without_a_post_on_that_day_nobody_acts(row):
    """A post that begins tomorrow entitles to nothing today."""
    capacities = [each for each in row.capacities if each not in SYSTEM]
    for capacity in capacities:
        unit = "union" if b.people.SIDE_OF.get(capacity) is b.UNION else "office"
        scene = b.given(b.holding("one", capacity, unit, valid_from=b.day(6, 2)))
        scene.when("one", sample(row.command), subject="new").refused(row.requirement, refusals.NotEntitled)


def test_r097_authority_follows_the_table_rows_order_of_fit():
    """The post of the command's side comes before that of its unit, and both before any other."""
    held = [post.signatory() for post in b.given(b.one_person_on_both_sides).dossier.posts.values()]
    mine = [each for each in held if each.person == b.BOTH]
    command = b.consultation(b.topics.Topic(content_hash=b.HASH), b.UNION)
    assert [each.side for each in access.authorise(command, mine)] == [b.UNION, b.GOV]
    with pytest.raises(refusals.NotEntitled):
        access.authorise(command, [])
