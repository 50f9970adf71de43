"""What the parts of the benchmark share: a server of their own, and a voice."""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import psycopg

from infrastructure import embedded, migrate

# A part takes the options and gives sections of the report, by name.
Part: TypeAlias = Callable[[argparse.Namespace], dict[str, Any]]


def tell(line: str) -> None:
    """Show a line at once."""
    print(line, flush=True)  # noqa: T201


@contextmanager
def fresh_server(**options: str) -> Iterator[embedded.Server]:
    """Run a new embedded server, migrated and durable as a user's, with further settings of the server's."""
    with tempfile.TemporaryDirectory(prefix="lianxi-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        settings = {"max_connections": "100", **options}
        with embedded.server(folder / "data", options=settings) as server:
            migrate.migrate(server.admin_dsn, app_password=server.app_password)
            yield server


def create_database(server: embedded.Server, name: str) -> str:
    """Make an empty database. Returns: the administrator's DSN of it."""
    with psycopg.connect(server.admin_dsn, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return server.dsn(user=embedded.ADMIN, password=server.admin_password, database=name)
