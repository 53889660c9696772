from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from awsbasics.collect.outcome import MESSAGE_LIMIT, BrokenAnswer, NotInExport, failure


def client_error(code: str, message: str = "", status: int = 400) -> ClientError:
    response: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "Operation")


@pytest.mark.parametrize(
    ("code", "message", "status", "expected"),
    [
        ("AccessDenied", "User: x is not authorized to perform: iam:ListRoles", 403, "denied"),
        ("AccessDeniedException", "not authorized", 400, "denied"),
        ("UnauthorizedOperation", "You are not authorized", 403, "denied"),
        (
            "AccessDenied",
            "not authorized to perform: ec2:X with an explicit deny in a service control policy",
            403,
            "scp_denied",
        ),
        (
            "AccessDeniedException",
            "because no service control policy allows the ssm:GetParameter action",
            400,
            "scp_denied",
        ),
        ("AccountNotManagementOrDelegatedAdministratorException", "", 400, "denied"),
        ("Throttling", "Rate exceeded", 400, "throttled"),
        ("RequestLimitExceeded", "", 503, "throttled"),
        ("Strange", "", 429, "throttled"),
        ("OptInRequired", "You are not subscribed to this service", 403, "unsupported"),
        ("UnknownOperationException", "", 400, "unsupported"),
        ("Whatever", "", 501, "unsupported"),
        ("InternalError", "", 500, "error"),
        ("ExpiredToken", "The security token is expired", 403, "error"),
    ],
)
def test_aws_errors_have_a_meaning(code: str, message: str, status: int, expected: str) -> None:
    assert failure(client_error(code, message, status)).status == expected


@pytest.mark.parametrize(
    "code", ["AuthFailure", "UnrecognizedClientException", "InvalidClientTokenId"]
)
def test_a_token_that_is_refused_only_elsewhere_means_that_the_region_is_off(code: str) -> None:
    assert failure(client_error(code), home_region=False).status == "region_off"
    assert failure(client_error(code), home_region=True).status == "error"


def test_what_is_no_answer_of_aws_is_an_error_with_its_kind() -> None:
    assert failure(BrokenAnswer("no Roles")).code == "BrokenAnswer"
    assert failure(ReadTimeoutError(endpoint_url="x")).status == "error"
    assert failure(NotInExport("iam:ListRoles was not asked")).status == "not_read"
    assert failure(KeyError("Arn")).message == "KeyError: 'Arn'"


def test_messages_are_one_short_line() -> None:
    message = failure(client_error("X", "a\nb " * 1000)).message
    assert len(message) == MESSAGE_LIMIT
    assert "\n" not in message
