"""Paper history through HTTP: the template, a check that records nothing, an import that records all or nothing."""

import io

import openpyxl
import pytest

from api import limits
from application import commands, importing
from domain import people
from domain.decider import Capacity
from tests import builders as b
from tests import history_book, paper
from tests.api.harness import HttpStage
from tests.journeys.test_rescheduled_http import ROLES, HttpScene

PAIR, OTHER = "140830", "140823"
BASE = f"/v1/pairs/{PAIR}/imports"
DAY = "2025-01-10"
BAD = {
    "decisions": [
        history_book.DECISION | {"现牵头单位": "县住建局"},
        history_book.DECISION | {"序号": 2, "完成时限": "2024-11-01"},
    ],
    "meetings": [history_book.MEETING | {"会议名称": "无"}],
}


@pytest.fixture
def scene(http, system) -> HttpScene:
    """The pair before anything is known of its history."""
    callers = {role: commands.Caller(person=f"p-{role}", administrator=role == "ADMIN") for role in ROLES}
    made = HttpScene(HttpStage(http, system, PAIR, people=callers))
    made.ids = {role: f"p-{role}" for role in b.POSTS}
    return made.play(b.registered(), b.staffed, b.adopted, b.with_liaison)


def send(http, content: bytes, *, role="GO", path=BASE, kind=limits.XLSX, key="import-0001", **query):
    headers = {**http.become(f"p-{role}"), "Content-Type": kind}
    if key:
        headers["Idempotency-Key"] = key
    asked = {"on": DAY, **query}
    return http.checked(http.client.post(path, headers=headers, params=asked, content=content))


def check(http, content: bytes, **query):
    return send(http, content, path=f"{BASE}/check", key="", **query)


def test_r098_the_template_opens_and_lists_the_units(scene, http):
    """As Excel would open it; whoever may see the pair's register gets it, nobody else."""
    answer = http.get("p-GO", f"{BASE}/template")
    assert (answer.status_code, answer.headers["content-type"]) == (200, limits.XLSX)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["说明", importing.MEETINGS, importing.DECISIONS]
    cells = [cell.value for row in book["说明"] for cell in row]
    assert scene.dossier.units[scene.ids["ind"]].name in cells
    assert http.get("stranger", f"{BASE}/template").status_code == 404
    http.become("reader", ("city_reader", "140800"))
    assert http.get("reader", "/v1/pairs/140829/imports/template").status_code == 404


def test_r098_a_check_tells_what_would_be_recorded_and_records_nothing(scene, http, system):
    """How many meetings and decisions; nothing in the ledger."""
    before = system.ledger.head(PAIR)
    answer = check(http, history_book.filled())
    assert answer.status_code == 200, answer.json()
    assert answer.json() == {"meetings": 1, "decisions": 1, "unfulfilled": 1, "repeated": 0, "warnings": []}
    assert system.ledger.head(PAIR) == before


@pytest.mark.parametrize("path", [BASE, f"{BASE}/check"])
def test_r098_every_conflict_is_told_at_its_cell_and_nothing_is_recorded(scene, http, system, path):
    """What cannot be read and what contradicts, all at once, with what to do."""
    before = system.ledger.head(PAIR)
    answer = send(http, history_book.filled(**BAD), path=path)
    assert answer.status_code == 422
    problem = answer.json()
    assert (problem["type"], problem["requirement"]) == (
        "urn:lianxi:problem:refusal:history-conflicts",
        "R-098",
    )
    assert [each["pointer"] for each in problem["errors"]] == ["会议!D2", "议定事项!F2", "议定事项!J3"]
    said = problem["errors"][1]["detail"]
    assert said.startswith("现牵头单位：没有登记名称或编号为“县住建局”的单位。")
    assert "已登记单位的名称或编号" in said
    assert system.ledger.head(PAIR) == before


@pytest.mark.parametrize("path", [BASE, f"{BASE}/check"])
def test_r098_what_the_rules_alone_have_against_it_is_told_at_its_cell(scene, http, path):
    """Every row is readable; the office's own refusal names cells too."""
    bad = history_book.filled(
        decisions=[history_book.DECISION | {"完成时限": "2024-11-01"}, history_book.DECISION | {"序号": 1}]
    )
    answer = send(http, bad, path=path)
    assert answer.status_code == 422
    places = [each["pointer"] for each in answer.json()["errors"]]
    assert places == ["议定事项!J2", "议定事项!B2", "议定事项!B3"]


def test_r098_an_import_records_all_and_the_same_again_nothing(scene, http, system):
    """The same command as the JSON route's; a repeated key is answered as at first, another key finds nothing new."""
    content = history_book.filled()
    first = send(http, content)
    assert first.status_code == 201, first.json()
    facts = first.json()["facts"]
    assert [each.split(".")[0] for each in facts] == ["legacy", "meeting", "number", "decision", "pair"]
    batch = http.get("p-UO", first.headers["Location"])
    assert (batch.status_code, batch.json()["data"]["decisions"]) == (200, 1)
    after = system.ledger.head(PAIR)
    repeated = send(http, content)
    assert (repeated.status_code, repeated.json()["facts"]) == (201, facts)
    assert repeated.headers["Idempotency-Replayed"] == "true"
    again = send(http, content, role="UO", key="import-0002", on="2025-02-01", title="另一份.xlsx")
    assert (again.status_code, again.json()["facts"]) == (200, [])
    assert "Location" not in again.headers
    assert system.ledger.head(PAIR) == after
    checked = check(http, content).json()
    assert (checked["meetings"], checked["decisions"], checked["repeated"]) == (0, 0, 2)
    other = send(http, history_book.filled(decisions=[]))
    assert (other.status_code, other.json()["type"]) == (422, "urn:lianxi:problem:idempotency-key-reused")


