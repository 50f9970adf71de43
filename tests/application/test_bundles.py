"""The audit bundle and its verifier: whole they agree, and whatever is changed is found where it is."""

import ast
import io
import json
import re
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from application import bundle
from application.figures import FIGURES, MEANS, RATES
from application.ports import Draft
from domain import catalogue, chain
from domain.chain import Head
from domain.regulation import PARAMETERS
from tests import bundles
from tests.application.ledgers import DIVISIONS, city_ledger
from tests.bundles import facts, packed, relinked, repacked, unpacked, verified, verifier, with_lines

PAIR, CITY = "140830", "140800"
DAYS = (date(2024, 12, 31), date(2025, 5, 1), date(2025, 12, 31), date(2026, 6, 30), date(2026, 12, 31))
TODAY = date(2026, 12, 31)


@pytest.fixture(scope="module")
def ledger():
    return city_ledger()


@pytest.fixture(scope="module")
def whole(ledger) -> bytes:
    return packed(ledger, ledger.heads("14"), divisions=DIVISIONS)


@pytest.fixture(scope="module")
def short(ledger) -> bytes:
    """One pair's first facts."""
    last = ledger.pairs[PAIR].entries[11]
    return packed(ledger, {PAIR: Head(position=last.position, hash=last.hash)})


@pytest.fixture
def entries(ledger):
    return list(ledger.pairs[PAIR].entries[:12])


def found(content: bytes, folder: Path, *arguments) -> str:
    code, said = verified(content, folder, *arguments)
    assert code == verifier.FOUND, said
    return said


# --- whole ---------------------------------------------------------------------------------------------------


def test_r094_a_whole_bundle_verifies_and_tells_how_much(ledger, whole, tmp_path):
    code, said = verified(whole, tmp_path)
    assert code == verifier.FINE, said
    count = sum(len(each.entries) for each in ledger.pairs.values())
    assert f"核验事实 {count} 条" in said


def test_r093_the_same_facts_give_the_same_bytes(ledger, whole, monkeypatch):
    assert packed(ledger, ledger.heads("14"), divisions=DIVISIONS) == whole
    monkeypatch.setattr(bundle, "BATCH", 7)
    again = packed(ledger, dict(reversed(ledger.heads("14").items())), divisions=reversed(DIVISIONS))
    assert unpacked(again) == unpacked(whole)


def test_r094_a_bundle_is_made_batch_by_batch(ledger, monkeypatch):
    """No more than one batch is read for each piece that is taken, and none is asked for that is not wanted yet."""
    monkeypatch.setattr(bundle, "BATCH", 10)
    asked = []

    class Watched:
        def history(self, tenant, *, after, limit):
            asked.append(limit)
            return ledger.history(tenant, after=after, limit=limit)

    pieces = bundle.stream(Watched(), ledger.heads("14"), days=bundles.DAYS, divisions=DIVISIONS)
    before = 0
    for _ in pieces:
        assert len(asked) - before <= 1
        before = len(asked)
    facts_there = sum(len(each.entries) for each in ledger.pairs.values())
    assert max(asked) <= 10
    assert len(asked) >= facts_there / 10


def test_r094_what_is_appended_meanwhile_is_left_out(ledger, short):
    lines = unpacked(short)[facts(PAIR)].splitlines()
    assert len(lines) == 12
    assert json.loads(unpacked(short)["manifest.json"])["pairs"][0]["position"] == 12


@pytest.mark.parametrize("state", [b"\xff\xfe{}", '{"a":"𠮷\\u0000\u2028"}'.encode(), b"", b"\x00\n\r"])
def test_r094_the_exact_bytes_come_back_whatever_they_are(entries, state):
    entry = next(relinked([replace(entries[0], state=state)]))
    line = bundle.line(entry)
    assert line.count(b"\n") == 1
    read = verifier.entry_of(line[:-1])
    assert (read.state, read.hash, read.recorded_at) == (
        state,
        entry.hash,
        chain.microseconds(entry.recorded_at),
    )
    assert verifier.preimage(read) == chain.preimage(entry)


def test_the_verifier_imports_the_standard_library_and_cryptography_only():
    tree = ast.parse(bundles.VERIFIER.read_text(encoding="utf-8"))
    named = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [each.name for each in node.names] if isinstance(node, ast.Import) else [node.module or "."]
        )
    }
    assert named <= {*sys.stdlib_module_names, "cryptography"}
    calls = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"__import__", "exec", "eval", "compile"}
    assert "importlib" not in named


