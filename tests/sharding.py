"""What ledger.md rules out for Citus, looked for in a catalogue and in SQL; each finding is a line that names its place."""

import re
from collections.abc import Iterable, Iterator, Mapping

import psycopg

# Tables of no tenant: copied to every node (reference tables), because each belongs to the installation.
WITHOUT_TENANT = {
    "migration": "which migrations were executed here",
    "principal": "a person may act in many pairs",
    "role_grant": "a grant covers a subtree of pairs",
    "credential": "a token is a person's, before any pair is named",
    "credential_act": "what administrators did to the three above",
    "account": "a person's password, before any pair is named",
    "second_factor": "the same person's authenticator",
    "session": "a person entered, before any pair is named",
    "login_attempt": "who fails to enter names no pair",
    "external_identity": "a person at a government platform",
    "oidc_login": "who is on his way through that platform",
    "directory": "how a person is reached, whichever pairs he acts in",
    "directory_act": "who set, read or erased that",
    "view_shape": "the shape of all pairs' rows, one row",
}
# Functions over those tables alone, of which every node has a copy.
OF_NO_TENANT = {
    "account_secrets": "what one person proves who he is by",
    "resolve_session": "whose session a token is",
    "directory_erase": "writes the directory anew without one person",
}
FENCE = "refuse_change"

CATALOGUE = {
    "键不以 tenant_id 开头": """
        SELECT i.indexrelid::regclass::text
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE c.relnamespace = 'ledger'::regnamespace AND i.indisunique
          AND a.attname <> 'tenant_id' AND NOT c.relname = ANY (%(global)s)""",
    "表没有 tenant_id": """
        SELECT c.oid::regclass::text FROM pg_class c
        WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relname = ANY (%(global)s)
          AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')""",
    "外键": """
        SELECT k.conrelid::regclass || ' ' || k.conname
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
        WHERE k.contype = 'f' AND k.connamespace = 'ledger'::regnamespace
          AND NOT (c.relname = ANY (%(global)s) AND f.relname = ANY (%(global)s))""",
    "触发器": """
        SELECT t.tgrelid::regclass || ' ' || t.tgname
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND c.relnamespace = 'ledger'::regnamespace AND p.proname <> %(fence)s""",
    "序列": """
        SELECT c.oid::regclass::text FROM pg_class c
        WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind = 'S'
        UNION ALL
        SELECT a.attrelid::regclass || '.' || a.attname
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'ledger'::regnamespace AND a.attidentity <> ''""",
    "函数的首个参数不是 p_tenant": """
        SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'ledger'::regnamespace AND p.proname <> %(fence)s
          AND NOT p.proname = ANY (%(functions)s)
          AND (p.proargnames IS NULL OR p.proargnames[1] <> 'p_tenant')""",
    "默认值易变": """
        SELECT DISTINCT d.adrelid::regclass || ' ' || pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid
        CROSS JOIN regexp_matches(pg_get_expr(d.adbin, d.adrelid), '(\\w+)\\(', 'g') AS m (found)
        JOIN pg_proc p ON p.proname = m.found[1] AND p.provolatile = 'v'
        WHERE c.relnamespace = 'ledger'::regnamespace AND NOT c.relname = ANY (%(global)s)""",
}
BODIES = (
    "SELECT p.oid::regprocedure::text, p.prosrc FROM pg_proc p WHERE p.pronamespace = 'ledger'::regnamespace"
)

# What no statement and no function may say.
SAID = {
    "SKIP LOCKED": re.compile(r"\bSKIP\s+LOCKED\b", re.IGNORECASE),
    "ROLLUP": re.compile(r"\b(ROLLUP|CUBE|GROUPING\s+SETS)\b", re.IGNORECASE),
    "WITH RECURSIVE": re.compile(r"\bWITH\s+RECURSIVE\b", re.IGNORECASE),
    "LATERAL … LIMIT": re.compile(
        r"\bLATERAL\s*\([^()]*(\([^()]*\)[^()]*)*\bLIMIT\b", re.IGNORECASE | re.DOTALL
    ),
    "NOTIFY": re.compile(r"\b(pg_notify|NOTIFY|LISTEN)\b", re.IGNORECASE),
    "序列": re.compile(r"\b(nextval|currval|setval|(big|small)?serial)\b", re.IGNORECASE),
    "易变的编号": re.compile(r"\b(gen_random_uuid|uuid_generate_v\d\w*|random)\s*\(", re.IGNORECASE),
}
# Reference tables are on every node, so they may be joined by anything.
JOINED = re.compile(rf"\bJOIN\s+(?:LATERAL\s+)?ledger\.(?!({'|'.join(WITHOUT_TENANT)})\b)", re.IGNORECASE)
TOGETHER = re.compile(r"\b\w+\.tenant_id\s*=\s*\w+\.tenant_id\b")
ONE_TENANT = re.compile(r"tenant_id\s*=\s*(%\(tenant\)s|p_tenant)")
SETTING = re.compile(r"\bset_config\b", re.IGNORECASE)
COMMENT = re.compile(r"--[^\n]*")


def in_catalogue(connection: psycopg.Connection) -> list[str]:
    """List what of the schema would not shard: keys, tables, triggers, sequences, defaults, functions."""
    parameters = {"global": list(WITHOUT_TENANT), "fence": FENCE, "functions": list(OF_NO_TENANT)}
    found = [
        f"{what}：{name}"
        for what, query in CATALOGUE.items()
        for (name,) in connection.execute(query, parameters).fetchall()
    ]
    for name, body in connection.execute(BODIES).fetchall():
        found += [f"函数 {name}：{what}" for what in said(body)]
    return found


def in_statements(statements: Mapping[str, str]) -> list[str]:
    """List the statements that would not shard, or that set a tenant in a way that Citus does not carry on."""
    found = [f"语句 {name}：{what}" for name, text in statements.items() for what in said(text)]
    return found + [
        f"语句 {name}：set_config"
        for name, text in statements.items()
        if SETTING.search(COMMENT.sub("", text))
    ]


def said(text: str) -> Iterator[str]:
    """Tell what of SQL is ruled out."""
    plain = COMMENT.sub("", text)
    yield from (what for what, pattern in SAID.items() if pattern.search(plain))
    if JOINED.search(plain) and not (TOGETHER.search(plain) or ONE_TENANT.search(plain)):
        yield "JOIN 未按 tenant_id"


def distributed(script: str, function: str) -> set[str]:
    """Give the first argument of every call of a Citus function in a script."""
    return set(re.findall(rf"\b{function}\(\s*'([^']+)'", COMMENT.sub("", script)))


def dropped(script: str) -> set[str]:
    """Give the triggers that a script drops, each with its table."""
    found: Iterable[tuple[str, str]] = re.findall(r"DROP TRIGGER (\w+) ON ([\w.]+);", script)
    return {f"{table} {name}" for name, table in found}
