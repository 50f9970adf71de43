-- How persons prove who they are: accounts with passwords, second factors, sessions, and identities that a
-- government platform vouches for. These belong to no pair. The application's role may list what is here but for
-- the columns with secrets and hashes, which only the two functions at the end read, for one person or token each.

CREATE TABLE ledger.account (
    person_id text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES ledger.principal,
    password_hash text NOT NULL,
    must_change boolean NOT NULL,
    password_expires_at timestamptz,
    changed_at timestamptz NOT NULL
);
COMMENT ON TABLE ledger.account IS 'Argon2 hashes of passwords. A one-time password must be changed and expires; one chosen by its person does not.';

CREATE TABLE ledger.second_factor (
    person_id text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES ledger.principal,
    secret bytea NOT NULL,
    enrolled_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    last_step bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE ledger.second_factor IS 'Secrets of one-time codes (RFC 6238), encrypted by a key outside the database. last_step is that of the last code taken.';

CREATE TABLE ledger.session (
    token_hash bytea NOT NULL PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    id text COLLATE "C" NOT NULL UNIQUE,
    person_id text COLLATE "C" NOT NULL REFERENCES ledger.principal,
    how text COLLATE "C" NOT NULL CHECK (how IN ('password', 'oidc')),
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    second_at timestamptz,
    ended_at timestamptz
);
COMMENT ON TABLE ledger.session IS 'Sessions by the SHA-256 of their tokens of 256 random bits. second_at: when a second factor was shown in it.';
CREATE INDEX session_person ON ledger.session (person_id);
CREATE INDEX session_expiry ON ledger.session (expires_at);

CREATE TABLE ledger.login_attempt (
    key bytea NOT NULL PRIMARY KEY CHECK (octet_length(key) = 32),
    failures integer NOT NULL,
    until timestamptz NOT NULL,
    last_at timestamptz NOT NULL
);
COMMENT ON TABLE ledger.login_attempt IS 'Attempts that did not end well, by the SHA-256 of an account''s or address''s name, whether there is such an account or not.';
CREATE INDEX login_attempt_age ON ledger.login_attempt (last_at);

CREATE TABLE ledger.external_identity (
    issuer text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL REFERENCES ledger.principal,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject)
);
COMMENT ON TABLE ledger.external_identity IS 'Whom an identity of a government platform stands for: an administrator links the two, nothing else does.';
CREATE INDEX external_identity_person ON ledger.external_identity (person_id);

CREATE TABLE ledger.oidc_login (
    state_hash bytea NOT NULL PRIMARY KEY CHECK (octet_length(state_hash) = 32),
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE ledger.oidc_login IS 'Log-ins on their way through the platform: each state is taken once.';
CREATE INDEX oidc_login_expiry ON ledger.oidc_login (expires_at);

ALTER TABLE ledger.credential_act DROP CONSTRAINT credential_act_what_check;
ALTER TABLE ledger.credential_act ADD CONSTRAINT credential_act_what_check CHECK (what IN (
    'enrolled', 'issued', 'revoked', 'granted', 'withdrawn',
    'account_opened', 'unlocked', 'factor_reset', 'sessions_ended', 'linked', 'unlinked'));

GRANT SELECT (person_id, must_change, password_expires_at, changed_at), INSERT,
    UPDATE (password_hash, must_change, password_expires_at, changed_at) ON ledger.account TO lianxi_app;
GRANT SELECT (person_id, enrolled_at, confirmed_at, last_step), INSERT,
    UPDATE (secret, enrolled_at, confirmed_at, last_step), DELETE ON ledger.second_factor TO lianxi_app;
GRANT SELECT (id, person_id, how, created_at, seen_at, expires_at, second_at, ended_at), INSERT,
    UPDATE (second_at, ended_at), DELETE ON ledger.session TO lianxi_app;
GRANT SELECT, INSERT, UPDATE (failures, until, last_at), DELETE ON ledger.login_attempt TO lianxi_app;
GRANT SELECT, INSERT, DELETE ON ledger.external_identity TO lianxi_app;
GRANT SELECT, INSERT, DELETE ON ledger.oidc_login TO lianxi_app;

-- The only reader of password hashes and of second factors: those of one person.
CREATE FUNCTION ledger.account_secrets(p_person text) RETURNS TABLE (
    password_hash text, must_change boolean, password_expires_at timestamptz,
    secret bytea, confirmed boolean, last_step bigint
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, ledger, pg_temp AS $$
    SELECT a.password_hash, a.must_change, a.password_expires_at, f.secret, f.confirmed_at IS NOT NULL, f.last_step
    FROM ledger.principal p
    LEFT JOIN ledger.account a ON a.person_id = p.person_id
    LEFT JOIN ledger.second_factor f ON f.person_id = p.person_id
    WHERE p.person_id = p_person;
$$;

-- Whose session a token is, and what that person may do now: one row for each grant, or one without a grant. That it was
-- seen is noted once a minute.
CREATE FUNCTION ledger.resolve_session(p_hash bytea, p_at timestamptz, p_idle interval, p_touch boolean) RETURNS TABLE (
    token_hash bytea, id text, person_id text, how text, second boolean, must_change boolean, factor boolean,
    role text, scope text
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, ledger, pg_temp AS $$
DECLARE
    v_session ledger.session;
BEGIN
    SELECT s.* INTO v_session FROM ledger.session s
    WHERE s.token_hash = p_hash AND s.ended_at IS NULL AND s.expires_at > p_at AND s.seen_at > p_at - p_idle;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF p_touch AND v_session.seen_at < p_at - interval '1 minute' THEN
        UPDATE ledger.session s SET seen_at = p_at WHERE s.token_hash = p_hash AND s.seen_at < p_at;
    END IF;
    RETURN QUERY
    SELECT v_session.token_hash, v_session.id, v_session.person_id, v_session.how, v_session.second_at IS NOT NULL,
           coalesce(a.must_change AND v_session.how = 'password', false), f.confirmed_at IS NOT NULL, g.role, g.scope
    FROM (VALUES (1)) AS one
    LEFT JOIN ledger.account a ON a.person_id = v_session.person_id
    LEFT JOIN ledger.second_factor f ON f.person_id = v_session.person_id
    LEFT JOIN ledger.role_grant g ON g.person_id = v_session.person_id AND g.revoked_at IS NULL
    ORDER BY g.role, g.scope;
END $$;

REVOKE ALL ON FUNCTION ledger.account_secrets, ledger.resolve_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.account_secrets, ledger.resolve_session TO lianxi_app;
