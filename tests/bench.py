"""What this system costs, measured against the library's own recorder and against what the same machines can do.

Run as ``python -m tests.bench``. Every part starts an embedded server of its own, with fsync on, compares in
alternating rounds of one run, and counts medians. Prints, and writes build/bench.json.
"""

import argparse
import json
import os
import platform
import subprocess
import time
from pathlib import Path
from typing import Any

from tests import bench_append, bench_commands, bench_http, bench_replay, bench_report
from tests.bench_tools import Part, tell

ROOT = Path(__file__).parent.parent

# Each part gives sections of the report, by name.
PARTS: dict[str, Part] = {
    "append": bench_append.measure,
    "command": bench_commands.measure,
    "http": bench_http.measure,
    "replay": bench_replay.measure,
    "report": bench_report.measure,
}


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Run the parts. Returns: what build/bench.json holds."""
    began = time.perf_counter()
    result: dict[str, Any] = {}
    for name in options.only or PARTS:
        for section, found in PARTS[name](options).items():
            result.setdefault(section, {}).update(found)
    return result | {
        "writers": options.writers,
        "pairs": options.pairs,
        "rounds": options.rounds,
        "seconds_a_round": options.seconds,
        "seed": options.seed,
        "commit": commit(),
        "machine": {
            "cpus": os.cpu_count(),
            "load": os.getloadavg()[0],
            "python": platform.python_version(),
            "system": platform.system(),
            "architecture": platform.machine(),
        },
        "duration_seconds": round(time.perf_counter() - began, 1),
    }


def commit() -> str:
    """Name the commit that was measured, with a plus where files differ from it."""
    git = ["git", "-C", str(ROOT)]
    try:
        found = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
        changed = subprocess.run(
            [*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip() + ("+" if changed.stdout.strip() else "")


def main() -> None:
    """Read the options, measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, help="these parts alone")
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--many-pairs", type=int, default=20_000)
    parser.add_argument("--command-rounds", type=int, default=3)
    parser.add_argument("--http-rounds", type=int, default=8)
    parser.add_argument("--replay-pairs", type=int, default=500)
    parser.add_argument("--replay-length", type=int, default=2000, help="facts of each pair")
    parser.add_argument("--replay-rounds", type=int, default=3)
    parser.add_argument("--report-pairs", type=int, default=3000)
    parser.add_argument("--report-rounds", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json")
    options = parser.parse_args()
    result = measure(options)
    text = json.dumps(result, ensure_ascii=False, indent=2)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text + "\n", encoding="utf-8")
    tell(text)


if __name__ == "__main__":
    main()
