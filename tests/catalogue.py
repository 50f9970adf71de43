"""Everything of the database that grants something, and the one table of what it is to grant.

Whatever a migration adds is in no line of ``EXPECTED`` and makes ``test_catalogue`` red until it is named here: a
relation, a column with rights of its own, a function, a policy, a schema, a default privilege, a role, a membership.
What is not named is refused: the owner's own rights are the only ones that go without saying.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

import psycopg

from application import ports

# What is there, by the kind and the name of each thing; the text says everything that is granted by it.
Catalogue: TypeAlias = Mapping[str, str]

ROLES: Final = ("app", "auditor", "owner", "reader", "signer")

# Tables of pairs: who may do what, and by which policies.
_PAIR: Final = "pair ALL TO app,owner"
_SUBTREE: Final = "subtree SELECT TO reader"
_MANDATE: Final = "mandate SELECT TO auditor"
_SEALING: Final = "sealing SELECT TO signer"
TENANT: Final = "'app.tenant'"
SCOPE: Final = "'app.scope'"
_RULES: Final = {
    _PAIR: f"(tenant_id = NULLIF(current_setting({TENANT}::text, true), ''::text))",
    _SEALING: f"(tenant_id = NULLIF(current_setting({TENANT}::text, true), ''::text))",
    _SUBTREE: f"starts_with(tenant_id, NULLIF(current_setting({SCOPE}::text, true), ''::text))",
    _MANDATE: f"starts_with(tenant_id, NULLIF(current_setting({SCOPE}::text, true), ''::text))",
}
_WRITE: Final = "DELETE,INSERT,SELECT,UPDATE"

# name: what each role may do with the table as a whole, without the owner.
OF_PAIRS: Final = {
    "ledger_head": "app=SELECT auditor=SELECT reader=SELECT signer=SELECT",
    "ledger_event": "app=SELECT auditor=SELECT reader=SELECT signer=SELECT",
    "ledger_command": "app=SELECT auditor=SELECT reader=SELECT signer=SELECT",
    "ledger_checkpoint": "app=SELECT auditor=SELECT reader=SELECT signer=SELECT",
    "ledger_sealed": "app=SELECT reader=SELECT signer=SELECT",
    **{f"view_{view}": f"app={_WRITE} reader=SELECT" for view in ports.VIEWS},
    "view_fold": f"app={_WRITE} reader=SELECT",
    "webhook": "app=INSERT,SELECT reader=SELECT",
    "webhook_delivery": "app=INSERT,SELECT,UPDATE reader=SELECT",
    "webhook_act": "app=INSERT,SELECT reader=SELECT",
    "access_head": "app=SELECT",
    "access_log": "app=SELECT",
}
OF_NO_PAIR: Final = {
    "migration": "app=SELECT",
    "principal": "app=INSERT,SELECT",
    "role_grant": "app=INSERT,SELECT",
    "credential": "app=INSERT,SELECT",
    "credential_act": "app=INSERT,SELECT",
    "view_shape": "app=DELETE,INSERT,SELECT",
    "account": "app=INSERT",
    "second_factor": "app=DELETE,INSERT",
    "session": "app=DELETE,INSERT",
    "login_attempt": "app=DELETE,INSERT,SELECT",
    "external_identity": "app=DELETE,INSERT,SELECT",
    "oidc_login": "app=DELETE,INSERT,SELECT",
    "directory": "app=INSERT,SELECT",
    "directory_act": "app=INSERT,SELECT",
}
COLUMNS: Final = {
    **{
        f"role_grant.{column}": "app=UPDATE"
        for column in ("granted_at", "matters", "revoked_at", "subtree", "valid_from", "valid_until")
    },
    "credential.revoked_at": "app=UPDATE",
    **{f"directory.{column}": "app=UPDATE" for column in ("nonce", "sealed", "at")},
    **{
        f"webhook.{column}": "app=UPDATE"
        for column in ("sponsor", "generation", "key_id", "rotated_at", "ended_at")
    },
    # Hashes of passwords and tokens, and secrets of second factors, are written here and never listed.
    "account.password_hash": "app=UPDATE",
    "second_factor.secret": "app=UPDATE",
    **{
        f"{table}.{column}": "app=SELECT"
        for table, columns in {
            "account": ("person_id",),
            "second_factor": ("person_id",),
            "session": ("id", "person_id", "how", "created_at", "seen_at", "expires_at"),
        }.items()
        for column in columns
    },
    **{
        f"{table}.{column}": "app=SELECT,UPDATE"
        for table, columns in {
            "account": ("must_change", "password_expires_at", "changed_at"),
            "second_factor": ("enrolled_at", "confirmed_at", "last_step"),
            "session": ("second_at", "ended_at"),
        }.items()
        for column in columns
    },
    **{f"login_attempt.{column}": "app=UPDATE" for column in ("failures", "until", "last_at")},
}
# Functions: DEFINER where they run with the owner's rights, and who may call them besides him.
_PINNED: Final = "DEFINER search_path=pg_catalog, ledger, pg_temp"
FUNCTIONS: Final = {
    f"access_append(text,bigint[],{','.join(['text[]'] * 8)},bigint[],text[])": f"{_PINNED} app=EXECUTE",
    f"access_link(text,bigint,bigint,bigint,{','.join(['text'] * 8)},bigint,text,bytea)": "",
    "access_prune(text,bigint)": f"{_PINNED} app=EXECUTE",
    "refuse_change()": "search_path=pg_catalog, pg_temp",
    "ledger_link(text,bigint,text,bigint,text,bytea,text,text,timestamp with time zone,bytea)": "",
    "ledger_begin(text)": "",
    "ledger_hold(text)": "",
    "ledger_enter(text)": "",
    "ledger_append(text,text,text,bytea,json,text[],bigint[],text[],bytea[],bigint)": f"{_PINNED} app=EXECUTE",
    "ledger_append_one(text,text,text,bytea,json,text,bigint,text,bytea,bigint)": f"{_PINNED} app=EXECUTE",
    "ledger_replay(text,text,bytea)": f"{_PINNED} app=EXECUTE",
    "ledger_open(text,text,bigint)": f"{_PINNED} app=EXECUTE",
    "ledger_lock(text)": f"{_PINNED} app=EXECUTE",
    "directory_erase(text,boolean,text,text)": f"{_PINNED} app=EXECUTE",
    "checkpoint_publish(text,text,bigint,text,bigint,timestamp with time zone)": f"{_PINNED} signer=EXECUTE",
    "sealed_publish(text,text,bigint,text,text,timestamp with time zone)": f"{_PINNED} signer=EXECUTE",
    "account_secrets(text)": f"{_PINNED} app=EXECUTE",
    "resolve_session(bytea,timestamp with time zone,interval,boolean)": f"{_PINNED} app=EXECUTE",
}
_ALL_USAGE: Final = "app=USAGE auditor=USAGE reader=USAGE signer=USAGE"


def expected() -> Catalogue:
    """Give the one table of what is to be there."""
    found = {
        "schema ledger": f"owner {_ALL_USAGE}",
        # It belongs to whoever owns the database, and nobody else may even look into it.
        "schema public": "pg_database_owner",
        "database": "app=CONNECT",
        "default FUNCTION of owner": "owner=EXECUTE",
        "default TYPE of owner": "owner=USAGE",
        "role app": "LOGIN",
        "role auditor": "",
        "role owner": "",
        "role reader": "",
        "role signer": "",
        "app in": "auditor,reader,signer",
        "extension plpgsql": "",
    }
    for name, grants in OF_PAIRS.items():
        found[f"r {name}"] = f"owner FORCED {grants}"
        policies = [_PAIR, _SUBTREE]
        policies += [_MANDATE] * ("auditor=" in grants) + [_SEALING] * ("signer=" in grants)
        for policy in policies:
            found[f"policy {name} {policy.split()[0]}"] = f"{policy} USING {_RULES[policy]}"
    found |= {f"r {name}": f"owner {grants}" for name, grants in OF_NO_PAIR.items()}
    found |= {f"column {name}": grants for name, grants in COLUMNS.items()}
    found |= {f"function {name}": f"owner {said}".strip() for name, said in FUNCTIONS.items()}
    return found


def found(connection: psycopg.Connection) -> Catalogue:
    """Read what is there; ``connection`` is the superuser's on the database."""
    lines: dict[str, str] = {}
    for query in QUERIES:
        for name, said in connection.execute(query).fetchall():
            # Two things of one name are two lines.
            lines[name if name not in lines else f"{name} (again)"] = " ".join(said.split())
    return lines


