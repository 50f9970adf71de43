"""A meeting that is put off and gets a late item, through HTTP: nothing of the first notice opens it."""

from typing import Any

import pytest

from application import commands, handlers
from application.dossier import SINGLETONS, Dossier
from domain import meetings
from domain.meetings import Status, Subject
from tests import builders as b
from tests.api.harness import HttpStage

PAIR = "140830"
ROLES = ("ADMIN", *b.POSTS)


class HttpScene:
    """The builders' steps, sent through HTTP: names of subjects become the ids that the door gave them."""

    def __init__(self, stage: HttpStage) -> None:
        self.stage = stage
        self.ids: dict[str, str] = {}

    @property
    def dossier(self) -> Dossier:
        return self.stage.system.office.dossier(PAIR)

    def _known(self, said: Any) -> Any:
        match said:
            case str():
                return self.ids.get(said, said)
            case list():
                return [self._known(each) for each in said]
            case dict():
                return {name: each if name == "side" else self._known(each) for name, each in said.items()}
            case _:
                return said

    def act(self, role: str, command: b.Command, *, subject: str = "") -> "HttpScene":
        handler = handlers.HANDLERS[type(command)]
        name = subject or b.default_subject(handler.kind, command, self.dossier)
        sent = type(command).model_validate(self._known(command.model_dump(mode="json")))
        if handler.begins and handler.kind not in SINGLETONS:
            self.ids[name] = self.stage.act(role, sent)
        else:
            self.stage.act(role, sent, subject=self.ids.get(name, name))
        return self

    def refused(self, role: str, command: b.Command, requirement: str) -> None:
        sent = type(command).model_validate(self._known(command.model_dump(mode="json")))
        self.stage.near_miss(0, role, sent, subject=self.ids["M1"], requirement=requirement)

    def play(self, *steps: Any) -> "HttpScene":
        for step in steps:
            step(self)
        return self

    def topic(self, subject: str = "T1") -> Any:
        known = self.dossier.state(f"topic:{self.ids.get(subject, subject)}")
        names = {made: name for name, made in self.ids.items()}
        return known.model_copy(update={"unit": names.get(known.unit, known.unit)})

    def meeting(self, subject: str = "M1") -> meetings.Meeting:
        return self.dossier.state(f"meeting:{self.ids.get(subject, subject)}")


@pytest.fixture
def scene(http, system) -> HttpScene:
    people = {role: commands.Caller(person=f"p-{role}", administrator=role == "ADMIN") for role in ROLES}
    made = HttpScene(HttpStage(http, system, PAIR, people=people))
    made.ids = {role: f"p-{role}" for role in b.POSTS}
    return made.play(b.registered(), b.staffed, b.adopted, b.without_history, b.with_liaison)


def test_r059_r061_put_off_agreed_and_noticed_anew_with_a_late_item_and_held(scene, http):
    """New consents, new notice, a late item with its own consents and supplementary notice, then the opening."""
    scene.play(b.topic(), b.topic("T2"), b.meeting(until=Status.NOTICED))
    scene.act("FIN", meetings.AcknowledgeNotice(on=b.day(4, 15), unit="fin"))
    later = b.day(4, 25)
    put_off = meetings.RescheduleMeeting(on=b.day(4, 16), meeting_date=later, reason="县长赴市参会。")
    scene.act("UO", put_off)
    again = b.arrange(later, ("C1", "C2", "T1"), on=b.day(4, 17))
    scene.refused("GO", again, "R-033")
    scene.play(b.consented(Subject.DATE, on=b.day(4, 17))).act("GO", again)
    notice = b.notice(on=b.day(4, 18), number="芮政办函〔2025〕11号")
    scene.refused("GO", notice, "R-057")
    scene.play(b.consented(Subject.ARRANGEMENT, on=b.day(4, 17))).act("GO", notice)
    for item in ("C1", "C2", "T1"):
        scene.play(b.material(item, on=b.day(4, 18)))
    scene.act("GO", meetings.FreezeMaterials(on=b.day(4, 18)))
    scene.act("GO", meetings.AddLateItem(on=b.day(4, 21), item="T2", position=3, reason="情况紧急。"))
    scene.play(b.material("T2", on=b.day(4, 21)), b.consented(Subject.LATE_ITEM, on=b.day(4, 21)))
    supplement = meetings.IssueSupplementaryNotice(
        on=b.day(4, 22),
        recipients=b.RECIPIENTS,
        number="芮政办函〔2025〕12号",
        disclosure=b.regulation.Disclosure.CLOSED,
    )
    scene.refused("UO", supplement, "R-061")
    scene.act("GO", supplement)
    scene.act("FIN", meetings.AcknowledgeNotice(on=b.day(4, 22), unit="fin"))
    scene.refused("GO", b.hold(b.day(4, 22)), "R-055")
    scene.act("GO", b.hold(later))

    row = http.get("test-auditor", f"/v1/pairs/{PAIR}/meetings/{scene.ids['M1']}").json()["data"]
    assert (row["status"], row["known_as"]) == ("held", "第1次会议")
    assert [each["number"] for each in row["superseded_notices"]] == ["芮政办函〔2025〕9号"]
    assert scene.meeting().agenda == ("C1", "C2", scene.ids["T2"], scene.ids["T1"])
    assert scene.ids["fin"] not in row["unacknowledged_units"]
    assert http.get("test-auditor", f"/v1/pairs/{PAIR}/history/replay").json()["ok"]
