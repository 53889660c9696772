"""What belongs to applications, and the actions that read it, write it or administer it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import MaybePolicy, Principal
from awsbasics.iam.examples import granting
from awsbasics.iam.rule import Rule
from awsbasics.iam.target import Target
from awsbasics.ownership.tags import read_tags
from awsbasics.recommendations.evidence.policy_names import is_pattern
from awsbasics.recommendations.evidence.roles import is_exempt
from awsbasics.recommendations.evidence.rows import rows
from awsbasics.recommendations.evidence.stored_secrets import policy_of
from awsbasics.recommendations.evidence.things import Thing

if TYPE_CHECKING:
    from awsbasics.facts import Facts

LEVELS = ("none", "read", "write", "administer")
# By kind of thing, what shows each level: its data, not its name or settings.
ACTIONS: Mapping[str, Mapping[str, str]] = {
    "secret": {
        "read": "secretsmanager:GetSecretValue",
        "write": "secretsmanager:PutSecretValue",
        "administer": "secretsmanager:PutResourcePolicy",
    },
    "bucket": {
        "read": "s3:GetObject",
        "write": "s3:PutObject",
        "administer": "s3:PutBucketPolicy",
    },
    "table": {
        "read": "dynamodb:GetItem",
        "write": "dynamodb:PutItem",
        "administer": "dynamodb:PutResourcePolicy",
    },
    "function": {
        "read": "lambda:GetFunction",
        "write": "lambda:UpdateFunctionCode",
        "administer": "lambda:AddPermission",
    },
    "security group": {"write": "ec2:AuthorizeSecurityGroupIngress"},
    "role": {"administer": "iam:PutRolePolicy"},
}
TABLES = (
    "secretsmanager_secrets",
    "kms_keys",
    "s3_buckets",
    "lambda_functions",
    "ec2_security_groups",
    "cloudformation_stacks",
    "cloudformation_stack_resources",
)
OBJECT_ACTIONS = frozenset({"s3:GetObject", "s3:PutObject"})
SOME_OBJECT = "awsbasics"
ANY_BUCKET = "*"
MOST_OBJECTS = 24


@dataclass(frozen=True, slots=True, eq=False)
class Asset:
    """A thing in an account of an environment; `kind` is one of `ACTIONS`.

    `application` is empty where it is not known.
    """

    kind: str
    application: str
    environment: str | None
    thing: Thing

    @property
    def account_id(self) -> str:
        """The account that owns it."""
        return self.thing.account_id

    @property
    def arn(self) -> str:
        """Its ARN."""
        return self.thing.target.arn


def application_assets(facts: "Facts") -> Iterator[Asset]:
    """All things of which the application is known, those of stacks, tags and names alike."""
    return (asset for asset in assets(facts, ACTIONS) if asset.application)


def assets(facts: "Facts", kinds: Iterable[str]) -> Iterator[Asset]:
    """All things of some kinds; `application` is empty where it is not known."""
    wanted = frozenset(kinds)
    for secret in facts.secrets if "secret" in wanted else ():
        yield Asset("secret", secret.application or "", secret.environment, secret.thing)
    for account, region, arn, kind, tags, policy in _things(facts, wanted):
        application = facts.ownership.application(account, region, arn, tags=tags).value
        yield _asset(facts, (account, region, arn), kind, application or "", tags, policy)


def reached_by(
    assets: Iterable[Asset], action: str, principals: Iterable[Principal]
) -> Mapping[Thing, Asset]:
    """What to ask for, for an action on assets: themselves, or some objects of buckets.

    The objects are one of any name, and one that each policy means that names some.
    """
    if action == ACTIONS["secret"]["administer"]:  # needs no key
        return {Thing(asset.thing.region, asset.thing.target): asset for asset in assets}
    if action not in OBJECT_ACTIONS:
        return {asset.thing: asset for asset in assets}
    rules = [rule for each in principals for rule in granting(each.identity, action)]
    named: dict[str, list[str]] = defaultdict(list)
    for pattern in sorted({pattern for rule in rules for pattern in rule.source.resources}):
        bucket, _, key = pattern.partition("/")
        named[ANY_BUCKET if is_pattern(bucket) else bucket].append(key)
    found: dict[Thing, Asset] = {}
    for asset in assets:
        target, wanted = asset.thing.target, dict.fromkeys([f"{asset.arn}/{SOME_OBJECT}"])
        own = (pattern for rule in _rules(target.policy) for pattern in rule.source.resources)
        keys = [pattern.partition("/")[2] for pattern in own]
        for key in (*named.get(asset.arn, ()), *keys, *named.get(ANY_BUCKET, ())):
            if key and len(wanted) < MOST_OBJECTS:
                wanted[f"{asset.arn}/{_object(key)}"] = None
        for arn in wanted:
            each = Target(arn, target.account_id, target.policy, target.context)
            found[Thing(asset.thing.region, each)] = asset
    return found


_Row = tuple[str, str, str, str, Any, MaybePolicy | None]


def _things(facts: "Facts", kinds: frozenset[str]) -> Iterator[_Row]:
    """Account, region, ARN, kind, tags and policy; tags are None where a table has none."""
    for kind, source in _SOURCES.items():
        if kind in kinds:
            yield from source(facts)


def _with_policies(table: str, kind: str) -> "Callable[[Facts], Iterator[_Row]]":
    def found(facts: "Facts") -> Iterator[_Row]:
        columns = ("account_id", "region", "arn", "policy", "policy_status")
        for row in rows(facts.frame(table), *columns):
            policy = policy_of(row.policy, row.policy_status)
            yield row.account_id, row.region, row.arn, kind, None, policy

    return found


def _groups(facts: "Facts") -> Iterator[_Row]:
    for row in rows(facts.frame("ec2_security_groups"), "account_id", "region", "arn", "tags"):
        if row.arn:
            yield row.account_id, row.region, row.arn, "security group", read_tags(row.tags), None


def _roles(facts: "Facts") -> Iterator[_Row]:
    for role in rows(facts.frame("iam_roles"), "account_id", "arn", "name", "path", "tags"):
        if not is_exempt(role, facts.engagement):
            yield role.account_id, "global", role.arn, "role", read_tags(role.tags), None


def _tables(facts: "Facts") -> Iterator[_Row]:
    """DynamoDB's, among what stacks made."""
    for stack in facts.stacks:
        for logical_id, kind in stack.types.items():
            if kind == "AWS::DynamoDB::Table":
                place = f"{stack.region}:{stack.account_id}"
                name = stack.physical_ids[logical_id]
                arn = f"arn:{stack.arn.split(':')[1]}:dynamodb:{place}:table/{name}"
                yield stack.account_id, stack.region, arn, "table", None, None


_SOURCES: "Mapping[str, Callable[[Facts], Iterator[_Row]]]" = {
    "bucket": _with_policies("s3_buckets", "bucket"),
    "function": _with_policies("lambda_functions", "function"),
    "security group": _groups,
    "role": _roles,
    "table": _tables,
}


def _asset(
    facts: "Facts",
    place: tuple[str, str, str],
    kind: str,
    application: str,
    tags: Any,
    policy: MaybePolicy | None,
) -> Asset:
    account, region, arn = place
    service = arn.split(":")[2]
    context = {"aws:ResourceAccount": account}
    if tags is not None:
        context |= facts.permissions.access.tagged(tags, service)
    thing = Thing(region, Target(arn, account, policy, context))
    return Asset(kind, application, facts.ownership.environment(account).value, thing)


def _object(pattern: str) -> str:
    """The key of some object that a pattern means."""
    return pattern.replace("*", SOME_OBJECT).replace("?", "x")


def _rules(policy: MaybePolicy | None) -> Iterable[Rule]:
    return policy.rules if isinstance(policy, CompiledPolicy) else ()
