"""The shape of every rule: a decision turns a command and a state into facts, evolution folds facts into state.

Both are pure. A command says what somebody wants recorded; a fact says what happened and is never changed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Final, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from domain import refusals

# The slots of every pydantic model, by their own setters: a frozen one takes no assignment.
_NEW: Final = object.__new__
_SET_FIELDS: Final = BaseModel.__dict__["__dict__"].__set__
_SET_FIELDS_SET: Final = BaseModel.__dict__["__pydantic_fields_set__"].__set__
_SET_EXTRA: Final = BaseModel.__dict__["__pydantic_extra__"].__set__
_SET_PRIVATE: Final = BaseModel.__dict__["__pydantic_private__"].__set__


class Value(BaseModel):
    """An immutable value; unknown fields are errors, so that a misspelt one is never silently dropped."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_enum_values=False, ser_json_timedelta="iso8601"
    )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Give a copy with some fields changed, as pydantic does, in a third of its time.

        Every fold copies a state for every fact. A value has no extra and no private attributes to copy.
        """
        if deep:
            return super().model_copy(update=update, deep=True)
        made = _NEW(type(self))
        changed = update or {}
        given = self.__pydantic_fields_set__
        _SET_FIELDS(made, {**self.__dict__, **changed})
        # Nobody changes the set of a frozen value, so copies may share it.
        _SET_FIELDS_SET(made, given if given.issuperset(changed) else given | changed.keys())
        _SET_EXTRA(made, None)
        _SET_PRIVATE(made, None)
        return made


class Side(StrEnum):
    """The two equal sides of a pair."""

    GOVERNMENT = "government"
    UNION = "union"

    @property
    def label(self) -> str:
        return {"government": "政府方", "union": "工会方"}[self.value]

    @property
    def other(self) -> "Side":
        return Side.UNION if self is Side.GOVERNMENT else Side.GOVERNMENT


SIDES: Final = frozenset(Side)


class Capacity(StrEnum):
    """In what capacity a post acts in the procedure (requirements.md, "Actors")."""

    GOVERNMENT_OFFICE = "government_office"
    UNION_OFFICE = "union_office"
    LIAISON_LEADER = "liaison_leader"
    GOVERNMENT_PRINCIPAL = "government_principal"
    GOVERNMENT_LEADER = "government_leader"
    UNION_PRINCIPAL = "union_principal"
    UNION_LEADER = "union_leader"
    DEPARTMENT = "department"
    SUPERVISOR = "supervisor"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    CLOCK = "clock"
    # Who acts in the administration ledger alone.
    SECURITY_ADMINISTRATOR = "security_administrator"
    CONSOLE = "console"

    @property
    def label(self) -> str:
        return CAPACITY_LABELS[self]


CAPACITY_LABELS = {
    Capacity.GOVERNMENT_OFFICE: "政府办公室",
    Capacity.UNION_OFFICE: "工会（办公室）",
    Capacity.LIAISON_LEADER: "政府联系工会工作的负责人",
    Capacity.GOVERNMENT_PRINCIPAL: "政府主要负责同志",
    Capacity.GOVERNMENT_LEADER: "其他政府领导同志",
    Capacity.UNION_PRINCIPAL: "工会主要负责人",
    Capacity.UNION_LEADER: "工会有关负责人",
    Capacity.DEPARTMENT: "部门",
    Capacity.SUPERVISOR: "督办人",
    Capacity.SYSTEM_ADMINISTRATOR: "系统管理员",
    Capacity.CLOCK: "系统时钟",
    Capacity.SECURITY_ADMINISTRATOR: "安全管理员",
    Capacity.CONSOLE: "命令行",
}
# No posts of a pair: nobody is appointed to be one of these.
NO_POSTS: Final = frozenset(
    {
        Capacity.SYSTEM_ADMINISTRATOR,
        Capacity.SECURITY_ADMINISTRATOR,
        Capacity.CLOCK,
        Capacity.CONSOLE,
    }
)


class Signatory(Value):
    """Who acted: the person, through which post, and on what authority (R-097)."""

    person: str = Field(title="人员编号")
    title: str = Field(title="职务")
    capacity: Capacity = Field(title="身份")
    side: Side | None = Field(default=None, title="所属一方")
    post: str = Field(default="", title="任职记录编号")
    unit: str = Field(default="", title="单位编号")
    authority: str = Field(default="本人任职", title="职权依据")

    @property
    def own_side(self) -> Side:
        """The side this person speaks for. Raises: NotEntitled for one who belongs to neither."""
        if self.side is None:
            raise refusals.NotEntitled(f"{self.title}不属于任何一方。", requirement="R-097")
        return self.side


class Fact(Value):
    """What happened: on which business date (Asia/Shanghai), and who acted. Ids are the envelope's."""

    topic: ClassVar[str] = ""
    label: ClassVar[str] = ""

    on: date
    by: Signatory


