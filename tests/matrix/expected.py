"""What must be answered: asked of the access table itself, so that no rule is written here a second time.

Beside the table there is only how a refusal may look. Whoever has nothing to do with a pair is not told that it exists;
whoever has may be told that this is not for him.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from api import permits
from api.auth import Person
from application import ports
from application.concerning import Concerns
from domain import access, delegations, people, queries
from domain.decider import Capacity, Command
from domain.mandates import Role
from domain.queries import Part
from tests.matrix.endpoints import Endpoint, kind_of
from tests.matrix.stage import NOW, Stage

TODAY: Final = NOW.date()
UNAUTHENTICATED: Final = frozenset({401})
HIDDEN: Final = frozenset({404})
FORBIDDEN: Final = frozenset({403})
TOLD: Final = frozenset({403, 404})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What somebody is: his posts by pair as they are held today, and his mandates as they are valid today.

    ``lent`` is what other leaders let him do for them, by pair: the matter, and the capacity it is done in.
    ``held`` are the pairs in which he held a post at any time. ``owes`` is what his session owes first, ``foreign``
    that his browser sends from another's page, ``watches`` that it is the machine that reads the numbers.
    """

    person: str = ""
    known: bool = True
    posts: Mapping[str, tuple[people.Post, ...]] = field(default_factory=dict)
    lent: Mapping[str, frozenset[tuple[delegations.Matter, Capacity]]] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    grants: tuple[ports.Grant, ...] = ()
    session: bool = False
    owes: bool = False
    watches: bool = False
    foreign: bool = False

    def parts(self, pair: str) -> list[Part]:
        found = Person(id=self.person, grants=self.grants).parts(pair)
        found += [queries.by_post(each.capacity, each.side, each.unit) for each in self.posts.get(pair, ())]
        return found

    def related(self, pair: str) -> bool:
        """Whether this person has a part in a pair, and so may know that it is there."""
        return any(each.relation in queries.RELATIONS[each.reader] for each in self.parts(pair))

    def administers(self, pair: str) -> bool:
        return Person(id=self.person, grants=self.grants).administers(pair)

    def capacities(self, pair: str, command: type[Command]) -> set[Capacity]:
        """Tell in which capacities a command comes: by his own posts, and by what was lent for its matter."""
        found = {each.capacity for each in self.posts.get(pair, ())}
        matter = access.DELEGABLE.get(command)
        found |= {capacity for lent, capacity in self.lent.get(pair, ()) if lent is matter}
        return found | {Capacity.SYSTEM_ADMINISTRATOR} if self.administers(pair) else found


@dataclass(frozen=True, slots=True)
class Expected:
    """Whether a request must be let in; if not, with which statuses it may be refused."""

    allowed: bool
    statuses: frozenset[int] = frozenset()


ALLOWED: Final = Expected(allowed=True)


def _denied(*statuses: frozenset[int]) -> Expected:
    return Expected(False, frozenset().union(*statuses))


def expected(endpoint: Endpoint, who: Standing, pair: str, stage: Stage) -> Expected:
    """Tell what the access table says of an endpoint, a person and the pair that is asked for."""
    operation = endpoint.operation
    if endpoint.path == "/metrics":
        return ALLOWED if who.watches else _denied(HIDDEN)
    if operation in permits.OPEN or endpoint.path in permits.OPEN_PATHS:
        return ALLOWED
    if not who.known:
        return _denied(UNAUTHENTICATED)
    in_session = operation in permits.OWN and endpoint.path.startswith("/v1/sessions")
    foreign = who.foreign and endpoint.method not in {"GET", "HEAD"}
    if foreign or (who.owes and not in_session) or (in_session and not who.session):
        return _denied(FORBIDDEN)
    if in_session:
        return ALLOWED
    return _known(endpoint, who, pair, stage)


def _known(endpoint: Endpoint, who: Standing, pair: str, stage: Stage) -> Expected:
    operation = endpoint.operation
    if operation in permits.ENROLLED or operation in permits.OWN:
        return ALLOWED
    if operation in permits.ADMINISTERED:
        return _administered(endpoint, who, pair)
    if operation in permits.COMMANDS or operation in permits.AS_COMMAND:
        return _commanded(endpoint, who, pair)
    if operation in permits.READ:
        return _read(endpoint, who, pair, stage)
    # No row: nobody has decided who may use it, so nobody may.
    return _denied(TOLD)


def _commanded(endpoint: Endpoint, who: Standing, pair: str) -> Expected:
    row = permits.COMMANDS[permits.AS_COMMAND.get(endpoint.operation, endpoint.operation)]
    if row.capacities & who.capacities(pair, row.command):
        return ALLOWED
    if endpoint.target == "body":
        return _denied(FORBIDDEN)
    return _denied(FORBIDDEN if who.posts.get(pair) or who.administers(pair) else HIDDEN)


def _read(endpoint: Endpoint, who: Standing, pair: str, stage: Stage) -> Expected:
    matter = permits.READ[endpoint.operation]
    parts = who.parts(pair)
    if endpoint.target == "scope":
        # A division is read with all below it, so only a mandate that reaches down opens it.
        below = [each for each in who.grants if each.subtree]
        parts = Person(id=who.person, grants=tuple(below)).parts(pair)
        if endpoint.operation in OF_SINGLE_PAIRS:
            parts = who.parts(pair)
    sight = queries.sight(matter, parts)
    if sight is not None:
        return ALLOWED if sight.units is None else _concerned(endpoint, sight.units, pair, stage)
    if endpoint.target == "scope":
        return _denied(FORBIDDEN)
    return _denied(TOLD if who.related(pair) else HIDDEN)


def _concerned(endpoint: Endpoint, units: frozenset[str], pair: str, stage: Stage) -> Expected:
    """Ask what concerns a department whether one subject does; of lists it is shown a part."""
    if "id" not in endpoint.parameters:
        return ALLOWED
    kind = kind_of(endpoint)
    row = stage.system.views.row(pair, kind, stage.subject(pair, kind))
    mine = Concerns(stage.system.views, pair, units)
    return ALLOWED if row is not None and mine.has(row) else _denied(HIDDEN)


# A scope that is one pair serves here also who reads that pair alone.
OF_SINGLE_PAIRS: Final = frozenset({"stream_events", "list_events"})


def _administered(endpoint: Endpoint, who: Standing, pair: str) -> Expected:
    roles = permits.ADMINISTERED[endpoint.operation]
    mine = [each for each in who.grants if Role(each.role) in roles]
    if not mine:
        return _denied(FORBIDDEN)
    if endpoint.target != "person":
        return ALLOWED
    # Whoever is served must have all his powers within the administrator's divisions.
    reaches = any(
        queries.by_mandate(each.role, each.scope, pair, subtree=each.subtree).relation
        in {queries.Relation.OWN, queries.Relation.CHILD}
        for each in mine
    )
    return ALLOWED if reaches else _denied(FORBIDDEN)


def held_today(posts: Iterable[people.Post], person: str) -> tuple[people.Post, ...]:
    """List the posts of a pair that somebody holds today."""
    return tuple(each for each in posts if each.person == person and each.held_on(TODAY))


def of_the_system(operation: str) -> bool:
    """Whether the access table lets nobody issue a command but the system itself: there no control can be."""
    row = permits.COMMANDS.get(operation)
    return row is not None and row.capacities <= {Capacity.CLOCK}
