"""Requests that are odd before their content is: tokens, headers, methods, paths, content types, sizes."""

import gzip
import json
import zlib
from collections.abc import Iterator

from api.limits import XLSX
from tests.fuzz.inputs import UNITS, Input, Maker, Must, key, named
from tests.fuzz.wire import JSON, Header, message, raw

PAIR = "/v1/pairs/140830"
TOPICS = f"{PAIR}/topics"
BODY = json.dumps({"on": "2025-01-06", "name": "县统计局", "side": "government"}).encode()
IDEMPOTENCY = "Idempotency-Key"


def tokens(make: Maker) -> Iterator[Input]:
    """Authorization that is none; nobody is let in, and nothing is told."""
    good = make.tokens["auditor"]

    def with_(*values: bytes | str, name: str = "Authorization") -> bytes:
        return message("GET", TOPICS, [(name, value) for value in values])

    yield named("as it should be", with_(f"Bearer {good}"), Must.ACCEPTED)
    yield named("scheme in lower case", with_(f"bearer {good}"), Must.ACCEPTED)
    yield named("name in capitals", with_(f"Bearer {good}", name="AUTHORIZATION"), Must.ACCEPTED)
    bad: list[bytes | str] = [
        "", " ", "Bearer", "Bearer ", "Bearer  ", good, f"Basic {good}", f"Token {good}", f"Bearer\t{good}", f"Bearer:{good}",
        f"Bearer {good}x", f"Bearer {good[:-1]}", f"Bearer {good[1:]}", f"Bearer {good.upper()}", f"Bearer {good} {good}",
        f"Bearer {good},Bearer {good}", f"Bearer {good};x", f'Bearer "{good}"', f"Bearer {good}\x00", f"Bearer \x00{good}",
        f"Bearer lx_{'A' * 43}", f"Bearer lx_{'0' * 43}", "Bearer lx_", "Bearer lxs_x", f"Bearer lxk_{good[3:]}", "Bearer null", "Bearer undefined",
        "Bearer ' OR 1=1 --", "Bearer ../../etc/passwd", "Bearer é", f"Bearer ｌｘ_{good[3:]}", b"Bearer \xff\xfe", "Bearer 芮城", f"Bearer {'A' * 10_000}",
        f"Bearer {'lx_' * 300}", f"Digest username=x, response={good}", "Negotiate YII=", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
    ]  # fmt: skip
    for each in bad:
        yield named(f"token {str(each)[:40]!r}", with_(each))
    yield Input(name="a megabyte", sent=with_(f"Bearer {'A' * (1 << 20)}"), cut=True)
    yield named("none", message("GET", TOPICS, []))
    yield named("a second that is bad", with_(f"Bearer {good}", "Bearer x"))
    yield named("a first that is bad", with_("Bearer x", f"Bearer {good}"))
    yield named("two good ones", with_(f"Bearer {good}", f"Bearer {make.tokens['reader']}"))
    yield named("in the query", message("GET", f"{TOPICS}?access_token={good}", []))
    yield named("in a cookie", message("GET", TOPICS, [("Cookie", f"access_token={good}; token={good}")]))
    yield named("as a proxy's", with_(f"Bearer {good}", name="Proxy-Authorization"))
    yield named("folded", b"GET %b HTTP/1.1\r\nHost: x\r\nAuthorization:\r\n Bearer x\r\n\r\n" % raw(TOPICS))
    yield named(
        "as somebody else",
        message(
            "GET",
            TOPICS,
            [("X-Forwarded-User", "p-auditor"), ("X-User", "p-auditor"), ("X-Remote-User", "p-auditor")],
        ),
    )