# --- changed -------------------------------------------------------------------------------------------------


def test_r094_one_bit_in_every_byte_of_an_entry_is_found_at_its_position(short, tmp_path):
    """The manifest is made to fit each time, so that it is the fact itself that shows the change."""
    lines = unpacked(short)[facts(PAIR)].splitlines(keepends=True)
    tried = 0
    for at in range(len(lines[4])):
        changed = bytearray(lines[4])
        changed[at] ^= 1 << at % 8
        said = found(with_lines(short, PAIR, [*lines[:4], bytes(changed), *lines[5:]]), tmp_path)
        assert f"{PAIR} 位置 5：" in said, (at, said)
        tried += 1
    assert tried > 500


def test_r094_another_spelling_of_the_same_fact_is_found(short, tmp_path):
    lines = unpacked(short)[facts(PAIR)].splitlines(keepends=True)
    for other in (
        lines[4].replace(b'","', b'", "', 1),
        lines[4].replace(b'"actor"', b'"\\u0061ctor"', 1),
        json.dumps(json.loads(lines[4])).encode() + b"\n",
    ):
        assert other != lines[4]
        assert json.loads(other) == json.loads(lines[4])
        assert f"{PAIR} 位置 5：" in found(with_lines(short, PAIR, [*lines[:4], other, *lines[5:]]), tmp_path)


REARRANGED = {
    "deleted": (lambda lines: [*lines[:4], *lines[5:]], 5),
    "first deleted": (lambda lines: lines[1:], 1),
    "last deleted": (lambda lines: lines[:-1], 12),
    "swapped": (lambda lines: [*lines[:4], lines[5], lines[4], *lines[6:]], 5),
    "twice": (lambda lines: [*lines[:5], lines[4], *lines[5:]], 6),
    "inserted": (lambda lines: [*lines[:4], lines[9], *lines[4:]], 5),
    "one more": (lambda lines: [*lines, lines[-1]], 13),
    "cut": (lambda lines: [*lines[:-1], lines[-1][:-9]], 12),
    "blank line": (lambda lines: [*lines[:4], b"\n", *lines[4:]], 5),
    "nothing": (lambda lines: [], 1),
}


@pytest.mark.parametrize("way", REARRANGED)
def test_r094_what_is_rearranged_is_found_at_its_position(short, tmp_path, way):
    change, position = REARRANGED[way]
    lines = unpacked(short)[facts(PAIR)].splitlines(keepends=True)
    assert f"{PAIR} 位置 {position}：" in found(with_lines(short, PAIR, change(lines)), tmp_path)


LINKED_ANEW = {
    "another pair's": (lambda entry: replace(entry, tenant=CITY), "另一个单位"),
    "version": (lambda entry: replace(entry, version=entry.version + 1), "版本不连续"),
    "later than the next": (
        lambda entry: replace(entry, recorded_at=entry.recorded_at.replace(year=2030)),
        "位置 2：记入时间早于",
    ),
    "no json": (lambda entry: replace(entry, state=b"{"), "无法解读"),
    "twice a key": (lambda entry: replace(entry, state=b'{"on":"2025-01-01",' + entry.state[1:]), "键重复"),
    "a fraction": (lambda entry: replace(entry, state=b'{"amount":1.5,' + entry.state[1:]), "不是整数"),
    "not a number": (lambda entry: replace(entry, state=b'{"on":NaN}'), "无法解读"),
    "half a character": (lambda entry: replace(entry, state=b'{"on":"\\ud800"}'), "无法解读"),
    "deep": (lambda entry: replace(entry, state=b"[" * 100_000), "嵌套过深"),
    "a list": (lambda entry: replace(entry, state=b"[]"), "无法解读"),
    "no day": (lambda entry: replace(entry, state=b'{"on":"2025-13-01"}'), "无法解读"),
}


@pytest.mark.parametrize("way", LINKED_ANEW)
def test_r094_what_no_rule_made_is_found_even_where_it_is_linked(short, entries, tmp_path, way):
    change, told = LINKED_ANEW[way]
    # The first fact is of the pair itself, which every figure asks for.
    made = list(relinked([change(entries[0]), *entries[1:]]))
    content = with_lines(short, PAIR, map(bundle.line, made), end=Head(position=12, hash=made[-1].hash))
    said = found(content, tmp_path, "--year", 2025)
    assert f"{PAIR} 位置 {2 if way.startswith('later') else 1}：" in said
    assert told in said


