-- What token resolution reads, written as facts are appended to the administration ledger.

-- name: enrol
-- One more principal.
INSERT INTO ledger.principal (person_id, label) VALUES (%(person)s, %(description)s)
ON CONFLICT (person_id) DO NOTHING;

-- name: grant
-- A role over a scope, given or given anew.
INSERT INTO ledger.role_grant AS g (person_id, role, scope, subtree, valid_from, valid_until, matters)
VALUES (%(person)s, %(role)s, %(scope)s, %(subtree)s, %(valid_from)s::date, %(valid_until)s::date, %(matters)s::text[])
ON CONFLICT (person_id, role, scope) DO UPDATE
SET revoked_at = NULL, granted_at = statement_timestamp(), subtree = excluded.subtree,
    valid_from = excluded.valid_from, valid_until = excluded.valid_until, matters = excluded.matters;

-- name: withdraw
-- A role over a scope, taken back.
UPDATE ledger.role_grant SET revoked_at = statement_timestamp()
WHERE person_id = %(person)s AND role = %(role)s AND scope = %(scope)s AND revoked_at IS NULL;

-- name: issue
-- The hash of a new secret.
INSERT INTO ledger.credential (token_hash, person_id, kind, label, expires_at, pair, matters)
VALUES (%(hash)s::bytea, %(person)s, %(kind)s, %(purpose)s, %(expires_at)s::timestamptz, %(pair)s, %(matters)s::text[]);

-- name: revoke
-- A secret is not valid any more, from now on.
UPDATE ledger.credential SET revoked_at = statement_timestamp()
WHERE token_hash = %(hash)s::bytea AND revoked_at IS NULL;

-- name: people
-- Everyone who was enrolled.
SELECT person_id, label FROM ledger.principal ORDER BY person_id;

-- name: mandates
-- What was granted and not taken back.
SELECT person_id, role, scope, subtree, valid_from, valid_until, matters
FROM ledger.role_grant
WHERE revoked_at IS NULL
ORDER BY person_id, role, scope;

-- name: keys
-- Secrets that were not revoked, the expired ones too.
SELECT person_id, encode(token_hash, 'hex'), kind, label, expires_at, pair, matters
FROM ledger.credential
WHERE revoked_at IS NULL
ORDER BY person_id, token_hash;

-- name: earlier
-- What administrators did before the administration ledger, oldest first.
SELECT id, at, actor, what, person, role, scope, encode(token_hash, 'hex')
FROM ledger.credential_act
ORDER BY at, id;
