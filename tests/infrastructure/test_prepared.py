"""What commands send to libpq by themselves arrives as it was meant, and what fails, fails as psycopg's errors do."""

from collections.abc import Iterator

import psycopg
import pytest

from application import ports
from infrastructure import database as databases
from infrastructure import prepared
from tests import conftest

TEXTS = ["", "a'b", 'a"b', "a\\b", "{a,b}", "NULL", "; DROP TABLE x --", "联席会议🙂", "\n\t", "$1 %(a)s"]


@pytest.fixture
def db(database: conftest.Database) -> Iterator[databases.Database]:
    with databases.Database(database.app_dsn, limits=databases.Limits(pool_max=1)) as opened:
        yield opened


ECHO = prepared.statement(
    "SELECT %(text)s::text, %(bytes)s::bytea, %(number)s::bigint, %(texts)s::text[], %(blobs)s::bytea[], %(text)s::text"
)


def echoed(value: str) -> dict[str, prepared.Value]:
    return {
        "text": value,
        "bytes": value.encode() + b"\x00\xff",
        "number": -(2**63),
        "texts": [value, value],
        "blobs": [b"\x00\\\"'", value.encode()],
    }


@pytest.mark.parametrize("value", TEXTS)
def test_what_is_sent_comes_back(db: databases.Database, value: str) -> None:
    """Both ways: bound to parameters, and quoted within a message."""
    sent = echoed(value)
    expected = [(*sent.values(), value)]
    with db.connection() as connection:
        assert connection.rows(connection.run(ECHO, sent)) == expected
        assert connection.rows(connection.ask(connection.call(ECHO, sent))) == expected


def test_nothing_is_sent_as_null(db: databases.Database) -> None:
    sent: dict[str, prepared.Value] = dict.fromkeys(ECHO.parameters)
    with db.connection() as connection:
        for answer in (connection.run(ECHO, sent), connection.ask(connection.call(ECHO, sent))):
            assert connection.rows(answer) == [(None,) * 6]


@pytest.mark.parametrize("name", ["text", "texts"])
def test_a_text_that_libpq_would_cut_short_is_refused(db: databases.Database, name: str) -> None:
    sent = echoed("x")
    sent[name] = "a\0b" if name == "text" else ["a\0b"]
    with db.connection() as connection:
        for send in (connection.run, connection.call):
            with pytest.raises(psycopg.DataError):
                send(ECHO, sent)


def test_an_error_is_the_one_that_psycopg_would_raise(db: databases.Database) -> None:
    with db.connection() as connection:
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.run(prepared.statement("SELECT 1 / %(n)s::int"), {"n": 0})
        with pytest.raises(psycopg.errors.UndefinedTable):
            connection.run(prepared.statement("SELECT * FROM ledger.nowhere"), {})
        with pytest.raises(psycopg.errors.SyntaxError):
            connection.ask(b"SELEC 1")


def test_a_lost_connection_is_an_unavailable_ledger(
    db: databases.Database, database: conftest.Database
) -> None:
    def lose(send: str) -> None:
        with db.connection() as connection:
            with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,))
            with pytest.raises(psycopg.OperationalError):
                connection.ask(b"SELECT 1")
            # The second time nobody answers at all.
            connection.ask(b"SELECT 1") if send == "ask" else connection.run(ECHO, echoed("x"))

    for send in ("ask", "run"):
        with pytest.raises(ports.LedgerUnavailable):
            lose(send)
    with db.connection() as connection:
        assert connection.rows(connection.run(ECHO, echoed("x")))


def test_only_so_many_statements_stay_prepared(db: databases.Database) -> None:
    with db.connection() as connection:
        for number in range(prepared.MOST + 5):
            answer = connection.run(prepared.statement(f"SELECT {number}"), {})
            assert connection.rows(answer) == [(number,)]
        found = connection.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'lx%'")
        assert found.fetchone() == (prepared.MOST,)
        # One that went is prepared anew.
        assert connection.rows(connection.run(prepared.statement("SELECT 0"), {})) == [(0,)]
