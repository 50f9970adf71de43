"""A small city's ledgers on PostgreSQL, a seal directory, and whoever seals."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from application import ports, sealing
from domain.chain import Head
from infrastructure import checkpoints, ledger, signers, vault, views
from infrastructure import database as databases

NAME = "lianxi.example"


@dataclass(frozen=True, kw_only=True)
class City:
    """The machines over one database."""

    db: databases.Database
    ledger: ledger.PostgresLedger
    views: views.PostgresViews
    checkpoints: checkpoints.PostgresCheckpoints
    vault: vault.FileVault
    sealer: sealing.Sealer

    def append(self, pair: str, count: int = 1) -> None:
        """Append facts that nobody could read, each as a command of its own."""
        for _ in range(count):
            after = self.ledger.head(pair)
            position = after.position + 1
            with self.ledger.session(pair, command_id=f"act/{position}", after=after) as session:
                draft = ports.Draft(
                    stream=f"s/{position}", version=1, topic="t", state=b'{"n":%d}' % position
                )
                session.append([draft], actor="a", request_hash=bytes(32), answer={}, rows=[])

    def head(self, pair: str) -> Head:
        return self.ledger.head(pair)


@contextmanager
def city(dsn: str, folder: Path, *, name: str = NAME) -> Iterator[City]:
    """Open the machines over a database and a seal directory."""
    with databases.Database(dsn) as db:
        yield over(db, folder, name=name)


def over(db: databases.Database, folder: Path, *, name: str = NAME) -> City:
    store, read = ledger.PostgresLedger(db), views.PostgresViews(db)
    published, kept = checkpoints.PostgresCheckpoints(db), vault.FileVault(folder, name=name, wait_s=1.0)
    sealer = sealing.Sealer(
        ledger=ledger.PostgresLedger(db.as_signer()),
        views=read,
        checkpoints=published,
        vault=kept,
        check=signers.check,
    )
    return City(db=db, ledger=store, views=read, checkpoints=published, vault=kept, sealer=sealer)
