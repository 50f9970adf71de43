"""The proxy: where it cuts, each side is left with what the step says, and uncut it changes nothing."""

import contextlib
import socket
import threading
from contextlib import contextmanager

import pytest

from tests.drill import proxy
from tests.drill.proxy import Step

ASKED, ANSWERED = b"ask" * 100, b"answer" * 100


@contextmanager
def answering():
    """Listen, and answer one request whole. Yields: the address, what was heard, and when it is over."""
    heard, over = bytearray(), threading.Event()
    with socket.create_server((proxy.HOST, 0)) as door:

        def serve():
            with contextlib.suppress(OSError):
                connection, _ = door.accept()
                with connection:
                    while len(heard) < len(ASKED) and (piece := connection.recv(4096)):
                        heard.extend(piece)
                    if len(heard) == len(ASKED):
                        connection.sendall(ANSWERED)
            over.set()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield door.getsockname(), heard, over
        finally:
            # Whoever still waits for a connection is told that none comes.
            door.shutdown(socket.SHUT_RDWR)
            thread.join()


def told(port: int) -> bytes:
    """Ask through the proxy. Returns: what came back before the connection ended."""
    got = bytearray()
    with socket.create_connection((proxy.HOST, port), timeout=60) as asking:
        asking.sendall(ASKED)
        with contextlib.suppress(ConnectionError):
            while len(got) < len(ANSWERED) and (piece := asking.recv(4096)):
                got.extend(piece)
    return bytes(got)


@pytest.mark.parametrize("step", [None, *Step])
def test_a_connection_is_cut_where_the_step_says(step, monkeypatch):
    monkeypatch.setattr(proxy.Proxy, "plan", lambda self, piece: step)
    with answering() as (address, heard, over):
        with proxy.running(proxy.Proxy(lambda: address, share=1, seed="1")) as between:
            got = told(between.port)
            assert over.wait(60)
        assert bytes(heard) == (b"" if step is Step.BEFORE else ASKED)
    if step is None:
        assert got == ANSWERED
    else:
        # A reset may overtake the part of an answer that was sent.
        assert len(got) < len(ANSWERED)
        assert ANSWERED.startswith(got)
        assert step is Step.MIDDLE or not got


def test_nothing_is_cut_before_it_is_armed_and_every_cut_is_counted():
    between = proxy.Proxy(lambda: ("", 0), share=1, seed="1", mark=lambda piece: piece.decode())
    assert between.plan(b"open") is None
    between.armed.set()
    assert {between.plan(b"open") for _ in range(100)} == set(Step)
    assert between.dropped == 100
    assert set(between.cuts) == {f"{step} open" for step in Step}
