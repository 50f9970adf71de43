"""Webhooks: who lets facts be sent to whom, how far that has come, and what was done about it.

Whoever registers one must be entitled to read what it sends, and it goes by his right from then on: an office of
the pair for the pair, an auditor for his divisions. System administrators read no history, so they register none;
they see what goes out of their divisions and may end it (三员分立).
"""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api import forms, problems
from api.auth import Person, TheDesk, Who, posts_today, reads
from api.desk import Desk
from api.limits import DIVISION, PairId
from api.moments import NowOnly
from api.problems import ApiError
from api.routes.acts import Key
from api.routes.reads import AFTER_ID, PAGE, Cursor, Limit, Listing, seal, unseal
from application import commands, ids, ports, webhooks
from application.webhooks import Webhook
from domain import wording
from domain.chain import canonical
from domain.mandates import prefix
from domain.queries import Matter

log = structlog.get_logger()
router = APIRouter(tags=["推送"])
READ = problems.declared(400, 401, 403, 404, 405, 422, 500, 503)
ERRORS = {**READ, **problems.declared(408, 413, 415)}
MOST = 10
URL_LENGTH = 1000
WebhookId = Annotated[str, Path(title="推送编号", max_length=64, pattern=r"^[0-9a-f-]+$")]


class Begin(StrEnum):
    """Where a subscription begins."""

    NOW = "now"
    BEGINNING = "beginning"


class Order(BaseModel):
    """登记一个推送。"""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(title="目标网址", max_length=URL_LENGTH, examples=["https://oa.example.gov.cn/lianxi"])
    label: wording.Line = Field(title="用途", examples=["同步到办公系统"])
    subtree: bool = Field(default=False, title="含其下级", description="限审计人员；仅本结对单位时不填。")
    begin: Begin = Field(
        default=Begin.NOW, title="从何处开始", description="now：此后的事实；beginning：从第一条起。"
    )


class Subscription(BaseModel):
    """一个推送，不含密钥。"""

    id: str = Field(title="推送编号")
    pair: str = Field(title="登记所在的结对单位或区划")
    subtree: bool = Field(title="含其下级")
    url: str = Field(title="目标网址")
    label: str = Field(title="用途")
    sponsor: str = Field(title="以谁的权限推送（人员编号）")
    created_at: datetime = Field(title="登记时间")
    secret_since: datetime = Field(title="现用密钥启用时间")
    ended_at: datetime | None = Field(default=None, title="终止时间")


class Registered(Subscription):
    """密钥只显示这一次。"""

    secret: str = Field(
        title="签名密钥（Standard Webhooks）",
        description="重复提交而密钥已换发、推送已终止的，不再显示，为空。",
    )


class Delivery(BaseModel):
    """推送在一个结对单位的进度。"""

    pair: str = Field(title="结对单位")
    position: int = Field(title="已送达的位置")
    attempts: int = Field(title="下一条已失败次数")
    reason: str = Field(default="", title="最近一次失败的原因")
    due_at: datetime = Field(title="下次可推送的时间")
    parked_at: datetime | None = Field(default=None, title="搁置时间，未搁置为空")


class Resumption(BaseModel):
    """恢复搁置的推送。"""

    model_config = ConfigDict(extra="forbid")

    pairs: list[Annotated[str, Field(pattern=DIVISION)]] | None = Field(
        default=None, max_length=PAGE, title="结对单位", description="不填则为全部搁置的。"
    )


class ActShown(BaseModel):
    """一次办理的记录。"""

    at: datetime = Field(title="时间")
    actor: str = Field(title="办理人")
    what: str = Field(title="事项：registered 登记、renewed 换发密钥、resumed 恢复、ended 终止")
    webhook: str = Field(title="推送编号")


def _entitled(the_desk: Desk, who: Person, pair: str, *, subtree: bool) -> bool:
    """Whether somebody may let the facts of a pair, or of a division, be sent out."""
    if subtree:
        return who.covers_all(pair, Matter.SUBSCRIBING)
    return reads(the_desk, who, pair, Matter.SUBSCRIBING)


def _must_be_entitled(the_desk: Desk, who: Person, pair: str, *, subtree: bool) -> None:
    if _entitled(the_desk, who, pair, subtree=subtree):
        return
    if not who.administers(pair) and not posts_today(the_desk, who.id, pair):
        raise commands.UnknownPair
    title = "推送由结对单位的政府办公室或工会（办公室）登记，含下级的由审计人员登记。"
    raise ApiError(403, "not-entitled-to-send", title)


def _overseen(the_desk: Desk, who: Person, pair: str) -> None:
    if not reads(the_desk, who, pair, Matter.SENDING):
        _must_be_entitled(the_desk, who, pair, subtree=False)


def _found(the_desk: Desk, pair: str, key: str) -> Webhook:
    for each in the_desk.webhooks.listed(pair):
        if each.id == key and each.ended_at is None:
            return each
    raise ApiError(404, "unknown-webhook", "没有这个有效的推送。")


