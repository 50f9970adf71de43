"""The pair: one government organ and one union organ of the same level (标题、主送、三(三))."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import assert_never, get_args

from pydantic import Field

from domain import consent, names, refusals, regulation, wording
from domain.chain import content_hash
from domain.decider import SIDES, Command, Decider, Fact, Side, Signatory, Value, earliest, latest, not_before


class DivisionKind(StrEnum):
    """What a row of the division register is."""

    CITY = "city"
    COUNTY = "county"
    SUBDISTRICT = "subdistrict"
    TOWN = "town"
    TOWNSHIP = "township"
    DEVELOPMENT_ZONE = "development_zone"
    INDUSTRY = "industry"
    NOT_A_TENANT = "not_a_tenant"


class GovernmentBody(StrEnum):
    """What the government organ is."""

    PEOPLES_GOVERNMENT = "人民政府"
    SUBDISTRICT_OFFICE = "办事处"
    ADMINISTRATION = "管委会"
    DEPARTMENT = "主管部门"


class UnionBody(StrEnum):
    """What the union organ is."""

    GENERAL_UNION = "总工会"
    FEDERATION = "工会联合会"
    COMMITTEE = "工会委员会"
    WORKING_COMMITTEE = "工会工作委员会"
    INDUSTRIAL_UNION = "产业工会"


class Division(Value):
    """A row of the register of divisions; ``prefix`` is the full name of what it lies in, below counties."""

    code: str
    name: str
    kind: DivisionKind
    parent: str = ""
    prefix: str = ""

    @property
    def full_name(self) -> str:
        if self.kind is DivisionKind.DEVELOPMENT_ZONE:
            return self.name
        return f"{self.prefix}{self.name}"

    @property
    def mandatory(self) -> bool:
        """Whether the notice is addressed to it (R-003)."""
        return self.kind in {DivisionKind.CITY, DivisionKind.COUNTY}


class NotATenant(refusals.Refusal):
    """该区划代码不是可以结对的政府和工会。"""

    requirement = "R-001"
    remedy = "请使用区划登记表中的市、县、乡镇、街道或开发区代码。"


class OneOfEachSide(refusals.Refusal):
    """一个结对单位由一个政府机关和一个工会机关组成，不能重复登记。"""

    requirement = "R-001"


class NotSameLevel(refusals.Refusal):
    """政府与工会不是同级，或不在同一区划。"""

    requirement = "R-002"
    remedy = "双方的区划代码必须一致。"


class GovernmentBodyMismatch(refusals.Refusal):
    """政府机关的性质与区划的层级不符。"""

    requirement = "R-002"


class EquivalentsMissing(refusals.Refusal):
    """参照建立制度的，须写明相当于政府办公室和联系工会工作负责人的机构、岗位。"""

    requirement = "R-004"


class BasisNotInForce(refusals.Refusal):
    """建制须引用至少一件当日有效的依据，已废止的依据不得引用。"""

    requirement = "R-009"
    remedy = "请引用运政办发〔2024〕7号等现行依据。"


class NotInRegime(refusals.Refusal):
    """已退出联席会议制度，不再提出议题、召开会议。"""

    requirement = "R-005"
    remedy = "未办结的议定事项可以继续办理；恢复会议须重新建立制度。"


class NameIsFixed(refusals.Refusal):
    """人民政府与总工会结对的，会议名称统一，不能另定。"""

    requirement = "R-006"


class NameMustEndProperly(refusals.Refusal):
    """会议名称须以“联席会议”结尾。"""

    requirement = "R-007"


class NothingImported(refusals.Refusal):
    """尚未补录历史资料，无从声明补录完成。"""

    requirement = "R-028"
    remedy = "此前没有召开过会议的，请声明此前无会议。"


class PairRegistered(Fact):
    topic = "pair.registered"
    label = "结对登记"

    division: Division
    government: str
    government_body: GovernmentBody
    union: str
    union_body: UnionBody
    mandatory: bool
    official_name: str


class BasisCited(Fact):
    topic = "pair.basis_cited"
    label = "引用依据"

    number: str
    title: str


class RegimeAdopted(Fact):
    topic = "pair.regime_adopted"
    label = "建立联席会议制度"

    voluntary: bool
    office_equivalent: str
    leader_equivalent: str


class NamePatternSet(Fact):
    topic = "pair.name_pattern_set"
    label = "确定会议名称"

    official_name: str


class OrganRenamed(Fact):
    topic = "pair.organ_renamed"
    label = "机关更名"

    side: Side
    name: str
    former: str
    valid_from: date


class RegimeWithdrawn(Fact):
    topic = "pair.regime_withdrawn"
    label = "退出联席会议制度"

    last_day: date
    reason: str


class DeviationRecorded(Fact):
    topic = "pair.deviation_recorded"
    label = "登记与程序不同之处"

    clause: str
    what: str
    reason: str


class NoHistoryDeclared(Fact):
    topic = "pair.no_history_declared"
    label = "声明此前无会议"

    side: Side
    content_hash: str


class HistoryImported(Fact):
    """Old meetings were taken over from paper: what was declared of the history before is void (R-028)."""

    topic = "pair.history_imported"
    label = "补录历史资料"

    batch: str
    first_held_on: date
    meetings: int
    decisions: int
    content_hash: str


class HistoryCompleted(Fact):
    topic = "pair.history_completed"
    label = "声明历史资料补录完成"

    side: Side
    content_hash: str


class RegisterPair(Command):
    """登记一对同级的政府与工会。"""

    division_code: wording.Code = Field(
        title="政府的区划代码",
        description="产业（行业）用所在市、县的代码加连字符和行业代号，如 140830-JT。",
        examples=["140830"],
    )
    union_division_code: wording.Code = Field(title="工会的区划代码", examples=["140830"])
    government_body: GovernmentBody = Field(default=GovernmentBody.PEOPLES_GOVERNMENT, title="政府机关性质")
    union_body: UnionBody = Field(default=UnionBody.GENERAL_UNION, title="工会机关性质")
    industry: wording.Line = Field(
        default="", title="产业（行业）", description="只限产业（行业）。", examples=["交通运输"]
    )
    government_name: wording.Line = Field(
        default="", title="主管部门全称", description="只限产业（行业）。", examples=["芮城县交通运输局"]
    )
    union_name: wording.Line = Field(
        default="",
        title="产业（行业）工会全称",
        description="只限产业（行业）。",
        examples=["芮城县交通运输产业工会"],
    )


class AdoptRegime(Command):
    """建立联席会议制度，引用依据；乡镇、街道、开发区为参照建立。"""

    bases: tuple[wording.Line, ...] = Field(
        title="依据文号", max_length=10, examples=[["运政办发〔2024〕7号"]]
    )
    office_equivalent: wording.Line = Field(default="", title="相当于政府办公室的机构")
    leader_equivalent: wording.Line = Field(default="", title="相当于联系工会工作负责人的岗位")


class SetNamePattern(Command):
    """为不是“人民政府与总工会”的结对单位确定会议名称。"""

    official_name: wording.Name = Field(
        title="会议名称", examples=["山西风陵渡经济开发区管委会与工会联合会联席会议"]
    )


class RenameOrgan(Command):
    """登记一方机关自某日起启用的新名称；补录旧名称时填旧名称的启用日期。"""

    side: Side = Field(title="哪一方")
    name: wording.Name = Field(title="机关全称", examples=["芮城市人民政府"])
    valid_from: date = Field(title="启用日期")


class WithdrawRegime(Command):
    """参照建立制度的结对单位退出联席会议制度；未办结的议定事项继续办理。"""

    last_day: date = Field(title="实行制度的最后一日")
    reason: wording.Line = Field(title="退出原因")


class RecordDeviation(Command):
    """登记本单位与通知规定的程序不同之处及理由。"""

    clause: wording.Line = Field(title="条款", examples=["二(四)"])
    what: wording.Line = Field(title="与程序不同之处")
    reason: wording.Line = Field(title="理由")


class DeclareNoHistory(Command):
    """声明建制以前没有开过联席会议，双方都声明后生效。"""

    side: Side = Field(title="哪一方")


class Period(Value):
    """A time for which the regime was in force; both days are inclusive."""

    since: date
    until: date | None = None
    reason: str = ""


class Deviation(Value):
    """A departure from the procedure that was put on record."""

    on: date
    side: Side | None
    clause: str
    what: str
    reason: str


class DeclareHistoryComplete(Command):
    """声明历史会议已全部补录，双方对同一份补录都声明后生效；以后再补录的，须重新声明。"""

    side: Side = Field(title="哪一方")
    history_hash: wording.Code = Field(
        title="所确认的补录内容的哈希", description="结对单位现状中的 history_hash。"
    )


class Pair(Value):
    """What is known of a pair; blank until registered. Its names are those of the day; ``*_names`` tell the others."""

    id: str = ""
    division: Division | None = None
    government: str = ""
    government_body: GovernmentBody = GovernmentBody.PEOPLES_GOVERNMENT
    union: str = ""
    union_body: UnionBody = UnionBody.GENERAL_UNION
    mandatory: bool = False
    official_name: str = ""
    registered_on: date | None = None
    bases: tuple[str, ...] = ()
    adopted_on: date | None = None
    voluntary: bool = False
    office_equivalent: str = ""
    leader_equivalent: str = ""
    organs: dict[Side, names.Names] = Field(default_factory=dict)
    patterns: names.Names = ()
    regimes: tuple[Period, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    no_history: dict[Side, Signatory] = Field(default_factory=dict)
    no_history_on: date | None = None
    history_from: date | None = None
    history_hash: str = ""
    history_imported_on: date | None = None
    history_complete: dict[Side, Signatory] = Field(default_factory=dict)
    history_complete_on: date | None = None

    @property
    def history_known(self) -> bool:
        """Whether both sides declared that there was no other meeting before, or that its import is complete (R-028)."""
        return self.history_known_on is not None

    @property
    def history_known_on(self) -> date | None:
        """The day since which the history is known; the earlier one where both ways were gone."""
        return earliest(
            self.no_history_on if self.no_history.keys() == SIDES else None,
            self.history_complete_on if self.history_complete.keys() == SIDES else None,
        )

    def organ_on(self, side: Side, on: date) -> str:
        """Give the full name of one side's organ on a local date (R-014)."""
        return names.name_on(self.organs.get(side, ()), on)

    def name_on(self, on: date) -> str:
        """Give the name of the conference on a local date: the one that was set, else that of the two organs."""
        chosen = [each.name for each in self.patterns if each.since <= on]
        organs = [self.organ_on(side, on) for side in (Side.GOVERNMENT, Side.UNION)]
        return chosen[-1] if chosen else conference_of(*organs)

    @property
    def official_names(self) -> names.Names:
        """Every name of the conference with the first day of its use."""
        changes = [each.since for known in (*self.organs.values(), self.patterns) for each in known]
        return tuple(names.Named(since=day, name=self.name_on(day)) for day in sorted(set(changes)))

    def in_regime(self, on: date) -> bool:
        """Whether the regime was in force on a local date."""
        return any(each.since <= on and (each.until is None or on <= each.until) for each in self.regimes)

    @property
    def has_fixed_name(self) -> bool:
        """Whether the uniform name of 三(三) applies (R-006)."""
        return (
            self.government_body is GovernmentBody.PEOPLES_GOVERNMENT
            and self.union_body is UnionBody.GENERAL_UNION
        )


