"""Which CloudFormation stack owns a resource, from two dicts that are built once.

A stack's resource rows name a role by its name, a managed policy and a secret by ARN, a
security group by id; a question may come with any of these. IAM and S3 have no region while
stacks do, so their rows are found from any region of the account.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from awsbasics.ownership.resources import Resource, identify
from awsbasics.ownership.tags import NO_TAGS, read_tags

GLOBAL_SERVICES = frozenset({"iam", "s3", "cloudfront", "route53", "organizations"})
GONE = frozenset({"DELETE_COMPLETE", "DELETE_SKIPPED"})
CDK_METADATA = "AWS::CDK::Metadata"
CDK_BOOTSTRAP = "CDKToolkit"

# CloudFormation's service names that differ from those in ARNs.
_ARN_SERVICE = {
    "elasticloadbalancingv2": "elasticloadbalancing",
    "stepfunctions": "states",
    "opensearchservice": "es",
    "elasticsearch": "es",
    "apigatewayv2": "apigateway",
    "certificatemanager": "acm",
    "kinesisfirehose": "firehose",
    "efs": "elasticfilesystem",
}
_MAX_NESTING = 32

_Key = tuple[str, str, str]
_Owner = tuple[str, str]  # resource type, stack id


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack: `id` is its ARN, `root_id` that of the outermost stack it is nested in."""

    id: str
    name: str
    root_id: str
    tags: Mapping[str, str]
    is_cdk: bool


class StackIndex:
    """Looks up the stack that owns a resource; built from the two CloudFormation frames."""

    def __init__(self, stacks: pd.DataFrame, resources: pd.DataFrame) -> None:
        live = _live(resources)
        self._stacks = _stacks(stacks, live)
        self._owners: dict[_Key, _Owner] = {}
        self._shared: dict[_Key, list[_Owner]] = {}
        self._names = _unique_names(stacks, live)
        for key, owner in zip(_keys(live), _owners(live), strict=True):
            first = self._owners.setdefault(key, owner)
            if first is not owner:
                self._shared.setdefault(key, [first]).append(owner)

    def owner(
        self, account_id: str, region: str, resource: str, tags: Mapping[str, str]
    ) -> Stack | None:
        """The stack that owns a resource, by its rows, then by the tags CloudFormation sets."""
        if resource in self._stacks:
            return self._stacks[resource]
        thing = identify(resource)
        stack_id = self._by_rows(account_id, thing.region or region, thing)
        return self._stacks[stack_id] if stack_id else self._by_tags(account_id, region, tags)

    def root(self, stack: Stack) -> Stack:
        """The outermost stack that a stack is nested in; itself where it is not nested."""
        if stack.root_id in self._stacks or stack.root_id == stack.id:
            return self._stacks.get(stack.root_id, stack)
        return _unseen(stack.root_id, _name_in(stack.root_id))

    def _by_rows(self, account_id: str, region: str, thing: Resource) -> str | None:
        regions = ("",) if thing.service in GLOBAL_SERVICES else (region, "")
        for physical_id in dict.fromkeys((thing.text, thing.id, thing.name)):
            for place in regions:
                found = self._at((account_id, place, physical_id), thing)
                if found:
                    return found
        return None

    def _at(self, key: _Key, thing: Resource) -> str | None:
        """The one stack at a key, where the type fits; None where several claim it."""
        if key not in self._owners or not key[2]:
            return None
        claims = self._shared.get(key) or [self._owners[key]]
        found = {stack_id for kind, stack_id in claims if _type_fits(kind, thing)}
        return found.pop() if len(found) == 1 else None

    def _by_tags(self, account_id: str, region: str, tags: Mapping[str, str]) -> Stack | None:
        stack_id = tags.get("aws:cloudformation:stack-id", "")
        name = tags.get("aws:cloudformation:stack-name", "")
        if not stack_id and not name:
            return None
        known = (
            stack_id if stack_id in self._stacks else self._names.get((account_id, region, name))
        )
        if known:
            return self._stacks[known]
        return _unseen(stack_id or name, name or _name_in(stack_id))


def _unseen(stack_id: str, name: str) -> Stack:
    """A stack of which only the id or name is known."""
    return Stack(stack_id, name, stack_id, NO_TAGS, name == CDK_BOOTSTRAP)


