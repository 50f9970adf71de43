-- The signed checkpoints, for whoever reads them. What the signer goes by it keeps outside of this database.
-- The tree of everyone belongs to no pair: its rows are under the id 'all', which no division has.

CREATE TABLE ledger.ledger_checkpoint (
    tenant_id text COLLATE "C" NOT NULL,
    origin text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    note text NOT NULL,
    number bigint,
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, origin, size)
);
COMMENT ON TABLE ledger.ledger_checkpoint IS 'Signed notes over the first size leaves of a tree. number is the note''s own leaf in the tree of everyone.';
CREATE INDEX ledger_checkpoint_order ON ledger.ledger_checkpoint (tenant_id, at, origin, size);

CREATE TABLE ledger.ledger_sealed (
    tenant_id text COLLATE "C" NOT NULL,
    origin text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    pair text COLLATE "C" NOT NULL,
    body text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, origin, number)
);
COMMENT ON TABLE ledger.ledger_sealed IS 'The leaves of the tree of everyone: texts of checkpoints, and declarations of new epochs.';
CREATE INDEX ledger_sealed_pair ON ledger.ledger_sealed (tenant_id, pair, origin, number);

CREATE TRIGGER only_appended BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.ledger_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.ledger_checkpoint ENABLE ALWAYS TRIGGER only_appended;
CREATE TRIGGER only_appended BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.ledger_sealed
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.ledger_sealed ENABLE ALWAYS TRIGGER only_appended;

ALTER TABLE ledger.ledger_checkpoint ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.ledger_checkpoint FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.ledger_checkpoint TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.ledger_checkpoint FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
ALTER TABLE ledger.ledger_sealed ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.ledger_sealed FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.ledger_sealed TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.ledger_sealed FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
GRANT SELECT ON ledger.ledger_checkpoint, ledger.ledger_sealed TO lianxi_app, lianxi_reader;

-- Publish a checkpoint, once. Returns: whether what stands there now is this very note.
-- Raises: LX002 another pair is set in this transaction; LX005 malformed arguments.
CREATE FUNCTION ledger.checkpoint_publish(
    p_tenant text, p_origin text, p_size bigint, p_note text, p_number bigint, p_at timestamptz
) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, ledger, pg_temp AS $$
DECLARE
    v_same boolean;
BEGIN
    PERFORM ledger.ledger_enter(p_tenant);
    IF p_tenant = '' OR p_origin = '' OR p_size < 1 OR p_note = '' THEN
        RAISE EXCEPTION 'malformed arguments' USING ERRCODE = 'LX005';
    END IF;
    INSERT INTO ledger.ledger_checkpoint (tenant_id, origin, size, note, number, at)
    VALUES (p_tenant, p_origin, p_size, p_note, p_number, p_at)
    ON CONFLICT (tenant_id, origin, size) DO NOTHING;
    SELECT c.note = p_note AND c.number IS NOT DISTINCT FROM p_number INTO v_same
    FROM ledger.ledger_checkpoint c
    WHERE c.tenant_id = p_tenant AND c.origin = p_origin AND c.size = p_size;
    RETURN v_same;
END $$;

-- Publish a leaf of the tree of everyone, once. Returns: whether what stands there now is this very leaf.
-- Raises: LX002 another pair is set in this transaction; LX005 malformed arguments.
CREATE FUNCTION ledger.sealed_publish(
    p_tenant text, p_origin text, p_number bigint, p_pair text, p_body text, p_at timestamptz
) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, ledger, pg_temp AS $$
DECLARE
    v_same boolean;
BEGIN
    PERFORM ledger.ledger_enter(p_tenant);
    IF p_tenant = '' OR p_origin = '' OR p_number < 0 OR p_body = '' THEN
        RAISE EXCEPTION 'malformed arguments' USING ERRCODE = 'LX005';
    END IF;
    INSERT INTO ledger.ledger_sealed (tenant_id, origin, number, pair, body, at)
    VALUES (p_tenant, p_origin, p_number, p_pair, p_body, p_at)
    ON CONFLICT (tenant_id, origin, number) DO NOTHING;
    SELECT s.pair = p_pair AND s.body = p_body INTO v_same
    FROM ledger.ledger_sealed s
    WHERE s.tenant_id = p_tenant AND s.origin = p_origin AND s.number = p_number;
    RETURN v_same;
END $$;

GRANT EXECUTE ON FUNCTION
    ledger.checkpoint_publish(text, text, bigint, text, bigint, timestamptz),
    ledger.sealed_publish(text, text, bigint, text, text, timestamptz)
TO lianxi_app;
