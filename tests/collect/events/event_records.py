"""Event records as AWS documents them, for tests to change.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ACCOUNT = "000000000012"
OTHER = "111122223333"
KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SESSION_KEY_ID = "ASIAIOSFODNN7EXAMPLE"

Record = dict[str, Any]

ROOT = {
    "type": "Root",
    "principalId": ACCOUNT,
    "arn": f"arn:aws:iam::{ACCOUNT}:root",
    "accountId": ACCOUNT,
    "accessKeyId": "",
}
IAM_USER = {
    "type": "IAMUser",
    "principalId": "AIDAJ45Q7YFFAREXAMPLE",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/engineers/Alice",
    "accountId": ACCOUNT,
    "accessKeyId": KEY_ID,
    "userName": "Alice",
}
ASSUMED_ROLE = {
    "type": "AssumedRole",
    "principalId": "AROAIDPPEZS35WEXAMPLE:MySessionName",
    "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/RoleToBeAssumed/MySessionName",
    "accountId": ACCOUNT,
    "accessKeyId": SESSION_KEY_ID,
    "sessionContext": {
        "attributes": {"mfaAuthenticated": "true", "creationDate": "2026-11-02T01:06:28Z"},
        "sessionIssuer": {
            "type": "Role",
            "principalId": "AROAIDPPEZS35WEXAMPLE",
            "arn": f"arn:aws:iam::{ACCOUNT}:role/team/RoleToBeAssumed",
            "accountId": ACCOUNT,
            "userName": "RoleToBeAssumed",
        },
        "sourceIdentity": "alice@example.com",
    },
}
FEDERATED_USER = {
    "type": "FederatedUser",
    "principalId": f"{ACCOUNT}:Bob",
    "arn": f"arn:aws:sts::{ACCOUNT}:federated-user/Bob",
    "accountId": ACCOUNT,
    "accessKeyId": SESSION_KEY_ID,
    "sessionContext": {
        "sessionIssuer": {
            "type": "IAMUser",
            "principalId": "AIDAJ45Q7YFFAREXAMPLE",
            "arn": f"arn:aws:iam::{ACCOUNT}:user/engineers/Alice",
            "accountId": ACCOUNT,
            "userName": "Alice",
        },
        "attributes": {"creationDate": "20131102T010628Z", "mfaAuthenticated": "false"},
    },
}
AWS_SERVICE = {"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"}
AWS_ACCOUNT = {
    "type": "AWSAccount",
    "principalId": "AIDAQRSTUVWXYZEXAMPLE",
    "accountId": OTHER,
}
IDENTITY_CENTER_USER = {
    "type": "IdentityCenterUser",
    "accountId": ACCOUNT,
    "onBehalfOf": {
        "userId": "544894e8-80c1-707f-60e3-3ba6510dfac1",
        "identityStoreArn": f"arn:aws:identitystore::{ACCOUNT}:identitystore/d-9067642ac7",
    },
    "credentialId": "EXAMPLEVHULjJdTUdPJfofVa1sufHDoj7aYcOYcxFVllWR_Whr1fEXAMPLE",
}
SAML_USER = {
    "type": "SAMLUser",
    "principalId": "SampleUkh1i4+ExamplexL/jEvs=:SamlExample",
    "userName": "SamlExample",
    "identityProvider": "SampleUkh1i4+ExamplexL/jEvs=",
}
WEB_IDENTITY_USER = {
    "type": "WebIdentityUser",
    "principalId": "accounts.google.com:application-id.apps.googleusercontent.com:user-id",
    "userName": "user-id",
    "identityProvider": "accounts.google.com",
}
IDENTITIES: Mapping[str, Mapping[str, Any]] = {
    str(identity["type"]): identity
    for identity in (
        ROOT,
        IAM_USER,
        ASSUMED_ROLE,
        FEDERATED_USER,
        AWS_SERVICE,
        AWS_ACCOUNT,
        IDENTITY_CENTER_USER,
        SAML_USER,
        WEB_IDENTITY_USER,
    )
}
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*"}]}


def record(name: str = "PutRolePolicy", source: str = "iam", **more: Any) -> Record:
    """A record of a change by an IAM user; `more` are its fields."""
    return {
        "eventVersion": "1.11",
        "userIdentity": dict(IAM_USER),
        "eventTime": "2026-11-01T10:20:30Z",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.0",
        "userAgent": "aws-cli/2.13.5 Python/3.11.4",
        "requestParameters": {
            "roleName": "billing",
            "policyName": "inline",
            "policyDocument": json.dumps(POLICY),
        },
        "responseElements": None,
        "requestID": "9d478fc1-4f10-490f-a26b-EXAMPLE0e932",
        "eventID": "eae87c48-d421-4626-94f5-000000000001",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256"},
        **more,
    }


def numbered(count: int, **more: Any) -> list[Record]:
    """That many different events, a second apart."""
    return [
        record(
            eventID=f"eae87c48-d421-4626-94f5-{number:012}",
            eventTime=f"2026-11-01T10:{number // 60 % 60:02}:{number % 60:02}Z",
            **more,
        )
        for number in range(count)
    ]


def log_text(records: Sequence[Any]) -> bytes:
    """Records as the text of a log file."""
    return json.dumps({"Records": records}).encode()


def log_name(account: str = ACCOUNT, region: str = "us-east-1", day: str = "20261101") -> str:
    """A log file's name under a trail's prefix, as CloudTrail gives it."""
    folder = f"AWSLogs/o-exampleorg/{account}/CloudTrail/{region}/{day[:4]}/{day[4:6]}/{day[6:]}"
    return f"{folder}/{account}_CloudTrail_{region}_{day}T1025Z_Mu0KsOhtH1ar15ZZ.json.gz"


def write_log(folder: Path, name: str, records: Sequence[Any]) -> Path:
    """A log file with these records."""
    return write_bytes(folder, name, gzip.compress(log_text(records)))


def write_bytes(folder: Path, name: str, data: bytes) -> Path:
    """A file of any content under a folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
