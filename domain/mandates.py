"""Who may enter, and with what powers beside the posts of a pair: the facts of the administration ledger.

A principal is a person or a service; a mandate is a role over a pair or a subtree, on inclusive local dates; a key is a
token of a person or of a service, known by its hash. What may be granted by whom, ``granting`` says.
Source: R-097; trust.md, "Access".
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Final, assert_never, get_args

from pydantic import Field

from domain.decider import Decider, Fact, Value

TENANT: Final = "administration"


class Role(StrEnum):
    """Roles beside the posts of a pair; a scope is a pair, or a division with all below it."""

    CITY_READER = "city_reader"
    AUDITOR = "auditor"
    SERVICE = "service"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS: Final = {
    Role.CITY_READER: "市级读者",
    Role.AUDITOR: "审计人员",
    Role.SERVICE: "对接系统",
    Role.SYSTEM_ADMINISTRATOR: "系统管理员",
    Role.SECURITY_ADMINISTRATOR: "安全管理员",
    Role.AUDIT_ADMINISTRATOR: "审计管理员",
}
ADMINISTRATORS: Final = frozenset(
    {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR}
)


class KeyKind(StrEnum):
    """What a secret is for: a person's token, or a service's key."""

    TOKEN = "token"  # noqa: S105 - the name of a kind.
    KEY = "key"


class Mandate(Value):
    """A role over a pair, or over a division with all below it; both days are inclusive, None is without end.

    ``matters`` are what a service may read; other roles have theirs by the access table.
    """

    role: str
    scope: str
    subtree: bool = True
    valid_from: date | None = None
    valid_until: date | None = None
    matters: tuple[str, ...] = ()
    given_by: str = ""

    def on(self, day: date) -> bool:
        """Whether it was valid on a local date."""
        return (self.valid_from or date.min) <= day <= (self.valid_until or date.max)


def prefix(scope: str) -> str:
    """Give what all division codes of a subtree begin with: a city's code ends in 00, which its counties' do not.

    >>> prefix("140800")
    '1408'
    """
    return scope[:4] if len(scope) == 6 and scope.endswith("00") else scope  # noqa: PLR2004 - a county-level code.


def covers(mandate: Mandate, pair: str) -> bool:
    """Whether a mandate is over a pair, whatever the day."""
    return pair.startswith(prefix(mandate.scope)) if mandate.subtree else pair == mandate.scope


class Key(Value):
    """A secret as it is remembered: by the hex of its SHA-256. A service's names the one pair, and what of it is read."""

    hash: str
    kind: KeyKind = KeyKind.TOKEN
    purpose: str = ""
    expires_at: datetime
    pair: str = ""
    matters: tuple[str, ...] = ()
    revoked: bool = False
    given_by: str = ""

    def good(self, at: datetime) -> bool:
        return not self.revoked and at < self.expires_at


class Principal(Value):
    """Someone or something that may act: what he was given, and by whom.

    ``password_by`` gave him his password, ``factor_by`` last took a lost second factor from him, and each of
    ``linked_by`` said whom a platform vouches for: none of these ends what another of them was shown.
    """

    id: str = ""
    enrolled: bool = False
    description: str = ""
    mandates: dict[str, Mandate] = Field(default_factory=dict)
    keys: dict[str, Key] = Field(default_factory=dict)
    password_by: str = ""
    factor_by: str = ""
    linked_by: frozenset[str] = frozenset()

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(each.role for each in self.mandates.values())

    def enters_as_a_person(self, at: datetime) -> bool:
        """Whether there is a token, a password or an identity of a platform to enter by, and not a service's key alone."""
        tokens = any(each.kind is KeyKind.TOKEN and each.good(at) for each in self.keys.values())
        return tokens or bool(self.password_by or self.linked_by)

    def holders_of_secrets(self, at: datetime) -> frozenset[str]:
        """Name who was shown a secret of his that is good at a moment."""
        shown = {each.given_by for each in self.keys.values() if each.good(at)}
        return frozenset(shown | {self.password_by, self.factor_by} | self.linked_by) - {""}


class PersonEnrolled(Fact):
    topic = "person.enrolled"
    label = "登记人员"

    person: str
    description: str


class PersonTakenOver(Fact):
    """What was there before the administration ledger: it begins with these."""

    topic = "person.taken_over"
    label = "转录既有人员"

    person: str
    description: str
    mandates: tuple[Mandate, ...]
    keys: tuple[Key, ...]


class EarlierActNoted(Fact):
    """An act of the time before the administration ledger, as its table told it."""

    topic = "person.earlier_act_noted"
    label = "转录既往管理动作"

    person: str
    at: datetime
    actor: str
    what: str
    role: str
    scope: str
    key_hash: str


