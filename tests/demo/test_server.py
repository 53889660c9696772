import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from awsbasics.demo import DemoOrganization, build_organization, demo_server, server
from awsbasics.errors import AwsbasicsError
from tests.demo.fingerprint import fingerprint, is_open

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def another_process() -> Any:
    """A demo in a process of its own, with another hash seed, time zone and default account."""
    environment = {key: value for key, value in os.environ.items() if key not in server.SETTINGS}
    environment |= {"PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "MOTO_ACCOUNT_ID": "999999999999"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.demo.fingerprint"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert done.stderr == b""
    return json.loads(done.stdout)


@pytest.mark.slow
def test_two_builds_are_equal_to_the_last_id_and_time(
    another_process: Any, demo_endpoint: str, organization: DemoOrganization
) -> None:
    here = fingerprint(demo_endpoint)
    assert len(here) > 100
    assert another_process["fingerprint"] == here


@pytest.mark.slow
def test_the_server_answers_until_it_is_closed(another_process: Any) -> None:
    assert another_process["open_inside"]
    assert not another_process["open_afterwards"]


@pytest.mark.slow
def test_the_server_leaves_the_variables_as_they_were(another_process: Any) -> None:
    assert another_process["variables_afterwards"] == ["MOTO_ACCOUNT_ID"]


def test_a_second_server_is_the_first_and_outlives_its_closing(demo_endpoint: str) -> None:
    with demo_server() as second:
        assert second == demo_endpoint
    assert is_open(demo_endpoint)


def test_building_again_describes_what_stands(
    demo_endpoint: str, organization: DemoOrganization
) -> None:
    assert build_organization(demo_endpoint) == organization


def test_without_moto_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moto.moto_server.werkzeug_app", None)
    with pytest.raises(AwsbasicsError, match=r"pip install 'awsbasics\[demo\]'") as caught:
        server._import_moto()
    assert "\n" not in str(caught.value)


def test_the_settings_are_in_force_while_the_server_runs(demo_endpoint: str) -> None:
    assert {name: os.environ.get(name) for name in server.SETTINGS} == server.SETTINGS
