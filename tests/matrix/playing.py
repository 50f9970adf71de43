"""The matrix itself: every actor asks every endpoint of every pair, first what must be refused, then what must not be."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import psycopg

from api import permits
from domain import queries
from domain.queries import Matter
from tests.matrix.actors import Actor
from tests.matrix.asking import ORIGIN, Answer, Request, ask
from tests.matrix.endpoints import Endpoint, Place, request
from tests.matrix.expected import Expected, expected
from tests.matrix.judging import Cell, Findings
from tests.matrix.stage import CHILD, NOWHERE, OWN, PARENT, SIBLING, UNREGISTERED, WORDS, Stage, send_out

EVERYWHERE: Final = (OWN, PARENT, CHILD, SIBLING)
# In a short run all look at the own pair, from wherever they are; these compare it with what does not exist.
COMPARING: Final = frozenset({"nobody", "ended", "go of 140823", "auditor no more"})
# What asks without changing anything comes first, what ends something last.
ORDER: Final = {"GET": 0, "POST": 1, "PUT": 2, "DELETE": 3}
# What passes with each request: who asked, when a session was used last, and how often somebody failed to enter.
PASSING: Final = frozenset({"access_log", "access_head", "session", "login_attempt", "oidc_login"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request to be made, with what must become of it."""

    actor: Actor
    endpoint: Endpoint
    pair: str
    expected: Expected


async def play(
    stage: Stage, cast: Iterable[Actor], table: Iterable[Endpoint], *, short: bool, found: Findings
) -> None:
    """Ask everything, and judge each answer."""
    table = list(table)
    before = state(stage)
    for actor in cast:
        asked = list(_asked(stage, actor, table, short=short))
        for each in (one for one in asked if not one.expected.allowed):
            await _denied(stage, each, found, compared=not short or actor.name in COMPARING)
        after = state(stage)
        if after != before:
            found.changes.append(f"{actor.name} changed {', '.join(sorted(_changed(before, after)))}")
        for each in sorted((one for one in asked if one.expected.allowed), key=_last):
            await _allowed(stage, each, found)
        before = state(stage)


def _last(asked: Asked) -> tuple[bool, int]:
    return asked.endpoint.path.startswith("/v1/sessions"), ORDER[asked.endpoint.method]


def _asked(stage: Stage, actor: Actor, table: list[Endpoint], *, short: bool) -> Iterator[Asked]:
    pairs = (OWN,) if short or actor.kind != "token" else EVERYWHERE
    for endpoint in table:
        for pair in pairs if endpoint.target else ("",):
            must = expected(endpoint, actor.standing, pair, stage)
            # A good credential of another kind is let in as a token is: what it reads is asked, and nothing is ended.
            if actor.kind == "good" and must.allowed and endpoint.method == "DELETE":
                continue
            yield Asked(actor=actor, endpoint=endpoint, pair=pair, expected=must)


async def once(stage: Stage, actor: Actor, endpoint: Endpoint, place: Place) -> Answer:
    """Make one request of an actor."""
    made = request(endpoint, place, key=stage.fresh_key())
    headers = actor.headers
    if endpoint.operation in permits.OPEN:
        # Who enters comes from our own page; that nobody enters from another's, the tests of entering show.
        headers = (*(each for each in headers if each[0] != "origin"), ("origin", ORIGIN))
    return await sent(stage, endpoint, replace(made, headers=(*made.headers, *headers)))


async def sent(stage: Stage, endpoint: Endpoint, made: Request) -> Answer:
    """Ask. Of a stream only the head is asked for, which tells whether it would begin; a refusal is read as a whole."""
    if not endpoint.streamed:
        return await ask(stage.app, made)
    head = await ask(stage.app, replace(made, method="HEAD"))
    return head if head.status < 400 else await ask(stage.app, made)


def hidden(actor: Actor) -> dict[str, str]:
    """Give the words of the pairs of which this actor may read nothing at all."""
    return {pair: word for pair, word in WORDS.items() if not _reads(actor, pair)}


def _reads(actor: Actor, pair: str) -> bool:
    parts = actor.standing.parts(pair)
    return any(queries.sight(matter, parts) is not None for matter in Matter)


async def _denied(stage: Stage, asked: Asked, found: Findings, *, compared: bool) -> None:
    endpoint, actor = asked.endpoint, asked.actor
    answer = await once(stage, actor, endpoint, Place(stage=stage, pair=asked.pair))
    cell = Cell(actor=actor, endpoint=endpoint, pair=asked.pair, expected=asked.expected, answer=answer)
    found.take(cell, hidden=hidden(actor))
    if not compared or endpoint.target not in {"pair", "scope"} or actor.standing.related(asked.pair):
        return
    for nowhere in NOWHERE if asked.pair == OWN and actor.home == SIBLING else (UNREGISTERED,):
        if expected(endpoint, actor.standing, nowhere, stage).allowed:
            continue
        # The same ids, so that nothing but the pair's is different.
        other = await once(stage, actor, endpoint, Place(stage=stage, pair=nowhere, of=asked.pair))
        found.compare(cell.name, answer, other, but=({"{pair}": asked.pair}, {"{pair}": nowhere}))


async def _allowed(stage: Stage, asked: Asked, found: Findings) -> None:
    place = Place(stage=stage, pair=asked.pair)
    actor = asked.actor
    if actor.renew is not None and asked.endpoint.path.startswith("/v1/sessions"):
        actor = replace(actor, headers=actor.renew())
    answer = await once(stage, actor, asked.endpoint, place)
    cell = Cell(actor=actor, endpoint=asked.endpoint, pair=asked.pair, expected=asked.expected, answer=answer)
    found.take(cell, hidden=hidden(asked.actor))
    if asked.endpoint.operation == "end_webhook":
        send_out(stage, asked.pair)


def state(stage: Stage) -> dict[str, str]:
    """Give a digest of every table as it stands, but of what passes with each request."""
    with psycopg.connect(stage.admin_dsn) as connection:
        names = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r' ORDER BY 1"
        ).fetchall()
        return {
            name: str(
                connection.execute(
                    f"SELECT md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM ledger.{name} t"
                ).fetchone()
            )
            for (name,) in names
            if name not in PASSING
        }


def _changed(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    yield from (name for name, digest in after.items() if before.get(name) != digest)
