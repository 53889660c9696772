"""The guard rails of SCP.2, declared: what an administrator of a member account must not do.

Each is a few requests, all of which must be denied. `{account}`, `{region}`, `{partition}` and
`{trail}` are filled in. That the actions exist, and have these condition keys, is tested against
AWS's vocabulary; a new guard rail is a new declaration.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from awsbasics.recommendations.base import Severity

Caller = Literal["administrator", "root"]
Special = Literal["", "other_regions", "security_roles"]


@dataclass(frozen=True, slots=True)
class Probe:
    """One request: an action on a resource, with condition keys beside the usual ones."""

    action: str
    resource: str = "*"
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardRail:
    """One guard rail: what it stops, as the end of "An administrator of … can …".

    `special` guard rails depend on the account: on regions that are not used, or on the roles by
    which the security team and the organization enter.
    """

    id: str
    name: str
    can: str
    severity: Severity
    probes: tuple[Probe, ...]
    caller: Caller = "administrator"
    special: Special = ""


def _each(*actions: str, on: str = "*") -> tuple[Probe, ...]:
    return tuple(Probe(action, on) for action in actions)


_HERE = "arn:{partition}:%s:{region}:{account}:%s"
_USER = "arn:{partition}:iam::{account}:user/awsbasics-example"
_ROLE = "arn:{partition}:iam::{account}:role/awsbasics-example"
_SHARE = _HERE % ("ram", "resource-share/awsbasics-example")
_OUTSIDE = {"ram:RequestedAllowsExternalPrincipals": "true", "ram:Principal": "999999999999"}
_STRANGER = {"ram:AllowsExternalPrincipals": "true", "ram:Principal": "999999999999"}

GUARD_RAILS: tuple[GuardRail, ...] = (
    GuardRail(
        id="leave-organization",
        name="Leave",
        can="take the account out of the organization",
        severity="high",
        probes=_each("organizations:LeaveOrganization"),
    ),
    GuardRail(
        id="cloudtrail",
        name="CloudTrail",
        can="stop, delete or blind CloudTrail",
        severity="high",
        probes=_each(
            "cloudtrail:StopLogging",
            "cloudtrail:DeleteTrail",
            "cloudtrail:UpdateTrail",
            "cloudtrail:PutEventSelectors",
            on="{trail}",
        ),
    ),
    GuardRail(
        id="guardduty",
        name="GuardDuty",
        can="disable GuardDuty",
        severity="high",
        probes=(
            *_each(
                "guardduty:DeleteDetector",
                "guardduty:UpdateDetector",
                on=_HERE % ("guardduty", "detector/0123456789abcdef0123456789abcdef"),
            ),
            *_each("guardduty:DisassociateFromAdministratorAccount"),
        ),
    ),
    GuardRail(
        id="security-hub",
        name="Security Hub",
        can="disable Security Hub",
        severity="high",
        probes=_each(
            "securityhub:DisableSecurityHub",
            "securityhub:DisassociateFromAdministratorAccount",
            on=_HERE % ("securityhub", "hub/default"),
        ),
    ),
    GuardRail(
        id="config",
        name="Config",
        can="stop AWS Config",
        severity="high",
        probes=(
            *_each(
                "config:StopConfigurationRecorder",
                "config:DeleteConfigurationRecorder",
                on=_HERE % ("config", "configuration-recorder/default/0123456789abcdef"),
            ),
            *_each("config:DeleteDeliveryChannel"),
        ),
    ),
    GuardRail(
        id="access-analyzer",
        name="Analyzer",
        can="delete Access Analyzer's analyzers",
        severity="high",
        probes=_each(
            "access-analyzer:DeleteAnalyzer", on=_HERE % ("access-analyzer", "analyzer/example")
        ),
    ),
    GuardRail(
        id="logs",
        name="Logs",
        can="delete log groups and flow logs",
        severity="high",
        probes=(
            Probe("logs:DeleteLogGroup", _HERE % ("logs", "log-group:awsbasics-example")),
            Probe(
                "logs:DeleteLogStream",
                _HERE % ("logs", "log-group:awsbasics-example:log-stream:example"),
            ),
            Probe("ec2:DeleteFlowLogs", _HERE % ("ec2", "vpc-flow-log/fl-0123456789abcdef0")),
        ),
    ),
    GuardRail(
        id="alarms",
        name="Alarms",
        can="change or delete alarms",
        severity="medium",
        probes=_each(
            "cloudwatch:DeleteAlarms",
            "cloudwatch:DisableAlarmActions",
            "cloudwatch:PutMetricAlarm",
            on=_HERE % ("cloudwatch", "alarm:awsbasics-example"),
        ),
    ),
    GuardRail(
        id="root",
        name="Root",
        can="work as the root user",
        severity="high",
        probes=(
            Probe("iam:CreateAccessKey", _USER),
            Probe("s3:PutBucketPolicy", "arn:{partition}:s3:::awsbasics-example"),
            Probe("ec2:TerminateInstances", _HERE % ("ec2", "instance/i-0123456789abcdef0")),
        ),
        caller="root",
    ),
    GuardRail(
        id="regions",
        name="Regions",
        can="use regions that the organization does not use",
        severity="medium",
        probes=(
            Probe("ec2:RunInstances", _HERE % ("ec2", "instance/*")),
            Probe("lambda:CreateFunction", _HERE % ("lambda", "function:awsbasics-example")),
            Probe("dynamodb:CreateTable", _HERE % ("dynamodb", "table/awsbasics-example")),
        ),
        special="other_regions",
    ),
    GuardRail(
        id="users-and-keys",
        name="Users, keys",
        can="make IAM users and access keys",
        severity="medium",
        probes=_each("iam:CreateUser", "iam:CreateAccessKey", "iam:CreateLoginProfile", on=_USER),
    ),
    GuardRail(
        id="security-roles",
        name="Security roles",
        can="change the roles by which the security team and the organization enter",
        severity="high",
        probes=_each(
            "iam:UpdateAssumeRolePolicy",
            "iam:DeleteRole",
            "iam:DetachRolePolicy",
            "iam:PutRolePolicy",
            on="{role}",
        ),
        special="security_roles",
    ),
    GuardRail(
        id="boundaries",
        name="Boundaries",
        can="take away permission boundaries",
        severity="medium",
        probes=(
            Probe("iam:DeleteRolePermissionsBoundary", _ROLE),
            Probe("iam:DeleteUserPermissionsBoundary", _USER),
        ),
    ),
    GuardRail(
        id="sharing",
        name="Sharing",
        can="share resources outside the organization",
        severity="medium",
        probes=(
            Probe("ram:CreateResourceShare", "*", _OUTSIDE),
            Probe("ram:AssociateResourceShare", _SHARE, _STRANGER),
            Probe("ec2:ModifyImageAttribute", "arn:{partition}:ec2:{region}::image/ami-12345678"),
            Probe(
                "ec2:ModifySnapshotAttribute",
                "arn:{partition}:ec2:{region}::snapshot/snap-12345678",
            ),
            Probe("rds:ModifyDBSnapshotAttribute", _HERE % ("rds", "snapshot:awsbasics-example")),
        ),
    ),
    GuardRail(
        id="internet-gateways",
        name="Gateways",
        can="attach internet gateways",
        severity="medium",
        probes=(
            Probe(
                "ec2:CreateInternetGateway",
                _HERE % ("ec2", "internet-gateway/igw-0123456789abcdef0"),
            ),
            Probe("ec2:AttachInternetGateway", _HERE % ("ec2", "vpc/vpc-0123456789abcdef0")),
        ),
    ),
    GuardRail(
        id="peering",
        name="Peering",
        can="accept VPC peering",
        severity="medium",
        probes=_each(
            "ec2:AcceptVpcPeeringConnection",
            on=_HERE % ("ec2", "vpc-peering-connection/pcx-0123456789abcdef0"),
        ),
    ),
    GuardRail(
        id="public-access",
        name="Public data",
        can="make public buckets or snapshots possible",
        severity="high",
        probes=(
            Probe("s3:PutAccountPublicAccessBlock"),
            Probe("s3:PutBucketPublicAccessBlock", "arn:{partition}:s3:::awsbasics-example"),
            Probe("ec2:DisableSnapshotBlockPublicAccess"),
            Probe("ec2:DisableImageBlockPublicAccess"),
        ),
    ),
)
