"""The administrator's doors to accounts: one-time passwords, locks, lost second factors, sessions, identities."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api import forms, mandates, problems
from api.auth import Person, TheDesk, Who
from api.desk import Desk
from api.limits import Proving
from api.problems import ApiError
from api.routes.administration import PersonId, must_be, within_reach
from api.routes.sessions import Sessions, as_listed
from domain import granting, refusals
from domain.mandates import Role

router = APIRouter(prefix="/people/{person}", tags=["系统管理"])
ERRORS = problems.declared(400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 500, 503)
# OpenID Connect Core 1.0, 2: at most 255 ASCII characters.
Subject = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,255}$")]


class OneTime(BaseModel):
    """一次性口令，只显示这一次；首次登录时须更改。"""

    person: str = Field(title="人员编号（登录账号）")
    password: str = Field(title="一次性口令")
    expires_at: datetime = Field(title="失效时间")


class Link(BaseModel):
    """统一身份认证平台上的一个身份。"""

    model_config = ConfigDict(extra="forbid")

    subject: Subject = Field(title="平台上的用户标识（sub）", examples=["8f14e45f-ceea-467f"])


def served(the_desk: Desk, who: Person, person: str) -> granting.Posts:
    """Let a security administrator serve others of his own divisions, and never himself.

    Returns: what the pairs know of the person. Raises: ApiError 403.
    """
    must_be(who, Role.SECURITY_ADMINISTRATOR)
    if person == who.id:
        raise ApiError(403, "self-service", "不能为自己办理，请由另一名管理员办理。")
    return within_reach(the_desk, who, person)


@contextmanager
def known() -> Iterator[None]:
    """Answer 404 where nobody of an id was enrolled."""
    try:
        yield
    except refusals.NotFound as unknown:
        raise ApiError(404, "unknown-person", "没有登记此人员。") from unknown


@router.post(
    "/account",
    status_code=201,
    summary="发放一次性口令",
    response_model=OneTime,
    responses=ERRORS,
    dependencies=[Proving],
    operation_id="open_account",
)
def open_account(person: PersonId, the_desk: TheDesk, who: Who) -> JSONResponse:
    """为此人开通账号，或在口令遗忘时重置：原口令、全部会话和登录锁定随即失效。

    一次性口令只显示一次，72 小时内有效，首次登录时须更改。
    """
    posts = served(the_desk, who, person)
    with known():
        password, expires = the_desk.identity.open_account(person, by=mandates.acting(who), posts=posts)
    shown = OneTime(person=person, password=password, expires_at=expires)
    return JSONResponse(shown.model_dump(mode="json"), status_code=201)


@router.delete(
    "/account/lock", status_code=204, summary="解除登录锁定", responses=ERRORS, operation_id="unlock_account"
)
def unlock(person: PersonId, the_desk: TheDesk, who: Who) -> Response:
    """清除此人账号的失败次数；来源地址的锁定不受影响。"""
    posts = served(the_desk, who, person)
    if not the_desk.identity.unlock(person, by=mandates.acting(who), posts=posts):
        raise ApiError(404, "not-locked", "此账号没有失败记录。")
    return Response(status_code=204)


@router.delete(
    "/second-factor",
    status_code=204,
    summary="解除身份验证器",
    responses=ERRORS,
    operation_id="reset_second_factor",
)
def reset_factor(person: PersonId, the_desk: TheDesk, who: Who) -> Response:
    """身份验证器遗失时解除绑定，此人的全部会话随即结束；须当面核实本人。"""
    posts = served(the_desk, who, person)
    if not the_desk.identity.reset_factor(person, by=mandates.acting(who), posts=posts):
        raise ApiError(404, "no-second-factor", "此人没有绑定身份验证器。")
    return Response(status_code=204)


@router.get(
    "/sessions",
    summary="列出此人的会话",
    response_model=Sessions,
    responses=ERRORS,
    operation_id="list_sessions_of",
)
def sessions(person: PersonId, the_desk: TheDesk, who: Who) -> JSONResponse:
    """列出此人尚未失效的登录会话，早的在前。"""
    served(the_desk, who, person)
    return as_listed(the_desk.identity.sessions(person))


@router.delete(
    "/sessions",
    status_code=204,
    summary="结束此人的全部会话",
    responses=ERRORS,
    operation_id="end_sessions_of",
)
def end_sessions(person: PersonId, the_desk: TheDesk, who: Who) -> Response:
    """结束此人的全部登录会话，下一次请求起无效；已打开的事件流在下一次核对权限时结束。"""
    posts = served(the_desk, who, person)
    with known():
        the_desk.identity.end_sessions(person, by=mandates.acting(who), posts=posts)
    return Response(status_code=204)


# --- a government platform -----------------------------------------------------------------------------------


@router.post(
    "/identities",
    status_code=204,
    summary="关联统一身份",
    responses=ERRORS,
    operation_id="link_identity",
)
def link(
    person: PersonId, body: Annotated[Link, forms.as_written(Link)], the_desk: TheDesk, who: Who
) -> Response:
    """把统一身份认证平台上的一个身份关联到此人；不关联的身份不能登录，系统从不自动建立账号。"""
    posts = served(the_desk, who, person)
    with known():
        linked = the_desk.identity.link(person, body.subject, by=mandates.acting(who), posts=posts)
    if not linked:
        raise ApiError(409, "identity-taken", "平台上的这个身份已经关联，请先取消原来的关联。")
    return Response(status_code=204)


@router.delete(
    "/identities/{subject}",
    status_code=204,
    summary="取消关联统一身份",
    responses=ERRORS,
    operation_id="unlink_identity",
)
def unlink(
    person: PersonId,
    subject: Annotated[str, Path(title="平台上的用户标识（sub）", pattern=r"^[!-~]{1,255}$")],
    the_desk: TheDesk,
    who: Who,
) -> Response:
    """取消关联，此人经平台登录的会话随即结束。"""
    posts = served(the_desk, who, person)
    if not the_desk.identity.unlink(person, subject, by=mandates.acting(who), posts=posts):
        raise ApiError(404, "not-linked", "此人没有关联平台上的这个身份。")
    return Response(status_code=204)
