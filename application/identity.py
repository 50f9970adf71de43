"""Entering: by a password and a code, or through a government platform; and what follows from having entered.

Every attempt is counted as failed before it is looked at and taken back if it ends well, so that attempts at the same
time do not slip past a lock. What is unknown takes as long and is answered as what is wrong.
Source: OWASP ASVS 5.0, 6 and 7; NIST SP 800-63B-4, 3.1.
"""

import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Final

from application import identity_ports as machines
from application.administering import NOWHERE, Administration
from application.identity_ports import Rules
from domain import granting
from domain.decider import Signatory
from domain.granting import AccountAct

SHORTEST: Final = 12
LONGEST: Final = 128
# So many letters a password has besides words that lie near.
OF_ITS_OWN: Final = 6
ONE_TIME_BYTES: Final = 18
# What lies near: a password made of these is refused.
WORDS: Final = (
    "lianxi", "lianxihuiyi", "gonghui", "zonggonghui", "zhengfu", "yuncheng", "shanxi",
    "联席", "联席会议", "工会", "总工会", "政府", "人民政府", "运城", "运城市", "山西",
)  # fmt: skip


class NotEntered(Exception):
    """An attempt to prove who one is that did not end well. ``person``: whose account it is, empty for nobody's."""

    def __init__(self, person: str) -> None:
        super().__init__()
        self.person = person


class LoginFailed(NotEntered):
    """账号、口令或验证码不正确，或口令已过期。"""


class SecondFactorNeeded(NotEntered):
    """请同时填写身份验证器上的六位验证码。"""


class LockedOut(NotEntered):
    """失败次数过多，暂时锁定。"""

    def __init__(self, seconds: int, *, person: str) -> None:
        super().__init__(person)
        self.seconds = seconds


class TooShort(Exception):
    """口令应为 12 至 128 个字符，不要求字符种类。"""


class TooCommon(Exception):
    """口令太容易猜到（常见口令、重复或连续的字符、本单位或账号的名称），请另选一个。"""


class SamePassword(Exception):
    """新口令与现用口令相同。"""


class FactorEnrolled(Exception):
    """已经绑定身份验证器；遗失的，请安全管理员解除后重新绑定。"""


class NoFactor(Exception):
    """还没有登记身份验证器，请先登记。"""


class NoPlatform(Exception):
    """本系统没有接入统一身份认证平台。"""


