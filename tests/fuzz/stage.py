"""What is tried: the application on a PostgreSQL of its own, with a pair whose two years were played, served on loopback."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest import mock

import httpx2
import psycopg
from fastapi import FastAPI

from api import limits, main, streams
from application.demonstration import ruicheng
from application.stage import OfficeStage
from infrastructure import database, embedded, migrate, settings
from tests.api.harness import Client
from tests.api.serving import running
from tests.fuzz.state import State
from tests.fuzz.tally import Tally
from tests.fuzz.watch import Watch

PAIR = ruicheng.CAST.tenant
OTHER = "140822"
NOW = datetime(2026, 12, 31, 4, 0, tzinfo=UTC)
CITY = "140800"
# Who asks, by turns: by post in the played pair, by role over the city, and one who is nothing here.
POSTS = {name: ruicheng.CAST.person(role) for name, role in (("go", "go"), ("uo", "uo"), ("leader", "gl"))}
ROLES = {
    "administrator": ("p-administrator", "system_administrator"),
    "auditor": ("p-auditor", "auditor"),
    "reader": ("p-city-reader", "city_reader"),
}
STRANGER = "p-stranger"


@dataclass(kw_only=True)
class Stage:
    """The server's address, the tokens by role, and what was counted."""

    root: str
    app: FastAPI
    watch: Watch
    tally: Tally
    tokens: dict[str, str]
    system: main.System


@contextmanager
def on(
    app_dsn: str,
    admin_dsn: str,
    folder: Path,
    *,
    plant: Callable[[FastAPI, psycopg.Connection], None] | None = None,
) -> Iterator[Stage]:
    """Open, play and serve a system on a migrated database. ``plant`` puts a fault into the application."""
    # What never comes is waited for often here, and how long is tested elsewhere.
    patient = mock.patch.object(limits, "BODY_S", 1.0)
    with patient, database.Database(app_dsn) as db, psycopg.connect(admin_dsn, autocommit=True) as admin:
        # One sender sends more in a minute than he would be let: the rates have tests of their own.
        unbounded = dict.fromkeys(("rate_person", "rate_address", "rate_anonymous", "rate_login"), 0)
        chosen = settings.Settings(dsn=app_dsn, data_dir=folder / "data", **unbounded)
        system = main.assemble(db, chosen, clock=lambda: NOW)
        system.office._today = lambda _: NOW.date()
        numbers = itertools.count(1)
        played = OfficeStage(
            system.office, PAIR, people=ruicheng.CAST.people(), new_id=lambda: f"0197{next(numbers):08d}-fuzz"
        )
        ruicheng.play(played, NOW.date() - timedelta(days=1))
        app = main.create_app(system)
        # Streams that nobody reads to their end end soon, and do not use up anybody's places.
        app.state.streams = streams.Streams(system, heartbeat_s=0.2, poll_s=0.2, each=1000, most=1000)
        if plant is not None:
            plant(app, admin)
        tally = Tally()
        tally.begin("setting up")
        watch = Watch(app, State(admin), tally)
        with running(watch) as (root, _):
            tokens = _tokens(root, system)
            yield Stage(root=root, app=app, watch=watch, tally=tally, tokens=tokens, system=system)


def _tokens(root: str, system: main.System) -> dict[str, str]:
    with httpx2.Client(base_url=root, trust_env=False, timeout=60) as client:
        http = Client(client, system.credentials, expires_at=datetime.now(UTC) + timedelta(days=1))
        heads = {name: http.become(person) for name, person in POSTS.items()}
        heads |= {name: http.become(person, (role, CITY)) for name, (person, role) in ROLES.items()}
        heads["stranger"] = http.become(STRANGER)
    return {name: each["Authorization"].removeprefix("Bearer ") for name, each in heads.items()}


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Start a PostgreSQL in a folder and a stage on it."""
    folder.chmod(0o711)
    with embedded.server(folder / "postgres", durable=False, options={"max_connections": "60"}) as server:
        migrate.migrate(server.admin_dsn, app_password=server.app_password)
        with on(server.app_dsn, server.admin_dsn, folder) as stage:
            yield stage


def today() -> date:
    """Give the day on which the stage stands."""
    return NOW.date()
