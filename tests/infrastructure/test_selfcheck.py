"""The self-check is green on what the migrations make, and red on each fault planted into it."""

from pathlib import Path

import psycopg
import pytest
from eventsourcing import persistence

from infrastructure import database as databases
from infrastructure import embedded, migrate, recorder, selfcheck
from tests import catalogue, conftest, sharding

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
    "an access log that can be changed": (
        "ALTER TABLE ledger.access_log DISABLE TRIGGER only_appended",
        "触发器可被关闭：access_log",
    ),
    "a right to write the access log": (
        "GRANT INSERT ON ledger.access_log TO lianxi_app",
        "access_log INSERT",
    ),
    "a leaking view": ("CREATE VIEW ledger.leak AS SELECT * FROM ledger.ledger_event", "绕过行级安全：leak"),
    "a definer function elsewhere": (
        (
            "CREATE SCHEMA other; GRANT USAGE ON SCHEMA other TO PUBLIC;"
            " CREATE FUNCTION other.more() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"
        ),
        "以他人权限执行的函数：other.more()",
    ),
    "a policy of the auditor widened": (
        "ALTER POLICY mandate ON ledger.ledger_event USING (true)",
        "ledger_event mandate",
    ),
    "a policy of the signer widened": (
        "ALTER POLICY sealing ON ledger.ledger_event USING (true)",
        "ledger_event sealing",
    ),
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
    "an auditor past the policies": (
        "ALTER ROLE lianxi_auditor BYPASSRLS",
        "ALTER ROLE lianxi_auditor NOBYPASSRLS",
        "lianxi_auditor BYPASSRLS",
    ),
    "a signer who logs in": (
        "ALTER ROLE lianxi_signer LOGIN",
        "ALTER ROLE lianxi_signer NOLOGIN",
        "lianxi_signer LOGIN",
    ),
    "an owner who logs in": (
        "ALTER ROLE lianxi_owner LOGIN",
        "ALTER ROLE lianxi_owner NOLOGIN",
        "lianxi_owner LOGIN",
    ),
    "the signer inherited": (
        "ALTER ROLE lianxi_app INHERIT; REVOKE lianxi_signer FROM lianxi_app; GRANT lianxi_signer TO lianxi_app",
        "ALTER ROLE lianxi_app NOINHERIT; REVOKE lianxi_signer FROM lianxi_app; GRANT lianxi_signer TO lianxi_app",
        "直接继承了读取角色的权限：lianxi_signer",
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
                found, named = faults(server.app_dsn), catalogue.differences(admin)
                admin.execute(undo)
                assert any(message in line for line in found), (fault, found)
                assert named != [], fault
            assert catalogue.differences(admin) == []
            assert faults(server.app_dsn) == []
            assert any("所有者" in line for line in faults(server.admin_dsn))


# The server is on a RAM disk and loses nothing here; what counts is what it would do.
LOSSES = {
    "fsync off": (
        {"fsync": "off"},
        "",
        "已确认的记录，请改回 on（也可能是对应用角色或本库单独设置的）：fsync=off",
    ),
    "no waiting for the disk": ({"synchronous_commit": "off"}, "", "synchronous_commit=off"),
    "none for the role": ({}, "ALTER ROLE lianxi_app SET synchronous_commit = off", "synchronous_commit=off"),
    "none for the database": (
        {},
        "ALTER DATABASE lianxi SET synchronous_commit = off",
        "synchronous_commit=off",
    ),
    "locally alone": ({"synchronous_commit": "local"}, "", ""),
    "declared for trials": ({"fsync": "off", "lianxi.fleeting": "on"}, "", ""),
    "pages that may tear": ({"full_page_writes": "off"}, "", ""),
}


@pytest.mark.parametrize("what", LOSSES)
def test_a_server_that_may_lose_what_it_acknowledged_is_refused(scratch: Path, what: str) -> None:
    options, statement, message = LOSSES[what]
    with embedded.server(scratch / f"loss-{sorted(LOSSES).index(what)}", options=options) as server:
        migrate.migrate(server.admin_dsn, app_password=server.app_password)
        if statement:
            with psycopg.connect(server.admin_dsn, autocommit=True) as admin:
                admin.execute(statement)
        found = faults(server.app_dsn)
        with databases.Database(server.app_dsn) as db:
            told = selfcheck.remarks(db)
    assert (found == []) if not message else any(message in line for line in found), found
    assert told == (
        [
            "数据库关闭了整页写入，断电可能损坏数据页；除非文件系统保证不撕裂页，请改回 on：full_page_writes=off"
        ]
        if "full_page_writes" in options
        else []
    )


CITUS = Path(__file__).parents[2] / "deploy" / "citus.sql"
# What Citus would have: the catalogue of what it distributes.
DISTRIBUTED = """
    SET allow_system_table_mods = on;
    CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass);
    GRANT SELECT ON pg_catalog.pg_dist_partition TO PUBLIC;
    INSERT INTO pg_catalog.pg_dist_partition
    SELECT oid FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r'"""


def test_r094_on_citus_the_fence_is_that_nobody_has_the_right(database: conftest.Database) -> None:
    """The triggers go, as they must there; the rights to change go with them, the owner's too, and appending goes on."""
    script = sharding.COMMENT.sub("", CITUS.read_text(encoding="utf-8"))
    fences = [
        each.strip() for each in script.split(";") if each.strip().startswith(("DROP TRIGGER", "REVOKE"))
    ]
    drops = [each for each in fences if each.startswith("DROP")]
    revokes = [each for each in fences if each.startswith("REVOKE")]
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        admin.execute(";".join(drops))
        assert any("触发器" in line for line in faults(database.app_dsn))
        admin.execute(";".join(revokes))
        assert any("触发器" in line for line in faults(database.app_dsn)), "no Citus, no other fence"
        admin.execute(DISTRIBUTED)
        assert faults(database.app_dsn) == []
        admin.execute("SET ROLE lianxi_owner")
        for statement in ("UPDATE ledger.ledger_event SET state = ''", "DELETE FROM ledger.ledger_head"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                admin.execute(statement)
        admin.execute("RESET ROLE")
        with databases.Database(database.app_dsn) as db:
            assert recorder.PairRecorder(db, "140802").insert_events(
                [
                    persistence.StoredEvent(originator_id="s", originator_version=1, topic="t", state=b"{}"),
                    persistence.StoredEvent(originator_id="s", originator_version=2, topic="t", state=b"{}"),
                ]
            ) == [1, 2]
            with db.as_signer().tenant_transaction("140802") as connection:
                connection.execute("SELECT ledger.checkpoint_publish('140802', 'o', 1, 'n', 0, now())")
        for again in (
            "GRANT UPDATE ON ledger.ledger_event TO lianxi_owner",
            "GRANT UPDATE (state) ON ledger.ledger_event TO lianxi_owner",
        ):
            admin.execute(again)
            assert any("触发器" in line and "ledger_event" in line for line in faults(database.app_dsn))
            admin.execute(again.replace("GRANT", "REVOKE").replace(" TO ", " FROM "))
        assert faults(database.app_dsn) == []
