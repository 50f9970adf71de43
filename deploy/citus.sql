-- NOT RUN HERE: no Citus is at hand where this is built, so nothing below was ever executed. What can be held is held by
-- tests/infrastructure/test_sharding.py: the schema has nothing that Citus refuses, and this script names every table,
-- function and trigger of it.
--
-- Run it once, as the owner of the cluster, on the coordinator of Citus 12 or later with PostgreSQL 15 or later, after
-- ``lianxi migrate`` and before the first fact. The tenant is the distribution column of everything: one pair's head,
-- facts, commands and views lie on one node, so each of its transactions runs there and nowhere else.

-- The second fence becomes another one. Citus refuses triggers on distributed tables, so here the right to change or remove
-- a row is taken from the owner too, and nobody has it. The self-check demands this of whatever Citus distributes where
-- elsewhere it demands the trigger (``untriggered`` in infrastructure/selfcheck.sql). A superuser is stopped by neither;
-- the chain and the checkpoints still show every change.
DROP TRIGGER never_removed ON ledger.access_head;
DROP TRIGGER only_appended ON ledger.access_log;
DROP TRIGGER only_appended ON ledger.credential_act;
DROP TRIGGER only_appended ON ledger.directory_act;
DROP TRIGGER only_appended ON ledger.ledger_checkpoint;
DROP TRIGGER only_appended ON ledger.ledger_command;
DROP TRIGGER only_appended ON ledger.ledger_event;
DROP TRIGGER never_removed ON ledger.ledger_head;
DROP TRIGGER only_appended ON ledger.ledger_sealed;
DROP TRIGGER only_appended ON ledger.webhook_act;
REVOKE UPDATE, DELETE, TRUNCATE ON ledger.access_log, ledger.credential_act, ledger.directory_act, ledger.ledger_checkpoint, ledger.ledger_command, ledger.ledger_event,
    ledger.ledger_sealed, ledger.webhook_act FROM lianxi_owner;
REVOKE DELETE, TRUNCATE ON ledger.access_head, ledger.ledger_head FROM lianxi_owner;

-- What belongs to no pair is small, seldom written and read everywhere: a copy on every node.
SELECT create_reference_table('ledger.migration');
SELECT create_reference_table('ledger.principal');
SELECT create_reference_table('ledger.role_grant');
SELECT create_reference_table('ledger.credential');
SELECT create_reference_table('ledger.credential_act');
SELECT create_reference_table('ledger.directory');
SELECT create_reference_table('ledger.directory_act');
SELECT create_reference_table('ledger.view_shape');
SELECT create_reference_table('ledger.account');
SELECT create_reference_table('ledger.second_factor');
SELECT create_reference_table('ledger.session');
SELECT create_reference_table('ledger.login_attempt');
SELECT create_reference_table('ledger.external_identity');
SELECT create_reference_table('ledger.oidc_login');

-- The head first: everything else of a pair lies beside it.
SELECT create_distributed_table('ledger.ledger_head', 'tenant_id');
SELECT create_distributed_table('ledger.access_head', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.access_log', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.ledger_checkpoint', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.ledger_command', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.ledger_event', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.ledger_sealed', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_correction', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_decision', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_delegation', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_fold', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_leader_report', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_legacy', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_liaison', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_meeting', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_minutes', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_pair', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_post', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_practice', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_proposal', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_publicity', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_rulebook', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_scheme', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_score', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_standards', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_supporting_rule', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_tally', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_topic', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_unit', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.view_year', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.webhook', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.webhook_act', 'tenant_id', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_table('ledger.webhook_delivery', 'tenant_id', colocate_with => 'ledger.ledger_head');

-- The functions run on the node of their first argument, where the setting that they make holds. access_prune lifts a
-- fence that is another one here: its two ALTER TABLE have to become GRANT and REVOKE of DELETE to its owner.
SELECT create_distributed_function('ledger.access_append(text,bigint[],text[],text[],text[],text[],text[],text[],text[],text[],bigint[],text[])', 'p_tenant', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_function('ledger.access_link(text,bigint,bigint,bigint,text,text,text,text,text,text,text,text,bigint,text,bytea)', 'p_tenant', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_function('ledger.access_prune(text,bigint)', 'p_tenant', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_function('ledger.checkpoint_publish(text,text,bigint,text,bigint,timestamp with time zone)', 'p_tenant', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_function('ledger.ledger_append(text,text,text,bytea,json,text[],bigint[],text[],bytea[],bigint)', 'p_tenant', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_function('ledger.ledger_append_one(text,text,text,bytea,json,text,bigint,text,bytea,bigint)', 'p_tenant', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_function('ledger.ledger_begin(text)', 'p_tenant', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_function('ledger.ledger_enter(text)', 'p_tenant', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_function('ledger.ledger_hold(text)', 'p_tenant', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_function('ledger.ledger_link(text,bigint,text,bigint,text,bytea,text,text,timestamp with time zone,bytea)', 'p_tenant', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_function('ledger.ledger_lock(text)', 'p_tenant', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_function('ledger.ledger_open(text,text,bigint)', 'p_tenant', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_function('ledger.ledger_replay(text,text,bytea)', 'p_tenant', colocate_with => 'ledger.ledger_head');
SELECT create_distributed_function('ledger.sealed_publish(text,text,bigint,text,text,timestamp with time zone)', 'p_tenant', colocate_with => 'ledger.ledger_head');

-- These read what belongs to no pair, of which every node has a copy.
SELECT create_distributed_function('ledger.account_secrets(text)');
SELECT create_distributed_function('ledger.resolve_session(bytea,timestamp with time zone,interval,boolean)');
SELECT create_distributed_function('ledger.directory_erase(text,boolean,text,text)');
