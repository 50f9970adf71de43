"""Pairs, their regime, name and history declaration, and their register of document numbers."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse

from api import examples, forms, problems
from api.auth import TheDesk, Who, may_read
from api.limits import DIVISION, PairId
from api.moments import Then, ThenAll
from api.problems import ApiError
from api.routes.acts import COMMAND_ERRORS, REGISTERED, Key, acts, etag, submit
from api.routes.reads import (
    AFTER_PAIR,
    READ_ERRORS,
    Cursor,
    Limit,
    Listing,
    Resource,
    resource,
    seal,
    unseal,
)
from application import commands, handlers
from application.views.rows import PairRow
from domain import numbers, pairs
from domain.mandates import prefix
from domain.queries import Matter

router = APIRouter(tags=["结对单位"])

acts(
    router,
    ("/regime", pairs.AdoptRegime, "建立联席会议制度"),
    ("/regime/end", pairs.WithdrawRegime, "退出联席会议制度"),
    ("/deviations", pairs.RecordDeviation, "登记与程序不同之处"),
    ("/organs", pairs.RenameOrgan, "登记机关更名"),
    ("/name", pairs.SetNamePattern, "确定会议名称"),
    ("/no-history", pairs.DeclareNoHistory, "声明此前无会议"),
    ("/history-complete", pairs.DeclareHistoryComplete, "声明历史资料补录完成"),
    ("/document-numbers", numbers.AllocateDocNumber, "预留发文字号"),
    ("/document-numbers/voids", numbers.VoidDocNumber, "作废发文字号"),
)


REGISTERED[pairs.RegisterPair] = "/v1/pairs"


@router.post(
    "/pairs",
    status_code=201,
    summary="登记结对单位",
    response_model=commands.Receipt,
    responses=COMMAND_ERRORS,
    operation_id="RegisterPair",
)
def register_pair(
    body: Annotated[
        pairs.RegisterPair,
        forms.as_written(pairs.RegisterPair),
        Body(openapi_examples=examples.of(pairs.RegisterPair)),
    ],
    the_desk: TheDesk,
    who: Who,
    key: Key,
) -> JSONResponse:
    """登记一对同级的政府与工会；结对单位的编号就是区划代码。"""
    pair = body.division_code
    if not who.administers(pair):
        raise ApiError(403, "not-administrator", "登记结对单位由系统管理员办理。")
    handler = handlers.HANDLERS[pairs.RegisterPair]
    return submit(the_desk, who, handler, pair=pair, subject=pair, body=body, key=key, if_match=None)


@router.get(
    "/pairs",
    summary="列出所辖的结对单位",
    response_model=Listing[Resource[PairRow]],
    responses={**READ_ERRORS, **problems.declared(403)},
    operation_id="list_pair",
)
def list_pairs(
    the_desk: ThenAll,
    who: Who,
    scope: Annotated[str | None, Query(pattern=DIVISION, title="区划代码")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> JSONResponse:
    """列出某区划及其下级的结对单位；限市级读者、审计人员和系统管理员。"""
    wanted = scope or next((grant.scope for grant in who.grants), None)
    if wanted is None or not who.covers_all(wanted, Matter.REGISTER):
        raise ApiError(403, "no-subtree", "没有读取该区划的职责。")
    bound = {"scope": wanted, "kind": "pair", **the_desk.moment}
    after = unseal(cursor, shape=AFTER_PAIR, bound_to=bound)
    found = the_desk.views.across(prefix(wanted), "pair", after=after, limit=limit + 1)
    items = [resource(pair, row) for pair, row in found[:limit]]
    last = found[limit - 1] if len(found) > limit else None
    following = seal([last[0], last[1].id], bound_to=bound) if last is not None else None
    return JSONResponse({"items": items, "next_cursor": following})


@router.get(
    "/pairs/{pair}",
    summary="查看结对单位",
    response_model=Resource[PairRow],
    responses=READ_ERRORS,
    operation_id="get_pair",
)
def get_pair(pair: PairId, the_desk: Then, who: Who) -> JSONResponse:
    """查看结对单位的名称、依据、建制情况。"""
    may_read(the_desk, who, pair, Matter.REGISTER)
    row = the_desk.views.row(pair, "pair", pair)
    if row is None:
        raise ApiError(404, "not-found", "不存在，或无权知悉。")
    return JSONResponse(resource(pair, row), headers={"ETag": etag(row.version)})


@router.get(
    "/pairs/{pair}/document-numbers",
    summary="查看发文字号登记簿",
    response_model=Listing[dict[str, Any]],
    responses=READ_ERRORS,
    operation_id="list_document_numbers",
)
def list_numbers(pair: PairId, the_desk: Then, who: Who) -> JSONResponse:
    """列出已登记的发文字号，作废的注明原因。"""
    may_read(the_desk, who, pair, Matter.BUSINESS)
    register = the_desk.dossier(pair).register
    items = [{"key": key, **each.model_dump(mode="json")} for key, each in register.allocations.items()]
    return JSONResponse({"items": items, "next_cursor": None})
