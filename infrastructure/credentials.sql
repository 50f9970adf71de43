-- name: enrol
-- One more principal, and the act; one that is known stays as it is.
WITH done AS (
    INSERT INTO ledger.principal (person_id, label) VALUES (%(person)s, %(label)s)
    ON CONFLICT (person_id) DO NOTHING
    RETURNING person_id
)
INSERT INTO ledger.credential_act (id, actor, what, person, role, scope, token_hash)
SELECT %(act)s::text, %(actor)s::text, 'enrolled', done.person_id, NULL, NULL, NULL FROM done;

-- name: principals
-- Everyone who was enrolled.
SELECT person_id, label FROM ledger.principal ORDER BY person_id;

-- name: issue
-- The hash of a new token, and the act.
WITH done AS (
    INSERT INTO ledger.credential (token_hash, person_id, label, expires_at)
    VALUES (%(hash)s::bytea, %(person)s, %(label)s, %(expires_at)s::timestamptz)
    RETURNING person_id, token_hash
)
INSERT INTO ledger.credential_act (id, actor, what, person, role, scope, token_hash)
SELECT %(act)s::text, %(actor)s::text, 'issued', done.person_id, NULL, NULL, done.token_hash FROM done;

-- name: resolve
-- Whose token this is, and what that person may do now: one row for each grant, or one without a grant.
SELECT c.token_hash, c.person_id, g.role, g.scope
FROM ledger.credential c
LEFT JOIN ledger.role_grant g ON g.person_id = c.person_id AND g.revoked_at IS NULL
WHERE c.token_hash = %(hash)s::bytea AND c.revoked_at IS NULL AND c.expires_at > statement_timestamp()
ORDER BY g.role, g.scope;

-- name: resolve_session
-- Whose session this is, and what that person may do now; it is noted as seen.
SELECT token_hash, id, person_id, how, second, must_change, factor, role, scope
FROM ledger.resolve_session(%(hash)s::bytea, %(at)s::timestamptz, make_interval(secs => %(idle)s::integer), %(touch)s::boolean);

-- name: revoke
-- A token is not valid any more, from now on; and the act.
WITH done AS (
    UPDATE ledger.credential SET revoked_at = statement_timestamp()
    WHERE token_hash = %(hash)s::bytea AND revoked_at IS NULL
    RETURNING person_id, token_hash
)
INSERT INTO ledger.credential_act (id, actor, what, person, role, scope, token_hash)
SELECT %(act)s::text, %(actor)s::text, 'revoked', done.person_id, NULL, NULL, done.token_hash FROM done;

-- name: credentials
-- A person's tokens.
SELECT token_hash, label, created_at, expires_at, revoked_at
FROM ledger.credential
WHERE person_id = %(person)s
ORDER BY created_at, token_hash;

-- name: grant
-- A role over a scope, given or given again, and the act; one that is held stays as it is.
WITH done AS (
    INSERT INTO ledger.role_grant AS g (person_id, role, scope) VALUES (%(person)s, %(role)s, %(scope)s)
    ON CONFLICT (person_id, role, scope) DO UPDATE SET revoked_at = NULL WHERE g.revoked_at IS NOT NULL
    RETURNING person_id, role, scope
)
INSERT INTO ledger.credential_act (id, actor, what, person, role, scope, token_hash)
SELECT %(act)s::text, %(actor)s::text, 'granted', done.person_id, done.role, done.scope, NULL FROM done;

-- name: withdraw
-- A role over a scope, taken back, and the act.
WITH done AS (
    UPDATE ledger.role_grant SET revoked_at = statement_timestamp()
    WHERE person_id = %(person)s AND role = %(role)s AND scope = %(scope)s AND revoked_at IS NULL
    RETURNING person_id, role, scope
)
INSERT INTO ledger.credential_act (id, actor, what, person, role, scope, token_hash)
SELECT %(act)s::text, %(actor)s::text, 'withdrawn', done.person_id, done.role, done.scope, NULL FROM done;

-- name: grants
-- What a person may do now.
SELECT role, scope FROM ledger.role_grant
WHERE person_id = %(person)s AND revoked_at IS NULL
ORDER BY role, scope;

-- name: acts
-- What administrators did, oldest first, from after the last act seen.
SELECT id, at, actor, what, person, role, scope, token_hash
FROM ledger.credential_act
WHERE (at, id) > (%(after_at)s::timestamptz, %(after_id)s::text)
ORDER BY at, id
LIMIT %(limit)s::bigint;
