"""Every error as application/problem+json (RFC 9457); the only place that knows status codes."""

import traceback
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.accesses import template
from application import audit, changes, commands, dossier, identity, identity_ports, ports, recall
from domain import regulation
from domain.refusals import NotEntitled, Refusal

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:lianxi:problem:"


class Place(BaseModel):
    """One wrong place of a request."""

    pointer: str = Field(title="位置", description="JSON 指针；请求头和参数以 header:、query: 开头。")
    detail: str = Field(title="问题")


class Problem(BaseModel):
    """出错说明（RFC 9457）。"""

    type: str = Field(title="错误种类（固定不变）", examples=[f"{PREFIX}refusal:not-consulted"])
    title: str = Field(title="说明", examples=["这一版议题尚未经政府办公室与工会协商，不能审定。"])
    status: int = Field(title="HTTP 状态码", examples=[422])
    detail: str = Field(default="", title="具体情况")
    instance: str = Field(default="", title="请求路径")
    requirement: str = Field(default="", title="所依据的要求", examples=["R-042"])
    clause: str = Field(default="", title="所依据的条款", examples=["二(二)"])
    remedy: str = Field(default="", title="解决办法")
    errors: list[Place] = Field(default_factory=list, title="出错位置")
    trace_id: str = Field(default="", title="跟踪号")
    current: Any = Field(default=None, title="现行内容（版本冲突时）")
    submitted: Any = Field(default=None, title="所提交的内容（版本冲突时）")


DESCRIPTIONS = {
    400: "请求不完整或格式错误",
    401: "没有有效的令牌",
    403: "无权办理",
    404: "不存在，或无权知悉",
    405: "该资源没有此种操作",
    408: "请求内容未及时收齐",
    409: "与台账现状不符",
    412: "所见版本已经变化",
    413: "请求内容过大",
    415: "请求内容须为 JSON",
    421: "本服务不以这个主机名提供",
    422: "内容不符合要求，或制度不允许",
    429: "请求或尝试过于频繁，请稍后再试",
    428: "须说明所见版本（If-Match）",
    500: "系统内部错误",
    503: "暂时繁忙或数据库不可用",
}

MESSAGES = {
    "missing": "缺少此项",
    "extra_forbidden": "没有此项",
    "string_too_long": "文字过长",
    "string_too_short": "文字过短",
    "string_pattern_mismatch": "格式不符合要求",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "date_from_datetime_parsing": "应为日期（YYYY-MM-DD）",
    "date_parsing": "应为日期（YYYY-MM-DD）",
    "date_type": "应为日期（YYYY-MM-DD）",
    "datetime_from_date_parsing": "应为带时区的时间（如 2025-04-22T15:00:00+08:00）",
    "datetime_parsing": "应为带时区的时间（如 2025-04-22T15:00:00+08:00）",
    "timezone_aware": "时间须带时区（如 +08:00）",
    "enum": "不是可用的取值",
    "less_than_equal": "数值过大",
    "greater_than_equal": "数值过小",
    "too_long": "项数过多",
    "too_short": "项数过少",
    "tuple_type": "应为数组",
    "model_attributes_type": "应为 JSON 对象",
    "dict_type": "应为 JSON 对象",
}


MALFORMED = "请求内容不是有效的 JSON：须为 UTF-8 编码、无 BOM，同一对象中不得有重复的名称。"
KEY_RULE = "Idempotency-Key 应为 8 至 64 个字母、数字或 . _ : - 。"
HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "1"}}


