"""A stage: somebody plays acts on one pair, each in the role that performs it, seeing the version that stands.

The demonstration plays on the office itself, tests play the same scripts through HTTP.
"""

from typing import Protocol

from application import commands, dossier, handlers
from domain.decider import Command


class Stage(Protocol):
    """Where a script is played. A role is a name that the script has given to a person."""

    tenant: str

    def act(self, role: str, command: Command, *, subject: str = "") -> str:
        """Perform an act. Returns: the id of its subject, new where the command begins one."""

    def near_miss(
        self, number: int, role: str, command: Command, *, subject: str = "", requirement: str
    ) -> None:
        """Try what must be refused by a requirement; a stage that only plays ignores it."""

    def detour(self, number: int) -> bool:
        """Whether to play the lawful acts that lead to a near miss, and those that lead back from it.

        The demonstration stays on the straight way: what it records is what the pair wanted.
        """

    def state(self, stream: str) -> object:
        """Give the present state of a stream (a hash to consent to, a number of seats)."""


class OfficeStage:
    """A stage on the office itself: the same commands as the doors use, without the doors."""

    def __init__(
        self, office: commands.Office, tenant: str, *, people: dict[str, commands.Caller], new_id: "NewId"
    ) -> None:
        """Play on one pair; ``people`` gives the person behind each role."""
        self.office = office
        self.tenant = tenant
        self.people = people
        self._new_id = new_id
        self.acts = 0

    def act(self, role: str, command: Command, *, subject: str = "") -> str:
        handler = handlers.HANDLERS[type(command)]
        known = self.office.dossier(self.tenant)
        made = self._new_id() if handler.begins and handler.kind not in dossier.SINGLETONS else self.tenant
        if handler.names is not None:
            made = handler.names(command)
        target = subject or made
        seen = known.version(handler.stream(target)) or None
        self.acts += 1
        receipt = self.office.submit(
            commands.Request(
                tenant=self.tenant,
                command=command,
                subject=target,
                caller=self.people[role],
                key=f"play-{known.head.position}-{self.acts}",
                seen=seen,
            )
        )
        return receipt.id

    def near_miss(
        self, number: int, role: str, command: Command, *, subject: str = "", requirement: str
    ) -> None:
        del number, role, command, subject, requirement

    def detour(self, number: int) -> bool:
        del number
        return False

    def state(self, stream: str) -> object:
        return self.office.dossier(self.tenant).state(stream)

    def dossier(self) -> dossier.Dossier:
        return self.office.dossier(self.tenant)


class NewId(Protocol):
    """Makes ids of new subjects."""

    def __call__(self) -> str: ...
