"""The logs: one JSON object a line on standard error; constant event names, ids as fields, no payloads."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict


def configure(level: str = "info") -> None:
    """Send structlog and the standard library's loggers to standard error as JSON lines.

    ``level`` is ``debug``, ``info``, ``warning`` or ``error``. Fields bound with
    ``structlog.contextvars`` join every line of the same request. Calling it again replaces the set-up.
    """
    threshold = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        # Frames are shown without their local variables: those hold payloads and passwords.
        structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        ),
        _without_messages,
    ]
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, _first_line, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Below a warning, libraries quote addresses with their queries, and headers.
    root.setLevel(max(threshold, logging.WARNING))


def _without_messages(_: Any, __: str, line: EventDict) -> EventDict:
    """Leave of exceptions their kinds and places: a message quotes what it choked on."""
    waiting = list(line.get("exception") or ())
    for each in waiting:
        each.update(exc_value="", exc_notes=[], syntax_error=None)
        waiting += [inner for group in each.get("exceptions") or () for inner in group]
    return line


def _first_line(_: Any, __: str, line: EventDict) -> EventDict:
    """Leave of what libraries say its first line: asyncio's and PostgreSQL's further lines quote values."""
    line["event"] = str(line["event"]).partition("\n")[0]
    return line
