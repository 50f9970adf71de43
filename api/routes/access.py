"""The audit administrator's door: who asked for what, and how it was answered."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api import forms, problems
from api.auth import TheDesk, Who
from api.limits import DIVISION
from api.routes.administration import must_be
from api.routes.reads import AFTER_POSITION, Cursor, Limit, Listing, seal, unseal
from domain.accesses import Entry
from domain.mandates import Role

router = APIRouter(tags=["系统管理"])
ERRORS = problems.declared(400, 401, 403, 405, 422, 500, 503)


class Access(BaseModel):
    """一次请求及其答复；不含内容。"""

    position: int = Field(title="位置")
    recorded_at: datetime = Field(title="入链时间")
    at: datetime = Field(title="请求时间")
    trace_id: str = Field(title="跟踪号")
    person: str = Field(title="人员编号；未登录的为空")
    how: str = Field(title="凭何登录：token、session、key、none")
    address: str = Field(title="来源地址")
    method: str = Field(title="方法")
    route: str = Field(title="路径模板")
    pair: str = Field(title="结对单位或所查的区划")
    matter: str = Field(title="事项")
    status: int = Field(title="答复的状态码；对方先断开的为 0")
    code: str = Field(title="拒绝的原因代码")
    hash: str = Field(title="本条哈希")


@router.get(
    "/administration/access",
    summary="查看查阅记录",
    response_model=Listing[Access],
    responses=ERRORS,
    operation_id="list_access",
)
def listing(
    the_desk: TheDesk,
    who: Who,
    person: Annotated[
        str | None, Query(max_length=64, pattern=r"^[0-9A-Za-z][0-9A-Za-z._:-]*$", title="人员编号")
    ] = None,
    pair: Annotated[str | None, Query(pattern=DIVISION, title="结对单位")] = None,
    since: Annotated[forms.Instant | None, Query(title="自此时起（含）")] = None,
    until: Annotated[forms.Instant | None, Query(title="至此时以前（不含）")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> JSONResponse:
    """由近及远列出谁在何时、从何处、凭什么、对哪个单位请求了什么、答复如何。仅审计管理员可看；看的人也记录在内。"""
    must_be(who, Role.AUDIT_ADMINISTRATOR)
    bound = {"kind": "access", "person": person, "pair": pair, "since": since, "until": until}
    before = unseal(cursor, shape=AFTER_POSITION, bound_to=bound)
    found = the_desk.access_log.listed(
        person=person, pair=pair, since=since, until=until, before=before, limit=limit
    )
    following = seal(found[-1].position, bound_to=bound) if len(found) == limit else None
    return JSONResponse({"items": [_shown(each) for each in found], "next_cursor": following})


def _shown(entry: Entry) -> dict[str, Any]:
    said = entry.access
    shown = Access(
        position=entry.position,
        recorded_at=entry.recorded_at,
        at=said.at,
        trace_id=said.trace_id,
        person=said.person,
        how=said.how,
        address=said.address,
        method=said.method,
        route=said.route,
        pair=said.pair,
        matter=said.matter,
        status=said.status,
        code=said.code,
        hash=entry.hash.hex(),
    )
    return shown.model_dump(mode="json")