def conference_of(government: str, union: str) -> str:
    """Compute the name of a conference from the full names of the two organs (R-006, A18, A20)."""
    return f"{government}与{union}联席会议"


def no_history_statement(pair: Pair) -> str:
    """Give the hash of the sentence that both sides declare, so that both declare the same."""
    if pair.history_hash:
        # After an import the sentence is about what was not imported, and names what was.
        statement = "除已补录的以外，以前没有召开过联席会议，无其他待说明事项。"
        return content_hash({"pair": pair.id, "statement": statement, "imported": pair.history_hash})
    return content_hash({"pair": pair.id, "statement": "本制度建立以前没有召开过联席会议，无待说明事项。"})


PairCommand = AdoptRegime | DeclareNoHistory | DeclareHistoryComplete


def decide(
    command: PairCommand,
    pair: Pair,
    *,
    by: Signatory,
    basis: Callable[[str], regulation.Basis | None] = regulation.basis,
) -> list["PairFact"]:
    """Decide what a command on the pair itself leads to. ``basis`` finds the bases that the pair knows.

    Raises: a Refusal of R-004, R-009 or R-028.
    """
    not_before(command.on, pair.registered_on, what="结对登记")
    match command:
        case AdoptRegime():
            return _adopted(command, pair, by=by, basis=basis)
        case DeclareNoHistory():
            return _declared(command, pair, by=by)
        case DeclareHistoryComplete():
            return _completed(command, pair, by=by)
        case _:
            assert_never(command)


