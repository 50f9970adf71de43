"""The administrators' doors: who is known, with which roles and tokens, and what administrators did (三员分立).

The system administrator enrols, the security administrator grants and hands out tokens, the audit administrator reads
what both did. What none of them may do to whom, the rules of the administration ledger say.
"""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api import forms, problems
from api import mandates as reach
from api.auth import Person, TheDesk, Who
from api.desk import Desk
from api.limits import DIVISION
from api.moments import NowOnly
from api.problems import ApiError
from api.routes.reads import AFTER_ID, AFTER_POSITION, READ_ERRORS, Cursor, Limit, Listing, seal, unseal
from application import audit, ports
from domain import granting, mandates, refusals, wording
from domain.mandates import Role
from domain.queries import Matter

router = APIRouter(tags=["系统管理"])
ERRORS = problems.declared(400, 401, 403, 404, 405, 408, 413, 415, 422, 500, 503)
LIST_ERRORS = {**READ_ERRORS, **problems.declared(403)}
MAX_DAYS = 400
PERSON = r"^[0-9A-Za-z][0-9A-Za-z._:-]*$"
PersonId = Annotated[str, Path(title="人员编号", max_length=64, pattern=PERSON)]


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
    days: int = Field(ge=1, le=MAX_DAYS, title="有效天数", examples=[180])


class Token(BaseModel):
    """令牌只显示这一次。"""

    person: str = Field(title="人员编号")
    token: str = Field(title="令牌")
    expires_at: str = Field(title="失效时间")


class KeyOrder(BaseModel):
    """发放对接系统的密钥。"""

    model_config = ConfigDict(extra="forbid")

    label: wording.Line = Field(title="用途", examples=["市督查系统读取议定事项"])
    pair: str = Field(title="结对单位", pattern=DIVISION, examples=["140830"])
    matters: list[Matter] = Field(title="可读取的内容", min_length=1, max_length=len(Matter))
    days: int = Field(ge=1, le=MAX_DAYS, title="有效天数", examples=[180])


class RoleOrder(BaseModel):
    """授予读取或管理的职责。"""

    model_config = ConfigDict(extra="forbid")

    role: Role = Field(title="职责")
    scope: str = Field(title="区划代码", pattern=DIVISION, examples=["140800"])
    subtree: bool = Field(default=True, title="含其下级")
    valid_from: date | None = Field(
        default=None, title="起始日（含）", description="北京时间；不填则自即日起。"
    )
    valid_until: date | None = Field(
        default=None, title="截止日（含）", description="北京时间；对接系统必填，其余不填则至收回为止。"
    )
    matters: list[Matter] = Field(
        default_factory=list, max_length=len(Matter), title="可读取的内容", description="限对接系统。"
    )
    basis: wording.Line = Field(default="", title="依据（文号）", examples=["运审委发〔2026〕3号"])


class Held(BaseModel):
    """一项职责。"""

    role: str = Field(title="职责")
    scope: str = Field(title="区划代码")
    subtree: bool = Field(default=True, title="含其下级")
    valid_from: date | None = Field(default=None, title="起始日（含）")
    valid_until: date | None = Field(default=None, title="截止日（含）")
    matters: list[str] = Field(default_factory=list, title="可读取的内容")


class Known(BaseModel):
    """一名登记的人员。"""

    person: str = Field(title="人员编号")
    label: str = Field(default="", title="说明")
    roles: list[Held] = Field(default_factory=list, title="职责")


class Secret(BaseModel):
    """一枚令牌或密钥，只有哈希。"""

    hash: str = Field(title="SHA-256")
    kind: mandates.KeyKind = Field(title="种类")
    purpose: str = Field(title="用途")
    expires_at: str = Field(title="失效时间")
    revoked: bool = Field(title="是否已撤销")


class Listed(Known):
    """一名登记的人员及其令牌。"""

    keys: list[Secret] = Field(default_factory=list, title="令牌和密钥")


def must_be(who: Person, role: Role, scope: str | None = None, *, below: bool = False) -> None:
    """Let only administrators of a kind go on, and only within their divisions; ``below``: with all below the scope.

    Raises: ApiError 403.
    """
    if not who.has(role) or (scope is not None and not who.acts_as(role, scope, below=below)):
        raise ApiError(403, "not-administrator", f"此事由{role.label}办理，且限其管理的区划。")


def _submit(the_desk: Desk, who: Person, order: granting.Order, posts: granting.Posts) -> bool:
    try:
        return bool(the_desk.administration.submit(order, by=reach.acting(who), posts=posts))
    except refusals.NotFound as unknown:
        raise _unknown_person() from unknown


def _unknown_person() -> ApiError:
    return ApiError(404, "unknown-person", "没有登记此人员。")


