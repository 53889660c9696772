"""TEAM.1, TEAM.2 and TEAM.4: what teams can do to applications. It is 2026-11-01, 12:00."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement.model import Engagement, Teams
from awsbasics.recommendations.evidence.expected_team_access import matrix_rows
from tests.recommendations.principal_rows import (
    LAMBDA,
    SSO,
    Document,
    Tables,
    allow,
    arn,
    joined,
    policy,
    role,
    root,
    signs_in,
    trust,
)
from tests.recommendations.secret_rows import secret, secret_arn
from tests.recommendations.support import (
    DEVELOPMENT,
    PRODUCTION,
    REGION,
    SANDBOX,
    engagement,
    facts_of,
    failures,
    judged,
    results,
    statuses,
)

GET, PUT = "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"
WINDOW = {"DateLessThan": {"aws:CurrentTime": "2026-11-01T16:00:00Z"}}


def group(*statements: Document, account: str = DEVELOPMENT, team: str = "payments") -> Tables:
    """The group of a team, with these statements; nobody needs to be in it."""
    own = arn("group", f"team-{team}", account)
    inline = {"account_id": account, "principal_arn": own, "name": "own"}
    return {
        "iam_groups": [{"account_id": account, "arn": own, "name": f"team-{team}", "path": "/"}],
        "iam_inline_policies": [{**inline, "document": policy(*statements)}],
    }


def bucket(name: str, account: str = DEVELOPMENT, **more: Any) -> Tables:
    row = {"account_id": account, "region": REGION, "arn": f"arn:aws:s3:::{name}", "name": name}
    return {"s3_buckets": [{**row, **more}]}


def maintains(*applications: str, **more: Any) -> Engagement:
    return engagement(teams=Teams(maintain={"payments": applications}), **more)


def levels(*parts: Tables, **more: Any) -> dict[tuple[str, str, str], str]:
    rows = matrix_rows(facts_of(joined(*parts), **more))
    return {(row.team, row.application, row.environment): row.level for row in rows}


DEV = secret("dev/billing/database", DEVELOPMENT)
PROD = secret("prod/billing/database")

# TEAM.1


@pytest.mark.parametrize(
    ("action", "level"),
    [
        ("s3:ListAllMyBuckets", "none"),
        (GET, "read"),
        (PUT, "write"),
        ("secretsmanager:PutResourcePolicy", "administer"),
        ("*", "administer"),
    ],
)
def test_the_level_is_the_most_that_a_team_can_do(action: str, level: str) -> None:
    assert levels(DEV, group(allow(action))) == {("payments", "billing", "development"): level}


def test_the_applications_of_all_environments_are_in_the_matrix() -> None:
    found = levels(DEV, PROD, secret("dev/ledger/x", DEVELOPMENT), group(allow(GET)))
    assert found == {
        ("payments", "billing", "production"): "none",
        ("payments", "billing", "development"): "read",
        ("payments", "ledger", "development"): "read",
    }


def test_sandboxes_are_not_in_it() -> None:
    assert levels(secret("sandbox/a/b", SANDBOX), group(allow(GET), account=SANDBOX)) == {}


@pytest.mark.parametrize(
    ("kind", "rows", "statement"),
    [
        ("bucket", bucket("billing-dev"), allow("s3:PutObject", "arn:aws:s3:::billing-dev/in/*")),
        (
            "function",
            {
                "lambda_functions": [
                    {
                        "region": REGION,
                        "arn": f"arn:aws:lambda:{REGION}:{DEVELOPMENT}:function:billing-dev",
                        "name": "billing-dev",
                    }
                ]
            },
            allow("lambda:UpdateFunctionCode"),
        ),
        (
            "security group",
            {
                "ec2_security_groups": [
                    {
                        "region": REGION,
                        "id": "sg-1",
                        "arn": f"arn:aws:ec2:{REGION}:{DEVELOPMENT}:security-group/sg-1",
                        "tags": {"application": "billing"},
                    }
                ]
            },
            allow("ec2:AuthorizeSecurityGroupIngress"),
        ),
        (
            "table",
            {
                "cloudformation_stacks": [
                    {
                        "region": REGION,
                        "id": f"arn:aws:cloudformation:{REGION}:{DEVELOPMENT}:stack/billing-dev/1",
                        "arn": f"arn:aws:cloudformation:{REGION}:{DEVELOPMENT}:stack/billing-dev/1",
                        "name": "billing-dev",
                        "status": "CREATE_COMPLETE",
                    }
                ],
                "cloudformation_stack_resources": [
                    {
                        "region": REGION,
                        "stack_id": f"arn:aws:cloudformation:{REGION}:{DEVELOPMENT}"
                        ":stack/billing-dev/1",
                        "stack_name": "billing-dev",
                        "logical_id": "Items",
                        "physical_id": "items",
                        "type": "AWS::DynamoDB::Table",
                        "status": "CREATE_COMPLETE",
                    }
                ],
            },
            allow("dynamodb:PutItem", f"arn:aws:dynamodb:*:{DEVELOPMENT}:table/items"),
        ),
    ],
)
def test_all_kinds_of_things_count(kind: str, rows: Tables, statement: Document) -> None:
    assert levels(rows, group(statement)) == {("payments", "billing", "development"): "write"}, kind


def test_a_role_that_the_group_lets_its_members_assume_counts() -> None:
    reads = role(
        "billing-prod-read",
        allow(GET),
        account=PRODUCTION,
        trusts=trust(root(DEVELOPMENT)),
    )
    team = group(allow("sts:AssumeRole", arn("role", "billing-prod-read", PRODUCTION)))
    assert levels(PROD, reads, team)["payments", "billing", "production"] == "read"


def test_the_applications_own_roles_are_for_diagnosis_outside_production() -> None:
    both = trust({**LAMBDA, **root(DEVELOPMENT)})
    runs = role("billing-dev-app", allow(PUT), trusts=both)
    rows = joined(DEV, runs, group(allow("sts:AssumeRole")))
    [row] = matrix_rows(facts_of(rows))
    assert (row.level, row.assumes) == ("none", ("billing-dev-app",))
    live = role("billing-prod-app", allow(PUT), account=PRODUCTION, trusts=both)
    found = levels(PROD, live, group(allow("sts:AssumeRole")))
    assert found["payments", "billing", "production"] == "write"


def test_what_ends_and_what_is_for_deployments_or_emergencies_is_left_to_others() -> None:
    assert set(levels(DEV, group(allow(PUT, "*", WINDOW))).values()) == {"none"}
    for name in ("billing-deploy", "break-glass"):
        other = role(name, allow(PUT), trusts=trust(root(DEVELOPMENT)))
        found = levels(DEV, other, group(allow("sts:AssumeRole")))
        assert set(found.values()) == {"none"}


def test_permission_sets_and_groups_of_the_directory_stand_for_teams() -> None:
    by_set = signs_in("kim", "team-payments", PRODUCTION, allow(GET))
    assert levels(PROD, by_set)["payments", "billing", "production"] == "read"
    by_group = signs_in("kim", "readers", PRODUCTION, allow(GET))
    by_group["identitystore_groups"][0]["display_name"] = "team-ledger"
    assert levels(PROD, by_group) == {("ledger", "billing", "production"): "read"}


def test_the_matrix_itself_is_no_failure() -> None:
    assert statuses(results("TEAM.1", joined(DEV, group(allow("*"))))) == ["ok"]


# TEAM.2


def test_writing_in_development_and_reading_in_production_is_expected() -> None:
    prod = group(allow(GET), account=PRODUCTION)
    rows = joined(DEV, PROD, group(allow([GET, PUT])), prod)
    assert set(statuses(results("TEAM.2", rows, engagement=maintains("billing")))) == {"ok"}


def test_writing_in_production_fails() -> None:
    rows = joined(PROD, group(allow(PUT, secret_arn("prod/billing/*")), account=PRODUCTION))
    [found] = failures("TEAM.2", rows)
    assert (found.account_id, found.key, found.team) == (PRODUCTION, "payments/billing", "payments")
    assert found.severity == "high"
    assert found.facts["ways"] == [
        f"group team-payments: {PUT} on {secret_arn('prod/billing/database')}"
    ]


def test_an_administrator_of_an_account_is_told_once() -> None:
    rows = joined(PROD, secret("prod/ledger/x"), group(allow("*"), account=PRODUCTION))
    [found] = failures("TEAM.2", rows)
    assert (found.key, found.severity) == ("payments/administrator", "high")
    assert "all 2 applications" in found.title


def test_administering_development_weighs_less() -> None:
    [found] = failures("TEAM.2", joined(DEV, group(allow("*"))))
    assert found.severity == "medium"


def test_too_little_in_development_is_for_information() -> None:
    rows = joined(DEV, group(allow(GET)))
    [found] = failures("TEAM.2", rows, engagement=maintains("billing"))
    assert (found.key, found.severity) == ("payments/billing/less", "info")
    assert not failures("TEAM.2", rows)  # whether the team maintains it is not known


def test_the_expectation_is_the_engagement_files() -> None:
    rows = joined(PROD, group(allow(GET), account=PRODUCTION))
    nothing = engagement(expected_access={"production": "none"})
    assert not failures("TEAM.2", rows)
    assert len(failures("TEAM.2", rows, engagement=nothing)) == 1


def test_applications_of_others_are_team_4s() -> None:
    rows = joined(PROD, group(allow(PUT), account=PRODUCTION))
    assert results("TEAM.2", rows, engagement=maintains("ledger")) == []


# TEAM.4


def test_a_team_that_keeps_to_its_applications_passes() -> None:
    rows = joined(DEV, group(allow([GET, PUT])))
    assert statuses(results("TEAM.4", rows, engagement=maintains("billing"))) == ["ok"]


def test_reaching_others_fails_once_for_the_account() -> None:
    more = secret("prod/ledger/x"), secret("prod/stock/x")
    rows = joined(PROD, *more, group(allow(GET), account=PRODUCTION))
    [found] = failures("TEAM.4", rows, engagement=maintains("billing"))
    assert (found.account_id, found.key, found.severity) == (PRODUCTION, "payments", "high")
    assert found.facts["applications"] == ["ledger: read", "stock: read"]


def test_reading_others_in_development_weighs_less() -> None:
    [found] = failures("TEAM.4", joined(DEV, group(allow(GET))), engagement=maintains("ledger"))
    assert found.severity == "medium"


def test_administrators_reach_all() -> None:
    [found] = failures("TEAM.4", joined(DEV, group(allow("*"))), engagement=maintains("ledger"))
    assert found.facts["applications"] == ["billing: administer"]


def test_a_team_that_nobody_speaks_of_is_asked_for_if_it_reaches_anything() -> None:
    assert statuses(results("TEAM.4", joined(DEV, group(allow(GET))))) == ["ask"]
    assert results("TEAM.4", joined(DEV, group(allow("ec2:Describe*")))) == []


# All of them


@pytest.mark.parametrize("check", ["TEAM.1", "TEAM.2", "TEAM.4"])
def test_without_teams_or_applications_there_is_nothing_to_say(check: str) -> None:
    assert results(check, DEV) == []
    assert results(check, group(allow("*"))) == []


@pytest.mark.parametrize("check", ["TEAM.1", "TEAM.2", "TEAM.4"])
def test_a_policy_that_was_not_read_is_told_at_the_group(check: str) -> None:
    own = arn("group", "team-payments")
    attached = {"principal_arn": own, "policy_arn": f"arn:aws:iam::{DEVELOPMENT}:policy/x"}
    rows = joined(DEV, group(allow(GET)), {"iam_attachments": [attached]})
    told = [each for each in results(check, rows) if each.status == "unknown"]
    assert [(each.resource, each.key) for each in told] == [(own, "policies/payments")]


@pytest.mark.parametrize("check", ["TEAM.1", "TEAM.2", "TEAM.4"])
def test_what_was_not_read_passes_nothing(check: str, tmp_path: Path) -> None:
    rows = joined(DEV, group(allow(GET)))
    found = judged(check, tmp_path, rows, ("iam_attachments", DEVELOPMENT, "*"))
    assert "pass" not in {each.status for each in found}
    assert "unknown" in {each.status for each in found}


def test_the_permission_set_is_what_a_finding_names() -> None:
    by_set = signs_in("kim", "team-payments", PRODUCTION, allow(GET))
    attached = {
        "account_id": PRODUCTION,
        "principal_arn": by_set["iam_roles"][0]["arn"],
        "policy_arn": "arn:aws:iam::aws:policy/Lacking",
    }
    rows = joined(PROD, by_set, {"iam_attachments": [attached]})
    told = [each for each in results("TEAM.1", rows) if each.status == "unknown"]
    assert [each.resource for each in told] == [SSO]
