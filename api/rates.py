"""How often anybody may ask: buckets that refill evenly (GCRA), one for each address and one for each principal."""

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Final

# So many buckets of one kind are remembered; one that is forgotten was the one asked for longest ago.
MOST: Final = 20_000
WINDOW_S: Final = 60
# Sums of intervals are not exact.
EPSILON_S: Final = 1e-6
# Whoever has one IPv6 address commonly has all of its /64.
PREFIX_6: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """How many requests a minute: of a principal, of an address, of an address without a credential, and to log in.

    0 is no limit.
    """

    person: int = 0
    address: int = 0
    anonymous: int = 0
    login: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """What a bucket answered: whether there was something in it, how much is left, and when (s) there is more.

    ``wait_s`` is how long until one request is allowed again where none is, otherwise until the bucket is full. ``first``
    is the first refusal since something was allowed: the others are not logged one by one.
    """

    policy: str
    quota: int
    allowed: bool
    left: int
    wait_s: int
    first: bool = False


class Buckets:
    """The buckets of one policy: ``quota`` requests at once, refilled evenly within the window.

    One number is kept for each key: when its bucket will be full again.
    """

    def __init__(
        self, policy: str, quota: int, *, most: int = MOST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Name a policy. ``quota``: requests a window."""
        self.policy = policy
        self.quota = quota
        self._each_s = WINDOW_S / quota
        self._most = most
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._refused: set[str] = set()
        # A principal is known in a thread, an address in the event loop.
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: str) -> Grant:
        """Take one request out of a bucket; one that is empty stays as it is."""
        with self._lock:
            now = self._clock()
            full_at = max(self._full_at.get(key, now), now) + self._each_s
            allowed = full_at - now <= WINDOW_S + EPSILON_S
            first = not allowed and key not in self._refused
            if allowed:
                self._full_at[key] = full_at
                self._full_at.move_to_end(key)
                self._refused.discard(key)
                if len(self._full_at) > self._most:
                    self._refused.discard(self._full_at.popitem(last=False)[0])
            else:
                self._refused.add(key)
        fill_s = full_at - now
        left = int((WINDOW_S - fill_s) / self._each_s + EPSILON_S) if allowed else 0
        wait = fill_s if allowed else fill_s - WINDOW_S
        return Grant(self.policy, self.quota, allowed, max(left, 0), max(math.ceil(wait), 1), first)


class Rates:
    """All buckets of one server. They are its own: several servers each have theirs."""

    def __init__(self, open_quotas: Callable[[], Quotas]) -> None:
        """Bind what gives the quotas when they are first needed."""
        self._open_quotas = open_quotas

    @cached_property
    def _buckets(self) -> dict[str, Buckets]:
        quotas = self._open_quotas()
        return {
            each.name: Buckets(each.name, quota)
            for each in fields(quotas)
            if (quota := getattr(quotas, each.name))
        }

    def take(self, policy: str, key: str) -> Grant | None:
        """Take one request; None where the policy limits nothing."""
        buckets = self._buckets.get(policy)
        return buckets.take(key) if buckets is not None else None


def network(address: str) -> str:
    """Give what an address is counted as: itself, or its /64; unknown ones are counted as one."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/{PREFIX_6}", strict=False).network_address)


def headers(grants: Sequence[Grant]) -> Iterator[tuple[bytes, bytes]]:
    """Give the two headers of draft-ietf-httpapi-ratelimit-headers-10."""
    if not grants:
        return
    policies = ", ".join(f'"{each.policy}";q={each.quota};w={WINDOW_S}' for each in grants)
    limits = ", ".join(f'"{each.policy}";r={each.left};t={each.wait_s}' for each in grants)
    yield b"ratelimit-policy", policies.encode()
    yield b"ratelimit", limits.encode()
