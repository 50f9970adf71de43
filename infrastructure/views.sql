-- view_any stands for a table of the fixed list of views. Order and paging go by the key, in bytes.

-- name: row
-- One row of one pair.
SELECT id, version, position, body
FROM ledger.view_any
WHERE tenant_id = %(tenant)s AND id = %(id)s;

-- name: rows
-- A page of one pair's rows whose bodies contain all that is asked for.
SELECT id, version, position, body
FROM ledger.view_any
WHERE tenant_id = %(tenant)s AND id > %(after)s::text AND body @> %(where)s::jsonb
ORDER BY id
LIMIT %(limit)s::bigint;

-- name: all_rows
-- Every row of one pair, to compare with what the ledger folds to.
SELECT id, version, position, body
FROM ledger.view_any
WHERE tenant_id = %(tenant)s
ORDER BY id;

-- name: across
-- A page of rows of a subtree of pairs. The range says again what the policy says, so that the key serves it.
SELECT tenant_id, id, version, position, body
FROM ledger.view_any
WHERE tenant_id >= %(scope)s::text AND tenant_id <= %(end)s::text
  AND (tenant_id, id) > (%(after_tenant)s::text, %(after_id)s::text)
  AND body @> %(where)s::jsonb
ORDER BY tenant_id, id
LIMIT %(limit)s::bigint;

-- name: counted
-- A page of what a subtree's reports of a year and later can count. Rows of an older shape tell no year.
SELECT tenant_id, id, version, position, body
FROM ledger.view_tally
WHERE tenant_id >= %(scope)s::text AND tenant_id <= %(end)s::text
  AND (tenant_id, id) > (%(after_tenant)s::text, %(after_id)s::text)
  AND (year IS NULL OR year >= %(year)s::text)
ORDER BY tenant_id, id
LIMIT %(limit)s::bigint;

-- name: deadlines
-- A page of a subtree's decisions, of some statuses, that are due on a day or before it.
SELECT tenant_id, id, version, position, body
FROM ledger.view_decision
WHERE tenant_id >= %(scope)s::text AND tenant_id <= %(end)s::text
  AND (tenant_id, id) > (%(after_tenant)s::text, %(after_id)s::text)
  AND status = ANY (%(statuses)s::text[]) AND deadline <= %(until)s::text
ORDER BY tenant_id, id
LIMIT %(limit)s::bigint;

-- name: heads
-- Where the ledgers of a subtree end.
SELECT tenant_id, position, hash
FROM ledger.ledger_head
WHERE tenant_id >= %(scope)s::text AND tenant_id <= %(end)s::text AND position > 0
ORDER BY tenant_id;

-- name: heads_as_of
-- Where the ledgers of a subtree ended at a moment. Within a pair recorded_at never goes back, so the key is walked
-- from its end to the first fact that was there.
SELECT e.tenant_id, e.position, e.hash
FROM ledger.ledger_head AS h
JOIN ledger.ledger_event AS e ON e.tenant_id = h.tenant_id AND e.position = (
    SELECT max(p.position) FROM ledger.ledger_event AS p
    WHERE p.tenant_id = h.tenant_id AND p.recorded_at <= %(as_of)s::timestamptz)
WHERE h.tenant_id >= %(scope)s::text AND h.tenant_id <= %(end)s::text
ORDER BY e.tenant_id;

-- name: mark
-- The last fact of one pair that was recorded by a moment, and at a position or before it.
SELECT position, hash, recorded_at
FROM ledger.ledger_event
WHERE tenant_id = %(tenant)s
  AND (%(position)s::bigint IS NULL OR position <= %(position)s::bigint)
  AND (%(as_of)s::timestamptz IS NULL OR recorded_at <= %(as_of)s::timestamptz)
ORDER BY position DESC
LIMIT 1;

-- name: history
-- A page of one pair's facts, filtered by time, person, kind and subject.
SELECT position, originator_id, originator_version, topic, state, state_hash,
       actor, command_id, recorded_at, prev_hash, hash
FROM ledger.ledger_event
WHERE tenant_id = %(tenant)s AND position > %(after)s::bigint
  AND (%(since)s::timestamptz IS NULL OR recorded_at >= %(since)s::timestamptz)
  AND (%(until)s::timestamptz IS NULL OR recorded_at < %(until)s::timestamptz)
  AND (%(actor)s::text IS NULL OR actor = %(actor)s::text)
  AND (%(topic)s::text IS NULL OR topic = %(topic)s::text)
  AND (%(stream)s::text IS NULL OR originator_id = %(stream)s::text)
ORDER BY position
LIMIT %(limit)s::bigint;

-- name: odd_commands
-- Commands whose record names other positions than their facts have. One without facts ends one before it begins.
SELECT coalesce(c.command_id, e.command_id), coalesce(e.first_position, c.first_position)
FROM (
    SELECT command_id, first_position, last_position
    FROM ledger.ledger_command WHERE tenant_id = %(tenant)s
) AS c
FULL JOIN (
    SELECT command_id, min(position) AS first_position, max(position) AS last_position, count(*) AS facts
    FROM ledger.ledger_event WHERE tenant_id = %(tenant)s GROUP BY command_id
) AS e ON e.command_id = c.command_id
WHERE NOT coalesce(
    c.first_position = e.first_position AND c.last_position = e.last_position
        AND e.facts = e.last_position - e.first_position + 1,
    e.command_id IS NULL AND c.last_position = c.first_position - 1,
    false)
ORDER BY 2, 1
LIMIT 100;

-- name: clear
-- Throw one pair's rows of one view away, before they are folded anew.
DELETE FROM ledger.view_any WHERE tenant_id = %(tenant)s;

-- name: fill
-- Write one pair's rows of one view.
INSERT INTO ledger.view_any (tenant_id, id, version, position, body)
SELECT %(tenant)s, r.id, r.version, r.position, r.body::jsonb
FROM unnest(%(ids)s::text[], %(versions)s::bigint[], %(positions)s::bigint[], %(bodies)s::text[])
    AS r (id, version, position, body);

-- name: note_fold
-- Note in which shape one pair's rows of some views were just folded.
INSERT INTO ledger.view_fold AS f (tenant_id, view, shape)
SELECT %(tenant)s, n.view, n.shape
FROM unnest(%(views)s::text[], %(shapes)s::text[]) AS n (view, shape)
ON CONFLICT (tenant_id, view) DO UPDATE SET shape = excluded.shape;

-- name: folded
-- In which shape one pair's rows were last folded, by view.
SELECT view, shape FROM ledger.view_fold WHERE tenant_id = %(tenant)s ORDER BY view;

-- name: unfold
-- Forget in which shape one pair's rows of some views were folded.
DELETE FROM ledger.view_fold WHERE tenant_id = %(tenant)s AND view = ANY (%(views)s::text[]);
