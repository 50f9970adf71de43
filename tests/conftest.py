"""Fixtures shared by all tests: one PostgreSQL for each test process, one fresh database for each test."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest
import structlog

from infrastructure import embedded, migrate

RAM = Path("/dev/shm")
RAM_WANTED = 1 << 30
TEMPLATE = "lianxi_template"
numbers = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A migrated database of one test's own."""

    name: str
    admin_dsn: str = field(repr=False)
    app_dsn: str = field(repr=False)


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Give the next test the logs as this one found them: a command line writes to a stream that ends with it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    if structlog.is_configured():
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder for clusters, in memory where there is room."""
    roomy = RAM.is_dir() and os.access(RAM, os.W_OK) and shutil.disk_usage(RAM).free > RAM_WANTED
    folder = Path(tempfile.mkdtemp(prefix="lianxi-", dir=RAM if roomy else None))
    # As root the server is another user's, who must be able to pass.
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(scratch: Path) -> Iterator[embedded.Server]:
    """The server of this test process: it starts in about half a second, so none is shared."""
    with embedded.server(scratch / "shared", durable=False, options={"max_connections": "200"}) as running:
        yield running


@pytest.fixture(scope="session")
def admin_dsn(postgres: embedded.Server) -> str:
    """The superuser on a database without our schema."""
    return postgres.admin_dsn


@pytest.fixture(scope="session")
def maintenance(postgres: embedded.Server) -> Iterator[psycopg.Connection]:
    """A connection that creates and drops databases."""
    dsn = postgres.dsn(user=embedded.ADMIN, password=postgres.admin_password, database="postgres")
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def template(postgres: embedded.Server, maintenance: psycopg.Connection) -> str:
    """The migrated database that every test's own is cloned from."""
    maintenance.execute(f"CREATE DATABASE {TEMPLATE}")
    dsn = postgres.dsn(user=embedded.ADMIN, password=postgres.admin_password, database=TEMPLATE)
    migrate.migrate(dsn, app_password=postgres.app_password)
    return TEMPLATE


@pytest.fixture
def database(postgres: embedded.Server, maintenance: psycopg.Connection, template: str) -> Iterator[Database]:
    """A fresh migrated database; it is dropped afterwards, with whoever is still connected."""
    name = f"test_{next(numbers)}"
    maintenance.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    owner_dsn = postgres.dsn(user=embedded.ADMIN, password=postgres.admin_password, database=name)
    try:
        # Rights on the database itself are not cloned with it.
        migrate.secure(owner_dsn)
        yield Database(
            name=name,
            admin_dsn=owner_dsn,
            app_dsn=postgres.dsn(user=embedded.APP, password=postgres.app_password, database=name),
        )
    finally:
        maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)")


pytest_plugins = ["tests.api.fixtures"]
