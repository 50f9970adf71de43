"""How people are reached: each person's own to give and take back, the offices' of his pairs to read."""

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from api import auth, problems
from api.auth import TheDesk, Who, may_read
from api.limits import PairId
from api.moments import NowOnly
from api.problems import ApiError
from api.routes.administration import PersonId
from domain.contacts import Contact
from domain.queries import Matter

log = structlog.get_logger()
router = APIRouter(tags=["单位和人员"])
ERRORS = problems.declared(400, 401, 403, 404, 405, 408, 413, 415, 422, 500, 503)


@router.get(
    "/me/contact",
    summary="查看本人的联系方式",
    response_model=Contact,
    responses=ERRORS,
    operation_id="my_contact",
)
def mine(the_desk: TheDesk, who: Who) -> JSONResponse:
    """本人登记的电话、邮箱和备注。"""
    return _shown(the_desk.directory.show(who.id, reader=who.id))


@router.put(
    "/me/contact",
    status_code=204,
    summary="登记本人的联系方式",
    responses=ERRORS,
    operation_id="set_my_contact",
)
def set_mine(body: Contact, the_desk: TheDesk, who: Who) -> Response:
    """整体替换；逐人加密存放，不进入台账和任何导出。本人任职的结对单位的政府办公室和工会可以查看，查看留有记录。"""
    the_desk.directory.set(who.id, body, actor=who.id)
    log.info("contact_set", by=who.id, person=who.id)
    return Response(status_code=204)


@router.delete(
    "/me/contact",
    status_code=204,
    summary="删除本人的联系方式",
    responses=ERRORS,
    operation_id="erase_my_contact",
)
def erase_mine(the_desk: TheDesk, who: Who) -> Response:
    """销毁密钥并删除密文，不能恢复；没有登记过的，也答 204。"""
    if the_desk.directory.erase(who.id, actor=who.id):
        log.info("contact_erased", by=who.id, person=who.id)
    return Response(status_code=204)


@router.get(
    "/pairs/{pair}/people/{person}/contact",
    summary="查看同一结对单位人员的联系方式",
    response_model=Contact,
    responses=ERRORS,
    dependencies=[NowOnly],
    operation_id="contact",
)
def contact(pair: PairId, person: PersonId, the_desk: TheDesk, who: Who) -> JSONResponse:
    """限政府办公室和工会的人员，且所查的人今天在该结对单位任职；每次查看都留有记录。"""
    may_read(the_desk, who, pair, Matter.CONTACTS)
    if not auth.posts_today(the_desk, person, pair):
        raise _none()
    return _shown(the_desk.directory.show(person, reader=who.id))


def _shown(found: Contact | None) -> JSONResponse:
    if found is None:
        raise _none()
    return JSONResponse(found.model_dump(mode="json"))


def _none() -> ApiError:
    return ApiError(404, "no-contact", "没有此人的联系方式。")