def _adopted(
    command: AdoptRegime, pair: Pair, *, by: Signatory, basis: Callable[[str], regulation.Basis | None]
) -> list["PairFact"]:
    if pair.adopted_on is not None:
        raise refusals.AlreadyDone(f"已于 {pair.adopted_on} 建制。", requirement="R-004")
    if pair.in_regime(command.on):
        raise refusals.AlreadyDone(f"{command.on} 仍在实行。", requirement="R-004")
    not_before(command.on, *(each.until for each in pair.regimes), what="退出")
    bases = [basis(number) for number in command.bases]
    cited = [each for each in bases if each is not None and each.in_force(command.on)]
    if not cited or len(cited) != len(bases):
        raise BasisNotInForce(pointer="/bases")
    if not pair.mandatory:
        for value, name in (
            (command.office_equivalent, "office_equivalent"),
            (command.leader_equivalent, "leader_equivalent"),
        ):
            if wording.is_blank(value):
                raise EquivalentsMissing(pointer=f"/{name}")
    return [
        *(BasisCited(on=command.on, by=by, number=each.number, title=each.title) for each in cited),
        RegimeAdopted(
            on=command.on,
            by=by,
            voluntary=not pair.mandatory,
            office_equivalent=command.office_equivalent,
            leader_equivalent=command.leader_equivalent,
        ),
    ]


