-- The ledger: one head, one gap-free sequence of facts and one record of commands for each pair.
-- Runs as lianxi_owner, who owns everything here and whom nobody can log in as.

ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
GRANT USAGE ON SCHEMA ledger TO lianxi_app, lianxi_reader;
GRANT SELECT ON ledger.migration TO lianxi_app;

-- Every text that is a key sorts by its bytes, so that keyset paging agrees with Python's order
-- and an upgrade of the system's collations can never corrupt an index.

CREATE TABLE ledger.ledger_head (
    tenant_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    prev_hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE ledger.ledger_head IS 'The lock, the counter and the end of the hash chain of one pair, in one row; both hashes are the last entry''s.';

CREATE TABLE ledger.ledger_event (
    tenant_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    originator_id text COLLATE "C" NOT NULL,
    originator_version bigint NOT NULL,
    topic text COLLATE "C" NOT NULL,
    state bytea NOT NULL,
    state_hash bytea NOT NULL,
    actor text COLLATE "C" NOT NULL,
    command_id text COLLATE "C" NOT NULL,
    recorded_at timestamptz NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (tenant_id, position),
    UNIQUE (tenant_id, originator_id, originator_version)
);
COMMENT ON TABLE ledger.ledger_event IS 'The facts: appended by ledger_append, never changed. state is the exact bytes that were hashed.';

CREATE TABLE ledger.ledger_command (
    tenant_id text COLLATE "C" NOT NULL,
    command_id text COLLATE "C" NOT NULL,
    request_hash bytea NOT NULL,
    first_position bigint NOT NULL,
    last_position bigint NOT NULL,
    answer json NOT NULL,
    PRIMARY KEY (tenant_id, command_id)
);
COMMENT ON TABLE ledger.ledger_command IS 'What every accepted command was answered. A command without facts ends one before it begins.';

-- The second fence: the first is that only the owner's functions may write here.
CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only ever appended to: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'LX004';
END $$;

CREATE TRIGGER only_appended BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.ledger_event
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.ledger_event ENABLE ALWAYS TRIGGER only_appended;
CREATE TRIGGER only_appended BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.ledger_command
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.ledger_command ENABLE ALWAYS TRIGGER only_appended;
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON ledger.ledger_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.ledger_head ENABLE ALWAYS TRIGGER never_removed;

-- A setting that was local to an earlier transaction reads as '', not as NULL: hence NULLIF.
-- Readers of a subtree are another role with another policy, and can only read.
ALTER TABLE ledger.ledger_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.ledger_head FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.ledger_head TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.ledger_head FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));

ALTER TABLE ledger.ledger_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.ledger_event FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.ledger_event TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.ledger_event FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));

ALTER TABLE ledger.ledger_command ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.ledger_command FORCE ROW LEVEL SECURITY;
CREATE POLICY pair ON ledger.ledger_command TO lianxi_owner, lianxi_app
    USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
CREATE POLICY subtree ON ledger.ledger_command FOR SELECT TO lianxi_reader
    USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));

GRANT SELECT ON ledger.ledger_head, ledger.ledger_event, ledger.ledger_command TO lianxi_app, lianxi_reader;

