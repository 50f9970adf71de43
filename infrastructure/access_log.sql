-- name: append
-- Append a batch of entries.
SELECT ledger.access_append(
    %(tenant)s::text, %(ats)s::bigint[], %(traces)s::text[], %(persons)s::text[], %(hows)s::text[],
    %(addresses)s::text[], %(methods)s::text[], %(routes)s::text[], %(pairs)s::text[], %(matters)s::text[],
    %(statuses)s::bigint[], %(codes)s::text[]) AS last_position;

-- name: prune
-- Remove the whole months that are older than so many.
SELECT ledger.access_prune(%(tenant)s::text, %(months)s::bigint) AS removed;

-- name: head
-- Where the chain ends, and where it begins; no row before the first entry.
SELECT position, hash, begin_position, begin_hash FROM ledger.access_head WHERE tenant_id = %(tenant)s;

-- name: entries
-- A batch of entries in order, all columns.
SELECT position, recorded_at, at, trace_id, person, how, address, method, route, pair, matter, status, code, prev_hash, hash
FROM ledger.access_log
WHERE tenant_id = %(tenant)s AND position > %(after)s::bigint AND position <= %(until)s::bigint
ORDER BY position
LIMIT %(limit)s::bigint;

-- name: listed
-- Entries that match, the latest first.
SELECT position, recorded_at, at, trace_id, person, how, address, method, route, pair, matter, status, code, prev_hash, hash
FROM ledger.access_log
WHERE tenant_id = %(tenant)s AND position < %(before)s::bigint
  AND (%(person)s::text IS NULL OR person = %(person)s::text)
  AND (%(pair)s::text IS NULL OR pair = %(pair)s::text)
  AND (%(since)s::timestamptz IS NULL OR recorded_at >= %(since)s::timestamptz)
  AND (%(until)s::timestamptz IS NULL OR recorded_at < %(until)s::timestamptz)
ORDER BY position DESC
LIMIT %(limit)s::bigint;
