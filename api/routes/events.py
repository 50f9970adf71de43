"""What leaves the system by being asked for: the facts of one pair, or of all that a reader may see, as they come."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api import forms, mandates, problems
from api.auth import (
    Given,
    Person,
    TheDesk,
    Who,
    may_read,
    owes,
    reads_history,
    whose,
)
from api.desk import Desk
from api.limits import DIVISION, PairId, Unhurried
from api.moments import NowOnly
from api.problems import ApiError
from api.routes.reads import PAGE, READ_ERRORS
from api.streams import Ended, Placed, heads_below
from application import events, ports
from domain.chain import Head
from domain.mandates import prefix
from domain.queries import Matter

log = structlog.get_logger()
router = APIRouter(tags=["事件"])
ERRORS = {**READ_ERRORS, **problems.declared(403, 409)}
STREAMED = {
    200: {
        "description": "事件流",
        "content": {EventSourceResponse.media_type: {"schema": {"type": "string", "format": "event-stream"}}},
    },
    **ERRORS,
}
LOST = Ended(403, "no-longer-permitted", "已无权读取，事件流到此为止。")
POSITION_DIGITS = 16
LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        max_length=events.CURSOR_LENGTH,
        title="最后收到的事件",
        description="断线重连时填最后收到的 id；与查询参数同时给出时以此为准。",
    ),
]
Scope = Annotated[
    str | None,
    Query(
        pattern=DIVISION,
        title="区划代码",
        description="不填则为有权读取历史的全部结对单位。",
        examples=["140800"],
    ),
]
VectorCursor = Annotated[
    str | None,
    Query(
        max_length=events.CURSOR_LENGTH,
        title="游标",
        description="最后收到的 id，或上一页的 next_cursor；不填则从头开始。限同一人员、同一 scope 使用。",
    ),
]


@dataclass(frozen=True, slots=True)
class Reach:
    """Which pairs' facts a person may read: those of some subtrees, and single ones."""

    prefixes: frozenset[str]
    pairs: frozenset[str]

    def covers(self, pair: str) -> bool:
        return pair in self.pairs or any(pair.startswith(each) for each in self.prefixes)

    def within(self, other: "Reach") -> bool:
        """Whether all of this is also covered by another."""
        return all(map(other.covers, self.pairs | self.prefixes))


def reach(the_desk: Desk, who: Person, scope: str | None) -> Reach:
    """Tell which pairs' history a person may read, of a scope or at all. Raises: ApiError 403."""
    if scope is not None and who.covers_all(scope, Matter.HISTORY):
        return Reach(frozenset({prefix(scope)}), frozenset())
    prefixes = frozenset(
        prefix(grant.scope)
        for grant in who.grants
        if scope is None and who.covers_all(grant.scope, Matter.HISTORY)
    )
    named = {grant.scope for grant in who.grants if not grant.subtree}
    wanted = {scope} if scope is not None else mandates.pairs_of(the_desk, who.id) | named
    pairs = frozenset(pair for pair in wanted if reads_history(the_desk, who, pair))
    if not prefixes and not pairs:
        raise ApiError(403, "no-mandate", "没有读取该区划历史的职责。")
    return Reach(prefixes, pairs)


def still(the_desk: Desk, token: str, *, permitted: Callable[[Person], bool]) -> Callable[[], None]:
    """Make the question that an open stream asks again: is the token good, and may its person still read?

    Returns: what raises Ended where the answer is no.
    """

    def check() -> None:
        # A stream that is left open is no use of a session: it would never be idle.
        who = whose(the_desk, token, seen=False)
        if who is None:
            raise Ended(401, "unauthenticated", "令牌已过期或已撤销，事件流到此为止。")
        if owes(the_desk, who) is not None or not permitted(who):
            raise LOST

    return check


# --- one pair ------------------------------------------------------------------------------------------------


def _beginning(
    pair: PairId,
    the_desk: TheDesk,
    who: Who,
    after: Annotated[
        int, Query(ge=0, le=2**53, title="位置", description="从台账的这个位置之后开始；不填则从头开始。")
    ] = 0,
    last_event_id: LastEventId = None,
) -> Head:
    may_read(the_desk, who, pair, Matter.HISTORY)
    if last_event_id is not None:
        if not (
            last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) <= POSITION_DIGITS
        ):
            title = "Last-Event-ID 应为最后收到的事件的位置。"
            raise ApiError(400, "bad-cursor", title, pointer="header:Last-Event-ID")
        after = int(last_event_id)
    try:
        return events.locate(the_desk.ledger, pair, after)
    except ports.LedgerRewound as rewound:
        raise _past_end(who, pair) from rewound


def _past_end(who: Person, where: str) -> ApiError:
    log.critical("cursor_past_head", by=who.id, tenant=where)
    title = "所给位置在台账末尾之后：台账可能被换成了旧备份，请立即通知系统管理员和审计人员。"
    return ApiError(409, "cursor-past-head", title)


@router.get(
    "/pairs/{pair}/events",
    summary="订阅一个结对单位的事件流",
    response_class=Response,
    responses=STREAMED,
    dependencies=[NowOnly],
    operation_id="stream_pair_events",
)
async def pair_stream(
    request: Request,
    pair: PairId,
    the_desk: TheDesk,
    given: Given,
    begin: Annotated[Head, Depends(_beginning)],
    streams: Placed,
) -> EventSourceResponse:
    """逐条推送台账中的事实（SSE），每条是一个 CloudEvents 1.0 事件，id 即台账位置。

    断线后带 Last-Event-ID 重连，不漏不重。约每 10 秒一个心跳，并重新核对权限；令牌撤销、职责收回时以
    `event: problem` 说明原因后结束。谁今天有权查看历史，谁才能读取。
    """
    return streams.answer(
        lambda each: each == pair,
        after={pair: begin},
        check=still(the_desk, given.token, permitted=lambda person: reads_history(the_desk, person, pair)),
        shape=_one_by_one,
        headless=request.state.headless,
    )