class MandateGranted(Fact):
    topic = "mandate.granted"
    label = "授予职责"

    person: str
    mandate: Mandate
    basis: str


class MandateWithdrawn(Fact):
    topic = "mandate.withdrawn"
    label = "收回职责"

    person: str
    role: str
    scope: str
    reason: str


class KeyIssued(Fact):
    topic = "key.issued"
    label = "发放令牌"

    person: str
    key: Key


class KeyRevoked(Fact):
    topic = "key.revoked"
    label = "撤销令牌"

    person: str
    key_hash: str
    reason: str


class _OnAccount(Fact):
    person: str
    reason: str


class AccountOpened(_OnAccount):
    topic = "account.opened"
    label = "开立账号"


class PasswordReset(_OnAccount):
    topic = "account.password_reset"
    label = "重置口令"


class SecondFactorReset(_OnAccount):
    topic = "account.second_factor_reset"
    label = "重置第二因素"


class AccountUnlocked(_OnAccount):
    topic = "account.unlocked"
    label = "解除锁定"


class AccountClosed(_OnAccount):
    topic = "account.closed"
    label = "停用账号"


class SessionsEnded(_OnAccount):
    topic = "account.sessions_ended"
    label = "终止会话"


class IdentityLinked(_OnAccount):
    topic = "account.identity_linked"
    label = "关联统一身份"


class IdentityUnlinked(_OnAccount):
    topic = "account.identity_unlinked"
    label = "取消关联统一身份"


OnAccount = (
    AccountOpened
    | PasswordReset
    | SecondFactorReset
    | AccountUnlocked
    | AccountClosed
    | SessionsEnded
    | IdentityLinked
    | IdentityUnlinked
)
PrincipalFact = (
    PersonEnrolled
    | PersonTakenOver
    | EarlierActNoted
    | MandateGranted
    | MandateWithdrawn
    | KeyIssued
    | KeyRevoked
    | AccountOpened
    | PasswordReset
    | SecondFactorReset
    | AccountUnlocked
    | AccountClosed
    | SessionsEnded
    | IdentityLinked
    | IdentityUnlinked
)


def place(role: str, scope: str) -> str:
    """Name a mandate among those of one person."""
    return f"{role}@{scope}"


def evolve(principal: Principal, fact: PrincipalFact) -> Principal:
    """Fold one fact into a principal."""
    mandates, keys = principal.mandates, principal.keys
    match fact:
        case PersonEnrolled():
            return principal.model_copy(update={"enrolled": True, "description": fact.description})
        case PersonTakenOver():
            held = {place(each.role, each.scope): each for each in fact.mandates}
            found = {each.hash: each for each in fact.keys}
            update = {"enrolled": True, "description": fact.description, "mandates": held, "keys": found}
            return principal.model_copy(update=update)
        case MandateGranted():
            given = {**mandates, place(fact.mandate.role, fact.mandate.scope): fact.mandate}
            return principal.model_copy(update={"mandates": given})
        case MandateWithdrawn():
            left = {key: each for key, each in mandates.items() if key != place(fact.role, fact.scope)}
            return principal.model_copy(update={"mandates": left})
        case KeyIssued():
            return principal.model_copy(update={"keys": {**keys, fact.key.hash: fact.key}})
        case KeyRevoked():
            ended = keys[fact.key_hash].model_copy(update={"revoked": True})
            return principal.model_copy(update={"keys": {**keys, fact.key_hash: ended}})
        case AccountOpened() | PasswordReset() | SecondFactorReset() | IdentityLinked() | AccountClosed():
            return principal.model_copy(update=_entered_by(principal, fact))
        case EarlierActNoted() | AccountUnlocked() | SessionsEnded() | IdentityUnlinked():
            return principal
        case _:
            assert_never(fact)


def _entered_by(
    principal: Principal,
    fact: AccountOpened | PasswordReset | SecondFactorReset | IdentityLinked | AccountClosed,
) -> dict[str, str | frozenset[str]]:
    match fact:
        case AccountOpened() | PasswordReset():
            return {"password_by": fact.by.person}
        case SecondFactorReset():
            return {"factor_by": fact.by.person}
        case IdentityLinked():
            # What takes an identity away does not say whose it was.
            return {"linked_by": principal.linked_by | {fact.by.person}}
        case AccountClosed():
            return {"password_by": ""}


DECIDER = Decider(
    kind="principal", label="人员", facts=get_args(PrincipalFact), initial=Principal(), evolve=evolve
)
