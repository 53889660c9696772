"""Notebooks in processes of their own: one that dies, hangs or raises stops none of the others."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from awsbasics.errors import ReportError
from awsbasics.report.jobs import Job, Neighbour, PageInfo
from awsbasics.report.pool import NotebookPool

CODE = {
    "dies": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "exits": "import os\nos._exit(7)",
    "hangs": "import time\ntime.sleep(600)",
    "raises": "raise KeyError('planted')",
    "talks": "import os\nos.write(1, b'{\"name\": \"well\"}\\n')\nprint('aside')",
    "well": "snapshot",
}


def job(folder: Path, name: str, source: str) -> Job:
    cells = [new_code_cell('snapshot = ""', metadata={"tags": ["parameters"]})]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=[*cells, new_code_cell(source)], metadata={"kernelspec": spec})
    path = folder / f"in {{{name}}}.ipynb"
    nbformat.write(notebook, path)
    out = folder / "out {braces}"
    out.mkdir(exist_ok=True)
    return Job(
        name=name,
        notebook=str(path),
        folder=str(out),
        parameters={"snapshot": "/home" + "/somebody/2026-11"},
        info=PageInfo(title=name, previous=Neighbour("a.html", "A", "a")),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pool")


@pytest.fixture(scope="module")
def errors(folder: Path) -> dict[str, str]:
    """The error of each notebook by name, after all of them ran in one pool."""
    jobs = [job(folder, name, source) for name, source in CODE.items()]
    with NotebookPool(workers=2, seconds=10) as pool:
        return {outcome.name: outcome.error for outcome in pool.run(jobs)}


def test_each_notebook_has_its_outcome(errors: dict[str, str]) -> None:
    assert errors == {
        "dies": "its process was ended by SIGKILL",
        "exits": "its process ended with 7",
        "hangs": "took more than 10 seconds",
        "raises": "KeyError: 'planted'",
        "talks": "",
        "well": "",
    }


def test_the_page_of_a_notebook_that_raises_is_there(folder: Path, errors: dict[str, str]) -> None:
    page = (folder / "out {braces}" / "raises.html").read_text(encoding="utf-8")
    assert "planted" in page
    assert "This step failed" in page


def test_executed_notebooks_tell_nothing_of_the_machine(
    folder: Path, errors: dict[str, str]
) -> None:
    path = folder / "out {braces}" / "well.ipynb"
    text = path.read_text(encoding="utf-8")
    notebook = nbformat.read(path, as_version=4)

    code = "\n".join(cell.source for cell in notebook.cells)
    assert "snapshot = '2026-11'" in code
    assert notebook.metadata.papermill.parameters == {"snapshot": "2026-11"}
    assert str(folder) not in text
    assert not any("papermill" in cell.metadata for cell in notebook.cells)


def test_a_pool_that_cannot_work_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    asked = job(tmp_path, "well", CODE["well"])
    with (
        NotebookPool(workers=1) as pool,
        pytest.raises(ReportError, match="ended before well was done"),
    ):
        list(pool.run([asked]))


def test_a_job_survives_its_way_between_processes(tmp_path: Path) -> None:
    made = job(tmp_path, "well", CODE["well"])
    assert Job.from_json(made.to_json()) == made
