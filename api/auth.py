"""Who is calling, and what of a pair he may read. What he may command, the access table of the domain says.

Whoever calls brings a token, or the token of a session, as bearer; a browser brings its session as a
cookie, and then every unsafe method must come from our own pages (Origin). What came is resolved in one trip.
"""

import ipaddress
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from api.desk import Desk
from api.exchange import entered
from api.problems import ApiError
from application import commands, ports
from application.concerning import Concerns
from application.identity_ports import EVERYBODY
from domain import people, queries
from domain.mandates import Role, prefix
from domain.queries import Matter, Part, Sight

SCHEME = HTTPBearer(
    auto_error=False,
    description="令牌（lx_）、会话（lxs_）或对接系统的密钥（lxk_，只读），均为 256 位随机数，仅存其哈希。",
)
# The prefix binds a cookie to this very host and to TLS (RFC 6265bis, 4.1.3.2).
COOKIE: Final = "__Host-lianxi"
BY_COOKIE = APIKeyCookie(
    name=COOKIE, auto_error=False, description="浏览器的会话；修改操作须同源（Origin）。"
)
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def _over(grant: ports.Grant, pair: str) -> bool:
    return pair.startswith(prefix(grant.scope)) if grant.subtree else pair == grant.scope


@dataclass(frozen=True, slots=True)
class Person:
    """Who is calling: by a token, or in a session."""

    id: str
    grants: tuple[ports.Grant, ...]
    session: ports.EnteredSession | None = None
    key: bool = False

    @property
    def how(self) -> str:
        """Tell by what kind of credential: ``token``, ``session`` or ``key``."""
        if self.key:
            return "key"
        return "token" if self.session is None else "session"

    def has(self, role: Role) -> bool:
        return any(grant.role == role for grant in self.grants)

    def parts(self, pair: str) -> list[Part]:
        """List what this person's mandates make of him towards a pair, or a division with all below it."""
        return [
            queries.by_mandate(each.role, each.scope, pair, subtree=each.subtree, matters=each.matters)
            for each in self.grants
        ]

    def covers(self, pair: str, matter: Matter) -> bool:
        """Whether a mandate lets this person read a matter of a pair."""
        return queries.sight(matter, self.parts(pair)) is not None

    def covers_all(self, scope: str, matter: Matter) -> bool:
        """Whether a mandate lets this person read a matter of a division and of all below it."""
        below = [each for each in self.grants if each.subtree]
        return Person(id=self.id, grants=tuple(below)).covers(scope, matter)

    def acts_as(self, role: Role, pair: str, *, below: bool = False) -> bool:
        """Whether this person has a role over a pair; ``below``: and over all below it."""
        return any(
            grant.role == role and _over(grant, pair) and (grant.subtree or not below)
            for grant in self.grants
        )

    def administers(self, pair: str) -> bool:
        """Whether this person administers the system for a pair."""
        return self.acts_as(Role.SYSTEM_ADMINISTRATOR, pair)

    def caller(self, pair: str) -> commands.Caller:
        return commands.Caller(person=self.id, administrator=self.administers(pair))


async def desk(request: Request) -> Desk:
    """Give the desk that this application was built on; a coroutine, because a plain function costs a thread."""
    found: Desk = request.app.state.desk
    return found


TheDesk = Annotated[Desk, Depends(desk)]


@dataclass(frozen=True, slots=True)
class Presented:
    """What came with a request to prove who is calling."""

    token: str = field(repr=False)
    by_cookie: bool


async def presented(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(SCHEME)],
    cookie: Annotated[str | None, Depends(BY_COOKIE)],
    request: Request,
) -> Presented:
    """Take the header where there is one, else the cookie; a page of others can send the cookie, but no header."""
    if credentials is not None:
        return Presented(credentials.credentials, by_cookie=False)
    by_cookie = cookie is not None and "authorization" not in request.headers
    return Presented(cookie or "" if by_cookie else "", by_cookie=by_cookie)


Given = Annotated[Presented, Depends(presented)]


def entrant(request: Request, given: Given) -> Person:
    """Tell who is calling, though his session may still owe something. Raises: ApiError 401, 403, 429."""
    found = whose(request.app.state.desk, given.token) if given.token else None
    if found is None or (given.by_cookie and found.session is None):
        raise ApiError(401, "unauthenticated", "没有有效的令牌，或令牌已过期、已撤销。")
    if given.by_cookie and request.method not in SAFE:
        must_be_ours(request)
    entered(request, found)
    return found


