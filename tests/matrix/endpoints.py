"""What can be asked for: the application's own route table, and how each endpoint is addressed in a pair.

Nothing is listed by hand: a route that is added appears here by itself, and where it has a parameter that nobody taught
the matrix to fill, the run fails and names it.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import Route

from api import examples, limits
from api.routes.acts import PLURALS
from domain.decider import Command
from tests.matrix.asking import Request
from tests.matrix.stage import NOW, OWN, Stage

KINDS: Final = {noun: kind for kind, noun in PLURALS.items()} | {"scores": "score", "webhooks": "webhook"}
JSON: Final = ("content-type", "application/json")
XLSX: Final = ("content-type", limits.XLSX)
# One that was never handed out: a token is named by it, and a session.
NO_HASH: Final = hashlib.sha256(b"matrix").hexdigest()
NO_SESSION: Final = "01940000-0000-7000-8000-00000000ffff"
STREAM: Final = "text/event-stream"


class CannotAddress(Exception):
    """An endpoint has a parameter that the matrix does not know how to fill."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path."""

    method: str
    path: str
    operation: str
    parameters: tuple[str, ...] = ()
    queries: Mapping[str, bool] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    body: Any = None
    streamed: bool = False

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def command(self) -> type[Command] | None:
        """Give the command that is sent here, if one is."""
        return self.body if isinstance(self.body, type) and issubclass(self.body, Command) else None

    @property
    def target(self) -> str:
        """Tell by what the request names a pair: its path, a scope, a person, the body; empty where it names none."""
        for name in ("pair", "person"):
            if name in self.parameters:
                return name
        if "scope" in self.queries:
            return "scope"
        return "body" if self.operation == "RegisterPair" else ""


def endpoints(app: FastAPI) -> list[Endpoint]:
    """List everything that the application answers to, but files that everybody gets."""
    found = [_endpoint(route) for route in _routes(app.routes)]
    names = [each.name for each in found]
    assert len(set(names)) == len(names), "a route twice"
    return found


