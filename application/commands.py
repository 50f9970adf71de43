"""One command, from the door to the ledger: seen before? -> authorise -> decide -> append -> receipt.

Every command takes its pair's head lock first, brings the pair's cached dossier up to the head, and decides on all
of it; so rules that look across subjects are as safe as those on one, and no conflict is ever retried.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Protocol

import structlog
from pydantic import BaseModel, ConfigDict, Field

from application import concerning, handlers, ports, views
from application import dossier as dossiers
from application.dossier import Dossier
from domain import access, calendar, delegations, pairs, people, refusals, wording
from domain.chain import canonical
from domain.decider import Capacity, Command, Signatory

log = structlog.get_logger()
# Moments of a sitting, which can only be told after them; that of an arrangement lies ahead.
MOMENTS = ("opened_at", "closed_at", "at")


class VersionRequired(Exception):
    """A command on an existing subject must say which version its sender saw (R-071)."""


class VersionConflict(Exception):
    """The subject has changed since its sender saw it (R-071). Carries what stands now and what was sent."""

    def __init__(self, *, seen: int, version: int, current: Any, submitted: Any) -> None:
        """Keep both texts, so that the sender can compare them."""
        super().__init__(f"{seen} != {version}")
        self.seen = seen
        self.version = version
        self.current = current
        self.submitted = submitted


class UnknownPair(Exception):
    """No such pair, or none that this caller may know of."""


class Divisions(Protocol):
    """The register of administrative divisions."""

    def find(self, code: str) -> pairs.Division | None:
        """Find a division by its code."""

    def all(self) -> Sequence[pairs.Division]:
        """List all divisions in the order of their codes."""


class Caller(BaseModel):
    """Who sends commands: a person, and whether he administers the system; or the system's own clock."""

    model_config = ConfigDict(frozen=True)

    person: str
    administrator: bool = False
    clock: bool = False

    @property
    def of_the_system(self) -> bool:
        return self.administrator or self.clock


class Request(BaseModel):
    """A command with what the door knows of it. ``seen`` is the version its sender saw, None where none is."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    tenant: str
    command: Any
    subject: str
    caller: Caller
    key: str
    seen: int | None = None


class Receipt(BaseModel):
    """What an accepted command led to. Positions are those in the pair's ledger."""

    model_config = ConfigDict(frozen=True)

    pair: str = Field(title="结对单位", examples=["140830"])
    kind: str = Field(title="对象类别", examples=["topic"])
    id: str = Field(title="对象编号")
    version: int = Field(title="对象版本", examples=[1])
    first_position: int = Field(title="台账起始位置", examples=[12])
    last_position: int = Field(title="台账结束位置", examples=[12])
    facts: tuple[str, ...] = Field(title="记入台账的事实", examples=[["topic.proposed"]])
    also: tuple[str, ...] = Field(default=(), title="一并变化的其他对象")
    command_id: str = Field(title="指令编号")
    replayed: bool = Field(default=False, title="重复提交，返回首次的结果")


class Cache:
    """The dossiers of recently used pairs, as of committed positions only; the least recently used goes first.

    Beside a dossier stands what it becomes by the command that was last decided on it.
    """

    def __init__(self, *, size: int = 512) -> None:
        """Keep at most ``size`` pairs."""
        self._size = size
        self._known: OrderedDict[str, Dossier] = OrderedDict()
        self._expected: dict[str, tuple[Dossier, dossiers.Expected]] = {}
        self._lock = threading.Lock()

    def get(self, tenant: str) -> Dossier:
        with self._lock:
            known = self._known.get(tenant)
            if known is not None:
                self._known.move_to_end(tenant)
            return known or Dossier(tenant=tenant)

    def put(self, dossier: Dossier) -> None:
        with self._lock:
            known = self._known.get(dossier.tenant)
            if known is None or known.head.position < dossier.head.position:
                self._known[dossier.tenant] = dossier
            self._known.move_to_end(dossier.tenant)
            while len(self._known) > self._size:
                gone, _ = self._known.popitem(last=False)
                self._expected.pop(gone, None)

    def expect(self, dossier: Dossier, expected: dossiers.Expected) -> None:
        """Remember what a dossier becomes by a command, where it is the one that is known of its pair."""
        with self._lock:
            if self._known.get(dossier.tenant) is dossier:
                self._expected[dossier.tenant] = (dossier, expected)

    def expected(self, dossier: Dossier) -> dossiers.Expected | None:
        """Give what a dossier was last expected to become."""
        known = self._expected.get(dossier.tenant)
        return known[1] if known is not None and known[0] is dossier else None

    def drop(self, tenant: str) -> None:
        with self._lock:
            self._known.pop(tenant, None)
            self._expected.pop(tenant, None)


