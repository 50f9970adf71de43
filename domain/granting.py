"""What administrators may do, and to whom: orders on the administration ledger.

Three administrators are three persons (三员分立): one appoints and enrols, one grants and hands out keys, one reads what
the other two did. Nobody grants himself anything, and nobody hands out the key to powers that he gave.
Source: R-097; trust.md, "Access".
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain import calendar, mandates, people, refusals, wording
from domain.decider import Capacity, Signatory, Value
from domain.mandates import (
    ADMINISTRATORS,
    Key,
    KeyKind,
    Mandate,
    OnAccount,
    Principal,
    PrincipalFact,
    Role,
    place,
)


class ThreePersons(refusals.Refusal):
    """系统管理员、安全管理员、审计管理员须是三个人，一人不得兼任。"""

    requirement = "R-097"
    remedy = "请另定一人，或先收回其现有的管理职责。"


class AdministratorDoesNoBusiness(refusals.Refusal):
    """管理员不办理、不读取业务，不得兼任读取业务的职责。"""

    requirement = "R-097"
    remedy = "请将读取职责授予没有管理职责的人员。"


class AdministratorHoldsNoPost(refusals.Refusal):
    """系统管理员、安全管理员和审计管理员不办理业务，不得担任结对单位的任何职务。"""

    requirement = "R-097"
    remedy = "请登记另一人任职，或先撤回其管理职责。"


class PostHolderNeverAdministers(refusals.Refusal):
    """担任过结对单位职务的人员，不得授予管理职责。"""

    requirement = "R-097"
    remedy = "请将管理职责授予没有任何任职记录的人员。"


class ServiceIsNoPerson(refusals.Refusal):
    """对接系统只读取授权所列的内容，不得任职，不得兼有其他职责。"""

    requirement = "R-097"
    remedy = "请为对接系统另行登记一个编号。"


class SelfGranted(refusals.Refusal):
    """不能给自己授予职责、发放令牌。"""

    requirement = "R-097"
    remedy = "请由另一名安全管理员办理。"


class GiverHandsOutNoKey(refusals.Refusal):
    """给此人任职或职责的人，不得再给此人发放令牌、密钥或口令。"""

    requirement = "R-097"
    remedy = "请由另一名安全管理员办理，或在服务器上用命令行办理。"


class AdministratorsSecretAtConsole(refusals.Refusal):
    """管理员的令牌、口令和验证码只在服务器上用命令行发放、重置；给他人发放过的，不能再授予其管理职责。"""

    requirement = "R-097"
    remedy = "请在服务器上办理：lianxi admin token 或 lianxi admin account；先撤销管理员发放的令牌。"


class KeyHolderGivesNothing(refusals.Refusal):
    """给此人发放过仍有效的令牌、密钥或口令的人，不得再给此人任职或职责。"""

    requirement = "R-097"
    remedy = "请由另一人办理，或先撤销其发放的令牌、密钥。"


class NobodyToStandFor(refusals.Refusal):
    """此人还没有任职或职责，不能发放令牌。"""

    requirement = "R-097"
    remedy = "请先登记其任职或授予职责，再发放令牌。"


class MandateUnfit(refusals.Refusal):
    """职责的期限或范围不合规定。"""

    requirement = "R-097"


class Order(Value):
    """What an administrator wants done for a person; the moment is the ledger's."""

    person: str


class Enrol(Order):
    """登记人员。"""

    description: str = ""


class Grant(Order):
    """授予职责。"""

    role: str
    scope: str
    subtree: bool = True
    valid_from: date | None = None
    valid_until: date | None = None
    matters: tuple[str, ...] = ()
    basis: str = ""


class Withdraw(Order):
    """收回职责。"""

    role: str
    scope: str
    reason: str = ""


class Issue(Order):
    """发放令牌或密钥；密钥本身不入台账，只记其哈希。"""

    key_hash: str
    kind: KeyKind = KeyKind.TOKEN
    purpose: str = ""
    expires_at: datetime
    pair: str = ""
    matters: tuple[str, ...] = ()


