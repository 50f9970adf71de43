"""What is sent, taken as it is written: no number for a text, no text for a number, no seconds for a day.

The framework would read ``"0"`` as 1 January 1970, ``true`` as 1, and take the last of two equal names: the sender
would be answered for something that he did not write.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import InitErrorDetails

from domain import calendar

# Seconds or milliseconds since 1970, as the framework would read them.
SECONDS: Final = re.compile(r"\s*[+-]?[0-9.]+\s*")
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
KINDS: Final = {date: "date_parsing", datetime: "datetime_parsing"}


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
        case tuple():
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


# A day, a moment in local time, and one that may lie at the ends of the calendar, in the query of a request.
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[calendar.Moment, BeforeValidator(_moment)]
Instant = Annotated[AwareDatetime, BeforeValidator(_moment)]
