"""The engine that runs cells in its own process gives the outputs that a kernel gives."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CELLS = {
    "value": "6 * 7",
    "nothing": "x = 1",
    "printed": "print('a')\nprint('b')",
    "both streams": "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')",
    "display": "from IPython.display import display\ndisplay(x)\nprint('then')\n'last'",
    "frame": "import pandas as pd\npd.DataFrame({'a': [1]})",
    "bundle": (
        "class Both:\n    def _repr_mimebundle_(self, **_):\n"
        "        return {'text/plain': 'p', 'application/x+json': {'k': [1]}}\nBoth()"
    ),
    "awaited": "import asyncio\nawait asyncio.sleep(0, 'slept')",
    "parameter": "given",
    "semicolon": "6 * 7;",
    "one line": (
        "class Short(Exception):\n    def _render_traceback_(self):\n"
        "        return ['in one line']\nraise Short('why')"
    ),
    "never": "print('never reached')",
}

RUN = """
import sys, papermill
from awsbasics.report import engine
engine.register()
try:
    papermill.execute_notebook(
        sys.argv[1], sys.argv[2], {"given": "0012"}, engine_name=sys.argv[3] or None,
        kernel_name="python3", progress_bar=False,
    )
except papermill.PapermillExecutionError as error:
    print(error.ename, error.evalue)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a notebook of all the cells."""
    made = tmp_path_factory.mktemp("engine")
    cells = [
        new_code_cell('given = ""', metadata={"tags": ["parameters"]}),
        new_markdown_cell("text"),
        *(new_code_cell(source) for source in CELLS.values()),
    ]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": spec}), made / "in.ipynb")
    return made


def execute(folder: Path, engine: str) -> tuple[dict[str, Any], str]:
    """Outputs by cell with one engine, and what papermill said at the end."""
    out = folder / f"{engine or 'kernel'}.ipynb"
    done = subprocess.run(
        [sys.executable, "-c", RUN, folder / "in.ipynb", out, engine],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    notebook = nbformat.read(out, as_version=4)
    nbformat.validate(notebook)
    by_source = {cell.source: cell for cell in notebook.cells if cell.cell_type == "code"}
    outputs = {name: list(map(dict, by_source[source].outputs)) for name, source in CELLS.items()}
    return outputs, done.stdout.strip()


@pytest.mark.slow
def test_outputs_equal_those_of_a_kernel(folder: Path) -> None:
    ours, said = execute(folder, "awsbasics")
    theirs, said_too = execute(folder, "")

    assert said == said_too == "Short why"
    assert kinds(ours) == kinds(theirs)
    for name in CELLS.keys() - {"both streams"}:
        assert json.dumps(ours[name], sort_keys=True) == json.dumps(theirs[name], sort_keys=True)


def test_it_gives_values_prints_displays_and_errors_in_order(folder: Path) -> None:
    outputs, _ = execute(folder, "awsbasics")

    assert outputs["value"][0]["data"] == {"text/plain": "42"}
    assert outputs["nothing"] == []
    assert outputs["printed"][0]["text"] == "a\nb\n"
    assert [o["output_type"] for o in outputs["display"]] == [
        "display_data",
        "stream",
        "execute_result",
    ]
    assert outputs["bundle"][0]["data"]["application/x+json"] == {"k": [1]}
    assert outputs["awaited"][0]["data"] == {"text/plain": "'slept'"}
    assert outputs["parameter"][0]["data"] == {"text/plain": "'0012'"}
    assert outputs["semicolon"] == []
    assert outputs["one line"][0]["traceback"] == ["in one line"]
    assert outputs["never"] == []


def kinds(outputs: dict[str, Any]) -> dict[str, list[str]]:
    """The kinds of outputs by cell; a kernel may divide streams otherwise."""
    return {name: sorted({o["output_type"] for o in own}) for name, own in outputs.items()}
