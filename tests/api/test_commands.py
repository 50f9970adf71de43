"""Commands through HTTP: keys, versions, identities, and problems that say what to do."""

from api.routes import acts
from domain import pairs, people
from domain.decider import Side

PAIR = "140830"
ADMIN = ("system_administrator", "140800")


def register(http) -> None:
    http.become("admin", ADMIN)
    command = pairs.RegisterPair(on="2025-01-06", division_code=PAIR, union_division_code=PAIR)
    answer = http.send("admin", PAIR, command)
    assert answer.status_code == 201, answer.json()


def test_r001_a_registered_pair_is_shown_with_its_computed_name(http):
    """The name follows from the full names of both organs."""
    register(http)
    shown = http.get("admin", f"/v1/pairs/{PAIR}")
    assert shown.json()["data"]["official_name"] == "芮城县人民政府与芮城县总工会联席会议"
    assert shown.headers["ETag"] == '"1"'


def test_r096_the_same_key_answers_the_same_and_stores_once(http, system):
    """A retry is answered as the first time; another request with the key is refused."""
    register(http)
    unit = people.RegisterUnit(on="2025-01-06", name="芮城县财政局", side=Side.GOVERNMENT)
    first = http.send("admin", PAIR, unit, key="same-key-1")
    again = http.send("admin", PAIR, unit, key="same-key-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == {**first.json(), "replayed": True}
    assert again.headers["Idempotency-Replayed"] == "true"
    assert system.ledger.head(PAIR).position == first.json()["last_position"]
    other = people.RegisterUnit(on="2025-01-06", name="芮城县交通局", side=Side.GOVERNMENT)
    refused = http.send("admin", PAIR, other, key="same-key-1")
    assert (refused.status_code, refused.json()["requirement"]) == (422, "R-096")


def test_r071_the_version_seen_is_mandatory_and_a_conflict_returns_both_texts(http):
    """Without If-Match 428, with an old one 412 and both texts."""
    register(http)
    adopt = {"on": "2025-01-06", "bases": ["运政办发〔2024〕7号"]}
    path = f"/v1/pairs/{PAIR}/regime"
    assert http.post("admin", path, adopt).status_code == 428
    conflict = http.post("admin", path, adopt, seen=7)
    assert conflict.status_code == 412
    assert conflict.headers["ETag"] == '"1"'
    assert conflict.json()["current"]["official_name"] == "芮城县人民政府与芮城县总工会联席会议"
    assert conflict.json()["submitted"]["bases"] == ["运政办发〔2024〕7号"]
    assert http.post("admin", path, adopt, seen=1).status_code == 200


def test_a_key_is_mandatory(http):
    """A command without Idempotency-Key is answered 400 and nothing is written."""
    register(http)
    answer = http.client.post(
        f"/v1/pairs/{PAIR}/units",
        headers=http.become("admin"),
        json={"on": "2025-01-06", "name": "财政局", "side": "government"},
    )
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:lianxi:problem:idempotency-key-missing")


def test_r095_a_stranger_cannot_tell_whether_a_pair_exists(http):
    """Reading or commanding a pair that is not his is answered as if there were none, word for word."""
    register(http)
    http.become("stranger")
    here, nowhere = (http.get("stranger", f"/v1/pairs/{pair}").json() for pair in (PAIR, "140999"))
    for body in (here, nowhere):
        body.pop("trace_id")
        body.pop("instance")
    assert here == nowhere
    refused, missing = (
        http.post(
            "stranger",
            f"/v1/pairs/{pair}/topics",
            {
                "on": "2025-01-07",
                "unit": "u",
                "content": {"title": "题目", "category": "C3", "summary": "内容"},
            },
        )
        for pair in (PAIR, "140999")
    )
    assert (refused.status_code, missing.status_code) == (404, 404)


def test_without_a_token_nothing_is_told(http):
    """401 with the scheme, for reads and commands alike."""
    register(http)
    for answer in (
        http.client.get(f"/v1/pairs/{PAIR}"),
        http.client.post(f"/v1/pairs/{PAIR}/units", json={}),
    ):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"


def test_bad_input_names_the_place_in_chinese(http):
    """A wrong field is named by a JSON pointer, with a Chinese sentence."""
    register(http)
    answer = http.post(
        "admin", f"/v1/pairs/{PAIR}/units", {"on": "2025-13-01", "side": "government", "extra": 1}
    )
    assert answer.status_code == 422
    places = {place["pointer"]: place["detail"] for place in answer.json()["errors"]}
    assert places == {"/on": "应为日期（YYYY-MM-DD）", "/name": "缺少此项", "/extra": "没有此项"}


def test_bodies_are_bounded(http):
    """Over 1 MiB 413, nested deeper than 32 400, no JSON 400; each a problem."""
    register(http)
    headers = {**http.become("admin"), "Idempotency-Key": "bounded-1", "content-type": "application/json"}
    path = f"/v1/pairs/{PAIR}/units"
    long = http.client.post(path, headers=headers, content=b'"' + b"x" * (1 << 20) + b'"')
    deep = http.client.post(path, headers=headers, content=b"[" * 33 + b"]" * 33)
    broken = http.client.post(path, headers=headers, content=b"{")
    bytes_ = http.client.post(path, headers=headers, content=b'{"a": "\xff"}')
    assert [each.status_code for each in (long, deep, broken, bytes_)] == [413, 400, 400, 400]
    assert {each.headers["content-type"] for each in (long, deep, broken, bytes_)} == {
        "application/problem+json"
    }


def test_every_command_has_a_route_and_every_answer_is_declared(http):
    """OpenAPI names every command, in Chinese, with an example and all its error answers."""
    document = http.client.get("/openapi.json").json()
    assert set(acts.REGISTERED.values()) <= set(document["paths"])
    for path in acts.REGISTERED.values():
        operation = document["paths"][path]["post"]
        assert {"400", "401", "403", "404", "412", "413", "422", "428", "500", "503"} <= set(
            operation["responses"]
        )
        assert any("\u4e00" <= char <= "\u9fff" for char in operation["summary"])
        assert operation["requestBody"]["content"]["application/json"]["examples"]


def test_the_api_page_needs_nothing_from_elsewhere(http):
    """The page and all it loads come from this server."""
    page = http.client.get("/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    for path in ("/static/swagger-ui-bundle.js", "/static/swagger-ui.css"):
        assert path in page.text
        assert http.client.get(path).status_code == 200