def _declared(command: DeclareNoHistory, pair: Pair, *, by: Signatory) -> list["PairFact"]:
    statement = no_history_statement(pair)
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-028", pointer="/side")
    not_before(command.on, pair.history_imported_on, what="补录")
    if command.side in pair.no_history:
        raise consent.AlreadyConsented(requirement="R-028")
    other = pair.no_history.get(command.side.other)
    if other is not None and other.person == by.person:
        raise consent.OnePersonForBoth(requirement="R-028", pointer="/side")
    return [NoHistoryDeclared(on=command.on, by=by, side=command.side, content_hash=statement)]


def _completed(command: DeclareHistoryComplete, pair: Pair, *, by: Signatory) -> list["PairFact"]:
    if not pair.history_hash:
        raise NothingImported
    if by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-028", pointer="/side")
    if command.history_hash != pair.history_hash:
        raise consent.OtherContent(requirement="R-028", pointer="/history_hash")
    not_before(command.on, pair.history_imported_on, what="补录")
    if command.side in pair.history_complete:
        raise consent.AlreadyConsented(requirement="R-028")
    other = pair.history_complete.get(command.side.other)
    if other is not None and other.person == by.person:
        raise consent.OnePersonForBoth(requirement="R-028", pointer="/side")
    return [HistoryCompleted(on=command.on, by=by, side=command.side, content_hash=pair.history_hash)]