def within_reach(the_desk: Desk, who: Person, person: str) -> granting.Posts:
    """Let a security administrator serve those whose powers all lie in his divisions. Raises: ApiError 403."""
    posts = reach.posts_of(the_desk, person)
    reach.check_reach(the_desk, who, person, role=Role.SECURITY_ADMINISTRATOR, posts=posts)
    return posts


def may_hand_out(the_desk: Desk, who: Person, person: str) -> None:
    """Refuse to show a secret of a person to who gave him his powers. Raises: GiverHandsOutNoKey, NobodyToStandFor."""
    known = the_desk.administration.principal(person)
    if known.enrolled:
        granting.may_hand_out(
            known, by=reach.acting(who), posts=reach.posts_of(the_desk, person), today=the_desk.today()
        )


@router.get("/me", summary="查看本人", response_model=Known, responses=ERRORS, operation_id="me")
def me(who: Who) -> JSONResponse:
    """令牌代表谁、今天有哪些职责；任职见各结对单位的任职登记。"""
    roles = [_today(each) for each in who.grants]
    return JSONResponse({"person": who.id, "label": "", "roles": roles})


def _today(grant: ports.Grant) -> dict[str, Any]:
    shown: dict[str, Any] = {"role": grant.role, "scope": grant.scope}
    if not grant.subtree:
        shown["subtree"] = False
    if grant.matters:
        shown["matters"] = list(grant.matters)
    return shown


@router.post(
    "/people",
    status_code=201,
    summary="登记人员",
    response_model=Known,
    responses=ERRORS,
    operation_id="enrol",
)
def enrol(
    body: Annotated[Enrolment, forms.as_written(Enrolment)], the_desk: TheDesk, who: Who
) -> JSONResponse:
    """登记一名人员，由系统管理员办理；已登记的不变。系统自用的编号不得登记。"""
    must_be(who, Role.SYSTEM_ADMINISTRATOR)
    _submit(the_desk, who, granting.Enrol(person=body.person, description=body.label), granting.Posts())
    return JSONResponse({"person": body.person, "label": body.label, "roles": []}, status_code=201)


@router.get(
    "/people",
    summary="列出登记的人员",
    response_model=Listing[Listed],
    responses=LIST_ERRORS,
    dependencies=[NowOnly],
    operation_id="list_people",
)
def list_people(the_desk: TheDesk, who: Who, cursor: Cursor = None, limit: Limit = 50) -> JSONResponse:
    """按编号列出人员、职责和令牌（只有哈希）；限系统管理员、安全管理员、审计管理员。"""
    if not any(who.has(role) for role in mandates.ADMINISTRATORS):
        raise ApiError(403, "not-administrator", "限系统管理员、安全管理员、审计管理员。")
    bound = {"kind": "people"}
    after = unseal(cursor, shape=AFTER_ID, bound_to=bound) or ""
    known = the_desk.administration.state().principals
    rest = sorted(person for person, each in known.items() if each.enrolled and person > after)
    items = [_listed(known[person]) for person in rest[:limit]]
    following = seal(rest[limit - 1], bound_to=bound) if len(rest) > limit else None
    return JSONResponse({"items": items, "next_cursor": following})


def _listed(known: mandates.Principal) -> dict[str, Any]:
    return Listed(
        person=known.id,
        label=known.description,
        roles=[Held(**each.model_dump(exclude={"given_by"})) for each in known.mandates.values()],
        keys=[
            Secret(
                hash=each.hash,
                kind=each.kind,
                purpose=each.purpose,
                expires_at=each.expires_at.isoformat(),
                revoked=each.revoked,
            )
            for each in known.keys.values()
        ],
    ).model_dump(mode="json")


@router.post(
    "/people/{person}/tokens",
    status_code=201,
    summary="发放令牌",
    response_model=Token,
    responses=ERRORS,
    operation_id="issue_token",
)
def issue(
    person: PersonId, body: Annotated[TokenOrder, forms.as_written(TokenOrder)], the_desk: TheDesk, who: Who
) -> JSONResponse:
    """发放一枚令牌，只显示一次，系统只存其哈希；由安全管理员办理。

    此人的任职和职责须全部在安全管理员的区划之内；其职责是该安全管理员自己授予的，须由另一名安全管理员发放。
    """
    must_be(who, Role.SECURITY_ADMINISTRATOR)
    posts = within_reach(the_desk, who, person)
    expires = the_desk.clock() + timedelta(days=body.days)
    try:
        token = the_desk.administration.issue(
            person, by=reach.acting(who), purpose=body.label, expires_at=expires, posts=posts
        )
    except refusals.NotFound as unknown:
        raise _unknown_person() from unknown
    return JSONResponse(
        {"person": person, "token": token, "expires_at": expires.isoformat()}, status_code=201
    )


