"""Numbers of a running server in Prometheus' text format: no person, no pair, no path."""

import hmac
import ipaddress
import time
from collections.abc import Callable
from typing import Final

from fastapi import FastAPI, Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, exposition
from starlette.responses import Response
from starlette.types import Scope

from api import accesses
from api.problems import ApiError

# Of an answer's beginning; a command takes some 5 ms, a report of a city some 100.
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counts what one application answered."""

    def __init__(self) -> None:
        """Begin at nothing, in a registry of this application's own."""
        self.registry = CollectorRegistry(auto_describe=True)
        self._requests = Counter("lianxi_requests", "答复数", ("method", "status"), registry=self.registry)
        self._seconds = Histogram(
            "lianxi_request_seconds", "收到请求至开始答复的秒数", registry=self.registry, buckets=SECONDS
        )
        self._limited = Counter(
            "lianxi_rate_refusals", "因限速拒绝的请求数", ("policy",), registry=self.registry
        )

    def answered(self, method: str, status: int, *, since: float) -> None:
        """Count an answer to a request that came at a monotonic moment."""
        known = method if method in accesses.METHODS else "OTHER"
        self._requests.labels(known, str(status)).inc()
        self._seconds.observe(time.monotonic() - since)

    def limited(self, policy: str) -> None:
        """Count a request that was refused for being one too many."""
        self._limited.labels(policy).inc()

    def watch(self, name: str, what: str, number: Callable[[], float]) -> None:
        """Show a number that is asked for whenever it is shown."""
        Gauge(name, what, registry=self.registry).set_function(number)


def install(app: FastAPI, *, token: Callable[[], str]) -> None:
    """Serve the numbers to this machine, or to whoever has the token; to others the path does not exist."""

    @app.get("/metrics", include_in_schema=False)
    def metrics(request: Request) -> Response:
        if not (_is_here(request.scope) or _has(request, token())):
            raise ApiError(404, "http-404", "不存在，或无权知悉。")
        shown: Metrics = request.app.state.metrics
        return Response(
            exposition.generate_latest(shown.registry), media_type=exposition.CONTENT_TYPE_PLAIN_0_0_4
        )


def _is_here(scope: Scope) -> bool:
    address = accesses.address(scope)
    return bool(address) and ipaddress.ip_address(address).is_loopback


def _has(request: Request, token: str) -> bool:
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())
