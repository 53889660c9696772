"""AWS's own error bodies in each protocol, as botocore parses them: what coverage makes of them.

Shapes: the Smithy specifications of the AWS protocols, the error pages of the EC2, S3, SQS and
IAM API references, and IAM's "Troubleshoot access denied error messages".
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from botocore.awsrequest import HeadersDict
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.parsers import create_parser

from awsbasics.collect.engine import TableRead
from awsbasics.collect.whole import check_whole
from tests.collect.fake_caller import REGION, FakeSession, fake_caller, model, read

ELSEWHERE = "af-south-1"
NOT_ALLOWED = (
    "User: arn:aws:sts::111111111111:assumed-role/Audit/awsbasics is not authorized to perform: "
    "a:B because no identity-based policy allows the a:B action"
)
BY_SCP = NOT_ALLOWED.partition(" because")[0] + (
    " on resource: * with an explicit deny in a service control policy"
)
BY_SCP_WITH_ARN = BY_SCP + (
    ": arn:aws:organizations::123456789012:policy/o-exampleorgid/service_control_policy/p-example"
)
NO_SCP = NOT_ALLOWED.replace("identity-based", "service control")
BY_RCP = BY_SCP.replace("service control", "resource control")
BAD_TOKEN = "The security token included in the request is invalid."


class Body(NamedTuple):
    """An answer with an error: extra headers and the body."""

    headers: dict[str, str]
    body: str


def query(code: str, message: str) -> Body:
    return Body(
        {},
        '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">\n  <Error>\n'
        f"    <Type>Sender</Type>\n    <Code>{code}</Code>\n    <Message>{message}</Message>\n"
        "  </Error>\n  <RequestId>7a62c49f</RequestId>\n</ErrorResponse>\n",
    )


def ec2(code: str, message: str) -> Body:
    return Body(
        {},
        '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>'
        f"<Code>{code}</Code><Message>{message}</Message></Error></Errors>"
        "<RequestID>7a62c49f</RequestID></Response>",
    )


def json_11(code: str, message: str) -> Body:
    return Body({}, json.dumps({"__type": code, "Message": message}))


def json_10(code: str, message: str) -> Body:
    """With the code of the query protocol, which SQS once spoke, in a header."""
    kind = {"AccessDenied": "AccessDeniedException"}.get(code, code).rpartition(".")[2]
    return Body(
        {"x-amzn-query-error": f"{code};Sender"},
        json.dumps({"__type": f"com.amazonaws.sqs#{kind}", "message": message}),
    )


def rest_json(code: str, message: str) -> Body:
    uri = "http://internal.amazon.com/coral/com.amazon.coral.service/"
    return Body({"x-amzn-ErrorType": f"{code}:{uri}"}, json.dumps({"message": message or None}))


def rest_xml(code: str, message: str) -> Body:
    return Body(
        {},
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code>'
        f"<Message>{message}</Message><RequestId>4442587FB7D0A2F9</RequestId>"
        "<HostId>example=</HostId></Error>",
    )


Protocol = Callable[[str, str], Body]
TABLES: dict[Protocol, tuple[str, str, str]] = {
    query: ("iam_oidc_providers", "iam", "ListOpenIDConnectProviders"),
    ec2: ("ec2_vpcs", "ec2", "DescribeVpcs"),
    json_11: ("secretsmanager_secrets", "secretsmanager", "ListSecrets"),
    json_10: ("sqs_queues", "sqs", "ListQueues"),
    rest_json: ("lambda_functions", "lambda", "ListFunctions"),
    rest_xml: ("s3_buckets", "s3", "ListBuckets"),
}
DENIED: tuple[tuple[Protocol, str, int], ...] = (
    (query, "AccessDenied", 403),
    (ec2, "UnauthorizedOperation", 403),
    (json_11, "AccessDeniedException", 400),
    (json_10, "AccessDenied", 403),
    (rest_json, "AccessDeniedException", 403),
    (rest_xml, "AccessDenied", 403),
)
OTHERS: tuple[tuple[Protocol, str, int, str, str], ...] = (
    (query, "Throttling", 400, "Rate exceeded", "throttled"),
    (ec2, "RequestLimitExceeded", 503, "Request limit exceeded.", "throttled"),
    (json_11, "ThrottlingException", 400, "Rate exceeded", "throttled"),
    (json_10, "RequestThrottled", 403, "Rate exceeded", "throttled"),
    (rest_json, "TooManyRequestsException", 429, "Rate exceeded", "throttled"),
    (rest_xml, "SlowDown", 503, "Please reduce your request rate.", "throttled"),
    (query, "InvalidAction", 400, "Could not find operation X for version Y", "unsupported"),
    (ec2, "InvalidAction", 400, "The action X is not valid for this web service.", "unsupported"),
    (ec2, "OptInRequired", 401, "You are not subscribed to this service.", "unsupported"),
    (json_11, "com.amazon.coral.service#UnknownOperationException", 400, "", "unsupported"),
    (json_11, "SubscriptionRequiredException", 400, "The AWS Access Key Id needs", "unsupported"),
    (json_10, "UnsupportedOperation", 400, "Unsupported operation.", "unsupported"),
    (rest_json, "UnknownOperationException", 404, "", "unsupported"),
    (rest_xml, "NotImplemented", 501, "This functionality is not implemented.", "unsupported"),
    (query, "ServiceFailure", 500, "The request failed.", "error"),
    (ec2, "InternalError", 500, "An internal error has occurred.", "error"),
    (json_11, "InternalServiceError", 500, "An error occurred on the server side.", "error"),
    (json_10, "InvalidAddress", 400, "The address is not valid.", "error"),
    (rest_json, "ServiceException", 500, "", "error"),
    (rest_xml, "InvalidAccessKeyId", 403, "The access key does not exist.", "error"),
)
REFUSED_TOKENS: tuple[tuple[Protocol, str, int], ...] = (
    (query, "InvalidClientTokenId", 403),
    (ec2, "AuthFailure", 401),
    (ec2, "OptInRequired", 401),
    (json_11, "UnrecognizedClientException", 400),
    (json_10, "InvalidClientTokenId", 403),
    (rest_json, "UnrecognizedClientException", 403),
)
ABSENT: tuple[tuple[Protocol, str, str, str, int], ...] = (
    (query, "iam", "GetAccountPasswordPolicy", "NoSuchEntity", 404),
    (ec2, "ec2", "DescribeVpcs", "InvalidVpcID.NotFound", 400),
    (json_11, "organizations", "DescribeResourcePolicy", "ResourcePolicyNotFoundException", 400),
    (json_10, "sqs", "GetQueueAttributes", "AWS.SimpleQueueService.NonExistentQueue", 400),
    (rest_json, "lambda", "GetPolicy", "ResourceNotFoundException", 404),
    (rest_xml, "s3", "GetBucketPolicy", "NoSuchBucketPolicy", 404),
)


def parsed(service: str, operation: str, status: int, answer: Body) -> ClientError:
    """The error that botocore makes of an answer, which passes for whole."""
    shapes = model(service).operation_model(operation)
    response: dict[str, Any] = {
        "status_code": status,
        "headers": HeadersDict(answer.headers),
        "body": answer.body.encode(),
    }
    check_whole(response_dict=response, operation_model=shapes)
    parser = create_parser(model(service).resolved_protocol)
    return ClientError(parser.parse(response, shapes.output_shape), operation)


def gathered(protocol: Protocol, code: str, status: int, message: str, **more: Any) -> TableRead:
    """The table of a protocol, read where AWS answers with an error."""
    table, service, operation = TABLES[protocol]
    error = parsed(service, operation, status, protocol(code, message))
    return read(table, {operation: error}, **more)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (NOT_ALLOWED, "denied"),
        (BY_RCP, "denied"),
        (BY_SCP, "scp_denied"),
        (BY_SCP_WITH_ARN, "scp_denied"),
        (NO_SCP, "scp_denied"),
    ],
)
@pytest.mark.parametrize(("protocol", "code", "status"), DENIED)
def test_a_refusal_says_whose_it_is(
    protocol: Protocol, code: str, status: int, message: str, expected: str
) -> None:
    found = gathered(protocol, code, status, message).coverage
    assert (found.status, found.error_code, found.error_message) == (expected, code, message)


@pytest.mark.parametrize(("protocol", "code", "status", "message", "expected"), OTHERS)
def test_what_else_goes_wrong_has_its_own_status(
    protocol: Protocol, code: str, status: int, message: str, expected: str
) -> None:
    found = gathered(protocol, code, status, message)
    assert (found.coverage.status, found.coverage.error_message) == (expected, message)
    assert (found.coverage.error_code, found.rows) == (code.rpartition("#")[2], [])


@pytest.mark.parametrize(("protocol", "code", "status"), REFUSED_TOKENS)
def test_a_token_is_refused_where_the_region_is_off_unless_aws_says_that_it_is_on(
    protocol: Protocol, code: str, status: int
) -> None:
    def status_in(region: str, *switched_on: str) -> str:
        where = {"region": region, "switched_on": frozenset(switched_on)}
        return gathered(protocol, code, status, BAD_TOKEN, **where).coverage.status

    plainly = "unsupported" if code == "OptInRequired" else "error"
    assert status_in(ELSEWHERE) == "region_off"
    assert status_in(ELSEWHERE, ELSEWHERE) == plainly  # in scope then, whatever refuses it
    assert status_in(REGION) == plainly


@pytest.mark.parametrize(("protocol", "service", "operation", "code", "status"), ABSENT)
def test_that_there_is_none_is_an_answer_only_where_the_code_was_declared(
    protocol: Protocol, service: str, operation: str, code: str, status: int
) -> None:
    error = parsed(service, operation, status, protocol(code, "There is none."))
    needed = model(service).operation_model(operation).input_shape
    given = dict.fromkeys(needed.required_members if needed else (), "https://example.com/some")
    caller = fake_caller({operation: error})
    assert caller.answer(service, operation, absent=(code,), **given).status == "absent"
    other = caller.answer(service, operation, absent=("Another",), **given)
    assert (other.status, other.error_code) == ("error", code)


@pytest.mark.parametrize(
    ("offered", "expected"), [([REGION], "unsupported"), ([ELSEWHERE], "error"), ([], "error")]
)
def test_no_endpoint_is_unsupported_only_where_the_service_is_not_offered(
    offered: list[str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def regions(_: FakeSession, service: str, partition: str) -> list[str]:
        assert (service, partition) == ("lambda", "aws")
        return offered

    monkeypatch.setattr(FakeSession, "get_available_regions", regions, raising=False)
    error = EndpointConnectionError(endpoint_url=f"https://lambda.{ELSEWHERE}.amazonaws.com/")
    found = read("lambda_functions", {"ListFunctions": error}, region=ELSEWHERE).coverage
    assert (found.status, found.error_code) == (expected, "EndpointConnectionError")
    assert "Could not connect" in found.error_message
