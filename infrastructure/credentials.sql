-- name: principals
-- Everyone who was enrolled.
SELECT person_id, label FROM ledger.principal ORDER BY person_id;

-- name: resolve
-- Whose token this is, and what that person may do now: one row for each grant, or one without a grant.
SELECT c.token_hash, c.person_id, g.role, g.scope, g.subtree, g.matters
FROM ledger.credential c
LEFT JOIN ledger.role_grant g ON g.person_id = c.person_id AND g.revoked_at IS NULL
    AND (g.valid_from IS NULL OR g.valid_from <= (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date)
    AND (g.valid_until IS NULL OR g.valid_until >= (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date)
WHERE c.token_hash = %(hash)s::bytea AND c.kind = 'token'
    AND c.revoked_at IS NULL AND c.expires_at > statement_timestamp()
ORDER BY g.role, g.scope;

-- name: resolve_key
-- Whose key this is, what it opens, and the mandates of its service today.
SELECT c.token_hash, c.person_id, c.pair, c.matters, g.role, g.scope, g.subtree, g.matters
FROM ledger.credential c
JOIN ledger.role_grant g ON g.person_id = c.person_id AND g.revoked_at IS NULL
    AND (g.valid_from IS NULL OR g.valid_from <= (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date)
    AND (g.valid_until IS NULL OR g.valid_until >= (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date)
WHERE c.token_hash = %(hash)s::bytea AND c.kind = 'key'
    AND c.revoked_at IS NULL AND c.expires_at > statement_timestamp()
ORDER BY g.role, g.scope;

-- name: resolve_session
-- Whose session this is, and what that person may do now; it is noted as seen.
SELECT token_hash, id, person_id, how, second, must_change, factor, role, scope, subtree, matters
FROM ledger.resolve_session(%(hash)s::bytea, %(at)s::timestamptz, make_interval(secs => %(idle)s::integer), %(touch)s::boolean);

-- name: whose
-- Whose secret this is.
SELECT person_id FROM ledger.credential WHERE token_hash = %(hash)s::bytea;

-- name: credentials
-- A person's tokens.
SELECT token_hash, label, created_at, expires_at, revoked_at
FROM ledger.credential
WHERE person_id = %(person)s
ORDER BY created_at, token_hash;

-- name: grants
-- What a person may do now: the dates are inclusive, and those of the legal day.
SELECT g.role, g.scope, g.subtree, g.matters FROM ledger.role_grant g
WHERE g.person_id = %(person)s AND g.revoked_at IS NULL
    AND (g.valid_from IS NULL OR g.valid_from <= (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date)
    AND (g.valid_until IS NULL OR g.valid_until >= (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date)
ORDER BY g.role, g.scope;
