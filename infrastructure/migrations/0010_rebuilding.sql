-- Which shape each pair's rows of each view were last folded in: noted in the transaction that folded them, so that a
-- rebuilding that was stopped goes on with the pairs and views that it had not come to.

CREATE TABLE ledger.view_fold (
    tenant_id text COLLATE "C" NOT NULL,
    view text COLLATE "C" NOT NULL,
    shape text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, view)
);
COMMENT ON TABLE ledger.view_fold IS 'The shape that a pair''s rows of a view were folded in, where they were ever folded as a whole.';
ALTER TABLE ledger.view_fold ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.view_fold FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.view_fold TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.view_fold FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.view_fold TO lianxi_app;
GRANT SELECT ON ledger.view_fold TO lianxi_reader;
