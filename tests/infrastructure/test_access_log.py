"""The access log in the database: one chain, only appended to, and pruned by whole months."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from application import access_audit, ports
from domain.accesses import Access
from domain.chain import Head
from infrastructure import access_log
from infrastructure import database as databases
from tests import conftest

ACCESS = Access(
    at=datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC),
    trace_id="0" * 32,
    person="p-1",
    how="token",
    address="192.0.2.7",
    method="GET",
    route="/v1/pairs/{pair}/history",
    pair="140830",
    matter="history",
    status=200,
    code="",
)


@pytest.fixture
def db(database: conftest.Database):
    with databases.Database(database.app_dsn) as opened:
        yield opened


@pytest.fixture
def log(db) -> access_log.PostgresAccessLog:
    return access_log.PostgresAccessLog(db)


@pytest.fixture
def admin(database: conftest.Database):
    with psycopg.connect(database.admin_dsn, autocommit=True) as connection:
        # The superuser's own way past the fence: what a plant needs.
        connection.execute("SET session_replication_role = replica")
        connection.execute("ALTER TABLE ledger.access_log DISABLE TRIGGER ALL")
        yield connection


def test_what_was_appended_is_read_back_and_verifies(log):
    odd = replace(ACCESS, person='a"b\\c,{}', status=0, code="", at=datetime(9999, 1, 1, tzinfo=UTC))
    assert log.append([ACCESS, odd]) == 2
    assert log.append([ACCESS]) == 3
    with log.walk() as (ends, entries):
        assert [each.access for each in entries] == [ACCESS, odd, ACCESS]
        assert ends.end.position == 3
    found = access_audit.verify(log)
    assert (found.ok, found.checked, found.position) == (True, 3, 3)


def test_an_empty_log_verifies(log):
    assert access_audit.verify(log).ok


def test_a_kept_end_must_be_on_the_chain(log):
    log.append([ACCESS])
    kept = Head(position=1, hash=bytes.fromhex(access_audit.verify(log).hash))
    log.append([ACCESS])
    assert access_audit.verify(log, kept=kept).ok
    assert access_audit.verify(log, kept=replace(kept, hash=bytes(32))).bad_position == 1


PLANTED = {
    "a column changed": ("UPDATE ledger.access_log SET status = 403 WHERE position = 3", 3, "哈希与内容不符"),
    "a moment changed": (
        "UPDATE ledger.access_log SET at = at + interval '1 microsecond' WHERE position = 3",
        3,
        "哈希与内容不符",
    ),
    "one removed": ("DELETE FROM ledger.access_log WHERE position = 3", 3, "位置不连续"),
    "two swapped": (
        (
            "UPDATE ledger.access_log SET position = -position WHERE position IN (3, 4);"
            " UPDATE ledger.access_log SET position = 7 + position WHERE position < 0"
        ),
        3,
        "不衔接",
    ),
    "the end cut off": ("DELETE FROM ledger.access_log WHERE position = 5", 5, "记录到此为止"),
    "the end and the head cut off": (
        (
            "DELETE FROM ledger.access_log WHERE position = 5; UPDATE ledger.access_head SET position = 4,"
            " hash = (SELECT hash FROM ledger.access_log WHERE position = 4)"
        ),
        5,
        "以前留存",
    ),
    "the beginning cut off": (
        (
            "UPDATE ledger.access_head SET begin_position = 2,"
            " begin_hash = (SELECT hash FROM ledger.access_log WHERE position = 2);"
            " DELETE FROM ledger.access_log WHERE position <= 2"
        ),
        3,
        "起点与最近一次清理的记录不符",
    ),
    "one behind the head's back": (
        (
            "INSERT INTO ledger.access_log SELECT (jsonb_populate_record(l, '{\"position\": 6}')).*"
            " FROM ledger.access_log l WHERE position = 5"
        ),
        6,
        "不衔接",
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_change_is_found_at_its_place(log, admin, what):
    """Control: the same log verified before."""
    log.append([replace(ACCESS, status=200 + number) for number in range(5)])
    before = access_audit.verify(log)
    assert before.ok
    planted, position, reason = PLANTED[what]
    admin.execute(planted)
    found = access_audit.verify(log, kept=Head(position=5, hash=bytes.fromhex(before.hash)))
    assert not found.ok
    assert (found.bad_position, reason in found.reason) == (position, True), found


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO ledger.access_log SELECT * FROM ledger.access_log",
        "UPDATE ledger.access_log SET status = 1",
        "DELETE FROM ledger.access_log",
        "TRUNCATE ledger.access_log",
        "UPDATE ledger.access_head SET position = 0",
        "DELETE FROM ledger.access_head",
        "SELECT ledger.access_link('access', 1, 1, 1, '', '', '', '', '', '', '', '', 1, '', '')",
    ],
)
def test_the_application_can_do_nothing_but_append(log, db, statement):
    log.append([ACCESS])
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        db.tenant_transaction("access") as connection,
    ):
        connection.execute(statement)


def test_the_second_fence_stops_the_owner_as_well(log, database: conftest.Database):
    log.append([ACCESS])
    with psycopg.connect(database.admin_dsn, autocommit=True) as owner:
        for statement in (
            "UPDATE ledger.access_log SET status = 1",
            "DELETE FROM ledger.access_log",
            "DELETE FROM ledger.access_head",
        ):
            with pytest.raises(psycopg.Error, match="only ever appended to"):
                owner.execute(statement)


def test_no_pairs_transaction_and_no_reader_sees_an_entry(log, db):
    log.append([ACCESS])
    count = "SELECT count(*) FROM ledger.access_log"
    with db.tenant_transaction("140830") as connection:
        assert connection.execute(count).fetchone() == (0,)
    with pytest.raises(psycopg.Error, match="another pair"), db.tenant_transaction("140830") as connection:
        connection.execute(access_log.SQL["prune"], {"tenant": "access", "months": 12})
    with pytest.raises(psycopg.errors.InsufficientPrivilege), db.scope_transaction("14") as connection:
        connection.execute(count)
    with db.tenant_transaction("access") as connection:
        assert connection.execute(count).fetchone() == (1,)


# --- pruning -------------------------------------------------------------------------------------------------


def aged(admin, log, *, months: int, count: int) -> None:
    """Append entries as if that had been some months ago: the chain is made anew, as nobody else could."""
    with log.walk() as (ends, _):
        first = ends.end.position + 1
    log.append([ACCESS] * count)
    moved = f"date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') - interval '{months} months' + interval '1 hour'"
    admin.execute("SELECT set_config('app.tenant', 'access', false)")
    admin.execute(
        f"UPDATE ledger.access_log SET recorded_at = ({moved}) AT TIME ZONE 'Asia/Shanghai' WHERE position >= {first}"
    )
    admin.execute("""
        DO $$ DECLARE r ledger.access_log; v_hash bytea;
        BEGIN
            SELECT begin_hash INTO v_hash FROM ledger.access_head;
            FOR r IN SELECT * FROM ledger.access_log ORDER BY position LOOP
                UPDATE ledger.access_log SET prev_hash = v_hash, hash = ledger.access_link(
                    r.tenant_id, r.position, (extract(epoch FROM r.recorded_at) * 1000000)::bigint,
                    (extract(epoch FROM r.at) * 1000000)::bigint, r.trace_id, r.person, r.how, r.address, r.method,
                    r.route, r.pair, r.matter, r.status, r.code, v_hash)
                WHERE position = r.position RETURNING hash INTO v_hash;
            END LOOP;
            UPDATE ledger.access_head SET hash = v_hash;
        END $$""")
    assert access_audit.verify(log).ok


def fence(database: conftest.Database) -> str:
    with psycopg.connect(database.admin_dsn) as connection:
        query = "SELECT tgenabled FROM pg_trigger WHERE tgrelid = 'ledger.access_log'::regclass AND tgname = 'only_appended'"
        return str(connection.execute(query).fetchone()[0])


def test_whole_months_are_pruned_and_the_chain_goes_on(log, admin, database):
    aged(admin, log, months=14, count=3)
    aged(admin, log, months=13, count=2)
    aged(admin, log, months=12, count=4)
    log.append([ACCESS])
    admin.execute("ALTER TABLE ledger.access_log ENABLE ALWAYS TRIGGER only_appended")
    assert log.prune() == 5
    assert fence(database) == "A"
    found = access_audit.verify(log)
    assert (found.ok, found.begin, found.checked, found.position) == (True, 5, 6, 11)
    with log.walk() as (ends, entries):
        last = list(entries)[-1].access
        assert (last.method, last.matter, last.code, last.status) == ("PRUNE", "5", ends.begin.hash.hex(), 5)
    assert log.prune() == 0
    assert log.append([ACCESS]) == 12
    assert access_audit.verify(log).ok


def test_what_the_law_wants_kept_is_not_pruned(db, admin):
    log = access_log.PostgresAccessLog(db, months=5)
    aged(admin, log, months=8, count=1)
    with pytest.raises(psycopg.Error, match="malformed"):
        log.prune()
    assert access_log.PostgresAccessLog(db, months=6).prune() == 1


def test_a_pruning_that_was_forged_is_found(log, admin):
    """Rows taken away with the head told so, and an entry of another pruning left in the chain."""
    aged(admin, log, months=14, count=3)
    log.append([ACCESS] * 3)
    assert log.prune() == 3
    assert access_audit.verify(log).ok
    admin.execute(
        "UPDATE ledger.access_head SET begin_position = 4,"
        " begin_hash = (SELECT hash FROM ledger.access_log WHERE position = 4);"
        "ALTER TABLE ledger.access_log DISABLE TRIGGER ALL; DELETE FROM ledger.access_log WHERE position = 4"
    )
    assert "起点" in access_audit.verify(log).reason


# --- reading -------------------------------------------------------------------------------------------------


def test_entries_are_listed_by_person_pair_and_time_the_latest_first(log):
    log.append(
        [replace(ACCESS, person=f"p-{n % 2}", pair=("140830", "140823")[n % 3 == 0]) for n in range(9)]
    )
    everything = log.listed()
    assert [each.position for each in everything] == list(range(9, 0, -1))
    assert [each.position for each in log.listed(person="p-1", limit=2)] == [8, 6]
    assert [each.position for each in log.listed(person="p-1", before=6)] == [4, 2]
    assert [each.position for each in log.listed(pair="140823")] == [7, 4, 1]
    moment = everything[0].recorded_at
    assert len(log.listed(since=moment)) == 9
    assert log.listed(until=moment) == []
    assert log.listed(since=moment + timedelta(microseconds=1)) == []


def test_a_closed_pool_is_told_apart_from_a_dbthat_is_away(database: conftest.Database):
    db = databases.Database(database.app_dsn)
    log = access_log.PostgresAccessLog(db)
    db.close()
    with pytest.raises(ports.AccessLogClosed):
        log.append([ACCESS])
