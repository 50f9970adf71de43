-- What administrators did: whom they enrolled, which roles and tokens they gave and took back. Only ever appended to.

CREATE TABLE ledger.credential_act (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT statement_timestamp(),
    actor text COLLATE "C" NOT NULL CHECK (actor <> ''),
    what text COLLATE "C" NOT NULL CHECK (what IN ('enrolled', 'issued', 'revoked', 'granted', 'withdrawn')),
    person text COLLATE "C" NOT NULL,
    role text COLLATE "C",
    scope text COLLATE "C",
    token_hash bytea
);
COMMENT ON TABLE ledger.credential_act IS 'The acts of administrators, in the same transaction as what they did. The actor is a person, or the command line.';
CREATE INDEX credential_act_order ON ledger.credential_act (at, id);

CREATE TRIGGER only_appended BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.credential_act
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.credential_act ENABLE ALWAYS TRIGGER only_appended;

GRANT SELECT, INSERT ON ledger.credential_act TO lianxi_app;
