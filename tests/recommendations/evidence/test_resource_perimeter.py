"""SCP.6: strangers stay out."""

from pathlib import Path
from typing import Any

from tests.recommendations.principal_rows import (
    Document,
    Tables,
    allow,
    deny,
    joined,
    organization,
    policy,
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

OWN = {"account_id": MANAGEMENT}
RCP = "RESOURCE_CONTROL_POLICY"
ALL = ["s3:*", "sts:*", "kms:*", "sqs:*", "secretsmanager:*"]
OUTSIDE = {
    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"},
    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
}
CHOSEN: dict[str, Any] = {"accounts": [MANAGEMENT, DEVELOPMENT, PRODUCTION]}


def rcps(*statements: Document, at: str = "r-1", enabled: bool = True) -> Tables:
    """An organization whose root has RCPs on: the full one everywhere, and one at a node."""
    rows = organization(members=(DEVELOPMENT, PRODUCTION))
    if enabled:
        rows["organizations_roots"][0]["policy_types"].append({"Type": RCP, "Status": "ENABLED"})
    own = [{**each, "Principal": "*"} for each in statements]
    full = policy({**allow("*"), "Principal": "*"})
    kept = {"p-full": full, "p-own": policy(*own)} if own else {"p-full": full}
    nodes = ["r-1", MANAGEMENT, DEVELOPMENT, PRODUCTION]
    targets = [("p-full", node) for node in nodes] + [("p-own", at)] * bool(own)
    more = {
        "organizations_policies": [
            {**OWN, "id": key, "name": key, "type": RCP, "content": content}
            for key, content in kept.items()
        ],
        "organizations_policy_targets": [
            {**OWN, "policy_id": key, "target_id": node} for key, node in targets
        ],
    }
    return joined(rows, more)


def test_a_perimeter_around_all_is_in_order() -> None:
    found = results("SCP.6", rcps(deny(ALL, condition=OUTSIDE)), **CHOSEN)
    assert statuses(found) == ["ok", "ok"]


def test_none_at_all_is_said_once() -> None:
    for rows in (rcps(), rcps(enabled=False)):
        [found] = failures("SCP.6", rows, **CHOSEN)
        assert (found.account_id, found.key) == (MANAGEMENT, "perimeter")


def test_what_a_perimeter_leaves_open_is_named() -> None:
    found = failures("SCP.6", rcps(deny("s3:*", condition=OUTSIDE)), **CHOSEN)
    assert {each.account_id for each in found} == {DEVELOPMENT, PRODUCTION}
    assert "s3:GetObject" not in found[0].facts["open"]
    assert "kms:Decrypt" in found[0].facts["open"]


def test_an_account_outside_the_perimeter_fails() -> None:
    rows = rcps(deny(ALL, condition=OUTSIDE), at=PRODUCTION)
    assert [each.account_id for each in failures("SCP.6", rows, **CHOSEN)] == [DEVELOPMENT]


def test_a_condition_that_strangers_can_meet_is_none() -> None:
    tagged = {"StringNotEquals": {"aws:PrincipalTag/partner": "yes"}}
    found = failures("SCP.6", rcps(deny(ALL, condition=tagged), at=PRODUCTION), **CHOSEN)
    assert found


def test_without_an_organization_it_does_not_apply() -> None:
    assert statuses(results("SCP.6", {}, management=None)) == ["not_applicable"]


def test_policies_that_were_not_read_leave_it_open(tmp_path: Path) -> None:
    rows = rcps(deny(ALL, condition=OUTSIDE))
    found = judged("SCP.6", tmp_path, rows, ("organizations_policies", "*", "*"))
    assert {each.status for each in found} == {"unknown"}
