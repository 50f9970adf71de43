"""The schema and its queries shard by tenant as they stand, and each rule is seen to fail where it is broken."""

from pathlib import Path

import psycopg
import pytest

from tests import conftest, sharding
from tests.infrastructure import test_statements

SCRIPT = Path(__file__).parents[2] / "deploy" / "citus.sql"
# Statements of the migrations and the self-check, which ask one node's own catalogue.
LOCAL = ("migrate.", "selfcheck.")


def statements() -> dict[str, str]:
    return {name: text for name, text in test_statements.queries().items() if not name.startswith(LOCAL)}


@pytest.fixture
def catalogue(database: conftest.Database):
    with psycopg.connect(database.admin_dsn) as connection:
        yield connection


def test_nothing_in_the_catalogue_stands_in_the_way_of_sharding(catalogue):
    assert sharding.in_catalogue(catalogue) == []


def test_no_statement_stands_in_the_way_of_sharding():
    found = statements()
    assert len(found) > 100
    assert sharding.in_statements(found) == []


PLANTED = {
    "a sequence": ("CREATE SEQUENCE ledger.s", "序列：ledger.s"),
    "an identity": (
        "CREATE TABLE ledger.t (tenant_id text, n bigint GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (tenant_id, n))",
        "序列：ledger.t.n",
    ),
    "a key without the tenant": (
        "CREATE UNIQUE INDEX k ON ledger.ledger_event (hash)",
        "键不以 tenant_id 开头：ledger.k",
    ),
    "the tenant not first": (
        "CREATE UNIQUE INDEX k ON ledger.ledger_event (command_id, position, tenant_id)",
        "键不以 tenant_id 开头：ledger.k",
    ),
    "a table without the tenant": (
        "CREATE TABLE ledger.t (id text PRIMARY KEY)",
        "表没有 tenant_id：ledger.t",
    ),
    "a foreign key": (
        "CREATE TABLE ledger.t (tenant_id text PRIMARY KEY REFERENCES ledger.ledger_head)",
        "外键：ledger.t t_tenant_id_fkey",
    ),
    "a foreign key to a local table": (
        "CREATE TABLE ledger.t (tenant_id text PRIMARY KEY, p text REFERENCES ledger.principal)",
        "外键：ledger.t t_p_fkey",
    ),
    "a trigger": (
        (
            "CREATE TRIGGER counted BEFORE UPDATE ON ledger.view_topic"
            " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        ),
        "触发器：ledger.view_topic counted",
    ),
    "a volatile default": (
        "ALTER TABLE ledger.view_topic ADD COLUMN u uuid DEFAULT gen_random_uuid()",
        "默认值易变：ledger.view_topic gen_random_uuid()",
    ),
    "a clock that moves as a default": (
        "ALTER TABLE ledger.view_topic ADD COLUMN u timestamptz DEFAULT clock_timestamp()",
        "默认值易变：ledger.view_topic clock_timestamp()",
    ),
    "a notification": (
        "CREATE FUNCTION ledger.f(p_tenant text) RETURNS void LANGUAGE sql AS $$ SELECT pg_notify('a', p_tenant) $$",
        "函数 ledger.f(text)：NOTIFY",
    ),
    "a function without the tenant": (
        "CREATE FUNCTION ledger.f(p_pair text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "函数的首个参数不是 p_tenant：ledger.f(text)",
    ),
    "a recursion in a function": (
        (
            "CREATE FUNCTION ledger.f(p_tenant text) RETURNS int LANGUAGE sql AS"
            " $$ WITH RECURSIVE r AS (SELECT 1 AS n) SELECT n FROM r $$"
        ),
        "函数 ledger.f(text)：WITH RECURSIVE",
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_each_rule_of_the_catalogue_is_seen_to_fail(catalogue, what):
    planted, finding = PLANTED[what]
    catalogue.execute(planted)
    assert finding in sharding.in_catalogue(catalogue)


SAID = {
    "SELECT 1 FROM ledger.webhook_delivery FOR UPDATE SKIP LOCKED": "SKIP LOCKED",
    "SELECT count(*) FROM ledger.view_topic GROUP BY ROLLUP (tenant_id)": "ROLLUP",
    "SELECT count(*) FROM ledger.view_topic GROUP BY GROUPING SETS ((tenant_id), ())": "ROLLUP",
    "WITH RECURSIVE r AS (SELECT 1) SELECT * FROM r": "WITH RECURSIVE",
    "SELECT * FROM ledger.ledger_head h CROSS JOIN LATERAL"
    " (SELECT * FROM ledger.ledger_event e WHERE e.tenant_id = h.tenant_id AND e.position > f(1) LIMIT 5) x": (
        "LATERAL … LIMIT"
    ),
    "NOTIFY facts": "NOTIFY",
    "SELECT nextval('s')": "序列",
    "INSERT INTO ledger.view_topic SELECT gen_random_uuid()": "易变的编号",
    "SELECT * FROM ledger.view_topic t JOIN ledger.view_unit u ON u.id = t.id": "JOIN 未按 tenant_id",
    "SELECT set_config('app.tenant', 'a', true)": "set_config",
}


@pytest.mark.parametrize("planted", SAID)
def test_each_rule_of_the_statements_is_seen_to_fail(planted):
    assert sharding.in_statements({"x": planted}) == [f"语句 x：{SAID[planted]}"]
    assert sharding.in_statements({"x": "-- " + planted.replace("\n", " ")}) == []


def test_the_script_for_citus_names_every_table_function_and_trigger(catalogue):
    """Whatever a migration adds has to be distributed as well, so the script goes red with it."""
    script = SCRIPT.read_text(encoding="utf-8")
    assert script.startswith("-- NOT RUN HERE")
    tables = {name for (name,) in catalogue.execute(TABLES).fetchall()}
    local = {f"ledger.{name}" for name in sharding.WITHOUT_TENANT}
    assert sharding.distributed(script, "create_distributed_table") == tables - local
    assert sharding.distributed(script, "create_reference_table") == tables & local
    functions = {name for (name,) in catalogue.execute(FUNCTIONS).fetchall()}
    assert sharding.distributed(script, "create_distributed_function") == functions
    triggers = {name for (name,) in catalogue.execute(TRIGGERS).fetchall()}
    assert sharding.dropped(script) == triggers
    assert len(tables - local) > 20
    assert triggers


TABLES = """
    SELECT 'ledger.' || relname FROM pg_class
    WHERE relnamespace = 'ledger'::regnamespace AND relkind IN ('r', 'p')"""
FUNCTIONS = """
    SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = 'ledger'::regnamespace AND proname <> 'refuse_change'"""
TRIGGERS = """
    SELECT 'ledger.' || c.relname || ' ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = 'ledger'::regnamespace"""


def test_what_a_script_leaves_out_is_missed():
    """The control: a table more or less is another set, and a comment distributes nothing."""
    assert sharding.distributed(
        "SELECT create_distributed_table('ledger.a', 'tenant_id');", "create_distributed_table"
    ) == {"ledger.a"}
    assert (
        sharding.distributed("-- SELECT create_reference_table('ledger.a');", "create_reference_table")
        == set()
    )
