"""Run every benchmark, each in a process of its own; ends with 1 if a goal is not met."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

NOT_BENCHMARKS = {"__init__", "__main__", "harness", "unlimited"}


def main() -> int:
    chosen = sys.argv[1:] or sorted(
        file.stem for file in Path(__file__).parent.glob("*.py") if file.stem not in NOT_BENCHMARKS
    )
    worst = 0
    for name in chosen:
        print(f"\n# {name}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
