"""The command line: what it prints, and how it ends."""

import json
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from typer.testing import CliRunner

from api import bootstrap, cli, start, timekeeper
from api import main as composition
from api.cli import shell
from application import audit, changes, ports, recall
from domain import calendar
from domain.calendar import WeekdayCalendar
from infrastructure import attach, embedded, selfcheck, workbook
from infrastructure.divisions import PackagedDivisions
from infrastructure.settings import Settings, load
from tests import bundles
from tests.application.ledgers import city_ledger
from tests.journeys.stages import office_on
from tests.memory import MemoryLedger

PAIR = "140830"


class MemoryCredentials:
    """Principals and tokens in a dictionary, as far as the command line asks."""

    def __init__(self):
        self.people, self.granted, self.issued = {}, [], []

    def principals(self):
        return [ports.Principal(person_id=key, label=label) for key, label in self.people.items()]

    def enrol(self, person_id, *, label):
        return self.people.setdefault(person_id, label) == label

    def grants(self, person_id):
        return [ports.Grant(role=role, scope=scope) for who, role, scope in self.granted if who == person_id]

    def grant(self, person_id, *, role, scope):
        self.granted.append((person_id, role, scope))

    def issue(self, person_id, *, label, expires_at):
        if person_id not in self.people:
            raise ports.UnknownPrincipal(person_id)
        self.issued.append((person_id, expires_at))
        return f"lx_{len(self.issued)}"

    def withdraw(self, person_id, *, role, scope):
        if (person_id, role, scope) not in self.granted:
            return False
        self.granted.remove((person_id, role, scope))
        return True

    def revoke(self, token_hash):
        return bytes.fromhex(token_hash) == b"\x01"


class NoCheckpoints:
    """Nothing was ever sealed here."""

    def covering(self, scope, ends, *, until=None):
        return {}

    def latest(self, tenant):
        return None

    def listed(self, tenant, *, before=None, limit=100):
        return []

    def epochs(self, pair):
        return []


def system_on(ledger: MemoryLedger, tmp_path) -> SimpleNamespace:
    return SimpleNamespace(
        office=office_on(ledger),
        ledger=ledger,
        views=ledger,
        credentials=MemoryCredentials(),
        divisions=PackagedDivisions(),
        calendar=WeekdayCalendar(),
        workbooks=workbook.XlsxWriter(),
        sealer=SimpleNamespace(checkpoints=NoCheckpoints(), vault=SimpleNamespace(key=lambda: None)),
        settings=Settings(data_dir=tmp_path),
        healthy=list,
        clock=lambda: datetime(2026, 11, 22, 1, tzinfo=UTC),
        today=lambda: date(2026, 11, 22),
    )


@pytest.fixture
def system(monkeypatch, tmp_path) -> SimpleNamespace:
    made = system_on(city_ledger(), tmp_path)
    # A city of those alone, or the other mandatory pairs would be missed.
    listed = [each for each in PackagedDivisions().all() if each.code in made.ledger.pairs]
    made.divisions = SimpleNamespace(all=lambda: listed, find=PackagedDivisions().find)

    @contextmanager
    def opened(**_):
        yield made

    monkeypatch.setattr(shell, "opened", opened)
    return made


def run(*arguments: str):
    return CliRunner().invoke(cli.app, arguments)


def test_help_is_chinese():
    for arguments in ([], ["audit"], ["report"], ["admin"], ["serve"], ["report", "city"]):
        shown = run(*arguments, "--help").output
        assert "显示本说明" in shown
        assert "Options" not in shown
        assert "Show this" not in shown


def test_r092_the_city_report_as_a_table_and_as_json(system):
    table = run("report", "city", "--year", "2025")
    assert table.exit_code == 0
    assert "召开率" in table.stdout
    report = json.loads(run("report", "city", "--year", "2025", "--json", "--scope", "140800").stdout)
    assert report["mandatory"]["figures"]["meetings"] == 2
    assert report["sha256"] in table.stdout
    one = json.loads(run("report", "city", "--year", "2025", "--json", "--scope", PAIR).stdout)
    assert [each["pair"] for each in one["pairs"]] == [PAIR, "140830100", "140830402"]


