"""What gives away that exported authorization details are not the whole account.

Things that are in use and not there tell of an export that was filtered or cut. This finds
what can be found; an account that has, say, no users looks like one whose users were left out.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from awsbasics.collect.table import Item, dig

PRINCIPALS = ("UserDetailList", "GroupDetailList", "RoleDetailList")
NAME_LIMIT = 120
HINT = "export it again without --filter"

Lists = Mapping[str, Sequence[Item]]


class Gap(NamedTuple):
    """In what way one of the export's lists is not known to be whole: a code and a sentence."""

    list: str
    code: str
    text: str


def signs_of_gaps(lists: Lists, *, in_parts: bool) -> Iterator[Gap]:
    """The lists that lack what others refer to; lists that are not there at all are left out.

    `in_parts` says that the export was put together from several pages or files.
    """
    for name, text in (
        *_groups(lists),
        *_policies(lists),
        *_roles(lists),
        *_counts(lists, in_parts),
    ):
        if name in lists:
            yield Gap(name, "Filtered", f"{text}; {HINT}")


def counted(names: Sequence[str]) -> str:
    """The first of some names (which may be anything: in one line, cut), and how many more."""
    first = " ".join(names[0].split())[:NAME_LIMIT]
    return first if len(names) == 1 else f"{first} and {len(names) - 1} more"


def _groups(lists: Lists) -> Iterator[tuple[str, str]]:
    known = {group["GroupName"] for group in lists.get("GroupDetailList", ())}
    users = lists.get("UserDetailList", ())
    absent = sorted({name for user in users for name in user.get("GroupList", ())} - known)
    if absent:
        yield "GroupDetailList", f"users are in groups that it lacks: {counted(absent)}"


def _policies(lists: Lists) -> Iterator[tuple[str, str]]:
    known = {policy["Arn"] for policy in lists.get("Policies", ())}
    attached, bounds = _uses(lists)
    absent = sorted({*attached, *bounds} - known)
    if absent:
        yield "Policies", f"policies are in use that it lacks: {counted(absent)}"


def _roles(lists: Lists) -> Iterator[tuple[str, str]]:
    """AWS makes roles of its own in every account (Support user guide, "Service-linked roles")."""
    if not lists.get("RoleDetailList"):
        yield "RoleDetailList", "it has no roles, not even AWS's own"


def _counts(lists: Lists, in_parts: bool) -> Iterator[tuple[str, str]]:
    """Principals that AWS counts as users of a policy, and that are not there.

    One call is filtered by kinds, so that only an empty list can lack them; of an export in
    parts any part may be missing.
    """
    attached, bounds = _uses(lists)
    uses = (("AttachmentCount", attached), ("PermissionsBoundaryUsageCount", bounds))
    short = [
        policy["Arn"]
        for policy in lists.get("Policies", ())
        if any(policy.get(count, 0) > seen[policy["Arn"]] for count, seen in uses)
    ]
    for name in PRINCIPALS if short else ():
        if in_parts or not lists.get(name):
            yield name, f"AWS counts more uses of policies than it has: {counted(short)}"


def _uses(lists: Lists) -> tuple[Counter[str], Counter[str]]:
    """How often each policy is attached, and how often it is a boundary."""
    principals = [item for name in PRINCIPALS for item in lists.get(name, ())]
    path = "PermissionsBoundary.PermissionsBoundaryArn"
    attached = Counter(
        arn for p in principals for arn in dig(p, "AttachedManagedPolicies[].PolicyArn")
    )
    bounds = Counter(arn for p in principals if (arn := dig(p, path)))
    return attached, bounds
