"""Limits on everything that comes in: body, depth, time, and how much is let in at once."""

import asyncio
import re
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import structlog
from fastapi import Depends, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import forms, problems
from api.auth import Person, Who
from api.desk import Desk
from api.exchange import Exchange
from api.problems import ApiError
from application import commands, importing, ports

BODY_BYTES = 1 << 20
DEPTH = 32
WAIT_S = 4.0
BODY_S = 10.0
READS = 2
# A check of a password takes 64 MiB and some 100 ms of four threads.
PROOFS = 2
# A division, or an industry within one: its code, a hyphen and its own.
DIVISION = r"^[0-9]{6}([0-9]{3}|-[0-9A-Z]{2,6})?$"
JSON_TYPE = re.compile(r"application/([0-9a-z.+-]+\+)?json(\s*;.*)?", re.IGNORECASE)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Paper history comes as a workbook, on these two paths alone; everything else that comes in is JSON.
WORKBOOK_PATHS = re.compile(r"/v1/pairs/[^/]+/imports(/check)?")
TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def too_deep(body: bytes) -> bool:
    """Whether JSON text nests deeper than the limit; counted before anything parses it."""
    if body.count(b"[") + body.count(b"{") <= DEPTH:
        return False
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
    """Gives each request a trace id, reads its body within the limits and hands it on; adds security headers.

    It is the outermost layer of ours, so that whatever fails within is answered and logged here, once.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace = uuid.uuid4().hex
        headless = scope["method"] == "HEAD"
        # A stream has no end that could be waited for where only its head is asked for.
        scope.setdefault("state", {}).update(trace_id=trace, headless=headless)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(trace_id=trace, method=scope["method"])
        # What may be read may be asked for without its content; the server itself knows that none follows.
        inner = {**scope, "method": "GET"} if headless else scope
        exchange = Exchange(scope, inner, receive, send)
        try:
            await exchange.run(self._within)
        except Exception as error:  # noqa: BLE001 - nothing that fails may pass on: its message may hold payloads.
            answer = problems.fault(Request(inner), error)
            if not exchange.started:
                await answer(inner, receive, exchange.send)

    async def _within(self, scope: Scope, receive: Receive, send: Send) -> None:
        ambiguous = forms.ambiguous(scope)
        if ambiguous is not None:
            answer = problems.respond(Request(scope), *ambiguous)
            await answer(scope, receive, send)
            return
        if scope["method"] in {"GET", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        await self._bounded(scope, receive, send)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            async with asyncio.timeout(BODY_S):
                body = await _read(scope, receive, most=_most(scope))
        except TimeoutError:
            title = f"请求内容未在 {BODY_S:g} 秒内收齐。"
            answer = problems.respond(request, 408, "too-slow", title, headers={"Connection": "close"})
            await answer(scope, receive, send)
            return
        except ClientDisconnect:
            return
        refused = _unfit(request, body)
        if refused is not None:
            await refused(scope, receive, send)
            return
        await self._app(scope, _replay(body or b""), send)


def _takes_workbook(scope: Scope) -> bool:
    return scope["method"] == "POST" and WORKBOOK_PATHS.fullmatch(scope["path"]) is not None


def _most(scope: Scope) -> int:
    return importing.MAX_BYTES if _takes_workbook(scope) else BODY_BYTES


async def _read(scope: Scope, receive: Receive, *, most: int) -> bytes | None:
    declared = Headers(scope=scope).get("content-length", "0")
    if not (declared.isascii() and declared.isdigit() and len(declared) < 10) or int(declared) > most:  # noqa: PLR2004 - no bound of ours has ten digits.
        return None
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > most:
            return None
        more = message.get("more_body", False)
    return bytes(body)


def _unfit(request: Request, body: bytes | None) -> Response | None:
    if body is None:
        title = f"请求内容不得超过 {_most(request.scope)} 字节。"
        return problems.respond(request, 413, "too-large", title)
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        return problems.respond(request, 415, "encoded", "请求内容不得压缩（Content-Encoding）。")
    if _takes_workbook(request.scope):
        return _no_workbook(request)
    if body and not JSON_TYPE.fullmatch(request.headers.get("content-type", "").strip()):
        title = "请求内容须为 JSON，并注明 Content-Type: application/json。"
        return problems.respond(request, 415, "not-json", title, headers={"Accept-Post": "application/json"})
    if too_deep(body):
        return problems.respond(request, 400, "too-deep", f"JSON 嵌套不得超过 {DEPTH} 层。")
    if body and not forms.is_json(body):
        return problems.respond(request, 400, "malformed-json", problems.MALFORMED)
    return None


def _no_workbook(request: Request) -> Response | None:
    if request.headers.get("content-type", "").strip().lower() == XLSX:
        return None
    title = f"请求内容须为 xlsx 工作簿，并注明 Content-Type: {XLSX}。"
    return problems.respond(request, 415, "not-a-workbook", title, headers={"Accept-Post": XLSX})


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
    """Lets a few requests of each pair, or of each person, in at once; the others wait outside threads and pool.

    Waiting costs a coroutine and no thread, so however many wait on one pair, another pair is served at once.
    """

    def __init__(self, *, places: int, wait_s: float = WAIT_S) -> None:
        """Let ``places`` requests of one key in, and let the next wait ``wait_s`` seconds at most."""
        self._places = places
        self._wait_s = wait_s
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._users: Counter[str] = Counter()

    async def enter(self, key: str) -> None:
        """Wait for a place. Raises: LedgerBusy after the wait."""
        gate = self._gates.setdefault(key, asyncio.Semaphore(self._places))
        self._users[key] += 1
        try:
            if gate.locked():
                await asyncio.wait_for(gate.acquire(), self._wait_s)
            else:
                # Where a place is free, waiting for it would cost a timer and a task, and this does not wait.
                await gate.acquire()
        except TimeoutError as late:
            self._forget(key)
            raise ports.LedgerBusy(key) from late
        except asyncio.CancelledError:
            self._forget(key)
            raise

    def leave(self, key: str) -> None:
        """Give the place back."""
        self._gates[key].release()
        self._forget(key)

    def _forget(self, key: str) -> None:
        self._users[key] -= 1
        if not self._users[key]:
            del self._users[key], self._gates[key]


PairId = Annotated[
    str,
    Path(
        title="结对单位",
        description="区划代码；产业（行业）为所在市、县的代码加连字符和行业代号。",
        pattern=DIVISION,
        examples=["140830"],
    ),
]


async def member(request: Request, pair: PairId, who: Who) -> Person:
    """Tell who calls, where he belongs to the pair: only such may take up its places.

    A framework walks the dependencies of a dependency anew wherever it is named, so whoever needs this one takes the
    person from it as well. Raises: UnknownPair.
    """
    await _belongs(request.app.state.desk, who, pair)
    return who


Member = Annotated[Person, Depends(member)]


@asynccontextmanager
async def place(request: Request, pair: str) -> AsyncIterator[None]:
    """Hold one of a pair's places while a command is handled. Raises: LedgerBusy."""
    gate: Gate = request.app.state.gate
    await gate.enter(pair)
    try:
        yield
    finally:
        gate.leave(pair)


