"""The deliverer of a running server: tells webhooks of what was appended, pair by pair, each in its own time.

It polls where the ledgers end. What waits for a target costs a coroutine; only what reads or writes the database
takes one of a few threads. A lease in the database lets one server at a time deliver a pair to a subscription.
"""

import asyncio
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, TypeAlias, TypeVar

import structlog

from api.auth import Person, reads_history
from api.desk import Desk
from api.streams import ALARMS, heads_below
from application import events, ids, ports, webhooks
from application.webhooks import Webhook
from domain.chain import Entry, Head

log = structlog.get_logger()
POLL_S: Final = 1.0
# Longer than a request can take, so that nobody else begins while one is on its way.
LEASE_S: Final = 60.0
# How long a lane that could do nothing is left alone at most: it may have been resumed, or its holder may be gone.
RECHECK_S: Final = 30.0
# How many pairs of one subscription are under way at once, and how many facts each tells before others have a turn.
PLACES: Final = 4
TURN: Final = 50
READERS: Final = 2
GIVE_UP_S: Final = 5.0
NOT_PERMITTED: Final = "登记人已无权查看该结对单位的历史"
ENDED: Final = "推送已终止"
OTHER_KEY: Final = "签名主密钥已更换，须换发密钥"
ALARM: Final = "台账核验未通过"
T = TypeVar("T")
Lane: TypeAlias = tuple[str, str]


