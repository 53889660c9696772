"""Policy documents in every form that the grammar allows, and written in every way.

Source: IAM user guide, "Grammar of the IAM JSON policy language" and "IAM JSON policy
elements reference".
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

Document = dict[str, Any]

MALFORMED: tuple[Document | str, ...] = (
    "not a policy",
    '{"Version": "2012-10-17", "Statement": [',
    "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22",
    "[]",
    {},
    {"Version": "2012-10-17"},
    {"Version": "2012-10-17", "Statement": ["Allow"]},
    {"Version": "2012-10-17", "Statement": {"Effect": "Perhaps", "Action": 1, "Resource": None}},
)


def identity_documents(partition: str, account_id: str) -> Mapping[str, Document]:
    """What users, groups and roles hold, by what is special about it."""
    bucket = f"arn:{partition}:s3:::reports"
    statements: Mapping[str, Any] = {
        "list of statements": [
            _allow(["s3:GetObject", "s3:PutObject"], [f"{bucket}/*"], Sid="Objects"),
            _allow(["s3:ListBucket"], [bucket], Sid="Bucket"),
        ],
        "single statement": _allow("s3:GetObject", f"{bucket}/*"),
        "scalar action, list of resources": [_allow("dynamodb:Query", ["*", bucket])],
        "list of actions, scalar resource": [_allow(["ec2:Describe*", "ec2:Get*"], "*")],
        "everything": [_allow("*", "*")],
        "whole service": [_allow("s3:*", [bucket, f"{bucket}/*"])],
        "NotAction": [{"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}],
        "NotResource": [{"Effect": "Deny", "Action": "s3:*", "NotResource": f"{bucket}/*"}],
        "conditions": [
            _allow(
                "sts:AssumeRole",
                f"arn:{partition}:iam::{account_id}:role/*",
                Condition={
                    "Bool": {"aws:MultiFactorAuthPresent": "true"},
                    "NumericLessThan": {"aws:MultiFactorAuthAge": 3600},
                    "StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]},
                    "ForAnyValue:StringLike": {"aws:TagKeys": ["team*"]},
                },
            )
        ],
        "for a time": [
            _allow(
                ["rds:ModifyDBInstance"],
                ["*"],
                Condition={
                    "DateGreaterThan": {"aws:CurrentTime": "2026-11-01T08:00:00Z"},
                    "DateLessThan": {"aws:CurrentTime": "2026-11-01T16:00:00Z"},
                },
            )
        ],
        "variables": [_allow("s3:*", f"{bucket}/${{aws:username}}/*")],
        "letters and signs": [
            _allow("s3:GetObject", f"{bucket}/a+b%20c/{{curly}}/Größe & <b>x</b>/*", Sid="Plus100")
        ],
    }
    return {name: _policy(content) for name, content in statements.items()}


def trust_documents(partition: str, account_id: str) -> Mapping[str, Document]:
    """Who may assume roles, by what is special about it."""
    user = f"arn:{partition}:iam::{account_id}:user"
    saml = f"arn:{partition}:iam::{account_id}:saml-provider/corporate"
    statements: Mapping[str, Any] = {
        "service": [_trust({"Service": "ec2.amazonaws.com"})],
        "services": [_trust({"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]})],
        "account": _trust({"AWS": f"arn:{partition}:iam::{account_id}:root"}),
        "account id": [_trust({"AWS": "111122223333"})],
        "users": [_trust({"AWS": [f"{user}/people/ann", f"{user}/people/bob"]})],
        "deleted user": [_trust({"AWS": "AIDACKCEVSQ6C2EXAMPLE"})],
        "federated": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": saml},
                "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
                "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            }
        ],
        "everyone in the organization": [
            _trust("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}})
        ],
        "everyone": _trust({"AWS": "*"}),
        "NotPrincipal": [
            _trust({"Service": "ecs-tasks.amazonaws.com"}),
            {
                "Effect": "Deny",
                "NotPrincipal": {"AWS": f"{user}/people/ann"},
                "Action": "sts:AssumeRole",
            },
        ],
    }
    return {name: _policy(content) for name, content in statements.items()}


def written(document: Document, form: str) -> Document | str:
    """A document as `data` (the CLI and boto3), as `url` (the API and most SDKs) or as `text`."""
    if form == "data":
        return document
    text = json.dumps(document, ensure_ascii=False)
    return quote(text, safe="") if form == "url" else text


def _policy(statement: Any) -> Document:
    return {"Version": "2012-10-17", "Statement": statement}


def _allow(action: Any, resource: Any, **more: Any) -> Document:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _trust(principal: Any, **more: Any) -> Document:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
