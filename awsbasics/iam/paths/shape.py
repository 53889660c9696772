"""What the actions of a path must be allowed on, as far as that follows from who is gained."""

from collections.abc import Mapping
from dataclasses import dataclass

from awsbasics.iam.paths.declaration import Gain, On


@dataclass(frozen=True, slots=True)
class Shape:
    """What the facts of a path mean; `on` are the actions that differ from the gain's default."""

    gain: Gain
    on: Mapping[str, On]
    only: str = ""
    services: tuple[str, ...] = ()
    table: str = ""
    exists: str = ""


DEFAULT_ON: Mapping[Gain, On] = {
    Gain.SELF: On.SELF,
    Gain.UNBOUND: On.SELF,
    Gain.GROUP: On.GROUP,
    Gain.ROLE: On.TARGET,
    Gain.CHANGED_ROLE: On.TARGET,
    Gain.USER: On.TARGET,
    Gain.CHANGED_USER: On.TARGET,
    Gain.PASSED: On.ANY,
    Gain.CARRIED: On.RESOURCE,
    Gain.FEDERATED: On.PROVIDER,
    Gain.MEMBER: On.TARGET,
    Gain.CENTER: On.ANY,
}
ALWAYS_ON: Mapping[str, On] = {
    "iam:PassRole": On.PASSED,
    "sts:AssumeRole": On.ASSUME,
    "iam:CreatePolicyVersion": On.POLICY,
    "iam:SetDefaultPolicyVersion": On.POLICY,
    "iam:AttachGroupPolicy": On.GROUP,
    "iam:PutGroupPolicy": On.GROUP,
    "ec2:DescribeInstances": On.ANY,
    "ec2:CreateTags": On.ANY,
    "sagemaker:CreateNotebookInstanceLifecycleConfig": On.ANY,
}


def passed(table: str = "", exists: str = "", service: str = "") -> Shape:
    """A path that hands a role to something; `table` and `exists` say what must be there."""
    return Shape(
        Gain.PASSED, {}, services=(service,) if service else (), table=table, exists=exists
    )


def carried(service: str, table: str, exists: str) -> Shape:
    """A path that enters something which carries a role."""
    return Shape(Gain.CARRIED, {}, services=(service,), table=table, exists=exists)
