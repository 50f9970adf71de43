"""The demonstration: plausible pairs of 运城市, played through the same commands as the API's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from application import commands
from application.demonstration import counties, ruicheng
from application.demonstration.cast import ADMINISTRATOR, Cast
from application.demonstration.cycle import Season
from application.stage import OfficeStage, Stage

CITY: Final = "140800"
Script = Callable[[Stage, date], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Somebody who gets a token: ``role`` is that of the script, or what a reader may do over ``pair``."""

    person: str
    label: str
    pair: str
    role: str


READERS: Final = (
    Role(person="p-city-reader", label="市级读者（各县市区汇总和台账）", pair=CITY, role="city_reader"),
    Role(person="p-auditor", label="市级审计人员（历史、核验、重放）", pair=CITY, role="auditor"),
    Role(person=ADMINISTRATOR, label="系统管理员（登记单位和任职）", pair=CITY, role="system_administrator"),
    Role(
        person="p-security-administrator",
        label="安全管理员（授予职责、发放令牌）",
        pair=CITY,
        role="security_administrator",
    ),
    Role(
        person="p-audit-administrator",
        label="审计管理员（查看管理台账）",
        pair=CITY,
        role="audit_administrator",
    ),
)
# Who gets a token in the pairs beside 芮城县: enough to go on where the demonstration ends.
FIRST_ROLES: Final = frozenset({"go", "uo", "gl", "up"})


def scripts() -> list[tuple[Cast, Script]]:
    """List every cast with its script, 芮城县 first."""
    others = [(season.cast, _script(season)) for season in counties.SEASONS]
    return [(ruicheng.CAST, ruicheng.play), *others]


def _script(season: Season) -> Script:
    return lambda stage, until: counties.play(stage, season, until)


def play_all(
    office: commands.Office,
    *,
    today: date,
    new_id: Callable[[], str],
    tell: Callable[[str], None],
) -> None:
    """Register what is missing of the demonstration's pairs and play them up to today.

    A pair that already has units is in use and stays as it is; one that is registered already must be so from no
    later than its script's first day, 2025-01-06 at the earliest. ``tell`` is told of every pair, in Chinese.
    Raises: what ``Office.submit`` raises.
    """
    everybody = scripts()
    for number, (cast, script) in enumerate(everybody, start=1):
        tells = f"（{number}/{len(everybody)}）{cast.name}"
        known = office.dossier(cast.tenant)
        if known.units:
            tell(f"{tells}：已有资料，不再演示")
            continue
        stage = OfficeStage(office, cast.tenant, people=cast.people(), new_id=new_id)
        script(stage, today)
        tell(f"{tells}：台账 {stage.dossier().head.position} 条")


def roles() -> list[Role]:
    """List who gets a token: all of 芮城县, the first roles of the other pairs, and the readers."""
    found = list(READERS)
    for cast, _ in scripts():
        found += [
            Role(
                person=cast.person(part.role),
                label=f"{cast.name}·{part.title}",
                pair=cast.tenant,
                role=part.role,
            )
            for part in cast.parts
            if cast is ruicheng.CAST or part.role in FIRST_ROLES
        ]
    return found
