"""Webhooks: who is told of a pair's facts, by which signed requests, and what follows from an answer.

Delivery is at least once and in order for each pair and subscription; the receiver knows a repetition by its
``webhook-id``. Secrets are derived from one key that lies outside the database and are stored nowhere.
Signatures are those of Standard Webhooks (v1, HMAC-SHA256). Source: R-093, R-095.
"""

import base64
import hashlib
import hmac
import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, TypeAlias
from urllib.parse import SplitResult, urlsplit

from standardwebhooks import Webhook as Signer

from application import events
from domain.chain import Entry, Head

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
FIRST_WAIT_S: Final = 5.0
FACTOR: Final = 4.0
LONGEST_WAIT_S: Final = 6 * 3600.0
JITTER: Final = 0.2
# Ten tries take 26 to 27 hours.
MOST_ATTEMPTS: Final = 10
OVERLAP: Final = timedelta(days=1)
KEY_BYTES: Final = 32
GONE: Final = 410
HTTPS_PORT, HTTP_PORT = 443, 80
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[?[0-9a-f:.]+\]?")
_SUCCESS, _REDIRECT = range(200, 300), range(300, 400)
# Global IPv6 addresses with an IPv4 address inside, which may be a private one: NAT64, 6to4 and Teredo.
_EMBEDDING: Final = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "2002::/16", "2001::/32")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A subscription: the pair or division it was registered for, what it covers, and where it sends.

    ``reach`` is what the ids of the pairs covered begin with; None is this pair alone. ``sponsor`` is whose right
    to read the history it goes by. ``generation`` counts the secrets, ``key_id`` names the key behind the last one.
    ``request_hash`` is that of the order it was registered by; None where it came before orders had a key.
    """

    tenant: str
    id: str
    reach: str | None
    url: str
    label: str
    sponsor: str
    generation: int
    key_id: str
    rotated_at: datetime
    created_at: datetime
    ended_at: datetime | None
    request_hash: bytes | None = None

    def covers(self, pair: str) -> bool:
        """Whether facts of a pair are sent."""
        return pair == self.tenant if self.reach is None else pair.startswith(self.reach)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How far a subscription has come in one pair; parked where ``parked_at`` says since when."""

    pair: str
    position: int
    attempts: int
    reason: str
    due_at: datetime
    parked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody did about a subscription: ``registered``, ``renewed``, ``resumed`` or ``ended``."""

    id: str
    at: datetime
    actor: str
    what: str
    webhook: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A lease on one subscription in one pair: where it stands, and how often the next fact was tried in vain."""

    head: Head
    attempts: int


class Webhooks(Protocol):
    """Subscriptions, their cursors and leases. Each change by a person is kept as an act together with the change."""

    def register(self, webhook: Webhook, *, begin: Mapping[str, Head], actor: str) -> None:
        """Keep a new subscription that begins after these heads, and elsewhere at the first fact.

        One whose id is there already stays as it is.
        """

    def listed(self, tenant: str) -> Sequence[Webhook]:
        """List the subscriptions registered for a pair or division, the ended ones too."""

    def active(self, scope: str) -> Sequence[Webhook]:
        """List the subscriptions of a subtree that were not ended."""

    def renew(self, tenant: str, id: str, *, key_id: str, actor: str) -> bool:  # noqa: A002  # Webhook's own word.
        """Count a new secret. Returns: False where there is no such subscription or it was ended."""

    def resume(self, webhook: Webhook, pairs: Sequence[str], *, sponsor: str, actor: str) -> None:
        """Take parked pairs up again, on the right of a sponsor."""

    def end(self, tenant: str, id: str, *, actor: str) -> bool:  # noqa: A002  # As above.
        """End a subscription. Returns: False where there is no such one or it was ended before."""

    def acts(self, tenant: str, *, after: str = "", limit: int = 100) -> Sequence[Act]:
        """List what people did about the subscriptions of a pair or division, by id, which is in order of time."""

    def deliveries(
        self, webhook: Webhook, *, parked: bool = False, after: str = "", limit: int = 100
    ) -> Sequence[Delivery]:
        """List how far a subscription has come, by pair."""

    def claim(self, pair: str, webhook: str, *, holder: str, seconds: float) -> Claim | None:
        """Take the lease for some seconds; None where another holds it, or nothing may be sent yet."""

    def pending(self, pair: str, webhook: str) -> float | None:
        """Tell in how many seconds a claim may succeed; None where the pair is parked."""

    def advance(self, pair: str, webhook: str, head: Head, *, holder: str, seconds: float) -> bool:
        """Move the cursor on by one and renew the lease. Returns: False where the lease was lost."""

    def failed(
        self, pair: str, webhook: str, *, holder: str, attempts: int, wait_s: float, reason: str, park: bool
    ) -> None:
        """Note a try in vain and give the lease back."""

    def release(self, pair: str, webhook: str, *, holder: str) -> None:
        """Give the lease back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a target answered: its status, or why there is none, in Chinese."""

    status: int | None = None
    reason: str = ""


