"""The administration ledger: lock -> decide -> append, in one transaction with what token resolution reads.

It is a ledger like a pair's, under a tenant of its own, so it is verified, sealed and exported as theirs are.
What was there before it is transcribed into it by the first order, once.
"""

import hashlib
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from application import audit, ids, ports
from application.dossier import LedgerBroken
from domain import calendar, catalogue, chain, granting, mandates
from domain.chain import Entry, Head
from domain.decider import Signatory
from domain.granting import Order
from domain.mandates import TENANT, KeyKind, Principal, PrincipalFact

log = structlog.get_logger()
TOKEN_PREFIX: Final = "lx_"  # noqa: S105 - what a token begins with.
KEY_PREFIX: Final = "lxk_"
_PREFIX: Final = {KeyKind.TOKEN: TOKEN_PREFIX, KeyKind.KEY: KEY_PREFIX}
SECRET_BYTES: Final = 32
SECRET_LENGTH: Final = len(secrets.token_urlsafe(SECRET_BYTES))
NOWHERE: Final = granting.Posts()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everybody as of ``head``, with how many facts each has."""

    head: Head = field(default_factory=Head)
    principals: Mapping[str, Principal] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)

    def principal(self, person: str) -> Principal:
        return self.principals.get(person) or Principal(id=person)


def advance(state: State, entries: Iterable[Entry]) -> State:
    """Verify entries that follow a state and fold them into it.

    Raises: LedgerBroken at the first entry that does not verify.
    """
    head, principals, versions = state.head, dict(state.principals), dict(state.versions)
    for entry in entries:
        wrong = chain.fault(entry, after=head, tenant=TENANT)
        if wrong is not None:
            raise LedgerBroken(f"{TENANT}@{head.position + 1}: {wrong}")
        head = Head(position=entry.position, hash=entry.hash)
        person = entry.stream.partition(":")[2]
        known = principals.get(person) or Principal(id=person)
        principals[person] = mandates.evolve(known, catalogue.decode(entry.topic, entry.state))  # type: ignore[arg-type]  # Its ledger holds its facts alone.
        versions[person] = entry.version
    return State(head=head, principals=principals, versions=versions)


def drafts(state: State, facts: Iterable[PrincipalFact]) -> list[ports.Draft]:
    """Put decided facts into the ledger's form, each with its person's next version."""
    versions = dict(state.versions)
    made = []
    for fact in facts:
        versions[fact.person] = versions.get(fact.person, 0) + 1
        stream = f"{mandates.DECIDER.kind}:{fact.person}"
        made.append(
            ports.Draft(
                stream=stream,
                version=versions[fact.person],
                topic=fact.topic,
                state=catalogue.encode(fact),
            )
        )
    return made


class Administration:
    """Where administrators' orders are received. Safe for many threads; one instance a process."""

    def __init__(self, register: ports.Register) -> None:
        """Bind the register."""
        self._register = register
        self._known = State()
        self._guard = threading.Lock()

    def submit(self, order: Order, *, by: Signatory, posts: granting.Posts = NOWHERE) -> list[PrincipalFact]:
        """Decide an order and append what it leads to; an empty list is nothing new.

        ``posts`` are what the pairs know of the person. Raises: a Refusal, and the ledger's faults.
        """
        self._take_over()
        with self._register.session(command_id=ids.new_id(), after=self._known.head) as session:
            state = self._read(session)
            facts = granting.decide(
                order,
                state.principal(order.person),
                by=by,
                posts=posts,
                at=session.now,
            )
            if facts:
                session.append(drafts(state, facts), actor=by.person, facts=facts)
        for fact in facts:
            log.info("administered", by=by.person, fact=fact.topic, person=fact.person)
        return facts

    def issue(
        self,
        person: str,
        *,
        by: Signatory,
        purpose: str,
        expires_at: datetime,
        kind: KeyKind = KeyKind.TOKEN,
        pair: str = "",
        matters: tuple[str, ...] = (),
        posts: granting.Posts = NOWHERE,
    ) -> str:
        """Make a secret of 256 random bits; it is returned here and can never be shown again.

        ``pair`` and ``matters`` are what the key of a service opens.

        Raises: as ``submit``.
        """
        secret = _PREFIX[kind] + secrets.token_urlsafe(SECRET_BYTES)
        order = granting.Issue(
            person=person,
            key_hash=hashlib.sha256(secret.encode()).hexdigest(),
            kind=kind,
            purpose=purpose,
            expires_at=expires_at,
            pair=pair,
            matters=matters,
        )
        self.submit(order, by=by, posts=posts)
        return secret

    def principal(self, person: str) -> Principal:
        """Tell what the ledger knows of a person now."""
        return self.state().principal(person)

    def state(self) -> State:
        """Tell what the ledger knows of everybody now, without locking it. Raises: LedgerBroken."""
        self._take_over()
        known = self._known
        current = advance(known, self._register.entries(after=known.head.position))
        self._keep(current)
        return current

    def replay(self) -> audit.Replay:
        """Refold the ledger and compare it with everything that token resolution reads, as ``audit.replay`` does."""
        with self._register.session(command_id=ids.new_id(), after=Head()) as session:
            try:
                state = advance(State(), session.entries)
            except LedgerBroken as broken:
                return audit.Replay(pair=TENANT, position=session.head.position, rows=0, fault=str(broken))
            told, found = _rows(_told(state)), _rows(session.registered())
        return audit.Replay(
            pair=TENANT,
            position=state.head.position,
            rows=len(found),
            differences=tuple(_departures(told, found)),
        )

    def _read(self, session: ports.RegisterSession) -> State:
        state = advance(self._known, session.entries)
        self._keep(state)
        return state

    def _keep(self, state: State) -> None:
        with self._guard:
            if state.head.position > self._known.head.position:
                self._known = state

    def _take_over(self) -> None:
        if self._known.head.position:
            return
        with self._register.session(command_id="take-over", after=Head()) as session:
            if session.head.position:
                self._read(session)
                return
            facts = list(_transcribed(session))
            if facts:
                by = granting.console().model_copy(update={"authority": "台账建立时转录"})
                facts = [each.model_copy(update={"by": by}) for each in facts]
                session.append(drafts(State(), facts), actor=by.person, facts=facts, project=False)


