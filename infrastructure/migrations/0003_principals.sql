-- Who may enter: persons, what they were granted, and the tokens they hold. These belong to no pair.

CREATE TABLE ledger.principal (
    person_id text COLLATE "C" NOT NULL PRIMARY KEY CHECK (person_id <> ''),
    label text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT statement_timestamp()
);
COMMENT ON TABLE ledger.principal IS 'Everyone and everything that may act. The label is for people; nothing is decided by it.';

CREATE TABLE ledger.role_grant (
    person_id text COLLATE "C" NOT NULL REFERENCES ledger.principal,
    role text COLLATE "C" NOT NULL CHECK (role <> ''),
    scope text COLLATE "C" NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    revoked_at timestamptz,
    PRIMARY KEY (person_id, role, scope)
);
COMMENT ON TABLE ledger.role_grant IS 'A role over a pair or a subtree of divisions. Never deleted: a grant taken back keeps its row.';

CREATE TABLE ledger.credential (
    token_hash bytea NOT NULL PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    person_id text COLLATE "C" NOT NULL REFERENCES ledger.principal,
    label text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
COMMENT ON TABLE ledger.credential IS 'SHA-256 of tokens of 256 random bits; the tokens themselves are kept nowhere.';
CREATE INDEX credential_person ON ledger.credential (person_id);

GRANT SELECT, INSERT ON ledger.principal, ledger.role_grant, ledger.credential TO lianxi_app;
GRANT UPDATE (revoked_at) ON ledger.role_grant, ledger.credential TO lianxi_app;
