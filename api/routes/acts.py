"""How an act becomes a route: one POST on a noun, a command as body, a receipt as answer."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Body, Header, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from api import examples, forms, mandates, problems
from api.auth import Person
from api.desk import Desk
from api.limits import Member, PairId, place
from api.problems import ApiError
from application import commands, handlers, ids
from application.dossier import SINGLETONS
from domain import people
from domain.decider import Command

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        title="幂等键",
        description="每个操作一个；用同一键重试，只记一次，返回首次的结果。",
        min_length=8,
        max_length=64,
        pattern=r"^[0-9A-Za-z._:-]+$",
        examples=["2025-03-12-consult-t1"],
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        title="所见版本",
        description="最近一次读取该对象时的 ETag；新建对象不填。",
        max_length=32,
        examples=['"3"'],
    ),
]
SubjectId = Annotated[str, Path(title="对象编号", max_length=64, pattern=r"^[0-9A-Za-z-]+$")]

COMMAND_ERRORS = problems.declared(400, 401, 403, 404, 405, 408, 412, 413, 415, 422, 428, 500, 503)
# A subject with a thousand million facts would be none of ours.
VERSION_DIGITS = 9
REGISTERED: dict[type[Command], str] = {}
Endpoint: TypeAlias = Callable[..., Awaitable[JSONResponse]]


def seen_version(if_match: str | None) -> int | None:
    """Read the version out of an If-Match header.

    Raises: ApiError 400 where it is no version.
    """
    if if_match is None:
        return None
    digits = if_match.strip().strip('"')
    if (
        not digits.isascii()
        or not digits.isdigit()
        or f'"{digits}"' != if_match.strip()
        or len(digits) > VERSION_DIGITS
    ):
        raise ApiError(
            400, "bad-if-match", "If-Match 应为读取该对象时得到的 ETag。", pointer="header:If-Match"
        )
    return int(digits)


def etag(version: int) -> str:
    """Give the ETag of a version."""
    return f'"{version}"'


def act(router: APIRouter, path: str, command: type[Command], *, summary: str) -> None:
    """Register the route of one command. ``path`` is below the pair; ``{id}`` in it is the subject."""
    handler = handlers.HANDLERS[command]
    route = _with_id if "{id}" in path else _without_id
    endpoint = route(handler)
    endpoint.__annotations__["body"] = Annotated[
        command, forms.as_written(command), Body(openapi_examples=examples.of(command))
    ]
    endpoint.__name__ = command.__name__
    REGISTERED[command] = f"/v1/pairs/{{pair}}{path}"
    router.add_api_route(
        f"/pairs/{{pair}}{path}",
        endpoint,
        methods=["POST"],
        status_code=201 if handler.begins else 200,
        summary=summary,
        description=(command.__doc__ or "").strip(),
        response_model=commands.Receipt,
        responses=COMMAND_ERRORS,
        operation_id=command.__name__,
    )


def _with_id(handler: handlers.Handler) -> Endpoint:
    async def endpoint(
        pair: PairId,
        id: SubjectId,
        body: Any,
        request: Request,
        who: Member,
        key: Key,
        if_match: IfMatch = None,
    ) -> JSONResponse:
        return await _submitted(
            request, who, handler, pair=pair, subject=id, body=body, key=key, if_match=if_match
        )

    return endpoint


def _without_id(handler: handlers.Handler) -> Endpoint:
    async def endpoint(
        pair: PairId, body: Any, request: Request, who: Member, key: Key, if_match: IfMatch = None
    ) -> JSONResponse:
        return await _submitted(
            request, who, handler, pair=pair, subject="", body=body, key=key, if_match=if_match
        )

    return endpoint


async def _submitted(request: Request, who: Person, handler: handlers.Handler, **asked: Any) -> JSONResponse:
    """Hand a command to the office in a thread of its own, while one of the pair's places is held.

    Not a dependency: one that holds something costs more than all the rest of this door, and holds it until the
    client has taken the answer.
    """
    async with place(request, asked["pair"]):
        return await run_in_threadpool(submit, request.app.state.desk, who, handler, **asked)


def _subject(handler: handlers.Handler, pair: str, body: Any) -> str:
    if handler.kind in SINGLETONS:
        return pair
    if handler.names is not None:
        return handler.names(body)
    if handler.kind == "liaison":
        return str(body.side.value)
    return ids.new_id()


def submit(
    the_desk: Desk,
    who: Person,
    handler: handlers.Handler,
    *,
    pair: str,
    subject: str,
    body: Command,
    key: str,
    if_match: str | None,
) -> JSONResponse:
    """Hand a command to the office and answer with its receipt. An empty ``subject`` is one that the command begins."""
    if isinstance(body, people.AppointToPost) and who.administers(pair):
        mandates.check_appointment(the_desk, who, body.person)
    receipt = the_desk.office.submit(
        commands.Request(
            tenant=pair,
            command=body,
            subject=subject or _subject(handler, pair, body),
            caller=who.caller(pair),
            key=key,
            seen=seen_version(if_match),
        )
    )
    headers = {"ETag": etag(receipt.version)}
    if handler.begins:
        headers["Location"] = location(pair, handler.kind, receipt.id)
    if receipt.replayed:
        headers["Idempotency-Replayed"] = "true"
    return JSONResponse(
        receipt.model_dump(mode="json"), status_code=201 if handler.begins else 200, headers=headers
    )


PLURALS = {
    "unit": "units",
    "post": "posts",
    "delegation": "delegations",
    "liaison": "liaison",
    "topic": "topics",
    "proposal": "proposals",
    "meeting": "meetings",
    "minutes": "minutes",
    "decision": "decisions",
    "correction": "corrections",
    "leader_report": "leader-reports",
    "publicity": "publicity",
    "year": "years",
    "scheme": "schemes",
    "score": "scores",
    "supporting_rule": "supporting-rules",
    "practice": "practices",
    "legacy": "imports",
}

# Kinds of which a pair has one, with a page of its own.
SHEETS = frozenset({"standards", "rulebook"})


def location(pair: str, kind: str, subject: str) -> str:
    """Give the path of a subject."""
    if kind in SHEETS:
        return f"/v1/pairs/{pair}/{kind}"
    if kind not in PLURALS:
        return f"/v1/pairs/{pair}"
    return f"/v1/pairs/{pair}/{PLURALS[kind]}/{subject}"


def acts(router: APIRouter, *table: tuple[str, type[Command], str]) -> None:
    """Register the routes of a table of (path, command, summary)."""
    for path, command, summary in table:
        act(router, path, command, summary=summary)


def registered() -> Iterator[tuple[type[Command], str]]:
    """List every command with its path, for the documentation and for scripts that play through HTTP."""
    yield from REGISTERED.items()
