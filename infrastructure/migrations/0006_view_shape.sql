-- Which shape the rows of all views have. A program that makes rows of another shape refolds them all before it
-- serves, and then notes its own here; one that was interrupted finds the old one and begins again.

CREATE TABLE ledger.view_shape (
    shape text COLLATE "C" NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT statement_timestamp()
);
COMMENT ON TABLE ledger.view_shape IS 'The shape that the rows of every view have; at most one.';
GRANT SELECT, INSERT, DELETE ON ledger.view_shape TO lianxi_app;
