"""Signed checkpoints for who reads the history, and the proofs that rest on them."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, Field, TypeAdapter

from api import forms, problems
from api.auth import TheDesk, Who, may_read
from api.desk import Desk
from api.limits import DIVISION, PairId, Unhurried
from api.moments import NowOnly
from api.problems import ApiError
from api.routes.reads import (
    AFTER_ID,
    PAGE,
    READ_ERRORS,
    Cursor,
    Limit,
    Listing,
    seal,
    unseal,
)
from application import proofs, seal_ports
from domain import notes, seals
from domain.decider import Value
from domain.mandates import prefix
from domain.queries import Matter

router = APIRouter(tags=["封存和证明"])
ERRORS = {**READ_ERRORS, **problems.declared(403)}
PROOF_ERRORS = {**READ_ERRORS, **problems.declared(409)}
BEFORE: TypeAdapter[tuple[AwareDatetime, str, int]] = TypeAdapter(
    tuple[
        AwareDatetime,
        Annotated[str, Field(max_length=300, pattern=r"^[0-9A-Za-z._:/-]+$")],
        Annotated[int, Field(strict=True, ge=1, le=2**53)],
    ]
)
Size = Annotated[forms.Whole, Query(ge=1, le=2**53, title="条数")]
Until = Annotated[
    forms.Whole | None, Query(ge=1, le=2**53, title="至条数", description="不填则到最近的检查点。")
]
Proved = TypeVar("Proved", bound=proofs.Proof)


class Key(Value):
    """封存密钥的公开部分。"""

    name: str = Field(title="名称")
    vkey: str = Field(title="公钥行", description="C2SP 签名笔记的公钥格式；双方留存，用以核对检查点。")


class Shown(Value):
    """一个检查点。"""

    origin: str = Field(title="树的名称", examples=["lianxi.example/pairs/140830/1"])
    size: int = Field(title="条数", description="盖住台账的前多少条。")
    root: str = Field(title="树根", description="RFC 6962 树根，十六进制。")
    note: str = Field(title="签名笔记", description="可直接交见证人见证、离线核对。")
    number: int | None = Field(title="在全体之树中的序号", description="从 0 起；全体自身的检查点为空。")
    at: datetime = Field(title="封存时间")


class State(Value):
    """一个结对单位的封存情况。"""

    pair: str = Field(title="结对单位")
    checkpoint: Shown | None = Field(title="最近的检查点", description="尚未封存过则为空。")
    alarm: str = Field(title="告警", description="拒绝封存的原因；正常则为空。")
    alarm_since: datetime | None = Field(title="告警起始时间")


def _shown(published: seal_ports.Published) -> Shown:
    checkpoint = notes.read_checkpoint(notes.read(published.note).text)
    return Shown(
        origin=published.origin,
        size=published.size,
        root=checkpoint.root.hex(),
        note=published.note,
        number=published.number,
        at=published.at,
    )


@router.get(
    "/checkpoints/key",
    summary="封存公钥",
    responses=READ_ERRORS,
    operation_id="seal_key",
)
def key(the_desk: TheDesk, who: Who) -> Key:
    """核对检查点和证明所用的公钥；请另经可信途径核实一次后留存。"""
    del who
    try:
        found = the_desk.sealer.vault.key()
    except seal_ports.CannotSeal as fault:
        raise _unavailable() from fault
    if found is None:
        raise ApiError(404, "not-found", "尚未封存过。")
    return Key(name=found.name, vkey=found.vkey)


@router.get(
    "/checkpoints",
    summary="全体的检查点",
    response_model=Listing[Shown],
    responses=READ_ERRORS,
    operation_id="list_city_checkpoints",
)
def everyone(the_desk: TheDesk, who: Who, cursor: Cursor = None, limit: Limit = 50) -> JSONResponse:
    """盖住全部结对单位检查点的总检查点，由近及远；只有条数和树根，不含任何单位的内容。"""
    del who
    return _listed(the_desk, seals.ALL, cursor, limit)


@router.get(
    "/checkpoints/growth",
    summary="证明全体的后一个检查点是前一个的延续",
    response_model=proofs.GrowthProof,
    responses=PROOF_ERRORS,
    dependencies=[Unhurried],
    operation_id="city_growth_proof",
)
def everyones_growth(the_desk: TheDesk, who: Who, since: Size, until: Until = None) -> proofs.GrowthProof:
    """供见证人核对后见证；可离线核对。until 不填则到最近的检查点。"""
    del who
    return _growth(the_desk, seals.ALL, since, until)


@router.get(
    "/pairs/{pair}/checkpoints",
    summary="检查点",
    response_model=Listing[Shown],
    responses=READ_ERRORS,
    dependencies=[NowOnly],
    operation_id="list_checkpoints",
)
def listed(
    pair: PairId, the_desk: TheDesk, who: Who, cursor: Cursor = None, limit: Limit = 50
) -> JSONResponse:
    """这个结对单位台账的检查点，由近及远。"""
    may_read(the_desk, who, pair, Matter.HISTORY)
    return _listed(the_desk, pair, cursor, limit)


@router.get(
    "/pairs/{pair}/checkpoints/latest",
    summary="最近的检查点",
    responses=READ_ERRORS,
    dependencies=[NowOnly],
    operation_id="latest_checkpoint",
)
def latest(pair: PairId, the_desk: TheDesk, who: Who) -> Shown:
    """这个结对单位台账最近一次封存的检查点。"""
    may_read(the_desk, who, pair, Matter.HISTORY)
    found = the_desk.sealer.checkpoints.latest(pair)
    if found is None:
        raise ApiError(404, "not-found", "尚未封存过。")
    return _shown(found)


@router.get(
    "/pairs/{pair}/checkpoints/facts/{position}",
    summary="证明一条事实已封存",
    response_model=proofs.FactProof,
    responses=PROOF_ERRORS,
    dependencies=[Unhurried, NowOnly],
    operation_id="fact_proof",
)
def fact_proof(
    pair: PairId,
    position: Annotated[forms.Whole, Path(ge=1, le=2**53, title="台账位置")],
    the_desk: TheDesk,
    who: Who,
) -> proofs.FactProof:
    """含事实的原始字节、路径和签名检查点，可离线核对。"""
    may_read(the_desk, who, pair, Matter.HISTORY)
    kept = the_desk.sealer.checkpoints
    return _proved(lambda: proofs.of_fact(the_desk.ledger, kept, pair, position=position))


@router.get(
    "/pairs/{pair}/checkpoints/growth",
    summary="证明后一个检查点是前一个的延续",
    response_model=proofs.GrowthProof,
    responses=PROOF_ERRORS,
    dependencies=[Unhurried, NowOnly],
    operation_id="growth_proof",
)
def growth(pair: PairId, the_desk: TheDesk, who: Who, since: Size, until: Until = None) -> proofs.GrowthProof:
    """证明自 since 条的检查点以来，原有记录原样未动；until 不填则到最近的检查点。"""
    may_read(the_desk, who, pair, Matter.HISTORY)
    return _growth(the_desk, pair, since, until)


@router.get(
    "/pairs/{pair}/checkpoints/seal",
    summary="证明单位的检查点在全体之内",
    response_model=proofs.SealProof,
    responses=PROOF_ERRORS,
    dependencies=[Unhurried, NowOnly],
    operation_id="seal_proof",
)
def seal_proof(pair: PairId, the_desk: TheDesk, who: Who) -> proofs.SealProof:
    """证明最近的检查点已封存在全体的总检查点之内；可离线核对。"""
    may_read(the_desk, who, pair, Matter.HISTORY)
    return _proved(lambda: proofs.of_seal(the_desk.sealer.checkpoints, pair))


@router.get(
    "/audit/checkpoints",
    summary="所辖各结对单位的封存情况和告警",
    response_model=Listing[State],
    responses=ERRORS,
    operation_id="list_seal_states",
)
def states(
    the_desk: TheDesk,
    who: Who,
    scope: Annotated[str, Query(pattern=DIVISION, title="区划代码", examples=["140800"])],
    cursor: Cursor = None,
    limit: Annotated[forms.Whole, Query(ge=1, le=PAGE, title="每页结对单位数")] = 50,
) -> JSONResponse:
    """每个单位最近的检查点；台账不是已封存部分的延续、因而拒绝封存的，列出原因。"""
    if not who.covers_all(scope, Matter.HISTORY):
        raise ApiError(403, "no-mandate", "没有审计该区划的职责。")
    bound = {"scope": scope, "kind": "seals"}
    after = unseal(cursor, shape=AFTER_ID, bound_to=bound) or ""
    try:
        alarms = the_desk.sealer.vault.kept().alarms
        pairs = [each for each in the_desk.sealer.pairs(prefix(scope)) if each > after]
    except seal_ports.CannotSeal as fault:
        raise _unavailable() from fault
    items = []
    for pair in pairs[:limit]:
        published, alarm = the_desk.sealer.checkpoints.latest(pair), alarms.get(pair)
        state = State(
            pair=pair,
            checkpoint=_shown(published) if published else None,
            alarm=alarm.reason if alarm else "",
            alarm_since=alarm.at if alarm else None,
        )
        items.append(state.model_dump(mode="json"))
    following = seal(pairs[limit - 1], bound_to=bound) if len(pairs) > limit else None
    return JSONResponse({"items": items, "next_cursor": following})


def _listed(the_desk: Desk, tenant: str, cursor: str | None, limit: int) -> JSONResponse:
    bound = {"tenant": tenant, "kind": "checkpoints"}
    before = unseal(cursor, shape=BEFORE, bound_to=bound)
    found = the_desk.sealer.checkpoints.listed(tenant, before=before, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    following = seal([last.at.isoformat(), last.origin, last.size], bound_to=bound) if last else None
    items = [_shown(each).model_dump(mode="json") for each in found[:limit]]
    return JSONResponse({"items": items, "next_cursor": following})


def _growth(the_desk: Desk, tenant: str, since: int, until: int | None) -> proofs.GrowthProof:
    kept = the_desk.sealer.checkpoints
    return _proved(lambda: proofs.of_growth(the_desk.ledger, kept, tenant, old_size=since, size=until))


def _proved(make: Callable[[], Proved]) -> Proved:
    try:
        return make()
    except proofs.NoCheckpoint as none:
        raise ApiError(404, "no-checkpoint", none.__doc__ or "") from none
    except proofs.NotProvable as broken:
        raise ApiError(409, "not-provable", broken.__doc__ or "") from broken


def _unavailable() -> ApiError:
    return ApiError(503, "seal-unavailable", "封存目录不可用。")
