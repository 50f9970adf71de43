"""Entering through a government platform (OpenID Connect): there, and back to the same browser."""

import hmac
from typing import Annotated, Final

from fastapi import APIRouter, Cookie, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api import auth
from api.auth import TheDesk
from api.routes.sessions import ERRORS, Entry, entry
from application.identity_ports import NotVouched

router = APIRouter(prefix="/oidc", tags=["登录"])
ON_THE_WAY: Final = "__Host-lianxi-on-the-way"


class Way(BaseModel):
    """到统一身份认证平台登录。"""

    location: str = Field(title="平台的登录地址")


@router.post(
    "",
    status_code=201,
    summary="经统一身份认证平台登录",
    response_model=Way,
    responses=ERRORS,
    operation_id="log_in_by_platform",
)
def leave(request: Request, the_desk: TheDesk) -> JSONResponse:
    """取得平台的登录地址（OpenID Connect 授权码流程，PKCE S256）；浏览器随后转到该地址，在平台登录后转回。"""
    auth.must_be_ours(request)
    where, state = the_desk.identity.leave_for_platform()
    answer = JSONResponse({"location": where}, status_code=201)
    # Lax, because the platform sends the browser back from its own pages. The log-in is that of this browser alone.
    answer.set_cookie(ON_THE_WAY, state, path="/", secure=True, httponly=True, samesite="lax")
    return answer


@router.get(
    "/return",
    summary="从统一身份认证平台返回",
    response_model=Entry,
    responses=ERRORS,
    operation_id="return_from_platform",
)
def back(
    request: Request,
    the_desk: TheDesk,
    state: Annotated[str, Query(max_length=128, title="离开时的状态")],
    code: Annotated[str | None, Query(max_length=2048, title="授权码")] = None,
    error: Annotated[str | None, Query(max_length=256, title="平台拒绝的原因")] = None,
    kept: Annotated[str | None, Cookie(alias=ON_THE_WAY, include_in_schema=False)] = None,
) -> JSONResponse:
    """平台转回的地址：核对状态、授权码和身份令牌，以 Cookie 建立会话。平台上的身份须由管理员事先关联。"""
    if kept is None or not hmac.compare_digest(kept.encode(), state.encode()):
        raise NotVouched("another browser's state")
    if code is None or error is not None:
        raise NotVouched("the platform refused")
    answer = entry(request, the_desk.identity.back_from_platform(state, code), cookie=True, status=200)
    answer.delete_cookie(ON_THE_WAY, path="/", secure=True, httponly=True, samesite="lax")
    return answer
