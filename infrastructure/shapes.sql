-- The shape that the rows of all views have; it belongs to no pair.

-- name: shape
-- The shape that the rows of all views have.
SELECT shape FROM ledger.view_shape ORDER BY at DESC LIMIT 1;

-- name: reshaped
-- Note another shape in place of the old one.
WITH gone AS (DELETE FROM ledger.view_shape WHERE shape <> %(shape)s::text)
INSERT INTO ledger.view_shape (shape) VALUES (%(shape)s::text) ON CONFLICT (shape) DO NOTHING;
