"""Whom an administrator may serve: those whose powers all lie within his own divisions (R-097, 三员分立).

A token carries all the powers of its person. Posts count for ever: a business date may lie before their end. What else
an administrator may not do, and to whom, the rules of the administration ledger say.
"""

from api.auth import Person
from api.desk import Desk
from api.problems import ApiError
from domain import granting, people
from domain.decider import Signatory
from domain.mandates import Role

PAGE = 200


def pairs_of(the_desk: Desk, person: str) -> set[str]:
    """List the pairs, of the whole installation, where a person holds or ever held a post."""
    found: set[str] = set()
    for province in sorted({each.code[:2] for each in the_desk.divisions.all()}):
        after: tuple[str, str] | None = None
        while page := the_desk.views.across(
            province, "post", where={"person": person}, after=after, limit=PAGE
        ):
            found.update(pair for pair, _ in page)
            after = (page[-1][0], page[-1][1].id)
    return found


def posts_of(the_desk: Desk, person: str) -> granting.Posts:
    """Tell where a person holds or ever held a post, and who appointed him."""
    pairs = pairs_of(the_desk, person)
    return granting.Posts(
        pairs=frozenset(pairs),
        appointed_by=frozenset(
            entry.actor
            for pair in pairs
            for row in the_desk.views.rows(pair, "post", where={"person": person}, limit=PAGE).rows
            for entry in the_desk.views.history(
                pair, topic=people.PostAppointed.topic, stream=f"post:{row.id}", limit=1
            )
        ),
    )


def acting(who: Person) -> Signatory:
    """Name an administrator as facts do. Raises: NotEntitled for anybody else."""
    return granting.signatory(who.id, {grant.role for grant in who.grants})


def check_reach(the_desk: Desk, who: Person, person: str, *, role: Role, posts: granting.Posts) -> None:
    """Refuse an administrator whose divisions do not cover every post and every mandate of a person.

    Raises: ApiError 403.
    """
    held = the_desk.administration.principal(person).mandates.values()
    reach = {(each.scope, each.subtree) for each in held} | {(pair, False) for pair in posts.pairs}
    if not all(who.acts_as(role, scope, below=below) for scope, below in reach):
        raise ApiError(
            403, "beyond-mandate", "此人有任职或职责在您管理的区划之外，须由管理其全部区划的管理员办理。"
        )


def check_appointment(the_desk: Desk, who: Person, person: str) -> None:
    """Refuse a post for an administrator of any division, for somebody out of reach, and from who holds his key.

    Raises: AdministratorHoldsNoPost, KeyHolderGivesNothing, ApiError 403.
    """
    known = the_desk.administration.principal(person)
    granting.may_appoint(known, by=who.id, at=the_desk.clock())
    posts = granting.Posts(pairs=frozenset(pairs_of(the_desk, person)))
    check_reach(the_desk, who, person, role=Role.SYSTEM_ADMINISTRATOR, posts=posts)
