"""Log-in by password, and the session that it gives: what it opens, what it owes first, and how it ends."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import psycopg
import pyotp
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from api import auth, limits
from application import identity
from infrastructure import codes, passwords
from tests.api.entering import GOOD, OTHER, SESSION, Entrance, problem

NOBODY = "p-nobody"


@pytest.fixture
def door(entered, clock) -> Entrance:
    return Entrance(entered, clock)


@pytest.fixture
def checks(door, monkeypatch) -> list[bool]:
    """What each check of a password found, in order."""
    found, verify = [], door.identity._passwords.verify

    def counted(password: str, hashed: str | None) -> bool:
        found.append(verify(password, hashed))
        return found[-1]

    monkeypatch.setattr(door.identity._passwords, "verify", counted)
    return found


# --- passwords -----------------------------------------------------------------------------------------------


def test_a_password_gives_a_session_that_opens_every_route(door):
    door.account("reader", ("city_reader", "140800"))
    answer = door.log_in("reader")
    assert answer.status_code == 201
    body = answer.json()
    assert body["token"].startswith("lxs_")
    assert body["owed"] is None
    me = door.request("GET", "/v1/me", body["token"]).json()
    assert me["person"] == "reader"
    assert [(each["role"], each["scope"]) for each in me["roles"]] == [("city_reader", "140800")]
    assert door.request("GET", "/v1/pairs", body["token"]).status_code == 200
    assert door.request("GET", "/v1/me", "lxs_" + "A" * 43).status_code == 401


def test_a_one_time_password_opens_nothing_but_its_change(door):
    once = door.one_time("clerk")
    entered = door.log_in("clerk", once).json()
    assert entered["owed"] == "password-change-required"
    token = entered["token"]
    for path in ("/v1/me", "/v1/pairs", "/v1/events"):
        assert problem(door.request("GET", path, token)) == (403, "password-change-required")
    assert door.change(token, once, GOOD).status_code == 204
    assert door.request("GET", "/v1/me", token).status_code == 200
    assert problem(door.log_in("clerk", once)) == (401, "login-failed")
    assert door.log_in("clerk", GOOD).status_code == 201


def test_a_one_time_password_expires_and_differs_each_time(door, clock):
    once = door.one_time("clerk")
    clock.on(hours=71, minutes=59)
    assert door.log_in("clerk", once).status_code == 201
    clock.on(minutes=2)
    assert problem(door.log_in("clerk", once)) == (401, "login-failed")
    again = door.one_time("clerk")
    assert again != once
    assert problem(door.log_in("clerk", once)) == (401, "login-failed")
    assert door.log_in("clerk", again).status_code == 201


def test_a_change_of_password_ends_the_other_sessions(door):
    door.account("clerk")
    one, other = door.token("clerk"), door.token("clerk")
    assert door.change(one, GOOD, OTHER).status_code == 204
    assert door.request("GET", "/v1/me", one).status_code == 200
    assert problem(door.request("GET", "/v1/me", other)) == (401, "unauthenticated")
    assert problem(door.log_in("clerk", GOOD)) == (401, "login-failed")
    assert door.log_in("clerk", OTHER).status_code == 201


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("三中四月十一字不够长吗", "password-too-short"),
        ("x" * 129, "password-too-short"),
        ("123456789012", "password-too-common"),
        ("Password1234!", "password-too-common"),
        ("aaaaaaaaaaaaaaaa", "password-too-common"),
        ("qwertyuiop[]", "password-too-common"),
        ("lianxi-gonghui-2026", "password-too-common"),
        ("p-140830-go-140830", "password-too-common"),
        (GOOD, "password-unchanged"),
        # Full-width digits are the same password, typed otherwise.
        (GOOD.replace("2026", "２０２６"), "password-unchanged"),
    ],
)
def test_a_password_that_is_short_or_tried_first_is_refused(door, password, code):
    door.account("p-140830-go")
    answer = door.change(door.token("p-140830-go"), GOOD, password)
    assert problem(answer) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == "/new"
    assert password not in answer.text


@pytest.mark.parametrize(
    "password", ["correct horse battery", "中条山下老槐树旁边的小井", "🐎" * 3 + "gallop westward"]
)
def test_no_kind_of_character_is_demanded(door, password):
    door.account("clerk")
    assert door.change(door.token("clerk"), GOOD, password).status_code == 204
    assert door.log_in("clerk", password).status_code == 201


def test_a_wrong_password_and_no_account_are_answered_and_take_as_much_alike(door, checks):
    door.account("clerk")
    checks.clear()
    known, unknown = door.log_in("clerk", OTHER), door.log_in(NOBODY, OTHER)
    assert checks == [False, False]
    bodies = [{**each.json(), "trace_id": ""} for each in (known, unknown)]
    assert bodies[0] == bodies[1]
    assert problem(known) == (401, "login-failed")


def test_who_has_no_account_is_checked_against_a_hash_that_costs_the_same():
    """The hash that stands for nobody's is made before it is needed, with the parameters of all others."""
    used = []

    class Spy(Argon2Hasher):
        def verify(self, password, hashed):
            used.append(str(hashed).split("$")[1:4])
            return super().verify(password, hashed)

    checked = passwords.Argon2Passwords(Spy(time_cost=1, memory_cost=8, parallelism=1))
    assert checked.verify("a", checked.hash("a"))
    assert "_nobodys" in vars(checked)
    assert not checked.verify("a", None)
    assert not checked.verify("a", "not a hash")
    assert used[0] == used[1]
    assert passwords.Argon2Passwords()._hash.current_hasher._hasher.memory_cost == 65536


