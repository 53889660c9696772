"""Recorded answers of EC2 about networks, images and ways in."""

from typing import Any

from tests.collect.fake_caller import ACCOUNT, WHEN

OTHER = "111122223333"
TAGS = [{"Key": "application", "Value": "billing"}]
OPEN_POLICY = '{"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Principal": "*"}]}'
USER_DATA = "ZXhwb3J0IFBBU1NXT1JEPWh1bnRlcjI="


def snapshot(number: int, owner: str) -> dict[str, Any]:
    """A snapshot of an account's."""
    return {
        "SnapshotId": f"snap-{number}",
        "VolumeId": "vol-1",
        "OwnerId": owner,
        "Encrypted": True,
        "KmsKeyId": f"arn:aws:kms:eu-west-1:{owner}:key/k1",
        "StartTime": WHEN,
        "Tags": TAGS,
    }


def image(number: int, owner: str) -> dict[str, Any]:
    """An image of an account's."""
    return {
        "ImageId": f"ami-{number}",
        "Name": "base",
        "OwnerId": owner,
        "State": "available",
        "BlockDeviceMappings": [{"Ebs": {"SnapshotId": "snap-1"}}, {"VirtualName": "ephemeral0"}],
        "CreationDate": "2026-01-02T03:04:05.000Z",
        "Tags": TAGS,
    }


def snapshots(**asked: Any) -> dict[str, Any]:
    """Own public ones, or all that may be restored, the own private ones among them."""
    if asked["RestorableByUserIds"] == ["all"]:
        return {"Snapshots": [snapshot(1, ACCOUNT)]}
    return {"Snapshots": [snapshot(2, OTHER), snapshot(1, ACCOUNT), snapshot(3, ACCOUNT)]}


def images(**asked: Any) -> dict[str, Any]:
    """The same of images."""
    if asked["ExecutableUsers"] == ["all"]:
        return {"Images": [image(1, ACCOUNT)]}
    return {"Images": [image(2, OTHER), image(1, ACCOUNT)]}


def launch_template_version(number: int = 1, **data: Any) -> dict[str, Any]:
    """A version of the template lt-1."""
    return {
        "LaunchTemplateId": "lt-1",
        "LaunchTemplateName": "workers",
        "VersionNumber": number,
        "DefaultVersion": number == 1,
        "CreateTime": WHEN,
        "LaunchTemplateData": {
            "ImageId": "ami-1",
            "UserData": USER_DATA,
            "IamInstanceProfile": {"Name": "workers"},
            "SecurityGroupIds": ["sg-2"],
            "SecurityGroups": ["legacy"],
            "NetworkInterfaces": [{"Groups": ["sg-1", "sg-2"]}, {"DeviceIndex": 1}],
            **data,
        },
    }


