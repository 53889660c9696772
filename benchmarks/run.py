"""Runs the benchmarks beside it: `make bench`, or `make bench ARGS=gather` for some of them.

A benchmark is a file `bench_<name>.py` with a function `run() -> list[Row]`. The newest run of each
stands in results.md, with the machine and the versions that it ran on.
"""

import importlib
import sys
from pathlib import Path

from benchmarks.results import load, run_of, save, table

HERE = Path(__file__).parent


def main(wanted: list[str]) -> None:
    """Runs the benchmarks whose names hold any of the wanted words; without words, all of them."""
    runs = load(HERE / "results.json")
    for path in sorted(HERE.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        if not wanted or any(word in name for word in wanted):
            print(f"{name} …", flush=True)
            runs[name] = run_of(importlib.import_module(f"benchmarks.{path.stem}").run())
            print(table(runs[name].rows))
            save(runs, HERE / "results.json")


if __name__ == "__main__":
    main(sys.argv[1:])
