"""The matrix in its short form, over all endpoints; and that it sees what it is there to see."""

from pathlib import Path

import pytest
import structlog
from fastapi import FastAPI

from tests.matrix import actors, crossings, endpoints, expected, inside, plants, stage

PLANTED = tuple(plants.PLANTS)


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Every refusal would be a line."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))


@pytest.fixture(scope="module")
def built(scratch: Path):
    """One stage for the whole run: what is refused changes nothing, and what is allowed is asked last."""
    folder = scratch / "matrix"
    folder.mkdir()
    with stage.staged(folder) as made:
        yield made


@pytest.fixture(scope="module")
def cast(built):
    return actors.actors(built, short=True)


@pytest.mark.parametrize("fault", PLANTED)
def test_r095_a_planted_fault_turns_the_matrix_red(built, cast, fault):
    """Each fault is seen as somebody being told or let in to what is not his."""
    found = plants.PLANTS[fault](built, cast)
    assert found.leaks or found.excess


def test_r095_nothing_is_seen_where_nothing_was_planted(built):
    """The control of the plants, on the same copy."""
    with plants.unplanted(built) as found:
        assert found.wrong == 0, found.summary()
        assert found.inside


def test_r095_r097_nobody_sees_or_does_what_is_not_his(built, cast):
    """Every endpoint by every kind of actor and credential; every refusal beside somebody who was let in."""
    table = endpoints.endpoints(built.app)
    found = crossings.run(built, cast, table, short=True)
    inside.look(built.admin_dsn, built.server.app_dsn, found)
    assert found.wrong == 0, found.summary()
    # The system's clock closes a year, and nobody else does.
    asked = {each.name for each in table if not expected.of_the_system(each.operation)}
    assert asked == {name for name, _ in found.controls if not name.startswith("database")}
    assert found.denied
    assert found.compared


def test_an_endpoint_that_cannot_be_addressed_fails_the_run(built):
    """A new parameter is no reason to leave a route out."""
    app = FastAPI()
    app.add_api_route("/v1/pairs/{pair}/things/{colour}", lambda pair, colour: None, methods=["GET"])
    (endpoint,) = [each for each in endpoints.endpoints(app) if "colour" in each.path]
    with pytest.raises(endpoints.CannotAddress):
        endpoints.request(endpoint, endpoints.Place(stage=built, pair=stage.OWN), key="matrix-key")
