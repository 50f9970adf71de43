"""Commands a second: the demonstration's pairs, played by eight clients through the office and through HTTP.

The mix is that of real years: whole procedures from the registration to the last verification. Each round has a
database of its own on the benchmark's server. Shares are of one client's time in the office, part by part.
"""

import argparse
import functools
import itertools
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import httpx2
import structlog

from api import main
from api.routes import acts
from application import commands, demonstration, handlers, ids, views
from application import dossier as dossiers
from application.demonstration.cast import Cast
from application.stage import OfficeStage
from domain import calendar
from domain.decider import Command
from infrastructure import credentials, database, embedded, ledger, migrate
from infrastructure.divisions import PackagedDivisions
from infrastructure.holidays import PublishedCalendar
from tests.bench_tools import create_database, fresh_server, tell

# Every route is registered with the application that has them all.
ROUTERS = main.ROUTERS
CLIENTS = 8
NAMES = itertools.count(1)


@dataclass
class Clock:
    """How long one client was at each part of a command, in seconds; a part inside another counts for itself alone."""

    spent: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    inner: list[float] = field(default_factory=lambda: [0.0])

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        self.inner.append(0.0)
        began = time.perf_counter()
        try:
            yield
        finally:
            whole = time.perf_counter() - began
            self.spent[name] += whole - self.inner.pop()
            self.inner[-1] += whole

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Give a function that does the same and is timed."""

        def wrapper(*args: Any, **named: Any) -> Any:
            with self.part(name):
                return function(*args, **named)

        return wrapper


class HttpStage:
    """A stage whose acts are requests to a server; what a script looks at is read beside it, from the ledger."""

    def __init__(
        self, root: str, tenant: str, tokens: dict[str, str], people: dict[str, commands.Caller], office: Any
    ) -> None:
        self.tenant = tenant
        self._tokens = tokens
        self._people = people
        self._office = office
        self._client = httpx2.Client(base_url=root, timeout=30)
        self.sent = 0

    def act(self, role: str, command: Command, *, subject: str = "") -> str:
        handler = handlers.HANDLERS[type(command)]
        target = subject or (command.side.value if handler.kind == "liaison" else self.tenant)
        version = self._office.dossier(self.tenant).version(handler.stream(target))
        self.sent += 1
        headers = {
            "Authorization": f"Bearer {self._tokens[self._people[role].person]}",
            "Idempotency-Key": f"bench-{self.tenant}-{self.sent:05d}",
        }
        if version:
            headers["If-Match"] = f'"{version}"'
        path = acts.REGISTERED[type(command)].format(pair=self.tenant, id=target)
        answer = self._client.post(path, headers=headers, json=command.model_dump(mode="json"))
        answer.raise_for_status()
        return str(answer.json()["id"])

    def near_miss(self, *_: Any, **__: Any) -> None:
        """Only what is lawful is measured."""

    def detour(self, _: int) -> bool:
        return False

    def state(self, stream: str) -> object:
        return self._office.dossier(self.tenant).state(stream)


@contextmanager
def fresh(server: embedded.Server) -> Iterator[str]:
    """Make a database for one round. Yields: the application's DSN."""
    name = f"commands_{next(NAMES)}"
    migrate.migrate(create_database(server, name), app_password=server.app_password)
    yield server.dsn(user=embedded.APP, password=server.app_password, database=name)


@contextmanager
def office_on(dsn: str) -> Iterator[tuple[database.Database, commands.Office]]:
    """Open an office on a database, with a connection for each client."""
    limits = database.Limits(pool_min=CLIENTS, pool_max=CLIENTS, lock_ms=60000)
    with database.Database(dsn, limits=limits) as db:
        yield (
            db,
            commands.Office(ledger.PostgresLedger(db), PackagedDivisions(), working_days=PublishedCalendar()),
        )


def play(work: list[Callable[[], int]], *, clients: int) -> tuple[int, float]:
    """Let clients take pairs one after another. Returns: commands in all, and seconds. Raises: what a client raised."""
    left, errors, counts = iter(work), [], [0] * clients
    lock = threading.Lock()

    def run(number: int) -> None:
        try:
            while True:
                with lock:
                    task = next(left, None)
                if task is None:
                    return
                counts[number] += task()
        except BaseException as error:  # noqa: BLE001  # It is raised below, in the main thread.
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - began
    if errors:
        raise errors[0]
    return sum(counts), spent


def through_the_office(server: embedded.Server, *, clients: int) -> float:
    """Play every pair through the office. Returns: commands a second."""
    today = calendar.local_date(datetime.now(UTC))
    with fresh(server) as dsn, office_on(dsn) as (_, office):

        def task(cast: Cast, script: demonstration.Script) -> int:
            stage = OfficeStage(office, cast.tenant, people=cast.people(), new_id=ids.new_id)
            script(stage, today)
            return stage.acts

        work = [lambda each=each: task(*each) for each in demonstration.scripts()]  # type: ignore[misc]  # A default binds the loop's value.
        count, spent = play(work, clients=clients)
    return count / spent


