"""What the doors need of the rest of the system, without knowing any machine."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from application import commands, importing, ports, sealing, workbook
from application.webhooks import Outlet, Webhooks
from domain import calendar


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The office and everything that is read. ``clock`` gives the present moment, aware."""

    office: commands.Office
    ledger: ports.Ledger
    views: ports.Views
    credentials: ports.Credentials
    divisions: commands.Divisions
    workbooks: workbook.Writer
    healthy: Callable[[], list[str]]
    history_books: importing.Workbooks
    sealer: sealing.Sealer
    webhooks: Webhooks
    outlet: Outlet
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    per_pair: int = 8

    @property
    def calendar(self) -> calendar.Calendar:
        """Give the working days by which the office decides, so that nothing shown contradicts what is recorded."""
        return self.office.working_days

    def today(self) -> date:
        """Give the legal day (Asia/Shanghai)."""
        return calendar.local_date(self.clock())
