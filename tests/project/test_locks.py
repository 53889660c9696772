"""The lock files pin what pyproject.toml asks for, by hash, from no particular place."""

import re
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project.requirements import ROOT, extra, group, runtime

WANTED = {
    "requirements.lock": [runtime(), extra("demo"), extra("cluster"), group("dev")],
    "requirements-lab.lock": [runtime(), extra("demo"), extra("lab"), group("build")],
    "requirements-emulator.lock": [group("emulator")],
}
LOCKS = [*WANTED, "requirements-uv.lock"]


def pins(lock: str) -> Iterator[Requirement]:
    """The pinned requirements of a lock file; one that has no hash is an error."""
    for entry in re.split(r"\n(?=\S)", (ROOT / lock).read_text()):
        if not entry.startswith("#"):
            pin, *hashes = entry.split("\\\n")
            assert hashes, f"{pin} has no hash"
            assert all(re.fullmatch(r" *--hash=sha256:[0-9a-f]{64}\s*", line) for line in hashes)
            yield Requirement(pin.strip())


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_one_version_with_its_hashes(lock: str) -> None:
    specifiers = [pin.specifier for pin in pins(lock)]

    assert specifiers
    for specifier in specifiers:
        assert [each.operator for each in specifier] == ["=="]


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_is_in_it(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text()


@pytest.mark.parametrize("lock", WANTED)
@pytest.mark.parametrize("python", ["3.11.0", "3.12.0", "3.13.0"])
def test_it_satisfies_every_requirement_on_every_python(lock: str, python: str) -> None:
    marks = {"python_version": python[:4], "python_full_version": python}
    pinned = {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin in pins(lock)
        if pin.marker is None or pin.marker.evaluate(marks)
    }

    for part in WANTED[lock]:
        for name, requirement in part.items():
            assert requirement.specifier.contains(pinned[canonicalize_name(name)]), requirement


def test_the_lab_runs_what_the_tests_have_tested() -> None:
    tested = {pin.name: str(pin) for pin in pins("requirements.lock") if pin.marker is None}
    lab = {pin.name: str(pin) for pin in pins("requirements-lab.lock") if pin.marker is None}
    shared = set(tested) & set(lab)

    assert "boto3" in shared
    assert {name: lab[name] for name in shared} == {name: tested[name] for name in shared}
