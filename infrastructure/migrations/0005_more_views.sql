-- The views of the rest of the regulation, each of the same shape and under the same policies as those of 0002.

DO $$
DECLARE
    v_table text;
    v_comment text;
BEGIN
    FOR v_table, v_comment IN VALUES
        ('view_delegation', 'Delegations of authority, dated and numbered.'),
        ('view_standards', 'What a city has published for its pairs: bases, parameters, calendars. One row, in the city''s pair.'),
        ('view_rulebook', 'What a pair has adopted of it. One row a pair.'),
        ('view_year', 'A pair''s year: plan, assessment, leaders'' agenda, missed duty.'),
        ('view_scheme', 'Scoring schemes of an upper union.'),
        ('view_score', 'Scores given by an upper union.'),
        ('view_proposal', 'Proposals between meetings and their answers.'),
        ('view_supporting_rule', 'Supporting rules of a pair.'),
        ('view_practice', 'Practices worth noting.'),
        ('view_correction', 'Corrections of issued minutes, each a document of its own.'),
        ('view_leader_report', 'Reports to the leaders of both sides.'),
        ('view_legacy', 'Imports of paper history.')
    LOOP
        EXECUTE format($sql$
            CREATE TABLE ledger.%1$I (
                tenant_id text COLLATE "C" NOT NULL,
                id text COLLATE "C" NOT NULL,
                version bigint NOT NULL,
                position bigint NOT NULL,
                body jsonb NOT NULL,
                PRIMARY KEY (tenant_id, id)
            );
            COMMENT ON TABLE ledger.%1$I IS %2$L;
            ALTER TABLE ledger.%1$I ENABLE ROW LEVEL SECURITY;
            ALTER TABLE ledger.%1$I FORCE ROW LEVEL SECURITY;
            CREATE POLICY pair ON ledger.%1$I TO lianxi_owner, lianxi_app
                USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
            CREATE POLICY subtree ON ledger.%1$I FOR SELECT TO lianxi_reader
                USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
            GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.%1$I TO lianxi_app;
            GRANT SELECT ON ledger.%1$I TO lianxi_reader;
        $sql$, v_table, v_comment);
    END LOOP;
END $$;
