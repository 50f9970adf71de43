"""The examples of the API page: each is what its route takes."""

import pytest

from api import examples
from api.routes import acts
from application import handlers
from domain import pairs

PAIR = "140830"
ADMIN = ("system_administrator", "140800")


def test_every_command_has_an_example():
    """No command is left without one, and none is for a command that is gone."""
    assert set(examples.EXAMPLES) == set(handlers.HANDLERS) == set(acts.REGISTERED)


@pytest.mark.parametrize("command", examples.EXAMPLES, ids=lambda command: command.__name__)
def test_an_example_is_well_formed_at_its_own_route(http, command):
    """Whatever the rules say of it without its history, its form is never what is refused."""
    http.become("admin", ADMIN)
    http.post("admin", "/v1/pairs", examples.EXAMPLES[pairs.RegisterPair])
    path = acts.REGISTERED[command].format(pair=PAIR, id=examples.MEETING)
    answer = http.post("admin", path, examples.EXAMPLES[command], seen=1)
    assert answer.json().get("type") != "urn:lianxi:problem:invalid", answer.json()
