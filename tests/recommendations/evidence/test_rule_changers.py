"""DEV.3: people who change inbound rules. Groups of billing and ledger, in each account."""

from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from awsbasics.engagement.model import Humans, Teams
from awsbasics.recommendations.evidence.rule_changers import CHANGES
from tests.recommendations.principal_rows import (
    SSO,
    Document,
    Tables,
    allow,
    arn,
    deny,
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
    REGION,
    SANDBOX,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

READS = allow("ec2:Describe*")
AUTHORIZES = allow("ec2:AuthorizeSecurityGroupIngress")
TAGGED = {"StringEquals": {"aws:ResourceTag/application": "billing"}}


def groups(account: str, *applications: str) -> Tables:
    place = {"account_id": account, "region": REGION, "vpc_id": "vpc-1"}
    head = f"arn:aws:ec2:{REGION}:{account}:security-group"
    return {
        "ec2_security_groups": [
            {
                **place,
                "id": f"sg-{name}",
                "arn": f"{head}/sg-{name}",
                "name": f"{name}-group",
                "tags": {"application": name} if name != "default" else {},
            }
            for name in (*applications, "default")
        ]
    }


def ada(*statements: Document, account: str = PRODUCTION) -> Tables:
    return joined(user("ada", *statements, account=account), groups(account, "billing", "ledger"))


@pytest.mark.parametrize("action", [*CHANGES, "ec2:*", "*"])
def test_changing_rules_in_production_fails(action: str) -> None:
    [found] = failures("DEV.3", ada(allow(action)))
    assert (found.resource, found.key) == (arn("user", "ada", PRODUCTION), "inbound")
    assert found.facts["groups"] == 3
    assert found.facts["applications"] == ["billing", "ledger"]
    assert found.title == (
        "1 person can change inbound rules of 3 security groups in production by User ada."
    )


def test_one_group_in_production_is_enough() -> None:
    resource = "arn:aws:ec2:*:*:security-group/sg-billing"
    [found] = failures("DEV.3", ada(allow(CHANGES[0], resource)))
    assert found.facts["for_example"] == ["sg-billing"]


def test_reading_passes_and_so_does_what_a_boundary_or_deny_stops() -> None:
    assert statuses(results("DEV.3", ada(READS))) == ["ok"]
    assert statuses(results("DEV.3", ada(allow("ec2:*"), deny("ec2:*Ingress", "*")))) == ["fail"]
    stopped = deny([*CHANGES], "*")
    assert statuses(results("DEV.3", ada(allow("ec2:*"), stopped))) == ["ok"]


def test_a_tag_that_no_group_has_opens_none() -> None:
    other = {"StringEquals": {"aws:ResourceTag/application": "website"}}
    assert statuses(results("DEV.3", ada(allow(CHANGES[0], "*", other)))) == ["ok"]


def test_a_window_is_no_standing_access() -> None:
    window = {
        "DateGreaterThan": {"aws:CurrentTime": "2026-10-30T00:00:00Z"},
        "DateLessThan": {"aws:CurrentTime": "2026-11-02T00:00:00Z"},
    }
    assert failures("DEV.3", ada(AUTHORIZES))
    assert not failures("DEV.3", ada(allow(CHANGES[0], "*", window)))


def test_in_development_ones_own_application_is_fine_and_several_are_not() -> None:
    assert statuses(results("DEV.3", ada(allow("ec2:*", "*", TAGGED), account=DEVELOPMENT))) == [
        "ok"
    ]
    [found] = failures("DEV.3", ada(AUTHORIZES, account=DEVELOPMENT))
    assert found.severity == "medium"
    assert "of 3 security groups of 2 applications in development" in found.title


def test_a_team_changes_what_it_maintains() -> None:
    maintain = MappingProxyType({"payments": ("billing", "ledger")})
    people = engagement(teams=Teams(maintain=maintain))
    rows = joined(
        signs_in("grace", "team-payments", DEVELOPMENT, AUTHORIZES),
        groups(DEVELOPMENT, "billing", "ledger"),
    )
    assert failures("DEV.3", rows)
    assert not failures("DEV.3", rows, engagement=people)


def test_people_of_single_sign_on_are_found_by_their_permission_set() -> None:
    rows = joined(
        signs_in("grace", "Operators", PRODUCTION, AUTHORIZES), groups(PRODUCTION, "billing")
    )
    [found] = failures("DEV.3", rows)
    assert found.resource == SSO
    assert found.facts["people"] == ["grace: signs in with Operators as a member of operators"]


def changer(name: str) -> Tables:
    return joined(
        user("ada", allow("sts:AssumeRole"), account=PRODUCTION),
        role(name, AUTHORIZES, account=PRODUCTION, trusts=trust(root(PRODUCTION))),
        groups(PRODUCTION, "billing"),
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("network", ["fail", "ok"]),
        ("break-glass", ["ok", "ok"]),
        ("billing-deploy", ["ok"]),
        ("AWSControlTowerExecution", ["ok"]),
        ("OrganizationAccountAccessRole", ["ok"]),
    ],
)
def test_roles_that_people_assume_count_but_for_those_of_a_special_task(
    name: str, expected: list[str]
) -> None:
    assert sorted(statuses(results("DEV.3", changer(name)))) == expected


def test_programs_sandboxes_and_accounts_without_groups_do_not_count() -> None:
    people = engagement(humans=Humans(exclude=("ada",)))
    assert results("DEV.3", ada(AUTHORIZES), engagement=people) == []
    assert results("DEV.3", ada(AUTHORIZES, account=SANDBOX)) == []
    assert statuses(results("DEV.3", user("ada", AUTHORIZES, account=PRODUCTION))) == ["ok"]


def test_a_policy_that_was_not_read_leaves_it_unknown() -> None:
    attached: dict[str, Any] = {"account_id": PRODUCTION, "principal_type": "user"}
    attached["principal_arn"] = arn("user", "ada", PRODUCTION)
    lost = {"iam_attachments": [{**attached, "policy_arn": arn("policy", "lost", PRODUCTION)}]}
    [found] = results("DEV.3", joined(ada(READS), lost))
    assert (found.status, found.key) == ("unknown", "policies")


def test_groups_that_were_not_read_leave_it_unknown(tmp_path: Path) -> None:
    denied = ("ec2_security_groups", PRODUCTION, REGION)
    rows = user("ada", AUTHORIZES, account=PRODUCTION)
    found = judged("DEV.3", tmp_path, rows, denied)
    assert [(f.account_id, f.status) for f in found] == [(PRODUCTION, "unknown")]
