"""Bring the rows of every pair into the shape that this version makes them in, view by view.

A row is a pure function of its pair's ledger, so a version that shows more refolds the ledgers and says so once. What
was folded is noted with each pair, in the transaction that wrote the rows: whoever is stopped goes on where he was.
Source: R-093.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from application import dossier as dossiers
from application import views as view_rows
from application.dossier import Dossier
from application.ports import VIEWS, LedgerRewound, Row, ViewStore
from application.views import rows, tally
from domain.chain import Entry, content_hash

BATCH: Final = 500
# Raised by hand for a view whose rows change though their fields do not: another label, another way of counting.
EDITIONS: Final[Mapping[str, int]] = {}
Progress = Callable[[str], None]


def shape_of(view: str) -> str:
    """Give what tells this version's rows of one view from those of any other: a SHA-256, in hex."""
    schema: Any
    if view == "tally":
        schema = {of: model.model_json_schema() for of, model in tally.MODELS.items()}
    else:
        schema = rows.ROWS[view].model_json_schema()
    return content_hash({"edition": EDITIONS.get(view, 1), "rows": schema})


def shapes() -> dict[str, str]:
    """Give the shape of each view."""
    return {view: shape_of(view) for view in VIEWS}


def shape() -> str:
    """Give what tells this version's rows of all views from those of any other: a SHA-256, in hex."""
    return content_hash(shapes())


def refresh(store: ViewStore, scopes: Iterable[str], *, progress: Progress) -> list[str]:
    """Refold every pair's views that have another shape than this version's; nothing where all is in shape.

    ``scopes`` are the beginnings of the ids of all pairs there can be. Readers see a pair's old rows until its new
    ones stand, and no command is lost: each pair is refolded under its own lock.
    Returns: the pairs whose ledgers do not verify and that keep their old rows; the next start tries them again.
    """
    wanted = shape()
    if store.shape() == wanted:
        return []
    tenants = sorted({tenant for scope in scopes for tenant in store.heads(scope)})
    broken = rebuild(store, tenants, progress=progress)
    if not broken:
        store.reshaped(wanted)
    return broken


def outdate(store: ViewStore, tenants: Iterable[str], *, views: Sequence[str] = VIEWS) -> None:
    """Forget what was folded, so that ``rebuild`` folds it again."""
    for tenant in tenants:
        store.unfold(tenant, views=views)


def rebuild(
    store: ViewStore, tenants: Sequence[str], *, progress: Progress, views: Sequence[str] = VIEWS
) -> list[str]:
    """Refold the views of pairs that are not noted in this version's shape; what is noted is left alone.

    Returns: the pairs whose ledgers do not verify, and that keep their rows. Raises: LedgerBusy, LedgerUnavailable;
    what was done until then stays done.
    """
    wanted, broken = shapes(), []
    for number, tenant in enumerate(tenants, start=1):
        known = store.folded(tenant)
        stale = [view for view in views if known.get(view) != wanted[view]]
        if not stale:
            continue
        try:
            count = store.rebuild(
                tenant,
                lambda entries, tenant=tenant: fold(tenant, entries),  # type: ignore[misc]  # A default binds the loop's value.
                shapes={view: wanted[view] for view in stale},
            )
        except (dossiers.LedgerBroken, LedgerRewound):
            broken.append(tenant)
            progress(f"{number}/{len(tenants)}  {tenant} 的台账没有通过核验，视图未更新")
        else:
            progress(f"{number}/{len(tenants)}  已按台账重建 {tenant} 的 {len(stale)} 个视图：{count} 行")
    return broken


def fold(tenant: str, entries: Iterator[Entry]) -> list[Row]:
    """Make every row of a pair from its whole ledger. Raises: LedgerBroken."""
    dossier = Dossier(tenant=tenant)
    while batch := list(islice(entries, BATCH)):
        dossier = dossiers.advance(dossier, batch)
    return view_rows.all_rows(dossier)