-- The link of one entry to the one before it: the bytes of domain/chain.py, and their SHA-256.
-- FORMAT has 23 bytes; its length-prefixed form is the constant at the start. The database is UTF-8 (migrate.py
-- sees to it), so that octet_length() counts the bytes that convert_to() gives.
-- timestamptz keeps whole microseconds, and extract() gives them exactly, as numeric.
CREATE FUNCTION ledger.ledger_link(
    p_tenant text, p_position bigint, p_stream text, p_version bigint, p_topic text, p_state_hash bytea,
    p_actor text, p_command_id text, p_recorded_at timestamptz, p_prev_hash bytea
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(
        '\x00000000000000176c69616e78692d6c65646765722f76312f736861323536'::bytea
        || int8send(octet_length(p_tenant)) || convert_to(p_tenant, 'UTF8')
        || int8send(p_position)
        || int8send(octet_length(p_stream)) || convert_to(p_stream, 'UTF8')
        || int8send(p_version)
        || int8send(octet_length(p_topic)) || convert_to(p_topic, 'UTF8')
        || p_state_hash
        || int8send(octet_length(p_actor)) || convert_to(p_actor, 'UTF8')
        || int8send(octet_length(p_command_id)) || convert_to(p_command_id, 'UTF8')
        || int8send((extract(epoch FROM p_recorded_at) * 1000000)::bigint)
        || p_prev_hash)
$$;

-- Append facts to one pair's ledger, all or none, in one round trip.
--
-- The head's row lock makes only this pair wait. The command's record goes in before the facts, so a repeat
-- always shows as itself (23505 on ledger_command_pkey) and never as a version conflict (23505 on ledger_event);
-- what a repeat is answered, ledger_replay tells: looking first would cost every command what only repeats need.
-- Returns: the last position; a scalar, because a row would pass through a function scan.
-- The clock is read before the wait for the lock, and never goes back within a pair.
-- Raises: 23505 as above; LX002 another pair is set in this transaction; LX003 the ledger does not end at
-- p_expected_position; LX005 malformed arguments.
CREATE FUNCTION ledger.ledger_append(
    p_tenant text, p_actor text, p_command_id text, p_request_hash bytea, p_answer json,
    p_streams text[], p_versions bigint[], p_topics text[], p_states bytea[],
    p_expected_position bigint DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, ledger, pg_temp AS $$
DECLARE
    v_set text := current_setting('app.tenant', true);
    v_now timestamptz := clock_timestamp();
    v_count bigint := cardinality(p_streams);
    v_first bigint;
    v_last bigint;
    v_recorded_at timestamptz;
    v_prev_hash bytea;
    v_hash bytea;
    v_state_hash bytea;
    v_state_hashes bytea[];
    v_hashes bytea[];
BEGIN
    IF v_set IS NULL OR v_set = '' THEN
        PERFORM set_config('app.tenant', p_tenant, true);
    ELSIF v_set IS DISTINCT FROM p_tenant THEN
        RAISE EXCEPTION 'this transaction belongs to another pair' USING ERRCODE = 'LX002';
    END IF;
    -- Tested here: CHECK constraints are parsed anew for every statement, and cost more than the hash.
    IF p_tenant = '' OR octet_length(p_request_hash) <> 32
        OR cardinality(p_versions) <> v_count OR cardinality(p_topics) <> v_count OR cardinality(p_states) <> v_count THEN
        RAISE EXCEPTION 'malformed arguments' USING ERRCODE = 'LX005';
    END IF;

    IF v_count = 1 THEN
        -- Most commands state one fact: one UPDATE then locks, counts and links, and no array is taken apart.
        v_state_hash := sha256(p_states[1]);
        FOR attempt IN 1 .. 2 LOOP
            UPDATE ledger.ledger_head h
            SET position = h.position + 1, prev_hash = h.hash, updated_at = greatest(v_now, h.updated_at),
                hash = ledger.ledger_link(
                    p_tenant, h.position + 1, p_streams[1], p_versions[1], p_topics[1], v_state_hash,
                    p_actor, p_command_id, greatest(v_now, h.updated_at), h.hash)
            WHERE h.tenant_id = p_tenant
            RETURNING h.position, h.position, h.prev_hash, h.hash, h.updated_at
            INTO v_first, v_last, v_prev_hash, v_hash, v_recorded_at;
            EXIT WHEN FOUND;
            PERFORM ledger.ledger_begin(p_tenant);
        END LOOP;
    ELSE
        SELECT l.head_position + 1, l.head_position + v_count, l.head_hash, greatest(v_now, l.head_updated_at)
        INTO v_first, v_last, v_hash, v_recorded_at
        FROM ledger.ledger_hold(p_tenant) l;
    END IF;

    INSERT INTO ledger.ledger_command (tenant_id, command_id, request_hash, first_position, last_position, answer)
    VALUES (p_tenant, p_command_id, p_request_hash, v_first, v_last, p_answer);
    IF p_expected_position <> v_first - 1 THEN
        RAISE EXCEPTION 'the ledger ends at %, not at %', v_first - 1, p_expected_position
            USING ERRCODE = 'LX003';
    END IF;

    IF v_count = 1 THEN
        INSERT INTO ledger.ledger_event (
            tenant_id, position, originator_id, originator_version, topic, state, state_hash,
            actor, command_id, recorded_at, prev_hash, hash)
        VALUES (
            p_tenant, v_first, p_streams[1], p_versions[1], p_topics[1], p_states[1], v_state_hash,
            p_actor, p_command_id, v_recorded_at, v_prev_hash, v_hash);
    ELSIF v_count > 1 THEN
        v_hashes := ARRAY[v_hash];
        FOR i IN 1 .. v_count LOOP
            v_state_hash := sha256(p_states[i]);
            v_hash := ledger.ledger_link(
                p_tenant, v_first + i - 1, p_streams[i], p_versions[i], p_topics[i], v_state_hash,
                p_actor, p_command_id, v_recorded_at, v_hash);
            v_state_hashes[i] := v_state_hash;
            v_hashes[i + 1] := v_hash;
        END LOOP;
        INSERT INTO ledger.ledger_event (
            tenant_id, position, originator_id, originator_version, topic, state, state_hash,
            actor, command_id, recorded_at, prev_hash, hash)
        SELECT p_tenant, v_first + f.ordinality - 1, f.stream, f.version, f.topic, f.state, f.state_hash,
               p_actor, p_command_id, v_recorded_at, f.prev_hash, f.hash
        FROM unnest(p_streams, p_versions, p_topics, p_states, v_state_hashes, v_hashes[1 : v_count], v_hashes[2 :])
             WITH ORDINALITY AS f (stream, version, topic, state, state_hash, prev_hash, hash, ordinality);
        UPDATE ledger.ledger_head h
        SET position = v_last, prev_hash = v_hashes[v_count], hash = v_hash, updated_at = v_recorded_at
        WHERE h.tenant_id = p_tenant;
    END IF;
    RETURN v_last;
END $$;

-- The head row of a new pair. Two first commands race: one inserts, the other waits here and then finds it.
CREATE FUNCTION ledger.ledger_begin(p_tenant text) RETURNS void LANGUAGE sql VOLATILE AS $$
    INSERT INTO ledger.ledger_head (tenant_id, updated_at) VALUES (p_tenant, clock_timestamp())
    ON CONFLICT (tenant_id) DO NOTHING
$$;

-- Lock one pair's head until the transaction ends, in a transaction that is this pair's already.
CREATE FUNCTION ledger.ledger_hold(
    p_tenant text, OUT head_position bigint, OUT head_hash bytea, OUT head_updated_at timestamptz
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    FOR attempt IN 1 .. 2 LOOP
        SELECT h.position, h.hash, h.updated_at INTO head_position, head_hash, head_updated_at
        FROM ledger.ledger_head h WHERE h.tenant_id = p_tenant FOR NO KEY UPDATE;
        EXIT WHEN FOUND;
        PERFORM ledger.ledger_begin(p_tenant);
    END LOOP;
END $$;

-- Make this transaction one pair's, and refuse where it is another's already.
CREATE FUNCTION ledger.ledger_enter(p_tenant text) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_set text := current_setting('app.tenant', true);
BEGIN
    IF v_set IS NULL OR v_set = '' THEN
        PERFORM set_config('app.tenant', p_tenant, true);
    ELSIF v_set IS DISTINCT FROM p_tenant THEN
        RAISE EXCEPTION 'this transaction belongs to another pair' USING ERRCODE = 'LX002';
    END IF;
END $$;

-- What a command that was accepted before was answered; no row where it was not.
-- Raises: LX001 the command id was used for another request; LX002 another pair is set in this transaction.
CREATE FUNCTION ledger.ledger_replay(p_tenant text, p_command_id text, p_request_hash bytea)
RETURNS TABLE (first_position bigint, last_position bigint, answer json) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, ledger, pg_temp AS $$
DECLARE
    v_request_hash bytea;
BEGIN
    PERFORM ledger.ledger_enter(p_tenant);
    SELECT c.request_hash, c.first_position, c.last_position, c.answer
    INTO v_request_hash, first_position, last_position, answer
    FROM ledger.ledger_command c WHERE c.tenant_id = p_tenant AND c.command_id = p_command_id;
    IF NOT FOUND THEN
        RETURN;
    ELSIF v_request_hash IS DISTINCT FROM p_request_hash THEN
        RAISE EXCEPTION 'the command id was used for another request' USING ERRCODE = 'LX001';
    END IF;
    RETURN NEXT;
END $$;

-- Begin a command on one pair, in one round trip: lock the head, tell where the ledger ends and what time it
-- is, whether this command was answered before, and what was appended after the position the caller knows.
-- One row for each such entry, in order; where there is none, one row whose entry columns are NULL.
-- Each statement below has its own snapshot, so that what is read after the lock is what the lock protects.
-- Raises: LX002 another pair is set in this transaction.
CREATE FUNCTION ledger.ledger_open(p_tenant text, p_command_id text, p_after_position bigint)
RETURNS TABLE (
    head_position bigint, head_hash bytea, at timestamptz, seen_request_hash bytea, seen_answer json,
    e_position bigint, originator_id text, originator_version bigint, topic text, state bytea, state_hash bytea,
    actor text, command_id text, recorded_at timestamptz, prev_hash bytea, hash bytea
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, ledger, pg_temp AS $$
BEGIN
    PERFORM ledger.ledger_enter(p_tenant);
    SELECT l.head_position, l.head_hash, greatest(clock_timestamp(), l.head_updated_at)
    INTO head_position, head_hash, at
    FROM ledger.ledger_hold(p_tenant) l;
    SELECT c.request_hash, c.answer INTO seen_request_hash, seen_answer
    FROM ledger.ledger_command c WHERE c.tenant_id = p_tenant AND c.command_id = p_command_id;
    IF p_after_position >= head_position THEN
        RETURN NEXT;
    ELSE
        RETURN QUERY
        SELECT head_position, head_hash, at, seen_request_hash, seen_answer,
               e.position, e.originator_id, e.originator_version, e.topic, e.state, e.state_hash,
               e.actor, e.command_id, e.recorded_at, e.prev_hash, e.hash
        FROM ledger.ledger_event e
        WHERE e.tenant_id = p_tenant AND e.position > p_after_position
        ORDER BY e.position;
    END IF;
END $$;

-- Lock one pair's head until the transaction ends, without anything else.
-- Raises: LX002 another pair is set in this transaction.
CREATE FUNCTION ledger.ledger_lock(p_tenant text, OUT head_position bigint, OUT head_hash bytea)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, ledger, pg_temp AS $$
BEGIN
    PERFORM ledger.ledger_enter(p_tenant);
    SELECT l.head_position, l.head_hash INTO head_position, head_hash FROM ledger.ledger_hold(p_tenant) l;
END $$;

GRANT EXECUTE ON FUNCTION
    ledger.ledger_append(text, text, text, bytea, json, text[], bigint[], text[], bytea[], bigint),
    ledger.ledger_replay(text, text, bytea),
    ledger.ledger_open(text, text, bigint),
    ledger.ledger_lock(text)
TO lianxi_app;