def test_r094_a_gap_is_found_even_where_it_is_linked(short, entries, tmp_path):
    made = list(
        relinked([*entries[:4], *(replace(each, position=each.position + 1) for each in entries[4:])])
    )
    content = with_lines(short, PAIR, map(bundle.line, made), end=Head(position=13, hash=made[-1].hash))
    assert f"{PAIR} 位置 5：位置不连续，此处实为位置 6" in found(content, tmp_path)


def test_r094_an_entry_that_hangs_on_nothing_is_found(short, entries, tmp_path):
    """Each entry fits its own hash, and the fifth names another one before it than there is."""
    made = list(relinked(entries[:4]))
    head = Head(position=4, hash=bytes(32))
    for each in entries[4:]:
        loose = replace(each, prev_hash=head.hash)
        loose = replace(loose, hash=chain.link(loose))
        head = Head(position=loose.position, hash=loose.hash)
        made.append(loose)
    said = found(with_lines(short, PAIR, map(bundle.line, made), end=head), tmp_path)
    assert f"{PAIR} 位置 5：与前一条的哈希不衔接" in said


def test_r094_a_history_written_anew_is_found_beside_an_earlier_bundle(short, entries, tmp_path):
    """All hashes are made to fit, so only what is held outside tells it; without that it goes unseen."""
    held = tmp_path / "held.zip"
    held.write_bytes(short)
    forged = replace(entries[6], state=entries[6].state.replace(b"2025", b"2024", 1))
    made = list(relinked([*entries[:6], forged, *entries[7:]]))
    content = with_lines(short, PAIR, map(bundle.line, made), end=Head(position=12, hash=made[-1].hash))
    assert verified(content, tmp_path)[0] == verifier.FINE
    assert f"{PAIR} 位置 7：与以前的审计包" in found(content, tmp_path, "--earlier", held)


def test_r094_an_old_backup_is_found_beside_a_later_bundle(ledger, short, tmp_path):
    held = tmp_path / "held.zip"
    held.write_bytes(packed(ledger, {PAIR: ledger.heads("14")[PAIR]}))
    said = found(short, tmp_path, "--earlier", held)
    assert f"{PAIR} 位置 13：以前的审计包" in said
    assert verified(held.read_bytes(), tmp_path, "--earlier", held)[0] == verifier.FINE


def test_r094_a_changed_digest_or_end_is_found(short, tmp_path):
    members = unpacked(short)
    manifest = json.loads(members["manifest.json"])
    for name in manifest["files"]:
        other = json.loads(members["manifest.json"])
        other["files"][name]["sha256"] = "0" * 64
        content = repacked({**members, "manifest.json": chain.canonical(other)}, digests=False)
        assert f"{name} 的摘要" in found(content, tmp_path)
    manifest["pairs"][0]["hash"] = "0" * 64
    content = repacked({**members, "manifest.json": chain.canonical(manifest)}, digests=False)
    assert f"{PAIR} 位置 12：" in found(content, tmp_path)


def test_r083_another_calendar_than_the_published_one_is_found(short, tmp_path):
    members = unpacked(short)
    members["calendar.json"] = members["calendar.json"].replace(b"2025-01-01", b"2025-01-02")
    assert "工作日历" in found(repacked(members), tmp_path)


# --- hostile -------------------------------------------------------------------------------------------------


def archive(members, **more) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **more) as made:
        for name, raw in members:
            made.writestr(name, raw)
    return out.getvalue()


def of_manifest(short: bytes, change) -> bytes:
    members = unpacked(short)
    manifest = json.loads(members["manifest.json"])
    change(manifest)
    return archive({**members, "manifest.json": json.dumps(manifest).encode()}.items())


def raw_manifest(short: bytes, raw: bytes) -> bytes:
    return archive({**unpacked(short), "manifest.json": raw}.items())


