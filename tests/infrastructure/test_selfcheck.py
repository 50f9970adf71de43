"""The self-check is green on what the migrations make, and red on each fault planted into it."""

from pathlib import Path

import psycopg
import pytest

from infrastructure import database as databases
from infrastructure import embedded, migrate, selfcheck
from tests import conftest

FAULTS = {
    "row security off": ("ALTER TABLE ledger.view_topic DISABLE ROW LEVEL SECURITY", "行级安全：view_topic"),
    "row security not forced": (
        "ALTER TABLE ledger.ledger_event NO FORCE ROW LEVEL SECURITY",
        "行级安全：ledger_event",
    ),
    "a new tenant table": ("CREATE TABLE ledger.view_new (tenant_id text, id text)", "行级安全：view_new"),
    "an open policy": (
        "CREATE POLICY open ON ledger.view_topic USING (true)",
        "策略不是本系统规定的：view_topic open",
    ),
    "a widened policy": ("ALTER POLICY pair ON ledger.ledger_event USING (true)", "ledger_event pair"),
    "a policy for everybody": (
        "ALTER POLICY subtree ON ledger.ledger_event TO PUBLIC",
        "ledger_event subtree",
    ),
    "a policy dropped": ("DROP POLICY pair ON ledger.ledger_event", "缺少行级安全策略：ledger_event pair"),
    "a fence that lets through": (
        (
            "CREATE OR REPLACE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql "
            "SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN NULL; END $$"
        ),
        "不是本系统的迁移所定义的：ledger.refuse_change()",
    ),
    "a function more": (
        (
            "CREATE FUNCTION ledger.more() RETURNS int LANGUAGE sql AS 'SELECT 1';"
            " REVOKE ALL ON FUNCTION ledger.more() FROM PUBLIC"
        ),
        "ledger.more()",
    ),
    "a check of its own": ("ALTER POLICY pair ON ledger.view_unit WITH CHECK (true)", "view_unit pair"),
    "TEMP": ("GRANT TEMP ON DATABASE {database} TO PUBLIC", "创建对象：TEMP"),
    "CREATE on the database": ("GRANT CREATE ON DATABASE {database} TO lianxi_app", "创建对象：CREATE"),
    "CREATE on a schema": ("GRANT CREATE ON SCHEMA public TO PUBLIC", "CREATE ON SCHEMA public"),
    "EXECUTE to everybody": ("GRANT EXECUTE ON FUNCTION ledger.ledger_hold TO PUBLIC", "ledger_hold"),
    "a loose search path": (
        "ALTER FUNCTION ledger.ledger_append SET search_path = ledger, public",
        "ledger_append",
    ),
    "a right to change": ("GRANT UPDATE ON ledger.ledger_event TO lianxi_app", "ledger_event UPDATE"),
    "a right to change a column": (
        "GRANT UPDATE (state) ON ledger.ledger_event TO lianxi_app",
        "ledger_event UPDATE",
    ),
    "a right of the reader": ("GRANT DELETE ON ledger.ledger_event TO lianxi_reader", "ledger_event DELETE"),
    "a right of everybody": ("GRANT INSERT ON ledger.ledger_command TO PUBLIC", "ledger_command INSERT"),
    "a right to truncate": ("GRANT TRUNCATE ON ledger.view_topic TO lianxi_app", "view_topic TRUNCATE"),
    "a table owned": ("ALTER TABLE ledger.view_topic OWNER TO lianxi_app", "所有者：view_topic"),
    "a trigger off": (
        "ALTER TABLE ledger.ledger_event DISABLE TRIGGER only_appended",
        "触发器可被关闭：ledger_event",
    ),
    "a trigger for the origin only": (
        "ALTER TABLE ledger.ledger_event ENABLE TRIGGER only_appended",
        "ledger_event",
    ),
    "a trigger dropped": ("DROP TRIGGER only_appended ON ledger.ledger_command", "ledger_command"),
    "acts that can be changed": (
        "ALTER TABLE ledger.credential_act DISABLE TRIGGER only_appended",
        "触发器可被关闭：credential_act",
    ),
    "acts about webhooks that can be changed": (
        "ALTER TABLE ledger.webhook_act DISABLE TRIGGER only_appended",
        "触发器可被关闭：webhook_act",
    ),
    "a right to change acts about webhooks": (
        "GRANT UPDATE ON ledger.webhook_act TO lianxi_app",
        "webhook_act UPDATE",
    ),
    "a right to change acts": (
        "GRANT DELETE ON ledger.credential_act TO lianxi_app",
        "credential_act DELETE",
    ),
    "a leaking view": ("CREATE VIEW ledger.leak AS SELECT * FROM ledger.ledger_event", "绕过行级安全：leak"),
    "a materialised view": ("CREATE MATERIALIZED VIEW ledger.leak AS SELECT 1 AS a", "绕过行级安全：leak"),
    "a migration missing": (
        "DELETE FROM ledger.migration WHERE name LIKE '0003%'",
        "迁移尚未执行：0003_principals.sql",
    ),
    "a migration unknown": (
        "INSERT INTO ledger.migration VALUES ('9999_x.sql', 'x')",
        "本版本不认识：9999_x.sql",
    ),
    "a migration changed": (
        "UPDATE ledger.migration SET sha256 = 'x' WHERE name LIKE '0001%'",
        "内容不同：0001_ledger.sql",
    ),
    "no schema": ("DROP SCHEMA ledger CASCADE", "尚未初始化"),
    "no rights at all": ("REVOKE ALL ON SCHEMA ledger FROM lianxi_app", "无权读取账本"),
}

