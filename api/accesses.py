"""The access log of a running server: every request is noted, in batches beside it or before it is answered.

What opens another's history, what an administrator does and every attempt to log in is on the disk before the answer
goes out. Everything else waits in a queue for at most half a second, and is lost with it where the process is killed.
A queue that is full keeps requests waiting, and then refuses them before they do anything: nothing goes unlogged.
"""

import asyncio
import ipaddress
import re
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from starlette.datastructures import QueryParams
from starlette.types import Scope

from api import permits
from application import ports
from domain.accesses import Access

log = structlog.get_logger()
EVERY_S: Final = 0.5
# How many entries wait at most before requests do, and how many go in one statement.
MOST: Final = 10_000
BATCH: Final = 500
WAIT_S: Final = 4.0
# A writer with nothing to do ends, so that an application that nobody closes leaves no thread behind.
LINGER_S: Final = 2.0
PAUSE_S: Final = 0.5
GIVE_UP_S: Final = 10.0
# Asked for by machines every few seconds; an entry of each would bury the others.
UNLOGGED: Final = frozenset({"/livez", "/readyz", "/metrics"})
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
CODE: Final = re.compile(r"[0-9]{6}([0-9]{3}|-[0-9A-Z]{2,6})?")
# What is tried there is counted by a quota of its own before anything is looked for.
LOGIN: Final = re.compile(r"/v1/(sessions|oidc)(/|$)")
AT_ONCE: Final = frozenset({"history", "administration", "login", "contacts"})


@dataclass(slots=True)
class _Item:
    access: Access
    written: Future[None] | None = None


class Accesses:
    """Notes what was asked of one server; one thread writes while there is something to write.

    ``open_log`` gives the log when it is first needed.
    """

    def __init__(
        self,
        open_log: Callable[[], ports.AccessLog],
        *,
        every_s: float = EVERY_S,
        most: int = MOST,
        wait_s: float = WAIT_S,
    ) -> None:
        """Bind a log, how long entries wait, how many do, and how long a request waits for a place."""
        self._open_log = open_log
        self._every_s = every_s
        self._most = most
        self._wait_s = wait_s
        self._queue: deque[_Item] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._urgent = False
        self._idle = False
        self._stopping = False
        self._failing = False
        self._waiting: list[Future[None]] = []

    @property
    def pending(self) -> int:
        """How many entries wait to be written."""
        return len(self._queue)

    def note(self, access: Access) -> None:
        """Write an entry soon."""
        self._put(_Item(access))

    async def write(self, access: Access) -> None:
        """Write an entry and wait until it is on the disk. Raises: LedgerUnavailable, LedgerBusy, AccessLogClosed."""
        item = _Item(access, Future())
        self._put(item)
        await asyncio.wrap_future(item.written)  # type: ignore[arg-type]  # It was just made.

    async def room(self) -> bool:
        """Wait for a place in the queue. Returns: whether there is one."""
        if len(self._queue) < self._most:
            return True
        free: Future[None] = Future()
        with self._changed:
            self._waiting.append(free)
            self._wake(urgent=True)
        try:
            await asyncio.wait_for(asyncio.wrap_future(free), self._wait_s)
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        """Write what waits, and take the thread off; whoever notes afterwards begins anew."""
        with self._changed:
            self._stopping = True
            thread = self._thread
            self._wake(urgent=True)
        if thread is not None:
            thread.join(GIVE_UP_S)
        self._stopping = False
        if self._queue:
            log.error("access_log_lost", entries=len(self._queue))

    def _put(self, item: _Item) -> None:
        with self._changed:
            self._queue.append(item)
            self._wake(urgent=item.written is not None or len(self._queue) >= BATCH)

    def _wake(self, *, urgent: bool) -> None:
        if self._thread is None:
            if self._queue:
                self._urgent = urgent
                self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
                self._thread.start()
            return
        if self._idle or (urgent and not self._urgent):
            self._changed.notify()
        self._urgent = self._urgent or urgent

    def _run(self) -> None:
        while True:
            with self._changed:
                self._idle = True
                self._changed.wait_for(lambda: self._queue or self._stopping, LINGER_S)
                self._idle = False
                if not self._queue:
                    self._thread = None
                    return
                self._changed.wait_for(lambda: self._urgent or self._stopping, self._every_s)
                batch = [self._queue.popleft() for _ in range(min(len(self._queue), BATCH))]
                self._urgent = len(self._queue) >= BATCH
                last_try = self._stopping
            if not self._written(batch) and last_try:
                with self._changed:
                    self._thread = None
                return

    def _written(self, batch: list[_Item]) -> bool:
        try:
            self._open_log().append([each.access for each in batch])
        except ports.AccessLogClosed as error:
            log.error("access_log_lost", entries=len(batch))  # noqa: TRY400  # The system stops; its kind says it all.
            self._settle(batch, error)
            return True
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing is lost by it.
            # Entries are kept; those that somebody waits for are told, and noted by whoever waits.
            if not self._failing:
                log.error("access_log_unwritten", entries=len(batch), error=type(error).__name__)  # noqa: TRY400  # As above.
            self._failing = True
            self._settle(batch, error)
            with self._changed:
                self._queue.extendleft(reversed([each for each in batch if each.written is None]))
                self._urgent = False
                self._changed.wait_for(lambda: self._stopping, PAUSE_S)
            return False
        if self._failing:
            log.warning("access_log_written_again", entries=len(batch))
            self._failing = False
        self._settle(batch, None)
        with self._changed:
            freed, self._waiting = self._waiting, []
        for each in freed:
            _tell(each, None)
        return True

    def _settle(self, batch: list[_Item], error: Exception | None) -> None:
        for each in batch:
            if each.written is not None:
                _tell(each.written, error)