# --- lock-out ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["clerk", NOBODY])
def test_an_account_is_locked_for_longer_and_longer_whether_it_exists_or_not(door, clock, checks, person):
    door.account("clerk")
    for _ in range(5):
        assert problem(door.log_in(person, OTHER)) == (401, "login-failed")
    tried = len(checks)
    for seconds in (30, 60, 120, 240, 480, 900, 900):
        locked = door.log_in(person)
        assert problem(locked) == (429, "locked-out")
        assert locked.headers["Retry-After"] == str(seconds)
        clock.on(seconds=seconds - 1)
        assert door.log_in(person).headers["Retry-After"] == "1"
        clock.on(seconds=1)
        assert problem(door.log_in(person, OTHER)) == (401, "login-failed")
    # What is refused while locked is not looked at, not even the right password.
    assert len(checks) == tried + 7
    clock.on(seconds=901)
    assert door.log_in(person).status_code == (201 if person == "clerk" else 401)


def test_success_and_a_day_make_failures_forgotten(door, clock):
    door.account("clerk")
    for _ in range(3):
        for _ in range(4):
            door.log_in("clerk", OTHER)
        assert door.log_in("clerk").status_code == 201
    for _ in range(4):
        door.log_in("clerk", OTHER)
    clock.on(days=1, seconds=1)
    for _ in range(4):
        assert problem(door.log_in("clerk", OTHER)) == (401, "login-failed")
    assert door.log_in("clerk").status_code == 201


def test_another_process_knows_of_the_lock(door, clock):
    """The state is the database's: what another instance counts holds here."""
    door.account("clerk")
    mine = door.identity
    other = identity.Identity(
        mine.accounts, mine._passwords, mine._codes, door.http.system.administration, clock=clock
    )
    for _ in range(5):
        with suppress(identity.LoginFailed):
            other.log_in(identity.Claim(account="clerk", password=OTHER, address="192.0.2.1"))
    assert problem(door.log_in("clerk")) == (429, "locked-out")


def test_an_address_is_locked_and_then_locks_no_account_on(door, clock):
    door.account("clerk")

    def attempt(person: str, password: str, address: str = "192.0.2.1") -> str:
        try:
            return door.identity.log_in(
                identity.Claim(account=person, password=password, address=address)
            ).person
        except (identity.LoginFailed, identity.LockedOut) as refused:
            return type(refused).__name__

    # Beside the requests, whose rate is limited before.
    assert {attempt(f"guess-{number}", OTHER) for number in range(30)} == {"LoginFailed"}
    assert {attempt("clerk", OTHER) for _ in range(10)} == {"LockedOut"}
    assert attempt("clerk", GOOD, "192.0.2.7") == "clerk"
    clock.on(hours=1, seconds=1)
    assert attempt("clerk", GOOD) == "clerk"


