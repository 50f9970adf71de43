"""Whom a system administrator may serve, and who may never administer (R-097, 三员分立).

An administrator hands out tokens, and a token carries all the powers of its person; so he may hand out only those of
persons whose powers all lie within his own divisions. Posts count for ever: a business date may lie before their end.
"""

from api.auth import Person, Role
from api.desk import Desk
from api.problems import ApiError
from domain import refusals

PAGE = 200


class AdministratorHoldsNoPost(refusals.Refusal):
    """系统管理员不办理业务，不得担任结对单位的任何职务。"""

    requirement = "R-097"
    remedy = "请登记另一人任职，或先撤回其系统管理员职责。"


class PostHolderNeverAdministers(refusals.Refusal):
    """担任过结对单位职务的人员，不得授予系统管理员职责。"""

    requirement = "R-097"
    remedy = "请将系统管理员职责授予没有任何任职记录的人员。"


class NobodyToStandFor(refusals.Refusal):
    """此人还没有任职或职责，不能发放令牌。"""

    requirement = "R-097"
    remedy = "请先登记其任职或授予职责，再发放令牌。"


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


def check_reach(the_desk: Desk, who: Person, person: str) -> set[str]:
    """Refuse an administrator whose divisions do not cover every post and every role of a person.

    Returns: where the person has posts or roles. Raises: ApiError 403.
    """
    reach = pairs_of(the_desk, person) | {each.scope for each in the_desk.credentials.grants(person)}
    if not all(who.administers(scope) for scope in reach):
        raise ApiError(
            403, "beyond-mandate", "此人有任职或职责在您管理的区划之外，须由管理其全部区划的系统管理员办理。"
        )
    return reach


def check_token(the_desk: Desk, who: Person, person: str) -> None:
    """Refuse a token that reaches too far, or that could be made in advance of powers given by somebody else.

    Raises: ApiError 403, NobodyToStandFor.
    """
    known = any(each.person_id == person for each in the_desk.credentials.principals())
    if not check_reach(the_desk, who, person) and known:
        raise NobodyToStandFor


def check_grant(the_desk: Desk, who: Person, person: str, *, role: Role) -> None:
    """Refuse a role for somebody out of reach, and administration for who holds a post.

    Raises: ApiError 403, PostHolderNeverAdministers.
    """
    check_reach(the_desk, who, person)
    if role is Role.SYSTEM_ADMINISTRATOR and pairs_of(the_desk, person):
        raise PostHolderNeverAdministers


def check_appointment(the_desk: Desk, who: Person, person: str) -> None:
    """Refuse a post for an administrator of any division, and for somebody out of reach.

    Raises: AdministratorHoldsNoPost, ApiError 403.
    """
    if any(each.role == Role.SYSTEM_ADMINISTRATOR for each in the_desk.credentials.grants(person)):
        raise AdministratorHoldsNoPost(pointer="/person")
    check_reach(the_desk, who, person)