async def admitted(request: Request, pair: PairId, who: Member) -> AsyncIterator[Person]:
    """Hold a place as a dependency does, until the answer is sent. Raises: UnknownPair, LedgerBusy."""
    async with place(request, pair):
        yield who


async def _belongs(the_desk: Desk, who: Person, pair: str) -> None:
    """Let nobody near a pair who neither administers it nor holds or held a post there.

    This is asked before the pair's places and its ledger's lock are: a stranger must not take up either.
    A post that was held once was held for ever, so what the office remembers is enough where it says yes.
    """
    if who.administers(pair) or the_desk.office.remembers(who.id, pair):
        return
    posts = await run_in_threadpool(the_desk.views.rows, pair, "post", where={"person": who.id}, limit=1)
    if not posts.rows:
        raise commands.UnknownPair


@asynccontextmanager
async def reading(request: Request, who: Person, *, hold: bool = True) -> AsyncIterator[None]:
    """Hold one of a person's few places for reads that go through whole ledgers; a request holds one at most.

    Raises: ApiError 503.
    """
    if not hold or getattr(request.state, "unhurried", False):
        yield
        return
    gate: Gate = request.app.state.reading
    try:
        await gate.enter(who.id)
    except ports.LedgerBusy as late:
        title = f"核验、重放、报告、历史时刻等每人同时至多办理 {READS} 项，请稍后再试。"
        raise ApiError(503, "too-many-reads", title) from late
    request.state.unhurried = True
    try:
        yield
    finally:
        gate.leave(who.id)


async def unhurried(request: Request, who: Who) -> AsyncIterator[None]:
    """Hold a place while a read goes through whole ledgers. Raises: ApiError 503."""
    async with reading(request, who):
        yield


async def proving(request: Request) -> AsyncIterator[None]:
    """Hold one of the few places for checks of passwords and codes. Raises: ApiError 503."""
    gate: Gate = request.app.state.proving
    try:
        await gate.enter("proofs")
    except ports.LedgerBusy as late:
        raise ApiError(503, "too-many-logins", "正在登录的人太多，请稍后再试。") from late
    try:
        yield
    finally:
        gate.leave("proofs")


Proving = Depends(proving)
Admitted = Depends(admitted)
Unhurried = Depends(unhurried)