def headers(make: Maker) -> Iterator[Input]:
    """Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, lengths and the rest, in bad forms."""

    def post(*more: Header, keyed: bool = False, body: bytes = BODY) -> bytes:
        own = [key()] if keyed else []
        return message("POST", UNITS, [make.who("administrator"), JSON, *own, *more], body)

    yield named("as it should be", post(keyed=True), Must.ACCEPTED)
    yield named("without a key", post())
    keys: list[bytes | str] = [
        "", " ", "short", "x" * 65, "x" * 5000, "key with spaces", "key\x00key1", "key-\x7f-key", "ключ-ключ", "键键键键键键键键", b"key-\xff\xfe-key",
        "key/key/key", "key;key;key", "key,key,key", '"key-key-1"', "key\tkey\tkey", "%6b%65%79key", "key-key-é",
    ]  # fmt: skip
    for each in keys:
        yield named(f"key {str(each)[:30]!r}", post((IDEMPOTENCY, each)))
    yield named("two keys", post((IDEMPOTENCY, "two-keys-001"), (IDEMPOTENCY, "two-keys-002")))
    yield named("the same key twice", post((IDEMPOTENCY, "two-keys-003"), (IDEMPOTENCY, "two-keys-003")))
    yield named("key and KEY", post((IDEMPOTENCY, "two-keys-004"), (IDEMPOTENCY.upper(), "two-keys-005")))

    def opening(*more: Header) -> bytes:
        body = b'{"on": "2026-12-30", "research": {}}'
        return message(
            "POST", f"{PAIR}/rulebook/rebasing", [make.who("administrator"), JSON, key(), *more], body
        )

    versions: list[bytes | str] = [
        "", "*", "1", 'W/"1"', 'w/"1"', '"1', '1"', '""', '"-1"', '"+1"', '"1.0"', '"01"', '"1e3"', '"１"', '"1" ', '"1", "2"', "'1'", '"1"\x00', '"x"',
        '"9999999999"', '"' + "9" * 30 + '"', '"' + "9" * 5000 + '"', '"\x00"', b'"\xff"', '" 1"', '"1_0"', "null", "W/*",
    ]  # fmt: skip
    for each in versions:
        yield named(f"If-Match {str(each)[:30]!r}", opening(("If-Match", each)))
    yield named("two If-Match", opening(("If-Match", '"1"'), ("If-Match", '"2"')))
    unit = f"{PAIR}"
    for each in versions:
        yield named(f"If-None-Match {str(each)[:30]!r}", make.get(unit, ("If-None-Match", each)), Must.EITHER)
    events = f"{PAIR}/events"
    ids: list[bytes | str] = [
        "x", "-1", "0.5", "1e3", "９", "9" * 30, "9" * 500, "\x00", b"\xff", "1\x00", "null", "' OR 1", "140822:1", "1,2", "01x", "+1", " ",
        "eyJhIjoxfQ", "999999999",
    ]  # fmt: skip
    for each in ids:
        must = Must.EITHER if str(each).strip() in {"", "+1"} else Must.REFUSED
        yield named(f"Last-Event-ID {str(each)[:30]!r}", make.get(events, ("Last-Event-ID", each)), must)
    yield named("two Last-Event-ID", make.get(events, ("Last-Event-ID", "1"), ("Last-Event-ID", "2")))
    yield from _lines(make)


