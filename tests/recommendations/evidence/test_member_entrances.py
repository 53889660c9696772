"""ORG.6: from the management account into members."""

from pathlib import Path

from tests.recommendations.principal_rows import (
    Tables,
    allow,
    arn,
    joined,
    role,
    root,
    trust,
    user,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    failures,
    judged,
    results,
    statuses,
)

NAME = "OrganizationAccountAccessRole"


def entrance(*statements: object, name: str = NAME, account: str = DEVELOPMENT) -> Tables:
    power = statements or (allow("*"),)
    return role(name, *power, account=account, trusts=trust(root(MANAGEMENT)))  # type: ignore[arg-type]


ENTERS = user("ada", allow("sts:AssumeRole", f"arn:aws:iam::*:role/{NAME}"), account=MANAGEMENT)


def test_whoever_enters_without_governing_fails_in_each_member() -> None:
    found = failures("ORG.6", joined(entrance(), entrance(account=PRODUCTION), ENTERS))
    assert [each.account_id for each in found] == [DEVELOPMENT, PRODUCTION]
    assert found[1].resource == arn("role", NAME, PRODUCTION)
    assert (found[1].severity, found[1].facts["can_enter"]) == ("high", ["User ada"])


def test_administrators_of_the_organization_may_enter() -> None:
    rows = joined(entrance(), user("olivia", allow("*"), account=MANAGEMENT))
    assert statuses(results("ORG.6", rows)) == ["ok"]


def test_a_role_that_only_reads_may_be_entered() -> None:
    rows = joined(entrance(allow(["s3:Get*", "ec2:Describe*"])), ENTERS)
    assert statuses(results("ORG.6", rows)) == ["ok"]


def test_a_role_that_changes_little_weighs_less() -> None:
    [found] = failures("ORG.6", joined(entrance(allow("s3:PutObject")), ENTERS))
    assert found.severity == "medium"


def test_provisioning_counts_only_where_it_gives_all_power() -> None:
    name = "AWSControlTowerExecution"
    enters = user("ada", allow("sts:AssumeRole"), account=MANAGEMENT)
    assert not failures("ORG.6", joined(entrance(allow("s3:*"), name=name), enters))
    assert len(failures("ORG.6", joined(entrance(name=name), enters))) == 1


def test_roles_for_others_are_not_looked_at() -> None:
    assert results("ORG.6", role("app", allow("*"))) == []


def test_without_an_organization_it_does_not_apply() -> None:
    assert statuses(results("ORG.6", {}, management=None)) == ["not_applicable"]


def test_a_management_account_that_was_not_read_passes_no_member(tmp_path: Path) -> None:
    rows = joined(
        entrance(), {"organizations_organization": [{"account_id": MANAGEMENT, "id": "o-1"}]}
    )
    found = judged("ORG.6", tmp_path, rows, ("iam_inline_policies", MANAGEMENT, "*"))
    assert {each.status for each in found} == {"unknown"}
