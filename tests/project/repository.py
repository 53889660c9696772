"""The files that git knows, for the tests beside."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.requirements import ROOT


def committed(suffix: str = "") -> list[Path]:
    """The committed files whose names end so; skips the test outside a git checkout."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    paths = (ROOT / name for name in listed.split("\0") if name.endswith(suffix))
    return [path for path in paths if path.is_file()]


def lines() -> Iterator[tuple[str, str]]:
    """Every line of every committed text file, with its place as `file:line`."""
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            yield f"{path.relative_to(ROOT)}:{number}", line
