"""Whoever could enter as a person gives that person nothing, whatever another administrator does afterwards (R-097)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain import granting, mandates, wording
from domain.decider import Signatory
from domain.granting import AccountAct
from domain.mandates import Mandate, Role

AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
FIRST, SECOND = (granting.signatory(each, {Role.SECURITY_ADMINISTRATOR}) for each in ("first", "second"))
NOWHERE = granting.Posts()
CLERK = mandates.Principal(
    id="clerk",
    enrolled=True,
    mandates={"auditor@140830": Mandate(role="auditor", scope="140830", given_by="command-line")},
)
ENTERS = (
    AccountAct.OPEN,
    AccountAct.RESET_PASSWORD,
    AccountAct.RESET_SECOND_FACTOR,
    AccountAct.LINK_IDENTITY,
)
# A new password is the end of the one before it.
ENDED = {
    (first, second)
    for first in (AccountAct.OPEN, AccountAct.RESET_PASSWORD)
    for second in (AccountAct.OPEN, AccountAct.RESET_PASSWORD)
} | {(AccountAct.RESET_SECOND_FACTOR, AccountAct.RESET_SECOND_FACTOR)}


def served(principal: mandates.Principal, what: AccountAct, by: Signatory) -> mandates.Principal:
    order = granting.ActOnAccount(person="clerk", what=what)
    for fact in granting.decide(order, principal, by=by, posts=NOWHERE, at=AT):
        principal = mandates.evolve(principal, fact)
    return principal


@pytest.mark.parametrize("first", ENTERS)
@pytest.mark.parametrize("second", [*ENTERS, AccountAct.UNLINK_IDENTITY, AccountAct.END_SESSIONS])
def test_r097_what_another_does_ends_no_knowledge_but_of_what_it_replaces(
    first: AccountAct, second: AccountAct
) -> None:
    """The platform still vouches for whom the first has linked when the second has reset the password."""
    known = served(served(CLERK, first, FIRST), second, SECOND)
    order = granting.Grant(person="clerk", role="city_reader", scope="140830")
    if (first, second) in ENDED:
        assert granting.decide(order, known, by=FIRST, posts=NOWHERE, at=AT)
        return
    with pytest.raises(granting.KeyHolderGivesNothing):
        granting.decide(order, known, by=FIRST, posts=NOWHERE, at=AT)
    with pytest.raises(granting.KeyHolderGivesNothing):
        granting.may_appoint(known, by="first", at=AT)


@pytest.mark.parametrize(
    ("order", "pointer"),
    [
        (granting.Enrol(person="new", description="科员，电话 13520240012"), "/label"),
        (granting.Enrol(person="13520240012", description="科员"), "/person"),
        (granting.Grant(person="clerk", role="auditor", scope="140830", basis="a@b.cn 所请"), "/basis"),
        (
            granting.Issue(person="clerk", key_hash="0" * 64, purpose="张三 135 2024 0012", expires_at=AT),
            "/label",
        ),
        (
            granting.Withdraw(person="clerk", role="auditor", scope="140830", reason="见 13520240012"),
            "/reason",
        ),
    ],
)
def test_r040_the_administration_ledger_too_keeps_no_personal_data(
    order: granting.Order, pointer: str
) -> None:
    """It is append-only and exported like the others: what is in it is erased for nobody."""
    console = granting.console()
    known = CLERK if order.person == "clerk" else mandates.Principal(id=order.person)
    with pytest.raises(wording.PersonalData) as refused:
        granting.decide(order, known, by=console, posts=NOWHERE, at=AT)
    assert refused.value.pointer == pointer


SYNC = Mandate(
    role="service", scope="140800", matters=("topics",), valid_until=date(2026, 12, 31), given_by="x"
)
TO_SERVE = granting.Grant(
    person="sync", role="service", scope="140800", matters=("topics",), valid_until=date(2026, 12, 31)
)


@pytest.mark.parametrize("what", sorted(granting.SHOWS_A_SECRET))
def test_r097_a_service_has_no_account(what: AccountAct) -> None:
    """In a session all that its mandate names would be open, where its key opens one pair."""
    sync = mandates.Principal(id="sync", enrolled=True, mandates={"service@140800": SYNC})
    order = granting.ActOnAccount(person="sync", what=what)
    for by in (FIRST, granting.console()):
        with pytest.raises(granting.MandateUnfit):
            granting.decide(order, sync, by=by, posts=NOWHERE, at=AT)


def test_r097_nobody_who_enters_as_a_person_becomes_a_service() -> None:
    """The other order; the control is one who never had, or has no longer, anything to enter by."""
    new = mandates.Principal(id="sync", enrolled=True)
    later = AT + timedelta(days=1)
    token = mandates.Key(hash="0" * 64, expires_at=later, given_by="second")
    key = token.model_copy(update={"kind": mandates.KeyKind.KEY})
    for has in (
        {"keys": {token.hash: token}},
        {"password_by": "second"},
        {"linked_by": frozenset({"second"})},
    ):
        with pytest.raises(granting.ServiceIsNoPerson):
            granting.decide(TO_SERVE, new.model_copy(update=has), by=FIRST, posts=NOWHERE, at=AT)
    for known in (new, new.model_copy(update={"keys": {key.hash: key}})):
        assert granting.decide(TO_SERVE, known, by=FIRST, posts=NOWHERE, at=AT)
    assert granting.decide(
        TO_SERVE, new.model_copy(update={"keys": {token.hash: token}}), by=FIRST, posts=NOWHERE, at=later
    )
