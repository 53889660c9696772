"""Committed notebooks hold prose and code: no outputs, no traces of the machine that ran them."""

import json
from pathlib import Path

import nbformat
import pytest

from tests.project.repository import committed
from tests.project.requirements import ROOT
from tools.clean_notebooks import cleaned

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_is_a_start_and_one_for_each_recommendation() -> None:
    assert [path.name[:2] for path in NOTEBOOKS] == [f"{number:02}" for number in range(14)]


def test_all_notebooks_stand_in_the_one_folder() -> None:
    assert {path.parent for path in committed(".ipynb")} == {ROOT / "notebooks"}


@each_notebook
def test_it_is_a_valid_notebook(path: Path) -> None:
    nbformat.validate(nbformat.read(path, as_version=4))


@each_notebook
def test_it_is_clean(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text == cleaned(text), "make format cleans it"


def test_cleaning_takes_away_what_a_run_leaves() -> None:
    code = nbformat.v4.new_code_cell(
        "page.verdict()",
        id="verdict",
        execution_count=3,
        outputs=[nbformat.v4.new_output("stream", text="fourteen findings")],
        metadata={"tags": ["verdict"], "papermill": {"duration": 2.5}, "scrolled": True},
    )
    run = nbformat.v4.new_notebook(cells=[code], metadata={"papermill": {"input_path": "a"}})

    [cell] = json.loads(cleaned(nbformat.writes(run)))["cells"]

    assert cell == {
        "cell_type": "code",
        "id": "verdict",
        "metadata": {"tags": ["verdict"]},
        "source": ["page.verdict()"],
        "outputs": [],
        "execution_count": None,
    }
