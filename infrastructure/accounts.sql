-- name: secrets
-- What one person proves who they are by; no row for nobody.
SELECT password_hash, must_change, password_expires_at, secret, confirmed, last_step
FROM ledger.account_secrets(%(person)s);

-- name: open_account
-- A one-time password for a person, whether they had an account or not; their sessions end.
WITH ended AS (
    UPDATE ledger.session SET ended_at = %(at)s::timestamptz WHERE person_id = %(person)s AND ended_at IS NULL
)
INSERT INTO ledger.account (person_id, password_hash, must_change, password_expires_at, changed_at)
VALUES (%(person)s, %(hash)s, true, %(expires_at)s::timestamptz, %(at)s::timestamptz)
ON CONFLICT (person_id) DO UPDATE
SET password_hash = %(hash)s, must_change = true, password_expires_at = %(expires_at)s::timestamptz,
    changed_at = %(at)s::timestamptz;

-- name: change_password
-- A password that its person chose; all other sessions of theirs end.
WITH ended AS (
    UPDATE ledger.session SET ended_at = %(at)s::timestamptz
    WHERE person_id = %(person)s AND id <> %(session)s AND ended_at IS NULL
)
UPDATE ledger.account
SET password_hash = %(hash)s, must_change = false, password_expires_at = NULL, changed_at = %(at)s::timestamptz
WHERE person_id = %(person)s;

-- name: enrol_factor
-- A new second factor, not yet confirmed; one that is confirmed stays as it is.
INSERT INTO ledger.second_factor AS f (person_id, secret, enrolled_at)
VALUES (%(person)s, %(secret)s::bytea, %(at)s::timestamptz)
ON CONFLICT (person_id) DO UPDATE
SET secret = %(secret)s::bytea, enrolled_at = %(at)s::timestamptz, last_step = 0
WHERE f.confirmed_at IS NULL;

-- name: take_step
-- A code was shown: its step counts once, and it confirms the factor.
UPDATE ledger.second_factor
SET last_step = %(step)s::bigint, confirmed_at = coalesce(confirmed_at, %(at)s::timestamptz)
WHERE person_id = %(person)s AND last_step < %(step)s::bigint;

-- name: reset_factor
-- A person has no second factor any more, and their sessions end.
WITH ended AS (
    UPDATE ledger.session SET ended_at = %(at)s::timestamptz WHERE person_id = %(person)s AND ended_at IS NULL
)
DELETE FROM ledger.second_factor WHERE person_id = %(person)s;

-- name: attempt
-- One more attempt under a name, counted as failed before its end is known; no row while the name is locked.
INSERT INTO ledger.login_attempt AS l (key, failures, until, last_at)
VALUES (%(key)s::bytea, 1, %(at)s::timestamptz, %(at)s::timestamptz)
ON CONFLICT (key) DO UPDATE
SET failures = CASE WHEN l.last_at < %(forgotten)s::timestamptz THEN 1 ELSE l.failures + 1 END,
    last_at = %(at)s::timestamptz,
    until = CASE
        WHEN l.last_at < %(forgotten)s::timestamptz OR l.failures + 1 < %(free)s::integer THEN %(at)s::timestamptz
        ELSE %(at)s::timestamptz + make_interval(secs => least(
            %(longest)s::integer, %(first)s::integer * power(2, least(l.failures + 1 - %(free)s::integer, 20))))
    END
WHERE l.until <= %(at)s::timestamptz
RETURNING failures;

-- name: locked_until
-- Until when a name is locked.
SELECT until FROM ledger.login_attempt WHERE key = %(key)s::bytea;

-- name: counted
-- Whether attempts are counted under a name.
SELECT 1 FROM ledger.login_attempt WHERE key = %(key)s::bytea AND failures > 0;

-- name: forget
-- Names under which nobody failed for long.
DELETE FROM ledger.login_attempt WHERE last_at < %(forgotten)s::timestamptz;

-- name: clear
-- All attempts under a name are taken back.
DELETE FROM ledger.login_attempt WHERE key = %(key)s::bytea;

-- name: take_back
-- The last attempt under a name is not counted.
UPDATE ledger.login_attempt SET failures = greatest(failures - 1, 0), until = %(at)s::timestamptz
WHERE key = %(key)s::bytea;

-- name: begin
-- A new session; those that ended long ago go, and so do a person's oldest beyond the number allowed.
WITH old AS (
    DELETE FROM ledger.session WHERE expires_at < %(long_ago)s::timestamptz
), beyond AS (
    UPDATE ledger.session SET ended_at = %(at)s::timestamptz
    WHERE id IN (SELECT id FROM ledger.session
                 WHERE person_id = %(person)s AND ended_at IS NULL AND expires_at > %(at)s::timestamptz
                 ORDER BY created_at DESC, id DESC OFFSET %(most)s::integer - 1)
)
INSERT INTO ledger.session (token_hash, id, person_id, how, created_at, seen_at, expires_at, second_at)
VALUES (%(hash)s::bytea, %(id)s, %(person)s, %(how)s, %(at)s::timestamptz, %(at)s::timestamptz,
        %(expires_at)s::timestamptz, %(second_at)s::timestamptz);

-- name: second_shown
-- A second factor was shown in a session.
UPDATE ledger.session SET second_at = %(at)s::timestamptz WHERE id = %(session)s AND ended_at IS NULL;

-- name: sessions
-- A person's sessions that are open, oldest first.
SELECT id, how, created_at, seen_at, expires_at, second_at IS NOT NULL
FROM ledger.session
WHERE person_id = %(person)s AND ended_at IS NULL AND expires_at > %(at)s::timestamptz
  AND seen_at > %(at)s::timestamptz - %(idle)s::interval
ORDER BY created_at, id;

-- name: end_one
-- One session of a person ends.
UPDATE ledger.session SET ended_at = %(at)s::timestamptz
WHERE person_id = %(person)s AND id = %(session)s AND ended_at IS NULL;

-- name: end_all
-- All sessions of a person end.
UPDATE ledger.session SET ended_at = %(at)s::timestamptz WHERE person_id = %(person)s AND ended_at IS NULL;

-- name: link
-- An identity of a platform stands for a person; one that is linked stays as it is.
INSERT INTO ledger.external_identity (issuer, subject, person_id, linked_at)
VALUES (%(issuer)s, %(subject)s, %(person)s, %(at)s::timestamptz)
ON CONFLICT (issuer, subject) DO NOTHING;

-- name: unlink
-- An identity of a platform stands for nobody any more, and the sessions entered by it end.
WITH ended AS (
    UPDATE ledger.session SET ended_at = %(at)s::timestamptz
    WHERE person_id = %(person)s AND how = 'oidc' AND ended_at IS NULL
)
DELETE FROM ledger.external_identity
WHERE issuer = %(issuer)s AND subject = %(subject)s AND person_id = %(person)s;

-- name: linked
-- Whom an identity of a platform stands for.
SELECT person_id FROM ledger.external_identity WHERE issuer = %(issuer)s AND subject = %(subject)s;

-- name: leave_for_platform
-- A log-in goes to the platform; those that never came back go.
WITH late AS (
    DELETE FROM ledger.oidc_login WHERE expires_at <= %(at)s::timestamptz
)
INSERT INTO ledger.oidc_login (state_hash, expires_at) VALUES (%(state)s::bytea, %(expires_at)s::timestamptz);

-- name: back_from_platform
-- A log-in comes back, once.
DELETE FROM ledger.oidc_login WHERE state_hash = %(state)s::bytea AND expires_at > %(at)s::timestamptz;
