"""OpenAPI links: from what begins a subject to where it is read, and from there to the acts on the version read."""

import re
from typing import Any, Final

from api.routes import acts
from application import handlers

SUBJECT: Final = re.compile(r"/v1/pairs/\{pair\}/([a-z-]+)/\{id\}(/.+)?")
PAIR: Final = {"path.pair": "$request.path.pair"}


def add(paths: dict[str, Any]) -> None:
    """Add the links to a document's paths."""
    reads: dict[str, dict[str, Any]] = {}
    on: dict[str, dict[str, Any]] = {}
    for path, operations in paths.items():
        found = SUBJECT.fullmatch(path)
        if found is None:
            continue
        if found[2] is None and "get" in operations:
            reads[found[1]] = operations["get"]
        elif "post" in operations:
            name = operations["post"]["operationId"]
            on.setdefault(found[1], {})[name] = _link(
                name, {"path.id": "$request.path.id", "header.If-Match": "$response.header.ETag"}
            )
    for plural, read in reads.items():
        read["responses"]["200"].setdefault("links", {}).update(on.get(plural, {}))
    for command, path in acts.registered():
        handler = handlers.HANDLERS[command]
        plural = acts.PLURALS.get(handler.kind, "")
        if handler.begins and plural in reads and path in paths:
            name = reads[plural]["operationId"]
            answers = paths[path]["post"]["responses"]
            answers["201"]["links"] = {name: _link(name, {"path.id": "$response.body#/id"})}


def _link(operation: str, parameters: dict[str, str]) -> dict[str, Any]:
    return {"operationId": operation, "parameters": {**PAIR, **parameters}}