def test_an_office_behind_one_address_locks_nobody_by_entering(door):
    """What ends well is taken back, so an address counts failures alone."""
    door.account("clerk")
    claim = identity.Claim(account="clerk", password=GOOD, address="192.0.2.1")
    assert {door.identity.log_in(claim).person for _ in range(40)} == {"clerk"}


def test_attempts_at_the_same_time_do_not_slip_past_the_lock(door, checks):
    door.account("clerk")
    checks.clear()
    begin = threading.Barrier(16)

    def attempt(number: int) -> str:
        begin.wait()
        try:
            door.identity.log_in(identity.Claim(account="clerk", password=OTHER, address=f"192.0.2.{number}"))
        except (identity.LoginFailed, identity.LockedOut) as refused:
            return type(refused).__name__
        return "entered"

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(attempt, range(16)))
    assert sorted(set(found)) == ["LockedOut", "LoginFailed"]
    assert found.count("LoginFailed") == len(checks) == 5


def test_more_log_ins_than_are_checked_at_once_wait_and_are_then_refused(door, monkeypatch):
    door.account("clerk")
    gate = limits.Gate(places=limits.PROOFS, wait_s=0.05)
    door.http.client.app.state.proving = gate
    inside, go_on = threading.Semaphore(0), threading.Event()
    verify = door.identity._passwords.verify

    def slow(password: str, hashed: str | None) -> bool:
        inside.release()
        assert go_on.wait(60)
        return verify(password, hashed)

    monkeypatch.setattr(door.identity._passwords, "verify", slow)
    with ThreadPoolExecutor(2) as pool:
        first = [pool.submit(door.log_in, "clerk") for _ in range(limits.PROOFS)]
        for _ in range(limits.PROOFS):
            assert inside.acquire(timeout=60)
        refused = door.log_in("clerk")
        go_on.set()
        assert problem(refused) == (503, "too-many-logins")
        assert refused.headers["Retry-After"]
        assert [each.result().status_code for each in first] == [201, 201]
    assert door.log_in("clerk").status_code == 201


# --- second factor -------------------------------------------------------------------------------------------


def test_a_second_factor_is_asked_for_once_it_was_confirmed(door, clock):
    door.account("clerk")
    token = door.token("clerk")
    uri = door.request("POST", f"{SESSION}/current/second-factor", token).json()["uri"]
    assert door.log_in("clerk").status_code == 201
    door.with_factor("clerk", token)
    assert uri.startswith("otpauth://totp/")
    assert problem(door.request("POST", f"{SESSION}/current/second-factor", token)) == (
        409,
        "second-factor-enrolled",
    )
    assert problem(door.log_in("clerk")) == (401, "second-factor-needed")
    clock.on(seconds=30)
    entered = door.log_in("clerk", body={"code": door.code("clerk")})
    assert entered.status_code == 201
    assert entered.json()["owed"] is None
    listed = door.request("GET", SESSION, entered.json()["token"]).json()["items"]
    # Two sessions that were opened before owe the code, and this one has shown it.
    assert [each["second"] for each in listed] == [True, False, True]


def test_a_session_from_before_the_factor_owes_a_code(door, clock):
    door.account("clerk")
    before, token = door.token("clerk"), door.token("clerk")
    door.with_factor("clerk", token)
    assert door.request("GET", "/v1/me", token).status_code == 200
    assert problem(door.request("GET", "/v1/me", before)) == (403, "second-factor-required")
    clock.on(seconds=30)
    assert door.show(before, door.code("clerk")).status_code == 204
    assert door.request("GET", "/v1/me", before).status_code == 200


