"""Rows of secrets and keys."""

from typing import Any

from tests.recommendations.principal_rows import Document, Tables
from tests.recommendations.support import DEVELOPMENT, PRODUCTION, REGION

KEY = f"arn:aws:kms:{REGION}:{PRODUCTION}:key/1"


def secret_arn(name: str, account: str = PRODUCTION) -> str:
    return f"arn:aws:secretsmanager:{REGION}:{account}:secret:{name}-AbCdEf"


def secret(name: str = "prod/billing/database", account: str = PRODUCTION, **more: Any) -> Tables:
    """A secret of production, without policy, under AWS's own key."""
    row = {"account_id": account, "region": REGION, "arn": secret_arn(name, account), "name": name}
    return {"secretsmanager_secrets": [{**row, **more}]}


def key(policy: Document | None, account: str = PRODUCTION, **more: Any) -> Tables:
    row = {"account_id": account, "region": REGION, "arn": KEY, "id": "1", "policy": policy}
    return {"kms_keys": [{**row, "aliases": ["alias/secrets"], **more}]}


def lets_in(principal: Any, condition: Document | None = None, **more: Any) -> Document:
    """A secret's policy that lets a principal read it."""
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
        **({"Condition": condition} if condition else {}),
    }
    return {"Version": "2012-10-17", "Statement": [{**statement, **more}]}


__all__ = ["DEVELOPMENT", "KEY", "PRODUCTION", "key", "lets_in", "secret", "secret_arn"]