def _lines(make: Maker) -> Iterator[Input]:
    """Head lines that two servers could read in two ways."""
    who = b": ".join(map(raw, make.who("administrator")))
    start = b"POST %b HTTP/1.1\r\nHost: x\r\n%b\r\nContent-Type: application/json\r\nIdempotency-Key: lines-%%03d\r\n"
    begin = start % (raw(UNITS), who)
    size = b"Content-Length: %d\r\n" % len(BODY)
    heads = {
        "two lengths": size + b"Content-Length: 1\r\n",
        "lengths in one": b"Content-Length: %d, 1\r\n" % len(BODY),
        "length and chunks": size + b"Transfer-Encoding: chunked\r\n",
        "length -1": b"Content-Length: -1\r\n",
        "length +": b"Content-Length: +%d\r\n" % len(BODY),
        "length 0x": b"Content-Length: 0x10\r\n",
        "length huge": b"Content-Length: 99999999999999999999\r\n",
        "length over the limit": b"Content-Length: 1048577\r\n",
        "length of no digits": b"Content-Length: \xd9\xa1\r\n",
        "chunked twice": b"Transfer-Encoding: chunked, chunked\r\n",
        "unknown coding": b"Transfer-Encoding: gzip\r\n",
        "identity": b"Transfer-Encoding: identity\r\n" + size + b"Transfer-Encoding: chunked\r\n",
        "space before the colon": b"Content-Length : %d\r\n" % len(BODY),
        "folded line": size + b"X-A: b\r\n c\r\n",
        "bare CR": size + b"X-A: b\rX-C: d\r\n",
        "NUL in a value": size + b"X-A: b\x00\r\n",
        "no colon": size + b"X-A\r\n",
        "empty name": size + b": x\r\n",
        "two hosts": size + b"Host: y\r\n",
    }
    for number, (name, lines) in enumerate(heads.items()):
        # RFC 9112 lets a server put a folded line together.
        must = Must.EITHER if name == "folded line" else Must.REFUSED
        yield named(name, begin % number + lines + b"Connection: close\r\n\r\n" + BODY, must)
    yield named(
        "expect", begin % 100 + size + b"Expect: nonsense\r\nConnection: close\r\n\r\n" + BODY, Must.EITHER
    )
    many = b"".join(b"X-%d: y\r\n" % n for n in range(2000))
    yield named("2,000 headers", begin % 101 + size + many + b"Connection: close\r\n\r\n" + BODY, Must.EITHER)
    long = begin % 102 + size + b"X-A: " + b"y" * (1 << 20) + b"\r\n\r\n" + BODY
    yield Input(name="a header of 1 MB", sent=long, cut=True)
    chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
    chunked = b"Transfer-Encoding: chunked\r\n\r\n"
    yield named("chunks", begin % 103 + chunked + chunk, Must.ACCEPTED)
    yield named("chunk of a bad size", begin % 104 + chunked + b"zz\r\n" + BODY + b"\r\n0\r\n\r\n")
    yield named("chunk of a huge size", begin % 105 + chunked + b"f" * 40 + b"\r\n" + BODY)
    yield named(
        "chunks over the limit",
        begin % 106 + chunked + b"".join(b"10000\r\n%b\r\n" % (b" " * 65536) for _ in range(20)) + chunk,
    )
    for name, first in {
        "no version": b"GET /livez\r\n\r\n", "no target": b"GET  HTTP/1.1\r\nHost: x\r\n\r\n",
        "rubbish": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 50, "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "no host": b"GET /v1/pairs HTTP/1.1\r\n\r\n", "LF alone": b"GET /v1/pairs HTTP/1.1\nHost: x\n\n", "spaces": b"GET   /v1/pairs   HTTP/1.1\r\nHost: x\r\n\r\n",
    }.items():  # fmt: skip
        yield named(name, first)


METHODS = (
    "TRACE",
    "CONNECT",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "PROPFIND",
    "QUERY",
    "get",
    "Get",
    "post",
    "GETT",
    "X" * 100,
    "BREW",
    "GET\x00",
    "PRI",
)


def methods(make: Maker) -> Iterator[Input]:
    """Methods that a path does not have; an overriding header does not help."""
    yield named("GET", make.get(TOPICS), Must.ACCEPTED)
    yield Input(name="HEAD", sent=make.get(TOPICS, method="HEAD"), must=Must.ACCEPTED, head=True)
    for method in METHODS:
        for target in (TOPICS, f"{TOPICS}/x", PAIR, "/v1/pairs", "/livez", "/nowhere", "*"):
            yield named(f"{method[:20]!r} {target}", make.get(target, method=method))
        yield named(f"{method[:20]!r} with a body", make.post(UNITS, BODY, method=method))
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        body = b'{"on": "2026-12-30"}'
        sent = make.post(f"{PAIR}/nowhere", body, (name, "GET"))
        yield named(f"{name}: GET", sent)
        yield named(f"{name}: DELETE", make.get(TOPICS, (name, "DELETE")), Must.EITHER)