def test_r010_the_clock_tells_what_it_recorded_in_each_pair(system):
    first = run("clock", "--scope", "140800")
    assert first.exit_code == 0
    told = dict(line.split("  ", 1) for line in first.stdout.splitlines() if line.startswith("14"))
    assert set(told) == set(system.ledger.pairs)
    again = run("clock", "--scope", "140800").stdout.splitlines()
    assert {line.split("  ", 1)[1] for line in again if line.startswith("14")} == {"没有新的事项"}


def test_a_running_server_ticks_and_survives_a_tick_that_fails(system, monkeypatch):
    ticks = []
    monkeypatch.setattr(system.office, "dossier", lambda tenant: ticks.append(tenant) or 1 / 0)
    with timekeeper.ticking(system, "14", first=0.0, every=0.01, pause=0.0):
        deadline = time.monotonic() + 10
        while len(ticks) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert len(ticks) > 1


def test_r092_a_year_that_has_not_begun_is_refused(system):
    refused = run("report", "city", "--year", "2027")
    assert refused.exit_code == cli.FAILED
    assert "尚未开始" in refused.stderr


def test_r094_verify_ends_with_1_on_a_finding_and_names_the_place(system):
    good = run("audit", "verify", "--all")
    assert (good.exit_code, good.stdout.count("完好")) == (0, 5)
    entries = system.ledger.pairs[PAIR].entries
    entries[9] = replace(entries[9], actor="GL2")
    assert run("audit", "verify", "--pair", "140800").exit_code == 0
    bad = run("audit", "verify", "--pair", "140800", "--pair", PAIR)
    assert bad.exit_code == cli.FOUND
    assert f"{PAIR}  不符  位置 10" in bad.stdout
    found = json.loads(run("audit", "verify", "--all", "--json").stdout)
    assert [(each["pair"], each["bad_position"]) for each in found if each["bad_position"]] == [(PAIR, 10)]


def test_r094_the_report_prints_the_ends_that_verify_compares_later(system):
    """Each end in the printed report is one that --expect takes."""
    shown = run("report", "city", "--year", "2025").stdout
    ends = dict(re.findall(r"^  (\d+)  (\d+:[0-9a-f]{64})$", shown, re.MULTILINE))
    assert ends.keys() == system.ledger.heads("14").keys()
    for pair, end in ends.items():
        assert run("audit", "verify", "--pair", pair, "--expect", end).exit_code == 0
    position, _, digest = ends[PAIR].partition(":")
    forged = f"{position}:{'0' * 64}"
    bad = run("audit", "verify", "--pair", PAIR, "--expect", forged)
    assert (bad.exit_code, f"位置 {position}" in bad.stdout) == (cli.FOUND, True)
    longer = run("audit", "verify", "--pair", PAIR, "--expect", f"{int(position) + 1}:{digest}")
    assert (longer.exit_code, "短于" in longer.stdout) == (cli.FOUND, True)
    for wrong in (["--all", "--expect", ends[PAIR]], ["--pair", PAIR, "--expect", "12"]):
        assert run("audit", "verify", *wrong).exit_code == cli.FAILED


def test_r094_a_bundle_is_exported_and_verifies_offline(system, tmp_path):
    system.calendar = bundles.DAYS
    path = tmp_path / "bundle.zip"
    for chosen, count in (
        (["--all"], 5),
        (["--scope", "140800"], 5),
        (["--scope", PAIR], 3),
        (["--pair", PAIR], 1),
    ):
        done = run("audit", "export", "--output", str(path), *chosen)
        assert (done.exit_code, f"{count} 个单位" in done.stderr) == (0, True), done.stderr
        verifier = [sys.executable, "-I", str(bundles.VERIFIER), str(path)]
        told = subprocess.run(verifier, capture_output=True, text=True, check=False, env={"PYTHONUTF8": "1"})
        assert (told.returncode, "未发现问题" in told.stdout, told.stderr) == (0, True, "")
    before = path.read_bytes()
    for wrong in ([], ["--all", "--scope", PAIR], ["--pair", "140829"], ["--scope", "140829"]):
        assert run("audit", "export", "--output", str(path), *wrong).exit_code == cli.FAILED
    assert run("audit", "export", "--output", str(tmp_path / "no" / "b.zip"), "--all").exit_code == cli.FAILED
    assert path.read_bytes() == before
    entries = system.ledger.pairs[PAIR].entries
    del entries[9]
    assert run("audit", "export", "--output", str(path), "--pair", PAIR).exit_code == 0
    code, said = bundles.verify(path)
    assert (code, f"{PAIR} 位置 10：位置不连续" in said) == (cli.FOUND, True)


