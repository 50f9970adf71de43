"""A government platform as an OpenID Connect provider: the code flow with PKCE by Authlib, its ID tokens by joserfc.

What is fetched is bounded in size and time and kept: the discovery document for an hour, the keys until a token names
another, and then they are fetched again at most every half minute. Nonce and PKCE verifier are derived from the state
by a key outside the database, so nothing secret is kept while somebody is on his way.
Source: OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9700, 2.1; RFC 8725, 3.
"""

import base64
import hmac
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from application.identity_ports import NotVouched, Unavailable, Voucher
from infrastructure import fetching

LEEWAY_S: Final = 60
# Sent at once with the code, so one that is older was not made for this log-in.
OLDEST: Final = timedelta(minutes=10)
KEPT: Final = timedelta(hours=1)
REFRESH: Final = timedelta(seconds=30)
MOST_KEYS: Final = 50
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """How this installation is known to the platform.

    ``secret`` reads the client's secret; ``redirect`` is where the platform sends people back to, as registered there.
    """

    issuer: str
    client_id: str
    secret: Callable[[], str]
    redirect: str
    algorithms: tuple[str, ...] = ("RS256",)


class OidcPlatform:
    """The port ``Platform``. Safe for many threads."""

    def __init__(
        self, registration: Registration, *, key: Callable[[], bytes], clock: Callable[[], datetime]
    ) -> None:
        """Bind a registration and the key (32 bytes) behind nonces and verifiers."""
        self.issuer = registration.issuer
        self._registered = registration
        self._key = key
        self._clock = clock
        self._guard = threading.Lock()
        self._document: tuple[datetime, dict[str, str]] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    def leave(self, state: str) -> str:
        """Give the address to enter at. Raises: Unavailable."""
        where = self._discovered()["authorization_endpoint"]
        with self._client() as client:
            url, _ = client.create_authorization_url(
                where, state=state, nonce=self._nonce(state), code_verifier=self._verifier(state)
            )
        return str(url)

    def back(self, state: str, code: str) -> Voucher:
        """Take a code to the platform and check what it vouches for. Raises: Unavailable, NotVouched."""
        where = self._discovered()["token_endpoint"]
        try:
            with self._client() as client:
                answer = client.fetch_token(
                    where, grant_type="authorization_code", code=code, code_verifier=self._verifier(state)
                )
        except (httpx2.HTTPError, fetching.TooMuch) as error:
            raise Unavailable(type(error).__name__) from error
        except (AuthlibBaseError, ValueError) as error:
            # The platform's own words may repeat what was sent.
            raise NotVouched(f"no token: {type(error).__name__}") from error
        return self._vouched(answer.get("id_token"), nonce=self._nonce(state))

    # --- the token -----------------------------------------------------------------------------------------------

    def _vouched(self, token: object, *, nonce: str) -> Voucher:
        if not isinstance(token, str):
            raise NotVouched("no ID token")
        try:
            claims = self._verified(token)
            self._rules().validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotVouched(f"{type(error).__name__}: {getattr(error, 'error', '')}") from error
        if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise NotVouched("the nonce is another one's")
        client, audience = self._registered.client_id, claims["aud"]
        several = isinstance(audience, list) and len(audience) > 1
        if claims.get("azp", None if several else client) != client:
            raise NotVouched("the token was made for another party")
        if self._clock().timestamp() - claims["iat"] > OLDEST.total_seconds() + LEEWAY_S:
            raise NotVouched("the token is old")
        return Voucher(issuer=self.issuer, subject=claims["sub"])

    def _verified(self, token: str) -> dict[str, Any]:
        algorithms: Sequence[str] = self._registered.algorithms
        try:
            return jwt.decode(token, self._current_keys(), algorithms=algorithms).claims
        except InvalidKeyIdError:
            # The platform may have changed its keys; whoever invents names of keys gets it asked no more often.
            return jwt.decode(token, self._current_keys(renew=True), algorithms=algorithms).claims

    def _rules(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._registered.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True},
        )

    # --- what is fetched -----------------------------------------------------------------------------------------

    def _discovered(self) -> dict[str, str]:
        with self._guard:
            now = self._clock()
            if self._document is None or now - self._document[0] >= KEPT:
                url = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
                self._document = now, self._fit(self._fetched(url))
            return self._document[1]

    def _fit(self, found: Any) -> dict[str, str]:
        if not isinstance(found, dict) or found.get("issuer") != self.issuer:
            raise Unavailable("the document is another issuer's")
        endpoints = {name: found.get(name) for name in _ENDPOINTS}
        if not all(isinstance(each, str) and secure(each) for each in endpoints.values()):
            raise Unavailable("an endpoint is missing or without TLS")
        return {name: str(each) for name, each in endpoints.items()}

    def _current_keys(self, *, renew: bool = False) -> KeySet:
        where = self._discovered()["jwks_uri"]
        with self._guard:
            now = self._clock()
            if self._keys is None or (renew and now - self._keys[0] >= REFRESH):
                self._keys = now, _signing(self._fetched(where))
            return self._keys[1]

    def _fetched(self, url: str) -> Any:
        try:
            with fetching.client() as client:
                return json.loads(
                    client.get(url, headers={"Accept": "application/json"}).raise_for_status().content
                )
        except (httpx2.HTTPError, fetching.TooMuch, ValueError, RecursionError) as error:
            raise Unavailable(type(error).__name__) from error

    def _client(self) -> OAuth2Client:
        registered = self._registered
        return OAuth2Client(
            registered.client_id,
            registered.secret(),
            scope="openid",
            redirect_uri=registered.redirect,
            code_challenge_method="S256",
            **fetching.bounds(),
        )

    # --- what is derived -----------------------------------------------------------------------------------------

    def _nonce(self, state: str) -> str:
        return self._derived(b"nonce", state)

    def _verifier(self, state: str) -> str:
        return self._derived(b"verifier", state)

    def _derived(self, purpose: bytes, state: str) -> str:
        made = hmac.digest(self._key(), b"lianxi oidc v1 " + purpose + b" " + state.encode(), "sha256")
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def secure(url: str) -> bool:
    """Whether an address is one with TLS, or one on this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _signing(found: Any) -> KeySet:
    listed = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise Unavailable("the keys are no key set")
    # A secret that both sides know proves nothing about who signed.
    fit = [
        each
        for each in listed
        if isinstance(each, dict) and each.get("use", "sig") == "sig" and each.get("kty") != "oct"
    ]
    try:
        return KeySet.import_key_set({"keys": fit})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Unavailable(type(error).__name__) from error
