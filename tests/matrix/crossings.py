"""What is another's, brought under one's own path: ids, cursors, versions, keys, positions and moments.

Each crossing has the same request with what nobody has beside it, and the two answers are alike; or it is refused, and
whoever it belongs to is let in by it.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tests.matrix import playing
from tests.matrix.actors import Actor
from tests.matrix.asking import Answer, Request, ask
from tests.matrix.endpoints import NO_SESSION, Endpoint, Place, kind_of, request
from tests.matrix.expected import expected
from tests.matrix.judging import Findings, passed
from tests.matrix.playing import hidden, once, sent, state
from tests.matrix.stage import CHILD, NOW, OWN, PARENT, SIBLING, UNREGISTERED, Stage

OUTSIDE: Final = ("nobody", "ended", "go of 140823")
FAR: Final = str(10**9)
# Ways to ask for another moment, or from another place; each tells apart what exists only where it is looked at too early.
ASIDES: Final[tuple[tuple[Mapping[str, str], Mapping[str, str]], ...]] = (
    ({"as_of": "2026-06-30T12:00:00+08:00"}, {"if-none-match": '"1"', "if-match": '"1"'}),
    ({"position": "1"}, {"last-event-id": "1", "if-match": '"99999"'}),
    ({"position": FAR, "from_position": FAR, "after": FAR}, {"last-event-id": FAR}),
)


async def cross(
    stage: Stage, cast: list[Actor], table: list[Endpoint], found: Findings, *, short: bool
) -> None:
    """Try every crossing; a short run tries each with fewer people and fewer cursors."""
    people = {each.name: each for each in cast}
    before = state(stage)
    await _ids(stage, cast, table, found)
    await _asides(stage, people, table, found, OUTSIDE[-1:] if short else OUTSIDE)
    await _cursors(stage, people, table, found, short=short)
    await _without_scope(stage, cast, table, found)
    if state(stage) != before:
        found.changes.append("a crossing changed something")
    await _keys(stage, people, table, found)


def _opened(stage: Stage, cast: list[Actor], endpoint: Endpoint) -> Actor | None:
    # Whoever reads both pairs is told of both, so nothing would be seen by him.
    for actor in cast:
        near = actor.kind == "token" and actor.home == OWN and SIBLING in hidden(actor)
        if near and expected(endpoint, actor.standing, OWN, stage).allowed:
            return actor
    return None


async def _ids(stage: Stage, cast: list[Actor], table: list[Endpoint], found: Findings) -> None:
    """Another pair's ids under one's own path are as good as ids of nothing."""
    for endpoint in table:
        if "id" not in endpoint.parameters or endpoint.target != "pair":
            continue
        actor = _opened(stage, cast, endpoint)
        kind = kind_of(endpoint)
        if actor is None:
            continue
        nothing = await once(stage, actor, endpoint, Place(stage=stage, pair=OWN, id=NO_SESSION))
        for other in (SIBLING, PARENT, CHILD):
            key = stage.subject(other, kind)
            # Years and sides are called alike everywhere.
            if stage.system.views.row(OWN, kind, key) is not None if kind != "webhook" else False:
                continue
            answer = await once(stage, actor, endpoint, Place(stage=stage, pair=OWN, id=key))
            name = f"{actor.name} · {endpoint.name} · {other}'s id under {OWN}"
            found.crossings += 1
            found.search(name, answer, hidden(actor))
            found.compare(name, answer, nothing, but=({"{id}": key}, {"{id}": NO_SESSION}))


async def _asides(
    stage: Stage,
    people: Mapping[str, Actor],
    table: list[Endpoint],
    found: Findings,
    outside: tuple[str, ...],
) -> None:
    """Moments, positions, versions and ids of events open nothing, and tell nothing apart."""
    for name in outside:
        actor = people[name]
        for endpoint in table:
            if endpoint.target != "pair" or endpoint.method != "GET":
                continue
            must = expected(endpoint, actor.standing, OWN, stage)
            for queries, headers in ASIDES:
                answers = []
                for pair in (OWN, UNREGISTERED):
                    place = Place(stage=stage, pair=pair, of=OWN)
                    made = request(endpoint, place, key=stage.fresh_key(), **queries)
                    answers.append(await sent(stage, endpoint, _as(actor, made, **headers)))
                asked = f"{name} · {endpoint.name} · {OWN} · {dict(queries)}"
                found.crossings += 1
                # A moment that is asked for wrongly is refused before anybody's rights are looked at.
                if answers[0].status not in must.statuses | {422}:
                    found.excess.append(f"{asked}: {answers[0].status}")
                found.search(asked, answers[0], hidden(actor))
                found.compare(asked, *answers, but=({"{pair}": OWN}, {"{pair}": UNREGISTERED}))


def _as(actor: Actor, made: Request, **headers: str) -> Request:
    more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return replace(made, headers=(*made.headers, *more, *actor.headers))


async def _page(stage: Stage, actor: Actor, endpoint: Endpoint, pair: str, **query: str) -> Answer:
    made = request(endpoint, Place(stage=stage, pair=pair), key=stage.fresh_key(), **query)
    return await ask(stage.app, _as(actor, made))


async def _cursors(
    stage: Stage, people: Mapping[str, Actor], table: list[Endpoint], found: Findings, *, short: bool
) -> None:
    """A cursor is good for its listing, its pair and its filter, and opens nothing for who may not read it."""
    auditor, own = people["auditor of the city"], people["go"]
    paged = [each for each in table if "cursor" in each.queries and not each.streamed]
    listings = [each for each in paged if each.target in {"pair", "scope"}]
    held: dict[str, str] = {}
    for endpoint in listings:
        if not expected(endpoint, auditor.standing, OWN, stage).allowed:
            continue
        place = SIBLING if endpoint.target == "pair" else PARENT
        first = await _page(stage, auditor, endpoint, place, limit="1")
        cursor = first.json().get("next_cursor") if first.status == 200 else None
        if cursor:
            held[endpoint.name] = str(cursor)
            again = await _page(stage, auditor, endpoint, place, limit="1", cursor=str(cursor))
            if again.status != 200:
                found.kept_out.append(f"auditor · {endpoint.name} · his own cursor: {again.status}")
    for endpoint in listings:
        reader = own if expected(endpoint, own.standing, OWN, stage).allowed else auditor
        if not expected(endpoint, reader.standing, OWN, stage).allowed:
            continue
        sources = {endpoint.name: held[endpoint.name]} if endpoint.name in held else {}
        # A short run tries the same listing's cursor of another pair, and one of another listing.
        others = dict(list(held.items())[:1]) if short else held
        for source, cursor in {**others, **sources}.items():
            answer = await _page(stage, reader, endpoint, OWN, limit="1", cursor=cursor)
            asked = f"{reader.name} · {endpoint.name} · {OWN} · cursor of {source}"
            found.crossings += 1
            found.search(asked, answer, hidden(reader))
            if answer.code != "bad-cursor":
                found.excess.append(f"{asked}: {answer.status} {answer.code}")


async def _without_scope(stage: Stage, cast: list[Actor], table: list[Endpoint], found: Findings) -> None:
    """Where no division is named, everybody is told of his own alone."""
    for endpoint in (each for each in table if each.queries.get("scope") is False and not each.streamed):
        # A report without a division is the whole city's, which the matrix itself asks for by name.
        if endpoint.path.startswith("/v1/reports"):
            continue
        for actor in (each for each in cast if each.kind == "token"):
            made = Request(
                method="GET",
                path=endpoint.path,
            )
            answer = await ask(stage.app, _as(actor, made))
            found.crossings += 1
            found.search(f"{actor.name} · {endpoint.name} · without a scope", answer, hidden(actor))


async def _keys(stage: Stage, people: Mapping[str, Actor], table: list[Endpoint], found: Findings) -> None:
    """An Idempotency-Key is its person's in its pair: nobody else is given the answer that was kept for it."""
    endpoint = next(each for each in table if each.operation == "RecordPractice")
    key, body = (
        stage.fresh_key(),
        {"on": NOW.date().isoformat(), "title": "三张清单", "text": "逐项销号，按月通报。"},
    )

    async def tried(name: str, pair: str) -> Answer:
        made = request(endpoint, Place(stage=stage, pair=pair), key=key)
        return await ask(stage.app, _as(people[name], replace(made, body=encoded(body))))

    first, again = await tried("go", OWN), await tried("go", OWN)
    if again.header("idempotency-replayed") != "true" or not passed(first):
        found.kept_out.append(f"go · his own key: {first.status} {again.status}")
    for name, pair in (("uo", OWN), ("go of 140823", SIBLING), ("go of 140800", PARENT)):
        answer = await tried(name, pair)
        found.crossings += 1
        if answer.header("idempotency-replayed") or answer.body == first.body or not passed(answer):
            found.leaks.append(f"{name} · {pair} is given the answer of another's key: {answer.status}")
    for name in OUTSIDE:
        there, nowhere = await tried(name, OWN), await tried(name, UNREGISTERED)
        found.crossings += 1
        if there.status != 404:
            found.excess.append(f"{name} · {OWN} with another's key: {there.status}")
        found.compare(
            f"{name} · another's key", there, nowhere, but=({"{pair}": OWN}, {"{pair}": UNREGISTERED})
        )


def encoded(body: Mapping[str, object]) -> bytes:
    """Give a body as it is sent."""
    return json.dumps(body, ensure_ascii=False).encode()


def run(stage: Stage, cast: list[Actor], table: list[Endpoint], *, short: bool) -> Findings:
    """Play the matrix and then its crossings, in a loop of its own."""
    found = Findings()

    async def all_of_it() -> None:
        await cross(stage, cast, table, found, short=short)
        await playing.play(stage, cast, table, short=short, found=found)

    asyncio.run(all_of_it())
    return found