def test_a_code_counts_once_and_only_about_now(door, clock):
    door.account("clerk")
    door.with_factor("clerk", door.token("clerk"))
    clock.on(minutes=5)
    used = door.code("clerk")
    assert door.log_in("clerk", body={"code": used}).status_code == 201
    assert problem(door.log_in("clerk", body={"code": used})) == (401, "login-failed")
    # Nor does an earlier one count after it, though its time has not passed.
    assert problem(door.log_in("clerk", body={"code": door.code("clerk", beside=-1)})) == (
        401,
        "login-failed",
    )
    assert door.log_in("clerk", body={"code": door.code("clerk", beside=1)}).status_code == 201
    clock.on(minutes=5)
    for beside in (-2, 2):
        assert problem(door.log_in("clerk", body={"code": door.code("clerk", beside=beside)}))[0] == 401
    assert door.log_in("clerk", body={"code": door.code("clerk", beside=-1)}).status_code == 201


def test_wrong_codes_lock_and_a_password_alone_does_not_wipe_them_out(door, clock):
    door.account("clerk")
    door.with_factor("clerk", door.token("clerk"))
    clock.on(minutes=5)
    wrong = f"{(int(door.code('clerk')) + 1) % 1_000_000:06d}"
    for _ in range(4):
        assert problem(door.log_in("clerk", body={"code": wrong})) == (401, "login-failed")
        assert problem(door.log_in("clerk")) == (401, "second-factor-needed")
    assert problem(door.log_in("clerk", body={"code": wrong})) == (401, "login-failed")
    assert problem(door.log_in("clerk", body={"code": door.code("clerk")})) == (429, "locked-out")


def test_a_session_tells_no_codes_and_no_password_without_end(door, clock):
    """Who has a session and not the factor is held by the same count, and a right password does not wipe it out."""
    door.account("clerk")
    before = door.token("clerk")
    door.with_factor("clerk", door.token("clerk"))
    clock.on(minutes=5)
    wrong = f"{(int(door.code('clerk')) + 1) % 1_000_000:06d}"
    for _ in range(4):
        assert problem(door.show(before, wrong)) == (401, "login-failed")
        assert problem(door.change(before, GOOD, "short")) == (422, "password-too-short")
    assert problem(door.change(before, OTHER, GOOD)) == (401, "login-failed")
    assert problem(door.show(before, door.code("clerk"))) == (429, "locked-out")


@pytest.mark.parametrize("role", ["system_administrator", "security_administrator", "audit_administrator"])
def test_an_administrator_owes_a_second_factor_in_every_session_and_not_by_token(door, role):
    door.account("boss", (role, "140800"))
    entered = door.log_in("boss").json()
    assert entered["owed"] == "second-factor-required"
    assert problem(door.request("GET", "/v1/me", entered["token"])) == (403, "second-factor-required")
    assert problem(door.show(entered["token"], "123456")) == (409, "no-second-factor")
    door.with_factor("boss", entered["token"])
    assert door.request("GET", "/v1/me", entered["token"]).status_code == 200
    assert door.http.get("boss", "/v1/me").status_code == 200


def test_everybodys_sessions_can_be_asked_for_a_second_factor(door):
    """Also of who has no role at all; without the setting he owes nothing."""
    door.account("clerk")
    token = door.token("clerk")
    assert door.request("GET", "/v1/me", token).status_code == 200
    door.identity.rules = replace(door.identity.rules, second_factor_roles=("*",))
    assert door.log_in("clerk").json()["owed"] == "second-factor-required"
    assert problem(door.request("GET", "/v1/me", token)) == (403, "second-factor-required")
    door.with_factor("clerk", token)
    assert door.request("GET", "/v1/me", token).status_code == 200


def test_a_secret_is_bound_to_its_person_and_its_key():
    made = codes.TotpCodes(lambda: b"k" * 32)
    secret = made.secret("p1")
    plain = pyotp.parse_uri(made.uri("p1", secret)).secret
    assert plain.encode() not in secret
    with pytest.raises(codes.WrongKey):
        made.uri("p2", secret)
    with pytest.raises(codes.WrongKey):
        codes.TotpCodes(lambda: b"l" * 32).uri("p1", secret)
    assert made.secret("p1") != secret


# --- sessions ------------------------------------------------------------------------------------------------


