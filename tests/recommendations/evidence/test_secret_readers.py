"""SEC.7: who can read secrets of production that are not meant to."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.recommendations.base import Result
from tests.recommendations.principal_rows import (
    Document,
    Tables,
    allow,
    arn,
    deny,
    joined,
    organization,
    policy,
    role,
    root,
    trust,
    user,
)
from tests.recommendations.secret_rows import KEY, key, lets_in, secret, secret_arn
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    REGION,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

STRANGER = "999999999999"
GET = "secretsmanager:GetSecretValue"
OPEN_KEY = policy(
    {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*"}
)


def reader(name: str, resource: str = "", account: str = PRODUCTION, **more: Any) -> Tables:
    wanted = resource or secret_arn("prod/billing/database")
    return role(name, allow(GET, wanted), account=account, **more)


def found(*parts: Tables, **more: Any) -> dict[str, Result]:
    rows = joined(organization(members=(DEVELOPMENT, PRODUCTION)), *parts)
    return {each.key: each for each in failures("SEC.7", rows, **more)}


def open_secret(policy_: Document, **more: Any) -> Tables:
    """A secret whose customer's key keeps nobody out."""
    return joined(secret(resource_policy=policy_, kms_key_id=KEY, **more), key(OPEN_KEY))


def test_the_applications_own_role_may_read_its_secret() -> None:
    rows = joined(secret(), reader("billing-production-app"))
    assert statuses(results("SEC.7", rows)) == ["ok"]


def test_another_applications_role_in_the_account_fails() -> None:
    failed = found(secret(), reader("ledger-production-app"))
    assert list(failed) == ["applications"]
    assert failed["applications"].severity == "high"
    assert failed["applications"].facts["readers"] == [
        f"ledger: {arn('role', 'ledger-production-app', PRODUCTION)}"
    ]


def test_in_development_it_weighs_less() -> None:
    resource = secret_arn("dev/billing/database", DEVELOPMENT)
    own = reader("ledger-dev-app", resource, DEVELOPMENT)
    failed = found(secret("dev/billing/database", DEVELOPMENT), own)
    assert failed["applications"].severity == "medium"


@pytest.mark.parametrize(
    "more",
    [
        {"shared": ("prod/billing/*",)},
        {"role": "ledger-deploy"},
        {"role": "break-glass"},
        {"path": "/aws-service-role/x.amazonaws.com/"},
    ],
)
def test_what_is_meant_or_judged_elsewhere_is_left_alone(more: dict[str, Any]) -> None:
    tags = {"application": "ledger"}
    own = reader(more.get("role", "ledger-app"), path=more.get("path", "/"), tags=tags)
    file = engagement(shared_secrets=more.get("shared", ()))
    assert found(secret(), own, engagement=file) == {}


def test_administrators_are_no_finding_of_each_secret() -> None:
    administrator = role("ledger-production-app", allow("*"), account=PRODUCTION)
    assert found(secret(), secret("prod/billing/b"), administrator) == {}


def test_who_reads_all_secrets_is_told_once_for_the_account() -> None:
    names = ["prod/billing/a", "prod/billing/b", "prod/ledger/c"]
    everything = role("ledger-production-app", allow("secretsmanager:*"), account=PRODUCTION)
    root_like = role("admin", allow("*"), account=PRODUCTION)
    rows = joined(organization(), *map(secret, names), everything, root_like)
    [failed] = failures("SEC.7", rows)
    assert (failed.key, failed.resource, failed.account_id) == ("everything", "", PRODUCTION)
    assert failed.facts == {"principals": ["Role ledger-production-app"], "administrators": 1}


def test_people_who_read_all_secrets_are_left_to_sec_9() -> None:
    both = secret("prod/billing/a"), secret("prod/billing/b")
    everything = allow("secretsmanager:*")
    people = role("operator", everything, account=PRODUCTION, trusts=trust(root(PRODUCTION)))
    assert found(*both, people, user("ada", everything, account=PRODUCTION)) == {}
    program = role("agent", everything, account=PRODUCTION)
    assert list(found(*both, program)) == ["everything"]


def test_a_denial_in_the_secrets_policy_counts() -> None:
    denial = lets_in("*", Effect="Deny")
    rows = joined(secret(resource_policy=denial), reader("ledger-production-app"))
    assert found(rows) == {}


def test_guard_rails_count() -> None:
    rows = joined(organization(deny(GET)), secret(), reader("ledger-production-app"))
    assert not failures("SEC.7", rows)


def test_a_role_that_the_secret_names_needs_no_policy_of_its_own() -> None:
    name = arn("role", "ledger-production-app", PRODUCTION)
    own = role("ledger-production-app", account=PRODUCTION)
    assert list(found(secret(resource_policy=lets_in({"AWS": name})), own)) == ["applications"]


