"""The system administrator's doors: who is known, with which roles and tokens."""

from datetime import timedelta
from typing import Annotated

import structlog
from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api import mandates, problems
from api.auth import Person, Role, TheDesk, Who
from api.limits import DIVISION
from api.problems import ApiError
from application import ports
from domain import people, wording

log = structlog.get_logger()
router = APIRouter(tags=["系统管理"])
ERRORS = problems.declared(400, 401, 403, 404, 405, 408, 413, 415, 422, 500, 503)
MAX_DAYS = 400
PersonId = Annotated[str, Path(title="人员编号", max_length=64, pattern=r"^[0-9A-Za-z][0-9A-Za-z._:-]*$")]


class Enrolment(BaseModel):
    """登记一名人员。"""

    model_config = ConfigDict(extra="forbid")

    person: wording.Code = Field(title="人员编号", examples=["p-140830-go"])
    label: wording.Line = Field(
        title="说明（职务，不写姓名和联系方式）", examples=["芮城县政府办公室综合科科员"]
    )


class TokenOrder(BaseModel):
    """发放令牌。"""

    model_config = ConfigDict(extra="forbid")

    label: wording.Line = Field(title="用途", examples=["日常办公"])
    days: int = Field(strict=True, ge=1, le=MAX_DAYS, title="有效天数", examples=[180])


class Token(BaseModel):
    """令牌只显示这一次。"""

    person: str = Field(title="人员编号")
    token: str = Field(title="令牌")
    expires_at: str = Field(title="失效时间")


class RoleOrder(BaseModel):
    """授予读取或管理的职责。"""

    model_config = ConfigDict(extra="forbid")

    role: Role = Field(title="职责")
    scope: str = Field(title="区划代码（含其下级）", pattern=DIVISION, examples=["140800"])


class Known(BaseModel):
    """一名登记的人员。"""

    person: str = Field(title="人员编号")
    label: str = Field(default="", title="说明")
    roles: list[RoleOrder] = Field(default_factory=list, title="职责")


def administrator(who: Person, scope: str | None = None) -> None:
    """Let only system administrators go on, and only within their divisions. Raises: ApiError 403."""
    if not who.has(Role.SYSTEM_ADMINISTRATOR) or (scope is not None and not who.administers(scope)):
        raise ApiError(403, "not-administrator", "此事由系统管理员办理，且限其管理的区划。")


@router.get("/me", summary="查看本人", response_model=Known, responses=ERRORS, operation_id="me")
def me(who: Who) -> JSONResponse:
    """令牌代表谁、有哪些职责；任职见各结对单位的任职登记。"""
    roles = [{"role": grant.role, "scope": grant.scope} for grant in who.grants]
    return JSONResponse({"person": who.id, "label": "", "roles": roles})


@router.post(
    "/people",
    status_code=201,
    summary="登记人员",
    response_model=Known,
    responses=ERRORS,
    operation_id="enrol",
)
def enrol(body: Enrolment, the_desk: TheDesk, who: Who) -> JSONResponse:
    """登记一名人员；已登记的不变。系统自用的编号不得登记。"""
    administrator(who)
    people.must_be_a_person(body.person, pointer="/person")
    if the_desk.credentials.enrol(body.person, label=body.label, actor=who.id):
        log.info("person_enrolled", by=who.id, person=body.person)
    return JSONResponse({"person": body.person, "label": body.label, "roles": []}, status_code=201)


@router.post(
    "/people/{person}/tokens",
    status_code=201,
    summary="发放令牌",
    response_model=Token,
    responses=ERRORS,
    operation_id="issue_token",
)
def issue(person: PersonId, body: TokenOrder, the_desk: TheDesk, who: Who) -> JSONResponse:
    """发放一枚令牌，只显示一次，系统只存其哈希；此人的任职和职责须全部在管理员的区划之内。"""
    administrator(who)
    mandates.check_token(the_desk, who, person)
    expires = the_desk.clock() + timedelta(days=body.days)
    try:
        token = the_desk.credentials.issue(person, label=body.label, expires_at=expires, actor=who.id)
    except ports.UnknownPrincipal as unknown:
        raise ApiError(404, "unknown-person", "没有登记此人员。") from unknown
    log.info("token_issued", by=who.id, person=person, days=body.days)
    return JSONResponse(
        {"person": person, "token": token, "expires_at": expires.isoformat()}, status_code=201
    )


@router.post(
    "/people/{person}/roles",
    status_code=201,
    summary="授予职责",
    response_model=RoleOrder,
    responses=ERRORS,
    operation_id="grant_role",
)
def grant(person: PersonId, body: RoleOrder, the_desk: TheDesk, who: Who) -> JSONResponse:
    """授予读取或管理的职责；不能授予自己，系统管理员职责不能授予担任职务的人（三员分立）。"""
    administrator(who, body.scope)
    if person == who.id:
        raise ApiError(403, "self-grant", "不能给自己授予职责。")
    mandates.check_grant(the_desk, who, person, role=body.role)
    try:
        the_desk.credentials.grant(person, role=body.role.value, scope=body.scope, actor=who.id)
    except ports.UnknownPrincipal as unknown:
        raise ApiError(404, "unknown-person", "没有登记此人员。") from unknown
    log.info("role_granted", by=who.id, person=person, role=body.role.value, scope=body.scope)
    return JSONResponse(body.model_dump(mode="json"), status_code=201)


@router.delete(
    "/people/{person}/tokens/{token_hash}",
    status_code=204,
    summary="撤销令牌",
    responses=ERRORS,
    operation_id="revoke_token",
)
def revoke(
    person: PersonId,
    token_hash: Annotated[str, Path(title="令牌的 SHA-256", pattern=r"^[0-9a-f]{64}$")],
    the_desk: TheDesk,
    who: Who,
) -> Response:
    """撤销一枚令牌，下一次请求起无效；此人的任职和职责须全部在管理员的区划之内。"""
    administrator(who)
    mandates.check_reach(the_desk, who, person)
    known = {each.token_hash for each in the_desk.credentials.credentials(person)}
    if token_hash not in known or not the_desk.credentials.revoke(token_hash, actor=who.id):
        raise ApiError(404, "unknown-token", "没有这枚有效的令牌。")
    log.info("token_revoked", by=who.id, person=person, token=token_hash[:12])
    return Response(status_code=204)
