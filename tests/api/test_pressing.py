"""Sheets, reports and their due dates, as they are read."""

from domain import decisions, meetings
from tests import builders as b
from tests.application.ledgers import record
from tests.spec.test_irregular import late_entry

PAIR = "140830"


def pressed():
    """Give a pair with a reminded, escalated and reported decision."""
    scene = b.given(b.established(b.decided(until=decisions.Status.ACCEPTED)))
    scene = scene.act("SUPG", b.remind()).act("SUPU", b.escalate(decisions.SheetColour.BLUE))
    said = decisions.AnswerReminder(on=b.day(6, 20), number=1, text="已开工。")
    return scene.act("HR", said).act("GO", b.tell_leaders())


def test_r075_r079_sheets_and_reports_are_listed_with_what_the_day_makes_of_them(http, system):
    """Each sheet with its answer or none; each decision with the report that is due next."""
    record(system.ledger, pressed())
    http.become("reader", ("city_reader", "140800"))
    first = http.get("reader", f"/v1/pairs/{PAIR}/supervision-sheets", limit=1).json()
    assert [(each["number"], each["state"], each["colour"]) for each in first["items"]] == [
        (1, "逾期答复", None)
    ]
    rest = http.get("reader", f"/v1/pairs/{PAIR}/supervision-sheets", cursor=first["next_cursor"]).json()
    assert [(each["number"], each["state"], each["colour"]) for each in rest["items"]] == [
        (2, "逾期未答复", "蓝")
    ]
    assert rest["items"][0]["recipient_name"] == "芮城县人力资源和社会保障局"
    (due,) = http.get("reader", f"/v1/pairs/{PAIR}/reporting").json()["items"]
    assert (due["decision"], due["next_due"], due["overdue"]) == ("M1-01", "2025-08-14", True)
    (made,) = http.get("reader", f"/v1/pairs/{PAIR}/leader-reports").json()["items"]
    assert made["data"]["decisions"][0]["decision"] == "M1-01"
    shown = http.get("reader", f"/v1/pairs/{PAIR}/decisions/M1-01").json()["data"]
    assert (shown["report_due"], shown["receipt_late"]) == ("2025-07-29", False)


def test_r008_meetings_tell_their_place_by_date_as_they_are_read(http, system):
    """It is counted on the spot; what documents print is beside it, unchanged."""
    record(system.ledger, late_entry().play(b.meeting("M3", year=2026, until=meetings.Status.PLANNED)))
    http.become("reader", ("city_reader", "140800"))
    listed = http.get("reader", f"/v1/pairs/{PAIR}/meetings").json()["items"]
    shown = {each["id"]: each["data"] for each in listed}
    assert {key: (each["ordinal"], each["ordinal_by_date"]) for key, each in shown.items()} == {
        "M1": (1, 2),
        "M2": (0, 1),
        "M3": (0, None),
    }
    single = http.get("reader", f"/v1/pairs/{PAIR}/meetings/M2").json()["data"]
    assert (single["ordinal_by_date"], single["known_as"]) == (1, "2025年4月22日会议")


def test_r069_minutes_and_extracts_are_read_as_text(http, system):
    """By those who may read the pair; to anybody else there are none."""
    record(system.ledger, pressed())
    http.become("reader", ("city_reader", "140800"))
    http.become("stranger")
    text = http.get("reader", f"/v1/pairs/{PAIR}/minutes/M1/text")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert "会议议定：" in text.text
    extract = http.get("reader", f"/v1/pairs/{PAIR}/decisions/M1-01/extract").json()
    assert (extract["minutes_number"], extract["public"]) == ("芮政办纪〔2025〕4号", True)
    shown = http.get("reader", f"/v1/pairs/{PAIR}/minutes/M1").json()["data"]
    assert (shown["held_on"], shown["light"]["text"]) == ("2025-04-22", "按时印发")
    for path in ("minutes/M1/text", "decisions/M1-01/extract"):
        assert http.get("stranger", f"/v1/pairs/{PAIR}/{path}").status_code == 404
        assert http.get("reader", f"/v1/pairs/{PAIR}/{path.replace('M1', 'M9')}").status_code == 404


def test_a10_a_closed_meeting_shows_the_light_of_its_minutes_before_anybody_drafts_them(http, system):
    """Red on the meeting itself until the minutes are issued; before it closes there is none."""
    http.become("reader", ("city_reader", "140800"))
    path = f"/v1/pairs/{PAIR}/meetings"
    scene = b.given(b.topic(), b.meeting())
    record(system.ledger, scene)
    shown = http.get("reader", f"{path}/M1").json()["data"]
    assert (shown["minutes_light"]["colour"], shown["minutes_issued_on"]) == ("红", None)
    assert shown["minutes_light"]["text"] == "会后超过 20 个工作日未印发"
    (listed,) = http.get("reader", path).json()["items"]
    assert listed["data"]["minutes_light"] == shown["minutes_light"]


def test_a10_a_meeting_tells_when_its_minutes_were_issued_and_an_open_one_has_no_light(http, system):
    """Nobody owes minutes of a meeting that is not over."""
    http.become("reader", ("city_reader", "140800"))
    second = b.meeting("M2", until=meetings.Status.PLANNED, year=2026, agenda=("C1",))
    record(system.ledger, b.given(b.established(), second))
    shown = http.get("reader", f"/v1/pairs/{PAIR}/meetings/M1").json()["data"]
    assert (shown["minutes_light"]["text"], shown["minutes_issued_on"]) == ("按时印发", "2025-04-29")
    assert http.get("reader", f"/v1/pairs/{PAIR}/meetings/M2").json()["data"]["minutes_light"] is None
