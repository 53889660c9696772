"""DEP.1 and DEP.3: deployment roles of applications, and the people who can be them."""

from pathlib import Path
from typing import Any

import pytest

from tests.recommendations.deployment_rows import stack
from tests.recommendations.principal_rows import (
    MFA,
    Document,
    Tables,
    allow,
    arn,
    joined,
    role,
    root,
    signs_in,
    trust,
    user,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    PRODUCTION,
    SANDBOX,
    failures,
    judged,
    results,
    statuses,
)

ASSUMES = allow("sts:AssumeRole")


def deploy_role(name: str = "billing-deploy", account: str = PRODUCTION, **more: Any) -> Tables:
    return role(name, account=account, **{"trusts": trust(root(account)), **more})


# DEP.1


def test_an_application_with_a_role_of_its_own_passes() -> None:
    rows = joined(stack("billing-prod", "deployer"), deploy_role("deployer"))
    assert statuses(results("DEP.1", rows)) == ["ok"]


def test_a_role_that_is_called_after_the_application_will_do() -> None:
    rows = joined(stack("billing-prod"), deploy_role())
    assert statuses(results("DEP.1", rows)) == ["ok"]


def test_an_application_without_one_fails() -> None:
    [found] = failures("DEP.1", joined(stack("billing-prod"), deploy_role("ledger-deploy")))
    assert (found.key, found.application, found.account_id) == (
        "billing/none",
        "billing",
        PRODUCTION,
    )


def test_one_role_for_all_applications_fails_for_each() -> None:
    rows = joined(
        stack("billing-prod", "deployer"),
        stack("ledger-prod", "deployer"),
        deploy_role("deployer"),
        user("ada", ASSUMES, account=PRODUCTION),
    )
    found = failures("DEP.1", rows)
    assert [each.key for each in found] == ["billing/shared", "ledger/shared"]
    assert found[0].facts["people"] == [f"User ada of {PRODUCTION}"]


def test_what_cdk_deploys_is_left_out() -> None:
    name = "cdk-hnb659fds-cfn-exec-role-222222222222-eu-west-1"
    rows = joined(stack("billing-prod", name), deploy_role(name))
    assert statuses(results("DEP.1", rows)) == ["not_applicable"]


def test_without_stacks_dep_1_is_unknown(tmp_path: Path) -> None:
    denied = ("cloudformation_stacks", PRODUCTION, "*")
    found = judged("DEP.1", tmp_path, stack("billing-prod"), denied)
    assert {each.status for each in found if each.account_id == PRODUCTION} == {"unknown"}


# DEP.3


def people(account: str, *statements: Document) -> Tables:
    return joined(deploy_role(account=account), user("ada", *statements, account=account))


@pytest.mark.parametrize("account", [DEVELOPMENT, SANDBOX])
def test_where_engineers_try_things_they_can_deploy(account: str) -> None:
    assert statuses(results("DEP.3", people(account, ASSUMES))) == ["ok"]
    [found] = failures("DEP.3", people(account))
    assert (found.key, found.resource) == ("nobody", arn("role", "billing-deploy", account))


def test_in_production_they_cannot() -> None:
    assert statuses(results("DEP.3", people(PRODUCTION))) == ["ok"]
    [found] = failures("DEP.3", people(PRODUCTION, ASSUMES))
    assert (found.key, found.facts["people"]) == ("people", [f"User ada of {PRODUCTION}"])


def test_a_second_factor_does_not_make_a_person_a_pipeline() -> None:
    [found] = failures("DEP.3", people(PRODUCTION, allow("sts:AssumeRole", condition=MFA)))
    assert "needs aws:MultiFactorAuthPresent" in found.title


def test_people_of_identity_center_count() -> None:
    rows = joined(deploy_role(), signs_in("ada", "operators", PRODUCTION, ASSUMES))
    [found] = failures("DEP.3", rows)
    assert found.facts["people"] == [f"Permission set operators of {PRODUCTION}"]


def test_other_environments_and_programs_are_not_asked() -> None:
    program = role("pipeline", ASSUMES, account=PRODUCTION)
    assert statuses(results("DEP.3", joined(deploy_role(), program))) == ["ok"]
    elsewhere = joined(deploy_role(account="555555555555"), user("ada", ASSUMES))
    assert statuses(results("DEP.3", elsewhere)) == ["not_applicable"]


def test_policies_that_were_not_read_pass_nobody(tmp_path: Path) -> None:
    denied = ("iam_attachments", PRODUCTION, "*")
    found = judged("DEP.3", tmp_path, people(PRODUCTION), denied)
    assert {each.status for each in found if each.account_id == PRODUCTION} == {"unknown"}
