"""Run the matrix: ``python -m tests.matrix``, or ``make matrix``; the options by ``--help``."""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table

from tests import bench
from tests.matrix import actors, crossings, endpoints, inside, plants, stage

OUT = bench.ROOT / "build" / "matrix.json"
COLUMNS = (
    ("cells", "格"),
    ("denied", "应拒绝"),
    ("allowed", "应允许"),
    ("compared", "与不存在者比对"),
    ("crossings", "交叉"),
    ("inside", "数据库内"),
    ("controls", "对照"),
    ("leaks", "泄露"),
    ("excess", "越权"),
    ("kept_out", "误拒"),
    ("faults", "出错"),
    ("changes", "拒绝而有变化"),
    ("missing_controls", "缺对照"),
)


def run(folder: Path, *, short: bool) -> dict[str, Any]:
    """Play the whole matrix in a folder. Returns: its figures, and what was planted and seen."""
    began = time.monotonic()
    with stage.staged(folder) as built:
        table = endpoints.endpoints(built.app)
        cast = actors.actors(built, short=short)
        # First, while everything stands as it was built.
        seen = plants.caught(built, cast)
        found = crossings.run(built, cast, table, short=short)
        inside.look(built.admin_dsn, built.server.app_dsn, found)
    return {
        **found.summary(),
        "endpoints": len(table),
        "actors": len(cast),
        "planted": len(seen),
        "caught": sum(map(bool, seen.values())),
        "plants": seen,
        "ok": not found.wrong and all(seen.values()),
        "short": short,
        "commit": bench.commit(),
        "machine": {"cpus": os.cpu_count(), "load": os.getloadavg()[0], "python": platform.python_version()},
        "seconds": round(time.monotonic() - began, 1),
    }


def show(played: dict[str, Any], console: Console) -> None:
    """Print the figures, and the first examples of what is wrong."""
    shown = Table(title=f"隔离矩阵：{played['endpoints']} 个接口 × {played['actors']} 种身份和凭证")
    shown.add_column("项目")
    shown.add_column("数", justify="right")
    for name, label in COLUMNS:
        shown.add_row(label, str(played[name]))
    shown.add_row("植入的错误", str(played["planted"]))
    shown.add_row("其中发现", str(played["caught"]))
    shown.add_row("秒", str(played["seconds"]))
    console.print(shown)
    for name, number in played["plants"].items():
        console.print(f"{'发现' if number else '未发现'}：{name}（{number}）", markup=False)
    for name, examples in played["examples"].items():
        for each in examples:
            console.print(f"{name}: {each}", markup=False)


def main() -> None:
    """Play it, print it, write it down; the exit code is 1 unless all is as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.matrix", description="隔离矩阵")
    parser.add_argument("--short", action="store_true", help="只用较少的身份，都看同一结对单位")
    parser.add_argument("--out", type=Path, default=OUT, help="结果文件")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="lianxi-matrix-", dir=memory if memory.is_dir() else None))
    try:
        played = run(folder, short=options.short)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(played, ensure_ascii=False, indent=1), encoding="utf-8")
    show(played, Console())
    sys.exit(0 if played["ok"] else 1)


if __name__ == "__main__":
    main()
