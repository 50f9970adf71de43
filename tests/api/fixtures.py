"""An application on a fresh database, with people whose tokens are known."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from api import main
from infrastructure import database as databases
from infrastructure import settings
from tests.api.harness import Client

NOW = datetime(2026, 12, 31, 4, 0, tzinfo=UTC)


@pytest.fixture
def system(database, tmp_path) -> Iterator[main.System]:
    """The system as a user gets it, but that today is the last day of 2026."""
    with databases.Database(database.app_dsn) as db:
        chosen = settings.Settings(dsn=database.app_dsn, data_dir=tmp_path / "data")
        assembled = main.assemble(db, chosen, clock=lambda: NOW)
        assembled.office._today = lambda _: NOW.date()
        yield assembled


@pytest.fixture
def http(system) -> Iterator[Client]:
    """A client of the application, and a way to become somebody."""
    with TestClient(main.create_app(system), raise_server_exceptions=False) as client:
        yield Client(client, system.credentials, expires_at=datetime.now(UTC) + timedelta(days=1))
