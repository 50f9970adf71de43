-- The administration ledger is one more tenant of the ledger's own tables. What token resolution reads is written
-- in the transaction that appends to it; here it learns the dates, extent and matters of mandates, and kinds of keys.

ALTER TABLE ledger.role_grant
    ADD COLUMN subtree boolean NOT NULL DEFAULT true,
    ADD COLUMN valid_from date,
    ADD COLUMN valid_until date,
    ADD COLUMN matters text[] NOT NULL DEFAULT '{}';
ALTER TABLE ledger.credential ADD COLUMN kind text COLLATE "C" NOT NULL DEFAULT 'token';
COMMENT ON TABLE ledger.role_grant IS 'A role over a pair or a subtree of divisions, on inclusive local dates, as the administration ledger has it.';
COMMENT ON TABLE ledger.credential_act IS 'The acts of administrators before the administration ledger, which has transcribed them.';

GRANT UPDATE (granted_at, subtree, valid_from, valid_until, matters) ON ledger.role_grant TO lianxi_app;

-- Whose session a token is, as in 0012, with the mandates of the day.
DROP FUNCTION ledger.resolve_session(bytea, timestamptz, interval, boolean);
CREATE FUNCTION ledger.resolve_session(p_hash bytea, p_at timestamptz, p_idle interval, p_touch boolean) RETURNS TABLE (
    token_hash bytea, id text, person_id text, how text, second boolean, must_change boolean, factor boolean,
    role text, scope text, subtree boolean, matters text[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, ledger, pg_temp AS $$
DECLARE
    v_session ledger.session;
    v_day date := (statement_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    SELECT s.* INTO v_session FROM ledger.session s
    WHERE s.token_hash = p_hash AND s.ended_at IS NULL AND s.expires_at > p_at AND s.seen_at > p_at - p_idle;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF p_touch AND v_session.seen_at < p_at - interval '1 minute' THEN
        UPDATE ledger.session s SET seen_at = p_at WHERE s.token_hash = p_hash AND s.seen_at < p_at;
    END IF;
    RETURN QUERY
    SELECT v_session.token_hash, v_session.id, v_session.person_id, v_session.how, v_session.second_at IS NOT NULL,
           coalesce(a.must_change AND v_session.how = 'password', false), f.confirmed_at IS NOT NULL,
           g.role, g.scope, g.subtree, g.matters
    FROM (VALUES (1)) AS one
    LEFT JOIN ledger.account a ON a.person_id = v_session.person_id
    LEFT JOIN ledger.second_factor f ON f.person_id = v_session.person_id
    LEFT JOIN ledger.role_grant g ON g.person_id = v_session.person_id AND g.revoked_at IS NULL
        AND (g.valid_from IS NULL OR g.valid_from <= v_day) AND (g.valid_until IS NULL OR g.valid_until >= v_day)
    ORDER BY g.role, g.scope;
END $$;
REVOKE ALL ON FUNCTION ledger.resolve_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.resolve_session TO lianxi_app;
