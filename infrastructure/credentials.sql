-- name: enrol
-- One more principal; one that is known stays as it is.
INSERT INTO ledger.principal (person_id, label) VALUES (%(person)s, %(label)s) ON CONFLICT (person_id) DO NOTHING;

-- name: principals
-- Everyone who was enrolled.
SELECT person_id, label FROM ledger.principal ORDER BY person_id;

-- name: issue
-- The hash of a new token.
INSERT INTO ledger.credential (token_hash, person_id, label, expires_at)
VALUES (%(hash)s::bytea, %(person)s, %(label)s, %(expires_at)s::timestamptz);

-- name: resolve
-- Whose token this is, and what that person may do now: one row for each grant, or one without a grant.
SELECT c.token_hash, c.person_id, g.role, g.scope
FROM ledger.credential c
LEFT JOIN ledger.role_grant g ON g.person_id = c.person_id AND g.revoked_at IS NULL
WHERE c.token_hash = %(hash)s::bytea AND c.revoked_at IS NULL AND c.expires_at > statement_timestamp()
ORDER BY g.role, g.scope;

-- name: revoke
-- A token is not valid any more, from now on.
UPDATE ledger.credential SET revoked_at = statement_timestamp()
WHERE token_hash = %(hash)s::bytea AND revoked_at IS NULL;

-- name: credentials
-- A person's tokens.
SELECT token_hash, label, created_at, expires_at, revoked_at
FROM ledger.credential
WHERE person_id = %(person)s
ORDER BY created_at, token_hash;

-- name: grant
-- A role over a scope, given or given again.
INSERT INTO ledger.role_grant (person_id, role, scope) VALUES (%(person)s, %(role)s, %(scope)s)
ON CONFLICT (person_id, role, scope) DO UPDATE SET revoked_at = NULL;

-- name: withdraw
-- A role over a scope, taken back.
UPDATE ledger.role_grant SET revoked_at = statement_timestamp()
WHERE person_id = %(person)s AND role = %(role)s AND scope = %(scope)s AND revoked_at IS NULL;

-- name: grants
-- What a person may do now.
SELECT role, scope FROM ledger.role_grant
WHERE person_id = %(person)s AND revoked_at IS NULL
ORDER BY role, scope;
