"""HTTP/1.1 as uvicorn speaks it, but that whoever sends a head, or reads an answer, too slowly is cut off.

uvicorn waits for the first head, and for a reader, without end. Bodies that come too slowly are refused in ``limits``.
"""

import asyncio
import json
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from api import exchange, problems

# Until a head has come whole since the connection was opened, or since its first byte; and until what was sent has been
# taken down to 16 KiB by a reader behind whom more than 64 KiB wait.
HEAD_S: Final = 10.0
READ_S: Final = 30.0
KEEP_ALIVE_S: Final = 15
HEAD_BYTES: Final = 1 << 14


class Protocol(H11Protocol):
    """One connection."""

    head_s = HEAD_S
    read_s = READ_S

    def __init__(self, *args: Any, **named: Any) -> None:
        """Begin without a clock running."""
        super().__init__(*args, **named)
        self._head: asyncio.TimerHandle | None = None
        self._reader: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # As uvicorn has it.
        """Give the head its time."""
        super().connection_made(transport)
        self._head = self.loop.call_later(self.head_s, self._cut)

    def data_received(self, data: bytes) -> None:
        """End or begin the time of a head, by whether it is whole."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_head()
        elif self._head is None:
            self._head = self.loop.call_later(self.head_s, self._cut)

    def pause_writing(self) -> None:
        """Begin the time of a reader behind whom too much waits."""
        super().pause_writing()
        self._reader = self.loop.call_later(self.read_s, self._cut)

    def resume_writing(self) -> None:
        """End it."""
        super().resume_writing()
        self._stop_reader()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clocks."""
        self._stop_head()
        self._stop_reader()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP with a problem, as every other error."""
        del msg
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            # An answer is under way, or will be: two would be one too many.
            self._cut()
            return
        problem = problems.Problem(
            type=f"{problems.PREFIX}not-http", title="不是有效的 HTTP 请求。", status=400
        )
        body = json.dumps(problem.model_dump(mode="json", exclude_none=True), ensure_ascii=False).encode()
        headers = [
            (b"content-type", problems.MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            *exchange.HEADERS,
            (exchange.POLICY, exchange.CLOSED),
        ]
        for event in (
            h11.Response(status_code=400, headers=headers, reason="Bad Request"),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _stop_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _stop_reader(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None

    def _cut(self) -> None:
        # Closing would wait until the rest is read.
        self.transport.abort()
