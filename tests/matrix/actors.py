"""Who asks: every capacity and role, near and far, and every kind of credential, good and bad."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import psycopg

from api.auth import COOKIE
from application import ports
from application.dossier import Dossier
from application.identity import Claim
from domain import delegations, granting
from domain.decider import Capacity
from domain.mandates import KeyKind, Role
from domain.queries import Matter
from tests.matrix.asking import ORIGIN
from tests.matrix.expected import TODAY, Standing, held_today
from tests.matrix.stage import CHILD, OWN, PARENT, SIBLING, WATCHING, Stage

PASSWORD: Final = "四月的风吹过中条山 2026"
FOREIGN: Final = "https://elsewhere.example"
# Of the own pair: both offices, all leaders, the supervisors of both sides, a department and one of another unit.
CAPACITIES: Final = (
    "go",
    "uo",
    "gl",
    "gp",
    "leader",
    "up",
    "ul",
    "sup_g",
    "sup_u",
    "dep_jingji",
    "foreign",
    "ended",
)
ELSEWHERE: Final = {
    PARENT: ("go", "uo", "gl", "gp", "up", "dep_jingji"),
    CHILD: ("go", "uo", "gl", "up"),
    SIBLING: ("go", "uo", "gl", "up", "sup_u"),
}
BRIEF: Final = ("go", "uo", "gl", "up", "sup_u", "dep_jingji", "ended")
BRIEF_ELSEWHERE: Final = {PARENT: ("go",), CHILD: ("go",), SIBLING: ("go",)}
BRIEF_ROLES: Final = (
    "nobody",
    "city reader",
    "auditor of the city",
    "auditor of the city alone",
    "auditor no more",
    "key of topics",
    "key of everything",
    "system administrator",
    "security administrator",
    "audit administrator",
)
BRIEF_CREDENTIALS: Final = ("no credential", "revoked token", "foreign origin", "one-time password", "cookie")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody with a credential. ``home`` is the pair that he is of."""

    name: str
    headers: tuple[tuple[str, str], ...]
    standing: Standing
    home: str = ""
    # A kind of credential is tried at fewer places than a person.
    kind: str = "token"
    renew: "Callable[[], tuple[tuple[str, str], ...]] | None" = None


