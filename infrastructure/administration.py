"""The administration ledger on PostgreSQL, and the tables that token resolution reads."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from application import ports
from domain import mandates
from domain.chain import Entry, Head
from infrastructure import database, ledger, statements

SQL = statements.load("administration.sql")


class PostgresRegister:
    """The port ``Register``."""

    def __init__(self, db: database.Database) -> None:
        self._ledger = ledger.PostgresLedger(db)

    @contextmanager
    def session(self, *, command_id: str, after: Head) -> Iterator["PostgresRegisterSession"]:
        """Lock the ledger's head and read what follows ``after``; commit when the block ends well.

        Raises: LedgerBusy, LedgerRewound, LedgerUnavailable.
        """
        with self._ledger.session(mandates.TENANT, command_id=command_id, after=after) as session:
            yield PostgresRegisterSession(session)

    def entries(self, *, after: int = 0) -> Iterator[Entry]:
        """Stream the entries after a position, in order, without locking. Raises: LedgerRewound."""
        return self._ledger.entries(mandates.TENANT, after=after)


class PostgresRegisterSession:
    """The port ``RegisterSession``: one transaction that holds the administration ledger's head."""

    def __init__(self, session: ledger.PostgresSession) -> None:
        self._session = session

    @property
    def head(self) -> Head:
        return self._session.head

    @property
    def entries(self) -> Sequence[Entry]:
        return self._session.entries

    @property
    def now(self) -> datetime:
        return self._session.now

    def registered(self) -> ports.Registered:
        """Tell what token resolution reads now."""
        run = self._session.connection.execute
        return ports.Registered(
            people=dict(run(SQL["people"]).fetchall()),
            grants=[
                (
                    person,
                    mandates.Mandate(
                        role=role,
                        scope=scope,
                        subtree=subtree,
                        valid_from=first,
                        valid_until=last,
                        matters=tuple(matters),
                    ),
                )
                for person, role, scope, subtree, first, last, matters in run(SQL["mandates"]).fetchall()
            ],
            keys=[
                (
                    person,
                    mandates.Key(
                        hash=digest,
                        kind=kind,
                        purpose=label,
                        expires_at=expires_at,
                        pair=pair,
                        matters=tuple(matters),
                    ),
                )
                for person, digest, kind, label, expires_at, pair, matters in run(SQL["keys"]).fetchall()
            ],
        )

    def earlier(self) -> Sequence[ports.CredentialAct]:
        """List what was done before this ledger, oldest first."""
        found = self._session.connection.execute(SQL["earlier"]).fetchall()
        return [
            ports.CredentialAct(
                id=key,
                at=at,
                actor=actor,
                what=what,
                person=person,
                role=role,
                scope=scope,
                token_hash=digest,
            )
            for key, at, actor, what, person, role, scope, digest in found
        ]

    def append(
        self,
        drafts: Sequence[ports.Draft],
        *,
        actor: str,
        facts: Sequence[mandates.PrincipalFact],
        project: bool = True,
    ) -> None:
        """Append the facts and bring what token resolution reads to the same state, in this one transaction."""
        self._session.append(drafts, actor=actor, request_hash=bytes(32), answer={}, rows=())
        for fact in facts if project else ():
            change = _change(fact)
            if change is not None:
                name, values = change
                self._session.connection.execute(SQL[name], {"person": fact.person, **values})


def _change(fact: mandates.PrincipalFact) -> tuple[str, dict[str, Any]] | None:
    match fact:
        case mandates.PersonEnrolled():
            return "enrol", {"description": fact.description}
        case mandates.MandateGranted():
            given = fact.mandate.model_dump(exclude={"given_by"})
            return "grant", {**given, "matters": list(fact.mandate.matters)}
        case mandates.MandateWithdrawn():
            return "withdraw", {"role": fact.role, "scope": fact.scope}
        case mandates.KeyIssued():
            key = fact.key
            return "issue", {
                "hash": bytes.fromhex(key.hash),
                "kind": key.kind.value,
                "purpose": key.purpose,
                "expires_at": key.expires_at,
                "pair": key.pair,
                "matters": list(key.matters),
            }
        case mandates.KeyRevoked():
            return "revoke", {"hash": bytes.fromhex(fact.key_hash)}
        case _:
            return None
