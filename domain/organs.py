"""The two organs of a pair and what they and their conference are called, from when on.

Source: 标题, 文头, 三(三); R-001, R-002, R-006, R-007, R-014, A18 – A20.
"""

import re
from typing import Final, assert_never

from domain import consent, names, pairs, refusals, wording
from domain.decider import Side, Signatory, not_before
from domain.pairs import DivisionKind, GovernmentBody, UnionBody

INDUSTRY: Final = re.compile(r"[0-9]{6}-[0-9A-Z]{2,6}")
# What the full name of an organ of a kind ends with; a department is called as it is.
ENDINGS: Final[dict[GovernmentBody | UnionBody, tuple[str, ...]]] = {
    GovernmentBody.PEOPLES_GOVERNMENT: ("人民政府",),
    GovernmentBody.SUBDISTRICT_OFFICE: ("办事处",),
    GovernmentBody.ADMINISTRATION: ("管委会", "管理委员会"),
    GovernmentBody.DEPARTMENT: ("",),
    UnionBody.GENERAL_UNION: ("总工会",),
    UnionBody.FEDERATION: ("工会联合会",),
    UnionBody.COMMITTEE: ("工会委员会",),
    UnionBody.WORKING_COMMITTEE: ("工会工作委员会",),
    UnionBody.INDUSTRIAL_UNION: ("产业工会", "行业工会"),
}
NAMES_OF: Final = {Side.GOVERNMENT: "政府机关名称", Side.UNION: "工会名称"}


class OnlyOfIndustries(refusals.Refusal):
    """机关名称由区划确定；只有产业（行业）的结对单位填写行业和机关名称。"""

    requirement = "R-007"


class OrganNameUnfit(refusals.Refusal):
    """机关全称的结尾与其性质不符。"""

    requirement = "R-006"
    remedy = "请填写机关全称，如“芮城县人民政府”“芮城县总工会”。"


OrganCommand = pairs.RegisterPair | pairs.RenameOrgan | pairs.SetNamePattern


def parent_of(code: str) -> str:
    """Give the code of the division in which an industry's pair lies, "" where the code is none of an industry."""
    return code.partition("-")[0] if INDUSTRY.fullmatch(code) else ""


def industry(command: pairs.RegisterPair, parent: pairs.Division | None) -> pairs.Division | None:
    """Make the division of an industry's pair, which no register of divisions holds (A20)."""
    if parent is None or not parent.mandatory:
        return None
    return pairs.Division(
        code=command.division_code,
        name=command.industry,
        kind=DivisionKind.INDUSTRY,
        parent=parent.code,
        prefix=parent.full_name,
    )


def decide(
    command: OrganCommand, pair: pairs.Pair, *, by: Signatory, division: pairs.Division | None = None
) -> list["pairs.PairFact"]:
    """Decide what a command on the organs and their names leads to.

    Raises: a Refusal of R-001, R-002, R-006, R-007 or R-014.
    """
    if not isinstance(command, pairs.RegisterPair):
        not_before(command.on, pair.registered_on, what="结对登记")
    match command:
        case pairs.RegisterPair():
            return [_registered(command, pair, by=by, division=division)]
        case pairs.RenameOrgan():
            return _renamed(command, pair, by=by)
        case pairs.SetNamePattern():
            return _named(command, pair, by=by)
        case _:
            assert_never(command)


