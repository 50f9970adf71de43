-- name: role_exists
-- Whether a role of the cluster exists.
SELECT count(*) FROM pg_catalog.pg_roles WHERE rolname = %(role)s;

-- name: is_member
-- Whether one role was made a member of another.
SELECT count(*)
FROM pg_catalog.pg_auth_members m
JOIN pg_catalog.pg_roles g ON g.oid = m.roleid
JOIN pg_catalog.pg_roles u ON u.oid = m.member
WHERE g.rolname = %(role)s AND u.rolname = %(member)s;

-- name: create_lianxi_owner
-- Owns the schema and everything in it; nobody can log in as it.
CREATE ROLE lianxi_owner NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT;

-- name: create_lianxi_reader
-- Reads a subtree of pairs, and can do nothing else.
CREATE ROLE lianxi_reader NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT;

-- name: create_lianxi_auditor
-- Reads the facts, commands and checkpoints of a mandate's subtree, and can do nothing else.
CREATE ROLE lianxi_auditor NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT;

-- name: create_lianxi_signer
-- Reads the entries of a pair and publishes checkpoints, and can do nothing else.
CREATE ROLE lianxi_signer NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT;

-- name: create_lianxi_app
-- The application. NOINHERIT: it has the rights of another role only after it has said SET LOCAL ROLE.
CREATE ROLE lianxi_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT;

-- name: become_owner
-- Lets the migrating role act as the owner.
GRANT lianxi_owner TO CURRENT_USER;

-- name: lianxi_reader_to_app
-- Lets the application become a reader of a subtree.
GRANT lianxi_reader TO lianxi_app;

-- name: lianxi_auditor_to_app
-- Lets the application become an auditor.
GRANT lianxi_auditor TO lianxi_app;

-- name: lianxi_signer_to_app
-- Lets the application become the signer.
GRANT lianxi_signer TO lianxi_app;

-- name: create_schema
-- The one schema of the product.
CREATE SCHEMA IF NOT EXISTS ledger AUTHORIZATION lianxi_owner;

-- name: create_migration
-- What was applied here, and the SHA-256 of the very text that was applied.
CREATE TABLE IF NOT EXISTS ledger.migration (
    name text NOT NULL PRIMARY KEY,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- name: applied
-- Everything applied so far.
SELECT name, sha256 FROM ledger.migration ORDER BY name;

-- name: record
-- One more file was applied.
INSERT INTO ledger.migration (name, sha256) VALUES (%(name)s, %(sha256)s);

-- name: lock
-- One migration at a time in this database, until the session ends.
SELECT pg_catalog.pg_advisory_lock(hashtextextended('lianxi.migrate', 0));

-- name: close_public
-- Nobody creates objects, and so no shadow tables, where the application could find them.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
