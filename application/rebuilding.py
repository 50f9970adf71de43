"""Bring the rows of every pair into the shape that this version makes them in.

A row is a pure function of its pair's ledger, so a version that shows more refolds the ledgers and says so once.
Source: R-093.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final

from application import dossier as dossiers
from application import views as view_rows
from application.dossier import Dossier
from application.ports import Row, ViewStore
from application.views import rows, tally
from domain.chain import Entry, content_hash
from domain.decider import Value

BATCH: Final = 500
# Raised by hand where rows change though their fields do not: another label, another way of counting.
EDITION: Final = 1


def shape() -> str:
    """Give what tells this version's rows from those of any other: a SHA-256, in hex."""
    models: dict[str, type[Value]] = {
        **rows.ROWS,
        **{f"tally/{of}": model for of, model in tally.MODELS.items()},
    }
    schemas = {name: model.model_json_schema() for name, model in models.items()}
    return content_hash({"edition": EDITION, "rows": schemas})


def refresh(views: ViewStore, scopes: Iterable[str], *, progress: Callable[[str], None]) -> list[str]:
    """Refold every pair whose rows have another shape than this version's; nothing where all is in shape.

    ``scopes`` are the beginnings of the ids of all pairs there can be. Readers see a pair's old rows until its new
    ones stand, and no command is lost: each pair is refolded under its own lock.
    Returns: the pairs whose ledgers do not verify and that keep their old rows; the next start tries them again.
    """
    wanted = shape()
    if views.shape() == wanted:
        return []
    broken = []
    for tenant in sorted({tenant for scope in scopes for tenant in views.heads(scope)}):
        try:
            count = views.rebuild(tenant, lambda entries, tenant=tenant: fold(tenant, entries))  # type: ignore[misc]  # A default binds the loop's value.
        except dossiers.LedgerBroken:
            broken.append(tenant)
            progress(f"{tenant} 的台账没有通过核验，视图未更新")
        else:
            progress(f"已按台账重建 {tenant} 的视图：{count} 行")
    if not broken:
        views.reshaped(wanted)
    return broken


def fold(tenant: str, entries: Iterator[Entry]) -> list[Row]:
    """Make every row of a pair from its whole ledger. Raises: LedgerBroken."""
    dossier = Dossier(tenant=tenant)
    while batch := list(islice(entries, BATCH)):
        dossier = dossiers.advance(dossier, batch)
    return view_rows.all_rows(dossier)
