"""The open streams: one reader of heads for all of them, and no connection or thread for one that waits."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, TypeVar

import structlog
from fastapi import Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent, format_sse_event

from api import problems
from api.auth import Who
from api.desk import Desk
from api.problems import ApiError
from application import dossier, events, ports
from domain.chain import Head

log = structlog.get_logger()
HEARTBEAT_S: Final = 10.0
POLL_S: Final = 0.5
RETRY_MS: Final = 3000
EACH: Final = 4
MOST: Final = 200
BATCH: Final = 100
READERS: Final = 2
T = TypeVar("T")
ALARMS: Final = (ports.LedgerRewound, dossier.LedgerBroken, dossier.Unreadable)


class Ended(Exception):
    """A stream ends for a reason that its reader is told: a stable code and a Chinese sentence."""

    def __init__(self, status: int, code: str, title: str) -> None:
        """Keep the parts, which are those of a problem."""
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title


@dataclass(eq=False)
class Watch:
    """One stream's interest: which pairs, and the event that is set when one of them moves."""

    covers: Callable[[str], bool]
    moved: asyncio.Event = field(default_factory=asyncio.Event)


class Streams:
    """Lets a bounded number of streams be open and tells each of them when a pair of its own has moved.

    Everything but ``_run`` happens in the event loop.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        heartbeat_s: float = HEARTBEAT_S,
        poll_s: float = POLL_S,
        each: int = EACH,
        most: int = MOST,
    ) -> None:
        """Serve a desk. ``each`` and ``most`` are the numbers of open streams of a person and in all."""
        self._desk = desk
        self._heartbeat_s = heartbeat_s
        self._poll_s = poll_s
        self._each = each
        self._most = most
        self._open: Counter[str] = Counter()
        self._watches: set[Watch] = set()
        self._heads: Mapping[str, Head] = {}
        self._task: asyncio.Task[None] | None = None
        self._poke = asyncio.Event()
        self._round = asyncio.Condition()
        self._begun = self._done = 0
        self._stopping = False
        # Readers of streams never take the threads and connections that requests need.
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="streams")

    @property
    def count(self) -> int:
        """How many streams are open."""
        return self._open.total()

    def close(self) -> None:
        """End every stream at once and take no more: the server stops."""
        self._stopping = True
        self._wake(lambda _: True)
        self._poke.set()

    def enter(self, person: str) -> None:
        """Take a place for one stream. Raises: ApiError 503."""
        if self._stopping:
            raise ApiError(503, "stopping", "服务正在停止，请稍后重新连接。")
        if self._open[person] >= self._each or self._open.total() >= self._most:
            title = f"事件流每人同时至多 {self._each} 个、全系统至多 {self._most} 个，请关闭一些再试。"
            raise ApiError(503, "too-many-streams", title)
        self._open[person] += 1

    def leave(self, person: str) -> None:
        """Give the place back."""
        self._open[person] -= 1
        if not self._open[person]:
            del self._open[person]

    async def run(self, work: Callable[[], T]) -> T:
        """Do what reads the database in one of the few threads of the streams."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def answer(
        self,
        covers: Callable[[str], bool],
        *,
        after: Mapping[str, Head],
        check: Callable[[], None],
        shape: Callable[[events.Batch], Iterable[ServerSentEvent]],
        headless: bool,
    ) -> EventSourceResponse:
        """Answer with a stream, as ``told`` tells it; where only the head is asked for, with none.

        FastAPI's own way, a route that yields, logs a fault whenever a client goes away while more is waiting for it.
        """
        stream = _nothing() if headless else _lines(self.told(covers, after=after, check=check, shape=shape))
        return EventSourceResponse(stream, headers={"X-Accel-Buffering": "no"})

    async def told(
        self,
        covers: Callable[[str], bool],
        *,
        after: Mapping[str, Head],
        check: Callable[[], None],
        shape: Callable[[events.Batch], Iterable[ServerSentEvent]],
    ) -> AsyncGenerator[ServerSentEvent]:
        """Tell of every fact that follows, and a heartbeat while there is none; the last event says why it ends.

        Args:
            covers: which pairs are told of.
            after: where the reader is, by pair.
            check: asks again whether this reader may still read; raises Ended.
            shape: makes server-sent events of a batch.
        """
        yield ServerSentEvent(comment="lianxi", retry=RETRY_MS)
        try:
            async with aclosing(self._follow(covers, after=after, check=check)) as batches:
                async for batch in batches:
                    if batch is None:
                        yield ServerSentEvent(comment="heartbeat")
                        continue
                    for each in await self.run(lambda batch=batch: list(shape(batch))):  # type: ignore[misc]  # A default binds the loop's value.
                        yield each
        except Ended as ended:
            yield _last(ended)
        except ALARMS as error:
            log.critical("ledger_alarm", where="stream", error=type(error).__name__, detail=str(error))
            yield _last(
                Ended(500, "ledger-alarm", "台账核验未通过，事件流中止，请立即通知系统管理员和审计人员。")
            )
        except (ports.LedgerUnavailable, ports.LedgerBusy):
            yield _last(Ended(503, "busy", "数据库暂时不可用，请从最后一个事件之后重新连接。"))

    async def _follow(
        self, covers: Callable[[str], bool], *, after: Mapping[str, Head], check: Callable[[], None]
    ) -> AsyncGenerator[events.Batch | None]:
        loop, first = asyncio.get_running_loop(), ""
        due = loop.time() + self._heartbeat_s
        with self._watching(covers) as watch:
            await self._fresh()
            while not self._stopping:
                watch.moved.clear()
                batch = await self.run(self._reading(covers, after, first))
                after = batch.heads
                if batch.entries:
                    first = f"{batch.entries[-1].tenant}\0"
                    yield batch
                if loop.time() >= due:
                    await self.run(check)
                    due = loop.time() + self._heartbeat_s
                    yield None
                if not batch.more:
                    await _wait(watch.moved, due - loop.time())
        raise Ended(503, "stopping", "服务正在停止，请稍后从最后一个事件之后重新连接。")

    def _reading(
        self, covers: Callable[[str], bool], after: Mapping[str, Head], first: str
    ) -> Callable[[], events.Batch]:
        heads = {tenant: head for tenant, head in self._heads.items() if covers(tenant)}
        ledger = self._desk.ledger
        return lambda: events.following_many(ledger, heads, after=after, limit=BATCH, first=first)

    @contextmanager
    def _watching(self, covers: Callable[[str], bool]) -> Iterator[Watch]:
        watch = Watch(covers)
        self._watches.add(watch)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._poll(), name="stream-heads")
        try:
            yield watch
        finally:
            self._watches.discard(watch)
            self._poke.set()

    async def _fresh(self) -> None:
        # What another server has told this reader may be newer than what was read here last.
        wanted = self._begun + 1
        self._poke.set()
        try:
            async with asyncio.timeout(self._heartbeat_s), self._round:
                await self._round.wait_for(lambda: self._done >= wanted or self._stopping)
        except TimeoutError as late:
            raise ports.LedgerUnavailable("the heads were not read in time") from late

    async def _poll(self) -> None:
        while self._watches and not self._stopping:
            self._poke.clear()
            self._begun += 1
            begun = self._begun
            try:
                heads = await self.run(self._read)
            except (ports.LedgerUnavailable, ports.LedgerBusy) as error:
                log.warning("stream_heads_unread", error=type(error).__name__)
            except Exception:
                log.exception("stream_heads_failed")
            else:
                self._take(heads)
                self._done = begun
            await self._tell_round()
            await _wait(self._poke, self._poll_s)
        await self._tell_round()

    async def _tell_round(self) -> None:
        async with self._round:
            self._round.notify_all()

    def _read(self) -> Mapping[str, Head]:
        return heads_below(self._desk, {each.code[:2] for each in self._desk.divisions.all()})

    def _take(self, heads: Mapping[str, Head]) -> None:
        before, self._heads = self._heads, heads
        moved = [each for each in heads.keys() | before.keys() if heads.get(each) != before.get(each)]
        if moved:
            self._wake(lambda covers: any(map(covers, moved)))

    def _wake(self, wanted: Callable[[Callable[[str], bool]], bool]) -> None:
        for watch in self._watches:
            if wanted(watch.covers):
                watch.moved.set()


