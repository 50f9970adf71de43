"""Log-in by password, and the session that it gives: what it opens, what it owes first, and how it ends."""

import pytest

from tests.api.entering import GOOD, OTHER, SESSION, Entrance, problem

PAIR = "140830"


@pytest.fixture
def door(entered, clock) -> Entrance:
    return Entrance(entered, clock)


def test_a_password_gives_a_session_that_opens_every_route(door):
    """The thin path: an account, a changed password, a session, and a route that asks who is calling."""
    door.account("reader", ("city_reader", "140800"))
    answer = door.log_in("reader")
    assert answer.status_code == 201
    body = answer.json()
    assert body["token"].startswith("lxs_")
    assert body["owed"] is None
    me = door.request("GET", "/v1/me", body["token"])
    assert me.json()["person"] == "reader"
    assert me.json()["roles"] == [{"role": "city_reader", "scope": "140800"}]
    assert door.request("GET", "/v1/me", body["token"][:-1] + "A").status_code in {200, 401}
    assert door.request("GET", "/v1/me", "lxs_" + "A" * 43).status_code == 401


def test_a_one_time_password_opens_nothing_but_its_change(door):
    once = door.one_time("clerk")
    entered = door.log_in("clerk", once).json()
    assert entered["owed"] == "password-change-required"
    token = entered["token"]
    assert problem(door.request("GET", "/v1/me", token)) == (403, "password-change-required")
    assert problem(door.request("GET", "/v1/pairs", token)) == (403, "password-change-required")
    assert door.change(token, once, GOOD).status_code == 204
    assert door.request("GET", "/v1/me", token).status_code == 200
    assert problem(door.log_in("clerk", once)) == (401, "login-failed")
    assert door.log_in("clerk", GOOD).status_code == 201


def test_a_change_of_password_ends_the_other_sessions(door):
    door.account("clerk")
    one, other = door.token("clerk"), door.token("clerk")
    assert door.change(one, GOOD, OTHER).status_code == 204
    assert door.request("GET", "/v1/me", one).status_code == 200
    assert problem(door.request("GET", "/v1/me", other)) == (401, "unauthenticated")
    assert problem(door.log_in("clerk", GOOD)) == (401, "login-failed")
    assert door.log_in("clerk", OTHER).status_code == 201
    assert SESSION
