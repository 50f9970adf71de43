"""The pair of an industry at the doors: its id is one everywhere that a pair's id is asked for."""

import pytest

from api import examples
from domain import people
from tests import builders as b

ADMIN = ("system_administrator", "140800")
READER = ("city_reader", "140830")
PAIR = b.INDUSTRY.code


@pytest.fixture
def industry(http):
    http.become("admin", ADMIN)
    http.become("reader", READER)
    command = b.register(b.INDUSTRY).model_dump(mode="json")
    made = http.post("admin", "/v1/pairs", command)
    assert made.status_code == 201, made.json()
    assert made.headers["Location"] == f"/v1/pairs/{PAIR}"
    return http


def test_a20_an_industry_is_registered_read_and_staffed_under_its_own_id(industry):
    """Its county covers it; its id stands in paths, scopes, cursors and reports."""
    unit = industry.post("admin", f"/v1/pairs/{PAIR}/units", examples.EXAMPLES[people.RegisterUnit])
    assert unit.status_code == 201, unit.json()
    assert industry.get("reader", f"/v1/pairs/{PAIR}").json()["data"]["government"] == "芮城县交通运输局"
    listed = industry.get("reader", "/v1/pairs", scope="140830", limit=1).json()
    assert [each["pair"] for each in listed["items"]] == [PAIR]
    own = industry.get("reader", "/v1/pairs", scope=PAIR).json()
    assert [each["pair"] for each in own["items"]] == [PAIR]
    industry.post("admin", "/v1/pairs", b.register().model_dump(mode="json"))
    first = industry.get("reader", "/v1/pairs", scope="140830", limit=1).json()
    more = {"limit": 1, "cursor": first["next_cursor"]}
    rest = industry.get("reader", "/v1/pairs", scope="140830", **more).json()
    assert [each["pair"] for each in (*first["items"], *rest["items"])] == ["140830", PAIR]


@pytest.mark.parametrize("code", ["140830-J", "140830-jt", "140830100-JT", "140830-JTYSJ12", "140830-"])
def test_a20_what_only_looks_like_an_industry_is_no_pair(industry, code):
    """Six digits, a hyphen, and two to six capital letters or digits."""
    assert industry.get("reader", f"/v1/pairs/{code}").status_code == 422


def test_r092_a_city_report_takes_an_industry_as_its_scope_and_as_its_pair(industry):
    """Its id stands wherever a division's code may."""
    own = industry.get("reader", "/v1/reports/city/2025", scope=PAIR)
    assert own.status_code == 200, own.json()
    assert [each["pair"] for each in own.json()["report"]["pairs"]] == [PAIR]
    assert own.json()["report"]["title"].startswith("芮城县交通运输")
    asked = {"scope": "140830", "pair": PAIR}
    page = industry.get("reader", "/v1/reports/city/2025/figures/regime.expected.industry", **asked)
    assert (page.status_code, page.json()["count"]) == (200, 1)
    for table in ("workbook", "csv"):
        more = {"table": "figures"} if table == "csv" else {}
        assert industry.get("reader", f"/v1/reports/city/2025/{table}", scope=PAIR, **more).status_code == 200
