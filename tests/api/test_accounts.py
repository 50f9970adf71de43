"""What administrators do to accounts: never to themselves, never beyond their divisions, and each time as an act."""

from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

from api import cli
from api.cli import shell
from domain import mandates
from tests.api.entering import GOOD, SESSION, Entrance, problem

HERE, THERE = "140823", "140830"


@pytest.fixture
def door(entered, clock) -> Entrance:
    made = Entrance(entered, clock)
    # By tokens, which owe no second factor.
    made.http.become("city", (SECURITY, "140800"))
    made.http.become("county", (SECURITY, HERE))
    made.http.become("nobody")
    made.enrol("clerk", ("auditor", HERE))
    made.enrol("far", ("auditor", THERE))
    return made


SECURITY = "security_administrator"
OF_A_PERSON = (
    ("POST", "/account"),
    ("DELETE", "/account/lock"),
    ("DELETE", "/second-factor"),
    ("GET", "/sessions"),
    ("DELETE", "/sessions"),
    ("POST", "/identities"),
    ("DELETE", "/identities/x"),
)


def ask(door, by: str, person: str, method: str, path: str):
    more = {"json": {"subject": "x"}} if path == "/identities" else {}
    return door.request(method, f"/v1/people/{person}{path}", headers=door.http.become(by), **more)


def acts(door, person: str) -> list[tuple[str, str]]:
    """What the administration ledger says was done to somebody, and by whom."""
    entries = door.http.system.ledger.entries(mandates.TENANT)
    return [(each.actor, each.topic) for each in entries if each.stream == f"principal:{person}"]


def test_only_an_administrator_and_never_for_himself_or_beyond_his_divisions(door):
    for method, path in OF_A_PERSON:
        assert problem(ask(door, "nobody", "clerk", method, path)) == (403, "not-administrator")
        assert problem(ask(door, "county", "county", method, path)) == (403, "self-service")
        assert problem(ask(door, "county", "far", method, path)) == (403, "beyond-mandate")
        # The control: within his divisions nothing of this stops him.
        allowed = ask(door, "county", "clerk", method, path)
        assert allowed.status_code in {200, 201, 204, 404}
        assert allowed.status_code != 404 or problem(allowed)[1] in {
            "not-locked",
            "no-second-factor",
            "no-platform",
        }


def test_an_account_is_opened_reset_and_locked_no_more(door):
    opened = ask(door, "county", "clerk", "POST", "/account")
    assert opened.status_code == 201
    once = opened.json()["password"]
    token = door.token("clerk", once)
    assert door.change(token, once, GOOD).status_code == 204
    for _ in range(5):
        door.log_in("clerk", "wrong")
    assert problem(door.log_in("clerk")) == (429, "locked-out")
    assert ask(door, "county", "clerk", "DELETE", "/account/lock").status_code == 204
    assert problem(ask(door, "county", "clerk", "DELETE", "/account/lock")) == (404, "not-locked")
    assert door.log_in("clerk").status_code == 201
    again = ask(door, "county", "clerk", "POST", "/account").json()["password"]
    assert door.request("GET", "/v1/me", token).status_code == 401
    assert problem(door.log_in("clerk")) == (401, "login-failed")
    assert door.log_in("clerk", again).json()["owed"] == "password-change-required"
    assert [each for each in acts(door, "clerk") if each[0] == "county"] == [
        ("county", "account.opened"),
        ("county", "account.unlocked"),
        ("county", "account.password_reset"),
    ]


def test_a_lost_second_factor_is_reset_and_the_sessions_end(door, clock):
    door.account("clerk")
    token = door.token("clerk")
    assert problem(ask(door, "county", "clerk", "DELETE", "/second-factor")) == (404, "no-second-factor")
    door.with_factor("clerk", token)
    assert ask(door, "county", "clerk", "DELETE", "/second-factor").status_code == 204
    assert door.request("GET", "/v1/me", token).status_code == 401
    clock.on(minutes=1)
    entered = door.log_in("clerk")
    assert entered.status_code == 201
    door.with_factor("clerk", entered.json()["token"])
    assert acts(door, "clerk")[-1] == ("county", "account.second_factor_reset")


def test_sessions_are_listed_and_ended_by_an_administrator(door):
    door.account("clerk")
    tokens = [door.token("clerk") for _ in range(2)]
    listed = ask(door, "county", "clerk", "GET", "/sessions").json()["items"]
    assert [(each["how"], each["current"]) for each in listed] == [("password", False)] * 2
    assert not any(token in str(listed) for token in tokens)
    assert ask(door, "county", "clerk", "DELETE", "/sessions").status_code == 204
    assert [door.request("GET", SESSION, each).status_code for each in tokens] == [401, 401]
    assert acts(door, "clerk")[-1] == ("county", "account.sessions_ended")


def test_nobody_unknown_gets_an_account(door):
    for method, path in (("POST", "/account"), ("DELETE", "/sessions")):
        assert problem(ask(door, "city", "unknown", method, path)) == (404, "unknown-person")
    assert problem(ask(door, "city", "clerk", "POST", "/identities")) == (404, "no-platform")


def test_whoever_gave_a_person_his_powers_is_shown_none_of_his_secrets(door):
    """Neither a password, nor a lost factor, nor whom the platform vouches for: he could enter as that person."""
    door.enrol("made")
    body = {"role": "auditor", "scope": HERE}
    granted = door.request("POST", "/v1/people/made/roles", headers=door.http.become("county"), json=body)
    assert granted.status_code == 201
    refused = ask(door, "county", "made", "POST", "/account")
    assert problem(refused) == (422, "refusal:giver-hands-out-no-key")
    assert ask(door, "city", "made", "POST", "/account").status_code == 201


def test_the_console_opens_unlocks_and_ends(door, monkeypatch):
    """The first administrators come from here: enrolled, with a password that is shown once, each time as a fact."""

    @contextmanager
    def opened(**_):
        yield door.http.system

    monkeypatch.setattr(shell, "opened", opened)

    def run(*words: str):
        return CliRunner().invoke(cli.app, ["admin", *words])

    made = run("account", "--person", "first", "--label", "系统管理员")
    assert made.exit_code == 0, made.output
    once = made.stdout.strip().splitlines()[-1]
    token = door.token("first", once)
    assert door.change(token, once, GOOD).status_code == 204
    assert "口令" in run("sessions", "--person", "first").stdout
    assert run("unlock", "--person", "first").exit_code == 2
    for _ in range(5):
        door.log_in("first", "wrong")
    assert run("unlock", "--person", "first").exit_code == 0
    assert door.log_in("first").status_code == 201
    assert run("account", "--person", "first", "--reset-second-factor").exit_code == 2
    assert run("link", "--person", "first", "--subject", "u").exit_code == 2
    assert run("account", "--person", "clock").exit_code == 2
    assert run("sessions", "--person", "first", "--end").exit_code == 0
    assert door.request("GET", "/v1/me", token).status_code == 401
    assert [topic for by, topic in acts(door, "first") if by == "command-line"] == [
        "person.enrolled",
        "account.opened",
        "account.unlocked",
        "account.sessions_ended",
    ]
