"""SEP.6: what production shares, by Resource Access Manager, with sandbox or development."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.organization_tree import chains, organization_id
from awsbasics.recommendations.evidence.rows import rows, shown
from awsbasics.recommendations.evidence.sides import Sides

if TYPE_CHECKING:
    from awsbasics.facts import Facts

SHARES = "ram_resource_shares"
ASSOCIATIONS = "ram_resource_share_associations"
IN_FORCE = ("ASSOCIATED", "ASSOCIATING", "RESTORING")


def share_crossings(facts: "Facts", sides: Sides) -> Iterator[Result]:
    """One result per share of a production account, in force."""
    organization = organization_id(facts)
    tree = {a: frozenset({*chain, organization or a}) for a, chain in chains(facts).items()}
    held: dict[str, list[Any]] = defaultdict(list)
    columns = ("share_arn", "type", "associated_entity", "status")
    for row in rows(facts.frame(ASSOCIATIONS), *columns):
        if row.status in IN_FORCE and row.associated_entity:
            held[row.share_arn].append(row)
    names = ("account_id", "region", "arn", "name", "sharing", "status")
    for share in rows(facts.frame(SHARES), *names):
        is_given = share.sharing == "own" and share.status == "ACTIVE"
        if is_given and share.account_id in sides.production:
            yield _share(sides, share, held.get(share.arn, []), tree)


def _share(sides: Sides, share: Any, held: list[Any], tree: Mapping[str, frozenset[str]]) -> Result:
    place = (share.account_id, share.arn, share.region)
    principals = [each.associated_entity for each in held if each.type == "PRINCIPAL"]
    resources = [each.associated_entity for each in held if each.type == "RESOURCE"]
    reached = {a for a in sides.lower for p in principals if _takes_in(p, tree.get(a, frozenset()))}
    if not reached or not resources:
        return ok(*place)
    title = f"Share {share.name} gives resources of production to {sides.named(reached)}."
    seen = {
        "from": shown(reached),
        "principals": shown(principals),
        "resources": shown(resources),
    }
    more: dict[str, Any] = {"facts": seen, "severity": "high", "table": ASSOCIATIONS}
    return fail(*place, key="share", title=title, **more)


def _takes_in(principal: str, above: frozenset[str]) -> bool:
    """Whether a share's principal is or holds an account.

    It is an account's id, or the ARN of a role or user of it, of an OU or of the organization
    (RAM API reference, "AssociateResourceShare").
    """
    parts = principal.split(":", 5)
    if len(parts) < 6:
        return principal in above
    if parts[2] == "organizations":
        return parts[5].rpartition("/")[2] in above
    return parts[4] in above
