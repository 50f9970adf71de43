"""The statements that every command runs, sent with as little around them as can be.

A cursor of psycopg's adapts, waits and loads by generators in Python: of a client's CPU an append by one took three
times what libpq's own call takes, which also waits without the interpreter's lock. So commands go to libpq by
psycopg's own binding, by statements that are prepared once a connection; everything else uses cursors.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer

Tuple: TypeAlias = tuple[Any, ...]
Value: TypeAlias = str | bytes | int | Sequence[str | bytes | int] | None

_NAMED = re.compile(r"%\((\w+)\)s")
_NUMBERS = itertools.count(1)
# So many statements are kept prepared on a connection; beyond, the oldest goes.
MOST = 100
_GOOD = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)


class Connection(psycopg.Connection[Tuple]):
    """A connection that knows which statements were prepared on it."""

    def __init__(self, *args: Any, **named: Any) -> None:
        """Begin with none."""
        super().__init__(*args, **named)
        self._known: dict[bytes, None] = {}
        self._loader = Transformer(self)
        self._escaping = pq.Escaping(self.pgconn)

    def ask(self, message: bytes) -> pq.abc.PGresult:
        """Send statements as one message. Returns: the answer to the last. Raises: psycopg.Error."""
        return _good(self, self.pgconn.exec_(message))

    def run(self, statement: "Statement", parameters: Mapping[str, Value]) -> pq.abc.PGresult:
        """Run a prepared statement. Returns: its answer, in text. Raises: psycopg.Error."""
        self._prepare(statement)
        given = [parameters[name] for name in statement.parameters]
        values: list[Any] = [value if isinstance(value, bytes) else _text(value) for value in given]
        formats = [isinstance(value, bytes) for value in given]
        return _good(self, self.pgconn.exec_prepared(statement.name, values, formats))

    def call(self, statement: "Statement", parameters: Mapping[str, Value]) -> bytes:
        """Prepare a statement and give the text that runs it, to be sent together with others."""
        self._prepare(statement)
        values = (self.literal(parameters[name]) for name in statement.parameters)
        return b"EXECUTE %s (%s)" % (statement.name, b", ".join(values))

    def literal(self, value: Value) -> bytes:
        """Quote a value, as libpq does."""
        text = _text(value)
        return b"NULL" if text is None else self._escaping.escape_literal(text)

    def rows(self, answer: pq.abc.PGresult) -> list[Tuple]:
        """Load the rows of an answer as Python's values."""
        self._loader.set_pgresult(answer)
        return self._loader.load_rows(0, answer.ntuples, tuple)

    def _prepare(self, statement: "Statement") -> None:
        if statement.name in self._known:
            return
        if len(self._known) >= MOST:
            oldest = next(iter(self._known))
            self.ask(b"DEALLOCATE " + oldest)
            del self._known[oldest]
        _good(self, self.pgconn.prepare(statement.name, statement.text))
        self._known[statement.name] = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with numbered parameters, and the names that stand for them."""

    name: bytes
    text: bytes
    parameters: tuple[str, ...]


@lru_cache(maxsize=512)
def statement(query: str) -> Statement:
    """Number the named parameters of a query."""
    names = tuple(dict.fromkeys(_NAMED.findall(query)))
    text = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", query).encode()
    return Statement(name=b"lx_%d" % next(_NUMBERS), text=text, parameters=names)


def _good(connection: Connection, answer: pq.abc.PGresult) -> pq.abc.PGresult:
    if answer.status in _GOOD:
        return answer
    if answer.error_field(pq.DiagnosticField.SQLSTATE) is None:
        # No server said so: the connection is gone.
        raise psycopg.OperationalError(connection.pgconn.get_error_message())
    raise psycopg.errors.error_from_result(answer)


def _text(value: Value) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, str):
        if "\0" in value:
            raise psycopg.DataError("a text of PostgreSQL cannot contain NUL")
        return value.encode()
    if isinstance(value, bytes):
        return b"\\x" + value.hex().encode()
    if isinstance(value, int):
        return b"%d" % value
    return b"{%s}" % b",".join(b'"%s"' % _quoted(_text(item)) for item in value)


def _quoted(item: bytes | None) -> bytes:
    # The characters that mean something inside a quoted element of an array.
    return (item or b"").replace(b"\\", b"\\\\").replace(b'"', b'\\"')
