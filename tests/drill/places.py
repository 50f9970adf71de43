"""Where a drill is played: an application with its PostgreSQL, either its own or one beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api import main
from application import audit
from infrastructure.settings import Settings
from tests.drill import application, cast, checker, database
from tests.drill.checker import Findings, Ledger
from tests.drill.history import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An application with the settings by which this process opens the same system, and the folder of its database."""

    app: application.Application
    chosen: Settings
    data: Path


@contextmanager
def beside(folder: Path, *, program: str = application.AS_IT_IS) -> Iterator[Place]:
    """Run a PostgreSQL, and an application that is told of it."""
    with database.kept(folder / "data") as server:
        app = application.Application(
            {"DSN": server.app_dsn}, log=folder / "application.log", program=program
        )
        with application.serving(app):
            yield Place(app=app, chosen=Settings(dsn=server.app_dsn), data=folder / "data")


def alone(data: Path, *, log: Path, program: str = application.AS_IT_IS) -> Place:
    """Describe an application that brings its own PostgreSQL, in a folder; it is not started yet."""
    app = application.Application({"DATA_DIR": str(data)}, log=log, program=program)
    return Place(app=app, chosen=Settings(data_dir=data), data=data)


@contextmanager
def opened(place: Place) -> Iterator[main.System]:
    """Open the system in this process, for what comes before and after the drill."""
    with main.system(place.chosen, progress=lambda _: None) as desk:
        yield desk


def judged(place: Place, history: History, company: cast.Cast) -> Findings:
    """Read every ledger as it is in the end, refold it, and let the checker judge."""
    ledgers = {}
    with opened(place) as desk:
        for pair, begun in company.begun_at.items():
            head = desk.views.heads(pair)[pair]
            ledgers[pair] = Ledger(
                entries=tuple(desk.ledger.entries(pair, until=head.position)),
                head=head,
                begun_at=begun.position,
                replay=audit.replay(desk.ledger, desk.views, pair),
            )
    return checker.check(history, ledgers)
