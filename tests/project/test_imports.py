"""What the package imports is declared, and only the edge of it talks to AWS."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.project.requirements import ROOT, extra, runtime

PACKAGE = ROOT / "awsbasics"
DISTRIBUTIONS = {
    # Other halves: one is not installed without the other
    "aiobotocore": "s3fs",
    "botocore": "boto3",
    "markupsafe": "jinja2",
    # Other names
    "IPython": "ipython",
    "yaml": "pyyaml",
}
# Where the libraries of an extra may be imported
EXTRAS = {
    "awsbasics/demo/": "demo",
    "awsbasics/collect/cluster": "cluster",
    "awsbasics/show/": "lab",
}
# All else works offline, from a snapshot
TALKS_TO_AWS = tuple(
    f"awsbasics/{place}" for place in ("session", "clients", "store_s3", "collect/", "demo/")
)


def imports(path: Path) -> Iterator[str]:
    """The top-level names of the modules that a file imports, at its top or within functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield (node.module or "").split(".")[0]


def foreign() -> set[tuple[str, str]]:
    """Each (file, module) that is neither ours nor Python's."""
    ours = {"awsbasics"} | sys.stdlib_module_names
    return {
        (path.relative_to(ROOT).as_posix(), name)
        for path in PACKAGE.rglob("*.py")
        for name in imports(path)
        if name not in ours
    }


def declared(file: str) -> set[str]:
    extras = [name for prefix, name in EXTRAS.items() if file.startswith(prefix)]
    return set(runtime()).union(*(extra(name) for name in extras))


def test_every_library_that_is_imported_is_declared() -> None:
    found = foreign()

    assert found
    assert {
        (file, name) for file, name in found if DISTRIBUTIONS.get(name, name) not in declared(file)
    } == set()


def test_only_the_session_the_collectors_and_the_demo_import_boto3() -> None:
    users = {file for file, name in foreign() if name in {"boto3", "botocore"}}

    assert {file for file in users if not file.startswith(TALKS_TO_AWS)} == set()