def decide(
    dossier: Dossier,
    request: Request,
    *,
    today: date,
    now: datetime | None = None,
    beyond: Any = None,
) -> handlers.Facts:
    """Decide a request on a dossier; pure.

    ``now`` bounds the moments of a sitting, where it is given; ``beyond`` is what the handler looked up.

    Raises: a Refusal, VersionRequired, VersionConflict, UnknownPair.
    """
    command: Command = request.command
    handler = handlers.HANDLERS[type(command)]
    held, able = authority(dossier, request.caller, command=command, today=today)
    _check_version(dossier, request, handler, held)
    if command.on > today:
        raise refusals.InTheFuture(
            f"业务日期 {command.on}，今天 {today}。", pointer="/on", requirement=_future(command)
        )
    _check_moments(command, now)
    acts = [
        handlers.Act(command=command, subject=request.subject, by=each, held=held, beyond=beyond, today=today)
        for each in able
    ]
    facts = _first_lawful(acts, handler, dossier)
    # Last, so that a rule that has more to say about a text says it.
    wording.without_personal_data_anywhere(command.model_dump())
    return facts


def authority(
    dossier: Dossier, caller: Caller, *, command: Command, today: date
) -> tuple[tuple[Signatory, ...], Sequence[Signatory]]:
    """Give the capacities that a caller has for a command, and those of them in which he may issue it.

    Raises: UnknownPair, NotEntitled.
    """
    if dossier.pair.division is None and not isinstance(command, pairs.RegisterPair):
        raise UnknownPair
    # Whoever has nothing to do with a pair is not even told that it exists.
    if not caller.of_the_system and not any(post.person == caller.person for post in dossier.posts.values()):
        raise UnknownPair
    # Authority is that of the business date; but only who still has a part in the pair may enter anything.
    if not caller.of_the_system and not people.held_by(caller.person, dossier.posts.values(), on=today):
        raise UnknownPair
    held = tuple(signatories(dossier, caller, command=command))
    return held, access.authorise(command, held)


def _check_moments(command: Command, now: datetime | None) -> None:
    said = getattr(command, "record", command)
    for name in MOMENTS:
        moment = getattr(said, name, None)
        if now is not None and moment is not None and moment > now:
            raise refusals.InTheFuture(
                f"{moment.isoformat()} 尚未到。", pointer=f"/{name}", requirement="R-063"
            )


def _first_lawful(acts: list[handlers.Act], handler: handlers.Handler, dossier: Dossier) -> handlers.Facts:
    # Whoever holds several posts acts through the one that may; which one that is, only the rule can tell.
    refused: list[refusals.Refusal] = []
    for act in acts:
        try:
            return handler.decide(act, dossier)
        except refusals.Refusal as refusal:
            refused.append(refusal)
    raise refused[0]


def _future(command: Command) -> str:
    return "R-074" if type(command).__name__ == "ReportProgress" else "R-093"


def signatories(dossier: Dossier, caller: Caller, *, command: Command) -> list[Signatory]:
    """Give every capacity in which a person may issue a command on its business date (R-097).

    His own posts come first; what other leaders lent him follows, where they lent the command's matter.
    """
    posts = dossier.posts
    held = [post.signatory() for post in people.held_by(caller.person, posts.values(), on=command.on)]
    matter = access.DELEGABLE.get(type(command))
    if matter is not None:
        held += delegations.lent(caller.person, dossier.delegations, posts, matter=matter, on=command.on)
    if caller.administrator:
        held.append(
            Signatory(
                person=caller.person,
                title="系统管理员",
                capacity=Capacity.SYSTEM_ADMINISTRATOR,
                authority="系统管理职责",
            )
        )
    if caller.clock:
        held.append(
            Signatory(
                person=caller.person,
                title="系统时钟",
                capacity=Capacity.CLOCK,
                authority="系统按日期自动登记",
            )
        )
    return held


def _check_version(
    dossier: Dossier, request: Request, handler: handlers.Handler, held: Sequence[Signatory]
) -> None:
    stream = handler.stream(request.subject)
    version = dossier.version(stream)
    if handler.begins or version == 0:
        return
    if request.seen is None:
        raise VersionRequired
    if request.seen != version:
        raise VersionConflict(
            seen=request.seen,
            version=version,
            current=_current(dossier, stream, held),
            submitted=request.command.model_dump(mode="json"),
        )


def _current(dossier: Dossier, stream: str, held: Sequence[Signatory]) -> Any:
    # A department is shown no more of what changed than it could read.
    shown = dossier.state(stream).model_dump(mode="json")
    if any(each.capacity is not Capacity.DEPARTMENT for each in held):
        return shown
    units = frozenset(each.unit for each in held)
    return shown if concerning.plainly(stream.partition(":")[0], shown, units) else None


