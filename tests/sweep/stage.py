"""What is attacked: a small city on a PostgreSQL of its own, sealed twice, with a few facts that are not sealed yet.

Every attack gets a copy of the database and of the seal directory; nothing of an earlier one is left in it.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

from application import dossier as dossiers
from application import views
from application.dossier import Dossier
from infrastructure import embedded, migrate
from infrastructure import ledger as ledgers
from tests import sealed
from tests.application.ledgers import late_city, model_county, special_street
from tests.builders import Scene

BACKUP, NOW = "backup", "now"
# How much of each history is sealed first, in tenths, and how many facts are not sealed at all.
FIRST_TENTHS = 5
UNSEALED = 3
# The last fact of each history is not recorded: a control appends it.
SPARE = 1
# The first two are mandatory, the last is voluntary: no register would miss its ledger.
SCENES = (model_county, late_city, special_street)


@dataclass(kw_only=True)
class Stage:
    """A server with the databases ``backup`` (sealed once) and ``now``, and their seal directory."""

    server: embedded.Server
    folder: Path
    pairs: tuple[str, ...] = ()
    sealed: dict[str, int] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    # The notes that a witness took away after the second sealing.
    witnessed: dict[str, str] = field(default_factory=dict)
    scenes: tuple[Callable[[], Scene], ...] = SCENES
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def admin(self, name: str) -> str:
        return self.server.dsn(user=embedded.ADMIN, password=self.server.admin_password, database=name)

    def app(self, name: str) -> str:
        return self.server.dsn(user=embedded.APP, password=self.server.app_password, database=name)

    @contextmanager
    def copy(self, of: str = NOW) -> Iterator["Copy"]:
        """Give a copy of a database and of the seal directory; both are gone afterwards."""
        name = f"attacked_{next(self.numbers)}"
        seals = self.folder / name
        self._execute(f"CREATE DATABASE {name} TEMPLATE {of} STRATEGY FILE_COPY")
        shutil.copytree(self.folder / "seals", seals)
        try:
            # Rights on the database itself are not cloned with it.
            migrate.secure(self.admin(name))
            with sealed.city(self.app(name), seals) as city:
                yield Copy(stage=self, name=name, city=city)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")
            shutil.rmtree(seals)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.admin("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def build(self) -> None:
        """Record the scenes, seal them twice, and keep a copy of what there was after the first sealing."""
        name = "lianxi"
        migrate.migrate(self.admin(name), app_password=self.server.app_password)
        scenes = {scene.dossier.tenant: scene for scene in (make() for make in self.scenes)}
        self.pairs = tuple(sorted(scenes))
        with sealed.city(self.app(name), self.folder / "seals") as city:
            known = {pair: Dossier(tenant=pair) for pair in self.pairs}
            for pair, scene in scenes.items():
                first = len(scene.history) * FIRST_TENTHS // 10
                known[pair] = record(city.ledger, scene, known[pair], until=first)
            assert city.sealer.seal(self.pairs).ok
        self._execute(f"CREATE DATABASE {BACKUP} TEMPLATE {name}")
        shutil.copytree(self.folder / "seals", self.folder / "seals-backup")
        with sealed.city(self.app(name), self.folder / "seals") as city:
            for pair, scene in scenes.items():
                known[pair] = record(
                    city.ledger, scene, known[pair], until=len(scene.history) - SPARE - UNSEALED
                )
                self.sealed[pair] = city.head(pair).position
            found = city.sealer.seal(self.pairs)
            assert found.ok
            self.witnessed = {each.pair: each.note for each in found.pairs}
            for pair, scene in scenes.items():
                record(city.ledger, scene, known[pair], until=len(scene.history) - SPARE)
                self.heads[pair] = city.head(pair).position
        self._execute(f"CREATE DATABASE {NOW} TEMPLATE {name}")


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One attacked copy: its database's name, and the machines over it."""

    stage: Stage
    name: str
    city: sealed.City

    @contextmanager
    def superuser(self) -> Iterator[psycopg.Connection]:
        """Be the superuser with every fence switched off; they stand again afterwards."""
        with psycopg.connect(self.stage.admin(self.name)) as connection:
            fences = connection.execute(FENCES).fetchall()
            for table, name in fences:
                connection.execute(f"ALTER TABLE ledger.{table} DISABLE TRIGGER {name}")
            yield connection
            for table, name in fences:
                connection.execute(f"ALTER TABLE ledger.{table} ENABLE ALWAYS TRIGGER {name}")


FENCES = """
    SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'ledger'::regnamespace AND t.tgenabled = 'A' ORDER BY 1, 2
"""


def record(ledger: ledgers.PostgresLedger, scene: Scene, known: Dossier, *, until: int) -> Dossier:
    """Append a scene's facts up to a number, each as a command of its own, with the rows that it changes."""
    for number, (stream, fact) in enumerate(scene.history[:until]):
        if number < known.head.position:
            continue
        with ledger.session(known.tenant, command_id=f"act/{number}", after=known.head) as session:
            later = dossiers.evolve(known, [(stream, fact)])
            session.append(
                dossiers.drafts(known, [(stream, fact)]),
                actor=fact.by.person,
                request_hash=bytes(32),
                answer={"fact": fact.topic},
                rows=views.changed(known, later, {stream}),
            )
        known = dossiers.advance(known, list(ledger.entries(known.tenant, after=known.head.position)))
    return known


@contextmanager
def staged(folder: Path, *, short: bool = False) -> Iterator[Stage]:
    """Start a server in a folder and build the stage on it; a short one has the two smaller pairs alone."""
    folder.chmod(0o711)
    with embedded.server(folder / "data", durable=False, options={"max_connections": "60"}) as server:
        stage = Stage(server=server, folder=folder, scenes=SCENES[1:] if short else SCENES)
        stage.build()
        yield stage
