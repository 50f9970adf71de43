-- What belongs to no pair: the shape that the rows of all views have, and rows that were never written.

-- name: shape
-- The shape that the rows of all views have.
SELECT shape FROM ledger.view_shape ORDER BY at DESC LIMIT 1;

-- name: reshaped
-- Note another shape in place of the old one.
WITH gone AS (DELETE FROM ledger.view_shape WHERE shape <> %(shape)s::text)
INSERT INTO ledger.view_shape (shape) VALUES (%(shape)s::text) ON CONFLICT (shape) DO NOTHING;

-- name: as_read
-- Bodies of rows as jsonb holds them; they are of no pair, for they are nowhere.
SELECT r.body::jsonb
FROM unnest(%(bodies)s::text[]) WITH ORDINALITY AS r (body, place)
ORDER BY r.place;
