"""Pages of the lists for which boto3 has no paginator: the token is handed on by hand."""

from typing import Any

from awsbasics.collect.outcome import BrokenAnswer
from awsbasics.collect.table import Answer, Caller


def items_by_token(
    call: Caller, service: str, operation: str, path: str, token: str, **parameters: Any
) -> list[Any]:
    """All pages' items at a path; `token` is the member of both input and output.

    Raises what the calls raise, and BrokenAnswer where a page leads to itself.
    """
    found: list[Any] = []
    while True:
        found += call.items(service, operation, path, **parameters)
        following = call.items(service, operation, token, **parameters)  # the page is remembered
        if not following:
            return found
        parameters = _next(parameters, token, following[0])


def listed_by_token(
    call: Caller,
    service: str,
    operation: str,
    path: str,
    token: str,
    *,
    absent: tuple[str, ...] = (),
    **parameters: Any,
) -> Answer:
    """The same as an answer, never raising: the list, or why there is none."""
    found: list[Any] = []
    while True:
        page = call.listed(service, operation, path, absent=absent, **parameters)
        if page.status != "ok":
            return page
        found += page.value
        following = call.listed(service, operation, token, **parameters).value
        if not following:
            return Answer("ok", found)
        try:
            parameters = _next(parameters, token, following[0])
        except BrokenAnswer as error:
            return Answer("error", None, "BrokenAnswer", str(error))


def _next(parameters: dict[str, Any], token: str, following: str) -> dict[str, Any]:
    if parameters.get(token) == following:
        raise BrokenAnswer(f"a page's {token} leads to the same page again")
    return {**parameters, token: following}
