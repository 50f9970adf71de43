-- A registration that is sent again with its key is answered as the first time; the hash tells it from another request.
-- Subscriptions of before were registered without a key, so nothing can repeat them.
ALTER TABLE ledger.webhook ADD COLUMN request_hash bytea;
