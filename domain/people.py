"""Units of the two sides, and who holds which post from when to when (R-038, R-097)."""

from collections.abc import Iterable
from datetime import date
from typing import Final, assert_never, get_args

from pydantic import Field

from domain import names, refusals, wording
from domain.decider import (
    CAPACITY_LABELS,
    NO_POSTS,
    Capacity,
    Command,
    Decider,
    Fact,
    Side,
    Signatory,
    Value,
    not_before,
    taken,
)

SIDE_OF: dict[Capacity, Side] = {
    Capacity.GOVERNMENT_OFFICE: Side.GOVERNMENT,
    Capacity.LIAISON_LEADER: Side.GOVERNMENT,
    Capacity.GOVERNMENT_PRINCIPAL: Side.GOVERNMENT,
    Capacity.GOVERNMENT_LEADER: Side.GOVERNMENT,
    Capacity.UNION_OFFICE: Side.UNION,
    Capacity.UNION_PRINCIPAL: Side.UNION,
    Capacity.UNION_LEADER: Side.UNION,
}


# By these the system itself signs; a person so named could pass for it, or reuse the keys of its commands.
CLOCK: Final = "clock"
COMMAND_LINE: Final = "command-line"
OF_THE_SYSTEM: Final = frozenset({CLOCK, COMMAND_LINE})


class SideMismatch(refusals.Refusal):
    """该身份与所在单位不属于同一方。"""

    requirement = "R-097"


class SelfAppointed(refusals.Refusal):
    """不得给自己登记任职；系统管理员不承担业务职责。"""

    requirement = "R-097"


class OneOfTheSystem(refusals.Refusal):
    """此编号由系统自用（系统时钟、命令行），不得登记为人员，也不得任职。"""

    requirement = "R-097"
    remedy = "请另取一个人员编号。"


class EndsBeforeStart(refusals.Refusal):
    """任职结束日期早于开始日期。"""

    requirement = "R-097"


class UnitRegistered(Fact):
    topic = "unit.registered"
    label = "登记单位"

    name: str
    side: Side


class UnitRenamed(Fact):
    topic = "unit.renamed"
    label = "单位更名"

    name: str
    former: str
    valid_from: date


class PostAppointed(Fact):
    topic = "post.appointed"
    label = "任职"

    person: str
    title: str
    capacity: Capacity
    side: Side
    unit: str
    unit_name: str
    valid_from: date
    acting: bool


class PostEnded(Fact):
    topic = "post.ended"
    label = "任职结束"

    last_day: date
    reason: str


class RegisterUnit(Command):
    """登记一方的一个部门或单位，议题和议定事项由登记过的单位承担。"""

    name: wording.Name = Field(title="单位名称", examples=["芮城县人力资源和社会保障局"])
    side: Side = Field(title="所属一方")


class RenameUnit(Command):
    """登记单位自某日起启用的新名称；补录旧名称时填旧名称的启用日期。"""

    name: wording.Name = Field(title="单位名称", examples=["运城市人民政府办公室"])
    valid_from: date = Field(title="启用日期")


class AppointToPost(Command):
    """登记某人自某日起担任某职务、以何种身份参与联席会议程序。"""

    person: wording.Code = Field(title="人员编号", description="不含任何个人信息的编号。")
    title: wording.Name = Field(title="职务", examples=["县政府办公室综合科科员"])
    capacity: Capacity = Field(title="身份")
    side: Side | None = Field(
        default=None, title="所属一方", description="督办人必填；其余身份可由系统推定。"
    )
    unit: wording.Code = Field(title="所在单位编号")
    valid_from: date = Field(title="任职起始日")
    acting: bool = Field(default=False, title="是否代理", description="岗位空缺期间的代理。")


class EndPost(Command):
    """登记任职结束。"""

    last_day: date = Field(title="任职最后一日")
    reason: wording.Line = Field(default="", title="原因")


class Unit(Value):
    """A registered department or body of one side, under its present name; ``on`` is when it was registered."""

    id: str = ""
    name: str = ""
    side: Side = Side.GOVERNMENT
    on: date | None = None
    all_names: names.Names = ()

    def name_on(self, on: date) -> str:
        """Give its name on a local date (R-014)."""
        return names.name_on(self.all_names, on) or self.name


class Post(Value):
    """One person's tenure of one post; both days are inclusive."""

    id: str = ""
    person: str = ""
    title: str = ""
    capacity: Capacity = Capacity.DEPARTMENT
    side: Side = Side.GOVERNMENT
    unit: str = ""
    unit_name: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    acting: bool = False

    def held_on(self, on: date) -> bool:
        """Whether the post was held on a local date."""
        started = self.valid_from is not None and self.valid_from <= on
        return started and (self.valid_until is None or on <= self.valid_until)

    def signatory(self) -> Signatory:
        """Name the holder as facts do."""
        return Signatory(
            person=self.person,
            title=self.title,
            capacity=self.capacity,
            side=self.side,
            post=self.id,
            unit=self.unit,
            authority="代理任职" if self.acting else "本人任职",
        )


def held_by(person: str, posts: Iterable[Post], *, on: date) -> list[Post]:
    """Give the posts that a person held on a local date, oldest first."""
    held = [post for post in posts if post.person == person and post.held_on(on)]
    return sorted(held, key=lambda post: (post.valid_from or date.min, post.id))