@router.post(
    "/people/{person}/keys",
    status_code=201,
    summary="发放对接系统的密钥",
    response_model=Token,
    responses=ERRORS,
    operation_id="issue_key",
)
def issue_key(person: PersonId, body: KeyOrder, the_desk: TheDesk, who: Who) -> JSONResponse:
    """发放一枚密钥，只显示一次：只读，限一个结对单位和所列内容，不得超出此对接系统的职责；由安全管理员办理。

    授予其职责的，须由另一名安全管理员发放；职责到期或收回，密钥随即无效。
    """
    must_be(who, Role.SECURITY_ADMINISTRATOR, body.pair)
    posts = within_reach(the_desk, who, person)
    expires = the_desk.clock() + timedelta(days=body.days)
    try:
        key = the_desk.administration.issue(
            person,
            by=reach.acting(who),
            purpose=body.label,
            expires_at=expires,
            kind=mandates.KeyKind.KEY,
            pair=body.pair,
            matters=tuple(each.value for each in body.matters),
            posts=posts,
        )
    except refusals.NotFound as unknown:
        raise _unknown_person() from unknown
    return JSONResponse({"person": person, "token": key, "expires_at": expires.isoformat()}, status_code=201)


@router.post(
    "/people/{person}/roles",
    status_code=201,
    summary="授予职责",
    response_model=RoleOrder,
    responses=ERRORS,
    operation_id="grant_role",
)
def grant(
    person: PersonId, body: Annotated[RoleOrder, forms.as_written(RoleOrder)], the_desk: TheDesk, who: Who
) -> JSONResponse:
    """授予读取或管理的职责，由安全管理员办理；同一职责、同一区划再次授予的，以新的期限为准。

    不能授予自己；三种管理职责须是三个人，且不得担任职务、兼任读取职责（三员分立）。
    """
    must_be(who, Role.SECURITY_ADMINISTRATOR, body.scope, below=body.subtree)
    if person == who.id:
        raise ApiError(403, "self-grant", "不能给自己授予职责。")
    posts = within_reach(the_desk, who, person)
    order = granting.Grant(person=person, **body.model_dump(mode="json"))
    _submit(the_desk, who, order, posts)
    return JSONResponse(body.model_dump(mode="json"), status_code=201)


@router.delete(
    "/people/{person}/roles/{role}/{scope}",
    status_code=204,
    summary="收回职责",
    responses=ERRORS,
    operation_id="withdraw_role",
)
def withdraw(
    person: PersonId,
    role: Annotated[Role, Path(title="职责")],
    scope: Annotated[str, Path(title="区划代码", pattern=DIVISION)],
    the_desk: TheDesk,
    who: Who,
) -> Response:
    """收回一项职责，下一次请求起无效；由安全管理员办理。"""
    must_be(who, Role.SECURITY_ADMINISTRATOR, scope)
    known = the_desk.administration.principal(person).mandates.get(mandates.place(role.value, scope))
    must_be(who, Role.SECURITY_ADMINISTRATOR, scope, below=known is not None and known.subtree)
    if not _submit(
        the_desk, who, granting.Withdraw(person=person, role=role.value, scope=scope), granting.Posts()
    ):
        raise ApiError(404, "unknown-role", "此人没有这项职责。")
    return Response(status_code=204)


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
    """撤销一枚令牌，下一次请求起无效；由安全管理员办理，此人的任职和职责须全部在其区划之内。"""
    must_be(who, Role.SECURITY_ADMINISTRATOR)
    posts = within_reach(the_desk, who, person)
    try:
        ended = the_desk.administration.submit(
            granting.Revoke(person=person, key_hash=token_hash), by=reach.acting(who), posts=posts
        )
    except refusals.NotFound:
        ended = []
    if not ended:
        raise ApiError(404, "unknown-token", "没有这枚有效的令牌。")
    return Response(status_code=204)


@router.get(
    "/administration/acts",
    summary="查看管理台账",
    response_model=Listing[audit.Line],
    responses=LIST_ERRORS,
    dependencies=[NowOnly],
    operation_id="list_administration_acts",
)
def acts(
    the_desk: TheDesk,
    who: Who,
    actor: Annotated[str | None, Query(max_length=64, pattern=PERSON, title="办理人")] = None,
    subject: Annotated[str | None, Query(max_length=64, pattern=PERSON, title="为谁办理")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> JSONResponse:
    """何时、何人、为谁，登记、授予、收回、发放、撤销了什么，逐条带哈希；限审计管理员。"""
    must_be(who, Role.AUDIT_ADMINISTRATOR)
    bound = {"kind": "administration", "actor": actor, "subject": subject}
    after = unseal(cursor, shape=AFTER_POSITION, bound_to=bound) or 0
    stream = f"{mandates.DECIDER.kind}:{subject}" if subject is not None else None
    only = audit.Filter(actor=actor, stream=stream)
    page = audit.history(the_desk.views, mandates.TENANT, only=only, after=after, limit=limit)
    following = seal(page.next_after, bound_to=bound) if page.next_after is not None else None
    items = [each.model_dump(mode="json") for each in page.lines]
    return JSONResponse({"items": items, "next_cursor": following})