def paths(make: Maker) -> Iterator[Input]:
    """Paths that mean another one, or none."""
    yield named("as it should be", make.get(TOPICS), Must.ACCEPTED)
    bad: list[bytes | str] = [
        "/v1/pairs/140830/../140822/topics", "/v1/pairs/140822/..%2f140830/topics", "/v1/pairs/..;/pairs/140830/topics", "/v1/pairs/%2e%2e/pairs/140830/topics",
        "//v1/pairs/140830/topics", "/v1//pairs/140830/topics", "/v1/pairs//140830/topics", "/v1/pairs/140830//topics", "/v1/pairs/140830/topics/",
        "/v1/pairs/140830;x=1/topics", "/v1/pairs/140830/topics;x", "/v1/pairs/140830%00/topics", "/v1/pairs/140830%2ftopics", "/v1/pairs/140830%5ctopics",
        "/v1/pairs/140830/topics%00", "/v1/pairs/140830/topics%0a", "/v1/pairs/140830/topics%20", "/v1/pairs/%c0%ae%c0%ae/topics", "/v1/pairs/140830/topics/%c0%af",
        "/v1/pairs/140830/topics/%ff", "/v1/pairs/140830/topics/%ED%A0%80", "/v1/pairs/140830/topics/%", "/v1/pairs/140830/topics/%zz", "/v1/pairs/140830/topics/%2",
        "/v1/pairs/140830/topics/..", "/v1/pairs/140830/topics/.", "/v1/pairs/140830/topics/..%00", "/v1/pairs/140830/topics/%u0061", "/v1/pairs/１４０８３０/topics",
        "/v1/pairs/%EF%BC%91%EF%BC%94/topics", "/V1/PAIRS/140830/TOPICS", "/v1/pairs/140830/Topics", "/v1/pairs/140830'/topics", "/v1/pairs/140830%27%20OR%201=1/topics",
        "/v1/pairs/null/topics", "/v1/pairs/-1/topics", "/v1/pairs/*/topics", "/v1/pairs/%25/topics", "/v1/pairs/_/topics", "/v1/pairs/140830,140822/topics", "/v1/pairs/140830\n/topics",
        "/v1/pairs/administration/topics", "/v1/pairs/administration", "/v1/pairs/999999/topics", "/v1/pairs/000000", "/v1/pairs/140800/topics/x", "/v1/pairs/%20140830/topics",
        "/static/../api/main.py", "/static/%2e%2e/%2e%2e/main.py", "/static/..%2f..%2fmain.py", "/static/%00", "/static//etc/passwd", "/static/", "/static",
        "/static/swagger-ui.css%00.js", "/static/" + "a" * 5000, "/docs/", "/docs/..", "/openapi.json/", "/openapi.json%00", "/redoc", "/metrics/..", "/.env", "/.git/config", "/v1",
        "/v1/", "/v1/pairs/" + "1" * 5000, "/v1/pairs/140830/topics/" + "a" * 65, "/v1/pairs/140830/topics/" + "a" * 60_000, "/" + "a/" * 5000, "/v1/pairs/140830/topics/a:b",
        "/v1/pairs/140830/history/states/topic/%00", "/v1/pairs/140830/history/states/nothing/x", "/v1/pairs/140830/history/states/topic/x?position=0", "/v1/pairs/140830/history/states/__class__/x",
        "/v1/reports/city/0", "/v1/reports/city/99999", "/v1/reports/city/2025%00", "/v1/reports/city/-1", "/v1/reports/city/2025.0", "/v1/reports/city/%32%30%32%35x", "/v1/reports/city/2_025",
        "/v1/reports/city/２０２５", "/v1/reports/city/+2025", "/v1/reports/city/2025/figures/nothing", "/v1/reports/city/2025/figures/__init__", "v1/pairs", "", "*", "\\v1\\pairs", b"/v1/pairs/\xff", b"/v1/p\x00",
    ]  # fmt: skip
    for each in bad:
        yield named(f"path {str(each)[:60]!r}", make.get(each))
    for each in ("http://127.0.0.1/v1/pairs/140830/topics", "http://evil.example/v1/pairs/140830/topics"):
        yield named(f"path {each}", make.get(each), Must.EITHER)