class Revoke(Order):
    """撤销令牌或密钥。"""

    key_hash: str
    reason: str = ""


class AccountAct(StrEnum):
    """What is done to a person's account."""

    OPEN = "open"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of an act.
    RESET_SECOND_FACTOR = "reset_second_factor"
    UNLOCK = "unlock"
    CLOSE = "close"
    END_SESSIONS = "end_sessions"
    LINK_IDENTITY = "link_identity"
    UNLINK_IDENTITY = "unlink_identity"


ON_ACCOUNT: Final[dict[AccountAct, type[OnAccount]]] = {
    AccountAct.OPEN: mandates.AccountOpened,
    AccountAct.RESET_PASSWORD: mandates.PasswordReset,
    AccountAct.RESET_SECOND_FACTOR: mandates.SecondFactorReset,
    AccountAct.UNLOCK: mandates.AccountUnlocked,
    AccountAct.CLOSE: mandates.AccountClosed,
    AccountAct.END_SESSIONS: mandates.SessionsEnded,
    AccountAct.LINK_IDENTITY: mandates.IdentityLinked,
    AccountAct.UNLINK_IDENTITY: mandates.IdentityUnlinked,
}
# Whoever does these is shown a secret by which he could enter as that person, or could let himself in.
SHOWS_A_SECRET: Final = frozenset(
    {
        AccountAct.OPEN,
        AccountAct.RESET_PASSWORD,
        AccountAct.RESET_SECOND_FACTOR,
        AccountAct.LINK_IDENTITY,
    }
)


class ActOnAccount(Order):
    """办理账号：开立、重置、解锁、停用、终止会话。"""

    what: AccountAct
    reason: str = ""


SYSTEM: Final = Capacity.SYSTEM_ADMINISTRATOR
SECURITY: Final = Capacity.SECURITY_ADMINISTRATOR
CONSOLE: Final = Capacity.CONSOLE
TABLE: Final[dict[type[Order], frozenset[Capacity]]] = {
    Enrol: frozenset({SYSTEM, CONSOLE}),
    Grant: frozenset({SECURITY, CONSOLE}),
    Withdraw: frozenset({SECURITY, CONSOLE}),
    Issue: frozenset({SECURITY, CONSOLE}),
    Revoke: frozenset({SECURITY, CONSOLE}),
    ActOnAccount: frozenset({SECURITY, CONSOLE}),
}
# What of an order is somebody's words, and where they came from.
TEXTS: Final = {
    "person": "/person",
    "description": "/label",
    "purpose": "/label",
    "basis": "/basis",
    "reason": "/reason",
}
CAPACITY_OF: Final = {Role.SYSTEM_ADMINISTRATOR: SYSTEM, Role.SECURITY_ADMINISTRATOR: SECURITY}


class Posts(Value):
    """What pairs know of a person: where he holds or ever held a post, and who appointed him."""

    pairs: frozenset[str] = frozenset()
    appointed_by: frozenset[str] = frozenset()


def signatory(person: str, roles: Iterable[str]) -> Signatory:
    """Name an administrator as facts do. Raises: NotEntitled where he is none who acts."""
    held = frozenset(roles)
    for role, capacity in CAPACITY_OF.items():
        if role in held:
            return Signatory(
                person=person, title=role.label, capacity=capacity, authority=f"{role.label}职责"
            )
    raise refusals.NotEntitled("须由系统管理员或安全管理员办理。", requirement="R-097")


def console() -> Signatory:
    """Name whoever works at the machine itself: he has its files, so no rule of ours could hold him."""
    return Signatory(
        person=people.COMMAND_LINE, title="命令行", capacity=CONSOLE, authority="在服务器上以命令行办理"
    )


