"""Around the application: what it answers to each request, and whether anything moved although it refused."""

import json
from typing import Any

import jsonschema
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from tests.fuzz.state import State
from tests.fuzz.tally import Count, Tally

READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
PROBLEM = jsonschema.Draft202012Validator(problems.Problem.model_json_schema())


class Watch:
    """Judges every answer before its last byte goes out, so that requests which follow each other stay apart."""

    def __init__(self, app: ASGIApp, state: State, tally: Tally) -> None:
        self._app = app
        self._state = state
        self._tally = tally
        self._known = state.glance()
        self._whole = state.whole()
        # How many requests reached the application at all: the server itself answers what is no HTTP.
        self.seen = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self.seen += 1
        answer = _Answer(scope)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.begin(message)
            elif answer.add(message):
                self._judge(answer)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            self._tally.now.faults.append(f"{answer.what}: {type(error).__name__}")
            raise

    def _judge(self, answer: "_Answer") -> None:
        count = self._tally.now
        count.inputs += 1
        count.statuses[answer.status] += 1
        if answer.status >= 500:
            count.faults.append(f"{answer.what}: {answer.status}")
        if answer.status >= 400:
            count.unlike += answer.faults()
        found = self._state.glance()
        if answer.status < 400 and answer.method not in READS:
            if found != self._known:
                self._known, self._whole = found, self._state.whole()
            return
        if found != self._known:
            count.changed.append(f"{answer.what}: {answer.status}: {_moved(self._known, found)}")
            self._known, self._whole = found, self._state.whole()

    def begin(self, name: str) -> Count:
        """Count what follows for a class, from the state as it is."""
        self._known, self._whole = self._state.glance(), self._state.whole()
        return self._tally.begin(name)

    def end(self) -> None:
        """Compare every row of every table with what it was after the last act that was accepted."""
        found = self._state.whole()
        moved = [name for name, digest in found.items() if digest != self._whole[name]]
        if moved:
            self._tally.now.changed.append(f"{self._tally.name}: {moved}")
        self._known, self._whole = self._state.glance(), found


class _Answer:
    """What is known of one answer."""

    def __init__(self, scope: Scope) -> None:
        self.method = scope["method"]
        self.what = f"{self.method} {scope['path'][:200]!r}"
        self.status = 0
        self.kind = ""
        self.body = b""
        self.judged = False

    def begin(self, message: Message) -> None:
        self.status = message["status"]
        headers = {name.lower(): value for name, value in message.get("headers", ())}
        self.kind = headers.get(b"content-type", b"").decode("latin-1")

    def add(self, message: Message) -> bool:
        if self.status >= 400:
            self.body += message.get("body", b"")
        # A stream is judged by its first part, for it has no end.
        ended = not message.get("more_body", False) or self.kind.startswith("text/event-stream")
        first, self.judged = ended and not self.judged, self.judged or ended
        return first

    def faults(self) -> list[str]:
        """Tell where an error is not the problem document that our own schema describes."""
        if self.method == "HEAD":
            return []
        if self.kind != problems.MEDIA_TYPE:
            return [f"{self.what}: {self.status} as {self.kind!r}"]
        try:
            found = json.loads(self.body)
        except ValueError:
            return [f"{self.what}: {self.status} is no JSON"]
        told = [each.message for each in PROBLEM.iter_errors(found)]
        if not told and (found["status"] != self.status or not found["trace_id"]):
            told = ["status or trace_id"]
        return [f"{self.what}: {self.status}: {each}" for each in told]


def _moved(before: tuple[object, ...], after: tuple[object, ...]) -> list[tuple[object, object]]:
    return [(one, other) for one, other in zip(before, after, strict=True) if one != other]
