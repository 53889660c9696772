"""What AWS's errors mean for coverage: denied, throttled, not there, switched off, broken."""

import re
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from awsbasics.coverage import Status

MESSAGE_LIMIT = 500

_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AccessDeniedFault",
        "AccountNotManagementOrDelegatedAdministratorException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "AuthorizationException",
        "Client.UnauthorizedOperation",
        "ForbiddenException",
        "InsufficientPrivilegesException",
        "NotAuthorized",
        "UnauthorizedException",
        "UnauthorizedOperation",
    }
)
_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "DependencyThrottle",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
# The account has no subscription to the service, or, where the region is off, to any.
_NOT_SUBSCRIBED = frozenset({"OptInRequired", "SubscriptionRequiredException"})
# What an opt-in region that is off answers to credentials that are good elsewhere
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html).
_TOKEN_REFUSED = frozenset({"AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException"})
_UNSUPPORTED = frozenset(
    {
        "InvalidAction",
        "NotImplemented",
        "UnknownOperation",
        "UnknownOperationException",
        "UnsupportedOperation",
        "UnsupportedOperationException",
    }
)
_BY_SCP = re.compile(r"service control polic", re.IGNORECASE)


class NotOffered(Exception):
    """A service that has no endpoint in a region, by botocore's list and by asking."""


class BrokenAnswer(Exception):
    """An answer with status 200 that lacks what every whole answer has."""


AWS_ERRORS: tuple[type[Exception], ...] = (
    ClientError,
    BotoCoreError,
    BrokenAnswer,
    NotOffered,
    ResponseParserError,
)
"""What a call can raise that is AWS's or the network's doing."""


class NotInExport(Exception):
    """A call that an offline export has no answer to."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something was not read: coverage status, AWS's code, and its message, shortened."""

    status: Status
    code: str
    message: str


def failure(error: Exception, *, home_region: bool = True) -> Failure:
    """What an exception from a call means.

    `home_region` says whether the call went to a region that is known to be on, as that of the
    credentials is; elsewhere a refused token means that the region is off.
    """
    if isinstance(error, ClientError):
        said = error.response.get("Error", {})
        # Services built on AWS's Coral send `"message": null` where they have nothing to say.
        code, message = str(said.get("Code") or ""), str(said.get("Message") or "")
        return Failure(_status(error, code, message, home_region), code, _short(message))
    if isinstance(error, NotInExport):
        return Failure("not_read", "NotInExport", _short(str(error)))
    if isinstance(error, ResponseParserError):  # its own message quotes the answer, secrets and all
        return Failure("error", "ResponseParserError", "the answer is cut short or no XML")
    if isinstance(error, NotOffered):
        return Failure("unsupported", "EndpointConnectionError", _short(str(error)))
    if isinstance(error, EndpointConnectionError):
        return Failure("error", "EndpointConnectionError", _short(str(error)))
    kind = type(error).__name__
    text = str(error) if isinstance(error, AWS_ERRORS) else f"{kind}: {error}"
    return Failure("error", kind, _short(text))


def is_throttled(code: str, http_status: int | None) -> bool:
    """Whether AWS refused a call because there were too many."""
    return code in _THROTTLED or http_status == 429


def _status(error: ClientError, code: str, message: str, home_region: bool) -> Status:
    http = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if code in _DENIED or (http == 403 and code in ("403", "Forbidden")):
        return "scp_denied" if _BY_SCP.search(message) else "denied"
    if is_throttled(code, http):
        return "throttled"
    if code in _NOT_SUBSCRIBED | _TOKEN_REFUSED and not home_region:
        return "region_off"
    if code in _UNSUPPORTED | _NOT_SUBSCRIBED or http == 501:
        return "unsupported"
    return "error"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MESSAGE_LIMIT else line[: MESSAGE_LIMIT - 1] + "…"
