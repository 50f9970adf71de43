"""Subscriptions, their cursors and their leases on PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from application import ids, webhooks
from application.webhooks import Webhook
from domain.chain import Head
from infrastructure import database, statements

SQL = statements.load("webhooks.sql")
# Sorts, in bytes, after every character that an id can have.
_LAST = "\U0010ffff"


class PostgresWebhooks:
    """The port ``Webhooks``."""

    def __init__(self, db: database.Database) -> None:
        self._database = db

    def register(self, webhook: Webhook, *, begin: Mapping[str, Head], actor: str) -> None:
        """Keep a new subscription that begins after these heads; it is kept last, so that none starts too early.

        One whose id is there already stays as it is.
        """
        for pair, head in begin.items():
            self._done("begin", pair, webhook=webhook.id, position=head.position, hash=head.hash)
        self._done(
            "register",
            webhook.tenant,
            id=webhook.id,
            reach=webhook.reach,
            url=webhook.url,
            label=webhook.label,
            key_id=webhook.key_id,
            request_hash=webhook.request_hash,
            act=ids.new_id(),
            actor=actor,
        )

    def listed(self, tenant: str) -> Sequence[Webhook]:
        """List the subscriptions registered for a pair or division, the ended ones too."""
        return [_webhook(row) for row in self._rows("listed", tenant)]

    def active(self, scope: str) -> Sequence[Webhook]:
        """List the subscriptions of a subtree that were not ended."""
        with self._database.scope_transaction(scope) as connection:
            found = connection.execute(SQL["active"], {"scope": scope, "end": scope + _LAST}).fetchall()
        return [_webhook(row) for row in found]

    def renew(self, tenant: str, id: str, *, key_id: str, actor: str) -> bool:  # noqa: A002  # The port's word.
        """Count a new secret. Returns: False where there is no such subscription or it was ended."""
        return self._done("renew", tenant, id=id, key_id=key_id, act=ids.new_id(), actor=actor)

    def resume(self, webhook: Webhook, pairs: Sequence[str], *, sponsor: str, actor: str) -> None:
        """Take parked pairs up again, on the right of a sponsor."""
        self._done("sponsor", webhook.tenant, id=webhook.id, sponsor=sponsor, act=ids.new_id(), actor=actor)
        for pair in pairs:
            self._done("resume", pair, webhook=webhook.id)

    def end(self, tenant: str, id: str, *, actor: str) -> bool:  # noqa: A002  # The port's word.
        """End a subscription. Returns: False where there is no such one or it was ended before."""
        return self._done("finish", tenant, id=id, act=ids.new_id(), actor=actor)

    def acts(self, tenant: str, *, after: str = "", limit: int = 100) -> Sequence[webhooks.Act]:
        """List what people did about the subscriptions of a pair or division."""
        found = self._rows("acts", tenant, after=after, limit=limit)
        return [
            webhooks.Act(id=key, at=at, actor=actor, what=what, webhook=webhook)
            for key, at, actor, what, webhook in found
        ]

    def deliveries(
        self, webhook: Webhook, *, parked: bool = False, after: str = "", limit: int = 100
    ) -> Sequence[webhooks.Delivery]:
        """List how far a subscription has come, by pair."""
        scope = webhook.tenant if webhook.reach is None else webhook.reach
        end = scope if webhook.reach is None else scope + _LAST
        parameters = {
            "scope": scope,
            "end": end,
            "after": after,
            "webhook": webhook.id,
            "parked": parked,
            "limit": limit,
        }
        with self._database.scope_transaction(scope) as connection:
            found = connection.execute(SQL["deliveries"], parameters).fetchall()
        return [
            webhooks.Delivery(
                pair=pair,
                position=position,
                attempts=attempts,
                reason=why,
                due_at=due_at,
                parked_at=parked_at,
            )
            for pair, position, attempts, why, due_at, parked_at in found
        ]

    def claim(self, pair: str, webhook: str, *, holder: str, seconds: float) -> webhooks.Claim | None:
        """Take the lease for some seconds; None where another holds it, or nothing may be sent yet."""
        found = self._rows("claim", pair, webhook=webhook, holder=holder, seconds=seconds)
        if not found:
            return None
        position, digest, attempts = found[0]
        return webhooks.Claim(head=Head(position=position, hash=digest), attempts=attempts)

    def pending(self, pair: str, webhook: str) -> float | None:
        """Tell in how many seconds a claim may succeed; None where the pair is parked."""
        found = self._rows("pending", pair, webhook=webhook)
        if not found:
            return 0.0
        parked, seconds = found[0]
        return None if parked else max(float(seconds), 0.0)

    def advance(self, pair: str, webhook: str, head: Head, *, holder: str, seconds: float) -> bool:
        """Move the cursor on by one and renew the lease. Returns: False where the lease was lost."""
        return self._done(
            "advance",
            pair,
            webhook=webhook,
            position=head.position,
            hash=head.hash,
            holder=holder,
            seconds=seconds,
        )

    def failed(
        self, pair: str, webhook: str, *, holder: str, attempts: int, wait_s: float, reason: str, park: bool
    ) -> None:
        """Note a try in vain and give the lease back."""
        self._done(
            "failed",
            pair,
            webhook=webhook,
            holder=holder,
            attempts=attempts,
            wait=wait_s,
            reason=reason,
            park=park,
        )

    def release(self, pair: str, webhook: str, *, holder: str) -> None:
        """Give the lease back."""
        self._done("release", pair, webhook=webhook, holder=holder)

    def _rows(self, name: str, tenant: str, **values: Any) -> list[database.Tuple]:
        with self._database.tenant_transaction(tenant) as connection:
            return connection.execute(SQL[name], {"tenant": tenant, **values}).fetchall()

    def _done(self, name: str, tenant: str, **values: Any) -> bool:
        with self._database.tenant_transaction(tenant) as connection:
            return connection.execute(SQL[name], {"tenant": tenant, **values}).rowcount == 1


def _webhook(row: database.Tuple) -> Webhook:
    tenant, key, reach, url, label, sponsor, generation, named, rotated_at, created_at, ended_at, digest = row
    return Webhook(
        tenant=tenant,
        id=key,
        reach=reach,
        url=url,
        label=label,
        sponsor=sponsor,
        generation=generation,
        key_id=named,
        rotated_at=rotated_at,
        created_at=created_at,
        ended_at=ended_at,
        request_hash=digest,
    )
