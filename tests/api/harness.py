"""Talking to the application as its users do: a token, a key for each act, the version last seen."""

import itertools
import re
from datetime import datetime
from typing import Any

from api.routes import acts
from application import commands, handlers
from domain import people
from domain.decider import Capacity, Command, Side

KEYS = itertools.count(1)


class Client:
    """A client who can be anybody."""

    def __init__(self, client, credentials, *, expires_at: datetime) -> None:
        self.client = client
        self.credentials = credentials
        self.expires_at = expires_at
        self.tokens: dict[str, str] = {}
        paths = client.get("/openapi.json").json()["paths"]
        self.declared = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), found) for path, found in paths.items()
        ]

    def checked(self, answer):
        """Insist that OpenAPI declares this answer of this operation, and that an error is a problem."""
        method, path = answer.request.method.lower(), answer.request.url.path
        operation = next(found[method] for pattern, found in self.declared if pattern.fullmatch(path))
        assert str(answer.status_code) in operation["responses"], (method, path, answer.status_code)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
        return answer

    def become(self, person: str, *roles: tuple[str, str]) -> dict[str, str]:
        """Give the headers of a person, enrolled with roles at first use."""
        if person not in self.tokens:
            self.credentials.enrol(person, label=person)
            for role, scope in roles:
                self.credentials.grant(person, role=role, scope=scope)
            self.tokens[person] = self.credentials.issue(person, label="test", expires_at=self.expires_at)
        return {"Authorization": f"Bearer {self.tokens[person]}"}

    def get(self, person: str, path: str, **parameters: Any):
        return self.checked(self.client.get(path, headers=self.become(person), params=parameters))

    def post(self, person: str, path: str, body: Any, *, key: str = "", seen: int | None = None):
        headers = {**self.become(person), "Idempotency-Key": key or f"test-key-{next(KEYS):06d}"}
        if seen is not None:
            headers["If-Match"] = f'"{seen}"'
        return self.checked(self.client.post(path, headers=headers, json=body))

    def send(
        self,
        person: str,
        pair: str,
        command: Command,
        *,
        subject: str = "",
        key: str = "",
        seen: int | None = None,
    ):
        """Send a command by its route."""
        path = acts.REGISTERED[type(command)].format(pair=pair, id=subject)
        return self.post(person, path, command.model_dump(mode="json"), key=key, seen=seen)


def appoint(http: Client, pair: str, person: str, capacity: Capacity) -> None:
    """Let an administrator give somebody a post, in a unit of its own."""
    side = Side.UNION if capacity is Capacity.UNION_OFFICE else Side.GOVERNMENT
    unit = http.send("admin", pair, people.RegisterUnit(on="2025-01-06", name=f"县{person}", side=side))
    command = people.AppointToPost(
        on="2025-01-06",
        person=person,
        title="科员",
        capacity=capacity,
        unit=unit.json()["id"],
        valid_from="2025-01-06",
    )
    assert http.send("admin", pair, command).status_code == 201
    http.become(person)


class HttpStage:
    """A stage played through HTTP: tokens, keys, ETags and all. Other stages' scripts run on it unchanged."""

    def __init__(self, http: Client, system, tenant: str, *, people: dict[str, commands.Caller]) -> None:
        self.http = http
        self.system = system
        self.tenant = tenant
        self.people = people
        self.missed: dict[int, tuple[str, int]] = {}

    def _person(self, role: str) -> str:
        caller = self.people[role]
        roles = [("system_administrator", "140800")] if caller.administrator else []
        self.http.become(caller.person, *roles)
        return caller.person

    def _seen(self, command: Command, subject: str) -> int | None:
        handler = handlers.HANDLERS[type(command)]
        if handler.begins:
            return None
        if handler.kind == "liaison":
            subject = command.side.value
        path = acts.location(self.tenant, handler.kind, subject)
        answer = self.http.get("test-auditor", path)
        return int(answer.headers["ETag"].strip('"')) if answer.status_code == 200 else None

    def _send(self, role: str, command: Command, subject: str):
        self.http.become("test-auditor", ("auditor", "140800"))
        person = self._person(role)
        return self.http.send(
            person, self.tenant, command, subject=subject, seen=self._seen(command, subject)
        )

    def act(self, role: str, command: Command, *, subject: str = "") -> str:
        answer = self._send(role, command, subject)
        assert answer.status_code in {200, 201}, (type(command).__name__, answer.json())
        return answer.json()["id"]

    def near_miss(
        self, number: int, role: str, command: Command, *, subject: str = "", requirement: str
    ) -> None:
        before = self.system.ledger.head(self.tenant)
        answer = self._send(role, command, subject)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["requirement"] == requirement, answer.json()
        assert self.system.ledger.head(self.tenant) == before
        self.missed[number] = (requirement, answer.status_code)

    def detour(self, number: int) -> bool:
        del number
        return True

    def state(self, stream: str) -> object:
        return self.system.office.dossier(self.tenant).state(stream)
