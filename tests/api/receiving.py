"""A receiver of webhooks on loopback that a test commands, and that checks signatures by code of its own."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def place(self) -> tuple[str, int]:
        return self.event["partitionkey"], self.event["position"]


@dataclass
class Receiver:
    """Keeps what comes; ``answers`` says what each request is answered, 204 where it is not told."""

    root: str = ""
    port: int = 0
    got: list[Got] = field(default_factory=list)
    answers: Callable[[Got], int] = lambda _: 204
    location: str = ""
    endless: threading.Event | None = None

    @property
    def places(self) -> list[tuple[str, int]]:
        return [each.place for each in self.got]


@contextmanager
def receiver(*, cert: str = "", key: str = "") -> Iterator[Receiver]:
    """Listen on a free port of loopback until the block ends, with TLS where there is a certificate."""
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found = Got(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            kept.got.append(found)
            self.send_response(kept.answers(found))
            if kept.location:
                self.send_header("Location", kept.location)
            if kept.endless is None:
                self.send_header("Content-Length", "0")
            self.end_headers()
            with suppress(OSError):
                while kept.endless is not None and not kept.endless.is_set():
                    self.wfile.write(b"x" * 65536)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if cert:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(cert, key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        kept.port = server.server_port
        kept.root = f"http://127.0.0.1:{kept.port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join(10)


def signed_by(secret: str, got: Got) -> bool:
    """Whether one of the signatures is that of a secret: Standard Webhooks, from its text and not from its library."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = b".".join(
        (got.headers["webhook-id"].encode(), got.headers["webhook-timestamp"].encode(), got.body)
    )
    wanted = "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return wanted in got.headers["webhook-signature"].split(" ")