def test_r094_replay_ends_with_1_on_a_difference(system):
    assert run("audit", "replay", "--all").exit_code == 0
    rows = system.ledger.pairs[PAIR].rows
    row = rows[("decision", "M1-01")]
    rows[("decision", "M1-01")] = replace(row, body={**row.body, "percent": 1})
    bad = run("audit", "replay", "--pair", PAIR)
    assert bad.exit_code == cli.FOUND
    assert "decision/M1-01 /body/percent" in bad.stdout
    assert json.loads(run("audit", "replay", "--pair", PAIR, "--json").stdout)[0]["differences"]


def test_r094_a_mandatory_pair_that_vanished_with_everything_is_missed(system):
    """As a superuser may delete it: no ledger, no commands, no rows."""
    del system.ledger.pairs[PAIR]
    for command, word in (("verify", "不符"), ("replay", "无法重放")):
        for chosen in (["--all"], ["--pair", PAIR]):
            bad = run("audit", command, *chosen)
            assert bad.exit_code == cli.FOUND
            assert f"{PAIR}  {word}  位置 1：应建制的单位没有台账" in bad.stdout


def test_r093_history_prints_each_fact_and_filters(system):
    shown = run("audit", "history", "--pair", PAIR, "--kind", "topic.approved")
    assert shown.exit_code == 0
    assert shown.stdout.count("审定议题") == 2
    lines = run("audit", "history", "--pair", PAIR, "--json").stdout.splitlines()
    assert [json.loads(each)["position"] for each in lines] == list(range(1, len(lines) + 1))
    none = run("audit", "history", "--pair", PAIR, "--until", "2026-01-05T00:00:00")
    assert (none.exit_code, none.stdout) == (0, "")


def recalling(system):
    """Let a system of the test recall, as a desk does."""

    def recalled(asked, *, valid_on, pair):
        past = recall.Recalled(system.ledger, system.ledger, asked, folds=recall.Folds())
        today = calendar.local_date(asked.as_of or past.at(pair).recorded_at)
        return SimpleNamespace(**{**vars(system), "views": past, "ledger": past, "today": lambda: today})

    system.recalled = recalled
    return system


def test_r093_history_and_report_as_of_a_moment(system):
    """What is printed of an earlier moment rests on the positions of then."""
    system = recalling(system)
    system.clock = lambda: datetime(2027, 1, 1, tzinfo=UTC)
    lines = run("audit", "history", "--pair", PAIR, "--json", "--position", "7").stdout.splitlines()
    assert len(lines) == 7
    at = json.loads(lines[-1])["recorded_at"]
    assert run("audit", "history", "--pair", PAIR, "--json", "--as-of", at).stdout.splitlines() == lines
    report = json.loads(run("report", "city", "--year", "2026", "--json", "--as-of", at).stdout)
    assert {each["pair"]: each["position"] for each in report["rests_on"]} == {PAIR: 7}
    asked = ("report", "city", "--year", "2025", "--json", "--valid-on", "2025-12-31")
    assert json.loads(run(*asked, "--as-of", at).stdout)["on"] == "2025-12-31"
    assert run(*asked).stdout == run(*asked[:4], "--json", "--on", "2025-12-31").stdout
    for wrong in (("--as-of", "2028-01-01"), ("--as-of", "soon")):
        assert run("report", "city", "--year", "2026", *wrong).exit_code == cli.FAILED
    both = run("audit", "history", "--pair", PAIR, "--position", "7", "--as-of", at)
    assert both.exit_code == cli.FAILED


def test_r094_diff_tells_which_fact_changed_what_and_by_whom(system):
    """Each fact of a subject, the fields before and after, who entered it and when."""
    system = recalling(system)
    shown = run("audit", "diff", "--pair", PAIR, "--subject", "decision:M1-01", "--json")
    page = json.loads(shown.stdout)
    assert shown.exit_code == 0
    assert [each["topic"] for each in page["changes"]][::-1][0] == "decision.fulfilled"
    last = page["changes"][-1]
    fields = {each["path"]: (each["before"], each["after"]) for each in last["rows"][0]["fields"]}
    assert fields["/status"] == ("claimed", "fulfilled")
    assert last["by"]["title"]
    told = run(
        "audit",
        "diff",
        "--pair",
        PAIR,
        "--from-position",
        str(last["position"] - 1),
        "--position",
        str(last["position"]),
    )
    assert '/status  "claimed" → "fulfilled"' in told.stdout
    assert told.stdout.strip().endswith("1 条事实")
    backwards = run("audit", "diff", "--pair", PAIR, "--from-position", "9", "--position", "8")
    assert isinstance(backwards.exception, changes.Backwards)


