"""Faults that the matrix must see: each is planted in a copy, and looked at by the part of the matrix that it concerns."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final
from unittest import mock

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from api import main, permits
from api.auth import TheDesk, Who
from api.limits import PairId
from api.routes import reads
from domain.queries import Sight
from tests import isolation_plants
from tests.matrix import endpoints, inside, playing
from tests.matrix.actors import Actor
from tests.matrix.judging import Findings
from tests.matrix.stage import Stage

STRANGERS: Final = ("nobody", "go of 140823")


def _in_database(plant: Callable[[str], None]) -> Callable[[Stage, list[Actor]], Findings]:
    def seen(stage: Stage, cast: list[Actor]) -> Findings:
        del cast
        found = Findings()
        with stage.copy() as (admin_dsn, app_dsn):
            plant(admin_dsn)
            inside.look(admin_dsn, app_dsn, found)
        return found

    return seen


def _plain_set(stage: Stage, cast: list[Actor]) -> Findings:
    del cast
    found = Findings()
    with stage.copy() as (admin_dsn, app_dsn), isolation_plants.plain_set():
        inside.look(admin_dsn, app_dsn, found)
    return found


def _unchecked() -> APIRouter:
    router = APIRouter()

    @router.get("/pairs/{pair}/glimpse", operation_id="glimpse")
    def glimpse(pair: PairId, the_desk: TheDesk, who: Who) -> JSONResponse:
        del who
        return JSONResponse([dict(row.body) for row in the_desk.views.rows(pair, "topic", limit=50).rows])

    return router


class StartedAnyway(Exception):
    """The application started with a route that has no row in the access table."""


def _route_without_check(stage: Stage, cast: list[Actor]) -> Findings:
    router = mock.Mock(router=_unchecked())
    with mock.patch.object(main, "ROUTERS", (*main.ROUTERS, router)):
        try:
            main.create_app(stage.system)
        except permits.Unbound:
            pass
        else:
            raise StartedAnyway
        with mock.patch.object(permits, "of_app", return_value=[]):
            app = main.create_app(stage.system)
    return _strangers(replace(stage, app=app), cast, "glimpse")


def _check_taken_out(stage: Stage, cast: list[Actor]) -> Findings:
    with mock.patch.object(reads, "may_read", return_value=Sight()):
        return _strangers(stage, cast, "list_topic")


def _strangers(stage: Stage, cast: list[Actor], operation: str) -> Findings:
    found = Findings()
    table = [each for each in endpoints.endpoints(stage.app) if each.operation == operation]
    chosen = [each for each in cast if each.name in STRANGERS]
    asyncio.run(playing.play(stage, chosen, table, short=True, found=found))
    return found


PLANTS: Final[dict[str, Callable[[Stage, list[Actor]], Findings]]] = {
    "a dropped policy": _in_database(isolation_plants.dropped_policy),
    "FORCE forgotten": _in_database(isolation_plants.force_forgotten),
    "plain SET": _plain_set,
    "an open definer function": _in_database(isolation_plants.open_definer),
    "a route without a check": _route_without_check,
    "a check taken out of a route": _check_taken_out,
}


def caught(stage: Stage, cast: list[Actor]) -> dict[str, int]:
    """Plant each fault and tell how much of it was seen: leaks and excess. Where that is none, the matrix is blind."""
    seen = {}
    for name, plant in PLANTS.items():
        found = plant(stage, cast)
        seen[name] = len(found.leaks) + len(found.excess)
    return seen


@contextmanager
def unplanted(stage: Stage) -> Iterator[Findings]:
    """Look at a copy without any fault: what the plants are told apart from."""
    found = Findings()
    with stage.copy() as (admin_dsn, app_dsn):
        inside.look(admin_dsn, app_dsn, found)
    yield found
