"""Views: rows made of a dossier by pure functions, written in the transaction that appends.

The same functions write the rows, rebuild them, and answer an auditor's replay; there is no second fold.
"""

from collections.abc import Iterable, Iterator

from application.dossier import Dossier, Subject
from application.ports import Row
from application.views import rows, tally


def _rows(subject: Subject, dossier: Dossier) -> Iterator[Row]:
    shape = {"version": subject.version, "position": subject.position}
    if subject.kind in rows.ROWS:
        known = subject.stream.partition(":")[2] or dossier.tenant
        yield Row(view=subject.kind, id=known, **shape, body=rows.body(subject, dossier))
    counted = tally.row(subject)
    if counted is not None:
        yield Row(view="tally", id=subject.stream, **shape, body=counted.model_dump(mode="json"))


def changed(before: Dossier, after: Dossier, streams: Iterable[str]) -> list[Row]:
    """Give the rows that facts on these streams changed."""
    del before
    touched = [after.subjects[stream] for stream in sorted(set(streams))]
    return [row for subject in touched for row in _rows(subject, after)]


def all_rows(dossier: Dossier) -> list[Row]:
    """Give every row of a pair: what its views must hold, all of it and nothing else."""
    return [row for subject in dossier.subjects.values() for row in _rows(subject, dossier)]
