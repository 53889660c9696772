"""Whether a trust policy says which subjects of an OpenID Connect provider it is for.

Sources: the IAM user guide, "Create a role for OpenID Connect federation", and the providers'
own pages on subjects (GitHub: "OpenID Connect reference"; GitLab: "Connect to cloud services";
EKS user guide: "IAM roles for service accounts").
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from awsbasics.iam.policy import Condition
from awsbasics.iam.rule import Rule

ACTION = "sts:assumerolewithwebidentity"
GITHUB = "token.actions.githubusercontent.com"

# Providers that IAM knows by name; their `aud` or `app_id` is the application, which is what
# limits them (IAM user guide, "AWS condition keys for web identity federation").
BY_CLIENT = {
    "cognito-identity.amazonaws.com": ("aud", "sub"),
    "www.amazon.com": ("app_id", "sub"),
    "graph.facebook.com": ("app_id", "id"),
    "accounts.google.com": ("aud", "sub", "oaud"),
}
# What of a subject has to be fixed, so that it is one customer's of a provider that many share.
SHARED = {
    GITHUB: re.compile(
        r"(?:^|:)(?:repo|repository|job_workflow_ref):[^/*?]+/"
        r"|(?:^|:)(?:repository_owner|repository_owner_id|repository_id|enterprise|enterprise_id)"
        r":[^:*?]+(?::|$)"
    ),
    "gitlab.com": re.compile(r"^project_path:[^/*?]+/"),
    "app.terraform.io": re.compile(r"^organization:[^:*?]+:"),
    "agent.buildkite.com": re.compile(r"^organization:[^:*?]+:"),
}
_CLUSTER = re.compile(r"^oidc\.eks\.[^/]+/id/")
_OF_CLUSTER = re.compile(r"^system:serviceaccount:[^:*?]+:")
_ANY = re.compile(r"^[^*?]")

# Claims of GitHub's beside the subject that STS checks, and what they have to begin with.
_CLAIMS_OF_GITHUB = {
    "repository": re.compile(r"^[^/*?]+/"),
    "job_workflow_ref": re.compile(r"^[^/*?]+/"),
    "repository_id": _ANY,
    "enterprise_id": _ANY,
}
_EQUAL = frozenset({"stringequals", "stringequalsignorecase"})
_ARN_MARK = ":oidc-provider/"


class Loose(NamedTuple):
    """A provider whose subjects a statement does not limit.

    `is_shared`: customers whom nobody here knows have tokens of it, too. `said` are the
    subjects that the statement names.
    """

    provider: str
    is_shared: bool
    said: tuple[str, ...]


def loose_providers(rule: Rule) -> Iterator[Loose]:
    """The OpenID Connect providers that an allowing statement lets in without a subject."""
    if not rule.allows or rule.matches_action(ACTION) is False:
        return  # naming a session or tagging it takes nobody in
    for named in rule.source.principals:
        if named.kind != "Federated":
            continue
        provider = named.id.partition(_ARN_MARK)[2] if _ARN_MARK in named.id else named.id
        if _ARN_MARK in named.id or provider in BY_CLIENT:
            loose = _judged(rule.source.conditions, provider)
            if loose is not None:
                yield loose


def _judged(conditions: tuple[Condition, ...], provider: str) -> Loose | None:
    limits = _limits(provider)
    said: list[str] = []
    for line in conditions:
        host, _, claim = line.key.casefold().rpartition(":")
        if host == provider.casefold() and claim in limits and _is_positive(line, claim):
            if line.values and all(_fits(line, value, limits[claim]) for value in line.values):
                return None
            said += line.values
    return Loose(provider, provider in SHARED or provider in BY_CLIENT, tuple(said))


def _limits(provider: str) -> dict[str, re.Pattern[str]]:
    """The claims that limit who comes, and what their values have to begin with."""
    if provider in BY_CLIENT:
        return dict.fromkeys(BY_CLIENT[provider], _ANY)
    if _CLUSTER.match(provider):
        return {"sub": _OF_CLUSTER}
    subject = {"sub": SHARED.get(provider, _ANY)}
    return {**subject, **_CLAIMS_OF_GITHUB} if provider == GITHUB else subject


def _is_positive(line: Condition, claim: str) -> bool:
    """Whether a line demands certain values; of claims that may be missing, that they be there."""
    mode, _, operator = line.operator.casefold().rpartition(":")
    lenient = mode == "forallvalues" or operator.endswith("ifexists")
    plain = operator.removesuffix("ifexists")
    return plain in (*_EQUAL, "stringlike") and (claim == "sub" or not lenient)


def _fits(line: Condition, value: str, pattern: re.Pattern[str]) -> bool:
    operator = line.operator.casefold().rpartition(":")[2].removesuffix("ifexists")
    # A wildcard is one for StringLike alone; for the others it is a letter like any.
    text = value if operator == "stringlike" else re.sub(r"[*?]", "_", value)
    return pattern.search(text) is not None