def _routes(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        if isinstance(route, APIRoute | Route):
            yield route
        elif hasattr(route, "effective_route_contexts"):
            # FastAPI keeps a router that was included as it is, and tells its routes as they count here.
            yield from route.effective_route_contexts()


def _endpoint(route: Any) -> Endpoint:
    (method,) = route.methods - {"HEAD"}
    dependant = getattr(route, "dependant", None)
    if dependant is None:
        return Endpoint(method, route.path, route.name)
    known = list(_dependants(dependant))
    queries = {each.alias: each.field_info.is_required() for one in known for each in one.query_params}
    headers = {each.alias for one in known for each in one.header_params}
    body = getattr(route, "body_field", None)
    shape = body.field_info.annotation if body is not None else None
    answers = getattr(route, "responses", None) or {}
    return Endpoint(
        method=method,
        path=route.path,
        operation=route.operation_id or f"{method} {route.path}",
        parameters=tuple(route.param_convertors),
        queries=queries,
        headers=tuple(sorted(headers)),
        body=shape,
        streamed=STREAM in answers.get(200, {}).get("content", {}),
    )


def _dependants(dependant: Any) -> Iterator[Any]:
    yield dependant
    for each in dependant.dependencies:
        yield from _dependants(each)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a request goes: the pair that it names, the pair that the ids in it are of, and one id if it is another."""

    stage: Stage
    pair: str
    of: str = ""
    id: str = ""

    @property
    def source(self) -> str:
        return self.of or self.pair


def kind_of(endpoint: Endpoint) -> str:
    """Tell of what kind the subject in a path is. Raises: CannotAddress."""
    noun = endpoint.path.split("/{id}")[0].rpartition("/")[2]
    if noun == "{kind}":
        return "topic"
    if noun not in KINDS:
        raise CannotAddress(endpoint.name)
    return KINDS[noun]


def _id(endpoint: Endpoint, place: Place) -> str:
    if endpoint.path.startswith("/v1/sessions/"):
        return NO_SESSION
    return place.id or place.stage.subject(place.source, kind_of(endpoint))


PATH: Final[Mapping[str, Callable[[Endpoint, Place], str]]] = {
    "pair": lambda _, place: place.pair,
    "id": _id,
    "year": lambda _, __: "2025",
    "figure": lambda _, __: "decisions.established",
    "kind": lambda _, __: "topic",
    "position": lambda _, __: "1",
    "person": lambda _, place: place.stage.person(
        place.source if place.source in place.stage.casts else OWN, "served"
    ),
    "role": lambda _, __: "auditor",
    "scope": lambda _, place: place.pair,
    "subject": lambda _, __: "8f14e45f-ceea-467f",
    "token_hash": lambda _, __: NO_HASH,
}
QUERY: Final[Mapping[str, Callable[[Endpoint, Place], str]]] = {
    "scope": lambda _, place: place.pair,
    "text": lambda _, __: "户外劳动者",
    "table": lambda _, __: "ledger",
    "since": lambda _, place: str(place.stage.sealed.get(place.source, 1)),
    "on": lambda _, __: NOW.date().isoformat(),
    "state": lambda _, __: NO_HASH,
    "code": lambda _, __: "matrix-code",
}


# What a body must hold and its model gives no example of.
SAID: Final = {"matters": ["topics"]}


def request(endpoint: Endpoint, place: Place, *, key: str, **query: str) -> Request:
    """Address an endpoint in a pair, with ids of it, and with a body that is valid. Raises: CannotAddress."""
    path = endpoint.path
    for name in endpoint.parameters:
        if name not in PATH:
            raise CannotAddress(f"{endpoint.name}: {name}")
        path = path.replace(f"{{{name}}}", PATH[name](endpoint, place))
    asked = {}
    for name, required in endpoint.queries.items():
        if required or name == "scope":
            if name not in QUERY:
                raise CannotAddress(f"{endpoint.name}?{name}")
            asked[name] = QUERY[name](endpoint, place)
    headers: list[tuple[str, str]] = []
    if "Idempotency-Key" in endpoint.headers:
        headers.append(("idempotency-key", key))
    content = b""
    if endpoint.body is not None:
        content = json.dumps(body(endpoint, place)).encode()
        headers.append(JSON)
    elif limits.WORKBOOK_PATHS.fullmatch(endpoint.path.replace("{pair}", "0")) and endpoint.method == "POST":
        content = b"PK\x03\x04 no workbook"
        headers.append(XLSX)
    return Request(
        method=endpoint.method,
        path=path,
        query=tuple({**asked, **query}.items()),
        headers=tuple(headers),
        body=content,
    )


def body(endpoint: Endpoint, place: Place) -> dict[str, Any]:
    """Make a valid body: an example, with ids of the pair, on a day that is to come so that nothing is recorded."""
    if endpoint.command is not None:
        said = dict(examples.EXAMPLES[endpoint.command])
        if "unit" in said:
            said["unit"] = place.stage.subject(place.source, "office")
        if "person" in said:
            said["person"] = PATH["person"](endpoint, place)
        if endpoint.operation == "RegisterPair":
            said["division_code"] = said["union_division_code"] = place.pair
        return {**said, "on": "2027-01-04"}
    made = sample(endpoint.body)
    return {**made, **{name: place.pair for name in ("scope", "pair") if name in made}}


def sample(model: type[BaseModel]) -> dict[str, Any]:
    """Make an object out of the examples that a model's fields give. Raises: CannotAddress."""
    made = {}
    for name, each in model.model_fields.items():
        if each.examples:
            made[each.alias or name] = each.examples[0]
        elif name in SAID:
            made[name] = SAID[name]
        elif each.is_required():
            if not (isinstance(each.annotation, type) and hasattr(each.annotation, "__members__")):
                raise CannotAddress(f"{model.__name__}.{name}")
            made[name] = next(iter(each.annotation.__members__.values())).value
    return made
