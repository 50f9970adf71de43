"""Well-formed commands that say anything at all: every field filled by its type, from values that may fit or not."""

import random
import types
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from pydantic import AwareDatetime, BaseModel, ValidationError

from domain import calendar
from domain.decider import Command

TEXTS = (
    "",
    " ",
    "无",
    "略",
    "——",
    "啊啊啊",
    "说明",
    "会议议定。",
    "e\u0301",
    "x" * 200,
    "第1期",
    "芮政办函〔2025〕7号",
)
CODES = ("a", "C1", "C6", "new", "nobody", "a:b", "0" * 64)
DAYS = 2 * 365
SHA256 = "^[0-9a-f]{64}$"
# A command of many records seldom has every name of every record well formed at once.
ATTEMPTS = 200


@dataclass(frozen=True)
class Pool:
    """Ids, hashes and names that exist in a pair, so that some arbitrary commands hit something."""

    codes: Sequence[str] = ()
    texts: Sequence[str] = ()
    around: date = date(2025, 6, 1)


def command(kind: type[Command], rng: random.Random, pool: Pool) -> Command:
    """Make one command of a kind.

    Raises: AssertionError where a field's constraints are never met, so that no command is silently left out.
    """
    for _ in range(ATTEMPTS):
        try:
            return _model(kind, rng, pool)
        except ValidationError:
            continue
    raise AssertionError(f"no well-formed {kind.__name__} after {ATTEMPTS} attempts")


def _model(kind: type[Any], rng: random.Random, pool: Pool) -> Any:
    body = {}
    for name, info in kind.model_fields.items():
        if not info.is_required() and rng.random() < 0.3:
            continue
        body[name] = _value(info.annotation, rng, pool, info.metadata)
    return kind.model_validate(body)


def _value(annotation: Any, rng: random.Random, pool: Pool, metadata: Sequence[Any]) -> Any:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        inner, *more = typing.get_args(annotation)
        return _value(inner, rng, pool, [*metadata, *more])
    if origin in {typing.Union, types.UnionType}:
        return _value(rng.choice(typing.get_args(annotation)), rng, pool, metadata)
    if origin is tuple:
        return tuple(
            _value(typing.get_args(annotation)[0], rng, pool, ()) for _ in range(rng.choice((0, 1, 1, 2, 3)))
        )
    if origin is dict:
        key, value = typing.get_args(annotation)
        return {
            _value(key, rng, pool, ()): _value(value, rng, pool, ()) for _ in range(rng.choice((0, 0, 1)))
        }
    if annotation is type(None):
        return None
    if issubclass(annotation, Enum):
        return rng.choice(list(annotation))
    if issubclass(annotation, BaseModel):
        return _model(annotation, rng, pool)
    if hasattr(annotation, "_fields"):
        fields = typing.get_type_hints(annotation, include_extras=True)
        return tuple(
            _value(typing.get_args(each)[0], rng, pool, typing.get_args(each)[1].metadata)
            for each in fields.values()
        )
    return _plain(annotation, rng, pool, metadata)


def _plain(kind: type[Any], rng: random.Random, pool: Pool, metadata: Sequence[Any]) -> Any:
    on = pool.around + timedelta(days=rng.choice((0, 0, -1, -3, -20, 1, 30, rng.randrange(-DAYS, DAYS))))
    if issubclass(kind, bool):
        return rng.random() < 0.5
    if kind is AwareDatetime or issubclass(kind, datetime):
        return datetime(on.year, on.month, on.day, rng.randrange(24), tzinfo=calendar.SHANGHAI)
    if issubclass(kind, date):
        return on
    if issubclass(kind, int):
        least = max((each.ge for each in metadata if getattr(each, "ge", None) is not None), default=0)
        most = min((each.le for each in metadata if getattr(each, "le", None) is not None), default=2025)
        return rng.choice((least, most, rng.randint(least, most), min(most, least + rng.randrange(9))))
    pattern = next((each.pattern for each in metadata if getattr(each, "pattern", None)), "")
    if pattern == SHA256:
        return rng.choice("ab") * 64
    if pattern.startswith("^(") and pattern.endswith(")$"):
        return rng.choice(pattern[2:-2].split("|"))
    words = (*CODES, *pool.codes)
    return rng.choice(words) if pattern or rng.random() < 0.5 else rng.choice((*TEXTS, *pool.texts))
