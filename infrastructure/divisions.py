"""The register of administrative divisions, from the package's data.

Source: National Bureau of Statistics division codes, 2023 edition; nine of its rows are no tenants.
"""

import csv
import functools
from collections.abc import Sequence
from importlib import resources

from domain import pairs


@functools.cache
def _register() -> dict[str, pairs.Division]:
    file = resources.files("infrastructure") / "data" / "divisions-yuncheng.tsv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
    names = {row["code"]: row["name"] for row in rows}
    below_county = {
        pairs.DivisionKind.SUBDISTRICT,
        pairs.DivisionKind.TOWN,
        pairs.DivisionKind.TOWNSHIP,
    }
    return {
        row["code"]: pairs.Division(
            code=row["code"],
            name=row["name"],
            kind=pairs.DivisionKind(row["kind"]),
            parent=row["parent"],
            prefix=names[row["parent"]] if pairs.DivisionKind(row["kind"]) in below_county else "",
        )
        for row in sorted(rows, key=lambda row: row["code"])
    }


class PackagedDivisions:
    """The port ``Divisions``."""

    def find(self, code: str) -> pairs.Division | None:
        """Find a division by its code."""
        return _register().get(code)

    def all(self) -> Sequence[pairs.Division]:
        """List all divisions in the order of their codes."""
        return list(_register().values())
