"""Log-in through a government platform: a real provider that the test starts, and one that says what it must not."""

import base64
import hashlib
import hmac
import io
import json
import logging
import threading
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwk, jwt

from application.identity_ports import NotVouched, Unavailable
from infrastructure import fetching, oidc
from tests.api.entering import Entrance, problem

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import oidc_provider_mock
    from werkzeug.serving import make_server

# The provider is built on parts that its own library calls old.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")
CLIENT, REDIRECT = "lianxi", "https://testserver/v1/oidc/return"
HERE = {"Origin": "https://testserver"}
KEY = b"k" * 32


class Watched:
    """In front of the provider, which does not check PKCE itself: what it was sent, and whether the verifier fits."""

    def __init__(self, app) -> None:
        self.app = app
        self.asked: list[str] = []
        self.challenges: dict[str, str] = {}
        self.verified = 0

    def __call__(self, environ, start):
        path, query = environ["PATH_INFO"], parse_qs(environ.get("QUERY_STRING", ""))
        self.asked.append(path)
        if path.endswith("/authorize"):
            assert query["code_challenge_method"] == ["S256"]
            self.challenges[query["nonce"][0]] = query["code_challenge"][0]
        if path.endswith("/token"):
            size = int(environ["CONTENT_LENGTH"])
            body = environ["wsgi.input"].read(size)
            environ["wsgi.input"] = io.BytesIO(body)
            verifier = parse_qs(body.decode())["code_verifier"][0]
            digest = hashlib.sha256(verifier.encode()).digest()
            assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() in self.challenges.values()
            self.verified += 1
        return self.app(environ, start)


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[str, Watched]]:
    """A provider of OpenID Connect on a port of its own."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    watched = Watched(oidc_provider_mock.app(require_nonce=True))
    server = make_server("localhost", 0, watched, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}", watched
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def registration(issuer: str, **change) -> oidc.Registration:
    parts = {"client_id": CLIENT, "secret": lambda: "s3cret", "redirect": REDIRECT}
    return oidc.Registration(**{"issuer": issuer, **parts, **change})


@pytest.fixture
def door(entered, clock, provider) -> Entrance:
    clock.now = datetime.now(UTC)
    made = Entrance(entered, clock)
    made.identity.platform = oidc.OidcPlatform(registration(provider[0]), key=lambda: KEY, clock=clock)
    made.http.become("city", ("security_administrator", "140800"))
    return made


def linked(door, person: str, subject: str):
    body = {"subject": subject}
    return door.request(
        "POST", f"/v1/people/{person}/identities", headers=door.http.become("city"), json=body
    )


def away(door) -> str:
    answer = door.request("POST", "/v1/oidc", headers=HERE)
    assert answer.status_code == 201
    assert "samesite=lax" in answer.headers["Set-Cookie"].lower()
    return answer.json()["location"]


def enter(where: str, subject: str) -> str:
    """Enter at the provider. Returns: the query that it sends the browser back with."""
    answer = httpx2.post(where, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].startswith(REDIRECT)
    return urlsplit(answer.headers["Location"]).query


def back(door, query: str):
    return door.request("GET", f"/v1/oidc/return?{query}")


def test_who_is_linked_enters_through_the_platform(door, provider):
    door.enrol("clerk", ("auditor", "140800"))
    assert linked(door, "clerk", "u-1").status_code == 204
    assert problem(linked(door, "clerk", "u-1")) == (409, "identity-taken")
    verified = provider[1].verified
    query = enter(away(door), "u-1")
    answer = back(door, query)
    assert answer.status_code == 200, answer.json()
    assert answer.json()["person"] == "clerk"
    assert answer.json()["token"] is None
    assert provider[1].verified == verified + 1
    assert door.request("GET", "/v1/me").json()["person"] == "clerk"
    listed = door.request("GET", "/v1/sessions").json()["items"]
    assert [each["how"] for each in listed] == ["oidc"]
    # The same answer of the platform once more is nobody's.
    door.http.client.cookies.set("__Host-lianxi-on-the-way", parse_qs(query)["state"][0])
    assert problem(back(door, query)) == (401, "not-vouched")
    removed = door.request("DELETE", "/v1/people/clerk/identities/u-1", headers=door.http.become("city"))
    assert removed.status_code == 204
    assert door.request("GET", "/v1/me").status_code == 401


def test_who_is_not_linked_does_not_enter_and_gets_no_account(door):
    before = door.http.credentials.principals()
    assert problem(back(door, enter(away(door), "stranger"))) == (403, "identity-not-linked")
    assert door.http.credentials.principals() == before


def test_an_administrator_owes_his_second_factor_here_too(door):
    door.enrol("boss", ("system_administrator", "140800"))
    assert linked(door, "boss", "u-boss").status_code == 422
    # An administrator's way in is opened at the console alone.
    assert door.http.client.app.state.desk.identity.link("boss", "u-boss")
    answer = back(door, enter(away(door), "u-boss"))
    assert answer.json()["owed"] == "second-factor-required"
    assert problem(door.request("GET", "/v1/me")) == (403, "second-factor-required")


def test_the_way_back_is_for_the_browser_that_left_and_for_half_an_hour(door, clock):
    door.enrol("clerk", ("auditor", "140800"))
    linked(door, "clerk", "u-2")
    query = enter(away(door), "u-2")
    kept = dict(door.http.client.cookies)
    door.http.client.cookies.clear()
    assert problem(back(door, query)) == (401, "not-vouched")
    door.http.client.cookies.update({**kept, "__Host-lianxi-on-the-way": "x" * 43})
    assert problem(back(door, query)) == (401, "not-vouched")
    door.http.client.cookies.clear()
    late = enter(away(door), "u-2")
    clock.on(minutes=31)
    assert problem(back(door, late)) == (401, "not-vouched")
    clock.on(minutes=-31)
    refused = f"state={parse_qs(enter(away(door), 'u-2'))['state'][0]}&error=access_denied"
    assert problem(back(door, refused)) == (401, "not-vouched")
    assert back(door, enter(away(door), "u-2")).status_code == 200


def test_a_state_that_was_never_given_is_nobodys(door):
    door.http.client.cookies.set("__Host-lianxi-on-the-way", "made-up")
    assert problem(back(door, "state=made-up&code=c")) == (401, "not-vouched")


# --- a provider that says what it must not --------------------------------------------------------------------


class Forger:
    """A provider whose every answer the test makes."""

    def __init__(self) -> None:
        self.key = jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.published = [self.key]
        self.asked = {"keys": 0, "document": 0}
        self.token = ""
        self.issuer = "http://localhost"
        self.body: bytes | None = None
        self.endpoint = "http://localhost/token"

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("openid-configuration"):
            self.asked["document"] += 1
            document = {
                "issuer": self.issuer,
                "authorization_endpoint": "http://localhost/authorize",
                "token_endpoint": self.endpoint,
                "jwks_uri": "http://localhost/keys",
            }
            return httpx2.Response(200, content=self.body or json.dumps(document).encode())
        if request.url.path == "/keys":
            self.asked["keys"] += 1
            return httpx2.Response(
                200, json={"keys": [each.as_dict(private=False) for each in self.published]}
            )
        return httpx2.Response(
            200, json={"access_token": "a", "token_type": "Bearer", "id_token": self.token}
        )


STATE = "a-state"


@pytest.fixture
def forger(monkeypatch, clock) -> Forger:
    made = Forger()
    monkeypatch.setattr(fetching.httpx2, "HTTPTransport", lambda **_: httpx2.MockTransport(made.handle))
    made.clock = clock
    made.platform = oidc.OidcPlatform(registration("http://localhost"), key=lambda: KEY, clock=clock)
    made.claims = {
        "iss": "http://localhost",
        "sub": "u-1",
        "aud": CLIENT,
        "iat": int(clock().timestamp()),
        "exp": int(clock().timestamp()) + 300,
        "nonce": made.platform._nonce(STATE),
    }
    return made


def signed(forger: Forger, *, key=None, algorithm="RS256", kid="one", **claims) -> str:
    found = {name: value for name, value in {**forger.claims, **claims}.items() if value is not None}
    header = {"alg": algorithm} | ({"kid": kid} if kid else {})
    return jwt.encode(header, found, key or forger.key, algorithms=[algorithm])


def unsigned(forger: Forger) -> str:
    return f"{encoded({'alg': 'none'})}.{encoded(forger.claims)}."


def shared(forger: Forger) -> str:
    """The published key as if it were a secret: the classic confusion of algorithms. No library would sign it."""
    parts = ({"alg": "HS256", "kid": "one"}, forger.claims)
    said = ".".join(map(encoded, parts)).encode()
    made = hmac.digest(forger.key.as_pem(private=False), said, "sha256")
    return f"{said.decode()}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def encoded(part: dict) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def test_a_good_token_is_vouched_for(forger):
    """The control of all that follows."""
    for token in (
        signed(forger),
        signed(forger, kid=""),
        signed(forger, aud=[CLIENT]),
        signed(forger, aud=[CLIENT, "other"], azp=CLIENT),
    ):
        forger.token = token
        assert forger.platform.back(STATE, "code").subject == "u-1"


BAD = {
    "no algorithm": unsigned,
    "a shared secret": shared,
    "another algorithm": lambda f: signed(f, algorithm="RS512"),
    "another's key": lambda f: signed(f, key=jwk.RSAKey.generate_key(2048, {"kid": "one"})),
    "a key that is not published": lambda f: signed(f, kid="two"),
    "another issuer": lambda f: signed(f, iss="http://localhost.evil"),
    "another audience": lambda f: signed(f, aud="other"),
    "several audiences and no party": lambda f: signed(f, aud=[CLIENT, "other"]),
    "another party": lambda f: signed(f, azp="other"),
    "expired": lambda f: signed(f, exp=int(f.clock().timestamp()) - 61),
    "of tomorrow": lambda f: signed(f, iat=int(f.clock().timestamp()) + 86400),
    "of yesterday": lambda f: signed(f, iat=int(f.clock().timestamp()) - 86400),
    "not valid yet": lambda f: signed(f, nbf=int(f.clock().timestamp()) + 3600),
    "another nonce": lambda f: signed(f, nonce="x"),
    "a nonce that is no text": lambda f: signed(f, nonce=["x"]),
    "no nonce": lambda f: signed(f, nonce=None),
    "no subject": lambda f: signed(f, sub=None),
    "no audience": lambda f: signed(f, aud=None),
    "no expiry": lambda f: signed(f, exp=None),
    "an expiry that is no number": lambda f: signed(f, exp="never"),
    "no issue": lambda f: signed(f, iat=None),
    "a signature cut off": lambda f: signed(f).rpartition(".")[0] + ".",
    "no token": lambda _: "",
    "no text of a token": lambda _: 7,
    "a text that is none": lambda _: "a.b.c",
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_token_vouches_for_nobody(forger, fault):
    forger.token = BAD[fault](forger)
    with pytest.raises(NotVouched):
        forger.platform.back(STATE, "code")


def test_the_keys_are_asked_for_again_when_they_changed_but_seldom(forger):
    forger.token = signed(forger)
    for _ in range(3):
        forger.platform.back(STATE, "code")
    assert forger.asked == {"keys": 1, "document": 1}
    two = jwk.RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
    forger.published = [two]
    forger.token = signed(forger, key=two, kid="two")
    for _ in range(5):
        with pytest.raises(NotVouched):
            forger.platform.back(STATE, "code")
    assert forger.asked["keys"] == 1
    forger.clock.on(seconds=31)
    assert forger.platform.back(STATE, "code").subject == "u-1"
    assert forger.asked["keys"] == 2
    forger.clock.on(hours=1)
    forger.platform.leave(STATE)
    assert forger.asked["document"] == 2


@pytest.mark.parametrize("fault", ["issuer", "endpoint", "json", "size", "array"])
def test_a_document_that_is_not_the_platforms_is_not_used(forger, fault):
    match fault:
        case "issuer":
            forger.issuer = "http://localhost.evil"
        case "endpoint":
            forger.endpoint = "http://evil.example/token"
        case "json":
            forger.body = b"<html>"
        case "array":
            forger.body = b"[]"
        case "size":
            forger.body = b" " * (fetching.MOST_BYTES + 1)
    with pytest.raises(Unavailable):
        forger.platform.leave(STATE)
    forger.issuer, forger.endpoint, forger.body = "http://localhost", "http://localhost/token", None
    assert forger.platform.leave(STATE).startswith("http://localhost/authorize?")


def test_what_takes_too_long_is_given_up():
    """A server that sends a byte now and then is not waited for."""
    moments = iter([0.0, 0.0, 1.0, fetching.WHOLE_S + 1])
    drip = httpx2.MockTransport(lambda _: httpx2.Response(200, content=iter([b"a", b"b", b"c", b"d"])))
    slow = fetching.Bounded(drip, clock=lambda: next(moments))
    with pytest.raises(fetching.TooMuch), httpx2.Client(transport=slow) as client:
        client.get("http://localhost/")


def test_the_way_there_asks_for_code_pkce_state_and_nonce(forger):
    query = parse_qs(urlsplit(forger.platform.leave(STATE)).query)
    assert query["response_type"] == ["code"]
    assert query["scope"] == ["openid"]
    assert query["state"] == [STATE]
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [REDIRECT]
    other = parse_qs(urlsplit(forger.platform.leave("another")).query)
    assert query["nonce"] != other["nonce"]
    assert query["code_challenge"] != other["code_challenge"]


def test_a_platform_that_is_away_is_told_and_the_password_still_opens(door):
    door.account("clerk")
    door.identity.platform = oidc.OidcPlatform(
        registration("http://localhost:1"), key=lambda: KEY, clock=door.clock
    )
    assert problem(door.request("POST", "/v1/oidc", headers=HERE)) == (
        503,
        "platform-unavailable",
    )
    assert door.log_in("clerk").status_code == 201
