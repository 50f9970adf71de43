"""R-094: Python and PostgreSQL hash the same bytes, and these are the bytes of the format."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from application import ports
from domain import chain
from infrastructure import database as databases
from infrastructure import ledger
from tests import conftest

VECTORS = json.loads(
    (Path(__file__).parent.parent / "vectors" / "ledger_chain.json").read_text(encoding="utf-8")
)


def entry(vector: dict) -> chain.Entry:
    return chain.Entry(
        tenant=vector["tenant"],
        position=vector["position"],
        stream=vector["stream"],
        version=vector["version"],
        topic=vector["topic"],
        state=bytes.fromhex(vector["state"]),
        state_hash=bytes.fromhex(vector["state_hash"]),
        actor=vector["actor"],
        command_id=vector["command_id"],
        recorded_at=chain.EPOCH + timedelta(microseconds=vector["recorded_at_us"]),
        prev_hash=bytes.fromhex(vector["prev_hash"]),
        hash=bytes.fromhex(vector["hash"]),
    )


LINK = """
    SELECT ledger.ledger_link(%(tenant)s::text, %(position)s::bigint, %(stream)s::text, %(version)s::bigint,
        %(topic)s::text, %(state_hash)s::bytea, %(actor)s::text, %(command_id)s::text,
        %(recorded_at)s::timestamptz, %(prev_hash)s::bytea)
"""


def in_sql(connection: psycopg.Connection, given: chain.Entry) -> bytes:
    names = (
        "tenant",
        "position",
        "stream",
        "version",
        "topic",
        "state_hash",
        "actor",
        "command_id",
        "recorded_at",
        "prev_hash",
    )
    found = connection.execute(LINK, {name: getattr(given, name) for name in names}).fetchone()
    assert found is not None
    return found[0]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_r094_python_makes_the_bytes_of_the_format(vector: dict) -> None:
    assert chain.preimage(entry(vector)).hex() == vector["preimage"]
    assert chain.link(entry(vector)).hex() == vector["hash"]


def test_r094_postgresql_hashes_the_same(database: conftest.Database) -> None:
    with psycopg.connect(database.admin_dsn) as connection:
        for vector in VECTORS:
            assert in_sql(connection, entry(vector)).hex() == vector["hash"], vector["name"]


def test_r094_every_part_counts_in_postgresql(database: conftest.Database) -> None:
    given = entry(VECTORS[0])
    changed = [
        replace(given, tenant="140803"),
        replace(given, position=2),
        replace(given, stream="topic/2"),
        replace(given, version=2),
        replace(given, topic="topic.approved"),
        replace(given, state_hash=bytes(32)),
        replace(given, actor="li"),
        replace(given, command_id="c-2"),
        replace(given, recorded_at=given.recorded_at + timedelta(microseconds=1)),
        replace(given, prev_hash=b"\x01" * 32),
    ]
    with psycopg.connect(database.admin_dsn) as connection:
        hashes = {in_sql(connection, one) for one in (given, *changed)}
        assert hashes == {chain.link(one) for one in (given, *changed)}
    assert len(hashes) == len(changed) + 1


@pytest.mark.parametrize("count", [1, 3, 20])
def test_r094_what_is_appended_verifies(database: conftest.Database, count: int) -> None:
    """Both ways through ledger_append, with the texts of the vectors."""
    with databases.Database(database.app_dsn) as db:
        store = ledger.PostgresLedger(db)
        for number, vector in enumerate(VECTORS):
            drafts = [
                ports.Draft(
                    stream=f"{vector['stream']}{n}",
                    version=number,
                    topic=vector["topic"],
                    state=bytes.fromhex(vector["state"]),
                )
                for n in range(count)
            ]
            with store.session(
                "运城", command_id=f"{vector['command_id']}{number}", after=store.head("运城")
            ) as session:
                session.append(drafts, actor=vector["actor"], request_hash=bytes(32), answer={}, rows=[])
        last = list(chain.verify(store.entries("运城"), tenant="运城"))[-1]
        assert last == store.head("运城")
        assert last.position == count * len(VECTORS)