class NotLinked(Exception):
    """平台上的这个身份没有对应的人员，请联系管理员关联。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A session that has begun. The token can never be shown again."""

    person: str
    token: str = field(repr=False)
    session: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who somebody says to be, and by what."""

    account: str
    password: str = field(repr=False)
    code: str | None = field(default=None, repr=False)
    address: str = field(repr=False)


class Identity:
    """Log-ins, passwords, second factors and sessions."""

    def __init__(
        self,
        accounts: machines.Accounts,
        passwords: machines.Passwords,
        codes: machines.Codes,
        office: Administration,
        *,
        clock: Callable[[], datetime],
        platform: machines.Platform | None = None,
        rules: Rules | None = None,
    ) -> None:
        self.accounts = accounts
        self.platform = platform
        self.rules = rules or Rules()
        self._passwords = passwords
        self._codes = codes
        self._office = office
        self._clock = clock

    # --- entering ------------------------------------------------------------------------------------------------

    def log_in(self, claim: Claim) -> Entered:
        """Begin a session by a password, and a code where there is a second factor.

        Raises: LockedOut, LoginFailed, SecondFactorNeeded.
        """
        now, person = self._clock(), claim.account
        self._count(person, claim.address, now)
        kept = self.accounts.secrets(person)
        proved = self._passwords.verify(_normal(claim.password), kept.password_hash if kept else None)
        if kept is None or not proved or not _in_time(kept, now):
            # Under the name of nobody somebody may have typed a password: it is not passed on.
            raise LoginFailed(person if kept else "")
        if kept.confirmed:
            if claim.code is None:
                self._uncount(person, claim.address, now)
                raise SecondFactorNeeded(person)
            if not self._shown(person, kept, claim.code, now):
                raise LoginFailed(person)
        self._uncount(person, claim.address, now, proved=True)
        return self._begin(person, "password", now, second=kept.confirmed)

    def leave_for_platform(self) -> tuple[str, str]:
        """Begin a log-in through the platform. Returns: the address to enter at, and the state to come back with.

        Raises: NoPlatform, Unavailable.
        """
        platform = self._the_platform()
        now, state = self._clock(), secrets.token_urlsafe(32)
        where = platform.leave(state)
        self.accounts.leave(state, at=now, expires_at=now + self.rules.idle)
        return where, state

    def back_from_platform(self, state: str, code: str) -> Entered:
        """Begin a session for whom the platform vouches, where an administrator has linked the two.

        Raises: NoPlatform, NotVouched, NotLinked, Unavailable.
        """
        platform, now = self._the_platform(), self._clock()
        if not self.accounts.back(state, at=now):
            raise machines.NotVouched("the state is unknown, late or used")
        voucher = platform.back(state, code)
        person = self.accounts.linked(voucher.issuer, voucher.subject)
        if person is None:
            raise NotLinked
        return self._begin(person, "oidc", now, second=False)

    # --- one's own -----------------------------------------------------------------------------------------------

    def change_password(self, person: str, session: str, *, current: str, new: str, address: str) -> None:
        """Change a password; all other sessions of the person end.

        Raises: LockedOut, LoginFailed, TooShort, TooCommon, SamePassword.
        """
        now = self._clock()
        self._count(person, address, now)
        kept = self.accounts.secrets(person)
        if not self._passwords.verify(_normal(current), kept.password_hash if kept else None):
            raise LoginFailed(person)
        self._uncount(person, address, now)
        self.check_policy(person, new)
        if _normal(new) == _normal(current):
            raise SamePassword
        hashed = self._passwords.hash(_normal(new))
        self.accounts.change_password(person, password_hash=hashed, session=session, at=now)

    def check_policy(self, person: str, password: str) -> None:
        """Refuse a password that is short or easily guessed (ASVS 6.2.1, 6.2.4, 6.2.11). Raises: TooShort, TooCommon."""
        normal = _normal(password)
        if not SHORTEST <= len(normal) <= LONGEST:
            raise TooShort
        near = [*WORDS, person, *person.replace(".", "-").replace("_", "-").replace(":", "-").split("-")]
        if _made_of(normal, near) or self._passwords.weak(normal, words=[each for each in near if each]):
            raise TooCommon

    def enrol_factor(self, person: str) -> str:
        """Give what an authenticator is set up with, once; it counts when a code of it was shown.

        Raises: FactorEnrolled.
        """
        secret = self._codes.secret(person)
        if not self.accounts.enrol_factor(person, secret=secret, at=self._clock()):
            raise FactorEnrolled
        return self._codes.uri(person, secret)

    def show_factor(self, person: str, session: str, *, code: str, address: str) -> None:
        """Show a code: it confirms a new second factor, and the session has shown one.

        Raises: LockedOut, LoginFailed, NoFactor.
        """
        now = self._clock()
        kept = self.accounts.secrets(person)
        if kept is None or kept.factor is None:
            raise NoFactor
        self._count(person, address, now)
        if not self._shown(person, kept, code, now):
            raise LoginFailed(person)
        self._uncount(person, address, now, proved=True)
        self.accounts.second_shown(session, at=now)

    def sessions(self, person: str) -> Sequence[machines.Held]:
        """List a person's open sessions."""
        return self.accounts.sessions(person, at=self._clock(), idle=self.rules.idle)

    def log_out(self, person: str, session: str) -> bool:
        """End one session. Returns: False where it was not open."""
        return self.accounts.end_session(person, session, at=self._clock())

    def log_out_everywhere(self, person: str) -> None:
        """End all sessions of a person."""
        self.accounts.end_sessions(person, at=self._clock())

    # --- by an administrator -------------------------------------------------------------------------------------
    # Each act is a fact of the administration ledger first, and then done: what a crash leaves between the two is a
    # fact without its effect, which whoever did it repeats, and never an effect without its fact.

    def open_account(
        self, person: str, *, by: Signatory | None = None, posts: granting.Posts = NOWHERE
    ) -> tuple[str, datetime]:
        """Make a one-time password, for a new account or instead of a lost password; it is shown once.

        Returns: the password, and when it expires. Raises: NotFound, a Refusal.
        """
        kept = self.accounts.secrets(person)
        anew = kept is not None and kept.password_hash is not None
        password = secrets.token_urlsafe(ONE_TIME_BYTES)
        hashed = self._passwords.hash(password)
        self._act(person, AccountAct.RESET_PASSWORD if anew else AccountAct.OPEN, by, posts)
        now = self._clock()
        expires = now + self.rules.one_time
        self.accounts.open(person, password_hash=hashed, at=now, expires_at=expires)
        self.accounts.take_back(_account(person), at=now, all_of_it=True)
        return password, expires

    def unlock(self, person: str, *, by: Signatory | None = None, posts: granting.Posts = NOWHERE) -> bool:
        """End the lock of an account. Returns: False where nothing was counted."""
        if not self.accounts.counted(_account(person)):
            return False
        self._act(person, AccountAct.UNLOCK, by, posts)
        self.accounts.take_back(_account(person), at=self._clock(), all_of_it=True)
        return True

    def reset_factor(
        self, person: str, *, by: Signatory | None = None, posts: granting.Posts = NOWHERE
    ) -> bool:
        """Forget a second factor that was lost, and end the person's sessions. Returns: False where there was none."""
        kept = self.accounts.secrets(person)
        if kept is None or kept.factor is None:
            return False
        self._act(person, AccountAct.RESET_SECOND_FACTOR, by, posts)
        self.accounts.reset_factor(person, at=self._clock())
        return True

    def end_sessions(
        self, person: str, *, by: Signatory | None = None, posts: granting.Posts = NOWHERE
    ) -> None:
        """End all sessions of a person."""
        self._act(person, AccountAct.END_SESSIONS, by, posts)
        self.accounts.end_sessions(person, at=self._clock())

    def link(
        self, person: str, subject: str, *, by: Signatory | None = None, posts: granting.Posts = NOWHERE
    ) -> bool:
        """Let an identity of the platform stand for a person. Returns: False where it stands for somebody.

        Raises: NoPlatform, NotFound, a Refusal.
        """
        issuer = self._the_platform().issuer
        if self.accounts.linked(issuer, subject) is not None:
            return False
        self._act(person, AccountAct.LINK_IDENTITY, by, posts, reason=issuer)
        return self.accounts.link(person, issuer=issuer, subject=subject, at=self._clock())

    def unlink(
        self, person: str, subject: str, *, by: Signatory | None = None, posts: granting.Posts = NOWHERE
    ) -> bool:
        """Let an identity stand for a person no more; the sessions entered by it end. Returns: False where it did not.

        Raises: NoPlatform.
        """
        issuer = self._the_platform().issuer
        if self.accounts.linked(issuer, subject) != person:
            return False
        self._act(person, AccountAct.UNLINK_IDENTITY, by, posts, reason=issuer)
        return self.accounts.unlink(person, issuer=issuer, subject=subject, at=self._clock())

    # --- parts ---------------------------------------------------------------------------------------------------

    def _act(
        self, person: str, what: AccountAct, by: Signatory | None, posts: granting.Posts, *, reason: str = ""
    ) -> None:
        order = granting.ActOnAccount(person=person, what=what, reason=reason)
        self._office.submit(order, by=by or granting.console(), posts=posts)

    def _count(self, person: str, address: str, now: datetime) -> None:
        # The address comes first: one that is locked must not lock accounts on.
        rules = self.rules
        for name, tries, memory in (
            (_address(address), rules.address_tries, rules.address_memory),
            (_account(person), rules.account_tries, rules.account_memory),
        ):
            until = self.accounts.attempt(name, at=now, tries=tries, rules=rules, memory=memory)
            if until is not None:
                known = person if self.accounts.secrets(person) is not None else ""
                raise LockedOut(max(ceil((until - now).total_seconds()), 1), person=known)

    def _uncount(self, person: str, address: str, now: datetime, *, proved: bool = False) -> None:
        # A password alone must not wipe out what was counted of wrong codes, or they could be tried without end.
        self.accounts.take_back(_account(person), at=now, all_of_it=proved)
        self.accounts.take_back(_address(address), at=now)

    def _shown(self, person: str, kept: machines.Secrets, code: str, now: datetime) -> bool:
        step = self._codes.step(person, kept.factor, code, at=now) if kept.factor is not None else None
        return step is not None and self.accounts.take_step(person, step=step, at=now)

    def _begin(self, person: str, how: machines.How, now: datetime, *, second: bool) -> Entered:
        expires = now + self.rules.absolute
        token, session = self.accounts.begin(
            person, how=how, at=now, expires_at=expires, second=second, most=self.rules.most_sessions
        )
        return Entered(person=person, token=token, session=session, expires_at=expires)

    def _the_platform(self) -> machines.Platform:
        if self.platform is None:
            raise NoPlatform
        return self.platform


def _normal(password: str) -> str:
    # The same characters typed on another keyboard may arrive as other code points (SP 800-63B-4, 3.1.1.2).
    return unicodedata.normalize("NFKC", password)


def _made_of(password: str, near: Sequence[str]) -> bool:
    rest = password.lower()
    for word in sorted((each.lower() for each in near if len(each) > 1), key=len, reverse=True):
        rest = rest.replace(word, " ")
    return rest != password.lower() and sum(each.isalpha() for each in rest) < OF_ITS_OWN


def _in_time(kept: machines.Secrets, now: datetime) -> bool:
    return kept.password_expires_at is None or now < kept.password_expires_at


def _account(person: str) -> str:
    return f"account:{person}"


def _address(address: str) -> str:
    return f"address:{address}"
