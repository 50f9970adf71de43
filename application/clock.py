"""The system's own clock: what follows from the calendar alone is recorded without anybody's asking.

Each of ``DUTIES`` tells from a pair's dossier and the day which commands are due. They go through the office as every
other command does; what leads to nothing is not even sent, so an idle day leaves no trace.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import structlog

from application import commands, handlers, ports, surroundings
from application.dossier import Dossier, LedgerBroken
from domain import people, refusals, rulebook, years
from domain.decider import Command

log = structlog.get_logger()
CALLER: Final = commands.Caller(person=people.CLOCK, clock=True)
# What stops one pair, and must not stop the others.
FAULTS: Final = (LedgerBroken, ports.LedgerBusy, ports.LedgerRewound, ports.LedgerConflict)
NOT_NOW: Final = (refusals.Refusal, commands.VersionConflict, commands.VersionRequired)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A command that the clock should send, and its subject."""

    command: Command
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked:
    """What the clock recorded in one pair; ``fault`` where it could not go on there."""

    pair: str
    receipts: tuple[commands.Receipt, ...] = ()
    fault: str = ""


def _adopt_standards(dossier: Dossier, today: date) -> list[Due]:
    return [Due(command=rulebook.AdoptStandards(on=today), subject=dossier.tenant)]


def _close_years(dossier: Dossier, today: date) -> list[Due]:
    closed = [each.id for each in dossier.of("year") if each.duty_missed_on is not None]
    return [
        Due(command=years.CloseYear(on=today), subject=str(year))
        for year in years.ended_years(surroundings.of_year(dossier, on=today), closed, today=today)
    ]


DUTIES: Final[Sequence[Callable[[Dossier, date], list[Due]]]] = (_adopt_standards, _close_years)


def tick(office: commands.Office, tenant: str, *, today: date) -> list[commands.Receipt]:
    """Record what is due in one pair on a day. Returns: a receipt for each command that led to something.

    Raises: the ledger's faults.
    """
    known = office.dossier(tenant)
    if known.pair.division is None:
        return []
    receipts = []
    for duty in DUTIES:
        for due in duty(known, today):
            receipt = _send(office, known, due, today=today)
            if receipt is not None:
                receipts.append(receipt)
                known = office.dossier(tenant)
    return receipts


def _send(office: commands.Office, known: Dossier, due: Due, *, today: date) -> commands.Receipt | None:
    handler = handlers.HANDLERS[type(due.command)]
    version = known.version(handler.stream(due.subject))
    request = commands.Request(
        tenant=known.tenant,
        command=due.command,
        subject=due.subject,
        caller=CALLER,
        # A second act of one day stands on another version, so it is no repeat of the first.
        key=f"{type(due.command).__name__}.{due.subject}.{today.isoformat()}.v{version}",
        seen=version or None,
    )
    try:
        beyond = handler.look(due.command, known.tenant, office)
        if not commands.decide(known, request, today=today, beyond=beyond):
            return None
        return office.submit(request)
    except NOT_NOW:
        # Not lawful today, or somebody was faster: the next tick looks again.
        return None


def tick_all(office: commands.Office, views: ports.Views, scope: str, *, today: date) -> Iterator[Ticked]:
    """Record what is due in every registered pair whose id begins with ``scope``, one after the other."""
    for tenant in sorted(views.heads(scope)):
        try:
            receipts = tick(office, tenant, today=today)
        except FAULTS as fault:
            log.exception("clock_stopped_at_pair", tenant=tenant)
            yield Ticked(pair=tenant, fault=f"{type(fault).__name__} {fault}".strip())
            continue
        yield Ticked(pair=tenant, receipts=tuple(receipts))
