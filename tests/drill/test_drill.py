"""A short crash drill: real writers, a few faults, and their controls. The long one is ``make drill``.

Nothing here is timed: a kill breaks whatever it meets, and only what holds in the end is asserted.
"""

import pytest

from tests.drill import faults, places
from tests.drill.checker import Violation

SHORT = faults.Size(kills=1, drops=30, controls=1, pairs=2, writers=2, between=10, apart=(0, 0.3))


@pytest.fixture
def folder(scratch, tmp_path):
    """A folder that PostgreSQL may pass, in memory where there is room."""
    made = scratch / tmp_path.name
    made.mkdir(mode=0o711)
    return made


def run_of(name, folder, *, control=False, first_pair=0):
    return faults.Run(
        name=name, control=control, size=SHORT, seed="short", folder=folder, first_pair=first_pair
    )


def held(run, found):
    """Assert that a fault struck, that commands were acknowledged before and after, and that no promise broke."""
    assert found.total == 0, dict(found.violations)
    assert found.acknowledged > 0
    assert run.struck > 0
    assert run.recovered


def test_nothing_is_lost_or_doubled_when_answers_are_dropped_and_postgres_is_killed(folder):
    """On one system, one after the other: connections cut at every step; the same with a fresh key for every retry,
    which doubles; a kill -9 of the whole PostgreSQL; the same where commits do not wait for the disk, which loses."""
    with places.beside(folder) as place:
        dropped = run_of("dropped", folder)
        held(dropped, faults.drop_answers_to_clients(dropped, place))
        doubled = run_of("doubled", folder, control=True, first_pair=2)
        assert faults.drop_answers_to_clients(doubled, place).count(Violation.DUPLICATE) > 0
        killed = run_of("killed", folder, first_pair=4)
        held(killed, faults.kill_postgres(killed, place))
        losing = run_of("losing", folder, control=True, first_pair=6)
        assert faults.kill_postgres(losing, place).count(Violation.LOST) > 0


def test_nothing_is_lost_when_the_application_is_killed(folder):
    """Its embedded PostgreSQL ends with it, and one start brings both back."""
    run = run_of("application", folder)
    held(run, faults.application_killed(run))