class Office:
    """Where commands are received. Safe for many threads; one instance a process."""

    def __init__(
        self,
        ledger: ports.Ledger,
        divisions: Divisions,
        *,
        working_days: calendar.Calendar,
        today: Callable[[datetime], date] = calendar.local_date,
        cache: Cache | None = None,
    ) -> None:
        """Bind the ledger, the divisions and the working days. ``today`` turns the database's clock into the legal day."""
        self.working_days = working_days
        self._ledger = ledger
        self._divisions = divisions
        self._today = today
        self._cache = cache or Cache()
        # Told of each command after its commit, in the thread that answers it: whoever listens must be quick.
        self.listeners: list[Callable[[Receipt], None]] = []

    def submit(self, request: Request) -> Receipt:
        """Decide a request and append what it leads to, once.

        Raises: a Refusal, VersionRequired, VersionConflict, UnknownPair, and the ledger's faults
        (LedgerBusy, CommandReused, LedgerRewound, LedgerBroken).
        """
        command_id = f"{request.caller.person}/{request.key}"
        digest = request_hash(request)
        known = self._cache.get(request.tenant)
        beyond = handlers.HANDLERS[type(request.command)].look(request.command, request.tenant, self)
        with self._ledger.session(request.tenant, command_id=command_id, after=known.head) as session:
            if session.answered is not None:
                if session.answered.request_hash != digest:
                    raise ports.CommandReused
                return Receipt.model_validate({**session.answered.answer, "replayed": True})
            current = dossiers.confirm(known, session.entries, self._cache.expected(known))
            self._cache.put(current)
            facts = decide(
                current,
                request,
                today=self._today(session.now),
                now=session.now,
                beyond=beyond,
            )
            receipt = _receipt(current, request, facts, command_id)
            # What leads to nothing new is kept as well, or its retry would meet another version and be refused.
            drafts, told = dossiers.written(current, facts)
            later = dossiers.evolve(current, told)
            session.append(
                drafts,
                actor=request.caller.person,
                request_hash=digest,
                answer=receipt.model_dump(mode="json", exclude={"replayed"}),
                rows=views.changed(current, later, {stream for stream, _ in facts}),
            )
        # Who comes next reads these facts back; where they are the same bytes, this is what they fold to.
        self._cache.expect(current, dossiers.Expected(drafts=drafts, dossier=later))
        log.info(
            "command_accepted",
            command=type(request.command).__name__,
            tenant=request.tenant,
            position=receipt.last_position,
            facts=len(facts),
        )
        for listener in self.listeners:
            listener(receipt)
        return receipt

    def dossier(self, tenant: str) -> Dossier:
        """Give a pair's dossier as of now, without locking it; verified as it is read.

        Raises: LedgerBroken.
        """
        known = self._cache.get(tenant)
        current = dossiers.advance(known, self._ledger.entries(tenant, after=known.head.position))
        self._cache.put(current)
        return current

    def remembers(self, person: str, tenant: str) -> bool:
        """Whether a person is remembered to hold or have held a post of a pair; no is no answer, for memory is short."""
        return any(post.person == person for post in self._cache.get(tenant).posts.values())

    def division(self, code: str) -> pairs.Division | None:
        """Find a division by its code."""
        return self._divisions.find(code)

    def dossier_of(self, tenant: str) -> Dossier:
        """Give another pair's dossier as of now, without locking it. Raises: LedgerBroken."""
        return self.dossier(tenant)


def request_hash(request: Request) -> bytes:
    """Give the SHA-256 of what a request asks, by which a repeat is told from another request with its key.

    The id of a subject that the command begins is made at the door, so it is no part of what is asked.
    """
    handler = handlers.HANDLERS[type(request.command)]
    asked = {
        "command": type(request.command).__name__,
        "subject": handler.kind if handler.begins else handler.stream(request.subject),
        "body": request.command.model_dump(mode="json"),
    }
    return hashlib.sha256(canonical(asked)).digest()


def _receipt(dossier: Dossier, request: Request, facts: handlers.Facts, command_id: str) -> Receipt:
    handler = handlers.HANDLERS[type(request.command)]
    own = handler.stream(request.subject)
    position = dossier.head.position
    return Receipt(
        pair=request.tenant,
        kind=handler.kind,
        id=request.subject,
        version=dossier.version(own) + sum(stream == own for stream, _ in facts),
        first_position=position + 1 if facts else position,
        last_position=position + len(facts),
        facts=tuple(type(fact).topic for _, fact in facts),
        also=tuple(dict.fromkeys(stream for stream, _ in facts if stream != own)),
        command_id=command_id,
    )
