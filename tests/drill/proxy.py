"""A small TCP proxy that drops connections at every step of a request and its answer."""

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

HOST = "127.0.0.1"
CHUNK = 1 << 16


class Step(StrEnum):
    """Where a connection is cut."""

    BEFORE = "before_the_request"
    AFTER = "after_the_request"
    ANSWER = "before_the_answer"
    MIDDLE = "in_the_answer"


class Proxy:
    """Hands bytes on both ways; ``share`` of the pieces that a client sends are cut at a random step, once ``armed``.

    ``cuts`` counts by step, and by what the piece was: ``mark`` finds a name in its bytes.
    """

    def __init__(
        self,
        target: Callable[[], tuple[str, int]],
        *,
        share: float,
        seed: str,
        mark: Callable[[bytes], str] = lambda _: "",
    ) -> None:
        self._target = target
        self._share = share
        self._chance = random.Random(seed)
        self._mark = mark
        self.cuts: Counter[str] = Counter()
        self.armed = threading.Event()
        self.port = 0

    @property
    def dropped(self) -> int:
        return sum(self.cuts.values())

    async def run(self, ready: threading.Event, ending: asyncio.Event) -> None:
        server = await asyncio.start_server(self._connection, HOST, 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await ending.wait()
        server.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            up_reader, up_writer = await asyncio.open_connection(*self._target())
        except OSError:
            writer.transport.abort()
            return
        link = _Link(self, (reader, writer), (up_reader, up_writer))
        await link.run()

    def plan(self, piece: bytes) -> Step | None:
        """Decide what becomes of a piece that a client sent."""
        if not self.armed.is_set() or self._chance.random() >= self._share:
            return None
        step = self._chance.choice(tuple(Step))
        name = self._mark(piece)
        self.cuts[f"{step} {name}".strip()] += 1
        return step

    def part(self, piece: bytes) -> bytes:
        """Give some of a piece, never all of it."""
        return piece[: self._chance.randrange(len(piece))]


class _Link:
    """One client and its connection to the target."""

    def __init__(
        self,
        proxy: Proxy,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        target: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._proxy = proxy
        self._from_client, self._to_client = client
        self._from_target, self._to_target = target
        self._step: Step | None = None

    async def run(self) -> None:
        pumps = {asyncio.create_task(self._ask()), asyncio.create_task(self._answer())}
        _, left = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for each in left:
            each.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        # The client is reset; the target is left with what it was sent, which a reset could take from it unread.
        self._to_client.transport.abort()
        self._to_target.close()

    async def _ask(self) -> None:
        while piece := await self._from_client.read(CHUNK):
            self._step = self._step or self._proxy.plan(piece)
            if self._step is Step.BEFORE:
                return
            self._to_target.write(piece)
            await self._to_target.drain()
            if self._step is Step.AFTER:
                return

    async def _answer(self) -> None:
        while piece := await self._from_target.read(CHUNK):
            if self._step is Step.ANSWER:
                return
            self._to_client.write(self._proxy.part(piece) if self._step is Step.MIDDLE else piece)
            await self._to_client.drain()
            if self._step is Step.MIDDLE:
                return


@contextmanager
def running(proxy: Proxy) -> Iterator[Proxy]:
    """Run a proxy in a thread of its own while the block lasts."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    ending = asyncio.Event()
    thread = threading.Thread(target=_run, args=(loop, proxy, ready, ending), name="proxy", daemon=True)
    thread.start()
    ready.wait()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join()


def _run(
    loop: asyncio.AbstractEventLoop, proxy: Proxy, ready: threading.Event, ending: asyncio.Event
) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(proxy.run(ready, ending))
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
    finally:
        loop.close()