def _live(resources: pd.DataFrame) -> pd.DataFrame:
    """The rows of resources that exist, are AWS's own types, and have a physical id."""
    physical, kinds = resources["physical_id"], resources["type"]
    there = physical.notna() & (physical != "") & resources["stack_id"].notna()
    own = kinds.str.startswith("AWS::").fillna(value=False).astype(bool)
    return resources[there & own & ~resources["status"].isin(GONE)]


def _keys(live: pd.DataFrame) -> Iterable[_Key]:
    services = live["type"].map(_services(live["type"].unique()))
    places = live["region"].where(~services.isin(GLOBAL_SERVICES), "")
    return zip(_interned(live["account_id"]), _interned(places), live["physical_id"], strict=True)


def _owners(live: pd.DataFrame) -> Iterable[_Owner]:
    return zip(_interned(live["type"]), _interned(live["stack_id"]), strict=True)


def _services(types: Iterable[str]) -> dict[str, str]:
    return {each: _service_and_kind(each)[0] for each in types}


def _interned(column: "pd.Series[Any]") -> list[str]:
    """The values, each distinct one as one object: a million rows name few accounts."""
    codes, values = pd.factorize(column)
    distinct = [str(value) for value in values]
    return [distinct[code] if code >= 0 else "" for code in codes]


def _stacks(stacks: pd.DataFrame, live: pd.DataFrame) -> dict[str, Stack]:
    """All stacks by id: those that were described, and those that only their rows name."""
    by_cdk = frozenset(live.loc[live["type"] == CDK_METADATA, "stack_id"])
    columns = ("id", "name", "parent_id", "root_id", "tags")
    described = list(zip(*(_texts(stacks[column]) for column in columns), strict=True))
    up = {stack_id: root or parent for stack_id, _, parent, root, _ in described}
    found: dict[str, Stack] = {}
    for stack_id, name, _, _, tags in described:
        is_cdk = stack_id in by_cdk or name == CDK_BOOTSTRAP
        found[stack_id] = Stack(stack_id, name, _root(stack_id, up), read_tags(tags), is_cdk)
    named = live.drop_duplicates("stack_id")
    for stack_id, name in zip(named["stack_id"], _texts(named["stack_name"]), strict=True):
        if stack_id not in found:
            unseen = _unseen(stack_id, name or _name_in(stack_id))
            found[stack_id] = replace(unseen, is_cdk=unseen.is_cdk or stack_id in by_cdk)
    return found


def _unique_names(stacks: pd.DataFrame, live: pd.DataFrame) -> dict[_Key, str]:
    """Stack ids by account, region and name, which is unique among stacks that exist."""
    rows = live.drop_duplicates("stack_id")
    by_rows = zip(rows["account_id"], rows["region"], _texts(rows["stack_name"]), strict=True)
    by_stack = zip(stacks["account_id"], stacks["region"], _texts(stacks["name"]), strict=True)
    found: dict[_Key, str] = dict(zip(by_rows, rows["stack_id"], strict=True))
    return found | dict(zip(by_stack, stacks["id"], strict=True))


def _texts(column: "pd.Series[Any]") -> list[str]:
    return [value if isinstance(value, str) else "" for value in column.tolist()]


def _root(stack_id: str, up: Mapping[str, str]) -> str:
    """The end of the chain upwards; bounded, since a damaged snapshot may hold a circle."""
    for _ in range(_MAX_NESTING):
        above = up.get(stack_id)
        if not above or above == stack_id:
            break
        stack_id = above
    return stack_id


def _name_in(stack_id: str) -> str:
    """`billing` of `arn:…:stack/billing/6f1c…`."""
    return identify(stack_id).id.partition("/")[0]


def _service_and_kind(resource_type: str) -> tuple[str, str]:
    _, service, kind = [*resource_type.lower().split("::"), "", ""][:3]
    return _ARN_SERVICE.get(service, service), kind


def _type_fits(resource_type: str, thing: Resource) -> bool:
    """Whether a row of a type may be what an ARN speaks of; an ARN's kind counts for IAM."""
    if not thing.service:
        return True
    service, kind = _service_and_kind(resource_type)
    if service != thing.service:
        return False
    wanted = "managedpolicy" if thing.kind == "policy" else thing.kind.replace("-", "")
    return thing.service != "iam" or kind == wanted
