"""Scenes put into a ledger in memory with their views, and a small city made of them."""

from datetime import date

from application import dossier as dossiers
from application import views
from application.dossier import Dossier
from domain import decisions, topics
from tests import builders
from tests.builders import CITY, COUNTY, STREET, TOWN, ZONE, Scene, Step
from tests.memory import MemoryLedger

DIVISIONS = tuple(builders.DIVISIONS.values())


def record(ledger: MemoryLedger, scene: Scene) -> None:
    """Append the facts of a scene, each as a command of its own, with the rows that it changes."""
    known = Dossier(tenant=scene.dossier.tenant)
    for number, (stream, fact) in enumerate(scene.history):
        with ledger.session(known.tenant, command_id=f"act/{number}", after=known.head) as session:
            later = dossiers.evolve(known, [(stream, fact)])
            session.append(
                dossiers.drafts(known, [(stream, fact)]),
                actor=fact.by.person,
                request_hash=bytes(32),
                answer={},
                rows=views.changed(known, later, {stream}),
            )
        known = dossiers.advance(known, ledger.entries(known.tenant, after=known.head.position))


def begun(division, *, adopted_on: date = date(2025, 1, 6)) -> list[Step]:
    """Register and staff a pair that adopts on a day."""

    def adopted(scene: Scene) -> Scene:
        voluntary = not scene.dossier.pair.mandatory
        return scene.act("ADMIN", builders.adopt(voluntary=voluntary, on=adopted_on))

    return [
        builders.registered(division),
        builders.staffed,
        adopted,
        builders.without_history,
        builders.with_liaison,
    ]


def model_county() -> Scene:
    """Fulfils 2025 in time; in 2026 it meets again, and a decision is under way."""
    return builders.given_nothing(
        *begun(COUNTY),
        builders.established(builders.decided()),
        builders.topic("T2", year=2026),
        builders.meeting("M2", year=2026, agenda=("C1", "C2", "C6", "T2")),
        builders.minuted("M2", year=2026),
        builders.decided("M2-01", year=2026, until=decisions.Status.IN_PROGRESS),
    )


def late_city() -> Scene:
    """Leaves its decision of 2025 undone; beside it a topic that never got beyond its submission."""
    return builders.given_nothing(
        *begun(CITY),
        builders.topic("T9", until=topics.Status.SUBMITTED),
        builders.established(builders.decided(until=decisions.Status.IN_PROGRESS)),
        builders.topic("T2", year=2026, until=topics.Status.APPROVED),
        division=CITY,
    )


def special_street() -> Scene:
    """A voluntary pair that held a special meeting and closed nothing yet."""
    return builders.given_nothing(
        *begun(STREET),
        builders.topic(),
        builders.meeting(special=True),
        builders.minuted(),
        division=STREET,
    )


def ending_zone() -> Scene:
    """A voluntary pair whose meeting of 2026 terminates the decision of 2025."""
    return builders.given_nothing(
        *begun(ZONE),
        builders.established(),
        builders.meeting(
            "M2",
            year=2026,
            agenda=("C1", "C2", "C6"),
            explained=("M1-01",),
            closing={"M1-01": "terminated"},
        ),
        builders.minuted("M2", year=2026),
        division=ZONE,
    )


def new_town() -> Scene:
    """A voluntary pair that adopted after 30 September 2025."""
    return builders.given_nothing(*begun(TOWN, adopted_on=date(2025, 10, 15)), division=TOWN)


def city_ledger() -> MemoryLedger:
    """Give the whole small city."""
    ledger = MemoryLedger()
    for scene in (model_county(), late_city(), special_street(), ending_zone(), new_town()):
        record(ledger, scene)
    return ledger
