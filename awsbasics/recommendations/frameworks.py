"""What other frameworks call the same thing: pointers, not claims of compliance.

The ids are those of the CIS AWS Foundations Benchmark 6.0 and 7.0, AWS Foundational Security
Best Practices, and the Well-Architected security pillar, checked against their sources.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

FRAMEWORKS: Mapping[str, str] = MappingProxyType(
    {
        "cis_6_0": "CIS AWS Foundations Benchmark 6.0",
        "cis_7_0": "CIS AWS Foundations Benchmark 7.0",
        "fsbp": "AWS Foundational Security Best Practices",
        "well_architected": "AWS Well-Architected, security pillar",
    }
)


def pointers(check_id: str) -> Mapping[str, tuple[str, ...]]:
    """The ids of other frameworks for a check, by framework; only those that have any."""
    return _mappings().get(check_id, MappingProxyType({}))


@cache
def _mappings() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    text = files("awsbasics").joinpath("data/framework_mappings.json").read_text("utf-8")
    return {check_id: _with_any(found) for check_id, found in json.loads(text).items()}


def _with_any(found: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: tuple(ids) for name, ids in found.items() if ids})