def differences(connection: psycopg.Connection) -> list[str]:
    """List what is there and not named, is named and not there, and grants something else than it is to."""
    wanted, there = expected(), found(connection)
    return sorted(
        f"{name}: {there.get(name, 'is missing')!r}, expected {wanted.get(name, 'nothing of that name')!r}"
        for name in wanted.keys() | there.keys()
        if wanted.get(name) != there.get(name)
    )


def _grants(acl: str, kind: str, owner: str, *, without: str = "") -> str:
    """Give the SQL that spells an access list out, in the order of the roles' names."""
    skipped = f"AND a.grantee <> {without}" if without else ""
    return f"""
        coalesce((SELECT string_agg(g.who || '=' || g.what, ' ' ORDER BY g.who) FROM (
            SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE replace(a.grantee::regrole::text, 'lianxi_', '') END AS who,
                   string_agg(a.privilege_type || CASE WHEN a.is_grantable THEN '*' ELSE '' END, ','
                              ORDER BY a.privilege_type) AS what
            FROM aclexplode(coalesce({acl}, acldefault('{kind}', {owner}))) AS a
            WHERE true {skipped} GROUP BY 1) AS g), '')"""


_OWNER = "replace({}::regrole::text, 'lianxi_', '')"
_OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'"
_NAME = "CASE n.nspname WHEN 'ledger' THEN '' ELSE n.nspname || '.' END"

