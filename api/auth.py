"""Who is calling, and what of a pair he may read. What he may command, the access table of the domain says."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.desk import Desk
from api.problems import ApiError
from application import commands, ports
from domain import people

SCHEME = HTTPBearer(auto_error=False, description="系统管理员发放的令牌（256 位随机数，仅存其哈希）。")


class Role(StrEnum):
    """Roles beside the posts of a pair; a scope is a division code whose subtree it covers."""

    CITY_READER = "city_reader"
    AUDITOR = "auditor"
    SYSTEM_ADMINISTRATOR = "system_administrator"


class Matter(StrEnum):
    """What is read: the register of a pair, its business, or its history."""

    REGISTER = "register"
    BUSINESS = "business"
    HISTORY = "history"


ROLES = frozenset(role.value for role in Role)
READS = {
    Role.CITY_READER: frozenset({Matter.REGISTER, Matter.BUSINESS}),
    Role.AUDITOR: frozenset(Matter),
    Role.SYSTEM_ADMINISTRATOR: frozenset({Matter.REGISTER}),
}


def prefix(scope: str) -> str:
    """Give what all division codes of a subtree begin with: a city's code ends in 00, which its counties' do not.

    >>> prefix("140800")
    '1408'
    """
    return scope[:4] if len(scope) == 6 and scope.endswith("00") else scope  # noqa: PLR2004 - a county-level code.


@dataclass(frozen=True, slots=True)
class Person:
    """The holder of the token."""

    id: str
    grants: tuple[ports.Grant, ...]

    def has(self, role: Role) -> bool:
        return any(grant.role == role for grant in self.grants)

    def covers(self, pair: str, matter: Matter) -> bool:
        """Whether a role over a subtree lets this person read a matter of a pair."""
        return any(
            matter in READS.get(Role(grant.role), frozenset()) and pair.startswith(prefix(grant.scope))
            for grant in self.grants
            if grant.role in ROLES
        )

    def administers(self, pair: str) -> bool:
        """Whether this person administers the system for a pair."""
        return any(
            grant.role == Role.SYSTEM_ADMINISTRATOR and pair.startswith(prefix(grant.scope))
            for grant in self.grants
        )

    def caller(self, pair: str) -> commands.Caller:
        return commands.Caller(person=self.id, administrator=self.administers(pair))


async def desk(request: Request) -> Desk:
    """Give the desk that this application was built on; a coroutine, because a plain function costs a thread."""
    found: Desk = request.app.state.desk
    return found


TheDesk = Annotated[Desk, Depends(desk)]


def person(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(SCHEME)]
) -> Person:
    """Tell whose token came with the request. Raises: ApiError 401."""
    the_desk: Desk = request.app.state.desk
    bearer = the_desk.credentials.resolve(credentials.credentials) if credentials is not None else None
    if bearer is None:
        raise ApiError(401, "unauthenticated", "没有有效的令牌，或令牌已过期、已撤销。")
    found = Person(id=bearer.person_id, grants=bearer.grants)
    # The entry in the access log names who it was.
    request.state.who = found
    return found


Who = Annotated[Person, Depends(person)]


def may_read(the_desk: Desk, who: Person, pair: str, matter: Matter) -> None:
    """Refuse to show what of a pair is not this person's to see; nothing tells whether it exists.

    Whatever moment is read, it is today's rights that count. Raises: UnknownPair.
    """
    if who.covers(pair, matter):
        return
    if not posts_today(the_desk.present, who.id, pair):
        raise commands.UnknownPair


def posts_today(the_desk: Desk, person_id: str, pair: str) -> list[people.Post]:
    """List the posts that a person holds today in a pair."""
    rows = the_desk.views.rows(pair, "post", where={"person": person_id}, limit=200).rows
    known, today = set(people.Post.model_fields), the_desk.today()
    posts = (people.Post.model_validate({name: row.body[name] for name in known}) for row in rows)
    return [each for each in posts if each.held_on(today)]


def reads_history(the_desk: Desk, who: Person, pair: str) -> bool:
    """Whether a person may read a pair's history today, and so whatever leaves the system of it."""
    try:
        may_read(the_desk, who, pair, Matter.HISTORY)
    except commands.UnknownPair:
        return False
    return True
