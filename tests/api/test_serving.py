"""The server's own door."""

import asyncio
import socket

from api.cli import serving
from infrastructure import settings


def test_an_answer_is_sent_without_waiting_for_acknowledgements() -> None:
    """Headers and body are two writes: where the second waits for the first to be acknowledged, it waits 40 ms."""

    async def accepted() -> int:
        found = asyncio.get_running_loop().create_future()
        door = serving._door(settings.Settings(port=0))

        def look(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there = writer.get_extra_info("socket")
            found.set_result(there.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(look, sock=door):
            _, writer = await asyncio.open_connection(*door.getsockname())
            try:
                return await found
            finally:
                writer.close()

    assert asyncio.run(accepted()) == 1