QUERIES: Final = (
    # Relations of every kind that can hold or show something.
    f"""SELECT c.relkind::text || ' ' || {_NAME} || c.relname,
            {_OWNER.format("c.relowner")} || CASE WHEN c.relrowsecurity AND c.relforcerowsecurity THEN ' FORCED'
                WHEN c.relrowsecurity THEN ' ENABLED' WHEN c.relforcerowsecurity THEN ' FORCED ALONE' ELSE '' END
            || coalesce(' ' || array_to_string(ARRAY(
                SELECT o FROM unnest(c.reloptions) o WHERE o NOT LIKE 'fillfactor=%'), ' '), '') || ' '
            || {_grants("c.relacl", "r", "c.relowner", without="c.relowner")}
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {_OURS} AND c.relkind NOT IN ('i', 'I', 't')""",
    f"""SELECT 'column ' || {_NAME} || c.relname || '.' || f.attname,
            {_grants("f.attacl", "c", "c.relowner", without="c.relowner")}
        FROM pg_attribute f JOIN pg_class c ON c.oid = f.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {_OURS} AND f.attacl IS NOT NULL""",
    f"""SELECT 'policy ' || {_NAME} || c.relname || ' ' || p.polname,
            p.polname || CASE p.polcmd WHEN '*' THEN ' ALL' WHEN 'r' THEN ' SELECT' ELSE ' ' || p.polcmd::text END
            || CASE WHEN p.polpermissive THEN '' ELSE ' RESTRICTIVE' END || ' TO '
            || (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE replace(r::regrole::text, 'lianxi_', '') END, ','
                                  ORDER BY r::regrole::text) FROM unnest(p.polroles) AS r)
            || ' USING ' || coalesce(pg_get_expr(p.polqual, p.polrelid), '-')
            || coalesce(' CHECK ' || pg_get_expr(p.polwithcheck, p.polrelid), '')
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {_OURS}""",
    f"""SELECT 'function ' || replace(p.oid::regprocedure::text, 'ledger.', ''),
            {_OWNER.format("p.proowner")} || CASE WHEN p.prosecdef THEN ' DEFINER' ELSE '' END
            || coalesce(' ' || array_to_string(p.proconfig, ' '), '') || ' '
            || {_grants("p.proacl", "f", "p.proowner", without="p.proowner")}
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_OURS}""",
    f"""SELECT 'type ' || {_NAME} || t.typname, {_OWNER.format("t.typowner")}
        FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE {_OURS} AND t.typtype <> 'c' AND t.typelem = 0""",
    f"""SELECT 'schema ' || n.nspname,
            {_OWNER.format("n.nspowner")} || ' ' || {_grants("n.nspacl", "n", "n.nspowner", without="n.nspowner")}
        FROM pg_namespace n WHERE {_OURS}""",
    f"""SELECT 'database', {_grants("d.datacl", "d", "d.datdba", without="d.datdba")}
        FROM pg_database d WHERE d.datname = current_database()""",
    # Where a default is written for an owner, it replaces PostgreSQL's own, which is open for functions and types.
    f"""SELECT 'default ' || CASE d.defaclobjtype WHEN 'f' THEN 'FUNCTION' WHEN 'T' THEN 'TYPE'
                ELSE d.defaclobjtype::text END
            || coalesce(' in ' || n.nspname, '') || ' of ' || {_OWNER.format("d.defaclrole")},
            {_grants("d.defaclacl", "r", "d.defaclrole")}
        FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace""",
    """SELECT 'role ' || replace(r.rolname, 'lianxi_', ''), concat_ws(' ',
            CASE WHEN r.rolcanlogin THEN 'LOGIN' END, CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
            CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
            CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END,
            CASE WHEN r.rolinherit THEN 'INHERIT' END, array_to_string(s.setconfig, ' '))
        FROM pg_roles r LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid
            AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        WHERE starts_with(r.rolname, 'lianxi_')""",
    """SELECT 'settings of the database', array_to_string(s.setconfig, ' ')
        FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
        WHERE s.setrole = 0 AND d.datname = current_database()""",
    # Superusers and the migrating role may act as the owner; of ours, nobody may.
    """SELECT replace(u.rolname, 'lianxi_', '') || ' in',
            string_agg(replace(g.rolname, 'lianxi_', '') || CASE WHEN m.admin_option THEN '*' ELSE '' END, ','
                       ORDER BY g.rolname)
        FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
        WHERE starts_with(u.rolname, 'lianxi_') GROUP BY 1""",
    """SELECT 'member of ' || g.rolname, u.rolname
        FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
        WHERE starts_with(g.rolname, 'lianxi_') AND NOT starts_with(u.rolname, 'lianxi_')
          AND NOT u.rolsuper AND NOT u.rolcreaterole""",
    "SELECT 'extension ' || extname, '' FROM pg_extension",
    "SELECT 'parameter ' || parname, paracl::text FROM pg_parameter_acl",
    "SELECT 'server ' || srvname, '' FROM pg_foreign_server",
    "SELECT 'publication ' || pubname, '' FROM pg_publication",
    "SELECT 'event trigger ' || evtname, '' FROM pg_event_trigger",
    "SELECT 'large object ' || oid, '' FROM pg_largeobject_metadata",
)
