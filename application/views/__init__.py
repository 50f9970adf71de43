"""Views: rows made of a dossier by pure functions, written in the transaction that appends.

The same functions write the rows, rebuild them, and answer an auditor's replay; there is no second fold.
"""

from collections.abc import Iterable, Iterator

from application.dossier import Dossier, Subject, stream_of
from application.ports import Row
from application.views import rows, tally

# Rows that repeat the names of units.
NAMING_UNITS = frozenset({"topic", "proposal", "decision"})


def _rows(subject: Subject, dossier: Dossier) -> Iterator[Row]:
    shape = {"version": subject.version, "position": subject.position}
    if subject.kind in rows.ROWS:
        known = subject.stream.partition(":")[2] or dossier.tenant
        yield Row(view=subject.kind, id=known, **shape, body=rows.body(subject, dossier))
    counted = tally.row(subject)
    if counted is not None:
        yield Row(view="tally", id=subject.stream, **shape, body=counted.model_dump(mode="json"))


def _renamed(subject: Subject, before: Dossier) -> bool:
    known = before.subjects.get(subject.stream)
    return subject.kind == "unit" and known is not None and known.state.all_names != subject.state.all_names


def changed(before: Dossier, after: Dossier, streams: Iterable[str]) -> list[Row]:
    """Give the rows that facts on these streams changed."""
    touched = [after.subjects[stream] for stream in sorted(set(streams))]
    if any(_renamed(subject, before) for subject in touched):
        touched = [each for each in after.subjects.values() if each in touched or each.kind in NAMING_UNITS]
    # A meeting's row tells since when its minutes are issued.
    sat = {f"meeting:{each.stream.partition(':')[2]}" for each in touched if each.kind == "minutes"}
    touched += [after.subjects[stream] for stream in sorted(sat - {each.stream for each in touched})]
    return [row for subject in touched for row in _rows(subject, after)]


def all_rows(dossier: Dossier) -> list[Row]:
    """Give every row of a pair: what its views must hold, all of it and nothing else."""
    return [row for subject in dossier.subjects.values() for row in _rows(subject, dossier)]


def of_view(dossier: Dossier, view: str) -> list[Row]:
    """Give every row of one view of a pair, by id."""
    found = (
        row
        for subject in dossier.subjects.values()
        if view in {"tally", subject.kind}
        for row in _rows(subject, dossier)
        if row.view == view
    )
    return sorted(found, key=lambda row: row.id)


def row_of(dossier: Dossier, view: str, id: str) -> Row | None:  # noqa: A002  # Row's own word.
    """Give one row of a pair, not of its tally; None where there is none."""
    subject = dossier.subjects.get(stream_of(view, id))
    return next((row for row in _rows(subject, dossier) if row.view == view), None) if subject else None