class Command(Value):
    """What somebody wants recorded. ``on`` is the business date (Asia/Shanghai), never in the future."""

    on: date = Field(title="业务日期", description="事情发生的日期（北京时间），不得晚于今天。")


S = TypeVar("S")
V = TypeVar("V", bound=Value)


def taken(model: type[V], fact: Value, **more: Any) -> V:
    """Make a value of what a fact tells under the same names; what neither it nor ``more`` tells has its default.

    Nothing is checked again where the fact declares every one of these fields as the value does; ``more`` is then taken
    as it is, so it must be made of checked parts, too.
    """
    names, alike = _taking(model, type(fact), *more)
    told = {**fact.__dict__, **more} if more else fact.__dict__
    fields = {name: told[name] for name in names}
    return made(model, fields) if alike else model(**fields)


@cache
def _taking(model: type[Value], kind: type[Value], *more: str) -> tuple[tuple[str, ...], bool]:
    """Tell which fields of a value a kind of fact and ``more`` give, and whether they need no check."""
    wanted, told = model.__pydantic_fields__, kind.__pydantic_fields__
    names = tuple(name for name in wanted if name in told or name in more)
    shared = [name for name in names if name not in more]
    alike = len(names) == len(wanted) and all(
        (wanted[name].annotation, wanted[name].metadata) == (told[name].annotation, told[name].metadata)
        for name in shared
    )
    return names, alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider(Generic[S]):
    """One kind of subject: its stream prefix, its facts, its blank state and how facts change it.

    Kinds with long histories also tell ``changes``, the fields that a fact gives a state: ``evolve`` is then a copy with
    these changes, and who folds many facts into a state of his own may apply them without a copy for each.
    """

    kind: str
    label: str
    facts: tuple[type[Fact], ...]
    initial: S
    evolve: Callable[[S, Any], S]
    changes: Callable[[S, Any], dict[str, object]] | None = None

    def fold(self, facts: Iterable[Fact], *, state: S | None = None) -> S:
        """Fold facts, in order, into the state they amount to."""
        current = self.initial if state is None else state
        for fact in facts:
            current = self.evolve(current, fact)
        return current


def changed(
    table: Mapping[type[Fact], Callable[[S, Any], dict[str, object]]], state: S, fact: Fact
) -> dict[str, object]:
    """Tell what a fact changes of a state, by its kind; going through all kinds until one fits takes ten times as long.

    Raises: AssertionError for a fact of another kind of subject.
    """
    change = table.get(type(fact))
    if change is None:
        raise AssertionError(f"no change is told of {type(fact).__name__}")
    return change(state, fact)


def evolving(changes: Callable[[V, Any], dict[str, object]]) -> Callable[[V, Any], V]:
    """Make the evolution of a kind of what its facts change."""

    def evolve(state: V, fact: Any) -> V:
        return state.model_copy(update=changes(state, fact))

    return evolve


def own(state: V) -> V:
    """Give a copy that ``apply`` may change, as long as nobody else has seen it."""
    made = state.model_copy()
    _SET_FIELDS_SET(made, set(state.__pydantic_fields_set__))
    return made


def apply(state: Value, changes: Mapping[str, object]) -> None:
    """Change some fields of a state that ``own`` gave: what ``model_copy`` does, without the copy."""
    state.__dict__.update(changes)
    state.__pydantic_fields_set__.update(changes)


def made(model: type[V], fields: dict[str, Any]) -> V:
    """Make a value of fields that were validated before, every one of them given; nothing is checked again."""
    value = _NEW(model)
    _SET_FIELDS(value, fields)
    # As with copies: nobody changes the set of a frozen value, so all values may share it.
    _SET_FIELDS_SET(value, _named(model))
    _SET_EXTRA(value, None)
    _SET_PRIVATE(value, None)
    return value


@cache
def _named(model: type[Value]) -> set[str]:
    return set(model.__pydantic_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A fact decided for another stream than the command's own."""

    stream: str
    fact: Fact


def not_before(on: date, *bases: date | None, what: str = "") -> None:
    """Refuse an act dated before one that it rests on.

    Raises: BeforeItsBasis.
    """
    for basis in bases:
        if basis is not None and on < basis:
            raise refusals.BeforeItsBasis(
                f"业务日期 {on.isoformat()} 早于{what or '前一环节'}的 {basis.isoformat()}。", pointer="/on"
            )


def latest(*days: date | None) -> date | None:
    """Give the latest of some dates, None where there is none."""
    found: date | None = None
    for day in days:
        if day is not None and (found is None or day > found):
            found = day
    return found


def earliest(*days: date | None) -> date | None:
    """Give the earliest of some dates, None where there is none."""
    return min((day for day in days if day is not None), default=None)
