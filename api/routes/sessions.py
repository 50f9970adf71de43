"""Entering and leaving: log-in, one's own password and second factor, and one's own sessions."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api import auth, forms, problems
from api.auth import Entrant, Person, TheDesk
from api.desk import Desk
from api.limits import Proving
from api.problems import ApiError
from application import identity, ports
from application.identity_ports import Held

router = APIRouter(prefix="/sessions", tags=["登录"])
ERRORS = problems.declared(400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 503)
PERSON: Final = r"^[0-9A-Za-z][0-9A-Za-z._:-]*$"
SessionId = Annotated[str, Path(title="会话编号", max_length=36, pattern=r"^[0-9a-f-]{36}$")]


class LogIn(BaseModel):
    """登录。"""

    model_config = ConfigDict(extra="forbid")

    account: str = Field(title="账号（人员编号）", max_length=64, pattern=PERSON, examples=["p-140830-go"])
    password: SecretStr = Field(title="口令", max_length=1024, examples=["四月的风吹过中条山 2026"])
    code: SecretStr | None = Field(
        default=None, title="六位验证码（已绑定身份验证器的）", max_length=16, examples=["123456"]
    )
    cookie: bool = Field(
        default=False, title="浏览器登录", description="会话放入 HttpOnly 的 Cookie，答复中不含会话令牌。"
    )


class Entry(BaseModel):
    """会话已经建立；会话令牌只显示这一次。"""

    person: str = Field(title="人员编号")
    session: str = Field(title="会话编号")
    token: str | None = Field(default=None, title="会话令牌（浏览器登录时不显示）")
    expires_at: datetime = Field(title="最迟失效时间")
    owed: str | None = Field(
        default=None,
        title="尚须先办的事",
        description="password-change-required：更改口令；second-factor-required：登记或出示验证码。",
    )


class OneSession(BaseModel):
    """一个登录会话。"""

    session: str = Field(title="会话编号")
    how: str = Field(title="登录方式", description="password：口令；oidc：统一身份认证平台。")
    created_at: datetime = Field(title="登录时间")
    seen_at: datetime = Field(title="最近使用（精确到分钟）")
    expires_at: datetime = Field(title="最迟失效时间")
    second: bool = Field(title="已出示第二因素")
    current: bool = Field(default=False, title="即本会话")


class Sessions(BaseModel):
    """登录会话。"""

    items: list[OneSession] = Field(title="会话")


class NewPassword(BaseModel):
    """更改口令。"""

    model_config = ConfigDict(extra="forbid")

    current: SecretStr = Field(title="现用口令", max_length=1024, examples=["q7Zt0c0sQy4mX1bW9vKd"])
    new: SecretStr = Field(
        title="新口令",
        description="12 至 128 个字符，不要求字符种类；常见的、容易猜到的不可用。",
        max_length=1024,
        examples=["四月的风吹过中条山 2026"],
    )


class Factor(BaseModel):
    """身份验证器的设置，只显示这一次。"""

    uri: str = Field(title="otpauth 地址（制成二维码扫描，或手工录入其中的 secret）")


class Code(BaseModel):
    """验证码。"""

    model_config = ConfigDict(extra="forbid")

    code: SecretStr = Field(title="六位验证码", max_length=16, examples=["123456"])


def entry(request: Request, entered: identity.Entered, *, cookie: bool, status: int = 201) -> JSONResponse:
    """Answer with a session that has begun: its token in the answer, or in a cookie that no script can read."""
    the_desk: Desk = request.app.state.desk
    who = auth.whose(the_desk, entered.token)
    request.state.who = who
    shown = Entry(
        person=entered.person,
        session=entered.session,
        token=None if cookie else entered.token,
        expires_at=entered.expires_at,
        owed=auth.owes(the_desk, who) if who is not None else None,
    )
    answer = JSONResponse(shown.model_dump(mode="json"), status_code=status)
    if cookie:
        answer.set_cookie(auth.COOKIE, entered.token, path="/", secure=True, httponly=True, samesite="strict")
    return answer


@router.post(
    "",
    status_code=201,
    summary="登录",
    response_model=Entry,
    responses=ERRORS,
    dependencies=[Proving],
    operation_id="log_in",
)
def log_in(
    request: Request, body: Annotated[LogIn, forms.as_written(LogIn)], the_desk: TheDesk
) -> JSONResponse:
    """以账号、口令（和验证码）建立会话。

    账号不存在、口令不对、一次性口令过期，答复相同。连续失败的，账号和来源地址先后锁定，时间逐次加倍，至多 15 分钟。
    """
    if body.cookie:
        auth.must_be_ours(request)
    claim = identity.Claim(
        account=body.account,
        password=body.password.get_secret_value(),
        code=body.code.get_secret_value() if body.code is not None else None,
        address=auth.address(request),
    )
    with named(request):
        entered = the_desk.identity.log_in(claim)
    return entry(request, entered, cookie=body.cookie)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Whose account somebody failed to enter, as the access log names it."""

    id: str
    how: str = "none"


