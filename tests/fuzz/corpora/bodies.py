"""JSON that is none, or not as it should be: bytes, forms, depths, numbers, days and moments."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from api.limits import BODY_BYTES, DEPTH
from tests.fuzz.inputs import UNITS, Input, Maker, Must, named

GOOD = {"on": "2025-01-06", "name": "县统计局", "side": "government"}
PLAIN = json.dumps(GOOD, ensure_ascii=False)


def _unit(**changed: Any) -> bytes:
    return json.dumps({**GOOD, **changed}, ensure_ascii=False).encode()


def syntax(make: Maker) -> Iterator[Input]:
    """Bytes that are not the JSON of RFC 8259, or mean two things."""
    good = PLAIN.encode()
    yield named("as it should be", make.post(UNITS, good), Must.ACCEPTED)
    yield named("with white space", make.post(UNITS, b" \r\n\t" + good + b"\n"), Must.ACCEPTED)
    for cut in range(len(good)):
        yield named(f"cut off at {cut}", make.post(UNITS, good[:cut]))
    twice = {
        "key twice, equal": b'{"on":"2025-01-06","name":"a","name":"a","side":"government"}',
        "key twice, different": b'{"on":"2025-01-06","name":"a","name":"b","side":"government"}',
        "key twice, one escaped": b'{"on":"2025-01-06","name":"a","n\\u0061me":"b","side":"government"}',
    }
    bad = {
        **twice,
        "BOM": b"\xef\xbb\xbf" + good,
        **{code: PLAIN.encode(code) for code in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le")},
        "GB 18030": PLAIN.encode("gb18030"),
        "Latin-1": '{"on":"2025-01-06","name":"é","side":"government"}'.encode("latin-1"),
        "raw surrogate": '{"on":"2025-01-06","name":"\ud800","side":"government"}'.encode(
            errors="surrogatepass"
        ),
        "raw NUL": b'{"on":"2025-01-06","name":"a\x00b","side":"government"}',
        "raw line feed in a text": b'{"on":"2025-01-06","name":"a\nb","side":"government"}',
        "overlong": b'{"on":"2025-01-06","name":"\xc0\xaf\xe0\x80\xaf","side":"government"}',
        "trailing comma": good[:-1] + b",}",
        "comment": b"/* x */" + good,
        "line comment": good + b"// x",
        "single quotes": good.replace(b'"', b"'"),
        "unquoted key": good.replace(b'"on"', b"on"),
        "two values": good + good,
        "rubbish after": good + b"x",
        "NUL after": good + b"\x00",
        "bad escape": b'{"on":"2025-01-06","name":"\\x41","side":"government"}',
        "half an escape": b'{"on":"2025-01-06","name":"\\u12","side":"government"}',
        "half a pair": b'{"on":"2025-01-06","name":"\\ud83d","side":"government"}',
        "pair the wrong way round": b'{"on":"2025-01-06","name":"\\ude00\\ud83d","side":"government"}',
        "surrogate in a key": good[:-1] + b',"\\ud800":1}',
        "NUL in a key": good[:-1] + b',"\\u0000":1}',
        "__proto__": good[:-1] + b',"__proto__":{"a":1}}',
        "__class__": good[:-1] + b',"__class__":"x"}',
        "empty key": good[:-1] + b',"":1}',
        "only white space": b" \n",
        "NUL alone": b"\x00",
        "form": b"on=2025-01-06&name=a&side=government",
        "XML": b"<unit/>",
        "a pickle": b"\x80\x04]\x94.",
    }
    for name, body in bad.items():
        yield named(name, make.post(UNITS, body))
    for literal in (
        "NaN",
        "Infinity",
        "-Infinity",
        "nan",
        "True",
        "None",
        "undefined",
        "+1",
        "01",
        ".5",
        "1.",
        "0x1F",
    ):
        yield named(f"{literal} for a value", make.post(UNITS, good[:-1] + f',"more":{literal}}}'.encode()))
        yield named(
            f"{literal} for a text",
            make.post(UNITS, _unit().replace('"县统计局"'.encode(), literal.encode())),
        )
        yield named(f"{literal} alone", make.post(UNITS, literal.encode()))


def shapes(make: Maker) -> Iterator[Input]:
    """Every kind of value where another is wanted; depths; sizes at the limit."""
    yield named("as it should be", make.post(UNITS, _unit(name="县审计局")), Must.ACCEPTED)
    others: list[Any] = [
        None,
        True,
        False,
        0,
        1,
        -1,
        1.5,
        2**63,
        -(2**63) - 1,
        2**64,
        10**400,
        "",
        [],
        {},
        [[]],
        [{}],
        {"a": 1},
        ["县统计局"],
        {"name": "县统计局"},
    ]
    for other in others:
        yield named(f"the whole is {str(other)[:20]}", make.post(UNITS, json.dumps(other).encode()))
        for name in GOOD:
            yield named(f"{name} is {str(other)[:20]!r}", make.post(UNITS, _unit(**{name: other})))
    for name in GOOD:
        left = {each: value for each, value in GOOD.items() if each != name}
        yield named(f"without {name}", make.post(UNITS, json.dumps(left).encode()))
    for depth in (DEPTH - 1, DEPTH, DEPTH + 1, 100, 1_000, 100_000, 400_000):
        for begin, end in (("[", "]"), ('{"a":', "}")):
            if depth * len(begin) < BODY_BYTES - 100:
                deep = begin * depth + "1" + end * depth
                yield named(f"depth {depth} {begin}", make.post(UNITS, deep.encode()))
                yield named(f"depth {depth} {begin} unclosed", make.post(UNITS, (begin * depth).encode()))
                yield named(
                    f"depth {depth} {begin} within",
                    make.post(UNITS, _unit(more=0).replace(b": 0}", f":{deep}}}".encode())),
                )
    for size in (BODY_BYTES - 1, BODY_BYTES, BODY_BYTES + 1, 2 * BODY_BYTES):
        padded = b" " * (size - len(PLAIN.encode())) + PLAIN.encode()
        must = Must.ACCEPTED if size <= BODY_BYTES else Must.REFUSED
        yield named(f"{size} bytes", make.post(UNITS, padded), must)
        yield named(f"{size} bytes in one text", make.post(UNITS, _unit(name="x" * (size - 60))))
    yield named(
        "300,000 keys", make.post(UNITS, ("{" + ",".join(f'"{n}":1' for n in range(90_000)) + "}").encode())
    )
    yield named("a number of 100,000 digits", make.post(UNITS, b'{"on":' + b"9" * 100_000 + b"}"))
    yield named("a fraction of 100,000 digits", make.post(UNITS, b'{"on":0.' + b"9" * 100_000 + b"}"))
    yield named("1e999999999", make.post(UNITS, b'{"on":1e999999999}'))


NO_NUMBERS: tuple[Any, ...] = (
    True,
    False,
    None,
    "1",
    "",
    "1_0",
    "１",
    1.0,
    1.5,
    2**31,
    2**63 - 1,
    2**63,
    -1,
    -(2**63),
    10**30,
    10**5000,
    [1],
    {"n": 1},
)
RAW_NUMBERS = ("1e400", "-1e400", "1e2", "NaN", "Infinity", "1E+2", "2026.0", "2e3")
PLAN = "/v1/pairs/140830/meetings"


def numbers(make: Maker) -> Iterator[Input]:
    """What is no whole number in range, where one is wanted: the year of a planned meeting, and a percentage."""
    good = b'{"on": "2026-12-30", "year": 2026}'
    yield named("a year", make.post(PLAN, good, role="go"), Must.ACCEPTED)
    for each in NO_NUMBERS:
        told = str(each)[:20] if not isinstance(each, int) or abs(each) < 10**30 else "huge"
        yield named(f"year {told!r}", make.post(PLAN, _long({"on": "2026-12-30", "year": each}), role="go"))
    for text in (*RAW_NUMBERS, "-0"):
        yield named(f"year {text}", make.post(PLAN, good.replace(b"2026}", text.encode() + b"}"), role="go"))


def _long(body: Any) -> bytes:
    """Write JSON with numbers of any length."""
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return json.dumps(body).encode()
    finally:
        sys.set_int_max_str_digits(before)


NO_DAYS = (
    "0000-01-01", "0000-00-00", "0001-01-01", "2025-00-01", "2025-01-00", "2025-02-29", "2025-02-30", "2100-02-29", "2025-13-01",
    "2025-01-32", "9999-12-31", "9999-99-99", "10000-01-01", "-2025-01-01", "+2025-01-01", "25-01-06", "2025-1-6",
    "2025/01/06", "20250106", "2025-W02-1", "2025-006", "2025年1月6日", "06.01.2025", "2025-01-06T00:00:00", "2025-01-06T00:00:00Z",
    "2025-01-06 ", " 2025-01-06", "2025-01-06\n", "2025-01-06\x00", "２０２５-０１-０６", "٢٠٢٥-٠١-٠٦", "2025\u201101\u201106",
    "now", "today", "0", "1", "-1", "1736121600", "1736121600000", "1.5", "1e9", "NaN", "inf", "infinity", "", "null",
    "2999-01-01",
)  # fmt: skip
# Moments, though no days and not what a meeting could begin at.
MOMENTS = frozenset({"2025-01-06T00:00:00Z", "9999-12-31T23:59:59Z"})
NO_MOMENTS = (
    "2026-12-30", "2026-12-30T15:00:00", "2026-12-30T24:00:00Z", "2026-12-30T23:60:00Z", "2026-12-30T15:00:00+24:00",
    "2026-12-30T15:00:00+99:99", "2026-12-30T15:00:00 Asia/Shanghai", "2026-12-30T15:00:00CST", "0000-01-01T00:00:00Z",
    "2026-02-30T00:00:00Z", "0", "1767078000", "1767078000.5", "-1", "1e9", "NaN", "", "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00", "2026-12-30T15:00:00+08:00\n", "2026-12-30T15:00:00+08:00\x00", "２０２６-12-30T15:00:00Z",
)  # fmt: skip


def days(make: Maker) -> Iterator[Input]:
    """What is no day of the calendar, no day that there was yet, or written in another way than YYYY-MM-DD."""
    yield named("a day", make.post(UNITS, _unit(name="县气象局", on="2025-01-06")), Must.ACCEPTED)
    yield named("a leap day", make.post(UNITS, _unit(name="县档案局", on="2024-02-29")), Must.EITHER)
    for text in NO_DAYS:
        yield named(f"on {text!r}", make.post(UNITS, _unit(name=f"局{len(text)}", on=text)))
    for value in (0, 1, 1736121600, 20250106, 1.5, True, 10**20, ["2025-01-06"], {"date": "2025-01-06"}):
        yield named(f"on {value!r}", make.post(UNITS, _unit(on=value)))
    base = {"on": "2026-12-30"}
    for text in NO_MOMENTS:
        body = json.dumps({**base, "opened_at": text}).encode()
        yield named(
            f"opened_at {text!r}", make.post(f"{PLAN}/x/opening", body, ("If-Match", '"1"'), role="go")
        )
    good = "2026-12-30T11:00:00%2B08:00"
    yield named("as_of", make.get(f"/v1/pairs/140830/topics?as_of={good}"), Must.ACCEPTED)
    yield named("valid_on", make.get("/v1/pairs/140830/topics?valid_on=2024-02-29"), Must.ACCEPTED)
    for text in (*NO_DAYS, *NO_MOMENTS):
        sent = "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))
        # The first moments of the calendar are before any ledger; a moment with its zone is one.
        past = text == "0001-01-01T00:00:00+14:00"
        yield named(
            f"as_of {text!r}",
            make.get(f"/v1/pairs/140830/topics?as_of={sent}"),
            Must.EITHER if past or text in MOMENTS else Must.REFUSED,
        )
        if text not in {"2026-12-30", "2025-01-06", "0001-01-01"}:
            yield named(f"valid_on {text!r}", make.get(f"/v1/pairs/140830/topics?valid_on={sent}"))
        yield named(
            f"since {text!r}",
            make.get(f"/v1/pairs/140830/history?since={sent}"),
            Must.EITHER if past or text in MOMENTS else Must.REFUSED,
        )
