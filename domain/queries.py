"""Who may read what: one table of queries, readers and relations, default deny, and the one function that decides.

A reader is what somebody is towards the pair that is read: the holder of a post in it today, or of a mandate over it.
Whoever is several things reads what any of them opens. A post opens its own pair and no other; a mandate opens the pair
or division that it names and, where it says so, what is below; nothing opens a parent or a sibling.
Source: R-097; trust.md, "Access".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.decider import Capacity, Side
from domain.mandates import Role, prefix


class Matter(StrEnum):
    """What is read."""

    REGISTER = "register"
    TOPICS = "topics"
    PROPOSALS = "proposals"
    MEETINGS = "meetings"
    MINUTES = "minutes"
    DECISIONS = "decisions"
    BUSINESS = "business"
    REPORTS = "reports"
    HISTORY = "history"
    BUNDLE = "bundle"
    SENDING = "sending"
    SUBSCRIBING = "subscribing"
    CONTACTS = "contacts"

    @property
    def label(self) -> str:
        return MATTER_LABELS[self]


MATTER_LABELS: Final = {
    Matter.REGISTER: "台账登记：名称、单位、任职、委托、联络人员、适用规则、日历",
    Matter.TOPICS: "议题和相近事项",
    Matter.PROPOSALS: "主张建议",
    Matter.MEETINGS: "会议、通知、材料、须通报的事项",
    Matter.MINUTES: "纪要及其更正",
    Matter.DECISIONS: "议定事项、纪要摘录、催办督办单",
    Matter.BUSINESS: "办公室事务：发文字号、年度、考核、汇报、宣传、配套制度、创新做法、补录、预警、程序对照",
    Matter.REPORTS: "本结对单位报告和区划汇总报告",
    Matter.HISTORY: "历史、核验、重放、变化、检查点和证明、事件流",
    Matter.BUNDLE: "审计包：全部事实的原始字节，供脱机核验",
    Matter.SENDING: "推送的列表、进度、恢复、终止和办理记录",
    Matter.SUBSCRIBING: "推送的登记和换发密钥",
    Matter.CONTACTS: "联系方式：今天在本结对单位任职的人员的，每次查看都留有记录",
}


class Relation(StrEnum):
    """What the pair that is read is to the one that a reader has his part in."""

    OWN = "own"
    CHILD = "child"
    PARENT = "parent"
    SIBLING = "sibling"
    NONE = "none"


RELATION_LABELS: Final = {
    Relation.OWN: "本单位",
    Relation.CHILD: "下级",
    Relation.PARENT: "上级",
    Relation.SIBLING: "同级",
    Relation.NONE: "无关",
}


class Reader(StrEnum):
    """What somebody is towards a pair."""

    GOVERNMENT_OFFICE = "government_office"
    UNION_OFFICE = "union_office"
    LIAISON_LEADER = "liaison_leader"
    GOVERNMENT_PRINCIPAL = "government_principal"
    GOVERNMENT_LEADER = "government_leader"
    UNION_PRINCIPAL = "union_principal"
    UNION_LEADER = "union_leader"
    GOVERNMENT_SUPERVISOR = "government_supervisor"
    UNION_SUPERVISOR = "union_supervisor"
    DEPARTMENT = "department"
    CITY_READER = "city_reader"
    AUDITOR = "auditor"
    SERVICE = "service"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"

    @property
    def label(self) -> str:
        return READER_LABELS[self]


READER_LABELS: Final = {
    **{
        Reader(each.value): each.label
        for each in Capacity
        if each.value in set(Reader) and each is not Capacity.SYSTEM_ADMINISTRATOR
    },
    Reader.GOVERNMENT_SUPERVISOR: "督办人（政府方）",
    Reader.UNION_SUPERVISOR: "督办人（工会方）",
    **{Reader(each.value): each.label for each in Role},
}
MANDATES: Final = frozenset(Reader(each.value) for each in Role)
POSTS: Final = frozenset(Reader) - MANDATES


class Extent(StrEnum):
    """How much of what is read: all of it, what concerns one's unit, or what the mandate names."""

    ALL = "all"
    CONCERNED = "concerned"
    NAMED = "named"


EXTENT_LABELS: Final = {
    Extent.ALL: "全部",
    Extent.CONCERNED: "涉及本部门的",
    Extent.NAMED: "授权所列的",
}
# Posts are of one pair. A mandate over a subtree reaches down; no mandate reaches up or sideways.
RELATIONS: Final = {
    **dict.fromkeys(POSTS, frozenset({Relation.OWN})),
    **dict.fromkeys(MANDATES, frozenset({Relation.OWN, Relation.CHILD})),
}
_OFFICES: Final = dict.fromkeys(POSTS - {Reader.DEPARTMENT}, Extent.ALL)
_CITY: Final = {Reader.CITY_READER: Extent.ALL, Reader.AUDITOR: Extent.ALL}
_SERVICE: Final = {Reader.SERVICE: Extent.NAMED}
_DEPARTMENT: Final = {Reader.DEPARTMENT: Extent.CONCERNED}
_AUDITOR: Final = {Reader.AUDITOR: Extent.ALL}
# Whoever lets facts be sent out does so by his own right; a system administrator only sees to it, and may end it.
_SENDERS: Final = {
    Reader.GOVERNMENT_OFFICE: Extent.ALL,
    Reader.UNION_OFFICE: Extent.ALL,
    Reader.AUDITOR: Extent.ALL,
}