def through_http(server: embedded.Server) -> float:
    """Play every pair through a server of its own, by eight clients. Returns: commands a second."""
    today = calendar.local_date(datetime.now(UTC))
    with fresh(server) as dsn, office_on(dsn) as (db, office), serving(dsn) as root:
        tokens = enrolled(credentials.PostgresCredentials(db))

        def task(cast: Cast, script: demonstration.Script) -> int:
            stage = HttpStage(root, cast.tenant, tokens, cast.people(), office)
            script(stage, today)
            return stage.sent

        work = [lambda each=each: task(*each) for each in demonstration.scripts()]  # type: ignore[misc]  # As above.
        count, spent = play(work, clients=CLIENTS)
    return count / spent


def enrolled(known: credentials.PostgresCredentials) -> dict[str, str]:
    """Give everybody in the demonstration a token. Returns: the tokens by person."""
    callers = {
        caller.person: caller for cast, _ in demonstration.scripts() for caller in cast.people().values()
    }
    tokens = {}
    for person, caller in callers.items():
        known.enrol(person, label="bench")
        if caller.administrator:
            known.grant(person, role="system_administrator", scope="140800")
        tokens[person] = known.issue(person, label="bench", expires_at=datetime.now(UTC) + timedelta(hours=1))
    return tokens


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


@contextmanager
def serving(dsn: str) -> Iterator[str]:
    """Run the server as its users do. Yields: its address."""
    port = free_port()
    environment = {
        **os.environ,
        "LIANXI_DSN": dsn,
        "LIANXI_PORT": str(port),
        "LIANXI_POOL_SIZE": str(CLIENTS),
        "LIANXI_LOG_LEVEL": "warning",
    }
    program = "from api.start import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "serve", "--no-demo"],
        env=environment,
        cwd=Path(__file__).parent.parent,
        stderr=subprocess.DEVNULL,
    ) as process:
        root = f"http://127.0.0.1:{port}"
        try:
            answering(root)
            yield root
        finally:
            process.terminate()


def answering(root: str) -> None:
    """Wait until a server answers. Raises: httpx2.HTTPError after half a minute."""
    until = time.monotonic() + 30
    while True:
        try:
            httpx2.get(f"{root}/livez").raise_for_status()
        except httpx2.HTTPError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def shares(server: embedded.Server) -> dict[str, float]:
    """Play one client alone and tell what share of its time goes where; the parts add up to 1."""
    clock = Clock()
    session = ledger.PostgresLedger.session

    @contextmanager
    def opened(*args: Any, **named: Any) -> Iterator[Any]:
        held = session(*args, **named)
        with clock.part("load"):
            found = held.__enter__()
        try:
            yield found
        except BaseException:
            held.__exit__(*sys.exc_info())
            raise
        with clock.part("append"):
            held.__exit__(None, None, None)

    with ExitStack() as stack:
        for target, name, part in (
            (commands.Office, "submit", "rest"),
            (commands, "decide", "decide"),
            (dossiers, "confirm", "load"),
            (dossiers, "evolve", "fold"),
            (dossiers, "written", "json"),
            (commands, "request_hash", "json"),
            (views, "changed", "views"),
            (ledger.PostgresSession, "append", "append"),
        ):
            timed = clock.timed(part, getattr(target, name))
            # A function on a class takes its instance as a method does; a wrapper must be one as well.
            stack.enter_context(mock.patch.object(target, name, timed))
        stack.enter_context(mock.patch.object(ledger.PostgresLedger, "session", opened))
        through_the_office(server, clients=1)
    whole = sum(clock.spent.values())
    return {part: round(spent / whole, 3) for part, spent in sorted(clock.spent.items())}


def without_views(server: embedded.Server) -> float:
    """Play one client alone whose commands write no view. Returns: commands a second."""
    with mock.patch.object(views, "changed", return_value=()):
        return through_the_office(server, clients=1)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Run the rounds, alternating. Returns: the section ``command``: medians in commands a second, and the shares."""
    # The line that each accepted command logs belongs to the server's work, not to the benchmark's screen.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    with fresh_server() as server:
        runs = {
            "office": functools.partial(through_the_office, server, clients=CLIENTS),
            "office_alone": functools.partial(through_the_office, server, clients=1),
            "without_views": functools.partial(without_views, server),
            "http": functools.partial(through_http, server),
        }
        rates: dict[str, list[float]] = {name: [] for name in runs}
        for number in range(1, options.command_rounds + 1):
            for name, run in runs.items():
                rates[name].append(run())
                tell(f"round {number}  {name:12} {rates[name][-1]:8.0f} commands/s")
        medians = {name: round(statistics.median(found)) for name, found in rates.items()}
        return {
            "command": {
                "clients": CLIENTS,
                "per_second": medians,
                "rounds": options.command_rounds,
                "shares": shares(server),
                # Of one client's time, what goes away with the views: making, sending and writing their rows.
                "view_cost": round(1 - medians["office_alone"] / medians["without_views"], 3),
            }
        }