HOSTILE = {
    "nothing": lambda short: b"",
    "no archive": lambda short: b"not a zip" * 100,
    "cut": lambda short: short[: len(short) // 2],
    "no end": lambda short: short[:-30],
    "a directory elsewhere": lambda short: b"PK\x06\x07".join([short[:-22], bytes(16) + short[-22:]]),
    "a boundless directory": lambda short: short[:-10] + b"\xff\xff\xff\x7f" + short[-6:],
    "an end within the end": lambda short: short[:-10] + b"PK\x05\x06" + short[-6:],
    "no manifest": lambda short: archive([("calendar.json", b"{}")]),
    "no facts": lambda short: archive([each for each in unpacked(short).items() if "facts" not in each[0]]),
    "a path upwards": lambda short: archive([*unpacked(short).items(), ("../../etc/passwd", b"x")]),
    "an absolute path": lambda short: archive([*unpacked(short).items(), ("/etc/passwd", b"x")]),
    "another file": lambda short: archive([*unpacked(short).items(), ("readme.txt", b"x")]),
    "one name twice": lambda short: archive([*unpacked(short).items(), (facts(PAIR), b"x")]),
    "a bomb": lambda short: archive(
        [*unpacked(short).items(), (facts(CITY), b"\0" * (40 << 20))], compression=zipfile.ZIP_DEFLATED
    ),
    "another method": lambda short: archive(unpacked(short).items(), compression=zipfile.ZIP_LZMA),
    "no json": lambda short: raw_manifest(short, b"{"),
    "no text": lambda short: raw_manifest(short, b"\xff\xfe"),
    "a list": lambda short: raw_manifest(short, b"[]"),
    "deep": lambda short: raw_manifest(short, b"[" * 200_000),
    "deep objects": lambda short: raw_manifest(short, b'{"a":' * 200_000),
    "a key twice": lambda short: raw_manifest(short, b'{"format":"lianxi-bundle/v1","format":"x"}'),
    "NaN": lambda short: of_manifest(short, lambda made: made.update(moment=float("nan"))),
    "a fraction": lambda short: of_manifest(short, lambda made: made.update(moment=1.5)),
    "half a character": lambda short: of_manifest(short, lambda made: made.update(program="\ud800")),
    "another format": lambda short: of_manifest(short, lambda made: made.update(format="lianxi-bundle/v9")),
    "a boundless moment": lambda short: of_manifest(short, lambda made: made.update(moment=10**30)),
    "a boundless number": lambda short: raw_manifest(short, b'{"format":' + b"9" * 10_000 + b"}"),
    "pairs of another kind": lambda short: of_manifest(short, lambda made: made.update(pairs=7)),
    "a pair with a path": lambda short: of_manifest(short, lambda made: made["pairs"][0].update(pair="../x")),
    "a negative end": lambda short: of_manifest(short, lambda made: made["pairs"][0].update(position=-1)),
    "a true end": lambda short: of_manifest(short, lambda made: made["pairs"][0].update(position=True)),
    "a pair twice": lambda short: of_manifest(short, lambda made: made["pairs"].append(made["pairs"][0])),
    "a pair more": lambda short: of_manifest(
        short, lambda made: made["pairs"].append({**made["pairs"][0], "pair": CITY})
    ),
    "a calendar of another kind": lambda short: archive({**unpacked(short), "calendar.json": b"[]"}.items()),
    "divisions of another kind": lambda short: archive({**unpacked(short), "divisions.json": b"7"}.items()),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("way", HOSTILE)
def test_a_hostile_archive_is_told_in_a_sentence(short, tmp_path, way):
    code, said = verified(HOSTILE[way](short), tmp_path)
    assert code == verifier.UNREADABLE, said
    assert "不能核验：" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "line", [b"\0" * (9 << 20), b"[" * 100_000, b"{}", b"null", b'{"a":"\\ud800"}', b"\xff", b"1e999", b"NaN"]
)
def test_a_hostile_line_is_a_finding_at_its_position(short, tmp_path, line):
    lines = unpacked(short)[facts(PAIR)].splitlines(keepends=True)
    said = found(with_lines(short, PAIR, [*lines[:4], line + b"\n", *lines[4:]]), tmp_path)
    assert f"{PAIR} 位置 5：" in said
    # What is too long is not read to its end.
    assert ("这一行过长" in said) is (len(line) > verifier.MOST_LINE)


def test_bytes_damaged_on_the_way_are_told(short, tmp_path):
    """Whatever byte of the archive is damaged: nobody is shown a stack, and nothing damaged passes as whole."""
    passed = []
    for at in range(0, len(short), 7):
        damaged = bytearray(short)
        damaged[at] ^= 0xFF
        code, said = verified(bytes(damaged), tmp_path)
        assert "Traceback" not in said
        if code == verifier.FINE:
            passed.append(at)
    # Fields that say nothing of the content, such as times, may be damaged without harm.
    assert len(passed) < len(short) / 7 / 4


def test_what_is_printed_cannot_steer_a_terminal(short, tmp_path):
    content = of_manifest(short, lambda made: made.update(program="\x1b[2J\u202e正常"))
    _, said = verified(content, tmp_path)
    assert "\x1b" not in said
    assert "\u202e" not in said


# --- figures -------------------------------------------------------------------------------------------------


def test_r092_the_verifier_knows_every_fact_figure_and_rate():
    assert set(catalogue.FACTS) == verifier.KNOWN_FACTS
    assert set(FIGURES) == verifier.FIGURES
    assert {name: (one, other) for name, (_, one, other) in RATES.items()} == verifier.RATES
    assert {name: figure for name, (_, figure) in MEANS.items()} == verifier.MEANS
    for name, value in verifier.BUILT_IN.items():
        built_in = getattr(PARAMETERS, name)
        assert value == (list(built_in) if isinstance(built_in, tuple) else built_in)


def test_r092_every_released_sample_is_read():
    taken = set()
    for path in sorted((Path(__file__).parents[1] / "samples" / "v1").glob("*.json")):
        for topic, state in json.loads(path.read_text(encoding="utf-8")).items():
            kind = topic.partition(".")[0]
            record = verifier.Record(PAIR)
            record.pair._organs = {side: {} for side in verifier.SIDES}
            record.pair._state = record.pair._state._replace(regimes=((date(2025, 1, 1), None, ""),))
            if topic == "pair.organ_renamed":
                record.pair._organs = {side: {date(2020, 1, 1): "甲"} for side in verifier.SIDES}
            record.take(f"{kind}:x" if kind in verifier.SUBJECTS else kind, topic, json.loads(state))
            assert not record.unknown
            taken.add(topic)
    assert taken == set(catalogue.FACTS)


@pytest.mark.parametrize("on", DAYS)
def test_r092_the_figures_recomputed_from_facts_are_the_reports(ledger, whole, tmp_path, on):
    for today in {on, TODAY}:
        report = bundles.report_of(ledger, on=on, today=today, divisions=DIVISIONS)
        code, said = verified(whole, tmp_path, "--report", bundles.written(report, tmp_path))
        assert code == verifier.FINE, said
        assert re.search(r"比对 \d{3,} 项", said)


def test_r092_a_report_of_an_earlier_end_is_recomputed_from_the_facts_until_then(tmp_path):
    """The bundle goes on; the report is judged by the positions that it rests on."""
    ledger = city_ledger()
    report = bundles.report_of(ledger, on=TODAY, today=TODAY, divisions=DIVISIONS)
    late = ledger.pairs[CITY].entries
    with ledger.session(
        CITY, command_id="later", after=Head(position=len(late), hash=late[-1].hash)
    ) as session:
        session.append([planned()], actor="GO", request_hash=bytes(32), answer={}, rows=[])
    content = packed(ledger, ledger.heads("14"), divisions=DIVISIONS)
    path = bundles.written(report, tmp_path)
    assert verified(content, tmp_path, "--report", path)[0] == verifier.FINE
    older = packed(city_ledger(), {**city_ledger().heads("14"), CITY: Head(position=5, hash=late[4].hash)})
    assert "包内可核验的事实止于 5" in found(older, tmp_path, "--report", path)


def planned() -> Draft:
    fact = {"on": "2026-12-01", "by": {}, "year": 2026}
    return Draft(stream="meeting:LATE", version=1, topic="meeting.planned", state=chain.canonical(fact))


def changed(report, folder: Path, change) -> Path:
    """Write a report with a change, its SHA-256 made to fit."""
    body = report.model_dump(mode="json")
    change(body)
    body["sha256"] = chain.content_hash({name: each for name, each in body.items() if name != "sha256"})
    path = folder / "changed.json"
    path.write_bytes(chain.canonical(body))
    return path


def test_r092_every_figure_that_is_changed_is_found_and_named(ledger, whole, tmp_path):
    report = bundles.report_of(ledger, on=TODAY, today=TODAY, divisions=DIVISIONS)
    place = next(n for n, each in enumerate(report.pairs) if each.pair == PAIR)

    def all_one_more(body):
        for numbers in (body["pairs"][place], body["mandatory"], body["voluntary"]):
            for name in numbers["figures"]:
                numbers["figures"][name] += 1
            for each in (*numbers["rates"].values(), *numbers["means"].values()):
                each["text"] += " "

    verifier.Told.MOST, most = 10_000, verifier.Told.MOST
    try:
        said = found(whole, tmp_path, "--report", changed(report, tmp_path, all_one_more))
    finally:
        verifier.Told.MOST = most
    for where in (PAIR, "应建制合计", "参照建制合计"):
        for name in FIGURES:
            assert f"：{where} 指标 {name}（" in said
        for name in RATES:
            assert f"：{where} 比率 {name}：" in said
        for name in MEANS:
            assert f"：{where} 平均 {name}：" in said


ALTERED = {
    "the sum alone": lambda body: body,
    "the title": lambda body: body.update(title="别的"),
    "a pair left out altogether": lambda body: body.update(
        pairs=body["pairs"][:-1], rests_on=body["rests_on"][:-1]
    ),
    "a definition left out": lambda body: body["definitions"].pop(),
    "a name": lambda body: body["pairs"][0].update(official_name="别的"),
    "a state": lambda body: body["pairs"][0].update(state="not_due"),
    "a pair left out": lambda body: body["pairs"].pop(),
    "who is missing": lambda body: body.update(unregistered=[]),
    "a figure left out": lambda body: body["mandatory"]["figures"].pop("held"),
    "ended": lambda body: body.update(ended=not body["ended"]),
    "an end": lambda body: body["rests_on"][0].update(hash="0" * 64),
    "a text for a number": lambda body: body["mandatory"]["figures"].update(held="2"),
}
MISSING = (
    *DIVISIONS,
    *(each.model_copy(update={"code": "140829", "name": "闻喜县"}) for each in DIVISIONS[:1]),
)


@pytest.mark.parametrize("way", ALTERED)
def test_r092_what_is_altered_in_a_report_is_found(ledger, tmp_path, way):
    divisions = [each for each in MISSING if each.mandatory or each.code in ledger.pairs]
    content = packed(ledger, ledger.heads("14"), divisions=divisions)
    report = bundles.report_of(ledger, on=DAYS[2], today=TODAY, divisions=divisions)
    assert report.unregistered
    assert verified(content, tmp_path, "--report", bundles.written(report, tmp_path))[0] == verifier.FINE
    path = changed(report, tmp_path, ALTERED[way])
    if way == "the sum alone":
        path.write_bytes(path.read_bytes().replace(report.sha256.encode(), b"0" * 64))
    found(content, tmp_path, "--report", path)


def test_r092_what_is_not_recomputed_is_said(ledger, whole, tmp_path):
    report = bundles.report_of(ledger, on=TODAY, today=TODAY, divisions=DIVISIONS)

    def grown(body):
        body["pairs"][0]["figures"]["decisions.new"] = 3
        body["new_part"] = 1

    said = found(whole, tmp_path, "--report", changed(report, tmp_path, grown))
    assert "未核算：" in said
    assert "decisions.new" in said
    assert "new_part" in said
    alone = packed(ledger, {PAIR: ledger.heads("14")[PAIR]}, divisions=DIVISIONS)
    said = found(alone, tmp_path, "--report", bundles.written(report, tmp_path))
    assert f"依据 {CITY} 的台账，包内没有" in said
    assert "合计（有单位未核算）" in said


def test_r092_a_fact_of_a_newer_program_leaves_its_pair_uncounted(ledger, short, entries, tmp_path):
    made = list(relinked([*entries[:-1], replace(entries[-1], topic="pair.unheard_of")]))
    content = with_lines(short, PAIR, map(bundle.line, made), end=Head(position=12, hash=made[-1].hash))
    assert verified(content, tmp_path)[0] == verifier.FINE
    said = found(content, tmp_path, "--year", 2025)
    assert "pair.unheard_of" in said


def test_a_report_that_cannot_be_read_is_told(whole, tmp_path):
    path = tmp_path / "report.json"
    for raw in (b"", b"[]", b"{}", b'{"format":"lianxi-report/v3"}', b"\xff", b"[" * 100_000):
        path.write_bytes(raw)
        assert verified(whole, tmp_path, "--report", path)[0] == verifier.UNREADABLE
    assert verified(whole, tmp_path, "--report", tmp_path / "none.json")[0] == verifier.UNREADABLE
    assert verified(whole, tmp_path, "--year", 2025, "--on", "2026-01-01")[0] == verifier.UNREADABLE
    assert verified(whole, tmp_path, "--year", 2025, "--on", "yesterday")[0] == verifier.UNREADABLE


def test_r093_an_act_dated_before_the_one_before_it_counts_from_that_ones_day():
    line = verifier.Timeline()
    for day, state in ((5, "a"), (3, "b"), (9, "b"), (7, "c")):
        line.add(date(2025, 1, day), state)
    assert line.steps == [(date(2025, 1, 5), "b"), (date(2025, 1, 7), "c")]
    assert line.at(date(2025, 1, 4)) is None
