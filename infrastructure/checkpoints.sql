-- The published checkpoints. Those of the tree of everyone are under the tenant 'all'.

-- name: publish
-- Publish a checkpoint, once.
SELECT ledger.checkpoint_publish(%(tenant)s, %(origin)s, %(size)s, %(note)s, %(number)s, %(at)s);

-- name: publish_leaf
-- Publish a leaf of the tree of everyone, once.
SELECT ledger.sealed_publish(%(tenant)s, %(origin)s, %(number)s, %(pair)s, %(body)s, %(at)s);

-- name: latest
-- The last published checkpoint.
SELECT origin, size, note, number, at FROM ledger.ledger_checkpoint
WHERE tenant_id = %(tenant)s
ORDER BY at DESC, origin DESC, size DESC
LIMIT 1;

-- name: covering
-- Of each pair the last checkpoint, published by a moment, over no more than so many facts.
SELECT DISTINCT ON (c.tenant_id) c.tenant_id, c.origin, c.size, c.note, c.number, c.at
FROM unnest(%(pairs)s::text[], %(ends)s::bigint[]) AS e (tenant_id, position)
JOIN ledger.ledger_checkpoint AS c ON c.tenant_id = e.tenant_id AND c.size <= e.position
WHERE c.at <= %(until)s::timestamptz
ORDER BY c.tenant_id, c.at DESC, c.origin DESC, c.size DESC;

-- name: at_size
-- The smallest checkpoint of the last epoch that covers a size.
SELECT c.origin, c.size, c.note, c.number, c.at FROM ledger.ledger_checkpoint c
WHERE c.tenant_id = %(tenant)s AND c.size >= %(size)s
  AND c.origin = (
      SELECT l.origin FROM ledger.ledger_checkpoint l
      WHERE l.tenant_id = %(tenant)s
      ORDER BY l.at DESC, l.origin DESC, l.size DESC
      LIMIT 1)
ORDER BY c.size
LIMIT 1;

-- name: listed
-- Checkpoints, the latest first.
SELECT origin, size, note, number, at FROM ledger.ledger_checkpoint
WHERE tenant_id = %(tenant)s AND (at, origin, size) < (%(at)s::timestamptz, %(origin)s, %(size)s::bigint)
ORDER BY at DESC, origin DESC, size DESC
LIMIT %(limit)s;

-- name: leaves
-- The first leaves of the tree of everyone, in order.
SELECT number, pair, body, at FROM ledger.ledger_sealed
WHERE tenant_id = %(tenant)s AND origin = %(origin)s AND number < %(until)s
ORDER BY number;

-- name: epochs
-- The declarations of new epochs of a pair, in order.
SELECT number, pair, body, at FROM ledger.ledger_sealed
WHERE tenant_id = %(tenant)s AND pair = %(pair)s AND starts_with(body, %(epoch)s)
ORDER BY at, number;
