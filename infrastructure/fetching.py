"""Asking one trusted server for something small: bounded in time and size, without redirects and proxies."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

import httpx2

CONNECT_S: Final = 5.0
READ_S: Final = 5.0
WHOLE_S: Final = 10.0
MOST_BYTES: Final = 256 * 1024


class TooMuch(Exception):
    """The answer was longer, or took longer, than is waited for."""


class Bounded(httpx2.BaseTransport):
    """Reads so much of an answer and for so long."""

    def __init__(self, inner: httpx2.BaseTransport, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._inner = inner
        self._clock = clock

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request. Raises: TooMuch, httpx2.HTTPError."""
        until = self._clock() + WHOLE_S
        answer = self._inner.handle_request(request)
        return httpx2.Response(
            answer.status_code,
            headers=answer.headers,
            stream=_Short(answer, until=until, clock=self._clock),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Give the connections back."""
        self._inner.close()


class _Short(httpx2.SyncByteStream):
    def __init__(self, answer: httpx2.Response, *, until: float, clock: Callable[[], float]) -> None:
        self._answer = answer
        self._stream = cast("httpx2.SyncByteStream", answer.stream)
        self._until = until
        self._clock = clock

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._stream:
            size += len(part)
            if size > MOST_BYTES or self._clock() > self._until:
                raise TooMuch
            yield part

    def close(self) -> None:
        self._answer.close()


def bounds() -> dict[str, Any]:
    """Give a client its bounds."""
    return {
        "transport": Bounded(httpx2.HTTPTransport(trust_env=False)),
        "timeout": httpx2.Timeout(READ_S, connect=CONNECT_S),
        "trust_env": False,
        "follow_redirects": False,
    }


def client() -> httpx2.Client:
    """Give a client that is bounded."""
    # What is compressed may be small here and large there.
    return httpx2.Client(headers={"Accept-Encoding": "identity"}, **bounds())