def bearer(secret: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {secret}"),)


class Cast:
    """Enrols people on a stage and tells what each of them is."""

    def __init__(self, stage: Stage) -> None:
        """Begin with nobody."""
        self.stage = stage
        self.credentials = stage.system.credentials
        self.until = datetime.now(UTC) + timedelta(days=1)

    def standing(self, person: str, **more: bool) -> Standing:
        """Tell what somebody is today: by the ledgers for his posts, by the mandates for his roles."""
        dossiers = {pair: self.stage.system.office.dossier(pair) for pair in self.stage.plays}
        posts = {pair: held_today(each.posts.values(), person) for pair, each in dossiers.items()}
        lent = {pair: frozenset(_lent(each, person)) for pair, each in dossiers.items()}
        held = {
            pair
            for pair, each in dossiers.items()
            if any(post.person == person for post in each.posts.values())
        }
        return Standing(
            person=person,
            posts=posts,
            lent=lent,
            held=frozenset(held),
            grants=tuple(self.credentials.grants(person)),
            **more,
        )

    def token(self, person: str, *, until: datetime | None = None) -> str:
        self.credentials.enrol(person, label="矩阵")
        return self.credentials.issue(person, label="矩阵", expires_at=until or self.until)

    def member(self, pair: str, role: str) -> Actor:
        """Give the holder of a post."""
        person = self.stage.person(pair, role)
        token = self.token(person)
        name = role if pair == OWN else f"{role} of {pair}"
        return Actor(name=name, headers=bearer(token), standing=self.standing(person), home=pair)

    def mandated(self, name: str, role: Role, scope: str, **more: object) -> Actor:
        """Give the holder of a mandate."""
        person = f"p-matrix-{name.replace(' ', '-')}"
        self.credentials.enrol(person, label="矩阵")
        self.credentials.grant(person, role=role.value, scope=scope, **more)  # type: ignore[arg-type]  # As the port has it.
        return Actor(
            name=name, headers=bearer(self.token(person)), standing=self.standing(person), home=scope
        )

    def over(self, name: str) -> Actor:
        """Give an auditor whose mandate was over yesterday."""
        actor = self.mandated(name, Role.AUDITOR, PARENT)
        with psycopg.connect(self.stage.admin_dsn) as connection:
            connection.execute(
                "UPDATE ledger.role_grant SET valid_until = current_date - 2 WHERE person_id = %s",
                (actor.standing.person,),
            )
        return Actor(name=name, headers=actor.headers, standing=self.standing(actor.standing.person))

    def keyed(
        self, name: str, pair: str, allowed: tuple[str, ...], matters: tuple[str, ...], *, until: date
    ) -> Actor:
        """Give a service by a key that opens some of what its mandate over the city allows, in one pair."""
        person = f"p-matrix-{name.replace(' ', '-')}"
        self.credentials.enrol(person, label="矩阵")
        self.credentials.grant(
            person, role=Role.SERVICE.value, scope=PARENT, valid_until=until, matters=allowed
        )
        key = self.stage.system.administration.issue(
            person,
            by=granting.console(),
            purpose="矩阵",
            expires_at=self.until,
            kind=KeyKind.KEY,
            pair=pair,
            matters=matters,
        )
        opened = ports.Grant(role=Role.SERVICE.value, scope=pair, subtree=False, matters=matters)
        standing = replace(self.standing(person), grants=(opened,))
        return Actor(name=name, headers=bearer(key), standing=standing, home=pair)

    def session(self, person: str, *, settled: bool = True) -> tuple[str, str]:
        """Log somebody in. Returns: the token of the session, and its id."""
        identity = self.stage.system.identity
        self.credentials.enrol(person, label="矩阵")
        once, _ = identity.open_account(person)
        # What was tried and failed before counts against an address.
        address = f"198.51.100.{next(self.stage.keys) % 250 + 1}"
        entered = identity.log_in(Claim(account=person, password=once, code=None, address=address))
        if settled:
            identity.change_password(person, entered.session, current=once, new=PASSWORD, address=address)
        return entered.token, entered.session

    def credentials_of(self, person: str) -> Iterator[Actor]:
        """Give one person by every kind of credential; each of the bad ones is as good as none."""
        nobody = Standing(known=False)
        good = self.token(person)
        revoked, expired = (
            self.token(person),
            self.token(person, until=datetime.now(UTC) - timedelta(hours=1)),
        )
        self.credentials.revoke(_hash(revoked))
        ended, key = self.session(person)
        self.stage.system.identity.log_out(person, key)
        bad = {
            "no credential": (),
            "malformed token": bearer("lx_malformed"),
            "another scheme": (("authorization", f"Basic {good}"),),
            "unknown token": bearer("lx_" + secrets.token_urlsafe(32)),
            "unknown session": bearer("lxs_" + secrets.token_urlsafe(32)),
            "unknown key": bearer("lxk_" + secrets.token_urlsafe(32)),
            "revoked token": bearer(revoked),
            "expired token": bearer(expired),
            "ended session": bearer(ended),
            "token as cookie": (("cookie", f"{COOKIE}={good}"), ("origin", ORIGIN)),
        }
        for name, headers in bad.items():
            yield Actor(name=name, headers=headers, standing=nobody, home=OWN, kind="bad")
        settled, _ = self.session(person)
        cookie = ("cookie", f"{COOKIE}={settled}")
        standing = self.standing(person, session=True)
        yield Actor(name="session", headers=bearer(settled), standing=standing, home=OWN, kind="good")
        yield Actor(
            name="cookie", headers=(cookie, ("origin", ORIGIN)), standing=standing, home=OWN, kind="good"
        )
        foreign = self.standing(person, session=True, foreign=True)
        yield Actor(
            name="foreign origin",
            headers=(cookie, ("origin", FOREIGN)),
            standing=foreign,
            home=OWN,
            kind="bad",
        )
        yield Actor(name="no origin", headers=(cookie,), standing=foreign, home=OWN, kind="bad")


def _lent(known: Dossier, person: str) -> Iterator[tuple[delegations.Matter, Capacity]]:
    for matter in delegations.Matter:
        for each in delegations.lent(person, known.delegations, known.posts, matter=matter, on=TODAY):
            yield matter, each.capacity


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def actors(stage: Stage, *, short: bool) -> list[Actor]:
    """List who asks. A short run has fewer of them, and the same relations."""
    cast = Cast(stage)
    later = (datetime.now(UTC) + timedelta(days=400)).date()
    every = tuple(each.value for each in Matter if each is not Matter.SENDING)
    found = [cast.member(OWN, role) for role in (BRIEF if short else CAPACITIES)]
    for pair, roles in (BRIEF_ELSEWHERE if short else ELSEWHERE).items():
        found += [cast.member(pair, role) for role in roles]
    for pair in stage.plays:
        cast.credentials.enrol(stage.person(pair, "served"), label="矩阵")
    found += [
        Actor(
            name="nobody",
            headers=bearer(cast.token("p-matrix-nobody")),
            standing=cast.standing("p-matrix-nobody"),
        ),
        cast.mandated("city reader", Role.CITY_READER, PARENT),
        cast.mandated("auditor of the city", Role.AUDITOR, PARENT),
        cast.mandated("auditor of one pair", Role.AUDITOR, OWN, subtree=False),
        cast.mandated("auditor of the city alone", Role.AUDITOR, PARENT, subtree=False),
        cast.over("auditor no more"),
        cast.mandated("auditor of a county", Role.AUDITOR, OWN),
        cast.mandated("auditor not yet", Role.AUDITOR, PARENT, valid_from=later),
        cast.keyed("key of topics", OWN, every, ("topics",), until=later),
        cast.keyed("key of everything", OWN, every, every, until=later),
        cast.keyed("key of another", SIBLING, every, every, until=later),
        cast.mandated("system administrator", Role.SYSTEM_ADMINISTRATOR, PARENT),
        cast.mandated("system administrator beside", Role.SYSTEM_ADMINISTRATOR, SIBLING),
        cast.mandated("security administrator", Role.SECURITY_ADMINISTRATOR, PARENT),
        cast.mandated("security administrator beside", Role.SECURITY_ADMINISTRATOR, SIBLING),
        cast.mandated("audit administrator", Role.AUDIT_ADMINISTRATOR, PARENT),
    ]
    found += cast.credentials_of(stage.person(OWN, "go2"))
    first = stage.person(OWN, "leader")

    def anew() -> tuple[tuple[str, str], ...]:
        return bearer(cast.session(first, settled=False)[0])

    owing = cast.standing(first, session=True, owes=True)
    found.append(
        Actor(name="one-time password", headers=anew(), standing=owing, home=OWN, kind="bad", renew=anew)
    )
    watching = Standing(known=False, watches=True)
    found.append(Actor(name="watcher", headers=bearer(WATCHING), standing=watching, kind="bad"))
    brief = {*BRIEF_ROLES, *BRIEF_CREDENTIALS, "watcher"}
    return [
        each
        for each in found
        if not short or (each.kind == "token" and each.standing.held) or each.name in brief
    ]
