"""An application on a fresh database, with people whose tokens are known."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pwdlib.hashers.argon2 import Argon2Hasher

from api import main
from infrastructure import database as databases
from infrastructure import passwords, settings
from tests.api.harness import Client

NOW = datetime(2026, 12, 31, 4, 0, tzinfo=UTC)


@pytest.fixture
def system(database, tmp_path) -> Iterator[main.System]:
    """The system as a user gets it, but that today is the last day of 2026."""
    with databases.Database(database.app_dsn) as db:
        # A test asks more in a minute than a person does.
        chosen = settings.Settings(
            dsn=database.app_dsn, data_dir=tmp_path / "data", rate_person=0, rate_address=0
        )
        assembled = main.assemble(db, chosen, clock=lambda: NOW)
        assembled.office._today = lambda _: NOW.date()
        yield assembled


DOCUMENT: dict[str, Any] = {}


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def on(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@pytest.fixture
def clock() -> Clock:
    """The clock of the systems that people enter in tests."""
    return Clock(NOW)


@pytest.fixture
def entered(database, tmp_path, clock) -> Iterator[Client]:
    """A client of a system with accounts: its clock is the test's, and its passwords cost next to nothing."""
    cheap = passwords.Argon2Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
    with databases.Database(database.app_dsn) as db:
        chosen = settings.Settings(dsn=database.app_dsn, data_dir=tmp_path / "data")
        assembled = main.assemble(db, chosen, clock=clock, passwords=cheap)
        assembled.office._today = lambda _: clock().date()
        app = main.create_app(assembled)
        # Writing the document takes a second, and it is the same for every test.
        app.openapi_schema = DOCUMENT.get("openapi")
        with TestClient(app, raise_server_exceptions=False, base_url="https://testserver") as client:
            made = Client(client, assembled.credentials, expires_at=datetime.now(UTC) + timedelta(days=1))
            made.system = assembled
            DOCUMENT["openapi"] = app.openapi_schema
            yield made


@pytest.fixture
def http(system) -> Iterator[Client]:
    """A client of the application, and a way to become somebody."""
    with TestClient(main.create_app(system), raise_server_exceptions=False) as client:
        yield Client(client, system.credentials, expires_at=datetime.now(UTC) + timedelta(days=1))
