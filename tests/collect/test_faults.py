"""A gather through a proxy that breaks AWS's answers: it is equal to an undisturbed one, or says
exactly what is missing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from botocore.retries.standard import ExponentialBackoff

from awsbasics import clients
from awsbasics.collect import collect, whole
from awsbasics.collect.tables import TABLES
from awsbasics.coverage import READ
from awsbasics.demo import DemoOrganization, demo_environment, demo_session
from awsbasics.pace import Pace
from awsbasics.snapshot import Snapshot
from tests.collect.fake_caller import model
from tests.fault_proxy import FaultProxy, fault_proxy

pytestmark = pytest.mark.slow

ROLE = "OrganizationAccountAccessRole"
TOLD = {"partial", "throttled", "error"}
PASSING: list[dict[str, Any]] = [
    {"error": {"code": "ThrottlingException", "status": 400}},
    {"error": {"code": "RequestLimitExceeded", "status": 503}},
    {"error": {"code": "InternalFailure", "status": 500}},
    {"reset": True},
    {"response": {"abort_frac": 0.5}},
    {"response": {"truncate_frac": 0.7}},
    {"response": {"truncate_bytes": 0}},
    {"latency": {"min": 20, "max": 200}},
    {"timeout_ms": 1500},
]
LASTING: list[dict[str, Any]] = [
    {"response": {"truncate_frac": 0.95}},
    {"error": {"code": "InternalFailure", "status": 500}},
    {"error": {"code": "ThrottlingException", "status": 400}},
]
EACH = {"sequence": {"fail": 1, "pass": 3}}
SOME = {"probability": 0.4, "deterministic": True}
"""Requests about the same thing share their fate, so that asking again does not help."""


@pytest.fixture(scope="module")
def proxy(demo_endpoint: str, organization: DemoOrganization) -> Iterator[FaultProxy]:
    with fault_proxy(demo_endpoint) as proxy, demo_environment(proxy.url):
        yield proxy


@pytest.fixture(scope="module")
def plain(
    proxy: FaultProxy, organization: DemoOrganization, tmp_path_factory: pytest.TempPathFactory
) -> Snapshot:
    return gather(tmp_path_factory.mktemp("plain") / "s", organization)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many attempts as ever, but without the waiting between them."""
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    monkeypatch.setattr(Pace, "wait", lambda _: None)
    monkeypatch.setattr(whole, "BROKEN_PAUSE_SECONDS", 0)
    monkeypatch.setattr(clients, "READ_TIMEOUT_SECONDS", 1)


def gather(path: Path, organization: DemoOrganization) -> Snapshot:
    account = organization.accounts["log-archive"]
    options: dict[str, Any] = {"role": ROLE, "regions": ["us-east-1"], "accounts": [account]}
    return collect(path, session=demo_session(), **options)


def spread(faults: list[dict[str, Any]], turn: int, how: dict[str, Any]) -> list[dict[str, Any]]:
    """A fault for each service; with every turn each gets another."""
    names = sorted({model(table.service).signing_name for table in TABLES.values()} | {"sts"})
    return [
        {"service": name, **how, **faults[(place + turn * 4) % len(faults)]}
        for place, name in enumerate(names)
    ]


@pytest.mark.parametrize("turn", range(3))
def test_what_passes_leaves_no_trace(
    proxy: FaultProxy, plain: Snapshot, organization: DemoOrganization, tmp_path: Path, turn: int
) -> None:
    proxy.rules(*spread(PASSING, turn, EACH))
    disturbed = gather(tmp_path / "s", organization)
    assert len({fired["action"] for fired in proxy.fired()}) > len(PASSING) / 2
    assert equal_or_told(plain, disturbed) == set()


@pytest.mark.parametrize("turn", range(2))
def test_what_lasts_is_told_and_the_rest_is_equal(
    proxy: FaultProxy, plain: Snapshot, organization: DemoOrganization, tmp_path: Path, turn: int
) -> None:
    rules = spread(LASTING, turn, SOME)
    proxy.rules(*(rule for rule in rules if rule["service"] not in ("organizations", "sts")))
    disturbed = gather(tmp_path / "s", organization)
    assert proxy.fired()
    told = equal_or_told(plain, disturbed)
    assert 2 <= len(told) < len(TABLES) * 0.8


def equal_or_told(plain: Snapshot, disturbed: Snapshot) -> set[str]:
    """The tables that were not wholly read; all others must be equal to the undisturbed ones."""
    where = ["table", "account_id", "region"]
    cells = plain.coverage.set_index(where)["status"]
    after = disturbed.coverage.set_index(where)["status"]
    assert set(cells.index) == set(after.index)
    told = after[~after.isin(READ) & (after != cells)]
    assert set(told) <= TOLD, told.to_string()
    for name in set(TABLES) - {place[0] for place in told.index}:
        pd.testing.assert_frame_equal(plain.frame(name), disturbed.frame(name), obj=name)
    return {place[0] for place in told.index}