def whose(the_desk: Desk, token: str, *, seen: bool = True) -> Person | None:
    """Tell whose token, session or key this is; ``seen``: whether the session counts as used by this."""
    bearer = the_desk.credentials.resolve(token, seen=seen)
    if bearer is None:
        return None
    return Person(id=bearer.person_id, grants=bearer.grants, session=bearer.session, key=bearer.key)


def must_be_ours(request: Request) -> None:
    """Refuse what a page of others makes a browser send. Raises: ApiError 403."""
    the_desk: Desk = request.app.state.desk
    host = request.headers.get("host", "")
    ours = {the_desk.public_url} if the_desk.public_url else {f"https://{host}"}
    if not the_desk.public_url and _name(host) in LOOPBACK:
        ours.add(f"http://{host}")
    if request.headers.get("origin") not in ours:
        raise ApiError(403, "foreign-origin", "以浏览器会话办理的，请求须来自本系统的页面（Origin）。")


def _name(host: str) -> str:
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def address(request: Request) -> str:
    """Give the address that attempts are counted under: of IPv6 the network that one subscriber has, a /64."""
    try:
        found = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return ""
    if found.version == 4:  # noqa: PLR2004 - the IP version.
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))


def owes(the_desk: Desk, who: Person) -> str | None:
    """Tell what a session owes before anything else is done in it: a code of a problem, or None."""
    if who.session is None:
        return None
    if who.session.must_change:
        return "password-change-required"
    roles = the_desk.identity.rules.second_factor_roles
    asked = who.session.factor or EVERYBODY in roles or any(each.role in roles for each in who.grants)
    return "second-factor-required" if asked and not who.session.second else None


OWED: Final = {
    "password-change-required": "初次登录或口令已重置：请先更改口令，再办理其他事项。",
    "second-factor-required": "请先登记或出示身份验证器的验证码，再办理其他事项。",
}


def person(request: Request, given: Given) -> Person:
    """Tell who is calling, where nothing stands in his way. Raises: ApiError 401, 403."""
    # Called and not depended on: each dependency that is a plain function costs a thread.
    who = entrant(request, given)
    owed = owes(request.app.state.desk, who)
    if owed is not None:
        raise ApiError(403, owed, OWED[owed])
    return who


Entrant = Annotated[Person, Depends(entrant)]
Who = Annotated[Person, Depends(person)]


def may_read(the_desk: Desk, who: Person, pair: str, matter: Matter) -> Sight:
    """Tell what of a pair this person sees, and refuse where it is nothing; nothing tells whether it exists.

    Whatever moment is read, it is today's rights that count. Raises: UnknownPair.
    """
    parts = who.parts(pair)
    found = queries.sight(matter, parts)
    if found is None or not found.everything:
        posts = posts_today(the_desk.present, who.id, pair)
        parts += [queries.by_post(each.capacity, each.side, each.unit) for each in posts]
        found = queries.sight(matter, parts)
    if found is None:
        raise commands.UnknownPair
    return found


def concerns(the_desk: Desk, pair: str, sight: Sight) -> Concerns | None:
    """Give what tells which rows a person sees; None for one who sees them all."""
    return None if sight.units is None else Concerns(the_desk.views, pair, sight.units)


def posts_today(the_desk: Desk, person_id: str, pair: str) -> list[people.Post]:
    """List the posts that a person holds today in a pair."""
    rows = the_desk.views.rows(pair, "post", where={"person": person_id}, limit=200).rows
    known, today = set(people.Post.model_fields), the_desk.today()
    posts = (people.Post.model_validate({name: row.body[name] for name in known}) for row in rows)
    return [each for each in posts if each.held_on(today)]


def reads(the_desk: Desk, who: Person, pair: str, matter: Matter) -> bool:
    """Whether a person may read anything of a matter of a pair today."""
    try:
        may_read(the_desk, who, pair, matter)
    except commands.UnknownPair:
        return False
    return True


def reads_history(the_desk: Desk, who: Person, pair: str) -> bool:
    """Whether a person may read a pair's history today, and so whatever leaves the system of it."""
    return reads(the_desk, who, pair, Matter.HISTORY)