def test_a_session_ends_after_half_an_hour_without_use(door, clock):
    door.account("clerk")
    token = door.token("clerk")
    for _ in range(3):
        clock.on(minutes=29)
        assert door.request("GET", "/v1/me", token).status_code == 200
    clock.on(minutes=31)
    assert problem(door.request("GET", "/v1/me", token)) == (401, "unauthenticated")
    assert door.request("GET", SESSION, door.token("clerk")).json()["items"][0]["current"] is True


def test_a_session_ends_after_twelve_hours_of_use(door, clock):
    door.account("clerk")
    token = door.token("clerk")
    for _ in range(35):
        clock.on(minutes=20)
        assert door.request("GET", "/v1/me", token).status_code == 200
    clock.on(minutes=20)
    assert door.request("GET", "/v1/me", token).status_code == 401


def test_an_open_stream_is_no_use_of_a_session(door, clock):
    door.account("clerk")
    token = door.token("clerk")
    clock.on(minutes=20)
    assert auth.whose(door.http.system, token, seen=False) is not None
    clock.on(minutes=20)
    assert auth.whose(door.http.system, token, seen=False) is None


def test_ones_own_sessions_are_listed_and_ended(door):
    door.account("clerk")
    door.account("other")
    one, two, three = (door.token("clerk") for _ in range(3))
    foreign = door.log_in("other").json()
    items = door.request("GET", SESSION, one).json()["items"]
    assert [each["current"] for each in items] == [True, False, False]
    assert door.request("DELETE", f"{SESSION}/{items[1]['session']}", one).status_code == 204
    assert door.request("GET", "/v1/me", two).status_code == 401
    assert problem(door.request("DELETE", f"{SESSION}/{items[1]['session']}", one)) == (
        404,
        "unknown-session",
    )
    assert problem(door.request("DELETE", f"{SESSION}/{foreign['session']}", one)) == (404, "unknown-session")
    assert door.request("GET", "/v1/me", foreign["token"]).status_code == 200
    assert door.request("DELETE", f"{SESSION}/current", one).status_code == 204
    assert door.request("GET", "/v1/me", one).status_code == 401
    assert door.request("DELETE", SESSION, three).status_code == 204
    assert door.request("GET", "/v1/me", three).status_code == 401


def test_the_oldest_session_of_too_many_ends(door, clock):
    door.account("clerk")
    tokens = []
    for _ in range(11):
        clock.on(seconds=1)
        tokens.append(door.token("clerk"))
    assert [door.request("GET", "/v1/me", each).status_code for each in tokens] == [401] + [200] * 10


def test_a_token_is_no_session(door):
    door.enrol("clerk")
    for method, path in (
        ("GET", SESSION),
        ("DELETE", f"{SESSION}/current"),
        ("POST", f"{SESSION}/current/second-factor"),
    ):
        answer = door.request(method, path, headers=door.http.become("clerk"))
        assert problem(answer) == (403, "no-session")


# --- the cookie ----------------------------------------------------------------------------------------------

HERE = {"Origin": "https://testserver"}


def test_a_browser_gets_its_session_as_a_cookie_that_no_script_reads(door):
    door.account("clerk")
    answer = door.log_in("clerk", body={"cookie": True}, headers=HERE)
    assert answer.json()["token"] is None
    said = answer.headers["Set-Cookie"]
    name, _, rest = said.partition("=")
    assert name == "__Host-lianxi"
    assert rest.startswith("lxs_")
    assert {each.strip().lower() for each in said.split(";")[1:]} == {
        "path=/",
        "secure",
        "httponly",
        "samesite=strict",
    }
    assert door.request("GET", "/v1/me").json()["person"] == "clerk"
    gone = door.request("DELETE", f"{SESSION}/current", headers=HERE)
    assert gone.status_code == 204
    assert "Max-Age=0" in gone.headers["Set-Cookie"]
    assert door.request("GET", "/v1/me").status_code == 401


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "http://testserver",
        "https://testserver.evil.example",
        "https://testserver:8443",
    ],
)
def test_a_page_of_others_changes_nothing_by_the_cookie(door, origin):
    door.account("clerk")
    headers = {"Origin": origin} if origin else {}
    assert problem(door.log_in("clerk", body={"cookie": True}, headers=headers)) == (403, "foreign-origin")
    assert door.log_in("clerk", body={"cookie": True}, headers=HERE).status_code == 201
    assert problem(door.request("DELETE", SESSION, headers=headers)) == (403, "foreign-origin")
    body = {"person": "p1", "label": "x"}
    assert problem(door.request("POST", "/v1/people", headers=headers, json=body)) == (403, "foreign-origin")
    assert door.request("GET", "/v1/me", headers=headers).status_code == 200
    assert problem(door.request("POST", "/v1/people", headers=HERE, json=body)) == (403, "not-administrator")


