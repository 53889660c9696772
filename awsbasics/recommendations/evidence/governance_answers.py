"""ORG.A and SCP.A: answers about root credentials and sharing that the facts contradict."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail
from awsbasics.recommendations.evidence.root_users import root_rows
from awsbasics.recommendations.evidence.rows import counted, listed, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

ASSOCIATIONS = "ram_resource_share_associations"


def root_credentials_are_gone(facts: "Facts") -> Iterator[Result]:
    """ORG.A: where nobody is said to hold root credentials, the report shows none."""
    answer, home = facts.answer("ORG.A"), facts.home_account_id
    root = root_rows(facts).get(home)
    if root is None or answer is None or answer.choice != "none_exist":
        return
    held = ["a password"] * bool(root.password_enabled)
    held += ["an access key"] * bool(root.access_key_1_active or root.access_key_2_active)
    if held:
        title = (
            "The root user of the management account is said to have no credentials; the"
            f" credential report shows {listed(held)}."
        )
        about: dict[str, Any] = {"facts": {"shown": held}, "table": "iam_credential_report"}
        yield fail(home, root.arn or "", key="contradicted", title=title, **about)


def sharing_is_blocked(facts: "Facts") -> Iterator[Result]:
    """SCP.A: where sharing outside the organization is said to be blocked, no share leads there."""
    answer = facts.answer("SCP.A")
    if answer is None or answer.choice != "blocked":
        return
    outside: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    columns = ("account_id", "region", "share_arn", "type", "associated_entity", "status")
    for row in rows(facts.frame(ASSOCIATIONS), *columns, "external"):
        if row.type == "PRINCIPAL" and row.external and row.status == "ASSOCIATED":
            place = (row.account_id, row.share_arn or "", row.region)
            outside[place].append(row.associated_entity or "")
    for place, principals in sorted(outside.items()):
        number = counted(len(principals), "principal", "principals")
        title = (
            "Sharing outside the organization is said to be blocked; this share is with"
            f" {number} outside."
        )
        more: dict[str, Any] = {"facts": {"principals": shown(principals)}, "table": ASSOCIATIONS}
        yield fail(*place, key="contradicted", title=title, **more)
