-- The single fact's append with fewer expressions. PL/pgSQL prepares each expression anew in every transaction, and
-- an append is a transaction of its own: what is asked once in one expression costs once.
-- Arguments, results and bytes are those of 0007.

-- Make this transaction one pair's, and refuse where it is another's already.
-- What is set already is set once more, to the same, because looking first would be one more expression.
CREATE OR REPLACE FUNCTION ledger.ledger_enter(p_tenant text) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF set_config('app.tenant', coalesce(nullif(current_setting('app.tenant', true), ''), p_tenant), true)
        IS DISTINCT FROM p_tenant THEN
        RAISE EXCEPTION 'this transaction belongs to another pair' USING ERRCODE = 'LX002';
    END IF;
END $$;

-- Append one fact to one pair's ledger, in one round trip. One UPDATE of the head locks, counts and links.
-- Returns, raises: as ledger_append.
CREATE OR REPLACE FUNCTION ledger.ledger_append_one(
    p_tenant text, p_actor text, p_command_id text, p_request_hash bytea, p_answer json,
    p_stream text, p_version bigint, p_topic text, p_state bytea,
    p_expected_position bigint DEFAULT NULL
) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, ledger, pg_temp AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
    v_state_hash bytea := sha256(p_state);
    v_position bigint;
    v_recorded_at timestamptz;
    v_prev_hash bytea;
    v_hash bytea;
BEGIN
    IF set_config('app.tenant', coalesce(nullif(current_setting('app.tenant', true), ''), p_tenant), true)
        IS DISTINCT FROM p_tenant OR p_tenant = '' OR octet_length(p_request_hash) <> 32 THEN
        PERFORM ledger.ledger_enter(p_tenant);
        RAISE EXCEPTION 'malformed arguments' USING ERRCODE = 'LX005';
    END IF;

    UPDATE ledger.ledger_head h
    SET position = h.position + 1, prev_hash = h.hash, updated_at = greatest(v_now, h.updated_at),
        hash = ledger.ledger_link(
            p_tenant, h.position + 1, p_stream, p_version, p_topic, v_state_hash,
            p_actor, p_command_id, greatest(v_now, h.updated_at), h.hash)
    WHERE h.tenant_id = p_tenant
    RETURNING h.position, h.prev_hash, h.hash, h.updated_at
    INTO v_position, v_prev_hash, v_hash, v_recorded_at;
    IF NOT FOUND THEN
        -- A new pair. The way of several facts begins it, and counts and links as this one.
        RETURN ledger.ledger_append(
            p_tenant, p_actor, p_command_id, p_request_hash, p_answer,
            ARRAY[p_stream], ARRAY[p_version], ARRAY[p_topic], ARRAY[p_state], p_expected_position);
    END IF;

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