def test_r098_what_differs_from_the_ledger_is_a_conflict_at_its_cell(scene, http, system):
    """Imported otherwise before: never merged."""
    assert send(http, history_book.filled()).status_code == 201
    before = system.ledger.head(PAIR)
    changed = history_book.filled(decisions=[history_book.DECISION | {"完成时限": "2025.7.31"}])
    for path in (BASE, f"{BASE}/check"):
        answer = send(http, changed, path=path, key="import-0002")
        assert answer.status_code == 422
        (error,) = answer.json()["errors"]
        assert error["pointer"] == "议定事项!B2"
        assert "完成时限" in error["detail"]
    assert system.ledger.head(PAIR) == before


def test_r098_the_json_route_lists_every_conflict_too(scene, http):
    """Pointers into the command."""
    command = paper.batch(
        meetings=[paper.meeting(title="无")], decisions=[paper.decision(text="略", lead_units=())]
    )
    answer = http.send("p-GO", PAIR, command)
    assert answer.status_code == 422
    problem = answer.json()
    assert [each["pointer"] for each in problem["errors"]] == [
        "/meetings/0/title",
        "/decisions/0/text",
        "/decisions/0/lead_units",
    ]
    assert "共 3 处" in problem["detail"]


def test_r098_only_an_office_of_the_pair_imports(scene, http, system):
    """Another pair's office and a stranger are not told that the pair exists; the pair's others may not."""
    content = history_book.filled()
    body = {"on": "2025-01-06", "division_code": OTHER, "union_division_code": OTHER}
    assert http.post("p-ADMIN", "/v1/pairs", body).status_code == 201
    unit = people.RegisterUnit(on=b.day(1, 6), name="平陆县人民政府办公室", side=b.GOV)
    there = http.send("p-ADMIN", OTHER, unit).json()["id"]
    appointed = b.appoint("p-elsewhere", Capacity.GOVERNMENT_OFFICE, there, title="联络员")
    assert http.send("p-ADMIN", OTHER, appointed).status_code == 201
    for path in (BASE, f"{BASE}/check"):
        before = system.ledger.head(PAIR)
        assert send(http, content, role="elsewhere", path=path).status_code == 404
        assert send(http, content, path=path.replace(PAIR, OTHER)).status_code == 404
        for role in ("HR", "GP"):
            answer = send(http, content, role=role, path=path)
            assert (answer.status_code, answer.json()["requirement"]) == (403, "R-098")
        # Who may not import is told nothing of the workbook either.
        assert send(http, b"PK", role="HR", path=path).status_code == 403
        assert system.ledger.head(PAIR) == before


def test_r098_the_key_and_the_day_are_required(scene, http):
    """An import is a command like any other; a check is none."""
    content = history_book.filled()
    lacking = send(http, content, key="")
    assert (lacking.status_code, lacking.json()["type"]) == (
        400,
        "urn:lianxi:problem:idempotency-key-missing",
    )
    for query in ({"on": "heute"}, {"title": "\x00"}, {"title": "长" * 300}):
        assert send(http, content, **query).status_code == 422, query
    for path in (BASE, f"{BASE}/check"):
        answer = send(http, content, path=path, on="2027-01-01")
        assert (answer.status_code, answer.json()["requirement"]) == (422, "R-093")


def test_r098_a_workbook_and_its_size_are_let_in_on_two_paths_alone(scene, http):
    """Another type 415, too much 413, no workbook 422; everywhere else JSON and a megabyte, as before."""
    content = history_book.filled()
    for path in (BASE, f"{BASE}/check"):
        for kind in ("application/json", "application/octet-stream", "", f"{limits.XLSX}x"):
            answer = send(http, content, path=path, kind=kind)
            assert (answer.status_code, answer.headers["Accept-Post"]) == (415, limits.XLSX), kind
        assert send(http, b"", path=path, kind="application/json").status_code == 415
        assert send(http, b"P" * (importing.MAX_BYTES + 1), path=path).status_code == 413
        for broken in (b"", b"PK" + b"\0" * (importing.MAX_BYTES - 2), b"[" * 100):
            answer = send(http, broken, path=path)
            assert (answer.status_code, answer.json()["type"]) == (
                422,
                "urn:lianxi:problem:refusal:bad-workbook",
            )
    for path in (f"{BASE}/records", f"/v1/pairs/{PAIR}/topics"):
        assert send(http, content, path=path).status_code == 415
        assert (
            send(http, b" " * (limits.BODY_BYTES + 1), path=path, kind="application/json").status_code == 413
        )
