"""One request and its answer on the way out: the headers of every answer, and its entry in the access log."""

from dataclasses import replace
from typing import Final

import structlog
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from api import accesses, problems
from api.accesses import Accesses
from domain.accesses import Access

log = structlog.get_logger()
HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
)


class Exchange:
    """Sends an answer. ``inner`` is the scope that is routed, which tells afterwards where the request went."""

    def __init__(self, scope: Scope, inner: Scope, receive: Receive, send: Send) -> None:
        """Bind what the server gave."""
        self.scope = scope
        self.inner = inner
        self.started = False
        self._receive = receive
        self._send = send
        self._headless = scope["method"] == "HEAD"
        self._headers = (*HEADERS, (b"x-trace-id", scope["state"]["trace_id"].encode()))
        self._refused = False
        self._recorder: Accesses = scope["app"].state.accesses

    async def send(self, message: Message) -> None:
        """Send a part of the answer; its first one is preceded by its entry where that must not be lost."""
        if self._refused:
            return
        if message["type"] == "http.response.start":
            self.started = True
            if not await self._noted(message["status"]):
                await self._unlogged()
                return
            message["headers"] = [*message.get("headers", ()), *self._headers]
        elif self._headless:
            message = {**message, "body": b""}
        await self._send(message)

    def left(self) -> None:
        """Note a request whose client went away before it was answered."""
        if not self.started and accesses.logged(self.scope):
            self._recorder.note(self._entry(0))

    async def admitted(self) -> bool:
        """Wait until the log has a place for this request. Returns: whether it has; if not, it is answered."""
        if not accesses.logged(self.scope) or await self._recorder.room():
            return True
        await self._unlogged()
        return False

    async def _noted(self, status: int) -> bool:
        if not accesses.logged(self.scope):
            return True
        entry = self._entry(status)
        if not accesses.at_once(entry, self.inner):
            self._recorder.note(entry)
            return True
        try:
            await self._recorder.write(entry)
        except Exception:  # noqa: BLE001 - whatever it is: the writer has logged it.
            if entry.matter == "act" or self.scope["method"] not in {"GET", "HEAD"}:
                # What was done is done, and a fact says so; its entry follows as soon as it can.
                self._recorder.note(entry)
                return True
            self._recorder.note(replace(entry, status=503, code="unlogged"))
            return False
        return True

    def _entry(self, status: int) -> Access:
        return accesses.described(self.inner, status, method=self.scope["method"])

    async def _unlogged(self) -> None:
        title = "查阅记录暂时无法写入，为免漏记，请稍后再试。"
        answer = problems.respond(Request(self.scope), 503, "unlogged", title, headers={"Retry-After": "1"})
        self._refused = True

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            elif self._headless:
                message = {**message, "body": b""}
            await self._send(message)

        await answer(self.scope, self._receive, sending)
