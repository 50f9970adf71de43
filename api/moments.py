"""Which moment a read is of: every read of a pair and every report can be had as it was known earlier.

What was known is one thing (``as_of`` or ``position``), the business day by which it is judged another (``valid_on``).
Whoever may read a pair today may read its past; nothing here looks at a ledger before the route has asked for that.
"""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request

from api import forms
from api.auth import TheDesk, Who
from api.desk import Desk
from api.limits import PairId, reading
from api.problems import ApiError
from application import recall
from domain import calendar

NAMES = ("as_of", "position", "valid_on")
YEARS = range(2003, 2101)
AsOf = Annotated[
    forms.Moment | None,
    Query(
        title="所知时刻",
        description="按该时刻以前（含）已记入台账的事实作答；RFC 3339，带时区，不得晚于现在。",
        examples=["2025-12-31T18:00:00+08:00"],
    ),
]
Position = Annotated[
    forms.Whole | None,
    Query(
        ge=1,
        le=2**53,
        title="台账位置",
        description="按该位置以前（含）的事实作答；不与 as_of 同用。",
        examples=[12],
    ),
]
ValidOn = Annotated[
    forms.Day | None,
    Query(
        title="业务日期",
        description="到期、逾期、状态灯和当日有效的规则按这一天判断；默认为所知时刻或位置当日（北京时间），都不填的为今天。",
        examples=["2025-12-31"],
    ),
]


async def of_pair(
    request: Request,
    pair: PairId,
    the_desk: TheDesk,
    who: Who,
    as_of: AsOf = None,
    position: Position = None,
    valid_on: ValidOn = None,
) -> AsyncIterator[Desk]:
    """Give the desk as of the moment asked for, of one pair. Raises: ApiError 422, 503."""
    if as_of is not None and position is not None:
        raise ApiError(422, "two-moments", "as_of 和 position 只能填一个。", pointer="query:position")
    asked = _asked(the_desk, as_of, position)
    async with reading(request, who, hold=asked is not None):
        yield the_desk.recalled(asked, valid_on=_within(valid_on), pair=pair)


async def of_many(
    request: Request, the_desk: TheDesk, who: Who, as_of: AsOf = None, valid_on: ValidOn = None
) -> AsyncIterator[Desk]:
    """Give the desk as of the moment asked for, of many pairs, each with positions of its own.

    Raises: ApiError 422, 503.
    """
    if "position" in request.query_params:
        raise ApiError(
            422, "no-one-position", "各单位的台账各有位置；请用 as_of 指明时刻。", pointer="query:position"
        )
    asked = _asked(the_desk, as_of, None)
    async with reading(request, who, hold=asked is not None):
        yield the_desk.recalled(asked, valid_on=_within(valid_on))


def now_only(request: Request) -> None:
    """Refuse to answer with the present where another moment is asked for. Raises: ApiError 422."""
    for name in NAMES:
        if name in request.query_params:
            raise ApiError(422, "now-only", "此处只答现状。", pointer=f"query:{name}")


def _asked(the_desk: Desk, as_of: calendar.Moment | None, position: int | None) -> recall.Asked | None:
    if as_of is None and position is None:
        return None
    if as_of is not None and as_of > the_desk.clock():
        raise ApiError(422, "moment-to-come", "所知时刻不得晚于现在。", pointer="query:as_of")
    return recall.Asked(as_of=as_of, position=position)


def _within(valid_on: date | None) -> date | None:
    if valid_on is not None and valid_on.year not in YEARS:
        title = f"业务日期应在 {YEARS.start} 年至 {YEARS.stop - 1} 年之间。"
        raise ApiError(422, "bad-valid-on", title, pointer="query:valid_on")
    return valid_on


Then = Annotated[Desk, Depends(of_pair)]
ThenAll = Annotated[Desk, Depends(of_many)]
NowOnly = Depends(now_only)


def day_asked(the_desk: Desk, on: date | None) -> date | None:
    """Give the business day asked for, as ``on`` or as ``valid_on``. Raises: ApiError 422 where they contradict."""
    if on is not None and the_desk.valid_on is not None and on != the_desk.valid_on:
        raise ApiError(
            422, "two-days", "on 与 valid_on 是同一日期的两个名称，不能填得不同。", pointer="query:on"
        )
    return on or the_desk.valid_on
