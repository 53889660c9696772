"""The golden set: decisions as AWS's documentation has them, one JSON file for each theme.

A case has a `name`, the documentation page that it follows (`source`), what differs from the
file's `defaults` in `request` and layers, and what to `expect`. Short forms: `when` is a
condition block (the only identity policy then allows everything under it), `unless` the same
for a deny beside an allow of everything; the text UNKNOWN stands for UNKNOWN.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from awsbasics.iam import UNKNOWN, Decision, Request, evaluate

FOLDER = Path(__file__).parent / "golden"
LAYERS = ("identity", "boundary", "session", "scps", "rcps", "resource_policy")
_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@dataclass(frozen=True)
class Case:
    """One case of the golden set."""

    theme: str
    name: str
    source: str
    request: Request
    layers: dict[str, Any]
    expect: dict[str, Any]

    def decide(self) -> Decision:
        return evaluate(self.request, **self.layers)


def golden_cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.json")):
        theme = json.loads(path.read_text(encoding="utf-8"))
        for case in theme["cases"]:
            yield _case(path.stem, theme["defaults"], case)


def _case(theme: str, defaults: dict[str, Any], case: dict[str, Any]) -> Case:
    given = {**defaults, **case}
    if "when" in case:
        given["identity"] = [_policy({**_ALL, "Condition": case["when"]})]
    if "unless" in case:
        deny = {**_ALL, "Effect": "Deny", "Condition": case["unless"]}
        given["identity"] = [_policy(_ALL, deny)]
    layers = {name: _known(given[name]) for name in LAYERS if name in given}
    if "unknown_keys" in given:
        layers["unknown_keys"] = given["unknown_keys"]
    request = Request(**{**defaults.get("request", {}), **case.get("request", {})})
    return Case(theme, case["name"], case["source"], request, layers, case["expect"])


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _known(value: Any) -> Any:
    if value == "UNKNOWN":
        return UNKNOWN
    return [_known(item) for item in value] if isinstance(value, list) else value
