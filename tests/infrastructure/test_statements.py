"""Every statement of every .sql file is one that PostgreSQL accepts."""

import re
from pathlib import Path

import psycopg
import pytest

from application import ports
from infrastructure import recorder, statements, views
from tests import conftest

FOLDER = Path(statements.__file__).parent
# PostgreSQL prepares queries only, not utility statements; these run in every migration.
UTILITY = re.compile(r"^(CREATE|GRANT|REVOKE)\b")


def numbered(query: str) -> str:
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        if match[1] not in names:
            names.append(match[1])
        return f"${names.index(match[1]) + 1}"

    return re.sub(r"%\((\w+)\)s", number, query)


def queries() -> dict[str, str]:
    found = {}
    for path in sorted(FOLDER.glob("*.sql")):
        for name, text in statements.load(path.name).items():
            if (
                not UTILITY.match(text.split("\n", 1)[-1] if text.startswith("--") else text)
                and "_any" not in text
            ):
                found[f"{path.stem}.{name}"] = text
    for view, texts in views.BY_VIEW.items():
        found |= {f"views.{name}.{view}": text for name, text in texts.items()}
    for number in (0, 1, 2, 8, 9):
        found[f"append.{number}"] = recorder.append_statement(number, ())
        found[f"append.{number}.all"] = recorder.append_statement(number, ports.VIEWS)
    return found


def test_every_statement_is_prepared(database: conftest.Database) -> None:
    found = queries()
    assert len(found) > 60
    with psycopg.connect(database.admin_dsn, autocommit=True) as connection:
        for number, (name, query) in enumerate(found.items()):
            body = re.sub(r"^--.*\n", "", query, flags=re.MULTILINE)
            try:
                connection.execute(f"PREPARE s{number} AS {numbered(body)}")
            except psycopg.Error as error:
                pytest.fail(f"{name}: {error}")


def test_a_statement_that_names_no_column_is_found(database: conftest.Database) -> None:
    """The control: PREPARE refuses what does not exist."""
    with psycopg.connect(database.admin_dsn) as connection, pytest.raises(psycopg.errors.UndefinedColumn):
        connection.execute(
            f"PREPARE s AS {numbered(views.SQL['row'].replace('view_any', 'view_topic').replace('body', 'bodi'))}"
        )


def test_every_statement_has_a_caption() -> None:
    for path in FOLDER.glob("*.sql"):
        for name, text in statements.load(path.name).items():
            assert text.startswith("-- "), f"{path.name}: {name}"


def test_every_statement_on_a_tenants_table_names_the_tenant() -> None:
    for stem in ("ledger", "views", "webhooks"):
        for name, text in statements.load(f"{stem}.sql").items():
            assert "%(tenant)s" in text or "%(scope)s" in text, f"{stem}.{name}"
