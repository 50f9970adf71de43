"""The audit bundle for auditors, streamed."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from api import problems
from api.auth import TheDesk, Who
from api.desk import Desk
from api.limits import DIVISION, PairId, Unhurried
from api.moments import NowOnly
from api.problems import ApiError
from api.routes.reads import READ_ERRORS
from application import audit, bundle, commands
from domain.chain import Head
from domain.mandates import prefix
from domain.queries import Matter

router = APIRouter(tags=["历史和审计"])
ZIP = "application/zip"
ANSWERS: dict[int | str, Any] = {
    200: {"description": "审计包", "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}},
    **READ_ERRORS,
}


@router.get(
    "/pairs/{pair}/history/bundle",
    summary="导出一个结对单位的审计包",
    response_class=StreamingResponse,
    responses=ANSWERS,
    dependencies=[Unhurried, NowOnly],
    operation_id="export_history",
)
def one(pair: PairId, the_desk: TheDesk, who: Who) -> StreamingResponse:
    """事实的原始字节及核验所需的资料（zip），可脱机核验；限审计员。"""
    if not who.covers(pair, Matter.BUNDLE):
        raise commands.UnknownPair
    known = {tenant: end for tenant, end in audit.pairs_of(the_desk.views, pair).items() if tenant == pair}
    if not known:
        raise commands.UnknownPair
    return _streamed(the_desk, known, name=pair)


@router.get(
    "/audit/bundle",
    summary="导出所辖各结对单位的审计包",
    response_class=StreamingResponse,
    responses={**ANSWERS, **problems.declared(403)},
    dependencies=[Unhurried, NowOnly],
    operation_id="export_many",
)
def many(
    the_desk: TheDesk,
    who: Who,
    scope: Annotated[str, Query(pattern=DIVISION, title="区划代码", examples=["140800"])],
) -> StreamingResponse:
    """某区划及其下级的全部台账在一个审计包（zip）内；限审计员。"""
    if not who.covers_all(scope, Matter.BUNDLE):
        raise ApiError(403, "no-mandate", "没有审计该区划的职责。")
    return _streamed(the_desk, audit.pairs_of(the_desk.views, prefix(scope)), name=scope)


def _streamed(the_desk: Desk, heads: Mapping[str, Head], *, name: str) -> StreamingResponse:
    pieces = bundle.stream(
        the_desk.views,
        heads,
        days=the_desk.calendar,
        divisions=the_desk.divisions.all(),
        checkpoints=the_desk.sealer.checkpoints,
        key=bundle.public_key(the_desk.sealer.vault),
    )
    headers = {"Content-Disposition": f'attachment; filename="lianxi-bundle-{name}.zip"'}
    return StreamingResponse(pieces, media_type=ZIP, headers=headers)
