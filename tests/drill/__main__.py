"""Run the crash drill: ``python -m tests.drill``, or ``make drill``; the options by ``--help``."""

import argparse
import dataclasses
import json
import logging
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table

from tests import bench
from tests.drill import faults
from tests.drill.checker import Findings, Violation
from tests.drill.disk import NoSmallDisk

OUT = bench.ROOT / "build" / "drill.json"
COLUMNS = (
    ("acknowledged", "已答复"),
    ("lost", "丢失"),
    ("unknown", "未知"),
    ("committed_unknown", "未知而已记入"),
    ("duplicates", "重复"),
    ("gaps", "缺号"),
    ("forks", "分叉"),
    ("other_violations", "其他违反"),
    ("struck", "故障次数"),
    ("recovery_median_s", "恢复中位数（秒）"),
    ("recovery_max_s", "恢复最长（秒）"),
    ("duration_s", "历时（秒）"),
)


def figures(run: faults.Run, found: Findings, *, duration: float) -> dict[str, Any]:
    """Give the figures of one run, with the first examples of each violation. Times in seconds."""
    named = {Violation.LOST, Violation.DUPLICATE, Violation.GAP, Violation.FORK}
    return {
        "acknowledged": found.acknowledged,
        "refused": found.refused,
        "lost": found.count(Violation.LOST),
        "unknown": found.unknown,
        "committed_unknown": found.committed_unknown,
        "duplicates": found.count(Violation.DUPLICATE),
        "gaps": found.count(Violation.GAP),
        "forks": found.count(Violation.FORK),
        "other_violations": sum(len(each) for kind, each in found.violations.items() if kind not in named),
        "violations": {
            kind.value: {"count": len(each), "first": each[:3]} for kind, each in found.violations.items()
        },
        "reads": found.reads,
        "struck": run.struck,
        "alarms": run.history.alarms,
        "recovery_s": [round(each, 2) for each in run.recovered],
        "recovery_median_s": round(statistics.median(run.recovered), 2) if run.recovered else None,
        "recovery_max_s": round(max(run.recovered), 2) if run.recovered else None,
        "duration_s": round(duration, 1),
        **run.details,
    }


def play(fault: faults.Fault, *, control: bool, size: faults.Size, seed: str, parent: Path) -> dict[str, Any]:
    """Play one fault, or its control, in a folder of its own. Returns: its figures, and whether it ended as it must."""
    folder = Path(tempfile.mkdtemp(prefix=f"{fault.name}-", dir=parent))
    folder.chmod(0o711)
    run = faults.Run(name=fault.name, control=control, size=size, seed=seed, folder=folder)
    began = time.monotonic()
    try:
        found = fault.play(run)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    bad = verdict(fault, run, found)
    return {**figures(run, found, duration=time.monotonic() - began), "bad": bad, "ok": not bad}


def verdict(fault: faults.Fault, run: faults.Run, found: Findings) -> str:
    """Tell, in Chinese, why a run is no good; nothing where it is."""
    if not run.struck:
        return "故障没有发生"
    if not found.acknowledged:
        return "没有一件得到答复"
    if run.control:
        return "" if found.count(fault.shows) else "对照没有显示故障"
    return "违反承诺" if found.total else ""


def drill(options: argparse.Namespace, console: Console) -> dict[str, Any]:
    """Play what is wanted, fault by fault, each with its control."""
    size = faults.Size(**{name: getattr(options, name) for name in ("kills", "drops", "fills", "controls")})
    began, played, commit = time.monotonic(), {}, bench.commit()
    with tempfile.TemporaryDirectory(prefix="lianxi-drill-", dir=options.folder) as parent:
        Path(parent).chmod(0o711)
        for fault in faults.FAULTS:
            if options.only and fault.name not in options.only:
                continue
            played[fault.name] = _with_control(fault, size, options.seed, Path(parent), console)
    return {
        "faults": played,
        "not_run": {name: each["not_run"] for name, each in played.items() if "not_run" in each},
        "ok": all(each["ok"] for each in played.values()),
        "size": dataclasses.asdict(size),
        "seed": options.seed,
        "commit": commit,
        "machine": {
            "cpus": os.cpu_count(),
            "load": os.getloadavg()[0],
            "python": platform.python_version(),
            "system": platform.system(),
            "architecture": platform.machine(),
        },
        "duration_s": round(time.monotonic() - began, 1),
    }