def heads_below(desk: Desk, scopes: Iterable[str]) -> dict[str, Head]:
    """Read where the ledgers of some subtrees end, by pair."""
    return {tenant: head for scope in sorted(scopes) for tenant, head in desk.views.heads(scope).items()}


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(max(seconds, 0.0)):
            await event.wait()
    except TimeoutError:
        return


def _last(ended: Ended) -> ServerSentEvent:
    problem: dict[str, Any] = {
        "type": f"{problems.PREFIX}{ended.code}",
        "title": ended.title,
        "status": ended.status,
    }
    return ServerSentEvent(event="problem", raw_data=json.dumps(problem, ensure_ascii=False))


async def _lines(told: AsyncGenerator[ServerSentEvent]) -> AsyncIterator[bytes]:
    async with aclosing(told) as events_told:
        async for each in events_told:
            yield format_sse_event(
                data_str=each.raw_data,
                event=each.event,
                id=each.id,
                retry=each.retry,
                comment=each.comment,
            )


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""  # Makes this a generator.


async def placed(request: Request, who: Who) -> AsyncIterator[Streams]:
    """Hold one of a person's places while a stream is open. Raises: ApiError 503."""
    streams: Streams = request.app.state.streams
    streams.enter(who.id)
    try:
        yield streams
    finally:
        streams.leave(who.id)


Placed = Annotated[Streams, Depends(placed)]
