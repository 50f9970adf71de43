"""Who plays in a drill: pairs that are registered, departments that propose in them, and auditors who read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api import main
from application import commands, ids
from domain import people
from domain.chain import Head
from domain.decider import Capacity, Command, Side
from domain.pairs import RegisterPair
from tests import builders

PAIRS = tuple(f"1408{number}" for number in range(21, 31))
AUDITOR = "drill-auditor"
ADMINISTRATOR = commands.Caller(person="drill-admin", administrator=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One writer: a person who may propose topics for a unit of a pair."""

    name: str
    pair: str
    person: str
    unit: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody, and where each pair's ledger ended before the drill began."""

    parts: Sequence[Part]
    auditor: str
    begun_at: dict[str, Head]


def found(desk: main.System, *, first: int, pairs: int, writers: int) -> Cast:
    """Register so many pairs from the first on, each with so many writers, and give everybody a token."""
    parts = []
    chosen = PAIRS[first : first + pairs]
    for pair in chosen:
        _submit(
            desk,
            pair,
            RegisterPair(on=builders.day(1, 6), division_code=pair, union_division_code=pair),
            pair,
        )
        for number in range(1, writers + 1):
            unit = people.RegisterUnit(on=builders.day(1, 6), name=f"第{number}局", side=Side.GOVERNMENT)
            unit_id = _submit(desk, pair, unit, ids.new_id())
            person = f"drill-{pair}-{number}"
            _submit(desk, pair, builders.appoint(person, Capacity.DEPARTMENT, unit_id), ids.new_id())
            token = _token(desk, person)
            name = f"{pair}-w{number}"
            parts.append(Part(name=name, pair=pair, person=person, unit=unit_id, token=token))
    auditor = _token(desk, AUDITOR)
    desk.credentials.grant(AUDITOR, role="auditor", scope="140800")
    heads = {pair: desk.office.dossier(pair).head for pair in chosen}
    return Cast(parts=parts, auditor=auditor, begun_at=heads)


def _submit(desk: main.System, pair: str, command: Command, subject: str) -> str:
    request = commands.Request(
        tenant=pair, command=command, subject=subject, caller=ADMINISTRATOR, key=ids.new_id()
    )
    return desk.office.submit(request).id


def _token(desk: main.System, person: str) -> str:
    desk.credentials.enrol(person, label="drill")
    return desk.credentials.issue(person, label="drill", expires_at=datetime.now(UTC) + timedelta(days=1))