# Roles belong to the whole cluster, so these run on a server of their own.
CLUSTER_FAULTS = {
    "SUPERUSER": (
        "ALTER ROLE lianxi_app SUPERUSER",
        "ALTER ROLE lianxi_app NOSUPERUSER",
        "集群权限：SUPERUSER",
    ),
    "BYPASSRLS": (
        "ALTER ROLE lianxi_app BYPASSRLS",
        "ALTER ROLE lianxi_app NOBYPASSRLS",
        "集群权限：BYPASSRLS",
    ),
    "CREATEROLE": (
        "ALTER ROLE lianxi_app CREATEROLE",
        "ALTER ROLE lianxi_app NOCREATEROLE",
        "集群权限：CREATEROLE",
    ),
    "a reader past the policies": (
        "ALTER ROLE lianxi_reader BYPASSRLS",
        "ALTER ROLE lianxi_reader NOBYPASSRLS",
        "读取角色",
    ),
    "the owner": (
        "GRANT lianxi_owner TO lianxi_app",
        "REVOKE lianxi_owner FROM lianxi_app",
        "角色，或直接继承了读取角色的权限：lianxi_owner",
    ),
    "the reader inherited": (
        "ALTER ROLE lianxi_app INHERIT; REVOKE lianxi_reader FROM lianxi_app; GRANT lianxi_reader TO lianxi_app",
        "ALTER ROLE lianxi_app NOINHERIT; REVOKE lianxi_reader FROM lianxi_app; GRANT lianxi_reader TO lianxi_app",
        "直接继承了读取角色的权限：lianxi_reader",
    ),
}


def faults(dsn: str) -> list[str]:
    with databases.Database(dsn, limits=databases.Limits(pool_min=1)) as db:
        return selfcheck.faults(db)


def test_green_on_a_migrated_database(database: conftest.Database) -> None:
    with databases.Database(database.app_dsn) as db:
        selfcheck.check(db)


@pytest.mark.parametrize("fault", FAULTS)
def test_r095_red_on_a_planted_fault(database: conftest.Database, fault: str) -> None:
    statement, message = FAULTS[fault]
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        admin.execute(statement.format(database=database.name))
    found = faults(database.app_dsn)
    assert any(message in line for line in found), found
    with (
        databases.Database(database.app_dsn) as db,
        pytest.raises(selfcheck.NotSafe, match="数据库自检未通过"),
    ):
        selfcheck.check(db)


def test_r095_red_on_a_clone_whose_database_was_not_secured(
    postgres: embedded.Server, maintenance: psycopg.Connection, template: str
) -> None:
    maintenance.execute(f"CREATE DATABASE unsecured TEMPLATE {template}")
    try:
        found = faults(postgres.dsn(user=embedded.APP, password=postgres.app_password, database="unsecured"))
        assert any("TEMP" in line for line in found), found
    finally:
        maintenance.execute("DROP DATABASE unsecured WITH (FORCE)")


def test_r095_red_on_planted_powers(scratch: Path) -> None:

    with embedded.server(scratch / "powers", durable=False) as server:
        migrate.migrate(server.admin_dsn, app_password=server.app_password)
        with psycopg.connect(server.admin_dsn, autocommit=True) as admin:
            assert faults(server.app_dsn) == []
            for fault, (plant, undo, message) in CLUSTER_FAULTS.items():
                admin.execute(plant)
                found = faults(server.app_dsn)
                admin.execute(undo)
                assert any(message in line for line in found), (fault, found)
            assert faults(server.app_dsn) == []
            assert any("所有者" in line for line in faults(server.admin_dsn))
