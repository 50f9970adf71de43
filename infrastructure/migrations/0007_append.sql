-- Most commands state one fact. It gets a function of its own, whose arguments are plain values: the arrays of
-- ledger_append are made by the caller's statement and taken apart again, which costs more than the hash does.
-- What the two have in common is said once, in ledger_append of 0001; their results are the same bytes.

-- Append one fact to one pair's ledger, in one round trip. One UPDATE of the head locks, counts and links.
-- Returns, raises: as ledger_append.
CREATE FUNCTION ledger.ledger_append_one(
    p_tenant text, p_actor text, p_command_id text, p_request_hash bytea, p_answer json,
    p_stream text, p_version bigint, p_topic text, p_state bytea,
    p_expected_position bigint DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, ledger, pg_temp AS $$
DECLARE
    v_set text := current_setting('app.tenant', true);
    v_now timestamptz := clock_timestamp();
    v_state_hash bytea := sha256(p_state);
    v_position bigint;
    v_recorded_at timestamptz;
    v_prev_hash bytea;
    v_hash bytea;
BEGIN
    IF v_set IS NULL OR v_set = '' THEN
        PERFORM set_config('app.tenant', p_tenant, true);
    ELSIF v_set IS DISTINCT FROM p_tenant THEN
        RAISE EXCEPTION 'this transaction belongs to another pair' USING ERRCODE = 'LX002';
    END IF;
    IF p_tenant = '' OR octet_length(p_request_hash) <> 32 THEN
        RAISE EXCEPTION 'malformed arguments' USING ERRCODE = 'LX005';
    END IF;

    FOR attempt IN 1 .. 2 LOOP
        UPDATE ledger.ledger_head h
        SET position = h.position + 1, prev_hash = h.hash, updated_at = greatest(v_now, h.updated_at),
            hash = ledger.ledger_link(
                p_tenant, h.position + 1, p_stream, p_version, p_topic, v_state_hash,
                p_actor, p_command_id, greatest(v_now, h.updated_at), h.hash)
        WHERE h.tenant_id = p_tenant
        RETURNING h.position, h.prev_hash, h.hash, h.updated_at
        INTO v_position, v_prev_hash, v_hash, v_recorded_at;
        EXIT WHEN FOUND;
        PERFORM ledger.ledger_begin(p_tenant);
    END LOOP;

    INSERT INTO ledger.ledger_command (tenant_id, command_id, request_hash, first_position, last_position, answer)
    VALUES (p_tenant, p_command_id, p_request_hash, v_position, v_position, p_answer);
    IF p_expected_position <> v_position - 1 THEN
        RAISE EXCEPTION 'the ledger ends at %, not at %', v_position - 1, p_expected_position
            USING ERRCODE = 'LX003';
    END IF;

    INSERT INTO ledger.ledger_event (
        tenant_id, position, originator_id, originator_version, topic, state, state_hash,
        actor, command_id, recorded_at, prev_hash, hash)
    VALUES (
        p_tenant, v_position, p_stream, p_version, p_topic, p_state, v_state_hash,
        p_actor, p_command_id, v_recorded_at, v_prev_hash, v_hash);
    RETURN v_position;
END $$;

GRANT EXECUTE ON FUNCTION ledger.ledger_append_one(text, text, text, bytea, json, text, bigint, text, bytea, bigint)
TO lianxi_app;

-- The same for none or several: the single fact's way is gone from here.
CREATE OR REPLACE FUNCTION ledger.ledger_append(
    p_tenant text, p_actor text, p_command_id text, p_request_hash bytea, p_answer json,
    p_streams text[], p_versions bigint[], p_topics text[], p_states bytea[],
    p_expected_position bigint DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, ledger, pg_temp AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_count bigint := cardinality(p_streams);
    v_first bigint;
    v_last bigint;
    v_recorded_at timestamptz;
    v_hash bytea;
    v_state_hash bytea;
    v_state_hashes bytea[];
    v_hashes bytea[];
BEGIN
    PERFORM ledger.ledger_enter(p_tenant);
    -- Tested here: CHECK constraints are parsed anew for every statement, and cost more than the hash.
    IF p_tenant = '' OR octet_length(p_request_hash) <> 32
        OR cardinality(p_versions) <> v_count OR cardinality(p_topics) <> v_count OR cardinality(p_states) <> v_count THEN
        RAISE EXCEPTION 'malformed arguments' USING ERRCODE = 'LX005';
    END IF;

    SELECT l.head_position + 1, l.head_position + v_count, l.head_hash, greatest(v_now, l.head_updated_at)
    INTO v_first, v_last, v_hash, v_recorded_at
    FROM ledger.ledger_hold(p_tenant) l;

    INSERT INTO ledger.ledger_command (tenant_id, command_id, request_hash, first_position, last_position, answer)
    VALUES (p_tenant, p_command_id, p_request_hash, v_first, v_last, p_answer);
    IF p_expected_position <> v_first - 1 THEN
        RAISE EXCEPTION 'the ledger ends at %, not at %', v_first - 1, p_expected_position
            USING ERRCODE = 'LX003';
    END IF;

    IF v_count > 0 THEN
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
