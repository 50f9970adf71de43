"""One person never gives both sides' consent, whatever posts he holds (R-097).

He holds an office's, a leader's, a supervisor's and a department's post on either side, and tries every act of a year
before those whose act it is. What both sides gave is then looked for in everything that the pair holds.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from domain import consent, decisions
from domain.decider import Capacity, Side
from tests import builders as b

MORE_POSTS = (
    (Capacity.SUPERVISOR, "office"),
    (Capacity.SUPERVISOR, "union"),
    (Capacity.GOVERNMENT_PRINCIPAL, "gov"),
    (Capacity.DEPARTMENT, "hr"),
)
SIDES = {each.value for each in Side}
# Who has no part in what both sides agree to: each side names its own, and one person may be named by both.
NAMED = {"supervisors"}


def everywhere(scene: b.Scene) -> b.Scene:
    """Give him the other posts too."""
    for number, (capacity, unit) in enumerate(MORE_POSTS):
        scene = scene.act("ADMIN", b.appoint(b.BOTH, capacity, unit), subject=f"more-{number}")
    return scene


def asked(scene: b.Scene) -> b.Scene:
    return scene.act("HR", b.extend(), subject="M1-01")


def corrected(scene: b.Scene) -> b.Scene:
    return scene.act("GO", b.correct(), subject="C1").play(b.correction_approved())


def a_year() -> b.Scene:
    """Everything that needs both sides: no history, consultation, consensus, dates, arrangements, minutes and so on."""
    return b.given_nothing(
        b.registered(),
        b.staffed,
        b.one_person_on_both_sides,
        everywhere,
        b.adopted,
        b.without_history,
        b.with_liaison,
        b.established(b.decided(until=decisions.Status.IN_PROGRESS), asked, b.extension_granted()),
        corrected,
    )


def both_sides(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Find every place where something is kept of both sides, and the persons who gave it."""
    if isinstance(value, dict):
        people = {side: _person(each) for side, each in value.items() if side in SIDES}
        if people.keys() == SIDES and all(people.values()) and path.rpartition("/")[2] not in NAMED:
            yield path, people
        for key, each in value.items():
            yield from both_sides(each, f"{path}/{key}")
    elif isinstance(value, list):
        for each in value:
            yield from both_sides(each, path)


def _person(value: Any) -> str:
    by = value.get("by", value) if isinstance(value, dict) else {}
    return str(by.get("person", "")) if isinstance(by, dict) else ""


def test_r097_one_person_never_gives_both_sides_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where he was the first, another had to be the second; and the rule was met at every kind of consent."""
    refused: set[str] = set()
    lawful = b.Scene.act

    def act(scene: b.Scene, role: str, command: Any, *, subject: str = "") -> b.Scene:
        if role not in {"ADMIN", "CLOCK"}:
            done = scene.when(b.BOTH, command, subject=subject)
            if done.refusal is None:
                return done.accepted()
            if isinstance(done.refusal, consent.OnePersonForBoth):
                refused.add(type(command).__name__)
        return lawful(scene, role, command, subject=subject)

    monkeypatch.setattr(b.Scene, "act", act)
    scene = a_year()
    found = [
        (f"{each.stream}{path}", people)
        for each in scene.dossier.subjects.values()
        for path, people in both_sides(each.state.model_dump(mode="json"))
    ]
    assert {path for path, people in found if len(set(people.values())) == 1} == set()
    assert sum(b.BOTH in people.values() for _, people in found) >= len(refused)
    assert refused >= {
        "DeclareNoHistory",
        "ConsultTopic",
        "ConfirmConsensus",
        "GiveConsent",
        "ReviewMinutes",
        "ReviewCorrection",
        "GrantExtension",
    }
