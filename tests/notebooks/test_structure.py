"""What every committed notebook must be: thin, parameterized, one import, prose in order."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from awsbasics.recommendations import RECOMMENDATIONS
from awsbasics.run import START, notebooks_folder
from awsbasics.show.sources import PARAMETERS

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = [START, *(r.notebook for r in RECOMMENDATIONS)]
SECTIONS = (
    "Verdict",
    "What was looked at",
    "Evidence",
    "Questions",
    "Findings",
    "Accepted exceptions",
    "What to do",
    "Changes since last time",
    "The assessor's notes",
)


def notebook(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    return content


def code(name: str) -> list[str]:
    cells = notebook(name)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def prose(name: str) -> str:
    cells = notebook(name)["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def test_there_is_one_for_each_recommendation_and_a_start() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(NAMES)
    assert notebooks_folder().resolve() == FOLDER


@pytest.mark.parametrize("name", NAMES)
def test_one_cell_holds_the_parameters_all_of_them_text(name: str) -> None:
    tagged = [
        cell for cell in notebook(name)["cells"] if "parameters" in cell["metadata"].get("tags", [])
    ]
    assert len(tagged) == 1
    assigned = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse("".join(tagged[0]["source"])).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert assigned == dict.fromkeys(PARAMETERS, "")


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_short_and_import_the_kit_once_and_nothing_else(name: str) -> None:
    imports = []
    for source in code(name):
        assert len(source.splitlines()) <= 10
        imports += [
            n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Import | ast.ImportFrom)
        ]
    assert len(imports) == 1
    assert isinstance(imports[0], ast.ImportFrom)
    assert str(imports[0].module).startswith("awsbasics")


@pytest.mark.parametrize("recommendation", RECOMMENDATIONS, ids=lambda r: r.id)
def test_sections_stand_in_the_order_of_the_design(recommendation: Any) -> None:
    headings = [
        line[3:].replace("\u2019", "'").strip()
        for line in prose(recommendation.notebook).splitlines()
        if line.startswith("## ")
    ]
    assert tuple(heading for heading in headings if heading in SECTIONS) == SECTIONS
    assert f'open_page("{recommendation.id}"' in "".join(
        "".join(source.split()) for source in code(recommendation.notebook)
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_prose_explains(name: str) -> None:
    assert len(prose(name).split()) > 150


def test_the_start_leads_to_the_thirteen_in_their_order() -> None:
    links = re.findall(r"^\d+\. \[(.+)\]\((.+)\)$", prose(START), re.MULTILINE)
    assert links == [(r.title, f"{r.notebook}.ipynb") for r in RECOMMENDATIONS]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_not_trusted_and_has_pythons_kernel(name: str) -> None:
    content = notebook(name)
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    assert not any(cell["metadata"].get("trusted") for cell in content["cells"])