def _one_by_one(batch: events.Batch) -> Iterator[ServerSentEvent]:
    for entry in batch.entries:
        yield ServerSentEvent(id=str(entry.position), raw_data=events.cloud_event(entry))


# --- all pairs -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Journey:
    """A reader of many pairs: what he may see, where he is, and what his cursors are bound to."""

    reach: Reach
    heads: dict[str, Head]
    positions: dict[str, int]
    bound_to: dict[str, Any]

    @property
    def after(self) -> dict[str, Head]:
        return {pair: Head(position=place, hash=events.UNKNOWN) for pair, place in self.positions.items()}


def _journey(the_desk: Desk, who: Person, scope: str | None, cursor: str | None, *, where: str) -> Journey:
    covered = reach(the_desk, who, scope)
    bound = {"kind": "events", "scope": scope or "", "person": who.id}
    try:
        positions = events.unseal(cursor, bound_to=bound) if cursor is not None else {}
    except events.BadCursor as bad:
        raise ApiError(400, "bad-cursor", "游标无效，或不属于本人的这个范围。", pointer=where) from bad
    # Of what is not his any more a reader is told nothing, not even where it ends.
    positions = {pair: place for pair, place in positions.items() if covered.covers(pair)}
    heads = heads_below(the_desk, covered.prefixes | covered.pairs)
    heads = {pair: head for pair, head in heads.items() if covered.covers(pair)}
    if any(place > heads.get(pair, Head()).position for pair, place in positions.items()):
        raise _past_end(who, scope or "")
    return Journey(covered, heads, positions, bound)


def _setting_out(
    the_desk: TheDesk,
    who: Who,
    scope: Scope = None,
    cursor: VectorCursor = None,
    last_event_id: LastEventId = None,
) -> Journey:
    where = "query:cursor" if last_event_id is None else "header:Last-Event-ID"
    journey = _journey(the_desk, who, scope, last_event_id or cursor, where=where)
    _sealed({pair: head.position for pair, head in journey.heads.items()}, journey)
    return journey


def _sealed(positions: dict[str, int], journey: Journey) -> str:
    try:
        return events.seal(positions, bound_to=journey.bound_to)
    except events.CursorTooLong as too_long:
        title = "此范围的结对单位太多，一个游标放不下，请按较小的区划分别读取。"
        raise ApiError(422, "too-many-pairs", title, pointer="query:scope") from too_long


@router.get(
    "/events",
    summary="订阅所辖各结对单位的事件流",
    response_class=Response,
    responses=STREAMED,
    operation_id="stream_events",
)
async def stream(
    request: Request,
    the_desk: TheDesk,
    given: Given,
    journey: Annotated[Journey, Depends(_setting_out)],
    streams: Placed,
    scope: Scope = None,
) -> EventSourceResponse:
    """推送有权读取的全部结对单位的事实（SSE）：每条消息是一批 CloudEvents（JSON 数组，至多 100 个），id 是游标。

    同一结对单位之内按台账顺序；断线后带 Last-Event-ID 重连，不漏不重。心跳和权限核对同单个结对单位的事件流。
    """

    def permitted(person: Person) -> bool:
        try:
            return journey.reach.within(reach(the_desk, person, scope))
        except ApiError:
            return False

    def in_batches(batch: events.Batch) -> Iterable[ServerSentEvent]:
        cursor = _sealed({pair: head.position for pair, head in batch.heads.items()}, journey)
        shown = ",".join(map(events.cloud_event, batch.entries))
        return [ServerSentEvent(id=cursor, raw_data=f"[{shown}]")]

    return streams.answer(
        journey.reach.covers,
        after=journey.after,
        check=still(the_desk, given.token, permitted=permitted),
        shape=in_batches,
        headless=request.state.headless,
    )


@router.get(
    "/events/batch",
    summary="分页读取所辖各结对单位的事件",
    response_class=Response,
    responses={
        200: {"description": "一批事件", "content": {"application/json": {"schema": {"type": "object"}}}},
        **ERRORS,
    },
    dependencies=[Unhurried],
    operation_id="list_events",
)
def page(
    the_desk: TheDesk,
    who: Who,
    scope: Scope = None,
    cursor: VectorCursor = None,
    limit: Annotated[forms.Whole, Query(ge=1, le=PAGE, title="至多几个事件")] = 100,
) -> Response:
    """取游标之后的一批 CloudEvents：`items`、`next_cursor`（总是给出）和 `more`（现在是否还有）；供定时拉取。"""
    journey = _journey(the_desk, who, scope, cursor, where="query:cursor")
    batch = events.following_many(the_desk.ledger, journey.heads, after=journey.after, limit=limit)
    following = _sealed({pair: head.position for pair, head in batch.heads.items()}, journey)
    shown = ",".join(map(events.cloud_event, batch.entries))
    more = "true" if batch.more else "false"
    # The facts' own texts are set in as they are stored, and not read and written anew.
    body = f'{{"items":[{shown}],"next_cursor":"{following}","more":{more}}}'
    return Response(body, media_type="application/json")
