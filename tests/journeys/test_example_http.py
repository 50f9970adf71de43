"""The worked example of 芮城县, through HTTP: every act, every near miss, and what an auditor then sees."""

from datetime import date

import pytest

from application.demonstration import ruicheng
from tests.api.harness import HttpStage

PAIR = "140830"
OLD = "h20241128-01"
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
        "2025-06-20",
    ]
    assert [each["data"]["light"]["text"] for each in decisions] == [
        *["按期办结"] * 3,
        "原时限逾期，按延期后时限按期办结",
        "已超期 31 天",
        "按期办结",
    ]
    meetings = http.get(auditor, f"{base}/meetings").json()["items"]
    held = sorted((each["data"]["year"], each["data"]["ordinal"]) for each in meetings)
    assert held == [(2024, 1), (2025, 2), (2026, 3)]
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
    assert replayed["differences"] == []

    answer = http.get(auditor, "/v1/reports/city/2025").json()
    line = next(each for each in answer["report"]["pairs"] if each["pair"] == PAIR)
    established = next(
        link for name, link in answer["members"][PAIR].items() if name == "decisions.established"
    )
    members = http.get(auditor, established).json()
    assert members["count"] == line["figures"]["decisions.established"] == 4
    assert fourth["id"] in {each["id"] for each in members["items"]}


def test_the_imported_decision_and_the_three_meetings_are_read_as_they_were(played, http):
    """Ordinals count on from paper; every light tells both deadlines; item six held what it had to hold."""
    auditor, base = "test-auditor", f"/v1/pairs/{PAIR}"
    native = {each["data"]["ordinal"]: each for each in http.get(auditor, f"{base}/meetings").json()["items"]}
    members = {
        ordinal: [each["id"] for each in native[ordinal]["data"]["report"]["members"]] for ordinal in (2, 3)
    }
    assert members == {
        2: [OLD],
        3: [f"{native[2]['id']}-{number:02d}" for number in range(1, 5)],
    }
    old = http.get(auditor, f"{base}/decisions/{OLD}").json()["data"]
    assert (old["imported"], old["fulfilled_on"], old["closed_on"]) == (True, "2025-06-20", "2025-06-25")
    fourth = http.get(auditor, f"{base}/decisions/{members[3][3]}").json()["data"]
    assert (fourth["original_deadline"], fourth["deadline"]) == ("2025-12-31", "2026-06-30")
    reports = http.get(auditor, f"{base}/leader-reports").json()["items"]
    assert len(reports) == 10

    # The sheets: of both native meetings, and of the year 2025, which owes nothing but the leaders' discussion.
    for ordinal, on, left in (
        (2, "2026-12-31", {}),
        (3, "2026-11-22", {"R-052": "deviation", "R-077": "pending"}),
    ):
        sheet = http.get(auditor, f"{base}/meetings/{native[ordinal]['id']}/conformity", on=on).json()
        verdicts = {each["requirement"]: each["verdict"] for each in sheet["checks"]}
        assert verdicts.pop("R-035") == "not_applicable"
        assert {number: verdict for number, verdict in verdicts.items() if verdict != "pass"} == left
    sheet = http.get(auditor, f"{base}/conformity/2025").json()
    verdicts = {each["requirement"]: each["verdict"] for each in sheet["checks"]}
    assert verdicts.pop("R-099") == "fail"
    assert set(verdicts.values()) == {"pass"}
    (line,) = [each["what"] for each in sheet["checks"] if each["requirement"] == "R-091"]
    assert "第2次会议" in line

    assert [_punctuality(http, 2025), _punctuality(http, 2026, on="2026-11-22")] == [
        {"": 5, "_on_time": 4, "_original": 5, "_original_on_time": 4},
        {"": 1, "_on_time": 1, "_original": 1, "_original_on_time": 0},
    ]
    # On the last day of 2026 the fifth is overdue as well.
    assert _punctuality(http, 2026) == {"": 2, "_on_time": 1, "_original": 2, "_original_on_time": 0}


def _punctuality(http, year: int, **asked: str) -> dict[str, int]:
    answer = http.get("test-auditor", f"/v1/pairs/{PAIR}/reports/{year}", **asked).json()
    (line,) = answer["report"]["pairs"]
    return {
        part: line["figures"][f"decisions.due{part}"]
        for part in ("", "_on_time", "_original", "_original_on_time")
    }
