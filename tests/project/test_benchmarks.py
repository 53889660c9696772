"""The record of what benchmarks measured."""

from pathlib import Path

from benchmarks.results import Row, load, run_of, save
from tests.project.requirements import ROOT

ROWS = [Row("notebooks", 14.256, "s", target="under 20 s"), Row("calls", 52341.7, "a second")]


def test_what_is_saved_is_loaded_again(tmp_path: Path) -> None:
    runs = {"notebooks": run_of(ROWS)}

    save(runs, tmp_path / "results.json")

    assert load(tmp_path / "results.json") == runs


def test_the_page_shows_figures_targets_and_the_machine(tmp_path: Path) -> None:
    save({"notebooks": run_of(ROWS)}, tmp_path / "results.json")

    page = (tmp_path / "results.md").read_text(encoding="utf-8")

    assert "| notebooks | 14.26 s | under 20 s |  |" in page
    assert "| calls | 52,342 a second |  |  |" in page
    assert "pandas 3." in page


def test_every_benchmark_has_a_record_and_every_record_a_benchmark() -> None:
    scripts = {path.stem.removeprefix("bench_") for path in (ROOT / "benchmarks").glob("bench_*")}

    assert set(load(ROOT / "benchmarks" / "results.json")) == scripts
