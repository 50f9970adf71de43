"""One request and its answer: whether it is let in, the headers of every answer, its entry in the access log, its time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from api import accesses, problems, rates
from api.accesses import Accesses
from api.problems import ApiError
from domain.accesses import Access

# Until an ordinary request must have begun to be answered, and one that goes through whole ledgers.
REQUEST_S: Final = 30.0
UNHURRIED_S: Final = 300.0
CLOSED: Final = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
POLICY: Final = b"content-security-policy"
HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (
        b"permissions-policy",
        b"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
# Only where the request came by TLS, which browsers would else ignore.
STRICT: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
ALIVE: Final = "/livez"
TOO_OFTEN: Final = "请求过于频繁，请稍后再试。"


class Exchange:
    """Lets a request in or refuses it, and sends its answer.

    ``inner`` is the scope that is routed, which tells afterwards where the request went.
    """

    def __init__(self, scope: Scope, inner: Scope, receive: Receive, send: Send) -> None:
        """Bind what the server gave."""
        self.scope = scope
        self.inner = inner
        self.started = False
        self._receive = receive
        self._send = send
        self._state: dict[str, Any] = scope["state"]
        self._state["rates"] = []
        self._app: Any = scope["app"].state
        self._recorder: Accesses = self._app.accesses
        self._begun = time.monotonic()
        self._headless = scope["method"] == "HEAD"
        self._logged = accesses.logged(scope)
        self._taken_over = False
        self._extended = False
        self._late: asyncio.Task[None] | None = None

    async def run(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        """Let the request in and have it answered within its time."""
        refusal = self._misdirected() or self._too_often()
        if refusal is None and self._logged and not await self._recorder.room():
            refusal = self._unlogged()
            self._logged = False
        if refusal is not None:
            await refusal(self.inner, self._receive, self.send)
            return
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(REQUEST_S, self._expire)
        try:
            await app(self.inner, self._receive, self.send)
        finally:
            self._timer.cancel()
        if not self.started and self._logged:
            # Its client went away before it was answered.
            self._recorder.note(self._entry(0))

    async def send(self, message: Message) -> None:
        """Send a part of the answer; its first one is preceded by its entry where that must not be lost."""
        if self._taken_over:
            return
        if message["type"] != "http.response.start":
            await self._pass(message)
            return
        self.started = True
        if message["status"] == 401 and self._too_many_failures():  # noqa: PLR2004 - unauthenticated.
            await self._take_over(self._limited(self._state["rates"][-1]), noted=False)
        elif await self._noted(message["status"]):
            await self._pass(message)
        else:
            await self._take_over(self._unlogged())

    async def _pass(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._app.metrics.answered(self.scope["method"], message["status"], since=self._begun)
            given = message.get("headers", ())
            message["headers"] = [*given, *self._headers(any(name == POLICY for name, _ in given))]
        elif self._headless:
            message = {**message, "body": b""}
        await self._send(message)

    def _headers(self, policed: bool) -> list[tuple[bytes, bytes]]:  # noqa: FBT001 - of this class alone.
        found = [
            *HEADERS,
            (b"x-trace-id", self._state["trace_id"].encode()),
            *rates.headers(self._state["rates"]),
        ]
        if not policed:
            found.append((POLICY, CLOSED))
        if self.scope["scheme"] == "https":
            found.append(STRICT)
        return found

    async def _take_over(self, answer: Response, *, noted: bool = True) -> None:
        """Answer otherwise than the application does; whatever it still sends is dropped."""
        self.started = self._taken_over = True
        if not noted and self._logged:
            self._recorder.note(self._entry(answer.status_code))
        await answer(self.inner, self._receive, self._pass)

    # --- let in ----------------------------------------------------------------------------------------------

    def _misdirected(self) -> Response | None:
        hosts: tuple[str, ...] = self._app.desk.hosts
        if not hosts or self.scope["path"] == ALIVE:
            return None
        host = Headers(scope=self.scope).get("host", "").lower()
        if host in hosts or host.rpartition(":")[0] in hosts:
            return None
        return problems.respond(Request(self.inner), 421, "misdirected", "本服务不以这个主机名提供。")

    def _too_often(self) -> Response | None:
        if self.scope["path"] == ALIVE:
            return None
        key = self._network()
        policies = ["address"]
        names = {name for name, _ in self.scope["headers"]}
        if not names & {b"authorization", b"cookie"}:
            policies.append("anonymous")
        if self.scope["method"] == "POST" and accesses.LOGIN.match(self.scope["path"]):
            policies.append("login")
        for policy in policies:
            grant = self._app.rates.take(policy, key)
            if grant is not None:
                self._state["rates"].append(grant)
                if not grant.allowed:
                    return self._limited(grant)
        return None

    def _too_many_failures(self) -> bool:
        """Count a credential that was none; one who sends many is told no more whether they are any."""
        if any(each.policy == "anonymous" for each in self._state["rates"]):
            return False
        grant = self._app.rates.take("anonymous", self._network())
        if grant is None:
            return False
        self._state["rates"].append(grant)
        return not grant.allowed

    def _network(self) -> str:
        return rates.network(accesses.address(self.scope))

    def _limited(self, grant: rates.Grant) -> Response:
        self._logged = self._logged and grant.first
        self._app.metrics.limited(grant.policy)
        headers = {"Retry-After": str(grant.wait_s)}
        return problems.respond(Request(self.inner), 429, "rate-limited", TOO_OFTEN, headers=headers)

    # --- its entry -------------------------------------------------------------------------------------------

    async def _noted(self, status: int) -> bool:
        if not self._logged or self._state.get("unnoted"):
            return True
        entry = self._entry(status)
        if not accesses.at_once(entry, self.inner):
            self._recorder.note(entry)
            return True
        try:
            await self._recorder.write(entry)
        except Exception:  # noqa: BLE001 - whatever it is: the writer has logged it.
            if self.scope["method"] not in {"GET", "HEAD"}:
                # What was done is done, and a fact says so; its entry follows as soon as it can.
                self._recorder.note(entry)
                return True
            self._recorder.note(replace(entry, status=503, code="unlogged"))
            return False
        return True

    def _entry(self, status: int) -> Access:
        return accesses.described(self.inner, status, method=self.scope["method"])

    def _unlogged(self) -> Response:
        title = "查阅记录暂时无法写入，为免漏记，请稍后再试。"
        return problems.respond(Request(self.inner), 503, "unlogged", title, headers={"Retry-After": "1"})

    # --- its time --------------------------------------------------------------------------------------------

    def _expire(self) -> None:
        if self.started:
            return
        loop = asyncio.get_running_loop()
        if self._state.get("unhurried") and not self._extended:
            self._extended = True
            self._timer = loop.call_later(UNHURRIED_S - REQUEST_S, self._expire)
            return
        self._late = loop.create_task(self._answer_late())

    async def _answer_late(self) -> None:
        """Answer in the application's place. Its thread goes on, and keeps the pair's place that it holds until it ends."""
        title = "未能在限定时间内办完。所办事项请用同一 Idempotency-Key 重试，已写入的不会重复。"
        headers = {"Retry-After": "5"}
        answer = problems.respond(Request(self.inner), 503, "too-long", title, headers=headers)
        await self._take_over(answer, noted=False)


def entered(request: Request, who: Any) -> None:
    """Note who is calling, for the access log, and count the request as theirs. Raises: ApiError 429."""
    request.state.who = who
    grant = request.app.state.rates.take("person", who.id)
    if grant is None:
        return
    request.state.rates.append(grant)
    if not grant.allowed:
        request.state.unnoted = not grant.first
        request.app.state.metrics.limited(grant.policy)
        raise ApiError(429, "rate-limited", TOO_OFTEN, headers={"Retry-After": str(grant.wait_s)})
