"""What a city sets and its pairs adopt, for tests: commands that are lawful as they stand, and the scenes around them."""

from datetime import date
from functools import cache
from typing import Any

from domain import norms, regulation, rulebook, standards
from tests import builders as b

OLD, PROVINCE, PRESENT = "运政办发〔2003〕66号", "晋政办发〔2023〕81号", "运政办发〔2024〕7号"
NEXT = "运政办发〔2026〕3号"
NOTICE = "国办发明电〔2026〕7号"


def parameters(**change: Any) -> regulation.Parameters:
    """Give all parameters, as built in but for some."""
    return regulation.Parameters(**{**norms.values(regulation.PARAMETERS), **change})


def set_parameters(on: date, *, effective_from: date | None = None, **change: Any) -> standards.SetParameters:
    """Give the command that sets all parameters."""
    return standards.SetParameters(
        on=on,
        effective_from=effective_from or on,
        parameters=parameters(**change),
        document="运政办函〔2026〕20号",
    )


def register_basis(on: date, number: str = NEXT, **change: Any) -> standards.RegisterBasis:
    """Give the command that registers a basis, in force from that day."""
    body = {"on": on, "number": number, "title": "关于进一步规范联席会议制度的通知", "in_force_from": on}
    return standards.RegisterBasis(**{**body, **change})


def repeal(on: date, number: str = PRESENT, **change: Any) -> standards.RepealBasis:
    """Give the command that repeals a basis, from that day on."""
    body = {"on": on, "number": number, "repealed_on": on, "document": NEXT}
    return standards.RepealBasis(**{**body, **change})


def publish(on: date, year: int = 2027, **change: Any) -> standards.PublishCalendar:
    """Give the command that publishes a year: New Year's Day is off where it is a weekday."""
    first = date(year, 1, 1)
    body: dict[str, Any] = {"on": on, "year": year, "document": NOTICE, "off": (first,)}
    if first.weekday() >= 5:
        body["off"] = ()
    return standards.PublishCalendar(**{**body, **change})


@cache
def city() -> b.Scene:
    """Give the city's pair, staffed, with the regime adopted."""
    return b.blank(b.CITY).play(b.registered(b.CITY), b.staffed, b.adopted)


def under(on: date, **change: Any) -> b.Step:
    """Let a pair adopt, on a day, all parameters as built in but for some; they hold from the next day on."""

    def step(scene: b.Scene) -> b.Scene:
        beside = scene.beside(city().act("GO", set_parameters(on, **change)))
        return beside.on(on).act("CLOCK", adopt(on)).on(scene.today)

    return step


def adopt(on: date) -> rulebook.AdoptStandards:
    """Give the command that adopts what the city has set."""
    return rulebook.AdoptStandards(on=on)


def adopting(role: str = "CLOCK") -> b.Step:
    """Adopt, on the scene's day, what the city beside the scene has set."""
    return lambda scene: scene.act(role, adopt(scene.today))