def _shown(webhook: Webhook) -> dict[str, Any]:
    return Subscription(
        id=webhook.id,
        pair=webhook.tenant,
        subtree=webhook.reach is not None,
        url=webhook.url,
        label=webhook.label,
        sponsor=webhook.sponsor,
        created_at=webhook.created_at,
        secret_since=webhook.rotated_at,
        ended_at=webhook.ended_at,
    ).model_dump(mode="json")


def _with_secret(the_desk: Desk, webhook: Webhook) -> dict[str, Any]:
    key = the_desk.outlet.key()
    return {**_shown(webhook), "secret": webhooks.secret(key, webhook, generation=webhook.generation)}


@router.post(
    "/pairs/{pair}/webhooks",
    status_code=201,
    summary="登记推送",
    response_model=Registered,
    responses=ERRORS,
    operation_id="register_webhook",
)
def register(
    pair: PairId, body: Annotated[Order, forms.as_written(Order)], the_desk: TheDesk, who: Who, key: Key
) -> JSONResponse:
    """登记后，事实逐条以签名的 HTTPS 请求送到目标，同一结对单位之内按台账顺序、至少一次；密钥只在此时显示。

    目标须在系统设置的许可名单内。推送以登记人的权限进行：其任职或职责结束后，推送搁置。
    用同一幂等键重试，只登记一次。
    """
    _must_be_entitled(the_desk, who, pair, subtree=body.subtree)
    digest = hashlib.sha256(canonical(body.model_dump(mode="json"))).digest()
    known = ids.id_of(pair, who.id, key)
    if any(each.id == known for each in the_desk.webhooks.listed(pair)):
        return _first_answer(the_desk, pair, known, digest=digest, repeated=True)
    refused = the_desk.outlet.refusal(body.url)
    if refused is not None:
        raise ApiError(422, "target-not-permitted", f"{refused}。", pointer="/url")
    if sum(each.ended_at is None for each in the_desk.webhooks.listed(pair)) >= MOST:
        raise ApiError(422, "too-many-webhooks", f"每个结对单位或区划至多登记 {MOST} 个推送。")
    now = the_desk.clock()
    made = Webhook(
        tenant=pair,
        id=known,
        reach=prefix(pair) if body.subtree else None,
        url=body.url,
        label=body.label,
        sponsor=who.id,
        generation=1,
        key_id=webhooks.key_id(the_desk.outlet.key()),
        rotated_at=now,
        created_at=now,
        ended_at=None,
        request_hash=digest,
    )
    heads = the_desk.views.heads(made.reach or pair) if body.begin is Begin.NOW else {}
    begin = {each: head for each, head in heads.items() if made.covers(each)}
    the_desk.webhooks.register(made, begin=begin, actor=who.id)
    log.info("webhook_registered", by=who.id, tenant=pair, webhook=made.id, subtree=body.subtree)
    return _first_answer(the_desk, pair, known, digest=digest, repeated=False)


def _first_answer(the_desk: Desk, pair: str, key: str, *, digest: bytes, repeated: bool) -> JSONResponse:
    """Answer what the first request with an Idempotency-Key led to. Raises: CommandReused."""
    (kept,) = (each for each in the_desk.webhooks.listed(pair) if each.id == key)
    if kept.request_hash is None or not hmac.compare_digest(kept.request_hash, digest):
        raise ports.CommandReused
    headers = {"Idempotency-Replayed": "true"} if repeated else {}
    # A later secret was shown to whoever renewed it, and to nobody else.
    first = kept.generation == 1 and kept.ended_at is None
    said = _with_secret(the_desk, kept) if first else {**_shown(kept), "secret": ""}
    return JSONResponse(said, status_code=201, headers=headers)


@router.get(
    "/pairs/{pair}/webhooks",
    summary="列出推送",
    response_model=Listing[Subscription],
    responses=READ,
    dependencies=[NowOnly],
    operation_id="list_webhooks",
)
def listing(pair: PairId, the_desk: TheDesk, who: Who) -> JSONResponse:
    """列出在此登记的推送，已终止的也列出；不含密钥。"""
    _overseen(the_desk, who, pair)
    items = [_shown(each) for each in the_desk.webhooks.listed(pair)]
    return JSONResponse({"items": items, "next_cursor": None})


