"""Requests as bytes on a socket, because a client library would put right what is wrong in them."""

import contextlib
import json
import socket
from dataclasses import dataclass, field
from typing import Any, Final

WAIT_S: Final = 12.0
PIECE: Final = 1 << 16
JSON: Final = ("Content-Type", "application/json")
Text = str | bytes
Header = tuple[Text, Text]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; status 0 where the connection ended without an answer."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body)


def raw(text: Text) -> bytes:
    """Give the bytes of a text: as UTF-8, a lone surrogate as the three bytes that it must not be."""
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def message(
    method: Text, target: Text, headers: list[Header], body: bytes = b"", *, sized: bool = True
) -> bytes:
    """Make the bytes of a request. ``sized``: whether to say how long its body is."""
    lines = [raw(method) + b" " + raw(target) + b" HTTP/1.1", b"Host: 127.0.0.1"]
    lines += [raw(name) + b": " + raw(value) for name, value in headers]
    if sized and (body or method not in {"GET", "HEAD"}):
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([*lines, b"", b""]) + body


class Wire:
    """One connection after another to one server; kept alive for as long as the server does."""

    def __init__(self, root: str) -> None:
        host, _, port = root.removeprefix("http://").partition(":")
        self._address = (host, int(port))
        self._socket: socket.socket | None = None

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, sent: bytes, *, head: bool = False) -> Answer:
        """Send a request and read its answer. ``head``: whether its answer has no content."""
        fresh = self._socket is None
        try:
            answer = self._exchange(sent, head=head)
        except OSError:
            answer = Answer()
        if answer.status == 0 and not fresh:
            # The server had ended the connection after the answer before.
            self.close()
            return self.send(sent, head=head)
        return answer

    def _exchange(self, sent: bytes, *, head: bool) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, WAIT_S)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # The server may answer before the end of what was sent, and hear no more.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(sent)
        answer = self._read(head=head)
        if answer.status == 0 or answer.headers.get("connection") == "close":
            self.close()
        return answer

    def _read(self, *, head: bool) -> Answer:
        assert self._socket is not None
        with self._socket.makefile("rb") as stream:
            first = stream.readline(PIECE)
            if not first:
                return Answer()
            if not first.startswith(b"HTTP/1."):
                # What is no answer to this request came after the one before.
                return Answer()
            status = int(first.split()[1])
            headers = {}
            while (line := stream.readline(PIECE)) not in {b"\r\n", b"\n", b""}:
                name, _, value = line.decode("latin-1").partition(":")
                headers[name.strip().lower()] = value.strip()
            if head or status in {204, 304}:
                return Answer(status=status, headers=headers)
            if headers.get("content-type", "").startswith("text/event-stream"):
                self.close()
                return Answer(status=status, headers=headers)
            if "content-length" in headers:
                return Answer(
                    status=status, headers=headers, body=stream.read(int(headers["content-length"]))
                )
            self.close()
            return Answer(status=status, headers=headers, body=stream.read())