@contextmanager
def named(request: Request) -> Iterator[None]:
    """Let the access log name whose account somebody failed to enter."""
    try:
        yield
    except identity.NotEntered as refused:
        if refused.person:
            request.state.who = Claimed(refused.person)
        raise


def in_session(who: Person) -> ports.EnteredSession:
    """Give the session that a request came in. Raises: ApiError 403."""
    if who.session is None:
        raise ApiError(403, "no-session", "此事只能在登录会话中办理。")
    return who.session


@router.get(
    "", summary="列出本人的会话", response_model=Sessions, responses=ERRORS, operation_id="list_sessions"
)
def listed(the_desk: TheDesk, who: Entrant) -> JSONResponse:
    """列出本人尚未失效的登录会话，早的在前。"""
    current = in_session(who).id
    return as_listed(the_desk.identity.sessions(who.id), current=current)


def as_listed(found: Sequence[Held], *, current: str = "") -> JSONResponse:
    """Answer with sessions."""
    return JSONResponse(
        Sessions(items=[_one(each, current=current) for each in found]).model_dump(mode="json")
    )


def _one(held: Held, *, current: str) -> OneSession:
    return OneSession(
        session=held.id,
        how=held.how,
        created_at=held.created_at,
        seen_at=held.seen_at,
        expires_at=held.expires_at,
        second=held.second,
        current=held.id == current,
    )


@router.delete("/current", status_code=204, summary="退出登录", responses=ERRORS, operation_id="log_out")
def log_out(the_desk: TheDesk, who: Entrant) -> Response:
    """结束本会话，下一次请求起无效。"""
    the_desk.identity.log_out(who.id, in_session(who).id)
    return _without_cookie()


@router.delete(
    "", status_code=204, summary="结束本人的全部会话", responses=ERRORS, operation_id="log_out_everywhere"
)
def log_out_everywhere(the_desk: TheDesk, who: Entrant) -> Response:
    """结束本人的全部会话，含本会话；已打开的事件流在下一次核对权限时结束。"""
    in_session(who)
    the_desk.identity.log_out_everywhere(who.id)
    return _without_cookie()


@router.delete(
    "/{id}", status_code=204, summary="结束本人的一个会话", responses=ERRORS, operation_id="end_session"
)
def end_one(id: SessionId, the_desk: TheDesk, who: Entrant) -> Response:
    """结束本人的一个会话，下一次请求起无效。"""
    in_session(who)
    if not the_desk.identity.log_out(who.id, id):
        raise ApiError(404, "unknown-session", "没有这个会话，或已经失效。")
    return Response(status_code=204)


def _without_cookie() -> Response:
    answer = Response(status_code=204)
    answer.delete_cookie(auth.COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    return answer


@router.put(
    "/current/password",
    status_code=204,
    summary="更改口令",
    responses=ERRORS,
    dependencies=[Proving],
    operation_id="change_password",
)
def change_password(
    request: Request,
    body: Annotated[NewPassword, forms.as_written(NewPassword)],
    the_desk: TheDesk,
    who: Entrant,
) -> Response:
    """更改本人的口令，本人的其他会话随即结束。"""
    session = in_session(who)
    the_desk.identity.change_password(
        who.id,
        session.id,
        current=body.current.get_secret_value(),
        new=body.new.get_secret_value(),
        address=auth.address(request),
    )
    return Response(status_code=204)


@router.post(
    "/current/second-factor",
    status_code=201,
    summary="登记身份验证器",
    response_model=Factor,
    responses=ERRORS,
    operation_id="enrol_second_factor",
)
def enrol_factor(the_desk: TheDesk, who: Entrant) -> JSONResponse:
    """取得身份验证器（TOTP，RFC 6238）的设置，只显示这一次；出示第一个验证码后生效，此后每次登录都须出示。"""
    in_session(who)
    return JSONResponse({"uri": the_desk.identity.enrol_factor(who.id)}, status_code=201)


@router.post(
    "/current/second-factor/code",
    status_code=204,
    summary="出示验证码",
    responses=ERRORS,
    dependencies=[Proving],
    operation_id="show_second_factor",
)
def show_factor(
    request: Request, body: Annotated[Code, forms.as_written(Code)], the_desk: TheDesk, who: Entrant
) -> Response:
    """出示身份验证器上的六位验证码：使新登记的生效，并使本会话已出示第二因素。每个验证码只能用一次。"""
    session = in_session(who)
    code = body.code.get_secret_value()
    the_desk.identity.show_factor(who.id, session.id, code=code, address=auth.address(request))
    return Response(status_code=204)
