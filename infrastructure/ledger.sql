-- name: open
-- Lock one pair's head, and read what its command needs to know. Travels in one message with BEGIN.
SELECT head_position, head_hash, at, seen_request_hash, seen_answer,
       e_position, originator_id, originator_version, topic, state, state_hash,
       actor, command_id, recorded_at, prev_hash, hash
FROM ledger.ledger_open(%(tenant)s, %(command_id)s, %(after)s);

-- name: lock
-- Lock one pair's head, and nothing more.
SELECT head_position, head_hash FROM ledger.ledger_lock(%(tenant)s);

-- name: append_one
-- Append one fact, as most commands do; alone, or as the first part of the statement that also writes view rows.
SELECT ledger.ledger_append_one(
    %(tenant)s::text, %(actor)s::text, %(command_id)s::text, %(request_hash)s::bytea, %(answer)s::json,
    %(stream)s::text, %(version)s::bigint, %(topic)s::text, %(state)s::bytea, %(expected)s::bigint) AS last_position;

-- name: append
-- Append none or several facts, in the same way.
SELECT ledger.ledger_append(
    %(tenant)s::text, %(actor)s::text, %(command_id)s::text, %(request_hash)s::bytea, %(answer)s::json,
    %(streams)s::text[], %(versions)s::bigint[], %(topics)s::text[], %(states)s::bytea[], %(expected)s::bigint) AS last_position;

-- name: replay
-- What a command was answered before.
SELECT first_position, last_position, answer
FROM ledger.ledger_replay(%(tenant)s::text, %(command_id)s::text, %(request_hash)s::bytea);

-- name: entries
-- A batch of one pair's entries, in order.
SELECT position, originator_id, originator_version, topic, state, state_hash,
       actor, command_id, recorded_at, prev_hash, hash
FROM ledger.ledger_event
WHERE tenant_id = %(tenant)s AND position > %(after)s::bigint AND position <= %(until)s::bigint
ORDER BY position;

-- name: head
-- Where one pair's ledger ends; no row for a pair without facts.
SELECT position, hash FROM ledger.ledger_head WHERE tenant_id = %(tenant)s AND position > 0;

-- name: stream
-- One stream's facts, oldest first.
SELECT originator_id, originator_version, topic, state
FROM ledger.ledger_event
WHERE tenant_id = %(tenant)s AND originator_id = %(stream)s
  AND originator_version > %(gt)s::bigint AND originator_version <= %(lte)s::bigint
ORDER BY originator_version
LIMIT %(limit)s::bigint;

-- name: stream_backwards
-- One stream's facts, newest first.
SELECT originator_id, originator_version, topic, state
FROM ledger.ledger_event
WHERE tenant_id = %(tenant)s AND originator_id = %(stream)s
  AND originator_version > %(gt)s::bigint AND originator_version <= %(lte)s::bigint
ORDER BY originator_version DESC
LIMIT %(limit)s::bigint;

-- name: notifications
-- One pair's facts as the library's notifications.
SELECT originator_id, originator_version, topic, state, position
FROM ledger.ledger_event
WHERE tenant_id = %(tenant)s AND position >= %(start)s::bigint AND position <= %(stop)s::bigint
ORDER BY position
LIMIT %(limit)s::bigint;

-- name: notifications_of
-- The same, of some topics only.
SELECT originator_id, originator_version, topic, state, position
FROM ledger.ledger_event
WHERE tenant_id = %(tenant)s AND position >= %(start)s::bigint AND position <= %(stop)s::bigint
  AND topic = ANY (%(topics)s::text[])
ORDER BY position
LIMIT %(limit)s::bigint;

-- name: upsert
-- The part that writes one view's rows; view_any and the parameter rows_any, an array of objects, stand for one of the fixed list.
-- It reads from the append, a, so that it comes after it and fails with it.
INSERT INTO ledger.view_any AS v (tenant_id, id, version, position, body)
SELECT %(tenant)s::text, r.id, r.version, r.position, r.body
FROM a
CROSS JOIN jsonb_to_recordset(%(rows_any)s::jsonb) AS r (id text, version bigint, position bigint, body jsonb)
ON CONFLICT (tenant_id, id)
DO UPDATE SET version = excluded.version, position = excluded.position, body = excluded.body;
