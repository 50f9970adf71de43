"""History for auditors and for the pair itself: every fact, its verification, its replay, and earlier states."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import Field

from api import forms, problems
from api.auth import Person, TheDesk, Who, may_read
from api.desk import Desk
from api.limits import DIVISION, PairId, Unhurried
from api.moments import NowOnly, Then
from api.problems import ApiError
from api.routes.acts import SubjectId, etag
from api.routes.reads import (
    AFTER_ID,
    AFTER_POSITION,
    PAGE,
    READ_ERRORS,
    Cursor,
    Limit,
    Listing,
    Resource,
    seal,
    unseal,
)
from application import audit, changes, commands, ports
from application.dossier import SINGLETONS, stream_of
from domain import catalogue
from domain.mandates import prefix
from domain.queries import Matter

router = APIRouter(tags=["历史和审计"])
PERSON = r"^[0-9A-Za-z][0-9A-Za-z._:-]*$"
FACTS = r"^[a-z_]{1,40}\.[a-z_]{1,40}$"
KINDS = "^(" + "|".join(sorted(catalogue.DECIDERS)) + ")$"
AT = "与 as_of 相同，但可以晚于现在。"
ERRORS = {**READ_ERRORS, **problems.declared(403)}


class Changes(Listing[changes.Change]):
    """自一个位置之后到另一个位置的变化，一页。"""

    pair: str = Field(title="结对单位")
    from_position: int = Field(title="起点（不含）")
    to_position: int = Field(title="终点（含）")


Check = Callable[[ports.Facts, ports.Views, str], audit.Verification | audit.Replay]


@router.get(
    "/pairs/{pair}/history",
    summary="查看历史",
    response_model=Listing[audit.Line],
    responses=READ_ERRORS,
    operation_id="list_history",
)
def history(
    pair: PairId,
    the_desk: Then,
    who: Who,
    since: Annotated[forms.Instant | None, Query(title="记入时间不早于")] = None,
    until: Annotated[forms.Instant | None, Query(title="记入时间早于")] = None,
    actor: Annotated[str | None, Query(max_length=64, pattern=PERSON, title="人员编号")] = None,
    fact: Annotated[str | None, Query(pattern=FACTS, title="事实种类", examples=["topic.approved"])] = None,
    kind: Annotated[str | None, Query(pattern=KINDS, title="对象类别")] = None,
    subject: Annotated[
        str | None, Query(max_length=64, pattern=r"^[0-9A-Za-z-]+$", title="对象编号（与 kind 同用）")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> JSONResponse:
    """按台账位置列出每一条事实：业务日期、记入时间、办理人及其职务、指令、内容和哈希。"""
    may_read(the_desk, who, pair, Matter.HISTORY)
    only = audit.Filter(since=since, until=until, actor=actor, topic=fact, stream=_stream(kind, subject))
    bound = {"pair": pair, "kind": "history", **only.model_dump(mode="json"), **the_desk.moment}
    after = unseal(cursor, shape=AFTER_POSITION, bound_to=bound)
    page = audit.history(the_desk.views, pair, only=only, after=after or 0, limit=limit)
    following = seal(page.next_after, bound_to=bound) if page.next_after is not None else None
    items = [line.model_dump(mode="json") for line in page.lines]
    return JSONResponse({"items": items, "next_cursor": following})


def _stream(kind: str | None, subject: str | None) -> str | None:
    if kind is None:
        if subject is not None:
            raise ApiError(422, "invalid", "对象编号须与对象类别（kind）同用。", pointer="query:subject")
        return None
    if kind not in SINGLETONS and subject is None:
        raise ApiError(422, "invalid", "请写明对象编号（subject）。", pointer="query:subject")
    return stream_of(kind, subject or "")


@router.get(
    "/pairs/{pair}/history/verification",
    summary="核验台账",
    response_model=audit.Verification,
    responses=READ_ERRORS,
    dependencies=[Unhurried],
    operation_id="verify_history",
)
def verification(pair: PairId, the_desk: Then, who: Who) -> JSONResponse:
    """从第一条起逐条重算哈希；有误的，指出第一个出错的位置。"""
    may_read(the_desk, who, pair, Matter.HISTORY)
    found = audit.verify_pair(the_desk.ledger, the_desk.views, pair)
    return JSONResponse(found.model_dump(mode="json"))


@router.get(
    "/pairs/{pair}/history/replay",
    summary="重放台账并与视图逐行比对",
    response_model=audit.Replay,
    responses=READ_ERRORS,
    dependencies=[Unhurried, NowOnly],
    operation_id="replay_history",
)
def replay(pair: PairId, the_desk: TheDesk, who: Who) -> JSONResponse:
    """由台账重新推算全部视图，与现存的逐行比对，列出每一处差异。"""
    may_read(the_desk, who, pair, Matter.HISTORY)
    found = audit.replay(the_desk.ledger, the_desk.views, pair)
    return JSONResponse(found.model_dump(mode="json"))


@router.get(
    "/pairs/{pair}/history/states/{kind}/{id}",
    summary="查看某对象在以前某一位置或时刻的状态",
    response_model=Resource[dict[str, Any]],
    responses=READ_ERRORS,
    dependencies=[Unhurried],
    operation_id="state_at",
)
def state_at(
    pair: PairId,
    kind: Annotated[str, Path(max_length=40, title="对象类别", examples=["topic"])],
    id: SubjectId,
    the_desk: Then,
    who: Who,
    at: Annotated[forms.Instant | None, Query(title="时刻", description=AT)] = None,
) -> JSONResponse:
    """议题、会议、纪要、议定事项等在当时的内容；时刻和位置都不填则为现状。"""
    may_read(the_desk, who, pair, Matter.HISTORY)
    row = None
    if kind in catalogue.DECIDERS and kind != "numbers":
        row = audit.state_at(the_desk.ledger, pair, stream_of(kind, id), at=at)
    if row is None:
        raise ApiError(404, "not-found", "当时没有这个对象。")
    shown = {
        "pair": pair,
        "kind": row.view,
        "id": row.id,
        "version": row.version,
        "position": row.position,
        "data": dict(row.body),
    }
    return JSONResponse(shown, headers={"ETag": etag(row.version)})


@router.get(
    "/pairs/{pair}/changes",
    summary="比较两个时刻：何事实、何人、改变了什么",
    response_model=Changes,
    responses=READ_ERRORS,
    dependencies=[Unhurried],
    operation_id="list_changes",
)
def list_changes(
    pair: PairId,
    the_desk: Then,
    who: Who,
    from_position: Annotated[forms.Whole, Query(ge=0, le=2**53, title="起点（台账位置，不含）")] = 0,
    from_as_of: Annotated[
        forms.Moment | None, Query(title="起点（时刻）", description="与 from_position 只填一个。")
    ] = None,
    kind: Annotated[str | None, Query(pattern=KINDS, title="对象类别")] = None,
    subject: Annotated[
        str | None, Query(max_length=64, pattern=r"^[0-9A-Za-z-]+$", title="对象编号（与 kind 同用）")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> JSONResponse:
    """自起点之后到终点（position 或 as_of，默认现在），逐条列出事实、办理人、时间，和各对象逐项的前后内容。"""
    may_read(the_desk, who, pair, Matter.HISTORY)
    if from_position and from_as_of is not None:
        title = "from_position 和 from_as_of 只能填一个。"
        raise ApiError(422, "two-moments", title, pointer="query:from_position")
    stream = _stream(kind, subject)
    only = changes.subject(pair, stream) if stream is not None else None
    end = the_desk.views.mark(pair)
    if end is None:
        raise commands.UnknownPair
    begun = the_desk.views.mark(pair, as_of=from_as_of) if from_as_of is not None else None
    start = begun.head.position if begun is not None else from_position
    bound = {"pair": pair, "kind": "changes", "stream": stream, "start": start, **the_desk.moment}
    after = unseal(cursor, shape=AFTER_POSITION, bound_to=bound) or start
    page = changes.between(
        the_desk.ledger,
        changes.folded(the_desk.ledger, pair, until=min(after, end.head.position)),
        start=start,
        end=end.head.position,
        only=only,
        limit=limit,
    )
    following = seal(page.next_after, bound_to=bound) if page.next_after is not None else None
    shown = page.model_dump(mode="json", exclude={"changes", "next_after"})
    items = [each.model_dump(mode="json") for each in page.changes]
    return JSONResponse({**shown, "items": items, "next_cursor": following})


@router.get(
    "/audit/verification",
    summary="核验所辖各结对单位的台账",
    response_model=Listing[audit.Verification],
    responses=ERRORS,
    dependencies=[Unhurried, NowOnly],
    operation_id="verify_many",
)
def verify_many(
    the_desk: TheDesk,
    who: Who,
    scope: Annotated[str, Query(pattern=DIVISION, title="区划代码", examples=["140800"])],
    cursor: Cursor = None,
    limit: Annotated[forms.Whole, Query(ge=1, le=PAGE, title="每页结对单位数")] = 20,
) -> JSONResponse:
    """逐对核验；一页核验若干对，凭游标继续。"""
    return _many(the_desk, who, scope, cursor, limit, check=audit.verify_owed)


@router.get(
    "/audit/replay",
    summary="重放所辖各结对单位的台账并与视图比对",
    response_model=Listing[audit.Replay],
    responses=ERRORS,
    dependencies=[Unhurried, NowOnly],
    operation_id="replay_many",
)
def replay_many(
    the_desk: TheDesk,
    who: Who,
    scope: Annotated[str, Query(pattern=DIVISION, title="区划代码", examples=["140800"])],
    cursor: Cursor = None,
    limit: Annotated[forms.Whole, Query(ge=1, le=PAGE, title="每页结对单位数")] = 20,
) -> JSONResponse:
    """逐对重放；一页重放若干对，凭游标继续。"""
    return _many(the_desk, who, scope, cursor, limit, check=audit.replay_owed)


def _many(
    the_desk: Desk, who: Person, scope: str, cursor: str | None, limit: int, *, check: Check
) -> JSONResponse:
    if not who.covers_all(scope, Matter.HISTORY):
        raise ApiError(403, "no-mandate", "没有审计该区划的职责。")
    bound = {"scope": scope, "kind": check.__name__}
    after = unseal(cursor, shape=AFTER_ID, bound_to=bound) or ""
    known = audit.pairs_of(the_desk.views, prefix(scope), divisions=the_desk.divisions.all())
    tenants = [tenant for tenant in known if tenant > after]
    found = [check(the_desk.ledger, the_desk.views, tenant) for tenant in tenants[:limit]]
    following = seal(tenants[limit - 1], bound_to=bound) if len(tenants) > limit else None
    items = [each.model_dump(mode="json") for each in found]
    return JSONResponse({"items": items, "next_cursor": following})
