"""The cast of a pair: its units, the posts in them, and the role by which a script calls each post.

Posts, never persons: whoever holds one is an opaque id, and a title is all that is known of him.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from application.commands import Caller
from application.stage import Stage
from domain import meetings, pairs, people
from domain.decider import Capacity, Side

ADMINISTRATOR = "p-administrator"
BUREAUS = {
    "renshe": "人力资源和社会保障局",
    "gongxin": "工业和信息化局",
    "weijian": "卫生健康局",
    "caizheng": "财政局",
    "chengguan": "城市管理局",
    "jiaotong": "交通运输局",
    "ziran": "自然资源局",
    "zhujian": "住房和城乡建设局",
    "yingji": "应急管理局",
    "sifa": "司法局",
    "jiaoyu": "教育局",
    "wenlv": "文化和旅游局",
    "shenpi": "行政审批服务管理局",
}
LEADERS = frozenset({Capacity.LIAISON_LEADER, Capacity.GOVERNMENT_PRINCIPAL, Capacity.GOVERNMENT_LEADER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of one side; ``head`` is the title under which its principal is invited."""

    name: str
    side: Side
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One role: the post behind it, in a unit that is named by its key."""

    role: str
    unit: str
    title: str
    capacity: Capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays in one pair. ``numbers`` are the codes of its office's papers: notices and minutes."""

    tenant: str
    name: str
    units: Mapping[str, Unit]
    parts: tuple[Part, ...]
    notices: str
    minutes: str
    copies: tuple[str, ...]
    government_body: pairs.GovernmentBody = pairs.GovernmentBody.PEOPLES_GOVERNMENT
    union_body: pairs.UnionBody = pairs.UnionBody.GENERAL_UNION

    def person(self, role: str) -> str:
        """Give the id of the person behind a role."""
        return f"p-{self.tenant}-{role.replace('_', '-')}"

    def people(self) -> dict[str, Caller]:
        """Give the caller behind every role, the administrator's among them."""
        played = {part.role: Caller(person=self.person(part.role)) for part in self.parts}
        return {**played, "admin": Caller(person=ADMINISTRATOR, administrator=True)}

    def title(self, role: str) -> str:
        return next(part.title for part in self.parts if part.role == role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A cast on stage: the ids that its units and posts were given."""

    cast: Cast
    units: Mapping[str, str]
    posts: Mapping[str, str]

    def seats(
        self, *, leaders: Iterable[str], bureaus: Iterable[str], sections: Iterable[str]
    ) -> tuple[meetings.Attendee, ...]:
        """Give the list of attendees: leaders first, then the bureaus' heads, then the union."""
        kind = meetings.AttendeeCategory
        units = self.cast.units
        seats = [self._seat(kind.GOVERNMENT_LEADER, role) for role in leaders]
        rows = [
            (kind.GOVERNMENT_OFFICE_HEAD, ("office",)),
            (kind.DEPARTMENT_HEAD, tuple(bureaus)),
        ]
        for category, keys in rows:
            seats += [
                meetings.Attendee(category=category, unit=self.units[key], title=units[key].head)
                for key in keys
            ]
        seats += [self._seat(kind.UNION_PRINCIPAL, "up"), self._seat(kind.UNION_LEADER, "ul")]
        seats += [
            meetings.Attendee(
                category=kind.UNION_DEPARTMENT_HEAD, unit=self.units[key], title=units[key].head
            )
            for key in sections
        ]
        return tuple(seats)

    def _seat(self, category: meetings.AttendeeCategory, role: str) -> meetings.Attendee:
        part = next(part for part in self.cast.parts if part.role == role)
        return meetings.Attendee(
            category=category, unit=self.units[part.unit], title=part.title, post=self.posts[role]
        )


def _posts(rows: Iterable[tuple[str, str, str, Capacity]]) -> tuple[Part, ...]:
    return tuple(
        Part(role=role, unit=unit, title=title, capacity=capacity) for role, unit, title, capacity in rows
    )


def _standing(rank: str, *, office: str, union: str) -> tuple[Part, ...]:
    # The posts that every pair of the city and county level has.
    return _posts(
        (
            ("gp", "government", f"{rank}长", Capacity.GOVERNMENT_PRINCIPAL),
            ("leader", "government", f"常务副{rank}长", Capacity.GOVERNMENT_LEADER),
            ("gl", "government", f"联系工会工作的副{rank}长", Capacity.LIAISON_LEADER),
            ("go", "office", f"{office}综合科科员", Capacity.GOVERNMENT_OFFICE),
            ("go2", "office", f"{office}综合科科长", Capacity.GOVERNMENT_OFFICE),
            ("sup_g", "office", f"{rank}政府督查室主任", Capacity.SUPERVISOR),
            ("up", "union", f"{union}主席", Capacity.UNION_PRINCIPAL),
            ("ul", "union", f"{union}常务副主席", Capacity.UNION_LEADER),
            ("uo", "union", f"{union}办公室干事", Capacity.UNION_OFFICE),
            ("sup_u", "union", f"{union}办公室主任", Capacity.SUPERVISOR),
        )
    )


def county(
    tenant: str, name: str, *, prefix: str, bureaus: tuple[str, ...], heads: tuple[str, ...] = ()
) -> Cast:
    """Give the cast of a county, a district or a city of county level.

    ``prefix`` begins its papers' codes; ``heads`` are the bureaus whose principal acts in person.
    """
    rank = name[-1]
    office, union = f"{rank}政府办公室", f"{rank}总工会"
    sections = {"jingji": "经济工作部", "quanyi": "权益保障部"}
    units = {
        "government": Unit(name=f"{name}人民政府", side=Side.GOVERNMENT),
        "office": Unit(name=f"{name}人民政府办公室", side=Side.GOVERNMENT, head=f"{office}主任"),
        "union": Unit(name=f"{name}总工会", side=Side.UNION),
    }
    units |= {
        key: Unit(name=f"{name}总工会{label}", side=Side.UNION, head=f"{union}{label}部长")
        for key, label in sections.items()
    }
    units |= {
        key: Unit(name=f"{name}{BUREAUS[key]}", side=Side.GOVERNMENT, head=f"{rank}{BUREAUS[key]}局长")
        for key in bureaus
    }
    return Cast(
        tenant=tenant,
        name=name,
        units=units,
        parts=(
            *_standing(rank, office=office, union=union),
            *_posts(
                (f"dep_{key}", key, f"{union}{label}干事", Capacity.DEPARTMENT)
                for key, label in sections.items()
            ),
            *_posts(
                (f"dep_{key}", key, f"{rank}{BUREAUS[key]}办公室主任", Capacity.DEPARTMENT) for key in bureaus
            ),
            *_posts((f"head_{key}", key, units[key].head, Capacity.DEPARTMENT) for key in heads),
        ),
        notices=f"{prefix}政办函",
        minutes=f"{prefix}政办纪",
        copies=(f"{rank}委办公室", f"{rank}人大常委会办公室", f"{rank}政协办公室"),
    )


def below_county(  # noqa: PLR0913 - what differs from one township or zone to the next.
    tenant: str,
    name: str,
    *,
    body: pairs.GovernmentBody,
    union_body: pairs.UnionBody,
    prefix: str,
    office: str,
    principal: str,
    vice: str,
    offices: Mapping[str, str],
    copies: tuple[str, ...],
) -> Cast:
    """Give the cast of a township, a subdistrict or a development zone.

    ``offices`` are its sections by key; ``vice`` is the leader's title without 联系工会工作的.
    """
    union = union_body.value
    units = {
        "government": Unit(name=f"{name}{body.value}", side=Side.GOVERNMENT),
        "office": Unit(name=f"{name}{office}", side=Side.GOVERNMENT, head=f"{office}主任"),
        "union": Unit(name=f"{name}{union}", side=Side.UNION),
        "quanyi": Unit(name=f"{name}{union}职工服务站", side=Side.UNION, head=f"{union}职工服务站站长"),
    }
    units |= {
        key: Unit(name=f"{name}{label}", side=Side.GOVERNMENT, head=f"{label}主任")
        for key, label in offices.items()
    }
    return Cast(
        tenant=tenant,
        name=name,
        units=units,
        parts=(
            *_posts(
                (
                    ("gp", "government", principal, Capacity.GOVERNMENT_PRINCIPAL),
                    ("leader", "government", f"常务{vice}", Capacity.GOVERNMENT_LEADER),
                    ("gl", "government", f"联系工会工作的{vice}", Capacity.LIAISON_LEADER),
                    ("go", "office", f"{office}干事", Capacity.GOVERNMENT_OFFICE),
                    ("go2", "office", f"{office}副主任", Capacity.GOVERNMENT_OFFICE),
                    ("sup_g", "office", f"{office}督办专干", Capacity.SUPERVISOR),
                    ("up", "union", f"{union}主席", Capacity.UNION_PRINCIPAL),
                    ("ul", "union", f"{union}副主席", Capacity.UNION_LEADER),
                    ("uo", "union", f"{union}干事", Capacity.UNION_OFFICE),
                    ("sup_u", "union", f"{union}经费审查委员", Capacity.SUPERVISOR),
                    ("dep_quanyi", "quanyi", "职工服务站专干", Capacity.DEPARTMENT),
                )
            ),
            *_posts(
                (f"dep_{key}", key, f"{label}干事", Capacity.DEPARTMENT) for key, label in offices.items()
            ),
        ),
        notices=f"{prefix}函",
        minutes=f"{prefix}纪",
        copies=copies,
        government_body=body,
        union_body=union_body,
    )


def enter(stage: Stage, cast_: Cast, *, on: date) -> Company:
    """Register what is missing of a pair, its units and its posts, as the system administrator."""
    pair = cast("pairs.Pair", stage.state("pair"))
    if pair.division is None:
        stage.act(
            "admin",
            pairs.RegisterPair(
                on=on,
                division_code=cast_.tenant,
                union_division_code=cast_.tenant,
                government_body=cast_.government_body,
                union_body=cast_.union_body,
            ),
        )
    units = {
        key: stage.act("admin", people.RegisterUnit(on=on, name=unit.name, side=unit.side))
        for key, unit in cast_.units.items()
    }
    posts = {
        part.role: stage.act(
            "admin",
            people.AppointToPost(
                on=on,
                person=cast_.person(part.role),
                title=part.title,
                capacity=part.capacity,
                side=cast_.units[part.unit].side,
                unit=units[part.unit],
                valid_from=on.replace(month=1, day=1),
            ),
        )
        for part in cast_.parts
    }
    return Company(cast=cast_, units=units, posts=posts)
