"""Try bad input on the whole system: ``python -m tests.fuzz``, or ``make fuzz``; the options by ``--help``."""

import argparse
import json
import logging
import os
import platform
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table

from tests import bench
from tests.fuzz import fuzzing
from tests.fuzz.stage import staged

OUT = bench.ROOT / "build" / "fuzz.json"
BAD = ("faults", "wrong", "changed", "failed", "unlike")
LABELS = {
    "json": "不是 JSON", "shapes": "形状、深度、大小", "numbers": "数字", "days": "日期和时间", "fields": "每个命令的每一项", "texts": "文字（Unicode）",
    "tokens": "令牌", "headers": "请求头", "methods": "方法", "paths": "路径", "queries": "查询参数", "contents": "内容类型和编码",
    "cursors": "游标", "ids": "编号", "workbooks": "工作簿", "commands": "命令（经办公室，不经接口）",
}  # fmt: skip


def table(found: dict[str, Any]) -> Table:
    """Show the classes: inputs, and what must be zero."""
    shown = Table(title="坏输入")
    for column in ("类别", "输入", "5xx", "误收", "拒绝后有变", "对照", "对照不符", "与说明不符"):
        shown.add_column(column, justify="left" if column == "类别" else "right")
    for name, each in found.items():
        faults, wrong, changed, failed, unlike = (str(each.get(kind, {}).get("count", 0)) for kind in BAD)
        row = (str(each["inputs"]), faults, wrong, changed, str(each["controls"]), failed, unlike)
        shown.add_row(LABELS.get(name, name), *row)
    return shown


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="坏输入清查")
    parser.add_argument("--short", action="store_true", help="每类取一部分，约半分钟")
    parser.add_argument("--seed", type=int, default=None, help="随机数种子（默认任取，结果中写明）")
    parser.add_argument("--seconds", type=int, default=120, help="每个身份试 OpenAPI 的秒数（默认 120）")
    parser.add_argument(
        "--only", action="append", default=[], help="只试某类，可多次；openapi、commands 也是类"
    )
    parser.add_argument("--role", action="append", default=[], help="只以某身份试 OpenAPI，可多次")
    parser.add_argument("--out", type=Path, default=OUT, help="结果文件")
    options = parser.parse_args()
    quiet()
    seed = random.SystemRandom().randrange(2**32) if options.seed is None else options.seed
    only = tuple(options.only)
    plan = (
        fuzzing.short(seed=seed, only=only)
        if options.short
        else fuzzing.long(seed=seed, seconds=options.seconds, only=only, roles=tuple(options.role))
    )
    began, commit = time.perf_counter(), bench.commit()
    with (
        tempfile.TemporaryDirectory(prefix="lianxi-fuzz-", dir=_room()) as folder,
        staged(Path(folder)) as stage,
    ):
        result = fuzzing.run(stage, plan, tell=_tell)
    result |= {
        "short": options.short,
        "seed": seed,
        "seconds": round(time.perf_counter() - began, 1),
        "commit": commit,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return show(result, options.out)


def show(result: dict[str, Any], out: Path) -> int:
    """Print the table and every first finding. Returns: 1 where something must be zero and is not."""
    console = Console(width=150)
    console.print(table(result["classes"]))
    for name, each in result["classes"].items():
        for kind in BAD:
            for told in each.get(kind, {}).get("first", []):
                console.print(f"{name}  {kind}  {told}", markup=False)
    totals = result["totals"]
    console.print(
        f"输入 {totals['inputs']}，5xx {totals['5xx']}，误收 {totals['wrongly_accepted']}，"
        f"拒绝后有变 {totals['state_changes_on_refusal']}；种子 {result['seed']}，用时 {result['seconds']} 秒，结果在 {out}"
    )
    return 1 if any(kind in each for each in result["classes"].values() for kind in BAD) else 0


def quiet() -> None:
    """Silence what the server and the rules log of each request."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for name in ("uvicorn.error", "asyncio", "hypothesis"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _room() -> str | None:
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and os.access(memory, os.W_OK) else None


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