def test_r093_rebuild_mends_what_replay_found_and_resumes(system):
    """One pair or all, one view or all; what is done is not done again by --resume."""
    system.store = system.ledger
    rows = system.ledger.pairs[PAIR].rows
    rows["topic", "T1"] = replace(rows["topic", "T1"], body={})
    assert run("audit", "replay", "--pair", PAIR).exit_code == cli.FOUND
    other = run("audit", "rebuild", "--pair", PAIR, "--view", "meeting")
    assert other.exit_code == 0
    assert run("audit", "replay", "--pair", PAIR).exit_code == cli.FOUND
    rebuilt = run("audit", "rebuild", "--all", "--resume")
    assert rebuilt.exit_code == 0
    assert f"已按台账重建 {PAIR} 的 {len(ports.VIEWS) - 1} 个视图" in rebuilt.stderr
    assert run("audit", "replay", "--all").exit_code == 0
    assert "重建" not in run("audit", "rebuild", "--all", "--resume").stderr
    assert run("audit", "rebuild", "--pair", PAIR, "--view", "ledger_event").exit_code == cli.FAILED
    pair = system.ledger.pairs[PAIR]
    pair.entries[5] = replace(pair.entries[5], state=pair.entries[5].state + b" ")
    assert run("audit", "rebuild", "--pair", PAIR).exit_code == cli.FOUND


@pytest.mark.parametrize("arguments", [["verify"], ["verify", "--pair", "140899"], ["replay"]])
def test_an_audit_of_nothing_is_told(system, arguments):
    refused = run("audit", *arguments)
    assert refused.exit_code == cli.FAILED
    assert "错误" in refused.stderr


def test_r097_the_first_administrator_comes_from_the_command_line(system):
    made = run(
        "admin",
        "token",
        "--person",
        "p-admin",
        "--role",
        "system_administrator",
        "--scope",
        "140800",
        "--days",
        "30",
    )
    assert (made.exit_code, made.stdout) == (0, "lx_1\n")
    assert system.credentials.granted == [("p-admin", "system_administrator", "140800")]
    assert system.credentials.issued[0][1] == datetime(2026, 12, 22, 1, tzinfo=UTC)
    assert run("admin", "token", "--person", "p", "--role", "king").exit_code == cli.FAILED
    assert (
        run("admin", "token", "--person", "p", "--role", "auditor", "--scope", "99").exit_code == cli.FAILED
    )
    gone = ("admin", "withdraw", "--person", "p-admin", "--role", "system_administrator")
    assert [run(*gone).exit_code for _ in range(2)] == [0, cli.FAILED]
    assert run("admin", "revoke", "01").exit_code == 0
    assert run("admin", "revoke", "02").exit_code == cli.FAILED
    assert run("admin", "revoke", "zz").exit_code == cli.FAILED


@pytest.mark.parametrize("command", ["verify", "replay", "history"])
def test_r095_an_audit_looks_at_a_suspicious_database_and_says_so(database, monkeypatch, command):
    """Everybody else is refused there; an auditor is not, and is told in any case."""
    monkeypatch.setenv("LIANXI_DSN", database.app_dsn)
    with composition.system(load(), progress=lambda _: None) as system:
        bootstrap.register_mandatory(
            system, lambda _: None, person="p-admin", missing=bootstrap.unregistered(system)
        )
    shown = run("audit", command, "--pair", PAIR)
    assert (shown.exit_code, "自检" in shown.stderr) == (0, False)
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        admin.execute("ALTER TABLE ledger.ledger_event DISABLE TRIGGER only_appended")
    shown = run("audit", command, "--pair", PAIR)
    assert shown.exit_code == cli.FOUND
    assert "ledger_event" in shown.stderr
    assert PAIR in shown.stdout
    refused = run("admin", "list")
    assert isinstance(refused.exception, selfcheck.NotSafe)


