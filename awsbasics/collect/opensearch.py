"""OpenSearch domains with their access policies (SEP.4, SEP.6).

The age of a domain is in its configuration only, hence a call for each; there are few.
"""

from collections.abc import Iterator, Mapping

from awsbasics.collect.shaping import batches
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

AT_ONCE = 5


def _domains(call: Caller) -> Iterator[Item]:
    names = call.items("opensearch", "ListDomainNames", "DomainNames[].DomainName")
    for some in batches(sorted(names), AT_ONCE):
        operation, path = "DescribeDomains", "DomainStatusList"
        yield from call.items("opensearch", operation, path, DomainNames=some)


def _created(call: Caller, domain: Item) -> Mapping[str, Answer]:
    path = "DomainConfig.ClusterConfig.Status.CreationDate"
    return {
        "created": call.answer(
            "opensearch",
            "DescribeDomainConfig",
            path,
            absent=("ResourceNotFoundException",),
            DomainName=domain["DomainName"],
        )
    }


TABLES = (
    Table(
        name="opensearch_domains",
        description="Search domains, of OpenSearch and Elasticsearch.",
        service="opensearch",
        operation="ListDomainNames",
        path="DomainNames",
        gather=_domains,
        each=_created,
        follow_ups=(
            FollowUp(service="opensearch", operation="DescribeDomains", per="five search domains"),
            FollowUp(service="opensearch", operation="DescribeDomainConfig"),
        ),
        columns=(
            Column("arn", "string", "ARN", "ARN of the domain."),
            Column("name", "string", "DomainName", "Name of the domain."),
            Column("engine_version", "string", "EngineVersion", "As in OpenSearch_2.19."),
            Column("deleted", "bool", "Deleted", "Whether it is being deleted."),
            Column("vpc_id", "string", "VPCOptions.VPCId", "Its VPC; null if it is public."),
            Column("subnet_ids", "json", "VPCOptions.SubnetIds", "List of its subnets."),
            Column("group_ids", "json", "VPCOptions.SecurityGroupIds", "List of security groups."),
            Column("access_policy", "json", "AccessPolicies", "Its resource policy."),
            Column("created", "timestamp", "", "When it was made.", follow_up=True),
        ),
    ),
)