def _with_control(
    fault: faults.Fault, size: faults.Size, seed: str, parent: Path, console: Console
) -> dict[str, Any]:
    if reason := fault.missing():
        console.print(f"{fault.label}：没有演练（{reason}）。")
        return {"not_run": reason, "ok": True}
    both = {}
    try:
        for name, control in (("fault", False), ("control", True)):
            both[name] = play(fault, control=control, size=size, seed=seed, parent=parent)
            _tell(console, fault, both[name], control=control)
    except NoSmallDisk as error:
        console.print(f"{fault.label}：没有演练（{error}）。")
        return {"not_run": str(error), "ok": True}
    return {**both, "ok": all(each["ok"] for each in both.values())}


def _tell(console: Console, fault: faults.Fault, found: dict[str, Any], *, control: bool) -> None:
    name = f"{fault.label} · 对照：{fault.control}" if control else fault.label
    told = "，".join(f"{label} {found[key]}" for key, label in COLUMNS if found[key] is not None)
    end = f"  【{found['bad']}】" if found["bad"] else ""
    console.print(f"{name}：{told}{end}", highlight=False)
    if not found["ok"]:
        console.print_json(json.dumps(found["violations"], ensure_ascii=False))


def table(result: dict[str, Any]) -> Table:
    """Show all figures in one table."""
    shown = Table(title=f"崩溃演练  提交 {result['commit'][:12]}  种子 {result['seed']}")
    shown.add_column("故障")
    for _, label in COLUMNS:
        shown.add_column(label, justify="right")
    for fault in faults.FAULTS:
        for name, label in (("fault", fault.label), ("control", f"  对照：{fault.control}")):
            found = result["faults"].get(fault.name, {}).get(name)
            if found is not None:
                shown.add_row(label, *("" if found[key] is None else str(found[key]) for key, _ in COLUMNS))
    return shown


def quiet() -> None:
    """Keep this screen free of the lines that each accepted command and each lost connection logs."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


def main() -> None:
    """Read the options, play, print and write. Ends with 1 on a violation, or on a control that shows nothing."""
    size = faults.Size()
    parser = argparse.ArgumentParser(prog="make drill ARGS=…", description="崩溃演练")
    parser.add_argument(
        "--only",
        action="append",
        choices=[each.name for each in faults.FAULTS],
        help="只演练这一种故障，可重复",
    )
    parser.add_argument("--kills", type=int, default=size.kills, help="每种 kill -9 的次数")
    parser.add_argument("--drops", type=int, default=size.drops, help="每种掉线的次数")
    parser.add_argument("--fills", type=int, default=size.fills, help="写满磁盘的次数")
    parser.add_argument("--controls", type=int, default=size.controls, help="每个对照的故障次数")
    parser.add_argument("--seed", default="1", help="随机种子")
    parser.add_argument("--folder", type=Path, default=None, help="数据放在哪个目录下（默认为系统临时目录）")
    parser.add_argument("--out", type=Path, default=OUT, help="结果写入的文件")
    options = parser.parse_args()
    quiet()
    console = Console(width=max(Console().width, 200), soft_wrap=True)
    result = drill(options, console)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    console.print(table(result))
    console.print(f"历时 {result['duration_s']} 秒，结果写入 {options.out}。")
    sys.exit(0 if result["ok"] else 1)


if __name__ == "__main__":
    main()