def test_r097_acts_of_administrators_are_listed(database, monkeypatch):
    monkeypatch.setenv("LIANXI_DSN", database.app_dsn)
    reserved = run("admin", "token", "--person", "clock", "--role", "auditor")
    assert (reserved.exit_code, "系统自用" in reserved.stderr) == (cli.FAILED, True)
    assert run("admin", "token", "--person", "p-1", "--role", "auditor").exit_code == 0
    assert run("admin", "withdraw", "--person", "p-1", "--role", "auditor").exit_code == 0
    lines = run("admin", "acts").stdout.splitlines()
    assert [each.split("  ")[1:4] for each in lines] == [
        ["命令行", what, "p-1"] for what in ("登记人员", "授予职责", "发放令牌", "收回职责")
    ]


def test_r094_the_administration_ledger_is_verified_refolded_sealed_and_exported_like_a_pairs(
    database, monkeypatch, tmp_path
):
    """Changed by whoever has the database, it is found by the first two and not sealed."""
    monkeypatch.setenv("LIANXI_DSN", database.app_dsn)
    monkeypatch.setenv("LIANXI_DATA_DIR", str(tmp_path))
    assert run("admin", "token", "--person", "p-1", "--role", "auditor").exit_code == 0
    only = ("--pair", "administration")
    assert "administration  完好  3 条" in run("audit", "verify", *only).stdout
    assert "administration  一致  3 行" in run("audit", "replay", *only).stdout
    assert "administration  已封存  3 条" in run("audit", "checkpoint", *only).stdout
    assert run("audit", "export", *only, "--output", str(tmp_path / "a.zip")).exit_code == 0
    with psycopg.connect(database.admin_dsn, autocommit=True) as admin:
        admin.execute(
            "INSERT INTO ledger.role_grant (person_id, role, scope) VALUES ('p-1', 'security_administrator', '140800')"
        )
    found = run("audit", "replay", *only)
    assert (found.exit_code, "role_grant/p-1/security_administrator@140800" in found.stdout) == (
        cli.FOUND,
        True,
    )


# --- what cannot be done, told in Chinese --------------------------------------------------------------------


