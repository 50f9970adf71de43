"""What the paper archive says of an old meeting and of what it decided: the vocabulary of the import (R-013, R-098).

A record keeps the raw texts as they stood beside what was read out of them. Two records are the same where they
read the same, however they were written.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from domain import wording
from domain.decider import Value
from domain.regulation import Category, Disclosure

MAX_MEETINGS, MAX_DECISIONS = 500, 5000


class Kind(StrEnum):
    """Annual or special, as far as the paper tells; the values are those of a native meeting."""

    ANNUAL = "annual"
    SPECIAL = "special"


class Standing(StrEnum):
    """Where an old decision stood on the day of the import."""

    UNFULFILLED = "unfulfilled"
    FULFILLED = "fulfilled"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        return STANDING_LABELS[self]


STANDING_LABELS = {
    Standing.UNFULFILLED: "未落实",
    Standing.FULFILLED: "已办结",
    Standing.TERMINATED: "已终止",
    Standing.SUPERSEDED: "已替代",
}


class Document(Value):
    """The paper that a record rests on; ``sha256`` is that of its scan, which the office keeps."""

    title: wording.Line = Field(title="来源文件", examples=["2024年11月28日联席会议纪要（扫描件）"])
    sha256: str = Field(title="扫描件的 SHA-256", pattern=r"^[0-9a-f]{64}$")


RawTexts = Annotated[
    dict[wording.Name, wording.Prose],
    Field(title="原始文字", description="表头 → 原样的文字。", max_length=40),
]


class MeetingRecord(Value):
    """An old meeting. ``ordinal`` and ``title`` are those printed, whatever the name is today (A18)."""

    held_on: date = Field(title="会议日期")
    kind: Kind = Field(default=Kind.ANNUAL, title="会议类别")
    ordinal: int | None = Field(default=None, ge=1, le=999, title="次序号", description="原件印有的才填。")
    title: wording.Line = Field(title="会议名称（原件）")
    chair: wording.Line = Field(default="", title="主持人职务")
    place: wording.Line = Field(default="", title="会议地点")
    minutes_number: wording.Line = Field(default="", title="纪要文号", examples=["芮政办纪〔2024〕11号"])
    disclosure: Disclosure | None = Field(
        default=None, title="公开属性", description="不明的不填，按不公开对待。"
    )
    document: Document = Field(title="来源文件")
    raw: RawTexts = Field(default_factory=dict)

    def differences(self, other: "MeetingRecord") -> list[str]:
        """Name the fields in which two records of one meeting differ, in users' words."""
        return _differences(self, other)


class DecisionRecord(Value):
    """An old decision. Lead units are named as printed; an unfulfilled one also says which registered unit it is."""

    meeting_held_on: date = Field(title="会议日期")
    number: int = Field(ge=1, le=99, title="序号", description="在该次会议的议定事项中的序号。")
    text: wording.Prose = Field(title="议定事项")
    category: Category | None = Field(default=None, title="内容类别")
    lead_names: tuple[wording.Name, ...] = Field(title="牵头单位（原件）", max_length=20)
    lead_units: tuple[wording.Code, ...] = Field(default=(), title="牵头单位编号", max_length=20)
    cooperating_names: tuple[wording.Name, ...] = Field(default=(), title="配合单位（原件）", max_length=50)
    cooperating_units: tuple[wording.Code, ...] = Field(default=(), title="配合单位编号", max_length=50)
    leader: wording.Line = Field(default="", title="责任领导")
    deadline: date | None = Field(default=None, title="完成时限", description="原件未写明的不填。")
    long_term: bool = Field(default=False, title="长期事项")
    report_interval_months: int | None = Field(default=None, ge=1, le=12, title="汇报间隔（月）")
    standing: Standing = Field(title="办理情况")
    closed_on: date | None = Field(default=None, title="办结（终止、替代）日期")
    percent: int = Field(default=0, ge=0, le=100, title="完成%")
    explanation: wording.Prose = Field(default="", title="情况说明")
    document: Document = Field(title="来源文件")
    raw: RawTexts = Field(default_factory=dict)

    def differences(self, other: "DecisionRecord") -> list[str]:
        """Name the fields in which two records of one decision differ, in users' words."""
        return _differences(self, other)


def _differences(one: Value, other: Value) -> list[str]:
    fields = type(one).model_fields
    return [
        str(fields[name].title)
        for name in fields
        if name != "raw" and getattr(one, name) != getattr(other, name)
    ]