def decide(
    order: Order, principal: Principal, *, by: Signatory, posts: Posts, at: datetime
) -> list[PrincipalFact]:
    """Decide an order on a principal; nothing to do is an empty list.

    Args:
        order: what is wanted.
        principal: its person, as the ledger knows him.
        by: who wants it.
        posts: what the pairs know of the person.
        at: the moment, aware.

    Raises: NotEntitled, NotFound and the refusals above (R-097); PersonalData (R-040).
    """
    able = TABLE[type(order)]
    if by.capacity not in able:
        wanted = "、".join(sorted(each.label for each in able))
        raise refusals.NotEntitled(f"须由下列身份办理：{wanted}。", requirement="R-097")
    if not isinstance(order, Enrol) and not principal.enrolled:
        raise refusals.NotFound(f"人员 {order.person}。", requirement="R-097", pointer="/person")
    for name, pointer in TEXTS.items():
        # A fact is never erased.
        wording.without_personal_data_anywhere(getattr(order, name, ""), pointer=pointer)
    today = calendar.local_date(at)
    match order:
        case Enrol():
            return _enrolled(order, principal, by=by, today=today)
        case Grant():
            return _granted(order, principal, by=by, posts=posts, at=at)
        case Issue():
            may_hand_out(principal, by=by, posts=posts, today=today)
            return [_issued(order, principal, by=by, today=today)]
        case ActOnAccount():
            if order.what in SHOWS_A_SECRET:
                if Role.SERVICE in principal.roles:
                    raise MandateUnfit("对接系统凭密钥读取，不开立账号。", pointer="/person")
                may_hand_out(principal, by=by, posts=posts, today=today)
            return [ON_ACCOUNT[order.what](on=today, by=by, person=order.person, reason=order.reason)]
        case _:
            return _taken_back(order, principal, by=by, today=today)


def _enrolled(order: Enrol, principal: Principal, *, by: Signatory, today: date) -> list[PrincipalFact]:
    people.must_be_a_person(order.person, pointer="/person")
    if principal.enrolled:
        return []
    return [mandates.PersonEnrolled(on=today, by=by, person=order.person, description=order.description)]


def _taken_back(order: Order, principal: Principal, *, by: Signatory, today: date) -> list[PrincipalFact]:
    said = order.model_dump()
    match order:
        case Withdraw() if place(order.role, order.scope) in principal.mandates:
            return [mandates.MandateWithdrawn(on=today, by=by, **said)]
        case Revoke() if order.key_hash in principal.keys and not principal.keys[order.key_hash].revoked:
            return [mandates.KeyRevoked(on=today, by=by, **said)]
        case _:
            return []


def _granted(
    order: Grant, principal: Principal, *, by: Signatory, posts: Posts, at: datetime
) -> list[PrincipalFact]:
    today = calendar.local_date(at)
    if order.person == by.person:
        raise SelfGranted(pointer="/person")
    if order.role not in set(Role):
        raise MandateUnfit(f"没有职责 {order.role}。", pointer="/role")
    _check_dates(order, today=today)
    if (order.role == Role.SERVICE) != bool(order.matters):
        raise MandateUnfit("对接系统须写明可以读取的内容；其他职责的范围由权限表规定。", pointer="/matters")
    _check_three_persons(Role(order.role), principal, posts=posts)
    if order.role == Role.SERVICE and by.capacity is not CONSOLE and principal.enters_as_a_person(at):
        # Such an entrance would open all that the mandate names, where a key opens one pair.
        raise ServiceIsNoPerson("此编号已有令牌、账号或关联的身份。", pointer="/person")
    if by.capacity is not CONSOLE and by.person in principal.holders_of_secrets(at):
        raise KeyHolderGivesNothing(pointer="/person")
    if order.role in ADMINISTRATORS and principal.holders_of_secrets(at) - {people.COMMAND_LINE}:
        raise AdministratorsSecretAtConsole(pointer="/person")
    mandate = Mandate(**order.model_dump(exclude={"person", "basis"}), given_by=by.person)
    known = principal.mandates.get(place(order.role, order.scope))
    if known is not None and known.model_copy(update={"given_by": by.person}) == mandate:
        return []
    return [mandates.MandateGranted(on=today, by=by, person=order.person, mandate=mandate, basis=order.basis)]


