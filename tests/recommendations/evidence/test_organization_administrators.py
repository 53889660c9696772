"""ORG.4: who governs the organization."""

from pathlib import Path

from awsbasics.recommendations.base import Result
from tests.recommendations.principal_rows import (
    LAMBDA,
    MFA,
    SSO,
    Tables,
    allow,
    arn,
    credentials,
    joined,
    role,
    root,
    signs_in,
    trust,
    user,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    engagement,
    failures,
    judged,
    results,
)

GOVERNS = allow("organizations:*")


def boss(name: str = "olivia", **more: object) -> Tables:
    """An administrator of the management account with MFA and no keys, unless said otherwise."""
    return joined(user(name, allow("*"), account=MANAGEMENT), credentials(name, MANAGEMENT, **more))


def found(rows: Tables) -> dict[str, Result]:
    return {each.key: each for each in failures("ORG.4", rows)}


def test_an_administrator_with_mfa_and_no_keys_passes() -> None:
    assert [each.status for each in results("ORG.4", boss())] == ["ok", "ok"]


def test_an_access_key_fails() -> None:
    one = found(boss(access_key_2_active=True))["access_key"]
    assert (one.resource, one.severity) == (arn("user", "olivia", MANAGEMENT), None)
    assert one.title == "User olivia administers the organization with an access key."


def test_a_console_user_without_mfa_fails() -> None:
    assert set(found(boss(mfa_active=False))) == {"mfa"}


def test_a_report_that_lacks_the_user_makes_it_unknown() -> None:
    rows = user("olivia", allow("*"), account=MANAGEMENT)
    assert [each.status for each in results("ORG.4", rows)] == ["unknown", "unknown", "ok"]


def test_power_over_the_organization_alone_counts_too() -> None:
    rows = joined(
        user("ci", GOVERNS, account=MANAGEMENT),
        credentials("ci", MANAGEMENT, password_enabled=False, access_key_1_active=True),
    )
    assert set(found(rows)) == {"access_key"}


def test_who_only_reads_is_not_counted() -> None:
    rows = user("reader", allow("organizations:List*"), account=MANAGEMENT)
    assert [each.status for each in results("ORG.4", rows)] == ["ok"]


def test_a_way_to_administrator_fails_and_says_how() -> None:
    own = arn("user", "ada", MANAGEMENT)
    rows = user("ada", allow("iam:PutUserPolicy", own), account=MANAGEMENT)
    one = found(rows)["way/iam-007"]
    assert one.account_id == MANAGEMENT
    assert one.facts["steps"][0] == f"iam:PutUserPolicy on {own}"


def test_ways_in_members_are_not_the_organizations() -> None:
    assert found(user("ada", allow("iam:PutUserPolicy", arn("user", "ada")))) == {}


def test_people_of_identity_center_are_federated_and_counted() -> None:
    rows = signs_in("kim", "Admin", MANAGEMENT, allow("*"))
    every = results("ORG.4", rows)
    assert [(each.status, each.resource) for each in every] == [("ok", SSO), ("ok", "")]
    few = engagement(thresholds={**engagement().thresholds, "organization_administrators": 0})
    [one] = failures("ORG.4", rows, engagement=few)
    assert (one.key, one.facts["who"]) == ("number", ["kim"])


def test_a_role_that_users_assume_needs_mfa() -> None:
    helper = user("ada", allow("sts:AssumeRole"), account=MANAGEMENT)
    trusts = trust(root(MANAGEMENT))
    governor = role("governor", GOVERNS, account=MANAGEMENT, trusts=trusts)
    one = found(joined(helper, governor))["mfa"]
    assert "User ada can assume it without MFA" in one.title
    careful = role("governor", GOVERNS, account=MANAGEMENT, trusts=trust(root(MANAGEMENT), MFA))
    assert found(joined(helper, careful)) == {}


def test_workloads_that_assume_such_a_role_are_found_in_any_account() -> None:
    target = arn("role", "governor", MANAGEMENT)
    governor = role("governor", GOVERNS, account=MANAGEMENT, trusts=trust(root(DEVELOPMENT)))
    one = found(joined(role("app", allow("sts:AssumeRole", target)), governor))["mfa"]
    assert "Role app can assume it without MFA" in one.title


def test_a_workload_fails() -> None:
    rows = role("cleaner", GOVERNS, account=MANAGEMENT, trusts=trust(LAMBDA))
    assert "as a workload of lambda.amazonaws.com" in found(rows)["service"].title


def test_control_towers_own_role_is_left_alone() -> None:
    rows = role("AWSControlTowerAdmin", GOVERNS, account=MANAGEMENT)
    assert [each.status for each in results("ORG.4", rows)] == ["ok"]


def test_without_an_organization_it_does_not_apply() -> None:
    assert [each.status for each in results("ORG.4", {}, management=None)] == ["not_applicable"]


def test_permission_sets_that_were_not_read_pass_nobody(tmp_path: Path) -> None:
    for number, table in enumerate(("sso_assignments", "iam_inline_policies")):
        seen = judged("ORG.4", tmp_path / str(number), boss(), (table, MANAGEMENT, "*"))
        assert {each.status for each in seen} == {"unknown"}


def test_members_that_were_not_read_do_not_matter(tmp_path: Path) -> None:
    rows = joined(boss(), {"organizations_organization": [{"account_id": MANAGEMENT, "id": "o-1"}]})
    seen = judged("ORG.4", tmp_path, rows, ("iam_roles", DEVELOPMENT, "*"))
    assert {each.status for each in seen} == {"pass"}
