"""Delegations: a leader lets another leader of his own side act for him, in named matters and on named days.

Source: requirements.md, R-042, R-066, R-097, A5, A9. A delegation gives what its giver's post holds and no more; it
ends with either of the two posts, and nobody passes on what was delegated to him.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, assert_never, get_args

from pydantic import Field

from domain import consent, people, refusals, wording
from domain.decider import Capacity, Command, Decider, Fact, Side, Signatory, Value, not_before


class Matter(StrEnum):
    """What a leader may let another do for him; which commands belong to it, the access table says."""

    TOPICS = "topics"
    MINUTES = "minutes"
    DECISIONS = "decisions"
    OPENING = "opening"

    @property
    def label(self) -> str:
        return MATTER_LABELS[self]


MATTER_LABELS: Final = {
    Matter.TOPICS: "审定议题",
    Matter.MINUTES: "审定纪要",
    Matter.DECISIONS: "同意延期等议定事项事宜",
    Matter.OPENING: "出席或主持会议",
}
GIVERS: Final = frozenset({Capacity.LIAISON_LEADER, Capacity.GOVERNMENT_PRINCIPAL, Capacity.UNION_PRINCIPAL})
TAKERS: Final = {
    Side.GOVERNMENT: frozenset(
        {Capacity.GOVERNMENT_LEADER, Capacity.GOVERNMENT_PRINCIPAL, Capacity.LIAISON_LEADER}
    ),
    Side.UNION: frozenset({Capacity.UNION_LEADER}),
}


class NotToDelegate(refusals.Refusal):
    """只有政府主要负责同志、政府联系工会工作的负责人和工会主要负责人可以委托他人。"""

    requirement = "R-097"


class NotToBeDelegated(refusals.Refusal):
    """只能委托本方的其他领导同志，不得委托办公室工作人员、部门或另一方。"""

    requirement = "R-097"
    remedy = "政府方请委托其他政府领导同志，工会方请委托工会有关负责人。"


class SamePerson(refusals.Refusal):
    """委托人和受托人是同一人。"""

    requirement = "R-097"


class NotHeld(refusals.Refusal):
    """委托人或受托人当日不任所列职务。"""

    requirement = "R-097"


class NoChain(refusals.Refusal):
    """受托人不得再行委托。"""

    requirement = "R-097"


class TermUnfit(refusals.Refusal):
    """委托期限须自委托之日或其后开始，最长一年。"""

    requirement = "R-097"


class DelegationRecorded(Fact):
    topic = "delegation.recorded"
    label = "登记委托"

    side: Side
    from_post: str
    from_title: str
    from_capacity: Capacity
    to_post: str
    to_title: str
    matters: tuple[Matter, ...]
    valid_from: date
    valid_until: date
    number: str
    reason: str


class DelegationRevoked(Fact):
    topic = "delegation.revoked"
    label = "撤销委托"

    last_day: date
    reason: str


class RecordDelegation(Command):
    """登记领导同志在一定期限内委托本方另一位领导同志代办所列事项。"""

    from_post: wording.Code = Field(title="委托人的任职编号")
    to_post: wording.Code = Field(title="受托人的任职编号")
    matters: tuple[Matter, ...] = Field(title="委托事项", min_length=1, max_length=8)
    valid_from: date = Field(title="委托起始日")
    valid_until: date = Field(title="委托截止日（含）", description="必填，自起始日起最长一年。")
    number: wording.Line = Field(title="委托书编号或文件名", examples=["芮政办函〔2025〕3号"])
    reason: wording.Line = Field(title="委托原因", examples=["委托人赴外地学习"])


class RevokeDelegation(Command):
    """登记委托提前终止。"""

    last_day: date = Field(title="委托最后一日", description="当日起停止的，填前一日。")
    reason: wording.Line = Field(title="原因")


class Delegation(Value):
    """One delegation; both days are inclusive, and ``last_day`` is set where it was revoked."""

    id: str = ""
    side: Side = Side.GOVERNMENT
    from_post: str = ""
    from_title: str = ""
    from_capacity: Capacity = Capacity.LIAISON_LEADER
    to_post: str = ""
    to_title: str = ""
    matters: tuple[Matter, ...] = ()
    recorded_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    last_day: date | None = None
    number: str = ""
    reason: str = ""
    revoked_reason: str = ""

    @property
    def ends(self) -> date:
        """The last day on which it can be used, whatever becomes of the posts."""
        days = [day for day in (self.valid_until, self.last_day) if day is not None]
        return min(days, default=date.min)

    def covers(self, matter: Matter, *, on: date) -> bool:
        """Whether it was given for a matter on a local date."""
        started = self.valid_from is not None and self.valid_from <= on
        return started and on <= self.ends and matter in self.matters

    def overlaps(self, command: RecordDelegation) -> bool:
        """Whether it was given for a matter and a day that another one names."""
        if self.valid_from is None or not set(self.matters) & set(command.matters):
            return False
        return self.valid_from <= command.valid_until and command.valid_from <= self.ends

    @property
    def authority(self) -> str:
        return f"受{self.from_title}委托（{self.number}）"


Posts = Mapping[str, people.Post]


def in_force(
    delegations: Iterable[Delegation], posts: Posts, *, matter: Matter, on: date
) -> list[Delegation]:
    """Give the delegations that count for a matter on a local date: both posts are still held on it."""
    return [
        each
        for each in delegations
        if each.covers(matter, on=on)
        and posts[each.from_post].held_on(on)
        and posts[each.to_post].held_on(on)
    ]


def lent(
    person: str, delegations: Iterable[Delegation], posts: Posts, *, matter: Matter, on: date
) -> list[Signatory]:
    """Give the capacities that others lent a person for a matter on a local date (R-042, R-066, R-097)."""
    return [
        posts[each.to_post]
        .signatory()
        .model_copy(update={"capacity": each.from_capacity, "authority": each.authority})
        for each in in_force(delegations, posts, matter=matter, on=on)
        if posts[each.to_post].person == person
    ]


def stand_ins(
    post: str, delegations: Iterable[Delegation], posts: Posts, *, matter: Matter, on: date
) -> frozenset[tuple[str, str]]:
    """Give who may act for the holder of a post in a matter on a local date: each person with his authority."""
    found = in_force(delegations, posts, matter=matter, on=on)
    return frozenset((posts[each.to_post].person, each.authority) for each in found if each.from_post == post)


DelegationCommand = RecordDelegation | RevokeDelegation


def decide(
    command: DelegationCommand,
    delegation: Delegation,
    *,
    by: Signatory,
    posts: Posts,
    others: Iterable[Delegation] = (),
) -> list["DelegationFact"]:
    """Decide a delegation or its end; ``others`` are the delegations of the pair.

    Raises: NotToDelegate, NotToBeDelegated, SamePerson, NotHeld, NoChain, TermUnfit, NotYourSide, NotFound,
    AlreadyDone, TextMissing (R-097).
    """
    match command:
        case RecordDelegation():
            return [_recorded(command, delegation, by=by, posts=posts, others=others)]
        case RevokeDelegation():
            return [_revoked(command, delegation, by=by)]
        case _:
            assert_never(command)


def _recorded(
    command: RecordDelegation,
    delegation: Delegation,
    *,
    by: Signatory,
    posts: Posts,
    others: Iterable[Delegation],
) -> DelegationRecorded:
    if delegation.valid_from is not None:
        raise refusals.AlreadyDone("委托已登记。", requirement="R-097")
    giver = _post(command.from_post, posts, pointer="/from_post")
    taker = _post(command.to_post, posts, pointer="/to_post")
    if by.side is not giver.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-097", pointer="/from_post")
    if giver.capacity not in GIVERS:
        raise NotToDelegate(f"{giver.title}。", pointer="/from_post")
    _check_term(command)
    _check_taker(command, giver, taker, posts=posts)
    _check_chain(command, giver, taker, posts=posts, others=others)
    return DelegationRecorded(
        on=command.on,
        by=by,
        side=giver.side,
        from_post=giver.id,
        from_title=giver.title,
        from_capacity=giver.capacity,
        to_post=taker.id,
        to_title=taker.title,
        matters=tuple(each for each in Matter if each in command.matters),
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        number=wording.require(command.number, what="委托书编号", requirement="R-097", pointer="/number"),
        reason=wording.require(command.reason, what="委托原因", requirement="R-097", pointer="/reason"),
    )


def _post(post: str, posts: Posts, *, pointer: str) -> people.Post:
    if post not in posts:
        raise refusals.NotFound(f"任职 {post}。", requirement="R-097", pointer=pointer)
    return posts[post]


def _check_term(command: RecordDelegation) -> None:
    if command.valid_from < command.on:
        # Backdated, it would lend authority to what was done without any.
        raise TermUnfit(f"委托于 {command.on} 作出。", pointer="/valid_from")
    if command.valid_until < command.valid_from:
        raise TermUnfit("截止日早于起始日。", pointer="/valid_until")
    last = _a_year_from(command.valid_from)
    if command.valid_until > last:
        raise TermUnfit(f"至迟为 {last}。", pointer="/valid_until")


def _a_year_from(first: date) -> date:
    try:
        return first.replace(year=first.year + 1) - timedelta(days=1)
    except ValueError:
        # From 29 February a year ends with the next February; and the calendar itself has an end.
        return date.max if first.year == date.max.year else date(first.year + 1, 2, 28)


def _check_taker(command: RecordDelegation, giver: people.Post, taker: people.Post, *, posts: Posts) -> None:
    if giver.person == taker.person:
        raise SamePerson(pointer="/to_post")
    if taker.side is not giver.side or taker.capacity not in TAKERS[giver.side]:
        raise NotToBeDelegated(f"{taker.title}。", pointer="/to_post")
    days = (command.on, command.valid_from)
    for post, pointer in ((giver, "/from_post"), (taker, "/to_post")):
        if not all(post.held_on(on) for on in days):
            raise NotHeld(f"{post.title}：{post.valid_from} 至 {post.valid_until or '今'}。", pointer=pointer)
    # It is the person who is office staff or of the union, whatever other post he holds.
    also = [post for on in days for post in people.held_by(taker.person, posts.values(), on=on)]
    if giver.side is Side.GOVERNMENT and any(
        post.side is Side.UNION or post.capacity is Capacity.GOVERNMENT_OFFICE for post in also
    ):
        raise NotToBeDelegated(f"{taker.title}同时在政府办公室或工会任职。", pointer="/to_post")


def _check_chain(
    command: RecordDelegation,
    giver: people.Post,
    taker: people.Post,
    *,
    posts: Posts,
    others: Iterable[Delegation],
) -> None:
    # Whichever of the two was recorded first, nobody is at once who gives and who takes the same matter.
    for each in others:
        if each.overlaps(command):
            if posts[each.to_post].person == giver.person:
                raise NoChain(f"{giver.title}{each.authority}。", pointer="/from_post")
            if posts[each.from_post].person == taker.person:
                raise NoChain(f"{taker.title}已委托{each.to_title}。", pointer="/to_post")


def _revoked(command: RevokeDelegation, delegation: Delegation, *, by: Signatory) -> DelegationRevoked:
    if delegation.valid_from is None:
        raise refusals.NotFound("委托。", requirement="R-097")
    if by.side is not delegation.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-097")
    not_before(command.on, delegation.recorded_on, what="委托")
    if delegation.last_day is not None:
        raise refusals.AlreadyDone(f"已于 {delegation.last_day} 终止。", requirement="R-097")
    if command.last_day > delegation.ends:
        raise TermUnfit(f"委托至 {delegation.ends} 届满。", pointer="/last_day")
    if command.last_day < command.on - timedelta(days=1):
        # What was done under it stands, so it does not end before the day on which it is ended.
        raise TermUnfit("不得追溯撤销；最早自当日起停止。", pointer="/last_day")
    reason = wording.require(command.reason, what="原因", requirement="R-097", pointer="/reason")
    return DelegationRevoked(on=command.on, by=by, last_day=command.last_day, reason=reason)


DelegationFact = DelegationRecorded | DelegationRevoked


def evolve(delegation: Delegation, fact: DelegationFact) -> Delegation:
    """Fold one fact into a delegation."""
    match fact:
        case DelegationRecorded():
            taken = fact.model_dump(exclude={"on", "by"})
            return Delegation(id=delegation.id, recorded_on=fact.on, **taken)
        case DelegationRevoked():
            return delegation.model_copy(update={"last_day": fact.last_day, "revoked_reason": fact.reason})
        case _:
            assert_never(fact)


DECIDER = Decider(
    kind="delegation", label="委托", facts=get_args(DelegationFact), initial=Delegation(), evolve=evolve
)
