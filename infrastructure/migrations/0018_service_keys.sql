-- The key of a service: which one pair it opens, and what of it. What it opens now is also bounded by the mandate of its
-- service, so that a mandate that ends or is taken back ends its keys.
ALTER TABLE ledger.credential
    ADD COLUMN pair text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN matters text[] NOT NULL DEFAULT '{}';