def failed(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["lianxi", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == cli.FAILED
    return capsys.readouterr().err


def test_what_is_wrong_with_a_dsn_is_told_apart(database, monkeypatch, capsys):
    right = conninfo_to_dict(database.app_dsn)
    for change, words in (
        ({"password": "guess"}, "数据库拒绝登录"),
        ({"port": "1"}, "数据库没有应答"),
    ):
        monkeypatch.setenv("LIANXI_DSN", make_conninfo("", **{**right, **change}))
        said = failed(monkeypatch, capsys, "admin", "list")
        assert words in said
        assert "guess" not in said
    monkeypatch.setenv("LIANXI_DSN", "postgresql://lianxi_app:hush@[db/lianxi")
    said = failed(monkeypatch, capsys, "admin", "list")
    assert "LIANXI_DSN" in said
    assert "不是数据库连接串" in said
    assert "hush" not in said


def test_another_encoding_is_told(postgres, maintenance, monkeypatch, capsys):
    maintenance.execute(
        "CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0"
    )
    try:
        dsn = postgres.dsn(user=embedded.ADMIN, password=postgres.admin_password, database="ascii")
        monkeypatch.setenv("LIANXI_MIGRATION_DSN", dsn)
        monkeypatch.setenv("LIANXI_DSN", postgres.dsn(user=embedded.APP, password="x", database="ascii"))
        assert "UTF-8" in failed(monkeypatch, capsys, "migrate")
    finally:
        maintenance.execute("DROP DATABASE ascii WITH (FORCE)")


def test_an_interrupt_while_the_program_is_read_is_quiet(monkeypatch, capsys):
    class Interrupted:
        def find_spec(self, name, *_):
            if name == "api.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "api.cli")
    monkeypatch.delattr("api.cli", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        start.main()
    assert (ended.value.code, capsys.readouterr().err) == (130, "已中止。\n")


def test_make_keeps_a_data_directory_with_a_blank_in_one_piece():
    root = Path(__file__).parents[2]
    shown = subprocess.run(
        ["make", "-n", "-o", ".venv/.lianxi-setup", "run", "DATA=/x/da ta"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "LIANXI_DATA_DIR=/x/da ta" in shlex.split(shown)


# --- the first start -----------------------------------------------------------------------------------------


def played(tell):
    return lambda _, __: (bootstrap.Holder(key="140830.go", person="p-140830-go", label="办公室"),)


def test_r003_the_first_start_registers_the_fourteen_and_the_second_nothing(tmp_path):
    system, told = system_on(MemoryLedger(), tmp_path), []
    bootstrap.bootstrap(system, told.append, folder=tmp_path, play=played(told))
    assert len(system.ledger.heads("1408")) == 14
    path = tmp_path / bootstrap.TOKENS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    lines = [each.split("\t") for each in path.read_text().splitlines() if not each.startswith("#")]
    assert [(each[0], each[2], each[3]) for each in lines] == [("140830.go", "p-140830-go", "办公室")]
    assert lines[0][1].startswith("lx_")
    assert not (tmp_path / bootstrap.UNFINISHED).exists()
    kept, written = system.ledger.heads("1408"), path.read_text()
    told.clear()
    bootstrap.bootstrap(system, told.append, folder=tmp_path, play=played(told))
    assert (system.ledger.heads("1408"), path.read_text(), told) == (kept, written, [])


def test_a_demonstration_cut_short_is_taken_up(tmp_path):
    system, told = system_on(MemoryLedger(), tmp_path), []

    def broken(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bootstrap.bootstrap(system, told.append, folder=tmp_path, play=broken)
    assert not (tmp_path / bootstrap.TOKENS).exists()
    bootstrap.bootstrap(system, told.append, folder=tmp_path, play=played(told))
    assert any("中断" in each for each in told)
    assert (tmp_path / bootstrap.TOKENS).exists()
    assert not bootstrap.is_blank(system, folder=tmp_path)


def test_a_demonstration_is_abandoned_only_where_nobody_else_is_known(tmp_path):
    system = system_on(MemoryLedger(), tmp_path)
    assert not bootstrap.is_abandoned(system, folder=tmp_path)
    (tmp_path / bootstrap.UNFINISHED).touch()
    assert bootstrap.is_abandoned(system, folder=tmp_path)
    (tmp_path / bootstrap.TOKENS).touch()
    assert not bootstrap.is_abandoned(system, folder=tmp_path)
    (tmp_path / bootstrap.TOKENS).unlink()
    system.credentials.enrol("p-admin", label="x")
    assert not bootstrap.is_abandoned(system, folder=tmp_path)


def test_without_a_demonstration_nothing_is_registered_and_it_is_said_who_must(tmp_path):
    system, told = system_on(MemoryLedger(), tmp_path), []
    bootstrap.bootstrap(system, told.append, folder=tmp_path, play=None)
    assert not system.ledger.heads("1408")
    assert ("14 个" in told[0], bootstrap.REGISTER in told[0]) == (True, True)


def test_r003_registrations_are_the_act_of_an_administrator_who_is_known(monkeypatch, tmp_path):
    system = system_on(MemoryLedger(), tmp_path)
    monkeypatch.setattr(shell, "opened", lambda **_: nullcontext(system))
    command = ("admin", "register", "--person", "p-admin")
    assert run(*command).exit_code == cli.FAILED
    assert not system.ledger.heads("1408")
    system.credentials.enrol("p-admin", label="x")
    system.credentials.grant("p-admin", role="auditor", scope="140800")
    assert run(*command).exit_code == cli.FAILED
    system.credentials.grant("p-admin", role="system_administrator", scope="140830")
    assert (run(*command).exit_code, list(system.ledger.heads("14"))) == (0, [PAIR])
    system.credentials.grant("p-admin", role="system_administrator", scope="140800")
    assert (run(*command).exit_code, len(system.ledger.heads("14"))) == (0, 14)
    assert {pair.entries[0].actor for pair in system.ledger.pairs.values()} == {"p-admin"}
    assert "新登记 0 个" in run(*command).stderr


@pytest.mark.parametrize("person", ["p admin/../x 张三", "", "-p", "p\n", "p" * 65])
def test_a_person_is_named_as_the_api_names_them(system, person):
    refused = run("admin", "token", "--person", person)
    assert refused.exit_code == cli.FAILED
    assert not system.credentials.people


def test_the_demonstration_gives_a_token_to_each_role_and_adds_up(tmp_path):
    system = system_on(MemoryLedger(), tmp_path)
    bootstrap.bootstrap(system, lambda _: None, folder=tmp_path, play=bootstrap.play_all)
    keys = {each.split("\t")[0] for each in (tmp_path / bootstrap.TOKENS).read_text().splitlines()[1:]}
    assert {"city_reader", "auditor", "system_administrator", "140830.go", "140830.gl"} <= keys
    assert {role for _, role, _ in system.credentials.granted} == bootstrap.READERS
    for pair in system.ledger.heads("14"):
        assert audit.verify_pair(system.ledger, system.views, pair).ok
        assert audit.replay(system.ledger, system.views, pair).ok


# --- the real thing ------------------------------------------------------------------------------------------


@contextmanager
def serving(environment, program=("-m", "api.cli"), options=("--no-demo",)):
    process = subprocess.Popen(
        [sys.executable, *program, "serve", *options],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def told_until(process, words):
    lines = []
    for line in process.stderr:
        lines.append(line)
        if words in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


def test_serve_starts_keeps_everything_and_stops_cleanly(scratch):
    folder = scratch / "serve"
    environment = os.environ | {"LIANXI_DATA_DIR": str(folder), "LIANXI_PORT": "0"}
    environment.pop("LIANXI_DSN", None)

    def beside(*arguments):
        command = [sys.executable, "-m", "api.cli", *arguments]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    person = ("--person", "p-admin")
    for first, way in ((True, signal.SIGINT), (False, signal.SIGTERM)):
        with serving(environment) as process:
            said = told_until(process, "单位历史")
            assert ("有 14 个应建制单位尚未登记" in said) == first
            assert re.search(r"http://127\.0\.0\.1:[1-9]\d+/docs", said)
            assert attach.running_dsn(folder) is not None
            if first:
                assert beside("admin", "token", *person, "--role", "system_administrator").returncode == 0
                assert beside("admin", "register", *person).stderr.count("已登记") == 14
                verified = beside("audit", "verify", "--all")
                # The fifteenth is the ledger of administration.
                assert (verified.returncode, verified.stdout.count("完好")) == (0, 15)
            process.send_signal(way)
            time.sleep(0.05)
            # An impatient second signal cuts nothing short.
            process.send_signal(way)
            assert process.wait(60) == 0
            assert "Traceback" not in process.stderr.read()
        assert attach.running_dsn(folder) is None
        assert "database system is shut down" in (folder / "postgres.log").read_text()


def test_serve_says_in_chinese_that_the_address_is_taken(scratch):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIANXI_HOST", "192.0.2.1")
        patch.setenv("LIANXI_DATA_DIR", str(scratch / "never"))
        refused = run("serve")
    assert refused.exit_code == cli.FAILED
    assert "无法监听 192.0.2.1" in refused.stderr
    assert not (scratch / "never").exists()


def test_serve_ends_with_a_message_where_the_database_cannot_be_kept_alive(scratch):
    folder = scratch / "dying"
    environment = os.environ | {"LIANXI_DATA_DIR": str(folder), "LIANXI_PORT": "0"}
    environment.pop("LIANXI_DSN", None)
    program = (
        "-c",
        "from infrastructure import embedded; embedded.DEATHS = 0; from api import cli; cli.main()",
    )
    with serving(environment, program) as process:
        told_until(process, "单位历史")
        os.kill(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        assert process.wait(60) == cli.FAILED
        said = process.stderr.read()
    assert "错误：数据库屡次意外停止" in said
    assert "Traceback" not in said


def test_a_first_start_cut_short_begins_again(scratch):
    """The pair at which it was cut short is played to its end, as if nothing had happened."""
    folder = scratch / "cut"
    environment = os.environ | {"LIANXI_DATA_DIR": str(folder), "LIANXI_PORT": "0"}
    environment.pop("LIANXI_DSN", None)
    with serving(environment, options=()) as process:
        told_until(process, "正在写入演示数据")
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert (folder / bootstrap.UNFINISHED).exists()
    with serving(environment, options=()) as process:
        said = told_until(process, "单位历史")
    assert "清除后重新开始" in said
    assert "不再演示" not in said
    assert not (folder / bootstrap.UNFINISHED).exists()
    with serving(environment, options=()) as process:
        assert "重新开始" not in told_until(process, "单位历史")
