-- Every change of a subscription goes with the act of whoever made it, in one statement.
-- Leases go by the clock of the database alone, so that servers need not agree on theirs.

-- name: register
-- A new subscription, and the act; one that is there already stays as it is.
WITH done AS (
    INSERT INTO ledger.webhook (
        tenant_id, id, reach, url, label, sponsor, generation, key_id, rotated_at, created_at, request_hash)
    VALUES (%(tenant)s, %(id)s, %(reach)s, %(url)s, %(label)s, %(actor)s, 1, %(key_id)s,
            statement_timestamp(), statement_timestamp(), %(request_hash)s::bytea)
    ON CONFLICT (tenant_id, id) DO NOTHING
    RETURNING id
)
INSERT INTO ledger.webhook_act (tenant_id, id, at, actor, what, webhook_id)
SELECT %(tenant)s::text, %(act)s::text, statement_timestamp(), %(actor)s::text, 'registered', done.id FROM done;

-- name: begin
-- Where a subscription begins in one pair.
INSERT INTO ledger.webhook_delivery (tenant_id, webhook_id, position, hash, due_at, leased_until)
VALUES (%(tenant)s, %(webhook)s, %(position)s, %(hash)s::bytea, statement_timestamp(), statement_timestamp())
ON CONFLICT (tenant_id, webhook_id) DO NOTHING;

-- name: listed
-- The subscriptions registered for one pair or division, the oldest first.
SELECT tenant_id, id, reach, url, label, sponsor, generation, key_id, rotated_at, created_at, ended_at, request_hash
FROM ledger.webhook WHERE tenant_id = %(tenant)s ORDER BY created_at, id;

-- name: active
-- The subscriptions of a subtree that were not ended.
SELECT tenant_id, id, reach, url, label, sponsor, generation, key_id, rotated_at, created_at, ended_at, request_hash
FROM ledger.webhook
WHERE tenant_id >= %(scope)s::text AND tenant_id <= %(end)s::text AND ended_at IS NULL
ORDER BY tenant_id, id;

-- name: renew
-- Another secret from now on, and the act.
WITH done AS (
    UPDATE ledger.webhook
    SET generation = generation + 1, key_id = %(key_id)s, rotated_at = statement_timestamp()
    WHERE tenant_id = %(tenant)s AND id = %(id)s AND ended_at IS NULL
    RETURNING id
)
INSERT INTO ledger.webhook_act (tenant_id, id, at, actor, what, webhook_id)
SELECT %(tenant)s::text, %(act)s::text, statement_timestamp(), %(actor)s::text, 'renewed', done.id FROM done;

-- name: finish
-- A subscription is over, and the act.
WITH done AS (
    UPDATE ledger.webhook SET ended_at = statement_timestamp()
    WHERE tenant_id = %(tenant)s AND id = %(id)s AND ended_at IS NULL
    RETURNING id
)
INSERT INTO ledger.webhook_act (tenant_id, id, at, actor, what, webhook_id)
SELECT %(tenant)s::text, %(act)s::text, statement_timestamp(), %(actor)s::text, 'ended', done.id FROM done;

-- name: sponsor
-- Who answers for a subscription from now on, and the act of resuming it.
WITH done AS (
    UPDATE ledger.webhook SET sponsor = %(sponsor)s
    WHERE tenant_id = %(tenant)s AND id = %(id)s AND ended_at IS NULL
    RETURNING id
)
INSERT INTO ledger.webhook_act (tenant_id, id, at, actor, what, webhook_id)
SELECT %(tenant)s::text, %(act)s::text, statement_timestamp(), %(actor)s::text, 'resumed', done.id FROM done;

-- name: acts
-- What people did about the subscriptions of one pair or division.
SELECT id, at, actor, what, webhook_id
FROM ledger.webhook_act
WHERE tenant_id = %(tenant)s AND id > %(after)s::text
ORDER BY id
LIMIT %(limit)s::bigint;

-- name: deliveries
-- How far a subscription has come, pair by pair.
SELECT tenant_id, position, attempts, reason, due_at, parked_at
FROM ledger.webhook_delivery
WHERE tenant_id >= %(scope)s::text AND tenant_id <= %(end)s::text AND tenant_id > %(after)s::text
  AND webhook_id = %(webhook)s AND (NOT %(parked)s::boolean OR parked_at IS NOT NULL)
ORDER BY tenant_id
LIMIT %(limit)s::bigint;

-- name: resume
-- A parked pair is delivered to again, from where it stopped.
UPDATE ledger.webhook_delivery
SET parked_at = NULL, attempts = 0, reason = '', due_at = statement_timestamp()
WHERE tenant_id = %(tenant)s AND webhook_id = %(webhook)s AND parked_at IS NOT NULL;

-- name: claim
-- Take the lease of one subscription in one pair; no row where another has it, or nothing may be sent yet.
INSERT INTO ledger.webhook_delivery AS d (tenant_id, webhook_id, position, hash, due_at, holder, leased_until)
VALUES (%(tenant)s, %(webhook)s, 0, decode(repeat('00', 32), 'hex'), statement_timestamp(), %(holder)s,
        statement_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (tenant_id, webhook_id)
DO UPDATE SET holder = excluded.holder, leased_until = excluded.leased_until
WHERE d.parked_at IS NULL AND d.due_at <= excluded.due_at
  AND (d.holder = excluded.holder OR d.leased_until <= excluded.due_at)
RETURNING position, hash, attempts;

-- name: pending
-- In how many seconds it is worth while to ask again.
SELECT parked_at IS NOT NULL,
       extract(epoch FROM greatest(due_at, leased_until) - statement_timestamp())::float8
FROM ledger.webhook_delivery WHERE tenant_id = %(tenant)s AND webhook_id = %(webhook)s;

-- name: advance
-- One more was delivered. Only the holder of the lease moves the cursor, and only from where he took it.
UPDATE ledger.webhook_delivery
SET position = %(position)s, hash = %(hash)s::bytea, attempts = 0, reason = '',
    leased_until = statement_timestamp() + make_interval(secs => %(seconds)s)
WHERE tenant_id = %(tenant)s AND webhook_id = %(webhook)s AND holder = %(holder)s
  AND position = %(position)s::bigint - 1;

-- name: failed
-- It did not go: when to try again, or that it is parked; the lease is given back.
UPDATE ledger.webhook_delivery
SET attempts = %(attempts)s, reason = %(reason)s,
    due_at = statement_timestamp() + make_interval(secs => %(wait)s),
    parked_at = CASE WHEN %(park)s::boolean THEN statement_timestamp() END,
    holder = '', leased_until = statement_timestamp()
WHERE tenant_id = %(tenant)s AND webhook_id = %(webhook)s AND holder = %(holder)s;

-- name: release
-- The lease is given back.
UPDATE ledger.webhook_delivery SET holder = '', leased_until = statement_timestamp()
WHERE tenant_id = %(tenant)s AND webhook_id = %(webhook)s AND holder = %(holder)s;
