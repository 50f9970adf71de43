"""A pair's year, its warnings and its score, through HTTP: two pairs, two ledgers, and no way between them but facts."""

from datetime import date

from api import examples
from application.demonstration import cast, procedure
from application.demonstration.playing import Play
from domain import practices, schemes, scores, supporting_rules, years
from tests.api.harness import HttpStage

COUNTY, CITY = "140830", "140800"
FOUNDED = date(2025, 1, 6)


def entered(http, system, tenant, name, prefix):
    company = cast.county(tenant, name, prefix=prefix, bureaus=("renshe",))
    stage = HttpStage(http, system, tenant, people=company.people())
    play = Play(stage=stage, company=cast.enter(stage, company, on=FOUNDED), until=date(2026, 12, 31))
    procedure.found(play, on=FOUNDED, sections=("综合科", "办公室"))
    return stage


def example(command):
    return command.model_validate(examples.EXAMPLES[command])


def test_r087_a_county_is_scored_by_the_city_and_takes_note_of_it(http, system):
    """The city reads the county's ledger, the county the city's; each fact names the place in the other."""
    county = entered(http, system, COUNTY, "芮城县", "芮")
    city = entered(http, system, CITY, "运城市", "运")
    county.act("go", example(years.RecordPlanInclusion), subject="2025")
    county.act("uo", example(years.RecordLeadershipDiscussion), subject="2025")
    city.act("uo", example(schemes.FixScheme), subject="2025")
    read = system.ledger.head(COUNTY)
    city.act("uo", example(scores.ScoreAssessment), subject=f"2025-{COUNTY}")
    given = http.get("test-auditor", f"/v1/pairs/{CITY}/scores/2025-{COUNTY}").json()["data"]
    assert (given["lower_position"], given["lower_hash"]) == (read.position, read.hash.hex())
    assert [each["points"] for each in given["items"]] == [0, 3500]
    county.act("uo", example(years.ReceiveScore), subject="2025")
    noted = http.get("test-auditor", f"/v1/pairs/{COUNTY}/years/2025").json()["data"]
    assert (noted["score"]["upper"], noted["score"]["total"]) == (CITY, 3500)
    assert noted["plan"]["number"] == "芮政发〔2025〕2号"
    for tenant in (COUNTY, CITY):
        assert http.get("test-auditor", f"/v1/pairs/{tenant}/history/replay").json()["ok"]


def test_r037_warnings_are_those_of_the_day_asked_for(http, system):
    """On 1 December 2025 nothing had been planned; nobody outside the pair sees it."""
    entered(http, system, COUNTY, "芮城县", "芮")
    path = f"/v1/pairs/{COUNTY}/warnings"
    found = http.get("test-auditor", path, on="2025-12-01").json()
    assert {each["requirement"] for each in found["items"]} == {"R-032", "R-037", "R-086", "R-099"}
    assert all(each["shape"] and each["text"] for each in found["items"])
    assert http.get("test-auditor", path, on="2022-12-01").json()["items"] == []
    assert http.get("test-auditor", path).json()["on"] > "2025-12-01"
    http.become("stranger")
    assert http.get("stranger", path).status_code == 404
    assert http.get("test-auditor", path, on="soon").status_code == 422


def test_r088_r089_rules_and_practices_are_listed(http, system):
    """Registered, repealed, and read back."""
    county = entered(http, system, COUNTY, "芮城县", "芮")
    rule = county.act("go", example(supporting_rules.RegisterSupportingRule))
    county.act("go", example(supporting_rules.RepealSupportingRule), subject=rule)
    county.act("uo", example(practices.RecordPractice))
    base = f"/v1/pairs/{COUNTY}"
    (kept,) = http.get("test-auditor", f"{base}/supporting-rules").json()["items"]
    assert (kept["id"], kept["data"]["in_force_until"]) == (rule, "2026-02-28")
    (noted,) = http.get("test-auditor", f"{base}/practices").json()["items"]
    assert noted["data"]["title"] == "议题“三张清单”"


def test_r032_nobody_closes_a_year_through_the_door(http, system):
    """Only the system's own clock has that capacity."""
    county = entered(http, system, COUNTY, "芮城县", "芮")
    for role in ("go", "uo", "admin"):
        county.near_miss(1, role, example(years.CloseYear), subject="2025", requirement="R-032")