class Sender(Protocol):
    """Puts one request on the way, to permitted addresses alone; it follows no redirect and reads no content."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send and tell the answer; whatever happens on the way is an answer too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where the installation lets anything be sent, and the key that its secrets are derived from.

    ``targets`` are hosts (``host``, ``host:port`` or ``*.domain``), ``networks`` those addresses, beside public
    ones, that a host may have. ``key`` gives 32 bytes that are kept outside the database.
    """

    targets: tuple[str, ...]
    networks: tuple[Network, ...]
    key: Callable[[], bytes]

    def refusal(self, url: str) -> str | None:
        """Tell, in Chinese, why nothing may be sent to a URL; None where it may."""
        parts = _split(url)
        if parts is None or parts.hostname is None:
            return "目标应为完整的网址，不含用户名、口令和片段"
        if parts.scheme == "http" and not self._loopback_named(parts.hostname):
            return "目标须用 https"
        if not any(_matches(each, parts.hostname, _port(parts)) for each in self.targets):
            return "目标不在本系统许可的名单内"
        return None

    def permits(self, address: Address, *, scheme: str) -> bool:
        """Whether an address that a host resolved to may be connected to."""
        address = getattr(address, "ipv4_mapped", None) or address
        if scheme != "https" and not address.is_loopback:
            return False
        if any(address in network for network in self.networks):
            return True
        hidden = any(address in network for network in _EMBEDDING)
        return address.is_global and not address.is_multicast and not hidden

    def _loopback_named(self, host: str) -> bool:
        # Plain HTTP never leaves this machine, and only where the installation allows as much.
        allowed = any(network.is_loopback for network in self.networks)
        if host == "localhost":
            return allowed
        try:
            return allowed and ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False


def _split(url: str) -> SplitResult | None:
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    plain = parts.username is None and parts.password is None and not parts.fragment and "#" not in url
    named = parts.hostname is not None and _HOST.fullmatch(parts.hostname) is not None
    return parts if parts.scheme in {"http", "https"} and plain and named and port != 0 else None


def _port(parts: SplitResult) -> int:
    return parts.port or (HTTPS_PORT if parts.scheme == "https" else HTTP_PORT)


def _matches(target: str, host: str, port: int) -> bool:
    name, colon, number = target.rpartition(":")
    if not colon or not number.isdigit():
        name, number = target, str(HTTPS_PORT)
    name = name.strip("[]").lower()
    fits = host.endswith(name[1:]) if name.startswith("*.") else host == name
    return fits and number == str(port)


# --- signing -------------------------------------------------------------------------------------------------


def key_id(key: bytes) -> str:
    """Name a key without telling it."""
    return hashlib.sha256(b"lianxi-webhook-key/v1\0" + key).hexdigest()[:16]


def secret(key: bytes, webhook: Webhook, *, generation: int) -> str:
    """Derive the secret of one generation of a subscription, as ``whsec_…``."""
    text = "\0".join(("lianxi-webhook/v1", webhook.tenant, webhook.id, str(generation)))
    return f"whsec_{base64.b64encode(hmac.digest(key, text.encode(), 'sha256')).decode()}"


def message(key: bytes, webhook: Webhook, entry: Entry, *, now: datetime) -> tuple[bytes, dict[str, str]]:
    """Make the request that tells of one fact: its content and its signed headers.

    For a day after a renewal the former secret signs as well, so that the receiver can change it without loss.
    """
    body = events.cloud_event(entry)
    at, told = now.astimezone(UTC), f"evt_{entry.hash.hex()}"
    generations = [webhook.generation]
    if webhook.generation > 1 and now - webhook.rotated_at < OVERLAP:
        generations.append(webhook.generation - 1)
    signatures = (Signer(secret(key, webhook, generation=each)).sign(told, at, body) for each in generations)
    headers = {
        "Content-Type": f"{events.MEDIA_TYPE}; charset=utf-8",
        "User-Agent": "lianxi-webhook/1",
        "webhook-id": told,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return body.encode(), headers


# --- what follows from an answer -----------------------------------------------------------------------------


def delivered(answer: Answer) -> bool:
    """Whether the target has taken it."""
    return answer.status in _SUCCESS


def reason(answer: Answer) -> str:
    """Tell, in Chinese, why a target has not taken it."""
    if answer.status in _REDIRECT:
        return f"目标答复 {answer.status}，不跟随重定向"
    return answer.reason or f"目标答复 {answer.status}"


def parks(answer: Answer, attempts: int) -> bool:
    """Whether nothing more is tried by itself: the target is gone for good, or was tried too often."""
    return answer.status == GONE or attempts >= MOST_ATTEMPTS


def wait_s(attempts: int, *, jitter: float) -> float:
    """Give the seconds until the next try after ``attempts`` in vain; ``jitter`` is random in [0, 1).

    >>> [round(wait_s(n, jitter=0.5)) for n in (1, 2, 3, 4, 9)]
    [5, 20, 80, 320, 21600]
    """
    plain = min(FIRST_WAIT_S * FACTOR ** (attempts - 1), LONGEST_WAIT_S)
    return float(plain * (1 + JITTER * (2 * jitter - 1)))
