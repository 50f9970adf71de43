"""Asking the application without a socket: the bytes and headers of an answer exactly as the server would send them."""

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

Message: TypeAlias = MutableMapping[str, Any]
App: TypeAlias = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]
HOST: Final = "lianxi.example"
ORIGIN: Final = f"https://{HOST}"
PROBLEM: Final = "urn:lianxi:problem:"
# Two answers are never alike in these, whatever they say.
OF_EACH: Final = frozenset({"x-trace-id", "content-length", "date"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def code(self) -> str:
        """Give the code of a problem; empty for what is none."""
        return str(self.json().get("type", "")).removeprefix(PROBLEM) if self.is_problem and self.body else ""

    @property
    def is_problem(self) -> bool:
        return ("content-type", "application/problem+json") in self.headers

    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str:
        return next((value for each, value in self.headers if each == name), "")

    @property
    def text(self) -> str:
        """Give everything that was told, headers included, to search in."""
        return (
            "\n".join(f"{name}: {value}" for name, value in self.headers)
            + "\n"
            + self.body.decode("utf-8", "replace")
        )

    def alike(self, *, but: Mapping[str, str]) -> tuple[int, tuple[tuple[str, str], ...], str]:
        """Give what two answers are compared by; ``but`` names what was asked for, which an answer may repeat."""
        body = self.body.decode("utf-8", "replace")
        if self.is_problem and body:
            shown = self.json()
            shown.pop("trace_id", None)
            # The path that was asked for, as it was asked for.
            shown.pop("instance", None)
            body = json.dumps(shown, ensure_ascii=False, sort_keys=True)
        headers = tuple(sorted((name, value) for name, value in self.headers if name not in OF_EACH))
        for name, value in but.items():
            body = body.replace(value, name)
            headers = tuple((each, held.replace(value, name)) for each, held in headers)
        return self.status, headers, body


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


async def ask(app: App, request: Request) -> Answer:
    """Ask once. A stream is read up to its first piece and then left."""
    sent = False
    started: Message = {}
    body = bytearray()

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        else:
            body.extend(message.get("body", b""))

    headers = [("host", HOST), *request.headers]
    if request.body:
        headers.append(("content-length", str(len(request.body))))
    await app(
        {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "https",
            "path": request.path,
            "raw_path": request.path.encode(),
            "root_path": "",
            "query_string": urlencode(request.query).encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
            "client": ("192.0.2.1", 50000),
            "server": (HOST, 443),
            "state": {},
        },
        receive,
        send,
    )
    told = tuple((name.decode().lower(), value.decode("latin-1")) for name, value in started["headers"])
    return Answer(started["status"], told, bytes(body))