def _transcribed(session: ports.RegisterSession) -> Iterator[PrincipalFact]:
    earlier, found = session.earlier(), session.registered()
    by, on = granting.console(), calendar.local_date(session.now)
    givers = {(each.person, each.role, each.scope, each.token_hash): each.actor for each in earlier}
    for person, description in sorted(found.people.items()):
        held = [
            each.model_copy(update={"given_by": givers.get((person, each.role, each.scope, None), "")})
            for whose, each in found.grants
            if whose == person
        ]
        keys = [
            each.model_copy(update={"given_by": givers.get((person, None, None, each.hash), "")})
            for whose, each in found.keys
            if whose == person
        ]
        yield mandates.PersonTakenOver(
            on=on, by=by, person=person, description=description, mandates=tuple(held), keys=tuple(keys)
        )
    for act in earlier:
        yield mandates.EarlierActNoted(
            on=on,
            by=by,
            person=act.person,
            at=act.at,
            actor=act.actor,
            what=act.what,
            role=act.role or "",
            scope=act.scope or "",
            key_hash=act.token_hash or "",
        )


def _told(state: State) -> ports.Registered:
    known = {person: each for person, each in state.principals.items() if each.enrolled}
    return ports.Registered(
        people={person: each.description for person, each in known.items()},
        grants=[(person, each) for person, who in known.items() for each in who.mandates.values()],
        keys=[
            (person, each) for person, who in known.items() for each in who.keys.values() if not each.revoked
        ],
    )


def _rows(known: ports.Registered) -> dict[tuple[str, str], dict[str, object]]:
    """Give rows by table and id. Who gave something is the ledger's to know: the tables need it not."""
    rows: dict[tuple[str, str], dict[str, object]] = {
        ("principal", person): {"description": description} for person, description in known.people.items()
    }
    for person, mandate in known.grants:
        key = f"{person}/{mandates.place(mandate.role, mandate.scope)}"
        rows["role_grant", key] = mandate.model_dump(mode="json", exclude={"given_by"})
    for person, each in known.keys:
        rows["credential", each.hash] = {
            "person": person,
            **each.model_dump(mode="json", exclude={"given_by"}),
        }
    return rows


def _departures(
    told: Mapping[tuple[str, str], object], found: Mapping[tuple[str, str], object]
) -> Iterator[audit.Difference]:
    for view, key in sorted(told.keys() | found.keys()):
        expected, stored = told.get((view, key)), found.get((view, key))
        if expected == stored:
            continue
        kind = audit.DifferenceKind.CHANGED
        if stored is None:
            kind = audit.DifferenceKind.MISSING
        elif expected is None:
            kind = audit.DifferenceKind.EXTRA
        yield audit.Difference(kind=kind, view=view, id=key, expected=expected, found=stored)
