"""SEC.6: secrets come from their application's stack, or are shared and stacks refer to them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.iam.patterns import any_of_many, beginning_of, matcher, tokens_of
from awsbasics.ownership.resources import identify
from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.policy_names import is_pattern
from awsbasics.recommendations.evidence.rows import rows
from awsbasics.recommendations.evidence.stored_secrets import TABLE, Secret

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLES = (
    TABLE,
    "cloudformation_stacks",
    "cloudformation_stack_resources",
    "cloudformation_templates",
)
# `{{resolve:secretsmanager:NAME-or-ARN:…}}` (CloudFormation user guide, "Get a secret or secret
# value from AWS Secrets Manager"), and ARNs wherever they stand.
_BY_NAME = re.compile(r"resolve:secretsmanager:(?!arn:)([^:}\"\\]+)")
_BY_ARN = re.compile(r":secret:([^:}\"\\\s,]+)")
# An ARN ends in a dash and six characters, for which policies have `??????` or `*`.
_SUFFIX = re.compile(r"-(?:\?{6}|\*|[A-Za-z0-9]{6})$")
_SHORTEST_PATTERN = 4


def made_by_code(facts: "Facts") -> Iterator[Result]:
    """SEC.6: one result per secret that people answer for."""
    references = _References(facts)
    for secret in facts.secrets:
        if secret.is_own:
            yield _judged(facts, secret, references)


def _judged(facts: "Facts", secret: Secret, references: "_References") -> Result:
    account, arn, region = secret.place
    if facts.ownership.managed_by(account, region, arn, secret.tags).value is not None:
        return ok(*secret.place)
    referred = references.has(secret)
    if secret.shared and referred:
        return ok(*secret.place)
    if secret.shared:
        key, what = "unreferenced", "is declared as shared, and no stack's template refers to it"
    elif referred:
        key, what = "by_hand", "was made by hand; stacks refer to it, as if it were shared"
    else:
        key, what = "by_hand", "was made by hand: no stack makes it or refers to it"
    more: dict[str, Any] = {"table": TABLE, "severity": "low" if referred else "medium"}
    title = f"Secret {secret.name} {what}."
    seen = {"shared": secret.shared, "referred_to": referred}
    return fail(*secret.place, key=key, title=title, facts=seen, **more)


class _References:
    """The secrets that templates refer to, by name or by a pattern."""

    def __init__(self, facts: "Facts") -> None:
        texts: set[str] = set()
        for row in rows(facts.frame("cloudformation_templates"), "body"):
            if row.body and ("secretsmanager:" in row.body):
                texts.update(_BY_NAME.findall(row.body))
                for text in _BY_ARN.findall(row.body):
                    texts |= {text, _SUFFIX.sub("", text)}
        plain = {text for text in texts if not is_pattern(text)}
        patterns = [tokens_of(text) for text in texts - plain if _says_something(text)]
        self._match = any_of_many(plain, [(beginning_of(p), matcher(p)) for p in patterns])

    def has(self, secret: Secret) -> bool:
        """Whether a template names a secret."""
        names = {secret.name, identify(secret.arn).name, identify(secret.arn).id}
        return any(map(self._match, names))


def _says_something(pattern: str) -> bool:
    """Whether a pattern is about some secrets: `*` and `prod/*` are about all, or too many."""
    head = re.split(r"[*?]", pattern, maxsplit=1)[0]
    return len(head) >= _SHORTEST_PATTERN and head.rstrip("/").count("/") >= 1
