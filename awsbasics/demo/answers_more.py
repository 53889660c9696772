"""What moto lacks altogether: operations that it does not know, answered as a quiet account would.

IAM               central management of members' root users
EC2               block public access of VPCs, snapshots and images; VPN and connect endpoints
Access Analyzer   all of it
"""

from typing import Any

from moto.organizations.models import organizations_backends
from moto.utilities.utils import get_partition

from awsbasics.demo.answers_identity import refuse_members
from awsbasics.demo.overlay import Answer, Call, Key, Output, Refusal


def organizations_features(call: Call) -> Output:
    """Root credentials of members are managed centrally."""
    refuse_members(call)
    backend: Any = organizations_backends[call.account_id][get_partition(call.region)]
    if backend.org is None:
        raise Refusal("OrganizationNotFoundException", "The account is in no organization.", 404)
    return {
        "OrganizationId": backend.org.id,
        "EnabledFeatures": ["RootCredentialsManagement", "RootSessions"],
    }


def vpc_block_public_access(call: Call) -> Output:
    """Nothing keeps VPCs from the Internet, as AWS leaves it."""
    options = {
        "AwsAccountId": call.account_id,
        "AwsRegion": call.region,
        "State": "default-state",
        "InternetGatewayBlockMode": "off",
        "ManagedBy": "account",
        "ExclusionsAllowed": "allowed",
    }
    return {"VpcBlockPublicAccessOptions": options}


def received_shares(call: Call) -> Output | None:
    """Nothing was received; what is the account's own, moto knows."""
    return {"resourceShares": []} if call.parameters["resourceOwner"] == "OTHER-ACCOUNTS" else None


def _always(output: Output) -> Answer:
    return lambda _call: output


ANSWERS: dict[Key, Answer] = {
    ("cloudtrail", "LookupEvents"): _always({"Events": []}),
    ("iam", "ListOrganizationsFeatures"): organizations_features,
    ("ec2", "DescribeVpcBlockPublicAccessOptions"): vpc_block_public_access,
    ("ec2", "DescribeVpcBlockPublicAccessExclusions"): _always(
        {"VpcBlockPublicAccessExclusions": []}
    ),
    ("ec2", "GetSnapshotBlockPublicAccessState"): _always(
        {"State": "unblocked", "ManagedBy": "account"}
    ),
    ("ec2", "GetImageBlockPublicAccessState"): _always(
        {"ImageBlockPublicAccessState": "block-new-sharing", "ManagedBy": "account"}
    ),
    ("ec2", "DescribeClientVpnEndpoints"): _always({"ClientVpnEndpoints": []}),
    ("ec2", "DescribeInstanceConnectEndpoints"): _always({"InstanceConnectEndpoints": []}),
    ("accessanalyzer", "ListAnalyzers"): _always({"analyzers": []}),
    ("ram", "GetResourceShares"): received_shares,
}
