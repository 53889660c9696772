"""One notebook's way to a page: executed by papermill, cleaned, rendered."""

import re
from collections.abc import Mapping
from pathlib import Path, PurePath

import nbformat
import papermill
from nbformat import NotebookNode

from awsbasics.report import engine
from awsbasics.report.exporter import notebook_html
from awsbasics.report.jobs import ERROR_LENGTH, Job, Outcome
from awsbasics.show.sources import check_names

_PATHS = ("snapshot", "engagement", "since")
_KEPT_METADATA = ("duration", "end_time", "exception", "start_time", "version")
_ERROR_MARK = "papermill-error-cell-tag"


def run_job(job: Job) -> Outcome:
    """Execute a notebook, then write `NAME.ipynb` and `NAME.html`, also where a cell failed."""
    check_names(job.parameters)
    engine.register()
    executed = Path(job.folder) / f"{job.name}.ipynb"
    error = _execute(job, executed)
    notebook = nbformat.read(executed, as_version=4)
    _strip(notebook, job.parameters)
    nbformat.write(notebook, executed)
    page = executed.with_suffix(".html")
    page.write_text(notebook_html(notebook, job.info), encoding="utf-8", newline="\n")
    return Outcome(job.name, error)


def _execute(job: Job, output: Path) -> str:
    try:
        papermill.execute_notebook(
            _literal(job.notebook),
            _literal(str(output)),
            parameters=dict(job.parameters),
            engine_name=engine.ENGINE,
            kernel_name="python3",
            progress_bar=False,
            request_save_on_cell_execute=False,
        )
    except papermill.PapermillExecutionError as error:
        return f"{error.ename}: {error.evalue}"[:ERROR_LENGTH]
    return ""


def _literal(path: str) -> str:
    """A path that papermill's `str.format` leaves as it is."""
    return path.replace("{", "{{").replace("}", "}}")


def _strip(notebook: NotebookNode, parameters: Mapping[str, str]) -> None:
    """Take out what tells of the machine: paths, papermill's marks, its times per cell."""
    notebook.cells = [c for c in notebook.cells if _ERROR_MARK not in c.metadata.get("tags", ())]
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell.source = _parameters_source(parameters)
    metadata = notebook.metadata.get("papermill", {})
    kept = {name: metadata[name] for name in _KEPT_METADATA if name in metadata}
    notebook.metadata["papermill"] = {**kept, "parameters": _named(parameters)}


def _parameters_source(parameters: Mapping[str, str]) -> str:
    lines = [f"{name} = {value!r}" for name, value in _named(parameters).items()]
    return "\n".join(["# As handed over; of paths only the last part is kept.", *lines])


def _named(parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters with paths cut to their last part, which tells nothing of the machine."""
    return {
        name: PurePath(re.sub(r"^\w+://", "", value)).name if name in _PATHS else value
        for name, value in parameters.items()
    }
