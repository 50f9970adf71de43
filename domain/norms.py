"""What a city sets for all its pairs: legal bases, their repeal, parameters and calendars, as numbered entries.

The city keeps them as facts of its own ledger; every pair takes each of them into its own (``rulebook``), whole,
so that its state follows from its own ledger alone.
"""

from datetime import date
from typing import Any

from pydantic import Field

from domain import calendar, regulation
from domain.decider import Value

CITY_DIGITS = 4


def city_of(tenant: str) -> str:
    """Give the id of the city's pair that sets the rules for a pair: both divisions begin alike."""
    return f"{tenant[:CITY_DIGITS]}00"


class Entry(Value):
    """One thing that the city set; ``entry`` counts them from 1, in the order of its ledger."""

    entry: int = Field(title="市级规则的序号")


class LegalBasis(Entry):
    """A basis that may be cited (R-009)."""

    number: str = Field(title="依据文号")
    title: str = Field(title="依据名称")
    in_force_from: date = Field(title="施行日期")
    link: str = Field(title="出处")


class Repeal(Entry):
    """The end of a basis: from ``repealed_on`` on it may not be cited any more (R-011)."""

    number: str = Field(title="依据文号")
    repealed_on: date = Field(title="废止日期")
    document: str = Field(title="废止依据")


class ParameterSet(Entry):
    """All parameters, as a version that is in force from a day on.

    The values are kept by name, so that a parameter which a later program knows changes no bytes of today.
    """

    version: int = Field(title="参数版本")
    effective_from: date = Field(title="施行日期")
    values: dict[str, bool | int | tuple[int, int]] = Field(title="参数")
    document: str = Field(title="依据文件")

    @property
    def parameters(self) -> regulation.Parameters:
        """The parameters; what the version does not name is as it was before the city could set it."""
        return regulation.Parameters.model_validate(self.values)


class WorkCalendar(Entry):
    """A year's working days as published; a later one of the same year corrects it."""

    days: calendar.Year = Field(title="放假和调休")
    document: str = Field(title="来源文件")
    reason: str = Field(title="更正原因")


Norm = LegalBasis | Repeal | ParameterSet | WorkCalendar


class Source(Value):
    """Where a pair took an entry from: the city's ledger, and its end as it stood then."""

    pair: str = Field(title="来源台账")
    position: int = Field(title="台账位置")
    hash: str = Field(title="该位置的哈希")


class Published(Value):
    """What a city has set so far, as one pair finds it."""

    source: Source
    entries: tuple[Norm, ...] = ()


def values(parameters: regulation.Parameters) -> dict[str, Any]:
    """Give parameters by name, as a ``ParameterSet`` keeps them."""
    return {name: getattr(parameters, name) for name in type(parameters).model_fields}
