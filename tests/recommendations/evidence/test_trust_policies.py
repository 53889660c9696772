"""APP.7: trust policies say who may assume a role."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.recommendations.base import Result
from tests.recommendations.principal_rows import (
    Document,
    Tables,
    allow,
    arn,
    joined,
    organization,
    policy,
    role,
    root,
    trust,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

VENDOR = "999999999999"
GITHUB = "token.actions.githubusercontent.com"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"
STRANGERS_ID = {"StringEquals": {"sts:ExternalId": "a-long-one"}}


def found(trusts: Document, **more: Any) -> list[Result]:
    return results("APP.7", joined(role("app", trusts=trusts), organization()), **more)


def failed(trusts: Document, **more: Any) -> dict[str, str | None]:
    return {each.key: each.severity for each in found(trusts, **more) if each.status == "fail"}


def provider(url: str, condition: Document | None = None) -> Document:
    return federated(f"arn:aws:iam::{DEVELOPMENT}:oidc-provider/{url}", condition)


def federated(name: str, condition: Document | None = None) -> Document:
    statement = trust({"Federated": name}, condition)["Statement"][0]
    return policy({**statement, "Action": "sts:AssumeRoleWithWebIdentity"})


def subject(value: Any, operator: str = "StringLike", url: str = GITHUB) -> Document:
    return provider(url, {operator: {f"{url}:sub": value}})


def service(name: str, condition: Document | None = None) -> Document:
    return trust({"Service": name}, condition)


@pytest.mark.parametrize("principal", [root(PRODUCTION), root(DEVELOPMENT), root(MANAGEMENT)])
def test_the_organizations_own_accounts_may_be_let_in(principal: Document) -> None:
    assert statuses(found(trust(principal))) == ["ok"]


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}])
def test_whoever_lets_everyone_in_fails(principal: Any) -> None:
    assert failed(trust(principal)) == {"everyone": "critical"}


def test_everyone_of_the_organization_is_not_everyone() -> None:
    own = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    assert statuses(found(trust("*", own))) == ["ok"]


def test_everyone_who_knows_an_external_id_is_nobody_at_random() -> None:
    assert failed(trust("*", STRANGERS_ID)) == {}


def test_what_holds_by_a_condition_weighs_less() -> None:
    range_ = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    [result] = found(trust("*", range_))
    assert (result.severity, result.facts["depends_on"]) == ("high", ["aws:SourceIp"])


def test_all_but_some_are_everyone() -> None:
    statement = {**trust("*")["Statement"][0], "NotPrincipal": root(PRODUCTION)}
    del statement["Principal"]
    assert failed(policy(statement)) == {"everyone": "critical"}


@pytest.mark.parametrize(
    "principal",
    [root(VENDOR), {"AWS": VENDOR}, {"AWS": arn("role", "scanner", VENDOR)}],
)
def test_an_outside_account_needs_an_external_id(principal: Document) -> None:
    assert failed(trust(principal)) == {f"account/{VENDOR}": "critical"}
    assert statuses(found(trust(principal, STRANGERS_ID))) == ["ok"]


def test_any_external_id_is_none() -> None:
    anything = {"StringLike": {"sts:ExternalId": "*"}}
    assert failed(trust(root(VENDOR), anything)) == {f"account/{VENDOR}": "critical"}


def test_an_account_that_only_a_condition_names_is_outside_too() -> None:
    there = {"StringEquals": {"aws:PrincipalAccount": VENDOR}}
    assert failed(trust("*", there)) == {f"account/{VENDOR}": "critical"}


def test_a_name_that_everyone_can_give_a_role_is_no_limit() -> None:
    anywhere = {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deployer-*"}}
    assert failed(trust("*", anywhere)) == {"everyone": "critical"}
    own = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{PRODUCTION}:role/123456789012-*"}}
    assert statuses(found(trust("*", own))) == ["ok"]


def test_trusted_accounts_need_none() -> None:
    trusting = engagement(trusted_accounts=(VENDOR,))
    assert statuses(found(trust(root(VENDOR)), engagement=trusting)) == ["ok"]


def test_a_deny_keeps_outsiders_out() -> None:
    others = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
    statement = {**trust("*", others)["Statement"][0], "Effect": "Deny"}
    assert statuses(found(policy(*trust(root(VENDOR))["Statement"], statement))) == ["ok"]


@pytest.mark.parametrize(
    "trusts",
    [
        provider(GITHUB),
        provider(GITHUB, {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}),
        subject("*"),
        subject("repo:*"),
        subject("repo:acme*"),
        subject(["repo:acme/billing:*", "repo:*/billing:*"]),
        subject("environment:production", "StringEquals"),
        subject("repo:acme/billing:*", "StringNotLike"),
        provider("gitlab.com", {"StringLike": {"gitlab.com:sub": "project_path:*"}}),
        federated("cognito-identity.amazonaws.com"),
    ],
)
def test_a_provider_of_many_without_a_subject_is_open_to_all(trusts: Document) -> None:
    [(key, severity)] = failed(trusts).items()
    assert key.startswith("provider/")
    assert severity == "critical"


@pytest.mark.parametrize(
    "trusts",
    [
        subject("repo:acme/billing:ref:refs/heads/main", "StringEquals"),
        subject("repo:acme/*"),
        subject("repository_owner_id:1234:environment:production", "StringEquals"),
        subject("repo:acme/billing:*", "ForAllValues:StringLike"),
        provider(GITHUB, {"StringEquals": {f"{GITHUB}:repository": "acme/billing"}}),
        subject("system:serviceaccount:billing:*", url=EKS),
        subject("project_path:acme/billing:*", url="gitlab.com"),
        subject("build-7", "StringEquals", url="login.example.com/tenant"),
        federated(
            "cognito-identity.amazonaws.com",
            {"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"}},
        ),
        trust({"Federated": f"arn:aws:iam::{DEVELOPMENT}:saml-provider/corporate"}),
    ],
)
def test_a_subject_that_is_ones_own_passes(trusts: Document) -> None:
    assert statuses(found(trusts)) == ["ok"]


def test_tagging_a_session_takes_nobody_in() -> None:
    assumes = subject("repo:acme/billing:*")["Statement"][0]
    tags = {**provider(GITHUB)["Statement"][0], "Action": "sts:TagSession"}
    assert statuses(found(policy(assumes, tags))) == ["ok"]


def test_a_claim_that_may_be_missing_limits_nobody() -> None:
    key = {f"{GITHUB}:repository": "acme/billing"}
    assert failed(provider(GITHUB, {"ForAllValues:StringEquals": key}))


def test_every_pod_of_ones_own_cluster_weighs_less() -> None:
    wide = subject("system:serviceaccount:*:*", url=EKS)
    assert failed(wide) == {f"provider/{EKS}": "high"}


def test_services_that_say_for_whom_they_work_are_told_once() -> None:
    rows = joined(
        role("one", trusts=service("states.amazonaws.com")),
        role("two", trusts=service("states.amazonaws.com")),
        organization(),
    )
    [result] = failures("APP.7", rows)
    assert (result.key, result.severity) == ("source/states.amazonaws.com", "medium")
    assert result.facts["roles"] == ["one", "two"]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceAccount": DEVELOPMENT}},
        {"ArnLike": {"aws:SourceArn": f"arn:aws:states:*:{DEVELOPMENT}:*"}},
        {"StringEquals": {"aws:SourceOrgID": "o-1"}},
        {"ForAnyValue:StringLike": {"aws:SourceOrgPaths": ["o-1/r-1/*"]}},
    ],
)
def test_account_arn_organization_and_path_all_count(condition: Document) -> None:
    assert statuses(found(service("states.amazonaws.com", condition))) == ["ok"]


@pytest.mark.parametrize("name", ["ec2.amazonaws.com", "lambda.amazonaws.com"])
def test_services_that_do_not_say_for_whom_are_not_asked(name: str) -> None:
    assert statuses(found(service(name))) == ["ok"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("AWSServiceRoleForX", "/aws-service-role/x.amazonaws.com/"),
        ("AWSReservedSSO_Admin_0123456789abcdef", "/aws-reserved/sso.amazonaws.com/"),
        ("AWSControlTowerExecution", "/"),
    ],
)
def test_roles_that_others_make_are_left_alone(name: str, path: str) -> None:
    assert results("APP.7", role(name, path=path, trusts=trust("*"))) == []


def test_a_trust_policy_that_is_no_policy_is_unknown() -> None:
    [result] = found({"Statement": [{"Effect": "Allow", "Principal": 7, "Action": "sts:*"}]})
    assert result.status == "unknown"


def test_without_the_organizations_accounts_nobody_is_known_to_be_outside(tmp_path: Path) -> None:
    rows: Tables = role("app", allow("s3:*"), trusts=trust(root(VENDOR)))
    denied = ("organizations_accounts", "*", "*")
    [result] = judged("APP.7", tmp_path, rows, denied)
    assert (result.status, result.key) == ("unknown", f"account/{VENDOR}")


def test_without_roles_app_7_is_unknown(tmp_path: Path) -> None:
    rows = role("app", trusts=trust(root(DEVELOPMENT)))
    found_ = judged("APP.7", tmp_path, rows, ("iam_roles", DEVELOPMENT, "*"))
    assert {each.status for each in found_ if each.account_id == DEVELOPMENT} == {"unknown"}
