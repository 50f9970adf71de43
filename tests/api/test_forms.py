"""What is sent is taken as it is written: values of another kind than is asked for are refused where they stand."""

import json

import pytest

from domain import meetings

PAIR = "140830"
UNITS = f"/v1/pairs/{PAIR}/units"
ADMIN = ("system_administrator", "140800")
UNIT = '{"on":"2025-01-06","name":"县统计局","side":"government"}'


@pytest.fixture
def pair(http):
    http.become("admin", ADMIN)
    http.become("auditor", ("auditor", "140800"))
    body = {"on": "2025-01-06", "division_code": PAIR, "union_division_code": PAIR}
    assert http.post("admin", "/v1/pairs", body).status_code == 201
    return http


def _send(http, content: bytes, path: str = UNITS):
    headers = {**http.become("admin"), "Idempotency-Key": "forms-0001", "Content-Type": "application/json"}
    return http.checked(http.client.post(path, headers=headers, content=content))


AMBIGUOUS = (
    b'{"on":"2025-01-06","name":"a","name":"b","side":"government"}',
    b'{"on":"2025-01-06","name":"a","n\\u0061me":"a","side":"government"}',
    b"\xef\xbb\xbf" + UNIT.encode(),
    UNIT.encode("utf-16"),
    UNIT.encode("utf-16-le"),
    UNIT.encode("utf-32-be"),
    UNIT.encode("gb18030"),
    b'{"on":' + b"9" * 5000 + b"}",
)
SECONDS = ("0", "-1", "1736121600", "1736121600000", "1.5", 0, 1736121600, True)
MIDNIGHTS = ("2025-01-06T00:00:00", "2025-01-06T00:00:00Z")


def test_what_is_read_in_two_ways_is_no_json(pair):
    """Two equal names, another encoding than UTF-8, a byte order mark: 400, and nothing is recorded."""
    for content in AMBIGUOUS:
        answer = _send(pair, content)
        assert (answer.status_code, answer.json()["type"]) == (400, "urn:lianxi:problem:malformed-json"), (
            content
        )
    assert pair.get("auditor", UNITS).json()["items"] == []
    assert _send(pair, UNIT.encode()).status_code == 201


def test_a_day_is_written_as_a_day(pair):
    """Seconds since 1970 and midnights are no days, neither here nor where a pair is registered."""
    places = [{"pointer": "/on", "detail": "应为日期（YYYY-MM-DD）"}]
    for day in (*SECONDS, *MIDNIGHTS):
        answer = _send(pair, json.dumps({**json.loads(UNIT), "on": day}).encode())
        assert (answer.status_code, answer.json()["errors"]) == (422, places), day
        body = {"on": day, "division_code": "140822", "union_division_code": "140822"}
        answer = _send(pair, json.dumps(body).encode(), "/v1/pairs")
        assert (answer.status_code, answer.json()["errors"]) == (422, places), day


def test_places_deep_within_are_told(pair):
    """A number in quotes, a flag for a number, seconds for a day: each at its own pointer."""
    path = f"/v1/pairs/{PAIR}/decisions/x/plan"
    milestone = {"due": "1767139200", "percent": 100}
    body = {"on": "2025-05-08", "unit": "u", "milestones": [{**milestone, "due": "2025-12-31"}, milestone]}
    answer = _send(pair, json.dumps(body).encode(), path)
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/milestones/1/due"]
    for wrong in (True, "100", 100.0, 1e2):
        body["milestones"] = [{"due": "2025-12-31", "percent": wrong}]
        answer = _send(pair, json.dumps(body).encode(), path)
        assert "/milestones/0/percent" in [each["pointer"] for each in answer.json()["errors"]]


def test_a_moment_is_written_as_a_moment(pair):
    """Seconds since 1970 are none, in a body and in a query."""
    body = {"on": "2025-01-06", "opened_at": "1736121600", "present": [1]}
    answer = _send(pair, json.dumps(body).encode(), f"/v1/pairs/{PAIR}/meetings/x/opening")
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/opened_at"]
    for name in ("as_of", "valid_on"):
        for sent in ("0", "1736121600", "1.5", "-1"):
            assert pair.get("auditor", UNITS, **{name: sent}).status_code == 422, (name, sent)
    for name in ("since", "until"):
        assert pair.get("auditor", f"/v1/pairs/{PAIR}/history", **{name: "1736121600"}).status_code == 422


