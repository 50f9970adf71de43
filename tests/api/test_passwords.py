"""What a password may be, how long it lasts, and that a new one opens no more than the old one did."""

import pytest

from application import identity
from tests.api.entering import GOOD, Entrance, problem


@pytest.fixture
def door(entered, clock) -> Entrance:
    return Entrance(entered, clock)


@pytest.mark.parametrize("length", [64, identity.LONGEST])
def test_a_long_password_counts_to_its_last_character(door, length):
    """It is neither refused nor cut short."""
    long = "".join(chr(0x4E00 + 37 * place) for place in range(length))
    door.account("clerk", password=long)
    assert door.log_in("clerk", long).status_code == 201
    assert problem(door.log_in("clerk", long[:-1])) == (401, "login-failed")
    assert problem(door.log_in("clerk", long[:-1] + "x")) == (401, "login-failed")


def test_upper_and_lower_case_are_two_passwords(door):
    door.account("clerk", password="Correct Horse Battery")
    assert problem(door.log_in("clerk", "correct horse battery")) == (401, "login-failed")
    assert problem(door.log_in("clerk", "Correct Horse Battery ")) == (401, "login-failed")
    assert door.log_in("clerk", "Correct Horse Battery").status_code == 201


def test_a_password_of_ones_own_does_not_expire(door, clock):
    door.account("clerk")
    clock.on(days=5 * 366)
    entered = door.log_in("clerk").json()
    assert entered["owed"] is None
    assert door.request("GET", "/v1/sessions", entered["token"]).status_code == 200


def test_a_new_one_time_password_does_not_do_without_the_second_factor(door, clock):
    """Who forgot a password gets another one, and shows a code as before."""
    door.account("clerk")
    door.with_factor("clerk", door.token("clerk"))
    clock.on(minutes=5)
    once, _ = door.identity.open_account("clerk")
    assert problem(door.log_in("clerk", once)) == (401, "second-factor-needed")
    assert problem(door.log_in("clerk", GOOD, body={"code": door.code("clerk")})) == (401, "login-failed")
    entered = door.log_in("clerk", once, body={"code": door.code("clerk", beside=1)})
    assert (entered.status_code, entered.json()["owed"]) == (201, "password-change-required")


def test_a_one_time_password_is_no_word_that_is_typed_by_chance(door):
    """128 random bits and more, each time others."""
    made = {door.one_time(f"clerk-{number}") for number in range(8)}
    assert len(made) == 8
    assert min(map(len, made)) * 6 >= 128