def _tell(future: Future[None], error: Exception | None) -> None:
    # Nobody waits any more for one that was cancelled.
    if not future.set_running_or_notify_cancel():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)


def logged(scope: Scope) -> bool:
    """Whether a request is noted at all."""
    return scope["path"] not in UNLOGGED


def described(scope: Scope, status: int, *, method: str) -> Access:
    """Describe a request, once it was routed and its answer is known."""
    state: dict[str, Any] = scope["state"]
    who = state.get("who")
    return Access(
        at=datetime.now(UTC),
        trace_id=state["trace_id"],
        person=who.id if who is not None else "",
        how=who.how if who is not None else "none",
        address=address(scope),
        method=method if method in METHODS else "OTHER",
        route=template(scope),
        pair=_pair(scope),
        matter=matter(getattr(scope.get("route"), "operation_id", None) or ""),
        status=status,
        code=state.get("code", ""),
    )


def at_once(access: Access, scope: Scope) -> bool:
    """Whether an entry must be on the disk before the answer: what a role opens, history, contact data, acts of office, log-in."""
    if access.matter in AT_ONCE:
        return bool(access.person) or access.matter == "login"
    who = scope["state"].get("who")
    return access.matter != "act" and bool(getattr(who, "grants", ()))


def template(scope: Scope) -> str:
    """Give the template of a request's path, without anything that was sent; empty where there is no route."""
    path: str = getattr(scope.get("route"), "path", "")
    return f"/v1{path}" if path and scope["path"].startswith("/v1/") else path


def matter(operation: str) -> str:
    """Tell what an operation is about, by its row in the access table; empty where it has none."""
    if operation in permits.READ:
        return permits.READ[operation].value
    if operation in permits.COMMANDS or operation in permits.AS_COMMAND:
        return "act"
    if operation in permits.ADMINISTERED:
        return "administration"
    if operation.endswith("my_contact"):
        return "contacts"
    if operation in permits.OPEN or operation in permits.OWN - {"me"}:
        return "login"
    return ""


def address(scope: Scope) -> str:
    """Give the address that a request came from; a proxy's word counts only where the server trusts it."""
    client = scope.get("client")
    try:
        return str(ipaddress.ip_address(client[0])) if client else ""
    except ValueError:
        return ""


def _pair(scope: Scope) -> str:
    pair = str(scope.get("path_params", {}).get("pair", ""))
    if CODE.fullmatch(pair):
        return pair
    # Read as the route reads it: escaped, it is the same question.
    code = QueryParams(scope["query_string"]).get("scope", "") if scope["query_string"] else ""
    return code if CODE.fullmatch(code) else ""
