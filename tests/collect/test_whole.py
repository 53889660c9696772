"""Bodies that were cut short, through real clients."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from awsbasics.collect.outcome import BrokenAnswer
from awsbasics.session import AccountSession
from tests.faulty_aws import Fault, FaultyAws, faulty_aws

WHOLE = json.dumps({"Functions": [{"FunctionName": "a"}], "NextMarker": "b"}).encode()
POLICY = b'{"Version": "2012-10-17", "Statement": []}'


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyAws]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with faulty_aws("http://127.0.0.1:9") as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
        yield aws


def client(service: str) -> Any:
    session = boto3.Session("AKIAIOSFODNN7EXAMPLE", "secret", region_name="us-east-1")
    return AccountSession(session, "000000000012").client(service)


@pytest.mark.parametrize("cut", [0, 1, 20, len(WHOLE) - 1])
def test_a_json_body_cut_anywhere_is_broken(aws: FaultyAws, cut: int) -> None:
    aws.faults["ListFunctions"] = Fault("", raw=WHOLE[:cut])
    with pytest.raises(BrokenAnswer, match="ListFunctions is cut short"):
        client("lambda").list_functions()
    aws.faults["ListSecrets"] = Fault("", raw=WHOLE[:cut])
    with pytest.raises(BrokenAnswer, match="ListSecrets is cut short"):
        client("secretsmanager").list_secrets()


def test_a_whole_body_passes(aws: FaultyAws) -> None:
    aws.faults["ListFunctions"] = Fault("", raw=WHOLE)
    assert client("lambda").list_functions()["NextMarker"] == "b"


@pytest.mark.parametrize(
    ("service", "operation", "method"),
    [("sqs", "ListQueues", "list_queues"), ("cloudwatch", "DescribeAlarms", "describe_alarms")],
)
def test_an_answer_may_lack_its_lists_where_the_model_requires_none_but_not_be_cut(
    aws: FaultyAws, service: str, operation: str, method: str
) -> None:
    own = client(service)
    output = own.meta.service_model.operation_model(operation).output_shape
    assert output.required_members == []
    aws.faults[operation] = Fault("", raw=b"{}")
    assert set(getattr(own, method)()) == {"ResponseMetadata"}
    for cut in (b"", b"{"):
        aws.faults[operation] = Fault("", raw=cut)
        with pytest.raises(BrokenAnswer, match=f"{operation} is cut short"):
            getattr(own, method)()


def test_cut_xml_is_refused_by_botocore(aws: FaultyAws) -> None:
    aws.faults["ListRoles"] = Fault("", raw=b"<ListRolesResponse><ListRolesResult><Roles>")
    with pytest.raises(ResponseParserError):
        client("iam").list_roles()


def test_xml_of_which_nothing_is_left_is_broken(aws: FaultyAws) -> None:
    aws.faults["GetObjectLockConfiguration"] = aws.faults["ListRoles"] = Fault("", raw=b"")
    with pytest.raises(BrokenAnswer, match="GetObjectLockConfiguration is cut short"):
        client("s3").get_object_lock_configuration(Bucket="logs")
    with pytest.raises(BrokenAnswer, match="ListRoles is cut short"):
        client("iam").list_roles()


def test_an_answer_that_has_no_body_by_its_model_is_whole_without_one(aws: FaultyAws) -> None:
    aws.faults["HeadBucket"] = Fault("", raw=b"")
    assert client("s3").head_bucket(Bucket="logs")["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_an_error_that_is_cut_short_is_broken_too(aws: FaultyAws) -> None:
    aws.faults["ListSecrets"] = Fault("", status=400, raw=b'{"__type": "Acces')
    with pytest.raises(BrokenAnswer):
        client("secretsmanager").list_secrets()


def test_an_error_of_which_nothing_is_left_is_broken(aws: FaultyAws) -> None:
    aws.faults["GetPublicAccessBlock"] = Fault("", status=404, raw=b"")
    with pytest.raises(BrokenAnswer):
        client("s3").get_public_access_block(Bucket="logs")
    aws.faults["HeadBucket"] = Fault("", status=404, raw=b"")
    with pytest.raises(ClientError, match="404"):
        client("s3").head_bucket(Bucket="logs")


def test_an_error_with_status_200_is_an_error_on_s3(aws: FaultyAws) -> None:
    aws.faults["ListBuckets"] = Fault("", raw=b"<Error><Code>SlowDown</Code></Error>")
    aws.times["ListBuckets"] = 1
    aws.faults["s3:*"] = Fault("AccessDenied", "")
    with pytest.raises(ClientError, match="AccessDenied"):
        client("s3").list_buckets()
    assert aws.calls["ListBuckets"] == 2


def test_a_bucket_policy_is_checked_as_the_document_that_it_is(aws: FaultyAws) -> None:
    aws.faults["GetBucketPolicy"] = Fault("", raw=POLICY)
    assert client("s3").get_bucket_policy(Bucket="logs")["Policy"] == POLICY.decode()
    aws.faults["GetBucketPolicy"] = Fault("", raw=POLICY[:-1])
    with pytest.raises(BrokenAnswer):
        client("s3").get_bucket_policy(Bucket="logs")