def _registered(
    command: pairs.RegisterPair, pair: pairs.Pair, *, by: Signatory, division: pairs.Division | None
) -> pairs.PairRegistered:
    if pair.division is not None:
        raise pairs.OneOfEachSide(f"{pair.official_name}已登记。", pointer="/division_code")
    if division is None or division.kind is DivisionKind.NOT_A_TENANT:
        raise pairs.NotATenant(f"{command.division_code}。", pointer="/division_code")
    if command.union_division_code != command.division_code:
        raise pairs.NotSameLevel(
            f"政府 {command.division_code}，工会 {command.union_division_code}。",
            pointer="/union_division_code",
        )
    expected = {
        DivisionKind.SUBDISTRICT: GovernmentBody.SUBDISTRICT_OFFICE,
        DivisionKind.DEVELOPMENT_ZONE: GovernmentBody.ADMINISTRATION,
        DivisionKind.INDUSTRY: GovernmentBody.DEPARTMENT,
    }.get(division.kind, GovernmentBody.PEOPLES_GOVERNMENT)
    if command.government_body is not expected:
        raise pairs.GovernmentBodyMismatch(
            f"{division.full_name}应为{expected.value}。", pointer="/government_body"
        )
    if division.mandatory and command.union_body is not UnionBody.GENERAL_UNION:
        raise pairs.NotSameLevel(f"{division.full_name}的同级工会是总工会。", pointer="/union_body")
    government, union = _names(command, division)
    return pairs.PairRegistered(
        on=command.on,
        by=by,
        division=division,
        government=government,
        government_body=expected,
        union=union,
        union_body=command.union_body,
        mandatory=division.mandatory,
        official_name=pairs.conference_of(government, union),
    )


def _names(command: pairs.RegisterPair, division: pairs.Division) -> tuple[str, str]:
    given = {
        "government_name": command.government_name,
        "union_name": command.union_name,
        "industry": command.industry,
    }
    if division.kind is not DivisionKind.INDUSTRY:
        for field, value in given.items():
            if value:
                raise OnlyOfIndustries(f"{division.full_name}。", pointer=f"/{field}")
        name = division.full_name
        return f"{name}{command.government_body.value}", f"{name}{command.union_body.value}"
    if command.union_body is UnionBody.GENERAL_UNION:
        raise pairs.NotSameLevel("总工会的同级是人民政府。", pointer="/union_body")
    for field, value in given.items():
        wording.require(value, what="行业和机关名称", requirement="R-007", pointer=f"/{field}")
    for field, body in (("government_name", command.government_body), ("union_name", command.union_body)):
        if not given[field].startswith(division.prefix):
            raise pairs.NotSameLevel(f"名称应以“{division.prefix}”开头。", pointer=f"/{field}")
        _check_ending(given[field], body, pointer=f"/{field}")
    return command.government_name, command.union_name


def _check_ending(name: str, body: GovernmentBody | UnionBody, *, pointer: str) -> None:
    fitting = [each for each in ENDINGS[body] if name.endswith(each)]
    if not fitting or wording.is_blank(name.removesuffix(fitting[0])):
        raise OrganNameUnfit(f"“{name}”应以“{'”或“'.join(ENDINGS[body])}”结尾。", pointer=pointer)


def _renamed(command: pairs.RenameOrgan, pair: pairs.Pair, *, by: Signatory) -> list["pairs.PairFact"]:
    if by.side is not None and by.side is not command.side:
        raise consent.NotYourSide(f"{by.title}。", requirement="R-014", pointer="/side")
    name = wording.require(command.name, what=NAMES_OF[command.side], requirement="R-014", pointer="/name")
    # A name is recorded once it is used; what somebody plans to be called is no name yet.
    not_before(command.on, command.valid_from, what="启用新名称")
    body = pair.government_body if command.side is Side.GOVERNMENT else pair.union_body
    _check_ending(name, body, pointer="/name")
    former = pair.organ_on(command.side, command.valid_from)
    if name == former:
        return []
    return [
        pairs.OrganRenamed(
            on=command.on,
            by=by,
            side=command.side,
            name=name,
            former=former,
            valid_from=command.valid_from,
        )
    ]


def _named(command: pairs.SetNamePattern, pair: pairs.Pair, *, by: Signatory) -> list["pairs.PairFact"]:
    if pair.has_fixed_name:
        raise pairs.NameIsFixed(f"名称为“{pair.official_name}”。", pointer="/official_name")
    if not command.official_name.endswith("联席会议") or wording.is_blank(
        command.official_name.removesuffix("联席会议")
    ):
        raise pairs.NameMustEndProperly(pointer="/official_name")
    # Set again for an earlier day than the last, it would change no document of a later one.
    if command.official_name == names.name_on(pair.official_names, command.on):
        return []
    return [pairs.NamePatternSet(on=command.on, by=by, official_name=command.official_name)]
