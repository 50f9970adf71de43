-- The access log: who asked for what and was answered how, apart from the facts and in a hash chain of its own.
-- Its rows belong to no pair: they are under the id 'access', which no division has, so that no transaction of a pair
-- and no reader of a subtree ever sees one.

CREATE TABLE ledger.access_head (
    tenant_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    updated_at timestamptz NOT NULL,
    begin_position bigint NOT NULL DEFAULT 0,
    begin_hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    PRIMARY KEY (tenant_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE ledger.access_head IS 'The lock, the counter and the end of the chain; and where it begins since it was last pruned: the last entry that is gone.';

CREATE TABLE ledger.access_log (
    tenant_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    at timestamptz NOT NULL,
    trace_id text COLLATE "C" NOT NULL,
    person text COLLATE "C" NOT NULL,
    how text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    method text COLLATE "C" NOT NULL,
    route text COLLATE "C" NOT NULL,
    pair text COLLATE "C" NOT NULL,
    matter text COLLATE "C" NOT NULL,
    status bigint NOT NULL,
    code text COLLATE "C" NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (tenant_id, position)
);
COMMENT ON TABLE ledger.access_log IS 'One entry a request: ids, the route''s template, the answer''s status and code. Never a payload, a text, a secret or a query.';
CREATE INDEX access_log_person ON ledger.access_log (tenant_id, person, position);
CREATE INDEX access_log_pair ON ledger.access_log (tenant_id, pair, position);
CREATE INDEX access_log_time ON ledger.access_log (tenant_id, recorded_at, position);

CREATE TRIGGER only_appended BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.access_log
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.access_log ENABLE ALWAYS TRIGGER only_appended;
CREATE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON ledger.access_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.access_head ENABLE ALWAYS TRIGGER never_removed;

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['access_head', 'access_log'] LOOP
        EXECUTE format($sql$
            ALTER TABLE ledger.%1$I ENABLE ROW LEVEL SECURITY;
            ALTER TABLE ledger.%1$I FORCE ROW LEVEL SECURITY;
            CREATE POLICY pair ON ledger.%1$I TO lianxi_owner, lianxi_app
                USING (tenant_id = NULLIF(current_setting('app.tenant', true), ''));
            CREATE POLICY subtree ON ledger.%1$I FOR SELECT TO lianxi_reader
                USING (starts_with(tenant_id, NULLIF(current_setting('app.scope', true), '')));
            GRANT SELECT ON ledger.%1$I TO lianxi_app;
        $sql$, v_table);
    END LOOP;
END $$;

-- The link of one entry to the one before it: the bytes of domain/accesses.py, and their SHA-256. Moments are whole µs
-- since 1970. FORMAT has 23 bytes; its length-prefixed form is the constant at the start.
CREATE FUNCTION ledger.access_link(
    p_tenant text, p_position bigint, p_recorded_at bigint, p_at bigint, p_trace_id text, p_person text, p_how text,
    p_address text, p_method text, p_route text, p_pair text, p_matter text, p_status bigint, p_code text, p_prev_hash bytea
) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(
        '\x00000000000000176c69616e78692d6163636573732f76312f736861323536'::bytea
        || int8send(octet_length(p_tenant)) || convert_to(p_tenant, 'UTF8')
        || int8send(p_position) || int8send(p_recorded_at) || int8send(p_at)
        || int8send(octet_length(p_trace_id)) || convert_to(p_trace_id, 'UTF8')
        || int8send(octet_length(p_person)) || convert_to(p_person, 'UTF8')
        || int8send(octet_length(p_how)) || convert_to(p_how, 'UTF8')
        || int8send(octet_length(p_address)) || convert_to(p_address, 'UTF8')
        || int8send(octet_length(p_method)) || convert_to(p_method, 'UTF8')
        || int8send(octet_length(p_route)) || convert_to(p_route, 'UTF8')
        || int8send(octet_length(p_pair)) || convert_to(p_pair, 'UTF8')
        || int8send(octet_length(p_matter)) || convert_to(p_matter, 'UTF8')
        || int8send(p_status)
        || int8send(octet_length(p_code)) || convert_to(p_code, 'UTF8')
        || p_prev_hash)
$$;

-- Append entries, all or none; each array has one element an entry. p_ats are µs since 1970.
-- Returns: the last position. Raises: LX002 a pair is set in this transaction; LX005 malformed arguments.
CREATE FUNCTION ledger.access_append(
    p_tenant text, p_ats bigint[], p_traces text[], p_persons text[], p_hows text[], p_addresses text[],
    p_methods text[], p_routes text[], p_pairs text[], p_matters text[], p_statuses bigint[], p_codes text[]
) RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, ledger, pg_temp AS $$
DECLARE
    v_count bigint := cardinality(p_ats);
    v_first bigint;
    v_now timestamptz;
    v_us bigint;
    v_hash bytea;
    v_hashes bytea[];
BEGIN
    PERFORM ledger.ledger_enter(p_tenant);
    IF p_tenant <> 'access' OR v_count < 1 OR cardinality(p_traces) <> v_count OR cardinality(p_persons) <> v_count
        OR cardinality(p_hows) <> v_count OR cardinality(p_addresses) <> v_count OR cardinality(p_methods) <> v_count
        OR cardinality(p_routes) <> v_count OR cardinality(p_pairs) <> v_count OR cardinality(p_matters) <> v_count
        OR cardinality(p_statuses) <> v_count OR cardinality(p_codes) <> v_count THEN
        RAISE EXCEPTION 'malformed arguments' USING ERRCODE = 'LX005';
    END IF;
    FOR attempt IN 1 .. 2 LOOP
        SELECT h.position + 1, h.hash, greatest(clock_timestamp(), h.updated_at) INTO v_first, v_hash, v_now
        FROM ledger.access_head h WHERE h.tenant_id = p_tenant FOR NO KEY UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO ledger.access_head (tenant_id, updated_at) VALUES (p_tenant, clock_timestamp())
        ON CONFLICT (tenant_id) DO NOTHING;
    END LOOP;
    v_us := (extract(epoch FROM v_now) * 1000000)::bigint;
    v_hashes := ARRAY[v_hash];
    FOR i IN 1 .. v_count LOOP
        v_hash := ledger.access_link(
            p_tenant, v_first + i - 1, v_us, p_ats[i], p_traces[i], p_persons[i], p_hows[i], p_addresses[i],
            p_methods[i], p_routes[i], p_pairs[i], p_matters[i], p_statuses[i], p_codes[i], v_hash);
        v_hashes[i + 1] := v_hash;
    END LOOP;
    INSERT INTO ledger.access_log (
        tenant_id, position, recorded_at, at, trace_id, person, how, address, method, route, pair, matter, status, code,
        prev_hash, hash)
    SELECT p_tenant, v_first + e.ordinality - 1, v_now, timestamptz 'epoch' + e.at * interval '1 microsecond',
           e.trace, e.person, e.how, e.address, e.method, e.route, e.pair, e.matter, e.status, e.code, e.prev_hash, e.hash
    FROM unnest(p_ats, p_traces, p_persons, p_hows, p_addresses, p_methods, p_routes, p_pairs, p_matters, p_statuses,
                p_codes, v_hashes[1 : v_count], v_hashes[2 :])
         WITH ORDINALITY AS e (at, trace, person, how, address, method, route, pair, matter, status, code,
                               prev_hash, hash, ordinality);
    UPDATE ledger.access_head h
    SET position = v_first + v_count - 1, hash = v_hash, updated_at = v_now
    WHERE h.tenant_id = p_tenant;
    RETURN v_first + v_count - 1;
END $$;

-- Remove the entries of whole months (Asia/Shanghai) older than p_months, and say so in an entry of its own, which keeps
-- the position and the hash of the last one that is gone. Nobody may remove what is younger than six months
-- (《网络安全法》第二十一条). The fence is lifted by its owner within this transaction, in which the head is locked.
-- Returns: how many were removed. Raises: LX002 a pair is set in this transaction; LX005 malformed arguments.
CREATE FUNCTION ledger.access_prune(p_tenant text, p_months bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, ledger, pg_temp AS $$
DECLARE
    v_until timestamptz;
    v_position bigint;
    v_hash bytea;
    v_removed bigint;
BEGIN
    PERFORM ledger.ledger_enter(p_tenant);
    IF p_tenant <> 'access' OR p_months IS NULL OR p_months < 6 THEN
        RAISE EXCEPTION 'malformed arguments' USING ERRCODE = 'LX005';
    END IF;
    PERFORM FROM ledger.access_head h WHERE h.tenant_id = p_tenant FOR NO KEY UPDATE;
    v_until := (date_trunc('month', clock_timestamp() AT TIME ZONE 'Asia/Shanghai')
        - make_interval(months => p_months::int)) AT TIME ZONE 'Asia/Shanghai';
    SELECT l.position, l.hash INTO v_position, v_hash
    FROM ledger.access_log l WHERE l.tenant_id = p_tenant AND l.recorded_at < v_until
    ORDER BY l.recorded_at DESC, l.position DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    ALTER TABLE ledger.access_log DISABLE TRIGGER only_appended;
    DELETE FROM ledger.access_log l WHERE l.tenant_id = p_tenant AND l.position <= v_position;
    GET DIAGNOSTICS v_removed = ROW_COUNT;
    ALTER TABLE ledger.access_log ENABLE ALWAYS TRIGGER only_appended;
    UPDATE ledger.access_head h SET begin_position = v_position, begin_hash = v_hash WHERE h.tenant_id = p_tenant;
    PERFORM ledger.access_append(
        p_tenant, ARRAY[(extract(epoch FROM clock_timestamp()) * 1000000)::bigint], ARRAY[''], ARRAY['system'],
        ARRAY['system'], ARRAY[''], ARRAY['PRUNE'], ARRAY['access_log'], ARRAY[''], ARRAY[v_position::text],
        ARRAY[v_removed], ARRAY[encode(v_hash, 'hex')]);
    RETURN v_removed;
END $$;

GRANT EXECUTE ON FUNCTION
    ledger.access_append(
        text, bigint[], text[], text[], text[], text[], text[], text[], text[], text[], bigint[], text[]),
    ledger.access_prune(text, bigint)
TO lianxi_app;
