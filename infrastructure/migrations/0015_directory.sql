-- Contact data: telephone numbers, addresses, notes. They are in no fact, and here only as ciphertext, by a key for each
-- person that lies outside the database (infrastructure/people_keys.py). These tables belong to no pair.

CREATE TABLE ledger.directory (
    person_id text COLLATE "C" NOT NULL PRIMARY KEY CHECK (person_id <> ''),
    nonce bytea NOT NULL CHECK (octet_length(nonce) = 12),
    sealed bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT statement_timestamp()
);
COMMENT ON TABLE ledger.directory IS 'Contact data of persons, AES-256-GCM by a key of each person''s own; the person''s id is the associated data.';

CREATE TABLE ledger.directory_act (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT statement_timestamp(),
    actor text COLLATE "C" NOT NULL CHECK (actor <> ''),
    what text COLLATE "C" NOT NULL CHECK (what IN ('set', 'read', 'erased')),
    person text COLLATE "C" NOT NULL
);
COMMENT ON TABLE ledger.directory_act IS 'Who set, read or erased whose contact data, and never what they are. What a person reads of himself is not noted.';
CREATE INDEX directory_act_person ON ledger.directory_act (person, at, id);
CREATE TRIGGER only_appended BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.directory_act
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.directory_act ENABLE ALWAYS TRIGGER only_appended;

GRANT SELECT, INSERT, UPDATE (nonce, sealed, at) ON ledger.directory TO lianxi_app;
GRANT SELECT, INSERT ON ledger.directory_act TO lianxi_app;

-- Remove a person's row and write the table anew without it, so that its file holds no dead row either: DELETE would
-- leave the ciphertext there until a vacuum, which the application's role may not ask for. The table is one row a person.
-- p_keyed tells whether there was a key. What was there is noted as erased; a repeat changes and notes nothing.
-- Returns: whether anything was there.
CREATE FUNCTION ledger.directory_erase(p_person text, p_keyed boolean, p_act text, p_actor text)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, ledger, pg_temp AS $$
DECLARE
    v_others ledger.directory[];
    v_found boolean;
BEGIN
    LOCK TABLE ledger.directory IN ACCESS EXCLUSIVE MODE;
    SELECT count(*) > 0 INTO v_found FROM ledger.directory d WHERE d.person_id = p_person;
    IF v_found THEN
        SELECT array_agg(d) INTO v_others FROM ledger.directory d WHERE d.person_id <> p_person;
        TRUNCATE ledger.directory;
        INSERT INTO ledger.directory (person_id, nonce, sealed, at)
        SELECT o.person_id, o.nonce, o.sealed, o.at FROM unnest(v_others) AS o;
    END IF;
    IF v_found OR p_keyed THEN
        INSERT INTO ledger.directory_act (id, actor, what, person) VALUES (p_act, p_actor, 'erased', p_person);
    END IF;
    RETURN v_found OR p_keyed;
END $$;

GRANT EXECUTE ON FUNCTION ledger.directory_erase(text, boolean, text, text) TO lianxi_app;
