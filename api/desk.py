"""What the doors need of the rest of the system, without knowing any machine."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Self

from api import rates
from application import administering, commands, importing, ports, recall, sealing, workbook
from application.directory import Directory
from application.dossier import Dossier
from application.identity import Identity
from application.webhooks import Outlet, Webhooks
from domain import calendar


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The office and everything that is read. ``clock`` gives the present moment, aware.

    One that was recalled reads as of an earlier moment: ``ledger``, ``views``, ``dossier`` and the clock are of then.
    """

    office: commands.Office
    ledger: ports.Facts
    views: ports.Views
    credentials: ports.Credentials
    administration: administering.Administration
    divisions: commands.Divisions
    workbooks: workbook.Writer
    healthy: Callable[[], list[str]]
    history_books: importing.Workbooks
    sealer: sealing.Sealer
    webhooks: Webhooks
    outlet: Outlet
    directory: Directory
    access_log: ports.AccessLog
    identity: Identity
    public_url: str = ""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    per_pair: int = 8
    quotas: rates.Quotas = field(default_factory=rates.Quotas)
    # The names that this service goes by, in lower case and without ports; none is every one.
    hosts: tuple[str, ...] = ()
    metrics_token: str = field(default="", repr=False)
    folds: recall.Folds = field(default_factory=recall.Folds)
    origin: "Desk | None" = None
    past: recall.Recalled | None = None
    valid_on: date | None = None
    moment: dict[str, Any] = field(default_factory=dict)

    @property
    def calendar(self) -> calendar.Calendar:
        """Give the working days by which the office decides, so that nothing shown contradicts what is recorded."""
        return self.office.working_days

    def today(self) -> date:
        """Give the legal day (Asia/Shanghai)."""
        return calendar.local_date(self.clock())

    def day(self) -> date:
        """Give the business day that a read is judged by: the one asked for, otherwise today."""
        return self.valid_on or self.today()

    @property
    def present(self) -> "Desk":
        """Give the desk as it is now, by which rights are judged."""
        return self.origin or self

    def asked(self) -> dict[str, str]:
        """Give the moment as the query that asks for it."""
        return {
            name: each.isoformat() if isinstance(each, date) else str(each)
            for name, each in self.moment.items()
        }

    def dossier(self, pair: str) -> Dossier:
        """Give a pair's dossier, of the moment that this desk reads as of.

        Raises: LedgerBroken; recall.NotYetBegun, recall.PastTheEnd.
        """
        return self.past.dossier(pair) if self.past is not None else self.office.dossier(pair)

    def recalled(self, asked: recall.Asked | None, *, valid_on: date | None, pair: str | None = None) -> Self:
        """Give a desk that reads as of a moment, a business day, or both.

        Args:
            asked: the moment, or a position of ``pair``; None for the present.
            valid_on: the business day; None for that of the moment.
            pair: whose position is asked for.
        """
        said = {"as_of": asked and asked.as_of, "position": asked and asked.position, "valid_on": valid_on}
        moment = {name: each for name, each in said.items() if each is not None}
        if asked is None:
            return replace(self, origin=self, valid_on=valid_on, moment=moment)
        past = recall.Recalled(self.views, self.ledger, asked, folds=self.folds)
        known = asked.as_of
        clock = (lambda: known) if known is not None else (lambda: past.at(str(pair)).recorded_at)
        return replace(
            self,
            origin=self,
            past=past,
            views=past,
            ledger=past,
            clock=clock,
            valid_on=valid_on,
            moment=moment,
        )
