-- Each statement lists what is wrong, by name; no row where all is well.

-- name: powers
-- Powers of the cluster that the application's role must not have.
SELECT p.power
FROM pg_catalog.pg_roles r
CROSS JOIN LATERAL (VALUES
    ('SUPERUSER', r.rolsuper), ('BYPASSRLS', r.rolbypassrls), ('CREATEROLE', r.rolcreaterole),
    ('CREATEDB', r.rolcreatedb), ('REPLICATION', r.rolreplication)) AS p (power, held)
WHERE r.rolname = current_user AND p.held
ORDER BY p.power;

-- name: memberships
-- Roles that the application may become, other than the reader; and the reader, where its rights are inherited.
SELECT r.rolname
FROM pg_catalog.pg_roles r
WHERE r.rolname <> current_user
  AND pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER')
  AND (r.rolname <> 'lianxi_reader' OR pg_catalog.pg_has_role(current_user, r.oid, 'USAGE'))
ORDER BY r.rolname;

-- name: readers
-- Powers of the reader, which the application may become.
SELECT p.power
FROM pg_catalog.pg_roles r
CROSS JOIN LATERAL (VALUES ('SUPERUSER', r.rolsuper), ('BYPASSRLS', r.rolbypassrls)) AS p (power, held)
WHERE r.rolname = 'lianxi_reader' AND p.held
ORDER BY p.power;

-- name: owned
-- Relations, functions and schemas that belong to the application.
SELECT o.name
FROM (
    SELECT c.relname::text AS name, c.relowner AS owner
    FROM pg_catalog.pg_class c WHERE c.relnamespace = 'ledger'::regnamespace
    UNION ALL
    SELECT p.proname::text, p.proowner
    FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'ledger'::regnamespace
    UNION ALL
    SELECT n.nspname::text, n.nspowner FROM pg_catalog.pg_namespace n WHERE n.nspname = 'ledger'
    UNION ALL
    SELECT d.datname::text, d.datdba FROM pg_catalog.pg_database d WHERE d.datname = current_database()
) AS o
WHERE pg_catalog.pg_has_role(current_user, o.owner, 'MEMBER')
ORDER BY o.name;

-- name: rights
-- Rights to change the ledger, or to truncate anything, of the application or of a role that it may become.
SELECT DISTINCT c.relname || ' ' || w.privilege
FROM pg_catalog.pg_class c
CROSS JOIN (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) AS w (privilege)
CROSS JOIN pg_catalog.pg_roles r
WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p')
  AND pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER')
  AND (c.relname LIKE 'ledger%' OR c.relname = 'migration' OR w.privilege IN ('TRUNCATE', 'TRIGGER')
       OR c.relname IN ('credential_act', 'webhook_act') AND w.privilege IN ('UPDATE', 'DELETE'))
  AND (has_table_privilege(r.oid, c.oid, w.privilege)
       OR w.privilege IN ('INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(r.oid, c.oid, w.privilege))
ORDER BY 1;

-- name: unforced
-- Tables of tenants without row-level security that binds the owner too.
SELECT c.relname
FROM pg_catalog.pg_class c
WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p')
  AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
ORDER BY c.relname;

-- name: policies
-- Policies that are not the two that every table of tenants has: permissive ones add up, so each further one leaks.
SELECT c.relname || ' ' || p.polname
FROM pg_catalog.pg_policy p
JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace = 'ledger'::regnamespace
  AND NOT (
      p.polname = 'pair' AND p.polcmd = '*' AND p.polpermissive AND p.polwithcheck IS NULL
      AND pg_catalog.pg_get_expr(p.polqual, p.polrelid)
          = '(tenant_id = NULLIF(current_setting(''app.tenant''::text, true), ''''::text))'
      AND p.polroles @> ARRAY['lianxi_app'::regrole::oid]
      AND p.polroles <@ ARRAY['lianxi_app'::regrole::oid, 'lianxi_owner'::regrole::oid])
  AND NOT (
      p.polname = 'subtree' AND p.polcmd = 'r' AND p.polpermissive
      AND pg_catalog.pg_get_expr(p.polqual, p.polrelid)
          = 'starts_with(tenant_id, NULLIF(current_setting(''app.scope''::text, true), ''''::text))'
      AND p.polroles = ARRAY['lianxi_reader'::regrole::oid])
ORDER BY 1;

-- name: unpoliced
-- Tables of tenants that lack one of the two policies.
SELECT c.relname || ' ' || w.name
FROM pg_catalog.pg_class c
CROSS JOIN (VALUES ('pair'), ('subtree')) AS w (name)
WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p')
  AND EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid AND p.polname = w.name)
ORDER BY 1;

-- name: views
-- Plain views and materialised ones: they read as their owner, past the policies.
SELECT c.relname
FROM pg_catalog.pg_class c
WHERE c.relnamespace = 'ledger'::regnamespace
  AND (c.relkind = 'm' OR c.relkind = 'v' AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false))
ORDER BY c.relname;

-- name: untriggered
-- Tables whose fence against changes is missing, or can be switched off by a session.
SELECT w.relname
FROM (VALUES ('ledger_event'), ('ledger_command'), ('ledger_head'), ('credential_act'),
             ('ledger_checkpoint'), ('ledger_sealed'), ('webhook_act')) AS w (relname)
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_trigger t
    JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'ledger'::regnamespace AND c.relname = w.relname
      AND t.tgfoid = 'ledger.refuse_change'::regproc AND t.tgenabled = 'A')
ORDER BY w.relname;

-- name: database_rights
-- Rights to make objects that could stand in front of ours.
SELECT w.name
FROM (
    SELECT p.privilege AS name
    FROM (VALUES ('TEMP'), ('CREATE')) AS p (privilege)
    WHERE has_database_privilege(current_user, current_database(), p.privilege)
    UNION ALL
    SELECT 'CREATE ON SCHEMA ' || n.nspname
    FROM pg_catalog.pg_namespace n
    WHERE n.nspname NOT LIKE 'pg\_%' AND has_schema_privilege(current_user, n.oid, 'CREATE')
) AS w
ORDER BY w.name;

-- name: open_functions
-- Functions that everybody may execute, and definer functions whose names can be looked up elsewhere first.
SELECT p.oid::regprocedure::text
FROM pg_catalog.pg_proc p
WHERE p.pronamespace = 'ledger'::regnamespace
  AND (p.proacl IS NULL
       OR EXISTS (SELECT FROM aclexplode(p.proacl) AS a WHERE a.grantee = 0)
       OR p.prosecdef AND NOT coalesce(p.proconfig @> ARRAY['search_path=pg_catalog, ledger, pg_temp'], false))
ORDER BY 1;

-- name: bodies
-- The functions here, and what they do.
SELECT p.oid::regprocedure::text, p.proname::text, p.prosrc
FROM pg_catalog.pg_proc p
WHERE p.pronamespace = 'ledger'::regnamespace
ORDER BY 1;

-- name: applied
-- The migrations applied here.
SELECT name, sha256 FROM ledger.migration ORDER BY name;
