-- name: clock
-- What time the database's server has.
SELECT clock_timestamp();
