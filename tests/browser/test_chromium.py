"""Chromium is found, installed where that is simple, and otherwise known to be missing."""

from pathlib import Path

import pytest

from tests.browser.chromium import ensure_chromium, find_chromium, launch_flags

APT_GET = """#!/bin/sh
echo "$1" >> {folder}/asked
[ "$1" = update ] || {{ : > {folder}/chromium; /bin/chmod +x {folder}/chromium; }}
"""


@pytest.fixture
def empty_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def put_apt_get(folder: Path) -> None:
    (folder / "apt-get").write_text(APT_GET.format(folder=folder))
    (folder / "apt-get").chmod(0o755)


def test_without_apt_get_there_is_none(empty_path: Path, tmp_path: Path) -> None:
    assert ensure_chromium(tmp_path / "lock") is None


def test_root_installs_it_with_apt_get_once(
    empty_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    put_apt_get(empty_path)

    found = [ensure_chromium(tmp_path / "lock") for _ in range(2)]

    assert found == [str(empty_path / "chromium")] * 2
    assert (empty_path / "asked").read_text().split() == ["update", "install"]


def test_others_do_not_install_it(
    empty_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    put_apt_get(empty_path)

    assert ensure_chromium(tmp_path / "lock") is None
    assert find_chromium() is None


def test_only_root_goes_without_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert "--no-sandbox" not in launch_flags()

    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert "--no-sandbox" in launch_flags()
