"""How a view becomes two routes: a page of a pair's rows, and one row with its version as ETag."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter

from api import forms, problems
from api.auth import Person, Who, concerns, may_read
from api.desk import Desk
from api.limits import PairId
from api.moments import Then
from api.problems import ApiError
from api.routes.acts import PLURALS, SubjectId, etag
from application import ports
from application.views import rows
from domain.decider import Value
from domain.queries import Matter, Sight

PAGE = 200
READ_ERRORS = problems.declared(400, 401, 404, 405, 422, 500, 503)
T = TypeVar("T")
# What a row shows beside itself; made once a request, because what a day's rules are is the same for all rows.
Dress = Callable[[ports.Row], dict[str, Any]]
Dressing = Callable[[Desk, str], Dress]


class Resource(BaseModel, Generic[T]):
    """一个对象的现状。"""

    pair: str = Field(title="结对单位")
    kind: str = Field(title="对象类别")
    id: str = Field(title="对象编号")
    version: int = Field(title="版本", description="即 ETag；办理时填入 If-Match。")
    position: int = Field(title="最近一次变化在台账中的位置")
    data: T = Field(title="内容")


class Listing(BaseModel, Generic[T]):
    """一页对象。"""

    items: list[T] = Field(title="本页")
    next_cursor: str | None = Field(default=None, title="下一页的游标，没有下一页时为空")


Place = Annotated[str, StringConstraints(strict=True, max_length=64, pattern=r"^[0-9A-Za-z._:-]+$")]
# The three places a listing can go on from: after an id, after a pair and an id, after a position.
AFTER_ID: TypeAdapter[str] = TypeAdapter(Place)
AFTER_PAIR: TypeAdapter[tuple[str, str]] = TypeAdapter(tuple[Place, Place])
AFTER_POSITION: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(strict=True, ge=1, le=2**53)])
Limit = Annotated[forms.Whole, Query(ge=1, le=PAGE, title="每页条数")]
Cursor = Annotated[str | None, Query(max_length=500, title="游标", description="上一页的 next_cursor。")]


def seal(after: Any, *, bound_to: dict[str, Any]) -> str:
    """Make an opaque cursor that is good for one tenant and one filter alone."""
    digest = hashlib.sha256(json.dumps(bound_to, sort_keys=True, default=str).encode()).hexdigest()[:16]
    return base64.urlsafe_b64encode(json.dumps([digest, after]).encode()).decode().rstrip("=")


def unseal(cursor: str | None, *, shape: TypeAdapter[T], bound_to: dict[str, Any]) -> T | None:
    """Open a cursor, which holds a place of this shape; None where there is none.

    A cursor is opaque but no secret, so what it holds is judged like anything else that is sent.
    Raises: ApiError 400 for what is no cursor, or one of another listing.
    """
    if cursor is None:
        return None
    try:
        _, held = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        after = shape.validate_python(held)
    except (ValueError, TypeError, binascii.Error, RecursionError) as broken:
        raise ApiError(400, "bad-cursor", "游标无效。", pointer="query:cursor") from broken
    if seal(held, bound_to=bound_to) != cursor:
        raise ApiError(400, "bad-cursor", "游标不属于这个列表。", pointer="query:cursor")
    return after


def plain(row: ports.Row) -> dict[str, Any]:
    """Show a row as it is."""
    return dict(row.body)


def resource(pair: str, row: ports.Row, dress: Dress = plain) -> dict[str, Any]:
    """Show a view row as a resource."""
    return {
        "pair": pair,
        "kind": row.view,
        "id": row.id,
        "version": row.version,
        "position": row.position,
        "data": dress(row),
    }


def found(the_desk: Desk, who: Person, pair: str, kind: str, subject: str, *, matter: Matter) -> ports.Row:
    """Give a row as this person sees it. Raises: UnknownPair; ApiError 404, the same whether there is none or not his."""
    sight = may_read(the_desk, who, pair, matter)
    row = the_desk.views.row(pair, kind, subject)
    mine = concerns(the_desk, pair, sight)
    if row is None or (mine is not None and not mine.has(row)):
        raise ApiError(404, "not-found", "不存在，或无权知悉。")
    return row if mine is None else mine.shown(row)


def seen(
    the_desk: Desk,
    pair: str,
    kind: str,
    sight: Sight,
    *,
    where: Mapping[str, str],
    after: str | None,
    limit: int,
) -> ports.Page:
    """Give a page of rows as somebody sees them: full where there are more, whatever was left out."""
    mine = concerns(the_desk, pair, sight)
    if mine is None:
        return the_desk.views.rows(pair, kind, where=where, after=after, limit=limit)
    kept = list[ports.Row]()
    while True:
        page = the_desk.views.rows(pair, kind, where=where, after=after, limit=PAGE)
        kept += [mine.shown(row) for row in page.rows if mine.has(row)]
        after = page.next_after
        if after is None or len(kept) > limit:
            break
    following = kept[limit - 1].id if len(kept) > limit else None
    return ports.Page(rows=kept[:limit], next_after=following, filters=where)


def read(
    router: APIRouter,
    kind: str,
    *,
    label: str,
    matter: Matter,
    filters: tuple[str, ...] = (),
    model: type[Value] | None = None,
    dressing: Dressing | None = None,
) -> None:
    """Register the two routes of a view. ``dressing`` tells, for a pair, how to add what depends on the day."""
    # A generic of a class that is chosen at run time, which no type checker can follow.
    shape: Any = Resource.__class_getitem__(model or rows.ROWS[kind])
    path = f"/pairs/{{pair}}/{PLURALS[kind]}"

    def listing(
        pair: PairId,
        the_desk: Then,
        who: Who,
        status: Annotated[str | None, Query(max_length=40, pattern=r"^[a-z_]+$", title="状态")] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> JSONResponse:
        sight = may_read(the_desk, who, pair, matter)
        where = {"status": status} if status is not None and "status" in filters else {}
        bound = {"pair": pair, "kind": kind, "where": where, **the_desk.moment}
        after = unseal(cursor, shape=AFTER_ID, bound_to=bound)
        page = seen(the_desk, pair, kind, sight, where=where, after=after, limit=limit)
        following = seal(page.next_after, bound_to=bound) if page.next_after is not None else None
        dress = dressing(the_desk, pair) if dressing is not None else plain
        items = [resource(pair, row, dress) for row in page.rows]
        return JSONResponse({"items": items, "next_cursor": following})

    def single(
        pair: PairId,
        id: SubjectId,
        the_desk: Then,
        who: Who,
        if_none_match: Annotated[
            str | None,
            Header(
                alias="If-None-Match",
                max_length=64,
                title="已有版本",
                description="已有的 ETag；未变时答 304。",
            ),
        ] = None,
    ) -> Response:
        row = found(the_desk, who, pair, kind, id, matter=matter)
        headers = {"ETag": etag(row.version)}
        # A version says nothing of a row's rest, such as the names of units: only one and the same moment may be spared.
        if if_none_match == headers["ETag"] and dressing is None and not the_desk.moment:
            return Response(status_code=304, headers=headers)
        dress = dressing(the_desk, pair) if dressing is not None else plain
        return JSONResponse(resource(pair, row, dress), headers=headers)

    router.add_api_route(
        path,
        listing,
        methods=["GET"],
        summary=f"列出{label}",
        description=f"按编号列出{label}，一页若干条，凭 next_cursor 继续。",
        response_model=Listing.__class_getitem__(shape),
        responses=READ_ERRORS,
        operation_id=f"list_{kind}",
    )
    router.add_api_route(
        f"{path}/{{id}}",
        single,
        methods=["GET"],
        summary=f"查看{label}",
        description=f"{label}的现状；ETag 即版本，办理时填入 If-Match。",
        response_model=shape,
        responses={304: {"description": "未变"}, **READ_ERRORS},
        operation_id=f"get_{kind}",
    )
