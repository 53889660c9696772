"""SCP.3: ways up, one finding per principal and path."""

from pathlib import Path

import pytest

from tests.recommendations.principal_rows import (
    MFA,
    Document,
    allow,
    arn,
    deny,
    joined,
    organization,
    role,
    root,
    signs_in,
    trust,
    user,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    SANDBOX,
    failures,
    judged,
    results,
    statuses,
)

SELF = allow("iam:PutUserPolicy", arn("user", "ada"))


def test_who_can_change_his_own_policies_can_become_an_administrator() -> None:
    [found] = failures("SCP.3", user("ada", SELF))
    assert (found.resource, found.key) == (arn("user", "ada"), "iam-007")
    assert found.severity == "critical"
    assert "User ada can become an administrator" in found.title
    assert found.facts["stopped_by"] == ["nothing"]
    assert found.facts["steps"][0] == f"iam:PutUserPolicy on {arn('user', 'ada')}"
    assert found.facts["source"].startswith("https://")


def test_who_can_only_read_passes() -> None:
    assert statuses(results("SCP.3", user("ada", allow("iam:Get*")))) == ["ok"]


def test_an_administrator_is_not_counted() -> None:
    assert results("SCP.3", user("ada", allow("*"))) == []


@pytest.mark.parametrize(
    "stop",
    [
        {"iam_inline_policies": [deny("iam:PutUserPolicy")]},
        organization(deny("iam:PutUserPolicy")),
    ],
    ids=["a deny", "an SCP"],
)
def test_what_stops_it_lets_it_pass(stop: Document) -> None:
    rows = user("ada", SELF)
    if "organizations_roots" in stop:
        rows = joined(rows, stop)
    else:
        rows = user("ada", SELF, *stop["iam_inline_policies"])
    assert statuses(results("SCP.3", rows)) == ["ok"]


def test_a_condition_makes_it_weigh_less_and_is_named() -> None:
    rows = user("ada", allow("iam:PutUserPolicy", arn("user", "ada"), MFA))
    [found] = failures("SCP.3", rows)
    assert found.severity == "high"
    assert "depending on aws:MultiFactorAuthPresent" in found.title
    assert found.facts["stopped_by"] == ["condition: aws:MultiFactorAuthPresent"]


def test_a_sandbox_weighs_less() -> None:
    own = allow("iam:PutUserPolicy", arn("user", "ada", SANDBOX))
    [found] = failures("SCP.3", user("ada", own, account=SANDBOX))
    assert found.severity == "high"


def test_many_targets_of_one_path_are_one_finding() -> None:
    passes = allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"])
    rows = joined(user("ada", passes), role("one", allow("s3:*")), role("two", allow("sqs:*")))
    found = {each.key: each for each in failures("SCP.3", rows)}
    assert found["lambda-001"].facts["becomes"] == [arn("role", "one"), arn("role", "two")]
    assert found["lambda-001"].severity == "high"
    assert "can become one and 1 more, which can do more" in found["lambda-001"].title


def test_to_use_a_role_that_one_was_given_is_no_escalation() -> None:
    given = role("reader", allow("s3:GetObject"), trusts=trust(root(DEVELOPMENT)))
    rows = joined(user("ada", allow("sts:AssumeRole", arn("role", "reader"))), given)
    assert not failures("SCP.3", rows)


def test_to_assume_an_administrator_is_one() -> None:
    given = role("boss", allow("*"), trusts=trust(root(DEVELOPMENT)))
    rows = joined(user("ada", allow("sts:AssumeRole", arn("role", "boss"))), given)
    [found] = failures("SCP.3", rows)
    assert (found.key, found.severity) == ("sts-001", "critical")


def test_the_emergency_role_with_mfa_weighs_little() -> None:
    emergency = role("break-glass", allow("*"), trusts=trust(root(DEVELOPMENT), MFA))
    rows = joined(user("ada", allow("sts:AssumeRole", arn("role", "break-glass"))), emergency)
    [found] = failures("SCP.3", rows)
    assert found.severity == "low"


def test_a_permission_set_is_judged_for_its_role_and_names_the_people() -> None:
    rows = signs_in("kim", "operator", DEVELOPMENT, allow("iam:PutRolePolicy"), allow("sts:*"))
    rows = joined(rows, role("worker", trusts=trust(root(DEVELOPMENT))))
    found = failures("SCP.3", rows)
    assert found
    assert {each.resource for each in found} == {"arn:aws:sso:::permissionSet/ssoins-1/ps-1"}
    assert {each.account_id for each in found} == {DEVELOPMENT}
    assert found[0].facts["people"] == ["kim"]


def test_provisioning_roles_are_left_alone() -> None:
    name = "cdk-hnb659fds-deploy-role-000000000012-eu-west-1"
    assert results("SCP.3", role(name, allow("iam:PutRolePolicy"))) == []


def test_a_carrier_that_was_not_read_makes_it_unknown(tmp_path: Path) -> None:
    rows = joined(user("ada", allow("lambda:UpdateFunctionCode")), role("app", allow("s3:*")))
    denied = ("lambda_functions", DEVELOPMENT, "*")
    found = [f for f in judged("SCP.3", tmp_path, rows, denied) if f.key.startswith("lambda")]
    assert found
    assert {finding.status for finding in found} == {"unknown"}
    assert "function with the role" in found[0].title


def test_policies_that_were_not_read_pass_nobody(tmp_path: Path) -> None:
    denied = ("iam_inline_policies", DEVELOPMENT, "*")
    found = judged("SCP.3", tmp_path, user("ada", allow("iam:Get*")), denied)
    here = {finding.status for finding in found if finding.account_id == DEVELOPMENT}
    assert here == {"unknown"}


def test_a_document_that_is_missing_makes_its_holder_unknown() -> None:
    rows = user("ada")
    rows["iam_inline_policies"] = [{"principal_arn": arn("user", "ada"), "name": "own"}]
    [found] = results("SCP.3", rows)
    assert (found.status, found.key) == ("unknown", "policies")