def test_the_cookie_is_for_sessions_and_the_header_comes_first(door):
    door.account("clerk")
    door.enrol("other")
    token = door.http.become("other")["Authorization"].removeprefix("Bearer ")
    session = door.token("clerk")
    ask = door.http.client.get
    assert ask("/v1/me", headers={"Cookie": f"__Host-lianxi={session}"}).json()["person"] == "clerk"
    assert ask("/v1/me", headers={"Cookie": f"__Host-lianxi={token}"}).status_code == 401
    both = {"Cookie": f"__Host-lianxi={session}", "Authorization": f"Bearer {token}"}
    assert ask("/v1/me", headers=both).json()["person"] == "other"
    assert ask("/v1/me", headers={**both, "Authorization": "Basic eDp5"}).status_code == 401


# --- what is kept and told -----------------------------------------------------------------------------------


def test_what_proves_who_one_is_is_nowhere_in_plain_text(door, clock, database, capfd):
    """Planted canaries are in no table, log, answer or representation; the one answer that shows each is its own."""
    once = door.one_time("clerk")
    token = door.token("clerk", once)
    door.change(token, once, GOOD)
    door.with_factor("clerk", token)
    clock.on(seconds=30)
    code = door.code("clerk")
    told = [
        door.log_in("clerk", OTHER).text,
        door.log_in("clerk", body={"code": "not-a-code"}).text,
        door.log_in("clerk", GOOD * 200).text,
        door.log_in("clerk", body={"more": GOOD}).text,
        door.change(token, GOOD, f"{OTHER} short"[:3]).text,
        repr(identity.Claim(account="clerk", password=GOOD, code=code, address="")),
        repr(door.identity.accounts.secrets("clerk")),
        repr(auth.Presented(token, by_cookie=False)),
    ]
    door.http.client.app.state.accesses.close()
    with psycopg.connect(database.admin_dsn) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'p')"
        ).fetchall()
        for (table,) in tables:
            told += [row[0] for row in connection.execute(f"SELECT t::text FROM ledger.{table} t").fetchall()]
    told.append("".join(capfd.readouterr()))
    canaries = (once, token, GOOD, door.secrets["clerk"], code)
    assert not [canary for canary in canaries if any(canary in each for each in told)]
    digest = hashlib.sha256(token.encode()).hexdigest()
    assert sum(digest in each for each in told) == 1, "the control: the hash is kept, once"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT password_hash FROM ledger.account",
        "SELECT secret FROM ledger.second_factor",
        "SELECT token_hash FROM ledger.session",
        "SELECT * FROM ledger.session",
        "DELETE FROM ledger.account",
        "UPDATE ledger.session SET expires_at = 'infinity'",
        "UPDATE ledger.session SET person_id = 'p1'",
    ],
)
def test_the_application_lists_no_hash_and_prolongs_no_session(door, statement):
    with door.http.system.database.connection() as connection:
        connection.execute("SELECT id FROM ledger.session")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_every_log_in_is_in_the_access_log_with_whose_it_was(door):
    door.account("clerk")
    door.log_in("clerk", OTHER)
    door.log_in(NOBODY, OTHER)
    token = door.token("clerk")
    door.request("GET", "/v1/me", token)
    door.http.client.app.state.accesses.close()
    log = door.http.system.access_log
    found = [each.access for each in log.listed(limit=4)][::-1]
    assert [(each.person, each.how, each.status, each.code) for each in found] == [
        ("clerk", "none", 401, "login-failed"),
        ("", "none", 401, "login-failed"),
        ("clerk", "session", 201, ""),
        ("clerk", "session", 200, ""),
    ]