def must_be_a_person(person: str, *, pointer: str) -> None:
    """Refuse an id by which the system itself signs, however it is written. Raises: OneOfTheSystem (R-097)."""
    if person.casefold() in OF_THE_SYSTEM:
        raise OneOfTheSystem(f"{person}。", pointer=pointer)


def decide_unit(
    command: RegisterUnit | RenameUnit, unit: Unit, *, by: Signatory, since: date | None = None
) -> list["UnitFact"]:
    """Decide a registration or another name in a pair that was registered on ``since``.

    Raises: AlreadyDone, TextMissing (R-038); NotFound (R-014).
    """
    match command:
        case RegisterUnit():
            return [_registered(command, unit, by=by, since=since)]
        case RenameUnit():
            return _renamed(command, unit, by=by)
        case _:
            assert_never(command)


def _registered(command: RegisterUnit, unit: Unit, *, by: Signatory, since: date | None) -> UnitRegistered:
    not_before(command.on, since, what="结对登记")
    if unit.name:
        raise refusals.AlreadyDone(f"“{unit.name}”已登记。", requirement="R-038")
    name = wording.require(command.name, what="单位名称", requirement="R-038", pointer="/name")
    return UnitRegistered(on=command.on, by=by, name=name, side=command.side)


def _renamed(command: RenameUnit, unit: Unit, *, by: Signatory) -> list["UnitFact"]:
    if not unit.name:
        raise refusals.NotFound("单位。", requirement="R-014")
    # A name is recorded once it is used; one from before the registration is history brought along.
    not_before(command.on, unit.on, what="单位登记")
    not_before(command.on, command.valid_from, what="启用新名称")
    name = wording.require(command.name, what="单位名称", requirement="R-014", pointer="/name")
    former = unit.name_on(command.valid_from)
    if name == former:
        return []
    return [UnitRenamed(on=command.on, by=by, name=name, former=former, valid_from=command.valid_from)]


def decide_post(
    command: AppointToPost | EndPost, post: Post, *, by: Signatory, unit: Unit | None = None
) -> list["PostFact"]:
    """Decide an appointment or its end.

    Raises: SideMismatch, OneOfTheSystem, EndsBeforeStart, NotFound, AlreadyDone, TextMissing (R-097).
    """
    match command:
        case AppointToPost():
            return [_appointed(command, post, by=by, unit=unit)]
        case EndPost():
            if post.valid_from is None:
                raise refusals.NotFound("任职记录。", requirement="R-097")
            if post.valid_until is not None:
                raise refusals.AlreadyDone(f"已于 {post.valid_until} 结束。", requirement="R-097")
            if command.last_day < post.valid_from:
                raise EndsBeforeStart(f"起始日为 {post.valid_from}。", pointer="/last_day")
            return [PostEnded(on=command.on, by=by, last_day=command.last_day, reason=command.reason)]
        case _:
            assert_never(command)


def _appointed(command: AppointToPost, post: Post, *, by: Signatory, unit: Unit | None) -> PostAppointed:
    if post.person:
        raise refusals.AlreadyDone("任职记录已存在。", requirement="R-097")
    if command.person == by.person:
        raise SelfAppointed(pointer="/person")
    must_be_a_person(command.person, pointer="/person")
    if command.capacity in NO_POSTS:
        raise SideMismatch(f"{command.capacity.label}不是任何一方的职务。", pointer="/capacity")
    if unit is None:
        raise refusals.NotFound(f"单位 {command.unit}。", requirement="R-097", pointer="/unit")
    not_before(command.on, unit.on, what="单位登记")
    side = SIDE_OF.get(command.capacity) or command.side or unit.side
    if side is not unit.side or (command.side or side) is not side:
        raise SideMismatch(
            f"{CAPACITY_LABELS[command.capacity]}属{side.label}，{unit.name}属{unit.side.label}。",
            pointer="/unit",
        )
    title = wording.require(command.title, what="职务", requirement="R-097", pointer="/title")
    return PostAppointed(
        on=command.on,
        by=by,
        person=command.person,
        title=title,
        capacity=command.capacity,
        side=side,
        unit=unit.id,
        unit_name=unit.name,
        valid_from=command.valid_from,
        acting=command.acting,
    )


PostFact = PostAppointed | PostEnded
UnitFact = UnitRegistered | UnitRenamed


def evolve_unit(unit: Unit, fact: UnitFact) -> Unit:
    """Fold one fact into a unit."""
    match fact:
        case UnitRegistered():
            first = names.renamed((), fact.name, since=fact.on)
            return unit.model_copy(
                update={"name": fact.name, "side": fact.side, "on": fact.on, "all_names": first}
            )
        case UnitRenamed():
            known = names.renamed(unit.all_names, fact.name, since=fact.valid_from)
            return unit.model_copy(update={"name": known[-1].name, "all_names": known})
        case _:
            assert_never(fact)


def evolve_post(post: Post, fact: PostFact) -> Post:
    """Fold one fact into a post."""
    match fact:
        case PostAppointed():
            return taken(Post, fact, id=post.id)
        case PostEnded():
            return post.model_copy(update={"valid_until": fact.last_day})
        case _:
            assert_never(fact)


UNIT = Decider(kind="unit", label="单位", facts=get_args(UnitFact), initial=Unit(), evolve=evolve_unit)
POST = Decider(kind="post", label="任职", facts=get_args(PostFact), initial=Post(), evolve=evolve_post)
