"""Service control policies (SCP.1).

Good: `Security` and `Workloads` are under SCPs of their own. Bad: `Sandbox` has only
`FullAWSAccess`; `region-limit` is attached to nothing.
"""

from awsbasics.demo.account import Account
from awsbasics.demo.documents import deny, document
from awsbasics.demo.setting import REGIONS, ROLE

SCPS = {
    "stay-and-log": (
        "Nobody leaves the organization or stops its logs",
        document(
            deny("organizations:LeaveOrganization"),
            deny(
                [
                    "cloudtrail:DeleteTrail",
                    "cloudtrail:PutEventSelectors",
                    "cloudtrail:StopLogging",
                    "cloudtrail:UpdateTrail",
                ],
                condition={"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::*:role/{ROLE}"}},
            ),
        ),
    ),
    "production-people": (
        "No IAM users and access keys are made in production",
        document(
            deny(["iam:CreateUser", "iam:CreateAccessKey", "iam:CreateLoginProfile"]),
            deny("*", condition={"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}),
        ),
    ),
    "region-limit": (
        "A draft: only two regions",
        document(deny("*", condition={"StringNotEquals": {"aws:RequestedRegion": list(REGIONS)}})),
    ),
}
"""Name, description and content of each SCP."""

ATTACHED = {"stay-and-log": ("Security", "Workloads"), "production-people": ("Workloads/Prod",)}
"""The OUs that each SCP is attached to."""


def build_guard_rails(management: Account) -> None:
    """Create the SCPs and attach them."""
    client = management.client("organizations")
    ous = ou_ids(management)
    with management.ago(900):
        for name, (description, content) in SCPS.items():
            policy = client.create_policy(
                Name=name,
                Description=description,
                Content=content,
                Type="SERVICE_CONTROL_POLICY",
            )["Policy"]["PolicySummary"]["Id"]
            for path in ATTACHED.get(name, ()):
                client.attach_policy(PolicyId=policy, TargetId=ous[path])


def ou_ids(management: Account) -> dict[str, str]:
    """The ids of all OUs by their paths; the root's path is empty."""
    client = management.client("organizations")
    found = {"": client.list_roots()["Roots"][0]["Id"]}
    waiting = [""]
    while waiting:
        path = waiting.pop()
        for page in client.get_paginator("list_organizational_units_for_parent").paginate(
            ParentId=found[path]
        ):
            for ou in page["OrganizationalUnits"]:
                child = f"{path}/{ou['Name']}".lstrip("/")
                found[child] = ou["Id"]
                waiting.append(child)
    return found