RECORDED: dict[str, dict[str, Any]] = {
    "ec2_route_tables": {
        "DescribeRouteTables": {
            "RouteTables": [
                {
                    "RouteTableId": "rtb-1",
                    "VpcId": "vpc-1",
                    "OwnerId": ACCOUNT,
                    "Associations": [
                        {"Main": True, "RouteTableId": "rtb-1"},
                        {"Main": False, "SubnetId": "subnet-1"},
                        {"Main": False, "GatewayId": "igw-1"},
                    ],
                    "Routes": [
                        {
                            "DestinationCidrBlock": "0.0.0.0/0",
                            "GatewayId": "igw-1",
                            "State": "active",
                        }
                    ],
                    "Tags": TAGS,
                }
            ]
        }
    },
    "ec2_nat_gateways": {
        "DescribeNatGateways": {
            "NatGateways": [
                {
                    "NatGatewayId": "nat-1",
                    "VpcId": "vpc-1",
                    "SubnetId": "subnet-1",
                    "State": "available",
                    "ConnectivityType": "public",
                    "NatGatewayAddresses": [{"PublicIp": "198.51.100.7"}],
                    "CreateTime": WHEN,
                    "Tags": TAGS,
                }
            ]
        }
    },
    "ec2_network_acls": {
        "DescribeNetworkAcls": {
            "NetworkAcls": [
                {
                    "NetworkAclId": "acl-1",
                    "VpcId": "vpc-1",
                    "OwnerId": ACCOUNT,
                    "IsDefault": True,
                    "Associations": [{"SubnetId": "subnet-1"}],
                    "Entries": [
                        {
                            "CidrBlock": "0.0.0.0/0",
                            "Egress": False,
                            "Protocol": "-1",
                            "RuleAction": "allow",
                            "RuleNumber": 100,
                        }
                    ],
                    "Tags": TAGS,
                }
            ]
        }
    },
    "ec2_addresses": {
        "DescribeAddresses": {
            "Addresses": [
                {
                    "AllocationId": "eipalloc-1",
                    "PublicIp": "198.51.100.7",
                    "PrivateIpAddress": "10.0.0.7",
                    "InstanceId": "i-1",
                    "NetworkInterfaceId": "eni-1",
                    "Tags": TAGS,
                }
            ]
        }
    },
    "ec2_vpc_peering_connections": {
        "DescribeVpcPeeringConnections": {
            "VpcPeeringConnections": [
                {
                    "VpcPeeringConnectionId": "pcx-1",
                    "Status": {"Code": "active", "Message": "Active"},
                    "RequesterVpcInfo": {
                        "OwnerId": ACCOUNT,
                        "Region": "eu-west-1",
                        "VpcId": "vpc-1",
                        "CidrBlock": "10.0.0.0/16",
                        "CidrBlockSet": [
                            {"CidrBlock": "10.0.0.0/16"},
                            {"CidrBlock": "10.1.0.0/16"},
                        ],
                        "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": "2001:db8::/56"}],
                    },
                    "AccepterVpcInfo": {
                        "OwnerId": OTHER,
                        "Region": "us-east-1",
                        "VpcId": "vpc-2",
                    },
                    "Tags": TAGS,
                }
            ]
        }
    },
    "ec2_transit_gateways": {
        "DescribeTransitGateways": {
            "TransitGateways": [
                {
                    "TransitGatewayId": "tgw-1",
                    "TransitGatewayArn": f"arn:aws:ec2:eu-west-1:{OTHER}:transit-gateway/tgw-1",
                    "State": "available",
                    "OwnerId": OTHER,
                    "Options": {
                        "AutoAcceptSharedAttachments": "enable",
                        "DefaultRouteTableAssociation": "enable",
                        "DefaultRouteTablePropagation": "disable",
                    },
                    "Tags": TAGS,
                }
            ]
        }
    },
    "ec2_transit_gateway_attachments": {
        "DescribeTransitGatewayAttachments": {
            "TransitGatewayAttachments": [
                {
                    "TransitGatewayAttachmentId": "tgw-attach-1",
                    "TransitGatewayId": "tgw-1",
                    "TransitGatewayOwnerId": OTHER,
                    "ResourceOwnerId": ACCOUNT,
                    "ResourceType": "vpc",
                    "ResourceId": "vpc-1",
                    "State": "available",
                    "Association": {
                        "TransitGatewayRouteTableId": "tgw-rtb-1",
                        "State": "associated",
                    },
                    "CreationTime": WHEN,
                    "Tags": TAGS,
                }
            ]
        }
    },
    "ec2_vpc_endpoints": {
        "DescribeVpcEndpoints": {
            "VpcEndpoints": [
                {
                    "VpcEndpointId": "vpce-1",
                    "VpcEndpointType": "Interface",
                    "VpcId": "vpc-1",
                    "ServiceName": "com.amazonaws.eu-west-1.secretsmanager",
                    "State": "available",
                    "PolicyDocument": OPEN_POLICY,
                    "RouteTableIds": [],
                    "SubnetIds": ["subnet-1"],
                    "Groups": [{"GroupId": "sg-1", "GroupName": "endpoints"}],
                    "PrivateDnsEnabled": True,
                    "RequesterManaged": False,
                    "CreationTimestamp": WHEN,
                    "OwnerId": ACCOUNT,
                    "Tags": TAGS,
                }
            ]
        }
    },
    "ec2_client_vpn_endpoints": {
        "DescribeClientVpnEndpoints": {
            "ClientVpnEndpoints": [
                {
                    "ClientVpnEndpointId": "cvpn-endpoint-1",
                    "Description": "People",
                    "Status": {"Code": "available"},
                    "VpcId": "vpc-1",
                    "SecurityGroupIds": ["sg-1"],
                    "ClientCidrBlock": "198.51.100.0/22",
                    "SplitTunnel": True,
                    "AuthenticationOptions": [
                        {
                            "Type": "federated-authentication",
                            "FederatedAuthentication": {"SamlProviderArn": "x"},
                        }
                    ],
                    "ConnectionLogOptions": {"Enabled": True, "CloudwatchLogGroup": "vpn"},
                    "CreationTime": "2026-01-02T03:04:05",
                    "Tags": TAGS,
                }
            ]
        }
    },
    "ec2_instance_connect_endpoints": {
        "DescribeInstanceConnectEndpoints": {
            "InstanceConnectEndpoints": [
                {
                    "InstanceConnectEndpointId": "eice-1",
                    "InstanceConnectEndpointArn": (
                        f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance-connect-endpoint/eice-1"
                    ),
                    "VpcId": "vpc-1",
                    "SubnetId": "subnet-1",
                    "State": "create-complete",
                    "SecurityGroupIds": ["sg-1"],
                    "PreserveClientIp": False,
                    "CreatedAt": WHEN,
                    "OwnerId": ACCOUNT,
                    "Tags": TAGS,
                }
            ]
        }
    },
    "ec2_block_public_access": {
        "DescribeVpcBlockPublicAccessOptions": {
            "VpcBlockPublicAccessOptions": {
                "AwsAccountId": ACCOUNT,
                "AwsRegion": "eu-west-1",
                "State": "update-complete",
                "InternetGatewayBlockMode": "block-ingress",
                "ManagedBy": "declarative-policy",
                "ExclusionsAllowed": "allowed",
            }
        },
        "DescribeVpcBlockPublicAccessExclusions": [
            {
                "VpcBlockPublicAccessExclusions": [{"ExclusionId": "vpcbpa-exclude-1"}],
                "NextToken": "more",
            },
            {"VpcBlockPublicAccessExclusions": [{"ExclusionId": "vpcbpa-exclude-2"}]},
        ],
        "GetSnapshotBlockPublicAccessState": {"State": "block-all-sharing"},
        "GetImageBlockPublicAccessState": {"ImageBlockPublicAccessState": "unblocked"},
    },
    "ec2_shared_snapshots": {"DescribeSnapshots": snapshots},
    "ec2_shared_images": {"DescribeImages": images},
    "ec2_launch_template_versions": {
        "DescribeLaunchTemplateVersions": {
            "LaunchTemplateVersions": [
                launch_template_version(2),
                launch_template_version(1),
                launch_template_version(1),
            ]
        }
    },
}
