"""Limits on everything that comes in: body, depth, and how much of one pair is let in at once."""

import asyncio
import re
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from typing import Annotated

import structlog
from fastapi import Depends, Path, Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.auth import Who
from application import ports

BODY_BYTES = 1 << 20
DEPTH = 32
WAIT_S = 4.0
TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def too_deep(body: bytes) -> bool:
    """Whether JSON text nests deeper than the limit; counted before anything parses it."""
    depth = 0
    for token in TOKENS.finditer(body):
        first = token.group()[:1]
        if first in b"[{":
            depth += 1
            if depth > DEPTH:
                return True
        elif first in b"]}":
            depth -= 1
    return False


class Guard:
    """Gives each request a trace id, reads its body within the limits and hands it on; adds security headers."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace = uuid.uuid4().hex
        scope.setdefault("state", {})["trace_id"] = trace
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(trace_id=trace, method=scope["method"])

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-trace-id", trace.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"cache-control", b"no-store"),
                    (b"referrer-policy", b"no-referrer"),
                ]
            await send(message)

        if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, sending)
            return
        await self._bounded(scope, receive, sending)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        declared = Headers(scope=scope).get("content-length", "0")
        body = b""
        too_long = not declared.isdigit() or int(declared) > BODY_BYTES
        while not too_long:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            too_long = len(body) > BODY_BYTES
            if not message.get("more_body", False):
                break
        if too_long:
            answer = problems.respond(request, 413, "too-large", f"请求内容不得超过 {BODY_BYTES} 字节。")
            await answer(scope, receive, send)
            return
        if too_deep(body):
            answer = problems.respond(request, 400, "too-deep", f"JSON 嵌套不得超过 {DEPTH} 层。")
            await answer(scope, receive, send)
            return
        await self._app(scope, _replay(body), send)


def _replay(body: bytes) -> Receive:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


class Gate:
    """Lets a few commands of each pair in at once; the others wait outside the threads and the pool.

    Waiting costs a coroutine and no thread, so however many wait on one pair, another pair is served at once.
    """

    def __init__(self, *, places: int, wait_s: float = WAIT_S) -> None:
        """Let ``places`` commands of one pair in, and let the next wait ``wait_s`` seconds at most."""
        self._places = places
        self._wait_s = wait_s
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._users: Counter[str] = Counter()

    async def enter(self, pair: str) -> None:
        """Wait for a place. Raises: LedgerBusy after the wait."""
        gate = self._gates.setdefault(pair, asyncio.Semaphore(self._places))
        self._users[pair] += 1
        try:
            await asyncio.wait_for(gate.acquire(), self._wait_s)
        except TimeoutError as late:
            self._forget(pair)
            raise ports.LedgerBusy(pair) from late
        except asyncio.CancelledError:
            self._forget(pair)
            raise

    def leave(self, pair: str) -> None:
        """Give the place back."""
        self._gates[pair].release()
        self._forget(pair)

    def _forget(self, pair: str) -> None:
        self._users[pair] -= 1
        if not self._users[pair]:
            del self._users[pair], self._gates[pair]


PairId = Annotated[
    str,
    Path(
        title="结对单位",
        description="区划代码。",
        pattern=r"^\d{6}(\d{3})?$",
        examples=["140830"],
    ),
]


async def admitted(request: Request, pair: PairId, who: Who) -> AsyncIterator[None]:
    """Hold one of a pair's places while a command is handled; only who is known may wait for one."""
    del who
    gate: Gate = request.app.state.gate
    await gate.enter(pair)
    try:
        yield
    finally:
        gate.leave(pair)


Admitted = Depends(admitted)
