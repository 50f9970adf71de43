"""What is sent, taken as it is written: no number for a text, no text for a number, no seconds for a day.

The framework would read ``"0"`` as 1 January 1970, ``true`` as 1, and take the last of two equal names: the sender
would be answered for something that he did not write.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import InitErrorDetails
from starlette.types import Scope

from domain import calendar

# Seconds or milliseconds since 1970, as the framework would read them.
SECONDS: Final = re.compile(r"\s*[+-]?[0-9.]+\s*")
# Encoded slashes, backslashes and controls in a path.
UNPLAIN: Final = re.compile(rb"%(?:2f|5c|[01][0-9a-f]|7f)", re.IGNORECASE)
SINGLE: Final = frozenset(
    {
        b"authorization",
        b"content-encoding",
        b"content-type",
        b"idempotency-key",
        b"if-match",
        b"last-event-id",
        b"origin",
    }
)
PARAMETERS: Final = 100
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WHOLE: Final = re.compile(r"-?[0-9]+")
KINDS: Final = {date: "date_parsing", datetime: "datetime_parsing"}


def ambiguous(scope: Scope) -> tuple[int, str, str] | None:
    """Tell what another reader of a request's head, such as a proxy, could understand in another way.

    Returns: status, code and Chinese sentence, or nothing.
    """
    if UNPLAIN.search(scope.get("raw_path") or b""):
        return 404, "not-found", "不存在，或无权知悉。"
    names = [name for name, _ in scope["headers"] if name in SINGLE]
    if len(set(names)) < len(names):
        return 400, "header-repeated", "同一请求头只能有一个，此处有两个或更多。"
    if b"&" in scope["query_string"] and not _different(scope["query_string"]):
        return 400, "parameter-repeated", "同一查询参数只能有一个，且至多 100 个参数。"
    return None


def _different(query: bytes) -> bool:
    try:
        names = [name for name, _ in parse_qsl(query.decode("latin-1"), True, max_num_fields=PARAMETERS)]
    except ValueError:
        return False
    return len(set(names)) == len(names)


def is_json(body: bytes) -> bool:
    """Whether a body is JSON in UTF-8 without a byte order mark, and names nothing twice within one object."""
    try:
        json.loads(body.decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return False
    return True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name twice")
    return named


def as_written(model: type[BaseModel]) -> WrapValidator:
    """Make what reads the body of a request: values of JSON are taken as what they are, or refused at their place."""

    def read(sent: Any, lenient: ValidatorFunctionWrapHandler) -> Any:
        if not isinstance(sent, dict):
            return lenient(sent)
        try:
            found = model.model_validate_json(json.dumps(sent), strict=True)
        except ValidationError as refused:
            # Unpaired surrogates are no JSON to the strict reader, which does not say where; the lenient one does.
            if refused.errors(include_url=False)[0]["type"] == "json_invalid":
                lenient(sent)
            raise
        faults = list(_seconds(found, sent))
        if faults:
            raise ValidationError.from_exception_data(model.__name__, faults)
        return found

    return WrapValidator(read)


def _seconds(found: Any, sent: Any, at: tuple[str | int, ...] = ()) -> Iterator[InitErrorDetails]:
    """List the places where a day or a moment was written as a number in quotes."""
    match found:
        case date():
            if isinstance(sent, str) and SECONDS.fullmatch(sent):
                yield InitErrorDetails(type=KINDS[type(found)], loc=at, input=sent, ctx={"error": ""})
        case BaseModel():
            for name in found.model_fields_set:
                yield from _seconds(getattr(found, name), sent[name], (*at, name))
        case tuple() | list():
            for place, each in enumerate(found):
                yield from _seconds(each, sent[place], (*at, place))
        case _:
            return


def _day(sent: Any) -> Any:
    if isinstance(sent, str) and not DAY.fullmatch(sent):
        raise ValueError("应为日期（YYYY-MM-DD）")
    return sent


def _moment(sent: Any) -> Any:
    if isinstance(sent, str) and SECONDS.fullmatch(sent):
        raise ValueError("应为带时区的时间（如 2025-04-22T15:00:00+08:00）")
    return sent


def _whole(sent: Any) -> Any:
    if isinstance(sent, str) and not WHOLE.fullmatch(sent):
        raise ValueError("应为整数")
    return sent


# A whole number in a path or a query, without signs, spaces and underscores.
Whole = Annotated[int, BeforeValidator(_whole)]
# A day, a moment in local time, and one that may lie at the ends of the calendar, in the query of a request.
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[calendar.Moment, BeforeValidator(_moment)]
Instant = Annotated[AwareDatetime, BeforeValidator(_moment)]