def test_a_public_secret_is_critical() -> None:
    failed = found(open_secret(lets_in("*")))
    assert list(failed) == ["public"]
    assert failed["public"].severity == "critical"


def test_the_key_of_aws_keeps_other_accounts_out_as_yet() -> None:
    failed = found(secret(resource_policy=lets_in("*")))
    assert failed["public"].severity == "medium"
    assert "keeps them out" in failed["public"].title


def test_a_customers_key_keeps_them_out_too() -> None:
    own = policy(
        {"Effect": "Allow", "Principal": root(PRODUCTION), "Action": "kms:*", "Resource": "*"}
    )
    rows = joined(secret(resource_policy=lets_in("*"), kms_key_id="alias/secrets"), key(own))
    assert "public" not in found(rows)


def test_a_strange_account_is_critical_unless_trusted() -> None:
    rows = open_secret(lets_in(root(STRANGER)))
    [failed] = found(rows).values()
    assert (failed.key, failed.severity) == (f"account/{STRANGER}", "critical")
    assert not found(rows, engagement=engagement(trusted_accounts=(STRANGER,)))


def test_a_condition_makes_it_lighter() -> None:
    narrow = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
    [failed] = found(open_secret(lets_in(root(STRANGER), narrow))).values()
    assert failed.severity == "high"
    assert "aws:SourceVpce" in failed.title


def test_an_account_of_another_environment_fails_and_its_readers_are_named() -> None:
    own = role("reader", allow("*", "*"), account=DEVELOPMENT)
    [failed] = found(open_secret(lets_in(root(DEVELOPMENT))), own).values()
    assert (failed.key, failed.severity) == (f"account/{DEVELOPMENT}", "high")
    assert failed.facts["principals"] == [arn("role", "reader", DEVELOPMENT)]


def test_the_whole_organization_is_one_finding() -> None:
    of_all = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    assert list(found(open_secret(lets_in("*", of_all)))) == ["organization"]


def test_everybody_of_the_account_is_one_finding() -> None:
    own = {"StringEquals": {"aws:PrincipalAccount": PRODUCTION}}
    assert list(found(secret(resource_policy=lets_in("*", own)))) == ["inside"]


def test_a_role_of_any_account_is_public() -> None:
    anywhere = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ledger-*"}}
    assert list(found(open_secret(lets_in("*", anywhere)))) == ["public"]


def test_roles_by_a_pattern_are_found_though_no_policy_of_theirs_says_so() -> None:
    some = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{PRODUCTION}:role/ledger-*"}}
    own = role("ledger-production-app", account=PRODUCTION)
    assert list(found(secret(resource_policy=lets_in("*", some)), own)) == ["applications"]


@pytest.mark.parametrize("odd", ["{", '"x"', "[1]", '{"Statement": 7}', '{"Statement": [null]}'])
def test_odd_policies_break_nothing(odd: str) -> None:
    assert results("SEC.7", secret(resource_policy=odd))


def test_services_and_principals_that_are_no_more_let_nobody_in() -> None:
    policy_ = lets_in({"Service": "lambda.amazonaws.com", "AWS": "AROAEXAMPLEEXAMPLE000"})
    assert found(secret(resource_policy=policy_)) == {}


def test_a_policy_that_was_not_read_passes_no_secret() -> None:
    assert statuses(results("SEC.7", secret(resource_policy_status="denied"))) == ["unknown"]


def test_secrets_that_are_being_deleted_are_left_out() -> None:
    assert results("SEC.7", secret(deleted="2026-10-31T00:00:00Z")) == []


def test_a_principals_policy_that_was_not_read_is_told_once() -> None:
    name = arn("role", "app", PRODUCTION)
    attached = {"account_id": PRODUCTION, "principal_arn": name, "policy_arn": "arn:aws:iam::1:p"}
    rows = joined(secret(), role("app", account=PRODUCTION), {"iam_attachments": [attached]})
    told = [each for each in results("SEC.7", rows) if each.status == "unknown"]
    assert [each.key for each in told] == ["policies"]


@pytest.mark.parametrize(
    "denied",
    [
        ("secretsmanager_secrets", PRODUCTION, REGION),
        ("kms_keys", PRODUCTION, REGION),
        ("iam_inline_policies", PRODUCTION, "*"),
        ("organizations_accounts", MANAGEMENT, "*"),
    ],
)
def test_what_was_not_read_passes_nothing(tmp_path: Path, denied: tuple[str, str, str]) -> None:
    every = judged("SEC.7", tmp_path, secret(), denied)
    said = {each.status for each in every}
    assert "unknown" in said
    assert "pass" not in {each.status for each in every if each.account_id == PRODUCTION}
