"""environment.yml gives conda users what pyproject.toml gives the others."""

from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project.requirements import ROOT, everything, pyproject

# conda-forge's name: the name that pyproject.toml knows
CONDA_NAMES = {
    "dask-core": "dask",
    "matplotlib-base": "matplotlib",
    "nbconvert-core": "nbconvert",
    "python-duckdb": "duckdb",
}


@pytest.fixture(scope="module")
def environment() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "environment.yml").read_text())
    return loaded


@pytest.fixture(scope="module")
def installed(environment: dict[str, Any]) -> dict[str, Requirement]:
    lines = [line for line in environment["dependencies"] if isinstance(line, str)]
    requirements = [Requirement(line) for line in lines + pip_lines(environment)]
    named = {CONDA_NAMES.get(each.name, each.name): each for each in requirements}
    return {canonicalize_name(name): each for name, each in named.items()}


def pip_lines(environment: dict[str, Any]) -> list[str]:
    [pip] = [part["pip"] for part in environment["dependencies"] if isinstance(part, dict)]
    return [line for line in pip if line != "-e ."]


def test_it_names_what_pyproject_names_and_nothing_else(installed: dict[str, Requirement]) -> None:
    assert set(installed) - {"python", "pip"} == set(everything())


def test_its_bounds_and_extras_are_those_of_pyproject(installed: dict[str, Requirement]) -> None:
    for name, wanted in everything().items():
        assert installed[name].specifier == wanted.specifier, name
        assert installed[name].extras == wanted.extras, name


def test_its_python_is_that_of_pyproject(installed: dict[str, Requirement]) -> None:
    assert str(installed["python"].specifier) == str(
        Requirement(f"python{pyproject()['project']['requires-python']}").specifier
    )


def test_the_checkout_itself_comes_last_and_editable(environment: dict[str, Any]) -> None:
    assert environment["channels"] == ["conda-forge"]
    assert environment["dependencies"][-1]["pip"][-1] == "-e ."
