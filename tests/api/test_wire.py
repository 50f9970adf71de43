"""The server as it is configured for an office, seen from a socket: slow clients, what is no HTTP, and proxies."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_network

import pytest
from starlette.responses import StreamingResponse

from api import exchange, limits, main, wire
from api.cli import serving
from infrastructure import settings

LIMIT_S = 20


@contextmanager
def running(app, **chosen) -> Iterator[tuple[str, int]]:
    """Run an application as ``lianxi serve`` configures it. Gives: its address."""
    started = threading.Event()
    config = serving.configured(app, settings.Settings(dsn="", **chosen))
    config.port = 0
    server = serving.Server(config, started=started.set, stopping=app.state.streams.close)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert started.wait(LIMIT_S)
    try:
        yield server.servers[0].sockets[0].getsockname()[:2]
    finally:
        server.should_exit = True
        thread.join(30)
        app.state.accesses.close()
        assert not thread.is_alive()


@pytest.fixture
def app(system):
    return main.create_app(system)


def talk(address: tuple[str, int], message: bytes) -> bytes:
    """Send bytes and read until the other side closes, or a whole answer has come."""
    with socket.create_connection(address, timeout=LIMIT_S) as connection:
        connection.sendall(message)
        return to_the_end(connection)


def to_the_end(connection: socket.socket) -> bytes:
    found = b""
    try:
        while part := connection.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    return found


def drip(connection: socket.socket, message: bytes) -> int:
    """Send bytes one by one. Returns: how many went out before the other side had enough."""
    pace = threading.Event()
    for number, byte in enumerate(message):
        try:
            connection.sendall(bytes([byte]))
        except OSError:
            return number
        pace.wait(0.02)
    return len(message)


def get(path: str, *headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def test_who_sends_no_head_or_half_of_one_is_cut_off(app, monkeypatch):
    """Each waits until the other side ends it: without the limit the read runs into its own time-out and fails.

    The third sends its second head in part, on a connection that was answered before. The control is answered.
    """
    monkeypatch.setattr(wire.Protocol, "head_s", 0.3)
    with running(app) as address:
        assert talk(address, b"") == b""
        assert talk(address, b"GET /livez HTTP/1.1\r\nHost: local") == b""
        whole = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
        assert talk(address, whole + b"GET /li").count(b"200 OK") == 1
        assert b"200 OK" in talk(address, get("/livez"))


def test_a_head_that_comes_byte_by_byte_gets_no_more_time(app, monkeypatch):
    monkeypatch.setattr(wire.Protocol, "head_s", 0.5)
    with running(app) as address, socket.create_connection(address, timeout=LIMIT_S) as connection:
        dripped = drip(connection, b"GET /livez HTTP/1.1\r\nX: " + b"a" * 1000)
    assert dripped < 1000


def test_a_head_that_is_too_large_is_refused_and_so_is_what_is_no_http(app):
    large = get("/livez", "X: " + "a" * 20 * wire.HEAD_BYTES)
    with running(app) as address:
        for message in (large, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"GET /\r\n\r\n"):
            head, _, body = talk(address, message).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 400 ")
            assert b"content-type: application/problem+json" in head
            for name, value in (*exchange.HEADERS, (exchange.POLICY, exchange.CLOSED)):
                assert b"%s: %s" % (name, value) in head, name
            assert json.loads(body)["type"] == "urn:lianxi:problem:not-http"


def test_a_body_that_comes_too_slowly_is_refused(app, monkeypatch):
    monkeypatch.setattr(limits, "BODY_S", 0.3)
    head = b"POST /v1/people HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    with running(app) as address:
        answer = talk(address, head)
    assert b" 408 " in answer.partition(b"\r\n")[0]


def test_who_does_not_read_an_answer_is_cut_off(app, monkeypatch):
    """The sender learns it, and stops: the answer is endless otherwise."""
    monkeypatch.setattr(wire.Protocol, "read_s", 0.3)
    ended = threading.Event()

    @app.get("/endless", operation_id="endless")
    async def endless(request: limits.Request) -> StreamingResponse:
        async def more():
            try:
                while not await request.is_disconnected():
                    yield b"x" * 65536
            finally:
                ended.set()

        return StreamingResponse(more())

    with running(app) as address, socket.create_connection(address, timeout=LIMIT_S) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(get("/endless"))
        assert ended.wait(LIMIT_S)
        to_the_end(connection)


def test_a_stream_whose_reader_keeps_up_is_not_cut_off(app, monkeypatch):
    """The control: more is read than any buffer holds, in more time than a reader who stopped is given."""
    monkeypatch.setattr(wire.Protocol, "read_s", 0.2)
    pace = threading.Event()

    @app.get("/long", operation_id="long")
    async def long() -> StreamingResponse:
        async def more():
            for _ in range(200):
                yield b"x" * 65536

        return StreamingResponse(more())

    with running(app) as address, socket.create_connection(address, timeout=LIMIT_S) as connection:
        connection.sendall(get("/long"))
        size = 0
        while part := connection.recv(1 << 20):
            size += len(part)
            pace.wait(0.005)
    assert size > 200 * 65536


def test_the_server_does_not_name_itself(app):
    with running(app) as address:
        assert b"\r\nserver:" not in talk(address, get("/livez")).lower()


@pytest.mark.parametrize(
    ("proxies", "seen", "strict"),
    [
        ((), "127.0.0.1", False),
        ((ip_network("127.0.0.1"),), "192.0.2.7", True),
        ((ip_network("10.0.0.0/8"),), "127.0.0.1", False),
    ],
)
def test_only_a_trusted_proxy_says_who_is_behind_it(system, proxies, seen, strict):
    """What the client itself wrote in front, nobody believes."""
    app = main.create_app(replace(system))
    forwarded = ("X-Forwarded-For: 203.0.113.9, 192.0.2.7", "X-Forwarded-Proto: https")
    with running(app, trusted_proxies=proxies) as address:
        answer = talk(address, get("/v1/nothing", *forwarded))
    assert (b"strict-transport-security" in answer) is strict
    assert system.access_log.listed(limit=1)[0].access.address == seen


TWO_LENGTHS = {
    "chunked and a length": (b"Transfer-Encoding: chunked", b"Content-Length: 4"),
    "a length and chunked": (b"Content-Length: 4", b"Transfer-Encoding: chunked"),
    "two lengths": (b"Content-Length: 4", b"Content-Length: 44"),
    "two lengths in one": (b"Content-Length: 4, 44",),
    "a length with a sign": (b"Content-Length: +4",),
    "a coding that is none": (b"Transfer-Encoding: chunked, identity",),
    "a coding behind a tab": (b"Content-Length: 4", b"Transfer-Encoding:\tchunked"),
    "a name with a blank": (b"Content-Length: 4", b"Transfer-Encoding : chunked"),
}


@pytest.mark.parametrize("fault", TWO_LENGTHS)
def test_a_message_of_two_lengths_is_one_request(app, fault, monkeypatch):
    """Whatever a proxy in front takes for its end: what is hidden in its body is never answered as a request.

    The control sends the same two requests one after the other, and both are answered.
    """
    monkeypatch.setattr(wire, "KEEP_ALIVE_S", 1)
    hidden = get("/livez")
    lines = (b"POST /v1/people HTTP/1.1", b"Host: localhost", b"Content-Type: application/json")
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(hidden), hidden)
    with running(app) as address:
        for body in (chunk, b"null" + hidden):
            message = b"\r\n".join([*lines, *TWO_LENGTHS[fault], b"", body])
            assert b'"status":"ok"' not in talk(address, message), body
        first = b"\r\n".join([*lines, b"Content-Length: 4", b"", b"null"])
        assert b'"status":"ok"' in talk(address, first + hidden)
