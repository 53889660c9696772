"""DEP.6: pipelines sign in by federation."""

from pathlib import Path

from awsbasics.engagement.model import Humans
from tests.recommendations.principal_rows import (
    Tables,
    allow,
    arn,
    credentials,
    joined,
    policy,
    role,
    user,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    REGION,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

DEPLOYS = allow("cloudformation:*")
PROGRAMS = engagement(humans=Humans(exclude=("ci-*",)))
PROVIDER = f"arn:aws:iam::{DEVELOPMENT}:oidc-provider/token.actions.githubusercontent.com"


def key(name: str, status: str = "Active") -> Tables:
    row = {"user_arn": arn("user", name), "id": "AKIA1", "status": status}
    return {"iam_access_keys": [{**row, "created": "2026-01-01T00:00:00Z"}]}


def test_a_program_that_deploys_with_keys_fails() -> None:
    rows = joined(user("ci-billing", DEPLOYS), key("ci-billing"))
    [found] = failures("DEP.6", rows, engagement=PROGRAMS)
    assert (found.resource, found.key) == (arn("user", "ci-billing"), "keys")
    assert found.facts["keys"] == [{"created": "2026-01-01T00:00:00Z", "last_used": None}]


def test_a_user_without_a_password_is_a_program_unless_the_file_says_who_is() -> None:
    no_password = credentials("robot", DEVELOPMENT, password_enabled=False)
    rows = joined(user("robot", DEPLOYS), key("robot"), no_password)
    assert [each.key for each in failures("DEP.6", rows)] == ["keys"]
    assert failures("DEP.6", rows, engagement=PROGRAMS) == []


def test_peoples_keys_are_told_elsewhere() -> None:
    rows = joined(user("ada", DEPLOYS), key("ada"), credentials("ada", DEVELOPMENT))
    assert statuses(results("DEP.6", rows)) == ["not_applicable"]


def test_keys_that_do_not_work_or_do_not_deploy_are_none_of_a_pipelines() -> None:
    asleep = joined(user("ci-billing", DEPLOYS), key("ci-billing", "Inactive"))
    reads = joined(user("ci-billing", allow("s3:*")), key("ci-billing"))
    for rows in (asleep, reads):
        assert statuses(results("DEP.6", rows, engagement=PROGRAMS)) == ["not_applicable"]


def test_a_deployment_role_that_a_provider_opens_passes() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
    rows = role("billing-deploy", DEPLOYS, trusts=policy(statement))
    assert statuses(results("DEP.6", rows)) == ["ok"]


def test_a_build_that_is_handed_keys_fails() -> None:
    project = f"arn:aws:codebuild:{REGION}:{DEVELOPMENT}:project/p"
    row = {"region": REGION, "arn": project, "name": "p"}
    keys = {"AWS_ACCESS_KEY_ID": "literal", "STAGE": "literal"}
    [found] = failures("DEP.6", {"codebuild_projects": [{**row, "environment": keys}]})
    assert (found.resource, found.facts["variables"]) == (
        project,
        {"AWS_ACCESS_KEY_ID": "literal"},
    )
    harmless = {"codebuild_projects": [{**row, "environment": {"STAGE": "literal"}}]}
    assert statuses(results("DEP.6", harmless)) == ["not_applicable"]


def test_without_keys_dep_6_is_unknown(tmp_path: Path) -> None:
    rows = joined(user("ci-billing", DEPLOYS))
    found = judged("DEP.6", tmp_path, rows, ("iam_access_keys", DEVELOPMENT, "*"))
    assert {each.status for each in found if each.account_id == DEVELOPMENT} == {"unknown"}
