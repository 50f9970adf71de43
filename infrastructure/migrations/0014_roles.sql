-- Two more roles that the application becomes for one transaction, each with what its work needs and nothing else:
-- lianxi_auditor reads the facts, commands and checkpoints of a mandate's subtree; lianxi_signer reads the entries of
-- the one pair that it seals, and alone publishes checkpoints. migrate.py makes the roles, which belong to the cluster.

GRANT USAGE ON SCHEMA ledger TO lianxi_auditor, lianxi_signer;

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['ledger_head', 'ledger_event', 'ledger_command', 'ledger_checkpoint'] LOOP
        EXECUTE format($sql$
            CREATE POLICY mandate ON ledger.%1$I FOR SELECT TO lianxi_auditor
                USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
            GRANT SELECT ON ledger.%1$I TO lianxi_auditor;
        $sql$, v_table);
    END LOOP;
    FOREACH v_table IN ARRAY
        ARRAY['ledger_head', 'ledger_event', 'ledger_command', 'ledger_checkpoint', 'ledger_sealed']
    LOOP
        EXECUTE format($sql$
            CREATE POLICY sealing ON ledger.%1$I FOR SELECT TO lianxi_signer
                USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
            GRANT SELECT ON ledger.%1$I TO lianxi_signer;
        $sql$, v_table);
    END LOOP;
END $$;

REVOKE EXECUTE ON FUNCTION
    ledger.checkpoint_publish(text, text, bigint, text, bigint, timestamptz),
    ledger.sealed_publish(text, text, bigint, text, text, timestamptz)
FROM lianxi_app;
GRANT EXECUTE ON FUNCTION
    ledger.checkpoint_publish(text, text, bigint, text, bigint, timestamptz),
    ledger.sealed_publish(text, text, bigint, text, text, timestamptz)
TO lianxi_signer;

-- What is made later is closed until it is opened by name. Functions were closed in 0001; PostgreSQL opens types too.
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