def _check_three_persons(role: Role, principal: Principal, *, posts: Posts) -> None:
    others = principal.roles - {role}
    if (role is Role.SERVICE and (others or posts.pairs)) or Role.SERVICE in others:
        raise ServiceIsNoPerson(pointer="/role")
    if role not in ADMINISTRATORS:
        if others & ADMINISTRATORS:
            raise AdministratorDoesNoBusiness(pointer="/role")
        return
    if others & ADMINISTRATORS:
        raise ThreePersons(pointer="/role")
    if others:
        raise AdministratorDoesNoBusiness(pointer="/role")
    if posts.pairs:
        raise PostHolderNeverAdministers(pointer="/person")


def _check_dates(order: Grant, *, today: date) -> None:
    if order.valid_until is None:
        if order.role == Role.SERVICE:
            raise MandateUnfit("对接系统须有截止日。", pointer="/valid_until")
        return
    if order.valid_until < (order.valid_from or date.min):
        raise MandateUnfit("截止日早于起始日。", pointer="/valid_until")
    if order.valid_until < today:
        raise MandateUnfit(f"截止日早于今天（{today}）。", pointer="/valid_until")


def _issued(order: Issue, principal: Principal, *, by: Signatory, today: date) -> mandates.KeyIssued:
    if order.kind is KeyKind.KEY and not any(
        each.role == Role.SERVICE
        and each.on(today)
        and mandates.covers(each, order.pair)
        and {*order.matters} <= {*each.matters}
        for each in principal.mandates.values()
    ):
        raise MandateUnfit("此对接系统没有读取所列结对单位、所列内容的职责。", pointer="/pair")
    if order.kind is KeyKind.TOKEN and Role.SERVICE in principal.roles:
        raise MandateUnfit("对接系统凭密钥读取，不发放令牌。", pointer="/person")
    said = order.model_dump(exclude={"person", "key_hash"})
    key = Key(**said, hash=order.key_hash, given_by=by.person)
    return mandates.KeyIssued(on=today, by=by, person=order.person, key=key)


def may_hand_out(principal: Principal, *, by: Signatory, posts: Posts, today: date) -> None:
    """Refuse to show a secret of a person to who gave him his powers, or to himself.

    A mandate that has not ended counts, also one that has not begun. An administrator's secret is shown at the console
    alone: whoever entered as another administrator could give in his name what he may not give himself.
    Raises: NobodyToStandFor, SelfGranted, AdministratorsSecretAtConsole, GiverHandsOutNoKey.
    """
    if by.capacity is CONSOLE:
        return
    if by.person == principal.id:
        raise SelfGranted(pointer="/person")
    lasting = [each for each in principal.mandates.values() if today <= (each.valid_until or date.max)]
    if not lasting and not posts.pairs:
        raise NobodyToStandFor(pointer="/person")
    if principal.roles & ADMINISTRATORS:
        raise AdministratorsSecretAtConsole(pointer="/person")
    if by.person in posts.appointed_by | {each.given_by for each in lasting}:
        raise GiverHandsOutNoKey(pointer="/person")


def may_appoint(principal: Principal, *, by: str, at: datetime) -> None:
    """Refuse a post for an administrator, and from who was shown a secret of its holder.

    Raises: AdministratorHoldsNoPost, KeyHolderGivesNothing.
    """
    if principal.roles & ADMINISTRATORS:
        raise AdministratorHoldsNoPost(pointer="/person")
    if Role.SERVICE in principal.roles:
        raise ServiceIsNoPerson(pointer="/person")
    if by in principal.holders_of_secrets(at):
        raise KeyHolderGivesNothing(pointer="/person")
