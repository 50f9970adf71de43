"""The catalogue of the database against one table: whatever is new, or grants something else, is red until it is named."""

import psycopg
import pytest

from infrastructure import database as databases
from infrastructure import selfcheck
from tests import catalogue, conftest, isolation_plants

# Not planted in test_selfcheck: one for each kind of thing that the catalogue has.
MORE = {
    "a table": ("CREATE TABLE ledger.more (tenant_id text)", "r more:"),
    "a table elsewhere": ("CREATE TABLE public.more (a int)", "r public.more:"),
    "a view": ("CREATE VIEW ledger.more WITH (security_invoker) AS SELECT 1 AS a", "v more:"),
    "a sequence": ("CREATE SEQUENCE ledger.more", "S more:"),
    "a type": ("CREATE TYPE ledger.more AS ENUM ('a')", "type more:"),
    "a function": (
        "CREATE FUNCTION ledger.more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "function more():",
    ),
    "a function elsewhere": (
        "CREATE FUNCTION public.more() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "function more():",
    ),
    "a schema": ("CREATE SCHEMA more", "schema more:"),
    "a schema opened": ("GRANT USAGE ON SCHEMA public TO PUBLIC", "schema public:"),
    "the database opened": ("GRANT TEMP ON DATABASE {database} TO lianxi_app", "database:"),
    "the database opened to all": ("GRANT CONNECT ON DATABASE {database} TO PUBLIC", "database:"),
    "a right more": ("GRANT SELECT ON ledger.credential TO lianxi_reader", "r credential:"),
    "a right less": ("REVOKE SELECT ON ledger.ledger_event FROM lianxi_auditor", "r ledger_event:"),
    "a right that can be passed on": (
        "GRANT SELECT ON ledger.view_topic TO lianxi_app WITH GRANT OPTION",
        "r view_topic:",
    ),
    "a column": (
        "GRANT SELECT (token_hash) ON ledger.credential TO lianxi_auditor",
        "column credential.token_hash:",
    ),
    "the application that publishes": (
        "GRANT EXECUTE ON FUNCTION ledger.checkpoint_publish TO lianxi_app",
        "function checkpoint_publish",
    ),
    "a definer made of a plain one": (
        "ALTER FUNCTION ledger.ledger_hold SECURITY DEFINER",
        "function ledger_hold",
    ),
    "an unpinned definer": ("ALTER FUNCTION ledger.ledger_open RESET search_path", "function ledger_open"),
    "another owner": ("ALTER TABLE ledger.view_topic OWNER TO postgres", "r view_topic:"),
    "a policy of the auditor widened": (
        "ALTER POLICY mandate ON ledger.ledger_event USING (true)",
        "policy ledger_event mandate:",
    ),
    "a policy more": (
        "CREATE POLICY more ON ledger.ledger_sealed FOR SELECT TO lianxi_auditor USING (true)",
        "policy ledger_sealed more:",
    ),
    "a default within the schema": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE lianxi_owner IN SCHEMA ledger GRANT INSERT ON TABLES TO lianxi_app",
        "default r in ledger of owner:",
    ),
    "functions open by default": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE lianxi_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
        "default FUNCTION of owner:",
    ),
    "a setting of a role": (
        "ALTER ROLE lianxi_app IN DATABASE {database} SET row_security = off",
        "role app:",
    ),
    "a publication": ("CREATE PUBLICATION more FOR ALL TABLES", "publication more:"),
}


def differences(database: conftest.Database) -> list[str]:
    with psycopg.connect(database.admin_dsn) as connection:
        return catalogue.differences(connection)


def test_r095_the_catalogue_is_what_the_table_says(database: conftest.Database) -> None:
    assert differences(database) == []
    with psycopg.connect(database.admin_dsn) as connection:
        assert len(catalogue.found(connection)) > 130


@pytest.mark.parametrize("what", MORE)
def test_r095_whatever_is_new_is_red_until_it_is_named(database: conftest.Database, what: str) -> None:
    statement, line = MORE[what]
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        admin.execute(statement.format(database=database.name))
    found = differences(database)
    assert any(each.startswith(line) for each in found), found


@pytest.mark.parametrize("plant", isolation_plants.IN_DATABASE)
def test_r095_each_plant_turns_the_catalogue_red(database: conftest.Database, plant: str) -> None:
    isolation_plants.IN_DATABASE[plant](database.admin_dsn)
    assert differences(database) != []


@pytest.mark.parametrize("plant", sorted(set(isolation_plants.IN_DATABASE) - {"an open default privilege"}))
def test_r095_each_plant_of_today_stops_the_start(database: conftest.Database, plant: str) -> None:
    """A default privilege opens nothing that is there; the table that it would open is found when it is."""
    isolation_plants.IN_DATABASE[plant](database.admin_dsn)
    with databases.Database(database.app_dsn) as db, pytest.raises(selfcheck.NotSafe):
        selfcheck.check(db)