@router.get(
    "/pairs/{pair}/webhooks/{id}/deliveries",
    summary="查看推送进度",
    response_model=Listing[Delivery],
    responses=READ,
    dependencies=[NowOnly],
    operation_id="list_webhook_deliveries",
)
def deliveries(
    pair: PairId,
    id: WebhookId,
    the_desk: TheDesk,
    who: Who,
    *,
    parked: Annotated[bool, Query(title="只列搁置的")] = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> JSONResponse:
    """逐个结对单位列出送达的位置、失败次数和原因；连续失败到上限的搁置，可以恢复。"""
    _overseen(the_desk, who, pair)
    webhook = _found(the_desk, pair, id)
    bound = {"kind": "webhook_delivery", "pair": pair, "id": id, "parked": parked}
    after = unseal(cursor, shape=AFTER_ID, bound_to=bound) or ""
    found = the_desk.webhooks.deliveries(webhook, parked=parked, after=after, limit=limit + 1)
    items = [
        Delivery(
            pair=each.pair,
            position=each.position,
            attempts=each.attempts,
            reason=each.reason,
            due_at=each.due_at,
            parked_at=each.parked_at,
        ).model_dump(mode="json")
        for each in found[:limit]
    ]
    following = seal(found[limit - 1].pair, bound_to=bound) if len(found) > limit else None
    return JSONResponse({"items": items, "next_cursor": following})


@router.post(
    "/pairs/{pair}/webhooks/{id}/resumption",
    summary="恢复搁置的推送",
    response_model=Subscription,
    responses=ERRORS,
    operation_id="resume_webhook",
)
def resume(
    pair: PairId,
    id: WebhookId,
    body: Annotated[Resumption, forms.as_written(Resumption)],
    the_desk: TheDesk,
    who: Who,
) -> JSONResponse:
    """从搁置处继续推送。由有权登记的人恢复时，此后以其权限推送；系统管理员恢复的，权限不变。"""
    _overseen(the_desk, who, pair)
    webhook = _found(the_desk, pair, id)
    entitled = _entitled(the_desk, who, pair, subtree=webhook.reach is not None)
    chosen = body.pairs if body.pairs is not None else list(_parked(the_desk, webhook))
    if not all(map(webhook.covers, chosen)):
        raise ApiError(422, "not-covered", "所列结对单位不在此推送的范围内。", pointer="/pairs")
    sponsor = who.id if entitled else webhook.sponsor
    the_desk.webhooks.resume(webhook, chosen, sponsor=sponsor, actor=who.id)
    log.info("webhook_resumed", by=who.id, tenant=pair, webhook=id, pairs=len(chosen))
    return JSONResponse(_shown(_found(the_desk, pair, id)))


def _parked(the_desk: Desk, webhook: Webhook) -> Iterator[str]:
    after = ""
    while page := the_desk.webhooks.deliveries(webhook, parked=True, after=after, limit=PAGE):
        yield from (each.pair for each in page)
        after = page[-1].pair


@router.post(
    "/pairs/{pair}/webhooks/{id}/secret",
    status_code=201,
    summary="换发签名密钥",
    response_model=Registered,
    responses=ERRORS,
    operation_id="renew_webhook_secret",
)
def renew(pair: PairId, id: WebhookId, the_desk: TheDesk, who: Who) -> JSONResponse:
    """换发密钥，只显示这一次；一天之内新旧密钥都签名，接收方可以从容更换。"""
    _must_be_entitled(the_desk, who, pair, subtree=_found_for(the_desk, who, pair, id).reach is not None)
    the_desk.webhooks.renew(pair, id, key_id=webhooks.key_id(the_desk.outlet.key()), actor=who.id)
    log.info("webhook_secret_renewed", by=who.id, tenant=pair, webhook=id)
    return JSONResponse(_with_secret(the_desk, _found(the_desk, pair, id)), status_code=201)


def _found_for(the_desk: Desk, who: Person, pair: str, key: str) -> Webhook:
    _overseen(the_desk, who, pair)
    return _found(the_desk, pair, key)


@router.delete(
    "/pairs/{pair}/webhooks/{id}",
    status_code=204,
    summary="终止推送",
    responses=ERRORS,
    operation_id="end_webhook",
)
def end(pair: PairId, id: WebhookId, the_desk: TheDesk, who: Who) -> Response:
    """终止后不再推送，不能恢复；登记和进度留存。"""
    _overseen(the_desk, who, pair)
    if not the_desk.webhooks.end(pair, _found(the_desk, pair, id).id, actor=who.id):
        raise ApiError(404, "unknown-webhook", "没有这个有效的推送。")
    log.info("webhook_ended", by=who.id, tenant=pair, webhook=id)
    return Response(status_code=204)


@router.get(
    "/pairs/{pair}/webhook-acts",
    summary="查看推送的办理记录",
    response_model=Listing[ActShown],
    responses=READ,
    dependencies=[NowOnly],
    operation_id="list_webhook_acts",
)
def acts(pair: PairId, the_desk: TheDesk, who: Who, cursor: Cursor = None, limit: Limit = 50) -> JSONResponse:
    """何人何时登记、换发密钥、恢复、终止了哪个推送。"""
    _overseen(the_desk, who, pair)
    bound = {"kind": "webhook_act", "pair": pair}
    after = unseal(cursor, shape=AFTER_ID, bound_to=bound) or ""
    found = the_desk.webhooks.acts(pair, after=after, limit=limit + 1)
    items = [
        ActShown(at=each.at, actor=each.actor, what=each.what, webhook=each.webhook).model_dump(mode="json")
        for each in found[:limit]
    ]
    following = seal(found[limit - 1].id, bound_to=bound) if len(found) > limit else None
    return JSONResponse({"items": items, "next_cursor": following})
