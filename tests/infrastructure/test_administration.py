"""The administration ledger: verified and refolded like a pair's, and begun with what was there before it."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from application import administering, audit, dossier
from domain import granting, mandates
from infrastructure import administration, credentials, ledger, views
from infrastructure import database as databases
from tests import conftest

LATER = datetime.now(UTC) + timedelta(days=1)
TOKEN = "lx_" + "A" * 43
DIGEST = hashlib.sha256(TOKEN.encode()).digest()


@pytest.fixture
def db(database: conftest.Database) -> Iterator[databases.Database]:
    with databases.Database(database.app_dsn) as opened:
        yield opened


@pytest.fixture
def office(db: databases.Database) -> administering.Administration:
    return administering.Administration(administration.PostgresRegister(db))


@pytest.fixture
def before(database: conftest.Database) -> Iterator[psycopg.Connection]:
    """A database of the time before the administration ledger, with a person, a role, a token, and their acts."""
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        admin.execute("INSERT INTO ledger.principal (person_id, label) VALUES ('p1', '科员')")
        admin.execute(
            "INSERT INTO ledger.role_grant (person_id, role, scope) VALUES ('p1', 'auditor', '140800')"
        )
        admin.execute(
            "INSERT INTO ledger.credential (token_hash, person_id, label, expires_at) VALUES (%s, 'p1', '办公', %s)",
            (DIGEST, LATER),
        )
        for number, (actor, what, role, scope, digest) in enumerate(
            [
                ("command-line", "enrolled", None, None, None),
                ("old-admin", "granted", "auditor", "140800", None),
                ("old-admin", "issued", None, None, DIGEST),
            ]
        ):
            admin.execute(
                "INSERT INTO ledger.credential_act (id, actor, what, person, role, scope, token_hash)"
                " VALUES (%s, %s, %s, 'p1', %s, %s, %s)",
                (f"a{number}", actor, what, role, scope, digest),
            )
        yield admin


def lines(db: databases.Database) -> list[audit.Line]:
    return list(audit.history(views.PostgresViews(db), mandates.TENANT, limit=500).lines)


def verified(db: databases.Database) -> audit.Verification:
    return audit.verify_pair(ledger.PostgresLedger(db), views.PostgresViews(db), mandates.TENANT)


def test_r097_what_was_there_before_keeps_working_and_is_transcribed_once(
    before: psycopg.Connection, db: databases.Database, office: administering.Administration
) -> None:
    store = credentials.PostgresCredentials(db)
    bearer = store.resolve(TOKEN)
    assert bearer is not None
    assert [grant.role for grant in bearer.grants] == ["auditor"]
    known = office.principal("p1")
    assert known.mandates["auditor@140800"].given_by == "old-admin"
    assert known.keys[DIGEST.hex()].given_by == "old-admin"
    told = [(each.topic, (each.payload or {}).get("what")) for each in lines(db)]
    assert told == [
        ("person.taken_over", None),
        *(("person.earlier_act_noted", what) for what in ("enrolled", "granted", "issued")),
    ]
    store.enrol("p2", label="x")
    another = administering.Administration(administration.PostgresRegister(db))
    assert another.principal("p1") == known
    assert [each.topic for each in lines(db)][4:] == ["person.enrolled"]
    assert (verified(db).ok, office.replay().ok) == (True, True)
    assert store.resolve(TOKEN) == bearer


def test_r097_who_gave_before_the_ledger_still_hands_out_nothing(
    before: psycopg.Connection, office: administering.Administration
) -> None:
    by = mandates.Role.SECURITY_ADMINISTRATOR
    with pytest.raises(granting.GiverHandsOutNoKey):
        office.issue("p1", by=granting.signatory("old-admin", {by}), purpose="x", expires_at=LATER)


def test_r097_the_tables_that_tokens_resolve_by_are_what_the_ledger_says(
    database: conftest.Database, db: databases.Database, office: administering.Administration
) -> None:
    """The control plants four rows past the ledger; each shows itself."""
    store = credentials.PostgresCredentials(db, office)
    store.enrol("p1", label="x")
    store.grant("p1", role="auditor", scope="140800")
    store.issue("p1", label="办公", expires_at=LATER)
    assert (office.replay().rows, office.replay().ok) == (3, True)
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        for statement in (
            "INSERT INTO ledger.principal (person_id, label) VALUES ('p9', '')",
            "INSERT INTO ledger.role_grant (person_id, role, scope) VALUES ('p9', 'auditor', '14')",
            "UPDATE ledger.role_grant SET scope = '14' WHERE person_id = 'p1'",
            "UPDATE ledger.credential SET revoked_at = now()",
        ):
            admin.execute(statement)
    found = {(each.kind.value, each.view) for each in office.replay().differences}
    assert found == {
        ("extra", "principal"),
        ("extra", "role_grant"),
        ("missing", "role_grant"),
        ("missing", "credential"),
    }


def test_r097_a_changed_act_of_an_administrator_is_found(
    database: conftest.Database, db: databases.Database, office: administering.Administration
) -> None:
    """By whoever has the database itself."""
    credentials.PostgresCredentials(db, office).enrol("p1", label="x")
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        admin.execute("ALTER TABLE ledger.ledger_event DISABLE TRIGGER only_appended")
        admin.execute(
            "UPDATE ledger.ledger_event SET actor = 'another' WHERE tenant_id = %s", (mandates.TENANT,)
        )
    assert (verified(db).ok, verified(db).bad_position) == (False, 1)
    assert "administration@1" in office.replay().fault
    fresh = administering.Administration(administration.PostgresRegister(db))
    with pytest.raises(dossier.LedgerBroken):
        fresh.principal("p1")


def test_r097_a_change_that_fails_leaves_no_fact_and_a_fact_that_fails_no_change(
    database: conftest.Database, db: databases.Database, office: administering.Administration
) -> None:
    """Both are one transaction."""
    store = credentials.PostgresCredentials(db, office)
    store.enrol("p1", label="x")
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        admin.execute("REVOKE INSERT ON ledger.role_grant FROM lianxi_app")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        store.grant("p1", role="auditor", scope="140800")
    assert [each.topic for each in lines(db)] == ["person.enrolled"]
    assert office.replay().ok


def test_r097_an_order_that_changes_nothing_is_no_act(
    db: databases.Database, office: administering.Administration
) -> None:
    store = credentials.PostgresCredentials(db, office)
    for _ in range(2):
        store.enrol("p1", label="x")
        store.grant("p1", role="auditor", scope="140800")
    assert [store.withdraw("p1", role="auditor", scope="140800") for _ in range(2)] == [True, False]
    assert [each.topic for each in lines(db)] == ["person.enrolled", "mandate.granted", "mandate.withdrawn"]