PairFact = (
    PairRegistered
    | BasisCited
    | RegimeAdopted
    | RegimeWithdrawn
    | DeviationRecorded
    | NamePatternSet
    | OrganRenamed
    | NoHistoryDeclared
    | HistoryImported
    | HistoryCompleted
)


def evolve(pair: Pair, fact: PairFact) -> Pair:  # noqa: C901 - one branch for each fact.
    """Fold one fact into the pair."""
    match fact:
        case PairRegistered():
            known = {
                name: getattr(fact, name) for name in type(fact).model_fields if name not in {"on", "by"}
            }
            organs = {
                Side.GOVERNMENT: names.renamed((), fact.government, since=fact.on),
                Side.UNION: names.renamed((), fact.union, since=fact.on),
            }
            return pair.model_copy(update={**known, "organs": organs, "registered_on": fact.on})
        case BasisCited():
            return pair.model_copy(update={"bases": (*pair.bases, fact.number)})
        case RegimeAdopted():
            return pair.model_copy(
                update={
                    "adopted_on": fact.on,
                    "voluntary": fact.voluntary,
                    "office_equivalent": fact.office_equivalent,
                    "leader_equivalent": fact.leader_equivalent,
                    "regimes": (*pair.regimes, Period(since=fact.on)),
                }
            )
        case RegimeWithdrawn():
            ended = pair.regimes[-1].model_copy(update={"until": fact.last_day, "reason": fact.reason})
            return pair.model_copy(update={"adopted_on": None, "regimes": (*pair.regimes[:-1], ended)})
        case DeviationRecorded():
            told = Deviation(
                on=fact.on, side=fact.by.side, clause=fact.clause, what=fact.what, reason=fact.reason
            )
            return pair.model_copy(update={"deviations": (*pair.deviations, told)})
        case NamePatternSet():
            patterns = names.renamed(pair.patterns, fact.official_name, since=fact.on)
            return _called(pair.model_copy(update={"patterns": patterns}))
        case OrganRenamed():
            organ = names.renamed(pair.organs[fact.side], fact.name, since=fact.valid_from)
            return _called(pair.model_copy(update={"organs": {**pair.organs, fact.side: organ}}))
        case NoHistoryDeclared():
            declared = {**pair.no_history, fact.side: fact.by}
            return pair.model_copy(
                update={"no_history": declared, "no_history_on": latest(pair.no_history_on, fact.on)}
            )
        case HistoryImported():
            # Whatever either side declared was declared of less than is known now.
            return pair.model_copy(
                update={
                    "history_from": earliest(pair.history_from, fact.first_held_on),
                    "history_hash": fact.content_hash,
                    "history_imported_on": latest(pair.history_imported_on, fact.on),
                    "no_history": {},
                    "no_history_on": None,
                    "history_complete": {},
                    "history_complete_on": None,
                }
            )
        case HistoryCompleted():
            completed = {**pair.history_complete, fact.side: fact.by}
            return pair.model_copy(
                update={
                    "history_complete": completed,
                    "history_complete_on": latest(pair.history_complete_on, fact.on),
                }
            )
        case _:
            assert_never(fact)


def _called(pair: Pair) -> Pair:
    # The plain fields hold what is so called today: no name is recorded before it is used.
    return pair.model_copy(
        update={
            "government": pair.organ_on(Side.GOVERNMENT, date.max),
            "union": pair.organ_on(Side.UNION, date.max),
            "official_name": pair.name_on(date.max),
        }
    )


DECIDER = Decider(kind="pair", label="结对单位", facts=get_args(PairFact), initial=Pair(), evolve=evolve)
