-- The directory of contact data, which are ciphertext here, and the acts about it.

-- name: own
-- A person's row, for himself.
SELECT nonce, sealed FROM ledger.directory WHERE person_id = %(person)s;

-- name: anothers
-- A person's row, for another, who is noted whether there is one or not.
WITH noted AS (
    INSERT INTO ledger.directory_act (id, actor, what, person) VALUES (%(act)s, %(actor)s, 'read', %(person)s)
)
SELECT nonce, sealed FROM ledger.directory WHERE person_id = %(person)s;

-- name: set
-- Replace a person's row, and note who did.
WITH noted AS (
    INSERT INTO ledger.directory_act (id, actor, what, person) VALUES (%(act)s, %(actor)s, 'set', %(person)s)
)
INSERT INTO ledger.directory (person_id, nonce, sealed) VALUES (%(person)s, %(nonce)s, %(sealed)s)
ON CONFLICT (person_id) DO UPDATE
SET nonce = EXCLUDED.nonce, sealed = EXCLUDED.sealed, at = EXCLUDED.at;

-- name: erase
-- Remove a person's row for good.
SELECT ledger.directory_erase(%(person)s, %(keyed)s, %(act)s, %(actor)s);

-- name: acts
-- Who did what about a person's contact data, oldest first.
SELECT at, actor, what FROM ledger.directory_act WHERE person = %(person)s ORDER BY at, id;
