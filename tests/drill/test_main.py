"""The drill's verdict: a violation fails it, an empty control fails it, and what was not run is said."""

import json

import pytest

from tests.drill import __main__ as program
from tests.drill import disk, faults
from tests.drill.checker import Findings, Violation


def fault(
    *, broken: int = 0, shown: int = 1, acknowledged: int = 5, struck: int = 1, missing: str = ""
) -> faults.Fault:
    def play(run):
        run.struck = struck
        found = Findings(acknowledged=acknowledged)
        for number in range(shown if run.control else broken):
            found.add(Violation.LOST, str(number))
        return found

    return faults.Fault(
        name="postgres_killed",
        label="停电",
        control="不等落盘",
        play=play,
        shows=Violation.LOST,
        missing=lambda: missing,
    )


def verdict(monkeypatch, tmp_path, played: faults.Fault) -> tuple[int, dict]:
    out = tmp_path / "drill.json"
    monkeypatch.setattr(faults, "FAULTS", (played,))
    monkeypatch.setattr("sys.argv", ["drill", "--out", str(out), "--folder", str(tmp_path)])
    monkeypatch.setattr(program, "quiet", lambda: None)
    with pytest.raises(SystemExit) as ended:
        program.main()
    return ended.value.code, json.loads(out.read_text())


@pytest.mark.parametrize(
    ("played", "bad"),
    [
        pytest.param(fault(), "", id="good"),
        pytest.param(fault(broken=1), "违反承诺", id="violation"),
        pytest.param(fault(shown=0), "对照没有显示故障", id="empty control"),
        pytest.param(fault(acknowledged=0), "没有一件得到答复", id="nothing was acknowledged"),
        pytest.param(fault(struck=0), "故障没有发生", id="no fault struck"),
        pytest.param(fault(missing="没有 root", shown=0), "", id="not run"),
    ],
)
def test_the_exit_code_is_the_verdict(monkeypatch, tmp_path, capsys, played, bad):
    ended, result = verdict(monkeypatch, tmp_path, played)
    assert ended == bool(bad)
    assert result["ok"] is not bool(bad)
    said = capsys.readouterr().out
    if played.missing():
        assert result["not_run"] == {"postgres_killed": "没有 root"}
        assert "没有演练（没有 root）" in said
    else:
        assert bad in said
        assert bad in {each["bad"] for each in both(result)}


def both(result) -> list[dict]:
    return [result["faults"]["postgres_killed"][which] for which in ("fault", "control")]


def test_the_figures_name_commit_machine_seed_and_duration(monkeypatch, tmp_path):
    _, result = verdict(monkeypatch, tmp_path, fault())
    assert {"commit", "machine", "seed", "duration_s", "size"} <= result.keys()
    assert {key for key, _ in program.COLUMNS} <= result["faults"]["postgres_killed"]["fault"].keys()


def test_without_root_there_is_no_small_disk_and_that_is_said(monkeypatch):
    monkeypatch.setattr(disk.sys, "platform", "linux")
    monkeypatch.setattr(disk.os, "geteuid", lambda: 1000)
    assert "root" in disk.missing()