TABLE: Final[dict[Matter, dict[Reader, Extent]]] = {
    Matter.REGISTER: {
        **dict.fromkeys(POSTS, Extent.ALL),
        **_CITY,
        **_SERVICE,
        Reader.SYSTEM_ADMINISTRATOR: Extent.ALL,
    },
    Matter.TOPICS: {**_OFFICES, **_DEPARTMENT, **_CITY, **_SERVICE},
    Matter.PROPOSALS: {**_OFFICES, **_DEPARTMENT, **_CITY, **_SERVICE},
    Matter.MEETINGS: {**_OFFICES, **_DEPARTMENT, **_CITY, **_SERVICE},
    Matter.MINUTES: {**_OFFICES, **_DEPARTMENT, **_CITY, **_SERVICE},
    Matter.DECISIONS: {**_OFFICES, **_DEPARTMENT, **_CITY, **_SERVICE},
    Matter.BUSINESS: {**_OFFICES, **_CITY, **_SERVICE},
    Matter.REPORTS: {**_OFFICES, **_CITY, **_SERVICE},
    Matter.HISTORY: {**_OFFICES, **_AUDITOR, **_SERVICE},
    Matter.BUNDLE: _AUDITOR,
    Matter.SENDING: {**_SENDERS, Reader.SYSTEM_ADMINISTRATOR: Extent.ALL},
    Matter.SUBSCRIBING: _SENDERS,
    Matter.CONTACTS: {Reader.GOVERNMENT_OFFICE: Extent.ALL, Reader.UNION_OFFICE: Extent.ALL},
}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that somebody is towards a pair. ``unit`` is that of a post, ``matters`` those of a service."""

    reader: Reader
    relation: Relation
    unit: str = ""
    matters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a query somebody sees: everything, or what concerns some units."""

    units: frozenset[str] | None = None

    @property
    def everything(self) -> bool:
        return self.units is None


def sight(matter: Matter, parts: Iterable[Part]) -> Sight | None:
    """Decide what somebody sees of a query; None is nothing, not even whether it exists."""
    units = set[str]()
    for part in parts:
        extent = TABLE[matter].get(part.reader)
        if extent is None or part.relation not in RELATIONS[part.reader]:
            continue
        if extent is Extent.ALL or (extent is Extent.NAMED and matter.value in part.matters):
            return Sight()
        if extent is Extent.CONCERNED and part.unit:
            units.add(part.unit)
    return Sight(frozenset(units)) if units else None


def relation(home: str, pair: str) -> Relation:
    """Tell what a pair is to another, by their codes.

    >>> [relation("140800", each).value for each in ("140800", "140830", "140830101", "150100")]
    ['own', 'child', 'child', 'none']
    >>> [relation("140830", each).value for each in ("140800", "140823", "140830-EDU")]
    ['parent', 'sibling', 'child']
    """
    if home == pair:
        return Relation.OWN
    if pair.startswith(prefix(home)):
        return Relation.CHILD
    if home.startswith(prefix(pair)):
        return Relation.PARENT
    return Relation.SIBLING if _above(home) == _above(pair) else Relation.NONE


_CITY_DIGITS: Final = 4
_COUNTY_DIGITS: Final = 6


def _above(code: str) -> str:
    if len(code) > _COUNTY_DIGITS:
        return code[:_COUNTY_DIGITS]
    return code[:2] if prefix(code) != code else code[:_CITY_DIGITS]


def by_post(capacity: Capacity, side: Side, unit: str) -> Part:
    """Tell what the holder of a post is towards its pair."""
    if capacity is Capacity.SUPERVISOR:
        reader = Reader.GOVERNMENT_SUPERVISOR if side is Side.GOVERNMENT else Reader.UNION_SUPERVISOR
    else:
        reader = Reader(capacity.value)
    return Part(reader, Relation.OWN, unit=unit)


def by_mandate(role: str, scope: str, pair: str, *, subtree: bool, matters: Iterable[str] = ()) -> Part:
    """Tell what the holder of a mandate is towards a pair, or a division with all below it."""
    found = relation(scope, pair)
    if found is Relation.CHILD and not subtree:
        found = Relation.NONE
    return Part(Reader(role), found, matters=frozenset(matters))
