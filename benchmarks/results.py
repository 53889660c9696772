"""What benchmarks measured, with the machine and versions: results.json and the page made of it."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("boto3", "pandas", "pyarrow", "duckdb", "numpy", "papermill")


@dataclass(frozen=True)
class Row:
    """One measured figure: what, how much of which unit, and what the design asks for."""

    what: str
    value: float
    unit: str
    target: str = ""
    note: str = ""


@dataclass(frozen=True)
class Run:
    """One run of one benchmark; `on` is the date in UTC."""

    on: str
    machine: str
    rows: tuple[Row, ...]


def run_of(rows: Iterable[Row]) -> Run:
    """These rows as a run of today on this machine."""
    return Run(on=datetime.now(UTC).date().isoformat(), machine=machine(), rows=tuple(rows))


def load(path: Path) -> dict[str, Run]:
    """The newest run of each benchmark, by its name."""
    if not path.exists():
        return {}
    return {
        name: Run(run["on"], run["machine"], tuple(Row(**row) for row in run["rows"]))
        for name, run in json.loads(path.read_text(encoding="utf-8")).items()
    }


def save(runs: dict[str, Run], path: Path) -> None:
    """Writes the runs to `path`, and beside it, as a page, to the same name with .md."""
    record = {name: asdict(run) for name, run in sorted(runs.items())}
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text(markdown(runs), encoding="utf-8")


def markdown(runs: dict[str, Run]) -> str:
    """The page of results: a section for each benchmark."""
    sections = [
        f"## {name}\n\n{run.on}: {run.machine}\n\n{table(run.rows)}"
        for name, run in sorted(runs.items())
    ]
    return "\n".join(["# Results\n\nWritten by `make bench`; not to be edited.\n", *sections])


def table(rows: Iterable[Row]) -> str:
    """The rows as a table in Markdown."""
    head = ["| what | measured | target | note |", "| --- | ---: | --- | --- |"]
    body = [f"| {row.what} | {_amount(row)} | {row.target} | {row.note} |" for row in rows]
    return "\n".join([*head, *body]) + "\n"


def _amount(row: Row) -> str:
    digits = 0 if abs(row.value) >= 100 or float(row.value).is_integer() else 2
    return f"{row.value:,.{digits}f} {row.unit}".strip()


def machine() -> str:
    """The machine and the versions that figures belong to, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, {libraries}"
    )


def _processor() -> str:
    """The processor's name where Linux tells it, or its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
