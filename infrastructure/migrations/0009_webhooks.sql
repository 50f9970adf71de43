-- What is sent out: subscriptions, how far each has come in each pair, and what people did about them.
-- No secret is kept here: it is derived from a key outside the database (application/webhooks.py).

CREATE TABLE ledger.webhook (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    reach text COLLATE "C",
    url text NOT NULL,
    label text NOT NULL,
    sponsor text COLLATE "C" NOT NULL,
    generation integer NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    rotated_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE ledger.webhook IS 'Subscriptions, in the pair or division they were registered for. reach is what the ids of the pairs covered begin with; NULL is this pair alone.';

CREATE TABLE ledger.webhook_delivery (
    tenant_id text COLLATE "C" NOT NULL,
    webhook_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    hash bytea NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    reason text NOT NULL DEFAULT '',
    due_at timestamptz NOT NULL,
    parked_at timestamptz,
    holder text COLLATE "C" NOT NULL DEFAULT '',
    leased_until timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, webhook_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE ledger.webhook_delivery IS 'The cursor of one subscription in one pair, with the hash there; and the lease of the server that delivers just now.';

CREATE TABLE ledger.webhook_act (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    actor text COLLATE "C" NOT NULL,
    what text COLLATE "C" NOT NULL,
    webhook_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE ledger.webhook_act IS 'Who registered, renewed, resumed or ended a subscription, in the same statement as what was done. Only ever appended to.';
CREATE TRIGGER only_appended BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.webhook_act
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.webhook_act ENABLE ALWAYS TRIGGER only_appended;

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['webhook', 'webhook_delivery', 'webhook_act'] LOOP
        EXECUTE format($sql$
            ALTER TABLE ledger.%1$I ENABLE ROW LEVEL SECURITY;
            ALTER TABLE ledger.%1$I FORCE ROW LEVEL SECURITY;
            CREATE POLICY pair ON ledger.%1$I TO lianxi_owner, lianxi_app
                USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
            CREATE POLICY subtree ON ledger.%1$I FOR SELECT TO lianxi_reader
                USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
            GRANT SELECT, INSERT ON ledger.%1$I TO lianxi_app;
            GRANT SELECT ON ledger.%1$I TO lianxi_reader;
        $sql$, v_table);
    END LOOP;
END $$;
GRANT UPDATE (sponsor, generation, key_id, rotated_at, ended_at) ON ledger.webhook TO lianxi_app;
GRANT UPDATE ON ledger.webhook_delivery TO lianxi_app;
