"""Paper history from the command line: the template, a check, an import; how each ends."""

import io
from contextlib import contextmanager

import openpyxl
import pytest

from api import cli
from api.cli import shell
from infrastructure import history_books
from tests import history_book
from tests.api.test_cli import PAIR, failed, run, system_on
from tests.application.ledgers import record
from tests.memory import MemoryLedger
from tests.spec.test_legacy import known

GO = ("--pair", PAIR, "--as", "GO", "--on", "2025-01-10")


@pytest.fixture
def system(monkeypatch, tmp_path):
    """One pair before anything is known of its history."""
    ledger = MemoryLedger()
    record(ledger, known())
    made = system_on(ledger, tmp_path)
    made.history_books = history_books.Workbooks()

    @contextmanager
    def opened(**_):
        yield made

    monkeypatch.setattr(shell, "opened", opened)
    return made


@pytest.fixture
def file(tmp_path):
    kept = tmp_path / "历史资料.xlsx"
    kept.write_bytes(history_book.filled())
    return kept


def test_r098_the_template_is_written_and_lists_the_units(system, tmp_path):
    """It opens; where it cannot be written, or the pair is unknown, nothing could be done."""
    target = tmp_path / "模板.xlsx"
    assert run("import", "template", "--pair", PAIR, str(target)).exit_code == 0
    book = openpyxl.load_workbook(io.BytesIO(target.read_bytes()))
    assert "芮城县工业和信息化局" in [cell.value for row in book["说明"] for cell in row]
    for pair, place in ((PAIR, tmp_path), ("149999", target)):
        done = run("import", "template", "--pair", pair, str(place))
        assert (done.exit_code, done.stdout) == (cli.FAILED, "")


def test_r098_a_check_records_nothing(system, file):
    """Exit 0 where nothing stands against it."""
    before = system.office.dossier(PAIR).head
    checked = run("import", "check", *GO, str(file))
    assert (checked.exit_code, "可以补录" in checked.stdout) == (0, True)
    assert system.office.dossier(PAIR).head == before


@pytest.mark.parametrize("what", ["check", "run"])
def test_r098_conflicts_are_listed_with_exit_1(system, file, what):
    """Every one: sheet, row, column, problem, what to do; and nothing is recorded."""
    decisions = [
        history_book.DECISION | {"现牵头单位": "县住建局"},
        history_book.DECISION | {"序号": 2, "完成时限": "2024-11-01"},
    ]
    file.write_bytes(history_book.filled(decisions=decisions))
    before = system.office.dossier(PAIR).head
    found = run("import", what, *GO, str(file))
    assert found.exit_code == cli.FOUND
    lines = [line.split() for line in found.stdout.splitlines() if line.startswith("议定事项")]
    assert [line[:4] for line in lines] == [
        ["议定事项", "2", "F", "现牵头单位"],
        ["议定事项", "3", "J", "完成时限"],
    ]
    assert "共 2 处问题，未记入。" in found.stderr
    assert system.office.dossier(PAIR).head == before


def test_r098_an_import_may_be_repeated(system, file):
    """All of it at first, nothing of it again, whoever sends it and whatever the file is called."""
    first = run("import", "run", *GO, str(file))
    assert first.exit_code == 0, first.output
    assert "已补录会议 1 次、议定事项 1 件" in first.stdout
    after = system.office.dossier(PAIR).head
    other = file.rename(file.with_name("另一份.xlsx"))
    for person, day in (("GO", "2025-01-10"), ("UO", "2025-02-01")):
        again = run("import", "run", "--pair", PAIR, "--as", person, "--on", day, str(other))
        assert (again.exit_code, "没有新内容" in again.stdout) == (0, True)
    assert system.office.dossier(PAIR).head == after


def test_r098_what_cannot_be_done_ends_with_2(system, file, tmp_path, monkeypatch, capsys):
    """No such file, no workbook, no such pair, nobody of the pair, no office, a day to come: nothing is recorded."""
    before = system.office.dossier(PAIR).head
    nothing = tmp_path / "broken.xlsx"
    nothing.write_bytes(b"PK")
    for arguments in (
        (*GO, str(tmp_path / "missing.xlsx")),
        (*GO, str(nothing)),
        ("--pair", "149999", "--as", "GO", str(file)),
        ("--pair", PAIR, "--as", "nobody", "--on", "2025-01-10", str(file)),
        ("--pair", PAIR, "--as", "HR", "--on", "2025-01-10", str(file)),
        ("--pair", PAIR, "--as", "GO", "--on", "2027-01-01", str(file)),
    ):
        for what in ("check", "run"):
            assert "错误：" in failed(monkeypatch, capsys, "import", what, *arguments), arguments
    assert system.office.dossier(PAIR).head == before