class ApiError(Exception):
    """What a door itself refuses: a status, a stable code and a Chinese sentence."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        *,
        detail: str = "",
        pointer: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:
        """Keep the parts; ``pointer`` names the place."""
        super().__init__(title)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.pointer = pointer
        self.headers = headers


def respond(
    request: Request,
    status: int,
    code: str,
    title: str,
    *,
    headers: dict[str, str] | None = None,
    **parts: Any,
) -> JSONResponse:
    """Answer with a problem."""
    # The entry in the access log names it.
    request.state.code = code
    problem = Problem(
        type=f"{PREFIX}{code}",
        title=title,
        status=status,
        instance=request.url.path,
        trace_id=getattr(request.state, "trace_id", ""),
        **parts,
    )
    body = problem.model_dump(mode="json", exclude_none=True)
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def _refused(request: Request, error: Refusal) -> JSONResponse:
    status = 403 if isinstance(error, NotEntitled) else 422
    places = [Place(pointer=pointer, detail=detail) for pointer, detail in error.places]
    log.info("command_refused", code=error.code, requirement=error.basis, route=template(request.scope))
    return respond(
        request,
        status,
        f"refusal:{error.code}",
        error.title,
        detail=error.detail,
        requirement=error.basis,
        clause=error.clause,
        remedy=error.way_out,
        errors=places,
    )


def _pointer(location: tuple[int | str, ...]) -> str:
    kind, *rest = location
    if kind == "body":
        return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in rest)
    return f"{kind}:{'.'.join(map(str, rest))}"


def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return respond(request, 400, "malformed-json", MALFORMED)
    places = []
    for fault in faults:
        said = str(fault.get("ctx", {}).get("error", "")) if fault["type"] == "value_error" else ""
        detail = said or MESSAGES.get(fault["type"], "内容不符合要求")
        places.append(Place(pointer=_pointer(fault["loc"]), detail=detail))
    status, code, title = 422, "invalid", "请求内容不符合格式要求。"
    for fault, place in zip(faults, places, strict=True):
        if place.pointer.lower() == "header:idempotency-key":
            lacks = fault["type"] == "missing"
            status, code = 400, "idempotency-key-missing" if lacks else "idempotency-key-malformed"
            title = "缺少 Idempotency-Key 请求头。" if lacks else KEY_RULE
    return respond(request, status, code, title, errors=places)


def _http(request: Request, error: HTTPException) -> JSONResponse:
    title = f"{DESCRIPTIONS.get(error.status_code, '请求不能处理')}。"
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = _allow(request)
    return respond(request, error.status_code, f"http-{error.status_code}", title, headers=headers)


def _allow(request: Request) -> str:
    # A path's methods are routes of their own, and the router names only those of the first.
    found = {
        method
        for pattern, methods in request.app.state.methods
        if pattern.fullmatch(request.scope["path"])
        for method in methods
    }
    return ", ".join(sorted(found | ({"HEAD"} if "GET" in found else set())))


def _api(request: Request, error: ApiError) -> JSONResponse:
    headers = error.headers or HEADERS.get(error.status)
    place = [Place(pointer=error.pointer, detail=error.title)] if error.pointer else []
    return respond(
        request, error.status, error.code, error.title, detail=error.detail, errors=place, headers=headers
    )


def _conflict(request: Request, error: commands.VersionConflict) -> JSONResponse:
    return respond(
        request,
        412,
        "version-conflict",
        "该对象在您查看之后已经变化，请对照两份内容后重新办理。",
        detail=f"所见版本 {error.seen}，现行版本 {error.version}。",
        requirement="R-071",
        clause=regulation.CLAUSES["R-071"],
        current=error.current,
        submitted=error.submitted,
        headers={"ETag": f'"{error.version}"'},
    )


# What is refused to who wants to enter: the status, the code, and the place.
IDENTITY: dict[type[Exception], tuple[int, str, str]] = {
    identity.LoginFailed: (401, "login-failed", ""),
    identity.SecondFactorNeeded: (401, "second-factor-needed", "/code"),
    identity.TooShort: (422, "password-too-short", "/new"),
    identity.TooCommon: (422, "password-too-common", "/new"),
    identity.SamePassword: (422, "password-unchanged", "/new"),
    identity.FactorEnrolled: (409, "second-factor-enrolled", ""),
    identity.NoFactor: (409, "no-second-factor", ""),
    identity.NoPlatform: (404, "no-platform", ""),
    identity.NotLinked: (403, "identity-not-linked", ""),
}


def _identity(request: Request, error: Exception) -> JSONResponse:
    status, code, pointer = IDENTITY[type(error)]
    title = (type(error).__doc__ or "").strip()
    place = [Place(pointer=pointer, detail=title)] if pointer else []
    return respond(request, status, code, title, errors=place, headers=HEADERS.get(status))


def _locked_out(request: Request, error: identity.LockedOut) -> JSONResponse:
    title = f"失败次数过多，请 {error.seconds} 秒后再试，或请安全管理员解除锁定。"
    return respond(request, 429, "locked-out", title, headers={"Retry-After": str(error.seconds)})


def _not_vouched(request: Request, error: identity_ports.NotVouched) -> JSONResponse:
    log.warning("oidc_not_vouched", reason=str(error))
    title = "统一身份认证平台的答复未通过核验，请重新登录。"
    return respond(request, 401, "not-vouched", title, headers=HEADERS[401])


def _platform_away(request: Request, error: Exception) -> JSONResponse:
    log.warning("oidc_unavailable", reason=str(error))
    title = "统一身份认证平台没有应答，请稍后再试。"
    return respond(request, 503, "platform-unavailable", title, headers=HEADERS[503])


def _frames(error: BaseException) -> Iterator[dict[str, Any]]:
    # Messages of exceptions quote what they choked on, so only the kinds and the places are told.
    following: BaseException | None = error
    while following is not None:
        places = traceback.extract_tb(following.__traceback__)
        yield {
            "type": f"{type(following).__module__}.{type(following).__qualname__}",
            "frames": [f"{each.filename}:{each.lineno} {each.name}" for each in places],
        }
        context = None if following.__suppress_context__ else following.__context__
        following = following.__cause__ or context


def fault(request: Request, error: Exception) -> JSONResponse:
    """Log what failed, without any of what was sent, and answer 500."""
    log.error(
        "request_failed",
        route=template(request.scope),
        error=type(error).__name__,
        exceptions=list(_frames(error)),
    )
    return respond(
        request, 500, "internal", "系统内部错误。所办事项请用同一 Idempotency-Key 重试，已写入的不会重复。"
    )


def _busy(request: Request, error: Exception) -> JSONResponse:
    log.warning("ledger_unavailable", route=template(request.scope), error=type(error).__name__)
    return respond(
        request,
        503,
        "busy",
        "台账暂时繁忙，请稍后用同一 Idempotency-Key 重试。",
        headers={"Retry-After": "1"},
    )


def _alarm(request: Request, error: Exception) -> JSONResponse:
    log.critical("ledger_alarm", route=template(request.scope), error=type(error).__name__, detail=str(error))
    return respond(
        request, 500, "ledger-alarm", "台账核验未通过，已停止写入，请立即通知系统管理员和审计人员。"
    )


def install(app: FastAPI) -> None:
    """Register the answer to every kind of error."""

    def reused(request: Request, error: Exception) -> JSONResponse:
        del error
        return respond(
            request,
            422,
            "idempotency-key-reused",
            "同一 Idempotency-Key 已用于另一个请求。",
            requirement="R-096",
        )

    def unseen(request: Request, error: Exception) -> JSONResponse:
        del error
        return respond(
            request,
            428,
            "version-required",
            "请在 If-Match 请求头中写明所见版本（ETag）。",
            requirement="R-071",
            clause=regulation.CLAUSES["R-071"],
        )

    def unknown(request: Request, error: Exception) -> JSONResponse:
        del error
        return respond(request, 404, "not-found", "不存在，或无权知悉。")

    def unbegun(request: Request, error: Exception) -> JSONResponse:
        return respond(request, 404, "not-yet-begun", (type(error).__doc__ or "").strip())

    def past_the_end(request: Request, error: Exception) -> JSONResponse:
        title = (type(error).__doc__ or "").strip()
        place = Place(pointer="query:position", detail=title)
        return respond(request, 422, "past-the-end", title, errors=[place])

    def backwards(request: Request, error: Exception) -> JSONResponse:
        return respond(request, 422, "backwards", str(error))

    handlers: dict[Any, Any] = {
        Refusal: _refused,
        RequestValidationError: _invalid,
        HTTPException: _http,
        ApiError: _api,
        commands.VersionConflict: _conflict,
        commands.VersionRequired: unseen,
        commands.UnknownPair: unknown,
        audit.UnknownPair: unknown,
        changes.Backwards: backwards,
        recall.NotYetBegun: unbegun,
        recall.PastTheEnd: past_the_end,
        ports.CommandReused: reused,
        ports.LedgerBusy: _busy,
        ports.LedgerUnavailable: _busy,
        ports.LedgerRewound: _alarm,
        dossier.LedgerBroken: _alarm,
        identity.LockedOut: _locked_out,
        identity_ports.NotVouched: _not_vouched,
        identity_ports.Unavailable: _platform_away,
        **dict.fromkeys(IDENTITY, _identity),
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def declared(*codes: int) -> dict[int | str, dict[str, Any]]:
    """Declare error answers for OpenAPI."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        code: {"description": DESCRIPTIONS[code], "content": {MEDIA_TYPE: {"schema": schema}}}
        for code in codes
    }