class Deliverer:
    """Delivers for one server. A round looks once at what is due and starts what can be done now."""

    def __init__(
        self,
        desk: Desk,
        sender: webhooks.Sender,
        *,
        recheck_s: float = RECHECK_S,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Deliver for a desk by a sender."""
        self._desk = desk
        self._sender = sender
        self._recheck_s = recheck_s
        self._jitter = jitter
        self._holder = ids.new_id()
        self._lanes: dict[Lane, asyncio.Task[None]] = {}
        self._reached: dict[Lane, int] = {}
        self._rest: dict[Lane, float] = {}
        self._places: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(PLACES))
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="webhooks")

    async def run(self, stop: asyncio.Event, *, every: float = POLL_S) -> None:
        """Deliver until told to stop; what is under way then is broken off, and told again by the next server."""
        while not stop.is_set():
            try:
                await self.round()
            except (ports.LedgerUnavailable, ports.LedgerBusy) as error:
                log.warning("webhook_round_failed", error=type(error).__name__)
            except Exception:
                log.exception("webhook_round_failed")
            try:
                async with asyncio.timeout(every):
                    await stop.wait()
            except TimeoutError:
                continue
        for task in self._lanes.values():
            task.cancel()
        await self.settled()
        self._threads.shutdown()

    async def round(self) -> None:
        """Look once at what is due, and begin with it."""
        scopes = {each.code[:2] for each in self._desk.divisions.all()}
        known = await self._run(lambda: [each for scope in sorted(scopes) for each in self._active(scope)])
        if not known:
            return
        heads = await self._run(lambda: heads_below(self._desk, scopes))
        now = time.monotonic()
        for webhook in known:
            for pair, head in heads.items():
                lane = (webhook.id, pair)
                if (
                    not webhook.covers(pair)
                    or lane in self._lanes
                    or self._reached.get(lane) == head.position
                ):
                    continue
                if self._rest.get(lane, 0.0) <= now:
                    task = asyncio.create_task(self._lane(webhook, pair))
                    self._lanes[lane] = task
                    task.add_done_callback(lambda _, lane=lane: self._lanes.pop(lane))  # type: ignore[misc]  # A default binds the loop's value.

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while self._lanes:
            await asyncio.gather(*self._lanes.values(), return_exceptions=True)
            # Each takes itself off the list in a callback of its own.
            await asyncio.sleep(0)

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _active(self, scope: str) -> list[Webhook]:
        return list(self._desk.webhooks.active(scope))

    async def _lane(self, webhook: Webhook, pair: str) -> None:
        async with self._places[webhook.id]:
            try:
                await self._turn(webhook, pair)
            except (ports.LedgerUnavailable, ports.LedgerBusy) as error:
                log.warning("webhook_waits", webhook=webhook.id, tenant=pair, error=type(error).__name__)
                self._rests(webhook, pair, webhooks.FIRST_WAIT_S)
            except Exception:
                log.exception("webhook_lane_failed", webhook=webhook.id, tenant=pair)
                self._rests(webhook, pair, self._recheck_s)

    async def _turn(self, webhook: Webhook, pair: str) -> None:
        store = self._desk.webhooks
        claim = await self._run(lambda: store.claim(pair, webhook.id, holder=self._holder, seconds=LEASE_S))
        if claim is None:
            pending = await self._run(lambda: store.pending(pair, webhook.id))
            self._rests(webhook, pair, self._recheck_s if pending is None else pending)
            return
        try:
            await self._deliver(webhook, pair, claim)
        except ALARMS as error:
            log.critical("ledger_alarm", where="webhook", tenant=pair, error=type(error).__name__)
            await self._failed(webhook, pair, claim.attempts, ALARM, park=True)
        finally:
            await self._run(lambda: store.release(pair, webhook.id, holder=self._holder))

    async def _deliver(self, webhook: Webhook, pair: str, claim: webhooks.Claim) -> None:
        desk, attempts, head = self._desk, claim.attempts, claim.head
        entries = await self._run(lambda: events.following(desk.ledger, pair, after=head, limit=TURN))
        for entry in entries:
            forbidden = await self._run(lambda: self._forbidden(webhook, pair))
            if forbidden is not None:
                await self._failed(webhook, pair, attempts, forbidden, park=True)
                return
            answer = await self._send(webhook, entry)
            if not webhooks.delivered(answer):
                attempts += 1
                park = webhooks.parks(answer, attempts)
                await self._failed(webhook, pair, attempts, webhooks.reason(answer), park=park)
                return
            head, attempts = Head(position=entry.position, hash=entry.hash), 0
            if not await self._run(lambda head=head: self._advance(webhook, pair, head)):  # type: ignore[misc]  # As above.
                log.warning("webhook_lease_lost", webhook=webhook.id, tenant=pair)
                return
        self._reached[webhook.id, pair] = head.position

    async def _send(self, webhook: Webhook, entry: Entry) -> webhooks.Answer:
        body, headers = webhooks.message(self._desk.outlet.key(), webhook, entry, now=self._desk.clock())
        return await self._sender.post(webhook.url, body, headers)

    def _advance(self, webhook: Webhook, pair: str, head: Head) -> bool:
        return self._desk.webhooks.advance(pair, webhook.id, head, holder=self._holder, seconds=LEASE_S)

    def _forbidden(self, webhook: Webhook, pair: str) -> str | None:
        if not any(each.id == webhook.id for each in self._active(webhook.tenant)):
            return ENDED
        sponsor = Person(id=webhook.sponsor, grants=tuple(self._desk.credentials.grants(webhook.sponsor)))
        if not reads_history(self._desk, sponsor, pair):
            return NOT_PERMITTED
        if webhooks.key_id(self._desk.outlet.key()) != webhook.key_id:
            return OTHER_KEY
        return self._desk.outlet.refusal(webhook.url)

    async def _failed(self, webhook: Webhook, pair: str, attempts: int, reason: str, *, park: bool) -> None:
        wait = webhooks.wait_s(max(attempts, 1), jitter=self._jitter())
        store = self._desk.webhooks
        await self._run(
            lambda: store.failed(
                pair,
                webhook.id,
                holder=self._holder,
                attempts=attempts,
                wait_s=wait,
                reason=reason,
                park=park,
            )
        )
        self._rests(webhook, pair, wait)
        tell = log.error if park else log.info
        tell(
            "webhook_parked" if park else "webhook_failed", webhook=webhook.id, tenant=pair, attempts=attempts
        )

    def _rests(self, webhook: Webhook, pair: str, seconds: float) -> None:
        self._rest[webhook.id, pair] = time.monotonic() + min(seconds, self._recheck_s)


@contextmanager
def delivering(desk: Desk, open_sender: Callable[[], webhooks.Sender]) -> Iterator[None]:
    """Deliver beside what the block does, in a thread with an event loop of its own; it ends with the block."""
    stop = threading.Event()

    async def both() -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        watcher = threading.Thread(
            target=lambda: (stop.wait(), loop.call_soon_threadsafe(stopping.set)), daemon=True
        )
        watcher.start()
        await Deliverer(desk, open_sender()).run(stopping)

    thread = threading.Thread(target=lambda: asyncio.run(both()), name="webhooks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(GIVE_UP_S)
