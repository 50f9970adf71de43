"""The worked example of 芮城县, through HTTP: every act, every near miss, and what an auditor then sees."""

from datetime import date

import pytest

from application.demonstration import ruicheng
from tests.api.harness import HttpStage

PAIR = "140830"
NEAR_MISSES = {
    1: "R-039",
    2: "R-041",
    3: "R-042",
    4: "R-045",
    5: "R-048",
    6: "R-055",
    7: "R-057",
    8: "R-067",
    9: "R-065",
    10: "R-077",
    11: "R-078",
    12: "R-027",
}


@pytest.fixture
def played(http, system) -> HttpStage:
    stage = HttpStage(http, system, PAIR, people=ruicheng.CAST.people())
    ruicheng.play(stage, date(2026, 12, 31))
    return stage


def test_the_example_is_accepted_and_its_twelve_near_misses_are_refused(played, http):
    """Each near miss is refused by the requirement that example.md names, and writes nothing."""
    assert {number: requirement for number, (requirement, _) in played.missed.items()} == NEAR_MISSES
    auditor = "test-auditor"
    base = f"/v1/pairs/{PAIR}"

    decisions = http.get(auditor, f"{base}/decisions").json()["items"]
    assert [each["data"]["fulfilled_on"] for each in decisions] == [
        "2025-11-14",
        "2025-08-26",
        "2025-12-24",
        "2026-06-24",
        None,
    ]
    assert [each["data"]["light"]["text"] for each in decisions[:4]] == ["按期办结"] * 3 + ["逾期办结"]
    meetings = http.get(auditor, f"{base}/meetings").json()["items"]
    assert [each["data"]["ordinal"] for each in meetings] == [1, 2]
    assert {each["data"]["name"] for each in meetings} == {"芮城县人民政府与芮城县总工会联席会议"}
    numbers = {each["data"]["number"] for each in http.get(auditor, f"{base}/minutes").json()["items"]}
    assert numbers == {"芮政办纪〔2025〕4号", "芮政办纪〔2026〕5号"}


def test_an_auditor_follows_a_decision_from_its_topic_to_the_city_report(played, http):
    """Topic, minutes, decision, today's light, an unbroken chain, equal views, and the same number in the report."""
    auditor = "test-auditor"
    base = f"/v1/pairs/{PAIR}"
    fourth = http.get(auditor, f"{base}/decisions").json()["items"][3]
    topic = http.get(auditor, f"{base}/topics/{fourth['data']['source_topic']}").json()["data"]
    assert (topic["status"], topic["meeting"]) == ("resolved", fourth["data"]["meeting"])
    lines = http.get(auditor, f"{base}/history", kind="decision", subject=fourth["id"], limit=200).json()[
        "items"
    ]
    assert lines[0]["topic"] == "decision.established"
    assert lines[-1]["topic"] == "decision.fulfilled"
    assert [line["version"] for line in lines] == list(range(1, len(lines) + 1))
    earlier = http.get(
        auditor, f"{base}/history/states/decision/{fourth['id']}", position=lines[2]["position"]
    ).json()
    assert (earlier["version"], earlier["data"]["percent"]) == (3, 0)

    verified = http.get(auditor, f"{base}/history/verification").json()
    assert verified["ok"]
    replayed = http.get(auditor, f"{base}/history/replay").json()
    assert (replayed["ok"], replayed["position"]) == (True, verified["position"])

    answer = http.get(auditor, "/v1/reports/city/2025").json()
    line = next(each for each in answer["report"]["pairs"] if each["pair"] == PAIR)
    established = next(
        link for name, link in answer["members"][PAIR].items() if name == "decisions.established"
    )
    members = http.get(auditor, established).json()
    assert members["count"] == line["figures"]["decisions.established"] == 4
    assert fourth["id"] in {each["id"] for each in members["items"]}
