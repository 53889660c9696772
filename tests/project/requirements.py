"""What pyproject.toml asks for, read for the tests beside."""

import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def pyproject() -> dict[str, Any]:
    """The parsed pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def runtime() -> dict[str, Requirement]:
    """The requirements of the package without extras, by canonical name."""
    return _by_name(pyproject()["project"]["dependencies"])


def extra(name: str) -> dict[str, Requirement]:
    """The requirements of one extra, by canonical name."""
    return _by_name(pyproject()["project"]["optional-dependencies"][name])


def group(name: str) -> dict[str, Requirement]:
    """The requirements of one dependency group and those it includes, by canonical name."""
    found: dict[str, Requirement] = {}
    for entry in pyproject()["dependency-groups"][name]:
        if isinstance(entry, dict):
            found |= group(entry["include-group"])
        else:
            found |= _by_name([entry])
    return found


def everything() -> dict[str, Requirement]:
    """The package with all its extras and what development needs."""
    extras = pyproject()["project"]["optional-dependencies"]
    found = runtime() | group("dev")
    for name in extras:
        found |= extra(name)
    return found


def _by_name(lines: list[str]) -> dict[str, Requirement]:
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each for each in requirements}
