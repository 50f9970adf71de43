"""Run the tamper sweep: ``python -m tests.sweep``, or ``make sweep``; the options by ``--help``."""

import argparse
import json
import logging
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table

from tests import bench
from tests.sweep import sweeping

OUT = bench.ROOT / "build" / "sweep.json"
LABELS = {
    "control": "对照：未动、合法新增",
    "one bit": "逐字节改一位",
    "delete": "删除一条",
    "insert": "插入一条",
    "swap": "对调两条",
    "truncate": "截去末尾",
    "full re-hash": "改后整链重算",
    "full re-hash of what is not sealed yet": "盲区：未封存部分整链重算",
    "truncate and fit": "截去末尾并配平",
    "truncate and fit what is not sealed yet": "盲区：截去未封存部分并配平",
    "full re-hash without any checkpoint": "对照：没有检查点时整链重算",
    "full re-hash by who has the key": "持有密钥者整链重算",
    "old backup": "放回旧备份",
    "old backup with the seal directory": "连同封存目录放回旧备份",
    "a whole pair deleted": "整本删除",
    "view row": "改视图",
    "head": "改台账末端",
    "command record": "改指令记录",
    "outside of the chain (known)": "已知不在链内",
    "checkpoint row": "改检查点",
    "DDL": "改表结构和权限",
}
CHECKS = {"chain": "核验链", "replay": "重放", "checkpoint": "封存", "witness": "见证", "selfcheck": "自检"}


def table(found: dict[str, Any]) -> Table:
    """Show the sweep by class: how many were tried and found, and by which check."""
    shown = Table(title="篡改清查")
    for column in ("类别", "尝试", "发现", *CHECKS.values(), "不符预期"):
        shown.add_column(column, justify="left" if column == "类别" else "right")
    for kind, each in found.items():
        counts = (each["tried"], each["found"], *(each["by"].get(name, 0) for name in CHECKS))
        shown.add_row(LABELS.get(kind, kind), *map(str, counts), str(len(each["wrong"])))
    return shown


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sweep", description="篡改清查")
    parser.add_argument("--short", action="store_true", help="每类一两次，不到半分钟")
    parser.add_argument("--out", type=Path, default=OUT, help="结果文件")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    # The commit of what is read now: a long run may outlive it.
    began, commit = time.perf_counter(), bench.commit()
    with tempfile.TemporaryDirectory(prefix="lianxi-sweep-", dir=_room()) as folder:
        result = sweeping.sweep(Path(folder), short=options.short, tell=_tell)
    result |= {
        "short": options.short,
        "seconds": round(time.perf_counter() - began, 1),
        # Nothing is drawn: the same code attacks the same facts at the same places.
        "seed": None,
        "commit": commit,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    console = Console(width=150)
    console.print(table(result["classes"]))
    window = result["blind_window"]
    console.print(
        f"盲区：最后一个检查点之后的事实。本次共 {window['facts']} 条，在其中改动 {window['tried']} 次，"
        f"发现 {window['found']} 次；服务运行时至多 {window['longest_s']} 秒封存一次，纪要印发后立即封存。"
    )
    wrong = [line for each in result["classes"].values() for line in each["wrong"]]
    for line in wrong:
        console.print(f"不符预期  {line}")
    console.print(f"用时 {result['seconds']} 秒，结果在 {options.out}")
    return 1 if wrong else 0


def _room() -> str | None:
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and os.access(memory, os.W_OK) else None


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