@pytest.mark.parametrize("member", ["", "a\x00", "\u202ea", "会议", " a", "a b"])
def test_what_an_explanation_is_about_is_an_id(member):
    with pytest.raises(ValueError, match="member"):
        meetings.ExplainUnfulfilled(on="2025-04-10", member=member, explanation="x")


@pytest.mark.parametrize("seat", [0, -1, 201, 2**63])
def test_a_seat_has_a_number_that_seats_have(seat):
    with pytest.raises(ValueError, match="present"):
        meetings.HoldMeeting(on="2025-04-22", opened_at="2025-04-22T15:00:00+08:00", present=(seat,))


def test_what_must_come_once_comes_once(pair):
    """Two of a header or of a parameter: another reader, such as a proxy, might have taken the other one."""
    good = pair.become("auditor")["Authorization"]
    path = f"{UNITS}?limit=1"

    def ask(path: str, *headers: tuple[str, str]):
        return pair.checked(pair.client.get(path, headers=[("Authorization", good), *headers]))

    assert ask(path).status_code == 200
    assert ask(path, ("X-A", "1"), ("X-A", "2")).status_code == 200
    for more in (("Authorization", good), ("authorization", "Bearer x")):
        answer = ask(path, more)
        assert (answer.status_code, answer.json()["type"]) == (400, "urn:lianxi:problem:header-repeated")
    for twice in ("limit=1", "limit=2", "l%69mit=2", "status=a&status=b"):
        answer = ask(f"{path}&{twice}")
        assert (answer.status_code, answer.json()["type"]) == (
            400,
            "urn:lianxi:problem:parameter-repeated",
        ), twice
    assert ask(f"{path}&" + "&".join(f"k{n}=1" for n in range(200))).status_code == 400
    assert ask(f"{path}&a=1&b=1").status_code == 200
    keys = [("Authorization", pair.become("admin")["Authorization"]), ("Content-Type", "application/json")]
    keys += [("Idempotency-Key", "forms-0002"), ("Idempotency-Key", "forms-0003")]
    answer = pair.client.post(UNITS, headers=keys, content=UNIT.encode())
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:lianxi:problem:header-repeated")


def test_an_encoded_slash_is_no_slash(pair):
    """Neither it, nor a line feed at the end, leads to a path that a proxy would have judged as another one."""
    for path in (
        f"/v1/pairs/{PAIR}%2Funits",
        f"/v1/pairs/{PAIR}%5cunits",
        f"{UNITS}%0a",
        f"{UNITS}%00",
        f"{UNITS}%7F",
    ):
        answer = pair.client.get(path, headers=pair.become("auditor"))
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:lianxi:problem:not-found"), path


def test_whole_numbers_are_digits(pair):
    """What Python would read as a number as well is none."""
    for number in ("1_0", "+5", " 5", "5 ", "5.0", "\n5", "５", "0x5", ""):
        for name in ("limit", "position"):
            assert pair.get("auditor", UNITS, **{name: number}).status_code == 422, (name, number)
    for year in ("2025.0", "2_025", "+2025"):
        assert pair.get("auditor", f"/v1/reports/city/{year}", scope="140800").status_code == 422, year
    assert pair.get("auditor", UNITS, limit="5").status_code == 200


def test_a_coded_body_is_not_read_as_a_plain_one(pair):
    """Whatever coding is declared, ours is none: 415."""
    for coding in ("gzip", "br", "x", "identity, gzip"):
        headers = {
            **pair.become("admin"),
            "Idempotency-Key": "forms-0004",
            "Content-Type": "application/json",
        }
        answer = pair.client.post(
            UNITS, headers={**headers, "Content-Encoding": coding}, content=UNIT.encode()
        )
        assert (answer.status_code, answer.json()["type"]) == (415, "urn:lianxi:problem:encoded"), coding
