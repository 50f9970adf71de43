-- The views: what people read, one table a read model, all of one shape. Each row is a pure function of the
-- facts, written in the transaction that appends them, and can be thrown away and folded anew.

CREATE TABLE ledger.view_pair (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE ledger.view_pair IS 'The government–union pair itself.';
ALTER TABLE ledger.view_pair ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.view_pair FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.view_pair TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.view_pair FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.view_pair TO lianxi_app;
GRANT SELECT ON ledger.view_pair TO lianxi_reader;

CREATE TABLE ledger.view_unit (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE ledger.view_unit IS 'The units of both sides.';
ALTER TABLE ledger.view_unit ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.view_unit FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.view_unit TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.view_unit FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.view_unit TO lianxi_app;
GRANT SELECT ON ledger.view_unit TO lianxi_reader;

CREATE TABLE ledger.view_post (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE ledger.view_post IS 'Posts and who holds them.';
ALTER TABLE ledger.view_post ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.view_post FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.view_post TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.view_post FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.view_post TO lianxi_app;
GRANT SELECT ON ledger.view_post TO lianxi_reader;

CREATE TABLE ledger.view_liaison (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE ledger.view_liaison IS 'The liaison officers.';
ALTER TABLE ledger.view_liaison ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.view_liaison FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.view_liaison TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.view_liaison FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.view_liaison TO lianxi_app;
GRANT SELECT ON ledger.view_liaison TO lianxi_reader;

CREATE TABLE ledger.view_topic (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE ledger.view_topic IS 'Topics, proposed to decided.';
ALTER TABLE ledger.view_topic ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.view_topic FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.view_topic TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.view_topic FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.view_topic TO lianxi_app;
GRANT SELECT ON ledger.view_topic TO lianxi_reader;

CREATE TABLE ledger.view_meeting (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE ledger.view_meeting IS 'The joint conferences and their meetings.';
ALTER TABLE ledger.view_meeting ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.view_meeting FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.view_meeting TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.view_meeting FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.view_meeting TO lianxi_app;
GRANT SELECT ON ledger.view_meeting TO lianxi_reader;

CREATE TABLE ledger.view_minutes (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE ledger.view_minutes IS 'The minutes and their consents.';
ALTER TABLE ledger.view_minutes ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.view_minutes FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.view_minutes TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.view_minutes FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.view_minutes TO lianxi_app;
GRANT SELECT ON ledger.view_minutes TO lianxi_reader;

CREATE TABLE ledger.view_decision (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL,
    body jsonb NOT NULL,
    status text COLLATE "C" GENERATED ALWAYS AS (body ->> 'status') STORED,
    deadline text COLLATE "C" GENERATED ALWAYS AS (body ->> 'deadline') STORED,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE ledger.view_decision IS 'Decisions and how far they were carried out.';
ALTER TABLE ledger.view_decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.view_decision FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.view_decision TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.view_decision FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.view_decision TO lianxi_app;
GRANT SELECT ON ledger.view_decision TO lianxi_reader;

CREATE TABLE ledger.view_publicity (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE ledger.view_publicity IS 'What was made public.';
ALTER TABLE ledger.view_publicity ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.view_publicity FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.view_publicity TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.view_publicity FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.view_publicity TO lianxi_app;
GRANT SELECT ON ledger.view_publicity TO lianxi_reader;

CREATE TABLE ledger.view_tally (
    tenant_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL,
    body jsonb NOT NULL,
    year text COLLATE "C" GENERATED ALWAYS AS (body ->> 'year') STORED,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE ledger.view_tally IS 'Counts for the reports: one row a pair and year, the id is the year.';
ALTER TABLE ledger.view_tally ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.view_tally FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.view_tally TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.view_tally FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.view_tally TO lianxi_app;
GRANT SELECT ON ledger.view_tally TO lianxi_reader;

-- Overdue and due decisions depend on the day, so they are found by index and not counted in advance.
CREATE INDEX view_decision_deadline ON ledger.view_decision (tenant_id, status, deadline);
CREATE INDEX view_tally_year ON ledger.view_tally (year, tenant_id);
