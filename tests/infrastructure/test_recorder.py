"""The library's own conformance tests, run on the recorder that commands use."""

import hashlib
import json
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from eventsourcing import persistence
from eventsourcing.tests import persistence as conformance

from application import ports
from infrastructure import database as databases
from infrastructure import recorder
from tests import conftest

TENANT = "140802"


@pytest.fixture
def db(database: conftest.Database) -> Iterator[databases.Database]:
    with databases.Database(database.app_dsn, limits=databases.Limits(pool_max=14, lock_ms=30000)) as opened:
        yield opened


class OnPostgres:
    """What the library's classes need to run on our recorder: it, and ids that are text."""

    db: databases.Database

    @pytest.fixture(autouse=True)
    def bind(self, db: databases.Database) -> None:
        self.db = db

    def create_recorder(self) -> recorder.PairRecorder:
        return recorder.PairRecorder(self.db, TENANT, poll_seconds=0.02)

    def new_originator_id(self) -> str:
        return str(uuid4())


class TestApplicationRecorder(OnPostgres, conformance.ApplicationRecorderTestCase[recorder.PairRecorder]):
    def test_insert_subscribe(self) -> None:
        """Optional in the library, demanded here."""
        self.optional_test_insert_subscribe()


class TestNonInterleaving(OnPostgres, conformance.NonInterleavingNotificationIDsBaseCase):
    pass


class AsAggregateRecorder(recorder.PairRecorder):
    """The library's aggregate recorders answer None; the rest of their contract is ours too."""

    def insert_events(self, stored_events, **kwargs):  # type: ignore[no-untyped-def,override]
        super().insert_events(stored_events, **kwargs)


class TestAggregateRecorder(OnPostgres, conformance.AggregateRecorderTestCase):
    def create_recorder(self) -> recorder.PairRecorder:
        return AsAggregateRecorder(self.db, TENANT)


def event(stream: str, version: int = 1, *, state: bytes = b"{}") -> persistence.StoredEvent:
    return persistence.StoredEvent(originator_id=stream, originator_version=version, topic="t", state=state)


def test_expected_position_guards_the_whole_pair(db: databases.Database) -> None:
    pair = recorder.PairRecorder(db, TENANT)
    pair.insert_events([event("s1")], expected_position=0)
    with pytest.raises(persistence.IntegrityError):
        pair.insert_events([event("s2")], expected_position=0)
    assert pair.insert_events([event("s2")], expected_position=1) == [2]


def test_r096_a_retry_in_one_trip_gives_the_first_positions(db: databases.Database) -> None:
    pair = recorder.PairRecorder(db, TENANT)
    facts = [event("s1"), event("s2")]
    assert pair.insert_events(facts, command_id="c1", answer={"a": 1}) == [1, 2]
    assert pair.insert_events([event("s3")]) == [3]
    assert pair.insert_events(facts, command_id="c1") == [1, 2]
    assert pair.max_notification_id() == 3
    again = pair.append(facts, command_id="c1")
    assert (again.replayed, again.answer) == (True, {"a": 1})


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_request_of_which_no_hash_is_given_keeps_the_hash_it_always_had(
    db: databases.Database, count: int
) -> None:
    """Else a retry after an upgrade would be refused as another request."""
    facts = [event('题目"\\', version, state=b"\x00state") for version in range(count)]
    recorder.PairRecorder(db, TENANT).append(facts, command_id="c1")
    whole = hashlib.sha256()
    for each in facts:
        head = [each.originator_id, each.originator_version, each.topic, len(each.state)]
        whole.update(json.dumps(head).encode() + each.state)
    with db.tenant_transaction(TENANT) as connection:
        found = connection.execute("SELECT request_hash FROM ledger.ledger_command").fetchall()
    assert found == [(whole.digest(),)]


def test_a_server_that_died_costs_appends_one_fault(
    database: conftest.Database, db: databases.Database, maintenance: psycopg.Connection
) -> None:
    """Whoever meets a lost connection clears the pool of the others, also where no block borrows it."""
    pair = recorder.PairRecorder(db, TENANT)
    pair.insert_events([event("s1", 1)])
    db.pool.wait()
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    killed = maintenance.execute(query, [database.name]).fetchall()
    assert len(killed) >= 2  # One for the first call, and one that nobody shall meet.
    with pytest.raises(ports.LedgerUnavailable):
        pair.insert_events([event("s1", 2)])
    assert pair.insert_events([event("s1", 2)]) == [2]


def test_a_retry_shows_as_itself_and_not_as_a_version_conflict(db: databases.Database) -> None:
    pair = recorder.PairRecorder(db, TENANT)
    pair.insert_events([event("s1")], command_id="c1")
    with pytest.raises(persistence.IntegrityError):
        pair.insert_events([event("s1")], command_id="c2")
    assert pair.insert_events([event("s1")], command_id="c1", expected_position=0) == [1]


@pytest.mark.parametrize("count", [1, 2, 8, 9, 300])
def test_any_number_of_facts(db: databases.Database, count: int) -> None:
    """Scalars up to eight, arrays above, and one fact by a path of its own: all give the same."""
    pair = recorder.PairRecorder(db, TENANT)
    facts = [event("s1", version, state=bytes([0, 255, version % 256])) for version in range(count)]
    assert pair.insert_events(facts) == list(range(1, count + 1))
    assert pair.select_events("s1") == facts


def test_a_subscription_alarms_when_the_ledger_ends_before_its_cursor(db: databases.Database) -> None:
    pair = recorder.PairRecorder(db, TENANT)
    pair.insert_events([event("s1")])
    with pair.subscribe(gt=5) as subscription, pytest.raises(ports.LedgerRewound):
        next(subscription)


ONE = "SELECT ledger.ledger_append_one(%(tenant)s, 'a', 'c9', %(digest)s, '{}', 's9', 1, 't', '\\x00', %(expected)s)"
GOOD = {"tenant": TENANT, "digest": bytes(32), "expected": None}


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"tenant": "140803"}, "LX002"),
        ({"tenant": "140803", "digest": b"short"}, "LX002"),
        ({"tenant": ""}, "LX002"),
        ({"digest": b"short"}, "LX005"),
        ({"expected": 7}, "LX003"),
    ],
)
@pytest.mark.parametrize("begun", [True, False])
def test_one_fact_is_refused_as_several_are(
    db: databases.Database, changed: dict[str, object], fault: str, begun: bool
) -> None:
    """Inside a transaction of one pair, of a pair that has facts and of one that has none; nothing is left behind."""
    pair = recorder.PairRecorder(db, TENANT)
    known = pair.insert_events([event("s1")]) if begun else []
    with pytest.raises(psycopg.DatabaseError) as refused, db.tenant_transaction(TENANT) as connection:
        connection.execute(ONE, GOOD | changed)
    assert refused.value.sqlstate == fault
    assert pair.insert_events([event("s2")]) == [len(known) + 1]


def test_one_fact_of_no_pair_is_malformed(db: databases.Database) -> None:
    with pytest.raises(psycopg.DatabaseError) as refused, db.connection() as connection:
        connection.execute(ONE, GOOD | {"tenant": ""})
    assert refused.value.sqlstate == "LX005"
