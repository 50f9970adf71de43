"""The state that a refusal must leave alone: the end of every ledger, the rows of every table."""

from typing import Final

import psycopg
from psycopg import sql

# Tables that an answer other than success, or a read, may write, each with its reason.
MAY_MOVE: Final[dict[str, str]] = {
    "access_log": "It tells of every request, refused ones and reads above all.",
    "access_head": "The end of the log's chain.",
    "login_attempt": "A log-in that failed counts towards the lock-out of its account.",
}

TABLES: Final = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
"""


class State:
    """Reads, as superuser, past every policy."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        names = [name for (name,) in connection.execute(TABLES) if name not in MAY_MOVE]
        assert "ledger_head" in names
        self._names = names
        counts = [sql.SQL("(SELECT count(*) FROM ledger.{})").format(sql.Identifier(each)) for each in names]
        heads = sql.SQL(
            "(SELECT string_agg(tenant_id || ':' || position, ',' ORDER BY tenant_id) FROM ledger.ledger_head)"
        )
        self._glance = sql.SQL("SELECT ") + sql.SQL(", ").join([heads, *counts])
        self._whole = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM ledger.{} t").format(
                sql.Literal(each), sql.Identifier(each)
            )
            for each in names
        )

    def glance(self) -> tuple[object, ...]:
        """Read the positions of all ledgers and the number of rows of all tables: what a sample costs."""
        found = self._connection.execute(self._glance).fetchone()
        assert found is not None
        return found

    def whole(self) -> dict[str, str]:
        """Read every row of every table. Returns: a digest for each."""
        return dict(self._connection.execute(self._whole).fetchall())
