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
-- Roles that the application may become, other than those made for it; and these, where their rights are inherited.
SELECT r.rolname
FROM pg_catalog.pg_roles r
WHERE r.rolname <> current_user
  AND pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER')
  AND (r.rolname NOT IN ('lianxi_reader', 'lianxi_auditor', 'lianxi_signer')
       OR pg_catalog.pg_has_role(current_user, r.oid, 'USAGE'))
ORDER BY r.rolname;

-- name: readers
-- Powers of the roles that the application may become, and of the owner.
SELECT r.rolname || ' ' || p.power
FROM pg_catalog.pg_roles r
CROSS JOIN LATERAL (VALUES
    ('LOGIN', r.rolcanlogin), ('SUPERUSER', r.rolsuper), ('BYPASSRLS', r.rolbypassrls), ('CREATEROLE', r.rolcreaterole),
    ('CREATEDB', r.rolcreatedb), ('REPLICATION', r.rolreplication)) AS p (power, held)
WHERE r.rolname IN ('lianxi_reader', 'lianxi_auditor', 'lianxi_signer', 'lianxi_owner') AND p.held
ORDER BY 1;

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
  AND (c.relname LIKE 'ledger%' OR c.relname LIKE 'access%' OR c.relname = 'migration' OR w.privilege IN ('TRUNCATE', 'TRIGGER')
       OR c.relname IN ('credential_act', 'webhook_act', 'directory_act') AND w.privilege IN ('UPDATE', 'DELETE'))
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
-- Policies that are not those that tables of tenants have: permissive ones add up, so each further one leaks.
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
  AND NOT (
      p.polname = 'mandate' AND p.polcmd = 'r' AND p.polpermissive
      AND pg_catalog.pg_get_expr(p.polqual, p.polrelid)
          = 'starts_with(tenant_id, NULLIF(current_setting(''app.scope''::text, true), ''''::text))'
      AND p.polroles = ARRAY['lianxi_auditor'::regrole::oid])
  AND NOT (
      p.polname = 'sealing' AND p.polcmd = 'r' AND p.polpermissive
      AND pg_catalog.pg_get_expr(p.polqual, p.polrelid)
          = '(tenant_id = NULLIF(current_setting(''app.tenant''::text, true), ''''::text))'
      AND p.polroles = ARRAY['lianxi_signer'::regrole::oid])
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

-- name: citus
-- The catalogue of distributed tables, where there is one.
SELECT pg_catalog.to_regclass('pg_catalog.pg_dist_partition')::text;

-- name: untriggered
-- Tables whose fence against changes is missing, or can be switched off by a session. What Citus distributes cannot have
-- a trigger: there the fence is that nobody, the owner included, has the right to change or remove a row.
SELECT w.relname
FROM (VALUES ('ledger_event', 'UPDATE'), ('ledger_command', 'UPDATE'), ('ledger_head', 'DELETE'),
             ('credential_act', 'UPDATE'), ('ledger_checkpoint', 'UPDATE'), ('ledger_sealed', 'UPDATE'),
             ('webhook_act', 'UPDATE'), ('directory_act', 'UPDATE'), ('access_log', 'UPDATE'), ('access_head', 'DELETE')) AS w (relname, change)
LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = 'ledger'::regnamespace AND c.relname = w.relname
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_trigger t
    WHERE t.tgrelid = c.oid AND t.tgfoid = 'ledger.refuse_change'::regproc AND t.tgenabled = 'A')
  AND NOT coalesce(
      c.oid = ANY (%(distributed)s::oid[])
      AND NOT EXISTS (
          SELECT FROM aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) AS a
          WHERE a.privilege_type IN (w.change, 'DELETE', 'TRUNCATE'))
      AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_attribute f CROSS JOIN LATERAL aclexplode(f.attacl) AS a
          WHERE f.attrelid = c.oid AND a.privilege_type = w.change),
      false)
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

-- name: definers
-- Functions outside of our schema that run with another's rights and that the application may call.
SELECT p.oid::regprocedure::text
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND n.nspname NOT IN ('ledger', 'pg_catalog', 'information_schema')
  AND has_schema_privilege(current_user, n.oid, 'USAGE') AND has_function_privilege(current_user, p.oid, 'EXECUTE')
ORDER BY 1;

-- name: durability
-- What lets a server lose what it has acknowledged, as it holds for this role; nothing of a server that is declared to
-- be one for trials by the setting lianxi.fleeting.
SELECT s.name || '=' || s.setting
FROM pg_catalog.pg_settings s
WHERE s.setting = 'off' AND s.name IN ('fsync', 'synchronous_commit')
  AND coalesce(current_setting('lianxi.fleeting', true), '') <> 'on'
ORDER BY 1;

-- name: torn
-- Whether a page torn by a power cut could stay torn. Some file systems never tear one, so this is told and not refused.
SELECT s.name || '=' || s.setting
FROM pg_catalog.pg_settings s
WHERE s.setting = 'off' AND s.name = 'full_page_writes'
  AND coalesce(current_setting('lianxi.fleeting', true), '') <> 'on';

-- name: bodies
-- The functions here, and what they do.
SELECT p.oid::regprocedure::text, p.proname::text, p.prosrc
FROM pg_catalog.pg_proc p
WHERE p.pronamespace = 'ledger'::regnamespace
ORDER BY 1;

-- name: applied
-- The migrations applied here.
SELECT name, sha256 FROM ledger.migration ORDER BY name;
