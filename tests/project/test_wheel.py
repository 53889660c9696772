"""What is installed holds all that the kit needs at run time."""

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from tests.project.requirements import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    [path] = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def names(folder: str) -> set[str]:
    """The files below a folder of the checkout, by their place in it, caches left out."""
    found = (path for path in (ROOT / folder).rglob("*") if path.is_file())
    return {
        path.relative_to(ROOT / folder).as_posix()
        for path in found
        if not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }


def test_every_notebook_is_in_it(wheel: set[str]) -> None:
    notebooks = names("notebooks")

    assert any(name.endswith(".ipynb") for name in notebooks)
    assert {f"awsbasics/notebooks/{name}" for name in notebooks} <= wheel


def test_the_whole_package_is_in_it_with_its_data(wheel: set[str]) -> None:
    assert {f"awsbasics/{name}" for name in names("awsbasics")} <= wheel


def test_the_report_template_is_in_it(wheel: set[str]) -> None:
    assert any(name.startswith("awsbasics/report/template/") for name in wheel)


def test_nothing_else_is_in_it(wheel: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel} == {"awsbasics", "awsbasics-0.1.0.dist-info"}


def test_it_says_that_it_is_typed_and_under_which_licence(wheel: set[str]) -> None:
    assert "awsbasics/py.typed" in wheel
    assert "awsbasics-0.1.0.dist-info/licenses/LICENSE" in wheel


def test_a_source_archive_can_be_made(tmp_path: Path) -> None:
    [path] = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])

    assert Path(path).stat().st_size < 5_000_000
