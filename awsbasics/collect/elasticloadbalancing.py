"""Load balancers, of today's kinds and classic: where the Internet is met (VPC.2, SEP.4)."""

from collections.abc import Iterable

from awsbasics.collect.shaping import regional_arn
from awsbasics.collect.table import Caller, Column, Item, Table

SCHEME = Column("scheme", "string", "Scheme", "internet-facing or internal.")
GROUP_IDS = Column("group_ids", "json", "SecurityGroups", "List of security groups.")
CREATED = Column("created", "timestamp", "CreatedTime", "When it was made.")


def _classic(call: Caller) -> Iterable[Item]:
    operation, path = "DescribeLoadBalancers", "LoadBalancerDescriptions"
    for balancer in call.items("elb", operation, path):
        resource = f"loadbalancer/{balancer['LoadBalancerName']}"
        yield {**balancer, "arn": regional_arn(call, "elasticloadbalancing", resource)}


TABLES = (
    Table(
        name="elbv2_load_balancers",
        description="Application, network and gateway load balancers.",
        service="elbv2",
        operation="DescribeLoadBalancers",
        path="LoadBalancers",
        columns=(
            Column("arn", "string", "LoadBalancerArn", "ARN of the load balancer."),
            Column("name", "string", "LoadBalancerName", "Name of the load balancer."),
            Column("type", "string", "Type", "application, network or gateway."),
            SCHEME,
            Column("state", "string", "State.Code", "active, provisioning or failed."),
            Column("vpc_id", "string", "VpcId", "The VPC that it is in."),
            Column("subnet_ids", "json", "AvailabilityZones[].SubnetId", "List of its subnets."),
            GROUP_IDS,
            CREATED,
        ),
    ),
    Table(
        name="elb_load_balancers",
        description="Classic load balancers.",
        service="elb",
        operation="DescribeLoadBalancers",
        path="LoadBalancerDescriptions",
        gather=_classic,
        columns=(
            Column("arn", "string", "", "ARN of the load balancer."),
            Column("name", "string", "LoadBalancerName", "Name of the load balancer."),
            SCHEME,
            Column("vpc_id", "string", "VPCId", "The VPC that it is in."),
            Column("subnet_ids", "json", "Subnets", "List of its subnets."),
            GROUP_IDS,
            Column("instance_ids", "json", "Instances[].InstanceId", "List of its instances."),
            CREATED,
        ),
    ),
)
