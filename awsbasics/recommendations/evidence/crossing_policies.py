"""SEP.6: resource policies of production that let a sandbox or development account in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, Severity, fail, ok, unknown
from awsbasics.recommendations.evidence.account_grants import Grant, grants, guests, host
from awsbasics.recommendations.evidence.actions import matching
from awsbasics.recommendations.evidence.bucket_policies import policy_is_public
from awsbasics.recommendations.evidence.rows import from_json, rows, shown
from awsbasics.recommendations.evidence.sides import Sides

if TYPE_CHECKING:
    from awsbasics.facts import Facts

UNREAD = ("denied", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of resource with a policy, and the actions that stand for all by wildcard."""

    table: str
    word: str
    probes: tuple[str, ...]
    name: str = "arn"
    policy: str = "policy"
    has_status: bool = True


KINDS = (
    Kind(
        table="s3_buckets",
        word="Bucket",
        probes=("s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:PutBucketPolicy"),
        name="name",
    ),
    Kind(
        table="secretsmanager_secrets",
        word="Secret",
        probes=("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"),
        name="name",
        policy="resource_policy",
    ),
    Kind(
        table="kms_keys",
        word="KMS key",
        probes=("kms:Decrypt", "kms:Encrypt", "kms:CreateGrant", "kms:PutKeyPolicy"),
    ),
    Kind(
        table="lambda_functions",
        word="Function",
        probes=("lambda:InvokeFunction", "lambda:UpdateFunctionCode"),
        name="name",
    ),
    Kind(
        table="sqs_queues",
        word="Queue",
        probes=("sqs:SendMessage", "sqs:ReceiveMessage"),
        name="name",
    ),
    Kind(table="sns_topics", word="Topic", probes=("sns:Publish", "sns:Subscribe")),
    Kind(
        table="events_event_buses",
        word="Event bus",
        probes=("events:PutEvents", "events:PutRule"),
        name="name",
        has_status=False,
    ),
    Kind(
        table="opensearch_domains",
        word="Search domain",
        probes=("es:ESHttpGet", "es:ESHttpPost"),
        name="name",
        policy="access_policy",
        has_status=False,
    ),
)


def policy_crossings(facts: "Facts", sides: Sides) -> Iterator[Result]:
    """One result per resource of production that has a policy."""
    strangers = guests(facts, sides.lower)
    for kind in KINDS:
        columns = ["account_id", "region", "arn", kind.policy]
        columns += [kind.name] * (kind.name != "arn")
        columns += [f"{kind.policy}_status"] * kind.has_status
        columns += ["public_access_block"] * (kind.table == "s3_buckets")
        for row in rows(facts.frame(kind.table), *columns):
            if row.account_id not in sides.production or not row.arn:
                continue
            text = getattr(row, kind.policy)
            if kind.has_status and getattr(row, f"{kind.policy}_status") in UNREAD:
                title = f"The policy of {kind.word.lower()} {_name(row, kind)} was not read."
                place = (row.arn, row.region)
                yield unknown(row.account_id, title, *place, key="policy", table=kind.table)
            elif not text or _is_closed(row, text):
                yield ok(row.account_id, row.arn, row.region)
            else:
                to = host(facts, row.arn, row.account_id)
                found = grants(text, to, kind.probes, strangers)
                yield _result(sides, kind, row, found)


def _result(sides: Sides, kind: Kind, row: Any, found: list[Grant]) -> Result:
    if not found:
        return ok(row.account_id, row.arn, row.region)
    accounts = {each.account_id for each in found}
    actions = {action for each in found for action in each.actions}
    name = _name(row, kind)
    title = f"{kind.word} {name} of production lets {sides.named(accounts)} in by its policy."
    seen = {
        "from": shown(accounts),
        "principals": shown(each.principal for each in found),
        "actions": shown(actions),
        "needs": sorted({key for each in found for key in each.needs}),
    }
    severity = _severity(actions)
    more: dict[str, Any] = {"facts": seen, "severity": severity, "table": kind.table}
    return fail(row.account_id, row.arn, row.region, key="policy", title=title, **more)


def _severity(actions: set[str]) -> Severity:
    """Reading data or changing things is critical; to see that something is there is not."""
    levels = {known.level for action in actions for known in matching(action)}
    return "medium" if levels == {"List"} else "critical"


def _is_closed(row: Any, text: str) -> bool:
    """Whether S3 ignores a bucket's policy for other accounts.

    It does for a public policy under RestrictPublicBuckets (S3 user guide, "Blocking public
    access"): then only AWS's services and the owner's account get in.
    """
    block = from_json(getattr(row, "public_access_block", None))
    restricted = isinstance(block, dict) and block.get("RestrictPublicBuckets")
    return bool(restricted) and policy_is_public(text)


def _name(row: Any, kind: Kind) -> str:
    return str(getattr(row, kind.name) or row.arn)
