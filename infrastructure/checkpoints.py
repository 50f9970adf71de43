"""The published checkpoints on PostgreSQL. Nothing here is believed: whoever reads a note verifies its signature."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from application import seal_ports
from domain import seals
from infrastructure import database, statements

SQL = statements.load("checkpoints.sql")
_LAST = (datetime(9999, 12, 31, tzinfo=UTC), "", 0)


class PostgresCheckpoints:
    """The port ``Checkpoints``."""

    def __init__(self, db: database.Database) -> None:
        # One pair's checkpoints are read and published as the signer, who alone may publish.
        self._database = db.as_signer()

    def publish(self, tenant: str, checkpoint: seal_ports.Published) -> bool:
        """Publish a checkpoint, once. Returns: False where another note is there in its place."""
        parameters = {
            "tenant": tenant,
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "note": checkpoint.note,
            "number": checkpoint.number,
            "at": checkpoint.at,
        }
        with self._database.tenant_transaction(tenant) as connection:
            found = connection.execute(SQL["publish"], parameters).fetchone()
        return bool(found and found[0])

    def publish_leaf(self, origin: str, sealed: seal_ports.Sealed) -> bool:
        """Publish a leaf of the tree of everyone, once. Returns: False where another is there in its place."""
        parameters = {
            "tenant": seals.ALL,
            "origin": origin,
            "number": sealed.number,
            "pair": sealed.pair,
            "body": sealed.text,
            "at": sealed.at,
        }
        with self._database.tenant_transaction(seals.ALL) as connection:
            found = connection.execute(SQL["publish_leaf"], parameters).fetchone()
        return bool(found and found[0])

    def latest(self, tenant: str) -> seal_ports.Published | None:
        """Give the last published checkpoint; None where there is none."""
        with self._database.tenant_transaction(tenant) as connection:
            found = connection.execute(SQL["latest"], {"tenant": tenant}).fetchone()
        return _published(found) if found else None

    def covering(
        self, scope: str, ends: Mapping[str, int], *, until: datetime | None = None
    ) -> Mapping[str, seal_ports.Published]:
        """Give, of each pair of a subtree, the last checkpoint over no more facts than it has in ``ends``."""
        parameters = {"pairs": list(ends), "ends": list(ends.values()), "until": until or _LAST[0]}
        with self._database.scope_transaction(scope) as connection:
            found = connection.execute(SQL["covering"], parameters).fetchall()
        return {row[0]: _published(row[1:]) for row in found}

    def at_size(self, tenant: str, size: int) -> seal_ports.Published | None:
        """Give the smallest checkpoint of the last epoch that covers ``size`` leaves."""
        with self._database.tenant_transaction(tenant) as connection:
            found = connection.execute(SQL["at_size"], {"tenant": tenant, "size": size}).fetchone()
        return _published(found) if found else None

    def listed(
        self, tenant: str, *, before: tuple[datetime, str, int] | None = None, limit: int = 100
    ) -> Sequence[seal_ports.Published]:
        """Give checkpoints, the latest first, from before the moment, origin and size last seen."""
        at, origin, size = before or _LAST
        parameters = {"tenant": tenant, "at": at, "origin": origin, "size": size, "limit": limit}
        with self._database.tenant_transaction(tenant) as connection:
            found = connection.execute(SQL["listed"], parameters).fetchall()
        return [_published(row) for row in found]

    def leaves(self, origin: str, *, until: int) -> Sequence[seal_ports.Sealed]:
        """Give the first ``until`` leaves of the tree of everyone, in order, with empty notes."""
        parameters = {"tenant": seals.ALL, "origin": origin, "until": until}
        with self._database.tenant_transaction(seals.ALL) as connection:
            found = connection.execute(SQL["leaves"], parameters).fetchall()
        return [_sealed(row) for row in found]

    def epochs(self, pair: str) -> Sequence[seal_ports.Sealed]:
        """Give the declarations of new epochs of a pair, in order."""
        parameters = {"tenant": seals.ALL, "pair": pair, "epoch": f"{seals.EPOCH}\n"}
        with self._database.tenant_transaction(seals.ALL) as connection:
            found = connection.execute(SQL["epochs"], parameters).fetchall()
        return [_sealed(row) for row in found]


def _published(row: database.Tuple) -> seal_ports.Published:
    origin, size, note, number, at = row
    return seal_ports.Published(origin=origin, size=size, note=note, number=number, at=at)


def _sealed(row: database.Tuple) -> seal_ports.Sealed:
    number, pair, body, at = row
    return seal_ports.Sealed(number=number, pair=pair, text=body, note="", at=at)
