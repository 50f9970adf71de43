"""Tokens: shown once, kept as hashes, ended by time or by hand."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from application import audit, ports
from domain import mandates
from infrastructure import credentials, views
from infrastructure import database as databases
from tests import conftest

LATER = datetime.now(UTC) + timedelta(days=1)
EARLIER = datetime.now(UTC) - timedelta(seconds=1)


@pytest.fixture
def db(database: conftest.Database) -> Iterator[databases.Database]:
    with databases.Database(database.app_dsn) as opened:
        yield opened


@pytest.fixture
def store(db: databases.Database) -> credentials.PostgresCredentials:
    found = credentials.PostgresCredentials(db)
    found.enrol("p1", label="张三")
    return found


def test_a_token_stands_for_a_person_and_their_grants(store: credentials.PostgresCredentials) -> None:
    store.grant("p1", role="city_reader", scope="140802")
    store.grant("p1", role="auditor", scope="1408")
    token = store.issue("p1", label="手机", expires_at=LATER)
    assert token.startswith("lx_")
    assert len(token) >= 3 + 43
    assert store.resolve(token) == ports.Bearer(
        person_id="p1",
        grants=(
            ports.Grant(role="auditor", scope="1408"),
            ports.Grant(role="city_reader", scope="140802"),
        ),
    )


def test_a_person_without_grants_is_known_and_may_nothing(store: credentials.PostgresCredentials) -> None:
    assert store.resolve(store.issue("p1", label="", expires_at=LATER)) == ports.Bearer(
        person_id="p1", grants=()
    )


def test_tokens_differ_and_are_not_kept(
    store: credentials.PostgresCredentials, database: conftest.Database
) -> None:
    tokens = {store.issue("p1", label="", expires_at=LATER) for _ in range(20)}
    assert len(tokens) == 20
    with psycopg.connect(database.admin_dsn) as connection:
        kept = connection.execute("SELECT token_hash, c::text FROM ledger.credential c").fetchall()
    assert {row[0] for row in kept} == {hashlib.sha256(token.encode()).digest() for token in tokens}
    assert not any(token in row[1] for row in kept for token in tokens)


def test_expired_revoked_and_unknown_tokens_are_nobody(store: credentials.PostgresCredentials) -> None:
    assert store.resolve(store.issue("p1", label="", expires_at=EARLIER)) is None
    token = store.issue("p1", label="", expires_at=LATER)
    assert store.resolve(token) is not None
    digest = hashlib.sha256(token.encode()).hexdigest()
    assert (store.revoke(digest), store.revoke(digest)) == (True, False)
    assert store.resolve(token) is None
    assert [one.revoked_at is not None for one in store.credentials("p1")] == [False, True]


@pytest.mark.parametrize(
    "token",
    [
        "",
        "lx_",
        "lx_" + "A" * 43,
        "lx_" + "A" * 10_000,
        "xx_" + "A" * 43,
        "lx_" + "中" * 43,
        "lx_" + "\0" * 43,
        "lx_\udc80" + "A" * 42,
    ],
)
def test_bad_tokens_are_nobody(store: credentials.PostgresCredentials, token: str) -> None:
    assert store.resolve(token) is None


def test_grants_are_withdrawn_and_given_again(store: credentials.PostgresCredentials) -> None:
    store.grant("p1", role="auditor", scope="1408")
    store.grant("p1", role="auditor", scope="1408")
    assert store.grants("p1") == [ports.Grant(role="auditor", scope="1408")]
    assert store.withdraw("p1", role="auditor", scope="1408")
    assert not store.withdraw("p1", role="auditor", scope="1408")
    assert store.grants("p1") == []
    store.grant("p1", role="auditor", scope="1408")
    assert len(store.grants("p1")) == 1


def test_nobody_unknown_gets_anything(store: credentials.PostgresCredentials) -> None:
    with pytest.raises(ports.UnknownPrincipal):
        store.issue("p9", label="", expires_at=LATER)
    with pytest.raises(ports.UnknownPrincipal):
        store.grant("p9", role="auditor", scope="1408")
    assert store.enrol("p9", label="李四")
    assert not store.enrol("p9", label="另一个")
    assert store.principals() == [
        ports.Principal(person_id="p1", label="张三"),
        ports.Principal(person_id="p9", label="李四"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger.credential",
        "UPDATE ledger.credential SET person_id = 'p2'",
        "UPDATE ledger.credential SET expires_at = 'infinity'",
        "DELETE FROM ledger.role_grant",
        "UPDATE ledger.role_grant SET role = 'other'",
        "UPDATE ledger.principal SET label = 'x'",
        "DELETE FROM ledger.principal",
        "DELETE FROM ledger.credential_act",
        "UPDATE ledger.credential_act SET actor = 'other'",
        "TRUNCATE ledger.credential_act",
    ],
)
def test_the_application_can_only_add_and_revoke(db: databases.Database, statement: str) -> None:
    with db.connection() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_every_change_is_an_act_of_somebody(
    store: credentials.PostgresCredentials, db: databases.Database
) -> None:
    """What changes nothing is no act, and a role given again does not hide that it was withdrawn."""
    store.enrol("p1", label="x")
    store.enrol("p2", label="x")
    for _ in range(2):
        store.grant("p2", role="auditor", scope="1408")
    for _ in range(2):
        store.withdraw("p2", role="auditor", scope="1408")
    store.grant("p2", role="auditor", scope="1408")
    digest = hashlib.sha256(store.issue("p2", label="", expires_at=LATER).encode()).hexdigest()
    for _ in range(2):
        store.revoke(digest)
    with pytest.raises(ports.UnknownPrincipal):
        store.grant("p9", role="auditor", scope="1408")
    found = audit.history(views.PostgresViews(db), mandates.TENANT).lines
    assert {each.actor for each in found} == {ports.COMMAND_LINE}
    assert [(each.topic, (each.payload or {})["person"]) for each in found] == [
        ("person.enrolled", "p1"),
        ("person.enrolled", "p2"),
        ("mandate.granted", "p2"),
        ("mandate.withdrawn", "p2"),
        ("mandate.granted", "p2"),
        ("key.issued", "p2"),
        ("key.revoked", "p2"),
    ]
    assert digest in str(found[-1].payload)


def test_earlier_acts_cannot_be_changed_even_by_their_owner(database: conftest.Database) -> None:
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        for statement in ("DELETE FROM", "TRUNCATE"):
            with pytest.raises(psycopg.Error, match="only ever appended"):
                admin.execute(f"{statement} ledger.credential_act")