def queries(make: Maker) -> Iterator[Input]:
    """Queries: long ones, many keys, repeated ones, and what each parameter does not take."""
    history = f"{PAIR}/history"
    yield named("as it should be", make.get(f"{history}?limit=1"), Must.ACCEPTED)
    for target in (TOPICS, history, "/v1/pairs", f"{PAIR}/events"):
        for value in (
            "0",
            "-1",
            "201",
            "1.5",
            "1e2",
            "1_0",
            "%2B5",
            "%EF%BC%95",
            "%205",
            "5%20",
            "5.0",
            "x",
            "",
            "%00",
            "9" * 30,
            "9" * 5000,
            "true",
            "0x5",
            "NaN",
            "[]",
            "%0A5",
        ):
            lenient = target.endswith("events")
            yield named(
                f"{target}?limit={value[:20]}",
                make.get(f"{target}?limit={value}"),
                Must.EITHER if lenient else Must.REFUSED,
            )
        yield named(f"{target}, one name escaped", make.get(f"{target}?limit=1&l%69mit=2"))
        yield named(f"{target}, limit twice", make.get(f"{target}?limit=1&limit=2"))
        yield named(f"{target}, limit twice, second bad", make.get(f"{target}?limit=1&limit=x"))
        yield named(f"{target}, position twice", make.get(f"{target}?position=1&position=2"))
    for value in (
        "0",
        "-1",
        "1.0",
        "1_0",
        "%2B1",
        "%201",
        "9" * 30,
        "x",
        "",
        "%00",
        "9007199254740993",
        "true",
        "999999",
    ):
        yield named(f"position={value[:20]}", make.get(f"{TOPICS}?position={value}"))
    for value in (
        "",
        "x",
        "%00",
        "e30",
        "=",
        "W10",
        "%FF",
        "a" * 501,
        "a" * 60_000,
        "WyIiLCIiXQ",
        "..%2F",
        "bnVsbA",
    ):
        for target in (TOPICS, history, "/v1/pairs"):
            yield named(f"{target}?cursor={value[:20]}", make.get(f"{target}?cursor={value}"))
    for value in ("", "%00", "x%0a", "A", "draft'", "%ED%A0%80", "a" * 41, "draft,approved"):
        yield named(f"status={value[:20]}", make.get(f"{TOPICS}?status={value}"))
    for name in ("subject", "actor", "fact", "kind", "since", "until"):
        for value in (
            "",
            "%00",
            "%ED%A0%80",
            "%FF",
            "..%2f",
            "a" * 2000,
            "%0A",
            "'%20OR%201=1--",
            "%E2%80%AE",
            "{}",
            "[]",
        ):
            if (name, value) != ("actor", ""):
                yield named(f"{name}={value[:20]}", make.get(f"{history}?{name}={value}"), Must.REFUSED)
    yield named("a query of 60 kB", make.get(f"{TOPICS}?x={'a' * 60_000}"), Must.EITHER)
    yield Input(name="a query of 1 MB", sent=make.get(f"{TOPICS}?x={'a' * (1 << 20)}"), cut=True)
    yield named("5,000 keys", make.get(f"{TOPICS}?" + "&".join(f"k{n}=1" for n in range(5000))))
    yield named("no UTF-8", make.get(TOPICS.encode() + b"?status=\xff"))
    yield named("semicolons", make.get(f"{TOPICS}?limit=1;limit=2"))
    yield named("brackets", make.get(f"{TOPICS}?limit[]=x&limit[a]=y"), Must.EITHER)
    yield named("scope of all", make.get("/v1/pairs?scope=%25"))
    yield named("scope in parts", make.get("/v1/pairs?scope=14%2A"))


def contents(make: Maker) -> Iterator[Input]:
    """Content types and codings that a body does not have."""
    yield named("as it should be", make.post(UNITS, BODY), Must.ACCEPTED)
    kinds: list[bytes | str] = [
        "", "text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx", "application/xml", "application/x-json",
        "application/json, text/plain", "json", "application/", "/json", "application /json", "application/json/x", XLSX, "application/octet-stream", "application/yaml", "application/cbor",
        "\x00", b"\xff", "*/*", "application/json\x00", "application/javascript", "application/vnd.api", "x" * 5000,
    ]  # fmt: skip
    for each in kinds:
        yield named(f"type {str(each)[:30]!r}", make.post(UNITS, BODY, ("Content-Type", each)))
    for each in (
        "application/json;charset=utf-16",
        "application/json; charset=gb18030",
        "application/json; charset=latin-1",
        "application/json; charset=x",
    ):
        yield named(f"type {each}", make.post(UNITS, BODY, ("Content-Type", each)), Must.EITHER)
    yield named("two types", make.post(UNITS, BODY, JSON, ("Content-Type", "text/plain")))
    packed = gzip.compress(BODY)
    yield named("gzip", make.post(UNITS, packed, JSON, ("Content-Encoding", "gzip")))
    yield named("gzip without saying so", make.post(UNITS, packed))
    yield named("deflate", make.post(UNITS, zlib.compress(BODY), JSON, ("Content-Encoding", "deflate")))
    bomb = gzip.compress(b" " * (10 << 20) + BODY)
    yield named("a gzip bomb", make.post(UNITS, bomb, JSON, ("Content-Encoding", "gzip")))
    for coding in ("gzip", "br", "zstd", "x", "gzip, gzip"):
        yield named(f"plain, declared {coding}", make.post(UNITS, BODY, JSON, ("Content-Encoding", coding)))
    yield named("identity", make.post(UNITS, BODY, JSON, ("Content-Encoding", "identity")), Must.ACCEPTED)
    yield named("an empty body", make.post(UNITS, b""))
    yield named("a read with a body", message("GET", TOPICS, [make.who("auditor"), JSON], BODY), Must.EITHER)
