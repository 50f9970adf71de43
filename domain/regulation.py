"""The regulation as data: versions in force, categories, parameters, and which clause a requirement rests on.

Source: 运政办发〔2024〕7号; requirements.md sections 1, 2 and 11.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """A legal basis: its document number, title, and the dates between which it may be cited."""

    number: str
    title: str
    in_force_from: date
    repealed_on: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether it may be cited on a local date; the day of repeal is excluded (R-011)."""
        return self.in_force_from <= on and (self.repealed_on is None or on < self.repealed_on)


BASES: Final = (
    Basis(
        number="运政办发〔2003〕66号",
        title="运城市人民政府与运城市总工会联席会议暂行办法",
        in_force_from=date(2003, 6, 2),
        repealed_on=date(2024, 3, 12),
    ),
    Basis(
        number="晋政办发〔2023〕81号",
        title="山西省人民政府办公厅关于建立健全我省各级政府与同级工会联席会议制度的通知",
        in_force_from=date(2023, 1, 1),
    ),
    Basis(
        number="运政办发〔2024〕7号",
        title="运城市人民政府办公室关于建立健全运城市各级政府与同级工会联席会议制度的通知",
        in_force_from=date(2024, 3, 12),
    ),
)


def basis(number: str) -> Basis | None:
    """Find a built-in basis by its document number."""
    return next((each for each in BASES if each.number == number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A version of the rules that judge a meeting: its name, and the basis that brought it into force."""

    version: str
    number: str

    @property
    def basis(self) -> Basis:
        """The basis, which tells the title, the day it came into force and the day of its repeal."""
        return next(each for each in BASES if each.number == self.number)


# In the order in which they came into force; the first one also judges what was held before there was any.
RULES: Final = (
    Rule(version="2003", number="运政办发〔2003〕66号"),
    Rule(version="2024", number="运政办发〔2024〕7号"),
)


def rule_version(on: date) -> str:
    """Give the version of the rules that judges a meeting held on a local date (R-010, A22)."""
    return next(
        (each.version for each in reversed(RULES) if each.basis.in_force_from <= on), RULES[0].version
    )


class Category(StrEnum):
    """The seven content categories of clause 一."""

    C1 = "C1"
    C2 = "C2"
    C3 = "C3"
    C4 = "C4"
    C5 = "C5"
    C6 = "C6"
    C7 = "C7"

    @property
    def label(self) -> str:
        return CATEGORY_LABELS[self]


CATEGORY_LABELS: Final = {
    Category.C1: "（一）通报涉及职工利益的政策措施、就业情况",
    Category.C2: "（二）通报工会重点工作情况",
    Category.C3: "（三）研究动员和组织职工建功立业的问题",
    Category.C4: "（四）研究解决涉及职工切身利益的重要事项",
    Category.C5: "（五）研究解决工会工作中需要政府支持帮助的事项",
    Category.C6: "（六）通报上次议定事项落实情况，说明以往未落实事项",
    Category.C7: "（七）其他需要研究解决的事项",
}


class Disclosure(StrEnum):
    """Whether a document may be made public (R-017)."""

    PUBLIC = "公开发布"
    ON_REQUEST = "依申请公开"
    CLOSED = "不公开"


DELIBERATIONS: Final = frozenset({Category.C3, Category.C4, Category.C5, Category.C7})

SUB_DOMAINS: Final = {
    Category.C4: ("劳动就业", "收入分配", "劳动安全", "卫生健康", "社会保障", "职业技能培训", "其他"),
    Category.C5: (
        "职工思想政治引领",
        "产业工人队伍建设改革",
        "维护劳动领域政治安全",
        "新就业形态劳动者权益",
        "数字化建设",
        "组织建设",
        "经费资产",
        "阵地建设",
        "其他",
    ),
}


class MonthDay(NamedTuple):
    """A day of every year; ``date(year, *day)`` is that of one year."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]

    def of(self, year: int) -> date:
        """Give the day of a year. Raises: ValueError for one that the year does not have."""
        return date(year, self.month, self.day)


class Parameters(BaseModel):
    """What the regulation leaves open and the city sets (section 11). Days are working days where the title says so, shares percent."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        # Whoever sets parameters names them all, so that none is reset by being left out.
        json_schema_extra=lambda schema: schema.update(required=list(schema["properties"])),
    )

    special_counts: bool = Field(default=True, title="临时会议计入每年至少一次（A1）")
    adoption_counts_until: MonthDay = Field(
        default=MonthDay(9, 30), title="参照建制晚于此日的，次年起算（A1）", examples=[[9, 30]]
    )
    prior_consultation_min_days: int = Field(
        default=0, ge=0, le=60, title="提前协商距印发通知的最少天数（A2）"
    )
    minutes_yellow_days: int = Field(default=10, ge=1, le=120, title="纪要未印发亮黄灯的工作日数（A10）")
    minutes_red_days: int = Field(default=20, ge=1, le=120, title="纪要未印发亮红灯的工作日数（A10）")
    first_report_months: int = Field(default=1, ge=1, le=12, title="首次汇报的月数（A11）")
    status_report_days: int = Field(default=5, ge=1, le=60, title="状态变化后汇报的工作日数（A11）")
    receipt_days: int = Field(default=5, ge=1, le=60, title="明确督办人后签收的工作日数（R-073）")
    report_interval_months: int = Field(default=3, ge=1, le=12, title="汇报周期的月数（A11）")
    short_form_for_specials: bool = Field(default=False, title="临时会议的落实情况通报可用简表（A15）")
    warn_no_plan: MonthDay = Field(
        default=MonthDay(9, 30), title="尚无会议计划的预警日（R-037）", examples=[[9, 30]]
    )
    warn_no_date: MonthDay = Field(
        default=MonthDay(10, 31), title="尚未商定日期的预警日（R-037）", examples=[[10, 31]]
    )
    warn_no_notice: MonthDay = Field(
        default=MonthDay(11, 30), title="尚未印发通知的预警日（R-037）", examples=[[11, 30]]
    )
    near_due_days: int = Field(default=10, ge=1, le=120, title="临近时限亮黄灯的工作日数（R-081）")
    behind_yellow: int = Field(default=10, ge=0, le=100, title="落后计划亮黄灯的百分点（R-081）")
    behind_red: int = Field(default=30, ge=0, le=100, title="落后计划亮红灯的百分点（R-081）")
    publicity_days: int = Field(default=20, ge=1, le=120, title="会后宣传报道的工作日数（R-083）")
    plan_inclusion_yellow: MonthDay = Field(
        default=MonthDay(3, 31), title="未纳入年度计划亮黄灯的日期（R-086）", examples=[[3, 31]]
    )
    plan_inclusion_red: MonthDay = Field(
        default=MonthDay(6, 30), title="未纳入年度计划亮红灯的日期（R-086）", examples=[[6, 30]]
    )


PARAMETERS: Final = Parameters()
# What the city has not set yet is its first version.
FIRST_VERSION: Final = 1


def default_copies(area: str) -> tuple[str, ...]:
    """Give who gets a copy of a document unless the office says otherwise: the party, people's congress and CPPCC.

    ``area`` is the full name of the division (芮城县, 运城市); towns and townships have no CPPCC (R-016).
    """
    level = area[-1:]
    if level in {"市", "县", "区"} and not area.endswith("开发区"):
        return (f"{level}委办公室", f"{level}人大办公室", f"{level}政协办公室")
    if level in {"镇", "乡"}:
        return (f"{level}党委", f"{level}人大")
    return ()


CLAUSES: Final = {
    "R-001": "标题、一",
    "R-002": "标题",
    "R-003": "主送",
    "R-004": "三(三)",
    "R-005": "三(三)",
    "R-006": "三(三)",
    "R-007": "三(三)",
    "R-008": "三(三)",
    "R-009": "引言",
    "R-010": "施行",
    "R-011": "施行",
    "R-012": "施行",
    "R-013": "施行",
    "R-014": "文头、施行、落款",
    "R-015": "文头",
    "R-016": "主送、抄送",
    "R-017": "公开",
    "R-018": "一",
    "R-019": "一",
    "R-020": "一(一)",
    "R-021": "一(二)",
    "R-022": "一(三)",
    "R-023": "一(四)",
    "R-024": "一(五)",
    "R-025": "一(六)",
    "R-026": "一(六)",
    "R-027": "一(六)",
    "R-028": "一(六)",
    "R-029": "一(六)、二(六)",
    "R-030": "一(七)",
    "R-031": "一、一(七)",
    "R-032": "二",
    "R-033": "二",
    "R-034": "二",
    "R-035": "二",
    "R-036": "二",
    "R-037": "二",
    "R-038": "二(一)",
    "R-039": "二(一)",
    "R-040": "二(一)",
    "R-041": "二(二)",
    "R-042": "二(二)",
    "R-043": "二(二)",
    "R-044": "二(二)",
    "R-045": "二(二)",
    "R-046": "二(二)",
    "R-047": "二(二)",
    "R-048": "二(二)",
    "R-049": "二(二)",
    "R-050": "二(二)",
    "R-051": "二(一)",
    "R-052": "二(三)",
    "R-053": "二(三)",
    "R-054": "二(三)",
    "R-055": "二(四)",
    "R-056": "二(四)",
    "R-057": "二(四)",
    "R-058": "二(四)",
    "R-059": "二(四)",
    "R-060": "二(四)",
    "R-061": "二(四)",
    "R-062": "二、二(四)",
    "R-063": "二(三)",
    "R-064": "二(五)",
    "R-065": "二(五)",
    "R-066": "二(五)",
    "R-067": "二(五)",
    "R-068": "二(五)",
    "R-069": "二(五)",
    "R-070": "二(六)",
    "R-071": "二(五)",
    "R-072": "二(六)",
    "R-073": "二(六)",
    "R-074": "二(六)",
    "R-075": "二(六)",
    "R-076": "二(六)",
    "R-077": "二(六)",
    "R-078": "一(六)",
    "R-079": "二(六)",
    "R-080": "二(六)",
    "R-081": "二(六)",
    "R-082": "二(七)",
    "R-083": "二(七)",
    "R-084": "三(二)",
    "R-085": "三(二)",
    "R-086": "三(一)",
    "R-087": "三(一)",
    "R-088": "三(一)",
    "R-089": "三(一)",
    "R-090": "三(二)",
    "R-091": "三(三)",
    "R-092": "用户要求",
    "R-093": "用户要求",
    "R-094": "用户要求",
    "R-095": "用户要求",
    "R-096": "用户要求",
    "R-097": "用户要求",
    "R-098": "用户要求",
    "R-099": "三(一)",
    "R-100": "三(二)",
}
