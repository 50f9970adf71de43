"""A real server on loopback, for what no client within the process can see: streams, broken connections, the end."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import uvicorn

from api import main, streams
from api.cli.serving import Server


@dataclass
class Told:
    """One server-sent event as a reader gets it; a comment has no data."""

    id: str = ""
    event: str = "message"
    data: Any = None
    comment: str = ""


def told(lines: Iterator[str]) -> Iterator[Told]:
    """Read server-sent events by the rules of the HTML standard, as far as they are used here."""
    found, data = Told(), []
    for line in lines:
        if line == "":
            if data:
                found.data = json.loads("\n".join(data))
            yield found
            found, data = Told(), []
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            data.append(value)
        elif name == "":
            found.comment = value
        elif name in {"id", "event"}:
            setattr(found, name, value)


@contextmanager
def served(desk, **options: Any) -> Iterator[str]:
    """Serve a desk on a free port of loopback until the block ends. Gives: its root."""
    app = main.create_app(desk)
    app.state.streams = streams.Streams(desk, **options)
    with running(app) as (root, _):
        yield root


@contextmanager
def running(app) -> Iterator[tuple[str, uvicorn.Server]]:
    """Run an application; both ends of a test's life are waited for, and nothing sleeps."""
    started = threading.Event()
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, timeout_graceful_shutdown=10)
    server = Server(config, started=started.set, stopping=app.state.streams.close)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert started.wait(20)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


@contextmanager
def stream(root: str, path: str, headers: dict[str, str], **parameters: Any) -> Iterator[Iterator[Told]]:
    """Open a stream. Gives: its events; the connection is broken off when the block ends."""
    with (
        httpx2.Client(base_url=root, timeout=20, trust_env=False) as client,
        client.stream("GET", path, headers=headers, params=parameters) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield told(answer.iter_lines())
