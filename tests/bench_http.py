"""A lawful command through HTTP against the barest endpoint of the same stack that inserts one row.

The command proposes a topic, on pairs with all their units and posts. Both servers are processes of their own with
the same settings of uvicorn, as many connections and the same database server, fsync on, and are asked in
alternating rounds by as many clients. A client is a thread with a kept-alive socket that sends bytes made before
the round and reads the answer to its end: an HTTP library would take more of the two cores than either server, and
so bring the two nearer to each other than they are.
"""

import argparse
import functools
import json
import socket
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from application import demonstration, ids
from application.demonstration import cast as casts
from application.stage import OfficeStage
from domain import calendar, topics
from domain.decider import Capacity
from domain.regulation import Category
from infrastructure import credentials
from tests import bench_commands
from tests.bench_tools import create_database, fresh_server, tell

CLIENTS = 8
# Of a client and round: so few that a pair's ledger stays as long as a real one.
REQUESTS = 60
SUMMARY = "环卫工人夏季作业缺少避暑休息点，请研究在主要街道设置休息点，并配备饮水、急救药品和休息座椅；所需经费由财政部门会同主管部门核定。"


@dataclass(frozen=True, slots=True)
class Door:
    """Where one pair's requests go: the path, and who sends them."""

    path: str
    token: str
    unit: str


def request(path: str, body: object, headers: dict[str, str]) -> bytes:
    """Make the bytes of a POST."""
    content = json.dumps(body, ensure_ascii=False).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(content)}", "", ""]
    return "\r\n".join(lines).encode() + content


def exchange(connection: socket.socket, message: bytes) -> None:
    """Send a request and read its answer. Raises: RuntimeError where it is not 201."""
    connection.sendall(message)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    left = next(int(line[15:]) for line in lines if line.startswith(b"content-length:")) - len(body)
    while left > 0:
        more = connection.recv(65536)
        left -= len(more)
        body += more
    if b" 201 " not in lines[0]:
        raise RuntimeError((head + body).decode())


def rate(port: int, batches: list[list[bytes]]) -> float:
    """Let each client send its batch. Returns: requests a second. Raises: what a client raised."""

    def task(connection: socket.socket, batch: list[bytes]) -> int:
        for message in batch:
            exchange(connection, message)
        return len(batch)

    with ExitStack() as stack:
        work: list[Callable[[], int]] = []
        for batch in batches:
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            work.append(functools.partial(task, connection, batch))
        count, spent = bench_commands.play(work, clients=len(batches))
    return count / spent


def proposals(doors: list[Door]) -> list[list[bytes]]:
    """Make each client's proposals, over all pairs in turn."""
    today = calendar.local_date(datetime.now(UTC))
    batches = []
    for client in range(CLIENTS):
        batch = []
        for number in range(REQUESTS):
            door = doors[(client + number * CLIENTS) % len(doors)]
            key = ids.new_id()
            content = topics.Content(
                title=f"关于改善环卫工人休息条件的议题 {key}",
                category=Category.C3,
                summary=SUMMARY,
            )
            command = topics.ProposeTopic(on=today, unit=door.unit, content=content)
            headers = {"Authorization": f"Bearer {door.token}", "Idempotency-Key": key}
            batch.append(request(door.path, command.model_dump(mode="json"), headers))
        batches.append(batch)
    return batches


def rows(doors: list[Door]) -> list[list[bytes]]:
    """Make as many rows of the same size for the bare endpoint."""
    return [
        [
            request(f"/pairs/{doors[0].path[10:16]}/rows", {"id": ids.new_id(), "text": SUMMARY * 2}, {})
            for _ in range(REQUESTS)
        ]
        for _ in range(CLIENTS)
    ]


def prepare(dsn: str) -> list[Door]:
    """Register the demonstration's pairs with their units and posts. Returns: a door of each."""
    today = calendar.local_date(datetime.now(UTC))
    doors = []
    with bench_commands.office_on(dsn) as (db, office):
        tokens = bench_commands.enrolled(credentials.PostgresCredentials(db))
        for cast, _ in demonstration.scripts():
            division = office.division(cast.tenant)
            if division is None or not division.mandatory:
                # A pair that joined by itself must first have adopted the procedure.
                continue
            stage = OfficeStage(office, cast.tenant, people=cast.people(), new_id=ids.new_id)
            company = casts.enter(stage, cast, on=today)
            part = next(each for each in cast.parts if each.capacity is Capacity.UNION_OFFICE)
            doors.append(
                Door(
                    path=f"/v1/pairs/{cast.tenant}/topics",
                    token=tokens[cast.person(part.role)],
                    unit=company.units[part.unit],
                )
            )
    return doors


@contextmanager
def bare(dsn: str) -> Iterator[str]:
    """Run the barest endpoint. Yields: its address."""
    port = bench_commands.free_port()
    arguments = [sys.executable, "-m", "tests.bench_bare", str(port), dsn, str(CLIENTS)]
    with subprocess.Popen(arguments, cwd=Path(__file__).parent.parent, stderr=subprocess.DEVNULL) as process:
        try:
            bench_commands.answering(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Run the rounds. Returns: of the section ``command`` what is said of HTTP."""
    with ExitStack() as stack:
        server = stack.enter_context(fresh_server())
        dsn = stack.enter_context(bench_commands.fresh(server))
        doors = prepare(dsn)
        runs = {
            "http": (stack.enter_context(bench_commands.serving(dsn)), proposals),
            "bare": (stack.enter_context(bare(create_database(server, "bare"))), rows),
        }
        rates: dict[str, list[float]] = {name: [] for name in runs}
        for number in range(options.http_rounds + 1):
            for name, (root, make) in runs.items():
                found = rate(int(root.rpartition(":")[2]), make(doors))
                # The first round only warms up.
                if number:
                    rates[name].append(found)
                    tell(f"round {number}  {name:6} {found:8.0f} requests/s")
    medians = {name: statistics.median(found) for name, found in rates.items()}
    return {
        "command": {
            "http_clients": CLIENTS,
            "http_per_second": round(medians["http"]),
            "http_limit_per_second": round(medians["bare"]),
            "http_ratio_to_limit": round(medians["http"] / medians["bare"], 3),
        }
    }
