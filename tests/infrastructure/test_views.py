"""What only a superuser can do to the records of commands, and that it is found."""

import psycopg
import pytest

from application import audit, ports
from domain import chain
from infrastructure import database as databases
from infrastructure import ledger, views
from tests import conftest

PAIR = "140802"
CHANGES = {
    "deleted": ("DELETE FROM ledger.ledger_command WHERE command_id = 'c2'", 3),
    "moved": (
        "UPDATE ledger.ledger_command SET first_position = 2, last_position = 3 WHERE command_id = 'c2'",
        3,
    ),
    "cut": ("UPDATE ledger.ledger_command SET last_position = first_position WHERE command_id = 'c1'", 1),
    "invented": (
        "INSERT INTO ledger.ledger_command VALUES ('140802', 'c9', sha256(''), 1, 1, '{}')",
        1,
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_r094_a_commands_record_that_was_changed_is_found(database: conftest.Database, change: str) -> None:
    with databases.Database(database.app_dsn) as db:
        store, read = ledger.PostgresLedger(db), views.PostgresViews(db)
        for command, streams in (("c1", ("s1", "s2")), ("c2", ("s3",))):
            with store.session(PAIR, command_id=command, after=chain.Head()) as session:
                drafts = [ports.Draft(stream=each, version=0, topic="t", state=b"{}") for each in streams]
                session.append(drafts, actor="p", request_hash=bytes(32), answer={}, rows=[])
        assert audit.verify_pair(store, read, PAIR).ok
        statement, position = CHANGES[change]
        with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
            admin.execute("ALTER TABLE ledger.ledger_command DISABLE TRIGGER only_appended")
            admin.execute(statement)
        outcome = audit.verify_pair(store, read, PAIR)
        assert (outcome.bad_position, "办理记录" in outcome.reason) == (position, True)
